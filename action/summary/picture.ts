// One picture: for each image the seconds before it could be used, lazily and, estimated, in the ordinary way. Mermaid draws
// it; its text keeps the colours of the reader's theme, and the colours of the bars are seen in both.
// https://mermaid.js.org/syntax/xyChart.html
import { formatAbout } from './figures.ts';
import type { ImageReport, ImageSeconds } from './model.ts';

const MAX_BARS = 10;
const MAX_NAME = 36;
/** Slower than an ordinary pull; an ordinary pull; lazily. Later bars are drawn over earlier ones. */
const COLORS = ['#d4812b', '#afb8c1', '#2da44e'] as const;
const WIDTH = 900;
const BAR_HEIGHT = 34;
const TITLE_HEIGHT = 50;

interface Bar {
  readonly label: string;
  readonly seconds: ImageSeconds;
}

/** Lines of markdown; none when there is nothing to compare. */
export function pictureOf(images: readonly ImageReport[]): string[] {
  const bars = barsOf(images);
  if (bars.length === 0) return [];
  const values = (of: (seconds: ImageSeconds) => number): string =>
    bars.map(({ seconds }) => (of(seconds) / 1000).toFixed(2)).join(', ');
  const longestMs = Math.max(...bars.flatMap(({ seconds }) => [seconds.lazyMs, seconds.ordinaryMs]));
  return [
    '```mermaid',
    ...settings(bars.length),
    'xychart-beta horizontal',
    `  title "${titleOf(bars)}"`,
    `  x-axis [${bars.map(({ label }) => `"${label}"`).join(', ')}]`,
    `  y-axis 0 --> ${(longestMs / 1000).toFixed(2)}`,
    `  bar [${values(({ lazyMs, ordinaryMs }) => (lazyMs > ordinaryMs ? lazyMs : 0))}]`,
    `  bar [${values(({ ordinaryMs }) => ordinaryMs)}]`,
    `  bar [${values(({ lazyMs, ordinaryMs }) => Math.min(lazyMs, ordinaryMs))}]`,
    '```',
    '',
  ];
}

/** Those with most to win, in the order of the table. */
function barsOf(images: readonly ImageReport[]): Bar[] {
  const compared = images.flatMap(({ name, seconds }) =>
    seconds === undefined || Math.max(seconds.lazyMs, seconds.ordinaryMs) < 5 ? [] : [{ name, seconds }],
  );
  const byLength = [...compared].sort((a, b) => b.seconds.ordinaryMs - a.seconds.ordinaryMs);
  const longest = new Set(byLength.slice(0, MAX_BARS));
  const shown = compared.filter((one) => longest.has(one));
  const labels = new Set<string>();
  return shown.map(({ name, seconds }) => ({ seconds, label: uniqueLabel(labelOf(name, seconds), labels) }));
}

function titleOf(bars: readonly Bar[]): string {
  const isSlower = bars.some(({ seconds }) => seconds.lazyMs > seconds.ordinaryMs);
  const loss = isSlower ? ', orange where that took longer' : '';
  return `Waiting for images: lazily (green${loss}), and by an ordinary pull (grey, estimated)`;
}

/** The name without what all names have in front. What mermaid could take for more than a letter is left out. */
function labelOf(name: string, { lazyMs, ordinaryMs }: ImageSeconds): string {
  const last = name.slice(name.lastIndexOf('/') + 1).replaceAll(/[^A-Za-z0-9._:@-]/g, '?');
  const short = last.length <= MAX_NAME ? last : `${last.slice(0, MAX_NAME - 3)}...`;
  return `${short}: ${formatAbout(lazyMs)}, not ${formatAbout(ordinaryMs)}`;
}

/** Bars with one label would be drawn over each other. */
function uniqueLabel(label: string, used: Set<string>): string {
  let unique = label;
  for (let number = 2; used.has(unique); number++) unique = `${label} (${number})`;
  used.add(unique);
  return unique;
}

function settings(bars: number): string[] {
  return [
    '---',
    'config:',
    '  xyChart:',
    `    width: ${WIDTH}`,
    `    height: ${TITLE_HEIGHT + bars * BAR_HEIGHT}`,
    '    titleFontSize: 14',
    '    titlePadding: 8',
    '    xAxis: { labelFontSize: 13, showTick: false, showAxisLine: false }',
    '    yAxis: { showLabel: false, showTick: false, showAxisLine: false }',
    '  themeVariables:',
    `    xyChart: { plotColorPalette: '${COLORS.join(', ')}', backgroundColor: 'transparent' }`,
    '---',
  ];
}
