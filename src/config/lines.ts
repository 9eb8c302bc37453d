// Where a key stands in a TOML text. The TOML reader gives values without positions; a message with a line is
// worth a small scan. The scan knows table headers and `key =` at the beginning of a line, which is how people write.

/** The 1-based line that sets `path` (`fuse.workers`, `snapshotter.0.socket`), or the nearest table that holds it; undefined when not found. */
export function lineOf(text: string, path: string): number | undefined {
  const seen = linesOf(text);
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const line = seen.get(at);
    if (line !== undefined) return line;
  }
  return undefined;
}

function linesOf(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const counts = new Map<string, number>();
  let table = '';
  for (const [index, line] of text.split('\n').entries()) {
    const header = /^\s*(\[\[?)\s*([^\]]+?)\s*\]/.exec(line);
    if (header?.[2] !== undefined) {
      table = unquoted(header[2]);
      if (header[1] === '[[') {
        const count = counts.get(table) ?? 0;
        counts.set(table, count + 1);
        table = `${table}.${count}`;
      }
      lines.set(table, index + 1);
      continue;
    }
    const key = /^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*=/.exec(
      line,
    )?.[1];
    if (key !== undefined) lines.set(table === '' ? unquoted(key) : `${table}.${unquoted(key)}`, index + 1);
  }
  return lines;
}

function unquoted(key: string): string {
  return key.replaceAll(/\s*\.\s*/g, '.').replaceAll(/["']/g, '');
}
