// What to ask for, and in how many requests: every number of the fetch policy has its name here, with its reason.
// Offsets and sizes are bytes of the blob (compressed). Pure functions; who fetches is fetcher.ts.
import type { ChunkTable } from '../estargz/model.ts';
import { firstChunkFrom, memberOf, nextMissing, spanOf } from './members.ts';
import type { Member, Span } from './members.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Demand merges wanted members over a hole of unwanted ones up to here: less than a tenth of a round trip of an ordinary link. */
export const DEMAND_GAP_BYTES: number = 32 * KIB;
/** The background fill bridges holes up to here, even over bytes that are there: cheaper than one more request. */
export const FILL_GAP_BYTES: number = 64 * KIB;
/** A demand range is split into parallel requests of at least this much: fresh TCP windows grow side by side. */
export const DEMAND_PART_BYTES: number = 256 * KIB;
export const DEMAND_MAX_PARTS = 4;
/** A prefetch request: small enough that a fault beside it loses little when it cuts it. Two are in flight for a layer. */
export const PREFETCH_SPAN_BYTES: number = 4 * MIB;
export const PREFETCH_PARALLEL = 2;
/** A background request: long, because there are few, and cut or paused at the first fault. */
export const FILL_SPAN_BYTES: number = 8 * MIB;
/** Read-ahead requests are short, so that many of them run side by side; a larger member goes whole. */
export const READ_AHEAD_SPAN_BYTES: number = 1 * MIB;
export const READ_AHEAD_PARALLEL = 4;
/** The first read-ahead window, and the largest that doubling reaches. */
export const READ_AHEAD_MIN_BYTES: number = 1 * MIB;
export const READ_AHEAD_MAX_BYTES: number = 16 * MIB;
/** Faults this near after each other in the blob count as sequential: tar headers and small unread files lie between. */
export const SEQUENTIAL_SLACK_BYTES: number = 64 * KIB;
/** A fault waits for a speculative stream that will deliver its member within this many bytes; else it cuts the stream and asks itself. */
export const WAIT_FOR_STREAM_BYTES: number = 1 * MIB;
/** A batch of members that goes to a chunk worker at once. A larger member is a batch of its own. */
export const BATCH_BYTES: number = 256 * KIB;
/** A member that decodes to more than this is not served lazily: it would have to fit into memory, twice. */
export const MAX_MEMBER_BYTES: number = 64 * MIB;

/** A small member is fetched with its neighbours: files that lie together are read together, and a round trip costs more. */
export const SMALL_SPAN_BYTES: number = 64 * KIB;
export const NEIGHBOUR_BYTES_BEFORE: number = 16 * KIB;
export const NEIGHBOUR_BYTES_AFTER: number = 48 * KIB;
/**
 * Who opens one small file after the other waits a round trip for each: with every so many faults of a layer within WAVE_MS
 * the neighbourhood doubles, up to so many times its size. A start of python then waits for 48 reads and not for 124, and half
 * as long, also over a quarter of the bandwidth; twice as much again wins nothing more.
 */
export const NEIGHBOURS_DOUBLE_EVERY = 4;
export const NEIGHBOURS_MAX_FACTOR = 8;

/** A fault wave: this many faults within this time, or this share of the payload asked for on demand. Then the whole blob is streamed. */
export const WAVE_FAULTS = 64;
export const WAVE_MS = 4000;
export const WAVE_SHARE = 0.5;
/** Who reads all of one layer goes on to the next: within this time after a wave, so many faults are a wave in another layer. */
export const WAVE_AGAIN_FAULTS = 12;
export const WAVE_AGAIN_MS = 30_000;
/** A request of a wave: short enough that the next one soon follows a reader who went elsewhere. Two are in flight for a layer. */
export const WAVE_SPAN_BYTES: number = 4 * MIB;
export const WAVE_PARALLEL = 2;
/** Share of smaller layers says nothing: a few faults are most of them, and there is little left to win. */
export const WAVE_SHARE_MIN_BYTES: number = 1 * MIB;

/** Whether a member may be claimed by a new request: something in it is missing, and nobody is fetching it. */
export type Takeable = (member: Member) => boolean;

/**
 * Ranges for the members that faults want now: neighbours are merged, and small holes are bridged when all that
 * lies in them is missing too. No byte that is there, or on its way, is asked for again.
 */
export function planDemand(table: ChunkTable, wanted: readonly Member[], takeable: Takeable): Span[] {
  const spans: Member[][] = [];
  for (const member of wanted) {
    const open = spans.at(-1);
    const bridge = open === undefined ? undefined : bridgeTo(table, open.at(-1)!, member, takeable);
    if (open === undefined || bridge === undefined) spans.push([member]);
    else open.push(...bridge, member);
  }
  return spans.map(spanOf);
}

