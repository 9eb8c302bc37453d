export const id = 9217;
export const ids = [9217];
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

/***/ 59217:
/***/ ((__unused_webpack___webpack_module__, __unused_webpack___webpack_exports__, __webpack_require__) => {


// EXTERNAL MODULE: external "node:worker_threads"
var external_node_worker_threads_ = __webpack_require__(75919);
// EXTERNAL MODULE: ./src/garbage.js
var garbage = __webpack_require__(10830);
// EXTERNAL MODULE: ./src/layer/error-codec.js
var error_codec = __webpack_require__(33758);
// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(38522);
// EXTERNAL MODULE: ./src/estargz/zstd-footer.js
var zstd_footer = __webpack_require__(62905);
;// CONCATENATED MODULE: ./src/optimize/verify-inflate-batch.js


function inflateBatch({ bytes, ends, compression, limit }) {
    const parts = [];
    const plainEnds = [];
    const failures = new Map();
    let length = 0;
    let start = 0;
    for (const [index, end] of ends.entries()) {
        const region = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
        const plain = compression === 'gzip' ? gunzipRegion(region, limit) : unzstdRegion(region, limit);
        if ('kind' in plain)
            failures.set(index, plain);
        else {
            for (const part of plain.parts)
                parts.push(part);
            length += plain.length;
        }
        plainEnds.push(length);
        start = end;
    }
    const plain = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
        plain.set(part, at);
        at += part.length;
    }
    return { bytes, plain, plainEnds, failures };
}
function gunzipRegion(region, limit) {
    try {
        const said = region.length < 4 ? 0 : region.readUInt32LE(region.length - 4);
        const chunkSize = Math.min(limit, Math.max(4 * region.length, 64, Math.min(said + 1, 1100 * region.length)));
        const { buffer, engine } = (0,external_node_zlib_.gunzipSync)(region, {
            info: true,
            maxOutputLength: limit,
            chunkSize,
        });
        if (engine.bytesWritten !== region.length)
            return behind(engine.bytesWritten);
        return { parts: [buffer], length: buffer.length };
    }
    catch (error) {
        return failureOf(error);
    }
}
function unzstdRegion(region, limit) {
    const parts = [];
    let length = 0;
    try {
        for (let at = 0; at < region.length;) {
            if (region.length - at < 4)
                return { kind: 'cut', detail: 'no room for a frame' };
            if ((0,zstd_footer/* isSkippableMagic */.FE)(region.readUInt32LE(at))) {
                const isCut = region.length - at < zstd_footer/* SKIPPABLE_HEADER_SIZE */.eV;
                at += isCut ? region.length : zstd_footer/* SKIPPABLE_HEADER_SIZE */.eV + region.readUInt32LE(at + 4);
                if (isCut || at > region.length)
                    return { kind: 'cut', detail: 'a skippable frame goes on behind it' };
                continue;
            }
            const options = { info: true, maxOutputLength: Math.max(1, limit - length) };
            const { buffer, engine } = (0,external_node_zlib_.zstdDecompressSync)(region.subarray(at), options);
            if (engine.bytesWritten === 0)
                return behind(at);
            at += engine.bytesWritten;
            length += buffer.length;
            if (buffer.length > 0)
                parts.push(buffer);
        }
        return { parts, length };
    }
    catch (error) {
        return failureOf(error);
    }
}
function behind(at) {
    return { kind: 'behind', detail: `other bytes follow after ${at}` };
}
function failureOf(error) {
    const { code, message } = error;
    if (code === 'Z_BUF_ERROR')
        return { kind: 'cut', detail: message };
    if (code === 'ERR_BUFFER_TOO_LARGE')
        return { kind: 'large', detail: message };
    return { kind: 'damaged', detail: message };
}

;// CONCATENATED MODULE: ./src/optimize/verify-worker.js




const REGIONS_BETWEEN = 1000;
const BYTES_BETWEEN = 64 * 1024 * 1024;
const collect = (0,garbage/* garbageCollector */.b)();
let regions = 0;
let bytes = 0;
external_node_worker_threads_.parentPort?.on('message', (task) => {
    regions += task.ends.length;
    try {
        const result = inflateBatch(task);
        bytes += result.plain.length;
        external_node_worker_threads_.parentPort.postMessage({ result }, [
            result.bytes.buffer,
            result.plain.buffer,
        ]);
    }
    catch (error) {
        external_node_worker_threads_.parentPort.postMessage({ error: (0,error_codec/* encodeError */.T)(error) }, []);
    }
    if (regions < REGIONS_BETWEEN && bytes < BYTES_BETWEEN)
        return;
    [regions, bytes] = [0, 0];
    collect();
});


/***/ })

};
