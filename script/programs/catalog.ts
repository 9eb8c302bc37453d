// Which program comes from which package. Debian's suites can be mixed, because the programs are unpacked into folders of
// their own and mostly static; Ubuntu has its own versions and no such suites, so some programs are not to be had there.
import type { Distribution } from './distribution.ts';

/** One package and the programs that we take out of it. */
export interface Package {
  readonly name: string;
  /** The suite that it comes from; absent means the suite of the running system, with the libraries that it lacks. */
  readonly suite?: string;
  /** Where below .tools the programs go. */
  readonly folder: string;
  /** Base names of files that the package has somewhere under a bin, sbin or lib folder. */
  readonly files: readonly string[];
  /** Packages of the same suite whose libraries the programs load. */
  readonly libraries?: readonly string[];
  /** Environment that a wrapper sets; `{root}` is the folder that the package was unpacked to. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Other names of the package, in other releases. */
  readonly aliases?: readonly string[];
}

/** A program that this distribution does not have, and why. */
export interface Gap {
  readonly programs: string;
  readonly reason: string;
}

const containerdFiles = ['containerd', 'ctr', 'containerd-shim-runc-v2'];

const anywhere: readonly Package[] = [
  { name: 'runc', folder: 'bin', files: ['runc'] },
  { name: 'docker-registry', folder: 'bin', files: ['docker-registry'] },
  { name: 'skopeo', folder: 'bin', files: ['skopeo'] },
  { name: 'umoci', folder: 'bin', files: ['umoci'] },
  {
    name: 'debootstrap',
    folder: 'bin',
    files: ['debootstrap'],
    environment: { DEBOOTSTRAP_DIR: '{root}/usr/share/debootstrap' },
  },
  { name: 'busybox-static', folder: 'bin', files: ['busybox'] },
  { name: 'tini-static', folder: 'bin', files: ['tini-static'], aliases: ['tini'] },
  { name: 'fuse3', folder: 'bin', files: ['fusermount3'] },
  { name: 'iproute2', folder: 'bin', files: ['ip', 'tc'] },
  { name: 'iptables', folder: 'bin', files: ['xtables-legacy-multi', 'xtables-nft-multi'] },
  { name: 'libfuse2', folder: 'lib', files: ['libfuse.so.2'], aliases: ['libfuse2t64'] },
];

const debian: readonly Package[] = [
  { name: 'containerd', suite: 'trixie', folder: 'containerd-1.7/bin', files: containerdFiles },
  { name: 'containerd', suite: 'sid', folder: 'containerd-2/bin', files: containerdFiles },
  { name: 'stargz-snapshotter', suite: 'trixie', folder: 'bin', files: ['ctr-remote'] },
  // 1.8's checker knows more than 1.5's; its other two programs want a newer C library than Debian 12 has.
  { name: 'erofs-utils', suite: 'trixie', folder: 'bin', files: ['fsck.erofs'], libraries: ['libdeflate0'] },
  { name: 'erofs-utils', folder: 'bin', files: ['mkfs.erofs', 'dump.erofs'] },
];

const ubuntu: readonly Package[] = [
  { name: 'containerd', folder: 'containerd-1.7/bin', files: containerdFiles },
  { name: 'erofs-utils', folder: 'bin', files: ['mkfs.erofs', 'fsck.erofs', 'dump.erofs'] },
];

const ubuntuGaps: readonly Gap[] = [
  { programs: 'containerd-2', reason: 'Ubuntu LTS packages one containerd only, which goes to containerd-1.7' },
  {
    programs: 'ctr-remote',
    reason: 'Ubuntu LTS has no stargz-snapshotter package; tests that compare with it are skipped',
  },
];

/** What to fetch on this distribution, and what can't be had there. */
export function catalogFor(distribution: Distribution): { packages: readonly Package[]; gaps: readonly Gap[] } {
  return distribution.id === 'ubuntu'
    ? { packages: [...anywhere, ...ubuntu], gaps: ubuntuGaps }
    : { packages: [...anywhere, ...debian], gaps: [] };
}
