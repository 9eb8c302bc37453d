// Input `variants` with the real command and a registry: what is exported, what is said, and that nothing here costs a job.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, suite, test, type TestContext } from 'node:test';
import { createHost } from '../../action/host.ts';
import { Journal } from '../../action/journal.ts';
import { findLazyBases, type BasesContext, type LazyBases } from '../../action/lazy-bases.ts';
import { SOURCE_DIGEST, TOC_DIGEST } from '../../src/oci/annotations.ts';
import { digestOf } from '../../src/oci/digest.ts';
import type { PolicyDocument } from '../../src/policy/document.ts';
import { TestRegistry } from '../support/registry.ts';

const VARIABLE = 'EXPERIMENTAL_BUILDKIT_SOURCE_POLICY';
const NO_INPUTS = { variants: '-esgz', buildFiles: [], buildArgs: [], platforms: [], strict: false };

let root: string;
let registry: TestRegistry;
let workspace: string;
let temp: string;
let said: string[];
let notices: string[];
let journal: Journal;
let count = 0;

/** `NAME:1`, and `NAME:1-esgz` which was made from it. */
function addWithVariant(name: string): void {
  const layer = registry.addBlob(name, Buffer.from('layer'), 'application/vnd.oci.image.layer.v1.tar+gzip');
  const { digest } = registry.addImage(name, '1', [layer]);
  const lazy = { ...layer, annotations: { [TOC_DIGEST]: digestOf(Buffer.from('toc')) } };
  const config = registry.addBlob(name, Buffer.from('{}'), 'application/vnd.oci.image.config.v1+json');
  const document = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json', config };
  registry.addManifest(name, { ...document, layers: [lazy], annotations: { [SOURCE_DIGEST]: digest } }, '1-esgz');
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(workspace, file)), { recursive: true });
  writeFileSync(join(workspace, file), text);
}

function find(inputs: Partial<BasesContext['inputs']> = {}, more: Partial<BasesContext> = {}): Promise<LazyBases> {
  const real = createHost('none');
  return findLazyBases({
    // Whatever job runs on this machine, its daemon is not ours.
    host: { ...real, exists: () => Promise.resolve(false) },
    engine: { engine: 'docker', env: {} },
    facts: { buildx: undefined },
    inputs: { ...NO_INPUTS, ...inputs },
    journal,
    env: { ...process.env, GITHUB_WORKSPACE: workspace, RUNNER_TEMP: temp, ...more.env },
    info: (text) => void said.push(text),
    notice: (text) => void notices.push(text),
    ...(more.engine === undefined ? {} : { engine: more.engine }),
  });
}

/** What the exported policy replaces: familiar names that a build may ask for. */
function replacedBy({ env }: LazyBases): string[] {
  const path = env[VARIABLE];
  assert.ok(path !== undefined, notices.join('\n'));
  const { rules } = JSON.parse(readFileSync(path, 'utf8')) as PolicyDocument;
  return rules.map(({ selector }) => selector.identifier).filter((text) => !text.includes('@'));
}

/** A variable of this process, for the time of a test. */
function setVariable(t: TestContext, name: string, value: string): void {
  process.env[name] = value;
  t.after(() => delete process.env[name]);
}

