// The two calls of a Kubernetes API that we make: list secrets of a type, and watch them from there on. One connection is
// opened with what the kubeconfig says now, and closed when its watch ends, so that rotated tokens and certificates count.
// https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
import { Agent, type Dispatcher } from 'undici';
import { describeError, LazypullError, UserError } from '../../errors.ts';
import { fieldsOf, stringOf, type Fields } from '../../registry/auth-entry.ts';
import { inClusterSpec, parseKubeconfig, type ClusterSpec, type Pem } from './kubeconfig.ts';
import { readText, type Identity, type Logins } from './login.ts';

/** Objects in one answer of a list. */
const PAGE = 500;
const CONNECT_MS = 10_000;
const ANSWER_MS = 30_000;
/** How long a watch goes on before it is begun anew: half a minute more or less, so that nodes do not come all at once. */
const WATCH_SEC = 300;
/** A secret has at most 1 MiB, in base64 and JSON. */
const MAX_LINE = 8 << 20;
const MAX_PAGE = 64 << 20;

/** An answer that says: what you know is too old, list again. */
export class GoneError extends LazypullError {
  constructor() {
    super('UNAVAILABLE', 'the API server has forgotten that resource version');
  }
}

export interface SecretList {
  readonly resourceVersion: string;
  readonly items: readonly Fields[];
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: Fields;
}

export interface SecretQuery {
  /** Undefined means all. */
  readonly namespace: string | undefined;
  /** `kubernetes.io/dockerconfigjson` and the like. The server selects: other secrets never come here. */
  readonly type: string;
}

export class KubernetesApi implements AsyncDisposable {
  readonly #server: URL;
  readonly #identity: Identity;
  readonly #agent: Agent;
  readonly #logins: Logins;

  private constructor(server: URL, identity: Identity, agent: Agent, logins: Logins) {
    this.#server = server;
    this.#identity = identity;
    this.#agent = agent;
    this.#logins = logins;
  }

  /** Reads how the cluster is reached; connects at the first call. @throws UserError for what the user has to change. */
  static async open(kubeconfigPath: string, logins: Logins, signal: AbortSignal): Promise<KubernetesApi> {
    const spec =
      kubeconfigPath === ''
        ? inClusterSpec(process.env)
        : parseKubeconfig(await readText(kubeconfigPath), kubeconfigPath);
    const identity = await logins.identity(spec.login, signal);
    return new KubernetesApi(spec.server, identity, new Agent(await agentOptions(spec, identity)), logins);
  }

  /** All secrets of the query, page by page. @throws LazypullError; GoneError when it took too long for the server. */
  async list(query: SecretQuery, signal: AbortSignal): Promise<SecretList> {
    const items: Fields[] = [];
    let next: string | undefined;
    for (;;) {
      const paging = { limit: String(PAGE), ...(next === undefined ? {} : { continue: next }) };
      const page = await this.#page(query, paging, signal);
      const metadata = fieldsOf(page['metadata']);
      items.push(...(Array.isArray(page['items']) ? page['items'].map(fieldsOf) : []));
      next = stringOf(metadata['continue']);
      if (next === undefined) return { resourceVersion: stringOf(metadata['resourceVersion']) ?? '', items };
    }
  }

