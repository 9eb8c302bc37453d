// CRI's image service (runtime.v1.ImageService) as kubelet and crictl speak it, passed on to containerd byte by byte: what
// neither of us knows of a message survives. Of PullImage we read image and credentials, and remember them if it succeeds.
// https://github.com/kubernetes/cri-api/blob/master/pkg/apis/runtime/v1/api.proto
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import type {
  sendUnaryData,
  ServerDuplexStream,
  ServerUnaryCall,
  ServiceError,
  UntypedHandleCall,
} from '@grpc/grpc-js';
import { pullCredential, type PullImageMessage } from '../credentials/cri-auth.ts';
import type { CriCredentials, PullAttempt } from '../credentials/cri-credentials.ts';
import { describeError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { loadProto, serviceOf, type ServiceDefinition } from './load.ts';
import type { GrpcServer } from './server.ts';

const SERVICE = 'runtime.v1.ImageService';
/** All methods that the service has had so far, but PullImage. Streams and single messages look alike on the wire. */
const PASSED_ON = ['ListImages', 'StreamImages', 'ImageStatus', 'RemoveImage', 'ImageFsInfo'];

export interface ImageProxyOptions {
  /** containerd's socket. */
  readonly forward: string;
  readonly remember: CriCredentials;
  readonly log: Logger;
}

export class ImageProxy implements Disposable {
  readonly #options: ImageProxyOptions;
  readonly #client: Client;
  readonly #parsePull: (bytes: Buffer) => PullImageMessage;

  /** Connects at the first call; a containerd that is away answers UNAVAILABLE, and is there again when it is back. */
  constructor(options: ImageProxyOptions) {
    this.#options = options;
    this.#client = new Client(`unix:${options.forward}`, credentials.createInsecure(), {
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 2000,
    });
    const pull = serviceOf(loadProto('cri-images.proto'), SERVICE)['PullImage'];
    if (pull === undefined) throw new Error(`${SERVICE} has no PullImage`);
    this.#parsePull = pull.requestDeserialize as (bytes: Buffer) => PullImageMessage;
  }

  /** Adds the service; before the server listens. */
  addTo(server: GrpcServer): void {
    const streams = PASSED_ON.map((name) => [name, rawMethod(name, true)] as const);
    const definition = Object.fromEntries([...streams, ['PullImage', rawMethod('PullImage', false)] as const]);
    const handlers: Record<string, UntypedHandleCall> = {
      PullImage: (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => this.#pull(call, callback),
    };
    for (const name of PASSED_ON)
      handlers[name] = (call: ServerDuplexStream<Buffer, Buffer>) => this.#passOn(name, call);
    server.addRaw(definition, handlers);
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }

  #pull(call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>): void {
    const attempt = this.#begin(call.request);
    const upstream = this.#client.makeUnaryRequest(
      pathOf('PullImage'),
      same,
      same,
      call.request,
      metadataFor(call),
      { deadline: call.getDeadline() },
      (error, response) => {
        if (error !== null) {
          attempt?.failed();
          callback(error);
          return;
        }
        const answer = (): void => callback(null, response ?? Buffer.alloc(0));
        if (attempt === undefined) answer();
        else void attempt.succeeded().finally(answer);
      },
    );
    call.on('cancelled', () => upstream.cancel());
  }

  /** A pull that can't be read is passed on all the same: containerd knows better what is wrong with it. */
  #begin(request: Buffer): PullAttempt | undefined {
    try {
      const found = pullCredential(this.#parsePull(request));
      return found === undefined ? undefined : this.#options.remember.begin(found);
    } catch (error) {
      this.#options.log.debug('the credentials of a pull are not remembered', { error: describeError(error) });
      return undefined;
    }
  }

  #passOn(name: string, call: ServerDuplexStream<Buffer, Buffer>): void {
    const options = { deadline: call.getDeadline() };
    const upstream = this.#client.makeBidiStreamRequest(pathOf(name), same, same, metadataFor(call), options);
    call.on('cancelled', () => upstream.cancel());
    call.on('data', (message: Buffer) => upstream.write(message));
    call.on('end', () => upstream.end());
    upstream.on('data', (message: Buffer) => {
      if (call.write(message)) return;
      upstream.pause();
      call.once('drain', () => upstream.resume());
    });
    upstream.on('error', (error: ServiceError) => call.emit('error', error));
    upstream.on('status', ({ code, metadata }: { code: status; metadata: Metadata }) => {
      if (code === status.OK) call.end(metadata);
    });
  }
}

function same(bytes: Buffer): Buffer {
  return bytes;
}

function pathOf(name: string): string {
  return `/${SERVICE}/${name}`;
}

function rawMethod(name: string, streams: boolean): ServiceDefinition[string] {
  return {
    path: pathOf(name),
    requestStream: streams,
    responseStream: streams,
    requestSerialize: same as (message: object) => Buffer,
    requestDeserialize: same,
    responseSerialize: same as (message: object) => Buffer,
    responseDeserialize: same,
    originalName: name,
  } as ServiceDefinition[string];
}

/** What the client said beside its message. Who it is, is us now. */
function metadataFor({ metadata }: { readonly metadata: Metadata }): Metadata {
  const copy = metadata.clone();
  copy.remove('user-agent');
  return copy;
}
