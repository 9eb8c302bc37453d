import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { FormatError, VerificationError } from '../../src/errors.ts';
import { decodeMember, splitMember, takeChunk } from '../../src/estargz/decode-chunk.ts';
import type { ChunkTable } from '../../src/estargz/model.ts';
import { encodeSkippable } from '../../src/estargz/zstd-footer.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { noise } from '../support/entries.ts';

const COMPRESSIONS = [
  ['gzip', (raw: Uint8Array) => gzipSync(raw)],
  ['zstd', (raw: Uint8Array) => zstdCompressSync(raw)],
] as const;

for (const [compression, compress] of COMPRESSIONS) {
  suite(`decoding a ${compression} member`, () => {
    test('it gives at least what is needed', () => {
      fc.assert(
        fc.property(fc.nat(50_000), fc.nat(50_000), (needed, more) => {
          const raw = noise(needed + more);
          const decoded = decodeMember(compress(raw), compression, needed);
          assert.ok(decoded.length >= needed);
          assert.deepEqual(Buffer.from(decoded), raw.subarray(0, decoded.length));
        }),
        { numRuns: 30 },
      );
    });

    test('a member that goes on for 100 MB gives what is needed, and not much more', () => {
      const raw = Buffer.concat([noise(100_000), Buffer.alloc(100_000_000)]);
      const decoded = decodeMember(compress(raw), compression, 150_000);
      assert.ok(decoded.length <= 150_000 + 4 * 1024 * 1024);
      assert.deepEqual(Buffer.from(decoded.subarray(0, 150_000)), raw.subarray(0, 150_000));
    });

    test('members that follow do no harm', () => {
      const two = Buffer.concat([compress(Buffer.from('first')), compress(Buffer.from('second'))]);
      assert.equal(Buffer.from(decodeMember(two, compression, 5)).toString('utf8', 0, 5), 'first');
    });

    test('input that is cut behind what is needed is enough', () => {
      const raw = noise(500_000);
      const compressed = compress(raw);
      const decoded = decodeMember(compressed.subarray(0, 400_000), compression, 200_000);
      assert.deepEqual(Buffer.from(decoded.subarray(0, 200_000)), raw.subarray(0, 200_000));
    });

    const broken: [title: string, compressed: Buffer][] = [
      ['no bytes', Buffer.alloc(0)],
      ['input that is cut before what is needed', compress(noise(2000)).subarray(0, 900)],
      ['a member that is too short', compress(noise(999))],
      ['bytes that are not compressed', noise(2000)],
      ['a bomb that is too short for what is needed', compress(Buffer.alloc(999))],
    ];
    for (const [title, compressed] of broken) {
      test(`${title} is a FormatError`, () => {
        assert.throws(() => decodeMember(compressed, compression, 1000), FormatError);
      });
    }

    test('a damaged member never gives another error than a FormatError', () => {
      const whole = compress(noise(3000));
      fc.assert(
        fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
          const damaged = Buffer.from(whole);
          damaged[at] = damaged[at]! ^ flip;
          try {
            decodeMember(damaged, compression, 3000);
          } catch (error) {
            assert.ok(error instanceof FormatError, String(error));
          }
        }),
      );
    });
  });
}

