// Whether a copy is up to date: it says what it was made from and how, so two small requests tell.
import { RegistryError } from '../../src/errors.ts';
import { SOURCE_DIGEST } from '../../src/oci/annotations.ts';
import type { Digest } from '../../src/oci/digest.ts';
import type { ImageReference } from '../../src/oci/reference.ts';
import type { FetchedManifest, RegistryClient } from '../../src/registry/client.ts';
import type { Item } from './items.ts';
import { RECIPE_ANNOTATION } from './recipe.ts';

/** Registries that hide what one may not see answer these for what is not there. */
const ABSENT: ReadonlySet<number | undefined> = new Set([401, 403, 404]);

export interface Before {
  /** Of the source now. */
  readonly source: Digest;
  /** Of the copy now; undefined when there is none. */
  readonly destination: Digest | undefined;
  /** Whether the copy was made from this source in this way. */
  readonly fresh: boolean;
}

/** @throws what the registry client throws for the source; for a destination only what does not mean that it is not there. */
export async function lookBefore(
  item: Item,
  mark: Digest,
  client: RegistryClient,
  signal: AbortSignal,
): Promise<Before> {
  const [source, copy] = await Promise.all([
    client.fetchManifest(item.source, {}, signal),
    findManifest(item.destination, client, signal),
  ]);
  const annotations = copy?.manifest.annotations ?? {};
  const { digest } = source.descriptor;
  return {
    source: digest,
    destination: copy?.descriptor.digest,
    fresh: annotations[SOURCE_DIGEST] === digest && annotations[RECIPE_ANNOTATION] === mark,
  };
}

async function findManifest(
  reference: ImageReference,
  client: RegistryClient,
  signal: AbortSignal,
): Promise<FetchedManifest | undefined> {
  try {
    return await client.fetchManifest(reference, {}, signal);
  } catch (error) {
    if (error instanceof RegistryError && ABSENT.has(error.status)) return undefined;
    throw error;
  }
}
