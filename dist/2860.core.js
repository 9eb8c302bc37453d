export const id = 2860;
export const ids = [2860];
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

/***/ 33722:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D0: () => (/* binding */ MAX_XATTR_VALUE),
/* harmony export */   EM: () => (/* binding */ MAX_NAME_LENGTH),
/* harmony export */   SQ: () => (/* binding */ SPARE_IMPLIED_DIRS),
/* harmony export */   dB: () => (/* binding */ MAX_DEV_MAJOR),
/* harmony export */   dR: () => (/* binding */ DEFAULT_LIMITS),
/* harmony export */   j0: () => (/* binding */ MAX_DEV_MINOR),
/* harmony export */   jE: () => (/* binding */ MAX_LINK_LENGTH),
/* harmony export */   kg: () => (/* binding */ MAX_COMPRESSED_TOC_BYTES),
/* harmony export */   mQ: () => (/* binding */ MAX_XATTR_TOTAL),
/* harmony export */   rc: () => (/* binding */ MAX_ID),
/* harmony export */   xu: () => (/* binding */ MAX_XATTR_NAME)
/* harmony export */ });
const KIB = 1024;
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const MAX_COMPRESSED_TOC_BYTES = 64 * MIB;
const DEFAULT_LIMITS = {
    maxEntries: 5_000_000,
    maxFileSize: 1024 * GIB,
    maxChunkSize: GIB,
    maxPathLength: 4 * KIB,
    maxDepth: 512,
};
const SPARE_IMPLIED_DIRS = 16 * KIB;
const MAX_NAME_LENGTH = 255;
const MAX_XATTR_NAME = 255;
const MAX_XATTR_VALUE = 64 * KIB;
const MAX_LINK_LENGTH = 4095;
const MAX_DEV_MAJOR = 2 ** 12 - 1;
const MAX_DEV_MINOR = 2 ** 20 - 1;
const MAX_ID = 2 ** 32 - 2;
const MAX_XATTR_TOTAL = 128 * KIB;


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

/***/ 62905:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $v: () => (/* binding */ LONGEST_ZSTD_FOOTER),
/* harmony export */   Ah: () => (/* binding */ encodeSkippable),
/* harmony export */   FE: () => (/* binding */ isSkippableMagic),
/* harmony export */   FL: () => (/* binding */ encodeZstdFooter),
/* harmony export */   eV: () => (/* binding */ SKIPPABLE_HEADER_SIZE),
/* harmony export */   ms: () => (/* binding */ parseZstdFooter)
/* harmony export */ });
/* unused harmony exports STARGZ_CONTENT_SIZE, CONTAINERS_CONTENT_SIZE */
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);

