export const id = 1939;
export const ids = [1939];
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

/***/ 42223:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ inflateBounded)
/* harmony export */ });
/* harmony import */ var node_zlib__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(38522);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);
/* harmony import */ var _zstd_footer_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(62905);



const MAX_FRAMES = 4096;
function inflateBounded(compressed, compression, limits) {
    try {
        return compression === 'gzip' ? gunzip(compressed, limits) : unzstd(compressed, limits);
    }
    catch (error) {
        if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE')
            return undefined;
        if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF)
            throw error;
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`${compression} data is damaged: ${codeOf(error)}`, { cause: error });
    }
}
function gunzip(compressed, { expected, limit }) {
    const finishFlush = node_zlib__WEBPACK_IMPORTED_MODULE_0__.constants.Z_SYNC_FLUSH;
    return (0,node_zlib__WEBPACK_IMPORTED_MODULE_0__.gunzipSync)(compressed, { maxOutputLength: limit, chunkSize: bufferSize(expected, limit), finishFlush });
}
function unzstd(compressed, { expected, limit, enough = Infinity }) {
    const bytes = Buffer.from(compressed.buffer, compressed.byteOffset, compressed.length);
    const parts = [];
    let length = 0;
    for (let at = skipFrames(bytes, 0); at < bytes.length && length < enough;) {
        if (parts.length === MAX_FRAMES)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`zstd data has more than ${MAX_FRAMES} frames`);
        const frame = unzstdFrame(bytes.subarray(at), expected - length, limit - length);
        parts.push(frame.content);
        length += frame.content.length;
        at = frame.size === 0 ? bytes.length : skipFrames(bytes, at + frame.size);
    }
    return parts.length === 1 ? parts[0] : Buffer.concat(parts, length);
}
function unzstdFrame(bytes, expected, limit) {
    const { buffer, engine } = (0,node_zlib__WEBPACK_IMPORTED_MODULE_0__.zstdDecompressSync)(bytes, {
        maxOutputLength: Math.max(1, limit),
        chunkSize: bufferSize(expected, limit),
        finishFlush: node_zlib__WEBPACK_IMPORTED_MODULE_0__.constants.ZSTD_e_continue,
        info: true,
    });
    if (buffer.length > limit)
        throw Object.assign(new RangeError('too large'), { code: 'ERR_BUFFER_TOO_LARGE' });
    return { content: buffer, size: engine.bytesWritten };
}
function skipFrames(bytes, start) {
    let at = start;
    while (at + _zstd_footer_js__WEBPACK_IMPORTED_MODULE_2__/* .SKIPPABLE_HEADER_SIZE */ .eV <= bytes.length && (0,_zstd_footer_js__WEBPACK_IMPORTED_MODULE_2__/* .isSkippableMagic */ .FE)(bytes.readUInt32LE(at))) {
        at += _zstd_footer_js__WEBPACK_IMPORTED_MODULE_2__/* .SKIPPABLE_HEADER_SIZE */ .eV + bytes.readUInt32LE(at + 4);
    }
    return Math.min(at, bytes.length);
}
function bufferSize(expected, limit) {
    return Math.max(64, Math.min(expected + 1, limit));
}
function codeOf(error) {
    return String(error.code);
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

/***/ 86831:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   CP: () => (/* binding */ decodePresent),
/* harmony export */   J5: () => (/* binding */ currentBootId),
/* harmony export */   LN: () => (/* binding */ decodeLive),
/* harmony export */   WF: () => (/* binding */ updateLive),
/* harmony export */   ZE: () => (/* binding */ encodeLive),
/* harmony export */   e5: () => (/* binding */ encodePresent)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(73024);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);
/* harmony import */ var _presence_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(64994);
/* harmony import */ var _frame_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(23890);




