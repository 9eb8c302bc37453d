// The flags and help of `lazypull inspect`.
import { type Command, Option } from 'commander';
import { IMAGES_HELP, imageAccessOptions, jsonOption, repeatable } from './common-flags.ts';
import type { Flags } from './flag-values.ts';

const HELP = `
Nothing is downloaded but the ends of the layers' blobs, where tables of contents are. blob:FILE is a layer's blob by
itself.

Examples:
  lazypull inspect ghcr.io/org/app:1                  layers, and what a lazy start would fetch
  lazypull inspect --layer 3 ghcr.io/org/app:1        one layer (1 is the bottom): chunks, largest files
  lazypull inspect --tree usr/lib ghcr.io/org/app:1   files, with layer, size and chunks
  lazypull inspect --all-platforms --json oci:build   everything, for programs
  lazypull inspect blob:layer.tar.gz`;

/** Values of the flags as commander gives them. */
export type InspectFlags = Flags & {
  readonly platform?: readonly string[];
  readonly allPlatforms?: boolean;
  readonly layer?: string;
  /** The path; true without one. */
  readonly tree?: string | true;
  readonly depth?: string;
  readonly json?: boolean;
};

/** Adds the command. */
export function addInspect(program: Command): void {
  const command = program
    .command('inspect')
    .summary('what is in an image, and what lazy pulling makes of it')
    .description(
      'Say what is in the layers of an image, and how they would be pulled lazily, without downloading them.',
    )
    .argument('<IMAGE>', 'image to look at, or blob:FILE');
  for (const option of [...platformOptions(), ...viewOptions(), jsonOption(), ...imageAccessOptions()]) {
    command.addOption(option);
  }
  command.addHelpText('after', `\n${IMAGES_HELP}\n${HELP}`).action(async (image: string, flags: InspectFlags) => {
    const { runInspect } = await import('./inspect-command.ts');
    await runInspect(image, flags);
  });
}

/** Which images of an index: of `inspect` and `verify`. */
export function platformOptions(): Option[] {
  return [
    repeatable('--platform <PLATFORM>', 'e.g. linux/arm64 (default: this machine); may be repeated'),
    new Option('--all-platforms', 'all images of an index').conflicts('platform'),
  ];
}

function viewOptions(): Option[] {
  return [
    new Option('--layer <N>', 'only this layer, in detail; 1 is the bottom'),
    new Option('--tree [PATH]', 'the files, or those below PATH'),
    new Option('--depth <N>', 'levels of the tree (default: 2)'),
  ];
}
