// Lazily pullable variants of a build's images, by the rules that the build names, looked up through BuildKit.
import { formatPlatform, type Platform } from '../src/oci/platform.ts';
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
  // For each platform, since BuildKit resolves names for one.
  const finders = new Map<string, VariantFinder>();
  const open = (platform: Platform): VariantFinder => {
    const registry = new BridgeRegistry({ bridge, capabilities: pong.definitions, platform, resolveMode });
    return new VariantFinder({ registry, rules, concurrency: CONCURRENCY });
  };
  return (reference, platform) => {
    const key = formatPlatform(platform);
    const finder = finders.get(key) ?? open(platform);
    finders.set(key, finder);
    return finder.find(reference, platform);
  };
};
