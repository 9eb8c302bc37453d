// `lazypull config`: the effective configuration, the running daemon's, or the page of all keys.
import { loadConfig } from '../config.ts';
import { configReference, printConfig } from '../config/print.ts';
import { ControlClient } from './control-client.ts';

/** @throws UserError for a wrong configuration, NoDaemonError with `--running` when nobody answers. */
export async function runConfig(flags: Readonly<Record<string, string | boolean>>): Promise<void> {
  const { config, running, reference } = flags;
  if (reference === true) process.stdout.write(configReference());
  else if (running === true) process.stdout.write(await ControlClient.fromFlags(flags).config());
  else process.stdout.write(printConfig(loadConfig(typeof config === 'string' ? config : undefined)));
}
