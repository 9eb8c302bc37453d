// Whether two folders hold the same files with the same bytes. No git: the check works in a tarball of the sources, too.
import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What is different in `got`, one line for each file, sorted; empty when nothing is. */
export function differences(wanted: string, got: string): string[] {
  const [left, right] = [filesOf(wanted), filesOf(got)];
  const lines: string[] = [];
  for (const path of new Set([...left, ...right])) {
    if (!right.has(path)) lines.push(`${path} is missing`);
    else if (!left.has(path)) lines.push(`${path} does not belong there`);
    else if (!readFileSync(join(wanted, path)).equals(readFileSync(join(got, path))))
      lines.push(`${path} is different`);
  }
  return lines.sort();
}

function filesOf(folder: string): Set<string> {
  if (!existsSync(folder)) return new Set();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return new Set(files.map((entry) => relative(folder, join(entry.parentPath, entry.name))));
}
