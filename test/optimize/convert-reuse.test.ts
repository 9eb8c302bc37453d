import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ImageSource } from '../../src/image/model.ts';
import { TOC_DIGEST } from '../../src/oci/annotations.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { OCI_LAYER_GZIP } from '../../src/oci/media-types.ts';
import { readWantedToc } from '../../src/optimize/convert-reuse.ts';
import type { RemoteBlob } from '../../src/registry/blob.ts';
import { file } from '../support/entries.ts';
import { buildEstargz, type BuildOptions, type BuiltLayer, type TocJson } from '../support/estargz.ts';

/** Whether a layer is as wanted, by the TOC digest that its annotation has. */
async function isWanted({ blob, digest, tocDigest }: BuiltLayer, promised = tocDigest): Promise<boolean> {
  const layer: Descriptor = {
    mediaType: OCI_LAYER_GZIP,
    digest,
    size: blob.length,
    annotations: { [TOC_DIGEST]: promised },
  };
  const remote: Partial<RemoteBlob> = {
    digest,
    size: blob.length,
    readTail: (length) => Promise.resolve({ bytes: blob.subarray(-length), blobSize: blob.length }),
    readRange: (start, end) => Promise.resolve(blob.subarray(start, end)),
  };
  const source: Partial<ImageSource> = { open: () => remote as RemoteBlob };
  return (await readWantedToc(layer, 'estargz', source as ImageSource)) !== undefined;
}

const build = (options: BuildOptions = {}): BuiltLayer => buildEstargz([file('a', 'content')], options);
const patched = (patch: (toc: TocJson) => void): BuiltLayer =>
  build({
    tocPatch: (toc) => {
      patch(toc);
      return toc;
    },
  });

suite('a layer that is eStargz already', () => {
  test('is as wanted when it can be pulled lazily', async () => {
    assert.equal(await isWanted(build()), true);
  });

  for (const [what, layer, promised] of [
    [
      'has chunks without digests',
      patched(({ entries: [only] }) => [delete only!['chunkDigest'], delete only!['digest']]),
    ],
    ['has a table of contents that no reader takes', patched(({ entries }) => (entries[0]!['offset'] = 1e9))],
    ['has another table of contents than promised', build(), build({ noPrefetchLandmark: true }).tocDigest],
    ['is older, of another form', build({ format: 'stargz' })],
  ] as const) {
    test(`is written anew when it ${what}`, async () => {
      assert.equal(await isWanted(layer, promised), false);
    });
  }
});
