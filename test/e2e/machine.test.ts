// The test machine itself: what later tests take for granted of it (test/support/machine.ts), with real systemd, sudo,
// Docker and containerd. What it leaves behind is asked in machine-end.test.ts.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { after, before, suite, test } from 'node:test';
import { image } from '../support/images.ts';
import { createLink } from '../support/link.ts';
import { type Machine, MACHINE_NODE, machineNeeds, openMachine, REGISTRY_PORT } from '../support/machine.ts';
import { machineRoot } from '../support/machine-root.ts';
import { TestRegistry } from '../support/registry.ts';
import { startRegistryProcess } from '../support/registry-process.ts';
import { runJob } from '../support/runner.ts';
import { until } from '../support/until.ts';

const project = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
/** Where the machine sees it: a checkout may lie below /tmp, which the machine mounts over. */
const PROJECT_INSIDE = '/srv/lazypull';
const skip = machineNeeds('skopeo', 'tun');
const answer = { check: false } as const;
// What the last layer of the image 'small' makes of /data/one-byte.
const ONE_BYTE = 'overwritten';
const SMALL = `registry.test:${REGISTRY_PORT}/small:latest`;

const compose = `
services:
  one:
    image: small:latest
    command: ["/bin/busybox", "httpd", "-f", "-p", "80", "-h", "/data"]
    stop_signal: SIGKILL
    ports: ["127.0.0.1:8081:80"]
  two:
    image: small:latest
    command: ["/bin/sh", "-c", "until /bin/busybox wget -q -O - http://one/4096 | /bin/wc -c; do /bin/sleep 0.1; done"]
    depends_on: [one]
`;

function processes(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

function textOf(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It has ended, or is the kernel's.
    return '';
  }
}

