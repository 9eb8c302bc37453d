// What we write, before the reference library of eStargz: it opens the blob, verifies every chunk, and would itself have
// written the same table of contents, byte for byte but for the offsets.
import assert from 'node:assert/strict';
import { linkSync, mkdirSync, readFileSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import type { WriteOptions } from '../../src/build/model.ts';
import { decodeToc } from '../../src/estargz/decode-toc.ts';
import { parseFooter } from '../../src/estargz/footer.ts';
import { block, char, dir, type Entry, fifo, file, hardlink, noise, symlink } from '../support/entries.ts';
import { WorkDir } from '../support/imported-layer.ts';
import { needs } from '../support/needs.ts';
import { buildByReference, checkByReference, REFERENCE_TOOL, type ReferenceCheck } from '../support/reference-tool.ts';
import { run } from '../support/run.ts';
import { blocks, longBlocks, paxBlocks } from '../support/tar-blocks.ts';
import { tarOf } from '../support/tar.ts';
import { writeTar } from '../support/written-layer.ts';

const skip = needs(REFERENCE_TOOL);
const CHUNK = 1000;
const MTIME = 1_700_000_000;

// Every kind of entry, and files on both sides of each limit.
const kinds: readonly Entry[] = [
  dir('./', { mode: 0o755, mtime: MTIME }),
  dir('dir', { mode: 0o1777, uid: 1000, gid: 2000, mtime: MTIME }),
  file('dir/empty', '', { mtime: MTIME }),
  file('dir/one', 'x', { mode: 0o4755, uid: 1000, mtime: MTIME }),
  file('dir/short', noise(CHUNK - 1)),
  file('dir/exact', noise(CHUNK, 2)),
  file('dir/long', noise(CHUNK + 1, 3), { mtime: MTIME + 1 }),
  file('dir/twice', noise(2 * CHUNK, 4)),
  hardlink('dir/hard', 'dir/long'),
  hardlink('hard-empty', 'dir/empty'),
  symlink('dir/soft', 'long', { mtime: MTIME }),
  symlink('dangling', '/nowhere/at/all'),
  char('null', 1, 3, { mode: 0o666 }),
  block('disk', 8, 17),
  fifo('pipe'),
  file('.wh.gone'),
  dir('opaque'),
  file('opaque/.wh..wh..opq'),
  file('xattrs', 'y', { xattrs: { 'user.text': 'value', 'security.capability': noise(20, 5) } }),
  file(`${'deep/'.repeat(30)}${'n'.repeat(120)}`, 'far down'),
  file('dir/<&>\u00e9\u{1f40b}', 'a name that JSON escapes'),
  file('no/parents/here', noise(10, 6)),
  file('big-id', 'z', { uid: 3_000_000, gid: 4_000_000 }),
];
const everything = tarOf(kinds);

interface Variant {
  readonly title: string;
  readonly options: Partial<WriteOptions>;
  /** How the reference is told the same. */
  readonly flags: readonly string[];
}

const none = { prioritized: [], deferred: [] };
const variants: readonly Variant[] = [
  { title: 'as BuildKit writes', options: {}, flags: ['--mode', 'append'] },
  { title: 'not optimized', options: { order: none }, flags: [] },
  { title: 'in small chunks', options: { order: none, chunkSize: CHUNK }, flags: ['--chunk-size', `${CHUNK}`] },
  {
    title: 'in order',
    options: { order: { prioritized: ['dir/hard', 'xattrs', 'null'], deferred: [] } },
    flags: ['--prioritized', 'dir/hard,xattrs,null'],
  },
  {
    title: 'in an order that names what is not there',
    options: { order: { prioritized: ['not/there', 'xattrs'], deferred: [] } },
    flags: ['--prioritized', 'not/there,xattrs', '--allow-missing'],
  },
  { title: 'at level 0', options: { order: none, level: 0 }, flags: [] },
  { title: 'at level 9', options: { order: none, level: 9 }, flags: [] },
  {
    title: 'with an external TOC',
    options: { order: none, externalToc: true, chunkSize: CHUNK },
    flags: ['--format', 'external', '--chunk-size', `${CHUNK}`],
  },
  {
    title: 'lossless',
    options: { externalToc: true, lossless: true },
    flags: ['--format', 'external', '--mode', 'lossless'],
  },
  {
    title: 'as zstd:chunked',
    options: { format: 'zstd:chunked', level: 3, order: none, chunkSize: CHUNK },
    flags: ['--format', 'zstd', '--chunk-size', `${CHUNK}`],
  },
];

/** The TOC's text, with other numbers for the offsets: two compressors differ in sizes. */
function tocText(blob: Buffer, externalToc: Uint8Array | undefined): string {
  const { tocOffset, tocEnd, format } = parseFooter(blob, blob.length);
  const compression = format === 'zstd:chunked' ? 'zstd' : 'gzip';
  const { tocJson } = decodeToc(externalToc ?? blob.subarray(tocOffset, tocEnd), { compression });
  return Buffer.from(tocJson)
    .toString()
    .replaceAll(/"offset": \d+/g, '"offset": N');
}

/** Writes, lets the reference read, and compares what both know. */
async function written(tar: Buffer, options: Partial<WriteOptions>): Promise<ReferenceCheck & { text: string }> {
  const { written: layer, blob } = await writeTar(tar, options);
  const toc = layer.externalToc?.bytes;
  const sharedMembers = (options.minChunkSize ?? 0) > 0;
  const checked = await checkByReference(blob, {
    tocDigest: layer.tocDigest,
    sharedMembers,
    ...(toc === undefined ? {} : { toc }),
  });
  assert.equal(checked.diffId, layer.diffId);
  assert.equal(checked.uncompressedSize, layer.uncompressedSize);
  return { ...checked, text: tocText(blob, toc) };
}

suite('The reference library reads what we write', { skip }, () => {
  for (const { title, options, flags } of variants) {
    test(`a layer ${title} has the TOC that the reference writes`, async () => {
      const ours = await written(everything, options);
      const theirs = await buildByReference(everything, flags);
      assert.equal(ours.text, tocText(theirs.blob, theirs.toc));
      const seen = await checkByReference(theirs.blob, theirs.toc === undefined ? {} : { toc: theirs.toc });
      assert.deepEqual(ours.entries, seen.entries);
      assert.equal(ours.members, seen.members);
    });
  }

  for (const minChunkSize of [1, 500, 100_000]) {
    test(`with members of at least ${minChunkSize} bytes every chunk is found by its inner offset`, async () => {
      const options = { order: none, chunkSize: CHUNK };
      const packed = await written(everything, { ...options, minChunkSize });
      const single = await written(everything, options);
      assert.deepEqual(packed.entries, single.entries);
      assert.ok(minChunkSize === 1 ? packed.members <= single.members : packed.members < single.members);
    });
  }

  test('packed members behind empty files and without a landmark in front are read, too', async () => {
    // A member at offset 0 has no offset in the TOC, and empty files have none either.
    const tar = tarOf([
      dir('a'),
      file('a/.wh.gone'),
      file('a/empty'),
      file('a/b', 'b'),
      file('c', noise(300)),
      file('d'),
    ]);
    const first = { prioritized: ['a/empty', 'c'], deferred: [] };
    for (const order of [undefined, first]) await written(tar, { order, minChunkSize: 50_000 });
  });

  test('headers of USTAR, PAX and GNU give the TOC that the reference gives', async () => {
    const long = `${'x'.repeat(99)}/${'y'.repeat(99)}/${'z'.repeat(60)}`;
    const tar = Buffer.concat([
      longBlocks('L', long),
      blocks('0', 'short', 'by a GNU long name', { mode: 0o600 }),
      longBlocks('K', long),
      blocks('2', 'link', '', { linkName: 'short' }),
      paxBlocks('x', { path: 'pax/\u00fc', mtime: '1700000000.6', uid: '4294967294', 'SCHILY.xattr.user.a': 'b' }),
      blocks('0', 'other', 'by PAX records', { userName: 'somebody', groupName: 'some' }),
      blocks('0', 'owned', 'same', { uid: 5, userName: 'five', gid: 5, groupName: 'five' }),
      blocks('0', 'owned-too', 'same', { uid: 5, userName: 'five', gid: 5, groupName: 'cinq' }),
      blocks('5', './prefixed/', '', {}),
      blocks('0', './prefixed/file', 'p', {}),
      Buffer.alloc(1024),
    ]);
    for (const flags of [['--mode', 'append'], []]) {
      const ours = await written(tar, flags.length === 0 ? { order: none } : {});
      const theirs = await buildByReference(tar, flags);
      assert.equal(ours.text, tocText(theirs.blob, undefined));
    }
  });

  for (const format of ['gnu', 'oldgnu', 'posix', 'ustar', 'v7']) {
    test(`a tar that GNU tar writes as ${format} has the TOC that the reference writes`, async () => {
      using dir = new WorkDir();
      const root = join(dir.path, 'root');
      const isLong = format === 'gnu' || format === 'oldgnu' || format === 'posix';
      const deep = isLong ? 'long/'.repeat(60) : 'short/';
      mkdirSync(join(root, deep), { recursive: true });
      writeFileSync(join(root, deep, isLong ? 'n'.repeat(150) : 'name'), noise(3 * CHUNK));
      writeFileSync(join(root, 'first'), 'f');
      linkSync(join(root, 'first'), join(root, 'second'));
      symlinkSync(isLong ? `/${'t'.repeat(200)}` : 'first', join(root, 'soft'));
      utimesSync(join(root, 'first'), MTIME, MTIME + 0.4);
      const path = join(dir.path, 'tar');
      const names = ['--owner=someone:12345', '--group=some:54321'];
      await run('tar', [`--format=${format}`, '--sort=name', ...names, '-cf', path, '-C', root, '.']);
      const tar = readFileSync(path);
      for (const [options, flags] of [
        [{ order: none }, []],
        [{ externalToc: true, lossless: true }, ['--format', 'external', '--mode', 'lossless']],
      ] as const) {
        const ours = await written(tar, options);
        const theirs = await buildByReference(tar, flags);
        assert.equal(ours.text, tocText(theirs.blob, theirs.toc));
      }
    });
  }

  test('sparse files, which a TOC can not describe, are refused here as there', async () => {
    using dir = new WorkDir();
    writeFileSync(join(dir.path, 'sparse'), '');
    truncateSync(join(dir.path, 'sparse'), 1 << 20);
    const path = join(dir.path, 'tar');
    await run('tar', ['--format=gnu', '--sparse', '-cf', path, '-C', dir.path, 'sparse']);
    const tar = readFileSync(path);
    await assert.rejects(writeTar(tar, { order: none }), /sparse/);
    await assert.rejects(buildByReference(tar), /unsupported input tar entry/);
  });

  test('a changed byte of a file, another TOC digest and a cut blob are refused by the reference, too', async () => {
    const { blob, written: layer } = await writeTar(tarOf([file('a', noise(5000)), file('b', 'end')]), { order: none });
    const { tocDigest } = layer;
    await checkByReference(blob, { tocDigest });
    const broken = Buffer.from(blob);
    broken[2500]! ^= 1;
    await assert.rejects(checkByReference(broken, { tocDigest }), /digest says|flate|gzip/);
    await assert.rejects(checkByReference(blob, { tocDigest: `sha256:${'0'.repeat(64)}` }), /TOC digest is/);
    await assert.rejects(checkByReference(blob.subarray(0, -1)), /open/);
  });

  test('any tree has the TOC that the reference writes', async () => {
    const name = fc.stringMatching(/^[a-zA-Z0-9<&"\u00e9_-]{1,12}$/);
    const leaf = fc.record({
      name,
      content: fc.integer({ min: 0, max: 3 * CHUNK }),
      mode: fc.integer({ min: 0, max: 0o7777 }),
      uid: fc.integer({ min: 0, max: 70_000 }),
      mtime: fc.integer({ min: 0, max: 2 ** 31 }),
      kind: fc.constantFrom('file', 'dir', 'link', 'fifo', 'hard'),
    });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(leaf, { selector: ({ name: own }) => own, maxLength: 12 }), async (leaves) => {
        const entries: Entry[] = [file('first', 'f')];
        for (const { name: own, content, kind, ...options } of leaves) {
          if (own === 'first') continue;
          if (kind === 'file') entries.push(file(own, noise(content, content + 1), options));
          if (kind === 'dir') entries.push(dir(own, options));
          if (kind === 'link') entries.push(symlink(own, `../${own}`, options));
          if (kind === 'fifo') entries.push(fifo(own, options));
          if (kind === 'hard') entries.push(hardlink(own, 'first', options));
        }
        const tar = tarOf(entries);
        const ours = await written(tar, { order: none, chunkSize: CHUNK });
        const theirs = await buildByReference(tar, ['--chunk-size', `${CHUNK}`]);
        assert.equal(ours.text, tocText(theirs.blob, undefined));
      }),
      { numRuns: 25 },
    );
  });
});
