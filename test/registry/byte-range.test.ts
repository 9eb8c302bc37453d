import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { carriedRange, parseContentRange, rangeHeader, type WantedRange } from '../../src/registry/byte-range.ts';
import { parseRangeHeader } from '../support/registry-ranges.ts';

describe('a Content-Range', () => {
  const good: [header: string, start: number, end: number, total: number | undefined][] = [
    ['bytes 0-0/1', 0, 1, 1],
    ['bytes 10-19/100', 10, 20, 100],
    ['bytes 10-19/*', 10, 20, undefined],
  ];
  for (const [header, start, end, total] of good) {
    test(`${header} is [${start}, ${end})`, () => assert.deepEqual(parseContentRange(header), { start, end, total }));
  }

  const bad = [
    undefined,
    '',
    'bytes */100',
    'bytes 5-4/10',
    'bytes 0-10/10',
    'bytes 0-9/9999999999999999',
    'bytes -1-5/10',
    'bytes=0-9/10',
    'items 0-9/10',
    'bytes 0-9/10, 11-12/10',
  ];
  for (const header of bad) {
    test(`${header} is none`, () => assert.equal(parseContentRange(header), undefined));
  }
});

describe('what an answer carries', () => {
  const carried = (wanted: WantedRange, status: number, headers: Record<string, string>): unknown =>
    carriedRange(wanted, status, (name) => headers[name]);

  test('is the whole blob for 200, whatever was wanted', () => {
    const whole = { start: 0, end: 50, total: 50 };
    assert.deepEqual(carried({ start: 5, end: 9 }, 200, { 'content-length': '50' }), whole);
    assert.deepEqual(carried('all', 200, { 'content-length': '50' }), whole);
    assert.deepEqual(carried({ suffix: 5 }, 200, {}), { start: 0, end: undefined, total: undefined });
  });

  const wrong: [title: string, wanted: WantedRange, status: number, headers: Record<string, string>][] = [
    ['another start', { start: 5, end: 9 }, 206, { 'content-range': 'bytes 4-8/50' }],
    ['no Content-Range', { start: 5, end: 9 }, 206, { 'content-length': '4' }],
    ['several parts', { start: 5, end: 9 }, 206, { 'content-type': 'multipart/byteranges; boundary=x' }],
    ['a short body', { start: 5, end: 9 }, 206, { 'content-range': 'bytes 5-8/50', 'content-length': '3' }],
    ['a suffix that is too long', { suffix: 5 }, 206, { 'content-range': 'bytes 44-49/50' }],
    ['a suffix of unknown place', { suffix: 5 }, 206, { 'content-range': 'bytes 45-49/*' }],
    ['a range for everything', 'all', 206, { 'content-range': 'bytes 0-49/50' }],
    ['a compressed body', { start: 5, end: 9 }, 206, { 'content-range': 'bytes 5-8/50', 'content-encoding': 'gzip' }],
    ['no content', { start: 5, end: 9 }, 204, {}],
  ];
  for (const [title, wanted, status, headers] of wrong) {
    test(`is refused: ${title}`, () => assert.equal(typeof carried(wanted, status, headers), 'string'));
  }

  test('is what a right server sends, for any range of any blob', () => {
    const blob = fc.integer({ min: 1, max: 1e9 }).chain((size) =>
      fc.oneof(
        fc.tuple(fc.nat(size - 1), fc.nat(size - 1)).map(([a, b]) => {
          return { size, wanted: { start: Math.min(a, b), end: Math.max(a, b) + 1 } };
        }),
        fc.integer({ min: 1, max: 2e9 }).map((suffix) => ({ size, wanted: { suffix } })),
      ),
    );
    fc.assert(
      fc.property(blob, ({ size, wanted }) => {
        const [range] = parseRangeHeader(rangeHeader(wanted), size) ?? [];
        assert.ok(range !== undefined);
        const header = `bytes ${range.start}-${range.end - 1}/${size}`;
        assert.deepEqual(carried(wanted, 206, { 'content-range': header }), { ...range, total: size });
        assert.deepEqual('start' in wanted ? range : range.end, 'start' in wanted ? wanted : size);
      }),
    );
  });
});
