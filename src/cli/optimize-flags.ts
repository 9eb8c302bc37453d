// `lazypull optimize` on the command line: flags, help, and what they come to.
import { type Command, Option } from 'commander';
import { IMAGES_HELP, imageAccessOptions, jsonOption, repeatable } from './common-flags.ts';
import type { Flags } from './flag-values.ts';
import { addLayerFormatFlags } from './layer-format-flags.ts';
import { addWorkloadFlags, type WorkloadFlags } from './workload-flags.ts';

const HELP = `
The image is run on this machine (root, runc and EROFS are needed; no containerd, no network), its reads are recorded, and
the image is written again with what was read in front. Layers of other platforms get the same paths in front.
Without DST nothing is written but --record-out.

Examples:
  lazypull optimize ghcr.io/org/app:1 ghcr.io/org/app:1-lazy -- serve --check
  lazypull optimize --wait-on-line "listening on" --net host oci:build ghcr.io/org/app:1
  docker buildx build --output type=oci,dest=- . | lazypull optimize - ghcr.io/org/app:1 -- app --version
  lazypull optimize --record-out start.json ghcr.io/org/app:1 -- app start
  lazypull optimize --record-in start.json --record-in test.json ghcr.io/org/app:1 ghcr.io/org/app:1-lazy`;

/** Values of all flags as commander gives them. */
export type OptimizeFlags = Flags & WorkloadFlags & OwnFlags;

interface OwnFlags {
  readonly platform?: readonly string[];
  readonly recordIn?: readonly string[];
  readonly recordOut?: string;
  readonly prefetchList?: string;
  readonly optimize?: boolean;
  readonly json?: boolean;
}

/** What stands on the command line but flags. `command` is what stands after `--`, undefined without it. */
export interface OptimizeArguments {
  readonly source: string;
  readonly target: string | undefined;
  readonly command: readonly string[] | undefined;
}

/** Adds the command. */
export function addOptimize(program: Command): void {
  const command = program
    .command('optimize')
    .summary('run an image, and put what it reads in front')
    .description('Run an image, record what it reads, and write it so that this comes first when it is pulled lazily.')
    .argument('<SRC>', 'image to read')
    .argument('[DST]', 'image to write')
    .argument('[COMMAND...]', "after --: instead of the image's command")
    .usage('[options] SRC [DST] [-- COMMAND [ARG...]]')
    .addOption(
      repeatable('--record-in <FILE>', 'use a recording (ours or of ctr-remote) instead of running; may be repeated'),
    )
    .option('--record-out <FILE>', 'write the recording: see lazypull profile; without DST, - is standard output')
    .option('--prefetch-list <FILE>', 'files to put in front instead of running: globs, one a line, # comments')
    .addOption(
      new Option('--no-optimize', 'run nothing, put nothing in front').conflicts([
        'recordIn',
        'recordOut',
        'prefetchList',
      ]),
    )
    .addOption(repeatable('--platform <PLATFORM>', 'only this one of an index, e.g. linux/arm64; may be repeated'))
    .addOption(jsonOption());
  addLayerFormatFlags(command);
  for (const option of imageAccessOptions()) command.addOption(option);
  addWorkloadFlags(command);
  command
    .addHelpText('after', `\n${IMAGES_HELP}\n${HELP}`)
    .action(async (_source: string, _target, _words, flags: OptimizeFlags) => {
      const { runOptimize } = await import('./optimize-command.ts');
      await runOptimize(argumentsOf(command, rawArguments(program)), flags);
    });
}

/** commander keeps what it was given, and does not say so in its types. */
function rawArguments(program: Command): readonly string[] {
  return (program as unknown as { readonly rawArgs: readonly string[] }).rawArgs;
}

/** Tells SRC and DST from the command, which commander does not: for it, `--` only ends the flags. */
function argumentsOf(command: Command, raw: readonly string[]): OptimizeArguments {
  const dashes = raw.indexOf('--');
  const words = dashes < 0 ? undefined : raw.slice(dashes + 1);
  const named = command.args.slice(0, command.args.length - (words?.length ?? 0));
  const [source, target, extra] = named;
  if (source === undefined) command.error("missing required argument 'SRC'");
  if (extra !== undefined) command.error(`unexpected ${JSON.stringify(extra)}; the command to run comes after --`);
  return { source, target, command: words };
}
