// containerd's config.toml is told of the snapshotter: [proxy_plugins.stargz], and from containerd 2.1 on the transfer
// service, which unpacks only for snapshotters that it lists. All versions of the format (1, 2, 3) spell both alike;
// a file without `version` is version 1. A Kubernetes node also gets CRI's settings, which each version spells in its own
// way. Everything else in it stays: `imports`, `disabled_plugins`.
// @see https://github.com/containerd/containerd/blob/main/docs/PLUGINS.md
import { isDeepStrictEqual } from 'node:util';
import { parse, stringify, TomlError, type TomlTable, type TomlValue } from 'smol-toml';
import { UserError } from '../errors.ts';

/** What containerd shall know. */
export interface SnapshotterEntry {
  /** Of containerd, e.g. `2.1.9`. */
  readonly version: string;
  /** Socket of the snapshotter. */
  readonly socket: string;
  /** Folder that containerd reports for it. */
  readonly root: string;
  /** Of this machine, as containerd writes it: `linux/amd64`. */
  readonly platform: string;
  /** Whether CRI uses it for all pods. */
  readonly cri?: boolean;
  /** What the file says of our changes; as for a job unless told. */
  readonly remarks?: Remarks;
}

/** Comments in the changed file, each a line that begins with `#`. */
export interface Remarks {
  /** Before what was added. */
  readonly added: string;
  /** At the top of a file that had to be written anew. */
  readonly rewritten: string;
}

/** The new text, and what somebody who knows the old one would want to hear. */
export interface ConfigText {
  readonly text: string;
  /** false: it says all that is wanted already, and `text` is what it was. */
  readonly changed: boolean;
  /** What was replaced, a sentence each. */
  readonly told: readonly string[];
}

/** The tables and keys that containerd is to get, also for a file of somebody's own. */
export interface SnapshotterTables {
  readonly proxy_plugins: TomlTable;
  readonly plugins?: TomlTable;
}

/** The name that BuildKit, and with it Docker, pulls lazily for. */
export const SNAPSHOTTER = 'stargz';
const TRANSFER = 'io.containerd.transfer.v1.local';
const OVERLAYFS = 'overlayfs';
/** Where each version of the format has CRI's choice of a snapshotter. @see missingCri */
const CRI_TABLES: Readonly<Record<number, readonly string[]>> = {
  1: ['plugins', 'cri', 'containerd'],
  2: ['plugins', 'io.containerd.grpc.v1.cri', 'containerd'],
  3: ['plugins', 'io.containerd.cri.v1.images'],
};
const CRI_IDS: ReadonlySet<string> = new Set(['cri', 'io.containerd.grpc.v1.cri', 'io.containerd.cri.v1.images']);
const JOB_REMARKS: Remarks = {
  added: '# Added by lazypull for a job, and taken out again at its end.',
  rewritten:
    '# Written by lazypull for a job, without the comments that were here. The file as it was lies beside this one, and comes back.',
};

/**
 * The text of a config.toml with the snapshotter in it. New tables go behind what is there, so that comments stay;
 * only where something has to be replaced is the file written anew, without them.
 * @param text of the file at `path`, undefined when there is none.
 * @throws UserError with the line when it is not TOML, or when a key that is needed holds something else than a table.
 */
export function mergeContainerdConfig(text: string | undefined, path: string, entry: SnapshotterEntry): ConfigText {
  const before = parseToml(text ?? '', path);
  const tables = snapshotterTables(entry);
  const proxy = missingProxy(before, path, tables);
  const unpack = missingUnpack(before, path, entry, tables);
  const cri = entry.cri === true ? missingCri(before, path, entry) : NO_CRI;
  const told = [proxy?.replaced, cri.told].flatMap((sentence) =>
    sentence === undefined ? [] : `${path}: ${sentence}`,
  );
  if (proxy === undefined && unpack.length === 0 && cri.tables === undefined)
    return { text: text ?? '', changed: false, told };
  const added = mergeTables(
    {
      ...(proxy === undefined ? {} : { proxy_plugins: { [SNAPSHOTTER]: proxy.plugin } }),
      ...(unpack.length === 0 ? {} : { plugins: { [TRANSFER]: { unpack_config: unpack } } }),
    },
    cri.tables ?? {},
  );
  // Only a file that says nothing at all gets a version: it would change what an existing one means.
  const version = Object.keys(before).length === 0 ? { version: BigInt(formatVersion(entry.version)) } : {};
  const wanted = { ...version, ...mergeTables(before, added) };
  const { remarks = JOB_REMARKS } = entry;
  const kept = keepComments(text ?? '', { version, added, wanted }, remarks.added);
  return { text: kept ?? `${remarks.rewritten}\n${toText(wanted)}`, changed: true, told };
}

