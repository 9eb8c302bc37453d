// A member that is on its way. Every request claims its members before it asks, so that no byte is asked for twice;
// who needs a claimed member waits for its flight.
import { VerificationError } from '../errors.ts';
import type { Member } from './members.ts';
import type { SpanStream } from './span-stream.ts';

/** How a flight ended. `released`: nobody fetches it any more; who needs it asks again. */
export type Landing =
  | { readonly kind: 'stored' }
  | { readonly kind: 'released' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** One claimed member. */
export class Flight {
  readonly member: Member;
  /** The speculative stream that brings it; undefined for demand. */
  readonly stream: SpanStream | undefined;
  readonly landed: Promise<Landing>;
  readonly #land: (landing: Landing) => void;

  constructor(member: Member, stream?: SpanStream) {
    const { promise, resolve } = Promise.withResolvers<Landing>();
    this.member = member;
    this.stream = stream;
    this.landed = promise;
    this.#land = resolve;
  }

  land(landing: Landing): void {
    this.#land(landing);
  }
}

/** The members of one layer that are on their way, by their first chunk. */
export class Flights {
  readonly #byFirstChunk = new Map<number, Flight>();
  readonly #damaged = new Set<number>();

  get size(): number {
    return this.#byFirstChunk.size;
  }

  lookup(member: Member): Flight | undefined {
    return this.#byFirstChunk.get(member.first);
  }

  /** Whether the member came damaged twice. Speculation leaves it alone then; a fault tries it again. */
  isDamaged(member: Member): boolean {
    return this.#damaged.has(member.first);
  }

  /** Claims members that nobody has claimed. */
  claim(members: readonly Member[], stream?: SpanStream): void {
    for (const member of members) this.#byFirstChunk.set(member.first, new Flight(member, stream));
  }

  /** Ends the flights of `members`: waiters go on, and the claims are gone in the same instant. */
  land(members: readonly Member[], landing: Landing): void {
    for (const { first } of members) {
      const flight = this.#byFirstChunk.get(first);
      this.#byFirstChunk.delete(first);
      if (landing.kind === 'failed' && landing.error instanceof VerificationError) this.#damaged.add(first);
      else if (landing.kind === 'stored') this.#damaged.delete(first);
      flight?.land(landing);
    }
  }
}
