import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { FormatError, LazypullError, UserError, VerificationError } from '../../src/errors.ts';
import { selectEntry, type LayoutIndex } from '../../src/image/layout-index.ts';
import { blobPath } from '../../src/image/layout-source.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { run } from '../support/run.ts';
import { SampleImage } from '../support/sample-image.ts';
import { collect, copyImage, digestsOf, ImageWorld } from './images.ts';

const one = new SampleImage('one');
const two = new SampleImage('two');

describe('a layout to read', () => {
  test('has its only image without a tag', async () => {
    await using world = new ImageWorld();
    one.writeLayout(world.path('in'), []);
    await using source = await world.source(`oci:${world.path('in')}`);
    const { bytes, descriptor } = await source.root();
    assert.deepEqual([descriptor, Buffer.from(bytes)], [one.index, one.bytes(one.index)]);
    assert.deepEqual([source.name, source.reference], [`oci:${world.path('in')}`, undefined]);
  });

  test('gives documents, small blobs, streams and ranges', async () => {
    await using world = new ImageWorld();
    one.writeLayout(world.path('in'));
    await using source = await world.source(`oci:${world.path('in')}:latest`);
    const layer = one.layers[0] as Descriptor;
    const bytes = one.bytes(layer);
    assert.equal((await source.document(one.manifest)).manifest.kind, 'image');
    assert.deepEqual(Buffer.from(await source.fetch(one.config)), one.bytes(one.config));
    assert.deepEqual(await collect(source.stream(layer)), bytes);
    const blob = source.open(layer);
    assert.deepEqual(Buffer.from(await blob.readRange(10, 5000)), bytes.subarray(10, 5000));
    assert.deepEqual((await blob.readRange(7, 7)).length, 0);
    const { blobSize, bytes: tail } = await blob.readTail(100);
    assert.deepEqual([blobSize, Buffer.from(tail)], [layer.size, bytes.subarray(-100)]);
    assert.equal((await blob.readTail(layer.size + 1)).bytes.length, layer.size);
    await assert.rejects(blob.readRange(0, layer.size + 1), { code: 'INVALID_ARGUMENT' });
  });

  test('follows links, which build tools make, but not to what is no file', async () => {
    await using world = new ImageWorld();
    one.writeLayout(world.path('in'));
    const layer = one.layers[0] as Descriptor;
    const path = blobPath(world.path('in'), layer.digest);
    renameSync(path, world.path('elsewhere'));
    symlinkSync(world.path('elsewhere'), path);
    await using source = await world.source(`oci:${world.path('in')}`);
    assert.deepEqual(await collect(source.stream(layer)), one.bytes(layer));
    await run('rm', [path]);
    await run('mkfifo', [path]);
    await assert.rejects(collect(source.stream(layer)), /is not a file/);
  });

  const damages: readonly [
    name: string,
    damage: (path: string) => void,
    error: typeof LazypullError | typeof FormatError,
  ][] = [
    ['is missing', (path) => renameSync(path, `${path}.away`), LazypullError],
    ['is cut', (path) => truncateSync(path, 1000), FormatError],
    ['is longer', (path) => writeFileSync(path, 'more', { flag: 'a' }), FormatError],
  ];
  for (const [name, damage, error] of damages) {
    test(`is an error when a blob ${name}`, async () => {
      await using world = new ImageWorld();
      one.writeLayout(world.path('in'));
      const layer = one.layers[0] as Descriptor;
      damage(blobPath(world.path('in'), layer.digest));
      await using source = await world.source(`oci:${world.path('in')}`);
      const reads = [
        () => collect(source.stream(layer)),
        () => source.fetch(layer),
        () => source.open(layer).readRange(0, 10),
      ];
      for (const read of reads) {
        await assert.rejects(read, (thrown: Error) => thrown instanceof error && thrown.message.includes(layer.digest));
      }
    });
  }

  test('keeps the last piece back when a blob has other bytes', async () => {
    await using world = new ImageWorld();
    one.writeLayout(world.path('in'));
    const layer = one.layers[0] as Descriptor;
    const bytes = Buffer.from(one.bytes(layer));
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    writeFileSync(blobPath(world.path('in'), layer.digest), bytes);
    await using source = await world.source(`oci:${world.path('in')}`);
    let received = 0;
    const reading = (async () => {
      for await (const piece of source.stream(layer)) received += piece.length;
    })();
    await assert.rejects(reading, VerificationError);
    assert.ok(received < layer.size);
    await assert.rejects(source.fetch(layer), VerificationError);
  });

  test('is an error when a descriptor calls a document something else', async () => {
    await using world = new ImageWorld();
    one.writeLayout(world.path('in'));
    await using source = await world.source(`oci:${world.path('in')}`);
    await assert.rejects(source.document({ ...one.manifest, mediaType: one.index.mediaType }), FormatError);
    await assert.rejects(source.document({ ...one.manifest, size: 5 << 20 }), /too large/);
    await assert.rejects(source.fetch({ ...one.manifest, size: 1 << 30 }), /too many to hold/);
  });

  const broken: readonly [name: string, files: Record<string, string>, says: RegExp][] = [
    ['has no folder', {}, /there is no folder/],
    ['has nothing in it', { other: '' }, /no index\.json/],
    ['has no oci-layout', { 'index.json': '{}' }, /no oci-layout/],
    ['is of another version', { 'index.json': '{}', 'oci-layout': '{"imageLayoutVersion":"2.0.0"}' }, /version 2/],
    ['has no version', { 'index.json': '{}', 'oci-layout': '{}' }, /no imageLayoutVersion/],
    ['is no JSON', { 'index.json': '{', 'oci-layout': '{"imageLayoutVersion":"1.0.0"}' }, /not JSON/],
    ['has no images', layoutOf([]), /has no image/],
    ['has a descriptor without a digest', layoutOf([{ mediaType: 'x', size: 1 }]), /manifests\[0\]: no digest/],
    [
      'has a digest that leads elsewhere',
      layoutOf([{ mediaType: 'x', size: 1, digest: 'sha256:../../etc' }]),
      /digest/,
    ],
  ];
  for (const [name, files, says] of broken) {
    test(`is an error when it ${name}`, async () => {
      await using world = new ImageWorld();
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(world.path('in'), { recursive: true });
        writeFileSync(join(world.path('in'), file), text);
      }
      await assert.rejects(world.source(`oci:${world.path('in')}`), says);
    });
  }

  test('is an error with the right word for a file', async () => {
    await using world = new ImageWorld();
    writeFileSync(world.path('a.tar'), '');
    await assert.rejects(world.source(`oci:${world.path('a.tar')}`), /write oci-archive:/);
  });
});

