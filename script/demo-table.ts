// The demo's result, for programs and for people.
import { formatBytes } from '../src/cli/format.ts';

/** What `script/demo --json` writes. Sizes are compressed bytes. */
export interface DemoResult {
  readonly image: { readonly bytes: number };
  readonly lazy: { readonly pullMs: number; readonly startMs: number; readonly fetchedBytes: number };
  readonly full: { readonly pullMs: number; readonly startMs: number };
}

export interface TableOptions {
  readonly title: string;
  /** What the reader should know about the image; undefined for nothing. */
  readonly note: string | undefined;
  /** Colours, and blocks instead of `#`. */
  readonly fancy: boolean;
}

const BAR_WIDTH = 40;
const COLORS = { lazy: '32', full: '33' };
type SideName = keyof typeof COLORS;

/** A small table with bars. Ends with a newline. */
export function demoTable({ image, lazy, full }: DemoResult, { title, note, fancy }: TableOptions): string {
  const totals = { lazy: lazy.pullMs + lazy.startMs, full: full.pullMs + full.startMs };
  const most = Math.max(totals.lazy, totals.full);
  const row = (label: string, side: SideName, ms: number): string => {
    const figure = `${(ms / 1000).toFixed(2)} s`.padStart(9);
    return `  ${label.padEnd(16)}  ${side === 'lazy' ? 'lazypull' : 'ordinary'}  ${figure}  ${bar(side, ms / most, fancy)}`;
  };
  const share = ((lazy.fetchedBytes / image.bytes) * 100).toFixed(0);
  const lines = [
    '',
    title,
    '',
    `  image             ${formatBytes(image.bytes)} compressed`,
    `  bytes fetched     lazypull  ${formatBytes(lazy.fetchedBytes)} (${share} %) until the first output`,
    `                    ordinary  ${formatBytes(image.bytes)}`,
    '',
    row('pull', 'lazy', lazy.pullMs),
    row('', 'full', full.pullMs),
    row('to first output', 'lazy', lazy.startMs),
    row('', 'full', full.startMs),
    row('together', 'lazy', totals.lazy),
    row('', 'full', totals.full),
    '',
    ...(note === undefined ? [] : [`  ${note}`, '']),
  ];
  return `${lines.join('\n')}\n`;
}

function bar(side: SideName, share: number, fancy: boolean): string {
  const blocks = (fancy ? '\u2588' : '#').repeat(Math.max(1, Math.round(share * BAR_WIDTH)));
  return fancy ? `\u001b[${COLORS[side]}m${blocks}\u001b[0m` : blocks;
}
