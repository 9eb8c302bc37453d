import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { RegistryError } from '../../src/errors.ts';
import { makeCertificates } from '../support/certificates.ts';
import { needs } from '../support/needs.ts';
import { TestRegistry, type TestRegistryOptions } from '../support/registry.ts';
import { addRandomBlob, makeClient, referenceTo, temporaryFolder } from './clients.ts';

describe('a registry with https', { skip: needs('openssl') }, () => {
  /** Reads a blob through a certs.d folder with this hosts.toml. */
  async function read(
    toml: string,
    options: Partial<TestRegistryOptions> & { clientCa?: boolean } = {},
  ): Promise<void> {
    using folder = temporaryFolder();
    const { ca, serverCert, serverKey } = makeCertificates(folder.path);
    const tls = { cert: serverCert, key: serverKey, ...(options.clientCa === true ? { clientCa: ca } : {}) };
    await using registry = await TestRegistry.start({ ...options, tls });
    mkdirSync(join(folder.path, '_default'));
    const text = `server = "${registry.url}"\n${toml}`;
    folder.write('_default/hosts.toml', text);
    await using client = makeClient({ certsDirs: [folder.path] });
    const { bytes, digest } = addRandomBlob(registry, 1000);
    const blob = client.openBlob(referenceTo(registry), digest, 1000);
    assert.deepEqual(Buffer.from(await blob.readRange(5, 905)), bytes.subarray(5, 905));
  }

  test('is not trusted without its authority, and that is not tried again', async () => {
    await assert.rejects(read(''), (error: RegistryError) => {
      assert.match(error.message, /UNABLE_TO_|SELF_SIGNED/);
      return !error.retryable;
    });
  });

  test('is trusted by the authority that hosts.toml names', () => read('ca = "../ca.crt"'));

  test('is trusted without any when hosts.toml says skip_verify', () => read('skip_verify = true'));

  test('gets the client certificate that hosts.toml names', () =>
    read('ca = "../ca.crt"\nclient = [["../client.crt", "../client.key"]]', { clientCa: true }));

  test('refuses who has no client certificate', async () => {
    await assert.rejects(read('ca = "../ca.crt"', { clientCa: true }), { code: 'REGISTRY' });
  });

  test('may redirect to another port under the same authority', () =>
    read('ca = "../ca.crt"', { knobs: { redirectTo: 'cdn' } }));

  test('may not redirect to plain http', async () => {
    await using plain = await TestRegistry.start();
    const knobs = { redirectTo: new URL(plain.url) };
    await assert.rejects(read('ca = "../ca.crt"', { knobs }), /a redirect from https to plain http/);
    assert.equal(plain.requests(), 0);
  });

  test('with a certificate that can not be read is an error for the user', async () => {
    await assert.rejects(read('client = "hosts.toml"'), { code: 'CONFIG' });
  });
});
