// Reads the entries of a TOC, one after the other, into a tree and a list of chunks.
import { FormatError } from '../errors.ts';
import { CLOSE_ARRAY, OPEN_OBJECT } from './json-scanner.ts';
import type { JsonScanner } from './json-scanner.ts';
import { MAX_DEV_MAJOR, MAX_DEV_MINOR, MAX_ID, MAX_LINK_LENGTH } from './limits.ts';
import type { TocLimits } from './limits.ts';
import type { NodeType, TocNode } from './model.ts';
import { ChunkList } from './toc-chunks.ts';
import { KEY, TocEntry } from './toc-entry.ts';
import { parseXattrs, quote } from './toc-fields.ts';
import { PathReader } from './toc-path.ts';
import { makeNode, TocTree } from './toc-tree.ts';
import { WordTable } from './word-table.ts';

const NODE_TYPES: readonly NodeType[] = ['reg', 'dir', 'symlink', 'char', 'block', 'fifo'];
const TYPES = new WordTable([...NODE_TYPES, 'hardlink', 'chunk']);
const HARDLINK: number = NODE_TYPES.length;
/** What containers/storage says of a chunk: data, or nothing but zeros. */
const CHUNK_TYPES = new WordTable(['', 'zeros']);
const ZEROS = 1;
const CHUNK: number = NODE_TYPES.length + 1;

// An entry with a chunk is larger than this, the way that writers write it.
const USUAL_ENTRY_SIZE = 300;

export interface TocReaderOptions {
  /** Where the payload ends in the blob. */
  readonly payloadEnd: number;
  readonly limits: TocLimits;
  /** Whether `chunkType` means something; it is ignored where other readers ignore it. */
  readonly knowsHoles: boolean;
}

/** Grows by `readAll`, once. */
export class TocReader {
  readonly tree: TocTree = new TocTree();
  readonly chunks: ChunkList;
  readonly #scanner: JsonScanner;
  readonly #entry: TocEntry;
  readonly #names: PathReader;
  readonly #targets: PathReader;
  readonly #payloadEnd: number;
  readonly #limits: TocLimits;
  readonly #knowsHoles: boolean;
  /** The file whose chunk entries may follow. */
  #file: TocNode | undefined;
  #index = -1;

  constructor(scanner: JsonScanner, { payloadEnd, limits, knowsHoles }: TocReaderOptions) {
    this.chunks = new ChunkList(limits.maxChunkSize, Math.ceil(scanner.bytes.length / USUAL_ENTRY_SIZE));
    this.#scanner = scanner;
    this.#entry = new TocEntry(scanner);
    this.#names = new PathReader(KEY.name, limits);
    this.#targets = new PathReader(KEY.linkName, limits);
    this.#payloadEnd = payloadEnd;
    this.#limits = limits;
    this.#knowsHoles = knowsHoles;
  }

  /** Index of the entry that was read last: the one that an error is about. */
  get index(): number {
    return this.#index;
  }

  /**
   * Passes the array at whose bracket the scanner stands, up to as many entries as the limits allow.
   * @returns how many it has.
   * @throws FormatError when an entry is not right, or not JSON.
   */
  readAll(): number {
    let count = 0;
    for (let more = this.#scanner.enter(CLOSE_ARRAY); more; more = this.#scanner.more(CLOSE_ARRAY)) {
      if (count++ < this.#limits.maxEntries) this.#read();
      else this.#scanner.value();
    }
    this.#endFile();
    return count;
  }

  #read(): void {
    const entry = this.#entry;
    const isObject = this.#scanner.peek() === OPEN_OBJECT;
    if (isObject) entry.read();
    const type = isObject ? entry.word(KEY.type, TYPES) : -1;
    if (type !== CHUNK) this.#endFile();
    this.#index++;
    if (!isObject) throw new FormatError(`got ${this.#quoteNext()}, wanted an object`);
    if (type === CHUNK) this.#readChunk();
    else if (type === HARDLINK) this.tree.link(this.#names.read(entry), this.#targets.read(entry), this.#index);
    else this.#readNode(type);
  }

  #quoteNext(): string {
    const start = this.#scanner.at;
    this.#scanner.value();
    return quote(this.#scanner.valueAt(start, this.#scanner.at));
  }

  #readNode(typeIndex: number): void {
    const path = this.#names.read(this.#entry);
    const type = NODE_TYPES[typeIndex];
    if (type === undefined) throw new FormatError(`type: got ${this.#entry.quote(KEY.type)}, wanted one of the format`);
    const node = parseNode(this.#entry, type, this.#limits);
    this.tree.add(path, node);
    if (node.size === 0) return;
    this.#file = node;
    this.#entry.keepName();
    this.#addChunk(node, true);
  }

  // Throws when the last file's chunks do not reach its end.
  #endFile(): void {
    const file = this.#file;
    if (file === undefined) return;
    this.#file = undefined;
    const reached = this.chunks.reached(file);
    if (reached === file.size) return;
    throw new FormatError(`chunkSize: the chunks of this file end at ${reached}, wanted its size, ${file.size}`);
  }

