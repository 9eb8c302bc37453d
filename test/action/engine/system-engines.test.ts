// When the machine's own daemons are told, and when something is started beside them: the decision alone. What then
// happens to real ones is in test/e2e/action-docker.test.ts and action-isolated.test.ts.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { mergeContainerdConfig } from '../../../src/install/containerd-config.ts';
import { planContainerd, setUpContainerd } from '../../../action/engine/containerd.ts';
import { setUpDocker } from '../../../action/engine/docker.ts';
import type { EngineContext } from '../../../action/engine/model.ts';
import type { ContainerdFacts, DockerFacts, Facts } from '../../../action/facts.ts';
import { Journal } from '../../../action/journal.ts';
import { CONSUMERS } from '../../../action/state.ts';
import { type Answer, fakeHost, type FakeHost } from '../../support/fake-host.ts';

const CONFIG = '/etc/containerd/config.toml';
const containerd: ContainerdFacts = {
  version: '1.7.24',
  address: '/run/containerd/containerd.sock',
  unit: 'containerd.service',
  configPath: CONFIG,
};
const docker: DockerFacts = {
  version: '28.0.4',
  driver: 'overlay2',
  containerdStore: false,
  endpoint: 'unix:///var/run/docker.sock',
  context: 'default',
  running: [],
  unfit: undefined,
  unit: 'docker.service',
};
const CONFIGURED = mergeContainerdConfig(undefined, CONFIG, {
  version: '1.7.24',
  socket: CONSUMERS.containerd,
  root: '/var/lib/lazypull',
  platform: 'linux/amd64',
}).text;
const PLUGIN = `ID:            stargz\nExports:      \n               address      ${CONSUMERS.containerd}\n`;

interface Bench extends FakeHost {
  readonly context: EngineContext;
  readonly journal: Journal;
  readonly said: string[];
}

interface Machine {
  readonly config?: string;
  readonly writable?: boolean;
  readonly plugin?: string;
  readonly facts?: Partial<Facts>;
  readonly answers?: readonly Answer[];
}

function bench({ config, writable = true, plugin = '', facts = {}, answers = [] }: Machine = {}): Bench {
  const fake = fakeHost({
    files: { [CONSUMERS.containerd]: '', ...(config === undefined ? {} : { [CONFIG]: config }) },
    answers: [
      ...answers,
      [/readlink/, `${writable ? 'yes' : 'no'}\nyes\n${CONFIG}.before-lazypull\n${CONFIG}\n`],
      [/^ctr .*plugins ls/, plugin],
    ],
  });
  const said: string[] = [];
  const journal = new Journal(() => {});
  const context = {
    ...fake,
    facts: { arch: 'x64', hosted: true, containerd, docker: undefined, ...facts },
    inputs: { cleanup: true },
    journal,
    info: (text: string) => void said.push(text),
    notice: (text: string) => void said.push(text),
    signal: new AbortController().signal,
  } as unknown as EngineContext;
  return { ...fake, context, journal, said };
}

