import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { distinctEntries } from '../../src/build/distinct-entries.ts';
import { buildLayerTree } from '../../src/build/layer-tree.ts';
import type { LayerEntry } from '../../src/build/model.ts';
import { orderEntries } from '../../src/build/order.ts';
import { hasLateWhiteout } from '../../src/build/whiteouts.ts';
import { FormatError } from '../../src/errors.ts';
import { encodeEntry } from '../../src/tar/entry.ts';
import { dir, fifo, file, hardlink, symlink } from '../support/entries.ts';
import type { Entry } from '../support/entries.ts';
import { paxBlocks, scanPieces } from '../support/tar-blocks.ts';
import { tarOf } from '../support/tar.ts';
import { factsOfReader, factsOfUnpacking, indexOf } from '../support/unpack.ts';

function summary(entries: readonly LayerEntry[]): string[] {
  return entries.map(({ type, path, linkPath, digest }) =>
    [type, path, linkPath ?? digest?.slice(7, 11)].join(' ').trim(),
  );
}

function distinct(...entries: Entry[]): string[] {
  return summary(distinctEntries(indexOf(tarOf(entries))));
}

const one = file('f', 'one');
const two = file('f', 'two');
const [ONE, TWO] = ['7692', '3fc4'];

suite('entries without duplicates', () => {
  const cases: [title: string, entries: Entry[], wanted: string[]][] = [
    ['the last one of a name counts, in its own place', [one, fifo('x'), two], ['fifo x', `reg f ${TWO}`]],
    ['a file that becomes a directory is gone', [one, dir('f'), file('f/x', 'two')], ['dir f', `reg f/x ${TWO}`]],
    ['a directory that becomes a file takes its children away', [dir('f'), file('f/x', 'two'), one], [`reg f ${ONE}`]],
    [
      'a directory that comes again keeps its children',
      [dir('d'), file('d/f', 'one'), dir('d')],
      [`reg d/f ${ONE}`, 'dir d'],
    ],
    [
      'a directory that was a file in between has no old children',
      [dir('f'), file('f/x', 'two'), one, dir('f'), fifo('f/y')],
      ['dir f', 'fifo f/y'],
    ],
    ['a hard link to what stays is a hard link', [one, hardlink('h', 'f')], [`reg f ${ONE}`, 'hardlink h f']],
    [
      'a hard link to what is replaced later becomes the file',
      [one, hardlink('h', 'f'), two],
      [`reg h ${ONE}`, `reg f ${TWO}`],
    ],
    [
      'of more such links the first becomes the file',
      [one, hardlink('h', 'f'), hardlink('i', 'f'), two],
      [`reg h ${ONE}`, 'hardlink i h', `reg f ${TWO}`],
    ],
    [
      'a link by way of another link stays so',
      [one, hardlink('h', 'f'), hardlink('i', 'h'), two],
      [`reg h ${ONE}`, 'hardlink i h', `reg f ${TWO}`],
    ],
    [
      'a link into a directory that goes becomes the file',
      [dir('d'), file('d/f', 'one'), hardlink('h', 'd/f'), file('d', 'two')],
      [`reg h ${ONE}`, `reg d ${TWO}`],
    ],
    [
      'a name that is linked to its own file again is a link',
      [one, hardlink('h', 'f'), hardlink('f', 'h')],
      [`reg h ${ONE}`, 'hardlink f h'],
    ],
    [
      'a whiteout that is a link is on its own when its target goes',
      [one, hardlink('.wh.a', 'f'), hardlink('a', 'f'), two],
      ['reg .wh.a e3b0', `reg a ${ONE}`, `reg f ${TWO}`],
    ],
    [
      'a whiteout that is a link to a whiteout stays',
      [file('.wh.a'), hardlink('.wh.b', '.wh.a')],
      ['reg .wh.a e3b0', 'hardlink .wh.b .wh.a'],
    ],
    [
      'links that would lead in a circle lead to the file',
      [one, hardlink('h', 'f'), hardlink('i', 'h'), hardlink('h', 'i'), two],
      [`reg i ${ONE}`, 'hardlink h i', `reg f ${TWO}`],
    ],
    ['a hard link to a later entry stays', [hardlink('h', 'f'), one], ['hardlink h f', `reg f ${ONE}`]],
    [
      'a hard link to a symlink is a name of the symlink',
      [symlink('s', 'x'), hardlink('h', 's'), fifo('s')],
      ['symlink h', 'fifo s'],
    ],
  ];
  for (const [title, entries, wanted] of cases) {
    test(title, () => {
      assert.deepEqual(distinct(...entries), wanted);
      const before = indexOf(tarOf(entries));
      assert.deepEqual(factsOfReader(distinctEntries(before)), factsOfReader(before));
    });
  }

  test('entries without duplicates are the same array', () => {
    const entries = indexOf(tarOf([one, fifo('x')]));
    assert.equal(distinctEntries(entries), entries);
  });

  test('a changed entry has headers that must be written anew, and they give what it says', () => {
    const name = 'n'.repeat(120);
    const tar = tarOf([
      file(name, 'one', { mode: 0o600, xattrs: { 'user.a': 'v' } }),
      hardlink(`h${name}`, name),
      hardlink('i', name),
      file(name),
    ]);
    const [first, second, third] = distinctEntries(indexOf(tar));
    assert.deepEqual([first?.needsHeader, second?.needsHeader, third?.needsHeader], [true, true, false]);
    const [scanned] = scanPieces([encodeEntry(first!.header, first!.pax), Buffer.alloc(512)]);
    assert.equal(scanned?.entry.header.name.toString(), `h${name}`);
    assert.equal(scanned?.entry.header.mode, 0o600);
    assert.equal(scanned?.entry.pax.get('SCHILY.xattr.user.a')?.toString(), 'v');
    const [link] = scanPieces([encodeEntry(second!.header, second!.pax)]);
    assert.equal(link?.entry.header.name.toString(), 'i');
    assert.equal(link?.entry.header.linkName.toString(), `h${name}`);
    assert.equal(first?.dataStart, indexOf(tar)[0]?.dataStart);
  });

  test('a value of a global header is kept', () => {
    const tar = Buffer.concat([paxBlocks('g', { uid: '7' }), tarOf([one, hardlink('h', 'f'), two])]);
    assert.deepEqual(
      distinctEntries(indexOf(tar)).map(({ header }) => header.uid),
      [7, 7],
    );
  });
});

