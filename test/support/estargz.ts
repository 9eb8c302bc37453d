// eStargz blobs for tests, built in memory from entry lists by the rules of the format (src/estargz/README.md).
// Small and slow on purpose: one gzipSync call for each member, so that every offset is easy to follow.
import { gunzipSync, gzipSync } from 'node:zlib';
import { digestOf } from '../../src/oci/digest.ts';
import type { Digest } from '../../src/oci/digest.ts';
import { file } from './entries.ts';
import type { Entry } from './entries.ts';
import { END_OF_ARCHIVE, tarHead, tarPadding } from './tar.ts';

/** A TOC entry as JSON; keys as the format names them. Values are free, so that tests can write nonsense. */
export type TocEntryJson = Record<string, unknown>;
export interface TocJson {
  version: unknown;
  entries: TocEntryJson[];
}

export interface BuildOptions {
  /** Largest chunk in bytes; 4 MiB unless told. */
  chunkSize?: number;
  /** A member is closed only when it has this many compressed bytes; 0 (one member for each chunk) unless told. */
  minChunkSize?: number;
  /** The 47-byte footer of the old stargz. */
  legacy?: boolean;
  /** These entries first, with their parents and link targets, then `.prefetch.landmark`. */
  prioritized?: readonly string[];
  /** `.no.prefetch.landmark` in front. */
  noPrefetchLandmark?: boolean;
  /** Changes the TOC before it is written: for hostile TOCs. Digests are computed after it. */
  tocPatch?: (toc: TocJson) => TocJson;
  compressionLevel?: number;
}

export interface BuiltLayer {
  readonly blob: Buffer;
  readonly digest: Digest;
  readonly tocDigest: Digest;
  /** Digest of the uncompressed tar, TOC included. */
  readonly diffId: Digest;
  readonly tocJson: Buffer;
  /** Where the TOC's member begins. */
  readonly tocOffset: number;
}

const LANDMARK_CONTENT = Buffer.from([0x0f]);
const LANDMARKS = new Set(['.prefetch.landmark', '.no.prefetch.landmark']);

/** @throws Error when `prioritized` names an entry that is not there. */
export function buildEstargz(entries: readonly Entry[], options: BuildOptions = {}): BuiltLayer {
  const members = new MemberWriter(options);
  let toc: TocJson = { version: 1, entries: [] };
  for (const entry of sortEntries(entries, options)) toc.entries.push(...appendEntry(members, entry, options));
  const payload = members.finish();
  toc = options.tocPatch?.(toc) ?? toc;
  const tocJson = Buffer.from(JSON.stringify(toc, undefined, '\t'));
  const tocFile = file('stargz.index.json', tocJson, { mode: 0 });
  const tocTar = Buffer.concat([tarHead(tocFile), tocJson, tarPadding(tocFile), END_OF_ARCHIVE]);
  const blob = Buffer.concat([payload, gzipSync(tocTar), footerOf(payload.length, options.legacy ?? false)]);
  return {
    blob,
    digest: digestOf(blob),
    tocDigest: digestOf(tocJson),
    diffId: digestOf(gunzipSync(blob)),
    tocJson,
    tocOffset: payload.length,
  };
}

// An empty gzip member whose extra field holds the offset. Written by hand, so that it is a second opinion on src/estargz/footer.ts.
function footerOf(tocOffset: number, legacy: boolean): Buffer {
  const data = Buffer.from(`${tocOffset.toString(16).padStart(16, '0')}STARGZ`);
  const extra = legacy ? data : Buffer.concat([Buffer.from('SG\x16\x00', 'latin1'), data]);
  const head = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, extra.length, 0]);
  return Buffer.concat([head, extra, Buffer.from('010000ffff0000000000000000', 'hex')]);
}

/** Compresses members one after the other and knows where they begin. */
class MemberWriter {
  readonly #closed: Buffer[] = [];
  readonly #minChunkSize: number;
  readonly #level: number;
  #open: Buffer[] = [];
  #openSize = 0;
  #offset = 0;

  constructor(options: BuildOptions) {
    this.#minChunkSize = options.minChunkSize ?? 0;
    this.#level = options.compressionLevel ?? 6;
  }

  write(bytes: Buffer): void {
    this.#open.push(bytes);
    this.#openSize += bytes.length;
  }

