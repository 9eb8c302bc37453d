// Pods of private images: the credentials come with kubelet's pulls through our image service, or from image pull secrets of
// a cluster; they are remembered, rotated and refused, and no registry is stormed.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { makeCertificates } from '../support/certificates.ts';
import { containerdProgram } from '../support/containerd.ts';
import type { CriContainer, ExecResult } from '../support/cri.ts';
import { criSocket, startCriWorld, type CriWorld } from '../support/cri-world.ts';
import { file, noise } from '../support/entries.ts';
import { KubeApi } from '../support/kube-api.ts';
import { assertLazy, assertOrdinary } from '../support/layer-states.ts';
import { addLayeredImage, busyboxLayer } from '../support/layered-image.ts';
import { needs } from '../support/needs.ts';
import { TestRegistry } from '../support/registry.ts';
import type { RequestRecord } from '../support/registry-knobs.ts';
import { until } from '../support/until.ts';

const first = { username: 'puller', password: 'open sesame' };
const second = { username: 'puller', password: 'open barley' };
const wrong = { username: 'puller', password: 'open rye' };
/** Nothing comes unasked, and nobody else knows a password. */
const CONFIG = `registry.docker_config = "/nonexistent/config.json"
prefetch.enabled = false
background_fill.enabled = false
`;
const PARTS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** A private image whose files lie in chunks of their own, that nothing reads by the way. */
function addApp(registry: TestRegistry): string {
  const parts = PARTS.map((name) => file(`part-${name}`, noise(300_000)));
  return addLayeredImage(registry, 'team/app', [busyboxLayer('cat', 'sleep', 'wc'), parts], { estargz: true }).ref;
}

/** Reads a file that was not read before. */
function read(container: CriContainer, part: string): Promise<ExecResult> {
  return container.exec('/bin/wc', '-c', `/part-${part}`);
}

async function assertReads(container: CriContainer, part: string): Promise<void> {
  const { stdout, stderr, exitCode } = await read(container, part);
  assert.deepEqual({ stdout, exitCode }, { stdout: `300000 /part-${part}\n`, exitCode: 0 }, stderr);
}

/** How often the daemon showed a password to the registry. containerd shows a wrong one eleven times by itself. */
function shown(registry: TestRegistry, { username, password }: typeof first): number {
  const header = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const isOurs = ({ headers }: RequestRecord): boolean => String(headers['user-agent']).startsWith('lazypull/');
  return registry.log.filter((one) => one.headers.authorization === header && isOurs(one)).length;
}

async function assertNoSecretIsTold(it: CriWorld): Promise<void> {
  const said = (await it.world.daemon.log()) + JSON.stringify(await it.world.daemon.status());
  for (const { username, password } of [first, second, wrong]) {
    assert.ok(!said.includes(password));
    assert.ok(!said.includes(Buffer.from(`${username}:${password}`).toString('base64')));
  }
}

/** What is kept of credentials is for root alone, and can't be read without its key. */
function assertSealed(dir: string): void {
  const [sealed, key] = [join(dir, 'root/credentials/cri'), join(dir, 'state/credentials.key')];
  for (const path of [sealed, key]) assert.equal(statSync(path).mode & 0o777, 0o600, path);
  assert.equal(statSync(join(dir, 'root/credentials')).mode & 0o777, 0o700);
  assert.ok(!readFileSync(sealed).includes('open'));
}

