// Range arithmetic of HTTP: what we ask for, and whether what came is that (RFC 9110 section 14). Headers count to
// the last byte; everything else in this project to the byte after it.

/** What is wanted of a blob: [start, end), its last bytes, or all of it. */
export type WantedRange = { readonly start: number; readonly end: number } | { readonly suffix: number } | 'all';

/** What an answer carries. */
export interface CarriedRange {
  /** Blob offset of the first byte of the body. */
  readonly start: number;
  /** Blob offset after the last byte; undefined when only the end of the body tells. */
  readonly end: number | undefined;
  /** Size of the blob; undefined when the answer does not say. */
  readonly total: number | undefined;
}

/** The Range header for a wanted range; undefined for all. */
export function rangeHeader(wanted: WantedRange): string | undefined {
  if (wanted === 'all') return undefined;
  return 'suffix' in wanted ? `bytes=-${wanted.suffix}` : `bytes=${wanted.start}-${wanted.end - 1}`;
}

/** Parses `bytes 0-99/1000` or `bytes 0-99/*`; undefined when it is anything else, or impossible. */
export function parseContentRange(header: string | undefined): (CarriedRange & { end: number }) | undefined {
  const match = /^bytes (\d{1,16})-(\d{1,16})\/(?:(\d{1,16})|\*)$/.exec(header?.trim() ?? '');
  if (match === null) return undefined;
  const start = Number(match[1]);
  const end = Number(match[2]) + 1;
  const total = match[3] === undefined ? undefined : Number(match[3]);
  if (![start, end, total ?? 0].every(Number.isSafeInteger)) return undefined;
  if (start >= end || (total !== undefined && end > total)) return undefined;
  return { start, end, total };
}

/**
 * What the headers of a success say that the body is.
 * @returns a sentence instead when that can't be an answer to what was wanted.
 */
export function carriedRange(
  wanted: WantedRange,
  status: number,
  header: (name: string) => string | undefined,
): CarriedRange | string {
  const encoding = header('content-encoding');
  if (encoding !== undefined && encoding !== 'identity') return `the body is encoded (${encoding.slice(0, 40)})`;
  const length = parseLength(header('content-length'));
  if (status === 200) return { start: 0, end: length, total: length };
  if (status !== 206 || wanted === 'all') return `status ${status} for a range`;
  const text = header('content-range');
  const range = parseContentRange(text);
  if (range === undefined) return `not a usable Content-Range: ${JSON.stringify(text?.slice(0, 80))}`;
  if (length !== undefined && length < range.end - range.start) return 'Content-Length is less than Content-Range';
  return fits(wanted, range) ? range : `asked for ${rangeHeader(wanted)}, got ${text}`;
}

function fits(wanted: Exclude<WantedRange, 'all'>, range: CarriedRange & { end: number }): boolean {
  if ('start' in wanted) return range.start === wanted.start;
  return (
    range.total !== undefined && range.end === range.total && range.start === Math.max(0, range.total - wanted.suffix)
  );
}

function parseLength(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined;
  const length = Number(text);
  return Number.isSafeInteger(length) ? length : undefined;
}
