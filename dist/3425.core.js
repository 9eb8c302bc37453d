export const id = 3425;
export const ids = [3425];
export const modules = {

/***/ 27272:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  q: () => (/* binding */ layoutLayer)
});

// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
;// CONCATENATED MODULE: ./src/erofs/abi.js
const BLOCK_SIZE = 4096;
const SLOT_SIZE = 32;
const SUPERBLOCK_OFFSET = 1024;
const SUPERBLOCK_END = SUPERBLOCK_OFFSET + 128;
const SUPERBLOCK_MAGIC = 0xe0f5e1e2;
const FEATURE_COMPAT_MTIME = 2;
const COMPACT_INODE_SIZE = 32;
const EXTENDED_INODE_SIZE = 64;
const FORMAT_EXTENDED = 1;
const FORMAT_FLAT_PLAIN = 0;
const FORMAT_FLAT_INLINE = 2 << 1;
const DIRENT_SIZE = 12;
const XATTR_HEADER_SIZE = 12;
const XATTR_ENTRY_SIZE = 4;
const MAX_IMAGE_SIZE = 0xffff_ffff * BLOCK_SIZE;
function alignUp(value, unit) {
    return Math.ceil(value / unit) * unit;
}

;// CONCATENATED MODULE: ./src/erofs/bytes.js

const TWO_32 = 2 ** 32;
function createImage(size) {
    const bytes = Buffer.from(new ArrayBuffer(size));
    return { view: new DataView(bytes.buffer), bytes };
}
function writeText(image, text, byteLength, offset) {
    if (byteLength !== text.length) {
        image.bytes.write(text, offset, 'utf8');
        return;
    }
    for (let i = 0; i < byteLength; i++)
        image.bytes[offset + i] = text.charCodeAt(i);
}
function writeInt64(target, value, offset) {
    if (!Number.isSafeInteger(value))
        throw new errors/* FormatError */.IF(`${value} is no whole number that can be written exactly`);
    const high = Math.floor(value / TWO_32);
    target.setUint32(offset, value - high * TWO_32, true);
    target.setInt32(offset + 4, high, true);
}
function requireRange(value, limit, what) {
    if (!Number.isSafeInteger(value) || value < 0 || value > limit) {
        throw new errors/* FormatError */.IF(`${what} is ${value}, wanted 0 to ${limit}`);
    }
    return value;
}

;// CONCATENATED MODULE: ./src/erofs/data.js


function placeChunks(chunks, start) {
    const chunkImageOffset = new Float64Array(new SharedArrayBuffer(chunks.count * Float64Array.BYTES_PER_ELEMENT));
    let fileStart = start;
    let fileSize = 0;
    for (let index = 0; index < chunks.count; index++) {
        const fileOffset = chunks.fileOffset[index];
        if (fileOffset === 0) {
            fileStart = alignUp(fileStart + fileSize, BLOCK_SIZE);
        }
        else if (fileOffset !== fileSize || index === 0) {
            throw new errors/* FormatError */.IF(`chunk ${index} is at file offset ${fileOffset}, but the chunk before it ends at ${fileSize}`);
        }
        chunkImageOffset[index] = fileStart + fileOffset;
        fileSize = fileOffset + chunks.size[index];
        requireBlocks(fileStart + fileSize);
    }
    return { chunkImageOffset, end: alignUp(fileStart + fileSize, BLOCK_SIZE) };
}
function fileImageOffset(node, chunks, { chunkImageOffset }) {
    if (node.size === 0 && node.chunkCount === 0)
        return 0;
    const last = node.firstChunk + node.chunkCount - 1;
    const start = chunkImageOffset[node.firstChunk] ?? 0;
    const lastOffset = chunks.fileOffset[last] ?? 0;
    const isWhole = node.chunkCount > 0 &&
        last < chunks.count &&
        chunks.fileOffset[node.firstChunk] === 0 &&
        chunkImageOffset[last] === start + lastOffset &&
        lastOffset + (chunks.size[last] ?? 0) === node.size;
    if (!isWhole) {
        throw new errors/* FormatError */.IF(`a file of ${node.size} bytes has chunks ${node.firstChunk} to ${last}, which are not that file`);
    }
    return start;
}
function requireBlocks(end) {
    if (end > MAX_IMAGE_SIZE)
        throw new errors/* FormatError */.IF(`the layer image ends beyond ${MAX_IMAGE_SIZE} bytes`);
}

