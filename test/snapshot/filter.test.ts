import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { LazypullError } from '../../src/errors.ts';
import { parseFilter, parseFilters } from '../../src/snapshot/filter.ts';
import type { SnapshotInfo } from '../../src/snapshot/model.ts';

const info: SnapshotInfo = {
  name: 'k8s.io/12/sha256:abc',
  parent: '',
  kind: 'committed',
  createdMs: 0,
  updatedMs: 0,
  labels: {
    foo: 'bar',
    path: '/usr/lib',
    quoted: 'say "hi" to \u{1f600}\n',
    'containerd.io/snapshot.ref': 'sha256:12',
    'a.b': 'dotted',
  },
};

const matching = [
  '',
  'name',
  'name==k8s.io/12/sha256:abc',
  'name!=other',
  'name~=^k8s',
  'name~=/^k8s\\.io.*abc$/'.replaceAll('\\', '\\\\'),
  'name~="(?i)^K8S"',
  'name~=|sha256|',
  'name@=io/12',
  'kind==committed',
  'kind!=active',
  'parent==""',
  'parent',
  'labels.foo',
  'labels.foo==bar',
  ' labels.foo == bar',
  'labels."foo"==bar',
  'labels."foo"=="bar"',
  'labels.a.b==dotted',
  'labels."a.b"==dotted',
  '"labels".foo==bar',
  'labels.path=="/usr/lib"',
  'labels."containerd.io/snapshot.ref"==sha256:12,parent==""',
  'labels.quoted=="say \\"hi\\" to \\U0001f600\\n"',
  'labels.quoted=="say \\x22hi\\x22 to \\xf0\\x9f\\x98\\x80\\012"',
  'labels.quoted=="say \\u0022hi\\u0022 to \u{1f600}\\n"',
  'labels.missing!=bar',
  'labels.missing~=^$',
  'name,kind==committed,labels.foo',
  'name, kind==committed',
];
for (const filter of matching) {
  test(`the filter ${JSON.stringify(filter)} lets the snapshot through`, () => assert.ok(parseFilter(filter)(info)));
}

const others = [
  'name==other',
  'name!=k8s.io/12/sha256:abc',
  'name~=^sha',
  'name@=io/13',
  'kind==active',
  'kind==COMMITTED',
  'parent==x',
  'labels.missing',
  'labels.missing==""',
  'labels.toString',
  'unknown',
  'unknown=="x"',
  'labels.foo==bar,kind==view',
  'labels."containerd.io/snapshot.ref"==sha256:12,parent=="p"',
];
for (const filter of others) {
  test(`the filter ${JSON.stringify(filter)} stops the snapshot`, () => assert.ok(!parseFilter(filter)(info)));
}

const malformed = [
  ',',
  'name,',
  'name==',
  'name==a,',
  'name=a',
  'name===a',
  'name=!a',
  'name==a b',
  'name==a ',
  'name ==',
  'name==.a',
  'name==/a/',
  'name=="a',
  'name=="a\\q"',
  'name=="\\x4"',
  'name=="\\400"',
  'name=="\\ud800"',
  'name=="\\U00110000"',
  'name=="a\\/"',
  'name=="a\nb"',
  'name~=/(/',
  'name~=[',
  'labels.',
  '.labels',
  'labels..a',
  '|labels|.a',
  'name\0',
  'name=="\0"',
];
for (const filter of malformed) {
  test(`the filter ${JSON.stringify(filter)} is an invalid argument`, () => {
    assert.throws(() => parseFilter(filter), { name: 'LazypullError', code: 'INVALID_ARGUMENT' });
  });
}

test('several filters let through what any of them lets through, and no filter all', () => {
  assert.ok(parseFilters(['kind==active', 'name'])(info));
  assert.ok(!parseFilters(['kind==active', 'kind==view'])(info));
  assert.ok(parseFilters([])(info));
});

test('parsing any text gives a filter or an invalid argument', () => {
  const pieces = fc.constantFrom(
    'name',
    'labels',
    '.',
    ',',
    '==',
    '~=',
    '!',
    '"',
    '/',
    '|',
    '\\',
    'x',
    ' ',
    '(',
    '\n',
    '0',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (filter) => {
      try {
        parseFilter(filter)(info);
      } catch (error) {
        assert.ok(error instanceof LazypullError && error.code === 'INVALID_ARGUMENT', String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

test('a label with any name and value is found by its quoted filter', () => {
  const goQuote = (text: string): string =>
    `"${text.replace(/./gsu, (char) => `\\U${(char.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`)}"`;
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'grapheme' }), (key, value) => {
      const labelled = { ...info, labels: Object.fromEntries([[key, value]]) };
      const filter = parseFilter(`labels.${goQuote(key)}==${goQuote(value)}`);
      assert.ok(filter(labelled));
      assert.ok(!filter({ ...labelled, labels: Object.fromEntries([[key, `${value}x`]]) }));
    }),
  );
});
