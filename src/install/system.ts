// Programs of the machine: systemctl above all. Everything here is run as root, by path or by the name that PATH has.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { LazypullError } from '../errors.ts';

export interface RunResult {
  /** 127 when there is no such program, -1 when a signal or the time limit ended it. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT = 16 << 20;

/** Runs a program and never rejects for its status. */
export function tryRun(command: readonly string[], timeoutMs: number = TIMEOUT_MS): Promise<RunResult> {
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    const options = { timeout: timeoutMs, maxBuffer: MAX_OUTPUT, encoding: 'utf8' } as const;
    execFile(program, args, options, (error, stdout, stderr) => {
      const missing = error !== null && 'code' in error && error.code === 'ENOENT';
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : missing ? 127 : -1;
      resolve({ status, stdout, stderr: missing ? `there is no program ${program}` : stderr });
    });
  });
}

/** Its standard output. @throws LazypullError with the command and the end of what it said. */
export async function run(command: readonly string[], timeoutMs?: number): Promise<string> {
  const { status, stdout, stderr } = await tryRun(command, timeoutMs);
  if (status === 0) return stdout;
  throw new LazypullError('SYSTEM', `${command.join(' ')}: status ${status}: ${lastLines(stderr || stdout)}`);
}

/** Whether systemd is what runs this machine. */
export function hasSystemd(): boolean {
  return existsSync('/run/systemd/system');
}

/** `active`, `inactive`, `failed`, ... */
export async function unitState(unit: string): Promise<string> {
  return (await tryRun(['systemctl', 'is-active', unit])).stdout.trim();
}

/** One property of a unit, '' when it has none. */
export async function unitProperty(unit: string, property: string): Promise<string> {
  return (await tryRun(['systemctl', 'show', `--property=${property}`, '--value', unit])).stdout.trim();
}

/** Restarts, starts or reloads a unit. @throws LazypullError with the end of the unit's log. */
export async function systemctl(action: 'restart' | 'start' | 'reload' | 'stop', unit: string): Promise<void> {
  // Tries that have failed before shall not count against this one.
  await tryRun(['systemctl', 'reset-failed', unit]);
  const { status, stderr } = await tryRun(['systemctl', action, unit], 120_000);
  if (status === 0) return;
  const log = await tryRun(['journalctl', `--unit=${unit}`, '--lines=6', '--output=cat', '--no-pager', '--quiet']);
  const said = [lastLines(stderr), lastLines(log.stdout)].filter((text) => text !== '').join('; its log: ');
  throw new LazypullError('SYSTEM', `systemctl ${action} ${unit}: ${said || `status ${status}`}`);
}

/** The last lines of a text, on one line. */
export function lastLines(text: string, count: number = 4): string {
  return text.trim().split('\n').slice(-count).join('; ').slice(-1000);
}
