// The registry section of the configuration as options of the registry client.
import type { Config } from '../config.ts';
import type { RegistryClientOptions } from './client.ts';

/** Options for `new RegistryClient`, but the log. '' of the configuration means the client's own default, or none. */
export function registryOptions(registry: Config['registry'], userAgent: string): RegistryClientOptions {
  const { dockerConfigPath, certsDir, mirrors, plainHttpHosts } = registry;
  const { maxConnectionsPerHost, connectTimeoutMs, idleTimeoutMs, retries } = registry;
  return {
    ...(dockerConfigPath === '' ? {} : { dockerConfigPath }),
    certsDirs: certsDir === '' ? [] : [certsDir],
    mirrors,
    plainHttpHosts,
    retry: { retries },
    transport: {
      userAgent,
      maxConnectionsPerHost,
      connectTimeoutMs,
      headersTimeoutMs: idleTimeoutMs,
      bodyTimeoutMs: idleTimeoutMs,
    },
  };
}
