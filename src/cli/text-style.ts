// How texts for people are dressed: colours only on a terminal and without NO_COLOR (https://no-color.org), bars of blocks
// only where the locale can show them.
import { barStyle, type BarStyle } from './bars.ts';

type Paint = (text: string) => string;

export interface TextStyle {
  readonly bars: BarStyle;
  /** Lines of trees may be drawn with box characters. */
  readonly hasBoxes: boolean;
  /** Columns; unlimited where the output is no terminal. */
  readonly width: number;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
}

/** The style for a stream, e.g. standard output. */
export function textStyle(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  env: NodeJS.ProcessEnv = process.env,
): TextStyle {
  const isTerminal = stream.isTTY === true;
  const hasColors = isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const paint =
    (code: number): Paint =>
    (text) =>
      hasColors && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text;
  const bars = barStyle(env);
  return {
    bars,
    // Above ASCII means that the locale is one of UTF-8.
    hasBoxes: bars.full > '~',
    width: isTerminal ? (stream.columns ?? 80) : Number.POSITIVE_INFINITY,
    bold: paint(1),
    dim: paint(2),
    red: paint(31),
    green: paint(32),
    yellow: paint(33),
  };
}
