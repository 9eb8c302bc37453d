// What a containerd is and has: its version, and whether it knows a snapshotter.
import { LazypullError, UserError } from '../errors.ts';
import type { Connection } from './connection.ts';

/** A plugin as containerd has loaded it, or could not. */
export interface Plugin {
  readonly type: string;
  readonly id: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly initErr: { readonly message: string } | null;
}

/** All plugins, also those that could not be loaded. */
export async function listPlugins(connection: Connection, signal?: AbortSignal): Promise<readonly Plugin[]> {
  const method = ['containerd.services.introspection.v1.Introspection', 'Plugins'] as const;
  return (await connection.call<{ plugins: readonly Plugin[] }>(method, { filters: [] }, signal)).plugins;
}

export async function containerdVersion(connection: Connection, signal?: AbortSignal): Promise<string> {
  const name = ['containerd.services.version.v1.Version', 'Version'] as const;
  return (await connection.call<{ version: string }>(name, {}, signal)).version;
}

/** @throws UserError when containerd has no such snapshotter, with what to write into its configuration. */
export async function requireSnapshotter(connection: Connection, name: string, signal?: AbortSignal): Promise<void> {
  const snapshotters = (await listPlugins(connection, signal)).filter(
    (plugin) => plugin.type === 'io.containerd.snapshotter.v1',
  );
  const found = snapshotters.find((plugin) => plugin.id === name);
  if (found === undefined) {
    const usable = snapshotters.filter((plugin) => !plugin.initErr?.message).map((plugin) => plugin.id);
    throw new UserError(
      `containerd has no snapshotter named ${name}; it has ${usable.sort().join(', ')}`,
      `Add [proxy_plugins.${name}] with type = "snapshot" and address = the daemon's socket to containerd's config.toml, and restart containerd.`,
    );
  }
  if (found.initErr?.message)
    throw new LazypullError(
      'UNAVAILABLE',
      `containerd could not load the snapshotter ${name}: ${found.initErr.message}`,
    );
}
