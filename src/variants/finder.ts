// Finds the lazily pullable variant of an image: a rule says where it would be, two registries say what is there. Whatever
// goes wrong is an answer, and never an error: a build then uses the ordinary image.
import { describeError, FormatError, LazypullError, RegistryError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import { formatPlatform, normalizePlatform, type Platform } from '../oci/platform.ts';
import { familiarReference, formatReference, parseReference, type ImageReference } from '../oci/reference.ts';
import type { ImageManifest } from '../oci/manifest.ts';
import type { RegistryClient } from '../registry/client.ts';
import {
  entryFor,
  isLazy,
  isMarked,
  judge,
  judgeConfigs,
  type Description,
  type Document,
  type Verdict,
} from './judge.ts';
import type { NoVariantReason, Variant } from './model.ts';
import { candidateOf, type VariantRules } from './rules.ts';

/** Where images are looked at. */
export interface VariantRegistry extends Pick<RegistryClient, 'fetchManifest'> {
  /** Digest and config of a name, where they can be had without manifests. Asked for first. */
  describe?(reference: ImageReference, signal?: AbortSignal): Promise<Description>;
}

export interface VariantFinderOptions {
  readonly registry: VariantRegistry;
  readonly rules: VariantRules;
  /** Images that are looked at at once. */
  readonly concurrency?: number;
  /** For one image; a registry that takes longer has no variant. */
  readonly timeoutMs?: number;
}

const DEFAULT_CONCURRENCY = 4;
const DEFAULT_TIMEOUT_MS = 20_000;

/** Remembers its answers: to be made once for a run. */
export class VariantFinder {
  readonly #options: VariantFinderOptions;
  readonly #answers = new Map<string, Promise<Variant>>();
  readonly #documents = new Map<string, Promise<Document>>();
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(options: VariantFinderOptions) {
    this.#options = options;
    this.#free = options.concurrency ?? DEFAULT_CONCURRENCY;
  }

  /** For `reference` as people write it. @throws the signal's reason when aborted, and nothing else. */
  async find(reference: string, platform: Platform, signal?: AbortSignal): Promise<Variant> {
    signal?.throwIfAborted();
    const image = parsed(reference);
    if (image === undefined) return none('failed', `${reference} is no image reference`);
    const candidate = candidateOf(this.#options.rules, image);
    if (candidate === undefined) return none('no-rule', noRule(image));
    const key = `${formatReference(image)} ${formatPlatform(normalizePlatform(platform))}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const answer = this.#inTurn(() => this.#search(image, candidate, platform, signal));
    this.#answers.set(key, answer);
    // Who gave up leaves no answer for others.
    answer.catch(() => this.#answers.delete(key));
    return answer;
  }

  async #inTurn<T>(act: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    try {
      return await act();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }

  async #search(
    image: ImageReference,
    candidate: ImageReference,
    platform: Platform,
    signal: AbortSignal | undefined,
  ): Promise<Variant> {
    const timeout = AbortSignal.timeout(this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    try {
      const described = await this.#described(image, candidate, either);
      const variant = described ?? (await this.#byManifests(image, candidate, platform, either));
      if (variant.status !== 'none') return variant;
      return (await this.#lazyItself(image, platform, either)) ?? variant;
    } catch (error) {
      signal?.throwIfAborted();
      if (timeout.aborted) return none('failed', `${familiarReference(image)}: its registry did not answer in time`);
      if (!(error instanceof LazypullError)) throw error;
      return none('failed', `${familiarReference(image)} can't be looked at: ${describeError(error)}`);
    }
  }

  /** By digests and configs alone; undefined where these do not tell. */
  async #described(
    image: ImageReference,
    candidate: ImageReference,
    signal: AbortSignal,
  ): Promise<Variant | undefined> {
    const { registry } = this.#options;
    if (registry.describe === undefined) return undefined;
    const [source, variant] = await Promise.allSettled([
      registry.describe(image, signal),
      registry.describe(candidate, signal),
    ]);
    if (source.status === 'rejected') throw source.reason;
    const answer = this.#compare(candidate, source.value, variant);
    // Nothing to replace in what was converted itself.
    if (answer?.status !== 'none' || !isMarked(source.value)) return answer;
    return { status: 'lazy', source: source.value.digest };
  }

  #compare(
    candidate: ImageReference,
    source: Description,
    variant: PromiseSettledResult<Description>,
  ): Variant | undefined {
    try {
      if (variant.status === 'rejected') throw variant.reason;
      const verdict = judgeConfigs(source, variant.value);
      return verdict && answerOf(verdict, candidate, source.digest, variant.value.digest);
    } catch (error) {
      return absence(candidate, error);
    }
  }

  async #byManifests(
    image: ImageReference,
    candidate: ImageReference,
    platform: Platform,
    signal: AbortSignal,
  ): Promise<Variant> {
    const source = await this.#document(image, signal);
    try {
      const variant = await this.#document(candidate, signal);
      const verdict = judge(source, variant, await this.#image(candidate, variant, platform, signal), platform);
      return answerOf(verdict, candidate, source.digest, variant.digest);
    } catch (error) {
      return absence(candidate, error);
    }
  }

  async #lazyItself(image: ImageReference, platform: Platform, signal: AbortSignal): Promise<Variant | undefined> {
    try {
      const source = await this.#document(image, signal);
      const isItself = isLazy(await this.#image(image, source, platform, signal));
      return isItself ? { status: 'lazy', source: source.digest } : undefined;
    } catch (error) {
      // It is only for the message: the image goes on being used as it is.
      if (error instanceof LazypullError) return undefined;
      throw error;
    }
  }

  async #image(
    name: ImageReference,
    document: Document,
    platform: Platform,
    signal: AbortSignal,
  ): Promise<ImageManifest> {
    const entry = entryFor(document, platform);
    const { manifest } =
      entry === undefined ? document : await this.#document({ ...name, digest: entry.digest }, signal);
    if (manifest.kind === 'image') return manifest;
    throw new FormatError('an index in an index');
  }

  #document(reference: ImageReference, signal: AbortSignal): Promise<Document> {
    const key = formatReference(reference);
    const known = this.#documents.get(key);
    if (known !== undefined) return known;
    const document = this.#options.registry
      .fetchManifest(reference, {}, signal)
      .then(({ descriptor, manifest }) => ({ digest: descriptor.digest, manifest }));
    this.#documents.set(key, document);
    document.catch(() => this.#documents.delete(key));
    return document;
  }
}

