// What a job of the runner harness is given and what it gives back; `runner.ts` runs it.
// The words are those of GitHub's runner: a step's outcome is what happened, its conclusion what counts for the job
// (after continue-on-error); main, post, annotations, masks and file commands mean what they mean there.

/** What a process said. `stdout` and `stderr` are whole. */
export interface Execution {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a process of a step starts. The environment is complete: nothing is inherited. */
export interface ExecuteOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Absolute, as the step sees it. */
  readonly cwd: string;
  /** The job is cancelled: ends the process. */
  readonly signal?: AbortSignal | undefined;
}

/** Starts a process where the job runs and waits for its end. All paths are those that the step sees. */
export type Execute = (command: readonly string[], options: ExecuteOptions) => Promise<Execution>;

interface CommonStep {
  /** Names the step in `${{ steps.ID.outputs.NAME }}` and in the result. */
  readonly id?: string;
  /** An expression of `always()`, `success()`, `failure()` and comparisons; without a status function success() is implied. */
  readonly if?: string;
  readonly continueOnError?: boolean;
  /** The next step starts at once; what this one says counts when it is waited for. Needs an id. */
  readonly background?: boolean;
  /** Values may hold `${{ }}`. They are not seen by later steps. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A step that runs an action. */
export interface UsesStep extends CommonStep {
  /** The folder that holds action.yml, on this machine. */
  readonly uses: string;
  /** Values may hold `${{ }}`. Inputs that action.yml does not know are a warning, as on GitHub. */
  readonly with?: Readonly<Record<string, string>>;
}

/** A step that runs a script. */
export interface RunStep extends CommonStep {
  /** The script; may hold `${{ }}`. */
  readonly run: string;
  /** `bash` (default: --noprofile --norc -e -o pipefail), `sh`, or a command line with `{0}` for the script. */
  readonly shell?: string;
  /** Relative to the workspace. */
  readonly workingDirectory?: string;
}

/** Waits for background steps; they fail the job then. Those that nobody waits for are waited for before posts. */
export interface WaitStep {
  readonly wait: 'all' | readonly string[];
}

export type Step = UsesStep | RunStep | WaitStep;

/** A job and the runner that it runs on. */
export interface JobOptions {
  readonly steps: readonly Step[];
  /** Starts the processes. Default: on this machine, as this user. */
  readonly execute?: Execute;
  /** Folder for the workspace, the temporary files and HOME. Must exist. Default: a new one, removed with the result. */
  readonly dir?: string;
  /** The path at which a step sees a path of this machine (`dir`, action folders). Default: the same. */
  readonly toInside?: (path: string) => string;
  /** Who the steps run as, when not this user: gets every file that the harness makes. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** The runner's Node, as a step sees it. Default: this one. */
  readonly node?: string;
  /** What the runner itself was started with (PATH, HOME, LANG), and overrides of any GITHUB_, RUNNER_ or ACTIONS_ variable. */
  readonly env?: Readonly<Record<string, string>>;
  /** Names that are not set although a hosted runner sets them. */
  readonly unset?: readonly string[];
  /** Job-level `env:` of the workflow. */
  readonly jobEnv?: Readonly<Record<string, string>>;
  /** Address and token of the results service; without them actions find no cache service. */
  readonly cache?: { readonly url: string; readonly token: string; readonly mode?: string };
  /** `${{ matrix }}` of this job of a matrix. */
  readonly matrix?: Readonly<Record<string, unknown>>;
  /** `${{ github.token }}`, masked. */
  readonly token?: string;
  /** Default `refs/heads/main`. */
  readonly ref?: string;
  /** Default `OWNER/REPOSITORY` of nobody. */
  readonly repository?: string;
  /** Merged over the default event, which has `repository.private` false. */
  readonly event?: Readonly<Record<string, unknown>>;
  /** RUNNER_DEBUG is set, and `::debug::` shows up in the log. */
  readonly debug?: boolean;
  /** Cancels the job: the step that runs is ended, steps with always() and posts still run. */
  readonly signal?: AbortSignal;
}

/** `job.status`. */
export type JobStatus = 'success' | 'failure' | 'cancelled';

export type Outcome = 'success' | 'failure' | 'skipped';

/** What `::notice::`, `::warning::` and `::error::` make. */
export interface Annotation {
  readonly level: 'notice' | 'warning' | 'error';
  readonly message: string;
  readonly title: string | undefined;
  /** Relative to the workspace when it lies inside. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly endLine: number | undefined;
  readonly column: number | undefined;
  readonly endColumn: number | undefined;
}

/** A workflow command that the runner obeyed, decoded and masked. */
export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** One stage of one step: the main of a `uses` or `run` step, or a post. */
export interface StepResult {
  readonly id: string | undefined;
  readonly stage: 'main' | 'post';
  /** Before continue-on-error. */
  readonly outcome: Outcome;
  /** After continue-on-error. */
  readonly conclusion: Outcome;
  /** Exit status; undefined when no process ran. */
  readonly status: number | undefined;
  /** What a user finds in the log, masked: commands that the runner swallows are not in it. */
  readonly stdout: string;
  readonly stderr: string;
  readonly commands: readonly Command[];
  readonly annotations: readonly Annotation[];
  /** Titles of `::group::`, in order. */
  readonly groups: readonly string[];
  /** Unmasked. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Saved by this stage and the stages before it; unmasked. */
  readonly state: Readonly<Record<string, string>>;
  /** GITHUB_STEP_SUMMARY, masked; empty when none was written or when it was longer than 1 MiB (an error annotation then). */
  readonly summary: string;
  readonly durationMs: number;
}

/** A process that a job left behind. */
export interface Orphan {
  readonly pid: number;
  readonly command: string;
}

/** A job that has ended. Disposing removes its folder when the harness made it. */
export interface JobResult extends AsyncDisposable {
  readonly conclusion: JobStatus;
  /** Mains in the order in which they counted, background ones when they were waited for; then posts as they ran. */
  readonly steps: readonly StepResult[];
  /** The main of the step with this id. @throws Error when there is none. */
  step(id: string): StepResult;
  /** The post of the step with this id. @throws Error when it has none. */
  post(id: string): StepResult;
  /** What GITHUB_ENV of all steps and the job's `env:` left. */
  readonly env: Readonly<Record<string, string>>;
  /** Folders of GITHUB_PATH, the last added first. */
  readonly path: readonly string[];
  /** Every masked value. */
  readonly masks: readonly string[];
  readonly annotations: readonly Annotation[];
  /** All of the log, masked, for messages of failed assertions. */
  readonly log: string;
  /** Processes that outlived the job with its RUNNER_TRACKING_ID in their environment; they were killed, as GitHub's runner does. */
  readonly orphans: readonly Orphan[];
  /** Folder of the job on this machine, its workspace and RUNNER_TEMP below it. */
  readonly dir: string;
  readonly workspace: string;
}
