// A `Host` that runs nothing: it answers from a table, keeps its files in memory and writes down what it was asked.
// For what can't be had on every machine (systemd, a dockerd of some version); what is there is tested for real.
import type { Host, RootWay, RunResult } from '../../action/host.ts';

/** What matches the command, its words with blanks between them, and what it then says. A text is standard output. */
export type Answer = readonly [pattern: RegExp, answer: string | Partial<RunResult> | Error];

export interface FakeMachine {
  readonly rootWay?: RootWay;
  /** Paths that exist, with their text. */
  readonly files?: Readonly<Record<string, string>>;
  /** The first that matches counts. What matches none succeeds and says nothing, unless `strict`. */
  readonly answers?: readonly Answer[];
  /** What matches no answer is a program that does not exist. */
  readonly strict?: boolean;
}

export interface FakeHost {
  readonly host: Host;
  /** Commands in their order; `root: ` stands before those that were run as root. */
  readonly commands: string[];
  readonly written: { path: string; text: string; mode: number | undefined }[];
}

export function fakeHost(machine: FakeMachine): FakeHost {
  const files = new Map(Object.entries(machine.files ?? {}));
  const commands: string[] = [];
  const written: FakeHost['written'] = [];
  const tryRun: Host['try'] = (command, options = {}) => {
    const line = command.join(' ');
    commands.push(options.root === true ? `root: ${line}` : line);
    return Promise.resolve(answerTo(machine, line));
  };
  const host: Host = {
    rootWay: machine.rootWay ?? 'sudo',
    try: tryRun,
    run: async (command, options) => {
      const { status, stdout, stderr } = await tryRun(command, options);
      if (status === 0) return stdout;
      throw Object.assign(new Error(`${command.join(' ')}: status ${status}: ${stderr}`), { code: 'SYSTEM' });
    },
    read: (path) => Promise.resolve(files.get(path)),
    write: (path, text, mode) => {
      files.set(path, text);
      written.push({ path, text, mode });
      return Promise.resolve();
    },
    copy: (from, to) => {
      files.set(to, files.get(from) ?? '');
      return Promise.resolve();
    },
    remove: (path) => {
      for (const name of files.keys()) if (name === path || name.startsWith(`${path}/`)) files.delete(name);
      return Promise.resolve();
    },
    exists: (path) => Promise.resolve(files.has(path)),
  };
  return { host, commands, written };
}

function answerTo({ answers = [], strict = false }: FakeMachine, line: string): RunResult {
  const found = answers.find(([pattern]) => pattern.test(line));
  if (found === undefined) return { status: strict ? 127 : 0, stdout: '', stderr: strict ? 'no such program' : '' };
  const [, answer] = found;
  if (answer instanceof Error) throw answer;
  return { status: 0, stdout: '', stderr: '', ...(typeof answer === 'string' ? { stdout: answer } : answer) };
}
