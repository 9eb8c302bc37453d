// A small tree that is made up while it is walked: what is below a name is found out when somebody looks it up, and the
// answer may take a while. For names only: data that is read often belongs into files of `transport.ts`.

/** What a node id stands for. */
export interface TreeNode {
  /** 1 is the root; below 2^32. The same number means the same node for as long as the mount lives. */
  readonly nodeId: number;
  readonly type: 'directory' | 'file' | 'symlink';
  /** Bytes of a file, or of the path in a symlink. */
  readonly size: number;
}

/** An entry of a directory. */
export interface TreeEntry {
  readonly nodeId: number;
  readonly type: TreeNode['type'];
  readonly name: string;
}

/** A request that changes something. */
export interface TreeChange {
  readonly parent: number;
  readonly name: string;
  /** The request's number, without the mark of one that is sent again. */
  readonly unique: bigint;
  /** Whether an earlier serving process may have acted on it already. */
  readonly resent: boolean;
}

/**
 * What is in the tree. `undefined` of `lookup` is ENOENT, of the others ESTALE: then the kernel walks the path again. A
 * rejection is logged and becomes EIO. No answer is ever cached.
 */
export interface FuseTree {
  /** @param pid the process that asks, or 0. */
  lookup(parent: number, name: string, pid: number): Promise<TreeNode | undefined>;
  node(nodeId: number): TreeNode | undefined;
  readlink(nodeId: number): string | undefined;
  /** [offset, offset + size) of a file, or less at its end. */
  read(nodeId: number, offset: number, size: number): Promise<Uint8Array | undefined>;
  /** All entries, without `.` and `..`, in an order that stays. */
  list(nodeId: number): readonly TreeEntry[] | undefined;
  /** @returns an errno: no file is ever made. */
  create(change: TreeChange): Promise<number>;
  /** @returns an errno: no directory is ever removed. */
  removeDirectory(change: TreeChange): Promise<number>;
}
