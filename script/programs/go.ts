// Peers that no distribution packages, built from the Go module registry by module version: the Go stargz snapshotter, the
// reference library of eStargz, BuildKit. `script/setup --peers` comes here; the first build takes some minutes.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cachedFolder } from './cache.ts';
import type { Distribution } from './distribution.ts';
import { bringGo, GO_VERSION, type GoToolchain } from './go-toolchain.ts';
import { placeLink } from './links.ts';

interface Peer {
  /** Folder of the Go module. */
  readonly folder: string;
  /** Names of programs, and the packages that they are built from. */
  readonly programs: Readonly<Record<string, string>>;
}

const DOCKERFILE_FRONTEND = 'github.com/moby/buildkit/frontend/dockerfile/cmd/dockerfile-frontend';
const peersDir = fileURLToPath(new URL('../../test/support/peers', import.meta.url));
const peers: readonly Peer[] = [
  { folder: 'stargz', programs: { 'containerd-stargz-grpc': '.' } },
  { folder: 'estargz-reference', programs: { 'estargz-reference': '.' } },
  {
    folder: 'buildkit',
    programs: {
      buildkitd: 'github.com/moby/buildkit/cmd/buildkitd',
      buildctl: 'github.com/moby/buildkit/cmd/buildctl',
    },
  },
  // What `# syntax=docker/dockerfile:1` names. Apart from the two above, so that those stay in caches as they are.
  { folder: 'buildkit', programs: { 'dockerfile-frontend': DOCKERFILE_FRONTEND } },
];
const tags = 'osusergo netgo static_build seccomp';

/** Builds what is not in the cache yet. What can't be built is said, and its tests are skipped. */
export async function buildPeers(
  tools: string,
  distribution: Distribution,
  say: (text: string) => void,
): Promise<void> {
  let found: Promise<GoToolchain> | undefined;
  const go = (): Promise<GoToolchain> => (found ??= bringGo(distribution, say));
  for (const peer of peers) {
    const names = Object.keys(peer.programs);
    try {
      const { folder, fresh } = await bringPeer(peer, go, say);
      for (const name of names) placeLink(tools, { path: join('bin', name), target: join(folder, name) });
      say(`${names.join(', ')} (${fresh ? 'built' : 'from cache'})`);
    } catch (error) {
      // A program of an earlier version would make a test pass or fail for the wrong reason.
      for (const name of names) rmSync(join(tools, 'bin', name), { force: true });
      say(`not here: ${names.join(', ')} (${error instanceof Error ? error.message : String(error)})`);
    }
  }
}

/** The cache's key is the content of the peer's own files, which pin every version. */
function bringPeer(
  { folder, programs }: Peer,
  go: () => Promise<GoToolchain>,
  say: (text: string) => void,
): ReturnType<typeof cachedFolder> {
  const source = join(peersDir, folder);
  const key = createHash('sha256').update(JSON.stringify([GO_VERSION, tags, programs]));
  for (const file of readdirSync(source).sort()) key.update(readFileSync(join(source, file)));
  return cachedFolder(`peer-${folder}-${key.digest('hex').slice(0, 16)}-${process.arch}`, async (target) => {
    const toolchain = await go();
    say(`building ${Object.keys(programs).join(', ')}, which takes minutes the first time`);
    const started = Date.now();
    const copy = join(target, 'source');
    cpSync(source, copy, { recursive: true });
    for (const [name, path] of Object.entries(programs)) build(toolchain, copy, path, join(target, name));
    rmSync(copy, { recursive: true });
    say(`${folder} took ${Math.round((Date.now() - started) / 1000)} s`);
  });
}

function build(go: GoToolchain, module: string, path: string, output: string): void {
  const options = ['-mod=readonly', '-buildvcs=false', '-trimpath', '-ldflags=-s -w', '-tags', tags, '-o', output];
  execFileSync('nice', [go.program, 'build', ...options, path], {
    cwd: module,
    env: { ...go.env, CGO_ENABLED: '0' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
