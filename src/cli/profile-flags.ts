// The flags and help of `lazypull profile`.
import { type Command, Option } from 'commander';
import { IMAGES_HELP, imageAccessOptions, jsonOption, repeatable } from './common-flags.ts';
import type { Flags } from './flag-values.ts';

const HELP = `
A profile says which files, and which parts of them, a workload read, in the order in which it first did. It is made by
"lazypull optimize --record-out FILE" and used by "--record-in FILE"; the format is described in docs/profile.md.

Examples:
  lazypull profile show start.json
  lazypull profile show --sort bytes --all start.json
  lazypull profile merge -o app.json start.json test.json
  lazypull profile diff yesterday.json today.json
  lazypull profile diff start.json ghcr.io/org/app:1   what of it the image has in front`;

/** Adds the command with its subcommands. */
export function addProfile(program: Command): void {
  const profile = program
    .command('profile')
    .summary('look at recordings, merge and compare them')
    .description('Look at recordings of workloads, merge them, compare them.')
    .addHelpText('after', HELP);
  addShow(profile);
  addMerge(profile);
  addDiff(profile);
}

function addShow(profile: Command): void {
  const show = profile
    .command('show')
    .summary('what was read, in which order')
    .description('Show what was read, in which order, and how much of each file; of an image, what stands in front.')
    .argument('<FILE...>', 'profiles, or images')
    .addOption(new Option('--sort <ORDER>', 'of the files').choices(['time', 'bytes']).default('time'))
    .option('--top <N>', 'list so many files', '20')
    .option('--all', 'list all files')
    .addOption(jsonOption())
    .action(async (files: string[], flags: Flags) => {
      const { runShow } = await import('./profile-command.ts');
      await runShow(files, flags);
    });
  addImageFlags(show);
}

function addMerge(profile: Command): void {
  const merge = profile
    .command('merge')
    .summary('make one profile of several')
    .description('Make one profile of several: all that any of them read, in the order of the mean rank.')
    .argument('<FILE...>', 'profiles, or images')
    .option('-o, --output <FILE>', 'where to write it (default: standard output)')
    .action(async (files: string[], flags: Flags) => {
      const { runMerge } = await import('./profile-command.ts');
      await runMerge(files, flags);
    });
  addImageFlags(merge);
}

function addDiff(profile: Command): void {
  const diff = profile
    .command('diff')
    .summary('what changed between two profiles')
    .description('Show what changed between two profiles. Files are compared by path, not by layer.')
    .argument('<BEFORE>', 'profile, or image')
    .argument('<AFTER>', 'profile, or image')
    .option('--exit-code', 'end with status 1 when they differ')
    .addOption(jsonOption())
    .action(async (before: string, after: string, flags: Flags) => {
      const { runDiff } = await import('./profile-command.ts');
      await runDiff(before, after, flags);
    });
  addImageFlags(diff);
}

/** How images are reached that stand where a profile could. */
function addImageFlags(command: Command): void {
  command.addOption(repeatable('--platform <PLATFORM>', 'of an image, e.g. linux/arm64 (default: this machine)'));
  for (const option of imageAccessOptions()) command.addOption(option);
  command.addHelpText('after', `\n${IMAGES_HELP}`);
}