suite("the machine's containerd", () => {
  test('is told, restarted, and asked whether it has taken it', async () => {
    const { context, commands, journal, written } = bench({ answers: [] });
    let restarted = false;
    const host: EngineContext['host'] = {
      ...context.host,
      try: async (command, options) => {
        restarted ||= command.includes('restart');
        const isPlugin = command[0] === 'ctr';
        return isPlugin && restarted
          ? { status: 0, stdout: PLUGIN, stderr: '' }
          : await context.host.try(command, options);
      },
    };
    assert.deepEqual(await setUpContainerd({ ...context, host }), {
      engine: 'containerd',
      snapshotterSocket: CONSUMERS.containerd,
      containerdAddress: '/run/containerd/containerd.sock',
      isolated: false,
      env: {},
    });
    assert.deepEqual(written, [{ path: CONFIG, text: CONFIGURED, mode: 0o644 }]);
    assert.ok(commands.includes('root: systemctl restart containerd.service'));
    assert.deepEqual(journal.steps.slice(-2), [
      { kind: 'restart', units: ['containerd.service'] },
      { kind: 'file', path: CONFIG },
    ]);
  });

  test('is left alone when it has it already, also where containers run and nothing can be written', async () => {
    const facts = { docker: { ...docker, running: ['db'] } };
    const { context, commands, journal } = bench({ config: CONFIGURED, plugin: PLUGIN, facts, writable: false });
    assert.equal((await setUpContainerd(context)).isolated, false);
    assert.deepEqual(journal.steps, []);
    assert.equal(
      commands.some((command) => / restart /.test(command)),
      false,
    );
  });

  test('is restarted, and no file written, when it was told but not yet restarted', async () => {
    const { context, commands, written } = bench({ config: CONFIGURED, plugin: '' });
    // It still has no such plugin after that.
    await assert.rejects(setUpContainerd(context), { code: 'CONFIG', message: /does not know the snapshotter stargz/ });
    assert.ok(commands.includes('root: systemctl restart containerd.service'));
    assert.deepEqual(written, []);
  });

  test('is not told of a socket that is not there', async () => {
    const { context, commands } = bench();
    const host = { ...context.host, exists: () => Promise.resolve(false) };
    await assert.rejects(setUpContainerd({ ...context, host }), { code: 'CONFIG', message: /has no socket/ });
    assert.deepEqual(commands, []);
  });

  const beside: readonly (readonly [machine: Machine, reason: RegExp])[] = [
    [{ facts: { containerd: undefined } }, /: there is none\. /],
    [{ facts: { containerd: { ...containerd, unit: undefined } } }, /: it is no service of systemd\. /],
    [{ writable: false }, /: \/etc\/containerd\/config\.toml can't be changed\. /],
    [{ facts: { docker: { ...docker, running: ['db', 'web'] } } }, /: containers run already \(db, web\)\. /],
  ];
  for (const [machine, reason] of beside) {
    test(`has one beside it, and is not touched${reason.source}`, async () => {
      const { context, commands, said, written } = bench(machine);
      // Nobody gave the one beside it a socket.
      await assert.rejects(setUpContainerd(context), /isolated\.sock/);
      assert.match(said[0] ?? '', reason);
      assert.match(said[0] ?? '', /^The machine's containerd is left as it is: .* started beside it\.$/);
      assert.deepEqual(written, []);
      assert.equal(
        commands.some((command) => / restart /.test(command)),
        false,
      );
    });
  }

  test('does not serve with the plugin of another one', async () => {
    for (const plugin of [PLUGIN.replace(CONSUMERS.containerd, '/theirs.sock'), '']) {
      const plan = await planContainerd(bench({ config: CONFIGURED, plugin }).context);
      assert.ok(!('reason' in plan));
      assert.equal(plan.serving, false);
    }
  });
});

suite("the machine's Docker", () => {
  const beside: readonly (readonly [docker: Partial<DockerFacts> | undefined, reason: RegExp])[] = [
    [undefined, /: it does not answer\. /],
    [{ unfit: 'userns-remap' }, /: it can't have this image store \(userns-remap\)\. /],
    [{ unit: undefined }, /: it is no service of systemd\. /],
    [
      { endpoint: 'unix:///run/user/1001/docker.sock' },
      /: this job uses the one at unix:.*, which is not docker\.service\. /,
    ],
  ];
  for (const [facts, reason] of beside) {
    test(`has one beside it, and is not touched${reason.source}`, async () => {
      const { context, said, written } = bench({
        facts: { docker: facts === undefined ? undefined : { ...docker, ...facts } },
      });
      await assert.rejects(setUpDocker(context));
      assert.match(said[0] ?? '', reason);
      assert.match(said[0] ?? '', /^The machine's Docker is left as it is: .* started beside it\.$/);
      assert.deepEqual(written, []);
    });
  }

  test('of another machine has nothing beside it here', async () => {
    const facts = { docker: { ...docker, endpoint: 'tcp://10.0.0.1:2375', unfit: 'another machine' } };
    const { context, commands, said } = bench({ facts });
    await assert.rejects(setUpDocker(context), {
      code: 'CONFIG',
      message: /tcp:\/\/10\.0\.0\.1:2375, on another machine/,
    });
    assert.deepEqual([commands, said], [[], []]);
  });
});
