// The instructions of a Dockerfile: lines, continued lines, comments between them, here-documents, flags. The rules are those
// of BuildKit's parser, also where they are odd, because what it does not see as an instruction must not be one here.
// https://docs.docker.com/reference/dockerfile/#format
import { escapeCharacter } from './directives.ts';
import { expandWord, splitWords } from './shell-words.ts';

export interface Instruction {
  /** In capitals. That of the trigger, for ONBUILD. */
  readonly keyword: string;
  /** `--name=value`, unquoted, without the dashes. */
  readonly flags: readonly (readonly [name: string, value: string])[];
  /** All after keyword and flags. */
  readonly rest: string;
  /** Where it begins, from 1. */
  readonly line: number;
  readonly onBuild: boolean;
}

export interface ParsedFile {
  readonly escape: string;
  readonly instructions: readonly Instruction[];
  /** Where a here-document begins that has no end: nothing after it is known. */
  readonly unended: number | undefined;
}

/** Never throws: what is wrong with a Dockerfile is for BuildKit to say. */
export function parseInstructions(text: string): ParsedFile {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line) => line.replace(/\r+$/, ''));
  const escape = escapeCharacter(lines);
  const instructions: Instruction[] = [];
  for (let index = 0; index < lines.length;) {
    const start = index;
    const { logical, next } = logicalLine(lines, index, escape);
    index = next;
    if (logical === '') continue;
    const instruction = parseInstruction(logical, start + 1, escape);
    instructions.push(instruction);
    for (const document of documentsOf(logical, instruction)) {
      const end = endOf(lines, index, document);
      if (end === undefined) return { escape, instructions, unended: start + 1 };
      index = end + 1;
    }
  }
  return { escape, instructions, unended: undefined };
}

/** One line with those that continue it; `next` is the index of the first line after them. */
function logicalLine(lines: readonly string[], first: number, escape: string): { logical: string; next: number } {
  // An escape character that is itself escaped continues nothing.
  const continued = escape === '`' ? /(^|[^`])`[ \t]*$/ : /(^|[^\\])\\[ \t]*$/;
  const opening = (lines[first] ?? '').trimStart();
  let next = first + 1;
  if (opening.startsWith('#')) return { logical: '', next };
  let logical = opening.replace(continued, '$1');
  let isContinued = continued.test(opening);
  for (; isContinued && next < lines.length; next++) {
    const line = lines[next] ?? '';
    // Comments and empty lines do not end a continued line.
    if (/^\s*(#|$)/.test(line)) continue;
    logical += line.replace(continued, '$1');
    isContinued = continued.test(line);
  }
  return { logical: logical.trim(), next };
}

function parseInstruction(logical: string, line: number, escape: string): Instruction {
  const [, word = '', after = ''] = /^(\S+)\s*([^]*)$/.exec(logical) ?? [];
  const keyword = word.toUpperCase();
  if (keyword === 'ONBUILD' && after !== '') return { ...parseInstruction(after, line, escape), onBuild: true };
  return { keyword, ...takeFlags(after, escape), line, onBuild: false };
}

/** Flags stand in front of all else; quotes may be anywhere in them; `--` alone ends them. */
function takeFlags(text: string, escape: string): Pick<Instruction, 'flags' | 'rest'> {
  const flags: [string, string][] = [];
  let rest = text;
  while (rest.startsWith('--')) {
    const { word, length } = flagWord(rest, escape);
    rest = rest.slice(length).trimStart();
    if (word === '--') break;
    const [, name = '', value = ''] = /^--([^=]*)=?([^]*)$/.exec(word) ?? [];
    flags.push([name, value]);
  }
  return { flags, rest };
}

function flagWord(text: string, escape: string): { word: string; length: number } {
  let word = '';
  let quote = '';
  let at = 0;
  for (; at < text.length; at++) {
    const sign = text.charAt(at);
    if (sign === quote) quote = '';
    else if (quote === '' && (sign === '"' || sign === "'")) quote = sign;
    else if (quote === '' && /\s/.test(sign)) break;
    else word += sign === escape ? text.charAt(++at) : sign;
  }
  return { word, length: at };
}

interface HereDocument {
  readonly end: string;
  /** `<<-`: tabs in front of the end do not count. */
  readonly isIndented: boolean;
}

function documentsOf(logical: string, { keyword, rest }: Instruction): HereDocument[] {
  if (!/^(RUN|COPY|ADD)$/.test(keyword) || !logical.includes('<<') || isJsonList(rest)) return [];
  try {
    return splitWords(logical, { escape: '\\', raw: true }).flatMap((word) => {
      const [, dash, name] = /^\d*<<(-?)\s*([^<]+)$/.exec(word) ?? [];
      if (name === undefined) return [];
      const isOne = splitWords(name, { escape: '\\' }).length === 1;
      return isOne ? [{ end: expandWord(name, { escape: '\\' }), isIndented: dash === '-' }] : [];
    });
  } catch {
    // Quotes without an end, or variables of a shell that BuildKit can't read: it sees no here-documents there.
    return [];
  }
}

function isJsonList(text: string): boolean {
  if (!text.startsWith('[')) return false;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((item) => typeof item === 'string');
  } catch {
    return false;
  }
}

function endOf(lines: readonly string[], from: number, { end, isIndented }: HereDocument): number | undefined {
  for (let index = from; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if ((isIndented ? line.replace(/^\t+/, '') : line) === end) return index;
  }
  return undefined;
}
