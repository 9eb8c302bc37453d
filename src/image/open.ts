// From a location to an image that can be read, or to a place where one can be written.
import type { Readable, Writable } from 'node:stream';
import { UserError } from '../errors.ts';
import type { RegistryClient } from '../registry/client.ts';
import { openArchiveSource, openPipedSource } from './archive-source.ts';
import { openArchiveTarget, openPipedTarget } from './archive-target.ts';
import { openContainerdSource, openContainerdTarget } from './containerd-image.ts';
import { openLayoutSource } from './layout-source.ts';
import { openLayoutTarget } from './layout-target.ts';
import { formatLocation, type ImageLocation } from './location.ts';
import type { ImageSource, ImageTarget } from './model.ts';
import { RegistryImageSource, RegistryImageTarget } from './registry-image.ts';

/** What images are reached with. */
export interface ImageAccess {
  /** The client for registries; called for registry references only. It stays the caller's to close, after the image. */
  readonly registry: () => RegistryClient;
  readonly containerd: { readonly address: string; readonly namespace: string };
  /** A folder for temporary files, as large as the image when that comes from a pipe or goes into an archive. */
  readonly workDir: string;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
}

/**
 * Opens an image for reading. Dispose it: temporary files go with it.
 * @throws UserError when there is nothing to read; FormatError when what is there is malformed.
 */
export async function openSource(
  location: ImageLocation,
  access: ImageAccess,
  signal?: AbortSignal,
): Promise<ImageSource> {
  signal?.throwIfAborted();
  switch (location.kind) {
    case 'registry':
      return new RegistryImageSource(access.registry(), location.reference);
    case 'oci':
      return openLayoutSource(location.path, location.tag);
    case 'oci-archive':
    case 'docker-archive': {
      const { kind, path } = location;
      const image = kind === 'oci-archive' ? location.tag : location.image;
      return openArchiveSource(path, { where: `${kind}:${path}`, image, workDir: access.workDir }, signal);
    }
    case 'stream': {
      if (access.stdin.isTTY === true) {
        throw new UserError(
          'standard input is a terminal, not an image',
          'Pipe an archive in, as `docker save` writes it.',
        );
      }
      const request = { where: 'standard input', image: undefined, workDir: access.workDir };
      return openPipedSource(access.stdin, request, signal);
    }
    default:
      return openContainerdSource(location.name, location.reference, access.containerd, signal);
  }
}

/**
 * Opens a place for one image. Nothing of it is visible before its `finish`; disposed without that, it leaves nothing.
 * @throws UserError when the image can't be written there.
 */
export async function openTarget(
  location: ImageLocation,
  access: ImageAccess,
  signal?: AbortSignal,
): Promise<ImageTarget> {
  signal?.throwIfAborted();
  const { workDir } = access;
  const name = formatLocation(location);
  switch (location.kind) {
    case 'registry':
      return new RegistryImageTarget(access.registry(), location.reference);
    case 'oci':
      return openLayoutTarget(location.path, location.tag);
    case 'oci-archive':
      return openArchiveTarget(location.path, { name, image: location.tag, forDocker: false, workDir });
    case 'docker-archive':
      return openArchiveTarget(location.path, { name, image: location.image, forDocker: true, workDir });
    case 'stream':
      return openPipedTarget(access.stdout, { name: 'standard output', image: undefined, forDocker: false, workDir });
    default:
      return openContainerdTarget(location.reference, access.containerd, signal);
  }
}
