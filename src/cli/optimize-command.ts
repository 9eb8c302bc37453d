// `lazypull optimize`: reads an image, runs it, writes a recording, and writes the image with what was read in front.
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LazypullError, UserError, describeError } from '../errors.ts';
import { parseLocation } from '../image/location.ts';
import type { ImageSource } from '../image/model.ts';
import { openSource } from '../image/open.ts';
import { hostPlatform } from '../oci/platform.ts';
import { profileOfFile, profileOfList, readRecordingFile, type ProfiledImage } from '../optimize/collect-profile.ts';
import { ImageView } from '../optimize/image-view.ts';
import { LayerImports } from '../optimize/layer-imports.ts';
import { openPlatformImage, platformName } from '../optimize/platform-image.ts';
import { encodeProfile } from '../optimize/profile-codec.ts';
import { mergeProfiles } from '../optimize/profile-merge.ts';
import type { Profile } from '../optimize/profile.ts';
import { recordWorkload, type Recording } from '../optimize/record.ts';
import { requireRecording, requireRunnable } from '../optimize/runtime.ts';
import { parsePlatformFlag } from './flag-values.ts';
import { plural, printable } from './format.ts';
import { openImageAccess } from './image-access.ts';
import { Interrupts } from './interrupts.ts';
import type { OptimizeArguments, OptimizeFlags } from './optimize-flags.ts';
import { stopRules, workloadOptions, type StopFlags } from './workload-flags.ts';

/** Does it all. @throws UserError for wrong arguments and for what this machine lacks; LazypullError for a failed workload. */
export async function runOptimize(args: OptimizeArguments, flags: OptimizeFlags): Promise<void> {
  const plan = makePlan(args, flags);
  using interrupts = new Interrupts({ firstStops: plan.stop.onSignal });
  const locations = [args.source, ...(args.target === undefined ? [] : [args.target])].map((text) =>
    parseLocation(text),
  );
  await using access = await openImageAccess(flags, locations);
  await using source = await openSource(locations[0]!, access, interrupts.abort);
  await using imports = new LayerImports({ source, workDir: access.workDir });
  const profile = await makeProfile(plan, { source, imports, workDir: access.workDir, interrupts });
  interrupts.nothingToStop();
  if (flags.recordOut !== undefined) await writeRecording(flags.recordOut, profile);
}

/** What the flags come to, checked before anything is read. */
interface Plan {
  readonly args: OptimizeArguments;
  readonly flags: OptimizeFlags;
  readonly stop: StopFlags;
  /** Whether the image is run. */
  readonly runs: boolean;
  /** Absolute path; '' when the image is not run. */
  readonly runtime: string;
}

function makePlan(args: OptimizeArguments, flags: OptimizeFlags): Plan {
  const given = flags.recordIn !== undefined || flags.prefetchList !== undefined;
  // What was recorded before is used instead of a run, and together with one that is asked for in words.
  const runs = flags.optimize !== false && (!given || args.command !== undefined);
  if (args.target === undefined && flags.recordOut === undefined) {
    throw new UserError('there is nothing to write', 'Name an image to write after SRC, or a file with --record-out.');
  }
  if (flags.optimize === false && args.command !== undefined) {
    throw new UserError('--no-optimize runs nothing', 'Leave it out, or the command after --.');
  }
  if (args.source === '-' && flags.interactive === true) {
    throw new UserError('standard input is the image, the workload can not have it too', 'Leave out --interactive.');
  }
  workloadOptions(flags, args.command); // says what is wrong with them, early
  const runtime = runs ? requireRecording(flags.runtime ?? 'runc') : '';
  return { args, flags, stop: stopRules(flags), runs, runtime };
}

interface Surroundings {
  readonly source: ImageSource;
  readonly imports: LayerImports;
  readonly workDir: string;
  readonly interrupts: Interrupts;
}

async function makeProfile(plan: Plan, { source, imports, workDir, interrupts }: Surroundings): Promise<Profile> {
  const { flags, args } = plan;
  const platform = flags.platform?.[0] === undefined ? hostPlatform() : parsePlatformFlag(flags.platform[0]);
  const image = await openPlatformImage(source, platform, interrupts.abort);
  if (plan.runs) requireRunnable(image.platform);
  tell(`reading ${plural(image.manifest.layers.length, 'layer')} of ${printable(source.name)}`);
  const layers = await Promise.all(
    image.manifest.layers.map((layer, index) => imports.get(layer, image.diffIds[index], interrupts.abort)),
  );
  const about = { name: source.name, digest: image.document.descriptor.digest, platform: platformName(image) };
  const subject: ProfiledImage = { image: about, layers: image.diffIds, view: new ImageView(layers) };
  const profiles: Profile[] = [];
  for (const path of flags.recordIn ?? []) profiles.push(profileOfFile(await readRecordingFile(path), subject));
  if (flags.prefetchList !== undefined) profiles.push(await listed(flags.prefetchList, subject));
  if (plan.runs) {
    const folder = join(workDir, 'record');
    await mkdir(folder);
    const workload = workloadOptions(flags, args.command);
    const recording = await recordWorkload(
      {
        source: { image: about, config: image.config, layers },
        workload,
        periodMs: plan.stop.periodMs,
        line: plan.stop.line,
        recorder: [process.execPath, ...process.execArgv, process.argv[1] ?? '', 'record-workload'],
        runtime: plan.runtime,
        folder,
        id: basename(workDir),
        tier: flags.tier,
        stop: interrupts.stop,
        onEvent: (event) =>
          tell(event.type === 'started' ? startedText(plan.stop) : `recording ends: ${REASONS[event.reason]}`),
      },
      interrupts.abort,
    );
    requireSuccess(recording, plan);
    profiles.push(recording.profile);
  }
  return profiles.length === 1 ? profiles[0]! : mergeProfiles(profiles);
}

const REASONS = {
  exit: 'the workload ended',
  period: 'its time is over',
  line: 'the line came',
  signal: 'you ended it',
} as const;

function startedText({ periodMs, line, onSignal }: StopFlags): string {
  const rules = [
    ...(line === undefined ? [] : [`until a line has ${JSON.stringify(line)}`]),
    ...(onSignal ? ['until Ctrl-C'] : []),
    ...(periodMs === undefined ? [] : [`for ${periodMs / 1000} s at most`]),
  ];
  return `running the image ${rules.join(', ')}`;
}

/** A workload that failed read what a failing workload reads. */
function requireSuccess({ reason, status }: Recording, { flags, stop }: Plan): void {
  if (reason === 'period' && stop.periodIsLimit) {
    throw new LazypullError(
      'FAILED_PRECONDITION',
      `no line with ${JSON.stringify(stop.line)} within ${(stop.periodMs ?? 0) / 1000} s; --period gives it more time`,
    );
  }
  if (reason !== 'exit' || status === 0 || flags.ignoreExit === true) return;
  throw new LazypullError(
    'FAILED_PRECONDITION',
    `the workload failed with status ${status}; --ignore-exit uses what it read all the same`,
  );
}

async function listed(path: string, subject: ProfiledImage): Promise<Profile> {
  const { profile, unmatched } = await profileOfList(path, subject);
  for (const pattern of unmatched) tell(`warning: ${path}: ${printable(pattern)} matches no file`);
  return profile;
}

async function writeRecording(path: string, profile: Profile): Promise<void> {
  try {
    await writeFile(path, encodeProfile(profile));
  } catch (cause) {
    throw new UserError(`can't write ${path}: ${describeError(cause)}`, undefined, { cause });
  }
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
