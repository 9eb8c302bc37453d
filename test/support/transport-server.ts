// A process that serves one file of the pattern through a transport, for the transports' contract. Argument: the
// kind. Tells its parent { mountpoint }, then does what it is asked: stats, remove, add, fail, close.
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openConnection } from '../../src/daemon/supervisor-mount.ts';
import { dieNow } from '../../src/daemon/serving.ts';
import { unmount } from '../../src/fuse/mount.ts';
import { startNativeTransport } from '../../src/fuse/native-transport.ts';
import type { FuseTransport, TransportOptions } from '../../src/fuse/transport.ts';
import { startWireTransport } from '../../src/fuse/wire-transport.ts';
import { silentLogger } from '../../src/log.ts';
import { evenChunks, patternFaults, sparseImage, storePatternChunk } from './image-files.ts';

/** Bytes of the file: not a multiple of a page, chunks of 64 KiB, the second one is there. */
const SIZE = 1_000_000;

process.on('uncaughtException', (error) => {
  console.error(error);
  dieNow();
});
process.on('disconnect', dieNow);

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lazypull-transport-')));
const file = sparseImage({
  path: join(folder, 'image'),
  nodeId: 9,
  name: 'layer',
  size: SIZE,
  presence: evenChunks(SIZE, 65_536),
});
storePatternChunk(file, 1, 1);
const fill = patternFaults(file, 1);
let failing = false;
const onFault: TransportOptions['onFault'] = async (read) => {
  if (failing) throw new Error('the registry is gone');
  await fill(read);
};
let end = async (): Promise<void> => {};
const transport = await open(process.argv[2] ?? '');
await transport.add(file);
await transport.start();

const commands: Record<string, () => unknown> = {
  stats: () => transport.stats(),
  fail: () => (failing = true),
  remove: () => transport.remove(9),
  add: () => transport.add(file),
  addBadName: () => transport.add({ ...file, nodeId: 10, name: '../x' }).catch((error: Error) => error.message),
  addTwice: () => transport.add({ ...file, nodeId: 10 }).catch((error: Error) => error.message),
  async close() {
    await end();
    await transport.close();
    return 'closed';
  },
};
process.on('message', (command: string) => {
  void Promise.resolve(commands[command]?.()).then((result) => process.send?.({ result: result ?? null }));
});
process.send?.({ mountpoint: transport.mountpoint, folder });

async function open(kind: string): Promise<FuseTransport> {
  if (kind === 'fuse-native')
    return startNativeTransport({ mountpoint: join(folder, 'fuse'), onFault, log: silentLogger });
  const connection = await openConnection(join(folder, 'fuse'), { resend: true });
  end = () => unmount(connection.mountpoint);
  const { fd, mountpoint } = connection;
  return startWireTransport({ fd, mountpoint, onFault, resend: false, log: silentLogger });
}