const SKIPPABLE_HEADER_SIZE = 8;
const STARGZ_CONTENT_SIZE = 40;
const CONTAINERS_CONTENT_SIZE = 64;
const LONGEST_ZSTD_FOOTER = SKIPPABLE_HEADER_SIZE + CONTAINERS_CONTENT_SIZE;
const SKIPPABLE_MAGIC = 0x184d2a50;
const TYPE_CRFS = 1;
const STARGZ_MAGIC = Buffer.from('GnUlInUx');
const CONTAINERS_MAGIC = Buffer.from('GNUlInUx');
function isSkippableMagic(magic) {
    return (magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC;
}
function encodeSkippable(content) {
    if (content.length >= 2 ** 32)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`a skippable frame can't hold ${content.length} bytes`);
    const header = Buffer.alloc(SKIPPABLE_HEADER_SIZE);
    header.writeUInt32LE(SKIPPABLE_MAGIC, 0);
    header.writeUInt32LE(content.length, 4);
    return Buffer.concat([header, content]);
}
function encodeZstdFooter({ dialect, toc, tarSplit }) {
    const head = [toc.offset, toc.compressedSize, toc.size, TYPE_CRFS].map(uint64);
    if (dialect === 'stargz')
        return encodeSkippable(Buffer.concat([...head, STARGZ_MAGIC]));
    const split = [tarSplit?.offset ?? 0, tarSplit?.compressedSize ?? 0, tarSplit?.size ?? 0].map(uint64);
    return encodeSkippable(Buffer.concat([...head, ...split, CONTAINERS_MAGIC]));
}
function parseZstdFooter(tail, blobSize) {
    const end = Buffer.from(tail.buffer, tail.byteOffset, tail.length);
    const stargz = contentOf(end, STARGZ_CONTENT_SIZE, STARGZ_MAGIC);
    if (stargz !== undefined) {
        const limit = blobSize - SKIPPABLE_HEADER_SIZE - STARGZ_CONTENT_SIZE;
        return { dialect: 'stargz', toc: checkedSpan(stargz, 0, limit, 'TOC'), tarSplit: undefined };
    }
    const containers = contentOf(end, CONTAINERS_CONTENT_SIZE, CONTAINERS_MAGIC);
    if (containers === undefined)
        return undefined;
    const limit = blobSize - LONGEST_ZSTD_FOOTER;
    const hasSplit = containers.readBigUInt64LE(TAR_SPLIT_AT) !== 0n;
    return {
        dialect: 'containers',
        toc: checkedSpan(containers, 0, limit, 'TOC'),
        tarSplit: hasSplit ? checkedSpan(containers, TAR_SPLIT_AT, limit, 'tar-split') : undefined,
    };
}
const TYPE_AT = 24;
const TAR_SPLIT_AT = 32;
function contentOf(end, size, magic) {
    const frame = end.length - SKIPPABLE_HEADER_SIZE - size;
    if (frame < 0)
        return undefined;
    const isFrame = end.readUInt32LE(frame) === SKIPPABLE_MAGIC && end.readUInt32LE(frame + 4) === size;
    return isFrame && end.subarray(-magic.length).equals(magic) ? end.subarray(-size) : undefined;
}
function checkedSpan(content, at, limit, what) {
    const [offset, compressedSize, size] = [0, 8, 16].map((field) => Number(content.readBigUInt64LE(at + field)));
    const type = content.readBigUInt64LE(TYPE_AT);
    if (type !== BigInt(TYPE_CRFS))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`footer: type of the TOC: got ${type}, wanted ${TYPE_CRFS}`);
    const isWithin = offset >= SKIPPABLE_HEADER_SIZE && offset + compressedSize <= limit;
    if (!isWithin || !Number.isSafeInteger(size)) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`footer says that the ${what} is ${compressedSize} bytes at ${offset}, wanted them between ${SKIPPABLE_HEADER_SIZE} and ${limit}`, { offset: limit });
    }
    return { offset: offset, compressedSize: compressedSize, size: size };
}
function uint64(value) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    return bytes;
}


/***/ }),

/***/ 10830:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   L: () => (/* binding */ collectWhenIdle),
/* harmony export */   b: () => (/* binding */ garbageCollector)
/* harmony export */ });
/* harmony import */ var node_v8__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(78877);
/* harmony import */ var node_vm__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(30714);


function garbageCollector() {
    (0,node_v8__WEBPACK_IMPORTED_MODULE_0__.setFlagsFromString)('--expose-gc');
    const collect = (0,node_vm__WEBPACK_IMPORTED_MODULE_1__.runInNewContext)('gc');
    return () => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
function collectWhenIdle(quietMs) {
    let timer;
    return () => {
        timer ??= setTimeout(() => garbageCollector()(), quietMs).unref();
        timer.refresh();
    };
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


/***/ }),

/***/ 79290:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   P: () => (/* binding */ readInto),
/* harmony export */   f: () => (/* binding */ writeAll)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(73024);

function writeAll(fd, bytes, position) {
    for (let at = 0; at < bytes.length;)
        at += (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.writeSync)(fd, bytes, at, bytes.length - at, position + at);
}
function readInto(fd, into, position) {
    for (let at = 0; at < into.length;) {
        const count = (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readSync)(fd, into, at, into.length - at, position + at);
        if (count === 0)
            return at;
        at += count;
    }
    return into.length;
}


/***/ }),

/***/ 4140:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ep: () => (/* binding */ packDigest),
/* harmony export */   FJ: () => (/* binding */ encodePackHeader),
/* harmony export */   HC: () => (/* binding */ packName),
/* harmony export */   LU: () => (/* binding */ decodePackHeader),
/* harmony export */   Ow: () => (/* binding */ packHeaderBytes),
/* harmony export */   P0: () => (/* binding */ packBytes),
/* harmony export */   RC: () => (/* binding */ MAX_PACK_HEADER_BYTES),
/* harmony export */   k0: () => (/* binding */ MAX_PACK_CHUNKS)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _oci_digest_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(62635);
/* harmony import */ var _layer_files_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(47124);
/* harmony import */ var _frame_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(23890);
/* harmony import */ var _policy_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(36913);
/* harmony import */ var _toc_file_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(26704);






