// The second half of script/setup, once Node 24 is there: brings the programs of the catalogue into .tools.
// What it found is written down in the cache, so that the next run asks no mirror.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Apt } from './apt.ts';
import { cachedFolder, cacheDir } from './cache.ts';
import { catalogFor, type Package } from './catalog.ts';
import { type Distribution, readDistribution, readSources } from './distribution.ts';
import { buildPeers } from './go.ts';
import { librariesOf, type Link, placeLink } from './links.ts';

interface Resolution {
  readonly links: Link[];
  readonly notes: string[];
}

const tools = fileURLToPath(new URL('../../.tools', import.meta.url));
// Programs that are part of every system that can run the tests; not unpacked, because they belong to it.
const systemPrograms = ['mount', 'losetup', 'nsenter', 'tar', 'dpkg'];

function say(text: string): void {
  console.log(`setup: ${text}`);
}

async function main(args: readonly string[]): Promise<void> {
  const distribution = readDistribution();
  for (const program of systemPrograms) requireSystemProgram(program);
  const resolution = await resolve(distribution, args.includes('--update'));
  for (const link of resolution.links) placeLink(tools, link);
  for (const note of resolution.notes) say(note);
  if (args.includes('--peers') || args.includes('--bench')) await buildPeers(tools, distribution, say);
  say(`ready, ${resolution.links.length} programs in .tools`);
}

/** The links of an earlier run with the same catalogue while all of them lead somewhere, else new ones. */
async function resolve(distribution: Distribution, update: boolean): Promise<Resolution> {
  const { packages, gaps } = catalogFor(distribution);
  const key = createHash('sha256')
    .update(JSON.stringify([packages, gaps, distribution, process.arch]))
    .digest('hex');
  const record = join(cacheDir, `programs-${key.slice(0, 16)}.json`);
  if (!update && existsSync(record)) {
    const earlier = JSON.parse(readFileSync(record, 'utf8')) as Resolution;
    if (earlier.links.every((link) => existsSync(link.target))) {
      say(`${earlier.links.length} programs (from cache)`);
      return earlier;
    }
  }
  const sources = readSources(distribution);
  const suites = [...new Set(packages.flatMap(({ suite }) => suite ?? []))];
  using apt = new Apt(distribution, sources, suites);
  say(`reading the package lists of ${[distribution.codename, ...suites].join(', ')}`);
  apt.update();
  const links: Link[] = [];
  const notes = gaps.map(({ programs, reason }) => `not here: ${programs} (${reason})`);
  for (const item of packages) {
    try {
      links.push(...(await bring(apt, item)));
    } catch (error) {
      notes.push(`not here: ${item.name} (${error instanceof Error ? error.message : String(error)})`);
    }
  }
  // A package that failed today is tried again next time.
  if (notes.length === gaps.length) {
    mkdirSync(cacheDir, { recursive: true });
    writeFileSync(record, JSON.stringify({ links, notes }, undefined, 1));
  }
  return { links, notes };
}

async function bring(apt: Apt, item: Package): Promise<Link[]> {
  const suffix = item.suite === undefined ? '' : `/${item.suite}`;
  const [offer] = [item.name, ...(item.aliases ?? [])].flatMap((name) => apt.offers([name + suffix]));
  if (offer === undefined) throw new Error(`no package of that name in ${item.suite ?? 'this release'}`);
  const main = await unpacked(apt, offer);
  say(`${offer.id.replace('_', ' ')} (${main.fresh ? 'downloaded' : 'from cache'})`);
  const folders: string[] = [main.folder];
  const names = item.libraries ?? (item.suite === undefined ? ownLibraries(apt, offer.spec) : []);
  for (const library of apt.offers(names.map((name) => name + suffix))) {
    folders.push((await unpacked(apt, library)).folder);
  }
  return item.files.map((name) => linkTo(item, name, main.folder, folders));
}

function ownLibraries(apt: Apt, name: string): string[] {
  return apt.additions([name]).filter((found) => found.startsWith('lib') && found !== name);
}

async function unpacked(apt: Apt, { id, spec }: { id: string; spec: string }): ReturnType<typeof cachedFolder> {
  return cachedFolder(join('packages', id.replaceAll(':', '%3a')), (folder) => {
    apt.unpack(spec, folder);
  });
}

function linkTo(item: Package, name: string, root: string, folders: readonly string[]): Link {
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' }).find(
    (path) => /(^|\/)(bin|sbin|lib[^/]*)\//.test(path) && path.endsWith(`/${name}`),
  );
  if (found === undefined) throw new Error(`the package has no ${name}`);
  const target = join(root, found);
  const libraries = folders.flatMap((folder) => libraryFolders(folder));
  const needed = item.folder === 'lib' ? undefined : librariesOf(target, libraries);
  const environment = Object.fromEntries(
    Object.entries(item.environment ?? {}).map(([key, value]) => [key, value.replace('{root}', root)]),
  );
  if (typeof needed === 'string') environment['LD_LIBRARY_PATH'] = needed;
  return {
    path: join(item.folder, name),
    target,
    environment,
    ...(typeof needed === 'object' ? { loader: needed } : {}),
  };
}

function libraryFolders(root: string): string[] {
  const multiarch = `${{ x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch}-linux-gnu`;
  return [`lib/${multiarch}`, `usr/lib/${multiarch}`, 'lib', 'usr/lib']
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(folder));
}

function requireSystemProgram(name: string): void {
  try {
    execFileSync('sh', ['-c', 'command -v "$1"', 'sh', name], { stdio: 'ignore' });
  } catch {
    throw new Error(`${name} is missing: apt-get install mount util-linux tar dpkg`);
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(`setup: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
