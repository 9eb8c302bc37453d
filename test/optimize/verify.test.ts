// A table of damages, each made to an image that is right: what verify says is exactly the damage and nothing else.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { TOC_DIGEST, UNCOMPRESSED_SIZE } from '../../src/oci/annotations.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { OCI_LAYER_TAR, OCI_LAYER_ZSTD } from '../../src/oci/media-types.ts';
import { verifyImage, type VerifyOptions } from '../../src/optimize/verify.ts';
import type { Finding, Verification } from '../../src/optimize/verify-model.ts';
import { CheckedImage, partsOf, type ImageParts, type LayerParts } from '../support/checked-image.ts';
import { char, dir, file, hardlink, noise, symlink, type Entry } from '../support/entries.ts';
import { buildEstargz, type BuildOptions, type BuiltLayer, type TocJson } from '../support/estargz.ts';
import { tarOf } from '../support/tar.ts';

const BIG = noise(20_000);
const ENTRIES: readonly Entry[] = [
  dir('bin', { mode: 0o755, mtime: 1_700_000_000 }),
  file('bin/tool', BIG, { mode: 0o4755, uid: 3, gid: 4 }),
  hardlink('bin/link', 'bin/tool', { mode: 0o4755, uid: 3, gid: 4 }),
  symlink('bin/soft', 'tool'),
  char('null', 1, 3),
  file('empty'),
  file('etc/name', 'a name\n', { xattrs: { 'user.note': Buffer.from([0, 255, 10]) } }),
];
// Stored, so that other bytes of the same length take the same place.
const STORED: BuildOptions = { chunkSize: 8192, compressionLevel: 0 };

async function verify(parts: ImageParts, options: Partial<VerifyOptions> = {}): Promise<Verification> {
  using image = new CheckedImage(parts);
  return await verifyIt(image, options);
}

async function verifyIt(image: CheckedImage, options: Partial<VerifyOptions> = {}): Promise<Verification> {
  await using source = await image.open();
  return await verifyImage(source, { platforms: 'all', workers: 1, ...options });
}

function findingsOf({ images }: Verification): Finding[] {
  return images.flatMap(({ findings, layers }) => [...findings, ...layers.flatMap((layer) => layer.findings)]);
}

/** `check: message` of each. */
function saidOf(verification: Verification): string[] {
  return findingsOf(verification).map(({ check, message }) => `${check}: ${message}`);
}

function imageOf(layer: BuiltLayer, changes: Partial<LayerParts> = {}): ImageParts {
  return { layers: [{ ...partsOf(layer), ...changes }] };
}

/** The layer with a TOC that was changed before it was written, so that all digests of it are right. */
function withToc(patch: (entries: TocJson['entries']) => void, options: BuildOptions = STORED): BuiltLayer {
  return buildEstargz(ENTRIES, {
    ...options,
    tocPatch: (toc) => {
      patch(toc.entries);
      return toc;
    },
  });
}

function entryOf(entries: TocJson['entries'], name: string, nth = 0): TocJson['entries'][number] {
  return entries.filter((entry) => entry['name'] === name)[nth]!;
}

/** The layer with the stored member at `offset` changed, and whole again. */
function withMember(layer: BuiltLayer, offset: number, end: number, edit: (plain: Buffer) => void): BuiltLayer {
  const plain = gunzipSync(layer.blob.subarray(offset, end));
  edit(plain);
  const member = gzipSync(plain, { level: 0 });
  assert.equal(member.length, end - offset);
  const blob = Buffer.concat([layer.blob.subarray(0, offset), member, layer.blob.subarray(end)]);
  return { ...layer, blob, digest: digestOf(blob), diffId: digestOf(gunzipSync(blob)) };
}

/** Where the chunks of a file begin in the blob. */
function offsetsOf({ tocJson }: BuiltLayer, name: string): number[] {
  const { entries } = JSON.parse(tocJson.toString()) as TocJson;
  return entries.filter((entry) => entry['name'] === name).map((entry) => Number(entry['offset']));
}

