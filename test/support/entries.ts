// Names for the entries of a layer, so that a test reads like a listing: [dir('a/'), file('a/b', 'hi')].
// The same lists make plain tars (tar.ts) and eStargz blobs (estargz.ts).

export type EntryType = 'dir' | 'reg' | 'symlink' | 'hardlink' | 'char' | 'block' | 'fifo';

export interface EntryOptions {
  /** Permission bits, setuid, setgid and sticky. */
  mode?: number;
  uid?: number;
  gid?: number;
  /** Seconds since the epoch; 0 unless told, which a TOC leaves out. */
  mtime?: number;
  /** Full names to values; strings are UTF-8. */
  xattrs?: Readonly<Record<string, string | Uint8Array>>;
}

export interface Entry {
  readonly type: EntryType;
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: number;
  readonly xattrs: ReadonlyMap<string, Buffer>;
  readonly content: Buffer;
  readonly linkName: string;
  readonly devMajor: number;
  readonly devMinor: number;
}

/** A directory; a slash at the end of the name is added when it is missing. */
export function dir(name: string, options: EntryOptions = {}): Entry {
  return entry('dir', name.endsWith('/') ? name : `${name}/`, 0o755, options);
}

/** A regular file; strings are UTF-8. */
export function file(name: string, content: string | Uint8Array = '', options: EntryOptions = {}): Entry {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
  return { ...entry('reg', name, 0o644, options), content: bytes };
}

export function symlink(name: string, target: string, options: EntryOptions = {}): Entry {
  return { ...entry('symlink', name, 0o777, options), linkName: target };
}

/** Another name for the entry that is called `target`. */
export function hardlink(name: string, target: string, options: EntryOptions = {}): Entry {
  return { ...entry('hardlink', name, 0o644, options), linkName: target };
}

export function char(name: string, major: number, minor: number, options: EntryOptions = {}): Entry {
  return { ...entry('char', name, 0o600, options), devMajor: major, devMinor: minor };
}

export function block(name: string, major: number, minor: number, options: EntryOptions = {}): Entry {
  return { ...entry('block', name, 0o600, options), devMajor: major, devMinor: minor };
}

export function fifo(name: string, options: EntryOptions = {}): Entry {
  return entry('fifo', name, 0o644, options);
}

/** Bytes that compress badly and differ for each seed; the same for the same arguments. */
export function noise(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = (seed * 2654435761) >>> 0 || 1;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state & 0xff;
  }
  return bytes;
}

function entry(type: EntryType, name: string, mode: number, options: EntryOptions): Entry {
  return {
    type,
    name,
    mode: options.mode ?? mode,
    uid: options.uid ?? 0,
    gid: options.gid ?? 0,
    mtime: options.mtime ?? 0,
    xattrs: new Map(Object.entries(options.xattrs ?? {}).map(([key, value]) => [key, Buffer.from(value as string)])),
    content: Buffer.alloc(0),
    linkName: '',
    devMajor: 0,
    devMinor: 0,
  };
}
