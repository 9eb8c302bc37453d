// apt with lists, cache and sources of its own, so that neither the machine's package state nor its third-party sources
// take part. Only `update` and `download` are used, and the simulation of an install to learn which libraries lack.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Distribution, Source } from './distribution.ts';

/** A package file as the mirror offers it. `id` is its name, version and architecture. */
export interface Offer {
  readonly id: string;
  readonly spec: string;
}

/** An apt that is made for one run and removed with its lists. */
export class Apt implements Disposable {
  readonly #folder: string;
  readonly #config: string;
  readonly #offers = new Map<string, Offer | undefined>();

  /**
   * @param suites are taken from the mirror of the distribution's main suite, beside the distribution's own sources.
   * @param architecture of the packages, as dpkg names it; the machine's own unless told.
   */
  constructor(
    distribution: Distribution,
    sources: readonly Source[],
    suites: readonly string[],
    architecture?: string,
  ) {
    this.#folder = mkdtempSync(join(tmpdir(), 'lazypull-apt-'));
    for (const name of ['lists/partial', 'cache/archives/partial', 'parts']) {
      mkdirSync(join(this.#folder, name), { recursive: true });
    }
    const main = sources.find((source) => source.suite === distribution.codename);
    if (main === undefined) throw new Error(`no source for ${distribution.codename}`);
    const extra = suites
      .filter((suite) => !sources.some((source) => source.suite === suite))
      .map((suite) => ({ uri: main.uri, suite, components: main.components }));
    const list = join(this.#folder, 'sources.list');
    writeFileSync(list, [...sources, ...extra].map((source) => sourceLine(source, distribution.keyring)).join(''));
    this.#config = join(this.#folder, 'apt.conf');
    writeFileSync(this.#config, configuration(this.#folder, list, distribution.codename, architecture));
  }

  update(): void {
    this.#run('apt-get', ['update', '-qq']);
  }

  /** What `apt-get download` would bring for names of the form `name/suite`. Unknown names are left out. */
  offers(specs: readonly string[]): Offer[] {
    return specs.flatMap((spec) => {
      if (!this.#offers.has(spec)) this.#offers.set(spec, this.#offer(spec));
      return this.#offers.get(spec) ?? [];
    });
  }

  #offer(spec: string): Offer | undefined {
    try {
      const [, file] = /^'[^']*' (\S+)\.deb /m.exec(this.#run('apt-get', ['download', '--print-uris', spec])) ?? [];
      return file === undefined ? undefined : { id: decodeURIComponent(file), spec };
    } catch {
      return undefined;
    }
  }

  /**
   * The packages that an install of these names would add, without the ones that it would replace.
   * @param statusFile is the dpkg status of the system to add to; default is the running one.
   */
  additions(names: readonly string[], statusFile?: string): string[] {
    const status = statusFile === undefined ? [] : ['-o', `Dir::State::status=${statusFile}`];
    const plan = this.#run('apt-get', [...status, 'install', '--simulate', '--no-install-recommends', ...names]);
    return [...plan.matchAll(/^Inst (\S+) \(/gm)].map((match) => match[1] ?? '');
  }

  /** Downloads and unpacks packages into a folder. */
  unpack(specs: string | readonly string[], folder: string): void {
    const work = mkdtempSync(join(this.#folder, 'deb-'));
    this.#run('apt-get', ['download', '-qq', ...[specs].flat()], work);
    for (const file of readdirSync(work)) execFileSync('dpkg', ['-x', join(work, file), folder]);
    rmSync(work, { recursive: true });
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #run(program: string, args: readonly string[], cwd = this.#folder): string {
    return execFileSync(program, ['-c', this.#config, ...args], {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}

// The distribution's own key, whatever the machine's sources say: a wrong mirror then fails instead of being believed.
function sourceLine({ uri, suite, components }: Source, keyring: string): string {
  const wanted = components.filter((component) => component === 'main' || component === 'universe');
  return `deb [signed-by=${keyring}] ${uri} ${suite} ${wanted.join(' ')}\n`;
}

function configuration(folder: string, list: string, codename: string, architecture?: string): string {
  const foreign =
    architecture === undefined
      ? ''
      : `APT::Architecture "${architecture}";\nAPT::Architectures { "${architecture}"; };\n`;
  return `${foreign}#clear APT::Update;
#clear DPkg::Post-Invoke;
#clear Acquire::IndexTargets::deb;
Dir::Etc::SourceList "${list}";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "${folder}/parts";
Dir::State::Lists "${folder}/lists";
Dir::Cache "${folder}/cache";
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "srcpkgcache.bin";
APT::Default-Release "${codename}";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::IndexTargets::deb::Packages { MetaKey "$(COMPONENT)/binary-$(ARCHITECTURE)/Packages"; flatMetaKey "Packages"; ShortDescription "Packages"; Description "$(SITE) $(RELEASE)/$(COMPONENT) $(ARCHITECTURE) Packages"; flatDescription "$(SITE) $(RELEASE) Packages"; Optional "no"; };
`;
}
