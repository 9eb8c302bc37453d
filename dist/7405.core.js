export const id = 7405;
export const ids = [7405];
export const modules = {

/***/ 16986:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   IF: () => (/* binding */ FormatError),
/* harmony export */   Uc: () => (/* binding */ describeError),
/* harmony export */   _N: () => (/* binding */ SystemError),
/* harmony export */   gl: () => (/* binding */ RegistryError),
/* harmony export */   mk: () => (/* binding */ VerificationError),
/* harmony export */   qB: () => (/* binding */ LazypullError),
/* harmony export */   yo: () => (/* binding */ UserError)
/* harmony export */ });
class LazypullError extends Error {
    code;
    constructor(code, message, options) {
        super(message, options);
        this.name = new.target.name;
        this.code = code;
    }
}
class FormatError extends LazypullError {
    offset;
    constructor(message, options = {}) {
        super('FORMAT', message, options);
        this.offset = options.offset;
    }
}
class VerificationError extends LazypullError {
    expected;
    actual;
    constructor(what, expected, actual) {
        super('VERIFICATION', `${what}: expected ${expected}, got ${actual}`);
        this.expected = expected;
        this.actual = actual;
    }
}
class RegistryError extends LazypullError {
    method;
    url;
    status;
    diagnostics;
    retryable;
    constructor(message, facts) {
        super('REGISTRY', message, { cause: facts.cause });
        this.method = facts.method;
        this.url = facts.url;
        this.status = facts.status;
        this.diagnostics = facts.diagnostics ?? [];
        this.retryable = facts.retryable ?? false;
    }
}
class UserError extends LazypullError {
    fix;
    constructor(message, fix, options) {
        super('CONFIG', fix === undefined ? message : `${message}\n  ${fix}`, options);
        this.fix = fix;
    }
}
class SystemError extends LazypullError {
    errno;
    syscall;
    constructor(syscall, errno, detail) {
        super('SYSTEM', `${syscall}: errno ${errno}: ${detail}`);
        this.syscall = syscall;
        this.errno = errno;
    }
}
function describeError(error) {
    if (!(error instanceof Error))
        return String(error);
    const parts = [error.message];
    let cause = error.cause;
    for (let depth = 0; cause instanceof Error && depth < 4; depth++) {
        if (!parts.at(-1)?.includes(cause.message))
            parts.push(cause.message);
        cause = cause.cause;
    }
    return parts.join(': ');
}


/***/ }),

/***/ 65233:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $: () => (/* binding */ isHole)
/* harmony export */ });
function isHole(table, chunk) {
    return table.blobEnd[chunk] === table.blobOffset[chunk];
}


/***/ }),

