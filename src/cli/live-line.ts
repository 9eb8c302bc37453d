// A line of the terminal that changes while a command runs. Where nobody looks (a pipe, CI) there is none.

const REDRAW_MS = 100;

/** Where the line goes; stderr, since stdout is for results. */
export interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export class LiveLine {
  readonly #terminal: Terminal;
  readonly #isLive: boolean;
  #drawnMs = Number.NEGATIVE_INFINITY;
  #isDrawn = false;

  constructor(options: { readonly quiet: boolean; readonly terminal?: Terminal; readonly env?: NodeJS.ProcessEnv }) {
    this.#terminal = options.terminal ?? process.stderr;
    const env = options.env ?? process.env;
    this.#isLive = !options.quiet && this.#terminal.isTTY === true && !env['CI'] && !env['NO_COLOR'];
  }

  /** Shows what `text` gives, which is not asked when it is not time yet. */
  draw(text: () => string): void {
    if (!this.#isLive || performance.now() - this.#drawnMs < REDRAW_MS) return;
    this.#drawnMs = performance.now();
    this.#isDrawn = true;
    this.#terminal.write(`\r\u001b[K${text()}`);
  }

  /** Takes the line away, before something else is written or at the end. */
  clear(): void {
    if (this.#isDrawn) this.#terminal.write('\r\u001b[K');
    this.#isDrawn = false;
  }
}
