// The place where a unix socket server is found. A socket that a dead process left is replaced, one that answers never
// is. The socket is made under another name and renamed, so that it has its mode before anybody can find it, and the
// end of an older server does not delete the newer one's.
import { chmod, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { UserError } from '../errors.ts';

/** sun_path of sockaddr_un has 108 bytes, the last of which is 0; see unix(7). */
const MAX_PATH = 107;
const SUFFIX = '.new';

/**
 * Prepares `path` for a server: makes its folder (mode 0700) when there is none, and checks that nobody answers there.
 * @returns the path at which to bind; then call `publishSocket`.
 * @throws UserError when the path is too long, is no socket, or another process answers on it.
 */
export async function claimSocket(path: string): Promise<string> {
  if (!path.startsWith('/')) throw new UserError(`the socket path ${path} is not absolute`);
  if (Buffer.byteLength(path) > MAX_PATH - SUFFIX.length) {
    throw new UserError(`the socket path ${path} is too long`, `use one of at most ${MAX_PATH - SUFFIX.length} bytes`);
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const existing = await lstat(path).catch(() => undefined);
  if (existing !== undefined && !existing.isSocket()) {
    throw new UserError(`${path} exists and is not a socket`, 'remove it, or use another path');
  }
  if (existing !== undefined && (await answers(path))) {
    throw new UserError(`another process answers on ${path}`, 'stop it, or use another path');
  }
  const temporary = path + SUFFIX;
  await rm(temporary, { force: true });
  return temporary;
}

/** Gives a bound socket its mode and its name, in place of what a dead process left there. */
export async function publishSocket(temporary: string, path: string, mode: number): Promise<void> {
  await chmod(temporary, mode);
  await rename(temporary, path);
}

/** Whether a server listens on the socket at `path`. Only a clear refusal counts as no. */
export function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    );
  });
}
