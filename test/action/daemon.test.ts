import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { type DaemonContext, daemonProgram, obstacleOfDaemon, startDaemon } from '../../action/daemon.ts';
import type { Facts } from '../../action/facts.ts';
import type { Inputs } from '../../action/inputs.ts';
import { Journal } from '../../action/journal.ts';
import { pullImages } from '../../action/pull-images.ts';
import { CONSUMERS, Place } from '../../action/state.ts';
import { fakeHost, type FakeHost, type FakeMachine } from '../support/fake-host.ts';

const STATUS = JSON.stringify({
  version: '0.0.9',
  tier: 'A',
  tierReason: 'EROFS mounts files',
  consumers: [{ name: 'containerd', socket: '/run/lazypull/snapshotter.sock', snapshots: 0 }],
});
const SOCKETS = Object.fromEntries(Object.values(CONSUMERS).map((path) => [path, '']));
const STORE = '/var/lib/lazypull/snapshotter/buildkit';
const ENV = { GITHUB_RUN_ID: '7', GITHUB_RUN_ATTEMPT: '1', GITHUB_JOB: 'test', RUNNER_TRACKING_ID: 'github_1' };

interface Started extends FakeHost {
  readonly context: DaemonContext;
  readonly said: string[];
}

function machine(more: FakeMachine, inputs: Partial<Inputs> = {}): Started {
  const fake = fakeHost({
    ...more,
    files: { '/run/systemd/system': '', ...more.files },
    answers: [...(more.answers ?? []), [/^systemctl show .*LoadState/, 'not-found\n'], [/^systemctl show/, 'active\n']],
  });
  const said: string[] = [];
  const context = {
    host: fake.host,
    facts: {} as Facts,
    inputs: {
      config: '',
      configInline: '',
      registryMirrors: {},
      prefetch: true,
      logLevel: 'info',
      cleanup: true,
      ...inputs,
    } as Inputs,
    journal: new Journal(() => {}),
    env: ENV,
    info: (text: string) => void said.push(text),
    notice: (text: string) => void said.push(`notice: ${text}`),
    signal: new AbortController().signal,
    program: ['/node', '/lazypull.js'],
  };
  return { ...fake, context, said };
}

const starts = ({ commands }: FakeHost): boolean => commands.some((command) => command.includes('systemd-run'));
const ownerFile = (job: string, cleanup: boolean): Record<string, string> => ({
  [Place.CONTROL]: '',
  [`${Place.FOLDER}/owner.json`]: JSON.stringify({ job, cleanup }),
});
const JOB = '7/1/test/github_1';

suite('a daemon that answers already', () => {
  for (const [name, files] of [
    ['of the machine', { [Place.CONTROL]: '' }],
    ['of this job', ownerFile(JOB, true)],
    ['of an earlier job that was to stay', ownerFile('6/1/other/github_0', false)],
  ] as const) {
    test(`${name} is used as it is, and is not this step's to stop`, async () => {
      const fake = machine({ files, answers: [[/status --json/, STATUS]] });
      const daemon = await startDaemon(fake.context);
      assert.deepEqual(daemon, {
        owner: false,
        version: '0.0.9',
        tier: 'A',
        tierReason: 'EROFS mounts files',
        sockets: { containerd: '/run/lazypull/snapshotter.sock' },
      });
      assert.equal(starts(fake), false);
      assert.deepEqual(fake.context.journal.steps, []);
      assert.match(fake.said.join(), /0\.0\.9/);
    });
  }

  test('of a job that died is replaced', async () => {
    const files = { ...ownerFile('6/1/other/github_0', true), ...SOCKETS };
    const fake = machine({ files, answers: [[/status --json/, STATUS]] });
    assert.equal((await startDaemon(fake.context)).owner, true);
    assert.ok(starts(fake));
  });
});

