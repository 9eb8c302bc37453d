// Engine buildkit of the action for real: its daemon, a buildkitd and a buildx builder on this machine, in the places that
// they have on a runner. Without systemd they are processes of their own; test/e2e/action-*.test.ts with a machine have it.
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { daemonStatus } from '../../action/control.ts';
import { startDaemon, type RunningDaemon } from '../../action/daemon.ts';
import { BuildkitPlace } from '../../action/engine/buildkit-config.ts';
import { setUpBuildkit } from '../../action/engine/buildkit.ts';
import type { EngineContext, EngineReady } from '../../action/engine/model.ts';
import { createHost } from '../../action/host.ts';
import type { Inputs } from '../../action/inputs.ts';
import { Journal, undoAll, type UndoStep } from '../../action/journal.ts';
import { probe } from '../../action/probe.ts';
import { CONSUMERS, Place } from '../../action/state.ts';
import { undoStep } from '../../action/undo.ts';
import { image } from '../support/images.ts';
import { layerContents } from '../support/layer-content.ts';
import { mountsBelow, unmountBelow } from '../support/mounts.ts';
import { findProgram, needs, requireProgram, toolsDir } from '../support/needs.ts';
import { TestRegistry } from '../support/registry.ts';
import { run, type RunResult } from '../support/run.ts';
import { until } from '../support/until.ts';

const required = ['root', 'fuse', 'erofs', 'runc', 'buildkitd', 'docker', 'docker-buildx'];
const taken = existsSync(Place.FOLDER) && readdirSync(Place.FOLDER).includes('owner.json');

/** Each step touches its base in other ways. */
const CHANGES = `FROM BASE
RUN /bin/echo changed > /data/one-byte && /bin/busybox rm /data/4095 && /bin/busybox chmod 700 /data/4096 && /bin/md5sum /data/big
RUN /bin/busybox rm -r /kinds && /bin/busybox mkdir /kinds && /bin/echo new > /kinds/only
RUN /bin/busybox mv /data/4097 /data/moved && /bin/busybox ln -s moved /data/4097 && /bin/busybox ln /data/empty /data/hard
COPY --from=BASE /data/big /copied
`;

const host = createHost('root');
const inputs = {
  engine: 'buildkit',
  config: '',
  configInline: 'background_fill.enabled = false\n',
  registryMirrors: {},
  images: [],
  prefetch: true,
  logLevel: 'debug',
  cleanup: true,
} as unknown as Inputs;

let dir: string;
let registry: TestRegistry;
let daemon: RunningDaemon;
let ready: EngineReady;
let context: EngineContext;
const journal = new Journal(() => {});
const said: string[] = [];
const environment: Record<string, string | undefined> = {};

/** Variables of this process for as long as the suite runs. */
function setEnvironment(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) {
    environment[name] = process.env[name];
    process.env[name] = value;
  }
}

const undo = (step: UndoStep): Promise<void> => undoStep(host, step);

/** `docker buildx build` as a later step does it. */
function build(dockerfile: string, args: readonly string[] = []): Promise<RunResult> {
  const folder = mkdtempSync(join(dir, 'context-'));
  writeFileSync(join(folder, 'Dockerfile'), dockerfile);
  const env = { ...process.env, ...ready.env };
  return run('docker', ['buildx', 'build', '--progress', 'plain', ...args, folder], { env, timeoutMs: 300_000 });
}

async function builders(): Promise<string> {
  return (await run('docker', ['buildx', 'ls'])).stdout;
}

