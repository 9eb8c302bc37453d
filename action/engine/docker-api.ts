// The few things that Docker is asked over its socket instead of by its client: an answer takes a millisecond, where
// `docker info` starts every plugin. It is the runner's user who asks, as later steps will.
// @see https://docs.docker.com/reference/api/engine/
import { request } from 'node:http';
import { LazypullError } from '../../src/errors.ts';

/** What Docker says of itself. */
export interface DockerInfo {
  /** `overlay2`, `stargz`, ... */
  readonly driver: string;
  /** How many images it shows. */
  readonly images: number;
  /** How many containers run. */
  readonly running: number;
}

/** Where Docker's unit listens; a Docker with another socket is another one. */
export const DOCKER_SOCKET = '/var/run/docker.sock';
const SOCKETS: ReadonlySet<string> = new Set([DOCKER_SOCKET, '/run/docker.sock']);
const TIMEOUT_MS = 10_000;
const MAX_ANSWER = 4 * 1024 * 1024;

/** Path of the socket of an endpoint that is one. */
export function socketOf(endpoint: string): string | undefined {
  return endpoint.startsWith('unix:///') ? endpoint.slice('unix://'.length) : undefined;
}

/** Whether an endpoint is the socket of the machine's own Docker. */
export function isOwnSocket(endpoint: string): boolean {
  return SOCKETS.has(socketOf(endpoint) ?? '');
}

/** Asks the Docker of a socket. @throws LazypullError when it does not answer, or not this. */
export async function dockerInfo(socketPath: string): Promise<DockerInfo> {
  const { Driver: driver, Images: images, ContainersRunning: running } = parseFields(await get(socketPath, '/info'));
  if (typeof driver !== 'string' || typeof images !== 'number' || typeof running !== 'number')
    throw new LazypullError('UNAVAILABLE', `Docker at ${socketPath}: /info lacks Driver, Images or ContainersRunning`);
  return { driver, images, running };
}

function get(socketPath: string, path: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const fail = (what: string, cause?: unknown): void =>
    reject(new LazypullError('UNAVAILABLE', `Docker at ${socketPath}: ${what}`, { cause }));
  const asked = request(
    // No keep-alive: the connection would outlive a restart.
    { socketPath, path, agent: false, headers: { host: 'docker' }, signal: AbortSignal.timeout(TIMEOUT_MS) },
    (response) => {
      const parts: Buffer[] = [];
      let length = 0;
      response.on('data', (part: Buffer) => {
        parts.push(part);
        length += part.length;
        if (length > MAX_ANSWER) asked.destroy(new Error(`more than ${MAX_ANSWER} bytes`));
      });
      response.on('error', (error) => fail(error.message, error));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(parts).toString('utf8'));
        else fail(`status ${response.statusCode ?? 0} for ${path}`);
      });
    },
  );
  asked.on('error', (error) => fail(error.message, error));
  asked.end();
  return promise;
}

function parseFields(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
