// containerd's image records: names that keep content and snapshots from being collected.
import type { Descriptor } from '../oci/descriptor.ts';
import { hasCode, type Connection } from './connection.ts';

const SERVICE = 'containerd.services.images.v1.Images';

export interface ImageRecord {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly target: { readonly mediaType: string; readonly digest: string; readonly size: number };
}

/** @returns undefined when there is no such image. */
export async function lookupImage(
  connection: Connection,
  name: string,
  signal?: AbortSignal,
): Promise<ImageRecord | undefined> {
  try {
    return (await connection.call<{ image: ImageRecord }>([SERVICE, 'Get'], { name }, signal)).image;
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}

/** Makes the image, or lets an existing one point to `target`; its other labels stay. */
export async function putImage(
  connection: Connection,
  image: { readonly name: string; readonly target: Descriptor; readonly labels: Readonly<Record<string, string>> },
  signal?: AbortSignal,
): Promise<void> {
  const { name, labels } = image;
  const { mediaType, digest, size } = image.target;
  const record = { name, labels, target: { mediaType, digest, size } };
  try {
    await connection.call([SERVICE, 'Create'], { image: record }, signal);
  } catch (error) {
    if (!hasCode(error, 'ALREADY_EXISTS')) throw error;
    const paths = ['target', ...Object.keys(labels).map((key) => `labels.${key}`)];
    await connection.call([SERVICE, 'Update'], { image: record, updateMask: { paths } }, signal);
  }
}
