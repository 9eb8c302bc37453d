import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FormatError } from '../../src/errors.ts';
import { TOC_DIGEST } from '../../src/oci/annotations.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { digestOf } from '../../src/oci/digest.ts';
import {
  DOCKER_LAYER_GZIP,
  DOCKER_MANIFEST,
  OCI_CONFIG,
  OCI_LAYER_GZIP,
  OCI_MANIFEST,
} from '../../src/oci/media-types.ts';
import { rewriteIndex, rewriteManifest } from '../../src/optimize/convert-documents.ts';
import { digestNamed } from '../support/profiles.ts';
import { jsonOf, type Json } from './conversions.ts';

const SOURCE = { name: 'registry.test/app:1', digest: digestNamed('source'), annotations: {} };
const NO_CHANGES = new Map();
const MARK = { 'dev.lazypull.source.name': 'registry.test/app:1', 'dev.lazypull.source.digest': SOURCE.digest };

const blob = (name: string, mediaType: string, annotations?: Record<string, string>): Descriptor => {
  const facts = { mediaType, digest: digestNamed(name), size: name.length };
  return annotations === undefined ? facts : { ...facts, annotations };
};
const CONFIG = blob('new config', OCI_CONFIG);
const LAYER = blob('new layer', OCI_LAYER_GZIP, { [TOC_DIGEST]: 'new' });
const bytesOf = (document: object): Buffer => Buffer.from(JSON.stringify(document));

/** A manifest of one layer, with other fields. */
const manifestOf = (more: Json = {}, layer: Json = {}): Json => ({
  schemaVersion: 2,
  mediaType: OCI_MANIFEST,
  config: blob('config', OCI_CONFIG),
  layers: [{ ...blob('layer', OCI_LAYER_GZIP), ...layer }],
  ...more,
});

const rewritten = (manifest: Json, parts: Partial<Parameters<typeof rewriteManifest>[1]> = {}): Json => {
  const made = rewriteManifest(bytesOf(manifest), {
    config: CONFIG,
    layers: [LAYER],
    source: SOURCE,
    changes: NO_CHANGES,
    ...parts,
  });
  assert.equal(made.descriptor.digest, digestOf(made.bytes));
  assert.equal(made.descriptor.size, made.bytes.length);
  return jsonOf(made.bytes);
};

