// The worker that turns compressed bytes into stored chunks: decode the member, check every chunk's digest, pwrite
// it to its place in the layer image, set its bit. Everything in it blocks; nothing else in the process waits for it.
import { parentPort } from 'node:worker_threads';
import { collectWhenIdle } from '../garbage.ts';
import { decodeMember, takeChunk } from '../estargz/decode-chunk.ts';
import { updateLive } from './bitmap-file.ts';
import type { PlacedChunks } from './chunk-file.ts';
import { encodeError } from './error-codec.ts';
import type { ErrorRecord } from './error-codec.ts';
import { writeAll } from './file-io.ts';
import type { Member } from './members.ts';
import { hasChunk, setChunk } from './presence.ts';
import type { WorkerAnswer } from './worker-pool.ts';

/** What the chunk workers know of a layer. Sent along with each task; the arrays are shared, not copied. */
export interface StoreTarget {
  readonly chunks: PlacedChunks;
  readonly bitmap: Int32Array;
  /** Descriptors of the layer image and of its `live` bitmap; they stay open as long as a task runs. */
  readonly imageFd: number;
  readonly liveFd: number;
  /** Chunks without a digest are stored as they are. Only for layers that the user allowed it for. */
  readonly allowMissingDigest: boolean;
}

/** Members and the bytes of the blob from `blobStart` on, which hold them all. `bytes` is transferred, and comes back. */
export interface StoreTask {
  readonly target: StoreTarget;
  readonly members: readonly Member[];
  readonly blobStart: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface StoreResult {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Chunks that are there now and were not before, and their decompressed bytes. */
  readonly storedChunks: number;
  readonly storedBytes: number;
  /** Members whose bytes are not what they must be, by index in the task. */
  readonly damaged: readonly { readonly index: number; readonly error: ErrorRecord }[];
  /** The disk said no; members from then on are not stored. */
  readonly diskError?: ErrorRecord;
}

class DiskError extends Error {}

/** Stores what a task brings. Blocks. */
export function storeMembers(task: StoreTask): StoreResult {
  const damaged: { index: number; error: ErrorRecord }[] = [];
  const stored = { chunks: 0, bytes: 0 };
  let diskError: ErrorRecord | undefined;
  try {
    for (const [index, member] of task.members.entries()) {
      const failure = storeMember(task, member, stored);
      if (failure !== undefined) damaged.push({ index, error: encodeError(failure) });
    }
    // Once for a task: after a kill in between, its chunks are fetched again.
    const { bitmap, liveFd } = task.target;
    onDisk(() => updateLive(liveFd, bitmap, task.members[0]!.first, task.members.at(-1)!.end));
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    diskError = encodeError(error.cause);
  }
  const { chunks: storedChunks, bytes: storedBytes } = stored;
  const result = { bytes: task.bytes, storedChunks, storedBytes, damaged };
  return diskError === undefined ? result : { ...result, diskError };
}

// Returns why the member is damaged, if it is. All its good chunks are stored, also when another is not what its
// digest promises.
function storeMember(task: StoreTask, member: Member, stored: { chunks: number; bytes: number }): unknown {
  const { chunks, bitmap, imageFd, allowMissingDigest } = task.target;
  const { table, imageOffset } = chunks;
  const compressed = task.bytes.subarray(member.blobStart - task.blobStart, member.blobEnd - task.blobStart);
  let failure: unknown;
  try {
    const decoded = decodeMember(compressed, table.compression, member.needed);
    for (let chunk = member.first; chunk < member.end; chunk++) {
      if (hasChunk(bitmap, chunk)) continue;
      try {
        const payload = takeChunk(table, chunk, decoded, { allowMissingDigest });
        onDisk(() => writeAll(imageFd, payload, imageOffset[chunk]!));
        // A hot pack may bring it at the same moment.
        if (!setChunk(bitmap, chunk)) continue;
        stored.chunks++;
        stored.bytes += payload.length;
      } catch (error) {
        if (error instanceof DiskError) throw error;
        failure ??= error;
      }
    }
  } catch (error) {
    if (error instanceof DiskError) throw error;
    failure = error;
  }
  return failure;
}

function onDisk(work: () => void): void {
  try {
    work();
  } catch (cause) {
    throw new DiskError('disk', { cause });
  }
}

/** Buffers of decoded members lie outside of V8's heap, which sees little reason to let them go. */
const QUIET_MS = 1000;

const idle = collectWhenIdle(QUIET_MS);

parentPort?.on('message', (task: StoreTask) => {
  const result = storeMembers(task);
  parentPort!.postMessage({ result } satisfies WorkerAnswer<StoreResult>, [result.bytes.buffer]);
  idle();
});
