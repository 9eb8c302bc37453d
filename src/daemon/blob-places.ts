// A layer's blob in all the places that its images' references name. Several images share a layer, and each may come
// from a registry that the others know nothing of: a reference that came later, whose registry is down, wants another
// password or does not have the blob, must not take the layer away from containers that run.
import type { Digest } from '../oci/digest.ts';
import type { BlobTail, RemoteBlob } from '../registry/blob.ts';

/** References beyond that many are not needed for availability, and must not become a leak. */
const MAX_PLACES = 8;

interface Place {
  readonly name: string;
  readonly blob: RemoteBlob;
}

/** Reads from the place that answered last, and from the others in turn when that fails. */
export class BlobPlaces implements RemoteBlob {
  readonly digest: Digest;
  /** Never empty. The one that answered last comes first, then the newest. */
  #places: readonly Place[];

  /** `name` says which places are the same: registry and repository. */
  constructor(name: string, blob: RemoteBlob) {
    this.digest = blob.digest;
    this.#places = [{ name, blob }];
  }

  get size(): number | undefined {
    return this.#places.map(({ blob }) => blob.size).find((size) => size !== undefined);
  }

  get isAnonymous(): boolean | undefined {
    const answers = this.#places.map(({ blob }) => blob.isAnonymous);
    return answers.includes(true) ? true : answers.find((answer) => answer !== undefined);
  }

  /** Adds another's places, but those that are known: they may remember a redirect. Those furthest back may have to go. */
  addAll(other: BlobPlaces): void {
    const added = other.#places.filter(({ name }) => this.#places.every((place) => place.name !== name));
    this.#places = [...this.#places.slice(0, 1), ...added, ...this.#places.slice(1)].slice(0, MAX_PLACES);
  }

  readTail(length: number, signal?: AbortSignal): Promise<BlobTail> {
    return this.#read((blob) => blob.readTail(length, signal), signal);
  }

  readRange(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#read((blob) => blob.readRange(start, end, signal), signal);
  }

  /** What one place gave is not asked of the next again. */
  async *streamRange(start: number, end: number, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const errors: unknown[] = [];
    let at = start;
    for (const place of this.#places) {
      try {
        for await (const piece of place.blob.streamRange(at, end, signal)) {
          at += piece.length;
          yield piece;
        }
        this.#prefer(place);
        return;
      } catch (error) {
        signal?.throwIfAborted();
        errors.push(error);
      }
    }
    throw errors[0];
  }

  /** @throws what the first place threw, when all fail. */
  async #read<T>(read: (blob: RemoteBlob) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const errors: unknown[] = [];
    for (const place of this.#places) {
      try {
        const answer = await read(place.blob);
        this.#prefer(place);
        return answer;
      } catch (error) {
        signal?.throwIfAborted();
        errors.push(error);
      }
    }
    throw errors[0];
  }

  #prefer(place: Place): void {
    if (this.#places[0] === place || !this.#places.includes(place)) return;
    this.#places = [place, ...this.#places.filter((other) => other !== place)];
  }
}
