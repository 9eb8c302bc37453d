// An end for a run of tests that has none. node:test waits for the pipes of a test file as well as for its process, so a
// program that a test left behind can hold the run for ever, and CI then says nothing of where. When nothing has ended for
// too long this tells what runs, ends it, and if even that does not help, ends the run.
import { spawnSync } from 'node:child_process';

export interface WatchdogOptions {
  /** How long nothing may end. Longer than the first build of the largest test image. */
  readonly stallMs: number;
  /** How long all of it may take. */
  readonly limitMs: number;
  /** Test files that run now. */
  readonly running: () => readonly string[];
  /** The last thing that happens when ending what runs did not help, or the time is over. */
  readonly giveUp: (reason: string) => void;
}

export class Watchdog {
  readonly #options: WatchdogOptions;
  readonly #started: number = Date.now();
  readonly #timer: NodeJS.Timeout;
  #lastMs: number = Date.now();
  #ended = false;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), 1000).unref();
  }

  /** Something has ended. */
  pat(): void {
    this.#lastMs = Date.now();
    this.#ended = false;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { stallMs, limitMs, running, giveUp } = this.#options;
    const now = Date.now();
    if (now - this.#started > limitMs) {
      console.log(processesText());
      giveUp(`the tests take longer than ${minutes(limitMs)}; running: ${running().join(', ')}`);
    } else if (now - this.#lastMs > stallMs && !this.#ended) {
      this.#ended = true;
      console.log(`STUCK nothing has ended for ${minutes(stallMs)}; running: ${running().join(', ')}`);
      console.log(processesText());
      for (const pid of descendantsOf(process.pid)) kill(pid);
    } else if (now - this.#lastMs > stallMs + 60_000) {
      giveUp(`nothing ends, not even by SIGKILL; running: ${running().join(', ')}`);
    }
  }
}

function minutes(ms: number): string {
  return `${Math.round(ms / 6000) / 10} min`;
}

function table(columns: string): string[] {
  return spawnSync('ps', ['-eo', columns], { encoding: 'utf8' }).stdout.split('\n').slice(1).filter(Boolean);
}

/** What this process has started, and what of ours has lost its parent, with what it waits for in the kernel. */
function processesText(): string {
  const ours = new Set(descendantsOf(process.pid));
  const rows = table('pid,ppid,stat,etimes,wchan:24,args').filter((row) => {
    const [pid, ppid] = row.trim().split(/\s+/).map(Number);
    return ours.has(pid ?? 0) || (ppid === 1 && /lazypull|containerd|buildkitd|dockerd/.test(row));
  });
  // The first options of a node are long and always the same.
  return rows.map((row) => `     ${row.length < 160 ? row : `${row.slice(0, 90)} ... ${row.slice(-65)}`}`).join('\n');
}

/** Ids of all processes below one, those deepest in the tree last. */
export function descendantsOf(root: number): number[] {
  const parents = table('pid,ppid').map((row) => row.trim().split(/\s+/).map(Number) as [number, number]);
  const found: number[] = [];
  for (let level = [root]; level.length > 0;) {
    level = parents.filter(([, parent]) => level.includes(parent)).map(([pid]) => pid);
    found.push(...level);
  }
  return found;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
