// What a build gets beside its own options: contexts in place of images that have a lazily pullable variant. Everything in
// here may fail; the build then goes on with what was found, and a note says why.
import { syntaxOf } from '../src/dockerfile/directives.ts';
import { imagesOf } from '../src/dockerfile/images.ts';
import type { DockerfileImages } from '../src/dockerfile/model.ts';
import type { Bridge } from './bridge.ts';
import { replaceImages, type FindVariant, type Note, type Replacements } from './contexts.ts';
import { readDockerfile, type Dockerfile } from './dockerfile.ts';
import { optionsWith, type FrontendEnvironment } from './environment.ts';
import type { Delegate } from './forward.ts';
import type { EncodedInputs, Pong } from './messages.ts';
import { platformsOf } from './platforms.ts';
import { delegateOf, parseSyntaxWords, type SyntaxWords } from './syntax.ts';

/** What is known of a build before its Dockerfile is. */
export interface BuildFacts {
  readonly environment: FrontendEnvironment;
  readonly pong: Pong;
  readonly inputs: EncodedInputs;
}

/**
 * Makes the question for variants. Given the words of the syntax line.
 * @throws UserError when the build's rules can't be read.
 */
export type OpenVariants = (bridge: Bridge, facts: BuildFacts, words: SyntaxWords) => FindVariant | undefined;

export interface BuildPlan {
  readonly contexts: Readonly<Record<string, string>>;
  readonly notes: readonly Note[];
  /** Who does the build; undefined for the frontend that is built into BuildKit. */
  readonly delegate: Delegate | undefined;
  /** undefined when it could not be read: the frontend that does the build says why. */
  readonly dockerfile: Dockerfile | undefined;
}

/** Never throws. */
export async function planBuild(bridge: Bridge, facts: BuildFacts, open: OpenVariants): Promise<BuildPlan> {
  const { options } = facts.environment;
  const { words, notes } = readWords(options['cmdline'] ?? '');
  const dockerfile = await readDockerfile(bridge, facts.environment, facts.inputs).catch(() => undefined);
  const text = new TextDecoder().decode(dockerfile?.content);
  const delegate = delegateOf({ words, directive: syntaxOf(text), source: options['source'] });
  // A question about the Dockerfile (`--check`, `--call=outline`) starts nothing.
  if (dockerfile === undefined || options['requestid'] !== undefined) {
    return { contexts: {}, notes, delegate, dockerfile };
  }
  try {
    const find = open(bridge, facts, words);
    // Who wrote a wrong rule knows that there should be one.
    const none = notes.length > 0 ? NOTHING : NO_RULES;
    const found = find === undefined ? none : await replaceImages(readImages(text, facts.environment), find);
    return { contexts: found.contexts, notes: [...notes, ...found.notes], delegate, dockerfile };
  } catch (error) {
    return { contexts: {}, notes: [...notes, noteOf(error)], delegate, dockerfile };
  }
}

const NOTHING: Replacements = { contexts: {}, notes: [] };
const NO_RULES: Replacements = {
  contexts: {},
  notes: [
    {
      line: 1,
      text: 'no image is pulled lazily: no rule says where lazily pullable ones are',
      details: [
        'Add suffix=-esgz to the syntax line, or --build-arg LAZYPULL_SUFFIX=-esgz or LAZYPULL_MAPPING=... to the build.',
      ],
    },
  ],
};

/** For each platform. @throws FormatError when the build names a platform that is none. */
function readImages(text: string, environment: FrontendEnvironment): DockerfileImages[] {
  const { options } = environment;
  const { build, targets } = platformsOf(environment);
  const buildArgs = optionsWith(options, 'build-arg:');
  const namedContexts = Object.keys(optionsWith(options, 'context:'));
  const target = options['target'] ?? '';
  return targets.map((platform) =>
    imagesOf(text, {
      buildArgs,
      platform,
      buildPlatform: build,
      namedContexts,
      ...(target === '' ? {} : { target }),
    }),
  );
}

function readWords(cmdline: string): { readonly words: SyntaxWords; readonly notes: readonly Note[] } {
  try {
    return { words: parseSyntaxWords(cmdline), notes: [] };
  } catch (error) {
    return { words: {}, notes: [noteOf(error)] };
  }
}

function noteOf(error: unknown): Note {
  const [text = '', ...details] = (error instanceof Error ? error.message : String(error)).split('\n');
  return { line: 1, text: `no image is pulled lazily: ${text}`, details: details.map((line) => line.trim()) };
}
