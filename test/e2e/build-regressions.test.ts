// Builds on lazy bases over time: steps are cached while BuildKit has their records (moby/buildkit#3958, docker/buildx#1306),
// whatever is restarted or pruned in between; builds at once share what they fetch; and what is not used any more is gone.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { digestOf } from '../../src/oci/digest.ts';
import type { Build } from '../support/build-progress.ts';
import { BuildWorld, type BuildWorker, buildWorldNeeds } from '../support/build-world.ts';
import { startBuildkit } from '../support/buildkit.ts';
import { image } from '../support/images.ts';
import { layerContents } from '../support/layer-content.ts';
import { mountsBelow } from '../support/mounts.ts';
import { requireProgram } from '../support/needs.ts';
import { addNoiseImage, type NoiseImage } from '../support/noise-image.ts';
import { readLayout } from '../support/oci-layout.ts';
import { run } from '../support/run.ts';
import { diffTrees, type TreeEntry, walkTree } from '../support/tree.ts';
import { until } from '../support/until.ts';

const skip = buildWorldNeeds('busybox', 'skopeo');
const BASE = 'small-esgz';
const ONCE = 'cat /proc/sys/kernel/random/uuid';
const LINK = { bytesPerSec: 800_000, latencyMs: 10 };

let world: BuildWorld;

/** Outcomes of the RUN steps, in the order of the Dockerfile. */
const outcomes = ({ steps }: Build): string[] =>
  [...steps].flatMap(([step, outcome]) => (step.startsWith('RUN') ? [outcome] : [])).toReversed();

const twoSteps = (last = 'cat /first'): string => `FROM ${world.ref(BASE)}
RUN ${ONCE} > /first && md5sum /data/4097
RUN ${last}
`;

/** Nobody uses a layer any more: the daemon has let go of all of it, but for its cache on disk. */
async function untilNothingIsHeld(): Promise<void> {
  await until(async () => world.layerMounts.length === 0, 'the mounts of layers to go');
  await until(async () => (await world.snapshots()).folders === 0, 'the folders of snapshots to go');
  assert.equal((await world.snapshots()).rows, 0);
  assert.deepEqual(await world.openLayers(), []);
  assert.deepEqual((await world.daemon.status()).images, []);
}

function regressions(worker: BuildWorker, more: () => void): void {
  suite(`builds on lazy bases, ${worker} worker`, { skip }, () => {
    before(async () => {
      world = await BuildWorld.start({ images: [BASE, 'small'], worker });
    });
    after(async () => world?.[Symbol.asyncDispose]());

    test('steps are cached in the next build, and in one that has changed above them', async () => {
      world.registry.forget();
      assert.deepEqual(outcomes(await world.build(twoSteps())), ['ran', 'ran']);
      assert.deepEqual(await world.states(world.ref(BASE)), ['lazy', 'lazy', 'lazy']);
      assert.deepEqual(world.wholeBlobs(BASE), []);
      const requests = world.registry.log.filter(({ path }) => path.includes('/blobs/')).length;
      assert.deepEqual(outcomes(await world.build(twoSteps())), ['cached', 'cached']);
      assert.deepEqual(outcomes(await world.build(twoSteps('echo above'))), ['cached', 'ran']);
      // What needed no byte of the base asked for none of its blobs but the image's configuration.
      const more = world.registry.log.filter(({ path, bytes }) => path.includes('/blobs/') && bytes > 5000).length;
      assert.ok(more <= requests);
      assert.deepEqual(outcomes(await world.build(twoSteps().replace('4097', '4096'))), ['ran', 'ran']);
    });

    test('steps are cached after the daemon was restarted, killed, or its serving process was', async () => {
      await world.build(twoSteps());
      await world.restartDaemon();
      assert.deepEqual(outcomes(await world.build(twoSteps('md5sum /data/zeros'))), ['cached', 'ran']);
      const serving = await world.daemon.servingPid();
      process.kill(serving, 'SIGKILL');
      await world.daemon.ready(serving);
      assert.deepEqual(outcomes(await world.build(twoSteps('md5sum /kinds/hard-1'))), ['cached', 'ran']);
      await world.restartDaemon('SIGKILL');
      const build = await world.build(twoSteps('cat /first && md5sum /data/big'));
      assert.deepEqual(outcomes(build), ['cached', 'ran']);
      assert.match(build.output, /[0-9a-f]{32} {2}\/data\/big/);
    });

    test('all pruned, nothing is held any more, and a build begins anew', async () => {
      await world.build(twoSteps());
      assert.equal(world.layerMounts.length, 3);
      assert.ok((await world.openLayers()).length > 0);
      await world.buildctl('prune', '--all');
      await untilNothingIsHeld();
      assert.deepEqual(outcomes(await world.build(twoSteps())), ['ran', 'ran']);
      assert.equal(world.layerMounts.length, 3);
      assert.ok(!(await world.states(world.ref(BASE))).includes('ordinary'));
    });

    more();

    test('BuildKit ends or is killed: the next one builds on what it finds, and nothing of before is left', async () => {
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        await world.build(twoSteps());
        await world.restartBuildkit(signal);
        const build = await world.build(twoSteps('md5sum /data/4095'));
        assert.match(build.output, /[0-9a-f]{32} {2}\/data\/4095/);
        assert.ok(!(await world.states(world.ref(BASE))).includes('ordinary'));
        assert.equal(world.layerMounts.length, 3);
      }
      await world.buildctl('prune', '--all');
      await untilNothingIsHeld();
      assert.deepEqual(mountsBelow(join(world.dir, 'buildkit')), []);
    });
  });
}

