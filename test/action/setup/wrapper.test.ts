import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { wrapperText, writeWrapper } from '../../../action/setup/wrapper.ts';
import { run } from '../../support/run.ts';

test('the wrapper runs its words and hands on arguments as they are, wherever it lies', async () => {
  const folder = mkdtempSync(join(tmpdir(), "lazypull it's-"));
  try {
    const program = join(folder, 'a "b" $c.mjs');
    mkdirSync(join(folder, 'elsewhere'));
    writeFileSync(program, 'console.log(JSON.stringify(process.argv.slice(2)))');
    const path = await writeWrapper(join(folder, 'bin'), [process.execPath, program]);
    const args = ['', 'a b', "it's", '$HOME', '--', '*'];
    const { stdout } = await run(path, args, { cwd: join(folder, 'elsewhere'), env: {} });
    assert.deepEqual(JSON.parse(stdout), args);
    assert.equal(statSync(path).mode & 0o777, 0o755);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('words are one each to the shell', () => {
  assert.equal(wrapperText(["it's", 'a;b']), `#!/bin/sh\nexec 'it'\\''s' 'a;b' "$@"\n`);
});
