// Layer images become mounts: `<root>/m/<first digits of the digest>`, EROFS over the file that the FUSE transport
// serves, or over the layer image itself when nothing of it is missing.
import { mkdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from '../errors.ts';
import { mountErofs, unmount, type ErofsTier } from '../fuse/mount.ts';
import { findMount, mountsBelow } from '../fuse/mountinfo.ts';
import type { FuseTransport } from '../fuse/transport.ts';
import type { Layer } from '../layer/layer.ts';
import type { Logger } from '../log.ts';
import { digestHex, type Digest } from '../oci/digest.ts';
import type { Labels } from '../snapshot/lazy.ts';
import type { KnownNode, NodeIds } from './node-ids.ts';

export interface LayerMountsOptions {
  /** Folder of the mount points. Short, because overlayfs takes at most a page of lowerdir options. */
  readonly folder: string;
  readonly transport: FuseTransport;
  readonly tier: ErofsTier;
  /** Whether EROFS may be mounted over files of the cache without FUSE. */
  readonly directFromDisk: boolean;
  readonly nodeIds: NodeIds;
  readonly log: Logger;
}

/** One mounted layer. */
export interface LayerMount {
  readonly digest: Digest;
  readonly mountpoint: string;
  /** Set when the mount reads through FUSE. */
  readonly nodeId: number | undefined;
}

/** 64 bits of a sha256: enough that two layers of one machine never meet; the whole digest names the served file. */
const NAME_DIGITS = 16;

export class LayerMounts {
  readonly #options: LayerMountsOptions;
  readonly #byNode = new Map<number, Layer>();

  constructor(options: LayerMountsOptions) {
    this.#options = options;
  }

  mountpoint(digest: Digest): string {
    return join(this.#options.folder, digestHex(digest).slice(0, NAME_DIGITS));
  }

  /** Layers that an earlier serving process of the same FUSE mount served and that are still mounted. */
  inherited(): [Digest, KnownNode][] {
    const mounted = new Set(mountsBelow(this.#options.folder).map(({ mountpoint }) => mountpoint));
    return this.#options.nodeIds.entries().filter(([digest]) => mounted.has(this.mountpoint(digest)));
  }

  /** Mounts a layer, or takes over the mount that an earlier serving process made of it. */
  async attach(layer: Layer, labels: Labels): Promise<LayerMount> {
    const { transport, tier, directFromDisk, nodeIds } = this.#options;
    const target = this.mountpoint(layer.digest);
    const existing = findMount(target);
    const throughFuse =
      existing === undefined ? !(layer.complete && directFromDisk) : existing.source !== layer.imagePath;
    const nodeId = throughFuse ? await nodeIds.require(layer.digest, labels) : undefined;
    const name = digestHex(layer.digest);
    if (nodeId === undefined) layer.noteUnobserved();
    else {
      this.#byNode.set(nodeId, layer);
      await transport.add({ nodeId, name, size: layer.imageSize, fd: layer.fd, presence: layer.presence });
    }
    if (existing !== undefined) return { digest: layer.digest, mountpoint: target, nodeId };
    try {
      await mkdir(target, { recursive: true, mode: 0o755 });
      await mountErofs({ source: throughFuse ? join(transport.mountpoint, name) : layer.imagePath, target, tier });
    } catch (error) {
      if (nodeId !== undefined) await this.#withdraw(nodeId);
      throw error;
    }
    return { digest: layer.digest, mountpoint: target, nodeId };
  }

  /** Unmounts a layer. One that is still in use leaves the tree now and goes with its last user. */
  async detach({ digest, mountpoint, nodeId }: LayerMount): Promise<void> {
    await this.#unmount(mountpoint);
    if (nodeId === undefined) return;
    await this.#withdraw(nodeId);
    await this.#options.nodeIds.forget(digest);
  }

  /** The layer that the kernel means by a node id. */
  lookup(nodeId: number): Layer | undefined {
    return this.#byNode.get(nodeId);
  }

  /** Unmounts everything below the folder for which `keep` is false: what an earlier FUSE mount left is dead. */
  async clear(keep: (mountpoint: string, source: string) => boolean): Promise<void> {
    const { folder } = this.#options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const { mountpoint, source } of mountsBelow(folder)) {
      if (!keep(mountpoint, source)) await this.#unmount(mountpoint);
    }
  }

  /** Removes the folder when nothing is mounted below it. */
  async removeFolder(): Promise<void> {
    const { folder } = this.#options;
    if (mountsBelow(folder).length === 0) await rm(folder, { recursive: true, force: true });
  }

  async #withdraw(nodeId: number): Promise<void> {
    await this.#options.transport.remove(nodeId);
    this.#byNode.delete(nodeId);
  }

  async #unmount(mountpoint: string): Promise<void> {
    try {
      await unmount(mountpoint);
    } catch (error) {
      this.#options.log.info('a layer is still in use: it is detached', { mountpoint, error: describeError(error) });
      await unmount(mountpoint, { detach: true });
    }
    await rmdir(mountpoint).catch(() => {});
  }
}
