// The kinds of values that the config file knows: how each is written, checked and printed. A parser gets what the
// TOML reader made (string, number, boolean, array, table) and gives the value that the daemon uses.

/** Thrown by a parser; the loader adds the key and the line. The message completes "KEY: ...". */
export class ValueError extends Error {}

/** How one kind of value is read from TOML and printed back. `print(parse(x))` means the same as `x`. */
export interface Kind {
  /** For the reference page: `size`, `duration`, `boolean` ... */
  readonly name: string;
  /** @throws ValueError that says what is wanted and what came. */
  parse(value: unknown): unknown;
  /** TOML source of a parsed value. */
  print(value: unknown): string;
}

const SIZE_UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['B', 1],
  ['KB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['TB', 1e12],
  ['KIB', 2 ** 10],
  ['MIB', 2 ** 20],
  ['GIB', 2 ** 30],
  ['TIB', 2 ** 40],
]);
const DURATION_UNITS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** Bytes of `10GiB`, `500 MB`, `4096` or a plain number. @throws ValueError */
export function parseSize(value: unknown): number {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(String(value).trim());
  const unit = SIZE_UNITS.get((match?.[2] ?? '?').toUpperCase());
  if (match === null || unit === undefined || !isScalar(value))
    throw new ValueError(`wants a size like "10GiB", "500MB" or 4096, got ${show(value)}`);
  return checkedInteger(Math.round(Number(match[1]) * unit), value);
}

/** Milliseconds of `500ms`, `10s`, `2m`, `1h` or 0. A number without a unit is refused, since nobody could tell what it means. @throws ValueError */
export function parseDuration(value: unknown): number {
  if (value === 0 || value === '0') return 0;
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/.exec(value.trim()) : null;
  const unit = DURATION_UNITS.get(match?.[2] ?? '');
  if (match === null || unit === undefined)
    throw new ValueError(`wants a duration with a unit like "500ms", "10s" or "2m", got ${show(value)}`);
  return checkedInteger(Math.round(Number(match[1]) * unit), value);
}

