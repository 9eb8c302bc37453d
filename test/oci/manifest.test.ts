import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { parseDescriptor } from '../../src/oci/descriptor.ts';
import { digestHex, digestOf, isDigest, parseDigest } from '../../src/oci/digest.ts';
import { parseManifest } from '../../src/oci/manifest.ts';
import {
  DOCKER_LAYER_GZIP,
  DOCKER_LIST,
  DOCKER_MANIFEST,
  layerCompression,
  OCI_CONFIG,
  OCI_INDEX,
  OCI_LAYER_GZIP,
  OCI_MANIFEST,
} from '../../src/oci/media-types.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;
const CONFIG = { mediaType: OCI_CONFIG, digest: DIGEST, size: 10 };
const LAYER = { mediaType: OCI_LAYER_GZIP, digest: DIGEST, size: 20, annotations: { key: 'value' } };
const IMAGE = { schemaVersion: 2, mediaType: OCI_MANIFEST, config: CONFIG, layers: [LAYER, LAYER] };
const ENTRY = {
  mediaType: OCI_MANIFEST,
  digest: DIGEST,
  size: 5,
  platform: { os: 'linux', architecture: 'arm', variant: 'v7' },
};
const INDEX = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [ENTRY] };

const encode = (document: unknown): Buffer => Buffer.from(JSON.stringify(document));

describe('a manifest', () => {
  test('is an image with all its fields', () => {
    const document = { ...IMAGE, artifactType: 'a/b', annotations: { a: 'b' }, subject: CONFIG };
    assert.deepEqual(structuredClone(parseManifest(encode(document))), {
      kind: 'image',
      mediaType: OCI_MANIFEST,
      config: CONFIG,
      layers: [LAYER, LAYER],
      artifactType: 'a/b',
      annotations: { a: 'b' },
      subject: CONFIG,
    });
  });

  test('is an index with its platforms', () => {
    assert.deepEqual(parseManifest(encode(INDEX)), { kind: 'index', mediaType: OCI_INDEX, manifests: [ENTRY] });
  });

  const types: [title: string, document: object, contentType: string | undefined, mediaType: string][] = [
    ["Docker's", { ...IMAGE, mediaType: DOCKER_MANIFEST }, DOCKER_MANIFEST, DOCKER_MANIFEST],
    ["Docker's list", { ...INDEX, mediaType: DOCKER_LIST }, undefined, DOCKER_LIST],
    ['without a type of its own', { ...IMAGE, mediaType: undefined }, `${OCI_MANIFEST}; charset=utf-8`, OCI_MANIFEST],
    ['without any type', { ...IMAGE, mediaType: undefined }, undefined, OCI_MANIFEST],
    ['an index without any type', { ...INDEX, mediaType: undefined }, 'application/json', OCI_INDEX],
    ['served as JSON', IMAGE, 'application/json', OCI_MANIFEST],
  ];
  for (const [title, document, contentType, mediaType] of types) {
    test(`has a media type: ${title}`, () => {
      assert.equal(parseManifest(encode(document), contentType).mediaType, mediaType);
    });
  }

  const bad: [title: string, document: unknown, contentType: string | undefined, code: string][] = [
    ['no object', [], undefined, 'FORMAT'],
    ['both an index and an image', { ...INDEX, ...IMAGE }, undefined, 'FORMAT'],
    ['both, with an empty list', { ...IMAGE, manifests: [] }, undefined, 'FORMAT'],
    ['of two types', IMAGE, DOCKER_MANIFEST, 'FORMAT'],
    ['called an index', { ...IMAGE, mediaType: OCI_INDEX }, undefined, 'FORMAT'],
    ['an index called an image', INDEX, OCI_MANIFEST, 'FORMAT'],
    ['of schema 1', { schemaVersion: 1, fsLayers: [] }, undefined, 'UNSUPPORTED'],
    ['of an unknown type', { ...IMAGE, mediaType: 'text/plain' }, undefined, 'UNSUPPORTED'],
    ['of schema 3', { ...IMAGE, schemaVersion: 3 }, undefined, 'FORMAT'],
    ['without config', { ...IMAGE, config: undefined }, undefined, 'FORMAT'],
    ['without layers', { ...IMAGE, layers: undefined }, undefined, 'FORMAT'],
    ['with layers that are no list', { ...IMAGE, layers: {} }, undefined, 'FORMAT'],
    [
      'with a thousand and one layers',
      { ...IMAGE, layers: Array.from({ length: 1001 }, () => LAYER) },
      undefined,
      'FORMAT',
    ],
    ['with a layer that is null', { ...IMAGE, layers: [null] }, undefined, 'FORMAT'],
    ['with a platform that is a text', { ...INDEX, manifests: [{ ...ENTRY, platform: 'linux' }] }, undefined, 'FORMAT'],
  ];
  for (const [title, document, contentType, code] of bad) {
    test(`is refused: ${title}`, () => assert.throws(() => parseManifest(encode(document), contentType), { code }));
  }

  test('is refused when it is no JSON, no UTF-8, or too long', () => {
    assert.throws(() => parseManifest(Buffer.from('{')), { code: 'FORMAT' });
    assert.throws(() => parseManifest(Buffer.from([0x22, 0xff, 0x22])), { code: 'FORMAT' });
    assert.throws(() => parseManifest(Buffer.alloc((4 << 20) + 1, ' ')), { code: 'FORMAT' });
  });

  test('of any JSON is parsed or refused with an error of ours', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('layers', 'config', 'manifests', 'mediaType'), (value, key) => {
        try {
          parseManifest(encode({ ...IMAGE, [key]: value }));
        } catch (error) {
          assert.ok(['FORMAT', 'UNSUPPORTED'].includes((error as { code: string }).code), String(error));
        }
      }),
    );
  });
});

