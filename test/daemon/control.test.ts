import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startControl, type ControlHandlers, type ControlServer } from '../../src/daemon/control.ts';
import { createMetrics } from '../../src/daemon/metrics.ts';
import type { WarmRequest } from '../../src/daemon/status.ts';
import { UserError } from '../../src/errors.ts';
import type { LoadedPacks } from '../../src/layer/hot-packs.ts';
import type { SavedPacks } from '../../src/layer/hot-save.ts';
import { silentLogger } from '../../src/log.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { sampleStatus } from '../support/daemon-status.ts';

const DIGEST = digestOf(Buffer.from('layer'));

interface Fixture {
  readonly socket: string;
  readonly server: ControlServer;
  readonly warmed: WarmRequest[];
  readonly restarted: Promise<void>;
}

async function start(
  t: TestContext,
  options: { tcp?: boolean; handlers?: Partial<ControlHandlers> } = {},
): Promise<Fixture> {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-control-'));
  const socket = join(dir, 'sub', 'control.sock');
  const warmed: WarmRequest[] = [];
  const restarted = Promise.withResolvers<void>();
  const handlers: ControlHandlers = {
    health: () => ({ ok: true, detail: 'ok' }),
    status: sampleStatus,
    metrics: () => createMetrics(sampleStatus).render(),
    config: () => 'root = "/x"\n',
    warm: (hint) => void warmed.push(hint),
    pull: () => Promise.reject(new Error('no pulls here')),
    hotSave: () => Promise.reject(new Error('no packs here')),
    hotLoad: () => Promise.reject(new Error('no packs here')),
    drain: () => Promise.resolve(undefined),
    restart: () => restarted.resolve(),
    ...options.handlers,
  };
  const server = await startControl({
    socket,
    handlers,
    log: silentLogger,
    ...(options.tcp === true ? { tcpAddress: '127.0.0.1:0' } : {}),
  });
  t.after(async () => {
    await server.close();
    rmSync(dir, { recursive: true });
  });
  return { socket, server, warmed, restarted: restarted.promise };
}

function ask(
  where: { socketPath: string } | { port: number },
  method: string,
  path: string,
  body?: string,
): Promise<{ status: number; type: string; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ ...where, method, path, agent: false }, (response) => {
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (part: string) => (text += part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text }),
      );
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

test('status, config and health are served on the unix socket', async (t) => {
  const { socket } = await start(t);
  const status = await ask({ socketPath: socket }, 'GET', '/v1/status');
  assert.equal(status.status, 200);
  assert.equal(status.type, 'application/json');
  assert.deepEqual(JSON.parse(status.text), sampleStatus());
  assert.deepEqual(await ask({ socketPath: socket }, 'GET', '/v1/config?x=1'), {
    status: 200,
    type: 'text/plain; charset=utf-8',
    text: 'root = "/x"\n',
  });
  assert.equal((await ask({ socketPath: socket }, 'GET', '/healthz')).status, 200);
});

test('a daemon that is not well answers 503', async (t) => {
  const { socket } = await start(t, { handlers: { health: () => ({ ok: false, detail: 'the disk is full' }) } });
  const answer = await ask({ socketPath: socket }, 'GET', '/healthz');
  assert.equal(answer.status, 503);
  assert.equal(answer.text, 'the disk is full\n');
});

test('only the owner may open the socket', async (t) => {
  const { socket } = await start(t);
  assert.equal(statSync(socket).mode & 0o777, 0o600);
});

test('a warm request arrives checked', async (t) => {
  const { socket, warmed } = await start(t);
  const hint: WarmRequest = {
    reference: 'r.test/a:1',
    layers: [
      { digest: DIGEST, size: 5, tocDigest: DIGEST, tocChecksum: undefined, tocTail: undefined },
      { digest: DIGEST, size: 6, tocDigest: undefined, tocChecksum: DIGEST, tocTail: 3 },
    ],
  };
  assert.equal((await ask({ socketPath: socket }, 'POST', '/v1/warm', JSON.stringify(hint))).status, 202);
  assert.deepEqual(warmed, [hint]);
});

