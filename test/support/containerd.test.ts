// The real components together: an image is pushed to a real registry, pulled and run by both generations of containerd.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { containerdProgram, startContainerd } from './containerd.ts';
import { image } from './images.ts';
import { mountsBelow } from './mounts.ts';
import { needs } from './needs.ts';
import { readLayout } from './oci-layout.ts';
import { pushLayout, type RegistryProcess, startRegistryProcess } from './registry-process.ts';

const programs = ['docker-registry', 'skopeo', 'busybox', 'runc', 'ctr-remote'];

describe('containerd', { skip: needs('root', ...programs, containerdProgram('1.7'), containerdProgram('2')) }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-test-'));
  let registry: RegistryProcess;
  let reference = '';
  before(async () => {
    registry = await startRegistryProcess({ dir: join(dir, 'registry') });
    reference = `${registry.host}/small:1`;
    await pushLayout((await image('small')).layoutDir, reference);
  });
  after(async () => {
    await registry[Symbol.asyncDispose]();
    rmSync(dir, { recursive: true });
  });

  for (const version of ['1.7', '2'] as const) {
    test(`${version} pulls an image, runs it and leaves nothing mounted`, async () => {
      const folder = join(dir, version);
      const containerd = await startContainerd({ version, dir: folder });
      try {
        containerd.addRegistry(registry.host, registry.url);
        await containerd.ctr(['images', 'pull', '--hosts-dir', containerd.hostsDir, reference]);
        const { stdout } = await containerd.ctr([
          'run',
          '--rm',
          reference,
          'one',
          'cat',
          '/data/one-byte',
          '/etc/replaced',
        ]);
        assert.equal(stdout, 'overwritten\nnow a file\n');
        const listing = await containerd.ctr(['run', '--rm', reference, 'two', 'ls', '-a', '/etc/opaque']);
        assert.deepEqual(listing.stdout.trim().split('\n'), ['.', '..', 'upper']);
        await containerd.ctr(['run', '--detach', reference, 'three', 'sleep', '1000']);
        assert.notDeepEqual(mountsBelow(folder), []);
      } finally {
        await containerd.stop();
      }
      assert.deepEqual(mountsBelow(folder), []);
    });

    test(`${version} fails for an image that the registry does not have`, async () => {
      await using containerd = await startContainerd({ version, dir: join(dir, `missing-${version}`) });
      containerd.addRegistry(registry.host, registry.url);
      const pull = ['images', 'pull', '--hosts-dir', containerd.hostsDir, `${registry.host}/absent:1`];
      const { status, stderr } = await containerd.ctr(pull, { check: false });
      assert.notEqual(status, 0);
      assert.match(stderr, /not found/);
    });
  }

  test('a layout is pushed without changing a digest', async () => {
    const { manifest } = readLayout((await image('small')).layoutDir);
    const answer = await fetch(`${registry.url}/v2/small/manifests/1`, { headers: { accept: manifest.mediaType } });
    assert.equal(answer.headers.get('docker-content-digest'), manifest.digest);
  });
});
