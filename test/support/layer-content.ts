// What the layers of an image hold, in a form that two builds of the same have alike: everything but the times of the build.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { readLayout } from './oci-layout.ts';

/**
 * For each layer of the only image of a layout behind the first `skip`: a line for each entry, in their order. Modification
 * times are told when they are before `timesBeforeMs`, in milliseconds since the epoch.
 */
export async function layerContents(
  layoutDir: string,
  skip: number,
  timesBeforeMs: number = -Infinity,
): Promise<string[][]> {
  const { layers } = readLayout(layoutDir);
  const contents: string[][] = [];
  for (const { path } of layers.slice(skip)) contents.push(await entriesOf(path, timesBeforeMs));
  return contents;
}

async function entriesOf(path: string, timesBeforeMs: number): Promise<string[]> {
  const unpacked = extract();
  const done = pipeline(createReadStream(path), createGunzip(), unpacked);
  const lines: string[] = [];
  for await (const entry of unpacked) {
    const hash = createHash('sha256');
    for await (const part of entry) hash.update(part as Buffer);
    lines.push(lineOf(entry.header, hash.digest('hex'), timesBeforeMs));
  }
  await done;
  return lines;
}

function lineOf(header: Header, content: string, timesBeforeMs: number): string {
  const { name, type, mode, uid, gid, size, linkname, devmajor, devminor, pax, mtime } = header;
  const kept = Object.entries(pax ?? {}).filter(([key]) => !/^[acm]time$/.test(key));
  const facts = { type, mode, uid, gid, size, linkname, devmajor, devminor, pax: Object.fromEntries(kept) };
  const ms = mtime?.getTime() ?? 0;
  // 0 is that of a directory that no entry of its layer describes: where a layer is unpacked it is the time of that.
  const changed = ms !== 0 && ms < timesBeforeMs ? ` ${new Date(ms).toISOString()}` : '';
  return `${name} ${JSON.stringify(facts)} ${content.slice(0, 16)}${changed}`;
}
