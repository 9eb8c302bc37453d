// The config of a converted image: the diff ids are other ones, and not a byte more than that changes. History stays right
// by itself, because every layer becomes exactly one layer.
// https://github.com/opencontainers/image-spec/blob/main/config.md
import { isDeepStrictEqual } from 'node:util';
import { FormatError } from '../errors.ts';
import { CLOSE_OBJECT, JsonScanner, OPEN_OBJECT } from '../estargz/json-scanner.ts';
import { WordTable } from '../estargz/word-table.ts';
import { parseDigest, type Digest } from '../oci/digest.ts';
import { optionalString, parseJson, requireArray, requireObject, type JsonObject } from '../oci/json.ts';
import type { Platform } from '../oci/platform.ts';

const WHERE = 'image config';
/** As many as a manifest may have. */
const MAX_LAYERS = 1000;

/** What a conversion needs to know of a config. */
export interface ConfigFacts {
  /** From the bottom up. */
  readonly diffIds: readonly Digest[];
  /** As the config has it; undefined when it names none. */
  readonly platform: Platform | undefined;
}

/** @throws FormatError when it is no image config. */
export function parseConfigFacts(bytes: Uint8Array): ConfigFacts {
  const document = requireObject(parseJson(bytes, WHERE), WHERE);
  const os = optionalString(document, 'os', WHERE) ?? '';
  const architecture = optionalString(document, 'architecture', WHERE) ?? '';
  const variant = optionalString(document, 'variant', WHERE) ?? '';
  const named = os !== '' && architecture !== '';
  return {
    diffIds: diffIdsOf(document),
    platform: named ? { os, architecture, ...(variant === '' ? {} : { variant }) } : undefined,
  };
}

/**
 * The config with other diff ids; every other byte stays, unknown fields, spaces and large numbers among them.
 * @throws FormatError when it is no image config, or says something twice.
 */
export function replaceDiffIds(bytes: Uint8Array, diffIds: readonly Digest[]): Uint8Array {
  const before = requireObject(parseJson(bytes, WHERE), WHERE);
  diffIdsOf(before);
  const rootfs = spanOf(bytes, 0, 'rootfs');
  const ids = spanOf(bytes, rootfs.start, 'diff_ids');
  const changed = Buffer.concat([
    bytes.subarray(0, ids.start),
    Buffer.from(JSON.stringify(diffIds)),
    bytes.subarray(ids.end),
  ]);
  // A key that stands there twice means what its last value says; nobody writes that, and readers differ about it.
  const wanted = { ...before, rootfs: { ...requireObject(before['rootfs'], WHERE), diff_ids: diffIds } };
  if (isDeepStrictEqual(parseJson(changed, WHERE), wanted)) return changed;
  throw new FormatError(`${WHERE}: has rootfs or its diff_ids twice`);
}

function diffIdsOf(document: JsonObject): Digest[] {
  const rootfs = requireObject(document['rootfs'], `${WHERE}.rootfs`);
  const where = `${WHERE}.rootfs.diff_ids`;
  return requireArray(rootfs['diff_ids'], where, MAX_LAYERS).map((id) => {
    if (typeof id !== 'string') throw new FormatError(`${where}: not a list of strings`);
    return parseDigest(id);
  });
}

/** Where the first value of `key` stands in the object that begins at `start`. The text is known to be JSON. */
function spanOf(bytes: Uint8Array, start: number, key: string): { readonly start: number; readonly end: number } {
  const scanner = new JsonScanner(bytes, start);
  const words = new WordTable([key]);
  const isObject = scanner.peek() === OPEN_OBJECT;
  for (let more = isObject && scanner.enter(CLOSE_OBJECT); more; more = scanner.more(CLOSE_OBJECT)) {
    const found = scanner.key(words) === 0;
    scanner.peek();
    const valueStart = scanner.at;
    scanner.value();
    if (found) return { start: valueStart, end: scanner.at };
  }
  throw new FormatError(`${WHERE}: no ${key}`);
}
