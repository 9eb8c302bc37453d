// Tables of contents that somebody wrote who controls blob and manifest: every digest is right, the content is not.
// One property of a TOC, or a few, become something that a careless reader would believe.
import * as fc from 'fast-check';
import type { TocJson } from './estargz.ts';
import type { TocEntryJson } from './toc-entry-json.ts';

export type TocPatch = (toc: TocJson) => TocJson;

const NO_ENTRY = null as unknown as TocEntryJson;
const NUMBERS = [-1, 0, 1, 511, 512, 4095, 4096, 65_535, 2 ** 20, 2 ** 31, 2 ** 32 - 1, 2 ** 40, 2 ** 53, 1e300, 0.5];
const NAMES = [
  '',
  '.',
  '..',
  '/',
  '../../etc/passwd',
  'a/../../b',
  '/abs',
  'a//b',
  'data/00/below-a-file',
  'a\0b',
  '\ud800',
];
const KEYS = 'name type size offset innerOffset chunkOffset chunkSize chunkDigest digest mode uid gid modtime linkName'
  .split(' ')
  .concat('devMajor', 'devMinor', 'xattrs', 'chunkType');

const value = fc.oneof(
  fc.constantFrom(...NUMBERS),
  fc.constantFrom(...NAMES, 'x'.repeat(256), 'd/'.repeat(600), 'x'.repeat(70_000)),
  fc.constantFrom('reg', 'dir', 'symlink', 'hardlink', 'chunk', 'char', 'fifo', 'socket', 'zeros'),
  fc.constantFrom(null, true, [], {}, '2026-13-45T99:99:99Z', '0000-00-00T00:00:00Z', `sha256:${'f'.repeat(64)}`),
  fc.constantFrom(
    { 'user.x': 'bm8=' },
    { 'trusted.overlay.opaque': 'eQ==' },
    { ['x'.repeat(300)]: '' },
    { 'user.y': 7 },
  ),
  fc.integer(),
  fc.string(),
);

const at = fc.nat({ max: 1000 });
const change: fc.Arbitrary<TocPatch> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(at, fc.constantFrom(...KEYS), value).map((args) => setField(...args)) },
  { weight: 1, arbitrary: fc.tuple(at, fc.constantFrom(...KEYS)).map((args) => deleteField(...args)) },
  { weight: 1, arbitrary: at.map((index) => edit((entries) => entries.splice(index % entries.length, 1))) },
  { weight: 1, arbitrary: fc.tuple(at, at).map((args) => repeat(...args)) },
  { weight: 1, arbitrary: fc.tuple(at, at).map((args) => swapField(...args)) },
  { weight: 1, arbitrary: fc.constantFrom(...wholeChanges()) },
);

/** One to three changes, one after the other. */
export const hostileToc: fc.Arbitrary<TocPatch> = fc
  .array(change, { minLength: 1, maxLength: 3 })
  .map((changes) => (toc) => changes.reduce((changed, patch) => patch(changed), toc));

function edit(work: (entries: TocEntryJson[]) => void): TocPatch {
  return (toc) => {
    if (!Array.isArray(toc.entries) || toc.entries.length === 0 || toc.entries.includes(NO_ENTRY)) return toc;
    const entries = toc.entries.map((entry) => ({ ...entry }));
    work(entries);
    return { ...toc, entries };
  };
}

function setField(index: number, key: string, to: unknown): TocPatch {
  return edit((entries) => void (entries[index % entries.length]![key] = to));
}

function deleteField(index: number, key: string): TocPatch {
  return edit((entries) => void delete entries[index % entries.length]![key]);
}

function repeat(index: number, before: number): TocPatch {
  return edit((entries) => void entries.splice(before % entries.length, 0, { ...entries[index % entries.length]! }));
}

/** Two entries exchange where their bytes lie. */
function swapField(one: number, other: number): TocPatch {
  return edit((entries) => {
    const [a, b] = [entries[one % entries.length]!, entries[other % entries.length]!];
    [a['offset'], b['offset']] = [b['offset'], a['offset']];
  });
}

function wholeChanges(): TocPatch[] {
  return [
    (toc) => ({ ...toc, version: 99 }),
    (toc) => ({ ...toc, entries: [] }),
    (toc) => ({ ...toc, entries: {} as TocEntryJson[] }),
    edit((entries) => void entries.unshift(NO_ENTRY)),
    () => [] as unknown as TocJson,
    () => 7 as unknown as TocJson,
    edit((entries) => void entries.push(...manyLinks(5000))),
    edit((entries) => void entries.unshift({ name: 'a', type: 'hardlink', linkName: 'a' })),
  ];
}

function manyLinks(count: number): TocEntryJson[] {
  return Array.from({ length: count }, (_, i) => ({ name: `links/${i}`, type: 'hardlink', linkName: 'data/00' }));
}
