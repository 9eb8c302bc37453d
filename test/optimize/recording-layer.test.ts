// The image of one layer that is filled as it is read, without a mount: which part of which file is where.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { importLayer } from '../../src/build/import-layer.ts';
import type { LayerTar } from '../../src/build/model.ts';
import { plainToc } from '../../src/build/plain-toc.ts';
import { isPresent } from '../../src/fuse/presence.ts';
import { AccessLog } from '../../src/optimize/access-log.ts';
import { RecordingLayer } from '../../src/optimize/recording-layer.ts';
import { file, noise } from '../support/entries.ts';
import { tarOf } from '../support/tar.ts';

const CHUNK = 8192;

suite('a layer image that is filled from its tar', () => {
  const a = noise(3 * CHUNK + 100, 1);
  const b = noise(50, 2);
  let folder = '';
  let tar: LayerTar;
  let count = 0;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lazypull-recording-layer-'));
    async function* pieces(): AsyncGenerator<Uint8Array> {
      yield tarOf([file('a', a), file('empty', ''), file('b', b)]);
    }
    tar = await importLayer(pieces(), { workDir: folder });
    writeFileSync(join(folder, 'toc'), plainToc(tar, CHUNK));
  });
  after(async () => {
    await tar[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  const open = (): RecordingLayer =>
    new RecordingLayer({ tarPath: tar.path, tocPath: join(folder, 'toc') }, join(folder, `image-${count++}`), 2);
  const dataStart = (name: string): number => tar.entries.find(({ path }) => path === name)!.dataStart;
  /** Where the image has a chunk. */
  const place = (layer: RecordingLayer, chunk: number): number => layer.file.presence.imageOffset[chunk]!;
  const bytesAt = (layer: RecordingLayer, offset: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    assert.equal(readSync(layer.file.fd, bytes, 0, length, offset), length);
    return bytes;
  };

  test('a read within a chunk is that part of the file, and only that is copied', () => {
    using layer = open();
    assert.deepEqual(layer.fill(place(layer, 1) + 4096, 4096), [
      { tarOffset: dataStart('a'), start: CHUNK + 4096, end: CHUNK + 8192 },
    ]);
    assert.deepEqual(bytesAt(layer, place(layer, 1) + 4096, 4096), a.subarray(CHUNK + 4096, CHUNK + 8192));
    assert.deepEqual(bytesAt(layer, place(layer, 1), 4096), Buffer.alloc(4096));
  });

  test('a read over chunks and the end of a file comes in parts, without the padding', () => {
    using layer = open();
    const start = place(layer, 2);
    const reads = layer.fill(start, place(layer, 4) + 4096 - start);
    assert.deepEqual(reads, [
      { tarOffset: dataStart('a'), start: 2 * CHUNK, end: 3 * CHUNK },
      { tarOffset: dataStart('a'), start: 3 * CHUNK, end: 3 * CHUNK + 100 },
      { tarOffset: dataStart('b'), start: 0, end: 50 },
    ]);
    assert.deepEqual(bytesAt(layer, start, CHUNK + 100), a.subarray(2 * CHUNK));
    assert.deepEqual(bytesAt(layer, place(layer, 4), 50), b);
  });

  test('data is missing for ever, so that every read is seen; metadata is there', () => {
    using layer = open();
    const { presence, size } = layer.file;
    layer.fill(place(layer, 0), CHUNK);
    assert.equal(isPresent(presence, place(layer, 0), place(layer, 0) + 1), false);
    assert.equal(isPresent(presence, 0, place(layer, 0)), true);
    assert.equal(size % 4096, 0);
    assert.deepEqual(layer.fill(0, place(layer, 0)), []);
  });

  test('a tar that was cut is an error, not zeros', () => {
    const cut = join(folder, 'cut.tar');
    writeFileSync(cut, readFileSync(tar.path).subarray(0, dataStart('b') + 10));
    writeFileSync(join(folder, 'cut-toc'), plainToc(tar, CHUNK));
    using layer = new RecordingLayer({ tarPath: cut, tocPath: join(folder, 'cut-toc') }, join(folder, 'image-cut'), 2);
    assert.throws(() => layer.fill(place(layer, 4), 50), /ends inside a file/);
  });
});

test('an access log has files in the order of the first read, and no two at the same time', () => {
  let now = 100;
  const log = new AccessLog(() => now);
  log.read(0, 1, 0, 10); // before the start
  log.start();
  now = 105;
  log.read(1, 512, 4096, 8192);
  log.read(0, 512, 0, 10);
  now = 110;
  log.read(1, 512, 0, 4096);
  log.read(1, 512, 8000, 9000);
  assert.equal(log.stop(), 10);
  log.read(0, 9, 0, 10); // after the end
  assert.deepEqual(log.files(), [
    { layer: 1, tarOffset: 512, firstReadMs: 5, ranges: [[0, 9000]] },
    { layer: 0, tarOffset: 512, firstReadMs: 5.001, ranges: [[0, 10]] },
  ]);
});

test('an access log does not grow with random reads of one file', () => {
  const log = new AccessLog(() => 0);
  log.start();
  for (let round = 0; round < 3; round++) {
    for (let page = 4999; page >= 0; page--) log.read(0, 0, page * 4096, page * 4096 + 4096);
  }
  assert.deepEqual(log.files()[0]?.ranges, [[0, 5000 * 4096]]);
});
