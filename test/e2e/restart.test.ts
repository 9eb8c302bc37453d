// Crash drills: the serving process, or the whole daemon, is killed while containers read. Eight readers over a cold
// layer notice nothing of the former; after the latter everything is there again.
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadSnapshotsService } from '../../src/grpc/snapshots.ts';
import { GrpcClient } from '../grpc/client.ts';
import { containerdProgram } from '../support/containerd.ts';
import { startDaemon } from '../support/daemon.ts';
import { DEMAND_ONLY } from '../support/drill.ts';
import { mountsBelow } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { addNoiseImage, type NoiseImage } from '../support/noise-image.ts';
import { until } from '../support/until.ts';
import { startWorld, type World } from '../support/world.ts';

const READERS = 8;
const MIB = 1024 * 1024;
/** Digits of a sha256. Two spaces and a slash follow them where sha256sum names a file. */
const DIGEST_LENGTH = 64;
const LINK = { bytesPerSec: 250_000, latencyMs: 10 };
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const skip = needs('root', 'fuse', 'erofs', containerdProgram('1.7'), containerdProgram('2'), 'busybox', 'runc');

/** Containers of one image that read all its noise, each from another file on. */
class Readers {
  readonly #world: World;
  readonly #image: NoiseImage;
  readonly #outputs: Promise<string>[];
  ended = 0;

