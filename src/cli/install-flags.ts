// The flags of `lazypull install` and `uninstall`.
import { type Command, Option } from 'commander';
import { jsonOption } from './common-flags.ts';

const INSTALL_HELP = `
Puts the program below /opt/lazypull, starts it as a service of systemd, and lets containerd and its pods use it.
containerd is restarted, which its containers do not notice. What fails takes everything back. Run it again, also with
another version, whenever you like: only what is not as wanted is changed, and running containers go on.

Examples:
  lazypull install --dry-run
  lazypull install --config my.toml`;

const UNINSTALL_HELP = `
containerd pulls in full again. Containers that use lazily pulled layers go on: the daemon serves them until the last one
has been removed, then it ends and takes its files along. Images of which containerd has no layers are removed, since it
could not start them any more.

Examples:
  lazypull uninstall --dry-run
  lazypull uninstall --timeout 60     also wait until everything in use is local, for a minute at most`;

/** Adds both commands. */
export function addInstall(program: Command): void {
  program
    .command('install')
    .summary('make this machine a node with lazily started pods')
    .description('Make this machine a node whose pods start lazily: program, service, containerd.')
    .option('--dry-run', 'only say what would be changed')
    .option('--config <FILE>', 'configuration of the daemon, for /etc/lazypull/config.toml')
    .option('--containerd-unit <UNIT>', "containerd's service", 'containerd.service')
    .option('--containerd-config <FILE>', "containerd's configuration (default: what the service reads)")
    .option('--offline', 'only write files: an image of a machine is being made')
    .addOption(hostOption())
    .addHelpText('after', INSTALL_HELP)
    .action(async (flags: Record<string, string | boolean>) => {
      const { runInstall } = await import('./install-command.ts');
      process.exitCode = await runInstall(flags);
    });
  program
    .command('uninstall')
    .summary('take lazypull off this machine; running containers go on')
    .description('Take lazypull off this machine; running containers go on.')
    .option('--dry-run', 'only say what would be changed')
    .option('--timeout <SECONDS>', 'how long to wait until what is in use is local', '30')
    .option('--if-installed', 'be content when there is nothing to take off')
    .option('--finish', 'for the service itself: take everything away when no snapshot is left')
    .addOption(jsonOption())
    .addOption(hostOption())
    .addHelpText('after', UNINSTALL_HELP)
    .action(async (flags: Record<string, string | boolean>) => {
      const { runUninstall } = await import('./install-command.ts');
      process.exitCode = await runUninstall(flags);
    });
}

function hostOption(): Option {
  return new Option('--host <DIR>', 'in a container: the machine whose root is mounted there');
}
