// Lazily pullable variants of a build's images, by the rules that the build names, looked up through BuildKit.
import type { Platform } from '../src/oci/platform.ts';
import { VariantFinder } from '../src/variants/finder.ts';
import { BridgeRegistry } from './bridge-registry.ts';
import type { OpenVariants } from './plan.ts';
import { rulesOf } from './rules.ts';

/** As many as a Dockerfile of many stages may name: BuildKit limits its own requests. */
const CONCURRENCY = 16;

/** @throws UserError when the rules can't be read. */
export const openVariants: OpenVariants = (bridge, { environment, pong }, words) => {
  const rules = rulesOf(environment, words);
  if (rules === undefined) return undefined;
  const resolveMode = environment.options['image-resolve-mode'] ?? '';
  // A finder for each platform, since BuildKit resolves names for one.
  const finders = new Map<string, VariantFinder>();
  return (reference: string, platform: Platform) => {
    const key = JSON.stringify(platform);
    let finder = finders.get(key);
    if (finder === undefined) {
      const registry = new BridgeRegistry({ bridge, capabilities: pong.definitions, platform, resolveMode });
      finder = new VariantFinder({ registry, rules, concurrency: CONCURRENCY });
      finders.set(key, finder);
    }
    return finder.find(reference, platform);
  };
};
