// The Authorization header for one registry host: learned from its first 401, then sent with the first try of every
// request. Tokens are fetched once for all who wait, renewed before they expire, and never sent anywhere else.
import { RegistryError } from '../errors.ts';
import { parseChallenges } from './challenge.ts';
import type { CredentialSource } from './credentials.ts';
import { redactUrl } from './errors.ts';
import { abortable, retrying, type RetryPolicy } from './retry.ts';
import type { TlsSettings } from './tls.ts';
import { basicHeader, DEFAULT_TOKEN_LIFE_SEC, fetchToken } from './token.ts';
import type { HttpResponse, Transport } from './transport.ts';

/** A token endpoint that hangs must not hold up everybody for ever. */
const TOKEN_TIMEOUT_MS = 60_000;

export interface AuthorizerOptions {
  /** Base URL of the registry host. */
  readonly base: URL;
  /** The registry whose credentials are used, as references name it. */
  readonly registry: string;
  readonly credentials: CredentialSource;
  readonly transport: Transport;
  readonly tls: TlsSettings | undefined;
  readonly retry: RetryPolicy;
}

type Bearer = { readonly kind: 'bearer'; readonly realm: URL; readonly service: string };
type Scheme = { readonly kind: 'basic' } | Bearer;

/** What to send, and whether anybody could: a token that was given without credentials says nothing of who asks. */
export interface Authorization {
  readonly value: string;
  readonly isAnonymous: boolean;
}

/** A header that is there or on its way. */
interface Held {
  readonly promise: Promise<Authorization | undefined>;
  value: string | undefined;
  /** On the monotonic clock; Infinity while it is on its way. */
  renewAtMs: number;
}

export class Authorizer {
  readonly #options: AuthorizerOptions;
  /** By scope; a basic header is the same for every scope. */
  readonly #held = new Map<string, Held>();
  #scheme: Scheme | undefined;

  constructor(options: AuthorizerOptions) {
    this.#options = options;
  }

  /**
   * The header to send for a scope like `repository:library/python:pull`; undefined when none is known to be needed.
   * Aborting stops the waiting, not the fetch, which others may share.
   * @throws RegistryError when the token endpoint refuses; UserError when the credentials can't be read.
   */
  async header(scope: string, signal?: AbortSignal): Promise<Authorization | undefined> {
    if (this.#scheme === undefined) return undefined;
    const key = keyOf(this.#scheme, scope);
    let held = this.#held.get(key);
    if (held === undefined || performance.now() >= held.renewAtMs) {
      held = this.#obtain(key, this.#scheme);
      this.#held.set(key, held);
    }
    return abortable(held.promise, signal);
  }

  /**
   * Takes in a 401 or 403 that came for the header `used`, and forgets that header.
   * @returns whether there was a challenge that may be met: then `header` has another answer now, perhaps.
   * @throws RegistryError when the challenge can't be met safely.
   */
  refused(response: HttpResponse, scope: string, used: string | undefined): boolean {
    const scheme = this.#parseScheme(response);
    const key = keyOf(scheme ?? this.#scheme ?? { kind: 'basic' }, scope);
    // Somebody else may have renewed it in the meantime; then theirs is as good as a new one.
    if (used !== undefined && this.#held.get(key)?.value === used) this.#held.delete(key);
    if (scheme === undefined) return false;
    this.#scheme = scheme;
    return true;
  }

  #obtain(key: string, scheme: Scheme): Held {
    const signal = AbortSignal.timeout(TOKEN_TIMEOUT_MS);
    const obtained = scheme.kind === 'basic' ? this.#basic(signal) : this.#bearer(scheme, key, signal);
    const promise = obtained.then(
      ({ header, lifeMs }) => {
        held.value = header?.value;
        held.renewAtMs = performance.now() + lifeMs;
        return header;
      },
      (error: unknown) => {
        if (this.#held.get(key) === held) this.#held.delete(key);
        throw error;
      },
    );
    const held: Held = { promise, value: undefined, renewAtMs: Infinity };
    return held;
  }

  async #basic(signal: AbortSignal): Promise<{ header: Authorization | undefined; lifeMs: number }> {
    const credential = await this.#options.credentials.lookup(this.#options.registry, signal);
    if (credential?.kind !== 'password') return { header: undefined, lifeMs: 0 };
    return { header: { value: basicHeader(credential), isAnonymous: false }, lifeMs: Infinity };
  }

  async #bearer(
    scheme: Bearer,
    scope: string,
    signal: AbortSignal,
  ): Promise<{ header: Authorization; lifeMs: number }> {
    const { base, credentials, registry, retry, tls, transport } = this.#options;
    const credential = await credentials.lookup(registry, signal);
    if (credential?.kind === 'registry-token') {
      const header = { value: `Bearer ${credential.registryToken}`, isAnonymous: false };
      return { header, lifeMs: DEFAULT_TOKEN_LIFE_SEC * 1000 };
    }
    const own = scheme.realm.host === base.host;
    const extra = { tls: own ? tls : undefined, untrusted: !own };
    const query = { ...scheme, scope, credential };
    const fetchOnce = (): ReturnType<typeof fetchToken> => fetchToken(transport, query, extra, signal);
    const { token, expiresInSec } = await retrying(retry, () => {}, fetchOnce, signal);
    // Renewed at nine tenths of its life.
    return { header: { value: `Bearer ${token}`, isAnonymous: credential === undefined }, lifeMs: expiresInSec * 900 };
  }

  /** The challenge that we can meet; bearer before basic. */
  #parseScheme(response: HttpResponse): Scheme | undefined {
    const challenges = parseChallenges(response.header('www-authenticate'));
    const bearer = challenges.find(({ scheme, params }) => scheme === 'bearer' && params.has('realm'));
    if (bearer === undefined)
      return challenges.some(({ scheme }) => scheme === 'basic') ? { kind: 'basic' } : undefined;
    const realm = URL.parse(bearer.params.get('realm') ?? '');
    const clearIsAllowed = this.#options.base.protocol === 'http:';
    if (realm?.protocol !== 'https:' && !(clearIsAllowed && realm?.protocol === 'http:')) {
      const facts = { method: 'GET', url: redactUrl(response.url), status: response.status };
      throw new RegistryError(`${facts.url}: the token endpoint it names is not an https URL`, facts);
    }
    realm.username = '';
    realm.password = '';
    realm.hash = '';
    return { kind: 'bearer', realm, service: bearer.params.get('service') ?? '' };
  }
}

function keyOf(scheme: Scheme, scope: string): string {
  return scheme.kind === 'basic' ? '' : scope;
}