;// CONCATENATED MODULE: ./src/erofs/inode.js


const U16 = 0xffff;
const U32 = 0xffff_ffff;
const FILE_TYPE_BITS = {
    fifo: 0o01_0000,
    char: 0o02_0000,
    dir: 0o04_0000,
    block: 0o06_0000,
    reg: 0o10_0000,
    symlink: 0o12_0000,
};
function createInode(node) {
    return {
        node,
        nlink: node.type === 'dir' ? 2 : 0,
        entries: undefined,
        opaque: false,
        xattrs: NO_XATTRS,
        xattrSize: 0,
        size: 0,
        extended: false,
        inlineSize: 0,
        blockCount: 0,
        startBlock: 0,
        imageOffset: 0,
    };
}
const NO_XATTRS = [];
function inodeSize(inode) {
    return inode.extended ? EXTENDED_INODE_SIZE : COMPACT_INODE_SIZE;
}
function needsExtended(inode, epochSec) {
    const { uid, gid, mtimeSec } = inode.node;
    return mtimeSec !== epochSec || uid > U16 || gid > U16 || inode.nlink > U16 || inode.size > U32;
}
function writeInode(image, inode) {
    const { node, imageOffset: at } = inode;
    const layout = inode.inlineSize > 0 ? FORMAT_FLAT_INLINE : FORMAT_FLAT_PLAIN;
    image.view.setUint16(at, layout | (inode.extended ? FORMAT_EXTENDED : 0), true);
    image.view.setUint16(at + 0x02, xattrUnits(inode.xattrSize), true);
    image.view.setUint16(at + 0x04, FILE_TYPE_BITS[node.type] | (node.mode & 0o7777), true);
    image.view.setUint32(at + 0x10, blockOrDevice(inode), true);
    const uid = requireRange(node.uid, U32, 'uid');
    const gid = requireRange(node.gid, U32, 'gid');
    if (!inode.extended) {
        image.view.setUint16(at + 0x06, inode.nlink, true);
        image.view.setUint32(at + 0x08, inode.size, true);
        image.view.setUint16(at + 0x18, uid, true);
        image.view.setUint16(at + 0x1a, gid, true);
        return;
    }
    writeInt64(image.view, inode.size, at + 0x08);
    image.view.setUint32(at + 0x18, uid, true);
    image.view.setUint32(at + 0x1c, gid, true);
    writeInt64(image.view, node.mtimeSec, at + 0x20);
    image.view.setUint32(at + 0x2c, inode.nlink, true);
}
function nidOf(inode) {
    return inode.imageOffset / SLOT_SIZE;
}
function xattrUnits(xattrSize) {
    return xattrSize === 0
        ? 0
        : requireRange((xattrSize - XATTR_HEADER_SIZE) / 4 + 1, U16, 'size of the xattrs of one file in words');
}
function blockOrDevice(inode) {
    const { type, devMajor, devMinor } = inode.node;
    return type === 'char' || type === 'block' ? encodeDevice(devMajor, devMinor) : inode.startBlock;
}
function encodeDevice(major, minor) {
    requireRange(major, 0xfff, 'device major');
    requireRange(minor, 0xf_ffff, 'device minor');
    return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}
function fitsInline(inode, inline) {
    return inline > 0 && inodeSize(inode) + inode.xattrSize + inline <= BLOCK_SIZE;
}

;// CONCATENATED MODULE: ./src/erofs/directory.js



const FILE_TYPES = { reg: 1, dir: 2, char: 3, block: 4, fifo: 5, symlink: 7 };
function packDirectory(entries) {
    const blocks = [];
    let start = 0;
    let size = 0;
    for (let index = 0; index < entries.length; index++) {
        const entrySize = DIRENT_SIZE + entries[index].byteLength;
        if (size + entrySize > BLOCK_SIZE) {
            blocks.push({ start, end: index, size });
            start = index;
            size = 0;
        }
        size += entrySize;
    }
    blocks.push({ start, end: entries.length, size });
    return blocks;
}
function writeDirBlock(image, entries, block, offset) {
    let direntAt = offset;
    let nameAt = offset + DIRENT_SIZE * (block.end - block.start);
    for (let index = block.start; index < block.end; index++) {
        const { name, byteLength, inode } = entries[index];
        image.view.setUint32(direntAt, nidOf(inode), true);
        image.view.setUint16(direntAt + 8, nameAt - offset, true);
        image.view.setUint8(direntAt + 10, FILE_TYPES[inode.node.type]);
        direntAt += DIRENT_SIZE;
        writeText(image, name, byteLength, nameAt);
        nameAt += byteLength;
    }
}

