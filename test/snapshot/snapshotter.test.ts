// The rules of remote snapshots, against a lazy side made of directories.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { UserError } from '../../src/errors.ts';
import { REF_LABEL, REMOTE_LABEL } from '../../src/snapshot/labels.ts';
import type { Labels } from '../../src/snapshot/lazy.ts';
import type { SnapshotInfo } from '../../src/snapshot/model.ts';
import { Snapshotter } from '../../src/snapshot/snapshotter.ts';
import { FakeLazy, fakeDigest, layerLabels } from './fake-lazy.ts';

interface Fixture {
  readonly root: string;
  readonly lazy: FakeLazy;
  snapshots: Snapshotter;
}

const overlay = { userxattr: false, indexOff: false };
const exists = { code: 'ALREADY_EXISTS' };

/** A snapshotter whose lazy side has layers 1 to 4. */
async function fixture(t: TestContext): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), 'lazypull-remote-'));
  const lazy = new FakeLazy();
  for (const number of [1, 2, 3, 4]) {
    mkdirSync(join(folder, `layer-${number}`));
    lazy.layers.set(fakeDigest(number), join(folder, `layer-${number}`));
  }
  const root = join(folder, 'root');
  const made = { root, lazy, snapshots: await Snapshotter.open({ root, lazy, overlay }) };
  t.after(async () => {
    await made.snapshots.close();
    rmSync(folder, { recursive: true });
  });
  return made;
}

/** What a new process finds: the same directory, nothing mounted. */
async function restart(made: Fixture): Promise<void> {
  await made.snapshots.close();
  made.lazy.holders.clear();
  made.snapshots = await Snapshotter.open({ root: made.root, lazy: made.lazy, overlay });
}

/** As containerd looks for it after ALREADY_EXISTS. */
async function find(snapshots: Snapshotter, ref: string, parent: string): Promise<SnapshotInfo | undefined> {
  const found = await snapshots.list([`labels."${REF_LABEL}"==${ref},parent=="${parent}"`]);
  return found.find(({ kind }) => kind === 'committed');
}

/** Prepares a layer that can be mounted. @returns the name of the remote snapshot. */
async function remote(snapshots: Snapshotter, labels: Labels, parent = ''): Promise<string> {
  await assert.rejects(snapshots.prepare(`extract-${Math.random()}`, parent, labels), exists);
  const name = (await find(snapshots, labels[REF_LABEL] ?? '', parent))?.name;
  assert.ok(name !== undefined);
  return name;
}

test('a layer that can be mounted becomes a committed snapshot, and its key is not taken', async (t) => {
  const { snapshots, lazy, root } = await fixture(t);
  const name = await remote(snapshots, layerLabels(1, 'sha256:c1'));
  const info = await snapshots.stat(name);
  assert.equal(info.kind, 'committed');
  assert.equal(info.labels[REMOTE_LABEL], 'remote snapshot');
  assert.equal(info.labels[REF_LABEL], 'sha256:c1');
  assert.deepEqual(await snapshots.usage(name), { size: 0, inodes: 0 });
  assert.equal((await snapshots.list([])).length, 1);
  assert.deepEqual(readdirSync(join(root, 'snapshots')), []);
  assert.equal(lazy.holders.get(fakeDigest(1))?.size, 1);
});

test('a container on remote layers has their mounts as lower directories, top first, and waits until they are ready', async (t) => {
  const { snapshots, lazy, root } = await fixture(t);
  const one = await remote(snapshots, layerLabels(1, 'sha256:c1'));
  const two = await remote(snapshots, layerLabels(2, 'sha256:c2'), one);
  assert.deepEqual(lazy.readied, []);
  const [mount] = await snapshots.prepare('container', two, {});
  assert.equal(mount?.options.at(-1), `lowerdir=${lazy.layers.get(fakeDigest(2))}:${lazy.layers.get(fakeDigest(1))}`);
  assert.ok(mount?.options.some((option) => option.startsWith(`upperdir=${root}/snapshots/`)));
  assert.deepEqual(lazy.readied, [[fakeDigest(2), fakeDigest(1)]]);
  await snapshots.mounts('container');
  assert.equal(lazy.readied.length, 2);
  assert.deepEqual(await snapshots.view('look', one, {}), [
    { type: 'bind', source: lazy.layers.get(fakeDigest(1)), options: ['ro', 'rbind'] },
  ]);
});

