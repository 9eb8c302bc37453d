// The scanner-based reader against a plain one: the same bytes give the same Toc, or both refuse them.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '../../src/errors.ts';
import type { Toc, TocNode } from '../../src/estargz/model.ts';
import { JsonScanner } from '../../src/estargz/json-scanner.ts';
import { parseToc } from '../../src/estargz/parse-toc.ts';
import { char, dir, file, hardlink, noise, symlink } from '../support/entries.ts';
import { buildEstargz } from '../support/estargz.ts';
import { referenceToc } from '../support/reference-toc.ts';

const PAYLOAD_END = 100_000;
const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** All that a Toc says, in order, with numbers for inodes; -0 is 0. */
function dump(toc: Toc): unknown {
  const numbers = new Map<TocNode, number>();
  const lines: unknown[] = [];
  const visit = (path: string, node: TocNode): void => {
    const known = numbers.get(node);
    numbers.set(node, known ?? numbers.size);
    const { children, xattrs, ...fields } = node;
    const values = [...(xattrs ?? [])].map(([name, value]) => [name, Buffer.from(value).toString('hex')]);
    lines.push([path, numbers.get(node), known === undefined ? { ...fields, values } : 'known']);
    for (const [name, child] of children ?? []) visit(`${path}/${name}`, child);
  };
  visit('', toc.root);
  const { root: _root, chunks, ...facts } = toc;
  const { blobOffset, blobEnd, innerOffset, fileOffset, size, digest } = chunks;
  const columns = [blobOffset, blobEnd, innerOffset, fileOffset, size, digest].map((column) => Array.from(column));
  return JSON.parse(JSON.stringify({ lines, facts, count: chunks.count, columns }));
}

function outcome(parse: () => Toc): unknown {
  try {
    return dump(parse());
  } catch (error) {
    assert.ok(error instanceof FormatError, String((error as Error).stack));
    return 'refused';
  }
}

/** @returns whether the bytes are a TOC. */
function assertSame(json: Uint8Array | string): boolean {
  const bytes = Buffer.from(json);
  const [wanted] = (['estargz', 'zstd:chunked-containers'] as const).map((format) => {
    const said = outcome(() => referenceToc(bytes, PAYLOAD_END, format));
    assert.deepEqual(
      outcome(() => parseToc(bytes, { payloadEnd: PAYLOAD_END, format })),
      said,
    );
    return said;
  });
  return wanted !== 'refused';
}

/** JSON text for a value, as unusual as JSON allows: white space and escapes are drawn, keys may come in any order. */
function unusualJson(value: unknown, draw: (max: number) => number): string {
  const space = (): string => ['', '', '', ' ', '\n\t', '\r\n'][draw(5)]!;
  const text = (plain: string): string => JSON.stringify(plain).replace(/(?<!\\)[a-z]/g, (letter) => escaped(letter));
  const escaped = (letter: string): string => {
    const code = letter.charCodeAt(0).toString(16).padStart(4, '0');
    return draw(12) === 0 ? `\\u${draw(1) === 0 ? code : code.toUpperCase()}` : letter;
  };
  const write = (part: unknown): string => {
    if (typeof part === 'string') return draw(3) === 0 && !part.includes('\\') ? text(part) : JSON.stringify(part);
    if (typeof part === 'number' && draw(9) === 0)
      return draw(1) === 0 ? part.toExponential() : `${part}.0`.replace(/(\..*)\.0$/, '$1');
    if (Array.isArray(part)) return `[${space()}${part.map(write).join(`${space()},${space()}`)}${space()}]`;
    if (typeof part !== 'object' || part === null) return JSON.stringify(part);
    const fields = Object.entries(part).filter(([, field]) => field !== undefined);
    for (let i = fields.length - 1; i > 0 && draw(1) === 0; i--) {
      const j = draw(i);
      [fields[i], fields[j]] = [fields[j]!, fields[i]!];
    }
    // A field that comes twice: the later one counts.
    if (fields.length > 0 && draw(7) === 0)
      fields.unshift([fields[draw(fields.length - 1)]![0], [null, {}, 'x', -1][draw(3)]]);
    const written = fields.map(([key, field]) => `${write(key)}${space()}:${space()}${write(field)}`);
    return `{${space()}${written.join(`${space()},${space()}`)}${space()}}`;
  };
  return space() + write(value) + space();
}

