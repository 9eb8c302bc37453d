// The flags that say how a workload is run: those of `docker run`, and the names that ctr-remote has for them.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { parseDuration, ValueError } from '../config/values.ts';
import { UserError, describeError } from '../errors.ts';
import { parseEnvFile, type WorkloadMount, type WorkloadOptions } from '../optimize/workload.ts';
import { repeatable } from './common-flags.ts';

/** The values of the flags as commander gives them. */
export interface WorkloadFlags {
  readonly entrypoint?: string;
  readonly args?: string;
  readonly env?: readonly string[];
  readonly envFile?: readonly string[];
  readonly user?: string;
  readonly workdir?: string;
  readonly cwd?: string;
  readonly mount?: readonly string[];
  readonly volume?: readonly string[];
  readonly net?: 'none' | 'host';
  readonly netHost?: boolean;
  readonly hostname?: string;
  readonly addHost?: readonly string[];
  readonly addHosts?: readonly string[];
  readonly dns?: readonly string[];
  readonly dnsNameservers?: readonly string[];
  readonly dnsSearch?: readonly string[];
  readonly dnsSearchDomains?: readonly string[];
  readonly dnsOption?: readonly string[];
  readonly dnsOptions?: readonly string[];
  readonly tty?: boolean;
  readonly terminal?: boolean;
  readonly interactive?: boolean;
  readonly period?: string;
  readonly waitOnLine?: string;
  readonly waitOnSignal?: boolean;
  readonly ignoreExit?: boolean;
  readonly runtime?: string;
  readonly tier?: 'auto' | 'A' | 'B';
}

/** ctr-remote takes several in one flag. */
const commaList = (value: string, earlier: readonly string[] = []): readonly string[] => [
  ...earlier,
  ...value.split(',').filter((item) => item !== ''),
];

/** Adds the flags to a command, in groups of their own in its help. */
export function addWorkloadFlags(command: Command): void {
  command
    .optionsGroup('How the workload runs (as docker run):')
    .option('--entrypoint <WORD|JSON>', "instead of the image's entrypoint; its command then does not count")
    .option('--args <JSON>', 'instead of the image\'s command, e.g. \'["serve","-v"]\'; shorter: -- serve -v')
    .addOption(repeatable('-e, --env <NAME=VALUE>', 'environment variable; NAME alone takes it from here'))
    .addOption(repeatable('--env-file <FILE>', 'environment variables, one a line'))
    .option('-u, --user <USER[:GROUP]>', 'names or numbers')
    .option('-w, --workdir <DIR>', 'working directory')
    .addOption(repeatable('--mount <SPEC>', 'type=bind,src=PATH,dst=PATH[,ro] or type=tmpfs,dst=PATH'))
    .addOption(repeatable('-v, --volume <SRC:DST[:ro]>', 'bind mount'))
    .addOption(new Option('--net <MODE>', 'network').choices(['none', 'host']).default('none'))
    .option('--hostname <NAME>', 'its host name')
    .addOption(repeatable('--add-host <NAME:ADDRESS>', 'line for /etc/hosts'))
    .option('--dns <ADDRESS>', 'name server for /etc/resolv.conf', commaList)
    .option('--dns-search <DOMAIN>', 'search domain', commaList)
    .option('--dns-option <OPTION>', 'resolver option', commaList)
    .option('-t, --tty', 'give it the terminal')
    .option('-i, --interactive', 'give it standard input')
    .option('--runtime <PROGRAM>', 'runc, or a runtime with its command line', 'runc')
    .optionsGroup('When the recording ends (at the latest when the workload does):')
    .option('--period <TIME>', 'after this time, e.g. 30s or 2m; a number alone is seconds (default: 10s)')
    .option('--wait-on-line <TEXT>', 'when a line of its output has this text; --period then is the time limit')
    .option('--wait-on-signal', 'at Ctrl-C (SIGINT) or SIGTERM; a second one aborts')
    .option('--ignore-exit', 'a workload that fails by itself is no error');
  for (const alias of aliases()) command.addOption(alias.hideHelp());
  command.optionsGroup('Options:');
}

