// What a layer has become: the part of it that the result tells, and the part that the new manifest is made from.
import type { LazyFormat, WrittenLayer } from '../build/model.ts';
import { FormatError, LazypullError, VerificationError } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import { UnsupportedEntryError } from '../tar/errors.ts';
import { ociLayerType } from './convert-documents.ts';
import type { ConvertedLayer, LayerFront } from './convert-model.ts';

/** What a layer has become. */
export interface LayerOutcome {
  readonly layer: ConvertedLayer;
  /** For the new manifest; without annotations when the layer is as it was. */
  readonly descriptor: Descriptor;
  /** Of the source's layer and of the new one; undefined when nobody looked, since it is as it was. */
  readonly diffIds: { readonly source: Digest; readonly target: Digest } | undefined;
  readonly externalToc: WrittenLayer['externalToc'];
}

/** Of a layer that was as wanted. */
export function reusedOutcome(
  layer: Descriptor,
  more: {
    readonly format: LazyFormat;
    readonly startedMs: number;
    readonly front: LayerFront | undefined;
  },
): LayerOutcome {
  return unchanged(layer, 'reused', { ...more, reason: undefined });
}

/** Of a layer that is not converted; `reason` when it might have been. */
export function copiedOutcome(layer: Descriptor, startedMs: number, reason: string | undefined): LayerOutcome {
  return unchanged(layer, 'copied', { format: undefined, startedMs, front: undefined, reason });
}

/** Of a layer that was not to be touched, with its descriptor in the new manifest. */
export function keptOutcome(layer: Descriptor, descriptor: Descriptor, startedMs: number): LayerOutcome {
  return {
    layer: convertedLayer(layer, descriptor, 'kept', {
      format: undefined,
      startedMs,
      front: undefined,
      reason: undefined,
    }),
    descriptor,
    diffIds: undefined,
    externalToc: undefined,
  };
}

function unchanged(layer: Descriptor, state: 'reused' | 'copied', more: LayerFacts): LayerOutcome {
  const descriptor = withoutAnnotations(layer);
  return {
    layer: convertedLayer(layer, descriptor, state, more),
    descriptor,
    diffIds: undefined,
    externalToc: undefined,
  };
}

/** Of a layer that was written and uploaded. `diffId` is that of the source's layer. */
export function convertedOutcome(
  layer: Descriptor,
  written: WrittenLayer,
  more: { readonly diffId: Digest; readonly startedMs: number; readonly front: LayerFront | undefined },
): LayerOutcome {
  const { descriptor, format, externalToc } = written;
  const { diffId, startedMs, front } = more;
  // Somebody wrote the same before.
  const isSame = descriptor.digest === layer.digest && sameToc(descriptor, layer);
  const state = isSame ? 'reused' : 'converted';
  return {
    layer: convertedLayer(layer, descriptor, state, { format, startedMs, front, reason: undefined }),
    descriptor: isSame ? withoutAnnotations(layer) : descriptor,
    diffIds: { source: diffId, target: written.diffId },
    externalToc,
  };
}

function withoutAnnotations({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType: ociLayerType(mediaType), digest, size };
}

function sameToc(a: Descriptor, b: Descriptor): boolean {
  return Object.entries(a.annotations ?? {}).every(([key, value]) => b.annotations?.[key] === value);
}

interface LayerFacts {
  readonly format: ConvertedLayer['format'];
  readonly startedMs: number;
  readonly front: LayerFront | undefined;
  readonly reason: string | undefined;
}

function convertedLayer(
  { digest, size, mediaType }: Descriptor,
  to: Descriptor,
  state: ConvertedLayer['state'],
  { format, startedMs, front, reason }: LayerFacts,
): ConvertedLayer {
  return {
    source: { digest, size, mediaType },
    digest: to.digest,
    size: to.size,
    mediaType: to.mediaType,
    state,
    reason,
    format,
    durationMs: Math.round(performance.now() - startedMs),
    front,
  };
}

/** An error that says which layer it is about, and where in it. */
export function withLayer(error: unknown, { digest }: Descriptor): unknown {
  const about = `layer ${digest}`;
  if (!(error instanceof LazypullError) || error.message.includes(about)) return error;
  if (error instanceof FormatError) {
    const { offset } = error;
    const where = offset === undefined || error.message.includes(String(offset)) ? '' : ` (at byte ${offset})`;
    const facts = offset === undefined ? { cause: error } : { cause: error, offset };
    const Kind = error instanceof UnsupportedEntryError ? UnsupportedEntryError : FormatError;
    return new Kind(`${about}: ${error.message}${where}`, facts);
  }
  if (error instanceof VerificationError) {
    const [what = ''] = error.message.split(': expected ');
    return new VerificationError(`${about}: ${what}`, error.expected, error.actual);
  }
  if (!['INVALID_ARGUMENT', 'UNSUPPORTED'].includes(error.code)) return error;
  return new LazypullError(error.code, `${about}: ${error.message}`, { cause: error });
}
