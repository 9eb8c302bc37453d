// The decompressed layers of an image for as long as somebody works on them: recording and converting need the same ones,
// and no layer is to be downloaded and decompressed twice.
import { importLayer } from '../build/import-layer.ts';
import type { LayerTar } from '../build/model.ts';
import { LazypullError, VerificationError } from '../errors.ts';
import type { ImageSource } from '../image/model.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';

export interface LayerImportsOptions {
  readonly source: ImageSource;
  /** Where the tars lie. */
  readonly workDir: string;
  /** Bytes of a tar so far. */
  readonly onProgress?: ((layer: Descriptor, bytes: number) => void) | undefined;
}

/** Layers by digest, each imported once. They belong to this object: disposing it deletes their files. */
export class LayerImports implements AsyncDisposable {
  readonly #options: LayerImportsOptions;
  readonly #layers = new Map<Digest, Promise<LayerTar>>();
  /** Ends what still runs when nobody wants it any more. */
  readonly #disposed = new AbortController();

  constructor(options: LayerImportsOptions) {
    this.#options = options;
  }

  /** The layer, verified. A failed import is not remembered. @throws VerificationError when it is not the diff id's. */
  async get(layer: Descriptor, diffId?: Digest, signal?: AbortSignal): Promise<LayerTar> {
    const known = this.#layers.get(layer.digest);
    const imported = known ?? this.#import(layer, signal);
    const tar = await imported;
    if (diffId !== undefined && tar.diffId !== diffId) {
      throw new VerificationError(`diff id of layer ${layer.digest}`, diffId, tar.diffId);
    }
    return tar;
  }

  /** Whether a layer is there, or on its way. */
  has({ digest }: Descriptor): boolean {
    return this.#layers.has(digest);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed.abort(new LazypullError('ABORTED', 'the layers are not wanted any more'));
    const layers = [...this.#layers.values()];
    this.#layers.clear();
    // One that failed has nothing to delete.
    for (const result of await Promise.allSettled(layers)) {
      if (result.status === 'fulfilled') await result.value[Symbol.asyncDispose]();
    }
  }

  #import(layer: Descriptor, wanted: AbortSignal | undefined): Promise<LayerTar> {
    const { source, workDir, onProgress } = this.#options;
    const signal = AbortSignal.any([this.#disposed.signal, ...(wanted === undefined ? [] : [wanted])]);
    const imported = importLayer(
      source.stream(layer, signal),
      { workDir, ...(onProgress !== undefined && { onProgress: (bytes: number) => onProgress(layer, bytes) }) },
      signal,
    );
    this.#layers.set(layer.digest, imported);
    imported.catch(() => this.#layers.delete(layer.digest));
    return imported;
  }
}
