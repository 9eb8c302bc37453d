// What can be wrong with a runner, a registry or a cache, as whole jobs: each of them works, with ordinary pulls where nothing
// else is left, and says why.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, suite, test } from 'node:test';
import {
  ActionJobs,
  cacheForMachines,
  imageName,
  registryFor,
  statusOf,
  statusStep,
  waysOf,
} from '../support/action-jobs.ts';
import { MACHINE_NODE, type Machine, machineNeeds, type MachineOptions } from '../support/machine.ts';
import type { TestRegistry } from '../support/registry.ts';
import type { JobOptions, JobResult, Step } from '../support/runner-job.ts';

const skip = machineNeeds('skopeo', 'tun', 'erofs');
const LAZY = imageName('small-esgz');
// What the last layer of the image 'small' makes of /data/one-byte.
const ONE_BYTE = 'overwritten';
const RUN: Step = { id: 'run', run: `docker run --rm ${LAZY} /bin/cat /data/one-byte` };

let jobs: ActionJobs;
before(async () => {
  if (skip === false) jobs = await ActionJobs.make();
});
after(() => jobs?.[Symbol.dispose]());

interface World {
  readonly machine: Machine;
  readonly registry: TestRegistry;
}

/** A machine of its own with a registry, for as long as `body` runs. */
async function withMachine(
  options: MachineOptions & { buildkitd?: boolean },
  body: (world: World) => Promise<void>,
): Promise<void> {
  await using machine = await jobs.machine(options);
  const registry = await registryFor(machine, {}, 'small-esgz', 'small');
  try {
    await body({ machine, registry });
  } finally {
    await registry.close();
  }
}

/** A job whose `docker run` has to work. */
async function runWorking(
  machine: Machine,
  options: Partial<JobOptions> & {
    inputs?: Readonly<Record<string, string>>;
    before?: readonly Step[];
    after?: readonly Step[];
  } = {},
): Promise<JobResult> {
  const { inputs = {}, before: first = [], after: last = [], ...rest } = options;
  const job = await jobs.run(machine, { steps: [...first, jobs.uses(inputs), RUN, ...last], ...rest });
  assert.equal(job.conclusion, 'success', job.log);
  assert.equal(job.step('run').stdout, ONE_BYTE);
  return job;
}

/** Where lazypull keeps what it has. */
async function mountSmallDisk(machine: Machine, size: string): Promise<void> {
  const place = '/var/lib/lazypull';
  await machine.run(`mkdir -p ${place} && mount -t tmpfs -o size=${size} none ${place}`, { user: 'root' });
}

const noticesOf = (job: JobResult): string =>
  job.annotations.map(({ level, message }) => `${level}: ${message}`).join('\n');

/** A job that goes on with ordinary pulls, and with `strict` fails for the same reason. */
async function runOrdinary(machine: Machine, reason: RegExp, options: Partial<JobOptions> = {}): Promise<void> {
  await using job = await runWorking(machine, options);
  assert.match(noticesOf(job), reason);
  assert.doesNotMatch(noticesOf(job), /^(warning|error)/m);
  assert.equal(job.step('lazypull').outputs['engine'], '');
  assert.match(job.post('lazypull').summary, /as usual|ordinar/i);
  await using strict = await jobs.run(machine, { steps: [jobs.uses({ strict: 'true' })], ...options });
  assert.equal(strict.conclusion, 'failure', strict.log);
  assert.match(noticesOf(strict), reason);
}

suite('A runner on which nothing can be lazy', { skip }, () => {
  test('without sudo', async () => {
    await withMachine({ sudo: false }, async ({ machine }) => {
      await runOrdinary(machine, /has to run as root.*passwordless sudo/);
    });
  });

  test('without /dev/fuse', async () => {
    await withMachine({ fuse: false }, async ({ machine }) => {
      await runOrdinary(machine, /no \/dev\/fuse.*modprobe fuse/);
    });
  });

  test('that is not Linux', async () => {
    await withMachine({}, async ({ machine }) => {
      const script = "Object.defineProperty(process, 'platform', { value: 'darwin' })";
      const preload = `--import=data:text/javascript,${encodeURIComponent(script)}`;
      // For the runner's Node alone: the steps are bash.
      await runOrdinary(machine, /needs Linux, and this runner is macOS/, { jobEnv: { NODE_OPTIONS: preload } });
    });
  });

  test('whose socket another program has taken, which keeps it', async () => {
    await withMachine({}, async ({ machine }) => {
      const path = '/run/lazypull/buildkit.sock';
      const program = `require('fs').mkdirSync('/run/lazypull');
require('net').createServer((s) => s.on('error', () => {}).end('mine')).listen('${path}', () => console.log('listening'));`;
      const taker = machine.spawn([MACHINE_NODE, '-e', program], { user: 'root' });
      try {
        await once(taker.child.stdout!, 'data');
        await using job = await runWorking(machine);
        assert.match(
          noticesOf(job),
          /^notice: Images are pulled as usual in this job: .*another process answers on .*buildkit\.sock/,
        );
        const ask = `require('net').connect('${path}').on('data', (d) => console.log(String(d)))`;
        assert.equal((await machine.run([MACHINE_NODE, '-e', ask], { user: 'root' })).stdout, 'mine\n');
      } finally {
        taker.kill();
      }
    });
  });

  test('whose disk is full', async () => {
    await withMachine({}, async ({ machine }) => {
      await mountSmallDisk(machine, '600k');
      await using job = await runWorking(machine);
      assert.match(noticesOf(job), /^notice: Images are pulled as usual in this job: .*disk is full.*free some space/s);
    });
  });

  test('whose inputs are wrong', async () => {
    await withMachine({}, async ({ machine }) => {
      await using job = await runWorking(machine, { inputs: { engine: 'podman' } });
      assert.match(noticesOf(job), /input 'engine'.*podman.*docker, buildkit, containerd/);
    });
  });
});

