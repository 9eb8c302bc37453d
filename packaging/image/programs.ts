// Node for the image: the npm packages that hold nothing but Node's own build for one architecture, at one version, checked
// against their digests here. npm answers from its cache when it can.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type LockedPackage, requireIntegrity } from '../../script/bundle/koffi.ts';

/** As npm, dpkg and OCI name an architecture, and where its loader looks for libraries. */
export interface Architecture {
  readonly node: 'x64' | 'arm64';
  readonly oci: 'amd64' | 'arm64';
  /** Folder of libraries below /lib and /usr/lib. */
  readonly triplet: string;
  /** What a program names as its loader, absolute. */
  readonly loader: string;
}

export const ARCHITECTURES: readonly Architecture[] = [
  { node: 'x64', oci: 'amd64', triplet: 'x86_64-linux-gnu', loader: '/lib64/ld-linux-x86-64.so.2' },
  { node: 'arm64', oci: 'arm64', triplet: 'aarch64-linux-gnu', loader: '/lib/ld-linux-aarch64.so.1' },
];

/** The same version as script/setup brings. */
export const NODE_VERSION = '24.21.0';
const INTEGRITY: Readonly<Record<Architecture['node'], string>> = {
  x64: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  arm64: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
};

/** Writes Node and its licence into `folder`. @throws LazypullError when the registry has another archive. */
export function bringNode({ node }: Architecture, folder: string): void {
  const locked: LockedPackage = { name: `node-linux-${node}`, version: NODE_VERSION, integrity: INTEGRITY[node] };
  const work = mkdtempSync(join(tmpdir(), 'lazypull-node-'));
  try {
    const args = ['pack', '--json', '--prefer-offline', '--pack-destination', work, `${locked.name}@${locked.version}`];
    const said = execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    const [packed] = JSON.parse(said) as { readonly filename: string }[];
    const archive = join(work, packed?.filename ?? '');
    requireIntegrity(readFileSync(archive), locked);
    execFileSync('tar', ['-xzf', archive, '-C', work, 'package/bin/node', 'package/LICENSE']);
    for (const [from, to] of [
      ['bin/node', 'node'],
      ['LICENSE', 'node.LICENSE'],
    ] as const) {
      mkdirSync(dirname(join(folder, to)), { recursive: true });
      copyFileSync(join(work, 'package', from), join(folder, to));
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