  #readChunk(): void {
    if (this.#file === undefined) throw new FormatError('type: a chunk after no file that has chunks');
    if (!this.#entry.mayHaveKeptName()) {
      throw new FormatError(`name: a chunk of another file than ${quote(this.#entry.keptName())}, which is before it`);
    }
    this.#addChunk(this.#file, false);
  }

  #addChunk(file: TocNode, isFirst: boolean): void {
    const entry = this.#entry;
    const max = Number.MAX_SAFE_INTEGER;
    const size = entry.integer(KEY.chunkSize, max);
    const digestAt = this.chunks.reserve();
    // The digest of a whole file is that of its chunk when it has only one.
    const isWholeFile = isFirst && (size === 0 || size === file.size);
    const hasDigest =
      entry.digest(KEY.chunkDigest, this.chunks.digest, digestAt) ||
      (isWholeFile && entry.digest(KEY.digest, this.chunks.digest, digestAt));
    this.chunks.add(file, {
      blobOffset: entry.integer(KEY.offset, this.#payloadEnd - 1),
      innerOffset: entry.integer(KEY.innerOffset, this.#limits.maxChunkSize),
      fileOffset: entry.integer(KEY.chunkOffset, max),
      size,
      hasDigest,
      isHole: this.#knowsHoles && this.#isHole(),
      entryIndex: this.#index,
    });
  }

  #isHole(): boolean {
    const entry = this.#entry;
    if (!entry.has(KEY.chunkType)) return false;
    const type = entry.word(KEY.chunkType, CHUNK_TYPES);
    if (type !== -1 || entry.value(KEY.chunkType) === null) return type === ZEROS;
    throw new FormatError(`chunkType: got ${entry.quote(KEY.chunkType)}, wanted "zeros" or none`);
  }
}

function parseNode(entry: TocEntry, type: NodeType, limits: TocLimits): TocNode {
  const isDevice = type === 'char' || type === 'block';
  return makeNode({
    type,
    // Linux has no permissions on symlinks: whatever a tar says, unpacking gives 0777.
    mode: type === 'symlink' ? 0o777 : parseMode(entry),
    uid: entry.integer(KEY.uid, MAX_ID),
    gid: entry.integer(KEY.gid, MAX_ID),
    mtimeSec: entry.time(),
    size: type === 'reg' ? entry.integer(KEY.size, limits.maxFileSize) : 0,
    linkName: type === 'symlink' ? parseLinkTarget(entry) : undefined,
    devMajor: isDevice ? entry.integer(KEY.devMajor, MAX_DEV_MAJOR) : 0,
    devMinor: isDevice ? entry.integer(KEY.devMinor, MAX_DEV_MINOR) : 0,
    xattrs: entry.has(KEY.xattrs) ? parseXattrs(entry.value(KEY.xattrs)) : undefined,
  });
}

// Permission bits with setuid, setgid and sticky. Tar writers may leave file-type bits in: those are dropped.
function parseMode(entry: TocEntry): number {
  return entry.integer(KEY.mode, Number.MAX_SAFE_INTEGER) % 0o10000;
}

function parseLinkTarget(entry: TocEntry): string {
  const target = entry.text(KEY.linkName, MAX_LINK_LENGTH);
  if (target === '') throw new FormatError('linkName: got none, wanted a target');
  return target;
}
