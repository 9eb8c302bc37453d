// The reference library of eStargz as a command (test/support/peers/estargz-reference): it opens, reads and verifies what we
// write, and writes what we read.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WorkDir } from './imported-layer.ts';
import { requireProgram } from './needs.ts';
import { run } from './run.ts';

/** Its name for `needs()`. */
export const REFERENCE_TOOL = 'estargz-reference';

/** One name of the tree that the library sees. */
export interface ReferenceEntry {
  readonly path: string;
  /** The entry that it is another name of. */
  readonly source?: string;
  readonly type: string;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly user?: string;
  readonly group?: string;
  /** Seconds. */
  readonly mtime: number;
  readonly link?: string;
  readonly devMajor?: number;
  readonly devMinor?: number;
  readonly numLink: number;
  /** Base64. */
  readonly xattrs?: Readonly<Record<string, string>>;
  readonly digest?: string;
  readonly chunks?: number;
}

export interface ReferenceCheck {
  readonly tocDigest: string;
  readonly diffId: string;
  readonly uncompressedSize: number;
  /** gzip members; 0 for zstd. */
  readonly members: number;
  readonly entries: readonly ReferenceEntry[];
}

/** Opens a blob and verifies every chunk. `toc` is an external TOC's blob. @throws Error with what the library says. */
export async function checkByReference(
  blob: Uint8Array,
  options: { tocDigest?: string; toc?: Uint8Array; sharedMembers?: boolean } = {},
): Promise<ReferenceCheck> {
  using dir = new WorkDir();
  const path = join(dir.path, 'blob');
  const tocPath = join(dir.path, 'toc');
  writeFileSync(path, blob);
  const args: string[] = [];
  if (options.toc !== undefined) {
    writeFileSync(tocPath, options.toc);
    args.push('--toc', tocPath);
  }
  if (options.tocDigest !== undefined) args.push('--toc-digest', options.tocDigest);
  if (options.sharedMembers === true) args.push('--shared-members');
  const { stdout } = await run(requireProgram(REFERENCE_TOOL), ['check', ...args, path]);
  return JSON.parse(stdout) as ReferenceCheck;
}

export interface ReferenceBuild {
  readonly tocDigest: string;
  readonly diffId: string;
  readonly missed?: readonly string[];
  readonly blob: Buffer;
  /** The blob of an external TOC. */
  readonly toc: Buffer | undefined;
}

/** Writes a blob of a tar. `flags` are those of the command; its output is the same on every machine. */
export async function buildByReference(tar: Uint8Array, flags: readonly string[] = []): Promise<ReferenceBuild> {
  using dir = new WorkDir();
  const [source, target, toc] = ['tar', 'blob', 'toc'].map((name) => join(dir.path, name)) as [string, string, string];
  writeFileSync(source, tar);
  const isExternal = flags.includes('external');
  const args = ['build', ...flags, ...(isExternal ? ['--toc', toc] : []), source, target];
  const env = { ...process.env, GOMAXPROCS: '1' };
  const { stdout } = await run(requireProgram(REFERENCE_TOOL), args, { env });
  const facts = JSON.parse(stdout) as Pick<ReferenceBuild, 'tocDigest' | 'diffId' | 'missed'>;
  return { ...facts, blob: readFileSync(target), toc: isExternal ? readFileSync(toc) : undefined };
}
