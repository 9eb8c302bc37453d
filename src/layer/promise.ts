// What a trusted manifest promises of a layer's table of contents, against the one that the layer was made from. A layer
// that is on disk, or open, is served only under the promise that its caller has.
import { VerificationError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import { hasPromise, type TocPromise } from '../oci/toc-promise.ts';
import { UnverifiableLayerError } from './errors.ts';
import type { LayerRecord } from './record.ts';

/** What is known of a layer's table of contents. */
export type MadeFrom = Pick<LayerRecord, 'digest' | 'tocDigest' | 'tocChecksum' | 'verifiable'>;

/** Whether the layer was made from the promised table of contents; also when nothing is promised. */
export function keepsPromise(made: MadeFrom, { tocDigest, tocChecksum }: TocPromise): boolean {
  return isSame(tocDigest, made.tocDigest) && isSame(tocChecksum, made.tocChecksum);
}

/**
 * @throws VerificationError when the layer was made from another table of contents; UnverifiableLayerError when nobody
 * vouches for the table or for chunks, unless that is allowed.
 */
export function checkPromise(made: MadeFrom, promise: TocPromise & { readonly allowUnverified?: boolean }): void {
  const { digest } = made;
  const { tocDigest, tocChecksum, allowUnverified = false } = promise;
  if (!isSame(tocDigest, made.tocDigest)) {
    throw new VerificationError(`TOC digest of layer ${digest}`, tocDigest!, made.tocDigest);
  }
  if (!isSame(tocChecksum, made.tocChecksum)) {
    throw new VerificationError(`checksum of the compressed TOC of layer ${digest}`, tocChecksum!, made.tocChecksum);
  }
  if (allowUnverified) return;
  requirePromise(digest, promise);
  if (!made.verifiable) {
    throw new UnverifiableLayerError(digest, 'its table of contents has chunks without digests');
  }
}

/** @throws UnverifiableLayerError when nothing is promised. */
export function requirePromise(digest: Digest, promise: TocPromise): void {
  if (hasPromise(promise)) return;
  throw new UnverifiableLayerError(digest, 'its manifest names no digest for its table of contents');
}

function isSame(promised: Digest | undefined, actual: Digest): boolean {
  return promised === undefined || promised === actual;
}
