// What the flags of `lazypull optimize` come to, checked before anything is read.
import { UserError } from '../errors.ts';
import { parseLocation, type ImageLocation } from '../image/location.ts';
import type { Platform } from '../oci/platform.ts';
import { checkConvertOptions } from '../optimize/convert.ts';
import { ProfileInputs } from '../optimize/profile-inputs.ts';
import { requireRecording } from '../optimize/runtime.ts';
import type { WorkloadOptions } from '../optimize/workload.ts';
import { listFlag, parsePlatformFlag } from './flag-values.ts';
import { layerFormatOptions, tocLocation } from './layer-format-flags.ts';
import type { OptimizeArguments, OptimizeFlags } from './optimize-flags.ts';
import { stopRules, workloadOptions, type StopFlags } from './workload-flags.ts';

/** The image to write. */
export interface OptimizeTarget {
  readonly location: ImageLocation;
  /** Where the image with the external TOCs goes. */
  readonly tocLocation: ImageLocation | undefined;
  readonly format: ReturnType<typeof layerFormatOptions>;
}

export interface OptimizePlan {
  readonly flags: OptimizeFlags;
  readonly source: ImageLocation;
  /** undefined: only a recording is written. */
  readonly target: OptimizeTarget | undefined;
  /** Those that the user named. */
  readonly platforms: readonly Platform[];
  readonly workload: WorkloadOptions;
  readonly stop: StopFlags;
  /** Absolute path of the runtime; undefined when the image is not run. */
  readonly runtime: string | undefined;
  /** What was recorded before, and what is listed. */
  readonly inputs: ProfileInputs;
  /** Whether files are brought to the front at all. */
  readonly isOrdered: boolean;
}

/** @throws UserError for what contradicts itself, or can't be done on this machine. */
export async function planOptimize(args: OptimizeArguments, flags: OptimizeFlags): Promise<OptimizePlan> {
  const isGiven = flags.recordIn !== undefined || flags.prefetchList !== undefined;
  const isOrdered = flags.optimize !== false;
  // What was recorded before is used instead of a run, and together with one that is asked for in words.
  const runs = isOrdered && (!isGiven || args.command !== undefined);
  requireConsistent(args, flags);
  const workload = workloadOptions(flags, args.command);
  return {
    flags,
    source: parseLocation(args.source),
    target: args.target === undefined ? undefined : planTarget(args.target, flags, isOrdered),
    platforms: listFlag(flags, 'platform').map((text) => parsePlatformFlag(text)),
    workload,
    stop: stopRules(flags),
    runtime: runs ? requireRecording(flags.runtime ?? 'runc') : undefined,
    inputs: await ProfileInputs.read({ recordings: flags.recordIn ?? [], prefetchList: flags.prefetchList }),
    isOrdered,
  };
}

function planTarget(target: string, flags: OptimizeFlags, hasProfile: boolean): OptimizeTarget {
  const location = parseLocation(target);
  if (flags.json === true && location.kind === 'stream') {
    throw new UserError('standard output can have the image or the JSON', 'Leave out --json, or name a file as DST.');
  }
  const format = layerFormatOptions(flags);
  checkConvertOptions({ ...format, hasProfile });
  return { location, format, tocLocation: format.layers.externalToc ? tocLocation(location) : undefined };
}

function requireConsistent({ source, target, command }: OptimizeArguments, flags: OptimizeFlags): void {
  if (target === undefined && flags.recordOut === undefined) {
    throw new UserError('there is nothing to write', 'Name an image to write after SRC, or a file with --record-out.');
  }
  if (target !== undefined && flags.recordOut === '-') {
    throw new UserError('standard output tells of the image', 'Write the recording to a file, or leave DST out.');
  }
  if (flags.optimize === false && command !== undefined) {
    throw new UserError('--no-optimize runs nothing', 'Leave it out, or the command after --.');
  }
  if (source === '-' && (flags.interactive === true || flags.tty === true || flags.terminal === true)) {
    throw new UserError('standard input is the image, so the workload can not have it', 'Leave out -i and -t.');
  }
}
