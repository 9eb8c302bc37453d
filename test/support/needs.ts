// What a test needs of the machine. A missing thing is a skip that says so; where everything must be there
// (LAZYPULL_REQUIRE=all, as script/test sets it) it is a failure.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A folder that git ignores, filled by script/setup. */
export const toolsDir: string = fileURLToPath(new URL('../../.tools', import.meta.url));

const checks: Record<string, () => boolean> = {
  root: () => process.getuid?.() === 0,
  fuse: () => accessible('/dev/fuse'),
  erofs: () => /\berofs$/m.test(readFileSync('/proc/filesystems', 'utf8')),
  tun: () => accessible('/dev/net/tun'),
};

/**
 * Use as the `skip` option of a test: `test('...', { skip: needs('root', 'erofs', 'fsck.erofs') }, ...)`.
 * Names are `root`, `fuse`, `erofs`, `tun`, or a program (absolute, below .tools, or in PATH).
 * @returns false when everything is there, else the reason for the skip.
 * @throws Error instead of a reason when LAZYPULL_REQUIRE=all.
 */
export function needs(...what: string[]): string | false {
  const missing = what.filter((name) => !(checks[name]?.() ?? findProgram(name) !== undefined));
  if (missing.length === 0) return false;
  const reason = `needs ${missing.join(', ')}`;
  if (process.env['LAZYPULL_REQUIRE'] === 'all') throw new Error(`${reason}: run script/setup, as root`);
  return reason;
}

/** The absolute path of a program of script/setup (`containerd-2/bin/ctr`, `runc`) or of PATH; undefined when there is none. */
export function findProgram(name: string): string | undefined {
  const candidates = name.startsWith('/')
    ? [name]
    : [
        join(toolsDir, name),
        join(toolsDir, 'bin', name),
        ...(process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name)),
      ];
  return candidates.find((path) => !path.endsWith('/') && existsSync(path) && executable(path));
}

/** @throws Error when the program is not there. */
export function requireProgram(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed: run script/setup`);
  return path;
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function accessible(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
