// CRI's image service behind our proxy: a containerd of our own answers, so that every byte can be looked at.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { CriCredentials } from '../../src/credentials/cri-credentials.ts';
import { ImageProxy } from '../../src/grpc/image-proxy.ts';
import { loadProto, serviceOf, type ServiceDefinition } from '../../src/grpc/load.ts';
import { GrpcServer } from '../../src/grpc/server.ts';
import { createLogger } from '../../src/log.ts';
import type { Credential } from '../../src/registry/credentials.ts';
import { temporaryFolder } from '../registry/clients.ts';
import { until } from '../support/until.ts';

const SERVICE = '/runtime.v1.ImageService';
const PULL = serviceOf(loadProto('cri-images.proto'), 'runtime.v1.ImageService')['PullImage'];
/** Field 1000, length-delimited, of a CRI that is newer than we are. */
const UNKNOWN_FIELD = Buffer.from([0xc2, 0x3e, 3, 1, 2, 3]);
const APP = { registry: 'r.io', repository: 'team/app' };
const same = (bytes: Buffer): Buffer => bytes;

type Answer = { readonly messages: readonly Buffer[] } | { readonly error: Partial<ServiceError> };

/** A proxy before a containerd that answers as `answer` says. */
async function stage(answer: (method: string, request: Buffer, metadata: Metadata) => Promise<Answer> | Answer) {
  const folder = temporaryFolder();
  const socket = join(folder.path, 'containerd.sock');
  const own = join(folder.path, 'cri.sock');
  const cancelled: string[] = [];
  const upstream = new GrpcServer();
  const names = ['ListImages', 'StreamImages', 'ImageStatus', 'RemoveImage', 'ImageFsInfo', 'PullImage'];
  const reply = async (method: string, call: ServerDuplexStream<Buffer, Buffer>, request: Buffer): Promise<void> => {
    const { messages, error } = { messages: [], error: undefined, ...(await answer(method, request, call.metadata)) };
    if (error !== undefined) return void call.emit('error', error);
    for (const message of messages) call.write(message);
    call.end();
  };
  const definition = Object.fromEntries(names.map((name) => [name, raw(name)]));
  upstream.addRaw(
    definition,
    Object.fromEntries(
      names.map((name) => [
        name,
        (call: ServerDuplexStream<Buffer, Buffer>) => {
          call.on('cancelled', () => cancelled.push(name));
          call.on('data', (request: Buffer) => void reply(name, call, request));
        },
      ]),
    ),
  );
  await upstream.listen(socket);
  const lines: string[] = [];
  const log = createLogger({ level: 'trace', format: 'json', write: (line) => lines.push(line) });
  const [path, keyPath] = [join(folder.path, 'sealed'), join(folder.path, 'key')];
  const remember = await CriCredentials.open({ path, keyPath, keepMs: 1e9, log });
  const proxy = new ImageProxy({ forward: socket, remember, log });
  const server = new GrpcServer({ log });
  proxy.addTo(server);
  await server.listen(own);
  const client = new Client(`unix:${own}`, credentials.createInsecure());
  return {
    own,
    upstream,
    client,
    remember,
    cancelled,
    lines,
    known: (): Promise<Credential[]> => Array.fromAsync(remember.lookup(APP)),
    async [Symbol.asyncDispose]() {
      client.close();
      await server.close(0);
      proxy[Symbol.dispose]();
      await upstream.close(0);
      folder[Symbol.dispose]();
    },
  };
}

function raw(name: string): ServiceDefinition[string] {
  return {
    path: `${SERVICE}/${name}`,
    requestStream: true,
    responseStream: true,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  } as unknown as ServiceDefinition[string];
}

function call(client: Client, method: string, request: Buffer, metadata = new Metadata()): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(`${SERVICE}/${method}`, same, same, request, metadata, (error, response) =>
      error === null ? resolve(response ?? Buffer.alloc(0)) : reject(error),
    );
  });
}

function pullRequest(auth?: object, image = 'r.io/team/app:v1'): Buffer {
  assert.ok(PULL !== undefined);
  return Buffer.concat([PULL.requestSerialize({ image: { image }, auth }), UNKNOWN_FIELD]);
}

const annAuth = { username: 'ann', password: 'open sesame' };
const ann: Credential = { kind: 'password', ...annAuth };

