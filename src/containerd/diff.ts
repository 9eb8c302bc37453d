// containerd's diff service: unpacks a layer of the content store into the mounts of a snapshot.
import type { Descriptor } from '../oci/descriptor.ts';
import { parseDigest, type Digest } from '../oci/digest.ts';
import type { Connection } from './connection.ts';
import type { Mount } from './snapshots.ts';

/** @returns the digest of the uncompressed layer, which the image's config promises as its diff id. */
export async function applyLayer(
  connection: Connection,
  layer: Descriptor,
  mounts: readonly Mount[],
  signal?: AbortSignal,
): Promise<Digest> {
  const diff = { mediaType: layer.mediaType, digest: layer.digest, size: layer.size };
  const { applied } = await connection.call<{ applied: { digest: string } }>(
    ['containerd.services.diff.v1.Diff', 'Apply'],
    { diff, mounts },
    signal,
  );
  return parseDigest(applied.digest);
}
