// Layers on their way from source to target, several at a time: one is read while another is compressed and a third one
// uploaded. Only what is under way lies on the disk, however many layers there are.
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { importLayer } from '../build/import-layer.ts';
import type { LayerOrder, LayerTar, WrittenLayer } from '../build/model.ts';
import type { LayerWriter } from '../build/write-layer.ts';
import { VerificationError } from '../errors.ts';
import type { ImageSource } from '../image/model.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { digestOf, type Digest } from '../oci/digest.ts';
import { UnsupportedEntryError } from '../tar/errors.ts';
import type { ConvertOptions, ConvertProgress, KeptLayer, LayerFront } from './convert-model.ts';
import {
  convertedOutcome,
  copiedOutcome,
  keptOutcome,
  reusedOutcome,
  withLayer,
  type LayerOutcome,
} from './convert-outcome.ts';
import { hasOrder, readWantedToc } from './convert-reuse.ts';
import type { Uploads } from './convert-uploads.ts';
import { Slots } from './slots.ts';

/** Layers that are read and written side by side. One alone leaves processors idle at its ends; each has its tar on the disk. */
const LAYERS_AT_ONCE = 3;

/** A tar that somebody else disposes of, after the conversion of its layer. */
export interface ImportedLayer {
  readonly tar: LayerTar;
  /** As WriteOptions has it. */
  readonly order: LayerOrder | undefined;
  readonly front: LayerFront | undefined;
}

/** A layer to convert. */
export interface LayerTask {
  readonly layer: Descriptor;
  /** What the config says of its tar. */
  readonly diffId: Digest;
  /** Set when the layer was imported before, e.g. because a profile had to be applied to all of the image. */
  readonly imported: ImportedLayer | undefined;
}

export interface LayerConverterParts {
  readonly source: ImageSource;
  readonly uploads: Uploads;
  readonly writer: LayerWriter;
  readonly options: Pick<ConvertOptions, 'layers' | 'reuse' | 'workDir' | 'imports'>;
  readonly onProgress: (progress: ConvertProgress) => void;
  readonly signal: AbortSignal;
}

/** Converts layers, each once for all images that have it. */
export class LayerConverter {
  readonly #parts: LayerConverterParts;
  readonly #slots = new Slots(LAYERS_AT_ONCE);
  readonly #outcomes = new Map<string, Promise<LayerOutcome>>();

  constructor(parts: LayerConverterParts) {
    this.#parts = parts;
  }

