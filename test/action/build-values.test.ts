import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { buildValues, checkCacheRef } from '../../action/build-values.ts';

const REF = 'ghcr.io/org/app:buildcache';
const BUILDX = '0.36.1';
const FROM = `type=registry,ref=${REF}`;

/** `a=1,b=2` as buildx reads it. */
function fieldsOf(text: string): Record<string, string | undefined> {
  return Object.fromEntries(text.split(',').map((item) => item.split('=', 2) as [string, string?]));
}

suite('values for docker/build-push-action', () => {
  const image = { type: 'image', 'oci-mediatypes': 'true', compression: 'estargz' };

  test('the image is eStargz, and whether it is pushed is for the build to say', () => {
    for (const engine of ['buildkit', 'containerd', undefined] as const) {
      assert.deepEqual(fieldsOf(buildValues(engine, BUILDX, '').outputs), image);
    }
    assert.deepEqual(fieldsOf(buildValues('docker', BUILDX, '').outputs), { ...image, store: 'false' });
  });

  for (const [buildx, isDirect] of [
    ['0.21.3', false],
    ['0.13.1+ds1', false],
    ['unknown', false],
    [undefined, false],
    ['0.22.0', true],
    ['v0.36.1', true],
    ['1.0.0', true],
  ] as const) {
    test(`docker: with buildx ${buildx} the result is ${isDirect ? 'not ' : ''}stored, from where it would be pushed`, () => {
      assert.equal(fieldsOf(buildValues('docker', buildx, '').outputs)['store'], isDirect ? 'false' : undefined);
    });
  }

  for (const engine of ['docker', 'buildkit'] as const) {
    test(`${engine}: the cache is of all stages, as they are compressed already, and fails no build`, () => {
      const { cacheFrom, cacheTo } = buildValues(engine, BUILDX, REF);
      assert.equal(cacheFrom, FROM);
      assert.deepEqual(fieldsOf(cacheTo), {
        type: 'registry',
        ref: REF,
        mode: 'max',
        'oci-mediatypes': 'true',
        'image-manifest': 'true',
        'ignore-error': 'true',
      });
    });
  }

  test('a builder that we have not set up is not told to export a cache: it could fail the build', () => {
    for (const engine of ['containerd', undefined] as const) {
      const { cacheFrom, cacheTo } = buildValues(engine, BUILDX, REF);
      assert.deepEqual([cacheFrom, cacheTo], [FROM, '']);
    }
  });

  test('without a reference there is no cache', () => {
    const { cacheFrom, cacheTo } = buildValues('docker', BUILDX, '');
    assert.deepEqual([cacheFrom, cacheTo], ['', '']);
  });
});

suite('the reference of a cache', () => {
  for (const text of ['', REF, 'registry.test:5000/x/y:c', 'org/app:cache']) {
    test(`${JSON.stringify(text)} is one`, () => assert.equal(checkCacheRef(text), text));
  }
  for (const text of ['ghcr.io/org/app', `${REF}@sha256:${'1'.repeat(64)}`, 'a:b,type=local', 'A B']) {
    test(`${JSON.stringify(text)} is none`, () => {
      assert.throws(() => checkCacheRef(text), { code: 'CONFIG', message: /input 'cache-ref': [^]*:buildcache/ });
    });
  }
});
