// Layers that the product's writer made of small entry lists, with what its reader says of them.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { importLayer } from '../../src/build/import-layer.ts';
import type { WriteOptions, WrittenLayer } from '../../src/build/model.ts';
import { LayerWriter } from '../../src/build/write-layer.ts';
import { decodeToc } from '../../src/estargz/decode-toc.ts';
import { parseFooter } from '../../src/estargz/footer.ts';
import type { Toc } from '../../src/estargz/model.ts';
import { compressionOf, parseToc } from '../../src/estargz/parse-toc.ts';
import type { Entry } from './entries.ts';
import type { TocJson } from './estargz.ts';
import { tarOf } from './tar.ts';

export const WRITE_OPTIONS: WriteOptions = {
  format: 'estargz',
  level: 6,
  chunkSize: 4 * 1024 * 1024,
  minChunkSize: 0,
  externalToc: false,
  lossless: false,
  order: undefined,
};

export interface ReadBack {
  readonly written: WrittenLayer;
  readonly blob: Buffer;
  /** As JSON.parse gives it. */
  readonly tocJson: TocJson;
  readonly toc: Toc;
}

/** Writes a blob of the entries and reads it. */
export async function writeEntries(entries: readonly Entry[], options: Partial<WriteOptions> = {}): Promise<ReadBack> {
  return readBack(await writeTar(tarOf(entries), options));
}

// Kept, because a worker takes long to start; idle ones do not keep the process.
const writers = new Map<number, LayerWriter>();

function writerOf(workers: number): LayerWriter {
  const writer = writers.get(workers) ?? new LayerWriter({ workers });
  writers.set(workers, writer);
  return writer;
}

/** The blob of a tar. */
export async function writeTar(
  tar: Uint8Array,
  options: Partial<WriteOptions> = {},
  workers: number = 1,
): Promise<{ written: WrittenLayer; blob: Buffer }> {
  const workDir = mkdtempSync(join(tmpdir(), 'lazypull-write-'));
  try {
    const writer = writerOf(workers);
    await using layer = await importLayer(piecesOf(tar), { workDir });
    const path = join(workDir, 'blob');
    const written = await writer.write(layer, { ...WRITE_OPTIONS, ...options }, { path });
    return { written, blob: readFileSync(path) };
  } finally {
    rmSync(workDir, { recursive: true });
  }
}

/** What our reader says of a blob. */
export function readBack({ written, blob }: { written: WrittenLayer; blob: Buffer }): ReadBack {
  const { format, payloadEnd, tocOffset, tocEnd, tocSize } = parseFooter(blob, blob.length);
  const compressed = written.externalToc?.bytes ?? blob.subarray(tocOffset, tocEnd);
  const compression = compressionOf(format);
  const { tocJson } = decodeToc(compressed, { compression, size: tocSize, expected: written.tocDigest });
  const toc = parseToc(tocJson, { payloadEnd, format });
  return { written, blob, tocJson: JSON.parse(Buffer.from(tocJson).toString()) as TocJson, toc };
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Where each gzip member of a blob begins. @throws when it is not made of members to its end. */
export function memberOffsets(blob: Buffer): number[] {
  const offsets: number[] = [];
  for (let at = 0; at < blob.length;) {
    assert.equal(blob.readUInt16BE(at), 0x1f8b, `a gzip member begins at ${at}`);
    offsets.push(at);
    const hasExtra = blob[at + 3] === 4;
    const start = at + 10 + (hasExtra ? 2 + blob.readUInt16LE(at + 10) : 0);
    const { engine } = inflateRawSync(blob.subarray(start), { info: true }) as unknown as {
      engine: { bytesWritten: number };
    };
    // CRC 4 + length 4
    at = start + engine.bytesWritten + 8;
  }
  return offsets;
}
