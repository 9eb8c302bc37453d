// `lazypull policy` in a process of its own, as the runner's user, whose credentials it takes: what it prints is what a person
// would see. Bake files are evaluated first, and what bake printed goes by the name of its file in every text.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LazypullError, UserError } from '../../src/errors.ts';
import type { Host } from '../host.ts';
import type { Inputs } from '../inputs.ts';
import { lazypullCommand } from '../lazypull-command.ts';
import { Place } from '../state.ts';
import { evaluateBake, type RunIn } from './bake.ts';
import type { BuildFiles } from './build-files.ts';
import type { PolicyAnswer } from './model.ts';
import { parseVariants } from './variants-input.ts';

export interface PolicyContext {
  readonly host: Host;
  readonly inputs: Pick<Inputs, 'variants' | 'buildArgs' | 'platforms'>;
  readonly env: NodeJS.ProcessEnv;
  /** On top of it: which Docker the job has. */
  readonly engineEnv: Readonly<Record<string, string>>;
  /** Whether there is a docker buildx. */
  readonly hasBuildx: boolean;
  /** Program and arguments of `lazypull` instead of those beside the action. */
  readonly program?: readonly string[] | undefined;
}

/** The command gives each image 20 s, four at a time. */
const POLICY_MS = 120_000;
/** Variables of the step itself: what a Dockerfile or compose file names goes to registries. */
const OF_THE_STEP = /^(INPUT|STATE|ACTIONS)_/;

export interface PolicyPlaces {
  readonly workspace: string;
  /** A folder of our own, where the policy is written too. */
  readonly folder: string;
  readonly files: BuildFiles;
}

/** Where the policy is in our folder. */
export const POLICY_FILE = 'policy.json';

/** Writes the policy. @throws UserError for a wrong mapping or file, as the command says it. */
export async function askPolicy(
  context: PolicyContext,
  { workspace, folder, files }: PolicyPlaces,
): Promise<PolicyAnswer> {
  const { host, program = lazypullCommand() } = context;
  const run = runnerIn(context, workspace);
  const baked = await bakeAll(context, folder, files, run);
  const paths = [...files.plain, ...baked.names.keys()];
  const { remarks } = baked;
  if (paths.length === 0) throw new LazypullError('FAILED_PRECONDITION', remarksText(remarks));
  const flags = await policyFlags(context, folder);
  const config = (await host.exists(Place.CONFIG)) ? ['--config', Place.CONFIG] : [];
  const command = [...program, 'policy', '--json', ...config, ...flags, '--output', join(folder, POLICY_FILE)];
  const { status, stdout, stderr } = await run('', [...command, '--', ...paths], POLICY_MS);
  if (status !== 0) throw new UserError(withNames(failureOf(stderr, status), folder, baked.names));
  const answer = JSON.parse(stdout) as PolicyAnswer;
  const named = <T extends { readonly file: string }>(item: T): T => ({
    ...item,
    file: withNames(item.file, folder, baked.names),
  });
  return {
    decisions: answer.decisions.map((decision) => ({ ...decision, places: decision.places.map(named) })),
    remarks: [...files.remarks, ...remarks, ...answer.remarks.map(named)],
  };
}

/** As the runner's user, without what is the step's own. */
function runnerIn({ host, engineEnv, env }: PolicyContext, workspace: string): RunIn {
  const unset = Object.keys(env).filter((name) => OF_THE_STEP.test(name));
  const without = ['env', ...unset.flatMap((name) => ['-u', name])];
  return (folder, command, timeoutMs) =>
    host.try(['sh', '-c', 'cd -- "$1" && shift && exec "$@"', 'sh', join(workspace, folder), ...without, ...command], {
      env: engineEnv,
      timeoutMs,
    });
}

interface Baked {
  /** Documents that bake printed, and what people call them. */
  readonly names: ReadonlyMap<string, string>;
  readonly remarks: PolicyAnswer['remarks'];
}

async function bakeAll({ hasBuildx }: PolicyContext, folder: string, { bake }: BuildFiles, run: RunIn): Promise<Baked> {
  const names = new Map<string, string>();
  const remarks: { file: string; line: undefined; what: string }[] = [];
  for (const [index, group] of bake.entries()) {
    const [first = ''] = group.files;
    const file = join(group.folder, first);
    const made = hasBuildx ? await evaluateBake(group, run) : { problem: 'there is no docker buildx to evaluate it' };
    if ('problem' in made) {
      remarks.push({ file, line: undefined, what: made.problem });
      continue;
    }
    const path = join(folder, `printed-by-bake-${index}.json`);
    await writeFile(path, made.json, { mode: 0o600 });
    names.set(path, file);
  }
  return { names, remarks };
}

function remarksText(remarks: PolicyAnswer['remarks']): string {
  return remarks.map(({ file, what }) => `${file}: ${what}`).join('; ');
}

async function policyFlags({ inputs }: PolicyContext, folder: string): Promise<string[]> {
  const variants = parseVariants(inputs.variants);
  const others = [
    ...inputs.buildArgs.flatMap((arg) => ['--build-arg', arg]),
    ...inputs.platforms.flatMap((platform) => ['--platform', platform]),
  ];
  if (variants.kind === 'suffix') return [`--suffix=${variants.suffix}`, ...others];
  if (variants.kind === 'path') return ['--mapping', variants.path, ...others];
  const path = mappingIn(folder);
  await writeFile(path, variants.text, { mode: 0o600 });
  return ['--mapping', path, ...others];
}

function mappingIn(folder: string): string {
  return join(folder, 'variants.toml');
}

/** Files of ours have the names of what they were made from. */
function withNames(text: string, folder: string, names: ReadonlyMap<string, string>): string {
  let named = text.replaceAll(mappingIn(folder), "input 'variants'");
  for (const [path, name] of names) named = named.replaceAll(path, name);
  return named;
}

function failureOf(stderr: string, status: number): string {
  const at = stderr.lastIndexOf('lazypull: ');
  const said = (at < 0 ? stderr : stderr.slice(at + 'lazypull: '.length)).trim();
  return said === '' ? `lazypull policy: status ${status}` : said;
}
