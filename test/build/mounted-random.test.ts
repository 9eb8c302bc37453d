// Random trees, packed by GNU tar or tar-stream, converted in any format and order, and mounted by the kernel: the mount is
// the tree. The layer image is complete and mounted without FUSE, so this process may read it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { buffer } from 'node:stream/consumers';
import * as fc from 'fast-check';
import { pack as createPack } from 'tar-stream';
import { tocPromiseOf } from '../../src/oci/toc-promise.ts';
import { BufferBlob } from '../support/buffer-blob.ts';
import { dir, fifo, file, hardlink, noise, symlink, type Entry } from '../support/entries.ts';
import { MountScratch } from '../support/erofs-mount.ts';
import { openStore, readWholeImage } from '../support/layers.ts';
import { needs } from '../support/needs.ts';
import { tarOf } from '../support/tar.ts';
import { diffTrees, walkTree } from '../support/tree.ts';
import { writeTar } from '../support/written-layer.ts';

const about = fc.record({
  mode: fc.integer({ min: 0, max: 0o7777 }),
  uid: fc.integer({ min: 0, max: 3_000_000 }),
  gid: fc.integer({ min: 0, max: 3_000_000 }),
  mtime: fc.integer({ min: 1, max: 2 ** 32 }),
  xattrs: fc.dictionary(fc.constantFrom('user.a', 'user.b'), fc.uint8Array({ minLength: 1, maxLength: 20 })),
});
const name = fc.oneof(fc.stringMatching(/^[a-z <&\u00fc\u4e16]{1,8}$/), fc.stringMatching(/^[a-z]{90,200}$/));
/** Sockets and fifos have no user xattrs on Linux, nor have symlinks. */
const plain = about.map((facts) => ({ ...facts, xattrs: {} }));
const leaf: fc.Arbitrary<(path: string) => Entry[]> = fc.oneof(
  fc.tuple(fc.integer({ min: 0, max: 9000 }), about).map(([size, facts]) => (path: string) => [
    file(path, noise(size, size + 1), facts),
  ]),
  fc.tuple(fc.integer({ min: 0, max: 9000 }), about).map(([size, facts]) => (path: string) => [
    file(path, noise(size, size + 1), facts),
    hardlink(`${path}.2`, path, facts),
  ]),
  plain.map((facts) => (path: string) => [symlink(path, 'some/where', facts)]),
  plain.map((facts) => (path: string) => [fifo(path, facts)]),
);
const folder = fc.tuple(
  name,
  about,
  fc.uniqueArray(fc.tuple(name, leaf), { selector: ([base]) => base, maxLength: 5 }),
);
const tree = fc
  .uniqueArray(folder, { selector: ([base]) => base, minLength: 1, maxLength: 3 })
  .map((folders) =>
    folders.flatMap(([base, facts, children]) => [
      dir(base, facts),
      ...children.flatMap(([child, make]) => make(`${base}/${child}`)),
    ]),
  );

function unpack(tar: Buffer, folder: string): void {
  mkdirSync(folder);
  const args = ['--xattrs', '--numeric-owner', '--delay-directory-restore', '-p', '-C', folder, '-x'];
  execFileSync('tar', args, { input: tar, stdio: ['pipe', 'ignore', 'ignore'] });
}

type Packer = (root: string, entries: readonly Entry[]) => Promise<Buffer> | Buffer;

// What GNU tar finds on the disk; xattrs only where its format has them.
const gnuTar =
  (format: string): Packer =>
  (root) =>
    execFileSync('tar', [`--format=${format}`, '--xattrs', '--numeric-owner', '-C', root, '-c', '.'], {
      maxBuffer: 64 << 20,
      stdio: ['ignore', 'pipe', 'ignore'],
    });

const TYPES = { reg: 'file', dir: 'directory', symlink: 'symlink', hardlink: 'link', fifo: 'fifo' } as const;

const tarStream: Packer = async (_root, entries) => {
  const pack = createPack();
  const bytes = buffer(pack);
  for (const { type, name: path, mode, uid, gid, mtime, linkName, xattrs, content } of entries) {
    // It writes PAX values as text, and times after 2038 as what is no number.
    assert.equal(xattrs.size, 0);
    const kind = TYPES[type as keyof typeof TYPES];
    const header = { name: path, mode, uid, gid, mtime: new Date((mtime % 2 ** 31) * 1000), type: kind };
    pack.entry(linkName === '' ? header : { ...header, linkname: linkName }, content);
  }
  pack.finalize();
  return await bytes;
};

const shape = fc.constantFrom(
  { format: 'estargz', level: 1, chunkSize: 4096 },
  { format: 'estargz', level: 1, chunkSize: 1000, minChunkSize: 5000 },
  { format: 'zstd:chunked', level: 1, chunkSize: 3000 },
  { format: 'zstd:chunked-containers', level: 1, chunkSize: 3000 },
);

for (const [title, packer, hasXattrs] of [
  ['GNU tar --format=pax', gnuTar('pax'), true],
  ['GNU tar --format=gnu', gnuTar('gnu'), false],
  ['tar-stream', tarStream, false],
] as const) {
  test(
    `a random tree packed by ${title} is the same when it was converted and mounted`,
    {
      skip: needs('root', 'erofs'),
    },
    async () => {
      using scratch = new MountScratch();
      await fc.assert(
        fc.asyncProperty(tree, shape, fc.infiniteStream(fc.boolean()), async (made, options, isFirst) => {
          const entries = hasXattrs ? made : made.map((entry) => ({ ...entry, xattrs: new Map<string, Buffer>() }));
          const work = mkdtempSync(join(scratch.root, 'run-'));
          const [source, unpacked, mounted] = ['source', 'unpacked', 'mounted'].map((base) => join(work, base));
          unpack(tarOf(entries), source!);
          const tar = await packer(source!, entries);
          // The tar decides: tar-stream can't write every id and time.
          unpack(tar, unpacked!);
          mkdirSync(mounted!);
          const prioritized = entries.filter(() => isFirst.next().value).map(({ name: path }) => path);
          const order = prioritized.length === 0 ? undefined : { prioritized, deferred: [] };
          const { written, blob } = await writeTar(tar, { ...options, order });
          await using store = await openStore(join(work, 'store'));
          const { descriptor } = written;
          const request = { digest: descriptor.digest, ...tocPromiseOf(descriptor), blob: new BufferBlob(blob) };
          const layer = await store.openLayer(request);
          await readWholeImage(layer);
          assert.ok(layer.complete);
          scratch.erofs(layer.imagePath, mounted!);
          // The root has an entry of its own only where the packer wrote one.
          const all = (root: string) => [...walkTree(root)].filter(({ key }) => key !== '.');
          const landmarks = new Set(['.prefetch.landmark', '.no.prefetch.landmark']);
          const seen = all(mounted!);
          assert.ok(!seen.some(({ key }) => landmarks.has(key)));
          assert.deepEqual(diffTrees(all(unpacked!), seen), []);
          await layer.dispose();
        }),
        { numRuns: 12 },
      );
    },
  );
}
