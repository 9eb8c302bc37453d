// Build caches of builds on lazy bases: what a job exports, the next one, on a machine that has nothing, takes its steps from;
// and where the cache is in a registry and eStargz, its layers are mounted as they are read (moby/buildkit#2720, #6893).
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { cachedResults } from '../support/build-cache.ts';
import type { Build } from '../support/build-progress.ts';
import { BuildWorld, type BuildWorker, buildWorldNeeds } from '../support/build-world.ts';
import { startBuildkit } from '../support/buildkit.ts';
import { dir, file, noise } from '../support/entries.ts';
import { addLayeredImage, busyboxLayer } from '../support/layered-image.ts';

const skip = buildWorldNeeds('busybox');
const BASE = 'small-esgz';
const OTHER = 'tools';
/** What only one run of a step can write. Its output tells, too. */
const ONCE = 'cat /proc/sys/kernel/random/uuid';
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

let world: BuildWorld;

/** Three steps: much that does not compress, something small, and a read of the base. */
const steps = (base: string): string => `FROM ${world.ref(base)}
RUN ${ONCE} | tee /first && dd if=/dev/urandom of=/noise bs=65536 count=16 && dd if=/dev/urandom of=/more bs=65536 count=16
RUN ${ONCE} | tee /second
RUN md5sum /data/4097 > /third
`;
const LAST = 'RUN md5sum /data/4097 > /third';
const READS = 'RUN cat /first /second && head -c 1000 /noise | wc -c';

const exported = (cache: string, options: string): string[] => ['--export-cache', `${registryCache(cache)},${options}`];
const imported = (cache: string): string[] => ['--import-cache', registryCache(cache)];
const registryCache = (name: string): string => `type=registry,ref=${world.ref(name)}`;
const pushed = (name: string, compression: string): string[] => [
  '--output',
  `type=image,name=${world.ref(name)},push=true,store=false,oci-mediatypes=true,compression=${compression}`,
];

const uuidsOf = ({ output }: Build): string[] => output.match(UUID) ?? [];
const outcomes = ({ steps: all }: Build): Record<string, string> =>
  Object.fromEntries([...all].filter(([step]) => step.startsWith('RUN')));

/** How the daemon has the layers of a cache: the last ones, which are the steps'. */
async function statesOf(cache: string): Promise<string[]> {
  return await world.states(world.ref(cache));
}

/** A second base. */
function addOther(): void {
  const layers = [busyboxLayer('sh', 'cat', 'tee', 'dd', 'md5sum'), [dir('opt'), file('opt/tool', noise(100_000))]];
  addLayeredImage(world.registry, OTHER, layers, { estargz: true });
}

function cacheSuite(worker: BuildWorker, more: () => void): void {
  suite(`caches of builds on lazy bases, ${worker} worker`, { skip }, () => {
    before(async () => {
      world = await BuildWorld.start({ images: ['small', BASE], worker });
      addOther();
    });
    after(async () => world?.[Symbol.asyncDispose]());

    test('the next job has its steps from a registry, and mounts their layers as it reads them', async () => {
      const first = await world.build(steps(BASE), [...pushed('app', 'estargz'), ...exported('app-cache', 'mode=max')]);
      assert.deepEqual(world.wholeBlobs(BASE), [], 'the cache was exported without downloading the base');
      await world.wipe();
      world.registry.forget();
      const next = await world.build(steps(BASE).replace(LAST, READS), imported('app-cache'));
      assert.deepEqual(Object.values(outcomes(next)).toSorted(), ['cached', 'cached', 'ran']);
      assert.equal(outcomes(next)[READS], 'ran');
      assert.deepEqual(uuidsOf(next), uuidsOf(first));
      assert.equal(uuidsOf(next).length, 2);
      assert.match(next.output, /^1000$/m);
      assert.deepEqual([...world.wholeBlobs('app-cache'), ...world.wholeBlobs(BASE)], []);
      const states = await statesOf('app-cache');
      assert.equal(states.length, 5, 'three layers of the base, two of steps');
      assert.ok(!states.includes('ordinary'));
      assert.equal(states[3], 'lazy', 'of two files of noise one was read');
      const { layers = [] } = (await world.lookup(world.ref('app-cache'))) ?? {};
      const all = layers.reduce((sum, { size = 0 }) => sum + size, 0);
      assert.ok(all > 10_000_000 && world.registry.bytes < all / 2, `${world.registry.bytes} bytes came of ${all}`);
    });

    more();
  });
}

