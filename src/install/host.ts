// Installing from a container: the root of the node is mounted somewhere, the program is copied there, and the copy does the
// work with that root as its own. It takes no namespace of the node and so no CAP_SYS_ADMIN: files are the node's, and
// systemctl finds the node's systemd by the socket in the node's /run.
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

/** systemctl thinks that it is offline in a chroot unless it is told. */
const ENV = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
  SYSTEMD_OFFLINE: '0',
  SYSTEMD_IGNORE_CHROOT: '1',
};

/** Runs this program on the node. This process has the node's root afterwards, and is good for nothing else. @returns its exit status. */
export async function runOnHost({ root, entry, args, configFile }: HostCommand): Promise<number> {
  if (!existsSync(join(root, 'etc')) || !existsSync(join(root, 'proc/1'))) {
    throw new UserError(
      `${root} is not the root of a node`,
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
    return await wait([join(inside, 'node'), join(inside, 'lazypull.js'), ...args, ...config]);
  } finally {
    // Whichever root this process has by now.
    for (const path of [inside, outside]) rmSync(path, { recursive: true, force: true });
  }
}

function wait([program = '', ...args]: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env: ENV });
    child.on('error', (cause: NodeJS.ErrnoException) => {
      // Without the loader or a library that it names a program "is not there".
      reject(
        new UserError(
          `Node does not start on the node: ${cause.code ?? cause.message}`,
          'It needs glibc 2.28 or later and libstdc++ (not musl).',
          { cause },
        ),
      );
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
