// What an image's config says of its layers: diff ids, and the history with the command that made each.
// https://github.com/opencontainers/image-spec/blob/main/config.md
import { FormatError } from '../errors.ts';
import { optionalString, parseJson, requireArray, requireObject } from '../oci/json.ts';
import { normalizePlatform, type Platform } from '../oci/platform.ts';

export interface HistoryEntry {
  /** The command; '' when there is none. */
  readonly createdBy: string;
  /** It made no layer. */
  readonly isEmpty: boolean;
}

export interface ConfigFacts {
  readonly platform: Platform;
  readonly created: string | undefined;
  /** As the config has them: not checked to be digests. */
  readonly diffIds: readonly string[];
  /** Undefined when the config has none: it is optional. */
  readonly history: readonly HistoryEntry[] | undefined;
}

const MAX_LAYERS = 1000;
const MAX_HISTORY = 10_000;
const WHERE = 'image config';

/** @throws FormatError when a field has not the form that the specification gives it. */
export function parseConfigFacts(bytes: Uint8Array): ConfigFacts {
  const document = requireObject(parseJson(bytes, WHERE), WHERE);
  const variant = optionalString(document, 'variant', WHERE);
  const platform = {
    os: optionalString(document, 'os', WHERE) ?? '',
    architecture: optionalString(document, 'architecture', WHERE) ?? '',
    ...(variant === undefined || variant === '' ? {} : { variant }),
  };
  const history = document['history'];
  return {
    platform: normalizePlatform(platform),
    created: optionalString(document, 'created', WHERE),
    diffIds: parseDiffIds(document['rootfs']),
    // Go writers encode an empty list as null.
    history: history == null ? undefined : requireArray(history, `${WHERE}.history`, MAX_HISTORY).map(parseHistory),
  };
}

/** The command of each of `count` layers, from the bottom up; undefined where the history does not say. */
export function commandsOf(history: readonly HistoryEntry[] | undefined, count: number): (string | undefined)[] {
  const made = (history ?? []).filter(({ isEmpty }) => !isEmpty);
  // A history that does not fit says nothing of any layer.
  if (made.length !== count) return Array.from({ length: count }, () => undefined);
  return made.map(({ createdBy }) => (createdBy === '' ? undefined : createdBy));
}

function parseDiffIds(value: unknown): string[] {
  const where = `${WHERE}.rootfs`;
  const ids = requireObject(value, where)['diff_ids'];
  if (ids == null) return [];
  return requireArray(ids, `${where}.diff_ids`, MAX_LAYERS).map((id) => {
    if (typeof id !== 'string') throw new FormatError(`${where}.diff_ids: not a list of strings`);
    return id;
  });
}

function parseHistory(value: unknown, index: number): HistoryEntry {
  const where = `${WHERE}.history[${index}]`;
  const entry = requireObject(value, where);
  return { createdBy: optionalString(entry, 'created_by', where) ?? '', isEmpty: entry['empty_layer'] === true };
}
