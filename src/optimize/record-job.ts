// What the command and the recorder, a process of its own in namespaces of its own, say to each other.
import type { ErofsTier } from '../fuse/mount.ts';
import type { ErrorRecord } from '../layer/error-codec.ts';
import type { FileRanges } from './profile.ts';

/** A layer as the recorder needs it. */
export interface RecordLayer {
  /** The layer's decompressed tar. */
  readonly tarPath: string;
  /** JSON of a TOC whose offsets are in that tar. */
  readonly tocPath: string;
}

/** When a recording ends, besides the end of the workload itself. */
export interface StopRules {
  /** After so many milliseconds; undefined: never. */
  readonly periodMs: number | undefined;
  /** When a line of the output has this text in it. */
  readonly line: string | undefined;
  /** The signal that asks the workload to end, e.g. 15. */
  readonly signal: number;
}

/** Everything that the recorder is told, once. */
export interface RecordJob {
  /** An empty folder for images, mounts and the bundle. The command removes it. */
  readonly folder: string;
  /** Name of the container, of its cgroup too. */
  readonly id: string;
  /** From the bottom up. */
  readonly layers: readonly RecordLayer[];
  readonly tier: ErofsTier | 'auto';
  /** The OCI runtime specification as JSON; its root is `rootfs` in the bundle's folder. */
  readonly spec: string;
  /** Absolute path of runc, or of a runtime with its command line. */
  readonly runtime: string;
  readonly stop: StopRules;
  /** Whether the workload gets this process's standard input. */
  readonly interactive: boolean;
  readonly terminal: boolean;
}

/** A file that was read. */
export interface RecordedFile {
  /** From the bottom, 0 is the lowest. */
  readonly layer: number;
  /** Where the file's payload begins in the layer's tar. */
  readonly tarOffset: number;
  readonly ranges: FileRanges;
  readonly firstReadMs: number;
}

/** Why a recording ended. */
export type StopReason = 'exit' | 'period' | 'line' | 'signal';

/** What came of a recording. */
export interface RecordOutcome {
  readonly reason: StopReason;
  /** The workload's status, 128 + signal when one ended it. Of one that we ended, it says nothing. */
  readonly status: number;
  readonly durationMs: number;
  /** In the order of the first read. */
  readonly files: readonly RecordedFile[];
  /** Reads of file data that the workload's kernel sent. */
  readonly reads: number;
}

/** Command to recorder. `stop`: end the workload, keep what was recorded. */
export type ToRecorder = { readonly type: 'job'; readonly job: RecordJob } | { readonly type: 'stop' };

/** Recorder to command. */
export type FromRecorder =
  | { readonly type: 'started' }
  | { readonly type: 'stopping'; readonly reason: StopReason }
  | { readonly type: 'done'; readonly outcome: RecordOutcome }
  | { readonly type: 'failed'; readonly error: ErrorRecord };
