// From the compressed TOC of a layer to its folder on disk: decode and verify the TOC, parse it, lay the EROFS
// metadata out, write the sparse image and its sidecars. Blocks; runs in the build worker.
import { createHash } from 'node:crypto';
import { LazypullError } from '../errors.ts';
import { layoutLayer } from '../erofs/layout.ts';
import { decodeToc } from '../estargz/decode-toc.ts';
import type { Footer } from '../estargz/footer.ts';
import { isHole } from '../estargz/model.ts';
import type { ChunkTable, Toc } from '../estargz/model.ts';
import { compressionOf, parseToc } from '../estargz/parse-toc.ts';
import type { Digest } from '../oci/digest.ts';
import type { TocPromise } from '../oci/toc-promise.ts';
import type { PlacedChunks } from './chunk-file.ts';
import { UnverifiableLayerError } from './errors.ts';
import { writeLayerDir } from './layer-files.ts';
import { MAX_MEMBER_BYTES } from './policy.ts';
import { LAYER_VERSION } from './record.ts';
import type { LayerRecord, OpaqueXattr } from './record.ts';
import { startSet } from './start-set.ts';
import { encodeTocFile } from './toc-file.ts';
import type { KeptToc } from './toc-file.ts';

export interface BuildTask {
  /** Folder to make; not there yet. */
  readonly dir: string;
  readonly digest: Digest;
  readonly blobSize: number;
  readonly footer: Footer;
  readonly compressedToc: Uint8Array;
  /** The last bytes of the blob, the footer among them: kept with the TOC. */
  readonly footerBytes: Uint8Array;
  /** Whether a registry gave the TOC to somebody without credentials, as far as that is known. */
  readonly isAnonymous?: boolean;
  /** What the manifest promises of the TOC. */
  readonly promise: TocPromise;
  /** Goes on without a promised digest, and with chunks that have none. */
  readonly allowUnverified: boolean;
  readonly opaqueXattr: OpaqueXattr;
  readonly bootId: string;
}

export interface BuildResult {
  readonly record: LayerRecord;
  readonly chunks: PlacedChunks;
}

/**
 * Builds the folder of a layer.
 * @throws VerificationError when the TOC is not the promised one, FormatError when it is not safe,
 * UnverifiableLayerError when chunks lack digests, LazypullError UNSUPPORTED when a member is too large for memory.
 */
export function buildLayer(task: BuildTask): BuildResult {
  const { footer, promise } = task;
  const { format, payloadEnd } = footer;
  const { tocJson, tocDigest, tocChecksum } = decodeToc(task.compressedToc, {
    compression: compressionOf(format),
    size: footer.tocSize,
    expected: promise.tocDigest,
    checksum: promise.tocChecksum,
  });
  const toc = parseToc(tocJson, { payloadEnd, format });
  if (!toc.verifiable && !task.allowUnverified) {
    throw new UnverifiableLayerError(task.digest, 'its table of contents has chunks without digests');
  }
  checkMemberSizes(toc.chunks);
  const layout = layoutLayer(toc, { uuid: uuidOf(task), opaqueXattr: task.opaqueXattr });
  const chunks: PlacedChunks = { table: toc.chunks, imageOffset: layout.chunkImageOffset };
  const { metadata, dataStart, imageSize } = layout;
  const record = { ...facts(task, toc), tocDigest, tocChecksum, dataStart, imageSize };
  const tocFile = encodeTocFile(keptToc(task));
  return { record: writeLayerDir(task.dir, { record, metadata, chunks, tocFile, bootId: task.bootId }), chunks };
}

function keptToc({ blobSize, compressedToc, footerBytes }: BuildTask): KeptToc {
  return { blobSize, compressedToc, tail: { start: blobSize - footerBytes.length, bytes: footerBytes } };
}

function facts(
  { digest, blobSize, opaqueXattr, footer, isAnonymous }: BuildTask,
  toc: Toc,
): Omit<LayerRecord, 'tocDigest' | 'tocChecksum' | 'dataStart' | 'imageSize' | 'chunksDigest'> {
  return {
    version: LAYER_VERSION,
    digest,
    format: footer.format,
    verifiable: toc.verifiable,
    opaqueXattr,
    blobSize,
    payloadEnd: toc.payloadEnd,
    prefetchEnd: toc.prefetchEnd ?? null,
    startChunks: startSet(toc.root),
    chunkCount: toc.chunks.count,
    inodeCount: toc.inodeCount,
    ...(isAnonymous === undefined ? {} : { isAnonymous }),
  };
}

function checkMemberSizes(table: ChunkTable): void {
  for (let chunk = 0; chunk < table.count; chunk++) {
    const needed = table.innerOffset[chunk]! + table.size[chunk]!;
    if (needed <= MAX_MEMBER_BYTES || isHole(table, chunk)) continue;
    const where = `chunk ${chunk} at ${table.blobOffset[chunk]} of the blob`;
    throw new LazypullError('UNSUPPORTED', `${where} decodes ${needed} bytes, ${MAX_MEMBER_BYTES} are the limit`);
  }
}

// The same layer gives the same image, on any machine.
function uuidOf({ digest, opaqueXattr }: BuildTask): Uint8Array {
  return createHash('sha256')
    .update(`lazypull layer image ${LAYER_VERSION} ${opaqueXattr} ${digest}`)
    .digest()
    .subarray(0, 16);
}
