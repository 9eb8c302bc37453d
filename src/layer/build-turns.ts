// The order of builds when an image is pulled. The largest table of contents arrives last and takes longest to build, so a
// pull is as long as its way; smaller layers, which arrive first, must not take the last worker from it.

export class BuildTurns {
  readonly #workers: number;
  /** Blob sizes of layers whose table of contents is on its way. */
  readonly #coming = new Map<object, number>();
  #building = 0;
  #change = Promise.withResolvers<void>();

  /** @param workers how many builds may run at once. */
  constructor(workers: number) {
    this.#workers = workers;
  }

  /**
   * Fetches, then builds when it is this layer's turn. It waits only while one worker is left and a larger layer is on its
   * way to it: never longer than that layer's fetch or another build takes.
   * @param blobSize undefined when it is not known: then nobody waits for this layer.
   */
  async run<Fetched, Built>(
    blobSize: number | undefined,
    fetch: () => Promise<Fetched>,
    build: (fetched: Fetched) => Promise<Built>,
  ): Promise<Built> {
    const token = {};
    const size = blobSize ?? 0;
    this.#coming.set(token, size);
    let fetched: Fetched;
    try {
      fetched = await fetch();
    } finally {
      this.#coming.delete(token);
      this.#changed();
    }
    while (this.#mustWait(size)) await this.#change.promise;
    this.#building++;
    try {
      return await build(fetched);
    } finally {
      this.#building--;
      this.#changed();
    }
  }

  #mustWait(size: number): boolean {
    if (this.#building === 0 || this.#building !== this.#workers - 1) return false;
    return [...this.#coming.values()].some((other) => other > size);
  }

  #changed(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }
}
