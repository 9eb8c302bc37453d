// Failure drills: whatever the registry does, a read brings the right bytes or fails, in bounded time, and nothing of
// it outlives its cause. The daemon is the real one; layers are asked for as containerd asks.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { LazypullError } from '../../src/errors.ts';
import {
  DEMAND_ONLY,
  digestsOf,
  Drill,
  EIO,
  forgetPages,
  noiseFiles,
  readFiles,
  type Mounted,
} from '../support/drill.ts';
import { buildEstargz, type BuiltLayer } from '../support/estargz.ts';
import { needs } from '../support/needs.ts';
import { TestRegistry } from '../support/registry.ts';
import { until } from '../support/until.ts';

const KIB = 1024;
const entries = noiseFiles(4, 512 * KIB);
const wanted = digestsOf(entries);
const names = [...wanted.keys()];
const built = buildEstargz(entries, { chunkSize: 64 * KIB });

function only(...some: number[]): Map<string, string> {
  return new Map(some.map((i) => [names[i]!, wanted.get(names[i]!)!]));
}

function allFail(...some: number[]): Map<string, string> {
  return new Map(some.map((i) => [names[i]!, EIO]));
}

/** The middle of the first chunk of a file, as an offset of the blob. */
function insideOf(layer: BuiltLayer, name: string): number {
  const toc = JSON.parse(layer.tocJson.toString()) as { entries: { name: string; offset?: number }[] };
  return (toc.entries.find((entry) => entry.name === name)?.offset ?? 0) + 1000;
}

async function assertNothingLeft(drill: Drill): Promise<void> {
  assert.deepEqual(await drill.stop(), { status: 0, left: [] });
}

const skip = needs('root', 'fuse', 'erofs');

suite('a registry that is down', { skip }, () => {
  test('at the pull: the layer falls back, with the reason; later it is lazy', async () => {
    await using drill = await Drill.start();
    const labels = drill.publish('down', built);
    drill.registry.knobs.down = true;
    const answer = await drill.prepare(labels);
    assert.ok('reason' in answer, 'a layer without a registry is mounted');
    assert.equal(answer.kind, 'registry');
    assert.match(answer.reason, new RegExp(drill.registry.host));
    drill.registry.knobs.down = false;
    const { mountpoint } = await drill.mount(labels);
    assert.deepEqual(await readFiles(mountpoint, names), wanted);
    await assertNothingLeft(drill);
  });

  test('after the mount: local files are read, others fail, and are read once it is back', async () => {
    await using drill = await Drill.start();
    const { mountpoint } = await drill.mount(drill.publish('down', built));
    assert.deepEqual(await readFiles(mountpoint, [names[0]!]), only(0));
    const pid = await drill.daemon.servingPid();
    drill.registry.knobs.down = true;
    await forgetPages(mountpoint, [names[0]!]);
    assert.deepEqual(await readFiles(mountpoint, [names[0]!, names[2]!]), new Map([...only(0), ...allFail(2)]));
    assert.ok((await drill.daemon.status()).totals.readErrors > 0);
    drill.registry.knobs.down = false;
    assert.deepEqual(await readFiles(mountpoint, names), wanted);
    assert.equal(await drill.daemon.servingPid(), pid, 'the serving process died');
    await assertNothingLeft(drill);
  });

  test('at a start of the daemon: complete and incomplete layers come back from the disk', async () => {
    await using drill = await Drill.start();
    const part = await drill.mount(drill.publish('part', built));
    const otherEntries = noiseFiles(1, 256 * KIB, 2);
    const whole = await drill.mount(drill.publish('whole', buildEstargz(otherEntries)));
    const otherNames = digestsOf(otherEntries);
    assert.deepEqual(await readFiles(whole.mountpoint, otherNames.keys()), otherNames);
    assert.deepEqual(await readFiles(part.mountpoint, [names[1]!]), only(1));
    assert.equal(await drill.daemon.stop(), 0);

    drill.registry.knobs.down = true;
    await drill.startAgain();
    assert.equal(await drill.view(whole.name), whole.mountpoint);
    assert.equal(await drill.view(part.name), part.mountpoint);
    assert.deepEqual(await readFiles(whole.mountpoint, otherNames.keys()), otherNames);
    assert.deepEqual(await readFiles(part.mountpoint, names), new Map([...allFail(0), ...only(1), ...allFail(2, 3)]));
    drill.registry.knobs.down = false;
    assert.deepEqual(await readFiles(part.mountpoint, names), wanted);
    await assertNothingLeft(drill);
  });

  test('at a start with an empty cache: containers get UNAVAILABLE, until the registry is back', async () => {
    await using drill = await Drill.start();
    const { name } = await drill.mount(drill.publish('lost', built));
    assert.equal(await drill.daemon.stop(), 0);
    await rm(join(drill.dir, 'root', 'layers'), { recursive: true });
    drill.registry.knobs.down = true;
    await drill.startAgain();
    await assert.rejects(drill.view(name), (error) => error instanceof LazypullError && error.code === 'UNAVAILABLE');
    drill.registry.knobs.down = false;
    assert.deepEqual(await readFiles(await drill.view(name), names), wanted);
    await assertNothingLeft(drill);
  });
});