// Few names, so that entries meet.
const part = fc.constantFrom('a', 'b', '.wh.a', '.wh..wh..opq');
const plainPart = fc.constantFrom('a', 'b', 'c');
const path = fc.oneof(
  { weight: 5, arbitrary: plainPart },
  { weight: 5, arbitrary: fc.tuple(plainPart, fc.oneof(plainPart, part)).map((parts) => parts.join('/')) },
  fc.tuple(plainPart, plainPart, part).map((parts) => parts.join('/')),
  part,
);
const uid = fc.integer({ min: 0, max: 9 });
const anyEntry = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(path, uid).map(([path, uid]): Entry => dir(path, { uid })) },
  { weight: 4, arbitrary: fc.tuple(path, uid).map(([path, uid]): Entry => file(path, 'x'.repeat(uid), { uid })) },
  { weight: 7, arbitrary: fc.tuple(path, path).map(([path, target]): Entry => hardlink(path, target)) },
  fc.tuple(path, uid).map(([path, uid]): Entry => symlink(path, 'a', { uid })),
  fc.constant(dir('./', { uid: 3 })),
);
const anyEntries = fc.array(anyEntry, { maxLength: 20, size: 'max' });
const anyOrder = fc.record({
  prioritized: fc.array(path, { maxLength: 5 }),
  deferred: fc.array(path, { maxLength: 3 }),
});

