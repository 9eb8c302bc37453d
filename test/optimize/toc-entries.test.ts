// A table of contents as entries, for lookups by name.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FormatError } from '../../src/errors.ts';
import { ImageView } from '../../src/optimize/image-view.ts';
import { entriesOfToc } from '../../src/optimize/toc-entries.ts';

const tocOf = (entries: unknown): Buffer => Buffer.from(JSON.stringify({ version: 1, entries }));
const LOWER = [
  { name: 'usr/', type: 'dir' },
  { name: 'usr/bin/', type: 'dir' },
  { name: 'usr/bin/tool', type: 'reg', size: 5_000_000, offset: 1, chunkSize: 4_194_304 },
  { name: 'usr/bin/tool', type: 'chunk', offset: 2, chunkOffset: 4_194_304, chunkSize: 805_696 },
  { name: 'usr/bin/again', type: 'hardlink', linkName: 'usr/bin/tool' },
  { name: 'bin', type: 'symlink', linkName: 'usr/bin' },
  { name: 'usr/gone', type: 'reg', size: 1 },
];
const UPPER = [{ name: './usr/.wh.gone', type: 'reg' }];

suite('the entries of a table of contents', () => {
  test('make the view that the layer makes: links, sizes, whiteouts', () => {
    const layers = [LOWER, UPPER].map((entries) => ({ entries: entriesOfToc(tocOf(entries)), fd: -1 }));
    const view = new ImageView(layers);
    for (const name of ['usr/bin/tool', 'bin/tool', 'bin/again']) {
      const found = view.resolve(name);
      assert.equal(found?.entry.path, 'usr/bin/tool');
      assert.equal(found.entry.header.size, 5_000_000);
      assert.equal(found.layer, 0);
    }
    assert.equal(view.resolve('usr/gone'), undefined);
    assert.equal(new ImageView(layers.slice(0, 1)).resolve('usr/gone')?.entry.type, 'reg');
  });

  test('have each file once, however many chunks it has', () => {
    assert.equal(entriesOfToc(tocOf(LOWER)).length, LOWER.length - 1);
  });

  for (const [title, bytes] of [
    ['what is not JSON', Buffer.from('{')],
    ['entries that are no list', tocOf({})],
    ['an entry that is no object', tocOf(['a'])],
    ['a name that is no text', tocOf([{ type: 'reg', name: 1 }])],
  ] as const) {
    test(`${title} is refused`, () => assert.throws(() => entriesOfToc(bytes), FormatError));
  }
});
