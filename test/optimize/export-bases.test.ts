// Which layers of a built image are its base's, and that those are not touched: found by provenance, annotations or name, in
// a registry that has them.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { RegistryError, UserError } from '../../src/errors.ts';
import { RegistryImageSource } from '../../src/image/registry-image.ts';
import { BASE_DIGEST, BASE_NAME, TOC_DIGEST } from '../../src/oci/annotations.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { OCI_INDEX, OCI_LAYER_GZIP } from '../../src/oci/media-types.ts';
import { parseReference } from '../../src/oci/reference.ts';
import type { ConvertOptions, ConvertResult } from '../../src/optimize/convert-model.ts';
import { BaseFinder, type BaseHints, type FoundBase } from '../../src/optimize/export-bases.ts';
import { profileOfPatterns } from '../../src/optimize/prefetch-list.ts';
import {
  basePartsOf,
  buildOn,
  materialsOf,
  type BaseParts,
  type BuildOptions,
  type BuiltImage,
} from '../support/built-image.ts';
import { profileOf } from '../support/profiles.ts';
import { TestRegistry } from '../support/registry.ts';
import { archiveOf, SampleImage } from '../support/sample-image.ts';
import { ConvertWorld, layersOf } from './conversions.ts';

const sample = new SampleImage('bases', 20_000);
const STATES = {
  kept: ['kept', 'kept', 'kept', 'converted'],
  none: ['converted', 'converted', 'converted', 'converted'],
};

/** A registry with a lazily pullable base as `base:1`, and the plain one as `plain:1`. */
class Stage implements AsyncDisposable {
  readonly world: ConvertWorld = new ConvertWorld();
  readonly registry: TestRegistry;
  base!: BaseParts;
  digest = '';
  readonly found: FoundBase[] = [];
  readonly unknown: string[] = [];

  private constructor(registry: TestRegistry) {
    this.registry = registry;
  }

  static async open(): Promise<Stage> {
    const stage = new Stage(await TestRegistry.start());
    sample.writeLayout(stage.world.path('sample'));
    stage.registry.content.addLayout(stage.world.path('sample'), 'plain');
    stage.registry.content.tag('plain', '1', sample.index.digest);
    // One layer has something in front: it keeps that, too.
    const options = { profileOf: patterns('noise') };
    const { target } = await stage.world.convert(`oci:${stage.world.path('sample')}`, stage.ref('base:1'), options);
    stage.digest = target.digest;
    await using source = await stage.world.source(stage.ref('base:1'));
    stage.base = await basePartsOf(source);
    stage.registry.forget();
    return stage;
  }

  ref(name: string): string {
    return `${this.registry.host}/${name}`;
  }

  get url(): string {
    return `pkg:docker/${this.registry.host.replace(':', '%3A')}/base@1?platform=linux%2Famd64`;
  }

  /** Builds on the base, into a layout. */
  build(options: BuildOptions = {}, base: BaseParts = this.base): BuiltImage {
    const built = buildOn(base, options);
    built.image.writeLayout(this.world.path('built'), ['latest'], built.root);
    return built;
  }

  /** Converts what was built, keeping what is the base's. */
  async export(
    hints: Partial<{ named: readonly string[]; found: BaseHints['found'] }> = {},
    options: Partial<ConvertOptions> = {},
    { from = `oci:${this.world.path('built')}`, to = this.ref('app:1') } = {},
  ): Promise<ConvertResult> {
    const { world } = this;
    await using source = await world.source(from);
    const finder = new BaseFinder({
      source,
      open: (reference) => {
        this.opened.push(reference.repository);
        return new RegistryImageSource(world.client, reference);
      },
      hints: { named: (hints.named ?? []).map((name) => parseReference(name)), found: hints.found ?? [] },
      onBase: (base) => this.found.push(base),
      onUnknown: (platform, reasons) => this.unknown.push([platform, ...reasons].join(' ')),
    });
    const keep: ConvertOptions['keep'] = (plan, signal) => finder.find(plan, signal);
    return await world.convert(from, to, { keep, ...options });
  }

  readonly opened: string[] = [];

  async layers(): Promise<Descriptor[]> {
    const documents = await this.world.read(this.ref('app:1'));
    return layersOf(documents.find(({ json }) => 'layers' in json)!);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.world[Symbol.asyncDispose]();
    await this.registry.close();
  }
}

function patterns(...list: readonly string[]): NonNullable<ConvertOptions['profileOf']> {
  return (image) => profileOfPatterns(list, image).profile;
}

const statesOf = ({ manifests }: ConvertResult): string[] => manifests[0]!.layers.map(({ state }) => state);