/** Leaves out every entry that a tree could not take, so that long lists are left of random ones. */
function thinned(
  entries: readonly Entry[],
  isRight: (entries: readonly LayerEntry[]) => boolean,
): readonly LayerEntry[] {
  const kept: Entry[] = [];
  for (const entry of entries) if (isRight(indexOf(tarOf([...kept, entry])))) kept.push(entry);
  return indexOf(tarOf(kept));
}

suite('any layer', () => {
  test('is refused here when our reader refuses it, and only then', () => {
    let refused = 0;
    fc.assert(
      fc.property(anyEntries, (list) => {
        const entries = indexOf(tarOf(list));
        const isRight = factsOfReader(entries) !== undefined;
        if (isRight) buildLayerTree(entries);
        else assert.throws(() => buildLayerTree(entries), FormatError, String(++refused));
      }),
      { numRuns: 1500 },
    );
    assert.ok(refused > 100);
  });

  test('is the same to our reader without duplicates and in any order', () => {
    let changed = 0;
    fc.assert(
      fc.property(anyEntries, fc.option(anyOrder, { nil: undefined }), (list, order) => {
        const entries = thinned(list, (some) => factsOfReader(some) !== undefined);
        const ordered = orderEntries(entries, order).entries;
        assert.deepEqual(factsOfReader(ordered), factsOfReader(entries));
        assert.equal(new Set(ordered.map(({ path }) => path)).size, ordered.length);
        if (ordered.some(({ needsHeader }) => needsHeader)) changed++;
      }),
      { numRuns: 1000 },
    );
    assert.ok(changed > 20, `${changed} layers had entries that were made of others`);
  });

  test('unpacks to the same, whiteouts obeyed as they come', () => {
    let withWhiteouts = 0;
    fc.assert(
      fc.property(anyEntries, fc.option(anyOrder, { nil: undefined }), (list, order) => {
        const isRight = (some: readonly LayerEntry[]): boolean =>
          factsOfReader(some) !== undefined && factsOfUnpacking(some) !== undefined;
        const entries = thinned(list, isRight);
        const ordered = orderEntries(entries, order).entries;
        // What replaced names leave to their links, a whiteout that comes too late may take away.
        if (hasLateWhiteout(entries) && ordered.some(({ needsHeader }) => needsHeader)) return;
        assert.deepEqual(factsOfUnpacking(ordered), factsOfUnpacking(entries));
        if (entries.some(({ path }) => path.includes('.wh.'))) withWhiteouts++;
      }),
      { numRuns: 1000 },
    );
    assert.ok(withWhiteouts > 100);
  });

  test('stays in its order but for what is moved', () => {
    fc.assert(
      fc.property(anyEntries, anyOrder, (all, order) => {
        const list = all.filter(({ name }) => !name.includes('.wh.'));
        const entries = thinned(list, (some) => factsOfReader(some) !== undefined);
        const { entries: ordered, landmark, missed } = orderEntries(entries, order);
        const source = orderEntries(entries, undefined).entries.map(({ path }) => path);
        const paths = ordered.map(({ path }) => path);
        assert.deepEqual(paths.toSorted(), source.toSorted());
        const front = new Set(paths.slice(0, landmark!.index));
        for (const path of order.prioritized) assert.ok(front.has(path) || missed.includes(path), path);
        for (const path of missed) assert.ok(!paths.includes(path), path);
        const wanted = new Set([...order.prioritized, ...order.deferred]);
        const rest = paths.slice(landmark!.index).filter((path) => !wanted.has(path));
        if (order.deferred.length === 0)
          assert.deepEqual(
            rest,
            source.filter((path) => rest.includes(path)),
          );
        for (const [i, { path, linkPath }] of ordered.entries()) {
          if (linkPath !== undefined) assert.ok(paths.indexOf(linkPath) < i, 'a target comes before its link');
          const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
          if (i < landmark!.index && parent !== path) assert.ok(paths.indexOf(parent) < i, 'a parent comes first');
        }
      }),
      { numRuns: 1000 },
    );
  });
});
