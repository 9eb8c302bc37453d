// Runs a job the way GitHub's runner does: mains in order, posts in reverse, file commands and workflow commands in
// between. Made from what the runner's sources do (StepsRunner, ActionRunner, the handlers and the command managers).
// Not here: composite and container actions, pre, background steps, problem matchers, timeouts.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readAction, type Action } from './runner-action.ts';
import { createEnvironment, createEvent, type RunnerEnvironment } from './runner-environment.ts';
import { endOrphans, executeLocally } from './runner-execute.ts';
import { evaluateCondition, substitute, type Contexts } from './runner-expression.ts';
import { RunnerFolders } from './runner-folders.ts';
import type {
  JobOptions,
  JobResult,
  JobStatus,
  Orphan,
  Outcome,
  RunStep,
  Step,
  StepResult,
  UsesStep,
} from './runner-job.ts';
import { Masks } from './runner-masks.ts';
import { inputsOf, shellCommand } from './runner-process.ts';
import { runStage, type StageContext, type StageProcess } from './runner-stage.ts';

/** The runner refuses to set these for later steps. */
const BLOCKED_ENV: ReadonlySet<string> = new Set(['NODE_OPTIONS']);

/**
 * Runs a job to its end; steps that fail are in the result. Use with `await using`.
 * @throws Error for a job that GitHub would not start: an action.yml that can't be read, an expression that is none.
 */
export async function runJob(options: JobOptions): Promise<JobResult> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'lazypull-job-'));
  const job = new Job(options, dir);
  try {
    await job.run();
  } catch (error) {
    await job.dispose();
    throw error;
  }
  return job.result();
}

/** A post that is to run, and what it takes from its main. */
interface PendingPost {
  readonly step: UsesStep;
  readonly action: Action;
  readonly state: Readonly<Record<string, string>>;
}

class Job {
  readonly #options: JobOptions;
  readonly #toInside: (path: string) => string;
  readonly #folders: RunnerFolders;
  readonly #environment: RunnerEnvironment;
  readonly #masks: Masks = new Masks();
  readonly #trackingId = `github_${randomUUID()}`;
  readonly #env: Record<string, string>;
  readonly #results: StepResult[] = [];
  readonly #posts: PendingPost[] = [];
  readonly #stepsContext: Record<string, unknown> = {};
  readonly #log: string[] = [];
  #path: string[] = [];
  #orphans: Orphan[] = [];
  #failed = false;

  constructor(options: JobOptions, dir: string) {
    this.#options = options;
    this.#toInside = options.toInside ?? ((path) => path);
    this.#folders = new RunnerFolders(dir, options.repository ?? 'octo-org/example', options.owner);
    this.#folders.writeEvent(createEvent(options));
    this.#environment = createEnvironment(options, this.#folders, this.#toInside, this.#trackingId);
    this.#env = { ...options.jobEnv };
    this.#masks.add(this.#token);
    if (options.cache !== undefined) this.#masks.add(options.cache.token);
  }

