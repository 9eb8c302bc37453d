// Hot packs of a layer store: saves what this job read into a folder, a file for each layer, and loads such a folder in
// the next job. Packs go side by side, as many as there are cores; everything that blocks is in workers.
import { availableParallelism } from 'node:os';
import { describeError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import { cleanPackFolder, listPacks, preparePackFolder } from './hot-folder.ts';
import { loadPack } from './hot-load.ts';
import type { LoadedPack } from './hot-load.ts';
import { savePacks } from './hot-save.ts';
import type { SaveOptions, SavedPacks } from './hot-save.ts';
import { HotWorkers } from './hot-workers.ts';
import type { LayerStore } from './layer-store.ts';

/** What was loaded. Bytes are decompressed ones that were not there before. */
export interface LoadedPacks {
  readonly layers: number;
  readonly chunks: number;
  readonly bytes: number;
  /** Chunks that were not what the layer's table of contents says, and were left out. */
  readonly damagedChunks: number;
  readonly ms: number;
  /** Packs that were not used, or not to their end. */
  readonly refused: readonly { readonly file: string; readonly reason: string }[];
}

/** Saves and loads the hot packs of one store. `close` before the store is closed. */
export class HotPacks implements AsyncDisposable {
  readonly #store: LayerStore;
  readonly #workers = new HotWorkers(Math.min(4, availableParallelism()));

  constructor(store: LayerStore) {
    this.#store = store;
  }

  /**
   * Brings the packs of `folder` into the layer cache. What is wrong with one pack is said, and costs the others nothing.
   * @throws UserError when the folder can't be read.
   */
  async load(folder: string): Promise<LoadedPacks> {
    const startedMs = performance.now();
    const { packs, others } = await listPacks(folder);
    const refused: { file: string; reason: string }[] = others.map((file) => ({ file, reason: 'not a hot pack' }));
    const loaded: LoadedPack[] = [];
    await this.#workers.forEach(packs, async ({ file, path, digest }) => {
      try {
        const pack = await loadPack(this.#store, this.#workers, { path, digest });
        loaded.push(pack);
        if (pack.stoppedBy !== undefined) refused.push({ file, reason: pack.stoppedBy });
      } catch (error) {
        refused.push({ file, reason: describeError(error) });
      }
    });
    const sum = (key: 'chunks' | 'bytes' | 'damagedChunks'): number => loaded.reduce((all, one) => all + one[key], 0);
    const counts = { chunks: sum('chunks'), bytes: sum('bytes'), damagedChunks: sum('damagedChunks') };
    return { layers: loaded.length, ...counts, ms: Math.round(performance.now() - startedMs), refused };
  }

  /**
   * Writes packs of the layers that this job used, and removes what an earlier save left in `folder`.
   * @throws UserError when the folder has something else in it, or can't be written.
   */
  async save(folder: string, options: SaveOptions): Promise<SavedPacks> {
    await preparePackFolder(folder);
    const written: Digest[] = [];
    const saved = await savePacks(this.#store, this.#workers, { ...options, folder, written });
    await cleanPackFolder(folder, written);
    return saved;
  }

  async close(): Promise<void> {
    await this.#workers.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
