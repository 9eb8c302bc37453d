// The last bytes of a layer blob: they say where the TOC is. A gzip footer is an empty gzip member whose extra field
// (RFC 1952, section 2.3.1.1) carries the offset, so that gunzip of the whole blob still works; zstd's: zstd-footer.ts.
// Specification: docs/estargz.md of stargz-snapshotter, "Footer"; the 47-byte one is that of google/crfs.
import { FormatError } from '../errors.ts';
import { NotEstargzError } from './errors.ts';
import { LONGEST_ZSTD_FOOTER, parseZstdFooter, SKIPPABLE_HEADER_SIZE } from './zstd-footer.ts';
import type { ZstdFooter } from './zstd-footer.ts';

/** `stargz` is the older format with the shorter footer; everything else of the two is the same. */
export type StargzFormat = 'estargz' | 'stargz';

/**
 * Every kind of blob with a TOC. `external-toc` is eStargz whose TOC is a blob of its own; of zstd:chunked there are two
 * dialects, that of stargz-snapshotter and that of containers/storage (Podman, CRI-O, Buildah).
 */
export type LayerFormat = StargzFormat | 'external-toc' | 'zstd:chunked' | 'zstd:chunked-containers';

export interface Footer {
  readonly format: LayerFormat;
  /** Where the payload ends in the blob: the members of all chunks are before it. */
  readonly payloadEnd: number;
  /** [tocOffset, tocEnd) of the blob is the compressed TOC; empty when the TOC is a blob of its own. */
  readonly tocOffset: number;
  readonly tocEnd: number;
  /** Bytes of the TOC's JSON, where the footer says that. */
  readonly tocSize: number | undefined;
}

// gzip header 10 + XLEN 2 + subfield head 4 + 16 digits and "STARGZ" 22 + empty stored block 5 + CRC and length 8
export const FOOTER_SIZE = 51;
// The same without the subfield head: 10 + 2 + 22 + 5 + 8
export const LEGACY_FOOTER_SIZE = 47;
// gzip header 10 + XLEN 2 + subfield head 4 + "STARGZEXTERNALTOC" 17 + empty stored block 5 + CRC and length 8
export const EXTERNAL_FOOTER_SIZE = 46;
/** As many last bytes of a blob as any footer needs. */
export const LONGEST_FOOTER: number = Math.max(FOOTER_SIZE, LONGEST_ZSTD_FOOTER);

const HEADER = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff]; // deflate, FEXTRA, no time, no flags, unknown system
const EMPTY_PAYLOAD = [1, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]; // final stored block of length 0, CRC 0, length 0
const SUBFIELD = Buffer.from('SG');
const OFFSET_DIGITS = 16;
const OFFSET_MARK = 'STARGZ';
const EXTERNAL_MARK = 'STARGZEXTERNALTOC';
const EXTRA_AT = 12;

/** The footer for a TOC that begins at `tocOffset`. */
export function encodeFooter(tocOffset: number, format: StargzFormat = 'estargz'): Buffer {
  const data = Buffer.from(tocOffset.toString(16).padStart(OFFSET_DIGITS, '0') + OFFSET_MARK);
  const extra = format === 'stargz' ? data : Buffer.concat([SUBFIELD, uint16(data.length), data]);
  return Buffer.concat([Buffer.from(HEADER), uint16(extra.length), extra, Buffer.from(EMPTY_PAYLOAD)]);
}

/** The footer of a layer whose TOC is a blob of its own. */
export function encodeExternalFooter(): Buffer {
  const data = Buffer.from(EXTERNAL_MARK);
  const extra = Buffer.concat([SUBFIELD, uint16(data.length), data]);
  return Buffer.concat([Buffer.from(HEADER), uint16(extra.length), extra, Buffer.from(EMPTY_PAYLOAD)]);
}

/**
 * Parses the footer at the end of `tail`, which is the last bytes of a blob of `blobSize` bytes (LONGEST_FOOTER of
 * them, or all when the blob is smaller; more do no harm).
 * @throws NotEstargzError when there is no footer.
 * @throws FormatError when there is a footer, but what it says is not within the blob.
 */
