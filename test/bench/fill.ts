// How fast a whole layer comes from a source that costs nothing: prefetch of everything into the layer image, against
// gunzip and tar of the same blob. `node test/bench/fill.ts [FILES [BYTES_EACH]]`
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LayerStore } from '../../src/layer/layer-store.ts';
import { file } from '../support/entries.ts';
import { openTestLayer, scratch, testLayer } from '../support/layers.ts';

const [count = 4000, size = 25_000] = process.argv.slice(2).map(Number);
const words = Array.from({ length: 4096 }, () => randomBytes(4).toString('hex'));
const entries = Array.from({ length: count }, (_, i) => file(`f${i}`, content(i)));
const made = testLayer(entries);
const megabytes = (count * size) / 1e6;
process.stdout.write(`${count} files, ${megabytes} MB, ${(made.blob.size / 1e6).toFixed(1)} MB compressed\n`);

await using folder = await scratch();
await using store = await LayerStore.open({ root: folder.path, prefetchBytes: Number.MAX_SAFE_INTEGER });
const opened = performance.now();
const layer = await openTestLayer(store, made);
report('open (TOC, EROFS metadata)', opened);
const before = process.memoryUsage.rss();
const filled = performance.now();
await layer.prefetch();
report('fill', filled);
process.stdout.write(`resident memory grew by ${((process.memoryUsage.rss() - before) / 1e6).toFixed(0)} MB\n`);
const synced = performance.now();
await layer.checkpoint();
report('checkpoint', synced);

const path = join(folder.path, 'blob');
const out = join(folder.path, 'out');
writeFileSync(path, made.built.blob);
mkdirSync(out);
const unpacked = performance.now();
execFileSync('sh', ['-c', `gunzip -c < ${path} | tar -x -C ${out}`]);
report('gunzip | tar', unpacked);

function report(what: string, startedMs: number): void {
  const ms = performance.now() - startedMs;
  process.stdout.write(`${what}: ${ms.toFixed(0)} ms, ${((megabytes / ms) * 1000).toFixed(0)} MB/s decompressed\n`);
}

// Text of random words: shrinks to about half, as programs do.
function content(seed: number): Buffer {
  let text = '';
  for (let i = seed * 7919; text.length < size; i += 1 + (i % 13)) text += `${words[(i * 40_503) % words.length]} `;
  return Buffer.from(text.slice(0, size));
}
