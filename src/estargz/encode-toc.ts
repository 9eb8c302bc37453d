// Writes a TOC as the reference writes it, byte for byte: keys in its order, zero values left out, tabs, and the escapes
// of Go's JSON encoder. Other tools compute the TOC's digest over these bytes, so they must not depend on anything else.
// Specification: docs/estargz.md of stargz-snapshotter, "TOC"; encoding/json, "MarshalIndent".
import { TOC_NAME } from './decode-toc.ts';
import { encodeEntry, NO_FIELDS, paddingOf } from '../tar/entry.ts';
import { byteLength, encodeGoString, JsonText, sortedByBytes } from '../tar/go-json.ts';

/** What the TOC says of an entry. Zeros, empty strings and undefined are left out. */
export interface TocFields {
  /** As the tar has it; what is no UTF-8 becomes U+FFFD. */
  readonly name: string;
  readonly type: 'dir' | 'reg' | 'symlink' | 'hardlink' | 'char' | 'block' | 'fifo' | 'chunk';
  readonly size?: number;
  /** RFC 3339. */
  readonly modtime?: string;
  readonly linkName?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly userName?: string;
  readonly groupName?: string;
  /** Where the member of the chunk begins in the blob. */
  readonly offset?: number;
  readonly innerOffset?: number;
  readonly devMajor?: number;
  readonly devMinor?: number;
  /** Full names to raw values. */
  readonly xattrs?: ReadonlyMap<string, Uint8Array>;
  /** Of the whole file. */
  readonly digest?: string;
  readonly chunkOffset?: number;
  readonly chunkSize?: number;
  readonly chunkDigest?: string;
}

const KEYS = [
  [
    'name',
    'type',
    'size',
    'modtime',
    'linkName',
    'mode',
    'uid',
    'gid',
    'userName',
    'groupName',
    'offset',
    'innerOffset',
  ],
  ['devMajor', 'devMinor', 'xattrs', 'digest', 'chunkOffset', 'chunkSize', 'chunkDigest'],
].flat() as readonly (keyof TocFields)[];

const HEAD = '{\n\t"version": 1,\n\t"entries": [';

/** Collects the entries of a TOC. */
export class TocEncoder {
  readonly #text = new JsonText();
  #count = 0;

  /** Adds the next entry. */
  add(fields: TocFields): void {
    this.#text.add(this.#count++ === 0 ? `${HEAD}\n` : ',\n', encodeFields(fields));
  }

  /** The JSON of the TOC, UTF-8, without a newline at the end, in parts. */
  finish(): Buffer[] {
    this.#text.add(this.#count === 0 ? `${HEAD}]\n}` : '\n\t]\n}');
    return this.#text.finish();
  }
}

/** The tar that the TOC's member holds, in parts: one file, padding, and two zero blocks. */
export function encodeTocTar(tocJson: readonly Buffer[]): Buffer[] {
  const size = byteLength(tocJson);
  const head = encodeEntry({ ...NO_FIELDS, name: Buffer.from(TOC_NAME), size, typeflag: '0' });
  return [head, ...tocJson, Buffer.alloc(paddingOf(size) + END_OF_ARCHIVE)];
}

const END_OF_ARCHIVE = 1024;

function encodeFields(fields: TocFields): string {
  const lines: string[] = [];
  for (const key of KEYS) {
    const value = fields[key];
    const isAlways = key === 'name' || key === 'type';
    if (isAlways || (value !== undefined && value !== 0 && value !== '')) lines.push(encodeField(key, value!));
  }
  return `\t\t{\n${lines.join(',\n')}\n\t\t}`;
}

function encodeField(key: string, value: string | number | ReadonlyMap<string, Uint8Array>): string {
  if (typeof value === 'number') return `\t\t\t"${key}": ${value}`;
  if (typeof value === 'string') return `\t\t\t"${key}": ${encodeGoString(value)}`;
  const lines = sortedByBytes(value).map(([name, bytes]) => {
    const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
    return `\t\t\t\t${encodeGoString(name)}: "${base64}"`;
  });
  return `\t\t\t"${key}": {\n${lines.join(',\n')}\n\t\t\t}`;
}
