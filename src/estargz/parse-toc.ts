// From the TOC's JSON to a checked Toc: everything that the image's author, or whoever stands in between, could have
// put there is either in range and consistent after this, or an error that names the entry.
// Runs in a worker thread. Specification: docs/estargz.md of stargz-snapshotter, "TOC"; reader rules in README.md.
import { FormatError } from '../errors.ts';
import { TOC_NAME } from './decode-toc.ts';
import { DEFAULT_LIMITS, MAX_DEV_MAJOR, MAX_DEV_MINOR, MAX_ID } from './limits.ts';
import type { TocLimits } from './limits.ts';
import type { ChunkCompression, NodeType, Toc, TocNode } from './model.ts';
import { buildChunkTable, ChunkList } from './toc-chunks.ts';
import {
  parseDigestField,
  parseInteger,
  parseLinkTarget,
  parseMode,
  parsePath,
  parseTime,
  parseXattrs,
  quote,
} from './toc-fields.ts';
import type { RawEntry } from './toc-fields.ts';
import { makeNode, TocTree } from './toc-tree.ts';

/** Regular files at the root that say how far to prefetch; hidden, like the TOC itself. */
export const PREFETCH_LANDMARK = '.prefetch.landmark';
export const NO_PREFETCH_LANDMARK = '.no.prefetch.landmark';

const NODE_TYPES: ReadonlySet<string> = new Set<NodeType>(['reg', 'dir', 'symlink', 'char', 'block', 'fifo']);

export interface ParseTocOptions {
  /** Where the payload ends in the blob: every member begins before it. */
  readonly payloadEnd: number;
  /** gzip unless told. */
  readonly compression?: ChunkCompression;
  readonly limits?: Partial<TocLimits>;
}

/**
 * Parses and checks the JSON of a TOC. Keeps nothing of it.
 * @throws FormatError, naming the entry's index and name, when anything is out of range or contradicts something else.
 */
export function parseToc(tocJson: Uint8Array, options: ParseTocOptions): Toc {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const entries = parseEntries(tocJson, limits);
  const errorAt = (index: number, error: FormatError): FormatError => entryError(entries, index, error);
  const reader = new EntryReader(entries.length, options.payloadEnd, limits);
  try {
    for (const entry of entries) reader.read(entry);
    reader.endFile();
  } catch (error) {
    throw error instanceof FormatError ? errorAt(reader.index, error) : error;
  }
  reader.tree.finish(errorAt);
  const root = reader.tree.root;
  const prefetchEnd = takeLandmarks(root, reader.chunks);
  const { files, inodeCount, nameCount } = countLinks(root);
  const verifiable = files.every((file) => hasDigests(reader.chunks, file));
  const compression = options.compression ?? 'gzip';
  const chunks = buildChunkTable(reader.chunks, files, { compression, payloadEnd: options.payloadEnd, errorAt });
  return { root, inodeCount, nameCount, chunks, verifiable, prefetchEnd, payloadEnd: options.payloadEnd };
}

function parseEntries(tocJson: Uint8Array, limits: TocLimits): unknown[] {
  const toc = parseJson(tocJson);
  if (!isObject(toc)) throw new FormatError(`TOC: got ${quote(toc)}, wanted an object`);
  if (toc['version'] !== 1) throw new FormatError(`TOC version: got ${quote(toc['version'])}, wanted 1`);
  // Go writes an empty list as null.
  const entries = toc['entries'] ?? [];
  if (!Array.isArray(entries)) throw new FormatError(`TOC entries: got ${quote(entries)}, wanted an array`);
  if (entries.length > limits.maxEntries) {
    throw new FormatError(`TOC entries: got ${entries.length}, wanted ${limits.maxEntries} at most`);
  }
  return entries;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'));
  } catch (error) {
    throw new FormatError('TOC is not JSON', { cause: error });
  }
}

/** Reads entries one after the other into a tree and a list of chunks. */
class EntryReader {
  readonly tree: TocTree;
  readonly chunks: ChunkList;
  readonly #limits: TocLimits;
  readonly #payloadEnd: number;
  /** The file whose chunk entries may follow, and its name as the TOC has it. */
  #file: TocNode | undefined;
  #fileName: unknown;
  #index = -1;

  constructor(entryCount: number, payloadEnd: number, limits: TocLimits) {
    this.tree = new TocTree(entryCount);
    this.chunks = new ChunkList(limits.maxChunkSize);
    this.#limits = limits;
    this.#payloadEnd = payloadEnd;
  }

  /** Index of the entry that was read last: the one that an error is about. */
  get index(): number {
    return this.#index;
  }

  read(entry: unknown): void {
    if (!isObject(entry) || entry['type'] !== 'chunk') this.endFile();
    this.#index++;
    if (!isObject(entry)) throw new FormatError(`got ${quote(entry)}, wanted an object`);
    if (entry['type'] === 'chunk') this.#readChunk(entry);
    else this.#readNode(entry);
  }

