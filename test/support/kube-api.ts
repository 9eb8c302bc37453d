// A Kubernetes API server for tests, as far as secrets go: real TLS under an authority of its own, bearer tokens that expire,
// lists in pages, watches from a resource version with bookmarks, 410 Gone after compaction, and roles by namespace.
// https://kubernetes.io/docs/reference/using-api/api-concepts/
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestCertificates } from './certificates.ts';

interface Secret {
  readonly apiVersion: 'v1';
  readonly kind: 'Secret';
  readonly type: string;
  readonly metadata: { readonly namespace: string; readonly name: string; readonly resourceVersion: string };
  readonly data: Readonly<Record<string, string>>;
}

interface Change {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: Secret;
}

/** One request that arrived. */
export interface KubeRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly watch: boolean;
  status: number;
}

interface Watcher {
  readonly response: ServerResponse;
  readonly selects: (secret: Secret) => boolean;
  readonly type: string;
}

export class KubeApi implements AsyncDisposable {
  /** Good tokens, and when they end. */
  readonly tokens: Map<string, number> = new Map([['good', Infinity]]);
  /** Namespaces whose secrets may be read; '*' is all of them at once. */
  readonly allowed: Set<string> = new Set(['*']);
  log: KubeRequest[] = [];
  readonly #certificates: TestCertificates;
  readonly #secrets = new Map<string, Secret>();
  readonly #watchers = new Set<Watcher>();
  #changes: Change[] = [];
  #version = 1000;
  /** Changes up to here are forgotten. */
  #compacted = 1000;
  #server: Server;
  #port = 0;

  private constructor(certificates: TestCertificates) {
    this.#certificates = certificates;
    this.#server = this.#newServer();
  }

  static async start(certificates: TestCertificates): Promise<KubeApi> {
    const api = new KubeApi(certificates);
    await api.up();
    return api;
  }