/** A build that reads all noise of an image, and what it has to print. */
function readAll(noise: NoiseImage, salt: string): { readonly dockerfile: string; readonly lines: string[] } {
  const names = [...noise.files.keys()].map((name) => `/${name}`);
  return {
    dockerfile: `FROM ${noise.ref}\nRUN echo ${salt} && sha256sum ${names.join(' ')}\n`,
    lines: [salt, ...[...noise.files].map(([name, digest]) => `${digest}  /${name}`)],
  };
}

/** Bytes of a layer that were asked for more than once. What comes with the end of the blob, as it is opened, is not counted. */
function askedTwice({ built }: NoiseImage): number {
  const ranges = world.registry.log
    .filter(({ method, path }) => method === 'GET' && path.endsWith(built.digest))
    .map(({ range = '' }) => /^bytes=(\d+)-(\d+)$/.exec(range))
    .flatMap((match) => (match === null ? [] : [[Number(match[1]), Number(match[2]) + 1] as const]))
    .toSorted(([a], [b]) => a - b);
  assert.ok(ranges.length > 0);
  let twice = 0;
  let end = 0;
  for (const [from, to] of ranges) {
    twice += Math.max(0, Math.min(end, to) - from);
    end = Math.max(end, to);
  }
  return twice;
}

regressions('oci', () => {
  // BuildKit looks whether its records are there without saying where lazy layers come from, and forgets those on lazy bases:
  // at every prune and restart, by whichever snapshotter (docs/troubleshooting.md).
  test('what BuildKit forgets at a prune of other records, it forgets with its own snapshotter, too', async () => {
    const other = `FROM ${world.ref(BASE)}\nRUN echo other > /other\n`;
    const prune = ['prune', '--filter', 'description~=other'];
    const result: Record<string, string[]> = {};
    for (const snapshotter of ['stargz', 'overlayfs'] as const) {
      const plainHttp = [world.registry.host];
      await using own = await startBuildkit({ dir: join(world.dir, `own-${snapshotter}`), snapshotter, plainHttp });
      await world.buildOn(own, twoSteps());
      await world.buildOn(own, other);
      await run(requireProgram('buildctl'), ['--addr', own.address, ...prune]);
      result[snapshotter] = outcomes(await world.buildOn(own, twoSteps()));
    }
    await world.build(twoSteps());
    await world.build(other);
    await world.buildctl(...prune);
    assert.deepEqual(outcomes(await world.build(twoSteps())), result['stargz']);
    assert.deepEqual(result['overlayfs'], ['cached', 'cached']);
    // Such a build is right all the same, and what it made is cached again.
    assert.deepEqual(outcomes(await world.build(twoSteps())), ['cached', 'cached']);
  });

  test('eight builds at once on a cold base ask for each chunk once', async () => {
    const noise = addNoiseImage(world.registry, 'eight', { count: 6, size: 300_000, seed: 8 });
    world.registry.forget();
    const builds = Array.from({ length: 8 }, (_, index) => readAll(noise, `build ${index}`));
    const made = await Promise.all(builds.map(({ dockerfile }) => world.build(dockerfile)));
    for (const [index, { output }] of made.entries()) {
      assert.deepEqual(output.trim().split('\n'), builds[index]?.lines);
    }
    assert.equal(askedTwice(noise), 0);
    assert.deepEqual(world.wholeBlobs('eight'), []);
  });

  test('several tags of one base are one layer', async () => {
    const noise = addNoiseImage(world.registry, 'tags', { count: 2, size: 300_000, seed: 9 });
    const digest = world.registry.content.repository('tags').tags.get('latest') ?? '';
    const tags = ['one', 'two', 'three'];
    for (const tag of tags) world.registry.content.tag('tags', tag, digest);
    const before = world.layerMounts.length;
    world.registry.forget();
    const made = await Promise.all(
      tags.map((tag) => world.build(readAll(noise, tag).dockerfile.replace(':latest', `:${tag}`))),
    );
    for (const [index, { output }] of made.entries()) {
      assert.deepEqual(output.trim().split('\n'), readAll(noise, tags[index] ?? '').lines);
    }
    assert.equal(world.layerMounts.length, before + 1);
    assert.equal(askedTwice(noise), 0);
  });

  test('a build that reads while everything else is pruned, again and again, sees every byte', async () => {
    const noise = addNoiseImage(world.registry, 'pruned', { count: 8, size: 200_000, seed: 10 });
    await world.build(twoSteps());
    Object.assign(world.registry.knobs, LINK);
    const { dockerfile, lines } = readAll(noise, 'slow');
    const state = { ended: false };
    const build = world.build(dockerfile).finally(() => void (state.ended = true));
    await until(() => world.registry.inFlight > 0, 'the build to read');
    let prunes = 0;
    for (; !state.ended && prunes < 5; prunes++) await world.buildctl('prune', '--all', '--keep-storage', '0');
    assert.ok(prunes > 0);
    Object.assign(world.registry.knobs, { bytesPerSec: undefined, latencyMs: 0 });
    assert.deepEqual((await build).output.trim().split('\n'), lines);
    await world.buildctl('prune', '--all');
    await untilNothingIsHeld();
  });

  test('the serving process is killed while a step reads: the step does not notice', async () => {
    const noise = addNoiseImage(world.registry, 'killed', { count: 8, size: 400_000, seed: 11 });
    const { dockerfile, lines } = readAll(noise, 'killed');
    Object.assign(world.registry.knobs, LINK);
    world.registry.forget();
    const build = world.build(dockerfile);
    for (let kills = 1; kills <= 2; kills++) {
      const { registry } = world;
      await until(() => registry.inFlight > 0 && registry.bytes > kills * 800_000 + 600_000, 'the step to read');
      const serving = await world.daemon.servingPid();
      process.kill(serving, 'SIGKILL');
      await world.daemon.ready(serving);
    }
    Object.assign(world.registry.knobs, { bytesPerSec: undefined, latencyMs: 0 });
    assert.deepEqual((await build).output.trim().split('\n'), lines);
    assert.equal((await world.daemon.status()).totals.readErrors, 0);
  });

  test('BuildKit is killed in the middle of a step: the next one builds, and in the end nothing is held', async () => {
    const slow = `FROM ${world.ref(BASE)}\nRUN md5sum /data/4097 && sleep 3\n`;
    const build = world.build(slow, [], { check: false });
    await until(() => world.buildkit.log.includes('-c md5sum /data/4097 && sleep 3'), 'the step to run');
    await world.restartBuildkit('SIGKILL');
    assert.notEqual((await build).steps.get('RUN md5sum /data/4097 && sleep 3'), 'cached');
    assert.deepEqual(outcomes(await world.build(slow)), ['ran']);
    await world.buildctl('prune', '--all');
    await untilNothingIsHeld();
  });

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

regressions('containerd', () => {});
