// The table of the job summary: a row for each image, and one for all of them.
import { formatBytes } from '../../src/cli/format.ts';
import { codeCell, markdownTable } from './cells.ts';
import { formatDifference, formatMs, formatSaved, formatShare, formatSize } from './figures.ts';
import type { ImageReport, ReportTotals } from './model.ts';

/** Rows that are shown; the last row counts all. */
export const MAX_ROWS = 30;
const MAX_NAME = 120;

const NONE = '-';

interface Column {
  readonly title: string;
  readonly isFigure?: boolean;
  readonly cell: (image: ImageReport) => string;
  readonly total: (totals: ReportTotals, images: readonly ImageReport[]) => string;
}

const COLUMNS: readonly Column[] = [
  { title: 'Image', cell: ({ name }) => codeCell(name, MAX_NAME), total: () => '**All, each layer once**' },
  { title: 'Size', isFigure: true, cell: formatSize, total: totalSize },
  {
    title: 'Fetched',
    isFigure: true,
    cell: (image) => (isOrdinary(image) ? 'all' : formatBytes(image.fetchedBytes)),
    total: ({ fetchedBytes }) => formatBytes(fetchedBytes),
  },
  { title: 'Lazy', isFigure: true, cell: lazyCell, total: ({ lazyShare }) => formatShare(lazyShare) },
  { title: 'Ready after', isFigure: true, cell: ({ readyMs }) => formatMs(readyMs), total: () => '' },
  { title: 'First run after', isFigure: true, cell: ({ firstRunMs }) => formatMs(firstRunMs), total: () => '' },
  { title: 'Waits', isFigure: true, cell: unlessOrdinary(formatWaits), total: formatWaits },
  {
    title: 'There in time',
    isFigure: true,
    cell: unlessOrdinary(({ hitShare }) => formatShare(hitShare)),
    total: ({ hitShare }) => formatShare(hitShare),
  },
  {
    title: 'Requests',
    isFigure: true,
    cell: unlessOrdinary(({ requests }) => String(requests)),
    total: ({ requests }) => String(requests),
  },
  {
    title: 'From cache',
    isFigure: true,
    cell: unlessOrdinary(({ restoredBytes }) => formatBytes(restoredBytes)),
    total: ({ restoredBytes }) => formatBytes(restoredBytes),
  },
  {
    title: 'Saved',
    isFigure: true,
    cell: formatSaved,
    total: ({ savedMs }) => `**${formatDifference(savedMs)}**`,
  },
];

/** Lines of markdown. */
export function imageTable(images: readonly ImageReport[], totals: ReportTotals): string[] {
  // A first run, and a job without a cache, has a narrower table.
  const columns = COLUMNS.filter(({ title }) => title !== 'From cache' || totals.restoredBytes > 0);
  const rows = images.slice(0, MAX_ROWS).map((image) => columns.map(({ cell }) => cell(image)));
  if (images.length > 1) rows.push(columns.map(({ total }) => total(totals, images)));
  const more = images.length - MAX_ROWS;
  const notes = more > 0 ? ['', `And ${more} more, which the last row counts.`] : [];
  return [...markdownTable(columns, rows), ...notes];
}

function isOrdinary({ lazyLayers }: ImageReport): boolean {
  return lazyLayers === 0;
}

/** What is counted in lazy layers only. */
function unlessOrdinary(cell: (image: ImageReport) => string): (image: ImageReport) => string {
  return (image) => (isOrdinary(image) ? NONE : cell(image));
}

function lazyCell({ lazyLayers, ordinaryLayers, lazyShare }: ImageReport): string {
  if (lazyLayers === 0) return 'no';
  const of = ordinaryLayers === 0 ? '' : ` (${lazyLayers} of ${lazyLayers + ordinaryLayers} layers)`;
  return `${formatShare(lazyShare)}${of}`;
}

function formatWaits({ faults, waitedMs }: Pick<ReportTotals, 'faults' | 'waitedMs'>): string {
  return faults === 0 ? 'none' : `${faults} in ${formatMs(waitedMs)}`;
}

function totalSize({ bytes }: ReportTotals, images: readonly ImageReport[]): string {
  return `${formatBytes(bytes)}${images.every(({ isWholeSize }) => isWholeSize) ? '' : ' + ?'}`;
}
