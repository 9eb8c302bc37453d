// Whether an image is a usable variant of another one: documents in, verdict out, no I/O. It is usable when our converter's
// annotation, or its mark in the config, says that it was made from exactly what the other name has now, and its layers can be mounted lazily.
import { FormatError, LazypullError } from '../errors.ts';
import { SOURCE_DIGEST } from '../oci/annotations.ts';
import { parseConfigPlatform, parseConfigSource } from '../oci/image-config.ts';
import type { Digest } from '../oci/digest.ts';
import type { ImageIndex, ImageManifest } from '../oci/manifest.ts';
import { formatPlatform, isRunnable, normalizePlatform, selectManifest, type Platform } from '../oci/platform.ts';
import { hasPromise, tocPromiseOf } from '../oci/toc-promise.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { NoVariantReason } from './model.ts';

/** What a name means in a registry. */
export interface Document {
  readonly digest: Digest;
  readonly manifest: ImageManifest | ImageIndex;
}

/** `missing` as in `Variant`; else why it is not used, as the end of a sentence. */
export type Verdict = { readonly missing: readonly Platform[] } | Refusal;

export interface Refusal {
  readonly reason: NoVariantReason;
  readonly why: string;
}

/**
 * The entry of an index for a platform; undefined for what is no index.
 * @throws LazypullError NOT_FOUND when it has none.
 */
export function entryFor({ manifest }: Document, platform: Platform): Descriptor | undefined {
  return manifest.kind === 'index' ? selectManifest(manifest, platform) : undefined;
}

/** A layer that is not lazy hides all above it, so the lowest one decides. */
export function isLazy(image: ImageManifest): boolean {
  const [lowest] = image.layers;
  return lowest !== undefined && hasPromise(tocPromiseOf(lowest));
}

/** `image` is the variant's image for the platform. */
export function judge(source: Document, variant: Document, image: ImageManifest, platform: Platform): Verdict {
  const wanted = attempt(() => entryFor(source, platform));
  if ('reason' in wanted) return wanted;
  const has = attempt(() => entryFor(variant, platform));
  if ('reason' in has) return has;
  const [wantedName, hasName] = [nameOf(wanted.entry), nameOf(has.entry)];
  // An index without amd64 has perhaps a 386, which runs there, but is another image.
  if (wantedName !== undefined && hasName !== undefined && wantedName !== hasName) {
    return { reason: 'platform', why: `is for ${hasName}, not for ${wantedName}` };
  }
  const whole = markOf(variant.manifest);
  const own = markOf(image);
  const isWhole = whole === source.digest;
  if (!isWhole && (own === undefined || own !== wanted.entry?.digest)) return notTheSame(source.digest, whole ?? own);
  if (!isLazy(image)) return { reason: 'not-lazy', why: 'has a lowest layer without a table of contents' };
  return { missing: missingPlatforms(source, isWhole ? variant : undefined, wanted.entry) };
}

/** What a name means for one platform, as BuildKit tells it to frontends. */
export interface Description {
  /** Of the index, where there is one. */
  readonly digest: Digest;
  /** The config of the platform's image. */
  readonly config: Uint8Array;
}

/**
 * As `judge`, without manifests; undefined when the configs do not say what the variant was made from. Our converter marks
 * only what is lazily pullable.
 */
export function judgeConfigs(source: Description, variant: Description): Verdict | undefined {
  try {
    const mark = parseConfigSource(variant.config);
    return mark === undefined ? undefined : judgeMark(mark, source, variant);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}

/** Whether our converter made it, which marks only what is lazily pullable. */
export function isMarked({ config }: Description): boolean {
  try {
    return parseConfigSource(config) !== undefined;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return false;
  }
}

function judgeMark(mark: string, source: Description, variant: Description): Verdict {
  const [wanted, has] = [source, variant].map(({ config }) => parseConfigPlatform(config));
  if (wanted !== undefined && has !== undefined) {
    const [wantedName, hasName] = [wanted, has].map((one) => formatPlatform(normalizePlatform(one)));
    if (wantedName !== hasName) return { reason: 'platform', why: `is for ${hasName}, not for ${wantedName}` };
  }
  return mark === source.digest ? { missing: [] } : notTheSame(source.digest, mark);
}

function attempt(act: () => Descriptor | undefined): { readonly entry: Descriptor | undefined } | Refusal {
  try {
    return { entry: act() };
  } catch (error) {
    if (!(error instanceof LazypullError) || error.code !== 'NOT_FOUND') throw error;
    return { reason: 'platform', why: `has ${error.message}` };
  }
}

function notTheSame(source: Digest, mark: string | undefined): Refusal {
  if (mark === undefined)
    return { reason: 'unmarked', why: `has no annotation ${SOURCE_DIGEST}: what it was made from is unknown` };
  return {
    reason: 'stale',
    why: `was made from ${mark.slice(0, 100)}, and the image is ${source} now: convert it again`,
  };
}

function markOf({ annotations }: ImageManifest | ImageIndex): string | undefined {
  return annotations?.[SOURCE_DIGEST];
}

function nameOf(entry: Descriptor | undefined): string | undefined {
  return entry?.platform === undefined ? undefined : formatPlatform(normalizePlatform(entry.platform));
}

/** `variant` is undefined when only the chosen image is proven. */
function missingPlatforms(source: Document, variant: Document | undefined, chosen: Descriptor | undefined): Platform[] {
  const there = new Set(variant === undefined ? [nameOf(chosen)] : platformsOf(variant).map(formatPlatform));
  const isIndex = variant === undefined || variant.manifest.kind === 'index';
  if (!isIndex) there.add(nameOf(chosen));
  return platformsOf(source).filter((platform) => !there.has(formatPlatform(platform)));
}

function platformsOf({ manifest }: Document): Platform[] {
  const entries = manifest.kind === 'index' ? manifest.manifests.filter(isRunnable) : [];
  return entries.flatMap(({ platform }) => (platform === undefined ? [] : [normalizePlatform(platform)]));
}
