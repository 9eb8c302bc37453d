// Parser directives: comments in the first lines of a Dockerfile that say how it is read. The first line that is none ends
// them, also when it is an ordinary comment. https://docs.docker.com/reference/dockerfile/#parser-directives
import type { SyntaxDirective } from './model.ts';

const KNOWN = new Set(['syntax', 'escape', 'check']);

interface Directive {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/** The character that escapes, and continues lines at their end. */
export function escapeCharacter(lines: readonly string[]): string {
  // BuildKit strips blanks in front of these lines, but not in front of those that it looks for a frontend in.
  const found = directives(
    lines.map((line) => line.trimStart()),
    '#',
  ).find(({ name }) => name === 'escape');
  return found?.value === '`' ? '`' : '\\';
}

/**
 * The frontend that a file asks for. It may be no Dockerfile at all: `// syntax=` and a JSON object with a key `syntax` count
 * as well, and a line `#!` in front of everything does not.
 */
export function syntaxOf(text: string): SyntaxDirective | undefined {
  const all = text.replace(/^\uFEFF/, '').split('\n');
  const skipped = all[0]?.startsWith('#!') === true ? 1 : 0;
  const lines = all.slice(skipped);
  for (const comment of ['#', '//']) {
    const found = directives(lines, comment).find(({ name }) => name === 'syntax');
    if (found !== undefined) return syntax(found.value, found.line + skipped);
  }
  const value = jsonSyntax(lines.join('\n'));
  return value === undefined ? undefined : syntax(value, skipped + 1);
}

function syntax(cmdline: string, line: number): SyntaxDirective {
  return { image: cmdline.split(' ', 1)[0] ?? '', cmdline, line };
}

function jsonSyntax(text: string): string | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const { syntax: value } = JSON.parse(text) as { syntax?: unknown };
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function directives(lines: readonly string[], comment: string): Directive[] {
  const found: Directive[] = [];
  for (const [index, line] of lines.entries()) {
    const match = line.startsWith(comment)
      ? /^\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/.exec(line.slice(comment.length))
      : null;
    const name = match?.[1]?.toLowerCase() ?? '';
    // One that is there twice is an error in BuildKit: it will say so itself.
    if (!KNOWN.has(name) || found.some((before) => before.name === name)) break;
    found.push({ name, value: match?.[2] ?? '', line: index + 1 });
  }
  return found;
}
