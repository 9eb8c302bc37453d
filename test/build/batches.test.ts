import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { batchRules, cutBatches } from '../../src/build/batches.ts';
import type { Batch, BatchRules } from '../../src/build/batches.ts';
import { compressBatch } from '../../src/build/compress-batch.ts';
import type { Piece } from '../../src/build/layer-stream.ts';
import { landmarkEntry } from '../../src/build/layer-stream.ts';
import { FormatError } from '../../src/errors.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { noise } from '../support/entries.ts';

const RULES: BatchRules = { enough: 100, most: 200, closesChunks: false };
const ENTRY = landmarkEntry('.prefetch.landmark');

const head = (length: number): Piece => ({ from: Buffer.alloc(length, 'h'), length });
const chunk = (length: number, ownMember = false): Piece => ({
  from: Buffer.alloc(length, 'c'),
  length,
  chunk: { entry: ENTRY, fileOffset: 0, ownMember },
});
const sizes = (pieces: Piece[], rules = RULES): number[] => [...cutBatches(pieces, rules)].map(({ size }) => size);

suite('batches', () => {
  test('nothing is no batch', () => assert.deepEqual(sizes([]), []));

  test('a batch ends before the chunk that comes when it has enough', () => {
    assert.deepEqual(sizes([head(10), chunk(90), head(5), chunk(1), chunk(1)]), [105, 2]);
    assert.deepEqual(sizes([head(10), chunk(89), chunk(1), chunk(1)]), [100, 1]);
  });

  test('a batch ends before a chunk that makes it too large, and a single chunk may be larger than any', () => {
    assert.deepEqual(sizes([head(10), chunk(191), head(3)]), [10, 194]);
    assert.deepEqual(sizes([head(10), chunk(1000), head(1), chunk(2)]), [10, 1001 - 1, 1 + 2]);
  });

  test('what is no chunk is cut where it is too long, so that memory stays bounded', () => {
    assert.deepEqual(sizes([head(1000)]), [200, 200, 200, 200, 200]);
    assert.deepEqual(sizes([chunk(50), head(449), chunk(1)]), [50, 200, 200, 49 + 1]);
  });

  test('an entry is in the batch where its head ends', () => {
    const [first, second] = [...cutBatches([{ ...head(300), entry: ENTRY }], RULES)];
    assert.deepEqual(first?.marks, []);
    assert.deepEqual(second?.marks, [{ entry: ENTRY, headEnd: 100 }]);
  });

  test('members begin at chunks, or also behind them', () => {
    const pieces = [head(10), chunk(20), head(5), chunk(7), chunk(8)];
    const [open] = cutBatches(pieces, RULES);
    assert.deepEqual(open?.members, [0, 10, 35, 42]);
    const [closed] = cutBatches(pieces, { ...RULES, closesChunks: true });
    assert.deepEqual(closed?.members, [0, 10, 30, 35, 42]);
    assert.deepEqual(closed?.chunks, [10, 20, 35, 7, 42, 8]);
  });

  test('neighbours in the tar are one part, others are not', () => {
    const pieces: Piece[] = [
      { from: 1000, length: 10 },
      { from: 1010, length: 5 },
      { from: 'zeros', length: 3 },
      { from: 1018, length: 2 },
      { from: 5, length: 1 },
    ];
    const [batch] = cutBatches(pieces, RULES);
    assert.deepEqual(batch?.copies, [0, 1000, 15, 18, 1018, 2, 20, 5, 1]);
    assert.equal(batch.size, 21);
  });

  test('batches grow with minChunkSize, up to a limit', () => {
    assert.equal(batchRules(0, false).enough, 2 * 1024 ** 2);
    assert.equal(batchRules(1024 ** 2, false).enough, 16 * 1024 ** 2);
    assert.equal(batchRules(16 * 1024 ** 2, false).enough, 64 * 1024 ** 2);
  });
});

