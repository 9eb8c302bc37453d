// Whatever fails: an error that says where, no image in the target, no temporary file (which ConvertWorld looks for).
import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { FormatError, LazypullError, UserError, VerificationError } from '../../src/errors.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { digestHex, digestOf } from '../../src/oci/digest.ts';
import { OCI_CONFIG, OCI_LAYER_GZIP, OCI_MANIFEST } from '../../src/oci/media-types.ts';
import { checkConvertOptions } from '../../src/optimize/convert.ts';
import { file, hardlink, noise, type Entry } from '../support/entries.ts';
import { profileOf } from '../support/profiles.ts';
import { SampleImage } from '../support/sample-image.ts';
import { tarOf } from '../support/tar.ts';
import { ConvertWorld, PLAIN } from './conversions.ts';

const place = (world: ConvertWorld, name: string): string => `oci:${world.path(name)}`;
const sample = new SampleImage('failures', 100_000);

/** Writes an image with the sample's layers and one more. @returns the additional one. */
function writeImage(world: ConvertWorld, blob: Buffer, diffIds = sample.tars.map(digestOf)): Descriptor {
  const image = new SampleImage('failures', 100_000);
  const layer = image.add(blob, OCI_LAYER_GZIP);
  const ids = [...diffIds, digestOf(blob)];
  const config = image.addJson(OCI_CONFIG, { os: 'linux', architecture: 'amd64', rootfs: { diff_ids: ids } });
  const root = image.addJson(OCI_MANIFEST, { schemaVersion: 2, config, layers: [...image.layers, layer] });
  image.writeLayout(world.path('in'), ['latest'], root);
  return layer;
}

async function failureOf(world: ConvertWorld, options: Parameters<ConvertWorld['convert']>[2] = {}): Promise<Error> {
  const error: unknown = await world.convert(place(world, 'in'), place(world, 'out'), options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Error, 'it fails');
  assert.ok(!existsSync(world.path('out')), 'there is no image');
  return error;
}

const hole = (entries: readonly Entry[], cut: number): Buffer => gzipSync(tarOf(entries).subarray(0, -cut));

suite('a layer that is damaged', () => {
  const cases: readonly [title: string, blob: Buffer, message: RegExp][] = [
    ['is no tar', gzipSync(noise(5000)), /at|offset|byte/],
    ['has a gzip member that is cut', gzipSync(tarOf([file('a', noise(9000))])).subarray(0, 5000), /\d/],
    ['has a tar that is cut', hole([file('a', noise(9000))], 5000), /\d/],
  ];
  for (const [title, blob, message] of cases) {
    test(`${title}: the error names the layer and the place`, async () => {
      await using world = new ConvertWorld();
      const layer = writeImage(world, blob);
      const error = await failureOf(world);
      assert.ok(error instanceof FormatError);
      assert.ok(error.message.startsWith(`layer ${layer.digest}: `), error.message);
      assert.match(error.message, message);
      assert.notEqual(error.offset, undefined);
      assert.match(error.message, new RegExp(String(error.offset)));
    });
  }

  test('is not what its digest says', async () => {
    await using world = new ConvertWorld();
    const layer = writeImage(world, gzipSync(tarOf([file('a', 'right')])));
    const blobs = join(world.path('in'), 'blobs', 'sha256');
    const wrong = gzipSync(tarOf([file('a', 'wrong')]));
    assert.equal(wrong.length, layer.size);
    writeFileSync(join(blobs, digestHex(layer.digest)), wrong);
    const error = await failureOf(world);
    assert.ok(error instanceof VerificationError);
    assert.match(error.message, new RegExp(layer.digest));
  });

  test('is not the one that the config names', async () => {
    await using world = new ConvertWorld();
    writeImage(world, gzipSync(tarOf([file('a')])), sample.tars.map(digestOf));
    const error = await failureOf(world);
    assert.ok(error instanceof VerificationError);
    assert.match(error.message, /diff id of layer sha256:/);
  });

  test('is missing', async () => {
    await using world = new ConvertWorld();
    const layer = writeImage(world, gzipSync(tarOf([file('a')])));
    rmSync(join(world.path('in'), 'blobs', 'sha256', digestHex(layer.digest)));
    const error = await failureOf(world);
    assert.ok(error instanceof LazypullError && error.code === 'NOT_FOUND');
  });
});

