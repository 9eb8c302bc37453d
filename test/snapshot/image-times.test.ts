// When images were asked for, mounted and started from: the clock alone, and by the rules of snapshots.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { ImageClock, isUnpacking } from '../../src/snapshot/image-times.ts';
import { Snapshotter, type RemovedLayer } from '../../src/snapshot/snapshotter.ts';
import { FakeLazy, fakeDigest, layerLabels } from './fake-lazy.ts';

const APP = 'registry.test/app:1';

function clockAt(former?: ConstructorParameters<typeof ImageClock>[0]): {
  clock: ImageClock;
  at: (ms: number) => void;
} {
  let now = 0;
  return { clock: new ImageClock(former, () => now), at: (ms) => void (now = ms) };
}

suite('the clock of images', () => {
  test('has the first request, the last mount and the first start', () => {
    const { clock, at } = clockAt();
    const steps = ['asked', 'asked', 'mounted', 'mounted', 'started', 'started', 'joined'] as const;
    for (const [i, step] of steps.entries()) {
      at(10 + i);
      clock[step](APP);
    }
    assert.deepEqual(clock.lookup(APP), { askedMs: 10, mountedMs: 13, startedMs: 14 });
  });

  test('knows an image whose layers were all there from when it was asked for', () => {
    const { clock, at } = clockAt();
    at(5);
    clock.asked(APP);
    at(6);
    clock.joined(APP);
    at(9);
    clock.joined(APP);
    assert.deepEqual(clock.lookup(APP), { askedMs: 5, mountedMs: 6 });
  });

  test('begins anew for an image that was removed and is asked for again, and not before', () => {
    const { clock, at } = clockAt();
    clock.asked(APP);
    clock.started(APP);
    clock.removed(APP);
    assert.deepEqual(clock.lookup(APP), { askedMs: 0, startedMs: 0 });
    at(70);
    clock.asked(APP);
    assert.deepEqual(clock.lookup(APP), { askedMs: 70 });
  });

  test('knows nothing of an image that nobody asked for', () => {
    const { clock } = clockAt();
    clock.mounted(APP);
    clock.started(APP);
    assert.equal(clock.lookup(APP), undefined);
  });

  test('goes on in the next process', () => {
    const { clock, at } = clockAt([[APP, { askedMs: 1, mountedMs: 2 }]]);
    at(8);
    clock.asked(APP);
    clock.started(APP);
    assert.deepEqual(clock.entries(), [[APP, { askedMs: 1, mountedMs: 2, startedMs: 8 }]]);
  });

  test('forgets the image that was asked for first when there are more than 500', () => {
    const { clock } = clockAt();
    for (let i = 0; i <= 500; i++) clock.asked(`registry.test/${i}`);
    assert.equal(clock.entries().length, 500);
    assert.equal(clock.lookup('registry.test/0'), undefined);
    assert.notEqual(clock.lookup('registry.test/1'), undefined);
  });
});

test('a snapshot into which a layer is unpacked is known by its key', () => {
  const chain = `sha256:${'a'.repeat(64)}`;
  assert.equal(isUnpacking(`moby/12/extract-123456789-aBcD ${chain}`), true);
  assert.equal(isUnpacking(`extract-1 ${chain}`), true);
  assert.equal(isUnpacking('moby/13/4f2e8c'), false);
  assert.equal(isUnpacking(`moby/14/extract-1 ${chain}-view`), false);
});

interface Fixture {
  readonly snapshots: Snapshotter;
  readonly clock: ImageClock;
  readonly removed: RemovedLayer[];
  readonly at: (ms: number) => void;
}

async function fixture(t: TestContext): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), 'lazypull-times-'));
  const lazy = new FakeLazy();
  for (const number of [1, 2]) {
    mkdirSync(join(folder, `layer-${number}`));
    lazy.layers.set(fakeDigest(number), join(folder, `layer-${number}`));
  }
  const removed: RemovedLayer[] = [];
  const { clock, at } = clockAt();
  const snapshots = await Snapshotter.open({
    root: join(folder, 'root'),
    lazy,
    overlay: { userxattr: false, indexOff: false },
    clock,
    onRemoved: (one) => void removed.push(one),
  });
  t.after(async () => {
    await snapshots.close();
    rmSync(folder, { recursive: true });
  });
  return { snapshots, clock, removed, at };
}

async function pull({ snapshots, at }: Fixture): Promise<string[]> {
  const names: string[] = [];
  for (const number of [1, 2]) {
    at(number * 100);
    const labels = layerLabels(number, `sha256:c${number}`);
    await assert.rejects(snapshots.prepare(`extract-${number}`, names.at(-1) ?? '', labels), {
      code: 'ALREADY_EXISTS',
    });
    const found = (await snapshots.list([])).find(
      ({ labels }) => labels['containerd.io/snapshot.ref'] === `sha256:c${number}`,
    );
    names.push(found?.name ?? '');
  }
  return names;
}

suite('the snapshotter', () => {
  test('tells when an image was asked for and mounted, and starts with the first container on top of it', async (t) => {
    const made = await fixture(t);
    const [, top = ''] = await pull(made);
    assert.deepEqual(made.snapshots.status().times.get(APP), { askedMs: 100, mountedMs: 200 });
    made.at(300);
    await made.snapshots.prepare('moby/7/container', top, {});
    made.at(400);
    await made.snapshots.prepare('moby/8/container', top, {});
    assert.deepEqual(made.snapshots.status().times.get(APP), { askedMs: 100, mountedMs: 200, startedMs: 300 });
  });

  test('does not take the unpacking of a layer above for a start', async (t) => {
    const made = await fixture(t);
    const [, top = ''] = await pull(made);
    made.at(300);
    await made.snapshots.prepare(`moby/7/extract-1 sha256:${'a'.repeat(64)}`, top, {});
    assert.equal(made.snapshots.status().times.get(APP)?.startedMs, undefined);
  });

  test('tells of each lazy layer that is removed, with the times of its image, and of no other snapshot', async (t) => {
    const made = await fixture(t);
    const [base = '', top = ''] = await pull(made);
    await made.snapshots.prepare('container', top, {});
    await made.snapshots.remove('container');
    assert.equal(made.removed.length, 0);
    await made.snapshots.remove(top);
    await made.snapshots.remove(base);
    assert.deepEqual(
      made.removed.map(({ imageRef, layerDigest }) => [imageRef, layerDigest]),
      [
        [APP, fakeDigest(2)],
        [APP, fakeDigest(1)],
      ],
    );
    assert.deepEqual(made.removed[0]?.times, { askedMs: 100, mountedMs: 200, startedMs: 200 });
  });
});
