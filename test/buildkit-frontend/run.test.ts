// A whole build against a gateway that has one Dockerfile, one image and its variant.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { openBridge } from '../../buildkit-frontend/bridge.ts';
import { openChannel } from '../../buildkit-frontend/channel.ts';
import { runBuild } from '../../buildkit-frontend/run.ts';
import { openVariants } from '../../buildkit-frontend/variants.ts';
import { SOURCE_DIGEST, TOC_DIGEST } from '../../src/oci/annotations.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { OCI_CONFIG, OCI_LAYER_GZIP, OCI_MANIFEST } from '../../src/oci/media-types.ts';
import { decode, encode, GatewayError, startGateway, type Answers, type Gateway } from '../support/gateway.ts';

const US = 'registry.test/frontend:1';
const DOCKERFILE = `# syntax=${US} suffix=-esgz\nFROM registry.test/base:1\n`;
const RESULT = { ref: { id: 'built' }, metadata: { 'containerimage.config': Buffer.from('{}') } };
const options = { source: US, cmdline: `${US} suffix=-esgz`, 'build-arg:A': 'b' };
const amd64 = { os: 'linux', architecture: 'amd64' };

function manifest(name: string, annotations: Record<string, string>, layer: Record<string, string>): Buffer {
  const part = (mediaType: string) => ({ mediaType, digest: digestOf(Buffer.from(name)), size: 1 });
  const layers = [{ ...part(OCI_LAYER_GZIP), annotations: layer }];
  const document = { schemaVersion: 2, mediaType: OCI_MANIFEST, config: part(OCI_CONFIG), layers, annotations };
  return Buffer.from(JSON.stringify(document));
}

const base = manifest('base', {}, {});
const variant = manifest(
  'variant',
  { [SOURCE_DIGEST]: digestOf(base) },
  { [TOC_DIGEST]: digestOf(Buffer.from('toc')) },
);
const VARIANT = `docker-image://registry.test/base:1-esgz@${digestOf(variant)}`;

interface World {
  readonly dockerfile?: string;
  readonly inputs?: object;
  readonly caps?: readonly string[];
  /** How the gateway says that it has no image of a name. */
  readonly absent?: (name: string) => string;
  /** Manifests by what is resolved. */
  readonly images?: Readonly<Record<string, Buffer>>;
  /** Configs by the same; none unless given. */
  readonly configs?: Readonly<Record<string, object>>;
  readonly built?: () => object;
}

const images = { 'registry.test/base:1': base, 'registry.test/base:1-esgz': variant };

function answers({ dockerfile = DOCKERFILE, inputs = {}, caps = ['source.imageblob'], ...world }: World): Answers {
  const byDigest = new Map(Object.values(world.images ?? images).map((bytes) => [digestOf(bytes) as string, bytes]));
  return {
    Ping: () => ({
      FrontendAPICaps: ['frontend.inputs', 'gateway.warnings'].map((ID) => ({ ID, Enabled: true })),
      LLBCaps: caps.map((ID) => ({ ID, Enabled: true })),
    }),
    Inputs: () => ({ Definitions: inputs }),
    Solve: (request) => ({
      result: request['Frontend'] === '' ? { ref: { id: sourceOf(request) } } : (world.built ?? (() => RESULT))(),
    }),
    ReadFile: ({ Ref, FilePath }) => {
      const name = String(Ref);
      if (FilePath === 'Dockerfile' && !name.includes('blob')) return { Data: Buffer.from(dockerfile) };
      const found = byDigest.get(name.slice(name.indexOf('@') + 1));
      if (found === undefined) throw new GatewayError(5, `open ${String(FilePath)}: no such file or directory`);
      return { Data: found };
    },
    ResolveImageConfig: ({ Ref }) => {
      const found = (world.images ?? images)[String(Ref) as keyof typeof images] as Buffer | undefined;
      const absent = world.absent ?? ((name) => `${name}: not found`);
      if (found === undefined) throw new GatewayError(2, absent(String(Ref)));
      const config = world.configs?.[String(Ref)];
      return { Digest: digestOf(found), ...(config && { Config: Buffer.from(JSON.stringify(config)) }) };
    },
  };
}

/** What a definition reads; the input of a test has a name in place of an encoded step. */
function sourceOf(request: Readonly<Record<string, unknown>>): string {
  const { def } = request['Definition'] as { def: Buffer[] };
  try {
    return (decode('Op', def[0] ?? Buffer.alloc(0))['source'] as { identifier: string }).identifier;
  } catch {
    return 'input';
  }
}

