// `lazypull export` in the place of a build's own last step: a real BuildKit with the stargz snapshotter builds by buildx, from
// a lazily pullable base; what comes out is pulled lazily by containerd, and buildx agrees on what it is.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ExportResult } from '../../src/cli/export-result.ts';
import { type Buildkit, startBuildkit } from '../support/buildkit.ts';
import { containerdProgram } from '../support/containerd.ts';
import { publish } from '../support/convert-cli.ts';
import { frontOf } from '../support/front.ts';
import type { ImageName } from '../support/images.ts';
import { needs, requireProgram, toolsDir } from '../support/needs.ts';
import { readLayout } from '../support/oci-layout.ts';
import { run, type RunResult } from '../support/run.ts';
import { until } from '../support/until.ts';
import { startWorld, type World } from '../support/world.ts';

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const TOOLS = ['buildkitd', 'buildctl', 'docker-buildx', 'skopeo', containerdProgram('2')];
const required = ['root', 'fuse', 'erofs', 'busybox', 'runc', ...TOOLS];
const NO_FILL = 'background_fill.enabled = false\n';
/** Enough files that what is in front is not what came first. */
const STEP = 'RUN mkdir /own && for i in 1 2 3 4 5 6 7 8 9; do seq $i 20000 > /own/$i; done';

/** What md5sum says of a file of the step. */
function sumOf(number: number): string {
  const lines = Array.from({ length: 20_001 - number }, (_, index) => `${number + index}\n`).join('');
  return `${createHash('md5').update(lines).digest('hex')}  /own/${number}\n`;
}

interface Manifest {
  readonly mediaType: string;
  readonly manifests?: readonly { readonly digest: string; readonly annotations?: Readonly<Record<string, string>> }[];
  readonly layers?: readonly { readonly digest: string }[];
}

let world: World;
let buildkit: Buildkit;
let env: NodeJS.ProcessEnv;
/** Digests of the base's layers. */
let baseLayers: readonly string[];

