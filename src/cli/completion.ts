// Completion scripts, made from the commands and flags themselves, so that they can't fall behind.
import type { Command } from 'commander';
import { LOG_LEVELS } from '../log.ts';
import { UserError } from '../errors.ts';

interface Word {
  readonly word: string;
  readonly help: string;
}
interface CommandWords {
  readonly name: string;
  readonly help: string;
  readonly flags: readonly Word[];
  readonly args: readonly string[];
}

const SHELLS = ['bash', 'zsh', 'fish'];
/** What can follow a flag or a command. Everything else is completed as a file name. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  '--log-level': LOG_LEVELS,
  '--log-format': ['json', 'text'],
  '--fuse-transport': ['wire', 'fuse-native'],
  '--tier': ['auto', 'A', 'B', 'off'],
  '--platform': ['linux/amd64', 'linux/arm64', 'linux/arm/v7'],
};

/** @throws UserError for a shell that we know no script for. */
export function completionScript(shell: string, program: Command): string {
  const commands = program.commands.map((command) => wordsOf(command));
  if (shell === 'bash') return bashScript(commands);
  if (shell === 'zsh') return `#compdef lazypull\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(commands)}`;
  if (shell === 'fish') return fishScript(commands);
  throw new UserError(`no completion for ${JSON.stringify(shell)}`, `Use one of: ${SHELLS.join(', ')}.`);
}

function wordsOf(command: Command): CommandWords {
  const options = [command, ...command.commands].flatMap(({ options }) => options);
  const flags = new Map(options.flatMap(({ long, description }) => (long ? [[long, description]] : [])));
  return {
    name: command.name(),
    help: command.summary(),
    flags: [...[...flags].map(([word, help]) => ({ word, help })), { word: '--help', help: 'show help' }],
    args: command.name() === 'completion' ? SHELLS : command.commands.map((sub) => sub.name()),
  };
}

function bashScript(commands: readonly CommandWords[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  const values = Object.entries(VALUES).map(
    ([flag, words]) => `    ${flag}) COMPREPLY=($(compgen -W "${words.join(' ')}" -- "$current")); return ;;`,
  );
  const words = commands.map(
    ({ name, flags, args }) => `    ${name}) words="${[...flags.map(({ word }) => word), ...args].join(' ')}" ;;`,
  );
  return `# lazypull completion; source it, or put it into the completions folder of your shell.
_lazypull() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  COMPREPLY=()
  case "$previous" in
${values.join('\n')}
    --config|--root|--state-dir|--address|--socket|--mapping|--output|--metadata-file|--iidfile) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${names} --help --version"; fi
  case "\${COMP_WORDS[1]}" in
${words.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _lazypull lazypull
`;
}

function fishScript(commands: readonly CommandWords[]): string {
  const lines = [
    '# lazypull completion for fish: lazypull completion fish > ~/.config/fish/completions/lazypull.fish',
    'complete -c lazypull -f',
  ];
  for (const { name, help, flags, args } of commands) {
    lines.push(`complete -c lazypull -n __fish_use_subcommand -a ${name} -d ${fishQuoted(help)}`);
    const after = `-n '__fish_seen_subcommand_from ${name}'`;
    for (const { word, help } of flags) {
      const values = VALUES[word];
      lines.push(
        `complete -c lazypull ${after} -l ${word.slice(2)}${values === undefined ? '' : ` -x -a '${values.join(' ')}'`} -d ${fishQuoted(help)}`,
      );
    }
    if (args.length > 0) lines.push(`complete -c lazypull ${after} -a '${args.join(' ')}'`);
  }
  return `${lines.join('\n')}\n`;
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
