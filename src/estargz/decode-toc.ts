// From the TOC's compressed bytes to its JSON, and to the digest that the manifest's annotation must name.
// Runs in a worker thread: it blocks while it inflates and hashes.
import { FormatError, VerificationError } from '../errors.ts';
import { digestOf } from '../oci/digest.ts';
import type { Digest } from '../oci/digest.ts';
import { tarEntries } from '../tar/entry.ts';
import { inflateBounded } from './inflate.ts';

/** Name of the TOC's entry in the layer's tar. */
export const TOC_NAME = 'stargz.index.json';

const MIB = 1024 * 1024;

export interface DecodeTocOptions {
  /** What the digest must be; not compared when undefined. */
  readonly expected?: Digest | undefined;
  /** Largest JSON in bytes; 256 MiB unless told. */
  readonly maxJsonSize?: number;
}

export interface DecodedToc {
  /** The exact bytes that the digest is of. */
  readonly tocJson: Uint8Array;
  readonly tocDigest: Digest;
}

/**
 * Gunzips the TOC's tar and takes the JSON out of it.
 * @throws FormatError when it is damaged, cut or too large.
 * @throws VerificationError when the digest is not the expected one.
 */
export function decodeToc(compressedToc: Uint8Array, options: DecodeTocOptions = {}): DecodedToc {
  const limit = outputLimit(compressedToc.length, options.maxJsonSize ?? 256 * MIB);
  const expected = Math.min(limit, Math.max(64 * 1024, compressedToc.length * 10));
  const tar = inflateBounded(compressedToc, 'gzip', { expected, limit });
  if (tar === undefined) {
    throw new FormatError(`TOC of ${compressedToc.length} compressed bytes grows over ${limit} bytes`);
  }
  const tocJson = jsonOf(tar);
  const tocDigest = digestOf(tocJson);
  if (options.expected !== undefined && options.expected !== tocDigest) {
    throw new VerificationError('TOC digest', options.expected, tocDigest);
  }
  return { tocJson, tocDigest };
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