const PRESENT_MAGIC = 'LZPPRESN';
const LIVE_MAGIC = 'LZPLIVE0';
const VERSION = 1;
const IDENTITY_SIZE = 32;
const BOOT_ID_SIZE = 64;
const LIVE_HEADER_SIZE = (0,_frame_js__WEBPACK_IMPORTED_MODULE_2__/* .frameSize */ .RV)(IDENTITY_SIZE + BOOT_ID_SIZE + 4);
function currentBootId() {
    return (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
function encodePresent(identity, bitmap) {
    const words = new Int32Array(bitmap.length);
    for (let i = 0; i < words.length; i++)
        words[i] = Atomics.load(bitmap, i);
    return (0,_frame_js__WEBPACK_IMPORTED_MODULE_2__/* .encodeFrame */ .Yt)(PRESENT_MAGIC, VERSION, Buffer.concat([identity, new Uint8Array(words.buffer)]));
}
function decodePresent(bytes, identity, count) {
    const payload = (0,_frame_js__WEBPACK_IMPORTED_MODULE_2__/* .decodeFrame */ .O2)(PRESENT_MAGIC, VERSION, bytes);
    const bitmap = (0,_presence_js__WEBPACK_IMPORTED_MODULE_3__/* .emptyBitmap */ .bn)(count);
    if (payload.length !== IDENTITY_SIZE + bitmap.byteLength || !payload.subarray(0, IDENTITY_SIZE).equals(identity)) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`sidecar ${PRESENT_MAGIC}: of another layer image`);
    }
    new Uint8Array(bitmap.buffer).set(payload.subarray(IDENTITY_SIZE));
    return clearTail(bitmap, count);
}
function encodeLive(identity, bootId, count, bitmap) {
    const header = Buffer.alloc(IDENTITY_SIZE + BOOT_ID_SIZE + 4);
    header.set(identity);
    header.write(bootId.slice(0, BOOT_ID_SIZE), IDENTITY_SIZE, 'latin1');
    header.writeUInt32LE(count, IDENTITY_SIZE + BOOT_ID_SIZE);
    return Buffer.concat([(0,_frame_js__WEBPACK_IMPORTED_MODULE_2__/* .encodeFrame */ .Yt)(LIVE_MAGIC, VERSION, header), encodeWords(bitmap, 0, bitmap.length)]);
}
function decodeLive(bytes, identity, bootId, count) {
    const header = (0,_frame_js__WEBPACK_IMPORTED_MODULE_2__/* .decodeFrame */ .O2)(LIVE_MAGIC, VERSION, bytes);
    const owner = header.toString('latin1', IDENTITY_SIZE, IDENTITY_SIZE + BOOT_ID_SIZE).replace(/\0+$/, '');
    const sameImage = header.subarray(0, IDENTITY_SIZE).equals(identity) && header.readUInt32LE(IDENTITY_SIZE + BOOT_ID_SIZE) === count;
    if (!sameImage)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`sidecar ${LIVE_MAGIC}: of another layer image`);
    if (owner !== bootId.slice(0, BOOT_ID_SIZE))
        return undefined;
    const bitmap = (0,_presence_js__WEBPACK_IMPORTED_MODULE_3__/* .emptyBitmap */ .bn)(count);
    for (let i = 0; i < bitmap.length; i++) {
        const at = LIVE_HEADER_SIZE + i * 8;
        if (at + 8 > bytes.length)
            break;
        const word = bytes.readInt32LE(at);
        if (bytes.readInt32LE(at + 4) === ~word)
            bitmap[i] = word;
    }
    return clearTail(bitmap, count);
}
function updateLive(fd, bitmap, first, end) {
    const from = first >>> 5;
    const to = Math.min(bitmap.length, ((end - 1) >>> 5) + 1);
    for (let tries = 0; tries < 16; tries++) {
        const words = encodeWords(bitmap, from, to);
        (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.writeSync)(fd, words, 0, words.length, LIVE_HEADER_SIZE + from * 8);
        if (words.equals(encodeWords(bitmap, from, to)))
            return;
    }
}
function encodeWords(bitmap, from, to) {
    const out = Buffer.allocUnsafe((to - from) * 8);
    for (let i = from; i < to; i++) {
        const word = Atomics.load(bitmap, i);
        out.writeInt32LE(word, (i - from) * 8);
        out.writeInt32LE(~word, (i - from) * 8 + 4);
    }
    return out;
}
function clearTail(bitmap, count) {
    if (count % 32 !== 0)
        bitmap[bitmap.length - 1] &= (1 << (count % 32)) - 1;
    return bitmap;
}


/***/ }),

/***/ 31939:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  storeMembers: () => (/* binding */ storeMembers)
});

// EXTERNAL MODULE: external "node:worker_threads"
var external_node_worker_threads_ = __webpack_require__(75919);
// EXTERNAL MODULE: ./src/garbage.js
var garbage = __webpack_require__(10830);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(77598);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/estargz/inflate.js
var inflate = __webpack_require__(42223);
;// CONCATENATED MODULE: ./src/estargz/decode-chunk.js



