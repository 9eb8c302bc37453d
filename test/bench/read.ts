// Reading a layer of 25,000 files: what is local, beside the same layer unpacked to ext4, and everything of an image
// through a cold lazy mount, beside an ordinary pull that is followed by the same read. As root, after `npm run build`:
// `node test/bench/read.ts [--parts local,near,far] [--runs 3] [--rtt 20] [--mbit 200] [--json]`.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { mountErofs, unmount } from '../../src/fuse/mount.ts';
import { decodeRecord, type LayerRecord } from '../../src/layer/record.ts';
import { median } from './figures.ts';
import { openStage, type Scene, type Stage } from './stage.ts';

const { values } = parseArgs({
  options: {
    parts: { type: 'string', default: 'local,near,far' },
    runs: { type: 'string', default: '3' },
    rtt: { type: 'string', default: '20' },
    mbit: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
  },
});
const RUNS = Number(values.runs);
/** What is warm takes so little that one disturbance shows: more samples. */
const WARM_READS = 4;
const FILL_MS = 180_000;
const READ_ALL = 'find / -xdev -type f -print0 | xargs -0 cat > /dev/null';

/** What is done with a tree. One program for each, the same for all trees. */
const WORK = {
  find: 'find . > /dev/null',
  stat: 'find . -printf %s > /dev/null',
  read: 'find . -type f -print0 | xargs -0 cat > /dev/null',
} as const;

type Times = Map<string, number[]>;
const times: Times = new Map();
const say = (text: string): void => void process.stderr.write(`${text}\n`);

for (const part of values.parts.split(',')) {
  const link = { rttMs: Number(values.rtt), bitsPerSec: Number(values.mbit) * 1e6 };
  await using stage = await openStage(['real', 'real-esgz'], part === 'far' ? { link } : {});
  if (part === 'local') await measureLocal(stage);
  else await measureCold(stage, part);
}
report();

/** The layer with most files: on ext4, as a complete layer image, and as that image behind FUSE. */
async function measureLocal(stage: Stage): Promise<void> {
  await using scene = await stage.open('background_fill.quiet = "0s"');
  await scene.pullLazily('real-esgz');
  await untilComplete(scene);
  await scene.pullOrdinarily('real');
  const layer = largestLayer(scene);
  const direct = join(scene.dir, 'direct');
  mkdirSync(direct);
  await mountErofs({ source: layer.imagePath, target: direct, tier: 'A' });
  try {
    const trees = {
      ext4: largestUnpacked(scene),
      image: direct,
      'image behind FUSE': join(scene.daemon.dir, 'root', 'm', layer.name.slice(0, 16)),
    };
    say(`${layer.record.inodeCount} inodes, ${JSON.stringify(trees)}`);
    for (let round = 0; round < RUNS; round++) {
      const entries = Object.entries(trees);
      for (const [name, path] of round % 2 === 0 ? entries : entries.toReversed()) measureTree(name, path);
    }
  } finally {
    await unmount(direct);
  }
}

function measureTree(name: string, path: string): void {
  for (const [work, command] of Object.entries(WORK)) {
    dropCaches();
    note(`${work} cold`, name, timedSync(command, path));
    for (let i = 0; i < WARM_READS; i++) note(`${work} warm`, name, timedSync(command, path));
  }
}

/** Pull and a read of everything by a container: lazily, and the ordinary way. */
async function measureCold(stage: Stage, part: string): Promise<void> {
  const ways = {
    ordinary: async (scene: Scene) => scene.pullOrdinarily('real'),
    lazy: async (scene: Scene) => scene.pullLazily('real-esgz'),
  };
  for (let round = 0; round < RUNS; round++) {
    const entries = Object.entries(ways);
    for (const [way, pull] of round % 2 === 0 ? entries : entries.toReversed()) {
      await using scene = await stage.open();
      const image = way === 'lazy' ? 'real-esgz' : 'real';
      const started = performance.now();
      await pull(scene);
      const pulled = performance.now();
      await scene.container(image, way === 'lazy' ? 'stargz' : 'overlayfs', ['/bin/sh', '-c', READ_ALL]);
      const read = performance.now();
      note(`${part}: pull`, way, pulled - started);
      note(`${part}: read everything`, way, read - pulled);
      note(`${part}: both`, way, read - started);
      if (way === 'lazy') say(JSON.stringify((await scene.daemon.status()).totals));
    }
  }
}

async function untilComplete({ daemon }: Scene): Promise<void> {
  for (const until = performance.now() + FILL_MS; performance.now() < until; await sleep(200)) {
    const layers = (await daemon.status()).images.flatMap((image) => image.layers);
    if (layers.length > 0 && layers.every(({ state }) => state === 'complete')) return;
  }
  throw new Error(`the layers do not become complete:\n${await daemon.log()}`);
}

function largestLayer({ daemon }: Scene): { record: LayerRecord; imagePath: string; name: string } {
  const folder = join(daemon.dir, 'root', 'layers');
  const layers = readdirSync(folder).map((name) => ({
    record: decodeRecord(readFileSync(join(folder, name, 'layer.json'), 'utf8')),
    imagePath: join(folder, name, 'image'),
    name: name.replace('sha256-', ''),
  }));
  return layers.toSorted((a, b) => b.record.inodeCount - a.record.inodeCount)[0]!;
}

function largestUnpacked({ dir }: Scene): string {
  const folder = join(dir, 'containerd', 'root', 'io.containerd.snapshotter.v1.overlayfs', 'snapshots');
  const trees = readdirSync(folder).map((name) => {
    const path = join(folder, name, 'fs');
    return { path, files: Number(execFileSync('sh', ['-c', 'find . | wc -l'], { cwd: path })) };
  });
  return trees.toSorted((a, b) => b.files - a.files)[0]!.path;
}

function timedSync(command: string, cwd: string): number {
  const started = performance.now();
  execFileSync('sh', ['-c', command], { cwd });
  return performance.now() - started;
}

function dropCaches(): void {
  execFileSync('sync');
  writeFileSync('/proc/sys/vm/drop_caches', '3');
}

function note(figure: string, column: string, ms: number): void {
  const key = JSON.stringify([figure, column]);
  times.set(key, [...(times.get(key) ?? []), ms]);
  say(`${figure}, ${column}: ${ms.toFixed(0)} ms`);
}

/** Medians in milliseconds; ratios are speed against the first column, so that more is better. */
function report(): void {
  const rows = new Map<string, Record<string, number>>();
  for (const [key, samples] of times) {
    const [figure, column] = JSON.parse(key) as [string, string];
    rows.set(figure, { ...rows.get(figure), [column]: Math.round(median(samples)) });
  }
  const medians = [...rows].map(([figure, row]) => {
    const [[, base] = ['', Number.NaN], ...others] = Object.entries(row);
    const speed = others.map(([column, ms]) => [`${column}, speed`, Number((base / ms).toFixed(2))] as const);
    return { figure, ms: row, speed: Object.fromEntries(speed) };
  });
  const kernel = readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim();
  const about = { runs: RUNS, rttMs: Number(values.rtt), mbit: Number(values.mbit), kernel };
  if (values.json) console.log(JSON.stringify({ about, samples: [...times], medians }, undefined, 2));
  else {
    console.log(JSON.stringify(about));
    for (const { figure, ms, speed } of medians)
      console.log(figure.padEnd(24), JSON.stringify(ms), JSON.stringify(speed));
  }
}
