// The media types that images are made of: OCI's, and Docker's schema 2 that came before.
// https://github.com/opencontainers/image-spec/blob/main/media-types.md

export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json';
export const OCI_LAYER_TAR = 'application/vnd.oci.image.layer.v1.tar';
export const OCI_LAYER_GZIP = 'application/vnd.oci.image.layer.v1.tar+gzip';
export const OCI_LAYER_ZSTD = 'application/vnd.oci.image.layer.v1.tar+zstd';
/** "No config", e.g. of a manifest that is not an image. */
export const OCI_EMPTY = 'application/vnd.oci.empty.v1+json';

export const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
export const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
export const DOCKER_CONFIG = 'application/vnd.docker.container.image.v1+json';
export const DOCKER_LAYER_GZIP = 'application/vnd.docker.image.rootfs.diff.tar.gzip';

/** What we ask a registry for, in order of preference. */
export const MANIFEST_TYPES: readonly string[] = [OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST];

export function isIndexType(mediaType: string): boolean {
  return mediaType === OCI_INDEX || mediaType === DOCKER_LIST;
}

export function isManifestType(mediaType: string): boolean {
  return mediaType === OCI_MANIFEST || mediaType === DOCKER_MANIFEST;
}

/** How a layer is compressed, by its media type; undefined when the type is no layer that we can read. */
export function layerCompression(mediaType: string): 'none' | 'gzip' | 'zstd' | undefined {
  // OCI layers come plain and as "nondistributable"; Docker's as "tar" and "foreign".
  if (!/^application\/vnd\.(oci\.image\.layer\.|docker\.image\.rootfs\.)/.test(mediaType)) return undefined;
  if (/[.+]gzip$/.test(mediaType)) return 'gzip';
  if (/[.+]zstd$/.test(mediaType)) return 'zstd';
  return mediaType.endsWith('.tar') ? 'none' : undefined;
}
