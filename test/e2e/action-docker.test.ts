// Engines docker and containerd on a machine's own daemons: lazy while they are set up, and afterwards, or after a failure,
// everything as it was. Jobs with all the rest of the action are in action.test.ts; daemons of our own beside the machine's
// in action-isolated.test.ts.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, suite, test, type TestContext } from 'node:test';
import { BACKUP_SUFFIX, CONSUMERS, Place } from '../../action/state.ts';
import {
  daemonPids,
  engineDown,
  engineUp,
  LAZYPULL,
  lazyStatus,
  machineState,
  openEngineMachine,
} from '../support/engine-machine.ts';
import { containerdProgram } from '../support/containerd.ts';
import { image } from '../support/images.ts';
import { type Machine, machineNeeds, REGISTRY_PORT } from '../support/machine.ts';
import { needs, requireProgram } from '../support/needs.ts';
import { TestRegistry } from '../support/registry.ts';

const skip = machineNeeds('skopeo', 'tun', 'erofs');
const LAZY = `registry.test:${REGISTRY_PORT}/small-esgz:latest`;
const BUILT = `registry.test:${REGISTRY_PORT}/built:1`;
const CONTAINERD_TOML = '/etc/containerd/config.toml';
const DAEMON_JSON = '/etc/docker/daemon.json';
// What the last layer of the image 'small' makes of /data/one-byte.
const ONE_BYTE = 'overwritten';
const ready = {
  snapshotterSocket: CONSUMERS.containerd,
  containerdAddress: '/run/containerd/containerd.sock',
  isolated: false,
  env: {},
};

const compose = `
services:
  one:
    image: ${LAZY}
    command: ["/bin/busybox", "httpd", "-f", "-p", "80", "-h", "/data"]
    stop_signal: SIGKILL
    stop_grace_period: 0s
  two:
    image: ${LAZY}
    command: ["/bin/sh", "-c", "until /bin/busybox wget -q -O - http://one/4096 | /bin/wc -c; do /bin/sleep 0.1; done"]
    depends_on: [one]
`;
const dockerfile = `FROM ${LAZY}\nRUN /bin/md5sum /data/4097 > /data/sum && /bin/echo changed > /data/one-byte\n`;

/** What the machine reaches as registry.test, with a lazy image. */
async function startRegistry(machine: Machine): Promise<TestRegistry> {
  const registry = await TestRegistry.start({ address: machine.registryAddress, port: REGISTRY_PORT });
  // Docker's own pusher writes what is signed in its own way.
  registry.knobs.uploadExactQuery = false;
  registry.content.addLayout((await image('small-esgz')).layoutDir, 'small-esgz');
  return registry;
}

/** Layers that somebody has downloaded, not read in. */
function wholeBlobs(registry: TestRegistry): string[] {
  return registry.log.flatMap(({ method, path, range, bytes }) =>
    method === 'GET' && path.includes('/blobs/') && range === undefined && bytes > 10_000 ? [path] : [],
  );
}

/** States of the layers of the lazy image, bottom first. */
async function layerStates(machine: Machine): Promise<string[]> {
  const { images } = await lazyStatus(machine);
  return images.find(({ ref }) => ref.startsWith(LAZY))?.layers.map(({ state }) => state) ?? [];
}

