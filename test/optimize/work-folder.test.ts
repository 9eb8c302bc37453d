import assert from 'node:assert/strict';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { UserError } from '../../src/errors.ts';
import { WorkFolder } from '../../src/optimize/work-folder.ts';
import { needs } from '../support/needs.ts';

const STALE = 'lazypull-work-4194304-1-0123456789ab';

function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'lazypull-folders-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What a command that was killed before the last boot has left. */
function leave(parent: string): string {
  const path = join(parent, STALE);
  mkdirSync(path);
  writeFileSync(join(path, 'owner'), 'another boot\nanother namespace\n');
  return path;
}

suite('a folder for temporary files', () => {
  test('is removed with what is in it, and so is what a killed command left', async (t) => {
    const parent = scratch(t);
    const stale = leave(parent);
    {
      await using folder = await WorkFolder.open(parent);
      assert.ok(!existsSync(stale));
      writeFileSync(join(folder.path, 'file'), '');
    }
    assert.deepEqual(readdirSync(parent), []);
  });

  test('leaves alone what only has the name of one', async (t) => {
    const parent = scratch(t);
    const elsewhere = leave(scratch(t));
    symlinkSync(elsewhere, join(parent, STALE));
    await using _ = await WorkFolder.open(parent);
    assert.ok(existsSync(join(parent, STALE, 'owner')));
  });

  test("leaves alone another user's", { skip: needs('root') }, async (t) => {
    const parent = scratch(t);
    const stale = leave(parent);
    chownSync(stale, 1000, 1000);
    await using _ = await WorkFolder.open(parent);
    assert.ok(existsSync(join(stale, 'owner')));
  });

  test('has to be somewhere', async (t) => {
    const missing = join(scratch(t), 'missing');
    await assert.rejects(
      WorkFolder.open(missing),
      (error) => error instanceof UserError && /missing/.test(error.message) && /TMPDIR/.test(error.fix ?? ''),
    );
  });
});
