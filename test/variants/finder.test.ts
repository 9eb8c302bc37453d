// The finder asks a real registry, which has images as the converter makes them: an annotation that names the source, and
// layers with the digest of a table of contents.
import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import { SOURCE_DIGEST, TOC_DIGEST } from '../../src/oci/annotations.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { formatPlatform, parsePlatform } from '../../src/oci/platform.ts';
import { RegistryClient } from '../../src/registry/client.ts';
import { VariantFinder } from '../../src/variants/finder.ts';
import type { Variant } from '../../src/variants/model.ts';
import { parseRule } from '../../src/variants/rules.ts';
import { TestRegistry } from '../support/registry.ts';

const AMD64 = parsePlatform('linux/amd64');
const ARM64 = parsePlatform('linux/arm64');
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';

let registry: TestRegistry;
let client: RegistryClient;

function manifest(name: string, words: { lazy?: boolean; from?: string; text?: string }, tag?: string): Descriptor {
  const layer = registry.addBlob(name, Buffer.from(`layer ${words.text ?? ''}`), LAYER);
  const config = registry.addBlob(name, Buffer.from('{}'), 'application/vnd.oci.image.config.v1+json');
  const annotations = words.lazy === true ? { [TOC_DIGEST]: digestOf(Buffer.from('toc')) } : undefined;
  return registry.addManifest(
    name,
    {
      schemaVersion: 2,
      mediaType: MANIFEST,
      config,
      layers: [{ ...layer, ...(annotations && { annotations }) }],
      ...(words.from === undefined ? {} : { annotations: { [SOURCE_DIGEST]: words.from } }),
    },
    tag,
  );
}

function index(name: string, images: Readonly<Record<string, Descriptor>>, from?: string, tag = '1'): Descriptor {
  const manifests: Descriptor[] = [];
  for (const [platform, image] of Object.entries(images))
    manifests.push({ ...image, platform: parsePlatform(platform) });
  return registry.addManifest(
    name,
    {
      schemaVersion: 2,
      mediaType: INDEX,
      manifests,
      ...(from === undefined ? {} : { annotations: { [SOURCE_DIGEST]: from } }),
    },
    tag,
  );
}

/** `NAME:1` for amd64 and arm64. @returns the digests of index and images. */
function source(name: string): { digest: string; amd64: string; arm64: string } {
  const amd64 = manifest(name, { text: 'amd64' });
  const arm64 = manifest(name, { text: 'arm64' });
  const { digest } = index(name, { 'linux/amd64': amd64, 'linux/arm64': arm64 });
  return { digest, amd64: amd64.digest, arm64: arm64.digest };
}

function variantOf(name: string, from: { digest: string; amd64: string; arm64: string }): Descriptor {
  const amd64 = manifest(`lazy/${name}`, { lazy: true, text: 'amd64', from: from.amd64 });
  const arm64 = manifest(`lazy/${name}`, { lazy: true, text: 'arm64', from: from.arm64 });
  return index(`lazy/${name}`, { 'linux/amd64': amd64, 'linux/arm64': arm64 }, from.digest);
}

function finder(options: { concurrency?: number; timeoutMs?: number } = {}): VariantFinder {
  const rules = { patterns: [parseRule(`${registry.host}/*`, `${registry.host}/lazy/*`)], suffix: undefined };
  return new VariantFinder({ registry: client, rules, ...options });
}

const ref = (name: string): string => `${registry.host}/${name}:1`;

async function refused(name: string, platform = AMD64): Promise<readonly [string, string]> {
  const found = await finder().find(ref(name), platform);
  assert.equal(found.status, 'none');
  return [found.reason, found.message];
}

function missing(variant: Variant): string[] {
  assert.equal(variant.status, 'found');
  return variant.missing.map(formatPlatform);
}

