// The supervisor's promise: serving processes come and go, and no reader notices.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openListeningSocket } from '../../src/daemon/listening-socket.ts';
import { findMount, mountsBelow } from '../../src/fuse/mountinfo.ts';
import { needs } from '../support/needs.ts';
import { type Supervised, startSupervised } from '../support/supervised.ts';

const skip = needs('root', 'fuse');
const SIZE = 256 << 20;
const READERS = 8;
const reader = fileURLToPath(new URL('../support/fuse-reader.ts', import.meta.url));

/** Eight processes that read and compare the whole file; resolves with what went wrong. */
async function readEverything(supervised: Supervised): Promise<string[]> {
  const readers = Array.from({ length: READERS }, async (_, index) => {
    const child = spawn(process.execPath, [
      reader,
      join(supervised.mountpoint, 'layer'),
      String(index),
      String(READERS),
    ]);
    let errors = '';
    child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return code === 0 ? '' : `reader ${index}: ${code}: ${errors}`;
  });
  return (await Promise.all(readers)).filter((problem) => problem !== '');
}

/** Reads while every generation before `last` stops answering after 20 faults; `next` makes the next one come. */
async function readThrough(
  last: number,
  next: (supervised: Supervised, pid: number) => void | Promise<void>,
): Promise<void> {
  await using supervised = await startSupervised({
    TOY_SIZE: String(SIZE),
    TOY_FAULTS: '20',
    TOY_LAST: String(last),
  });
  await supervised.line(/^serving \d+ 0$/);
  const problems = readEverything(supervised);
  for (let generation = 0; generation < last; generation++) {
    const [, pid] = await supervised.line(new RegExp(`^hangs (\\d+) ${generation}$`));
    await next(supervised, Number(pid));
  }
  assert.deepEqual(await problems, []);
  assert.ok(supervised.lines.some((line) => line.startsWith(`serving `) && line.endsWith(` ${last}`)));
}

test('eight readers get every byte right through ten kill -9 of the serving process', { skip }, async () => {
  await readThrough(10, (_, pid) => void process.kill(pid, 'SIGKILL'));
});

test('eight readers get every byte right through planned restarts, each after a flush', { skip }, async () => {
  await readThrough(2, async (supervised) => {
    const from = supervised.lines.length;
    supervised.process.kill('SIGHUP');
    await supervised.line(/^flushed$/, from);
  });
});

test('a planned restart runs the code that is on disk then, and readers do not notice', { skip }, async () => {
  await using supervised = await startSupervised({ TOY_SIZE: String(SIZE), TOY_FAULTS: '20', TOY_LAST: '1' });
  await supervised.line(/^hangs|^serving \d+ 0$/);
  const problems = readEverything(supervised);
  await supervised.line(/^hangs/);
  const upgraded = join(supervised.folder, 'next.ts');
  const old = JSON.stringify(fileURLToPath(new URL('../support/fuse-serving.ts', import.meta.url)));
  writeFileSync(upgraded, `console.log('upgraded code');\nawait import(${old});\n`);
  symlinkSync(upgraded, `${supervised.script}.new`);
  renameSync(`${supervised.script}.new`, supervised.script);
  supervised.process.kill('SIGHUP');
  await supervised.line(/^upgraded code$/);
  assert.deepEqual(await problems, []);
});

test(
  'a killed process that the kernel can not finish before its own read is answered is replaced all the same',
  { skip },
  async () => {
    await using supervised = await startSupervised({ TOY_SIZE: String(1 << 20), TOY_LAST: '1', TOY_STUCK: '1' });
    const [, pid] = await supervised.line(/^hangs (\d+) 0$/);
    process.kill(Number(pid), 'SIGKILL');
    await supervised.line(/^serving \d+ 1$/);
    assert.deepEqual(await readEverything(supervised), []);
  },
);

test('a fault that fails is EIO for the reader, and the serving process lives on', { skip }, async () => {
  await using supervised = await startSupervised({ TOY_SIZE: String(1 << 20), TOY_FAIL: '1' });
  const [, pid] = await supervised.line(/^serving (\d+) 0$/);
  const problems = await readEverything(supervised);
  assert.equal(problems.length, READERS);
  for (const problem of problems) assert.match(problem, /EIO/);
  assert.doesNotThrow(() => process.kill(Number(pid), 0));
});

test(
  'without resend a crash fails the reads under way with EIO instead of hanging, and a new mount serves',
  { skip },
  async () => {
    await using supervised = await startSupervised(
      { TOY_SIZE: String(SIZE), TOY_FAULTS: '20', TOY_LAST: '1' },
      'no-resend',
    );
    await supervised.line(/^serving \d+ 0$/);
    const problems = readEverything(supervised);
    const [, pid] = await supervised.line(/^hangs (\d+) 0$/);
    process.kill(Number(pid), 'SIGKILL');
    for (const problem of await problems) assert.match(problem, /EIO|ENOTCONN|ECONNABORTED|ENOENT/);
    assert.notEqual((await problems).length, 0);
    await supervised.line(/^serving \d+ 1$/);
    assert.deepEqual(await readEverything(supervised), []);
  },
);