suite('what expires', { skip }, () => {
  test('tokens and redirects that expire in the middle are renewed, and no read fails', async () => {
    const registry = await TestRegistry.start({
      auth: { kind: 'token', expiresInSec: 300 },
      knobs: { redirectTo: 'cdn', bytesPerSec: 2_000_000 },
    });
    await using drill = await Drill.start({ registry });
    const { mountpoint } = await drill.mount(drill.publish('expires', built));
    const reading = readFiles(mountpoint, names);
    let issued = 0;
    for (let i = 0; i < 4; i++) {
      await untilBytes(registry, registry.bytes + 100 * KIB);
      registry.gate.expireTokens();
      registry.expireRedirects();
      issued = registry.gate.tokensIssued;
    }
    registry.knobs.bytesPerSec = undefined;
    assert.deepEqual(await reading, wanted);
    assert.ok(registry.gate.tokensIssued >= issued && issued > 1, `${issued} tokens`);
    const { totals } = await drill.daemon.status();
    assert.equal(totals.readErrors, 0);
    assert.ok(registry.log.some(({ server, status }) => server === 'cdn' && status === 403));
    await assertNothingLeft(drill);
  });
});

suite('a chunk with other bytes', { skip }, () => {
  test('fails the reads of its file alone, is counted, and is read when the registry has the right bytes', async () => {
    await using drill = await Drill.start();
    const labels = drill.publish('tampered', built);
    drill.registry.content.corrupt(built.digest, insideOf(built, names[1]!));
    const { mountpoint } = await drill.mount(labels);
    const broken = new Map([...only(0), ...allFail(1), ...only(2, 3)]);
    assert.deepEqual(await readFiles(mountpoint, names), broken);
    assert.deepEqual(await readFiles(mountpoint, names), broken, 'the second time');
    const status = await drill.daemon.status();
    assert.ok(status.totals.verificationErrors > 0);
    assert.equal(status.images[0]?.layers[0]?.state, 'lazy', 'a damaged chunk is not present');
    assert.match(await drill.daemon.get('/metrics'), /^lazypull_verification_errors_total [1-9]/m);
    drill.registry.content.heal(built.digest);
    assert.deepEqual(await readFiles(mountpoint, names), wanted);
    assert.equal((await drill.daemon.status()).images[0]?.layers[0]?.state, 'complete');
    await assertNothingLeft(drill);
  });

  test('never gets into the cache by prefetch and background fill either', async () => {
    const config = 'prefetch.default_bytes = "1MiB"\nbackground_fill.quiet = "0s"\nregistry.retries = 1\n';
    await using drill = await Drill.start({ config });
    const labels = drill.publish('filled', built);
    drill.registry.content.corrupt(built.digest, insideOf(built, names[1]!));
    const { mountpoint } = await drill.mount(labels);
    await untilPresent(drill, 2 * KIB * KIB - 64 * KIB);
    assert.deepEqual(await readFiles(mountpoint, names), new Map([...only(0), ...allFail(1), ...only(2, 3)]));
    await assertNothingLeft(drill);
  });
});

