import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchFolders } from '../../../action/cache/watch.ts';
import { scratch } from '../../support/layers.ts';

const never = new AbortController().signal;

test('folders that stay as they are end the watch, and so does the whole time', async () => {
  await using dir = await scratch();
  assert.equal(
    await watchFolders([dir.path], { totalMs: 60_000, stallMs: 200 }, never),
    'nothing came from the cache service for 0.2 s',
  );
  assert.equal(await watchFolders([], { totalMs: 200 }, never), 'the cache service took longer than 0.2 s');
});

test('folders in which something grows are watched on, until the whole time is over', async () => {
  await using dir = await scratch();
  const path = join(dir.path, 'file');
  writeFileSync(path, '');
  const done = new AbortController();
  const watching = watchFolders([dir.path], { totalMs: 3000, stallMs: 2500 }, never).finally(() => done.abort());
  while (!done.signal.aborted) {
    appendFileSync(path, 'x');
    await sleep(50);
  }
  assert.equal(await watching, 'the cache service took longer than 3 s');
});

test('bytes are counted in all folders and below them, not behind links', async () => {
  await using dir = await scratch();
  const [one, two] = [join(dir.path, 'one'), join(dir.path, 'two')];
  mkdirSync(join(one, 'below'), { recursive: true });
  mkdirSync(two);
  writeFileSync(join(dir.path, 'outside'), Buffer.alloc(5000));
  symlinkSync('../outside', join(two, 'link'));
  writeFileSync(join(one, 'below/file'), Buffer.alloc(600));
  writeFileSync(join(two, 'file'), Buffer.alloc(400));
  const watch = (maxBytes: number): Promise<string | undefined> =>
    watchFolders([one, two], { totalMs: 1, maxBytes }, never);
  assert.equal(await watch(999), 'the entry is larger than 999 B');
  assert.equal(await watch(1000), 'the cache service took longer than 0.001 s');
});

test('more files than any entry has end the watch', async () => {
  await using dir = await scratch();
  for (let i = 0; i < 2000; i++) writeFileSync(join(dir.path, String(i)), '');
  const watch = (): Promise<string | undefined> => watchFolders([dir.path], { totalMs: 1 }, never);
  assert.match((await watch()) ?? '', /took longer/);
  writeFileSync(join(dir.path, 'one more'), '');
  assert.equal(await watch(), 'the entry has more than 2000 files');
});

test('an end of what is watched is no reason', async () => {
  const ended = new AbortController();
  const watching = watchFolders(['/nowhere'], { totalMs: 60_000 }, ended.signal);
  ended.abort();
  assert.equal(await watching, undefined);
});
