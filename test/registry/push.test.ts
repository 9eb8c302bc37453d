import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { FormatError, RegistryError, UserError } from '../../src/errors.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { OCI_MANIFEST } from '../../src/oci/media-types.ts';
import { parseReference } from '../../src/oci/reference.ts';
import type { RegistryClientOptions } from '../../src/registry/client.ts';
import type { CredentialSource } from '../../src/registry/credentials.ts';
import type { RegistryPusher } from '../../src/registry/push.ts';
import { completionUrl, minChunkBytes, uploadedBytes } from '../../src/registry/upload-headers.ts';
import { noise } from '../support/entries.ts';
import { TestRegistry, type TestRegistryOptions } from '../support/registry.ts';
import { until } from '../support/until.ts';
import { makeClient, referenceTo, temporaryFolder } from './clients.ts';

/** Sent in a PATCH, being larger than what goes with the PUT. */
const LARGE = (5 << 20) + 123;
const SMALL = 1000;
const MIB = 1 << 20;

interface Stage extends AsyncDisposable {
  readonly registry: TestRegistry;
  readonly pusher: RegistryPusher;
  /** Offsets that the source was opened at. */
  readonly opened: number[];
  readonly progress: number[];
  /** A blob of noise, and how to push it. */
  blob(size: number): { bytes: Buffer; descriptor: Descriptor; push: (signal?: AbortSignal) => Promise<void> };
  /** `METHOD status`, with `@OFFSET` of a Content-Range, of requests that are part of an upload. */
  steps(): string[];
}

async function stage(options: TestRegistryOptions = {}, client: RegistryClientOptions = {}): Promise<Stage> {
  const registry = await TestRegistry.start(options);
  const made = makeClient(client);
  const pusher = made.pusher(referenceTo(registry));
  const opened: number[] = [];
  const progress: number[] = [];
  return {
    registry,
    pusher,
    opened,
    progress,
    blob(size) {
      const bytes = noise(size, size);
      const descriptor = { mediaType: 'application/octet-stream', digest: digestOf(bytes), size };
      const open = (offset: number): AsyncIterable<Uint8Array> => {
        opened.push(offset);
        return pieces(bytes, offset);
      };
      const onProgress = (taken: number): void => void progress.push(taken);
      return { bytes, descriptor, push: (signal) => pusher.pushBlob({ descriptor, open, onProgress }, signal) };
    },
    steps: () =>
      registry.log
        .filter(({ path }) => path.includes('/uploads/'))
        .map(({ headers, method, status }) => {
          const range = headers['content-range'];
          return `${method} ${status}${typeof range === 'string' ? ` @${range.split('-')[0]}` : ''}`;
        }),
    async [Symbol.asyncDispose]() {
      await pusher[Symbol.asyncDispose]();
      await made.close();
      await registry.close();
    },
  };
}

const ann: CredentialSource = {
  async *lookup() {
    yield { kind: 'password', username: 'ann', password: 'secret' };
  },
};