test('a layer that is not lazy is an ordinary snapshot between remote ones, and says why', async (t) => {
  const { snapshots, lazy, root } = await fixture(t);
  const one = await remote(snapshots, layerLabels(1, 'sha256:c1'));
  const mounts = await snapshots.prepare('extract', one, layerLabels(9, 'sha256:c2'));
  assert.equal(mounts[0]?.options.at(-1), `lowerdir=${lazy.layers.get(fakeDigest(1))}`);
  assert.deepEqual(lazy.readied, [], 'unpacking a layer waits for no prefetch');
  await snapshots.commit('ordinary', 'extract', { [REF_LABEL]: 'sha256:c2' });
  const three = await remote(snapshots, layerLabels(3, 'sha256:c3'), 'ordinary');
  const [container] = await snapshots.prepare('container', three, {});
  const [top, middle, bottom] = container?.options.at(-1)?.slice('lowerdir='.length).split(':') ?? [];
  assert.equal(top, lazy.layers.get(fakeDigest(3)));
  assert.match(middle ?? '', new RegExp(`^${root}/snapshots/[0-9]+/fs$`));
  assert.equal(bottom, lazy.layers.get(fakeDigest(1)));
  const [{ atMs, ...fallback } = { atMs: 0 }, ...others] = snapshots.status().fallbacks;
  assert.ok(atMs > 0);
  assert.deepEqual(
    [fallback, others],
    [
      {
        imageRef: 'registry.test/app:1',
        layerDigest: fakeDigest(9),
        kind: 'not-estargz',
        reason: 'the blob has no TOC',
      },
      [],
    ],
  );
});

test('a ref without a layer is an ordinary snapshot, and without a ref nobody asks for a layer', async (t) => {
  const { snapshots, lazy } = await fixture(t);
  assert.equal((await snapshots.prepare('a', '', { [REF_LABEL]: 'sha256:c1' }))[0]?.type, 'bind');
  assert.equal(snapshots.status().fallbacks[0]?.kind, 'no-labels');
  assert.equal(lazy.mounts, 1);
  const { [REF_LABEL]: _, ...rest } = layerLabels(1, '');
  await snapshots.prepare('b', '', rest);
  assert.equal(lazy.mounts, 1);
});

test('a second namespace gets the same remote snapshot, without another mount', async (t) => {
  const { snapshots, lazy } = await fixture(t);
  const labels = layerLabels(1, 'sha256:c1');
  const name = await remote(snapshots, labels);
  assert.equal(await remote(snapshots, { ...labels, extra: 'new' }), name);
  assert.equal(lazy.mounts, 1);
  assert.equal(lazy.refreshed.at(-1)?.['extra'], 'new');
  assert.equal((await snapshots.list([])).length, 1);
});

test('many Prepares for one layer at once make one remote snapshot', async (t) => {
  const { snapshots, lazy } = await fixture(t);
  const labels = layerLabels(1, 'sha256:c1');
  const keys = Array.from({ length: 20 }, (_, at) => `ns${at}/1/extract`);
  const results = await Promise.allSettled(keys.map((key) => snapshots.prepare(key, '', labels)));
  assert.ok(results.every((result) => result.status === 'rejected' && result.reason.code === 'ALREADY_EXISTS'));
  assert.equal((await snapshots.list([])).length, 1);
  assert.equal(lazy.mounts, 1);
  assert.equal(lazy.holders.get(fakeDigest(1))?.size, 1);
});

test('the same chain id with another blob is unpacked, since nobody has verified that they are the same', async (t) => {
  const { snapshots, lazy } = await fixture(t);
  await remote(snapshots, layerLabels(1, 'sha256:c1'));
  assert.equal((await snapshots.prepare('other', '', layerLabels(2, 'sha256:c1')))[0]?.type, 'bind');
  assert.match(snapshots.status().fallbacks[0]?.reason ?? '', /another blob/);
  assert.equal(lazy.holders.get(fakeDigest(2)), undefined);
});

test('the same ref on another parent is another remote snapshot', async (t) => {
  const { snapshots, lazy } = await fixture(t);
  const base = await remote(snapshots, layerLabels(1, 'sha256:c1'));
  const one = await remote(snapshots, layerLabels(2, 'sha256:c2'));
  assert.notEqual(await remote(snapshots, layerLabels(2, 'sha256:c2'), base), one);
  assert.equal(lazy.holders.get(fakeDigest(2))?.size, 2);
});

