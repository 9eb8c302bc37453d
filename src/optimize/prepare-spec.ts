// Puts a workload's runtime specification together: what the image and the user want, the user's numbers out of the image's
// files, and the three files that every engine gives a container.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { RunConfig } from './image-config.ts';
import { resolveUser } from './image-user.ts';
import { ImageView, type ViewLayer } from './image-view.ts';
import { encodeSpec } from './oci-spec.ts';
import { commandOf, environmentOf, type WorkloadOptions } from './workload.ts';

const MAX_PASSWD_BYTES = 16 << 20;
const DEFAULT_HOSTNAME = 'lazypull';

export interface PrepareSpecOptions {
  readonly config: RunConfig;
  readonly workload: WorkloadOptions;
  readonly layers: readonly ViewLayer[];
  /** Where the generated files go. */
  readonly folder: string;
  readonly id: string;
}

/** @returns the specification's JSON. @throws UserError for what the image does not have. */
export async function prepareSpec({ config, workload, layers, folder, id }: PrepareSpecOptions): Promise<string> {
  const view = new ImageView(layers);
  const read = (path: string): string => view.read(path, MAX_PASSWD_BYTES)?.toString() ?? '';
  const hostname = workload.hostname ?? DEFAULT_HOSTNAME;
  for (const { type, source } of workload.mounts ?? []) if (type === 'bind') await requireSource(source ?? '');
  return encodeSpec({
    command: commandOf(config, workload),
    env: environmentOf(config, workload, hostname),
    workingDir: absolute(workload.workingDir ?? config.workingDir),
    user: resolveUser(workload.user ?? config.user, read('etc/passwd'), read('etc/group')),
    hostname,
    network: workload.network ?? 'none',
    terminal: workload.terminal === true,
    mounts: workload.mounts ?? [],
    files: await writeFiles(folder, workload, hostname),
    cgroup: `/${id}`,
  });
}

function absolute(path: string): string {
  if (path === '') return '/';
  return path.startsWith('/') ? path : `/${path}`;
}

async function requireSource(source: string): Promise<void> {
  try {
    await stat(source);
  } catch (cause) {
    throw new UserError(`there is nothing to mount at ${source}`, 'Make it first, or correct --mount.', { cause });
  }
}

/** /etc/hosts, /etc/hostname and /etc/resolv.conf, which no container sees of its image. */
async function writeFiles(
  folder: string,
  { addHosts = [], dns = [], dnsSearch = [], dnsOptions = [], network }: WorkloadOptions,
  hostname: string,
): Promise<{ source: string; target: string }[]> {
  const host = network === 'host';
  const hosts = [
    ...(host ? [await readOr('/etc/hosts')] : ['127.0.0.1\tlocalhost', '::1\tlocalhost ip6-localhost ip6-loopback']),
    `127.0.0.1\t${hostname}`,
    ...addHosts.map(hostLine),
  ];
  const ownDns = [...dns, ...dnsSearch, ...dnsOptions].length > 0;
  const resolver = [
    ...dns.map((address) => `nameserver ${address}`),
    ...(dnsSearch.length > 0 ? [`search ${dnsSearch.join(' ')}`] : []),
    ...(dnsOptions.length > 0 ? [`options ${dnsOptions.join(' ')}`] : []),
  ];
  const files = {
    hosts: hosts.join('\n'),
    hostname,
    'resolv.conf': ownDns ? resolver.join('\n') : host ? await readOr('/etc/resolv.conf') : '',
  };
  return Promise.all(
    Object.entries(files).map(async ([name, text]) => {
      const source = join(folder, name);
      await writeFile(source, text.endsWith('\n') || text === '' ? text : `${text}\n`, { mode: 0o644 });
      return { source, target: `/etc/${name}` };
    }),
  );
}

function hostLine(item: string): string {
  // NAME:ADDRESS, and an IPv6 address has colons itself.
  const [, name, address] = /^([^\s:]+):([0-9A-Za-z.:%]+)$/.exec(item) ?? [];
  if (name !== undefined && address !== undefined) return `${address}\t${name}`;
  throw new UserError(`not a host: ${JSON.stringify(item)}`, 'Write --add-host NAME:ADDRESS.');
}

async function readOr(path: string): Promise<string> {
  return (await readFile(path, 'utf8').catch(() => '')).trimEnd();
}
