// The daemon as BuildKit uses it: each label of a layer twice, the second time with a suffix for one operation, and
// Updates that add and remove those suffixed labels around every use. Here without BuildKit, so that the order and the
// number of calls are ours to choose.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { LazypullError } from '../../src/errors.ts';
import { loadSnapshotsService, type InfoMessage, type MountMessage } from '../../src/grpc/snapshots.ts';
import type { Digest } from '../../src/oci/digest.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { TOC_DIGEST } from '../../src/oci/annotations.ts';
import { GrpcClient } from '../grpc/client.ts';
import { mountAll, unmount } from '../grpc/mounting.ts';
import { startDaemon, type Daemon } from '../support/daemon.ts';
import { dir, file, noise } from '../support/entries.ts';
import { addLayeredImage, type LayeredImage } from '../support/layered-image.ts';
import { unmountBelow } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { TestRegistry } from '../support/registry.ts';

type Labels = Record<string, string>;

const service = loadSnapshotsService();
const PREFIX = 'containerd.io/snapshot';
const user = { username: 'puller', password: 'open sesame' };

/** Daemon, registry and a client that calls itself BuildKit. */
class Build implements AsyncDisposable {
  readonly folder: string;
  readonly registry: TestRegistry;
  readonly daemon: Daemon;
  readonly client: GrpcClient;
  #calls = 0;

  constructor(folder: string, registry: TestRegistry, daemon: Daemon) {
    this.folder = folder;
    this.registry = registry;
    this.daemon = daemon;
    this.client = new GrpcClient({ socket: daemon.socket, service, metadata: { 'containerd-namespace': 'buildkit' } });
  }

  static async start(registry: TestRegistry, login?: object): Promise<Build> {
    const folder = await mkdtemp('/var/tmp/lazypull-e2e-');
    const docker = join(folder, 'docker');
    await mkdir(docker);
    if (login !== undefined) await writeFile(join(docker, 'config.json'), JSON.stringify(login));
    const config = 'background_fill.enabled = false\nregistry.certs_dir = ""';
    const daemon = await startDaemon({ dir: join(folder, 'lazypull'), config, env: { DOCKER_CONFIG: docker } });
    return new Build(folder, registry, daemon);
  }

  /** A key as BuildKit's metadata store makes it. */
  key(name: string): string {
    return `buildkit/${++this.#calls}/${name}`;
  }

  /** Offers to skip a layer. @returns the name of the remote snapshot; undefined when the layer has to be unpacked. */
  async extract(chainId: Digest, parent: string, labels: Labels): Promise<string | undefined> {
    const key = this.key(`tmp-${this.#calls} ${chainId}`);
    const request = { key, parent, labels: { ...labels, [`${PREFIX}.ref`]: chainId } };
    try {
      await this.client.call('Prepare', request);
      return undefined;
    } catch (error) {
      assert.ok(error instanceof LazypullError && error.code === 'ALREADY_EXISTS', String(error));
    }
    // Extractions that were given up, or are under way, have the same label.
    const found = await this.list(`labels."${PREFIX}.ref"==${chainId},parent=="${parent}"`);
    const committed = found.filter(({ kind }) => kind === 'COMMITTED');
    assert.equal(committed.length, 1);
    return committed[0]?.name;
  }

  async list(...filters: string[]): Promise<InfoMessage[]> {
    const all: InfoMessage[] = [];
    for await (const { info } of this.client.stream<{ info: InfoMessage[] }>('List', { filters })) all.push(...info);
    return all;
  }

  async labels(name: string): Promise<Labels> {
    return { ...(await this.client.call<{ info: InfoMessage }>('Stat', { key: name })).info.labels };
  }

  /** Adds labels one by one, as BuildKit does before an operation; empty values take them away again after it. */
  async update(name: string, labels: Labels): Promise<void> {
    const paths = Object.keys(labels).map((key) => `labels.${key}`);
    await this.client.call('Update', { info: { name, labels }, updateMask: { paths } });
  }

