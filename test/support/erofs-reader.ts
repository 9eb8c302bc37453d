// Reads EROFS metadata back, written from the format's documentation and not from our writer: the other half of the
// writer's tests. Strict: what a kernel might forgive (order of names, overlapping structures) is an error here.
import assert from 'node:assert/strict';

const BLOCK = 4096;
const TYPE_OF_FORMAT: Record<number, string> = { 1: 'fifo', 2: 'char', 4: 'dir', 6: 'block', 8: 'reg', 10: 'symlink' };
const TYPE_OF_DIRENT: Record<number, string> = { 1: 'reg', 2: 'dir', 3: 'char', 4: 'block', 5: 'fifo', 7: 'symlink' };
const PREFIXES: Record<number, string> = {
  1: 'user.',
  2: 'system.posix_acl_access',
  3: 'system.posix_acl_default',
  4: 'trusted.',
  6: 'security.',
};

export interface ReadSuperblock {
  readonly rootNid: number;
  readonly inodeCount: number;
  readonly epochSec: number;
  readonly blocks: number;
  readonly uuid: string;
}

export interface ReadInode {
  readonly nid: number;
  readonly extended: boolean;
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeSec: number;
  readonly size: number;
  readonly nlink: number;
  readonly devMajor: number;
  readonly devMinor: number;
  readonly linkName: string | undefined;
  /** Image offset of a regular file's first byte. */
  readonly dataOffset: number;
  readonly inline: boolean;
  readonly xattrs: Map<string, Buffer>;
  readonly sharedXattrs: number;
  /** Raw bytes of a directory or symlink. */
  readonly content: Buffer | undefined;
}

export interface ReadImage {
  readonly superblock: ReadSuperblock;
  /** Path (the root is the empty one) to inode, parents first, names in stored order. */
  readonly files: Map<string, ReadInode>;
}

/** @throws AssertionError when something in the metadata breaks the format. */
export function readErofs(metadata: Uint8Array): ReadImage {
  return new Reader(Buffer.from(metadata.buffer, metadata.byteOffset, metadata.length)).read();
}

class Reader {
  readonly #image: Buffer;
  readonly #inodes = new Map<number, ReadInode>();
  readonly #used: { start: number; end: number; what: string }[] = [{ start: 1024, end: 1152, what: 'superblock' }];
  readonly #shared = new Set<number>();
  #epochSec = 0;
  #metaStart = 0;
  #xattrStart = 0;

  constructor(image: Buffer) {
    this.#image = image;
  }

