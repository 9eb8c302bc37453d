// One image under several names: what is sent to whom, and when tags are set.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { LazypullError, RegistryError } from '../../src/errors.ts';
import { TagsTarget } from '../../src/image/tags-target.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { parseReference } from '../../src/oci/reference.ts';
import { noise } from '../support/entries.ts';
import { TestRegistry } from '../support/registry.ts';
import { SampleImage } from '../support/sample-image.ts';
import { copyImage, ImageWorld } from './images.ts';

const sample = new SampleImage('tags', 30_000);

class Stage implements AsyncDisposable {
  readonly world: ImageWorld = new ImageWorld();
  readonly first: TestRegistry;
  readonly second: TestRegistry;

  private constructor(first: TestRegistry, second: TestRegistry) {
    this.first = first;
    this.second = second;
    sample.writeLayout(this.world.path('in'));
  }

  static async open(): Promise<Stage> {
    return new Stage(await TestRegistry.start(), await TestRegistry.start());
  }

  target(...names: readonly string[]): TagsTarget {
    return new TagsTarget(
      this.world.client,
      names.map((name) => parseReference(name)),
    );
  }

  /** Copies the sample under these names. */
  async push(...names: readonly string[]): Promise<TagsTarget> {
    await using source = await this.world.source(`oci:${this.world.path('in')}`);
    const target = this.target(...names);
    await using _ = target;
    await copyImage(source, target);
    return target;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.world[Symbol.asyncDispose]();
    await this.first.close();
    await this.second.close();
  }
}

const count = (registry: TestRegistry, method: string, status: number, end: RegExp): number =>
  registry.log.filter((one) => one.method === method && one.status === status && end.test(one.path)).length;
