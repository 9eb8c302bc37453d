// A TOC for a layer's tar as it lies in a file: as if the tar were the blob, and each chunk a member that needs no
// decompression. With it, the readers of src/estargz and what stands on them work on a layer that nobody has converted yet.
import { TocEncoder } from '../estargz/encode-toc.ts';
import type { LayerTar } from './model.ts';
import { entryFields } from './toc-fields.ts';

/**
 * The JSON of the TOC. `offset` of a chunk is where its bytes are in the tar; there are no digests of chunks, but for files
 * of one chunk.
 */
export function plainToc(tar: Pick<LayerTar, 'entries'>, chunkSize: number): Uint8Array {
  const toc = new TocEncoder();
  for (const entry of tar.entries) {
    const { size } = entry.header;
    const fields = entryFields(entry);
    if (size === 0) {
      toc.add(fields);
      continue;
    }
    for (let chunkOffset = 0; chunkOffset < size; chunkOffset += chunkSize) {
      const about = chunkOffset === 0 ? fields : ({ name: fields.name, type: 'chunk' } as const);
      // As in any TOC, the last, short chunk has no size.
      const chunk = size - chunkOffset >= chunkSize ? { chunkSize } : {};
      toc.add({ ...about, offset: entry.dataStart + chunkOffset, chunkOffset, ...chunk });
    }
  }
  return Buffer.concat(toc.finish());
}
