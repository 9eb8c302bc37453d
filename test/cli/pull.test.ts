// `lazypull pull` as a process: a real registry server, a real containerd, and `ctr run` of what was pulled.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { PullDocument } from '../../src/cli/pull-command.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { containerdProgram, startContainerd, untilOutput, type Containerd } from '../support/containerd.ts';
import { dir, file, symlink } from '../support/entries.ts';
import { findProgram, needs } from '../support/needs.ts';
import { TestRegistry } from '../support/registry.ts';
import { run, type RunResult } from '../support/run.ts';
import { tarOf } from '../support/tar.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

for (const version of ['1.7', '2'] as const) {
  suite(
    `lazypull pull into containerd ${version}`,
    { skip: needs('root', containerdProgram(version), 'runc', 'busybox') },
    () => {
      let folder = '';
      let config = '';
      let containerd: Containerd;
      let registry: TestRegistry;

      before(async () => {
        folder = mkdtempSync(join(tmpdir(), 'lazypull-cli-pull-'));
        config = join(folder, 'lazypull.toml');
        writeFileSync(
          config,
          `state_dir = "${folder}/state"\nroot = "${folder}/root"\nregistry.docker_config = "${folder}/docker.json"\nregistry.retries = 0\n`,
        );
        writeFileSync(join(folder, 'docker.json'), '{}');
        containerd = await startContainerd({ version, dir: folder });
        registry = await TestRegistry.start({ knobs: { redirectTo: 'cdn' } });
        addImage(registry);
      });
      after(async () => {
        await containerd.stop();
        await registry.close();
        rmSync(folder, { recursive: true, force: true });
      });

      const pullArgs = (ref: string, ...flags: string[]): string[] =>
        [MAIN, 'pull', ref, '--address', containerd.socketPath].concat(
          ['--snapshotter', 'overlayfs', '--config', config],
          flags,
        );
      const pull = (ref: string, ...flags: string[]): Promise<RunResult> =>
        run(process.execPath, pullArgs(ref, ...flags), { check: false, timeoutMs: 60_000 });

      test('an image of an index runs after the pull and after a garbage collection', async () => {
        const ref = `${registry.host}/team/app:1`;
        const { status, stdout, stderr } = await pull(ref);
        assert.equal(status, 0, stderr);
        assert.match(
          stdout,
          /^1\/2 sha256:\w{12} {2}ordinary .*\n2\/2 sha256:\w{12} {2}ordinary .*\n.*\/team\/app:1: 2 layers \(2 ordinary\), .* downloaded, .* s\n$/,
        );
        let containers = 0;
        const cat = (): Promise<string> =>
          untilOutput(async () => {
            const args = ['run', '--rm', '--net-host', ref, `cat-${++containers}`, '/bin/cat', '/data'];
            return (await containerd.ctr(args)).stdout;
          });
        assert.equal(await cat(), 'hello\n');
        await containerd.ctr(['content', 'prune', 'references']);
        assert.equal(await cat(), 'hello\n');
      });

      test('--json gives one document, and a second pull finds everything there', async () => {
        const { stdout } = await pull(`${registry.host}/team/app:1`, '--json');
        const document = JSON.parse(stdout) as PullDocument;
        assert.deepEqual(
          document.layers.map((layer) => layer.state),
          ['existing', 'existing'],
        );
        assert.deepEqual([document.platform, document.downloadedBytes], ['linux/amd64', 0]);
      });

      test('an image that the registry does not have is a failure that says so', async () => {
        const { status, stderr, stdout } = await pull(`${registry.host}/team/none:1`);
        assert.equal(status, 1);
        assert.match(stderr, /^lazypull: .*\/team\/none.*404/);
        assert.equal(stdout, '');
      });

      test('a platform that the image does not have is named with those it has', async () => {
        const { status, stderr } = await pull(`${registry.host}/team/app:1`, '--platform', 'linux/s390x');
        assert.equal(status, 1);
        assert.match(stderr, /s390x.*linux\/amd64/);
      });

      test('a snapshotter that is not there is named before anything is stored', async () => {
        const { status, stderr } = await pull(`${registry.host}/team/app:1`, '--snapshotter', 'nope');
        assert.equal(status, 2);
        assert.match(stderr, /no snapshotter named nope; it has .*overlayfs.*\n.*proxy_plugins\.nope/);
      });

      test('an interrupt ends it with status 130 and leaves no lease', async () => {
        registry.forget();
        registry.knobs.bytesPerSec = 20_000;
        const child = spawn(process.execPath, pullArgs(`${registry.host}/team/big:1`), {
          stdio: ['ignore', 'ignore', 'pipe'],
        });
        let stderr = '';
        child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
        while (!registry.log.some((record) => record.server === 'cdn' && record.bytes > 0)) await sleep(20);
        child.kill('SIGINT');
        const [status] = (await once(child, 'close')) as [number | null];
        registry.knobs.bytesPerSec = undefined;
        assert.match(stderr, /^lazypull: interrupted/);
        assert.equal(status, 130);
        assert.equal((await containerd.ctr(['leases', 'list', '-q'])).stdout, '');
      });
    },
  );
}

function addImage(registry: TestRegistry): void {
  const type = 'application/vnd.oci.image.layer.v1.tar+gzip';
  const busybox = readFileSync(findProgram('busybox') ?? '');
  const programs = tarOf([dir('bin'), file('bin/busybox', busybox, { mode: 0o755 }), symlink('bin/cat', 'busybox')]);
  const data = tarOf([file('data', 'hello\n')]);
  const noise = tarOf([file('noise', randomBytes(1 << 20))]);
  for (const [name, tars] of [
    ['team/app', [programs, data]],
    ['team/big', [programs, noise]],
  ] as const) {
    const layers = tars.map((tar) => registry.addBlob(name, gzipSync(tar), type));
    const manifest = registry.addImage(name, 'amd64', layers, {
      rootfs: { type: 'layers', diff_ids: tars.map(digestOf) },
    });
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    registry.addManifest(
      name,
      { schemaVersion: 2, mediaType, manifests: [{ ...manifest, platform: { os: 'linux', architecture: 'amd64' } }] },
      '1',
    );
  }
}
