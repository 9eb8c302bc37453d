// The flags and help of `lazypull verify`.
import { type Command, Option } from 'commander';
import { IMAGES_HELP, imageAccessOptions, jsonOption } from './common-flags.ts';
import type { Flags } from './flag-values.ts';
import { platformOptions } from './inspect-flags.ts';

const HELP = `
Every blob is downloaded once. Compared are: sizes and digests; media types and annotations; diff ids and history; the
table of contents with every entry of the tar in the blob, in order and field by field; the place and digest of every
chunk and file. The exit status is 0 when all of it is right, 1 when something is wrong.

Examples:
  lazypull verify ghcr.io/org/app:1
  lazypull verify --layer 2 oci:build
  lazypull verify --all-platforms --json oci-archive:image.tar
  lazypull verify blob:layer.tar.gz`;

/** Values of the flags as commander gives them. */
export type VerifyFlags = Flags & {
  readonly platform?: readonly string[];
  readonly allPlatforms?: boolean;
  readonly layer?: string;
  readonly jobs?: string;
  readonly json?: boolean;
};

/** Adds the command. */
export function addVerify(program: Command): void {
  const command = program
    .command('verify')
    .summary('check everything that can be wrong with an image')
    .description('Download an image and check that all parts of it agree: digests, table of contents, tar, config.')
    .argument('<IMAGE>', 'image to check, or blob:FILE');
  for (const option of [...platformOptions(), ...ownOptions(), jsonOption(), ...imageAccessOptions()]) {
    command.addOption(option);
  }
  command.addHelpText('after', `\n${IMAGES_HELP}\n${HELP}`).action(async (image: string, flags: VerifyFlags) => {
    const { runVerify } = await import('./verify-command.ts');
    await runVerify(image, flags);
  });
}

function ownOptions(): Option[] {
  return [
    new Option('--layer <N>', 'only this layer; 1 is the bottom'),
    new Option('--jobs <N>', 'threads that decompress (default: one for each processor)'),
  ];
}
