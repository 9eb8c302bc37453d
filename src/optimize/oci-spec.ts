// The OCI runtime specification of a workload: what docker gives a container, without seccomp and AppArmor profiles, which
// change nothing of what is read. https://github.com/opencontainers/runtime-spec/blob/main/config.md
import type { ContainerUser } from './image-user.ts';
import type { WorkloadMount } from './workload.ts';

/** What the specification is made from. Paths are absolute. */
export interface SpecOptions {
  readonly command: readonly string[];
  readonly env: readonly string[];
  readonly workingDir: string;
  readonly user: ContainerUser;
  readonly hostname: string;
  readonly network: 'none' | 'host';
  readonly terminal: boolean;
  readonly mounts: readonly WorkloadMount[];
  /** Files of this machine that the container sees as /etc/hosts and so on. */
  readonly files: readonly { readonly source: string; readonly target: string }[];
  readonly cgroup: string;
}

/** Docker's set. */
const CAPABILITIES = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FSETID',
  'CAP_FOWNER',
  'CAP_MKNOD',
  'CAP_NET_RAW',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETFCAP',
  'CAP_SETPCAP',
  'CAP_NET_BIND_SERVICE',
  'CAP_SYS_CHROOT',
  'CAP_KILL',
  'CAP_AUDIT_WRITE',
];

const MASKED_PATHS = [
  '/proc/asound',
  '/proc/acpi',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
  '/sys/devices/virtual/powercap',
];
const READONLY_PATHS = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

interface SpecMount {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

/** What every container has. */
const SYSTEM_MOUNTS: readonly SpecMount[] = [
  { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
  {
    destination: '/dev',
    type: 'tmpfs',
    source: 'tmpfs',
    options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
  },
  {
    destination: '/dev/pts',
    type: 'devpts',
    source: 'devpts',
    options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
  },
  {
    destination: '/dev/shm',
    type: 'tmpfs',
    source: 'shm',
    options: ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k'],
  },
  { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: ['nosuid', 'noexec', 'nodev'] },
  { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
  { destination: '/sys/fs/cgroup', type: 'cgroup', source: 'cgroup', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
];
/** The specification as JSON; the root filesystem is the folder `rootfs` beside it. */
export function encodeSpec(options: SpecOptions): string {
  const namespaces = ['pid', 'ipc', 'uts', 'mount', 'cgroup', ...(options.network === 'host' ? [] : ['network'])];
  return JSON.stringify({
    ociVersion: '1.0.2',
    process: process(options),
    root: { path: 'rootfs', readonly: false },
    hostname: options.hostname,
    mounts: mounts(options),
    linux: {
      cgroupsPath: options.cgroup,
      namespaces: namespaces.map((type) => ({ type })),
      resources: { devices: devices() },
      maskedPaths: MASKED_PATHS,
      readonlyPaths: READONLY_PATHS,
    },
  });
}

function process({ command, env, workingDir, user, terminal }: SpecOptions): object {
  const { uid, gid, additionalGids } = user;
  // A user that is not root gets none of them, but programs with set-user-id bits may have them.
  const own = uid === 0 ? CAPABILITIES : [];
  return {
    terminal,
    user: { uid, gid, additionalGids },
    args: command,
    env,
    cwd: workingDir,
    capabilities: { bounding: CAPABILITIES, effective: own, permitted: own },
  };
}

/** Parents first: a mount below another one comes after it. The user's mounts may replace ours. */
function mounts({ mounts: own, files }: SpecOptions): SpecMount[] {
  const binds = files.map(({ source, target }) => bind(source, target, ['rbind', 'rprivate']));
  const wanted = own.map(({ type, source, target, readonly, options }) => {
    const mode = readonly ? 'ro' : 'rw';
    if (type === 'bind') return bind(source ?? '', target, ['rbind', 'rprivate', mode, ...options]);
    return { destination: target, type, source: type, options: ['nosuid', 'nodev', mode, ...options] };
  });
  const replaced = new Set(wanted.map(({ destination }) => destination));
  return [...[...SYSTEM_MOUNTS, ...binds].filter(({ destination }) => !replaced.has(destination)), ...wanted];
}

function bind(source: string, destination: string, options: readonly string[]): SpecMount {
  return { destination, type: 'bind', source, options };
}

/** Nothing but making nodes, and the devices that every container has; runc adds those of /dev itself. */
function devices(): object[] {
  return [
    { allow: false, access: 'rwm' },
    { allow: true, type: 'c', access: 'm' },
    { allow: true, type: 'b', access: 'm' },
  ];
}
