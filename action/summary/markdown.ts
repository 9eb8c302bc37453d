// The job summary: a sentence, a table, a picture, and behind a click what one wants to know when something is odd.
import { formatBytes, plural } from '../../src/cli/format.ts';
import { codeCell, detailsOf, markdownTable, textCell } from './cells.ts';
import { notLazyLines, runLines, secondsLines } from './details.ts';
import { formatAbout, formatMs, formatSaved, formatShare, formatSize, isNothing } from './figures.ts';
import type { ImageReport, Report, ReportTotals, SummaryContext } from './model.ts';
import { pictureOf } from './picture.ts';
import { reportOf } from './report.ts';

export const MAX_ROWS = 30;
const MAX_NOTICES = 10;
const HEADING = '### Lazy pulls';

/** Markdown for the job summary, far below the 1 MiB that GitHub takes. */
export function summaryText(context: SummaryContext): string {
  const { status, run } = context;
  if (run.engine === undefined) return lines([HEADING, '', nothingText(run.notices), '']);
  const report = status === undefined ? undefined : reportOf(status);
  const shown =
    report === undefined
      ? [
          'The daemon did not answer at the end of the job, so there are no figures. Its log is in the log of this step.',
        ]
      : reportLines(report);
  const trouble = status === undefined ? [] : troubleLines(status.totals);
  return lines([
    HEADING,
    '',
    ...shown,
    '',
    ...trouble,
    ...noticeLines(run.notices),
    ...(report === undefined ? [] : detailLines(report)),
    ...detailsOf('About this run', runLines(context)),
  ]);
}

/** Why nothing was set up: main's notices have reason and remedy. */
function nothingText(notices: readonly string[]): string {
  const why = notices.slice(0, MAX_NOTICES).map((notice) => textCell(notice));
  return `Nothing was set up, and images are pulled as always. ${why.join(' ')}`.trim();
}

function reportLines(report: Report): string[] {
  const { images, totals } = report;
  if (images.length === 0) return ['No image was pulled through lazypull in this job.'];
  return [headline(report), '', ...imageTable(images, totals), '', ...pictureOf(images)];
}

/** What a person wants to know, in a sentence or two. */
export function headline({ images, totals }: Report): string {
  const ordinary = images.filter(({ lazyLayers }) => lazyLayers === 0).length;
  if (ordinary === images.length) {
    const what = ordinary === 1 ? 'The image was' : `All ${ordinary} images were`;
    return `**Nothing was lazy.** ${what} pulled in the ordinary way; why, and what to do, is below.`;
  }
  const lazy = images.length - ordinary;
  const parts = [`**${savedText(totals.savedMs)}** ${fetchedText(lazy, totals)}`];
  if (totals.restoredBytes > 0)
    parts.push(`${formatBytes(totals.restoredBytes)} came from the cache of an earlier job.`);
  if (ordinary > 0) parts.push(`${plural(ordinary, 'image')} came in the ordinary way; why is below.`);
  return parts.join(' ');
}

function savedText(savedMs: number | undefined): string {
  if (savedMs === undefined) return 'How much was saved is not known.';
  if (isNothing(savedMs)) return 'As fast as an ordinary pull.';
  if (savedMs > 0) return `About ${formatAbout(savedMs)} saved.`;
  return `About ${formatAbout(savedMs)} slower than an ordinary pull.`;
}

function fetchedText(lazy: number, { bytes, fetchedBytes, lazyShare }: ReportTotals): string {
  const of = `${plural(lazy, 'image')} of ${formatBytes(bytes)}`;
  const share = lazyShare === undefined ? '' : `: ${formatShare(lazyShare)} never had to come`;
  return `${of} ran on the ${formatBytes(fetchedBytes)} that were needed${share}.`;
}

const COLUMNS = [
  { title: 'Image' },
  { title: 'Size', isFigure: true },
  { title: 'Fetched', isFigure: true },
  { title: 'Lazy', isFigure: true },
  { title: 'Ready after', isFigure: true },
  { title: 'First run after', isFigure: true },
  { title: 'Waits', isFigure: true },
  { title: 'There before asked', isFigure: true },
  { title: 'Requests', isFigure: true },
  { title: 'From cache', isFigure: true },
  { title: 'Saved', isFigure: true },
] as const;

