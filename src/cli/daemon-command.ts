// `lazypull daemon` is the supervisor, `lazypull serve` the process that it starts and starts again. Both load only what
// they need: the supervisor stays as long as the machine runs, and its memory is the part that nobody gets back.
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { Config } from '../config.ts';
import { UserError } from '../errors.ts';
import { createLogger } from '../log.ts';
import { configOfFlags, parseDaemonFlags } from './daemon-flags.ts';
import { EXIT_OK, exitCodeOf, messageOf } from './exit-codes.ts';

/**
 * V8 flags of the serving process. Its main thread only passes buffers on: with V8's default of up to 32 MiB for each half of
 * the young generation it is 30-90 MB larger, and no faster. Workers have limits of their own.
 */
const SERVE_FLAGS = ['--max-semi-space-size=2'];

/** Supervises until a signal. `entry` is the file that was started: the serving process starts from the same path. @returns the exit status. */
export async function runDaemon(args: readonly string[], entry: string): Promise<number> {
  const { config } = configOfFlags(parseDaemonFlags(args));
  const { runSupervisor } = await import('../daemon/supervisor.ts');
  const wantsFuse = config.mount.tier !== 'off' && config.fuse.transport === 'wire' && existsSync('/dev/fuse');
  return await runSupervisor({
    command: () => [nodePath(), ...process.execArgv, ...SERVE_FLAGS, entry, 'serve', ...args],
    mountpoint: wantsFuse ? join(config.stateDir, 'fuse') : undefined,
    storeMountpoint: wantsFuse && config.layerStore.path !== '' ? config.layerStore.path : undefined,
    sockets: grpcSockets(config),
    log: createLogger(config.log).with({ process: 'supervisor' }),
  });
}

/** Those at which containerd, BuildKit and kubelet call. */
function grpcSockets({ snapshotters, credentials: { cri, order } }: Config): string[] {
  const hasImages = cri.socket !== '' && order.includes('cri');
  return [...snapshotters.map(({ socket }) => socket), ...(hasImages ? [cri.socket] : [])];
}

/**
 * Node by the path that it was started with: of an installation that is a link to the newest version's, which the next
 * serving process is to run. process.execPath has followed that link.
 */
function nodePath(): string {
  return isAbsolute(process.argv0) && existsSync(process.argv0) ? process.argv0 : process.execPath;
}

/** Serves until the supervisor ends this process. @returns the exit status when it can't start. */
export async function runServe(args: readonly string[]): Promise<number> {
  const { serve } = await import('../daemon/serve.ts');
  // The flag would hold for every worker that starts from now on, whatever limits that one was given.
  setFlagsFromString('--max-semi-space-size=0');
  try {
    await serve(configOfFlags(parseDaemonFlags(args)));
    return EXIT_OK;
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    // A worker that waits in read(2) on /dev/fuse would hold up an ordinary exit for ever.
    const { EXIT_CONFIG } = await import('../daemon/messages.ts');
    const { exitNow } = await import('../daemon/serving.ts');
    return exitNow(error instanceof UserError ? EXIT_CONFIG : exitCodeOf(error));
  }
}
