import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { readConfigFile, undoOf, writeChange } from '../../../action/engine/change-file.ts';
import { createHost } from '../../../action/host.ts';
import { undoStep } from '../../../action/undo.ts';
import { needs } from '../../support/needs.ts';

function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-change-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

suite('a configuration file that is changed', { skip: needs('root') }, () => {
  const host = createHost('root');
  const change = async (path: string, text: string): Promise<() => Promise<void>> => {
    const file = await readConfigFile(host, path);
    const steps = undoOf(file);
    await writeChange(host, file, text);
    return async () => {
      for (const step of steps.toReversed()) await undoStep(host, step);
    };
  };

  test('comes back with its owner, mode and times, and nothing beside it', async (t) => {
    const dir = folder(t);
    const path = join(dir, "a file's name.toml");
    writeFileSync(path, 'before\n');
    chmodSync(path, 0o640);
    utimesSync(path, 1000, 1000);
    const before = statSync(path);
    const undo = await change(path, 'after\n');
    assert.equal(readFileSync(path, 'utf8'), 'after\n');
    assert.equal(statSync(path).mode, before.mode);
    assert.equal(readFileSync(`${path}.before-lazypull`, 'utf8'), 'before\n');
    await undo();
    assert.equal(readFileSync(path, 'utf8'), 'before\n');
    const after = statSync(path);
    assert.deepEqual([after.mode, after.uid, after.mtimeMs], [before.mode, before.uid, before.mtimeMs]);
    assert.deepEqual(readdirSync(dir), ["a file's name.toml"]);
  });

  test('that was not there is gone again, with the folder that was made for it', async (t) => {
    const dir = folder(t);
    const path = join(dir, 'docker', 'daemon.json');
    const file = await readConfigFile(host, path);
    assert.deepEqual([file.text, file.newFolder, file.writable], [undefined, join(dir, 'docker'), true]);
    const undo = await change(path, '{}\n');
    assert.equal(statSync(path).mode & 0o777, 0o644);
    await undo();
    assert.deepEqual(readdirSync(dir), []);
  });

  test('leaves a new folder that somebody else has put something into', async (t) => {
    const dir = folder(t);
    const undo = await change(join(dir, 'docker', 'daemon.json'), '{}\n');
    writeFileSync(join(dir, 'docker', 'key.json'), '');
    await undo();
    assert.deepEqual(readdirSync(join(dir, 'docker')), ['key.json']);
  });

  test('that is a link stays one: what it points to is changed', async (t) => {
    const dir = folder(t);
    mkdirSync(join(dir, 'real'));
    writeFileSync(join(dir, 'real', 'c.toml'), 'before\n');
    symlinkSync('real/c.toml', join(dir, 'c.toml'));
    const undo = await change(join(dir, 'c.toml'), 'after\n');
    assert.equal(readlinkSync(join(dir, 'c.toml')), 'real/c.toml');
    assert.equal(readFileSync(join(dir, 'real', 'c.toml'), 'utf8'), 'after\n');
    await undo();
    assert.equal(readFileSync(join(dir, 'c.toml'), 'utf8'), 'before\n');
    assert.deepEqual(readdirSync(dir).toSorted(), ['c.toml', 'real']);
    assert.deepEqual(readdirSync(join(dir, 'real')), ['c.toml']);
  });

  test('keeps a copy that is there: it is perhaps the only one', async (t) => {
    const path = join(folder(t), 'c.toml');
    writeFileSync(path, 'now\n');
    for (const suffix of ['', '.1']) writeFileSync(`${path}.before-lazypull${suffix}`, `older${suffix}\n`);
    const file = await readConfigFile(host, path);
    assert.equal(file.backupPath, `${path}.before-lazypull.2`);
    const undo = await change(path, 'after\n');
    await undo();
    assert.equal(readFileSync(path, 'utf8'), 'now\n');
    assert.equal(readFileSync(`${path}.before-lazypull`, 'utf8'), 'older\n');
    assert.equal(existsSync(file.backupPath), false);
  });

  test('can not be changed on a read-only filesystem', async () => {
    const file = await readConfigFile(host, '/proc/sys/lazypull/c.toml');
    assert.deepEqual([file.text, file.writable], [undefined, false]);
  });
});
