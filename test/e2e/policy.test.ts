// `lazypull policy` for real: BuildKit with our daemon reads the bases of builds lazily whose Dockerfiles name the ordinary
// images, and whatever has no right variant is built as always.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startBuildkit, type Buildkit } from '../support/buildkit.ts';
import { convert } from '../support/convert-cli.ts';
import { startDaemon, type Daemon } from '../support/daemon.ts';
import { treeOfFolder } from '../support/image-tree.ts';
import { image } from '../support/images.ts';
import { unmountBelow } from '../support/mounts.ts';
import { needs, requireProgram } from '../support/needs.ts';
import { TestRegistry } from '../support/registry.ts';
import { run, type RunResult } from '../support/run.ts';

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const required = ['root', 'fuse', 'erofs', 'runc', 'buildkitd', 'buildctl', 'docker-buildx'];
const CONFIG = 'background_fill.enabled = false\nregistry.certs_dir = ""\n';

let dir: string;
let registry: TestRegistry;
let daemon: Daemon;
let buildkit: Buildkit;
let contexts = 0;

const ref = (name: string, tag = 'latest'): string => `${registry.host}/${name}:${tag}`;

/** What the registry was asked for of a repository: `whole` blobs, i.e. ordinary downloads, and anything of layers. */
function fetched(repository: string): { whole: number; blobs: number } {
  const blobs = registry.log.filter(
    ({ method, path, bytes }) => method === 'GET' && path.startsWith(`/v2/${repository}/blobs/`) && bytes > 10_000,
  );
  return { whole: blobs.filter(({ range }) => range === undefined).length, blobs: blobs.length };
}

