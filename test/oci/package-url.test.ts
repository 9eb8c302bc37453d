// Package URLs of images, as BuildKit writes them.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseImageUrl } from '../../src/oci/package-url.ts';
import { formatReference } from '../../src/oci/reference.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const ESCAPED = DIGEST.replace(':', '%3A');
const AMD64 = { os: 'linux', architecture: 'amd64' };

suite('the package URL of an image', () => {
  const cases: readonly [url: string, reference: string, platform: object | undefined][] = [
    ['pkg:docker/node@22?platform=linux%2Famd64', 'docker.io/library/node:22', AMD64],
    ['pkg:docker/org/app@1', 'docker.io/org/app:1', undefined],
    ['pkg:docker/ghcr.io/org/app@1.2', 'ghcr.io/org/app:1.2', undefined],
    ['pkg:docker/127.0.0.1%3A5000/team/base@latest', '127.0.0.1:5000/team/base:latest', undefined],
    ['pkg:docker/registry.test:5000/base@1', 'registry.test:5000/base:1', undefined],
    [`pkg:docker/node@22?digest=${ESCAPED}&platform=linux%2Famd64`, `docker.io/library/node:22@${DIGEST}`, AMD64],
    [`pkg:docker/node?digest=${ESCAPED}`, `docker.io/library/node@${DIGEST}`, undefined],
    [`pkg:docker/node@${ESCAPED}`, `docker.io/library/node@${DIGEST}`, undefined],
    ['pkg:docker/node@22#sub/path', 'docker.io/library/node:22', undefined],
  ];
  for (const [url, reference, platform] of cases) {
    test(`${url} is ${reference}`, () => {
      const found = parseImageUrl(url);
      assert.equal(found && formatReference(found.reference), reference);
      assert.deepEqual(found?.platform, platform);
    });
  }

  for (const url of [
    'pkg:npm/node@22',
    'pkg:docker/',
    'pkg:docker/Node@22',
    'pkg:docker/node@%zz',
    'pkg:docker/node?digest=sha256:short',
    'pkg:docker/node@22?platform=%2F',
    'https://github.com/org/app.git#main',
    `pkg:docker/${'a'.repeat(5000)}`,
    '',
  ]) {
    test(`${JSON.stringify(url.slice(0, 60))} is none`, () => assert.equal(parseImageUrl(url), undefined));
  }
});
