// Looks for a text in the lines of an output, however it is cut into pieces.

/** Longest line that is remembered; of a longer one the end counts. */
const MAX_LINE_BYTES = 64 << 10;

/** Calls back once when a line has the text in it. The text is found as soon as it is there, before its line ends. */
export class LineWatcher {
  readonly #text: Buffer;
  readonly #onFound: () => void;
  #line: Buffer = Buffer.alloc(0);
  #found = false;

  constructor(text: string, onFound: () => void) {
    this.#text = Buffer.from(text);
    this.#onFound = onFound;
  }

  push(data: Buffer): void {
    if (this.#found) return;
    const all = Buffer.concat([this.#line, data]);
    if (all.includes(this.#text)) {
      this.#found = true;
      this.#line = Buffer.alloc(0);
      this.#onFound();
      return;
    }
    const rest = all.subarray(all.lastIndexOf(0x0a) + 1);
    this.#line = Buffer.from(rest.subarray(Math.max(0, rest.length - MAX_LINE_BYTES)));
  }
}
