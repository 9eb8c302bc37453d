// What is to be run of an image, and how: the image's own wishes with those of the command line over them, as
// `docker run` puts them together.
import { constants } from 'node:os';
import { UserError } from '../errors.ts';
import type { RunConfig } from './image-config.ts';

/** A mount that the workload gets. */
export interface WorkloadMount {
  readonly type: 'bind' | 'tmpfs';
  /** Absolute path on this machine; undefined for tmpfs. */
  readonly source: string | undefined;
  /** Absolute path in the container. */
  readonly target: string;
  readonly readonly: boolean;
  /** Further options as mount(8) has them. */
  readonly options: readonly string[];
}

/** What the command line says; undefined: what the image says. */
export interface WorkloadOptions {
  /** Clears the image's command too, as docker has it. */
  readonly entrypoint?: readonly string[] | undefined;
  readonly args?: readonly string[] | undefined;
  /** `NAME=VALUE`; `NAME` alone takes it from this process. Later ones win. */
  readonly env?: readonly string[];
  readonly user?: string | undefined;
  readonly workingDir?: string | undefined;
  readonly mounts?: readonly WorkloadMount[];
  readonly network?: 'none' | 'host';
  readonly hostname?: string | undefined;
  /** Lines of /etc/hosts, as `NAME:ADDRESS`. */
  readonly addHosts?: readonly string[];
  readonly dns?: readonly string[];
  readonly dnsSearch?: readonly string[];
  readonly dnsOptions?: readonly string[];
  readonly terminal?: boolean;
  readonly interactive?: boolean;
}

const DEFAULT_PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const SIGTERM = 15;

/** The command line of the workload. @throws UserError when neither the image nor the user names one. */
export function commandOf(image: RunConfig, options: WorkloadOptions): string[] {
  const entrypoint = options.entrypoint ?? image.entrypoint;
  const args = options.args ?? (options.entrypoint === undefined ? image.cmd : []);
  const command = [...entrypoint, ...args];
  if (command.length > 0) return command;
  throw new UserError('the image has neither entrypoint nor command', 'Say what to run: -- COMMAND [ARG...]');
}

/**
 * The environment of the workload, each name once, in the order of first mention. What an image says without a value is
 * nothing: only the user may take variables from here.
 * @throws UserError for what the user gives and is no variable.
 */
export function environmentOf(image: RunConfig, options: WorkloadOptions, hostname: string): string[] {
  const names = new Map<string, string>();
  const terminal = options.terminal === true ? ['TERM=xterm'] : [];
  const ofImage = image.env.filter((item) => /^[^=\0]+=[^\0]*$/.test(item));
  for (const item of [DEFAULT_PATH, `HOSTNAME=${hostname}`, ...terminal, ...ofImage, ...(options.env ?? [])]) {
    const equals = item.indexOf('=');
    const name = equals < 0 ? item : item.slice(0, equals);
    // Values may be secrets: no message has them.
    if (name === '' || item.includes('\0')) {
      throw new UserError(`not an environment variable: ${JSON.stringify(name.slice(0, 100))}`, 'Write NAME=VALUE.');
    }
    const value = equals < 0 ? process.env[name] : item.slice(equals + 1);
    // Docker, too, unsets a name that this process does not have.
    if (value === undefined) names.delete(name);
    else names.set(name, value);
  }
  return [...names].map(([name, value]) => `${name}=${value}`);
}

/** The signal that asks the workload to end, by what the image says; SIGTERM where that is no signal. */
export function stopSignalOf(image: RunConfig): number {
  const text = image.stopSignal.toUpperCase();
  if (/^\d{1,2}$/.test(text)) return Number(text) > 0 && Number(text) < 65 ? Number(text) : SIGTERM;
  const name = text.startsWith('SIG') ? text : `SIG${text}`;
  return (constants.signals as Readonly<Record<string, number>>)[name] ?? SIGTERM;
}

/**
 * The lines of an env file: `NAME=VALUE` or `NAME`, empty lines and those that begin with # do not count.
 * @throws UserError
 */
export function parseEnvFile(text: string, name: string): string[] {
  return text.split(/\r?\n/).flatMap((untrimmed, index) => {
    const line = untrimmed.trimStart();
    if (line === '' || line.startsWith('#')) return [];
    if (/^[^\s=]+(=|$)/.test(line)) return [line];
    throw new UserError(`${name}, line ${index + 1}: not NAME=VALUE`, 'One variable a line, without "export".');
  });
}