cacheSuite('oci', () => {
  test('layers of a cache that are not eStargz are downloaded, and right: what the test above rules out is seen', async () => {
    const first = await world.build(steps(BASE), [
      ...pushed('gzip', 'gzip'),
      ...exported('gzip-cache', 'mode=max,compression=zstd'),
    ]);
    await world.wipe();
    world.registry.forget();
    const next = await world.build(steps(BASE).replace(LAST, READS), imported('gzip-cache'));
    assert.deepEqual(Object.values(outcomes(next)).toSorted(), ['cached', 'cached', 'ran']);
    assert.deepEqual(uuidsOf(next), uuidsOf(first));
    assert.notDeepEqual(world.wholeBlobs('gzip-cache'), []);
    // The base below them is lazy all the same.
    const { fallbacks } = await world.daemon.status();
    assert.deepEqual([...new Set(fallbacks.map(({ kind }) => kind))], ['not-estargz']);
  });

  test('a cached step brings nothing that it did not make: the next one sees all of the base', async () => {
    const dockerfile = `FROM ${world.ref(BASE)}
RUN ${ONCE} | tee /first && chmod 700 /kinds/many /etc/opaque
RUN echo hello
RUN ls /kinds/many | wc -l && cat /etc/opaque/upper && test ! -e /etc/opaque/lower && cat /first
`;
    const first = await world.build(dockerfile, [
      ...pushed('chmod', 'estargz'),
      ...exported('chmod-cache', 'mode=max'),
    ]);
    await world.wipe();
    const next = await world.build(dockerfile.replace('hello', 'again'), imported('chmod-cache'));
    assert.deepEqual(Object.values(outcomes(next)).toSorted(), ['cached', 'ran', 'ran']);
    assert.match(next.output, /^1500\nseen$/m);
    assert.equal(uuidsOf(next)[0], uuidsOf(first)[0]);
  });

  test('a local cache is unpacked, and right', async () => {
    const folder = join(world.context({}), 'cache');
    const to = ['--export-cache', `type=local,dest=${folder},mode=max`];
    const first = await world.build(steps(BASE), [...pushed('local', 'estargz'), ...to]);
    await world.wipe();
    const next = await world.build(steps(BASE).replace(LAST, READS), ['--import-cache', `type=local,src=${folder}`]);
    assert.deepEqual(Object.values(outcomes(next)).toSorted(), ['cached', 'cached', 'ran']);
    assert.deepEqual(uuidsOf(next), uuidsOf(first));
    assert.deepEqual((await world.daemon.status()).images, []);
  });

  test('each stage that is a target of its own keeps its steps, on whichever base', async () => {
    const dockerfile = `FROM ${world.ref(OTHER)} AS tools
RUN ${ONCE} | tee /tool && dd if=/dev/urandom of=/noise bs=65536 count=16
RUN md5sum /opt/tool > /sum
FROM ${world.ref(BASE)}
RUN ${ONCE} | tee /first
COPY --from=tools /tool /sum /
`;
    const keep = async (target: string[], name: string): Promise<Build> =>
      await world.build(dockerfile, [...target, ...pushed(name, 'estargz'), ...exported(`${name}-cache`, 'mode=max')]);
    const stage = await keep(['--opt', 'target=tools'], 'stage');
    const whole = await keep([], 'whole');
    await world.wipe();
    world.registry.forget();
    const next = await world.build(`${dockerfile}RUN cat /tool /first\n`, [
      ...imported('stage-cache'),
      ...imported('whole-cache'),
    ]);
    assert.deepEqual(uuidsOf(next), [...uuidsOf(stage), ...uuidsOf(whole)]);
    const { 'RUN cat /tool /first': last, ...before } = outcomes(next);
    assert.equal(last, 'ran');
    assert.deepEqual([...new Set(Object.values(before))], ['cached']);
    assert.deepEqual(
      ['stage-cache', 'whole-cache', OTHER, BASE].flatMap((name) => world.wholeBlobs(name)),
      [],
    );
  });

  // BuildKit 0.32 leaves results out of the cache when their base is lazy, by whichever snapshotter (docs/action.md says when).
  test('what BuildKit leaves out of a cache, it leaves out with its own snapshotter, too', async () => {
    await using own = await startBuildkit({
      dir: join(world.dir, 'own'),
      snapshotter: 'stargz',
      plainHttp: [world.registry.host],
    });
    const staged = `${steps(BASE)}FROM ${world.ref(OTHER)}\nRUN cat /opt/tool > /used\nCOPY --from=0 /first /second /\n`;
    const estargz = 'mode=max,compression=estargz,oci-mediatypes=true';
    const table: (readonly [name: string, dockerfile: string, flags: (name: string) => string[]])[] = [
      ['same', steps(BASE), (name) => [...pushed(`${name}-app`, 'estargz'), ...exported(name, estargz)]],
      ['alone', steps(BASE), (name) => exported(name, estargz)],
      ['staged', staged, (name) => [...pushed(`${name}-app`, 'estargz'), ...exported(name, 'mode=max')]],
      ['kept', steps(BASE), (name) => [...pushed(`${name}-app`, 'estargz'), ...exported(name, 'mode=max')]],
    ];
    const results: Record<string, number> = {};
    for (const [name, dockerfile, flags] of table) {
      await world.build(dockerfile, flags(`${name}-ours`));
      await own.build(world.context({ Dockerfile: dockerfile }), flags(`${name}-theirs`));
      results[name] = await cachedResults(world.registry, `${name}-ours`);
      assert.equal(results[name], await cachedResults(world.registry, `${name}-theirs`), name);
    }
    assert.equal(results['kept'], 3);
  });
});

cacheSuite('containerd', () => {});
