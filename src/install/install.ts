// `lazypull install`: the program, its service and its configuration, and a containerd that uses it. An upgrade is the same
// with another version: the serving process is replaced, and running containers do not notice. What is as wanted already is
// left alone; what fails takes everything back.
import { existsSync, rmSync } from 'node:fs';
import { type Config, loadConfig } from '../config.ts';
import { UserError } from '../errors.ts';
import { version } from '../version.ts';
import { backUp, type Change, linkChange, linkTarget, readText, reloadChange, writeFileChange } from './changes.ts';
import { removeEmptyFolder } from './changes.ts';
import { mergeContainerdConfig } from './containerd-config.ts';
import { containerdChanges, isLoaded } from './containerd-change.ts';
import { type ContainerdPlace, findContainerd, findStoppedContainerd } from './containerd-place.ts';
import { type DaemonControl, daemonChanges } from './daemon-change.ts';
import { BACKUPS, COMMAND, CONFIG, CONFIG_FOLDER, CURRENT, FAREWELL_FILE, FAREWELL_FOLDER } from './places.ts';
import { PREFIX, RECEIPT, UNIT, UNIT_FILE } from './places.ts';
import { copyProgram, findProgram, type Program, PROGRAM, removeOldPrograms } from './program.ts';
import { readReceipt, type Receipt, sha256, writeReceipt } from './receipt.ts';
import { hasSystemd, run, tryRun, unitProperty, unitState } from './system.ts';
import { unitText } from './unit.ts';

/** What a user may choose. */
export interface InstallOptions {
  /** The file that this process was started from. */
  readonly entry: string;
  /** A configuration for the daemon. Without one an existing file stays. */
  readonly configFile?: string | undefined;
  readonly containerdUnit: string;
  readonly containerdConfig?: string | undefined;
  /** Nothing runs: an image of a machine is being made. Only files are written. */
  readonly offline: boolean;
  /** Speaks to the daemon on a control socket. */
  readonly connect: (socket: string) => DaemonControl;
}

export interface InstallPlan {
  readonly changes: readonly Change[];
  /** What somebody who knows the machine would want to hear, a sentence each. */
  readonly told: readonly string[];
  /** containerd's configuration as it is and as it becomes; equal when nothing of it changes. */
  readonly containerd: { readonly path: string; readonly before: string; readonly after: string };
}

const REMARKS = {
  added: '# Added by lazypull install, and taken out again by lazypull uninstall.',
  rewritten:
    '# Written by lazypull install, without the comments that were here. lazypull uninstall brings the file back as it was.',
};
const NEW_CONFIG = "# lazypull's configuration. All keys with their values now: lazypull config\n";
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Looks at everything and changes nothing. @throws UserError for what the user has to change first. */
export async function planInstall(options: InstallOptions): Promise<InstallPlan> {
  const { offline, containerdUnit: unit, containerdConfig: configPath, connect } = options;
  requireMachine(offline);
  const receipt = readReceipt();
  if (receipt === undefined && !offline && (await unitState(UNIT)) === 'active') {
    throw new UserError(`a ${UNIT} that was installed by hand runs here`, `Stop it first: systemctl stop ${UNIT}.`);
  }
  const program = findProgram(options.entry);
  const daemonConfig = configTextOf(options.configFile, receipt);
  const { config } = loadConfig(daemonConfig.source);
  const place = await (offline ? findStoppedContainerd : findContainerd)({ unit, configPath });
  const before = readText(place.configPath);
  const merged = mergeContainerdConfig(before, place.configPath, {
    version: place.version,
    socket: socketOf(config),
    root: config.root,
    platform: `linux/${ARCHITECTURES[process.arch] ?? process.arch}`,
    cri: true,
    remarks: REMARKS,
  });
  const files = fileChanges(daemonConfig.text);
  const control = connect(config.control.socket);
  const daemon = await daemonChanges({ config, control, folder: program.folder, isChanged: files.length > 0 });
  const wanted = { socket: socketOf(config), cri: true };
  const needsContainerd = merged.changed || (!offline && !(await isLoaded(place, wanted)));
  return {
    changes: [
      ...(offline ? [] : [daemon.first]),
      receiptChange(receipt, place, merged.text, daemonConfig.text),
      ...programChanges(program),
      ...files,
      ...(await enableChanges()),
      ...(offline ? [] : [daemon.serve]),
      ...(needsContainerd ? containerdChanges(place, merged.text, wanted, !offline) : []),
    ],
    told: [...merged.told, ...(daemonConfig.told === undefined ? [] : [daemonConfig.told])],
    containerd: { path: place.configPath, before: before ?? '', after: merged.text },
  };
}

/** After all went well: versions that nobody runs any more are removed. */
export async function tidyInstall(): Promise<void> {
  removeOldPrograms(Number(await unitProperty(UNIT, 'MainPID')));
}