const SLACK = 4 * 1024 * 1024;
const USUAL_SLACK = 16 * 1024;
function decodeMember(compressed, compression, needed) {
    const limits = { expected: needed + USUAL_SLACK, limit: needed + SLACK, enough: needed };
    const all = (0,inflate/* inflateBounded */.D)(compressed, compression, limits);
    if (all !== undefined && all.length < needed) {
        throw new errors/* FormatError */.IF(`${compression} member gives ${all.length} bytes, wanted ${needed}`);
    }
    return all ?? decodeSome(compressed, compression, limits, needed);
}
function decodeSome(compressed, compression, limits, needed) {
    let tooLittle = 0;
    let tooMuch = compressed.length;
    while (tooMuch - tooLittle > 1) {
        const middle = Math.floor((tooLittle + tooMuch) / 2);
        const some = (0,inflate/* inflateBounded */.D)(compressed.subarray(0, middle), compression, limits);
        if (some === undefined)
            tooMuch = middle;
        else if (some.length < needed)
            tooLittle = middle;
        else
            return some;
    }
    throw new errors/* FormatError */.IF(`${compression} member gives no prefix of ${needed} bytes`);
}
function splitMember(chunks, first, end, decoded, options = { allowMissingDigest: false }) {
    const payloads = [];
    for (let chunk = first; chunk < end; chunk++)
        payloads.push(takeChunk(chunks, chunk, decoded, options));
    return payloads;
}
function takeChunk(chunks, chunk, decoded, options = { allowMissingDigest: false }) {
    const start = chunks.innerOffset[chunk] ?? Number.NaN;
    const end = start + (chunks.size[chunk] ?? Number.NaN);
    if (!(end <= decoded.length)) {
        throw new errors/* FormatError */.IF(`chunk ${chunk} ends at ${end} of its member, which has ${decoded.length} bytes`);
    }
    const payload = decoded.subarray(start, end);
    const wanted = chunks.digest.subarray(chunk * 32, chunk * 32 + 32);
    if (options.allowMissingDigest && wanted.every((byte) => byte === 0))
        return payload;
    const actual = (0,external_node_crypto_.hash)('sha256', payload, 'buffer');
    if (actual.compare(wanted) !== 0) {
        throw new errors/* VerificationError */.mk(`chunk ${chunk}`, `sha256:${hex(wanted)}`, `sha256:${hex(actual)}`);
    }
    return payload;
}
function hex(bytes) {
    return Buffer.from(bytes).toString('hex');
}

// EXTERNAL MODULE: ./src/layer/bitmap-file.js
var bitmap_file = __webpack_require__(86831);
// EXTERNAL MODULE: ./src/layer/error-codec.js
var error_codec = __webpack_require__(33758);
// EXTERNAL MODULE: ./src/layer/file-io.js
var file_io = __webpack_require__(79290);
// EXTERNAL MODULE: ./src/layer/presence.js
var presence = __webpack_require__(64994);
;// CONCATENATED MODULE: ./src/layer/chunk-worker.js







