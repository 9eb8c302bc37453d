// What a table of contents says, after it was parsed, checked and made safe: a tree of nodes and a table of
// chunks. `src/estargz` makes it from TOC JSON, `src/erofs` turns it into filesystem metadata, `src/layer`
// fetches and verifies by its chunk table. Specification: the eStargz TOC (docs/estargz.md of stargz-snapshotter).

export type NodeType = 'reg' | 'dir' | 'symlink' | 'char' | 'block' | 'fifo';

/** One inode. Hard links are the same object under several names. */
export interface TocNode {
  readonly type: NodeType;
  /** Permission bits with setuid 04000, setgid 02000 and sticky 01000; no file-type bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since the epoch; 0 when the TOC has none. */
  readonly mtimeSec: number;
  /** Bytes, for `reg`; 0 for everything else. */
  readonly size: number;
  /** Number of names, for everything but directories (1 or more); for directories 2 + subdirectories. */
  nlink: number;
  /** Target of a symlink, UTF-8 as stored. */
  readonly linkName: string | undefined;
  readonly devMajor: number;
  readonly devMinor: number;
  /** Full names (`security.capability`) to raw values. */
  readonly xattrs: ReadonlyMap<string, Uint8Array> | undefined;
  /** Entries of a directory by base name, in TOC order. Undefined for everything else. */
  readonly children: Map<string, TocNode> | undefined;
  /** Index of the first chunk in the chunk table and how many follow it; both 0 for an empty file. In file order. */
  firstChunk: number;
  chunkCount: number;
}

/** How the chunks of a layer are compressed. */
export type ChunkCompression = 'gzip' | 'zstd';

/**
 * All chunks of a layer, one index for each. The chunks of one file are neighbours, in file order; files stand
 * in the order of their data in the blob. So the table is sorted by `blobOffset`, then by `innerOffset`.
 * The arrays stand on SharedArrayBuffers, so that workers use them without a copy.
 */
export interface ChunkTable {
  readonly count: number;
  readonly compression: ChunkCompression;
  /** Where the chunk's gzip member or zstd frame begins in the blob. */
  readonly blobOffset: Float64Array;
  /**
   * Where the next member begins: [blobOffset, blobEnd) holds all compressed bytes of this chunk's member. Equal to
   * `blobOffset` for a hole: a chunk of zeros of which nothing has to be fetched (`isHole`).
   */
  readonly blobEnd: Float64Array;
  /** Bytes to skip in the decompressed member before the chunk's payload. */
  readonly innerOffset: Float64Array;
  /** Offset of the chunk within its file. */
  readonly fileOffset: Float64Array;
  /** Bytes of the chunk, decompressed. 1 or more. */
  readonly size: Uint32Array;
  /** sha256 of the chunk's decompressed bytes: 32 bytes each. All zero where the TOC has none (`verifiable` false). */
  readonly digest: Uint8Array;
}

/** Whether the TOC itself says that a chunk is all zeros: a TOC of containers/storage may. */
export function isHole(table: ChunkTable, chunk: number): boolean {
  return table.blobEnd[chunk] === table.blobOffset[chunk];
}

/** A checked table of contents. */
export interface Toc {
  readonly root: TocNode;
  /** Inodes, and names (directory entries without . and ..). */
  readonly inodeCount: number;
  readonly nameCount: number;
  readonly chunks: ChunkTable;
  /** Whether every chunk of every non-empty file has a digest. */
  readonly verifiable: boolean;
  /** What the layer says of prefetch: the end of the range [0, end) in the blob, `none` when it forbids it, undefined when it is silent. */
  readonly prefetchEnd: number | 'none' | undefined;
  /** Where the payload ends in the blob, which is where the TOC's member (or frame) begins. */
  readonly payloadEnd: number;
}
