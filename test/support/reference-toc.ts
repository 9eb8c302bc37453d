// A second reader of TOCs, which is as plain as it can be: JSON.parse, objects, a walk from the root for every name.
// It says what parseToc must give. Only the checks of single values are shared with it.
import { FormatError } from '../../src/errors.ts';
import { DEFAULT_LIMITS, MAX_DEV_MAJOR, MAX_DEV_MINOR, MAX_ID } from '../../src/estargz/limits.ts';
import { MAX_LINK_LENGTH, MAX_NAME_LENGTH, SPARE_IMPLIED_DIRS } from '../../src/estargz/limits.ts';
import type { LayerFormat } from '../../src/estargz/footer.ts';
import type { ChunkTable, Toc, TocNode } from '../../src/estargz/model.ts';
import { parseDigestField, parseInteger, parseText, parseXattrs } from '../../src/estargz/toc-fields.ts';
import { parseTime } from '../../src/estargz/toc-time.ts';

type RawEntry = Readonly<Record<string, unknown>>;
type Type = TocNode['type'];

/** A chunk; blobOffset and the rest as in the chunk table. */
interface Chunk {
  readonly blobOffset: number;
  readonly innerOffset: number;
  readonly fileOffset: number;
  readonly size: number;
  readonly digest: string | undefined;
  readonly isHole: boolean;
}

const TYPES: ReadonlySet<unknown> = new Set(['reg', 'dir', 'symlink', 'char', 'block', 'fifo']);
const HIDDEN = ['stargz.index.json', '.prefetch.landmark', '.no.prefetch.landmark'];

/** @throws FormatError when the TOC is refused. The messages are shorter than those of parseToc. */
export function referenceToc(tocJson: Uint8Array, payloadEnd: number, format: LayerFormat = 'estargz'): Toc {
  const layer = new ReferenceLayer(payloadEnd, format);
  for (const entry of entriesOf(tocJson)) layer.read(entry);
  return layer.finish();
}

function entriesOf(tocJson: Uint8Array): unknown[] {
  let toc: unknown;
  try {
    toc = JSON.parse(Buffer.from(tocJson).toString());
  } catch {
    throw new FormatError('not JSON');
  }
  if (!isObject(toc) || toc['version'] !== 1) throw new FormatError('no TOC');
  const entries = toc['entries'] ?? [];
  if (!Array.isArray(entries)) throw new FormatError('no entries');
  return entries;
}

class ReferenceLayer {
  readonly #root = node('dir', { mode: 0o755 });
  #rootFields: TocNode = this.#root;
  readonly #payloadEnd: number;
  readonly #format: LayerFormat;
  readonly #chunks = new Map<TocNode, Chunk[]>();
  readonly #waiting = new Map<string, { path: string[]; target: string[] }>();
  #impliedDirs = SPARE_IMPLIED_DIRS;
  #file: TocNode | undefined;
  #fileName: unknown;

  constructor(payloadEnd: number, format: LayerFormat) {
    this.#payloadEnd = payloadEnd;
    this.#format = format;
  }

  read(entry: unknown): void {
    require(isObject(entry), 'an object');
    if (entry['type'] === 'chunk') {
      require(this.#file !== undefined, 'a file before its chunks');
      require(entry['name'] === undefined || entry['name'] === this.#fileName, 'the name of the file');
      this.#addChunk(this.#file, entry);
      return;
    }
    this.#endFile();
    this.#impliedDirs += 4;
    const path = parsePath(entry['name'], 'name');
    if (entry['type'] === 'hardlink') this.#link(path, parsePath(entry['linkName'], 'linkName'));
    else this.#addNode(path, entry);
  }

  #addNode(path: string[], entry: RawEntry): void {
    const added = parseNode(entry);
    this.#add(path, added);
    if (added.size === 0) return;
    this.#file = added;
    this.#fileName = entry['name'];
    this.#chunks.set(added, []);
    this.#addChunk(added, entry);
  }

  #add(path: string[], added: TocNode): void {
    if (path.length === 0) {
      require(added.type === 'dir', 'a root that is a directory');
      this.#rootFields = added;
      return;
    }
    this.#waiting.delete(path.join('/'));
    const siblings = this.#parent(path);
    const existing = siblings.get(path.at(-1)!);
    const keepsChildren = added.type === 'dir' && existing?.type === 'dir';
    siblings.set(path.at(-1)!, keepsChildren ? { ...added, children: existing.children } : added);
  }

