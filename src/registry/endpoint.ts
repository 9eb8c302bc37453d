// One registry host, spoken to: credentials are added, 401 is answered once, redirects are followed by hand and
// without credentials. An endpoint also remembers what the host can't do.
import { RegistryError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { Authorizer, type Authorization, type Turn } from './auth.ts';
import type { CredentialSource } from './credentials.ts';
import { protocolError, redactUrl, responseError } from './errors.ts';
import type { RegistryHost } from './host.ts';
import type { Refusals } from './refusals.ts';
import { abortable, type RetryPolicy } from './retry.ts';
import { tlsForRedirect } from './tls.ts';
import type { HttpRequest, HttpResponse, RequestBody, Transport } from './transport.ts';

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Redirects that keep method and body. */
const KEEPING_REDIRECTS: ReadonlySet<number> = new Set([307, 308]);
/** A host that was down is asked after all others for this long. */
const REST_MS = 30_000;
/** Credentials that are tried for one request after the first was refused. */
const MAX_CANDIDATES = 5;

export interface EndpointOptions {
  readonly host: RegistryHost;
  readonly transport: Transport;
  readonly credentials: CredentialSource;
  readonly refusals: Refusals;
  readonly retry: RetryPolicy;
  readonly log: Logger;
}

/** A request whose URL is known otherwise, e.g. that of an upload. */
export interface UrlRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** e.g. `repository:library/python:pull`; several with a space between. */
  readonly scope: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Called for every time that the request is sent: after a 401 or a redirect it is sent again. */
  readonly body?: () => RequestBody;
  /** Instead of the transport's own: a registry may take long to store a big blob. */
  readonly headersTimeoutMs?: number;
}

export interface EndpointRequest extends UrlRequest {
  /** Below the base URL, e.g. `library/python/manifests/3.12`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** A success (2xx). */
export interface EndpointAnswer {
  readonly response: HttpResponse;
  /** Where the last redirect led, for asking there again; undefined when the host answered by itself. */
  readonly target: URL | undefined;
  /** Whether anybody would have had it: neither credentials nor what the host's configuration adds were sent on the way. */
  readonly isAnonymous: boolean;
}

/** One request's answer, as EndpointAnswer has it. */
interface Sent {
  readonly response: HttpResponse;
  readonly isAnonymous: boolean;
}

/** A request that was sent with what there was; `challenged`: the host wants something else, which there may be. */
interface Outcome {
  readonly used: Authorization | undefined;
  readonly sent: Sent;
  readonly challenged: boolean;
}

export class Endpoint {
  readonly host: RegistryHost;
  /** Whether the host (or its CDN) answers suffix ranges; learned when it does not. */
  suffixRanges = true;
  readonly #options: EndpointOptions;
  readonly #authorizer: Authorizer;
  #restUntilMs = 0;
  /** Settles when the first request is answered: then it is known whether the host wants credentials. */
  #first: Promise<void> | undefined;
  #met = false;

  constructor(options: EndpointOptions) {
    this.#options = options;
    this.host = options.host;
    const { base, credentialsOf, tls } = options.host;
    this.#authorizer = new Authorizer({ ...options, base, tls, registry: credentialsOf });
  }

  /** Whether the host failed lately. */
  get resting(): boolean {
    return performance.now() < this.#restUntilMs;
  }

  /**
   * Asks the host, and follows where it sends us.
   * @throws RegistryError for every answer that is not 2xx.
   */
  async request(request: EndpointRequest, signal?: AbortSignal): Promise<EndpointAnswer> {
    try {
      const { base, namespace } = this.host;
      const url = new URL(base);
      url.pathname = `${base.pathname.replace(/\/$/, '')}/${request.path}`;
      for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
      if (namespace !== undefined) url.searchParams.set('ns', namespace);
      return await this.#follow(request, await this.#sendOwn(request, url, signal), signal);
    } catch (error) {
      if (error instanceof RegistryError && error.retryable) this.#restUntilMs = performance.now() + REST_MS;
      throw error;
    }
  }

  /**
   * Asks a URL that the host gave for going on, as for uploads: with credentials when it is the same origin (it need not be
   * below the base path: some registries upload elsewhere), without them when it is not.
   * @throws RegistryError for every answer that is not 2xx.
   */
  async requestUrl(url: URL, request: UrlRequest, signal?: AbortSignal): Promise<EndpointAnswer> {
    const own = url.origin === this.host.base.origin;
    const first = own ? this.#sendOwn(request, url, signal) : this.#sendAway(request, url, signal);
    return this.#follow(request, await first, signal);
  }

  /**
   * Asks a redirect target of before again, without credentials.
   * @throws RegistryError for every answer that is not 2xx.
   */
  async requestTarget(target: URL, request: UrlRequest, signal?: AbortSignal): Promise<EndpointAnswer> {
    return this.#follow(request, await this.#sendAway(request, target, signal), signal);
  }

  /** Redirects, one after the other, until there is an answer. */
  async #follow(request: UrlRequest, first: Sent, signal?: AbortSignal): Promise<EndpointAnswer> {
    let { response, isAnonymous } = first;
    for (let count = 0; REDIRECTS.has(response.status); count++) {
      if (count === MAX_REDIRECTS) throw await this.#unfit(request, response, `more than ${MAX_REDIRECTS} redirects`);
      const next = await this.#redirectTarget(request, response);
      await response.discard();
      const sent = this.#isOwn(next)
        ? await this.#sendOwn(request, next, signal)
        : await this.#sendAway(request, next, signal);
      response = sent.response;
      isAnonymous &&= sent.isAnonymous;
    }
    if (response.status < 200 || response.status > 299) throw await responseError(request.method, response);
    const away = response.url.origin !== this.host.base.origin;
    return { response, target: away || !this.#isOwn(response.url) ? response.url : undefined, isAnonymous };
  }

