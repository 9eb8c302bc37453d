// What `verifyImage` finds out, which is the JSON that `lazypull verify --json` writes: docs/inspect.md describes it.
// Fields are only ever added to it. null stands for what is not there or not known. Sizes and offsets are bytes.
import type { Digest } from '../oci/digest.ts';
import type { StoredFormat } from './inspect-model.ts';

/** What was compared when something was found to be wrong. */
export type Check =
  /** Index and manifest. */
  | 'manifest'
  /** The config's bytes, its diff ids, its history. */
  | 'config'
  /** A layer's bytes against its descriptor: size, digest, or that they are there at all. */
  | 'blob'
  /** Annotations of the layer against what the blob has. */
  | 'annotation'
  | 'footer'
  /** The table of contents by itself: digest, form, contradictions. */
  | 'toc'
  /** Gzip members and zstd frames: damaged, cut, or not where the table of contents has them. */
  | 'member'
  /** The layer's tar by itself. */
  | 'tar'
  /** An entry of the tar against that of the table of contents. */
  | 'entry'
  /** Where a chunk is, and its digest. */
  | 'chunk'
  /** The digest of a whole file. */
  | 'file'
  | 'landmark'
  | 'diff-id';

/** One thing that is wrong. */
export interface Finding {
  readonly check: Check;
  /** In the layer, without a slash in front. */
  readonly path: string | null;
  /** All of it in one sentence, without the layer. */
  readonly message: string;
  readonly expected: string | null;
  readonly actual: string | null;
  /** In the blob; of the check `tar` in the tar. */
  readonly offset: number | null;
}

export interface Verification {
  readonly version: 1;
  readonly name: string;
  readonly digest: Digest;
  readonly ok: boolean;
  readonly images: readonly VerifiedImage[];
  /** Bytes of blobs that were checked, and how long that took. */
  readonly bytes: number;
  readonly durationMs: number;
}

export interface VerifiedImage {
  readonly manifest: Digest;
  readonly platform: string | null;
  readonly ok: boolean;
  /** About manifest and config. */
  readonly findings: readonly Finding[];
  readonly layers: readonly VerifiedLayer[];
}

export interface VerifiedLayer {
  /** 1 is the bottom. */
  readonly number: number;
  readonly digest: Digest;
  readonly size: number;
  readonly ok: boolean;
  readonly format: StoredFormat;
  /** What the decompressed blob is; null when it can't be decompressed to its end. */
  readonly diffId: Digest | null;
  readonly uncompressedSize: number | null;
  readonly tocDigest: Digest | null;
  /** What was compared. */
  readonly counts: LayerCounts;
  readonly findings: readonly Finding[];
  /** More findings than are listed. */
  readonly moreFindings: number;
  readonly durationMs: number;
}

export interface LayerCounts {
  /** Of the tar, without the table of contents. */
  readonly entries: number;
  readonly chunks: number;
  /** Regions of the blob that the table of contents says are a member or several. */
  readonly members: number;
}