const MAGIC = 'LZPHOTPK';
const VERSION = 1;
const PREFIX_SIZE = 4 + 4 + 8 + 3 * 32;
const BYTES_PER_CHUNK = 4 + 4;
const READS_KNOWN = 1;
const ANONYMOUS = 2;
const SUFFIX = '.hot';
const MAX_PACK_CHUNKS = 1024 * 1024;
const MAX_PACK_HEADER_BYTES = (0,_frame_js__WEBPACK_IMPORTED_MODULE_3__/* .frameSize */ .RV)(PREFIX_SIZE + MAX_PACK_CHUNKS * BYTES_PER_CHUNK);
function packName(digest) {
    return `${(0,_layer_files_js__WEBPACK_IMPORTED_MODULE_2__/* .folderName */ .ub)(digest)}${SUFFIX}`;
}
function packDigest(name) {
    return name.endsWith(SUFFIX) ? (0,_layer_files_js__WEBPACK_IMPORTED_MODULE_2__/* .folderDigest */ .DR)(name.slice(0, -SUFFIX.length)) : undefined;
}
function packHeaderBytes(count) {
    return (0,_frame_js__WEBPACK_IMPORTED_MODULE_3__/* .frameSize */ .RV)(PREFIX_SIZE + count * BYTES_PER_CHUNK);
}
function packBytes(tocFileBytes, sizes) {
    return packHeaderBytes(sizes.length) + tocFileBytes + sizes.reduce((sum, size) => sum + size, 0);
}
function encodePackHeader(header) {
    const { chunks, sizes } = header;
    const payload = Buffer.alloc(PREFIX_SIZE + chunks.length * BYTES_PER_CHUNK);
    payload.writeUInt32LE((header.readsKnown ? READS_KNOWN : 0) | (header.isAnonymous ? ANONYMOUS : 0), 0);
    payload.writeUInt32LE(chunks.length, 4);
    payload.writeBigUInt64LE(BigInt(header.tocFileBytes), 8);
    for (const [i, digest] of [header.digest, header.tocDigest, header.tocChecksum].entries()) {
        payload.write((0,_oci_digest_js__WEBPACK_IMPORTED_MODULE_1__/* .digestHex */ .sU)(digest), 16 + i * 32, 'hex');
    }
    for (const [i, column] of [chunks, sizes].entries()) {
        for (const [row, value] of column.entries())
            payload.writeUInt32LE(value, PREFIX_SIZE + (i * chunks.length + row) * 4);
    }
    return (0,_frame_js__WEBPACK_IMPORTED_MODULE_3__/* .encodeFrame */ .Yt)(MAGIC, VERSION, payload);
}
function decodePackHeader(bytes) {
    const payload = (0,_frame_js__WEBPACK_IMPORTED_MODULE_3__/* .decodeFrame */ .O2)(MAGIC, VERSION, bytes);
    const count = payload.length < PREFIX_SIZE ? -1 : payload.readUInt32LE(4);
    if (count > MAX_PACK_CHUNKS || payload.length !== PREFIX_SIZE + count * BYTES_PER_CHUNK) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`hot pack: ${payload.length} bytes of header do not hold ${count} chunks`);
    }
    const flags = payload.readUInt32LE(0);
    const tocFileBytes = Number(payload.readBigUInt64LE(8));
    if (flags > (READS_KNOWN | ANONYMOUS))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`hot pack: unknown flags ${flags}`);
    if (tocFileBytes > _toc_file_js__WEBPACK_IMPORTED_MODULE_5__/* .MAX_TOC_FILE_BYTES */ .VJ)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`hot pack: a toc file of ${tocFileBytes} bytes`);
    const digestAt = (i) => `sha256:${payload.toString('hex', 16 + i * 32, 48 + i * 32)}`;
    const column = (i) => Uint32Array.from({ length: count }, (_, row) => payload.readUInt32LE(PREFIX_SIZE + (i * count + row) * 4));
    const [chunks, sizes] = [column(0), column(1)];
    requirePossible(chunks, sizes);
    const digests = { digest: digestAt(0), tocDigest: digestAt(1), tocChecksum: digestAt(2) };
    const [readsKnown, isAnonymous] = [(flags & READS_KNOWN) !== 0, (flags & ANONYMOUS) !== 0];
    return { ...digests, readsKnown, isAnonymous, tocFileBytes, chunks, sizes };
}
function requirePossible(chunks, sizes) {
    const wrong = sizes.findIndex((size) => size === 0 || size > _policy_js__WEBPACK_IMPORTED_MODULE_4__/* .MAX_MEMBER_BYTES */ .yK);
    if (wrong >= 0)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`hot pack: chunk ${chunks[wrong]} of ${sizes[wrong]} bytes`);
    const sorted = chunks.toSorted();
    const twice = sorted.findIndex((chunk, i) => i > 0 && sorted[i - 1] === chunk);
    if (twice >= 0)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`hot pack: chunk ${sorted[twice]} is named twice`);
}


