// The metadata file of a build: what is read there, what is said there, and that the rest stays.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { BuildMetadata, type ExportedImage } from '../../src/cli/build-metadata.ts';
import { UserError } from '../../src/errors.ts';
import { OCI_INDEX, OCI_MANIFEST } from '../../src/oci/media-types.ts';
import { formatReference, parseReference } from '../../src/oci/reference.ts';
import { digestNamed } from '../support/profiles.ts';

const never = new AbortController().signal;
const platform = { os: 'linux', architecture: 'amd64' };
const image: ExportedImage = {
  descriptor: { mediaType: OCI_MANIFEST, digest: digestNamed('new'), size: 500, platform },
  config: digestNamed('new config'),
  tags: [parseReference('ghcr.io/org/app:1'), parseReference('org/app:latest')],
};
const index: ExportedImage = {
  descriptor: { mediaType: OCI_INDEX, digest: digestNamed('index'), size: 700 },
  config: undefined,
  tags: [parseReference('ghcr.io/org/app:1')],
};
/** What buildx 0.29 writes of one target. */
const BUILT = {
  'buildx.build.provenance': {
    materials: [{ uri: 'pkg:docker/node@22', digest: { sha256: digestNamed('node').slice(7) } }],
  },
  'buildx.build.ref': 'builder/builder0/abc',
  'containerimage.config.digest': digestNamed('old config'),
  'containerimage.descriptor': {
    mediaType: OCI_MANIFEST,
    digest: digestNamed('old'),
    size: 1,
    annotations: { a: 'b' },
  },
  'containerimage.digest': digestNamed('old'),
};

interface Stage {
  readonly path: string;
  readonly folder: string;
  readonly write: (document: unknown) => void;
  readonly read: () => Record<string, unknown>;
}

function stage(t: TestContext): Stage {
  const folder = mkdtempSync(join(tmpdir(), 'lazypull-metadata-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'build.json');
  return {
    path,
    folder,
    write(document) {
      // As a program does that writes in one step.
      writeFileSync(`${path}.new`, typeof document === 'string' ? document : JSON.stringify(document));
      renameSync(`${path}.new`, path);
    },
    read: () => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>,
  };
}

suite('the metadata of a build', () => {
  test('says of an image what was pushed, and keeps the rest', async (t) => {
    const { path, folder, read, write } = stage(t);
    write(BUILT);
    await (await BuildMetadata.open(path, undefined)).write(image);
    assert.deepEqual(read(), {
      ...BUILT,
      'containerimage.config.digest': digestNamed('new config'),
      'containerimage.descriptor': { mediaType: OCI_MANIFEST, digest: digestNamed('new'), size: 500, platform },
      'containerimage.digest': digestNamed('new'),
      'image.name': 'ghcr.io/org/app:1,docker.io/org/app:latest',
    });
    assert.deepEqual(Object.keys(read()), Object.keys(read()).toSorted());
    assert.deepEqual(readdirSync(folder), ['build.json']);
  });

  test('of an index has no digest of a config, not even the old one', async (t) => {
    const { path, read, write } = stage(t);
    write(BUILT);
    await (await BuildMetadata.open(path, undefined)).write(index);
    assert.ok(!('containerimage.config.digest' in read()));
    assert.deepEqual(read()['containerimage.descriptor'], index.descriptor);
  });

  test('is made where there is none, and where it is empty', async (t) => {
    const { path, read, write } = stage(t);
    await (await BuildMetadata.open(path, undefined)).write(index);
    assert.equal(read()['containerimage.digest'], digestNamed('index'));
    write('\n');
    await (await BuildMetadata.open(path, undefined)).write(image);
    assert.equal(read()['containerimage.digest'], digestNamed('new'));
  });

  test('of bake is that of the target; the others stay', async (t) => {
    const { path, read, write } = stage(t);
    write({ one: BUILT, two: BUILT, 'buildx.build.warnings': [] });
    const metadata = await BuildMetadata.open(path, 'one');
    assert.equal((await metadata.materials()).length, 1);
    await metadata.write(index);
    const { one, ...others } = read();
    assert.deepEqual(others, { two: BUILT, 'buildx.build.warnings': [] });
    assert.equal((one as typeof BUILT)['containerimage.digest'], digestNamed('index'));
    assert.equal((one as typeof BUILT)['buildx.build.ref'], 'builder/builder0/abc');
    // A target that did not write any is added.
    await (await BuildMetadata.open(path, 'three')).write(index);
    assert.deepEqual(Object.keys(read()).toSorted(), ['buildx.build.warnings', 'one', 'three', 'two']);
  });

  test('of bake wants the target to be named', async (t) => {
    const { path, read, write } = stage(t);
    const document = { one: BUILT, two: BUILT };
    write(document);
    const metadata = await BuildMetadata.open(path, undefined);
    for (const use of [() => metadata.materials(), () => metadata.write(image)]) {
      await assert.rejects(use(), (error) => error instanceof UserError && /There is: one, two/.test(error.message));
    }
    assert.deepEqual(read(), document);
  });

  test('names the images that the build was made from, of all platforms', async (t) => {
    const { path, write } = stage(t);
    const materials = (name: string): object => ({
      materials: [{ uri: `pkg:docker/${name}@1`, digest: { sha256: digestNamed(name).slice(7) } }],
    });
    const metadata = await BuildMetadata.open(path, undefined);
    assert.deepEqual(await metadata.materials(), []);
    write({
      'buildx.build.provenance/linux/amd64': materials('one'),
      'buildx.build.provenance/linux/arm64': materials('two'),
      'buildx.build.provenancelike': materials('none'),
    });
    const names = (await metadata.materials()).map(({ reference }) => formatReference(reference));
    assert.deepEqual(names, [
      `docker.io/library/one:1@${digestNamed('one')}`,
      `docker.io/library/two:1@${digestNamed('two')}`,
    ]);
  });

  for (const text of ['{', '[]', '"text"', 'null']) {
    test(`is not ${text}, which stays as it is`, async (t) => {
      const { path, write } = stage(t);
      write(text);
      const metadata = await BuildMetadata.open(path, undefined);
      await assert.rejects(metadata.write(image), (error) => {
        return error instanceof UserError && error.message.includes('is not a JSON object');
      });
      assert.equal(readFileSync(path, 'utf8'), text);
    });
  }

  test('that could not be written is found before anything is done', async (t) => {
    const { folder } = stage(t);
    const path = join(folder, 'no', 'build.json');
    await assert.rejects(BuildMetadata.open(path, undefined), (error) => {
      return error instanceof UserError && error.message.includes("can't write into");
    });
    assert.ok(!existsSync(path));
  });
});

suite('waiting for the metadata of a build', () => {
  test('ends when it is there, and when it is another one than before', async (t) => {
    const { path, write } = stage(t);
    const first = await BuildMetadata.open(path, undefined);
    assert.equal(first.isThere, false);
    const waiting = first.written(60_000, never);
    write(BUILT);
    assert.equal(await waiting, true);
    const second = await BuildMetadata.open(path, undefined);
    assert.equal(second.isThere, true);
    assert.equal(await second.written(1, never), false);
    write(BUILT);
    assert.equal(await second.written(1, never), true);
  });

  test('has an end, and can be given up', async (t) => {
    const { path } = stage(t);
    const metadata = await BuildMetadata.open(path, undefined);
    assert.equal(await metadata.written(50, never), false);
    await assert.rejects(metadata.written(60_000, AbortSignal.abort()), { name: 'AbortError' });
  });
});
