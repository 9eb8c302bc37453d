// The bundle as a user has it: in a folder of its own, far from the project and its node_modules.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { differences } from '../../script/bundle/compare.ts';
import { startDaemon } from '../support/daemon.ts';
import { needs } from '../support/needs.ts';
import { readLayout } from '../support/oci-layout.ts';
import { run, type RunResult } from '../support/run.ts';
import { SampleImage } from '../support/sample-image.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const MAX_BYTES = 12e6;
/** Nothing of the project's own environment may help. */
const ENV = { PATH: process.env['PATH'] ?? '', TMPDIR: tmpdir() };

suite('the bundle', () => {
  let folder: string;
  let dist: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lazypull-bundle-'));
    dist = join(folder, 'dist');
    await run(process.execPath, [join(PROJECT, 'ncc.config.js'), dist]);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const lazypull = (args: readonly string[], cwd = folder): Promise<RunResult> =>
    run(process.execPath, [join(dist, 'lazypull.js'), ...args], { check: false, cwd, env: ENV });
  const filesOf = (): string[] =>
    readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(dist, path)).isFile());

  test('has a starter for every program and every worker, and binaries for both processors', () => {
    const sources = readdirSync(join(PROJECT, 'src'), { recursive: true, encoding: 'utf8' });
    const workers = sources.filter((path) => path.endsWith('-worker.ts')).map((path) => basename(path, '.ts'));
    assert.ok(workers.length > 0);
    for (const name of ['action', 'cache-client', 'convert', 'setup', 'lazypull', ...workers]) {
      assert.ok(existsSync(join(dist, `${name}.js`)), name);
    }
    for (const [arch, machine] of [
      ['x64', 0x3e],
      ['arm64', 0xb7],
    ] as const) {
      const binary = readFileSync(join(dist, `node_modules/@koromix/koffi-linux-${arch}/linux_${arch}/koffi.node`));
      assert.equal(binary.readUInt16LE(18), machine);
    }
  });

  test('is small, and has no source maps and nothing that is not read', () => {
    const files = filesOf();
    const total = files.reduce((sum, path) => sum + statSync(join(dist, path)).size, 0);
    assert.ok(total < MAX_BYTES, `${total} bytes`);
    const kind =
      /^(\w+(-worker)?|cache-client|(\d+\.)?core)\.js$|^(licenses\.txt|package\.json)$|^proto\/[\w-]+\.proto$|^node_modules\//;
    assert.deepEqual(
      files.filter((path) => !kind.test(path)),
      [],
    );
  });

  test('names no folder of the machine that made it', () => {
    for (const path of filesOf().filter((name) => !name.endsWith('.node'))) {
      assert.ok(!readFileSync(join(dist, path), 'utf8').includes(PROJECT), path);
    }
  });

  test('has the licences of all packages that are in it', () => {
    const licences = readFileSync(join(dist, 'licenses.txt'), 'utf8');
    const chunks = filesOf().filter((path) => path.endsWith('core.js'));
    const named = chunks.flatMap((path) =>
      [...readFileSync(join(dist, path), 'utf8').matchAll(/node_modules\/((?:@[\w-]+\/)?[\w.-]+)/g)].map(
        ([, name]) => name,
      ),
    );
    const manifest = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    // What no program needs yet is not in the bundle; everything else of ours is.
    const own = Object.keys(manifest.dependencies).filter((name) => !name.startsWith('@actions/'));
    for (const name of new Set(['@actions/core', ...own, ...named])) {
      const [, text = ''] = `\n${licences}`.split(`\n${name}\n`);
      // The text of the ISC licence does not call itself one.
      assert.match(
        text.slice(0, 2000),
        /licen[cs]e|Permission to use, copy, modify/i,
        `${name} has no licence in licenses.txt`,
      );
    }
  });

  test('tells its version', async () => {
    const { version } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { version: string };
    const { stdout, stderr, status } = await lazypull(['--version']);
    assert.deepEqual({ stdout, stderr, status }, { stdout: `${version}\n`, stderr: '', status: 0 });
  });

  test('converts an image, with its workers', async () => {
    const sample = new SampleImage('bundle', 20_000);
    sample.writeLayout(join(folder, 'in'));
    const { status, stderr, stdout } = await lazypull(['convert', 'oci:in', 'oci:out:1']);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /3 layers \(3 converted\)/);
    assert.equal(readLayout(join(folder, 'out')).layers.length, 3);
  });

  test('converts where there is no native code', async () => {
    const other = join(folder, 'no-native');
    mkdirSync(other);
    cpSync(dist, other, { recursive: true });
    rmSync(join(other, 'node_modules'), { recursive: true });
    new SampleImage('bundle', 20_000).writeLayout(join(folder, 'in2'));
    const args = [join(other, 'lazypull.js'), 'convert', 'oci:in2', 'oci:out2'];
    const { status, stderr } = await run(process.execPath, args, { check: false, cwd: folder, env: ENV });
    assert.equal(status, 0, stderr);
  });

  test('runs the daemon, whose serving process and workers are in it', { skip: needs('root', 'fuse') }, async () => {
    const dir = mkdtempSync('/var/tmp/lazypull-bundle-daemon-');
    try {
      await using daemon = await startDaemon({ dir, main: join(dist, 'lazypull.js') });
      const { status, stdout, stderr } = await lazypull(['status', '--socket', daemon.control, '--json']);
      assert.equal(status, 0, stderr);
      assert.equal((JSON.parse(stdout) as { pid: number }).pid, await daemon.servingPid());
      assert.match(readFileSync(`/proc/${await daemon.servingPid()}/cmdline`, 'utf8'), /dist\/lazypull\.js\0serve/);
      assert.equal(await daemon.stop(), 0);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  test('is compared file by file', () => {
    const copy = join(folder, 'copy');
    cpSync(dist, copy, { recursive: true });
    assert.deepEqual(differences(dist, copy), []);
    rmSync(join(copy, 'core.js'));
    cpSync(join(dist, 'setup.js'), join(copy, 'convert.js'));
    cpSync(join(dist, 'setup.js'), join(copy, 'more.js'));
    assert.deepEqual(differences(dist, copy), [
      'convert.js is different',
      'core.js is missing',
      'more.js does not belong there',
    ]);
  });
});
