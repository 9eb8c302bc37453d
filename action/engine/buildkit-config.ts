// buildkitd's configuration. The snapshotter is called `stargz` because BuildKit pulls lazily for that name only.
// RUN steps get the machine's network, as from any buildkitd that runs on a machine: "auto" finds no CNI configuration on a
// runner. A bridge would have to be let through Docker's firewall rules, and those are not ours to change.
// https://github.com/moby/buildkit/blob/master/docs/buildkitd.toml.md
import { stringify } from 'smol-toml';
import { CONSUMERS } from '../state.ts';

/** Places of the action's buildkitd. */
export const BuildkitPlace = {
  CONFIG: '/run/lazypull-action/buildkitd.toml',
  SOCKET: '/run/lazypull-action/buildkitd.sock',
  OTEL: '/run/lazypull-action/buildkitd-otel.sock',
  LOG: '/run/lazypull-action/buildkitd.log',
  /** Not below the daemon's root: it goes when the job ends, and the layers stay. */
  ROOT: '/var/lib/lazypull-buildkit',
} as const;

/** What differs from runner to runner. */
export interface BuildkitParts {
  readonly job: string;
  /** Who may build: the group of the runner's user. */
  readonly gid: number;
  /** Path of runc. */
  readonly runc: string;
  /** URLs by host, first one first. */
  readonly mirrors: Readonly<Record<string, readonly string[]>>;
  /** Hosts without TLS. */
  readonly plainHttp: readonly string[];
  readonly debug: boolean;
}

/** The text of buildkitd.toml. */
export function buildkitConfig(parts: BuildkitParts): string {
  const { job, gid, runc, debug } = parts;
  const config = {
    debug,
    root: BuildkitPlace.ROOT,
    // What docker/setup-buildx-action allows: a build still has to ask for it.
    'insecure-entitlements': ['security.insecure', 'network.host'],
    grpc: { address: [`unix://${BuildkitPlace.SOCKET}`], uid: 0, gid },
    otel: { socketPath: BuildkitPlace.OTEL },
    worker: {
      oci: {
        enabled: true,
        snapshotter: 'stargz',
        proxySnapshotterPath: CONSUMERS.buildkit,
        binary: runc,
        networkMode: 'auto',
        gc: true,
      },
      containerd: { enabled: false },
    },
    registry: registries(parts),
  };
  return `# Made by the lazypull action for ${JSON.stringify(job)}.\n${stringify(config)}`;
}

interface Registry {
  mirrors?: string[];
  http?: true;
}

/** A mirror is `host/path` here, and what it is reached by stands in a table of its own. */
function registries({ mirrors, plainHttp }: BuildkitParts): Record<string, Registry> {
  const tables = new Map<string, Registry>();
  const tableOf = (host: string): Registry => {
    const table = tables.get(host) ?? {};
    tables.set(host, table);
    return table;
  };
  for (const [host, urls] of Object.entries(mirrors)) {
    const parsed = urls.map((url) => new URL(url));
    if (parsed.length > 0) tableOf(host).mirrors = parsed.map((url) => `${url.host}${url.pathname.replace(/\/$/, '')}`);
    for (const { protocol, host: mirror } of parsed) if (protocol === 'http:') tableOf(mirror).http = true;
  }
  for (const host of plainHttp) tableOf(host).http = true;
  return Object.fromEntries(tables);
}
