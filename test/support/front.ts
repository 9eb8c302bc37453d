// What stands in front of an image's landmarks: read from the table of contents as plain JSON, without the reader of src.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { LayoutImage } from './oci-layout.ts';

interface TocJson {
  readonly entries: readonly { readonly name: string; readonly type: string; readonly linkName?: string }[];
}

/** One layer: the landmark, and names of regular files before it (`usr/bin/x`), in their order. */
export interface LayerFront {
  readonly landmark: string;
  readonly files: readonly string[];
}

/** The front of every layer of an eStargz image, bottom first. */
export function frontOf({ layers }: LayoutImage): LayerFront[] {
  return layers.map(({ path }) => {
    const { entries } = tocOf(readFileSync(path));
    const end = entries.findIndex(({ name }) => name.endsWith('prefetch.landmark'));
    const files = entries.slice(0, end).filter(({ type }) => type === 'reg');
    return { landmark: entries[end]?.name ?? 'none', files: files.map(({ name }) => name.replace(/^\.?\//, '')) };
  });
}

// The footer is an empty gzip member of 51 bytes with the offset as 16 hexadecimal digits at byte 16.
function tocOf(blob: Buffer): TocJson {
  const offset = Number.parseInt(blob.toString('latin1', blob.length - 51 + 16, blob.length - 51 + 32), 16);
  const tar = gunzipSync(blob.subarray(offset, blob.length - 51));
  const size = Number.parseInt(tar.toString('latin1', 124, 135), 8);
  return JSON.parse(tar.toString('utf8', 512, 512 + size)) as TocJson;
}