suite('an image that is right', () => {
  const layers: [title: string, options: BuildOptions][] = [
    ['with a member for each chunk', { chunkSize: 8192 }],
    ['with several chunks in a member', { chunkSize: 512, minChunkSize: 15_000 }],
    ['with a prefetch landmark', { chunkSize: 8192, prioritized: ['etc/name'] }],
    ['without prefetch', { noPrefetchLandmark: true }],
    ['of the older stargz', { format: 'stargz' }],
  ];
  for (const [title, options] of layers) {
    test(`${title} has no findings`, async () => {
      const verification = await verify(imageOf(buildEstargz(ENTRIES, options)));
      assert.deepEqual(saidOf(verification), []);
      assert.equal(verification.ok, true);
    });
  }

  test('is described: format, digests, sizes and counts', async () => {
    const layer = buildEstargz(ENTRIES, STORED);
    const { images, bytes, version } = await verify(imageOf(layer));
    const [{ findings: _, durationMs: _time, ...facts } = assert.fail()] = images[0]!.layers;
    assert.deepEqual(facts, {
      number: 1,
      digest: layer.digest,
      size: layer.blob.length,
      ok: true,
      format: 'estargz',
      diffId: layer.diffId,
      uncompressedSize: gunzipSync(layer.blob).length,
      tocDigest: layer.tocDigest,
      counts: { entries: 7, chunks: 4, members: 7 },
      moreFindings: 0,
    });
    assert.equal(images[0]!.platform, 'linux/amd64');
    assert.deepEqual([bytes, version], [layer.blob.length, 1]);
  });

  test('may have ordinary layers, compressed or not', async () => {
    const tar = tarOf(ENTRIES);
    const plain = { blob: tar, diffId: digestOf(tar), mediaType: OCI_LAYER_TAR };
    const verification = await verify({ layers: [{ blob: gzipSync(tar), diffId: digestOf(tar) }, plain] });
    assert.deepEqual(saidOf(verification), []);
    assert.deepEqual(
      verification.images[0]!.layers.map(({ format, counts }) => [format, counts.entries]),
      [
        ['gzip', 7],
        ['tar', 7],
      ],
    );
  });

  test('may have history entries that made no layer', async () => {
    const verification = await verify({
      ...imageOf(buildEstargz(ENTRIES)),
      configPatch: (config) => ({
        ...config,
        history: [{ created_by: 'ENV a=b', empty_layer: true }, ...config.history],
      }),
    });
    assert.deepEqual(saidOf(verification), []);
  });
});

type Damage = readonly [title: string, damaged: () => ImageParts, said: readonly string[]];

const good = (): BuiltLayer => buildEstargz(ENTRIES, STORED);
const [first = 0, second = 0, third = 0] = offsetsOf(good(), 'bin/tool');

