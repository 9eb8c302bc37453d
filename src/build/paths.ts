// Names of a tar as paths that a TOC can have and our reader takes (src/estargz/toc-path.ts): cleaned as the reference
// and container runtimes clean them, by their letters alone, and clamped at the root.
import { isUtf8 } from 'node:buffer';
import { FormatError } from '../errors.ts';
import { DEFAULT_LIMITS, MAX_NAME_LENGTH } from '../estargz/limits.ts';

// UTF-8 has at most three bytes for a UTF-16 unit, so what is shorter needs no counting.
const BYTES_PER_UNIT = 3;

const UNCLEAN = /(?:^|\/)\.{0,2}(?:\/|$)/;
const PARENT = /(?:^|\/)\.\.(?:\/|$)/;

/** The path without `./` and `/` in front, `/` behind, doubled slashes, `.` and `..`; '' for the root. `..` stops at the root. */
export function cleanPath(name: string): string {
  let start = 0;
  let end = name.length;
  while (start < end && (name[start] === '/' || (name[start] === '.' && name[start + 1] === '/'))) start++;
  while (end > start && name[end - 1] === '/') end--;
  const path = name.slice(start, end);
  if (!UNCLEAN.test(path)) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** Whether a name has a `..`, which readers of a TOC refuse or guess about. The TOC then gets the cleaned path. */
export function hasParentParts(name: string): boolean {
  return name.includes('..') && PARENT.test(name);
}

/** The path of the directory that holds `path`; '' for a name at the root. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

/** The last name of a path. */
export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * A name of the tar as text.
 * @throws FormatError when it has a NUL, is no UTF-8, or is longer than a path may be.
 */
export function decodeName(name: Buffer, field: string): string {
  if (name.includes(0)) throw new FormatError(`${field}: has a NUL byte, wanted none`);
  if (name.length > DEFAULT_LIMITS.maxPathLength) {
    throw new FormatError(`${field}: got ${name.length} bytes, wanted ${DEFAULT_LIMITS.maxPathLength} at most`);
  }
  // Replacing what is wrong could make two names one.
  if (!isUtf8(name)) throw new FormatError(`${field}: is not UTF-8, and a table of contents can hold nothing else`);
  return name.toString();
}

/** @throws FormatError when a name of the cleaned path is too long, or they are too many. */
export function requirePath(path: string, field: string): void {
  if (path.length * BYTES_PER_UNIT <= MAX_NAME_LENGTH) return;
  const names = path.split('/');
  if (names.length > DEFAULT_LIMITS.maxDepth) {
    throw new FormatError(`${field}: a path of ${names.length} names, wanted ${DEFAULT_LIMITS.maxDepth} at most`);
  }
  for (const name of names) {
    const length = Buffer.byteLength(name);
    if (length <= MAX_NAME_LENGTH) continue;
    throw new FormatError(`${field}: a name has ${length} bytes, wanted ${MAX_NAME_LENGTH} at most`);
  }
}
