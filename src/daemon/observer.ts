// A window on a daemon for a pod beside it: /healthz and /metrics of the control socket over TCP, and nothing else of it. The
// daemon of a node is a service of the node, which outlives every pod; the pod only shows how it is.
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '../errors.ts';

/** What is passed on. */
const PATHS: ReadonlySet<string> = new Set(['/healthz', '/metrics']);
const TIMEOUT_MS = 5000;

export interface Observer {
  /** `host:port` as it listens. */
  readonly address: string;
  close(): Promise<void>;
}

/** @param options.listen `host:port`; an empty host is every address. @throws UserError when it can't listen. */
export async function startObserver(options: { readonly socket: string; readonly listen: string }): Promise<Observer> {
  const { socket, listen } = options;
  const { host, port } = splitAddress(listen);
  const server = createServer((asked, response) => answer(socket, asked, response));
  server.requestTimeout = TIMEOUT_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(new UserError(`can't listen on ${listen}: ${cause.code ?? cause.message}`, undefined, { cause }));
    });
    server.listen(port, host, resolve);
  });
  const { address, port: bound } = server.address() as AddressInfo;
  return {
    address: `${address.includes(':') ? `[${address}]` : address}:${bound}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A daemon that does not answer is not healthy; between two serving processes that is so for a moment. */
function answer(socketPath: string, asked: IncomingMessage, response: ServerResponse): void {
  const path = asked.url?.split('?', 1)[0] ?? '';
  if (asked.method !== 'GET' || !PATHS.has(path)) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('only GET /healthz and /metrics\n');
    return;
  }
  const fail = (error: NodeJS.ErrnoException): void => {
    if (response.headersSent) response.destroy();
    else {
      const text = `no daemon answers on ${socketPath} (${error.code ?? error.message})\n`;
      response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
    }
  };
  const daemon = request({ socketPath, path, agent: false, timeout: TIMEOUT_MS }, (said) => {
    const type = said.headers['content-type'] ?? 'text/plain';
    response.writeHead(said.statusCode ?? 502, { 'content-type': type });
    said.on('error', fail);
    said.pipe(response);
  });
  daemon.on('timeout', () => daemon.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
  daemon.on('error', fail);
  daemon.end();
}

/** @throws UserError */
function splitAddress(listen: string): { readonly host: string | undefined; readonly port: number } {
  const [, host = '', port = ''] = /^(\[[0-9a-fA-F:]+\]|[^:]*):(\d{1,5})$/.exec(listen) ?? [];
  if (port === '' || Number(port) > 65_535) throw new UserError(`--listen ${listen}`, 'It wants HOST:PORT, or :PORT.');
  return { host: host === '' ? undefined : host.replaceAll(/[[\]]/g, ''), port: Number(port) };
}
