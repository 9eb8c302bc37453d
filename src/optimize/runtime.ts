// What this machine needs to have for a recording, told before anything is downloaded.
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import {
  compatiblePlatforms,
  formatPlatform,
  hostPlatform,
  normalizePlatform,
  type Platform,
} from '../oci/platform.ts';

const FALLBACK = 'Without them an image can be optimized from a recording: --record-in, or --prefetch-list.';

/**
 * Finds the runtime, and checks what else a recording needs.
 * @returns the runtime's absolute path.
 * @throws UserError that says what is missing.
 */
export function requireRecording(runtime: string): string {
  if (process.platform !== 'linux') throw new UserError(`recording needs Linux, this is ${process.platform}`, FALLBACK);
  if (process.getuid?.() !== 0)
    throw new UserError('recording needs root: it mounts the image', `Use sudo. ${FALLBACK}`);
  if (!isAccessible('/dev/fuse', constants.R_OK | constants.W_OK)) {
    throw new UserError(
      'recording needs /dev/fuse',
      'Load the module (modprobe fuse); in a container pass --device /dev/fuse.',
    );
  }
  if (findProgram('unshare') === undefined) throw new UserError('recording needs unshare(1)', 'Install util-linux.');
  const path = findProgram(runtime);
  if (path !== undefined) return path;
  throw new UserError(
    `recording needs ${runtime}, which is not there`,
    `Install runc, or name it with --runtime. ${FALLBACK}`,
  );
}

/** Whether this machine runs programs of the platform. */
export function isRunnableHere(platform: Platform): boolean {
  const own = formatPlatform(normalizePlatform(platform));
  return compatiblePlatforms(hostPlatform()).some((one) => formatPlatform(one) === own);
}

/** @throws UserError when this machine can't run programs of the platform. */
export function requireRunnable(platform: Platform): void {
  if (isRunnableHere(platform)) return;
  throw new UserError(
    `this machine (${formatPlatform(hostPlatform())}) can't run an image for ${formatPlatform(platform)}`,
    'Record it on such a machine with --record-out, and use that here with --record-in.',
  );
}

/** A program by its path, or by its name in PATH; `PATH` may lack the places that only root's has. */
function findProgram(name: string): string | undefined {
  if (isAbsolute(name) || name.includes('/')) return isAccessible(name, constants.X_OK) ? resolve(name) : undefined;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name))
    .find((path) => isAccessible(path, constants.X_OK));
}

function isAccessible(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
