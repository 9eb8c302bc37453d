// What main leaves for post, and the places on the machine that both know.
import type { Bases } from './bases/model.ts';
import type { RestoredCache } from './cache.ts';

/** Keys of the action's state. */
export const StateKey = {
  /** 'true' once main has begun: then this is post. */
  STARTED: 'started',
  /** JSON of `UndoStep[]`, oldest first; the last one written counts. */
  JOURNAL: 'journal',
  /** 'true' when this step's post reports and saves the cache: the first one of a job that set something up. */
  REPORTS: 'reports',
  /** JSON of `MainResult`; absent when main did not come to its end. */
  RESULT: 'result',
} as const;

/** In the environment of the steps behind one that set something up. */
export const SET_UP_VARIABLE = 'LAZYPULL_ACTION';

/** What main leaves for post. */
export interface MainResult {
  readonly run: RunState;
  readonly restored: RestoredCache;
  /** Images of builds; absent when nobody asked for their variants, or nothing could be found out. */
  readonly bases?: Bases;
}

/** What main found and did, for the report. */
export interface RunState {
  /** undefined when nothing was set up. */
  readonly engine: 'docker' | 'buildkit' | 'containerd' | undefined;
  /** Docker or containerd run beside the machine's own. */
  readonly isolated: boolean;
  readonly startedMs: number;
  readonly readyMs: number;
  /** Why nothing, or not everything, was set up: notices of main, for the summary. */
  readonly notices: readonly string[];
}

/** Places on the machine. All of them belong to root but `hot`, which the runner's user makes. */
export const Place = {
  /** Configuration, log and pid of this action's daemon. Gone after a reboot, as they should be. */
  FOLDER: '/run/lazypull-action',
  CONFIG: '/run/lazypull-action/config.toml',
  LOG: '/run/lazypull-action/daemon.log',
  STATE_DIR: '/run/lazypull',
  CONTROL: '/run/lazypull/control.sock',
  ROOT: '/var/lib/lazypull',
} as const;

/** The daemon's consumers: a socket and a snapshot store each, because every one of them deletes what it does not know. */
export const CONSUMERS = {
  /** The machine's own containerd, and Docker through it. */
  containerd: '/run/lazypull/snapshotter.sock',
  /** The containerd that is started beside it. */
  isolated: '/run/lazypull/isolated.sock',
  buildkit: '/run/lazypull/buildkit.sock',
} as const;

/** Suffix of the copy that is made of a file before it is changed. */
export const BACKUP_SUFFIX = '.before-lazypull';
