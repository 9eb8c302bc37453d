// `lazypull policy` as a process, against a registry that has one image with a variant and one without.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SOURCE_DIGEST, TOC_DIGEST } from '../../src/oci/annotations.ts';
import { digestOf } from '../../src/oci/digest.ts';
import type { PolicyDocument } from '../../src/policy/document.ts';
import type { PolicyReport } from '../../src/cli/policy-text.ts';
import { TestRegistry } from '../support/registry.ts';
import { run, type RunResult } from '../support/run.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

let root: string;
let dir: string;
let registry: TestRegistry;
let count = 0;

function lazypull(...args: string[]): Promise<RunResult> {
  return run(process.execPath, [MAIN, 'policy', ...args], { check: false, timeoutMs: 30_000 });
}

function write(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

/** `app:1`, and `app:1-esgz` which was made from it. @returns the variant's digest. */
function addApp(): string {
  const layer = registry.addBlob('app', Buffer.from('layer'), 'application/vnd.oci.image.layer.v1.tar+gzip');
  const { digest } = registry.addImage('app', '1', [layer]);
  const lazy = { ...layer, annotations: { [TOC_DIGEST]: digestOf(Buffer.from('toc')) } };
  const config = registry.addBlob('app', Buffer.from('{}'), 'application/vnd.oci.image.config.v1+json');
  const document = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json', config };
  const annotations = { [SOURCE_DIGEST]: digest };
  return registry.addManifest('app', { ...document, layers: [lazy], annotations }, '1-esgz').digest;
}

suite('lazypull policy', () => {
  let variant: string;

  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'lazypull-policy-'));
    registry = await TestRegistry.start();
    variant = addApp();
    registry.addImage('other', '1', []);
  });
  beforeEach(() => {
    dir = mkdtempSync(join(root, `${++count}-`));
  });
  after(async () => {
    await registry.close();
    rmSync(root, { recursive: true, force: true });
  });

  const dockerfile = (): string =>
    write(
      'Dockerfile',
      `ARG TAG=none\nFROM ${registry.host}/app:$TAG\nCOPY --from=${registry.host}/other:1 / /\nCOPY --from=$X / /\n`,
    );

  test('a name that the build gives a context is no image, for one platform or for all', async () => {
    const name = `${registry.host}/other:1`;
    const flags = ['--suffix', '-esgz', '--build-arg', 'TAG=1', '--json'];
    const images = async (...contexts: string[]): Promise<string[]> => {
      const { stdout } = await lazypull(...flags, ...contexts.flatMap((one) => ['--build-context', one]), dockerfile());
      return (JSON.parse(stdout) as PolicyReport).decisions.map(({ image }) => image);
    };
    const app = `${registry.host}/app:1`;
    assert.deepEqual(await images(), [app, name]);
    assert.deepEqual(await images('assets=./assets', `${name}=docker-image://elsewhere`), [app]);
    assert.deepEqual(await images(`${name}::linux/s390x=oci-layout://elsewhere`), [app, name]);
  });

  test('it writes a file, and says of every image what is done with it and why', async () => {
    const output = join(dir, 'policy.json');
    const args = ['--suffix', '-esgz', '--build-arg', 'TAG=1', '--output', output, dockerfile()];
    const { stdout, stderr, status } = await lazypull(...args);
    assert.equal(status, 0, stderr);
    const [first = '', second = '', third = '', last = ''] = stdout.trimEnd().split('\n');
    assert.match(first, /Dockerfile:2: \S+\/app:1: replaced by \S+\/app:1-esgz@sha256:\w{64}$/);
    assert.match(second, /Dockerfile:3: \S+\/other:1: used as it is: there is no \S+\/other:1-esgz$/);
    assert.match(third, /Dockerfile:4: not looked at: \$X: BuildKit replaces no variables there/);
    assert.match(last, /^1 of 2 images replaced; written to \S+policy\.json$/);
    const { rules } = JSON.parse(readFileSync(output, 'utf8')) as PolicyDocument;
    assert.deepEqual(
      rules.map(({ selector, updates }) => [selector.identifier.replace(/sha256:.*/, 'DIGEST'), updates.identifier]),
      [':1', ':1@DIGEST', '@DIGEST'].map((form) => [
        `docker-image://${registry.host}/app${form}`,
        `docker-image://${registry.host}/app:1-esgz@${variant}`,
      ]),
    );
    assert.deepEqual(readdirSync(dir).sort(), ['Dockerfile', 'policy.json']);
  });

  test('without a file the policy goes to standard output, and the lines to standard error', async () => {
    const { stdout, stderr } = await lazypull('--suffix', '-none', '--build-arg', 'TAG=1', dockerfile());
    assert.deepEqual(JSON.parse(stdout), { version: 1, rules: [] });
    assert.match(stderr, /0 of 2 images replaced\n$/);
  });

  test('one document for programs has decisions, remarks and the policy', async () => {
    const { stdout } = await lazypull('--suffix', '-esgz', '--build-arg', 'TAG=1', '--json', dockerfile());
    const { decisions, remarks, policy } = JSON.parse(stdout) as PolicyReport & { policy: PolicyDocument };
    assert.deepEqual(
      decisions.map(({ outcome }) => outcome.result),
      ['replaced', 'kept'],
    );
    assert.equal(remarks.length, 1);
    assert.equal(policy.rules.length, 3);
  });

  test('a mapping and a suffix go together', async () => {
    const mapping = write('m.toml', `[variants]\n"${registry.host}/other" = "${registry.host}/app:1-esgz"\n`);
    const args = ['--mapping', mapping, '--suffix', '-esgz', '--build-arg', 'TAG=1', dockerfile()];
    const { stderr } = await lazypull(...args);
    assert.match(stderr, /app:1: replaced by/);
    assert.match(stderr, /other:1: used as it is: \S+\/app:1-esgz was made from/);
  });

  for (const [title, args, message] of [
    [
      'nothing that says where variants are',
      ['Dockerfile'],
      /nothing says where variants are\n {2}Give --mapping FILE, --suffix/,
    ],
    ['a mapping that is not there', ['--mapping', '/nowhere.toml'], /can't read the mapping \/nowhere\.toml: ENOENT/],
    ['a suffix that is none', ['--suffix', '/'], /--suffix is not the end of a tag/],
    ['a platform that is none', ['--suffix', '-x', '--platform', 'a/b/c/d', 'D'], /not a platform/],
    ['a build context without a name', ['--suffix', '-x', '--build-context', '=a', 'D'], /--build-context wants NAME=/],
    ['a build argument without a name', ['--suffix', '-x', '--build-arg', '=1', 'D'], /--build-arg wants NAME=VALUE/],
    ['HCL', ['--suffix', '-x', 'docker-bake.hcl'], /docker buildx bake --print \| lazypull policy -/],
    ['a file that is not there', ['--suffix', '-x', '/nowhere/Dockerfile'], /can't read \/nowhere\/Dockerfile: ENOENT/],
  ] as const) {
    test(`${title} is wrong usage, and leaves no file`, async () => {
      write('D', 'FROM scratch\n');
      const output = join(dir, 'policy.json');
      const given = args.map((arg) => (arg === 'D' ? join(dir, 'D') : arg));
      const { status, stderr } = await lazypull('--output', output, ...given);
      assert.equal(status, 2);
      assert.match(stderr, message);
      assert.equal(existsSync(output), false);
    });
  }

  test('a broken mapping is told with its line', async () => {
    const mapping = write('m.toml', '[variants]\n"node" = "r.test/n"\n"No" = 1\n');
    const { status, stderr } = await lazypull('--mapping', mapping, dockerfile());
    assert.equal(status, 2);
    assert.match(stderr, /m\.toml:3: the variant of No is no text/);
  });
});
