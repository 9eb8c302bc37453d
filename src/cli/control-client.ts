// The control API from the client's side.
import { request } from 'node:http';
import { loadConfig } from '../config.ts';
import type { DaemonStatus, WarmRequest } from '../daemon/status.ts';
import { LazypullError } from '../errors.ts';
import { NoDaemonError } from './exit-codes.ts';

const TIMEOUT_MS = 10_000;

/** Speaks to the daemon on one control socket; every method makes one request. */
export class ControlClient {
  readonly socket: string;

  constructor(socket: string) {
    this.socket = socket;
  }

  /** The client for `--socket`, else for the socket of the configuration. @throws UserError for a wrong configuration. */
  static fromFlags(flags: Readonly<Record<string, string | boolean>>): ControlClient {
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

  async warm(hint: WarmRequest): Promise<void> {
    await this.#ask('POST', '/v1/warm', JSON.stringify(hint));
  }

  #ask(method: string, path: string, body?: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const asked = request(
        { socketPath: this.socket, method, path, agent: false, timeout: TIMEOUT_MS },
        (response) => {
          response.setEncoding('utf8');
          let text = '';
          response.on('data', (part: string) => (text += part));
          response.on('error', reject);
          response.on('end', () => {
            if ((response.statusCode ?? 500) < 300) resolve(text);
            else
              reject(
                new LazypullError(
                  'UNAVAILABLE',
                  `the daemon answers ${response.statusCode} to ${method} ${path}: ${text.trim().slice(0, 500)}`,
                ),
              );
          });
        },
      );
      asked.on('timeout', () => asked.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
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
