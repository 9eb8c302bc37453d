// Changes to a machine, made one after the other; when one fails, those before it are taken back, newest first.
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { chmodSync, chownSync, rmdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describeError, LazypullError } from '../errors.ts';
import { BACKUPS } from './places.ts';
import { run } from './system.ts';

/** One change. */
export interface Change {
  /** What is done, for `--dry-run` and the list of what was done, e.g. `write /etc/lazypull/config.toml`; '' is not told. */
  readonly title: string;
  readonly apply: () => void | Promise<void>;
  /** Takes it back, also when `apply` failed half-way. */
  readonly undo: () => void | Promise<void>;
}

/** Makes changes in order. @throws what a change throws, with what could not be taken back. */
export async function applyAll(changes: readonly Change[], tell: (title: string) => void): Promise<void> {
  const begun: Change[] = [];
  try {
    for (const change of changes) {
      begun.push(change);
      await change.apply();
      if (change.title !== '') tell(change.title);
    }
  } catch (error) {
    const failures: string[] = [];
    for (const { title, undo } of begun.toReversed()) {
      try {
        await undo();
      } catch (failure) {
        failures.push(`${title}: ${describeError(failure)}`);
      }
    }
    const rest =
      failures.length === 0 ? 'everything was taken back' : `could not be taken back: ${failures.join('; ')}`;
    throw new LazypullError('FAILED_PRECONDITION', `${describeError(error)} (${rest})`, { cause: error });
  }
}

/** Writes a text by rename; what was there, or was not, comes back by undoing. Links are followed. */
export function writeFileChange(path: string, text: string, title: string = `write ${path}`): Change {
  const saved = savedFile(path);
  return { title, apply: () => writeWhole(path, text), undo: saved.restore };
}

/** Lets `path` be a symbolic link to `target`, by rename. */
export function linkChange(path: string, target: string): Change {
  const before = linkTarget(path);
  return {
    title: `link ${path} to ${target}`,
    apply: () => link(path, target),
    undo: () => (before === undefined ? rmSync(path, { force: true }) : link(path, before)),
  };
}

/** systemd reads its units anew; one such change goes before those of units, for undoing, and one behind them. */
export function reloadChange(when: 'apply' | 'undo'): Change {
  const reload = async (): Promise<void> => void (await run(['systemctl', 'daemon-reload']));
  const nothing = (): void => {};
  return when === 'apply'
    ? { title: 'systemctl daemon-reload', apply: reload, undo: nothing }
    : { title: '', apply: nothing, undo: reload };
}

/** Removes a folder when nothing is in it; one that is not there is no error. */
export function removeEmptyFolder(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Something is in it, or it is not there.
  }
}

/** Keeps a file with owner, mode and times below BACKUPS. @returns undefined when there is none. */
export function backUp(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  mkdirSync(BACKUPS, { recursive: true, mode: 0o700 });
  const backup = join(BACKUPS, `${createHash('sha256').update(path).digest('hex').slice(0, 8)}-${basename(path)}`);
  copyExactly(realpathSync(path), backup);
  return backup;
}

/** Copies bytes, owner, mode and times, by rename. */
export function copyExactly(from: string, to: string): void {
  const { uid, gid, mode } = statSync(from);
  const temporary = `${to}.${process.pid}.tmp`;
  try {
    cpSync(from, temporary, { preserveTimestamps: true });
    chownSync(temporary, uid, gid);
    chmodSync(temporary, mode & 0o7777);
    renameSync(temporary, to);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The text of a file; undefined when there is none. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes by rename, with the owner and mode of what is there. */
export function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  const target = existsSync(path) ? realpathSync(path) : path;
  const before = existsSync(target) ? statSync(target) : undefined;
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text, { mode: 0o644 });
    if (before !== undefined) {
      chownSync(temporary, before.uid, before.gid);
      chmodSync(temporary, before.mode & 0o7777);
    }
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** What a symbolic link says; undefined for what is none. */
export function linkTarget(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(path) : undefined;
}

/** What is at `path` now, in memory: for undoing in the same process. */
function savedFile(path: string): { readonly restore: () => void } {
  const text = readText(path);
  const times = text === undefined ? undefined : statSync(path);
  return {
    restore: () => {
      if (text === undefined || times === undefined) return rmSync(path, { force: true });
      writeWhole(path, text);
    },
  };
}

function link(path: string, target: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  const temporary = `${path}.${process.pid}.tmp`;
  rmSync(temporary, { force: true });
  symlinkSync(target, temporary);
  renameSync(temporary, path);
}
