// Secrets of a job, which the log shows as three stars: the values themselves and the ways they are usually written.
// Like the runner, this masks only what comes after a secret became known.

/** Grows while the job runs. */
export class Masks {
  readonly #values = new Set<string>();
  #written: readonly string[] = [];

  /** Masks a value, each of its lines, and its base64, JSON and URL forms. */
  add(value: string): void {
    for (const part of [value, ...value.split(/[\r\n]/).map((line) => line.trim())]) {
      if (part.trim() !== '') this.#values.add(part);
    }
    const written = [...this.#values].flatMap((secret) => [
      secret,
      Buffer.from(secret).toString('base64'),
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
    ]);
    // The longest first: a secret may hold another one.
    this.#written = [...new Set(written)].toSorted((a, b) => b.length - a.length);
  }

  get values(): readonly string[] {
    return [...this.#values];
  }

  apply(text: string): string {
    return this.#written.reduce((masked, secret) => masked.replaceAll(secret, '***'), text);
  }
}
