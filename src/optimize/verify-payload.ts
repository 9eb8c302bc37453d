// The decompressed bytes of a blob, region by region: through the tar scanner, through the digests of chunks, and through
// the digest that is the layer's diff id. At the end, where each chunk is by its member is compared with where it is in the tar.
import { createHash } from 'node:crypto';
import type { ByteReader } from '../build/byte-reader.ts';
import { FormatError } from '../errors.ts';
import { NO_PREFETCH_LANDMARK, PREFETCH_LANDMARK } from '../estargz/parse-toc.ts';
import type { Digest } from '../oci/digest.ts';
import { TarScanner } from '../tar/scanner.ts';
import { TocEntries } from './inspect-entries.ts';
import type { StoredFormat } from './inspect-model.ts';
import type { LayerToc } from './inspect-toc.ts';
import { ChunkChecker, type ChunkProblem } from './verify-chunks.ts';
import { EntryChecker, quoted, type ExpectedToc } from './verify-entries.ts';
import type { Findings } from './verify-findings.ts';
import type { RegionFailure } from './verify-inflate-batch.ts';
import { RegionInflater, type InflatedRegion, type InflatePool } from './verify-inflate.ts';
import type { LayerCounts } from './verify-model.ts';
import { regionsOf, type Region } from './verify-regions.ts';
import { pathOfEntry, readRows, type ChunkRows } from './verify-rows.ts';

export interface PayloadJob {
  /** Stands at the blob's first byte. */
  readonly reader: ByteReader;
  readonly format: StoredFormat;
  /** Undefined when there is none that can be used. */
  readonly toc: LayerToc | undefined;
  readonly size: number;
  readonly pool: InflatePool;
  readonly findings: Findings;
}

export interface PayloadFacts {
  /** Undefined when the blob can't be decompressed. */
  readonly diffId: Digest | undefined;
  readonly size: number | undefined;
  readonly counts: LayerCounts;
}

/** Reads the blob to its end. @throws what `reader` throws. */
export async function checkPayload(job: PayloadJob, signal?: AbortSignal): Promise<PayloadFacts> {
  const { toc, reader, findings, size } = job;
  const expected = toc === undefined ? undefined : expectedOf(toc);
  const check = new PayloadCheck(expected, findings);
  const all: Region = { start: 0, end: size, part: 'payload', firstChunk: 0, endChunk: 0 };
  if (job.format === 'tar') {
    check.begin([all]);
    for await (const piece of reader.rest()) check.push(piece);
    check.end(undefined);
  } else if (size > 0) {
    const regions =
      toc === undefined || expected === undefined ? [all] : regionsOf(expected.rows, toc.footer, toc.blobSize);
    const inflater = new RegionInflater(job.pool, reader, job.format.startsWith('zstd') ? 'zstd' : 'gzip');
    for await (const region of inflater.inflate(regions)) {
      signal?.throwIfAborted();
      await takeRegion(check, region);
    }
  }
  return check.finish();
}

async function takeRegion(check: PayloadCheck, region: InflatedRegion): Promise<void> {
  check.begin(region.regions);
  for await (const piece of region.pieces) check.push(piece);
  check.end(region.failure);
}

function expectedOf({ json, digest, footer }: LayerToc): ExpectedToc {
  const entries = new TocEntries(json);
  const isInTar = footer.format === 'estargz' || footer.format === 'stargz';
  return { entries, rows: readRows(entries, footer.format === 'zstd:chunked-containers'), digest, isInTar };
}

/** Fed with regions in order. */
class PayloadCheck {
  readonly #toc: ExpectedToc | undefined;
  readonly #findings: Findings;
  readonly #entries: EntryChecker;
  readonly #chunks: ChunkChecker | undefined;
  readonly #scanner: TarScanner;
  readonly #hash = createHash('sha256');
  #regions: readonly Region[] = [];
  #members = 0;
  #offset = 0;
  /** A region could not be decompressed: nobody knows where in the tar what follows is. */
  #isBroken = false;
  /** The tar's own error was found. */
  #isTarWrong = false;

  constructor(toc: ExpectedToc | undefined, findings: Findings) {
    this.#toc = toc;
    this.#findings = findings;
    this.#entries = new EntryChecker(toc, findings);
    this.#chunks = toc === undefined ? undefined : new ChunkChecker(toc.rows);
    this.#scanner = new TarScanner(this.#entries);
  }

  begin(regions: readonly Region[]): void {
    this.#regions = regions;
    this.#members += regions.length;
    this.#chunks?.beginRegion(regions[0]!, this.#isBroken ? Number.NaN : this.#offset);
    for (const { start, firstChunk, endChunk } of regions.slice(1)) this.#noMember(start, firstChunk, endChunk);
  }