suite('engine buildkit', { skip: needs(...required) || (taken && 'a lazypull action runs on this machine') }, () => {
  const kept = existsSync(Place.ROOT);

  before(async () => {
    dir = mkdtempSync('/var/tmp/lazypull-action-');
    registry = await TestRegistry.start();
    for (const name of ['small-esgz', 'small'] as const)
      registry.content.addLayout((await image(name)).layoutDir, name);
    mkdirSync(join(dir, 'docker', 'cli-plugins'), { recursive: true });
    symlinkSync(requireProgram('docker-buildx'), join(dir, 'docker', 'cli-plugins', 'docker-buildx'));
    setEnvironment({
      DOCKER_CONFIG: join(dir, 'docker'),
      PATH: [join(toolsDir, 'bin'), process.env['PATH'] ?? ''].join(delimiter),
      GITHUB_RUN_ID: '1',
      RUNNER_TRACKING_ID: 'github_test',
      BUILDX_BUILDER: '',
      // A difference that BuildKit can't take from the overlay is an error then.
      BUILDKIT_DEBUG_FORCE_OVERLAY_DIFF: 'true',
    });
    await run('docker', [
      'buildx',
      'create',
      '--name',
      'before',
      '--driver',
      'remote',
      '--use',
      'unix:///nowhere.sock',
    ]);
    context = {
      host,
      facts: await probe(host, process.env),
      inputs,
      journal,
      info: (text) => void said.push(text),
      notice: (text) => void said.push(text),
      signal: new AbortController().signal,
    };
    daemon = await startDaemon({ ...context, env: process.env });
    ready = await setUpBuildkit(context);
  });

  after(async () => {
    await undoAll(journal.take(), undo);
    await registry.close();
    await unmountBelow(Place.ROOT);
    if (!kept) rmSync(Place.ROOT, { recursive: true, force: true });
    rmSync(dir, { recursive: true, force: true });
    for (const [name, value] of Object.entries(environment)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  test('the daemon was started here, is lazy, and has a socket for each consumer', () => {
    assert.equal(daemon.owner, true);
    assert.match(daemon.tier, /^[AB]$/);
    assert.deepEqual(daemon.sockets, CONSUMERS);
  });

  test('buildkitd is that of the PATH, and its builder is current', async () => {
    assert.equal(context.facts.buildkitd, findProgram('buildkitd'));
    assert.deepEqual(ready, {
      engine: 'buildkit',
      snapshotterSocket: CONSUMERS.buildkit,
      builder: 'lazypull',
      isolated: false,
      env: { BUILDX_BUILDER: 'lazypull' },
    });
    assert.match(await builders(), /^lazypull\* +remote/m);
  });

  test('services have no variable of the job', () => {
    for (const step of journal.steps) {
      if (step.kind !== 'process') continue;
      const variables = readFileSync(`/proc/${step.pid}/environ`, 'latin1').split('\0');
      assert.ok(variables.some((line) => line.startsWith('PATH=')));
      assert.deepEqual(
        variables.filter((line) => /^(RUNNER|GITHUB|ACTIONS|INPUT)_/.test(line)),
        [],
      );
    }
  });

  test('a build reads its base lazily', async () => {
    registry.forget();
    const { stderr } = await build(`FROM ${registry.host}/small-esgz:latest\nRUN md5sum /data/4097 > /made\n`);
    assert.doesNotMatch(stderr, /CACHED/);
    const status = await daemonStatus(host);
    const [base] = status?.images ?? [];
    assert.equal(base?.consumer, 'buildkit');
    for (const { state, reason } of base?.layers ?? []) assert.equal(state, 'lazy', reason);
    assert.ok((base?.layers.length ?? 0) > 0);
    assert.deepEqual(status?.fallbacks, []);
    const whole = registry.log.filter(
      ({ method, path, range, bytes }) =>
        method === 'GET' && path.includes('/blobs/') && range === undefined && bytes > 10_000,
    );
    assert.deepEqual(whole, []);
  });

  test('the same build a second time is cached', async () => {
    const { stderr } = await build(`FROM ${registry.host}/small-esgz:latest\nRUN md5sum /data/4097 > /made\n`);
    assert.match(stderr, /CACHED/);
  });

  test('an ordinary base works as ever, and the daemon says why it is not lazy', async () => {
    await build(`FROM ${registry.host}/small:latest\nRUN md5sum /data/4097 > /made\n`);
    const { fallbacks = [] } = (await daemonStatus(host)) ?? {};
    assert.ok(fallbacks.some(({ kind }) => kind === 'not-estargz'));
  });

  test('the result is what an ordinary build makes', async () => {
    const made = async (name: string): Promise<Buffer> => {
      const out = join(dir, `out-${name}`);
      await build(
        `FROM ${registry.host}/${name}:latest AS base\nRUN md5sum /data/* > /made\nFROM scratch\nCOPY --from=base /made /kinds/ /\n`,
        ['--output', out],
      );
      return readFileSync(join(out, 'made'));
    };
    assert.deepEqual(await made('small-esgz'), await made('small'));
  });

  test('what a build writes over, deletes, moves and chmods is in its layers as on an ordinary base', async () => {
    const made = async (name: string): Promise<string[][]> => {
      const out = join(dir, `layout-${name}`);
      await build(CHANGES.replaceAll('BASE', `${registry.host}/${name}:latest`), [
        '--output',
        `type=oci,tar=false,dest=${out}`,
      ]);
      return await layerContents(out, 3);
    };
    const [lazy, ordinary] = [await made('small-esgz'), await made('small')];
    assert.deepEqual(lazy, ordinary);
    const [first = [], second = []] = lazy;
    assert.equal(lazy.length, 4);
    // Deleted, replaced as a whole, and nothing that was only read.
    assert.ok(first.some((line) => line.startsWith('data/.wh.4095 ')));
    assert.ok(
      second.some((line) => line.startsWith('kinds/.wh..wh..opq ')) ||
        second.some((line) => line.startsWith('kinds/.wh.')),
    );
    assert.doesNotMatch(first.join('\n'), /data\/big/);
  });

  test('services run with what was asked of BuildKit', () => {
    const texts = journal.steps.flatMap((step) =>
      step.kind === 'process' ? [readFileSync(`/proc/${step.pid}/environ`, 'latin1')] : [],
    );
    assert.equal(
      texts.filter((text) => text.includes('BUILDKIT_DEBUG_FORCE_OVERLAY_DIFF=true')).length,
      texts.length === 0 ? 0 : 1,
    );
  });

  test('a second use in the job starts nothing and undoes nothing', async () => {
    const second = new Journal(() => {});
    const again = await startDaemon({ ...context, journal: second, env: process.env });
    assert.equal(again.owner, false);
    assert.deepEqual(await setUpBuildkit({ ...context, journal: second }), ready);
    assert.deepEqual(second.steps, []);
    assert.match(said.join('\n'), /buildkitd runs already/);
  });

  test('a builder of that name that is not ours is left alone, with what to do', async () => {
    const config = join(dir, 'other');
    mkdirSync(join(config, 'cli-plugins'), { recursive: true });
    symlinkSync(requireProgram('docker-buildx'), join(config, 'cli-plugins', 'docker-buildx'));
    const mine = process.env['DOCKER_CONFIG'];
    process.env['DOCKER_CONFIG'] = config;
    try {
      await run('docker', ['buildx', 'create', '--name', 'lazypull', '--driver', 'remote', 'unix:///theirs.sock']);
      await assert.rejects(setUpBuildkit({ ...context, journal: new Journal(() => {}) }), {
        code: 'CONFIG',
        message: /unix:\/\/\/theirs\.sock[^]*docker buildx rm lazypull/,
      });
      assert.match(await builders(), /theirs\.sock/);
    } finally {
      process.env['DOCKER_CONFIG'] = mine;
    }
  });

  test('undone, nothing is left: no process, socket, builder, mount or folder', async () => {
    const processes = journal.steps.flatMap((step) => (step.kind === 'process' ? [step.pid] : []));
    assert.equal(processes.length, existsSync('/run/systemd/system') ? 0 : 2);
    assert.deepEqual(await undoAll(journal.take(), undo), []);
    for (const pid of processes) await until(() => !existsSync(`/proc/${pid}`), `the end of process ${pid}`);
    for (const path of [Place.FOLDER, Place.STATE_DIR, BuildkitPlace.ROOT]) assert.equal(existsSync(path), false, path);
    assert.deepEqual([...mountsBelow(Place.ROOT), ...mountsBelow(Place.STATE_DIR)], []);
    const left = await builders();
    assert.doesNotMatch(left, /lazypull/);
    assert.match(left, /^before\*/m);
  });
});
