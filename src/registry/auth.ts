// The Authorization header for one registry host: learned from its first 401, then sent with the first try of every
// request. Tokens are fetched once for all who wait, renewed before they expire, and never sent anywhere else. A
// credential that is refused is left alone for a while, and the next candidate has its turn.
import { RegistryError } from '../errors.ts';
import { keyOf, parseScheme, repositoryOf, type Bearer, type Scheme } from './auth-scheme.ts';
import type { Credential, CredentialSource } from './credentials.ts';
import { redactUrl } from './errors.ts';
import type { Refusals, RefusedFor, RefusedUse } from './refusals.ts';
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
  readonly refusals: Refusals;
  readonly transport: Transport;
  readonly tls: TlsSettings | undefined;
  readonly retry: RetryPolicy;
}

/** What to send, and whether anybody could: a token that was given without credentials says nothing of who asks. */
export interface Authorization {
  readonly value: string;
  readonly isAnonymous: boolean;
}

/** A header that is there or on its way. */
interface Held {
  readonly promise: Promise<Authorization | undefined>;
  value: string | undefined;
  /** What it was made of. */
  credential: Credential | undefined;
  /** Whether the host has taken it: then a refusal means that it is too old, not that the credential is wrong. */
  isProven: boolean;
  /** On the monotonic clock; Infinity while it is on its way. */
  renewAtMs: number;
}

/** What a request may send now. `done` is to be called when its answer was taken in. */
export interface Turn {
  readonly authorization: Authorization | undefined;
  readonly done: () => void;
}

/** A header, what it was made of, and how long it is good. */
interface Made {
  readonly header: Authorization | undefined;
  readonly credential: Credential | undefined;
  readonly lifeMs: number;
}

