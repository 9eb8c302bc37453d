// OCI content descriptors: what a manifest says about each of its parts.
// https://github.com/opencontainers/image-spec/blob/main/descriptor.md
import { FormatError } from '../errors.ts';
import { parseDigest, type Digest } from './digest.ts';
import { optionalString, requireObject, type JsonObject } from './json.ts';
import type { Platform } from './platform.ts';

/** A checked descriptor. Unknown fields are dropped. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes of the content; a safe integer. */
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: Platform;
  readonly artifactType?: string;
}

/**
 * Checks a descriptor from a parsed JSON document. `where` names it in errors, e.g. `layers[3]`.
 * @throws FormatError
 */
export function parseDescriptor(value: unknown, where: string): Descriptor {
  const object = requireObject(value, where);
  const { mediaType, digest, size } = object;
  if (typeof mediaType !== 'string' || mediaType === '') throw new FormatError(`${where}: no mediaType`);
  if (typeof digest !== 'string') throw new FormatError(`${where}: no digest`);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new FormatError(`${where}: size is not a length in bytes: ${JSON.stringify(size)}`);
  }
  const artifactType = optionalString(object, 'artifactType', where);
  const annotations = parseAnnotations(object['annotations'], where);
  return {
    mediaType,
    digest: parseDigest(digest),
    size,
    ...(annotations === undefined ? {} : { annotations }),
    ...(object['platform'] == null ? {} : { platform: parsePlatformField(object['platform'], `${where}.platform`) }),
    ...(artifactType === undefined ? {} : { artifactType }),
  };
}

/** @throws FormatError when an annotation is not a string. */
export function parseAnnotations(value: unknown, where: string): Readonly<Record<string, string>> | undefined {
  // Go writers encode an empty map as null.
  if (value == null) return undefined;
  const out: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [key, text] of Object.entries(requireObject(value, `${where}.annotations`))) {
    if (typeof text !== 'string') throw new FormatError(`${where}.annotations: ${JSON.stringify(key)} is not a string`);
    out[key] = text;
  }
  return out;
}

function parsePlatformField(value: unknown, where: string): Platform {
  const object: JsonObject = requireObject(value, where);
  const variant = optionalString(object, 'variant', where);
  return {
    os: optionalString(object, 'os', where) ?? '',
    architecture: optionalString(object, 'architecture', where) ?? '',
    ...(variant === undefined || variant === '' ? {} : { variant }),
  };
}
