// What a pull needs of an image's config: the diff ids, and the chain ids that name its snapshots.
// https://github.com/opencontainers/image-spec/blob/main/config.md
import { FormatError } from '../errors.ts';
import { digestOf, parseDigest, type Digest } from '../oci/digest.ts';

/** Like manifests, a config that is larger than this is no config. */
export const MAX_CONFIG_BYTES: number = 8 << 20;

/** The digests of the uncompressed layers, bottom first. @throws FormatError when there are not `layerCount` of them. */
export function parseDiffIds(config: Uint8Array, layerCount: number): Digest[] {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(config).toString('utf8'));
  } catch (cause) {
    throw new FormatError('image config: not JSON', { cause });
  }
  const ids: unknown = (document as { rootfs?: { diff_ids?: unknown } } | null)?.rootfs?.diff_ids;
  if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string'))
    throw new FormatError('image config: no rootfs.diff_ids');
  if (ids.length !== layerCount) throw new FormatError(`image config: ${ids.length} diff ids for ${layerCount} layers`);
  return ids.map(parseDigest);
}

/** The chain id of each layer: the name of the snapshot that has it and all below it. */
export function chainIds(diffIds: readonly Digest[]): Digest[] {
  const chain: Digest[] = [];
  for (const diffId of diffIds) {
    const below = chain.at(-1);
    chain.push(below === undefined ? diffId : digestOf(Buffer.from(`${below} ${diffId}`)));
  }
  return chain;
}
