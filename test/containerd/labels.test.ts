import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chainIds, parseDiffIds } from '../../src/containerd/image-config.ts';
import {
  indexLabels,
  manifestLabels,
  prepareLabels,
  promisesToc,
  snapshotRefLabels,
  sourceLabels,
} from '../../src/containerd/labels.ts';
import { FormatError } from '../../src/errors.ts';
import {
  CONTAINERS_MANIFEST_CHECKSUM,
  CONTAINERS_MANIFEST_POSITION,
  TOC_DIGEST,
  ZSTD_MANIFEST_CHECKSUM,
  ZSTD_MANIFEST_POSITION,
} from '../../src/oci/annotations.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { parseReference } from '../../src/oci/reference.ts';

const GZIP = 'application/vnd.oci.image.layer.v1.tar+gzip';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const digest = (text: string | number) => digestOf(Buffer.from(String(text)));
const layer = (text: string | number, annotations?: Record<string, string>): Descriptor => ({
  mediaType: GZIP,
  digest: digest(text),
  size: 1234,
  ...(annotations === undefined ? {} : { annotations }),
});
const prepare = (layers: Descriptor[], index: number): Readonly<Record<string, string>> =>
  prepareLabels({ ref: 'r.test/a:1', manifestDigest: digest('m'), layers, index, chainId: digest('chain') });

test('a layer is prepared with the labels of both generations of clients, from it upwards', () => {
  const layers = [layer('a'), layer('b', { [TOC_DIGEST]: digest('toc'), 'org.example': 'x' }), layer('c')];
  assert.deepEqual(prepare(layers, 1), {
    [TOC_DIGEST]: digest('toc'),
    'containerd.io/snapshot.ref': digest('chain'),
    'containerd.io/snapshot/remote/stargz.reference': 'r.test/a:1',
    'containerd.io/snapshot/remote/stargz.digest': digest('b'),
    'containerd.io/snapshot/remote/stargz.layers': `${digest('b')},${digest('c')}`,
    'containerd.io/snapshot/cri.image-ref': 'r.test/a:1',
    'containerd.io/snapshot/cri.layer-digest': digest('b'),
    'containerd.io/snapshot/cri.image-layers': `${digest('b')},${digest('c')}`,
    'containerd.io/snapshot/cri.manifest-digest': digest('m'),
    'containerd.io/snapshot/remote/lazypull.size': '1234',
  });
});

test('a list of layers stays below what containerd takes, and ends with a whole digest', () => {
  const layers = Array.from({ length: 100 }, (_, index) => layer(index));
  const labels = prepare(layers, 0);
  for (const [key, value] of Object.entries(labels)) assert.ok(key.length + value.length <= 4096, key);
  for (const key of ['containerd.io/snapshot/cri.image-layers', 'containerd.io/snapshot/remote/stargz.layers']) {
    const listed = labels[key]?.split(',') ?? [];
    assert.deepEqual(
      listed,
      layers.slice(0, listed.length).map((one) => one.digest),
    );
    // One more would have been too many.
    assert.ok(key.length + listed.join(',').length + 72 > 4096, String(listed.length));
  }
});

test('an annotation can neither replace our labels nor make one that containerd refuses', () => {
  const labels = prepare(
    [
      layer('a', {
        'containerd.io/snapshot/cri.image-ref': 'evil.test/x',
        'containerd.io/snapshot/long': 'x'.repeat(5000),
      }),
    ],
    0,
  );
  assert.equal(labels['containerd.io/snapshot/cri.image-ref'], 'r.test/a:1');
  assert.ok(!('containerd.io/snapshot/long' in labels));
});

const CHECKSUM_LABEL = 'containerd.io/snapshot/remote/lazypull.toc-checksum';
const TAIL_LABEL = 'containerd.io/snapshot/remote/lazypull.toc-tail';

