export const id = 6311;
export const ids = [6311];
export const modules = {

/***/ 84557:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   a: () => (/* binding */ USUAL_BUFFER),
/* harmony export */   f: () => (/* binding */ compressBatch)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(77598);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(73024);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(16986);
/* harmony import */ var _compress_member_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(59511);




const USUAL_BUFFER = 4 * 1024 * 1024 + 64 * 1024;
const DIGEST_SIZE = 32;
function compressBatch(task) {
    const { batch, options, buffers } = task;
    const plain = Buffer.from(largeEnough(buffers?.plain, batch.size), 0, batch.size);
    fill(plain, batch, task.fd);
    const output = new _compress_member_js__WEBPACK_IMPORTED_MODULE_3__/* .MemberOutput */ .Q(largeEnough(buffers?.compressed, batch.size), options);
    const members = options.minChunkSize > 0 ? growMembers(plain, batch, options.minChunkSize, output) : batch.members;
    if (options.minChunkSize === 0) {
        for (const [index, start] of members.entries())
            output.add(plain.subarray(start, members[index + 1] ?? batch.size));
    }
    return {
        plain,
        compressed: output.bytes,
        memberEnds: output.ends,
        ...placeChunks(batch.chunks, members),
        digests: hashChunks(plain, batch.chunks),
    };
}
function fill(plain, { copies, literals }, fd) {
    let end = 0;
    for (let i = 0; i < copies.length;) {
        const at = copies[i];
        const from = copies[i + 1];
        plain.fill(0, end, at);
        let next = i;
        do {
            end = copies[next] + copies[next + 2];
            next += 3;
        } while (next < copies.length && isNear(copies, next, at - from, end));
        readAll(fd, plain.subarray(at, end), from);
        for (let gap = i; gap + 3 < next; gap += 3)
            plain.fill(0, copies[gap] + copies[gap + 2], copies[gap + 3]);
        i = next;
    }
    plain.fill(0, end);
    for (const { at, bytes } of literals)
        plain.set(bytes, at);
}
const LONGEST_GAP = 512;
function isNear(copies, index, shift, end) {
    const at = copies[index];
    return at - (copies[index + 1] ?? 0) === shift && at - end <= LONGEST_GAP;
}
function readAll(fd, target, position) {
    for (let at = 0; at < target.length;) {
        const length = (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.readSync)(fd, target, at, target.length - at, position + at);
        if (length === 0) {
            const offset = position + at;
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .FormatError */ .IF(`the tar ends at ${offset}, wanted ${target.length - at} more bytes`, { offset });
        }
        at += length;
    }
}
function growMembers(plain, { chunks, ownMembers }, minChunkSize, output) {
    const starts = [0];
    const own = new Set(ownMembers);
    let tryAt = minChunkSize;
    for (let chunk = 0; chunk < chunks.length / 2; chunk++) {
        const start = starts.at(-1);
        const at = chunks[2 * chunk];
        const length = at - start;
        if (length === 0 || (!own.has(chunk) && length < tryAt))
            continue;
        const size = output.add(plain.subarray(start, at));
        if (own.has(chunk) || size >= minChunkSize) {
            starts.push(at);
            tryAt = minChunkSize;
        }
        else {
            output.removeLast();
            tryAt = Math.ceil(Math.max(1.25, minChunkSize / size) * length);
        }
    }
    output.add(plain.subarray(starts.at(-1)));
    return starts;
}
function placeChunks(chunks, members) {
    const chunkMembers = [];
    const chunkInner = [];
    let member = 0;
    for (let i = 0; i < chunks.length; i += 2) {
        const at = chunks[i];
        while ((members[member + 1] ?? Infinity) <= at)
            member++;
        chunkMembers.push(member);
        chunkInner.push(at - members[member]);
    }
    return { chunkMembers, chunkInner };
}
function hashChunks(plain, chunks) {
    const digests = new Uint8Array((chunks.length / 2) * DIGEST_SIZE);
    for (let i = 0; i < chunks.length; i += 2) {
        const payload = plain.subarray(chunks[i], chunks[i] + chunks[i + 1]);
        digests.set((0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.hash)('sha256', payload, 'buffer'), (i / 2) * DIGEST_SIZE);
    }
    return digests;
}
function largeEnough(buffer, size) {
    return buffer !== undefined && buffer.byteLength >= size ? buffer : new ArrayBuffer(Math.max(size, USUAL_BUFFER));
}


/***/ }),

