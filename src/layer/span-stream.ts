// One speculative request: streams a span of members and cuts it into batches for the chunk workers while it
// arrives. It claims all its members at once. A fault that wants one of them waits when it comes soon; else the
// stream is cut behind the batch that it is in (or, `uncut`, gives up that member), and the fault asks for itself.
// Background streams stop reading while readers wait: TCP then slows the sender down, and nothing that came is lost.
import { LazypullError, VerificationError } from '../errors.ts';
import type { Flight, Landing } from './flight.ts';
import { storeBatch } from './member-store.ts';
import type { FetchState } from './member-store.ts';
import type { Member, Span } from './members.ts';
import { batchesOf, WAIT_FOR_STREAM_BYTES } from './policy.ts';

/** A background stream that had to pause for this long gives its connection back. */
const MAX_PAUSE_MS = 3000;

export interface StreamOptions {
  /** Milliseconds for which this stream should stop reading now; 0 for none. Streams that never yield leave it out. */
  readonly pauseMs?: () => number;
  /** Counts received bytes for the purpose of the stream. */
  readonly count?: (bytes: number) => void;
  /** Ends the stream early; what is not yet fetched is given up. */
  readonly signal?: AbortSignal | undefined;
  /** A fault far ahead takes its member out of the stream instead of cutting it: for a stream that brings what is wanted anyway. */
  readonly uncut?: boolean;
}

/** Speculation for one span. Make it, then `run` it once. */
export class SpanStream {
  readonly #state: FetchState;
  readonly #options: StreamOptions;
  readonly #batches: Span[];
  readonly #storing = new Set<Promise<void>>();
  readonly #signal: AbortSignal;
  /** Blob offset of the next byte that the request delivers. */
  #position: number;
  #current = 0;
  /** A fault waits for everything before this blob offset. */
  #hurryUntil = 0;
  #wake: (() => void) | undefined;
  #failure: unknown;

  constructor(state: FetchState, span: Span, options: StreamOptions = {}) {
    this.#state = state;
    this.#options = options;
    this.#position = span.blobStart;
    this.#batches = batchesOf(span.members);
    this.#signal = AbortSignal.any([state.closing, ...(options.signal === undefined ? [] : [options.signal])]);
    state.flights.claim(span.members, this);
  }

