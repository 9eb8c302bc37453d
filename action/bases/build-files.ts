// Input `build-files`: which files of the workspace `lazypull policy` gets, and which ones bake has to evaluate first.
// Nothing here is read: only looked for.
import { globSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { filesInFolder } from '../../src/policy/files.ts';
import type { Remark } from '../../src/policy/model.ts';

/** Files that one run of bake evaluates together. */
export interface BakeGroup {
  /** Where bake runs, relative to the workspace; '' for the workspace. Contexts start there. */
  readonly folder: string;
  /** Relative to `folder`. */
  readonly files: readonly string[];
  /** None: what bake builds when it is told nothing. */
  readonly targets: readonly string[];
}

export interface BuildFiles {
  /** Dockerfiles and compose files, relative to the workspace. */
  readonly plain: readonly string[];
  readonly bake: readonly BakeGroup[];
  readonly remarks: readonly Remark[];
}

/** Folders of other people's code. */
const OF_OTHERS = ['**/node_modules/**', '**/.git/**'];
const BAKE = /(?:\.hcl|(?:^|\/)docker-bake(?:\.[\w-]+)*\.json)$/i;

/** What the lines of the input mean: files, folders, patterns, and bake files with targets. Without any the workspace. */
export function findBuildFiles(workspace: string, items: readonly string[]): BuildFiles {
  const plain = new Set<string>();
  const bake: BakeGroup[] = [];
  const remarks: Remark[] = [];
  const nothing = (file: string, what: string): void => void remarks.push({ file, line: undefined, what });
  const matching = (pattern: string): string[] => {
    if (!/[*?[]/.test(pattern)) return [pattern];
    const paths = globSync(pattern, { cwd: workspace, exclude: OF_OTHERS }).toSorted();
    if (paths.length === 0) nothing(pattern, 'no file has such a name');
    return paths;
  };
  const add = (path: string, targets: readonly string[]): void => {
    const kind = kindOf(resolve(workspace, path));
    if (kind === undefined) nothing(path, 'there is no such file');
    else if (kind === 'folder') addFolder(path);
    else if (BAKE.test(path)) bake.push({ folder: '', files: [path], targets });
    else plain.add(path);
  };
  const addFolder = (path: string): void => {
    const found = filesInFolder(resolve(workspace, path));
    const folder = path === '.' ? '' : path;
    for (const name of found.plain) plain.add(join(folder, name));
    const files = [...found.bakeJson, ...found.bakeHcl];
    if (files.length > 0) bake.push({ folder, files, targets: [] });
    else if (found.plain.length === 0) nothing(path, 'nothing to build in this folder');
  };
  for (const item of items.length === 0 ? ['.'] : items) {
    const [file = '', ...targets] = item.split(/\s+/);
    if (BAKE.test(file)) for (const path of matching(file)) add(path, targets);
    else for (const path of matching(item)) add(path, []);
  }
  return { plain: [...plain], bake, remarks };
}

/** Whether nobody has checked anything out: a step that comes too early finds this. */
export function isEmptyWorkspace(workspace: string): boolean {
  try {
    return readdirSync(workspace).length === 0;
  } catch {
    return true;
  }
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  return stats.isDirectory() ? 'folder' : 'file';
}
