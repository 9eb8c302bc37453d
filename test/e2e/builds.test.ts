// Builds as real projects have them (test/fixtures/builds), on a real BuildKit with our daemon: as they are, with the frontend,
// and with a source policy. All of them build; with the latter two their bases are lazy, and the images are the same.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { dockerfileFrontend, writeDockerfileFrontend } from '../support/dockerfile-frontend.ts';
import { FlatImages, type FlatImage } from '../support/flat-image.ts';
import { writeFrontendImage } from '../support/frontend.ts';
import { needs } from '../support/needs.ts';
import { type Fetched, type ProjectBuild, ProjectBuilds, type Way, ways } from '../support/project-builds.ts';
import { projects } from '../support/projects.ts';

const programs = ['busybox', 'debootstrap', 'runc', 'buildkitd', 'buildctl', 'docker-buildx', dockerfileFrontend];
const skip = needs('root', 'fuse', 'erofs', ...programs);
const AT_ONCE = 3;

/** What is known of an image that Dockerfiles name, after all builds. */
interface Base {
  readonly layers: readonly string[];
  /** Empty when there is no variant. */
  readonly variant: readonly string[];
}

interface Built {
  readonly builds: ReadonlyMap<string, ProjectBuild>;
  readonly images: ReadonlyMap<string, FlatImage>;
  /** Lines that the images printed when they were started. */
  readonly printed: ReadonlySet<string>;
  readonly bases: ReadonlyMap<string, Base>;
  /** How the daemon has layers, by their digests. BuildKit asks once for one that several images share. */
  readonly states: ReadonlyMap<string, string>;
  /** By the builds alone. */
  readonly fetched: Fetched;
}

const flat = new FlatImages(Math.floor(Date.now() / 1000));
const built = new Map<Way, Built>();
const names = projects.flatMap((project) => Object.keys(project.images));
let folder: string;

function of(way: Way): Built {
  const found = built.get(way);
  assert.ok(found !== undefined, `nothing was built in the way ${way}`);
  return found;
}

/** `golang:1` is `library/golang` and `1`. */
function placeOf(image: string): readonly [repository: string, tag: string] {
  const [name = image, tag = 'latest'] = image.split(':');
  return [name.includes('/') ? name : `library/${name}`, tag];
}

