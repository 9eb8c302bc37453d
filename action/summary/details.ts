// What the summary keeps behind a click: reasons, the arithmetic of the estimate, and the facts of the run.
import { formatBytes, plural } from '../../src/cli/format.ts';
import type { RestoredCache, SavedCache } from '../cache/model.ts';
import { codeCell, markdownTable, textCell } from './cells.ts';
import { formatAbout, formatMs } from './figures.ts';
import type { NotLazyLayers, Report, SummaryContext } from './model.ts';
import { remedyFor, wordsFor } from './reasons.ts';

const MAX_ROWS = 30;

const COLUMNS = [
  { title: 'Image' },
  { title: 'Layers', isFigure: true },
  { title: 'Why' },
  { title: 'What to do' },
  { title: 'What the daemon says' },
] as const;

/** A row for each image and reason; none when all was lazy. */
export function notLazyLines({ images, unnamed }: Report): string[] {
  const rows = [
    ...images.flatMap(({ name, lazyLayers, ordinaryLayers, notLazy }) =>
      notLazy.map((one) => reasonRow(codeCell(name, 120), one, lazyLayers + ordinaryLayers)),
    ),
    ...unnamed.map((one) => reasonRow('(not named)', one, undefined)),
  ];
  if (rows.length === 0) return [];
  const more = rows.length - MAX_ROWS;
  return [
    ...markdownTable(COLUMNS, rows.slice(0, MAX_ROWS)),
    ...(more > 0 ? ['', `And ${more} more: \`lazypull status\` in a step of the job shows all.`] : []),
  ];
}

function reasonRow(name: string, { kind, reason, layers }: NotLazyLayers, of: number | undefined): string[] {
  const count = of === undefined ? String(layers) : `${layers} of ${of}`;
  return [name, count, wordsFor(kind), remedyFor(kind), textCell(reason)];
}

const COLUMN_LINES = [
  '- **Size** is compressed; `?` is what ordinary layers add, which the daemon does not know. **Lazy** is the share that was never fetched.',
  '- **Ready after**: from the request until all lazy layers were mounted. **First run after**: until the first container or build step.',
  '- **Waits**: reads that had to wait for the registry, and how long. **There in time**: the share of what was read that nobody waited for.',
];

/** What the columns are, and the formula with the figures of this job. */
export function secondsLines({ rates, images, totals }: Report): string[] {
  const pull = `${formatBytes(rates.pullBytesPerSec)}/s`;
  const unpack = `${formatBytes(rates.unpackBytesPerSec)}/s`;
  const compared = images.flatMap(({ seconds }) => seconds ?? []);
  const sum = (key: 'lazyMs' | 'ordinaryMs'): number => compared.reduce((total, one) => total + one[key], 0);
  const { savedMs = 0 } = totals;
  return [
    ...COLUMN_LINES,
    '',
    '```text',
    'saved = ordinary pull (estimated) - lazy pull (measured)',
    `      = ${formatAbout(sum('ordinaryMs'))} - ${formatAbout(sum('lazyMs'))} = ${savedMs < 0 ? '-' : ''}${formatAbout(savedMs)}`,
    '```',
    '',
    `- **Ordinary pull**: all compressed bytes of the lazy layers arrive at ${pull} (${pullSource(rates.isMeasured)}), one layer after the other; each is unpacked at ${unpack} of decompressed bytes (assumed) once it is there and those below it are unpacked.`,
    '- **Lazy pull**: the time until all lazy layers of the image were mounted, and the time in which reads of its layers waited for the registry.',
    '- Ordinary layers save nothing. A layer of several images counts for the one that was asked for first. The time that this action took to set up is not part of it.',
  ];
}

function pullSource(isMeasured: boolean): string {
  return isMeasured
    ? "measured: this job's own requests"
    : 'assumed: this job fetched too little at a time to measure it';
}

/** Engine, tier, versions, caches. */
export function runLines({ status, run, restored, saved }: SummaryContext): string[] {
  const engine = `${run.engine ?? 'none'}${run.isolated ? ", beside the machine's own" : ''}`;
  const items: [string, string][] = [
    ['Engine', engine],
    ['Set up in', formatMs(Math.max(0, run.readyMs - run.startedMs))],
    ['Cache of an earlier job', restoredText(restored)],
    ['Cache for the next job', savedText(saved)],
  ];
  if (status !== undefined) {
    const { totals, tier, tierReason, transport, version, generation } = status;
    items.push(
      ['lazypull', `${textCell(version)}${generation === 0 ? '' : `, restarted ${plural(generation, 'time')}`}`],
      ['Mounts', `tier ${tier} (${textCell(tierReason)}), transport ${transport}`],
      ['Registries', registryText(totals)],
      ['Reads', `${totals.reads} of ${formatBytes(totals.readBytes)}, ${totals.faults} had to wait`],
    );
  }
  return markdownTable(
    [{ title: '' }, { title: '' }],
    items.map(([name, value]) => [name, value]),
  );
}

type Traffic = Pick<
  NonNullable<SummaryContext['status']>['totals'],
  'registryRequests' | 'registryRetries' | 'fetchedBytes' | 'transferMs'
>;

function registryText({ registryRequests, registryRetries, fetchedBytes, transferMs }: Traffic): string {
  const retries = registryRetries === 0 ? '' : `, ${registryRetries} tried again`;
  return `${plural(registryRequests, 'request')}${retries}, ${formatBytes(fetchedBytes)} in ${formatMs(transferMs)}`;
}

function restoredText({ key, layers, chunks, bytes, refused, why }: RestoredCache): string {
  const because = why === '' ? '' : `: ${textCell(why)}`;
  if (key === '') return `none${because}`;
  const not = refused === 0 ? '' : `, ${plural(refused, 'file')} refused or cut short`;
  return `${plural(layers, 'layer')}, ${plural(chunks, 'chunk')}, ${formatBytes(bytes)}${not}, from ${codeCell(key)}${because}`;
}

function savedText({ outcome, key, layers, bytes, why }: SavedCache): string {
  const because = why === '' ? '' : `: ${textCell(why)}`;
  switch (outcome) {
    case 'saved':
      return `${plural(layers, 'layer')}, ${formatBytes(bytes)} as ${codeCell(key)}`;
    case 'unchanged':
      return `the one of before stays${because}`;
    case 'empty':
      return `nothing to save${because}`;
    case 'off':
      return `off${because}`;
    default:
      return `not saved${because}`;
  }
}