/** A registry that wants a password, and sends everybody who has one elsewhere. */
async function redirectTo(
  base: string,
  status: number,
): Promise<{ readonly host: string; readonly credentials: number } & AsyncDisposable> {
  let credentials = 0;
  const server = createServer((request, response) => {
    request.resume();
    if (request.headers.authorization === undefined) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="front"' }).end();
      return;
    }
    credentials += 1;
    response.writeHead(status, { location: `${base}${request.url}` }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    get credentials() {
      return credentials;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function* pieces(bytes: Buffer, offset: number): AsyncGenerator<Uint8Array> {
  for (let at = offset; at < bytes.length; at += 64 << 10) yield bytes.subarray(at, at + (64 << 10));
}

function stored(registry: TestRegistry, digest: string): boolean {
  return registry.content.lookup('a/b', digest) !== undefined;
}

describe('a push of a blob', () => {
  test('sends a small one with the PUT', async () => {
    await using at = await stage();
    const { descriptor, push } = at.blob(SMALL);
    await push();
    assert.deepEqual(at.steps(), ['POST 202', 'PUT 201']);
    assert.ok(stored(at.registry, descriptor.digest));
    assert.equal(at.progress.at(-1), SMALL);
  });

  test('sends an empty one', async () => {
    await using at = await stage();
    const { descriptor, push } = at.blob(0);
    await push();
    assert.deepEqual([at.steps(), at.opened], [['POST 202', 'PUT 201'], []]);
    assert.ok(stored(at.registry, descriptor.digest));
  });

  test('sends a large one in one PATCH without Content-Range, which every registry takes', async () => {
    await using at = await stage();
    const { descriptor, push } = at.blob(LARGE);
    await push();
    assert.deepEqual(at.steps(), ['POST 202', 'PATCH 202', 'PUT 201']);
    assert.ok(stored(at.registry, descriptor.digest));
    assert.ok(at.progress.every((bytes, index) => bytes >= (at.progress[index - 1] ?? 0)));
    assert.equal(at.registry.openUploads, 0);
  });

  test('sends several at the same time', async () => {
    await using at = await stage({ knobs: { latencyMs: 20 } });
    const blobs = [1, 2, 3, 4, 5].map((size) => at.blob(size));
    await Promise.all(blobs.map(({ push }) => push()));
    assert.ok(blobs.every(({ descriptor }) => stored(at.registry, descriptor.digest)));
    assert.ok(at.registry.maxInFlight >= 4);
  });

  for (const uploadLocation of ['path', 'url'] as const) {
    test(`goes on where the Location, a ${uploadLocation}, says, with its query byte for byte`, async () => {
      await using at = await stage({ knobs: { uploadLocation } });
      await at.blob(LARGE).push();
      assert.deepEqual(at.steps(), ['POST 202', 'PATCH 202', 'PUT 201']);
    });
  }

  test('gives no credentials to another host that the Location names', async () => {
    // The CDN of the test registry fails the test when it sees some.
    await using at = await stage({ auth: { kind: 'token' }, knobs: { uploadLocation: 'cdn' } });
    const { descriptor, push } = at.blob(LARGE);
    await push();
    assert.equal(at.registry.requests('cdn'), 2);
    assert.ok(stored(at.registry, descriptor.digest));
  });

  test('believes a registry that says nothing of what it has', async () => {
    await using at = await stage({ knobs: { uploadRange: false } });
    await at.blob(LARGE).push();
    assert.deepEqual(at.steps(), ['POST 202', 'PATCH 202', 'PUT 201']);
  });
});

describe('a push that breaks', () => {
  test('goes on where the registry stands', async () => {
    await using at = await stage({ knobs: { uploadDropAfter: 3 * MIB, uploadDropCount: 1 } });
    const { bytes, descriptor, push } = at.blob(LARGE);
    await push();
    assert.deepEqual(at.steps(), ['POST 202', 'PATCH 200', 'GET 204', `PATCH 202 @${3 * MIB}`, 'PUT 201']);
    assert.deepEqual(at.opened, [0, 3 * MIB]);
    const found = at.registry.content.lookup('a/b', descriptor.digest);
    assert.equal(found?.content.size, bytes.length);
  });

  test('may break as often as it likes while it makes progress', async () => {
    await using at = await stage({ knobs: { uploadDropAfter: MIB / 2 } }, { retry: { retries: 1 } });
    const { descriptor, push } = at.blob(LARGE);
    await push();
    assert.ok(at.opened.length >= 10);
    assert.ok(stored(at.registry, descriptor.digest));
  });

  test('tries smaller chunks when nothing that it sends stays', async () => {
    await using at = await stage({ knobs: { uploadDropAfter: 4 * MIB + 1, uploadKeepsPart: false } });
    const { descriptor, push } = at.blob(LARGE);
    await push();
    assert.deepEqual(at.opened, [0, 0, 0, 4 * MIB]);
    assert.ok(stored(at.registry, descriptor.digest));
  });

  test('is given up after the tries of the policy when nothing stays of any size', async () => {
    await using at = await stage({ knobs: { uploadDropAfter: 1000, uploadKeepsPart: false } });
    await assert.rejects(at.blob(LARGE).push(), { code: 'REGISTRY', retryable: true });
    assert.equal(at.opened.length, 4);
    assert.equal(at.registry.openUploads, 0, 'the upload is cancelled');
  });

  test('begins anew when the registry lost the upload', async () => {
    await using at = await stage({ knobs: { uploadDropAfter: 3 * MIB, uploadDropCount: 1, uploadLostAfter: 1 } });
    const { descriptor, push } = at.blob(LARGE);
    await push();
    // The cut body is not counted; the second one completes what PUT then does not find.
    assert.deepEqual(at.opened, [0, 3 * MIB, 0]);
    assert.deepEqual(at.steps().slice(-4), ['PUT 404', 'POST 202', 'PATCH 202', 'PUT 201']);
    assert.ok(stored(at.registry, descriptor.digest));
  });

  test('asks for the place after one 416, and begins anew after another', async () => {
    await using at = await stage({ knobs: { upload416: 2 } });
    await at.blob(LARGE).push();
    assert.deepEqual(at.steps(), ['POST 202', 'PATCH 416', 'GET 204', 'PATCH 416', 'POST 202', 'PATCH 202', 'PUT 201']);
  });

  test('is given up when every place is answered 416', async () => {
    await using at = await stage({ knobs: { upload416: 100 } });
    await assert.rejects(at.blob(LARGE).push(), { status: 416 });
    assert.equal(at.opened.length, 4);
  });

  test('sends chunks when bodies may not be that long', async () => {
    await using at = await stage({ knobs: { uploadMaxBody: MIB } });
    const { descriptor, push } = at.blob(LARGE);
    await push();
    const sent = at.steps().filter((step) => step.startsWith('PATCH 202'));
    assert.deepEqual(
      sent,
      [0, 1, 2, 3, 4, 5].map((index) => `PATCH 202 @${index * MIB}`),
    );
    assert.ok(stored(at.registry, descriptor.digest));
  });

  test('is given up with a hint when even small bodies are too long', async () => {
    await using at = await stage({ knobs: { uploadMaxBody: 1000 } });
    await assert.rejects(at.blob(LARGE).push(), { status: 413, message: /takes no bodies of this size/ });
  });

  test('keeps to the least length of chunks', async () => {
    await using at = await stage({ knobs: { uploadMaxBody: 4 * MIB, uploadMinChunk: 2 * MIB } });
    await at.blob(2 * LARGE).push();
    const sent = at.steps().filter((step) => step.startsWith('PATCH 202'));
    assert.deepEqual(
      sent,
      [0, 4, 8].map((mib) => `PATCH 202 @${mib * MIB}`),
    );
  });

  test('can not send chunks below the least length', async () => {
    await using at = await stage({ knobs: { uploadMaxBody: MIB, uploadMinChunk: 4 * MIB } });
    await assert.rejects(at.blob(LARGE).push(), { status: 413 });
  });

  test('keeps to the least length of the upload that it goes on with', async () => {
    await using at = await stage({ knobs: { uploadMaxBody: MIB, uploadLostAfter: 2 } });
    const { bytes, descriptor } = at.blob(LARGE);
    const open = (offset: number): AsyncIterable<Uint8Array> => {
      // The upload is lost now, and the next one has other rules.
      if (offset === 2 * MIB) Object.assign(at.registry.knobs, { uploadMaxBody: undefined, uploadMinChunk: 4 * MIB });
      return pieces(bytes, offset);
    };
    await at.pusher.pushBlob({ descriptor, open });
    assert.deepEqual(at.steps().slice(-4), ['POST 202', 'PATCH 202 @0', `PATCH 202 @${4 * MIB}`, 'PUT 201']);
  });

  test('finds the blob there when only the answer got lost', async () => {
    for (const size of [SMALL, LARGE]) {
      await using at = await stage({ knobs: { uploadLosesAnswer: 1 } });
      await at.blob(size).push();
      assert.equal(at.opened.length, 1);
    }
  });

  test('sends once more what was damaged on the way, but not twice', async () => {
    await using at = await stage({ knobs: { uploadDamages: 1 } });
    await at.blob(LARGE).push();
    assert.deepEqual(at.opened, [0, 0]);
    at.registry.knobs.uploadDamages = 100;
    await assert.rejects(at.blob(LARGE + 1).push(), { status: 400, diagnostics: ['DIGEST_INVALID'] });
    assert.deepEqual(at.opened, [0, 0, 0, 0]);
  });

  for (const status of [429, 500, 503]) {
    test(`is tried again after ${status}`, async () => {
      await using at = await stage();
      at.registry.failures.set(1, status);
      const { descriptor, push } = at.blob(SMALL);
      await push();
      assert.ok(stored(at.registry, descriptor.digest));
    });
  }

  test('goes on after 503 in the middle', async () => {
    await using at = await stage({ knobs: { uploadDropAfter: 4 * MIB, uploadDropCount: 1 } });
    const { bytes, descriptor } = at.blob(LARGE);
    async function* open(offset: number): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(offset, offset + 1000);
      if (offset === 0) {
        await until(() => at.steps().some((step) => step.startsWith('PATCH')), 'the PATCH');
        // The questions after it is cut fail, too.
        at.registry.failures.set(2, 503);
      }
      yield* pieces(bytes, offset + 1000);
    }
    await at.pusher.pushBlob({ descriptor, open });
    assert.deepEqual(
      at.steps().filter((step) => step.startsWith('GET')),
      ['GET 503', 'GET 503', 'GET 204'],
    );
  });

  test('fetches another token when the first expires in the middle, and sends the same again', async () => {
    await using at = await stage({ auth: { kind: 'token' } });
    const { bytes, descriptor } = at.blob(LARGE);
    const offsets: number[] = [];
    const open = (offset: number): AsyncIterable<Uint8Array> => {
      offsets.push(offset);
      // Before the first byte is sent: the request gets 401 for an answer.
      if (offsets.length === 1) at.registry.gate.expireTokens();
      return pieces(bytes, offset);
    };
    await at.pusher.pushBlob({ descriptor, open });
    assert.deepEqual(offsets, [0, 0]);
    assert.equal(at.registry.gate.tokensIssued, 2);
    assert.ok(stored(at.registry, descriptor.digest));
  });

  test('throws what the source throws, at once, and cancels the upload', async () => {
    await using at = await stage();
    const { bytes, descriptor } = at.blob(LARGE);
    async function* open(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 1000);
      throw new UserError('the disk is gone');
    }
    await assert.rejects(at.pusher.pushBlob({ descriptor, open }), { message: 'the disk is gone' });
    assert.equal(at.registry.openUploads, 0);
    assert.deepEqual(at.steps().at(-1), 'DELETE 204');
  });

  for (const [what, by] of [
    ['shorter', -1],
    ['longer', 1],
  ] as const) {
    test(`is an error when the source is ${what} than its descriptor`, async () => {
      for (const size of [SMALL, LARGE]) {
        await using at = await stage();
        const { bytes, descriptor } = at.blob(size);
        const wrong = { ...descriptor, size: size - by };
        const pushing = at.pusher.pushBlob({ descriptor: wrong, open: (offset) => pieces(bytes, offset) });
        await assert.rejects(pushing, FormatError);
        assert.ok(!stored(at.registry, descriptor.digest));
      }
    });
  }

  test('ends when it is aborted, and cancels the upload', async () => {
    await using at = await stage();
    const { bytes, descriptor } = at.blob(LARGE);
    const controller = new AbortController();
    async function* open(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 1000);
      controller.abort(new Error('enough'));
      yield bytes.subarray(1000);
    }
    await assert.rejects(at.pusher.pushBlob({ descriptor, open }, controller.signal), { message: 'enough' });
    assert.equal(at.registry.openUploads, 0);
  });

  test('ends when the pusher goes', async () => {
    await using at = await stage();
    const { descriptor } = at.blob(LARGE);
    const waits = Promise.withResolvers<void>();
    async function* open(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(1000);
      waits.resolve();
      await new Promise(() => {});
    }
    const pushing = at.pusher.pushBlob({ descriptor, open });
    const failed = assert.rejects(pushing, /given up/);
    await waits.promise;
    await at.pusher[Symbol.asyncDispose]();
    await failed;
    assert.equal(at.registry.openUploads, 0);
  });
});

describe('a redirect of a push', () => {
  for (const status of [307, 308]) {
    test(`by ${status} is followed with the body and without credentials`, async () => {
      await using at = await stage();
      await using front = await redirectTo(at.registry.cdnUrl, status);
      await using client = makeClient({ credentials: ann });
      await using pusher = client.pusher(parseReference(`${front.host}/a/b:v1`));
      const { bytes, descriptor } = at.blob(SMALL);
      await pusher.pushBlob({ descriptor, open: (offset) => pieces(bytes, offset) });
      assert.ok(stored(at.registry, descriptor.digest));
      assert.ok(front.credentials > 0);
    });
  }

  for (const status of [301, 302, 303]) {
    test(`by ${status}, which would drop the body, is refused`, async () => {
      await using at = await stage();
      await using front = await redirectTo(at.registry.cdnUrl, status);
      await using client = makeClient({ credentials: ann });
      await using pusher = client.pusher(parseReference(`${front.host}/a/b:v1`));
      const { bytes, descriptor } = at.blob(SMALL);
      const pushing = pusher.pushBlob({ descriptor, open: (offset) => pieces(bytes, offset) });
      await assert.rejects(pushing, { message: /would drop what is sent/, status });
      assert.equal(at.registry.requests(), 0);
    });
  }
});

describe('a blob that may be there', () => {
  test('is found, or not', async () => {
    await using at = await stage();
    const there = at.blob(10);
    at.registry.addBlob('a/b', there.bytes);
    assert.equal(await at.pusher.hasBlob(there.descriptor), true);
    assert.equal(await at.pusher.hasBlob(at.blob(11).descriptor), false);
    // One of another length is a broken one.
    assert.equal(await at.pusher.hasBlob({ ...there.descriptor, size: 9 }), false);
  });

  test('is found behind a redirect to a CDN, which sees no credentials', async () => {
    await using at = await stage({ auth: { kind: 'token' }, knobs: { redirectTo: 'cdn' } });
    const there = at.blob(10);
    at.registry.addBlob('a/b', there.bytes);
    assert.equal(await at.pusher.hasBlob(there.descriptor), true);
    assert.equal(at.registry.requests('cdn'), 1);
  });

  test('is an error with a hint when nobody with these credentials may push', async () => {
    const auth = { kind: 'token', username: 'ann', password: 'secret' } as const;
    await using at = await stage({ auth });
    const { descriptor, push } = at.blob(10);
    for (const work of [() => at.pusher.hasBlob(descriptor), push]) {
      await assert.rejects(work(), (error: RegistryError) => {
        assert.ok(error instanceof RegistryError);
        assert.equal(error.status, 401);
        assert.match(error.message, /docker login 127\.0\.0\.1/);
        return true;
      });
    }
  });

  test('is found with the credentials of config.json, basic or for a token', async () => {
    for (const kind of ['basic', 'token'] as const) {
      using folder = temporaryFolder();
      await using registry = await TestRegistry.start({ auth: { kind, username: 'ann', password: 'secret' } });
      const auth = Buffer.from('ann:secret').toString('base64');
      const dockerConfigPath = folder.write('config.json', JSON.stringify({ auths: { [registry.host]: { auth } } }));
      await using client = makeClient({ dockerConfigPath });
      await using pusher = client.pusher(referenceTo(registry));
      const bytes = noise(100);
      const descriptor = { mediaType: 'x', digest: digestOf(bytes), size: 100 };
      assert.equal(await pusher.hasBlob(descriptor), false);
      await pusher.pushBlob({ descriptor, open: (offset) => pieces(bytes, offset) });
      assert.equal(await pusher.hasBlob(descriptor), true);
      assert.equal(registry.gate.tokensIssued, kind === 'token' ? 1 : 0);
    }
  });
});

describe('a mount from another repository', () => {
  test('takes no bytes, and asks for a token of both repositories', async () => {
    await using at = await stage({ auth: { kind: 'token' } });
    const { bytes, descriptor } = at.blob(10);
    at.registry.addBlob('other/one', bytes);
    assert.equal(await at.pusher.mountBlob(descriptor, 'other/one'), true);
    assert.ok(stored(at.registry, descriptor.digest));
    const scopes = at.registry.log.filter(({ path }) => path === '/token').map(({ query }) => query);
    assert.match(scopes.at(-1) ?? '', /scope=repository%3Aa%2Fb%3Apull%2Cpush&scope=repository%3Aother%2Fone%3Apull/);
  });

  test('that is refused leaves an upload that is used', async () => {
    await using at = await stage({ knobs: { mountStatus: 202 } });
    const { bytes, descriptor, push } = at.blob(10);
    at.registry.addBlob('other/one', bytes);
    assert.equal(await at.pusher.mountBlob(descriptor, 'other/one'), false);
    await push();
    assert.deepEqual(at.steps(), ['POST 202', 'PUT 201']);
  });

  test('that is refused leaves an upload that is cancelled when nobody wants it', async () => {
    await using at = await stage({ knobs: { mountStatus: 202 } });
    const { bytes, descriptor } = at.blob(10);
    at.registry.addBlob('other/one', bytes);
    await at.pusher.mountBlob(descriptor, 'other/one');
    assert.equal(at.registry.openUploads, 1);
    await at.pusher[Symbol.asyncDispose]();
    assert.equal(at.registry.openUploads, 0);
  });

  for (const mountStatus of [401, 403, 404, 405]) {
    test(`that is answered ${mountStatus} is only not done`, async () => {
      await using at = await stage({ knobs: { mountStatus } });
      const { bytes, descriptor } = at.blob(10);
      at.registry.addBlob('other/one', bytes);
      assert.equal(await at.pusher.mountBlob(descriptor, 'other/one'), false);
      assert.ok(!stored(at.registry, descriptor.digest));
    });
  }
});

describe('a push of a manifest', () => {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST }));

  test('puts it by tag or digest with its media type', async () => {
    await using at = await stage();
    for (const name of ['v2', digestOf(bytes)]) {
      await at.pusher.pushManifest({ bytes, mediaType: OCI_MANIFEST }, name);
      const found = at.registry.content.lookup('a/b', name);
      assert.deepEqual([found?.digest, found?.content.mediaType], [digestOf(bytes), OCI_MANIFEST]);
    }
  });

  test('is tried again after 503, not after 400', async () => {
    await using at = await stage();
    at.registry.failures.set(2, 503);
    await at.pusher.pushManifest({ bytes, mediaType: OCI_MANIFEST }, 'v2');
    assert.equal(at.registry.requests(), 3);
    at.registry.failures.set(1, 400);
    await assert.rejects(at.pusher.pushManifest({ bytes, mediaType: OCI_MANIFEST }, 'v2'), { status: 400 });
    assert.equal(at.registry.requests(), 4);
  });

  test('says what the registry said', async () => {
    await using at = await stage();
    const name = digestOf(Buffer.from('another'));
    await assert.rejects(at.pusher.pushManifest({ bytes, mediaType: OCI_MANIFEST }, name), {
      diagnostics: ['DIGEST_INVALID'],
      message: /PUT .*: 400 \(DIGEST_INVALID\)/,
    });
  });
});

