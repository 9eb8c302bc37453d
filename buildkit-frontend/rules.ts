// Where a build says that its variants are: build arguments, then the syntax line, then the environment of whoever made
// the frontend's image.
import { UserError } from '../src/errors.ts';
import { parseMapping } from '../src/variants/mapping.ts';
import { parseSuffix, type VariantRules } from '../src/variants/rules.ts';
import type { FrontendEnvironment } from './environment.ts';
import type { SyntaxWords } from './syntax.ts';

const MAPPING = 'LAZYPULL_MAPPING';
const SUFFIX = 'LAZYPULL_SUFFIX';

/**
 * A mapping and a suffix; the suffix is for images that no pattern of the mapping names.
 * @returns undefined when nothing is said, or all of it is empty.
 * @throws UserError with the mapping's line.
 */
export function rulesOf(environment: FrontendEnvironment, words: SyntaxWords): VariantRules | undefined {
  const { options, defaults } = environment;
  const setting = (name: string): string | undefined => options[`build-arg:${name}`] ?? defaults[name];
  const text = setting(MAPPING) ?? '';
  const mapping = text === '' ? { patterns: [], suffix: undefined } : parseMapping(text, MAPPING);
  const given = options[`build-arg:${SUFFIX}`] ?? words.suffix ?? defaults[SUFFIX];
  // An empty one takes away whatever the others say.
  const suffix = given === undefined ? mapping.suffix : suffixOf(given);
  return mapping.patterns.length === 0 && suffix === undefined ? undefined : { patterns: mapping.patterns, suffix };
}

function suffixOf(text: string): string | undefined {
  if (text === '') return undefined;
  try {
    return parseSuffix(text);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`${SUFFIX} is ${message}`, 'Use one like -esgz, or leave it out.', { cause });
  }
}
