// Against a real registry: what a copy says of itself is what counts, and only that it is not there is no error.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { lookBefore } from '../../../action/convert/fresh.ts';
import { planItems, type Item } from '../../../action/convert/items.ts';
import { RECIPE_ANNOTATION } from '../../../action/convert/recipe.ts';
import { RegistryError } from '../../../src/errors.ts';
import { SOURCE_DIGEST } from '../../../src/oci/annotations.ts';
import { OCI_INDEX } from '../../../src/oci/media-types.ts';
import { RegistryClient } from '../../../src/registry/client.ts';
import { digestNamed } from '../../support/profiles.ts';
import { TestRegistry } from '../../support/registry.ts';

const MARK = digestNamed('recipe');
const NEVER = new AbortController().signal;

const itemOf = (registry: TestRegistry): Item => {
  const { host } = registry;
  return planItems([`${host}/source:1 -> ${host}/copy:1`], { to: '', suffix: '' })[0]!;
};
const addIndex = (registry: TestRegistry, name: string, annotations?: object): string =>
  registry.addManifest(name, { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [], annotations }, '1').digest;

suite('a copy', () => {
  for (const [title, change, fresh] of [
    ['made from the source as it is, in the same way, is fresh', {}, true],
    ['of an older source is not', { [SOURCE_DIGEST]: digestNamed('older') }, false],
    ['made in another way is not', { [RECIPE_ANNOTATION]: digestNamed('other') }, false],
    ['made by somebody else is not', { [RECIPE_ANNOTATION]: undefined, [SOURCE_DIGEST]: undefined }, false],
  ] as const) {
    test(title, async () => {
      await using registry = await TestRegistry.start();
      await using client = new RegistryClient();
      const source = addIndex(registry, 'source');
      const annotations = { [SOURCE_DIGEST]: source, [RECIPE_ANNOTATION]: MARK, ...change };
      const destination = addIndex(registry, 'copy', annotations);
      registry.forget();
      assert.deepEqual(await lookBefore(itemOf(registry), MARK, client, NEVER), { source, destination, fresh });
      assert.equal(registry.requests(), 2);
    });
  }

  test('that is not there is not fresh', async () => {
    await using registry = await TestRegistry.start();
    await using client = new RegistryClient();
    const source = addIndex(registry, 'source');
    const wanted = { source, destination: undefined, fresh: false };
    assert.deepEqual(await lookBefore(itemOf(registry), MARK, client, NEVER), wanted);
  });

  test('of which nobody can tell whether it is there is an error', async () => {
    await using registry = await TestRegistry.start();
    await using mirror = await TestRegistry.start();
    await using client = new RegistryClient({ retry: { retries: 0 } });
    addIndex(registry, 'source');
    const [item] = planItems([`${registry.host}/source:1 -> ${mirror.host}/copy:1`], { to: '', suffix: '' });
    mirror.failures.set(1, 503);
    await assert.rejects(lookBefore(item!, MARK, client, NEVER), isStatus(503));
    mirror.failures.set(1, 403);
    assert.equal((await lookBefore(item!, MARK, client, NEVER)).destination, undefined);
  });

  test('of a source that is not there is an error', async () => {
    await using registry = await TestRegistry.start();
    await using client = new RegistryClient();
    addIndex(registry, 'copy');
    await assert.rejects(lookBefore(itemOf(registry), MARK, client, NEVER), isStatus(404));
  });
});

function isStatus(status: number): (error: unknown) => boolean {
  return (error) => error instanceof RegistryError && error.status === status;
}
