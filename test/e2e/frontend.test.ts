// The gateway frontend in a real buildkitd: Dockerfiles name ordinary images, builds read their lazily pullable variants,
// and are otherwise the same builds.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { digestOf } from '../../src/oci/digest.ts';
import { startFrontendWorld, type FrontendWorld } from '../support/frontend.ts';
import { needs } from '../support/needs.ts';
import { run } from '../support/run.ts';

const required = ['root', 'fuse', 'erofs', 'busybox', 'runc', 'buildkitd', 'buildctl', 'docker-buildx', 'ldd', 'tar'];
const SUM = /[0-9a-f]{32} {2}\/data\/\S+/g;

let world: FrontendWorld;

/** A Dockerfile for the frontend, with a suffix rule. */
function lazily(...lines: readonly string[]): string {
  return [`# syntax=${world.frontend} suffix=-esgz`, ...lines, ''].join('\n');
}

suite('BuildKit with the frontend', { skip: needs(...required) }, () => {
  before(async () => {
    world = await startFrontendWorld();
  });
  after(async () => {
    await world[Symbol.asyncDispose]();
  });

  test('an ordinary base is read lazily, and the frontend itself too', async () => {
    world.registry.forget();
    const { status, stderr } = await world.build({
      dockerfile: lazily(`FROM ${world.base}`, 'RUN md5sum /data/4097'),
    });
    assert.equal(status, 0, stderr);
    assert.deepEqual(stderr.match(SUM), ['07f1a2f6528b130b9d81dd913a4706b4  /data/4097']);
    assert.match(stderr, /\[context \S+small::linux\/\w+\] \S+small:latest-esgz@sha256:/);
    assert.doesNotMatch(stderr, /warnings? found/);
    for (const repository of ['small', 'frontend']) assert.deepEqual(world.wholeBlobs(repository), []);
    for (const name of ['small', 'frontend']) {
      const image = await world.lazyImage(`${world.registry.host}/${name}`);
      assert.ok(image !== undefined, `the daemon mounts ${name}`);
      for (const { state, reason } of image.layers) assert.notEqual(state, 'ordinary', reason);
    }
  });

  test('the Dockerfile is read once, for the frontend and for the one that builds', async () => {
    const { stderr } = await world.build({ dockerfile: lazily(`FROM ${world.base}`) });
    const readings = new Set(stderr.match(/^#\d+ \[internal\] load build definition from .*$/gm));
    assert.equal(readings.size, 1, stderr);
  });

  test('without the frontend the same base is downloaded', async () => {
    world.registry.forget();
    const { status, stderr } = await world.build({ dockerfile: `FROM ${world.base}\nRUN md5sum /data/4096\n` });
    assert.equal(status, 0, stderr);
    assert.notDeepEqual(world.wholeBlobs('small'), []);
  });

  test('images of COPY --from and RUN --mount are read lazily, those that no stage needs are not asked for', async () => {
    const { status, stderr } = await world.build({
      dockerfile: lazily(
        `ARG NAME=${world.base}`,
        `FROM ${world.registry.host}/not-there AS unused`,
        'FROM $NAME AS final',
        `COPY --from=${world.base} /data/4095 /copied`,
        `RUN --mount=from=${world.base},target=/m md5sum /m/data/4095 /copied`,
      ),
    });
    assert.equal(status, 0, stderr);
    const [first, second] = stderr.match(/[0-9a-f]{32}(?= {2}\/)/g) ?? [];
    assert.ok(first !== undefined && first === second, stderr);
    assert.doesNotMatch(stderr, /not-there/);
    assert.doesNotMatch(stderr, /\] FROM /);
  });

  test('BUILDKIT_SYNTAX needs no line in the Dockerfile, and a mapping comes as a build argument', async () => {
    const mapping = `[variants]\n"${world.registry.host}/*" = "${world.registry.host}/*:*-esgz"`;
    const flags = ['--build-arg', `BUILDKIT_SYNTAX=${world.frontend}`, '--build-arg'];
    const mapped = await world.build({
      dockerfile: `FROM ${world.base}\n`,
      flags: [...flags, `LAZYPULL_MAPPING=${mapping.replace('/*"', '/*:*"')}`],
    });
    assert.match(mapped.stderr, /\[context \S+small::linux\/\w+\] \S+small:latest-esgz@sha256:/);
    const suffixed = await world.build({
      dockerfile: `FROM ${world.base}\n`,
      flags: [...flags, 'LAZYPULL_SUFFIX=-esgz'],
    });
    assert.match(suffixed.stderr, /\[context \S+small::linux\/\w+\] \S+small:latest-esgz@sha256:/);
  });

  test('a build gives the same files and the same configuration as without the frontend', async () => {
    const lines = ['RUN rm -r /kinds/many && chmod 600 /data/4096 && cat /data/4097 > /made', 'ENV A=b', 'COPY note /'];
    const results = [];
    for (const [name, dockerfile] of [
      ['ordinary', [`FROM ${world.base}`, ...lines, ''].join('\n')],
      ['lazy', lazily(`FROM ${world.base}`, ...lines)],
    ] as const) {
      const [folder, metadata] = [join(world.dir, name), join(world.dir, `${name}.json`)];
      const target = `${world.registry.host}/built-${name}:latest`;
      const output = `type=image,name=${target},push=true,registry.insecure=true`;
      const files = { note: 'hello\n' };
      const local = await world.build({ dockerfile, files, flags: ['--output', `type=local,dest=${folder}`] });
      assert.equal(local.status, 0, local.stderr);
      const flags = ['--provenance=false', '--metadata-file', metadata, '--output', output];
      const pushed = await world.build({ dockerfile, files, flags });
      assert.equal(pushed.status, 0, pushed.stderr);
      results.push({ folder, config: configOf(metadata, `built-${name}`) });
    }
    const [ordinary, lazy] = results;
    assert.ok(ordinary !== undefined && lazy !== undefined);
    assert.deepEqual(lazy.config, ordinary.config);
    const { stdout } = await run('diff', ['-r', '--no-dereference', ordinary.folder, lazy.folder], { check: false });
    // Devices and pipes are told apart by their paths alone.
    const sameKind = /^File (\S+) is (.+) while file (\S+) is \2\n/gm;
    assert.equal(stdout.replaceAll(sameKind, ''), '');
  });

  test('several platforms have a context each', async () => {
    const { status, stderr } = await world.build({
      dockerfile: lazily(`FROM ${world.base}`, 'RUN true'),
      flags: ['--platform', 'linux/amd64,linux/arm64'],
    });
    assert.equal(status, 0, stderr);
    for (const platform of ['linux/amd64', 'linux/arm64']) {
      assert.ok(stderr.includes(`small::${platform}] ${world.registry.host}/small:latest-esgz@sha256:`), stderr);
    }
  });

  test('a context that the user gives wins', async () => {
    const name = `${world.registry.host}/small`;
    const flags = ['--build-context', `${name}=docker-image://${world.base}`];
    const { status, stderr } = await world.build({ dockerfile: lazily(`FROM ${world.base}`), flags });
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stderr, /esgz@/);
  });

  suite('without a usable variant the build uses the ordinary image, and says why', () => {
    const cases = {
      'none is there': { rule: 'suffix=-nope', says: /small is not pulled lazily: there is no \S+small:latest-nope/ },
      'it was made from an older image': { rule: 'suffix=-stale', says: /latest-stale was made from sha256:/ },
      'it says nothing of its source': { rule: 'suffix=-unmarked', says: /has no annotation dev\.lazypull/ },
      'the mapping is broken': {
        rule: '',
        arg: 'LAZYPULL_MAPPING=[variants]\na = 5',
        says: /no image is pulled lazily: LAZYPULL_MAPPING:2/,
      },
      'no rule is given': { rule: '', says: /no rule says where lazily pullable ones are/ },
      'the syntax line has words that mean nothing': { rule: 'sufix=-esgz', says: /the word \\?"sufix=-esgz\\?"/ },
    };
    before(() => {
      const { content } = world.registry;
      const { digest, content: variant } = content.lookup('small', 'latest-esgz') ?? {};
      assert.ok(variant !== undefined && digest !== undefined);
      const marks = /"dev\.lazypull\.source\.digest":"sha256:[0-9a-f]{64}"/;
      const text = Buffer.concat([...(variant.read(0, variant.size) as Iterable<Uint8Array>)]).toString();
      assert.match(text, marks);
      const older = digestOf(Buffer.from('older'));
      for (const [tag, changed] of [
        ['latest-stale', text.replace(marks, `"dev.lazypull.source.digest":"${older}"`)],
        ['latest-unmarked', text.replace(marks, '"other":"mark"')],
      ] as const) {
        const type = 'application/vnd.oci.image.manifest.v1+json';
        content.tag('small', tag, content.add('small', Buffer.from(changed), type).digest);
      }
    });
    for (const [name, { rule, says, ...given }] of Object.entries(cases)) {
      test(name, async () => {
        const dockerfile = `# syntax=${world.frontend} ${rule}\nFROM ${world.base}\nRUN md5sum /data/4097\n`;
        const flags = 'arg' in given ? ['--build-arg', given.arg] : [];
        const { status, stderr } = await world.build({ dockerfile, flags });
        assert.equal(status, 0, stderr);
        assert.match(stderr, says);
        assert.match(stderr, /1 warning found/);
        assert.doesNotMatch(stderr, /\[context /);
      });
    }
  });

  suite('what the Dockerfile frontend says comes through', () => {
    // Folders and references of a build are its own.
    const shown = (text: string): string =>
      text
        .replaceAll(/context-\d+/g, 'context')
        .replaceAll(/\bref \S+/g, 'ref')
        .replaceAll(/^.*# (comment|syntax).*\n/gm, '');
    const last = (text: string): string => shown(text).trimEnd().split('\n').at(-1) ?? '';

    for (const [name, line] of [
      ['a wrong instruction', 'RUNN true'],
      ['a command that fails', 'RUN exit 7'],
      ['a file that is not there', 'COPY nowhere /'],
    ] as const) {
      test(`the error of ${name}`, async () => {
        const ordinary = await world.build({ dockerfile: `# comment\nFROM ${world.base}\n${line}\n` });
        const { status, stderr } = await world.build({ dockerfile: lazily(`FROM ${world.base}`, line) });
        assert.equal(status, ordinary.status);
        assert.notEqual(status, 0);
        assert.equal(last(stderr), last(ordinary.stderr));
        assert.match(stderr, new RegExp(`^ +3 \\| >>> ${line}$`, 'm'));
      });
    }

    test('an error in a Dockerfile that is larger than any header', async () => {
      const long = Array.from({ length: 5000 }, () => `# ${'x'.repeat(100)}`);
      const { status, stderr } = await world.build({ dockerfile: lazily(`FROM ${world.base}`, ...long, 'RUN exit 7') });
      assert.notEqual(status, 0);
      assert.match(stderr, /^ +5003 \| >>> RUN exit 7$/m);
    });

    test('that there is no Dockerfile', async () => {
      const flags = ['--build-arg', `BUILDKIT_SYNTAX=${world.frontend}`, '-f', join(world.dir, 'nowhere')];
      const { status, stderr } = await world.build({ dockerfile: '', flags });
      assert.notEqual(status, 0);
      assert.match(stderr, /failed to read dockerfile: open nowhere: no such file or directory/);
    });

    for (const call of ['check', 'outline', 'targets']) {
      test(`--call=${call}`, async () => {
        const lines = ['ARG VERSION=1', `FROM ${world.base} as final`, 'RUN true'];
        const flags = [`--call=${call}`];
        const ordinary = await world.build({ dockerfile: ['# comment', ...lines, ''].join('\n'), flags });
        const { status, stdout, stderr } = await world.build({ dockerfile: lazily(...lines), flags });
        assert.equal(status, ordinary.status);
        assert.equal(shown(stdout), shown(ordinary.stdout));
        assert.notEqual(stdout, '');
        // Nobody asks for variants: nothing is built.
        assert.doesNotMatch(stderr, /esgz@|\[lazypull\]/);
      });
    }
  });
});

/** The pushed image's configuration, without times and digests of layers. */
function configOf(metadataFile: string, repository: string): object {
  const metadata = JSON.parse(readFileSync(metadataFile, 'utf8')) as { 'containerimage.config.digest': string };
  const found = world.registry.content.lookup(repository, metadata['containerimage.config.digest']);
  assert.ok(found !== undefined);
  const bytes = Buffer.concat([...(found.content.read(0, found.content.size) as Iterable<Uint8Array>)]);
  const config = JSON.parse(bytes.toString()) as { history: { created?: string }[]; created?: string; rootfs?: object };
  const { created: _created, rootfs: _rootfs, history, ...rest } = config;
  return { ...rest, history: history.map(({ created: _time, ...entry }) => entry) };
}
