// Content digests as the OCI image specification writes them. Only sha256 is used for data that is lazily served.
import { createHash, hash } from 'node:crypto';
import { FormatError } from '../errors.ts';

/** A sha256 content digest: `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = `sha256:${string}`;

const PATTERN = /^sha256:[0-9a-f]{64}$/;

/** Whether `text` is a well-formed sha256 digest. */
export function isDigest(text: string): text is Digest {
  return PATTERN.test(text);
}

/** @throws FormatError when `text` is not a well-formed sha256 digest. */
export function parseDigest(text: string): Digest {
  if (!isDigest(text)) throw new FormatError(`not a sha256 digest: ${JSON.stringify(text.slice(0, 100))}`);
  return text;
}

/** The sha256 digest of `bytes`. */
export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${hash('sha256', bytes, 'hex')}`;
}

/** The sha256 digest of what the parts are together. */
export function digestOfParts(parts: Iterable<Uint8Array>): Digest {
  const sha256 = createHash('sha256');
  for (const part of parts) sha256.update(part);
  return `sha256:${sha256.digest('hex')}`;
}

/** The 64 hexadecimal digits of a digest, e.g. for file names. */
export function digestHex(digest: Digest): string {
  return digest.slice('sha256:'.length);
}
