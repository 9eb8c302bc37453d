// `lazypull uninstall`: containerd goes back to what it had, images that exist only lazily are removed, and the daemon stays as
// a caretaker of what containers use until the last of them has ended. Then it ends, and its unit's last act (`finish`)
// takes away what is left. EROFS reads files through our FUSE server also when they are complete, so without that caretaker
// running pods would break; docs/decisions.md says what else was looked at.
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Config, loadConfig } from '../config.ts';
import { UserError } from '../errors.ts';
import { SnapshotStore } from '../snapshot/store.ts';
import { applyAll, type Change, copyExactly, linkTarget, readText, removeEmptyFolder } from './changes.ts';
import { writeWhole } from './changes.ts';
import { containerdChanges } from './containerd-change.ts';
import { mergeContainerdConfig, removeFromContainerdConfig } from './containerd-config.ts';
import { type ContainerdPlace, findContainerd } from './containerd-place.ts';
import type { DaemonControl } from './daemon-change.ts';
import { releaseImages } from './images.ts';
import { requireMachine } from './install.ts';
import { COMMAND, CONFIG, CONFIG_FOLDER, CURRENT, FAREWELL_FILE, FAREWELL_FOLDER, PREFIX } from './places.ts';
import { UNIT, UNIT_FILE } from './places.ts';
import { PROGRAM } from './program.ts';
import { type ChangedFile, readReceipt, type Receipt, sha256, writeReceipt } from './receipt.ts';
import { run, tryRun, unitState } from './system.ts';
import { farewellText } from './unit.ts';

const REMARKS = {
  added: '# lazypull serves containers that still run by this; it goes with the last of them.',
  rewritten:
    '# lazypull serves containers that still run by this; the file as it was comes back with the end of the last.',
};

export interface UninstallOptions {
  readonly connect: (socket: string) => DaemonControl;
  readonly tell: (line: string) => void;
}

/** Lets the daemon go as soon as nobody needs it. @returns the images that were removed. @throws UserError when nothing is installed. */
export async function uninstall({ connect, tell }: UninstallOptions): Promise<string[]> {
  requireMachine(false);
  const receipt = requireReceipt();
  const { config } = loadConfig(existsSync(CONFIG) ? CONFIG : undefined);
  const control = connect(config.control.socket);
  const { unit, path } = receipt.containerd;
  const place = await findContainerd({ unit, configPath: path });
  if ((await unitState(UNIT)) !== 'active') {
    // Whoever used its mounts has lost them already, and containerd must be able to remove the snapshots.
    await run(['systemctl', 'start', UNIT]);
  }
  // First, so that the rest of what is in use comes while everything else is done.
  await control.drain({ action: 'begin', retire: false });
  await applyAll(leavingChanges(receipt, place, config), tell);
  const removed = await releaseImages(place.address);
  await control.drain({ action: 'begin', retire: true });
  return removed;
}

/** What `uninstall` would do, a line each. */
export async function planUninstall(): Promise<string[]> {
  requireMachine(false);
  const receipt = requireReceipt();
  const { config } = loadConfig(existsSync(CONFIG) ? CONFIG : undefined);
  const { unit, path } = receipt.containerd;
  const place = await findContainerd({ unit, configPath: path });
  return [
    'drain the daemon: nothing new is lazy, what is in use is completed',
    ...leavingChanges(receipt, place, config).map(({ title }) => title),
    'remove images of which containerd has no layers; pods pull them again, in full',
    `when the last snapshot is gone: stop ${UNIT}, restore ${path}, remove ${PREFIX}, ${config.root} and ${config.stateDir}`,
  ];
}

function requireReceipt(): Receipt {
  const receipt = readReceipt();
  if (receipt !== undefined) return receipt;
  throw new UserError(
    'lazypull install has not been here',
    'What was installed by hand is taken away by hand: docs/containerd.md.',
  );
}

