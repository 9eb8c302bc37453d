// Which images a Dockerfile is built on: the names behind FROM, with the defaults of ARGs that stand before the first one.
// Not a parser of Dockerfiles: lines, their continuations, comments, here-documents and stages are all that FROM needs.
// https://docs.docker.com/reference/dockerfile/
import type { NamedImage } from './model.ts';
import { substitute } from './variables.ts';

/** Names of images with the line that FROM stands in. Stages, `scratch` and names that can't be resolved are left out. */
export function dockerfileImages(text: string): NamedImage[] {
  const images: NamedImage[] = [];
  const stages = new Set<string>(['scratch']);
  const args = new Map<string, string>();
  let isGlobal = true;
  for (const { keyword, rest, line } of instructions(text)) {
    if (keyword === 'ARG' && isGlobal) declare(rest, args);
    if (keyword !== 'FROM') continue;
    isGlobal = false;
    const words = rest.split(/\s+/).filter((word) => word !== '' && !word.startsWith('--'));
    const [name = '', as = '', stage = ''] = words;
    const image = substitute(unquote(name), args);
    if (image !== undefined && image !== '' && !stages.has(image.toLowerCase())) images.push({ image, line });
    if (as.toUpperCase() === 'AS') stages.add(stage.toLowerCase());
  }
  return images;
}

interface Instruction {
  /** In capitals. */
  readonly keyword: string;
  readonly rest: string;
  /** Where it begins, from 1. */
  readonly line: number;
}

function* instructions(text: string): Generator<Instruction> {
  const lines = text.split(/\r?\n/);
  const continued = /^#\s*escape\s*=\s*`\s*$/i.test(lines[0] ?? '') ? /`[ \t]*$/ : /\\[ \t]*$/;
  let logical = '';
  let start = 0;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    // Comments and empty lines do not end a continued line.
    if (/^\s*(#|$)/.test(line)) continue;
    if (logical === '') start = index;
    const isContinued = continued.test(line);
    logical += line.replace(continued, '');
    if (isContinued && index < lines.length - 1) continue;
    const [, keyword = '', rest = ''] = /^\s*([A-Za-z]+)(?:\s+([^]*))?$/.exec(logical) ?? [];
    yield { keyword: keyword.toUpperCase(), rest: rest.trim(), line: start + 1 };
    index = skipDocuments(lines, index, keyword.toUpperCase(), rest);
    logical = '';
  }
}

/** Here-documents follow RUN, COPY and ADD. @returns the index of the last line that belongs to the instruction */
function skipDocuments(lines: readonly string[], index: number, keyword: string, rest: string): number {
  if (!/^(RUN|COPY|ADD|ONBUILD)$/.test(keyword)) return index;
  let at = index;
  for (const [, dash, quote, end] of rest.matchAll(/<<(-?)(["']?)([A-Za-z_]\w*)\2/g)) {
    const isEnd = (line: string): boolean => (dash === '' ? line : line.replace(/^\t+/, '')) === end;
    const found = lines.findIndex((line, number) => number > at && isEnd(line));
    // `<<<` and shifts look the same, and have no end.
    if (found >= 0 && quote !== undefined) at = found;
  }
  return at;
}

/** `ARG A=1 B="2" C`: C has no default, and is not known here. */
function declare(rest: string, args: Map<string, string>): void {
  for (const [, name = '', value = ''] of rest.matchAll(/([A-Za-z_]\w*)=("[^"]*"|'[^']*'|\S*)/g)) {
    const resolved = substitute(unquote(value), args);
    if (resolved === undefined) args.delete(name);
    else args.set(name, resolved);
  }
}

function unquote(text: string): string {
  return /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text;
}
