// An access profile: which files, and which parts of them, a workload read, in the order in which it first did.
// docs/profile.md describes the JSON.
import type { Digest } from '../oci/digest.ts';

/** Read ranges [start, end) of one file, sorted, not touching each other. */
export type FileRanges = readonly (readonly [start: number, end: number])[];

export interface ProfileFile {
  /** Path in the image without leading slash, as LayerEntry.path. */
  readonly path: string;
  /** Diff id of the layer that the file was read from. */
  readonly layer: Digest;
  /** Bytes of the whole file. */
  readonly size: number;
  readonly ranges: FileRanges;
  /** Milliseconds from the start of the workload to the first read; of merged profiles, the mean order decides. */
  readonly firstReadMs: number;
}

export interface ProfileWorkload {
  readonly command: readonly string[];
  readonly durationMs: number;
}

export interface Profile {
  readonly version: 1;
  /** What was run; undefined when the profile came from elsewhere. */
  readonly image: { readonly name: string; readonly digest: Digest; readonly platform: string } | undefined;
  /** Diff ids of the image's layers, from the bottom up. */
  readonly layers: readonly Digest[];
  readonly workloads: readonly ProfileWorkload[];
  /** In the order of first use. */
  readonly files: readonly ProfileFile[];
}
