// `lazypull daemon` is the supervisor, `lazypull serve` the process that it starts and starts again. Both load only what
// they need: the supervisor stays as long as the machine runs, and its memory is the part that nobody gets back.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { createLogger } from '../log.ts';
import { configOfFlags, parseDaemonFlags } from './daemon-flags.ts';
import { EXIT_OK, exitCodeOf, messageOf } from './exit-codes.ts';

/** Supervises until a signal. `entry` is the file that was started: the serving process starts from the same path. @returns the exit status. */
export async function runDaemon(args: readonly string[], entry: string): Promise<number> {
  const { config } = configOfFlags(parseDaemonFlags(args));
  const { runSupervisor } = await import('../daemon/supervisor.ts');
  const wantsFuse = config.mount.tier !== 'off' && config.fuse.transport === 'wire' && existsSync('/dev/fuse');
  return await runSupervisor({
    command: () => [process.execPath, ...process.execArgv, entry, 'serve', ...args],
    mountpoint: wantsFuse ? join(config.stateDir, 'fuse') : undefined,
    log: createLogger(config.log).with({ process: 'supervisor' }),
  });
}

/** Serves until the supervisor ends this process. @returns the exit status when it can't start. */
export async function runServe(args: readonly string[]): Promise<number> {
  const { serve } = await import('../daemon/serve.ts');
  try {
    await serve(configOfFlags(parseDaemonFlags(args)));
    return EXIT_OK;
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    // A worker that waits in read(2) on /dev/fuse would hold up an ordinary exit for ever.
    const { EXIT_CONFIG } = await import('../daemon/messages.ts');
    return error instanceof UserError ? EXIT_CONFIG : exitCodeOf(error);
  }
}
