// What an export reads: the output of a build, through a pipe or from a path, or an image anywhere.
import { stat } from 'node:fs/promises';
import { FormatError, LazypullError, UserError } from '../errors.ts';
import { NoImageError } from '../image/archive-source.ts';
import { parseLocation, type ImageLocation } from '../image/location.ts';
import type { ImageSource } from '../image/model.ts';
import { openSource, type ImageAccess } from '../image/open.ts';
import { EmptyInputError } from '../image/spool.ts';

/**
 * The place of a build's output. What is there on the disk by this name is a folder in OCI layout, or an archive, which is
 * known by what is in it.
 * @throws UserError that says what to write instead.
 */
export async function parseBuildSource(text: string): Promise<ImageLocation> {
  if (text === '-' || text === '') return parseLocation(text);
  try {
    return { kind: (await stat(text)).isDirectory() ? 'oci' : 'oci-archive', path: text, tag: undefined };
  } catch (cause) {
    if (/^(\.{0,2}\/|~)|\.tar$/.test(text)) {
      throw new UserError(`there is no file or folder ${text}`, 'SRC is what the build writes, or an image.', {
        cause,
      });
    }
    return parseLocation(text);
  }
}

/**
 * Opens it. A pipe is read to its end.
 * @throws LazypullError when a build that should have come through the pipe failed: that is nothing for the user of this
 *   command to change; else as `openSource`.
 */
export async function openBuild(
  location: ImageLocation,
  access: ImageAccess,
  signal: AbortSignal,
): Promise<ImageSource> {
  try {
    return await openSource(location, access, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (location.kind !== 'stream') throw error;
    if (error instanceof EmptyInputError) {
      const message = 'the build wrote nothing: standard input is empty. Nothing was pushed';
      throw new LazypullError('FAILED_PRECONDITION', message, { cause: error });
    }
    if (error instanceof FormatError || error instanceof NoImageError) {
      const [what = ''] = error.message.split('\n');
      throw new LazypullError('FAILED_PRECONDITION', `the build's output is not whole: ${what}. Nothing was pushed`, {
        cause: error,
      });
    }
    throw error;
  }
}