/** What ctr-remote calls them. */
function aliases(): Option[] {
  return [
    new Option('--cwd <DIR>').conflicts('workdir'),
    new Option('--net-host'),
    // For machines where file-backed EROFS is there and does not work.
    new Option('--tier <TIER>').choices(['auto', 'A', 'B']).default('auto'),
    new Option('--terminal'),
    new Option('--add-hosts <HOSTS>').argParser(commaList),
    new Option('--dns-nameservers <ADDRESSES>').argParser(commaList),
    new Option('--dns-search-domains <DOMAINS>').argParser(commaList),
    new Option('--dns-options <OPTIONS>').argParser(commaList),
  ];
}

/** @param command the words after `--`, which are the workload's command. @throws UserError */
export function workloadOptions(flags: WorkloadFlags, command: readonly string[] | undefined): WorkloadOptions {
  if (command !== undefined && flags.args !== undefined) {
    throw new UserError('the command is there twice, in --args and after --', 'Leave out one of them.');
  }
  const args = command ?? (flags.args === undefined ? undefined : words('--args', flags.args));
  const terminal = flags.tty === true || flags.terminal === true;
  if (terminal && !process.stdin.isTTY) {
    throw new UserError('--tty: standard input is no terminal', 'Leave it out, or run in a terminal.');
  }
  return {
    args,
    entrypoint: flags.entrypoint === undefined ? undefined : words('--entrypoint', flags.entrypoint),
    env: [...(flags.envFile ?? []).flatMap(readEnvFile), ...(flags.env ?? [])],
    user: flags.user,
    workingDir: flags.workdir ?? flags.cwd,
    mounts: [...(flags.mount ?? []).map(parseMount), ...(flags.volume ?? []).map(parseVolume)],
    network: flags.netHost === true ? 'host' : (flags.net ?? 'none'),
    hostname: flags.hostname === undefined ? undefined : requireHostname(flags.hostname),
    addHosts: [...(flags.addHost ?? []), ...(flags.addHosts ?? [])],
    dns: [...(flags.dns ?? []), ...(flags.dnsNameservers ?? [])].map((item) => plainWord('--dns', item)),
    dnsSearch: [...(flags.dnsSearch ?? []), ...(flags.dnsSearchDomains ?? [])].map((item) =>
      plainWord('--dns-search', item),
    ),
    dnsOptions: [...(flags.dnsOption ?? []), ...(flags.dnsOptions ?? [])].map((item) =>
      plainWord('--dns-option', item),
    ),
    terminal,
    interactive: flags.interactive === true,
  };
}

/** When a recording ends. */
export interface StopFlags {
  readonly periodMs: number | undefined;
  readonly line: string | undefined;
  readonly onSignal: boolean;
  /** Whether the end of the period means that what was waited for did not come. */
  readonly periodIsLimit: boolean;
}

const DEFAULT_PERIOD_MS = 10_000;
/** A line that does not come must not hang a job for hours. */
const LINE_LIMIT_MS = 5 * 60_000;
const MAX_PERIOD_MS = 24 * 3_600_000;

/** @throws UserError */
export function stopRules(flags: WorkloadFlags): StopFlags {
  const line = flags.waitOnLine;
  if (line === '' || line?.includes('\n') === true) {
    throw new UserError(
      '--wait-on-line: want a text that is part of one line',
      'For example: --wait-on-line "listening on".',
    );
  }
  const onSignal = flags.waitOnSignal === true;
  const fallback = line !== undefined ? LINE_LIMIT_MS : onSignal ? undefined : DEFAULT_PERIOD_MS;
  const periodMs = flags.period === undefined ? fallback : parsePeriod(flags.period);
  return { periodMs, line, onSignal, periodIsLimit: line !== undefined };
}

function parsePeriod(text: string): number {
  try {
    const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : parseDuration(text);
    if (ms > 0 && ms <= MAX_PERIOD_MS) return ms;
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
  }
  throw new UserError(`--period: not a time: ${JSON.stringify(text)}`, 'Write 30, 30s or 2m; a day at most.');
}