const BAD_WARM: readonly (readonly [string, string])[] = [
  ['no JSON', '{'],
  ['no object', '[]'],
  ['no reference', JSON.stringify({ layers: [] })],
  ['a digest that is none', JSON.stringify({ reference: 'a', layers: [{ digest: 'sha256:../../etc', size: 1 }] })],
  ['a negative size', JSON.stringify({ reference: 'a', layers: [{ digest: DIGEST, size: -1 }] })],
  ['a wrong TOC digest', JSON.stringify({ reference: 'a', layers: [{ digest: DIGEST, size: 1, tocDigest: '' }] })],
  ['a wrong checksum', JSON.stringify({ reference: 'a', layers: [{ digest: DIGEST, size: 1, tocChecksum: 1 }] })],
  ['a wrong tail', JSON.stringify({ reference: 'a', layers: [{ digest: DIGEST, size: 1, tocTail: 0.5 }] })],
  ['no size', JSON.stringify({ reference: 'a', layers: [{ digest: DIGEST }] })],
  [
    'too many layers',
    JSON.stringify({ reference: 'a', layers: Array.from({ length: 501 }, () => ({ digest: DIGEST, size: 1 })) }),
  ],
  ['a body that is too long', ' '.repeat((1 << 20) + 1)],
];

for (const [title, body] of BAD_WARM) {
  test(`a warm request with ${title} is refused`, async (t) => {
    const { socket, warmed } = await start(t);
    const answer = await ask({ socketPath: socket }, 'POST', '/v1/warm', body);
    assert.equal(answer.status, 400);
    assert.equal((JSON.parse(answer.text) as { code: string }).code, 'INVALID_ARGUMENT');
    assert.deepEqual(warmed, []);
  });
}

const SAVED: SavedPacks = { layers: 1, chunks: 2, bytes: 3, skipped: [{ digest: DIGEST, reason: 'private' }] };
const LOADED: LoadedPacks = { layers: 1, chunks: 2, bytes: 3, damagedChunks: 0, ms: 4, refused: [] };

test('hot requests arrive checked, and their answers go out', async (t) => {
  const asked: unknown[] = [];
  const { socket } = await start(t, {
    handlers: {
      hotSave: async (request) => (asked.push(request), SAVED),
      hotLoad: async (request) => (asked.push(request), LOADED),
    },
  });
  const post = async (path: string, body: object): Promise<unknown> => {
    const { status, text } = await ask({ socketPath: socket }, 'POST', path, JSON.stringify(body));
    assert.equal(status, 200, text);
    return JSON.parse(text);
  };
  const save = { directory: '/cache', limitBytes: 5 };
  assert.deepEqual(await post('/v1/hot/save', { ...save, skipPrivate: true }), SAVED);
  assert.deepEqual(await post('/v1/hot/save', save), SAVED);
  assert.deepEqual(await post('/v1/hot/load', { directory: '/cache' }), LOADED);
  assert.deepEqual(asked, [{ ...save, skipPrivate: true }, { ...save, skipPrivate: false }, { directory: '/cache' }]);
});

const BAD_HOT: readonly (readonly [title: string, path: string, body: unknown, field: RegExp])[] = [
  ['no object', '/v1/hot/load', [], /not a JSON object/],
  ['no folder', '/v1/hot/load', {}, /directory wants an absolute path, got nothing/],
  ['a relative folder', '/v1/hot/load', { directory: 'cache' }, /directory wants an absolute path, got "cache"/],
  ['a folder with a zero byte', '/v1/hot/load', { directory: '/a\0b' }, /directory/],
  ['a relative folder to save into', '/v1/hot/save', { directory: '..', limitBytes: 1 }, /directory/],
  ['no limit', '/v1/hot/save', { directory: '/cache' }, /limitBytes wants a whole number of bytes, got nothing/],
  ['a negative limit', '/v1/hot/save', { directory: '/cache', limitBytes: -1 }, /limitBytes/],
  ['half a byte', '/v1/hot/save', { directory: '/cache', limitBytes: 0.5 }, /limitBytes/],
  [
    'a word for a truth',
    '/v1/hot/save',
    { directory: '/cache', limitBytes: 1, skipPrivate: 'no' },
    /skipPrivate wants/,
  ],
];

