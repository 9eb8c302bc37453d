// One layer image as the FUSE side sees it: a flat file with some of its bytes still missing. Everything that the
// worker threads touch lies in shared memory, so that a present read never leaves the worker.
import type { ChunkPresence } from '../layer/presence.ts';

export type { ChunkPresence } from '../layer/presence.ts';

/** Shared facts of one served file. Passed to workers by structured clone: the shared buffers are shared, not copied. */
export interface ImageFile {
  /** FUSE node id; 2 or more (1 is the root directory), below 2^32. The same number for this file as long as the mount lives. */
  readonly nodeId: number;
  /** File name in the root directory of the FUSE mount; [A-Za-z0-9._-]+. */
  readonly name: string;
  /** Size of the layer image in bytes. */
  readonly size: number;
  /** A descriptor of the sparse layer image, opened by the main thread; descriptors are per process, workers use it as it is. */
  readonly fd: number;
  readonly presence: ChunkPresence;
}

/** A read that a worker can't answer because chunks are missing. The main thread brings them and then answers it. */
export interface MissingRead {
  readonly nodeId: number;
  /** [imageOffset, imageOffset + length) of the layer image; already clipped to the file's size. */
  readonly imageOffset: number;
  readonly length: number;
}

/** Makes chunks present. Resolves when every chunk that overlaps the read is stored and its bit set; rejects when it can't be (EIO). */
export type FaultHandler = (read: MissingRead) => Promise<void>;
