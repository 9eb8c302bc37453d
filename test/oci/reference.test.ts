import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { familiarReference, formatReference, manifestReference, parseReference } from '../../src/oci/reference.ts';

const HEX = 'a'.repeat(64);
const DIGEST = `sha256:${HEX}`;

describe('a reference', () => {
  const good: [text: string, full: string, familiar: string, manifest: string][] = [
    ['python', 'docker.io/library/python', 'python', 'latest'],
    ['python:3.12', 'docker.io/library/python:3.12', 'python:3.12', '3.12'],
    ['docker.io/python', 'docker.io/library/python', 'python', 'latest'],
    ['index.docker.io/a/b', 'docker.io/a/b', 'a/b', 'latest'],
    ['docker.io/library/python:3', 'docker.io/library/python:3', 'python:3', '3'],
    ['grafana/grafana', 'docker.io/grafana/grafana', 'grafana/grafana', 'latest'],
    ['ghcr.io/a/b/c:v1', 'ghcr.io/a/b/c:v1', 'ghcr.io/a/b/c:v1', 'v1'],
    ['localhost/a', 'localhost/a', 'localhost/a', 'latest'],
    ['localhost:5000/a', 'localhost:5000/a', 'localhost:5000/a', 'latest'],
    ['reg:5000/a:b', 'reg:5000/a:b', 'reg:5000/a:b', 'b'],
    ['[::1]:5000/a', '[::1]:5000/a', '[::1]:5000/a', 'latest'],
    ['Upper/a', 'Upper/a', 'Upper/a', 'latest'],
    ['a__b/c-.d'.replace('-.', '--'), 'docker.io/a__b/c--d', 'a__b/c--d', 'latest'],
    [`python@${DIGEST}`, `docker.io/library/python@${DIGEST}`, `python@${DIGEST}`, DIGEST],
    [`r.io/a:t@${DIGEST}`, `r.io/a:t@${DIGEST}`, `r.io/a:t@${DIGEST}`, DIGEST],
    ['docker.io/library/localhost/x', 'docker.io/library/localhost/x', 'library/localhost/x', 'latest'],
    ['docker.io/library/a/b', 'docker.io/library/a/b', 'library/a/b', 'latest'],
  ];
  for (const [text, full, familiar, manifest] of good) {
    test(`${text} is ${full}`, () => {
      const reference = parseReference(text);
      assert.equal(formatReference(reference), full);
      assert.equal(familiarReference(reference), familiar);
      assert.equal(manifestReference(reference), manifest);
      assert.deepEqual(parseReference(full), reference);
      assert.deepEqual(parseReference(familiar), reference);
    });
  }

  const bad = [
    '',
    ':',
    '@',
    'a:',
    'a@',
    'a b',
    'A',
    'a/B',
    '/a',
    'a/',
    'a//b',
    'r.io/',
    'r.io//a',
    'r.io:/a',
    'r.io:123456/a',
    'r.io:x/a',
    '-r.io/a',
    'a..b/c',
    '../a',
    'r.io/../a',
    'a/.b',
    'a:-x',
    `a:${'x'.repeat(129)}`,
    `r.io/${'x'.repeat(255)}`,
    'a@sha256:123',
    `a@sha512:${'a'.repeat(128)}`,
    `a@${DIGEST.toUpperCase()}`,
    `a@${DIGEST}@${DIGEST}`,
    'user:password@r.io/a',
    'https://r.io/a',
    HEX,
    'a\n',
    'r.io/a?b',
    'r.io/a#b',
    'r.io/a%2f',
  ];
  for (const text of bad) {
    test(`${JSON.stringify(text)} is none`, () => assert.throws(() => parseReference(text), { code: 'FORMAT' }));
  }

  test('of any parts comes back from each of its forms', () => {
    const label = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const path = fc.array(fc.stringMatching(/^[a-z0-9]+((\.|_|__|-)[a-z0-9]+){0,2}$/), { minLength: 1, maxLength: 3 });
    const registry = fc.oneof(
      fc.constantFrom('docker.io', 'localhost', 'localhost:5000', '[::1]:80'),
      fc.tuple(label, label).map(([a, b]) => `${a}.${b}`),
    );
    const tag = fc.option(fc.stringMatching(/^\w[\w.-]{0,20}$/), { nil: undefined });
    fc.assert(
      fc.property(registry, path, tag, fc.boolean(), (registry, path, tag, hasDigest) => {
        const repository = registry === 'docker.io' && path.length === 1 ? `library/${path[0]}` : path.join('/');
        fc.pre(repository.length < 200);
        const reference = {
          registry,
          repository,
          ...(tag === undefined ? {} : { tag }),
          ...(hasDigest ? { digest: `sha256:${HEX}` as const } : {}),
        };
        assert.deepEqual(parseReference(formatReference(reference)), reference);
        assert.deepEqual(parseReference(familiarReference(reference)), reference);
      }),
    );
  });

  test('of any text is parsed or refused, and never names another host than it shows', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'B', '.', '/', ':', '@', '_', '-', '1', '[', ']') }),
        (text) => {
          let full: string;
          try {
            full = formatReference(parseReference(text));
          } catch (error) {
            assert.equal((error as { code: string }).code, 'FORMAT');
            return;
          }
          const host = full.slice(0, full.indexOf('/'));
          assert.ok(host === 'docker.io' || text.startsWith(`${host}/`));
          assert.equal(new URL(`https://${host}`).username, '');
        },
      ),
      { numRuns: 500 },
    );
  });
});