/***/ 59511:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Q: () => (/* binding */ MemberOutput),
/* harmony export */   pC: () => (/* binding */ compressParts)
/* harmony export */ });
/* unused harmony export compressMember */
/* harmony import */ var node_zlib__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(38522);

const OS_AT = 9;
const OS_UNKNOWN = 255;
function compressMember(plain, { compression, level }) {
    const chunkSize = plain.length + Math.ceil(plain.length / 128) + 8192;
    if (compression === 'gzip') {
        const member = (0,node_zlib__WEBPACK_IMPORTED_MODULE_0__.gzipSync)(plain, { level, chunkSize });
        member[OS_AT] = OS_UNKNOWN;
        return member;
    }
    return (0,node_zlib__WEBPACK_IMPORTED_MODULE_0__.zstdCompressSync)(plain, {
        chunkSize,
        pledgedSrcSize: plain.length,
        params: { [node_zlib__WEBPACK_IMPORTED_MODULE_0__.constants.ZSTD_c_compressionLevel]: level },
    });
}
class MemberOutput {
    ends = [];
    #options;
    #buffer;
    constructor(buffer, options) {
        this.#buffer = buffer;
        this.#options = options;
    }
    get bytes() {
        return new Uint8Array(this.#buffer, 0, this.ends.at(-1) ?? 0);
    }
    add(plain) {
        const member = compressMember(plain, this.#options);
        const start = this.ends.at(-1) ?? 0;
        const end = start + member.length;
        if (end > this.#buffer.byteLength) {
            const longer = new Uint8Array(Math.ceil(1.25 * end));
            longer.set(this.bytes);
            this.#buffer = longer.buffer;
        }
        new Uint8Array(this.#buffer).set(member, start);
        this.ends.push(end);
        giveBack(member);
        return end - start;
    }
    removeLast() {
        this.ends.pop();
    }
}
function compressParts(parts, options) {
    const plain = Buffer.concat(parts);
    for (const part of parts)
        giveBack(part);
    const output = compressMember(plain, options);
    giveBack(plain);
    const member = new Uint8Array(output);
    giveBack(output);
    return member;
}
function giveBack({ buffer }) {
    if (buffer instanceof ArrayBuffer && buffer.byteLength !== Buffer.poolSize)
        buffer.transfer(0);
}


/***/ }),

/***/ 96311:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony import */ var node_worker_threads__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(75919);
/* harmony import */ var _garbage_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(10830);
/* harmony import */ var _layer_error_codec_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(33758);
/* harmony import */ var _compress_batch_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(84557);
/* harmony import */ var _compress_member_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(59511);





const MEMBERS_BETWEEN_COLLECTIONS = 2000;
const QUIET_MS = 1000;
const idle = (0,_garbage_js__WEBPACK_IMPORTED_MODULE_1__/* .collectWhenIdle */ .L)(QUIET_MS);
const collect = (0,_garbage_js__WEBPACK_IMPORTED_MODULE_1__/* .garbageCollector */ .b)();
let members = 0;
node_worker_threads__WEBPACK_IMPORTED_MODULE_0__.parentPort?.on('message', (task) => {
    try {
        if ('batch' in task) {
            const result = (0,_compress_batch_js__WEBPACK_IMPORTED_MODULE_3__/* .compressBatch */ .f)(task);
            members += result.memberEnds.length;
            answer({ result }, [result.plain.buffer, result.compressed.buffer, result.digests.buffer]);
        }
        else {
            const result = (0,_compress_member_js__WEBPACK_IMPORTED_MODULE_4__/* .compressParts */ .pC)(task.parts, task.options);
            answer({ result }, [result.buffer]);
        }
    }
    catch (error) {
        answer({ error: (0,_layer_error_codec_js__WEBPACK_IMPORTED_MODULE_2__/* .encodeError */ .T)(error) }, []);
    }
    if (members > MEMBERS_BETWEEN_COLLECTIONS) {
        members = 0;
        collect();
    }
    idle();
});
function answer(message, transfer) {
    node_worker_threads__WEBPACK_IMPORTED_MODULE_0__.parentPort.postMessage(message, transfer);
}


/***/ }),

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


/***/ })

};