describe('the host that is pushed to', () => {
  test('is the registry, not its mirror', async () => {
    await using mirror = await TestRegistry.start();
    await using registry = await TestRegistry.start();
    await using client = makeClient({ mirrors: { [registry.host]: [mirror.url] } });
    await using pusher = client.pusher(referenceTo(registry));
    const descriptor = { mediaType: 'x', digest: digestOf(Buffer.from('x')), size: 1 };
    await pusher.pushBlob({ descriptor, open: () => pieces(Buffer.from('x'), 0) });
    assert.deepEqual([mirror.requests(), registry.requests()], [0, 2]);
  });

  test('is the first of hosts.toml that may be; none is an error that says so', async () => {
    await using registry = await TestRegistry.start();
    using folder = temporaryFolder();
    const descriptor = { mediaType: 'x', digest: digestOf(Buffer.from('x')), size: 1 };
    for (const push of [true, false]) {
      mkdirSync(join(folder.path, 'r.test'), { recursive: true });
      const capabilities = JSON.stringify(['pull', 'resolve', ...(push ? ['push'] : [])]);
      const host = `[host."${registry.url}"]\n  capabilities = ${capabilities}\n`;
      folder.write('r.test/hosts.toml', `server = "http://127.0.0.1:9"\ncapabilities = ["pull"]\n${host}`);
      await using client = makeClient({ certsDirs: [folder.path] });
      await using pusher = client.pusher(parseReference('r.test/a/b:v1'));
      const pushing = pusher.pushBlob({ descriptor, open: () => pieces(Buffer.from('x'), 0) });
      if (push) await pushing;
      else await assert.rejects(pushing, UserError);
    }
    assert.deepEqual(
      registry.log.map(({ method, query }) => `${method}${query.includes('ns=r.test')}`),
      ['POSTtrue', 'PUTfalse'],
    );
  });
});

