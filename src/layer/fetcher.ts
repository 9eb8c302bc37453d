// Brings the missing chunks of one layer. Faults go first, each in requests of its own; read-ahead, prefetch and
// background fill go beside them as SpanStreams. Nothing is asked for twice while it is on its way.
import type { Landing } from './flight.ts';
import { readCounted, storeBatch } from './member-store.ts';
import type { FetchState } from './member-store.ts';
import { membersOf, nextMissing } from './members.ts';
import type { Member, Span } from './members.ts';
import { batchesOf, neighbourFactor, planDemand, planSpan, splitDemand, widenSmall } from './policy.ts';
import type { SpanLimits } from './policy.ts';
import { SpanStream } from './span-stream.ts';
import type { StreamOptions } from './span-stream.ts';

/** Demand and speculation of one layer over one table of flights. */
export class Fetcher {
  readonly #state: FetchState;
  readonly #running = new Set<Promise<unknown>>();

  constructor(state: FetchState) {
    this.#state = state;
  }

  /**
   * Makes chunks present. `missing` says which ones still are; it is asked again after each round. `recentFaults` of the
   * layer say how much comes along.
   * @throws VerificationError, RegistryError, a disk's error: when a chunk can't be had.
   */
  async demand(missing: () => number[], recentFaults = 0): Promise<void> {
    for (;;) {
      const chunks = missing();
      if (chunks.length === 0) return;
      this.#state.closing.throwIfAborted();
      const landings = this.#join(membersOf(this.#state.target.chunks.table, chunks), neighbourFactor(recentFaults));
      for (const landing of await Promise.all(landings)) {
        // A layer that is closing aborts its requests; that is the reason to name.
        this.#state.closing.throwIfAborted();
        if (landing.kind === 'failed') throw landing.error;
      }
    }
  }

  /** Streams every missing member of `limits`, `parallel` spans at a time. @throws as SpanStream.run does. */
  async speculate(limits: SpanLimits, parallel: number, options: StreamOptions): Promise<void> {
    const lanes = { failed: false };
    const lane = async (): Promise<void> => {
      while (!lanes.failed) {
        options.signal?.throwIfAborted();
        const span = this.nextSpan(limits);
        if (span === undefined) return;
        await this.stream(span, options).catch((error: unknown) => {
          lanes.failed = true;
          throw error;
        });
      }
    };
    await this.track(Promise.all(Array.from({ length: parallel }, lane)));
  }

  /** Streams one span, whose members nobody has claimed. */
  stream(span: Span, options: StreamOptions): Promise<void> {
    return this.track(new SpanStream(this.#state, span, options).run());
  }

  /** The next span of missing, unclaimed members; undefined when there is none. */
  nextSpan(limits: SpanLimits): Span | undefined {
    const { chunks, bitmap } = this.#state.target;
    return planSpan(chunks.table, bitmap, limits, (member) => this.#takeable(member));
  }

  /** Resolves when nothing runs any more; errors have gone to those who started it. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  /** Lets `idle` wait for `work`. */
  track<T>(work: Promise<T>): Promise<T> {
    const settled = work.then(
      () => {},
      () => {},
    );
    this.#running.add(settled);
    void settled.then(() => this.#running.delete(settled));
    return work;
  }

  // Joins flights where there are some, asks for the rest, and says what to wait for.
  #join(members: readonly Member[], factor: number): Promise<Landing>[] {
    const { context, flights, target } = this.#state;
    const wanted: Member[] = [];
    const landings: Promise<Landing>[] = [];
    for (const member of members) {
      const flight = flights.lookup(member);
      const landed = flight?.stream === undefined ? flight?.landed : flight.stream.hurry(flight);
      if (landed === undefined) wanted.push(member);
      else landings.push(landed);
    }
    const { table } = target.chunks;
    const takeable = (member: Member): boolean => this.#takeable(member);
    const wantedFirst = new Set(wanted.map(({ first }) => first));
    for (const planned of planDemand(table, wanted, takeable)) {
      const isFree = (member: Member): boolean => takeable(member) && !wantedFirst.has(member.first);
      const span = context.neighbours ? widenSmall(table, planned, isFree, factor) : planned;
      flights.claim(span.members);
      const wantedHere = span.members.filter((member) => wanted.includes(member));
      landings.push(...wantedHere.map((member) => flights.lookup(member)!.landed));
      void this.track(this.#fetch(span));
    }
    return landings;
  }

  // Never rejects: errors land with the flights.
  async #fetch(span: Span): Promise<void> {
    const { context, flights, counters } = this.#state;
    // A worker that idled away starts while the bytes are on their way.
    context.chunkPool.warm();
    const giveBack = await context.demandBudget.take(span.blobEnd - span.blobStart);
    try {
      const bytes = await this.#readSpan(span);
      counters.demandBytes += bytes.length;
      const batches = batchesOf(span.members).map((batch, _, all) => ({
        members: batch.members,
        blobStart: batch.blobStart,
        // The only batch takes the buffer as it is; several get copies, since a buffer goes to one worker only.
        bytes: all.length === 1 ? bytes : bytes.slice(batch.blobStart - span.blobStart, batch.blobEnd - span.blobStart),
      }));
      await Promise.all(batches.map((batch) => storeBatch(this.#state, batch, 'demand')));
    } catch (error) {
      flights.land(span.members, { kind: 'failed', error });
    } finally {
      giveBack();
    }
  }

  async #readSpan({ blobStart, blobEnd }: Span): Promise<Uint8Array<ArrayBuffer>> {
    const parts = splitDemand(blobStart, blobEnd);
    if (parts.length === 1) return readCounted(this.#state, blobStart, blobEnd);
    const pieces = await Promise.all(parts.map(({ start, end }) => readCounted(this.#state, start, end)));
    const all = new Uint8Array(blobEnd - blobStart);
    for (const [i, { start }] of parts.entries()) all.set(pieces[i]!, start - blobStart);
    return all;
  }

  #takeable(member: Member): boolean {
    const { flights } = this.#state;
    if (flights.lookup(member) !== undefined || flights.isDamaged(member)) return false;
    return nextMissing(this.#state.target.bitmap, member.first, member.end) < member.end;
  }
}