const uploads = (registry: TestRegistry): number => count(registry, 'PUT', 201, /\/blobs\/uploads\//);
const mounts = (registry: TestRegistry): number => count(registry, 'POST', 201, /\/blobs\/uploads\/$/);
const tagsSet = (registry: TestRegistry): string[] =>
  registry.log.flatMap(({ method, path }) => {
    const [, name] = /\/manifests\/(\w+)$/.exec(path) ?? [];
    return method === 'PUT' && name !== undefined ? [name] : [];
  });

suite('several names for an image', () => {
  test('send each blob once to each registry, and hand it on within', async () => {
    await using stage = await Stage.open();
    const { first, second } = stage;
    const target = await stage.push(
      `${first.host}/a/app:one`,
      `${first.host}/a/app:two`,
      `${first.host}/b/app:one`,
      `${second.host}/a/app:one`,
    );
    // Without the three manifests and the index.
    const blobs = sample.blobs.size - 4;
    assert.deepEqual([uploads(first), mounts(first)], [blobs, blobs]);
    assert.deepEqual([uploads(second), mounts(second)], [blobs, 0]);
    for (const [registry, repository, tags] of [
      [first, 'a/app', ['one', 'two']],
      [first, 'b/app', ['one']],
      [second, 'a/app', ['one']],
    ] as const) {
      assert.deepEqual([...registry.content.repository(repository).tags.keys()], tags);
      for (const digest of registry.content.repository(repository).tags.values()) {
        assert.equal(digest, sample.index.digest);
      }
    }
    assert.equal(target.transferOf(sample.layers[0]!.digest), 'uploaded');
    const bytes = [...sample.blobs.values()].reduce((sum, blob) => sum + blob.length, 0);
    assert.ok(target.uploadedBytes < 2 * bytes && target.uploadedBytes > 2 * sample.layers[0]!.size);
    assert.equal(target.root.descriptor.digest, sample.index.digest);
  });

  test('send nothing that is there, and say so', async () => {
    await using stage = await Stage.open();
    const names = [`${stage.first.host}/a/app:one`, `${stage.first.host}/b/app:one`];
    await stage.push(...names);
    stage.first.forget();
    const target = await stage.push(...names);
    assert.deepEqual([uploads(stage.first), mounts(stage.first)], [0, 0]);
    assert.equal(target.transferOf(sample.layers[0]!.digest), 'present');
    assert.equal(target.uploadedBytes, 0);
  });

  test('take a blob over from the image that has it, and say so', async () => {
    await using stage = await Stage.open();
    await stage.push(`${stage.first.host}/a/app:one`);
    await using target = stage.target(`${stage.first.host}/b/app:one`, `${stage.first.host}/c/app:one`);
    await using holder = await stage.world.source(`${stage.first.host}/a/app:one`);
    const [layer] = sample.layers as [Descriptor];
    assert.equal(await target.has(layer, holder), true);
    assert.equal(mounts(stage.first), 2);
    assert.equal(target.transferOf(layer.digest), 'mounted');
    // Nobody says of another layer where it is.
    assert.equal(await target.has(sample.layers[1]!), false);
    assert.equal(target.transferOf(sample.layers[1]!.digest), undefined);
  });

  test('hand a blob on from the one of them that has it', async () => {
    await using stage = await Stage.open();
    const names = [`${stage.first.host}/a/app:one`, `${stage.first.host}/b/app:one`] as const;
    await stage.push(names[0]);
    await using target = stage.target(...names);
    assert.equal(await target.has(sample.layers[0]!), true);
    assert.equal(mounts(stage.first), 1);
  });

  test('ask no registry for what another one has', async () => {
    await using stage = await Stage.open();
    await stage.push(`${stage.second.host}/a/app:one`);
    await using target = stage.target(`${stage.first.host}/b/app:one`);
    await using holder = await stage.world.source(`${stage.second.host}/a/app:one`);
    assert.equal(await target.has(sample.layers[0]!, holder), false);
    assert.equal(count(stage.first, 'POST', 202, /uploads/) + mounts(stage.first), 0);
  });

  test('are uploaded to each repository of a registry that does not mount', async () => {
    await using stage = await Stage.open();
    stage.first.knobs.mountStatus = 202;
    await stage.push(`${stage.first.host}/a/app:one`, `${stage.first.host}/b/app:one`);
    assert.equal(uploads(stage.first), 2 * (sample.blobs.size - 4));
    assert.equal(stage.first.openUploads, 0);
  });

  test('leave no upload open of two mounts that were refused', async () => {
    await using stage = await Stage.open();
    await stage.push(`${stage.first.host}/a/app:one`, `${stage.first.host}/b/app:one`);
    stage.first.knobs.mountStatus = 202;
    const [layer] = sample.layers as [Descriptor];
    {
      await using target = stage.target(`${stage.first.host}/c/app:one`);
      for (const name of ['a', 'b']) {
        await using holder = await stage.world.source(`${stage.first.host}/${name}/app:one`);
        assert.equal(await target.has(layer, holder), false);
      }
      assert.equal(stage.first.openUploads, 1);
    }
    assert.equal(stage.first.openUploads, 0);
  });

  test('are set after everything is everywhere', async () => {
    await using stage = await Stage.open();
    const { first } = stage;
    await stage.push(`${first.host}/a/app:one`, `${first.host}/b/app:two`);
    const puts = first.log.filter(({ method }) => method === 'PUT').map(({ path }) => path);
    assert.deepEqual(puts.slice(-2), ['/v2/a/app/manifests/one', '/v2/b/app/manifests/two']);
    assert.deepEqual(tagsSet(first), ['one', 'two']);
  });

  test('are none of them set when one registry refuses a blob', async () => {
    await using stage = await Stage.open();
    stage.second.knobs.uploadMaxBody = 10;
    await assert.rejects(stage.push(`${stage.first.host}/a/app:one`, `${stage.second.host}/a/app:one`), RegistryError);
    assert.deepEqual([tagsSet(stage.first), tagsSet(stage.second)], [[], []]);
  });

  test('are none of them set when one registry refuses the manifest', async () => {
    await using stage = await Stage.open();
    const { first, second } = stage;
    await using source = await stage.world.source(`oci:${stage.world.path('in')}`);
    await using target = stage.target(`${first.host}/a/app:one`, `${second.host}/a/app:one`);
    second.failures.set(1, 403);
    await assert.rejects(target.finish(await source.root()), RegistryError);
    assert.deepEqual([tagsSet(first), tagsSet(second)], [[], []]);
  });

  test('say which are set already when a later one is refused', async () => {
    await using stage = await Stage.open();
    const { first, second } = stage;
    await using source = await stage.world.source(`oci:${stage.world.path('in')}`);
    await using target = stage.target(`${first.host}/a/app:one`, `${second.host}/a/app:one`);
    const { content } = first;
    const setTag = content.tag.bind(content);
    content.tag = (...tag) => {
      second.failures.set(1, 403);
      setTag(...tag);
    };
    await assert.rejects(target.finish(await source.root()), (error) => {
      assert.ok(error instanceof LazypullError);
      assert.equal(error.code, 'REGISTRY');
      return error.message.endsWith(`the new image is ${first.host}/a/app:one already`);
    });
    assert.throws(() => target.root, /no tag is set yet/);
  });

  test('a source that breaks ends the uploads to all', async () => {
    await using stage = await Stage.open();
    await using target = stage.target(`${stage.first.host}/a/app:one`, `${stage.second.host}/a/app:one`);
    const bytes = noise(1000, 1);
    const [layer] = sample.layers as [Descriptor];
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield bytes;
      throw new Error('the disk is gone');
    };
    await assert.rejects(target.putBlob(layer, broken), /the disk is gone/);
    assert.deepEqual([uploads(stage.first), uploads(stage.second)], [0, 0]);
  });
});
