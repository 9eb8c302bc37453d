// Which distribution this is and where its packages come from: the machine's own apt sources give the mirror, in either
// of apt's two formats. Sources of third parties are left out, by the key that signs them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The running system, as far as packages are concerned. */
export interface Distribution {
  readonly id: 'debian' | 'ubuntu';
  readonly codename: string;
  readonly keyring: string;
}

/** One line of apt's sources that belongs to the distribution itself. */
export interface Source {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
}

interface RawSource extends Source {
  readonly signedBy: string;
}

/** @throws Error on anything but Debian and Ubuntu, saying what to do. */
export function readDistribution(osRelease: string = readFileSync('/etc/os-release', 'utf8')): Distribution {
  const field = (name: string): string => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(osRelease)?.[1] ?? '';
  const codename = field('VERSION_CODENAME');
  for (const id of ['ubuntu', 'debian'] as const) {
    if (field('ID') !== id && !field('ID_LIKE').split(' ').includes(id)) continue;
    const base = id === 'ubuntu' ? field('UBUNTU_CODENAME') || codename : codename;
    return { id, codename: base, keyring: `/usr/share/keyrings/${id}-archive-keyring.gpg` };
  }
  throw new Error('only Debian and Ubuntu are known here: bring the programs of script/programs/catalog.ts by hand');
}

/** The distribution's own sources, in the machine's order. @throws Error when there are none. */
export function readSources(distribution: Distribution, etcApt = '/etc/apt'): Source[] {
  const parts = join(etcApt, 'sources.list.d');
  const files = [
    join(etcApt, 'sources.list'),
    ...(existsSync(parts) ? readdirSync(parts).map((name) => join(parts, name)) : []),
  ].filter((path) => existsSync(path));
  const raw = files.flatMap((path) => {
    const text = readFileSync(path, 'utf8');
    if (path.endsWith('.sources')) return parseDeb822(text);
    return path.endsWith('.list') ? parseOneLine(text) : [];
  });
  const own = raw.filter((source) => isOwn(source, distribution));
  if (!own.some((source) => source.suite === distribution.codename && source.components.includes('main'))) {
    throw new Error(`no source for ${distribution.codename} main in ${etcApt}, signed by ${distribution.id}'s own key`);
  }
  return own.map(({ uri, suite, components }) => ({ uri, suite, components }));
}

// A third party's suite may have the distribution's code name too; its key never is the distribution's.
function isOwn(source: RawSource, { id, codename }: Distribution): boolean {
  const ownSuite =
    source.suite === codename || ['-updates', '-security'].some((end) => source.suite === codename + end);
  const ownKey = source.signedBy === '' || source.signedBy.includes(`${id}-archive-`);
  // Ubuntu lists universe on lines of its own.
  return ownSuite && ownKey && ['main', 'universe'].some((component) => source.components.includes(component));
}

/** The stanzas of a `.sources` file. */
export function parseDeb822(text: string): RawSource[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const lines = stanza.split('\n').filter((line) => !line.startsWith('#'));
    const fields = new Map<string, string>();
    let last = '';
    for (const line of lines) {
      const [, name, value] = /^([A-Za-z-]+):(.*)$/.exec(line) ?? [];
      if (name !== undefined) fields.set((last = name.toLowerCase()), (value ?? '').trim());
      else fields.set(last, `${fields.get(last) ?? ''} ${line.trim()}`);
    }
    const words = (name: string): string[] => (fields.get(name) ?? '').split(/\s+/).filter((word) => word !== '');
    if (!words('types').includes('deb') || fields.get('enabled')?.toLowerCase() === 'no') return [];
    const signedBy = fields.get('signed-by') ?? '';
    const components = words('components');
    return words('uris').flatMap((uri) => words('suites').map((suite) => ({ uri, suite, components, signedBy })));
  });
}

/** The lines of a `.list` file: `deb [options] uri suite component...`. */
export function parseOneLine(text: string): RawSource[] {
  return text.split('\n').flatMap((line) => {
    const [, options, uri, suite, rest] = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]*)/.exec(line) ?? [];
    if (uri === undefined || suite === undefined) return [];
    const signedBy = /signed-by=(\S+)/.exec(options ?? '')?.[1] ?? '';
    return [{ uri, suite, components: (rest ?? '').trim().split(/\s+/), signedBy }];
  });
}

/** The address of the main suite's mirror, for programs that know no `mirror+file:` lists. */
export function mirrorUrl(distribution: Distribution, sources: readonly Source[]): string {
  const uri = sources.find((source) => source.suite === distribution.codename)?.uri ?? '';
  if (!uri.startsWith('mirror+file:')) return uri;
  const first = /^https?:\/\/\S+/m.exec(readFileSync(uri.slice('mirror+file:'.length), 'utf8'))?.[0];
  if (first === undefined) throw new Error(`${uri} names no http mirror`);
  return first;
}
