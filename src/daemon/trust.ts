// What a layer must show before anybody may read it: the TOC that was used is the one that the manifest names.
import { VerificationError } from '../errors.ts';
import { UnverifiableLayerError } from '../layer/errors.ts';
import type { Layer } from '../layer/layer.ts';
import type { Digest } from '../oci/digest.ts';

/**
 * @param promised the TOC digest of the layer's descriptor; undefined when it has none.
 * @throws VerificationError when the layer was made from another TOC; UnverifiableLayerError when nobody vouches for
 * it and `allowUnverified` is false.
 */
export function checkTrust(layer: Layer, promised: Digest | undefined, allowUnverified: boolean): void {
  if (promised !== undefined && layer.tocDigest !== promised) {
    throw new VerificationError(`TOC of layer ${layer.digest}`, promised, layer.tocDigest);
  }
  if (allowUnverified) return;
  if (promised === undefined) throw new UnverifiableLayerError(layer.digest, 'the manifest names no TOC digest for it');
  if (!layer.verifiable) throw new UnverifiableLayerError(layer.digest, 'its TOC has chunks without digests');
}
