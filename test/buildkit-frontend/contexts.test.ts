import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { replaceImages, type FindVariant } from '../../buildkit-frontend/contexts.ts';
import { imagesOf } from '../../src/dockerfile/images.ts';
import type { ImagesOptions } from '../../src/dockerfile/model.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { formatPlatform, parsePlatform } from '../../src/oci/platform.ts';
import type { NoVariantReason } from '../../src/variants/model.ts';

const digest = digestOf(Buffer.from('variant'));
const amd64 = parsePlatform('linux/amd64');
const arm64 = parsePlatform('linux/arm64');

/** Finds a variant for everything, and records for what it was asked. */
function finder(asked: string[] = []): FindVariant {
  return async (reference, platform) => {
    asked.push(`${reference} ${formatPlatform(platform)}`);
    return { status: 'found', reference: `mirror/x:1@${digest}`, digest, source: digest, missing: [] };
  };
}

function images(text: string, options: Partial<ImagesOptions> = {}) {
  return imagesOf(text, { platform: amd64, ...options });
}

suite('images that are replaced', () => {
  test('have a context by the name and the platform that BuildKit looks for', async () => {
    const text =
      'FROM docker.io/library/node:22 AS a\nFROM ghcr.io/o/tool\nCOPY --from=a / /\nCOPY --from=alpine:latest / /\n';
    const { contexts, notes } = await replaceImages([images(text), images(text, { platform: arm64 })], finder());
    const to = `docker-image://mirror/x:1@${digest}`;
    assert.deepEqual(contexts, {
      'context:node:22::linux/amd64': to,
      'context:ghcr.io/o/tool::linux/amd64': to,
      'context:alpine::linux/amd64': to,
      'context:node:22::linux/arm64': to,
      'context:ghcr.io/o/tool::linux/arm64': to,
      'context:alpine::linux/arm64': to,
    });
    assert.deepEqual(notes, []);
  });

  test('are asked for once, however they are written', async () => {
    const asked: string[] = [];
    const text = 'FROM node\nFROM node:latest\nFROM docker.io/library/node\nCOPY --from=0 / /\nCOPY --from=1 / /\n';
    await replaceImages([images(text)], finder(asked));
    assert.deepEqual(asked, ['node linux/amd64']);
  });

  test('are not those of ONBUILD, which are for other builds', async () => {
    const text = 'FROM node\nONBUILD COPY --from=alpine / /\n';
    const { contexts } = await replaceImages([images(text)], finder());
    assert.deepEqual(Object.keys(contexts), ['context:node::linux/amd64']);
  });

  test('are not replaced where a stage has their name, since BuildKit would replace the stage', async () => {
    const { contexts, notes } = await replaceImages([images('FROM node AS Node\nRUN true\n')], finder());
    assert.deepEqual(contexts, {});
    assert.equal(notes.length, 1);
    assert.equal(notes[0]?.line, 1);
    assert.match(notes[0].text, /^node is not pulled lazily: a stage has the same name$/);
    const tagged = await replaceImages([images('FROM node:22 AS node\nRUN true\n')], finder());
    assert.deepEqual(Object.keys(tagged.contexts), ['context:node:22::linux/amd64']);
  });
});

suite('images that are not replaced', () => {
  const without =
    (reason: NoVariantReason): FindVariant =>
    async () => ({ status: 'none', reason, message: 'why' });

  for (const reason of ['absent', 'stale', 'unmarked', 'not-lazy', 'platform', 'failed'] as const) {
    test(`have a note with their line: ${reason}`, async () => {
      const text = '# comment\nFROM node:22\n';
      const platforms = [images(text), images(text, { platform: arm64 })];
      const { contexts, notes } = await replaceImages(platforms, without(reason));
      assert.deepEqual(contexts, {});
      assert.deepEqual(notes, [{ line: 2, text: 'node:22 is not pulled lazily: why', details: [] }]);
    });
  }

  test('need no note when no rule is about them, or they are lazily pullable themselves', async () => {
    const silent = await replaceImages([images('FROM node:22\n')], without('no-rule'));
    assert.deepEqual(silent, { contexts: {}, notes: [] });
    const lazy = await replaceImages([images('FROM node:22\n')], async () => ({ status: 'lazy', source: digest }));
    assert.deepEqual(lazy, { contexts: {}, notes: [] });
  });

  test('have a note where nobody can tell which they are', async () => {
    const { notes } = await replaceImages([images('FROM node:22\nCOPY --from=NOT_A_NAME! / /\n')], finder());
    assert.deepEqual(
      notes.map(({ line }) => line),
      [2],
    );
  });
});
