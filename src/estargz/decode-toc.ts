// From the TOC's compressed bytes to its JSON, and to the digests of which the manifest's annotations must name one.
// Runs in a worker thread: it blocks while it inflates and hashes.
import { FormatError, VerificationError } from '../errors.ts';
import { digestOf } from '../oci/digest.ts';
import type { Digest } from '../oci/digest.ts';
import { tarEntries } from '../tar/entry.ts';
import { inflateBounded } from './inflate.ts';
import type { ChunkCompression } from './model.ts';

/** Name of the TOC's entry in the layer's tar. */
export const TOC_NAME = 'stargz.index.json';

const MIB = 1024 * 1024;

export interface DecodeTocOptions {
  /** gzip has the JSON in a tar, zstd has it as it is; gzip unless told. */
  readonly compression?: ChunkCompression;
  /** Bytes of the JSON as the footer has it; whatever they are when undefined. */
  readonly size?: number | undefined;
  /** What the digest of the JSON must be; not compared when undefined. */
  readonly expected?: Digest | undefined;
  /** What the digest of the compressed bytes must be; not compared when undefined. */
  readonly checksum?: Digest | undefined;
  /** Largest JSON in bytes; 256 MiB unless told. */
  readonly maxJsonSize?: number;
}

export interface DecodedToc {
  /** The exact bytes that the digest is of. */
  readonly tocJson: Uint8Array;
  readonly tocDigest: Digest;
  /** Of the compressed bytes. */
  readonly tocChecksum: Digest;
}

/**
 * Decompresses the TOC and compares its digests; the one of the compressed bytes before anything is made of them.
 * @throws FormatError when it is damaged, cut or too large.
 * @throws VerificationError when a digest is not the expected one.
 */
export function decodeToc(compressedToc: Uint8Array, options: DecodeTocOptions = {}): DecodedToc {
  const tocChecksum = digestOf(compressedToc);
  requireDigest('checksum of the compressed TOC', options.checksum, tocChecksum);
  const { compression = 'gzip' } = options;
  const plain = decompress(compressedToc, compression, options.maxJsonSize ?? 256 * MIB);
  const tocJson = compression === 'gzip' ? jsonOf(plain) : plain;
  if (options.size !== undefined && options.size !== tocJson.length) {
    throw new FormatError(`TOC of ${tocJson.length} bytes, the footer says ${options.size}`);
  }
  const tocDigest = digestOf(tocJson);
  requireDigest('TOC digest', options.expected, tocDigest);
  return { tocJson, tocDigest, tocChecksum };
}

function requireDigest(what: string, expected: Digest | undefined, actual: Digest): void {
  if (expected !== undefined && expected !== actual) throw new VerificationError(what, expected, actual);
}

function decompress(compressedToc: Uint8Array, compression: ChunkCompression, maxJsonSize: number): Uint8Array {
  const limit = outputLimit(compressedToc.length, maxJsonSize);
  const expected = Math.min(limit, Math.max(64 * 1024, compressedToc.length * 10));
  const plain = inflateBounded(compressedToc, compression, { expected, limit });
  if (plain !== undefined) return plain;
  throw new FormatError(`TOC of ${compressedToc.length} compressed bytes grows over ${limit} bytes`);
}

// A TOC shrinks eight to ten times. A few bytes must not be able to take all the memory that a great image may.
function outputLimit(compressedSize: number, maxJsonSize: number): number {
  const tarOverhead = 64 * 1024;
  return Math.min(maxJsonSize, 16 * MIB + 100 * compressedSize) + tarOverhead;
}

function jsonOf(tar: Uint8Array): Uint8Array {
  const first = tarEntries(tar).next().value;
  const name = first?.header.name.toString();
  if (first === undefined || name !== TOC_NAME) {
    throw new FormatError(`TOC tar: the first entry is ${JSON.stringify(name?.slice(0, 100))}, wanted ${TOC_NAME}`);
  }
  return first.data;
}
