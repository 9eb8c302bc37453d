import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { TocEntries } from '../../src/optimize/inspect-entries.ts';
import { EntryMatcher, type MatchResult } from '../../src/optimize/verify-match.ts';

/** Matches a tar of these paths with a TOC of those. */
function match(tar: readonly string[], toc: readonly string[]): { matches: (number | undefined)[]; end: MatchResult } {
  const entries = toc.map((name) => ({ name, type: 'fifo' }));
  const matcher = new EntryMatcher(new TocEntries(Buffer.from(JSON.stringify({ version: 1, entries }))));
  return { matches: tar.map((path) => matcher.match(path)), end: matcher.finish() };
}

test('entries of one path are matched in their order, however they were moved', () => {
  const { matches, end } = match(['b', 'b', 'a', 'a', 'c'], ['a', 'b', 'a', 'b']);
  assert.deepEqual(matches, [1, 3, 0, 2, undefined]);
  assert.deepEqual(end, { added: [], moved: 2, firstMoved: { tar: 'b', toc: 'a' } });
});

test('as many entries are matched as both sides have of a path, and the others are told', () => {
  const paths = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
  fc.assert(
    fc.property(paths, paths, (tar, toc) => {
      const { matches, end } = match(tar, toc);
      const found = matches.filter((index) => index !== undefined);
      assert.equal(new Set(found).size, found.length);
      assert.deepEqual(
        [...found, ...end.added].toSorted((a, b) => a - b),
        toc.map((_, index) => index),
      );
      for (const path of ['a', 'b', 'c']) {
        const ofPath = matches.filter((_, index) => tar[index] === path);
        const [inTar, inToc] = [tar, toc].map((list) => list.filter((one) => one === path).length) as [number, number];
        assert.equal(ofPath.filter((index) => index !== undefined).length, Math.min(inTar, inToc));
        assert.ok(ofPath.every((index) => index === undefined || toc[index] === path));
      }
      assert.equal(end.moved > 0, end.firstMoved !== undefined);
    }),
  );
});
