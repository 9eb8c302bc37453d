// Pulls into real containerds, of both generations, with their own overlayfs snapshotter.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { randomBytes } from 'node:crypto';
import { Connection } from '../../src/containerd/connection.ts';
import { lookupContent, readContent, writeContent } from '../../src/containerd/content.ts';
import { lookupImage } from '../../src/containerd/images.ts';
import { chainIds } from '../../src/containerd/image-config.ts';
import { withLease } from '../../src/containerd/lease.ts';
import { containerdVersion } from '../../src/containerd/introspection.ts';
import { pullLazily, type PullProgress, type PullResult } from '../../src/containerd/pull.ts';
import { Snapshots } from '../../src/containerd/snapshots.ts';
import { UserError, VerificationError } from '../../src/errors.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { containerdProgram, startContainerd, type Containerd } from '../support/containerd.ts';
import { dir, file, symlink } from '../support/entries.ts';
import { MemoryImage } from '../support/memory-image.ts';
import { findProgram, needs } from '../support/needs.ts';
import { tarOf } from '../support/tar.ts';

const REF = 'registry.test/team/app:1';

function layers(salt: string): Buffer[] {
  const busybox = readFileSync(findProgram('busybox') ?? '');
  return [
    tarOf([
      dir('bin'),
      file('bin/busybox', busybox, { mode: 0o755 }),
      symlink('bin/sh', 'busybox'),
      symlink('bin/cat', 'busybox'),
    ]),
    tarOf([dir('data'), file('data/a', `lower ${salt}\n`), file('data/noise', randomBytes(300_000))]),
    tarOf([dir('data'), file('data/a', `upper ${salt}\n`)]),
  ];
}