  read(): ReadImage {
    const superblock = this.#superblock();
    const files = new Map([['', this.#inode(superblock.rootNid)]]);
    const seen = new Set([superblock.rootNid]);
    const directories = [{ path: '', nid: superblock.rootNid, parent: superblock.rootNid }];
    for (const { path, nid, parent } of directories) {
      for (const entry of this.#directory(this.#inode(nid))) {
        if (entry.name === '.') assert.equal(entry.nid, nid, `. of ${path}`);
        if (entry.name === '..') assert.equal(entry.nid, parent, `.. of ${path}`);
        if (entry.name === '.' || entry.name === '..') continue;
        const child = path === '' ? entry.name : `${path}/${entry.name}`;
        const inode = this.#inode(entry.nid);
        assert.equal(inode.type, entry.type, `type of ${child}`);
        files.set(child, inode);
        if (inode.type !== 'dir') continue;
        assert.ok(!seen.has(entry.nid), `directory ${child} has two names`);
        seen.add(entry.nid);
        directories.push({ path: child, nid: entry.nid, parent: nid });
      }
    }
    assert.equal(superblock.inodeCount, this.#inodes.size, 'count of inodes');
    this.#checkOverlaps();
    return { superblock, files };
  }

  #superblock(): ReadSuperblock {
    const sb = this.#image.subarray(1024, 1152);
    assert.equal(sb.readUInt32LE(0), 0xe0f5e1e2, 'magic');
    assert.equal(sb[0x0c], 12, 'block size bits');
    assert.equal(sb.readUInt32LE(0x50), 0, 'incompatible features');
    this.#epochSec = Number(sb.readBigInt64LE(0x18));
    this.#metaStart = sb.readUInt32LE(0x28) * BLOCK;
    this.#xattrStart = sb.readUInt32LE(0x2c) * BLOCK;
    return {
      rootNid: sb.readUInt16LE(0x0e),
      inodeCount: Number(sb.readBigUInt64LE(0x10)),
      epochSec: this.#epochSec,
      blocks: sb.readUInt32LE(0x24),
      uuid: sb.subarray(0x30, 0x40).toString('hex'),
    };
  }

  #inode(nid: number): ReadInode {
    const known = this.#inodes.get(nid);
    if (known !== undefined) return known;
    assert.notEqual(nid, 0, 'nid 0 is invisible to readdir');
    const start = this.#metaStart + 32 * nid;
    const extended = (this.#image.readUInt16LE(start) & 1) === 1;
    const raw = this.#image.subarray(start, start + (extended ? 64 : 32));
    const format = raw.readUInt16LE(0);
    const layout = format >> 1;
    assert.ok(layout === 0 || layout === 2, `layout ${layout} of nid ${nid}`);
    const mode = raw.readUInt16LE(4);
    const type = TYPE_OF_FORMAT[mode >> 12];
    assert.ok(type !== undefined, `mode ${mode.toString(8)} of nid ${nid}`);
    const size = extended ? Number(raw.readBigUInt64LE(8)) : raw.readUInt32LE(8);
    const union = raw.readUInt32LE(0x10);
    const isDevice = type === 'char' || type === 'block';
    const xattrStart = start + raw.length;
    const units = raw.readUInt16LE(2);
    const xattrSize = units === 0 ? 0 : 12 + 4 * (units - 1);
    assert.notEqual(units, 1, `nid ${nid} has an xattr header alone`);
    const { xattrs, shared } = this.#xattrs(xattrStart, xattrSize);
    const inlineStart = xattrStart + xattrSize;
    const inline = layout === 2;
    const content =
      type === 'dir' || type === 'symlink' ? this.#content(size, union, inline ? inlineStart : undefined) : undefined;
    this.#use(start, inlineStart + (inline ? size % BLOCK : 0), `nid ${nid}`);
    if (inline && type === 'symlink') {
      const last = inlineStart + size - 1;
      assert.equal(
        Math.floor((start + raw.length - 1) / BLOCK),
        Math.floor(last / BLOCK),
        `symlink ${nid} crosses a block`,
      );
    }
    const inode: ReadInode = {
      nid,
      extended,
      type,
      mode: mode & 0o7777,
      uid: extended ? raw.readUInt32LE(0x18) : raw.readUInt16LE(0x18),
      gid: extended ? raw.readUInt32LE(0x1c) : raw.readUInt16LE(0x1a),
      mtimeSec: extended ? Number(raw.readBigInt64LE(0x20)) : this.#epochSec + raw.readUInt32LE(0x0c),
      size,
      nlink: extended ? raw.readUInt32LE(0x2c) : raw.readUInt16LE(6),
      devMajor: isDevice ? (union >>> 8) & 0xfff : 0,
      devMinor: isDevice ? (union & 0xff) | ((union >>> 12) & 0xfff00) : 0,
      linkName: type === 'symlink' ? content!.toString('utf8') : undefined,
      dataOffset: union * BLOCK,
      inline,
      xattrs,
      sharedXattrs: shared,
      content,
    };
    this.#inodes.set(nid, inode);
    return inode;
  }

  /** The bytes of a directory or symlink: whole blocks, then what stands inline. */
  #content(size: number, startBlock: number, inlineStart: number | undefined): Buffer {
    const tail = inlineStart === undefined ? 0 : size % BLOCK;
    const plain = size - tail;
    const start = startBlock * BLOCK;
    if (plain > 0) this.#use(start, start + Math.ceil(plain / BLOCK) * BLOCK, `blocks at ${start}`);
    if (inlineStart === undefined) return this.#image.subarray(start, start + plain);
    assert.ok(tail > 0, 'an inline layout with nothing inline');
    assert.equal(
      Math.floor(inlineStart / BLOCK),
      Math.floor((inlineStart + tail - 1) / BLOCK),
      'inline bytes cross a block',
    );
    return Buffer.concat([
      this.#image.subarray(start, start + plain),
      this.#image.subarray(inlineStart, inlineStart + tail),
    ]);
  }

  #directory(inode: ReadInode): { name: string; nid: number; type: string }[] {
    assert.ok(inode.content !== undefined, 'a directory');
    const { content } = inode;
    const entries: { name: string; nid: number; type: string }[] = [];
    let previous: Buffer | undefined;
    for (let at = 0; at < content.length; at += BLOCK) {
      const block = content.subarray(at, at + BLOCK);
      const count = block.readUInt16LE(8) / 12;
      assert.ok(Number.isInteger(count) && count > 0, 'first name offset');
      for (let index = 0; index < count; index++) {
        const start = block.readUInt16LE(12 * index + 8);
        let end = index + 1 < count ? block.readUInt16LE(12 * index + 20) : block.indexOf(0, start);
        if (end < 0) end = block.length;
        const name = block.subarray(start, end);
        assert.ok(name.length > 0 && name.length <= 255, 'length of a name');
        if (previous !== undefined)
          assert.ok(Buffer.compare(previous, name) < 0, `${previous.toString()} before ${name.toString()}`);
        previous = name;
        const type = TYPE_OF_DIRENT[block[12 * index + 10]!];
        assert.ok(type !== undefined, 'type of an entry');
        entries.push({ name: name.toString('utf8'), nid: Number(block.readBigUInt64LE(12 * index)), type });
      }
    }
    const names = new Set(entries.map(({ name }) => name));
    assert.ok(names.has('.') && names.has('..'), 'a directory without . or ..');
    return entries;
  }

  #xattrs(start: number, size: number): { xattrs: Map<string, Buffer>; shared: number } {
    const xattrs = new Map<string, Buffer>();
    if (size === 0) return { xattrs, shared: 0 };
    const shared = this.#image[start + 4]!;
    let at = start + 12;
    for (let index = 0; index < shared; index++, at += 4) {
      const place = this.#xattrStart + 4 * this.#image.readUInt32LE(at);
      const end = this.#xattr(place, xattrs);
      if (!this.#shared.has(place)) this.#use(place, end, `shared xattr at ${place}`);
      this.#shared.add(place);
    }
    while (at < start + size) at = this.#xattr(at, xattrs);
    assert.equal(at, start + size, 'xattrs end where their size says');
    return { xattrs, shared };
  }

  #xattr(at: number, into: Map<string, Buffer>): number {
    const nameEnd = at + 4 + this.#image[at]!;
    const valueEnd = nameEnd + this.#image.readUInt16LE(at + 2);
    const prefix = PREFIXES[this.#image[at + 1]!];
    assert.ok(prefix !== undefined, 'xattr prefix');
    const name = prefix + this.#image.subarray(at + 4, nameEnd).toString('utf8');
    assert.ok(!into.has(name), `xattr ${name} twice`);
    into.set(name, this.#image.subarray(nameEnd, valueEnd));
    return Math.ceil(valueEnd / 4) * 4;
  }

  #use(start: number, end: number, what: string): void {
    assert.ok(end <= this.#image.length, `${what} ends at ${end}, beyond the metadata`);
    this.#used.push({ start, end, what });
  }

  #checkOverlaps(): void {
    const used = this.#used.toSorted((a, b) => a.start - b.start);
    used.reduce((before, after) => {
      assert.ok(before.end <= after.start, `${before.what} overlaps ${after.what}`);
      return after;
    });
  }
}
