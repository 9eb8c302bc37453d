// Which images are converted and where they go: `SRC -> DST`, or SRC alone with a rule for DST.
import { FormatError, UserError } from '../../src/errors.ts';
import { formatReference, parseReference, type ImageReference } from '../../src/oci/reference.ts';

/** One image and its copy. Both have a tag, unless the source is meant by its digest. */
export interface Item {
  readonly source: ImageReference;
  readonly destination: ImageReference;
}

/** Of images without a DST. */
export interface DestinationRule {
  /** Registry and first parts of the name, or ''. Capitals become small: owners have them, image names have not. */
  readonly to: string;
  /** Of the tag. */
  readonly suffix: string;
}

/** @throws UserError for a list that is empty, not made of references, or names a place twice. */
export function planItems(texts: readonly string[], rule: DestinationRule): Item[] {
  if (texts.length === 0) {
    throw new UserError("input 'images' is empty", 'List images, e.g. python:3.12, one a line.');
  }
  const items = texts.map((text) => planItem(text, rule));
  const sources = new Map<string, string>();
  for (const { source, destination } of items) {
    const [from, to] = [formatReference(source), formatReference(destination)];
    const other = sources.get(to);
    if (from === to) throw new UserError(`input 'images': ${from} would be written over itself`, 'Give a suffix.');
    if (other !== undefined) {
      throw new UserError(
        `input 'images': ${other} and ${from} both become ${to}`,
        'Write SRC -> DST for one of them.',
      );
    }
    sources.set(to, from);
  }
  return items;
}

function planItem(text: string, rule: DestinationRule): Item {
  const [from = '', to, ...more] = text.split('->').map((part) => part.trim());
  if (more.length > 0) throw new UserError(`input 'images': got '${text}'`, 'Write SRC -> DST.');
  const source = withTag(referenceIn(from));
  if (to === undefined) return { source, destination: byRule(source, rule) };
  const destination = withTag(referenceIn(to));
  if (destination.digest === undefined) return { source, destination };
  throw new UserError(`input 'images': ${to} has a digest`, 'A copy has a digest of its own: name it by a tag.');
}

/** `quay.io/org/app:1` goes to `TO/org/app:1SUFFIX`; the official images of Docker Hub lose their `library/`. */
function byRule(source: ImageReference, { to, suffix }: DestinationRule): ImageReference {
  const text = formatReference(source);
  if (to === '') {
    throw new UserError(`input 'images': ${text} has no destination`, "Write SRC -> DST, or give the input 'to'.");
  }
  if (source.tag === undefined) {
    throw new UserError(`input 'images': ${text} has no tag to name the copy by`, 'Write SRC -> DST.');
  }
  const isOfficial = source.registry === 'docker.io' && source.repository.startsWith('library/');
  const name = isOfficial ? source.repository.slice('library/'.length) : source.repository;
  return referenceIn(`${to.toLowerCase().replace(/\/+$/, '')}/${name}:${source.tag}${suffix}`);
}

function referenceIn(text: string): ImageReference {
  try {
    return parseReference(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new UserError(`input 'images': ${error.message}`, 'Write REGISTRY/NAME:TAG.', { cause: error });
  }
}

function withTag(reference: ImageReference): ImageReference {
  const isNamed = reference.tag !== undefined || reference.digest !== undefined;
  return isNamed ? reference : { ...reference, tag: 'latest' };
}
