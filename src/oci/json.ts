// Small checks on parsed JSON from outside, shared by the documents of this folder.
import { FormatError } from '../errors.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws FormatError when `value` is not an object. */
export function requireObject(value: unknown, where: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FormatError(`${where}: not an object`);
  }
  return value as JsonObject;
}

/** @throws FormatError when `value` is not an array or has more than `most` elements. */
export function requireArray(value: unknown, where: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new FormatError(`${where}: not an array`);
  if (value.length > most) throw new FormatError(`${where}: ${value.length} elements, more than ${most}`);
  return value as readonly unknown[];
}

/** @throws FormatError when the field is there and not a string. */
export function optionalString(object: JsonObject, key: string, where: string): string | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new FormatError(`${where}.${key}: not a string`);
  return value;
}

/** @throws FormatError when `bytes` are not JSON. */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch (cause) {
    throw new FormatError(`${what}: not JSON`, { cause });
  }
}
