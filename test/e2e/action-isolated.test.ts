// A containerd and a dockerd beside the machine's own, while a container with a published port runs in the latter, as one
// of `services:` does. It has to answer all the time, and nothing may be left afterwards.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { after, before, suite, test } from 'node:test';
import { BRIDGE, IsolatedPlace } from '../../action/engine/isolated-place.ts';
import type { UndoStep } from '../../action/journal.ts';
import { CONSUMERS, Place } from '../../action/state.ts';
import type { DaemonStatus } from '../../src/daemon/status.ts';
import { image } from '../support/images.ts';
import type { IsolatedUp } from '../support/isolated-main.ts';
import { type Machine, MACHINE_NODE, machineNeeds, openMachine, REGISTRY_PORT } from '../support/machine.ts';
import { NameServer } from '../support/name-server.ts';
import { TestRegistry } from '../support/registry.ts';

const project = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
/** Where the machine sees it. */
const INSIDE = '/srv/lazypull';
const LAZY = `registry.test:${REGISTRY_PORT}/small-esgz:latest`;
const ENDPOINT = `unix://${IsolatedPlace.DOCKER_SOCKET}`;
// What the last layer of the image 'small' makes of /data/one-byte.
const ONE_BYTE = 'overwritten';
const SERVE = '/bin/busybox httpd -f -p 80 -h /data';
const WGET = '/bin/busybox wget -q -O -';
/** Runs until it is killed, and does not mind SIGTERM. */
const SLEEP = '/bin/sh -c "trap : TERM; while /bin/true; do /bin/sleep 1; done"';
const skip = machineNeeds('skopeo');

const compose = (outside: string): string => `
services:
  one:
    image: ${LAZY}
    command: ["/bin/busybox", "httpd", "-f", "-p", "80", "-h", "/data"]
    stop_signal: KILL
  two:
    image: ${LAZY}
    command: ["/bin/sh", "-c", "until ${WGET} http://one/4096 | /bin/wc -c; do /bin/sleep 0.1; done; ${WGET} ${outside}"]
    depends_on: [one]
`;

// Everything that has to be the same afterwards, without numbers that count. What stays is the daemon's cache, and the
// folder that runc makes for itself in every build.
const STATE = `
iptables-save | sed 's/ \\[[0-9:]*\\]//; /^#/d'; ip6tables-save | sed 's/ \\[[0-9:]*\\]//; /^#/d'
ip -oneline link; ip -4 -oneline address; cat /proc/sys/net/ipv4/ip_forward
systemctl show containerd docker --property=Id,MainPID,NRestarts
systemctl list-units --all --plain --no-legend 'lazypull*'
cut -d ' ' -f 4- /proc/self/mountinfo | sort
find /etc -printf '%p %m %U %G %l %y\\n' | sort; find /etc -type f -exec sha256sum {} + | sort
ls /run /opt /var/lib | grep -vE '^(lazypull|runc)$' | sort; ls /run/lazypull /var/lib/lazypull/m 2>/dev/null || true
ps -eo comm= | grep -E '^(containerd|dockerd|docker-proxy|busybox|sh|node|runc)' | sort
docker --context default ps --format '{{.Names}} {{.Status}}' | sed 's/Up .*/Up/'
docker --context default network ls --format '{{.Name}}' | sort
`;

let machine: Machine;
let registry: TestRegistry;
let names: NameServer;
let outside: Server;
let watch: Watch;
const seen: string[] = [];

/** Asks the service for its page again and again, from the machine itself and from outside. */
interface Watch {
  readonly stop: () => Promise<{ readonly answers: number; readonly failures: readonly string[] }>;
}