suite('a layer that no table of contents can describe', () => {
  const odd = tarOf([file('c'), hardlink('a', 'b')]);
  const profile = profileOf({ path: 'c', layer: digestOf(odd), size: 0 });

  for (const [title, options] of [
    ['', {}],
    [', also with a profile', { profileOf: () => profile }],
  ] as const) {
    test(`stays as it is, and the result says why${title}`, async () => {
      await using world = new ConvertWorld();
      const layer = writeImage(world, gzipSync(odd), sample.tars.map(digestOf));
      const { manifests } = await world.convert(place(world, 'in'), place(world, 'out'), options);
      const [manifest] = manifests;
      assert.deepEqual(
        manifest?.layers.map(({ state }) => state),
        [...sample.layers.map(() => 'converted'), 'copied'],
      );
      const last = manifest?.layers.at(-1);
      assert.equal(last?.digest, layer.digest);
      assert.match(last?.reason ?? '', /^tar: at \d+, entry "a": a hard link to "b", which the layer does not have$/);
      assert.equal(manifest?.layers[0]?.reason, undefined);
      const [root] = await world.read(place(world, 'out'));
      const { layers } = root!.json as { layers: readonly Descriptor[] };
      assert.deepEqual(layers.at(-1), { mediaType: layer.mediaType, digest: layer.digest, size: layer.size });
    });
  }
});

test('a config with other diff ids than layers is refused before anything is read', async () => {
  await using world = new ConvertWorld();
  writeImage(world, gzipSync(tarOf([file('a')])), []);
  const error = await failureOf(world);
  assert.ok(error instanceof FormatError);
  assert.match(error.message, /has 1 diff ids for 4 layers/);
  assert.deepEqual(world.progress, []);
});

suite('an abort', () => {
  for (const step of ['planned', 'reading', 'writing', 'uploading', 'done'] as const) {
    test(`while it is ${step} ends it with the abort's reason, in an orderly way`, async () => {
      await using world = new ConvertWorld();
      sample.writeLayout(world.path('in'));
      const abort = new AbortController();
      const reason = new Error('enough');
      world.progress.push = (one) => {
        if (one.kind === step || (one.kind === 'working' && one.step === step)) abort.abort(reason);
        return 0;
      };
      await assert.rejects(world.convert(place(world, 'in'), place(world, 'out'), {}, abort.signal), reason);
      assert.ok(!existsSync(world.path('out')));
    });
  }

  test('is what is thrown, whatever the abort breaks', async () => {
    await using world = new ConvertWorld();
    sample.writeLayout(world.path('in'));
    const abort = new AbortController();
    const open = world.source.bind(world);
    world.source = async (text) => {
      const source = await open(text);
      source.stream = () => {
        abort.abort(new Error('enough'));
        throw new Error('the connection is gone');
      };
      return source;
    };
    await assert.rejects(world.convert(place(world, 'in'), place(world, 'out'), {}, abort.signal), /enough/);
  });

  test('before it begins', async () => {
    await using world = new ConvertWorld();
    sample.writeLayout(world.path('in'));
    const signal = AbortSignal.abort(new Error('never'));
    await assert.rejects(world.convert(place(world, 'in'), place(world, 'out'), {}, signal), /never/);
  });
});

test('an image that was there under the name stays when a conversion fails', async () => {
  await using world = new ConvertWorld();
  sample.writeLayout(world.path('in'));
  const { target } = await world.convert(place(world, 'in'), place(world, 'out'));
  writeImage(world, gzipSync(noise(5000)));
  await assert.rejects(world.convert(place(world, 'in'), place(world, 'out')));
  assert.equal((await world.read(place(world, 'out')))[0]?.descriptor.digest, target.digest);
  assert.deepEqual(readdirSync(world.path('out')).toSorted(), ['blobs', 'index.json', 'oci-layout']);
});

suite('options that contradict each other', () => {
  const cases: readonly [title: string, layers: Partial<typeof PLAIN>, hasProfile: boolean, fix: RegExp][] = [
    ['an external TOC with zstd', { format: 'zstd:chunked', externalToc: true }, false, /Leave out --external-toc/],
    ['kept diff ids with a TOC inside', { lossless: true }, false, /Add --external-toc/],
    ['kept diff ids with zstd', { format: 'zstd:chunked', lossless: true }, false, /Add --external-toc/],
    ['kept diff ids with a profile', { externalToc: true, lossless: true }, true, /or the profile/],
    [
      'a minimal chunk size with zstd',
      { format: 'zstd:chunked-containers', minChunkSize: 1 },
      false,
      /--min-chunk-size/,
    ],
  ];
  for (const [title, layers, hasProfile, fix] of cases) {
    test(`are refused with what to change: ${title}`, () => {
      assert.throws(
        () => checkConvertOptions({ layers: { ...PLAIN, ...layers }, hasProfile }),
        (error) => {
          return error instanceof UserError && fix.test(error.fix ?? '');
        },
      );
    });
  }

  test('are not: an external TOC, kept diff ids, small chunks', () => {
    const layers = { ...PLAIN, externalToc: true, lossless: true, minChunkSize: 50_000 };
    checkConvertOptions({ layers, hasProfile: false });
    checkConvertOptions({ layers: { ...PLAIN, externalToc: true }, hasProfile: true });
  });
});
