import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
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
import {
  applyAll,
  type Change,
  copyExactly,
  linkChange,
  linkTarget,
  writeFileChange,
  writeWhole,
} from '../../src/install/changes.ts';

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'lazypull-changes-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

/** Changes that write down what is done to them. */
function noted(
  names: readonly string[],
  log: string[],
  failing: Readonly<Record<string, 'apply' | 'undo' | 'both'>>,
): Change[] {
  const act = (name: string, what: 'apply' | 'undo') => () => {
    log.push(`${what} ${name}`);
    if (failing[name] === what || failing[name] === 'both') throw new Error(`${what} of ${name} failed`);
  };
  return names.map((name) => ({ title: name, apply: act(name, 'apply'), undo: act(name, 'undo') }));
}

suite('changes', () => {
  test('are made in their order, and told', async () => {
    const log: string[] = [];
    await applyAll(noted(['a', '', 'b'], log, {}), (title) => log.push(`told ${title}`));
    assert.deepEqual(log, ['apply a', 'told a', 'apply ', 'apply b', 'told b']);
  });

  test('are taken back newest first when one fails, that one too; later ones are not begun', async () => {
    const log: string[] = [];
    const changes = noted(['a', 'b', 'c', 'd'], log, { c: 'apply' });
    await assert.rejects(
      applyAll(changes, () => {}),
      {
        code: 'FAILED_PRECONDITION',
        message: 'apply of c failed (everything was taken back)',
      },
    );
    assert.deepEqual(log, ['apply a', 'apply b', 'apply c', 'undo c', 'undo b', 'undo a']);
  });

  test('are taken back as far as possible, and what was not is said', async () => {
    const log: string[] = [];
    const changes = noted(['a', 'b', 'c'], log, { b: 'undo', c: 'both' });
    await assert.rejects(
      applyAll(changes, () => {}),
      {
        message: 'apply of c failed (could not be taken back: c: undo of c failed; b: undo of b failed)',
      },
    );
    assert.equal(log.at(-1), 'undo a');
  });
});

suite('a file', () => {
  test('is written by rename with the mode of what was there, and comes back', async (t) => {
    const path = join(folder(t), 'config.toml');
    writeFileSync(path, 'before');
    chmodSync(path, 0o640);
    const inode = statSync(path).ino;
    const change = writeFileChange(path, 'after');
    await change.apply();
    assert.equal(readFileSync(path, 'utf8'), 'after');
    assert.equal(statSync(path).mode & 0o7777, 0o640);
    assert.notEqual(statSync(path).ino, inode);
    await change.undo();
    assert.equal(readFileSync(path, 'utf8'), 'before');
  });

  test('that was not there is gone again, and its folder was made', async (t) => {
    const path = join(folder(t), 'a', 'b.toml');
    const change = writeFileChange(path, 'text');
    await change.apply();
    assert.equal(statSync(path).mode & 0o7777, 0o644);
    await change.undo();
    assert.equal(existsSync(path), false);
  });

  test('behind a link is changed, and the link stays one', (t) => {
    const dir = folder(t);
    writeFileSync(join(dir, 'real'), 'before');
    symlinkSync('real', join(dir, 'link'));
    writeWhole(join(dir, 'link'), 'after');
    assert.equal(readlinkSync(join(dir, 'link')), 'real');
    assert.equal(readFileSync(join(dir, 'real'), 'utf8'), 'after');
  });

  test('is copied with mode and times', (t) => {
    const dir = folder(t);
    const [from, to] = [join(dir, 'from'), join(dir, 'to')];
    writeFileSync(from, 'text');
    chmodSync(from, 0o604);
    utimesSync(from, 1_000_000, 1_000_000);
    copyExactly(from, to);
    const { mode, mtimeMs } = statSync(to);
    assert.deepEqual([mode & 0o7777, mtimeMs, readFileSync(to, 'utf8')], [0o604, 1_000_000_000, 'text']);
  });
});

suite('a link', () => {
  test('is renamed into its place, and points to where it did after undoing', async (t) => {
    const path = join(folder(t), 'current');
    await linkChange(path, '/opt/a').apply();
    const upgrade = linkChange(path, '/opt/b');
    await upgrade.apply();
    assert.equal(linkTarget(path), '/opt/b');
    await upgrade.undo();
    assert.equal(linkTarget(path), '/opt/a');
  });

  test('that was not there is gone again', async (t) => {
    const path = join(folder(t), 'current');
    const change = linkChange(path, '/opt/a');
    await change.apply();
    await change.undo();
    assert.equal(lstatSync(path, { throwIfNoEntry: false }), undefined);
  });
});
