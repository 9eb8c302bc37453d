// What the line that names this frontend says to it: `# syntax=IMAGE suffix=-esgz frontend=docker/dockerfile:1`. The same
// words may follow the image in BUILDKIT_SYNTAX.
import type { SyntaxDirective } from '../src/dockerfile/model.ts';
import { UserError } from '../src/errors.ts';
import type { Delegate } from './forward.ts';

/** The words after the image; what is not said is undefined. */
export interface SyntaxWords {
  /** A suffix rule, as LAZYPULL_SUFFIX. */
  readonly suffix?: string;
  /** The image of the Dockerfile frontend that does the build, instead of the one in BuildKit. */
  readonly frontend?: string;
}

const KNOWN = ['suffix', 'frontend'] as const;

/** @throws UserError for words that nobody knows. */
export function parseSyntaxWords(cmdline: string): SyntaxWords {
  const words: { suffix?: string; frontend?: string } = {};
  for (const word of cmdline.trim().split(/\s+/).slice(1)) {
    const equals = word.indexOf('=');
    const key = KNOWN.find((known) => known === word.slice(0, Math.max(0, equals)));
    if (key === undefined || equals === word.length - 1) {
      throw new UserError(
        `the syntax line has the word ${JSON.stringify(word.slice(0, 100))}, which means nothing`,
        `Use ${KNOWN.map((known) => `${known}=VALUE`).join(' or ')}, or nothing after the image.`,
      );
    }
    words[key] = word.slice(equals + 1);
  }
  return words;
}

/**
 * Which Dockerfile frontend does the build: the one that the words name, else the one of the Dockerfile's own line unless
 * that is the very name by which we were started (`source`). undefined for the one that is built into BuildKit.
 */
export function delegateOf(from: {
  readonly words: SyntaxWords;
  readonly directive: SyntaxDirective | undefined;
  readonly source: string | undefined;
}): Delegate | undefined {
  const { words, directive, source } = from;
  if (words.frontend !== undefined) return { image: words.frontend, cmdline: words.frontend };
  // Starting ourselves once more would never end.
  if (directive === undefined || directive.image === source) return undefined;
  return { image: directive.image, cmdline: directive.cmdline };
}
