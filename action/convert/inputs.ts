// The inputs of action/convert/action.yml as one checked record.
import { getInput } from '@actions/core';
import type { LazyFormat } from '../../src/build/model.ts';
import { FormatError, UserError } from '../../src/errors.ts';
import { formatPlatform, parsePlatform } from '../../src/oci/platform.ts';
import { booleanInput, listInput, oneOf } from '../inputs.ts';
import { planItems, type Item } from './items.ts';

const FORMATS: readonly LazyFormat[] = ['estargz', 'zstd:chunked', 'zstd:chunked-containers'];
const MAX_PARALLEL = 16;

/** How images are converted: all that may make another image of the same source. */
export interface Recipe {
  readonly format: LazyFormat;
  /** Normal forms, e.g. `linux/amd64`; empty for all. */
  readonly platforms: readonly string[];
  readonly optimize: boolean;
  /** Words that are run; undefined for the image's own command. */
  readonly command: readonly string[] | undefined;
  /** As `--period` takes it. */
  readonly period: string;
  /** Paths of recordings. */
  readonly profiles: readonly string[];
}

export interface ConvertInputs {
  readonly items: readonly Item[];
  readonly recipe: Recipe;
  readonly force: boolean;
  readonly parallel: number;
  readonly summary: boolean;
  readonly failOnError: boolean;
}

/** @throws UserError that names the input, what it got and what it takes. */
export function readConvertInputs(): ConvertInputs {
  const recipe = readRecipe();
  if (!recipe.optimize && recipe.command !== undefined) {
    throw new UserError("input 'command': nothing is run without optimize", "Add 'optimize: true', or leave it out.");
  }
  return {
    items: planItems(listInput('images'), { to: getInput('to'), suffix: getInput('suffix') }),
    recipe,
    force: booleanInput('force'),
    parallel: readParallel(),
    summary: booleanInput('summary'),
    failOnError: booleanInput('fail-on-error'),
  };
}

function readRecipe(): Recipe {
  return {
    format: oneOf('format', FORMATS),
    platforms: listInput('platforms').map(readPlatform),
    optimize: booleanInput('optimize'),
    command: parseCommand(getInput('command')),
    period: getInput('period'),
    profiles: listInput('profile'),
  };
}

/** The words of a command; undefined for an empty text. @throws UserError */
export function parseCommand(text: string): readonly string[] | undefined {
  if (text === '') return undefined;
  const fix = 'Write words, or a JSON list of them: ["sh","-c","true && true"].';
  if (text.startsWith('[')) {
    const words = parseList(text);
    if (words !== undefined) return words;
    throw new UserError(`input 'command': not a JSON list of words: ${text}`, fix);
  }
  // No shell reads it; who writes these expects one.
  if (/["'`\\$|&;<>]/.test(text)) throw new UserError(`input 'command': a shell is needed for: ${text}`, fix);
  return text.split(/\s+/);
}

function parseList(text: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isList = Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string');
    return isList ? value : undefined;
  } catch {
    return undefined;
  }
}

function readPlatform(text: string): string {
  try {
    return formatPlatform(parsePlatform(text));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new UserError(`input 'platforms': ${error.message}`, 'A platform is written like linux/arm64.');
  }
}

function readParallel(): number {
  const text = getInput('parallel');
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= MAX_PARALLEL) return count;
  throw new UserError(`input 'parallel': got '${text}'`, `It takes a number from 1 to ${MAX_PARALLEL}.`);
}
