import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { importLayer } from '../../src/build/import-layer.ts';
import type { LayerTar } from '../../src/build/model.ts';
import { FormatError, UserError } from '../../src/errors.ts';
import { ImageView } from '../../src/optimize/image-view.ts';
import { parsePrefetchList, profileOfPatterns } from '../../src/optimize/prefetch-list.ts';
import { isRecordFile, parseRecordFile, profileOfRecords } from '../../src/optimize/record-file.ts';
import type { Profile } from '../../src/optimize/profile.ts';
import { dir, file, hardlink, symlink, type Entry } from '../support/entries.ts';
import { digestNamed } from '../support/profiles.ts';
import { tarOf } from '../support/tar.ts';

suite('the merged files of an image', () => {
  let folder = '';
  const open: LayerTar[] = [];

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazypull-view-'));
  });
  after(async () => {
    for (const layer of open) await layer[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  async function layersOf(...layers: readonly (readonly Entry[])[]): Promise<LayerTar[]> {
    const imported = await Promise.all(
      layers.map((entries) => importLayer(pieces(tarOf(entries)), { workDir: folder })),
    );
    open.push(...imported);
    return imported;
  }
  const viewOf = async (...layers: readonly (readonly Entry[])[]): Promise<ImageView> =>
    new ImageView(await layersOf(...layers));
  const listOf = (view: ImageView): string[] => [...view.entries()].map(({ path, layer }) => `${layer} ${path}`);

  test('a later layer hides files, and merges directories', async () => {
    const view = await viewOf(
      [dir('a'), file('a/x', '1'), file('a/y', '1')],
      [dir('a'), file('a/x', '2'), file('b', '2')],
    );
    assert.deepEqual(listOf(view).toSorted(), ['0 a/y', '1 a', '1 a/x', '1 b']);
    assert.equal(view.read('a/x', 10)?.toString(), '2');
    assert.equal(view.read('/a/y', 10)?.toString(), '1');
    assert.equal(view.lookup('a/z'), undefined);
  });

  test('whiteouts hide what is below them, and not what their own layer has', async () => {
    const below = [dir('a'), file('a/x', '1'), dir('a/d'), file('a/d/y', '1'), file('keep', '1')];
    assert.deepEqual(listOf(await viewOf(below, [file('a/.wh.x'), file('a/.wh.d')])), ['0 a', '0 keep']);
    assert.deepEqual(listOf(await viewOf(below, [file('.wh.a'), file('a', 'a file now')])), ['0 keep', '1 a']);
    assert.deepEqual(listOf(await viewOf(below, [file('a/x', '2'), file('a/.wh.x')])).includes('1 a/x'), true);
  });

  test('an opaque directory hides what is below it, in any order', async () => {
    const below = [dir('a'), file('a/x', '1')];
    assert.deepEqual(listOf(await viewOf(below, [dir('a'), file('a/y'), file('a/.wh..wh..opq')])), ['1 a', '1 a/y']);
  });

  test('a file hides a directory with all that is in it, and a directory a file', async () => {
    const view = await viewOf(
      [dir('a'), file('a/x', '1'), file('b', '1')],
      [file('a', '2'), dir('b'), file('b/y', '2')],
    );
    assert.deepEqual(listOf(view).toSorted(), ['1 a', '1 b', '1 b/y']);
  });

  test('a directory without an entry hides a symlink below it', async () => {
    const view = await viewOf([dir('usr'), symlink('lib', 'usr')], [file('lib/x', '2')]);
    assert.equal(view.lookup('lib'), undefined);
    assert.equal(view.read('lib/x', 10)?.toString(), '2');
    assert.equal(view.lookup('usr/x'), undefined);
  });

  test('symlinks are followed, relative and absolute, in the middle and over the root', async () => {
    const entries = [
      dir('real'),
      file('real/f', 'found'),
      symlink('abs', '/real'),
      symlink('up', '../../real/./f'),
      dir('deep'),
      symlink('deep/rel', '../abs/f'),
      symlink('deep/abs', '/real/f'),
    ];
    const view = await viewOf(entries);
    for (const path of ['real/f', 'abs/f', 'up', 'deep/rel', 'deep/abs', '/deep/../abs/f']) {
      assert.equal(view.read(path, 10)?.toString(), 'found', path);
    }
    assert.equal(view.read('abs', 10), undefined, 'a directory');
    assert.equal(view.read('deep/none', 10), undefined);
  });

  test('symlinks in a circle lead nowhere', async () => {
    const view = await viewOf([symlink('a', 'b'), symlink('b', 'a')]);
    assert.equal(view.resolve('a'), undefined);
    assert.equal(view.lookup('a')?.entry.type, 'symlink');
  });

  test('a hard link is the file that it names', async () => {
    const view = await viewOf([file('a', 'content'), hardlink('b', 'a'), hardlink('c', 'b')]);
    assert.equal(view.lookup('c')?.entry.path, 'a');
    assert.equal(view.read('c', 10)?.toString(), 'content');
  });

  test('a folder may have very many files', async () => {
    const [layer] = await layersOf([file('d/f', '')]);
    const [one] = layer!.entries;
    const entries = Array.from({ length: 200_000 }, (_, index) => ({ ...one!, path: `d/${index}` }));
    let count = 0;
    for (const _ of new ImageView([{ entries, fd: -1 }]).entries()) count++;
    assert.equal(count, entries.length);
  });

  test('a file that is larger than asked for is refused', async () => {
    const view = await viewOf([file('a', '12345')]);
    assert.throws(() => view.read('a', 4), FormatError);
    assert.equal(view.read('a', 5)?.toString(), '12345');
  });

  suite('prefetch lists', () => {
    const image = async (
      ...layers: readonly (readonly Entry[])[]
    ): Promise<Parameters<typeof profileOfPatterns>[1]> => {
      const imported = await layersOf(...layers);
      return { image: undefined, layers: imported.map(({ diffId }) => diffId), view: new ImageView(imported) };
    };
    const pathsOf = ({ files }: Profile): string[] => files.map(({ path }) => path);

    test('comments, empty lines and leading slashes do not count', () => {
      assert.deepEqual(parsePrefetchList('# all\n\n/usr/a \r\n./b\n  # more\nc d\n'), ['usr/a', 'b', 'c d']);
      assert.deepEqual(parsePrefetchList(''), []);
      assert.throws(() => parsePrefetchList(`a\n${'x'.repeat(5000)}`), /line 2: longer/);
    });

    test('globs match as in the reference, dot files too, in the order of the patterns and then of the paths', async () => {
      const subject = await image([
        file('lib/b.so', '1'),
        file('lib/a.so', '12'),
        file('lib/sub/c.so', '123'),
        file('lib/.hidden', '1'),
        file('bin/x1', '1'),
        file('bin/x2', '1'),
        file('bin/xy', '1'),
      ]);
      const match = (...patterns: string[]): string[] => pathsOf(profileOfPatterns(patterns, subject).profile);
      assert.deepEqual(match('lib/*.so'), ['lib/a.so', 'lib/b.so']);
      assert.deepEqual(match('lib/**'), ['lib/.hidden', 'lib/a.so', 'lib/b.so', 'lib/sub/c.so']);
      assert.deepEqual(match('lib/*'), ['lib/.hidden', 'lib/a.so', 'lib/b.so']);
      assert.deepEqual(match('**/c.so', 'bin/x[0-9]'), ['lib/sub/c.so', 'bin/x1', 'bin/x2']);
      assert.deepEqual(match('bin/x?', 'bin/x2'), ['bin/x1', 'bin/x2', 'bin/xy']);
      assert.deepEqual(match('bin/{x1,x2}*', 'bin/x1'), ['bin/x1'], 'braces are ordinary characters');
    });

    test('files are whole, empty ones have no ranges, links are what they lead to', async () => {
      const subject = await image([
        dir('d'),
        file('d/a', '12'),
        file('empty', ''),
        symlink('s', 'd/a'),
        hardlink('h', 'd/a'),
      ]);
      const { profile, unmatched } = profileOfPatterns(['empty', 'h', 's', 'd', 'none', 'no*'], subject);
      assert.deepEqual(profile.files, [
        { path: 'empty', layer: subject.layers[0], size: 0, ranges: [], firstReadMs: 0 },
        { path: 'd/a', layer: subject.layers[0], size: 2, ranges: [[0, 2]], firstReadMs: 0.001 },
      ]);
      assert.deepEqual(unmatched, ['d', 'none', 'no*']);
    });

    test('a list that names nothing is an error', async () => {
      const subject = await image([file('a', '1')]);
      assert.throws(() => profileOfPatterns(['b', 'c/*'], subject), UserError);
    });
  });

  suite('record files of the reference tool', () => {
    const line = (fields: object): string => `${JSON.stringify(fields)}\n`;
    const ours = digestNamed('ours');

    test('lines are read, whatever Go made of what is not there', () => {
      const text =
        line({ path: 'a/b', manifestDigest: ours, layerIndex: 1 }) + line({ path: '/c', layerIndex: null }) + '\n';
      assert.deepEqual(parseRecordFile(Buffer.from(text)), [
        { path: 'a/b', manifestDigest: ours, layerIndex: 1 },
        { path: 'c', manifestDigest: undefined, layerIndex: undefined },
      ]);
      assert.equal(isRecordFile(Buffer.from(text)), true);
      assert.equal(isRecordFile(Buffer.from('{\n  "version": 1\n}')), false);
      assert.equal(isRecordFile(Buffer.from('')), false);
    });

    for (const [what, text, error] of [
      ['a line that is not JSON', '{"path":"a"}\n{', /line 2: not JSON/],
      ['a line without a path', '{"path":"a"}\n{"layerIndex":1}', /line 2: no path/],
      ['a layer before the first', '{"path":"a","layerIndex":-1}', /layerIndex is -1/],
      ['a digest that is none', '{"path":"a","manifestDigest":"x"}', /no sha256 digest/],
    ] as const) {
      test(`${what} is refused`, () => {
        assert.throws(
          () => parseRecordFile(Buffer.from(text)),
          (thrown) => thrown instanceof FormatError && error.test(thrown.message),
        );
      });
    }

    test('records become whole files in their order; what is hidden or not there is left out', async () => {
      const layers = await layersOf(
        [file('a', '1'), file('b', '12'), file('gone', '1'), hardlink('h', 'b')],
        [file('a', '123'), file('.wh.gone')],
      );
      const image = { name: 'n', digest: ours, platform: 'linux/amd64' };
      const subject = { image, layers: layers.map(({ diffId }) => diffId), view: new ImageView(layers) };
      const records = (digest: string): ReturnType<typeof parseRecordFile> =>
        parseRecordFile(
          Buffer.from(
            ['h', 'gone', 'a', 'b', 'other']
              .map((path) => line({ path, manifestDigest: digest, layerIndex: path === 'a' ? 1 : 0 }))
              .join(''),
          ),
        );
      const wanted = [
        { path: 'b', layer: subject.layers[0], size: 2, ranges: [[0, 2]], firstReadMs: 0 },
        { path: 'a', layer: subject.layers[1], size: 3, ranges: [[0, 3]], firstReadMs: 0.001 },
      ];
      assert.deepEqual(profileOfRecords(records(ours), subject).files, wanted);
      assert.deepEqual(profileOfRecords(records(digestNamed('another build')), subject).files, wanted);
      const lower = parseRecordFile(Buffer.from(line({ path: 'a', manifestDigest: ours, layerIndex: 0 })));
      assert.throws(() => profileOfRecords(lower, subject), /none of the 1 files/);
    });
  });
});

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
