// The configuration: its type, and how a file and command-line flags become one checked record. The keys, with their
// kinds, defaults and texts, stand in config/keys.ts.
// The file never holds secrets: it says where credentials come from (docs/credentials.md).
import { readFileSync } from 'node:fs';
import { parse, TomlError } from 'smol-toml';
import { KEYS, PROVIDER_KEYS, SNAPSHOTTER_KEYS, type ConfigKey } from './config/keys.ts';
import { lineOf } from './config/lines.ts';
import { nearestWord } from './config/nearest.ts';
import { ValueError } from './config/values.ts';
import { UserError } from './errors.ts';
import type { LogFormat, LogLevel } from './log.ts';

/** Read when no path is given; it may be absent. */
export const DEFAULT_CONFIG_PATH = '/etc/lazypull/config.toml';

/** One consumer (a containerd, a buildkitd): its socket and its own snapshot store. */
export interface SnapshotterConfig {
  /** Unique; names the consumer in `lazypull status` and in metrics. */
  readonly name: string;
  readonly socket: string;
  /** Where its snapshots lie. Never shared: every consumer deletes snapshots that it does not know. */
  readonly root: string;
}

/** A kind of source of credentials. `provider` stands for all providers, in their order. */
export type CredentialKind = 'cri' | 'docker' | 'kubernetes' | 'provider';

/** A program that speaks kubelet's credential provider protocol. */
export interface ProviderConfig {
  /** Unique; names the provider in messages. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the environment of the daemon. */
  readonly env: Readonly<Record<string, string>>;
  readonly matchImages: readonly string[];
  /** How long an answer is kept that does not say so itself. */
  readonly cacheMs: number;
}

/** The checked configuration. Sizes in bytes, times in milliseconds, paths absolute. */
export interface Config {
  readonly root: string;
  readonly stateDir: string;
  readonly log: { readonly level: LogLevel; readonly format: LogFormat };
  readonly snapshotters: readonly SnapshotterConfig[];
  readonly control: { readonly socket: string };
  /** `address` is `host:port`, or '' for no TCP listener. */
  readonly metrics: { readonly address: string; readonly allowRemote: boolean };
  readonly fuse: { readonly transport: 'wire' | 'fuse-native'; readonly workers: number };
  readonly mount: { readonly tier: 'auto' | 'A' | 'B' | 'off' };
  /** `sizeLimitBytes` 0 means no limit. */
  readonly cache: { readonly sizeLimitBytes: number };
  readonly prefetch: { readonly enabled: boolean; readonly defaultBytes: number; readonly waitTimeoutMs: number };
  readonly backgroundFill: { readonly enabled: boolean; readonly quietMs: number };
  /** `path` '' means that there is no additional layer store. */
  readonly layerStore: { readonly path: string; readonly timeoutMs: number };
  readonly verification: { readonly allowUnverified: boolean };
  readonly credentials: {
    /** Which kind of source is asked first. */
    readonly order: readonly CredentialKind[];
    /** `kubeconfigPath` '' means the service account of the pod that the daemon runs in; no `namespaces` means all. */
    readonly kubernetes: {
      readonly enabled: boolean;
      readonly kubeconfigPath: string;
      readonly namespaces: readonly string[];
    };
    /** `socket` '' means that CRI's image service is not offered. */
    readonly cri: { readonly socket: string; readonly forward: string; readonly keepMs: number };
    readonly providers: readonly ProviderConfig[];
  };
  readonly registry: {
    /** '' means docker's own rule: $DOCKER_CONFIG, else ~/.docker/config.json. */
    readonly dockerConfigPath: string;
    /** '' means none. */
    readonly certsDir: string;
    readonly mirrors: Readonly<Record<string, readonly string[]>>;
    readonly plainHttpHosts: readonly string[];
    readonly maxConnectionsPerHost: number;
    readonly connectTimeoutMs: number;
    readonly idleTimeoutMs: number;
    readonly retries: number;
  };
}

/** Where a value came from. `line` is the line of the file, where it could be found. */
export interface ConfigEntry {
  /** Dotted key of the file: `fuse.workers`, `snapshotter.0.socket`. */
  readonly key: string;
  readonly value: unknown;
  /** TOML source of the value. */
  readonly printed: string;
  readonly source: 'default' | 'file' | 'flag';
  readonly line: number | undefined;
}

export interface EffectiveConfig {
  readonly config: Config;
  /** Every key with its value and where that came from, in the order of KEYS, then the providers and the snapshotters. */
  readonly entries: readonly ConfigEntry[];
  /** The file that was read; undefined when there was none. */
  readonly path: string | undefined;
}

/**
 * Reads the file at `path` (DEFAULT_CONFIG_PATH, which may be absent, unless told) and lays `overrides` over it: dotted keys to values
 * as the file would have them, or as text from a flag.
 * @throws UserError with the key, the line and what to write instead; all problems of a file at once.
 */
export function loadConfig(path?: string, overrides: Readonly<Record<string, unknown>> = {}): EffectiveConfig {
  const text = readConfigFile(path);
  const file = path ?? DEFAULT_CONFIG_PATH;
  return resolveConfig(text ?? '', text === undefined ? undefined : file, overrides);
}

