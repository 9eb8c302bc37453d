// The hosts that serve a registry: mirrors first, the registry itself last. What a host is and where its settings
// come from: our own configuration, containerd's certs.d, and the defaults.
import type { TlsSettings } from './tls.ts';

export type Capability = 'pull' | 'resolve' | 'push';

/** One host that may be asked for the content of a registry. */
export interface RegistryHost {
  /** Scheme, host and path prefix without a final slash, e.g. `https://registry-1.docker.io/v2`. */
  readonly base: URL;
  /** `resolve`: it may be asked what a tag means. `pull`: for content by digest. */
  readonly capabilities: ReadonlySet<Capability>;
  readonly tls: TlsSettings | undefined;
  /** Sent to this host, never to where it redirects. */
  readonly headers: Readonly<Record<string, string>>;
  /** The registry whose credentials this host gets. */
  readonly credentialsOf: string;
  /** Sent as `?ns=`: tells a mirror which registry is meant. */
  readonly namespace: string | undefined;
}

export const ALL_CAPABILITIES: ReadonlySet<Capability> = new Set(['pull', 'resolve', 'push']);

/** Where Docker Hub's registry API is. */
const HUB_REGISTRY = 'docker.io';
const HUB_HOST = 'registry-1.docker.io';

/** The host name of a registry as references name it. */
export function defaultHostOf(registry: string): string {
  return registry === HUB_REGISTRY ? HUB_HOST : registry;
}

/** Whether a host (with or without port) is this machine, which containerd talks to in plain http. */
export function isLocalHost(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return name === 'localhost' || name === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}

/** The base URL of a host whose settings name no scheme. */
export function defaultBase(host: string, plainHttpHosts: readonly string[]): URL {
  const scheme = isLocalHost(host) || plainHttpHosts.includes(host) ? 'http' : 'https';
  return new URL(`${scheme}://${host}/v2`);
}

/** The registry itself, without any special settings. */
export function upstreamHost(registry: string, plainHttpHosts: readonly string[]): RegistryHost {
  return {
    base: defaultBase(defaultHostOf(registry), plainHttpHosts),
    capabilities: ALL_CAPABILITIES,
    tls: undefined,
    headers: {},
    credentialsOf: registry,
    namespace: undefined,
  };
}

/** Whether `host` stands in for the registry rather than being it. */
export function isMirrorOf(host: string, registry: string): boolean {
  return host !== registry && host !== defaultHostOf(registry);
}
