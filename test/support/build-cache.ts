// What BuildKit writes into a registry as a cache: a manifest whose config lists records, one for each step that it could look
// up, with the layers of the step's result or without. https://github.com/moby/buildkit/tree/master/cache/remotecache/v1
import type { TestRegistry } from './registry.ts';

interface CacheConfig {
  readonly records?: readonly { readonly layers?: readonly unknown[] }[];
}

/** How many steps have their result in the cache that is tagged `latest`. 0 where there is none. */
export async function cachedResults(registry: TestRegistry, name: string): Promise<number> {
  const manifest = await readJson<{ config: { digest: string } }>(registry, name, 'latest');
  if (manifest === undefined) return 0;
  const config = await readJson<CacheConfig>(registry, name, manifest.config.digest);
  return config?.records?.filter(({ layers = [] }) => layers.length > 0).length ?? 0;
}

async function readJson<Document>(
  registry: TestRegistry,
  name: string,
  reference: string,
): Promise<Document | undefined> {
  const found = registry.content.lookup(name, reference)?.content;
  if (found === undefined) return undefined;
  const pieces: Uint8Array[] = [];
  for await (const piece of found.read(0, found.size)) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString()) as Document;
}
