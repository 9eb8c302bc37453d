// From requests as bytes to what the tree is asked, and what the kernel hears.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '../../src/errors.ts';
import { Errno, Opcode, UNIQUE_RESEND } from '../../src/fuse/abi.ts';
import { parseRequestHeader } from '../../src/fuse/request.ts';
import type { FuseTree, TreeChange } from '../../src/fuse/tree.ts';
import { answerTree } from '../../src/fuse/tree-answer.ts';

/** A request of node `nodeId` by process 77. */
function request(opcode: number, nodeId: number, body: Buffer = Buffer.alloc(0), unique = 5n): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt32LE(40 + body.length, 0);
  header.writeUInt32LE(opcode, 4);
  header.writeBigUInt64LE(unique, 8);
  header.writeUInt32LE(nodeId, 16);
  header.writeUInt32LE(77, 32);
  return Buffer.concat([header, body]);
}

const name = (text: string): Buffer => Buffer.from(`${text}\0`);
const create = (text: string): Buffer => Buffer.concat([Buffer.alloc(16), name(text)]);

function readBody(offset: number, size: number): Buffer {
  const body = Buffer.alloc(40);
  body.writeBigUInt64LE(BigInt(offset), 8);
  body.writeUInt32LE(size, 16);
  return body;
}

/** A tree that writes down what it is asked, and has a folder 8 and a file 9 beside the root. */
class Recorded implements FuseTree {
  readonly changes: TreeChange[] = [];
  readonly lookups: unknown[] = [];
  readonly reads: unknown[] = [];

  async lookup(parent: number, wanted: string, pid: number): ReturnType<FuseTree['lookup']> {
    this.lookups.push([parent, wanted, pid]);
    return undefined;
  }
  node(nodeId: number): ReturnType<FuseTree['node']> {
    if (nodeId === 9) return { nodeId, type: 'file', size: 3 };
    return nodeId === 1 || nodeId === 8 ? { nodeId, type: 'directory', size: 0 } : undefined;
  }
  readlink(): undefined {}
  async read(nodeId: number, offset: number, size: number): ReturnType<FuseTree['read']> {
    this.reads.push([nodeId, offset, size]);
    return nodeId === 9 ? Buffer.from('abc') : undefined;
  }
  list(): undefined {}
  async create(change: TreeChange): Promise<number> {
    this.changes.push(change);
    return Errno.ENOENT;
  }
  async removeDirectory(change: TreeChange): Promise<number> {
    this.changes.push(change);
    return Errno.EACCES;
  }
}

async function answer(tree: FuseTree, bytes: Buffer): Promise<Buffer | undefined> {
  return await answerTree(bytes, parseRequestHeader(bytes, bytes.length), tree);
}
const errnoOf = (reply: Buffer | undefined): number | undefined =>
  reply === undefined ? undefined : Math.abs(reply.readInt32LE(4));

test('a change that is sent again has the number that it had, and says so; the answer has the mark', async () => {
  const tree = new Recorded();
  await answer(tree, request(Opcode.CREATE, 8, create('use')));
  const again = await answer(tree, request(Opcode.CREATE, 8, create('use'), 5n | UNIQUE_RESEND));
  await answer(tree, request(Opcode.RMDIR, 1, name('x'), 6n | UNIQUE_RESEND));
  assert.deepEqual(tree.changes, [
    { parent: 8, name: 'use', unique: 5n, resent: false },
    { parent: 8, name: 'use', unique: 5n, resent: true },
    { parent: 1, name: 'x', unique: 6n, resent: true },
  ]);
  assert.equal(again?.readBigUInt64LE(8), 5n | UNIQUE_RESEND);
});

test('a lookup has parent, name and process; below what is not known the tree is not asked', async () => {
  const tree = new Recorded();
  assert.equal(errnoOf(await answer(tree, request(Opcode.LOOKUP, 8, name('diff')))), Errno.ENOENT);
  assert.equal(errnoOf(await answer(tree, request(Opcode.LOOKUP, 7, name('diff')))), Errno.ESTALE);
  assert.deepEqual(tree.lookups, [[8, 'diff', 77]]);
});

test('a read has its range, at most a mebibyte of it', async () => {
  const tree = new Recorded();
  const reply = await answer(tree, request(Opcode.READ, 9, readBody(4096, 2 << 20)));
  assert.equal(reply?.subarray(16).toString(), 'abc');
  assert.deepEqual(tree.reads, [[9, 4096, 1 << 20]]);
});

for (const [title, opcode, nodeId, body, errno] of [
  ['attributes of an unknown node', Opcode.GETATTR, 7, Buffer.alloc(16), Errno.ESTALE],
  ['the path of what is no link', Opcode.READLINK, 9, Buffer.alloc(0), Errno.ESTALE],
  ['opening a folder as a file', Opcode.OPEN, 8, Buffer.alloc(8), Errno.ESTALE],
  ['opening a file as a folder', Opcode.OPENDIR, 9, Buffer.alloc(8), Errno.ESTALE],
  ['reading an unknown file', Opcode.READ, 7, readBody(0, 10), Errno.ESTALE],
  ['listing an unknown folder', Opcode.READDIR, 7, readBody(0, 10), Errno.ESTALE],
  ['a request that nobody knows', 1000, 1, Buffer.alloc(8), Errno.ENOSYS],
  ['an interrupt', Opcode.INTERRUPT, 1, Buffer.alloc(8), Errno.ENOSYS],
  ['closing a file', Opcode.RELEASE, 9, Buffer.alloc(24), 0],
] as const) {
  test(`${title} is answered ${errno}`, async () => {
    assert.equal(errnoOf(await answer(new Recorded(), request(opcode, nodeId, body))), errno);
  });
}

test('to forget has no answer', async () => {
  assert.equal(await answer(new Recorded(), request(Opcode.FORGET, 9, Buffer.alloc(8))), undefined);
  assert.equal(await answer(new Recorded(), request(Opcode.BATCH_FORGET, 9, Buffer.alloc(8))), undefined);
});

test('a request that is cut short is refused, and the tree does not hear of it', async () => {
  const tree = new Recorded();
  await assert.rejects(answer(tree, request(Opcode.LOOKUP, 8, Buffer.from('x'))), FormatError);
  await assert.rejects(answer(tree, request(Opcode.CREATE, 8, Buffer.alloc(16))), FormatError);
  await assert.rejects(answer(tree, request(Opcode.READ, 9, Buffer.alloc(8))), FormatError);
  assert.deepEqual([tree.changes, tree.lookups, tree.reads], [[], [], []]);
});
