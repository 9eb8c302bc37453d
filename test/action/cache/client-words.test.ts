import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isComplaint, judge, parseSpoken, shownText, type ClientResult } from '../../../action/cache/client-words.ts';

suite('a line of the client', () => {
  test('is a command for the runner, or is not', () => {
    for (const [line, kind, text] of [
      ['::warning::Failed to save: 50%25 of it%0Amore', 'warning', 'Failed to save: 50% of it\nmore'],
      ['::error file=a,line=1::text', 'error', 'text'],
      ['::add-mask::sig%253D', 'add-mask', 'sig%3D'],
      ['::debug::', 'debug', ''],
      ['Cache Size: ~0 MB (1 B)', 'line', 'Cache Size: ~0 MB (1 B)'],
      ['a ::warning::b', 'line', 'a ::warning::b'],
    ] as const) {
      assert.deepEqual(parseSpoken(line), { kind, text }, line);
    }
  });

  test('may say why something failed', () => {
    for (const [line, wanted] of [
      ['::warning::Failed to restore: x', true],
      ['::error::Failed to restore: x', true],
      ['::debug::Failed to reserve cache: Error: x', true],
      ['Attempt 2 of 5 failed with error: x. Retrying request in 3 ms...', true],
      ['::debug::Failed to delete archive: x', false],
      ['Cache restored successfully', false],
      ['::notice::x', false],
    ] as const) {
      assert.equal(isComplaint(parseSpoken(line)), wanted, line);
    }
  });

  test('is shown without secrets, without orders, on one line, and not all of it', () => {
    assert.equal(shownText('?sig=abc&x=abc token', ['abc', 'token']), '?sig=***&x=*** ***');
    assert.equal(shownText('  one\n::error::two', []), 'one');
    assert.equal(shownText('##[error]a\u001b[31m\rb', []), '## [error]a?[31m?b');
    assert.equal(shownText('x'.repeat(1000), []).length, 400);
  });
});

suite('what became of a task', () => {
  const WORDS: readonly (readonly [
    what: string,
    args: Parameters<typeof judge>,
    verdict: ClientResult['verdict'],
    why: string,
  ])[] = [
    ['an entry', ['restore', { key: 'k' }, undefined, []], 'done', ''],
    ['no entry', ['restore', {}, undefined, []], 'none', 'there is no cache of this job yet'],
    [
      'an entry in spite of a retry',
      ['save', { key: 'k' }, undefined, ['Attempt 1 of 5 failed with error: x']],
      'done',
      '',
    ],
    ['no service', ['save', { unavailable: true }, undefined, []], 'unavailable', 'this runner has no cache service'],
    [
      'no permission to write',
      [
        'save',
        {},
        undefined,
        [
          'Failed to reserve cache: Error: cache write denied: read-only',
          'Failed to save: Unable to reserve cache with key k-1. More details: cache write denied: read-only',
        ],
      ],
      'denied',
      'this run may not save caches: cache write denied: read-only',
    ],
    [
      'no permission to read',
      ['restore', {}, undefined, ['Failed to restore: Failed to GetCacheEntryDownloadURL: cache read denied: none']],
      'denied',
      'this run may not restore caches: cache read denied: none',
    ],
    [
      'no storage left',
      [
        'save',
        {},
        undefined,
        ['Failed to reserve cache: Error: Failed to CreateCacheEntry: Cache storage quota has been hit.'],
      ],
      'full',
      'Cache storage quota has been hit',
    ],
    [
      'the same, saved by another',
      [
        'save',
        {},
        undefined,
        ['Failed to reserve cache: Error: Failed to CreateCacheEntry: Failed request: (409) Conflict: x'],
      ],
      'taken',
      'another job of this run has saved the same',
    ],
    [
      'one reason among its consequences',
      ['save', {}, undefined, ['Attempt 1 of 5 failed with error: 500.', 'Failed to save: broken.', 'later']],
      'failed',
      'broken',
    ],
    [
      'a limit, and what was tried',
      [
        'restore',
        undefined,
        'it took long',
        ['Attempt 1 of 5 failed with error: 500.', 'Attempt 2 of 5 failed with error: 503.'],
      ],
      'failed',
      'it took long: Attempt 2 of 5 failed with error: 503',
    ],
    ['a limit, and nothing', ['restore', undefined, 'it took long', []], 'failed', 'it took long'],
    ['an error', ['restore', { error: 'no tar' }, undefined, []], 'failed', 'no tar'],
    [
      'an end without a word',
      ['restore', undefined, undefined, []],
      'failed',
      'the cache client ended and gave no reason',
    ],
    [
      'nothing saved without a word',
      ['save', {}, undefined, []],
      'failed',
      'the cache client ended and gave no reason',
    ],
  ];
  for (const [what, args, verdict, why] of WORDS) {
    test(`is ${what}`, () => {
      assert.deepEqual(judge(...args), { verdict, key: verdict === 'done' ? 'k' : '', why });
    });
  }
});
