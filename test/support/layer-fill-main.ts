// A process that fills a layer and says when so many chunks are there; the test kills it then.
// Arguments: root, file of the blob, TOC digest, number of chunks.
import { readFileSync } from 'node:fs';
import { parseDigest } from '../../src/oci/digest.ts';
import { BufferBlob } from './buffer-blob.ts';
import { openStore } from './layers.ts';

const [root = '', blobPath = '', tocDigest = '', chunks = ''] = process.argv.slice(2);
const blob = new BufferBlob(readFileSync(blobPath), { pieceSize: 8192, pieceMs: 1 });
const store = await openStore(root, { prefetchBytes: 1e9 });
const layer = await store.openLayer({ digest: blob.digest, tocDigest: parseDigest(tocDigest), blob });
const timer = setInterval(() => {
  if (layer.stats().presentChunks < Number(chunks)) return;
  clearInterval(timer);
  process.send?.('filled');
}, 1);
await layer.prefetch();
// Lives until it is killed.
setInterval(() => {}, 1000);
