// The flags of `lazypull drain`.
import { Command, InvalidArgumentError } from 'commander';
import { configOption, jsonOption, socketOption } from './common-flags.ts';

const HELP = `
New images are pulled in full, and what running containers use is fetched to its end. Containers go on meanwhile. The
list says of each: incomplete (it needs its registry), complete (it needs the daemon, which must stay), independent (it
needs neither).


Examples:
  lazypull drain                  wait until everything in use is local
  lazypull drain --timeout 60     wait for a minute at most
  lazypull drain --cancel         mount lazily again`;

/** Adds the command. */
export function addDrain(program: Command): void {
  program
    .command('drain')
    .summary('mount nothing new lazily, and complete what is in use')
    .description('Mount nothing new lazily, and complete what is in use.')
    .option('--timeout <SECONDS>', 'how long to wait (default: until everything is complete)', seconds)
    .option('--cancel', 'mount lazily again')
    .addOption(jsonOption())
    .addOption(configOption())
    .addOption(socketOption())
    .addHelpText('after', HELP)
    .action(async (flags: Record<string, string | boolean | number>) => {
      const { runDrain } = await import('./drain-command.ts');
      process.exitCode = await runDrain(flags);
    });
}

function seconds(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('wants a number of seconds.');
  return Number(text);
}
