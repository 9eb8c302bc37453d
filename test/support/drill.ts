// A registry and a daemon for failure drills, without containerd in between: layers are asked for by the snapshots
// service, as containerd asks, and what is mounted is read by other processes.
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { loadSnapshotsService, type MountMessage } from '../../src/grpc/snapshots.ts';
import { LazypullError } from '../../src/errors.ts';
import type { Fallback } from '../../src/daemon/status.ts';
import { LAZYPULL_TOC_CHECKSUM, TOC_DIGEST, TOC_LAYER_DIGEST } from '../../src/oci/annotations.ts';
import type { Digest } from '../../src/oci/digest.ts';
import { OCI_LAYER_GZIP } from '../../src/oci/media-types.ts';
import type { Labels } from '../../src/snapshot/lazy.ts';
import { GrpcClient } from '../grpc/client.ts';
import { startDaemon, type Daemon } from './daemon.ts';
import { dir, file, noise, type Entry } from './entries.ts';
import type { BuiltLayer } from './estargz.ts';
import { mountsBelow, unmountBelow } from './mounts.ts';
import { TestRegistry } from './registry.ts';
import { run } from './run.ts';

/** Nothing is fetched that no read asked for, and a registry that is down is given up soon. */
export const DEMAND_ONLY = 'prefetch.enabled = false\nbackground_fill.enabled = false\nregistry.retries = 2\n';

const service = loadSnapshotsService();

export interface DrillOptions {
  /** More of config.toml; DEMAND_ONLY unless told. */
  readonly config?: string;
  readonly registry?: TestRegistry;
  /** Makes the daemon's folders before it starts, e.g. a small disk at `<folder>/root`. */
  readonly prepareFolder?: (folder: string) => Promise<void>;
}

/** A layer that is mounted: where, and under which name its snapshot stands. */
export interface Mounted {
  readonly mountpoint: string;
  readonly name: string;
}

export class Drill implements AsyncDisposable {
  readonly dir: string;
  readonly registry: TestRegistry;
  readonly #config: string;
  daemon: Daemon;
  #keys = 0;

  private constructor(folder: string, registry: TestRegistry, config: string, daemon: Daemon) {
    this.dir = folder;
    this.registry = registry;
    this.#config = config;
    this.daemon = daemon;
  }

  static async start(options: DrillOptions = {}): Promise<Drill> {
    const folder = await mkdtemp('/var/tmp/lazypull-drill-');
    const config = options.config ?? DEMAND_ONLY;
    const registry = options.registry ?? (await TestRegistry.start());
    try {
      await options.prepareFolder?.(folder);
      return new Drill(folder, registry, config, await startDaemon({ dir: folder, config }));
    } catch (error) {
      await registry.close();
      await unmountBelow(folder);
      throw error;
    }
  }

  /**
   * Puts a layer into the registry, and its TOC if that is external. @returns the labels by which containerd asks for it:
   * with the checksum of the compressed TOC when its format promises no more, unless another TOC digest is given.
   */
  publish(name: string, built: BuiltLayer, tocDigest?: string): Labels {
    this.registry.addBlob(name, built.blob);
    if (built.externalToc !== undefined) this.publishToc(name, built.digest, built.externalToc);
    const hasChecksum = built.format === 'zstd:chunked-containers' && tocDigest === undefined;
    return {
      'containerd.io/snapshot.ref': `chain-of-${name}`,
      'containerd.io/snapshot/remote/stargz.reference': `${this.registry.host}/${name}:latest`,
      'containerd.io/snapshot/remote/stargz.digest': built.digest,
      ...(hasChecksum
        ? { [LAZYPULL_TOC_CHECKSUM]: built.tocChecksum }
        : { [TOC_DIGEST]: tocDigest ?? built.tocDigest }),
    };
  }

  /** Puts an image into the registry whose one layer is the TOC of `layer`. */
  publishToc(name: string, layer: Digest, toc: Uint8Array): void {
    const blob = this.registry.addBlob(name, toc, OCI_LAYER_GZIP);
    this.registry.addImage(name, 'latest-esgztoc', [{ ...blob, annotations: { [TOC_LAYER_DIGEST]: layer } }]);
  }

  /** Asks for a layer. @returns its mount, or the reason why there is none. */
  async prepare(labels: Labels, socket: string = this.daemon.socket): Promise<Mounted | Fallback> {
    const key = `key-${++this.#keys}`;
    try {
      await this.call('Prepare', { key, parent: '', labels }, socket);
    } catch (error) {
      if (!(error instanceof LazypullError) || error.code !== 'ALREADY_EXISTS') throw error;
      const name = await this.#nameOf(labels, socket);
      return { name, mountpoint: await this.view(name, socket) };
    }
    await this.call('Remove', { key }, socket);
    const fallback = (await this.daemon.status()).fallbacks.at(-1);
    if (fallback === undefined) throw new Error('neither mounted nor a reason why');
    return fallback;
  }

