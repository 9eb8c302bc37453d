// containerd's content store: where manifests, configs and ordinary layers go. containerd itself checks size and digest
// of everything at commit, so nothing wrong can get in even if the registry client were wrong.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { FormatError, LazypullError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { errorOf, hasCode, type Connection, type MethodName } from './connection.ts';

const SERVICE = 'containerd.services.content.v1.Content';
const READ: MethodName = [SERVICE, 'Read'];
const WRITE: MethodName = [SERVICE, 'Write'];

/** Data of one Write message: well below the 4 MiB that a gRPC server takes by default. */
const PIECE_BYTES = 1 << 20;
/** Labels that say which repositories of a registry have a blob. */
const SOURCE_PREFIX = 'containerd.io/distribution.source.';
/** How long another client may hold the same ingest: it is downloading the same blob. */
const LOCK_RETRIES = 300;
const LOCK_PAUSE_MS = 200;

export interface ContentInfo {
  readonly digest: string;
  readonly size: number;
  readonly labels: Readonly<Record<string, string>>;
}

interface WriteRequest {
  action: 'STAT' | 'WRITE' | 'COMMIT';
  ref?: string;
  total?: number;
  expected?: string;
  offset?: number;
  data?: Uint8Array;
  labels?: Readonly<Record<string, string>>;
}
interface WriteResponse {
  readonly offset: number;
}
type WriteStream = ClientDuplexStream<WriteRequest, WriteResponse>;

/** Gives the bytes of a blob from an offset on. */
export type Opener = (offset: number, signal?: AbortSignal) => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** @returns undefined when this namespace has no such content. */
export async function lookupContent(
  connection: Connection,
  digest: Digest,
  signal?: AbortSignal,
): Promise<ContentInfo | undefined> {
  try {
    return (await connection.call<{ info: ContentInfo }>([SERVICE, 'Info'], { digest }, signal)).info;
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}

/** Sets labels of content that is there; others stay. @throws LazypullError NOT_FOUND */
export async function labelContent(
  connection: Connection,
  digest: Digest,
  labels: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<void> {
  const paths = Object.keys(labels).map((key) => `labels.${key}`);
  if (paths.length === 0) return;
  await connection.call([SERVICE, 'Update'], { info: { digest, labels }, updateMask: { paths } }, signal);
}

/**
 * The bytes [start, end) of stored content, as they come; all of it unless told. Pieces belong to the consumer.
 * @throws LazypullError NOT_FOUND
 */
export async function* streamContent(
  connection: Connection,
  digest: Digest,
  range: { readonly start: number; readonly end: number } | undefined,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  // A size of 0 means all of it.
  if (range !== undefined && range.start === range.end) return;
  signal?.throwIfAborted();
  const asked = range === undefined ? {} : { offset: range.start, size: range.end - range.start };
  const stream = connection.stream<{ data: Uint8Array }>(READ, { digest, ...asked });
  const cancel = (): void => stream.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    for await (const { data } of stream as AsyncIterable<{ data: Uint8Array }>) yield data;
  } catch (error) {
    throw errorOf(READ, error, signal);
  } finally {
    signal?.removeEventListener('abort', cancel);
    stream.cancel();
  }
}

/** All bytes of stored content. @throws FormatError when it is larger than `maxBytes`. */
export async function readContent(
  connection: Connection,
  digest: Digest,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const data of streamContent(connection, digest, undefined, signal)) {
    length += data.length;
    if (length > maxBytes) throw new FormatError(`${digest}: more than ${maxBytes} bytes`);
    parts.push(data);
  }
  return Buffer.concat(parts);
}

/**
 * Stores a blob with labels, under the connection's lease. A blob that is there only gets the labels; an ingest that was
 * left half-way is continued, as long as a lease holds it. `ref` names the ingest: two clients with the same ref don't download twice.
 * @returns how many bytes were written; 0 when the content was there.
 * @throws LazypullError when containerd finds that size or digest is wrong, and whatever `open` throws.
 */
