// The folder that outlives a clone: downloads and builds, each under its name and version, complete or absent.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** `$XDG_CACHE_HOME/lazypull`, or `~/.cache/lazypull`. */
export const cacheDir: string = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'lazypull');

/**
 * The folder `cacheDir/key`, filled by `fill` when it is not there yet. A folder appears by rename, so that
 * it is whole whenever it can be seen, also when two processes fill it at the same time.
 */
export async function cachedFolder(
  key: string,
  fill: (folder: string) => void | Promise<void>,
): Promise<{ folder: string; fresh: boolean }> {
  const folder = join(cacheDir, key);
  if (existsSync(folder)) return { folder, fresh: false };
  mkdirSync(join(folder, '..'), { recursive: true });
  const work = mkdtempSync(join(folder, '..', '.filling-'));
  try {
    await fill(work);
    renameSync(work, folder);
    return { folder, fresh: true };
  } catch (error) {
    rmSync(work, { recursive: true, force: true });
    if (existsSync(folder)) return { folder, fresh: false };
    throw error;
  }
}
