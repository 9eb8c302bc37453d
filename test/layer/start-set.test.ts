import assert from 'node:assert/strict';
import test from 'node:test';
import { startSet } from '../../src/layer/start-set.ts';
import { parseToc } from '../../src/estargz/parse-toc.ts';
import type { Entry } from '../support/entries.ts';
import { dir, file, symlink } from '../support/entries.ts';
import { buildEstargz } from '../support/estargz.ts';
import { nodeAt } from '../support/toc.ts';

function startNames(entries: readonly Entry[], names: readonly string[]): string[] {
  const { tocJson, tocOffset } = buildEstargz(entries, { chunkSize: 1000 });
  const toc = parseToc(tocJson, { payloadEnd: tocOffset });
  const start = new Set(startSet(toc.root));
  return names.filter((name) => start.has(nodeAt(toc, name).firstChunk));
}

test('the loader, the C library and what every process reads are in the start set, wherever a distribution has them', () => {
  const names = [
    'etc/passwd',
    'etc/ld.so.cache',
    'usr/lib/x86_64-linux-gnu/libc.so.6',
    'usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30',
    'usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
    'lib/ld-musl-x86_64.so.1',
    'usr/lib64/libm.so.6',
  ];
  assert.deepEqual(startNames(names.map((name) => file(name, 'content')), names), names); // prettier-ignore
});

test('other files, empty ones, links and folders of such names are not', () => {
  const entries = [
    file('unrelated', 'x'),
    file('etc/shadow', 'x'),
    file('usr/lib/libcurl.so.4', 'x'),
    file('usr/lib/libc.a', 'x'),
    file('usr/share/doc/libc.so.6', 'x'),
    file('etc/group', ''),
    symlink('lib/libm.so.6', 'libm-2.36.so'),
    dir('usr/lib64/libz.so.1/'),
  ];
  const { tocJson, tocOffset } = buildEstargz(entries);
  assert.deepEqual(startSet(parseToc(tocJson, { payloadEnd: tocOffset }).root), []);
});

test('of a big file only the first chunk is, and of one beyond 4 MiB nothing', () => {
  const big = [file('etc/group', Buffer.alloc(2500, 'g')), file('etc/passwd', Buffer.alloc(4 * 1024 * 1024 + 1))];
  const { tocJson, tocOffset } = buildEstargz(big, { chunkSize: 1000 });
  const toc = parseToc(tocJson, { payloadEnd: tocOffset });
  assert.deepEqual(startSet(toc.root), [nodeAt(toc, 'etc/group').firstChunk]);
});