/***/ 88789:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $d: () => (/* binding */ InitFlag),
/* harmony export */   B_: () => (/* binding */ INIT_IN_SIZE),
/* harmony export */   Fj: () => (/* binding */ REQUEST_BUFFER_SIZE),
/* harmony export */   Kr: () => (/* binding */ ATTR_SIZE),
/* harmony export */   M9: () => (/* binding */ Notify),
/* harmony export */   OF: () => (/* binding */ MAX_READ_SIZE),
/* harmony export */   Py: () => (/* binding */ OpenFlag),
/* harmony export */   RH: () => (/* binding */ Errno),
/* harmony export */   Tf: () => (/* binding */ STATFS_OUT_SIZE),
/* harmony export */   Uk: () => (/* binding */ IN_HEADER_SIZE),
/* harmony export */   Y0: () => (/* binding */ MAX_PAGES),
/* harmony export */   _n: () => (/* binding */ FUSE_MINOR),
/* harmony export */   e: () => (/* binding */ FUSE_OLDEST_MINOR),
/* harmony export */   f_: () => (/* binding */ READ_IN_SIZE),
/* harmony export */   kV: () => (/* binding */ INIT_OUT_SIZE),
/* harmony export */   oi: () => (/* binding */ INVAL_ENTRY_SIZE),
/* harmony export */   pJ: () => (/* binding */ DIRENT_SIZE),
/* harmony export */   pz: () => (/* binding */ Opcode),
/* harmony export */   tP: () => (/* binding */ ROOT_ID),
/* harmony export */   v8: () => (/* binding */ OUT_HEADER_SIZE),
/* harmony export */   xp: () => (/* binding */ ATTR_OUT_SIZE),
/* harmony export */   yX: () => (/* binding */ OPEN_OUT_SIZE),
/* harmony export */   yj: () => (/* binding */ FUSE_MAJOR),
/* harmony export */   yk: () => (/* binding */ ENTRY_OUT_SIZE)
/* harmony export */ });
/* unused harmony export UNIQUE_RESEND */
const FUSE_MAJOR = 7;
const FUSE_MINOR = 40;
const FUSE_OLDEST_MINOR = 28;
const ROOT_ID = 1;
const IN_HEADER_SIZE = 4 + 4 + 8 + 8 + 4 + 4 + 4 + 4;
const OUT_HEADER_SIZE = 4 + 4 + 8;
const READ_IN_SIZE = 8 + 8 + 4 + 4 + 8 + 4 + 4;
const INIT_IN_SIZE = 4 + 4 + 4 + 4;
const INIT_OUT_SIZE = 4 + 4 + 4 + 4 + 2 + 2 + 4 + 4 + 2 + 2 + 4 + 28;
const ATTR_SIZE = 6 * 8 + 10 * 4;
const ATTR_OUT_SIZE = 8 + 4 + 4 + ATTR_SIZE;
const ENTRY_OUT_SIZE = 8 + 8 + 8 + 8 + 4 + 4 + ATTR_SIZE;
const OPEN_OUT_SIZE = 8 + 4 + 4;
const STATFS_OUT_SIZE = 5 * 8 + 3 * 4 + 4 + 6 * 4;
const DIRENT_SIZE = 8 + 8 + 4 + 4;
const INVAL_ENTRY_SIZE = 8 + 4 + 4;
const MAX_PAGES = 256;
const MAX_READ_SIZE = MAX_PAGES * 4096;
const REQUEST_BUFFER_SIZE = 16 * 1024;
const Opcode = {
    LOOKUP: 1,
    FORGET: 2,
    GETATTR: 3,
    OPEN: 14,
    READ: 15,
    STATFS: 17,
    RELEASE: 18,
    FLUSH: 25,
    INIT: 26,
    OPENDIR: 27,
    READDIR: 28,
    RELEASEDIR: 29,
    INTERRUPT: 36,
    DESTROY: 38,
    BATCH_FORGET: 42,
};
const Notify = { INVAL_ENTRY: 3, RESEND: 7 };
const InitFlag = {
    ASYNC_READ: 0x1n,
    ASYNC_DIO: 0x8000n,
    PARALLEL_DIROPS: 0x40000n,
    MAX_PAGES: 0x400000n,
    EXPLICIT_INVAL_DATA: 0x2000000n,
    INIT_EXT: 0x40000000n,
    HAS_RESEND: 0x8000000000n,
};
const UNIQUE_RESEND = (/* unused pure expression or super */ null && (1n << 63n));
const OpenFlag = { DIRECT_IO: 1, KEEP_CACHE: 2 };
const Errno = {
    ENOENT: 2,
    EIO: 5,
    EACCES: 13,
    ENODEV: 19,
    EINVAL: 22,
    ENOSYS: 38,
    ESTALE: 116,
};


/***/ }),

/***/ 60476:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   P: () => (/* binding */ FileTable)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _abi_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(88789);


