// How fast a complete layer image is read through EROFS and FUSE: one big file in order, random 4 KiB of it, and many
// small files, each cold (no page cached above the layer image) and warm. Run as root: `node test/bench/fuse.ts`.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unmount } from '../../src/fuse/mount.ts';

const BIG = 512 << 20;
const SMALL_COUNT = 20_000;
const SMALL_SIZE = 8192;

const folder = mkdtempSync(join(tmpdir(), 'lazypull-bench-'));
const server = fork(
  new URL('../support/fuse-bench-server.ts', import.meta.url),
  [folder, BIG, SMALL_COUNT, SMALL_SIZE].map(String),
);
try {
  const died = once(server, 'exit').then(() => {
    throw new Error('the server died');
  });
  const [mountpoint] = (await Promise.race([once(server, 'message'), died])) as [string];
  const results: Record<string, string> = {};
  const seconds = (work: () => void): number => {
    const begin = performance.now();
    work();
    return (performance.now() - begin) / 1000;
  };
  const names = readdirSync(mountpoint).filter((name) => name !== 'big');
  const readSmall = (): void => {
    for (const name of names) readFileSync(`${mountpoint}/${name}`);
  };
  const random = seconds(() => readRandom(`${mountpoint}/big`, 5000));
  results['random 4 KiB, us'] = ((random / 5000) * 1e6).toFixed(1);
  results['stat cold, files/s'] = perSecond(seconds(() => names.forEach((name) => statSync(`${mountpoint}/${name}`))));
  results['small cold, files/s'] = perSecond(seconds(readSmall));
  results['small warm, files/s'] = perSecond(seconds(readSmall));
  results['big cold, MB/s'] = (BIG / 1e6 / seconds(() => readWhole(`${mountpoint}/big`))).toFixed(0);
  results['big warm, MB/s'] = (BIG / 1e6 / seconds(() => readWhole(`${mountpoint}/big`))).toFixed(0);
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  results['server RSS, MB'] = (Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1000).toFixed(0);
  server.send('stats');
  const [stats] = (await once(server, 'message')) as [Record<string, number>];
  results['READ requests'] = String(stats['reads']);
  results['READ MB'] = (Number(stats['bytes']) / 1e6).toFixed(0);
  console.table(results);
} finally {
  await unmount(join(folder, 'mnt'), { detach: true });
  await unmount(join(folder, 'fuse'), { detach: true });
  server.kill('SIGKILL');
  if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  rmSync(folder, { recursive: true });
}

function perSecond(elapsed: number): string {
  return (SMALL_COUNT / elapsed).toFixed(0);
}

function readRandom(path: string, count: number): void {
  const fd = openSync(path, 'r');
  const buffer = Buffer.alloc(4096);
  // A fixed walk over all blocks; the kernel must not see an order that it could read ahead in.
  for (let index = 0; index < count; index++) {
    const block = (index * 7_368_787 + 1) % (BIG / 4096);
    readSync(fd, buffer, 0, 4096, block * 4096);
  }
  closeSync(fd);
}

function readWhole(path: string): void {
  const fd = openSync(path, 'r');
  const buffer = Buffer.alloc(1 << 20);
  while (readSync(fd, buffer) > 0);
  closeSync(fd);
}
