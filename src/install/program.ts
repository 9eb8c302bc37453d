// The program itself: Node and the bundle that this process was started from become a folder below PREFIX. A folder never
// changes, since a daemon that runs from it loads parts of it when it needs them.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../errors.ts';
import { version } from '../version.ts';
import { CURRENT, PREFIX } from './places.ts';

const MAIN = 'lazypull.js';

/** What is started, by way of the link `current`. */
export const PROGRAM: readonly string[] = [join(CURRENT, 'node'), join(CURRENT, MAIN)];

/** The bundle and Node of this process, and the folder that they belong to. */
export interface Program {
  readonly bundle: string;
  readonly node: string;
  /** Absolute; it need not exist. */
  readonly folder: string;
  /** Of all that is copied. */
  readonly digest: string;
}

/** @param entry the file that was started. @throws UserError when this is no bundle. */
export function findProgram(entry: string): Program {
  const bundle = dirname(entry);
  if (basename(entry) !== MAIN || !existsSync(join(bundle, 'core.js'))) {
    throw new UserError(
      `${entry} is not a bundle of lazypull, which alone can be installed`,
      'Use the image, or make one: node ncc.config.js FOLDER lazypull, and run FOLDER/lazypull.js.',
    );
  }
  const node = process.execPath;
  const digest = digestOfProgram(bundle, node);
  return { bundle, node, folder: folderFor(digest), digest };
}

/** Copies it. Another process that does the same is no harm. */
export function copyProgram({ bundle, node, folder, digest }: Program): void {
  if (existsSync(folder)) return;
  const temporary = `${folder}.${process.pid}.tmp`;
  try {
    mkdirSync(temporary, { recursive: true, mode: 0o755 });
    for (const name of namesOf(bundle)) cpSync(join(bundle, name), join(temporary, name), { recursive: true });
    if (!existsSync(join(temporary, 'node'))) cpSync(node, join(temporary, 'node'));
    chmodSync(join(temporary, 'node'), 0o755);
    writeFileSync(join(temporary, 'digest'), `${digest}\n`);
    const command = [join(CURRENT, 'node'), join(CURRENT, MAIN)].map((word) => `'${word}'`).join(' ');
    writeFileSync(join(temporary, 'lazypull'), `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
    renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Removes the folders of versions that nobody needs: neither `current` nor what the daemon's supervisor runs. */
export function removeOldPrograms(supervisorPid: number): void {
  const used = new Set([linkOf(CURRENT), dirname(linkOf(`/proc/${supervisorPid}/exe`))]);
  for (const entry of readdirSync(PREFIX, { withFileTypes: true })) {
    const path = join(PREFIX, entry.name);
    if (entry.isDirectory() && existsSync(join(path, 'core.js')) && !used.has(path)) rmSync(path, { recursive: true });
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** VERSION; a build of the same version with other bytes is beside it. */
function folderFor(digest: string): string {
  const folder = join(PREFIX, version);
  if (!existsSync(folder) || readDigest(folder) === digest) return folder;
  return `${folder}-${digest.slice(0, 8)}`;
}

function readDigest(folder: string): string {
  try {
    return readFileSync(join(folder, 'digest'), 'utf8').trim();
  } catch {
    return '';
  }
}

/** What an installation adds to a bundle is not part of it: a copy is the same program. */
function namesOf(bundle: string): string[] {
  return readdirSync(bundle)
    .filter((name) => name !== 'digest' && name !== 'lazypull')
    .sort();
}

function digestOfProgram(bundle: string, node: string): string {
  const hash = createHash('sha256');
  const add = (path: string, name: string): void => {
    hash.update(`${name}\0`).update(createHash('sha256').update(readFileSync(path)).digest());
  };
  for (const name of namesOf(bundle).filter((name) => name !== 'node')) {
    const path = join(bundle, name);
    const below = readdirSyncOrFile(path);
    for (const file of below) add(join(path, file), join(name, file));
  }
  add(node, 'node');
  return hash.digest('hex');
}

/** Files below a folder, sorted; '' for what is a file itself. */
function readdirSyncOrFile(path: string): string[] {
  try {
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
      .sort();
  } catch {
    return [''];
  }
}