const NAME_PATTERN = /^[A-Za-z0-9._-]{1,200}$/;
const MAX_NODE_ID = 0xffff_ffff;
const DOTS = [
    { nodeId: _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .ROOT_ID */ .tP, name: '.' },
    { nodeId: _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .ROOT_ID */ .tP, name: '..' },
];
class FileTable {
    #byId = new Map();
    #byName = new Map();
    add(file) {
        if (!NAME_PATTERN.test(file.name) || /^\.{1,2}$/.test(file.name)) {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB('INVALID_ARGUMENT', `not a file name for a FUSE mount: ${JSON.stringify(file.name)}`);
        }
        if (!Number.isInteger(file.nodeId) || file.nodeId <= _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .ROOT_ID */ .tP || file.nodeId > MAX_NODE_ID) {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB('INVALID_ARGUMENT', `not a FUSE node id: ${file.nodeId}`);
        }
        if (!Number.isSafeInteger(file.size) || file.size < 0) {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB('INVALID_ARGUMENT', `${file.name}: not a file size: ${file.size}`);
        }
        if (this.#byId.has(file.nodeId) || this.#byName.has(file.name)) {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB('ALREADY_EXISTS', `${file.name}: node ${file.nodeId} or this name is served already`);
        }
        this.#byId.set(file.nodeId, file);
        this.#byName.set(file.name, file);
    }
    remove(nodeId) {
        const file = this.#byId.get(nodeId);
        if (file === undefined)
            return undefined;
        this.#byId.delete(nodeId);
        this.#byName.delete(file.name);
        return file;
    }
    lookup(nodeId) {
        return this.#byId.get(nodeId);
    }
    lookupName(name) {
        return this.#byName.get(name);
    }
    all() {
        return [...this.#byId.values()];
    }
    attributes(nodeId) {
        return nodeId === _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .ROOT_ID */ .tP ? { nodeId, size: 0 } : this.#byId.get(nodeId);
    }
    names() {
        return [...DOTS, ...this.#byId.values()];
    }
    totals() {
        let bytes = 0;
        for (const file of this.#byId.values())
            bytes += file.size;
        return { files: this.#byId.size, bytes };
    }
}


/***/ }),

/***/ 58746:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   hi: () => (/* binding */ noteRead)
/* harmony export */ });
/* unused harmony exports firstChunkEndingAfter, isChunkPresent, isPresent */
/* harmony import */ var _layer_used_chunks_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(28329);

function firstChunkEndingAfter(presence, imageOffset) {
    let low = 0;
    let high = presence.count;
    while (low < high) {
        const middle = (low + high) >>> 1;
        const end = presence.imageOffset[middle] + presence.size[middle];
        if (end > imageOffset)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}
function isChunkPresent(presence, index) {
    return ((Atomics.load(presence.bitmap, index >>> 5) >>> (index & 31)) & 1) === 1;
}
function noteRead(presence, start, end) {
    const { use } = presence;
    if (use === undefined)
        return isPresent(presence, start, end);
    let there = true;
    for (let index = firstChunkEndingAfter(presence, start); index < presence.count; index++) {
        if (presence.imageOffset[index] >= end)
            break;
        (0,_layer_used_chunks_js__WEBPACK_IMPORTED_MODULE_0__/* .noteUse */ .MD)(use, index);
        there &&= isChunkPresent(presence, index);
    }
    return there;
}
function isPresent(presence, start, end) {
    for (let index = firstChunkEndingAfter(presence, start); index < presence.count; index++) {
        if (presence.imageOffset[index] >= end)
            return true;
        if (!isChunkPresent(presence, index))
            return false;
    }
    return true;
}


/***/ }),

/***/ 25815:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   BK: () => (/* binding */ encodeStatus),
/* harmony export */   Bu: () => (/* binding */ encodeInit),
/* harmony export */   DX: () => (/* binding */ encodeInvalidateName),
/* harmony export */   IC: () => (/* binding */ encodeDirectory),
/* harmony export */   PD: () => (/* binding */ writeReplyHeader),
/* harmony export */   cI: () => (/* binding */ encodeAttributes),
/* harmony export */   dn: () => (/* binding */ encodeOpen),
/* harmony export */   eK: () => (/* binding */ encodeResend),
/* harmony export */   vv: () => (/* binding */ encodeEntry),
/* harmony export */   yh: () => (/* binding */ encodeStatfs)
/* harmony export */ });
/* harmony import */ var _abi_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(88789);

