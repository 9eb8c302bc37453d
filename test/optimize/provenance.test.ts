// The images that provenance names, in both versions of SLSA.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FormatError } from '../../src/errors.ts';
import { formatReference } from '../../src/oci/reference.ts';
import { imagesOfPredicate, imagesOfStatement } from '../../src/optimize/provenance.ts';

const HEX = 'cd'.repeat(32);
const names = (predicate: unknown): string[] =>
  imagesOfPredicate(predicate).map(({ reference }) => formatReference(reference));

const MATERIALS = [
  { uri: 'pkg:docker/node@22?platform=linux%2Famd64', digest: { sha256: HEX } },
  { uri: 'pkg:docker/ghcr.io/org/tool@1', digest: { sha256: HEX } },
  { uri: 'https://github.com/org/app.git', digest: { sha1: 'ab'.repeat(20) } },
];
const FOUND = [`docker.io/library/node:22@sha256:${HEX}`, `ghcr.io/org/tool:1@sha256:${HEX}`];

suite('provenance', () => {
  test('of version 0.2 names images with the digests that they had', () => {
    assert.deepEqual(names({ materials: MATERIALS }), FOUND);
  });

  test('of version 1 names them in another place', () => {
    assert.deepEqual(names({ buildDefinition: { resolvedDependencies: MATERIALS } }), FOUND);
  });

  test('is read out of its statement', () => {
    const statement = Buffer.from(JSON.stringify({ predicate: { materials: MATERIALS } }));
    assert.equal(imagesOfStatement(statement).length, 2);
    assert.throws(() => imagesOfStatement(Buffer.from('{')), FormatError);
  });

  test('without a digest says of nothing what it was', () => {
    for (const digest of [undefined, {}, { sha256: 'short' }, { sha512: HEX }, 'x', null]) {
      assert.deepEqual(names({ materials: [{ uri: 'pkg:docker/node@22', digest }] }), []);
    }
  });

  test('that is none names nothing', () => {
    for (const predicate of [undefined, null, 'text', [], {}, { materials: {} }, { materials: [1, null, {}] }]) {
      assert.deepEqual(names(predicate), []);
    }
  });

  test('of no end is refused', () => {
    assert.throws(() => names({ materials: Array.from({ length: 10_001 }, () => ({})) }), FormatError);
  });
});
