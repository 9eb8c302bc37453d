// What the flags of `lazypull optimize` come to, checked before anything is read.
import { UserError } from '../errors.ts';
import { requireRecording } from '../optimize/runtime.ts';
import type { WorkloadOptions } from '../optimize/workload.ts';
import type { OptimizeArguments, OptimizeFlags } from './optimize-flags.ts';
import { stopRules, workloadOptions, type StopFlags } from './workload-flags.ts';

export interface OptimizePlan {
  readonly args: OptimizeArguments;
  readonly flags: OptimizeFlags;
  readonly workload: WorkloadOptions;
  readonly stop: StopFlags;
  /** Absolute path of the runtime; undefined when the image is not run. */
  readonly runtime: string | undefined;
}

/** @throws UserError for what contradicts itself, or can't be done on this machine. */
export function planOptimize(args: OptimizeArguments, flags: OptimizeFlags): OptimizePlan {
  const isGiven = flags.recordIn !== undefined || flags.prefetchList !== undefined;
  // What was recorded before is used instead of a run, and together with one that is asked for in words.
  const runs = flags.optimize !== false && (!isGiven || args.command !== undefined);
  if (args.target === undefined && flags.recordOut === undefined) {
    throw new UserError('there is nothing to write', 'Name an image to write after SRC, or a file with --record-out.');
  }
  if (flags.optimize === false && args.command !== undefined) {
    throw new UserError('--no-optimize runs nothing', 'Leave it out, or the command after --.');
  }
  if (args.source === '-' && (flags.interactive === true || flags.tty === true || flags.terminal === true)) {
    throw new UserError('standard input is the image, so the workload can not have it', 'Leave out -i and -t.');
  }
  const workload = workloadOptions(flags, args.command);
  const stop = stopRules(flags);
  return { args, flags, workload, stop, runtime: runs ? requireRecording(flags.runtime ?? 'runc') : undefined };
}