const TOC_DAMAGES: readonly Damage[] = [
  [
    'a mode',
    () => imageOf(withToc((entries) => void (entryOf(entries, 'bin/tool')['mode'] = 0o755))),
    ['entry: bin/tool: mode is 0755 in the table of contents, 04755 in the tar'],
  ],
  [
    'an owner',
    () => imageOf(withToc((entries) => void (entryOf(entries, 'bin/tool')['uid'] = 0))),
    ['entry: bin/tool: uid is 0 in the table of contents, 3 in the tar'],
  ],
  [
    'a time',
    () => imageOf(withToc((entries) => void (entryOf(entries, 'bin/')['modtime'] = '2023-11-14T22:13:21Z'))),
    ['entry: bin: mtime is 2023-11-14T22:13:21Z in the table of contents, 2023-11-14T22:13:20Z in the tar'],
  ],
  [
    'the target of a symlink',
    () => imageOf(withToc((entries) => void (entryOf(entries, 'bin/soft')['linkName'] = 'other'))),
    ['entry: bin/soft: target is other in the table of contents, tool in the tar'],
  ],
  [
    'the target of a hard link',
    () => imageOf(withToc((entries) => void (entryOf(entries, 'bin/link')['linkName'] = 'etc/name'))),
    ['entry: bin/link: link target is etc/name in the table of contents, bin/tool in the tar'],
  ],
  [
    'a device number',
    () => imageOf(withToc((entries) => void (entryOf(entries, 'null')['devMinor'] = 5))),
    ['entry: null: minor number is 5 in the table of contents, 3 in the tar'],
  ],
  [
    'a type',
    () => imageOf(withToc((entries) => void (entryOf(entries, 'null')['type'] = 'block'))),
    ['entry: null: type is block in the table of contents, char in the tar'],
  ],
  [
    'the value of an xattr',
    () => imageOf(withToc((entries) => void (entryOf(entries, 'etc/name')['xattrs'] = { 'user.note': 'AP8=' }))),
    [
      'entry: etc/name: xattr "user.note" is 2 bytes, base64 AP8= in the table of contents, 3 bytes, base64 AP8K in the tar',
    ],
  ],
  [
    'an xattr that is not there',
    () => imageOf(withToc((entries) => void (entryOf(entries, 'empty')['xattrs'] = { 'user.x': 'eA==' }))),
    ['entry: empty: xattr "user.x" is 1 bytes, base64 eA== in the table of contents, none in the tar'],
  ],
  [
    'a missing entry',
    () => imageOf(withToc((entries) => void entries.splice(entries.indexOf(entryOf(entries, 'null')), 1))),
    [`entry: null: in the tar at ${blockOf('null')}, but not in the table of contents`],
  ],
  [
    'an added entry',
    () => imageOf(withToc((entries) => void entries.splice(4, 0, { name: 'bin/extra', type: 'fifo' }))),
    ['entry: bin/extra: in the table of contents, but not in the tar'],
  ],
  [
    'an added entry at the end',
    () => imageOf(withToc((entries) => void entries.push({ name: 'zzz', type: 'dir' }))),
    ['entry: zzz: in the table of contents, but not in the tar'],
  ],
  [
    'another order',
    () =>
      imageOf(
        withToc((entries) => {
          const at = entries.indexOf(entryOf(entries, 'null'));
          entries.splice(at, 2, entries[at + 1]!, entries[at]!);
        }),
      ),
    ['entry: another order: the tar has null where the table of contents has empty; an entry is at another place'],
  ],
  [
    'a renamed entry',
    () => imageOf(withToc((entries) => void (entryOf(entries, 'null')['name'] = 'nul'))),
    [
      `entry: null: in the tar at ${blockOf('null')}, but not in the table of contents`,
      'entry: nul: in the table of contents, but not in the tar',
    ],
  ],
  [
    'the digest of a chunk',
    () => imageOf(withToc((entries) => void (entryOf(entries, 'bin/tool', 1)['chunkDigest'] = digestOf(BIG)))),
    [
      `chunk: bin/tool: chunk 2 of 3 at offset ${second}: expected ${digestOf(BIG)}, got ${digestOf(BIG.subarray(8192, 16_384))}`,
    ],
  ],
  [
    'the digest of a file of several chunks',
    () => imageOf(withToc((entries) => void (entryOf(entries, 'bin/tool')['digest'] = digestOf(Buffer.from('x'))))),
    [`file: bin/tool: content: expected ${digestOf(Buffer.from('x'))}, got ${digestOf(BIG)}`],
  ],
  [
    'the digest of a file of one chunk',
    () => imageOf(withToc((entries) => void (entryOf(entries, 'etc/name')['digest'] = digestOf(BIG)))),
    [`file: etc/name: content: expected ${digestOf(BIG)}, got ${digestOf(Buffer.from('a name\n'))}`],
  ],
  [
    'the digest of an empty file',
    () => imageOf(withToc((entries) => void (entryOf(entries, 'empty')['digest'] = digestOf(BIG)))),
    [`file: empty: content: expected ${digestOf(BIG)}, got ${digestOf(Buffer.alloc(0))}`],
  ],
  [
    'a chunk without a digest',
    () => imageOf(withToc((entries) => void delete entryOf(entries, 'bin/tool', 2)['chunkDigest'])),
    [`chunk: bin/tool: chunk 3 of 3 at offset ${third}: it has no digest`],
  ],
  [
    'an offset that is too far',
    () => imageOf(withToc((entries) => void (entryOf(entries, 'bin/tool', 1)['offset'] = second + 7))),
    [`member: bin/tool: chunk 2 of 3 at offset ${second + 7}: no member begins there`],
  ],
  [
    'an offset that is not far enough',
    () => imageOf(withToc((entries) => void (entryOf(entries, 'bin/tool', 2)['offset'] = third - 1))),
    [`member: bin/tool: chunk 3 of 3 at offset ${third - 1}: no member begins there`],
  ],
  [
    'an innerOffset that should be 0',
    () => imageOf(withToc((entries) => void (entryOf(entries, 'etc/name')['innerOffset'] = 1))),
    [
      `chunk: etc/name: chunk 1 of 1 at offset ${offsetsOf(good(), 'etc/name')[0]}, innerOffset 1: its content is at ` +
        `${contentOf('etc/name')} of the decompressed blob, this place is ${contentOf('etc/name') + 1}`,
    ],
  ],
];

