// The few calls of the C library that Node does not have, through koffi: mount(2), umount2(2), and a socket that listens
// without accepting. Whatever may wait for
// a FUSE reply runs on a thread of libuv's pool, never on the thread that would have to give that reply.
import { closeSync } from 'node:fs';
import koffi from 'koffi';
import { SystemError } from '../errors.ts';

const libc = koffi.load(null);
const mountFunction = libc.func(
  'int mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)',
);
const umountFunction = libc.func('int umount2(const char *target, int flags)');
const socketFunction = libc.func('int socket(int domain, int type, int protocol)');
const bindFunction = libc.func('int bind(int fd, const uint8_t *address, uint32_t length)');
const listenFunction = libc.func('int listen(int fd, int backlog)');

/** Arguments of mount(2). */
export interface MountArguments {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  /** MS_ flags. */
  readonly flags: number;
  /** Comma-separated options for the filesystem. */
  readonly data: string;
}

export const MS_RDONLY = 1;
export const MS_NOSUID = 2;
export const MS_NODEV = 4;
export const MS_NOEXEC = 8;
export const MNT_FORCE = 1;
export const MNT_DETACH = 2;
export const UMOUNT_NOFOLLOW = 8;

/** mount(2) on this thread, for mounts that wait for nobody. @throws SystemError */
export function mountNow(args: MountArguments): void {
  const result = mountFunction(args.source, args.target, args.type, args.flags, args.data) as number;
  if (result !== 0) throw failure('mount', koffi.errno(), `${args.type} on ${args.target}`);
}

/** mount(2) on another thread. @throws SystemError */
export async function mount(args: MountArguments): Promise<void> {
  await call(mountFunction, [args.source, args.target, args.type, args.flags, args.data], 'mount', args.target);
}

/** umount2(2) on another thread. @throws SystemError */
export async function umount(target: string, flags: number): Promise<void> {
  await call(umountFunction, [target, flags], 'umount2', target);
}

/** umount2(2) on this thread: for a process that serves nobody. @throws SystemError */
export function umountNow(target: string, flags: number): void {
  if ((umountFunction(target, flags) as number) !== 0) throw failure('umount2', koffi.errno(), target);
}

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
/** Callers that the kernel keeps waiting; it takes the smaller of this and net.core.somaxconn. */
const BACKLOG = 1024;

/** A socket that listens at `path`, which must not exist. @returns its descriptor. @throws SystemError */
export function bindUnix(path: string): number {
  const fd = socketFunction(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) as number;
  if (fd < 0) throw failure('socket', koffi.errno(), path);
  // sockaddr_un: the family in the machine's byte order (little-endian wherever we run), the path, a zero byte.
  const address = Buffer.concat([Buffer.from([AF_UNIX, 0]), Buffer.from(`${path}\0`)]);
  for (const [syscall, result] of [
    ['bind', () => bindFunction(fd, address, address.length)],
    ['listen', () => listenFunction(fd, BACKLOG)],
  ] as const) {
    if ((result() as number) === 0) continue;
    const error = failure(syscall, koffi.errno(), path);
    closeSync(fd);
    throw error;
  }
  return fd;
}

async function call(
  func: { async: (...args: unknown[]) => void },
  args: unknown[],
  syscall: string,
  target: string,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  func.async(...args, (error: unknown, result: number) => {
    if (error !== null) reject(error);
    else if (result !== 0) reject(failure(syscall, koffi.errno(), target));
    else resolve();
  });
  await promise;
}

function failure(syscall: string, errno: number, detail: string): SystemError {
  return new SystemError(syscall, errno, `${errnoName(errno)}: ${detail}`);
}

/** The name of an errno, e.g. `ENOTBLK`; `errno 123` when it has none. */
export function errnoName(errno: number): string {
  const entry = Object.entries(koffi.os.errno).find(([, value]) => value === errno);
  return entry?.[0] ?? `errno ${errno}`;
}
