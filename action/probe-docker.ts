// What Docker says of itself, asked as the runner's user: that is who pulls in later steps. Docker that does not answer in
// time is Docker that is not there.
// `docker info` knows almost everything in one answer, also the client's plugins; other fields came and went over versions.
import { hostname } from 'node:os';
import type { DockerFacts } from './facts.ts';
import type { Host } from './host.ts';

/** All but what systemd knows. */
export type DockerServer = Omit<DockerFacts, 'unit'>;

const TIMEOUT_MS = 15_000;
/** What `docker info` calls a containerd snapshotter behind `driver-type`. */
const SNAPSHOTTER = 'io.containerd.snapshotter.v1';

/** The server and buildx, as far as they are there. */
export async function dockerFacts(
  host: Host,
): Promise<{ readonly server: DockerServer | undefined; readonly buildx: string | undefined }> {
  const ask = async (...args: string[]): Promise<string> =>
    (await host.try(['docker', ...args], { timeoutMs: TIMEOUT_MS })).stdout;
  const [info, names, endpoint] = await Promise.all([
    ask('info', '--format', '{{json .}}'),
    ask('ps', '--format', '{{.Names}}'),
    ask('context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'),
  ]);
  return parseDocker(info, names, endpoint, hostname());
}

type Fields = Readonly<Record<string, unknown>>;

/** From the three answers; `name` is this machine's. Text that is not what it should be is no Docker. */
export function parseDocker(
  info: string,
  names: string,
  endpoint: string,
  name: string,
): { readonly server: DockerServer | undefined; readonly buildx: string | undefined } {
  const fields = parseObject(info);
  const client = objectOf(fields['ClientInfo']);
  const buildx = arrayOf(client['Plugins'])
    .map(objectOf)
    .find((plugin) => plugin['Name'] === 'buildx');
  const version = textOf(fields['ServerVersion']);
  const found = { buildx: buildx === undefined ? undefined : textOf(buildx['Version']).replace(/^v/, '') };
  if (version === '') return { ...found, server: undefined };
  const address = endpoint.trim();
  return {
    ...found,
    server: {
      version,
      driver: textOf(fields['Driver']),
      containerdStore: arrayOf(fields['DriverStatus']).some((row) => Array.isArray(row) && row[1] === SNAPSHOTTER),
      endpoint: address,
      context: textOf(client['Context']) || 'default',
      running: names.split('\n').filter((line) => line !== ''),
      unfit: unfitness(fields, address, name),
    },
  };
}

function unfitness(fields: Fields, endpoint: string, name: string): string | undefined {
  const options = arrayOf(fields['SecurityOptions']).map(textOf).join(' ');
  if (/\bname=rootless\b/.test(options)) return 'rootless';
  if (/\bname=userns\b/.test(options)) return 'userns-remap';
  // In a container the socket may be that of the machine around it, whose files are not ours.
  const isElsewhere = !endpoint.startsWith('unix://') || textOf(fields['Name']) !== name;
  if (isElsewhere) return 'another machine';
  return textOf(fields['OSType']) === 'linux' ? undefined : 'not Linux';
}

function parseObject(text: string): Fields {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}

function objectOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