const FOREVER_SEC = 0x7fffffffn;
const DIRECTORY_MODE = 0o040_500;
const FILE_MODE = 0o100_400;
const DIRENT_DIRECTORY = 4;
const DIRENT_FILE = 8;
function writeReplyHeader(target, unique, errno, bodyLength) {
    target.writeUInt32LE(_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + bodyLength, 0);
    target.writeInt32LE(errno === 0 ? 0 : -errno, 4);
    target.writeBigUInt64LE(unique, 8);
}
function encodeStatus(unique, errno) {
    return reply(unique, 0, errno);
}
function encodeEntry(unique, node) {
    const out = reply(unique, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .ENTRY_OUT_SIZE */ .yk);
    out.writeBigUInt64LE(BigInt(node.nodeId), _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8);
    out.writeBigUInt64LE(FOREVER_SEC, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + 16);
    out.writeBigUInt64LE(FOREVER_SEC, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + 24);
    writeAttributes(out, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .ENTRY_OUT_SIZE */ .yk - _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .ATTR_SIZE */ .Kr, node);
    return out;
}
function encodeAttributes(unique, node) {
    const out = reply(unique, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .ATTR_OUT_SIZE */ .xp);
    out.writeBigUInt64LE(FOREVER_SEC, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8);
    writeAttributes(out, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .ATTR_OUT_SIZE */ .xp - _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .ATTR_SIZE */ .Kr, node);
    return out;
}
function encodeOpen(unique, openFlags) {
    const out = reply(unique, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OPEN_OUT_SIZE */ .yX);
    out.writeUInt32LE(openFlags, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + 8);
    return out;
}
function encodeStatfs(unique, totals) {
    const out = reply(unique, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .STATFS_OUT_SIZE */ .Tf);
    out.writeBigUInt64LE(BigInt(Math.ceil(totals.bytes / 4096)), _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8);
    out.writeBigUInt64LE(BigInt(totals.files), _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + 24);
    out.writeUInt32LE(4096, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + 40);
    out.writeUInt32LE(255, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + 44);
    out.writeUInt32LE(4096, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + 48);
    return out;
}
function encodeDirectory(unique, names, offset, size) {
    const parts = [];
    let used = 0;
    for (let index = offset; index < names.length; index++) {
        const { nodeId, name } = names[index];
        const entry = Buffer.alloc(Math.ceil((_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .DIRENT_SIZE */ .pJ + Buffer.byteLength(name)) / 8) * 8);
        if (used + entry.length > size)
            break;
        entry.writeBigUInt64LE(BigInt(nodeId), 0);
        entry.writeBigUInt64LE(BigInt(index + 1), 8);
        entry.writeUInt32LE(Buffer.byteLength(name), 16);
        entry.writeUInt32LE(nodeId === _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .ROOT_ID */ .tP ? DIRENT_DIRECTORY : DIRENT_FILE, 20);
        entry.write(name, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .DIRENT_SIZE */ .pJ);
        parts.push(entry);
        used += entry.length;
    }
    const header = Buffer.alloc(_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8);
    writeReplyHeader(header, unique, 0, used);
    return Buffer.concat([header, ...parts]);
}
function encodeInit(unique, major, init) {
    const out = reply(unique, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .INIT_OUT_SIZE */ .kV);
    const body = out.subarray(_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8);
    body.writeUInt32LE(major, 0);
    body.writeUInt32LE(init.minor, 4);
    body.writeUInt32LE(init.maxReadahead, 8);
    body.writeUInt32LE(Number(init.flags & 0xffffffffn), 12);
    body.writeUInt16LE(init.maxBackground, 16);
    body.writeUInt16LE(init.congestionThreshold, 18);
    body.writeUInt32LE(init.maxWrite, 20);
    body.writeUInt32LE(1, 24);
    body.writeUInt16LE(init.maxPages, 28);
    body.writeUInt32LE(Number(init.flags >> 32n), 32);
    return out;
}
function encodeResend() {
    return notification(_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .Notify */ .M9.RESEND, Buffer.alloc(0));
}
function encodeInvalidateName(name) {
    const body = Buffer.alloc(_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .INVAL_ENTRY_SIZE */ .oi + Buffer.byteLength(name) + 1);
    body.writeBigUInt64LE(BigInt(_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .ROOT_ID */ .tP), 0);
    body.writeUInt32LE(Buffer.byteLength(name), 8);
    body.write(name, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .INVAL_ENTRY_SIZE */ .oi);
    return notification(_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .Notify */ .M9.INVAL_ENTRY, body);
}
function notification(code, body) {
    const header = Buffer.alloc(_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8);
    header.writeUInt32LE(_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + body.length, 0);
    header.writeInt32LE(code, 4);
    return Buffer.concat([header, body]);
}
function reply(unique, bodyLength, errno = 0) {
    const out = Buffer.alloc(_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + bodyLength);
    writeReplyHeader(out, unique, errno, bodyLength);
    return out;
}
function writeAttributes(out, offset, node) {
    const directory = node.nodeId === _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .ROOT_ID */ .tP;
    out.writeBigUInt64LE(BigInt(node.nodeId), offset);
    out.writeBigUInt64LE(BigInt(node.size), offset + 8);
    out.writeBigUInt64LE(BigInt(Math.ceil(node.size / 512)), offset + 16);
    out.writeUInt32LE(directory ? DIRECTORY_MODE : FILE_MODE, offset + 60);
    out.writeUInt32LE(directory ? 2 : 1, offset + 64);
    out.writeUInt32LE(4096, offset + 80);
}


