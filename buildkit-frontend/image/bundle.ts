// Makes the frontend one file: what tsc emits of main.ts and of all that it imports, put together by ncc.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** Writes the module to `target`. @throws Error when tsc finds errors; it has written them to stderr. */
export function bundleFrontend(target: string): void {
  // Below the project: packages are found from there.
  mkdirSync(join(project, '.work'), { recursive: true });
  const folder = mkdtempSync(join(project, '.work', 'frontend-'));
  try {
    const module = (name: string): string => join(project, 'node_modules', name);
    const tsc = ['-p', join(project, 'buildkit-frontend'), '--outDir', folder, '--removeComments'];
    node(module('typescript/bin/tsc'), tsc);
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n');
    const entry = join(folder, 'buildkit-frontend', 'main.js');
    node(module('@vercel/ncc/dist/ncc/cli.js'), ['build', entry, '-o', join(folder, 'out'), '--no-cache', '--quiet']);
    renameSync(join(folder, 'out', 'index.js'), target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a program says, it says to stderr. */
function node(script: string, args: readonly string[]): void {
  execFileSync(process.execPath, [script, ...args], { cwd: project, stdio: ['ignore', 2, 2] });
}