/** Where an entry's first block is in the tar, and where its content is. */
function blockOf(name: string): number {
  const index = ENTRIES.findIndex((entry) => entry.name === name);
  return tarOf(ENTRIES.slice(0, index)).length - 1024;
}

function contentOf(name: string): number {
  const index = ENTRIES.findIndex((entry) => entry.name === name);
  const entry = ENTRIES[index]!;
  const padding = (512 - (entry.content.length % 512)) % 512;
  return tarOf(ENTRIES.slice(0, index + 1)).length - 1024 - padding - entry.content.length;
}

suite('a table of contents that lies', () => {
  for (const [title, damaged, said] of TOC_DAMAGES) {
    test(`about ${title} is found out, and nothing else is`, async () => {
      assert.deepEqual(saidOf(await verify(damaged())), said);
    });
  }
});

const DESCRIPTOR_DAMAGES: readonly Damage[] = [
  [
    'the digest of the table of contents',
    () => imageOf(good(), { annotations: { [TOC_DIGEST]: digestOf(BIG) } }),
    [`annotation: ${TOC_DIGEST}: expected ${digestOf(BIG)}, got ${good().tocDigest}`],
  ],
  [
    'the decompressed size',
    () => imageOf(good(), { annotations: { [TOC_DIGEST]: good().tocDigest, [UNCOMPRESSED_SIZE]: '12' } }),
    [`annotation: ${UNCOMPRESSED_SIZE}: expected 12, got ${gunzipSync(good().blob).length}`],
  ],
  [
    'a table of contents that is not there',
    () => {
      const tar = tarOf(ENTRIES);
      const annotations = { [TOC_DIGEST]: digestOf(BIG) };
      return { layers: [{ blob: gzipSync(tar), diffId: digestOf(tar), annotations }] };
    },
    ['footer: the manifest promises a table of contents, but the blob ends without a footer'],
  ],
  [
    'the compression',
    () => imageOf(good(), { mediaType: OCI_LAYER_ZSTD }),
    [`manifest: the media type is ${OCI_LAYER_ZSTD}, but the blob is gzip`],
  ],
  [
    'a diff id',
    () => imageOf(good(), { diffId: digestOf(BIG) }),
    [`diff-id: diff id of the decompressed blob: expected ${digestOf(BIG)}, got ${good().diffId}`],
  ],
  [
    'too many diff ids',
    () => ({
      ...imageOf(good()),
      configPatch: (config) => {
        config.rootfs.diff_ids.push(digestOf(BIG));
        return config;
      },
    }),
    ['config: image config: 2 diff ids for 1 layers'],
  ],
  [
    'a history of more layers',
    () => ({
      ...imageOf(good()),
      configPatch: (config) => ({ ...config, history: [...config.history, { created_by: 'RUN more' }] }),
    }),
    ['config: image config: the history has 2 entries that made a layer, the manifest has 1 layers'],
  ],
  [
    'diff ids that are no digests',
    () => ({
      ...imageOf(good(), { diffId: 'sha256:12' }),
    }),
    [
      'config: diff id 1: got "sha256:12", wanted a sha256 digest',
      `diff-id: diff id of the decompressed blob: expected sha256:12, got ${good().diffId}`,
    ],
  ],
  [
    'a config that is no config',
    () => ({ ...imageOf(good()), configPatch: () => [] }),
    ['config: image config: not an object'],
  ],
  [
    'the platform',
    () => ({ ...imageOf(good()), index: 'arm64' }),
    ['manifest: platform of the index and of the config: expected linux/arm64, got linux/amd64'],
  ],
];

suite('a manifest or config that lies', () => {
  for (const [title, damaged, said] of DESCRIPTOR_DAMAGES) {
    test(`about ${title} is found out, and nothing else is`, async () => {
      assert.deepEqual(saidOf(await verify(damaged())), said);
    });
  }
});

