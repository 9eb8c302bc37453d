// BuildKit on both sides: it builds FROM what we write, lazily, with the stargz snapshotter that it has built in; and what it
// builds goes through a pipe into `lazypull optimize`, or is mounted as it is.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Buildkit, startBuildkit } from '../support/buildkit.ts';
import { containerdProgram } from '../support/containerd.ts';
import { publish } from '../support/convert-cli.ts';
import type { ImageName } from '../support/images.ts';
import { needs, requireProgram, toolsDir } from '../support/needs.ts';
import { run } from '../support/run.ts';
import { until } from '../support/until.ts';
import { startWorld, type World } from '../support/world.ts';

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const required = ['root', 'fuse', 'erofs', 'busybox', 'runc', 'buildkitd', 'buildctl', containerdProgram('2')];
const NO_FILL = 'background_fill.enabled = false\n';

let world: World;
let buildkit: Buildkit;
let sums: readonly string[];

const READS = 'md5sum /data/4097 /kinds/hard-2 /data/one-byte && test ! -e /etc/to-be-deleted';

function sumsIn(output: string): string[] {
  return output.match(/[0-9a-f]{32} {2}\S+/g) ?? [];
}

/** A folder with a Dockerfile. */
function context(name: string, dockerfile: string): string {
  const folder = join(world.dir, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'Dockerfile'), dockerfile);
  return folder;
}

/** Requests for whole blobs of a repository, and for layers of it only. */
function wholeBlobs(repository: string): string[] {
  return world.registry.log
    .filter(({ method, path, range, bytes }) => {
      const isBlob = method === 'GET' && path.startsWith(`/v2/${repository}/blobs/`);
      return isBlob && range === undefined && bytes > 10_000;
    })
    .map(({ path }) => path);
}

suite('BuildKit and lazypull', { skip: needs(...required) }, () => {
  before(async () => {
    world = await startWorld({ version: '2', images: ['small', 'small-esgz'], config: NO_FILL });
    const dir = join(world.dir, 'buildkit');
    buildkit = await startBuildkit({ dir, snapshotter: 'stargz', plainHttp: [world.registry.host] });
    world.registry.knobs.uploadExactQuery = false;
    // What the reference converter made of the same image is read in the same way.
    const reference = context('reference', `FROM ${world.ref('small-esgz')}\nRUN ${READS}\n`);
    sums = sumsIn((await buildkit.build(reference, [])).stderr);
    assert.equal(sums.length, 3);
  });
  after(async () => {
    await buildkit[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });

  for (const { name, flags } of [
    { name: 'from-estargz', flags: [] },
    { name: 'from-packed', flags: ['--min-chunk-size', '50000'] },
    { name: 'from-zstd', flags: ['--format', 'zstd:chunked'] },
  ]) {
    test(`${name}: a build reads its base lazily, and sees what is in it`, async () => {
      await publish(world.registry, 'small', name, flags);
      world.registry.forget();
      const { stderr } = await buildkit.build(
        context(name, `FROM ${world.ref(name as ImageName)}\nRUN ${READS}\n`),
        [],
      );
      assert.deepEqual(wholeBlobs(name), []);
      assert.deepEqual(sumsIn(stderr), sums);
    });
  }

  test('an image of plain layers is downloaded: what the tests above rule out is seen', async () => {
    world.registry.forget();
    await buildkit.build(context('plain', `FROM ${world.ref('small')}\nRUN true\n`), []);
    assert.notDeepEqual(wholeBlobs('small'), []);
  });

  // Each reads another file, so that nothing of the one image is in the other.
  for (const [builder, read] of [
    ['buildctl', '/data/4095'],
    ['docker-buildx', '/data/4096'],
  ] as const) {
    test(`a build by ${builder} goes through a pipe into optimize, and starts without waiting`, async (t) => {
      const missing = needs(builder);
      if (missing !== false) return t.skip(missing);
      const name = `built-by-${builder}` as ImageName;
      const lines = [`FROM ${world.ref('small')}`, `RUN md5sum ${read} > /made`];
      const folder = context(name, `${lines.join('\n')}\n`);
      const command = ['/bin/md5sum', '-c', '/made'];
      const output = ['--output', 'type=oci,dest=-'];
      const build =
        builder === 'buildctl'
          ? buildkit.buildArgs(folder, output)
          : ['build', '--progress', 'plain', ...output, folder];
      const optimize = [CLI, 'optimize', '--plain-http', '-', world.ref(name), '--', ...command];
      await pipe([requireProgram(builder), ...build], [process.execPath, ...optimize], await buildkit.buildxEnv());
      await world.pull(name);
      await until(async () => {
        const { layers } = await world.status(name);
        return layers.every(({ prefetch }) => prefetch === undefined || prefetch.state === 'done');
      }, `the prefetch of ${name}`);
      const faults = async (): Promise<number> =>
        (await world.status(name)).layers.reduce((sum, layer) => sum + layer.faults, 0);
      assert.equal(await world.container(name, command), `${read}: OK\n`);
      assert.equal(await faults(), 0);
      const { layers } = await world.status(name);
      for (const { state, reason } of layers) assert.notEqual(state, 'ordinary', reason);
      await world.container(name, ['/bin/md5sum', '/data/big']);
      assert.notEqual(await faults(), 0);
    });
  }

  test('eStargz that BuildKit writes is mounted lazily, and shows what was built', async () => {
    const name = 'by-buildkit' as ImageName;
    const folder = context(name, `FROM ${world.ref('small')}\nRUN rm -r /kinds/many && md5sum /data/4096 > /made\n`);
    const compression = 'oci-mediatypes=true,compression=estargz,force-compression=true';
    const target = `type=image,name=${world.ref(name)},push=true,registry.insecure=true,${compression}`;
    await buildkit.build(folder, ['--output', target]);
    await world.pull(name);
    const { layers } = await world.status(name);
    for (const { state, reason } of layers) assert.notEqual(state, 'ordinary', reason);
    const command = ['/bin/sh', '-c', 'cat /made; ls /kinds/many; md5sum /data/big'];
    assert.match(await world.container(name, command), /^[0-9a-f]{32} {2}\/data\/4096\n[0-9a-f]{32} {2}\/data\/big\n$/);
  });
});

/** Runs two programs with a pipe between them. @throws Error when either fails. */
async function pipe(from: readonly string[], to: readonly string[], buildxEnv: NodeJS.ProcessEnv): Promise<void> {
  const script = 'set -o pipefail; n=$1; shift; "${@:1:n}" | "${@:n+1}"';
  const env = { ...buildxEnv, PATH: [join(toolsDir, 'bin'), process.env['PATH']].join(delimiter) };
  await run('bash', ['--norc', '-c', script, 'bash', `${from.length}`, ...from, ...to], { env, timeoutMs: 300_000 });
}
