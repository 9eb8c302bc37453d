// Several builds at once on one lazy base, and builds that read while other things happen to BuildKit's records or to the
// daemon: every byte is right, and none is fetched twice.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { BuildWorld, buildWorldNeeds } from '../support/build-world.ts';
import { addNoiseImage, type NoiseImage } from '../support/noise-image.ts';
import { until } from '../support/until.ts';

const skip = buildWorldNeeds('busybox');
const LINK = { bytesPerSec: 800_000, latencyMs: 10 };

let world: BuildWorld;

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

suite('builds at once', { skip }, () => {
  before(async () => {
    world = await BuildWorld.start({ images: [] });
  });
  after(async () => world?.[Symbol.asyncDispose]());

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
    await world.untilNothingIsHeld();
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
});
