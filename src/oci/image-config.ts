// The few fields of an image's config that say what image it is.
// https://github.com/opencontainers/image-spec/blob/main/config.md
import { SOURCE_DIGEST } from './annotations.ts';
import { optionalString, parseJson, requireObject, type JsonObject } from './json.ts';
import type { Platform } from './platform.ts';

const WHERE = 'image config';

/** The platform as the config has it; undefined when it names none. @throws FormatError when it is no config. */
export function parseConfigPlatform(bytes: Uint8Array): Platform | undefined {
  const document = objectOf(bytes);
  const os = optionalString(document, 'os', WHERE) ?? '';
  const architecture = optionalString(document, 'architecture', WHERE) ?? '';
  const variant = optionalString(document, 'variant', WHERE) ?? '';
  if (os === '' || architecture === '') return undefined;
  return { os, architecture, ...(variant === '' ? {} : { variant }) };
}

/**
 * What our converter says that a lazily pullable image was made from: the digest of the index, where there was one. undefined
 * when it says nothing. @throws FormatError when it is no config.
 */
export function parseConfigSource(bytes: Uint8Array): string | undefined {
  const mark = objectOf(bytes)[SOURCE_DIGEST];
  return typeof mark === 'string' ? mark : undefined;
}

function objectOf(bytes: Uint8Array): JsonObject {
  return requireObject(parseJson(bytes, WHERE), WHERE);
}