/***/ }),

/***/ 60377:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   QV: () => (/* binding */ requireSameChunks),
/* harmony export */   g5: () => (/* binding */ openPack),
/* harmony export */   ow: () => (/* binding */ storePacked)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(77598);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(73024);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(16986);
/* harmony import */ var _bitmap_file_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(86831);
/* harmony import */ var _error_codec_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(33758);
/* harmony import */ var _file_io_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(79290);
/* harmony import */ var _frame_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(23890);
/* harmony import */ var _hot_pack_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(4140);
/* harmony import */ var _presence_js__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(64994);
/* harmony import */ var _toc_file_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(26704);










const ROOM_BYTES = 4 * 1024 * 1024;
function openPack(fd) {
    const fileBytes = (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.fstatSync)(fd).size;
    const head = readAt(fd, 0, Math.min(fileBytes, (0,_hot_pack_js__WEBPACK_IMPORTED_MODULE_7__/* .packHeaderBytes */ .Ow)(0)), 'header');
    const headerBytes = (0,_frame_js__WEBPACK_IMPORTED_MODULE_6__/* .peekFrameSize */ .Ox)(head);
    if (headerBytes > Math.min(fileBytes, _hot_pack_js__WEBPACK_IMPORTED_MODULE_7__/* .MAX_PACK_HEADER_BYTES */ .RC)) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .FormatError */ .IF(`hot pack: a header of ${headerBytes} bytes in a file of ${fileBytes}`);
    }
    const header = (0,_hot_pack_js__WEBPACK_IMPORTED_MODULE_7__/* .decodePackHeader */ .LU)(readAt(fd, 0, headerBytes, 'header'));
    const wanted = (0,_hot_pack_js__WEBPACK_IMPORTED_MODULE_7__/* .packBytes */ .P0)(header.tocFileBytes, header.sizes);
    if (fileBytes !== wanted)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .FormatError */ .IF(`hot pack: a file of ${fileBytes} bytes, its header says ${wanted}`);
    const toc = (0,_toc_file_js__WEBPACK_IMPORTED_MODULE_8__/* .decodeTocFile */ .DB)(readAt(fd, headerBytes, header.tocFileBytes, 'TOC'));
    return { header, toc, dataStart: headerBytes + header.tocFileBytes };
}
function requireSameChunks({ digest, chunks, sizes }, table) {
    for (const [i, chunk] of chunks.entries()) {
        if (chunk < table.count && table.size[chunk] === sizes[i])
            continue;
        const actual = chunk < table.count ? `one of ${table.size[chunk]} bytes` : `only ${table.count} chunks`;
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .FormatError */ .IF(`hot pack: chunk ${chunk} of ${sizes[i]} bytes, layer ${digest} has ${actual}`);
    }
}
function storePacked({ fd, packOffset, chunks, target }) {
    const counts = { storedChunks: 0, storedBytes: 0, damagedChunks: 0 };
    const { bitmap, imageFd, liveFd } = target;
    const { table, imageOffset } = target.chunks;
    let at = packOffset;
    let diskError;
    for (const chunk of chunks) {
        const size = table.size[chunk];
        if (!(0,_presence_js__WEBPACK_IMPORTED_MODULE_9__/* .hasChunk */ .KQ)(bitmap, chunk)) {
            const bytes = fill(roomFor(size), fd, at, `chunk ${chunk}`);
            if (!isPromised(table, chunk, bytes))
                counts.damagedChunks++;
            else {
                diskError = onDisk(() => (0,_file_io_js__WEBPACK_IMPORTED_MODULE_5__/* .writeAll */ .f)(imageFd, bytes, imageOffset[chunk]));
                if (diskError !== undefined)
                    break;
                if ((0,_presence_js__WEBPACK_IMPORTED_MODULE_9__/* .setChunk */ .GG)(bitmap, chunk)) {
                    counts.storedChunks++;
                    counts.storedBytes += size;
                }
            }
        }
        at += size;
    }
    diskError ??= onDisk(() => updateLiveOf(liveFd, bitmap, chunks));
    return diskError === undefined ? counts : { ...counts, diskError };
}
let room = Buffer.alloc(0);
function roomFor(size) {
    if (size > ROOM_BYTES)
        return Buffer.allocUnsafeSlow(size);
    if (size > room.length)
        room = Buffer.allocUnsafeSlow(ROOM_BYTES);
    return room.subarray(0, size);
}
function isPromised(table, chunk, bytes) {
    return (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.hash)('sha256', bytes, 'buffer').equals(table.digest.subarray(chunk * 32, chunk * 32 + 32));
}
function updateLiveOf(liveFd, bitmap, chunks) {
    let [first, end] = [Infinity, 0];
    for (const chunk of chunks) {
        first = Math.min(first, chunk);
        end = Math.max(end, chunk + 1);
    }
    if (first < end)
        (0,_bitmap_file_js__WEBPACK_IMPORTED_MODULE_3__/* .updateLive */ .WF)(liveFd, bitmap, first, end);
}
function onDisk(work) {
    try {
        work();
        return undefined;
    }
    catch (error) {
        return (0,_error_codec_js__WEBPACK_IMPORTED_MODULE_4__/* .encodeError */ .T)(error);
    }
}
function readAt(fd, position, length, what) {
    return fill(Buffer.allocUnsafeSlow(length), fd, position, what);
}
function fill(bytes, fd, position, what) {
    const count = (0,_file_io_js__WEBPACK_IMPORTED_MODULE_5__/* .readInto */ .P)(fd, bytes, position);
    if (count === bytes.length)
        return bytes;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .FormatError */ .IF(`hot pack: the file ends within its ${what}`, { offset: position + count });
}


