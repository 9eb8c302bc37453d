// Layers that the reference made: estargz.Build of github.com/containerd/stargz-snapshotter/estargz v0.18.2, from the
// tar of ENTRIES. They say that our reader reads them, and that the builder of our tests follows the same rules.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { decodeToc } from '../../src/estargz/decode-toc.ts';
import { parseFooter } from '../../src/estargz/footer.ts';
import { parseToc } from '../../src/estargz/parse-toc.ts';
import type { Digest } from '../../src/oci/digest.ts';
import { char, dir, fifo, file, hardlink, noise, symlink } from '../support/entries.ts';
import { buildEstargz } from '../support/estargz.ts';
import type { BuildOptions, TocJson } from '../support/estargz.ts';
import { assertTocInvariants, contentAt, nodeAt } from '../support/toc.ts';

const ENTRIES = [
  dir('./', { mtime: 1_600_000_000 }),
  dir('a', { mode: 0o1777, mtime: 1_700_000_000 }),
  file('a/big', noise(1000), { mode: 0o4755, uid: 1000, gid: 100_000_000, mtime: 1_700_000_000 }),
  file('a/xattr', 'x', { xattrs: { 'user.binary': Buffer.from([0, 10, 255]) } }),
  file(`a/${'\u00fc'.repeat(90)}`, 'long name'),
  symlink('s', 'a/big'),
  hardlink('h', 'a/xattr'),
  char('null', 1, 3),
  fifo('p'),
  file('empty'),
  file('z', noise(300, 2)),
];

interface Fixture {
  readonly name: string;
  readonly options: BuildOptions;
  /** As the reference says. */
  readonly tocDigest: Digest;
}

const FIXTURES: readonly Fixture[] = [
  {
    name: 'chunks',
    options: { chunkSize: 400, noPrefetchLandmark: true },
    tocDigest: 'sha256:c3268c4b065ba68dc98305d24b9411c62cef52efc22ded22682b6373627344d9',
  },
  {
    name: 'min-chunk',
    options: { chunkSize: 400, minChunkSize: 1000, noPrefetchLandmark: true },
    tocDigest: 'sha256:ef33da5531bd5a59f3b6df3f05e8a4b9a9a4ff21faef1c28750cb2b8115f73fe',
  },
  {
    name: 'prioritized',
    options: { prioritized: ['z', 'h'] },
    tocDigest: 'sha256:06e9eade08b79cae7fb75558a4a544c63c1cd4bfb6b08014d869df49ee2245f3',
  },
];

for (const { name, options, tocDigest } of FIXTURES) {
  suite(`a layer of the reference: ${name}`, () => {
    const blob = readFileSync(new URL(`fixtures/${name}.esgz`, import.meta.url));
    const { format, tocOffset, tocEnd } = parseFooter(blob, blob.length);
    const { tocJson } = decodeToc(blob.subarray(tocOffset, tocEnd), { expected: tocDigest });
    const toc = parseToc(tocJson, { payloadEnd: tocOffset });

    test('is read, every chunk verified', () => {
      assert.equal(format, 'estargz');
      assertTocInvariants(toc);
      assert.equal(toc.verifiable, true);
      for (const { type, name: path, content } of ENTRIES) {
        if (type === 'reg') assert.deepEqual(contentAt(toc, blob, path), content);
      }
      assert.deepEqual(nodeAt(toc, 'a/xattr').xattrs?.get('user.binary'), new Uint8Array([0, 10, 255]));
      assert.equal(nodeAt(toc, 'h'), nodeAt(toc, 'a/xattr'));
      assert.equal(nodeAt(toc, 's').linkName, 'a/big');
      assert.equal(nodeAt(toc, 'a/big').gid, 100_000_000);
      assert.equal(toc.root.mtimeSec, 1_600_000_000);
      assert.equal(toc.prefetchEnd === 'none', options.noPrefetchLandmark === true);
    });

    test('has the TOC entries that our builder makes, but for the offsets', () => {
      const ours = buildEstargz(ENTRIES, options);
      assert.deepEqual(entriesOf(tocJson), entriesOf(ours.tocJson));
    });
  });
}

// Compressors differ, so offsets do; inner offsets do not.
function entriesOf(tocJson: Uint8Array): unknown[] {
  const toc = JSON.parse(Buffer.from(tocJson).toString()) as TocJson;
  for (const entry of toc.entries) delete entry['offset'];
  return toc.entries;
}
