import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FormatError } from '../../src/errors.ts';
import {
  bytesField,
  decodeFields,
  encodeMessage,
  mapField,
  numberOf,
  optionalBytes,
  repeatedBytes,
  stringField,
  textOf,
  varintField,
} from '../../buildkit-frontend/protobuf.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

suite('protobuf', () => {
  // Field, bytes: from the encoding's specification.
  const encoded: readonly (readonly [string, Uint8Array, string])[] = [
    ['a varint', varintField(1, 150), '089601'],
    ['a varint that is 0 is left out', varintField(1, 0), ''],
    ['true', varintField(5, true), '2801'],
    ['false is left out', varintField(5, false), ''],
    ['a number of two bytes in the tag', varintField(16, 1), '800101'],
    ['a string', stringField(2, 'testing'), '120774657374696e67'],
    ['a string that is empty is left out', stringField(2, ''), ''],
    ['a message that is empty is written', bytesField(11, ''), '5a00'],
    ['a string with more than 127 bytes', bytesField(1, 'x'.repeat(128)), `0a8001${'78'.repeat(128)}`],
    ['a map, by key', mapField(2, { b: '', a: '1' }), '12060a016112013112050a01621200'],
  ];
  for (const [name, bytes, wanted] of encoded) test(`encodes ${name}`, () => assert.equal(hex(bytes), wanted));

  test('decodes what it encodes, in order', () => {
    const message = encodeMessage(stringField(1, 'one'), varintField(2, 2 ** 40), stringField(1, 'two'));
    const fields = decodeFields(message);
    assert.deepEqual(repeatedBytes(fields, 1).map(String), [Buffer.from('one'), Buffer.from('two')].map(String));
    assert.equal(textOf(fields, 1), 'two');
    assert.equal(numberOf(fields, 2), 2 ** 40);
    assert.equal(optionalBytes(fields, 3), undefined);
    assert.equal(textOf(fields, 3), '');
    assert.equal(numberOf(fields, 3), 0);
  });

  test('steps over numbers of fixed length', () => {
    const fields = decodeFields(Buffer.from('09' + '00'.repeat(8) + '15' + '00'.repeat(4) + '1801', 'hex'));
    assert.equal(numberOf(fields, 3), 1);
  });

  for (const [name, bytes] of [
    ['a length beyond the end', '0a05616263'],
    ['a number without an end', '0880'],
    ['a number of 11 bytes', `08${'80'.repeat(10)}01`],
    ['a group, which nobody writes any more', '0b'],
    ['a fixed number that is cut off', '0900'],
  ] as const) {
    test(`refuses ${name}`, () => assert.throws(() => decodeFields(Buffer.from(bytes, 'hex')), FormatError));
  }
});
