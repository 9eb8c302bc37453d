// containerd's certs.d: per registry a folder with hosts.toml, or with bare certificates as Docker has them.
// https://github.com/containerd/containerd/blob/main/docs/hosts.md
import { access, readdir, readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { parse } from 'smol-toml';
import { UserError } from '../errors.ts';
import { ALL_CAPABILITIES, defaultBase, isMirrorOf, upstreamHost, type Capability, type RegistryHost } from './host.ts';
import type { TlsSettings } from './tls.ts';

type Table = Readonly<Record<string, unknown>>;

interface Context {
  readonly registry: string;
  readonly folder: string;
  readonly plainHttpHosts: readonly string[];
}

/**
 * The hosts of a registry by the first folder of `certsDir` that fits: `HOST_PORT_`, `HOST:PORT`, `_default`.
 * Mirrors come in the order of the file, the registry itself last. Undefined when no folder fits.
 * @throws UserError when the settings there are not valid.
 */
export async function loadCertsDir(
  certsDir: string,
  registry: string,
  plainHttpHosts: readonly string[],
): Promise<RegistryHost[] | undefined> {
  for (const name of folderNames(registry)) {
    const folder = join(certsDir, name);
    if (!(await exists(folder))) continue;
    const context = { registry, folder, plainHttpHosts };
    const path = join(folder, 'hosts.toml');
    return (await exists(path)) ? hostsOfToml(await parseToml(path), context) : [await bareCertificates(context)];
  }
  return undefined;
}

/** containerd's own order; the form with underscores is for file systems that know no colon. */
function folderNames(registry: string): string[] {
  const underscored = registry.replace(/:(\d+)$/, '_$1_');
  return [...new Set([underscored, registry, '_default'])];
}

async function hostsOfToml(toml: Table, context: Context): Promise<RegistryHost[]> {
  const hosts = tableOf(toml['host'] ?? {}, 'host', context);
  const mirrors = await Promise.all(
    Object.entries(hosts).map(([url, table]) => hostOf(url, tableOf(table, `host."${url}"`, context), context)),
  );
  const server = toml['server'];
  if (server !== undefined && typeof server !== 'string') throw invalid('server', context);
  const itself =
    server === undefined || server === ''
      ? String(upstreamHost(context.registry, context.plainHttpHosts).base)
      : server;
  return [...mirrors, await hostOf(itself, toml, context)];
}

async function hostOf(url: string, table: Table, context: Context): Promise<RegistryHost> {
  const base = parseBase(url, table['override_path'] === true, context.plainHttpHosts);
  return {
    base,
    capabilities: capabilitiesOf(table['capabilities'], context),
    tls: await tlsOf(table, context),
    headers: headersOf(table['header'], context),
    credentialsOf: isMirrorOf(base.host, context.registry) ? base.host : context.registry,
    namespace: isMirrorOf(base.host, context.registry) ? context.registry : undefined,
  };
}

/** The URL of a host with its path prefix: `/v2`, or a path that ends in `/v2` unless override_path leaves it alone. */
export function parseBase(text: string, overridePath: boolean, plainHttpHosts: readonly string[]): URL {
  const hasScheme = /^https?:\/\//.test(text);
  const url = hasScheme ? URL.parse(text) : URL.parse(`https://${text}`);
  if (url === null || url.host === '') throw new UserError(`not the URL of a registry host: ${JSON.stringify(text)}`);
  if (!hasScheme) url.protocol = defaultBase(url.host, plainHttpHosts).protocol;
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = overridePath || path.endsWith('/v2') ? path : `${path}/v2`;
  url.search = '';
  url.hash = '';
  return url;
}

function capabilitiesOf(value: unknown, context: Context): ReadonlySet<Capability> {
  if (value === undefined) return ALL_CAPABILITIES;
  const names = stringsOf(value, 'capabilities', context);
  if (!names.every((name): name is Capability => ALL_CAPABILITIES.has(name as Capability))) {
    throw invalid('capabilities', context);
  }
  return names.length === 0 ? ALL_CAPABILITIES : new Set(names);
}

function headersOf(value: unknown, context: Context): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, one] of Object.entries(tableOf(value ?? {}, 'header', context))) {
    headers[name.toLowerCase()] = stringsOf(one, `header.${name}`, context).join(', ');
  }
  return headers;
}

async function tlsOf(table: Table, context: Context): Promise<TlsSettings | undefined> {
  const read = (path: string): Promise<string> => readPem(resolve(context.folder, path));
  const ca = await Promise.all(stringsOf(table['ca'] ?? [], 'ca', context).map(read));
  const client = clientFiles(table['client'], context);
  const timeout = table['dial_timeout'];
  const settings = {
    ca,
    client: client && { cert: await read(client[0]), key: await read(client[1]) },
    skipVerify: table['skip_verify'] === true,
    connectTimeoutMs: timeout === undefined ? undefined : parseDuration(timeout, context),
  };
  return makeTlsSettings(settings);
}

/** `client = "both.pem"`, `["a.pem"]`, or `[["cert.pem", "key.pem"]]`: the first pair is used. */
function clientFiles(value: unknown, context: Context): [string, string] | undefined {
  if (value === undefined) return undefined;
  const first: unknown = Array.isArray(value) ? value[0] : value;
  const [cert, key] = stringsOf(first ?? [], 'client', context);
  return cert === undefined ? undefined : [cert, key === undefined || key === '' ? cert : key];
}

/** Undefined when nothing differs from the usual. */
export function makeTlsSettings(settings: Omit<TlsSettings, 'id'>): TlsSettings | undefined {
  const { ca, client, skipVerify, connectTimeoutMs } = settings;
  if (ca.length === 0 && client === undefined && !skipVerify && connectTimeoutMs === undefined) return undefined;
  const id = createHash('sha256').update(JSON.stringify(settings)).digest('hex');
  return { id, ...settings };
}

/** Docker's layout: `*.crt` are authorities, `NAME.cert` with `NAME.key` is the client. */
async function bareCertificates(context: Context): Promise<RegistryHost> {
  const files = (await readdir(context.folder)).sort();
  const cert = files.find((name) => name.endsWith('.cert'));
  const ca = files.filter((name) => name.endsWith('.crt'));
  const table = { ca, ...(cert === undefined ? {} : { client: [[cert, cert.replace(/\.cert$/, '.key')]] }) };
  return hostOf(String(upstreamHost(context.registry, context.plainHttpHosts).base), table, context);
}

/** Go's durations, e.g. `5s`, `1m30s`, `500ms`. */
function parseDuration(value: unknown, context: Context): number {
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  if (typeof value !== 'string' || !/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(value)) throw invalid('dial_timeout', context);
  let sum = 0;
  for (const [, number, unit] of value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g))
    sum += Number(number) * (units[unit ?? ''] ?? 0);
  return sum;
}

function tableOf(value: unknown, key: string, context: Context): Table {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(key, context);
  return value as Table;
}

/** A string counts as a list of one. */
function stringsOf(value: unknown, key: string, context: Context): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (!list.every((one) => typeof one === 'string')) throw invalid(key, context);
  return list;
}

function invalid(key: string, context: Context): UserError {
  return new UserError(`${join(context.folder, 'hosts.toml')}: ${key} is not valid`);
}

async function parseToml(path: string): Promise<Table> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch {
    // No cause: the parser quotes the file, which may hold headers with secrets.
    throw new UserError(`${path} is not TOML`);
  }
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new UserError(`can't read ${path}`, undefined, { cause });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
