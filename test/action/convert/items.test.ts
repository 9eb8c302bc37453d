import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { planItems } from '../../../action/convert/items.ts';
import { UserError } from '../../../src/errors.ts';
import { formatReference } from '../../../src/oci/reference.ts';

const RULE = { to: 'ghcr.io/acme/mirror', suffix: '-esgz' };
const DIGEST = `sha256:${'0a'.repeat(32)}`;

const pairOf = (text: string, rule = RULE): string[] =>
  planItems([text], rule).flatMap(({ source, destination }) => [formatReference(source), formatReference(destination)]);

suite('where an image goes', () => {
  for (const [title, text, source, destination] of [
    ['official images lose library/', 'python:3.12', 'docker.io/library/python:3.12', 'python:3.12-esgz'],
    ['others keep their owner', 'grafana/grafana:11', 'docker.io/grafana/grafana:11', 'grafana/grafana:11-esgz'],
    ['registries are left out', 'quay.io/a/b/c:1', 'quay.io/a/b/c:1', 'a/b/c:1-esgz'],
    ['library/ of others is a name', 'quay.io/library/a:1', 'quay.io/library/a:1', 'library/a:1-esgz'],
    ['no tag is latest', 'alpine', 'docker.io/library/alpine:latest', 'alpine:latest-esgz'],
    ['a digest is kept, and the tag names the copy', `a:1@${DIGEST}`, `docker.io/library/a:1@${DIGEST}`, 'a:1-esgz'],
  ] as const) {
    test(title, () => assert.deepEqual(pairOf(text), [source, `ghcr.io/acme/mirror/${destination}`]));
  }

  test('a DST that is written wins over the rule, suffix included', () => {
    assert.deepEqual(pairOf('python:3 -> r.test/py'), ['docker.io/library/python:3', 'r.test/py:latest']);
    assert.deepEqual(pairOf('python:3->r.test/py:x', { to: '', suffix: '-s' })[1], 'r.test/py:x');
    assert.deepEqual(pairOf(`a@${DIGEST} -> r.test/a:1`)[0], `docker.io/library/a@${DIGEST}`);
  });

  test("owners may have capitals, images don't", () => {
    assert.equal(pairOf('alpine:3', { to: 'ghcr.io/Acme-Corp/', suffix: '' })[1], 'ghcr.io/acme-corp/alpine:3');
  });
});

suite('a list of images is refused', () => {
  for (const [title, texts, rule, message] of [
    ['that is empty', [], RULE, /'images' is empty/],
    ['with two arrows', ['a -> b -> c'], RULE, /got 'a -> b -> c'/],
    ['with an arrow to nothing', ['a ->'], RULE, /reference/],
    ['with something else', ['UPPER CASE'], RULE, /Write REGISTRY\/NAME:TAG/],
    ['without a place to go', ['alpine:3'], { to: '', suffix: '' }, /alpine:3 has no destination/],
    ['that would write an image over itself', ['r.test/a:1 -> r.test/a:1'], RULE, /over itself/],
    ['that means two images by one name', ['docker.io/x/y:1', 'quay.io/x/y:1'], RULE, /both become .*x\/y:1-esgz/],
    ['with a digest alone and no name', [`a@${DIGEST}`], RULE, /no tag to name the copy by/],
    ['with a digest as DST', [`a:1 -> r.test/a@${DIGEST}`], RULE, /has a digest/],
  ] as const) {
    test(title, () => {
      assert.throws(
        () => planItems(texts, rule),
        (error) => {
          assert.ok(error instanceof UserError);
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }
});
