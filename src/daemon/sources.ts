// Where the bytes of a layer come from: the registry that an image reference names, through the registry client.
import type { Layer } from '../layer/layer.ts';
import type { OpenLayerRequest } from '../layer/store-options.ts';
import { parseReference } from '../oci/reference.ts';
import type { Digest } from '../oci/digest.ts';
import type { RegistryClient } from '../registry/client.ts';
import type { LayerSource } from '../snapshot/labels.ts';
import { BlobPlaces } from './blob-places.ts';
import { ExternalTocs } from './external-toc.ts';

/** A layer, where to look for it, and hints for that. */
export type LayerPlace = Pick<LayerSource, 'imageRef' | 'layerDigest'> & Partial<Pick<LayerSource, 'size' | 'tocTail'>>;

/** The part of a request for a layer that says where its bytes are. */
export type SourceRequest = Pick<OpenLayerRequest, 'blob' | 'externalToc' | 'tailLength'>;

export class BlobSources {
  readonly #client: RegistryClient;
  readonly #externalTocs: ExternalTocs;

  constructor(client: RegistryClient) {
    this.#client = client;
    this.#externalTocs = new ExternalTocs(client);
  }

  /** Where a layer and its TOC are. No request is made. @throws FormatError for a malformed reference. */
  request({ imageRef, layerDigest, size, tocTail }: LayerPlace): SourceRequest {
    return {
      blob: this.open(imageRef, layerDigest, size),
      externalToc: this.#externalTocs.of(parseReference(imageRef), layerDigest),
      tailLength: tocTail,
    };
  }

  /** The blob of `digest` in the repository of `imageRef`. No request is made. @throws FormatError for a malformed reference. */
  open(imageRef: string, digest: Digest, size?: number): BlobPlaces {
    const reference = parseReference(imageRef);
    const name = `${reference.registry}/${reference.repository}`;
    return new BlobPlaces(name, this.#client.openBlob(reference, digest, size));
  }

  /** Lets an open layer read from where `source` says, too. @throws FormatError for a malformed reference. */
  attach(layer: Layer, source: LayerSource): void {
    const blob = this.open(source.imageRef, source.layerDigest, source.size);
    if (layer.blob instanceof BlobPlaces) layer.blob.addAll(blob);
    else layer.setBlob(blob);
  }
}
