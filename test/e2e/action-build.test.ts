// Builds of a job whose Dockerfiles name ordinary images: with nothing but the input `variants` they read their bases lazily,
// and with the step's values for docker/build-push-action the next job, on a machine without anything, finds image and
// cache lazily pullable.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { ActionJobs, registryFor, statusOf, statusStep, waysOf } from '../support/action-jobs.ts';
import { convert } from '../support/convert-cli.ts';
import { image } from '../support/images.ts';
import { machineNeeds, type Machine } from '../support/machine.ts';
import { requireProgram } from '../support/needs.ts';
import type { TestRegistry } from '../support/registry.ts';
import type { JobResult, RunStep, UsesStep } from '../support/runner-job.ts';

const skip = machineNeeds('skopeo', 'tun', 'erofs', 'buildkitd', 'docker-buildx');
const REGISTRY = 'registry.test:5000';
const VARIANTS = `[variants]\n"${REGISTRY}/*" = "${REGISTRY}/mirror/*"\n`;
const POLICY = 'EXPERIMENTAL_BUILDKIT_SOURCE_POLICY';
const MIRRORED = ['pushed', 'plain', 'composed', 'baked', 'stale'];
const ENGINES = ['buildkit', 'docker'] as const;
type Engine = (typeof ENGINES)[number];

/** The first step leaves something that no other build can. */
const DOCKERFILE = `FROM ${REGISTRY}/pushed
RUN /bin/busybox dd if=/dev/urandom of=/made bs=1024 count=3000 && /bin/md5sum /made > /sum
`;
const BAKE = `variable "TAG" { default = "latest" }
target "default" {
  name = "app-\${n}"
  matrix = { n = ["one", "two"] }
  args = { TAG = TAG, N = n }
  dockerfile-inline = "ARG TAG\\nFROM ${REGISTRY}/baked:$\${TAG}\\nARG N\\nRUN /bin/echo $N && /bin/md5sum /data/4097\\n"
}
`;
const COMPOSE = `services:
  one:
    build:
      context: .
      dockerfile_inline: |
        FROM ${REGISTRY}/composed
        RUN /bin/md5sum /data/4096
`;

/** What actions/checkout is in a workflow. */
function checkout(files: Readonly<Record<string, string>>): RunStep {
  const lines = Object.entries(files).map(
    ([path, text]) => `mkdir -p "$(dirname ${path})"
cat > ${path} <<'END_OF_FILE'
${text}END_OF_FILE`,
  );
  return { id: 'checkout', run: lines.join('\n') };
}

const plainBuild = (base: string): string => `FROM ${REGISTRY}/${base}\nRUN /bin/md5sum /data/4095\n`;

/** `docker buildx build` as docker/build-push-action runs it, with the values of the step. */
function pushBuild(engine: Engine, tag: string): RunStep {
  const value = (name: string): string => `\${{ steps.lazypull.outputs.${name} }}`;
  return {
    id: 'push',
    env: { OUTPUTS: value('build-outputs'), FROM: value('cache-from'), TO: value('cache-to') },
    run: `docker buildx build --progress plain --provenance mode=max --push --output "$OUTPUTS" --cache-from "$FROM" \\
  --cache-to "$TO" --tag ${REGISTRY}/built-${engine}:${tag} . 2>&1`,
  };
}

let jobs: ActionJobs;
let machine: Machine;
let registry: TestRegistry;
/** Of the random bytes that the first job's builds made. */
const sums = new Map<Engine, string>();

/** Blobs of layers that were asked for: all requests, and those for a whole one. */
function fetched(repository: string): { whole: number; blobs: number } {
  const blobs = registry.log.filter(
    ({ method, path, bytes }) => method === 'GET' && path.startsWith(`/v2/${repository}/blobs/`) && bytes > 10_000,
  );
  return { whole: blobs.filter(({ range }) => range === undefined).length, blobs: blobs.length };
}

/** A read that had no range and was large, of whatever repository. */
function wholeReads(): string[] {
  return registry.log
    .filter(
      ({ method, path, range, bytes }) =>
        method === 'GET' && /\/blobs\//.test(path) && range === undefined && bytes > 10_000,
    )
    .map(({ path }) => path);
}

function uses(engine: Engine, inputs: Readonly<Record<string, string>> = {}): UsesStep {
  const cache = { 'cache-ref': `${REGISTRY}/cache-${engine}:main` };
  return jobs.uses({ engine, variants: VARIANTS, ...cache, ...inputs });
}

