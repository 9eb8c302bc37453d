// Draws docs/gain.svg from what script/demo --json wrote: a bar for each side, pull and start in two shades.
//   script/demo --json > demo.json; node script/picture.ts demo.json 'CAPTION' > docs/gain.svg
import { readFileSync } from 'node:fs';
import { formatBytes } from '../src/cli/format.ts';
import type { DemoResult } from './demo-table.ts';

const WIDTH = 760;
const HEIGHT = 190;
const LABEL_WIDTH = 90;
/** Room behind the longest bar for its figure. */
const FIGURE_WIDTH = 70;
const BAR_HEIGHT = 34;

/** An SVG document. Its colours suit light and dark pages. `caption` says what was measured, and where. */
export function gainPicture(result: DemoResult, caption: string): string {
  const { image, lazy, full } = result;
  const most = Math.max(lazy.pullMs + lazy.startMs, full.pullMs + full.startMs);
  const scale = (WIDTH - LABEL_WIDTH - FIGURE_WIDTH) / most;
  const fetched = `${formatBytes(lazy.fetchedBytes)} of ${formatBytes(image.bytes)} fetched`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="t">
<title id="t">Time until a container's first output: lazypull ${seconds(lazy)}, ordinary pull ${seconds(full)}</title>
<style>
  text { font: 14px system-ui, sans-serif; fill: #24292f }
  .small { font-size: 12px; fill: #57606a }
  .figure { font-weight: 600 }
  .pull { fill: #0969da } .start { fill: #54aeff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .small { fill: #9198a1 }
  }
</style>
<rect class="pull" x="${LABEL_WIDTH}" y="8" width="12" height="12"/><text class="small" x="${LABEL_WIDTH + 18}" y="18">pull</text>
<rect class="start" x="${LABEL_WIDTH + 60}" y="8" width="12" height="12"/><text class="small" x="${LABEL_WIDTH + 78}" y="18">from run to first output</text>
${row('lazypull', lazy, 34, scale)}
<text class="small" x="${LABEL_WIDTH}" y="${34 + BAR_HEIGHT + 15}">${escape(fetched)}</text>
${row('ordinary', full, 100, scale)}
<text class="small" x="${LABEL_WIDTH}" y="${100 + BAR_HEIGHT + 15}">${escape(`${formatBytes(image.bytes)} fetched and unpacked`)}</text>
<text class="small" x="0" y="${HEIGHT - 8}">${escape(caption)}</text>
</svg>
`;
}

interface Times {
  readonly pullMs: number;
  readonly startMs: number;
}

function row(name: string, times: Times, y: number, scale: number): string {
  const pull = round(times.pullMs * scale);
  const start = round(times.startMs * scale);
  const middle = y + BAR_HEIGHT / 2 + 5;
  return `<text x="0" y="${middle}">${name}</text>
<rect class="pull" x="${LABEL_WIDTH}" y="${y}" width="${pull}" height="${BAR_HEIGHT}"/>
<rect class="start" x="${round(LABEL_WIDTH + pull)}" y="${y}" width="${start}" height="${BAR_HEIGHT}"/>
<text class="figure" x="${round(LABEL_WIDTH + pull + start + 8)}" y="${middle}">${seconds(times)}</text>`;
}

function seconds({ pullMs, startMs }: Times): string {
  return `${((pullMs + startMs) / 1000).toFixed(1)} s`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

if (import.meta.main) {
  const [file, caption = ''] = process.argv.slice(2);
  if (file === undefined) throw new Error("usage: node script/picture.ts DEMO.json 'CAPTION'");
  process.stdout.write(gainPicture(JSON.parse(readFileSync(file, 'utf8')) as DemoResult, caption));
}
