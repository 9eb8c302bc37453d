// `lazypull convert`: flags become a conversion, and what comes of it is told.
import { parseLocation, type ImageLocation } from '../image/location.ts';
import type { ImageTarget } from '../image/model.ts';
import { openSource, openTarget, type ImageAccess } from '../image/open.ts';
import { UserError } from '../errors.ts';
import { checkConvertOptions, convertImage } from '../optimize/convert.ts';
import type { ConvertOptions, ConvertResult } from '../optimize/convert-model.ts';
import { ProfileInputs } from '../optimize/profile-inputs.ts';
import { returnLargeBlocks } from '../malloc.ts';
import { ConvertReporter } from './convert-reporter.ts';
import { listFlag, parsePlatformFlag, textFlag, type Flags } from './flag-values.ts';
import { openImageAccess } from './image-access.ts';
import { Interrupts } from './interrupts.ts';
import { layerFormatOptions, tocLocation } from './layer-format-flags.ts';

/** Converts, and writes what came of it. @throws UserError for wrong arguments; whatever the conversion throws. */
export async function runConvert(source: string, target: string, flags: Flags): Promise<void> {
  returnLargeBlocks();
  const from = parseLocation(source);
  const to = parseLocation(target);
  const json = flags['json'] === true;
  if (json && to.kind === 'stream') {
    throw new UserError('standard output can have the image or the JSON', 'Leave out --json, or name a file as DST.');
  }
  const options = await readOptions(flags, to);
  using interrupts = new Interrupts();
  const reporter = new ConvertReporter({ json, linesTo: to.kind === 'stream' ? process.stderr : process.stdout });
  try {
    await using access = await openImageAccess(flags, [from, to]);
    const result = await convert({ from, to, access, options, reporter }, interrupts.abort);
    reporter.finish(result);
  } catch (error) {
    // What an abort breaks says other things.
    interrupts.abort.throwIfAborted();
    throw error;
  } finally {
    reporter.stop();
  }
}

type OptionsOfFlags = Omit<ConvertOptions, 'workDir' | 'tocTarget' | 'profileOf'> & {
  readonly inputs: ProfileInputs | undefined;
  readonly tocLocation: ImageLocation | undefined;
};

/** All that can be wrong is found before an image is touched. */
async function readOptions(flags: Flags, to: ImageLocation): Promise<OptionsOfFlags> {
  const format = layerFormatOptions(flags);
  const platforms = listFlag(flags, 'platform').map((text) => parsePlatformFlag(text));
  const recordings = listFlag(flags, 'profile');
  const prefetchList = textFlag(flags, 'prefetchList');
  const hasProfile = recordings.length > 0 || prefetchList !== undefined;
  checkConvertOptions({ ...format, hasProfile });
  return {
    ...format,
    platforms: platforms.length === 0 ? undefined : platforms,
    tocLocation: format.layers.externalToc ? tocLocation(to) : undefined,
    inputs: hasProfile ? await ProfileInputs.read({ recordings, prefetchList }) : undefined,
  };
}

interface Job {
  readonly from: ImageLocation;
  readonly to: ImageLocation;
  readonly access: ImageAccess;
  readonly options: OptionsOfFlags;
  readonly reporter: ConvertReporter;
}

async function convert(job: Job, signal: AbortSignal): Promise<ConvertResult> {
  const { access, reporter } = job;
  const { inputs, tocLocation: tocPlace, ...rest } = job.options;
  await using source = await openSource(job.from, access, signal);
  await using target = await openTarget(job.to, access, signal);
  await using tocTarget: ImageTarget | undefined =
    tocPlace === undefined ? undefined : await openTarget(tocPlace, access, signal);
  const options: ConvertOptions = {
    ...rest,
    workDir: access.workDir,
    tocTarget,
    profileOf: inputs && ((image) => inputs.profileFor(image, (patterns) => reporter.unmatched(image, patterns))),
  };
  return await convertImage(source, target, options, signal, (progress) => reporter.progress(progress));
}