describe('a descriptor', () => {
  const bad: [title: string, fields: object][] = [
    ['no media type', { mediaType: '' }],
    ['no digest', { digest: undefined }],
    ['a short digest', { digest: 'sha256:00' }],
    ['a digest in capitals', { digest: `sha256:${'A'.repeat(64)}` }],
    ['a negative size', { size: -1 }],
    ['a size that is no integer', { size: 1.5 }],
    ['a size that no number holds', { size: 2 ** 53 }],
    ['a size that is a text', { size: '10' }],
    ['an annotation that is a number', { annotations: { a: 1 } }],
    ['annotations that are a list', { annotations: ['a'] }],
  ];
  for (const [title, fields] of bad) {
    test(`is refused with ${title}, saying where`, () => {
      assert.throws(() => parseDescriptor({ ...CONFIG, ...fields }, 'layers[3]'), { code: 'FORMAT' });
    });
  }

  test('may have null where Go writes it', () => {
    assert.deepEqual(parseDescriptor({ ...CONFIG, annotations: null, platform: null }, 'x'), CONFIG);
  });

  test('has annotations that no prototype shines through', () => {
    const text = `{"mediaType":"a","digest":"${DIGEST}","size":1,"annotations":{"__proto__":"x","a":"b"}}`;
    const { annotations } = parseDescriptor(JSON.parse(text), 'x');
    assert.deepEqual(Object.entries(annotations ?? {}), [
      ['__proto__', 'x'],
      ['a', 'b'],
    ]);
    assert.equal(annotations?.['toString'], undefined);
  });
});

describe('a layer media type', () => {
  const cases: [mediaType: string, compression: ReturnType<typeof layerCompression>][] = [
    [OCI_LAYER_GZIP, 'gzip'],
    [DOCKER_LAYER_GZIP, 'gzip'],
    ['application/vnd.oci.image.layer.v1.tar+zstd', 'zstd'],
    ['application/vnd.docker.image.rootfs.diff.tar.zstd', 'zstd'],
    ['application/vnd.oci.image.layer.v1.tar', 'none'],
    ['application/vnd.docker.image.rootfs.diff.tar', 'none'],
    ['application/vnd.oci.image.layer.nondistributable.v1.tar+gzip', 'gzip'],
    ['application/vnd.docker.image.rootfs.foreign.diff.tar.gzip', 'gzip'],
    ['application/vnd.oci.image.layer.v1.tar+gzip+encrypted', undefined],
    ['application/vnd.in-toto+json', undefined],
    [OCI_CONFIG, undefined],
  ];
  for (const [mediaType, compression] of cases) {
    test(`${mediaType} is ${compression}`, () => assert.equal(layerCompression(mediaType), compression));
  }
});

describe('a digest', () => {
  test('is that of the bytes', () => {
    const digest = digestOf(Buffer.from('hello world'));
    assert.equal(digest, 'sha256:b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9');
    assert.equal(parseDigest(digest), digest);
    assert.equal(digestHex(digest), digest.slice(7));
  });

  for (const text of [
    '',
    'sha256:',
    DIGEST.slice(1),
    `${DIGEST}0`,
    `${DIGEST}\n`,
    DIGEST.replace('sha256', 'sha512'),
  ]) {
    test(`is not ${JSON.stringify(text)}`, () => {
      assert.equal(isDigest(text), false);
      assert.throws(() => parseDigest(text), { code: 'FORMAT' });
    });
  }
});
