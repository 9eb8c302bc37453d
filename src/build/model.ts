// What the folder works on: a layer's tar that lies decompressed in a file, with an index of its entries, and the blob
// that is made from it. `import-layer.ts` makes the one, `write-layer.ts` the other.
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import type { TarHeader } from '../tar/header.ts';
import type { PaxRecords } from '../tar/pax.ts';

/** The TOC's own words for what an entry is. */
export type EntryType = 'dir' | 'reg' | 'symlink' | 'hardlink' | 'char' | 'block' | 'fifo';

/** One entry of a layer's tar. Offsets are in the decompressed tar. */
export interface LayerEntry {
  readonly type: EntryType;
  /**
   * The name without `./` and `/` in front, `/` behind, and doubled parts; '' for the root. UTF-8 as far as the name is.
   * Duplicates, parents and priorities are found by it.
   */
  readonly path: string;
  /** `path` of what a hard link names; undefined for everything else. */
  readonly linkPath: string | undefined;
  /** As the tar has it, with PAX records, global ones too, and GNU long names in place. `size` is that of the payload: 0 for all but `reg`. */
  readonly header: TarHeader;
  readonly pax: PaxRecords;
  /** [start, dataStart): the header blocks with what belongs to them (PAX records, GNU long names), byte for byte. */
  readonly start: number;
  readonly dataStart: number;
  /**
   * Whether `header` and `pax` have values that the blocks at `start` do not give, so that they must be written anew: from a
   * global PAX header, or because `orderEntries` made this entry of another one.
   */
  readonly needsHeader: boolean;
  /** sha256 of the payload of a `reg`, also of an empty one; undefined for everything else. */
  readonly digest: Digest | undefined;
}

export type SourceCompression = 'none' | 'gzip' | 'zstd';

/** A layer's tar in a file. Disposing it deletes the file. */
export interface LayerTar extends AsyncDisposable {
  readonly path: string;
  /** A descriptor for reading at any place, also by workers of this process. Closed by disposing. */
  readonly fd: number;
  /** Bytes of the tar, end marks and what may follow them included. */
  readonly size: number;
  /** sha256 of the tar: the layer's diff id. */
  readonly diffId: Digest;
  /** How it came. */
  readonly compression: SourceCompression;
  /** All entries in the tar's order, but for TOCs and landmarks at the root, which an earlier build left. Duplicates are still in. */
  readonly entries: readonly LayerEntry[];
  /** Whether the tar had a TOC entry or landmarks, which `entries` has not. */
  readonly hadToc: boolean;
  readonly hadLandmarks: boolean;
}

/**
 * `estargz` is gzip; `zstd:chunked` is the dialect that stargz-snapshotter reads and writes, `zstd:chunked-containers`
 * the one of containers/storage (Podman, CRI-O, Buildah).
 */
export type LazyFormat = 'estargz' | 'zstd:chunked' | 'zstd:chunked-containers';

/** How a blob is to be written. Sizes in bytes. */
export interface WriteOptions {
  readonly format: LazyFormat;
  /** gzip 0 to 9, zstd 1 to 22. */
  readonly level: number;
  /** Largest chunk, 4 MiB as the reference has it. */
  readonly chunkSize: number;
  /** estargz: a gzip member goes on until it has so many compressed bytes; 0: each chunk has its own. */
  readonly minChunkSize: number;
  /** estargz: the TOC is not in the blob but in a blob of its own (`WrittenLayer.externalToc`). */
  readonly externalToc: boolean;
  /** The decompressed blob is the source tar byte for byte: no landmarks, no order, an external TOC. */
  readonly lossless: boolean;
  /** What comes first; undefined: the order of the tar, and no landmark (as BuildKit writes). */
  readonly order: LayerOrder | undefined;
}

/** Paths as `LayerEntry.path`. Each is put after its parents, and after its target when it is a hard link. */
export interface LayerOrder {
  /** First of all, in this order, then `.prefetch.landmark`. Empty: `.no.prefetch.landmark` in front of everything. */
  readonly prioritized: readonly string[];
  /** Right behind the landmark: large files of which little is read. Ignored when `prioritized` is empty. */
  readonly deferred: readonly string[];
}

/** A blob that was written. */
export interface WrittenLayer {
  readonly path: string;
  /** OCI media type, digest, size, and the annotations that lazy pulling needs. */
  readonly descriptor: Descriptor;
  /** sha256 of the decompressed blob. */
  readonly diffId: Digest;
  readonly uncompressedSize: number;
  /** sha256 of the TOC's JSON. */
  readonly tocDigest: Digest;
  readonly format: LazyFormat;
  /** The TOC as a layer of the TOC image (`REF-esgztoc`): its descriptor names this layer in an annotation. */
  readonly externalToc: { readonly descriptor: Descriptor; readonly bytes: Uint8Array } | undefined;
  /** Paths of the order that the layer does not have. */
  readonly missed: readonly string[];
}
