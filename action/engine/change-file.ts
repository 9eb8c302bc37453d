// A configuration file of the machine, as it is and as it becomes: a copy of it stands beside it before it is changed.
import { dirname } from 'node:path';
import type { Host } from '../host.ts';
import type { UndoStep } from '../journal.ts';
import { BACKUP_SUFFIX } from '../state.ts';

/** A new text for a configuration file, and what somebody who knows the old one would want to hear. */
export interface MergedText {
  readonly text: string;
  /** false: it says all that is wanted already, and `text` is what it was. */
  readonly changed: boolean;
  /** What was replaced, a sentence each. */
  readonly told: readonly string[];
}

/** A configuration file; it need not be there. */
export interface ConfigFile {
  /** As it was asked for, for messages. */
  readonly path: string;
  /** Without links: what is changed is what a link points to, and the link stays one. */
  readonly realPath: string;
  /** undefined when there is none. */
  readonly text: string | undefined;
  /** Root can replace it: its folder is on no read-only filesystem. */
  readonly writable: boolean;
  /** Where its copy goes. One that an earlier job left is perhaps the only one of what the machine's owner wrote: it stays. */
  readonly backupPath: string;
  /** The folder that has to be made for it, of which then nothing shall be left. */
  readonly newFolder: string | undefined;
}

const FILE_MODE = 0o644;

// One question to root instead of many. A folder that is missing is made where there is one to make it in.
const LOOK = `real=$(readlink -m -- "$1")
folder=$(dirname -- "$real")
while [ ! -d "$folder" ]; do folder=$(dirname -- "$folder"); done
if [ -w "$folder" ]; then echo yes; else echo no; fi
if [ -d "$(dirname -- "$real")" ]; then echo yes; else echo no; fi
backup=$real$2 number=0
while [ -e "$backup" ]; do number=$((number + 1)); backup=$real$2.$number; done
printf '%s\\n' "$backup" "$real"`;

/** Looks at a file. @throws LazypullError when root can't. */
export async function readConfigFile(host: Host, path: string): Promise<ConfigFile> {
  const [looked, text] = await Promise.all([
    host.run(['sh', '-c', LOOK, 'sh', path, BACKUP_SUFFIX], { root: true }),
    host.read(path),
  ]);
  const [writable, hasFolder, backupPath = '', realPath = ''] = looked.split('\n');
  const newFolder = hasFolder === 'yes' ? undefined : dirname(realPath);
  return { path, realPath, text, writable: writable === 'yes', backupPath, newFolder };
}

/** How a change of this file will be taken back, oldest first: content, owner, times. */
export function undoOf({ realPath, text, backupPath, newFolder }: ConfigFile): UndoStep[] {
  if (text !== undefined) return [{ kind: 'file', path: realPath, backup: backupPath }];
  const removeFolder = (folder: string): UndoStep => ({
    kind: 'command',
    command: ['rmdir', '--ignore-fail-on-non-empty', '--', folder],
    root: true,
  });
  return [...(newFolder === undefined ? [] : [removeFolder(newFolder)]), { kind: 'file', path: realPath }];
}

/** Changes the file; the journal has its `undoOf` already. */
export async function writeChange(host: Host, file: ConfigFile, text: string): Promise<void> {
  if (file.text !== undefined) await host.copy(file.realPath, file.backupPath);
  await host.write(file.realPath, text, FILE_MODE);
}
