// zstd:chunked as containers/storage reads it (Podman, CRI-O, Buildah): every chunk is a frame of its own; behind the
// payload, in skippable frames, the TOC, the tar-split and the footer. It compares the TOC with the headers in the
// tar-split, field by field, and puts the tar together again to compare the diff id.
// Specification: containers/storage `pkg/chunked/compressor` and `pkg/chunked/internal/minimal`.
import { FormatError } from '../errors.ts';
import { ContainersTocEncoder } from '../estargz/encode-containers-toc.ts';
import type { ContainersFields } from '../estargz/encode-containers-toc.ts';
import { encodeSkippable, encodeZstdFooter, SKIPPABLE_HEADER_SIZE } from '../estargz/zstd-footer.ts';
import {
  CONTAINERS_MANIFEST_CHECKSUM,
  CONTAINERS_MANIFEST_POSITION,
  CONTAINERS_TAR_SPLIT_POSITION,
  LAZYPULL_TOC_CHECKSUM,
} from '../oci/annotations.ts';
import { digestOf, digestOfParts } from '../oci/digest.ts';
import { OCI_LAYER_ZSTD } from '../oci/media-types.ts';
import { Crc64 } from '../tar/crc64.ts';
import { applyPax } from '../tar/apply-pax.ts';
import { byteLength } from '../tar/go-json.ts';
import { BLOCK_SIZE, parseAccessTimes, parseHeader } from '../tar/header.ts';
import { xattrsOf } from '../tar/pax.ts';
import { TarSplitEncoder } from '../tar/tar-split.ts';
import type { CompressPool } from './compress-pool.ts';
import type { Dialect, Ending, PlacedChunk } from './dialects.ts';
import { entryError } from './entry-index.ts';
import { exactTime } from './exact-time.ts';
import type { ChunkPlace } from './layer-stream.ts';
import type { LayerEntry, WriteOptions } from './model.ts';

/** zstd:chunked, containers dialect. */
export class ContainersDialect implements Dialect {
  readonly mediaType: string = OCI_LAYER_ZSTD;
  readonly compression = 'zstd';
  readonly closesChunks = true;
  readonly #level: number;
  readonly #toc = new ContainersTocEncoder();
  readonly #tarSplit = new TarSplitEncoder();
  /** Bytes of the tar since the last entry's. */
  #segment: Uint8Array[] = [];
  /** The file whose chunks come. */
  #file: { readonly fields: ContainersFields; readonly crc64: Crc64; readonly chunks: PlacedChunk[] } | undefined;

  constructor({ level }: WriteOptions) {
    this.#level = level;
  }

  addHead(bytes: Uint8Array): void {
    this.#segment.push(bytes.slice());
  }

  addEntry(entry: LayerEntry): void {
    const fields = this.#endHead(entry);
    this.#toc.add(fields);
    this.#tarSplit.addFile(fields.name, 0, undefined);
  }

  addChunk({ entry, fileOffset }: ChunkPlace, chunk: PlacedChunk, content: Uint8Array): void {
    if (fileOffset === 0) this.#file = { fields: this.#endHead(entry), crc64: new Crc64(), chunks: [] };
    const file = this.#file!;
    file.crc64.update(content);
    file.chunks.push(chunk);
    if (fileOffset + chunk.length < entry.header.size) return;
    this.#tarSplit.addFile(file.fields.name, entry.header.size, file.crc64.digest());
    for (const fields of fileFields(file.fields, entry, file.chunks)) this.#toc.add(fields);
    this.#file = undefined;
  }

  async finish(pool: CompressPool, payloadEnd: number): Promise<Ending> {
    this.#tarSplit.addSegment(Buffer.concat(this.#segment));
    const options = { compression: 'zstd', level: this.#level } as const;
    const splitText = this.#tarSplit.finish();
    const splitSize = byteLength(splitText);
    const split = await pool.compress(splitText, options);
    const json = this.#toc.finish(digestOf(split));
    const size = byteLength(json);
    const tocDigest = digestOfParts(json);
    const compressed = await pool.compress(json, options);
    const toc = { offset: payloadEnd + SKIPPABLE_HEADER_SIZE, compressedSize: compressed.length, size };
    const tarSplit = {
      offset: toc.offset + toc.compressedSize + SKIPPABLE_HEADER_SIZE,
      compressedSize: split.length,
      size: splitSize,
    };
    const footer = encodeZstdFooter({ dialect: 'containers', toc, tarSplit });
    return {
      bytes: [encodeSkippable(compressed), encodeSkippable(split), footer],
      tocDigest,
      annotations: () => ({
        [CONTAINERS_MANIFEST_CHECKSUM]: digestOf(compressed),
        [LAZYPULL_TOC_CHECKSUM]: digestOf(compressed),
        [CONTAINERS_MANIFEST_POSITION]: `${toc.offset}:${toc.compressedSize}:${toc.size}:1`,
        [CONTAINERS_TAR_SPLIT_POSITION]: `${tarSplit.offset}:${tarSplit.compressedSize}:${tarSplit.size}`,
      }),
      externalToc: () => undefined,
    };
  }

  // What is before an entry's content goes to the tar-split; the last block of it is the entry's header.
  #endHead(entry: LayerEntry): ContainersFields {
    const head = Buffer.concat(this.#segment.splice(0));
    this.#tarSplit.addSegment(head);
    try {
      return headFields(entry, head);
    } catch (error) {
      throw error instanceof FormatError ? entryError(entry, error.message, error) : error;
    }
  }
}

// All of it as the header has it: the reader compares with its own parser's values.
function headFields(entry: LayerEntry, head: Buffer): ContainersFields {
  const { header, pax, type } = entry;
  const { accessSec, changeSec } = parseAccessTimes(head, head.length - BLOCK_SIZE);
  const xattrs = xattrsOf(pax);
  return {
    type,
    name: header.name.toString(),
    linkName: header.linkName.toString(),
    mode: header.mode,
    size: type === 'reg' ? header.size : writtenSize(entry, head),
    uid: header.uid,
    gid: header.gid,
    modtime: exactTime(pax, 'mtime', header.mtimeSec),
    accesstime: exactTime(pax, 'atime', accessSec),
    changetime: exactTime(pax, 'ctime', changeSec),
    devMajor: header.devMajor,
    devMinor: header.devMinor,
    ...(xattrs === undefined ? {} : { xattrs }),
  };
}

// Some tars have a size where there is no payload. Go's reader lets it stand.
function writtenSize({ pax }: LayerEntry, head: Buffer): number {
  const header = parseHeader(head, head.length - BLOCK_SIZE);
  return header === undefined ? 0 : applyPax(header, pax).size;
}

// The file, then its further chunks. Chunks are only spoken of when there are several.
function fileFields(
  fields: ContainersFields,
  { digest }: LayerEntry,
  chunks: readonly PlacedChunk[],
): ContainersFields[] {
  const isWhole = chunks.length === 1;
  const first = { ...fields, digest: String(digest), offset: chunks[0]!.offset, endOffset: chunks.at(-1)!.endOffset };
  let chunkOffset = 0;
  return chunks.map(({ offset, endOffset, length, digest: chunkDigest }, index) => {
    const base = index === 0 ? first : ({ type: 'chunk', name: fields.name, offset, endOffset } as const);
    const whole = { ...base, ...(isWhole ? {} : { chunkSize: length, chunkOffset, chunkDigest }) };
    chunkOffset += length;
    return whole;
  });
}