  /** Where the next byte will stand; begins a new member when the rules say so. */
  place(alwaysOwnMember: boolean): { offset: number; innerOffset: number } {
    if (alwaysOwnMember || this.#isFull()) this.#close();
    return { offset: this.#offset, innerOffset: this.#openSize };
  }

  finish(): Buffer {
    this.#close();
    return Buffer.concat(this.#closed);
  }

  #isFull(): boolean {
    if (this.#minChunkSize === 0) return true;
    return this.#openSize >= this.#minChunkSize && this.#compress().length >= this.#minChunkSize;
  }

  #compress(): Buffer {
    return gzipSync(Buffer.concat(this.#open), { level: this.#level });
  }

  #close(): void {
    if (this.#openSize === 0) return;
    const member = this.#compress();
    this.#closed.push(member);
    this.#offset += member.length;
    this.#open = [];
    this.#openSize = 0;
  }
}

// Writes one entry and says what the TOC has of it: one `reg` and a `chunk` for each further chunk of a file.
function appendEntry(members: MemberWriter, entry: Entry, options: BuildOptions): TocEntryJson[] {
  members.write(tarHead(entry));
  const first = describe(entry);
  if (entry.type !== 'reg') return [first];
  first['digest'] = digestOf(entry.content);
  const chunkSize = options.chunkSize ?? 4 * 1024 * 1024;
  const out = [first];
  for (let start = 0; start < entry.content.length; start += chunkSize) {
    const payload = entry.content.subarray(start, start + chunkSize);
    const { offset, innerOffset } = members.place(LANDMARKS.has(entry.name));
    members.write(payload);
    const target = start === 0 ? first : { name: entry.name, type: 'chunk' };
    if (start > 0) out.push(target);
    setUnlessZero(target, { offset, innerOffset, chunkOffset: start });
    // The last, short chunk has no size: it reaches to the end of the file.
    if (payload.length === chunkSize) Object.assign(target, { chunkSize });
    Object.assign(target, { chunkDigest: digestOf(payload) });
  }
  members.write(tarPadding(entry));
  return out;
}

function describe(entry: Entry): TocEntryJson {
  const json: TocEntryJson = { name: entry.name, type: entry.type };
  setUnlessZero(json, { size: entry.content.length });
  if (entry.mtime !== 0) json['modtime'] = new Date(entry.mtime * 1000).toISOString().replace('.000Z', 'Z');
  if (entry.linkName !== '') json['linkName'] = entry.linkName;
  setUnlessZero(json, { mode: entry.mode, uid: entry.uid, gid: entry.gid });
  setUnlessZero(json, { devMajor: entry.devMajor, devMinor: entry.devMinor });
  if (entry.xattrs.size > 0) {
    json['xattrs'] = Object.fromEntries([...entry.xattrs].map(([name, value]) => [name, value.toString('base64')]));
  }
  return json;
}

function setUnlessZero(json: TocEntryJson, fields: Record<string, number>): void {
  for (const [key, value] of Object.entries(fields)) if (value !== 0) json[key] = value;
}

function sortEntries(entries: readonly Entry[], options: BuildOptions): Entry[] {
  const landmark = (name: string): Entry => file(name, LANDMARK_CONTENT, { mode: 0 });
  if (options.noPrefetchLandmark === true) return [landmark('.no.prefetch.landmark'), ...entries];
  if (options.prioritized === undefined) return [...entries];
  const byName = new Map(entries.map((entry) => [clean(entry.name), entry]));
  const first = new Set<Entry>();
  const pick = (name: string): void => {
    if (name !== '') pick(name.slice(0, Math.max(0, name.lastIndexOf('/'))));
    const entry = byName.get(name);
    if (entry?.type === 'hardlink') pick(clean(entry.linkName));
    if (entry !== undefined) first.add(entry);
  };
  for (const name of options.prioritized) {
    if (!byName.has(clean(name))) throw new Error(`no entry is called ${name}`);
    pick(clean(name));
  }
  return [...first, landmark('.prefetch.landmark'), ...entries.filter((entry) => !first.has(entry))];
}

function clean(name: string): string {
  return name.replace(/^(\.?\/)+/, '').replace(/\/+$/, '');
}
