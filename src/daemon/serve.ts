// The serving process: puts the parts together, in the order in which a restart needs them. The kernel's requests are
// answered as early as possible, sockets open last.
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EffectiveConfig } from '../config.ts';
import { printConfig } from '../config/print.ts';
import { describeError, LazypullError } from '../errors.ts';
import type { MissingRead } from '../fuse/image-file.ts';
import { probeTier } from '../fuse/probe.ts';
import type { FuseTransport } from '../fuse/transport.ts';
import { startWireTransport } from '../fuse/wire-transport.ts';
import { GrpcServer } from '../grpc/server.ts';
import { loadSnapshotsService, snapshotsService } from '../grpc/snapshots.ts';
import { LayerStore } from '../layer/layer-store.ts';
import { createLogger, type Logger } from '../log.ts';
import { RegistryClient } from '../registry/client.ts';
import { registryOptions } from '../registry/from-config.ts';
import { Snapshotter, type RemovedLayer } from '../snapshot/snapshotter.ts';
import { version } from '../version.ts';
import { DaemonCredentials } from './credentials.ts';
import { startControl, type ControlServer } from './control.ts';
import { Drain } from './drain.ts';
import { HotService } from './hot.ts';
import { ImageReport } from './image-report.ts';
import { LayerMounts } from './layer-mounts.ts';
import { LAYER_STORE, LayerStoreService } from './layer-store-service.ts';
import { MountedLayers } from './lazy-layers.ts';
import { Memory } from './memory.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { NodeIds } from './node-ids.ts';
import { Report, type Consumer } from './report.ts';
import { PullService } from './pull-service.ts';
import { connectSupervisor, inherit, type Inherited, type SupervisorLink } from './serving.ts';
import { BlobSources } from './sources.ts';
import { Tidier } from './tidy.ts';

/** Serves until the supervisor ends this process. @throws UserError for what the user has to change. */
export async function serve(effective: EffectiveConfig): Promise<void> {
  const { config } = effective;
  const log = createLogger(config.log);
  const serving = new Serving(effective, inherit(), log);
  const link = connectSupervisor({ flush: () => serving.flush(), stop: () => serving.stop() }, log);
  await serving.start(link);
  link.ready();
  log.info('serving', { pid: process.pid, ...serving.summary() });
  await Promise.all([serving.restore(), serving.rehearse()]);
}

class Serving {
  readonly #effective: EffectiveConfig;
  readonly #fuse: Inherited['fuse'];
  readonly #inherited: Inherited['sockets'];
  readonly #log: Logger;
  readonly #memory: Memory;
  readonly #consumers: Consumer[] = [];
  readonly #snapshotters: { name: string; socket: string; snapshotter: Snapshotter }[] = [];
  readonly #servers: GrpcServer[] = [];
  #store!: LayerStore;
  #client!: RegistryClient;
  #credentials!: DaemonCredentials;
  #transport: FuseTransport | undefined;
  #mounts: LayerMounts | undefined;
  #layers!: MountedLayers;
  #report!: Report;
  #images!: ImageReport;
  #metrics!: Metrics;
  #hot!: HotService;
  #drain!: Drain;
  #control: ControlServer | undefined;
  #tidier: Tidier | undefined;
  #layerStore: LayerStoreService | undefined;

  constructor(effective: EffectiveConfig, { fuse, sockets }: Inherited, log: Logger) {
    this.#effective = effective;
    this.#fuse = fuse;
    this.#inherited = sockets;
    this.#log = log;
    this.#memory = new Memory(join(effective.config.stateDir, 'memory.json'), (fuse?.generation ?? 0) > 0);
  }

