import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { LayerOrder } from '../../src/build/model.ts';
import { orderEntries } from '../../src/build/order.ts';
import { block, char, dir, fifo, file, hardlink, symlink } from '../support/entries.ts';
import type { Entry } from '../support/entries.ts';
import { withLayer } from '../support/imported-layer.ts';
import { blocks } from '../support/tar-blocks.ts';
import { tarOf } from '../support/tar.ts';

/** Where the landmark stands in a listing. */
const LANDMARK = '.prefetch.landmark';
const NO_LANDMARK = '.no.prefetch.landmark';
const PREFIXES = ['', './', '/', '../'];
const COMPRESSIONS = [(tar: Buffer) => tar, (tar: Buffer) => gzipSync(tar), (tar: Buffer) => zstdCompressSync(tar)];

interface Listing {
  readonly names: string[];
  readonly missed: readonly string[];
}

/** The names in their new order as the tar has them, with the landmark in its place; files with their content. */
async function listing(tar: Buffer, order: LayerOrder | undefined): Promise<Listing> {
  return withLayer(tar, ({ entries }) => {
    const { entries: ordered, landmark, missed } = orderEntries(entries, order);
    const names = ordered.map(
      ({ header, type, digest }) => `${header.name.toString()}${type === 'reg' ? ` ${digest?.slice(7, 11)}` : ''}`,
    );
    if (landmark !== undefined) names.splice(landmark.index, 0, landmark.name);
    return { names, missed };
  });
}

function prefixed(entries: readonly Entry[], prefix: string): Entry[] {
  return entries.map((entry) => {
    const linkName = entry.type === 'hardlink' ? prefix + entry.linkName : entry.linkName;
    return { ...entry, name: prefix + entry.name, linkName };
  });
}

/** The names of entries, files with the first digits of their content's digest. */
function named(entries: readonly (Entry | string)[], prefix: string): Promise<string[]> {
  const parts = entries.map(async (entry) => {
    if (typeof entry === 'string') return [entry];
    const target = entry.type === 'hardlink' ? [file(entry.linkName)] : [];
    return (await listing(tarOf(prefixed([...target, entry], prefix)), undefined)).names.slice(target.length);
  });
  return Promise.all(parts).then((names) => names.flat());
}

const LONG_1 = 'l'.repeat(120);
const LONG_2 = 'm'.repeat(150);
const FOUR = [file('foo.txt', 'foo'), file('baz.txt', 'baz'), file('bar.txt', 'bar'), file('baa.txt', 'baa')];
const [FOO, BAZ, BAR, BAA] = FOUR as [Entry, Entry, Entry, Entry];

interface Sort {
  readonly title: string;
  readonly from: readonly Entry[];
  readonly log: readonly string[];
  readonly to: readonly (Entry | string)[];
  readonly missed?: readonly string[];
}