  /** Where an answer redirects: http only from http. */
  async #redirectTarget(request: UrlRequest, response: HttpResponse): Promise<URL> {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (!reads && !KEEPING_REDIRECTS.has(response.status)) {
      throw await this.#unfit(request, response, `a redirect (${response.status}) that would drop what is sent`);
    }
    const target = URL.parse(response.header('location') ?? '', response.url.href);
    if (target === null || (target.protocol !== 'https:' && target.protocol !== 'http:')) {
      throw await this.#unfit(request, response, 'a redirect to nowhere');
    }
    if (target.protocol === 'http:' && response.url.protocol === 'https:') {
      throw await this.#unfit(request, response, `a redirect from https to plain http (${redactUrl(target)})`);
    }
    target.username = '';
    target.password = '';
    return target;
  }

  async #unfit(request: UrlRequest, response: HttpResponse, what: string): Promise<RegistryError> {
    await response.discard();
    const { message, method, url } = protocolError(request.method, response.url, what);
    return new RegistryError(message, { method, url, status: response.status });
  }

  /** Whether a URL is this host's registry API, and not something else that the same machine serves. */
  #isOwn(url: URL): boolean {
    const { base } = this.host;
    return url.origin === base.origin && url.pathname.startsWith(`${base.pathname.replace(/\/$/, '')}/`);
  }

  async #sendAway(request: UrlRequest, url: URL, signal?: AbortSignal): Promise<Sent> {
    const { base, tls } = this.host;
    const untrusted = url.hostname !== base.hostname;
    const { headers } = request;
    const response = await this.#options.transport.send(
      { ...sendable(request), url, headers, tls: tlsForRedirect(tls, base, url), untrusted },
      signal,
    );
    return { response, isAnonymous: true };
  }

  async #sendOwn(request: UrlRequest, url: URL, signal?: AbortSignal): Promise<Sent> {
    const introduced = await this.#waitForFirst(signal);
    let outcome: Outcome;
    try {
      outcome = await this.#sendTurn(request, url, await this.#authorizer.turn(request.scope, signal), signal);
      this.#met = true;
    } finally {
      introduced();
    }
    return await this.#sendAgain(request, url, outcome, signal);
  }

  /** One request with what there is to send, and what came of it. */
  async #sendTurn(request: UrlRequest, url: URL, turn: Turn, signal?: AbortSignal): Promise<Outcome> {
    const { authorization: used, done } = turn;
    try {
      const sent = await this.#sendWith(request, url, used, signal);
      const { response } = sent;
      if (response.status !== 401 && response.status !== 403) {
        if (used !== undefined) this.#authorizer.accepted(request.scope, used.value);
        return { used, sent, challenged: false };
      }
      return { used, sent, challenged: this.#authorizer.refused(response, request.scope, used?.value) };
    } finally {
      done();
    }
  }

  /** After a challenge: with other credentials, as long as there are some that were not refused. */
  async #sendAgain(request: UrlRequest, url: URL, first: Outcome, signal?: AbortSignal): Promise<Sent> {
    let outcome = first;
    for (let tries = 0; outcome.challenged && tries < MAX_CANDIDATES; tries++) {
      const { used, sent } = outcome;
      const turn = await this.#nextTurn(request.scope, sent.response, signal);
      const { authorization } = turn;
      if (authorization === undefined || authorization.value === used?.value) {
        turn.done();
        return sent;
      }
      await sent.response.discard();
      outcome = await this.#sendTurn(request, url, turn, signal);
      // What nobody had to be asked for is not worth another round.
      if (authorization.isAnonymous) break;
    }
    return outcome.sent;
  }

  async #nextTurn(scope: string, response: HttpResponse, signal?: AbortSignal): Promise<Turn> {
    try {
      return await this.#authorizer.turn(scope, signal);
    } catch (error) {
      response.close();
      throw error;
    }
  }

  /**
   * The very first request to a host goes alone, so that many at once do not all run into the same 401.
   * @returns what to call when the host has answered (or has not).
   */
  async #waitForFirst(signal?: AbortSignal): Promise<() => void> {
    if (this.#met) return () => {};
    if (this.#first !== undefined) {
      await abortable(this.#first, signal);
      return () => {};
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#first = promise;
    return () => {
      this.#first = undefined;
      resolve();
    };
  }

  async #sendWith(
    request: UrlRequest,
    url: URL,
    authorization: Authorization | undefined,
    signal?: AbortSignal,
  ): Promise<Sent> {
    const { headers: own, tls } = this.host;
    const added = authorization === undefined ? {} : { authorization: authorization.value };
    const headers = { ...own, ...request.headers, ...added };
    const response = await this.#options.transport.send({ ...sendable(request), url, headers, tls }, signal);
    // Headers and client certificates of the configuration may be what opens the door: who knows.
    const plain = Object.keys(own).length === 0 && tls?.client === undefined;
    return { response, isAnonymous: plain && (authorization?.isAnonymous ?? true) };
  }
}

function sendable({
  method,
  body,
  headersTimeoutMs,
}: UrlRequest): Pick<HttpRequest, 'method' | 'body' | 'headersTimeoutMs'> {
  return {
    method,
    ...(body === undefined ? {} : { body: body() }),
    ...(headersTimeoutMs === undefined ? {} : { headersTimeoutMs }),
  };
}