describe('the image service', () => {
  for (const method of ['ListImages', 'ImageStatus', 'RemoveImage', 'ImageFsInfo', 'PullImage']) {
    test(`passes ${method} on, and its answer back, with what nobody here knows`, async () => {
      const seen: unknown[] = [];
      const answered = Buffer.concat([Buffer.from([0x0a, 1, 65]), UNKNOWN_FIELD]);
      await using at = await stage((name, request, metadata) => {
        seen.push([name, request, metadata.get('x-note')]);
        return { messages: [answered] };
      });
      const metadata = new Metadata();
      metadata.set('x-note', 'kept');
      assert.deepEqual(await call(at.client, method, pullRequest(), metadata), answered);
      assert.deepEqual(seen, [[method, pullRequest(), ['kept']]]);
    });

    test(`passes errors of ${method} back with their details`, async () => {
      const metadata = new Metadata();
      metadata.set('grpc-status-details-bin', Buffer.from([1, 2, 3]));
      const error = { code: status.NOT_FOUND, details: 'no such image', metadata };
      await using at = await stage(() => ({ error }));
      await assert.rejects(call(at.client, method, Buffer.alloc(0)), (got: ServiceError) => {
        assert.deepEqual([got.code, got.details], [error.code, error.details]);
        assert.deepEqual(got.metadata.get('grpc-status-details-bin'), [Buffer.from([1, 2, 3])]);
        return true;
      });
    });
  }

  test('passes streams on', async () => {
    const messages = Array.from({ length: 50 }, (_, index) => Buffer.alloc(100_000, index));
    await using at = await stage(() => ({ messages }));
    const path = `${SERVICE}/StreamImages`;
    const stream = at.client.makeServerStreamRequest(path, same, same, Buffer.alloc(0), new Metadata());
    assert.deepEqual(await stream.toArray(), messages);
  });

  test('lets a pull end that its client gives up', async () => {
    const started = Promise.withResolvers<void>();
    await using at = await stage(() => {
      started.resolve();
      return new Promise<Answer>(() => {});
    });
    const pulling = at.client.makeUnaryRequest(`${SERVICE}/PullImage`, same, same, pullRequest(annAuth), () => {});
    await started.promise;
    assert.deepEqual(await at.known(), [ann]);
    pulling.cancel();
    await until(() => at.cancelled.includes('PullImage'), 'the cancellation upstream');
    await until(async () => (await at.known()).length === 0, 'the credentials to be forgotten');
  });

  test('says at once that containerd is away', async () => {
    await using at = await stage(() => ({ messages: [Buffer.alloc(0)] }));
    await at.upstream.close(0);
    await assert.rejects(call(at.client, 'ListImages', Buffer.alloc(0)), { code: status.UNAVAILABLE });
    await assert.rejects(call(at.client, 'PullImage', pullRequest(annAuth)), { code: status.UNAVAILABLE });
    assert.deepEqual(await at.known(), []);
  });

  test('is on a socket for root alone', async () => {
    await using at = await stage(() => ({ messages: [] }));
    assert.equal(statSync(at.own).mode & 0o777, 0o600);
  });
});

describe('the credentials of a pull', () => {
  test('are there while containerd pulls, and afterwards', async () => {
    const during: Credential[][] = [];
    await using at = await stage(async () => {
      during.push(await at.known());
      return { messages: [Buffer.alloc(0)] };
    });
    await call(at.client, 'PullImage', pullRequest(annAuth));
    assert.deepEqual(during, [[ann]]);
    assert.deepEqual(await at.known(), [ann]);
  });

  test('are gone when the pull failed', async () => {
    await using at = await stage(() => ({ error: { code: status.UNKNOWN, details: '401 Unauthorized' } }));
    await assert.rejects(call(at.client, 'PullImage', pullRequest(annAuth)), { details: '401 Unauthorized' });
    assert.deepEqual(await at.known(), []);
  });

  for (const [title, request] of [
    ['without credentials', pullRequest()],
    ['of an image id', pullRequest(annAuth, 'a'.repeat(64))],
    ['that is no message', Buffer.from([0xff, 0xff, 0xff])],
    ['with an auth that is none', pullRequest({ auth: Buffer.from('hush').toString('base64') })],
  ] as const) {
    test(`are not remembered of a pull ${title}, which is passed on all the same`, async () => {
      const seen: Buffer[] = [];
      await using at = await stage((_, bytes) => {
        seen.push(bytes);
        return { messages: [Buffer.from([1])] };
      });
      assert.deepEqual(await call(at.client, 'PullImage', request), Buffer.from([1]));
      assert.deepEqual(seen, [request]);
      assert.equal(at.remember.size, 0);
      for (const secret of ['open sesame', 'hush', Buffer.from('hush').toString('base64')])
        assert.ok(!at.lines.join('').includes(secret));
    });
  }
});
