// Package URLs of container images, by which provenance names what a build was made from:
// `pkg:docker/ghcr.io/org/app@1?digest=sha256%3A...&platform=linux%2Famd64`, with the familiar names of Docker Hub.
// https://github.com/package-url/purl-spec
import { isDigest } from './digest.ts';
import { parsePlatform, type Platform } from './platform.ts';
import { parseReference, type ImageReference } from './reference.ts';

const SCHEME = 'pkg:docker/';
const MAX_LENGTH = 4096;

/** An image as a package URL names it. */
export interface PackagedImage {
  readonly reference: ImageReference;
  /** That it was asked for; undefined when the URL does not say. */
  readonly platform: Platform | undefined;
}

/** The image that a package URL names; undefined for packages of other kinds and for what is no package URL. */
export function parseImageUrl(text: string): PackagedImage | undefined {
  if (!text.startsWith(SCHEME) || text.length > MAX_LENGTH) return undefined;
  const [beforeFragment = ''] = text.slice(SCHEME.length).split('#');
  const question = beforeFragment.indexOf('?');
  const path = question === -1 ? beforeFragment : beforeFragment.slice(0, question);
  const qualifiers = new URLSearchParams(question === -1 ? '' : beforeFragment.slice(question + 1));
  try {
    const at = path.lastIndexOf('@');
    const name = decodeURIComponent(at === -1 ? path : path.slice(0, at));
    const version = at === -1 ? '' : decodeURIComponent(path.slice(at + 1));
    const platform = qualifiers.get('platform');
    return {
      reference: parseReference(`${name}${suffixOf(version, qualifiers.get('digest'))}`),
      platform: platform === null ? undefined : parsePlatform(platform),
    };
  } catch {
    // Broken escapes, names that are none: nothing that could be asked for.
    return undefined;
  }
}

/** The version is a tag, or a digest itself. */
function suffixOf(version: string, digest: string | null): string {
  if (isDigest(version)) return `@${version}`;
  const tag = version === '' ? '' : `:${version}`;
  return `${tag}${digest === null ? '' : `@${digest}`}`;
}
