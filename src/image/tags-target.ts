// One image under several names, in one registry or more: a blob is sent once to each registry, handed on to its other
// repositories by mounts, and no tag is set before everything is everywhere.
import { LazypullError, describeError } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import { formatReference, type ImageReference } from '../oci/reference.ts';
import type { RegistryClient } from '../registry/client.ts';
import type { RegistryPusher } from '../registry/push.ts';
import type { ImageSource, ImageTarget, PutOptions } from './model.ts';
import { requireContent } from './verified.ts';

/** How a blob came into the registries: the dearest of what had to be done for it. */
export type Transfer = 'present' | 'mounted' | 'uploaded';

const BY_COST: readonly Transfer[] = ['present', 'mounted', 'uploaded'];

interface Repository {
  readonly name: string;
  readonly pusher: RegistryPusher;
  readonly tags: readonly ImageReference[];
}

/** The repositories of one registry. */
interface Registry {
  readonly host: string;
  readonly repositories: readonly Repository[];
}

interface Document {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

type OpenBlob = (offset: number) => AsyncIterable<Uint8Array>;

/** The client stays the caller's to close. */
export class TagsTarget implements ImageTarget {
  readonly name: string;
  /** It has several. */
  readonly reference: undefined;
  readonly #registries: readonly Registry[];
  readonly #lacking = new Map<Digest, ReadonlySet<Repository>>();
  readonly #transfers = new Map<Digest, Transfer>();
  #root: Document | undefined;
  /** Bytes that were sent, to all registries together. */
  uploadedBytes = 0;

  /** @param tags at least one, each with a tag and no digest. */
  constructor(client: RegistryClient, tags: readonly ImageReference[]) {
    this.name = tags.map((tag) => formatReference(tag)).join(', ');
    this.#registries = registriesOf(client, tags);
  }

  /** How a blob came to be where it is; undefined for one that nobody asked for. */
  transferOf(digest: Digest): Transfer | undefined {
    return this.#transfers.get(digest);
  }

  /** What the tags mean, once they are set. @throws Error before that. */
  get root(): Document {
    if (this.#root === undefined) throw new Error(`${this.name}: no tag is set yet`);
    return this.#root;
  }

  async has(descriptor: Descriptor, from?: ImageSource, signal?: AbortSignal): Promise<boolean> {
    const { digest } = descriptor;
    const lacking = await Promise.all(
      this.#registries.map((registry) => this.#lackingIn(registry, descriptor, from?.reference, signal)),
    );
    this.#lacking.set(digest, new Set(lacking.flat()));
    const isThere = lacking.every(({ length }) => length === 0);
    if (isThere) this.#happened(digest, 'present');
    return isThere;
  }

  async putBlob(
    descriptor: Descriptor,
    open: OpenBlob,
    { onProgress }: PutOptions = {},
    signal?: AbortSignal,
  ): Promise<void> {
    const lacking = this.#lacking.get(descriptor.digest);
    const failed = new AbortController();
    const inner = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
    const pushes = this.#registries.map(async ({ repositories }, index) => {
      const missing = repositories.filter((one) => lacking === undefined || lacking.has(one));
      // What one registry takes stands for all.
      const blob = { descriptor, open, onProgress: index === 0 ? onProgress : undefined };
      try {
        await this.#pushTo(missing, blob, inner);
      } catch (error) {
        failed.abort(error);
        throw error;
      }
    });
    // The bytes may be gone when this returns: nobody may be reading them then.
    await Promise.allSettled(pushes);
    signal?.throwIfAborted();
    if (failed.signal.aborted) throw failed.signal.reason;
  }

  async putDocument({ descriptor, bytes }: Document, signal?: AbortSignal): Promise<void> {
    requireContent(descriptor, bytes, 'manifest to push');
    const { digest, mediaType } = descriptor;
    for (const { pusher } of this.#repositories()) await pusher.pushManifest({ bytes, mediaType }, digest, signal);
  }

  /** @throws LazypullError that says which tags are set already, when a later one is refused. */
  async finish(root: Document, signal?: AbortSignal): Promise<void> {
    // A repository that refuses it does so before there is any tag.
    await this.putDocument(root, signal);
    const { bytes, descriptor } = root;
    const set: string[] = [];
    for (const { pusher, tags } of this.#repositories()) {
      for (const reference of tags) {
        try {
          await pusher.pushManifest({ bytes, mediaType: descriptor.mediaType }, reference.tag!, signal);
        } catch (error) {
          throw set.length === 0 ? error : halfTagged(error, set);
        }
        set.push(formatReference(reference));
      }
    }
    this.#root = root;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#repositories()].map(({ pusher }) => pusher[Symbol.asyncDispose]()));
  }

  *#repositories(): Generator<Repository> {
    for (const { repositories } of this.#registries) yield* repositories;
  }

  /** The repositories that have not got a blob, after what could be done without its bytes. */
  async #lackingIn(
    { host, repositories }: Registry,
    descriptor: Descriptor,
    from: ImageReference | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Repository[]> {
    const there = await Promise.all(repositories.map(({ pusher }) => pusher.hasBlob(descriptor, signal)));
    const own = repositories.find((_, index) => there[index]);
    const holder = own?.name ?? (from?.registry === host ? from.repository : undefined);
    const lacking = repositories.filter((_, index) => !there[index]);
    return await this.#mount(lacking, descriptor, holder, signal);
  }

  /** @returns those that did not take it. */
  async #mount(
    repositories: readonly Repository[],
    descriptor: Descriptor,
    holder: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Repository[]> {
    const left: Repository[] = [];
    for (const repository of repositories) {
      const { name, pusher } = repository;
      const isMounted = holder !== undefined && holder !== name && (await pusher.mountBlob(descriptor, holder, signal));
      if (isMounted) this.#happened(descriptor.digest, 'mounted');
      else left.push(repository);
    }
    return left;
  }

  async #pushTo(
    repositories: readonly Repository[],
    blob: Parameters<RegistryPusher['pushBlob']>[0],
    signal: AbortSignal,
  ): Promise<void> {
    let holder: string | undefined;
    for (const repository of repositories) {
      const [refused] = await this.#mount([repository], blob.descriptor, holder, signal);
      if (refused === undefined) continue;
      await repository.pusher.pushBlob(blob, signal);
      this.uploadedBytes += blob.descriptor.size;
      this.#happened(blob.descriptor.digest, 'uploaded');
      holder ??= repository.name;
    }
  }

  #happened(digest: Digest, transfer: Transfer): void {
    const before = this.#transfers.get(digest) ?? 'present';
    this.#transfers.set(digest, BY_COST.indexOf(transfer) > BY_COST.indexOf(before) ? transfer : before);
  }
}

function registriesOf(client: RegistryClient, tags: readonly ImageReference[]): Registry[] {
  const hosts = Map.groupBy(tags, ({ registry }) => registry);
  return [...hosts].map(([host, ofHost]) => {
    const names = Map.groupBy(ofHost, ({ repository }) => repository);
    const repositories = [...names].map(([name, own]) => ({ name, tags: own, pusher: client.pusher(own[0]!) }));
    return { host, repositories };
  });
}

function halfTagged(error: unknown, set: readonly string[]): unknown {
  if (!(error instanceof LazypullError)) return error;
  const message = `${describeError(error)}; the new image is ${set.join(' and ')} already`;
  return new LazypullError(error.code, message, { cause: error });
}
