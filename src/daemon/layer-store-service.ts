// The additional layer store in the daemon: one more consumer of the layer cache, whose clients come by a filesystem
// instead of a socket.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Blobs } from '../containers-storage/blobs.ts';
import { Holds } from '../containers-storage/holds.ts';
import { ImageLayers } from '../containers-storage/image-layers.ts';
import { StoreState } from '../containers-storage/state.ts';
import { StoreTree } from '../containers-storage/tree.ts';
import { processSees } from '../fuse/mountinfo.ts';
import { startTreeTransport } from '../fuse/tree-transport.ts';
import type { Logger } from '../log.ts';
import { hostPlatform } from '../oci/platform.ts';
import type { RegistryClient } from '../registry/client.ts';
import type { ImageClock } from '../snapshot/image-times.ts';
import type { LazyLayers } from '../snapshot/lazy.ts';
import type { RemovedLayer } from '../snapshot/snapshotter.ts';
import type { SnapshotterStatus } from '../snapshot/status.ts';
import type { SnapshotUser } from '../snapshot/users.ts';
import { explain } from './not-lazy.ts';

/** The name of this consumer in `lazypull status` and in metrics. */
export const LAYER_STORE = 'layer-store';

export interface LayerStoreOptions {
  /** The connection that the supervisor made, and whether an earlier process served it. */
  readonly fd: number;
  readonly mountpoint: string;
  readonly resend: boolean;
  /** Of the daemon. */
  readonly root: string;
  readonly timeoutMs: number;
  readonly client: RegistryClient;
  readonly lazy: LazyLayers;
  readonly log: Logger;
  readonly clock: ImageClock;
  readonly onRemoved: (removed: RemovedLayer) => void;
}

export class LayerStoreService {
  readonly name: string = LAYER_STORE;
  /** Where its clients find it. */
  readonly socket: string;
  readonly #options: LayerStoreOptions;
  readonly #state: StoreState;
  readonly #holds: Holds;
  readonly #blobs: Blobs;

  constructor(options: LayerStoreOptions) {
    const { client, log, root, resend } = options;
    const folder = join(root, 'layer-store');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.socket = options.mountpoint;
    this.#options = options;
    this.#state = StoreState.open(join(folder, 'state.json'), resend);
    this.#blobs = new Blobs(client, folder);
    const images = new ImageLayers(client, hostPlatform());
    this.#holds = new Holds({ ...options, state: this.#state, images, explain, sees: processSees, log });
  }

  /** Answers from now on. */
  start(): void {
    const { fd, resend, log } = this.#options;
    const tree = new StoreTree({ state: this.#state, holds: this.#holds, blobs: this.#blobs });
    startTreeTransport({ fd, tree, resend, log });
  }

  restore(): Promise<void> {
    return this.#holds.restore();
  }

  status(): SnapshotterStatus {
    return this.#holds.status();
  }

  users(): SnapshotUser[] {
    return this.#holds.users();
  }

  count(): number {
    return this.#holds.count();
  }

  close(): Promise<void> {
    return this.#blobs.close();
  }
}
