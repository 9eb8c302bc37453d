// Finds the entries of a tar that comes in pieces of any size, and hands out their payloads as they come: what is in
// memory is one block, or the records and long names before one entry. What Go's tar reader refuses is refused here.
// Formats: v7, ustar, star, GNU (long names, base-256 numbers) and PAX (also global records).
import { FormatError } from '../errors.ts';
import { ExtendedHeaders, isExtendedHeader } from './extended-headers.ts';
import type { ScannedEntry } from './extended-headers.ts';
import { UnsupportedEntryError } from './errors.ts';
import { BLOCK_SIZE, parseHeader } from './header.ts';
import type { TarHeader } from './header.ts';

/** Largest payload of PAX records or a long name in bytes, as in Go's reader. */
export const MAX_EXTENDED_HEADER: number = 1024 * 1024;

/** Gets what the scanner finds, in the order of the tar. What it throws ends the scan. */
export interface TarVisitor {
  entry(entry: ScannedEntry): void;
  /** The next bytes of a file's payload: a view that holds only during the call. Not called for empty files. */
  payload?(piece: Buffer, entry: ScannedEntry): void;
  /** All of the payload, of `entry.header.size` bytes, was there; also when that is 0. */
  entryEnd?(entry: ScannedEntry): void;
}

interface ExtendedHeader {
  readonly typeflag: string;
  readonly start: number;
  readonly payload: Buffer;
}

/** Where in the archive the next byte belongs. */
type Phase = 'block' | 'payload' | 'padding' | 'zero block' | 'end';

/** Takes a tar by `push`, then `end`. All offsets are in the tar. */
export class TarScanner {
  readonly #visitor: TarVisitor;
  readonly #extended = new ExtendedHeaders();
  readonly #block: Buffer = Buffer.alloc(BLOCK_SIZE);
  #blockFilled = 0;
  #phase: Phase = 'block';
  /** Bytes that the payload or the padding still has. */
  #left = 0;
  #padding = 0;
  /** Whose payload this is. */
  #current: ScannedEntry | ExtendedHeader | undefined;
  #offset = 0;

  constructor(visitor: TarVisitor) {
    this.#visitor = visitor;
  }

  /** Bytes that were pushed. */
  get offset(): number {
    return this.#offset;
  }

  /** @throws FormatError, with the offset in the tar, when the bytes are no tar, or one that has no place in a layer. */
  push(piece: Uint8Array): void {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    for (let at = 0; at < bytes.length;) {
      const taken = this.#take(bytes, at);
      at += taken;
      this.#offset += taken;
      this.#advance();
    }
  }