const name = fc.oneof(
  fc.constantFrom('a', 'b', 'a/b', 'a/b/c', 'a/', './a/b/', '/a//c', 'a/./d', 'b/..', '', './', 'a/b/.', '.x', 'a\\b'),
  fc.constantFrom(
    '\u00fc/\u{1f600}',
    '\u00fc/a',
    '\ud800/a',
    '"q"/\n',
    'd\0',
    '.prefetch.landmark',
    '__proto__',
    'a'.repeat(256),
  ),
);
const digest = fc.constantFrom<unknown>(
  DIGEST,
  DIGEST,
  `sha256:${'0'.repeat(64)}`,
  DIGEST.toUpperCase(),
  '',
  null,
  undefined,
  7,
);
const number = fc.oneof(fc.nat(6), fc.constantFrom<unknown>(undefined, undefined, null, -1, 0.5, 2 ** 60, '1', 1e300));
const times = fc.constantFrom<unknown>(
  '2024-02-29T12:00:00Z',
  '2023-02-29T12:00:00Z',
  '2024-01-01T24:00:00Z',
  '2024-01-01T24:00:01Z',
  '1969-01-01T00:00:00Z',
  '0099-01-01T00:00:00Z',
  '2024-01-01T12:00:00.5Z',
  '2024-01-01T12:00:00+02:00',
  '2024-01-01t12:00:00Z',
  '2500-01-01T00:00:00Z',
  '',
  undefined,
  null,
  5,
);
const entry = fc.record({
  name: fc.oneof(
    { weight: 9, arbitrary: name },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(undefined, null, 5, ['a']) },
  ),
  type: fc.constantFrom<unknown>(
    'reg',
    'reg',
    'reg',
    'dir',
    'dir',
    'symlink',
    'hardlink',
    'char',
    'chunk',
    'socket',
    3,
  ),
  size: fc.constantFrom<unknown>(undefined, undefined, 0, 5, null, '5'),
  modtime: fc.oneof(fc.constant('2024-02-29T12:00:00Z'), times),
  linkName: fc.oneof(name, fc.constant(undefined)),
  mode: fc.oneof(fc.constant(0o100755), number),
  uid: number,
  devMajor: number,
  offset: fc.nat(PAYLOAD_END),
  chunkDigest: digest,
  chunkType: fc.constantFrom<unknown>(undefined, undefined, undefined, 'zeros', '', null, 'data', 5),
  digest,
  xattrs: fc.constantFrom<unknown>(
    undefined,
    undefined,
    null,
    {},
    { 'user.a': 'AA==' },
    { 'user.\u00fc': '' },
    { a: '!' },
    [],
  ),
  more: fc.constantFrom<unknown>(undefined, { deep: [[{}], 'x]}'] }, [null, true, -1.5e-7]),
});
const parts = fc.array(fc.constantFrom('a', 'a', 'b', 'c', '.', '', '\u00fc'), { minLength: 1, maxLength: 4 });
const path = parts.map((names) => names.join('/'));
const harmless = fc.record({
  name: path,
  type: fc.constantFrom('dir', 'dir', 'dir', 'dir', 'hardlink', 'fifo', 'symlink'),
  linkName: path.filter((target) => target !== ''),
});
const seed = fc.infiniteStream(fc.nat());

function drawFrom(stream: fc.Stream<number>): (max: number) => number {
  return (max) => (stream.next().value as number) % (max + 1);
}

const BUILT = buildEstargz(
  [
    dir('a', { mtime: 1_700_000_000 }),
    file('a/big', noise(5000), { xattrs: { 'user.x': 'y' } }),
    file('a/small \u00fc "q"', 'small'),
    hardlink('b', 'a/big'),
    hardlink('early', 'late'),
    symlink('s', 'a'),
    char('null', 1, 3),
    file('late', 'late'),
  ],
  { chunkSize: 1000, minChunkSize: 2500, prioritized: ['a/big'] },
);
// Bytes that mean something in JSON, and any.
const byte = fc.oneof(
  fc.constantFrom(...Buffer.from('{}[]",:\\/0-e. \t\0u')),
  fc.constantFrom(0x80, 0xc3, 0xe2, 0xff),
  fc.nat(255),
);
const edit = fc.record({ at: fc.nat(), remove: fc.nat(2), insert: fc.array(byte, { maxLength: 2 }) });

function edited(bytes: Uint8Array, edits: readonly { at: number; remove: number; insert: number[] }[]): Buffer {
  let result = Buffer.from(bytes);
  for (const { at, remove, insert } of edits) {
    const start = at % (result.length + 1);
    result = Buffer.concat([result.subarray(0, start), Buffer.from(insert), result.subarray(start + remove)]);
  }
  return result;
}

