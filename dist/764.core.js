export const id = 764;
export const ids = [764];
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

/***/ 70764:
/***/ ((__unused_webpack___webpack_module__, __unused_webpack___webpack_exports__, __webpack_require__) => {


// EXTERNAL MODULE: external "node:worker_threads"
var external_node_worker_threads_ = __webpack_require__(75919);
// EXTERNAL MODULE: ./src/garbage.js
var garbage = __webpack_require__(10830);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(77598);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/erofs/layout.js + 9 modules
var erofs_layout = __webpack_require__(27272);
// EXTERNAL MODULE: ./src/estargz/decode-toc.js
var decode_toc = __webpack_require__(64059);
// EXTERNAL MODULE: ./src/estargz/model.js
var model = __webpack_require__(65233);
// EXTERNAL MODULE: ./src/estargz/parse-toc.js + 4 modules
var parse_toc = __webpack_require__(67557);
// EXTERNAL MODULE: ./src/layer/errors.js
var layer_errors = __webpack_require__(95488);
// EXTERNAL MODULE: ./src/layer/layer-files.js + 1 modules
var layer_files = __webpack_require__(47124);
// EXTERNAL MODULE: ./src/layer/policy.js
var policy = __webpack_require__(36913);
// EXTERNAL MODULE: ./src/layer/record.js
var record = __webpack_require__(35066);
;// CONCATENATED MODULE: ./src/layer/start-set.js
const FILES = [
    'etc/group',
    'etc/ld.so.cache',
    'etc/localtime',
    'etc/nsswitch.conf',
    'etc/passwd',
    'etc/ssl/openssl.cnf',
    'usr/bin/dash',
    'bin/busybox',
    'usr/lib/locale/C.utf8/LC_CTYPE',
    'usr/share/zoneinfo/Etc/UTC',
];
const LIBRARY_FOLDERS = ['lib', 'lib64', 'usr/lib', 'usr/lib64'];
const TRIPLET = /^[a-z0-9_]+-linux-(gnu|musl)[a-z0-9]*$/;
const LIBRARY = /^(ld-linux|ld-musl|libc|libm|libdl|libpthread|librt|libz|libgcc_s|libstdc\+\+|libselinux|libpcre2-8)[-.][\w.+-]*$/;
const SHARED_OBJECT = /\.so(\.|$)/;
const MAX_CHUNKS = 48;
const MAX_FILE_BYTES = 4 * 1024 * 1024;
function startSet(root) {
    const found = new Set();
    const add = (node) => {
        if (node?.type === 'reg' && node.chunkCount > 0 && node.size <= MAX_FILE_BYTES)
            found.add(node.firstChunk);
    };
    for (const path of FILES)
        add(nodeAt(root, path));
    for (const path of LIBRARY_FOLDERS) {
        const folder = nodeAt(root, path);
        addLibraries(folder, add);
        for (const [name, child] of folder?.children ?? [])
            if (TRIPLET.test(name))
                addLibraries(child, add);
    }
    return [...found].sort((a, b) => a - b).slice(0, MAX_CHUNKS);
}
function addLibraries(folder, add) {
    for (const [name, child] of folder?.children ?? [])
        if (LIBRARY.test(name) && SHARED_OBJECT.test(name))
            add(child);
    add(folder === undefined ? undefined : nodeAt(folder, 'gconv/gconv-modules.cache'));
}
function nodeAt(root, path) {
    let node = root;
    for (const name of path.split('/'))
        node = node?.children?.get(name);
    return node;
}

// EXTERNAL MODULE: ./src/layer/toc-file.js
var toc_file = __webpack_require__(26704);
;// CONCATENATED MODULE: ./src/layer/build-layer.js












function buildLayer(task) {
    const { footer, promise } = task;
    const { format, payloadEnd } = footer;
    const { tocJson, tocDigest, tocChecksum } = (0,decode_toc/* decodeToc */.J)(task.compressedToc, {
        compression: (0,parse_toc/* compressionOf */.MB)(format),
        size: footer.tocSize,
        expected: promise.tocDigest,
        checksum: promise.tocChecksum,
    });
    const toc = (0,parse_toc/* parseToc */.AI)(tocJson, { payloadEnd, format });
    if (!toc.verifiable && !task.allowUnverified) {
        throw new layer_errors/* UnverifiableLayerError */.SP(task.digest, 'its table of contents has chunks without digests');
    }
    checkMemberSizes(toc.chunks);
    const layout = (0,erofs_layout/* layoutLayer */.q)(toc, { uuid: uuidOf(task), opaqueXattr: task.opaqueXattr });
    const chunks = { table: toc.chunks, imageOffset: layout.chunkImageOffset };
    const { metadata, dataStart, imageSize } = layout;
    const record = { ...facts(task, toc), tocDigest, tocChecksum, dataStart, imageSize };
    const tocFile = (0,toc_file/* encodeTocFile */.bX)(keptToc(task));
    return { record: (0,layer_files/* writeLayerDir */.ox)(task.dir, { record, metadata, chunks, tocFile, bootId: task.bootId }), chunks };
}
function keptToc({ blobSize, compressedToc, footerBytes }) {
    return { blobSize, compressedToc, tail: { start: blobSize - footerBytes.length, bytes: footerBytes } };
}
function facts({ digest, blobSize, opaqueXattr, footer, isAnonymous }, toc) {
    return {
        version: record/* LAYER_VERSION */.vx,
        digest,
        format: footer.format,
        verifiable: toc.verifiable,
        opaqueXattr,
        blobSize,
        payloadEnd: toc.payloadEnd,
        prefetchEnd: toc.prefetchEnd ?? null,
        startChunks: startSet(toc.root),
        chunkCount: toc.chunks.count,
        inodeCount: toc.inodeCount,
        ...(isAnonymous === undefined ? {} : { isAnonymous }),
    };
}
function checkMemberSizes(table) {
    for (let chunk = 0; chunk < table.count; chunk++) {
        const needed = table.innerOffset[chunk] + table.size[chunk];
        if (needed <= policy/* MAX_MEMBER_BYTES */.yK || (0,model/* isHole */.$)(table, chunk))
            continue;
        const where = `chunk ${chunk} at ${table.blobOffset[chunk]} of the blob`;
        throw new errors/* LazypullError */.qB('UNSUPPORTED', `${where} decodes ${needed} bytes, ${policy/* MAX_MEMBER_BYTES */.yK} are the limit`);
    }
}
function uuidOf({ digest, opaqueXattr }) {
    return (0,external_node_crypto_.createHash)('sha256')
        .update(`lazypull layer image ${record/* LAYER_VERSION */.vx} ${opaqueXattr} ${digest}`)
        .digest()
        .subarray(0, 16);
}

// EXTERNAL MODULE: ./src/layer/error-codec.js
var error_codec = __webpack_require__(33758);
// EXTERNAL MODULE: ./src/oci/digest.js
var oci_digest = __webpack_require__(62635);
;// CONCATENATED MODULE: ./src/layer/rehearsal.js



const rehearsal_FILES = 6000;
const FILES_IN_DIRECTORY = 20;
const CHUNK_BYTES = 4096;
const TIMES = 4;
function rehearseBuild() {
    const json = madeUpToc();
    for (let time = 0; time < TIMES; time++) {
        const toc = (0,parse_toc/* parseToc */.AI)(json, { payloadEnd: rehearsal_FILES * CHUNK_BYTES });
        (0,erofs_layout/* layoutLayer */.q)(toc, { uuid: new Uint8Array(16), opaqueXattr: 'trusted' });
    }
}
function madeUpToc() {
    const digest = (0,oci_digest/* digestOf */.ol)(new Uint8Array(1));
    const entries = [];
    for (let index = 0; index < rehearsal_FILES; index++) {
        const directory = `usr/lib/rehearsal/d${Math.floor(index / FILES_IN_DIRECTORY)}/`;
        const modtime = `2024-01-01T00:00:${String(index % 60).padStart(2, '0')}Z`;
        if (index % FILES_IN_DIRECTORY === 0)
            entries.push({ name: directory, type: 'dir', mode: 0o755, modtime });
        const name = `${directory}file-${index}.js`;
        if (index % 50 === 49)
            entries.push({ name, type: 'symlink', linkName: 'file-0.js', mode: 0o777, modtime });
        else {
            const chunk = { offset: index * CHUNK_BYTES, chunkDigest: digest };
            entries.push({ name, type: 'reg', size: 1000 + index, mode: 0o644, modtime, digest, ...chunk });
        }
    }
    return Buffer.from(JSON.stringify({ version: 1, entries }, undefined, '\t'));
}

;// CONCATENATED MODULE: ./src/layer/build-worker.js





const QUIET_MS = 300;
const idle = (0,garbage/* collectWhenIdle */.L)(QUIET_MS);
external_node_worker_threads_.parentPort?.on('message', (task) => {
    let answer;
    try {
        answer = { result: task === 'rehearse' ? rehearse() : buildLayer(task) };
    }
    catch (error) {
        answer = { error: (0,error_codec/* encodeError */.T)(error) };
    }
    external_node_worker_threads_.parentPort.postMessage(answer, []);
    idle();
});
function rehearse() {
    rehearseBuild();
}


/***/ })

};