test('removing a remote snapshot releases its layer, but not before its children are gone', async (t) => {
  const { snapshots, lazy } = await fixture(t);
  const name = await remote(snapshots, layerLabels(1, 'sha256:c1'));
  await snapshots.prepare('container', name, {});
  await assert.rejects(snapshots.remove(name), { code: 'FAILED_PRECONDITION' });
  assert.equal(lazy.holders.get(fakeDigest(1))?.size, 1);
  await snapshots.remove('container');
  await snapshots.remove(name);
  assert.equal(lazy.holders.get(fakeDigest(1))?.size, 0);
});

test('a key that is removed while its layer is being mounted leaves nothing behind', async (t) => {
  const { snapshots, lazy, root } = await fixture(t);
  const gate = Promise.withResolvers<void>();
  lazy.gate = gate.promise;
  const prepared = snapshots.prepare('k', '', layerLabels(1, 'sha256:c1'));
  await snapshots.remove('k');
  gate.resolve();
  await assert.rejects(prepared, { code: 'NOT_FOUND' });
  assert.equal(lazy.holders.get(fakeDigest(1))?.size, 0);
  assert.deepEqual(await snapshots.list([]), []);
  await snapshots.cleanup();
  assert.deepEqual(readdirSync(join(root, 'snapshots')), []);
});

test('a client that goes away while its layer is being mounted leaves nothing behind', async (t) => {
  const { snapshots, lazy } = await fixture(t);
  const gate = Promise.withResolvers<void>();
  lazy.gate = gate.promise;
  const controller = new AbortController();
  const prepared = snapshots.prepare('k', '', layerLabels(1, 'sha256:c1'), controller.signal);
  controller.abort();
  gate.resolve();
  await assert.rejects(prepared, { name: 'AbortError' });
  assert.deepEqual(await snapshots.list([]), []);
  lazy.gate = Promise.resolve();
  await remote(snapshots, layerLabels(1, 'sha256:c1'));
});

test('a lazy side that throws is a layer that is not lazy', async (t) => {
  const { snapshots, lazy } = await fixture(t);
  lazy.gate = Promise.reject(new Error('out of luck'));
  lazy.gate.catch(() => {});
  assert.equal((await snapshots.prepare('k', '', layerLabels(1, 'sha256:c1')))[0]?.type, 'bind');
  assert.deepEqual(
    [snapshots.status().fallbacks[0]?.kind, snapshots.status().fallbacks[0]?.reason],
    ['error', 'out of luck'],
  );
});

test('a broken parent is UNAVAILABLE, and the new snapshot is taken back', async (t) => {
  const { snapshots, lazy } = await fixture(t);
  const name = await remote(snapshots, layerLabels(1, 'sha256:c1'));
  lazy.unready = 'half of it is missing';
  await assert.rejects(snapshots.prepare('container', name, {}), {
    code: 'UNAVAILABLE',
    message: 'half of it is missing',
  });
  assert.equal((await snapshots.list([])).length, 1);
  lazy.unready = undefined;
  await snapshots.prepare('container', name, {});
});

test('updating the labels of a remote snapshot tells the lazy side of them', async (t) => {
  const { snapshots, lazy } = await fixture(t);
  const name = await remote(snapshots, layerLabels(1, 'sha256:c1'));
  const key = 'containerd.io/snapshot/remote/stargz.reference.abc';
  await snapshots.update(name, { [key]: 'new.test/ref' }, [`labels.${key}`]);
  assert.equal(lazy.refreshed.at(-1)?.[key], 'new.test/ref');
  const after = await snapshots.update(name, {}, [`labels.${key}`]);
  assert.equal(after.labels[key], undefined);
  assert.equal(after.labels[REMOTE_LABEL], 'remote snapshot');
});

test('a restart mounts all layers again, a bounded number at once, with the same holders', async (t) => {
  const made = await fixture(t);
  for (let at = 0; at < 30; at++) await remote(made.snapshots, layerLabels((at % 4) + 1, `sha256:c${at}`));
  const holders = new Map(made.lazy.holders);
  await restart(made);
  await made.snapshots.restore();
  assert.equal(made.lazy.restores, 30);
  assert.ok(made.lazy.restoresAtOnce > 1 && made.lazy.restoresAtOnce <= 8, String(made.lazy.restoresAtOnce));
  assert.deepEqual(made.lazy.holders, holders);
});

