import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { disableUnits, insideRoot, removePackage, writeFiles } from './machine-files.ts';

const root = mkdtempSync(join(tmpdir(), 'lazypull-machine-files-'));
const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
after(() => rmSync(root, { recursive: true }));

mkdirSync(join(root, 'usr/bin'), { recursive: true });
mkdirSync(join(root, 'var'));
mkdirSync(join(root, 'run'));
symlinkSync('/run', join(root, 'var/run'));
symlinkSync('usr/bin', join(root, 'bin'));
symlinkSync('/var/run/deep', join(root, 'chain'));
symlinkSync('../../../../etc', join(root, 'var/above'));
symlinkSync('/circle', join(root, 'circle'));

for (const [path, place, why] of [
  ['/etc/hosts', 'etc/hosts', 'a path without links'],
  ['/var/run/docker.sock', 'run/docker.sock', 'an absolute link in the middle'],
  ['/var/run', 'run', 'an absolute link at the end'],
  ['/bin/sh', 'usr/bin/sh', 'a relative link'],
  ['/chain/x', 'run/deep/x', 'a link to a link'],
  ['/var/above/passwd', 'etc/passwd', 'a link that goes above the root'],
  ['/../../etc/passwd', 'etc/passwd', 'a path that goes above the root'],
  ['/usr/./bin/../lib', 'usr/lib', 'dots'],
] as const) {
  test(`a path of a machine stays in it: ${why}`, () => {
    assert.equal(insideRoot(root, path), join(root, place));
  });
}

test('a circle of links is an error', () => {
  assert.throws(() => insideRoot(root, '/circle/x'), /\/circle\/x: too many levels of symbolic links/);
});

test('a file is written with its folders, content and mode, behind a link of the machine', () => {
  writeFiles(root, { '/var/run/a/b': { content: 'one', mode: 0o640, ...own }, '/etc/new': { content: 'two', ...own } });
  assert.equal(readFileSync(join(root, 'run/a/b'), 'utf8'), 'one');
  assert.equal(statSync(join(root, 'run/a/b')).mode & 0o777, 0o640);
  assert.equal(statSync(join(root, 'etc/new')).mode & 0o777, 0o644);
  assert.equal(existsSync('/run/a/b'), false);
});

test('a removed package takes its files, and leaves folders and the files of others', () => {
  mkdirSync(join(root, 'var/lib/dpkg/info'), { recursive: true });
  writeFileSync(join(root, 'var/lib/dpkg/info/tool.list'), '/.\n/usr\n/usr/bin\n/bin/tool\n/usr/bin/gone\n');
  writeFileSync(join(root, 'usr/bin/tool'), '');
  writeFileSync(join(root, 'usr/bin/other'), '');
  removePackage(root, 'tool');
  assert.equal(existsSync(join(root, 'usr/bin/tool')), false);
  assert.equal(existsSync(join(root, 'usr/bin/other')), true);
  assert.throws(() => removePackage(root, 'unknown'), /unknown\.list/);
});

test('a disabled unit is wanted by nothing, and one that is not there is an error', () => {
  const wants = join(root, 'etc/systemd/system');
  for (const folder of ['multi-user.target.wants', 'sockets.target.wants'])
    mkdirSync(join(wants, folder), { recursive: true });
  symlinkSync('/x', join(wants, 'multi-user.target.wants/a.service'));
  symlinkSync('/x', join(wants, 'sockets.target.wants/a.socket'));
  disableUnits(root, ['a.service', 'a.socket']);
  assert.throws(() => disableUnits(root, ['a.service']), /ENOENT.*a\.service/);
  assert.throws(() => disableUnits(root, ['a.socket']), /ENOENT.*a\.socket/);
});