suite('a machine with everything running', { skip }, () => {
  let machine: Machine;
  let registry: TestRegistry;
  const out = async (...args: Parameters<Machine['run']>): Promise<string> =>
    (await machine.run(...args)).stdout.trim();

  before(async () => {
    machine = await openMachine({ mounts: [{ source: project, target: PROJECT_INSIDE }] });
    registry = await TestRegistry.start({ address: machine.registryAddress, port: REGISTRY_PORT });
    registry.content.addLayout((await image('small')).layoutDir, 'small');
    await machine.loadImage('small');
  });
  after(async () => {
    await machine?.[Symbol.asyncDispose]();
    await registry?.close();
  });

  test('systemd is its process 1 and all units are well', async () => {
    assert.equal(await out('cat /proc/1/comm'), 'systemd');
    assert.equal(await out('systemctl is-system-running'), 'running');
    assert.equal(await out('systemctl --failed --plain --no-legend'), '');
    assert.equal(await out('systemctl is-enabled docker containerd'), 'enabled\nenabled');
  });

  test('Docker is 26 and containerd 1.7, with buildx and compose', async () => {
    assert.match(await out("docker version -f '{{.Server.Version}} {{.Client.Version}}'"), /^26\.1\.\S+ 26\.1\.\S+$/);
    assert.match(await out('containerd --version'), / 1\.7\.\d+/);
    assert.match(await out('docker buildx version'), /buildx 0\.13\./);
    assert.match(await out('docker compose version'), /version 2\.\d+/);
  });

  test('steps are the user runner, with a home and the groups of a hosted runner', async () => {
    assert.equal(
      await out('id -u; id -g; id -Gn; pwd; echo $HOME $USER'),
      '1001\n1001\nrunner adm docker\n/home/runner\n/home/runner runner',
    );
    assert.equal(await out('id -un', { user: 'root' }), 'root');
  });

  test('the user may sudo without a password', async () => {
    assert.equal(await out('sudo -n id -un'), 'root');
  });

  test('the runner has a Node 24 and the project, which it can read and not change', async () => {
    assert.equal(await out([MACHINE_NODE, '--version']), process.version);
    assert.equal(
      await out(['cat', `${PROJECT_INSIDE}/package.json`]),
      readFileSync(`${project}/package.json`, 'utf8').trim(),
    );
    const { status, stderr } = await machine.run(['touch', `${PROJECT_INSIDE}/package.json`], {
      ...answer,
      user: 'root',
    });
    assert.equal(status, 1);
    assert.match(stderr, /Read-only file system/);
  });

  test('a container runs without a network', async () => {
    const { stdout } = await machine.run('docker run --rm --network none small:latest /bin/cat /data/one-byte');
    assert.equal(stdout, `${ONE_BYTE}\n`);
  });

  test('a published port is reached on localhost', async () => {
    const command = '/bin/busybox httpd -f -p 80 -h /data';
    await machine.run(`docker run -d --name=web -p 8080:80 small:latest ${command}`);
    assert.equal(
      await out('curl -sS --retry-connrefused --retry 20 --retry-delay 1 http://localhost:8080/one-byte'),
      ONE_BYTE,
    );
    await machine.run('docker rm -f web');
    assert.equal((await machine.run('curl -sS http://localhost:8080/one-byte', answer)).status, 7);
  });

  test('a container reaches the registry, behind the address of the machine', async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.socket.remoteAddress);
      response.end('here');
    });
    server.listen(0, machine.registryAddress);
    await once(server, 'listening');
    try {
      const { port } = server.address() as { port: number };
      const wget = `/bin/busybox wget -q -O - http://${machine.registryAddress}:${port}/`;
      assert.equal(await out(`docker run --rm small:latest ${wget}`), 'here');
      assert.deepEqual(seen, [machine.address]);
    } finally {
      server.close();
    }
  });

  test('an image is pulled from registry.test over plain http and runs', async () => {
    assert.equal(await out(`docker run --rm --network none ${SMALL} /bin/cat /data/one-byte`), ONE_BYTE);
    assert.ok(registry.log.some(({ path }) => path === '/v2/small/manifests/latest'));
    // Its CDN has another port, which nobody has told Docker of.
    const other = `registry.test:${new URL(registry.cdnUrl).port}/small:latest`;
    const { status, stderr } = await machine.run(['docker', 'pull', other], answer);
    assert.equal(status, 1);
    assert.match(stderr, /server gave HTTP response to HTTPS client/);
  });

  test('compose brings up two services that find each other', async () => {
    writeFileSync(machine.path('/home/runner/compose.yml'), compose);
    await machine.run('docker compose up --detach');
    const two = await out('docker compose ps --all --quiet two');
    assert.equal(await out(['docker', 'wait', two]), '0');
    assert.equal(await out(['docker', 'logs', two]), '4096');
    assert.equal(await out('curl -sS http://127.0.0.1:8081/one-byte'), ONE_BYTE);
    await machine.run('docker compose down --timeout 0');
  });

  test('an image is built by BuildKit', async () => {
    const dockerfile = 'FROM small:latest\nRUN ["/bin/sh", "-c", "/bin/echo built > /data/built"]\n';
    await machine.run('docker build --tag=built -', { input: dockerfile });
    assert.equal(await out('docker run --rm --network none built /bin/cat /data/built'), 'built');
  });

  test('Docker is restarted by systemctl, which ends containers; a user without sudo may not', async () => {
    const mainPid = 'systemctl show docker --property=MainPID --value';
    const sleeper = `/bin/sh -c "trap exit TERM; /bin/sleep 1000 & wait"`;
    await machine.run(`docker run -d --name=sleeper --network=none small:latest ${sleeper}`);
    const earlier = await out(mainPid);
    assert.notEqual((await machine.run('systemctl restart docker', answer)).status, 0);
    assert.equal(await out(mainPid), earlier);
    await machine.run('sudo systemctl restart docker');
    assert.notEqual(await out(mainPid), earlier);
    assert.equal(await out('docker ps --quiet'), '');
  });

  test('a transient unit is started, seen in the journal and stopped', async () => {
    await machine.run('sudo systemd-run --quiet --collect --unit=probe sh -c "echo from the probe; sleep 1000"');
    assert.equal(await out('systemctl is-active probe'), 'active');
    await until(async () => (await machine.journal('probe')).includes('from the probe'), 'the journal of the unit');
    await machine.run('sudo systemctl stop probe');
    assert.equal((await machine.run('systemctl is-active probe', answer)).stdout, 'inactive\n');
  });

  test('parameters of the network are its own, those of the kernel it can only read', async () => {
    await machine.run('sysctl -w net.ipv4.ip_default_ttl=77', { user: 'root' });
    assert.notEqual(readFileSync('/proc/sys/net/ipv4/ip_default_ttl', 'utf8'), '77\n');
    const before = readFileSync('/proc/sys/vm/swappiness', 'utf8');
    assert.notEqual((await machine.run('echo 1 > /proc/sys/vm/swappiness', { ...answer, user: 'root' })).status, 0);
    assert.equal(readFileSync('/proc/sys/vm/swappiness', 'utf8'), before);
  });

  test('/var and /home are on a disk, as a loop device and an overlay want it', async () => {
    const types = await out('for p in /var/lib/docker /home/runner; do findmnt -no FSTYPE -T $p; done');
    assert.doesNotMatch(types, /overlay|tmpfs/);
    const root = { user: 'root' } as const;
    await machine.run(
      'mkdir -p /var/lib/o/{l,u,w,m}; cd /var/lib/o; mount -t overlay -o lowerdir=l,upperdir=u,workdir=w o m',
      root,
    );
    await machine.run('touch /var/lib/o/m/new; test -e /var/lib/o/u/new; umount /var/lib/o/m', root);
  });

  test('what a program says comes back, and a status that was not asked for is an error', async () => {
    const result = await machine.run('cat; echo "$WORD" >&2; exit 3', { ...answer, input: 'in', env: { WORD: 'err' } });
    assert.deepEqual(result, { status: 3, stdout: 'in', stderr: 'err\n' });
    await assert.rejects(machine.run('echo why >&2; exit 3'), /exit 3: status 3: why/);
    assert.equal(await out(['pwd'], { cwd: '/etc' }), '/etc');
  });

  test('what is over its time ends with all that it has started', async () => {
    const script = 'setsid sleep 76543 & sleep 76543';
    await assert.rejects(machine.run(script, { timeoutMs: 500 }), /no end after 0\.5 s/);
    await until(async () => (await machine.run('pgrep -f 76543$', answer)).status === 1, 'the end of the sleepers');
  });

  test('what a program leaves running goes on, until a kill of its own', async () => {
    await machine.run('setsid sleep 76544 >/dev/null 2>&1 & sleep 0');
    assert.notEqual(await out('pgrep -f 76544$'), '');
    const running = machine.spawn('echo up; exec sleep 76545');
    assert.equal(String((await once(running.child.stdout ?? assert.fail(), 'data'))[0]), 'up\n');
    const exit = once(running.child, 'exit');
    running.kill();
    await exit;
    assert.equal((await machine.run('pgrep -f 76545$', answer)).status, 1);
    assert.notEqual(await out('pgrep -f 76544$'), '');
  });

  test("what a program is given in its environment is in nobody's arguments", async () => {
    const running = machine.spawn('echo up; sleep 1000; true', { env: { TOKEN: 'of-nobody-else' } });
    await once(running.child.stdout ?? assert.fail(), 'data');
    const has = (file: string): string[] => processes().filter((pid) => textOf(pid, file).includes('of-nobody-else'));
    try {
      assert.deepEqual(has('cmdline'), []);
      assert.notDeepEqual(has('environ'), []);
    } finally {
      running.kill();
    }
  });

  test('a step of a job gets the environment that it is given and nothing else', async () => {
    const { execute } = machine.job();
    const { status, stdout } = await execute(['/usr/bin/env'], { env: { ONLY: 'this' }, cwd: '/home/runner' });
    assert.deepEqual([status, stdout], [0, 'ONLY=this\n']);
  });

  test("a job runs as on a hosted runner, and its files are the user's", async () => {
    const run = 'pwd; id -un; echo $HOME; sudo id -un; docker info -f "{{.OSType}}"; echo found=it >> "$GITHUB_OUTPUT"';
    await using job = await runJob({ ...machine.job(), steps: [{ id: 'one', run }, { run: 'exit 3' }] });
    const [first, second] = job.steps;
    assert.equal(first?.stdout, '/home/runner/work/example/example\nrunner\n/home/runner\nroot\nlinux');
    assert.deepEqual(first?.outputs, { found: 'it' });
    assert.deepEqual([second?.status, job.conclusion], [3, 'failure']);
    assert.equal(await out('stat -c %U work/_temp'), 'runner');
  });

  test('a step that is cancelled is interrupted, and can say its last word', async () => {
    const cancel = new AbortController();
    const script = 'trap "echo interrupted; exit 130" INT; touch /tmp/waiting; while true; do sleep 0.1; done';
    const ended = machine.job().execute(['bash', '-c', script], {
      env: { PATH: '/usr/bin:/bin' },
      cwd: '/',
      signal: cancel.signal,
    });
    await until(() => existsSync(machine.path('/tmp/waiting')), 'the step');
    cancel.abort();
    assert.deepEqual(await ended, { status: 130, stdout: 'interrupted\n', stderr: '' });
  });

  test('paths lead to the files of the machine and back', () => {
    const path = machine.path('/var/run/docker.sock');
    assert.ok(existsSync(path));
    assert.equal(machine.toInside(path), '/run/docker.sock');
    assert.equal(machine.toInside(project), project);
  });

  test('another machine at the same time has nothing of it, and neither has the tree that both stand on', async () => {
    writeFileSync(machine.path('/etc/mine'), '');
    writeFileSync(machine.path('/var/lib/mine'), '');
    await using other = await openMachine({ docker: 'stopped' });
    assert.notEqual(other.address, machine.address);
    const root = await machineRoot();
    for (const path of ['/etc/mine', '/var/lib/mine']) {
      assert.equal(existsSync(other.path(path)), false);
      assert.equal(existsSync(root + path), false);
    }
    assert.notEqual(await out('cat /etc/machine-id'), (await other.run('cat /etc/machine-id')).stdout.trim());
  });
});