/**
 * The text without the snapshotter, for a file that somebody has changed since it was put in: all else stays, comments do not.
 * @throws UserError as `mergeContainerdConfig` does.
 */
export function removeFromContainerdConfig(text: string, path: string): string {
  const table = parseToml(text, path);
  const proxies = tableAt(table, ['proxy_plugins'], path);
  delete proxies[SNAPSHOTTER];
  if (Object.keys(proxies).length === 0) delete table['proxy_plugins'];
  for (const keys of Object.values(CRI_TABLES)) {
    const cri = tableAt(table, keys, path);
    if (cri['snapshotter'] === SNAPSHOTTER) cri['snapshotter'] = OVERLAYFS;
  }
  const transfer = tableAt(table, ['plugins', TRANSFER], path);
  if (Array.isArray(transfer['unpack_config'])) {
    transfer['unpack_config'] = transfer['unpack_config'].filter(
      (item) => !isTable(item) || item['snapshotter'] !== SNAPSHOTTER,
    );
  }
  return toText(table);
}

interface MissingCri {
  readonly tables: TomlTable | undefined;
  readonly told: string | undefined;
}
const NO_CRI: MissingCri = { tables: undefined, told: undefined };

/** CRI's settings as far as they lack. A containerd without CRI gets none. */
function missingCri(before: TomlTable, path: string, { version }: SnapshotterEntry): MissingCri {
  const { disabled_plugins: disabled } = before;
  if (Array.isArray(disabled) && disabled.some((id) => typeof id === 'string' && CRI_IDS.has(id))) {
    return { tables: undefined, told: 'disabled_plugins has CRI, which Kubernetes needs: its settings are left alone' };
  }
  const isEmpty = Object.keys(before).length === 0;
  const format = isEmpty ? formatVersion(version) : Number(before['version'] ?? 1);
  // 2.x reads older files, but not this of them (2.1.9 takes over pause image and CNI, and forgets the snapshotter). It
  // takes the new table in an old file.
  const keys = CRI_TABLES[formatVersion(version) === 3 ? 3 : format];
  if (keys === undefined || CRI_TABLES[format] === undefined) throw notWhat(path, 'version', '1, 2 or 3');
  const { snapshotter, disable_snapshot_annotations: disable } = tableAt(before, keys, path);
  if (snapshotter === SNAPSHOTTER && disable === false) return NO_CRI;
  const wanted: TomlTable = { snapshotter: SNAPSHOTTER, disable_snapshot_annotations: false };
  const tables = keys.toReversed().reduce<TomlTable>((inner, key) => ({ [key]: inner }), wanted);
  const other = typeof snapshotter === 'string' && snapshotter !== SNAPSHOTTER ? snapshotter : undefined;
  return { tables, told: other === undefined ? undefined : `pods get ${SNAPSHOTTER} instead of ${other}` };
}

/** The snapshotters that CRI uses by a configuration, in the spelling of any version; none where it says nothing of CRI. */
export function criSnapshotters(config: TomlTable): string[] {
  return Object.values(CRI_TABLES).flatMap((keys) => {
    const name = tableAt(config, keys, 'config.toml')['snapshotter'];
    return typeof name === 'string' ? [name] : [];
  });
}

/** The version of the configuration format that a containerd likes best. */
export function formatVersion(containerd: string): 2 | 3 {
  return atLeast(containerd, 2, 0) ? 3 : 2;
}

/** What a containerd of this version needs to know of the snapshotter. */
export function snapshotterTables({ version, socket, root, platform }: SnapshotterEntry): SnapshotterTables {
  const exports = { root, enable_remote_snapshot_annotations: 'true' };
  const proxy_plugins = { [SNAPSHOTTER]: { type: 'snapshot', address: socket, exports } };
  if (!atLeast(version, 2, 1)) return { proxy_plugins };
  // Listing one takes the place of containerd's default list, which is overlayfs.
  const unpack_config = [OVERLAYFS, SNAPSHOTTER].map((snapshotter) => unpackEntry(platform, snapshotter));
  return { proxy_plugins, plugins: { [TRANSFER]: { unpack_config } } };
}

function unpackEntry(platform: string, snapshotter: string): TomlTable {
  return { platform, snapshotter, differ: 'walking' };
}

interface MissingProxy {
  readonly plugin: TomlTable;
  /** A sentence about what it takes the place of. */
  readonly replaced: string | undefined;
}

