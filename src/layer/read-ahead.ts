// Finds readers that go through a blob in order (a big file, or a whole directory) and says how far to fetch ahead
// of them. Only faults are seen here, never the reads of bytes that are there: so a reader shows itself when it
// catches up with what was fetched for it, and then the window doubles.
import { READ_AHEAD_MAX_BYTES, READ_AHEAD_MIN_BYTES, SEQUENTIAL_SLACK_BYTES } from './policy.ts';

const MAX_READERS = 8;

interface Reader {
  /** Blob offset where the last fault's member ended. */
  head: number;
  /** Everything in [head, ahead) was asked for already. */
  ahead: number;
  window: number;
}

/** A blob range [start, end) to fetch ahead. */
export interface Ahead {
  readonly start: number;
  readonly end: number;
}

/** The sequential readers of one layer, the most recent last. */
export class ReadAhead {
  readonly #readers: Reader[] = [];
  readonly #payloadEnd: number;

  /** @param payloadEnd where the payload of the blob ends. */
  constructor(payloadEnd: number) {
    this.#payloadEnd = payloadEnd;
  }

  /** A fault wants the members in [blobStart, blobEnd). Returns what to fetch beside it, or nothing. */
  note(blobStart: number, blobEnd: number): Ahead | undefined {
    const index = this.#readers.findIndex(
      (reader) => blobStart >= reader.head && blobStart <= reader.ahead + SEQUENTIAL_SLACK_BYTES,
    );
    if (index < 0) {
      this.#remember({ head: blobEnd, ahead: blobEnd, window: READ_AHEAD_MIN_BYTES / 2 });
      return undefined;
    }
    const [reader] = this.#readers.splice(index, 1) as [Reader];
    this.#remember(reader);
    reader.head = blobEnd;
    const start = Math.max(reader.ahead, blobEnd);
    // Ask again only when half of the window is used up, so that requests stay long.
    if (start - blobEnd > reader.window / 2) return undefined;
    reader.window = Math.min(reader.window * 2, READ_AHEAD_MAX_BYTES);
    reader.ahead = Math.max(start, Math.min(blobEnd + reader.window, this.#payloadEnd));
    return reader.ahead > start ? { start, end: reader.ahead } : undefined;
  }

  #remember(reader: Reader): void {
    this.#readers.push(reader);
    if (this.#readers.length > MAX_READERS) this.#readers.shift();
  }
}
