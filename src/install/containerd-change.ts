// containerd gets another configuration: it is asked what it makes of the text before it is restarted, and what it has loaded
// afterwards. When either is not as wanted, the file comes back and containerd is restarted with it: a node is never left
// without a working containerd.
import { setTimeout as sleep } from 'node:timers/promises';
import type { TomlTable } from 'smol-toml';
import type { Plugin } from '../containerd/introspection.ts';
import { describeError, LazypullError } from '../errors.ts';
import { type Change, writeFileChange } from './changes.ts';
import { criSnapshotters, SNAPSHOTTER } from './containerd-config.ts';
import { type ContainerdPlace, effectiveConfig, pluginsOf } from './containerd-place.ts';
import { systemctl } from './system.ts';

const READY_MS = 30_000;
const LOOK_MS = 100;

/** What containerd is to have afterwards. */
export interface Wanted {
  /** Socket of the snapshotter; undefined when it is to have none. */
  readonly socket: string | undefined;
  /** Whether CRI uses it. */
  readonly cri: boolean;
}

/** Writes the text, and lets a containerd that runs take it. */
export function containerdChanges(place: ContainerdPlace, text: string, wanted: Wanted, running: boolean): Change[] {
  const write = writeFileChange(place.configPath, text);
  const checked: Change = {
    ...write,
    apply: async () => {
      await write.apply();
      requireConfig(await effectiveConfig(place), place, wanted);
    },
  };
  return running ? [...restartChange(place, wanted, checked)] : [checked];
}

/** Undone newest first: the file is back before containerd is restarted with it. */
function restartChange(place: ContainerdPlace, wanted: Wanted, file: Change): Change[] {
  let restarted = false;
  let before: readonly Plugin[] = [];
  return [
    {
      title: file.title,
      apply: async () => {
        before = await pluginsOf(place.address);
        await file.apply();
      },
      undo: async () => {
        await file.undo();
        if (!restarted) return;
        await systemctl('restart', place.unit);
        await untilLoaded(place, before, { socket: undefined, cri: false });
      },
    },
    {
      title: `restart ${place.unit}, whose containers go on`,
      apply: async () => {
        restarted = true;
        await systemctl('restart', place.unit);
        await untilLoaded(place, before, wanted);
      },
      undo: () => {},
    },
  ];
}

/** Whether a containerd that runs has the snapshotter already: its file may say so, and it not have read it yet. */
export async function isLoaded({ address }: ContainerdPlace, wanted: Wanted): Promise<boolean> {
  const plugins = await pluginsOf(address);
  try {
    requirePlugins(plugins, [], wanted);
    return true;
  } catch {
    return false;
  }
}

/** Waits until containerd answers, and asks what it has. @throws LazypullError when it is not what is wanted. */
async function untilLoaded(place: ContainerdPlace, before: readonly Plugin[], wanted: Wanted): Promise<void> {
  const until = Date.now() + READY_MS;
  for (;;) {
    try {
      return requirePlugins(await pluginsOf(place.address), before, wanted);
    } catch (error) {
      // It may answer before its last plugin is loaded.
      if (Date.now() >= until || (error instanceof LazypullError && error.code === 'FAILED_PRECONDITION')) {
        throw new LazypullError('FAILED_PRECONDITION', `containerd after its restart: ${describeError(error)}`);
      }
    }
    await sleep(LOOK_MS);
  }
}

/** @throws LazypullError FAILED_PRECONDITION when a plugin is broken that was not, or the snapshotter is not the wanted one. */
export function requirePlugins(now: readonly Plugin[], before: readonly Plugin[], { socket }: Wanted): void {
  const isBroken = ({ initErr }: Plugin): boolean => Boolean(initErr?.message);
  const idOf = ({ type, id }: Plugin): string => `${type}.${id}`;
  const worked = new Set(before.filter((plugin) => !isBroken(plugin)).map(idOf));
  const broken = now.find((plugin) => isBroken(plugin) && (worked.has(idOf(plugin)) || plugin.id === SNAPSHOTTER));
  if (broken !== undefined) {
    throw new LazypullError('FAILED_PRECONDITION', `${idOf(broken)} can't be loaded: ${broken.initErr?.message}`);
  }
  if (socket === undefined) return;
  const ours = now.find(({ type, id }) => type === 'io.containerd.snapshotter.v1' && id === SNAPSHOTTER);
  if (ours?.exports['address'] === socket) return;
  const got = ours === undefined ? 'none' : `the one at ${ours.exports['address'] ?? 'no socket'}`;
  throw new LazypullError('FAILED_PRECONDITION', `its snapshotter ${SNAPSHOTTER} is ${got}, want that at ${socket}`);
}

/** @throws LazypullError when containerd reads something else than was written: another file that it imports wins. */
function requireConfig(config: TomlTable, { configPath }: ContainerdPlace, { socket, cri }: Wanted): void {
  const proxies = config['proxy_plugins'] as Record<string, { address?: unknown } | undefined> | undefined;
  const address = proxies?.[SNAPSHOTTER]?.address;
  if (socket !== undefined && address !== socket) {
    throw new LazypullError(
      'FAILED_PRECONDITION',
      `containerd reads proxy_plugins.${SNAPSHOTTER}.address = ${JSON.stringify(address)}, want ${socket}: look at what ${configPath} imports`,
    );
  }
  const used = criSnapshotters(config);
  if (cri && used.length > 0 && !used.includes(SNAPSHOTTER)) {
    throw new LazypullError(
      'FAILED_PRECONDITION',
      `containerd reads ${used.join(', ')} as CRI's snapshotter, want ${SNAPSHOTTER}: look at what ${configPath} imports`,
    );
  }
}
