// Hands fetched bytes to the chunk workers and lands the flights of their members. A member that is not what its
// digests promise is fetched once more, by a request of its own; then it has failed, and is never stored.
import { FormatError, VerificationError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import type { RemoteBlob } from '../registry/blob.ts';
import type { StoreResult, StoreTarget } from './chunk-worker.ts';
import { decodeError } from './error-codec.ts';
import type { Flights } from './flight.ts';
import type { Member } from './members.ts';
import type { StoreContext } from './store-context.ts';
import type { Priority } from './worker-pool.ts';

/** What fetching of one layer needs to know, and the counters it keeps. */
export interface FetchState {
  readonly digest: Digest;
  readonly context: StoreContext;
  readonly target: StoreTarget;
  readonly flights: Flights;
  readonly closing: AbortSignal;
  readonly requireBlob: () => RemoteBlob;
  readonly counters: FetchCounters;
  /** Called after chunks were stored. */
  readonly onStored: () => void;
}

/** Bytes are compressed but for `storedBytes`. */
export interface FetchCounters {
  /** Bytes received, whoever wanted them. */
  fetchedBytes: number;
  /** Of those: asked for by faults, by prefetch and by read-ahead. The rest is background fill. */
  demandBytes: number;
  prefetchedBytes: number;
  readAheadBytes: number;
  requests: number;
  storedChunks: number;
  storedBytes: number;
  /** Members that came damaged and were fetched again. */
  refetches: number;
}

/** All of them 0. */
export function newCounters(): FetchCounters {
  return {
    fetchedBytes: 0,
    demandBytes: 0,
    prefetchedBytes: 0,
    readAheadBytes: 0,
    requests: 0,
    storedChunks: 0,
    storedBytes: 0,
    refetches: 0,
  };
}

/** Blob bytes from `blobStart` on that hold `members`. */
export interface Batch {
  readonly members: readonly Member[];
  readonly blobStart: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Stores a batch and lands its members. @returns the error of the first member that could not be stored, and the buffer. */
export async function storeBatch(
  state: FetchState,
  batch: Batch,
  priority: Priority,
): Promise<{ error: unknown; bytes: Uint8Array<ArrayBuffer> | undefined }> {
  const { flights } = state;
  try {
    const result = await runTask(state, batch, priority);
    const damaged = new Map(result.damaged.map(({ index, error }) => [batch.members[index]!, error]));
    if (result.diskError !== undefined) throw decodeError(result.diskError);
    flights.land(
      batch.members.filter((member) => !damaged.has(member)),
      { kind: 'stored' },
    );
    let first: unknown;
    for (const member of damaged.keys()) {
      const error = await refetch(state, member, priority);
      if (error instanceof VerificationError)
        state.context.log.warn('a chunk is damaged', { layer: state.digest, error });
      flights.land([member], error === undefined ? { kind: 'stored' } : { kind: 'failed', error });
      first ??= error;
    }
    return { error: first, bytes: result.bytes };
  } catch (error) {
    flights.land(batch.members, { kind: 'failed', error });
    return { error, bytes: undefined };
  }
}

async function refetch(state: FetchState, member: Member, priority: Priority): Promise<unknown> {
  state.counters.refetches++;
  try {
    const bytes = await readCounted(state, member.blobStart, member.blobEnd);
    const result = await runTask(state, { members: [member], blobStart: member.blobStart, bytes }, priority);
    const record = result.diskError ?? result.damaged[0]?.error;
    return record === undefined ? undefined : asVerification(decodeError(record), member);
  } catch (error) {
    return error;
  }
}

// Bytes that do not even decode are not the promised ones either.
function asVerification(error: Error, member: Member): Error {
  if (!(error instanceof FormatError)) return error;
  const where = `member at [${member.blobStart}, ${member.blobEnd}) of the blob`;
  return Object.assign(new VerificationError(where, 'chunks with the digests of the TOC', error.message), {
    cause: error,
  });
}

async function runTask(state: FetchState, batch: Batch, priority: Priority): Promise<StoreResult> {
  const { bytes, members, blobStart } = batch;
  const task = { target: state.target, members, blobStart, bytes };
  const result = await state.context.chunkPool.run(task, [bytes.buffer], priority);
  state.counters.storedChunks += result.storedChunks;
  state.counters.storedBytes += result.storedBytes;
  if (result.storedChunks > 0) state.onStored();
  return result;
}

/** Reads a range into a buffer that may be transferred, and counts it. @throws RegistryError as the blob does. */
export async function readCounted(state: FetchState, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  state.counters.requests++;
  const bytes = await state.requireBlob().readRange(start, end, state.closing);
  state.counters.fetchedBytes += bytes.length;
  return ownBuffer(bytes);
}

// A view of a larger (pooled) buffer can't be transferred.
function ownBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength
    ? new Uint8Array(buffer)
    : new Uint8Array(bytes);
}