function layoutOf(manifests: readonly object[]): Record<string, string> {
  return {
    'index.json': JSON.stringify({ schemaVersion: 2, manifests }),
    'oci-layout': '{"imageLayoutVersion":"1.0.0"}',
  };
}

describe('a tag in a layout', () => {
  const ref = 'org.opencontainers.image.ref.name';
  const full = 'io.containerd.image.name';
  const entry = (salt: string, annotations?: Record<string, string>): Descriptor => ({
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: digestOf(Buffer.from(salt)),
    size: 1,
    ...(annotations === undefined ? {} : { annotations }),
  });
  const [a, b, c] = [entry('a'), entry('b'), entry('c')];
  const index: LayoutIndex = {
    manifests: [
      { ...a, annotations: { [ref]: 'v1', other: 'kept' } },
      { ...b, annotations: { [full]: 'docker.io/library/app:v2', [ref]: 'v2' } },
      { ...c, annotations: { [ref]: 'ghcr.io/org/app:v3' } },
      c,
    ],
  };
  const found: readonly [tag: string, digest: string][] = [
    ['v1', a.digest],
    ['v2', b.digest],
    ['app:v2', b.digest],
    ['docker.io/library/app:v2', b.digest],
    ['v3', c.digest],
    ['ghcr.io/org/app:v3', c.digest],
  ];
  for (const [tag, digest] of found) {
    test(`is found by ${tag}`, () => assert.equal(selectEntry(index, tag, 'oci:x').digest, digest));
  }

  test("stays behind: it is the layout's, not the image's", () => {
    assert.deepEqual(selectEntry(index, 'v1', 'oci:x'), { ...a, annotations: { other: 'kept' } });
    assert.deepEqual(selectEntry(index, 'v2', 'oci:x'), b);
  });

  test('must be there, and be one', () => {
    const list = /There is: v1, v2, ghcr\.io\/org\/app:v3, sha256:\w+ \(no tag\)/;
    for (const [tag, says] of [
      ['v4', /no image with the tag v4/],
      [undefined, /several images, and none is named/],
    ] as const) {
      assert.throws(
        () => selectEntry(index, tag, 'oci:x'),
        (error: UserError) => error instanceof UserError && says.test(error.message) && list.test(error.fix ?? ''),
      );
    }
    const twice: LayoutIndex = { manifests: ['a', 'b'].map((salt) => entry(salt, { [ref]: 'v1' })) };
    assert.throws(() => selectEntry(twice, 'v1', 'oci:x'), /several images for v1/);
  });

  test('is not needed when all entries are the same image', () => {
    const [first, second] = ['v1', 'v2'].map((tag) => entry('a', { [ref]: tag })) as [Descriptor, Descriptor];
    const same: LayoutIndex = { manifests: [first, second] };
    assert.deepEqual(selectEntry(same, undefined, 'oci:x'), a);
  });
});

