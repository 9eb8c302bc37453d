// The cache service in a process and network namespace of its own, told what to do over its standard input.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CacheKnobs, CacheRequest } from './cache-service-knobs.ts';
import type { CacheOrder } from './cache-service-main.ts';
import type { TokenOptions } from './cache-service-token.ts';

const MAIN = fileURLToPath(new URL('cache-service-main.ts', import.meta.url));

export interface CacheServiceProcessOptions {
  /** Default 127.0.0.1. */
  readonly address?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Network namespace below /run/netns that it runs in. */
  readonly netns?: string;
}

/** An entry as the process tells of it. */
export interface RemoteCacheEntry {
  readonly key: string;
  readonly version: string;
  readonly scope: string;
  readonly sizeBytes: number;
}

/** A running service. Orders are answered one after the other. */
export class CacheServiceProcess implements AsyncDisposable {
  /** ACTIONS_RESULTS_URL, as it is reached in its namespace. */
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, url: string) {
    this.#child = child;
    this.#lines = lines;
    this.url = url;
  }

  /** @throws Error when it ends before it listens. */
  static async start(options: CacheServiceProcessOptions = {}): Promise<CacheServiceProcess> {
    const listen = `${options.address ?? '127.0.0.1'}:${options.port ?? 0}`;
    const command = [process.execPath, MAIN, '--listen', listen];
    const [program = '', ...args] =
      options.netns === undefined ? command : ['nsenter', `--net=/run/netns/${options.netns}`, ...command];
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = linesOf(createInterface({ input: child.stdout }));
    const { url } = JSON.parse(await nextLine(lines, listen)) as { url: string };
    return new CacheServiceProcess(child, lines, url);
  }

  /** ACTIONS_RUNTIME_TOKEN of a job. */
  async token(options: TokenOptions = {}): Promise<string> {
    return (await this.#order({ do: 'token', options })) as string;
  }

  /** null takes a knob back to "none". */
  async setKnobs(knobs: { readonly [K in keyof CacheKnobs]?: CacheKnobs[K] | null }): Promise<void> {
    await this.#order({ do: 'knobs', knobs });
  }

  /** Every request since the last `forget`. */
  async log(): Promise<CacheRequest[]> {
    return (await this.#order({ do: 'log' })) as CacheRequest[];
  }

  async forget(): Promise<void> {
    await this.#order({ do: 'forget' });
  }

  /** Finalized entries, oldest first. */
  async entries(): Promise<RemoteCacheEntry[]> {
    return (await this.#order({ do: 'entries' })) as RemoteCacheEntry[];
  }

  /** Stops listening: connections are refused. */
  async goDown(): Promise<void> {
    await this.#order({ do: 'down' });
  }

  async comeBack(): Promise<void> {
    await this.#order({ do: 'up' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.stdin?.end();
    await ended;
  }

  #order(order: CacheOrder): Promise<unknown> {
    const answer = this.#last.then(async () => {
      this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
      return JSON.parse(await nextLine(this.#lines, this.url)) as unknown;
    });
    // A failed order fails its caller, not the orders after it.
    this.#last = answer.catch(() => {});
    return answer;
  }
}

function linesOf(lines: Interface): AsyncIterator<string> {
  return lines[Symbol.asyncIterator]();
}

async function nextLine(lines: AsyncIterator<string>, where: string): Promise<string> {
  const { done, value } = await lines.next();
  if (done === true) throw new Error(`the cache service at ${where} ended: see its standard error`);
  return value;
}
