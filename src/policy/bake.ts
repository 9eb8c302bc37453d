// Builds of a bake file in JSON, best as `docker buildx bake --print` writes it: with variables, matrices and inheritance
// worked out. Nothing here evaluates HCL. https://docs.docker.com/build/bake/reference/
import { FormatError } from '../errors.ts';
import { parsePlatform } from '../oci/platform.ts';
import { dockerfileOf } from './dockerfile-of.ts';
import type { Build, Builds, Remark } from './model.ts';
import { textList, textMap, textOf, type Table } from './tables.ts';

const PRINT = 'docker buildx bake --print | lazypull policy -';

/** `folder` is where bake is run: its paths start there. */
export function bakeBuilds(document: Table, file: string, folder: string): Builds {
  const builds: Build[] = [];
  const remarks: Remark[] = [];
  const remark = (what: string): void => void remarks.push({ file, line: undefined, what });
  const targets = (document['target'] ?? {}) as Table;
  for (const [name, value] of Object.entries(targets)) {
    const target = value as Table;
    if (isUnevaluated(target)) {
      remark(`target ${name} has variables, a matrix or inherits: use ${PRINT}`);
      continue;
    }
    const inline = textOf(target['dockerfile-inline']);
    const found = dockerfileOf(folder, {
      context: textOf(target['context']) ?? '.',
      dockerfile: textOf(target['dockerfile']),
      inline: inline === undefined ? undefined : unescaped(inline),
    });
    if ('problem' in found) remark(`target ${name}: ${found.problem}`);
    else
      builds.push({
        ...buildOf(target),
        file: found.inline ? `${file} (${name})` : found.file,
        dockerfile: found.text,
      });
  }
  return { builds, remarks };
}

function buildOf(target: Table): Omit<Build, 'file' | 'dockerfile'> {
  return {
    buildArgs: Object.fromEntries(
      Object.entries(textMap(target['args'])).map(([name, value]) => [name, unescaped(value)]),
    ),
    platforms: textList(target['platforms']).flatMap((text) => platformOf(text)),
    target: textOf(target['target']),
    namedContexts: Object.keys(textMap(target['contexts'])),
  };
}

/** What BuildKit does not know either is for BuildKit to refuse. */
export function platformOf(text: string): ReturnType<typeof parsePlatform>[] {
  try {
    return [parsePlatform(text)];
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return [];
  }
}

function isUnevaluated(target: Table): boolean {
  if (target['inherits'] !== undefined || target['matrix'] !== undefined) return true;
  // In what is evaluated, a dollar with a brace is only text that a Dockerfile replaces itself.
  const { 'dockerfile-inline': _text, ...rest } = target;
  return /(?<!\$)\$\{/.test(JSON.stringify(rest));
}

/** What bake prints can be read by bake again: newer versions double the sign before a brace. */
function unescaped(text: string): string {
  return text.replaceAll(/\$\$\{|%%\{/g, (sign) => sign.slice(1));
}
