// The config of a converted image: the diff ids are other ones, a mark says what it was made from, and not a byte more than
// that changes. History stays right by itself, because every layer becomes exactly one layer.
// https://github.com/opencontainers/image-spec/blob/main/config.md
import { isDeepStrictEqual } from 'node:util';
import { FormatError } from '../errors.ts';
import { CLOSE_OBJECT, JsonScanner, OPEN_OBJECT } from '../estargz/json-scanner.ts';
import { WordTable } from '../estargz/word-table.ts';
import { SOURCE_DIGEST } from '../oci/annotations.ts';
import { parseDigest, type Digest } from '../oci/digest.ts';
import { parseConfigPlatform } from '../oci/image-config.ts';
import { parseJson, requireArray, requireObject, type JsonObject } from '../oci/json.ts';
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
  return { diffIds: diffIdsOf(document), platform: parseConfigPlatform(bytes) };
}

/** What a config becomes. */
export interface NewConfig {
  readonly diffIds: readonly Digest[];
  /** What a lazily pullable image was made from; undefined when that is not to be said. */
  readonly source: Digest | undefined;
}

/**
 * The config with other diff ids and a mark of its own; every other byte stays, unknown fields, spaces and large numbers
 * among them. The mark is a field that nobody else has: BuildKit shows its frontends an image's config and nothing else that
 * they could count on, and what is built on the image does not inherit it.
 * @throws FormatError when it is no image config, or says something twice.
 */
export function rewriteConfig(bytes: Uint8Array, { diffIds, source }: NewConfig): Uint8Array {
  const before = requireObject(parseJson(bytes, WHERE), WHERE);
  diffIdsOf(before);
  const rootfs = requireSpan(bytes, 0, 'rootfs');
  const edits: Edit[] = [{ ...requireSpan(bytes, rootfs.start, 'diff_ids'), text: JSON.stringify(diffIds) }];
  const mark = spanOf(bytes, 0, SOURCE_DIGEST);
  // One that is there says what the source was made from.
  if (mark !== undefined) edits.push({ ...mark, text: JSON.stringify(source ?? null) });
  else if (source !== undefined) {
    const text = `,${JSON.stringify(SOURCE_DIGEST)}:${JSON.stringify(source)}`;
    edits.push({ start: rootfs.end, end: rootfs.end, text });
  }
  const changed = applyEdits(bytes, edits);
  // A key that stands there twice means what its last value says; nobody writes that, and readers differ about it.
  const wanted = {
    ...before,
    rootfs: { ...requireObject(before['rootfs'], WHERE), diff_ids: diffIds },
    ...(mark === undefined && source === undefined ? {} : { [SOURCE_DIGEST]: source ?? null }),
  };
  if (isDeepStrictEqual(parseJson(changed, WHERE), wanted)) return changed;
  throw new FormatError(`${WHERE}: has rootfs, its diff_ids or ${SOURCE_DIGEST} twice`);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Bytes that are replaced by a text. */
interface Edit extends Span {
  readonly text: string;
}

function applyEdits(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { start, end, text } of edits.toSorted((a, b) => a.start - b.start)) {
    parts.push(bytes.subarray(at, start), Buffer.from(text));
    at = end;
  }
  return Buffer.concat([...parts, bytes.subarray(at)]);
}

function diffIdsOf(document: JsonObject): Digest[] {
  const rootfs = requireObject(document['rootfs'], `${WHERE}.rootfs`);
  const where = `${WHERE}.rootfs.diff_ids`;
  return requireArray(rootfs['diff_ids'], where, MAX_LAYERS).map((id) => {
    if (typeof id !== 'string') throw new FormatError(`${where}: not a list of strings`);
    return parseDigest(id);
  });
}

function requireSpan(bytes: Uint8Array, start: number, key: string): Span {
  const span = spanOf(bytes, start, key);
  if (span === undefined) throw new FormatError(`${WHERE}: no ${key}`);
  return span;
}

/** Where the first value of `key` stands in the object that begins at `start`. The text is known to be JSON. */
function spanOf(bytes: Uint8Array, start: number, key: string): Span | undefined {
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
  return undefined;
}