function imageTable(images: readonly ImageReport[], totals: ReportTotals): string[] {
  const rows = images.slice(0, MAX_ROWS).map((image) => imageRow(image));
  if (images.length > 1) rows.push(totalRow(images, totals));
  const more = images.length - MAX_ROWS;
  const notes = more > 0 ? ['', `And ${more} more, which the last row counts.`] : [];
  return [...markdownTable(COLUMNS, rows), ...notes];
}

function imageRow(image: ImageReport): string[] {
  const { name, lazyLayers, ordinaryLayers, readyMs, firstRunMs } = image;
  const isOrdinary = lazyLayers === 0;
  const of = ordinaryLayers === 0 ? '' : ` of ${lazyLayers} / ${lazyLayers + ordinaryLayers} layers`;
  return [
    codeCell(name, 120),
    formatSize(image),
    isOrdinary ? 'all' : formatBytes(image.fetchedBytes),
    isOrdinary ? 'no' : `${formatShare(image.lazyShare)}${of}`,
    formatMs(readyMs),
    formatMs(firstRunMs),
    ...countCells(image, isOrdinary),
    formatSaved(image),
  ];
}

function totalRow(images: readonly ImageReport[], totals: ReportTotals): string[] {
  const isWhole = images.every(({ isWholeSize }) => isWholeSize);
  const { savedMs } = totals;
  const lazyLayers = images.reduce((sum, image) => sum + image.lazyLayers, 0);
  const seconds = savedMs === undefined ? undefined : { lazyMs: 0, ordinaryMs: 0, savedMs };
  return [
    '**All, each layer once**',
    `${formatBytes(totals.bytes)}${isWhole ? '' : ' + ?'}`,
    formatBytes(totals.fetchedBytes),
    formatShare(totals.lazyShare),
    '',
    '',
    ...countCells(totals, false),
    `**${formatSaved({ lazyLayers, seconds })}**`,
  ];
}

type Counts = Pick<ReportTotals, 'faults' | 'waitedMs' | 'hitShare' | 'requests' | 'restoredBytes'>;

function countCells({ faults, waitedMs, hitShare, requests, restoredBytes }: Counts, isOrdinary: boolean): string[] {
  if (isOrdinary) return ['-', '-', '-', '-'];
  const waits = faults === 0 ? 'none' : `${faults} in ${formatMs(waitedMs)}`;
  return [waits, formatShare(hitShare), String(requests), formatBytes(restoredBytes)];
}

/** What a job should not go on without knowing. */
function troubleLines({
  readErrors,
  verificationErrors,
}: {
  readErrors: number;
  verificationErrors: number;
}): string[] {
  const said = [
    ...(readErrors > 0 ? [`${plural(readErrors, 'read')} of a file failed (EIO).`] : []),
    ...(verificationErrors > 0
      ? [`${plural(verificationErrors, 'chunk')} came with the wrong digest and were not used.`]
      : []),
  ];
  return said.length === 0 ? [] : [`**Something went wrong:** ${said.join(' ')}`, ''];
}

function noticeLines(notices: readonly string[]): string[] {
  if (notices.length === 0) return [];
  const more = notices.length - MAX_NOTICES;
  return [
    ...notices.slice(0, MAX_NOTICES).map((notice) => `- ${textCell(notice)}`),
    ...(more > 0 ? [`- and ${more} more, in the log of this step`] : []),
    '',
  ];
}

function detailLines(report: Report): string[] {
  const notLazy = notLazyLines(report);
  const isCompared = report.images.some(({ seconds }) => seconds !== undefined);
  return [
    ...(notLazy.length === 0 ? [] : detailsOf('What was not lazy, and why', notLazy)),
    ...(isCompared ? detailsOf('How seconds are counted', secondsLines(report)) : []),
  ];
}

function lines(parts: readonly string[]): string {
  return `${parts.join('\n')}\n`;
}