test('what only annotations of containers/storage say goes into labels of our own', () => {
  const annotations = { [CONTAINERS_MANIFEST_CHECKSUM]: digest('z'), [CONTAINERS_MANIFEST_POSITION]: '1000:100:200:1' };
  const labels = prepare([layer('a', annotations)], 0);
  assert.equal(labels[CHECKSUM_LABEL], digest('z'));
  assert.equal(labels[TAIL_LABEL], '234');
  assert.ok(!(CONTAINERS_MANIFEST_CHECKSUM in labels));
});

test('a checksum beside a TOC digest is left out, and so is a position that lies', () => {
  const annotations = { [TOC_DIGEST]: digest('t'), [ZSTD_MANIFEST_CHECKSUM]: digest('z') };
  for (const position of ['1234:1:1:1', '-5:1:1:1', '12', '', '9999999999999999:1:1:1']) {
    const labels = prepare([layer('a', { ...annotations, [ZSTD_MANIFEST_POSITION]: position })], 0);
    assert.ok(!(CHECKSUM_LABEL in labels));
    assert.ok(!(TAIL_LABEL in labels), position);
  }
});

test('a layer promises a table of contents by each annotation, and not by a wrong one', () => {
  for (const key of [TOC_DIGEST, CONTAINERS_MANIFEST_CHECKSUM, ZSTD_MANIFEST_CHECKSUM, CHECKSUM_LABEL]) {
    assert.ok(promisesToc(layer('a', { [key]: digest('t') })), key);
    assert.ok(!promisesToc(layer('a', { [key]: '' })), key);
    assert.ok(!promisesToc(layer('a', { [key]: 'sha256:1' })), key);
  }
  assert.ok(!promisesToc(layer('a')));
});

test('content points to its children as containerd has it', () => {
  const config: Descriptor = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digest('c'), size: 1 };
  assert.deepEqual(manifestLabels({ kind: 'image', mediaType: MANIFEST, config, layers: [layer('a'), layer('b')] }), {
    'containerd.io/gc.ref.content.config': digest('c'),
    'containerd.io/gc.ref.content.l.0': digest('a'),
    'containerd.io/gc.ref.content.l.1': digest('b'),
  });
  const entry = { mediaType: MANIFEST, digest: digest('m'), size: 1 };
  assert.deepEqual(
    indexLabels({ kind: 'index', mediaType: 'i', manifests: [entry, { ...entry, mediaType: 'text/plain' }] }),
    {
      'containerd.io/gc.ref.content.m.0': digest('m'),
      'containerd.io/gc.ref.content.1': digest('m'),
    },
  );
  assert.deepEqual(snapshotRefLabels('stargz', digest('t')), { 'containerd.io/gc.ref.snapshot.stargz': digest('t') });
  assert.deepEqual(sourceLabels(parseReference('python:3')), {
    'containerd.io/distribution.source.docker.io': 'library/python',
  });
});

test('chain ids follow the image specification', () => {
  const [a, b, c] = ['a', 'b', 'c'].map(digest);
  assert.ok(a && b && c);
  const ab = digest(`${a} ${b}`);
  assert.deepEqual(chainIds([a, b, c]), [a, ab, digest(`${ab} ${c}`)]);
  assert.deepEqual(chainIds([]), []);
});

test('diff ids come from the config, and there is one for each layer', () => {
  const config = (rootfs: unknown): Buffer => Buffer.from(JSON.stringify({ rootfs }));
  assert.deepEqual(parseDiffIds(config({ diff_ids: [digest('a')] }), 1), [digest('a')]);
  for (const [bytes, message] of [
    [config({ diff_ids: [digest('a')] }), /1 diff ids for 2 layers/],
    [config({ diff_ids: [digest('a'), 'sha256:xyz'] }), /not a sha256 digest/],
    [config({ diff_ids: [digest('a'), 5] }), /no rootfs\.diff_ids/],
    [config(undefined), /no rootfs\.diff_ids/],
    [Buffer.from('null'), /no rootfs\.diff_ids/],
    [Buffer.from('{'), /not JSON/],
  ] as const)
    assert.throws(
      () => parseDiffIds(bytes, 2),
      (error) => error instanceof FormatError && message.test(error.message),
    );
});
