import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '../../src/errors.ts';
import { encodePax, parsePax } from '../../src/tar/pax.ts';

suite('PAX records', () => {
  test('a record counts its own length digits', () => {
    assert.equal(encodePax(new Map([['path', Buffer.from('a')]])).toString(), '9 path=a\n');
    assert.equal(encodePax(new Map([['path', Buffer.from('')]])).toString(), '8 path=\n');
    // 97 bytes without digits: two digits would make it 99, and it is.
    assert.equal(
      encodePax(new Map([['p', Buffer.alloc(93, 'x')]]))
        .toString()
        .slice(0, 5),
      '99 p=',
    );
    assert.equal(
      encodePax(new Map([['p', Buffer.alloc(94, 'x')]]))
        .toString()
        .slice(0, 6),
      '101 p=',
    );
  });

  test('any bytes survive as a value', () => {
    const record = fc.tuple(fc.stringMatching(/^[A-Za-z.][A-Za-z0-9._ ]{0,30}$/), fc.uint8Array({ maxLength: 1200 }));
    fc.assert(
      fc.property(fc.array(record, { maxLength: 5 }), (records) => {
        const map = new Map(records.map(([key, value]) => [key, Buffer.from(value)]));
        assert.deepEqual(parsePax(encodePax(map)), map);
      }),
    );
  });

  const broken: [title: string, text: string][] = [
    ['no length', 'path=a\n'],
    ['a length that is too long', '99 path=a\n'],
    ['a length that is too short', '5 path=a\n'],
    ['a length of zero', '0 path=a\n'],
    ['no equals sign', '7 path\n'],
    ['an equals sign before the key', '= 10 path=a\n'],
    ['no newline at its end', '10 path=ab'],
  ];
  for (const [title, text] of broken) {
    test(`a record with ${title} is a FormatError`, () => {
      assert.throws(() => parsePax(Buffer.from(text)), FormatError);
    });
  }
});
