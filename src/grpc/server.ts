// A gRPC server on a unix socket. A service is a plain object of async functions that take a request and a signal, and
// return a response or, for a stream, an async iterable of them. The signal is aborted when the client cancels, goes
// away or runs into its deadline. Nothing here knows any service.
import { lstat, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type Server as SocketServer } from 'node:net';
import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { sendUnaryData, ServerUnaryCall, ServerWritableStream, UntypedHandleCall } from '@grpc/grpc-js';
import { LazypullError } from '../errors.ts';
import { silentLogger, type Logger } from '../log.ts';
import type { ServiceDefinition } from './load.ts';
import { claimSocket, publishSocket } from './socket.ts';
import { statusOfError, type GrpcStatus } from './status.ts';

/** One call. The request is as `loadProto` describes it; `never` lets each service declare its own. */
export type Method = (request: never, signal: AbortSignal) => Promise<object> | AsyncIterable<object>;
/** A service by the names of its methods in the .proto file, with a small first letter. */
export type Methods = Readonly<Record<string, Method>>;

/** Requests carry labels of 4 KiB each and little else. */
const MAX_REQUEST = 4 * 1024 * 1024;

export class GrpcServer implements AsyncDisposable {
  readonly #server = new Server({ 'grpc.max_receive_message_length': MAX_REQUEST });
  readonly #log: Logger;
  #socket: { path: string; inode: bigint } | undefined;
  #inherited: SocketServer | undefined;

  constructor(options: { log?: Logger } = {}) {
    this.#log = options.log ?? silentLogger;
  }

  /** Adds a service; before `listen`. @throws Error when a method of the definition is missing. */
  add(definition: ServiceDefinition, methods: Methods): void {
    const handlers: Record<string, UntypedHandleCall> = {};
    for (const [name, { responseStream }] of Object.entries(definition)) {
      const method = methods[name[0]?.toLowerCase() + name.slice(1)];
      if (method === undefined) throw new Error(`the service has no method ${name}`);
      handlers[name] = responseStream ? this.#streaming(name, method) : this.#unary(name, method);
    }
    this.#server.addService(definition, handlers);
  }

  /** Adds a service by handlers of gRPC's own kind, for what is passed on without being looked at; before `listen`. */
  addRaw(definition: ServiceDefinition, handlers: Readonly<Record<string, UntypedHandleCall>>): void {
    this.#server.addService(definition, handlers);
  }

  /**
   * Serves on a unix socket at `path` (absolute), which gets `mode`.
   * @throws UserError when the path can't be used or another process serves there.
   */
  async listen(path: string, mode = 0o600): Promise<void> {
    const temporary = await claimSocket(path);
    await new Promise<void>((resolve, reject) => {
      this.#server.bindAsync(`unix:${temporary}`, ServerCredentials.createInsecure(), (error) =>
        error === null ? resolve() : reject(error),
      );
    });
    await publishSocket(temporary, path, mode);
    this.#socket = { path, inode: (await lstat(path, { bigint: true })).ino };
  }

  /**
   * Serves on a unix socket that listens already and belongs to somebody else: its name stays when this server closes, and
   * who calls then waits for whoever accepts next.
   */
  async listenOn(fd: number): Promise<void> {
    const injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
    const accepting = createServer((connection) => injector.injectConnection(connection));
    accepting.listen({ fd });
    await once(accepting, 'listening');
    this.#inherited = accepting;
  }

  /** Takes no new calls, waits up to `graceMs` for those under way, then cancels them. May be called twice. */
  async close(graceMs = 5000): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket !== undefined) await removeSocket(socket);
    this.#inherited?.close();
    const drained = new Promise<void>((resolve) => {
      this.#server.tryShutdown(() => resolve());
    });
    const timer = setTimeout(() => this.#server.forceShutdown(), graceMs);
    await drained;
    clearTimeout(timer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #unary(name: string, method: Method): UntypedHandleCall {
    return (call: ServerUnaryCall<object, object>, callback: sendUnaryData<object>) => {
      const signal = signalOf(call);
      const run = async (): Promise<object> => (await method(call.request as never, signal)) as object;
      run().then(
        (response) => callback(null, response),
        (error: unknown) => callback(this.#statusOf(name, error, signal)),
      );
    };
  }

  #streaming(name: string, method: Method): UntypedHandleCall {
    return (call: ServerWritableStream<object, object>) => {
      const signal = signalOf(call);
      const run = async (): Promise<void> => {
        for await (const response of method(call.request as never, signal) as AsyncIterable<object>) {
          signal.throwIfAborted();
          if (!call.write(response)) await once(call, 'drain', { signal });
        }
        call.end();
      };
      run().catch((error: unknown) => call.emit('error', this.#statusOf(name, error, signal)));
    };
  }

  #statusOf(name: string, error: unknown, signal: AbortSignal): GrpcStatus {
    if (signal.aborted) return { code: status.CANCELLED, details: 'cancelled by the client' };
    const answer = statusOfError(error);
    if (answer.code === status.UNKNOWN) {
      this.#log.error('a call failed unexpectedly', { call: name, error: (error as Error)?.stack ?? String(error) });
    } else this.#log.debug('a call was refused', { call: name, code: status[answer.code], reason: answer.details });
    return answer;
  }
}

function signalOf(call: ServerUnaryCall<object, object> | ServerWritableStream<object, object>): AbortSignal {
  const controller = new AbortController();
  call.on('cancelled', () => controller.abort(new LazypullError('ABORTED', 'cancelled by the client')));
  return controller.signal;
}

/** Removes the socket, unless another server has put its own there since. */
async function removeSocket({ path, inode }: { path: string; inode: bigint }): Promise<void> {
  const now = await lstat(path, { bigint: true }).catch(() => undefined);
  if (now?.ino === inode) await rm(path, { force: true });
}