/** Runs a job that leaves nothing. */
async function run(steps: Parameters<ActionJobs['run']>[1]['steps'], more: object = {}): Promise<JobResult> {
  registry.forget();
  const job = await jobs.run(machine, { steps, ...more });
  const left = `ls /run /var/lib /home/runner/work/_temp | grep lazypull | grep -v "^lazypull$" || true
sudo ls /var/lib/lazypull/snapshotter | grep buildkit || true`;
  assert.equal((await machine.run(left)).stdout, '');
  assert.deepEqual(job.orphans, []);
  return job;
}

/** Nothing that a job had pulled or built is there any more. */
async function wipe(): Promise<void> {
  await machine.run(`sudo systemctl stop docker.socket docker containerd
sudo find /var/lib/docker /var/lib/containerd /var/lib/lazypull -mindepth 1 -delete
sudo systemctl start containerd docker`);
}

/** The tag gets another image of the same files. */
async function moveTag(name: string): Promise<void> {
  const url = `${registry.url}/v2/${name}/manifests/latest`;
  const manifest = (await (await fetch(url)).json()) as { mediaType: string };
  registry.addManifest(name, { ...manifest, annotations: { moved: 'yes' } }, 'latest');
}

suite('Builds of a job', { skip }, () => {
  before(async () => {
    jobs = await ActionJobs.make();
    // As new as on hosted runners: that of the machine has Docker push what it has stored.
    const buildx = {
      source: requireProgram('docker-buildx'),
      target: '/usr/local/lib/docker/cli-plugins/docker-buildx',
    };
    machine = await jobs.machine({ buildkitd: true, mounts: [buildx] });
    registry = await registryFor(machine, {});
    for (const name of MIRRORED) registry.content.addLayout((await image('small')).layoutDir, name);
    await convert(`${registry.host}/pushed:latest`, `${registry.host}/mirror/pushed:latest`);
    // The others are the same image, and so are their variants.
    const { contents, tags } = registry.content.repository('mirror/pushed');
    for (const name of MIRRORED.slice(1)) {
      const repository = registry.content.repository(`mirror/${name}`);
      for (const [digest, content] of contents) repository.contents.set(digest, content);
      for (const [tag, digest] of tags) repository.tags.set(tag, digest);
    }
    await moveTag('stale');
  });
  after(async () => {
    await registry?.close();
    await machine?.[Symbol.asyncDispose]();
    jobs?.[Symbol.dispose]();
  });

  for (const engine of ENGINES) {
    test(`${engine}: builds read the variants of what they name, and push what is lazily pullable`, async () => {
      if (engine !== ENGINES[0]) await wipe();
      await using job = await run([
        checkout({
          Dockerfile: DOCKERFILE,
          'compose.yaml': COMPOSE,
          'docker-bake.hcl': BAKE,
          'plain/Dockerfile': plainBuild('plain'),
          'stale/Dockerfile': plainBuild('stale'),
        }),
        uses(engine, { 'build-files': '.\n*/Dockerfile' }),
        pushBuild(engine, '1'),
        { id: 'build', run: 'docker build --progress plain plain 2>&1; docker build --progress plain stale 2>&1' },
        { id: 'bake', run: 'docker buildx bake --progress plain 2>&1' },
        // The compose of this machine has a buildx in it that is older than the builder.
        ...(engine === 'docker' ? [{ id: 'compose', run: 'docker compose --progress plain build 2>&1' }] : []),
      ]);
      assert.equal(job.conclusion, 'success', job.log);
      const { groups, stdout, annotations } = job.step('lazypull');
      assert.ok(groups.includes('Finding lazily pullable bases of builds'));
      assert.match(stdout, /docker-bake\.hcl \(app-\w+\):2 and 1 more place: \S+\/baked:latest: replaced by/);
      assert.match(stdout, /stale\/Dockerfile:1: \S+\/stale: used as it is: \S+ was made from sha256:/);
      assert.match(stdout, /4 of 5 images replaced/);
      assert.ok(!annotations.some(({ message }) => /Builds use|variant/.test(message)));

      for (const name of ['pushed', 'plain', 'baked', 'composed']) {
        assert.deepEqual(fetched(name), { whole: 0, blobs: 0 }, name);
      }
      assert.notEqual(fetched('mirror/pushed').blobs, 0);
      assert.equal(fetched('mirror/pushed').whole, 0);
      // What the lines above rule out is seen here.
      assert.notEqual(fetched('stale').whole, 0);
      assert.deepEqual(fetched('mirror/stale'), { whole: 0, blobs: 0 });

      const post = job.post('lazypull');
      assert.match(post.summary, /Bases of builds: 4 of 5 replaced/);
      assert.match(post.summary, /`registry\.test:5000\/stale` \| stale\/Dockerfile:1 \| the image itself: /);
      for (const name of [`built-${engine}:1`, `cache-${engine}:main`]) {
        const [repository = '', tag = ''] = name.split(':');
        assert.ok(registry.content.lookup(repository, tag) !== undefined, name);
      }
    });
  }

  test('docker: on an empty machine the next job has its steps from the cache, and runs what was pushed, all lazily', async () => {
    await wipe();
    const again = `${DOCKERFILE}RUN /bin/md5sum -c /sum && /bin/cat /sum\n`;
    await using job = await run([
      checkout({ Dockerfile: again }),
      uses('docker'),
      pushBuild('docker', '2'),
      ...ENGINES.map((engine) => ({
        id: engine,
        run: `docker run --rm ${REGISTRY}/built-${engine}:1 /bin/md5sum -c /sum`,
      })),
      ...ENGINES.map((engine) => ({
        id: `sum-${engine}`,
        run: `docker run --rm ${REGISTRY}/built-${engine}:1 /bin/cat /sum`,
      })),
      statusStep,
    ]);
    assert.equal(job.conclusion, 'success', job.log);
    const said = job.step('push').stdout;
    assert.match(said, /^#\d+ \[2\/3\] RUN \/bin\/busybox dd[^]*^#\d+ CACHED$/m);
    assert.match(said, /\/made: OK/);
    // The same random bytes: nothing was made a second time.
    for (const engine of ENGINES) sums.set(engine, job.step(`sum-${engine}`).stdout.slice(0, 32));
    assert.ok(said.includes(sums.get('docker')!));
    assert.notEqual(sums.get('docker'), sums.get('buildkit'));
    for (const engine of ENGINES) assert.match(job.step(engine).stdout, /\/made: OK/);
    // The layers of built-docker are those of its cache.
    for (const name of ['cache-docker:main', 'built-buildkit:1'])
      assert.deepEqual(waysOf(statusOf(job), name), ['lazy']);
    assert.deepEqual(wholeReads(), []);
  });

  test('buildkit: on an empty machine the next job has its steps from the cache, lazily', async () => {
    await wipe();
    const again = `${DOCKERFILE}RUN /bin/md5sum -c /sum && /bin/cat /sum\n`;
    await using job = await run([checkout({ Dockerfile: again }), uses('buildkit'), pushBuild('buildkit', '2')]);
    assert.equal(job.conclusion, 'success', job.log);
    const said = job.step('push').stdout;
    assert.match(said, /^#\d+ \[2\/3\] RUN \/bin\/busybox dd[^]*^#\d+ CACHED$/m);
    assert.match(said, /\/made: OK/);
    assert.ok(said.includes(sums.get('buildkit')!));
    assert.deepEqual(wholeReads(), []);
  });

  test('a broken mapping is a notice with its line, a policy of the workflow stays, and builds use what they name', async () => {
    await using job = await run([
      checkout({ Dockerfile: plainBuild('plain'), 'variants.toml': '[variants]\n\n"a" = 1\n' }),
      uses('buildkit', { variants: 'variants.toml' }),
      { ...uses('buildkit'), id: 'theirs', env: { [POLICY]: '/srv/their-policy.json' } },
      { run: `test -z "$${POLICY}"\ndocker buildx build --output type=oci,dest=out.tar . 2>&1` },
    ]);
    assert.equal(job.conclusion, 'success', job.log);
    const [broken] = job.step('lazypull').annotations;
    assert.equal(broken?.level, 'notice');
    assert.match(
      broken?.message ?? '',
      /^Builds use the images that they name: variants\.toml:3: the variant of a is no text/,
    );
    assert.match(job.step('theirs').annotations[0]?.message ?? '', /is set already, to \/srv\/their-policy\.json/);
    assert.notEqual(fetched('plain').whole, 0);
    assert.deepEqual(fetched('mirror/plain'), { whole: 0, blobs: 0 });
  });
});
