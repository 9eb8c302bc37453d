// Values of flags as commander gives them, checked.
import { ValueError, parseSize } from '../config/values.ts';
import { FormatError, UserError } from '../errors.ts';
import { parsePlatform, type Platform } from '../oci/platform.ts';

/** Values of a command's flags by their names in camel case. */
export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** The value of a flag that was given. */
export function textFlag(flags: Flags, name: string): string | undefined {
  const value = flags[name];
  return typeof value === 'string' ? value : undefined;
}

/** Values of a flag that may be given several times. */
export function listFlag(flags: Flags, name: string): readonly string[] {
  const value = flags[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** A whole number in [min, max]. @throws UserError */
export function integerFlag(flags: Flags, name: string, min: number, max: number): number | undefined {
  const text = textFlag(flags, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new UserError(`${spelled(name)} wants a whole number from ${min} to ${max}, got ${JSON.stringify(text)}`);
}

/** Bytes of e.g. `4MiB`. @throws UserError */
export function sizeFlag(flags: Flags, name: string): number | undefined {
  const text = textFlag(flags, name);
  if (text === undefined) return undefined;
  try {
    return parseSize(text);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new UserError(`${spelled(name)} ${error.message}`, undefined, { cause: error });
  }
}

/** @throws UserError */
export function parsePlatformFlag(text: string): Platform {
  try {
    return parsePlatform(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new UserError(error.message, 'A platform is written like linux/arm64.', { cause: error });
  }
}

/** `chunkSize` is `--chunk-size` to the user. */
function spelled(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
