// Indexes that name each other without an end: every walk over them has one.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FormatError } from '../../src/errors.ts';
import type { ImageDocument, ImageSource } from '../../src/image/model.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { parseManifest } from '../../src/oci/manifest.ts';
import { OCI_INDEX } from '../../src/oci/media-types.ts';
import { planConversion } from '../../src/optimize/convert-plan.ts';
import { selectImages } from '../../src/optimize/inspect-select.ts';
import { openPlatformImage } from '../../src/optimize/platform-image.ts';

const PLATFORM = { os: 'linux', architecture: 'amd64' };

/** An index of `width` indexes of `width` indexes, and so on for `levels`. Counts what is asked for. */
class Wide implements Partial<ImageSource> {
  readonly name = 'wide';
  readonly reference = undefined;
  asked = 0;
  readonly #documents = new Map<string, ImageDocument>();
  readonly #root: ImageDocument;

  constructor(width: number, levels: number) {
    let manifests: object[] = [];
    for (let level = 0; level < levels; level++) {
      const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }));
      const descriptor = { mediaType: OCI_INDEX, digest: digestOf(bytes), size: bytes.length };
      this.#documents.set(descriptor.digest, { descriptor, bytes, manifest: parseManifest(bytes, OCI_INDEX) });
      manifests = Array.from({ length: width }, () => ({ ...descriptor, platform: PLATFORM }));
    }
    this.#root = [...this.#documents.values()].at(-1)!;
  }

  root = (): Promise<ImageDocument> => Promise.resolve(this.#root);

  document = ({ digest }: { readonly digest: string }): Promise<ImageDocument> => {
    this.asked++;
    return Promise.resolve(this.#documents.get(digest)!);
  };
}

suite('indexes that name more than any image has are refused', () => {
  const walks: readonly (readonly [string, (source: ImageSource) => Promise<unknown>])[] = [
    ['convert', (source) => planConversion(source, undefined)],
    ['inspect and verify', (source) => selectImages(source, 'all')],
    ['optimize', (source) => openPlatformImage(source, PLATFORM)],
  ];
  for (const [who, walk] of walks) {
    test(`by ${who}, in depth`, async () => {
      const source = new Wide(1, 10);
      await assert.rejects(
        walk(source as unknown as ImageSource),
        (error) => error instanceof FormatError && /indexes that name indexes/.test(error.message),
      );
      assert.ok(source.asked <= 4, `${source.asked}`);
    });
  }
  for (const [who, walk] of walks.slice(0, 2)) {
    test(`by ${who}, in width`, async () => {
      const source = new Wide(40, 4);
      await assert.rejects(
        walk(source as unknown as ImageSource),
        (error) => error instanceof FormatError && /more than 1000 documents/.test(error.message),
      );
      assert.ok(source.asked <= 1000, `${source.asked}`);
    });
    test(`by ${who}, but not what an image may have`, async () => {
      const source = new Wide(30, 3);
      await walk(source as unknown as ImageSource);
      assert.equal(source.asked, 930);
    });
  }
});
