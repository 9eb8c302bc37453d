// What is counted of one layer.
import type { FetchCounters } from './member-store.ts';

/** Counts of one layer since it was opened, but for what is present. Bytes are compressed unless they say otherwise. */
export interface LayerStats extends Readonly<Omit<FetchCounters, 'storedChunks' | 'storedBytes'>> {
  readonly chunks: number;
  readonly presentChunks: number;
  /** Decompressed bytes of chunks that are there, and of all chunks. */
  readonly presentBytes: number;
  readonly fileBytes: number;
  readonly blobSize: number;
  readonly faults: number;
  /** Milliseconds in which at least one fault waited. */
  readonly waitedMs: number;
  /** Chunks that were read, and their decompressed bytes; 0 while reads are not observed. */
  readonly usedChunks: number;
  readonly usedBytes: number;
  /** Of those, chunks that no reader ever waited for. */
  readonly hitChunks: number;
  /** Decompressed bytes that a hot pack brought, also before this opening. */
  readonly restoredBytes: number;
}
