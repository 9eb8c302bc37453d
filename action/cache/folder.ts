// What a cache entry left in our folder is somebody else's: whoever may write the cache of this branch chose every byte and
// every name of it. Root reads the folder next, so only plain files with the name of a hot pack, of our own and of a size
// that was agreed to, stay in it.
import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, LazypullError } from '../../src/errors.ts';
import { packDigest } from '../../src/layer/hot-pack.ts';

/** What was left in the folder, and what was thrown away. */
export interface CheckedFolder {
  /** Names of the packs. */
  readonly files: readonly string[];
  readonly bytes: number;
  readonly refused: readonly Refused[];
}

export interface Refused {
  readonly file: string;
  readonly reason: string;
}

/** A pack is a layer, and an image has 127 layers at most. */
export const MAX_FILES = 2000;

/**
 * Removes everything that is not a plain hot pack, and packs that together are more than `limitBytes`. Follows no link.
 * @throws LazypullError when the folder itself is none any more, or has far too much in it.
 */
export async function checkFolder(folder: string, limitBytes: number): Promise<CheckedFolder> {
  const own = await lstat(folder);
  if (!own.isDirectory()) throw new LazypullError('FAILED_PRECONDITION', `${folder}: got something else than a folder`);
  // An archive may also set the folder's mode, to anything.
  await chmod(folder, 0o700);
  const names = (await readdir(folder)).toSorted();
  if (names.length > MAX_FILES)
    throw new LazypullError('FAILED_PRECONDITION', `${folder}: got ${names.length} files, wanted at most ${MAX_FILES}`);
  const files: string[] = [];
  const refused: Refused[] = [];
  let bytes = 0;
  for (const file of names) {
    const { reason, size } = await look(join(folder, file), file);
    const why = reason ?? (bytes + size > limitBytes ? `over the limit of ${limitBytes} bytes` : undefined);
    if (why === undefined) {
      bytes += size;
      files.push(file);
    } else {
      await rm(join(folder, file), { recursive: true, force: true });
      refused.push({ file, reason: why });
    }
  }
  return { files, bytes, refused };
}

async function look(path: string, file: string): Promise<{ reason?: string; size: number }> {
  try {
    const stat = await lstat(path);
    if (packDigest(file) === undefined) return { reason: 'not the name of a hot pack', size: 0 };
    if (!stat.isFile()) return { reason: 'not a plain file', size: 0 };
    // A second name of some other file of ours.
    if (stat.nlink !== 1) return { reason: 'a hard link', size: 0 };
    if (stat.uid !== process.geteuid?.()) return { reason: 'a file of another user', size: 0 };
    return { size: stat.size };
  } catch (error) {
    return { reason: describeError(error), size: 0 };
  }
}
