// Archives of every kind and order, and those that lie.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { LazypullError, VerificationError, type ErrorCode } from '../../src/errors.ts';
import { digestHex, digestOf } from '../../src/oci/digest.ts';
import { OCI_LAYER_GZIP, OCI_LAYER_TAR, OCI_LAYER_ZSTD } from '../../src/oci/media-types.ts';
import { dir, file, hardlink, symlink } from '../support/entries.ts';
import { run } from '../support/run.ts';
import { archiveOf, SampleImage } from '../support/sample-image.ts';
import { tarOf } from '../support/tar.ts';
import { collect, digestsOf, ImageWorld } from './images.ts';

const sample = new SampleImage('archive');
const all = [...sample.blobs.keys()].sort();
const plain = archiveOf(sample.layoutFiles());

/** Opens an archive from a file and from a pipe, one after the other, and checks that nothing stays open or behind. */
async function openBoth(bytes: Buffer, check: (world: ImageWorld, text: string) => Promise<void>): Promise<void> {
  await using world = new ImageWorld();
  writeFileSync(world.path('a.tar'), bytes);
  await check(world, `oci-archive:${world.path('a.tar')}`);
  world.stdin = Readable.from(slices(bytes));
  await check(world, '-');
  assert.deepEqual(world.leftovers(), []);
  assert.deepEqual(openFiles(world.dir), []);
}

async function hasAll(world: ImageWorld, text: string): Promise<void> {
  await using source = await world.source(text);
  // Also while it is open: what was spooled has no name.
  assert.deepEqual(world.leftovers(), []);
  assert.deepEqual((await digestsOf(source)).sort(), all);
  for (const layer of sample.layers) assert.deepEqual(await collect(source.stream(layer)), sample.bytes(layer));
}

/** Files below a folder that this process has open, deleted ones too. */
function openFiles(folder: string): string[] {
  const links = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
  return links.filter((link) => link.startsWith(folder));
}

const PIECE = 10_007;

/** Frames as parallel compressors write them, behind skippable ones. The first content ends where a piece of the pipe does. */
function zstdFrames(bytes: Buffer): Buffer {
  const skippable = Buffer.from('502a4d1804000000ffffffff', 'hex');
  const fitting = bytes.subarray(0, 500);
  const first = zstdCompressSync(fitting);
  const filling = Buffer.alloc(PIECE - skippable.length - first.length);
  filling.set(skippable);
  filling.writeUInt32LE(filling.length - 8, 4);
  return Buffer.concat([skippable, filling, first, zstdCompressSync(bytes.subarray(fitting.length))]);
}