  /** Listens; after `down` on the same port. */
  async up(): Promise<void> {
    this.#server = this.#newServer();
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Ends every connection and listens no more. */
  async down(): Promise<void> {
    this.#watchers.clear();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}`;
  }

  /** How many watches are open. */
  get watches(): number {
    return this.#watchers.size;
  }

  /** Writes a kubeconfig whose user is `user`, in JSON, which is YAML. @returns its path. */
  writeKubeconfig(folder: string, user: object = { token: 'good' }): string {
    const path = join(folder, 'kubeconfig');
    const ca = Buffer.from(this.#certificates.ca).toString('base64');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'test',
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'node' } }],
      clusters: [{ name: 'test', cluster: { server: this.url, 'certificate-authority-data': ca } }],
      users: [{ name: 'node', user }],
    };
    writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
    return path;
  }

  /** Creates or replaces a pull secret of the newer type. */
  putLogin(where: string, auths: object): void {
    this.put(where, 'kubernetes.io/dockerconfigjson', { '.dockerconfigjson': JSON.stringify({ auths }) });
  }

  /** Creates or replaces a secret. `where` is `namespace/name`; `data` as text. */
  put(where: string, type: string, data: Readonly<Record<string, string>>): void {
    const [namespace = '', name = ''] = where.split('/');
    const encoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
    const object: Secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      type,
      metadata: { namespace, name, resourceVersion: String(++this.#version) },
      data: Object.fromEntries(encoded) as Secret['data'],
    };
    this.#change(this.#secrets.has(where) ? 'MODIFIED' : 'ADDED', object);
    this.#secrets.set(where, object);
  }

  remove(where: string): void {
    const secret = this.#secrets.get(where);
    if (secret === undefined) throw new Error(`there is no secret ${where}`);
    this.#secrets.delete(where);
    const metadata = { ...secret.metadata, resourceVersion: String(++this.#version) };
    this.#change('DELETED', { ...secret, metadata });
  }

  /** Something else in the cluster changes: versions go on, and no watcher hears of it. */
  passTime(): void {
    this.#version += 100;
  }

  /** Tells every watcher how far it is. */
  bookmark(): void {
    for (const { response, type } of this.#watchers) {
      const object = { kind: 'Secret', apiVersion: 'v1', type, metadata: { resourceVersion: String(this.#version) } };
      sendEvent(response, 'BOOKMARK', object);
    }
  }

  /** Forgets all changes so far: who knows less has to list again. */
  compact(): void {
    this.#compacted = this.#version;
    this.#changes = [];
  }

  /** Ends all watches, as servers do from time to time: in good order, or in the middle of a line. */
  endWatches(how: 'orderly' | 'broken'): void {
    for (const { response } of this.#watchers) {
      if (how === 'orderly') response.end();
      else {
        response.write('{"type":"MODIF');
        response.destroy();
      }
    }
    this.#watchers.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
  }

  #newServer(): Server {
    const { serverCert: cert, serverKey: key } = this.#certificates;
    return createServer({ cert, key }, (request, response) => this.#handle(request, response));
  }

  #change(type: Change['type'], object: Secret): void {
    this.#changes.push({ version: this.#version, type, object });
    for (const { response, selects } of this.#watchers) if (selects(object)) sendEvent(response, type, object);
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    const query = url.searchParams;
    const record: KubeRequest = { path: url.pathname, query, watch: query.get('watch') === 'true', status: 0 };
    this.log.push(record);
    const refuse = (code: number, message: string): void => {
      record.status = code;
      sendStatus(response, code, message);
    };
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if ((this.tokens.get(token ?? '') ?? 0) <= Date.now()) return refuse(401, 'Unauthorized');
    const [, namespace = '*'] = /^\/api\/v1(?:\/namespaces\/([^/]+))?\/secrets$/.exec(url.pathname) ?? [undefined, ''];
    if (namespace === '') return refuse(404, 'the server could not find the requested resource');
    if (!this.allowed.has(namespace)) return refuse(403, `secrets is forbidden in ${namespace}`);
    const [, type = ''] = /^type=(.+)$/.exec(query.get('fieldSelector') ?? '') ?? [];
    const selects = (secret: Secret): boolean =>
      secret.type === type && (namespace === '*' || secret.metadata.namespace === namespace);
    record.status = 200;
    if (record.watch) this.#watch(response, { response, selects, type }, Number(query.get('resourceVersion')));
    else this.#list(response, selects, query, refuse);
  }

  #list(
    response: ServerResponse,
    selects: Watcher['selects'],
    query: URLSearchParams,
    refuse: (code: number, message: string) => void,
  ): void {
    const [at = 0, version = this.#version] = (query.get('continue') ?? '').split('@').filter(Boolean).map(Number);
    if (version < this.#compacted) return refuse(410, 'The provided continue parameter is too old');
    const all = [...this.#secrets.values()].filter(selects);
    const end = Math.min(all.length, at + Number(query.get('limit') ?? all.length));
    const metadata = {
      resourceVersion: String(version),
      ...(end < all.length ? { continue: `${end}@${version}` } : {}),
    };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ kind: 'SecretList', apiVersion: 'v1', metadata, items: all.slice(at, end) }));
  }

  #watch(response: ServerResponse, watcher: Watcher, version: number): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    if (version < this.#compacted) {
      const object = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 410, reason: 'Expired' };
      sendEvent(response, 'ERROR', object);
      return void response.end();
    }
    const missed = this.#changes.filter((change) => change.version > version && watcher.selects(change.object));
    for (const { type, object } of missed) sendEvent(response, type, object);
    this.#watchers.add(watcher);
    response.once('close', () => this.#watchers.delete(watcher));
  }
}

function sendEvent(response: ServerResponse, type: string, object: object): void {
  response.write(`${JSON.stringify({ type, object })}\n`);
}

function sendStatus(response: ServerResponse, code: number, message: string): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code }));
}
