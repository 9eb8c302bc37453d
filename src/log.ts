// Structured logs: one JSON object a line on stderr, or short plain lines for a person.
// A log line never carries a secret; callers pass facts, not whole request objects.

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';
export const LOG_LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];

/** Facts beside the message. Values must be JSON; `undefined` is left out; an Error becomes its message and code. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  trace(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` to every line. */
  with(fields: LogFields): Logger;
}

export type LogFormat = 'json' | 'text';

/** Writes lines of at least `level` to `write` (stderr unless told). */
export function createLogger(options: { level: LogLevel; format: LogFormat; write?: (line: string) => void }): Logger {
  const least = LOG_LEVELS.indexOf(options.level);
  const write = options.write ?? ((line: string) => void process.stderr.write(line));
  const make = (bound: LogFields): Logger => {
    const emit = (level: LogLevel, message: string, fields?: LogFields): void => {
      if (LOG_LEVELS.indexOf(level) < least) return;
      const all = { ...bound, ...fields };
      write(`${options.format === 'json' ? jsonLine(level, message, all) : textLine(level, message, all)}\n`);
    };
    return {
      trace: (message, fields) => emit('trace', message, fields),
      debug: (message, fields) => emit('debug', message, fields),
      info: (message, fields) => emit('info', message, fields),
      warn: (message, fields) => emit('warn', message, fields),
      error: (message, fields) => emit('error', message, fields),
      with: (fields) => make({ ...bound, ...fields }),
    };
  };
  return make({});
}

/** A logger that says nothing: the default where a caller passes none. */
export const silentLogger: Logger = createLogger({ level: 'error', format: 'json', write: () => {} });

function jsonLine(level: LogLevel, msg: string, fields: LogFields): string {
  return JSON.stringify({ time: new Date().toISOString(), level, msg, ...plain(fields) });
}

function textLine(level: LogLevel, msg: string, fields: LogFields): string {
  const facts = Object.entries(plain(fields))
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [`${level.padEnd(5)} ${msg}`, ...facts].join(' ');
}

function plain(fields: LogFields): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value instanceof Error) {
      out[key] = value.message;
      const code = (value as { code?: unknown }).code;
      if (code !== undefined) out[`${key}Code`] = code;
    } else out[key] = value;
  }
  return out;
}
