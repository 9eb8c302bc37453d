// The lazy side without registries and mounts: it remembers who holds which layer, and mounts what it is told to.
import type { Digest } from '../../src/oci/digest.ts';
import type { Labels, LazyLayers, MountedLayer, NotLazy } from '../../src/snapshot/lazy.ts';

/** The label that names a layer for it. */
export const FAKE_LAYER = 'fake-layer';

export class FakeLazy implements LazyLayers {
  readonly holders: Map<Digest, Set<string>> = new Map();
  readonly calls: string[] = [];
  /** The answer instead of a mount. */
  notLazy: NotLazy | undefined;
  /** Never answers before it is aborted. */
  hangs: boolean = false;
  /** What the next calls throw. */
  error: Error | undefined;

  async mount(holder: string, labels: Labels, signal?: AbortSignal): Promise<MountedLayer | NotLazy> {
    return await this.#hold('mount', holder, labels[FAKE_LAYER] as Digest, signal);
  }

  async restore(
    holder: string,
    layerDigest: Digest,
    _labels: Labels,
    signal?: AbortSignal,
  ): Promise<MountedLayer | NotLazy> {
    return await this.#hold('restore', holder, layerDigest, signal);
  }

  lookup(layerDigest: Digest): MountedLayer | undefined {
    return this.holders.has(layerDigest) ? { layerDigest, mountpoint: `/m/${layerDigest.slice(-4)}` } : undefined;
  }

  refresh(): void {}

  async ready(layerDigests: readonly Digest[]): Promise<void> {
    this.calls.push(`ready ${layerDigests.join()}`);
  }

  async release(holder: string, layerDigest: Digest): Promise<void> {
    this.calls.push(`release ${layerDigest}`);
    const holders = this.holders.get(layerDigest);
    holders?.delete(holder);
    if (holders?.size === 0) this.holders.delete(layerDigest);
  }

  async #hold(
    call: string,
    holder: string,
    layerDigest: Digest,
    signal?: AbortSignal,
  ): Promise<MountedLayer | NotLazy> {
    this.calls.push(`${call} ${layerDigest}`);
    if (this.hangs) await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    if (this.error !== undefined) throw this.error;
    if (this.notLazy !== undefined) return this.notLazy;
    this.holders.set(layerDigest, (this.holders.get(layerDigest) ?? new Set()).add(holder));
    return { layerDigest, mountpoint: `/m/${layerDigest.slice(-4)}` };
  }
}
