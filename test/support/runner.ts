// Runs a job the way GitHub's runner does: mains in order, posts in reverse, file commands and workflow commands in
// between. Made from what the runner's sources do (StepsRunner, ActionRunner, the handlers and the command managers).
// Not here: composite and container actions, pre, problem matchers, timeouts.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readAction, type Action } from './runner-action.ts';
import { createEnvironment, createEvent, type RunnerEnvironment } from './runner-environment.ts';
import { endOrphans, executeLocally } from './runner-execute.ts';
import { evaluateCondition, substitute, type Contexts } from './runner-expression.ts';
import { RunnerFolders } from './runner-folders.ts';
import type { JobOptions, JobResult, Orphan, RunStep, StepResult, UsesStep, WaitStep } from './runner-job.ts';
import { Masks } from './runner-masks.ts';
import { inputsOf, shellCommand } from './runner-process.ts';
import { runStage, type FinishedStage, type StageContext, type StageProcess } from './runner-stage.ts';
import { JobState, skippedStage } from './runner-state.ts';

const DEFAULT_REPOSITORY = 'octo-org/example';
const DEFAULT_TOKEN = 'ghs_0123456789lazypull';

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
    job.dispose();
    throw error;
  }
  return job.result();
}

type ProcessStep = UsesStep | RunStep;

/** A stage that is to run: the main of a step, or the post of one that ran. */
interface Stage {
  readonly step: ProcessStep;
  readonly action: Action | undefined;
  readonly name: StepResult['stage'];
  /** Of the stages before. */
  state: Readonly<Record<string, string>>;
}

class Job {
  readonly #options: JobOptions;
  readonly #toInside: (path: string) => string;
  readonly #folders: RunnerFolders;
  readonly #environment: RunnerEnvironment;
  readonly #masks: Masks = new Masks();
  readonly #trackingId = `github_${randomUUID()}`;
  readonly #state: JobState;
  /** In the order in which their mains started. */
  readonly #posts: Stage[] = [];
  readonly #background = new Map<string, Promise<() => void>>();
  #orphans: Orphan[] = [];

