// The smallest layer image that shows whether a machine can mount layer images: one file, whose bytes stand in the
// data area as those of every layer do. Whoever probes mounts it, reads the file, compares, unmounts.
import type { Toc, TocNode } from '../estargz/model.ts';
import { layoutLayer } from './layout.ts';

/** The file's name in the root of the probe image. */
export const PROBE_FILE = 'probe';
/** What the file says. */
export const PROBE_CONTENT = 'lazypull can mount layer images\n';

/** A complete layer image of 8 KiB, owned by the caller: one block of metadata, one of data. Always the same bytes. */
export function createProbeImage(): Uint8Array {
  const content = Buffer.from(PROBE_CONTENT, 'latin1');
  const layout = layoutLayer(probeToc(content.length), {
    uuid: Buffer.from('lazypull probe 1'),
    opaqueXattr: 'trusted',
  });
  const image = new Uint8Array(layout.imageSize);
  image.set(layout.metadata);
  image.set(content, layout.chunkImageOffset[0]);
  return image;
}

function probeToc(size: number): Toc {
  const file: TocNode = { ...BLANK, type: 'reg', mode: 0o444, size, chunkCount: 1 };
  const root: TocNode = { ...BLANK, type: 'dir', mode: 0o555, nlink: 2, children: new Map([[PROBE_FILE, file]]) };
  return {
    root,
    inodeCount: 2,
    nameCount: 1,
    chunks: {
      count: 1,
      compression: 'gzip',
      blobOffset: Float64Array.of(0),
      blobEnd: Float64Array.of(size),
      innerOffset: Float64Array.of(0),
      fileOffset: Float64Array.of(0),
      size: Uint32Array.of(size),
      digest: new Uint8Array(32),
    },
    verifiable: false,
    prefetchEnd: undefined,
    payloadEnd: size,
  };
}

const BLANK = {
  uid: 0,
  gid: 0,
  mtimeSec: 0,
  size: 0,
  nlink: 1,
  linkName: undefined,
  devMajor: 0,
  devMinor: 0,
  xattrs: undefined,
  children: undefined,
  firstChunk: 0,
  chunkCount: 0,
};
