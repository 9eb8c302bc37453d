// For which platforms a build is, as BuildKit's Dockerfile frontend understands its options.
import { hostPlatform, parsePlatform, type Platform } from '../src/oci/platform.ts';
import type { FrontendEnvironment } from './environment.ts';

export interface BuildPlatforms {
  readonly build: Platform;
  /** At least one. */
  readonly targets: readonly Platform[];
}

/** @throws FormatError when the build names something that is no platform. */
export function platformsOf({ options, buildPlatform }: FrontendEnvironment): BuildPlatforms {
  const build = buildPlatform ?? hostPlatform();
  const named = (options['platform'] ?? '').split(',').filter((text) => text !== '');
  return { build, targets: named.length === 0 ? [build] : named.map(parsePlatform) };
}
