// `POST /v1/pull`: a pull that the daemon does for `lazypull pull`. Its answer is a line of JSON for each event, the
// last of which is the result or the error. The daemon has warm connections, credentials and code; a process that
// starts for one pull has none of them.
import type { PullProgress, PullResult } from '../containerd/pull.ts';
import { LazypullError, type ErrorCode } from '../errors.ts';

export interface PullRequest {
  /** Image reference, with a tag or digest. */
  readonly reference: string;
  /** As in `--platform`: `linux/amd64`. */
  readonly platform: string;
  /** containerd's socket, its namespace, and the snapshotter's name in it. */
  readonly address: string;
  readonly namespace: string;
  readonly snapshotter: string;
  /** Reach the registry without TLS. */
  readonly plainHttp: boolean;
}

/** One line of the answer. */
export type PullEvent =
  | { readonly progress: PullProgress }
  | { readonly result: PullResult }
  | { readonly error: { readonly code: ErrorCode | 'UNKNOWN'; readonly message: string; readonly status?: number } };

const MAX_LENGTH = 4096;

/** @throws LazypullError INVALID_ARGUMENT that names the wrong field. */
export function parsePullRequest(body: unknown): PullRequest {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const text = (name: keyof PullRequest): string => {
    const value = fields[name];
    if (typeof value === 'string' && value !== '' && value.length <= MAX_LENGTH) return value;
    throw new LazypullError('INVALID_ARGUMENT', `pull request: ${name}`);
  };
  const address = text('address');
  if (!address.startsWith('/'))
    throw new LazypullError('INVALID_ARGUMENT', 'pull request: address is not an absolute path');
  return {
    reference: text('reference'),
    platform: text('platform'),
    address,
    namespace: text('namespace'),
    snapshotter: text('snapshotter'),
    plainHttp: fields['plainHttp'] === true,
  };
}
