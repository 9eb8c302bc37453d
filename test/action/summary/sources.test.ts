import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { findSources, kindOf, LIMITS } from '../../../action/summary/sources.ts';

interface Workspace extends AsyncDisposable {
  readonly path: string;
  write(file: string, text: string): Promise<void>;
  /** `FILE:LINE IMAGE` of each. */
  found(): Promise<string[]>;
}

async function openWorkspace(): Promise<Workspace> {
  const path = await mkdtemp(join(tmpdir(), 'lazypull-sources-'));
  return {
    path,
    async write(file, text) {
      await mkdir(dirname(join(path, file)), { recursive: true });
      await writeFile(join(path, file), text);
    },
    found: async () => (await findSources(path)).map(({ file, line, image }) => `${file}:${line} ${image}`),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

for (const [file, kind] of [
  ['Dockerfile', 'dockerfile'],
  ['a/b/Dockerfile', 'dockerfile'],
  ['Dockerfile.dev', 'dockerfile'],
  ['dev.Dockerfile', 'dockerfile'],
  ['dockerfile', 'dockerfile'],
  ['Containerfile', 'dockerfile'],
  ['Dockerfile.dockerignore', undefined],
  ['MyDockerfile', undefined],
  ['Dockerfile~', undefined],
  ['compose.yml', 'compose'],
  ['compose.yaml', 'compose'],
  ['docker-compose.test.yml', 'compose'],
  ['x/docker-compose-ci.yaml', 'compose'],
  ['decompose.yml', undefined],
  ['composer.yml', undefined],
  ['.github/workflows/ci.yml', 'workflow'],
  ['.github/workflows/ci.yaml', 'workflow'],
  ['.github/workflows/old/ci.yml', undefined],
  ['x/.github/workflows/ci.yml', undefined],
  ['.github/actions/x/action.yml', undefined],
] as const) {
  test(`${file} is ${kind ?? 'of no interest'}`, () => {
    assert.equal(kindOf(file), kind);
  });
}

test('a workspace is searched from the top, file by file in the order of their names', async () => {
  await using workspace = await openWorkspace();
  await workspace.write('b/Dockerfile', 'FROM c\n');
  await workspace.write('compose.yml', 'services:\n  x:\n    image: b\n');
  await workspace.write('Dockerfile', 'FROM a\nFROM a2\n');
  await workspace.write('.github/workflows/ci.yml', 'jobs:\n  x:\n    container: d\n');
  await workspace.write('README.md', 'FROM x\nimage: y\n');
  assert.deepEqual(await workspace.found(), [
    'Dockerfile:1 a',
    'Dockerfile:2 a2',
    'compose.yml:3 b',
    'b/Dockerfile:1 c',
    '.github/workflows/ci.yml:3 d',
  ]);
});

test("other people's code is not searched", async () => {
  await using workspace = await openWorkspace();
  await workspace.write('node_modules/x/Dockerfile', 'FROM a');
  await workspace.write('.git/Dockerfile', 'FROM b');
  await workspace.write('modules/x/Dockerfile', 'FROM c');
  assert.deepEqual(await workspace.found(), ['modules/x/Dockerfile:1 c']);
});

test('links are not followed, and what is no file is not opened', async () => {
  await using workspace = await openWorkspace();
  await using outside = await openWorkspace();
  await outside.write('Dockerfile', 'FROM secret');
  await symlink(outside.path, join(workspace.path, 'folder'));
  await symlink(join(outside.path, 'Dockerfile'), join(workspace.path, 'Dockerfile'));
  await symlink('.', join(workspace.path, 'loop'));
  execFileSync('mkfifo', [join(workspace.path, 'Containerfile')]);
  await mkdir(join(workspace.path, 'Dockerfile.folder'));
  await workspace.write('ok/Dockerfile', 'FROM b');
  assert.deepEqual(await workspace.found(), ['ok/Dockerfile:1 b']);
});

test('what is large, deep or too much is left out', async () => {
  await using workspace = await openWorkspace();
  const deepest = Array.from({ length: LIMITS.depth }, (_, index) => `d${index}`).join('/');
  await workspace.write(`${deepest}/Dockerfile`, 'FROM deep');
  await workspace.write(`${deepest}/deeper/Dockerfile`, 'FROM deeper');
  const fit = 'FROM fits\n#';
  await workspace.write('Dockerfile', fit + 'x'.repeat(LIMITS.fileBytes - fit.length));
  await workspace.write('Dockerfile.large', 'FROM large\n#'.padEnd(LIMITS.fileBytes + 1, 'x'));
  assert.deepEqual(await workspace.found(), ['Dockerfile:1 fits', `${deepest}/Dockerfile:1 deep`]);
});

test('no more files are read than the limit', async () => {
  await using workspace = await openWorkspace();
  await mkdir(join(workspace.path, 'x'));
  for (let number = 0; number < LIMITS.files + 5; number++) await workspace.write(`x/Dockerfile.${number}`, 'FROM a');
  assert.equal((await workspace.found()).length, LIMITS.files);
});

test('a folder that may not be read, and a workspace that is not there, name nothing', async () => {
  await using workspace = await openWorkspace();
  await workspace.write('closed/Dockerfile', 'FROM a');
  await workspace.write('Dockerfile', 'FROM b');
  await chmod(join(workspace.path, 'closed'), 0o000);
  const expected = process.getuid?.() === 0 ? ['Dockerfile:1 b', 'closed/Dockerfile:1 a'] : ['Dockerfile:1 b'];
  assert.deepEqual(await workspace.found(), expected);
  assert.deepEqual(await findSources(join(workspace.path, 'absent')), []);
  await chmod(join(workspace.path, 'closed'), 0o700);
});
