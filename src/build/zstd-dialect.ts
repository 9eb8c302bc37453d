// zstd:chunked as stargz-snapshotter reads it: the frames stand where eStargz has members, and the TOC, the same JSON, is
// in a skippable frame, so it is not part of the tar.
// Specification: docs/estargz.md of stargz-snapshotter, "Example use case: zstd:chunked"; its `estargz/zstdchunked`.
import { encodeSkippable, encodeZstdFooter, SKIPPABLE_HEADER_SIZE } from '../estargz/zstd-footer.ts';
import { TOC_DIGEST, UNCOMPRESSED_SIZE, ZSTD_MANIFEST_CHECKSUM, ZSTD_MANIFEST_POSITION } from '../oci/annotations.ts';
import { digestOf, digestOfParts } from '../oci/digest.ts';
import { OCI_LAYER_ZSTD } from '../oci/media-types.ts';
import { byteLength } from '../tar/go-json.ts';
import type { CompressPool } from './compress-pool.ts';
import type { Dialect, Ending, PlacedChunk } from './dialects.ts';
import type { ChunkPlace } from './layer-stream.ts';
import type { LayerEntry, WriteOptions } from './model.ts';
import { StargzToc } from './stargz-toc.ts';

/** zstd:chunked, stargz dialect. */
export class ZstdDialect implements Dialect {
  readonly mediaType: string = OCI_LAYER_ZSTD;
  readonly compression = 'zstd';
  readonly closesChunks = false;
  readonly #level: number;
  readonly #toc: StargzToc;

  constructor({ level, chunkSize }: WriteOptions) {
    this.#level = level;
    this.#toc = new StargzToc(chunkSize);
  }

  addHead(): void {}

  addEntry(entry: LayerEntry): void {
    this.#toc.addEntry(entry);
  }

  addChunk(place: ChunkPlace, chunk: PlacedChunk): void {
    this.#toc.addChunk(place, chunk);
  }

  async finish(pool: CompressPool, payloadEnd: number): Promise<Ending> {
    const json = this.#toc.finish();
    const size = byteLength(json);
    const tocDigest = digestOfParts(json);
    const compressed = await pool.compress(json, { compression: 'zstd', level: this.#level });
    const toc = { offset: payloadEnd + SKIPPABLE_HEADER_SIZE, compressedSize: compressed.length, size };
    return {
      bytes: [encodeSkippable(compressed), encodeZstdFooter({ dialect: 'stargz', toc, tarSplit: undefined })],
      tocDigest,
      annotations: (uncompressedSize) => ({
        [TOC_DIGEST]: tocDigest,
        [UNCOMPRESSED_SIZE]: String(uncompressedSize),
        [ZSTD_MANIFEST_CHECKSUM]: digestOf(compressed),
        [ZSTD_MANIFEST_POSITION]: `${toc.offset}:${toc.compressedSize}:${toc.size}:1`,
      }),
      externalToc: () => undefined,
    };
  }
}
