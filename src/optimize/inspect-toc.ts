// Brings a layer's table of contents from wherever the image lies: with the layer's last bytes, or from the image of
// external TOCs (`REF-esgztoc`) beside it.
import { describeError, LazypullError } from '../errors.ts';
import { decodeToc } from '../estargz/decode-toc.ts';
import type { Footer } from '../estargz/footer.ts';
import type { Toc } from '../estargz/model.ts';
import { compressionOf, parseToc } from '../estargz/parse-toc.ts';
import { fetchToc } from '../estargz/toc-bytes.ts';
import type { ImageSource } from '../image/model.ts';
import { TOC_LAYER_DIGEST } from '../oci/annotations.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import type { RemoteBlob } from '../registry/blob.ts';

/** Opens the image with the external TOCs. It stays the opener's to dispose. @throws as openSource does. */
export type OpenTocImage = (signal?: AbortSignal) => Promise<ImageSource>;

/** A table of contents as it lies there. */
export interface FetchedToc {
  readonly footer: Footer;
  readonly compressedToc: Uint8Array;
  readonly blobSize: number;
  /** Last bytes of the blob, with the footer. */
  readonly tail: Uint8Array;
}

/** The same, read and checked for itself; nobody has compared its digests with what a manifest promises. */
export interface LayerToc extends FetchedToc {
  readonly json: Uint8Array;
  /** sha256 of the JSON, and of the compressed TOC. */
  readonly digest: Digest;
  readonly checksum: Digest;
  readonly toc: Toc;
}

/**
 * Reads footer and TOC, in one or two requests. `tailLength` says how much to ask for first.
 * @throws NotEstargzError when the blob has no footer; FormatError, UnsupportedLayerError, RegistryError as fetchToc does;
 * LazypullError NOT_FOUND when an external TOC is not where it should be.
 */
export async function fetchLayerToc(
  blob: RemoteBlob,
  options: { readonly tailLength?: number | undefined; readonly openTocImage?: OpenTocImage | undefined },
  signal?: AbortSignal,
): Promise<FetchedToc> {
  const { openTocImage, tailLength } = options;
  const external =
    openTocImage === undefined
      ? undefined
      : (abort?: AbortSignal) => fetchExternalToc(openTocImage, blob.digest, abort);
  const { footer, compressedToc, blobSize, tail } = await fetchToc(
    blob,
    { external, ...(tailLength !== undefined && { tailLength }) },
    signal,
  );
  return { footer, compressedToc, blobSize, tail: tail.bytes };
}

/** Decompresses and parses it. Blocks for as long as that takes. @throws FormatError when it is damaged or not safe. */
export function readLayerToc(fetched: FetchedToc): LayerToc {
  const { footer, compressedToc } = fetched;
  const { format, payloadEnd, tocSize } = footer;
  const { tocJson, tocDigest, tocChecksum } = decodeToc(compressedToc, {
    compression: compressionOf(format),
    size: tocSize,
  });
  const toc = parseToc(tocJson, { payloadEnd, format });
  return { ...fetched, json: tocJson, digest: tocDigest, checksum: tocChecksum, toc };
}

async function fetchExternalToc(open: OpenTocImage, layer: Digest, signal?: AbortSignal): Promise<Uint8Array> {
  try {
    const image = await open(signal);
    const { manifest } = await image.root(signal);
    const named = (candidate: Descriptor): boolean => candidate.annotations?.[TOC_LAYER_DIGEST] === layer;
    const found = manifest.kind === 'image' ? manifest.layers.find(named) : undefined;
    if (found !== undefined) return await image.fetch(found, signal);
    throw new LazypullError('NOT_FOUND', `${image.name} has none for ${layer}`);
  } catch (cause) {
    signal?.throwIfAborted();
    const why = describeError(cause);
    throw new LazypullError('NOT_FOUND', `its table of contents should be in an image beside it: ${why}`, { cause });
  }
}