suite('A runner that is in the way of an engine', { skip }, () => {
  test("containerd's configuration is broken: it stays as it is, and another engine does the work", async () => {
    await withMachine({ buildkitd: true }, async ({ machine }) => {
      await machine.run('mkdir -p /etc/containerd && echo "[plugins" > /etc/containerd/config.toml', { user: 'root' });
      await using job = await runWorking(machine);
      assert.match(noticesOf(job), /docker could not be set up:.*config\.toml.*buildkit is tried instead/);
      assert.equal(job.step('lazypull').outputs['engine'], 'buildkit');
      assert.equal((await machine.run('cat /etc/containerd/config.toml')).stdout, '[plugins\n');
    });
  });

  test('containers are running: they go on, and a second Docker pulls lazily', async () => {
    await withMachine({ containersRunning: true }, async ({ machine }) => {
      await using job = await runWorking(machine, {
        after: [statusStep, { id: 'service', run: 'docker --context default ps --format "{{.Names}} {{.Status}}"' }],
      });
      assert.match(job.step('service').stdout, /^service Up/);
      assert.equal(job.step('lazypull').outputs['docker-context'], 'lazypull');
      assert.deepEqual(waysOf(statusOf(job), 'small-esgz:latest'), ['lazy']);
    });
  });
});

suite('What goes wrong behind a step that worked', { skip }, () => {
  test('the daemon dies in the middle: it comes back, and the job goes on', async () => {
    await withMachine({}, async ({ machine }) => {
      await using job = await runWorking(machine, {
        after: [
          { run: 'sudo systemctl kill --signal=KILL lazypull-action-daemon.service; sleep 2' },
          { id: 'again', run: `docker run --rm ${imageName('small')} /bin/cat /data/one-byte` },
          { id: 'lazy', run: `docker run --rm ${LAZY} /bin/cat /data/one-byte` },
          statusStep,
        ],
      });
      assert.match(noticesOf(job), /^notice: The lazypull daemon died during the job and was started again/m);
      assert.equal(job.step('again').stdout, ONE_BYTE);
      assert.equal(job.step('lazy').stdout, ONE_BYTE);
      assert.deepEqual(waysOf(statusOf(job), 'small-esgz:latest'), ['lazy']);
      assert.equal((await machine.run("docker info --format '{{.Driver}}'")).stdout.trim(), 'overlay2');
    });
  });

  test('a registry that knows no ranges sends whole layers, and the job works', async () => {
    await withMachine({}, async ({ machine, registry }) => {
      registry.knobs.noRange = true;
      await using job = await runWorking(machine);
      assert.ok(registry.log.every(({ status }) => status !== 206));
      assert.match(job.post('lazypull').summary, /came in all: a registry sent whole layers/);
      assert.deepEqual(
        job.annotations.filter(({ level }) => level !== 'notice'),
        [],
      );
    });
  });

  test('the cache service is down: told in the log, and nothing is red', async () => {
    await withMachine({}, async ({ machine }) => {
      await using cache = await cacheForMachines();
      const { url } = cache;
      const token = cache.token();
      await cache.goDown();
      await using job = await runWorking(machine, { cache: { url, token } });
      assert.doesNotMatch(noticesOf(job), /^(warning|error)/m);
      assert.equal(job.step('lazypull').outputs['cache-hit'], 'false');
      assert.match(job.log, /Cache: .*(not|nothing)/i);
    });
  });

  test('a disk that is too small for the whole image has enough for a lazy one', async () => {
    await withMachine({}, async ({ machine }) => {
      await mountSmallDisk(machine, '6m');
      await using job = await runWorking(machine, { after: [statusStep] });
      assert.deepEqual(waysOf(statusOf(job), 'small-esgz:latest'), ['lazy']);
      assert.equal(job.step('lazypull').outputs['engine'], 'docker');
    });
  });
});
