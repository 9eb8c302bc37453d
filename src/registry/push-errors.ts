// What the refusals of a push mean: that the upload has to begin anew, that less has to be sent at once, or that
// nothing will help but another login.
import { RegistryError } from '../errors.ts';

/** The upload that we know is no longer one: expired, lost with the process that had it, or at another place than we think. */
const LOST_STATUS: ReadonlySet<number> = new Set([404, 409, 410, 416]);
const LOST_CODES: ReadonlySet<string> = new Set([
  'BLOB_UPLOAD_UNKNOWN',
  'BLOB_UPLOAD_INVALID',
  'DIGEST_INVALID',
  'SIZE_INVALID',
  'RANGE_INVALID',
]);

/** Whether an answer to a request of a running upload means that the upload is lost, or of unknown content. */
export function isUploadLost(error: RegistryError): boolean {
  const { status, diagnostics } = error;
  if (status === undefined || status >= 500) return false;
  return LOST_STATUS.has(status) || diagnostics.some((code) => LOST_CODES.has(code));
}

/** Whether what arrived was not what its digest promises, or not as much: going on from there is no use. */
export function isContentRefused(error: RegistryError): boolean {
  return error.diagnostics.some((code) => code === 'DIGEST_INVALID' || code === 'SIZE_INVALID');
}

/** The same error, as one that another try may mend. */
export function asRetryable(error: RegistryError): RegistryError {
  const { message, method, url, status, diagnostics } = error;
  return new RegistryError(message, {
    method,
    url,
    diagnostics,
    retryable: true,
    cause: error,
    ...(status === undefined ? {} : { status }),
  });
}

/** An error of a push with what to do about it, where that is known. */
export function withPushHint(error: unknown, registry: string): unknown {
  if (!(error instanceof RegistryError)) return error;
  const hint = hintFor(error, registry);
  if (hint === undefined || error.message.includes(hint)) return error;
  const { message, method, url, status, diagnostics, retryable } = error;
  return new RegistryError(`${message}: ${hint}`, {
    method,
    url,
    diagnostics,
    retryable,
    cause: error.cause,
    ...(status === undefined ? {} : { status }),
  });
}

function hintFor({ status, diagnostics }: RegistryError, registry: string): string | undefined {
  if (status === 401) return `no right to push; log in with \`docker login ${registry}\``;
  if (status === 403 || diagnostics.includes('DENIED')) {
    return `these credentials may not push there; \`docker login ${registry}\` as somebody who may`;
  }
  if (status === 405 || diagnostics.includes('UNSUPPORTED')) return 'the registry takes no pushes (is it a mirror?)';
  if (status === 413) return 'the registry, or a proxy before it, takes no bodies of this size';
  return undefined;
}
