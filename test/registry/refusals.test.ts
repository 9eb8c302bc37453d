// A wrong credential must cost the registry one request, however many layers, reads and pulls there are.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RegistryError } from '../../src/errors.ts';
import type { Credential, CredentialSource } from '../../src/registry/credentials.ts';
import { Refusals } from '../../src/registry/refusals.ts';
import type { RegistryAuth } from '../support/registry-auth.ts';
import { TestRegistry } from '../support/registry.ts';
import { addRandomBlob, makeClient, referenceTo } from './clients.ts';

const RIGHT = { username: 'ann', password: 'secret' };
const right: Credential = { kind: 'password', ...RIGHT };
const wrong: Credential = { kind: 'password', username: 'ann', password: 'mistyped' };

/** A source whose candidates can be changed. */
class Known implements CredentialSource {
  candidates: Credential[];
  readonly refusedOnes: Credential[] = [];

  constructor(...candidates: Credential[]) {
    this.candidates = candidates;
  }

  async *lookup(): AsyncGenerator<Credential> {
    yield* this.candidates;
  }

  refused(credential: Credential): void {
    this.refusedOnes.push(credential);
  }
}

/** Requests of the log that carried a credential, or asked for a token. */
function attempts(registry: TestRegistry): number {
  return registry.log.filter(({ authorization }) => authorization === 'Basic').length;
}

const doors: readonly RegistryAuth[] = [
  { kind: 'basic', ...RIGHT },
  { kind: 'token', ...RIGHT },
];
for (const auth of doors) {
  describe(`a registry with ${auth.kind} authentication`, () => {
    test('sees a wrong password once, however often something is read', async () => {
      await using registry = await TestRegistry.start({ auth });
      await using client = makeClient({ credentials: new Known(wrong) });
      const { digest } = addRandomBlob(registry, 100);
      for (let round = 0; round < 20; round++) {
        const read = client.openBlob(referenceTo(registry), digest, 100).readRange(0, 100);
        await assert.rejects(read, (error: RegistryError) => {
          assert.equal(error.status, 401);
          assert.match(error.message, /the stored credentials were refused/);
          assert.ok(!error.message.includes('mistyped'));
          return !error.retryable;
        });
      }
      assert.equal(attempts(registry), 1);
      assert.ok(registry.requests() <= 3, `${registry.requests()} requests`);
    });

    test('sees a wrong password once when many layers are opened at the same time', async () => {
      await using registry = await TestRegistry.start({ auth, knobs: { latencyMs: 5 } });
      await using client = makeClient({ credentials: new Known(wrong) });
      const blobs = Array.from({ length: 20 }, () => addRandomBlob(registry, 100));
      const reads = blobs.map(({ digest }) => client.openBlob(referenceTo(registry), digest, 100).readRange(0, 100));
      const outcomes = await Promise.allSettled(reads);
      assert.ok(outcomes.every(({ status }) => status === 'rejected'));
      assert.equal(attempts(registry), 1);
    });

    test('sees a wrong password once when many repositories are opened at the same time', async () => {
      await using registry = await TestRegistry.start({ auth, knobs: { latencyMs: 5 } });
      await using client = makeClient({ credentials: new Known(wrong) });
      const names = Array.from({ length: 20 }, (_, index) => `a/b${index}`);
      const opened = names.map((name) => ({ name, digest: addRandomBlob(registry, 100, name).digest }));
      const readAll = (): Promise<PromiseSettledResult<Uint8Array>[]> =>
        Promise.allSettled(
          opened.map(({ name, digest }) => client.openBlob(referenceTo(registry, name), digest, 100).readRange(0, 100)),
        );
      for (let round = 0; round < 2; round++) assert.ok((await readAll()).every(({ status }) => status === 'rejected'));
      assert.equal(attempts(registry), 1);
    });

    test('has many repositories opened at the same time with the right password', async () => {
      await using registry = await TestRegistry.start({ auth, knobs: { latencyMs: 5 } });
      await using client = makeClient({ credentials: new Known(wrong, right) });
      const names = Array.from({ length: 20 }, (_, index) => `a/b${index}`);
      const read = names.map(async (name) => {
        const { digest, bytes } = addRandomBlob(registry, 100, name);
        const got = await client.openBlob(referenceTo(registry, name), digest, 100).readRange(0, 100);
        assert.deepEqual(Buffer.from(got), bytes);
      });
      await Promise.all(read);
    });

    test('is served at once when the secret has changed', async () => {
      await using registry = await TestRegistry.start({ auth });
      const known = new Known(wrong);
      await using client = makeClient({ credentials: known });
      const { digest, bytes } = addRandomBlob(registry, 100);
      const read = (): Promise<Uint8Array> => client.openBlob(referenceTo(registry), digest, 100).readRange(0, 100);
      await assert.rejects(read(), { status: 401 });
      known.candidates = [right];
      assert.deepEqual(Buffer.from(await read()), bytes);
      assert.deepEqual(known.refusedOnes, [wrong]);
    });

    test('gets the next candidate when it refuses the first', async () => {
      await using registry = await TestRegistry.start({ auth });
      await using client = makeClient({ credentials: new Known(wrong, right) });
      const { digest, bytes } = addRandomBlob(registry, 100);
      for (let round = 0; round < 3; round++) {
        const read = client.openBlob(referenceTo(registry), digest, 100).readRange(0, 100);
        assert.deepEqual(Buffer.from(await read), bytes);
      }
      const mistyped = registry.log.filter(
        ({ headers }) => headers.authorization === `Basic ${Buffer.from('ann:mistyped').toString('base64')}`,
      );
      assert.equal(mistyped.length, 1);
    });

    test('sees each of two wrong passwords once', async () => {
      await using registry = await TestRegistry.start({ auth });
      await using client = makeClient({ credentials: new Known(wrong, { ...wrong, password: 'again' }) });
      const { digest } = addRandomBlob(registry, 100);
      for (let round = 0; round < 5; round++) {
        const read = client.openBlob(referenceTo(registry), digest, 100).readRange(0, 100);
        await assert.rejects(read, { status: 401 });
      }
      assert.equal(attempts(registry), 2);
    });
  });
}

