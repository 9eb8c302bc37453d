// Where the daemon's credentials come from, as the configuration says it.
import assert from 'node:assert/strict';
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { resolveConfig } from '../../src/config.ts';
import { CriCredentials } from '../../src/credentials/cri-credentials.ts';
import { DaemonCredentials } from '../../src/daemon/credentials.ts';
import { silentLogger } from '../../src/log.ts';
import { temporaryFolder } from '../registry/clients.ts';

/** Every source knows r.io/a by a user of its own name. */
async function stage(order: string, more = '') {
  const folder = temporaryFolder();
  const login = JSON.stringify({ auths: { 'r.io': { username: 'docker', password: 'p' } } });
  const answer = {
    apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
    kind: 'CredentialProviderResponse',
    cacheKeyType: 'Image',
    auth: { 'r.io': { username: 'provider', password: 'p' } },
  };
  const command = folder.write('provider', `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`);
  chmodSync(command, 0o755);
  const [root, state] = [join(folder.path, 'root'), join(folder.path, 'state')];
  const socket = join(state, 'cri.sock');
  const { config } = resolveConfig(
    `root = "${root}"\nstate_dir = "${state}"\nregistry.docker_config = "${folder.write('config.json', login)}"
${order}\ncredentials.cri.socket = "${socket}"\ncredentials.cri.forward = "${state}/none"\n${more}
[[credentials.provider]]\ncommand = "${command}"\nmatch_images = ["r.io"]\n`,
    undefined,
  );
  const paths = { path: join(root, 'credentials', 'cri'), keyPath: join(state, 'credentials.key') };
  const earlier = await CriCredentials.open({ ...paths, keepMs: 1e9, log: silentLogger });
  const credential = { kind: 'password', username: 'cri', password: 'p' } as const;
  await earlier.begin({ repository: 'r.io/a', credential }).succeeded();
  const credentials = await DaemonCredentials.open(config, silentLogger);
  return {
    socket,
    credentials,
    users: async (repository = 'a'): Promise<string[]> => {
      const found = await Array.fromAsync(credentials.source.lookup({ registry: 'r.io', repository }));
      return found.map((one) => (one.kind === 'password' ? one.username : one.kind));
    },
    async [Symbol.asyncDispose]() {
      await credentials.close();
      folder[Symbol.dispose]();
    },
  };
}

describe("the daemon's credentials", () => {
  test('are those of pulls, then of docker, then of providers, unless told', async () => {
    await using at = await stage('');
    assert.deepEqual(await at.users(), ['cri', 'docker', 'provider']);
    assert.deepEqual(await at.users('b'), ['docker', 'provider']);
  });

  test('come in the order of the configuration', async () => {
    await using at = await stage('credentials.order = ["provider", "cri", "docker"]');
    assert.deepEqual(await at.users(), ['provider', 'cri', 'docker']);
  });

  test('come from no source that the configuration leaves out', async () => {
    await using at = await stage('credentials.order = ["provider", "cri"]');
    assert.deepEqual(await at.users(), ['provider', 'cri']);
  });

  test("come with CRI's image service where the configuration has a socket for it", async () => {
    await using at = await stage('');
    await using server = at.credentials.imageServer();
    await server?.listen(at.socket);
    assert.equal(statSync(at.socket).mode & 0o777, 0o600);
    assert.deepEqual(at.credentials.status(), [{ kind: 'cri', count: 1, ok: true, detail: 'pulls' }]);
  });

  test('say when a cluster can not be reached, and the daemon starts all the same', async () => {
    const more = 'credentials.kubernetes.enabled = true\ncredentials.kubernetes.kubeconfig = "/nonexistent/kubeconfig"';
    await using at = await stage('', more);
    assert.deepEqual(await at.users(), ['cri', 'docker', 'provider']);
    const kubernetes = at.credentials.status().find(({ kind }) => kind === 'kubernetes');
    assert.deepEqual([kubernetes?.count, kubernetes?.ok], [0, false]);
    assert.match(kubernetes?.detail ?? '', /can't read \/nonexistent\/kubeconfig: ENOENT/);
  });
});
