// The control API from the client's side.
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { loadConfig } from '../config.ts';
import type { PullProgress, PullResult } from '../containerd/pull.ts';
import type { HotLoadRequest, HotSaveRequest } from '../daemon/hot-request.ts';
import type { PullEvent, PullRequest } from '../daemon/pull-request.ts';
import type { DaemonStatus, DrainRequest, WarmRequest } from '../daemon/status.ts';
import { LazypullError, type ErrorCode } from '../errors.ts';
import type { LoadedPacks } from '../layer/hot-packs.ts';
import type { SavedPacks } from '../layer/hot-save.ts';
import { DaemonError, DaemonPullError, NoDaemonError } from './exit-codes.ts';
import type { Flags } from './flag-values.ts';

const TIMEOUT_MS = 10_000;
/** Hundreds of megabytes to or from a slow disk. */
const HOT_TIMEOUT_MS = 600_000;

/** Speaks to the daemon on one control socket; every method makes one request. */
export class ControlClient {
  readonly socket: string;

  constructor(socket: string) {
    this.socket = socket;
  }

  /** The client for `--socket`, else for the socket of the configuration. @throws UserError for a wrong configuration. */
  static fromFlags(flags: Flags): ControlClient {
    const { socket, config } = flags;
    if (typeof socket === 'string') return new ControlClient(socket);
    return new ControlClient(loadConfig(typeof config === 'string' ? config : undefined).config.control.socket);
  }

  /** @throws NoDaemonError when nobody answers. */
  async status(): Promise<DaemonStatus> {
    return JSON.parse(await this.#ask('GET', '/v1/status')) as DaemonStatus;
  }

  async config(): Promise<string> {
    return await this.#ask('GET', '/v1/config');
  }

  async restart(): Promise<void> {
    await this.#ask('POST', '/v1/restart');
  }

  /** Lets the daemon begin to drain, or end it. @throws NoDaemonError; LazypullError UNAVAILABLE from a daemon that can't. */
  async drain(request: DrainRequest): Promise<void> {
    await this.#ask('POST', '/v1/drain', JSON.stringify(request));
  }

  async warm(hint: WarmRequest): Promise<void> {
    await this.#ask('POST', '/v1/warm', JSON.stringify(hint));
  }

  /** Lets the daemon save what was read. @throws DaemonError when it can't; NoDaemonError. */
  async hotSave(request: HotSaveRequest): Promise<SavedPacks> {
    return JSON.parse(await this.#ask('POST', '/v1/hot/save', JSON.stringify(request), HOT_TIMEOUT_MS)) as SavedPacks;
  }

  /** Lets the daemon load what was saved. @throws DaemonError when it can't; NoDaemonError. */
  async hotLoad(request: HotLoadRequest): Promise<LoadedPacks> {
    return JSON.parse(await this.#ask('POST', '/v1/hot/load', JSON.stringify(request), HOT_TIMEOUT_MS)) as LoadedPacks;
  }

  /**
   * Lets the daemon pull.
   * @throws DaemonPullError when it failed; NoDaemonError; LazypullError UNAVAILABLE when the daemon can't pull or died of it.
   */
  async pull(
    pull: PullRequest,
    onProgress: (progress: PullProgress) => void,
    signal: AbortSignal,
  ): Promise<PullResult> {
    for await (const event of this.#events('/v1/pull', pull, signal)) {
      if ('progress' in event) onProgress(event.progress);
      else if ('result' in event) return event.result;
      else {
        const { code, message, status } = event.error;
        throw new DaemonPullError(code === 'UNKNOWN' ? 'SYSTEM' : code, message, status);
      }
    }
    throw new LazypullError('UNAVAILABLE', 'the daemon ended before the pull did');
  }

  async *#events(path: string, body: unknown, signal: AbortSignal): AsyncGenerator<PullEvent> {
    const asked = request({ socketPath: this.socket, method: 'POST', path, agent: false, signal });
    const answered = once(asked, 'response');
    asked.end(JSON.stringify(body));
    let response: IncomingMessage;
    try {
      [response] = (await answered) as [IncomingMessage];
    } catch (error) {
      signal.throwIfAborted();
      throw this.#noDaemon(error as NodeJS.ErrnoException);
    }
    if (response.statusCode !== 200) {
      response.destroy();
      throw new LazypullError('UNAVAILABLE', `the daemon answers ${response.statusCode} to POST ${path}`);
    }
    for await (const line of createInterface({ input: response, crlfDelay: Infinity }))
      yield JSON.parse(line) as PullEvent;
    signal.throwIfAborted();
  }

  #ask(method: string, path: string, body?: string, timeout: number = TIMEOUT_MS): Promise<string> {
    return new Promise((resolve, reject) => {
      const asked = request({ socketPath: this.socket, method, path, agent: false, timeout }, (response) => {
        response.setEncoding('utf8');
        let text = '';
        response.on('data', (part: string) => (text += part));
        response.on('error', reject);
        response.on('end', () => {
          if ((response.statusCode ?? 500) < 300) resolve(text);
          else reject(refusal(`the daemon answers ${response.statusCode} to ${method} ${path}`, text));
        });
      });
      asked.on('timeout', () => asked.destroy(new Error(`no answer within ${timeout / 1000} s`)));
      asked.on('error', (cause: NodeJS.ErrnoException) => reject(this.#noDaemon(cause)));
      asked.end(body);
    });
  }

  #noDaemon(cause: NodeJS.ErrnoException): NoDaemonError {
    const fix =
      cause.code === 'EACCES'
        ? 'Only root may ask it: use sudo.'
        : 'Start one with: lazypull daemon. Or name its socket with --socket, or its configuration with --config.';
    return new NoDaemonError(`no daemon answers on ${this.socket} (${cause.code ?? cause.message})`, fix, { cause });
  }
}

/** What the daemon says in its own words, where it does: that is the message. */
function refusal(what: string, body: string): LazypullError {
  try {
    const { code, message } = JSON.parse(body) as { code?: unknown; message?: unknown };
    if (typeof code === 'string' && typeof message === 'string' && code !== 'NOT_FOUND' && code !== 'UNKNOWN') {
      return new DaemonError(code as ErrorCode, message);
    }
  } catch {
    // Not ours: shown as it is.
  }
  return new LazypullError('UNAVAILABLE', `${what}: ${body.trim().slice(0, 500)}`);
}
