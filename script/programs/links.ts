// What appears below .tools: a symbolic link to a program in the cache, or a wrapper where the program needs an
// environment (libraries that the system lacks, a data folder).
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One program below .tools. `path` is relative to .tools, `target` absolute. */
export interface Link {
  readonly path: string;
  readonly target: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Folders of libraries that are needed beyond the system's, none when the program loads without them. */
export function libraryPath(program: string, folders: readonly string[]): string | undefined {
  if (missingLibraries(program).length === 0) return undefined;
  const path = folders.filter((folder) => existsSync(folder)).join(':');
  const missing = missingLibraries(program, path);
  if (missing.length > 0) throw new Error(`${program} lacks ${missing.join(', ')}`);
  return path;
}

/** The sonames or symbol versions that the loader can't find; none for a static program or a script. */
function missingLibraries(program: string, path = ''): string[] {
  const { stdout, stderr } = spawnSync('ldd', [program], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', LD_LIBRARY_PATH: path },
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

function wrapper({ target, environment }: Link): string | undefined {
  if (environment === undefined || Object.keys(environment).length === 0) return undefined;
  const lines = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'\n`);
  return `#!/bin/sh\n${lines.join('')}exec '${target}' "$@"\n`;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
