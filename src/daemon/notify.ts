// Tells systemd (or whatever set NOTIFY_SOCKET) how the daemon is doing, as in sd_notify(3). Node has no datagram
// sockets in the unix domain, so these few calls go to the C library.
import koffi from 'koffi';
import { FormatError, SystemError } from '../errors.ts';

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2_000_000;
/** Never wait for a service manager that does not read. */
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
/** struct sockaddr_un: 2 bytes family and 108 bytes path. */
const MAX_PATH = 108;

/** Sends states to the service manager; does nothing where there is none. Never throws after it was made. */
export interface Notifier {
  ready(): void;
  /** A planned restart begins; `ready` follows. */
  reloading(): void;
  stopping(): void;
  /** A line for a person, in `systemctl status`. */
  status(text: string): void;
  /** How often `watchdog` is to be called at most, in milliseconds: half of what the service manager asked for. */
  readonly watchdogMs: number | undefined;
  watchdog(): void;
}

/** A notifier for the `NOTIFY_SOCKET` and `WATCHDOG_USEC` of `env`; both are removed from it, since they are for this process only. */
export function createNotifier(env: NodeJS.ProcessEnv = process.env): Notifier {
  const socket = env['NOTIFY_SOCKET'];
  const watchdogUsec = Number(env['WATCHDOG_USEC'] ?? Number.NaN);
  const mine = env['WATCHDOG_PID'] === undefined || Number(env['WATCHDOG_PID']) === process.pid;
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete env[name];
  const tell = (state: string): void => {
    if (socket === undefined || socket === '') return;
    try {
      sendDatagram(socket, Buffer.from(state));
    } catch {
      // The manager is gone or does not listen. The daemon's work does not depend on it.
    }
  };
  return {
    ready: () => tell('READY=1'),
    reloading: () => tell(`RELOADING=1\nMONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`),
    stopping: () => tell('STOPPING=1'),
    status: (text) => tell(`STATUS=${text.replaceAll('\n', ' ')}`),
    watchdogMs: socket !== undefined && mine && watchdogUsec > 0 ? watchdogUsec / 2000 : undefined,
    watchdog: () => tell('WATCHDOG=1'),
  };
}

/**
 * The address of a unix socket as bind(2) and sendto(2) take it. A path that begins with `@` is in the abstract
 * namespace: a zero byte stands for the `@`.
 * @throws FormatError when the path is empty, relative or too long.
 */
export function encodeUnixAddress(path: string): Buffer {
  const name = Buffer.from(path);
  const abstract = path.startsWith('@');
  if (!abstract && !path.startsWith('/')) throw new FormatError(`not a socket path: ${JSON.stringify(path)}`);
  if (name.length + (abstract ? 0 : 1) > MAX_PATH)
    throw new FormatError(`socket path of ${name.length} bytes, want ${MAX_PATH - 1} or fewer`);
  const address = Buffer.alloc(2 + name.length + (abstract ? 0 : 1));
  address.writeUInt16LE(AF_UNIX, 0);
  name.copy(address, 2);
  if (abstract) address[2] = 0;
  return address;
}

/** @throws SystemError */
function sendDatagram(path: string, payload: Buffer): void {
  const address = encodeUnixAddress(path);
  const libc = koffi.load(null);
  const socket = libc.func('int socket(int domain, int type, int protocol)');
  const sendto = libc.func(
    'long sendto(int fd, const void *bytes, size_t length, int flags, const void *address, uint size)',
  );
  const close = libc.func('int close(int fd)');
  const fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) as number;
  if (fd < 0) throw new SystemError('socket', koffi.errno(), 'unix datagram');
  const sent = Number(sendto(fd, payload, payload.length, MSG_DONTWAIT | MSG_NOSIGNAL, address, address.length));
  const errno = koffi.errno();
  close(fd);
  if (sent !== payload.length) throw new SystemError('sendto', errno, path);
}
