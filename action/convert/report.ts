// What the step says: a group for each image, an annotation for each that failed, a table in the job summary. Lines that come
// from images and registries may not be taken for commands by the runner.
import { layerLine, resultLine } from '../../src/cli/convert-reporter.ts';
import { formatBytes, formatSeconds, plural, printable, shortDigest } from '../../src/cli/format.ts';
import type { ConvertResult } from '../../src/optimize/convert-model.ts';
import { codeCell, markdownTable, textCell } from '../summary/cells.ts';
import type { Outcome, Status } from './model.ts';

/** A line of somebody else's, as one that the runner only shows. */
export function shownLine(name: string, line: string): string {
  // Commands in the runner's old form count anywhere in a line.
  return `${name}: ${printable(line).replaceAll('##[', '## [')}`;
}

/** `SRC -> DST: converted`. */
export function outcomeTitle({ source, destination, status }: Outcome): string {
  return `${source} -> ${destination}: ${status}`;
}

/** What the group of an image holds. */
export function outcomeLines(outcome: Outcome, result: ConvertResult | undefined): string[] {
  if (outcome.error !== undefined) return outcome.error.split('\n').map((line) => shownLine('error', line));
  if (result === undefined) return [`${outcome.destination}: ${outcome.digest}, made from ${outcome.sourceDigest}`];
  const layers = [...new Map(result.manifests.flatMap((one) => one.layers).map((one) => [one.digest, one])).values()];
  return [...layers.map((layer, index) => layerLine(index + 1, layers.length, layer)), resultLine(result)];
}

/** `3 images: 1 converted, 2 fresh`. */
export function countText(outcomes: readonly Outcome[]): string {
  const count = (status: Status): number => outcomes.filter((outcome) => outcome.status === status).length;
  const parts = (['converted', 'fresh', 'failed'] as const).filter((status) => count(status) > 0);
  return `${plural(outcomes.length, 'image')}: ${parts.map((status) => `${count(status)} ${status}`).join(', ')}`;
}

/** Markdown for the job summary. */
export function summaryText(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map((outcome) => [
    codeCell(outcome.source),
    codeCell(outcome.destination),
    statusCell(outcome),
    digestCell(outcome),
    formatBytes(outcome.uploadedBytes),
    formatSeconds(outcome.durationMs / 1000),
  ]);
  return ['### Lazily pullable images', '', countText(outcomes), '', ...markdownTable(COLUMNS, rows), ''].join('\n');
}

const COLUMNS = [
  { title: 'Source' },
  { title: 'Destination' },
  { title: 'Result' },
  { title: 'Digest' },
  { title: 'Uploaded', isFigure: true },
  { title: 'Time', isFigure: true },
] as const;

function statusCell({ status, changed, error }: Outcome): string {
  if (error !== undefined) return `failed: ${textCell(error)}`;
  return status === 'converted' && !changed ? 'converted, same image' : status;
}

function digestCell({ digest }: Outcome): string {
  return digest === undefined ? '' : codeCell(shortDigest(digest));
}
