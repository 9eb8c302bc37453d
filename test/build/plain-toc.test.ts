import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { plainToc } from '../../src/build/plain-toc.ts';
import { parseToc } from '../../src/estargz/parse-toc.ts';
import { dir, file, hardlink, noise, symlink } from '../support/entries.ts';
import { contentOf, withLayer } from '../support/imported-layer.ts';
import { namesIn, nodeAt } from '../support/toc.ts';
import { tarOf } from '../support/tar.ts';

const BIG = noise(10_000);
const TAR = tarOf([
  dir('./', { mode: 0o700 }),
  dir('./d/', { mtime: 1_700_000_000, uid: 5 }),
  file('./d/big', BIG, { mode: 0o4711, xattrs: { 'user.a': Buffer.from([0, 255]) } }),
  file('./d/exact', BIG.subarray(0, 4096)),
  file('./d/empty'),
  hardlink('./h', './d/big'),
  symlink('./s', 'd'),
  file('../up', 'climbed'),
  file('.prefetch.landmark', 'x'),
]);

suite('a TOC for a tar as it lies', () => {
  test('gives the tree, and where in the tar the bytes of every chunk are', () =>
    withLayer(TAR, (layer) => {
      const toc = parseToc(plainToc(layer, 4096), { payloadEnd: layer.size });
      assert.deepEqual(namesIn(toc, ''), ['d', 'h', 's', 'up']);
      assert.equal(toc.root.mode, 0o700);
      assert.equal(nodeAt(toc, 'd').uid, 5);
      assert.equal(nodeAt(toc, 'd').mtimeSec, 1_700_000_000);
      const big = nodeAt(toc, 'd/big');
      assert.equal(nodeAt(toc, 'h'), big);
      assert.deepEqual([big.mode, big.nlink, big.size, big.chunkCount], [0o4711, 2, BIG.length, 3]);
      assert.deepEqual(Buffer.from(big.xattrs!.get('user.a')!), Buffer.from([0, 255]));
      assert.equal(toc.prefetchEnd, undefined);
      const bytes = TAR;
      const chunks = Array.from({ length: big.chunkCount }, (_, i) => {
        const at = toc.chunks.blobOffset[big.firstChunk + i]!;
        assert.equal(toc.chunks.innerOffset[big.firstChunk + i], 0);
        assert.equal(toc.chunks.fileOffset[big.firstChunk + i], i * 4096);
        return bytes.subarray(at, at + toc.chunks.size[big.firstChunk + i]!);
      });
      assert.deepEqual(Buffer.concat(chunks), BIG);
      assert.deepEqual(
        layer.entries.filter(({ path }) => path === 'd/big').map((entry) => contentOf(layer, entry)),
        [BIG],
      );
      assert.deepEqual([nodeAt(toc, 'd/exact').chunkCount, nodeAt(toc, 'd/empty').chunkCount], [1, 0]);
    }));

  test('duplicates are in it, and the last one counts as in an unpacked tar', () =>
    withLayer(tarOf([file('f', 'one'), hardlink('h', 'f'), file('f', 'three')]), (layer) => {
      const toc = parseToc(plainToc(layer, 4096), { payloadEnd: layer.size });
      assert.deepEqual([nodeAt(toc, 'f').size, nodeAt(toc, 'h').size], [5, 3]);
    }));
});
