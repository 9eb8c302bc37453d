// Which registries and repositories a credential is for: the keys of docker's `auths`, of Kubernetes' image pull secrets
// and the patterns of credential providers. `HOST[:PORT][/PATH]`; the host may have stars (one label each), the path is a
// prefix of whole segments. What kubelet matches by characters (`/team` for `/teamwork`) is none here: a credential must
// not go where its key does not clearly say so.
// https://kubernetes.io/docs/concepts/containers/images/#config-json

/** Docker Hub goes by several names. */
const HUB_HOSTS: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);
const HUB = 'docker.io';

/** What an image reference says of where its content is. */
export interface CredentialTarget {
  /** As references name it: `docker.io`, `ghcr.io`, `localhost:5000`. */
  readonly registry: string;
  /** `library/python`; '' when a whole registry is meant. */
  readonly repository: string;
}

export interface CredentialKey {
  /** Host with port, lower case, Docker Hub by its one name. May have stars. */
  readonly host: string;
  /** Segments that the repository must begin with. */
  readonly path: readonly string[];
}

/** Whether a host is one of Docker Hub's names. */
export function isHubHost(host: string): boolean {
  return HUB_HOSTS.has(host);
}

/** Reads a key; undefined when it names no host. Scheme, `/v1/`, `/v2/` and a star at the end say nothing. */
export function parseCredentialKey(key: string): CredentialKey | undefined {
  const [first = '', ...rest] = key
    .trim()
    .replace(/^https?:\/\//i, '')
    .split('/');
  const host = normalHost(first);
  if (!/^[a-z0-9*[][a-z0-9.*:[\]_-]*$/.test(host)) return undefined;
  const path = rest.filter((segment) => segment !== '');
  if (path[0] === 'v1' || path[0] === 'v2') path.shift();
  if (path.at(-1) === '*') path.pop();
  return { host, path };
}

/** Whether a credential with this key is for the target. */
export function matchesKey(key: CredentialKey, target: CredentialTarget): boolean {
  if (!matchesHost(key.host, normalHost(target.registry))) return false;
  const segments = target.repository.split('/');
  return key.path.every((segment, index) => segments[index] === segment);
}

/** Of two keys that match, the more exact one first: the longer path, then the host without stars. For `Array.sort`. */
export function compareKeys(a: CredentialKey, b: CredentialKey): number {
  return b.path.length - a.path.length || stars(a.host) - stars(b.host);
}

function normalHost(host: string): string {
  const lower = host.toLowerCase();
  return HUB_HOSTS.has(lower) ? HUB : lower;
}

/** Label by label: `*.example.com` is for `a.example.com`, not for `a.b.example.com` or `example.com`. Ports are equal. */
function matchesHost(pattern: string, host: string): boolean {
  if (!pattern.includes('*')) return pattern === host;
  const [wantedName, wantedPort] = splitPort(pattern);
  const [name, port] = splitPort(host);
  const wanted = wantedName.split('.');
  const labels = name.split('.');
  return (
    wantedPort === port &&
    wanted.length === labels.length &&
    wanted.every((part, index) => matchesLabel(part, labels[index] ?? ''))
  );
}

function matchesLabel(pattern: string, label: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === label;
  if (!label.startsWith(first) || !label.endsWith(last)) return false;
  let from = first.length;
  for (const middle of rest) {
    const at = label.indexOf(middle, from);
    if (at === -1) return false;
    from = at + middle.length;
  }
  return from <= label.length - last.length;
}

function splitPort(host: string): [name: string, port: string | undefined] {
  const match = /^(.*?)(?::(\d+))?$/.exec(host);
  return [match?.[1] ?? host, match?.[2]];
}

function stars(host: string): number {
  return host.split('*').length - 1;
}
