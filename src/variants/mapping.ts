// The mapping file: which image has its lazily pullable variant where. TOML, or JSON of the same shape:
//   suffix = "-esgz"
//   [variants]
//   "docker.io/library/*" = "ghcr.io/ORG/mirror/*"
import { readFileSync } from 'node:fs';
import { parse, TomlError } from 'smol-toml';
import { lineOf } from '../config/lines.ts';
import { FormatError, UserError } from '../errors.ts';
import { parseRule, parseSuffix, type VariantPattern, type VariantRules } from './rules.ts';

const KEYS: ReadonlySet<string> = new Set(['suffix', 'variants']);

/** @throws UserError for a file that can't be read or is wrong, with its line. */
export function readMapping(path: string): VariantRules {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new UserError(`can't read the mapping ${path}: ${code}`, 'Check the path after --mapping.', { cause });
  }
  return parseMapping(text, path);
}

/** `where` names the text in errors. @throws UserError with the line, as far as it can be told. */
export function parseMapping(text: string, where: string): VariantRules {
  const isJson = text.trimStart().startsWith('{');
  const document = isJson ? jsonOf(text, where) : tomlOf(text, where);
  const at = (path: string): string => {
    const line = isJson ? undefined : lineOf(text, path);
    return line === undefined ? where : `${where}:${line}`;
  };
  for (const key of Object.keys(document)) {
    if (!KEYS.has(key)) throw wrong(`${at(key)}: unknown key ${key}`);
  }
  const { suffix, variants = {} } = document;
  if (suffix !== undefined && typeof suffix !== 'string') throw wrong(`${at('suffix')}: suffix is no text`);
  if (!isTable(variants)) throw wrong(`${at('variants')}: variants is no table`);
  return {
    patterns: Object.entries(variants).map(([from, to]) => ruleOf(from, to, at(`variants.${from}`))),
    // An empty suffix is none: a variant is never the image itself.
    suffix: suffix === undefined || suffix === '' ? undefined : checked(at('suffix'), () => parseSuffix(suffix)),
  };
}

function ruleOf(from: string, to: unknown, where: string): VariantPattern {
  if (typeof to !== 'string') throw wrong(`${where}: the variant of ${from} is no text`);
  return checked(where, () => parseRule(from, to));
}

function checked<T>(where: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw wrong(`${where}: ${error.message}`, error);
  }
}

function wrong(message: string, cause?: unknown): UserError {
  const example = '"docker.io/library/*" = "ghcr.io/ORG/mirror/*"';
  return new UserError(message, `A mapping has "suffix" and [variants], with lines like: ${example}`, { cause });
}

function tomlOf(text: string, where: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw wrong(`${where}:${error.line}:${error.column}: not TOML: ${error.message.split('\n')[0] ?? ''}`, error);
  }
}

function jsonOf(text: string, where: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw wrong(`${where}: not JSON: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