  /**
   * Fetches until all members are stored, or given up because faults cut the stream.
   * @throws the first error of the request, of a member or of the disk; members after it are released.
   */
  async run(): Promise<void> {
    try {
      this.#signal.throwIfAborted();
      await this.#receive();
    } catch (error) {
      this.#failure ??= error;
    } finally {
      this.#releaseFrom(this.#current);
      await Promise.all(this.#storing);
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  /**
   * A fault needs a member of this stream.
   * @returns its landing when the stream brings it soon; undefined when the claim was given up, in this instant.
   */
  hurry(flight: Flight): Promise<Landing> | undefined {
    const { member } = flight;
    const inCurrent = this.#batches[this.#current]?.members.includes(member) ?? false;
    const received = member.blobEnd <= this.#position;
    if (!received && !inCurrent && member.blobEnd - this.#position > WAIT_FOR_STREAM_BYTES) {
      if (this.#options.uncut === true) this.#release(member);
      else this.#releaseFrom(this.#current + 1);
      return undefined;
    }
    this.#hurryUntil = Math.max(this.#hurryUntil, member.blobEnd);
    this.#wake?.();
    return flight.landed;
  }

  async #receive(): Promise<void> {
    const last = this.#batches.at(-1)!;
    const { counters } = this.#state;
    counters.requests++;
    const filler = new BatchFiller(this.#state);
    try {
      for await (const piece of this.#state.requireBlob().streamRange(this.#position, last.blobEnd, this.#signal)) {
        counters.fetchedBytes += piece.length;
        this.#options.count?.(piece.length);
        await this.#take(piece, filler);
        if (this.#current >= this.#batches.length || this.#failure !== undefined) return;
        if (!(await this.#pause())) return;
      }
      const got = `it ended at ${this.#position}, wanted ${last.blobEnd}`;
      throw new LazypullError('UNAVAILABLE', `layer ${this.#state.digest}: a range of the blob was cut: ${got}`);
    } finally {
      filler.drop();
    }
  }

  // Copies a piece into the batches that it belongs to; bytes between batches are dropped.
  async #take(piece: Uint8Array, filler: BatchFiller): Promise<void> {
    let rest = piece;
    while (rest.length > 0) {
      const batch = this.#batches[this.#current];
      if (batch === undefined) return;
      const skip = Math.min(rest.length, Math.max(0, batch.blobStart - this.#position));
      this.#position += skip;
      rest = rest.subarray(skip);
      if (rest.length === 0) return;
      const used = await filler.fill(batch, this.#position, rest);
      this.#position += used;
      rest = rest.subarray(used);
      if (this.#position === batch.blobEnd) this.#dispatch(batch, filler);
    }
  }

  #dispatch(batch: Span, filler: BatchFiller): void {
    this.#current++;
    const { bytes, giveBack } = filler.detach();
    const priority = this.#hurryUntil > batch.blobStart ? 'demand' : 'speculation';
    const work = storeBatch(this.#state, { members: batch.members, blobStart: batch.blobStart, bytes }, priority)
      .then(({ error }) => {
        // A damaged member is remembered and left alone; it is no reason to give up the others.
        if (!(error instanceof VerificationError)) this.#failure ??= error;
      })
      .finally(() => {
        giveBack();
        this.#storing.delete(work);
      });
    this.#storing.add(work);
  }

  // Stops reading while it should. Returns false when the stream should end instead.
  async #pause(): Promise<boolean> {
    const startedMs = performance.now();
    for (;;) {
      const pauseMs = this.#options.pauseMs?.() ?? 0;
      if (pauseMs === 0 || this.#position < this.#hurryUntil) return true;
      if (performance.now() - startedMs > MAX_PAUSE_MS || this.#signal.aborted) return false;
      await this.#sleep(Math.min(pauseMs, MAX_PAUSE_MS));
      if (this.#current >= this.#batches.length) return false;
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), ms);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }

  // Its bytes still come, and are dropped. A batch that has no other member is dropped with them.
  #release(member: Member): void {
    const index = this.#batches.findIndex(({ members }) => members.includes(member));
    const { members, ...range } = this.#batches[index]!;
    const others = members.filter((other) => other !== member);
    if (others.length === 0) this.#batches.splice(index, 1);
    else this.#batches[index] = { ...range, members: others };
    this.#state.flights.land([member], { kind: 'released' });
  }

  #releaseFrom(batch: number): void {
    const released: Member[] = this.#batches.splice(batch).flatMap(({ members }) => members);
    this.#state.flights.land(released, { kind: 'released' });
    this.#wake?.();
  }
}

// The buffer of the batch that is being received, and its share of the memory budget.
class BatchFiller {
  readonly #state: FetchState;
  #bytes: Uint8Array<ArrayBuffer> | undefined;
  #giveBack: () => void = () => {};

  constructor(state: FetchState) {
    this.#state = state;
  }

  /** Copies what belongs to `batch` from `rest`, which begins at `position`. Returns how many bytes that was. */
  async fill(batch: Span, position: number, rest: Uint8Array): Promise<number> {
    const size = batch.blobEnd - batch.blobStart;
    if (this.#bytes === undefined) {
      this.#giveBack = await this.#state.context.speculationBudget.take(size);
      this.#bytes = new Uint8Array(size);
    }
    const used = Math.min(rest.length, batch.blobEnd - position);
    this.#bytes.set(rest.subarray(0, used), position - batch.blobStart);
    return used;
  }

  detach(): { bytes: Uint8Array<ArrayBuffer>; giveBack: () => void } {
    const out = { bytes: this.#bytes!, giveBack: this.#giveBack };
    this.#bytes = undefined;
    return out;
  }

  drop(): void {
    if (this.#bytes !== undefined) this.#giveBack();
    this.#bytes = undefined;
  }
}
