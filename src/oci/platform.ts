// Platforms, and the choice of one image from an index, with containerd's rules: a machine also runs what its older
// relatives run (arm64 after it arm v8 to v5, amd64 after it 386), and the closest relative wins.
// https://github.com/containerd/platforms
import { FormatError, LazypullError } from '../errors.ts';
import { DOCKER_REFERENCE_TYPE } from './annotations.ts';
import type { Descriptor } from './descriptor.ts';
import type { ImageIndex } from './manifest.ts';

/** In Go's words: `linux`, `amd64`, and for arm and amd64 perhaps a variant like `v7`. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

const NODE_ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };
const ALIASES: Readonly<Record<string, { architecture: string; variant?: string }>> = {
  x86_64: { architecture: 'amd64' },
  'x86-64': { architecture: 'amd64' },
  i386: { architecture: '386' },
  aarch64: { architecture: 'arm64' },
  armhf: { architecture: 'arm', variant: 'v7' },
  armel: { architecture: 'arm', variant: 'v6' },
};

/** The platform of this machine (of this Node, which on a container host is the same). */
export function hostPlatform(): Platform {
  const architecture = NODE_ARCHITECTURES[process.arch] ?? process.arch;
  const variables = process.config.variables as unknown as Record<string, unknown>;
  const arm = Number(variables['arm_version'] ?? 7);
  return normalizePlatform({
    os: process.platform,
    architecture,
    ...(architecture === 'arm' && { variant: `v${arm}` }),
  });
}

/**
 * Parses `linux/arm64`, `linux/arm/v7`, or an architecture alone (of linux).
 * @throws FormatError
 */
export function parsePlatform(text: string): Platform {
  const parts = text.split('/');
  if (parts.length > 3 || !parts.every((part) => /^[A-Za-z0-9_.-]+$/.test(part))) {
    throw new FormatError(`not a platform like linux/arm64 or linux/arm/v7: ${JSON.stringify(text.slice(0, 100))}`);
  }
  const [os = '', architecture = '', variant] = parts.length === 1 ? ['linux', ...parts] : parts;
  return normalizePlatform({ os, architecture, ...(variant === undefined ? {} : { variant }) });
}

/** `linux/arm/v7`; the inverse of `parsePlatform` on normal forms. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}

/** Lower case, Go's names, and no variant where it is the only usual one (arm64 v8, amd64 v1); arm gets v7. */
export function normalizePlatform(platform: Platform): Platform {
  const alias = ALIASES[platform.architecture.toLowerCase()];
  const architecture = alias?.architecture ?? platform.architecture.toLowerCase();
  const os = platform.os.toLowerCase() === 'macos' ? 'darwin' : platform.os.toLowerCase();
  const given = (platform.variant ?? alias?.variant)?.toLowerCase().replace(/^(?=\d)/, 'v');
  const variant = normalVariant(architecture, given === '' ? undefined : given);
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

function normalVariant(architecture: string, variant: string | undefined): string | undefined {
  if (architecture === 'arm') return variant ?? 'v7';
  if (architecture === 'arm64' && variant === 'v8') return undefined;
  if (architecture === 'amd64' && variant === 'v1') return undefined;
  return variant;
}

/** What a machine of this platform runs, the best first. */
export function compatiblePlatforms(platform: Platform): Platform[] {
  const { os, architecture, variant } = normalizePlatform(platform);
  const older = (name: string, newest: number, oldest: number): Platform[] =>
    Array.from({ length: Math.max(0, newest - oldest + 1) }, (_, index) =>
      normalizePlatform({ os, architecture: name, variant: `v${newest - index}` }),
    );
  const level = Number(/^v(\d{1,2})$/.exec(variant ?? '')?.[1] ?? NaN);
  const exact = { os, architecture, ...(variant === undefined ? {} : { variant }) };
  if (architecture === 'arm' && level > 4) return older('arm', level, 5);
  if (architecture === 'arm64')
    return [exact, ...(variant === undefined ? [] : older('arm64', 8, 8)), ...older('arm', 8, 5)];
  if (architecture === 'amd64')
    return [...older('amd64', variant === undefined ? 1 : level, 1), { os, architecture: '386' }];
  return [exact];
}

/** Whether an index entry is an image at all, and not e.g. BuildKit's provenance (platform unknown/unknown). */
export function isRunnable(entry: Descriptor): boolean {
  if (entry.annotations?.[DOCKER_REFERENCE_TYPE] !== undefined) return false;
  return entry.platform?.os !== 'unknown' && entry.platform?.architecture !== 'unknown';
}

/**
 * The entry of an index for a platform. Entries that name no platform are the last resort, and only when there is one.
 * @throws LazypullError NOT_FOUND that lists the platforms there are.
 */
export function selectManifest(index: ImageIndex, platform: Platform): Descriptor {
  const entries = index.manifests.filter(isRunnable);
  for (const wanted of compatiblePlatforms(platform).map(formatPlatform)) {
    const found = entries.find(
      (entry) => entry.platform !== undefined && formatPlatform(normalizePlatform(entry.platform)) === wanted,
    );
    if (found !== undefined) return found;
  }
  const unnamed = entries.filter((entry) => entry.platform === undefined);
  if (unnamed.length === 1 && unnamed[0] !== undefined) return unnamed[0];
  const there = entries.map((entry) => (entry.platform === undefined ? '?' : formatPlatform(entry.platform)));
  throw new LazypullError(
    'NOT_FOUND',
    `no image for ${formatPlatform(platform)}; there is ${there.slice(0, 30).join(', ') || 'none at all'}`,
  );
}
