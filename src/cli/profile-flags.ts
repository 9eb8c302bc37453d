// The flags and help of `lazypull profile`.
import { type Command, Option } from 'commander';
import { jsonOption } from './common-flags.ts';
import type { Flags } from './flag-values.ts';

const HELP = `
A profile says which files, and which parts of them, a workload read, in the order in which it first did. It is made by
"lazypull optimize --record-out FILE" and used by "--record-in FILE"; the format is described in docs/profile.md.

Examples:
  lazypull profile show start.json
  lazypull profile show --sort bytes --all start.json
  lazypull profile merge -o app.json start.json test.json
  lazypull profile diff yesterday.json today.json`;

/** Adds the command with its subcommands. */
export function addProfile(program: Command): void {
  const profile = program
    .command('profile')
    .summary('look at recordings, merge and compare them')
    .description('Look at recordings of workloads, merge them, compare them.')
    .addHelpText('after', HELP);
  profile
    .command('show')
    .summary('what was read, in which order')
    .description('Show what was read, in which order, and how much of each file.')
    .argument('<FILE...>', 'profiles')
    .addOption(new Option('--sort <ORDER>', 'of the files').choices(['time', 'bytes']).default('time'))
    .option('--top <N>', 'list so many files', '20')
    .option('--all', 'list all files')
    .addOption(jsonOption())
    .action(async (files: string[], flags: Flags) => {
      const { runShow } = await import('./profile-command.ts');
      await runShow(files, flags);
    });
  profile
    .command('merge')
    .summary('make one profile of several')
    .description('Make one profile of several: all that any of them read, in the order of the mean rank.')
    .argument('<FILE...>', 'profiles')
    .option('-o, --output <FILE>', 'where to write it (default: standard output)')
    .action(async (files: string[], flags: Flags) => {
      const { runMerge } = await import('./profile-command.ts');
      await runMerge(files, flags);
    });
  profile
    .command('diff')
    .summary('what changed between two profiles')
    .description('Show what changed between two profiles. Files are compared by path, not by layer.')
    .argument('<BEFORE>', 'profile')
    .argument('<AFTER>', 'profile')
    .option('--exit-code', 'end with status 1 when they differ')
    .addOption(jsonOption())
    .action(async (before: string, after: string, flags: Flags) => {
      const { runDiff } = await import('./profile-command.ts');
      await runDiff(before, after, flags);
    });
}
