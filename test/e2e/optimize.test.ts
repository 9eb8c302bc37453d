// `lazypull optimize` from end to end: an image is run, written to a registry with what it read in front, pulled lazily by
// a real containerd, and its start finds everything there.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { suite, test } from 'node:test';
import { parseProfile } from '../../src/optimize/profile-codec.ts';
import { containerdProgram } from '../support/containerd.ts';
import { frontOf } from '../support/front.ts';
import { image, type ImageName } from '../support/images.ts';
import { needs, toolsDir } from '../support/needs.ts';
import { readLayout } from '../support/oci-layout.ts';
import { MAIN } from '../support/recording.ts';
import { run, type RunResult } from '../support/run.ts';
import { until } from '../support/until.ts';
import { buildWorkloadImage } from '../support/workload-image.ts';
import { startWorld, type World } from '../support/world.ts';

const NO_FILL = 'background_fill.enabled = false\n';
/** What runc reads of every image, and the reference tool does not see. */
const RUNTIME_FILES: ReadonlySet<string> = new Set(['etc/passwd', 'etc/group']);
const REQUIRED = ['root', 'fuse', 'erofs', 'runc', 'unshare', containerdProgram('2')];

/** Runs `lazypull optimize`, with runc in PATH. */
function optimize(args: readonly string[]): Promise<RunResult> {
  return run(process.execPath, [MAIN, 'optimize', ...args], { env: withTools(), timeoutMs: 10 * 60_000 });
}

function withTools(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: [join(toolsDir, 'bin'), process.env['PATH']].join(delimiter) };
}

/** Pulls, waits until the daemon has what each layer wants first, runs. @returns reads that had to wait for the registry. */
async function faultsOfRun(world: World, name: ImageName, command: readonly string[], wanted: RegExp): Promise<number> {
  await world.pull(name);
  await until(async () => {
    const { layers } = await world.status(name);
    return layers.every(({ prefetch }) => prefetch === undefined || prefetch.state === 'done');
  }, `the prefetch of ${name}`);
  const faults = async (): Promise<number> =>
    (await world.status(name)).layers.reduce((sum, layer) => sum + layer.faults, 0);
  const before = await faults();
  assert.match(await world.container(name, command), wanted);
  return (await faults()) - before;
}

suite('optimize, pull, run', { skip: needs(...REQUIRED, 'busybox') }, () => {
  test('an image from a pipe goes to a registry, and its workload waits for nothing after the pull', async () => {
    await using world = await startWorld({ version: '2', images: [], config: NO_FILL });
    const folder = await mkdtemp(join(tmpdir(), 'lazypull-e2e-optimize-'));
    try {
      await buildWorkloadImage(folder, { Cmd: ['md5sum', '/data/b'] });
      const name = 'from-a-pipe' as ImageName;
      const script =
        'tar -cf - -C "$1" . | "$2" "$3" optimize --plain-http - "$4" -- md5sum /data/c /data/second /data/a';
      await run('sh', ['-c', script, 'sh', folder, process.execPath, MAIN, world.ref(name)], { env: withTools() });
      assert.equal(await faultsOfRun(world, name, ['md5sum', '/data/c', '/data/second', '/data/a'], /data\/a/), 0);
      // What nobody read is not there: the twin that shows that faults are counted.
      assert.notEqual(await faultsOfRun(world, name, ['md5sum', '/data/big'], /data\/big/), 0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

suite('beside the reference tool', { skip: needs(...REQUIRED, 'ctr-remote') }, () => {
  test('the same workload brings the same files to the front of the same layers', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lazypull-e2e-optimize-'));
    try {
      const source = await image('small');
      const workload = ['/bin/md5sum', '/data/4096', '/data/4097', '/kinds/hard-2'];
      await optimize([`oci:${source.layoutDir}`, `oci:${folder}`, '--args', JSON.stringify(workload)]);
      const own = frontOf(readLayout(folder));
      const reference = frontOf(readLayout((await image('small-esgz-optimized')).layoutDir));
      const landmarks = (fronts: typeof own): string[] => fronts.map(({ landmark }) => landmark);
      const files = (fronts: typeof own): string[][] =>
        fronts.map((front) => front.files.filter((file) => !RUNTIME_FILES.has(file)));
      assert.deepEqual(landmarks(own), landmarks(reference));
      assert.deepEqual(files(own), files(reference));
      assert.deepEqual(files(own), [['bin/busybox', 'data/4096', 'data/4097'], ['kinds/hard-1'], []]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

suite('a real image of 43,000 files', { skip: needs(...REQUIRED, 'ctr-remote', 'debootstrap') }, () => {
  test('python reads what the reference tool saw, and after a lazy pull it waits for nothing', async () => {
    await using world = await startWorld({ version: '2', images: [], config: NO_FILL });
    const folder = await mkdtemp(join(tmpdir(), 'lazypull-e2e-optimize-'));
    try {
      const source = await image('real');
      const recording = join(folder, 'python.json');
      const name = 'real-python' as ImageName;
      const command = ['/usr/bin/python3', '/app/main.py'];
      const flags = ['--plain-http', '--record-out', recording];
      await optimize([`oci:${source.layoutDir}`, world.ref(name), ...flags, '--', ...command]);
      const profile = parseProfile(await readFile(recording));
      const own = profile.layers.map((layer) =>
        profile.files.filter((file) => file.layer === layer && !RUNTIME_FILES.has(file.path)).map(({ path }) => path),
      );
      const reference = frontOf(readLayout((await image('real-esgz-python')).layoutDir));
      for (const [index, { files }] of reference.entries()) {
        // An empty file is opened and never read: the reference tool sees it, and it costs nothing.
        const seen = files.filter((file) => !file.endsWith('urllib/__init__.py'));
        assert.deepEqual(own[index]?.toSorted(), seen.toSorted());
      }
      assert.equal(await faultsOfRun(world, name, command, /python ready/), 0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
