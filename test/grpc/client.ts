// A gRPC client on a unix socket, with promises and async iterables. Errors are ours, by the table in src/grpc/status.ts.
import { Client, credentials, Metadata, type ClientReadableStream, type ServiceError } from '@grpc/grpc-js';
import type { ServiceDefinition } from '../../src/grpc/load.ts';
import { errorOfStatus } from '../../src/grpc/status.ts';

export interface GrpcClientOptions {
  /** Absolute path of the socket. */
  readonly socket: string;
  readonly service: ServiceDefinition;
  /** Sent with every call, e.g. `containerd-namespace`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Calls the methods of one service by their names in the .proto file. Connects at the first call. */
export class GrpcClient implements Disposable {
  readonly #client: Client;
  readonly #service: ServiceDefinition;
  readonly #metadata = new Metadata();

  constructor(options: GrpcClientOptions) {
    this.#client = new Client(`unix:${options.socket}`, credentials.createInsecure(), {
      'grpc.max_receive_message_length': 64 * 1024 * 1024,
    });
    this.#service = options.service;
    for (const [key, value] of Object.entries(options.metadata ?? {})) this.#metadata.set(key, value);
  }

  /** One request, one response. @throws LazypullError with the code of the status. */
  call<Response>(method: string, request: object, signal?: AbortSignal): Promise<Response> {
    const { path, requestSerialize, responseDeserialize } = this.#require(method);
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const done = (error: ServiceError | null, response?: object): void => {
        signal?.removeEventListener('abort', cancel);
        if (error === null) resolve(response as Response);
        else reject(errorOfStatus(method, error, error));
      };
      const call = this.#client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        this.#metadata,
        done,
      );
      const cancel = (): void => call.cancel();
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  /** One request, many responses. Ending the iteration early cancels the call. @throws LazypullError, while iterating. */
  async *stream<Response>(method: string, request: object, signal?: AbortSignal): AsyncGenerator<Response> {
    const { path, requestSerialize, responseDeserialize } = this.#require(method);
    signal?.throwIfAborted();
    const call: ClientReadableStream<object> = this.#client.makeServerStreamRequest(
      ...([path, requestSerialize, responseDeserialize, request, this.#metadata] as const),
    );
    const cancel = (): void => call.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      for await (const response of call) yield response as Response;
    } catch (error) {
      throw errorOfStatus(method, error as ServiceError, error);
    } finally {
      signal?.removeEventListener('abort', cancel);
      call.cancel();
    }
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }

  #require(method: string): ServiceDefinition[string] {
    const definition = this.#service[method];
    if (definition === undefined) throw new Error(`the service has no method ${method}`);
    return definition;
  }
}
