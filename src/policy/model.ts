// What a source policy is made from: the builds that files describe, and what is decided for every image in them.
import type { Digest } from '../oci/digest.ts';
import type { Platform } from '../oci/platform.ts';
import type { ImageUseKind } from '../dockerfile/model.ts';
import type { NoVariantReason } from '../variants/model.ts';

/** One build of a Dockerfile. */
export interface Build {
  /** For people: the Dockerfile, or where it stands in another file. */
  readonly file: string;
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Empty when nothing says what is built. */
  readonly platforms: readonly Platform[];
  /** undefined when nothing says which: then any stage may be. */
  readonly target: string | undefined;
  readonly namedContexts: readonly string[];
}

/** Something that a file may build, and that can't be told. */
export interface Remark {
  readonly file: string;
  readonly line: number | undefined;
  readonly what: string;
}

export interface Builds {
  readonly builds: readonly Build[];
  readonly remarks: readonly Remark[];
}

/** A place that names an image. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly kind: ImageUseKind;
}

/**
 * `replaced`: the policy has rules for it. `lazy`: it needs none. `kept`: it is used as it is, and `message` says why. Reasons
 * beside those of variants: `frontend`, `platforms` (a policy can't tell them apart, and the variant does not have all).
 */
export type Outcome =
  | { readonly result: 'replaced'; readonly variant: string; readonly source: Digest }
  | { readonly result: 'lazy' }
  | { readonly result: 'kept'; readonly reason: NoVariantReason | 'frontend' | 'platforms'; readonly message: string };

export interface Decision {
  /** As people write it, without `docker.io/library/`. */
  readonly image: string;
  readonly places: readonly Place[];
  readonly outcome: Outcome;
}
