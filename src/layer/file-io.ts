// Whole reads and writes at a place of a file, for workers: a system call may do less than it was asked for.
import { readSync, writeSync } from 'node:fs';

/** Writes all of `bytes`. @throws the disk's error. */
export function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at, bytes.length - at, position + at);
}

/** Fills `into`. @returns the bytes read: fewer only where the file ends. @throws the disk's error. */
export function readInto(fd: number, into: Uint8Array, position: number): number {
  for (let at = 0; at < into.length;) {
    const count = readSync(fd, into, at, into.length - at, position + at);
    if (count === 0) return at;
    at += count;
  }
  return into.length;
}
