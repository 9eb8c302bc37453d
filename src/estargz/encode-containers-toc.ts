// Writes a TOC as containers/storage reads it: nearly the keys of eStargz, but digests of files that have content only,
// times with all their digits, and the end of each file in the blob.
// Specification: containers/storage `pkg/chunked/internal/minimal/compression.go`.
import { encodeGoString, JsonText, sortedByBytes } from '../tar/go-json.ts';

/** What the TOC says of an entry or a further chunk. Zeros, empty strings and undefined are left out. */
export interface ContainersFields {
  readonly type: 'dir' | 'reg' | 'symlink' | 'hardlink' | 'char' | 'block' | 'fifo' | 'chunk';
  /** As the tar has it. */
  readonly name: string;
  readonly linkName?: string;
  readonly mode?: number;
  readonly size?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** RFC 3339, with as many digits as the tar has; also of the epoch. */
  readonly modtime?: string;
  readonly accesstime?: string;
  readonly changetime?: string;
  readonly devMajor?: number;
  readonly devMinor?: number;
  /** Full names to raw values. */
  readonly xattrs?: ReadonlyMap<string, Uint8Array>;
  /** Of a whole file that is not empty. */
  readonly digest?: string;
  /** [offset, endOffset): the frames of all of the file, or of the further chunk, in the blob. */
  readonly offset?: number;
  readonly endOffset?: number;
  /** Only where a file has several chunks: of this one. */
  readonly chunkSize?: number;
  readonly chunkOffset?: number;
  readonly chunkDigest?: string;
}

const KEYS = [
  [
    'type',
    'name',
    'linkName',
    'mode',
    'size',
    'uid',
    'gid',
    'modtime',
    'accesstime',
    'changetime',
    'devMajor',
    'devMinor',
  ],
  ['xattrs', 'digest', 'offset', 'endOffset', 'chunkSize', 'chunkOffset', 'chunkDigest'],
].flat() as readonly (keyof ContainersFields)[];

/** Collects the entries of a TOC. */
export class ContainersTocEncoder {
  readonly #text = new JsonText();
  #count = 0;

  /** Adds the next entry. */
  add(fields: ContainersFields): void {
    this.#text.add(this.#count++ === 0 ? HEAD : ',', encodeFields(fields));
  }

  /** The JSON, in parts. `tarSplitDigest` is that of the compressed tar-split. */
  finish(tarSplitDigest: string): Buffer[] {
    this.#text.add(this.#count === 0 ? HEAD : '', `],"tarSplitDigest":"${tarSplitDigest}"}`);
    return this.#text.finish();
  }
}

const HEAD = '{"version":1,"entries":[';

function encodeFields(fields: ContainersFields): string {
  const parts: string[] = [];
  for (const key of KEYS) {
    const value = fields[key];
    const isAlways = key === 'type' || key === 'name';
    if (isAlways || (value !== undefined && value !== 0 && value !== '')) parts.push(`"${key}":${encodeValue(value!)}`);
  }
  return `{${parts.join(',')}}`;
}

function encodeValue(value: string | number | ReadonlyMap<string, Uint8Array>): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return encodeGoString(value);
  const parts = sortedByBytes(value).map(([name, bytes]) => {
    const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
    return `${encodeGoString(name)}:"${base64}"`;
  });
  return `{${parts.join(',')}}`;
}