  /**
   * What changes after `resourceVersion`. Ends when the server ends it, which is normal.
   * @throws GoneError when the server does not know that version any more; LazypullError when the connection breaks.
   */
  async *watch(query: SecretQuery, resourceVersion: string, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    const timeoutSec = Math.round(WATCH_SEC * (0.9 + Math.random() * 0.2));
    const parameters = {
      watch: 'true',
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(timeoutSec),
      resourceVersion,
    };
    const body = await this.#get(query, parameters, signal, (timeoutSec + 30) * 1000);
    for await (const line of linesOf(body, this.#server)) {
      const event = fieldsOf(JSON.parse(line));
      const object = fieldsOf(event['object']);
      if (event['type'] === 'ERROR') throw statusError(Number(object['code']), object, this.#server);
      yield { type: event['type'] as WatchEvent['type'], object };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }

  async #page(query: SecretQuery, parameters: Record<string, string>, signal: AbortSignal): Promise<Fields> {
    const body = await this.#get(query, parameters, signal, ANSWER_MS);
    const pieces: Buffer[] = [];
    let length = 0;
    for await (const piece of body as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length > MAX_PAGE) throw new LazypullError('UNAVAILABLE', `${this.#server.host} lists more than we hold`);
      pieces.push(piece);
    }
    return fieldsOf(JSON.parse(Buffer.concat(pieces).toString('utf8')));
  }

  async #get(
    { namespace, type }: SecretQuery,
    parameters: Readonly<Record<string, string>>,
    signal: AbortSignal,
    bodyTimeout: number,
  ): Promise<Dispatcher.ResponseData['body']> {
    const prefix = this.#server.pathname.replace(/\/$/, '');
    const query = new URLSearchParams({ fieldSelector: `type=${type}`, ...parameters });
    const below = namespace === undefined ? '' : `/namespaces/${namespace}`;
    const { authorization } = this.#identity;
    const answer = await this.#send({
      origin: this.#server.origin,
      path: `${prefix}/api/v1${below}/secrets?${query.toString()}`,
      method: 'GET',
      headers: { accept: 'application/json', ...(authorization === undefined ? {} : { authorization }) },
      headersTimeout: ANSWER_MS,
      bodyTimeout,
      signal,
    });
    if (answer.statusCode === 200) return answer.body;
    if (answer.statusCode === 401) this.#logins.forget();
    const status = await answer.body.text().catch(() => '');
    throw statusError(answer.statusCode, parseStatus(status.slice(0, 10_000)), this.#server);
  }

  async #send(request: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> {
    try {
      return await this.#agent.request(request);
    } catch (cause) {
      (request.signal as AbortSignal).throwIfAborted();
      const code = (cause as { code?: unknown }).code;
      const why = typeof code === 'string' ? code : describeError(cause);
      throw new LazypullError('UNAVAILABLE', `the API server ${this.#server.host} can't be reached: ${why}`, { cause });
    }
  }
}

async function agentOptions(spec: ClusterSpec, identity: Identity): Promise<Agent.Options> {
  const [ca, cert, key] = await Promise.all([spec.ca, spec.clientCert, spec.clientKey].map(readPem));
  const client = { cert: identity.cert ?? cert, key: identity.key ?? key };
  return {
    connectTimeout: CONNECT_MS,
    connect: {
      rejectUnauthorized: !spec.skipVerify,
      ...(ca === undefined ? {} : { ca }),
      ...(spec.serverName === undefined ? {} : { servername: spec.serverName }),
      ...(client.cert === undefined || client.key === undefined ? {} : { cert: client.cert, key: client.key }),
    },
  };
}

async function readPem(pem: Pem | undefined): Promise<string | undefined> {
  return pem === undefined || 'text' in pem ? pem?.text : await readText(pem.path);
}

/** What a Status object says. Its message may name the secret, never what is in it. */
function statusError(code: number, status: Fields, server: URL): LazypullError {
  if (code === 410) return new GoneError();
  const said = stringOf(status['message']) ?? stringOf(status['reason']) ?? '';
  const message = `the API server ${server.host} answers ${code}${said === '' ? '' : `: ${said.slice(0, 300)}`}`;
  if (code === 403) return new UserError(message, 'See docs/credentials.md for the role that it needs.');
  return new LazypullError('UNAVAILABLE', message);
}

function parseStatus(text: string): Fields {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return {};
  }
}

async function* linesOf(body: AsyncIterable<Uint8Array>, server: URL): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const piece of body) {
      rest += decoder.decode(piece, { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > MAX_LINE) throw new LazypullError('UNAVAILABLE', `${server.host} sends an endless line`);
      yield* lines.filter((line) => line !== '');
    }
  } catch (cause) {
    if (cause instanceof LazypullError) throw cause;
    throw new LazypullError('UNAVAILABLE', `the watch at ${server.host} broke off`, { cause });
  }
}
