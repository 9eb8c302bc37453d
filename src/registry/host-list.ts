// Which hosts serve a registry, in the order of asking: the mirrors of our own configuration, then what containerd's
// certs.d says, else the registry itself.
import { readFile } from 'node:fs/promises';
import { UserError } from '../errors.ts';
import { ALL_CAPABILITIES, isMirrorOf, upstreamHost, type Capability, type RegistryHost } from './host.ts';
import { loadCertsDir, makeTlsSettings, parseBase } from './hosts-toml.ts';

/** A mirror in our own configuration: a URL, or one with settings. */
export type MirrorConfig =
  | string
  | {
      readonly url: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** Path of a PEM file with further authorities. */
      readonly ca?: string;
      readonly skipVerify?: boolean;
      readonly overridePath?: boolean;
      /** False: it is never asked what a tag means, because it may be out of date. True unless told. */
      readonly resolve?: boolean;
    };

export interface HostListOptions {
  /** Mirrors by registry as references name it (`docker.io`). */
  readonly mirrors: Readonly<Record<string, readonly MirrorConfig[]>>;
  /** containerd's certs.d folders; the first with settings for a registry counts. */
  readonly certsDirs: readonly string[];
  /** Hosts (with port) that are spoken to in plain http beside localhost. */
  readonly plainHttpHosts: readonly string[];
}

/**
 * Reads the settings as they are now.
 * @throws UserError when they are not valid.
 */
export async function listHosts(registry: string, options: HostListOptions): Promise<RegistryHost[]> {
  const { certsDirs, mirrors, plainHttpHosts } = options;
  const own = await Promise.all(
    (mirrors[registry] ?? []).map((mirror) => mirrorHost(mirror, registry, plainHttpHosts)),
  );
  for (const certsDir of certsDirs) {
    const hosts = await loadCertsDir(certsDir, registry, plainHttpHosts);
    if (hosts !== undefined) return [...own, ...hosts];
  }
  return [...own, upstreamHost(registry, plainHttpHosts)];
}

async function mirrorHost(
  mirror: MirrorConfig,
  registry: string,
  plainHttpHosts: readonly string[],
): Promise<RegistryHost> {
  const config = typeof mirror === 'string' ? { url: mirror } : mirror;
  const base = parseBase(config.url, config.overridePath === true, plainHttpHosts);
  const ca = config.ca === undefined ? [] : [await readCa(config.ca)];
  const tls = { ca, client: undefined, skipVerify: config.skipVerify === true, connectTimeoutMs: undefined };
  const isMirror = isMirrorOf(base.host, registry);
  return {
    base,
    capabilities: capabilitiesOf(config, isMirror),
    tls: makeTlsSettings(tls),
    headers: config.headers ?? {},
    credentialsOf: isMirror ? base.host : registry,
    namespace: isMirror ? registry : undefined,
  };
}

/** A mirror is for reading. What stands here for the registry's own host, with its settings, is pushed to. */
function capabilitiesOf({ resolve }: { readonly resolve?: boolean }, isMirror: boolean): ReadonlySet<Capability> {
  if (resolve === false) return new Set(['pull']);
  return isMirror ? new Set(['pull', 'resolve']) : ALL_CAPABILITIES;
}

async function readCa(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new UserError(`can't read the certificates of a mirror: ${path}`, undefined, { cause });
  }
}