suite('compress batch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lazypull-batch-'));
  const tar = noise(5000);
  const path = join(folder, 'tar');
  writeFileSync(path, tar);
  const fd = openSync(path, 'r');
  process.on('exit', () => {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });

  const compress = (batch: Batch, minChunkSize = 0) =>
    compressBatch({ batch, fd, options: { compression: 'gzip', level: 6, minChunkSize }, buffers: undefined });

  const pieceArb = fc.oneof(
    fc.nat(300).map((length): Piece => ({ from: 'zeros', length })),
    fc.uint8Array({ minLength: 1, maxLength: 300 }).map((from): Piece => ({ from, length: from.length })),
    fc.record({ from: fc.nat(4000), length: fc.integer({ min: 1, max: 900 }) }).map((copy): Piece => copy),
    fc
      .record({ from: fc.nat(4000), length: fc.integer({ min: 1, max: 900 }), own: fc.boolean() })
      .map(({ from, length, own }): Piece => ({
        from,
        length,
        chunk: { entry: ENTRY, fileOffset: 0, ownMember: own },
      })),
  );
  const plainOf = (pieces: Piece[]): Buffer =>
    Buffer.concat(
      pieces.map(({ from, length }) => {
        if (from === 'zeros') return Buffer.alloc(length);
        return typeof from === 'number' ? tar.subarray(from, from + length) : from;
      }),
    );

  test('members hold the stream, chunks are where it says, and a dirty buffer does no harm', () => {
    const rules = fc.record({ most: fc.integer({ min: 100, max: 3000 }), closesChunks: fc.boolean() });
    const minChunkSizes = fc.constantFrom(0, 1, 200, 1000);
    fc.assert(
      fc.property(fc.array(pieceArb, { maxLength: 12 }), rules, minChunkSizes, (pieces, rule, minChunkSize) => {
        const plain: Uint8Array[] = [];
        for (const batch of cutBatches(pieces, { ...rule, enough: rule.most / 2 })) {
          const result = compress(batch, minChunkSize);
          const dirty = { plain: new Uint8Array(8192).fill(7).buffer, compressed: new Uint8Array(8192).fill(7).buffer };
          const options = { compression: 'gzip', level: 6, minChunkSize } as const;
          assert.deepEqual(compressBatch({ batch, fd, options, buffers: dirty }), result);
          plain.push(result.plain);
          checkMembers(batch, result, minChunkSize);
        }
        assert.deepEqual(Buffer.concat(plain), plainOf(pieces));
      }),
    );
  });

  function checkMembers(batch: Batch, result: ReturnType<typeof compress>, minChunkSize: number): void {
    const bytes = Buffer.from(result.compressed);
    const ends = result.memberEnds;
    const members = ends.map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end));
    const decoded = members.map((member) => gunzipSync(member));
    assert.deepEqual(Buffer.concat(decoded), Buffer.from(result.plain));
    const own = new Set(batch.ownMembers);
    const starts = new Set<number>();
    for (let i = 0; i < batch.chunks.length / 2; i++) {
      const [at, length] = [batch.chunks[2 * i]!, batch.chunks[2 * i + 1]!];
      const member = result.chunkMembers[i]!;
      const inner = result.chunkInner[i]!;
      const payload = decoded[member]!.subarray(inner, inner + length);
      assert.deepEqual(payload, Buffer.from(result.plain).subarray(at, at + length));
      assert.equal(digestOf(payload), `sha256:${Buffer.from(result.digests).toString('hex', 32 * i, 32 * i + 32)}`);
      if (minChunkSize === 0 || own.has(i)) assert.equal(inner, 0);
      if (own.has(i)) starts.add(member);
    }
    if (minChunkSize === 0) return;
    // Only the last member, and those before a chunk that begins its own, may be smaller.
    for (const [index, member] of members.slice(0, -1).entries()) {
      assert.ok(member.length >= minChunkSize || starts.has(index + 1), `member ${index} of ${member.length}`);
    }
  }

  test('what a tar that is too short would have to give is an error with the offset', () => {
    const [batch] = cutBatches([{ from: 4990, length: 20 }], RULES);
    assert.throws(
      () => compress(batch!),
      (error) => error instanceof FormatError && error.offset === 5000,
    );
  });

  test('members are the same on every system: the header has neither time nor system', () => {
    const [batch] = cutBatches([{ from: 0, length: 100 }], RULES);
    const { compressed } = compress(batch!);
    assert.equal(Buffer.from(compressed).toString('hex', 0, 10), '1f8b08000000000000ff');
  });
});
