// All commands with their flags and help; those of the format tools are in NAME-flags.ts. What each does stands in its own
// file and is loaded when it is called.
import { Command, CommanderError } from 'commander';
import { version } from '../version.ts';
import { addCache } from './cache-flags.ts';
import { configOption, jsonOption, socketOption } from './common-flags.ts';
import { addConvert } from './convert-flags.ts';
import { DAEMON_FLAGS } from './daemon-flags.ts';
import { addDrain } from './drain-flags.ts';
import { EXIT_CODES_HELP, EXIT_FAILED, EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import { addExport } from './export-flags.ts';
import { addInstall } from './install-flags.ts';
import { addInspect } from './inspect-flags.ts';
import { addObserve } from './observe-flags.ts';
import { addOptimize } from './optimize-flags.ts';
import { addPolicy } from './policy-flags.ts';
import { addProfile } from './profile-flags.ts';
import { addVerify } from './verify-flags.ts';

const OVERVIEW = `
Containers start before their image has been downloaded. The daemon mounts the layers of eStargz and zstd:chunked
images where they are, in the registry, and brings file contents when they are read. Other images are pulled as usual;
convert and optimize make them lazily pullable.

Examples:
  lazypull daemon                                  serve containerd, with the defaults
  lazypull pull ghcr.io/org/app:1                  pull lazily, then: ctr run --snapshotter stargz ghcr.io/org/app:1 app
  lazypull pull -n k8s.io --json ghcr.io/org/app:1 the same for Kubernetes, with a result for programs
  lazypull status                                  what is lazy, what is not, and why
  lazypull convert ghcr.io/org/app:1 ghcr.io/org/app:1-lazy
  lazypull optimize ghcr.io/org/app:1 ghcr.io/org/app:1-lazy -- app --version
  docker buildx build -o type=oci,dest=- . | lazypull export - -t ghcr.io/org/app:1
  lazypull policy --suffix -lazy --output FILE     builds use such variants: EXPERIMENTAL_BUILDKIT_SOURCE_POLICY=FILE
  lazypull cache load DIR                          start with what the last job read; at the end: cache save DIR
  lazypull config                                  every setting, and where it comes from

${EXIT_CODES_HELP}`;

const PULL_HELP = `
Layers with a table of contents (eStargz) are mounted, the others are downloaded and unpacked. A line for each
layer says which, and why not lazily. Credentials come from docker's config.json: use "docker login".

Examples:
  lazypull pull ghcr.io/org/app:1
  lazypull pull --platform linux/arm64 docker.io/library/python:3.12
  lazypull pull --plain-http registry.test:5000/app`;

/** @returns the exit status. @throws what a command throws, but not wrong usage, which is told here. */
export async function runProgram(args: readonly string[]): Promise<number> {
  const program = buildProgram();
  try {
    await program.parseAsync([...args], { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : EXIT_OK;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // commander has written its message. Help that was asked for is no error; help for want of a command is.
    return error.exitCode === 0 ? EXIT_OK : error.exitCode === EXIT_FAILED ? EXIT_USAGE : error.exitCode;
  }
}

/** The command line as commander knows it; also what the completions are made from. */
export function buildProgram(): Command {
  const program = new Command('lazypull')
    .description('Start containers before their image has been downloaded.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('See: lazypull --help')
    .configureOutput({ outputError: (text, write) => write(`lazypull: ${text.replace(/^error: /, '')}`) })
    .addHelpText('after', OVERVIEW);
  addDaemon(program);
  addPull(program);
  addConvert(program);
  addOptimize(program);
  addExport(program);
  addInspect(program);
  addVerify(program);
  addProfile(program);
  addPolicy(program);
  addCache(program);
  addStatus(program);
  addConfig(program);
  addRestart(program);
  addDrain(program);
  addInstall(program);
  addObserve(program);
  addCompletion(program);
  return program;
}

function addDaemon(program: Command): void {
  const daemon = program
    .command('daemon')
    .summary('run the snapshotter')
    .description('Run the snapshotter: containerd reaches it by [proxy_plugins.stargz] in its config.toml.')
    .addHelpText(
      'after',
      '\nFlags win over the file. SIGHUP restarts the serving process unnoticed, SIGTERM unmounts everything and stops.',
    );
  for (const { name, placeholder, help } of DAEMON_FLAGS) daemon.option(`--${name} <${placeholder}>`, help);
  // Runs by main.ts, before commander is loaded; here for help and completion.
}

function addPull(program: Command): void {
  program
    .command('pull')
    .summary('pull an image into containerd, lazily where possible')
    .description('Pull an image into containerd, lazily where possible.')
    .argument('<REF>', 'image, e.g. ghcr.io/org/app:1')
    .option('--address <SOCKET>', "containerd's socket", '/run/containerd/containerd.sock')
    .option('-n, --namespace <NAME>', "containerd's namespace", 'default')
    .option('--snapshotter <NAME>', 'the snapshotter that mounts or unpacks the layers', 'stargz')
    .option('--platform <PLATFORM>', 'e.g. linux/arm64 (default: this machine)')
    .option('--plain-http', 'reach the registry without TLS')
    .addOption(jsonOption())
    .addOption(configOption())
    .addOption(socketOption())
    .addHelpText('after', PULL_HELP)
    .action(async (ref: string, flags: Record<string, string | boolean>) => {
      const { runPull } = await import('./pull-command.ts');
      await runPull(ref, flags);
    });
}

function addStatus(program: Command): void {
  program
    .command('status')
    .summary('what is lazy, what is not, and why')
    .description('Ask the running daemon what is lazy, what is not, and why.')
    .option('--json', 'write the whole status as JSON')
    .addOption(configOption())
    .addOption(socketOption())
    .action(async (flags: Record<string, string | boolean>) => {
      const { runStatus } = await import('./status-command.ts');
      await runStatus(flags);
    });
}

function addConfig(program: Command): void {
  program
    .command('config')
    .summary('every setting, and where it comes from')
    .description('Write the effective configuration as TOML, with the origin of every value.')
    .option('--running', 'what the running daemon has, instead of what a new one would have')
    .option('--reference', 'the page of all keys, instead')
    .addOption(configOption())
    .addOption(socketOption())
    .action(async (flags: Record<string, string | boolean>) => {
      const { runConfig } = await import('./config-command.ts');
      await runConfig(flags);
    });
}

function addRestart(program: Command): void {
  program
    .command('restart')
    .summary('restart the serving process; running containers do not notice')
    .description('Restart the serving process, e.g. after an upgrade. Mounts stay, running containers do not notice.')
    .addOption(configOption())
    .addOption(socketOption())
    .action(async (flags: Record<string, string | boolean>) => {
      const { runRestart } = await import('./restart-command.ts');
      await runRestart(flags);
    });
}

function addCompletion(program: Command): void {
  program
    .command('completion')
    .summary('a completion script for your shell')
    .description('Write a completion script: source <(lazypull completion bash)')
    .argument('<SHELL>', 'bash, zsh or fish')
    .action(async (shell: string) => {
      const { completionScript } = await import('./completion.ts');
      process.stdout.write(completionScript(shell, buildProgram()));
    });
}
