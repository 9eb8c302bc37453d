// From a request to a reply, for a tree that is asked asynchronously. The counterpart of `answer.ts`, which answers at
// once from a table.
import { Errno, MAX_READ_SIZE, Opcode, OpenFlag, ROOT_ID, UNIQUE_RESEND } from './abi.ts';
import { encodeOpen, encodeStatfs, encodeStatus } from './reply.ts';
import { type RequestHeader, parseCreateName, parseName, parseReadBody } from './request.ts';
import type { FuseTree, TreeChange, TreeEntry, TreeNode } from './tree.ts';
import { encodeData, encodeTreeAttributes, encodeTreeDirectory, encodeTreeEntry } from './tree-reply.ts';

/** Open flags of O_ACCMODE other than O_RDONLY never come: files are read-only by mode, and nothing ever is written. */
const OPEN_FLAGS = OpenFlag.DIRECT_IO;

/**
 * The reply to a request, or undefined where the protocol has none (FORGET).
 * @throws FormatError when the request is not well-formed, and whatever the tree throws; the caller answers EIO.
 */
export async function answerTree(buffer: Buffer, header: RequestHeader, tree: FuseTree): Promise<Buffer | undefined> {
  const { opcode, unique, nodeId } = header;
  const stale = encodeStatus(unique, Errno.ESTALE);
  switch (opcode) {
    case Opcode.LOOKUP:
      return await answerLookup(header, parseName(buffer, header), tree);
    case Opcode.FORGET:
    case Opcode.BATCH_FORGET:
      return undefined;
    case Opcode.GETATTR: {
      const node = tree.node(nodeId);
      return node === undefined ? stale : encodeTreeAttributes(unique, node);
    }
    case Opcode.READLINK: {
      const path = tree.readlink(nodeId);
      return path === undefined ? stale : encodeData(unique, Buffer.from(path));
    }
    case Opcode.OPEN:
      return tree.node(nodeId)?.type === 'file' ? encodeOpen(unique, OPEN_FLAGS) : stale;
    case Opcode.OPENDIR:
      return tree.node(nodeId)?.type === 'directory' ? encodeOpen(unique, 0) : stale;
    case Opcode.READ:
      return await answerRead(buffer, header, tree);
    case Opcode.READDIR: {
      const entries = tree.list(nodeId);
      if (entries === undefined) return stale;
      return encodeTreeDirectory(unique, withDots(nodeId, entries), parseReadBody(buffer, header));
    }
    case Opcode.CREATE:
      return encodeStatus(unique, await tree.create(changeOf(header, parseCreateName(buffer, header))));
    case Opcode.RMDIR:
      return encodeStatus(unique, await tree.removeDirectory(changeOf(header, parseName(buffer, header))));
    case Opcode.STATFS:
      return encodeStatfs(unique, { files: 0, bytes: 0 });
    case Opcode.RELEASE:
    case Opcode.RELEASEDIR:
    case Opcode.FLUSH:
    case Opcode.DESTROY:
      return encodeStatus(unique, 0);
    default:
      return encodeStatus(unique, Errno.ENOSYS);
  }
}

async function answerLookup({ unique, nodeId, pid }: RequestHeader, name: string, tree: FuseTree): Promise<Buffer> {
  const parent = tree.node(nodeId);
  if (parent === undefined) return encodeStatus(unique, Errno.ESTALE);
  const node: TreeNode | undefined = await tree.lookup(nodeId, name, pid);
  return node === undefined ? encodeStatus(unique, Errno.ENOENT) : encodeTreeEntry(unique, node);
}

async function answerRead(buffer: Buffer, header: RequestHeader, tree: FuseTree): Promise<Buffer> {
  const { offset, size } = parseReadBody(buffer, header);
  const data = await tree.read(header.nodeId, offset, Math.min(size, MAX_READ_SIZE));
  return data === undefined ? encodeStatus(header.unique, Errno.ESTALE) : encodeData(header.unique, data);
}

function changeOf({ unique, nodeId }: RequestHeader, name: string): TreeChange {
  const resent = (unique & UNIQUE_RESEND) !== 0n;
  return { parent: nodeId, name, unique: unique & ~UNIQUE_RESEND, resent };
}

// The kernel replaces the number of `..` by what it knows.
function withDots(nodeId: number, entries: readonly TreeEntry[]): TreeEntry[] {
  return [{ nodeId, type: 'directory', name: '.' }, { nodeId: ROOT_ID, type: 'directory', name: '..' }, ...entries];
}