test(
  'the layer store is a mount of its own that every serving process gets, and its folder stays',
  { skip },
  async () => {
    await using supervised = await startSupervised({ TOY_SIZE: '4096', TOY_LAST: '0' }, 'store');
    const store = `${supervised.mountpoint}-store`;
    const [, pid] = await supervised.line(/^serving (\d+) 0$/);
    const options = [supervised.mountpoint, store].map((path) => findMount(path)?.mountOptions[0]);
    assert.deepEqual(options, ['ro', 'rw']);
    assert.equal(findMount(store)?.superOptions.includes('allow_other'), false);
    process.kill(Number(pid), 'SIGKILL');
    await supervised.line(/^serving \d+ 1$/);
    const told = supervised.lines.filter((line) => line.startsWith('store '));
    assert.deepEqual(told, [`store ${store} /dev/fuse 0`, `store ${store} /dev/fuse 1`]);
    const exit = once(supervised.process, 'exit');
    supervised.process.kill('SIGTERM');
    assert.deepEqual(await exit, [0, null]);
    assert.deepEqual([findMount(supervised.mountpoint), findMount(store)], [undefined, undefined]);
    assert.deepEqual([existsSync(supervised.mountpoint), existsSync(store)], [false, true]);
  },
);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} stops the serving process in order and leaves nothing mounted`, { skip }, async () => {
    await using supervised = await startSupervised({ TOY_SIZE: String(1 << 20), TOY_LAST: '0' });
    const [, pid] = await supervised.line(/^serving (\d+) 0$/);
    assert.equal(findMount(supervised.mountpoint)?.type, 'fuse.lazypull');
    const exit = once(supervised.process, 'exit');
    supervised.process.kill(signal);
    assert.deepEqual(await exit, [0, null]);
    assert.ok(supervised.lines.includes('stopped'));
    assert.equal(findMount(supervised.mountpoint), undefined);
    assert.ok(!existsSync(supervised.mountpoint));
    assert.throws(() => process.kill(Number(pid), 0), { code: 'ESRCH' });
  });
}

test(
  'the serving process dies with a supervisor that is killed, and the next supervisor cleans up its mount',
  { skip },
  async () => {
    await using supervised = await startSupervised({ TOY_SIZE: String(1 << 20), TOY_LAST: '0' });
    const [, pid] = await supervised.line(/^serving (\d+) 0$/);
    supervised.process.kill('SIGKILL');
    while (isRunning(Number(pid))) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(findMount(supervised.mountpoint)?.type, 'fuse.lazypull');
    const { openConnection } = await import('../../src/daemon/supervisor-mount.ts');
    const connection = await openConnection(supervised.mountpoint, { resend: true });
    assert.equal(mountsBelow(supervised.mountpoint).length, 1);
    await connection.close();
    assert.equal(findMount(supervised.mountpoint), undefined);
  },
);

test('who calls while there is no serving process waits for the next one, and is not refused', { skip }, async () => {
  await using supervised = await startSupervised({ TOY_SIZE: String(1 << 20), TOY_LAST: '0' }, 'socket');
  const path = `${supervised.mountpoint}.sock`;
  const [, pid] = await supervised.line(/^serving (\d+) 0$/);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(await text(connect(path)), '0');
  process.kill(Number(pid), 'SIGKILL');
  while (isRunning(Number(pid))) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.equal(await text(connect(path)), '1');
  await assert.rejects(openListeningSocket(path), /another process answers/);
  const exit = once(supervised.process, 'exit');
  supervised.process.kill('SIGTERM');
  assert.deepEqual(await exit, [0, null]);
  assert.ok(!existsSync(path));
});

test('a second supervisor does not take the mount of one that lives', { skip }, async () => {
  await using supervised = await startSupervised({ TOY_SIZE: String(1 << 20), TOY_LAST: '0' });
  await supervised.line(/^serving (\d+) 0$/);
  const { openConnection } = await import('../../src/daemon/supervisor-mount.ts');
  await assert.rejects(openConnection(supervised.mountpoint, { resend: true }), /another lazypull daemon/);
  assert.equal(findMount(supervised.mountpoint)?.type, 'fuse.lazypull');
});

test(
  'a serving process that dies again and again is started at once five times and then after a pause',
  { skip },
  async () => {
    await using supervised = await startSupervised({ TOY_SIZE: '4096', TOY_CRASH: '1' });
    await supervised.line(/pauseMs=1000/);
    const pauses = supervised.lines.flatMap((line) => /pauseMs=(\d+)/.exec(line)?.[1] ?? []);
    assert.deepEqual(pauses, ['0', '0', '0', '0', '0', '1000']);
    const exit = once(supervised.process, 'exit');
    supervised.process.kill('SIGTERM');
    assert.deepEqual(await exit, [0, null]);
  },
);

test('a serving process that says that its configuration is wrong is not started again', { skip }, async () => {
  await using supervised = await startSupervised({ TOY_SIZE: '4096', TOY_CRASH: '78' });
  assert.deepEqual(await once(supervised.process, 'exit'), [78, null]);
  assert.equal(supervised.lines.filter((line) => line.startsWith('started')).length, 1);
  assert.equal(findMount(supervised.mountpoint), undefined);
});

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
