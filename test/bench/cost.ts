// What a command costs: wall time, and of its processes the CPU time and the most memory, from /proc while it runs.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface Cost {
  readonly wallMs: number;
  /** Of the command's processes, and of the helpers while it ran. */
  readonly cpuMs: number;
  /** The sum of each process's largest resident size (VmHWM), of the command's and the helpers'. */
  readonly peakKib: number;
}

const SAMPLE_MS = 50;
/** USER_HZ, which is 100 on every Linux that Node runs on. */
const TICK_MS = 10;

interface ProcessSample {
  readonly cpuMs: number;
  readonly peakKib: number;
}

/**
 * Runs a command to its end. `helpers` are processes that work for it and were there before.
 * @throws Error with the end of its output when it fails.
 */
export async function costOf(command: readonly string[], helpers: readonly number[] = []): Promise<Cost> {
  const before = new Map(helpers.map((pid) => [pid, sampleOf(pid)?.cpuMs ?? 0]));
  const startedMs = performance.now();
  const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said = (said + data).slice(-2000)));
  const ended = new Promise<{ status: number | null; wallMs: number }>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (status) => resolve({ status, wallMs: performance.now() - startedMs }));
  });
  const samples = new Map<number, ProcessSample>();
  const sample = (): void => {
    for (const pid of [...descendants(child.pid ?? -1), ...helpers]) {
      const found = sampleOf(pid);
      if (found !== undefined) samples.set(pid, found);
    }
  };
  const timer = setInterval(sample, SAMPLE_MS);
  const { status, wallMs } = await ended.finally(() => clearInterval(timer));
  sample();
  if (status !== 0) throw new Error(`${command.join(' ')}: ${said}`);
  let cpuMs = 0;
  let peakKib = 0;
  for (const [pid, last] of samples) {
    cpuMs += last.cpuMs - (before.get(pid) ?? 0);
    peakKib += last.peakKib;
  }
  return { wallMs, cpuMs, peakKib };
}

function sampleOf(pid: number): ProcessSample | undefined {
  try {
    // The name, in parentheses, may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const peak = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    // Fields 14 and 15 of proc(5), counted from 1; the third comes first here.
    const ticks = Number(fields[11]) + Number(fields[12]);
    return peak === undefined ? undefined : { cpuMs: ticks * TICK_MS, peakKib: Number(peak) };
  } catch {
    return undefined;
  }
}

function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const parent = Number(
        readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ')[1],
      );
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // It ended.
    }
  }
  const found = [pid];
  for (const one of found) found.push(...(children.get(one) ?? []));
  return found;
}