async function buildProjects(machine: ProjectBuilds): Promise<Map<string, ProjectBuild>> {
  const builds = new Map<string, ProjectBuild>();
  const rest = [...projects];
  const work = async (): Promise<void> => {
    for (let project = rest.shift(); project !== undefined; project = rest.shift()) {
      builds.set(project.name, await machine.build(project));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return builds;
}

async function basesOf(machine: ProjectBuilds): Promise<Map<string, Base>> {
  const bases = new Map<string, Base>();
  for (const image of projects.flatMap(({ lazy, plain = [] }) => [...lazy, ...plain])) {
    const [repository, tag] = placeOf(image);
    const [layers, variant] = [repository, `mirror/${repository}`].map((name) => machine.layers(name, tag));
    bases.set(image, { layers: (await layers) ?? [], variant: (await variant) ?? [] });
  }
  return bases;
}

async function statesOf(machine: ProjectBuilds): Promise<Map<string, string>> {
  const { images } = await machine.daemon.status();
  return new Map(images.flatMap(({ layers }) => layers.map(({ digest, state }) => [digest, state] as const)));
}

async function buildAll(way: Way): Promise<Built> {
  const layouts = { ours: join(folder, 'ours'), dockerfile: join(folder, 'dockerfile') };
  await using machine = await ProjectBuilds.start(way, layouts);
  const builds = await buildProjects(machine);
  const { fetched } = machine;
  const [bases, states] = [await basesOf(machine), await statesOf(machine)];
  const images = new Map<string, FlatImage>();
  for (const name of names) images.set(name, await flat.read(machine.registry, name));
  const configs = [...images].map(([name, { config }]) => [name, config.config] as const);
  const output = await machine.start(Object.fromEntries(configs));
  const printed = new Set([...output.matchAll(/^#\d+ [\d.]+ (.*)$/gm)].map(([, line = '']) => line));
  return { builds, images, printed, bases, states, fetched };
}

/** Lines that only one of two has. */
function differences(left: readonly string[], right: readonly string[]): string[] {
  const [ours, theirs] = [new Set(left), new Set(right)];
  const only = (from: ReadonlySet<string>, other: ReadonlySet<string>, sign: string): string[] =>
    [...from].filter((line) => !other.has(line)).map((line) => `${sign} ${line}`);
  return [...only(ours, theirs, '-'), ...only(theirs, ours, '+')].slice(0, 20);
}

suite('Builds of real projects', { skip }, () => {
  before(async () => {
    folder = await mkdtemp('/var/tmp/lazypull-builds-');
    await Promise.all([writeFrontendImage(join(folder, 'ours')), writeDockerfileFrontend(join(folder, 'dockerfile'))]);
    for (const way of ways) built.set(way, await buildAll(way));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  for (const way of ways) {
    test(`${way}: every image prints what it should`, () => {
      const { printed } = of(way);
      const wanted = projects.flatMap(({ images }) => Object.values(images).flat());
      assert.deepEqual(
        wanted.filter((line) => !printed.has(line)),
        [],
      );
    });

    test(`${way}: an image that has no variant is downloaded`, () => {
      const { bases, fetched } = of(way);
      const { layers = [], variant } = bases.get('busybox:stable') ?? {};
      assert.equal(layers.length, 1);
      assert.deepEqual(variant, []);
      for (const digest of layers) assert.ok(fetched.whole.has(digest));
    });
  }

  test('ordinary: bases are downloaded, and nothing is asked of variants', () => {
    const { bases, states, fetched } = of('ordinary');
    for (const [image, { layers, variant }] of bases) {
      for (const digest of layers) assert.ok(fetched.whole.has(digest), `${image} ${digest}`);
      for (const digest of variant) assert.ok(!fetched.whole.has(digest) && !fetched.parts.has(digest), image);
      for (const digest of [...layers, ...variant]) assert.equal(states.get(digest) ?? 'ordinary', 'ordinary', image);
    }
  });

  for (const way of ['frontend', 'policy'] as const) {
    test(`${way}: bases are read in parts, and nothing of the ordinary ones comes`, () => {
      const { bases, states, fetched } = of(way);
      for (const image of new Set(projects.flatMap(({ lazy }) => lazy))) {
        const { layers = [], variant = [] } = bases.get(image) ?? {};
        assert.ok(layers.length > 0 && variant.length === layers.length, image);
        for (const digest of layers) assert.ok(!fetched.whole.has(digest) && !fetched.parts.has(digest), image);
        for (const digest of variant) assert.ok(!fetched.whole.has(digest) && fetched.parts.has(digest), image);
        for (const digest of variant) assert.ok(!['ordinary', undefined].includes(states.get(digest)), image);
      }
    });

    test(`${way}: every image has the files and the configuration of the ordinary one`, () => {
      for (const name of names) {
        const [ordinary, lazy] = [of('ordinary').images.get(name), of(way).images.get(name)];
        assert.ok(ordinary !== undefined && lazy !== undefined && ordinary.files.length > 5, name);
        assert.deepEqual(differences(ordinary.files, lazy.files), [], name);
        assert.deepEqual(lazy.config, ordinary.config, name);
      }
    });
  }

  for (const { name, lazy, plain = [] } of projects) {
    test(`${name}: it is said which images are replaced, and which are not and why`, () => {
      const { output } = of('frontend').builds.get(name) ?? { output: '' };
      const { policy, output: byPolicy } = of('policy').builds.get(name) ?? { policy: '', output: '' };
      for (const image of lazy) {
        const variant = `/mirror/${placeOf(image).join(':')}@sha256:`;
        assert.ok(output.includes(`context ${image}::`) && output.includes(variant), image);
        assert.ok(
          policy.split('\n').some((line) => line.includes(': replaced by ') && line.includes(variant)),
          image,
        );
        assert.ok(byPolicy.includes(variant), image);
      }
      const there = plain.map((image) => `there is no [^ ]+/mirror/${placeOf(image).join(':')}`);
      for (const why of there) {
        assert.match(output, new RegExp(`is not pulled lazily: ${why}`));
        assert.match(policy, new RegExp(`used as it is: ${why}`));
      }
      if (plain.length === 0) assert.doesNotMatch(output, /is not pulled lazily/);
      for (const text of [output, byPolicy]) assert.doesNotMatch(text, /nobody\/asks(?!:for-this\n)/);
    });
  }
});