suite('a rewritten manifest', () => {
  test('names the new config and layers, and where it was converted from', () => {
    const before = manifestOf({ annotations: { kept: 'yes' }, unknown: [1] });
    const after = rewritten(before);
    assert.deepEqual(after, {
      ...before,
      config: CONFIG,
      layers: [LAYER],
      annotations: { kept: 'yes', ...MARK },
    });
    assert.deepEqual(Object.keys(after), Object.keys(before));
  });

  test('of a source without a name has its digest only, and forgets an earlier source', () => {
    const annotations = { 'dev.lazypull.source.name': 'old', 'dev.lazypull.source.digest': 'old' };
    const after = rewritten(manifestOf({ annotations }), { source: { ...SOURCE, name: undefined } });
    assert.deepEqual(after['annotations'], { 'dev.lazypull.source.digest': SOURCE.digest });
  });

  test('has the annotations that were asked for, in the place of older ones and never in that of its source', () => {
    const asked = { mine: 'new', 'dev.lazypull.source.digest': 'false' };
    const after = rewritten(manifestOf({ annotations: { mine: 'old', kept: 'yes' } }), {
      source: { ...SOURCE, annotations: asked },
    });
    assert.deepEqual(after['annotations'], { mine: 'new', kept: 'yes', ...MARK });
  });

  test('leaves the annotations of the base image alone', () => {
    const annotations = { 'org.opencontainers.image.base.name': 'b', 'org.opencontainers.image.base.digest': 'd' };
    assert.deepEqual(rewritten(manifestOf({ annotations }))['annotations'], { ...annotations, ...MARK });
  });

  test('of Docker becomes one of OCI', () => {
    const before = manifestOf({ mediaType: DOCKER_MANIFEST }, { mediaType: DOCKER_LAYER_GZIP });
    const after = rewritten(before);
    assert.equal(after['mediaType'], OCI_MANIFEST);
    assert.deepEqual(after['config'], CONFIG);
    assert.deepEqual(after['layers'], [LAYER]);
  });

  const stale = {
    [TOC_DIGEST]: 'old',
    'containerd.io/snapshot/remote/lazypull.toc-checksum': 'x',
    'io.containers.estargz.uncompressed-size': '1',
    'io.containers.zstd-chunked.manifest-checksum': 'x',
    'io.containers.zstd-chunked.manifest-position': 'x',
    'io.github.containers.zstd-chunked.manifest-checksum': 'x',
    'io.github.containers.zstd-chunked.tarsplit-position': 'x',
  };
  test('has of a new layer only its own annotations about the blob, and all others of the old one', () => {
    const after = rewritten(manifestOf({}, { annotations: { ...stale, kept: 'yes' } }));
    assert.deepEqual(after['layers'], [{ ...LAYER, annotations: { kept: 'yes', [TOC_DIGEST]: 'new' } }]);
  });

  test('has a layer that is as it was with all that was said of it', () => {
    const before = manifestOf({}, { annotations: { ...stale, kept: 'yes' }, urls: ['https://a.test'], other: 1 });
    const same = blob('layer', OCI_LAYER_GZIP);
    assert.deepEqual(rewritten(before, { layers: [same] })['layers'], before['layers']);
  });

  test('does not keep embedded or foreign content of what was replaced', () => {
    const before = manifestOf(
      { config: { ...blob('config', OCI_CONFIG), data: 'AA==', annotations: { a: 'b' } } },
      { data: 'AA==', urls: ['https://a.test'], unknown: true },
    );
    const after = rewritten(before);
    assert.deepEqual(after['config'], { ...CONFIG, annotations: { a: 'b' } });
    assert.deepEqual(after['layers'], [{ ...LAYER, unknown: true }]);
  });

  test('has a config that is as it was with all that was said of it, by its name in OCI', () => {
    const config = { ...blob('config', 'application/vnd.docker.container.image.v1+json'), data: 'AA==', urls: ['x'] };
    const after = rewritten(manifestOf({ config }), { config: blob('config', OCI_CONFIG) });
    assert.deepEqual(after['config'], { ...config, mediaType: OCI_CONFIG });
  });

  test('is about the new manifest when its subject became another one', () => {
    const subject = { ...blob('subject', OCI_MANIFEST), data: 'AA==', note: 1 };
    const to = blob('new subject', OCI_MANIFEST);
    const changes = new Map([[subject.digest, to]]);
    assert.deepEqual(rewritten(manifestOf({ subject }), { changes })['subject'], { ...to, note: 1 });
    assert.deepEqual(rewritten(manifestOf({ subject }))['subject'], subject);
  });

  test('that is too large for a registry is refused', () => {
    const annotations = { long: 'x'.repeat(4 << 20) };
    assert.throws(() => rewritten(manifestOf({ annotations })), FormatError);
  });
});

suite('a rewritten index', () => {
  const image = {
    ...blob('image', DOCKER_MANIFEST),
    platform: { os: 'linux', architecture: 'arm', 'os.version': '1' },
    annotations: { a: 'b' },
  };
  const attestation = {
    ...blob('attestation', OCI_MANIFEST),
    platform: { os: 'unknown', architecture: 'unknown' },
    annotations: {
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': image.digest,
      kept: 'yes',
    },
  };
  const other = { ...blob('other', OCI_MANIFEST), artifactType: 'x', data: 'AA==' };
  const index = {
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.list.v2+json',
    manifests: [image, attestation, other],
    annotations: { kept: 'yes' },
    unknown: {},
  };
  const to = blob('new image', OCI_MANIFEST);
  const changes = new Map([[image.digest, to]]);
  const rewrite = (kept: readonly number[]): Json =>
    jsonOf(rewriteIndex(bytesOf(index), { kept: new Set(kept), changes, source: SOURCE }).bytes);

  test('names the new manifest with all that the old one was described by, and its attestation follows', () => {
    assert.deepEqual(rewrite([0, 1, 2]), {
      ...index,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [
        { ...image, ...to },
        { ...attestation, annotations: { ...attestation.annotations, 'vnd.docker.reference.digest': to.digest } },
        other,
      ],
      annotations: { kept: 'yes', ...MARK },
    });
  });

  test('has only the entries that are kept', () => {
    assert.deepEqual(rewrite([2])['manifests'], [other]);
  });
});
