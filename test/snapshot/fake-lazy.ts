// A lazy side made of directories: every layer that a test gives it "mounts" at once as the directory that it is.
import { LazypullError } from '../../src/errors.ts';
import type { Digest } from '../../src/oci/digest.ts';
import { parseLayerSource } from '../../src/snapshot/labels.ts';
import type { Labels, LazyLayers, MountedLayer, NotLazy } from '../../src/snapshot/lazy.ts';

export class FakeLazy implements LazyLayers {
  /** The layers that can be mounted. */
  readonly layers: Map<Digest, string> = new Map();
  /** Holders of each layer that is mounted. */
  readonly holders: Map<Digest, Set<string>> = new Map();
  readonly refreshed: Labels[] = [];
  readonly readied: (readonly Digest[])[] = [];
  mounts = 0;
  restores = 0;
  /** While set, nothing can be mounted. */
  broken: string | undefined;
  /** While set, `ready` rejects. */
  unready: string | undefined;
  /** `mount` and `restore` wait for it. */
  gate: Promise<void> = Promise.resolve();
  /** The most calls of `restore` that were under way at once. */
  restoresAtOnce = 0;
  #restoring = 0;

  async mount(holder: string, labels: Labels, signal?: AbortSignal): Promise<MountedLayer | NotLazy> {
    this.mounts++;
    await this.gate;
    signal?.throwIfAborted();
    const source = parseLayerSource(labels);
    if (source === undefined) return { notLazy: 'the client passed no layer', kind: 'no-labels' };
    return this.#hold(holder, source.layerDigest);
  }

  async restore(holder: string, layerDigest: Digest): Promise<MountedLayer | NotLazy> {
    this.restores++;
    this.restoresAtOnce = Math.max(this.restoresAtOnce, ++this.#restoring);
    await this.gate;
    this.#restoring--;
    return this.#hold(holder, layerDigest);
  }

  lookup(layerDigest: Digest): MountedLayer | undefined {
    const mountpoint = this.layers.get(layerDigest);
    const held = (this.holders.get(layerDigest)?.size ?? 0) > 0;
    return held && mountpoint !== undefined ? { layerDigest, mountpoint } : undefined;
  }

  refresh(_layerDigest: Digest, labels: Labels): void {
    this.refreshed.push(labels);
  }

  async ready(layerDigests: readonly Digest[]): Promise<void> {
    this.readied.push(layerDigests);
    if (this.unready !== undefined) throw new LazypullError('UNAVAILABLE', this.unready);
  }

  async release(holder: string, layerDigest: Digest): Promise<void> {
    this.holders.get(layerDigest)?.delete(holder);
  }

  #hold(holder: string, layerDigest: Digest): MountedLayer | NotLazy {
    const mountpoint = this.layers.get(layerDigest);
    if (this.broken !== undefined) return { notLazy: this.broken, kind: 'registry' };
    if (mountpoint === undefined) return { notLazy: 'the blob has no TOC', kind: 'not-estargz' };
    const holders = this.holders.get(layerDigest) ?? new Set();
    this.holders.set(layerDigest, holders.add(holder));
    return { layerDigest, mountpoint };
  }
}

/** A digest that says which one it is. */
export function fakeDigest(number: number): Digest {
  return `sha256:${number.toString(16).padStart(64, '0')}`;
}

/** The labels with which a client asks for layer `number` of an image as the remote snapshot `ref`. */
export function layerLabels(number: number, ref: string, imageRef = 'registry.test/app:1'): Labels {
  return {
    'containerd.io/snapshot.ref': ref,
    'containerd.io/snapshot/cri.image-ref': imageRef,
    'containerd.io/snapshot/cri.layer-digest': fakeDigest(number),
  };
}