  constructor(options: JobOptions, dir: string) {
    this.#options = options;
    this.#toInside = options.toInside ?? ((path) => path);
    this.#folders = new RunnerFolders(dir, options.repository ?? DEFAULT_REPOSITORY, options.owner);
    const event = createEvent(options);
    this.#folders.writeEvent(event);
    this.#environment = createEnvironment(options, this.#folders, this.#toInside, this.#trackingId);
    const token = options.token ?? DEFAULT_TOKEN;
    for (const secret of [token, ...(options.cache === undefined ? [] : [options.cache.token])])
      this.#masks.add(secret);
    const github = { ...this.#named('GITHUB_'), token, event };
    this.#state = new JobState(
      options.jobEnv ?? {},
      { github, runner: this.#named('RUNNER_'), matrix: options.matrix ?? null },
      options.signal,
    );
  }

  async run(): Promise<void> {
    const { steps, owner } = this.#options;
    const actions = steps.map((step) => ('uses' in step ? readAction(step.uses) : undefined));
    try {
      for (const [at, step] of steps.entries()) {
        if ('wait' in step) await this.#wait(step.wait);
        else await this.#main(step, actions[at]);
      }
      await this.#wait('all');
      for (const post of this.#posts.toReversed()) (await this.#start(post))();
    } finally {
      await Promise.all(this.#background.values());
      this.#orphans = endOrphans(this.#trackingId, owner?.uid ?? process.getuid?.() ?? 0);
    }
    for (const { pid, command } of this.#orphans) {
      this.#state.log.push(`Terminate orphan process: pid (${pid}) (${command})`);
    }
  }

  dispose(): void {
    if (this.#options.dir === undefined) rmSync(this.#folders.dir, { recursive: true, force: true });
  }

  result(): JobResult {
    const state = this.#state;
    return {
      conclusion: state.status,
      steps: state.results,
      step: (id) => state.require(id, 'main'),
      post: (id) => state.require(id, 'post'),
      env: state.env,
      path: state.path,
      masks: this.#masks.values,
      annotations: state.results.flatMap(({ annotations }) => annotations),
      log: state.log.join('\n'),
      orphans: this.#orphans,
      dir: this.#folders.dir,
      workspace: this.#folders.workspace,
      [Symbol.asyncDispose]: async () => this.dispose(),
    };
  }

  async #main(step: ProcessStep, action: Action | undefined): Promise<void> {
    const inBackground = step.background === true;
    if (inBackground && step.id === undefined) throw new Error('a background step needs an id');
    const started = this.#start({ step, action, name: 'main', state: {} });
    if (inBackground) this.#background.set(step.id ?? '', started);
    else (await started)();
  }

  async #wait(ids: WaitStep['wait']): Promise<void> {
    for (const id of ids === 'all' ? [...this.#background.keys()] : ids) {
      const started = this.#background.get(id);
      this.#background.delete(id);
      (await started)?.();
    }
  }

  /**
   * Starts a stage if its condition holds now. What is wrong with the step itself is thrown at once, not later.
   * @returns lets the stage count, once it has ended.
   */
  #start(stage: Stage): Promise<() => void> {
    const { step, action, name } = stage;
    const env = { ...this.#state.env };
    for (const [key, value] of Object.entries(step.env ?? {})) env[key] = substitute(value, this.#state.contexts(env));
    const contexts = this.#state.contexts(env);
    const condition = name === 'post' ? (action?.postIf ?? 'always()') : (step.if ?? 'success()');
    if (!evaluateCondition(condition, contexts)) {
      const skipped = skippedStage(step.id, name, stage.state);
      return Promise.resolve(() => this.#state.count(skipped, title(stage)));
    }
    const post: Stage = { ...stage, name: 'post' };
    if (name === 'main' && action?.post !== undefined) this.#posts.push(post);
    const running: Promise<FinishedStage> = runStage(this.#process(stage, contexts), this.#context(stage, env));
    return running.then((finished) => () => {
      post.state = finished.result.state;
      this.#state.count(finished, title(stage));
    });
  }

  #context({ step, name, state }: Stage, env: Readonly<Record<string, string>>): StageContext {
    return {
      id: step.id,
      stage: name,
      state,
      env,
      continueOnError: step.continueOnError === true,
      environment: this.#environment,
      path: this.#state.path,
      files: this.#folders.commandFiles(),
      masks: this.#masks,
      toInside: this.#toInside,
      workspace: this.#toInside(this.#folders.workspace),
      debug: this.#options.debug === true,
      execute: this.#options.execute ?? executeLocally,
      // Posts run in a cancelled job too.
      signal: name === 'main' && !/always|cancelled/.test(step.if ?? '') ? this.#options.signal : undefined,
    };
  }

  #process(stage: Stage, contexts: Contexts): StageProcess {
    const { step, action } = stage;
    if (!('uses' in step)) return this.#scriptProcess(step, contexts);
    if (action === undefined) throw new Error(`the action of ${step.uses} was not read`);
    return this.#actionProcess(step, action, stage, contexts);
  }

  #actionProcess(step: UsesStep, action: Action, { name, state }: Stage, contexts: Contexts): StageProcess {
    const { inputs, unexpected } = inputsOf(step, action, contexts);
    const env: Record<string, string> = { ...this.#environment.actions };
    for (const [key, value] of Object.entries(inputs)) env[`INPUT_${key.replaceAll(' ', '_').toUpperCase()}`] = value;
    for (const [key, value] of Object.entries(state)) env[`STATE_${key}`] = value;
    const script = name === 'main' ? action.main : (action.post ?? '');
    const valid = Object.keys(action.inputs).join("', '");
    return {
      command: [this.#options.node ?? process.execPath, this.#toInside(join(resolve(step.uses), script))],
      cwd: this.#toInside(this.#folders.workspace),
      env,
      action: step.id ?? '__self',
      warning:
        unexpected.length === 0
          ? undefined
          : `Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${valid}']`,
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

  /** Variables with this prefix as a context holds them. */
  #named(prefix: string): Record<string, string> {
    const entries = Object.entries(this.#environment.contexts).filter(([name]) => name.startsWith(prefix));
    return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length).toLowerCase(), value]));
  }
}

function title({ step, name }: Stage): string {
  const what = step.id ?? ('uses' in step ? step.uses : (step.run.trim().split('\n')[0] ?? ''));
  return `${name === 'post' ? 'Post' : 'Run'} ${what}`;
}
