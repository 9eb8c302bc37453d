// A pull by this process itself, for when no daemon answers or the daemon's credentials are not the user's.
import { loadConfig } from '../config.ts';
import { Connection } from '../containerd/connection.ts';
import { pullLazily, type PullProgress, type PullResult } from '../containerd/pull.ts';
import { RegistrySource } from '../containerd/registry-source.ts';
import type { PullRequest } from '../daemon/pull-request.ts';
import { warmRequestOf } from '../daemon/warm-request.ts';
import { parsePlatform } from '../oci/platform.ts';
import { formatReference, parseReference } from '../oci/reference.ts';
import { RegistryClient } from '../registry/client.ts';
import { registryOptions } from '../registry/from-config.ts';
import { version } from '../version.ts';
import type { ControlClient } from './control-client.ts';

export interface LocalPullOptions {
  readonly request: PullRequest;
  readonly configPath: string | undefined;
  readonly daemon: ControlClient;
  readonly onProgress: (progress: PullProgress) => void;
  readonly signal: AbortSignal;
}

/** @throws UserError, RegistryError, LazypullError; what `signal` was aborted with. */
export async function pullLocally({
  request,
  configPath,
  daemon,
  onProgress,
  signal,
}: LocalPullOptions): Promise<PullResult> {
  const reference = parseReference(request.reference);
  const { registry } = loadConfig(configPath).config;
  const plainHttpHosts = request.plainHttp ? [...registry.plainHttpHosts, reference.registry] : registry.plainHttpHosts;
  await using client = new RegistryClient(registryOptions({ ...registry, plainHttpHosts }, `lazypull/${version}`));
  using connection = await Connection.open({ address: request.address, namespace: request.namespace });
  return await pullLazily({
    connection,
    snapshotter: request.snapshotter,
    source: new RegistrySource(client, reference, parsePlatform(request.platform)),
    // Lets the daemon fetch all tables of contents meanwhile. Without a daemon nothing is lost.
    onResolved: ({ manifest }) => {
      daemon.warm(warmRequestOf(formatReference(reference), manifest.parsed)).catch(() => {});
    },
    onProgress,
    signal,
  });
}
