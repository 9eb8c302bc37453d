// The variables that FROM lines see: those that BuildKit sets for the platforms, and ARGs in front of the first FROM, with
// what the build was told in place of their defaults. https://docs.docker.com/reference/dockerfile/#scope
import { formatPlatform, type Platform } from '../oci/platform.ts';
import type { Instruction } from './instructions.ts';
import { expandWord } from './shell-words.ts';

/** What is declared with a value that can't be told, with the reason. */
export interface BadArg {
  readonly line: number;
  readonly what: string;
}

export interface PlatformArgs {
  readonly platform: Platform;
  readonly buildPlatform: Platform;
  /** Name of the stage that is built. */
  readonly targetStage: string;
  readonly buildArgs: ReadonlyMap<string, string>;
}

/** `BUILDPLATFORM`, `TARGETARCH` and so on; they need no ARG in front of FROM, and build arguments win over them. */
export function platformArgs({ platform, buildPlatform, targetStage, buildArgs }: PlatformArgs): Map<string, string> {
  const values = new Map<string, string>();
  for (const [prefix, { os, architecture, variant = '' }] of [
    ['BUILD', buildPlatform],
    ['TARGET', platform],
  ] as const) {
    const suffix = variant === '' ? {} : { variant };
    values.set(`${prefix}PLATFORM`, formatPlatform({ os, architecture, ...suffix }));
    values.set(`${prefix}OS`, os);
    values.set(`${prefix}OSVERSION`, '');
    values.set(`${prefix}ARCH`, architecture);
    values.set(`${prefix}VARIANT`, variant);
  }
  values.set('TARGETSTAGE', targetStage === '' ? 'default' : targetStage);
  for (const name of values.keys()) values.set(name, buildArgs.get(name) ?? values.get(name) ?? '');
  return values;
}

/** Adds what an ARG in front of the first FROM declares. A name without a value, there or from outside, stays unset. */
export function declareArgs(
  { rest, line }: Instruction,
  values: Map<string, string>,
  buildArgs: ReadonlyMap<string, string>,
  escape: string,
): BadArg[] {
  const bad: BadArg[] = [];
  for (const word of rawWords(rest, escape)) {
    const [, name = '', text] = /^([^=]*)(?:=([^]*))?$/.exec(word) ?? [];
    const given = buildArgs.get(name);
    if (given !== undefined) values.set(name, given);
    else if (text !== undefined) {
      try {
        values.set(name, expandWord(text, { escape, values }));
      } catch (error) {
        bad.push({ line, what: `ARG ${name}: ${error instanceof Error ? error.message : String(error)}` });
      }
    }
  }
  return bad;
}

/** Split at blanks outside of quotes, with the quotes. */
function rawWords(text: string, escape: string): string[] {
  const other = escape === '`' ? String.raw`[^\s"'\x60]|\x60[^]?` : String.raw`[^\s"'\\]|\\[^]?`;
  const inQuotes = escape === '`' ? String.raw`(?:\x60[^]|[^"\x60])*` : String.raw`(?:\\[^]|[^"\\])*`;
  return text.match(new RegExp(`(?:${other}|"${inQuotes}"?|'[^']*'?)+`, 'g')) ?? [];
}
