// Which images a compose file or a workflow names: `image:` and `container:`. Not a parser of YAML: a line has a key and a
// value, and what is text of a block (`run: |`) is none of it. Whoever finds nothing here misses a notice, no more.
import type { NamedImage } from './model.ts';
import { substitute } from './variables.ts';

const VALUE = String.raw`("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'\[\]{},&*!|>%@#][^\s,{}]*(?:\{[^\s{}]*\}[^\s,{}]*)*)`;
/** A container of a workflow may be its image alone, or have it in `image`. */
const KEYS: Readonly<Record<'compose' | 'workflow', RegExp>> = {
  compose: new RegExp(String.raw`(?:^|[\s{,])["']?image["']?\s*:\s+${VALUE}`, 'g'),
  workflow: new RegExp(String.raw`(?:^|[\s{,])["']?(?:image|container)["']?\s*:\s+${VALUE}`, 'g'),
};

/** Names of images with their lines. Variables take their defaults; names that can't be resolved are left out. */
export function yamlImages(text: string, kind: keyof typeof KEYS): NamedImage[] {
  const found: NamedImage[] = [];
  for (const { content, line } of contentLines(text)) {
    for (const [, value = ''] of content.matchAll(KEYS[kind])) {
      const image = kind === 'compose' ? resolveCompose(scalar(value)) : scalar(value);
      // Expressions of a workflow have values that are not known here.
      if (image !== undefined && image !== '' && !image.includes('$')) found.push({ image, line });
    }
  }
  return found;
}

/** Lines that are not inside of a block of text, without comments. */
function* contentLines(text: string): Generator<{ content: string; line: number }> {
  let blockIndent: number | undefined;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    if (raw.trim() === '') continue;
    const indent = raw.length - raw.trimStart().length;
    if (blockIndent !== undefined && indent > blockIndent) continue;
    blockIndent = undefined;
    const content = withoutComment(raw);
    // `key: |2-`, `- >` and the like; the text is deeper than the key.
    const opens = /^(\s*(?:-\s+)*)(?:[^#]*:\s+|)(?:[&!]\S+\s+)*[|>][-+0-9]*\s*$/.exec(content);
    if (opens !== null) blockIndent = opens[1]?.length === 0 ? indent : keyIndent(content);
    yield { content, line: index + 1 };
  }
}

/** Column of the key: in `- run: |` that of `run`, in `- |` that of the dash. */
function keyIndent(content: string): number {
  const dashes = /^\s*(?:-\s+)*/.exec(content)?.[0].length ?? 0;
  return content.slice(dashes).includes(':') ? dashes : content.length - content.trimStart().length;
}

/** A comment begins at a `#` after a blank, outside of quotes. */
function withoutComment(line: string): string {
  let quote = '';
  for (let index = 0; index < line.length; index++) {
    const sign = line.charAt(index);
    const before = index === 0 ? ' ' : line.charAt(index - 1);
    if (quote !== '') quote = sign === quote ? '' : quote;
    else if ((sign === '"' || sign === "'") && /[\s:,[{]/.test(before)) quote = sign;
    else if (sign === '#' && /\s/.test(before)) return line.slice(0, index);
  }
  return line;
}

function scalar(value: string): string {
  if (value.startsWith("'")) return value.slice(1, -1).replaceAll("''", "'");
  return value.startsWith('"') ? value.slice(1, -1) : value;
}

/** Compose has `$$` for a dollar, and takes unknown variables from the environment, which is not known here. */
function resolveCompose(text: string): string | undefined {
  return text.includes('$$') ? undefined : substitute(text, new Map());
}
