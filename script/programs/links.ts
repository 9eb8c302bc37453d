// What appears below .tools: a symbolic link to a program in the cache, or a wrapper where the program needs an
// environment (libraries that the system lacks, a data folder) or a newer C library.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const LOADER = process.arch === 'arm64' ? 'ld-linux-aarch64.so.1' : 'ld-linux-x86-64.so.2';
const systemLoader = process.arch === 'arm64' ? `/lib/${LOADER}` : `/lib64/${LOADER}`;

/** One program below .tools. `path` is relative to .tools, `target` absolute. */
export interface Link {
  readonly path: string;
  readonly target: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The dynamic loader that the program must have instead of the system's, with the libraries that belong to it. */
  readonly loader?: Loader;
}

/** A C library newer than the system's. `path` is the loader, `libraries` a search path. */
export interface Loader {
  readonly path: string;
  readonly libraries: string;
}

/** What a program needs to load: nothing, a search path, or a whole C library. @throws Error when something is missing. */
export function librariesOf(program: string, folders: readonly string[]): string | Loader | undefined {
  if (missingLibraries(program).length === 0) return undefined;
  const libraries = folders.filter((folder) => existsSync(folder)).join(':');
  const path = folders.map((folder) => join(folder, LOADER)).find((file) => existsSync(file));
  const missing = missingLibraries(program, libraries, path);
  if (missing.length > 0) throw new Error(`${program} lacks ${missing.join(', ')}`);
  return path === undefined ? libraries : { path, libraries };
}

/** The sonames or symbol versions that the loader can't find; none for a static program or a script. */
function missingLibraries(program: string, path = '', loader?: string): string[] {
  // A loader of our own does what ldd does, but for the libraries that belong to it.
  const [command, args] =
    loader === undefined ? ['ldd', [program]] : [loader, ['--library-path', path, '--list', program]];
  const { stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', ...(loader === undefined ? { LD_LIBRARY_PATH: path } : {}) },
  });
  return [...`${stdout}\n${stderr}`.matchAll(/(\S+) => not found|version `([^']+)' not found/g)].map(
    ([, library, version]) => library ?? version ?? '',
  );
}

/** Makes the link or wrapper, when it is not already as it should be. */
export function placeLink(tools: string, link: Link): void {
  const path = join(tools, link.path);
  mkdirSync(dirname(path), { recursive: true });
  const fresh = `${path}.new-${process.pid}`;
  const text = wrapper(link);
  if (text === undefined) {
    symlinkSync(link.target, fresh);
  } else {
    if (readText(path) === text) return;
    writeFileSync(fresh, text);
    chmodSync(fresh, 0o755);
  }
  renameSync(fresh, path);
}

function wrapper({ target, environment = {}, loader }: Link): string | undefined {
  const lines = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'\n`);
  if (loader !== undefined) return `#!/bin/sh\n${lines.join('')}${underLoader(target, loader)}`;
  return lines.length === 0 ? undefined : `#!/bin/sh\n${lines.join('')}exec '${target}' "$@"\n`;
}

// The loader is mounted over the system's in a mount namespace of the program's own, because some programs start themselves
// again by /proc/self/exe, which would be the loader if it was called by name. Needs root. Nothing but the shell, which is
// loaded already, may run between the mount and the program. What others mount later is seen there, too, where the system
// lets it be: a program may wait for a mount of somebody's.
function underLoader(target: string, { path, libraries }: Loader): string {
  const steps = 'mount --bind "$1" "$2" && export LD_LIBRARY_PATH="$3" && shift 3 && exec "$@"';
  return `exec unshare --mount --propagation slave sh -c '${steps}' sh '${path}' '${systemLoader}' '${libraries}' '${target}' "$@"\n`;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
