import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeReferenceName, encodeReferenceName, isLayerFile } from '../../src/containers-storage/names.ts';

const REFERENCES = [
  'docker.io/library/python:3.12',
  'registry.test:5000/a/b:latest',
  `registry.test/a@sha256:${'0a'.repeat(32)}`,
  `registry.test/${'a'.repeat(200)}:${'t'.repeat(128)}`,
  '[::1]:5000/a:1',
];

for (const reference of REFERENCES) {
  test(`${reference.slice(0, 40)} has a name that stands for it alone`, () => {
    const name = encodeReferenceName(reference);
    assert.equal(name.includes('/'), false);
    assert.equal(decodeReferenceName(name), reference);
  });
}

const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');
const NO_NAMES: [title: string, name: string][] = [
  ['nothing', ''],
  ['dots', '..'],
  ['a reference that is not encoded', 'registry.test'],
  ['base64 without its padding', base64('a.test/b').replace(/=+$/, '')],
  ['base64 with bits that mean nothing', `${base64('a.test/b').replace(/=+$/, '').slice(0, -1)}l=`],
  ['base64 with a line feed', `${base64('a.test/b:1')}\n`],
  ['the alphabet for URLs', base64(Buffer.from([0xfb, 0xef])).replaceAll('+', '-')],
  ['bytes that are not UTF-8', base64(Buffer.from([0xff, 0xfe, 0xfd]))],
  ['a path', base64('../../etc/passwd')],
  ['a reference with a path that climbs', base64('a.test/../b')],
  ['a URL', base64('https://a.test/b')],
  ['a reference with a space', base64('a.test/b c')],
  ['a reference with a zero byte', base64('a.test/b\0')],
  ['a digest that is none', base64('a.test/b@sha256:12')],
  ['an image id', base64('0a'.repeat(32))],
  ['more than the kernel passes', base64(`a.test/${'b'.repeat(2000)}`)],
];

for (const [title, name] of NO_NAMES) {
  test(`${title} is no name of a reference`, () => {
    assert.equal(decodeReferenceName(name), undefined);
  });
}

test('a layer has three files, and use is none of them', () => {
  assert.deepEqual(
    ['diff', 'info', 'blob', 'use', 'pool', '..', 'Diff'].map((name) => isLayerFile(name)),
    [true, true, true, false, false, false, false],
  );
});
