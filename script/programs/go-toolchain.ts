// The Go that builds peers: one version for every machine, which the go command itself brings from the module registry. All
// that is needed is some go command of 1.21 or later; where there is none, the distribution's is unpacked into the cache.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Apt } from './apt.ts';
import { cachedFolder } from './cache.ts';
import { type Distribution, readSources } from './distribution.ts';

/** What peers are built with. Go 1.27 writes gzip in another way, which makes stargz-snapshotter v0.18.2 panic when it writes a footer. */
export const GO_VERSION = 'go1.26.8';

/** How to call go. */
export interface GoToolchain {
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
}

/** @throws Error when the machine has no go and the distribution none that is new enough. */
export async function bringGo(distribution: Distribution, say: (text: string) => void): Promise<GoToolchain> {
  const program = ['go', '/usr/local/go/bin/go'].find(isNewEnough) ?? (await unpackGo(distribution, say));
  return { program, env: { ...process.env, GOTOOLCHAIN: GO_VERSION, GOFLAGS: '', GO111MODULE: 'on' } };
}

async function unpackGo(distribution: Distribution, say: (text: string) => void): Promise<string> {
  const suite = distribution.id === 'debian' ? 'trixie' : distribution.codename;
  using apt = new Apt(distribution, readSources(distribution), [suite]);
  apt.update();
  const [offer] = [24, 23, 22].flatMap((minor) => apt.offers([`golang-1.${minor}-go/${suite}`]));
  if (offer === undefined) throw new Error('no go here: install Go 1.21 or later to have them built');
  say(`${offer.id.replace('_', ' ')}, since no go is here`);
  const { folder } = await cachedFolder(join('packages', offer.id.replaceAll(':', '%3a')), (target) => {
    apt.unpack(offer.spec, target);
  });
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith('/bin/go'));
  if (found === undefined) throw new Error(`${offer.id} has no go`);
  return join(folder, found);
}

// Older ones don't know GOTOOLCHAIN.
function isNewEnough(program: string): boolean {
  try {
    const env = { ...process.env, GOTOOLCHAIN: 'local' };
    const version = execFileSync(program, ['version'], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const minor = /go1\.(\d+)/.exec(version)?.[1];
    return Number(minor) >= 21;
  } catch {
    return false;
  }
}
