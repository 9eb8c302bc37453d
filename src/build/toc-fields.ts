// What the TOC says of a layer's entries: from tar headers to TOC fields, by the rules of the reference's writer.
import type { TocFields } from '../estargz/encode-toc.ts';
import { xattrsOf } from '../tar/pax.ts';
import type { LayerEntry } from './model.ts';
import { hasParentParts } from './paths.ts';

// Times that a TOC can hold: from year 1 up to the end of year 9999.
const MIN_TIME_SEC = -62_135_596_800;
const MAX_TIME_SEC = 253_402_300_799;

/** Says a name only when it is not the last one that was said for its id: readers remember it. */
export class OwnerNames {
  readonly #users = new Map<number, string>();
  readonly #groups = new Map<number, string>();

  /** The names to write for an entry; '' where there is nothing new. */
  next(entry: LayerEntry): { userName: string; groupName: string } {
    const { uid, gid, userName, groupName } = entry.header;
    return { userName: changed(this.#users, uid, userName), groupName: changed(this.#groups, gid, groupName) };
  }
}

function changed(last: Map<number, string>, id: number, bytes: Buffer): string {
  if (bytes.length === 0) return '';
  const name = bytes.toString();
  if (last.get(id) === name) return '';
  last.set(id, name);
  return name;
}

/** The fields of an entry but for those of its chunks and its owner's names. */
export function entryFields(entry: LayerEntry): TocFields {
  const { header, type, pax } = entry;
  const isDevice = type === 'char' || type === 'block';
  const xattrs = xattrsOf(pax);
  return {
    name: nameOf(entry),
    type,
    size: type === 'reg' ? header.size : 0,
    modtime: encodeTime(mtimeOf(entry)),
    linkName: linkNameOf(entry),
    mode: header.mode & 0o7777,
    uid: header.uid,
    gid: header.gid,
    devMajor: isDevice ? header.devMajor : 0,
    devMinor: isDevice ? header.devMinor : 0,
    ...(xattrs === undefined ? {} : { xattrs }),
    ...(entry.digest === undefined ? {} : { digest: entry.digest }),
  };
}

// As the tar has it. What readers would refuse is written the way that unpacking takes it.
function nameOf({ header, path }: LayerEntry): string {
  const name = header.name.toString();
  return hasParentParts(name) ? path : name;
}

function linkNameOf({ type, header, linkPath }: LayerEntry): string {
  if (type !== 'symlink' && type !== 'hardlink') return '';
  const name = header.linkName.toString();
  return linkPath !== undefined && hasParentParts(name) ? linkPath : name;
}

/** Seconds, rounded to the nearest as the reference does; 0, which means none, within the first second. */
function mtimeOf(entry: LayerEntry): number {
  const { mtimeSec } = entry.header;
  const record = entry.pax.get('mtime');
  if (record === undefined || mtimeSec === 0) return mtimeSec;
  const text = Buffer.from(record).toString('latin1');
  const fraction = /\.([0-9]*[1-9])/.exec(text)?.[1];
  if (fraction === undefined) return mtimeSec;
  // `mtimeSec` is rounded down, so before 1970 a small fraction is far above it.
  const isSmall = fraction < '5';
  return mtimeSec + (isSmall === text.startsWith('-') ? 1 : 0);
}

/** RFC 3339 in UTC; '' for the epoch, and for what no TOC can hold before it. */
export function encodeTime(seconds: number): string {
  if (seconds === 0 || seconds <= MIN_TIME_SEC) return '';
  return `${new Date(Math.min(seconds, MAX_TIME_SEC) * 1000).toISOString().slice(0, 19)}Z`;
}