suite('a daemon of our own', () => {
  test('is started as a notifying unit with our configuration, and journalled before', async () => {
    let asked = 0;
    const fake = machine({ files: SOCKETS, answers: [[/status --json/, STATUS]] });
    const exists = fake.host.exists.bind(fake.host);
    // The control socket is there only once the unit runs.
    const host = {
      ...fake.host,
      exists: (path: string) =>
        path === Place.CONTROL && asked++ === 0
          ? Promise.resolve(false)
          : path === Place.CONTROL
            ? Promise.resolve(true)
            : exists(path),
    };
    const daemon = await startDaemon({ ...fake.context, host });
    assert.equal(daemon.owner, true);
    const command = fake.commands.find((line) => line.includes('systemd-run')) ?? '';
    assert.match(
      command,
      /--unit=lazypull-action-daemon\.service .*Type=notify.* -- \/node \/lazypull\.js daemon --config \/run\/lazypull-action\/config\.toml$/,
    );
    assert.deepEqual(fake.context.journal.steps, [
      { kind: 'remove', path: Place.FOLDER },
      { kind: 'remove', path: Place.STATE_DIR },
      { kind: 'remove', path: STORE },
      { kind: 'unit', name: 'lazypull-action-daemon.service' },
    ]);
    assert.ok(fake.written.some(({ path }) => path === Place.CONFIG));
  });

  test('leaves the folder of its sockets to whoever has it, until it serves there itself', async () => {
    const theirs = { [Place.STATE_DIR]: '' };
    const refused = machine({ files: theirs, answers: [[/^systemd-run/, { status: 1, stderr: 'taken' }]] });
    await assert.rejects(startDaemon(refused.context), /taken/);
    assert.deepEqual(
      refused.context.journal.steps.filter((step) => step.kind === 'remove').map(({ path }) => path),
      [Place.FOLDER],
    );
    const served = machine({
      files: { ...theirs, ...SOCKETS, [Place.CONTROL]: '' },
      answers: [[/status --json/, STATUS]],
    });
    // Another job's, which died.
    await served.host.write(`${Place.FOLDER}/owner.json`, JSON.stringify({ job: 'other', cleanup: true }));
    await startDaemon(served.context);
    // Undone from the end: first the daemon is stopped.
    assert.deepEqual(
      served.context.journal.steps.map((step) => (step.kind === 'remove' ? step.path : step.kind)),
      [Place.FOLDER, Place.STATE_DIR, STORE, 'unit'],
    );
  });

  for (const [name, files, isTaken] of [
    ['are taken away with the job', {}, true],
    ["are left where they are a service's of the machine", { [STORE]: '' }, false],
    ['that a job left which died are taken away', { [STORE]: '', ...ownerFile('6/1/other/github_0', true) }, true],
  ] as const) {
    test(`snapshots of a buildkitd ${name}`, async () => {
      let asked = 0;
      const all = { ...SOCKETS, ...files, [Place.CONTROL]: '' };
      const fake = machine({ files: all, answers: [[/status --json/, STATUS]] });
      const host = {
        ...fake.host,
        // Nobody answers until it has been started.
        exists: (path: string) =>
          path === Place.CONTROL && asked++ === 0 ? Promise.resolve(false) : fake.host.exists(path),
      };
      await startDaemon({ ...fake.context, host });
      const removed = fake.context.journal.steps.map((step) => (step.kind === 'remove' ? step.path : ''));
      assert.equal(removed.includes(STORE), isTaken);
    });
  }

  test('is not started with a wrong configuration: nothing is changed', async () => {
    const fake = machine({}, { configInline: 'nonsense = 1' });
    await assert.rejects(startDaemon(fake.context), { code: 'CONFIG', message: /input 'config-inline':1: nonsense/ });
    assert.deepEqual([fake.commands, fake.written, fake.context.journal.steps], [[], [], []]);
  });

  test('takes a configuration of the workspace, and says where it looked when there is none', async () => {
    const workspace = mkdtempSync(join(tmpdir(), 'lazypull-workspace-'));
    try {
      writeFileSync(join(workspace, 'lazypull.toml'), 'root = "/x"\nfuse.workers = 99\n');
      const env = { ...ENV, GITHUB_WORKSPACE: workspace };
      const wrong = machine({}, { config: 'lazypull.toml' });
      await assert.rejects(startDaemon({ ...wrong.context, env }), {
        message: /input 'config': lazypull\.toml:2: fuse\.workers/,
      });
      const missing = machine({}, { config: 'other.toml' });
      await assert.rejects(startDaemon({ ...missing.context, env }), {
        code: 'CONFIG',
        message: /input 'config': can't read .*other\.toml \(ENOENT\)[^]*actions\/checkout/,
      });
    } finally {
      rmSync(workspace, { recursive: true });
    }
  });

  test('that can mount nothing is an obstacle, with its own reason', () => {
    assert.match(obstacleOfDaemon({ tier: 'D', tierReason: 'the kernel has no EROFS' })?.reason ?? '', /has no EROFS/);
    assert.equal(obstacleOfDaemon({ tier: 'B', tierReason: '' }), undefined);
  });
});