export async function writeContent(
  connection: Connection,
  blob: {
    readonly ref: string;
    readonly descriptor: Descriptor;
    readonly labels: Readonly<Record<string, string>>;
    readonly open: Opener;
  },
  signal?: AbortSignal,
): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await ingest(connection, blob, signal);
    } catch (error) {
      if (hasCode(error, 'ALREADY_EXISTS')) {
        await addLabels(connection, blob.descriptor.digest, blob.labels, signal);
        return 0;
      }
      const locked =
        hasCode(error, 'UNAVAILABLE') && error instanceof LazypullError && error.message.includes('locked');
      if (!locked || attempt >= LOCK_RETRIES) throw error;
      await sleep(LOCK_PAUSE_MS, undefined, signal === undefined ? {} : { signal });
    }
  }
}

/** A blob can come from several repositories: those are added up in one label. */
async function addLabels(
  connection: Connection,
  digest: Digest,
  labels: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<void> {
  const before = (await lookupContent(connection, digest, signal))?.labels ?? {};
  const added = Object.entries(labels).map(([key, value]) => {
    if (!key.startsWith(SOURCE_PREFIX)) return [key, value];
    const repositories = new Set([...(before[key]?.split(',') ?? []), value]);
    return [key, [...repositories].sort().join(',')];
  });
  await labelContent(connection, digest, Object.fromEntries(added) as Record<string, string>, signal);
}

async function ingest(
  connection: Connection,
  blob: Parameters<typeof writeContent>[1],
  signal?: AbortSignal,
): Promise<number> {
  const { ref, labels } = blob;
  const { digest, size } = blob.descriptor;
  signal?.throwIfAborted();
  const writer = new Writer(connection.duplex(WRITE), signal);
  try {
    const { offset: begin } = await writer.send({ action: 'STAT', ref, total: size, expected: digest });
    let offset = begin;
    // What is left over from a longer blob under this ref can't be continued.
    if (offset > size) offset = 0;
    if (offset < size)
      for await (const piece of pieces(blob.open(offset, signal))) {
        if (offset + piece.length > size)
          throw new FormatError(`${digest}: its source sends more than the ${size} bytes of the manifest`);
        // One at a time: several under way were measured and are not faster, containerd hashes and writes in turn.
        offset = (await writer.send({ action: 'WRITE', offset, data: piece })).offset;
      }
    await writer.send({ action: 'COMMIT', total: size, expected: digest, offset, labels });
    return offset - Math.min(begin, size);
  } finally {
    writer.close();
  }
}

/** One request, one answer, in turn: containerd acknowledges every write. */
class Writer {
  readonly #stream: WriteStream;
  readonly #signal: AbortSignal | undefined;
  readonly #cancel = (): void => this.#stream.cancel();
  #waiting: PromiseWithResolvers<WriteResponse> | undefined;
  #ended: unknown;

  constructor(stream: WriteStream, signal: AbortSignal | undefined) {
    this.#stream = stream;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#cancel, { once: true });
    stream.on('data', (response: WriteResponse) => this.#waiting?.resolve(response));
    stream.on('error', (error) => this.#end(errorOf(WRITE, error, signal)));
    stream.on('end', () => this.#end(new LazypullError('UNAVAILABLE', 'containerd Write: the stream ended')));
  }

  /** Resolves with containerd's answer. */
  send(request: WriteRequest): Promise<WriteResponse> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    this.#waiting = Promise.withResolvers();
    this.#stream.write(request);
    return this.#waiting.promise;
  }

  close(): void {
    this.#signal?.removeEventListener('abort', this.#cancel);
    this.#stream.end();
    // Gives back the lock of the ingest when it was not committed.
    if (this.#ended === undefined) this.#stream.cancel();
  }

  #end(error: unknown): void {
    this.#ended ??= error;
    this.#waiting?.reject(this.#ended);
  }
}

/** Puts small pieces together and cuts large ones, so that every message has about PIECE_BYTES. */
async function* pieces(source: ReturnType<Opener>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const part of source) {
    for (let at = 0; at < part.length; at += PIECE_BYTES) {
      const slice = part.subarray(at, at + PIECE_BYTES);
      if (length + slice.length > PIECE_BYTES) {
        yield Buffer.concat(held);
        held = [];
        length = 0;
      }
      held.push(slice);
      length += slice.length;
    }
  }
  if (length > 0) yield Buffer.concat(held);
}
