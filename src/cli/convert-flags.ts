// The flags and help of `lazypull convert`.
import { type Command, Option } from 'commander';
import { IMAGES_HELP, imageAccessOptions, jsonOption, repeatable } from './common-flags.ts';
import type { Flags } from './flag-values.ts';
import { addLayerFormatFlags } from './layer-format-flags.ts';

const HELP = `
All images of an index are converted, with what belongs to them (attestations, artifacts); --platform chooses some.
Layers that are as wanted already stay as they are, unless you say how to write them. Docker's media types become OCI's.
The new image says which one it was made from, in the annotations dev.lazypull.source.name and .digest.

Examples:
  lazypull convert ghcr.io/org/app:1 ghcr.io/org/app:1-lazy
  lazypull convert --platform linux/amd64 docker.io/library/python:3.12 registry.test/python:3.12
  docker buildx build --output type=oci,dest=- . | lazypull convert - ghcr.io/org/app:1
  lazypull convert --format zstd:chunked --profile start.json oci:build:1 oci:build:1-lazy
`;

/** Adds the command. */
export function addConvert(program: Command): void {
  const command = program
    .command('convert')
    .summary('make an image lazily pullable')
    .description('Make an image lazily pullable: the same files, in layers with a table of contents.')
    .argument('<SRC>', 'image to read')
    .argument('<DST>', 'image to write')
    .addOption(repeatable('--platform <PLATFORM>', 'only this one of an index, e.g. linux/arm64; may be repeated'))
    .addOption(
      repeatable('--profile <FILE>', 'put the files of a recording in front (ours or of ctr-remote); may be repeated'),
    )
    .addOption(new Option('--prefetch-list <FILE>', 'put these files in front: globs, one a line, # comments'))
    .addOption(jsonOption());
  addLayerFormatFlags(command);
  for (const option of imageAccessOptions()) command.addOption(option);
  command
    .addHelpText('after', `\n${IMAGES_HELP}\n${HELP}`)
    .action(async (source: string, target: string, flags: Flags) => {
      const { runConvert } = await import('./convert-command.ts');
      await runConvert(source, target, flags);
    });
}
