// action.yml as GitHub's runner reads it: inputs with their defaults, outputs, and what main and post run.
// https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** An input that an action declares. */
export interface ActionInput {
  readonly description: string | undefined;
  readonly required: boolean;
  /** May hold `${{ }}`; undefined when there is none, and the input is empty then. */
  readonly default: string | undefined;
  readonly deprecation: string | undefined;
}

/** An action that runs on Node. */
export interface Action {
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, ActionInput>>;
  /** Name to description. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly using: string;
  /** Scripts, relative to the folder of action.yml. */
  readonly main: string;
  readonly post: string | undefined;
  /** Condition of post. */
  readonly postIf: string;
}

const USING = new Set(['node20', 'node24']);

/** @throws Error when there is no such file, or it is not an action that runs on Node. */
export function readAction(folder: string): Action {
  const path = join(folder, 'action.yml');
  return parseAction(readFileSync(path, 'utf8'), path);
}

/** @param path for messages. @throws Error that says what is wrong with the text. */
export function parseAction(text: string, path = 'action.yml'): Action {
  const document = record(parse(text), path);
  const runs = record(document['runs'], `${path}: runs`);
  const using = string(runs['using'], `${path}: runs.using`);
  if (!USING.has(using)) throw new Error(`${path}: runs.using is ${using}; this runner has ${[...USING].join(', ')}`);
  if (runs['pre'] !== undefined) throw new Error(`${path}: runs.pre is not run for actions of a folder, as on GitHub`);
  return {
    name: string(document['name'], `${path}: name`),
    description: string(document['description'], `${path}: description`),
    inputs: mapRecord(document['inputs'] ?? {}, `${path}: inputs`, parseInput),
    outputs: mapRecord(document['outputs'] ?? {}, `${path}: outputs`, (output) => scalar(output['description']) ?? ''),
    using,
    main: string(runs['main'], `${path}: runs.main`),
    post: runs['post'] === undefined ? undefined : string(runs['post'], `${path}: runs.post`),
    postIf: runs['post-if'] === undefined ? 'always()' : string(runs['post-if'], `${path}: runs.post-if`),
  };
}

function parseInput(input: Record<string, unknown>): ActionInput {
  return {
    description: scalar(input['description']),
    required: input['required'] === true,
    default: scalar(input['default']),
    deprecation: scalar(input['deprecationMessage']),
  };
}

function scalar(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function mapRecord<T>(value: unknown, where: string, map: (item: Record<string, unknown>) => T): Record<string, T> {
  const entries = Object.entries(record(value, where));
  return Object.fromEntries(entries.map(([name, item]) => [name, map(record(item ?? {}, `${where}.${name}`))]));
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`${where}: ${JSON.stringify(value)} is not a map`);
}

function string(value: unknown, where: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(`${where}: ${JSON.stringify(value)} is not a text`);
}
