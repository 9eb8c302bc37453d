// The root filesystem of test machines: Debian 13 as debootstrap installs it, with Docker and what else a CI runner has,
// built once and then only read (`machine.ts` puts an overlay over it). About 590 MB on disk; the first build takes a
// minute and needs root and the system's package mirror. By hand: `node test/support/machine-root.ts` prints its folder.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheDir, cachedFolder } from '../../script/programs/cache.ts';
import { mirrorUrl, readDistribution, readSources } from '../../script/programs/distribution.ts';
import { requireProgram } from './needs.ts';
import { run } from './run.ts';

/** Raise it when what `buildRoot` makes changes. */
const VERSION = 1;
/** The one whose Docker (26) and containerd (1.7) the tests are written for, on whatever Debian they run. */
const SUITE = 'trixie';
const PACKAGES = [
  'systemd-sysv',
  'dbus',
  'sudo',
  'procps',
  'kmod',
  'iproute2',
  'iptables',
  'fuse3',
  'curl',
  'ca-certificates',
  'git',
  'zstd',
  'docker.io',
  'docker-cli',
  'docker-buildx',
  'docker-compose',
  'containerd',
  'runc',
];

// Units that would change what the kernel has only once for all (its parameters, debugfs, binfmt_misc), that wait for
// hardware or a terminal, or that a machine which lives for a minute does not need.
const MASKED = [
  'systemd-sysctl.service',
  'systemd-modules-load.service',
  'systemd-binfmt.service',
  'kmod-static-nodes.service',
  'sys-kernel-debug.mount',
  'sys-kernel-tracing.mount',
  'sys-kernel-config.mount',
  'proc-sys-fs-binfmt_misc.automount',
  'dev-hugepages.mount',
  'systemd-remount-fs.service',
  'getty.target',
  'systemd-logind.service',
  'systemd-firstboot.service',
  'systemd-journald-audit.socket',
  'systemd-ask-password-console.path',
  'systemd-ask-password-wall.path',
  'systemd-update-done.service',
  'ldconfig.service',
  'systemd-journal-catalog-update.service',
  'systemd-sysusers.service',
  'timers.target',
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
];
const UNNEEDED = [
  'usr/share/doc',
  'usr/share/man',
  'usr/share/locale',
  'usr/share/info',
  'usr/share/lintian',
  'var/cache/apt',
  'var/lib/apt/lists',
  'var/log',
];
const SLOW_MS = 10 * 60_000;

/** The user that steps run as, with the ids of GitHub's images. */
export const runnerUser = { name: 'runner', uid: 1001, gid: 1001, home: '/home/runner' } as const;

/** The folder of the root filesystem; built when the cache has none. Do not change it: every machine stands on it. */
export async function machineRoot(
  say: (text: string) => void = (text) => process.stderr.write(`${text}\n`),
): Promise<string> {
  const key = join('machines', `${SUITE}-${VERSION}-${digestOf([...PACKAGES, ...MASKED])}-${process.arch}`);
  const started = Date.now();
  const { folder, fresh } = await whileLocked(join(cacheDir, 'machines.lock'), () =>
    cachedFolder(key, async (target) => {
      say('test machine: installing its packages, once');
      await buildRoot(join(target, 'root'));
    }),
  );
  if (fresh) say(`test machine: built in ${Math.round((Date.now() - started) / 1000)} s`);
  return join(folder, 'root');
}

async function buildRoot(root: string): Promise<void> {
  const distribution = readDistribution();
  const mirror = mirrorUrl(distribution, readSources(distribution));
  mkdirSync(join(root, 'etc/dpkg/dpkg.cfg.d'), { recursive: true });
  // What is not whole is thrown away, so nothing has to be safe on the disk before the end.
  writeFileSync(join(root, 'etc/dpkg/dpkg.cfg.d/unsafe-io'), 'force-unsafe-io\n');
  const options = ['--variant=minbase', `--keyring=${distribution.keyring}`, `--include=${PACKAGES.join(',')}`];
  await runApart([requireProgram('debootstrap'), ...options, SUITE, root, mirror]);
  const { name, uid, gid } = runnerUser;
  await runApart(['chroot', root, 'groupadd', '--gid', `${gid}`, name]);
  const groups = ['--gid', `${gid}`, '--groups', 'adm,docker'];
  await runApart(['chroot', root, 'useradd', '--uid', `${uid}`, ...groups, '--create-home', '-s', '/bin/bash', name]);
  writeFileSync(join(root, 'etc/sudoers.d/runner'), `${name} ALL=(ALL) NOPASSWD:ALL\n`, { mode: 0o440 });
  for (const unit of MASKED) mask(root, unit);
  forgetTheBuilder(root);
}

/** In mount and process namespaces of its own: whatever it mounts or leaves running ends with it. */
async function runApart(command: readonly string[]): Promise<void> {
  const apart = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--propagation=private'];
  const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', HOME: '/root' };
  await run(requireProgram('unshare'), [...apart, ...command], { timeoutMs: SLOW_MS, env: { ...proxies(), ...env } });
}

// A mirror may only be reached through one.
function proxies(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(https?|no)_proxy$/i.test(name)));
}

function mask(root: string, unit: string): void {
  const path = join(root, 'etc/systemd/system', unit);
  rmSync(path, { recursive: true, force: true });
  symlinkSync('/dev/null', path);
}

// Names, ids and addresses of the machine that built it, and what only takes space.
function forgetTheBuilder(root: string): void {
  for (const folder of UNNEEDED) {
    for (const name of readdirSync(join(root, folder))) rmSync(join(root, folder, name), { recursive: true });
  }
  rmSync(join(root, 'etc/dpkg/dpkg.cfg.d/unsafe-io'));
  const { name } = runnerUser;
  const files = {
    'etc/hostname': `${name}\n`,
    'etc/resolv.conf': '# no name server: see /etc/hosts\n',
    'etc/apt/sources.list': '',
  };
  for (const [path, text] of Object.entries(files)) {
    rmSync(join(root, path), { force: true });
    writeFileSync(join(root, path), text);
  }
}

function digestOf(words: readonly string[]): string {
  return createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 16);
}

// flock(1) holds the file, so that it is free as soon as this process has ended, however it does.
async function whileLocked<T>(path: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  const holder = spawn('flock', [path, 'sh', '-c', 'echo locked; cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(holder, 'exit');
  try {
    await Promise.race([once(holder.stdout, 'data'), exit]);
    if (holder.exitCode !== null) throw new Error(`flock ${path}: status ${holder.exitCode}`);
    return await work();
  } finally {
    holder.stdin.end();
    await exit;
  }
}

if (import.meta.main) console.log(await machineRoot());
