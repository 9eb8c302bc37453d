// Unary gRPC calls over the pipe pair that buildkitd gives a frontend as stdin and stdout: HTTP/2 without TLS, in which
// the frontend is the client. One session for the whole life of the process.
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
import {
  connect,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
} from 'node:http2';
import type { Duplex } from 'node:stream';
import { LazypullError } from '../src/errors.ts';
import { bytesField, encodeMessage, varintField } from './protobuf.ts';

/** A call that buildkitd refused, or that never reached it. */
export class CallError extends LazypullError {
  /** gRPC's status code, e.g. 5 for "not found". */
  readonly grpcCode: number;
  /** An encoded google.rpc.Status, with all details that buildkitd gave: what Return hands on. */
  readonly status: Uint8Array;

  constructor(message: string, grpcCode: number, details?: Uint8Array, options?: { cause?: unknown }) {
    super(grpcCode === NOT_FOUND ? 'NOT_FOUND' : 'UNAVAILABLE', message, options);
    this.grpcCode = grpcCode;
    this.status = details ?? encodeStatus(grpcCode, message);
  }
}

/** A gRPC connection. Disposing it ends the session, and with it the stream below. */
export interface Channel extends Disposable {
  /**
   * @param path `/SERVICE/METHOD`
   * @param request An encoded message; the answer is one too. Aborting cancels the call at buildkitd too.
   * @throws CallError
   */
  call(path: string, request: Uint8Array, signal?: AbortSignal): Promise<Uint8Array>;
}

const NOT_FOUND = 5;
const UNKNOWN = 2;
const UNAVAILABLE = 14;
/** Flag for compression, and the length of the message. */
const PREFIX_BYTES = 5;
/** What buildkitd sends and takes at most. */
const MAX_MESSAGE_BYTES = 16 << 20;
/** Errors come in headers, and carry whole Dockerfiles, several times. */
const MAX_HEADER_BYTES = 16 << 20;

/** Speaks over a stream to a server that awaits HTTP/2. Errors of the stream are those of the calls. */
export function openChannel(stream: Duplex): Channel {
  const session = connect('http://buildkitd', {
    createConnection: () => stream,
    settings: { maxHeaderListSize: MAX_HEADER_BYTES, initialWindowSize: 1 << 20, enablePush: false },
  });
  let failure: Error | undefined;
  session.on('error', (error: Error) => void (failure = error));
  return {
    call: (path, request, signal) =>
      unary(session, path, request, signal).catch((error: unknown) => {
        throw failure === undefined || error instanceof CallError ? error : lost(path, failure);
      }),
    [Symbol.dispose]: () => session.destroy(),
  };
}

/** An encoded google.rpc.Status. */
export function encodeStatus(code: number, message: string): Uint8Array {
  return encodeMessage(varintField(1, code), bytesField(2, message));
}

async function unary(
  session: ClientHttp2Session,
  path: string,
  request: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const stream = session.request({
    [constants.HTTP2_HEADER_METHOD]: 'POST',
    [constants.HTTP2_HEADER_PATH]: path,
    [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
    [constants.HTTP2_HEADER_TE]: 'trailers',
  });
  const cancel = (): void => stream.close(constants.NGHTTP2_CANCEL);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const prefix = Buffer.alloc(PREFIX_BYTES);
    prefix.writeUInt32BE(request.length, 1);
    stream.end(Buffer.concat([prefix, request]));
    return await answerOf(stream, path);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

/** The message of an answer, once its status is known to be a good one. */
async function answerOf(stream: ClientHttp2Stream, path: string): Promise<Uint8Array> {
  // An answer without a message has its status in its headers.
  let status: IncomingHttpHeaders = {};
  const merge = (headers: IncomingHttpHeaders): void => void (status = { ...status, ...headers });
  stream.on('response', merge).on('trailers', merge);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_MESSAGE_BYTES + PREFIX_BYTES) throw new CallError(`${path}: more than 16 MiB`, UNKNOWN);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof CallError || status['grpc-status'] === undefined) throw asLost(path, error);
  }
  const code = Number(status['grpc-status'] ?? UNAVAILABLE);
  if (code !== 0) throw statusError(path, code, status);
  return messageOf(Buffer.concat(chunks), path);
}

function messageOf(body: Buffer, path: string): Uint8Array {
  const length = body.length < PREFIX_BYTES ? -1 : body.readUInt32BE(1);
  if (body[0] !== 0 || length !== body.length - PREFIX_BYTES) {
    throw new CallError(`${path}: ${body.length} bytes that are not one uncompressed message`, UNKNOWN);
  }
  return body.subarray(PREFIX_BYTES);
}

function statusError(path: string, code: number, headers: IncomingHttpHeaders): CallError {
  const text = headers['grpc-message'];
  const message = typeof text === 'string' ? percentDecode(text) : `${path}: the connection ended without an answer`;
  const details = headers['grpc-status-details-bin'];
  return new CallError(message, code, typeof details === 'string' ? Buffer.from(details, 'base64') : undefined);
}

function asLost(path: string, cause: unknown): CallError {
  return cause instanceof CallError ? cause : lost(path, cause);
}

function lost(path: string, cause: unknown): CallError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CallError(`${path}: the connection to buildkitd broke: ${why}`, UNAVAILABLE, undefined, { cause });
}

/** gRPC's own percent encoding of messages, whose broken sequences stay as they are. */
function percentDecode(text: string): string {
  const bytes = text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
