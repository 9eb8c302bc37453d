// What follows the payload of a blob in each format. Written by hand, so that it is a second opinion on src/estargz.
import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { LayerFormat } from '../../src/estargz/footer.ts';
import { file } from './entries.ts';
import { tarOf } from './tar.ts';

export interface LayerEnding {
  /** Appended to the payload. */
  readonly bytes: Buffer;
  /** What of that is in the decompressed blob. */
  readonly plain: Buffer;
  readonly compressedToc: Buffer;
  /** Where the compressed TOC begins in the blob, if it is in there. */
  readonly tocOffset: number;
}

export function endingOf(format: LayerFormat, payloadEnd: number, tocJson: Buffer): LayerEnding {
  if (format === 'zstd:chunked' || format === 'zstd:chunked-containers') return zstdEnding(format, payloadEnd, tocJson);
  const compressedToc = gzipSync(tarOf([file('stargz.index.json', tocJson, { mode: 0 })]));
  return { ...gzipEnding(format, payloadEnd, compressedToc), compressedToc, tocOffset: payloadEnd };
}

function gzipEnding(format: LayerFormat, payloadEnd: number, toc: Buffer): Pick<LayerEnding, 'bytes' | 'plain'> {
  if (format === 'external-toc') return { bytes: gzipFooter(subfield('STARGZEXTERNALTOC')), plain: Buffer.alloc(0) };
  const digits = `${payloadEnd.toString(16).padStart(16, '0')}STARGZ`;
  const extra = format === 'stargz' ? Buffer.from(digits) : subfield(digits);
  return { bytes: join(toc, gzipFooter(extra)), plain: gunzipSync(toc) };
}

// An empty gzip member with an extra field.
function gzipFooter(extra: Buffer): Buffer {
  const head = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, extra.length, 0]);
  return join(head, extra, Buffer.from('010000ffff0000000000000000', 'hex'));
}

function subfield(text: string): Buffer {
  return Buffer.from(`SG${String.fromCharCode(text.length)}\0${text}`, 'latin1');
}

// Skippable frames: the TOC, for containers/storage the tar-split (of which readers of the TOC want nothing), the footer.
function zstdEnding(format: LayerFormat, payloadEnd: number, tocJson: Buffer): LayerEnding {
  const compressedToc = zstdCompressSync(tocJson);
  const tocOffset = payloadEnd + 8;
  const numbers = [tocOffset, compressedToc.length, tocJson.length, 1];
  const frames = [skippable(compressedToc)];
  if (format === 'zstd:chunked') frames.push(skippable(join(...numbers.map(uint64), Buffer.from('GnUlInUx'))));
  else {
    const tarSplit = zstdCompressSync('no tar-split');
    numbers.push(tocOffset + compressedToc.length + 8, tarSplit.length, 12);
    frames.push(skippable(tarSplit), skippable(join(...numbers.map(uint64), Buffer.from('GNUlInUx'))));
  }
  return { bytes: join(...frames), plain: Buffer.alloc(0), compressedToc, tocOffset };
}

function skippable(content: Buffer): Buffer {
  const head = Buffer.from('502a4d1800000000', 'hex');
  head.writeUInt32LE(content.length, 4);
  return join(head, content);
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function join(...parts: Buffer[]): Buffer {
  return Buffer.concat(parts);
}
