// Which images of an index a command looks at, and where their external tables of contents are.
import { LazypullError, UserError } from '../errors.ts';
import { formatLocation, type ImageLocation } from '../image/location.ts';
import { openSource, type ImageAccess } from '../image/open.ts';
import type { ImageSource } from '../image/model.ts';
import { hostPlatform, type Platform } from '../oci/platform.ts';
import type { OpenTocImage } from '../optimize/inspect-toc.ts';
import { listFlag, parsePlatformFlag, type Flags } from './flag-values.ts';
import { tocLocation } from './layer-format-flags.ts';

/** In front of the path of a layer's blob, where an image could stand. */
export const BLOB_PREFIX = 'blob:';

/** The images that `--platform` and `--all-platforms` name; that of this machine without them. @throws UserError */
export function platformsOf(flags: Flags): readonly Platform[] | 'all' {
  if (flags['allPlatforms'] === true) return 'all';
  const named = listFlag(flags, 'platform').map((text) => parsePlatformFlag(text));
  return named.length === 0 ? [hostPlatform()] : named;
}

/** Opens `REF-esgztoc` of an image, once, and only when it is asked for. Disposing it closes what was opened. */
export class TocImage implements AsyncDisposable {
  readonly open: OpenTocImage;
  #opened: Promise<ImageSource> | undefined;

  constructor(image: ImageLocation, access: ImageAccess) {
    this.open = (signal) => (this.#opened ??= openTocImage(image, access, signal));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const [opened] = await Promise.allSettled([this.#opened]);
    if (opened.status === 'fulfilled') await opened.value?.[Symbol.asyncDispose]();
  }
}

async function openTocImage(image: ImageLocation, access: ImageAccess, signal?: AbortSignal): Promise<ImageSource> {
  let location: ImageLocation;
  try {
    location = tocLocation(image);
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new LazypullError('UNSUPPORTED', `which is found by its tag, and ${formatLocation(image)} has none`, {
      cause,
    });
  }
  return openSource(location, access, signal);
}
