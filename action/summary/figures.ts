// Figures of the report, as short as they can be without being wrong.
import { formatBytes, formatSeconds } from '../../src/cli/format.ts';
import type { ImageReport } from './model.ts';

/** A percentage that is 0 or 100 only when it is nothing or all. */
export function formatShare(share: number | undefined): string {
  if (share === undefined) return '-';
  const percent = Math.round(share * 100);
  if (percent === 100 && share < 1) return '99 %';
  if (percent === 0 && share > 0) return '1 %';
  return `${percent} %`;
}

/** A measured time. */
export function formatMs(ms: number | undefined): string {
  return ms === undefined ? '-' : formatSeconds(ms / 1000);
}

/** An estimated time without its sign: two digits are all that an estimate knows. */
export function formatAbout(ms: number): string {
  const seconds = Math.abs(ms) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  return seconds < 59.5 ? `${Math.round(seconds)} s` : formatSeconds(Math.round(seconds));
}

/** What an image saved, for a cell. */
export function formatSaved({ seconds, lazyLayers }: Pick<ImageReport, 'seconds' | 'lazyLayers'>): string {
  if (lazyLayers === 0) return '-';
  if (seconds === undefined) return 'unknown';
  // Its layers count for an image before it.
  if (seconds.lazyMs === 0 && seconds.ordinaryMs === 0) return 'shared';
  return formatDifference(seconds.savedMs);
}

/** Estimated seconds that were saved, or lost. */
export function formatDifference(savedMs: number | undefined): string {
  if (savedMs === undefined) return 'unknown';
  if (isNothing(savedMs)) return 'nothing';
  return savedMs < 0 ? `cost ${formatAbout(savedMs)}` : `about ${formatAbout(savedMs)}`;
}

/** Whether it would be printed as 0.0 s. */
export function isNothing(ms: number): boolean {
  return Math.abs(ms) < 50;
}

/** Compressed size; ordinary layers have one that nobody told. */
export function formatSize({ bytes, lazyLayers, isWholeSize }: ImageReport): string {
  if (lazyLayers === 0) return '?';
  return isWholeSize ? formatBytes(bytes) : `${formatBytes(bytes)} + ?`;
}