test('Docker that is stopped is there and can be started', { skip }, async () => {
  await using machine = await openMachine({ docker: 'stopped' });
  const state = await machine.run(
    'systemctl is-active docker docker.socket containerd; systemctl is-enabled docker',
    answer,
  );
  assert.equal(state.stdout, 'inactive\ninactive\nactive\ndisabled\n');
  assert.notEqual((await machine.run('docker info', answer)).status, 0);
  await machine.run('sudo systemctl start docker');
  await machine.run('docker info');
});

test('where Docker and containerd are absent there is neither program nor unit', { skip }, async () => {
  await using machine = await openMachine({ docker: 'absent', containerd: 'absent' });
  const found = await machine.run('command -v docker dockerd containerd runc', answer);
  assert.deepEqual([found.status, found.stdout], [1, '']);
  assert.equal((await machine.run('systemctl cat docker containerd', answer)).status, 1);
  assert.equal(existsSync(machine.path('/etc/docker/daemon.json')), false);
});

test('Docker without containerd is not offered', { skip }, async () => {
  await assert.rejects(openMachine({ containerd: 'stopped' }), /Docker runs only where containerd does/);
});

test('a service container can run from the start', { skip }, async () => {
  await using machine = await openMachine({ containersRunning: true });
  assert.equal((await machine.run("docker ps --format '{{.Names}} {{.Image}}'")).stdout, 'service small:latest\n');
});

