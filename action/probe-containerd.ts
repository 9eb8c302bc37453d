// The machine's containerd: where it listens, what it reads and how old it is. Docker's own child does not count: its
// configuration is written anew at every start.
import { parse } from 'smol-toml';
import type { ContainerdFacts } from './facts.ts';
import type { Host } from './host.ts';
import type { RunningUnit } from './probe-units.ts';

const DEFAULT_ADDRESS = '/run/containerd/containerd.sock';
const DEFAULT_CONFIG = '/etc/containerd/config.toml';

/** `unit` is what systemd runs; without one a socket at the usual place has to be there. */
export async function containerdFacts(host: Host, unit: RunningUnit | undefined): Promise<ContainerdFacts | undefined> {
  const [program = 'containerd', ...args] = unit?.command ?? [];
  const configPath = flagOf(args, 'config', 'c') ?? DEFAULT_CONFIG;
  const address = flagOf(args, 'address', 'a') ?? addressIn((await host.read(configPath).catch(() => undefined)) ?? '');
  if (unit === undefined && !(await host.exists(address ?? DEFAULT_ADDRESS))) return undefined;
  const { stdout } = await host.try([program, '--version'], { timeoutMs: 10_000 });
  const version = parseVersion(stdout);
  if (version === undefined) return undefined;
  return { version, address: address ?? DEFAULT_ADDRESS, unit: unit?.name, configPath };
}

/** `2.1.9` of `containerd github.com/containerd/containerd/v2 v2.1.9 abc`, `1.7.24` of Debian's `1.7.24~ds1`. */
export function parseVersion(text: string): string | undefined {
  return /\sv?(\d+\.\d+\.\d+)/.exec(text)?.[1];
}

/** The value of `--NAME VALUE`, `--NAME=VALUE`, `-N VALUE` or `-N=VALUE`. */
export function flagOf(args: readonly string[], name: string, short: string): string | undefined {
  for (const [index, arg] of args.entries()) {
    const [, flag, , value] = /^--?([a-z-]+)(=(.*))?$/.exec(arg) ?? [];
    if (flag === name || flag === short) return value ?? args[index + 1];
  }
  return undefined;
}

/** `grpc.address` of a configuration; one that can't be read has none. */
export function addressIn(config: string): string | undefined {
  try {
    const { grpc } = parse(config) as { grpc?: { address?: unknown } };
    return typeof grpc?.address === 'string' && grpc.address !== '' ? grpc.address : undefined;
  } catch {
    return undefined;
  }
}
