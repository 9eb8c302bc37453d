// One entry of a layer's tar against the entry of the table of contents that stands for it, field by field, by what
// unpacking the one and mounting the other would give.
import { DEFAULT_LIMITS, MAX_LINK_LENGTH } from '../estargz/limits.ts';
import { KEY } from '../estargz/toc-entry.ts';
import type { TocEntry } from '../estargz/toc-entry.ts';
import { parseXattrs } from '../estargz/toc-fields.ts';
import { asUnpacked } from '../estargz/toc-time.ts';
import { cleanPath } from '../build/paths.ts';
import type { ScannedEntry } from '../tar/extended-headers.ts';
import { xattrsOf } from '../tar/pax.ts';
import type { TocType } from './inspect-entries.ts';

/** A field that differs, in words. */
export interface Difference {
  readonly field: string;
  readonly toc: string;
  readonly tar: string;
}

const MAX = Number.MAX_SAFE_INTEGER;
const MODE_BITS = 0o10000;

/** All differences but those of the name and of contents. The entry is one of a TOC that `parseToc` has taken. */
export function entryDifferences(entry: TocEntry, type: TocType, scanned: ScannedEntry): Difference[] {
  if (type !== scanned.type) return [{ field: 'type', toc: type, tar: scanned.type }];
  const { header } = scanned;
  const differences: Difference[] = [];
  const compare = (field: string, toc: string | number, tar: string | number): void => {
    if (toc !== tar) differences.push({ field, toc: String(toc), tar: String(tar) });
  };
  compare('mode', octal(entry.integer(KEY.mode, MAX)), octal(header.mode));
  compare('uid', entry.integer(KEY.uid, MAX), header.uid);
  compare('gid', entry.integer(KEY.gid, MAX), header.gid);
  const time = entry.time();
  if (!timesOf(scanned).includes(time)) compare('mtime', timeText(time), timeText(timesOf(scanned)[0]!));
  if (type === 'reg') compare('size', entry.integer(KEY.size, MAX), header.size);
  if (type === 'char' || type === 'block') {
    compare('major number', entry.integer(KEY.devMajor, MAX), header.devMajor);
    compare('minor number', entry.integer(KEY.devMinor, MAX), header.devMinor);
  }
  if (type === 'symlink') compare('target', entry.text(KEY.linkName, MAX_LINK_LENGTH), header.linkName.toString());
  if (type === 'hardlink') {
    const target = entry.text(KEY.linkName, DEFAULT_LIMITS.maxPathLength);
    compare('link target', cleanPath(target), cleanPath(header.linkName.toString()));
  }
  differences.push(...xattrDifferences(entry, scanned));
  return differences;
}

function octal(mode: number): string {
  return `0${(((mode % MODE_BITS) + MODE_BITS) % MODE_BITS).toString(8).padStart(3, '0')}`;
}

// The reference rounds to the nearest second, others round down.
function timesOf({ header, pax }: ScannedEntry): readonly number[] {
  const record = pax.get('mtime');
  const hasFraction = record !== undefined && /\.[0-9]*[1-9]/.test(Buffer.from(record).toString('latin1'));
  const down = asUnpacked(header.mtimeSec);
  return hasFraction ? [down, asUnpacked(header.mtimeSec + 1)] : [down];
}

function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

function xattrDifferences(entry: TocEntry, { pax }: ScannedEntry): Difference[] {
  const toc = (entry.has(KEY.xattrs) ? parseXattrs(entry.value(KEY.xattrs)) : undefined) ?? NO_XATTRS;
  const tar = xattrsOf(pax) ?? NO_XATTRS;
  const differences: Difference[] = [];
  for (const name of new Set([...toc.keys(), ...tar.keys()])) {
    const inToc = toc.get(name);
    const inTar = tar.get(name);
    // A record without a value stands for none, as in Go's reader.
    if (sameBytes(inToc, inTar)) continue;
    differences.push({ field: `xattr ${JSON.stringify(name)}`, toc: bytesText(inToc), tar: bytesText(inTar) });
  }
  return differences;
}

const NO_XATTRS: ReadonlyMap<string, Uint8Array> = new Map();

function sameBytes(a: Uint8Array = NOTHING, b: Uint8Array = NOTHING): boolean {
  return Buffer.compare(a, b) === 0;
}

const NOTHING = new Uint8Array();
const SHOWN_BYTES = 64;

function bytesText(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return 'none';
  const shown = Buffer.from(bytes.subarray(0, SHOWN_BYTES)).toString('base64');
  return `${bytes.length} bytes, base64 ${shown}${bytes.length > SHOWN_BYTES ? '...' : ''}`;
}
