// eStargz: the TOC is a file in the layer's tar and the last gzip member before the footer, or in a blob of its own.
// Specification: docs/estargz.md of stargz-snapshotter, "TOC" and "Footer"; for external TOCs docs/external-toc.md.
import { encodeTocTar } from '../estargz/encode-toc.ts';
import { encodeExternalFooter, encodeFooter } from '../estargz/footer.ts';
import { TOC_DIGEST, TOC_LAYER_DIGEST, UNCOMPRESSED_SIZE } from '../oci/annotations.ts';
import { digestOf, digestOfParts } from '../oci/digest.ts';
import type { Digest } from '../oci/digest.ts';
import { OCI_LAYER_GZIP } from '../oci/media-types.ts';
import type { CompressPool } from './compress-pool.ts';
import type { Dialect, Ending, PlacedChunk } from './dialects.ts';
import type { ChunkPlace } from './layer-stream.ts';
import type { LayerEntry, WriteOptions, WrittenLayer } from './model.ts';
import { StargzToc } from './stargz-toc.ts';

/** eStargz, with the TOC inside or outside. */
export class EstargzDialect implements Dialect {
  readonly mediaType: string = OCI_LAYER_GZIP;
  readonly compression = 'gzip';
  readonly closesChunks = false;
  readonly #options: WriteOptions;
  readonly #toc: StargzToc;

  constructor(options: WriteOptions) {
    this.#options = options;
    this.#toc = new StargzToc(options.chunkSize);
  }

  addHead(): void {}

  addEntry(entry: LayerEntry): void {
    this.#toc.addEntry(entry);
  }

  addChunk(place: ChunkPlace, chunk: PlacedChunk): void {
    this.#toc.addChunk(place, chunk);
  }

  async finish(pool: CompressPool, payloadEnd: number, addPlain: (bytes: Uint8Array) => void): Promise<Ending> {
    const { level, externalToc: isExternal } = this.#options;
    const json = this.#toc.finish();
    const tocDigest = digestOfParts(json);
    const tar = encodeTocTar(json);
    if (!isExternal) for (const part of tar) addPlain(part);
    const member = await pool.compress(tar, { compression: 'gzip', level });
    const annotations = (size: number): Record<string, string> => ({
      [TOC_DIGEST]: tocDigest,
      [UNCOMPRESSED_SIZE]: String(size),
    });
    if (isExternal) {
      const externalToc = (layer: Digest): WrittenLayer['externalToc'] => tocLayer(member, layer);
      return { bytes: [encodeExternalFooter()], tocDigest, annotations, externalToc };
    }
    const bytes = [member, encodeFooter(payloadEnd)];
    return { bytes, tocDigest, annotations, externalToc: () => undefined };
  }
}

function tocLayer(bytes: Uint8Array, layer: Digest): WrittenLayer['externalToc'] {
  const annotations = { [TOC_LAYER_DIGEST]: layer };
  return {
    descriptor: { mediaType: OCI_LAYER_GZIP, digest: digestOf(bytes), size: bytes.length, annotations },
    bytes,
  };
}
