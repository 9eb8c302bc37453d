// The index of a layer's tar: gets what the tar scanner finds, checks it, and takes the digest of every file.
import { createHash, hash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { FormatError } from '../errors.ts';
import { TOC_NAME } from '../estargz/decode-toc.ts';
import { DEFAULT_LIMITS } from '../estargz/limits.ts';
import { NO_PREFETCH_LANDMARK, PREFETCH_LANDMARK } from '../estargz/parse-toc.ts';
import type { Digest } from '../oci/digest.ts';
import { digestOf } from '../oci/digest.ts';
import { UnsupportedEntryError } from '../tar/errors.ts';
import type { ScannedEntry } from '../tar/extended-headers.ts';
import { quoteName } from '../tar/scanner.ts';
import type { TarVisitor } from '../tar/scanner.ts';
import { checkEntry } from './check-entry.ts';
import type { LayerEntry } from './model.ts';
import { cleanPath, decodeName, requirePath } from './paths.ts';

const EMPTY_DIGEST: Digest = digestOf(new Uint8Array());

/** Names, link names and PAX records of all entries: with more, the TOC would be larger than readers take. */
const MAX_INDEX_SIZE = 256 * 1024 * 1024;
/** PAX records of all entries: each costs much more than its few bytes. A record of a global header counts for every entry. */
const MAX_RECORDS = 10_000_000;

/** A visitor for `TarScanner`; after the scan, what it has seen. Its errors name the entry and have its offset. */
export class EntryIndex implements TarVisitor {
  readonly entries: LayerEntry[] = [];
  hadToc = false;
  hadLandmarks = false;
  #size = 0;
  #records = 0;
  /** Of the file whose payload comes in more than one piece. */
  #hash: Hash | undefined;
  #digest: Digest = EMPTY_DIGEST;
  /** Undefined for an entry that is left out. */
  #path: string | undefined;
  #linkPath: string | undefined;

  /** @throws FormatError when our reader would refuse the entry, or there are too many. */
  entry(entry: ScannedEntry): void {
    try {
      checkEntry(entry);
      this.#path = pathOf(entry.header.name, 'name');
      this.#linkPath = entry.type === 'hardlink' ? pathOf(entry.header.linkName, 'hard link target') : undefined;
      if (this.#isLeftover(this.#path)) this.#path = undefined;
      this.#account(entry);
    } catch (error) {
      throw error instanceof FormatError ? entryError(entry, error.message, error) : error;
    }
    this.#hash = undefined;
    this.#digest = EMPTY_DIGEST;
  }

  payload(piece: Buffer, { header }: ScannedEntry): void {
    // Most files are small, and one call is cheaper than three.
    if (piece.length === header.size) this.#digest = `sha256:${hash('sha256', piece, 'hex')}`;
    else (this.#hash ??= createHash('sha256')).update(piece);
  }

  entryEnd({ type, header, pax, start, dataStart, fromGlobal }: ScannedEntry): void {
    const path = this.#path;
    if (path === undefined) return;
    let digest: Digest | undefined;
    if (type === 'reg') digest = this.#hash === undefined ? this.#digest : `sha256:${this.#hash.digest('hex')}`;
    this.entries.push({
      type,
      path,
      linkPath: this.#linkPath,
      header,
      pax,
      start,
      dataStart,
      digest,
      needsHeader: fromGlobal,
    });
  }

  // What an earlier build has left at the root, and what would stand below it.
  #isLeftover(path: string): boolean {
    const slash = path.indexOf('/');
    const first = slash === -1 ? path : path.slice(0, slash);
    if (first === TOC_NAME) return (this.hadToc = true);
    if (first === PREFETCH_LANDMARK || first === NO_PREFETCH_LANDMARK) return (this.hadLandmarks = true);
    return false;
  }

  #account({ header, pax }: ScannedEntry): void {
    if (this.entries.length >= DEFAULT_LIMITS.maxEntries) {
      throw new FormatError(`more than ${DEFAULT_LIMITS.maxEntries} entries`);
    }
    this.#size += header.name.length + header.linkName.length;
    for (const [key, value] of pax) this.#size += key.length + value.length;
    if (this.#size > MAX_INDEX_SIZE)
      throw new FormatError(`more than ${MAX_INDEX_SIZE} bytes of names and PAX records`);
    this.#records += pax.size;
    if (this.#records > MAX_RECORDS) throw new FormatError(`more than ${MAX_RECORDS} PAX records`);
  }
}

/** An error about an entry of a layer's tar, with its offset there. */
export function entryError(
  entry: { readonly header: LayerEntry['header']; readonly start: number },
  message: string,
  cause?: unknown,
): UnsupportedEntryError {
  return new UnsupportedEntryError(`tar: at ${entry.start}, entry ${quoteName(entry.header.name)}: ${message}`, {
    offset: entry.start,
    cause,
  });
}

function pathOf(name: Buffer, field: string): string {
  const path = cleanPath(decodeName(name, field));
  requirePath(path, field);
  return path;
}
