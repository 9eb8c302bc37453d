// BuildKit's side of the gateway for tests of the frontend: a real gRPC server with another implementation of every message,
// which answers from what a test prepared and records what it was asked.
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Metadata, Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { loadSync, type ServiceDefinition } from '@grpc/proto-loader';

const PROTO = join(import.meta.dirname, 'proto', 'gateway.proto');
const PACKAGE = 'moby.buildkit.v1.frontend';

/** Loaded with the names of the .proto file; bytes are Buffers. */
const definition = loadSync(PROTO, { keepCase: true, longs: Number, defaults: true, arrays: true, objects: true });

/** What a method was asked. */
export interface GatewayCall {
  readonly method: string;
  readonly request: Readonly<Record<string, unknown>>;
}

/** An answer of a method that is an error. */
export class GatewayError extends Error {
  readonly code: number;
  /** An encoded google.rpc.Status. */
  readonly details: Uint8Array | undefined;

  constructor(code: number, message: string, details?: Uint8Array) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** Answers by method; throwing a GatewayError answers with it. Methods that are left out answer with nothing in them. */
export type Answers = Readonly<Record<string, (request: GatewayCall['request']) => object | Promise<object>>>;

export interface Gateway extends AsyncDisposable {
  readonly calls: readonly GatewayCall[];
  /** What one method was asked, in order. */
  readonly asked: (method: string) => GatewayCall['request'][];
  /** A connection for `openChannel`. */
  readonly connect: () => Socket;
}

/** Starts a gateway on a socket of its own. */
export async function startGateway(answers: Answers): Promise<Gateway> {
  const folder = mkdtempSync(join(tmpdir(), 'lazypull-gateway-'));
  const path = join(folder, 'socket');
  const calls: GatewayCall[] = [];
  const server = new Server({ 'grpc.max_receive_message_length': 16 << 20 });
  const service = definition[`${PACKAGE}.LLBBridge`] as ServiceDefinition;
  server.addService(
    service,
    Object.fromEntries(Object.keys(service).map((method) => [method, handler(method, answers, calls)])),
  );
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error) =>
      error === null ? resolve() : reject(error),
    );
  });
  return {
    calls,
    asked: (method) => calls.filter((call) => call.method === method).map(({ request }) => request),
    connect: () => connect(path),
    [Symbol.asyncDispose]: async () => {
      server.forceShutdown();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Encodes a message of gateway.proto. */
export function encode(message: string, value: object): Buffer {
  return codec(message).serialize(value);
}

/** Decodes a message of gateway.proto. */
export function decode(message: string, bytes: Uint8Array): Record<string, unknown> {
  return codec(message).deserialize(Buffer.from(bytes)) as Record<string, unknown>;
}

function codec(message: string): { serialize: (value: object) => Buffer; deserialize: (bytes: Buffer) => object } {
  const type = definition[`${PACKAGE}.${message}`] as unknown as Record<string, never>;
  if (type === undefined) throw new Error(`no message ${message} in gateway.proto`);
  return { serialize: type['serialize'] as never, deserialize: type['deserialize'] as never };
}

function handler(method: string, answers: Answers, calls: GatewayCall[]) {
  return (call: ServerUnaryCall<GatewayCall['request'], object>, callback: sendUnaryData<object>): void => {
    calls.push({ method, request: call.request });
    const answer = async (): Promise<object> => (await answers[method]?.(call.request)) ?? {};
    answer().then(
      (value) => callback(null, value),
      (error: unknown) => callback(asStatus(error)),
    );
  };
}

function asStatus(error: unknown): { code: number; details: string; metadata: Metadata } {
  const metadata = new Metadata();
  if (!(error instanceof GatewayError)) return { code: 13, details: String(error), metadata };
  if (error.details !== undefined) metadata.set('grpc-status-details-bin', Buffer.from(error.details));
  return { code: error.code, details: error.message, metadata };
}
