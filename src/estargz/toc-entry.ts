// One entry of the TOC: where in the JSON the values of the keys are that mean something. They are decoded when they
// are asked for, so that a key that comes twice counts once, and a field that a type does not have is not looked at.
import { isDigest } from '../oci/digest.ts';
import { CLOSE_OBJECT, PLAIN, QUOTE } from './json-scanner.ts';
import type { JsonScanner } from './json-scanner.ts';
import { badDigest, parseInteger, parseSha256, parseText, quote } from './toc-fields.ts';
import { parseTime, parseUtcTime } from './toc-time.ts';
import { WordTable } from './word-table.ts';

const KEYS = [
  ...['name', 'type', 'size', 'modtime', 'linkName', 'mode', 'uid', 'gid', 'devMajor', 'devMinor', 'xattrs'],
  ...['digest', 'offset', 'innerOffset', 'chunkOffset', 'chunkSize', 'chunkDigest'],
] as const;

/** A key of the format that means something here. */
export type Key = (typeof KEYS)[number];

const KEY_WORDS = new WordTable(KEYS);
/** The index of a key in KEYS. */
const INDEX = Object.fromEntries(KEYS.map((key, index) => [key, index])) as Readonly<Record<Key, number>>;