  #readNode(entry: RawEntry): void {
    const path = parsePath(entry['name'], 'name', this.#limits);
    if (entry['type'] === 'hardlink') {
      this.tree.link(path, parsePath(entry['linkName'], 'linkName', this.#limits), this.#index);
      return;
    }
    const node = parseNode(entry, this.#limits);
    this.tree.add(path, node);
    if (node.size === 0) return;
    this.#file = node;
    this.#fileName = entry['name'];
    this.#addChunk(node, entry);
  }

  /** @throws FormatError when the last file's chunks do not reach its end. */
  endFile(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file === undefined || this.chunks.reached(file) === file.size) return;
    throw new FormatError(
      `chunkSize: the chunks of this file end at ${this.chunks.reached(file)}, wanted its size, ${file.size}`,
    );
  }

  #readChunk(entry: RawEntry): void {
    if (this.#file === undefined) throw new FormatError('type: a chunk after no file that has chunks');
    const name = entry['name'];
    if (name !== undefined && name !== this.#fileName) {
      throw new FormatError(`name: a chunk of another file than ${quote(this.#fileName)}, which is before it`);
    }
    this.#addChunk(this.#file, entry);
  }

  #addChunk(file: TocNode, entry: RawEntry): void {
    const max = Number.MAX_SAFE_INTEGER;
    const size = parseInteger(entry['chunkSize'], 'chunkSize', max);
    const isWholeFile = entry['type'] === 'reg' && (size === 0 || size === file.size);
    const digest = parseDigestField(entry['chunkDigest'], 'chunkDigest');
    this.chunks.add(file, {
      blobOffset: parseInteger(entry['offset'], 'offset', this.#payloadEnd - 1),
      innerOffset: parseInteger(entry['innerOffset'], 'innerOffset', this.#limits.maxChunkSize),
      fileOffset: parseInteger(entry['chunkOffset'], 'chunkOffset', max),
      size,
      // The digest of a whole file is that of its chunk when it has only one.
      digest: digest ?? (isWholeFile ? parseDigestField(entry['digest'], 'digest') : undefined),
      entryIndex: this.#index,
    });
  }
}

function parseNode(entry: RawEntry, limits: TocLimits): TocNode {
  const type = entry['type'];
  if (!isNodeType(type)) throw new FormatError(`type: got ${quote(type)}, wanted one of the format`);
  const isDevice = type === 'char' || type === 'block';
  return makeNode({
    type,
    // Linux has no permissions on symlinks: whatever a tar says, unpacking gives 0777.
    mode: type === 'symlink' ? 0o777 : parseMode(entry['mode']),
    uid: parseInteger(entry['uid'], 'uid', MAX_ID),
    gid: parseInteger(entry['gid'], 'gid', MAX_ID),
    mtimeSec: parseTime(entry['modtime']),
    size: type === 'reg' ? parseInteger(entry['size'], 'size', limits.maxFileSize) : 0,
    linkName: type === 'symlink' ? parseLinkTarget(entry['linkName']) : undefined,
    devMajor: isDevice ? parseInteger(entry['devMajor'], 'devMajor', MAX_DEV_MAJOR) : 0,
    devMinor: isDevice ? parseInteger(entry['devMinor'], 'devMinor', MAX_DEV_MINOR) : 0,
    xattrs: parseXattrs(entry['xattrs']),
  });
}

// Removes what is hidden at the root, and says how far to prefetch. "None" wins, as in the reference.
function takeLandmarks(root: TocNode, chunks: ChunkList): Toc['prefetchEnd'] {
  const landmark = root.children?.get(PREFETCH_LANDMARK);
  const isForbidden = root.children?.get(NO_PREFETCH_LANDMARK)?.type === 'reg';
  for (const name of [TOC_NAME, PREFETCH_LANDMARK, NO_PREFETCH_LANDMARK]) root.children?.delete(name);
  if (isForbidden) return 'none';
  return landmark !== undefined && landmark.chunkCount > 0 ? chunks.blobOffset[landmark.firstChunk] : undefined;
}

interface Counts {
  /** Non-empty regular files, each once, in the order of the tree. */
  readonly files: TocNode[];
  readonly inodeCount: number;
  readonly nameCount: number;
}

// Walks the finished tree: only now it is known which names are left. Link counts are 0 before.
function countLinks(root: TocNode): Counts {
  const files: TocNode[] = [];
  const directories = [root];
  root.nlink = 2;
  let inodeCount = 1;
  let nameCount = 0;
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    for (const child of directory.children?.values() ?? []) {
      nameCount++;
      if (child.nlink === 0) {
        inodeCount++;
        if (child.chunkCount > 0) files.push(child);
      }
      child.nlink++;
      if (child.type !== 'dir') continue;
      child.nlink++;
      directory.nlink++;
      directories.push(child);
    }
  }
  return { files, inodeCount, nameCount };
}

function hasDigests(chunks: ChunkList, file: TocNode): boolean {
  for (let i = file.firstChunk; i < file.firstChunk + file.chunkCount; i++) {
    if (chunks.digest[i] === undefined) return false;
  }
  return true;
}

function entryError(entries: readonly unknown[], index: number, error: FormatError): FormatError {
  const entry = entries[index];
  const name = isObject(entry) ? quote(entry['name']) : 'no object';
  const options = error.offset === undefined ? {} : { offset: error.offset };
  return new FormatError(`TOC entry ${index} (${name}): ${error.message}`, { ...options, cause: error });
}

function isObject(value: unknown): value is RawEntry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNodeType(type: unknown): type is NodeType {
  return typeof type === 'string' && NODE_TYPES.has(type);
}