function watchService(): Watch {
  const inside = machine.spawn(
    'while :; do curl -sS --max-time 5 http://localhost:8080/one-byte 2>&1 || echo; sleep 0.2; done',
  );
  let text = '';
  inside.child.stdout?.on('data', (data: Buffer) => (text += data.toString()));
  const ended = new AbortController();
  const failures: string[] = [];
  let answers = 0;
  const loop = (async () => {
    while (!ended.signal.aborted) {
      const page = await get(`http://${machine.address}:8080/one-byte`).catch((error: unknown) => String(error));
      if (page === ONE_BYTE) answers++;
      else failures.push(`from outside: ${page}`);
      await sleep(100);
    }
  })();
  return {
    stop: async () => {
      ended.abort();
      await loop;
      inside.kill();
      const lines = text.split('\n').slice(0, -1);
      const wrong = lines.filter((line) => line !== ONE_BYTE).map((line) => `from the machine: ${line}`);
      return { answers: Math.min(answers, lines.length), failures: [...failures, ...wrong] };
    },
  };
}

async function get(url: string): Promise<string> {
  // No keep-alive: a new connection goes through all rules.
  const response = await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(5000) });
  return (await response.text()).trim();
}

async function out(...args: Parameters<Machine['run']>): Promise<string> {
  return (await machine.run(...args)).stdout.trim();
}

/** A step of a job that sets an engine up. Steps of one job have the same number. */
async function up(engine: 'docker' | 'containerd', job: number, env: Record<string, string> = {}): Promise<IsolatedUp> {
  const command = [MACHINE_NODE, `${INSIDE}/test/support/isolated-main.ts`, 'up', engine];
  return JSON.parse(await out(command, { env: { GITHUB_RUN_ID: `${job}`, ...env } })) as IsolatedUp;
}

/** Its post. @returns what could not be undone. */
async function down({ steps }: { readonly steps: readonly UndoStep[] }): Promise<string[]> {
  const command = [MACHINE_NODE, `${INSIDE}/test/support/isolated-main.ts`, 'down'];
  return JSON.parse(await out(command, { input: JSON.stringify(steps) })) as string[];
}

async function stateOf(): Promise<string[]> {
  const ofRoot = await out(STATE, { user: 'root' });
  const contexts = await out("docker context ls --format '{{.Name}} {{.DockerEndpoint}} {{.Current}}'");
  return [...ofRoot.split('\n'), ...contexts.split('\n')];
}

async function assertAsBefore(before: readonly string[]): Promise<void> {
  const now = await stateOf();
  const gone = before.filter((line) => !now.includes(line));
  const left = now.filter((line) => !before.includes(line));
  assert.deepEqual({ gone, left }, { gone: [], left: [] });
  assert.equal(now.join('\n'), before.join('\n'));
}

async function daemonStatus(): Promise<DaemonStatus> {
  const command = ['sudo', MACHINE_NODE, `${INSIDE}/src/cli/main.ts`, 'status', '--json', '--socket', Place.CONTROL];
  return JSON.parse(await out(command)) as DaemonStatus;
}

async function assertLazy(): Promise<void> {
  const { images, fallbacks } = await daemonStatus();
  const found = images.find(({ ref }) => ref.includes('small-esgz')) ?? assert.fail('the image is not there');
  assert.equal(found.consumer, 'isolated');
  assert.equal(found.layers.length, 3);
  // A small layer is complete as soon as it is read; what was unpacked is `ordinary`.
  for (const { state, reason } of found.layers) assert.match(state, /^(lazy|complete)$/, reason);
  assert.ok(found.layers.some(({ state }) => state === 'lazy'));
  assert.deepEqual(fallbacks, []);
  const whole = registry.log.filter(
    ({ method, path, range, bytes }) =>
      method === 'GET' && path.includes('/blobs/') && range === undefined && bytes > 10_000,
  );
  assert.deepEqual(whole, []);
}

/** How many snapshots of the isolated containerd the daemon's store has, which outlives both. */
async function snapshotsLeft(): Promise<string> {
  const path = `${Place.ROOT}/snapshotter/isolated/metadata.db`;
  const count = `const { DatabaseSync } = require('node:sqlite');
    const database = new DatabaseSync(${JSON.stringify(path)}, { readOnly: true });
    console.log(database.prepare('SELECT count(*) AS count FROM snapshot').get().count)`;
  return await out([MACHINE_NODE, '--eval', count], { user: 'root' });
}