/** A folder with a Dockerfile. */
function context(name: string, ...lines: readonly string[]): string {
  const folder = join(world.dir, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`);
  return folder;
}

/** Runs a shell's line in the world's folder, where `buildx` and `lazypull` are those that are tested. */
function shell(line: string, check = true): Promise<RunResult> {
  const script = `set -o pipefail
buildx() { '${requireProgram('docker-buildx')}' "$@"; }
lazypull() { '${process.execPath}' '${CLI}' "$@"; }
${line}`;
  return run('bash', ['--norc', '-c', script], { env, cwd: world.dir, check, timeoutMs: 180_000 });
}

async function manifestOf(name: string, reference = 'latest'): Promise<Manifest & { readonly digest: string }> {
  const response = await fetch(`${world.registry.url}/v2/${name}/manifests/${reference}`);
  assert.equal(response.status, 200, `${name}:${reference}`);
  const digest = response.headers.get('docker-content-digest') ?? '';
  return { ...((await response.json()) as Manifest), digest };
}

/** Layers of the image of an index, or of the only one. */
async function layersOf(name: string): Promise<string[]> {
  const { manifests, layers } = await manifestOf(name);
  const own = layers ?? (await manifestOf(name, manifests?.[0]?.digest)).layers;
  return (own ?? []).map(({ digest }) => digest);
}

const count = (method: string, status: number): number =>
  world.registry.log.filter((one) => one.method === method && one.status === status && one.path.includes('/uploads/'))
    .length;
const mounts = (): number => count('POST', 201);
const uploads = (): number => count('PUT', 201);

/** Whole blobs of the base that anybody asked for. */
function wholeBaseBlobs(): string[] {
  return world.registry.log
    .filter(
      ({ method, path, range, bytes }) => method === 'GET' && range === undefined && bytes > 10_000 && isOfBase(path),
    )
    .map(({ path }) => path);
}

const isOfBase = (path: string): boolean => baseLayers.some((digest) => path.endsWith(digest));

async function assertLazy(name: ImageName): Promise<void> {
  const { layers } = await world.status(name);
  for (const { state, reason } of layers) assert.notEqual(state, 'ordinary', reason);
}

/** What buildx says that a name is. */
async function inspected(name: string): Promise<string> {
  const { stdout } = await shell(
    `buildx imagetools inspect --format '{{json .Manifest.Digest}}' ${world.ref(name as ImageName)}`,
  );
  return JSON.parse(stdout) as string;
}

suite('a build, exported', { skip: needs(...required) }, () => {
  before(async () => {
    world = await startWorld({ version: '2', images: ['small'], config: NO_FILL });
    const dir = join(world.dir, 'buildkit');
    buildkit = await startBuildkit({ dir, snapshotter: 'stargz', plainHttp: [world.registry.host] });
    world.registry.knobs.uploadExactQuery = false;
    env = {
      ...(await buildkit.buildxEnv()),
      PATH: [join(toolsDir, 'bin'), process.env['PATH']].join(delimiter),
    };
    await publish(world.registry, 'small', 'base');
    baseLayers = await layersOf('base');
    context('step', `FROM ${world.ref('base' as ImageName)}`, STEP, 'LABEL stays=here');
    writeFileSync(join(world.dir, 'list'), 'own/7\nown/3\ndata/4096\n');
  });
  after(async () => {
    await buildkit[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });

  const PIPE = 'buildx build --metadata-file build.json --output type=oci,dest=- step | lazypull export -';

  test('through a pipe: the base is mounted, files of the list come first, and all agree on the digest', async () => {
    const [piped, second] = ['piped', 'second'].map((name) => world.ref(name as ImageName));
    const flags = `--prefetch-list list --metadata-file build.json --iidfile iid`;
    world.registry.forget();
    const { stdout } = await shell(`${PIPE} -t ${piped} -t ${piped}.1 -t ${second} ${flags}`);
    // The step's layer and the config, once; they and the base's layers for the second repository.
    assert.deepEqual([uploads(), mounts()], [2, 2 * baseLayers.length + 2]);
    assert.deepEqual((await layersOf('piped')).slice(0, -1), baseLayers);
    const { digest } = await manifestOf('piped');
    assert.equal(stdout, [`${piped}@${digest}`, `${piped}.1@${digest}`, `${second}@${digest}`, ''].join('\n'));
    assert.equal((await manifestOf('second')).digest, digest);
    assert.equal((await manifestOf('piped', 'latest.1')).digest, digest);
    assert.equal(await inspected('piped'), digest);
    const metadata = JSON.parse(readFileSync(join(world.dir, 'build.json'), 'utf8')) as Record<string, unknown>;
    assert.equal(metadata['containerimage.digest'], digest);
    assert.equal(metadata['image.name'], `${piped},${piped}.1,${second}`);
    assert.match(String(metadata['buildx.build.ref']), /^test\/test0\//);
    assert.ok('buildx.build.provenance' in metadata);
    assert.equal(readFileSync(join(world.dir, 'iid'), 'utf8'), digest);
  });

  test('again: nothing is sent, and it is the same', async () => {
    const before = await manifestOf('piped');
    world.registry.forget();
    const { stderr } = await shell(
      `${PIPE} -t ${world.ref('piped' as ImageName)} --prefetch-list list --metadata-file build.json`,
    );
    assert.deepEqual([uploads(), mounts(), count('POST', 202)], [0, 0, 0], stderr);
    assert.equal((await manifestOf('piped')).digest, before.digest);
  });

  test('what was exported has the files in front, and those of the base where they were', async () => {
    const layout = join(world.dir, 'copied');
    const copy = ['copy', '--insecure-policy', '--src-tls-verify=false', `docker://${world.ref('piped' as ImageName)}`];
    await run(requireProgram('skopeo'), [...copy, `oci:${layout}:latest`]);
    const fronts = frontOf(readLayout(layout));
    assert.deepEqual(fronts.at(-1), { landmark: '.prefetch.landmark', files: ['own/7', 'own/3'] });
    for (const { landmark } of fronts.slice(0, -1)) assert.equal(landmark, 'none');
  });

  test('what was exported is pulled lazily: the list is there at once, the rest when it is read', async () => {
    const name = 'piped' as ImageName;
    await world.pull(name);
    await until(async () => {
      const { layers } = await world.status(name);
      return layers.every(({ prefetch }) => prefetch === undefined || prefetch.state === 'done');
    }, 'the prefetch');
    const faults = async (): Promise<number> => (await world.status(name)).layers.at(-1)!.faults;
    assert.equal(await world.container(name, ['/bin/md5sum', '/own/3', '/own/7']), sumOf(3) + sumOf(7));
    assert.equal(await faults(), 0);
    assert.equal(await world.container(name, ['/bin/md5sum', '/own/8']), sumOf(8));
    assert.notEqual(await faults(), 0);
    await assertLazy(name);
  });

  test('from a registry: the blobs of the base are not even read, and attestations come along', async () => {
    const [pushed, app] = ['pushed', 'team/app'].map((name) => world.ref(name as ImageName));
    await shell(`buildx build --provenance=mode=max --sbom=false --push -t ${pushed} step`);
    world.registry.forget();
    const { stdout } = await shell(`lazypull export ${pushed} -t ${app} --prefetch-list list --json`);
    assert.deepEqual(wholeBaseBlobs(), []);
    const { manifests, target } = JSON.parse(stdout) as ExportResult;
    assert.deepEqual(
      manifests[0]?.layers.map(({ state, transfer }) => `${state} ${transfer}`),
      [...baseLayers.map(() => 'kept mounted'), 'converted uploaded'],
    );
    const index = await manifestOf('team/app');
    const [image, attestation] = index.manifests ?? [];
    assert.equal(index.digest, target.digest);
    assert.equal(await inspected('team/app'), target.digest);
    assert.equal(attestation?.annotations?.['vnd.docker.reference.digest'], image?.digest);
    const { stdout: builder } = await shell(`buildx imagetools inspect ${app} --format '{{ json .Provenance }}'`);
    assert.match(builder, /\/base/);
    // However the build came here, it is the same.
    assert.deepEqual(await layersOf('team/app'), await layersOf('piped'));
  });

  test('with its base rewritten: blobs of the base are read and sent, what the tests above rule out', async () => {
    world.registry.forget();
    const [pushed, app] = ['pushed', 'team/rewritten'].map((name) => world.ref(name as ImageName));
    await shell(`lazypull export ${pushed} -t ${app} --prefetch-list list --rewrite-base`);
    assert.notDeepEqual(wholeBaseBlobs(), []);
    assert.ok(uploads() > 2, `${uploads()} uploads`);
    assert.notDeepEqual((await layersOf('team/rewritten')).slice(0, -1), baseLayers);
  });

  test('from a base that is not lazily pullable: it is converted, which is told, and all is lazy', async () => {
    const name = 'from-plain' as ImageName;
    context('plain', `FROM ${world.ref('small')}`, STEP);
    const build = 'buildx build --metadata-file plain.json --output type=oci,dest=plain.tar plain';
    const { stderr } = await shell(
      `${build} && lazypull export plain.tar -t ${world.ref(name)} --metadata-file plain.json`,
    );
    assert.match(stderr, /3 layers of \S+\/small:latest@sha256:\S+ can't be pulled lazily/);
    assert.match(stderr, /4 layers \(4 converted\)/);
    await world.pull(name);
    await assertLazy(name);
  });

  test('of bake: each target says in its own place what it became', async () => {
    const targets = ['one', 'two'].map(
      (name) =>
        `target "${name}" {\n  context = "step"\n  args = { NAME = "${name}" }\n  output = ["type=oci,dest=${name}.tar"]\n}`,
    );
    writeFileSync(
      join(world.dir, 'docker-bake.hcl'),
      `group "default" { targets = ["one", "two"] }\n${targets.join('\n')}\n`,
    );
    await shell('buildx bake --allow=fs.write=. --metadata-file bake.json');
    const read = (): Record<string, Record<string, unknown>> =>
      JSON.parse(readFileSync(join(world.dir, 'bake.json'), 'utf8')) as Record<string, Record<string, unknown>>;
    const built = read();
    const app = world.ref('bake' as ImageName);
    const { stderr } = await shell(`lazypull export one.tar -t ${app} --metadata-file bake.json --target one`);
    assert.match(stderr, /3 kept/);
    const told = read();
    assert.equal(told['one']?.['containerimage.digest'], (await manifestOf('bake')).digest);
    assert.notEqual(told['one']?.['containerimage.digest'], built['one']?.['containerimage.digest']);
    assert.deepEqual(told['two'], built['two']);
    const unnamed = await shell(`lazypull export two.tar -t ${app} --metadata-file bake.json`, false);
    assert.equal(unnamed.status, 2);
    assert.match(unnamed.stderr, /Add --target NAME\. There is: one, two/);
  });

  test('that failed: nothing is pushed, and the name means what it meant', async () => {
    const before = await manifestOf('piped');
    context('failing', `FROM ${world.ref('base' as ImageName)}`, 'RUN exit 7');
    const build = 'buildx build --output type=oci,dest=- failing';
    world.registry.forget();
    const { status, stderr } = await shell(`${build} | lazypull export - -t ${world.ref('piped' as ImageName)}`, false);
    assert.equal(status, 1);
    assert.match(stderr, /lazypull: the build wrote nothing: standard input is empty\. Nothing was pushed/);
    assert.deepEqual([uploads(), mounts()], [0, 0]);
    assert.equal((await manifestOf('piped')).digest, before.digest);
  });
});
