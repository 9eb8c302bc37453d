// Resident memory of the daemon, as it is installed: idle, with a 38,000-file image mounted, and how it grows with the
// number of files. As root, after `npm run build`: `node test/bench/memory.ts [--parts image,growth] [--quiet 75] [--json]`.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { TOC_DIGEST } from '../../src/oci/annotations.ts';
import { file } from '../support/entries.ts';
import { buildEstargz } from '../support/estargz.ts';
import { blobPath, writeGzipLayer, writeImage } from '../support/oci-layout.ts';
import { openStage, type Scene } from './stage.ts';
import { Readable } from 'node:stream';

const { values } = parseArgs({
  options: {
    parts: { type: 'string', default: 'image,growth' },
    /** Seconds after the last work: workers that idle end by then. */
    quiet: { type: 'string', default: '75' },
    json: { type: 'boolean', default: false },
  },
});
const FILE_COUNTS = [10_000, 20_000, 40_000];
const FILL_MS = 180_000;

/** Megabytes (10^6). `anonymous` is what no file backs. */
interface Resident {
  readonly rss: number;
  readonly pss: number;
  readonly anonymous: number;
}

interface Row {
  readonly when: string;
  readonly serving: Resident;
  readonly supervisor: Resident;
}

const rows: Row[] = [];
const parts = values.parts.split(',');
if (parts.includes('image')) await measureImage();
if (parts.includes('growth')) await measureGrowth();
report();

/** The life of a daemon on a runner: idle, a pull, two containers, everything fetched, quiet. */
async function measureImage(): Promise<void> {
  await using stage = await openStage(['real-esgz']);
  await using scene = await stage.open();
  await sleep(3000);
  await note('idle', scene);
  await scene.pullLazily('real-esgz');
  await note('38,000 files mounted', scene);
  await scene.container('real-esgz', 'stargz', ['/usr/bin/python3', '-c', 'print(1)']);
  await scene.container('real-esgz', 'stargz', ['/usr/local/bin/node', '-e', 'console.log(1)']);
  await note('after python and node', scene);
  await untilComplete(scene);
  await note('everything fetched', scene);
  await sleep(15_000);
  await note('15 s later', scene);
  await sleep(1000 * Number(values.quiet) - 15_000);
  await note(`${values.quiet} s later`, scene);
}

/** One layer of small files, mounted and complete, each in a daemon of its own. */
async function measureGrowth(): Promise<void> {
  for (const count of FILE_COUNTS) {
    const layoutDir = mkdtempSync(join(tmpdir(), 'lazypull-bench-layout-'));
    try {
      await writeLayout(layoutDir, count);
      await using stage = await openStage([], { layouts: { files: layoutDir } });
      await using scene = await stage.open();
      await scene.pullLazily('files');
      await untilComplete(scene);
      await sleep(1000 * Number(values.quiet));
      await note(`${count} files, ${values.quiet} s after`, scene);
    } finally {
      rmSync(layoutDir, { recursive: true });
    }
  }
}

async function writeLayout(layoutDir: string, count: number): Promise<void> {
  const entries = Array.from({ length: count }, (_, i) =>
    file(`srv/d${Math.floor(i / 100)}/file-${i}.txt`, Buffer.from(`contents of file ${i}\n`)),
  );
  const built = buildEstargz(entries, { compressionLevel: 1 });
  // Makes the folders; its layer is not used.
  const { descriptor } = await writeGzipLayer(layoutDir, Readable.from([Buffer.alloc(1024)]));
  writeFileSync(blobPath(layoutDir, built.digest), built.blob);
  const annotations = { [TOC_DIGEST]: built.tocDigest };
  const layer = { ...descriptor, digest: built.digest, size: built.blob.length, annotations };
  writeImage(layoutDir, [{ descriptor: layer, diffId: built.diffId }], {});
}

async function untilComplete({ daemon }: Scene): Promise<void> {
  for (const until = performance.now() + FILL_MS; performance.now() < until; await sleep(500)) {
    const layers = (await daemon.status()).images.flatMap((image) => image.layers);
    if (layers.length > 0 && layers.every(({ state }) => state === 'complete')) return;
  }
  throw new Error(`the layers do not become complete:\n${await daemon.log()}`);
}

async function note(when: string, { daemon }: Scene): Promise<void> {
  const row = { when, serving: residentOf(await daemon.servingPid()), supervisor: residentOf(daemon.pid) };
  rows.push(row);
  process.stderr.write(`${JSON.stringify(row)}\n`);
}

function residentOf(pid: number): Resident {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (name: string): number => {
    const kib = Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1]);
    return Math.round((kib * 1024) / 1e5) / 10;
  };
  return { rss: megabytes('Rss'), pss: megabytes('Pss'), anonymous: megabytes('Anonymous') };
}

function report(): void {
  const grown = rows.filter(({ when }) => when.includes(' files, ')).map(({ serving }) => serving.rss);
  const per10k = ((grown.at(-1)! - grown[0]!) / (FILE_COUNTS.at(-1)! - FILE_COUNTS[0]!)) * 10_000;
  if (values.json) {
    console.log(JSON.stringify({ rows, ...(grown.length > 1 ? { megabytesPer10kFiles: per10k } : {}) }, undefined, 2));
    return;
  }
  console.table(
    rows.map(({ when, serving, supervisor }) => ({
      when,
      'serving RSS': serving.rss,
      anonymous: serving.anonymous,
      'supervisor RSS': supervisor.rss,
      'both PSS': Math.round(10 * (serving.pss + supervisor.pss)) / 10,
    })),
  );
  if (grown.length > 1) console.log(`${per10k.toFixed(1)} MB for each further 10,000 files`);
}
