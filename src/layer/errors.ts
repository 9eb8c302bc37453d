// The errors that only layers have. Everything else passes through as it was thrown.
import { LazypullError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';

/** A layer whose bytes nobody vouches for: no trusted TOC digest, or chunks without digests. */
export class UnverifiableLayerError extends LazypullError {
  readonly digest: Digest;
  /** Why, as part of a sentence for the user. */
  readonly reason: string;

  constructor(digest: Digest, reason: string) {
    super('FAILED_PRECONDITION', `layer ${digest} can't be verified: ${reason}`);
    this.digest = digest;
    this.reason = reason;
  }
}

/** A layer that is not served any more, because it was disposed of or the store was closed. */
export function layerClosedError(digest: Digest): LazypullError {
  return new LazypullError('ABORTED', `layer ${digest} was closed`);
}

/** Whether the disk refused to take more: full, over a quota or a limit. Retrying at once does not help. */
export function isDiskFull(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
}