  /** Says that nothing more comes. @throws FormatError when the tar does not end here. */
  end(): void {
    if (this.#phase === 'payload' || this.#phase === 'padding') {
      throw new FormatError(`tar: cut at ${this.#offset}, in the ${this.#phase} of ${this.#describeCurrent()}`, {
        offset: this.#offset,
      });
    }
    if (this.#blockFilled > 0) {
      throw new FormatError(`tar: cut at ${this.#offset}, in a header block`, { offset: this.#offset });
    }
    this.#requireNothingWaiting();
  }

  // How many of the bytes from `at` on belong to the current phase.
  #take(bytes: Buffer, at: number): number {
    const available = bytes.length - at;
    if (this.#phase === 'end') return available;
    if (this.#phase === 'payload') return this.#takePayload(bytes, at);
    if (this.#phase === 'padding') {
      const taken = Math.min(available, this.#left);
      this.#left -= taken;
      return taken;
    }
    if (this.#blockFilled === 0 && available >= BLOCK_SIZE) {
      this.#takeBlock(bytes, at);
      return BLOCK_SIZE;
    }
    const taken = Math.min(available, BLOCK_SIZE - this.#blockFilled);
    bytes.copy(this.#block, this.#blockFilled, at, at + taken);
    this.#blockFilled += taken;
    if (this.#blockFilled === BLOCK_SIZE) {
      this.#blockFilled = 0;
      this.#takeBlock(this.#block, 0, this.#offset + taken - BLOCK_SIZE);
    }
    return taken;
  }

  // Leaves the phases that have no more bytes.
  #advance(): void {
    if (this.#phase === 'payload' && this.#left === 0) {
      this.#endPayload();
      this.#phase = 'padding';
      this.#left = this.#padding;
    }
    if (this.#phase === 'padding' && this.#left === 0) this.#phase = 'block';
  }

  #takePayload(bytes: Buffer, at: number): number {
    const taken = Math.min(bytes.length - at, this.#left);
    const current = this.#current!;
    if ('payload' in current) bytes.copy(current.payload, current.payload.length - this.#left, at, at + taken);
    else this.#visitor.payload?.(bytes.subarray(at, at + taken), current);
    this.#left -= taken;
    return taken;
  }

  #endPayload(): void {
    const current = this.#current!;
    if (!('payload' in current)) {
      this.#visitor.entryEnd?.(current);
      return;
    }
    const { typeflag, payload, start } = current;
    try {
      this.#extended.take(typeflag, payload, start);
    } catch (error) {
      throw located(error, start, describeExtended(typeflag), -BLOCK_SIZE);
    }
  }

  #takeBlock(bytes: Buffer, at: number, start: number = this.#offset): void {
    const header = readBlock(bytes, at, start);
    if (this.#phase === 'zero block') {
      // Go's reader refuses what others would not see.
      if (header !== undefined)
        throw new FormatError(`tar: at ${start}, an entry behind a block of zeros`, { offset: start });
      this.#phase = 'end';
    } else if (header === undefined) {
      this.#phase = 'zero block';
    } else if (isExtendedHeader(header.typeflag)) {
      this.#beginExtended(header, start);
    } else {
      this.#beginEntry(header, start);
    }
  }

  #beginExtended({ typeflag, size }: TarHeader, start: number): void {
    if (size < 0 || size > MAX_EXTENDED_HEADER) {
      throw new FormatError(
        `tar: at ${start}, ${describeExtended(typeflag)} of ${size} bytes, wanted ${MAX_EXTENDED_HEADER} at most`,
        { offset: start },
      );
    }
    this.#current = { typeflag, start, payload: Buffer.alloc(size) };
    this.#beginPayload(size);
  }

  #beginEntry(header: TarHeader, blockStart: number): void {
    let entry: ScannedEntry;
    try {
      entry = this.#extended.complete(header, blockStart, blockStart + BLOCK_SIZE);
      const { size } = entry.header;
      if (size < 0) throw new FormatError(`a size of ${size}, wanted 0 or more`);
      if (!Number.isSafeInteger(entry.dataStart + size + BLOCK_SIZE))
        throw new FormatError(`a size of ${size} is too large`);
    } catch (error) {
      throw located(error, blockStart, `entry ${quoteName(header.name)}`);
    }
    this.#current = entry;
    this.#visitor.entry(entry);
    this.#beginPayload(entry.header.size);
  }

  #beginPayload(size: number): void {
    this.#phase = 'payload';
    this.#left = size;
    this.#padding = (BLOCK_SIZE - (size % BLOCK_SIZE)) % BLOCK_SIZE;
  }

  #requireNothingWaiting(): void {
    const offset = this.#extended.waitingSince;
    if (offset === undefined) return;
    throw new FormatError(`tar: at ${offset}, extended headers that no entry follows`, { offset });
  }

  #describeCurrent(): string {
    const current = this.#current!;
    if ('payload' in current) return `${describeExtended(current.typeflag)} at ${current.start}`;
    return `entry ${quoteName(current.header.name)} at ${current.start}`;
  }
}

/** A name that may be no text and of any length, for a message. */
export function quoteName(name: Uint8Array): string {
  const text = Buffer.from(name.buffer, name.byteOffset, Math.min(name.length, 200)).toString();
  return `${JSON.stringify(text)}${name.length > 200 ? '...' : ''}`;
}

/**
 * Scans a whole tar.
 * @returns its size in bytes.
 * @throws FormatError as `TarScanner` does, and what `pieces` throws.
 */
export async function scanTar(pieces: AsyncIterable<Uint8Array>, visitor: TarVisitor): Promise<number> {
  const scanner = new TarScanner(visitor);
  for await (const piece of pieces) scanner.push(piece);
  scanner.end();
  return scanner.offset;
}

function readBlock(bytes: Buffer, at: number, start: number): TarHeader | undefined {
  try {
    return parseHeader(bytes, at);
  } catch (error) {
    throw located(error, start, 'header block', at);
  }
}

// `base` is where the error's own offsets count from.
function located(error: unknown, start: number, what: string, base = 0): unknown {
  if (!(error instanceof FormatError)) return error;
  const offset = start + (error.offset === undefined ? 0 : error.offset - base);
  const Kind = error instanceof UnsupportedEntryError ? UnsupportedEntryError : FormatError;
  return new Kind(`tar: at ${start}, ${what}: ${error.message}`, { offset, cause: error });
}

function describeExtended(typeflag: string): string {
  if (typeflag === 'x') return 'PAX records';
  if (typeflag === 'g') return 'global PAX records';
  return typeflag === 'L' ? 'GNU long name' : 'GNU long link name';
}
