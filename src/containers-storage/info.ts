// The file `info` of a layer: the fields of a layer's record that containers/storage takes over as they are.
// https://github.com/containers/storage/blob/main/layers.go (type Layer)
import type { Digest } from '../oci/digest.ts';
import type { StoredLayer } from './state.ts';

/** Numbers of containers/storage's archive.Compression. */
const COMPRESSION = { none: 0, gzip: 2, zstd: 4 } as const;

/** The size of the unpacked tar is not known before all of it has been seen. */
const UNKNOWN_SIZE = -1;

/**
 * What `info` says of the layer that the client named by `tocDigest`.
 * There is no `diff-digest` and no `compressed-diff-digest`: nobody has compared the layer with them, and containers/storage
 * would give this layer to every other image that has them. The diff id is only the expected one, which it compares when
 * the layer is pushed or saved.
 */
export function encodeInfo(tocDigest: Digest, layer: StoredLayer): Buffer {
  return Buffer.from(
    JSON.stringify({
      'toc-digest': tocDigest,
      'compressed-size': layer.size,
      'diff-size': UNKNOWN_SIZE,
      compression: COMPRESSION[layer.compression],
      flags: { 'expected-layer-diffid': layer.diffId },
    }),
  );
}