/** By how much the neighbourhood of a small member is larger than usual, after so many faults of its layer within WAVE_MS. */
export function neighbourFactor(recentFaults: number): number {
  return Math.min(2 ** Math.floor(recentFaults / NEIGHBOURS_DOUBLE_EVERY), NEIGHBOURS_MAX_FACTOR);
}

/** A small span with the neighbours that nobody has or fetches; any other span as it is. */
export function widenSmall(table: ChunkTable, span: Span, takeable: Takeable, factor = 1): Span {
  if (span.blobEnd - span.blobStart > SMALL_SPAN_BYTES) return span;
  const members = [...span.members];
  for (let chunk = members[0]!.first - 1; chunk >= 0; chunk = members[0]!.first - 1) {
    const member = memberOf(table, chunk);
    if (span.blobStart - member.blobStart > NEIGHBOUR_BYTES_BEFORE * factor || !takeable(member)) break;
    members.unshift(member);
  }
  for (let chunk = members.at(-1)!.end; chunk < table.count; chunk = members.at(-1)!.end) {
    const member = memberOf(table, chunk);
    if (member.blobEnd - span.blobEnd > NEIGHBOUR_BYTES_AFTER * factor || !takeable(member)) break;
    members.push(member);
  }
  return spanOf(members);
}

/**
 * The last chunk of the file that begins with `chunk`, when there are several: who opens a big file (a program, a
 * library, an archive) wants its end next, mostly. Undefined when `chunk` is not the first of its file.
 */
export function lastChunkBeside(table: ChunkTable, chunk: number): number | undefined {
  if (table.fileOffset[chunk] !== 0) return undefined;
  let last = chunk;
  while (last + 1 < table.count && table.fileOffset[last + 1]! > 0) last++;
  return last === chunk ? undefined : last;
}

function bridgeTo(table: ChunkTable, from: Member, to: Member, takeable: Takeable): Member[] | undefined {
  if (to.blobStart - from.blobEnd > DEMAND_GAP_BYTES) return undefined;
  const between: Member[] = [];
  for (let chunk = from.end; chunk < to.first;) {
    const member = memberOf(table, chunk);
    if (!takeable(member)) return undefined;
    between.push(member);
    chunk = member.end;
  }
  return between;
}

export interface SpanLimits {
  /** Chunks [fromChunk, endChunk) of the table. */
  readonly fromChunk: number;
  readonly endChunk: number;
  readonly maxBytes: number;
  /** Holes of at most this size, with whatever lies in them, are fetched along. */
  readonly gapBytes: number;
}

/** The next span of missing members in blob order, at least one member; undefined when nothing is left to take. */
export function planSpan(
  table: ChunkTable,
  bitmap: Int32Array,
  limits: SpanLimits,
  takeable: Takeable,
): Span | undefined {
  const members: Member[] = [];
  let chunk = nextMissing(bitmap, limits.fromChunk, limits.endChunk);
  while (chunk < limits.endChunk) {
    const member = memberOf(table, chunk);
    if (takeable(member)) {
      const last = members.at(-1);
      if (last !== undefined) {
        const tooFar = member.blobStart - last.blobEnd > limits.gapBytes;
        if (tooFar || member.blobEnd - members[0]!.blobStart > limits.maxBytes) break;
      }
      members.push(member);
    }
    chunk = nextMissing(bitmap, member.end, limits.endChunk);
  }
  return members.length === 0 ? undefined : spanOf(members);
}

/** The chunks of members that begin in [blobStart, blobEnd). */
export function chunksBetween(table: ChunkTable, blobStart: number, blobEnd: number): { from: number; end: number } {
  return { from: firstChunkFrom(table, blobStart), end: firstChunkFrom(table, blobEnd) };
}

/** [start, end) in up to four parts of about equal size, none below 256 KiB unless it is the only one. */
export function splitDemand(start: number, end: number): { start: number; end: number }[] {
  const parts = Math.max(1, Math.min(DEMAND_MAX_PARTS, Math.floor((end - start) / DEMAND_PART_BYTES)));
  const size = Math.ceil((end - start) / parts);
  return Array.from({ length: parts }, (_, i) => ({
    start: start + i * size,
    end: Math.min(end, start + (i + 1) * size),
  }));
}

/** Members in batches for the chunk workers. */
export function batchesOf(members: readonly Member[]): Span[] {
  const batches: Member[][] = [];
  for (const member of members) {
    const open = batches.at(-1);
    if (open !== undefined && member.blobEnd - open[0]!.blobStart <= BATCH_BYTES) open.push(member);
    else batches.push([member]);
  }
  return batches.map(spanOf);
}
