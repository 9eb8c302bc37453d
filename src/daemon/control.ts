// The control API: HTTP over a unix socket that only root may open, for `lazypull status`, `pull` and `restart`;
// and the same /healthz and /metrics, nothing else, over loopback TCP where the user asked for it.
import { lstatSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { ListenOptions } from 'node:net';
import type { PullProgress, PullResult } from '../containerd/pull.ts';
import { describeError, LazypullError, RegistryError, UserError } from '../errors.ts';
import { claimSocket, publishSocket } from '../grpc/socket.ts';
import type { LoadedPacks } from '../layer/hot-packs.ts';
import type { SavedPacks } from '../layer/hot-save.ts';
import type { Logger } from '../log.ts';
import { type HotLoadRequest, type HotSaveRequest, parseHotLoad, parseHotSave } from './hot-request.ts';
import { parsePullRequest, type PullEvent, type PullRequest } from './pull-request.ts';
import { parseDrainRequest } from './drain-request.ts';
import type { DaemonStatus, DrainRequest, DrainStatus, WarmRequest } from './status.ts';
import { parseWarmRequest } from './warm-request.ts';

/** What the control API asks of the daemon. A rejection becomes a 500 with the error's message. */
export interface ControlHandlers {
  /** Whether the daemon does its work; `detail` is a sentence for a person. */
  health(): { readonly ok: boolean; readonly detail: string };
  status(): DaemonStatus | Promise<DaemonStatus>;
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  /** The effective configuration, as `lazypull config` prints it. */
  config(): string;
  /** Begins to fetch tables of contents; the answer does not wait for them. */
  warm(request: WarmRequest): void;
  /** Pulls an image into a containerd, and tells of it as it goes. */
  pull(request: PullRequest, onProgress: (progress: PullProgress) => void, signal: AbortSignal): Promise<PullResult>;
  /** Saves what was read into a folder, and loads such a folder. */
  hotSave(request: HotSaveRequest): Promise<SavedPacks>;
  hotLoad(request: HotLoadRequest): Promise<LoadedPacks>;
  /** Begins to drain, or ends it. @returns undefined when the daemon does not drain any more. */
  drain(request: DrainRequest): Promise<DrainStatus | undefined>;
  /** Asks the supervisor for a planned restart of the serving process; the answer goes out first. */
  restart(): void;
}

export interface ControlServer {
  /** `host:port` of the TCP listener, where there is one. */
  readonly tcpAddress: string | undefined;
  /** Ends open connections, removes the socket. */
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}
type Route = (body: string) => Answer | Promise<Answer>;
type Routes = ReadonlyMap<string, Route>;

const JSON_TYPE = 'application/json';
const TEXT_TYPE = 'text/plain; charset=utf-8';
/** A warm request of 500 layers has 100 KiB. */
const MAX_BODY_BYTES = 1 << 20;

/**
 * Listens on the unix socket, and on `tcpAddress` (`host:port`, already checked to be allowed) unless it is ''.
 * A socket that a killed daemon left behind is replaced; one that somebody answers on is not.
 * @throws UserError when the socket is in use or can't be made.
 */
export async function startControl(options: {
  socket: string;
  tcpAddress?: string;
  handlers: ControlHandlers;
  log: Logger;
}): Promise<ControlServer> {
  const { socket, handlers, log } = options;
  const open = openRoutes(handlers);
  const servers: Server[] = [];
  let inode: bigint | undefined;
  const close = async (): Promise<void> => {
    await closeAll(servers);
    // Node removes the name that was bound to. The one that was published may be a newer server's by now.
    if (inode !== undefined && inodeOf(socket) === inode) rmSync(socket);
  };
  try {
    const unix = serve(new Map([...open, ...privateRoutes(handlers)]), log, (...call) => handlers.pull(...call));
    servers.push(unix);
    const temporary = await claimSocket(socket);
    await listen(unix, { path: temporary }, `the control socket ${socket}`);
    await publishSocket(temporary, socket, 0o600);
    inode = inodeOf(socket);
    const tcp = options.tcpAddress === undefined || options.tcpAddress === '' ? undefined : serve(open, log);
    if (tcp !== undefined) {
      servers.push(tcp);
      await listen(tcp, splitAddress(options.tcpAddress ?? ''), `metrics.address ${options.tcpAddress}`);
    }
    return { tcpAddress: tcp === undefined ? undefined : boundAddress(tcp), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function openRoutes(handlers: ControlHandlers): Routes {
  return new Map<string, Route>([
    [
      'GET /healthz',
      () => {
        const { ok, detail } = handlers.health();
        return { status: ok ? 200 : 503, type: TEXT_TYPE, body: `${detail}\n` };
      },
    ],
    [
      'GET /metrics',
      async () => {
        const { contentType, text } = await handlers.metrics();
        return { status: 200, type: contentType, body: text };
      },
    ],
  ]);
}

function privateRoutes(handlers: ControlHandlers): Routes {
  return new Map<string, Route>([
    ['GET /v1/status', async () => json(200, await handlers.status())],
    ['GET /v1/config', () => ({ status: 200, type: TEXT_TYPE, body: handlers.config() })],
    [
      'POST /v1/warm',
      (body) => {
        handlers.warm(parseWarmRequest(parseBody(body)));
        return json(202, {});
      },
    ],
    ['POST /v1/hot/save', async (body) => json(200, await handlers.hotSave(parseHotSave(parseBody(body))))],
    ['POST /v1/hot/load', async (body) => json(200, await handlers.hotLoad(parseHotLoad(parseBody(body))))],
    ['POST /v1/drain', async (body) => json(200, (await handlers.drain(parseDrainRequest(parseBody(body)))) ?? {})],
    [
      'POST /v1/restart',
      () => {
        // After the answer has gone out: the process that writes it is the one that ends.
        setTimeout(() => handlers.restart(), 50);
        return json(202, {});
      },
    ],
  ]);
}

function serve(routes: Routes, log: Logger, pull?: ControlHandlers['pull']): Server {
  const server = createServer((request, response) => {
    const isPull = pull !== undefined && request.method === 'POST' && request.url === '/v1/pull';
    (isPull ? streamPull(pull, request, response) : handle(routes, request, response)).catch((error: unknown) => {
      log.debug('control request failed', { error });
      response.destroy();
    });
  });
  server.requestTimeout = 10_000;
  server.headersTimeout = 5000;
  return server;
}

async function handle(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = await answerTo(routes, request).catch(failed);
  response.writeHead(answer.status, { 'content-type': answer.type, 'content-length': Buffer.byteLength(answer.body) });
  response.end(answer.body);
}

/** One line of JSON for each event. A client that goes away ends the pull. */
async function streamPull(
  pull: ControlHandlers['pull'],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort(new LazypullError('ABORTED', 'the client went away')));
  const say = (event: PullEvent): void => void response.write(`${JSON.stringify(event)}\n`);
  try {
    const wanted = parsePullRequest(parseBody(await readBody(request)));
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    say({ result: await pull(wanted, (progress) => say({ progress }), gone.signal) });
  } catch (error) {
    if (!response.headersSent) response.writeHead(400, { 'content-type': JSON_TYPE });
    const code = error instanceof LazypullError ? error.code : 'UNKNOWN';
    const status = error instanceof RegistryError && error.status !== undefined ? { status: error.status } : {};
    say({ error: { code, message: describeError(error), ...status } });
  }
  response.end();
}

async function answerTo(routes: Routes, request: IncomingMessage): Promise<Answer> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const route = routes.get(`${request.method} ${path}`);
  if (route !== undefined) return await route(await readBody(request));
  const otherMethod = [...routes.keys()].some((key) => key.endsWith(` ${path}`));
  return json(otherMethod ? 405 : 404, {
    code: otherMethod ? 'INVALID_ARGUMENT' : 'NOT_FOUND',
    message: `no ${request.method} ${path}`,
  });
}

function failed(error: unknown): Answer {
  const code = error instanceof LazypullError ? error.code : 'UNKNOWN';
  return json(code === 'INVALID_ARGUMENT' || code === 'CONFIG' ? 400 : 500, { code, message: describeError(error) });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MAX_BODY_BYTES)
      throw new LazypullError('INVALID_ARGUMENT', `a body of more than ${MAX_BODY_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new LazypullError('INVALID_ARGUMENT', 'the body is not JSON', { cause });
  }
}

function json(status: number, value: unknown): Answer {
  return { status, type: JSON_TYPE, body: `${JSON.stringify(value)}\n` };
}

function inodeOf(path: string): bigint | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

function listen(server: Server, where: ListenOptions, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(new UserError(`can't listen on ${name}: ${cause.code ?? cause.message}`, undefined, { cause }));
    });
    server.listen(where, resolve);
  });
}

function splitAddress(address: string): ListenOptions {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at).replaceAll(/[[\]]/g, ''), port: Number(address.slice(at + 1)) };
}

function boundAddress(server: Server): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') return '';
  return bound.family === 'IPv6' ? `[${bound.address}]:${bound.port}` : `${bound.address}:${bound.port}`;
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  const closing = servers
    .filter((server) => server.listening)
    .map(async (server) => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
  await Promise.all(closing);
}
