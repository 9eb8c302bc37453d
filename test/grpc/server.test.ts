// The server itself: sockets, statuses, cancellation and the end, with services of a few lines over real sockets.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { after, test } from 'node:test';
import { Client, credentials, status } from '@grpc/grpc-js';
import koffi from 'koffi';
import { openListeningSocket } from '../../src/daemon/listening-socket.ts';
import { LazypullError, UserError, type ErrorCode } from '../../src/errors.ts';
import { GrpcClient } from './client.ts';
import { GrpcServer, type Methods } from '../../src/grpc/server.ts';
import { loadSnapshotsService, type InfoMessage } from '../../src/grpc/snapshots.ts';
import { createLogger } from '../../src/log.ts';

const folder = mkdtempSync(join(tmpdir(), 'lazypull-grpc-'));
after(() => rmSync(folder, { recursive: true }));
const service = loadSnapshotsService();
let sockets = 0;
const newSocket = (): string => join(folder, `${++sockets}/s.sock`);

const refuse = (): Promise<object> => Promise.reject(new LazypullError('UNSUPPORTED', 'not in this test'));
const NAMES = ['prepare', 'view', 'mounts', 'commit', 'remove', 'stat', 'update', 'list', 'usage', 'cleanup'];
const nothing: Methods = Object.fromEntries(NAMES.map((name) => [name, refuse]));

interface Served extends AsyncDisposable {
  readonly socket: string;
  readonly server: GrpcServer;
  readonly client: GrpcClient;
  readonly logged: string[];
}

async function serve(methods: Methods, socket = newSocket()): Promise<Served> {
  const logged: string[] = [];
  const log = createLogger({ level: 'warn', format: 'json', write: (line) => void logged.push(line) });
  const server = new GrpcServer({ log });
  server.add(service, { ...nothing, ...methods });
  await server.listen(socket);
  const client = new GrpcClient({ socket, service });
  const dispose = async (): Promise<void> => {
    client[Symbol.dispose]();
    await server.close(100);
  };
  return { socket, server, client, logged, [Symbol.asyncDispose]: dispose };
}

const statuses: [ErrorCode, status][] = [
  ['NOT_FOUND', status.NOT_FOUND],
  ['ALREADY_EXISTS', status.ALREADY_EXISTS],
  ['FAILED_PRECONDITION', status.FAILED_PRECONDITION],
  ['INVALID_ARGUMENT', status.INVALID_ARGUMENT],
  ['UNAVAILABLE', status.UNAVAILABLE],
  ['REGISTRY', status.UNAVAILABLE],
  ['ABORTED', status.ABORTED],
  ['UNSUPPORTED', status.UNIMPLEMENTED],
  ['CONFIG', status.FAILED_PRECONDITION],
  ['FORMAT', status.DATA_LOSS],
  ['VERIFICATION', status.DATA_LOSS],
  ['SYSTEM', status.INTERNAL],
];

test('each of our errors has its status, with the message', async () => {
  await using served = await serve({
    stat: async ({ key }: { key: string }) => {
      throw new LazypullError(key as ErrorCode, `message of ${key}: \u00e9`);
    },
  });
  for (const [code, expected] of statuses) {
    const error = (await served.client.call('Stat', { key: code }).catch((error: unknown) => error)) as LazypullError;
    assert.equal((error.cause as { code: number }).code, expected, code);
    assert.equal(error.message, `Stat: message of ${code}: \u00e9`);
  }
  assert.deepEqual(served.logged, []);
});

test('an unknown error is UNKNOWN, and logged with its stack', async () => {
  await using served = await serve({
    stat: () => {
      throw new TypeError('a mistake');
    },
  });
  await assert.rejects(served.client.call('Stat', {}), (error: LazypullError) => {
    assert.equal((error.cause as { code: number }).code, status.UNKNOWN);
    return true;
  });
  assert.match(served.logged.join(), /a mistake.*server\.test\.ts/);
});

test('a message that is too long for a header is cut', async () => {
  await using served = await serve({ stat: () => Promise.reject(new LazypullError('NOT_FOUND', 'x'.repeat(100_000))) });
  await assert.rejects(served.client.call('Stat', {}), { code: 'NOT_FOUND', message: `Stat: ${'x'.repeat(2000)}` });
});

