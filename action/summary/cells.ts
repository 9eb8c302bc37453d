// Markdown that holds text of others: names of images, messages of registries. Nothing in it may become markup, a new cell,
// a mention or a formula.
import { printable } from '../../src/cli/format.ts';

const MAX_TEXT = 300;

/** Text in a cell or a sentence: one line, cut where it gets long. */
export function textCell(text: string, maxLength: number = MAX_TEXT): string {
  // Twice as much as is shown: line breaks and their blanks may shrink to one blank.
  const line = printable(text.slice(0, maxLength * 2).replaceAll(/\s*\n\s*/g, ' '));
  return cut(line, maxLength).replaceAll(/[\\`*_{}[\]<>|#~&$@]/g, (sign) => `&#${sign.codePointAt(0)};`);
}

/** A name or digest, as code. */
export function codeCell(text: string, maxLength: number = MAX_TEXT): string {
  // Backticks would show entities as they are, so what needs them goes without.
  return /^[\w./:@+=, -]+$/.test(text) && text.length <= maxLength
    ? `\`${text}\``
    : `<code>${textCell(text, maxLength)}</code>`;
}

/** Rows below a header; columns of figures are aligned to the right. */
export function markdownTable(
  columns: readonly { readonly title: string; readonly isFigure?: boolean }[],
  rows: readonly (readonly string[])[],
): string[] {
  return [
    rowOf(columns.map(({ title }) => title)),
    `|${columns.map(({ isFigure }) => (isFigure === true ? '---:' : '---')).join('|')}|`,
    ...rows.map((row) => rowOf(row.map((cell, index) => (columns[index]?.isFigure === true ? unbroken(cell) : cell)))),
  ];
}

/** What opens when somebody wants to know; `lines` are markdown. */
export function detailsOf(title: string, lines: readonly string[]): string[] {
  // The empty lines make it markdown again between the tags.
  return ['<details>', `<summary>${title}</summary>`, '', ...lines, '', '</details>', ''];
}

/** A figure stays with its unit. */
function unbroken(cell: string): string {
  return cell.replaceAll(/(?<=\d) (?=(?:[kMGTP]?B|s|min|h|d|%)(?:\W|$))/g, '&nbsp;');
}

function rowOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Cut by characters, not in the middle of one. */
function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return `${text.slice(0, maxLength - 3).replace(/[\uD800-\uDBFF]$/, '')}...`;
}
