// What a manifest and a config say of a layer, against what its blob is.
import {
  CONTAINERS_MANIFEST_CHECKSUM,
  CONTAINERS_MANIFEST_POSITION,
  CONTAINERS_TAR_SPLIT_POSITION,
  LAZYPULL_TOC_CHECKSUM,
  TOC_DIGEST,
  UNCOMPRESSED_SIZE,
  ZSTD_MANIFEST_CHECKSUM,
  ZSTD_MANIFEST_POSITION,
} from '../oci/annotations.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { layerCompression } from '../oci/media-types.ts';
import { hasPromise, tocPromiseOf } from '../oci/toc-promise.ts';
import type { Findings } from './verify-findings.ts';
import type { BlobFacts } from './verify-layer.ts';

/** Adds what does not fit. `diffId` is the config's. */
export function compareDescriptor(
  findings: Findings,
  descriptor: Descriptor,
  facts: BlobFacts,
  diffId: string | undefined,
): void {
  compareMediaType(findings, descriptor, facts);
  compareAnnotations(findings, descriptor, facts);
  if (diffId !== undefined && facts.diffId !== undefined) {
    findings.compare('diff-id', 'diff id of the decompressed blob', diffId, facts.diffId);
  }
}

function compareMediaType(findings: Findings, { mediaType }: Descriptor, { format }: BlobFacts): void {
  const said = layerCompression(mediaType);
  if (said === undefined || format === 'unreadable' || format === 'other') return;
  const is = format === 'tar' ? 'none' : format.startsWith('zstd') ? 'zstd' : 'gzip';
  if (said === is) return;
  const message = `the media type is ${mediaType}, but the blob is ${is === 'none' ? 'not compressed' : is}`;
  findings.add('manifest', message, { expected: said, actual: is });
}

function compareAnnotations(findings: Findings, descriptor: Descriptor, facts: BlobFacts): void {
  const annotations = descriptor.annotations ?? {};
  const compare = (key: string, actual: string | undefined): void => {
    const said = annotations[key];
    if (said !== undefined && actual !== undefined) findings.compare('annotation', key, said, actual);
  };
  const { footer, tarSplit, tocDigest, tocChecksum, uncompressedSize } = facts;
  if (footer === undefined && hasPromise(tocPromiseOf(descriptor)) && !hasFooterFinding(facts)) {
    findings.add('footer', 'the manifest promises a table of contents, but the blob ends without a footer');
  }
  compare(TOC_DIGEST, tocDigest);
  compare(UNCOMPRESSED_SIZE, uncompressedSize === undefined ? undefined : String(uncompressedSize));
  for (const key of [ZSTD_MANIFEST_CHECKSUM, CONTAINERS_MANIFEST_CHECKSUM, LAZYPULL_TOC_CHECKSUM])
    compare(key, tocChecksum);
  if (footer === undefined) return;
  const { tocOffset, tocEnd, tocSize } = footer;
  const position = tocSize === undefined ? undefined : `${tocOffset}:${tocEnd - tocOffset}:${tocSize}:1`;
  compare(ZSTD_MANIFEST_POSITION, position);
  compare(CONTAINERS_MANIFEST_POSITION, position);
  compare(CONTAINERS_TAR_SPLIT_POSITION, tarSplit && `${tarSplit.offset}:${tarSplit.compressedSize}:${tarSplit.size}`);
}

function hasFooterFinding({ findings }: BlobFacts): boolean {
  return findings.list.some(({ check }) => check === 'footer' || check === 'blob' || check === 'toc');
}
