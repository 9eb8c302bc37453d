// The job summary: a sentence, a table, a picture, and behind a click what one wants to know when something is odd.
import { formatBytes, plural } from '../../src/cli/format.ts';
import type { Totals } from '../../src/daemon/status.ts';
import type { RunState } from '../state.ts';
import { basesLines } from './bases.ts';
import { detailsOf, textCell } from './cells.ts';
import { notLazyLines, runLines, secondsLines } from './details.ts';
import { formatAbout, formatShare, isNothing } from './figures.ts';
import { imageTable } from './image-table.ts';
import type { Report, ReportTotals, SummaryContext } from './model.ts';
import { pictureOf } from './picture.ts';
import { reportOf } from './report.ts';

const MAX_NOTICES = 10;
const HEADING = '### Lazy pulls';

/** Markdown for the job summary, far below the 1 MiB that GitHub takes. */
export function summaryText(context: SummaryContext): string {
  const { status, run } = context;
  if (run.engine === undefined) return lines([HEADING, '', nothingText(run.notices), '']);
  const report = status === undefined ? undefined : reportOf(status, run.startedMs);
  const shown =
    report === undefined
      ? [
          'The daemon did not answer at the end of the job, so there are no figures. Its log is in the log of this step.',
        ]
      : reportLines(report, run);
  const trouble =
    status === undefined || report === undefined ? [] : troubleLines(status.totals, report.totals.fetchedBytes);
  return lines([
    HEADING,
    '',
    ...shown,
    '',
    ...trouble,
    ...noticeLines(run.notices),
    ...basesLines(context.bases),
    ...(report === undefined ? [] : detailLines(report)),
    ...detailsOf('About this run', runLines(context)),
  ]);
}

/** Why nothing was set up: main's notices have reason and remedy. */
function nothingText(notices: readonly string[]): string {
  const why = notices.slice(0, MAX_NOTICES).map((notice) => textCell(notice));
  return `Nothing was set up, and images are pulled as always. ${why.join(' ')}`.trim();
}

function reportLines(report: Report, run: RunState): string[] {
  const { images, totals } = report;
  if (images.length === 0) return ['No image was pulled through lazypull in this job.'];
  return [headline(report, run), '', ...pictureOf(images), ...imageTable(images, totals)];
}

/** What a person wants to know, in a sentence or two. */
export function headline({ images, totals }: Report, { startedMs, readyMs }: RunState): string {
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
  parts.push(`Setting up took ${formatAbout(readyMs - startedMs)}.`);
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
  return `${of} ran on ${formatBytes(fetchedBytes)} of it${share}.`;
}

/** What a registry that knows no ranges sends beside what was asked for; tables of contents and manifests are less. */
const MUCH_BYTES = 4_000_000;

type Trouble = Pick<Totals, 'readErrors' | 'verificationErrors' | 'fetchedBytes'>;

/** What a job should not go on without knowing. `used` are the bytes that its layers wanted. */
function troubleLines({ readErrors, verificationErrors, fetchedBytes }: Trouble, used: number): string[] {
  const said = [
    ...(fetchedBytes > 2 * used + MUCH_BYTES
      ? [`${formatBytes(fetchedBytes)} came in all: a registry sent whole layers where parts of them were asked for.`]
      : []),
    ...(readErrors > 0 ? [`${plural(readErrors, 'read')} of files failed (EIO).`] : []),
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
    ...(isCompared ? detailsOf('What the figures mean', secondsLines(report)) : []),
  ];
}

function lines(parts: readonly string[]): string {
  return `${parts.join('\n')}\n`;
}
