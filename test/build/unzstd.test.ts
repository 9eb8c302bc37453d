import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { constants, createZstdCompress, zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { ByteReader } from '../../src/build/byte-reader.ts';
import { unzstd } from '../../src/build/unzstd.ts';
import { isZstdMagic } from '../../src/build/zstd-frame.ts';
import { FormatError } from '../../src/errors.ts';
import { garbageCollector } from '../../src/garbage.ts';
import { noise } from '../support/entries.ts';
import { cutAsync } from '../support/tar-blocks.ts';

const PIECE = 256 * 1024;

async function read(blob: Buffer, sizes: readonly number[] = [1000]): Promise<Buffer> {
  const pieces = await Array.fromAsync(unzstd(new ByteReader(cutAsync(blob, sizes)), PIECE));
  return Buffer.concat(pieces);
}

/** A frame that does not say how large its content is, with a checksum. */
async function streamed(content: Buffer): Promise<Buffer> {
  const stream = createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  stream.write(content.subarray(0, 10));
  stream.end(content.subarray(10));
  return Buffer.concat((await Array.fromAsync(stream)) as Buffer[]);
}

function skippable(length: number, nibble = 0): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a50 + nibble, 0);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, noise(length)]);
}

suite('zstd frames', () => {
  test('frames of all sizes follow each other', async () => {
    const contents = [
      noise(10),
      Buffer.alloc(0),
      Buffer.alloc(3_000_000),
      noise(255),
      noise(256),
      noise(65_791),
      noise(700_000),
    ];
    const frames = contents.map((content) => zstdCompressSync(content));
    for (const sizes of [[777], [64 * 1024], [1_000_000_000]]) {
      assert.deepEqual(await read(Buffer.concat(frames), sizes), Buffer.concat(contents));
    }
  });

  test('frames without a content size, with checksums, and of one byte over and over', async () => {
    const contents = [noise(300_000), Buffer.alloc(500_000, 'r'), Buffer.from('small')];
    const frames = await Promise.all(contents.map((content) => streamed(content)));
    assert.deepEqual(await read(Buffer.concat(frames)), Buffer.concat(contents));
  });

  test('empty frames, however many, are not held', async () => {
    const collect = garbageCollector();
    const frames = Buffer.concat(Array.from({ length: 1000 }, () => zstdCompressSync(Buffer.alloc(0))));
    const held: number[] = [];
    const source = async function* (): AsyncGenerator<Buffer> {
      for (let i = 0; i < 20; i++) {
        yield frames;
        if (i % 15 !== 4) continue;
        collect();
        held.push(process.memoryUsage().heapUsed);
      }
    };
    assert.deepEqual(await Array.fromAsync(unzstd(new ByteReader(source()), PIECE)), []);
    const [first, last] = held;
    assert.ok(last! - first! < 1_000_000, `${last! - first!} bytes`);
  });

  test('skippable frames are skipped, wherever they are', async () => {
    const frame = zstdCompressSync(Buffer.from('content'));
    const blob = Buffer.concat([skippable(0, 15), frame, skippable(600_000), frame, skippable(5, 3)]);
    assert.equal((await read(blob)).toString(), 'contentcontent');
    assert.equal((await read(skippable(9))).length, 0);
    assert.equal((await read(Buffer.alloc(0))).length, 0);
  });

  test('any frames in any pieces', async () => {
    const content = fc.uint8Array({ maxLength: 5000 });
    const sizes = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.array(content, { maxLength: 5 }), sizes, async (contents, sizes) => {
        const frames = contents.map((content) => zstdCompressSync(content));
        assert.deepEqual(await read(Buffer.concat(frames), sizes), Buffer.concat(contents));
      }),
      { numRuns: 50 },
    );
  });

  test('the magic is that of a frame or a skippable frame', () => {
    assert.ok(isZstdMagic(0xfd2fb528));
    assert.ok(isZstdMagic(0x184d2a50) && isZstdMagic(0x184d2a5f));
    assert.ok(!isZstdMagic(0x184d2a60) && !isZstdMagic(0x8b1f) && !isZstdMagic(0xfd2fb529));
  });

  test('no piece is larger than asked for, and a bomb is not decompressed at once', async () => {
    // 4 MiB that a block of four bytes makes, in a frame that claims to be small.
    const bomb = zstdCompressSync(Buffer.alloc(4 << 20));
    for await (const piece of unzstd(new ByteReader(cutAsync(bomb)), PIECE)) assert.ok(piece.length <= PIECE);
    const lying = Buffer.concat([
      Buffer.from('28b52ffd2001', 'hex'),
      Buffer.from('02004000', 'hex'),
      Buffer.from('03004000', 'hex'),
    ]);
    await assert.rejects(read(lying), FormatError);
  });

  const wrong: [title: string, blob: Buffer, text: RegExp, offset: number][] = [
    ['no frame', Buffer.from('nothing of this'), /no frame begins at 0/, 0],
    [
      'something behind a frame',
      Buffer.concat([zstdCompressSync(noise(10)), Buffer.from('what')]),
      /no frame begins at 19/,
      19,
    ],
    ['a block of a reserved type', Buffer.from('28b52ffd2001070000', 'hex'), /reserved type at 6/, 6],
    ['a cut block', Buffer.from('28b52ffd2001410000', 'hex'), /cut at 9/, 9],
    ['a cut skippable frame', skippable(100).subarray(0, 50), /cut at 50/, 50],
    ['a frame whose content is damaged', Buffer.from('28b52ffd2001150000ffff', 'hex'), /frame at 0 is damaged/, 0],
  ];
  for (const [title, blob, text, offset] of wrong) {
    test(`${title} is a FormatError with the offset`, async () => {
      await assert.rejects(read(blob), (error: unknown) => {
        assert.ok(error instanceof FormatError);
        assert.match(error.message, text);
        assert.equal(error.offset, offset);
        return true;
      });
    });
  }
});