function answerOf(verdict: Verdict, candidate: ImageReference, source: Digest, digest: Digest): Variant {
  if ('reason' in verdict) return none(verdict.reason, `${familiarReference(candidate)} ${verdict.why}`);
  const reference = formatReference({ ...candidate, digest });
  return { status: 'found', reference, digest, source, missing: verdict.missing };
}

/** What an error says of a variant. @throws what is not about it. */
function absence(candidate: ImageReference, error: unknown): Variant {
  if (!(error instanceof LazypullError)) throw error;
  const name = familiarReference(candidate);
  if (error.code === 'NOT_FOUND') return none('platform', `${name} has ${error.message}`);
  if (error instanceof RegistryError && error.status === 404) return none('absent', `there is no ${name}`);
  return none('failed', `${name} can't be looked at: ${describeError(error)}${hintFor(error)}`);
}

function parsed(reference: string): ImageReference | undefined {
  try {
    return parseReference(reference);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}

function noRule(image: ImageReference): string {
  const name = familiarReference(image);
  return image.tag === undefined && image.digest !== undefined
    ? `no rule names a variant of ${name}, which has no tag to find one by`
    : `no rule names a variant of ${name}`;
}

function hintFor(error: LazypullError): string {
  const isPrivate = error instanceof RegistryError && (error.status === 401 || error.status === 403);
  return isPrivate ? '; is it there, and did "docker login" give access to it?' : '';
}

function none(reason: NoVariantReason, message: string): Variant {
  return { status: 'none', reason, message };
}
