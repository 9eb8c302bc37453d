// Where a variant of an image would be: patterns of names, of which the first that matches wins, and a suffix of the tag for
// images that no pattern matches. No registry is asked here.
import { FormatError } from '../errors.ts';
import { parseReference, type ImageReference } from '../oci/reference.ts';

/** How variants are named. */
export interface VariantRules {
  /** In order. */
  readonly patterns: readonly VariantPattern[];
  /** Behind the tag, in the same repository, e.g. `-esgz`; undefined for none. */
  readonly suffix: string | undefined;
}

/** A name in two parts; `*` is any text in one part. Those of `to` are what those of `from` matched, in order. */
export interface VariantPattern {
  readonly from: NamePattern;
  readonly to: NamePattern;
}

export interface NamePattern {
  /** With its registry, e.g. `docker.io/library/*`. */
  readonly name: string;
  /** undefined: any tag, and in `to` the same one. */
  readonly tag: string | undefined;
}

/** What stands for `*` while a pattern is read as a reference: it is valid wherever a star may be. */
const STAR = 'zz0star0zz';
const DEFAULT_TAG = 'latest';

/**
 * `docker.io/library/*:22`, `node:*`; short names are completed like those of images, but `docker.io/*` is all of Docker Hub.
 * @throws FormatError
 */
export function parsePattern(text: string): NamePattern {
  if (text.includes(STAR)) throw new FormatError(`not a pattern: ${JSON.stringify(text)}`);
  let parsed: ImageReference;
  try {
    parsed = parseReference(text.replaceAll('*', STAR));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(error.message.replaceAll(STAR, '*'), { cause: error });
  }
  const { registry, repository, tag, digest } = parsed;
  if (digest !== undefined) throw new FormatError(`a pattern has no digest: ${JSON.stringify(text)}`);
  const withStars = (part: string): string => part.replaceAll(STAR, '*');
  const isAllOfHub = /^docker\.io\/\*(?::|$)/.test(text);
  const name = isAllOfHub ? 'docker.io/*' : withStars(`${registry}/${repository}`);
  return { name, tag: tag === undefined ? undefined : withStars(tag) };
}

/** @throws FormatError when `to` has stars that nothing in `from` fills. */
export function parseRule(from: string, to: string): VariantPattern {
  const rule = { from: parsePattern(from), to: parsePattern(to) };
  if (stars(rule.to) > stars(rule.from)) {
    throw new FormatError(`${JSON.stringify(to)} has more * than ${JSON.stringify(from)}: what should they be?`);
  }
  return rule;
}

/** @throws FormatError when a tag can't end in it. */
export function parseSuffix(text: string): string {
  if (/^[\w.-]{1,60}$/.test(text)) return text;
  throw new FormatError(`not the end of a tag: ${JSON.stringify(text)}; it is letters, digits, _ . and -, e.g. -esgz`);
}

/** The variant of an image, if there is one; undefined when no rule names any, or there is no tag to find it by. */
export function candidateOf(rules: VariantRules, image: ImageReference): ImageReference | undefined {
  const name = `${image.registry}/${image.repository}`;
  const tag = image.tag ?? (image.digest === undefined ? DEFAULT_TAG : undefined);
  for (const { from, to } of rules.patterns) {
    const matched = matchPattern(from, name, tag);
    if (matched !== undefined) return filled(to, matched, tag, name);
  }
  const { suffix } = rules;
  if (suffix === undefined || tag === undefined) return undefined;
  return { registry: image.registry, repository: image.repository, tag: `${tag}${suffix}` };
}

function stars({ name, tag = '' }: NamePattern): number {
  return `${name}:${tag}`.split('*').length - 1;
}

/** What the stars stand for. */
function matchPattern(from: NamePattern, name: string, tag: string | undefined): string[] | undefined {
  const inName = matchStars(from.name, name);
  if (inName === undefined || from.tag === undefined) return inName;
  const inTag = tag === undefined ? undefined : matchStars(from.tag, tag);
  return inTag && [...inName, ...inTag];
}

/** The first star takes as little as it can; names are short. */
function matchStars(pattern: string, text: string): string[] | undefined {
  const source = pattern
    .split('*')
    .map((part) => part.replaceAll(/[^A-Za-z0-9_/]/g, '\\$&'))
    .join('(.+?)');
  return new RegExp(`^${source}$`).exec(text)?.slice(1);
}

/** undefined for what is no name, has no tag, or is the image itself. */
function filled(
  to: NamePattern,
  matched: readonly string[],
  tag: string | undefined,
  own: string,
): ImageReference | undefined {
  let next = 0;
  const fill = (part: string): string => part.replaceAll('*', () => matched[next++] ?? '');
  const name = fill(to.name);
  const variantTag = to.tag === undefined ? tag : fill(to.tag);
  if (variantTag === undefined || (name === own && variantTag === tag)) return undefined;
  try {
    return parseReference(`${name}:${variantTag}`);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}