class DiskError extends Error {
}
function storeMembers(task) {
    const damaged = [];
    const stored = { chunks: 0, bytes: 0 };
    let diskError;
    try {
        for (const [index, member] of task.members.entries()) {
            const failure = storeMember(task, member, stored);
            if (failure !== undefined)
                damaged.push({ index, error: (0,error_codec/* encodeError */.T)(failure) });
        }
        const { bitmap, liveFd } = task.target;
        onDisk(() => (0,bitmap_file/* updateLive */.WF)(liveFd, bitmap, task.members[0].first, task.members.at(-1).end));
    }
    catch (error) {
        if (!(error instanceof DiskError))
            throw error;
        diskError = (0,error_codec/* encodeError */.T)(error.cause);
    }
    const { chunks: storedChunks, bytes: storedBytes } = stored;
    const result = { bytes: task.bytes, storedChunks, storedBytes, damaged };
    return diskError === undefined ? result : { ...result, diskError };
}
function storeMember(task, member, stored) {
    const { chunks, bitmap, imageFd, allowMissingDigest } = task.target;
    const { table, imageOffset } = chunks;
    const compressed = task.bytes.subarray(member.blobStart - task.blobStart, member.blobEnd - task.blobStart);
    let failure;
    try {
        const decoded = decodeMember(compressed, table.compression, member.needed);
        for (let chunk = member.first; chunk < member.end; chunk++) {
            if ((0,presence/* hasChunk */.KQ)(bitmap, chunk))
                continue;
            try {
                const payload = takeChunk(table, chunk, decoded, { allowMissingDigest });
                onDisk(() => (0,file_io/* writeAll */.f)(imageFd, payload, imageOffset[chunk]));
                if (!(0,presence/* setChunk */.GG)(bitmap, chunk))
                    continue;
                stored.chunks++;
                stored.bytes += payload.length;
            }
            catch (error) {
                if (error instanceof DiskError)
                    throw error;
                failure ??= error;
            }
        }
    }
    catch (error) {
        if (error instanceof DiskError)
            throw error;
        failure = error;
    }
    return failure;
}
function onDisk(work) {
    try {
        work();
    }
    catch (cause) {
        throw new DiskError('disk', { cause });
    }
}
const QUIET_MS = 1000;
const idle = (0,garbage/* collectWhenIdle */.L)(QUIET_MS);
external_node_worker_threads_.parentPort?.on('message', (task) => {
    const result = storeMembers(task);
    external_node_worker_threads_.parentPort.postMessage({ result }, [result.bytes.buffer]);
    idle();
});


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

/***/ 95488:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   SP: () => (/* binding */ UnverifiableLayerError),
/* harmony export */   b$: () => (/* binding */ isDiskFull),
/* harmony export */   iU: () => (/* binding */ layerClosedError)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);

class UnverifiableLayerError extends _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB {
    digest;
    reason;
    constructor(digest, reason) {
        super('FAILED_PRECONDITION', `layer ${digest} can't be verified: ${reason}`);
        this.digest = digest;
        this.reason = reason;
    }
}
function layerClosedError(digest) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB('ABORTED', `layer ${digest} was closed`);
}
function isDiskFull(error) {
    const code = error?.code;
    return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
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

/***/ 23890:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   O2: () => (/* binding */ decodeFrame),
/* harmony export */   Ox: () => (/* binding */ peekFrameSize),
/* harmony export */   RV: () => (/* binding */ frameSize),
/* harmony export */   Yt: () => (/* binding */ encodeFrame)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(77598);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);


const HEADER_SIZE = 8 + 4 + 4 + 8;
const SUM_SIZE = 32;
function encodeFrame(magic, version, payload) {
    const out = Buffer.alloc(HEADER_SIZE + payload.length + SUM_SIZE);
    out.write(magic, 0, 8, 'latin1');
    out.writeUInt32LE(version, 8);
    out.writeBigUInt64LE(BigInt(payload.length), 16);
    out.set(payload, HEADER_SIZE);
    const sumStart = HEADER_SIZE + payload.length;
    out.set((0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.hash)('sha256', out.subarray(0, sumStart), 'buffer'), sumStart);
    return out;
}
function decodeFrame(magic, version, bytes) {
    const fail = (what) => {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`sidecar ${magic}: ${what}`);
    };
    if (bytes.length < HEADER_SIZE + SUM_SIZE)
        return fail(`${bytes.length} bytes are too few`);
    if (bytes.toString('latin1', 0, 8) !== magic)
        return fail('another kind of file');
    if (bytes.readUInt32LE(8) !== version)
        return fail(`version ${bytes.readUInt32LE(8)}, wanted ${version}`);
    const length = bytes.readBigUInt64LE(16);
    if (length > BigInt(bytes.length - HEADER_SIZE - SUM_SIZE))
        return fail(`${length} bytes promised, the file is shorter`);
    const sumStart = HEADER_SIZE + Number(length);
    const sum = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.hash)('sha256', bytes.subarray(0, sumStart), 'buffer');
    if (!sum.equals(bytes.subarray(sumStart, sumStart + SUM_SIZE)))
        return fail('wrong checksum');
    return bytes.subarray(HEADER_SIZE, sumStart);
}
function peekFrameSize(head) {
    if (head.length < HEADER_SIZE)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`frame: ${head.length} bytes are too few`);
    const size = frameSize(Number(head.readBigUInt64LE(16)));
    return Number.isSafeInteger(size) ? size : Infinity;
}
function frameSize(payloadLength) {
    return HEADER_SIZE + payloadLength + SUM_SIZE;
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
