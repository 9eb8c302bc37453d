// The flags of `lazypull daemon`: a table, so that the supervisor can read them without loading the whole command line,
// and `--help` and the completions still know them.
import { parseArgs } from 'node:util';
import type { EffectiveConfig } from '../config.ts';
import { loadConfig } from '../config.ts';
import { UserError } from '../errors.ts';

interface DaemonFlag {
  /** Without the dashes. */
  readonly name: string;
  readonly placeholder: string;
  /** The key of the config file that it overrides; undefined for `--config`. */
  readonly key: string | undefined;
  readonly help: string;
}

export const DAEMON_FLAGS: readonly DaemonFlag[] = [
  {
    name: 'config',
    placeholder: 'FILE',
    key: undefined,
    help: 'configuration (default: /etc/lazypull/config.toml, if it is there)',
  },
  { name: 'root', placeholder: 'DIR', key: 'root', help: 'layer images and snapshots' },
  { name: 'state-dir', placeholder: 'DIR', key: 'state_dir', help: 'sockets and mounts' },
  { name: 'log-level', placeholder: 'LEVEL', key: 'log.level', help: 'trace, debug, info, warn or error' },
  { name: 'log-format', placeholder: 'FORMAT', key: 'log.format', help: 'json or text' },
  { name: 'fuse-transport', placeholder: 'NAME', key: 'fuse.transport', help: 'wire or fuse-native' },
  { name: 'tier', placeholder: 'TIER', key: 'mount.tier', help: 'auto, A, B or off' },
];

/** Values of the flags by their names. */
export type DaemonFlagValues = Readonly<Record<string, string | undefined>>;

/** @throws UserError for an unknown flag, a flag without its value or an argument. */
export function parseDaemonFlags(args: readonly string[]): DaemonFlagValues {
  const options = Object.fromEntries(DAEMON_FLAGS.map(({ name }) => [name, { type: 'string' as const }]));
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (cause) {
    const message = cause instanceof Error ? (cause.message.split('. ')[0] ?? '') : String(cause);
    throw new UserError(message, 'See: lazypull daemon --help', { cause });
  }
}

/** @throws UserError for what the file or a flag says wrongly. */
export function configOfFlags(values: DaemonFlagValues): EffectiveConfig {
  const overrides = DAEMON_FLAGS.flatMap(({ name, key }) =>
    key === undefined || values[name] === undefined ? [] : [[key, values[name]]],
  );
  return loadConfig(values['config'], Object.fromEntries(overrides) as Record<string, unknown>);
}