suite('finding variants', () => {
  before(async () => {
    registry = await TestRegistry.start();
    client = new RegistryClient({ retry: { retries: 0 } });
  });
  afterEach(() => {
    registry.forget();
    registry.knobs.latencyMs = 0;
  });
  after(async () => {
    await client.close();
    await registry.close();
  });

  test('a variant that was made from what the tag has is found, with its digest', async () => {
    const from = source('good');
    const { digest } = variantOf('good', from);
    const reference = `${registry.host}/lazy/good:1@${digest}`;
    const found = { status: 'found', reference, digest, source: from.digest, missing: [] };
    assert.deepEqual(await finder().find(ref('good'), AMD64), found);
    assert.deepEqual(await finder().find(ref('good'), ARM64), found);
    assert.deepEqual(await finder().find(`${ref('good')}@${from.digest}`, AMD64), found);
  });

  test('one that was made from what the tag had is stale', async () => {
    variantOf('moved', source('moved'));
    index('moved', { 'linux/amd64': manifest('moved', { text: 'new' }) });
    const [reason, message] = await refused('moved');
    assert.equal(reason, 'stale');
    assert.match(
      message,
      /lazy\/moved:1 was made from sha256:\w{64}, and the image is sha256:\w{64} now: convert it again$/,
    );
  });

  test('one image of an index is enough, when it was made from the image that the tag has for the platform', async () => {
    const from = source('part');
    const amd64 = manifest('lazy/part', { lazy: true, from: from.amd64 });
    index('lazy/part', { 'linux/amd64': amd64 }, digestOf(Buffer.from('an older index')));
    assert.deepEqual(missing(await finder().find(ref('part'), AMD64)), ['linux/arm64']);
    assert.deepEqual((await refused('part', ARM64))[0], 'platform');
  });

  test('a variant of some platforms says which it lacks, as an index and as an image', async () => {
    const from = source('some');
    const amd64 = manifest('lazy/some', { lazy: true, from: from.amd64 }, '2');
    index('lazy/some', { 'linux/amd64': amd64 }, from.digest);
    assert.deepEqual(missing(await finder().find(ref('some'), AMD64)), ['linux/arm64']);
    registry.content.tag('lazy/some', '1', amd64.digest);
    assert.deepEqual(missing(await finder().find(ref('some'), AMD64)), ['linux/arm64']);
  });

  test('an image for another machine is none, even when it would run there', async () => {
    const from = source('old');
    const x86 = manifest('lazy/old', { lazy: true, from: from.amd64 });
    index('lazy/old', { 'linux/386': x86 }, from.digest);
    assert.match((await refused('old')).join(' '), /^platform \S+ is for linux\/386, not for linux\/amd64$/);
  });

  test('one that nothing is known of, and one with ordinary layers, are not used', async () => {
    const from = source('unmarked');
    index('lazy/unmarked', { 'linux/amd64': manifest('lazy/unmarked', { lazy: true }) });
    assert.equal((await refused('unmarked'))[0], 'unmarked');
    index('lazy/unmarked', { 'linux/amd64': manifest('lazy/unmarked', { from: from.amd64 }) }, from.digest);
    assert.equal((await refused('unmarked'))[0], 'not-lazy');
  });

  test('where there is none, that is said, unless the image is lazily pullable itself', async () => {
    source('alone');
    assert.match((await refused('alone')).join(' '), /^absent there is no \S+\/lazy\/alone:1$/);
    const { digest } = manifest('itself', { lazy: true }, '1');
    assert.deepEqual(await finder().find(ref('itself'), AMD64), { status: 'lazy', source: digest });
  });

  test('without a rule nobody is asked', async () => {
    const none = new VariantFinder({ registry: client, rules: { patterns: [], suffix: undefined } });
    const found = await none.find(ref('good'), AMD64);
    assert.equal(found.status === 'none' && found.reason, 'no-rule');
    assert.equal(registry.requests(), 0);
  });

  test('an answer is kept: nobody is asked twice, not even at once', async () => {
    variantOf('twice', source('twice'));
    const one = finder();
    registry.forget();
    const both = await Promise.all([one.find(ref('twice'), AMD64), one.find(ref('twice'), AMD64)]);
    const asked = registry.requests();
    // An index and, of the variant, an image.
    assert.equal(asked, 3);
    assert.deepEqual(await one.find(ref('twice'), AMD64), both[0]);
    assert.equal(registry.requests(), asked);
    // Another platform shares the indexes.
    await one.find(ref('twice'), ARM64);
    assert.equal(registry.requests(), asked + 1);
  });

  test('so many images are looked at at once, and no more', async () => {
    const names = ['c1', 'c2', 'c3', 'c4', 'c5'];
    for (const name of names) variantOf(name, source(name));
    registry.forget();
    registry.knobs.latencyMs = 5;
    const two = finder({ concurrency: 2 });
    const found = await Promise.all(names.map((name) => two.find(ref(name), AMD64)));
    assert.deepEqual(
      found.map(({ status }) => status),
      names.map(() => 'found'),
    );
    assert.equal(registry.maxInFlight, 2);
  });

  test('what fails is an answer with its reason', async () => {
    const rules = { patterns: [parseRule(`${registry.host}/*`, '127.0.0.1:1/*')], suffix: undefined };
    const down = new VariantFinder({ registry: client, rules });
    const found = await down.find(ref('good'), AMD64);
    assert.equal(found.status === 'none' && found.reason, 'failed');
    assert.match(
      found.status === 'none' ? found.message : '',
      /127\.0\.0\.1:1\/good:1 can't be looked at: GET \S+: ECONNREFUSED/,
    );
    assert.match((await refused('nowhere')).join(' '), /^failed \S+\/nowhere:1 can't be looked at: .*404/);
    assert.equal((await finder().find('No Reference', AMD64)).status, 'none');
  });

  test('a private variant says what may be missing', async () => {
    await using locked = await TestRegistry.start({
      auth: { kind: 'basic', username: 'user', password: 'open sesame' },
    });
    const rules = { patterns: [parseRule(`${registry.host}/*`, `${locked.host}/*`)], suffix: undefined };
    const found = await new VariantFinder({ registry: client, rules }).find(ref('good'), AMD64);
    assert.match(found.status === 'none' ? found.message : '', /401.*did "docker login" give access to it\?$/);
  });

  test('a registry that does not answer in time has no variant; one who gives up gets his reason, and leaves no answer', async () => {
    registry.knobs.latencyMs = 1000;
    const late = await finder({ timeoutMs: 20 }).find(ref('good'), AMD64);
    assert.match(late.status === 'none' ? late.message : '', /did not answer in time$/);
    const one = finder();
    const giveUp = new AbortController();
    const asked = one.find(ref('good'), AMD64, giveUp.signal);
    giveUp.abort(new Error('enough'));
    await assert.rejects(asked, /enough/);
    registry.knobs.latencyMs = 0;
    assert.equal((await one.find(ref('good'), AMD64)).status, 'found');
  });
});
