// What the faults of one layer tell: in which order chunks were first wanted (profiles are made of it), and
// whether a wave of faults shows that most of the layer is wanted.
import { WAVE_AGAIN_FAULTS, WAVE_FAULTS, WAVE_MS, WAVE_SHARE, WAVE_SHARE_MIN_BYTES } from './policy.ts';

const MAX_FIRST_USES = 65536;

/** Chunks in the order of their first fault. Both arrays have the same length. */
export interface FirstUse {
  readonly chunks: Uint32Array;
  /** Milliseconds since the layer was opened. */
  readonly atMs: Uint32Array;
}

/** Remembers faults in bounded memory: 8 bytes for each of at most 65,536 chunks. */
export class FaultHistory {
  readonly #openedMs = performance.now();
  readonly #seen: Uint8Array;
  #chunks = new Uint32Array(256);
  #atMs = new Uint32Array(256);
  #used = 0;
  // The times of the last WAVE_FAULTS faults, as a ring.
  readonly #recent = new Float64Array(WAVE_FAULTS).fill(-Infinity);
  #faults = 0;
  #distinct = 0;
  #lastChunk = 0;

  constructor(chunkCount: number) {
    this.#seen = new Uint8Array(Math.ceil(chunkCount / 8));
  }

  get faults(): number {
    return this.#faults;
  }

  /** How many different chunks faulted. */
  get distinctChunks(): number {
    return this.#distinct;
  }

  /** A fault wanted `chunks`. */
  note(chunks: readonly number[], nowMs: number = performance.now()): void {
    this.#recent[this.#faults++ % WAVE_FAULTS] = nowMs;
    this.#lastChunk = chunks[0] ?? this.#lastChunk;
    for (const chunk of chunks) this.#noteFirst(chunk, nowMs);
  }

  /** Faults within the last WAVE_MS, as far as they are remembered: WAVE_FAULTS at most. */
  recent(nowMs: number = performance.now()): number {
    return this.#recent.reduce((count, atMs) => (nowMs - atMs <= WAVE_MS ? count + 1 : count), 0);
  }

  /** The first chunk that the last fault wanted; 0 before any. */
  get lastChunk(): number {
    return this.#lastChunk;
  }

  /**
   * Whether so much is wanted, so fast, that the whole blob should come. `demandedBytes` were asked for by faults until now;
   * `again` says that another layer has just had a wave.
   */
  isWave(demandedBytes: number, payloadBytes: number, again = false): boolean {
    const faults = again ? WAVE_AGAIN_FAULTS : WAVE_FAULTS;
    const oldest = this.#recent[(this.#faults + WAVE_FAULTS - faults) % WAVE_FAULTS]!;
    const newest = this.#recent[(this.#faults + WAVE_FAULTS - 1) % WAVE_FAULTS]!;
    const mostOfIt = payloadBytes >= WAVE_SHARE_MIN_BYTES && demandedBytes >= payloadBytes * WAVE_SHARE;
    return newest - oldest <= WAVE_MS || mostOfIt;
  }

  firstUse(): FirstUse {
    return { chunks: this.#chunks.slice(0, this.#used), atMs: this.#atMs.slice(0, this.#used) };
  }

  #noteFirst(chunk: number, nowMs: number): void {
    const bit = 1 << (chunk & 7);
    if ((this.#seen[chunk >>> 3]! & bit) !== 0) return;
    this.#seen[chunk >>> 3]! |= bit;
    this.#distinct++;
    if (this.#used === MAX_FIRST_USES) return;
    if (this.#used === this.#chunks.length) {
      this.#chunks = grown(this.#chunks);
      this.#atMs = grown(this.#atMs);
    }
    this.#chunks[this.#used] = chunk;
    this.#atMs[this.#used++] = nowMs - this.#openedMs;
  }
}

function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(array.length * 2);
  out.set(array);
  return out;
}