  async start(link: SupervisorLink): Promise<void> {
    const { config } = this.#effective;
    const log = this.#log;
    this.#credentials = await DaemonCredentials.open(config, log);
    const credentials = this.#credentials.source;
    this.#client = new RegistryClient({ ...registryOptions(config.registry, `lazypull/${version}`), credentials, log });
    this.#store = await LayerStore.open({
      root: config.root,
      sizeLimitBytes: config.cache.sizeLimitBytes,
      prefetchBytes: config.prefetch.defaultBytes,
      fill: config.backgroundFill,
      log,
    });
    this.#drain = this.#newDrain(link);
    const tier = await this.#prepareMounts();
    this.#layers = new MountedLayers({
      store: this.#store,
      mounts: this.#mounts,
      unsupported: `this machine can't mount layers lazily: ${tier.reason}`,
      sources: new BlobSources(this.#client),
      allowUnverified: config.verification.allowUnverified,
      prefetch: config.prefetch,
      refusal: () => this.#drain.refusal,
      log,
      onMount: (seconds, outcome) => {
        this.#report.mounted(outcome);
        this.#metrics.layerMounted(seconds, outcome);
      },
      onRelease: (held) => this.#images.released(held),
    });
    this.#images = new ImageReport(this.#layers, this.#memory.former);
    this.#report = new Report({
      effective: this.#effective,
      generation: this.#fuse?.generation ?? 0,
      tier,
      transport: this.#transport,
      client: this.#client,
      store: this.#store,
      images: this.#images,
      credentials: this.#credentials,
      consumers: this.#consumers,
      drain: this.#drain,
    });
    this.#metrics = createMetrics(() => this.#report.status());
    const unsupported = this.#mounts === undefined ? tier.reason : undefined;
    this.#hot = new HotService({ store: this.#store, unsupported, log });
    await this.#adopt();
    this.#openLayerStore();
    await this.#openSnapshotters();
    await this.#listen(link);
    this.#tidier = new Tidier({ work: () => this.#client.stats().bytes });
  }

  summary(): Record<string, unknown> {
    return { ...this.#report.summary(), consumers: this.#consumers.map(({ socket }) => socket) };
  }

  /** Mounts what a reboot or a new FUSE mount took away. Containers may ask meanwhile. */
  async restore(): Promise<void> {
    await Promise.all([
      ...this.#snapshotters.map(({ snapshotter }) => snapshotter.restore()),
      this.#layerStore?.restore(),
    ]);
    await this.#layers.dropUnheld();
    await this.#store.evict();
    this.#drain.start();
  }

  /** Only where layers may come: a rehearsal of what this machine can't do is wasted. */
  async rehearse(): Promise<void> {
    if (this.#mounts !== undefined) await this.#store.rehearse();
  }

  /** Calls under way are answered; who calls from now on is answered by the next process. */
  async flush(): Promise<void> {
    await this.#closeServers();
    await Promise.all([this.#store.flush(), this.#memory.save(this.#images.memory())]);
  }

  async stop(): Promise<void> {
    this.#tidier?.close();
    await this.#drain.close();
    await this.#control?.close();
    await this.#closeServers();
    await this.#credentials.close();
    await Promise.all(this.#snapshotters.map(({ snapshotter }) => snapshotter.close()));
    await this.#layerStore?.close();
    await this.#hot.close();
    await this.#layers.close();
    await this.#store.close();
    await this.#mounts?.removeFolder();
    // The supervisor unmounts what `wire` serves once this process has gone: its threads can't end before, to wait for
    // them would be a second of every stop.
    if (this.#transport?.kind !== 'wire') await this.#transport?.close();
    await this.#client.close();
  }

  async #closeServers(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.close()));
  }

  /** The transport, and how to mount over it. Leaves `#mounts` undefined when nothing can be mounted lazily. */
  async #prepareMounts(): Promise<{ tier: 'A' | 'B' | 'D'; reason: string }> {
    const { config } = this.#effective;
    if (config.mount.tier === 'off') return { tier: 'D', reason: 'mount.tier is "off" in the configuration' };
    const probed = await probeTier({ scratchDir: config.root, spareDir: config.stateDir });
    const tier = config.mount.tier === 'auto' ? probed.tier : config.mount.tier;
    if (tier === 'D') return { tier, reason: probed.reason };
    this.#transport = await this.#startTransport();
    if (this.#transport === undefined) return { tier: 'D', reason: 'there is no FUSE filesystem' };

    const fresh = this.#fuse?.resend !== true;
    const nodeFile = join(config.stateDir, 'node-ids.json');
    if (fresh) await rm(nodeFile, { force: true });
    this.#mounts = new LayerMounts({
      folder: join(config.root, 'm'),
      transport: this.#transport,
      tier,
      directFromDisk: probed.directFromDisk,
      nodeIds: NodeIds.open(nodeFile),
      log: this.#log,
    });
    // An earlier FUSE mount's layers are dead; those that were mounted straight from the cache are as good as ever.
    const cache = `${config.root}/`;
    const served = `${this.#transport.mountpoint}/`;
    await this.#mounts.clear((_, source) => !fresh || (source.startsWith(cache) && !source.startsWith(served)));
    return { tier, reason: config.mount.tier === 'auto' ? probed.reason : 'mount.tier is set in the configuration' };
  }

  async #startTransport(): Promise<FuseTransport | undefined> {
    const { config } = this.#effective;
    const onFault = (read: MissingRead): Promise<void> => this.#fault(read);
    if (config.fuse.transport === 'fuse-native') {
      const { startNativeTransport } = await import('../fuse/native-transport.ts');
      return startNativeTransport({ mountpoint: join(config.stateDir, 'fuse'), onFault, log: this.#log });
    }
    if (this.#fuse === undefined) return undefined;
    const { fd, mountpoint, resend } = this.#fuse;
    return startWireTransport({ fd, mountpoint, resend, workers: config.fuse.workers, onFault, log: this.#log });
  }

  async #fault(read: MissingRead): Promise<void> {
    const started = performance.now();
    const layer = this.#mounts?.lookup(read.nodeId);
    if (layer === undefined) throw new LazypullError('NOT_FOUND', `no layer has the node id ${read.nodeId}`);
    try {
      await layer.fault(read);
      this.#metrics.faultServed((performance.now() - started) / 1000, 'ok');
    } catch (error) {
      this.#metrics.faultServed((performance.now() - started) / 1000, 'error');
      this.#report.faultFailed(error);
      this.#log.error('a read fails', { layer: layer.digest, error: describeError(error) });
      throw error;
    }
  }

  async #openSnapshotters(): Promise<void> {
    for (const { name, socket, root } of this.#effective.config.snapshotters) {
      const snapshotter = await Snapshotter.open({
        root,
        lazy: this.#layers,
        log: this.#log.with({ consumer: name }),
        clock: this.#memory.clock(name),
        onRemoved: (removed) => this.#removed(name, removed),
      });
      this.#snapshotters.push({ name, socket, snapshotter });
      this.#consumers.push({ name, socket, snapshotter });
    }
  }

  #openLayerStore(): void {
    const { root, layerStore } = this.#effective.config;
    const log = this.#log.with({ consumer: LAYER_STORE });
    if (layerStore.path === '') return;
    if (this.#fuse?.store === undefined) {
      // Podman does not start where the folder is missing.
      mkdirSync(layerStore.path, { recursive: true, mode: 0o700 });
      log.warn('there is no layer store, and clients download whole layers: it needs fuse.transport "wire"');
      return;
    }
    const service = new LayerStoreService({
      ...this.#fuse.store,
      resend: this.#fuse.resend,
      root,
      timeoutMs: layerStore.timeoutMs,
      client: this.#client,
      lazy: this.#layers,
      log,
      clock: this.#memory.clock(LAYER_STORE),
      onRemoved: (removed) => this.#removed(LAYER_STORE, removed),
    });
    this.#layerStore = service;
    this.#consumers.push({ name: service.name, socket: service.socket, snapshotter: service });
    service.start();
  }

  #removed(consumer: string, removed: RemovedLayer): void {
    this.#images.removed(consumer, removed);
    this.#memory.saveSoon(() => this.#images.memory(), this.#log);
  }

  /** Files first, then RESEND, then answers: the kernel may ask for any of them at once. */
  async #adopt(): Promise<void> {
    if (this.#fuse?.resend === true) await this.#layers.adopt();
    await this.#transport?.start();
  }

  #newDrain(link: SupervisorLink): Drain {
    const consumers = (): ReturnType<ConstructorParameters<typeof Drain>[0]['consumers']> =>
      this.#consumers.map(({ name, snapshotter }) => ({
        name,
        users: () => snapshotter.users(),
        count: () => snapshotter.count(),
      }));
    return new Drain({
      file: join(this.#effective.config.root, 'drain.json'),
      consumers,
      lookup: (digest) => this.#layers.lookupHeld(digest),
      log: this.#log,
      leave: () => link.leave(),
    });
  }

  /** A socket that the supervisor has not got, e.g. since it is new in the configuration, is made here. */
  async #open(server: GrpcServer, socket: string): Promise<void> {
    this.#servers.push(server);
    const fd = this.#inherited.get(socket);
    await (fd === undefined ? server.listen(socket) : server.listenOn(fd));
  }

  async #listen(link: SupervisorLink): Promise<void> {
    const { config } = this.#effective;
    const log = this.#log;
    const definition = loadSnapshotsService();
    for (const { name, socket, snapshotter } of this.#snapshotters) {
      const server = new GrpcServer({ log: log.with({ consumer: name }) });
      server.add(definition, snapshotsService(snapshotter));
      await this.#open(server, socket);
    }
    const { cri } = config.credentials;
    const images = this.#credentials.imageServer();
    if (images !== undefined) await this.#open(images, cri.socket);
    const pulls = new PullService({
      client: this.#client,
      credentials: this.#credentials.source,
      registry: config.registry,
      layers: this.#layers,
    });
    this.#control = await startControl({
      socket: config.control.socket,
      tcpAddress: config.metrics.address,
      log,
      handlers: {
        health: () => this.#report.health(),
        status: () => this.#report.status(),
        metrics: async () => {
          const { contentType, text } = await this.#metrics.render();
          return { contentType, text };
        },
        config: () => printConfig(this.#effective),
        pull: (request, onProgress, signal) => pulls.pull(request, onProgress, signal),
        warm: ({ reference, layers }) => this.#layers.warm(reference, layers),
        hotSave: (request) => this.#hot.save(request),
        hotLoad: (request) => this.#hot.load(request),
        drain: async ({ action, retire }) => {
          await (action === 'begin' ? this.#drain.begin({ retire }) : this.#drain.cancel());
          return this.#drain.status();
        },
        restart: () => link.restart(),
      },
    });
  }
}