suite('a layer that is not what the manifest says', { skip }, () => {
  const invalid: readonly [title: string, kind: RegExp, make: (drill: Drill) => Record<string, string>][] = [
    [
      'another TOC than the promised one',
      /^invalid$/,
      (drill) => drill.publish('a', built, `sha256:${'0'.repeat(64)}`),
    ],
    [
      'a TOC with a flipped bit',
      /^invalid$/,
      (drill) => {
        const labels = drill.publish('b', built);
        drill.registry.content.corrupt(built.digest, built.tocOffset + 300);
        return labels;
      },
    ],
    ['a footer that points behind the blob', /^invalid$/, (drill) => publishAs(drill, 'c', withTocOffset(2 ** 40))],
    ['a footer that points into the payload', /^invalid$/, (drill) => publishAs(drill, 'd', withTocOffset(700))],
    ['a footer that is no number', /^invalid$/, (drill) => publishAs(drill, 'e', withTocOffset(NaN))],
    [
      'a blob without its middle',
      /^invalid$/,
      (drill) => publishAs(drill, 'f', Buffer.concat([built.blob.subarray(0, 1000), built.blob.subarray(-5000)])),
    ],
    // The end of the blob is where the footer was: nothing says that this ever was eStargz but the manifest.
    [
      'a blob without its end',
      /^(invalid|not-estargz)$/,
      (drill) => publishAs(drill, 'g', built.blob.subarray(0, -2000)),
    ],
    ['an empty blob', /^(invalid|not-estargz)$/, (drill) => publishAs(drill, 'h', Buffer.alloc(0))],
    ['noise', /^(invalid|not-estargz)$/, (drill) => publishAs(drill, 'i', randomBytes(3000))],
  ];

  test('is not mounted, for a reason that says so, and the next one is', async () => {
    await using drill = await Drill.start();
    const pid = await drill.daemon.servingPid();
    for (const [title, kind, make] of invalid) {
      const answer = await drill.prepare(make(drill));
      drill.registry.content.heal(built.digest);
      assert.ok('reason' in answer, `${title}: mounted`);
      assert.match(answer.kind, kind, `${title}: ${answer.reason}`);
    }
    const { mountpoint } = await drill.mount(drill.publish('good', built));
    assert.deepEqual(await readFiles(mountpoint, names), wanted);
    assert.equal(await drill.daemon.servingPid(), pid);
    await assertNothingLeft(drill);
  });

  test('a manifest that lied about the TOC keeps nobody from the layer, and does not replace what is mounted', async () => {
    await using drill = await Drill.start();
    const good: Mounted = await drill.mount(drill.publish('good', built));
    const lie = drill.publish('liar', built, `sha256:${'1'.repeat(64)}`);
    const answer = await drill.prepare(lie);
    assert.ok('reason' in answer);
    assert.equal(answer.kind, 'invalid');
    assert.deepEqual(await readFiles(good.mountpoint, names), wanted);
    await assertNothingLeft(drill);
  });

  /** Serves `bytes` under the digest of the right blob, as a registry that was broken into would. */
  function publishAs(drill: Drill, name: string, bytes: Uint8Array): Record<string, string> {
    const labels = drill.publish(name, built);
    const { contents } = drill.registry.content.repository(name);
    const read = (start: number, end: number): Uint8Array[] => (start === end ? [] : [bytes.subarray(start, end)]);
    contents.set(built.digest, { size: bytes.length, mediaType: undefined, read });
    return { ...labels };
  }

  function withTocOffset(offset: number): Buffer {
    const digits = Number.isNaN(offset) ? 'not-hexadecimals' : offset.toString(16).padStart(16, '0');
    const blob = Buffer.from(built.blob);
    blob.write(digits, blob.lastIndexOf('STARGZ') - 16, 'latin1');
    return blob;
  }
});

suite('layers that nobody vouches for', { skip }, () => {
  const legacy = buildEstargz(entries, { chunkSize: 64 * KIB, legacy: true });
  const withoutPromise = (drill: Drill): Record<string, string> => {
    const { 'containerd.io/snapshot/stargz/toc.digest': _, ...labels } = drill.publish('legacy', legacy);
    return labels;
  };

  test('are not mounted by default', async () => {
    await using drill = await Drill.start();
    const answer = await drill.prepare(withoutPromise(drill));
    assert.ok('reason' in answer);
    assert.match(answer.kind, /^(not-estargz|unverifiable)$/);
    assert.equal(drill.registry.requests(), 0);
    await assertNothingLeft(drill);
  });

  test('are mounted with verification.allow_unverified', async () => {
    await using drill = await Drill.start({ config: `${DEMAND_ONLY}verification.allow_unverified = true\n` });
    const { mountpoint } = await drill.mount(withoutPromise(drill));
    assert.deepEqual(await readFiles(mountpoint, names), wanted);
    await assertNothingLeft(drill);
  });
});

suite('two sockets over one cache', { skip }, () => {
  test('a layer that both mount is fetched once, and stays as long as one of them has it', async () => {
    const config = `${DEMAND_ONLY}[[snapshotter]]\nname = "one"\n[[snapshotter]]\nname = "two"\n`;
    await using drill = await Drill.start({ config });
    const [one, two] = ['one', 'two'].map((name) => join(drill.dir, 'state', `${name}.sock`));
    const labels = drill.publish('shared', built);
    const [first, second] = await Promise.all([drill.mount(labels, one), drill.mount(labels, two)]);
    assert.equal(first.mountpoint, second.mountpoint);
    const [a, b] = await Promise.all([first, second].map(({ mountpoint }) => readFiles(mountpoint, names)));
    assert.deepEqual(a, wanted);
    assert.deepEqual(b, wanted);
    assert.ok(drill.registry.bytes < built.blob.length * 1.1, `${drill.registry.bytes} of ${built.blob.length} bytes`);
    assert.equal((await drill.daemon.status()).cache.layers, 1);
    await drill.remove(first.name, one);
    await forgetPages(second.mountpoint, names);
    assert.deepEqual(await readFiles(second.mountpoint, names), wanted);
    await assertNothingLeft(drill);
  });
});

async function untilBytes(registry: TestRegistry, bytes: number): Promise<void> {
  await until(() => registry.bytes >= bytes, `${bytes} bytes from the registry`);
}

async function untilPresent(drill: Drill, bytes: number): Promise<void> {
  const present = async (): Promise<boolean> => {
    const { images } = await drill.daemon.status();
    return (images[0]?.layers[0]?.presentBytes ?? 0) >= bytes;
  };
  await until(present, `${bytes} bytes present`);
}