  /** Asks for a layer that must be mounted. */
  async mount(labels: Labels, socket?: string): Promise<Mounted> {
    const answer = await this.prepare(labels, socket);
    if ('reason' in answer) throw new Error(`not lazy: ${answer.kind}: ${answer.reason}`);
    return answer;
  }

  /** The mount of a remote snapshot, as a container on top of it gets it. @throws LazypullError, e.g. UNAVAILABLE. */
  async view(name: string, socket: string = this.daemon.socket): Promise<string> {
    const key = `view-${++this.#keys}`;
    const { mounts } = await this.call<{ mounts: MountMessage[] }>('View', { key, parent: name, labels: {} }, socket);
    await this.call('Remove', { key }, socket);
    const [mount] = mounts;
    if (mounts.length !== 1 || mount?.type !== 'bind') throw new Error(`not one bind mount: ${JSON.stringify(mounts)}`);
    return mount.source;
  }

  async remove(name: string, socket: string = this.daemon.socket): Promise<void> {
    await this.call('Remove', { key: name }, socket);
  }

  /** One call of the snapshots service. A daemon that does not answer within 30 s has failed the drill. */
  async call<Response>(method: string, request: object, socket: string = this.daemon.socket): Promise<Response> {
    using client = new GrpcClient({ socket, service });
    return await client.call<Response>(method, request, AbortSignal.timeout(30_000));
  }

  /** Starts the daemon again over the same folders, after it was stopped or killed. */
  async startAgain(): Promise<void> {
    this.daemon = await startDaemon({ dir: this.dir, config: this.#config });
  }

  /** Stops the daemon, and says what it left mounted. */
  async stop(): Promise<{ status: number | null; left: string[] }> {
    const status = await this.daemon.stop();
    return { status, left: mountsBelow(join(this.dir, 'state')).concat(mountsBelow(join(this.dir, 'root', 'm'))) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.daemon.stop();
    await unmountBelow(this.dir);
    await rm(this.dir, { recursive: true, force: true });
    await this.registry.close();
  }

  async #nameOf(labels: Labels, socket: string): Promise<string> {
    const ref = labels['containerd.io/snapshot.ref'];
    using client = new GrpcClient({ socket, service });
    const filters = [`labels."containerd.io/snapshot.ref"==${ref}`];
    for await (const { info } of client.stream<{ info: { name: string; kind: string }[] }>('List', { filters })) {
      const committed = info.find(({ kind }) => kind === 'COMMITTED');
      if (committed !== undefined) return committed.name;
    }
    throw new Error(`no snapshot stands for ${ref}`);
  }
}

/** Files `data/00`, `data/01`, ... of noise, each of `size` bytes. The same for the same `seed`. */
export function noiseFiles(count: number, size: number, seed = 1): Entry[] {
  const names = Array.from({ length: count }, (_, i) => `data/${String(i).padStart(2, '0')}`);
  return [dir('data/'), ...names.map((name, i) => file(name, noise(size, seed * 1000 + i)))];
}

/** Names of the regular files, with the digests of their contents. */
export function digestsOf(entries: readonly Entry[]): Map<string, string> {
  const files = entries.filter(({ type }) => type === 'reg');
  return new Map(files.map(({ name, content }) => [name, createHash('sha256').update(content).digest('hex')]));
}

/**
 * Reads files below `root` in another process, one after the other.
 * @returns for each its sha256, or the error that the kernel gave.
 * @throws Error when that takes longer than `timeoutMs`: a read that hangs is worse than one that fails.
 */
export async function readFiles(
  root: string,
  names: Iterable<string>,
  timeoutMs = 60_000,
): Promise<Map<string, string>> {
  const paths = [...names].map((name) => join(root, name));
  const env = { ...process.env, LC_ALL: 'C' };
  const { status, stdout, stderr } = await run('sha256sum', paths, { check: false, timeoutMs, env });
  if (status > 1) throw new Error(`sha256sum of ${paths.length} files hangs, or died: status ${status}: ${stderr}`);
  const found = new Map<string, string>();
  for (const [, hex = '', path = ''] of stdout.matchAll(/^([0-9a-f]{64}) {2}(.+)$/gm)) found.set(path, hex);
  for (const [, path = '', error = ''] of stderr.matchAll(/^sha256sum: (.+): (.+)$/gm)) found.set(path, error);
  return new Map(paths.map((path) => [path.slice(root.length + 1), found.get(path) ?? 'not read']));
}

export const EIO = 'Input/output error';

/** Makes the kernel forget the pages of files, so that the next read asks the layer image again. */
export async function forgetPages(root: string, names: Iterable<string>): Promise<void> {
  for (const name of names) await run('dd', [`if=${join(root, name)}`, 'of=/dev/null', 'iflag=nocache', 'count=0']);
}
