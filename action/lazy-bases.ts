// Input `variants`: builds of later steps use lazily pullable variants of the images that they name. `lazypull policy` looks
// for them and writes BuildKit's source policy, which buildx, bake and compose read by themselves once a variable of the job
// names it. It is a favour: what fails here leaves builds as they are, unless the job is strict.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policyLines } from '../src/cli/policy-text.ts';
import { describeError, UserError } from '../src/errors.ts';
import { findBuildFiles, isEmptyWorkspace, type BuildFiles } from './bases/build-files.ts';
import { basesOf, POLICY_VARIABLE, type Bases } from './bases/model.ts';
import { askPolicy, POLICY_FILE } from './bases/policy-command.ts';
import type { EngineReady } from './engine/model.ts';
import type { Facts } from './facts.ts';
import type { Host } from './host.ts';
import type { Inputs } from './inputs.ts';
import type { Journal } from './journal.ts';

export interface BasesContext {
  readonly host: Host;
  readonly engine: Pick<EngineReady, 'engine' | 'env'>;
  readonly facts: Pick<Facts, 'buildx'>;
  readonly inputs: Pick<Inputs, 'variants' | 'buildFiles' | 'buildArgs' | 'platforms' | 'strict'>;
  readonly journal: Journal;
  readonly env: NodeJS.ProcessEnv;
  readonly info: (message: string) => void;
  readonly notice: (message: string) => void;
  /** Program and arguments of `lazypull` instead of those beside the action. */
  readonly program?: readonly string[];
}

/** What was found, and the variables that make later steps use it. */
export interface LazyBases {
  readonly bases: Bases | undefined;
  readonly env: Readonly<Record<string, string>>;
}

const FOLDER_PREFIX = 'lazypull-bases-';

/** @throws LazypullError only with `strict`, when no policy could be made. */
export async function findLazyBases(context: BasesContext): Promise<LazyBases> {
  const { inputs, env, notice } = context;
  const given = env[POLICY_VARIABLE] ?? '';
  if (given !== '' && !isOurs(given)) {
    notice(`${POLICY_VARIABLE} is set already, to ${given}: builds go by that, and input 'variants' does nothing.`);
    return { bases: undefined, env: {} };
  }
  try {
    return await makePolicy(context);
  } catch (error) {
    if (inputs.strict) throw error;
    notice(`Builds use the images that they name: ${describeError(error)}`);
    return { bases: undefined, env: {} };
  }
}

/** Of an earlier step of this job: that one's answers are older. */
function isOurs(path: string): boolean {
  const [folder = '', file] = path.split('/').slice(-2);
  return folder.startsWith(FOLDER_PREFIX) && file === POLICY_FILE;
}

async function makePolicy(context: BasesContext): Promise<LazyBases> {
  const { engine, facts, inputs, env, journal, info, notice } = context;
  if (engine.engine === 'containerd') {
    throw new UserError(
      "input 'variants': engine containerd builds nothing, and a variant that is not pulled lazily is only larger",
      'Use engine docker or buildkit.',
    );
  }
  const workspace = env['GITHUB_WORKSPACE'] ?? process.cwd();
  const files = findBuildFiles(workspace, inputs.buildFiles);
  requireFiles(workspace, files);
  const folder = await mkdtemp(join(env['RUNNER_TEMP'] || tmpdir(), FOLDER_PREFIX));
  journal.note({ kind: 'remove', path: folder });
  const asked = { ...context, engineEnv: engine.env, hasBuildx: facts.buildx !== undefined };
  const answer = await askPolicy(asked, { workspace, folder, files });
  for (const line of policyLines({ ...answer, output: undefined })) info(line);
  const bases = basesOf(answer);
  tellNone(bases, notice);
  return { bases, env: bases.replaced === 0 ? {} : { [POLICY_VARIABLE]: join(folder, POLICY_FILE) } };
}

/** @throws UserError when there is nothing to look at. */
function requireFiles(workspace: string, { plain, bake, remarks }: BuildFiles): void {
  if (plain.length > 0 || bake.length > 0) return;
  if (isEmptyWorkspace(workspace)) {
    throw new UserError(
      "input 'variants': the workspace is empty, so there is no Dockerfile to read",
      'Put actions/checkout in front of this step.',
    );
  }
  const what = remarks.map(({ file, what: reason }) => `${file === '.' ? 'workspace' : file}: ${reason}`).join('; ');
  throw new UserError(
    `input 'build-files': ${what}`,
    'Name Dockerfiles, bake files, compose files or folders, and let actions/checkout come before this step.',
  );
}

/** Most likely a mapping that does not fit, or copies that are old. */
function tellNone({ total, replaced, images }: Bases, notice: (message: string) => void): void {
  const kept = images.find(({ result }) => result === 'kept');
  if (replaced > 0 || kept === undefined) return;
  const of = total === 1 ? 'The image' : `None of the ${total} images`;
  const verb = total === 1 ? 'that builds name has no variant' : 'that builds name has a variant';
  notice(`${of} ${verb} to use. ${kept.image}: ${kept.detail}`);
}
