// lazypull on a node of a cluster: installed, upgraded under a container that reads, drained, and taken off again while
// containers go on. With the systemd and containerd of a real machine, and pods by CRI as a kubelet makes them.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, suite, test, type TestContext } from 'node:test';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DrainStatus } from '../../src/daemon/status.ts';
import { version } from '../../src/version.ts';
import { containerdProgram } from '../support/containerd.ts';
import { type CriContainer, type CriPod } from '../support/cri.ts';
import { machineNeeds } from '../support/machine.ts';
import { Bundles, CONTAINERD_TOML, NEXT_VERSION, type NodeMachine, openNode } from '../support/node-machine.ts';
import { until } from '../support/until.ts';

const skip = machineNeeds('tun', 'erofs', 'busybox', containerdProgram('2'));
const IDLE = ['/bin/sleep', '1000000'];
/** Reads everything, slowly as it comes, and writes down what it saw. */
const READ_ALL = ['/bin/sh', '-c', 'sha256sum /data/* > /tmp/sums && : > /tmp/read; sleep 1000000'];

let bundles: Bundles;
before(async () => {
  if (skip === false) bundles = await Bundles.make();
});
after(() => bundles?.[Symbol.dispose]());

suite('lazypull install, upgrade, drain, uninstall', { skip }, () => {
  let node: NodeMachine;
  let asItWas: Set<string>;

  before(async () => {
    node = await openNode(bundles);
    asItWas = await node.state();
  });
  after(async () => {
    await node?.[Symbol.asyncDispose]();
  });

  /** A file of the machine with another text, until the end of the test. */
  const putFile = (t: TestContext, path: string, text: string): void => {
    const target = node.machine.path(path);
    const before = existsSync(target) ? readFileSync(target) : undefined;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
    t.after(() => (before === undefined ? rmSync(target) : writeFileSync(target, before)));
  };
  /** What came and went since. */
  const assertState = async (before: ReadonlySet<string>): Promise<void> => {
    const now = await node.state();
    const changes = [...[...before].filter((line) => !now.has(line)), ...[...now].filter((line) => !before.has(line))];
    assert.deepEqual(changes, []);
  };
  const containerdPid = (): Promise<string> => node.out('systemctl show --property=MainPID --value containerd');
  /** The next pull begins with nothing. No pod may run. */
  const forgetLayers = async (): Promise<void> => {
    await node.cri.removeImage(node.ref);
    await node.out('systemctl stop lazypull; rm -rf /var/lib/lazypull/layers; systemctl start lazypull');
    // containerd found nobody for a while, and waits up to 3 s before it dials again.
    const list = ['ctr', 'snapshots', '--snapshotter', 'stargz', 'ls'];
    const dialed = async (): Promise<boolean> =>
      (await node.machine.run(list, { user: 'root', check: false })).status === 0;
    await until(dialed, 'containerd to reconnect');
  };
  /** A pod with one container of the image. */
  const startPod = async (command: readonly string[]): Promise<{ pod: CriPod; container: CriContainer }> => {
    await node.cri.pull(node.ref);
    const pod = await node.cri.runPod();
    return { pod, container: await pod.start(node.ref, command) };
  };
  const sums = (): string => [...node.image.files].map(([name, hex]) => `${hex}  /${name}`).join('\n');
  const readAll = async (container: CriContainer): Promise<void> => {
    const names = [...node.image.files.keys()].map((name) => `/${name}`);
    const { stdout, exitCode } = await container.exec('/bin/sha256sum', ...names);
    assert.equal(exitCode, 0);
    assert.equal(stdout.trim(), sums());
  };

  test('a configuration of containerd that is broken is refused, and nothing is changed', async (t) => {
    const pid = await containerdPid();
    putFile(t, CONTAINERD_TOML, 'version = 2\n[plugins\n');
    const broken = await node.state();
    const { status, stderr } = await node.bundled('now', 'install');
    assert.equal(status, 2);
    assert.match(stderr, /config\.toml, line 2/);
    await assertState(broken);
    assert.equal(await containerdPid(), pid);
  });

  test('--dry-run says what would be changed, and changes nothing', async () => {
    const { status, stdout } = await node.bundled('now', 'install', '--dry-run');
    assert.equal(status, 0);
    for (const line of [
      /^would copy the program to \/opt\/lazypull\/\d/m,
      /^would restart containerd/m,
      /^\+ .*stargz/m,
    ])
      assert.match(stdout, line);
    assert.doesNotMatch(stdout, /^- /m);
    await assertState(asItWas);
  });

  test('what containerd imports and wins is found before containerd is restarted', async (t) => {
    const pid = await containerdPid();
    const other = '[proxy_plugins.stargz]\n  type = "snapshot"\n  address = "/run/other.sock"\n';
    putFile(t, '/etc/containerd/conf.d/other.toml', `version = 2\n${other}`);
    const withOther = await node.state();
    const { status, stderr } = await node.bundled('now', 'install');
    assert.equal(status, 1);
    assert.match(stderr, /\/run\/other\.sock.*everything was taken back/s);
    assert.equal(await containerdPid(), pid);
    await assertState(withOther);
  });

  test('a containerd that does not come up again gets its configuration back', async (t) => {
    const check = '[Service]\nExecStartPre=/bin/sh -c "! grep -q stargz /etc/containerd/config.toml"\n';
    putFile(t, '/run/systemd/system/containerd.service.d/picky.conf', check);
    await node.out('systemctl daemon-reload');
    const { status, stderr } = await node.bundled('now', 'install');
    assert.equal(status, 1);
    assert.match(stderr, /restart containerd\.service.*everything was taken back/s);
    await assertState(asItWas);
    assert.equal(await node.out('systemctl is-active containerd'), 'active');
    await node.cri.version();
  });

  test('while nothing runs only files are written; after the start all is as it should be, and off it goes', async () => {
    await node.out('systemctl daemon-reload; systemctl stop containerd');
    const { status, stdout, stderr } = await node.bundled('now', 'install', '--offline');
    assert.deepEqual([status, stderr], [0, '']);
    assert.doesNotMatch(stdout, /restart|start lazypull/);
    assert.equal(await node.out('systemctl is-active lazypull containerd || true'), 'inactive\ninactive');
    await node.out('systemctl start lazypull containerd');
    const again = await node.bundled('now', 'install');
    assert.deepEqual([again.stdout, again.stderr], ['everything is as it should be\n', '']);
    const gone = await node.lazypull('uninstall');
    assert.equal(gone.stderr, '');
    assert.match(gone.stdout, /^lazypull is gone$/m);
    await assertState(asItWas);
    await node.out('systemctl restart containerd');
    await node.cri.version();
  });

  test('a container installs it as the DaemonSet does, and a pod starts lazily; again, nothing changes', async () => {
    const { status, output } = await node.contained('install');
    assert.equal(status, 0, output);
    assert.match(output, /^restart containerd\.service, whose containers go on$/m);
    await node.cri.version();
    const { pod, container } = await startPod(IDLE);
    const { images, version: running } = await node.status();
    assert.equal(running, version);
    assert.deepEqual(
      images.map(({ layers }) => layers.every(({ state }) => state !== 'ordinary')),
      [true, true],
    );
    const [name = '', hex = ''] = [...node.image.files][3] ?? [];
    assert.match((await container.exec('/bin/sha256sum', `/${name}`)).stdout, new RegExp(`^${hex}`));
    assert.match(readFileSync(node.machine.path(CONTAINERD_TOML), 'utf8'), /^# The node's own words\./);
    const before = await node.state();
    const again = await node.bundled('now', 'install');
    assert.equal(again.stdout, 'everything is as it should be\n');
    await assertState(before);
    await pod.remove();
  });

  test('a container reads through kill -9 and an upgrade, and the new version serves', async () => {
    await forgetLayers();
    Object.assign(node.registry.knobs, { bytesPerSec: 2_000_000, latencyMs: 5 });
    const { pod, container } = await startPod(READ_ALL);
    const underWay = async (): Promise<void> => {
      const from = node.registry.bytes;
      await until(() => node.registry.bytes > from + 300_000, 'reads under way');
      assert.notEqual((await container.exec('/bin/busybox', 'test', '-e', '/tmp/read')).exitCode, 0);
    };
    await underWay();
    const first = await node.status();
    await node.out(`kill -9 ${first.pid}`);
    await until(async () => (await node.lazypull('status')).status === 0, 'the next serving process');
    await underWay();
    const upgrade = await node.bundled('next', 'install');
    assert.equal(upgrade.stderr, '');
    assert.match(upgrade.stdout, /^start lazypull\.service, or replace its serving process$/m);
    const second = await node.status();
    assert.deepEqual([second.version, second.generation], [NEXT_VERSION, first.generation + 2]);
    node.registry.knobs.bytesPerSec = undefined;
    const isRead = async (): Promise<boolean> =>
      (await container.exec('/bin/busybox', 'test', '-e', '/tmp/read')).exitCode === 0;
    await until(isRead, 'the reader');
    assert.equal((await container.exec('/bin/busybox', 'cat', '/tmp/sums')).stdout.trim(), sums());
    const { totals } = await node.status();
    assert.equal(totals.readErrors, 0);
    assert.deepEqual(
      await node.out('ls /opt/lazypull | sort'),
      [version, NEXT_VERSION, 'before', 'current', 'install.json'].sort().join('\n'),
    );
    await pod.remove();
  });

  test('drain completes what is in use, tells who still needs whom, and mounts nothing new; cancel ends it', async () => {
    await forgetLayers();
    Object.assign(node.registry.knobs, { bytesPerSec: 200_000, latencyMs: 5 });
    const { pod } = await startPod(IDLE);
    const early = await node.lazypull('drain', '--timeout', '0', '--json');
    assert.equal(early.status, 4);
    const { users } = JSON.parse(early.stdout) as DrainStatus;
    const user = users.find(({ ref }) => ref === node.ref);
    assert.equal(user?.state, 'incomplete');
    assert.ok((user?.layers[0]?.missingBytes ?? 0) > 6_000_000);
    assert.match((await node.lazypull('status')).stdout, /^draining: nothing new is mounted lazily; 2 containers/m);
    node.registry.knobs.bytesPerSec = undefined;
    const late = await node.lazypull('drain');
    assert.equal(late.status, 0);
    assert.match(late.stdout, /complete +k8s\.io\/\S+ +registry\.test:5000\/noise:latest {2}needs no registry/);
    await pod.remove();
    await node.cri.removeImage(node.ref);
    await node.cri.pull(node.ref);
    const { images, fallbacks } = await node.status();
    assert.equal(images.find(({ ref }) => ref === node.ref)?.layers[0]?.state, 'ordinary');
    assert.match(fallbacks.at(-1)?.reason ?? '', /drains/);
    await node.cri.removeImage(node.ref);
    assert.equal((await node.lazypull('drain', '--cancel')).status, 0);
    await node.cri.pull(node.ref);
    // It is in the cache by now.
    assert.equal((await node.status()).images.find(({ ref }) => ref === node.ref)?.layers[0]?.state, 'complete');
  });

  test('after uninstall a running container reads all of its image; with its end nothing is left', async () => {
    await forgetLayers();
    Object.assign(node.registry.knobs, { bytesPerSec: 4_000_000, latencyMs: 5 });
    const { pod, container } = await startPod(IDLE);
    const { status, stdout, stderr } = await node.lazypull('uninstall');
    assert.equal(stderr, '');
    assert.equal(status, 0, stdout);
    assert.match(stdout, /removed the image k8s\.io registry\.test:5000\/noise:latest/);
    assert.match(stdout, /The daemon goes with the last of them/);
    // Without the registry, without what the kernel has kept, and through another death of the serving process.
    await node.registry.close();
    await node.out(`kill -9 ${(await node.status()).pid}; sync; echo 3 > /proc/sys/vm/drop_caches || true`);
    await readAll(container);
    assert.equal((await node.out('ctr -n k8s.io images ls -q')).includes('noise'), false);
    await node.out('systemctl restart lazypull containerd');
    await pod.remove();
    await until(
      async () => (await node.out('systemctl is-active lazypull || true')) === 'inactive',
      'the end of the daemon',
    );
    await assertState(asItWas);
    assert.equal(await node.out('systemctl is-active containerd'), 'active');
    assert.equal(await node.out('systemctl cat lazypull 2>&1 || true'), 'No files found for lazypull.service.');
  });
});

// The file is of version 2, as an upgraded node has it: 2.x reads it, but takes its snapshotter from elsewhere.
suite('lazypull install and uninstall with containerd 2.x', { skip }, () => {
  test('pods start lazily and outlive the removal; ordinary pulls go on at once', async () => {
    await using node = await openNode(bundles, '2');
    assert.match(await node.cri.version(), / v?2\./);
    const asItWas = await node.state();
    const { status, stdout, stderr } = await node.bundled('now', 'install');
    assert.equal(stderr, '');
    assert.equal(status, 0, stdout);
    await node.cri.pull(node.ref);
    const pod = await node.cri.runPod();
    const container = await pod.start(node.ref, IDLE);
    assert.deepEqual(
      (await node.status()).images.map(({ layers }) => layers.some(({ state }) => state === 'ordinary')),
      [false, false],
    );
    assert.equal((await node.lazypull('uninstall')).status, 0);
    await node.cri.pull(node.ref);
    const other = await node.cri.runPod();
    const ordinary = await other.start(node.ref, IDLE);
    for (const one of [container, ordinary]) {
      const [[name = '', hex = ''] = []] = node.image.files;
      assert.match((await one.exec('/bin/sha256sum', `/${name}`)).stdout, new RegExp(`^${hex}`));
    }
    await pod.remove();
    await until(
      async () => (await node.out('systemctl is-active lazypull || true')) === 'inactive',
      'the end of the daemon',
    );
    const now = await node.state();
    assert.deepEqual(
      [...asItWas].filter((line) => !now.has(line)),
      [],
    );
    assert.deepEqual(
      [...now].filter((line) => !asItWas.has(line)),
      [],
    );
    assert.equal((await ordinary.exec('/bin/echo', 'still here')).stdout, 'still here\n');
    await other.remove();
  });
});