test('a password that no longer does is replaced by the newer one in the same request', async () => {
  const auth = { kind: 'basic', ...RIGHT } as const;
  await using registry = await TestRegistry.start({ auth });
  const known = new Known(right);
  await using client = makeClient({ credentials: known });
  const { digest, bytes } = addRandomBlob(registry, 100);
  const blob = client.openBlob(referenceTo(registry), digest, 100);
  await blob.readRange(0, 10);
  registry.gate.change({ ...auth, password: 'rotated' });
  known.candidates = [{ ...right, password: 'rotated' }];
  assert.deepEqual(Buffer.from(await blob.readRange(0, 100)), bytes);
});

test('a password that no longer does is shown once, however often something is read', async () => {
  const auth = { kind: 'basic', ...RIGHT } as const;
  await using registry = await TestRegistry.start({ auth });
  const known = new Known(right);
  await using client = makeClient({ credentials: known });
  const { digest } = addRandomBlob(registry, 100);
  const blob = client.openBlob(referenceTo(registry), digest, 100);
  await blob.readRange(0, 10);
  registry.gate.change({ ...auth, password: 'rotated' });
  registry.forget();
  for (let round = 0; round < 10; round++) await assert.rejects(blob.readRange(0, 10), { status: 401 });
  assert.equal(attempts(registry), 1);
});

test('a password that is not enough for one repository opens the others', async () => {
  await using registry = await TestRegistry.start({ auth: { kind: 'basic', ...RIGHT } });
  await using client = makeClient({ credentials: new Known(right) });
  const read = (name: string): Promise<Uint8Array> => {
    const { digest } = addRandomBlob(registry, 100, name);
    return client.openBlob(referenceTo(registry, name), digest, 100).readRange(0, 100);
  };
  await read('a/b');
  registry.failures.set(1, 403);
  await assert.rejects(read('c/d'), { status: 403 });
  await read('a/b');
  await read('e/f');
  registry.forget();
  await assert.rejects(read('c/d'), { status: 403 });
  assert.equal(registry.requests(), 0);
});

test('a registry that refused all credentials is not asked as nobody', async () => {
  await using registry = await TestRegistry.start({ auth: { kind: 'token', ...RIGHT } });
  const known = new Known(wrong);
  known.refused = () => {
    known.candidates = [];
  };
  await using client = makeClient({ credentials: known });
  const { digest } = addRandomBlob(registry, 100);
  const read = client.openBlob(referenceTo(registry), digest, 100).readRange(0, 100);
  await assert.rejects(read, { status: 401, message: /the stored credentials were refused/ });
  assert.equal(registry.log.filter(({ path }) => path === '/token').length, 1);
});

test('a token that has expired is no refusal of the password', async () => {
  await using registry = await TestRegistry.start({ auth: { kind: 'token', ...RIGHT } });
  await using client = makeClient({ credentials: new Known(right) });
  const { digest } = addRandomBlob(registry, 100);
  const blob = client.openBlob(referenceTo(registry), digest, 100);
  for (let round = 0; round < 5; round++) {
    await blob.readRange(0, 10);
    registry.gate.expireTokens();
  }
  assert.equal(registry.gate.tokensIssued, 5);
});

describe('a refused credential', () => {
  const error = new RegistryError('GET https://r.io: 401', { method: 'GET', url: 'https://r.io', status: 401 });
  const use = { host: 'r.io', scope: 'repository:a:pull', credential: wrong };

  test('rests for ten seconds, then twice as long each time, at most five minutes', () => {
    let nowMs = 0;
    const refusals = new Refusals(() => nowMs);
    for (const restSec of [10, 20, 40, 80, 160, 300, 300]) {
      refusals.add(use, 'host', error);
      nowMs += restSec * 1000 - 1;
      assert.match(refusals.lookup(use)?.message ?? '', /401; not asked again with the same credentials for 1 s/);
      nowMs += 1;
      assert.equal(refusals.lookup(use), undefined);
    }
  });

  test('rests on that host alone, for everything or for one scope', () => {
    const refusals = new Refusals(() => 0);
    refusals.add(use, 'scope', error);
    assert.ok(refusals.lookup(use));
    assert.equal(refusals.lookup({ ...use, scope: 'repository:b:pull' }), undefined);
    refusals.add(use, 'host', error);
    assert.ok(refusals.lookup({ ...use, scope: 'repository:b:pull' }));
    assert.equal(refusals.lookup({ ...use, host: 'other.io' }), undefined);
    assert.equal(refusals.lookup({ ...use, credential: right }), undefined);
  });

  test('is still not enough for a scope when it is taken for something else', () => {
    const refusals = new Refusals(() => 0);
    refusals.add(use, 'scope', error);
    refusals.took(use, false);
    assert.ok(refusals.lookup(use));
    refusals.took(use, true);
    assert.equal(refusals.lookup(use), undefined);
  });

  test('that is taken later begins anew', () => {
    let nowMs = 0;
    const refusals = new Refusals(() => nowMs);
    refusals.add(use, 'host', error);
    refusals.add(use, 'host', error);
    refusals.took(use, true);
    assert.equal(refusals.lookup(use), undefined);
    refusals.add(use, 'host', error);
    nowMs = 10_000;
    assert.equal(refusals.lookup(use), undefined);
  });
});