suite('a blob that is damaged', () => {
  test('in a byte of a file: the chunk and the file are named', async () => {
    const damaged = withMember(good(), second, third, (plain) => (plain[100]! ^= 1));
    const content = Buffer.from(BIG);
    content[8192 + 100]! ^= 1;
    assert.deepEqual(saidOf(await verify(imageOf(damaged))), [
      `file: bin/tool: content: expected ${digestOf(BIG)}, got ${digestOf(content)}`,
      `chunk: bin/tool: chunk 2 of 3 at offset ${second}: expected ${digestOf(BIG.subarray(8192, 16_384))}, got ${digestOf(content.subarray(8192, 16_384))}`,
    ]);
  });

  test('in a tar header: the tar is no tar, and the chunks are still checked', async () => {
    const start = offsetsOf(good(), 'etc/name')[0]!;
    // The last member has the padding of the last file only; the one before has the headers behind bin/tool.
    const damaged = withMember(good(), third, start, (plain) => (plain[plain.length - 512 + 3]! ^= 1));
    const said = saidOf(await verify(imageOf(damaged)));
    assert.equal(said.length, 1);
    assert.match(said[0]!, /^tar: tar: at \d+, header block: tar header checksum: expected \d+, got \d+$/);
  });

  test('in compressed bytes: the member is named with its file, nothing is said of what depends on it', async () => {
    const layer = good();
    const blob = Buffer.from(layer.blob);
    // Of the stored bytes, so that only the checksum tells.
    blob[second + 50]! ^= 1;
    const said = saidOf(await verify(imageOf({ ...layer, blob: layer.blob }, { blob })));
    assert.deepEqual(said, [
      `member: bytes ${second} to ${third}, where bin/tool: chunk 2 of 3 is: damaged: incorrect data check`,
    ]);
  });

  test('in two members: both are named', async () => {
    const layer = good();
    const blob = Buffer.from(layer.blob);
    blob[first + 50]! ^= 1;
    blob[third + 50]! ^= 1;
    const found = findingsOf(await verify(imageOf(layer, { blob })));
    assert.deepEqual(
      found.map(({ check, offset, path }) => [check, offset, path]),
      [
        ['member', first, 'bin/tool'],
        ['member', third, 'bin/tool'],
      ],
    );
  });

  test('by zeros between members: they are no member', async () => {
    const layer = withToc((entries) => {
      for (const entry of entries)
        if (Number(entry['offset'] ?? 0) >= third) entry['offset'] = Number(entry['offset']) + 9;
    });
    const zeros = Buffer.concat([layer.blob.subarray(0, third), Buffer.alloc(9), layer.blob.subarray(third)]);
    // The footer's offset is nine bytes further, too.
    const moved = Buffer.from(zeros);
    moved.write((layer.tocOffset + 9).toString(16).padStart(16, '0'), moved.length - 51 + 16);
    const said = saidOf(await verify(imageOf(layer, { blob: moved })));
    assert.deepEqual(said, [
      `member: bytes ${second} to ${third + 9}, where bin/tool: chunk 2 of 3 is: not only members: other bytes follow after ${third - second}`,
    ]);
  });

  test('at its end: a footer that names no place of the blob', async () => {
    const layer = good();
    const blob = Buffer.from(layer.blob);
    blob.write('f'.repeat(16), blob.length - 51 + 16);
    const found = findingsOf(await verify(imageOf(layer, { blob })));
    assert.deepEqual(
      found.map(({ check, offset }) => [check, offset]),
      [['footer', blob.length - 51]],
    );
  });

  test('after it was pushed: its digest differs', async () => {
    const layer = good();
    using image = new CheckedImage(imageOf(layer));
    const other = withMember(layer, second, third, (plain) => (plain[7]! ^= 1));
    image.replaceBlob(layer.digest, other.blob);
    const said = saidOf(await verifyIt(image));
    assert.equal(said.filter((one) => one === `blob: digest: expected ${layer.digest}, got ${other.digest}`).length, 1);
    assert.deepEqual(new Set(said.map((one) => one.split(':')[0])), new Set(['blob', 'chunk', 'diff-id', 'file']));
  });

  test('by being cut: its size differs, and nothing else is said', async () => {
    const layer = good();
    using image = new CheckedImage(imageOf(layer));
    image.cutBlob(layer.digest, layer.blob.length - 100);
    const { length } = layer.blob;
    assert.deepEqual(saidOf(await verifyIt(image)), [
      `blob: ${layer.digest} has ${length - 100} bytes, its descriptor says ${length}`,
    ]);
  });

  test('by not being there at all', async () => {
    const layer = good();
    using image = new CheckedImage(imageOf(layer));
    image.removeBlob(layer.digest);
    const said = saidOf(await verifyIt(image));
    assert.equal(said.length, 1);
    assert.match(said[0]!, /^blob: oci:.*: sha256:[0-9a-f]{64} is named by the image but is not there$/);
  });

  test('where nothing compresses: a plain tar that is cut', async () => {
    const tar = tarOf([file('a', BIG)]).subarray(0, 9000);
    const plain = { blob: tar, diffId: digestOf(tar), mediaType: OCI_LAYER_TAR };
    assert.deepEqual(saidOf(await verify({ layers: [plain] })), [
      'tar: tar: cut at 9000, in the payload of entry "a" at 0',
    ]);
  });

  test('and ordinary: gzip that is cut', async () => {
    const tar = tarOf([file('a', BIG)]);
    const blob = gzipSync(tar).subarray(0, 9000);
    const said = saidOf(await verify({ layers: [{ blob, diffId: digestOf(tar) }] }));
    assert.deepEqual(said, ['member: bytes 0 to 9000: a member is cut, or goes on behind it: unexpected end of file']);
  });
});