export function parseFooter(tail: Uint8Array, blobSize: number): Footer {
  const end = Buffer.from(tail.buffer, tail.byteOffset, tail.length);
  const digits = offsetDigits(lastOf(end, FOOTER_SIZE), true);
  if (digits !== undefined) return checkedFooter('estargz', digits, blobSize, FOOTER_SIZE);
  const legacyDigits = offsetDigits(lastOf(end, LEGACY_FOOTER_SIZE), false);
  if (legacyDigits !== undefined) return checkedFooter('stargz', legacyDigits, blobSize, LEGACY_FOOTER_SIZE);
  const zstd = parseZstdFooter(end, blobSize);
  if (zstd !== undefined) return zstdFooter(zstd);
  if (extraOf(lastOf(end, EXTERNAL_FOOTER_SIZE), true) === EXTERNAL_MARK) {
    const payloadEnd = blobSize - EXTERNAL_FOOTER_SIZE;
    return { format: 'external-toc', payloadEnd, tocOffset: payloadEnd, tocEnd: payloadEnd, tocSize: undefined };
  }
  throw new NotEstargzError('the blob ends without a footer: neither eStargz nor zstd:chunked', { offset: blobSize });
}

// The TOC and the tar-split are the contents of skippable frames behind the payload, in either order.
function zstdFooter({ dialect, toc, tarSplit }: ZstdFooter): Footer {
  return {
    format: dialect === 'stargz' ? 'zstd:chunked' : 'zstd:chunked-containers',
    payloadEnd: Math.min(toc.offset, tarSplit?.offset ?? Infinity) - SKIPPABLE_HEADER_SIZE,
    tocOffset: toc.offset,
    tocEnd: toc.offset + toc.compressedSize,
    tocSize: toc.size,
  };
}

// The text where the offset should be, or undefined when these bytes are no footer of this kind.
function offsetDigits(footer: Buffer | undefined, hasSubfield: boolean): string | undefined {
  const data = extraOf(footer, hasSubfield);
  if (data?.length !== OFFSET_DIGITS + OFFSET_MARK.length) return undefined;
  return data.endsWith(OFFSET_MARK) ? data.slice(0, OFFSET_DIGITS) : undefined;
}

// The extra field's data as text, when `footer` is a gzip header with an extra field that reaches to the empty payload.
function extraOf(footer: Buffer | undefined, hasSubfield: boolean): string | undefined {
  if (footer === undefined || !isGzipWithExtra(footer)) return undefined;
  const extra = footer.subarray(EXTRA_AT, footer.length - EMPTY_PAYLOAD.length);
  if (footer.readUInt16LE(EXTRA_AT - 2) !== extra.length) return undefined;
  if (!hasSubfield) return extra.toString('latin1');
  const isStargz = extra.subarray(0, 2).equals(SUBFIELD) && extra.readUInt16LE(2) === extra.length - 4;
  return isStargz ? extra.toString('latin1', 4) : undefined;
}

// Time, flags and system may differ from what encodeFooter writes: the reference reader does not look at them.
function isGzipWithExtra(footer: Buffer): boolean {
  return HEADER.slice(0, 4).every((byte, i) => footer[i] === byte);
}

function checkedFooter(format: StargzFormat, digits: string, blobSize: number, footerSize: number): Footer {
  const tocOffset = /^[0-9a-f]{16}$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
  const tocEnd = blobSize - footerSize;
  if (!Number.isSafeInteger(tocOffset) || tocOffset >= tocEnd) {
    throw new FormatError(
      `footer says that the TOC is at ${JSON.stringify(digits)}, wanted hex digits of an offset below ${tocEnd}`,
      { offset: tocEnd },
    );
  }
  return { format, payloadEnd: tocOffset, tocOffset, tocEnd, tocSize: undefined };
}

function lastOf(bytes: Buffer, count: number): Buffer | undefined {
  return bytes.length < count ? undefined : bytes.subarray(bytes.length - count);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
