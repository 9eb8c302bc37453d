// What ncc bundles: the sources as tsc emits them, and one module that imports every program on demand. One bundle of all
// programs has what they share once.
import { execFileSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface Compiled {
  /** Temporary, two levels below the project: names of packages relative to it are the same in every checkout. */
  readonly folder: string;
  /** Its module exports `start`: for each program a function that runs it. */
  readonly entry: string;
  /** Of the programs, workers among them. */
  readonly names: readonly string[];
}

// Native code can't be bundled, and is not there for every machine on which other parts of us run: it is loaded at its
// first use. getBuiltinModule, because ncc would follow a createRequire that it understands.
const KOFFI = `const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
let koffi;
export default new Proxy({}, { get: (_, name) => (koffi ??= require('koffi'))[name] });
`;

/**
 * Compiles the project, and all `*-worker.ts` of it with the programs.
 * @throws Error when tsc finds errors; it has written them to stdout.
 */
export function compile(project: string, programs: Readonly<Record<string, string>>): Compiled {
  mkdirSync(join(project, '.work'), { recursive: true });
  const folder = mkdtempSync(join(project, '.work', 'bundle-'));
  try {
    const tsc = join(project, 'node_modules', 'typescript', 'bin', 'tsc');
    const args = ['-p', join(project, 'tsconfig.build.json'), '--outDir', folder, '--removeComments'];
    execFileSync(process.execPath, [tsc, ...args], { cwd: project, stdio: 'inherit' });
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n');
    writeKoffi(project, join(folder, 'node_modules', 'koffi'));
    const modules = new Map(Object.entries(programs).map(([name, path]) => [name, path.replace(/ts$/, 'js')]));
    for (const path of globSync('src/**/*-worker.js', { cwd: folder }).sort()) addWorker(modules, path);
    const entry = join(folder, 'entry.js');
    writeFileSync(entry, entryText(modules));
    return { folder, entry, names: [...modules.keys()] };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Takes the package's place for modules below this folder; with its licence, which ncc collects. */
function writeKoffi(project: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const about = { name: 'koffi', license: 'MIT', type: 'module', exports: './index.js' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(about));
  copyFileSync(join(project, 'node_modules', 'koffi', 'LICENSE.txt'), join(folder, 'LICENSE.txt'));
  writeFileSync(join(folder, 'index.js'), KOFFI);
}

/** Workers are started by their file's name beside whoever asks: all of them lie in one folder then. */
function addWorker(modules: Map<string, string>, path: string): void {
  const name = basename(path, '.js');
  const other = modules.get(name);
  if (other !== undefined) throw new Error(`${path} and ${other} would both be dist/${name}.js: rename one`);
  modules.set(name, path);
}

function entryText(modules: ReadonlyMap<string, string>): string {
  const lines = [...modules].map(([name, path]) => `  ${JSON.stringify(name)}: () => import('./${path}'),`);
  return `export const start = {\n${lines.join('\n')}\n};\n`;
}