describe('the headers of uploads', () => {
  const ranges: readonly [header: string | undefined, sent: number, bytes: number | undefined][] = [
    ['0-99', 100, 100],
    ['bytes=0-99', 100, 100],
    // None at all, by the habit of registries; one byte only where it can be.
    ['0-0', 100, 0],
    ['0-0', 1, 1],
    ['1-99', 100, undefined],
    ['0-', 100, undefined],
    ['nonsense', 100, undefined],
    ['0-99999999999999999', 100, undefined],
    [undefined, 100, undefined],
  ];
  for (const [header, sent, bytes] of ranges) {
    test(`say with Range ${header} that ${bytes} bytes of ${sent} are there`, () => {
      assert.equal(uploadedBytes(header, sent), bytes);
    });
  }

  test('name the least length of chunks, within reason', () => {
    assert.deepEqual(['5', undefined, '-1', 'x', '9999999999999'].map(minChunkBytes), [5, 0, 0, 0, 1 << 30]);
  });

  test('leave a signed query as it is', () => {
    const url = completionUrl(new URL('https://r.io/up?a=%7e+b&c=%2F'), 'sha256:00');
    assert.equal(url.href, 'https://r.io/up?a=%7e+b&c=%2F&digest=sha256%3A00');
    assert.equal(completionUrl(new URL('https://r.io/up'), 'sha256:00').search, '?digest=sha256%3A00');
  });
});
