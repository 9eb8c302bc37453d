// Which builds the files that a user names describe: Dockerfiles, bake files in JSON, compose files, folders with them.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { parseEnv } from 'node:util';
import { UserError } from '../errors.ts';
import { bakeBuilds } from './bake.ts';
import { composeBuilds } from './compose.ts';
import type { Builds } from './model.ts';
import { isTable, type Table } from './tables.ts';

/** What builds and bake look for in a folder. */
const BAKE_FILES = ['docker-bake.json', 'docker-bake.override.json'];
const HCL_FILES = ['docker-bake.hcl', 'docker-bake.override.hcl'];
const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const STDIN = 0;
const PRINT = 'docker buildx bake --print | lazypull policy -';

/** The builds of all `paths`; those of the folder where this process runs without any. @throws UserError */
export function buildsOf(paths: readonly string[], environment: NodeJS.ProcessEnv): Builds {
  const found = (paths.length === 0 ? ['.'] : paths).map((path) => buildsAt(path, environment));
  return { builds: found.flatMap(({ builds }) => builds), remarks: found.flatMap(({ remarks }) => remarks) };
}

function buildsAt(path: string, environment: NodeJS.ProcessEnv): Builds {
  if (path !== '-' && isFolder(path)) return buildsInFolder(path, environment);
  const name = path === '-' ? 'standard input' : path;
  if (/\.hcl$/i.test(path)) throw new UserError(`${path}: HCL is read by bake alone`, `Let bake evaluate it: ${PRINT}`);
  const text = readText(path, name);
  const folder = path === '-' ? '' : dirname(path);
  const json = text.trimStart().startsWith('{') ? jsonOf(text, name) : undefined;
  if (json !== undefined && isTable(json['target'])) return bakeBuilds(json, name, '');
  const isCompose = /\.ya?ml$/i.test(path) || (path === '-' && /^services:/m.test(text)) || json !== undefined;
  if (!isCompose) return dockerfileBuild(text, name);
  try {
    return composeBuilds(text, name, folder, { ...dotEnv(folder), ...environment });
  } catch (cause) {
    throw new UserError(`${name}: not YAML: ${cause instanceof Error ? cause.message : String(cause)}`, undefined, {
      cause,
    });
  }
}

function dockerfileBuild(text: string, file: string): Builds {
  const build = { file, dockerfile: text, buildArgs: {}, platforms: [], target: undefined, namedContexts: [] };
  return { builds: [build], remarks: [] };
}

/** What is looked at in a folder: names in it. */
export interface FolderFiles {
  /** Dockerfiles and compose files. */
  readonly plain: readonly string[];
  readonly bakeJson: readonly string[];
  /** For bake to evaluate. */
  readonly bakeHcl: readonly string[];
}

/** Which files of a folder describe builds, as docker's own commands find them; a bake file comes before what overrides it. */
export function filesInFolder(folder: string): FolderFiles {
  const isThere = (name: string): boolean => existsSync(join(folder, name));
  const compose = COMPOSE_FILES.find(isThere);
  return {
    plain: [...['Dockerfile'].filter(isThere), ...(compose === undefined ? [] : [compose])],
    bakeJson: BAKE_FILES.filter(isThere),
    bakeHcl: HCL_FILES.filter(isThere),
  };
}

function buildsInFolder(folder: string, environment: NodeJS.ProcessEnv): Builds {
  const at = (name: string): string => relative('', join(folder, name)) || name;
  const { plain, bakeJson, bakeHcl } = filesInFolder(folder);
  const names = [...plain, ...bakeJson];
  if (names.length === 0 && bakeHcl.length === 0) {
    const looked = ['Dockerfile', ...BAKE_FILES, ...COMPOSE_FILES].join(', ');
    throw new UserError(`nothing to build in ${folder}`, `Name the files; without, these are looked for: ${looked}.`);
  }
  const found = names.map((name) => buildsAt(at(name), environment));
  return {
    builds: found.flatMap(({ builds }) => builds),
    remarks: [
      ...found.flatMap(({ remarks }) => remarks),
      ...bakeHcl.map((name) => ({ file: at(name), line: undefined, what: `HCL is read by bake alone: ${PRINT}` })),
    ],
  };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function readText(path: string, name: string): string {
  try {
    return readFileSync(path === '-' ? STDIN : path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new UserError(`can't read ${name}: ${code}`, 'Name a Dockerfile, a bake file, a compose file or a folder.', {
      cause,
    });
  }
}

function jsonOf(text: string, name: string): Table {
  try {
    return JSON.parse(text) as Table;
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`${basename(name)}: not JSON: ${what}`, undefined, { cause });
  }
}

/** `.env` beside a compose file: the environment wins over it. */
function dotEnv(folder: string): NodeJS.Dict<string> {
  const path = join(folder, '.env');
  return existsSync(path) && !isFolder(path) ? parseEnv(readFileSync(path, 'utf8')) : {};
}
