// Blobs with a TOC for tests, in every format, built in memory from entry lists by the rules of the format
// (src/estargz/README.md). Small and slow on purpose: one call for each member, so that every offset is easy to follow.
import type { LayerFormat } from '../../src/estargz/footer.ts';
import { digestOf } from '../../src/oci/digest.ts';
import type { Digest } from '../../src/oci/digest.ts';
import { appendContainersEntry } from './containers-entry.ts';
import { file } from './entries.ts';
import type { Entry } from './entries.ts';
import { endingOf } from './layer-ending.ts';
import { MemberWriter } from './member-writer.ts';
import { tarHead, tarPadding } from './tar.ts';
import { describe, setUnlessZero } from './toc-entry-json.ts';
import type { TocEntryJson } from './toc-entry-json.ts';

export interface TocJson {
  version: unknown;
  entries: TocEntryJson[];
}

export interface BuildOptions {
  /** Largest chunk in bytes; 4 MiB unless told. */
  chunkSize?: number;
  /** A member is closed only when it has this many compressed bytes; 0 (one member for each chunk) unless told. */
  minChunkSize?: number;
  /** `estargz` unless told. */
  format?: LayerFormat;
  /** These entries first, with their parents and link targets, then `.prefetch.landmark`. */
  prioritized?: readonly string[];
  /** `.no.prefetch.landmark` in front. */
  noPrefetchLandmark?: boolean;
  /** Changes the TOC before it is written: for hostile TOCs. Digests are computed after it. */
  tocPatch?: (toc: TocJson) => TocJson;
  compressionLevel?: number;
}

export interface BuiltLayer {
  readonly format: LayerFormat;
  readonly blob: Buffer;
  readonly digest: Digest;
  readonly tocDigest: Digest;
  /** Digest of the compressed TOC. */
  readonly tocChecksum: Digest;
  /** Digest of the uncompressed tar, TOC included where it is part of it. */
  readonly diffId: Digest;
  readonly tocJson: Buffer;
  /** Where the TOC's member begins, or the content of its frame. */
  readonly tocOffset: number;
  /** Where the payload ends. */
  readonly payloadEnd: number;
  /** The blob of the TOC when that is external. */
  readonly externalToc: Buffer | undefined;
}

const LANDMARK_CONTENT = Buffer.from([0x0f]);
const LANDMARKS = new Set(['.prefetch.landmark', '.no.prefetch.landmark']);

/** @throws Error when `prioritized` names an entry that is not there. */
export function buildEstargz(entries: readonly Entry[], options: BuildOptions = {}): BuiltLayer {
  const { format = 'estargz' } = options;
  const members = new MemberWriter({ ...options, isZstd: format.startsWith('zstd') });
  const append = format === 'zstd:chunked-containers' ? appendContainersEntry : appendEntry;
  let toc: TocJson = { version: 1, entries: [] };
  for (const entry of sortEntries(entries, options)) toc.entries.push(...append(members, entry, options));
  const payload = members.finish();
  toc = options.tocPatch?.(toc) ?? toc;
  const tocJson = Buffer.from(JSON.stringify(toc, undefined, '\t'));
  const ending = endingOf(format, payload.length, tocJson);
  const blob = Buffer.concat([payload, ending.bytes]);
  return {
    format,
    blob,
    digest: digestOf(blob),
    tocDigest: digestOf(tocJson),
    tocChecksum: digestOf(ending.compressedToc),
    diffId: digestOf(Buffer.concat([members.plain(), ending.plain])),
    tocJson,
    tocOffset: ending.tocOffset,
    payloadEnd: payload.length,
    externalToc: format === 'external-toc' ? ending.compressedToc : undefined,
  };
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
