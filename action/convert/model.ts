// What became of an image, as the output `images` and the summary have it.
import type { Digest } from '../../src/oci/digest.ts';

/** Written anew, up to date already, or neither. */
export type Status = 'converted' | 'fresh' | 'failed';

export interface Outcome {
  readonly source: string;
  readonly destination: string;
  readonly status: Status;
  /** Of the destination; absent when it failed. */
  readonly digest?: Digest;
  /** Of what the destination was made from. */
  readonly sourceDigest?: Digest;
  /** Whether the destination's name means another image than before. */
  readonly changed: boolean;
  /** Bytes of blobs that were uploaded, and of those that were there. */
  readonly uploadedBytes: number;
  readonly skippedBytes: number;
  readonly durationMs: number;
  /** What went wrong, when it failed. */
  readonly error?: string;
}
