// The @actions/cache client in a process of its own: it is slow to load, it prints annotations for what is no fault of the
// user, it tries for minutes when the service is down, and it reads process.env and the working directory where it can't be
// told. Here it can be given both, listened to, and ended with its tar. Its argument is the task as JSON; the answer
// is written to descriptor 3. It lives no longer than whoever holds its standard input open.
import { execFileSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { isFeatureAvailable, restoreCache, saveCache } from '@actions/cache';

/** What the client is told to do, with the packs in the working directory. */
export interface ClientTask {
  readonly do: 'restore' | 'save';
  readonly key: string;
  /** Prefixes to look for, for restore. */
  readonly restoreKeys: readonly string[];
}

/** What came of it: neither field when the client found nothing, or failed and printed why. */
export interface ClientAnswer {
  /** Key of the entry that was restored or saved. */
  readonly key?: string;
  /** The runner has no cache service. */
  readonly unavailable?: true;
  readonly error?: string;
}

const ANSWER_FD = 3;

/**
 * Entries are found by their key and by this text, as it stands here: the same on every runner. Names in the archive are
 * then those of the packs alone.
 */
const PATHS = ['*.hot'];

async function perform(task: ClientTask): Promise<ClientAnswer> {
  try {
    if (!isFeatureAvailable()) return { unavailable: true };
    // Others do not know TAR_OPTIONS, which keeps an archive from writing where it wants.
    if (!/GNU tar/.test(execFileSync('tar', ['--version'], { encoding: 'utf8' })))
      return { error: 'the tar of this machine is not GNU tar' };
    if (task.do === 'save') return (await saveCache([...PATHS], task.key)) > 0 ? { key: task.key } : {};
    const key = await restoreCache([...PATHS], task.key, [...task.restoreKeys]);
    return key === undefined ? {} : { key };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function endWithParent(): void {
  process.stdin.on('end', () => {
    try {
      process.kill(-process.pid, 'SIGKILL');
    } catch {
      process.exit(1);
    }
  });
  process.stdin.resume();
}

endWithParent();
writeSync(ANSWER_FD, JSON.stringify(await perform(JSON.parse(process.argv[2] ?? '') as ClientTask)));
process.exit(0);
