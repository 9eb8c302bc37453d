// Where the daemon's credentials come from: the sources of the configuration, in its order, and the socket at which CRI's
// image service brings those of its pulls.
import { join } from 'node:path';
import type { Config, CredentialKind } from '../config.ts';
import { CriCredentials } from '../credentials/cri-credentials.ts';
import type { KubernetesCredentials } from '../credentials/kubernetes/source.ts';
import { ProviderCredentials } from '../credentials/provider.ts';
import { ImageProxy } from '../grpc/image-proxy.ts';
import { GrpcServer } from '../grpc/server.ts';
import type { Logger } from '../log.ts';
import { firstOf, type CredentialSource } from '../registry/credentials.ts';
import { DockerConfigCredentials } from '../registry/docker-config.ts';
import type { CredentialStatus } from './status.ts';

interface Parts {
  readonly cri: CriCredentials | undefined;
  readonly kubernetes: KubernetesCredentials | undefined;
}

export class DaemonCredentials {
  /** All sources, in their order. */
  readonly source: CredentialSource;
  readonly #config: Config;
  readonly #log: Logger;
  readonly #parts: Parts;
  #proxy: ImageProxy | undefined;

  private constructor(config: Config, log: Logger, parts: Parts) {
    this.#config = config;
    this.#log = log;
    this.#parts = parts;
    this.source = firstOf(
      config.credentials.order.flatMap((kind) => sourcesOf(kind, config, parts)),
      log,
    );
  }

  /** Begins to watch what has to be watched. What can't be reached yet is used when it can. */
  static async open(config: Config, log: Logger): Promise<DaemonCredentials> {
    const { cri, kubernetes, order } = config.credentials;
    const isWanted = (kind: CredentialKind): boolean => order.includes(kind);
    return new DaemonCredentials(config, log, {
      cri: cri.socket !== '' && isWanted('cri') ? await openCri(config, log) : undefined,
      kubernetes: kubernetes.enabled && isWanted('kubernetes') ? await openKubernetes(config, log) : undefined,
    });
  }

  /** CRI's image service, where the configuration wants it. Whoever asks opens its socket, and closes it. */
  imageServer(): GrpcServer | undefined {
    const { cri } = this.#parts;
    if (cri === undefined) return undefined;
    const { forward } = this.#config.credentials.cri;
    const log = this.#log.with({ service: 'cri' });
    this.#proxy = new ImageProxy({ forward, remember: cri, log });
    const server = new GrpcServer({ log });
    this.#proxy.addTo(server);
    return server;
  }

  /** What each source has; no secret. */
  status(): CredentialStatus[] {
    const { cri, kubernetes } = this.#parts;
    return [
      ...(cri === undefined ? [] : [{ kind: 'cri' as const, count: cri.size, ok: true, detail: 'pulls' }]),
      ...(kubernetes === undefined ? [] : [{ kind: 'kubernetes' as const, ...kubernetes.status() }]),
    ];
  }

  async close(): Promise<void> {
    this.#proxy?.[Symbol.dispose]();
    await this.#parts.kubernetes?.close();
  }
}

function sourcesOf(kind: CredentialKind, config: Config, { cri, kubernetes }: Parts): readonly CredentialSource[] {
  const { dockerConfigPath: path } = config.registry;
  const sources: Readonly<Record<CredentialKind, () => readonly (CredentialSource | undefined)[]>> = {
    cri: () => [cri],
    docker: () => [path === '' ? new DockerConfigCredentials() : new DockerConfigCredentials(path)],
    kubernetes: () => [kubernetes],
    provider: () => config.credentials.providers.map((provider) => new ProviderCredentials(provider)),
  };
  return sources[kind]().filter((source) => source !== undefined);
}

function openCri({ root, stateDir, credentials }: Config, log: Logger): Promise<CriCredentials> {
  return CriCredentials.open({
    path: join(root, 'credentials', 'cri'),
    keyPath: join(stateDir, 'credentials.key'),
    keepMs: credentials.cri.keepMs,
    log,
  });
}

async function openKubernetes({ credentials }: Config, log: Logger): Promise<KubernetesCredentials> {
  // Most daemons never need it.
  const { KubernetesCredentials } = await import('../credentials/kubernetes/source.ts');
  return new KubernetesCredentials({ ...credentials.kubernetes, log: log.with({ source: 'kubernetes' }) });
}
