// What is where in an archive that lies in a file: headers are read one after the other and payloads hopped over, so a
// big archive is known after a few reads and never unpacked. Names of entries are only looked up, never used as paths.
import type { FileHandle } from 'node:fs/promises';
import { posix } from 'node:path';
import { FormatError } from '../errors.ts';
import { ExtendedHeaders, isExtendedHeader, type ScannedEntry } from '../tar/extended-headers.ts';
import { paddingOf } from '../tar/entry.ts';
import { BLOCK_SIZE, parseHeader } from '../tar/header.ts';
import { MAX_EXTENDED_HEADER } from '../tar/scanner.ts';

/** A file of the archive. */
export interface ArchiveFile {
  /** As the archive has it, without `./` in front. */
  readonly name: string;
  /** Where its payload is in the archive. */
  readonly dataStart: number;
  readonly size: number;
}

type Found =
  | { readonly kind: 'file'; readonly file: ArchiveFile }
  | { readonly kind: 'link'; readonly to: string }
  | { readonly kind: 'other' };

/** An image has some hundreds. */
const MAX_ENTRIES = 100_000;
const MAX_LINKS = 8;
/** As long as paths get; of an image's they have 100 bytes. */
const MAX_NAME = 4096;

export class ArchiveIndex {
  readonly #entries: ReadonlyMap<string, Found>;
  /** Names that are there more than once, and where the second is. */
  readonly #repeated: ReadonlyMap<string, number>;

  constructor(entries: ReadonlyMap<string, Found>, repeated: ReadonlyMap<string, number>) {
    this.#entries = entries;
    this.#repeated = repeated;
  }

  /**
   * The file of a name, through links; of several with one name the last, as unpacking would leave it.
   * @returns undefined when there is none.
   * @throws FormatError when links lead out of the archive or in a circle.
   */
  lookup(name: string): ArchiveFile | undefined {
    let at = name;
    for (let links = 0; links <= MAX_LINKS; links++) {
      const found = this.#entries.get(at);
      if (found?.kind === 'file') return found.file;
      if (found?.kind !== 'link') return undefined;
      at = found.to;
    }
    throw new FormatError(`archive: ${JSON.stringify(name)} is a link of more than ${MAX_LINKS} links`);
  }

  /** A document that decides what the image is: there must be no second one that another reader might take. @throws FormatError */
  lookupUnique(name: string): ArchiveFile | undefined {
    const offset = this.#repeated.get(name);
    if (offset !== undefined) {
      throw new FormatError(`archive: at ${offset}, a second ${name}: which one counts?`, { offset });
    }
    return this.lookup(name);
  }
}

/**
 * Reads the headers of a tar of `size` bytes.
 * @throws FormatError, with the offset, when it is none, is cut, or has names that would lead out of a folder.
 */
export async function indexArchive(handle: FileHandle, size: number, signal?: AbortSignal): Promise<ArchiveIndex> {
  const entries = new Map<string, Found>();
  const repeated = new Map<string, number>();
  for await (const entry of headersOf(handle, size, signal)) {
    const name = insideName(entry.header.name.toString(), entry.start);
    if (entries.size >= MAX_ENTRIES) {
      throw new FormatError(`archive: at ${entry.start}, more than ${MAX_ENTRIES} entries`, { offset: entry.start });
    }
    if (entry.type !== 'dir' && entries.has(name)) repeated.set(name, entry.start);
    entries.set(name, foundOf(entry, name));
  }
  return new ArchiveIndex(entries, repeated);
}

async function* headersOf(handle: FileHandle, size: number, signal?: AbortSignal): AsyncGenerator<ScannedEntry> {
  const extended = new ExtendedHeaders();
  let offset = 0;
  while (offset < size) {
    signal?.throwIfAborted();
    const block = await readAt(handle, offset, BLOCK_SIZE, size);
    const header = at(offset, () => parseHeader(block, 0));
    if (header === undefined) break;
    const dataStart = offset + BLOCK_SIZE;
    if (isExtendedHeader(header.typeflag)) {
      if (header.size < 0 || header.size > MAX_EXTENDED_HEADER) {
        throw new FormatError(`archive: at ${offset}, an extended header of ${header.size} bytes`, { offset });
      }
      const payload = await readAt(handle, dataStart, header.size, size);
      const start = offset;
      at(start, () => extended.take(header.typeflag, payload, start));
      offset = dataStart + header.size + paddingOf(header.size);
      continue;
    }
    const start = offset;
    const entry = at(start, () => extended.complete(header, start, dataStart));
    const length = entry.header.size;
    if (length < 0 || length > size - dataStart) {
      const name = JSON.stringify(entry.header.name.toString().slice(0, 200));
      throw new FormatError(`archive: at ${offset}, ${name} has ${length} bytes, and the archive ends before`, {
        offset,
      });
    }
    yield entry;
    offset = dataStart + length + paddingOf(length);
  }
  const waiting = extended.waitingSince;
  if (waiting !== undefined) throw new FormatError(`archive: cut at ${offset}`, { offset });
}

async function readAt(handle: FileHandle, offset: number, length: number, size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) throw new FormatError(`archive: cut at ${size}, in the header at ${offset}`, { offset: size });
    filled += bytesRead;
  }
  return bytes;
}

/** Runs a parser whose offsets count from elsewhere. */
function at<T>(offset: number, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError(`archive: at ${offset}, ${cause.message}`, { offset, cause });
  }
}

function foundOf(entry: ScannedEntry, name: string): Found {
  const { dataStart, header, start, type } = entry;
  if (type === 'reg') return { kind: 'file', file: { name, dataStart, size: header.size } };
  const target = header.linkName.toString();
  if (type === 'hardlink') return { kind: 'link', to: insideName(target, start) };
  if (type !== 'symlink') return { kind: 'other' };
  if (target.startsWith('/')) throw outside(target, start);
  return { kind: 'link', to: insideName(posix.join(posix.dirname(name), target), start) };
}

/** The name without `./` and doubled slashes. @throws FormatError when it leads out of the archive, or is too long. */
function insideName(name: string, offset: number): string {
  if (name.length > MAX_NAME) {
    throw new FormatError(`archive: at ${offset}, a name of ${name.length} characters, wanted ${MAX_NAME} at most`, {
      offset,
    });
  }
  if (name.startsWith('/') || name.split('/').includes('..')) throw outside(name, offset);
  return posix.normalize(name).replace(/\/$/, '');
}

function outside(name: string, offset: number): FormatError {
  return new FormatError(`archive: at ${offset}, ${JSON.stringify(name.slice(0, 200))} leads out of the archive`, {
    offset,
  });
}
