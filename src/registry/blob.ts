// What the layers above need of a blob that lies in a registry. The registry client implements it; tests
// implement it over a buffer. All offsets are in the blob (compressed) space, ranges are [start, end).
import type { Digest } from '../oci/digest.ts';

/** Bytes of a range read and the size of the whole blob, as the registry reports it. */
export interface BlobTail {
  /** The last bytes of the blob: at most as many as asked for, all of it when the blob is smaller. Owned by the caller. */
  readonly bytes: Uint8Array;
  /** Size of the whole blob in bytes. */
  readonly blobSize: number;
}

/** A blob that can be read in ranges. Not verified: callers check what they read against digests. */
export interface RemoteBlob {
  readonly digest: Digest;
  /** Size in bytes when it is known (from a descriptor, or from an answer). */
  readonly size: number | undefined;
  /**
   * Whether a registry has given bytes of it to somebody without credentials, so that anybody who reaches that registry has
   * the same. Undefined before any answer, and where nobody can tell.
   */
  readonly isAnonymous?: boolean | undefined;

  /**
   * The last `length` bytes, in one request where the registry allows it (a suffix range when the size is not
   * known, an explicit range when it is).
   * @throws RegistryError after the client's own retries.
   */
  readTail(length: number, signal?: AbortSignal): Promise<BlobTail>;

  /**
   * Exactly `end - start` bytes, owned by the caller. Never short: a body that is cut is resumed or is an error.
   * A registry that ignores the range costs one skip of the bytes before it, never a wrong answer.
   * @throws RegistryError after the client's own retries.
   */
  readRange(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array>;

  /**
   * The same range as it arrives, for consumers that work while bytes come in. Pieces are owned by the consumer.
   * Resumes where it was after a broken connection. Ending the iteration early closes the request.
   */
  streamRange(start: number, end: number, signal?: AbortSignal): AsyncIterable<Uint8Array>;
}
