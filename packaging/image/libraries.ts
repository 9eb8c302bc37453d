// The libraries that Node loads, of the architecture of the image and not of this machine: from the packages of Debian's
// stable suite that this machine's sources name. Nothing of them but the libraries and what says who may copy them.
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Apt } from '../../script/programs/apt.ts';
import { readDistribution, readSources } from '../../script/programs/distribution.ts';
import type { Architecture } from './programs.ts';

/** Packages, and the libraries that are taken out of them. The loader comes with the C library. */
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  libc6: ['libc.so.6', 'libdl.so.2', 'libm.so.6', 'libpthread.so.0', 'libresolv.so.2'],
  'libgcc-s1': ['libgcc_s.so.1'],
  'libstdc++6': ['libstdc++.so.6'],
};
/** Has the licence of the last two. */
const LICENCES = 'gcc-12-base';

/** Writes them below `folder`. @returns the packages with their versions, sorted. @throws Error where there is no Debian. */
export function bringLibraries(architecture: Architecture, folder: string): string[] {
  const distribution = readDistribution();
  if (distribution.id !== 'debian') {
    throw new Error(
      `this is ${distribution.id}: the image is made on Debian, or by packaging/image/Dockerfile anywhere`,
    );
  }
  using apt = new Apt(distribution, readSources(distribution), [], architecture.oci);
  apt.update();
  const work = mkdtempSync(join(tmpdir(), 'lazypull-libraries-'));
  try {
    const packages = [...Object.keys(LIBRARIES), LICENCES];
    for (const name of packages) apt.unpack(name, work);
    for (const name of Object.values(LIBRARIES).flat()) copyLibrary(work, folder, architecture, name);
    copyLoader(work, folder, architecture);
    for (const name of packages) copyLicence(work, folder, name);
    return apt
      .offers(packages)
      .map(({ id }) => id)
      .sort();
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** A file under the name that programs ask for, without the links on the way to it. */
function copyLibrary(work: string, folder: string, { triplet }: Architecture, name: string): void {
  const found = ['lib', 'usr/lib'].map((lib) => join(work, lib, triplet, name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`no package has ${triplet}/${name}`);
  const target = join(folder, 'usr/lib', triplet, name);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(realpathSync(found), target);
}

function copyLoader(work: string, folder: string, { triplet, loader }: Architecture): void {
  const libraries = join(work, 'lib', triplet);
  const name = basename(loader);
  const found = readdirSync(libraries).find((entry) => entry === name);
  if (found === undefined) throw new Error(`no package has ${name} in lib/${triplet}`);
  const target = join(folder, loader);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(realpathSync(join(libraries, name)), target);
}

function copyLicence(work: string, folder: string, name: string): void {
  const from = join(work, 'usr/share/doc', name, 'copyright');
  const target = join(folder, 'usr/share/doc', name, 'copyright');
  if (!existsSync(from)) return;
  mkdirSync(dirname(target), { recursive: true });
  cpSync(from, target, { dereference: true });
}
