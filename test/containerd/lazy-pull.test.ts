// Pulls through a real containerd into our own snapshotter, whose lazy side "mounts" the layers that a test gives it:
// what is asked of the snapshotter, what is downloaded and what is not.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Connection } from '../../src/containerd/connection.ts';
import { lookupContent } from '../../src/containerd/content.ts';
import { pullLazily } from '../../src/containerd/pull.ts';
import { GrpcServer } from '../../src/grpc/server.ts';
import { loadSnapshotsService, snapshotsService } from '../../src/grpc/snapshots.ts';
import { TOC_DIGEST } from '../../src/oci/annotations.ts';
import { digestOf, type Digest } from '../../src/oci/digest.ts';
import { Snapshotter } from '../../src/snapshot/snapshotter.ts';
import { FakeLazy } from '../snapshot/fake-lazy.ts';
import { containerdProgram, startContainerd, type Containerd } from '../support/containerd.ts';
import { dir, file, symlink } from '../support/entries.ts';
import { MemoryImage } from '../support/memory-image.ts';
import { findProgram, needs } from '../support/needs.ts';
import { tarOf } from '../support/tar.ts';

const REF = 'registry.test/team/lazy:1';
const TOC = digestOf(Buffer.from('a table of contents'));

interface Machine {
  readonly containerd: Containerd;
  readonly connection: Connection;
  readonly lazy: FakeLazy;
  readonly dir: string;
  /** Makes the layer at `index` mountable: a folder with /data/LAYER, and busybox in the lowest. */
  mountable(image: MemoryImage, index: number): void;
  run(...words: string[]): Promise<string>;
}