suite('a base that the build names', () => {
  const ways: readonly [title: string, options: (stage: Stage) => BuildOptions][] = [
    ['in provenance 0.2', ({ url, digest }) => ({ provenance: materialsOf([url, digest]) })],
    [
      'in provenance 1',
      ({ url, digest }) => ({
        provenance: {
          buildDefinition: { resolvedDependencies: [{ uri: url, digest: { sha256: digest.slice(7) } }] },
        },
        predicateType: 'https://slsa.dev/provenance/v1',
      }),
    ],
    ['in annotations', (stage) => ({ annotations: { [BASE_NAME]: stage.ref('base:1'), [BASE_DIGEST]: stage.digest } })],
  ];
  for (const [title, options] of ways) {
    test(`${title} keeps its layers, and sends none`, async () => {
      await using stage = await Stage.open();
      const built = stage.build(options(stage));
      const result = await stage.export();
      assert.deepEqual(statesOf(result), STATES.kept);
      assert.deepEqual((await stage.layers()).slice(0, 3), stage.base.layers);
      assert.deepEqual(stage.found, [
        {
          platform: 'linux/amd64',
          name: `${stage.ref('base:1')}@${stage.digest}`,
          digest: stage.found[0]?.digest,
          layers: 3,
          converted: 0,
        },
      ]);
      const mounts = stage.registry.log.filter(({ method, status }) => method === 'POST' && status === 201);
      assert.equal(mounts.length, 3);
      assert.ok(result.uploadedBytes < built.step.size + 10_000);
    });
  }

  test('by a tag alone is not looked for: the tag may mean another one by now', async () => {
    await using stage = await Stage.open();
    stage.build({ provenance: { materials: [{ uri: stage.url }] } });
    assert.deepEqual(statesOf(await stage.export()), ['reused', 'reused', 'reused', 'converted']);
    assert.deepEqual(stage.opened, []);
  });

  test('for another platform is not looked for', async () => {
    await using stage = await Stage.open();
    stage.build({ provenance: materialsOf([stage.url.replace('amd64', 'arm64'), stage.digest]) });
    assert.deepEqual(statesOf(await stage.export()), ['reused', 'reused', 'reused', 'converted']);
    assert.deepEqual(stage.opened, []);
    assert.deepEqual(stage.unknown, ['linux/amd64']);
  });

  test('and is gone holds nothing up, and is told', async () => {
    await using stage = await Stage.open();
    const gone = `sha256:${'0'.repeat(64)}`;
    stage.build({ provenance: materialsOf([stage.url, gone]) });
    assert.deepEqual(statesOf(await stage.export()), ['reused', 'reused', 'reused', 'converted']);
    assert.match(stage.unknown[0] ?? '', /^linux\/amd64 127\.0\.0\.1:\d+\/base:1@sha256:0{64}: .*404/);
  });

  test('and has lost its blobs holds nothing up, and is told', async () => {
    await using stage = await Stage.open();
    // The layers of the build are others, so that the base's would be asked of its registry.
    const tars = stage.base.blobs.map((blob) => gunzipSync(blob));
    const packed = tars.map((tar) => gzipSync(tar, { level: 1 }));
    const layers = packed.map((blob) => ({ mediaType: OCI_LAYER_GZIP, digest: digestOf(blob), size: blob.length }));
    for (const { digest } of stage.base.layers) stage.registry.content.remove('base', digest);
    const provenance = materialsOf([stage.url, stage.digest]);
    stage.build({ provenance }, { layers, diffIds: stage.base.diffIds, blobs: packed });
    assert.deepEqual(statesOf(await stage.export()), STATES.none);
    assert.match(stage.unknown[0] ?? '', /^linux\/amd64 127\.0\.0\.1:\d+\/base:1@sha256:\w{64}: .*404/);
  });

  test('among others is the one with the most layers', async () => {
    await using stage = await Stage.open();
    // What two of its layers are an image of, and a stage that the image has nothing of.
    const lower = stage.registry.addImage('lower', '1', stage.base.layers.slice(0, 2), {
      rootfs: { diff_ids: stage.base.diffIds.slice(0, 2) },
    });
    stage.build({
      provenance: materialsOf(
        [stage.url.replace('base', 'lower'), lower.digest],
        [stage.url, stage.digest],
        [stage.url.replace('base', 'plain'), sample.index.digest],
      ),
    });
    assert.deepEqual(statesOf(await stage.export()), STATES.kept);
    assert.deepEqual(stage.opened.toSorted(), ['base', 'lower', 'plain']);
    assert.equal(stage.found[0]?.layers, 3);
  });

  test('elsewhere, e.g. in the metadata of the build, is found as well', async () => {
    await using stage = await Stage.open();
    stage.build();
    const reference = parseReference(`${stage.ref('base')}@${stage.digest}`);
    assert.deepEqual(statesOf(await stage.export({ found: [{ reference, platform: undefined }] })), STATES.kept);
  });
});