/***/ }),

/***/ 9679:
/***/ ((__unused_webpack___webpack_module__, __unused_webpack___webpack_exports__, __webpack_require__) => {


// EXTERNAL MODULE: external "node:worker_threads"
var external_node_worker_threads_ = __webpack_require__(75919);
// EXTERNAL MODULE: ./src/garbage.js
var garbage = __webpack_require__(10830);
// EXTERNAL MODULE: ./src/layer/error-codec.js
var error_codec = __webpack_require__(33758);
// EXTERNAL MODULE: ./src/layer/hot-read.js
var hot_read = __webpack_require__(60377);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/estargz/model.js
var model = __webpack_require__(65233);
// EXTERNAL MODULE: ./src/layer/file-io.js
var file_io = __webpack_require__(79290);
// EXTERNAL MODULE: ./src/layer/hot-pack.js
var hot_pack = __webpack_require__(4140);
// EXTERNAL MODULE: ./src/layer/layer-files.js + 1 modules
var layer_files = __webpack_require__(47124);
// EXTERNAL MODULE: ./src/layer/presence.js
var presence = __webpack_require__(64994);
// EXTERNAL MODULE: ./src/layer/toc-file.js
var toc_file = __webpack_require__(26704);
;// CONCATENATED MODULE: ./src/layer/hot-write.js








const BUFFER_BYTES = 1024 * 1024;
async function surveyLayer({ dir, digest, bootId, wanted }) {
    try {
        const { record, chunks, bitmap } = await (0,layer_files/* loadLayerDir */.Pd)(dir, digest, bootId);
        if (!record.verifiable)
            return { reason: 'its table of contents has chunks without digests' };
        const tocFile = (0,external_node_fs_.readFileSync)((0,layer_files/* tocPathOf */.Nv)(dir));
        (0,toc_file/* decodeTocFile */.DB)(tocFile);
        const { table, imageOffset } = chunks;
        const savable = (chunk) => chunk < table.count && (0,presence/* hasChunk */.KQ)(bitmap, chunk) && !(0,model/* isHole */.$)(table, chunk);
        const kept = wanted.filter(savable).subarray(0, hot_pack/* MAX_PACK_CHUNKS */.k0);
        const { tocDigest, tocChecksum, isAnonymous = false } = record;
        return {
            tocDigest,
            tocChecksum,
            isAnonymous,
            tocFileBytes: tocFile.length,
            chunks: kept,
            sizes: kept.map((chunk) => table.size[chunk]),
            imageOffsets: Float64Array.from(kept, (chunk) => imageOffset[chunk]),
        };
    }
    catch (error) {
        const { code, path } = error;
        if (code === 'ENOENT' && path === (0,layer_files/* tocPathOf */.Nv)(dir))
            return { reason: 'an earlier version kept no table of contents' };
        if (code === 'ENOENT')
            return { reason: 'it is not on disk any more' };
        if (error instanceof errors/* FormatError */.IF)
            return { reason: `what is on disk can't be trusted: ${error.message}` };
        throw error;
    }
}
function writePack({ dir, path, header, imageOffsets }) {
    const tocFile = (0,external_node_fs_.readFileSync)((0,layer_files/* tocPathOf */.Nv)(dir));
    if (tocFile.length !== header.tocFileBytes)
        throw new errors/* FormatError */.IF(`layer ${header.digest} was built anew meanwhile`);
    const image = (0,external_node_fs_.openSync)((0,layer_files/* imagePathOf */._O)(dir), 'r');
    let file;
    try {
        file = (0,external_node_fs_.openSync)(path, external_node_fs_.constants.O_CREAT | external_node_fs_.constants.O_EXCL | external_node_fs_.constants.O_WRONLY, 0o644);
        (0,external_node_fs_.fchmodSync)(file, 0o644);
        const out = new Out(file);
        out.add((0,hot_pack/* encodePackHeader */.FJ)(header));
        out.add(tocFile);
        for (const [i, size] of header.sizes.entries()) {
            const position = imageOffsets[i];
            const count = (0,file_io/* readInto */.P)(image, out.take(size), position);
            if (count < size)
                throw new errors/* FormatError */.IF(`layer image: it ends at ${position + count}`);
        }
        return out.end();
    }
    catch (error) {
        if (file !== undefined)
            (0,external_node_fs_.rmSync)(path, { force: true });
        throw error;
    }
    finally {
        (0,external_node_fs_.closeSync)(image);
        if (file !== undefined)
            (0,external_node_fs_.closeSync)(file);
    }
}
class Out {
    #fd;
    #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
    #filled = 0;
    #written = 0;
    constructor(fd) {
        this.#fd = fd;
    }
    add(bytes) {
        this.#flush();
        this.#write(bytes);
    }
    take(size) {
        if (this.#filled + size > this.#buffer.length)
            this.#flush();
        if (size > this.#buffer.length)
            this.#buffer = Buffer.allocUnsafeSlow(size);
        this.#filled += size;
        return this.#buffer.subarray(this.#filled - size, this.#filled);
    }
    end() {
        this.#flush();
        return this.#written;
    }
    #flush() {
        this.#write(this.#buffer.subarray(0, this.#filled));
        this.#filled = 0;
    }
    #write(bytes) {
        for (let at = 0; at < bytes.length;)
            at += (0,external_node_fs_.writeSync)(this.#fd, bytes, at);
        this.#written += bytes.length;
    }
}

;// CONCATENATED MODULE: ./src/layer/hot-worker.js





const QUIET_MS = 1000;
const idle = (0,garbage/* collectWhenIdle */.L)(QUIET_MS);
external_node_worker_threads_.parentPort?.on('message', (message) => void answer(message));
async function answer(message) {
    let said;
    try {
        said = { result: await work(message) };
    }
    catch (error) {
        said = { error: (0,error_codec/* encodeError */.T)(error) };
    }
    external_node_worker_threads_.parentPort.postMessage(said, []);
    idle();
}
async function work({ kind, task }) {
    if (kind === 'open')
        return (0,hot_read/* openPack */.g5)(task);
    if (kind === 'store')
        return (0,hot_read/* storePacked */.ow)(task);
    return kind === 'survey' ? surveyLayer(task) : writePack(task);
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


/***/ })

};