;// CONCATENATED MODULE: ./src/erofs/slots.js

class SlotAllocator {
    #end;
    #hole = { start: 0, end: 0 };
    constructor(start) {
        this.#end = alignUp(start, SLOT_SIZE);
    }
    get end() {
        return this.#end;
    }
    place(size, unbroken) {
        const slots = alignUp(size, SLOT_SIZE);
        if (this.#hole.end - this.#hole.start >= slots) {
            const at = this.#hole.start;
            this.#hole.start += slots;
            return at;
        }
        const next = alignUp(this.#end, BLOCK_SIZE);
        const at = unbroken && this.#end + size > next ? this.#skipTo(next) : this.#end;
        this.#end = at + slots;
        return at;
    }
    #skipTo(next) {
        if (next - this.#end > this.#hole.end - this.#hole.start)
            this.#hole = { start: this.#end, end: next };
        return next;
    }
}

;// CONCATENATED MODULE: ./src/erofs/superblock.js



function writeSuperblock(image, superblock) {
    const rootNid = superblock.rootOffset / SLOT_SIZE;
    if (rootNid > 0xffff)
        throw new errors/* FormatError */.IF(`the root inode at ${superblock.rootOffset} is beyond 2 MiB`);
    const at = SUPERBLOCK_OFFSET;
    image.view.setUint32(at, SUPERBLOCK_MAGIC, true);
    image.view.setUint32(at + 0x08, FEATURE_COMPAT_MTIME, true);
    image.view.setUint8(at + 0x0c, Math.log2(BLOCK_SIZE));
    image.view.setUint16(at + 0x0e, rootNid, true);
    writeInt64(image.view, superblock.inodeCount, at + 0x10);
    writeInt64(image.view, superblock.epochSec, at + 0x18);
    image.view.setUint32(at + 0x24, superblock.imageSize / BLOCK_SIZE, true);
    image.bytes.set(superblock.uuid.subarray(0, 16), at + 0x30);
    image.bytes.write('lazypull', at + 0x40, 'latin1');
}

;// CONCATENATED MODULE: ./src/erofs/tree.js


const WHITEOUT_PREFIX = '.wh.';
const AUFS_PREFIX = '.wh..wh.';
const OPAQUE_NAME = '.wh..wh..opq';
const HIDDEN_AT_ROOT = new Set([
    '.prefetch.landmark',
    '.no.prefetch.landmark',
    'stargz.index.json',
]);
const WHITEOUT = {
    type: 'char',
    mode: 0,
    uid: 0,
    gid: 0,
    mtimeSec: 0,
    size: 0,
    nlink: 1,
    linkName: undefined,
    devMajor: 0,
    devMinor: 0,
    xattrs: undefined,
    children: undefined,
    firstChunk: 0,
    chunkCount: 0,
};
function visibleInodes(root) {
    return new TreeReader().read(root);
}
class TreeReader {
    #inodes = [];
    #byNode = new Map();
    #directories = [];
    read(root) {
        const inode = this.#create(root, true);
        this.#directories.push({ inode, parent: inode });
        for (const directory of this.#directories)
            this.#readDirectory(directory);
        return this.#inodes;
    }
    #readDirectory({ inode: directory, parent }) {
        const entries = [
            { name: '.', byteLength: 1, inode: directory },
            { name: '..', byteLength: 2, inode: parent },
        ];
        const isRoot = directory === this.#inodes[0];
        for (const [name, node] of directory.node.children ?? []) {
            if (isRoot && HIDDEN_AT_ROOT.has(name))
                continue;
            if (!name.startsWith(WHITEOUT_PREFIX)) {
                entries.push({ name, byteLength: checkName(name), inode: this.#name(name, node, directory) });
                continue;
            }
            const deleted = readWhiteout(name, directory);
            if (deleted === undefined)
                continue;
            entries.push({ name: deleted, byteLength: checkName(deleted), inode: this.#name(deleted, WHITEOUT, directory) });
        }
        directory.entries = sortEntries(entries);
    }
    #name(name, node, directory) {
        const isDirectory = node.type === 'dir';
        const isKept = isDirectory || node.nlink > 1 || node === WHITEOUT;
        const known = isKept ? this.#byNode.get(node) : undefined;
        const inode = known ?? this.#create(node, isKept);
        if (!isDirectory) {
            inode.nlink++;
            return inode;
        }
        if (known !== undefined)
            throw new errors/* FormatError */.IF(`directory ${shown(name)} has more than one name`);
        directory.nlink++;
        this.#directories.push({ inode, parent: directory });
        return inode;
    }
    #create(node, isKept) {
        const inode = createInode(node);
        this.#inodes.push(inode);
        if (isKept)
            this.#byNode.set(node, inode);
        return inode;
    }
}
function readWhiteout(name, directory) {
    if (name === OPAQUE_NAME)
        directory.opaque = true;
    if (name.startsWith(AUFS_PREFIX))
        return undefined;
    const deleted = name.slice(WHITEOUT_PREFIX.length);
    return NAMELESS.has(deleted) || directory.node.children?.has(deleted) === true ? undefined : deleted;
}
const NAMELESS = new Set(['', '.', '..']);
const SURROGATE = /[\ud800-\udfff]/;
function sortEntries(entries) {
    const hasSurrogates = entries.some((entry) => entry.byteLength > entry.name.length && SURROGATE.test(entry.name));
    return entries.sort(hasSurrogates ? compareBytes : compareUnits);
}
function compareUnits(a, b) {
    return a.name < b.name ? -1 : 1;
}
function compareBytes(a, b) {
    return Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
}
function checkName(name) {
    let plain = 0;
    while (plain < name.length && isPlain(name.charCodeAt(plain)))
        plain++;
    const isAllPlain = plain === name.length;
    const byteLength = isAllPlain ? plain : Buffer.byteLength(name);
    const isName = byteLength > 0 && byteLength <= 255 && name !== '.' && name !== '..';
    if (!isName || (!isAllPlain && (/[/\0]/.test(name) || !name.isWellFormed()))) {
        throw new errors/* FormatError */.IF(`not a file name: ${shown(name)}`);
    }
    return byteLength;
}
function isPlain(unit) {
    return unit < 0x80 && unit !== 0 && unit !== 0x2f;
}
function shown(name) {
    return JSON.stringify(name.slice(0, 100));
}

;// CONCATENATED MODULE: ./src/erofs/xattr.js



const PREFIXES = [
    ['user.', 1],
    ['system.posix_acl_access', 2],
    ['system.posix_acl_default', 3],
    ['trusted.', 4],
    ['security.', 6],
];
const OVERLAY = /^(trusted|user)\.overlay\./;
const ACL_VERSION = 2;
const MAX_SHARED_SIZE = 1024 * 1024;
const MAX_SHARED_OF_INODE = 255;
class XattrTable {
    #byKey = new Map();
    intern(xattrs) {
        const interned = [];
        for (const [fullName, value] of xattrs) {
            if (OVERLAY.test(fullName))
                continue;
            const xattr = this.#internOne(fullName, value);
            if (xattr !== undefined)
                interned.push(xattr);
        }
        return interned;
    }
    internOpaque(namespace) {
        return this.#internOne(`${namespace}.overlay.opaque`, Buffer.from('y'));
    }
    #internOne(fullName, value) {
        const found = splitName(fullName);
        if (found === undefined)
            return undefined;
        checkXattr(fullName, value);
        const key = `${fullName}\0${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1')}`;
        let xattr = this.#byKey.get(key);
        if (xattr === undefined) {
            xattr = { index: found.index, name: Buffer.from(found.name), value, uses: 0, sharedOffset: undefined };
            this.#byKey.set(key, xattr);
        }
        xattr.uses++;
        return xattr;
    }
    placeShared(start) {
        let end = start;
        for (const xattr of this.#byKey.values()) {
            const next = end + entrySize(xattr);
            if (xattr.uses < 2 || next > start + MAX_SHARED_SIZE)
                continue;
            xattr.sharedOffset = end;
            end = next;
        }
        return end;
    }
    writeShared(image) {
        for (const xattr of this.#byKey.values()) {
            if (xattr.sharedOffset !== undefined)
                writeEntry(image, xattr, xattr.sharedOffset);
        }
    }
}
function xattrsSize(xattrs) {
    if (xattrs.length === 0)
        return 0;
    const { shared, own } = splitShared(xattrs);
    return XATTR_HEADER_SIZE + 4 * shared.length + own.reduce((sum, xattr) => sum + entrySize(xattr), 0);
}
function writeXattrs(image, xattrs, offset) {
    if (xattrs.length === 0)
        return;
    const { shared, own } = splitShared(xattrs);
    image.view.setUint8(offset + 4, shared.length);
    let at = offset + XATTR_HEADER_SIZE;
    for (const { sharedOffset } of shared) {
        image.view.setUint32(at, sharedOffset / 4, true);
        at += 4;
    }
    for (const xattr of own)
        at = writeEntry(image, xattr, at);
}
function splitShared(xattrs) {
    const shared = xattrs.filter((xattr) => xattr.sharedOffset !== undefined).slice(0, MAX_SHARED_OF_INODE);
    return { shared, own: xattrs.filter((xattr) => !shared.includes(xattr)) };
}
function entrySize({ name, value }) {
    return alignUp(XATTR_ENTRY_SIZE + name.length + value.length, 4);
}
function writeEntry(image, xattr, offset) {
    image.view.setUint8(offset, xattr.name.length);
    image.view.setUint8(offset + 1, xattr.index);
    image.view.setUint16(offset + 2, xattr.value.length, true);
    image.bytes.set(xattr.name, offset + XATTR_ENTRY_SIZE);
    image.bytes.set(xattr.value, offset + XATTR_ENTRY_SIZE + xattr.name.length);
    return offset + entrySize(xattr);
}
function splitName(fullName) {
    for (const [prefix, index] of PREFIXES) {
        if (prefix.endsWith('.') ? fullName.startsWith(prefix) : fullName === prefix) {
            return { index, name: fullName.slice(prefix.length) };
        }
    }
    return undefined;
}
function checkXattr(fullName, value) {
    const shown = JSON.stringify(fullName.slice(0, 100));
    const nameLength = Buffer.byteLength(fullName);
    if (nameLength > 255 || fullName.endsWith('.') || fullName.includes('\0'))
        throw new errors/* FormatError */.IF(`not an xattr name: ${shown}`);
    requireRange(value.length, 0xffff, `size of xattr ${shown}`);
    if (fullName.startsWith('system.posix_acl_') && !isAcl(value))
        throw new errors/* FormatError */.IF(`xattr ${shown} is no POSIX ACL`);
}
function isAcl(value) {
    const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
    return value.length >= 4 && value.length % 8 === 4 && view.getUint32(0, true) === ACL_VERSION;
}

;// CONCATENATED MODULE: ./src/erofs/layout.js










const MAX_TARGET_SIZE = 4095;
const MAX_METADATA_SIZE = 512 * 1024 * 1024;
function layoutLayer(toc, options) {
    const inodes = visibleInodes(toc.root);
    const xattrs = new XattrTable();
    collectXattrs(inodes, xattrs, options.opaqueXattr);
    const epochSec = commonestTime(inodes);
    const slotsEnd = placeInodes(inodes, xattrs.placeShared(SUPERBLOCK_END), epochSec);
    const dataStart = placeBlocks(inodes, slotsEnd);
    const data = placeChunks(toc.chunks, dataStart);
    placeFiles(inodes, toc, data);
    const image = createImage(dataStart);
    const root = { rootOffset: inodes[0].imageOffset, inodeCount: inodes.length };
    writeSuperblock(image, { ...root, epochSec, imageSize: data.end, uuid: options.uuid });
    xattrs.writeShared(image);
    for (const inode of inodes) {
        writeInode(image, inode);
        writeXattrs(image, inode.xattrs, inode.imageOffset + inodeSize(inode));
        writeContent(image, inode);
    }
    const metadata = new Uint8Array(image.bytes.buffer);
    return { metadata, dataStart, imageSize: data.end, chunkImageOffset: data.chunkImageOffset };
}
function collectXattrs(inodes, table, namespace) {
    for (const inode of inodes) {
        const { xattrs } = inode.node;
        if (xattrs !== undefined)
            inode.xattrs = table.intern(xattrs);
        if (inode.opaque)
            inode.xattrs = [...inode.xattrs, table.internOpaque(namespace)];
    }
}
function commonestTime(inodes) {
    const counts = new Map();
    for (let index = 0, end = 0; index < inodes.length; index = end) {
        const time = inodes[index].node.mtimeSec;
        end = index + 1;
        while (end < inodes.length && inodes[end].node.mtimeSec === time)
            end++;
        counts.set(time, (counts.get(time) ?? 0) + end - index);
    }
    let [commonest, most] = [0, 0];
    for (const [time, count] of counts) {
        if (count > most)
            [commonest, most] = [time, count];
    }
    return commonest;
}
function placeInodes(inodes, start, epochSec) {
    const slots = new SlotAllocator(start);
    for (const inode of inodes) {
        inode.size = contentSize(inode);
        inode.extended = needsExtended(inode, epochSec);
        inode.xattrSize = xattrsSize(inode.xattrs);
        if (inode.node.type === 'dir' || inode.node.type === 'symlink')
            splitContent(inode);
        inode.imageOffset = slots.place(inodeSize(inode) + inode.xattrSize + inode.inlineSize, inode.inlineSize > 0);
        if (slots.end > MAX_METADATA_SIZE)
            throw new errors/* FormatError */.IF(`the metadata of the layer is larger than ${MAX_METADATA_SIZE} bytes`);
    }
    return slots.end;
}
function contentSize({ node, entries }) {
    if (entries !== undefined) {
        const blocks = packDirectory(entries);
        return (blocks.length - 1) * BLOCK_SIZE + blocks.at(-1).size;
    }
    if (node.type !== 'symlink')
        return node.type === 'reg' ? node.size : 0;
    const size = Buffer.byteLength(node.linkName ?? '');
    if (size === 0 || size > MAX_TARGET_SIZE || node.linkName?.includes('\0') === true) {
        throw new errors/* FormatError */.IF(`a symlink's target has ${size} bytes or a zero byte, wanted 1 to ${MAX_TARGET_SIZE}`);
    }
    return size;
}
function splitContent(inode) {
    const tail = inode.size % BLOCK_SIZE;
    inode.inlineSize = fitsInline(inode, tail) ? tail : 0;
    inode.blockCount = Math.ceil((inode.size - inode.inlineSize) / BLOCK_SIZE);
}
function placeBlocks(inodes, slotsEnd) {
    let nextBlock = alignUp(slotsEnd, BLOCK_SIZE) / BLOCK_SIZE;
    for (const inode of inodes) {
        if (inode.blockCount === 0)
            continue;
        inode.startBlock = nextBlock;
        nextBlock += inode.blockCount;
    }
    return nextBlock * BLOCK_SIZE;
}
function placeFiles(inodes, toc, data) {
    for (const inode of inodes) {
        if (inode.node.type === 'reg')
            inode.startBlock = fileImageOffset(inode.node, toc.chunks, data) / BLOCK_SIZE;
    }
}
function writeContent(image, inode) {
    const { node, entries } = inode;
    if (node.type === 'symlink')
        writeText(image, node.linkName, inode.size, contentOffset(inode, 0));
    if (entries === undefined)
        return;
    for (const [index, block] of packDirectory(entries).entries()) {
        writeDirBlock(image, entries, block, contentOffset(inode, index));
    }
}
function contentOffset(inode, index) {
    if (index < inode.blockCount)
        return (inode.startBlock + index) * BLOCK_SIZE;
    return inode.imageOffset + inodeSize(inode) + inode.xattrSize;
}


/***/ }),

