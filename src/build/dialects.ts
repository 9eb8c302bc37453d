// What differs between the formats: compression, where members end, what the TOC says, and what follows the payload.
import type { Digest } from '../oci/digest.ts';
import type { ChunkPlace } from './layer-stream.ts';
import type { CompressPool } from './compress-pool.ts';
import { ContainersDialect } from './containers-dialect.ts';
import { EstargzDialect } from './estargz-dialect.ts';
import type { LayerEntry, WriteOptions, WrittenLayer } from './model.ts';
import { ZstdDialect } from './zstd-dialect.ts';

/** Where a chunk stands in the blob. */
export interface PlacedChunk {
  /** [offset, endOffset) is its member in the blob. */
  readonly offset: number;
  readonly endOffset: number;
  /** Where it begins in the decompressed member. */
  readonly innerOffset: number;
  /** Bytes, decompressed. */
  readonly length: number;
  readonly digest: Digest;
}

/** What follows the payload. */
export interface Ending {
  /** Appended to the blob. */
  readonly bytes: readonly Uint8Array[];
  readonly tocDigest: Digest;
  /** Of the layer's descriptor; the argument is the length of the decompressed blob. */
  readonly annotations: (uncompressedSize: number) => Record<string, string>;
  readonly externalToc: (layer: Digest) => WrittenLayer['externalToc'];
}

/** One format, for one blob: it collects the TOC while the payload is written. */
export interface Dialect {
  readonly mediaType: string;
  readonly compression: 'gzip' | 'zstd';
  /** Whether a member ends where its chunk does. */
  readonly closesChunks: boolean;
  /** The next bytes of the tar that are no file's content. The view holds during the call only, as that of a chunk does. */
  addHead(bytes: Uint8Array): void;
  /** The entry whose head that was, when it has no chunks. */
  addEntry(entry: LayerEntry): void;
  /** The next chunk; the first one of a file stands for its entry, whose head was before. */
  addChunk(place: ChunkPlace, chunk: PlacedChunk, content: Uint8Array): void;
  /** All is said. `payloadEnd` is the length of the blob so far; `addPlain` gets what more there is decompressed. */
  finish(pool: CompressPool, payloadEnd: number, addPlain: (bytes: Uint8Array) => void): Promise<Ending>;
}

/** A new dialect for a blob with these options. */
export function dialectOf(options: WriteOptions): Dialect {
  return new DIALECTS[options.format](options);
}

const DIALECTS: Readonly<Record<WriteOptions['format'], new (options: WriteOptions) => Dialect>> = {
  estargz: EstargzDialect,
  'zstd:chunked': ZstdDialect,
  'zstd:chunked-containers': ContainersDialect,
};