/** A JSON list of words, or one word. */
function words(flag: string, text: string): string[] {
  if (!text.trimStart().startsWith('[')) {
    if (flag === '--args')
      throw new UserError(`${flag}: not a JSON list`, 'Write it like ["serve","-v"], or after --.');
    return text === '' ? [] : [text];
  }
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value) && value.every((word) => typeof word === 'string')) return value;
  } catch {
    // the same message as for a list of other things
  }
  throw new UserError(
    `${flag}: not a JSON list of strings: ${text.slice(0, 100)}`,
    'Write it like ["sh","-c","true"].',
  );
}

function readEnvFile(path: string): string[] {
  try {
    return parseEnvFile(readFileSync(path, 'utf8'), path);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`can't read --env-file ${path}: ${describeError(cause)}`, undefined, { cause });
  }
}

const MOUNT_HELP = 'Write type=bind,src=PATH,dst=PATH[,ro], or type=tmpfs,dst=PATH.';

function parseMount(spec: string): WorkloadMount {
  const fields = new Map(
    spec.split(',').map((field): [string, string] => {
      const equals = field.indexOf('=');
      return equals < 0 ? [field, ''] : [field.slice(0, equals), field.slice(equals + 1)];
    }),
  );
  const take = (...names: readonly string[]): string | undefined => {
    const name = names.find((one) => fields.has(one));
    const value = name === undefined ? undefined : fields.get(name);
    for (const one of names) fields.delete(one);
    return value;
  };
  const type = take('type') ?? 'bind';
  const source = take('src', 'source');
  const target = take('dst', 'destination', 'target');
  const readonly = take('ro', 'readonly');
  const options = (take('options') ?? '').split(':').filter((option) => option !== '');
  take('rw');
  const unknown = [...fields.keys()][0];
  if (unknown !== undefined) throw new UserError(`--mount: unknown field ${JSON.stringify(unknown)}`, MOUNT_HELP);
  if (type !== 'bind' && type !== 'tmpfs') throw new UserError(`--mount: type ${type}`, MOUNT_HELP);
  if (target?.startsWith('/') !== true) throw new UserError(`--mount ${spec}: no absolute dst`, MOUNT_HELP);
  if ((source === undefined || source === '') !== (type === 'tmpfs')) {
    throw new UserError(`--mount ${spec}: ${type === 'bind' ? 'no src' : 'a tmpfs has no src'}`, MOUNT_HELP);
  }
  const isReadonly = (readonly !== undefined && readonly !== 'false') || options.includes('ro');
  const rest = options.filter((option) => !['ro', 'rw', 'bind', 'rbind'].includes(option));
  return {
    type,
    source: source === undefined ? undefined : resolve(source),
    target,
    readonly: isReadonly,
    options: rest,
  };
}

function parseVolume(spec: string): WorkloadMount {
  const [source = '', target = '', mode = 'rw', ...more] = spec.split(':');
  const modes = mode.split(',');
  if (more.length > 0 || !target.startsWith('/') || !modes.every((one) => ['ro', 'rw', 'z', 'Z'].includes(one))) {
    throw new UserError(`--volume: not SRC:DST[:ro]: ${spec}`, 'Both are paths, DST an absolute one.');
  }
  if (!/^[./]/.test(source))
    throw new UserError(
      `--volume: ${source} is not a path`,
      'There are no named volumes; write ./NAME for a folder here.',
    );
  return { type: 'bind', source: resolve(source), target, readonly: modes.includes('ro'), options: [] };
}

function requireHostname(name: string): string {
  if (/^[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$/.test(name)) return name;
  throw new UserError(
    `--hostname: not a host name: ${JSON.stringify(name)}`,
    'Letters, digits, - and . only, 64 at most.',
  );
}

function plainWord(flag: string, text: string): string {
  if (/^[^\s]+$/.test(text)) return text;
  throw new UserError(`${flag}: not one word: ${JSON.stringify(text)}`, 'Give the flag once for each.');
}
