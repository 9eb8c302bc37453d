// Layers that could not be mounted, and why: for `lazypull status`, and so that the next lookup of the same image does not
// wait for the same dead registry. No refusal lasts.
import type { Digest } from '../oci/digest.ts';
import type { NotLazy } from '../snapshot/lazy.ts';
import type { Fallback } from '../snapshot/report.ts';

/** Long enough for a client to ask for the other layers of an image; short enough for somebody who tries again. */
const REFUSED_MS = 5000;
const MAX_ENTRIES = 500;

/** A layer that was looked up in vain. */
export interface Refusal {
  readonly reference: string;
  readonly tocDigest: Digest;
  /** The digest of its blob, when that is known. */
  readonly blob: Digest | undefined;
  readonly why: NotLazy;
}

export class Refusals {
  readonly #now: () => number;
  readonly #entries = new Map<string, { readonly fallback: Fallback; readonly untilMs: number }>();
  /** References whose registry did not answer. */
  readonly #images = new Map<string, number>();

  /** @param now milliseconds that never go back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  add({ reference, tocDigest, blob, why }: Refusal): void {
    const untilMs = this.#now() + REFUSED_MS;
    const key = `${reference} ${tocDigest}`;
    const fallback: Fallback = {
      imageRef: reference,
      layerDigest: blob ?? tocDigest,
      kind: why.kind,
      reason: why.notLazy,
      atMs: Date.now(),
    };
    this.#entries.delete(key);
    this.#entries.set(key, { fallback, untilMs });
    dropOldest(this.#entries);
    // What one layer has to say of the registry holds for the others, too.
    if (why.kind === 'registry') this.#images.set(reference, untilMs);
    dropOldest(this.#images);
  }

  /** Whether the layer, or its image's registry, was found wanting a moment ago. */
  has(reference: string, tocDigest: Digest): boolean {
    const now = this.#now();
    const { untilMs = 0 } = this.#entries.get(`${reference} ${tocDigest}`) ?? {};
    return untilMs > now || (this.#images.get(reference) ?? 0) > now;
  }

  /** The layer is mounted now. */
  clear(reference: string, tocDigest: Digest): void {
    this.#entries.delete(`${reference} ${tocDigest}`);
    this.#images.delete(reference);
  }

  /** All that were not mounted later, oldest first. */
  entries(): Fallback[] {
    return [...this.#entries.values()].map(({ fallback }) => fallback);
  }
}

function dropOldest(entries: Map<string, unknown>): void {
  const oldest = entries.keys().next().value;
  if (entries.size > MAX_ENTRIES && oldest !== undefined) entries.delete(oldest);
}