/** Like `10GiB` where that is exact, else plain bytes. */
export function formatSize(bytes: number): string {
  for (const unit of ['TiB', 'GiB', 'MiB', 'KiB']) {
    const size = SIZE_UNITS.get(unit.toUpperCase()) ?? 1;
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return String(bytes);
}

/** Like `2m`, `10s`, `500ms`: the largest unit that is exact. */
export function formatDuration(ms: number): string {
  for (const unit of ['h', 'm', 's']) {
    const size = DURATION_UNITS.get(unit) ?? 1;
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  return `${ms}ms`;
}

export const size: Kind = {
  name: 'size',
  parse: parseSize,
  print: (value) => JSON.stringify(formatSize(value as number)),
};

export const boolean: Kind = {
  name: 'boolean',
  parse(value) {
    if (typeof value !== 'boolean') throw new ValueError(`wants true or false, got ${show(value)}`);
    return value;
  },
  print: String,
};

/** A duration of at least `minMs` and at most `maxMs`. */
export function duration(minMs: number, maxMs: number): Kind {
  return {
    name: 'duration',
    parse(value) {
      const ms = parseDuration(value);
      if (ms >= minMs && ms <= maxMs) return ms;
      throw new ValueError(`wants ${formatDuration(minMs)} to ${formatDuration(maxMs)}, got ${show(value)}`);
    },
    print: (value) => JSON.stringify(formatDuration(value as number)),
  };
}

/** An integer in [min, max]. */
export function integer(min: number, max: number): Kind {
  return {
    name: `integer, ${min} to ${max}`,
    parse(value) {
      if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) return value;
      throw new ValueError(`wants an integer from ${min} to ${max}, got ${show(value)}`);
    },
    print: String,
  };
}

/** One of a few words. */
export function oneOf(words: readonly string[]): Kind {
  const list = words.map((word) => `"${word}"`).join(', ');
  return {
    name: list,
    parse(value) {
      if (typeof value === 'string' && words.includes(value)) return value;
      throw new ValueError(`wants one of ${list}, got ${show(value)}`);
    },
    print: (value) => JSON.stringify(value),
  };
}

/** An absolute path without `..`, at most `maxBytes` long. `optional` also takes "", which means none. */
export function path(options: { optional?: boolean; maxBytes?: number } = {}): Kind {
  const maxBytes = options.maxBytes ?? 4095;
  return {
    name: maxBytes < 4095 ? 'socket path' : 'path',
    parse(value) {
      if (value === '' && options.optional === true) return value;
      if (
        typeof value !== 'string' ||
        !value.startsWith('/') ||
        value.includes('\0') ||
        value.split('/').includes('..')
      )
        throw new ValueError(`wants an absolute path, got ${show(value)}`);
      if (Buffer.byteLength(value) > maxBytes)
        throw new ValueError(`wants a path of at most ${maxBytes} bytes, got ${Buffer.byteLength(value)} bytes`);
      return value.length > 1 ? value.replace(/\/+$/, '') : value;
    },
    print: (value) => JSON.stringify(value),
  };
}

/** A path of a unix socket: sockaddr_un has room for 107 bytes and a NUL, and a socket is made under a name with `.new`. */
export const socketPath: Kind = path({ maxBytes: 103 });

/** The same, or "" for none. */
export const optionalSocketPath: Kind = path({ optional: true, maxBytes: 103 });

/** Some of a few words, each once. */
export function listOf(words: readonly string[]): Kind {
  const list = words.map((word) => `"${word}"`).join(', ');
  return {
    name: `list of ${list}`,
    parse(value) {
      if (Array.isArray(value) && value.every((one) => words.includes(one)) && new Set(value).size === value.length)
        return value;
      throw new ValueError(`wants a list of ${list}, each at most once, got ${show(value)}`);
    },
    print: (value) => JSON.stringify(value),
  };
}

/** A list of texts that each look like `pattern`. */
function textsLike(name: string, pattern: RegExp, example: string): Kind {
  return {
    name,
    parse(value) {
      if (Array.isArray(value) && value.every((one) => typeof one === 'string' && pattern.test(one))) return value;
      throw new ValueError(`wants a ${name} like ${example}, got ${show(value)}`);
    },
    print: (value) => JSON.stringify(value),
  };
}

export const texts: Kind = textsLike('list of texts', /^[^\0]*$/, '["get-credentials"]');

/** Names of Kubernetes namespaces: DNS labels. */
export const namespaces: Kind = textsLike(
  'list of namespaces',
  /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
  '["default"]',
);

/** Hosts with an optional port, path and stars. */
export const imagePatterns: Kind = textsLike(
  'list of image patterns',
  /^[A-Za-z0-9*[][A-Za-z0-9.*:[\]_-]*(?:\/[A-Za-z0-9._*-]+)*\/?$/,
  '["*.registry.test", "registry.test/team"]',
);

/** A table of names and values of environment variables. */
export const environment: Kind = {
  name: 'table of texts',
  parse(value) {
    const isTable = typeof value === 'object' && value !== null && !Array.isArray(value);
    const isGood = ([name, text]: [string, unknown]): boolean =>
      /^[A-Za-z_]\w*$/.test(name) && typeof text === 'string';
    if (isTable && Object.entries(value).every(isGood)) return { ...value };
    throw new ValueError('wants a table of variables like { AWS_PROFILE = "pull" }');
  },
  print: (value) =>
    `{ ${Object.entries(value as Record<string, string>)
      .map(([name, text]) => `${name} = ${JSON.stringify(text)}`)
      .join(', ')} }`.replace('{  }', '{}'),
};

/** `host:port`, or "" for none. */
export const address: Kind = {
  name: '"host:port", or "" for none',
  parse(value) {
    const port =
      typeof value === 'string' ? /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(value)?.[1] : undefined;
    if (value === '' || (port !== undefined && Number(port) <= 65_535)) return value;
    throw new ValueError(`wants "host:port" or "", got ${show(value)}`);
  },
  print: (value) => JSON.stringify(value),
};

/** A list of registry hosts, each `name` or `name:port`. */
export const hosts: Kind = {
  name: 'list of hosts',
  parse(value) {
    if (Array.isArray(value) && value.every(isHost)) return value;
    throw new ValueError(`wants a list of hosts like ["registry.test:5000"], got ${show(value)}`);
  },
  print: (value) => JSON.stringify(value),
};

/** A table of registry host to the list of its mirrors' URLs, tried in order before the host itself. */
export const mirrors: Kind = {
  name: 'table of host to list of URLs',
  parse(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new ValueError(`wants a table like { "docker.io" = ["https://mirror.test"] }, got ${show(value)}`);
    for (const [host, urls] of Object.entries(value)) {
      if (!isHost(host)) throw new ValueError(`wants hosts as keys, got ${show(host)}`);
      if (!Array.isArray(urls)) throw new ValueError(`wants a list of URLs for ${host}, got ${show(urls)}`);
      for (const url of urls) checkMirror(host, url);
    }
    return { ...value };
  },
  print: (value) =>
    `{ ${Object.entries(value as Record<string, string[]>)
      .map(([host, urls]) => `${JSON.stringify(host)} = ${JSON.stringify(urls)}`)
      .join(', ')} }`.replace('{  }', '{}'),
};

function checkMirror(host: string, url: unknown): void {
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol))
    throw new ValueError(`wants http:// or https:// URLs as mirrors of ${host}`);
  // The file may be readable for everybody and is printed by `lazypull config`.
  if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '')
    throw new ValueError(
      `wants mirrors of ${host} without user, password and query: credentials belong in docker's config.json`,
    );
}

function isHost(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$/.test(value);
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

function checkedInteger(value: number, from: unknown): number {
  if (Number.isSafeInteger(value)) return value;
  throw new ValueError(`is too large: ${show(from)}`);
}

function show(value: unknown): string {
  if (value instanceof Date) return 'a date';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
