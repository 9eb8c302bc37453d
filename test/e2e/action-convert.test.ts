// The sub-actions convert and setup as the runner runs them, from a bundle, against a registry: what is made, what is left
// alone, and what is told of an image that fails.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Outcome } from '../../action/convert/model.ts';
import { bundleAction, type BundledAction } from '../support/bundled-action.ts';
import { frontOf } from '../support/front.ts';
import { needs, toolsDir } from '../support/needs.ts';
import { readLayout } from '../support/oci-layout.ts';
import { TestRegistry } from '../support/registry.ts';
import { run } from '../support/run.ts';
import { runJob } from '../support/runner.ts';
import type { JobResult, StepResult } from '../support/runner-job.ts';
import { SampleImage } from '../support/sample-image.ts';
import { until } from '../support/until.ts';
import { buildWorkloadImage } from '../support/workload-image.ts';

const PATH = [join(toolsDir, 'bin'), process.env['PATH']].join(delimiter);

let action: BundledAction;
let folder: string;
before(async () => {
  action = await bundleAction();
  folder = mkdtempSync(join(tmpdir(), 'lazypull-e2e-convert-'));
});
after(() => {
  action[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

const convertJob = (
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<JobResult> =>
  runJob({
    env: { PATH, ...env },
    ...(signal === undefined ? {} : { signal }),
    steps: [{ id: 'convert', uses: join(action.folder, 'action', 'convert'), with: inputs }],
  });
const outcomesOf = (step: StepResult): Outcome[] => JSON.parse(step.outputs['images'] ?? '') as Outcome[];
const statusesOf = (job: JobResult): string[] => outcomesOf(job.step('convert')).map(({ status }) => status);

/** A registry with two images of two platforms each, `one:1` and `two:1`. */
async function registryWithImages(): Promise<TestRegistry> {
  const registry = await TestRegistry.start();
  for (const name of ['one', 'two']) {
    const layout = mkdtempSync(join(folder, 'layout-'));
    new SampleImage(name, 20_000).writeLayout(layout, ['1']);
    registry.content.addLayout(layout, name);
  }
  return registry;
}

suite('convert', () => {
  test('makes copies, leaves them alone when nothing has changed, and makes them again when told to', async () => {
    await using registry = await registryWithImages();
    const { host } = registry;
    const inputs = {
      images: `${host}/one:1 # first\n${host}/two:1 -> ${host}/named:x`,
      to: `${host}/mirror`,
      suffix: '-esgz',
    };
    await using first = await convertJob(inputs);
    const step = first.step('convert');
    assert.equal(step.conclusion, 'success', step.stdout + step.stderr);
    const [one, two] = outcomesOf(step);
    assert.deepEqual([one?.destination, two?.destination], [`${host}/mirror/one:1-esgz`, `${host}/named:x`]);
    assert.deepEqual([one?.status, two?.status, step.outputs['changed']], ['converted', 'converted', 'true']);
    assert.ok(one!.uploadedBytes > 0);
    assert.deepEqual(step.groups.toSorted(), [
      `${host}/one:1 -> ${host}/mirror/one:1-esgz: converted`,
      `${host}/two:1 -> ${host}/named:x: converted`,
    ]);
    assert.match(step.stdout, /3\/3 sha256:\w{12} {2}converted/);
    assert.match(step.summary, /2 images: 2 converted/);
    assert.deepEqual(step.annotations, []);

    registry.forget();
    await using again = await convertJob(inputs);
    assert.deepEqual(statusesOf(again), ['fresh', 'fresh']);
    assert.equal(again.step('convert').outputs['changed'], 'false');
    assert.deepEqual(
      outcomesOf(again.step('convert')).map(({ digest }) => digest),
      [one?.digest, two?.digest],
    );
    assert.equal(registry.requests(), 4);

    await using forced = await convertJob({ ...inputs, force: 'true', parallel: '1' });
    assert.deepEqual(statusesOf(forced), ['converted', 'converted']);
    // The same bytes again: nobody has to pull anything.
    assert.equal(forced.step('convert').outputs['changed'], 'false');

    await using other = await convertJob({ ...inputs, platforms: 'linux/arm64', summary: 'false' });
    assert.deepEqual(statusesOf(other), ['converted', 'converted']);
    assert.equal(other.step('convert').summary, '');
    assert.notEqual(outcomesOf(other.step('convert'))[0]?.digest, one?.digest);
  });

  test('an image that fails stops no other one, and is told where it is seen', async () => {
    await using registry = await registryWithImages();
    const { host } = registry;
    const inputs = {
      images: `${host}/one:1, ${host}/none:1, ${host}/two:1`,
      to: `${host}/mirror`,
      format: 'zstd:chunked',
    };
    await using job = await convertJob(inputs);
    const step = job.step('convert');
    assert.equal(job.conclusion, 'failure');
    assert.deepEqual(statusesOf(job), ['converted', 'failed', 'converted']);
    const annotations = step.annotations.map(({ level, title, message }) => `${level} ${title ?? ''}: ${message}`);
    assert.equal(annotations.length, 2);
    assert.match(annotations[0]!, new RegExp(`^error ${host}/none:1 was not converted: .*404`));
    assert.match(annotations[1]!, /^error : 1 of 3 images: .*none:1$/);
    assert.match(step.summary, /3 images: 2 converted, 1 failed[^]*failed: /);

    await using lenient = await convertJob({ ...inputs, 'fail-on-error': 'false' });
    assert.equal(lenient.conclusion, 'success');
    assert.deepEqual(statusesOf(lenient), ['fresh', 'failed', 'fresh']);
    assert.deepEqual(
      lenient.step('convert').annotations.map(({ level }) => level),
      ['warning'],
    );
  });

  test('credentials are those that docker login has stored', async () => {
    const [username, password] = ['octo', 'test-password-1'];
    await using registry = await TestRegistry.start({ auth: { kind: 'token', username, password } });
    const layout = mkdtempSync(join(folder, 'layout-'));
    new SampleImage('private', 20_000).writeLayout(layout, ['1']);
    registry.content.addLayout(layout, 'private');
    const home = mkdtempSync(join(folder, 'home-'));
    const inputs = { images: `${registry.host}/private:1 -> ${registry.host}/copy:1` };
    await using refused = await convertJob(inputs, { HOME: home });
    assert.match(outcomesOf(refused.step('convert'))[0]?.error ?? '', /401/);
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    mkdirSync(join(home, '.docker'));
    writeFileSync(join(home, '.docker', 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }));
    await using job = await convertJob(inputs, { HOME: home });
    assert.deepEqual(statusesOf(job), ['converted']);
    assert.doesNotMatch(JSON.stringify(job.steps), new RegExp(`${password}|${auth}`));
  });

  test('a job that is cancelled writes nothing, and no process of it goes on', async () => {
    await using registry = await TestRegistry.start({ knobs: { bytesPerSec: 2000 } });
    const layout = mkdtempSync(join(folder, 'layout-'));
    const sample = new SampleImage('slow', 100_000);
    sample.writeLayout(layout, ['1']);
    registry.content.addLayout(layout, 'slow');
    const cancel = new AbortController();
    const asked = until(
      () => registry.log.some(({ path }) => path.endsWith(sample.layers[0]!.digest)),
      'the first layer is asked for',
    ).then(() => cancel.abort());
    await using job = await convertJob(
      { images: `${registry.host}/slow:1 -> ${registry.host}/copy:1` },
      {},
      cancel.signal,
    );
    await asked;
    assert.notEqual(job.step('convert').conclusion, 'success');
    assert.equal(registry.content.repository('copy').tags.size, 0);
    assert.deepEqual(job.orphans, []);
  });

  for (const [title, inputs, message] of [
    ['no images', { images: '' }, /'images' is empty/],
    ['a format of nobody', { images: 'a -> b', format: 'tar' }, /'format': got 'tar'/],
    ['a command that is not run', { images: 'a -> b', command: 'true' }, /'command': nothing is run without optimize/],
    ['too many at a time', { images: 'a -> b', parallel: '1000' }, /'parallel': got '1000'/],
    ['a recording that is not there', { images: 'a -> b', profile: 'none.json' }, /can't read none\.json/],
  ] as const) {
    test(`${title} fails before anything is asked`, async () => {
      await using job = await convertJob(inputs);
      const { annotations, outputs } = job.step('convert');
      assert.equal(job.conclusion, 'failure');
      assert.match(annotations.map((one) => one.message).join('\n'), message);
      assert.deepEqual(outputs, {});
    });
  }
});

suite('convert with optimize', { skip: needs('root', 'fuse', 'erofs', 'runc', 'unshare', 'busybox') }, () => {
  test('runs the image, and what it read comes first', async () => {
    await using registry = await TestRegistry.start();
    const layout = mkdtempSync(join(folder, 'layout-'));
    await buildWorkloadImage(layout, { Cmd: ['cat', '/data/b'] });
    registry.content.addLayout(layout, 'app');
    const images = `${registry.host}/app:latest -> ${registry.host}/lazy:1`;
    const inputs = { images, optimize: 'true', command: '["sh", "-c", "echo ::add-mask::x; md5sum /data/a /data/c"]' };
    await using job = await convertJob(inputs);
    const step = job.step('convert');
    assert.equal(job.conclusion, 'success', step.stdout + step.stderr);
    assert.match(step.stdout, /\/data\/c/);
    assert.ok(!job.masks.includes('x'));
    const out = join(folder, 'optimized');
    await run(process.execPath, [
      join(action.folder, 'dist', 'lazypull.js'),
      'convert',
      `${registry.host}/lazy:1`,
      `oci:${out}`,
    ]);
    const files = frontOf(readLayout(out)).flatMap((front) => front.files);
    assert.ok(files.includes('data/a') && files.includes('data/c'), files.join());
    assert.ok(!files.includes('data/b'));
    await using again = await convertJob(inputs);
    assert.deepEqual(statusesOf(again), ['fresh']);
    await using failing = await convertJob({ ...inputs, command: 'false' });
    assert.match(outcomesOf(failing.step('convert'))[0]?.error ?? '', /the workload failed with status 1/);
  });
});

suite('setup', () => {
  test('puts the command on the PATH of the steps that follow', async () => {
    await using job = await runJob({
      env: { PATH },
      steps: [
        { id: 'setup', uses: join(action.folder, 'action', 'setup') },
        { id: 'use', run: 'lazypull --version && env -i "$(command -v lazypull)" --version' },
      ],
    });
    const { outputs, conclusion, stdout } = job.step('setup');
    assert.equal(conclusion, 'success', stdout);
    assert.equal(job.step('use').stdout.trim(), `${outputs['version']}\n${outputs['version']}`);
    assert.match(outputs['path'] ?? '', /\/lazypull$/);
  });
});
