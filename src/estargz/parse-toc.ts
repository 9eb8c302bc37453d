// From the TOC's JSON to a checked Toc: everything that the image's author, or whoever stands in between, could have
// put there is either in range and consistent after this, or an error that names the entry.
// Runs in a worker thread. Specification: docs/estargz.md of stargz-snapshotter, "TOC"; reader rules in README.md.
import { FormatError } from '../errors.ts';
import { TOC_NAME } from './decode-toc.ts';
import { CLOSE_ARRAY, CLOSE_OBJECT, JsonScanner, OPEN_ARRAY, OPEN_OBJECT } from './json-scanner.ts';
import type { LayerFormat } from './footer.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { TocLimits } from './limits.ts';
import type { ChunkCompression, Toc, TocNode } from './model.ts';
import { buildChunkTable } from './toc-chunks.ts';
import type { ChunkList } from './toc-chunks.ts';
import { KEY, TocEntry } from './toc-entry.ts';
import { quote } from './toc-fields.ts';
import { TocReader } from './toc-reader.ts';
import type { TocReaderOptions } from './toc-reader.ts';
import { WordTable } from './word-table.ts';

/** Regular files at the root that say how far to prefetch; hidden, like the TOC itself. */
export const PREFETCH_LANDMARK = '.prefetch.landmark';
export const NO_PREFETCH_LANDMARK = '.no.prefetch.landmark';

const VERSION = 0;
const ENTRIES = 1;
const TOP_KEYS = new WordTable(['version', 'entries']);

export interface ParseTocOptions {
  /** Where the payload ends in the blob: every member begins before it. */
  readonly payloadEnd: number;
  /** Of the blob: says how it is compressed, and in which dialect the TOC is. `estargz` unless told. */
  readonly format?: LayerFormat;
  readonly limits?: Partial<TocLimits>;
}

/** How chunks, and the TOC, are compressed in a format. */
export function compressionOf(format: LayerFormat): ChunkCompression {
  return format === 'zstd:chunked' || format === 'zstd:chunked-containers' ? 'zstd' : 'gzip';
}

/**
 * Parses and checks the JSON of a TOC. Keeps nothing of it.
 * @throws FormatError, naming the entry's index and name, when anything is out of range or contradicts something else.
 */
export function parseToc(tocJson: Uint8Array, options: ParseTocOptions): Toc {
  const { payloadEnd, format = 'estargz' } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const knowsHoles = format === 'zstd:chunked-containers';
  const { start, reader } = readDocument(new JsonScanner(tocJson), { payloadEnd, limits, knowsHoles });
  const errorAt = (index: number, error: FormatError): FormatError => entryError(tocJson, start, index, error);
  reader.tree.finish(errorAt);
  const root = reader.tree.root;
  const prefetchEnd = takeLandmarks(root, reader.chunks);
  const { inodeCount, nameCount } = countLinks(root);
  const files = reader.chunks.files.filter((file) => file.nlink > 0);
  const verifiable = files.every((file) => hasDigests(reader.chunks, file));
  const chunks = buildChunkTable(reader.chunks, files, { compression: compressionOf(format), payloadEnd, errorAt });
  return { root, inodeCount, nameCount, chunks, verifiable, prefetchEnd, payloadEnd };
}

/** The entries of the document: where their array begins, and what was read, or what is wrong with them. */
interface Entries {
  readonly start: number;
  readonly reader: TocReader;
  readonly error?: FormatError;
}

