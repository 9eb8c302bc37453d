// The images of tests: built once, then the same files again.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildSmallImage } from './image-small.ts';
import { image, type ImageName } from './images.ts';
import { needs } from './needs.ts';
import { readLayout } from './oci-layout.ts';
import { run } from './run.ts';

test('the small image is the same bytes whenever it is built', { skip: needs('busybox') }, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-image-test-'));
  try {
    await buildSmallImage(dir);
    assert.deepEqual(
      readFileSync(join(dir, 'index.json')),
      readFileSync(join((await image('small')).layoutDir, 'index.json')),
    );
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('every blob of an image has the digest and size of its descriptor', { skip: needs('busybox') }, async () => {
  const { config, layers } = readLayout((await image('small')).layoutDir);
  assert.equal(layers.length, 3);
  for (const { path, digest, size } of [config, ...layers]) {
    const bytes = readFileSync(path);
    assert.equal(bytes.length, size);
    assert.equal(`sha256:${createHash('sha256').update(bytes).digest('hex')}`, digest);
  }
});

const conversions: [ImageName, string[]][] = [
  ['small-esgz', ['.no.prefetch.landmark', 'stargz.index.json']],
  ['small-esgz-chunked', ['.no.prefetch.landmark', 'stargz.index.json']],
  ['small-esgz-min-chunk', ['.no.prefetch.landmark', 'stargz.index.json']],
  ['small-esgz-optimized', ['.prefetch.landmark', 'stargz.index.json']],
];
for (const [name, expected] of conversions) {
  test(`${name} is eStargz with ${expected[0]}`, { skip: needs('root', 'ctr-remote', 'busybox', 'runc') }, async () => {
    const { layers } = readLayout((await image(name)).layoutDir);
    assert.equal(layers.length, 3);
    for (const { path, annotations } of layers.slice(0, 2)) {
      assert.match(annotations?.['containerd.io/snapshot/stargz/toc.digest'] ?? '', /^sha256:[0-9a-f]{64}$/);
      const { stdout } = await run('tar', ['-tzf', path]);
      const special = stdout.split('\n').filter((entry) => /landmark$|^stargz\.index/.test(entry));
      assert.deepEqual(special.sort(), expected);
    }
  });
}