suite('a base of several platforms', () => {
  test('is found for each, by one name', async () => {
    await using stage = await Stage.open();
    stage.build({ arm64: true });
    const reference = parseReference(`${stage.ref('base')}@${stage.digest}`);
    const result = await stage.export({ found: [{ reference, platform: undefined }] });
    assert.deepEqual(
      result.manifests.map(({ platform, layers }) => [platform, layers.map(({ state }) => state)]),
      [
        ['linux/amd64', STATES.kept],
        ['linux/arm64', STATES.kept],
      ],
    );
    assert.deepEqual(
      stage.found.map(({ platform }) => platform),
      ['linux/amd64', 'linux/arm64'],
    );
  });

  test('is found for the one that it has; the other is told', async () => {
    await using stage = await Stage.open();
    stage.build({ arm64: true });
    const config = { rootfs: { diff_ids: stage.base.diffIds }, architecture: 'amd64' };
    const amd64 = stage.registry.addImage('single', 'amd64', stage.base.layers, config);
    const entry = { ...amd64, platform: { os: 'linux', architecture: 'amd64' } };
    const document = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [entry] };
    const { digest } = stage.registry.addManifest('single', document);
    for (const [index, blob] of stage.base.blobs.entries()) {
      stage.registry.addBlob('single', blob, stage.base.layers[index]!.mediaType);
    }
    const result = await stage.export({ named: [`${stage.ref('single')}@${digest}`] });
    assert.deepEqual(
      stage.found.map(({ platform }) => platform),
      ['linux/amd64'],
    );
    assert.deepEqual(stage.unknown, ['linux/arm64']);
    assert.equal(result.manifests.length, 2);
  });
});

suite('a base that the user names', () => {
  test('is kept, and nothing else is looked for', async () => {
    await using stage = await Stage.open();
    stage.build({ provenance: materialsOf([stage.url.replace('base', 'gone'), stage.digest]) });
    assert.deepEqual(statesOf(await stage.export({ named: [stage.ref('base:1')] })), STATES.kept);
    assert.deepEqual(stage.opened, ['base']);
  });

  test('and is not the base is an error, before anything is sent', async () => {
    await using stage = await Stage.open();
    stage.build();
    await assert.rejects(stage.export({ named: [stage.ref('plain:1')] }), (error) => {
      assert.ok(error instanceof UserError);
      return error.message.includes('/plain:1 is not the base of oci:');
    });
    assert.deepEqual(
      stage.registry.log.filter(({ method }) => method === 'POST' || method === 'PUT'),
      [],
    );
  });

  test('and is not there is an error of its registry', async () => {
    await using stage = await Stage.open();
    stage.build();
    await assert.rejects(
      stage.export({ named: [stage.ref('gone:1')] }),
      (error) => error instanceof RegistryError && error.status === 404,
    );
  });
});

