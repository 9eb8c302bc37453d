// Real containerds of both generations with our snapshotter as a proxy plugin. Without a layer that is lazy it must
// unpack, run and collect garbage like the built-in overlay snapshotter. With layers that are "mounted" as directories,
// containerd must find the remote snapshots and download nothing.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { GrpcServer } from '../../src/grpc/server.ts';
import { loadSnapshotsService, snapshotsService } from '../../src/grpc/snapshots.ts';
import { Snapshotter } from '../../src/snapshot/snapshotter.ts';
import { containerdProgram, startContainerd, type Containerd, untilOutput } from '../support/containerd.ts';
import { digestHex, parseDigest } from '../../src/oci/digest.ts';
import { image } from '../support/images.ts';
import { needs } from '../support/needs.ts';
import { readLayout } from '../support/oci-layout.ts';
import { TestRegistry } from '../support/registry.ts';
import { run } from '../support/run.ts';
import { FakeLazy } from './fake-lazy.ts';

const IMAGE = 'registry.test/small:latest';

interface Machine {
  readonly containerd: Containerd;
  readonly snapshotter: Snapshotter;
  readonly lazy: FakeLazy;
  /** A folder for anything. */
  readonly dir: string;
  /** That of the snapshotter. */
  readonly root: string;
}

async function withContainerd(version: '1.7' | '2', use: (machine: Machine) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-ctrd-'));
  const root = join(dir, 'snapshotter');
  const socket = join(dir, 'snapshotter.sock');
  const lazy = new FakeLazy();
  const snapshotter = await Snapshotter.open({ root, lazy });
  const server = new GrpcServer();
  server.add(loadSnapshotsService(), snapshotsService(snapshotter));
  await server.listen(socket);
  try {
    await using containerd = await startContainerd({ version, dir, snapshotterSocket: socket, snapshotterRoot: root });
    await use({ containerd, snapshotter, lazy, dir, root });
  } finally {
    await server.close();
    await snapshotter.close();
    await rm(dir, { recursive: true, force: true });
  }
}

let containers = 0;
async function runContainer({ containerd }: Machine, reference: string, ...words: string[]): Promise<string> {
  const options = ['--rm', '--net-host', '--snapshotter', 'stargz'];
  return untilOutput(async () => {
    const id = `snapshot-${process.pid}-${++containers}`;
    return (await containerd.ctr(['run', ...options, reference, id, ...words])).stdout;
  });
}

async function removeImages({ containerd }: Machine, ...inNamespace: string[]): Promise<void> {
  const { stdout } = await containerd.ctr([...inNamespace, 'images', 'ls', '-q']);
  const images = stdout.split('\n').filter((name) => name !== '');
  await containerd.ctr([...inNamespace, 'images', 'remove', '--sync', ...images]);
}

/** Garbage collection takes place some time after the command that made garbage. */
async function untilEmpty(snapshotter: Snapshotter): Promise<void> {
  for (let waited = 0; waited < 100 && (await snapshotter.list([])).length > 0; waited++) await sleep(100);
  assert.deepEqual(await snapshotter.list([]), []);
}

for (const version of ['1.7', '2'] as const) {
  const skip = needs('root', 'runc', 'tar', 'busybox', containerdProgram(version));

  test(`containerd ${version} unpacks, runs and removes an image on our snapshotter`, { skip }, async () => {
    await withContainerd(version, async (machine) => {
      const { containerd, snapshotter, dir, root } = machine;
      const { layoutDir } = await image('small');
      await run('tar', ['-C', layoutDir, '-cf', join(dir, 'image.tar'), '.']);
      await containerd.ctr(['images', 'import', '--no-unpack', '--index-name', IMAGE, join(dir, 'image.tar')]);

      assert.match(await runContainer(machine, IMAGE, 'cat', '/etc/passwd'), /^root:x:0:0/);
      await assert.rejects(runContainer(machine, IMAGE, 'cat', '/etc/to-be-deleted'), /No such file/);
      await runContainer(machine, IMAGE, 'sh', '-c', 'echo new > /etc/new && ls /etc/new');
      await assert.rejects(runContainer(machine, IMAGE, 'cat', '/etc/new'), /No such file/);

      const { snapshots, fallbacks } = snapshotter.status();
      assert.deepEqual([snapshots.committed, snapshots.remote], [3, 0]);
      assert.ok(fallbacks.every(({ kind }) => kind === 'no-labels'));
      const { stdout: usage } = await containerd.ctr(['snapshots', '--snapshotter', 'stargz', 'usage']);
      assert.equal(usage.match(/sha256:/g)?.length, 3);

      await removeImages(machine);
      await untilEmpty(snapshotter);
      await snapshotter.cleanup();
      assert.deepEqual(readdirSync(join(root, 'snapshots')), []);
    });
  });

  const skipRemote = needs('root', 'runc', 'tar', 'busybox', 'ctr-remote', containerdProgram(version));
  test(
    `containerd ${version} runs an image of remote layers without downloading them`,
    { skip: skipRemote },
    async () => {
      await using registry = await TestRegistry.start();
      await withContainerd(version, async (machine) => {
        const { containerd, snapshotter, lazy, dir } = machine;
        const { layoutDir } = await image('small');
        registry.content.addLayout(layoutDir, 'small');
        const layers = readLayout(layoutDir).layers.map(({ digest, path }) => ({ digest: parseDigest(digest), path }));
        for (const { digest, path } of layers) {
          const folder = join(dir, 'layers', digestHex(digest));
          mkdirSync(folder, { recursive: true });
          await run('tar', ['-xzf', path, '-C', folder]);
          lazy.layers.set(digest, folder);
        }
        const reference = `${registry.host}/small:latest`;
        const pull = async (...inNamespace: string[]): Promise<void> => {
          if (version === '1.7')
            await containerd.ctrRemote([...inNamespace, 'images', 'rpull', '--plain-http', reference]);
          else
            await containerd.ctr([
              ...inNamespace,
              'images',
              'pull',
              '--plain-http',
              '--snapshotter',
              'stargz',
              reference,
            ]);
        };

        await pull();
        const downloads = registry.log.filter(({ path: asked }) => layers.some(({ digest }) => asked.includes(digest)));
        assert.deepEqual(downloads, []);
        const { snapshots, images, fallbacks } = snapshotter.status();
        assert.deepEqual([snapshots.committed, snapshots.remote, fallbacks], [3, 3, []]);
        assert.deepEqual(
          images[0]?.layers.map(({ layerDigest }) => layerDigest),
          layers.map(({ digest }) => digest),
        );
        assert.equal(images[0]?.imageRef.split('@')[0], reference);
        assert.match(await runContainer(machine, reference, 'cat', '/etc/passwd'), /^root:x:0:0/);
        assert.deepEqual(lazy.readied.at(-1), layers.map(({ digest }) => digest).toReversed());

        // Another namespace of the same containerd shares the layers.
        await pull('--namespace', 'other');
        assert.equal(snapshotter.status().snapshots.remote, 3);
        assert.equal(lazy.mounts, 3);
        await removeImages(machine);
        assert.equal(snapshotter.status().snapshots.remote, 3);
        await removeImages(machine, '--namespace', 'other');
        await untilEmpty(snapshotter);
        assert.deepEqual(
          [...lazy.holders.values()].map(({ size }) => size),
          [0, 0, 0],
        );
      });
    },
  );
}
