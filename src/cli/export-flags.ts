// The flags and help of `lazypull export`.
import { type Command, Option } from 'commander';
import { imageAccessOptions, jsonOption, repeatable } from './common-flags.ts';
import type { Flags } from './flag-values.ts';
import { addLayerFormatFlags } from './layer-format-flags.ts';

const HELP = `
SRC is - for a pipe, the path of an archive or of a folder in OCI layout, or an image anywhere (see: convert --help).
Layers of the base image stay as they are, and are not sent when the registry has them. The base is found in the build's
provenance, in the image's annotations, or in the file of --metadata-file; --base names it.

Standard output has REF@DIGEST for each tag, standard error everything else.

Examples:
  docker buildx build --output type=oci,dest=- . | lazypull export - -t ghcr.io/org/app:1
  docker buildx build --metadata-file build.json --output type=oci,dest=- . |
    lazypull export - -t ghcr.io/org/app:1 -t ghcr.io/org/app:latest --profile start.json --metadata-file build.json
  lazypull export ghcr.io/org/app:build -t ghcr.io/org/app:1 --profile start.json
  docker save app:1 | lazypull export - -t ghcr.io/org/app:1 --base ghcr.io/org/mirror/node:22
`;

/** Adds the command. */
export function addExport(program: Command): void {
  const command = program
    .command('export')
    .summary('push what a build made, so that it starts fast')
    .description('Push what a build made, so that it starts fast: instead of the last step of the build.')
    .argument('<SRC>', 'what the build wrote')
    .addOption(
      repeatable(
        '-t, --tag <REF>',
        'name to push it as; may be repeated, also for several registries',
      ).makeOptionMandatory(),
    )
    .addOption(
      repeatable('--profile <FILE>', 'put the files of a recording in front (ours or of ctr-remote); may be repeated'),
    )
    .addOption(new Option('--prefetch-list <FILE>', 'put these files in front: globs, one a line, # comments'))
    .addOption(repeatable('--platform <PLATFORM>', 'only this one of an index, e.g. linux/arm64; may be repeated'))
    .optionsGroup('The base image:')
    .addOption(repeatable('--base <REF>', 'the image in the last FROM; may be repeated, for several platforms'))
    .option('--rewrite-base', 'convert and order the layers of the base, too')
    .optionsGroup('What is told:')
    .option('--metadata-file <FILE>', 'say there what was pushed, as buildx does; what else is in it stays')
    .option('--target <NAME>', 'with --metadata-file of docker buildx bake: the target that SRC is of')
    .option('--iidfile <FILE>', 'write the digest there')
    .addOption(jsonOption());
  addLayerFormatFlags(command, { external: false });
  for (const option of imageAccessOptions()) command.addOption(option);
  command.addHelpText('after', HELP).action(async (source: string, flags: Flags) => {
    const { runExport } = await import('./export-command.ts');
    await runExport(source, flags);
  });
}
