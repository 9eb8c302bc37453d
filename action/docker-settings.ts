// What the machine's owner told Docker about registries holds for us too: mirrors of Docker Hub, and registries without
// TLS. It is read from daemon.json; Docker itself tells the same, but not when it is stopped.
import type { Host } from './host.ts';

export const DOCKER_DAEMON_JSON = '/etc/docker/daemon.json';

/** Registries as Docker's daemon.json has them. */
export interface DockerSettings {
  /** URLs, for docker.io. */
  readonly mirrors: readonly string[];
  /** `host` or `host:port`. Networks are left out: nobody else can be told of them. */
  readonly insecure: readonly string[];
}

/** Reads daemon.json. One that is not there, or not JSON, says nothing: who changes it will complain. */
export async function readDockerSettings(host: Host): Promise<DockerSettings> {
  return parseDockerSettings((await host.read(DOCKER_DAEMON_JSON)) ?? '{}');
}

/** The same from its text. */
export function parseDockerSettings(text: string): DockerSettings {
  const fields = parseFields(text);
  return {
    mirrors: textsOf(fields['registry-mirrors']).flatMap((url) => (URL.canParse(url) ? [url] : [])),
    insecure: textsOf(fields['insecure-registries']).filter((host) => /^[\w.-]+(:\d+)?$/.test(host)),
  };
}

function parseFields(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