const worlds = [
  { version: '1.7', kind: 'basic' },
  { version: '2', kind: 'token' },
] as const;
for (const { version, kind } of worlds) {
  const skip = needs('root', 'fuse', 'erofs', 'busybox', containerdProgram(version));
  suite(`pulls through the image service, containerd ${version}, ${kind} authentication`, { skip }, () => {
    test('are lazy with the credentials of the pod, through a restart and a rotation', async () => {
      await using registry = await TestRegistry.start({ auth: { kind, ...first } });
      await using it = await startCriWorld({ version, registry, proxied: true, config: CONFIG });
      const { world, cri } = it;
      const ref = addApp(registry);
      const { daemon } = world;
      assert.equal(statSync(criSocket(world.dir)).mode & 0o777, 0o600);

      // Wrong: an ordinary error, and the daemon has not shown the password.
      await assert.rejects(cri.pull(ref, wrong), /401|[Uu]nauthorized|authorization failed/);
      assert.equal(shown(registry, wrong), 0);
      assert.deepEqual((await daemon.status()).credentials, [{ kind: 'cri', count: 0, ok: true, detail: 'pulls' }]);

      const id = await cri.pull(ref, first);
      assertLazy(await it.layers(ref), 2);
      assert.deepEqual((await cri.images()).find((image) => image.id === id)?.repoTags, [ref]);
      assert.equal((await cri.imageStatus(ref))?.id, id);
      assertSealed(daemon.dir);
      await using pod = await cri.runPod();
      const container = await pod.start(ref, ['/bin/sleep', '1000']);
      await assertReads(container, 'a');

      // The next serving process knows what the one before was told.
      const { pid } = await daemon.status();
      process.kill(pid, 'SIGKILL');
      await daemon.ready(pid);
      registry.forget();
      await assertReads(container, 'b');
      assert.ok(shown(registry, first) > 0);

      await assertRotates(it, registry, ref, container);
      await assertNoSecretIsTold(it);
    });

    /** The registry wants another password: reads fail at once and without a storm, until a pull brings it. */
    async function assertRotates(
      { cri }: CriWorld,
      registry: TestRegistry,
      ref: string,
      container: CriContainer,
    ): Promise<void> {
      registry.gate.change({ kind, ...second });
      registry.gate.expireTokens();
      registry.forget();
      for (let round = 0; round < 10; round++) assert.notEqual((await read(container, 'c')).exitCode, 0);
      assert.ok(shown(registry, first) <= 2, `${shown(registry, first)} times`);
      await cri.pull(ref, second);
      await assertReads(container, 'c');
      await assertReads(container, 'd');
    }
  });
}

suite(
  'image pull secrets of a cluster',
  {
    skip: needs('root', 'fuse', 'erofs', 'busybox', 'openssl', containerdProgram('2')),
  },
  () => {
    test('make private images lazy, and are followed while a container runs', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'lazypull-kube-'));
      try {
        await using api = await KubeApi.start(makeCertificates(folder));
        await using registry = await TestRegistry.start({ auth: { kind: 'basic', ...first } });
        const config = `${CONFIG}credentials.kubernetes.enabled = true
credentials.kubernetes.kubeconfig = "${api.writeKubeconfig(folder)}"
`;
        await using it = await startCriWorld({ version: '2', registry, config });
        const ref = addApp(registry);
        const before = addLayeredImage(registry, 'team/before', [busyboxLayer('cat')], { estargz: true }).ref;

        // kubelet tells containerd the password, and nobody tells us.
        await it.cri.pull(before, first);
        assertOrdinary(await it.layers(before), { count: 1, kind: 'registry', reason: /401/ });

        api.putLogin('team/pull', { [`${registry.host}/team`]: first });
        const secrets = async (): Promise<number> => (await it.world.daemon.status()).credentials?.[0]?.count ?? 0;
        await until(async () => (await secrets()) === 1, 'the secret');
        await it.cri.pull(ref, first);
        assertLazy(await it.layers(ref), 2);
        await using pod = await it.cri.runPod();
        const container = await pod.start(ref, ['/bin/sleep', '1000']);
        await assertReads(container, 'a');

        // Rotated at the registry and in the cluster; the container reads on.
        registry.gate.change({ kind: 'basic', ...second });
        assert.notEqual((await read(container, 'b')).exitCode, 0);
        api.putLogin('team/pull', { [`${registry.host}/team`]: second });
        await until(async () => (await read(container, 'b')).exitCode === 0, 'the new password');
        await assertReads(container, 'c');

        // Without the cluster, what is known stays.
        await api.down();
        await until(
          async () => (await it.world.daemon.status()).credentials?.[0]?.ok === false,
          'the outage to be told',
        );
        await assertReads(container, 'd');
        await assertNoSecretIsTold(it);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  },
);