function context(dockerfile: string): string {
  const folder = join(dir, `context-${++contexts}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'Dockerfile'), dockerfile);
  return folder;
}

/** Writes the policy for a folder. @returns its path and the lines. */
async function policyFor(folder: string, flags: readonly string[] = []): Promise<{ file: string; lines: string }> {
  const file = join(folder, 'policy.json');
  const mapping = ['--mapping', join(dir, 'variants.toml')];
  const { stdout } = await run(process.execPath, [CLI, 'policy', ...mapping, '--output', file, ...flags, folder]);
  return { file, lines: stdout };
}

async function build(folder: string, policy?: string, flags: readonly string[] = []): Promise<RunResult> {
  const env = await buildkit.buildxEnv();
  if (policy !== undefined) env['EXPERIMENTAL_BUILDKIT_SOURCE_POLICY'] = policy;
  registry.forget();
  const args = ['build', '--progress', 'plain', ...flags, folder];
  return run(requireProgram('docker-buildx'), args, { env, timeoutMs: 300_000 });
}

/** A repository with the ordinary test image, and its variant in `mirror/`. */
async function addMirrored(name: string): Promise<void> {
  registry.content.addLayout((await image('small')).layoutDir, name);
  await convert(ref(name), ref(`mirror/${name}`));
}

/** The tag gets another image of the same files. */
async function moveTag(name: string): Promise<void> {
  const url = `${registry.url}/v2/${name}/manifests/latest`;
  const manifest = (await (await fetch(url)).json()) as { mediaType: string };
  registry.addManifest(name, { ...manifest, annotations: { moved: 'yes' } }, 'latest');
}

suite('lazypull policy and BuildKit', { skip: needs(...required) }, () => {
  before(async () => {
    dir = await mkdtemp('/var/tmp/lazypull-policy-');
    registry = await TestRegistry.start();
    registry.knobs.uploadExactQuery = false;
    for (const name of ['plain', 'pinned', 'tools', 'stale', 'baked']) await addMirrored(name);
    await moveTag('stale');
    registry.content.addLayout((await image('small-esgz')).layoutDir, 'lazy');
    registry.content.addLayout((await image('small')).layoutDir, 'alone');
    writeFileSync(join(dir, 'variants.toml'), `[variants]\n"${registry.host}/*" = "${registry.host}/mirror/*"\n`);
    daemon = await startDaemon({ dir: join(dir, 'lazypull'), config: CONFIG });
    buildkit = await startBuildkit({
      dir: join(dir, 'buildkit'),
      snapshotter: 'stargz',
      proxySocket: daemon.socket,
      plainHttp: [registry.host],
    });
  });
  after(async () => {
    await buildkit?.[Symbol.asyncDispose]();
    await daemon?.stop();
    await registry.close();
    await unmountBelow(dir);
    await rm(dir, { recursive: true, force: true });
  });

  test('a build reads its ordinary base lazily, and nothing of the ordinary image', async () => {
    const folder = context(`ARG BASE=plain\nFROM ${registry.host}/\${BASE}\nRUN md5sum /data/4097 /kinds/hard-2\n`);
    const { file, lines } = await policyFor(folder);
    assert.match(lines, /Dockerfile:2: \S+\/plain: replaced by \S+\/mirror\/plain:latest@sha256:/);
    const { stderr } = await build(folder, file);
    assert.match(stderr, /[0-9a-f]{32} {2}\/data\/4097/);
    assert.deepEqual(fetched('plain'), { whole: 0, blobs: 0 });
    assert.equal(fetched('mirror/plain').whole, 0);
    assert.notEqual(fetched('mirror/plain').blobs, 0);
  });

  test('names with a digest are replaced in both forms', async () => {
    const digest = (await fetch(`${registry.url}/v2/pinned/manifests/latest`)).headers.get('docker-content-digest');
    const both = context(
      `FROM ${ref('pinned')}@${digest} AS a\nRUN md5sum /data/4095\nFROM ${registry.host}/plain\nCOPY --from=a /data/4095 /x\n`,
    );
    const { file, lines } = await policyFor(both);
    assert.match(lines, /\/pinned:latest@sha256:\w+: replaced by/);
    const { stderr } = await build(both, file);
    assert.match(stderr, /FROM \S+\/mirror\/pinned:latest@sha256:/);
    assert.deepEqual(fetched('pinned'), { whole: 0, blobs: 0 });
  });

  test('the images of COPY --from, of mounts and of every needed stage are replaced', async () => {
    const folder = context(
      [
        `FROM ${ref('plain')} AS first`,
        'RUN md5sum /data/4096 > /made',
        `FROM ${ref('plain')}`,
        'COPY --from=first /made /made',
        `COPY --from=${ref('tools')} /data/4095 /copied`,
        `RUN --mount=from=${ref('tools')},target=/tools md5sum /tools/data/4096 > /again && md5sum -c /made`,
      ].join('\n'),
    );
    const { file, lines } = await policyFor(folder);
    assert.match(lines, /2 of 2 images replaced/);
    const { stderr } = await build(folder, file, ['--pull']);
    assert.match(stderr, /FROM \S+\/mirror\/plain:latest@sha256:/);
    assert.match(stderr, /FROM \S+\/mirror\/tools:latest@sha256:/);
    assert.match(stderr, /\/data\/4096: OK/);
    for (const name of ['plain', 'tools']) assert.equal(fetched(name).blobs, 0);
    assert.equal(fetched('mirror/tools').whole, 0);
  });

  test('a variant that was made from what the tag had before is left alone, and the build downloads its base', async () => {
    const folder = context(`FROM ${ref('stale')}\nRUN md5sum /data/4095\n`);
    const { file, lines } = await policyFor(folder);
    assert.match(
      lines,
      /\/stale:latest: used as it is: \S+\/mirror\/stale:latest was made from sha256:\w+, and the image is/,
    );
    assert.match(lines, /0 of 1 image replaced/);
    const { stderr } = await build(folder, file);
    assert.match(stderr, /FROM \S+\/stale:latest@sha256:/);
    // What the tests above rule out is seen here.
    assert.notEqual(fetched('stale').whole, 0);
    assert.deepEqual(fetched('mirror/stale'), { whole: 0, blobs: 0 });
  });

  test('an image that is lazily pullable itself is read lazily without a rule', async () => {
    const folder = context(`FROM ${ref('lazy')}\nRUN md5sum /data/4097\n`);
    const { file, lines } = await policyFor(folder);
    assert.match(lines, /\/lazy:latest: lazily pullable as it is/);
    await build(folder, file);
    assert.equal(fetched('lazy').whole, 0);
    assert.notEqual(fetched('lazy').blobs, 0);
  });

  test('without a variant, and without a policy, builds use the images that they name', async () => {
    const folder = context(`FROM ${ref('alone')}\nRUN md5sum /data/4095\n`);
    const { file, lines } = await policyFor(folder);
    assert.match(lines, /\/alone:latest: used as it is: there is no \S+\/mirror\/alone:latest/);
    assert.match((await build(folder, file)).stderr, /FROM \S+\d\/alone:latest@sha256:/);
    const { stderr } = await build(context(`FROM ${ref('tools')}\nRUN md5sum /data/4097\n`));
    assert.match(stderr, /FROM \S+\d\/tools:latest@sha256:/);
  });

  test('the image has the same content with the policy and without', async () => {
    const changes = 'RUN rm /data/4095 && chmod 700 /data/4096 && md5sum /data/4097 > /made && rm -r /kinds/many';
    const trees: string[][] = [];
    for (const isLazy of [true, false]) {
      const folder = context(`FROM ${ref('tools')}\n${changes}\nCOPY --from=${ref('plain')} /data/one-byte /copied\n`);
      const policy = isLazy ? (await policyFor(folder)).file : undefined;
      const output = join(dir, `output-${isLazy}`);
      const { stderr } = await build(folder, policy, ['--output', `type=local,dest=${output}`]);
      assert.equal(/FROM \S+\/mirror\/tools/.test(stderr), isLazy);
      const entries = await treeOfFolder(output);
      // What the step itself writes is of another second.
      trees.push(entries.map(({ key, facts }) => `${key} ${facts.replace(/mtime=\d+/, '')}`));
    }
    assert.ok(trees[0]?.some((line) => line.startsWith('made ') && line.includes('sha256=')));
    assert.deepEqual(trees[0], trees[1]);
  });

  test('bake builds with the policy of what it prints', async () => {
    const folder = context(`ARG TAG\nFROM ${registry.host}/baked:\${TAG}\nRUN md5sum /data/4097\n`);
    const hcl = join(folder, 'docker-bake.hcl');
    writeFileSync(
      hcl,
      `variable "TAG" {\n  default = "latest"\n}\ntarget "default" {\n  matrix = { n = ["one", "two"] }\n  name = "app-\${n}"\n  context = "${folder}"\n  args = { TAG = TAG }\n}\n`,
    );
    const env = { ...(await buildkit.buildxEnv()), BUILDX_BAKE_ENTITLEMENTS_FS: '0' };
    const bake = [requireProgram('docker-buildx'), 'bake', '-f', hcl];
    const file = join(folder, 'policy.json');
    const policy = [process.execPath, CLI, 'policy', '--mapping', join(dir, 'variants.toml'), '--output', file, '-'];
    const script = 'set -o pipefail; n=$1; shift; "${@:1:n}" | "${@:n+1}"';
    const print = [...bake, '--print', 'default'];
    const { stdout } = await run('bash', ['--norc', '-c', script, 'bash', `${print.length}`, ...print, ...policy], {
      env,
    });
    assert.match(stdout, /\/baked:latest: replaced by/);
    registry.forget();
    const [program = '', ...args] = bake;
    const { stderr } = await run(program, [...args, '--progress', 'plain', 'default'], {
      env: { ...env, EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: file },
      timeoutMs: 300_000,
    });
    assert.match(stderr, /FROM \S+\/mirror\/baked:latest@sha256:/);
    assert.deepEqual(fetched('baked'), { whole: 0, blobs: 0 });
  });

  test('a registry that is down costs the build nothing but a line', async () => {
    const folder = context(`FROM ${ref('plain')}\nRUN true\n`);
    const { file, lines } = await policyFor(folder, ['--mapping', mappingTo(folder, '127.0.0.1:1/*')]);
    assert.match(lines, /used as it is: 127\.0\.0\.1:1\/plain:latest can't be looked at: GET \S+: ECONNREFUSED/);
    assert.match((await build(folder, file)).stderr, /FROM \S+\d\/plain:latest@sha256:/);
  });

  test('a variant for another platform costs the build nothing but a line', async () => {
    addForeign('alone');
    const folder = context(`FROM ${ref('alone')}\nRUN md5sum /data/4096\n`);
    const { file, lines } = await policyFor(folder, ['--mapping', mappingTo(folder, `${registry.host}/foreign/*`)]);
    assert.match(lines, /used as it is: \S+\/foreign\/alone:latest has no image for linux\/\w+/);
    assert.match((await build(folder, file)).stderr, /FROM \S+\d\/alone:latest@sha256:/);
  });

  test('a private variant that nobody is logged in for costs the build nothing but a line', async () => {
    await using closed = await TestRegistry.start({ auth: { kind: 'basic', username: 'somebody', password: 'else' } });
    const folder = context(`FROM ${ref('alone')}\nRUN md5sum /data/4097\n`);
    const { file, lines } = await policyFor(folder, ['--mapping', mappingTo(folder, `${closed.host}/*`)]);
    assert.match(lines, /alone:latest can't be looked at: .*401.*"docker login"/);
    assert.doesNotMatch(lines, /else/);
    assert.match((await build(folder, file)).stderr, /FROM \S+\d\/alone:latest@sha256:/);
  });

  test('a broken mapping ends the step with its line, and leaves the policy of before', async () => {
    const folder = context(`FROM ${ref('plain')}\nRUN md5sum /data/4095\n`);
    const { file } = await policyFor(folder);
    const before = readFileSync(file, 'utf8');
    const mapping = join(folder, 'broken.toml');
    writeFileSync(mapping, '[variants]\n"docker.io/*" = 5\n');
    const args = [CLI, 'policy', '--mapping', mapping, '--output', file, folder];
    const { status, stderr } = await run(process.execPath, args, { check: false });
    assert.equal(status, 2);
    assert.match(stderr, /broken\.toml:2: the variant of docker\.io\/\* is no text/);
    assert.equal(readFileSync(file, 'utf8'), before);
  });

  test('a build whose policy was never written fails, and says which file it wanted; an empty policy is none', async () => {
    const folder = context(`FROM ${ref('alone')}\nRUN md5sum /data/4095\n`);
    const file = join(folder, 'nowhere.json');
    await assert.rejects(build(folder, file), /nowhere\.json: no such file/);
    writeFileSync(file, '{"version":1}');
    assert.match((await build(folder, file)).stderr, /FROM \S+\d\/alone:latest@sha256:/);
  });

  test('a registry that goes down after the policy was written fails the build, which names the variant', async () => {
    await using other = await TestRegistry.start({ knobs: { uploadExactQuery: false } });
    await convert(ref('alone'), `${other.host}/alone:latest`);
    const folder = context(`FROM ${ref('alone')}\nRUN md5sum /data/one-byte\n`);
    const { file, lines } = await policyFor(folder, ['--mapping', mappingTo(folder, `${other.host}/*`)]);
    assert.match(lines, /1 of 1 image replaced/);
    other.knobs.down = true;
    await assert.rejects(build(folder, file), new RegExp(`${other.host}/v2/alone/`));
    assert.match((await build(folder)).stderr, /FROM \S+\d\/alone:latest@sha256:/);
  });
});

/** A mapping file for all images of the registry. */
function mappingTo(folder: string, to: string): string {
  const mapping = join(folder, 'variants.toml');
  writeFileSync(mapping, `[variants]\n"${registry.host}/*" = "${to}"\n`);
  return mapping;
}

/** `foreign/NAME` says that it was made from what NAME is, and is there for another platform only. */
function addForeign(name: string): void {
  const source = registry.content.lookup(name, 'latest');
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const entry = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: source?.digest };
  const manifests = [{ ...entry, size: source?.content.size, platform: { os: 'linux', architecture: 's390x' } }];
  const annotations = { 'dev.lazypull.source.digest': source?.digest };
  registry.addManifest(`foreign/${name}`, { schemaVersion: 2, mediaType, manifests, annotations }, 'latest');
}
