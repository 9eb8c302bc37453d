// `lazypull optimize --record-out` as a process, with what its workload wrote and what was recorded.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseProfile } from '../../src/optimize/profile-codec.ts';
import type { Profile, ProfileFile } from '../../src/optimize/profile.ts';
import { toolsDir } from './needs.ts';

export const MAIN: string = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Processes that were started here: other tests may record at the same time. */
const started = new Set<number>();

/** What a recording came to. */
export interface Recorded {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** What the workload wrote is in it. */
  readonly stderr: string;
  /** undefined when none was written. */
  readonly profile: Profile | undefined;
}

/** A recording that runs. */
export interface Recording {
  readonly child: ChildProcess;
  readonly done: Promise<Recorded>;
  /** Resolves when standard error has had this text. */
  says(text: string): Promise<void>;
}

/** Starts `lazypull optimize oci:LAYOUT --record-out ... ARGS`. Its temporary files are in `work`/tmp, which must be there. */
export function startRecording(layoutDir: string, work: string, args: readonly string[]): Recording {
  const out = join(work, `record-${process.hrtime.bigint()}.json`);
  const child = spawn(process.execPath, [MAIN, 'optimize', `oci:${layoutDir}`, '--record-out', out, ...args], {
    env: { ...process.env, TMPDIR: join(work, 'tmp'), PATH: `${join(toolsDir, 'bin')}:${process.env['PATH']}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) started.add(child.pid);
  let stdout = '';
  let stderr = '';
  const waiting: { readonly text: string; readonly resolve: () => void }[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const one of waiting) if (stderr.includes(one.text)) one.resolve();
  });
  const done = new Promise<Recorded>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => {
      const profile = existsSync(out) ? parseProfile(readFileSync(out)) : undefined;
      resolve({ status, signal, stdout, stderr, profile });
    });
  });
  const says = async (text: string): Promise<void> => {
    const found = new Promise<void>((resolve) => waiting.push({ text, resolve }));
    if (stderr.includes(text)) return;
    const ended = done.then((result) => {
      throw new Error(`it ended (${result.status}) and never said ${JSON.stringify(text)}: ${result.stderr}`);
    });
    await Promise.race([found, ended]);
  };
  return { child, done, says };
}

/** Records to the end. @throws Error when it did not write a recording. */
export async function record(
  layoutDir: string,
  work: string,
  args: readonly string[],
): Promise<Recorded & { readonly profile: Profile }> {
  const result = await startRecording(layoutDir, work, args).done;
  if (result.profile === undefined) throw new Error(`status ${result.status}: ${result.stderr}`);
  return { ...result, profile: result.profile };
}

/** Files of a profile below a folder, in their order. */
export function filesBelow({ files }: Profile, folder: string): readonly ProfileFile[] {
  return files.filter(({ path }) => path.startsWith(folder));
}

/** What a recording left behind: temporary files, cgroups, mounts. Empty when it cleaned up. */
export function leftovers(work: string): string[] {
  const files = readdirSync(join(work, 'tmp')).map((name) => `file ${name}`);
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(work));
  const places = ['/sys/fs/cgroup', ...readdirSync('/sys/fs/cgroup').map((name) => join('/sys/fs/cgroup', name))];
  const cgroups = places
    .flatMap((place) => entriesOf(place).map((name) => join(place, name)))
    .filter((path) => started.has(Number(/lazypull-work-(\d+)-/.exec(path)?.[1])));
  return [...files, ...mounts, ...cgroups];
}

function entriesOf(place: string): string[] {
  try {
    return readdirSync(place);
  } catch {
    return [];
  }
}