suite('layers of a base', () => {
  test('keep their order when a profile names files of theirs; those of the step are ordered', async () => {
    await using stage = await Stage.open();
    stage.build();
    const options = { profileOf: patterns('app/c', 'etc/name', 'last', 'app/a') };
    const result = await stage.export({ named: [stage.ref('base:1')] }, options);
    assert.deepEqual(statesOf(result), STATES.kept);
    const [image] = result.manifests;
    assert.deepEqual([image?.inKept, image?.missed], [2, []]);
    const layers = await stage.layers();
    assert.deepEqual(layers.slice(0, 3), stage.base.layers);
    assert.deepEqual(await stage.world.tocNames(stage.ref('app:1'), layers[3]!), [
      'app/',
      'app/c',
      'app/a',
      '.prefetch.landmark',
      'app/b',
      'app/big',
    ]);
  });

  test('are ordered, too, where nothing is kept', async () => {
    await using stage = await Stage.open();
    stage.build();
    const result = await stage.export({}, { keep: undefined, profileOf: patterns('app/c', 'etc/name') });
    // The third is right already, with nothing in front.
    assert.deepEqual(statesOf(result), ['converted', 'converted', 'reused', 'converted']);
    assert.equal(result.manifests[0]?.inKept, undefined);
  });

  test('that a profile names and nobody has are missed', async () => {
    await using stage = await Stage.open();
    stage.build();
    const gone = { path: 'not/there', size: 1 };
    const own = { path: 'app/a', size: 1 };
    const inBase = { path: 'noise', layer: stage.base.diffIds[0]!, size: 20_000 };
    const result = await stage.export(
      { named: [stage.ref('base:1')] },
      { profileOf: () => profileOf(gone, own, inBase) },
    );
    const [image] = result.manifests;
    assert.deepEqual([image?.missed, image?.inKept], [['not/there'], 1]);
    assert.deepEqual(
      image?.layers.map(({ front }) => front?.files),
      [undefined, undefined, undefined, 1],
    );
  });

  test('get back what lazy pulling needs, where the build left it out', async () => {
    await using stage = await Stage.open();
    stage.build({ bare: true });
    assert.deepEqual(statesOf(await stage.export({ named: [stage.ref('base:1')] })), STATES.kept);
    assert.deepEqual((await stage.layers()).slice(0, 3), stage.base.layers);
  });

  test('without a table of contents are converted, and that is told', async () => {
    await using stage = await Stage.open();
    const plain: BaseParts = {
      layers: sample.layers,
      diffIds: sample.tars.map((tar) => digestOf(tar)),
      blobs: sample.layers.map((layer) => sample.bytes(layer)),
    };
    stage.build({}, plain);
    assert.deepEqual(statesOf(await stage.export({ named: [stage.ref('plain:1')] })), STATES.none);
    assert.deepEqual([stage.found[0]?.layers, stage.found[0]?.converted], [3, 3]);
    for (const { annotations } of await stage.layers()) assert.ok(annotations?.[TOC_DIGEST]);
  });

  test('that lie about their table of contents are not kept', async () => {
    await using stage = await Stage.open();
    stage.build();
    const [first] = stage.base.layers as [Descriptor];
    const lie = { ...first, annotations: { ...first.annotations, [TOC_DIGEST]: `sha256:${'1'.repeat(64)}` } };
    stage.registry.addImage('lie', '1', [lie, ...stage.base.layers.slice(1)], {
      rootfs: { diff_ids: stage.base.diffIds },
    });
    const result = await stage.export({ named: [stage.ref('lie:1')] });
    assert.deepEqual(statesOf(result), ['reused', 'kept', 'kept', 'converted']);
    assert.equal((await stage.layers())[0]?.annotations?.[TOC_DIGEST], first.annotations?.[TOC_DIGEST]);
  });

  test('are found again in an archive of docker, which has them uncompressed', async () => {
    await using stage = await Stage.open();
    const built = stage.build();
    const tars = [...stage.base.blobs.map((blob) => gunzipSync(blob)), built.stepTar];
    const { image } = built;
    const names = tars.map((tar, index) => [`${index}/layer.tar`, tar] as const);
    const manifest = [{ Config: 'config.json', RepoTags: ['app:1'], Layers: names.map(([name]) => name) }];
    const files = new Map<string, Buffer>([
      ...names,
      ['config.json', image.bytes(built.config)],
      ['manifest.json', Buffer.from(JSON.stringify(manifest))],
    ]);
    writeFileSync(stage.world.path('saved.tar'), archiveOf(files));
    const from = `docker-archive:${stage.world.path('saved.tar')}`;
    const result = await stage.export({ named: [stage.ref('base:1')] }, {}, { from });
    assert.deepEqual(statesOf(result), STATES.kept);
    assert.deepEqual((await stage.layers()).slice(0, 3), stage.base.layers);
    // Another registry gets them from the base's.
    await using other = await TestRegistry.start();
    const to = `${other.host}/app:1`;
    const elsewhere = await stage.export({ named: [stage.ref('base:1')] }, {}, { from, to });
    assert.deepEqual(statesOf(elsewhere), STATES.kept);
    for (const { digest } of stage.base.layers) assert.ok(other.content.repository('app').contents.has(digest));
  });

  test('of another registry are taken over from where the build was pushed', async () => {
    await using stage = await Stage.open();
    await using other = await TestRegistry.start();
    stage.build();
    other.content.addLayout(stage.world.path('built'), 'team/build');
    const places = { from: `${other.host}/team/build:latest`, to: `${other.host}/app:1` };
    stage.registry.forget();
    const options = { profileOf: patterns('app/c', 'etc/name') };
    const result = await stage.export({ named: [stage.ref('base:1')] }, options, places);
    assert.deepEqual(statesOf(result), STATES.kept);
    // Nobody needs more of them than their tables of contents.
    const isRead = (path: string): boolean => stage.base.layers.some(({ digest }) => path.endsWith(digest));
    const reads = other.log.filter(({ method, path }) => method === 'GET' && isRead(path));
    assert.equal(reads.length, 3);
    const mounts = other.log.filter(({ method, status }) => method === 'POST' && status === 201);
    assert.equal(mounts.length, 3);
    assert.deepEqual(
      stage.registry.log.filter(({ path }) => isRead(path)),
      [],
    );
  });

  test('come out the same when it is done again, and nothing is sent', async () => {
    await using stage = await Stage.open();
    stage.build();
    const first = await stage.export({ named: [stage.ref('base:1')] });
    const again = await stage.export({ named: [stage.ref('base:1')] });
    assert.equal(again.target.digest, first.target.digest);
    assert.equal(again.uploadedBytes, 0);
  });
});