  /** A file of a new container's root on top of a snapshot. */
  async read(parent: string, path: string): Promise<string> {
    const { mounts } = await this.client.call<{ mounts: MountMessage[] }>('Prepare', { key: this.key('run'), parent });
    const target = await mkdtemp(join(this.folder, 'root-'));
    mountAll(mounts, target);
    try {
      return await readFile(join(target, path), 'utf8');
    } finally {
      unmount(target);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client[Symbol.dispose]();
    await this.daemon.stop();
    await unmountBelow(this.folder);
    await rm(this.folder, { recursive: true, force: true });
  }
}

function twoLayers(registry: TestRegistry, estargz = true): LayeredImage {
  const lower = [dir('data'), file('data/lower', 'lower\n'), file('data/noise', noise(200_000))];
  return addLayeredImage(registry, 'base', [lower, [file('data/upper', 'upper\n')]], { estargz });
}

/** What BuildKit says of a layer for good. A layer without a TOC digest gets an empty label. */
function persistentLabels({ ref, manifest, layers }: LayeredImage, index: number): Labels {
  const reference = `${ref}@${manifest.digest}`;
  return {
    [`${PREFIX}/remote/stargz.reference`]: reference,
    [`${PREFIX}/remote/stargz.digest`]: layers[index]?.digest ?? '',
    [`${PREFIX}/remote/stargz.layers`]: layers
      .slice(index)
      .map(({ digest }) => digest)
      .join(','),
    [TOC_DIGEST]: layers[index]?.annotations?.[TOC_DIGEST] ?? '',
    [`${PREFIX}/cri.image-ref`]: reference,
  };
}

/** The same for the time of one operation, with the session whose credentials its own snapshotter would use. */
function temporaryLabels(image: LayeredImage, index: number, id: string): Labels {
  const repeated = Object.entries(persistentLabels(image, index)).map(([key, value]) => [`${key}.${id}`, value]);
  return { ...Object.fromEntries(repeated), [`${PREFIX}/remote/stargz.session.0.${id}`]: `session of ${id}` };
}

function chainIds({ diffIds }: LayeredImage): Digest[] {
  const chain: Digest[] = [];
  for (const diffId of diffIds) {
    const parent = chain.at(-1);
    chain.push(parent === undefined ? diffId : digestOf(Buffer.from(`${parent} ${diffId}`)));
  }
  return chain;
}

/** Extracts all layers. @returns names of the remote snapshots, bottom first. */
async function extractAll(build: Build, image: LayeredImage): Promise<string[]> {
  const names: string[] = [];
  for (const [index, chainId] of chainIds(image).entries()) {
    const labels = { ...persistentLabels(image, index), ...temporaryLabels(image, index, `id${index}`) };
    const name = await build.extract(chainId, names.at(-1) ?? '', labels);
    assert.ok(name !== undefined, `layer ${index} is not lazy`);
    names.push(name);
  }
  return names;
}

const emptied = (labels: Labels): Labels => Object.fromEntries(Object.keys(labels).map((key) => [key, '']));

suite('labels as BuildKit sets them', { skip: needs('root', 'fuse', 'erofs') }, () => {
  test('layers are lazy, keep the label that marks them remote, and can be read', async () => {
    await using registry = await TestRegistry.start();
    const image = twoLayers(registry);
    await using build = await Build.start(registry);
    const names = await extractAll(build, image);
    for (const name of names) assert.ok(`${PREFIX}/remote` in (await build.labels(name)));
    const top = names.at(-1) ?? '';
    assert.equal(await build.read(top, 'data/lower'), 'lower\n');
    assert.equal(await build.read(top, 'data/upper'), 'upper\n');
    assert.deepEqual((await build.daemon.status()).fallbacks, []);
  });

  test('suffixed labels alone name a layer too', async () => {
    await using registry = await TestRegistry.start();
    const image = twoLayers(registry);
    await using build = await Build.start(registry);
    const [chainId = image.manifest.digest] = chainIds(image);
    assert.ok((await build.extract(chainId, '', temporaryLabels(image, 0, 'only'))) !== undefined);
  });

  test('a layer with an empty TOC label is left to BuildKit, and status says why', async () => {
    await using registry = await TestRegistry.start();
    const image = twoLayers(registry, false);
    await using build = await Build.start(registry);
    const [chainId = image.manifest.digest] = chainIds(image);
    const labels = { ...persistentLabels(image, 0), ...temporaryLabels(image, 0, 'id0') };
    assert.equal(await build.extract(chainId, '', labels), undefined);
    const { fallbacks } = await build.daemon.status();
    assert.deepEqual(
      fallbacks.map(({ kind, layer }) => ({ kind, layer })),
      [{ kind: 'not-estargz', layer: image.layers[0]?.digest }],
    );
  });

  test('Updates around many operations at once leave labels and mounts as they were', async () => {
    await using registry = await TestRegistry.start();
    const image = twoLayers(registry);
    await using build = await Build.start(registry);
    const names = await extractAll(build, image);
    const top = names.at(-1) ?? '';
    const before = await Promise.all(names.map((name) => build.labels(name)));
    const operation = async (id: string): Promise<void> => {
      const added = names.map((_, index) => temporaryLabels(image, index, id));
      await Promise.all(names.map((name, index) => build.update(name, added[index] ?? {})));
      assert.ok(`${PREFIX}/remote/stargz.session.0.${id}` in (await build.labels(top)));
      assert.equal(await build.read(top, 'data/upper'), 'upper\n');
      await Promise.all(names.map((name, index) => build.update(name, emptied(added[index] ?? {}))));
    };
    await Promise.all(Array.from({ length: 8 }, (_, index) => operation(`operation${index}`)));
    assert.deepEqual(await Promise.all(names.map((name) => build.labels(name))), before);
    assert.equal(await build.read(top, 'data/lower'), 'lower\n');
  });

  test('the same layers come to a second build without a request, and by another reference', async () => {
    await using registry = await TestRegistry.start();
    const image = twoLayers(registry);
    await using build = await Build.start(registry);
    const names = await extractAll(build, image);
    registry.forget();
    assert.deepEqual(await extractAll(build, { ...image, ref: image.ref.replace(':latest', ':other') }), names);
    assert.equal(registry.requests(), 0);
  });

  test('a reference that is none, in an Update or of a second build, harms neither the call nor the layer', async () => {
    await using registry = await TestRegistry.start();
    const image = twoLayers(registry);
    await using build = await Build.start(registry);
    const [name = ''] = await extractAll(build, image);
    const bad = { [`${PREFIX}/remote/stargz.reference`]: 'not a reference: ' };
    await build.update(name, bad);
    assert.equal((await build.labels(name))[`${PREFIX}/remote/stargz.reference`], 'not a reference: ');
    const [chainId = image.manifest.digest] = chainIds(image);
    assert.equal(await build.extract(chainId, '', { ...persistentLabels(image, 0), ...bad }), name);
    assert.equal(await build.read(name, 'data/noise'), noise(200_000).toString());
  });

  test('a second build whose registry does not have the blob takes it from nobody', async () => {
    await using registry = await TestRegistry.start();
    await using empty = await TestRegistry.start();
    const image = twoLayers(registry);
    await using build = await Build.start(registry);
    const [name = ''] = await extractAll(build, image);
    const [chainId = image.manifest.digest] = chainIds(image);
    const elsewhere = { ...image, ref: image.ref.replace(registry.host, empty.host) };
    assert.equal(await build.extract(chainId, '', persistentLabels(elsewhere, 0)), name);
    assert.equal(await build.read(name, 'data/noise'), noise(200_000).toString());
  });

  test('a login that comes after the daemon has started counts at the next layer, without a restart', async () => {
    await using registry = await TestRegistry.start({ auth: { kind: 'basic', ...user } });
    const image = twoLayers(registry);
    await using build = await Build.start(registry);
    const [chainId = image.manifest.digest] = chainIds(image);
    assert.equal(await build.extract(chainId, '', persistentLabels(image, 0)), undefined);
    assert.equal((await build.daemon.status()).fallbacks[0]?.kind, 'registry');
    const auth = Buffer.from(`${user.username}:${user.password}`).toString('base64');
    await writeFile(
      join(build.folder, 'docker', 'config.json'),
      JSON.stringify({ auths: { [registry.host]: { auth } } }),
    );
    assert.ok((await build.extract(chainId, '', persistentLabels(image, 0))) !== undefined);
    assert.deepEqual((await build.daemon.status()).fallbacks, []);
  });
});
