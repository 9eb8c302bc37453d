// Binaries that come from outside go into dist only when they are the ones that the lock file names.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lockedPackage, requireIntegrity } from '../../script/bundle/koffi.ts';
import { LazypullError, VerificationError } from '../../src/errors.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const ARCHIVE = Buffer.from('archive');
const LOCKED = {
  name: 'p',
  version: '1.0.0',
  integrity: `sha512-${createHash('sha512').update(ARCHIVE).digest('base64')}`,
};

test('an archive that is the locked one is taken, and one with another byte is not', () => {
  requireIntegrity(ARCHIVE, LOCKED);
  assert.throws(() => requireIntegrity(Buffer.from('archivE'), LOCKED), VerificationError);
});

test('the binaries of both processors are in the lock file, in one version', () => {
  const [x64, arm64] = ['x64', 'arm64'].map((arch) => lockedPackage(PROJECT, `@koromix/koffi-linux-${arch}`));
  assert.equal(x64?.version, arm64?.version);
  assert.notEqual(x64?.integrity, arm64?.integrity);
});

for (const [title, entry] of [
  ['no entry', undefined],
  ['no integrity', { version: '1.0.0' }],
  ['a weak digest', { version: '1.0.0', integrity: 'sha1-AAAA' }],
] as const) {
  test(`a lock file with ${title} is refused`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'lazypull-lock-'));
    try {
      writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: { 'node_modules/p': entry } }));
      const isRefusal = (error: unknown): boolean => error instanceof LazypullError && error.code === 'NOT_FOUND';
      assert.throws(() => lockedPackage(folder, 'p'), isRefusal);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
