// Failure drills: whatever the registry does, a read brings the right bytes or fails, in bounded time, and nothing of
// it outlives its cause. The daemon is the real one; layers are asked for as containerd asks.
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { LazypullError } from '../../src/errors.ts';
import type { Labels } from '../../src/snapshot/lazy.ts';
import { DEMAND_ONLY, Drill, forgetPages, readFiles } from '../support/drill.ts';
import type { BuiltLayer } from '../support/estargz.ts';
import { needs } from '../support/needs.ts';
import { TestRegistry } from '../support/registry.ts';
import { Sample } from '../support/sample-layer.ts';
import { until } from '../support/until.ts';

const KIB = 1024;
const skip = needs('root', 'fuse', 'erofs');

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

  test('a layer that nobody vouches for is not even asked for', async () => {
    const labels = withoutPromise(drill.publish('legacy', new Sample(6, { format: 'stargz' }).built));
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
    const { built, names, wanted } = new Sample(23, { format: 'stargz' });
    const { mountpoint } = await drill.mount(withoutPromise(drill.publish('legacy', built)));
    assert.deepEqual(await readFiles(mountpoint, names), wanted);
  });
});

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
