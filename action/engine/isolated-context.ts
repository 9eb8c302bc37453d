// The docker context by which later steps reach the second Docker, in the configuration of the runner's user. It is made
// current; the environment of later steps is changed only where DOCKER_HOST or DOCKER_CONTEXT would win over that, so what
// knows nothing of contexts goes on with the machine's Docker.
import { UserError } from '../../src/errors.ts';
import type { Host } from '../host.ts';
import type { Journal } from '../journal.ts';

export const CONTEXT = 'lazypull';

const DEFAULT = 'default';
/** The client takes empty for unset. */
const UNSET = { DOCKER_HOST: '', DOCKER_CONTEXT: '' };

/** A context, as far as `docker context ls` says. */
export interface DockerContext {
  readonly name: string;
  readonly endpoint: string;
  readonly current: boolean;
}

export interface ContextOptions {
  /** `unix:///...` */
  readonly endpoint: string;
  /** The Docker was there before this step: so was perhaps its context, which is then not this step's to remove. */
  readonly reuse: boolean;
}

/**
 * Makes the context and makes it current. The journal knows how to take it back.
 * @throws UserError when somebody else's context has the name; LazypullError with what docker says.
 */
export async function useContext(host: Host, journal: Journal, { endpoint, reuse }: ContextOptions): Promise<void> {
  const all = parseContexts(await docker(host, 'context', 'ls', '--format', '{{json .}}'));
  const ours = all.find(({ name }) => name === CONTEXT);
  if (ours !== undefined && ours.endpoint !== endpoint) {
    throw new UserError(
      `there is a docker context '${CONTEXT}' already, for ${ours.endpoint || 'nothing'}`,
      `Give it another name, or remove it: docker context rm ${CONTEXT}`,
    );
  }
  if (ours !== undefined && reuse) return;
  journal.note({ kind: 'command', command: ['docker', 'context', 'rm', '--force', CONTEXT], root: false });
  const before = all.find(({ current }) => current)?.name ?? DEFAULT;
  // Undone newest first: the one before is current again, then ours is removed. A dead job's is not what it was before.
  const back = before === CONTEXT ? DEFAULT : before;
  journal.note({ kind: 'command', command: ['docker', 'context', 'use', back], root: false });
  if (ours === undefined) await docker(host, 'context', 'create', CONTEXT, '--docker', `host=${endpoint}`);
  await docker(host, 'context', 'use', CONTEXT);
}

/** What later steps need in their environment, so that the context counts. */
export function contextEnvironment(env: NodeJS.ProcessEnv, endpoint: string): Record<string, string> {
  return {
    ...((env['DOCKER_HOST'] ?? '') === '' ? {} : { DOCKER_HOST: endpoint }),
    ...((env['DOCKER_CONTEXT'] ?? '') === '' ? {} : { DOCKER_CONTEXT: CONTEXT }),
  };
}

/** From the lines of `docker context ls`, a JSON object each. A line that is none is left out. */
export function parseContexts(text: string): DockerContext[] {
  return text.split('\n').flatMap((line) => {
    try {
      const { Name: name, DockerEndpoint: endpoint, Current: current } = JSON.parse(line) as Record<string, unknown>;
      if (typeof name !== 'string' || typeof endpoint !== 'string') return [];
      return [{ name, endpoint, current: current === true }];
    } catch {
      return [];
    }
  });
}

async function docker(host: Host, ...args: string[]): Promise<string> {
  return await host.run(['docker', ...args], { env: UNSET, timeoutMs: 30_000 });
}
