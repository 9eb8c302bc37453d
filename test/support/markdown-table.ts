// Tables of our documents, found by the heading above them: for tests that hold documents equal to the code.

/** The rows of the first table below the heading, and above the next heading; cells by the names of their columns, in small letters. */
export function tableBelow(markdown: string, heading: string): Record<string, string>[] {
  const lines = markdown.split('\n');
  const at = lines.findIndex((line) => /^#{1,6} /.test(line) && line.replace(/^#+ /, '').trim() === heading);
  if (at < 0) throw new Error(`no heading "${heading}"`);
  const below = lines.slice(at + 1);
  const next = below.findIndex((line) => /^#{1,6} /.test(line));
  const section = next < 0 ? below : below.slice(0, next);
  const from = section.findIndex((line) => line.startsWith('|'));
  if (from < 0) throw new Error(`no table below "${heading}"`);
  const to = section.findIndex((line, index) => index > from && !line.startsWith('|'));
  const [header = '', , ...rows] = section.slice(from, to < 0 ? undefined : to);
  const names = cellsOf(header).map((name) => name.toLowerCase());
  return rows.map((row) => Object.fromEntries(cellsOf(row).map((cell, index) => [names[index] ?? '', cell])));
}

/** A cell without the backticks that mark it as code. */
export function plainCell(cell: string | undefined): string {
  return (cell ?? '').replaceAll('`', '').trim();
}

/** A bar in a cell is written with a backslash. */
function cellsOf(row: string): string[] {
  const cells = row
    .trim()
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
  return cells.slice(1, -1);
}
