// Workflow commands: the lines by which a step's output tells the runner things, and what the runner does about them.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
// Written as `::name key=value,key=value::data` or `##[name key=value;key=value]data`, percent-encoded.
import { isAbsolute, relative } from 'node:path';
import type { Annotation, Command } from './runner-job.ts';
import type { Masks } from './runner-masks.ts';

const ISSUES = ['notice', 'warning', 'error'] as const;
const COMMANDS: ReadonlySet<string> = new Set([
  ...ISSUES,
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'group',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
]);
/** Commands of which the log shows nothing. */
const SILENT: ReadonlySet<string> = new Set(['add-mask', 'add-matcher', 'echo', 'remove-matcher']);
const MAX_MESSAGE_LENGTH = 4096;

const LINE_ENDS = [['%0D', '\r'] as const, ['%0A', '\n'] as const];
const PERCENT = ['%25', '%'] as const;
const IN_DATA = [...LINE_ENDS, PERCENT];
const IN_PROPERTY = [...LINE_ENDS, ['%3A', ':'] as const, ['%2C', ','] as const, PERCENT];
const IN_BRACKETS = [['%3B', ';'] as const, ...LINE_ENDS, ['%5D', ']'] as const, PERCENT];

/** A command in a line of output; undefined for any other line. @param known are the names that are commands. */
export function parseCommand(line: string, known: ReadonlySet<string> = COMMANDS): Command | undefined {
  const colons = /^\s*::([^\s:]+)(?: +(.*?))?::(.*)$/s.exec(line);
  if (colons !== null && known.has(colons[1] ?? '')) return command(colons, ',', IN_PROPERTY, IN_DATA);
  const brackets = /##\[([^\s\]]+)(?: +([^\]]*))?\](.*)$/s.exec(line);
  if (brackets !== null && known.has(brackets[1] ?? '')) return command(brackets, ';', IN_BRACKETS, IN_BRACKETS);
  return undefined;
}

type Escapes = readonly (readonly [string, string])[];

function command(match: RegExpExecArray, separator: string, inProperty: Escapes, inData: Escapes): Command {
  const [, name = '', properties = '', data = ''] = match;
  const pairs = properties.split(separator).map((pair) => /^([^=]+)=(.+)$/s.exec(pair.trimStart()));
  return {
    name,
    properties: Object.fromEntries(
      pairs.filter((pair) => pair !== null).map(([, key = '', value = '']) => [key, decode(value, inProperty)]),
    ),
    data: decode(data, inData),
  };
}

/** One escape after the other, percent signs last, as the runner does. */
function decode(text: string, escapes: Escapes): string {
  return escapes.reduce((decoded, [escape, character]) => decoded.replaceAll(escape, character), text);
}

/** Reads the output of one stage of a step. */
export class CommandReader {
  readonly commands: Command[] = [];
  readonly annotations: Annotation[] = [];
  readonly groups: string[] = [];
  /** Of the deprecated commands; the files are read elsewhere. */
  readonly outputs: Record<string, string> = {};
  readonly state: Record<string, string> = {};
  readonly #masks: Masks;
  readonly #workspace: string;
  readonly #debug: boolean;
  #stopToken: string | undefined;
  #failed = false;

  /** @param workspace as the step sees it: annotations are relative to it. */
  constructor(masks: Masks, options: { workspace: string; debug: boolean }) {
    this.#masks = masks;
    this.#workspace = options.workspace;
    this.#debug = options.debug;
  }

  /** Whether a command could not be obeyed, which fails the step. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Obeys the commands in a text. @returns what the log shows of it, masked. */
  read(text: string): string {
    const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
    return lines.flatMap((line) => this.#line(line.replace(/\r$/, ''))).join('\n');
  }

  /** An error of the runner itself. @returns its line in the log. */
  error(message: string): string {
    this.annotations.push(annotation('error', {}, this.#masks.apply(message), this.#workspace));
    return this.#masks.apply(`##[error]${message}`);
  }

  #line(line: string): string[] {
    if (this.#stopToken !== undefined) {
      if (parseCommand(line, new Set([this.#stopToken])) !== undefined) this.#stopToken = undefined;
      return [this.#masks.apply(line)];
    }
    const parsed = parseCommand(line);
    if (parsed === undefined) return [this.#masks.apply(line)];
    const shown = this.#obey(parsed, line);
    this.commands.push({ ...parsed, data: this.#masks.apply(parsed.data) });
    return shown === undefined ? [] : [this.#masks.apply(shown)];
  }

  #obey({ name, properties, data }: Command, line: string): string | undefined {
    if (name === 'add-mask') {
      if (data.trim() === '') return "##[warning]Can't add secret mask for empty string in ##[add-mask] command.";
      this.#masks.add(data);
    }
    if (SILENT.has(name)) return undefined;
    if (name === 'debug') return this.#debug ? `##[debug]${data}` : undefined;
    if (name === 'stop-commands') return this.#stop(data, line);
    if (name === 'set-env' || name === 'add-path') return this.#refuse(`The \`${name}\` command is disabled.`);
    if (name === 'set-output' || name === 'save-state') {
      const key = properties['name'];
      if (key === undefined) return this.#refuse(`Required field 'name' is missing in ##[${name}] command.`);
      (name === 'set-output' ? this.outputs : this.state)[key] = data;
      return undefined;
    }
    if (name === 'group') this.groups.push(this.#masks.apply(data));
    const level = ISSUES.find((issue) => issue === name);
    if (level !== undefined) {
      const message = this.#masks.apply(data).slice(0, MAX_MESSAGE_LENGTH);
      this.annotations.push(annotation(level, properties, message, this.#workspace));
    }
    return `##[${name}]${data}`;
  }

  #stop(token: string, line: string): string {
    if (token === '' || token === 'pause-logging' || COMMANDS.has(token)) {
      return this.#refuse(`The stop-commands token ${JSON.stringify(token)} is empty or a command.`);
    }
    this.#stopToken = token;
    return line;
  }

  #refuse(message: string): string {
    this.#failed = true;
    return this.error(message);
  }
}

/** An annotation whose lines and columns make sense, as the runner makes them. */
function annotation(
  level: Annotation['level'],
  properties: Readonly<Record<string, string>>,
  message: string,
  workspace: string,
): Annotation {
  const number = (name: string): number | undefined =>
    /^\d+$/.test(properties[name] ?? '') ? Number(properties[name]) : undefined;
  const endLine = number('endLine');
  const line = number('line') ?? endLine;
  const endColumn = number('endColumn');
  const column = number('col') ?? endColumn;
  const linesFit = endLine === undefined || line === undefined || endLine >= line;
  const columnsFit =
    line !== undefined &&
    (endLine === undefined || endLine === line) &&
    (endColumn === undefined || column === undefined || endColumn >= column);
  return {
    level,
    message,
    title: properties['title'],
    file: relativeTo(workspace, properties['file']),
    line: linesFit ? line : undefined,
    endLine: linesFit ? endLine : undefined,
    column: columnsFit ? column : undefined,
    endColumn: columnsFit ? endColumn : undefined,
  };
}

function relativeTo(workspace: string, file: string | undefined): string | undefined {
  if (file === undefined || !isAbsolute(file)) return file;
  const inside = relative(workspace, file);
  return inside.startsWith('..') ? file : inside;
}
