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

// What skopeo and podman load beyond a minimal system, with the C library that they are built for.
const skopeoLibraries = ['libc6', 'libgpgme11t64', 'libassuan9', 'libgpg-error0', 'libsqlite3-0'];
const podmanLibraries = [...skopeoLibraries, 'libsubid5', 'libseccomp2', 'libbsd0'];

const debian: readonly Package[] = [
  { name: 'containerd', suite: 'trixie', folder: 'containerd-1.7/bin', files: containerdFiles },
  { name: 'containerd', suite: 'sid', folder: 'containerd-2/bin', files: containerdFiles },
  { name: 'stargz-snapshotter', suite: 'trixie', folder: 'bin', files: ['ctr-remote'] },
  // 1.8's checker knows more than 1.5's; its other two programs want a newer C library than Debian 12 has.
  { name: 'erofs-utils', suite: 'trixie', folder: 'bin', files: ['fsck.erofs'], libraries: ['libdeflate0'] },
  { name: 'erofs-utils', folder: 'bin', files: ['mkfs.erofs', 'dump.erofs'] },
  // Debian 12's know zstd:chunked not at all or not well. Podman wants to see the last two when it starts.
  { name: 'skopeo', suite: 'trixie', folder: 'containers', files: ['skopeo'], libraries: skopeoLibraries },
  { name: 'podman', suite: 'trixie', folder: 'containers', files: ['podman'], libraries: podmanLibraries },
  {
    name: 'conmon',
    suite: 'trixie',
    folder: 'containers',
    files: ['conmon'],
    libraries: ['libc6', 'libglib2.0-0t64', 'libatomic1'],
  },
  { name: 'netavark', suite: 'trixie', folder: 'containers', files: ['netavark'], libraries: ['libc6'] },
  { name: 'docker-buildx', suite: 'sid', folder: 'bin', files: ['docker-buildx'] },
];

const ubuntu: readonly Package[] = [
  { name: 'containerd', folder: 'containerd-1.7/bin', files: containerdFiles },
  { name: 'erofs-utils', folder: 'bin', files: ['mkfs.erofs', 'fsck.erofs', 'dump.erofs'] },
  { name: 'skopeo', folder: 'containers', files: ['skopeo'] },
  { name: 'podman', folder: 'containers', files: ['podman'] },
  { name: 'conmon', folder: 'containers', files: ['conmon'] },
  { name: 'netavark', folder: 'containers', files: ['netavark'] },
  { name: 'docker-buildx', folder: 'bin', files: ['docker-buildx'] },
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