  push(piece: Buffer): void {
    this.#hash.update(piece);
    this.#chunks?.push(piece);
    this.#offset += piece.length;
    if (!this.#isBroken) this.#scan(() => this.#scanner.push(piece));
  }

  end(failure: RegionFailure | undefined): void {
    if (failure === undefined) {
      this.#chunks?.endRegion();
      return;
    }
    this.#chunks?.skipRegion();
    this.#isBroken = true;
    const [{ start, end, firstChunk, endChunk, part }] = this.#regions as readonly [Region];
    const owner = firstChunk < endChunk ? `, where ${this.#ownerOf(this.#row(firstChunk))} is` : '';
    const where = part === 'payload' ? owner : `, the ${part === 'toc' ? 'table of contents' : 'end of the blob'}`;
    this.#findings.add('member', `bytes ${start} to ${end}${where}: ${FAILURES[failure.kind]}: ${failure.detail}`, {
      offset: start,
      path: firstChunk < endChunk ? this.#pathOf(this.#row(firstChunk)) : null,
    });
  }

  finish(): PayloadFacts {
    if (!this.#isBroken) {
      this.#scan(() => this.#scanner.end());
      if (!this.#isTarWrong) this.#entries.finish();
    }
    const { rows } = this.#toc ?? {};
    if (rows !== undefined) for (const row of rows.order) this.#reportChunk(row, rows);
    const { count } = this.#entries;
    return {
      diffId: this.#isBroken ? undefined : `sha256:${this.#hash.digest('hex')}`,
      size: this.#isBroken ? undefined : this.#offset,
      counts: { entries: count, chunks: rows?.count ?? 0, members: this.#members },
    };
  }

  #scan(work: () => void): void {
    if (this.#isTarWrong) return;
    try {
      work();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.#isTarWrong = true;
      this.#findings.add('tar', error.message, { offset: error.offset ?? null });
    }
  }

  #noMember(start: number, firstChunk: number, endChunk: number): void {
    const owner = firstChunk < endChunk ? this.#row(firstChunk) : undefined;
    const who = owner === undefined ? 'the table of contents' : this.#ownerOf(owner);
    this.#findings.add('member', `${who} at offset ${start}: no member begins there`, {
      offset: start,
      path: owner === undefined ? null : this.#pathOf(owner),
    });
  }

  #row(position: number): number {
    return this.#toc!.rows.order[position]!;
  }

  #pathOf(row: number): string {
    const { entries, rows } = this.#toc!;
    return pathOfEntry(entries.read(rows.fileEntry[row]!));
  }

  /** `usr/bin/x: chunk 3 of 5` */
  #ownerOf(row: number): string {
    const { rows } = this.#toc!;
    const file = rows.fileEntry[row]!;
    return `${quoted(this.#pathOf(row))}: chunk ${row - rows.filesFirst[file]! + 1} of ${rows.filesCount[file]}`;
  }

  #reportChunk(row: number, rows: ChunkRows): void {
    const problem = this.#chunks?.problems.get(row);
    const byMember = this.#chunks?.placeByMember[row] ?? Number.NaN;
    const inTar = this.#entries.placeInTar[row] ?? Number.NaN;
    const isElsewhere = !Number.isNaN(byMember) && !Number.isNaN(inTar) && byMember !== inTar;
    if (!isElsewhere && problem === undefined && rows.innerOffset[row] === 0) return;
    const path = this.#pathOf(row);
    const offset = rows.blobOffset[row]!;
    const inner = rows.innerOffset[row]!;
    const where = `${this.#ownerOf(row)} at offset ${offset}${inner === 0 ? '' : `, innerOffset ${inner}`}`;
    // A wrong place explains a wrong digest.
    if (isElsewhere) {
      const [expected, actual] = [String(inTar), String(byMember)];
      const message = `${where}: its content is at ${inTar} of the decompressed blob, this place is ${byMember}`;
      this.#findings.add('chunk', message, { path, offset, expected, actual });
    } else if (problem !== undefined) this.#addProblem(where, problem, path, offset);
    if (inner !== 0 && (path === PREFETCH_LANDMARK || path === NO_PREFETCH_LANDMARK)) {
      this.#findings.add('landmark', `${path}: innerOffset is ${inner}, wanted a member of its own`, { path, offset });
    }
  }

  #addProblem(where: string, problem: ChunkProblem, path: string, offset: number): void {
    switch (problem.kind) {
      case 'digest':
        this.#findings.compare('chunk', where, problem.expected, problem.actual, { path, offset });
        break;
      case 'no-digest':
        this.#findings.add('chunk', `${where}: it has no digest`, { path, offset });
        break;
      case 'short':
        this.#findings.add('chunk', `${where}: its member has only ${problem.bytes} bytes`, { path, offset });
        break;
      default:
        this.#findings.add('chunk', `${where}: it shares bytes with many others, and was not checked`, {
          path,
          offset,
        });
    }
  }
}

const FAILURES: Readonly<Record<RegionFailure['kind'], string>> = {
  cut: 'a member is cut, or goes on behind it',
  damaged: 'damaged',
  behind: 'not only members',
  large: 'too large',
};
