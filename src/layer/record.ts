// `layer.json`: what a layer image is made of, and whether this version of lazypull may use it.
import { FormatError } from '../errors.ts';
import type { LayerFormat } from '../estargz/footer.ts';
import { digestOf, isDigest } from '../oci/digest.ts';
import type { Digest } from '../oci/digest.ts';

/** Raised whenever the bytes of a layer image or of its sidecars change for the same TOC: older images are built anew. */
export const LAYER_VERSION = 3;

/** The namespace in which overlayfs looks for the opaque mark. */
export type OpaqueXattr = 'trusted' | 'user';

/** Sizes in bytes. */
export interface LayerRecord {
  readonly version: typeof LAYER_VERSION;
  readonly digest: Digest;
  readonly format: LayerFormat;
  /** sha256 of the TOC's JSON, in every format. */
  readonly tocDigest: Digest;
  /** sha256 of the compressed TOC: what containers/storage promises in place of the other. */
  readonly tocChecksum: Digest;
  /** Whether every chunk has a digest. */
  readonly verifiable: boolean;
  readonly opaqueXattr: OpaqueXattr;
  readonly blobSize: number;
  /** Where the payload ends in the blob. */
  readonly payloadEnd: number;
  /** End of the range [0, end) of the blob to prefetch, `none` when the layer forbids it, null when it is silent. */
  readonly prefetchEnd: number | 'none' | null;
  /** Chunks that a starting container wants first, ascending: see start-set.ts. */
  readonly startChunks: readonly number[];
  /** Where the data area begins in the layer image. */
  readonly dataStart: number;
  readonly imageSize: number;
  readonly chunkCount: number;
  readonly inodeCount: number;
  /** Whether a registry gave the table of contents to somebody without credentials; not there when nobody can tell. */
  readonly isAnonymous?: boolean;
  /** Of the `chunks` file; ties the bitmaps to it. */
  readonly chunksDigest: Digest;
}

/** The file: the record, and a checksum over its JSON. */
export function encodeRecord(record: LayerRecord): string {
  return `${JSON.stringify({ record, checksum: sumOf(record) }, undefined, 2)}\n`;
}

/** @throws FormatError when it is damaged, or of another version. */
export function decodeRecord(text: string): LayerRecord {
  const { record, checksum } = parseObject(text);
  if (typeof record !== 'object' || record === null || checksum !== sumOf(record)) {
    throw new FormatError('layer.json: wrong checksum');
  }
  const { version, digest, tocDigest, tocChecksum } = record as Partial<Record<keyof LayerRecord, unknown>>;
  if (version !== LAYER_VERSION) {
    throw new FormatError(`layer.json: version ${String(version)}, wanted ${LAYER_VERSION}`);
  }
  // The checksum says that we wrote it, so the rest has its types.
  if (![digest, tocDigest, tocChecksum].every((text) => typeof text === 'string' && isDigest(text))) {
    throw new FormatError('layer.json: no digests');
  }
  return record as LayerRecord;
}

function parseObject(text: string): { record?: unknown; checksum?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as { record?: unknown; checksum?: unknown };
  } catch (cause) {
    throw new FormatError('layer.json: not JSON', { cause });
  }
}

function sumOf(record: object): string {
  return digestOf(Buffer.from(JSON.stringify(record)));
}
