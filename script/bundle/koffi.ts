// koffi and its binaries for x64 and arm64, as the lock file has them. npm installs those of its own machine only; the others
// come from the registry as packages and are checked against the lock file here. With glibc only: what needs koffi (mounts)
// does not work in the containers that have musl, and everything else does without.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LazypullError, VerificationError } from '../../src/errors.ts';

const KOFFI_FILES = ['package.json', 'LICENSE.txt', 'index.cjs', 'src/koffi/index.cjs', 'src/koffi/src/static.cjs'];

/** What the lock file says of a package. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** `sha512-BASE64` of the archive. */
  readonly integrity: string;
}

/** Brings koffi to dist/node_modules. @throws LazypullError for an archive that is not the locked one. */
export function bringKoffi(project: string, dist: string): void {
  const modules = join(project, 'node_modules');
  const target = join(dist, 'node_modules');
  for (const path of KOFFI_FILES) copy(join(modules, 'koffi', path), join(target, 'koffi', path));
  for (const arch of ['x64', 'arm64']) {
    const name = `@koromix/koffi-linux-${arch}`;
    const files = ['package.json', 'index.js', `linux_${arch}/koffi.node`];
    const installed = join(modules, name);
    // npm has checked what it installed.
    if (existsSync(installed)) copyAll(files, installed, join(target, name));
    else unpack(lockedPackage(project, name), files, join(target, name));
  }
}

/** @throws LazypullError when the lock file has no such package, or no SHA-512 of it. */
export function lockedPackage(project: string, name: string): LockedPackage {
  const lock = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string; integrity?: string } | undefined>;
  };
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (version !== undefined && integrity?.startsWith('sha512-') === true) return { name, version, integrity };
  throw new LazypullError('NOT_FOUND', `package-lock.json: no version and SHA-512 of ${name}`);
}

/** Checks an archive. @throws LazypullError when it is not the one that was locked. */
export function requireIntegrity(archive: Uint8Array, { name, version, integrity }: LockedPackage): void {
  const got = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  if (got === integrity) return;
  throw new VerificationError(`${name}@${version}, against package-lock.json`, integrity, got);
}

/** npm answers from its cache when it can. */
function unpack(locked: LockedPackage, files: readonly string[], target: string): void {
  const work = mkdtempSync(join(tmpdir(), 'lazypull-package-'));
  try {
    const what = `${locked.name}@${locked.version}`;
    const args = ['pack', '--json', '--prefer-offline', '--pack-destination', work, what];
    const output = execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    const [packed] = JSON.parse(output) as { filename: string }[];
    const archive = join(work, packed?.filename ?? '');
    requireIntegrity(readFileSync(archive), locked);
    execFileSync('tar', ['-xzf', archive, '-C', work]);
    copyAll(files, join(work, 'package'), target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function copyAll(files: readonly string[], from: string, to: string): void {
  for (const path of files) copy(join(from, path), join(to, path));
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  if (from.endsWith('package.json')) writeFileSync(to, slimPackage(readFileSync(from, 'utf8')));
  else copyFileSync(from, to);
}

/** Only what Node asks. npm writes the rest in more than one way. */
function slimPackage(text: string): string {
  const { name, version, license, type, main, exports } = JSON.parse(text) as Record<string, unknown>;
  return `${JSON.stringify({ name, version, license, type, main, exports }, undefined, 2)}\n`;
}
