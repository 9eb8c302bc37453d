// The gateway frontend in a real buildkitd: Dockerfiles name ordinary images, builds read their lazily pullable variants,
// and are otherwise the same builds.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { digestOf } from '../../src/oci/digest.ts';
import { startFrontendWorld, type FrontendWorld } from '../support/frontend.ts';
import { needs } from '../support/needs.ts';
import { run } from '../support/run.ts';

const required = ['root', 'fuse', 'erofs', 'busybox', 'runc', 'buildkitd', 'buildctl', 'docker-buildx', 'ldd', 'tar'];
const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';
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
      results.push({ folder, config: await configOf(metadata, `built-${name}`) });
    }
    const [ordinary, lazy] = results;
    assert.ok(ordinary !== undefined && lazy !== undefined);
    assert.deepEqual(lazy.config, ordinary.config);
    const { stdout } = await run('diff', ['-r', '--no-dereference', ordinary.folder, lazy.folder], { check: false });
    // Devices and pipes are told apart by their paths alone.
    const sameKind = /^File (\S+) is (.+) while file (\S+) is \2\n/gm;
    assert.equal(stdout.replaceAll(sameKind, ''), '');
  });

  test('provenance goes with the image, and names what the build was made from', async () => {
    const target = `${world.registry.host}/with-provenance:latest`;
    const output = ['--output', `type=image,name=${target},push=true,registry.insecure=true`];
    const flags = ['--provenance=mode=max', '--metadata-file', join(world.dir, 'provenance.json'), ...output];
    const { status, stderr } = await world.build({ dockerfile: lazily(`FROM ${world.base}`, 'RUN true'), flags });
    assert.equal(status, 0, stderr);
    const { manifests } = JSON.parse(await blobOf('with-provenance', 'latest')) as {
      manifests: { digest: string; annotations?: Record<string, string> }[];
    };
    const attestation = manifests.find(({ annotations }) => annotations?.['vnd.docker.reference.type'] !== undefined);
    assert.ok(attestation !== undefined);
    const { layers } = JSON.parse(await blobOf('with-provenance', attestation.digest)) as {
      layers: { digest: string }[];
    };
    assert.match(await blobOf('with-provenance', layers[0]?.digest ?? ''), /latest-esgz/);
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

  test('an image made from the frontend brings the rules of whoever made it', async () => {
    const own = `${world.registry.host}/own-frontend:latest`;
    const output = ['--provenance=false', '--output', `type=image,name=${own},push=true,registry.insecure=true`];
    const made = await world.build({
      dockerfile: `FROM ${world.frontend}\nENV LAZYPULL_SUFFIX=-esgz\n`,
      flags: output,
    });
    assert.equal(made.status, 0, made.stderr);
    const { status, stderr } = await world.build({ dockerfile: `# syntax=${own}\nFROM ${world.base}\n` });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /\[context \S+small::linux\/\w+\] \S+small:latest-esgz@sha256:/);
  });

  test('a Dockerfile that names another frontend gets that one, with our contexts', async () => {
    const other = `${world.registry.host}/frontend:other`;
    const found = world.registry.content.lookup('frontend', 'latest');
    assert.ok(found !== undefined);
    world.registry.content.tag('frontend', 'other', found.digest);
    const flags = ['--build-arg', `BUILDKIT_SYNTAX=${world.frontend} suffix=-esgz`];
    const { status, stderr } = await world.build({ dockerfile: `# syntax=${other}\nFROM ${world.base}\n`, flags });
    assert.equal(status, 0, stderr);
    assert.ok(stderr.includes(`resolve image config for docker-image://${other}`), stderr);
    assert.match(stderr, /\[context \S+small::linux\/\w+\] \S+small:latest-esgz@sha256:/);
  });

  test('a bake file whose targets build on each other is built lazily', async () => {
    const folder = world.context({
      'docker-bake.json': JSON.stringify({
        group: { default: { targets: ['app'] } },
        target: {
          base: { dockerfile: 'base.Dockerfile', args: { BUILDKIT_SYNTAX: `${world.frontend} suffix=-esgz` } },
          app: { contexts: { base: 'target:base' }, args: { BUILDKIT_SYNTAX: `${world.frontend} suffix=-esgz` } },
        },
      }),
      'base.Dockerfile': `FROM ${world.base}\nRUN cp /data/4097 /from-base\n`,
      Dockerfile: `FROM base\nCOPY --from=${world.base} /data/4097 /\nRUN md5sum /from-base /4097\n`,
    });
    const { status, stderr } = await world.buildx(['bake', '--progress', 'plain'], folder);
    assert.equal(status, 0, stderr);
    assert.equal(stderr.match(/07f1a2f6528b130b9d81dd913a4706b4/g)?.length, 2);
    assert.doesNotMatch(stderr, /\] FROM /);
  });

  test('a context from an address is built as it is', async () => {
    const folder = world.context({ Dockerfile: lazily(`FROM ${world.base}`, 'RUN md5sum /data/4097') });
    const { stdout } = await run('sh', ['-c', `tar -C ${folder} -cz . | base64 -w0`]);
    const server = createServer((_, response) => void response.end(Buffer.from(stdout, 'base64')));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/context.tar.gz`;
    const { status, stderr } = await world.buildx(['build', '--progress', 'plain', url]);
    server.close();
    assert.equal(status, 0, stderr);
    assert.match(stderr, /\] FROM \S+small:latest/);
    assert.doesNotMatch(stderr, /esgz@/);
  });

  test('the Dockerfile of the image makes one that says of itself what ours says', async () => {
    const project = fileURLToPath(new URL('../..', import.meta.url));
    const metadata = join(world.dir, 'by-dockerfile.json');
    const stage = world.context({});
    mkdirSync(join(stage, 'src'));
    writeFileSync(join(stage, 'src', 'frontend.mjs'), '// the bundled module\n');
    const dockerfile = join(project, 'buildkit-frontend', 'image', 'Dockerfile');
    const output = `type=image,name=${world.registry.host}/by-dockerfile:latest,push=true,registry.insecure=true`;
    const args = ['build', '--provenance=false', '-f', dockerfile, '--metadata-file', metadata, '--output', output];
    // The stage that bundles needs the world's package registry, and the base the world's images.
    const base = `gcr.io/distroless/nodejs24-debian12=docker-image://${world.base}`;
    const contexts = ['--build-context', `build=${stage}`, '--build-context', base];
    const { status, stderr } = await world.buildx([...args, ...contexts, world.context({})]);
    assert.equal(status, 0, stderr);
    const { config: made } = await configOf(metadata, 'by-dockerfile');
    const layout = JSON.parse(await blobOf('frontend', 'latest')) as { config: { digest: string } };
    const { config: ours } = JSON.parse(await blobOf('frontend', layout.config.digest)) as { config: RunConfig };
    assert.deepEqual(made.Labels, ours.Labels);
    assert.deepEqual(made.Entrypoint?.at(-1), ours.Entrypoint?.at(-1));
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
      'it was made from an older image, and only its manifest says so': {
        rule: 'suffix=-old-stale',
        says: /latest-old-stale was made from sha256:/,
      },
      'it says nothing of its source': { rule: 'suffix=-unmarked', says: /has no annotation dev\.lazypull/ },
      'it is for another platform': {
        rule: 'suffix=-other',
        says: /small is not pulled lazily: \S+small:latest-other has no image for linux\/amd64/,
      },
      'it is private and nobody is logged in': {
        rule: '',
        arg: () => `LAZYPULL_MAPPING=[variants]\n"${world.registry.host}/*" = "${world.closed.host}/*"`,
        says: /small:latest can't be looked at: .*(401|authoriz|denied)/i,
      },
      'its registry is down': {
        rule: '',
        arg: () => `LAZYPULL_MAPPING=[variants]\n"${world.registry.host}/*" = "127.0.0.1:1/*"`,
        says: /small:latest can't be looked at: .*connection refused/,
      },
      'the mapping is broken': {
        rule: '',
        arg: () => 'LAZYPULL_MAPPING=[variants]\na = 5',
        says: /no image is pulled lazily: LAZYPULL_MAPPING:2/,
      },
      'no rule is given': { rule: '', says: /no rule says where lazily pullable ones are/ },
      'the syntax line has words that mean nothing': { rule: 'sufix=-esgz', says: /the word \\?"sufix=-esgz\\?"/ },
    };
    before(async () => {
      const { content } = world.registry;
      world.registry.knobs.namesAccepted = false;
      const marks = /"dev\.lazypull\.source\.digest":"sha256:[0-9a-f]{64}"/;
      const text = await blobOf('small', 'latest-esgz');
      assert.match(text, marks);
      const older = digestOf(Buffer.from('older'));
      // Config and manifest say it. Of what says it in the manifest alone, as all that is older, the manifest is read.
      const { config } = JSON.parse(text) as { config: { digest: string; mediaType: string; size: number } };
      const configText = await blobOf('small', config.digest);
      assert.match(configText, marks);
      const tagged = (tag: string, changedConfig: string, changed: string): void => {
        const made = content.add('small', Buffer.from(changedConfig), config.mediaType);
        const named = {
          ...(JSON.parse(changed) as object),
          config: { ...config, digest: made.digest, size: made.size },
        };
        content.tag('small', tag, content.add('small', Buffer.from(JSON.stringify(named)), MANIFEST_TYPE).digest);
      };
      const olderMark = `"dev.lazypull.source.digest":"${older}"`;
      tagged('latest-stale', configText.replace(marks, olderMark), text);
      tagged('latest-old-stale', configText.replace(marks, '"o":1'), text.replace(marks, olderMark));
      tagged('latest-unmarked', configText.replace(marks, '"o":1'), text.replace(marks, '"other":"mark"'));
      tagged('latest-old', configText.replace(marks, '"o":1'), text);
      const [mark = ''] = marks.exec(text) ?? [];
      const variant = content.lookup('small', 'latest-esgz');
      const entry = { digest: variant?.digest, size: variant?.content.size, mediaType: MANIFEST_TYPE };
      world.registry.addManifest(
        'small',
        {
          schemaVersion: 2,
          mediaType: INDEX_TYPE,
          manifests: [{ ...entry, platform: { os: 'linux', architecture: 's390x' } }],
          annotations: JSON.parse(`{${mark}}`) as object,
        },
        'latest-other',
      );
    });
    after(() => void (world.registry.knobs.namesAccepted = true));
    test('but a variant is used of which only the manifest says what it was made from', async () => {
      const dockerfile = `# syntax=${world.frontend} suffix=-old\nFROM ${world.base}\nRUN md5sum /data/4097\n`;
      const { status, stderr } = await world.build({ dockerfile });
      assert.equal(status, 0, stderr);
      assert.match(stderr, /\] \S+small:latest-old@sha256:/);
    });
    for (const [name, { rule, says, ...given }] of Object.entries(cases)) {
      test(name, async () => {
        const dockerfile = `# syntax=${world.frontend} ${rule}\nFROM ${world.base}\nRUN md5sum /data/4097\n`;
        const flags = 'arg' in given ? ['--build-arg', given.arg()] : [];
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

interface RunConfig {
  readonly Labels?: Readonly<Record<string, string>>;
  readonly Entrypoint?: readonly string[];
}

/** The pushed image's configuration, without times and digests of layers. */
async function configOf(metadataFile: string, repository: string): Promise<{ readonly config: RunConfig }> {
  const metadata = JSON.parse(readFileSync(metadataFile, 'utf8')) as { 'containerimage.config.digest': string };
  const text = await blobOf(repository, metadata['containerimage.config.digest']);
  const document = JSON.parse(text, (key, value: unknown) => (key === 'created' ? undefined : value)) as object;
  const { rootfs: _rootfs, ...rest } = document as { readonly rootfs: object; readonly config: RunConfig };
  return rest;
}

/** A small blob or manifest of the registry. */
async function blobOf(repository: string, reference: string): Promise<string> {
  const found = world.registry.content.lookup(repository, reference);
  assert.ok(found !== undefined, `${repository} has ${reference}`);
  return Buffer.concat(await Array.fromAsync(found.content.read(0, found.content.size))).toString();
}
