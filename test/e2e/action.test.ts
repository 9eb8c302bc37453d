// Whole jobs on a machine with systemd, Docker and containerd: one `uses:` step, ordinary steps behind it, and the end of
// the job. What the machine was before it is afterwards.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { CONSUMERS } from '../../action/state.ts';
import {
  ActionJobs,
  cacheForMachines,
  imageIn,
  imageName,
  waysOf,
  registryFor,
  statusOf,
  statusStep,
} from '../support/action-jobs.ts';
import type { Machine } from '../support/machine.ts';
import { machineNeeds } from '../support/machine.ts';
import { layerContents } from '../support/layer-content.ts';
import type { TestRegistry } from '../support/registry.ts';
import type { JobResult, Step } from '../support/runner-job.ts';

const skip = machineNeeds('skopeo', 'tun', 'erofs');
const LAZY = imageName('small-esgz');
const ORDINARY = imageName('small');
const BUILT = 'registry.test:5000/built:1';
// What the last layer of the image 'small' makes of /data/one-byte.
const ONE_BYTE = 'overwritten';

const compose = `
services:
  one:
    image: ${LAZY}
    command: ["/bin/busybox", "httpd", "-f", "-p", "80", "-h", "/data"]
    stop_signal: SIGKILL
  two:
    image: ${BUILT}
    command: ["/bin/sh", "-c", "until /bin/busybox wget -q -O - http://one/4096 | /bin/wc -c; do /bin/sleep 0.1; done"]
    depends_on: [one]
`;

const build = `FROM ${LAZY}
RUN /bin/md5sum /data/4097 > /data/sum && /bin/echo changed > /data/one-byte
`;

/** Each step touches its base in other ways. */
const changes = (base: string): string => `FROM ${base}
RUN /bin/echo changed > /data/one-byte && /bin/busybox rm /data/4095 && /bin/busybox chmod 700 /data/4096
RUN /bin/busybox rm -r /kinds && /bin/busybox mkdir /kinds && /bin/echo new > /kinds/only
`;

/** Files and settings that a job may not change. */
const MACHINE_STATE = `
set +e +o pipefail
sudo find /etc -xdev -type f ! -path '/etc/.*' -printf '%p %m %u ' -exec sha256sum {} \\; | sort
ls /run /var/lib | grep lazypull | grep -v '^lazypull$'
docker info --format '{{.Driver}} {{len .Plugins.Volume}}'
docker image ls --format '{{.Repository}}:{{.Tag}}' | sort
docker context ls --format '{{.Name}} {{.Current}}'
ls ~/.docker/contexts/meta 2>/dev/null | wc -l
sudo iptables-save | grep -v '^#' | sed 's/\\[[0-9:]*\\]//' | sort
ip -brief link | awk '{print $1}' | sed 's/@.*//' | sort
systemctl is-active docker containerd
pgrep -a node
findmnt -rno TARGET | grep lazypull
true
`;

let jobs: ActionJobs;
before(async () => {
  if (skip === false) jobs = await ActionJobs.make();
});
after(() => jobs?.[Symbol.dispose]());

async function stateOf(machine: Machine): Promise<string> {
  return (await machine.run(MACHINE_STATE)).stdout;
}

/** Runs a job that has to succeed and has to leave nothing. */
async function runClean(machine: Machine, steps: readonly Step[], more: object = {}): Promise<JobResult> {
  const before = await stateOf(machine);
  const job = await jobs.run(machine, { steps, ...more });
  assert.equal(job.conclusion, 'success', job.log);
  assert.deepEqual(job.orphans, []);
  assert.equal(await stateOf(machine), before);
  return job;
}