suite("the daemon's program", () => {
  const inputs = (cleanup: boolean): Inputs => ({ cleanup }) as Inputs;

  test('is the one beside the action when the job stops it', async () => {
    const { host, commands } = fakeHost({});
    assert.deepEqual(await daemonProgram(host, { inputs: inputs(true), program: ['/n', '/d/lazypull.js'] }), [
      '/n',
      '/d/lazypull.js',
    ]);
    assert.deepEqual(commands, []);
  });

  test('is a copy that belongs to root when it outlives the job', async () => {
    const { host, commands } = fakeHost({ files: { '/n': 'node', '/d': 'dist' } });
    const program = await daemonProgram(host, { inputs: inputs(false), program: ['/n', '/d/lazypull.js'] });
    assert.match(
      program.join(' '),
      /^\/var\/lib\/lazypull\/program\/[\d.]+\/node \/var\/lib\/lazypull\/program\/[\d.]+\/dist\/lazypull\.js$/,
    );
    assert.ok(commands.some((command) => command.startsWith('root: chown -R 0:0 /var/lib/lazypull/program/')));
  });

  test('of the sources stays where it is', async () => {
    const { host } = fakeHost({});
    assert.deepEqual(await daemonProgram(host, { inputs: inputs(false), program: ['/n', '/src/main.ts'] }), [
      '/n',
      '/src/main.ts',
    ]);
  });
});

suite('images that are wanted early', () => {
  const engine = {
    engine: 'docker',
    snapshotterSocket: '',
    isolated: false,
    env: { DOCKER_HOST: 'unix:///x' },
  } as const;

  function pull(more: Partial<Parameters<typeof pullImages>[0]>, fake: FakeHost): Promise<string[]> {
    const said: string[] = [];
    const context = {
      host: fake.host,
      engine,
      images: ['a:1', 'b:1', 'a:1'],
      env: {},
      info: (text: string) => void said.push(text),
      notice: (text: string) => void said.push(`notice: ${text}`),
      program: ['/node', '/lazypull.js'],
      ...more,
    };
    return pullImages(context).then(() => said);
  }

  test('docker pulls them as the user, each once', async () => {
    const fake = fakeHost({});
    const said = await pull({}, fake);
    assert.deepEqual(fake.commands, ['docker pull --quiet -- a:1', 'docker pull --quiet -- b:1']);
    assert.match(said.join('\n'), /pulled a:1 in/);
  });

  test('containerd gets them by lazypull, as root', async () => {
    const fake = fakeHost({});
    await pull(
      { engine: { ...engine, engine: 'containerd', containerdAddress: '/run/c.sock' }, images: ['a:1'] },
      fake,
    );
    assert.deepEqual(fake.commands, [
      'root: /node /lazypull.js pull --config /run/lazypull-action/config.toml --address /run/c.sock -- a:1',
    ]);
  });

  test('BuildKit pulls nothing, and that is said', async () => {
    const fake = fakeHost({});
    assert.match((await pull({ engine: { ...engine, engine: 'buildkit' } }, fake)).join(), /^notice: input 'images'/);
    assert.deepEqual(fake.commands, []);
  });

  test('one that fails is a notice, and the others are pulled', async () => {
    const fake = fakeHost({ answers: [[/a:1$/, { status: 1, stderr: 'x\nmanifest unknown\n' }]] });
    const said = await pull({}, fake);
    assert.match(said.join('\n'), /notice: input 'images': a:1 could not be pulled: manifest unknown/);
    assert.match(said.join('\n'), /pulled b:1/);
  });

  test('without any nothing happens', async () => {
    const fake = fakeHost({});
    assert.deepEqual(await pull({ images: [] }, fake), []);
  });
});