test('a machine can be without sudo and without /dev/fuse, which the others have', { skip }, async () => {
  const stopped = { docker: 'stopped', containerd: 'stopped' } as const;
  await using without = await openMachine({ ...stopped, sudo: false, fuse: false });
  const { status, stderr } = await without.run('sudo -n true', answer);
  assert.equal(status, 1);
  assert.match(stderr, /a password is required/);
  assert.equal(existsSync(without.path('/dev/fuse')), false);
  await using plain = await openMachine(stopped);
  await plain.run('exec 3<>/dev/fuse');
});

test('files are there before anything starts', { skip }, async () => {
  const files = {
    '/etc/docker/daemon.json': '{"labels": ["of=mine"]}',
    '/home/runner/.docker/config.json': { content: '{}', mode: 0o600, uid: 1001, gid: 1001 },
  };
  await using machine = await openMachine({ files });
  assert.equal((await machine.run("docker info -f '{{.Labels}}'")).stdout, '[of=mine]\n');
  assert.equal((await machine.run('stat -c "%U %a" .docker/config.json')).stdout, 'runner 600\n');
});

test('mounts are refused where the system mounts over them', { skip }, async () => {
  for (const target of ['/tmp/project', '/proc', '/dev/x', 'relative', '/']) {
    await assert.rejects(openMachine({ mounts: [{ source: project, target }] }), /must be absolute, and not where/);
  }
});

test('behind a link with delay and rate, the machine is its client', { skip }, async () => {
  await using link = await createLink({ rttMs: 20, bitsPerSec: 200e6 });
  await using machine = await openMachine({ network: link });
  assert.equal(machine.address, link.clientAddress);
  const dir = machine.path('/var/lib');
  await using registry = await startRegistryProcess({ dir, netns: link.serverNetns, host: machine.registryAddress });
  assert.equal(registry.host, `${machine.registryAddress}:${REGISTRY_PORT}`);
  await machine.run(`curl -sS --fail http://registry.test:${REGISTRY_PORT}/v2/`);
  assert.match(registry.log(), new RegExp(`${link.clientAddress}.*GET /v2/`));
});
