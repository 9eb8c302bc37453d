// The frontend in the BuildKit of Docker 26, which shows frontends no manifests: a variant is known by its config there.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { convert } from '../support/convert-cli.ts';
import { writeFrontendImage } from '../support/frontend.ts';
import { image } from '../support/images.ts';
import { machineNeeds, openMachine, REGISTRY_PORT, type Machine } from '../support/machine.ts';
import { TestRegistry } from '../support/registry.ts';

const HOST = `registry.test:${REGISTRY_PORT}`;
const BASE = `${HOST}/small:latest`;

suite("Docker's own BuildKit with the frontend", { skip: machineNeeds('ldd', 'tar') }, () => {
  let folder: string;
  let machine: Machine;
  let registry: TestRegistry;

  before(async () => {
    folder = await mkdtemp('/var/tmp/lazypull-e2e-');
    const layout = join(folder, 'frontend');
    await writeFrontendImage(layout);
    machine = await openMachine();
    registry = await TestRegistry.start({ address: machine.registryAddress, port: REGISTRY_PORT });
    registry.content.addLayout(layout, 'frontend');
    const { layoutDir, tag } = await image('small');
    registry.content.addLayout(layoutDir, 'small');
    await convert(`oci:${layoutDir}:${tag}`, `${registry.host}/small:latest-esgz`);
    const { digest = '' } = registry.content.lookup('small', 'latest') ?? {};
    registry.content.tag('small', 'latest-plain', digest);
  });
  after(async () => {
    await machine?.[Symbol.asyncDispose]();
    await registry?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const build = (dockerfile: string, flags = ''): ReturnType<Machine['run']> =>
    machine.run(`docker build --progress plain ${flags} -`, { input: dockerfile, check: false });

  const lazily = (suffix: string): string =>
    `# syntax=${HOST}/frontend:latest suffix=${suffix}\nFROM ${BASE}\nRUN md5sum /data/4097\n`;

  test('a variant is used, with no edit of what the Dockerfile names', async () => {
    const { status, stderr } = await build(lazily('-esgz'));
    assert.equal(status, 0, stderr);
    assert.match(stderr, /07f1a2f6528b130b9d81dd913a4706b4 {2}\/data\/4097/);
    assert.match(stderr, /\[context \S+small::linux\/\w+\] \S+small:latest-esgz@sha256:/);
    assert.doesNotMatch(stderr, /is not pulled lazily/);
  });

  test('an image that does not say what it was made from is not, with a warning that says what is missing', async () => {
    const { status, stderr } = await build(lazily('-plain'));
    assert.equal(status, 0, stderr);
    assert.match(stderr, /07f1a2f6528b130b9d81dd913a4706b4 {2}\/data\/4097/);
    assert.match(stderr, /\] FROM \S+small:latest/);
    assert.match(stderr, /this BuildKit does not show manifests to frontends/);
  });

  test('errors of the Dockerfile are shown at their line', async () => {
    const { status, stderr } = await build(`# syntax=${HOST}/frontend:latest suffix=-esgz\nFROM ${BASE}\nRUNN true\n`);
    assert.notEqual(status, 0);
    assert.match(stderr, /^ +3 \| >>> RUNN true$/m);
    assert.match(stderr, /unknown instruction: RUNN/);
  });
});
