import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseBuilder, REMOVE, useBuilder, type BuilderOptions } from '../../../action/engine/buildx.ts';
import { Journal } from '../../../action/journal.ts';
import { type Answer, fakeHost, type FakeHost } from '../../support/fake-host.ts';

const ENDPOINT = 'unix:///run/lazypull-action/buildkitd.sock';

/** As `docker buildx inspect` prints one. */
function builder(name: string, driver: string, endpoint: string): string {
  return `Name:          ${name}\nDriver:        ${driver}\nLast Activity: 2026-08-01 10:00:00 +0000 UTC\n
Nodes:
Name:      ${name}0
Endpoint:  ${endpoint}
Status:    running
Platforms: linux/amd64\n`;
}

const OURS = builder('lazypull', 'remote', ENDPOINT);
const NONE: Answer = [/inspect lazypull$/, { status: 1, stderr: 'no builder "lazypull" found' }];
const DEFAULT: Answer = [/inspect$/, builder('default', 'docker', 'default')];

async function use(
  answers: readonly Answer[],
  more: Partial<BuilderOptions> = {},
): Promise<FakeHost & { journal: Journal }> {
  const fake = fakeHost({ answers });
  const journal = new Journal(() => {});
  await useBuilder(fake.host, journal, { endpoint: ENDPOINT, load: false, reuse: false, ...more });
  return { ...fake, journal };
}

const changes = ({ commands }: FakeHost): string[] => commands.filter((command) => !/inspect/.test(command));
const CREATE = 'docker buildx create --name lazypull --driver remote';
const REMOVED = { kind: 'command', command: REMOVE, root: false };

suite('the buildx builder', () => {
  test('is made current, as the user, and removed in the end', async () => {
    const used = await use([NONE, DEFAULT]);
    assert.deepEqual(changes(used), [`${CREATE} --use ${ENDPOINT}`]);
    assert.deepEqual(used.journal.steps, [REMOVED]);
  });

  test('gives way to the one that was current before', async () => {
    const used = await use([NONE, [/inspect$/, builder('mine', 'docker-container', 'unix:///var/run/docker.sock')]]);
    const before = { kind: 'command', command: ['docker', 'buildx', 'use', 'mine'], root: false };
    assert.deepEqual(used.journal.steps, [before, REMOVED]);
  });

  test('loads results into Docker where there is one', async () => {
    const used = await use([NONE, DEFAULT], { load: true });
    assert.deepEqual(changes(used), [`${CREATE} --driver-opt default-load=true --use ${ENDPOINT}`]);
  });

  test('does without loading where buildx refuses it at once', async () => {
    const refused = { status: 1, stderr: 'invalid driver option default-load for remote driver' };
    const used = await use([NONE, DEFAULT, [/create .*default-load/, refused]], { load: true });
    assert.equal(changes(used).at(-1), `${CREATE} --use ${ENDPOINT}`);
  });

  test('does without loading where buildx refuses it when it starts', async () => {
    let inspected = 0;
    const fake = fakeHost({ answers: [NONE, DEFAULT] });
    const tryRun: typeof fake.host.try = (command, options) =>
      /--bootstrap/.test(command.join(' ')) && inspected++ === 0
        ? Promise.resolve({ status: 1, stdout: '', stderr: 'invalid driver option default-load for remote driver' })
        : fake.host.try(command, options);
    await useBuilder({ ...fake.host, try: tryRun }, new Journal(() => {}), {
      endpoint: ENDPOINT,
      load: true,
      reuse: false,
    });
    assert.deepEqual(changes(fake), [
      `${CREATE} --driver-opt default-load=true --use ${ENDPOINT}`,
      'docker buildx rm --force lazypull',
      `${CREATE} --use ${ENDPOINT}`,
    ]);
  });

  test('of this job is used again, and another step removes it', async () => {
    const used = await use([[/inspect/, OURS]], { reuse: true });
    assert.deepEqual(changes(used), []);
    assert.deepEqual(used.journal.steps, []);
  });

  test('of a job that died is made anew', async () => {
    const used = await use([[/inspect lazypull$/, OURS], DEFAULT]);
    assert.deepEqual(changes(used), ['docker buildx rm --force lazypull', `${CREATE} --use ${ENDPOINT}`]);
    assert.deepEqual(used.journal.steps, [REMOVED]);
  });

  for (const endpoint of ['unix:///theirs.sock', 'tcp://10.0.0.1:1234']) {
    test(`for ${endpoint} is somebody else's, and stays`, async () => {
      const answers: Answer[] = [[/inspect lazypull$/, builder('lazypull', 'remote', endpoint)]];
      const fake = fakeHost({ answers });
      const journal = new Journal(() => {});
      await assert.rejects(useBuilder(fake.host, journal, { endpoint: ENDPOINT, load: false, reuse: true }), {
        code: 'CONFIG',
        message: new RegExp(`${endpoint}[^]*docker buildx rm lazypull`),
      });
      assert.deepEqual([changes(fake), journal.steps], [[], []]);
    });
  }

  test('that does not boot fails with what buildx says', async () => {
    const answers: Answer[] = [NONE, DEFAULT, [/--bootstrap/, { status: 1, stderr: 'no such socket' }]];
    await assert.rejects(use(answers), /no such socket/);
  });

  test('is read from what buildx prints', () => {
    assert.deepEqual(parseBuilder(OURS), { name: 'lazypull', endpoints: [ENDPOINT] });
    assert.deepEqual(parseBuilder('Name:   x\nDriver: remote\n'), { name: 'x', endpoints: [] });
    assert.equal(parseBuilder('ERROR: no builder "x" found'), undefined);
  });
});
