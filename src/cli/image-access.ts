// What a command reaches images with, from its flags and the configuration: registries, containerd, pipes, temporary files.
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { loadConfig } from '../config.ts';
import type { ImageLocation } from '../image/location.ts';
import type { ImageAccess } from '../image/open.ts';
import { WorkFolder } from '../optimize/work-folder.ts';
import { RegistryClient } from '../registry/client.ts';
import { registryOptions } from '../registry/from-config.ts';
import { version } from '../version.ts';
import { textFlag, type Flags } from './flag-values.ts';

/**
 * Opens the access to these images, for the flags of `imageAccessOptions`. Dispose it after the images: connections and
 * temporary files go with it.
 * @throws UserError for a wrong configuration.
 */
export async function openImageAccess(
  flags: Flags,
  locations: readonly ImageLocation[],
): Promise<ImageAccess & AsyncDisposable> {
  const { registry } = loadConfig(textFlag(flags, 'config')).config;
  const own = locations.flatMap((location) => (location.kind === 'registry' ? [location.reference.registry] : []));
  const plainHttpHosts = flags['plainHttp'] === true ? [...registry.plainHttpHosts, ...own] : registry.plainHttpHosts;
  const folder = await WorkFolder.open(temporaryRoot());
  let client: RegistryClient | undefined;
  return {
    registry: () =>
      (client ??= new RegistryClient(registryOptions({ ...registry, plainHttpHosts }, `lazypull/${version}`))),
    containerd: { address: textFlag(flags, 'address') ?? '', namespace: textFlag(flags, 'namespace') ?? '' },
    workDir: folder.path,
    stdin: process.stdin,
    stdout: process.stdout,
    async [Symbol.asyncDispose]() {
      await client?.[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** TMPDIR, else /var/tmp: layers may be too large for a /tmp in memory. */
function temporaryRoot(): string {
  const { TMPDIR } = process.env;
  if (TMPDIR !== undefined && TMPDIR !== '') return TMPDIR;
  return existsSync('/var/tmp') ? '/var/tmp' : tmpdir();
}
