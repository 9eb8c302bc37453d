// The flags and help of `lazypull cache`.
import type { Command } from 'commander';
import { configOption, jsonOption, socketOption } from './common-flags.ts';
import type { Flags } from './flag-values.ts';

const HELP = `
A CI job reads the same few megabytes of its images every time. Save them when the job ends, let your CI keep the
folder, and load it when the next job begins: containers then start without asking the registry for any of it.

Examples:
  lazypull cache load /var/cache/hot          at the beginning, before the first pull
  lazypull pull ghcr.io/org/app:1
  ctr run --rm --snapshotter stargz ghcr.io/org/app:1 test
  lazypull cache save /var/cache/hot          at the end, before images are removed

The folder holds one file for each layer: its table of contents and what was read, never whole images. Everything is
verified when it is loaded, and the manifest decides at each pull whether it is what is wanted. See docs/cache.md.`;

const SAVE_HELP = `
Layers that this daemon has mounted since it started are saved, each with the chunks that were read, earliest first.
A layer that can't be saved is named with its reason; that is no error.

  --skip-private   for folders that strangers can read, e.g. the cache of a public repository, which pull requests from
                   forks can restore: leaves out what came with credentials only`;

const LOAD_HELP = `
A file that is damaged, or is none of ours, is named with its reason and left out; that is no error. A layer that is there
already gets what it lacks. Pulls may go on meanwhile.`;

/** Adds the command with its subcommands. */
export function addCache(program: Command): void {
  const cache = program
    .command('cache')
    .summary('keep for the next job what this one read')
    .description('Save what was read of the mounted layers, and load it in the next job.')
    .addHelpText('after', HELP);
  addSave(cache);
  addLoad(cache);
}

function addSave(cache: Command): void {
  cache
    .command('save')
    .summary('write what was read into a folder')
    .description('Write what was read of the mounted layers into a folder, for the next job.')
    .argument('<DIR>', 'folder: made when it is not there, else empty or saved into before')
    .option('--limit <SIZE>', 'most bytes of all files together', '256MiB')
    .option('--skip-private', 'leave out layers that came with credentials')
    .addOption(jsonOption())
    .addOption(configOption())
    .addOption(socketOption())
    .addHelpText('after', SAVE_HELP)
    .action(async (directory: string, flags: Flags) => {
      const { runCacheSave } = await import('./cache-command.ts');
      await runCacheSave(directory, flags);
    });
}

function addLoad(cache: Command): void {
  cache
    .command('load')
    .summary('bring a saved folder into the layer cache')
    .description('Bring what an earlier job saved into the layer cache, before images are pulled.')
    .argument('<DIR>', 'folder that was saved into')
    .addOption(jsonOption())
    .addOption(configOption())
    .addOption(socketOption())
    .addHelpText('after', LOAD_HELP)
    .action(async (directory: string, flags: Flags) => {
      const { runCacheLoad } = await import('./cache-command.ts');
      await runCacheLoad(directory, flags);
    });
}