suite('landmarks', () => {
  const options: BuildOptions = { ...STORED, prioritized: ['etc/name'] };

  test('at another place of the blob are found out', async () => {
    const layer = buildEstargz(ENTRIES, options);
    const [landmark = 0] = offsetsOf(layer, '.prefetch.landmark');
    const [tool = 0] = offsetsOf(layer, 'bin/tool');
    const moved = withToc((entries) => void (entryOf(entries, '.prefetch.landmark')['offset'] = tool), options);
    assert.deepEqual(
      findingsOf(await verify(imageOf(moved))).map(({ check, path, offset }) => [check, path, offset]),
      [['chunk', '.prefetch.landmark', tool]],
    );
    assert.ok(landmark < tool);
  });

  test('at another place of the table of contents are found out', async () => {
    const moved = withToc((entries) => {
      const at = entries.indexOf(entryOf(entries, '.prefetch.landmark'));
      entries.unshift(...entries.splice(at, 1));
    }, options);
    assert.deepEqual(saidOf(await verify(imageOf(moved))), [
      'entry: another order: the tar has etc/name where the table of contents has .prefetch.landmark; an entry is at another place',
    ]);
  });

  test('of other content, or larger, are not well-formed', async () => {
    const entries = [file('.prefetch.landmark', 'ab', { mode: 0 }), file('a', 'x')];
    assert.deepEqual(saidOf(await verify(imageOf(buildEstargz(entries)))), [
      'landmark: .prefetch.landmark: a reg of 2 bytes, wanted a file of one',
      'landmark: .prefetch.landmark: its content is 0x61, wanted 0xf',
    ]);
  });

  test('that forbid prefetching stand in front', async () => {
    const entries = [file('a', 'x'), file('.no.prefetch.landmark', Buffer.from([15]), { mode: 0 })];
    assert.deepEqual(saidOf(await verify(imageOf(buildEstargz(entries)))), [
      'landmark: .no.prefetch.landmark: at 1024 of the tar, wanted it in front of all entries',
    ]);
  });

  test('come alone', async () => {
    const content = Buffer.from([15]);
    const entries = [file('.no.prefetch.landmark', content), file('a', 'x'), file('.prefetch.landmark', content)];
    assert.deepEqual(saidOf(await verify(imageOf(buildEstargz(entries)))), [
      'landmark: 2 landmarks (.no.prefetch.landmark, .prefetch.landmark), wanted one at most',
    ]);
  });
});

suite('several images and layers', () => {
  test('a layer that two manifests have is read once', async () => {
    const layer = good();
    const part = partsOf(layer);
    const { images, bytes } = await verify({ layers: [part, part] });
    assert.equal(images[0]!.layers.length, 2);
    assert.equal(bytes, layer.blob.length);
  });

  test('only the named layer is checked', async () => {
    const right = partsOf(good());
    const wrong = { ...right, diffId: digestOf(BIG), blob: buildEstargz(ENTRIES, { format: 'stargz' }).blob };
    const parts = { layers: [right, wrong] };
    assert.equal((await verify(parts, { layer: 1 })).ok, true);
    assert.equal((await verify(parts, { layer: 2 })).ok, false);
    await assert.rejects(verify(parts, { layer: 3 }), { code: 'NOT_FOUND', message: /no layer 3: the image has 2/ });
  });

  test('an abort ends it', async () => {
    using image = new CheckedImage(imageOf(good()));
    await using source = await image.open();
    const controller = new AbortController();
    const options: VerifyOptions = { platforms: 'all', onProgress: () => controller.abort(new Error('enough')) };
    await assert.rejects(verifyImage(source, options, controller.signal), { message: 'enough' });
  });
});