/** The same from a text. `path` is only for messages. @throws UserError */
export function resolveConfig(
  text: string,
  path: string | undefined,
  overrides: Readonly<Record<string, unknown>> = {},
): EffectiveConfig {
  const where = path ?? 'config';
  const read = new Reader(text, where, flatten(parseToml(text, where)), overrides);
  const entries = KEYS.map((spec) => read.entry(spec.key, spec, read.derived(spec)));
  read.checkUnknown();
  entries.push(...read.tables(PROVIDER_TABLES), ...read.tables(SNAPSHOTTER_TABLES));
  read.checkMetrics();
  read.checkCredentials();
  read.finish();
  return { config: assemble(entries), entries, path };
}

/** An array of tables: `[[snapshotter]]`. */
interface Tables {
  readonly name: string;
  readonly keys: readonly ConfigKey[];
  /** Keys whose values differ from table to table. */
  readonly unique: readonly string[];
  /** Whether there is one with the defaults when the file has none. */
  readonly needed: boolean;
}

const PROVIDER_TABLES: Tables = { name: 'credentials.provider', keys: PROVIDER_KEYS, unique: ['name'], needed: false };
const SNAPSHOTTER_TABLES: Tables = {
  name: 'snapshotter',
  keys: SNAPSHOTTER_KEYS,
  unique: ['name', 'socket', 'root'],
  needed: true,
};
const TABLES: readonly Tables[] = [PROVIDER_TABLES, SNAPSHOTTER_TABLES];

class Reader {
  readonly #text: string;
  readonly #where: string;
  readonly #given: Map<string, unknown>;
  readonly #flags: Readonly<Record<string, unknown>>;
  readonly #values = new Map<string, unknown>();
  readonly #problems: string[] = [];

  constructor(text: string, where: string, given: Map<string, unknown>, flags: Readonly<Record<string, unknown>>) {
    this.#text = text;
    this.#where = where;
    this.#given = given;
    this.#flags = flags;
  }

