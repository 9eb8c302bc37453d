// A process that serves a small tree through the real kernel. Arguments: the mount point, the descriptor of a connection that
// an earlier process served, or none for a new one. Tells its parent of every change; answers `slow` when it is told `go`.
import { openConnection } from '../../src/daemon/supervisor-mount.ts';
import { dieNow } from '../../src/daemon/serving.ts';
import { Errno, ROOT_ID } from '../../src/fuse/abi.ts';
import type { FuseTree, TreeNode } from '../../src/fuse/tree.ts';
import { startTreeTransport } from '../../src/fuse/tree-transport.ts';
import { silentLogger } from '../../src/log.ts';

process.on('uncaughtException', (error) => {
  console.error(error);
  dieNow();
});
process.on('disconnect', dieNow);

const [folder = '', inherited] = process.argv.slice(2);
const CONTENT = Buffer.from('0123456789');
const NODES: readonly (TreeNode & { readonly name: string })[] = [
  { nodeId: 2, type: 'file', size: CONTENT.length, name: 'file' },
  { nodeId: 3, type: 'symlink', size: 4, name: 'link' },
  { nodeId: 4, type: 'directory', size: 0, name: 'folder' },
  { nodeId: 5, type: 'file', size: 1, name: 'broken' },
];
const gone = Promise.withResolvers<void>();
const say = (message: unknown): void => void process.send?.(message);

const tree: FuseTree = {
  async lookup(parent, name, pid) {
    if (parent !== ROOT_ID) return undefined;
    say({ lookup: name, pid });
    if (name === 'slow') await gone.promise;
    return NODES.find((node) => node.name === (name === 'slow' ? 'file' : name));
  },
  node: (nodeId) =>
    nodeId === ROOT_ID ? { nodeId, type: 'directory', size: 0 } : NODES.find((node) => node.nodeId === nodeId),
  readlink: (nodeId) => (nodeId === 3 ? '/tmp' : undefined),
  async read(nodeId, offset, size) {
    if (nodeId === 5) throw new Error('the disk is gone');
    return CONTENT.subarray(offset, offset + size);
  },
  list: (nodeId) => (nodeId === ROOT_ID ? NODES : []),
  async create({ parent, name, resent }) {
    say({ create: name, parent, resent });
    return Errno.ENOENT;
  },
  async removeDirectory({ parent, name, resent }) {
    say({ rmdir: name, parent, resent });
    return name === 'folder' ? Errno.ENOENT : Errno.EACCES;
  },
};

process.on('message', () => gone.resolve());
const fd =
  inherited === undefined ? (await openConnection(folder, { resend: true, writable: true })).fd : Number(inherited);
startTreeTransport({ fd, tree, resend: inherited !== undefined, log: silentLogger });
say({ serving: true });
