// The builder by which `docker buildx` and `docker build` of later steps reach the action's buildkitd: driver `remote`, in
// the configuration of the runner's user. It is made current and, since `docker build` looks at nothing else, named in
// the environment too.
import { UserError } from '../../src/errors.ts';
import type { Host } from '../host.ts';
import type { Journal } from '../journal.ts';

export const BUILDER = 'lazypull';

const TIMEOUT_MS = 30_000;
/** Results of a build without --output go to Docker, as those of its own builder do. Older versions do not know it here. */
const LOAD = ['--driver-opt', 'default-load=true'];

export interface BuilderOptions {
  /** `unix:///...` */
  readonly endpoint: string;
  /** There is a Docker that results can go to. */
  readonly load: boolean;
  /** buildkitd was there before this step: so was perhaps its builder, which is then not this step's to remove. */
  readonly reuse: boolean;
}

/** How the builder is removed at the end, if it is there. */
export const REMOVE: readonly string[] = [
  'sh',
  '-c',
  'docker buildx inspect "$1" >/dev/null 2>&1 || exit 0; exec docker buildx rm --force "$1"',
  'sh',
  BUILDER,
];

/** What a builder is, as far as `docker buildx inspect` says. */
export interface BuilderFacts {
  readonly name: string;
  readonly endpoints: readonly string[];
}

/**
 * Makes the builder and makes it current. The journal knows how to take it back.
 * @throws UserError when somebody else's builder has the name; LazypullError with what buildx says.
 */
export async function useBuilder(host: Host, journal: Journal, options: BuilderOptions): Promise<void> {
  const { endpoint, load, reuse } = options;
  const before = await inspect(host, BUILDER);
  if (before !== undefined) {
    requireOurs(before, endpoint);
    if (reuse && (await boots(host))) return;
    await host.run(buildx('rm', '--force', BUILDER), { timeoutMs: TIMEOUT_MS });
  }
  const current = await inspect(host);
  // Undone newest first: ours is removed, which leaves none current, then the one before is current again.
  if (current !== undefined && current.name !== 'default' && current.name !== BUILDER)
    journal.note({ kind: 'command', command: buildx('use', current.name), root: false });
  // Nothing is there to be removed when it could not be made.
  journal.note({ kind: 'command', command: REMOVE, root: false });
  if (load) {
    const made = await host.try(create(endpoint, LOAD), { timeoutMs: TIMEOUT_MS });
    if (made.status === 0 && (await boots(host))) return;
    // Some versions refuse the option when the builder is made, others when it is started.
    await host.try(buildx('rm', '--force', BUILDER), { timeoutMs: TIMEOUT_MS });
  }
  await host.run(create(endpoint, []), { timeoutMs: TIMEOUT_MS });
  await host.run(buildx('inspect', '--bootstrap', BUILDER), { timeoutMs: TIMEOUT_MS });
}

function create(endpoint: string, more: readonly string[]): string[] {
  return buildx('create', '--name', BUILDER, '--driver', 'remote', ...more, '--use', endpoint);
}

async function boots(host: Host): Promise<boolean> {
  return (await host.try(buildx('inspect', '--bootstrap', BUILDER), { timeoutMs: TIMEOUT_MS })).status === 0;
}

/** The builder of a name, or the current one. */
async function inspect(host: Host, name?: string): Promise<BuilderFacts | undefined> {
  const command = buildx('inspect', ...(name === undefined ? [] : [name]));
  // A job that has set BUILDX_BUILDER means that one; which is current is another question.
  const { stdout } = await host.try(command, { env: { BUILDX_BUILDER: '' }, timeoutMs: TIMEOUT_MS });
  return parseBuilder(stdout);
}

/** From the lines of `docker buildx inspect`: first the builder, then its nodes. It tells of a node that does not answer, too. */
export function parseBuilder(text: string): BuilderFacts | undefined {
  const [, name] = /^Name:\s+(\S+)$/m.exec(text) ?? [];
  if (name === undefined) return undefined;
  return { name, endpoints: [...text.matchAll(/^Endpoint:\s+(\S+)$/gm)].map(([, endpoint = '']) => endpoint) };
}

function requireOurs({ endpoints }: BuilderFacts, endpoint: string): void {
  if (endpoints.length === 1 && endpoints[0] === endpoint) return;
  throw new UserError(
    `there is a builder '${BUILDER}' already, for ${endpoints.join(', ') || 'nothing'}`,
    `Give it another name, or remove it: docker buildx rm ${BUILDER}`,
  );
}

function buildx(...args: string[]): string[] {
  return ['docker', 'buildx', ...args];
}
