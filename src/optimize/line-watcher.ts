// Looks for a text in an output, however that is cut into pieces. A text without a newline is always within one line.

/** Calls back once, as soon as the text is there; its line need not have ended. */
export class LineWatcher {
  readonly #text: Buffer;
  readonly #onFound: () => void;
  /** The end of what came, as far as it could be the beginning of the text. */
  #rest: Buffer = Buffer.alloc(0);
  #found = false;

  /** @param text not empty, without a newline. */
  constructor(text: string, onFound: () => void) {
    this.#text = Buffer.from(text);
    this.#onFound = onFound;
  }

  push(data: Buffer): void {
    if (this.#found) return;
    const all = Buffer.concat([this.#rest, data]);
    this.#found = all.includes(this.#text);
    const kept = this.#found ? 0 : Math.min(all.length, this.#text.length - 1);
    this.#rest = Buffer.from(all.subarray(all.length - kept));
    if (this.#found) this.#onFound();
  }
}
