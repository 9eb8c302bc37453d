// How an image is converted: the command line for it, and the mark by which a later run knows a copy that was made in the
// same way.
import { readFile } from 'node:fs/promises';
import { describeError, UserError } from '../../src/errors.ts';
import { digestOf, type Digest } from '../../src/oci/digest.ts';
import { formatReference } from '../../src/oci/reference.ts';
import type { Recipe } from './inputs.ts';
import type { Item } from './items.ts';

/** On a copy: the digest of the recipe that it was made by. */
export const RECIPE_ANNOTATION = 'dev.lazypull.recipe';

/** Raised when the same inputs come to mean another conversion. */
const REVISION = 1;

/** The same for recipes that make the same image, contents of recordings among them. @throws UserError for one that can't be read. */
export async function markOf(recipe: Recipe): Promise<Digest> {
  const { format, platforms, optimize, command = [], period } = recipe;
  const profiles = await Promise.all(recipe.profiles.map(async (path) => digestOf(await readRecording(path))));
  const run = optimize ? [command, period] : [];
  const facts = [REVISION, format, platforms.toSorted(), optimize, run, profiles.toSorted()];
  return digestOf(Buffer.from(JSON.stringify(facts)));
}

async function readRecording(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new UserError(
      `input 'profile': can't read ${path}: ${describeError(cause)}`,
      'Paths are relative to the workspace: is there an actions/checkout before this step?',
      { cause },
    );
  }
}

/** What follows `lazypull`. */
export function argumentsFor({ source, destination }: Item, recipe: Recipe, mark: Digest): string[] {
  const { format, platforms, optimize, command, period, profiles } = recipe;
  const flags = ['--json', '--format', format, '--annotation', `${RECIPE_ANNOTATION}=${mark}`];
  for (const platform of platforms) flags.push('--platform', platform);
  const images = [formatReference(source), formatReference(destination)];
  if (!optimize) return ['convert', ...flags, ...profiles.flatMap((path) => ['--profile', path]), ...images];
  const recordings = profiles.flatMap((path) => ['--record-in', path]);
  const words = command === undefined ? [] : ['--', ...command];
  return ['optimize', ...flags, '--period', period, ...recordings, ...images, ...words];
}
