// `lazypull verify`: whether an image is right, for people, programs and the exit status.
import { parseLocation } from '../image/location.ts';
import { openSource } from '../image/open.ts';
import { openBlobSource } from '../optimize/inspect-blob.ts';
import { verifyImage, type VerifyOptions } from '../optimize/verify.ts';
import type { Verification } from '../optimize/verify-model.ts';
import { returnLargeBlocks } from '../malloc.ts';
import { EXIT_FAILED } from './exit-codes.ts';
import { integerFlag } from './flag-values.ts';
import { openImageAccess } from './image-access.ts';
import { BLOB_PREFIX, platformsOf, TocImage } from './image-platforms.ts';
import { Interrupts } from './interrupts.ts';
import { textStyle } from './text-style.ts';
import type { VerifyFlags } from './verify-flags.ts';
import { verificationText, VerifyReporter } from './verify-reporter.ts';

const MAX_JOBS = 1024;

/** Does it all; sets the exit status. @throws UserError for wrong arguments; LazypullError when the image can't be read. */
export async function runVerify(image: string, flags: VerifyFlags): Promise<void> {
  returnLargeBlocks();
  const platforms = platformsOf(flags);
  const layer = integerFlag(flags, 'layer', 1, 1000);
  const workers = integerFlag(flags, 'jobs', 1, MAX_JOBS);
  using interrupts = new Interrupts();
  const reporter = new VerifyReporter();
  const options: VerifyOptions = { platforms, layer, workers, onProgress: (progress) => reporter.progress(progress) };
  let verification: Verification;
  try {
    verification = image.startsWith(BLOB_PREFIX)
      ? await verifyBlobFile(image.slice(BLOB_PREFIX.length), options, interrupts.abort)
      : await verifyNamed(image, flags, options, interrupts.abort);
  } finally {
    reporter.stop();
  }
  if (flags.json === true) process.stdout.write(`${JSON.stringify(verification, undefined, 2)}\n`);
  else process.stdout.write(verificationText(verification, textStyle(process.stdout)));
  if (!verification.ok) process.exitCode = EXIT_FAILED;
}

async function verifyNamed(
  image: string,
  flags: VerifyFlags,
  options: VerifyOptions,
  signal: AbortSignal,
): Promise<Verification> {
  const location = parseLocation(image);
  await using access = await openImageAccess(flags, [location]);
  await using source = await openSource(location, access, signal);
  await using tocImage = new TocImage(location, access);
  return await verifyImage(source, { ...options, openTocImage: tocImage.open }, signal);
}

async function verifyBlobFile(path: string, options: VerifyOptions, signal: AbortSignal): Promise<Verification> {
  await using source = await openBlobSource(path, signal);
  return await verifyImage(source, { ...options, platforms: 'all' }, signal);
}
