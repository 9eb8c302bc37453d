// zstd:chunked in the dialect of containers/storage, before Podman itself: it pulls our layers in parts, finds files that it has
// in other images, and the tree is the one that it shows for layers of its own making.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { CONTAINERS_PROGRAMS, ContainersStorage, type StoragePull } from '../support/containers-storage.ts';
import { publish } from '../support/convert-cli.ts';
import { treeOfFolder } from '../support/image-tree.ts';
import { image } from '../support/images.ts';
import { needs } from '../support/needs.ts';
import { TestRegistry } from '../support/registry.ts';
import { diffTrees, type TreeEntry } from '../support/tree.ts';

const skip = needs('root', 'busybox', 'unshare', 'runc', ...CONTAINERS_PROGRAMS);
const FORMAT = ['--format', 'zstd:chunked-containers'];

const startedSec = Math.floor(Date.now() / 1000);

function withoutNewTimes(tree: readonly TreeEntry[]): TreeEntry[] {
  const isNew = (sec: string): boolean => Number(sec) >= startedSec;
  return tree.map(({ key, facts }) => ({
    key,
    facts: facts.replace(/mtime=(-?\d+)/, (all, sec: string) => (isNew(sec) ? 'mtime=new' : all)),
  }));
}

/** Pulls into a storage of its own. */
async function pullTree(reference: string): Promise<{ pull: StoragePull; tree: TreeEntry[] }> {
  await using storage = new ContainersStorage();
  const pull = await storage.pull(reference);
  return { pull, tree: await treeOfFolder(await storage.mount(reference)) };
}

suite('Podman pulls what we write', { skip }, () => {
  test('every layer comes in parts, and the tree is the one of its own image', async () => {
    await using registry = await TestRegistry.start();
    registry.content.addLayout((await image('small-podman')).layoutDir, 'theirs');
    const { manifests } = await publish(registry, 'small', 'ours', FORMAT);
    registry.forget();
    const ours = await pullTree(`${registry.host}/ours:latest`);
    const blobs = registry.log.filter(({ path }) => path.includes('/ours/blobs/'));
    const digests = manifests.flatMap(({ layers }) => layers.map(({ digest }) => digest));
    assert.deepEqual([...ours.pull.partial].sort(), [...digests].sort());
    for (const { path, range } of blobs) {
      assert.equal(
        range !== undefined,
        digests.some((digest) => path.endsWith(digest)),
        `${path} ${range}`,
      );
    }
    // Unpacked in parts, directories and links have the time of the pull, also with layers of Podman's own making.
    const theirs = await pullTree(`${registry.host}/theirs:latest`);
    assert.equal(theirs.pull.partial.length, digests.length);
    assert.deepEqual(diffTrees(withoutNewTimes(ours.tree), withoutNewTimes(theirs.tree)), []);
    assert.ok(ours.tree.some(({ key }) => key === 'kinds/capability'));
  });

  test('files that are there already are not fetched again, whoever compressed them', async () => {
    await using registry = await TestRegistry.start();
    registry.content.addLayout((await image('small-podman')).layoutDir, 'theirs');
    await publish(registry, 'small', 'ours', FORMAT);
    await using storage = new ContainersStorage();
    await storage.pull(`${registry.host}/theirs:latest`);
    registry.forget();
    const { partial, missing } = await storage.pull(`${registry.host}/ours:latest`);
    assert.equal(partial.length, 3);
    for (const { bytes, of } of missing) assert.equal(bytes, 0, `${bytes} of ${of} bytes`);
    // What is left are manifest, configuration, tables of contents and tar-splits.
    assert.ok(registry.bytes < 300_000, `${registry.bytes} bytes`);
  });

  test('a changed byte fails the pull, and the image is not there', async () => {
    await using registry = await TestRegistry.start();
    const { manifests } = await publish(registry, 'small', 'ours', FORMAT);
    const layer = manifests[0]?.layers[0];
    assert.ok(layer !== undefined);
    registry.content.corrupt(layer.digest, Math.floor(layer.size / 2));
    await using storage = new ContainersStorage();
    const reference = `${registry.host}/ours:latest`;
    await assert.rejects(storage.pull(reference));
    await assert.rejects(storage.podman(['image', 'inspect', reference]), /no such image|not known/i);
  });
});
