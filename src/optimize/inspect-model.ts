// What `inspectImage` finds out, which is the JSON that `lazypull inspect --json` writes: docs/inspect.md describes it.
// Fields are only ever added to it. null stands for what is not there or not known. Sizes are bytes.
import type { LayerFormat } from '../estargz/footer.ts';
import type { Digest } from '../oci/digest.ts';

/** How a layer is stored. `unreadable`: its bytes can't be read, or are not what they claim to be; `other`: no container layer. */
export type StoredFormat = 'tar' | 'gzip' | 'zstd' | LayerFormat | 'unreadable' | 'other';

export interface Inspection {
  readonly version: 1;
  readonly name: string;
  /** What the name means. */
  readonly root: DocumentFacts;
  /** Of the chosen platforms, in the order of the index. */
  readonly images: readonly InspectedImage[];
  /** What else the index names: other platforms, attestations. */
  readonly others: readonly OtherManifest[];
}

export interface DocumentFacts {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface OtherManifest {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly platform: string | null;
  readonly kind: 'image' | 'index' | 'attestation' | 'artifact';
}

/** An image that another one was made from. */
export interface Origin {
  readonly name: string | null;
  readonly digest: string | null;
}

export interface InspectedImage {
  readonly manifest: DocumentFacts;
  readonly config: Omit<DocumentFacts, 'annotations'>;
  readonly platform: string | null;
  /** RFC 3339, as the config has it. */
  readonly created: string | null;
  /** The image that this one was converted from. */
  readonly convertedFrom: Origin | null;
  /** The image that this one was built on. */
  readonly base: Origin | null;
  /** From the bottom up. */
  readonly layers: readonly InspectedLayer[];
  readonly totals: Totals;
  /** What is wrong with manifest and config, in words. */
  readonly problems: readonly string[];
}

export interface Totals {
  /** Of all layers' blobs. */
  readonly size: number;
  readonly lazyLayers: number;
  /** What is fetched before a container starts: of lazy layers footer, TOC and prefetch range, of others everything. */
  readonly startBytes: number;
  /** Files of equal content, in layers that have a TOC: every copy but the first. */
  readonly duplicates: Duplicates;
}

export interface Duplicates {
  readonly files: number;
  /** Of their contents, decompressed. */
  readonly bytes: number;
  /** Those of them whose first copy is in the same layer; the rest is between layers. */
  readonly withinLayers: { readonly files: number; readonly bytes: number };
}

/** Whether a program mounts the layer without downloading it. */
export interface Verdict {
  readonly lazy: boolean;
  /** Why not. */
  readonly reason: string | null;
}

export interface InspectedLayer {
  /** 1 is the bottom. */
  readonly number: number;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly diffId: string | null;
  /** The command of its history entry. */
  readonly command: string | null;
  readonly format: StoredFormat;
  readonly lazypull: Verdict;
  /** containerd's stargz-snapshotter, the Go one. */
  readonly stargzSnapshotter: Verdict;
  /** What is fetched before a container starts, by lazypull. */
  readonly startBytes: number;
  /** null for layers without one, or with one that can't be read. */
  readonly contents: LayerContents | null;
  readonly problems: readonly string[];
}

/** What the table of contents says. */
export interface LayerContents {
  readonly toc: TocFacts;
  readonly landmark: 'prefetch' | 'no-prefetch' | null;
  /** [0, prefetchBytes) of the blob is fetched at the start. */
  readonly prefetchBytes: number;
  /** Where the members end in the blob. */
  readonly payloadBytes: number;
  readonly counts: EntryCounts;
  /** Of all files, decompressed, every hard link once. */
  readonly fileBytes: number;
  readonly chunks: ChunkFigures;
  readonly members: MemberFigures;
  /** The largest files, the largest first. */
  readonly largest: readonly FileFacts[];
}

export interface TocFacts {
  readonly digest: Digest;
  readonly checksum: Digest;
  readonly isExternal: boolean;
  /** null when it is external. */
  readonly offset: number | null;
  readonly compressedSize: number;
  readonly size: number;
  /** Its share of the blob, 0 to 1; 0 when it is external. */
  readonly share: number;
  /** Every chunk has a digest. */
  readonly isVerifiable: boolean;
}

export interface EntryCounts {
  /** Of the TOC, with further chunks of files. */
  readonly entries: number;
  readonly files: number;
  readonly emptyFiles: number;
  readonly directories: number;
  readonly symlinks: number;
  /** Further names of files. */
  readonly hardLinks: number;
  readonly devices: number;
  readonly fifos: number;
  /** Entries that remove what is below. */
  readonly whiteouts: number;
  readonly opaqueDirectories: number;
}

/** Distribution of sizes; all 0 when there are none. */
export interface Sizes {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export interface ChunkFigures extends Sizes {
  readonly count: number;
  /** Of zeros, which take no bytes of the blob. */
  readonly holes: number;
  /** Chunks of a size in (the one before, upTo]. */
  readonly histogram: readonly { readonly upTo: number; readonly count: number; readonly bytes: number }[];
}

/** Gzip members or zstd frames: what has to be fetched together. Sizes are compressed. */
export interface MemberFigures extends Sizes {
  readonly count: number;
  readonly chunksPerMember: { readonly mean: number; readonly max: number };
}

export interface FileFacts {
  /** Without a slash in front. */
  readonly path: string;
  readonly size: number;
  readonly chunks: number;
  readonly isPrefetched: boolean;
}
