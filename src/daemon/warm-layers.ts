// Layers whose TOC was brought before anybody asked to mount them. They wait for a moment; a layer that nobody
// takes is let go. Whether its TOC is the promised one is checked by who takes it.
import { describeError } from '../errors.ts';
import type { Layer } from '../layer/layer.ts';
import type { LayerStore } from '../layer/layer-store.ts';
import type { OpenLayerRequest } from '../layer/store-options.ts';
import type { Logger } from '../log.ts';
import type { Digest } from '../oci/digest.ts';

const KEEP_MS = 60_000;

export class WarmLayers {
  readonly #store: LayerStore;
  readonly #log: Logger;
  readonly #layers = new Map<Digest, { layer: Layer; timer: NodeJS.Timeout }>();

  constructor(store: LayerStore, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  /** Brings a layer's TOC. Never rejects: a failure shows again, with its reason, when the layer is mounted. */
  async begin(request: OpenLayerRequest): Promise<void> {
    const { digest } = request;
    if (this.#layers.has(digest)) return;
    try {
      const layer = await this.#store.openLayer({ ...request, allowUnverified: true });
      const timer = setTimeout(() => void this.take(digest)?.dispose(), KEEP_MS).unref();
      this.#layers.set(digest, { layer, timer });
    } catch (error) {
      this.#log.debug('a layer was not warmed', { layer: digest, error: describeError(error) });
    }
  }

  /** The layer, now the caller's. */
  take(digest: Digest): Layer | undefined {
    const warm = this.#layers.get(digest);
    if (warm === undefined) return undefined;
    clearTimeout(warm.timer);
    this.#layers.delete(digest);
    return warm.layer;
  }

  close(): void {
    for (const digest of this.#layers.keys()) void this.take(digest)?.dispose();
  }
}