test('a request that is too big is refused before anybody sees it', async () => {
  let seen = 0;
  await using served = await serve({ stat: async () => ({ info: null, seen: seen++ }) });
  await assert.rejects(served.client.call('Stat', { key: 'x'.repeat(5 << 20) }), { code: 'UNAVAILABLE' });
  assert.equal(seen, 0);
  await served.client.call('Stat', { key: 'x'.repeat(1 << 20) });
  assert.equal(seen, 1);
});

test('a client that cancels aborts the signal', async () => {
  const aborted = Promise.withResolvers<unknown>();
  const started = Promise.withResolvers<void>();
  await using served = await serve({
    stat: (_request, signal) => {
      started.resolve();
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted.resolve(signal.reason);
          reject(signal.reason as Error);
        });
      });
    },
  });
  const controller = new AbortController();
  const call = served.client.call('Stat', {}, controller.signal);
  await started.promise;
  controller.abort();
  await assert.rejects(call, { code: 'ABORTED' });
  assert.equal(((await aborted.promise) as LazypullError).code, 'ABORTED');
  assert.deepEqual(served.logged, []);
});

test('a deadline that passes aborts the signal', async () => {
  const aborted = Promise.withResolvers<void>();
  await using served = await serve({
    stat: (_request, signal) => new Promise(() => signal.addEventListener('abort', () => aborted.resolve())),
  });
  const client = new Client(`unix:${served.socket}`, credentials.createInsecure());
  const { path, requestSerialize, responseDeserialize } = service['Stat'] ?? assert.fail();
  const failed = new Promise<{ code?: number } | null>((resolve) => {
    const deadline = Date.now() + 200;
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, {}, { deadline }, (error) => resolve(error));
  });
  assert.equal((await failed)?.code, status.DEADLINE_EXCEEDED);
  await aborted.promise;
  client.close();
});

test('a stream waits for a slow reader, and ends when the reader does', async () => {
  let sent = 0;
  const ended = Promise.withResolvers<void>();
  const info = { name: 'x'.repeat(100_000) };
  await using served = await serve({
    async *list() {
      try {
        for (; sent < 10_000; sent++) yield { info: [info] };
      } finally {
        ended.resolve();
      }
    },
  });
  let received = 0;
  for await (const message of served.client.stream<{ info: InfoMessage[] }>('List', {})) {
    assert.equal(message.info[0]?.name.length, 100_000);
    if (++received === 3) break;
  }
  await ended.promise;
  assert.ok(sent < 10_000, String(sent));
});

test('a stream that fails in the middle gives what came before, then the error', async () => {
  await using served = await serve({
    async *list() {
      yield { info: [{ name: 'one' }] };
      throw new LazypullError('UNAVAILABLE', 'the second is missing');
    },
  });
  const names: string[] = [];
  const read = async (): Promise<void> => {
    for await (const { info } of served.client.stream<{ info: InfoMessage[] }>('List', {}))
      names.push(info[0]?.name ?? '');
  };
  await assert.rejects(read(), { code: 'UNAVAILABLE', message: 'List: the second is missing' });
  assert.deepEqual(names, ['one']);
});

test('a service without one of its methods is a mistake', () => {
  const { stat: _, ...rest } = nothing;
  assert.throws(() => new GrpcServer().add(service, rest), /no method Stat/);
});

test('the socket has mode 600 in a directory of mode 700, and is gone after the end', async () => {
  const mask = process.umask(0);
  const served = await serve({});
  process.umask(mask);
  assert.equal(statSync(served.socket).mode & 0o777, 0o600);
  assert.equal(statSync(join(served.socket, '..')).mode & 0o777, 0o700);
  await served[Symbol.asyncDispose]();
  assert.ok(!existsSync(served.socket));
  await served.server.close();
});

test('a socket on which somebody answers is not taken', async () => {
  await using first = await serve({ cleanup: async () => ({}) });
  await assert.rejects(serve({}, first.socket), (error) => error instanceof UserError && /answers/.test(error.message));
  await first.client.call('Cleanup', {});
});

