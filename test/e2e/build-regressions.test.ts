// Builds on lazy bases over time: steps are cached while BuildKit has their records (moby/buildkit#3958, docker/buildx#1306),
// whatever is restarted or pruned in between, and what is not used any more is gone.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Build } from '../support/build-progress.ts';
import { BuildWorld, type BuildWorker, buildWorldNeeds } from '../support/build-world.ts';
import { startBuildkit } from '../support/buildkit.ts';
import { requireProgram } from '../support/needs.ts';
import { run } from '../support/run.ts';
import { until } from '../support/until.ts';

const skip = buildWorldNeeds('busybox');
const BASE = 'small-esgz';
const ONCE = 'cat /proc/sys/kernel/random/uuid';

let world: BuildWorld;

/** Outcomes of the RUN steps, in the order of the Dockerfile. */
const outcomes = ({ steps }: Build): string[] =>
  [...steps].flatMap(([step, outcome]) => (step.startsWith('RUN') ? [outcome] : [])).toReversed();

const twoSteps = (last = 'cat /first'): string => `FROM ${world.ref(BASE)}
RUN ${ONCE} > /first && md5sum /data/4097
RUN ${last}
`;

function regressions(worker: BuildWorker, more: () => void): void {
  suite(`builds on lazy bases, ${worker} worker`, { skip }, () => {
    before(async () => {
      world = await BuildWorld.start({ images: [BASE], worker });
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
      await world.untilNothingIsHeld();
      assert.deepEqual(outcomes(await world.build(twoSteps())), ['ran', 'ran']);
      assert.equal(world.layerMounts.length, 3);
      assert.ok(!(await world.states(world.ref(BASE))).includes('ordinary'));
    });

    more();

    test('BuildKit ends or is killed: the next one builds on what it finds, and in the end nothing is held', async () => {
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        await world.build(twoSteps());
        await world.restartBuildkit(signal);
        const build = await world.build(twoSteps('md5sum /data/4095'));
        assert.match(build.output, /[0-9a-f]{32} {2}\/data\/4095/);
        assert.ok(!(await world.states(world.ref(BASE))).includes('ordinary'));
        assert.equal(world.layerMounts.length, 3);
      }
      await world.buildctl('prune', '--all');
      await world.untilNothingIsHeld();
    });
  });
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

  test('BuildKit is killed in the middle of a step: the next one builds, and in the end nothing is held', async () => {
    const slow = `FROM ${world.ref(BASE)}\nRUN md5sum /data/4097 && sleep 3\n`;
    const build = world.build(slow, [], { check: false });
    await until(() => world.buildkit.log.includes('-c md5sum /data/4097 && sleep 3'), 'the step to run');
    await world.restartBuildkit('SIGKILL');
    assert.notEqual((await build).steps.get('RUN md5sum /data/4097 && sleep 3'), 'cached');
    assert.deepEqual(outcomes(await world.build(slow)), ['ran']);
    await world.buildctl('prune', '--all');
    await world.untilNothingIsHeld();
  });
});

regressions('containerd', () => {});