  /** The default of a key with `<root>` and `<state_dir>` filled in. */
  derived(spec: ConfigKey, name = ''): unknown {
    if (typeof spec.default !== 'string') return spec.default;
    return spec.default.replaceAll(/<(root|state_dir|name)>/g, (_, key: string) =>
      key === 'name' ? name : String(this.#values.get(key)),
    );
  }

  entry(key: string, spec: ConfigKey, fallback: unknown): ConfigEntry {
    const flag = this.#flags[key];
    const source = flag !== undefined ? 'flag' : this.#given.has(key) ? 'file' : 'default';
    const line = source === 'file' ? lineOf(this.#text, key) : undefined;
    const raw = source === 'flag' ? flag : source === 'file' ? this.#given.get(key) : fallback;
    let value = fallback;
    try {
      value = spec.kind.parse(source === 'default' && typeof raw === 'number' ? printedBack(spec, raw) : raw);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      this.#problem(key, line, source, error.message);
    }
    this.#given.delete(key);
    this.#values.set(key, value);
    return { key, value, printed: spec.kind.print(value), source, line };
  }

  /** The tables of an array, or the one that is there without any. */
  tables({ name, keys, unique, needed }: Tables): ConfigEntry[] {
    const tables = this.#given.get(name) ?? (needed ? [{}] : []);
    const isGiven = this.#given.delete(name);
    if (!Array.isArray(tables) || (isGiven && tables.length === 0) || !tables.every(isTable)) {
      this.#problem(name, lineOf(this.#text, name), 'file', `wants one or more [[${name}]] tables`);
      return [];
    }
    const entries = tables.flatMap((table, index) => this.#table(table, `${name}.${index}`, keys, tables.length > 1));
    for (const key of unique) this.#checkUnique(entries.filter((entry) => entry.key.endsWith(`.${key}`)));
    return entries;
  }

  #table(table: Record<string, unknown>, prefix: string, keys: readonly ConfigKey[], several: boolean): ConfigEntry[] {
    for (const [key, value] of Object.entries(table)) this.#given.set(`${prefix}.${key}`, value);
    const entries = keys.map((spec) => {
      const name = (this.#values.get(`${prefix}.name`) as string | undefined) ?? '';
      const own = several && spec.key === 'socket' ? { ...spec, default: '<state_dir>/<name>.sock' } : spec;
      return this.entry(`${prefix}.${spec.key}`, spec, this.derived(own, name));
    });
    const known = keys.map((spec) => spec.key);
    for (const key of Object.keys(table).filter((name) => !known.includes(name)))
      this.#unknown(`${prefix}.${key}`, key, known);
    return entries;
  }

  #checkUnique(entries: readonly ConfigEntry[]): void {
    for (const [index, entry] of entries.entries()) {
      const first = entries.slice(0, index).find((other) => other.value === entry.value);
      if (first !== undefined)
        this.#problem(entry.key, entry.line, entry.source, `is the same as ${first.key}: ${entry.printed}`);
    }
  }

  /** Everything that is still there after all known keys were taken is unknown. */
  checkUnknown(): void {
    const arrays = TABLES.map(({ name }) => name);
    const known = [...KEYS.map((spec) => spec.key), ...arrays];
    for (const key of this.#given.keys()) if (!arrays.includes(key)) this.#unknown(key, key, known);
    for (const key of Object.keys(this.#flags)) if (!known.includes(key)) this.#unknown(key, key, known);
  }

  checkMetrics(): void {
    const address = String(this.#values.get('metrics.address'));
    if (address === '' || this.#values.get('metrics.allow_remote') === true) return;
    if (/^(127\.\d+\.\d+\.\d+|localhost|\[::1\]):/.test(address)) return;
    const message = `is not a loopback address, got "${address}": use 127.0.0.1, or set metrics.allow_remote = true`;
    this.#problem('metrics.address', lineOf(this.#text, 'metrics.address'), 'file', message);
  }

  /** A source that is set up but not in the order would never be asked. */
  checkCredentials(): void {
    const order = this.#values.get('credentials.order') as readonly string[];
    const isSetUp = {
      cri: ['credentials.cri.socket', this.#values.get('credentials.cri.socket') !== ''],
      kubernetes: ['credentials.kubernetes.enabled', this.#values.get('credentials.kubernetes.enabled') === true],
      provider: ['credentials.provider', this.#values.has('credentials.provider.0.name')],
    } as const;
    for (const [kind, [key, isOn]] of Object.entries(isSetUp)) {
      if (!isOn || order.includes(kind)) continue;
      const message = `is set, but credentials.order leaves "${kind}" out: add it there`;
      this.#problem(key, lineOf(this.#text, key), 'file', message);
    }
  }

  #unknown(key: string, word: string, known: readonly string[]): void {
    const near = nearestWord(word, known);
    this.#problem(
      key,
      lineOf(this.#text, key),
      'file',
      `no such key${near === undefined ? '' : `; did you mean ${near}?`}`,
    );
  }

  #problem(key: string, line: number | undefined, source: ConfigEntry['source'], message: string): void {
    const place = source === 'flag' ? 'flag' : line === undefined ? this.#where : `${this.#where}:${line}`;
    this.#problems.push(`${place}: ${key}: ${message}`);
  }

  finish(): void {
    if (this.#problems.length === 0) return;
    throw new UserError(this.#problems.join('\n'), 'All keys: docs/config.md, or `lazypull config --reference`.');
  }
}

function readConfigFile(path: string | undefined): string | undefined {
  try {
    return readFileSync(path ?? DEFAULT_CONFIG_PATH, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (path === undefined && code === 'ENOENT') return undefined;
    const file = path ?? DEFAULT_CONFIG_PATH;
    throw new UserError(
      `can't read the config file ${file}: ${code ?? String(error)}`,
      'Check the path after --config.',
      { cause: error },
    );
  }
}

function parseToml(text: string, where: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new UserError(`${where}:${error.line}:${error.column}: not TOML: ${error.message.split('\n')[0] ?? ''}`);
  }
}

/** Tables to dotted keys, down to where a known key stands (`registry.mirrors` is itself a table). */
function flatten(table: Record<string, unknown>, prefix = ''): Map<string, unknown> {
  const flat = new Map<string, unknown>();
  for (const [name, value] of Object.entries(table)) {
    const key = prefix + name;
    if (!isTable(value) || KEYS.some((spec) => spec.key === key)) flat.set(key, value);
    else for (const [inner, innerValue] of flatten(value, `${key}.`)) flat.set(inner, innerValue);
  }
  return flat;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Defaults stand in KEYS as parsed values; a duration has to go through its printed form. */
function printedBack(spec: ConfigKey, value: number): unknown {
  return JSON.parse(spec.kind.print(value));
}

function assemble(entries: readonly ConfigEntry[]): Config {
  // Every field of Config has its row in KEYS; a test compares the whole record.
  const config: Record<string, unknown> = {};
  const arrays: Record<string, Record<string, unknown>[]> = { 'credentials.provider': [], snapshotter: [] };
  for (const { key, value } of entries) {
    const [, name = '', index, column] = /^(.+)\.(\d+)\.(\w+)$/.exec(key) ?? [];
    const tables = TABLES.find((one) => one.name === name);
    if (tables === undefined) {
      setField(config, KEYS.find((spec) => spec.key === key)?.field ?? key, value);
      continue;
    }
    const field = tables.keys.find((spec) => spec.key === column)?.field ?? key;
    ((arrays[name] ??= [])[Number(index)] ??= {})[field] = value;
  }
  setField(config, 'credentials.providers', arrays['credentials.provider']);
  setField(config, 'snapshotters', arrays['snapshotter']);
  return config as unknown as Config;
}

/** Sets `a.b.c` of a record, with the records on the way. */
function setField(record: Record<string, unknown>, field: string, value: unknown): void {
  const names = field.split('.');
  const last = names.pop() ?? field;
  let inner = record;
  for (const name of names) inner = (inner[name] ??= {}) as Record<string, unknown>;
  inner[last] = value;
}
