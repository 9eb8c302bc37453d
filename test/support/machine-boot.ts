// How a test machine comes up: this shell script is process 1 of fresh namespaces, puts the filesystem together, makes it
// its root, waits for a word, and becomes systemd. Nothing of it is mounted in the namespace of the test: when the last
// process of the machine has ended, its mounts have too.
//
// systemd finds a cgroup v2 filesystem, as on GitHub's images, whose root is the machine's own group; on a system with v1
// controllers it has none of them, so limits of memory and CPU are taken and ignored. It gets no `container=` in its
// environment and therefore behaves as on a machine. Missing CAP_SYS_RESOURCE is no trouble: systemd gives the
// OOMScoreAdjust= and LimitNOFILE= that it can.

/** What is mounted read-only. Paths are absolute; `target` is the machine's. */
export interface MachineMount {
  readonly source: string;
  readonly target: string;
}

/** What the script is told. */
export interface BootOptions {
  /** The read-only root filesystem. */
  readonly lower: string;
  /** Folder for everything that changes: on a real disk, since EROFS, loop devices and overlays want one. */
  readonly state: string;
  /** Whether there is a /dev/fuse. */
  readonly fuse: boolean;
  readonly mounts: readonly MachineMount[];
}

/** The arguments of `sh` that boot a machine. It prints `assembled`, reads a line, and executes systemd. */
export function bootArguments({ lower, state, fuse, mounts }: BootOptions): string[] {
  const pairs = mounts.flatMap(({ source, target }) => [source, target]);
  return ['-euc', SCRIPT, 'boot', lower, state, fuse ? 'fuse' : 'no-fuse', ...pairs];
}

// Folders that programs use as they would a disk are copied to one; an overlay over an overlay is refused by the kernel.
// The kernel's parameters are read-only but those of the network, because they are not the machine's own.
const SCRIPT = `
lower=$1 state=$2 fuse=$3
shift 3
root=$state/root
mkdir "$root" "$state/upper" "$state/work" "$state/disk"
mount -t overlay -o "lowerdir=$lower,upperdir=$state/upper,workdir=$state/work" machine "$root"
for name in var home; do
  cp -a "$lower/$name" "$state/disk/$name"
  mount --bind "$state/disk/$name" "$root/$name"
done

mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount --bind "$root/proc/sys/net" "$root/proc/sys/net"
mount -o remount,bind,rw "$root/proc/sys/net"
mount -t sysfs -o nosuid,nodev,noexec sysfs "$root/sys"
mount -t cgroup2 -o nosuid,nodev,noexec,nsdelegate cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o nosuid,nodev,mode=755 tmpfs "$root/run"

mount -t tmpfs -o nosuid,mode=755 tmpfs "$root/dev"
cd "$root/dev"
mkdir net pts shm
device() { mknod -m "$2" "$1" "$3" "$4" "$5"; }
device null 666 c 1 3
device zero 666 c 1 5
device full 666 c 1 7
device random 666 c 1 8
device urandom 666 c 1 9
device tty 666 c 5 0
device net/tun 666 c 10 200
device loop-control 660 c 10 237
for number in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do device loop$number 660 b 7 $number; done
if [ "$fuse" = fuse ]; then device fuse 666 c 10 229; fi
mount -t devpts -o nosuid,noexec,newinstance,ptmxmode=666,mode=620,gid=5 devpts pts
mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs shm
ln -s pts/ptmx ptmx
ln -s /proc/self/fd fd
ln -s fd/0 stdin
ln -s fd/1 stdout
ln -s fd/2 stderr

while [ $# -gt 0 ]; do
  if [ -d "$1" ]; then mkdir -p "$root$2"; else install -D /dev/null "$root$2"; fi
  mount --bind "$1" "$root$2"
  mount -o remount,bind,ro "$root$2"
  shift 2
done

cd "$root"
mkdir .outside
pivot_root . .outside
cd /
umount -l .outside
rmdir .outside
ip link set lo up

echo assembled
read -r _
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \\
  SYSTEMD_PROC_CMDLINE=systemd.show_status=0 /usr/lib/systemd/systemd </dev/null
`;
