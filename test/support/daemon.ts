// A `lazypull daemon` of our own for a test: its folders below `dir`, its status over the control socket.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { DaemonStatus } from '../../src/daemon/status.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface DaemonOptions {
  /** Everything lies below it: config.toml, root/, state/, log. On a real disk (not overlayfs, not tmpfs). */
  readonly dir: string;
  /** TOML that is put behind the paths, tables included. */
  readonly config?: string;
  /** Runs in this network namespace (a name of `ip netns`). */
  readonly netns?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The program instead of src/cli/main.ts. */
  readonly main?: string;
}

export class Daemon implements AsyncDisposable {
  readonly dir: string;
  readonly socket: string;
  readonly control: string;
  readonly configPath: string;
  readonly logPath: string;
  readonly #child: ChildProcess;

  constructor(dir: string, child: ChildProcess) {
    this.dir = dir;
    this.socket = join(dir, 'state', 'snapshotter.sock');
    this.control = join(dir, 'state', 'control.sock');
    this.configPath = join(dir, 'config.toml');
    this.logPath = join(dir, 'daemon.log');
    this.#child = child;
  }

  /** The supervisor's process id. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get exited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async status(): Promise<DaemonStatus> {
    return JSON.parse(await this.get('/v1/status')) as DaemonStatus;
  }

  /** @returns the body of a GET on the control socket. @throws Error when the status is not 200. */
  async get(path: string): Promise<string> {
    const call = request({ socketPath: this.control, path, timeout: 10_000 });
    call.end();
    const [answer] = (await once(call, 'response')) as [import('node:http').IncomingMessage];
    let body = '';
    for await (const piece of answer) body += String(piece);
    if (answer.statusCode !== 200) throw new Error(`GET ${path}: ${answer.statusCode} ${body}`);
    return body;
  }

  /** Process id of the serving process, as it says itself. */
  async servingPid(): Promise<number> {
    return (await this.status()).pid;
  }

  async log(): Promise<string> {
    return await readFile(this.logPath, 'utf8');
  }

  /** Resolves when the daemon answers, with another serving process than `not` when that is given. */
  async ready(not?: number, timeoutMs = 30_000): Promise<void> {
    const until = Date.now() + timeoutMs;
    while (Date.now() < until) {
      if (this.exited) throw new Error(`the daemon ended:\n${await this.log()}`);
      try {
        if (existsSync(this.socket) && (await this.servingPid()) !== not) return;
      } catch {
        // Not listening yet.
      }
      await sleep(20);
    }
    throw new Error(`the daemon does not answer:\n${await this.log()}`);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** A clean stop. @returns the exit code. */
  async stop(): Promise<number | null> {
    if (!this.exited) {
      const exit = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      const late = setTimeout(() => this.#child.kill('SIGKILL'), 30_000);
      await exit;
      clearTimeout(late);
    }
    return this.#child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Starts a daemon and waits until it answers. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { dir } = options;
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'config.toml'), configText(options));
  const command = [process.execPath, options.main ?? MAIN, 'daemon', '--config', join(dir, 'config.toml')];
  if (options.netns !== undefined) command.unshift('nsenter', `--net=/run/netns/${options.netns}`);
  const child = spawn(command[0]!, command.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  const log = createWriteStream(join(dir, 'daemon.log'), { flags: 'a' });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const daemon = new Daemon(dir, child);
  try {
    await daemon.ready();
  } catch (error) {
    await daemon.stop();
    throw error;
  }
  return daemon;
}

function configText({ dir, config }: DaemonOptions): string {
  const lines = [`root = "${join(dir, 'root')}"`, `state_dir = "${join(dir, 'state')}"`];
  const tables = config ?? '';
  if (!/^(\[log\]|log\.)/m.test(tables)) lines.push('log.level = "debug"');
  return `${lines.join('\n')}\n${tables}\n`;
}
