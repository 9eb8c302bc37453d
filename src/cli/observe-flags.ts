// The flags of `lazypull observe`.
import type { Command } from 'commander';
import { configOption, socketOption } from './common-flags.ts';

/** Adds the command. */
export function addObserve(program: Command): void {
  program
    .command('observe')
    .summary("show the daemon's health and metrics over TCP")
    .description("Show the daemon's /healthz and /metrics over TCP, and nothing else of its control socket: for a pod.")
    .option('--listen <HOST:PORT>', 'where; no host means every address', ':9820')
    .addOption(configOption())
    .addOption(socketOption())
    .action(async (flags: Record<string, string>) => {
      const { runObserve } = await import('./observe-command.ts');
      await runObserve(flags);
    });
}
