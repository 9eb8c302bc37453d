// When an image was asked for, when its last lazy layer was mounted, and when something was first started from it: how
// long a person waits between typing `docker run` and the first instruction. In memory, bounded, by image reference.

/** Milliseconds since the epoch. */
export interface ImageTimes {
  readonly askedMs: number;
  readonly mountedMs?: number;
  readonly startedMs?: number;
}

const MAX_IMAGES = 500;

/** The keys of snapshots into which containerd and BuildKit unpack a layer: `<namespace>/<n>/extract-<id> <chain id>`. */
const UNPACKING = /(?:^|\/)extract-\S+ sha256:[0-9a-f]{64}$/;

/** Whether a snapshot that nobody offers to skip is made to unpack a layer, and not to start something from. */
export function isUnpacking(key: string): boolean {
  return UNPACKING.test(key);
}

export class ImageClock {
  /** Those asked for last are last. `gone`: snapshots of it were removed, so that the next request begins anew. */
  readonly #images = new Map<string, { times: ImageTimes; gone: boolean }>();
  readonly #now: () => number;

  /** @param former what an earlier serving process knew, oldest first */
  constructor(former: readonly (readonly [imageRef: string, times: ImageTimes])[] = [], now: () => number = Date.now) {
    this.#now = now;
    for (const [imageRef, times] of former) this.#set(imageRef, times);
  }

  /** A client asked for a layer of the image. */
  asked(imageRef: string): void {
    const known = this.#images.get(imageRef);
    if (known === undefined || known.gone) this.#set(imageRef, { askedMs: this.#now() });
  }

  /** A layer of the image was mounted. */
  mounted(imageRef: string): void {
    this.#change(imageRef, (times) => ({ ...times, mountedMs: this.#now() }));
  }

  /** A layer of the image was mounted before somebody asked. */
  joined(imageRef: string): void {
    this.#change(imageRef, (times) => (times.mountedMs === undefined ? { ...times, mountedMs: this.#now() } : times));
  }

  /** A snapshot was made on top of the image. Only the first one counts. */
  started(imageRef: string): void {
    this.#change(imageRef, (times) => (times.startedMs === undefined ? { ...times, startedMs: this.#now() } : times));
  }

  /** A snapshot of the image was removed. */
  removed(imageRef: string): void {
    const known = this.#images.get(imageRef);
    if (known !== undefined) known.gone = true;
  }

  lookup(imageRef: string): ImageTimes | undefined {
    return this.#images.get(imageRef)?.times;
  }

  entries(): [imageRef: string, times: ImageTimes][] {
    return [...this.#images].map(([imageRef, { times }]) => [imageRef, times]);
  }

  #set(imageRef: string, times: ImageTimes): void {
    this.#images.delete(imageRef);
    this.#images.set(imageRef, { times, gone: false });
    const oldest = this.#images.keys().next().value;
    if (this.#images.size > MAX_IMAGES && oldest !== undefined) this.#images.delete(oldest);
  }

  #change(imageRef: string, change: (times: ImageTimes) => ImageTimes): void {
    const known = this.#images.get(imageRef);
    if (known !== undefined) known.times = change(known.times);
  }
}