suite('A job with the action', { skip }, () => {
  let machine: Machine;
  let registry: TestRegistry;

  before(async () => {
    machine = await jobs.machine({ buildkitd: true });
    registry = await registryFor(machine, {}, 'small-esgz', 'small');
    await machine.loadImage('small');
  });
  after(async () => {
    await registry?.close();
    await machine?.[Symbol.asyncDispose]();
  });

  test('docker: runs, builds, pushes and composes lazily, and leaves the machine as it was', async () => {
    await using job = await runClean(machine, [
      jobs.uses(),
      { id: 'run', run: `docker run --rm ${LAZY} /bin/cat /data/one-byte` },
      {
        id: 'build',
        run: `mkdir app && printf '%s' '${build}' > app/Dockerfile
docker build --progress plain --tag built app 2>&1
docker buildx build --progress plain --output type=image,name=${BUILT},push=true,compression=estargz,oci-mediatypes=true app 2>&1`,
      },
      { id: 'built', run: `docker run --rm ${BUILT} /bin/cat /data/one-byte` },
      {
        id: 'compose',
        run: `printf '%s' '${compose}' > compose.yml
docker compose up --abort-on-container-exit --exit-code-from two 2>&1
docker compose down`,
      },
      { id: 'ordinary', run: `docker run --rm ${ORDINARY} /bin/cat /data/one-byte` },
      {
        id: 'exports',
        run: `for base in lazy ordinary; do mkdir $base exported-$base; done
printf '%s' '${changes(LAZY)}' > lazy/Dockerfile
printf '%s' '${changes(ORDINARY)}' > ordinary/Dockerfile
for base in lazy ordinary; do
  docker buildx build --output type=oci,dest=- $base 2>$base/log | tar -x -C exported-$base
done`,
      },
      statusStep,
    ]);
    const { outputs, groups } = job.step('lazypull');
    assert.deepEqual(
      [outputs['engine'], outputs['snapshotter-socket'], outputs['builder'], outputs['docker-context']],
      ['docker', CONSUMERS.containerd, '', ''],
    );
    assert.match(outputs['tier'] ?? '', /^[AB]$/);
    assert.ok(groups.includes('Setting up docker'));
    assert.equal(job.step('run').stdout, ONE_BYTE);
    // The second build of the same, by another command.
    assert.match(job.step('build').stdout, /CACHED/);
    assert.equal(job.step('built').stdout, 'changed');
    assert.match(job.step('compose').stdout, /4096/);
    assert.equal(job.step('ordinary').stdout, ONE_BYTE);
    const status = statusOf(job);
    assert.deepEqual(waysOf(status, 'small-esgz:latest'), ['lazy']);
    assert.deepEqual(waysOf(status, 'small:latest'), ['ordinary']);
    assert.ok(registry.content.lookup('built', '1') !== undefined, 'the build was pushed');

    const [lazy, ordinary] = [
      await layerContents(join(job.workspace, 'exported-lazy'), 3),
      await layerContents(join(job.workspace, 'exported-ordinary'), 3),
    ];
    assert.equal(lazy.length, 2);
    assert.deepEqual(lazy, ordinary);

    const post = job.post('lazypull');
    assert.equal(post.conclusion, 'success', post.stdout + post.stderr);
    assert.match(post.summary, /small-esgz/);
    assert.match(post.summary, /```mermaid/);
    assert.deepEqual(
      job.annotations.filter(({ level }) => level !== 'notice'),
      [],
    );
  });

  test('buildkit: builds by its own builder, twice the same, and Docker is not touched', async () => {
    await using job = await runClean(machine, [
      { id: 'before', run: 'systemctl show --property=MainPID --value docker containerd' },
      jobs.uses({ engine: 'buildkit' }),
      {
        id: 'build',
        run: `mkdir app && printf '%s' '${build}' > app/Dockerfile
docker buildx build --progress plain --output type=oci,dest=one.tar app 2>&1
docker buildx build --progress plain --output type=oci,dest=two.tar app 2>&1
for tar in one two; do tar -xOf $tar.tar index.json | grep -o 'sha256:[0-9a-f]*'; done | uniq -c`,
      },
      statusStep,
      { id: 'after', run: 'systemctl show --property=MainPID --value docker containerd' },
    ]);
    const { outputs } = job.step('lazypull');
    assert.deepEqual([outputs['engine'], outputs['builder']], ['buildkit', 'lazypull']);
    assert.equal(job.step('before').stdout, job.step('after').stdout);
    const said = job.step('build').stdout;
    assert.match(said, /RUN .*md5sum[\s\S]*CACHED/);
    // The same image: times of the archive are of no account.
    assert.match(said, /^ +2 sha256:[0-9a-f]{64}$/m);
    // The one before was pulled by containerd.
    assert.ok(statusOf(job).images.some(({ consumer }) => consumer === 'buildkit'));
  });

  test('containerd: its own clients pull lazily, and Docker keeps its driver and its images', async () => {
    await using job = await runClean(machine, [
      jobs.uses({ engine: 'containerd', images: LAZY }),
      {
        id: 'run',
        run: `mkdir rootfs && sudo ctr images mount --snapshotter stargz ${LAZY} rootfs >&2
cat rootfs/data/one-byte
sudo ctr images unmount --rm rootfs >&2`,
      },
      { id: 'docker', run: 'docker run --rm small:latest /bin/cat /data/one-byte' },
      statusStep,
      { run: `sudo ctr images rm --sync ${LAZY}` },
    ]);
    assert.equal(job.step('lazypull').outputs['containerd-address'], '/run/containerd/containerd.sock');
    assert.equal(job.step('run').stdout, ONE_BYTE);
    assert.equal(job.step('docker').stdout, ONE_BYTE);
    assert.deepEqual(waysOf(statusOf(job), 'small-esgz:latest'), ['lazy']);
  });

  test('used twice in a job, the second use changes nothing and its end takes nothing away', async () => {
    await using job = await runClean(machine, [
      jobs.uses(),
      { ...jobs.uses(), id: 'again' },
      { id: 'run', run: `docker run --rm ${LAZY} /bin/cat /data/one-byte` },
    ]);
    assert.equal(job.step('run').stdout, ONE_BYTE);
    assert.equal(job.step('again').outputs['engine'], 'docker');
    assert.ok(job.step('again').durationMs < 5000);
    assert.equal(job.post('again').summary, '');
    assert.match(job.post('lazypull').summary, /small-esgz/);
  });
});

suite('A machine of its own', { skip }, () => {
  test('credentials of a login behind the step reach the daemon, and are in no log', async () => {
    const auth = { kind: 'basic', username: 'robot', password: 'only-for-this-registry' } as const;
    await using machine = await jobs.machine();
    const registry = await registryFor(machine, { auth }, 'small-esgz');
    try {
      await using job = await runClean(
        machine,
        [
          jobs.uses({ 'log-level': 'trace' }),
          { id: 'without', run: `docker pull ${LAZY} 2>&1`, continueOnError: true },
          {
            run: `echo ${auth.password} | docker login --username ${auth.username} --password-stdin registry.test:5000`,
          },
          { id: 'run', run: `docker run --rm ${LAZY} /bin/cat /data/one-byte` },
          statusStep,
          { id: 'log', run: 'sudo cat /run/lazypull-action/daemon.log' },
        ],
        { debug: true },
      );
      assert.equal(job.step('without').outcome, 'failure');
      assert.equal(job.step('run').stdout, ONE_BYTE);
      assert.deepEqual(waysOf(statusOf(job), 'small-esgz:latest'), ['lazy']);
      assert.ok(job.step('log').stdout.length > 0);
      const encoded = Buffer.from(`${auth.username}:${auth.password}`).toString('base64');
      for (const secret of [auth.password, encoded]) {
        assert.ok(!job.step('log').stdout.includes(secret));
        assert.ok(!job.post('lazypull').stdout.includes(secret));
      }
    } finally {
      await registry.close();
    }
  });

  test('with cleanup: false everything stays, and the next job finds it', async () => {
    await using machine = await jobs.machine();
    const registry = await registryFor(machine, {}, 'small-esgz');
    try {
      const run: Step = { id: 'run', run: `docker run --rm ${LAZY} /bin/cat /data/one-byte` };
      await using first = await jobs.run(machine, { steps: [jobs.uses({ cleanup: 'false' }), run] });
      assert.equal(first.conclusion, 'success', first.log);
      assert.match(first.post('lazypull').summary, /small-esgz/);
      // Behind the job, of which nothing is left on the disk.
      rmSync(join(first.dir, 'work'), { recursive: true });
      assert.equal((await machine.run(`docker run --rm ${LAZY} /bin/cat /data/one-byte`)).stdout.trim(), ONE_BYTE);
      await using second = await jobs.run(machine, { steps: [jobs.uses({ cleanup: 'false' }), run, statusStep] });
      assert.equal(second.conclusion, 'success', second.log);
      assert.match(second.log, /A daemon answers already/);
      assert.deepEqual(waysOf(statusOf(second), 'small-esgz:latest'), ['lazy']);
      // It was there already.
      assert.match(second.post('lazypull').summary, /No image was pulled through lazypull in this job/);
    } finally {
      await registry.close();
    }
  });
});

suite('The next run of a job', { skip }, () => {
  test('starts from the cache: what it reads of its layers is asked of nobody', async () => {
    await using cache = await cacheForMachines();
    const steps: Step[] = [
      jobs.uses(),
      { id: 'run', run: `docker run --rm ${LAZY} /bin/cat /data/one-byte` },
      statusStep,
    ];
    const runs = [];
    for (const _ of ['first', 'second']) {
      await using machine = await jobs.machine();
      await using closing = new AsyncDisposableStack();
      const registry = await registryFor(machine, {}, 'small-esgz');
      closing.defer(() => registry.close());
      const token = cache.token();
      await using job = await jobs.run(machine, { steps, cache: { url: cache.url, token } });
      assert.equal(job.conclusion, 'success', job.log);
      assert.equal(job.step('run').stdout, ONE_BYTE);
      const blobs = registry.log.filter(({ path }) => path.includes('/blobs/')).length;
      runs.push({
        hit: job.step('lazypull').outputs['cache-hit'],
        blobs,
        image: imageIn(statusOf(job), 'small-esgz:latest'),
      });
    }
    const [first, second] = runs;
    assert.deepEqual([first?.hit, second?.hit], ['false', 'true']);
    assert.equal(cache.entries.length, 1);
    assert.ok(second!.image.layers.some(({ restoredBytes }) => restoredBytes > 0));
    assert.deepEqual(
      second!.image.layers.map(({ requests }) => requests),
      [0, 0, 0],
    );
    assert.ok(second!.blobs < first!.blobs, `${second!.blobs} of ${first!.blobs}`);
  });
});
