// Layers whose blob is not what the manifest says: they are not mounted, the reason says why, and what containerd does
// then is what it always does.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import type { Labels } from '../../src/snapshot/lazy.ts';
import { containerdProgram } from '../support/containerd.ts';
import { DEMAND_ONLY, Drill, readFiles } from '../support/drill.ts';
import type { BuiltLayer } from '../support/estargz.ts';
import { mountsBelow } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { addNoiseImage } from '../support/noise-image.ts';
import type { TestRegistry } from '../support/registry.ts';
import { Sample } from '../support/sample-layer.ts';
import { startWorld, type World } from '../support/world.ts';

const KIB = 1024;
const skip = needs('root', 'fuse', 'erofs');

suite('a manifest that says what is not so', { skip }, () => {
  let drill: Drill;
  let pid: number;
  before(async () => {
    drill = await Drill.start();
    pid = await drill.daemon.servingPid();
  });
  after(async () => {
    await using ended = drill;
    assert.equal(await ended.daemon.servingPid(), pid, 'the serving process died');
    assert.deepEqual(await ended.stop(), { status: 0, left: [] });
  });

  test('a layer that is not what its manifest says is not mounted, and the reason says so', async () => {
    for (const [index, [title, kind, make]] of LIES.entries()) {
      const { built } = new Sample(4);
      const answer = await drill.prepare(make(drill, `lie-${index}`, built));
      drill.registry.content.heal(built.digest);
      assert.ok('reason' in answer, `${title}: mounted`);
      assert.match(answer.kind, kind, `${title}: ${answer.reason}`);
    }
    const { built, names, wanted } = new Sample(4);
    const { mountpoint } = await drill.mount(drill.publish('no-lie', built));
    assert.deepEqual(await readFiles(mountpoint, names), wanted);
  });

  test('a manifest that lies about the TOC of a mounted layer gets nothing, and changes nothing', async () => {
    const { built, names, wanted } = new Sample(5);
    const { mountpoint } = await drill.mount(drill.publish('honest', built));
    const answer = await drill.prepare(drill.publish('liar', built, `sha256:${'1'.repeat(64)}`));
    assert.ok('reason' in answer);
    assert.equal(answer.kind, 'invalid');
    assert.deepEqual(await readFiles(mountpoint, names), wanted);
  });
});

type Lie = (drill: Drill, name: string, built: BuiltLayer) => Labels;
const LIES: readonly (readonly [title: string, kind: RegExp, make: Lie])[] = [
  ['another TOC', /^invalid$/, (drill, name, built) => drill.publish(name, built, `sha256:${'0'.repeat(64)}`)],
  [
    'a flipped bit in the TOC',
    /^invalid$/,
    (drill, name, built) => {
      drill.registry.content.corrupt(built.digest, built.tocOffset + 300);
      return drill.publish(name, built);
    },
  ],
  [
    'a TOC behind the blob',
    /^invalid$/,
    (drill, name, built) => publishAs(drill, name, built, withTocAt(built, 2 ** 40)),
  ],
  ['a TOC in the payload', /^invalid$/, (drill, name, built) => publishAs(drill, name, built, withTocAt(built, 700))],
  ['a TOC nowhere', /^invalid$/, (drill, name, built) => publishAs(drill, name, built, withTocAt(built, NaN))],
  [
    'a blob without its middle',
    /^invalid$/,
    (drill, name, built) => {
      const { blob } = built;
      return publishAs(drill, name, built, Buffer.concat([blob.subarray(0, 1000), blob.subarray(-3000)]));
    },
  ],
  // The footer is at the end: without it nothing but the manifest says that this was eStargz.
  [
    'a blob without its end',
    /^not-estargz$/,
    (drill, name, built) => publishAs(drill, name, built, built.blob.subarray(0, -2000)),
  ],
  ['an empty blob', /^not-estargz$/, (drill, name, built) => publishAs(drill, name, built, Buffer.alloc(0))],
  ['noise', /^not-estargz$/, (drill, name, built) => publishAs(drill, name, built, randomBytes(3000))],
];

/** Serves `bytes` under the digest of the right blob, as a registry that somebody broke into would. */
function publishAs(drill: Drill, name: string, built: BuiltLayer, bytes: Uint8Array): Labels {
  const labels = drill.publish(name, built);
  replaceBlob(drill.registry, name, built, bytes);
  return labels;
}

function replaceBlob(registry: TestRegistry, name: string, { digest }: BuiltLayer, bytes: Uint8Array): void {
  const read = (start: number, end: number): Uint8Array[] => (start === end ? [] : [bytes.subarray(start, end)]);
  registry.content.repository(name).contents.set(digest, { size: bytes.length, mediaType: undefined, read });
}

function withTocAt({ blob }: BuiltLayer, offset: number): Buffer {
  const digits = Number.isNaN(offset) ? 'not-hexadecimals' : offset.toString(16).padStart(16, '0');
  const changed = Buffer.from(blob);
  changed.write(digits, blob.lastIndexOf('STARGZ') - 16, 'latin1');
  return changed;
}

suite(
  'containerd decides about a layer that is not lazy',
  { skip: skip || needs(containerdProgram('2'), 'busybox') },
  () => {
    let world: World;
    before(async () => {
      world = await startWorld({ version: '2', images: [], config: DEMAND_ONLY });
    });
    after(() => world[Symbol.asyncDispose]());

    test('another TOC than the promised one: an ordinary pull, whose container runs, and the reason in the status', async () => {
      const tocDigest = `sha256:${'0'.repeat(64)}`;
      const { ref } = addNoiseImage(world.registry, 'other-toc', { count: 1, size: 64 * KIB, tocDigest });
      const { containerd, daemon } = world;
      const where = ['--address', containerd.socketPath, '--socket', daemon.control];
      await world.lazypull(['pull', ...where, '--plain-http', ref]);
      const run = ['run', '--rm', '--net-host', '--snapshotter', 'stargz', ref, 'other-toc', '/bin/echo', 'ordinary'];
      assert.equal((await containerd.ctr(run)).stdout, 'ordinary\n');
      const image = (await daemon.status()).images.find((one) => one.ref.startsWith(ref));
      const [layer] = image?.layers ?? [];
      assert.deepEqual([layer?.state, layer?.kind], ['ordinary', 'invalid']);
      assert.match(layer?.reason ?? '', /TOC digest/);
    });

    test('a blob that is cut: the ordinary pull fails as it always does, and nothing is mounted', async () => {
      const { ref, built } = addNoiseImage(world.registry, 'cut', { count: 1, size: 64 * KIB, seed: 2 });
      replaceBlob(world.registry, 'cut', built, built.blob.subarray(0, -3000));
      const mounts = mountsBelow(world.daemon.dir);
      const { containerd, daemon } = world;
      const where = ['--address', containerd.socketPath, '--socket', daemon.control];
      const { status, stderr } = await world.lazypull(['pull', ...where, '--plain-http', ref], false);
      assert.notEqual(status, 0);
      assert.match(stderr, new RegExp(built.digest.slice(0, 20)));
      assert.deepEqual(mountsBelow(world.daemon.dir), mounts);
      const hosts = ['--plain-http', '--hosts-dir', containerd.hostsDir];
      const pulled = await containerd.ctr(['images', 'pull', ...hosts, '--snapshotter', 'stargz', ref], {
        check: false,
      });
      assert.notEqual(pulled.status, 0);
      assert.deepEqual(mountsBelow(world.daemon.dir), mounts);
    });
  },
);