async function build(world: World, given: Readonly<Record<string, string>> = options): Promise<Gateway> {
  const gateway = await startGateway(answers(world));
  using channel = openChannel(gateway.connect());
  const environment = { options: given, session: 's1', buildPlatform: amd64, defaults: {} };
  await runBuild(openBridge(channel), environment, openVariants);
  await gateway[Symbol.asyncDispose]();
  return gateway;
}

/** What was asked of the frontend that does the build. */
function forwarded(gateway: Gateway): {
  Frontend: unknown;
  FrontendOpt: Record<string, string>;
  FrontendInputs: object;
} {
  const found = gateway.asked('Solve').filter(({ Frontend }) => Frontend !== '');
  assert.equal(found.length, 1);
  return found[0] as never;
}

function warnings(gateway: Gateway): string[] {
  return gateway.asked('Warn').map((request) => String(request['short']));
}

suite('a build', () => {
  test('goes on with the variant in place of the image, and its result is returned', async () => {
    const gateway = await build({});
    const { Frontend, FrontendOpt } = forwarded(gateway);
    assert.equal(Frontend, 'dockerfile.v0');
    assert.deepEqual(FrontendOpt, { ...options, 'context:registry.test/base:1::linux/amd64': VARIANT });
    const [returned] = gateway.asked('Return');
    assert.ok(returned !== undefined);
    assert.equal(returned['error'], null);
    const { ref, metadata } = returned['result'] as typeof RESULT;
    assert.equal(ref.id, 'built');
    assert.deepEqual(metadata, RESULT.metadata);
    assert.deepEqual(warnings(gateway), []);
  });

  test('warns at the line of an image that has no variant', async () => {
    const gateway = await build({ images: { 'registry.test/base:1': base } });
    assert.deepEqual(forwarded(gateway).FrontendOpt, options);
    const [warning, ...others] = gateway.asked('Warn');
    assert.equal(others.length, 0);
    assert.equal(
      String(warning?.['short']),
      'registry.test/base:1 is not pulled lazily: there is no registry.test/base:1-esgz',
    );
    assert.match(String(warning?.['digest']), /^sha256:/);
    assert.deepEqual(warning?.['ranges'], [{ start: { line: 2, character: 0 }, end: { line: 2, character: 0 } }]);
  });

  test('warns of a variant that is there for another platform only', async () => {
    const absent = (): string => 'no match for platform in manifest: not found';
    const gateway = await build({ images: { 'registry.test/base:1': base }, absent });
    assert.deepEqual(forwarded(gateway).FrontendOpt, options);
    assert.deepEqual(warnings(gateway), [
      'registry.test/base:1 is not pulled lazily: registry.test/base:1-esgz has no image for linux/amd64',
    ]);
  });

  test('does not use what was altered on its way', async () => {
    const other = digestOf(Buffer.from('promised'));
    const gateway = await startGateway({
      ...answers({}),
      ResolveImageConfig: () => ({ Digest: other }),
      ReadFile: readAnything,
    });
    using channel = openChannel(gateway.connect());
    await runBuild(openBridge(channel), { options, session: '', buildPlatform: amd64, defaults: {} }, openVariants);
    await gateway[Symbol.asyncDispose]();
    assert.deepEqual(forwarded(gateway).FrontendOpt, options);
    assert.match(warnings(gateway).join(), new RegExp(`expected ${other}`));
  });

  const plain = { os: 'linux', architecture: 'amd64' };
  const configsWith = (variantConfig: object): Record<string, object> => ({
    'registry.test/base:1': plain,
    'registry.test/base:1-esgz': { ...plain, ...variantConfig },
  });

  test('finds a variant by its config, where no manifest is to be had', async () => {
    const gateway = await build({ caps: [], configs: configsWith({ [SOURCE_DIGEST]: digestOf(base) }) });
    assert.equal(forwarded(gateway).FrontendOpt['context:registry.test/base:1::linux/amd64'], VARIANT);
    assert.deepEqual(warnings(gateway), []);
    // Two questions, at once, and no file but the Dockerfile.
    assert.equal(gateway.asked('ResolveImageConfig').length, 2);
    assert.equal(gateway.asked('ReadFile').length, 1);
  });

  const refusals: readonly [title: string, config: object, says: RegExp][] = [
    ['was made from another image', { [SOURCE_DIGEST]: digestOf(variant) }, /-esgz was made from sha256:\w+, and the/],
    [
      'is for another platform',
      { [SOURCE_DIGEST]: digestOf(base), architecture: '386' },
      /-esgz is for linux\/386, not for linux\/amd64/,
    ],
    ['says nothing of its source', {}, /does not show manifests/],
    ['says it in no text', { [SOURCE_DIGEST]: 1 }, /does not show manifests/],
  ];
  for (const [title, config, says] of refusals) {
    test(`does not use a variant whose config ${title}`, async () => {
      const gateway = await build({ caps: [], configs: configsWith(config) });
      assert.deepEqual(forwarded(gateway).FrontendOpt, options);
      assert.match(warnings(gateway).join(), says);
    });
  }

  const lazyBase = manifest('lazy', {}, { [TOC_DIGEST]: digestOf(Buffer.from('toc')) });
  const itself: readonly [title: string, world: World][] = [
    ['its manifest says', { images: { 'registry.test/base:1': lazyBase } }],
    [
      'its config says, where no manifest is to be had',
      {
        images: { 'registry.test/base:1': base },
        configs: { 'registry.test/base:1': { ...plain, [SOURCE_DIGEST]: digestOf(variant) } },
        caps: [],
      },
    ],
  ];
  for (const [title, world] of itself) {
    test(`uses an image that is lazily pullable itself, as ${title}, without a warning`, async () => {
      const gateway = await build(world);
      assert.deepEqual(forwarded(gateway).FrontendOpt, options);
      assert.deepEqual(warnings(gateway), []);
    });
  }

  test('goes on without variants where BuildKit does not show manifests', async () => {
    const gateway = await build({ caps: [] });
    assert.deepEqual(forwarded(gateway).FrontendOpt, options);
    assert.match(warnings(gateway).join(), /this BuildKit does not show manifests to frontends/);
  });

  test('of a context with an address is handed on as it is', async () => {
    for (const remote of [
      { context: 'https://example.test/c.git' },
      { contextkey: 'c', c: 'https://example.test/c.tar' },
    ]) {
      const gateway = await build({}, { ...options, ...remote });
      assert.deepEqual(forwarded(gateway).FrontendOpt, { ...options, ...remote });
      assert.equal(gateway.asked('Solve').length, 1);
      assert.deepEqual(warnings(gateway), []);
    }
  });

  test('of a Dockerfile that comes as an input reads that one, and hands all inputs on', async () => {
    const inputs = {
      dockerfile: { def: [Buffer.from([0xff]), encode('Op', { inputs: [{ digest: 'sha256:step' }] })], metadata: {} },
      context: { def: [Buffer.from('x')], metadata: {} },
    };
    const gateway = await build({ inputs, images: {} });
    assert.deepEqual(forwarded(gateway).FrontendInputs, inputs);
    assert.equal(gateway.asked('ReadFile')[0]?.['Ref'], 'input');
    assert.equal(gateway.asked('Warn')[0]?.['digest'], 'sha256:step');
  });

  test('of a question about the Dockerfile asks no registry', async () => {
    const question = { ...options, requestid: 'frontend.lint' };
    const gateway = await build({}, question);
    assert.deepEqual(forwarded(gateway).FrontendOpt, question);
    assert.equal(gateway.asked('ResolveImageConfig').length, 0);
  });

  test('of a Dockerfile that can not be read is left to the frontend that says it best', async () => {
    const gateway = await build({}, { ...options, filename: 'other' });
    assert.deepEqual(forwarded(gateway).FrontendOpt, { ...options, filename: 'other' });
    assert.deepEqual(warnings(gateway), []);
  });

  test('by a frontend of the Dockerfile goes to that one', async () => {
    const dockerfile = '# syntax=docker/dockerfile:1 x\nFROM registry.test/base:1\n';
    const gateway = await build({ dockerfile });
    const { Frontend, FrontendOpt } = forwarded(gateway);
    assert.equal(Frontend, 'gateway.v0');
    assert.equal(FrontendOpt['source'], 'docker/dockerfile:1');
    assert.equal(FrontendOpt['cmdline'], 'docker/dockerfile:1 x');
    assert.equal(FrontendOpt['context:registry.test/base:1::linux/amd64'], VARIANT);
  });

  test('that fails returns the error with all that it says', async () => {
    const details = encode('Status', {
      code: 3,
      message: 'wrong',
      details: [{ type_url: 'source', value: Buffer.from('x') }],
    });
    const built = (): never => {
      throw new GatewayError(3, 'wrong', details);
    };
    const gateway = await build({ built });
    const [returned] = gateway.asked('Return');
    assert.deepEqual(returned?.['error'], decode('Status', details));
    assert.equal(returned['result'], null);
  });
});

function readAnything({ FilePath }: Readonly<Record<string, unknown>>): object {
  return { Data: FilePath === 'Dockerfile' ? Buffer.from(DOCKERFILE) : base };
}
