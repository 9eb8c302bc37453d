// Lazily pullable variants of a build's images, by the rules that the build names, looked up through BuildKit.
import { formatPlatform, type Platform } from '../src/oci/platform.ts';
import { parseReference } from '../src/oci/reference.ts';
import { VariantFinder } from '../src/variants/finder.ts';
import { candidateOf } from '../src/variants/rules.ts';
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
  const opened = new Map<string, { registry: BridgeRegistry; finder: VariantFinder }>();
  const open = (platform: Platform): { registry: BridgeRegistry; finder: VariantFinder } => {
    const registry = new BridgeRegistry({ bridge, capabilities: pong.definitions, platform, resolveMode });
    return { registry, finder: new VariantFinder({ registry, rules, concurrency: CONCURRENCY }) };
  };
  return (reference, platform) => {
    const key = formatPlatform(platform);
    const { registry, finder } = opened.get(key) ?? open(platform);
    opened.set(key, { registry, finder });
    const candidate = candidateOf(rules, parseReference(reference));
    if (candidate !== undefined) registry.expect(candidate);
    return finder.find(reference, platform);
  };
};
