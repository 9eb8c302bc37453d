// The configuration of the action's daemon: the user's, with what the action has to decide laid over it, and defaults for
// what a user of the action can't know. Text in, text out; daemon.ts reads and writes the files.
import { join } from 'node:path';
import { parse, stringify } from 'smol-toml';
import { resolveConfig } from '../src/config.ts';
import type { DockerSettings } from './docker-settings.ts';
import type { Inputs } from './inputs.ts';
import { CONSUMERS, Place } from './state.ts';

/** What the configuration is made of. */
export interface ConfigParts {
  /** The user's configuration, '' for none, and what it is called in messages. */
  readonly text: string;
  readonly where: string;
  readonly inputs: Pick<Inputs, 'registryMirrors' | 'prefetch' | 'logLevel'>;
  readonly docker: DockerSettings;
  /** The runner's environment: DOCKER_CONFIG, HOME, RUNNER_DEBUG. */
  readonly env: NodeJS.ProcessEnv;
  /** Bytes that are free where the cache lies. */
  readonly freeBytes: number;
}

/** Names of the keys that are the action's own, and why they can't be another's. */
const OURS = ['root', 'state_dir', 'snapshotter', 'control'] as const;
const GIB = 2 ** 30;

type Table = Record<string, unknown>;

/**
 * The daemon's config.toml. `replaced` names keys of the user's that the action has taken over.
 * @throws UserError for what is wrong in the user's text, with its line.
 */
export function daemonConfig(parts: ConfigParts): { readonly text: string; readonly replaced: readonly string[] } {
  const { text, where, inputs, docker, env } = parts;
  resolveConfig(text, where);
  const user: Table = parse(text);
  const replaced = OURS.filter((key) => key in user);
  const registry = tableOf(user['registry']);
  const level = debugging(env) && inputs.logLevel !== 'trace' ? 'debug' : inputs.logLevel;
  const config = {
    ...user,
    root: Place.ROOT,
    state_dir: Place.STATE_DIR,
    control: { socket: Place.CONTROL },
    log: { format: 'text', ...tableOf(user['log']), ...(level === 'info' && 'log' in user ? {} : { level }) },
    cache: { size_limit: cacheLimit(parts.freeBytes), ...tableOf(user['cache']) },
    prefetch: { ...tableOf(user['prefetch']), ...(inputs.prefetch ? {} : { enabled: false }) },
    registry: {
      docker_config: dockerConfigPath(env),
      ...registry,
      mirrors: mergeMirrors(inputs.registryMirrors, tableOf(registry['mirrors']), { 'docker.io': docker.mirrors }),
      plain_http_hosts: unique([...listOf(registry['plain_http_hosts']), ...docker.insecure]),
    },
    snapshotter: Object.entries(CONSUMERS).map(([name, socket]) => ({ name, socket })),
  };
  const made = `# Made by the lazypull action for this job.\n${stringify(config)}`;
  // Inputs are checked here too: a mirror that is no URL, say.
  resolveConfig(made, 'the inputs of this step');
  return { text: made, replaced };
}

/** Whether the job logs for debugging, as @actions/core has it. */
function debugging(env: NodeJS.ProcessEnv): boolean {
  return env['RUNNER_DEBUG'] === '1';
}

/** Of the runner's user, who logs in; it is read whenever a token is needed, so later logins count. */
export function dockerConfigPath(env: NodeJS.ProcessEnv): string {
  return join(env['DOCKER_CONFIG'] || join(env['HOME'] || '/root', '.docker'), 'config.json');
}

/** Half of what is free, so that the job's own files have a place; images larger than that push each other out. */
function cacheLimit(freeBytes: number): string {
  return `${Math.max(1, Math.floor(freeBytes / 2 / GIB))}GiB`;
}

type Mirrors = Readonly<Record<string, unknown>>;

/** Mirrors of every host, those of the first table first. Without a scheme they are https. */
function mergeMirrors(...tables: readonly Mirrors[]): Record<string, string[]> {
  const hosts = unique(tables.flatMap((table) => Object.keys(table)));
  const merged = hosts.map((host) => [
    host,
    unique(
      tables.flatMap((table) => listOf(table[host])).map((url) => (/^https?:\/\//.test(url) ? url : `https://${url}`)),
    ),
  ]);
  return Object.fromEntries(merged.filter(([, urls]) => urls !== undefined && urls.length > 0)) as Record<
    string,
    string[]
  >;
}

function tableOf(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function unique(items: readonly string[]): string[] {
  return [...new Set(items)];
}

/** Variables of the runner that reach the daemon: how networks and registries are reached, and what credential helpers ask for. */
const PASSED =
  /^(PATH|HOME|LANG|TZ|DOCKER_CONFIG|(https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|XDG_\w+_HOME|AWS_\w+|AZURE_\w+|GOOGLE_\w+|CLOUDSDK_\w+)$/i;

/** The daemon's environment: none of the job's tokens, inputs and state, and no RUNNER_TRACKING_ID. */
export function daemonEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const passed = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && PASSED.test(name) ? [[name, value]] : [],
  );
  return Object.fromEntries(passed) as Record<string, string>;
}