test('a socket that a killed process left is replaced', async () => {
  const socket = newSocket();
  await (await serve({}, socket))[Symbol.asyncDispose]();
  const program = `require('net').createServer().listen(${JSON.stringify(socket)}, () => console.log('up'))`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.ok(existsSync(socket));
  await using served = await serve({ cleanup: async () => ({}) }, socket);
  await served.client.call('Cleanup', {});
});

test('a file that is no socket is left alone', async () => {
  const path = join(folder, 'file');
  writeFileSync(path, 'precious');
  await assert.rejects(serve({}, path), UserError);
  assert.equal(statSync(path).size, 8);
});

test('a path that is relative or too long for a socket is an error that says so', async () => {
  await assert.rejects(serve({}, 's.sock'), /not absolute/);
  await assert.rejects(serve({}, join(folder, 'x'.repeat(100))), /too long/);
});

test('the end of a server leaves the socket of the next one alone', async () => {
  const socket = newSocket();
  const first = await serve({}, socket);
  rmSync(socket);
  await using second = await serve({ cleanup: async () => ({}) }, socket);
  await first[Symbol.asyncDispose]();
  assert.ok(existsSync(socket));
  await second.client.call('Cleanup', {});
});

test('closing waits for the calls under way, and cancels those that take too long', async () => {
  const running = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  const quick = await serve({
    cleanup: async () => {
      running.resolve();
      await finish.promise;
      return {};
    },
  });
  const call = quick.client.call('Cleanup', {});
  await running.promise;
  const closed = quick.server.close(60_000);
  finish.resolve();
  await Promise.all([call, closed]);

  const started = Promise.withResolvers<void>();
  const stuck = await serve({
    cleanup: () => {
      started.resolve();
      return new Promise(() => {});
    },
  });
  const lost = assert.rejects(stuck.client.call('Cleanup', {}), LazypullError);
  await started.promise;
  await stuck.server.close(10);
  await lost;
  quick.client[Symbol.dispose]();
  stuck.client[Symbol.dispose]();
});

test('nothing answers on a socket that is not there', async () => {
  using client = new GrpcClient({ socket: join(folder, 'missing.sock'), service });
  await assert.rejects(client.call('Cleanup', {}), { code: 'UNAVAILABLE' });
  const server = createServer().listen(join(folder, 'mute.sock'));
  await once(server, 'listening');
  await assert.rejects(serve({}, join(folder, 'mute.sock')), UserError);
  server.close();
});

test('a server on a socket of somebody else answers what it has begun, and leaves the next call to the next server', async () => {
  await using listening = await listeningSocket();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const serverOf = (kind: string): GrpcServer => {
    const server = new GrpcServer();
    const stat = async (): Promise<object> => {
      if (kind === 'first') {
        begun.resolve();
        await released;
      }
      return { info: { name: kind } };
    };
    server.add(service, { ...nothing, stat });
    return server;
  };
  const first = serverOf('first');
  await first.listenOn(listening.fd);
  using client = new GrpcClient({ socket: listening.path, service });
  const call = async (): Promise<string> =>
    (await client.call<{ info: InfoMessage }>('Stat', { key: 'any' })).info.name;
  const slow = call();
  await begun.promise;
  const closed = first.close();
  // The answer to GOAWAY is a new connection: nobody accepts it yet.
  const next = call();
  release();
  assert.equal(await slow, 'first');
  await closed;
  assert.ok(existsSync(listening.path));
  await using second = serverOf('second');
  await second.listenOn(listening.fd);
  assert.equal(await next, 'second');
});

const dup = koffi.load(null).func('int dup(int fd)') as (fd: number) => number;

/** What a supervisor holds. Each server closes a descriptor of its own. */
async function listeningSocket(): Promise<AsyncDisposable & { readonly path: string; readonly fd: number }> {
  const path = newSocket();
  const socket = await openListeningSocket(path);
  return {
    path,
    get fd() {
      return dup(socket.fd);
    },
    async [Symbol.asyncDispose]() {
      socket.close();
    },
  };
}