describe('a layout to write', () => {
  test('is not there before it is complete, and is complete then', async () => {
    await using world = new ImageWorld();
    one.writeLayout(world.path('in'));
    await using source = await world.source(`oci:${world.path('in')}`);
    await using target = await world.target(`oci:${world.path('deep/out')}:v1`);
    const finish = target.finish.bind(target);
    let before: boolean | undefined;
    target.finish = async (root) => {
      before = existsSync(world.path('deep/out'));
      await finish(root);
    };
    await copyImage(source, target);
    assert.equal(before, false);
    const index = JSON.parse(readFileSync(world.path('deep/out/index.json'), 'utf8')) as LayoutIndex;
    assert.deepEqual(index.manifests, [{ ...one.index, annotations: { 'org.opencontainers.image.ref.name': 'v1' } }]);
    assert.deepEqual(world.leftovers(), []);
  });

  test('leaves nothing when it is disposed unfinished, and none of the new in an old one', async () => {
    await using world = new ImageWorld();
    one.writeLayout(world.path('in'));
    two.writeLayout(world.path('old'), ['two']);
    const before = readdirSync(world.path('old'), { recursive: true });
    for (const name of ['new', 'old']) {
      await using source = await world.source(`oci:${world.path('in')}`);
      await using target = await world.target(`oci:${world.path(name)}:v1`);
      target.finish = () => Promise.reject(new Error('stop'));
      await assert.rejects(copyImage(source, target), { message: 'stop' });
    }
    assert.deepEqual(readdirSync(world.dir).sort(), ['in', 'old']);
    assert.deepEqual(readdirSync(world.path('old'), { recursive: true }), before);
  });

  test('gets another image beside those that it has, and one instead of that with its tag', async () => {
    await using world = new ImageWorld();
    one.writeLayout(world.path('one'));
    two.writeLayout(world.path('two'));
    const out = world.path('out');
    await world.copy(`oci:${world.path('one')}`, `oci:${out}:a`);
    await world.copy(`oci:${world.path('one')}`, `oci:${out}:b`);
    await world.copy(`oci:${world.path('two')}`, `oci:${out}:a`);
    await world.copy(`oci:${world.path('two')}`, `oci:${out}`);
    await world.copy(`oci:${world.path('one')}`, `oci:${out}`);
    const index = JSON.parse(readFileSync(join(out, 'index.json'), 'utf8')) as LayoutIndex;
    assert.deepEqual(
      index.manifests.map(({ annotations, digest }) => [annotations?.['org.opencontainers.image.ref.name'], digest]),
      [
        ['b', one.index.digest],
        ['a', two.index.digest],
        [undefined, one.index.digest],
      ],
    );
    for (const tag of ['a', 'b']) {
      await using source = await world.source(`oci:${out}:${tag}`);
      for (const digest of await digestsOf(source)) assert.ok(existsSync(blobPath(out, digest)));
    }
    assert.deepEqual(world.leftovers(), []);
  });

  test('knows what it has', async () => {
    await using world = new ImageWorld();
    one.writeLayout(world.path('out'));
    await using target = await world.target(`oci:${world.path('out')}:v2`);
    const layer = one.layers[0] as Descriptor;
    assert.equal(await target.has(layer), true);
    assert.equal(await target.has({ ...layer, size: layer.size + 1 }), false);
    assert.equal(await target.has(two.layers[0] as Descriptor), false);
    await target.putBlob(two.layers[0] as Descriptor, () => stream(two.bytes(two.layers[0] as Descriptor)));
    assert.equal(await target.has(two.layers[0] as Descriptor), true);
  });

  test('takes no blob that is not what its descriptor says', async () => {
    await using world = new ImageWorld();
    await using target = await world.target(`oci:${world.path('out')}`);
    const layer = one.layers[0] as Descriptor;
    const bytes = one.bytes(layer);
    const wrong: readonly [Buffer, typeof FormatError | typeof VerificationError][] = [
      [bytes.subarray(1), FormatError],
      [Buffer.concat([bytes, Buffer.alloc(1)]), FormatError],
      [Buffer.alloc(bytes.length), VerificationError],
    ];
    for (const [content, error] of wrong) {
      await assert.rejects(
        target.putBlob(layer, () => stream(content)),
        error,
      );
      assert.equal(await target.has(layer), false);
    }
    await assert.rejects(target.putDocument({ descriptor: one.manifest, bytes: Buffer.alloc(3) }), FormatError);
  });

  test('tells how many bytes it took, and stops when it is aborted', async () => {
    await using world = new ImageWorld();
    await using target = await world.target(`oci:${world.path('out')}`);
    const layer = one.layers[0] as Descriptor;
    const taken: number[] = [];
    const onProgress = (bytes: number): void => void taken.push(bytes);
    await target.putBlob(layer, () => stream(one.bytes(layer)), { onProgress });
    assert.deepEqual([taken.length > 1, taken.at(-1)], [true, layer.size]);
    const controller = new AbortController();
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(1);
      controller.abort(new Error('enough'));
      yield Buffer.alloc(1);
    }
    await assert.rejects(target.putBlob(layer, endless, {}, controller.signal), { message: 'enough' });
  });

  test('may be in an empty folder, not in one with other things, nor be a file', async () => {
    await using world = new ImageWorld();
    one.writeLayout(world.path('in'));
    mkdirSync(world.path('empty'));
    await world.copy(`oci:${world.path('in')}`, `oci:${world.path('empty')}`);
    assert.ok(existsSync(world.path('empty/index.json')));
    mkdirSync(world.path('src'));
    writeFileSync(world.path('src/main.ts'), '');
    await assert.rejects(world.target(`oci:${world.path('src')}`), UserError);
    await assert.rejects(world.target(`oci:${world.path('src/main.ts')}`), UserError);
    writeFileSync(world.path('empty/index.json'), 'nonsense');
    await assert.rejects(world.target(`oci:${world.path('empty')}`), FormatError);
  });
});

async function* stream(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000);
}