  /** A layer that is no tar of ours to change goes as it is. */
  copy(layer: Descriptor, isElsewhere: boolean): Promise<LayerOutcome> {
    // Another image may say of the same blob that it is here.
    return this.#once(layer, `${isElsewhere ? 'elsewhere' : 'copy'} ${layer.digest}`, async (startedMs) => {
      if (!isElsewhere) await this.#upload(layer);
      return copiedOutcome(layer, startedMs, undefined);
    });
  }

  /** A layer of a base image stays what it is there. */
  leave(layer: Descriptor, kept: KeptLayer): Promise<LayerOutcome> {
    const { descriptor, bytes, holders } = kept;
    return this.#once(layer, `leave ${layer.digest} ${descriptor.digest}`, async (startedMs) => {
      const onProgress = (sent: number): void => this.#working('uploading', layer, sent);
      await this.#parts.uploads.copy(descriptor, { bytes, holders, onProgress });
      return keptOutcome(layer, descriptor, startedMs);
    });
  }

  /** A tar that no table of contents can describe goes as it is, too. `reason` says why. */
  keep(layer: Descriptor, reason: string): Promise<LayerOutcome> {
    return this.#once(layer, `copy ${layer.digest}`, (startedMs) => this.#keep(layer, reason, startedMs));
  }

  /**
   * A layer as it is wanted, in the target.
   * @throws VerificationError when it is not the one of the diff id; errors that name the layer.
   */
  async convert(task: LayerTask): Promise<LayerOutcome> {
    const { layer, imported, diffId } = task;
    // The same blob may be wanted in another order by another image.
    const order = imported?.order === undefined ? '' : digestOf(Buffer.from(JSON.stringify(imported.order)));
    const outcome = await this.#once(layer, `${layer.digest} ${order}`, (startedMs) => this.#convert(task, startedMs));
    if (outcome.diffIds !== undefined && outcome.diffIds.source !== diffId) {
      throw new VerificationError(`diff id of layer ${layer.digest}`, diffId, outcome.diffIds.source);
    }
    return outcome;
  }

  /** Imports a layer, by what `start` does, when it is its turn. @throws errors that name the layer. */
  async import(layer: Descriptor, start: () => Promise<LayerTar>): Promise<LayerTar> {
    const release = await this.#slots.take();
    try {
      this.#parts.signal.throwIfAborted();
      return await start();
    } catch (error) {
      throw withLayer(error, layer);
    } finally {
      release();
    }
  }

  /** Tells of an import. */
  reading(layer: Descriptor, bytes: number): void {
    this.#working('reading', layer, bytes);
  }

  #once(layer: Descriptor, key: string, work: (startedMs: number) => Promise<LayerOutcome>): Promise<LayerOutcome> {
    const known = this.#outcomes.get(key);
    if (known !== undefined) return known;
    const run = async (): Promise<LayerOutcome> => {
      try {
        const outcome = await work(performance.now());
        this.#parts.onProgress({ kind: 'done', layer: outcome.layer });
        return outcome;
      } catch (error) {
        throw withLayer(error, layer);
      }
    };
    const outcome = run();
    this.#outcomes.set(key, outcome);
    return outcome;
  }

  async #convert(task: LayerTask, startedMs: number): Promise<LayerOutcome> {
    const release = await this.#slots.take();
    try {
      this.#parts.signal.throwIfAborted();
      if (await this.#isRight(task)) {
        release();
        await this.#upload(task.layer);
        const { format } = this.#parts.options.layers;
        return reusedOutcome(task.layer, { format, startedMs, front: task.imported?.front });
      }
      return await this.#write(task, startedMs, release);
    } catch (error) {
      if (!(error instanceof UnsupportedEntryError)) throw error;
      release();
      return await this.#keep(task.layer, error.message, startedMs);
    } finally {
      release();
    }
  }

  async #keep(layer: Descriptor, reason: string, startedMs: number): Promise<LayerOutcome> {
    await this.#upload(layer);
    return copiedOutcome(layer, startedMs, reason);
  }

  async #isRight({ layer, imported }: LayerTask): Promise<boolean> {
    const { source, signal, options } = this.#parts;
    if (!options.reuse || options.layers.externalToc || options.layers.lossless) return false;
    const toc = await readWantedToc(layer, options.layers.format, source, signal);
    if (toc === undefined || imported?.order === undefined) return toc !== undefined;
    return hasOrder(toc, imported.tar.entries, imported.order);
  }

  async #write(task: LayerTask, startedMs: number, release: () => void): Promise<LayerOutcome> {
    const { options, uploads } = this.#parts;
    const { layer, imported } = task;
    const path = join(options.workDir, `blob-${randomUUID()}`);
    try {
      const { written, diffId } = await this.#writeTo(path, task);
      const onProgress = (bytes: number): void => this.#working('uploading', layer, bytes);
      // While it waits for its upload, no further layer is begun: what is under way has room on the disk.
      await uploads.file(path, written.descriptor, { onStart: release, onProgress });
      return convertedOutcome(layer, written, { diffId, startedMs, front: imported?.front });
    } finally {
      await rm(path, { force: true });
    }
  }

  async #writeTo(path: string, { layer, imported }: LayerTask): Promise<{ written: WrittenLayer; diffId: Digest }> {
    if (imported !== undefined) return this.#writeTar(path, layer, imported.tar, imported.order);
    const { source, options, signal } = this.#parts;
    const { workDir } = options;
    const onProgress = (bytes: number): void => this.reading(layer, bytes);
    await using tar = await importLayer(source.stream(layer, signal), { workDir, onProgress }, signal);
    return await this.#writeTar(path, layer, tar, undefined);
  }

  async #writeTar(
    path: string,
    layer: Descriptor,
    tar: LayerTar,
    order: LayerOrder | undefined,
  ): Promise<{ written: WrittenLayer; diffId: Digest }> {
    const { writer, options, signal } = this.#parts;
    const onProgress = (bytes: number): void => this.#working('writing', layer, bytes);
    const written = await writer.write(tar, { ...options.layers, order }, { path }, signal, onProgress);
    return { written, diffId: tar.diffId };
  }

  #upload(layer: Descriptor): Promise<void> {
    return this.#parts.uploads.copy(layer, { onProgress: (bytes) => this.#working('uploading', layer, bytes) });
  }

  #working(step: 'reading' | 'writing' | 'uploading', layer: Descriptor, bytes: number): void {
    this.#parts.onProgress({ kind: 'working', step, layer, bytes });
  }
}
