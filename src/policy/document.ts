// The source-policy file that BuildKit reads: rules that convert one image into another. Names are matched exactly, since a
// pattern could match a frontend's image, or what a rule has made. They are wildcards without a star: a rule of the type
// EXACT converts an image into itself in BuildKit before 0.31, so in Docker 26, 28 and the first of 29.
// https://github.com/moby/buildkit/blob/master/docs/build-repro.md, sourcepolicy/pb/policy.proto
import type { Digest } from '../oci/digest.ts';
import { formatReference, parseReference, type ImageReference } from '../oci/reference.ts';

export interface PolicyDocument {
  readonly version: 1;
  readonly rules: readonly ConvertRule[];
}

export interface ConvertRule {
  readonly action: 'CONVERT';
  readonly selector: { readonly identifier: string; readonly match_type: 'WILDCARD' };
  readonly updates: { readonly identifier: string };
}

export interface Replacement {
  /** As the Dockerfile has it. */
  readonly image: string;
  /** What its name had when the variant was compared with it. */
  readonly source: Digest;
  /** Full, with the digest. */
  readonly variant: string;
}

/** One rule for each form in which BuildKit may ask for one of the images. */
export function policyDocument(replacements: readonly Replacement[]): PolicyDocument {
  const rules = new Map<string, ConvertRule>();
  for (const { image, source, variant } of replacements) {
    for (const form of formsOf(parseReference(image), source)) {
      const identifier = `docker-image://${formatReference(form)}`;
      const updates = { identifier: `docker-image://${variant}` };
      rules.set(identifier, { action: 'CONVERT', selector: { identifier, match_type: 'WILDCARD' }, updates });
    }
  }
  return { version: 1, rules: [...rules.values()] };
}

/** By tag, by tag and digest, and by digest. A name with a digest is no name for what its tag has now. */
function formsOf({ registry, repository, tag, digest }: ImageReference, source: Digest): ImageReference[] {
  const name = { registry, repository };
  const byDigest = { ...name, digest: source };
  if (digest !== undefined) return tag === undefined ? [byDigest] : [{ ...byDigest, tag }, byDigest];
  const tagged = { ...name, tag: tag ?? 'latest' };
  return [tagged, { ...tagged, digest: source }, byDigest];
}
