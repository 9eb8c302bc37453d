// What a layer's descriptor says of the layer's table of contents (TOC). The manifest is trusted, because its digest is; so
// is, through these annotations, the TOC, and through its digests every chunk.
import { isDigest, type Digest } from './digest.ts';
import {
  CONTAINERS_MANIFEST_CHECKSUM,
  CONTAINERS_MANIFEST_POSITION,
  LAZYPULL_TOC_CHECKSUM,
  TOC_DIGEST,
  ZSTD_MANIFEST_CHECKSUM,
  ZSTD_MANIFEST_POSITION,
} from './annotations.ts';
import type { Descriptor } from './descriptor.ts';

/** One of the two is enough, since the compressed bytes determine the JSON. What is undefined is not compared. */
export interface TocPromise {
  /** sha256 of the TOC's JSON: what eStargz and the zstd:chunked of stargz-snapshotter promise. */
  readonly tocDigest?: Digest | undefined;
  /** sha256 of the compressed TOC: all that the zstd:chunked of containers/storage promises. */
  readonly tocChecksum?: Digest | undefined;
}

/** Whether anything is promised. */
export function hasPromise({ tocDigest, tocChecksum }: TocPromise): boolean {
  return tocDigest !== undefined || tocChecksum !== undefined;
}

/** What a descriptor promises: the digest of the JSON, or else the one of the compressed TOC. Empty for ordinary layers. */
export function tocPromiseOf({ annotations }: Pick<Descriptor, 'annotations'>): TocPromise {
  const digestAt = (key: string): Digest | undefined => {
    const text = annotations?.[key];
    return text !== undefined && isDigest(text) ? text : undefined;
  };
  const tocDigest = digestAt(TOC_DIGEST);
  if (tocDigest !== undefined) return { tocDigest };
  const keys = [CONTAINERS_MANIFEST_CHECKSUM, LAZYPULL_TOC_CHECKSUM, ZSTD_MANIFEST_CHECKSUM];
  const tocChecksum = keys.map(digestAt).find((digest) => digest !== undefined);
  return tocChecksum === undefined ? {} : { tocChecksum };
}

/**
 * How many last bytes of the blob hold footer and TOC, when the descriptor says where the TOC begins. A hint for one
 * read, and nothing more: it may be wrong.
 */
export function tocTailOf({ annotations, size }: Pick<Descriptor, 'annotations' | 'size'>): number | undefined {
  const position = annotations?.[CONTAINERS_MANIFEST_POSITION] ?? annotations?.[ZSTD_MANIFEST_POSITION];
  const offset = /^(\d{1,15}):/.exec(position ?? '')?.[1];
  return offset === undefined || Number(offset) >= size ? undefined : size - Number(offset);
}
