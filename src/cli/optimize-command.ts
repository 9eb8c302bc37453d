// `lazypull optimize`: reads an image, runs it, writes a recording, and writes the image with what was read in front.
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LazypullError, UserError, describeError } from '../errors.ts';
import { parseLocation } from '../image/location.ts';
import type { ImageSource } from '../image/model.ts';
import { openSource, openTarget, type ImageAccess } from '../image/open.ts';
import { hostPlatform } from '../oci/platform.ts';
import type { ProfiledImage } from '../optimize/collect-profile.ts';
import { convertImage } from '../optimize/convert.ts';
import { ImageView } from '../optimize/image-view.ts';
import { LayerImports } from '../optimize/layer-imports.ts';
import { openPlatformImage, platformName } from '../optimize/platform-image.ts';
import { encodeProfile } from '../optimize/profile-codec.ts';
import { ProfileInputs } from '../optimize/profile-inputs.ts';
import { recordWorkload, type RecordedImage, type Recording } from '../optimize/record.ts';
import { requireRunnable } from '../optimize/runtime.ts';
import { parsePlatformFlag } from './flag-values.ts';
import { plural, printable } from './format.ts';
import { openImageAccess } from './image-access.ts';
import { Interrupts } from './interrupts.ts';
import type { OptimizeArguments, OptimizeFlags } from './optimize-flags.ts';
import { planOptimize, type OptimizePlan } from './optimize-plan.ts';
import { recordingEnds, workloadRuns } from './record-text.ts';

/** Does it all. @throws UserError for wrong arguments and for what this machine lacks; LazypullError for a failed workload. */
export async function runOptimize(args: OptimizeArguments, flags: OptimizeFlags): Promise<void> {
  const plan = planOptimize(args, flags);
  const inputs = await ProfileInputs.read({ recordings: flags.recordIn ?? [], prefetchList: flags.prefetchList });
  using interrupts = new Interrupts({ firstStops: plan.stop.onSignal });
  const from = parseLocation(args.source);
  const to = args.target === undefined ? undefined : parseLocation(args.target);
  await using access = await openImageAccess(flags, to === undefined ? [from] : [from, to]);
  await using source = await openSource(from, access, interrupts.abort);
  await using imports = new LayerImports({ source, workDir: access.workDir });
  if (plan.runtime !== undefined || flags.recordOut !== undefined) {
    await useImage(plan, inputs, { source, imports, access, interrupts });
  }
  interrupts.nothingToStop();
  if (to === undefined) return;
  await using target = await openTarget(to, access, interrupts.abort);
  const isOrdered = flags.optimize !== false;
  const result = await convertImage(
    source,
    target,
    {
      layers: { format: 'estargz', level: 9, chunkSize: 4 << 20, minChunkSize: 0, externalToc: false, lossless: false },
      reuse: false,
      platforms: undefined,
      workDir: access.workDir,
      imports,
      profileOf: isOrdered ? (image) => inputs.profileFor(image) : undefined,
    },
    interrupts.abort,
  );
  process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
}

interface Surroundings {
  readonly source: ImageSource;
  readonly imports: LayerImports;
  readonly access: ImageAccess;
  readonly interrupts: Interrupts;
}

/** Runs the image of this machine's platform, and writes the recording. */
async function useImage(plan: OptimizePlan, inputs: ProfileInputs, around: Surroundings): Promise<void> {
  const { flags } = plan;
  const { source, imports, interrupts } = around;
  const wanted = flags.platform?.[0];
  const platform = wanted === undefined ? hostPlatform() : parsePlatformFlag(wanted);
  const image = await openPlatformImage(source, platform, interrupts.abort);
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
  await writeRecording(flags.recordOut, encodeProfile(inputs.profileFor(subject, warnUnmatched)));
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

function warnUnmatched(patterns: readonly string[]): void {
  for (const pattern of patterns) tell(`warning: no file of the image matches ${printable(pattern)}`);
}

async function writeRecording(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    throw new UserError(`can't write ${path}: ${describeError(cause)}`, undefined, { cause });
  }
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
