// One stage of one step: starts its process, obeys its commands, and reads the files that it wrote.
import type { RunnerEnvironment } from './runner-environment.ts';
import { CommandReader } from './runner-commands.ts';
import { readPairs, readPathFile, readSummary, type CommandFiles } from './runner-files.ts';
import type { Execute, Execution, StepResult } from './runner-job.ts';
import type { Masks } from './runner-masks.ts';

/** What a stage runs. Paths are those that it sees. */
export interface StageProcess {
  readonly command: readonly string[];
  readonly cwd: string;
  /** INPUT_, STATE_ and ACTIONS_ variables. */
  readonly env: Readonly<Record<string, string>>;
  /** GITHUB_ACTION. */
  readonly action: string;
  readonly warning: string | undefined;
  /** The runner's error for a status that is not 0; actions are expected to say why themselves. */
  readonly failure: ((status: number) => string) | undefined;
}

/** The job around a stage. */
export interface StageContext {
  readonly id: string | undefined;
  readonly stage: StepResult['stage'];
  /** Of the stages before. */
  readonly state: Readonly<Record<string, string>>;
  /** Of the job and the step. */
  readonly env: Readonly<Record<string, string>>;
  readonly continueOnError: boolean;
  readonly environment: RunnerEnvironment;
  /** Folders in front of PATH, first one first. */
  readonly path: readonly string[];
  readonly files: CommandFiles;
  readonly masks: Masks;
  readonly toInside: (path: string) => string;
  readonly workspace: string;
  readonly debug: boolean;
  readonly execute: Execute;
  readonly signal: AbortSignal | undefined;
}

/** A stage that has ended, and what later steps are to see of it. */
export interface FinishedStage {
  readonly result: StepResult;
  readonly env: Readonly<Record<string, string>>;
  /** Folders for PATH in the order in which they were added. */
  readonly path: readonly string[];
}

/** The runner refuses to set these for later steps. */
const BLOCKED_ENV: ReadonlySet<string> = new Set(['NODE_OPTIONS']);

/** Runs a stage to its end. A process that can't be started is a failure of the stage. */
export async function runStage(stage: StageProcess, context: StageContext): Promise<FinishedStage> {
  const { masks, workspace, debug } = context;
  const reader = new CommandReader(masks, { workspace, debug });
  const startMs = performance.now();
  const execution = await start(stage, context);
  const durationMs = performance.now() - startMs;
  const log = stage.warning === undefined ? [] : [reader.read(`::warning::${stage.warning}`)];
  log.push(reader.read(execution.stdout));
  const stderr = reader.read(execution.stderr);
  const failed = execution.status !== 0;
  if (failed && stage.failure !== undefined) log.push(reader.error(stage.failure(execution.status)));
  const files = readFiles(context);
  log.push(...files.errors.map((message) => reader.error(message)));
  const outcome = failed || reader.failed || files.failed ? 'failure' : 'success';
  const result: StepResult = {
    id: context.id,
    stage: context.stage,
    outcome,
    conclusion: context.continueOnError ? 'success' : outcome,
    status: execution.status,
    stdout: log.filter((text) => text !== '').join('\n'),
    stderr,
    commands: reader.commands,
    annotations: reader.annotations,
    groups: reader.groups,
    outputs: { ...reader.outputs, ...files.outputs },
    state: { ...context.state, ...reader.state, ...files.state },
    summary: masks.apply(files.summary),
    durationMs,
  };
  return { result, env: files.env, path: files.path };
}

async function start(stage: StageProcess, context: StageContext): Promise<Execution> {
  const env = variables(stage, context);
  try {
    return await context.execute(stage.command, { env, cwd: stage.cwd, signal: context.signal });
  } catch (error) {
    return { status: 127, stdout: '', stderr: `${stage.command[0]}: ${String(error)}` };
  }
}

/** The later ones win: nobody overrides what the runner says of itself. */
function variables(stage: StageProcess, context: StageContext): Record<string, string> {
  const { environment, env, path, files, toInside } = context;
  const all: Record<string, string> = { ...environment.host, ...env, ...stage.env, ...environment.contexts };
  all['PATH'] = [...path, all['PATH'] ?? ''].join(':');
  all['GITHUB_ACTION'] = stage.action;
  for (const [name, file] of Object.entries(files)) all[`GITHUB_${name}`] = toInside(file);
  return all;
}

interface FileResults {
  readonly env: Record<string, string>;
  readonly path: string[];
  readonly outputs: Record<string, string>;
  readonly state: Record<string, string>;
  summary: string;
  readonly errors: string[];
  failed: boolean;
}

/** Files are read one by one: one that can't be read fails the step and leaves the others as they are. */
function readFiles({ files }: StageContext): FileResults {
  const results: FileResults = { env: {}, path: [], outputs: {}, state: {}, summary: '', errors: [], failed: false };
  const attempt = (name: string, read: () => void): void => {
    try {
      read();
    } catch (error) {
      // A file that the step removed holds nothing.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      results.errors.push(`Unable to process file command '${name}' successfully. ${(error as Error).message}`);
      results.failed = true;
    }
  };
  attempt('path', () => results.path.push(...readPathFile(files.PATH)));
  attempt('env', () => {
    for (const [name, value] of readPairs(files.ENV)) {
      if (!BLOCKED_ENV.has(name.toUpperCase())) results.env[name] = value;
      else results.errors.push(`Can't store ${name} output parameter using '$GITHUB_ENV' command.`);
    }
  });
  attempt('output', () => Object.assign(results.outputs, Object.fromEntries(readPairs(files.OUTPUT))));
  attempt('state', () => Object.assign(results.state, Object.fromEntries(readPairs(files.STATE))));
  try {
    results.summary = readSummary(files.STEP_SUMMARY);
  } catch (error) {
    // A summary that is too long is an error in the log and no failure.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') results.errors.push((error as Error).message);
  }
  return results;
}
