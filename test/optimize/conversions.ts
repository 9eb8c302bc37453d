// Conversions for tests: an image from anywhere to anywhere, what the target has afterwards, and what was left behind.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import type { WriteOptions } from '../../src/build/model.ts';
import { decodeToc } from '../../src/estargz/decode-toc.ts';
import { fetchToc } from '../../src/estargz/toc-bytes.ts';
import type { ImageSource } from '../../src/image/model.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import type { Digest } from '../../src/oci/digest.ts';
import { convertImage } from '../../src/optimize/convert.ts';
import type { ConvertOptions, ConvertProgress, ConvertResult } from '../../src/optimize/convert-model.ts';
import { ImageWorld } from '../image/images.ts';

export const PLAIN: Omit<WriteOptions, 'order'> = {
  format: 'estargz',
  level: 1,
  chunkSize: 4 << 20,
  minChunkSize: 0,
  externalToc: false,
  lossless: false,
};

export type Json = Record<string, unknown>;

/** A document with its digest. */
export interface Read {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
  readonly json: Json;
}

/** A world with conversions. */
export class ConvertWorld extends ImageWorld {
  readonly progress: ConvertProgress[] = [];

  /** Converts from one location to another, both as text. No temporary file may be left, however it ends. */
  async convert(
    from: string,
    to: string,
    options: Partial<Omit<ConvertOptions, 'tocTarget'>> & { readonly tocTo?: string } = {},
    signal: AbortSignal = new AbortController().signal,
  ): Promise<ConvertResult> {
    const { tocTo, ...rest } = options;
    const workDir = this.path('work');
    rmSync(workDir, { recursive: true, force: true });
    mkdirSync(workDir);
    this.progress.length = 0;
    const run = async (): Promise<ConvertResult> => {
      await using source = await this.source(from);
      await using target = await this.target(to);
      await using tocTarget = tocTo === undefined ? undefined : await this.target(tocTo);
      return await convertImage(
        source,
        target,
        { layers: PLAIN, reuse: true, platforms: undefined, jobs: 1, tocTarget, ...rest, workDir },
        signal,
        (progress) => void this.progress.push(progress),
      );
    };
    try {
      return await run();
    } finally {
      assert.deepEqual(readdirSync(workDir), []);
      assert.deepEqual(this.leftovers(), []);
    }
  }

  /** Digests of the source's layers that were told to be done, in no certain order. */
  get done(): Digest[] {
    return this.progress.flatMap((one) => (one.kind === 'done' ? [one.layer.source.digest] : []));
  }

  /** All documents of an image, the root first, then in the order of the indexes. */
  async read(place: string): Promise<Read[]> {
    await using source = await this.source(place);
    return await documentsOf(source, (await source.root()).descriptor);
  }

  /** The JSON of a small blob. */
  async json(place: string, descriptor: Descriptor): Promise<Json> {
    await using source = await this.source(place);
    return jsonOf(await source.fetch(descriptor));
  }

  /** The names in a layer's table of contents, in its order, without those of chunks. */
  async tocNames(place: string, layer: Descriptor): Promise<string[]> {
    await using source = await this.source(place);
    const { compressedToc, footer } = await fetchToc(source.open(layer));
    const { tocJson } = decodeToc(compressedToc, { compression: footer.format.startsWith('zstd') ? 'zstd' : 'gzip' });
    const { entries } = jsonOf(tocJson) as { entries: { name: string; type: string }[] };
    return entries.filter(({ type }) => type !== 'chunk').map(({ name }) => name);
  }
}

export function jsonOf(bytes: Uint8Array): Json {
  return JSON.parse(Buffer.from(bytes).toString()) as Json;
}

/** The descriptors of a manifest's layers, with annotations. */
export function layersOf({ json }: Read): Descriptor[] {
  return json['layers'] as Descriptor[];
}

export function configOf({ json }: Read): Descriptor {
  return json['config'] as Descriptor;
}

async function documentsOf(source: ImageSource, descriptor: Descriptor): Promise<Read[]> {
  const { bytes, manifest } = await source.document(descriptor);
  const found: Read[] = [{ descriptor, bytes, json: jsonOf(bytes) }];
  if (manifest.kind === 'index') {
    for (const entry of manifest.manifests) found.push(...(await documentsOf(source, entry)));
  }
  return found;
}
