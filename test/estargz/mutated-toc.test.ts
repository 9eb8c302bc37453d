// Whatever stands in a TOC: it is refused with a FormatError, or it is a Toc that keeps all its promises.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '../../src/errors.ts';
import { parseToc } from '../../src/estargz/parse-toc.ts';
import type { LayerFormat } from '../../src/estargz/footer.ts';
import type { Toc } from '../../src/estargz/model.ts';
import { char, dir, file, hardlink, noise, symlink } from '../support/entries.ts';
import { buildEstargz } from '../support/estargz.ts';
import { assertTocInvariants } from '../support/toc.ts';

const BUILT = buildEstargz(
  [
    dir('a', { mtime: 1_700_000_000 }),
    file('a/big', noise(5000), { xattrs: { 'user.x': 'y' } }),
    file('a/small', 'small'),
    hardlink('b', 'a/small'),
    hardlink('early', 'late'),
    symlink('s', 'a'),
    char('null', 1, 3),
    file('late', 'late'),
    file('empty'),
  ],
  { chunkSize: 1000, minChunkSize: 2500, prioritized: ['a/small'] },
);

function parseOrRefuse(json: Uint8Array, format: LayerFormat = 'estargz'): Toc | undefined {
  try {
    return parseToc(json, { payloadEnd: BUILT.tocOffset, format });
  } catch (error) {
    assert.ok(error instanceof FormatError, String((error as Error).stack));
    return undefined;
  }
}

type Json = { version: unknown; entries: Record<string, unknown>[] };
const ORIGINAL = JSON.parse(BUILT.tocJson.toString()) as Json;
const KEYS = ['chunkType', ...new Set(ORIGINAL.entries.flatMap((entry) => Object.keys(entry)))];

const value = fc.oneof(
  fc.constantFrom<unknown>(0, 1, -1, 999, 1000, 1001, 5000, 2 ** 31, 2 ** 32, 2 ** 53, 1e300, 0.5, null, '', true),
  fc.constantFrom<unknown>(
    'a',
    'a/',
    'b',
    'late',
    'early',
    '../a',
    './',
    '/',
    '.prefetch.landmark',
    '__proto__',
    '\ud800',
  ),
  fc.constantFrom<unknown>('reg', 'dir', 'symlink', 'hardlink', 'char', 'block', 'fifo', 'chunk', 'zeros'),
  fc.nat(BUILT.tocOffset),
  fc.constantFrom<unknown>(...ORIGINAL.entries.flatMap((entry) => Object.values(entry))),
  fc.jsonValue({ maxDepth: 2 }),
);
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: fc.nat(), key: fc.constantFrom(...KEYS), value }),
  fc.record({ kind: fc.constant('delete' as const), at: fc.nat(), key: fc.constantFrom(...KEYS) }),
  fc.record({ kind: fc.constantFrom('remove' as const, 'double' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('move' as const), at: fc.nat(), to: fc.nat() }),
);

test('the original is a Toc', () => {
  assert.ok(parseOrRefuse(BUILT.tocJson) !== undefined);
});

test('a TOC with changed fields and entries keeps its promises or is refused', () => {
  let parsed = 0;
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
      const json = structuredClone(ORIGINAL);
      for (const change of mutations) {
        const { entries } = json;
        const at = change.at % entries.length;
        if (change.kind === 'set') entries[at]![change.key] = change.value;
        if (change.kind === 'delete') delete entries[at]![change.key];
        if (change.kind === 'remove' && entries.length > 1) entries.splice(at, 1);
        if (change.kind === 'double') entries.push({ ...entries[at]! });
        if (change.kind === 'move') entries.splice(change.to % entries.length, 0, ...entries.splice(at, 1));
      }
      for (const format of ['estargz', 'zstd:chunked-containers'] as const) {
        const toc = parseOrRefuse(Buffer.from(JSON.stringify(json)), format);
        if (toc === undefined) continue;
        parsed++;
        assertTocInvariants(toc);
      }
    }),
    { numRuns: 3000 },
  );
  assert.ok(parsed > 600, `only ${parsed} mutations were parsed: the property says too little`);
});

test('a TOC with changed bytes keeps its promises or is refused', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }), (changes) => {
      const bytes = Buffer.from(BUILT.tocJson);
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      const toc = parseOrRefuse(bytes);
      if (toc !== undefined) assertTocInvariants(toc);
    }),
    { numRuns: 2000 },
  );
});
