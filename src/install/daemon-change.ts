// The daemon's part of an installation: started, or its serving process replaced by this version's, and asked whether it does
// what it is for.
import { existsSync, readlinkSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import type { DaemonStatus, DrainRequest } from '../daemon/status.ts';
import { LazypullError } from '../errors.ts';
import { version } from '../version.ts';
import type { Change } from './changes.ts';
import { UNIT } from './places.ts';
import { systemctl, unitState } from './system.ts';

/** The daemon's control socket, as far as an installation needs it. Both reject when nobody answers. */
export interface DaemonControl {
  status(): Promise<DaemonStatus>;
  drain(request: DrainRequest): Promise<void>;
}

export interface DaemonPart {
  readonly config: Config;
  readonly control: DaemonControl;
  /** Of the program that is to serve. */
  readonly folder: string;
  /** Whether its configuration or unit changes. */
  readonly isChanged: boolean;
}

const WAIT_MS = 60_000;
const LOOK_MS = 100;

/**
 * Two changes: `first` goes before all others, since by undoing it lets the daemon be what it was once everything else is
 * as it was; `serve` starts it.
 */
export async function daemonChanges(part: DaemonPart): Promise<{ readonly first: Change; readonly serve: Change }> {
  const { config, control } = part;
  let before: 'inactive' | 'replaced' | 'left' = 'left';
  const newFolders = [config.root, config.stateDir].filter((path) => !existsSync(path));
  const first: Change = {
    title: '',
    apply: () => {},
    undo: async () => {
      if (before === 'replaced') await systemctl('reload', UNIT);
      if (before === 'inactive') for (const path of newFolders) rmSync(path, { recursive: true, force: true });
    },
  };
  const serve: Change = {
    title: (await servesAlready(part)) ? '' : `start ${UNIT}, or replace its serving process`,
    apply: async () => {
      const former = (await unitState(UNIT)) === 'active' ? await control.status() : undefined;
      const isNew = former === undefined || part.isChanged || programOf(former.pid) !== part.folder;
      if (former === undefined) {
        before = 'inactive';
        await systemctl('start', UNIT);
      } else if (isNew) {
        before = 'replaced';
        await systemctl('reload', UNIT);
      }
      await requireLazy(control, isNew ? former?.pid : undefined);
    },
    undo: async () => {
      if (before === 'inactive') await systemctl('stop', UNIT);
    },
  };
  return { first, serve };
}

/** Whether there is nothing to be done. */
async function servesAlready({ control, folder, isChanged }: DaemonPart): Promise<boolean> {
  if (isChanged || (await unitState(UNIT)) !== 'active') return false;
  const status = await control.status();
  return programOf(status.pid) === folder && status.drain === undefined;
}

/** @throws LazypullError when no process, or another version, serves after a while, or nothing can be lazy here. */
async function requireLazy(control: DaemonControl, formerPid: number | undefined): Promise<void> {
  const status = await untilServes(control, formerPid);
  if (status.version !== version) {
    const what = `the daemon is ${status.version} after its restart, want ${version}`;
    throw new LazypullError('FAILED_PRECONDITION', what);
  }
  if (status.tier === 'D') {
    throw new LazypullError('UNSUPPORTED', `the daemon can't mount lazily on this machine: ${status.tierReason}`);
  }
  if (status.drain !== undefined) await control.drain({ action: 'cancel', retire: false });
}

/** Waits for a serving process that is not the former one. */
async function untilServes(control: DaemonControl, formerPid: number | undefined): Promise<DaemonStatus> {
  const until = Date.now() + WAIT_MS;
  for (;;) {
    const status = await control.status().catch((error: unknown) => {
      if (Date.now() >= until) throw error;
    });
    if (status !== undefined && status.pid !== formerPid) return status;
    if (Date.now() >= until) {
      throw new LazypullError('UNAVAILABLE', `${UNIT}: no new serving process after ${WAIT_MS / 1000} s`);
    }
    await sleep(LOOK_MS);
  }
}

/** The folder of the Node that a process runs. */
function programOf(pid: number): string {
  try {
    return dirname(readlinkSync(`/proc/${pid}/exe`));
  } catch {
    return '';
  }
}
