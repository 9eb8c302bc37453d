// Bytes against their descriptor, as they go by. Everything that sources give out but ranges goes through here.
import { createHash } from 'node:crypto';
import { FormatError, VerificationError } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { digestOf } from '../oci/digest.ts';
import { parseManifest } from '../oci/manifest.ts';
import type { ImageDocument } from './model.ts';

/** Larger blobs are to be streamed. */
export const MAX_FETCHED_BYTES: number = 64 << 20;

/**
 * The same pieces, the last one only when size and digest are the descriptor's. `where` names the place in messages.
 * @throws FormatError when there are more or fewer bytes; VerificationError when they are others.
 */
export async function* verified(
  pieces: AsyncIterable<Uint8Array>,
  { digest, size }: Descriptor,
  where: string,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let bytes = 0;
  let held: Uint8Array | undefined;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > size) throw new FormatError(`${where}: ${digest} has more than the ${size} bytes of its descriptor`);
    hash.update(piece);
    if (held !== undefined) yield held;
    held = piece;
  }
  if (bytes < size) throw new FormatError(`${where}: ${digest} has ${bytes} bytes, its descriptor says ${size}`);
  const actual = `sha256:${hash.digest('hex')}`;
  if (actual !== digest) throw new VerificationError(`${where}: blob`, digest, actual);
  if (held !== undefined) yield held;
}

/** All of a small blob, verified. @throws FormatError when the descriptor says more than 64 MiB; as `verified`. */
export async function readVerified(
  open: () => AsyncIterable<Uint8Array>,
  descriptor: Descriptor,
  where: string,
): Promise<Uint8Array> {
  requireSmall(descriptor, where);
  const pieces: Uint8Array[] = [];
  for await (const piece of verified(open(), descriptor, where)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** @throws FormatError when a blob is too large to be held in memory. */
export function requireSmall({ digest, size }: Descriptor, where: string): void {
  if (size > MAX_FETCHED_BYTES) {
    throw new FormatError(`${where}: ${digest} has ${size} bytes, which are too many to hold in memory`);
  }
}

/** A manifest or index from its verified bytes. @throws as `parseManifest`, also when the descriptor's media type is another. */
export function documentOf(descriptor: Descriptor, bytes: Uint8Array): ImageDocument {
  return { descriptor, bytes, manifest: parseManifest(bytes, descriptor.mediaType) };
}

/** Checks bytes in memory. @throws FormatError, VerificationError */
export function requireContent({ digest, size }: Descriptor, bytes: Uint8Array, where: string): void {
  if (bytes.length !== size) {
    throw new FormatError(`${where}: ${digest} has ${bytes.length} bytes, its descriptor says ${size}`);
  }
  const actual = digestOf(bytes);
  if (actual !== digest) throw new VerificationError(where, digest, actual);
}
