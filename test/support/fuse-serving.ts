// A serving process for tests of the supervisor: serves one file of the pattern, whose chunks are all missing at first.
// Environment: TOY_FOLDER (work folder), TOY_SIZE (bytes), TOY_FAULTS (this many faults are answered before the last
// generation, then none; TOY_LAST says which generation answers all), TOY_STUCK (1: the first one reads its own file), TOY_CRASH (exit status to end with at once).
// Says what it does in lines on stdout: `store MOUNTPOINT DEVICE GENERATION`, `serving PID GENERATION`, `hangs PID GENERATION`, `flushed`, `stopped`.
import { readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { connectSupervisor, inherit } from '../../src/daemon/serving.ts';
import { startWireTransport } from '../../src/fuse/wire-transport.ts';
import { createLogger } from '../../src/log.ts';
import { evenChunks, patternFaults, sparseImage } from './image-files.ts';

const env = (name: string): number => Number(process.env[name] ?? '0');
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const log = createLogger({ level: 'info', format: 'text' });
const generationText = process.env['LAZYPULL_GENERATION'] ?? '';
say(`started ${process.pid} ${generationText}`);
if (process.env['TOY_CRASH'] !== undefined) process.exit(env('TOY_CRASH'));

const { fuse, sockets } = inherit();
if (fuse === undefined) throw new Error('no FUSE connection');
if (fuse.store !== undefined) {
  say(`store ${fuse.store.mountpoint} ${readlinkSync(`/proc/self/fd/${fuse.store.fd}`)} ${fuse.generation}`);
}
const link = connectSupervisor(
  {
    flush: async () => say('flushed'),
    stop: async () => say('stopped'),
  },
  log,
);
const size = env('TOY_SIZE');
const file = sparseImage({
  path: `${process.env['TOY_FOLDER']}/image-${process.pid}`,
  nodeId: 7,
  name: 'layer',
  size,
  presence: evenChunks(size, 1 << 18),
});
const faults = patternFaults(file, 1);
let left = fuse.generation >= env('TOY_LAST') ? Number.POSITIVE_INFINITY : env('TOY_FAULTS');
const transport = await startWireTransport({
  fd: fuse.fd,
  mountpoint: fuse.mountpoint,
  resend: fuse.resend,
  log,
  onFault: async (read) => {
    if (process.env['TOY_FAIL'] === '1') throw new Error('the registry is gone');
    if (left-- > 0) return faults(read);
    say(`hangs ${process.pid} ${fuse.generation}`);
    return new Promise(() => {});
  },
});
await transport.add(file);
await transport.start();
link.ready();
// A thread of ours that waits for our own answer: what the kernel can't finish when this process is killed.
if (process.env['TOY_STUCK'] === '1' && fuse.generation === 0) void readFile(`${fuse.mountpoint}/layer`);
// Who calls hears which generation answers.
for (const fd of sockets.values()) {
  const { generation } = fuse;
  createServer((caller) => caller.end(String(generation))).listen({ fd });
}
say(`serving ${process.pid} ${fuse.generation}`);
