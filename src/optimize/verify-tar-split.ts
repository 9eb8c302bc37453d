// The tar-split of a zstd:chunked blob of containers/storage: the tar without its files' contents, from which Podman and
// CRI-O put the tar together again. What is in it is not looked at, only that it is the one that the TOC names.
// Specification: containers/storage `pkg/chunked/internal/minimal`.
import { CLOSE_OBJECT, JsonScanner, OPEN_OBJECT } from '../estargz/json-scanner.ts';
import { WordTable } from '../estargz/word-table.ts';
import { parseZstdFooter } from '../estargz/zstd-footer.ts';
import type { ZstdSpan } from '../estargz/zstd-footer.ts';
import type { FetchedToc } from './inspect-toc.ts';

const KEYS = new WordTable(['tarSplitDigest']);

/** Where the tar-split is; undefined when there is none. */
export function tarSplitOf({ footer, tail, blobSize }: FetchedToc): ZstdSpan | undefined {
  return footer.format === 'zstd:chunked-containers' ? parseZstdFooter(tail, blobSize)?.tarSplit : undefined;
}

/** The digest of the compressed tar-split by a TOC that `parseToc` has taken; undefined when it says none. */
export function promisedTarSplit(tocJson: Uint8Array): string | undefined {
  const scanner = new JsonScanner(tocJson);
  let digest: unknown;
  if (scanner.peek() !== OPEN_OBJECT) return undefined;
  for (let more = scanner.enter(CLOSE_OBJECT); more; more = scanner.more(CLOSE_OBJECT)) {
    const isDigest = scanner.key(KEYS) === 0;
    scanner.peek();
    const start = scanner.at;
    scanner.value();
    if (isDigest) digest = scanner.valueAt(start, scanner.at);
  }
  return typeof digest === 'string' && digest !== '' ? digest : undefined;
}
