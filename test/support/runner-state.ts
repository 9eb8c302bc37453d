// What a job has come to: the variables and folders that steps see, the results that count, and the log.
import type { Contexts } from './runner-expression.ts';
import type { JobStatus, StepResult } from './runner-job.ts';
import type { FinishedStage } from './runner-stage.ts';

/** Values of the contexts that do not change while a job runs. */
export type FixedContexts = Pick<Contexts, 'github' | 'runner' | 'matrix'>;

/** Grows with every stage that counts. */
export class JobState {
  readonly results: StepResult[] = [];
  readonly log: string[] = [];
  readonly env: Record<string, string>;
  readonly #fixed: FixedContexts;
  readonly #signal: AbortSignal | undefined;
  readonly #steps: Record<string, unknown> = {};
  #path: string[] = [];
  #failed = false;

  /** @param signal cancels the job. */
  constructor(env: Readonly<Record<string, string>>, fixed: FixedContexts, signal: AbortSignal | undefined) {
    this.env = { ...env };
    this.#fixed = fixed;
    this.#signal = signal;
  }

  get status(): JobStatus {
    if (this.#signal?.aborted === true) return 'cancelled';
    return this.#failed ? 'failure' : 'success';
  }

  /** Folders in front of PATH: the last added first. */
  get path(): readonly string[] {
    return this.#path.toReversed();
  }

  /** What expressions see. @param env of the job and a step. */
  contexts(env: Readonly<Record<string, string>>): Contexts {
    return { ...this.#fixed, env, steps: this.#steps, job: { status: this.status } };
  }

  /** Lets a stage count. @param title for the log. */
  count({ result, env, path }: FinishedStage, title: string): void {
    const { id, stage, stdout, stderr, outputs, outcome, conclusion } = result;
    this.log.push(`##[group]${title}`, ...[stdout, stderr].filter((text) => text !== ''), `##[endgroup] ${outcome}`);
    this.results.push(result);
    Object.assign(this.env, env);
    for (const folder of path) this.#path = [...this.#path.filter((other) => other !== folder), folder];
    if (id !== undefined && stage === 'main') this.#steps[id] = { outputs, outcome, conclusion };
    if (conclusion === 'failure') this.#failed = true;
  }

  /** @throws Error when there is no such result. */
  require(id: string, stage: StepResult['stage']): StepResult {
    const found = this.results.find((step) => step.id === id && step.stage === stage);
    if (found !== undefined) return found;
    const names = this.results.map((step) => `${step.stage} ${step.id}`);
    throw new Error(`no ${stage} of a step ${id}; there are ${names.join(', ')}`);
  }
}

/** The end of a stage whose condition did not hold. */
export function skippedStage(
  id: string | undefined,
  stage: StepResult['stage'],
  state: Readonly<Record<string, string>>,
): FinishedStage {
  const result: StepResult = {
    id,
    stage,
    outcome: 'skipped',
    conclusion: 'skipped',
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
  return { result, env: {}, path: [] };
}
