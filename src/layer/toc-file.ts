// The `toc` sidecar: a layer's compressed table of contents and the end of its blob, as the registry gave them. A hot
// pack carries it to the next job, which builds the layer again from it as if it came from the registry.
//   frame: 8 blob size + 4 footer length + footer (the blob's last bytes) + compressed TOC
import { FormatError } from '../errors.ts';
import { LONGEST_FOOTER, parseFooter } from '../estargz/footer.ts';
import { MAX_COMPRESSED_TOC_BYTES } from '../estargz/limits.ts';
import type { TocBytes } from '../estargz/toc-bytes.ts';
import { decodeFrame, encodeFrame, frameSize } from './frame.ts';

const MAGIC = 'LZPTOCBY';
const VERSION = 1;
// blob size 8 + footer length 4
const PREFIX_SIZE = 8 + 4;
/** No `toc` file is larger. */
export const MAX_TOC_FILE_BYTES: number = frameSize(PREFIX_SIZE + LONGEST_FOOTER + MAX_COMPRESSED_TOC_BYTES);

/** What a `toc` file holds. `tail` ends where the blob does, and has the footer at least. */
export type KeptToc = Pick<TocBytes, 'blobSize' | 'compressedToc' | 'tail'>;

/** The `toc` file. */
export function encodeTocFile({ blobSize, compressedToc, tail }: KeptToc): Buffer {
  const footer = footerBytesOf(tail);
  const payload = Buffer.alloc(PREFIX_SIZE + footer.length + compressedToc.length);
  payload.writeBigUInt64LE(BigInt(blobSize), 0);
  payload.writeUInt32LE(footer.length, 8);
  payload.set(footer, PREFIX_SIZE);
  payload.set(compressedToc, PREFIX_SIZE + footer.length);
  return encodeFrame(MAGIC, VERSION, payload);
}

/**
 * The table of contents again, and what its footer says; views of `bytes`. Nothing is compared with a digest here.
 * @throws FormatError when it is damaged, or its parts don't fit together; NotEstargzError without a footer.
 */
export function decodeTocFile(bytes: Buffer): TocBytes {
  const payload = decodeFrame(MAGIC, VERSION, bytes);
  if (payload.length < PREFIX_SIZE) throw new FormatError(`sidecar ${MAGIC}: ${payload.length} bytes are too few`);
  const blobSize = Number(payload.readBigUInt64LE(0));
  const footerLength = payload.readUInt32LE(8);
  const room = Math.min(LONGEST_FOOTER, blobSize, payload.length - PREFIX_SIZE);
  if (!Number.isSafeInteger(blobSize) || footerLength > room) {
    throw new FormatError(`sidecar ${MAGIC}: a footer of ${footerLength} bytes of a blob of ${blobSize}`);
  }
  const footerBytes = payload.subarray(PREFIX_SIZE, PREFIX_SIZE + footerLength);
  const compressedToc = payload.subarray(PREFIX_SIZE + footerLength);
  const footer = parseFooter(footerBytes, blobSize);
  const wanted = footer.tocEnd - footer.tocOffset;
  if (footer.format !== 'external-toc' && compressedToc.length !== wanted) {
    throw new FormatError(`sidecar ${MAGIC}: a TOC of ${compressedToc.length} bytes, its footer says ${wanted}`);
  }
  return { footer, compressedToc, blobSize, tail: { start: blobSize - footerLength, bytes: footerBytes } };
}

/** The last bytes of `tail`, of which the footer is a part: a view. */
export function footerBytesOf({ bytes }: TocBytes['tail']): Uint8Array {
  return bytes.subarray(Math.max(0, bytes.length - LONGEST_FOOTER));
}
