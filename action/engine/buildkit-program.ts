// Where buildkitd comes from when the runner has none: a release of moby/buildkit, of one version whose bytes are known.
// It runs as root, so it is not used before its digest has been checked. The runner's tool cache keeps it for other jobs.
// Nobody's token goes with the request: releases are public.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { UserError, VerificationError } from '../../src/errors.ts';

/** A release: its version, where its tarballs lie, and their SHA-256 by architecture (as Node names it). */
export interface BuildkitRelease {
  readonly version: string;
  /** The folder of `vVERSION/buildkit-vVERSION.linux-ARCH.tar.gz`. */
  readonly baseUrl: string;
  readonly sha256: Readonly<Record<string, string>>;
}

/** What tests build with too. */
export const BUILDKIT: BuildkitRelease = {
  version: '0.32.2',
  baseUrl: 'https://github.com/moby/buildkit/releases/download',
  sha256: {
    x64: '2975d0f651ad96ba8b80b9992ae1f9a964f4408569af5b6dc36544165c3926af',
    arm64: '9e8f46bf309ec0ab262967be5538a4dbe06be756a82621f98253933bac5dcf92',
  },
};

const TOOL = 'buildkit';
const RELEASE_ARCH: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Paths of a buildkitd in the runner's tool cache, complete ones only. */
export function cachedBuildkitd(env: NodeJS.ProcessEnv, release: BuildkitRelease = BUILDKIT): string[] {
  const cache = env['RUNNER_TOOL_CACHE'] ?? '';
  const folder = join(cache, TOOL, release.version, process.arch);
  return cache !== '' && existsSync(`${folder}.complete`) ? [join(folder, 'bin', 'buildkitd')] : [];
}

/**
 * The path of a buildkitd from a release, by way of the tool cache.
 * @throws VerificationError when its bytes are not the known ones; what the download throws.
 */
export async function downloadBuildkitd(arch: string, release: BuildkitRelease = BUILDKIT): Promise<string> {
  const { version, baseUrl, sha256 } = release;
  const expected = sha256[arch];
  const name = RELEASE_ARCH[arch];
  if (expected === undefined || name === undefined) {
    throw new UserError(`no buildkitd is known for ${arch}`, 'Put a buildkitd into the PATH of the runner.');
  }
  // Only here: nobody else needs it, and it is not small.
  const { cacheDir, downloadTool, extractTar } = await import('@actions/tool-cache');
  const url = `${baseUrl}/v${version}/buildkit-v${version}.linux-${name}.tar.gz`;
  const file = await downloadTool(url);
  try {
    const actual = await sha256Of(file);
    if (actual !== expected) throw new VerificationError(url, `sha256:${expected}`, `sha256:${actual}`);
    const folder = await extractTar(file);
    const cached = await cacheDir(folder, TOOL, version, arch);
    await rm(folder, { recursive: true });
    return join(cached, 'bin', 'buildkitd');
  } finally {
    await rm(file, { force: true });
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