  constructor(world: World, image: NoiseImage) {
    this.#world = world;
    this.#image = image;
    this.#outputs = Array.from({ length: READERS }, (_, index) => this.#start(index));
    for (const output of this.#outputs) void output.catch(() => {}).finally(() => void this.ended++);
  }

  /** Lets the registry be as fast as it can, and checks what every reader saw. */
  async finish(): Promise<void> {
    this.#world.registry.knobs.bytesPerSec = undefined;
    for (const output of await Promise.all(this.#outputs)) {
      const lines = output.trim().split('\n');
      const seen = new Map(lines.map((line) => [line.slice(DIGEST_LENGTH + 3), line.slice(0, DIGEST_LENGTH)]));
      assert.deepEqual(seen, this.#image.files);
    }
  }

  async #start(index: number): Promise<string> {
    const names = [...this.#image.files.keys()].map((name) => `/${name}`);
    const at = Math.floor((index * names.length) / READERS);
    const order = [...names.slice(at), ...names.slice(0, at)];
    return await runContainer(this.#world, this.#image, `reader${index}`, ['/bin/sha256sum', ...order]);
  }
}

async function runContainer(world: World, { ref }: NoiseImage, id: string, command: string[]): Promise<string> {
  const args = ['run', '--rm', '--net-host', '--snapshotter', 'stargz', ref, id, ...command];
  const { stdout } = await world.containerd.ctr(args, { timeoutMs: 120_000 });
  return stdout;
}

async function pull(world: World, { ref }: NoiseImage): Promise<void> {
  const { containerd, daemon } = world;
  const where = ['--address', containerd.socketPath, '--socket', daemon.control];
  await world.lazypull(['pull', ...where, '--plain-http', ref]);
}

/** Waits until reads wait for the registry again, and something has come since `bytes`. */
async function underWay(world: World, readers: Readers): Promise<void> {
  const { registry } = world;
  const from = registry.bytes + 300_000;
  await until(() => registry.inFlight > 0 && registry.bytes > from, 'reads under way');
  assert.equal(readers.ended, 0, 'a reader was ready before the drill was');
}

/** A snapshot that is there. */
async function anyKey(client: GrpcClient): Promise<{ key: string }> {
  for await (const { info } of client.stream<{ info: { name: string }[] }>('List', {})) {
    if (info[0] !== undefined) return { key: info[0].name };
  }
  throw new Error('there is no snapshot');
}

async function assertNoErrors(world: World): Promise<void> {
  const { totals } = await world.daemon.status();
  assert.equal(totals.readErrors, 0);
  assert.equal(totals.verificationErrors, 0);
}

suite('eight containers read a cold layer', { skip }, () => {
  test('through ten kills of the serving process: no error, no wrong byte', async () => {
    await using world = await startWorld({ version: '2', images: [], config: DEMAND_ONLY });
    const image = addNoiseImage(world.registry, 'noise', { count: 24, size: MIB });
    await pull(world, image);
    Object.assign(world.registry.knobs, LINK);
    const readers = new Readers(world, image);
    for (let kills = 0; kills < 10; kills++) {
      await underWay(world, readers);
      const pid = await world.daemon.servingPid();
      process.kill(pid, 'SIGKILL');
      await world.daemon.ready(pid);
    }
    assert.equal((await world.daemon.status()).generation, 10);
    await readers.finish();
    await assertNoErrors(world);
  });

  test('through planned restarts, by the command and by SIGHUP, and a change of version', async () => {
    const code = await mkdtemp('/var/tmp/lazypull-code-');
    await installCode(code, '0.1.1');
    await using world = await startWorld({ version: '1.7', images: [], config: DEMAND_ONLY });
    await world.daemon.stop();
    const main = join(code, 'current', 'src', 'cli', 'main.ts');
    world.daemon = await startDaemon({ dir: world.daemon.dir, config: DEMAND_ONLY, main });
    assert.equal((await world.daemon.status()).version, '0.1.1');
    const image = addNoiseImage(world.registry, 'noise', { count: 16, size: MIB });
    await pull(world, image);
    Object.assign(world.registry.knobs, LINK);
    const readers = new Readers(world, image);

    // No call fails that is made meanwhile, as BuildKit's and containerd's are.
    using client = new GrpcClient({ socket: world.daemon.socket, service: loadSnapshotsService() });
    const calling = new AbortController();
    const caller = (async () => {
      while (!calling.signal.aborted) {
        assert.equal(typeof (await client.call<{ size: string }>('Usage', await anyKey(client))), 'object');
        await setImmediate();
      }
    })();
    await underWay(world, readers);
    const first = await world.daemon.servingPid();
    const { stdout } = await world.lazypull(['restart', '--socket', world.daemon.control]);
    assert.match(stdout, new RegExp(`pid ${first} -> \\d+`));

    await underWay(world, readers);
    const second = await world.daemon.servingPid();
    world.daemon.signal('SIGHUP');
    await world.daemon.ready(second);

    await underWay(world, readers);
    await installCode(code, '0.1.2');
    await world.lazypull(['restart', '--socket', world.daemon.control]);
    const { version, generation } = await world.daemon.status();
    assert.deepEqual({ version, generation }, { version: '0.1.2', generation: 3 });
    assert.match((await world.lazypull(['status', '--socket', world.daemon.control])).stdout, /0\.1\.2/);
    calling.abort();
    await caller;
    await readers.finish();
    await assertNoErrors(world);
    await rm(code, { recursive: true });
  });
});

suite('the whole daemon is killed', { skip }, () => {
  test('and started again: dead mounts are gone, layers are mounted, a new container runs', async () => {
    await using world = await startWorld({ version: '2', images: [], config: DEMAND_ONLY });
    const image = addNoiseImage(world.registry, 'noise', { count: 8, size: MIB });
    await pull(world, image);
    const [name = '', digest = ''] = [...image.files][3] ?? [];
    const read = ['/bin/sha256sum', `/${name}`];
    assert.match(await runContainer(world, image, 'before', read), new RegExp(`^${digest}`));
    // One that has the layer mounted while the daemon dies.
    await world.containerd.ctr([
      'run',
      '-d',
      '--net-host',
      '--snapshotter',
      'stargz',
      image.ref,
      'lives',
      '/bin/sleep',
      '1000',
    ]);
    const serving = await world.daemon.servingPid();
    process.kill(world.daemon.pid, 'SIGKILL');
    process.kill(serving, 'SIGKILL');
    await until(() => world.daemon.exited && !isAlive(serving), 'both processes to be gone');
    assert.ok(mountsBelow(world.daemon.dir).length > 0, 'the kernel unmounted by itself');

    world.daemon = await startDaemon({ dir: world.daemon.dir, config: DEMAND_ONLY });
    // containerd found nobody for a while, and waits up to 3 s before it dials again.
    const list = ['snapshots', '--snapshotter', 'stargz', 'ls'];
    await until(
      async () => (await world.containerd.ctr(list, { check: false })).status === 0,
      'containerd to reconnect',
    );
    const files = [...image.files.keys()].map((file) => `/${file}`);
    const output = await runContainer(world, image, 'after', ['/bin/sha256sum', ...files]);
    assert.deepEqual(
      output.trim().split('\n'),
      [...image.files].map(([file, hex]) => `${hex}  /${file}`),
    );
    const { generation, images } = await world.daemon.status();
    assert.equal(generation, 0);
    assert.equal(images[0]?.layers[0]?.state, 'complete');
    await world.containerd.stop();
    assert.equal(await world.daemon.stop(), 0);
    assert.deepEqual(mountsBelow(world.dir), []);
  });

  test('by its supervisor alone: the serving process follows it', async () => {
    await using world = await startWorld({ version: '2', images: [], config: DEMAND_ONLY });
    const serving = await world.daemon.servingPid();
    process.kill(world.daemon.pid, 'SIGKILL');
    await until(() => !isAlive(serving), 'the serving process to be gone');
    world.daemon = await startDaemon({ dir: world.daemon.dir, config: DEMAND_ONLY });
    const image = addNoiseImage(world.registry, 'noise', { count: 1, size: MIB });
    await pull(world, image);
    assert.equal(await runContainer(world, image, 'hello', ['/bin/echo', 'hello']), 'hello\n');
  });
});

/** Puts a copy of the sources with another version behind the symlink `current`, as an installation does. */
async function installCode(folder: string, version: string): Promise<void> {
  const target = join(folder, version);
  await mkdir(target);
  await cp(join(ROOT, 'src'), join(target, 'src'), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(target, 'package.json'));
  await symlink(join(ROOT, 'node_modules'), join(target, 'node_modules'));
  const path = join(target, 'src', 'version.ts');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace(/version = '[^']*'/, `version = '${version}'`));
  await symlink(target, join(folder, 'next'));
  await rename(join(folder, 'next'), join(folder, 'current'));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
