// `lazypull optimize`: reads an image, runs it, writes a recording, and writes the image with what was read in front.
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LazypullError, UserError, describeError } from '../errors.ts';
import type { ImageSource, ImageTarget } from '../image/model.ts';
import { openSource, openTarget, type ImageAccess } from '../image/open.ts';
import { hostPlatform, type Platform } from '../oci/platform.ts';
import type { ProfiledImage } from '../optimize/collect-profile.ts';
import type { ConvertOptions, ConvertProgress } from '../optimize/convert-model.ts';
import { convertImage } from '../optimize/convert.ts';
import { ImageView } from '../optimize/image-view.ts';
import { LayerImports } from '../optimize/layer-imports.ts';
import { openPlatformImage, platformName } from '../optimize/platform-image.ts';
import { encodeProfile } from '../optimize/profile-codec.ts';
import type { Profile } from '../optimize/profile.ts';
import { recordWorkload, type RecordedImage, type Recording } from '../optimize/record.ts';
import { isRunnableHere, requireRunnable } from '../optimize/runtime.ts';
import { returnLargeBlocks } from '../malloc.ts';
import { ConvertReporter } from './convert-reporter.ts';
import { plural, printable } from './format.ts';
import { openImageAccess } from './image-access.ts';
import { Interrupts } from './interrupts.ts';
import type { OptimizeArguments, OptimizeFlags } from './optimize-flags.ts';
import { planOptimize, type OptimizePlan, type OptimizeTarget } from './optimize-plan.ts';
import { recordingEnds, workloadRuns } from './record-text.ts';

/** Does it all. @throws UserError for wrong arguments and for what this machine lacks; LazypullError for a failed workload. */
export async function runOptimize(args: OptimizeArguments, flags: OptimizeFlags): Promise<void> {
  returnLargeBlocks();
  const plan = await planOptimize(args, flags);
  using interrupts = new Interrupts({ firstStops: plan.stop.onSignal });
  try {
    await optimize(plan, interrupts);
  } catch (error) {
    // What an abort breaks says other things.
    interrupts.abort.throwIfAborted();
    throw error;
  }
}

async function optimize(plan: OptimizePlan, interrupts: Interrupts): Promise<void> {
  const { source: from, target: to } = plan;
  await using access = await openImageAccess(plan.flags, to === undefined ? [from] : [from, to.location]);
  await using source = await openSource(from, access, interrupts.abort);
  await using imports = new LayerImports({ source, workDir: access.workDir });
  const around = { source, imports, access, interrupts };
  if (plan.runtime !== undefined || plan.flags.recordOut !== undefined) await useImage(plan, around);
  interrupts.nothingToStop();
  if (to !== undefined) await writeImage(plan, to, around);
}

interface Surroundings {
  readonly source: ImageSource;
  readonly imports: LayerImports;
  readonly access: ImageAccess;
  readonly interrupts: Interrupts;
}

/** Writes the image with the inputs' files in front. */
async function writeImage(plan: OptimizePlan, to: OptimizeTarget, around: Surroundings): Promise<void> {
  const { source, imports, access, interrupts } = around;
  const { inputs, flags } = plan;
  const linesTo = to.location.kind === 'stream' ? process.stderr : process.stdout;
  const reporter = new ConvertReporter({ json: flags.json === true, linesTo });
  await using target = await openTarget(to.location, access, interrupts.abort);
  await using tocTarget: ImageTarget | undefined =
    to.tocLocation === undefined ? undefined : await openTarget(to.tocLocation, access, interrupts.abort);
  const profileOf = (image: ProfiledImage): Profile =>
    inputs.profileFor(image, (patterns) => reporter.unmatched(image, patterns));
  try {
    const options: ConvertOptions = {
      ...to.format,
      platforms: plan.platforms.length === 0 ? undefined : plan.platforms,
      workDir: access.workDir,
      tocTarget,
      imports,
      profileOf: plan.isOrdered ? profileOf : undefined,
    };
    const onProgress = (progress: ConvertProgress): void => reporter.progress(progress);
    reporter.finish(await convertImage(source, target, options, interrupts.abort, onProgress));
  } finally {
    reporter.stop();
  }
}

/** Runs the image of this machine's platform, and writes the recording. */
async function useImage(plan: OptimizePlan, around: Surroundings): Promise<void> {
  const { flags, inputs } = plan;
  const { source, imports, interrupts } = around;
  const image = await openPlatformImage(source, platformToRun(plan.platforms), interrupts.abort);
  if (plan.runtime !== undefined) requireRunnable(image.platform);
  tell(`reading ${plural(image.manifest.layers.length, 'layer')} of ${printable(source.name)}`);
  const layers = await Promise.all(
    image.manifest.layers.map((layer, index) => imports.get(layer, image.diffIds[index], interrupts.abort)),
  );
  const about = { name: source.name, digest: image.document.descriptor.digest, platform: platformName(image) };
  if (plan.runtime !== undefined) {
    inputs.add((await record(plan, plan.runtime, { image: about, config: image.config, layers }, around)).profile);
  }
  if (flags.recordOut === undefined) return;
  const subject: ProfiledImage = { image: about, layers: image.diffIds, view: new ImageView(layers) };
  await writeRecording(flags.recordOut, encodeProfile(inputs.profileFor(subject)));
}

/** Of the platforms that were asked for, the one of this machine. */
function platformToRun(platforms: readonly Platform[]): Platform {
  return platforms.find(isRunnableHere) ?? platforms[0] ?? hostPlatform();
}

async function record(
  plan: OptimizePlan,
  runtime: string,
  source: RecordedImage,
  { access, interrupts }: Surroundings,
): Promise<Recording> {
  const folder = join(access.workDir, 'record');
  await mkdir(folder);
  const recording = await recordWorkload(
    {
      source,
      workload: plan.workload,
      periodMs: plan.stop.periodMs,
      line: plan.stop.line,
      recorder: [process.execPath, ...process.execArgv, process.argv[1] ?? '', 'record-workload'],
      runtime,
      folder,
      id: basename(access.workDir),
      tier: plan.flags.tier,
      stop: interrupts.stop,
      onEvent: (event) => tell(event.type === 'started' ? workloadRuns(plan.stop) : recordingEnds(event.reason)),
    },
    interrupts.abort,
  );
  requireSuccess(recording, plan);
  return recording;
}

/** A workload that failed read what a failing workload reads. */
function requireSuccess({ reason, status }: Recording, { flags, stop }: OptimizePlan): void {
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

async function writeRecording(path: string, text: string): Promise<void> {
  if (path === '-') {
    process.stdout.write(text);
    return;
  }
  try {
    await writeFile(path, text);
  } catch (cause) {
    throw new UserError(`can't write ${path}: ${describeError(cause)}`, undefined, { cause });
  }
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