export class Authorizer {
  readonly #options: AuthorizerOptions;
  /** By scope; a basic header is the same for everything in a repository. */
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
      held = this.#obtain(key, scope, this.#scheme);
      this.#held.set(key, held);
    }
    return abortable(held.promise, signal);
  }

  /**
   * Like `header`, but a password that the host has not taken yet goes with one request, and the others wait for how that
   * ends.
   * @throws as `header`.
   */
  async turn(scope: string, signal?: AbortSignal): Promise<Turn> {
    for (;;) {
      const authorization = await this.header(scope, signal);
      const key = this.#scheme === undefined ? '' : keyOf(this.#scheme, scope);
      const held = this.#held.get(key);
      const isPassword = authorization?.value.startsWith('Basic ') === true && held?.value === authorization.value;
      if (!isPassword || held.credential === undefined) return { authorization, done() {} };
      const use = this.#useOf(scope, held.credential);
      if (this.#options.refusals.lookup(use) === undefined) {
        const done = await this.#options.refusals.enter(use, signal);
        if (done !== undefined) return { authorization, done };
      } else if (this.#held.get(key) === held) this.#held.delete(key);
    }
  }

  /** The host took what was sent: a later refusal is no sign of a wrong credential. */
  accepted(scope: string, used: string): void {
    const held = this.#scheme === undefined ? undefined : this.#held.get(keyOf(this.#scheme, scope));
    if (held === undefined || held.value !== used || held.isProven) return;
    held.isProven = true;
    if (held.credential !== undefined) this.#options.refusals.took(this.#useOf(scope, held.credential), true);
  }

  /**
   * Takes in a 401 or 403 that came for the header `used`, and forgets that header. A credential that never did here, or a
   * password that does no more, is not sent again for a while.
   * @returns whether there was a challenge that may be met: then `header` has another answer now, perhaps.
   * @throws RegistryError when the challenge can't be met safely.
   */
  refused(response: HttpResponse, scope: string, used: string | undefined): boolean {
    const scheme = parseScheme(response, this.#options.base);
    const key = keyOf(scheme ?? this.#scheme ?? { kind: 'basic' }, scope);
    const held = this.#held.get(key);
    // Somebody else may have renewed it in the meantime; then theirs is as good as a new one.
    if (used !== undefined && held?.value === used) {
      this.#held.delete(key);
      this.#blame(response, scope, held);
    }
    if (scheme === undefined) return false;
    this.#scheme = scheme;
    return true;
  }

  /** A token that was good may have expired, and a door that opened before may be closed for this one request (403). */
  #blame(response: HttpResponse, scope: string, { credential, isProven, value = '' }: Held): void {
    if (credential === undefined) return;
    const isPassword = value.startsWith('Basic ');
    if (isProven && (!isPassword || response.status !== 401)) return;
    const facts = { method: 'GET', url: redactUrl(response.url), status: response.status };
    const error = new RegistryError(`${facts.url}: ${facts.status}: the stored credentials were refused`, facts);
    // A password that opens other repositories is not wrong, and a token says nothing of the password behind it.
    const isWrong = isPassword && response.status === 401 && !this.#opens(credential);
    this.#refuse(scope, credential, isWrong ? 'host' : 'scope', error);
  }

  #opens(credential: Credential): boolean {
    return [...this.#held.values()].some((held) => held.isProven && isSame(held.credential, credential));
  }

  #refuse(scope: string, credential: Credential, what: RefusedFor, error: RegistryError): void {
    this.#options.refusals.add(this.#useOf(scope, credential), what, error);
    this.#options.credentials.refused?.(credential);
  }

  #useOf(scope: string, credential: Credential): RefusedUse {
    return { host: this.#options.base.host, scope, credential };
  }

  #obtain(key: string, scope: string, scheme: Scheme): Held {
    const signal = AbortSignal.timeout(TOKEN_TIMEOUT_MS);
    const obtained = scheme.kind === 'basic' ? this.#basic(scope, signal) : this.#bearer(scheme, scope, signal);
    const promise = obtained.then(
      ({ header, credential, lifeMs }) => {
        held.value = header?.value;
        held.credential = credential;
        held.renewAtMs = performance.now() + lifeMs;
        return header;
      },
      (error: unknown) => {
        if (this.#held.get(key) === held) this.#held.delete(key);
        throw error;
      },
    );
    const held: Held = {
      promise,
      value: undefined,
      credential: undefined,
      isProven: false,
      renewAtMs: Infinity,
    };
    return held;
  }

  /**
   * The best credential that is usable here and was not refused lately; undefined when there is none at all.
   * @throws RegistryError when all that there are were refused lately.
   */
  async #choose(
    scope: string,
    isUsable: (credential: Credential) => boolean,
    signal: AbortSignal,
  ): Promise<Credential | undefined> {
    const { credentials, refusals, registry } = this.#options;
    let refusal: RegistryError | undefined;
    for await (const credential of credentials.lookup({ registry, repository: repositoryOf(scope) }, signal)) {
      if (!isUsable(credential)) continue;
      const lately = refusals.lookup(this.#useOf(scope, credential));
      if (lately === undefined) return credential;
      refusal ??= lately;
    }
    if (refusal !== undefined) throw refusal;
    return undefined;
  }

  async #basic(scope: string, signal: AbortSignal): Promise<Made> {
    const credential = await this.#choose(scope, ({ kind }) => kind === 'password', signal);
    if (credential?.kind !== 'password') return { header: undefined, credential: undefined, lifeMs: 0 };
    return { header: { value: basicHeader(credential), isAnonymous: false }, credential, lifeMs: Infinity };
  }

  /** One candidate after the other, until the token endpoint takes one. */
  async #bearer(scheme: Bearer, scope: string, signal: AbortSignal): Promise<Made> {
    let failure: unknown;
    for (;;) {
      let credential: Credential | undefined;
      try {
        credential = await this.#choose(scope, () => true, signal);
      } catch (error) {
        throw failure ?? error;
      }
      // Without any credential left it is no use to ask as nobody what somebody may not have.
      if (credential === undefined && failure !== undefined) throw failure;
      const done = await this.#enter(scope, credential, signal);
      if (done === undefined) continue;
      try {
        const made = await this.#tokenFor(scheme, scope, credential, signal);
        if (isShown(credential)) this.#options.refusals.took(this.#useOf(scope, credential), false);
        return made;
      } catch (error) {
        if (credential === undefined || !isRefusal(error)) throw error;
        // 401: it is wrong. Other answers may be about what it was wanted for.
        this.#refuse(scope, credential, error.status === 401 ? 'host' : 'scope', error);
        failure ??= error;
      } finally {
        done();
      }
    }
  }

  async #enter(
    scope: string,
    credential: Credential | undefined,
    signal: AbortSignal,
  ): Promise<(() => void) | undefined> {
    if (!isShown(credential)) return () => {};
    return await this.#options.refusals.enter(this.#useOf(scope, credential), signal);
  }

  async #tokenFor(
    scheme: Bearer,
    scope: string,
    credential: Credential | undefined,
    signal: AbortSignal,
  ): Promise<Made> {
    if (credential?.kind === 'registry-token') {
      const header = { value: `Bearer ${credential.registryToken}`, isAnonymous: false };
      return { header, credential, lifeMs: DEFAULT_TOKEN_LIFE_SEC * 1000 };
    }
    const { base, retry, tls, transport } = this.#options;
    const own = scheme.realm.host === base.host;
    const extra = { tls: own ? tls : undefined, untrusted: !own };
    const query = { ...scheme, scope, credential };
    const fetchOnce = (): ReturnType<typeof fetchToken> => fetchToken(transport, query, extra, signal);
    const { token, expiresInSec } = await retrying(retry, () => {}, fetchOnce, signal);
    const header = { value: `Bearer ${token}`, isAnonymous: credential === undefined };
    // Renewed at nine tenths of its life.
    return { header, credential, lifeMs: expiresInSec * 900 };
  }
}

/** Whether a token endpoint sees the credential. */
function isShown(credential: Credential | undefined): credential is Credential {
  return credential !== undefined && credential.kind !== 'registry-token';
}

function isRefusal(error: unknown): error is RegistryError {
  return error instanceof RegistryError && (error.status === 400 || error.status === 401 || error.status === 403);
}

function isSame(a: Credential | undefined, b: Credential): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b);
}
