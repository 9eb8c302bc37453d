// What an image itself says will be read first: the files in front of its landmarks, as a profile of whole files.
import { UserError } from '../errors.ts';
import { isDigest, type Digest } from '../oci/digest.ts';
import { isPrefetched, walkTree } from './inspect-contents.ts';
import type { LayerToc } from './inspect-toc.ts';
import type { InspectedWithTocs } from './inspect.ts';
import { canonicalProfile } from './profile-codec.ts';
import type { Profile, ProfileFile } from './profile.ts';

const STEP_MS = 0.001;

/**
 * The files in front, layer by layer from the bottom up: between the files of two layers there is no order. Nobody ran
 * anything, so there are no workloads, and times only keep the order.
 * @throws UserError when no layer has anything in front.
 */
export function profileOfImage(name: string, { image, tocs }: InspectedWithTocs): Profile {
  const layers = image.layers.map(({ diffId, digest }) => (diffId !== null && isDigest(diffId) ? diffId : digest));
  const files: ProfileFile[] = [];
  for (const [index, toc] of tocs.entries()) {
    if (toc !== undefined) for (const file of filesInFront(toc, layers[index]!, files.length)) files.push(file);
  }
  if (files.length === 0) {
    throw new UserError(
      `${name} has nothing in front`,
      'It was not optimized; lazypull inspect says what its layers are.',
    );
  }
  const about = { name, digest: image.manifest.digest, platform: image.platform ?? 'unknown' };
  return canonicalProfile({ version: 1, image: about, layers, workloads: [], files });
}

/** Regular files with content, each once, in the order of the blob. */
function filesInFront(toc: LayerToc, layer: Digest, earlier: number): ProfileFile[] {
  const { blobOffset, innerOffset } = toc.toc.chunks;
  const found = new Map<number, { path: string; size: number }>();
  walkTree(toc.toc.root, (path, _name, node) => {
    // Names of one file have the same chunks; the first name in the tree stands for all.
    if (node.type !== 'reg' || !isPrefetched(node, toc) || found.has(node.firstChunk)) return;
    found.set(node.firstChunk, { path, size: node.size });
  });
  const ordered = [...found].toSorted(
    ([a], [b]) => blobOffset[a]! - blobOffset[b]! || innerOffset[a]! - innerOffset[b]!,
  );
  return ordered.map(([, { path, size }], place) => {
    return { path, layer, size, ranges: [[0, size]], firstReadMs: (earlier + place) * STEP_MS };
  });
}