/** @throws UserError without root or systemd. */
export function requireMachine(offline: boolean): void {
  if (process.getuid?.() !== 0) throw new UserError('only root can do that', 'Use sudo.');
  if (offline || hasSystemd()) return;
  throw new UserError(
    'this machine is not run by systemd',
    'Start `lazypull daemon` by what runs it, and tell containerd by hand: docs/containerd.md. For an image of a machine: --offline.',
  );
}

/** The socket that containerd is told of. @throws UserError when no consumer is meant for it. */
function socketOf({ snapshotters }: Config): string {
  const found = snapshotters.find(({ name }) => name === 'containerd');
  if (found !== undefined) return found.socket;
  throw new UserError(`${CONFIG} has no [[snapshotter]] with name = "containerd"`, 'Add one.');
}

interface DaemonConfigText {
  /** undefined: the file stays. */
  readonly text: string | undefined;
  /** Where the configuration can be read now; undefined for the defaults. */
  readonly source: string | undefined;
  readonly told?: string;
}

/** A configuration that somebody has written himself is never replaced. */
function configTextOf(file: string | undefined, receipt: Receipt | undefined): DaemonConfigText {
  const present = readText(CONFIG);
  const stays = { text: undefined, source: present === undefined ? undefined : CONFIG };
  if (file === undefined) return present === undefined ? { text: NEW_CONFIG, source: undefined } : stays;
  const wanted = readText(file);
  if (wanted === undefined) throw new UserError(`there is no file ${file}`, 'Name one that is there with --config.');
  if (present === wanted) return stays;
  if (present === undefined || receipt?.config?.written === sha256(present)) return { text: wanted, source: file };
  return { ...stays, told: `${CONFIG} was written by somebody else and stays: ${file} is not used` };
}

/**
 * The receipt, with a copy of containerd's file as it was. The copy that is the original one stays the one, however often it is
 * installed: only what somebody has changed since is copied anew.
 */
function receiptChange(
  old: Receipt | undefined,
  { configPath: path, address, unit, version: containerdVersion }: ContainerdPlace,
  after: string,
  config: string | undefined,
): Change {
  const present = readText(path);
  const same = old?.containerd.path === path ? old.containerd : undefined;
  const changes = present !== after;
  const isOriginal = changes && same?.written !== sha256(present ?? '');
  const written = changes || same === undefined ? sha256(after) : same.written;
  return {
    title: '',
    apply: () => {
      const backup = isOriginal ? backUp(path) : same?.backup;
      writeReceipt({
        format: 1,
        version,
        containerd: { path, address, unit, containerdVersion, written, ...(backup === undefined ? {} : { backup }) },
        ...(config === undefined
          ? old?.config === undefined
            ? {}
            : { config: old.config }
          : { config: { path: CONFIG, written: sha256(config) } }),
      });
    },
    undo: () => {
      if (old !== undefined) return writeReceipt(old);
      rmSync(RECEIPT, { force: true });
      rmSync(BACKUPS, { recursive: true, force: true });
      for (const folder of [PREFIX, CONFIG_FOLDER]) removeEmptyFolder(folder);
    },
  };
}

function programChanges(program: Program): Change[] {
  const { folder } = program;
  const copy: Change = {
    title: `copy the program to ${folder}`,
    apply: () => copyProgram(program),
    undo: () => rmSync(folder, { recursive: true, force: true }),
  };
  return [
    ...(existsSync(folder) ? [] : [copy]),
    ...(linkTarget(CURRENT) === folder ? [] : [linkChange(CURRENT, folder)]),
    ...(linkTarget(COMMAND) === `${CURRENT}/lazypull` ? [] : [linkChange(COMMAND, `${CURRENT}/lazypull`)]),
  ];
}

function fileChanges(config: string | undefined): Change[] {
  const unit = unitText(PROGRAM);
  const isUnitNew = readText(UNIT_FILE) !== unit;
  const farewell = readText(FAREWELL_FILE);
  const stay: Change = {
    title: `remove ${FAREWELL_FILE}: the daemon stays`,
    apply: () => {
      rmSync(FAREWELL_FILE);
      removeEmptyFolder(FAREWELL_FOLDER);
    },
    undo: () => writeFileChange(FAREWELL_FILE, farewell ?? '').apply(),
  };
  const units = [...(farewell === undefined ? [] : [stay]), ...(isUnitNew ? [writeFileChange(UNIT_FILE, unit)] : [])];
  return [
    ...(config === undefined ? [] : [writeFileChange(CONFIG, config)]),
    // Undone in the other order: systemd has to hear of it after the files are back.
    ...(units.length > 0 && hasSystemd() ? [reloadChange('undo'), ...units, reloadChange('apply')] : units),
  ];
}

async function enableChanges(): Promise<Change[]> {
  if ((await tryRun(['systemctl', 'is-enabled', UNIT])).stdout.trim() === 'enabled') return [];
  const enable: Change = {
    title: `systemctl enable ${UNIT}`,
    apply: async () => void (await run(['systemctl', 'enable', '--quiet', UNIT])),
    undo: async () => void (await tryRun(['systemctl', 'disable', '--quiet', UNIT])),
  };
  return [enable];
}