suite('the TOC reader and a plain reader agree', () => {
  test('on entries of any values, written in any way', () => {
    let parsed = 0;
    const property = fc.property(fc.array(entry, { maxLength: 3 }), seed, (entries, stream) => {
      if (assertSame(unusualJson({ version: 1, entries }, drawFrom(stream)))) parsed++;
    });
    fc.assert(property, { numRuns: 3000 });
    assert.ok(parsed > 100, `only ${parsed} were TOCs`);
  });

  test('on trees that are named in any order, with names that come twice', () => {
    let parsed = 0;
    const property = fc.property(fc.array(harmless, { maxLength: 12 }), seed, (entries, stream) => {
      if (assertSame(unusualJson({ version: 1, entries }, drawFrom(stream)))) parsed++;
    });
    fc.assert(property, { numRuns: 3000 });
    assert.ok(parsed > 100, `only ${parsed} were TOCs`);
  });

  test('on a TOC with a few bytes changed, added or removed', () => {
    let parsed = 0;
    const property = fc.property(fc.array(edit, { maxLength: 3 }), (edits) => {
      if (assertSame(edited(BUILT.tocJson, edits))) parsed++;
    });
    fc.assert(property, { numRuns: 3000 });
    assert.ok(parsed > 100, `only ${parsed} were TOCs`);
  });

  test('on a TOC that is cut anywhere', () => {
    const compact = Buffer.from(JSON.stringify(JSON.parse(BUILT.tocJson.toString())));
    for (let end = 0; end < compact.length; end++) assert.equal(assertSame(compact.subarray(0, end)), false);
    assert.ok(assertSame(compact));
  });

  const entries = '[{"name":"a","type":"fifo"}]';
  const documents: [title: string, json: string, isToc: boolean][] = [
    ['keys in another order', `{"entries":${entries},"version":1}`, true],
    ['keys with escapes', `{"v\\u0065rsion":1,"\\u0065ntries":${entries}}`, true],
    ['a version of 1.0', `{"version":1.0,"entries":${entries}}`, true],
    ['a version that comes twice', `{"version":2,"version":1,"entries":${entries}}`, true],
    ['a version that comes twice, wrong at last', `{"version":1,"version":2,"entries":${entries}}`, false],
    ['entries that come twice, wrong at first', `{"version":1,"entries":[[]],"entries":${entries}}`, true],
    ['entries that come twice, wrong at last', `{"version":1,"entries":${entries},"entries":[[]]}`, false],
    ['entries that come twice, null at last', `{"version":1,"entries":${entries},"entries":null}`, true],
    ['no entries', '{"version":1}', true],
    ['a byte order mark', `\ufeff{"version":1,"entries":${entries}}`, false],
    ['something behind it', `{"version":1,"entries":${entries}}x`, false],
    ['a comma too many', `{"version":1,"entries":${entries},}`, false],
    ['an entry too few', '{"version":1,"entries":[{"name":"a","type":"fifo"},]}', false],
    ['white space that JSON does not know', `{"version":1,\f"entries":${entries}}`, false],
    ['a type with escapes', '{"version":1,"entries":[{"name":"a","type":"\\u0066ifo"}]}', true],
    ['a name that comes twice', '{"version":1,"entries":[{"name":5,"name":"a","type":"fifo"}]}', true],
    ['numbers with zeros in front', '{"version":1,"entries":[{"name":"a","type":"fifo","uid":01}]}', false],
    ['numbers with exponents', '{"version":1,"entries":[{"name":"a","type":"fifo","uid":1.5e1}]}', true],
    ['minus zero', '{"version":1,"entries":[{"name":"a","type":"fifo","uid":-0}]}', true],
  ];
  for (const [title, json, isToc] of documents) {
    test(`on ${title}`, () => assert.equal(assertSame(json), isToc));
  }
});

suite('the JSON scanner', () => {
  const parses = (parse: () => unknown): boolean => {
    try {
      parse();
      return true;
    } catch {
      return false;
    }
  };
  const isJson = (bytes: Buffer): boolean => {
    const wanted = parses(() => JSON.parse(bytes.toString()));
    const scanner = new JsonScanner(bytes);
    assert.equal(
      parses(() => (scanner.value(), scanner.end())),
      wanted,
      bytes.toString(),
    );
    return wanted;
  };

  test('takes what JSON.parse takes, and refuses what it refuses', () => {
    let taken = 0;
    const text = fc.oneof(
      fc.json({ maxDepth: 4 }),
      fc.double().map(String),
      fc.string().map((value) => JSON.stringify(value)),
    );
    const property = fc.property(text, fc.array(edit, { maxLength: 2 }), (json, edits) => {
      if (isJson(edited(Buffer.from(json), edits))) taken++;
    });
    fc.assert(property, { numRuns: 5000 });
    assert.ok(taken > 500, `only ${taken} were JSON`);
  });

  test('takes nesting and strings of a million bytes', () => {
    assert.ok(isJson(Buffer.from('['.repeat(1e6) + ']'.repeat(1e6))));
    assert.ok(isJson(Buffer.from(`${'{"a":'.repeat(2e5)}1${'}'.repeat(2e5)}`)));
    assert.ok(isJson(Buffer.from(JSON.stringify('\n'.repeat(1e6)))));
    assert.ok(!isJson(Buffer.from('['.repeat(1e6))));
    assert.ok(!isJson(Buffer.from('"'.padEnd(1e6, '\\'))));
  });

  test('refuses nesting that would take all memory', () => {
    const scanner = new JsonScanner(Buffer.alloc(3_000_000, '['));
    assert.throws(() => scanner.value(), /not JSON: .*byte 2097152/);
  });

  test('says where the text is no JSON', () => {
    assert.throws(
      () => parseToc(Buffer.from('{"version":1,"entries":[{"name":tru}]}'), { payloadEnd: 1 }),
      (error) => error instanceof FormatError && error.offset === 35 && error.message.includes('got "}" at byte 35'),
    );
  });
});
