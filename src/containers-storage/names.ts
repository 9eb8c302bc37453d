// Names in the tree: `<base64 of an image reference>/<digest of a TOC>/{diff,info,blob}`, and `use`, which is never there.
// https://github.com/containers/storage/blob/main/drivers/overlay/overlay.go (getAdditionalLayerPath)
import { FormatError } from '../errors.ts';
import { formatReference, parseReference } from '../oci/reference.ts';

/** What a layer's directory has. */
export const LAYER_FILES = ['diff', 'info', 'blob'] as const;
export type LayerFile = (typeof LAYER_FILES)[number];

/** Made by a client to say that it uses the layer; the answer is ENOENT all the same. */
export const USE_FILE = 'use';

/** No reference is longer; the kernel passes names of up to 1024 bytes. */
const MAX_NAME_LENGTH = 1024;

/**
 * The reference that a directory name stands for, in the form that the client wrote; undefined when it is none. There is
 * one name for each text: padding must be right, and unused bits zero.
 */
export function decodeReferenceName(name: string): string | undefined {
  if (name.length > MAX_NAME_LENGTH) return undefined;
  const text = Buffer.from(name, 'base64').toString('utf8');
  if (encodeReferenceName(text) !== name) return undefined;
  try {
    formatReference(parseReference(text));
    return text;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** The directory name of a reference. */
export function encodeReferenceName(reference: string): string {
  return Buffer.from(reference, 'utf8').toString('base64');
}

export function isLayerFile(name: string): name is LayerFile {
  return (LAYER_FILES as readonly string[]).includes(name);
}