function* slices(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

describe('an archive', () => {
  const files = [...sample.layoutFiles()];
  const good: readonly [name: string, bytes: Buffer][] = [
    ['with its index at the end', plain],
    ['with its index first', archiveOf(new Map(files.toReversed()))],
    ['with ./ before its names', archiveOf(new Map(files.map(([name, bytes]) => [`./${name}`, bytes])))],
    ['compressed with gzip', gzipSync(plain)],
    ['in several gzip members', Buffer.concat([gzipSync(plain.subarray(0, 5000)), gzipSync(plain.subarray(5000))])],
    ['compressed with zstd', zstdCompressSync(plain)],
    ['in several zstd frames', zstdFrames(plain)],
    ['without the zeros at its end', plain.subarray(0, -1024)],
    ["with docker's manifest.json beside the layout", archiveOf(new Map([...sample.dockerFiles('x:1'), ...files]))],
    [
      'with folders, and blobs that are links to each other',
      tarOf([
        dir('blobs'),
        ...files.map(([name, bytes]) => file(`real/${name}`, bytes)),
        ...files.map(([name], index) =>
          index % 2 === 0
            ? hardlink(name, `real/${name}`)
            : symlink(name, `${'../'.repeat(name.split('/').length - 1)}real/${name}`),
        ),
      ]),
    ],
  ];
  for (const [name, bytes] of good) test(`${name} is read from a file and from a pipe`, () => openBoth(bytes, hasAll));

  for (const format of ['gnu', 'pax', 'ustar']) {
    test(`that tar writes in its ${format} format is read`, async () => {
      await using world = new ImageWorld();
      sample.writeLayout(world.path('in'));
      await run('tar', [`--format=${format}`, '-C', world.path('in'), '-cf', world.path('a.tar'), '.']);
      await openBoth(readFileSync(world.path('a.tar')), hasAll);
    });
  }

  test('is read through a named pipe', async () => {
    await using world = new ImageWorld();
    await run('mkfifo', [world.path('pipe')]);
    writeFileSync(world.path('a.tar'), plain);
    const writing = run('sh', ['-c', `cat ${world.path('a.tar')} > ${world.path('pipe')}`]);
    await hasAll(world, `oci-archive:${world.path('pipe')}`);
    await writing;
  });

  test('may have several images, which are chosen by their tags', async () => {
    const other = new SampleImage('another', 10);
    const index = {
      schemaVersion: 2,
      manifests: [
        { ...sample.index, annotations: { 'io.containerd.image.name': 'docker.io/library/app:v1' } },
        { ...other.index, annotations: { 'io.containerd.image.name': 'docker.io/library/app:v2' } },
      ],
    };
    const both = new Map([...sample.layoutFiles(), ...other.layoutFiles()]);
    both.set('index.json', Buffer.from(JSON.stringify(index)));
    await using world = new ImageWorld();
    writeFileSync(world.path('a.tar'), archiveOf(both));
    for (const text of ['oci-archive:a.tar:v2', 'docker-archive:a.tar:app:v2']) {
      await using source = await world.source(text.replace('a.tar', world.path('a.tar')));
      assert.equal((await source.root()).descriptor.digest, other.index.digest);
    }
    await assert.rejects(world.source(`oci-archive:${world.path('a.tar')}`), /There is: docker\.io\/library\/app:v1/);
  });
});

describe('an archive that is not right', () => {
  const files = [...sample.layoutFiles()];
  const withEntry = (...entries: Parameters<typeof tarOf>[0]): Buffer =>
    tarOf([...files.map(([name, bytes]) => file(name, bytes)), ...entries]);
  const huge = Buffer.from(plain);
  // The size of the first entry, in octal digits, with its checksum.
  huge.write('77777777777', 124, 'latin1');
  fixChecksum(huge, 0);
  const cut = plain.subarray(0, 5000);
  const bad: readonly [name: string, bytes: Buffer, says: RegExp, code: ErrorCode][] = [
    ['is empty', Buffer.alloc(0), /is empty/, 'CONFIG'],
    [
      'is no tar',
      Buffer.from('<html>not found</html>'.repeat(100)),
      /a\.tar is not a tar archive|standard input is not a tar archive/,
      'FORMAT',
    ],
    ['is shorter than a header', Buffer.from('x'), /cut at 1, in the header at 0/, 'FORMAT'],
    ['is a tar of something else', tarOf([file('etc/passwd', 'x')]), /no image/, 'CONFIG'],
    ['is compressed with xz', Buffer.from('fd377a585a0000', 'hex'), /is xz.*\n.*Decompress/, 'CONFIG'],
    ['is cut in a payload', cut, /archive: at \d+, ".*" has \d+ bytes, and the archive ends before/, 'FORMAT'],
    ['is cut in its gzip stream', gzipSync(plain).subarray(0, -500), /: gzip: cut at \d+/, 'FORMAT'],
    ['is damaged in its gzip stream', flipped(gzipSync(plain), 30_000), /: gzip: damaged at or behind/, 'FORMAT'],
    ['is cut in its zstd stream', zstdFrames(plain).subarray(0, -500), /: zstd: cut at \d+/, 'FORMAT'],
    ['has something behind its zstd stream', Buffer.concat([zstdFrames(plain), plain]), /: zstd: no frame/, 'FORMAT'],
    ['has a name of 5000 bytes', withEntry(file('n'.repeat(5000), '')), /a name of 5000 characters/, 'FORMAT'],
    ['says that an entry is 8 GiB', huge, /at 0, ".*" has 8589934591 bytes/, 'FORMAT'],
    ['has a second index.json', withEntry(file('index.json', '{}')), /a second index\.json/, 'FORMAT'],
    ['has a second index.json as a link', withEntry(symlink('./index.json', 'x')), /a second index/, 'FORMAT'],
    ['has a second oci-layout', withEntry(file('oci-layout', '{}')), /a second oci-layout/, 'FORMAT'],
    ['has a name that leads out', withEntry(file('../etc/passwd', '')), /"\.\.\/etc\/passwd" leads out/, 'FORMAT'],
    ['has a hidden ..', withEntry(file('blobs/../../x', '')), /leads out/, 'FORMAT'],
    ['has an absolute name', withEntry(file('/etc/passwd', '')), /leads out/, 'FORMAT'],
    ['has a link that leads out', withEntry(symlink('blobs/x', '../../etc/passwd')), /leads out/, 'FORMAT'],
    ['has an absolute link', withEntry(symlink('blobs/x', '/etc/passwd')), /leads out/, 'FORMAT'],
    ['has a hard link that leads out', withEntry(hardlink('x', '../x')), /leads out/, 'FORMAT'],
    [
      'has links in a circle',
      tarOf([symlink('index.json', 'oci-layout'), symlink('oci-layout', 'index.json')]),
      /more than 8 links/,
      'FORMAT',
    ],
    [
      'has an index of 5 MiB',
      tarOf([file('oci-layout', '{"imageLayoutVersion":"1.0.0"}'), file('index.json', Buffer.alloc(5 << 20, 0x20))]),
      /index\.json of 5242880 bytes is too large/,
      'FORMAT',
    ],
  ];
  for (const [name, bytes, says, code] of bad) {
    test(`is refused when it ${name}`, () =>
      openBoth(bytes, async (world, text) => {
        await assert.rejects(world.source(text), (error: Error) => {
          assert.match(error.message, says);
          return (error as LazypullError).code === code;
        });
      }));
  }

  test('gives the offset of what is wrong', () =>
    openBoth(withEntry(file('../x', '')), async (world, text) => {
      const offset = plain.length - 1024;
      await assert.rejects(world.source(text), { code: 'FORMAT', offset });
    }));

  test('is refused when a blob is not what its name says', async () => {
    const layer = sample.layers[1];
    assert.ok(layer !== undefined);
    const name = `blobs/sha256/${digestHex(layer.digest)}`;
    const lying = new Map(sample.layoutFiles());
    lying.set(name, flipped(sample.bytes(layer), 20));
    await openBoth(archiveOf(lying), async (world, text) => {
      await using source = await world.source(text);
      await assert.rejects(collect(source.stream(layer)), VerificationError);
    });
    lying.delete(name);
    await openBoth(archiveOf(lying), async (world, text) => {
      await using source = await world.source(text);
      await assert.rejects(collect(source.stream(layer)), { code: 'NOT_FOUND', message: new RegExp(layer.digest) });
    });
  });

  test('is read or refused with an error of ours, whatever is done to it', async () => {
    await using world = new ImageWorld();
    const small = archiveOf(new SampleImage('mutated', 10).layoutFiles());
    const archives = [small, archiveOf(new SampleImage('mutated', 10).dockerFiles('app:v1'))];
    const damage = fc.record({
      archive: fc.nat(archives.length - 1),
      flips: fc.array(fc.tuple(fc.nat(small.length - 1), fc.integer({ min: 1, max: 255 })), { maxLength: 4 }),
      length: fc.option(fc.nat(small.length), { nil: undefined }),
    });
    const reads = fc.asyncProperty(damage, async ({ archive, flips, length }) => {
      const bytes = Buffer.from(archives[archive] as Buffer).subarray(0, length);
      for (const [at, mask] of flips) if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ mask;
      writeFileSync(world.path('a.tar'), bytes);
      try {
        await using source = await world.source(`oci-archive:${world.path('a.tar')}`);
        for (const digest of await digestsOf(source)) assert.match(digest, /^sha256:/);
      } catch (error) {
        if (!(error instanceof LazypullError)) throw error;
      }
    });
    await fc.assert(reads, { numRuns: 300 });
    assert.deepEqual(openFiles(world.dir), []);
  });

  test('is refused when it is not there, or is a folder', async () => {
    await using world = new ImageWorld();
    await assert.rejects(world.source(`oci-archive:${world.path('none')}`), /there is no file/);
    mkdirSync(world.path('folder'));
    await assert.rejects(world.source(`docker-archive:${world.path('folder')}`), /write oci:/);
  });

  test('is refused when it would come from a terminal', async () => {
    await using world = new ImageWorld();
    world.stdin = Object.assign(Readable.from([]), { isTTY: true });
    await assert.rejects(world.source('-'), /standard input is a terminal/);
  });

  test('that says nothing is waited for until the wait is aborted', async () => {
    await using world = new ImageWorld();
    world.stdin = new Readable({ read() {} });
    const opening = world.source('-', AbortSignal.timeout(50));
    await assert.rejects(opening, { name: 'TimeoutError' });
    assert.deepEqual(world.leftovers(), []);
  });

  test('that breaks off is an error', async () => {
    await using world = new ImageWorld();
    for (const delayMs of [0, 20]) {
      const broken = new Readable({ read() {} });
      broken.push(plain.subarray(0, 5000));
      world.stdin = broken;
      const opening = world.source('-');
      setTimeout(() => broken.destroy(new Error('the other end is gone')), delayMs);
      await assert.rejects(opening, { message: 'the other end is gone' });
    }
  });
});

describe('an archive of an old docker', () => {
  const cases: readonly [name: string, pack: (tar: Buffer) => Buffer, mediaType: string][] = [
    ['plain', (tar) => tar, OCI_LAYER_TAR],
    ['gzip', (tar) => gzipSync(tar), OCI_LAYER_GZIP],
    ['zstd', (tar) => zstdCompressSync(tar), OCI_LAYER_ZSTD],
    ['zstd:chunked', zstdFrames, OCI_LAYER_ZSTD],
  ];
  for (const [name, pack, mediaType] of cases) {
    test(`with ${name} layers gets a manifest that names them as they are stored`, async () => {
      const layers = sample.tars.map(pack);
      await openBoth(archiveOf(sample.dockerFiles('app:v1', layers)), async (world, text) => {
        await using source = await world.source(text);
        const { descriptor, bytes, manifest } = await source.root();
        assert.ok(manifest.kind === 'image');
        assert.equal(descriptor.digest, digestOf(bytes));
        assert.deepEqual(manifest.config, { ...sample.config, mediaType: 'application/vnd.oci.image.config.v1+json' });
        assert.deepEqual(
          manifest.layers,
          layers.map((layer) => ({ mediaType, digest: digestOf(layer), size: layer.length })),
        );
        for (const [index, layer] of manifest.layers.entries()) {
          assert.deepEqual(await collect(source.stream(layer)), layers[index]);
        }
        assert.deepEqual(Buffer.from(await source.fetch(manifest.config)), sample.bytes(sample.config));
        assert.equal((await source.open(manifest.config).readRange(0, 5)).length, 5);
      });
    });
  }

  test('may have links for layers that it has already', async () => {
    const files = sample.dockerFiles('app:v1');
    const [first, ...others] = [...files];
    assert.ok(first !== undefined);
    const [layerName, layer] = first;
    const linked = tarOf([
      symlink(layerName, '../real/layer.tar'),
      file('real/layer.tar', layer),
      ...others.map(([name, bytes]) => file(name, bytes)),
      // Written twice, as some versions did.
      ...others.slice(0, 1).map(([name, bytes]) => file(name, bytes)),
    ]);
    await openBoth(linked, async (world, text) => {
      await using source = await world.source(text);
      const { manifest } = await source.root();
      assert.ok(manifest.kind === 'image');
      for (const [index, one] of manifest.layers.entries()) {
        assert.deepEqual(await collect(source.stream(one)), sample.tars[index]);
      }
    });
  });

  test('has its images by name', async () => {
    const other = new SampleImage('other', 10);
    const files = new Map([...sample.dockerFiles('app:v1'), ...other.dockerFiles('ghcr.io/org/other:v2')]);
    const manifests = [sample.dockerFiles('app:v1'), other.dockerFiles('ghcr.io/org/other:v2')].flatMap(
      (one) => JSON.parse(String(one.get('manifest.json'))) as object[],
    );
    files.set('manifest.json', Buffer.from(JSON.stringify(manifests)));
    await using world = new ImageWorld();
    writeFileSync(world.path('a.tar'), archiveOf(files));
    const text = `docker-archive:${world.path('a.tar')}`;
    for (const [name, config] of [
      [':app:v1', sample.config],
      [':docker.io/library/app:v1', sample.config],
      [':ghcr.io/org/other:v2', other.config],
    ] as const) {
      await using source = await world.source(`${text}${name}`);
      const { manifest } = await source.root();
      assert.equal(manifest.kind === 'image' && manifest.config.digest, config.digest);
    }
    await assert.rejects(world.source(text), /has 2 images.*\n.*app:v1, ghcr\.io\/org\/other:v2/);
    await assert.rejects(world.source(`${text}:app:v3`), /has no image app:v3/);
  });

  const configName = `${digestHex(sample.config.digest)}.json`;
  const lies: readonly [name: string, change: (files: Map<string, Buffer>) => void, says: RegExp][] = [
    ['a config of another digest', (files) => files.set(configName, Buffer.from('{}')), new RegExp(configName)],
    ['no config', (files) => files.delete(configName), /which is not in the archive/],
    ['a layer too few', (files) => files.delete([...files.keys()][0] ?? ''), /which is not in the archive/],
    ['a manifest that is none', (files) => files.set('manifest.json', Buffer.from('{}')), /not an array/],
    ['an image without a config', (files) => files.set('manifest.json', Buffer.from('[{}]')), /no Config/],
    [
      'a config for other layers',
      (files) => files.set('manifest.json', Buffer.from(JSON.stringify([{ Config: configName, Layers: [] }]))),
      /3 diff ids for 0 layers/,
    ],
    [
      'layers that are no names',
      (files) => files.set('manifest.json', Buffer.from(JSON.stringify([{ Config: configName, Layers: [1] }]))),
      /not all of them are strings/,
    ],
    [
      'a gzip layer of another diff id',
      (files) => files.set([...files.keys()][0] ?? '', gzipSync(Buffer.from('other'))),
      /diff id: expected sha256:/,
    ],
    [
      'a gzip layer that is damaged',
      (files) => files.set([...files.keys()][0] ?? '', gzipSync(sample.tars[0] as Buffer).subarray(0, -9)),
      /: gzip: cut at/,
    ],
  ];
  for (const [name, change, says] of lies) {
    test(`is refused with ${name}`, async () => {
      const files = sample.dockerFiles('app:v1');
      change(files);
      await openBoth(archiveOf(files), (world, text) => assert.rejects(world.source(text), says));
    });
  }

  test('is refused with a plain layer of another diff id when that is read', async () => {
    const layers = sample.tars.map((tar) => flipped(tar, 700));
    await openBoth(archiveOf(sample.dockerFiles('app:v1', layers)), async (world, text) => {
      await using source = await world.source(text);
      const { manifest } = await source.root();
      assert.ok(manifest.kind === 'image');
      for (const layer of manifest.layers) await assert.rejects(collect(source.stream(layer)), VerificationError);
    });
  });
});

function flipped(bytes: Buffer, offset: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[offset] = (copy[offset] ?? 0) ^ 1;
  return copy;
}

function fixChecksum(archive: Buffer, offset: number): void {
  const block = archive.subarray(offset, offset + 512);
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
}