/** The proxy plugin as it shall be. One with our socket keeps what else it says, also another root. */
function missingProxy(before: TomlTable, path: string, tables: SnapshotterTables): MissingProxy | undefined {
  const wanted = tables.proxy_plugins[SNAPSHOTTER] as TomlTable;
  const present = tableAt(before, ['proxy_plugins'], path)[SNAPSHOTTER];
  if (present === undefined) return { plugin: wanted, replaced: undefined };
  const name = `proxy_plugins.${SNAPSHOTTER}`;
  if (!isTable(present) || present['address'] !== wanted['address'] || present['type'] !== wanted['type']) {
    const address = isTable(present) ? present['address'] : undefined;
    const before = typeof address === 'string' ? `the one at ${address}` : 'another one';
    return { plugin: wanted, replaced: `${name} is lazypull's snapshotter for this job instead of ${before}` };
  }
  const exports = { ...(wanted['exports'] as TomlTable), ...tableAt(present, ['exports'], path) };
  exports['enable_remote_snapshot_annotations'] = 'true';
  const plugin = { ...present, exports };
  return isDeepStrictEqual(plain(plugin), plain(present)) ? undefined : { plugin, replaced: undefined };
}

/** The entries that the transfer service lacks. A list of somebody's own says what it wants of overlayfs. */
function missingUnpack(
  before: TomlTable,
  path: string,
  { platform }: SnapshotterEntry,
  { plugins }: SnapshotterTables,
): TomlTable[] {
  if (plugins === undefined) return [];
  const present = tableAt(before, ['plugins', TRANSFER], path)['unpack_config'] ?? [];
  if (!Array.isArray(present)) throw notWhat(path, `plugins."${TRANSFER}".unpack_config`, 'an array of tables');
  if (present.length === 0) return (plugins[TRANSFER] as { unpack_config: TomlTable[] }).unpack_config;
  const has = present.some(
    (item) => isTable(item) && item['snapshotter'] === SNAPSHOTTER && item['platform'] === platform,
  );
  return has ? [] : [unpackEntry(platform, SNAPSHOTTER)];
}

/** The old text with the new tables behind it, when TOML reads that as what is wanted. */
function keepComments(
  text: string,
  { version, added, wanted }: Readonly<Record<'version' | 'added' | 'wanted', TomlTable>>,
  remark: string,
): string | undefined {
  const head = Object.keys(version).length === 0 ? '' : toText(version);
  const body = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  const joined = `${head}${body}${body === '' ? '' : '\n'}${remark}\n${toText(added)}`;
  try {
    return isDeepStrictEqual(plain(parseText(joined)), plain(wanted)) ? joined : undefined;
  } catch (error) {
    // A table that is there already: it can't be opened a second time.
    if (error instanceof TomlError) return undefined;
    throw error;
  }
}

/** Tables are joined key by key, arrays end to end; of two values the new one counts, and of two plugins of our name. */
function mergeTables(old: TomlTable, added: TomlTable): TomlTable {
  const merged: TomlTable = { ...old };
  for (const [key, value] of Object.entries(added)) {
    const present = merged[key];
    if (key !== SNAPSHOTTER && isTable(present) && isTable(value)) merged[key] = mergeTables(present, value);
    else if (Array.isArray(present) && Array.isArray(value)) merged[key] = [...present, ...value];
    else merged[key] = value;
  }
  return merged;
}

function tableAt(root: TomlTable, keys: readonly string[], path: string): TomlTable {
  let table = root;
  for (const [index, key] of keys.entries()) {
    const next = table[key] ?? {};
    if (!isTable(next)) throw notWhat(path, keys.slice(0, index + 1).join('.'), 'a table');
    table = next;
  }
  return table;
}

function notWhat(path: string, key: string, wanted: string): UserError {
  return new UserError(`${path}: ${key} is not ${wanted}, as containerd wants it`, `Correct ${path}.`);
}

function parseToml(text: string, path: string): TomlTable {
  try {
    return parseText(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The rest of the message quotes the file.
    const reason = error.message.split('\n')[0] ?? '';
    throw new UserError(`${path}, line ${error.line}: ${reason}`, `Correct ${path}: containerd can't read it either.`);
  }
}

// Integers as bigint and numbers as floats, so that `1` stays an integer and `1.0` a float.
function parseText(text: string): TomlTable {
  return parse(text.replace(/^\uFEFF/, ''), { integersAsBigInt: true });
}

function toText(table: TomlTable): string {
  const text = stringify(table, { numbersAsFloat: true });
  return text.endsWith('\n') ? text : `${text}\n`;
}

function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
}

/** Tables come without a prototype from the parser, which comparisons mind. */
function plain(value: TomlValue | undefined): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (isTable(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  return value;
}

function atLeast(version: string, major: number, minor: number): boolean {
  const [, x = '0', y = '0'] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(x) > major || (Number(x) === major && Number(y) >= minor);
}
