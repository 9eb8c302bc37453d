// manifest.json beside an OCI layout, as `docker save` writes it since version 25: old `docker load`s read that one.
// It can name one image for one platform only.
import { LazypullError } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { digestHex, type Digest } from '../oci/digest.ts';
import { parseManifest, type ImageManifest } from '../oci/manifest.ts';
import { hostPlatform, isRunnable, selectManifest } from '../oci/platform.ts';
import { familiarReference, type ImageReference } from '../oci/reference.ts';

const MAX_INDEX_DEPTH = 3;

/** Reads a document that was written before; undefined when it was not. */
export type ReadDocument = (descriptor: Descriptor) => Promise<Uint8Array | undefined>;

/**
 * The text of manifest.json for an image: of this machine's platform, else of the first that there is.
 * @throws LazypullError NOT_FOUND when there is none.
 */
export async function encodeDockerManifest(
  root: Descriptor,
  name: ImageReference | undefined,
  read: ReadDocument,
): Promise<Buffer> {
  const manifest = await findImage(root, read, 0);
  if (manifest === undefined) throw new LazypullError('NOT_FOUND', `no image in ${root.digest} for docker to load`);
  const image = {
    Config: pathOf(manifest.config.digest),
    RepoTags: name === undefined ? null : [familiarReference(name)],
    Layers: manifest.layers.map(({ digest }) => pathOf(digest)),
  };
  return Buffer.from(JSON.stringify([image]));
}

async function findImage(
  descriptor: Descriptor,
  read: ReadDocument,
  depth: number,
): Promise<ImageManifest | undefined> {
  const bytes = await read(descriptor);
  if (bytes === undefined) return undefined;
  const manifest = parseManifest(bytes, descriptor.mediaType);
  if (manifest.kind === 'image') return manifest;
  if (depth === MAX_INDEX_DEPTH) return undefined;
  for (const entry of [chosen(manifest), ...manifest.manifests.filter(isRunnable)]) {
    const found = entry === undefined ? undefined : await findImage(entry, read, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function chosen(index: Parameters<typeof selectManifest>[0]): Descriptor | undefined {
  try {
    return selectManifest(index, hostPlatform());
  } catch {
    return undefined;
  }
}

function pathOf(digest: Digest): string {
  return `blobs/sha256/${digestHex(digest)}`;
}
