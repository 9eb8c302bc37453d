// What nearly every process of a Linux image opens in its first moments: the loader and its cache, the C library and its
// usual companions, users and groups, the character set. A container that starts waits a round trip for each of them,
// one after the other; so they are fetched together when a container is made. For layers without a prefetch range.
import type { TocNode } from '../estargz/model.ts';

const FILES = [
  'etc/group',
  'etc/ld.so.cache',
  'etc/localtime',
  'etc/nsswitch.conf',
  'etc/passwd',
  'etc/ssl/openssl.cnf',
  'usr/bin/dash',
  'bin/busybox',
  'usr/lib/locale/C.utf8/LC_CTYPE',
  'usr/share/zoneinfo/Etc/UTC',
];
const LIBRARY_FOLDERS = ['lib', 'lib64', 'usr/lib', 'usr/lib64'];
/** Multiarch folders below them, as in Debian. */
const TRIPLET = /^[a-z0-9_]+-linux-(gnu|musl)[a-z0-9]*$/;
const LIBRARY =
  /^(ld-linux|ld-musl|libc|libm|libdl|libpthread|librt|libz|libgcc_s|libstdc\+\+|libselinux|libpcre2-8)[-.][\w.+-]*$/;
const SHARED_OBJECT = /\.so(\.|$)/;

/** Only what is worth its bytes on a slow link. */
const MAX_CHUNKS = 48;
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** First chunks of those files that are in this layer, ascending, each once. */
export function startSet(root: TocNode): number[] {
  const found = new Set<number>();
  const add = (node: TocNode | undefined): void => {
    if (node?.type === 'reg' && node.chunkCount > 0 && node.size <= MAX_FILE_BYTES) found.add(node.firstChunk);
  };
  for (const path of FILES) add(nodeAt(root, path));
  for (const path of LIBRARY_FOLDERS) {
    const folder = nodeAt(root, path);
    addLibraries(folder, add);
    for (const [name, child] of folder?.children ?? []) if (TRIPLET.test(name)) addLibraries(child, add);
  }
  return [...found].sort((a, b) => a - b).slice(0, MAX_CHUNKS);
}

function addLibraries(folder: TocNode | undefined, add: (node: TocNode | undefined) => void): void {
  for (const [name, child] of folder?.children ?? []) if (LIBRARY.test(name) && SHARED_OBJECT.test(name)) add(child);
  add(folder === undefined ? undefined : nodeAt(folder, 'gconv/gconv-modules.cache'));
}

function nodeAt(root: TocNode, path: string): TocNode | undefined {
  let node: TocNode | undefined = root;
  for (const name of path.split('/')) node = node?.children?.get(name);
  return node;
}
