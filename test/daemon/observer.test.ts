import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { startControl } from '../../src/daemon/control.ts';
import { createMetrics } from '../../src/daemon/metrics.ts';
import { startObserver } from '../../src/daemon/observer.ts';
import { silentLogger } from '../../src/log.ts';
import { sampleStatus } from '../support/daemon-status.ts';

const no = (): Promise<never> => Promise.reject(new Error('not for a window'));

/** A daemon's control socket, and a window on it. @returns the URL. */
async function open(t: TestContext, health: { ok: boolean; detail: string } | 'no daemon'): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-observer-'));
  const socket = join(dir, 'control.sock');
  t.after(() => rmSync(dir, { recursive: true }));
  if (health !== 'no daemon') {
    const handlers = {
      health: () => health,
      status: sampleStatus,
      metrics: () => createMetrics(sampleStatus).render(),
      config: () => '',
      warm: () => {},
      restart: () => assert.fail('a restart'),
      pull: no,
      hotSave: no,
      hotLoad: no,
      drain: no,
    };
    const server = await startControl({ socket, handlers, log: silentLogger });
    t.after(() => server.close());
  }
  const observer = await startObserver({ socket, listen: '127.0.0.1:0' });
  t.after(() => observer.close());
  return `http://${observer.address}`;
}

suite('a window on the daemon', () => {
  test('shows its health', async (t) => {
    const url = await open(t, { ok: true, detail: 'ok, tier A' });
    const response = await fetch(`${url}/healthz`);
    assert.deepEqual([response.status, await response.text()], [200, 'ok, tier A\n']);
  });

  test('shows that it is not well', async (t) => {
    const url = await open(t, { ok: false, detail: 'the disk is gone' });
    const response = await fetch(`${url}/healthz`);
    assert.deepEqual([response.status, await response.text()], [503, 'the disk is gone\n']);
  });

  test('shows its metrics as they are', async (t) => {
    const url = await open(t, { ok: true, detail: '' });
    const response = await fetch(`${url}/metrics`);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    assert.match(await response.text(), /^lazypull_reads_total \d+$/m);
  });

  test('shows nothing else, and passes no command on', async (t) => {
    const url = await open(t, { ok: true, detail: '' });
    for (const [method, path] of [
      ['GET', '/v1/status'],
      ['GET', '/v1/config'],
      ['POST', '/v1/restart'],
      ['POST', '/healthz'],
      ['GET', '//v1/status'],
    ] as const)
      assert.equal((await fetch(url + path, { method })).status, 404, `${method} ${path}`);
  });

  test('says that nobody answers', async (t) => {
    const response = await fetch(`${await open(t, 'no daemon')}/healthz`);
    assert.equal(response.status, 503);
    assert.match(await response.text(), /^no daemon answers on .*control\.sock \(ENOENT\)/);
  });

  test('refuses an address that is none', async () => {
    for (const listen of ['9820', 'a:b', ':99999', '::1:80'])
      await assert.rejects(startObserver({ socket: '/x', listen }), { code: 'CONFIG' });
  });
});
