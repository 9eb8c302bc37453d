// Loads one hot pack: the layer is opened, or built from the pack's table of contents as if the registry had given it,
// and gets the chunks that it does not have. It is open for no longer than that, and shared with whoever wants it
// meanwhile. What a manifest promises of it is checked when it is mounted, as for every layer on disk.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { FormatError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import { decodeError } from './error-codec.ts';
import { requireSameChunks } from './hot-read.ts';
import type { OpenedPack } from './hot-read.ts';
import type { HotWorkers } from './hot-workers.ts';
import type { Layer } from './layer.ts';
import type { LayerStore } from './layer-store.ts';

/** What a pack brought that was not there before. */
export interface LoadedPack {
  readonly chunks: number;
  readonly bytes: number;
  readonly damagedChunks: number;
  /** Why the pack was not used to its end, for a person. */
  readonly stoppedBy: string | undefined;
}

/** Bytes of chunks that a worker stores at once: a chunk that a reader waits for should not wait for long. */
const TASK_BYTES = 4 * 1024 * 1024;
// A symbolic link, or a pipe that nobody writes to, is no pack.
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** @throws FormatError, VerificationError for a pack that is refused whole; what LayerStore.openLayer throws; the disk's error. */
export async function loadPack(
  store: LayerStore,
  workers: HotWorkers,
  { path, digest }: { readonly path: string; readonly digest: Digest },
): Promise<LoadedPack> {
  await using file = await open(path, OPEN_FLAGS);
  if (!(await file.stat()).isFile()) throw new FormatError('hot pack: not a regular file');
  const opened = await workers.run('open', file.fd);
  const { header, toc } = opened;
  if (header.digest !== digest) throw new FormatError(`hot pack: of layer ${header.digest}, its name says ${digest}`);
  const { tocDigest, tocChecksum, isAnonymous } = header;
  const layer = await store.openLayer({ digest, tocDigest, tocChecksum, packed: { toc, isAnonymous } });
  try {
    return await fill(store, workers, { layer, opened, fd: file.fd });
  } finally {
    await layer.dispose();
  }
}

async function fill(
  store: LayerStore,
  workers: HotWorkers,
  { layer, opened, fd }: { readonly layer: Layer; readonly opened: OpenedPack; readonly fd: number },
): Promise<LoadedPack> {
  const { header, dataStart } = opened;
  const { chunks, readsKnown } = header;
  const sum = { chunks: 0, bytes: 0, damagedChunks: 0 };
  let stoppedBy: string | undefined;
  let checked = false;
  for (const part of partsOf(header)) {
    await layer.restore(async (target) => {
      if (!checked) requireSameChunks(header, target.chunks.table);
      checked = true;
      const task = { fd, packOffset: dataStart + part.offset, chunks: part.chunks, target };
      const stored = await workers.run('store', task);
      sum.chunks += stored.storedChunks;
      sum.bytes += stored.storedBytes;
      sum.damagedChunks += stored.damagedChunks;
      if (stored.diskError !== undefined) stoppedBy = decodeError(stored.diskError).message;
      return stored;
    }, readsKnown);
    if (stoppedBy !== undefined) break;
  }
  store.hot.noteRestored(layer.digest, { chunks, readsKnown, bytes: sum.bytes });
  return { ...sum, stoppedBy };
}

interface Part {
  /** From the first chunk's bytes on. */
  readonly offset: number;
  readonly chunks: Uint32Array;
}

function* partsOf({ chunks, sizes }: OpenedPack['header']): Generator<Part> {
  let [from, offset, bytes] = [0, 0, 0];
  for (const [i, size] of sizes.entries()) {
    bytes += size;
    if (bytes < TASK_BYTES && i + 1 < sizes.length) continue;
    yield { offset, chunks: chunks.slice(from, i + 1) };
    [from, offset, bytes] = [i + 1, offset + bytes, 0];
  }
}
