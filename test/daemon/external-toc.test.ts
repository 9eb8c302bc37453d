import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ExternalTocs } from '../../src/daemon/external-toc.ts';
import { FormatError, LazypullError, RegistryError, VerificationError } from '../../src/errors.ts';
import { TOC_LAYER_DIGEST } from '../../src/oci/annotations.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { digestOf, type Digest } from '../../src/oci/digest.ts';
import { OCI_INDEX } from '../../src/oci/media-types.ts';
import type { ImageReference } from '../../src/oci/reference.ts';
import { makeClient, referenceTo } from '../registry/clients.ts';
import { TestRegistry } from '../support/registry.ts';

const TOC = Buffer.from('a compressed TOC');
const LAYER = digestOf(Buffer.from('a layer'));
const OTHER = digestOf(Buffer.from('another layer'));

/** Puts a TOC image into the registry: each TOC with the layer that it says it is of. */
function addTocs(
  registry: TestRegistry,
  tocs: readonly [layer: string, toc: Buffer][],
  tag = 'v1-esgztoc',
): Descriptor[] {
  const layers = tocs.map(([layer, toc]) => {
    const annotations = { [TOC_LAYER_DIGEST]: layer };
    return { ...registry.addBlob('a/b', toc, 'application/vnd.oci.image.layer.v1.tar+gzip'), annotations };
  });
  registry.addImage('a/b', tag, layers);
  return layers;
}

/** A registry and what fetches TOCs from it. */
async function start(): Promise<
  AsyncDisposable & { registry: TestRegistry; fetch: (layer: Digest, rest?: string) => Promise<Uint8Array> }
> {
  const stack = new AsyncDisposableStack();
  const registry = stack.use(await TestRegistry.start());
  const tocs = new ExternalTocs(stack.use(makeClient({ retry: { retries: 0 } })));
  const fetch = (layer: Digest, rest?: string): Promise<Uint8Array> => tocs.of(referenceTo(registry, rest), layer)();
  return { registry, fetch, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

suite('an external TOC', () => {
  test('is the layer of the TOC image that names the layer, for all layers with one request for the manifest', async () => {
    await using world = await start();
    addTocs(world.registry, [
      [OTHER, Buffer.from('another TOC')],
      [LAYER, TOC],
    ]);
    const [toc, other] = await Promise.all([world.fetch(LAYER), world.fetch(OTHER)]);
    assert.deepEqual(Buffer.from(toc), TOC);
    assert.equal(Buffer.from(other).toString(), 'another TOC');
    assert.deepEqual(Buffer.from(await world.fetch(LAYER)), TOC);
    const paths = world.registry.log.map(({ path }) => path);
    assert.deepEqual(
      paths.filter((path) => path.includes('/manifests/')),
      ['/v2/a/b/manifests/v1-esgztoc'],
    );
  });

  const references: [title: string, rest: string, tag: string][] = [
    ['a tag and a digest', `a/b:v1@${LAYER}`, 'v1-esgztoc'],
    ['neither', 'a/b', 'latest-esgztoc'],
  ];
  for (const [title, rest, tag] of references) {
    test(`is found for a reference with ${title}`, async () => {
      await using world = await start();
      addTocs(world.registry, [[LAYER, TOC]], tag);
      assert.deepEqual(Buffer.from(await world.fetch(LAYER, rest)), TOC);
    });
  }

  test('can not be looked for when the reference has a digest only', async () => {
    await using world = await start();
    await assert.rejects(world.fetch(LAYER, `a/b@${LAYER}`), { code: 'UNSUPPORTED', message: /has no tag/ });
    assert.equal(world.registry.requests(), 0);
  });

  test('without a TOC image is a RegistryError that names it', async () => {
    await using world = await start();
    await assert.rejects(world.fetch(LAYER), (error) => {
      assert.ok(error instanceof RegistryError);
      assert.equal(error.status, 404);
      assert.match(error.message, /^external TOC: image .*\/a\/b:v1-esgztoc can't be read: /);
      return true;
    });
  });

  test('that is not in the TOC image is a FormatError that names both', async () => {
    await using world = await start();
    addTocs(world.registry, [[OTHER, TOC]]);
    await assert.rejects(world.fetch(LAYER), (error) => {
      assert.ok(error instanceof FormatError);
      assert.ok(error.message.includes('v1-esgztoc') && error.message.includes(LAYER));
      return true;
    });
  });

  test('of an index is a FormatError', async () => {
    await using world = await start();
    world.registry.addManifest('a/b', { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] }, 'v1-esgztoc');
    await assert.rejects(world.fetch(LAYER), { code: 'FORMAT', message: /is an index/ });
  });

  test('that is not what its descriptor says is a VerificationError', async () => {
    await using world = await start();
    const [descriptor] = addTocs(world.registry, [[LAYER, TOC]]);
    world.registry.content.corrupt(descriptor!.digest, 3);
    await assert.rejects(world.fetch(LAYER), VerificationError);
  });

  test('that failed is asked for again', async () => {
    await using world = await start();
    await assert.rejects(world.fetch(LAYER), RegistryError);
    addTocs(world.registry, [[LAYER, TOC]]);
    assert.deepEqual(Buffer.from(await world.fetch(LAYER)), TOC);
  });

  test('is not fetched for who does not wait any more, and others get it', async () => {
    await using registry = await TestRegistry.start();
    await using client = makeClient();
    addTocs(registry, [[LAYER, TOC]]);
    const tocs = new ExternalTocs(client);
    const reference: ImageReference = referenceTo(registry);
    const aborted = new LazypullError('ABORTED', 'nobody waits');
    const refused = assert.rejects(tocs.of(reference, LAYER)(AbortSignal.abort(aborted)), aborted);
    assert.deepEqual(Buffer.from(await tocs.of(reference, LAYER)()), TOC);
    await refused;
  });
});
