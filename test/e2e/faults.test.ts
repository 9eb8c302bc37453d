// Failure drills: whatever the registry does, a read brings the right bytes or fails, in bounded time, and nothing of
// it outlives its cause. The daemon is the real one; layers are asked for as containerd asks.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { LazypullError } from '../../src/errors.ts';
import type { Labels } from '../../src/snapshot/lazy.ts';
import { DEMAND_ONLY, digestsOf, Drill, EIO, forgetPages, noiseFiles, readFiles } from '../support/drill.ts';
import { buildEstargz, type BuildOptions, type BuiltLayer } from '../support/estargz.ts';
import { containerdProgram } from '../support/containerd.ts';
import { mountsBelow } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { addNoiseImage } from '../support/noise-image.ts';
import { TestRegistry } from '../support/registry.ts';
import { until } from '../support/until.ts';
import { startWorld, type World } from '../support/world.ts';

const KIB = 1024;
const skip = needs('root', 'fuse', 'erofs');

/** Four files of two chunks each. Every test has its own, by `seed`. */
class Sample {
  readonly built: BuiltLayer;
  readonly wanted: ReadonlyMap<string, string>;
  readonly names: readonly string[];

  constructor(seed: number, options: BuildOptions = {}) {
    const entries = noiseFiles(4, 128 * KIB, seed);
    this.built = buildEstargz(entries, { chunkSize: 64 * KIB, ...options });
    this.wanted = digestsOf(entries);
    this.names = [...this.wanted.keys()];
  }

  /** What reading gives when the files `broken` can't be read. */
  withBroken(...broken: number[]): Map<string, string> {
    return new Map(this.names.map((name, i) => [name, broken.includes(i) ? EIO : this.wanted.get(name)!]));
  }

  /** An offset of the blob within the first chunk of a file. */
  inside(file: number): number {
    const { entries } = JSON.parse(this.built.tocJson.toString()) as { entries: { name: string; offset?: number }[] };
    return (entries.find(({ name }) => name === this.names[file])?.offset ?? 0) + 1000;
  }
}

