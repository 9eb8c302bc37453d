// The peers that benchmarks compare with, built from the Go module registry. Only `script/setup --bench` comes here:
// the first build takes minutes.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cachedFolder } from './cache.ts';
import { placeLink } from './links.ts';

const peersDir = fileURLToPath(new URL('../../test/bench/peers', import.meta.url));
const peers = [{ folder: 'stargz', program: 'containerd-stargz-grpc' }];

/** Builds what is not in the cache yet. The key is the content of the peer's own files, which pin every version. */
export async function buildPeers(tools: string, say: (text: string) => void): Promise<void> {
  for (const { folder, program } of peers) {
    const source = join(peersDir, folder);
    const key = createHash('sha256');
    for (const file of ['go.mod', 'go.sum', 'main.go']) key.update(readFileSync(join(source, file)));
    const built = await cachedFolder(`peer-${folder}-${key.digest('hex').slice(0, 16)}-${process.arch}`, (target) => {
      requireGo();
      say(`building ${program}, which takes minutes`);
      build(source, join(target, 'source'), join(target, program));
    });
    placeLink(tools, { path: join('bin', program), target: join(built.folder, program) });
    say(`${program} (${built.fresh ? 'built' : 'from cache'})`);
  }
}

function build(source: string, copy: string, output: string): void {
  cpSync(source, copy, { recursive: true });
  execFileSync(
    'go',
    [
      'build',
      '-mod=readonly',
      '-buildvcs=false',
      '-trimpath',
      '-tags',
      'osusergo netgo static_build',
      '-o',
      output,
      '.',
    ],
    {
      cwd: copy,
      env: { ...process.env, CGO_ENABLED: '0' },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}

function requireGo(): void {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
  } catch {
    throw new Error(
      'go is missing: install Go 1.25 or later for --bench (apt-get install golang, or the upstream archive)',
    );
  }
}
