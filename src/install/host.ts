// Installing from a container: the root of the node is mounted somewhere, the program is copied there, and the node's systemd
// is asked, by the socket in the node's /run, to run the copy as a service for a moment. So the work is done in the node's own
// namespaces, and the container needs no more than a change of its root, to run the node's own systemd-run, and the node's
// process ids, without which that refuses to speak to systemd.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import koffi from 'koffi';
import { SystemError, UserError } from '../errors.ts';
import { PREFIX } from './places.ts';

export interface HostCommand {
  /** Where the root of the node is mounted, with everything below it. */
  readonly root: string;
  /** The file that this process was started from. */
  readonly entry: string;
  /** Arguments of `lazypull`. */
  readonly args: readonly string[];
  /** A file of this container that the node is to see; its path there is put behind `--config`. */
  readonly configFile?: string | undefined;
}

const SYSTEMD_RUN = ['systemd-run', '--quiet', '--pipe', '--wait', '--collect', '--service-type=exec'];
/** systemd's programs think that they are offline in a chroot unless they are told. */
const ENV = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
  SYSTEMD_OFFLINE: '0',
  SYSTEMD_IGNORE_CHROOT: '1',
};

/** Runs this program on the node. This process has the node's root afterwards, and is good for nothing else. @returns its exit status. */
export async function runOnHost({ root, entry, args, configFile }: HostCommand): Promise<number> {
  if (!existsSync(join(root, 'etc')) || !existsSync(join(root, 'run/systemd/system'))) {
    throw new UserError(
      `${root} is not the root of a machine that systemd runs`,
      'Mount / of the node there, with everything below it (rbind).',
    );
  }
  const inside = join(PREFIX, `.incoming-${process.pid}`);
  const outside = join(root, inside);
  mkdirSync(dirname(outside), { recursive: true, mode: 0o755 });
  try {
    cpSync(dirname(entry), outside, { recursive: true });
    if (!existsSync(join(outside, 'node'))) cpSync(process.execPath, join(outside, 'node'));
    if (configFile !== undefined) cpSync(configFile, join(outside, 'config.toml'));
    changeRoot(root);
    const config = configFile === undefined ? [] : ['--config', join(inside, 'config.toml')];
    return await wait([...SYSTEMD_RUN, join(inside, 'node'), join(inside, 'lazypull.js'), ...args, ...config]);
  } finally {
    // Whichever root this process has by now.
    for (const path of [inside, outside]) rmSync(path, { recursive: true, force: true });
  }
}

function wait([program = '', ...args]: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env: ENV });
    child.on('error', (cause: NodeJS.ErrnoException) => {
      const what = `systemd-run does not start on the node: ${cause.code ?? cause.message}`;
      reject(new UserError(what, 'The node has to be run by systemd.', { cause }));
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** @throws SystemError */
function changeRoot(root: string): void {
  const chroot = koffi.load(null).func('int chroot(const char *path)');
  if (chroot(root) !== 0) throw new SystemError('chroot', koffi.errno(), root);
  process.chdir('/');
}
