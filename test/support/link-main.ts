// The program between the two ends of a link: reads packets from one TUN device, holds them for as long as a line of that
// rate and delay would, and writes them to the other. One thread, one loop; it ends when its standard input closes.
// Segmentation offload stays on (packets of up to 64 KiB with a virtio header are passed through as they are), so that a
// fast link costs little CPU.
// See the kernel's Documentation/networking/tuntap.rst and include/uapi/linux/virtio_net.h.
import { openSync, writeSync } from 'node:fs';
import koffi from 'koffi';

const IFF_TUN = 0x0001;
const IFF_NO_PI = 0x1000;
const IFF_VNET_HDR = 0x4000;
const TUNSETIFF = 0x400454ca;
const TUNSETOFFLOAD = 0x400454d0;
const offloads = 1 | 2 | 4; // checksums, TCP segments of IPv4 and IPv6
const vnetHeaderBytes = 10;
const maxPacketBytes = 65_535 + vnetHeaderBytes;
const O_NONBLOCK = 0x800;
const O_RDWR = 0x2;
const POLLIN = 1;
const POLLHUP = 16;

const libc = koffi.load('libc.so.6');
const setInterface = libc.func('int ioctl(int, unsigned long, uint8_t *)');
const setNumber = libc.func('int ioctl(int, unsigned long, unsigned long)');
const read = libc.func('intptr_t read(int, uint8_t *, size_t)');
const write = libc.func('intptr_t write(int, uint8_t *, size_t)');
const ppoll = libc.func('int ppoll(uint8_t *, unsigned long, uint8_t *, void *)');

interface Packet {
  readonly bytes: Buffer;
  /** When it reaches the other end, in milliseconds of performance.now(). */
  readonly dueMs: number;
}

/** One direction. */
class Line {
  readonly fromFd: number;
  readonly #toFd: number;
  readonly #delayMs: number;
  readonly #bytesPerMs: number;
  readonly #queue: Packet[] = [];
  #head = 0;
  #queuedBytes = 0;
  #freeAtMs = 0;

  constructor(fromFd: number, toFd: number, delayMs: number, bytesPerMs: number) {
    this.fromFd = fromFd;
    this.#toFd = toFd;
    this.#delayMs = delayMs;
    this.#bytesPerMs = bytesPerMs;
  }

  /** Past this much the device's own queue has to hold the packets. TCP's windows stay below it. */
  get full(): boolean {
    return this.#queuedBytes > 64 * 1024 * 1024;
  }

  get nextDueMs(): number {
    return this.#queue[this.#head]?.dueMs ?? Infinity;
  }

  receive(scratch: Buffer): void {
    for (let count = 0; count < 64 && !this.full; count++) {
      const length = Number(read(this.fromFd, scratch, scratch.length));
      if (length <= 0) return;
      const startMs = Math.max(performance.now(), this.#freeAtMs);
      this.#freeAtMs = startMs + (length - vnetHeaderBytes) / this.#bytesPerMs;
      this.#queue.push({ bytes: Buffer.from(scratch.subarray(0, length)), dueMs: this.#freeAtMs + this.#delayMs });
      this.#queuedBytes += length;
    }
  }

  deliver(): void {
    const now = performance.now();
    for (let packet = this.#queue[this.#head]; packet !== undefined && packet.dueMs <= now;) {
      write(this.#toFd, packet.bytes, packet.bytes.length);
      this.#queuedBytes -= packet.bytes.length;
      packet = this.#queue[++this.#head];
    }
    // The delivered front of the array is cut off now and then, not with every packet.
    if (this.#head > 4096 || this.#head === this.#queue.length) {
      this.#queue.splice(0, this.#head);
      this.#head = 0;
    }
  }
}

function openTun(name: string): number {
  const fd = openSync('/dev/net/tun', O_RDWR | O_NONBLOCK);
  const request = Buffer.alloc(40);
  request.write(name, 0, 15, 'latin1');
  request.writeUInt16LE(IFF_TUN | IFF_NO_PI | IFF_VNET_HDR, 16);
  if (setInterface(fd, TUNSETIFF, request) !== 0) throw new Error(`TUNSETIFF ${name}: errno ${koffi.errno()}`);
  if (setNumber(fd, TUNSETOFFLOAD, offloads) !== 0) throw new Error(`TUNSETOFFLOAD ${name}: errno ${koffi.errno()}`);
  return fd;
}

function loop(lines: readonly Line[]): void {
  const scratch = Buffer.alloc(maxPacketBytes);
  const pollFds = Buffer.alloc(8 * 3); // struct pollfd: int fd, short events, short revents
  const timeout = Buffer.alloc(16); // struct timespec: seconds, nanoseconds
  for (;;) {
    lines.forEach((line, index) => {
      pollFds.writeInt32LE(line.full ? -1 : line.fromFd, index * 8);
      pollFds.writeInt16LE(POLLIN, index * 8 + 4);
    });
    pollFds.writeInt32LE(0, 16);
    const dueMs = Math.min(1000, ...lines.map((line) => line.nextDueMs - performance.now()));
    timeout.writeBigInt64LE(0n, 0);
    timeout.writeBigInt64LE(BigInt(Math.max(0, Math.min(999_999_999, Math.round(dueMs * 1e6)))), 8);
    ppoll(pollFds, 3, timeout, null);
    if ((pollFds.readInt16LE(22) & POLLHUP) !== 0) return;
    lines.forEach((line, index) => {
      if ((pollFds.readInt16LE(index * 8 + 6) & POLLIN) !== 0) line.receive(scratch);
      line.deliver();
    });
  }
}

const [firstName = '', secondName = '', rttMs = '', bitsPerSec = ''] = process.argv.slice(2);
const bytesPerMs = Number(bitsPerSec) / 8000;
const first = openTun(firstName);
const second = openTun(secondName);
writeSync(1, 'ready\n');
loop([new Line(first, second, Number(rttMs) / 2, bytesPerMs), new Line(second, first, Number(rttMs) / 2, bytesPerMs)]);
process.exit(0);
