// What docker-registry writes to its log about the requests that it answered: one `response completed` each, with the time
// at which the answer was complete and how long it took.

/** A request that has been answered. */
export interface RegistryRequest {
  readonly method: string;
  /** Path and query. */
  readonly uri: string;
  readonly status: number;
  /** Of the answer's body. */
  readonly bytes: number;
  /** When it arrived, milliseconds since 1970. */
  readonly arrivedMs: number;
}

/** Requests in the order in which they were answered. */
export function parseRegistryLog(text: string): RegistryRequest[] {
  return text.split('\n').flatMap((line) => {
    if (!/ msg="response completed/.test(line)) return [];
    const arrivedMs = Date.parse(fieldOf(line, 'time')) - durationMs(fieldOf(line, 'http.response.duration'));
    const [status, bytes] = ['http.response.status', 'http.response.written'].map((name) =>
      Number(fieldOf(line, name)),
    );
    if (!Number.isFinite(arrivedMs) || status === undefined || bytes === undefined)
      throw new Error(`not a request: ${line}`);
    return [
      {
        method: fieldOf(line, 'http.request.method'),
        uri: fieldOf(line, 'http.request.uri'),
        status,
        bytes,
        arrivedMs,
      },
    ];
  });
}

/** `NAME=value` or `NAME="value"`. */
function fieldOf(line: string, name: string): string {
  const found = new RegExp(`(?:^| )${name.replaceAll('.', '\\.')}=("[^"]*"|[^ ]*)`).exec(line);
  return (found?.[1] ?? '').replaceAll('"', '');
}

const UNITS_MS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  '\u00b5s': 1e-3,
  ns: 1e-6,
};

/** Go's way of writing a duration: `1m2.5s`, `310.2ms`. */
function durationMs(text: string): number {
  let sum = 0;
  for (const [, number, unit = ''] of text.matchAll(/([\d.]+)([^\d.]+)/g)) {
    sum += Number(number) * (UNITS_MS[unit] ?? Number.NaN);
  }
  return sum;
}