/** containerd keeps the plugin, without which it could not remove the snapshots, and uses it for nothing new. */
function leavingChanges(receipt: Receipt, place: ContainerdPlace, config: Config): Change[] {
  const { configPath: path, version } = place;
  const socket = config.snapshotters.find(({ name }) => name === 'containerd')?.socket ?? '';
  const platform = `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const entry = { version, socket, root: config.root, platform, remarks: REMARKS };
  const original = originalText(receipt.containerd);
  const { text } = mergeContainerdConfig(original, path, entry);
  const farewell = farewellText(PROGRAM);
  const isLeaving = receipt.leaving === true && readText(path) === text && readText(FAREWELL_FILE) === farewell;
  if (isLeaving) return [];
  return [
    {
      title: `note in the receipt that it goes`,
      apply: () => {
        // What somebody has changed since the installation is from now on what comes back.
        const { backup } = receipt.containerd;
        if (backup !== undefined && original !== undefined && readText(backup) !== original)
          writeWhole(backup, original);
        writeReceipt({ ...receipt, leaving: true, containerd: { ...receipt.containerd, written: sha256(text) } });
      },
      undo: () => writeReceipt(receipt),
    },
    ...containerdChanges(place, text, { socket, cri: false }, true),
    {
      title: `write ${FAREWELL_FILE}`,
      apply: async () => {
        writeWhole(FAREWELL_FILE, farewell);
        await run(['systemctl', 'daemon-reload']);
      },
      undo: () => rmSync(FAREWELL_FILE, { force: true }),
    },
  ];
}

/** containerd's file without us: as it was, or as it is now without our entries when somebody has changed it since. */
function originalText({ path, backup, written }: ChangedFile): string | undefined {
  const now = readText(path);
  if (now !== undefined && sha256(now) !== written) return removeFromContainerdConfig(now, path);
  return backup === undefined ? undefined : readText(backup);
}

/**
 * The unit's last act, at every stop of a daemon that goes: takes everything away when no snapshot is left. containerd is not
 * restarted: the plugin that it still has in memory has nobody behind it and nothing to do.
 * @returns whether it did.
 */
export async function finish(): Promise<boolean> {
  const receipt = readReceipt();
  if (receipt?.leaving !== true) return false;
  const { config } = loadConfig(existsSync(CONFIG) ? CONFIG : undefined);
  if (!config.snapshotters.every(({ root }) => isEmpty(root))) return false;
  restoreContainerd(receipt.containerd);
  await tryRun(['systemctl', 'disable', '--quiet', UNIT]);
  for (const path of [FAREWELL_FILE, UNIT_FILE]) rmSync(path, { force: true });
  removeEmptyFolder(FAREWELL_FOLDER);
  await tryRun(['systemctl', 'daemon-reload']);
  if (linkTarget(COMMAND) === join(CURRENT, 'lazypull')) rmSync(COMMAND);
  removeOwnConfig(receipt.config);
  for (const path of [config.root, config.stateDir, PREFIX]) rmSync(path, { recursive: true, force: true });
  return true;
}

/** No database means that there never was a snapshot. */
function isEmpty(root: string): boolean {
  const path = join(root, 'metadata.db');
  if (!existsSync(path)) return true;
  const store = new SnapshotStore(path);
  try {
    return store.ids().size === 0;
  } finally {
    store.close();
  }
}

/** The copy comes back with its owner, mode and times. Somebody's changes since then stay. */
function restoreContainerd(file: ChangedFile): void {
  const { path, backup, written } = file;
  const now = readText(path);
  if (now === undefined) return;
  if (sha256(now) !== written) writeWhole(path, removeFromContainerdConfig(now, path));
  else if (backup === undefined) {
    rmSync(path);
    removeEmptyFolder(dirname(path));
  } else copyExactly(backup, path);
}

function removeOwnConfig(file: ChangedFile | undefined): void {
  const now = file === undefined ? undefined : readText(file.path);
  if (now === undefined || file === undefined || sha256(now) !== file.written) return;
  rmSync(file.path);
  removeEmptyFolder(CONFIG_FOLDER);
}