for (const [title, path, body, field] of BAD_HOT) {
  test(`a hot request with ${title} is refused`, async (t) => {
    const { socket } = await start(t);
    const answer = await ask({ socketPath: socket }, 'POST', path, JSON.stringify(body));
    const { code, message } = JSON.parse(answer.text) as { code: string; message: string };
    assert.deepEqual([answer.status, code], [400, 'INVALID_ARGUMENT']);
    assert.match(message, field);
  });
}

test('hot requests are not served over TCP', async (t) => {
  const { server } = await start(t, { tcp: true });
  const port = Number(server.tcpAddress?.split(':').at(-1));
  assert.equal((await ask({ port }, 'POST', '/v1/hot/load', '{"directory":"/cache"}')).status, 404);
});

test('a restart is answered before it happens', async (t) => {
  const { socket, restarted } = await start(t);
  assert.equal((await ask({ socketPath: socket }, 'POST', '/v1/restart')).status, 202);
  await restarted;
});

test('unknown paths and methods are told apart', async (t) => {
  const { socket } = await start(t);
  assert.equal((await ask({ socketPath: socket }, 'GET', '/v2/status')).status, 404);
  assert.equal((await ask({ socketPath: socket }, 'GET', '/v1/warm')).status, 405);
});

test('a handler that fails is a 500 with its message', async (t) => {
  const { socket } = await start(t, { handlers: { status: () => Promise.reject(new Error('no database')) } });
  const answer = await ask({ socketPath: socket }, 'GET', '/v1/status');
  assert.equal(answer.status, 500);
  assert.deepEqual(JSON.parse(answer.text), { code: 'UNKNOWN', message: 'no database' });
});

test('over TCP there are health and metrics, and nothing else', async (t) => {
  const { server } = await start(t, { tcp: true });
  const port = Number(server.tcpAddress?.split(':')[1]);
  assert.equal((await ask({ port }, 'GET', '/healthz')).status, 200);
  assert.match((await ask({ port }, 'GET', '/metrics')).text, /^lazypull_faults_total 3$/m);
  for (const [method, path] of [
    ['GET', '/v1/status'],
    ['GET', '/v1/config'],
    ['POST', '/v1/warm'],
    ['POST', '/v1/restart'],
  ] as const)
    assert.equal((await ask({ port }, method, path)).status, 404, path);
});

test('without a TCP address nothing listens there', async (t) => {
  assert.equal((await start(t)).server.tcpAddress, undefined);
});

test('a socket that a killed daemon left is replaced, one that answers is not', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-control-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const { socket } = await start(t);
  const handlers = {} as ControlHandlers;
  await assert.rejects(
    startControl({ socket, handlers, log: silentLogger }),
    (error) => error instanceof UserError && /another process answers/.test(error.message),
  );
  assert.equal((await ask({ socketPath: socket }, 'GET', '/healthz')).status, 200);
  const stale = join(dir, 'stale.sock');
  const killed = spawn(process.execPath, [
    '-e',
    `require('net').createServer().listen('${stale}', () => process.kill(process.pid, 'SIGKILL'))`,
  ]);
  await once(killed, 'exit');
  assert.ok(statSync(stale).isSocket());
  const second = await startControl({ socket: stale, handlers, log: silentLogger });
  await second.close();
  assert.throws(() => statSync(stale), /ENOENT/);
  writeFileSync(stale, 'not a socket');
  await assert.rejects(startControl({ socket: stale, handlers, log: silentLogger }), UserError);
});

test('a TCP address in use is refused, and the socket is given back', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-control-'));
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  t.after(() => {
    taken.close();
    rmSync(dir, { recursive: true });
  });
  const { port } = taken.address() as { port: number };
  const socket = join(dir, 'c.sock');
  await assert.rejects(
    startControl({ socket, tcpAddress: `127.0.0.1:${port}`, handlers: {} as ControlHandlers, log: silentLogger }),
    /can't listen on metrics\.address.*EADDRINUSE/,
  );
  assert.throws(() => statSync(socket), /ENOENT/);
});
