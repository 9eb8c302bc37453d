// A layer's tar as it goes by, against its table of contents: every entry and its fields, every file's digest and place.
// Without a table of contents, only that it is a tar.
import { createHash, hash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { FormatError } from '../errors.ts';
import { TOC_NAME } from '../estargz/decode-toc.ts';
import { NO_PREFETCH_LANDMARK, PREFETCH_LANDMARK } from '../estargz/parse-toc.ts';
import { KEY } from '../estargz/toc-entry.ts';
import { digestOf, type Digest } from '../oci/digest.ts';
import { cleanPath } from '../build/paths.ts';
import type { ScannedEntry } from '../tar/extended-headers.ts';
import type { TarVisitor } from '../tar/scanner.ts';
import { TocEntries, typeOf } from './inspect-entries.ts';
import { entryDifferences } from './verify-fields.ts';
import type { Findings } from './verify-findings.ts';
import { EntryMatcher } from './verify-match.ts';
import { pathOfEntry, type ChunkRows } from './verify-rows.ts';

/** What the tar is compared with. */
export interface ExpectedToc {
  readonly entries: TocEntries;
  readonly rows: ChunkRows;
  readonly digest: Digest;
  /** The TOC is the last file of the tar. */
  readonly isInTar: boolean;
}

const EMPTY_DIGEST = digestOf(new Uint8Array());
const LANDMARK_CONTENT = 0x0f;

/** A visitor for `TarScanner`. */
export class EntryChecker implements TarVisitor {
  readonly #toc: ExpectedToc | undefined;
  readonly #findings: Findings;
  readonly #matcher: EntryMatcher | undefined;
  /** By row: where the chunk begins in the tar; NaN where that is not known. */
  readonly placeInTar: Float64Array;
  /** Of the tar, without the table of contents. */
  count = 0;
  #tocs = 0;
  #path = '';
  /** What is done with the payload. */
  #wanted: Digest | undefined;
  #hash: Hash | undefined;
  #actual: Digest = EMPTY_DIGEST;
  #landmarks: string[] = [];

  constructor(toc: ExpectedToc | undefined, findings: Findings) {
    this.#toc = toc;
    this.#findings = findings;
    this.#matcher = toc === undefined ? undefined : new EntryMatcher(toc.entries);
    this.placeInTar = new Float64Array(toc?.rows.count ?? 0).fill(Number.NaN);
  }

  entry(scanned: ScannedEntry): void {
    const toc = this.#toc;
    this.#path = cleanPath(scanned.header.name.toString());
    this.#wanted = undefined;
    this.#hash = undefined;
    this.#actual = EMPTY_DIGEST;
    if (toc === undefined) this.count++;
    else if (toc.isInTar && this.#path === TOC_NAME) {
      this.#tocs++;
      this.#wanted = toc.digest;
    } else {
      this.#compare(scanned, toc);
      this.#noteLandmark(scanned);
      this.count++;
    }
  }

  payload(piece: Buffer, { header }: ScannedEntry): void {
    if (isLandmark(this.#path)) this.#checkLandmarkContent(piece);
    if (this.#wanted === undefined) return;
    // Most files are small, and one call is cheaper than three.
    if (piece.length === header.size) this.#actual = `sha256:${hash('sha256', piece, 'hex')}`;
    else (this.#hash ??= createHash('sha256')).update(piece);
  }

  entryEnd(): void {
    if (this.#wanted === undefined) return;
    const actual: Digest = this.#hash === undefined ? this.#actual : `sha256:${this.#hash.digest('hex')}`;
    const what = this.#path === TOC_NAME ? 'the table of contents in the tar' : `${this.#path}: content`;
    const check = this.#path === TOC_NAME ? 'toc' : 'file';
    this.#findings.compare(check, what, this.#wanted, actual, { path: this.#path });
  }

  /** The tar has ended. */
  finish(): void {
    const toc = this.#toc;
    if (toc === undefined || this.#matcher === undefined) return;
    const { added, moved, firstMoved } = this.#matcher.finish();
    for (const index of added) {
      const path = pathOfEntry(toc.entries.read(index));
      this.#findings.add('entry', `${quoted(path)}: in the table of contents, but not in the tar`, { path });
    }
    if (firstMoved !== undefined) {
      const how = moved === 1 ? 'an entry is at another place' : `${moved} entries are at other places`;
      this.#findings.add(
        'entry',
        `another order: the tar has ${quoted(firstMoved.tar)} where the table of contents has ${quoted(firstMoved.toc)}; ${how}`,
        { path: firstMoved.tar, expected: firstMoved.tar, actual: firstMoved.toc },
      );
    }
    if (toc.isInTar && this.#tocs !== 1) {
      this.#findings.add('toc', `the tar has ${this.#tocs} entries ${TOC_NAME}, wanted one`);
    }
    if (this.#landmarks.length > 1) {
      this.#findings.add(
        'landmark',
        `${this.#landmarks.length} landmarks (${this.#landmarks.join(', ')}), wanted one at most`,
      );
    }
  }

  #compare(scanned: ScannedEntry, toc: ExpectedToc): void {
    const path = this.#path;
    const index = this.#matcher?.match(path);
    if (index === undefined) {
      const message = `${quoted(path)}: in the tar at ${scanned.start}, but not in the table of contents`;
      this.#findings.add('entry', message, { path });
      return;
    }
    const type = typeOf(toc.entries.read(index));
    if (type === 'reg' && scanned.type === 'reg') this.#placeChunks(index, scanned.dataStart, toc.rows);
    try {
      const differences = entryDifferences(toc.entries.read(index), type, scanned);
      for (const { field, toc: said, tar } of differences) {
        const message = `${quoted(path)}: ${field} is ${said} in the table of contents, ${tar} in the tar`;
        this.#findings.add('entry', message, { path, expected: tar, actual: said });
      }
      const isSameFile = type === 'reg' && !differences.some(({ field }) => field === 'size' || field === 'type');
      if (isSameFile) this.#wanted = wantedDigest(toc, index);
    } catch (error) {
      // Fields that do not matter to readers of the layer were not looked at before.
      if (!(error instanceof FormatError)) throw error;
      this.#findings.add('toc', `${quoted(path)}: ${error.message}`, { path });
    }
  }

  #placeChunks(index: number, dataStart: number, rows: ChunkRows): void {
    const first = rows.filesFirst[index]!;
    for (let row = first; row < first + rows.filesCount[index]!; row++) {
      this.placeInTar[row] = dataStart + rows.fileOffset[row]!;
    }
  }

  #noteLandmark({ type, header, start }: ScannedEntry): void {
    const path = this.#path;
    if (!isLandmark(path)) return;
    this.#landmarks.push(path);
    if (type !== 'reg' || header.size !== 1) {
      this.#findings.add('landmark', `${path}: a ${type} of ${header.size} bytes, wanted a file of one`, { path });
    }
    if (path === NO_PREFETCH_LANDMARK && this.count > 0) {
      this.#findings.add('landmark', `${path}: at ${start} of the tar, wanted it in front of all entries`, { path });
    }
  }

  #checkLandmarkContent(piece: Buffer): void {
    const [byte] = piece;
    if (this.#toc === undefined || byte === LANDMARK_CONTENT) return;
    this.#findings.add('landmark', `${this.#path}: its content is 0x${byte?.toString(16)}, wanted 0xf`, {
      path: this.#path,
    });
  }
}

function isLandmark(path: string): boolean {
  return path === PREFETCH_LANDMARK || path === NO_PREFETCH_LANDMARK;
}

/** The digest that the payload has to have; undefined when that of its only chunk says the same, or there is none. */
function wantedDigest({ entries, rows }: ExpectedToc, index: number): Digest | undefined {
  const digest = Buffer.alloc(32);
  if (!entries.read(index).digest(KEY.digest, digest, 0)) return undefined;
  const first = rows.filesFirst[index]!;
  const isOnly = rows.filesCount[index] === 1;
  if (isOnly && rows.isHole[first] === 0 && digest.equals(rows.digest.subarray(32 * first, 32 * first + 32)))
    return undefined;
  return `sha256:${digest.toString('hex')}`;
}

/** A path for a message. */
export function quoted(path: string): string {
  if (path === '') return 'the root';
  return /^[\x21-\x7e]+$/.test(path) ? path : JSON.stringify(path);
}