suite('a registry that fails', { skip }, () => {
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

  test('down at the pull: the layer falls back, with the reason; later it is lazy', async () => {
    const { built, names, wanted } = new Sample(1);
    const labels = drill.publish('down-at-pull', built);
    drill.registry.knobs.down = true;
    const answer = await drill.prepare(labels);
    drill.registry.knobs.down = false;
    assert.ok('reason' in answer, 'a layer without a registry is mounted');
    assert.equal(answer.kind, 'registry');
    assert.match(answer.reason, new RegExp(drill.registry.host));
    const { mountpoint } = await drill.mount(labels);
    assert.deepEqual(await readFiles(mountpoint, names), wanted);
  });

  test('down after the mount: local files are read, others fail, and are read once it is back', async () => {
    const sample = new Sample(2);
    const { built, names, wanted } = sample;
    const { mountpoint } = await drill.mount(drill.publish('down', built));
    await readFiles(mountpoint, [names[3]!]);
    drill.registry.knobs.down = true;
    await forgetPages(mountpoint, [names[3]!]);
    assert.deepEqual(await readFiles(mountpoint, names), sample.withBroken(0, 1, 2));
    assert.ok((await drill.daemon.status()).totals.readErrors > 0);
    drill.registry.knobs.down = false;
    assert.deepEqual(await readFiles(mountpoint, names), wanted);
  });

  test('other bytes in a chunk: its file fails, no other, until the registry has the right bytes', async () => {
    const sample = new Sample(3);
    const { built, names, wanted } = sample;
    drill.registry.content.corrupt(built.digest, sample.inside(1));
    const { mountpoint } = await drill.mount(drill.publish('tampered', built));
    assert.deepEqual(await readFiles(mountpoint, names), sample.withBroken(1));
    assert.deepEqual(await readFiles(mountpoint, names), sample.withBroken(1), 'the second time');
    assert.ok((await drill.daemon.status()).totals.verificationErrors > 0);
    assert.match(await drill.daemon.get('/metrics'), /^lazypull_verification_errors_total [1-9]/m);
    assert.equal(await stateOf(built), 'lazy', 'a damaged chunk counts as present');
    drill.registry.content.heal(built.digest);
    assert.deepEqual(await readFiles(mountpoint, names), wanted);
    assert.equal(await stateOf(built), 'complete');
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

  test('a layer that nobody vouches for is not even asked for', async () => {
    const labels = withoutPromise(drill.publish('legacy', new Sample(6, { legacy: true }).built));
    drill.registry.forget();
    const answer = await drill.prepare(labels);
    assert.ok('reason' in answer);
    assert.equal(answer.kind, 'not-estargz');
    assert.equal(drill.registry.requests(), 0);
  });

  async function stateOf({ digest }: BuiltLayer): Promise<string | undefined> {
    const { images } = await drill.daemon.status();
    return images.flatMap(({ layers }) => layers).find((layer) => layer.digest === digest)?.state;
  }
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
  const read = (start: number, end: number): Uint8Array[] => (start === end ? [] : [bytes.subarray(start, end)]);
  const content = { size: bytes.length, mediaType: undefined, read };
  drill.registry.content.repository(name).contents.set(built.digest, content);
  return labels;
}

function withTocAt({ blob }: BuiltLayer, offset: number): Buffer {
  const digits = Number.isNaN(offset) ? 'not-hexadecimals' : offset.toString(16).padStart(16, '0');
  const changed = Buffer.from(blob);
  changed.write(digits, blob.lastIndexOf('STARGZ') - 16, 'latin1');
  return changed;
}

function withoutPromise(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !key.endsWith('/toc.digest')));
}

suite('a daemon that starts while the registry is down', { skip }, () => {
  test('brings layers back from the disk; containers of a lost one get UNAVAILABLE until the registry is back', async () => {
    await using drill = await Drill.start();
    const [part, whole] = [new Sample(11), new Sample(12)];
    const partial = await drill.mount(drill.publish('part', part.built));
    const complete = await drill.mount(drill.publish('whole', whole.built));
    assert.deepEqual(await readFiles(complete.mountpoint, whole.names), whole.wanted);
    await readFiles(partial.mountpoint, [part.names[3]!]);
    assert.equal(await drill.daemon.stop(), 0);

    drill.registry.knobs.down = true;
    await drill.startAgain();
    assert.equal(await drill.view(complete.name), complete.mountpoint);
    assert.equal(await drill.view(partial.name), partial.mountpoint);
    assert.deepEqual(await readFiles(complete.mountpoint, whole.names), whole.wanted);
    assert.deepEqual(await readFiles(partial.mountpoint, part.names), part.withBroken(0, 1, 2));
    assert.equal(await drill.daemon.stop(), 0);

    await rm(join(drill.dir, 'root', 'layers'), { recursive: true });
    await drill.startAgain();
    await assert.rejects(drill.view(partial.name), isUnavailable);
    drill.registry.knobs.down = false;
    assert.deepEqual(await readFiles(await drill.view(partial.name), part.names), part.wanted);
    assert.deepEqual(await drill.stop(), { status: 0, left: [] });
  });

  function isUnavailable(error: unknown): boolean {
    return error instanceof LazypullError && error.code === 'UNAVAILABLE';
  }
});

suite('a registry with tokens and redirects, and a daemon with two sockets', { skip }, () => {
  const config = `${DEMAND_ONLY}verification.allow_unverified = true
[[snapshotter]]\nname = "snapshotter"\n[[snapshotter]]\nname = "second"\n`;
  let drill: Drill;
  before(async () => {
    const registry = await TestRegistry.start({ auth: { kind: 'token' }, knobs: { redirectTo: 'cdn' } });
    drill = await Drill.start({ registry, config });
  });
  after(async () => {
    await using ended = drill;
    assert.deepEqual(await ended.stop(), { status: 0, left: [] });
  });

  test('what expires in the middle is renewed, also when the connection breaks: no read fails', async () => {
    const { built, names, wanted } = new Sample(21);
    const { registry } = drill;
    const { mountpoint } = await drill.mount(drill.publish('expires', built));
    // Backwards, so that no read-ahead brings the next file.
    for (const name of names.toReversed()) {
      const { tokensIssued } = registry.gate;
      registry.gate.expireTokens();
      registry.expireRedirects();
      Object.assign(registry.knobs, { dropAfter: 20 * KIB, dropCount: 1 });
      const cdnRequests = registry.requests('cdn');
      assert.deepEqual(await readFiles(mountpoint, [name]), new Map([[name, wanted.get(name)]]));
      assert.ok(registry.gate.tokensIssued > tokensIssued, 'the token was not renewed');
      assert.ok(registry.requests('cdn') > cdnRequests);
    }
    assert.ok(registry.log.some(({ server, status }) => server === 'cdn' && status === 403));
    assert.equal((await drill.daemon.status()).totals.readErrors, 0);
  });

  test('a layer that both sockets mount is fetched once, and stays as long as one of them has it', async () => {
    const { built, names, wanted } = new Sample(22);
    const labels = drill.publish('shared', built);
    drill.registry.forget();
    const second = join(drill.dir, 'state', 'second.sock');
    const [one, two] = await Promise.all([drill.mount(labels), drill.mount(labels, second)]);
    assert.equal(one.mountpoint, two.mountpoint);
    for (const read of await Promise.all([one, two].map(({ mountpoint }) => readFiles(mountpoint, names)))) {
      assert.deepEqual(read, wanted);
    }
    // The table of contents comes with the last 256 KiB of a blob whose size nobody said.
    assert.ok(drill.registry.bytes <= built.blob.length + 256 * KIB, `${drill.registry.bytes} bytes`);
    await drill.remove(one.name);
    await forgetPages(two.mountpoint, names);
    assert.deepEqual(await readFiles(two.mountpoint, names), wanted);
  });

  test('with verification.allow_unverified a legacy stargz layer is mounted', async () => {
    const { built, names, wanted } = new Sample(23, { legacy: true });
    const { mountpoint } = await drill.mount(withoutPromise(drill.publish('legacy', built)));
    assert.deepEqual(await readFiles(mountpoint, names), wanted);
  });
});

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
      const whole = built.blob;
      const cut = whole.subarray(0, whole.length - 3000);
      const read = (start: number, end: number): Uint8Array[] => (start === end ? [] : [cut.subarray(start, end)]);
      const content = { size: cut.length, mediaType: undefined, read };
      world.registry.content.repository('cut').contents.set(built.digest, content);
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

suite('a daemon that fills its cache by itself', { skip }, () => {
  test('stores no chunk with other bytes', async () => {
    const config = 'prefetch.default_bytes = "200KiB"\nbackground_fill.quiet = "0s"\nregistry.retries = 1\n';
    await using drill = await Drill.start({ config });
    const sample = new Sample(31);
    const { built, names } = sample;
    drill.registry.content.corrupt(built.digest, sample.inside(1));
    const { mountpoint } = await drill.mount(drill.publish('filled', built));
    const present = async (): Promise<number> => (await drill.daemon.status()).images[0]?.layers[0]?.presentBytes ?? 0;
    await until(async () => (await present()) === (4 * 128 - 64) * KIB, 'all chunks but one');
    assert.deepEqual(await readFiles(mountpoint, names), sample.withBroken(1));
  });
});
