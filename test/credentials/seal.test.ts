import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { seal, SealedFile, unseal } from '../../src/credentials/seal.ts';
import { temporaryFolder } from '../registry/clients.ts';

const SECRET = Buffer.from('open sesame');

describe('sealed bytes', () => {
  const key = randomBytes(32);

  test('are opened by their key, and never look alike', () => {
    const [first, second] = [seal(SECRET, key), seal(SECRET, key)];
    assert.deepEqual(unseal(first, key), SECRET);
    assert.ok(!first.includes(SECRET));
    assert.notDeepEqual(first, second);
  });

  test('are not opened by another key', () => {
    assert.equal(unseal(seal(SECRET, key), randomBytes(32)), undefined);
  });

  test('are not opened when any one byte is another, or when some are missing', () => {
    const sealed = seal(SECRET, key);
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      assert.equal(unseal(changed, key), undefined, `byte ${at}`);
      assert.equal(unseal(sealed.subarray(0, at), key), undefined, `${at} bytes`);
    }
  });
});

describe('a sealed file', () => {
  test('is read again by another process, and both files are for the owner alone', async () => {
    using folder = temporaryFolder();
    const options = { path: join(folder.path, 'deep/er/sealed'), keyPath: join(folder.path, 'state/key') };
    const umask = process.umask(0);
    try {
      await new SealedFile(options).write(SECRET);
    } finally {
      process.umask(umask);
    }
    assert.deepEqual(await new SealedFile(options).read(), SECRET);
    for (const path of Object.values(options)) assert.equal(statSync(path).mode & 0o777, 0o600, path);
    assert.equal(statSync(join(folder.path, 'deep/er')).mode & 0o777, 0o700);
    assert.ok(!readFileSync(options.path).includes(SECRET));
  });

  test('is nothing without its key, as after a reboot, and is written anew', async () => {
    using folder = temporaryFolder();
    const options = { path: join(folder.path, 'sealed'), keyPath: join(folder.path, 'key') };
    const file = new SealedFile(options);
    assert.equal(await file.read(), undefined);
    await file.write(SECRET);
    rmSync(options.keyPath);
    const later = new SealedFile(options);
    assert.equal(await later.read(), undefined);
    await later.write(Buffer.from('another'));
    assert.deepEqual(await new SealedFile(options).read(), Buffer.from('another'));
  });

  test('is nothing when it or its key is damaged', async () => {
    using folder = temporaryFolder();
    const options = { path: join(folder.path, 'sealed'), keyPath: join(folder.path, 'key') };
    await new SealedFile(options).write(SECRET);
    writeFileSync(options.keyPath, 'short');
    assert.equal(await new SealedFile(options).read(), undefined);
    writeFileSync(options.keyPath, randomBytes(32));
    assert.equal(await new SealedFile(options).read(), undefined);
  });
});
