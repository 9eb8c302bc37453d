import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { OCI_INDEX, OCI_MANIFEST } from '../../src/oci/media-types.ts';
import {
  compatiblePlatforms,
  formatPlatform,
  hostPlatform,
  parsePlatform,
  selectManifest,
} from '../../src/oci/platform.ts';

/** An index entry whose digest says which one it is. */
function entry(id: number, platform?: string, annotations?: Record<string, string>): Descriptor {
  const [os = '', architecture = '', variant] = platform?.split('/') ?? [];
  return {
    mediaType: OCI_MANIFEST,
    digest: `sha256:${String(id).padStart(64, '0')}`,
    size: 1,
    ...(annotations === undefined ? {} : { annotations }),
    ...(platform === undefined
      ? {}
      : { platform: { os, architecture, ...(variant === undefined ? {} : { variant }) } }),
  };
}

/** Which entry of a list a platform gets. */
function choose(platform: string, entries: Descriptor[]): number {
  const index = { kind: 'index', mediaType: OCI_INDEX, manifests: entries } as const;
  return Number(selectManifest(index, parsePlatform(platform)).digest.slice(-3));
}

describe('a platform', () => {
  const cases: [text: string, normal: string][] = [
    ['linux/amd64', 'linux/amd64'],
    ['amd64', 'linux/amd64'],
    ['x86_64', 'linux/amd64'],
    ['linux/aarch64', 'linux/arm64'],
    ['linux/arm64/v8', 'linux/arm64'],
    ['linux/arm64/8', 'linux/arm64'],
    ['linux/arm64/v9', 'linux/arm64/v9'],
    ['linux/arm', 'linux/arm/v7'],
    ['linux/armhf', 'linux/arm/v7'],
    ['linux/armel', 'linux/arm/v6'],
    ['LINUX/ARM/V6', 'linux/arm/v6'],
    ['linux/amd64/v1', 'linux/amd64'],
    ['linux/amd64/v3', 'linux/amd64/v3'],
    ['linux/riscv64', 'linux/riscv64'],
    ['macos/arm64', 'darwin/arm64'],
  ];
  for (const [text, normal] of cases) {
    test(`${text} is ${normal}`, () => assert.equal(formatPlatform(parsePlatform(text)), normal));
  }

  for (const text of ['', '/', 'linux/', 'a/b/c/d', 'linux amd64', 'linux/amd64\n']) {
    test(`${JSON.stringify(text)} is none`, () => assert.throws(() => parsePlatform(text), { code: 'FORMAT' }));
  }

  test('of this machine is one that Go knows', () => {
    assert.match(
      formatPlatform(hostPlatform()),
      /^(linux|darwin)\/(amd64|386|arm64|arm\/v[5-7]|riscv64|ppc64le|s390x)$/,
    );
  });

  test('runs its older relatives, the closest first', () => {
    const relatives = (text: string): string[] => compatiblePlatforms(parsePlatform(text)).map(formatPlatform);
    assert.deepEqual(relatives('linux/arm/v7'), ['linux/arm/v7', 'linux/arm/v6', 'linux/arm/v5']);
    assert.deepEqual(relatives('linux/arm/v5'), ['linux/arm/v5']);
    const arm64 = ['linux/arm64', 'linux/arm/v8', 'linux/arm/v7', 'linux/arm/v6', 'linux/arm/v5'];
    assert.deepEqual(relatives('linux/arm64'), arm64);
    assert.deepEqual(relatives('linux/arm64/v9'), ['linux/arm64/v9', ...arm64]);
    assert.deepEqual(relatives('linux/amd64/v3'), ['linux/amd64/v3', 'linux/amd64/v2', 'linux/amd64', 'linux/386']);
    assert.deepEqual(relatives('linux/riscv64'), ['linux/riscv64']);
  });
});

describe('the choice from an index', () => {
  test('is the exact platform before a relative, whatever the order', () => {
    assert.equal(choose('linux/arm/v7', [entry(1, 'linux/arm/v6'), entry(2, 'linux/arm/v7')]), 2);
    assert.equal(choose('linux/amd64', [entry(1, 'linux/386'), entry(2, 'linux/amd64')]), 2);
    assert.equal(choose('linux/arm64', [entry(1, 'linux/arm/v7'), entry(2, 'linux/arm64/v8')]), 2);
  });

  test('is the closest relative when there is no exact one', () => {
    assert.equal(choose('linux/arm/v7', [entry(1, 'linux/arm/v5'), entry(2, 'linux/arm/v6')]), 2);
    assert.equal(choose('linux/amd64', [entry(1, 'linux/amd64/v3'), entry(2, 'linux/386')]), 2);
  });

  test('is the first of equals', () => {
    assert.equal(choose('linux/amd64', [entry(1, 'linux/amd64'), entry(2, 'linux/amd64')]), 1);
  });

  test('is never an attestation', () => {
    const attestation = entry(1, 'unknown/unknown');
    const annotated = entry(2, 'linux/amd64', { 'vnd.docker.reference.type': 'attestation-manifest' });
    assert.equal(choose('linux/amd64', [attestation, annotated, entry(3, 'linux/amd64')]), 3);
    assert.equal(choose('linux/amd64', [attestation, entry(3)]), 3);
    assert.throws(() => choose('linux/amd64', [attestation, annotated]), {
      code: 'NOT_FOUND',
      message: 'no image for linux/amd64; there is none at all',
    });
  });

  test('is an entry without a platform only when nothing else fits and there is one', () => {
    assert.equal(choose('linux/amd64', [entry(1), entry(2, 'linux/amd64')]), 2);
    assert.equal(choose('linux/amd64', [entry(1), entry(2, 'linux/arm64')]), 1);
    assert.throws(() => choose('linux/amd64', [entry(1), entry(2)]), { code: 'NOT_FOUND' });
  });

  test('fails with what there is', () => {
    assert.throws(() => choose('linux/s390x', [entry(1, 'linux/amd64'), entry(2, 'windows/amd64')]), {
      message: 'no image for linux/s390x; there is linux/amd64, windows/amd64',
    });
  });
});