// What is wrong with entries is only thrown when the whole document is JSON of the right version, and these are its
// entries: JSON allows a key twice, and the later one counts.
function readDocument(scanner: JsonScanner, options: TocReaderOptions): Entries {
  let version: unknown;
  let entries: Entries | undefined;
  const isObject = scanner.peek() === OPEN_OBJECT;
  const start = scanner.at;
  if (!isObject) scanner.value();
  for (let more = isObject && scanner.enter(CLOSE_OBJECT); more; more = scanner.more(CLOSE_OBJECT)) {
    const key = scanner.key(TOP_KEYS);
    scanner.peek();
    const valueStart = scanner.at;
    if (key === ENTRIES) entries = readEntries(scanner, options);
    else scanner.value();
    if (key === VERSION) version = scanner.valueAt(valueStart, scanner.at);
  }
  scanner.end();
  if (!isObject) throw new FormatError(`TOC: got ${quote(scanner.valueAt(start, scanner.at))}, wanted an object`);
  if (version !== 1) throw new FormatError(`TOC version: got ${quote(version)}, wanted 1`);
  if (entries?.error !== undefined) throw entries.error;
  return entries ?? { start, reader: new TocReader(scanner, options) };
}

// Passes the value of `entries`. An error is not thrown but returned, unless it is that the value is not JSON.
function readEntries(scanner: JsonScanner, options: TocReaderOptions): Entries {
  const start = scanner.at;
  const reader = new TocReader(scanner, options);
  if (scanner.peek() !== OPEN_ARRAY) {
    scanner.value();
    const value = scanner.valueAt(start, scanner.at);
    // Go writes an empty list as null.
    if (value === null) return { start, reader };
    return { start, reader, error: new FormatError(`TOC entries: got ${quote(value)}, wanted an array`) };
  }
  try {
    const count = reader.readAll();
    const { maxEntries } = options.limits;
    if (count <= maxEntries) return { start, reader };
    return { start, reader, error: new FormatError(`TOC entries: got ${count}, wanted ${maxEntries} at most`) };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    scanner.at = start;
    scanner.value();
    return { start, reader, error: entryError(scanner.bytes, start, reader.index, error) };
  }
}

// Removes what is hidden at the root, and says how far to prefetch. "None" wins, as in the reference.
function takeLandmarks(root: TocNode, chunks: ChunkList): Toc['prefetchEnd'] {
  const landmark = root.children?.get(PREFETCH_LANDMARK);
  const isForbidden = root.children?.get(NO_PREFETCH_LANDMARK)?.type === 'reg';
  for (const name of [TOC_NAME, PREFETCH_LANDMARK, NO_PREFETCH_LANDMARK]) root.children?.delete(name);
  if (isForbidden) return 'none';
  return landmark !== undefined && landmark.chunkCount > 0 ? chunks.blobOffset[landmark.firstChunk] : undefined;
}

// Walks the finished tree: only now it is known which names are left. Link counts are 0 before.
function countLinks(root: TocNode): { inodeCount: number; nameCount: number } {
  const directories = [root];
  root.nlink = 2;
  let inodeCount = 1;
  let nameCount = 0;
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    for (const child of directory.children?.values() ?? []) {
      nameCount++;
      if (child.nlink === 0) inodeCount++;
      child.nlink++;
      if (child.type !== 'dir') continue;
      child.nlink++;
      directory.nlink++;
      directories.push(child);
    }
  }
  return { inodeCount, nameCount };
}

function hasDigests(chunks: ChunkList, file: TocNode): boolean {
  for (let i = file.firstChunk; i < file.firstChunk + file.chunkCount; i++) {
    if (chunks.hasDigest[i] === 0) return false;
  }
  return true;
}

function entryError(tocJson: Uint8Array, entriesStart: number, index: number, error: FormatError): FormatError {
  const options = error.offset === undefined ? {} : { offset: error.offset };
  const name = quoteName(new JsonScanner(tocJson, entriesStart), index);
  return new FormatError(`TOC entry ${index} (${name}): ${error.message}`, { ...options, cause: error });
}

// The name of an entry of the array at whose bracket the scanner stands.
function quoteName(scanner: JsonScanner, index: number): string {
  scanner.enter(CLOSE_ARRAY);
  for (let before = 0; before < index; before++) {
    scanner.value();
    scanner.more(CLOSE_ARRAY);
  }
  if (scanner.peek() !== OPEN_OBJECT) return 'no object';
  const entry = new TocEntry(scanner);
  entry.read();
  return entry.quote(KEY.name);
}