  #parent(path: string[]): Map<string, TocNode> {
    let children = this.#root.children!;
    for (const name of path.slice(0, -1)) {
      let next = children.get(name);
      if (next === undefined) {
        require(this.#impliedDirs-- > 0, 'fewer directories without an entry');
        children.set(name, (next = node('dir', { mode: 0o755 })));
      }
      require(next.children !== undefined, 'a directory');
      children = next.children;
    }
    return children;
  }

  #link(path: string[], target: string[]): void {
    require(path.length > 0, 'a root that is a directory');
    require(path.join('/') !== target.join('/'), 'another target');
    const found = this.#lookup(target);
    if (found === undefined) this.#waiting.set(path.join('/'), { path, target });
    else this.#addLink(path, found);
  }

  #addLink(path: string[], target: TocNode): void {
    require(target.type !== 'dir', 'a target that is no directory');
    this.#add(path, target);
  }

  #lookup(path: string[]): TocNode | undefined {
    let found: TocNode | undefined = this.#root;
    for (const name of path) found = found?.children?.get(name);
    return found;
  }

  // Each link, and the links on the way to its target, take the inode at the end of the way.
  #resolveLinks(): void {
    for (const first of this.#waiting.values()) {
      const way = new Set([first]);
      let link = first;
      let found = this.#lookup(link.target);
      while (found === undefined) {
        const next = this.#waiting.get(link.target.join('/'));
        require(next !== undefined && !way.has(next), 'a target');
        way.add(next);
        link = next;
        found = this.#lookup(link.target);
      }
      for (const { path } of way) this.#addLink(path, found);
    }
  }

  #addChunk(file: TocNode, entry: RawEntry): void {
    const max = Number.MAX_SAFE_INTEGER;
    const { maxChunkSize } = DEFAULT_LIMITS;
    const given = parseInteger(entry['chunkSize'], 'chunkSize', max);
    const isWhole = entry['type'] === 'reg' && (given === 0 || given === file.size);
    const chunkDigest = parseDigestField(entry['chunkDigest'], 'chunkDigest');
    const digest = chunkDigest ?? (isWhole ? parseDigestField(entry['digest'], 'digest') : undefined);
    const blobOffset = parseInteger(entry['offset'], 'offset', this.#payloadEnd - 1);
    const innerOffset = parseInteger(entry['innerOffset'], 'innerOffset', maxChunkSize);
    const fileOffset = parseInteger(entry['chunkOffset'], 'chunkOffset', max);
    const reached = this.#reached(file);
    require(fileOffset === reached, 'the end of the chunk before');
    const rest = file.size - reached;
    const size = given === 0 ? rest : given;
    const isHole = this.#isHole(entry['chunkType']);
    const maxEnd = isHole ? 2 ** 32 - 1 : maxChunkSize;
    require(size > 0 && size <= rest && innerOffset + size <= maxEnd, 'another size');
    this.#chunks.get(file)!.push({ blobOffset, innerOffset, fileOffset, size, digest, isHole });
  }

  #isHole(type: unknown): boolean {
    if (this.#format !== 'zstd:chunked-containers') return false;
    require(type === undefined || type === null || type === '' || type === 'zeros', 'a chunk type');
    return type === 'zeros';
  }

  #reached(file: TocNode): number {
    return this.#chunks.get(file)!.reduce((sum, { size }) => sum + size, 0);
  }

  #endFile(): void {
    const file = this.#file;
    this.#file = undefined;
    require(file === undefined || this.#reached(file) === file.size, 'the whole file');
  }

  finish(): Toc {
    this.#endFile();
    this.#resolveLinks();
    const root = { ...this.#rootFields, children: this.#root.children };
    const prefetchEnd = this.#prefetchEnd();
    for (const name of HIDDEN) root.children!.delete(name);
    const { nodes, nameCount } = countNames(root);
    const owners = nodes.filter((owner) => owner.size > 0);
    const firstOf = (owner: TocNode): Chunk => this.#chunks.get(owner)![0]!;
    owners.sort((a, b) => compareChunks(firstOf(a), firstOf(b)));
    const chunks: Chunk[] = [];
    for (const owner of owners) {
      owner.firstChunk = chunks.length;
      chunks.push(...this.#chunks.get(owner)!);
      owner.chunkCount = chunks.length - owner.firstChunk;
    }
    const starts = [...this.#chunks.values()].flat().map(({ blobOffset }) => blobOffset);
    const verifiable = chunks.every(({ digest, isHole }) => isHole || digest !== undefined);
    const table = tableOf(chunks, starts, this.#payloadEnd);
    const counts = { inodeCount: nodes.length, nameCount };
    return { root, ...counts, chunks: table, verifiable, prefetchEnd, payloadEnd: this.#payloadEnd };
  }

  #prefetchEnd(): Toc['prefetchEnd'] {
    if (this.#root.children!.get('.no.prefetch.landmark')?.type === 'reg') return 'none';
    const landmark = this.#root.children!.get('.prefetch.landmark');
    return landmark && this.#chunks.get(landmark)?.[0]?.blobOffset;
  }
}

function countNames(root: TocNode): { nodes: TocNode[]; nameCount: number } {
  const nodes = new Set([root]);
  let nameCount = 0;
  root.nlink = 2;
  for (const directory of nodes) {
    for (const child of directory.children?.values() ?? []) {
      nameCount++;
      nodes.add(child);
      child.nlink += child.type === 'dir' ? 2 : 1;
      if (child.type === 'dir') directory.nlink++;
    }
  }
  return { nodes: [...nodes], nameCount };
}

function compareChunks(a: Chunk, b: Chunk): number {
  return a.blobOffset - b.blobOffset || a.innerOffset - b.innerOffset;
}

function tableOf(chunks: readonly Chunk[], starts: readonly number[], payloadEnd: number): ChunkTable {
  for (const [i, chunk] of chunks.entries()) {
    const before = chunks[i - 1] ?? { blobOffset: -1, innerOffset: 0, size: 0 };
    const isApart = chunk.innerOffset >= before.innerOffset + before.size;
    require(chunk.blobOffset > before.blobOffset || (chunk.blobOffset === before.blobOffset && isApart), 'order');
  }
  const endOf = ({ blobOffset, isHole }: Chunk): number =>
    isHole ? blobOffset : Math.min(payloadEnd, ...starts.filter((at) => at > blobOffset));
  const digestOf = ({ digest }: Chunk): Buffer => Buffer.from(digest?.slice(7) ?? '00'.repeat(32), 'hex');
  return {
    count: chunks.length,
    compression: 'gzip',
    blobOffset: Float64Array.from(chunks, ({ blobOffset }) => blobOffset),
    blobEnd: Float64Array.from(chunks, endOf),
    innerOffset: Float64Array.from(chunks, ({ innerOffset }) => innerOffset),
    fileOffset: Float64Array.from(chunks, ({ fileOffset }) => fileOffset),
    size: Uint32Array.from(chunks, ({ size }) => size),
    digest: new Uint8Array(Buffer.concat(chunks.map(digestOf))),
  };
}

function parseNode(entry: RawEntry): TocNode {
  require(TYPES.has(entry['type']), 'a type');
  const type = entry['type'] as Type;
  const isDevice = type === 'char' || type === 'block';
  const integer = (key: string, limit: number, isMeant = true): number =>
    isMeant ? parseInteger(entry[key], key, limit) : 0;
  const linkName = type === 'symlink' ? parseText(entry['linkName'], 'linkName', MAX_LINK_LENGTH) : undefined;
  require(linkName !== '', 'a target');
  return node(type, {
    mode: type === 'symlink' ? 0o777 : integer('mode', Number.MAX_SAFE_INTEGER) % 0o10000,
    uid: integer('uid', MAX_ID),
    gid: integer('gid', MAX_ID),
    mtimeSec: parseTime(entry['modtime']),
    size: integer('size', DEFAULT_LIMITS.maxFileSize, type === 'reg'),
    linkName,
    devMajor: integer('devMajor', MAX_DEV_MAJOR, isDevice),
    devMinor: integer('devMinor', MAX_DEV_MINOR, isDevice),
    xattrs: parseXattrs(entry['xattrs']),
  });
}

function node(type: Type, fields: Partial<TocNode>): TocNode {
  const numbers = { mode: 0, uid: 0, gid: 0, mtimeSec: 0, size: 0, nlink: 0, devMajor: 0, devMinor: 0 };
  const children = type === 'dir' ? new Map<string, TocNode>() : undefined;
  return {
    ...numbers,
    linkName: undefined,
    xattrs: undefined,
    firstChunk: 0,
    chunkCount: 0,
    ...fields,
    type,
    children,
  };
}

function parsePath(value: unknown, field: string): string[] {
  const parts = parseText(value, field, DEFAULT_LIMITS.maxPathLength).split('/');
  const names = parts.filter((name) => name !== '' && name !== '.');
  require(!names.includes('..') && names.length <= DEFAULT_LIMITS.maxDepth, 'a path');
  require(names.every((name) => Buffer.byteLength(name) <= MAX_NAME_LENGTH), 'names');
  return names;
}

function require(holds: boolean, what: string): asserts holds {
  if (!holds) throw new FormatError(`wanted ${what}`);
}

function isObject(value: unknown): value is RawEntry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
