import assert from 'node:assert/strict';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { checkFolder, MAX_FILES } from '../../../action/cache/folder.ts';
import { scratch } from '../../support/layers.ts';
import { run } from '../../support/run.ts';

const nameOf = (digit: string): string => `sha256-${digit.repeat(64)}.hot`;
const [A, B] = [nameOf('a'), nameOf('b')];

suite('a folder that came from a cache', () => {
  test('keeps its packs', async () => {
    await using dir = await scratch();
    writeFileSync(join(dir.path, A), 'abc');
    writeFileSync(join(dir.path, B), 'defg');
    assert.deepEqual(await checkFolder(dir.path, 7), { files: [A, B], bytes: 7, refused: [] });
    assert.deepEqual(readdirSync(dir.path), [A, B]);
  });

  const HOSTILE: readonly (readonly [what: string, make: (path: string, secret: string) => unknown, reason: RegExp])[] =
    [
      ['a link', (path, secret) => symlinkSync(secret, path), /not a plain file/],
      ['a second name of another file', (path, secret) => linkSync(secret, path), /hard link/],
      ['a folder', (path) => mkdirSync(path), /not a plain file/],
      ['a pipe', (path) => run('mkfifo', [path]), /not a plain file/],
      ['more than was agreed to', (path) => writeFileSync(path, Buffer.alloc(101)), /over the limit of 100 bytes/],
    ];
  for (const [what, make, reason] of HOSTILE) {
    test(`loses ${what}, and what that leads to stays as it is`, async () => {
      await using dir = await scratch();
      const [packs, secret] = [join(dir.path, 'packs'), join(dir.path, 'secret')];
      mkdirSync(packs);
      writeFileSync(secret, 'secret', { mode: 0o600 });
      writeFileSync(join(packs, A), 'abc');
      await make(join(packs, B), secret);
      const { files, bytes, refused } = await checkFolder(packs, 100);
      assert.deepEqual([files, bytes, refused.map(({ file }) => file)], [[A], 3, [B]]);
      assert.match(refused[0]?.reason ?? '', reason);
      assert.deepEqual(readdirSync(packs), [A]);
      assert.equal(readFileSync(secret, 'utf8'), 'secret');
    });
  }

  for (const file of ['sha256-abc.hot', `${A}.tmp`, '.hidden', `sha512-${'a'.repeat(64)}.hot`, 'a\n::error::b']) {
    test(`loses ${JSON.stringify(file)}`, async () => {
      await using dir = await scratch();
      writeFileSync(join(dir.path, file), '');
      const { files, refused } = await checkFolder(dir.path, 100);
      assert.deepEqual([files, refused], [[], [{ file, reason: 'not the name of a hot pack' }]]);
      assert.deepEqual(readdirSync(dir.path), []);
    });
  }

  test('is for nobody else, whatever its archive said', async () => {
    await using dir = await scratch();
    for (const mode of [0o000, 0o777]) {
      chmodSync(dir.path, mode);
      await checkFolder(dir.path, 100);
      assert.equal(statSync(dir.path).mode & 0o777, 0o700);
    }
  });

  test('is refused when it is a link itself', async () => {
    await using dir = await scratch();
    symlinkSync('/etc', join(dir.path, 'packs'));
    await assert.rejects(checkFolder(join(dir.path, 'packs'), 100), { code: 'FAILED_PRECONDITION' });
  });
});

test('far too many files are refused together', async () => {
  await using dir = await scratch();
  for (let i = 0; i <= MAX_FILES; i++) writeFileSync(join(dir.path, String(i)), '');
  await assert.rejects(checkFolder(dir.path, 100), {
    code: 'FAILED_PRECONDITION',
    message: `${dir.path}: got 2001 files, wanted at most 2000`,
  });
  rmSync(join(dir.path, '0'));
  assert.equal((await checkFolder(dir.path, 100)).refused.length, MAX_FILES);
});
