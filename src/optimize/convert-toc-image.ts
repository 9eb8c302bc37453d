// The image of the external TOCs, REF-esgztoc: for each layer of the image proper a small one with its table of contents,
// found by its annotation. https://github.com/containerd/stargz-snapshotter/blob/main/docs/external-toc.md
import type { WrittenLayer } from '../build/model.ts';
import type { ImageTarget } from '../image/model.ts';
import { digestOf } from '../oci/digest.ts';
import { OCI_CONFIG, OCI_MANIFEST } from '../oci/media-types.ts';
import { encodeDocument, type EncodedDocument } from './convert-documents.ts';

export type ExternalToc = NonNullable<WrittenLayer['externalToc']>;

/** As the reference has it: a container image in name only. */
const EMPTY_CONFIG = Buffer.from('{}');

/** Writes the image, but does not name it. @returns its manifest, for `finish`. */
export async function writeTocImage(
  tocs: readonly ExternalToc[],
  target: ImageTarget,
  signal: AbortSignal,
): Promise<EncodedDocument> {
  // Two layers may have the same TOC, and one layer may have come twice.
  const keyed = new Map(tocs.map((toc) => [JSON.stringify(toc.descriptor), toc] as const));
  const layers = [...keyed.values()].toSorted((a, b) => compare(sortKey(a), sortKey(b)));
  const config = { mediaType: OCI_CONFIG, digest: digestOf(EMPTY_CONFIG), size: EMPTY_CONFIG.length };
  for (const { descriptor, bytes } of [{ descriptor: config, bytes: EMPTY_CONFIG }, ...layers]) {
    if (await target.has(descriptor, undefined, signal)) continue;
    const open = async function* (offset: number): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(offset);
    };
    await target.putBlob(descriptor, open, {}, signal);
  }
  return encodeDocument(OCI_MANIFEST, { config, layers: layers.map(({ descriptor }) => descriptor) });
}

function sortKey({ descriptor }: ExternalToc): string {
  return `${descriptor.digest} ${JSON.stringify(descriptor.annotations)}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