suite('zstd frames of a chunk', () => {
  const text = Buffer.from('first and second');
  const [one, two] = [zstdCompressSync(text.subarray(0, 9)), zstdCompressSync(text.subarray(9))];
  const skippable = encodeSkippable(noise(100));

  test('a chunk may take several frames, with skippable ones between', () => {
    for (const frames of [
      [one, two],
      [skippable, one, skippable, two],
    ]) {
      assert.equal(Buffer.from(decodeMember(Buffer.concat(frames), 'zstd', text.length)).toString(), text.toString());
    }
  });

  test('what follows the chunk is not looked at', () => {
    for (const behind of [Buffer.from('not zstd'), two.subarray(0, 7), skippable.subarray(0, 20)]) {
      assert.equal(Buffer.from(decodeMember(Buffer.concat([one, behind]), 'zstd', 9)).toString(), 'first and');
      assert.throws(() => decodeMember(Buffer.concat([one, behind]), 'zstd', 10), FormatError);
    }
  });

  test('a hundred thousand frames with nothing in them cost little, and are refused', () => {
    const empty = Buffer.from('28b52ffd2000010000', 'hex');
    assert.equal(decodeMember(Buffer.concat([empty, one]), 'zstd', 9).length, 9);
    const many = Buffer.concat(Array.from({ length: 100_000 }, () => empty));
    assert.throws(() => decodeMember(many, 'zstd', 9), /more than 4096 frames/);
    const skippables = Buffer.concat(Array.from({ length: 1_000_000 }, () => encodeSkippable(Buffer.alloc(0))));
    assert.equal(decodeMember(Buffer.concat([skippables, one]), 'zstd', 9).length, 9);
    assert.throws(() => decodeMember(skippables, 'zstd', 9), FormatError);
  });
});

test('a gzip member with a wrong checksum is a FormatError', () => {
  const member = gzipSync(noise(1000));
  member[member.length - 8]! ^= 1;
  assert.throws(() => decodeMember(member, 'gzip', 1000), FormatError);
});

const DECODED = Buffer.from('headaaaabbtail');

/** Two chunks in one member: `aaaa` at 4 and `bb` at 8. */
function twoChunks(): ChunkTable {
  const digest = Buffer.from(['aaaa', 'bb'].map((text) => digestOf(Buffer.from(text)).slice(7)).join(''), 'hex');
  return {
    count: 2,
    compression: 'gzip',
    blobOffset: new Float64Array(2),
    blobEnd: new Float64Array([100, 100]),
    innerOffset: new Float64Array([4, 8]),
    fileOffset: new Float64Array(2),
    size: new Uint32Array([4, 2]),
    digest: new Uint8Array(digest),
  };
}

suite('splitting a member', () => {
  test('every chunk comes out, verified', () => {
    const parts = splitMember(twoChunks(), 0, 2, DECODED);
    assert.deepEqual(
      parts.map((part) => Buffer.from(part).toString()),
      ['aaaa', 'bb'],
    );
    assert.equal(Buffer.from(takeChunk(twoChunks(), 1, DECODED)).toString(), 'bb');
  });

  test('one changed byte is a VerificationError with both digests', () => {
    const changed = Buffer.from(DECODED.toString().replace('bb', 'bc'));
    assert.equal(splitMember(twoChunks(), 0, 1, changed).length, 1);
    assert.throws(
      () => splitMember(twoChunks(), 0, 2, changed),
      (error) =>
        error instanceof VerificationError &&
        error.expected === digestOf(Buffer.from('bb')) &&
        error.actual === digestOf(Buffer.from('bc')),
    );
  });

  test('a member that is too short is a FormatError', () => {
    assert.equal(splitMember(twoChunks(), 0, 2, DECODED.subarray(0, 10)).length, 2);
    assert.throws(() => splitMember(twoChunks(), 0, 2, DECODED.subarray(0, 9)), FormatError);
  });

  test('a chunk that is not in the table is a FormatError', () => {
    assert.throws(() => takeChunk(twoChunks(), 2, DECODED), FormatError);
  });

  test('a chunk without a digest comes out only where that is allowed', () => {
    const table = twoChunks();
    table.digest.fill(0, 32);
    assert.throws(() => splitMember(table, 0, 2, DECODED), VerificationError);
    assert.equal(splitMember(table, 0, 2, DECODED, { allowMissingDigest: true }).length, 2);
  });

  test('allowing missing digests does not allow wrong ones', () => {
    const wrong = Buffer.from(DECODED.toString().replace('aaaa', 'aaab'));
    assert.throws(() => splitMember(twoChunks(), 0, 1, wrong, { allowMissingDigest: true }), VerificationError);
  });
});
