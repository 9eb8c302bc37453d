// The inputs of action.yml as one checked record. Lists are newline or comma separated, as in docker's actions.
import { getInput, getMultilineInput } from '@actions/core';
import { parseSize, ValueError } from '../src/config/values.ts';
import { FormatError, UserError } from '../src/errors.ts';
import { LOG_LEVELS, type LogLevel } from '../src/log.ts';
import { parsePlatform } from '../src/oci/platform.ts';
import { checkCacheRef } from './build-values.ts';

export const ENGINES = ['docker', 'buildkit', 'containerd'] as const;
export type EngineName = (typeof ENGINES)[number];

/** What the workflow asks for. Sizes are bytes. */
export interface Inputs {
  readonly engine: EngineName | 'auto';
  /** Path of a lazypull configuration file, or ''. */
  readonly config: string;
  /** The same as text, or ''. */
  readonly configInline: string;
  /** Host to its mirrors, first one first. */
  readonly registryMirrors: Readonly<Record<string, readonly string[]>>;
  /** Image references to pull before the next steps. */
  readonly images: readonly string[];
  /** Path of a mapping, its text, or a suffix of tags; '' when builds use the images that they name. */
  readonly variants: string;
  /** What is built: files, folders and patterns in the workspace, bake files with targets. Empty for the workspace. */
  readonly buildFiles: readonly string[];
  /** `NAME=VALUE`, or `NAME` for one of the environment. */
  readonly buildArgs: readonly string[];
  /** What is built, e.g. `linux/amd64`; empty when it is not known. */
  readonly platforms: readonly string[];
  /** Where builds keep their cache in a registry, or ''. */
  readonly cacheRef: string;
  readonly cache: boolean;
  /** Takes the place of workflow and job in the key of the cache; '' for those. */
  readonly cacheKey: string;
  readonly cacheLimitBytes: number;
  /** What tells this job from others of its matrix: JSON, `null` for a job that has none. */
  readonly matrix: string;
  readonly prefetch: boolean;
  readonly summary: boolean;
  readonly strict: boolean;
  readonly cleanup: boolean;
  readonly logLevel: LogLevel;
}

/** @throws UserError that names the input, what it got and what it takes. */
export function readInputs(): Inputs {
  const config = getInput('config');
  const configInline = getInput('config-inline');
  if (config !== '' && configInline !== '') {
    throw new UserError("inputs 'config' and 'config-inline' are both given", 'Keep one of them.');
  }
  return {
    engine: oneOf('engine', ['auto', ...ENGINES]),
    config,
    configInline,
    registryMirrors: parseMirrors(listInput('registry-mirrors')),
    images: listInput('images'),
    variants: getInput('variants'),
    buildFiles: listInput('build-files'),
    buildArgs: getMultilineInput('build-args').map((text) => checkBuildArg(text)),
    platforms: listInput('platforms').map((text) => checkPlatform(text)),
    cacheRef: checkCacheRef(getInput('cache-ref')),
    cache: booleanInput('cache'),
    cacheKey: getInput('cache-key'),
    cacheLimitBytes: sizeInput('cache-limit'),
    matrix: getInput('matrix'),
    prefetch: booleanInput('prefetch'),
    summary: booleanInput('summary'),
    strict: booleanInput('strict'),
    cleanup: booleanInput('cleanup'),
    logLevel: oneOf('log-level', LOG_LEVELS),
  };
}

/** Items of a list input: newlines or commas between them, blanks around them dropped, `#` comments ignored. */
export function listInput(name: string): string[] {
  return getInput(name)
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, ''))
    .flatMap((line) => line.split(','))
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** @throws UserError */
export function booleanInput(name: string): boolean {
  const text = getInput(name).toLowerCase();
  if (text === 'true') return true;
  if (text === 'false') return false;
  throw new UserError(`input '${name}': got '${text}'`, "Write 'true' or 'false'.");
}

/** @throws UserError */
export function oneOf<T extends string>(name: string, values: readonly T[]): T {
  const text = getInput(name).toLowerCase();
  const value = values.find((known) => known === text);
  if (value !== undefined) return value;
  throw new UserError(`input '${name}': got '${text}'`, `It takes ${values.join(', ')}.`);
}

/** Bytes of `256MiB`, `1GB`, `1000000`. @throws UserError */
export function sizeInput(name: string): number {
  try {
    return parseSize(getInput(name));
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new UserError(`input '${name}': ${error.message}`, 'Write a size, e.g. 256MiB.');
  }
}

/** The value is nobody's to read. @throws UserError */
function checkBuildArg(text: string): string {
  const [, name] = /^([^=\s]+)(?:=[^]*)?$/.exec(text) ?? [];
  if (name !== undefined) return text;
  throw new UserError(
    `input 'build-args': got a line that begins with '${text.split('=', 1)[0]}'`,
    'Write NAME=VALUE, one a line.',
  );
}

/** @throws UserError */
function checkPlatform(text: string): string {
  try {
    parsePlatform(text);
    return text;
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new UserError(`input 'platforms': ${cause.message}`, 'Write platforms, e.g. linux/amd64.', { cause });
  }
}

/** `HOST=MIRROR` items; several for one host are tried in their order. @throws UserError */
function parseMirrors(items: readonly string[]): Record<string, string[]> {
  const mirrors: Record<string, string[]> = {};
  for (const item of items) {
    const [, host, mirror] = /^([A-Za-z0-9][A-Za-z0-9.:-]*)\s*=\s*(\S+)$/.exec(item) ?? [];
    if (host === undefined || mirror === undefined) {
      throw new UserError(
        `input 'registry-mirrors': got '${item}'`,
        'Write HOST=MIRROR, e.g. docker.io=mirror.gcr.io.',
      );
    }
    (mirrors[host] ??= []).push(mirror);
  }
  return mirrors;
}