/***/ }),

/***/ 40102:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $q: () => (/* binding */ parseName),
/* harmony export */   Wr: () => (/* binding */ parseInitBody),
/* harmony export */   Wy: () => (/* binding */ parseRequestHeader),
/* harmony export */   ey: () => (/* binding */ parseReadBody)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _abi_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(88789);


function parseRequestHeader(buffer, received) {
    if (received < _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`FUSE request of ${received} bytes, want ${_abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk} or more`);
    const length = buffer.readUInt32LE(0);
    if (length !== received)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`FUSE request says ${length} bytes, got ${received}`, { offset: 0 });
    return {
        length,
        opcode: buffer.readUInt32LE(4),
        unique: buffer.readBigUInt64LE(8),
        nodeId: buffer.readUInt32LE(20) === 0 ? buffer.readUInt32LE(16) : 0,
    };
}
function parseReadBody(buffer, header) {
    requireBody(header, _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .READ_IN_SIZE */ .f_, 'READ');
    const offset = Number(buffer.readBigUInt64LE(_abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk + 8));
    if (!Number.isSafeInteger(offset))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`READ at offset ${offset}`, { offset: _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk + 8 });
    return { offset, size: buffer.readUInt32LE(_abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk + 16) };
}
function parseName(buffer, header) {
    if (header.length <= _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk || buffer[header.length - 1] !== 0) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF('LOOKUP without a terminated name', { offset: _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk });
    }
    return buffer.toString('utf8', _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk, header.length - 1);
}
function parseInitBody(buffer, header) {
    requireBody(header, _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .INIT_IN_SIZE */ .B_, 'INIT');
    const low = BigInt(buffer.readUInt32LE(_abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk + 12));
    const extended = (low & _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .InitFlag */ .$d.INIT_EXT) !== 0n && header.length >= _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk + _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .INIT_IN_SIZE */ .B_ + 4;
    const high = extended ? BigInt(buffer.readUInt32LE(_abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk + 16)) : 0n;
    return {
        major: buffer.readUInt32LE(_abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk),
        minor: buffer.readUInt32LE(_abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk + 4),
        maxReadahead: buffer.readUInt32LE(_abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk + 8),
        flags: low | (high << 32n),
    };
}
function requireBody(header, size, what) {
    if (header.length >= _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk + size)
        return;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${what} request of ${header.length} bytes, want ${_abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk + size}`, { offset: 0 });
}


/***/ }),

/***/ 43671:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N9: () => (/* binding */ GENERATION),
/* harmony export */   cT: () => (/* binding */ COUNTERS),
/* harmony export */   ex: () => (/* binding */ WORKER_STEP),
/* harmony export */   ph: () => (/* binding */ Counter)
/* harmony export */ });
const GENERATION = 0;
const WORKER_STEP = 1;
const Counter = { READS: 0, BYTES: 1, FAULTS: 2, FAULT_BYTES: 3, ERRORS: 4 };
const COUNTERS = 5;


/***/ }),

/***/ 77405:
/***/ ((__unused_webpack___webpack_module__, __unused_webpack___webpack_exports__, __webpack_require__) => {


// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: external "node:worker_threads"
var external_node_worker_threads_ = __webpack_require__(75919);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/fuse/abi.js
var abi = __webpack_require__(88789);
// EXTERNAL MODULE: ./src/fuse/reply.js
var reply = __webpack_require__(25815);
// EXTERNAL MODULE: ./src/fuse/request.js
var request = __webpack_require__(40102);
;// CONCATENATED MODULE: ./src/fuse/answer.js



const OPEN_FLAGS = abi/* OpenFlag */.Py.DIRECT_IO;
function answer(buffer, header, files) {
    const { opcode, unique, nodeId } = header;
    switch (opcode) {
        case abi/* Opcode */.pz.LOOKUP:
            return answerLookup(buffer, header, files);
        case abi/* Opcode */.pz.FORGET:
        case abi/* Opcode */.pz.BATCH_FORGET:
            return undefined;
        case abi/* Opcode */.pz.GETATTR: {
            const node = files.attributes(nodeId);
            return node === undefined ? (0,reply/* encodeStatus */.BK)(unique, abi/* Errno */.RH.ESTALE) : (0,reply/* encodeAttributes */.cI)(unique, node);
        }
        case abi/* Opcode */.pz.OPEN:
            return files.lookup(nodeId) === undefined ? (0,reply/* encodeStatus */.BK)(unique, abi/* Errno */.RH.ESTALE) : (0,reply/* encodeOpen */.dn)(unique, OPEN_FLAGS);
        case abi/* Opcode */.pz.OPENDIR:
            return nodeId === abi/* ROOT_ID */.tP ? (0,reply/* encodeOpen */.dn)(unique, 0) : (0,reply/* encodeStatus */.BK)(unique, abi/* Errno */.RH.ESTALE);
        case abi/* Opcode */.pz.READDIR: {
            if (nodeId !== abi/* ROOT_ID */.tP)
                return (0,reply/* encodeStatus */.BK)(unique, abi/* Errno */.RH.ESTALE);
            const { offset, size } = (0,request/* parseReadBody */.ey)(buffer, header);
            return (0,reply/* encodeDirectory */.IC)(unique, files.names(), offset, size);
        }
        case abi/* Opcode */.pz.STATFS:
            return (0,reply/* encodeStatfs */.yh)(unique, files.totals());
        case abi/* Opcode */.pz.RELEASE:
        case abi/* Opcode */.pz.RELEASEDIR:
        case abi/* Opcode */.pz.FLUSH:
        case abi/* Opcode */.pz.DESTROY:
            return (0,reply/* encodeStatus */.BK)(unique, 0);
        default:
            return (0,reply/* encodeStatus */.BK)(unique, abi/* Errno */.RH.ENOSYS);
    }
}
function answerLookup(buffer, header, files) {
    if (header.nodeId !== abi/* ROOT_ID */.tP)
        return (0,reply/* encodeStatus */.BK)(header.unique, abi/* Errno */.RH.ENOENT);
    const file = files.lookupName((0,request/* parseName */.$q)(buffer, header));
    return file === undefined ? (0,reply/* encodeStatus */.BK)(header.unique, abi/* Errno */.RH.ENOENT) : (0,reply/* encodeEntry */.vv)(header.unique, file);
}

// EXTERNAL MODULE: ./src/fuse/file-table.js
var file_table = __webpack_require__(60476);
// EXTERNAL MODULE: ./src/fuse/presence.js
var presence = __webpack_require__(58746);
// EXTERNAL MODULE: ./src/fuse/wire-messages.js
var wire_messages = __webpack_require__(43671);
;// CONCATENATED MODULE: ./src/fuse/wire-worker.js










const port = external_node_worker_threads_.parentPort;
if (port === null)
    throw new Error('wire-worker runs in a worker thread only');
const { fuseFd, index, files: firstFiles, control, counters } = external_node_worker_threads_.workerData;
const files = new file_table/* FileTable */.P();
for (const file of firstFiles)
    files.add(file);
let generation = -1;
const wire_worker_request = Buffer.alloc(abi/* REQUEST_BUFFER_SIZE */.Fj);
const wire_worker_reply = Buffer.alloc(abi/* OUT_HEADER_SIZE */.v8 + abi/* MAX_READ_SIZE */.OF);
serve();
function serve() {
    for (;;) {
        const received = receive();
        if (received === 'ended')
            return;
        Atomics.add(control, wire_messages/* WORKER_STEP */.ex + index, 1);
        takeMessages();
        const header = (0,request/* parseRequestHeader */.Wy)(wire_worker_request, received);
        try {
            handle(header);
        }
        catch (error) {
            count(wire_messages/* Counter */.ph.ERRORS, 1);
            if (!(error instanceof errors/* FormatError */.IF))
                throw error;
            send((0,reply/* encodeStatus */.BK)(header.unique, abi/* Errno */.RH.EIO));
        }
        Atomics.add(control, wire_messages/* WORKER_STEP */.ex + index, 1);
    }
}
function receive() {
    for (;;) {
        try {
            return (0,external_node_fs_.readSync)(fuseFd, wire_worker_request, 0, wire_worker_request.length, null);
        }
        catch (error) {
            const { code } = error;
            if (code === 'ENODEV' || code === 'ECONNABORTED')
                return 'ended';
            if (code !== 'ENOENT' && code !== 'EINTR' && code !== 'EAGAIN')
                throw error;
        }
    }
}
function takeMessages() {
    const latest = Atomics.load(control, wire_messages/* GENERATION */.N9);
    if (latest === generation)
        return;
    for (let item = (0,external_node_worker_threads_.receiveMessageOnPort)(port); item !== undefined; item = (0,external_node_worker_threads_.receiveMessageOnPort)(port)) {
        const message = item.message;
        if (message.type === 'add')
            files.add(message.file);
        else
            files.remove(message.nodeId);
    }
    generation = latest;
}
function handle(header) {
    if (header.opcode === abi/* Opcode */.pz.READ) {
        handleRead(header);
        return;
    }
    const answered = answer(wire_worker_request, header, files);
    if (answered !== undefined)
        send(answered);
}
function handleRead(header) {
    const file = files.lookup(header.nodeId);
    if (file === undefined) {
        send((0,reply/* encodeStatus */.BK)(header.unique, abi/* Errno */.RH.ESTALE));
        return;
    }
    const { offset, size } = (0,request/* parseReadBody */.ey)(wire_worker_request, header);
    if (size > abi/* MAX_READ_SIZE */.OF)
        throw new errors/* FormatError */.IF(`READ of ${size} bytes, want ${abi/* MAX_READ_SIZE */.OF} or fewer`);
    const length = Math.max(0, Math.min(size, file.size - offset));
    count(wire_messages/* Counter */.ph.READS, 1);
    if ((0,presence/* noteRead */.hi)(file.presence, offset, offset + length)) {
        sendData(header.unique, file, offset, length);
        return;
    }
    count(wire_messages/* Counter */.ph.FAULTS, 1);
    count(wire_messages/* Counter */.ph.FAULT_BYTES, length);
    const fault = { unique: header.unique, nodeId: file.nodeId, imageOffset: offset, length };
    port.postMessage(fault, []);
}
function sendData(unique, file, offset, length) {
    if (readWhole(file.fd, offset, length)) {
        (0,reply/* writeReplyHeader */.PD)(wire_worker_reply, unique, 0, length);
        count(wire_messages/* Counter */.ph.BYTES, length);
        send(wire_worker_reply, abi/* OUT_HEADER_SIZE */.v8 + length);
    }
    else {
        count(wire_messages/* Counter */.ph.ERRORS, 1);
        send((0,reply/* encodeStatus */.BK)(unique, abi/* Errno */.RH.EIO));
    }
}
function readWhole(fd, offset, length) {
    try {
        for (let done = 0; done < length;) {
            const bytes = (0,external_node_fs_.readSync)(fd, wire_worker_reply, abi/* OUT_HEADER_SIZE */.v8 + done, length - done, offset + done);
            if (bytes === 0)
                return false;
            done += bytes;
        }
        return true;
    }
    catch {
        return false;
    }
}
function send(bytes, length = bytes.length) {
    try {
        (0,external_node_fs_.writeSync)(fuseFd, bytes, 0, length);
    }
    catch (error) {
        const { code } = error;
        if (code !== 'ENOENT' && code !== 'ENODEV')
            throw error;
    }
}
function count(counter, amount) {
    const slot = index * wire_messages/* COUNTERS */.cT + counter;
    counters[slot] = counters[slot] + amount;
}


/***/ }),

/***/ 64994:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $4: () => (/* binding */ countPresent),
/* harmony export */   BY: () => (/* binding */ missingChunks),
/* harmony export */   Cc: () => (/* binding */ initialBitmap),
/* harmony export */   GG: () => (/* binding */ setChunk),
/* harmony export */   KQ: () => (/* binding */ hasChunk),
/* harmony export */   TL: () => (/* binding */ firstChunkEndingAfter),
/* harmony export */   bn: () => (/* binding */ emptyBitmap)
/* harmony export */ });
/* harmony import */ var _estargz_model_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(65233);

function emptyBitmap(count) {
    return new Int32Array(new SharedArrayBuffer(Math.ceil(count / 32) * 4));
}
function initialBitmap(table) {
    const bitmap = emptyBitmap(table.count);
    for (let chunk = 0; chunk < table.count; chunk++)
        if ((0,_estargz_model_js__WEBPACK_IMPORTED_MODULE_0__/* .isHole */ .$)(table, chunk))
            setChunk(bitmap, chunk);
    return bitmap;
}
function hasChunk(bitmap, index) {
    return (Atomics.load(bitmap, index >>> 5) & (1 << (index & 31))) !== 0;
}
function setChunk(bitmap, index) {
    const bit = 1 << (index & 31);
    return (Atomics.or(bitmap, index >>> 5, bit) & bit) === 0;
}
function firstChunkEndingAfter(presence, imageOffset) {
    let low = 0;
    let high = presence.count;
    while (low < high) {
        const middle = (low + high) >>> 1;
        if (presence.imageOffset[middle] + presence.size[middle] > imageOffset)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}
function missingChunks(presence, imageOffset, length) {
    const missing = [];
    const end = imageOffset + length;
    for (let chunk = firstChunkEndingAfter(presence, imageOffset); chunk < presence.count; chunk++) {
        if (presence.imageOffset[chunk] >= end)
            break;
        if (!hasChunk(presence.bitmap, chunk))
            missing.push(chunk);
    }
    return missing;
}
function countPresent(presence) {
    let chunks = 0;
    let bytes = 0;
    for (let chunk = 0; chunk < presence.count; chunk++) {
        if (!hasChunk(presence.bitmap, chunk))
            continue;
        chunks++;
        bytes += presence.size[chunk];
    }
    return { chunks, bytes };
}


/***/ }),

/***/ 28329:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   MD: () => (/* binding */ noteUse),
/* harmony export */   iX: () => (/* binding */ UsedChunks)
/* harmony export */ });
/* unused harmony export emptyUse */
/* harmony import */ var _presence_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(64994);

function emptyUse(count) {
    return {
        bitmap: (0,_presence_js__WEBPACK_IMPORTED_MODULE_0__/* .emptyBitmap */ .bn)(count),
        order: new Int32Array(new SharedArrayBuffer((1 + count) * Int32Array.BYTES_PER_ELEMENT)),
        firstReadMs: new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT)),
    };
}
function noteUse({ bitmap, order, firstReadMs }, index) {
    const bit = 1 << (index & 31);
    if ((Atomics.load(bitmap, index >>> 5) & bit) !== 0)
        return;
    if ((Atomics.or(bitmap, index >>> 5, bit) & bit) !== 0)
        return;
    const place = 1 + Atomics.add(order, 0, 1);
    if (place === 1)
        firstReadMs[0] = Date.now();
    Atomics.store(order, place, 1 + index);
}
class UsedChunks {
    use;
    #size;
    #chunks = 0;
    #bytes = 0;
    constructor(size) {
        this.#size = size;
        this.use = emptyUse(size.length);
    }
    count() {
        for (let noted = this.#at(this.#chunks); noted !== undefined; noted = this.#at(this.#chunks)) {
            this.#chunks++;
            this.#bytes += this.#size[noted];
        }
        return { chunks: this.#chunks, bytes: this.#bytes };
    }
    order() {
        const { chunks } = this.count();
        return Uint32Array.from({ length: chunks }, (_, place) => this.#at(place));
    }
    get firstReadMs() {
        return this.#at(0) === undefined ? undefined : this.use.firstReadMs[0];
    }
    #at(place) {
        if (place >= this.#size.length)
            return undefined;
        const noted = Atomics.load(this.use.order, 1 + place);
        return noted === 0 ? undefined : noted - 1;
    }
}


/***/ })

};
