// Bars of text: shares, and which parts of something are there.

/** The characters of a bar: nothing, something, all of a cell. */
export interface BarStyle {
  readonly empty: string;
  readonly part: string;
  readonly full: string;
}

/** Light, medium and full block. */
const BLOCKS: BarStyle = { empty: '\u2591', part: '\u2592', full: '\u2588' };
const ASCII: BarStyle = { empty: '.', part: '+', full: '#' };

/** Blocks where the locale says that they can be shown. */
export function barStyle(env: NodeJS.ProcessEnv = process.env): BarStyle {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return /utf-?8/i.test(locale) ? BLOCKS : ASCII;
}

/** A bar of `width` cells that is filled from the left by `share`, 0 to 1. What is not nothing shows. */
export function shareBar(share: number, width: number, style: BarStyle): string {
  const cells = Math.max(0, Math.min(1, share)) * width;
  const full = Math.floor(cells + 1e-9);
  const part = full < width && cells - full > 1e-9 ? 1 : 0;
  return style.full.repeat(full) + style.part.repeat(part) + style.empty.repeat(width - full - part);
}

/** A bar of `width` cells for something of `size` bytes, in which these ranges (sorted, not touching) are there. */
export function rangeBar(
  ranges: readonly (readonly [number, number])[],
  size: number,
  width: number,
  style: BarStyle,
): string {
  let bar = '';
  for (let cell = 0, index = 0; cell < width; cell++) {
    const start = (cell * size) / width;
    const end = ((cell + 1) * size) / width;
    let covered = 0;
    while (index < ranges.length && ranges[index]![1] <= start) index++;
    for (let at = index; at < ranges.length && ranges[at]![0] < end; at++) {
      covered += Math.min(end, ranges[at]![1]) - Math.max(start, ranges[at]![0]);
    }
    bar += covered <= 0 ? style.empty : covered >= (end - start) * 0.999 ? style.full : style.part;
  }
  return bar;
}
