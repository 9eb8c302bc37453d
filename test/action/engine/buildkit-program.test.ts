import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import {
  BUILDKIT,
  type BuildkitRelease,
  cachedBuildkitd,
  downloadBuildkitd,
} from '../../../action/engine/buildkit-program.ts';

interface Releases {
  readonly release: BuildkitRelease;
  readonly requests: { url: string; headers: IncomingHttpHeaders }[];
  readonly dir: string;
}

/** A server on loopback that has one release, and a tool cache. */
async function releases(t: TestContext, more: { status?: number } = {}): Promise<Releases> {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-release-'));
  mkdirSync(join(dir, 'release', 'bin'), { recursive: true });
  writeFileSync(join(dir, 'release', 'bin', 'buildkitd'), '#!/bin/sh\n', { mode: 0o755 });
  execFileSync('tar', ['-czf', join(dir, 'release.tar.gz'), '-C', join(dir, 'release'), 'bin']);
  const tarball = readFileSync(join(dir, 'release.tar.gz'));
  const requests: Releases['requests'] = [];
  const server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', headers: request.headers });
    response.writeHead(more.status ?? 200).end(tarball);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const names = ['RUNNER_TOOL_CACHE', 'RUNNER_TEMP'];
  const before = names.map((name) => process.env[name]);
  process.env['RUNNER_TOOL_CACHE'] = join(dir, 'cache');
  process.env['RUNNER_TEMP'] = join(dir, 'temp');
  t.after(() => {
    server.close();
    rmSync(dir, { recursive: true });
    for (const [index, name] of names.entries()) {
      if (before[index] === undefined) delete process.env[name];
      else process.env[name] = before[index];
    }
  });
  const sha256 = createHash('sha256').update(tarball).digest('hex');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/download`;
  return { dir, requests, release: { version: '9.8.7', baseUrl, sha256: { x64: sha256, arm64: sha256 } } };
}

suite('a buildkitd from a release', () => {
  for (const [arch, name] of [
    ['x64', 'amd64'],
    ['arm64', 'arm64'],
  ] as const) {
    test(`for ${arch} is downloaded once, without anybody's token, and kept in the tool cache`, async (t) => {
      process.env['GITHUB_TOKEN'] = 'hidden';
      t.after(() => delete process.env['GITHUB_TOKEN']);
      const { release, requests, dir } = await releases(t);
      assert.deepEqual(cachedBuildkitd(process.env, release), []);
      const path = await downloadBuildkitd(arch, release);
      assert.equal(path, join(dir, 'cache', 'buildkit', '9.8.7', arch, 'bin', 'buildkitd'));
      assert.ok(statSync(path).mode & 0o100);
      assert.deepEqual(readdirSync(join(dir, 'temp')), []);
      const [{ url, headers } = { url: '', headers: {} }, ...others] = requests;
      assert.equal(url, `/download/v9.8.7/buildkit-v9.8.7.linux-${name}.tar.gz`);
      assert.equal(headers.authorization, undefined);
      assert.deepEqual(others, []);
      if (arch === process.arch) assert.deepEqual(cachedBuildkitd(process.env, release), [path]);
    });
  }

  test('whose bytes are others than the known ones is not unpacked, and not kept', async (t) => {
    const { release, dir } = await releases(t);
    const wrong = { ...release, sha256: { x64: '0'.repeat(64) } };
    await assert.rejects(downloadBuildkitd('x64', wrong), { code: 'VERIFICATION', message: /expected sha256:0+, got/ });
    assert.deepEqual(cachedBuildkitd(process.env, release), []);
    assert.deepEqual(readdirSync(join(dir, 'temp')), []);
  });

  test('that is not there fails with the status', async (t) => {
    const { release } = await releases(t, { status: 404 });
    await assert.rejects(downloadBuildkitd('x64', release), /404/);
  });

  test('for another architecture is not known', async (t) => {
    const { release, requests } = await releases(t);
    await assert.rejects(downloadBuildkitd('riscv64', release), { code: 'CONFIG', message: /riscv64[^]*PATH/ });
    assert.deepEqual(requests, []);
  });

  test('is pinned to digests', () => {
    for (const arch of ['x64', 'arm64']) assert.match(BUILDKIT.sha256[arch] ?? '', /^[0-9a-f]{64}$/);
    assert.match(BUILDKIT.baseUrl, /^https:\/\/github\.com\/moby\/buildkit\//);
  });

  test('without a tool cache there is none', () => {
    assert.deepEqual(cachedBuildkitd({}), []);
  });
});
