// Pulls into a containerd for a client of the control socket.
import type { Config } from '../config.ts';
import { Connection } from '../containerd/connection.ts';
import { pullLazily, type PullProgress, type PullResult } from '../containerd/pull.ts';
import { RegistrySource } from '../containerd/registry-source.ts';
import { parsePlatform } from '../oci/platform.ts';
import { formatReference, parseReference } from '../oci/reference.ts';
import { RegistryClient } from '../registry/client.ts';
import type { CredentialSource } from '../registry/credentials.ts';
import { registryOptions } from '../registry/from-config.ts';
import { version } from '../version.ts';
import type { MountedLayers } from './lazy-layers.ts';
import type { PullRequest } from './pull-request.ts';
import { warmRequestOf } from './warm-request.ts';

export interface PullServiceOptions {
  readonly client: RegistryClient;
  readonly credentials: CredentialSource;
  readonly registry: Config['registry'];
  readonly layers: MountedLayers;
}

export class PullService {
  readonly #options: PullServiceOptions;

  constructor(options: PullServiceOptions) {
    this.#options = options;
  }

  /** Pulls, and tells of it. @throws what pullLazily throws. */
  async pull(
    request: PullRequest,
    onProgress: (progress: PullProgress) => void,
    signal: AbortSignal,
  ): Promise<PullResult> {
    const reference = parseReference(request.reference);
    const name = formatReference(reference);
    await using clients = this.#clientFor(reference.registry, request.plainHttp);
    using connection = await Connection.open({ address: request.address, namespace: request.namespace });
    return await pullLazily({
      connection,
      snapshotter: request.snapshotter,
      source: new RegistrySource(clients.client, reference, parsePlatform(request.platform)),
      onResolved: ({ manifest }) => {
        this.#options.layers.warm(name, warmRequestOf(name, manifest.parsed).layers);
      },
      onProgress,
      signal,
    });
  }

  /** The daemon's own client, unless this pull alone may go without TLS. */
  #clientFor(host: string, plainHttp: boolean): { client: RegistryClient } & AsyncDisposable {
    const { client, credentials, registry } = this.#options;
    if (!plainHttp || registry.plainHttpHosts.includes(host)) return { client, [Symbol.asyncDispose]: async () => {} };
    const plainHttpHosts = [...registry.plainHttpHosts, host];
    const options = registryOptions({ ...registry, plainHttpHosts }, `lazypull/${version}`);
    const own = new RegistryClient({ ...options, credentials });
    return { client: own, [Symbol.asyncDispose]: () => own.close() };
  }
}
