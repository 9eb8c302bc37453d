// A process that serves one complete layer image through FUSE and mounts it, for the benchmark of the FUSE side.
// Arguments: work folder, size of the big file, number of small files, their size. Prints the mountpoint when ready.
import { mkdirSync, writeSync } from 'node:fs';
import { openConnection } from '../../src/daemon/supervisor-mount.ts';
import { dieNow } from '../../src/daemon/serving.ts';
import { mountErofs } from '../../src/fuse/mount.ts';
import { startWireTransport } from '../../src/fuse/wire-transport.ts';
import { createLogger } from '../../src/log.ts';
import { noChunks, sparseImage } from './image-files.ts';
import { patternBytes } from './pattern.ts';
import { planErofs } from './tiny-erofs.ts';

process.on('uncaughtException', (error) => {
  console.error(error);
  dieNow();
});
process.on('disconnect', dieNow);

const [folder = '', bigSize, smallCount, smallSize] = process.argv.slice(2);
const small = Array.from({ length: Number(smallCount) }, (_, index) => ({
  name: `f${String(index).padStart(6, '0')}`,
  size: Number(smallSize),
}));
const plan = planErofs([{ name: 'big', size: Number(bigSize) }, ...small]);
const file = sparseImage({ path: `${folder}/image`, nodeId: 2, name: 'layer', size: plan.size, presence: noChunks() });
writeSync(file.fd, plan.metadata, 0, plan.metadata.length, 0);
for (let at = plan.metadata.length; at < plan.size; at += 1 << 20) {
  const bytes = patternBytes(0, at, Math.min(1 << 20, plan.size - at));
  writeSync(file.fd, bytes, 0, bytes.length, at);
}
const connection = await openConnection(`${folder}/fuse`, { resend: true });
const transport = await startWireTransport({
  fd: connection.fd,
  mountpoint: connection.mountpoint,
  resend: false,
  log: createLogger({ level: 'info', format: 'text' }),
  onFault: async () => {},
});
await transport.add(file);
await transport.start();
const source = process.env['BENCH_DISK'] === '1' ? `${folder}/image` : `${connection.mountpoint}/layer`;
mkdirSync(`${folder}/mnt`);
await mountErofs({ source, target: `${folder}/mnt`, tier: process.env['BENCH_TIER'] === 'B' ? 'B' : 'A' });
process.on('message', () => process.send?.(transport.stats()));
process.send?.(`${folder}/mnt`);
