import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { findBuildFiles, isEmptyWorkspace } from '../../../action/bases/build-files.ts';

const FILES = [
  'Dockerfile',
  'compose.yaml',
  'api/Dockerfile',
  'web/docker-bake.hcl',
  'web/docker-bake.override.json',
  'web/Dockerfile.dev',
  'web/node_modules/x/Dockerfile',
  'docs/README.md',
];

suite('the input build-files', () => {
  let workspace: string;

  before(() => {
    workspace = mkdtempSync(join(tmpdir(), 'lazypull-build-files-'));
    for (const file of FILES) {
      mkdirSync(dirname(join(workspace, file)), { recursive: true });
      writeFileSync(join(workspace, file), '');
    }
  });
  after(() => rmSync(workspace, { recursive: true, force: true }));

  const bakeOfWeb = { folder: 'web', files: ['docker-bake.override.json', 'docker-bake.hcl'], targets: [] };
  const absent = (file: string, what: string): object => ({ file, line: undefined, what });

  for (const { name, items, plain = [], bake = [], remarks = [] } of [
    { name: 'nothing is the root of the workspace', items: [], plain: ['Dockerfile', 'compose.yaml'] },
    {
      name: 'files are themselves, each once',
      items: ['web/Dockerfile.dev', 'Dockerfile', '.'],
      plain: ['web/Dockerfile.dev', 'Dockerfile', 'compose.yaml'],
    },
    {
      name: 'a folder is what docker finds in it',
      items: ['api', 'web'],
      plain: ['api/Dockerfile'],
      bake: [bakeOfWeb],
    },
    {
      name: 'a bake file may have targets, and its contexts start at the workspace',
      items: ['web/docker-bake.hcl release test'],
      bake: [{ folder: '', files: ['web/docker-bake.hcl'], targets: ['release', 'test'] }],
    },
    {
      name: 'a pattern is every file that it matches, but those of other people',
      items: ['**/Dockerfile*'],
      plain: ['Dockerfile', 'api/Dockerfile', 'web/Dockerfile.dev'],
    },
    {
      name: 'a pattern may match bake files',
      items: ['*/docker-bake.hcl'],
      bake: [{ folder: '', files: ['web/docker-bake.hcl'], targets: [] }],
    },
    {
      name: 'what is not there is told, and the rest is read',
      items: ['gone', 'gone.hcl', '*.gone', 'docs', 'Dockerfile'],
      plain: ['Dockerfile'],
      remarks: [
        absent('gone', 'there is no such file'),
        absent('gone.hcl', 'there is no such file'),
        absent('*.gone', 'no file has such a name'),
        absent('docs', 'nothing to build in this folder'),
      ],
    },
  ]) {
    test(name, () => {
      assert.deepEqual(findBuildFiles(workspace, items), { plain, bake, remarks });
    });
  }

  test('a workspace is empty before a checkout, and when it is not there', () => {
    const folder = join(workspace, 'empty');
    mkdirSync(folder);
    assert.equal(isEmptyWorkspace(folder), true);
    assert.equal(isEmptyWorkspace(join(workspace, 'nowhere')), true);
    assert.equal(isEmptyWorkspace(workspace), false);
  });
});