suite('while a container of the machine runs', { skip }, () => {
  let state: string[];
  let first: IsolatedUp;

  before(async () => {
    machine = await openMachine({ mounts: [{ source: project, target: INSIDE }] });
    registry = await TestRegistry.start({ address: machine.registryAddress, port: REGISTRY_PORT });
    registry.content.addLayout((await image('small-esgz')).layoutDir, 'small-esgz');
    names = await NameServer.start(machine.registryAddress, { 'outside.test': machine.registryAddress });
    writeFileSync(machine.path('/etc/resolv.conf'), `nameserver ${machine.registryAddress}\n`);
    outside = createServer((request, response) => {
      seen.push(request.socket.remoteAddress ?? '');
      response.end('the world\n');
    });
    outside.listen(0, machine.registryAddress);
    await once(outside, 'listening');
    await machine.loadImage('small');
    // As the runner makes one for a job with services.
    await machine.run('docker network create github_network_0');
    await machine.run(`docker run -d --name service --network github_network_0 -p 8080:80 small:latest ${SERVE}`);
    state = await stateOf();
    watch = watchService();
  });
  after(async () => {
    await watch?.stop();
    await machine?.[Symbol.asyncDispose]();
    await registry?.close();
    await names?.[Symbol.asyncDispose]();
    outside?.close();
  });

  const world = (): string => {
    const address = outside.address();
    return `http://outside.test:${typeof address === 'object' ? address?.port : ''}/`;
  };

  test('a second Docker is there, with its storage in our snapshotter, and its context is current', async () => {
    first = await up('docker', 1);
    assert.deepEqual(first.ready, {
      engine: 'docker',
      snapshotterSocket: CONSUMERS.isolated,
      containerdAddress: IsolatedPlace.CONTAINERD_SOCKET,
      dockerContext: 'lazypull',
      isolated: true,
      env: {},
    });
    assert.match(first.said.join('\n'), /a Docker beside the machine's own/);
    assert.equal(await out('docker context show'), 'lazypull');
    assert.equal(
      await out("docker info --format '{{.Driver}} {{.DockerRootDir}}'"),
      `stargz ${IsolatedPlace.DOCKER_ROOT}`,
    );
    assert.equal(await out("docker --context default info --format '{{.Driver}}'"), 'overlay2');
    assert.equal(await out('docker ps --all --quiet'), '');
  });

  test('another use of the action in the job starts nothing and has nothing to undo', async () => {
    const again = await up('docker', 1, { DOCKER_HOST: 'unix:///var/run/docker.sock' });
    assert.deepEqual(again.steps, []);
    assert.match(again.said.join('\n'), /second containerd runs already[^]*second dockerd runs already/);
    // A variable of the job wins over contexts: the steps behind get another one.
    assert.deepEqual(again.ready, { ...first.ready, env: { DOCKER_HOST: ENDPOINT } });
  });

  test('pull and run are lazy', async () => {
    await machine.run(['docker', 'pull', '--quiet', LAZY]);
    assert.equal(await out(`docker run --rm --network none ${LAZY} /bin/cat /data/one-byte`), ONE_BYTE);
    await assertLazy();
  });

  test('a container on the default network finds the world by name, behind the address of the machine', async () => {
    seen.length = 0;
    assert.equal(await out(`docker run --rm ${LAZY} ${WGET} ${world()}`), 'the world');
    assert.deepEqual(seen, [machine.address]);
    assert.ok(names.asked.some(({ name }) => name === 'outside.test'));
    const unknown = await machine.run(`docker run --rm ${LAZY} ${WGET} http://nowhere.test/`, { check: false });
    assert.equal(unknown.status, 1);
  });

  test('a published port is reached from the machine and from outside', async () => {
    await machine.run(`docker run -d --name web -p 8090:80 ${LAZY} ${SERVE}`);
    assert.equal(await out('curl -sS --retry-connrefused --retry 9 http://localhost:8090/one-byte'), ONE_BYTE);
    assert.equal(await get(`http://${machine.address}:8090/one-byte`), ONE_BYTE);
  });

  test('what is not published is not reached from another machine', async () => {
    const address = await out("docker inspect -f '{{.NetworkSettings.IPAddress}}' web");
    const ask = 'ip netns exec far curl -sS --max-time 2 --connect-timeout 1';
    const { stdout, stderr } = await machine.run(
      `ip netns add far
       trap 'ip netns delete far; umount /run/netns; rmdir /run/netns' EXIT
       ip link add far0 type veth peer name eth0 netns far
       ip address add 192.0.2.1/30 dev far0 && ip link set far0 up
       ip -n far address add 192.0.2.2/30 dev eth0 && ip -n far link set eth0 up
       ip -n far route add default via 192.0.2.1
       ${ask} http://192.0.2.1:8090/one-byte
       ${ask} http://${address}/one-byte || true
       iptables -I DOCKER-USER -d ${address} -j ACCEPT
       ${ask} http://${address}/one-byte || true
       iptables -D DOCKER-USER -d ${address} -j ACCEPT`,
      { user: 'root' },
    );
    // The third would have been enough of a rule: the way is there.
    assert.equal(stdout, `${ONE_BYTE}\n${ONE_BYTE}\n`);
    assert.match(stderr, /timed out|timeout/i);
  });

  test('a container reaches the service by the port that the machine publishes', async () => {
    assert.equal(await out(`docker run --rm ${LAZY} ${WGET} http://${machine.address}:8080/one-byte`), ONE_BYTE);
  });

  test('services of compose find each other and the world by name', async () => {
    writeFileSync(machine.path('/home/runner/compose.yml'), compose(world()));
    const said = await out('docker compose up --abort-on-container-exit --exit-code-from two --no-color');
    assert.match(said, /two-1 +\| 4096\n/);
    assert.match(said, /two-1 +\| the world\n/);
    // Its network stays: undoing has to find it.
  });

  test('the same on a network whose subnet is none of ours, also where the kernel filters what a bridge passes on', async () => {
    await machine.run('sysctl -q -w net.bridge.bridge-nf-call-iptables=1', { user: 'root' });
    await machine.run('docker network create --subnet 192.0.2.64/26 own');
    await machine.run(`docker run -d --network own --name one ${LAZY} ${SERVE}`);
    seen.length = 0;
    const both = `${WGET} http://one/one-byte; ${WGET} ${world()}`;
    assert.equal(
      await out(['docker', 'run', '--rm', '--network', 'own', LAZY, '/bin/sh', '-c', both]),
      `${ONE_BYTE}\nthe world`,
    );
    assert.deepEqual(seen, [machine.address]);
  });

  test('a build reads its base lazily, and its result runs', async () => {
    const input = `FROM ${LAZY}\nRUN /bin/md5sum /data/4097 > /made && ${WGET} ${world()} >> /made\n`;
    registry.forget();
    await machine.run('docker build --output type=cacheonly -', { input });
    await assertLazy();
    // A result that goes to Docker's own store is whole, with what it stands on.
    const { stderr } = await machine.run('docker build --progress plain --tag built -', { input });
    assert.match(stderr, /CACHED/);
    assert.match(await out(`docker run --rm built /bin/cat /made`), /^[0-9a-f]{32} .*\nthe world$/);
  });

  test('undone, everything is as before, with containers that ran and a network that was left', async () => {
    await machine.run(`docker run -d --restart always ${LAZY} ${SLEEP}`);
    assert.equal(await out('docker ps --quiet | wc -l'), '3');
    assert.deepEqual(await down(first), []);
    await assertAsBefore(state);
    assert.equal(await snapshotsLeft(), '0');
    for (const path of [
      IsolatedPlace.ROOT,
      IsolatedPlace.RUN,
      Place.FOLDER,
      Place.STATE_DIR,
      `/sys/class/net/${BRIDGE}`,
    ])
      assert.equal(existsSync(machine.path(path)), false, path);
    assert.equal(await out('docker run --rm --network none small:latest /bin/cat /data/one-byte'), ONE_BYTE);
  });

  test('engine containerd gets a containerd of its own', async () => {
    const made = await up('containerd', 2);
    assert.deepEqual(made.ready, {
      engine: 'containerd',
      snapshotterSocket: CONSUMERS.isolated,
      containerdAddress: IsolatedPlace.CONTAINERD_SOCKET,
      isolated: true,
      env: {},
    });
    const address = ['--address', IsolatedPlace.CONTAINERD_SOCKET];
    const pull = [`${INSIDE}/src/cli/main.ts`, 'pull', '--config', Place.CONFIG, ...address, LAZY];
    registry.forget();
    await machine.run(['sudo', MACHINE_NODE, ...pull]);
    const ctr = ['sudo', 'ctr', ...address];
    // The test machine has no CPU controller.
    const lazily = ['--snapshotter', 'stargz', '--cpu-shares', '0', LAZY];
    assert.equal(await out([...ctr, 'run', '--rm', ...lazily, 'one', '/bin/cat', '/data/one-byte']), ONE_BYTE);
    await assertLazy();
    await machine.run([...ctr, 'run', '--detach', ...lazily, 'two', '/bin/sh', '-c', '/bin/sleep 1000000; /bin/true']);
    assert.deepEqual(await down(made), []);
    await assertAsBefore(state);
    assert.equal(await snapshotsLeft(), '0');
  });

  test('what a job left that died together with both daemons is gone when the next one is set up, and then undone', async () => {
    await up('docker', 3);
    await machine.run(
      `docker network create --subnet 192.0.2.64/26 left; docker run -d --network left -p 8091:80 ${LAZY} ${SLEEP}`,
    );
    await machine.run('sudo systemctl kill --signal=KILL lazypull-action-containerd lazypull-action-dockerd');
    const inUse = async (): Promise<number | undefined> =>
      (await daemonStatus()).consumers.find(({ name }) => name === 'isolated')?.snapshots;
    assert.ok(Number(await inUse()) > 0);
    const next = await up('docker', 4);
    assert.equal(await inUse(), 0);
    assert.equal(await out('docker ps --all --quiet'), '');
    assert.equal(await out(`pgrep -fc 'sleep 1$' || true`), '0');
    assert.equal(await out(`docker run --rm ${LAZY} ${WGET} ${world()}`), 'the world');
    assert.deepEqual(await down(next), []);
    await assertAsBefore(state);
    assert.equal(await snapshotsLeft(), '0');
  });

  test('the same where systemd does not run the machine', async () => {
    // It looks so: sd_booted(3) asks for this folder.
    await machine.run('mv /run/systemd/system /run/systemd/away', { user: 'root' });
    try {
      const made = await up('docker', 5);
      const kinds = made.steps.map(({ kind }) => kind);
      assert.deepEqual([kinds.includes('unit'), kinds.filter((kind) => kind === 'process').length], [false, 3]);
      assert.equal(await out(`docker run --rm ${LAZY} ${WGET} ${world()}`), 'the world');
      await machine.run(`docker run -d ${LAZY} ${SLEEP}`);
      assert.deepEqual(await down(made), []);
    } finally {
      await machine.run('mv /run/systemd/away /run/systemd/system', { user: 'root' });
    }
    await assertAsBefore(state);
    assert.equal(await snapshotsLeft(), '0');
  });

  test('all the time the service has answered', async () => {
    const { answers, failures } = await watch.stop();
    assert.deepEqual(failures, []);
    assert.ok(answers > 20, `only ${answers} answers`);
  });
});