test('a layer that a restart could not mount is tried again when it is wanted, then UNAVAILABLE', async (t) => {
  const made = await fixture(t);
  const name = await remote(made.snapshots, layerLabels(1, 'sha256:c1'));
  await made.snapshots.prepare('container', name, {});
  await restart(made);
  made.lazy.broken = 'the registry is away';
  await made.snapshots.restore();
  const layers = (): unknown => made.snapshots.status().images[0]?.layers;
  assert.deepEqual(layers(), [{ layerDigest: fakeDigest(1), snapshot: name, problem: 'the registry is away' }]);
  await assert.rejects(made.snapshots.mounts('container'), { code: 'UNAVAILABLE', message: /the registry is away/ });
  assert.equal((await made.snapshots.stat('container')).kind, 'active');
  made.lazy.broken = undefined;
  assert.equal((await made.snapshots.mounts('container'))[0]?.type, 'overlay');
  assert.deepEqual(layers(), [{ layerDigest: fakeDigest(1), snapshot: name, problem: undefined }]);
});

test('requests during a restart wait for the layer that is being mounted, and do not mount it twice', async (t) => {
  const made = await fixture(t);
  const name = await remote(made.snapshots, layerLabels(1, 'sha256:c1'));
  await made.snapshots.prepare('container', name, {});
  await restart(made);
  const gate = Promise.withResolvers<void>();
  made.lazy.gate = gate.promise;
  const restored = made.snapshots.restore();
  const wanted = [made.snapshots.mounts('container'), made.snapshots.mounts('container')];
  gate.resolve();
  await Promise.all([restored, ...wanted]);
  assert.equal(made.lazy.restores, 1);
});

test('a layer that could not be restored is lazy again when its image is pulled with labels that work', async (t) => {
  const made = await fixture(t);
  const labels = layerLabels(1, 'sha256:c1');
  const name = await remote(made.snapshots, labels);
  await restart(made);
  made.lazy.broken = 'no credentials';
  await made.snapshots.restore();
  assert.equal((await made.snapshots.prepare('extract', '', labels))[0]?.type, 'bind', 'an ordinary pull meanwhile');
  made.lazy.broken = undefined;
  assert.equal(await remote(made.snapshots, labels), name);
  assert.deepEqual(made.snapshots.status().fallbacks, []);
});

test('a process that dies at any point leaves directories that Cleanup removes, and no others', async (t) => {
  const made = await fixture(t);
  await made.snapshots.prepare('a', '', {});
  await made.snapshots.prepare('b', '', {});
  mkdirSync(join(made.root, 'snapshots/77/fs'), { recursive: true });
  mkdirSync(join(made.root, 'snapshots/new-1'), { recursive: true });
  await restart(made);
  await made.snapshots.cleanup();
  assert.deepEqual(readdirSync(join(made.root, 'snapshots')).toSorted(), ['1', '2']);
  assert.ok(existsSync((await made.snapshots.mounts('a'))[0]?.source ?? ''));
});

test('the status counts snapshots and lists the lazy layers of each image', async (t) => {
  const { snapshots } = await fixture(t);
  const one = await remote(snapshots, layerLabels(1, 'sha256:c1', 'a.test/x'));
  const two = await remote(snapshots, layerLabels(2, 'sha256:c2', 'a.test/x'), one);
  const other = await remote(snapshots, layerLabels(3, 'sha256:c3', 'b.test/y'));
  await snapshots.prepare('container', two, {});
  await snapshots.view('look', two, {});
  const { snapshots: counts, images } = snapshots.status();
  assert.deepEqual(counts, { view: 1, active: 1, committed: 3, remote: 3 });
  const layer = (number: number, snapshot: string) => ({
    layerDigest: fakeDigest(number),
    snapshot,
    problem: undefined,
  });
  assert.deepEqual(images, [
    { imageRef: 'a.test/x', layers: [layer(1, one), layer(2, two)] },
    { imageRef: 'b.test/y', layers: [layer(3, other)] },
  ]);
});

test('the list of fallbacks is bounded, and keeps the newest', async (t) => {
  const { snapshots } = await fixture(t);
  for (let at = 0; at < 510; at++) {
    await snapshots.prepare(`k${at}`, '', layerLabels(100 + at, `sha256:c${at}`));
    await snapshots.remove(`k${at}`);
  }
  const { fallbacks } = snapshots.status();
  assert.equal(fallbacks.length, 500);
  assert.equal(fallbacks.at(-1)?.layerDigest, fakeDigest(100 + 509));
});

test('a root that overlayfs can not name is refused', async () => {
  for (const root of ['relative', '/tmp/a:b', '/tmp/a,b', '/tmp/a\\b']) {
    await assert.rejects(Snapshotter.open({ root, lazy: new FakeLazy() }), UserError);
    assert.ok(!existsSync(root));
  }
});
