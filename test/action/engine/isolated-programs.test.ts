import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { findContainerd, networkEnvironment, servicePath } from '../../../action/engine/isolated-programs.ts';
import type { Facts } from '../../../action/facts.ts';
import { fakeHost } from '../../support/fake-host.ts';

const facts = (unit?: string): Facts => ({ docker: unit === undefined ? undefined : { unit } }) as unknown as Facts;

suite('programs for a second Docker', () => {
  test('find their helpers: beside them, in the folders of root, and where Docker hides them', () => {
    const folders = servicePath('/opt/docker/bin/dockerd', '/usr/bin/runc').split(':');
    assert.deepEqual(folders.slice(0, 2), ['/opt/docker/bin', '/usr/bin']);
    for (const folder of ['/usr/sbin', '/sbin', '/usr/libexec/docker']) assert.ok(folders.includes(folder), folder);
    assert.equal(new Set(folders).size, folders.length);
  });

  test('that do not say their version are refused, with what to do', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lazypull-test-'));
    try {
      for (const name of ['containerd', 'runc']) {
        writeFileSync(join(folder, name), '#!/bin/sh\n');
        chmodSync(join(folder, name), 0o755);
      }
      const found = findContainerd(fakeHost({ answers: [[/--version/, 'hello']] }).host, { PATH: folder });
      await assert.rejects(found, { code: 'CONFIG', message: /does not say a version[^]*Install containerd/ });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("have the proxies of the machine's Docker, else those of the runner, and nothing else of either", async () => {
    const env = {
      https_proxy: 'http://runner.test',
      NO_PROXY: 'runner',
      GITHUB_TOKEN: 'secret',
      HOME: '/home/runner',
      PATH: '/bin',
      AWS_SECRET_ACCESS_KEY: 'secret',
    };
    const files = { '/proc/77/environ': 'NO_PROXY=docker=a\0HTTP_PROXY=http://docker.test\0TOKEN=secret\0odd\0' };
    const { host } = fakeHost({ answers: [[/MainPID --value docker\.service/, '77\n']], files });
    assert.deepEqual(await networkEnvironment(host, facts('docker.service'), env), {
      https_proxy: 'http://runner.test',
      NO_PROXY: 'docker=a',
      HTTP_PROXY: 'http://docker.test',
    });
    const own = { https_proxy: 'http://runner.test', NO_PROXY: 'runner' };
    assert.deepEqual(await networkEnvironment(host, facts(), env), own);
    const stopped = fakeHost({ answers: [[/MainPID/, '0\n']], files });
    assert.deepEqual(await networkEnvironment(stopped.host, facts('docker.service'), env), own);
  });
});