suite('lazily pullable bases of builds', () => {
  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'lazypull-bases-test-'));
    registry = await TestRegistry.start();
    for (const name of ['app', 'tools', 'app-arm64']) addWithVariant(name);
    registry.addImage('other', '1', []);
  });
  beforeEach(() => {
    workspace = mkdtempSync(join(root, `${++count}-`));
    temp = mkdtempSync(join(root, 'temp-'));
    said = [];
    notices = [];
    journal = new Journal(() => {});
    registry.forget();
  });
  after(async () => {
    await registry.close();
    rmSync(root, { recursive: true, force: true });
  });

  test('an image with a variant is replaced for the job, one without is told, and the end of the job knows the folder', async () => {
    write('Dockerfile', `FROM ${registry.host}/app:1\nCOPY --from=${registry.host}/other:1 /x /x\n`);
    const found = await find();
    assert.deepEqual(replacedBy(found), [`docker-image://${registry.host}/app:1`]);
    assert.match(said.join('\n'), /Dockerfile:1: \S+\/app:1: replaced by \S+\/app:1-esgz@sha256:/);
    assert.match(said.join('\n'), /Dockerfile:2: \S+\/other:1: used as it is: there is no \S+\/other:1-esgz/);
    assert.match(said.at(-1) ?? '', /^1 of 2 images replaced$/);
    const { total, replaced, images } = found.bases ?? assert.fail();
    assert.deepEqual([total, replaced, images.map(({ result }) => result)], [2, 1, ['kept', 'replaced']]);
    assert.deepEqual(notices, []);
    assert.deepEqual(journal.steps, [{ kind: 'remove', path: dirname(found.env[VARIABLE] ?? '') }]);
  });

  test('without any variant builds stay as they are, and one notice says why', async () => {
    write('Dockerfile', `FROM ${registry.host}/other:1\n`);
    const found = await find();
    assert.deepEqual(found.env, {});
    assert.equal(found.bases?.replaced, 0);
    assert.equal(notices.length, 1);
    assert.match(notices[0] ?? '', /The image that builds name has no variant to use\. \S+other:1: there is no \S+/);
  });

  test('a mapping in the workspace and one in the workflow say the same', async () => {
    write('Dockerfile', `FROM ${registry.host}/app:1\n`);
    const mapping = `[variants]\n"${registry.host}/app" = "${registry.host}/app:1-esgz"\n`;
    write('ci/variants.toml', mapping);
    for (const variants of ['ci/variants.toml', mapping]) assert.equal(replacedBy(await find({ variants })).length, 1);
  });

  for (const [name, variants, where] of [
    ['in the workflow', '[variants]\n"a" = 1', /input 'variants':2: the variant of a is no text/],
    ['in the workspace', 'bad.toml', /bad\.toml:3: unknown key wrong/],
    ['that is nowhere', 'gone.toml', /can't read the mapping gone\.toml: ENOENT/],
  ] as const) {
    test(`a mapping ${name} that is wrong is told with its line, and only a strict job fails`, async () => {
      write('Dockerfile', `FROM ${registry.host}/app:1\n`);
      write('bad.toml', '\n\nwrong = "x"\n');
      assert.deepEqual(await find({ variants }), { bases: undefined, env: {} });
      assert.equal(notices.length, 1);
      assert.match(notices[0] ?? '', /^Builds use the images that they name: /);
      assert.match(notices[0] ?? '', where);
      assert.ok(!notices.join().includes(temp));
      await assert.rejects(find({ variants, strict: true }), { code: 'CONFIG', message: where });
    });
  }

  test('before the checkout there is nothing to read, and the notice says where the step belongs', async () => {
    assert.deepEqual(await find(), { bases: undefined, env: {} });
    assert.match(notices.join(), /workspace is empty[^]*actions\/checkout in front of this step/);
    write('README.md', '');
    await find();
    assert.match(notices[1] ?? '', /input 'build-files': workspace: nothing to build in this folder/);
    await assert.rejects(find({ strict: true, buildFiles: ['gone/Dockerfile'] }), {
      message: /input 'build-files': gone\/Dockerfile: there is no such file/,
    });
    assert.deepEqual(journal.steps, []);
  });

  test("a policy of the user's own stays, and one of an earlier step of ours is made anew", async () => {
    write('Dockerfile', `FROM ${registry.host}/app:1\n`);
    assert.deepEqual(await find({ strict: true }, { env: { [VARIABLE]: '/srv/policy.json' } }), {
      bases: undefined,
      env: {},
    });
    assert.match(notices.join(), /is set already, to \/srv\/policy\.json/);
    assert.deepEqual(registry.log, []);
    const first = await find();
    const second = await find({}, { env: { [VARIABLE]: first.env[VARIABLE] } });
    assert.equal(replacedBy(second).length, 1);
    assert.equal(notices.length, 1);
  });

  test('engine containerd has no lazy builds, so no build gets a variant', async () => {
    write('Dockerfile', `FROM ${registry.host}/app:1\n`);
    const found = await find({}, { engine: { engine: 'containerd', env: {} } });
    assert.deepEqual(found, { bases: undefined, env: {} });
    assert.match(notices.join(), /engine containerd builds nothing[^]*docker or buildkit/);
  });

  test('build arguments and platforms are those of the builds', async () => {
    write('Dockerfile', `ARG NAME=other\nFROM ${registry.host}/\${NAME}-\${TARGETARCH}:1\n`);
    const inputs = { buildArgs: ['NAME=app'], platforms: ['linux/arm64'] };
    assert.deepEqual(replacedBy(await find(inputs)), [`docker-image://${registry.host}/app-arm64:1`]);
    assert.deepEqual((await find({ ...inputs, buildArgs: [] })).env, {});
    assert.deepEqual((await find({ ...inputs, platforms: ['linux/s390x'] })).env, {});
  });

  test("variables of the job are read, and the step's own are seen by no file of the repository", async (t) => {
    setVariable(t, 'BASE_OF_TEST', 'app');
    setVariable(t, 'ACTIONS_RUNTIME_TOKEN', 'very-secret');
    setVariable(t, 'INPUT_SOME-PASSWORD', 'very-secret');
    const service = (base: string): string =>
      `{ build: { dockerfile_inline: "FROM ${registry.host}/\${${base}:-tools}:1" } }`;
    write('compose.yaml', `services:\n  one: ${service('BASE_OF_TEST')}\n  two: ${service('ACTIONS_RUNTIME_TOKEN')}\n`);
    const found = await find();
    assert.deepEqual(
      replacedBy(found).toSorted(),
      ['app', 'tools'].map((name) => `docker-image://${registry.host}/${name}:1`),
    );
    assert.ok(!JSON.stringify([said, found.bases, registry.log]).includes('very-secret'));
  });

  test('a bake file without docker buildx is told, and the rest is used', async () => {
    write('docker-bake.hcl', 'target "default" {}\n');
    await find();
    assert.match(notices.join(), /docker-bake\.hcl: there is no docker buildx to evaluate it/);
    write('Dockerfile', `FROM ${registry.host}/app:1\n`);
    const found = await find();
    assert.equal(replacedBy(found).length, 1);
    assert.deepEqual(found.bases?.remarks, ['docker-bake.hcl: there is no docker buildx to evaluate it']);
    assert.match(said.join('\n'), /docker-bake\.hcl: not looked at: there is no docker buildx/);
  });

  test('a registry of variants that is down costs a line, and no build', async () => {
    write('Dockerfile', `FROM ${registry.host}/app:1\n`);
    const variants = `[variants]\n"${registry.host}/*" = "127.0.0.1:1/*"`;
    const found = await find({ variants, strict: true });
    assert.deepEqual(found.env, {});
    assert.match(found.bases?.images[0]?.detail ?? '', /ECONNREFUSED/);
    assert.ok(existsSync(temp));
  });
});