// The cases of the reference's TestSort (estargz/build_test.go).
const SORTS: readonly Sort[] = [
  {
    title: 'without names, everything stays, behind a landmark that forbids prefetching',
    from: [FOO, dir('bar/'), file('bar/baz.txt', 'baz'), file('bar/bar.txt', 'bar')],
    log: [],
    to: [NO_LANDMARK, FOO, dir('bar/'), file('bar/baz.txt', 'baz'), file('bar/bar.txt', 'bar')],
  },
  {
    title: 'names in the order of the tar cut it in two',
    from: [FOO, dir('bar/'), file('bar/baz.txt', 'baz'), file('bar/bar.txt', 'bar'), file('bar/baa.txt', 'baa')],
    log: ['foo.txt', 'bar/baz.txt'],
    to: [
      FOO,
      dir('bar/'),
      file('bar/baz.txt', 'baz'),
      LANDMARK,
      file('bar/bar.txt', 'bar'),
      file('bar/baa.txt', 'baa'),
    ],
  },
  {
    title: 'files come in the order of the names',
    from: FOUR,
    log: ['baa.txt', 'bar.txt', 'baz.txt'],
    to: [BAA, BAR, BAZ, LANDMARK, FOO],
  },
  {
    title: 'parents come before what is in them, each once',
    from: [
      FOO,
      dir('bar/'),
      file('bar/bar.txt', 'bar'),
      file('bar/baa.txt', 'baa'),
      dir('baz/'),
      file('baz/baz1.txt', 'baz'),
      file('baz/baz2.txt', 'baz'),
      dir('baz/bazbaz/'),
      file('baz/bazbaz/bazbaz_b.txt', 'baz'),
      file('baz/bazbaz/bazbaz_a.txt', 'baz'),
    ],
    log: ['baz/bazbaz/bazbaz_a.txt', 'baz/baz2.txt', 'foo.txt'],
    to: [
      dir('baz/'),
      dir('baz/bazbaz/'),
      file('baz/bazbaz/bazbaz_a.txt', 'baz'),
      file('baz/baz2.txt', 'baz'),
      FOO,
      LANDMARK,
      dir('bar/'),
      file('bar/bar.txt', 'bar'),
      file('bar/baa.txt', 'baa'),
      file('baz/baz1.txt', 'baz'),
      file('baz/bazbaz/bazbaz_b.txt', 'baz'),
    ],
  },
  {
    title: 'a hard link stays when its target moves',
    from: [FOO, BAZ, hardlink('bar.txt', 'baz.txt'), BAA],
    log: ['baz.txt'],
    to: [BAZ, LANDMARK, FOO, hardlink('bar.txt', 'baz.txt'), BAA],
  },
  {
    title: 'long names are names',
    from: [FOO, file(LONG_1, 'test'), dir('bar/'), file('bar/bar.txt', 'bar'), file(`bar/${LONG_2}`, 'test2')],
    log: [`bar/${LONG_2}`, LONG_1],
    to: [dir('bar/'), file(`bar/${LONG_2}`, 'test2'), file(LONG_1, 'test'), LANDMARK, FOO, file('bar/bar.txt', 'bar')],
  },
  {
    title: 'entries of all types move',
    from: [FOO, symlink('foo2', 'foo.txt'), char('foochar', 10, 50), block('fooblock', 15, 20), fifo('fifoo')],
    log: ['fifoo', 'foo2', 'foo.txt', 'fooblock'],
    to: [fifo('fifoo'), symlink('foo2', 'foo.txt'), FOO, block('fooblock', 15, 20), LANDMARK, char('foochar', 10, 50)],
  },
  ...[LANDMARK, NO_LANDMARK].flatMap((landmark): Sort[] => [
    {
      title: `a ${landmark} that is there goes, and a new one comes`,
      from: [BAA, BAR, BAZ, file(landmark, '\x0f'), FOO],
      log: ['foo.txt', 'bar.txt'],
      to: [FOO, BAR, LANDMARK, BAA, BAZ],
    },
    {
      title: `a ${landmark} that is there goes, and without names one comes in front`,
      from: [BAA, BAR, BAZ, file(landmark, '\x0f'), FOO],
      log: [],
      to: [NO_LANDMARK, BAA, BAR, BAZ, FOO],
    },
  ]),
  {
    title: 'names that the layer does not have are told',
    from: FOUR,
    log: ['baa.txt', 'dummy1', 'bar.txt', 'dummy2'],
    to: [BAA, BAR, LANDMARK, FOO, BAZ],
    missed: ['dummy1', 'dummy2'],
  },
  {
    title: 'with names that are all missing, the landmark comes first',
    from: [FOO],
    log: ['dummy'],
    to: [LANDMARK, FOO],
    missed: ['dummy'],
  },
  {
    title: 'of a name that comes twice, the last entry is it',
    from: [FOO, dir('bar/'), file('bar/baz.txt', 'baz'), dir('bar/'), file('bar/baz.txt', 'baz2')],
    log: ['bar/baz.txt'],
    to: [dir('bar/'), file('bar/baz.txt', 'baz2'), LANDMARK, FOO],
  },
  {
    title: 'a name that is told twice moves once',
    from: FOUR,
    log: ['bar.txt', 'baz.txt', 'bar.txt'],
    to: [BAR, BAZ, LANDMARK, FOO, BAA],
  },
  {
    title: 'the target of a hard link comes before it',
    from: [FOO, BAZ, hardlink('bazlink', 'baz.txt')],
    log: ['bazlink'],
    to: [BAZ, hardlink('bazlink', 'baz.txt'), LANDMARK, FOO],
  },
  {
    title: 'the parents of the target of a hard link come before the target',
    from: [
      FOO,
      dir('d'),
      dir('d/e'),
      file('d/e/f', 'x'),
      dir('l'),
      hardlink('l/one', 'd/e/f'),
      hardlink('l/two', 'l/one'),
    ],
    log: ['l/two'],
    to: [
      dir('l'),
      dir('d'),
      dir('d/e'),
      file('d/e/f', 'x'),
      hardlink('l/one', 'd/e/f'),
      hardlink('l/two', 'l/one'),
      LANDMARK,
      FOO,
    ],
  },
  {
    title: 'the root is a parent when the tar has it',
    from: [dir('./'), FOO, BAZ, BAA, hardlink('bazlink', 'baz.txt')],
    log: ['baa.txt', 'bazlink'],
    to: [dir('./'), BAA, BAZ, hardlink('bazlink', 'baz.txt'), LANDMARK, FOO],
  },
];

