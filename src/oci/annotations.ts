// The keys of annotations and descriptor fields that lazily pulled images carry (see docs of eStargz and OCI).

/** Digest of the layer's uncompressed TOC: what a lazily mounted layer is trusted by. Also a snapshot label. */
export const TOC_DIGEST = 'containerd.io/snapshot/stargz/toc.digest';
/** On the layers of an external TOC image: the digest of the layer whose TOC it is. */
export const TOC_LAYER_DIGEST = 'containerd.io/snapshot/stargz/layer.digest';
/** Uncompressed bytes of the layer, decimal. */
export const UNCOMPRESSED_SIZE = 'io.containers.estargz.uncompressed-size';
/** zstd:chunked: digest of the compressed TOC. */
export const ZSTD_MANIFEST_CHECKSUM = 'io.containers.zstd-chunked.manifest-checksum';
/** zstd:chunked: `OFFSET:COMPRESSED-LENGTH:LENGTH:1` of the TOC. */
export const ZSTD_MANIFEST_POSITION = 'io.containers.zstd-chunked.manifest-position';
/** containers/storage zstd:chunked: digest of the compressed TOC. Never together with TOC_DIGEST: it refuses such layers. */
export const CONTAINERS_MANIFEST_CHECKSUM = 'io.github.containers.zstd-chunked.manifest-checksum';
/** containers/storage zstd:chunked: `OFFSET:COMPRESSED-LENGTH:LENGTH:1` of the TOC. */
export const CONTAINERS_MANIFEST_POSITION = 'io.github.containers.zstd-chunked.manifest-position';
/** containers/storage zstd:chunked: `OFFSET:COMPRESSED-LENGTH:LENGTH` of the tar-split. */
export const CONTAINERS_TAR_SPLIT_POSITION = 'io.github.containers.zstd-chunked.tarsplit-position';
/**
 * Our own, for the zstd:chunked of containers/storage: the same checksum under a key that containerd hands on to
 * snapshotters, as it does with all `containerd.io/snapshot/` annotations. Also a snapshot label.
 */
export const LAZYPULL_TOC_CHECKSUM = 'containerd.io/snapshot/remote/lazypull.toc-checksum';
/** On an index entry that is not an image: `attestation-manifest`. */
export const DOCKER_REFERENCE_TYPE = 'vnd.docker.reference.type';
/** On the same entry: the digest of the image that it is about. */
export const DOCKER_REFERENCE_DIGEST = 'vnd.docker.reference.digest';
/** In the index of an OCI layout: the tag. */
export const REF_NAME = 'org.opencontainers.image.ref.name';
/** The image that this one was made from. */
export const BASE_DIGEST = 'org.opencontainers.image.base.digest';
export const BASE_NAME = 'org.opencontainers.image.base.name';
/** On what we converted: the reference that it was converted from, when that is in a registry. Not a base image. */
export const SOURCE_NAME = 'dev.lazypull.source.name';
/**
 * On what we converted: the digest of the manifest, or index, that it was converted from. In the config of a lazily pullable
 * image a field of this name has the digest of the root: of the index, where there was one.
 */
export const SOURCE_DIGEST = 'dev.lazypull.source.digest';
