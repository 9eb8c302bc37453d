// The recorder: mounts an image, runs a workload on it, and says what was read. A process of its own, the first one in
// its own PID and mount namespaces: when it ends, however it does, the kernel ends the workload and unmounts everything.
// Its threads wait for FUSE requests, so it must end by _exit(2) (src/fuse/README.md).
import { describeError } from '../errors.ts';
import { encodeError } from '../layer/error-codec.ts';
import { AccessLog } from './access-log.ts';
import type { FromRecorder, RecordJob, RecordOutcome, ToRecorder } from './record-job.ts';
import { RecordingMount } from './recording-mount.ts';
import { Runner } from './runner.ts';

/** The way back to the command. */
export interface RecorderChannel {
  /** Resolves when the message is on its way. */
  send(message: FromRecorder): Promise<void>;
}

/** Does one job. */
export class Recorder {
  readonly #channel: RecorderChannel;
  #runner: Runner | undefined;
  #stopAsked = false;

  constructor(channel: RecorderChannel) {
    this.#channel = channel;
  }

  /** Takes a message of the command. @returns true when the work is done and the process should end. */
  async handle(message: ToRecorder): Promise<boolean> {
    if (message.type === 'stop') {
      this.#stopAsked = true;
      this.#runner?.stop();
      return false;
    }
    try {
      await this.#channel.send({ type: 'done', outcome: await this.#record(message.job) });
    } catch (error) {
      await this.#channel.send({ type: 'failed', error: encodeError(error) });
    }
    return true;
  }

  async #record(job: RecordJob): Promise<RecordOutcome> {
    const log = new AccessLog();
    const mount = await RecordingMount.open({ folder: job.folder, layers: job.layers, tier: job.tier, log });
    let durationMs = 0;
    try {
      this.#runner = new Runner(job, job.folder, (reason) => {
        durationMs = log.stop();
        void this.#channel.send({ type: 'stopping', reason });
      });
      if (this.#stopAsked) this.#runner.stop();
      log.start();
      const { reason, status } = await this.#runner.run(() => void this.#channel.send({ type: 'started' }));
      if (mount.failure !== undefined) throw mount.failure;
      return { reason, status, durationMs, files: log.files(), reads: mount.reads };
    } finally {
      await mount.close().catch((error: unknown) => {
        process.stderr.write(`lazypull: unmounting: ${describeError(error)}\n`); // it goes with the namespace
      });
    }
  }
}
