// The folder of hot packs: somebody else archives it and puts it back, so that what lies in it may be anything.
import { chmod, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import { packDigest, packName } from './hot-pack.ts';

/** A file that may be a pack. */
export interface PackFile {
  readonly file: string;
  readonly path: string;
  readonly digest: Digest;
}

/** Files with this suffix are being written; after a crash they are rubbish. */
const TEMPORARY_SUFFIX = '.tmp';

/** Where the pack of a layer is written before it is whole. */
export function temporaryPackPath(folder: string, digest: Digest): string {
  return join(folder, `${packName(digest)}${TEMPORARY_SUFFIX}`);
}

/** What lies in a folder, largest packs first: the last to be loaded should not be the longest. @throws UserError when it can't be read. */
export async function listPacks(folder: string): Promise<{ packs: PackFile[]; others: string[] }> {
  const names = (await explain(folder, () => readdir(folder))).filter((name) => !isTemporary(name));
  const packs: (PackFile & { bytes: number })[] = [];
  for (const file of names) {
    const digest = packDigest(file);
    const path = join(folder, file);
    // Gone meanwhile: opening it will say so.
    if (digest !== undefined)
      packs.push({ file, path, digest, bytes: (await stat(path).catch(() => undefined))?.size ?? 0 });
  }
  packs.sort((a, b) => b.bytes - a.bytes);
  return { packs, others: names.filter((name) => packDigest(name) === undefined) };
}

/** Makes the folder, readable by all; one that is there may have nothing in it but packs. @throws UserError */
export async function preparePackFolder(folder: string): Promise<void> {
  const made = await explain(folder, () => mkdir(folder, { recursive: true, mode: 0o755 }));
  // Whatever the umask.
  if (made !== undefined) await chmod(folder, 0o755);
  const names = await explain(folder, () => readdir(folder));
  const foreign = names.find((name) => packDigest(name) === undefined && !isTemporary(name));
  if (foreign !== undefined) {
    throw new UserError(
      `${folder} has something else in it than hot packs: ${JSON.stringify(foreign)}`,
      'Name a folder that is empty, or that was saved into before.',
    );
  }
  await Promise.all(names.filter(isTemporary).map((name) => rm(join(folder, name), { force: true })));
}

/** Removes packs that were not written now. */
export async function cleanPackFolder(folder: string, written: readonly Digest[]): Promise<void> {
  const keep = new Set(written.map(packName));
  const old = (await readdir(folder)).filter((name) => !keep.has(name));
  await Promise.all(old.map((name) => rm(join(folder, name), { force: true })));
}

function isTemporary(name: string): boolean {
  return name.endsWith(TEMPORARY_SUFFIX) && packDigest(name.slice(0, -TEMPORARY_SUFFIX.length)) !== undefined;
}

async function explain<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UserError(`can't use the folder ${folder} for hot packs: ${code}`, undefined, { cause });
  }
}
