// Results of builds on a lazy base: what leaves BuildKit is whole, in every form, though the base was never downloaded for it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { digestOf } from '../../src/oci/digest.ts';
import { BuildWorld, buildWorldNeeds } from '../support/build-world.ts';
import { image } from '../support/images.ts';
import { layerContents } from '../support/layer-content.ts';
import { requireProgram } from '../support/needs.ts';
import { addNoiseImage } from '../support/noise-image.ts';
import { readLayout } from '../support/oci-layout.ts';
import { run } from '../support/run.ts';
import { diffTrees, type TreeEntry, walkTree } from '../support/tree.ts';

const skip = buildWorldNeeds('busybox', 'skopeo');
const BASE = 'small-esgz';

suite('what is made of a lazy base', { skip }, () => {
  let world: BuildWorld;

  before(async () => {
    world = await BuildWorld.start({ images: [BASE, 'small'] });
  });
  after(async () => world?.[Symbol.asyncDispose]());

  test('what is exported of a build on a lazy base is whole, in every form', async () => {
    // Directories that no entry of their layer describes have the time at which they were unpacked.
    const touch = 'touch -d "2020-01-01 00:00:00" /made /data/one-byte /data /etc';
    const dockerfile = (base: string): string =>
      `FROM ${world.ref(base)}\nRUN md5sum /data/4097 > /made && echo changed > /data/one-byte && /bin/busybox ${touch}\n`;
    const output = (name: string, how: string): string[] => ['--output', `${how},dest=${join(world.dir, name)}`];
    await world.build(dockerfile(BASE), output('tree-lazy', 'type=local'));
    await world.buildOrdinarily(dockerfile('small'), output('tree-ordinary', 'type=local'));
    const tree = (name: string): TreeEntry[] => [...walkTree(join(world.dir, name))].slice(1);
    assert.deepEqual(diffTrees(tree('tree-lazy'), tree('tree-ordinary')), []);
    assert.ok(tree('tree-lazy').length > 1500);

    await world.build(dockerfile(BASE), output('oci', 'type=oci,tar=false'));
    const { layers } = readLayout(join(world.dir, 'oci'));
    for (const { digest, path } of layers) assert.equal(digestOf(readFileSync(path)), digest);
    const base = readLayout((await image(BASE)).layoutDir).layers.map(({ digest }) => digest);
    assert.deepEqual(
      layers.slice(0, -1).map(({ digest }) => digest),
      base,
    );

    await world.build(dockerfile(BASE), output('docker', 'type=docker,name=built'));
    const [archive, copy] = [join(world.dir, 'docker'), join(world.dir, 'docker-copy')];
    const copied = ['copy', '--insecure-policy', '--quiet', `docker-archive:${archive}`, `oci:${copy}:latest`];
    await run(requireProgram('skopeo'), copied);
    assert.deepEqual(await layerContents(copy, 0), await layerContents(join(world.dir, 'oci'), 0));
  });

  // COPY --link is a merge of layers, which BuildKit reads as files; what is below it stays lazy.
  test('COPY --link onto a lazy base, and from one, has the right files', async () => {
    const noise = addNoiseImage(world.registry, 'linked', { count: 8, size: 300_000, seed: 12 });
    const [first = ''] = noise.files.keys();
    const dockerfile = `FROM ${noise.ref} AS from
RUN echo stage > /stage
FROM ${noise.ref}
COPY --link --from=from /${first} /stage /copied/
RUN sha256sum /copied/* /${first}
`;
    world.registry.forget();
    const { output } = await world.build(dockerfile);
    const digest = noise.files.get(first) ?? '';
    const copied = `/copied/${first.slice(first.lastIndexOf('/') + 1)}`;
    assert.ok(output.includes(`${digest}  ${copied}\n`) && output.includes(`${digest}  /${first}\n`), output);
    assert.deepEqual(world.wholeBlobs('linked'), []);
    assert.deepEqual(await world.states(noise.ref), ['lazy']);
  });
});
