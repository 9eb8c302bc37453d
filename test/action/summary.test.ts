import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { annotateOrdinary } from '../../action/summary.ts';
import type { SummaryContext } from '../../action/summary/model.ts';
import type { DaemonStatus } from '../../src/daemon/status.ts';
import { imageOf, lazyLayer, ordinaryLayer, statusOf } from '../support/summary-status.ts';

const SUMMARY = new URL('../../action/summary.ts', import.meta.url).href;

function contextOf(status: DaemonStatus | undefined, workspace?: string): SummaryContext {
  return {
    status,
    run: { engine: 'docker', isolated: false, startedMs: 0, readyMs: 2000, notices: [] },
    restored: { key: '', layers: 0, chunks: 0, bytes: 0, refused: 0, why: '' },
    saved: { outcome: 'off', key: '', layers: 0, bytes: 0, why: '' },
    workspace,
    env: {},
  };
}

interface Folder extends AsyncDisposable {
  readonly path: string;
}

async function openFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'lazypull-summary-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A step of its own: the client of the job summary keeps the path that it found first. @returns what it printed */
async function writeInStep(context: SummaryContext, file: string | undefined): Promise<string> {
  const program = `import { writeSummary } from ${JSON.stringify(SUMMARY)};
    const context = JSON.parse(process.argv[1]);
    await writeSummary(context);
    await writeSummary(context);`;
  const { GITHUB_STEP_SUMMARY: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', program, JSON.stringify(context)],
    { env: file === undefined ? env : { ...env, GITHUB_STEP_SUMMARY: file } },
  );
  return stdout;
}

const LAZY = statusOf([imageOf('a:1', [lazyLayer('a')], { mountedMs: 1100 })]);

test('the summary is put behind what the step has there already', async () => {
  await using folder = await openFolder();
  const file = join(folder.path, 'summary.md');
  await writeFile(file, 'Before.\n');
  assert.equal(await writeInStep(contextOf(LAZY), file), '');
  const text = await readFile(file, 'utf8');
  assert.match(text, /^Before\.\n### Lazy pulls\n\n\*\*About /);
  assert.equal(text.split('### Lazy pulls').length, 3);
});

test('without a place for it there is a line in the log, and nothing else', async () => {
  await using folder = await openFolder();
  for (const file of [undefined, join(folder.path, 'absent.md')]) {
    const said = await writeInStep(contextOf(LAZY), file);
    assert.match(said, /^No job summary: .+\nNo job summary: .+\n$/);
    assert.doesNotMatch(said, /::/);
  }
});

test('a status that is not what was promised costs the summary, not the job', async () => {
  await using folder = await openFolder();
  const file = join(folder.path, 'summary.md');
  await writeFile(file, '');
  const said = await writeInStep(contextOf({ ...LAZY, images: undefined } as never), file);
  assert.match(said, /^No job summary: /);
  assert.equal(await readFile(file, 'utf8'), '');
});

type Notice = [message: string, properties: { file?: string; startLine?: number }];

async function noticesOf(context: SummaryContext): Promise<Notice[]> {
  const notices: Notice[] = [];
  await annotateOrdinary(context, (...notice) => void notices.push(notice));
  return notices;
}

test('an ordinary image is noticed at the line of the workspace that names it', async () => {
  await using folder = await openFolder();
  await mkdir(join(folder.path, 'app'));
  await writeFile(join(folder.path, 'app/Dockerfile'), 'ARG V=3\nFROM python:${V} AS base\nFROM scratch\n');
  const ordinary = imageOf('docker.io/library/python:3', [ordinaryLayer('a')]);
  const [[message, properties] = ['', {}], ...more] = await noticesOf(contextOf(statusOf([ordinary]), folder.path));
  assert.match(message, /^python:3 has no lazily pullable layers/);
  assert.deepEqual([properties.file, properties.startLine], ['app/Dockerfile', 2]);
  assert.deepEqual(more, []);
  const lazy = imageOf('docker.io/library/python:3', [lazyLayer('a')]);
  assert.deepEqual(await noticesOf(contextOf(statusOf([lazy]), folder.path)), []);
});

test('there are no notices without a status, without a workspace, and of a workspace that is gone', async () => {
  const status = statusOf([imageOf('a:1', [ordinaryLayer('a')])]);
  assert.deepEqual(await noticesOf(contextOf(undefined, tmpdir())), []);
  assert.deepEqual(await noticesOf(contextOf(status)), []);
  assert.deepEqual(await noticesOf(contextOf(status, '/nowhere/at/all')), []);
});

test('what a notice throws does not fail the job', async () => {
  await using folder = await openFolder();
  await writeFile(join(folder.path, 'Dockerfile'), 'FROM a:1\n');
  const context = contextOf(statusOf([imageOf('a:1', [ordinaryLayer('a')])]), folder.path);
  let asked = 0;
  await annotateOrdinary(context, () => {
    asked++;
    throw new Error('full');
  });
  assert.equal(asked, 1);
});