for (const version of ['1.7', '2'] as const) {
  suite(
    `pull into containerd ${version}`,
    { skip: needs('root', containerdProgram(version), 'runc', 'busybox') },
    () => {
      let folder = '';
      let containerd: Containerd;
      let connection: Connection;
      let runs = 0;

      before(async () => {
        folder = mkdtempSync(join(tmpdir(), 'lazypull-pull-'));
        containerd = await startContainerd({ version, dir: folder });
        connection = await Connection.open({ address: containerd.socketPath, namespace: 'default' });
      });
      after(async () => {
        connection.close();
        await containerd.stop();
        rmSync(folder, { recursive: true, force: true });
      });

      const pull = (
        source: MemoryImage,
        signal?: AbortSignal,
        onProgress?: (progress: PullProgress) => void,
      ): Promise<PullResult> =>
        pullLazily({
          connection,
          snapshotter: 'overlayfs',
          source,
          ...(signal === undefined ? {} : { signal }),
          ...(onProgress === undefined ? {} : { onProgress }),
        });
      const cat = async (name: string, path: string): Promise<string> => {
        runs += 1;
        return (
          await containerd.ctr(['run', '--rm', '--net-host', name, `pull-${process.pid}-${runs}`, '/bin/cat', path])
        ).stdout;
      };
      // containerd collects when a lease is deleted synchronously.
      const collect = async (): Promise<void> => {
        await containerd.ctr(['leases', 'create', '--id', 'collect']);
        await containerd.ctr(['leases', 'delete', '--sync', 'collect']);
      };

      test('the version is the one that was started', async () => {
        assert.match(await containerdVersion(connection), new RegExp(`^v?${version.replace('.', '\\.')}\\.`));
      });

      test('an ordinary image runs, survives a garbage collection, and runs again', async () => {
        const image = new MemoryImage(REF, { layers: layers('one'), index: true });
        const result = await pull(image);
        assert.equal(result.name, REF);
        assert.equal(result.target.digest, image.resolved.indexes[0]?.descriptor.digest);
        assert.deepEqual(
          result.layers.map((layer) => layer.state),
          ['ordinary', 'ordinary', 'ordinary'],
        );
        assert.equal(
          result.downloadedBytes,
          image.layers.reduce((sum, layer) => sum + layer.size, 0),
        );
        assert.equal(await cat(REF, '/data/a'), 'upper one\n');
        await collect();
        assert.equal(await cat(REF, '/data/a'), 'upper one\n');
        for (const digest of [
          ...image.layers.map((layer) => layer.digest),
          image.resolved.manifest.parsed.config.digest,
        ])
          assert.ok(await lookupContent(connection, digest), digest);
        assert.match(
          (await containerd.ctr(['images', 'check'])).stdout,
          /registry\.test\/team\/app:1 .*complete \(3\/3\|4\/4\)|complete/,
        );
        assert.equal((await containerd.ctr(['leases', 'list', '-q'])).stdout, '');
      });

      test('content and config carry the labels that containerd itself sets', async () => {
        const tars = layers('labels');
        const image = new MemoryImage(REF, { layers: tars, index: true });
        const { layers: pulled } = await pull(image);
        const { manifest, indexes } = image.resolved;
        const index = indexes[0];
        const source = { 'containerd.io/distribution.source.registry.test': 'team/app' };
        const labelsOf = async (digest: typeof manifest.descriptor.digest): Promise<unknown> => ({
          ...(await lookupContent(connection, digest))?.labels,
        });
        assert.deepEqual(await labelsOf(manifest.descriptor.digest), {
          ...source,
          'containerd.io/gc.ref.content.config': manifest.parsed.config.digest,
          'containerd.io/gc.ref.content.l.0': image.layers[0]?.digest,
          'containerd.io/gc.ref.content.l.1': image.layers[1]?.digest,
          'containerd.io/gc.ref.content.l.2': image.layers[2]?.digest,
        });
        assert.deepEqual(await labelsOf(index?.descriptor.digest ?? 'sha256:'), {
          ...source,
          'containerd.io/gc.ref.content.m.0': index?.parsed.manifests[0]?.digest,
          'containerd.io/gc.ref.content.m.1': index?.parsed.manifests[1]?.digest,
        });
        assert.deepEqual(await labelsOf(manifest.parsed.config.digest), {
          ...source,
          'containerd.io/gc.ref.snapshot.overlayfs': pulled[2]?.chainId,
        });
        const first = image.layers[0];
        assert.ok(first);
        assert.deepEqual(await labelsOf(first.digest), { ...source, 'containerd.io/uncompressed': pulled[0]?.chainId });
        assert.deepEqual(
          await readContent(connection, first.digest, first.size),
          Buffer.from(image.blobs.get(first.digest) ?? ''),
        );
        await assert.rejects(readContent(connection, first.digest, first.size - 1), /more than/);
      });

      test('a second pull downloads nothing, and a tag that moves keeps its record', async () => {
        const image = new MemoryImage('registry.test/team/again:1', { layers: layers('again') });
        await pull(image);
        image.streamed.length = 0;
        const again = await pull(image);
        assert.deepEqual(
          again.layers.map((layer) => layer.state),
          ['existing', 'existing', 'existing'],
        );
        assert.deepEqual([again.downloadedBytes, image.streamed], [0, []]);
        const moved = new MemoryImage('registry.test/team/again:1', { layers: layers('moved') });
        await pull(moved);
        assert.equal(
          (await lookupImage(connection, again.name))?.target.digest,
          moved.resolved.manifest.descriptor.digest,
        );
        assert.equal(await cat(again.name, '/data/a'), 'upper moved\n');
      });

      test('a blob of two repositories remembers both', async () => {
        const tars = layers('two');
        const one = new MemoryImage('registry.test/b/one:1', { layers: tars });
        await pull(one);
        await pull(new MemoryImage('registry.test/a/two:1', { layers: tars, command: ['x'] }));
        const config = new MemoryImage('registry.test/a/three:1', { layers: tars });
        await pull(config);
        const labels = (await lookupContent(connection, config.resolved.manifest.descriptor.digest))?.labels;
        assert.equal(labels?.['containerd.io/distribution.source.registry.test'], 'a/three,b/one');
      });

      test('progress names every layer, and the bytes only grow', async () => {
        const image = new MemoryImage('registry.test/team/progress:1', { layers: layers('progress') });
        const seen: PullProgress[] = [];
        await pull(image, undefined, (progress) => seen.push(progress));
        assert.equal(seen[0]?.kind, 'resolved');
        assert.deepEqual(
          seen.flatMap((one) => (one.kind === 'layer' ? [one.index] : [])),
          [0, 1, 2],
        );
        const bytes = seen.flatMap((one) => (one.kind === 'downloading' && one.index === 1 ? [one.bytes] : []));
        assert.equal(bytes.at(-1), image.layers[1]?.size);
        assert.deepEqual(
          bytes,
          bytes.toSorted((a, b) => a - b),
        );
      });

      test('two pulls of one image at the same time both succeed', async () => {
        const tars = layers('twice');
        const images = [1, 2].map((tag) => new MemoryImage(`registry.test/team/twice:${tag}`, { layers: tars }));
        for (const image of images) image.delayMs = 5;
        const results = await Promise.all(images.map((image) => pull(image)));
        assert.equal(results.length, 2);
        assert.equal(await cat('registry.test/team/twice:2', '/data/a'), 'upper twice\n');
        const blob = images[0]?.layers[1]?.digest;
        assert.equal(images.flatMap((image) => image.streamed).filter((digest) => digest === blob).length, 1);
      });

      test('an unpacked layer that is not what the config promises is refused, and nothing stays', async () => {
        const tars = layers('wrong');
        const diffIds = [...tars.slice(0, 2).map(digestOf), digestOf(Buffer.from('something else'))];
        const image = new MemoryImage('registry.test/team/wrong:1', { layers: tars, diffIds });
        await assert.rejects(pull(image), VerificationError);
        await assertNothingLeft(image, diffIds);
      });

      test('a blob with other bytes than its digest promises is refused, and nothing stays', async () => {
        const tars = layers('tampered');
        const image = new MemoryImage('registry.test/team/tampered:1', { layers: tars });
        const victim = image.layers[1];
        const bytes = Uint8Array.from(image.blobs.get(victim?.digest ?? 'sha256:') ?? []);
        bytes[1000] = (bytes[1000] ?? 0) ^ 1;
        image.blobs.set(victim?.digest ?? 'sha256:', bytes);
        await assert.rejects(pull(image), /unexpected commit digest|failed precondition/);
        await assertNothingLeft(image, tars.map(digestOf));
      });

      test('a blob that is longer than the manifest says is refused', async () => {
        const image = new MemoryImage('registry.test/team/long:1', { layers: layers('long') });
        const victim = image.layers[1]?.digest ?? 'sha256:';
        image.blobs.set(victim, Buffer.concat([image.blobs.get(victim) ?? Buffer.alloc(0), Buffer.alloc(1)]));
        await assert.rejects(pull(image), /sends more than the \d+ bytes/);
      });

      test('an abort ends the pull with its reason, and nothing stays', async () => {
        const tars = layers('aborted');
        const image = new MemoryImage('registry.test/team/aborted:1', { layers: tars });
        image.delayMs = 20;
        const reason = new Error('enough');
        const abort = new AbortController();
        const pulling = pull(image, abort.signal, (progress) => {
          if (progress.kind === 'downloading' && progress.index === 1) abort.abort(reason);
        });
        await assert.rejects(pulling, (error) => error === reason);
        await assertNothingLeft(image, tars.map(digestOf));
      });

      test('a blob whose transfer broke is continued, not begun again, while a lease holds it', async () => {
        const bytes = randomBytes(4 << 20);
        const descriptor = { mediaType: 'application/octet-stream', digest: digestOf(bytes), size: bytes.length };
        const begun: number[] = [];
        const open = function* (offset: number): Generator<Uint8Array> {
          begun.push(offset);
          for (let at = offset; at < bytes.length; at += 65_536) {
            if (begun.length === 1 && at === 3 << 20) throw new Error('the line broke');
            yield bytes.subarray(at, at + 65_536);
          }
        };
        await withLease(connection, async (leased) => {
          const write = () => writeContent(leased, { ref: 'broken', descriptor, labels: {}, open });
          await assert.rejects(write(), /the line broke/);
          const written = await write();
          assert.equal(begun.length, 2);
          assert.ok((begun[1] ?? 0) > 0, 'it began again');
          assert.equal(written, bytes.length - (begun[1] ?? 0));
          assert.deepEqual(await readContent(leased, descriptor.digest, bytes.length), bytes);
        });
      });

      test('a snapshotter that containerd does not have is named with the ones it has', async () => {
        const source = new MemoryImage(REF, { layers: layers('none') });
        await assert.rejects(
          pullLazily({ connection, snapshotter: 'stargaze', source }),
          (error) =>
            error instanceof UserError &&
            /no snapshotter named stargaze; it has .*overlayfs/.test(error.message) &&
            /proxy_plugins\.stargaze/.test(error.message),
        );
      });

      async function assertNothingLeft(
        image: MemoryImage,
        diffIds: readonly ReturnType<typeof digestOf>[],
      ): Promise<void> {
        assert.equal(await lookupImage(connection, `registry.test/${image.reference.repository}:1`), undefined);
        assert.equal((await containerd.ctr(['leases', 'list', '-q'])).stdout, '');
        await collect();
        const snapshots = new Snapshots(connection, 'overlayfs');
        assert.equal(await snapshots.lookup(chainIds(diffIds)[2] ?? ''), undefined);
        assert.doesNotMatch((await containerd.ctr(['snapshots', 'list'])).stdout, /extract-/);
        assert.equal(await lookupContent(connection, image.layers[2]?.digest ?? 'sha256:'), undefined);
      }
    },
  );
}

test('where nobody listens, the address is named', async () => {
  await assert.rejects(
    Connection.open({ address: '/nonexistent/containerd.sock', namespace: 'default', timeoutMs: 300 }),
    (error) => error instanceof UserError && error.message.includes('/nonexistent/containerd.sock'),
  );
});
