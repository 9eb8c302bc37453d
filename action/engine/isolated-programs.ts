// Programs of the machine's own Docker and containerd, for a second one of each, and the environment that they run in.
import { access, constants } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { UserError } from '../../src/errors.ts';
import { daemonEnvironment } from '../daemon-config.ts';
import type { Facts } from '../facts.ts';
import type { Host } from '../host.ts';
import { parseVersion } from '../probe-containerd.ts';

/** Absolute paths. */
export interface ContainerdPrograms {
  readonly containerd: string;
  /** `1.7.24` */
  readonly version: string;
  readonly runc: string;
}

const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
/** Some packages of Docker put its parts into nobody's PATH. */
const DOCKER_PARTS = ['/usr/libexec/docker', '/usr/local/libexec/docker', '/usr/local/lib/docker', '/usr/lib/docker'];

/** What an isolated containerd is made of. @throws UserError that names what is missing. */
export async function findContainerd(host: Host, env: NodeJS.ProcessEnv): Promise<ContainerdPrograms> {
  const containerd = await requireProgram('containerd', env, 'Install containerd on this runner.');
  const runc = await requireProgram('runc', env, 'Install runc on this runner, or Docker, which comes with it.');
  const version = parseVersion(await host.run([containerd, '--version'], { timeoutMs: 10_000 }));
  if (version !== undefined) return { containerd, version, runc };
  throw new UserError(`${containerd} --version does not say a version`, 'Install containerd 1.6 or later.');
}

/** The path of dockerd. @throws UserError when there is none. */
export async function findDockerd(env: NodeJS.ProcessEnv): Promise<string> {
  return await requireProgram('dockerd', env, 'Install Docker Engine on this runner.');
}

/** PATH for services: folders of these programs first, then where their helpers are. */
export function servicePath(...programs: readonly string[]): string {
  return [...new Set([...programs.map((path) => dirname(path)), ...FOLDERS, ...DOCKER_PARTS])].join(delimiter);
}

/**
 * How networks are reached: what the runner has, and over it what the machine's Docker has, which may have got its proxies
 * from its unit. Nothing else of either environment.
 */
export async function networkEnvironment(
  host: Host,
  facts: Facts,
  env: NodeJS.ProcessEnv,
): Promise<Record<string, string>> {
  const docker = await environmentOf(host, facts.docker?.unit);
  return Object.fromEntries(
    Object.entries({ ...daemonEnvironment(env), ...docker }).filter(([name]) =>
      /^((https?|no|all)_proxy|SSL_CERT_(FILE|DIR))$/i.test(name),
    ),
  );
}

async function environmentOf(host: Host, unit: string | undefined): Promise<Record<string, string>> {
  if (unit === undefined) return {};
  const { stdout } = await host.try(['systemctl', 'show', '--property=MainPID', '--value', unit]);
  const pid = Number(stdout.trim());
  const text = pid > 0 ? await host.read(`/proc/${pid}/environ`) : undefined;
  return Object.fromEntries(
    (text ?? '').split('\0').flatMap((line) => {
      const [, name, value] = /^([^=]+)=([^]*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}

async function requireProgram(name: string, env: NodeJS.ProcessEnv, remedy: string): Promise<string> {
  const own = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  for (const folder of [...FOLDERS, ...own, ...DOCKER_PARTS]) {
    const path = join(folder, name);
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return path;
  }
  throw new UserError(`there is no ${name} to start beside the machine's own`, remedy);
}
