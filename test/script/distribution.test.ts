// The machine's apt sources, in both of apt's formats, as the installers of Debian, Ubuntu and third parties write them.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { type Distribution, readDistribution, readSources } from '../../script/programs/distribution.ts';

const debian: Distribution = {
  id: 'debian',
  codename: 'bookworm',
  keyring: '/usr/share/keyrings/debian-archive-keyring.gpg',
};
const ubuntu: Distribution = { ...debian, id: 'ubuntu', codename: 'noble' };

const thirdParties = {
  'sources.list.d/docker.list':
    'deb [arch=amd64 signed-by=/etc/apt/keyrings/d.asc] http://docker.test/ bookworm stable\n',
  'sources.list.d/corp.list': 'deb [signed-by=/usr/share/keyrings/corp.gpg] http://corp.test bookworm main\n',
  'sources.list.d/node.sources':
    'Types: deb\nURIs: http://node.test\nSuites: nodistro\nComponents: main\nSigned-By: /usr/share/keyrings/node.gpg\n',
};

function sourcesOf(distribution: Distribution, files: Record<string, string>): string[] {
  const etcApt = mkdtempSync(join(tmpdir(), 'lazypull-sources-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(etcApt, name)), { recursive: true });
      writeFileSync(join(etcApt, name), text);
    }
    return readSources(distribution, etcApt).map(({ uri, suite }) => `${uri} ${suite}`);
  } finally {
    rmSync(etcApt, { recursive: true });
  }
}

test('a one-line sources.list gives the mirror, and its comments and source packages do not count', () => {
  const list = `# deb http://old.test bookworm main
deb http://mirror.test/debian bookworm main contrib # the mirror
deb-src http://mirror.test/debian bookworm main
deb http://mirror.test/debian bookworm-updates main
deb [ trusted=yes ] http://mirror.test/security bookworm-security main
deb http://mirror.test/debian bookworm-backports main
`;
  assert.deepEqual(sourcesOf(debian, { 'sources.list': list, ...thirdParties }), [
    'http://mirror.test/debian bookworm',
    'http://mirror.test/debian bookworm-updates',
    'http://mirror.test/security bookworm-security',
  ]);
});

test('a deb822 file gives every suite of every stanza, and a disabled stanza gives none', () => {
  const text = `# made by the installer
Types: deb deb-src
URIs: mirror+file:/etc/apt/mirrors.txt
Suites: noble noble-updates
 noble-backports
Components: main universe
Signed-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg

Enabled: no
Types: deb
URIs: http://off.test
Suites: noble
Components: main
`;
  assert.deepEqual(sourcesOf(ubuntu, { 'sources.list.d/ubuntu.sources': text }), [
    'mirror+file:/etc/apt/mirrors.txt noble',
    'mirror+file:/etc/apt/mirrors.txt noble-updates',
  ]);
});

test('the universe of Ubuntu is a source of its own', () => {
  const list = 'deb http://mirror.test/ubuntu noble main restricted\ndeb http://mirror.test/ubuntu noble universe\n';
  assert.deepEqual(sourcesOf(ubuntu, { 'sources.list': list }), [
    'http://mirror.test/ubuntu noble',
    'http://mirror.test/ubuntu noble',
  ]);
  assert.throws(() => sourcesOf(ubuntu, { 'sources.list': list.split('\n')[1] ?? '' }), /no source for noble main/);
});

test('a machine that has only the sources of third parties is told so', () => {
  assert.throws(() => sourcesOf(debian, thirdParties), /no source for bookworm main/);
});

test('the distribution is read from os-release, also that of a derivative', () => {
  const mint = 'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_CODENAME=wilma\nUBUNTU_CODENAME=noble\n';
  assert.deepEqual(readDistribution('ID=debian\nVERSION_CODENAME=bookworm\n'), debian);
  assert.equal(readDistribution(mint).id, 'ubuntu');
  assert.equal(readDistribution(mint).codename, 'noble');
});

test('a distribution without apt is refused', () => {
  assert.throws(() => readDistribution('ID=fedora\nVERSION_ID=42\n'), /only Debian and Ubuntu/);
});