  async run(): Promise<void> {
    const actions = this.#options.steps.map((step) => ('uses' in step ? readAction(step.uses) : undefined));
    try {
      for (const [at, step] of this.#options.steps.entries()) await this.#main(step, actions[at]);
      for (const post of this.#posts.toReversed()) await this.#post(post);
    } finally {
      this.#orphans = endOrphans(this.#trackingId, this.#options.owner?.uid ?? process.getuid?.() ?? 0);
    }
    for (const { pid, command } of this.#orphans) this.#log.push(`Terminate orphan process: pid (${pid}) (${command})`);
  }

  async dispose(): Promise<void> {
    if (this.#options.dir === undefined) rmSync(this.#folders.dir, { recursive: true, force: true });
  }

  result(): JobResult {
    const find = (id: string, stage: StepResult['stage']): StepResult => {
      const found = this.#results.find((step) => step.id === id && step.stage === stage);
      if (found !== undefined) return found;
      throw new Error(
        `no ${stage} of a step ${id}; there are ${this.#results.map((step) => `${step.stage} ${step.id}`).join(', ')}`,
      );
    };
    return {
      conclusion: this.#status,
      steps: this.#results,
      step: (id) => find(id, 'main'),
      post: (id) => find(id, 'post'),
      env: this.#env,
      path: this.#path.toReversed(),
      masks: this.#masks.values,
      annotations: this.#results.flatMap(({ annotations }) => annotations),
      log: this.#log.join('\n'),
      orphans: this.#orphans,
      dir: this.#folders.dir,
      workspace: this.#folders.workspace,
      [Symbol.asyncDispose]: () => this.dispose(),
    };
  }

  get #token(): string {
    return this.#options.token ?? 'ghs_0123456789lazypull';
  }

  get #status(): JobStatus {
    if (this.#options.signal?.aborted === true) return 'cancelled';
    return this.#failed ? 'failure' : 'success';
  }

  async #main(step: Step, action: Action | undefined): Promise<void> {
    const result = await this.#stage(step, 'main', step.if ?? 'success()', {}, (contexts) =>
      action === undefined || !('uses' in step)
        ? this.#scriptProcess(step as RunStep, contexts)
        : this.#actionProcess(step, action, action.main, {}, contexts),
    );
    if (step.id !== undefined) {
      const { outputs, outcome, conclusion } = result;
      this.#stepsContext[step.id] = { outputs, outcome, conclusion };
    }
    if (result.outcome === 'skipped' || action?.post === undefined || !('uses' in step)) return;
    this.#posts.push({ step, action, state: result.state });
  }

  async #post({ step, action, state }: PendingPost): Promise<void> {
    await this.#stage(step, 'post', action.postIf, state, (contexts) =>
      this.#actionProcess(step, action, action.post ?? '', state, contexts),
    );
  }

  /** Runs a stage when its condition holds, and lets it count. */
  async #stage(
    step: Step,
    stage: StepResult['stage'],
    condition: string,
    state: Readonly<Record<string, string>>,
    prepare: (contexts: Contexts) => StageProcess,
  ): Promise<StepResult> {
    const env = { ...this.#env };
    for (const [name, value] of Object.entries(step.env ?? {})) env[name] = substitute(value, this.#contexts(env));
    const contexts = this.#contexts(env);
    this.#log.push(`##[group]${title(step, stage)}`);
    const context = this.#stageContext(step, stage, state, env);
    const result = evaluateCondition(condition, contexts)
      ? await runStage(prepare(contexts), context)
      : skipped(step, stage, state);
    this.#log.push(...[result.stdout, result.stderr].filter((text) => text !== ''), `##[endgroup] ${result.outcome}`);
    this.#results.push(result);
    if (result.conclusion === 'failure') this.#failed = true;
    return result;
  }

  #stageContext(
    step: Step,
    stage: StepResult['stage'],
    state: Readonly<Record<string, string>>,
    env: Readonly<Record<string, string>>,
  ): StageContext {
    return {
      id: step.id,
      stage,
      state,
      env,
      continueOnError: step.continueOnError === true,
      environment: this.#environment,
      path: this.#path.toReversed(),
      files: this.#folders.commandFiles(),
      masks: this.#masks,
      toInside: this.#toInside,
      workspace: this.#toInside(this.#folders.workspace),
      debug: this.#options.debug === true,
      execute: this.#options.execute ?? executeLocally,
      // Posts run in a cancelled job too.
      signal: stage === 'main' && !/always|cancelled/.test(step.if ?? '') ? this.#options.signal : undefined,
      setEnv: (name, value) => {
        if (BLOCKED_ENV.has(name.toUpperCase()))
          return `Can't store ${name} output parameter using '$GITHUB_ENV' command.`;
        this.#env[name] = value;
        return undefined;
      },
      addPath: (folder) => {
        this.#path = [...this.#path.filter((other) => other !== folder), folder];
      },
    };
  }

  #actionProcess(
    step: UsesStep,
    action: Action,
    script: string,
    state: Readonly<Record<string, string>>,
    contexts: Contexts,
  ): StageProcess {
    const { inputs, unexpected } = inputsOf(step, action, contexts);
    const env: Record<string, string> = { ...this.#environment.actions };
    for (const [name, value] of Object.entries(inputs)) env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] = value;
    for (const [name, value] of Object.entries(state)) env[`STATE_${name}`] = value;
    return {
      command: [this.#options.node ?? process.execPath, this.#toInside(join(resolve(step.uses), script))],
      cwd: this.#toInside(this.#folders.workspace),
      env,
      action: step.id ?? '__self',
      warning:
        unexpected.length === 0
          ? undefined
          : `Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${Object.keys(action.inputs).join("', '")}']`,
      failure: undefined,
    };
  }

  #scriptProcess(step: RunStep, contexts: Contexts): StageProcess {
    const script = this.#toInside(this.#folders.writeTemp(`${randomUUID()}.sh`, substitute(step.run, contexts)));
    return {
      command: shellCommand(step.shell ?? 'bash', script),
      cwd: this.#toInside(join(this.#folders.workspace, step.workingDirectory ?? '')),
      env: {},
      action: step.id ?? '__run',
      warning: undefined,
      failure: (status) => `Process completed with exit code ${status}.`,
    };
  }

  #contexts(env: Readonly<Record<string, string>>): Contexts {
    const named = (prefix: string): Record<string, string> => {
      const entries = Object.entries(this.#environment.contexts).filter(([name]) => name.startsWith(prefix));
      return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length).toLowerCase(), value]));
    };
    return {
      github: { ...named('GITHUB_'), token: this.#token, event: createEvent(this.#options) },
      env,
      runner: named('RUNNER_'),
      steps: this.#stepsContext,
      job: { status: this.#status },
    };
  }
}

function skipped(step: Step, stage: StepResult['stage'], state: Readonly<Record<string, string>>): StepResult {
  const outcome: Outcome = 'skipped';
  return {
    id: step.id,
    stage,
    outcome,
    conclusion: outcome,
    status: undefined,
    stdout: '',
    stderr: '',
    commands: [],
    annotations: [],
    groups: [],
    outputs: {},
    state,
    summary: '',
    durationMs: 0,
  };
}

function title(step: Step, stage: StepResult['stage']): string {
  const what = step.id ?? ('uses' in step ? step.uses : (step.run.trim().split('\n')[0] ?? ''));
  return `${stage === 'post' ? 'Post' : 'Run'} ${what}`;
}
