// How HTTP answers and broken connections become RegistryErrors: with the method, a URL that carries no secret, the
// registry's own error codes, and whether trying again may help.
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
import { RegistryError } from '../errors.ts';
import type { HttpResponse } from './transport.ts';

const MAX_ERROR_BODY_BYTES = 16 << 10;
const RETRYABLE: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Codes of connection errors that another try will not change: names and certificates. */
const PERMANENT =
  /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|HOSTNAME_MISMATCH|LAZYPULL_)/;

/** A RegistryError that knows how long the registry wants to be left alone. */
export class RetryLaterError extends RegistryError {
  readonly retryAfterMs: number;

  constructor(message: string, facts: ConstructorParameters<typeof RegistryError>[1], retryAfterMs: number) {
    super(message, facts);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Scheme, host and path of a URL: no user, password, query or fragment, where signatures and tokens are. */
export function redactUrl(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** The error for an answer that is not a success. Consumes the body. */
export async function responseError(method: string, response: HttpResponse): Promise<RegistryError> {
  const diagnostics = errorCodes(await response.readUpTo(MAX_ERROR_BODY_BYTES));
  const url = redactUrl(response.url);
  const { status } = response;
  const said = diagnostics.length === 0 ? '' : ` (${diagnostics.join(', ')})`;
  const message = `${method} ${url}: ${status}${said}`;
  const facts = { method, url, status, diagnostics, retryable: RETRYABLE.has(status) };
  const retryAfterMs = parseRetryAfter(response.header('retry-after'));
  return retryAfterMs === undefined
    ? new RegistryError(message, facts)
    : new RetryLaterError(message, facts, retryAfterMs);
}

/** The error for a request that got no answer, or only a part of one. */
export function connectionError(method: string, url: URL, cause: unknown): RegistryError {
  const code = (cause as { code?: unknown } | null)?.code;
  const reason = typeof code === 'string' ? code : cause instanceof Error ? cause.name : 'broken connection';
  const redacted = redactUrl(url);
  const retryable = !(typeof code === 'string' && PERMANENT.test(code));
  return new RegistryError(`${method} ${redacted}: ${reason}`, { method, url: redacted, retryable, cause });
}

/** The error for an answer that makes no sense. Worth another try: it may come from a proxy in between. */
export function protocolError(method: string, url: URL, what: string): RegistryError {
  const redacted = redactUrl(url);
  return new RegistryError(`${method} ${redacted}: ${what}`, { method, url: redacted, retryable: true });
}

/** Milliseconds of a Retry-After header, a number of seconds or a date; undefined when absent or nonsense. */
export function parseRetryAfter(value: string | undefined, nowMs: number = Date.now()): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

/** The codes of an error document. Messages are left out: nobody knows what they quote. */
function errorCodes(body: Uint8Array): string[] {
  try {
    const { errors } = JSON.parse(new TextDecoder().decode(body)) as { errors?: unknown };
    if (!Array.isArray(errors)) return [];
    return errors
      .map((error) => String((error as { code?: unknown } | null)?.code))
      .filter((code) => /^[A-Za-z0-9_]{1,64}$/.test(code) && code !== 'undefined')
      .slice(0, 5);
  } catch {
    return [];
  }
}
