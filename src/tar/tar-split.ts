// tar-split: a tar without the contents of its files, from which the tar can be put together again, byte for byte.
// One JSON object a line: segments of the archive as they are, and files by name and size.
// Specification: github.com/vbatts/tar-split, `tar/storage`; its reader wants every header in a segment of its own, with
// the padding of the file before it in front.
import { encodeGoString, JsonText } from './go-json.ts';

const FILE = 1;
const SEGMENT = 2;

/** Grows line by line. */
export class TarSplitEncoder {
  readonly #text = new JsonText();
  #position = 0;

  /** Bytes of the archive that are no file's content. */
  addSegment(bytes: Uint8Array): void {
    const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
    this.#add(`{"type":${SEGMENT},"payload":"${base64}"`);
  }

  /** What the last segment's header is of; every entry of the archive has one. `crc64` is that of its content, if it has any. */
  addFile(name: string, size: number, crc64: Uint8Array | undefined): void {
    const nameField = name === '' ? '' : `,"name":${encodeGoString(name)}`;
    const sizeField = size === 0 ? '' : `,"size":${size}`;
    const payload = crc64 === undefined ? 'null' : `"${Buffer.from(crc64).toString('base64')}"`;
    this.#add(`{"type":${FILE}${nameField}${sizeField},"payload":${payload}`);
  }

  /** The lines, in parts. */
  finish(): Buffer[] {
    return this.#text.finish();
  }

  #add(line: string): void {
    this.#text.add(`${line},"position":${this.#position++}}\n`);
  }
}