async function withMachine(version: '1.7' | '2', use: (machine: Machine) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lazypull-lazy-'));
  const [root, socket] = [join(folder, 'snapshotter'), join(folder, 'snapshotter.sock')];
  const lazy = new FakeLazy();
  const snapshotter = await Snapshotter.open({ root, lazy });
  const server = new GrpcServer();
  server.add(loadSnapshotsService(), snapshotsService(snapshotter));
  await server.listen(socket);
  try {
    await using containerd = await startContainerd({
      version,
      dir: folder,
      snapshotterSocket: socket,
      snapshotterRoot: root,
    });
    using connection = await Connection.open({ address: containerd.socketPath, namespace: 'default' });
    let runs = 0;
    await use({
      containerd,
      connection,
      lazy,
      dir: folder,
      mountable: (image, index) => void lazy.layers.set(image.layers[index]?.digest ?? TOC, unpacked(folder, index)),
      run: async (...words) => {
        runs += 1;
        return (
          await containerd.ctr([
            'run',
            '--rm',
            '--net-host',
            '--snapshotter',
            'stargz',
            REF,
            `pull-${process.pid}-${runs}`,
            ...words,
          ])
        ).stdout;
      },
    });
  } finally {
    await server.close();
    await snapshotter.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function unpacked(folder: string, index: number): string {
  const layer = join(folder, `layer${index}`);
  mkdirSync(join(layer, 'data'), { recursive: true });
  writeFileSync(join(layer, 'data', String(index)), `mounted ${index}\n`);
  if (index === 0) {
    mkdirSync(join(layer, 'bin'));
    writeFileSync(join(layer, 'bin', 'cat'), readFileSync(findProgram('busybox') ?? ''), { mode: 0o755 });
  }
  return layer;
}

/** Four layers; those in `toc` promise a table of contents. */
function fourLayers(toc: readonly number[]): MemoryImage {
  const busybox = file('bin/busybox', readFileSync(findProgram('busybox') ?? ''), { mode: 0o755 });
  const programs = [dir('bin'), busybox, symlink('bin/cat', 'busybox')];
  const layers = [0, 1, 2, 3].map((index) =>
    tarOf([...(index === 0 ? programs : []), dir('data'), file(`data/${index}`, `unpacked ${index}\n`)]),
  );
  return new MemoryImage(REF, {
    layers,
    annotations: layers.map((_, index): Record<string, string> => (toc.includes(index) ? { [TOC_DIGEST]: TOC } : {})),
  });
}

const downloaded = (image: MemoryImage): number[] =>
  image.streamed
    .map((digest: Digest) => image.layers.findIndex((layer) => layer.digest === digest))
    .sort((a, b) => a - b);

for (const version of ['1.7', '2'] as const) {
  const skip = needs('root', 'runc', 'busybox', containerdProgram(version));
  const pull = ({ connection }: Machine, image: MemoryImage) =>
    pullLazily({ connection, snapshotter: 'stargz', source: image });

  test(
    `containerd ${version}: layers that mount are not downloaded, run, and survive a garbage collection`,
    { skip },
    async () => {
      await withMachine(version, async (machine) => {
        const { containerd, connection } = machine;
        const image = fourLayers([0, 1, 2, 3]);
        for (const index of [0, 1, 2, 3]) machine.mountable(image, index);
        const result = await pull(machine, image);
        assert.deepEqual(
          result.layers.map((layer) => layer.state),
          ['lazy', 'lazy', 'lazy', 'lazy'],
        );
        assert.deepEqual([result.downloadedBytes, image.streamed], [0, []]);
        assert.equal(await machine.run('/bin/cat', '/data/0', '/data/3'), 'mounted 0\nmounted 3\n');
        await containerd.ctr(['leases', 'create', '--id', 'collect']);
        await containerd.ctr(['leases', 'delete', '--sync', 'collect']);
        await containerd.ctr(['content', 'prune', 'references']);
        assert.equal(await machine.run('/bin/cat', '/data/3'), 'mounted 3\n');
        assert.equal(await lookupContent(connection, image.layers[0]?.digest ?? TOC), undefined);
        await containerd.ctr(['images', 'remove', '--sync', REF]);
        await untilReleased(machine);
      });
    },
  );

  test(
    `containerd ${version}: an image with lazy and ordinary layers is mounted and unpacked in one chain`,
    { skip },
    async () => {
      await withMachine(version, async (machine) => {
        const image = fourLayers([0, 1, 3]);
        for (const index of [0, 1, 3]) machine.mountable(image, index);
        const { layers } = await pull(machine, image);
        assert.deepEqual(
          layers.map((layer) => layer.state),
          ['lazy', 'lazy', 'ordinary', 'lazy'],
        );
        assert.deepEqual(downloaded(image), [2]);
        const words = ['/bin/cat', '/data/0', '/data/1', '/data/2', '/data/3'];
        assert.equal(await machine.run(...words), 'mounted 0\nmounted 1\nunpacked 2\nmounted 3\n');
      });
    },
  );

  test(
    `containerd ${version}: when a promised layer does not mount, all above are downloaded at once`,
    { skip },
    async () => {
      await withMachine(version, async (machine) => {
        const image = fourLayers([0, 1, 2, 3]);
        machine.mountable(image, 0);
        machine.lazy.broken = 'the registry is down';
        const { layers } = await pull(machine, image);
        assert.deepEqual(
          layers.map((layer) => layer.state),
          ['ordinary', 'ordinary', 'ordinary', 'ordinary'],
        );
        assert.deepEqual(downloaded(image), [0, 1, 2, 3]);
        assert.equal(await machine.run('/bin/cat', '/data/0', '/data/3'), 'unpacked 0\nunpacked 3\n');
      });
    },
  );

  test(
    `containerd ${version}: a second pull finds the mounted layers and asks the registry for none`,
    { skip },
    async () => {
      await withMachine(version, async (machine) => {
        const image = fourLayers([0, 1, 2, 3]);
        for (const index of [0, 1, 2, 3]) machine.mountable(image, index);
        await pull(machine, image);
        const mounts = machine.lazy.mounts;
        const again = await pull(machine, image);
        assert.deepEqual(
          again.layers.map((layer) => layer.state),
          ['lazy', 'lazy', 'lazy', 'lazy'],
        );
        assert.equal(machine.lazy.mounts, mounts);
      });
    },
  );
}

async function untilReleased({ containerd, lazy }: Machine): Promise<void> {
  const held = (): number => [...lazy.holders.values()].reduce((sum, holders) => sum + holders.size, 0);
  for (let tries = 0; tries < 50 && held() > 0; tries++) {
    await containerd.ctr(['leases', 'create', '--id', 'collect']);
    await containerd.ctr(['leases', 'delete', '--sync', 'collect']);
  }
  assert.equal(held(), 0);
}
