// From an image to one that can be pulled lazily: every layer of every platform is written anew, or left where it is right,
// and configs, manifests and indexes follow. The target gets its name last; when anything fails, it gets none.
import { LayerWriter } from '../build/write-layer.ts';
import { LazypullError, UserError } from '../errors.ts';
import type { ImageSource, ImageTarget } from '../image/model.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import { formatPlatform } from '../oci/platform.ts';
import { formatReference } from '../oci/reference.ts';
import type { EncodedDocument } from './convert-documents.ts';
import { ImageConverter } from './convert-image.ts';
import { LayerConverter } from './convert-layers.ts';
import type { ConvertedManifest, ConvertOptions, ConvertProgress, ConvertResult, KeptLayers } from './convert-model.ts';
import { imagesOf, planConversion, type PlanNode } from './convert-plan.ts';
import { writeTocImage, type ExternalToc } from './convert-toc-image.ts';
import { Uploads } from './convert-uploads.ts';
import { DocumentWriter } from './convert-write.ts';
import { settleAll } from './settle.ts';

/**
 * Converts an image. Source and targets stay the caller's to dispose of.
 * @throws UserError for options that contradict each other; FormatError, VerificationError and others that name the layer;
 *   RegistryError; what `signal` was aborted with. The target then has no image, and no temporary file is left.
 */
export async function convertImage(
  source: ImageSource,
  target: ImageTarget,
  options: ConvertOptions,
  signal: AbortSignal,
  onProgress: (progress: ConvertProgress) => void = () => {},
): Promise<ConvertResult> {
  const startedMs = performance.now();
  checkConvertOptions({ layers: options.layers, hasProfile: options.profileOf !== undefined });
  if (options.layers.externalToc && options.tocTarget === undefined) {
    throw new LazypullError('INVALID_ARGUMENT', 'an external table of contents needs a place');
  }
  const plan = await planConversion(source, options.platforms, signal);
  const kept = (await options.keep?.(plan, signal)) ?? new Map();
  onProgress({ kind: 'planned', layers: plannedLayers(plan) });
  const failed = new AbortController();
  const inner = AbortSignal.any([signal, failed.signal]);
  const job: Job = { source, target, options, kept, signal: inner, abort: () => failed.abort(), onProgress };
  try {
    const { root, tocs, manifests, uploads } = await convertPlan(plan, job);
    const tocImage = await finishTocImage(tocs, options.tocTarget, signal);
    await target.finish(root, signal);
    const { digest, mediaType } = root.descriptor;
    const { uploadedBytes, skippedBytes } = uploads;
    const durationMs = Math.round(performance.now() - startedMs);
    return {
      source: { name: source.name, digest: plan.document.descriptor.digest },
      target: { name: target.name, digest, mediaType },
      tocImage,
      manifests,
      uploadedBytes,
      skippedBytes,
      durationMs,
    };
  } catch (error) {
    // What an abort breaks says other things.
    signal.throwIfAborted();
    throw error;
  }
}

/** @throws UserError for options that contradict each other. */
export function checkConvertOptions({
  layers,
  hasProfile,
}: Pick<ConvertOptions, 'layers'> & { readonly hasProfile: boolean }): void {
  const { format, externalToc, lossless, minChunkSize } = layers;
  if (externalToc && format !== 'estargz') {
    throw new UserError(`an external table of contents is for estargz, not for ${format}`, 'Leave out --external-toc.');
  }
  if (lossless && !externalToc) {
    throw new UserError('the diff ids can be kept only with an external table of contents', 'Add --external-toc.');
  }
  if (lossless && hasProfile) {
    throw new UserError(
      'the diff ids can be kept only in the order that the files have',
      'Leave out --keep-diff-id, or the profile.',
    );
  }
  if (minChunkSize > 0 && format !== 'estargz') {
    throw new UserError(`a minimal chunk size is for estargz, not for ${format}`, 'Leave out --min-chunk-size.');
  }
}

/** The TOCs get their name first: an image that names them must find them. */
async function finishTocImage(
  tocs: readonly ExternalToc[],
  target: ImageTarget | undefined,
  signal: AbortSignal,
): Promise<ConvertResult['tocImage']> {
  if (target === undefined) return undefined;
  const image = await writeTocImage(tocs, target, signal);
  await target.finish(image, signal);
  return { name: target.name, digest: image.descriptor.digest };
}

interface Job {
  readonly source: ImageSource;
  readonly target: ImageTarget;
  readonly options: ConvertOptions;
  readonly kept: KeptLayers;
  readonly signal: AbortSignal;
  /** One failure makes everything else useless, and all must have ended before files go. */
  readonly abort: () => void;
  readonly onProgress: (progress: ConvertProgress) => void;
}

interface Converted {
  readonly root: EncodedDocument;
  readonly tocs: readonly ExternalToc[];
  readonly manifests: readonly ConvertedManifest[];
  readonly uploads: Uploads;
}

/** The layers of all images, then the documents; nothing has the target's name yet. */
async function convertPlan(plan: PlanNode, job: Job): Promise<Converted> {
  const { source, target, options, kept, signal, abort, onProgress } = job;
  await using writer = new LayerWriter(options.jobs === undefined ? {} : { workers: options.jobs });
  const uploads = new Uploads({ source, target, signal });
  const layers = new LayerConverter({ source, uploads, writer, options, signal, onProgress });
  const nodes = new Map([...imagesOf(plan)].map((node) => [node.document.descriptor.digest, node] as const));
  const imageCount = nodes.size;
  const converter = new ImageConverter({ source, layers, kept, options, signal, abort, imageCount, onProgress });
  const outcomes = await settleAll(
    [...nodes.values()].map((node) => converter.convert(node)),
    abort,
  );
  const images = new Map([...nodes.keys()].map((digest, index) => [digest, outcomes[index]!] as const));
  const { reference } = source;
  const { annotations = {} } = options;
  const sourceName = reference === undefined ? undefined : formatReference(reference);
  const documents = new DocumentWriter({ target, uploads, sourceName, annotations, images, signal });
  const root = await documents.write(plan);
  const tocs = outcomes.flatMap((outcome) => outcome.layers.flatMap(({ externalToc }) => externalToc ?? []));
  return { root, tocs, manifests: documents.manifests, uploads };
}

function plannedLayers(plan: PlanNode): { layer: Descriptor; platforms: string[] }[] {
  const planned = new Map<Digest, { layer: Descriptor; platforms: string[] }>();
  for (const { document, platform } of imagesOf(plan)) {
    for (const layer of document.manifest.layers) {
      const known = planned.get(layer.digest);
      if (known === undefined) planned.set(layer.digest, { layer, platforms: [formatPlatform(platform)] });
      else known.platforms.push(formatPlatform(platform));
    }
  }
  return [...planned.values()];
}
