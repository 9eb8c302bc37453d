// Runs a workload of an image and makes a profile of what it read. This is the command's side: it prepares the job,
// starts the recorder in namespaces of its own (recorder.ts), and translates what comes back into names.
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LayerTar } from '../build/model.ts';
import { plainToc } from '../build/plain-toc.ts';
import { LazypullError, UserError, describeError } from '../errors.ts';
import type { ErofsTier } from '../fuse/mount.ts';
import { decodeError, type ErrorRecord } from '../layer/error-codec.ts';
import type { Profile } from './profile.ts';
import { prepareSpec } from './prepare-spec.ts';
import { profileOfRecording } from './profile-of-recording.ts';
import type { FromRecorder, RecordJob, RecordOutcome, StopReason, ToRecorder } from './record-job.ts';
import { stopSignalOf, type WorkloadOptions } from './workload.ts';
import { parseRunConfig } from './image-config.ts';

/** As large as it gets: the recorder reads from the tar at any offset, chunks are of no use to it. */
const CHUNK_SIZE = 1 << 30;

/** An image as it lies on this machine. */
export interface RecordedImage {
  readonly image: Profile['image'];
  /** The image config's JSON. */
  readonly config: Uint8Array;
  /** From the bottom up. */
  readonly layers: readonly LayerTar[];
}

export interface RecordOptions {
  readonly source: RecordedImage;
  readonly workload: WorkloadOptions;
  /** Ends the workload after this time; undefined: never. */
  readonly periodMs: number | undefined;
  /** Ends it when its output has a line with this text. */
  readonly line: string | undefined;
  /** Program and arguments that start the recorder: this program's command for it. */
  readonly recorder: readonly string[];
  /** Absolute path of runc or a runtime with its command line. */
  readonly runtime: string;
  /** An empty folder of ours. */
  readonly folder: string;
  /** Name of the container and its cgroup: that of the WorkFolder, which removes what is left of it. */
  readonly id: string;
  /** How layers are mounted; default is what works here. */
  readonly tier?: ErofsTier | 'auto' | undefined;
  /** Aborted: the workload is ended and what was recorded counts. */
  readonly stop?: AbortSignal | undefined;
  readonly onEvent?: (event: RecordEvent) => void;
}

/** What a person who waits is told. */
export type RecordEvent = { readonly type: 'started' } | { readonly type: 'stopping'; readonly reason: StopReason };

/** What came of it. */
export interface Recording {
  readonly profile: Profile;
  readonly reason: StopReason;
  /** The workload's exit status; of one that we ended, it says nothing. */
  readonly status: number;
}

/**
 * Records a workload. Nothing of it is left when this returns or throws, but files in `folder`.
 * @param signal aborted: everything is ended at once and nothing is recorded.
 * @throws UserError where this machine can't, or for a workload that can't be started.
 */
export async function recordWorkload(options: RecordOptions, signal?: AbortSignal): Promise<Recording> {
  signal?.throwIfAborted();
  const job = await prepareJob(options);
  const outcome = await runRecorder(job, options, signal);
  const { source } = options;
  const command = (JSON.parse(job.spec) as { process: { args: string[] } }).process.args;
  const profile = profileOfRecording(outcome, { image: source.image, layers: source.layers, command });
  return { profile, reason: outcome.reason, status: outcome.status };
}

async function prepareJob(options: RecordOptions): Promise<RecordJob> {
  const { source, folder, id, workload } = options;
  const layers = await Promise.all(
    source.layers.map(async (layer, index) => {
      const tocPath = join(folder, `toc-${index}.json`);
      await writeFile(tocPath, plainToc(layer, CHUNK_SIZE), { mode: 0o600 });
      return { tarPath: layer.path, tocPath };
    }),
  );
  const config = parseRunConfig(source.config);
  return {
    folder,
    id,
    layers,
    tier: options.tier ?? 'auto',
    spec: await prepareSpec({ config, workload, layers: source.layers, folder, id }),
    runtime: options.runtime,
    stop: { periodMs: options.periodMs, line: options.line, signal: stopSignalOf(config) },
    interactive: workload.interactive === true || workload.terminal === true,
    terminal: workload.terminal === true,
  };
}

async function runRecorder(job: RecordJob, options: RecordOptions, signal?: AbortSignal): Promise<RecordOutcome> {
  const child = startRecorder(job, options.recorder);
  const outcome = Promise.withResolvers<RecordOutcome>();
  outcome.promise.catch(() => {}); // it is awaited when the child has ended
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.once('error', (cause) => {
    outcome.reject(new UserError(`can't start unshare: ${describeError(cause)}`, 'Install util-linux.', { cause }));
  });
  child.once('exit', (code) => {
    outcome.reject(new LazypullError('ABORTED', `the recorder ended unexpectedly, status ${code ?? 'unknown'}`));
  });
  child.on('message', (message: FromRecorder) => {
    if (message.type === 'done') outcome.resolve(message.outcome);
    else if (message.type === 'failed') outcome.reject(failureOf(message.error));
    else options.onEvent?.(message);
  });
  const stop = (): void => void (child.connected && child.send({ type: 'stop' } satisfies ToRecorder));
  const abort = (): void => {
    outcome.reject(signal?.reason);
    if (child.connected) child.disconnect(); // it ends by this, and everything with it
  };
  options.stop?.addEventListener('abort', stop);
  signal?.addEventListener('abort', abort);
  try {
    if (child.connected) child.send({ type: 'job', job } satisfies ToRecorder);
    if (options.stop?.aborted === true) stop();
    return await outcome.promise;
  } finally {
    options.stop?.removeEventListener('abort', stop);
    signal?.removeEventListener('abort', abort);
    if (child.pid !== undefined) await exited;
  }
}

/** What the user can change stays such an error across the processes; its message has the fix in it. */
function failureOf(record: ErrorRecord): Error {
  return record.name === 'UserError' ? new UserError(record.message) : decodeError(record);
}

/**
 * A PID namespace, so that all its processes die with the recorder, which is its first; a mount namespace, so that the
 * mounts go with them. unshare(1) because Node has no such call, and its threads are already there.
 */
function startRecorder(job: RecordJob, recorder: readonly string[]): ChildProcess {
  const args = ['--mount', '--pid', '--fork', '--mount-proc', '--', ...recorder];
  // Results go to our standard output, so what the workload writes goes to standard error, unless it has the terminal.
  const output = job.terminal ? 'inherit' : 2;
  return spawn('unshare', args, {
    stdio: [job.interactive ? 'inherit' : 'ignore', output, 2, 'ipc'],
    // Without a terminal of its own, Ctrl-C is for us alone.
    detached: !job.interactive,
  });
}