suite('the order of entries', () => {
  for (const { title, from, log, to, missed = [] } of SORTS) {
    test(title, async () => {
      for (const tarPrefix of PREFIXES) {
        const tar = tarOf(prefixed(from, tarPrefix));
        const names = await named(to, tarPrefix);
        for (const logPrefix of PREFIXES) {
          for (const compress of COMPRESSIONS) {
            const order = { prioritized: log.map((name) => logPrefix + name), deferred: [] };
            assert.deepEqual(await listing(compress(tar), order), {
              names,
              missed: missed.map((name) => logPrefix + name),
            });
          }
        }
      }
    });
  }

  test('without an order there is no landmark, and the entries are those of the tar', () =>
    withLayer(tarOf(FOUR), ({ entries }) => {
      const ordered = orderEntries(entries, undefined);
      assert.equal(ordered.entries, entries);
      assert.deepEqual([ordered.landmark, ordered.missed], [undefined, []]);
    }));

  test('deferred files stand right behind the landmark, with what must be before them', async () => {
    const entries = [FOO, dir('d'), file('d/x', 'x'), hardlink('d/l', 'd/x'), BAR, BAZ];
    const order = { prioritized: ['baz.txt'], deferred: ['d/l', 'baz.txt', 'gone', 'bar.txt'] };
    assert.deepEqual(await listing(tarOf(entries), order), {
      names: await named([BAZ, LANDMARK, dir('d'), file('d/x', 'x'), hardlink('d/l', 'd/x'), BAR, FOO], ''),
      missed: ['gone'],
    });
  });

  test('deferred files stay where they are when nothing is prioritized', async () => {
    const { names, missed } = await listing(tarOf(FOUR), { prioritized: [], deferred: ['baa.txt', 'gone'] });
    assert.deepEqual(names, await named([NO_LANDMARK, ...FOUR], ''));
    assert.deepEqual(missed, []);
  });

  test('a hard link that stood before its target comes behind it', async () => {
    const entries = Buffer.concat([blocks('1', 'h', '', { linkName: 'x' }), tarOf([FOO, file('x', 'x')])]);
    assert.deepEqual(
      (await listing(entries, undefined)).names,
      await named([file('x', 'x'), hardlink('h', 'x'), FOO], ''),
    );
  });

  test('a whiteout that stood before a name stays before it, and so does an opaque marker', async () => {
    const entries = [FOO, dir('d'), file('d/.wh..wh..opq'), file('d/.wh.x'), dir('d/x'), file('d/x/y', 'y')];
    const { names } = await listing(tarOf(entries), { prioritized: ['d/x/y'], deferred: [] });
    const moved = [dir('d'), file('d/.wh..wh..opq'), file('d/.wh.x'), dir('d/x'), file('d/x/y', 'y')];
    assert.deepEqual(names, await named([...moved, LANDMARK, FOO], ''));
  });

  test('the whiteout of a directory that has no entry stays before what is in it', async () => {
    const entries = [FOO, file('.wh.d'), file('d/x', 'x')];
    const { names } = await listing(tarOf(entries), { prioritized: ['d/x'], deferred: [] });
    assert.deepEqual(names, await named([file('.wh.d'), file('d/x', 'x'), LANDMARK, FOO], ''));
  });

  test('nothing is moved when a whiteout stood behind what it names', async () => {
    const entries = [FOO, dir('x'), file('x/a', 'a'), file('.wh.x'), file('x/b', 'b')];
    const { names, missed } = await listing(tarOf(entries), { prioritized: ['x/b', 'gone'], deferred: [] });
    assert.deepEqual(names, await named([LANDMARK, ...entries], ''));
    assert.deepEqual(missed, ['gone']);
  });

  test('a chain of hard links may be longer than the call stack', async () => {
    const links = Array.from({ length: 20_000 }, (_, i) => hardlink(`l${i + 1}`, `l${i}`));
    const tar = tarOf([FOO, file('l0', 'x'), ...links]);
    const { names } = await listing(tar, { prioritized: ['l20000'], deferred: [] });
    assert.deepEqual([names.length, names.at(-2), names.at(-3)], [20_003, LANDMARK, 'l20000']);
  });
});
