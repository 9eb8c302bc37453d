// Registry clients for tests: no waiting between retries, and no credentials of whoever runs the tests.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RegistryClient, type RegistryClientOptions } from '../../src/registry/client.ts';
import type { CredentialSource } from '../../src/registry/credentials.ts';
import type { Digest } from '../../src/oci/digest.ts';
import { parseReference, type ImageReference } from '../../src/oci/reference.ts';
import type { TestRegistry } from '../support/registry.ts';

export const noCredentials: CredentialSource = { async *lookup() {} };

/** Use with `await using`. */
export function makeClient(options: RegistryClientOptions = {}): RegistryClient {
  const credentials = options.dockerConfigPath === undefined ? { credentials: noCredentials } : {};
  return new RegistryClient({
    ...credentials,
    ...options,
    retry: { retries: 3, baseDelayMs: 1, maxDelayMs: 5, ...options.retry },
  });
}

/** A repository of a test registry, e.g. `127.0.0.1:34567/a/b:v1`. */
export function referenceTo(registry: TestRegistry, rest = 'a/b:v1'): ImageReference {
  return parseReference(`${registry.host}/${rest}`);
}

/** Random bytes in a registry. */
export function addRandomBlob(registry: TestRegistry, size: number, name = 'a/b'): { bytes: Buffer; digest: Digest } {
  const bytes = randomBytes(size);
  return { bytes, digest: registry.addBlob(name, bytes).digest };
}

/** A folder that goes away with `using`. */
export function temporaryFolder(): { path: string; write: (name: string, text: string) => string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'lazypull-registry-'));
  return {
    path,
    write(name, text) {
      writeFileSync(join(path, name), text);
      return join(path, name);
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
