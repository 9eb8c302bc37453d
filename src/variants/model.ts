// Lazily pullable variants of images: what is asked for, and what can be answered. A variant is another image in a
// registry that was made from the very one that a build names. Values only; finder.ts finds them.
import type { Digest } from '../oci/digest.ts';
import type { Platform } from '../oci/platform.ts';

/** The answer for one image and platform. */
export type Variant =
  | {
      readonly status: 'found';
      /** Full reference of the variant with its tag and the digest of its index (of its image, where there is no index). */
      readonly reference: string;
      readonly digest: Digest;
      /** What the name that was asked for has now, and what the variant was made from. */
      readonly source: Digest;
      /** Other platforms of the source that this variant is not proven to have: for whoever can't choose by platform. */
      readonly missing: readonly Platform[];
    }
  /** Nothing to replace: it is lazily pullable where it is. */
  | { readonly status: 'lazy'; readonly source: Digest }
  /** The image goes on being used as it is. */
  | { readonly status: 'none'; readonly reason: NoVariantReason; readonly message: string };

/**
 * `no-rule`: nothing says where a variant could be. `absent`: there is none at that place. `stale`: it was made from
 * another image than the name has now. `unmarked`: nothing says what it was made from. `not-lazy`: it has no lazily pullable layers.
 * `platform`: none for this platform. `failed`: a registry could not be asked, or the name is none.
 */
export type NoVariantReason = 'no-rule' | 'absent' | 'stale' | 'unmarked' | 'not-lazy' | 'platform' | 'failed';
