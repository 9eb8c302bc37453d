// Where the bytes of a layer come from: the registry that an image reference names, through the registry client.
import { parseReference } from '../oci/reference.ts';
import type { Layer } from '../layer/layer.ts';
import type { Digest } from '../oci/digest.ts';
import type { RemoteBlob } from '../registry/blob.ts';
import type { RegistryClient } from '../registry/client.ts';
import type { LayerSource } from '../snapshot/labels.ts';

export class BlobSources {
  readonly #client: RegistryClient;

  constructor(client: RegistryClient) {
    this.#client = client;
  }

  /** The blob of `digest` in the repository of `imageRef`. No request is made. @throws FormatError for a malformed reference. */
  open(imageRef: string, digest: Digest, size?: number): RemoteBlob {
    return this.#client.openBlob(parseReference(imageRef), digest, size);
  }

  /** Lets an open layer read from where `source` says from now on. */
  attach(layer: Layer, source: LayerSource): void {
    layer.setBlob(this.open(source.imageRef, source.layerDigest, source.size));
  }
}