/***/ 33758:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   T: () => (/* binding */ encodeError),
/* harmony export */   l: () => (/* binding */ decodeError)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(95488);


function encodeError(error) {
    if (!(error instanceof Error))
        return { name: 'Error', message: String(error) };
    const { name, message } = error;
    const code = error.code;
    const base = typeof code === 'string' ? { name, message, code } : { name, message };
    if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .VerificationError */ .mk)
        return { ...base, facts: { expected: error.expected, actual: error.actual } };
    if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .UnverifiableLayerError */ .SP)
        return { ...base, facts: { digest: error.digest, reason: error.reason } };
    if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF && error.offset !== undefined)
        return { ...base, facts: { offset: error.offset } };
    return base;
}
function decodeError(record) {
    const { name, message, code, facts = {} } = record;
    const offset = facts['offset'];
    switch (name) {
        case 'VerificationError': {
            const error = new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .VerificationError */ .mk('', String(facts['expected']), String(facts['actual']));
            error.message = message;
            return error;
        }
        case 'UnverifiableLayerError':
            return new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .UnverifiableLayerError */ .SP(facts['digest'], String(facts['reason']));
        case 'FormatError':
            return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(message, typeof offset === 'number' ? { offset } : {});
        case 'LazypullError':
        case 'UnsupportedLayerError':
            return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB(code, message);
        default:
            return Object.assign(new Error(message), code === undefined ? {} : { code });
    }
}


/***/ })

};
