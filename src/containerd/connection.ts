// One gRPC connection to a containerd, and calls over it: deadlines, abort signals, and containerd's status codes as our
// error codes. The services themselves stand in the files beside this one.
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { ClientDuplexStream, ClientReadableStream, MethodDefinition } from '@grpc/grpc-js';
import { LazypullError, UserError, type ErrorCode } from '../errors.ts';
import { answers } from '../grpc/socket.ts';
import { errorOfStatus } from '../grpc/status.ts';
import { methodOf } from './protos.ts';

/** Where containerd listens unless told otherwise. */
export const DEFAULT_CONTAINERD_ADDRESS = '/run/containerd/containerd.sock';

/** Big enough for chunks of content and for lists of snapshots; containerd's own clients use the same. */
const MAX_MESSAGE_BYTES = 16 << 20;

/** A call: the service's full name and its method, e.g. `containerd.services.images.v1.Images`, `Get`. */
export type MethodName = readonly [service: string, method: string];

/** A connection in one namespace, optionally under a lease. Close it once; views of it (`withLease`) share it. */
export class Connection implements Disposable {
  readonly address: string;
  readonly #client: Client;
  readonly #metadata: Metadata;

  private constructor(address: string, client: Client, metadata: Metadata) {
    this.address = address;
    this.#client = client;
    this.#metadata = metadata;
  }

  /**
   * Connects to the unix socket at `address` (absolute).
   * @throws UserError when nobody listens there, or no containerd answers within `timeoutMs`.
   */
  static async open(options: { address: string; namespace: string; timeoutMs?: number }): Promise<Connection> {
    const { address, namespace } = options;
    const silent = (cause?: unknown): UserError =>
      new UserError(`containerd does not answer at ${address}`, 'Is it running, are you root, is --address right?', {
        cause,
      });
    // gRPC would try again until the time is over, which is long for a wrong path.
    if (!(await answers(address))) throw silent();
    const client = new Client(`unix:${address}`, credentials.createInsecure(), {
      'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
      'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    });
    await new Promise<void>((resolve, reject) => {
      client.waitForReady(Date.now() + (options.timeoutMs ?? 5000), (cause) => {
        if (cause === undefined) return resolve();
        client.close();
        reject(silent(cause));
      });
    });
    const metadata = new Metadata();
    metadata.set('containerd-namespace', namespace);
    return new Connection(address, client, metadata);
  }

  /** The same connection, with calls that create things under a lease. */
  withLease(lease: string): Connection {
    const metadata = this.#metadata.clone();
    metadata.set('containerd-lease', lease);
    return new Connection(this.address, this.#client, metadata);
  }

  /** @throws LazypullError with the code that stands for the gRPC status. */
  call<Response>(name: MethodName, request: object, signal?: AbortSignal): Promise<Response> {
    const { method, path } = lookup(name);
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const call = this.#client.makeUnaryRequest(
        path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        this.#metadata,
        (error, response) => {
          signal?.removeEventListener('abort', cancel);
          if (error !== null) reject(errorOf(name, error, signal));
          else resolve(response as Response);
        },
      );
      const cancel = (): void => call.cancel();
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  /** A stream of answers. Its errors are ServiceErrors: pass them through `errorOf`. */
  stream<Response>(name: MethodName, request: object): ClientReadableStream<Response> {
    const { method, path } = lookup(name);
    return this.#client.makeServerStreamRequest(
      path,
      method.requestSerialize,
      method.responseDeserialize as (bytes: Buffer) => Response,
      request,
      this.#metadata,
    );
  }

  /** A stream both ways. Its errors are ServiceErrors: pass them through `errorOf`. */
  duplex<Request, Response>(name: MethodName): ClientDuplexStream<Request, Response> {
    const { method, path } = lookup(name);
    return this.#client.makeBidiStreamRequest(
      path,
      method.requestSerialize as (message: Request) => Buffer,
      method.responseDeserialize as (bytes: Buffer) => Response,
      this.#metadata,
    );
  }

  close(): void {
    this.#client.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** containerd's answer as our error. An abort of ours stays what the caller aborted with. */
export function errorOf(name: MethodName, error: unknown, signal?: AbortSignal): unknown {
  return signal?.aborted === true
    ? signal.reason
    : errorOfStatus(`containerd ${name[1]}`, error as ServiceError, error);
}

/** Whether `error` is a LazypullError with this code. */
export function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof LazypullError && error.code === code;
}

function lookup([service, method]: MethodName): { method: MethodDefinition<object, object>; path: string } {
  const definition = methodOf(service, method);
  return { method: definition, path: definition.path };
}