suite("engine docker on the machine's own", { skip }, () => {
  let machine: Machine;
  let registry: TestRegistry;
  let asItWas: string;
  /** Another text for a file, until the end of the test. */
  const replaceFile = (t: TestContext, path: string, make: (before: string) => string): void => {
    const before = readFileSync(machine.path(path), 'utf8');
    writeFileSync(machine.path(path), make(before));
    t.after(() => writeFileSync(machine.path(path), before));
  };
  const out = async (...args: Parameters<Machine['run']>): Promise<string> =>
    (await machine.run(...args)).stdout.trim();

  before(async () => {
    machine = await openEngineMachine();
    registry = await startRegistry(machine);
    await machine.loadImage('small');
    asItWas = await machineState(machine);
  });
  after(async () => {
    await machine?.[Symbol.asyncDispose]();
    await registry?.close();
  });

  test('is set up, with copies of what it changed, and tells what is hidden', async () => {
    const up = await engineUp(machine, 'docker');
    assert.equal(up.error, undefined);
    assert.deepEqual(up.ready, { engine: 'docker', ...ready });
    assert.deepEqual(
      up.steps.flatMap((step) => (step.kind === 'remove' ? [] : [step])),
      [
        { kind: 'restart', units: ['containerd.service', 'docker.service'] },
        { kind: 'file', path: CONTAINERD_TOML, backup: CONTAINERD_TOML + BACKUP_SUFFIX },
        { kind: 'file', path: DAEMON_JSON, backup: DAEMON_JSON + BACKUP_SUFFIX },
      ],
    );
    assert.equal(up.notices.length, 1);
    assert.match(up.notices[0]!, /^Docker's other image store \(overlay2\) has 1 image\. /);
    for (const path of [CONTAINERD_TOML, DAEMON_JSON]) assert.ok(existsSync(machine.path(path + BACKUP_SUFFIX)), path);
    assert.equal(await out("docker info -f '{{.Driver}} {{.Images}}'"), 'stargz 0');
    assert.deepEqual(JSON.parse(readFileSync(machine.path(DAEMON_JSON), 'utf8')), {
      'insecure-registries': ['registry.test:5000'],
      features: { 'containerd-snapshotter': true },
      'storage-driver': 'stargz',
    });
  });

  test('runs what it has not downloaded', async () => {
    registry.forget();
    assert.equal(await out(`docker run --rm --network none ${LAZY} /bin/cat /data/one-byte`), ONE_BYTE);
    assert.deepEqual(wholeBlobs(registry), []);
    const states = await layerStates(machine);
    assert.equal(states.length, 3);
    for (const state of states) assert.match(state, /^(lazy|complete)$/);
  });

  test('brings up services that find each other', async () => {
    writeFileSync(machine.path('/home/runner/compose.yml'), compose);
    await machine.run('docker compose up --detach');
    const two = await out('docker compose ps --all --quiet two');
    assert.equal(await out(['docker', 'wait', two]), '0');
    assert.equal(await out(['docker', 'logs', two]), '4096');
    await machine.run('docker compose down --timeout 0');
  });

  test('builds on what it has not downloaded, pushes, and runs the result', async () => {
    registry.forget();
    const stages = `FROM ${LAZY} AS base\nRUN /bin/md5sum /data/4097 > /sum\nFROM scratch\nCOPY --from=base /sum /\n`;
    await machine.run('docker build -', { input: stages });
    assert.deepEqual(wholeBlobs(registry), []);
    // A base that is in the result is fetched whole, for Docker's own store.
    const output = `type=image,name=${BUILT},push=true`;
    await machine.run(`docker build --output ${output} -`, { input: dockerfile });
    assert.ok(registry.content.lookup('built', '1') !== undefined);
    assert.notDeepEqual(wholeBlobs(registry), []);
    const { stderr } = await machine.run(`docker build --progress plain -t again -`, { input: dockerfile });
    assert.match(stderr, /CACHED/);
    assert.equal(await out(`docker run --rm --network none ${BUILT} /bin/cat /data/one-byte`), 'changed');
  });

  test('a second use changes and restarts nothing, also while a container runs', async () => {
    await machine.run(`docker run -d --rm --network none --name=sleeper ${LAZY} /bin/sleep 1000`);
    const pids = await daemonPids(machine);
    const second = { journal: '/home/runner/second.json' };
    const up = await engineUp(machine, 'docker', second);
    assert.deepEqual([up.ready, up.steps, up.notices], [{ engine: 'docker', ...ready }, [], []]);
    assert.match(up.infos.join('\n'), /Docker pulls lazily already/);
    const containerd = await engineUp(machine, 'containerd', second);
    assert.deepEqual([containerd.ready, containerd.steps], [{ engine: 'containerd', ...ready }, []]);
    assert.deepEqual(await daemonPids(machine), pids);
    assert.equal(await out('docker ps --format {{.Names}}'), 'sleeper');
    assert.deepEqual(await engineDown(machine, second), []);
    assert.equal(await out("docker info -f '{{.Driver}}'"), 'stargz');
    await machine.run('docker kill sleeper');
  });

  test('undone, the machine is as it was, with its driver and its images', async () => {
    assert.deepEqual(await engineDown(machine), []);
    assert.equal(await machineState(machine), asItWas);
    assert.equal(await out('docker run --rm --network none small:latest /bin/cat /data/one-byte'), ONE_BYTE);
  });

  test('what a job leaves that dies, the next one takes back', async () => {
    const lost = await engineUp(machine, 'docker', { job: 'dies' });
    assert.equal(lost.error, undefined);
    await machine.run('sudo systemctl kill -s KILL lazypull-action-daemon; sudo systemctl stop lazypull-action-daemon');
    const next = await engineUp(machine, 'docker', { job: 'next' });
    assert.deepEqual(next.ready, { engine: 'docker', ...ready });
    assert.deepEqual(next.steps, lost.steps);
    assert.equal(await out(`docker run --rm --network none ${LAZY} /bin/cat /data/one-byte`), ONE_BYTE);
    assert.deepEqual(await engineDown(machine), []);
    assert.equal(await machineState(machine), asItWas);
  });

  test('a machine that loses its power in a job boots as it was', async () => {
    await engineUp(machine, 'docker');
    // What boots is what is on disk: everything is off, systemd reads its units, and starts what a boot starts.
    await machine.run(`sudo systemctl stop docker.socket docker containerd lazypull-action-daemon
sudo rm -r /run/lazypull-action /run/lazypull
sudo systemctl daemon-reload
sudo systemctl start multi-user.target`);
    assert.equal(await machineState(machine), asItWas);
    assert.equal(await out('systemctl show --property=Result,ExecMainStatus --value lazypull-restore'), 'success\n0');
  });

  suite('when it fails', () => {
    const second = { journal: '/home/runner/second.json' };
    before(() => engineUp(machine, 'none'));
    after(() => engineDown(machine));

    const unreadable: readonly (readonly [path: string, text: string, error: RegExp])[] = [
      [
        CONTAINERD_TOML,
        'version = 2\n[plugins\n',
        /config\.toml, line 2: [^]* Correct \/etc\/containerd\/config\.toml/,
      ],
      [DAEMON_JSON, '{\n  "a": 1,\n}\n', /daemon\.json, line 3: this is not JSON\n {2}Correct \/etc\/docker/],
    ];
    for (const [path, text, error] of unreadable) {
      test(`nothing is changed or restarted: ${path} is none`, async (t) => {
        const pids = await daemonPids(machine);
        replaceFile(t, path, () => text);
        const state = await machineState(machine);
        const up = await engineUp(machine, 'docker', second);
        assert.match(up.error ?? '', error);
        assert.deepEqual([up.steps, up.failures], [[], []]);
        assert.equal(await machineState(machine), state);
        assert.deepEqual(await daemonPids(machine), pids);
      });
    }

    test('Docker that does not come up comes back, and its log says why', async (t) => {
      const dropIn = '/etc/systemd/system/docker.service.d';
      const refuse = `/bin/sh -c 'if grep -q stargz ${DAEMON_JSON}; then echo no stargz for me; exit 1; fi'`;
      await machine.run(['mkdir', dropIn], { user: 'root' });
      writeFileSync(machine.path(`${dropIn}/refuse.conf`), `[Service]\nExecStartPre=${refuse}\n`);
      await machine.run('sudo systemctl daemon-reload');
      t.after(() => machine.run(`sudo rm -r ${dropIn}; sudo systemctl daemon-reload`));
      const state = await machineState(machine);
      const up = await engineUp(machine, 'docker', second);
      assert.match(
        up.error ?? '',
        /can't be restarted: [^]*the end of the log of docker\.service:[^]*no stargz for me/,
      );
      assert.deepEqual(up.failures, []);
      assert.equal(await machineState(machine), state);
      assert.equal(await out('docker run --rm --network none small:latest /bin/cat /data/one-byte'), ONE_BYTE);
    });

    test('a snapshotter that containerd does not load leaves nothing', async (t) => {
      const disabled = 'disabled_plugins = ["io.containerd.snapshotter.v1.stargz"]';
      replaceFile(t, CONTAINERD_TOML, (text) => `${disabled}\n${text}`);
      const state = await machineState(machine);
      const up = await engineUp(machine, 'docker', second);
      assert.match(up.error ?? '', /containerd does not know the snapshotter stargz[^]*disabled_plugins/);
      assert.deepEqual(up.failures, []);
      assert.equal(await machineState(machine), state);
      assert.equal(await out('docker run --rm --network none small:latest /bin/cat /data/one-byte'), ONE_BYTE);
    });

    test('an imported file that gives the name to another snapshotter is told of', async (t) => {
      const theirs = '[proxy_plugins.stargz]\ntype = "snapshot"\naddress = "/run/theirs.sock"\n';
      writeFileSync(machine.path('/etc/containerd/more.toml'), `version = 2\n${theirs}`);
      replaceFile(t, CONTAINERD_TOML, (text) => `imports = ["/etc/containerd/more.toml"]\n${text}`);
      const state = await machineState(machine);
      const up = await engineUp(machine, 'containerd', second);
      assert.match(up.error ?? '', /is the one at \/run\/theirs\.sock, not lazypull's [^]* imports says so too/);
      assert.deepEqual(up.failures, []);
      assert.equal(await machineState(machine), state);
    });
  });
});

suite('engine containerd', { skip }, () => {
  test("is set up without a file of its own, serves its clients, and leaves Docker's daemon alone", async () => {
    await using machine = await openEngineMachine();
    await using registry = await startRegistry(machine);
    await machine.run(`sudo rm -r /etc/containerd; sudo systemctl restart containerd`);
    const asItWas = await machineState(machine);
    const pids = await daemonPids(machine);
    const up = await engineUp(machine, 'containerd');
    assert.deepEqual([up.error, up.ready], [undefined, { engine: 'containerd', ...ready }]);
    assert.match(readFileSync(machine.path(CONTAINERD_TOML), 'utf8'), /^version = 2$/m);
    const after = await daemonPids(machine);
    assert.notEqual(after.containerd, pids.containerd);
    assert.equal(after.docker, pids.docker);
    await machine.run([...LAZYPULL, 'pull', '--config', Place.CONFIG, LAZY], { user: 'root' });
    const { stdout } = await machine.run(
      `sudo ctr run --rm --cpu-shares 0 --snapshotter stargz ${LAZY} one /bin/cat /data/one-byte`,
    );
    assert.equal(stdout, `${ONE_BYTE}\n`);
    assert.equal((await layerStates(machine)).length, 3);
    assert.ok(registry.requests() > 0);
    await machine.run(`sudo ctr images rm --sync ${LAZY}`);
    assert.deepEqual(await engineDown(machine), []);
    assert.equal(await machineState(machine), asItWas);
    assert.equal(existsSync(machine.path('/etc/containerd')), false);
  });
});

test(
  "on containerd 2 Docker is lazy, and so is containerd's own client",
  { skip: skip || needs(containerdProgram('2')) },
  async () => {
    const folder = dirname(requireProgram(containerdProgram('2')));
    const programs = ['containerd', 'ctr', 'containerd-shim-runc-v2'];
    const mounts = programs.map((name) => ({ source: join(folder, name), target: `/usr/bin/${name}` }));
    await using machine = await openEngineMachine({ mounts });
    await using registry = await startRegistry(machine);
    const asItWas = await machineState(machine);
    assert.match((await machine.run('containerd --version')).stdout, / v?2\./);
    const up = await engineUp(machine, 'docker');
    assert.deepEqual([up.error, up.ready], [undefined, { engine: 'docker', ...ready }]);
    const { stdout } = await machine.run(`docker run --rm --network none ${LAZY} /bin/cat /data/one-byte`);
    assert.equal(stdout, `${ONE_BYTE}\n`);
    await machine.run(`sudo ctr images pull --snapshotter stargz --plain-http ${LAZY}`);
    // The manifest and the configuration: no layer.
    assert.equal((await machine.run('sudo ctr content ls --quiet')).stdout.trim().split('\n').length, 2);
    assert.deepEqual(wholeBlobs(registry), []);
    await machine.run(`sudo ctr images rm --sync ${LAZY}`);
    assert.deepEqual(await engineDown(machine), []);
    assert.equal(await machineState(machine), asItWas);
  },
);
