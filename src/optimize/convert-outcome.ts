// What a layer has become: the part of it that the result tells, and the part that the new manifest is made from.
import type { WrittenLayer } from '../build/model.ts';
import { FormatError, LazypullError, VerificationError } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
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

/** Of a layer that is in the target as it was. */
export function unchangedOutcome(
  layer: Descriptor,
  state: 'reused' | 'copied',
  format: ConvertedLayer['format'],
  startedMs: number,
  front?: LayerFront,
): LayerOutcome {
  const descriptor = withoutAnnotations(layer);
  return {
    layer: convertedLayer(layer, descriptor, state, { format, startedMs, front }),
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
    layer: convertedLayer(layer, descriptor, state, { format, startedMs, front }),
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

function convertedLayer(
  { digest, size, mediaType }: Descriptor,
  to: Descriptor,
  state: ConvertedLayer['state'],
  more: { format: ConvertedLayer['format']; startedMs: number; front: LayerFront | undefined },
): ConvertedLayer {
  return {
    source: { digest, size, mediaType },
    digest: to.digest,
    size: to.size,
    mediaType: to.mediaType,
    state,
    format: more.format,
    durationMs: Math.round(performance.now() - more.startedMs),
    front: more.front,
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
    return new FormatError(`${about}: ${error.message}${where}`, facts);
  }
  if (error instanceof VerificationError) {
    const [what = ''] = error.message.split(': expected ');
    return new VerificationError(`${about}: ${what}`, error.expected, error.actual);
  }
  if (!['INVALID_ARGUMENT', 'UNSUPPORTED'].includes(error.code)) return error;
  return new LazypullError(error.code, `${about}: ${error.message}`, { cause: error });
}
