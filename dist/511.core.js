export const id = 511;
export const ids = [511];
export const modules = {

/***/ 84845:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (__WEBPACK_DEFAULT_EXPORT__)
/* harmony export */ });
const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
let koffi;
/* harmony default export */ const __WEBPACK_DEFAULT_EXPORT__ = (new Proxy({}, { get: (_, name) => (koffi ??= require('koffi'))[name] }));


/***/ }),

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

/***/ 29089:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  l: () => (/* binding */ EntryIndex),
  P: () => (/* binding */ entryError)
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(77598);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/estargz/decode-toc.js
var decode_toc = __webpack_require__(64059);
// EXTERNAL MODULE: ./src/estargz/limits.js
var limits = __webpack_require__(33722);
// EXTERNAL MODULE: ./src/estargz/parse-toc.js + 4 modules
var parse_toc = __webpack_require__(67557);
// EXTERNAL MODULE: ./src/oci/digest.js
var digest = __webpack_require__(62635);
// EXTERNAL MODULE: ./src/tar/errors.js
var tar_errors = __webpack_require__(33202);
// EXTERNAL MODULE: ./src/tar/scanner.js
var scanner = __webpack_require__(39571);
// EXTERNAL MODULE: ./src/tar/header.js
var tar_header = __webpack_require__(56460);
// EXTERNAL MODULE: ./src/tar/pax.js
var tar_pax = __webpack_require__(13520);
// EXTERNAL MODULE: ./src/build/paths.js
var paths = __webpack_require__(44478);
;// CONCATENATED MODULE: ./src/build/check-entry.js





function checkEntry({ type, header, pax }) {
    requireRange('mode', header.mode, tar_header/* MAX_ID */.rc);
    requireRange('uid', header.uid, limits/* MAX_ID */.rc);
    requireRange('gid', header.gid, limits/* MAX_ID */.rc);
    requireRange('size', header.size, limits/* DEFAULT_LIMITS */.dR.maxFileSize);
    if (type === 'char' || type === 'block') {
        requireRange('device major', header.devMajor, limits/* MAX_DEV_MAJOR */.dB);
        requireRange('device minor', header.devMinor, limits/* MAX_DEV_MINOR */.j0);
    }
    if (type === 'symlink')
        requireTarget(header.linkName);
    if (pax.size > 0)
        requireXattrs((0,tar_pax/* xattrsOf */.cZ)(pax));
}
function requireRange(field, value, max) {
    if (value < 0 || value > max)
        throw new errors/* FormatError */.IF(`${field}: got ${value}, wanted 0 to ${max}`);
}
function requireTarget(target) {
    const { length } = (0,paths/* decodeName */.e4)(target, 'symlink target');
    if (length === 0)
        throw new errors/* FormatError */.IF('symlink target: got none, wanted one');
    if (target.length > limits/* MAX_LINK_LENGTH */.jE) {
        throw new errors/* FormatError */.IF(`symlink target: got ${target.length} bytes, wanted ${limits/* MAX_LINK_LENGTH */.jE} at most`);
    }
}
function requireXattrs(xattrs) {
    let total = 0;
    for (const [name, value] of xattrs ?? []) {
        const length = Buffer.byteLength(name);
        if (length === 0 || length > limits/* MAX_XATTR_NAME */.xu || /[\0\ufffd]/.test(name)) {
            throw new errors/* FormatError */.IF(`xattr ${JSON.stringify(name.slice(0, 100))}: wanted a name of 1 to ${limits/* MAX_XATTR_NAME */.xu} bytes of UTF-8`);
        }
        if (value.length > limits/* MAX_XATTR_VALUE */.D0) {
            throw new errors/* FormatError */.IF(`xattr ${JSON.stringify(name)}: got ${value.length} bytes, wanted ${limits/* MAX_XATTR_VALUE */.D0} at most`);
        }
        total += length + value.length;
    }
    if (total > limits/* MAX_XATTR_TOTAL */.mQ)
        throw new errors/* FormatError */.IF(`xattrs: got ${total} bytes, wanted ${limits/* MAX_XATTR_TOTAL */.mQ} at most`);
}

;// CONCATENATED MODULE: ./src/build/entry-index.js










const EMPTY_DIGEST = (0,digest/* digestOf */.ol)(new Uint8Array());
const MAX_INDEX_SIZE = 256 * 1024 * 1024;
const MAX_RECORDS = 10_000_000;
class EntryIndex {
    entries = [];
    hadToc = false;
    hadLandmarks = false;
    #size = 0;
    #records = 0;
    #hash;
    #digest = EMPTY_DIGEST;
    #path;
    #linkPath;
    entry(entry) {
        try {
            checkEntry(entry);
            this.#path = pathOf(entry.header.name, 'name');
            this.#linkPath = entry.type === 'hardlink' ? pathOf(entry.header.linkName, 'hard link target') : undefined;
            if (this.#isLeftover(this.#path))
                this.#path = undefined;
            this.#account(entry);
        }
        catch (error) {
            throw error instanceof errors/* FormatError */.IF ? entryError(entry, error.message, error) : error;
        }
        this.#hash = undefined;
        this.#digest = EMPTY_DIGEST;
    }
    payload(piece, { header }) {
        if (piece.length === header.size)
            this.#digest = `sha256:${(0,external_node_crypto_.hash)('sha256', piece, 'hex')}`;
        else
            (this.#hash ??= (0,external_node_crypto_.createHash)('sha256')).update(piece);
    }
    entryEnd({ type, header, pax, start, dataStart, fromGlobal }) {
        const path = this.#path;
        if (path === undefined)
            return;
        let digest;
        if (type === 'reg')
            digest = this.#hash === undefined ? this.#digest : `sha256:${this.#hash.digest('hex')}`;
        this.entries.push({
            type,
            path,
            linkPath: this.#linkPath,
            header,
            pax,
            start,
            dataStart,
            digest,
            needsHeader: fromGlobal,
        });
    }
    #isLeftover(path) {
        const slash = path.indexOf('/');
        const first = slash === -1 ? path : path.slice(0, slash);
        if (first === decode_toc/* TOC_NAME */.Z)
            return (this.hadToc = true);
        if (first === parse_toc/* PREFETCH_LANDMARK */.BP || first === parse_toc/* NO_PREFETCH_LANDMARK */.pK)
            return (this.hadLandmarks = true);
        return false;
    }
    #account({ header, pax }) {
        if (this.entries.length >= limits/* DEFAULT_LIMITS */.dR.maxEntries) {
            throw new errors/* FormatError */.IF(`more than ${limits/* DEFAULT_LIMITS */.dR.maxEntries} entries`);
        }
        this.#size += header.name.length + header.linkName.length;
        for (const [key, value] of pax)
            this.#size += key.length + value.length;
        if (this.#size > MAX_INDEX_SIZE)
            throw new errors/* FormatError */.IF(`more than ${MAX_INDEX_SIZE} bytes of names and PAX records`);
        this.#records += pax.size;
        if (this.#records > MAX_RECORDS)
            throw new errors/* FormatError */.IF(`more than ${MAX_RECORDS} PAX records`);
    }
}
function entryError(entry, message, cause) {
    return new tar_errors/* UnsupportedEntryError */.u(`tar: at ${entry.start}, entry ${(0,scanner/* quoteName */.AB)(entry.header.name)}: ${message}`, {
        offset: entry.start,
        cause,
    });
}
function pathOf(name, field) {
    const path = (0,paths/* cleanPath */.ts)((0,paths/* decodeName */.e4)(name, field));
    (0,paths/* requirePath */.dr)(path, field);
    return path;
}


/***/ }),

/***/ 60857:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   f: () => (/* binding */ importLayer)
/* harmony export */ });
/* unused harmony export DEFAULT_MAX_TAR_SIZE */
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(77598);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(51455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(76760);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(16986);
/* harmony import */ var _tar_scanner_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(39571);
/* harmony import */ var _byte_reader_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(95564);
/* harmony import */ var _decompress_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(86516);
/* harmony import */ var _entry_index_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(29089);
/* harmony import */ var _layer_tree_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(66500);









const GIB = 1024 ** 3;
const DEFAULT_MAX_TAR_SIZE = 64 * GIB;
async function importLayer(pieces, options, signal) {
    signal?.throwIfAborted();
    const path = (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(options.workDir, `layer-${(0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomUUID)()}.tar`);
    const file = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.open)(path, 'wx+', 0o600);
    const dispose = async () => {
        try {
            await file.close();
        }
        finally {
            await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.rm)(path, { force: true });
        }
    };
    const reader = new _byte_reader_js__WEBPACK_IMPORTED_MODULE_8__/* .ByteReader */ .k(pieces, signal);
    try {
        const compression = await (0,_decompress_js__WEBPACK_IMPORTED_MODULE_5__/* .sniffCompression */ .Hs)(reader);
        const facts = await readTar(reader, compression, file, options, signal);
        return { path, fd: file.fd, compression, ...facts, [Symbol.asyncDispose]: dispose };
    }
    catch (error) {
        await dispose();
        throw error;
    }
    finally {
        await reader.close();
    }
}
async function readTar(reader, compression, file, options, signal) {
    const index = new _entry_index_js__WEBPACK_IMPORTED_MODULE_6__/* .EntryIndex */ .l();
    const scanner = new _tar_scanner_js__WEBPACK_IMPORTED_MODULE_4__/* .TarScanner */ .eB(index);
    const hash = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256');
    const maxSize = options.maxSize ?? DEFAULT_MAX_TAR_SIZE;
    for await (const piece of (0,_decompress_js__WEBPACK_IMPORTED_MODULE_5__/* .decompress */ .mF)(reader, compression)) {
        signal?.throwIfAborted();
        const offset = scanner.offset;
        if (offset + piece.length > maxSize) {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .FormatError */ .IF(`the layer's tar grows over ${maxSize} bytes, the limit`, { offset: maxSize });
        }
        const writing = writeAll(file, piece, offset);
        try {
            scanner.push(piece);
            hash.update(piece);
        }
        finally {
            await writing;
        }
        options.onProgress?.(scanner.offset);
    }
    signal?.throwIfAborted();
    scanner.end();
    const { entries, hadToc, hadLandmarks } = index;
    (0,_layer_tree_js__WEBPACK_IMPORTED_MODULE_7__/* .buildLayerTree */ .G)(entries);
    return { size: scanner.offset, diffId: `sha256:${hash.digest('hex')}`, entries, hadToc, hadLandmarks };
}
async function writeAll(file, piece, position) {
    for (let done = 0; done < piece.length;) {
        const { bytesWritten } = await file.write(piece, done, piece.length - done, position + done);
        done += bytesWritten;
    }
}


/***/ }),

/***/ 66500:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   G: () => (/* binding */ buildLayerTree)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _estargz_limits_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(33722);
/* harmony import */ var _entry_index_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(29089);
/* harmony import */ var _paths_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(44478);




function buildLayerTree(entries) {
    const tree = new LayerTree();
    for (const [index, entry] of entries.entries())
        tree.add({ entry, index });
    return tree.finish();
}
class LayerTree {
    #root = makeDir(undefined);
    #waiting = new Map();
    #impliedDirsLeft = _estargz_limits_js__WEBPACK_IMPORTED_MODULE_1__/* .SPARE_IMPLIED_DIRS */ .SQ;
    #openPath = '';
    #open = this.#root;
    add(given) {
        try {
            this.#impliedDirsLeft += 4;
            if (given.entry.type === 'hardlink')
                this.#link(given);
            else
                this.#put(given, given);
        }
        catch (error) {
            throw withEntry(error, given);
        }
    }
    finish() {
        for (const link of this.#waiting.values()) {
            try {
                this.#resolve(link);
            }
            catch (error) {
                throw withEntry(error, link);
            }
        }
        return this.#root;
    }
    #put(given, file) {
        const { path, type } = given.entry;
        if (path === '') {
            if (type !== 'dir')
                throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`the root is a ${type}, wanted a directory`);
            this.#root.given = given;
            this.#root.file = given;
            return;
        }
        if (this.#waiting.size > 0)
            this.#waiting.delete(path);
        const siblings = this.#requireDir((0,_paths_js__WEBPACK_IMPORTED_MODULE_3__/* .parentOf */ .gN)(path));
        const base = (0,_paths_js__WEBPACK_IMPORTED_MODULE_3__/* .baseOf */ .bx)(path);
        const existing = siblings.get(base);
        if (type === 'dir' && existing?.children !== undefined) {
            existing.given = given;
            existing.file = file;
            return;
        }
        siblings.set(base, type === 'dir' ? makeDir(given) : { given, file, children: undefined });
    }
    #link(link) {
        const { path, linkPath } = link.entry;
        if (path === '')
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF('the root is a hard link, wanted a directory');
        if (path === linkPath)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF('a hard link to itself');
        const target = this.#lookup(linkPath);
        if (target === undefined)
            this.#waiting.set(path, link);
        else
            this.#putLink(link, target);
    }
    #putLink(link, target) {
        if (target.children !== undefined)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF('a hard link to a directory');
        this.#put(link, target.file);
    }
    #resolve(link) {
        const chain = new Set();
        for (let current = link;;) {
            if (chain.has(current))
                throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF('hard links that go in a circle');
            chain.add(current);
            const linkPath = current.entry.linkPath;
            const target = this.#lookup(linkPath);
            if (target !== undefined) {
                for (const waiting of chain)
                    this.#putLink(waiting, target);
                return;
            }
            const next = this.#waiting.get(linkPath);
            if (next === undefined) {
                throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`a hard link to ${JSON.stringify(linkPath)}, which the layer does not have`);
            }
            current = next;
        }
    }
    #lookup(path) {
        let name = this.#root;
        for (const part of path === '' ? [] : path.split('/'))
            name = name?.children?.get(part);
        return name;
    }
    #requireDir(path) {
        if (this.#open === undefined || this.#openPath !== path) {
            this.#open = undefined;
            this.#open = this.#walkTo(path);
            this.#openPath = path;
        }
        return this.#open.children;
    }
    #walkTo(path) {
        let dir = this.#root;
        for (const part of path === '' ? [] : path.split('/')) {
            const next = dir.children.get(part) ?? this.#implyDir(dir, part);
            if (next.children === undefined)
                throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`its parent ${JSON.stringify(part)} is not a directory`);
            dir = next;
        }
        return dir;
    }
    #implyDir(parent, base) {
        if (this.#impliedDirsLeft-- === 0)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF('too many directories without an entry');
        const dir = makeDir(undefined);
        parent.children.set(base, dir);
        return dir;
    }
}
function makeDir(given) {
    return { given, file: given, children: new Map() };
}
function withEntry(error, { entry }) {
    return error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF ? (0,_entry_index_js__WEBPACK_IMPORTED_MODULE_2__/* .entryError */ .P)(entry, error.message, error) : error;
}


/***/ }),

/***/ 44478:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $0: () => (/* binding */ hasParentParts),
/* harmony export */   bx: () => (/* binding */ baseOf),
/* harmony export */   dr: () => (/* binding */ requirePath),
/* harmony export */   e4: () => (/* binding */ decodeName),
/* harmony export */   gN: () => (/* binding */ parentOf),
/* harmony export */   ts: () => (/* binding */ cleanPath)
/* harmony export */ });
/* harmony import */ var node_buffer__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4573);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);
/* harmony import */ var _estargz_limits_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(33722);



const BYTES_PER_UNIT = 3;
const UNCLEAN = /(?:^|\/)\.{0,2}(?:\/|$)/;
const PARENT = /(?:^|\/)\.\.(?:\/|$)/;
function cleanPath(name) {
    let start = 0;
    let end = name.length;
    while (start < end && (name[start] === '/' || (name[start] === '.' && name[start + 1] === '/')))
        start++;
    while (end > start && name[end - 1] === '/')
        end--;
    const path = name.slice(start, end);
    if (!UNCLEAN.test(path))
        return path;
    const parts = [];
    for (const part of path.split('/')) {
        if (part === '..')
            parts.pop();
        else if (part !== '' && part !== '.')
            parts.push(part);
    }
    return parts.join('/');
}
function hasParentParts(name) {
    return name.includes('..') && PARENT.test(name);
}
function parentOf(path) {
    const slash = path.lastIndexOf('/');
    return slash === -1 ? '' : path.slice(0, slash);
}
function baseOf(path) {
    return path.slice(path.lastIndexOf('/') + 1);
}
function decodeName(name, field) {
    if (name.includes(0))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`${field}: has a NUL byte, wanted none`);
    if (name.length > _estargz_limits_js__WEBPACK_IMPORTED_MODULE_2__/* .DEFAULT_LIMITS */ .dR.maxPathLength) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`${field}: got ${name.length} bytes, wanted ${_estargz_limits_js__WEBPACK_IMPORTED_MODULE_2__/* .DEFAULT_LIMITS */ .dR.maxPathLength} at most`);
    }
    if (!(0,node_buffer__WEBPACK_IMPORTED_MODULE_0__.isUtf8)(name))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`${field}: is not UTF-8, and a table of contents can hold nothing else`);
    return name.toString();
}
function requirePath(path, field) {
    if (path.length * BYTES_PER_UNIT <= _estargz_limits_js__WEBPACK_IMPORTED_MODULE_2__/* .MAX_NAME_LENGTH */ .EM)
        return;
    const names = path.split('/');
    if (names.length > _estargz_limits_js__WEBPACK_IMPORTED_MODULE_2__/* .DEFAULT_LIMITS */ .dR.maxDepth) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`${field}: a path of ${names.length} names, wanted ${_estargz_limits_js__WEBPACK_IMPORTED_MODULE_2__/* .DEFAULT_LIMITS */ .dR.maxDepth} at most`);
    }
    for (const name of names) {
        const length = Buffer.byteLength(name);
        if (length <= _estargz_limits_js__WEBPACK_IMPORTED_MODULE_2__/* .MAX_NAME_LENGTH */ .EM)
            continue;
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`${field}: a name has ${length} bytes, wanted ${_estargz_limits_js__WEBPACK_IMPORTED_MODULE_2__/* .MAX_NAME_LENGTH */ .EM} at most`);
    }
}


/***/ }),

/***/ 61984:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Mj: () => (/* binding */ OwnerNames),
/* harmony export */   oy: () => (/* binding */ entryFields)
/* harmony export */ });
/* unused harmony export encodeTime */
/* harmony import */ var _tar_pax_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(13520);
/* harmony import */ var _paths_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(44478);


const MIN_TIME_SEC = -62_135_596_800;
const MAX_TIME_SEC = 253_402_300_799;
class OwnerNames {
    #users = new Map();
    #groups = new Map();
    next(entry) {
        const { uid, gid, userName, groupName } = entry.header;
        return { userName: changed(this.#users, uid, userName), groupName: changed(this.#groups, gid, groupName) };
    }
}
function changed(last, id, bytes) {
    if (bytes.length === 0)
        return '';
    const name = bytes.toString();
    if (last.get(id) === name)
        return '';
    last.set(id, name);
    return name;
}
function entryFields(entry) {
    const { header, type, pax } = entry;
    const isDevice = type === 'char' || type === 'block';
    const xattrs = (0,_tar_pax_js__WEBPACK_IMPORTED_MODULE_0__/* .xattrsOf */ .cZ)(pax);
    return {
        name: nameOf(entry),
        type,
        size: type === 'reg' ? header.size : 0,
        modtime: encodeTime(mtimeOf(entry)),
        linkName: linkNameOf(entry),
        mode: header.mode & 0o7777,
        uid: header.uid,
        gid: header.gid,
        devMajor: isDevice ? header.devMajor : 0,
        devMinor: isDevice ? header.devMinor : 0,
        ...(xattrs === undefined ? {} : { xattrs }),
        ...(entry.digest === undefined ? {} : { digest: entry.digest }),
    };
}
function nameOf({ header, path }) {
    const name = header.name.toString();
    return (0,_paths_js__WEBPACK_IMPORTED_MODULE_1__/* .hasParentParts */ .$0)(name) ? path : name;
}
function linkNameOf({ type, header, linkPath }) {
    if (type !== 'symlink' && type !== 'hardlink')
        return '';
    const name = header.linkName.toString();
    return linkPath !== undefined && (0,_paths_js__WEBPACK_IMPORTED_MODULE_1__/* .hasParentParts */ .$0)(name) ? linkPath : name;
}
function mtimeOf(entry) {
    const { mtimeSec } = entry.header;
    const record = entry.pax.get('mtime');
    if (record === undefined || mtimeSec === 0)
        return mtimeSec;
    const text = Buffer.from(record).toString('latin1');
    const fraction = /\.([0-9]*[1-9])/.exec(text)?.[1];
    if (fraction === undefined)
        return mtimeSec;
    const isSmall = fraction < '5';
    return mtimeSec + (isSmall === text.startsWith('-') ? 1 : 0);
}
function encodeTime(seconds) {
    if (seconds === 0 || seconds <= MIN_TIME_SEC)
        return '';
    return `${new Date(Math.min(seconds, MAX_TIME_SEC) * 1000).toISOString().slice(0, 19)}Z`;
}


/***/ }),

/***/ 99677:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   OQ: () => (/* binding */ layerLine),
/* harmony export */   XL: () => (/* binding */ ConvertReporter),
/* harmony export */   ow: () => (/* binding */ resultLine)
/* harmony export */ });
/* harmony import */ var _format_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(97093);
/* harmony import */ var _live_line_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(51971);


class ConvertReporter {
    #options;
    #terminal;
    #line;
    #working = new Map();
    #count = 0;
    #done = 0;
    constructor(options) {
        this.#options = options;
        this.#terminal = options.terminal ?? process.stderr;
        this.#line = new _live_line_js__WEBPACK_IMPORTED_MODULE_0__/* .LiveLine */ .D({ ...options, quiet: options.json });
    }
    progress(progress) {
        switch (progress.kind) {
            case 'planned':
                this.#count = progress.layers.length;
                break;
            case 'working':
                this.#working.set(progress.layer.digest, progress);
                this.#line.draw(() => workingText([...this.#working.values()], this.#done, this.#count));
                break;
            case 'done':
                this.#layerDone(progress.layer);
                break;
            default:
                this.#warn(`${progress.platform} stays in the order that it has: ${progress.reason}`);
        }
    }
    unmatched({ image }, patterns) {
        for (const pattern of patterns)
            this.#warn(`no file of ${image.platform} matches ${pattern}`);
    }
    finish(result) {
        this.stop();
        const { json, linesTo } = this.#options;
        for (const { platform, missed } of result.manifests) {
            if (missed.length > 0)
                this.#warn(missedText(platform, missed));
        }
        linesTo.write(json ? `${JSON.stringify(result, undefined, 2)}\n` : `${resultLine(result)}\n`);
    }
    stop() {
        this.#line.clear();
    }
    #layerDone(layer) {
        this.#working.delete(layer.source.digest);
        this.#done++;
        const { reason } = layer;
        if (reason !== undefined)
            this.#warn(`${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .shortDigest */ .VK)(layer.source.digest)} stays ordinary: ${reason}`);
        if (this.#options.json)
            return;
        this.stop();
        this.#count = Math.max(this.#count, this.#done);
        this.#options.linesTo.write(`${layerLine(this.#done, this.#count, layer)}\n`);
    }
    #warn(text) {
        this.stop();
        this.#terminal.write(`warning: ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(text)}\n`);
    }
}
function layerLine(number, count, layer) {
    const { source, state, size, front } = layer;
    const sizes = `${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatBytes */ .z3)(source.size).padStart(9)} -> ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatBytes */ .z3)(size).padStart(9)}`;
    const ordered = front === undefined || front.files === 0
        ? ''
        : `  in front ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(front.files, 'file')}, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatBytes */ .z3)(front.bytes)}`;
    return `${number}/${count} ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .shortDigest */ .VK)(source.digest)}  ${state.padEnd(9)} ${sizes}  ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatSeconds */ .Xo)(layer.durationMs / 1000)}${ordered}`;
}
function resultLine({ target, manifests, uploadedBytes, skippedBytes, durationMs }) {
    const layers = new Map(manifests.flatMap((manifest) => manifest.layers).map((layer) => [layer.digest, layer]));
    const count = (state) => [...layers.values()].filter((layer) => layer.state === state).length;
    const states = ['converted', 'reused', 'copied'].filter((state) => count(state) > 0);
    const parts = states.length === 0 ? '' : ` (${states.map((state) => `${count(state)} ${state}`).join(', ')})`;
    const there = skippedBytes === 0 ? '' : `, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatBytes */ .z3)(skippedBytes)} were there`;
    return `${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(target.name)}: ${target.digest}, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(layers.size, 'layer')}${parts}, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatBytes */ .z3)(uploadedBytes)} written${there}, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatSeconds */ .Xo)(durationMs / 1000)}`;
}
function workingText(working, done, count) {
    const steps = ['reading', 'writing', 'uploading'].flatMap((step) => {
        const bytes = working.filter((one) => one.step === step).reduce((sum, one) => sum + one.bytes, 0);
        return bytes === 0 ? [] : [`${step} ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatBytes */ .z3)(bytes)}`];
    });
    return `${done} of ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(count, 'layer')} done; ${steps.join(', ')}`;
}
function missedText(platform, missed) {
    const examples = missed.slice(0, 3).join(', ');
    return `${platform ?? 'the image'} has not ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(missed.length, 'file')} of the profile: ${examples}${missed.length > 3 ? ', ...' : ''}`;
}


/***/ }),

/***/ 51971:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ LiveLine)
/* harmony export */ });
const REDRAW_MS = 100;
class LiveLine {
    #terminal;
    #isLive;
    #drawnMs = Number.NEGATIVE_INFINITY;
    #isDrawn = false;
    constructor(options) {
        this.#terminal = options.terminal ?? process.stderr;
        const env = options.env ?? process.env;
        this.#isLive = !options.quiet && this.#terminal.isTTY === true && !env['CI'] && !env['NO_COLOR'];
    }
    draw(text) {
        if (!this.#isLive || performance.now() - this.#drawnMs < REDRAW_MS)
            return;
        this.#drawnMs = performance.now();
        this.#isDrawn = true;
        this.#terminal.write(`\r\u001b[K${text()}`);
    }
    clear() {
        if (this.#isDrawn)
            this.#terminal.write('\r\u001b[K');
        this.#isDrawn = false;
    }
}


/***/ }),

/***/ 46595:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N: () => (/* binding */ TocEncoder),
/* harmony export */   u: () => (/* binding */ encodeTocTar)
/* harmony export */ });
/* harmony import */ var _decode_toc_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(64059);
/* harmony import */ var _tar_entry_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(69449);
/* harmony import */ var _tar_go_json_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(37106);



const KEYS = [
    [
        'name',
        'type',
        'size',
        'modtime',
        'linkName',
        'mode',
        'uid',
        'gid',
        'userName',
        'groupName',
        'offset',
        'innerOffset',
    ],
    ['devMajor', 'devMinor', 'xattrs', 'digest', 'chunkOffset', 'chunkSize', 'chunkDigest'],
].flat();
const HEAD = '{\n\t"version": 1,\n\t"entries": [';
class TocEncoder {
    #text = new _tar_go_json_js__WEBPACK_IMPORTED_MODULE_2__/* .JsonText */ .kB();
    #count = 0;
    add(fields) {
        this.#text.add(this.#count++ === 0 ? `${HEAD}\n` : ',\n', encodeFields(fields));
    }
    finish() {
        this.#text.add(this.#count === 0 ? `${HEAD}]\n}` : '\n\t]\n}');
        return this.#text.finish();
    }
}
function encodeTocTar(tocJson) {
    const size = (0,_tar_go_json_js__WEBPACK_IMPORTED_MODULE_2__/* .byteLength */ .dp)(tocJson);
    const head = (0,_tar_entry_js__WEBPACK_IMPORTED_MODULE_1__/* .encodeEntry */ .vv)({ ..._tar_entry_js__WEBPACK_IMPORTED_MODULE_1__/* .NO_FIELDS */ .eL, name: Buffer.from(_decode_toc_js__WEBPACK_IMPORTED_MODULE_0__/* .TOC_NAME */ .Z), size, typeflag: '0' });
    return [head, ...tocJson, Buffer.alloc((0,_tar_entry_js__WEBPACK_IMPORTED_MODULE_1__/* .paddingOf */ .Zt)(size) + END_OF_ARCHIVE)];
}
const END_OF_ARCHIVE = 1024;
function encodeFields(fields) {
    const lines = [];
    for (const key of KEYS) {
        const value = fields[key];
        const isAlways = key === 'name' || key === 'type';
        if (isAlways || (value !== undefined && value !== 0 && value !== ''))
            lines.push(encodeField(key, value));
    }
    return `\t\t{\n${lines.join(',\n')}\n\t\t}`;
}
function encodeField(key, value) {
    if (typeof value === 'number')
        return `\t\t\t"${key}": ${value}`;
    if (typeof value === 'string')
        return `\t\t\t"${key}": ${(0,_tar_go_json_js__WEBPACK_IMPORTED_MODULE_2__/* .encodeGoString */ .gN)(value)}`;
    const lines = (0,_tar_go_json_js__WEBPACK_IMPORTED_MODULE_2__/* .sortedByBytes */ .OU)(value).map(([name, bytes]) => {
        const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
        return `\t\t\t\t${(0,_tar_go_json_js__WEBPACK_IMPORTED_MODULE_2__/* .encodeGoString */ .gN)(name)}: "${base64}"`;
    });
    return `\t\t\t"${key}": {\n${lines.join(',\n')}\n\t\t\t}`;
}


/***/ }),

/***/ 63390:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   G: () => (/* binding */ ByteBudget)
/* harmony export */ });
class ByteBudget {
    #limit;
    #waiting = [];
    #used = 0;
    constructor(limit) {
        this.#limit = limit;
    }
    get used() {
        return this.#used;
    }
    async take(bytes) {
        const share = Math.min(bytes, this.#limit);
        if (this.#waiting.length > 0 || this.#used + share > this.#limit) {
            await new Promise((resolve) => this.#waiting.push({ bytes: share, resolve }));
        }
        else
            this.#used += share;
        let given = false;
        return () => {
            if (given)
                return;
            given = true;
            this.#used -= share;
            this.#admit();
        };
    }
    #admit() {
        for (;;) {
            const next = this.#waiting[0];
            if (next === undefined || this.#used + next.bytes > this.#limit)
                return;
            this.#waiting.shift();
            this.#used += next.bytes;
            next.resolve();
        }
    }
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

/***/ 46800:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   T: () => (/* binding */ WorkerPool)
/* harmony export */ });
/* harmony import */ var node_worker_threads__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(75919);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);
/* harmony import */ var _error_codec_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(33758);



class WorkerPool {
    #options;
    #seats = new Set();
    #queues = { demand: [], speculation: [] };
    #closed = false;
    constructor(options) {
        this.#options = options;
    }
    get size() {
        return this.#seats.size;
    }
    run(task, transfer, priority) {
        return this.#enqueue(task, transfer, priority, this.#options.idleMs);
    }
    warm() {
        if (this.#seats.size === 0 && !this.#closed)
            this.#rest(this.#start());
    }
    async rehearse(task) {
        const { size, idleMs, rehearsedIdleMs = idleMs } = this.#options;
        const runs = Array.from({ length: size - this.#seats.size }, () => this.#enqueue(task, [], 'speculation', rehearsedIdleMs));
        await Promise.allSettled(runs);
    }
    async close() {
        this.#closed = true;
        for (const queue of Object.values(this.#queues)) {
            for (const job of queue.splice(0))
                job.reject(this.#closedError());
        }
        await Promise.all([...this.#seats].map((seat) => this.#end(seat)));
    }
    #enqueue(task, transfer, priority, idleMs) {
        if (this.#closed)
            return Promise.reject(this.#closedError());
        return new Promise((resolve, reject) => {
            this.#queues[priority].push({ task, transfer, resolve, reject, idleMs });
            this.#dispatch();
        });
    }
    #dispatch() {
        for (;;) {
            const queue = this.#queues.demand.length > 0 ? this.#queues.demand : this.#queues.speculation;
            if (queue.length === 0)
                return;
            const seat = [...this.#seats].find(({ job }) => job === undefined) ?? this.#startIfRoom();
            if (seat === undefined)
                return;
            const job = queue.shift();
            clearTimeout(seat.idleTimer);
            seat.job = job;
            seat.worker.ref();
            seat.worker.postMessage(job.task, job.transfer);
        }
    }
    #startIfRoom() {
        return this.#seats.size < this.#options.size ? this.#start() : undefined;
    }
    #start() {
        const { url, name, maxHeapMb, youngHeapMb } = this.#options;
        const young = youngHeapMb === undefined ? {} : { maxYoungGenerationSizeMb: youngHeapMb };
        const worker = new node_worker_threads__WEBPACK_IMPORTED_MODULE_0__.Worker(url, { name, resourceLimits: { maxOldGenerationSizeMb: maxHeapMb, ...young } });
        const seat = { worker, job: undefined, idleTimer: undefined };
        this.#seats.add(seat);
        worker.on('message', (answer) => this.#answer(seat, answer));
        worker.on('error', (error) => this.#lose(seat, error));
        worker.on('exit', (code) => this.#lose(seat, new Error(`exit code ${code}`)));
        return seat;
    }
    #answer(seat, answer) {
        const { job } = seat;
        this.#rest(seat, job?.idleMs);
        if ('error' in answer)
            job?.reject((0,_error_codec_js__WEBPACK_IMPORTED_MODULE_2__/* .decodeError */ .l)(answer.error));
        else
            job?.resolve(answer.result);
        this.#dispatch();
    }
    #rest(seat, idleMs = this.#options.idleMs) {
        seat.job = undefined;
        seat.worker.unref();
        seat.idleTimer = setTimeout(() => void this.#end(seat), idleMs).unref();
    }
    async #end(seat) {
        clearTimeout(seat.idleTimer);
        const { job } = seat;
        if (job !== undefined)
            await new Promise((resolve) => onSettled(seat.worker, resolve));
        this.#seats.delete(seat);
        await seat.worker.terminate();
    }
    #lose(seat, cause) {
        const { job } = seat;
        seat.job = undefined;
        clearTimeout(seat.idleTimer);
        if (!this.#seats.delete(seat) && job === undefined)
            return;
        job?.reject(new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .LazypullError */ .qB('UNAVAILABLE', `a ${this.#options.name} worker died`, { cause }));
        this.#dispatch();
    }
    #closedError() {
        return new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .LazypullError */ .qB('ABORTED', `the ${this.#options.name} workers were closed`);
    }
}
function onSettled(worker, done) {
    worker.once('message', done);
    worker.once('exit', done);
}


/***/ }),

/***/ 75981:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   i: () => (/* binding */ returnLargeBlocks)
/* harmony export */ });
/* harmony import */ var koffi__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(84845);

const M_TRIM_THRESHOLD = -1;
const M_MMAP_THRESHOLD = -3;
const THRESHOLD_BYTES = 320 * 1024;
function returnLargeBlocks() {
    try {
        const mallopt = koffi__WEBPACK_IMPORTED_MODULE_0__/* ["default"] */ .A.load(null).func('int mallopt(int param, int value)');
        mallopt(M_MMAP_THRESHOLD, THRESHOLD_BYTES);
        mallopt(M_TRIM_THRESHOLD, THRESHOLD_BYTES);
    }
    catch {
    }
}


/***/ }),

/***/ 20129:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  J: () => (/* binding */ profileOfFile),
  UM: () => (/* binding */ readPrefetchList),
  EG: () => (/* binding */ readRecordingFile)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/optimize/prefetch-list.js
var prefetch_list = __webpack_require__(14907);
// EXTERNAL MODULE: ./src/optimize/profile-codec.js
var profile_codec = __webpack_require__(3395);
// EXTERNAL MODULE: ./src/oci/digest.js
var oci_digest = __webpack_require__(62635);
// EXTERNAL MODULE: ./src/oci/json.js
var json = __webpack_require__(77417);
// EXTERNAL MODULE: ./src/optimize/image-files.js
var image_files = __webpack_require__(99494);
;// CONCATENATED MODULE: ./src/optimize/record-file.js





const MAX_LINES = 1_000_000;
const STEP_MS = 0.001;
function isRecordFile(bytes) {
    const end = bytes.indexOf(0x0a);
    try {
        const first = JSON.parse(Buffer.from(bytes.subarray(0, end < 0 ? bytes.length : end)).toString());
        return typeof first?.path === 'string';
    }
    catch {
        return false;
    }
}
function parseRecordFile(bytes) {
    if (bytes.length > profile_codec/* MAX_PROFILE_BYTES */.Z9)
        throw new errors/* FormatError */.IF(`record file: ${bytes.length} bytes, more than 128 MiB`);
    const lines = new TextDecoder('utf-8', { fatal: false }).decode(bytes).split('\n');
    if (lines.length > MAX_LINES)
        throw new errors/* FormatError */.IF(`record file: more than ${MAX_LINES} lines`);
    return lines.flatMap((text, index) => text.trim() === '' ? [] : [parseLine(text, `record file, line ${index + 1}`)]);
}
function parseLine(text, where) {
    let value;
    try {
        value = JSON.parse(text);
    }
    catch (cause) {
        throw new errors/* FormatError */.IF(`${where}: not JSON`, { cause });
    }
    const object = (0,json/* requireObject */.zG)(value, where);
    const path = (0,json/* optionalString */.sx)(object, 'path', where)?.replace(/^(\.?\/)+/, '');
    if (path === undefined || path === '')
        throw new errors/* FormatError */.IF(`${where}: no path`);
    const digest = (0,json/* optionalString */.sx)(object, 'manifestDigest', where);
    const layerIndex = object['layerIndex'] ?? undefined;
    if (layerIndex !== undefined &&
        (typeof layerIndex !== 'number' || !Number.isSafeInteger(layerIndex) || layerIndex < 0)) {
        throw new errors/* FormatError */.IF(`${where}: layerIndex is ${JSON.stringify(layerIndex)}`);
    }
    if (digest !== undefined && digest !== '' && !(0,oci_digest/* isDigest */.Bc)(digest))
        throw new errors/* FormatError */.IF(`${where}: no sha256 digest`);
    return { path, manifestDigest: (0,oci_digest/* isDigest */.Bc)(digest ?? '') ? digest : undefined, layerIndex };
}
function profileOfRecords(records, image) {
    const own = records.filter(({ manifestDigest }) => manifestDigest === image.image?.digest);
    const files = new Map();
    for (const { path, layerIndex } of own.length > 0 ? own : records) {
        const found = own.length > 0 ? inLayer(image.view, path, layerIndex) : image.view.lookup(path);
        const file = found === undefined ? undefined : (0,image_files/* wholeFile */.A)(found, image.layers, files.size * STEP_MS);
        if (file !== undefined && !files.has(`${file.layer} ${file.path}`))
            files.set(`${file.layer} ${file.path}`, file);
    }
    if (files.size === 0 && records.length > 0) {
        throw new errors/* UserError */.yo(`the image has none of the ${records.length} files of the record`, 'Is it a record of this image?');
    }
    return (0,profile_codec/* canonicalProfile */.Y8)({
        version: 1,
        image: image.image,
        layers: image.layers,
        workloads: [],
        files: [...files.values()],
    });
}
function inLayer(view, path, layer) {
    const found = view.lookup(path);
    return layer === undefined || found?.layer === layer ? found : undefined;
}

;// CONCATENATED MODULE: ./src/optimize/collect-profile.js





async function readRecordingFile(path) {
    const bytes = await readUserFile(path);
    try {
        if (isRecordFile(bytes))
            return { kind: 'records', records: parseRecordFile(bytes) };
        return { kind: 'profile', profile: (0,profile_codec/* parseProfile */.jZ)(bytes) };
    }
    catch (error) {
        throw error instanceof errors/* FormatError */.IF ? new errors/* FormatError */.IF(`${path}: ${error.message}`, { cause: error }) : error;
    }
}
function profileOfFile(file, image) {
    return file.kind === 'profile' ? file.profile : profileOfRecords(file.records, image);
}
async function readPrefetchList(path) {
    const text = Buffer.from(await readUserFile(path)).toString();
    try {
        return (0,prefetch_list/* parsePrefetchList */.J)(text);
    }
    catch (error) {
        throw error instanceof errors/* FormatError */.IF ? new errors/* FormatError */.IF(`${path}: ${error.message}`, { cause: error }) : error;
    }
}
async function readUserFile(path) {
    try {
        return await (0,promises_.readFile)(path);
    }
    catch (cause) {
        throw new errors/* UserError */.yo(`can't read ${path}: ${(0,errors/* describeError */.Uc)(cause)}`, undefined, { cause });
    }
}


/***/ }),

/***/ 48516:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  w: () => (/* binding */ checkConvertOptions),
  h: () => (/* binding */ convertImage)
});

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(48161);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/log.js
var log = __webpack_require__(49179);
// EXTERNAL MODULE: ./src/layer/budget.js
var budget = __webpack_require__(63390);
// EXTERNAL MODULE: ./src/layer/worker-pool.js
var worker_pool = __webpack_require__(46800);
// EXTERNAL MODULE: ./src/worker-url.js
var worker_url = __webpack_require__(99503);
// EXTERNAL MODULE: ./src/build/compress-batch.js
var compress_batch = __webpack_require__(84557);
;// CONCATENATED MODULE: ./src/build/compress-pool.js




const BUFFERS_PER_WORKER = 2;
class CompressPool {
    #pool;
    #budget;
    #spare = [];
    constructor(workers) {
        this.#pool = new worker_pool/* WorkerPool */.T({
            url: (0,worker_url/* workerUrl */.O)('./compress-worker', import.meta.url),
            name: 'compress',
            size: workers,
            idleMs: 10_000,
            maxHeapMb: 256,
            youngHeapMb: 8,
        });
        this.#budget = new budget/* ByteBudget */.G(workers * BUFFERS_PER_WORKER * compress_batch/* USUAL_BUFFER */.a);
    }
    async start(batch, fd, options) {
        const giveBack = await this.#budget.take(Math.max(compress_batch/* USUAL_BUFFER */.a, batch.size));
        const { size, copies, literals, members, chunks, ownMembers } = batch;
        const buffers = batch.size > compress_batch/* USUAL_BUFFER */.a ? undefined : this.#spare.pop();
        const task = { batch: { size, copies, literals, members, chunks, ownMembers }, fd, options, buffers };
        const transfer = buffers === undefined ? [] : [buffers.plain, buffers.compressed];
        return { done: this.#finish(this.#pool.run(task, transfer, 'demand'), giveBack) };
    }
    async compress(parts, options) {
        const own = parts.map((part) => (part.length === part.buffer.byteLength ? ownBytes(part) : new Uint8Array(part)));
        const transfer = own.map(({ buffer }) => buffer);
        return (await this.#pool.run({ parts: own, options }, transfer, 'demand'));
    }
    async close() {
        await this.#pool.close();
        this.#spare.length = 0;
    }
    async #finish(running, giveBack) {
        try {
            const result = (await running);
            const release = () => {
                const buffers = { plain: result.plain.buffer, compressed: result.compressed.buffer };
                if (buffers.plain.byteLength === compress_batch/* USUAL_BUFFER */.a)
                    this.#spare.push(buffers);
                giveBack();
            };
            return { ...result, release };
        }
        catch (error) {
            giveBack();
            throw error;
        }
    }
}
function ownBytes(part) {
    return new Uint8Array(part.buffer);
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(77598);
;// CONCATENATED MODULE: ./src/build/append-batch.js


const DIGEST_SIZE = 32;
class BatchAppender {
    #blob;
    #dialect;
    #hash;
    constructor(blob, dialect) {
        this.#blob = blob;
        this.#dialect = dialect;
    }
    async append(batch, result) {
        const { plain } = result;
        let at = 0;
        let chunk = 0;
        for (const mark of batch.marks) {
            if ('headEnd' in mark) {
                this.#dialect.addHead(plain.subarray(at, mark.headEnd));
                this.#dialect.addEntry(mark.entry);
                at = mark.headEnd;
                continue;
            }
            const start = batch.chunks[2 * chunk];
            if (start > at)
                this.#dialect.addHead(plain.subarray(at, start));
            at = start + batch.chunks[2 * chunk + 1];
            this.#addChunk(mark, chunk, plain.subarray(start, at), result);
            chunk++;
        }
        if (at < plain.length)
            this.#dialect.addHead(plain.subarray(at));
        await this.#blob.append(result.compressed);
    }
    #addChunk(place, index, content, result) {
        const { length } = content;
        const digest = digestAt(result.digests, index);
        this.#requireUnchanged(place, content, digest);
        const member = result.chunkMembers[index];
        const offset = this.#blob.size + (member === 0 ? 0 : result.memberEnds[member - 1]);
        const endOffset = this.#blob.size + result.memberEnds[member];
        const innerOffset = result.chunkInner[index];
        this.#dialect.addChunk(place, { offset, endOffset, innerOffset, length, digest }, content);
    }
    #requireUnchanged({ entry, fileOffset }, content, digest) {
        const { size } = entry.header;
        let actual = digest;
        if (content.length < size) {
            if (fileOffset === 0)
                this.#hash = (0,external_node_crypto_.createHash)('sha256');
            this.#hash.update(content);
            actual = fileOffset + content.length < size ? undefined : `sha256:${this.#hash.digest('hex')}`;
        }
        if (actual === undefined || actual === entry.digest)
            return;
        throw new errors/* VerificationError */.mk(`the tar was changed: file at ${entry.dataStart}`, String(entry.digest), actual);
    }
}
function digestAt(digests, index) {
    const start = digests.byteOffset + DIGEST_SIZE * index;
    return `sha256:${Buffer.from(digests.buffer, start, DIGEST_SIZE).toString('hex')}`;
}

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
;// CONCATENATED MODULE: ./src/build/blob-file.js


class BlobFile {
    #path;
    #file;
    #hash = (0,external_node_crypto_.createHash)('sha256');
    #size = 0;
    #open = true;
    #finished = false;
    constructor(path, file) {
        this.#path = path;
        this.#file = file;
    }
    static async create(path) {
        return new BlobFile(path, await (0,promises_.open)(path, 'wx', 0o644));
    }
    get size() {
        return this.#size;
    }
    async append(bytes) {
        const writing = this.#write(bytes);
        this.#hash.update(bytes);
        await writing;
    }
    async finish() {
        await this.#close();
        this.#finished = true;
        return { digest: `sha256:${this.#hash.digest('hex')}`, size: this.#size };
    }
    async [Symbol.asyncDispose]() {
        if (this.#finished)
            return;
        try {
            await this.#close();
        }
        finally {
            await (0,promises_.rm)(this.#path, { force: true });
        }
    }
    async #write(bytes) {
        for (let done = 0; done < bytes.length;) {
            const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, this.#size + done);
            done += bytesWritten;
        }
        this.#size += bytes.length;
    }
    async #close() {
        if (!this.#open)
            return;
        this.#open = false;
        await this.#file.close();
    }
}

;// CONCATENATED MODULE: ./src/build/batches.js
const MIB = 1024 * 1024;
function batchRules(minChunkSize, closesChunks) {
    const enough = Math.max(2 * MIB, Math.min(16 * minChunkSize, 64 * MIB));
    return { enough, most: 2 * enough, closesChunks };
}
function* cutBatches(stream, rules) {
    let batch = new BatchBuilder(rules);
    for (const piece of withOwnFirst(stream)) {
        const isChunk = piece.chunk !== undefined;
        const parts = isChunk ? [piece] : slices(piece, rules.most);
        for (const part of parts) {
            const isFull = isChunk && batch.size >= rules.enough;
            if (batch.size > 0 && (isFull || batch.size + part.length > rules.most)) {
                yield batch.build();
                batch = new BatchBuilder(rules);
            }
            batch.add(part);
        }
    }
    if (batch.size > 0)
        yield batch.build();
}
function* withOwnFirst(stream) {
    let isFirst = true;
    for (const piece of stream) {
        if (piece.chunk === undefined || !isFirst)
            yield piece;
        else {
            isFirst = false;
            yield { ...piece, chunk: { ...piece.chunk, ownMember: true } };
        }
    }
}
class BatchBuilder {
    size = 0;
    #rules;
    #copies = [];
    #literals = [];
    #members = [0];
    #chunks = [];
    #ownMembers = [];
    #marks = [];
    constructor(rules) {
        this.#rules = rules;
    }
    add({ from, length, chunk, entry }) {
        if (chunk !== undefined)
            this.#addChunk(chunk, length);
        if (typeof from === 'number')
            this.#addCopy(from, length);
        else if (from !== 'zeros')
            this.#literals.push({ at: this.size, bytes: from });
        this.size += length;
        if (entry !== undefined)
            this.#marks.push({ entry, headEnd: this.size });
        if (chunk !== undefined && this.#rules.closesChunks)
            this.#beginMember();
    }
    build() {
        if (this.#members.length > 1 && this.#members.at(-1) === this.size)
            this.#members.pop();
        return {
            size: this.size,
            copies: this.#copies,
            literals: this.#literals,
            members: this.#members,
            chunks: this.#chunks,
            ownMembers: this.#ownMembers,
            marks: this.#marks,
        };
    }
    #addChunk(chunk, length) {
        this.#beginMember();
        if (chunk.ownMember)
            this.#ownMembers.push(this.#chunks.length / 2);
        this.#chunks.push(this.size, length);
        this.#marks.push(chunk);
    }
    #beginMember() {
        if (this.#members.at(-1) !== this.size)
            this.#members.push(this.size);
    }
    #addCopy(from, length) {
        const last = this.#copies.length - 3;
        const [at = 0, lastFrom = 0, lastLength = 0] = last < 0 ? [] : this.#copies.slice(last);
        const isNext = last >= 0 && at + lastLength === this.size && lastFrom + lastLength === from;
        if (isNext)
            this.#copies[last + 2] = lastLength + length;
        else
            this.#copies.push(this.size, from, length);
    }
}
function* slices(piece, most) {
    if (piece.length <= most) {
        yield piece;
        return;
    }
    for (let at = 0; at < piece.length; at += most) {
        const length = Math.min(most, piece.length - at);
        const { from } = piece;
        const part = typeof from === 'number' ? from + at : from === 'zeros' ? from : from.subarray(at, at + length);
        const isLast = at + length === piece.length;
        yield { from: part, length, ...(isLast && piece.entry !== undefined ? { entry: piece.entry } : {}) };
    }
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: ./src/tar/entry.js
var tar_entry = __webpack_require__(69449);
// EXTERNAL MODULE: ./src/tar/header.js
var tar_header = __webpack_require__(56460);
;// CONCATENATED MODULE: ./src/build/containers-entries.js




function withKnownTypes(entries) {
    return entries.map((entry) => {
        if (entry.header.typeflag !== CONTIGUOUS)
            return entry;
        return { ...entry, header: { ...entry.header, typeflag: '0' }, needsHeader: true };
    });
}
function requireKnownTar(tar) {
    let end = 0;
    const names = new Set();
    for (const { path, header, type, start, dataStart } of tar.entries) {
        if (start !== end)
            refuse('what is no file, directory or link of the layer', end);
        if (header.typeflag === CONTIGUOUS)
            refuse('a contiguous file (type 7)', start);
        if (names.has(path))
            refuse(`${JSON.stringify(path)} twice`, start);
        names.add(path);
        const size = type === 'reg' ? header.size : 0;
        end = dataStart + size + (0,tar_entry/* paddingOf */.Zt)(size);
    }
    if (tar.size - end > MAX_END)
        refuse(`${tar.size - end} bytes behind the last entry`, end);
    if (!isEnd(tar, end))
        refuse('what is no file, directory or link of the layer', end);
}
const CONTIGUOUS = '7';
const MAX_END = 16 * 1024 * 1024;
function isEnd(tar, offset) {
    const block = Buffer.alloc(tar_header/* BLOCK_SIZE */.cS);
    (0,external_node_fs_.readSync)(tar.fd, block, 0, tar_header/* BLOCK_SIZE */.cS, offset);
    return block.every((byte) => byte === 0);
}
function refuse(what, offset) {
    throw new errors/* FormatError */.IF(`the tar has ${what} at ${offset}, which a lossless zstd:chunked-containers blob can't have`, {
        offset,
    });
}

// EXTERNAL MODULE: ./src/tar/go-json.js
var go_json = __webpack_require__(37106);
;// CONCATENATED MODULE: ./src/estargz/encode-containers-toc.js

const KEYS = [
    [
        'type',
        'name',
        'linkName',
        'mode',
        'size',
        'uid',
        'gid',
        'modtime',
        'accesstime',
        'changetime',
        'devMajor',
        'devMinor',
    ],
    ['xattrs', 'digest', 'offset', 'endOffset', 'chunkSize', 'chunkOffset', 'chunkDigest'],
].flat();
class ContainersTocEncoder {
    #text = new go_json/* JsonText */.kB();
    #count = 0;
    add(fields) {
        this.#text.add(this.#count++ === 0 ? HEAD : ',', encodeFields(fields));
    }
    finish(tarSplitDigest) {
        this.#text.add(this.#count === 0 ? HEAD : '', `],"tarSplitDigest":"${tarSplitDigest}"}`);
        return this.#text.finish();
    }
}
const HEAD = '{"version":1,"entries":[';
function encodeFields(fields) {
    const parts = [];
    for (const key of KEYS) {
        const value = fields[key];
        const isAlways = key === 'type' || key === 'name';
        if (isAlways || (value !== undefined && value !== 0 && value !== ''))
            parts.push(`"${key}":${encodeValue(value)}`);
    }
    return `{${parts.join(',')}}`;
}
function encodeValue(value) {
    if (typeof value === 'number')
        return String(value);
    if (typeof value === 'string')
        return (0,go_json/* encodeGoString */.gN)(value);
    const parts = (0,go_json/* sortedByBytes */.OU)(value).map(([name, bytes]) => {
        const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
        return `${(0,go_json/* encodeGoString */.gN)(name)}:"${base64}"`;
    });
    return `{${parts.join(',')}}`;
}

// EXTERNAL MODULE: ./src/estargz/zstd-footer.js
var zstd_footer = __webpack_require__(62905);
// EXTERNAL MODULE: ./src/oci/annotations.js
var oci_annotations = __webpack_require__(73417);
// EXTERNAL MODULE: ./src/oci/digest.js
var oci_digest = __webpack_require__(62635);
// EXTERNAL MODULE: ./src/oci/media-types.js
var media_types = __webpack_require__(82371);
;// CONCATENATED MODULE: ./src/tar/crc64.js
class Crc64 {
    #high = -1;
    #low = -1;
    update(bytes) {
        let high = this.#high;
        let low = this.#low;
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
        const wholeWords = bytes.length - (bytes.length % 4);
        let at = 0;
        for (; at < wholeWords; at += 4) {
            const out = low ^ view.getInt32(at, true);
            low = high ^ (out << 31) ^ (out << 29) ^ (out << 28);
            high = out ^ (out >>> 1) ^ (out >>> 3) ^ (out >>> 4);
        }
        for (; at < bytes.length; at++) {
            const out = (low ^ bytes[at]) & 0xff;
            low = (low >>> 8) | (high << 24);
            high = (high >>> 8) ^ (out << 24) ^ (out << 23) ^ (out << 21) ^ (out << 20);
        }
        this.#high = high;
        this.#low = low;
    }
    digest() {
        const bytes = Buffer.alloc(8);
        bytes.writeInt32BE(~this.#high, 0);
        bytes.writeInt32BE(~this.#low, 4);
        return bytes;
    }
}

// EXTERNAL MODULE: ./src/tar/apply-pax.js
var apply_pax = __webpack_require__(32125);
// EXTERNAL MODULE: ./src/tar/pax.js
var tar_pax = __webpack_require__(13520);
;// CONCATENATED MODULE: ./src/tar/tar-split.js

const FILE = 1;
const SEGMENT = 2;
class TarSplitEncoder {
    #text = new go_json/* JsonText */.kB();
    #position = 0;
    addSegment(bytes) {
        const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
        this.#add(`{"type":${SEGMENT},"payload":"${base64}"`);
    }
    addFile(name, size, crc64) {
        const nameField = name === '' ? '' : `,"name":${(0,go_json/* encodeGoString */.gN)(name)}`;
        const sizeField = size === 0 ? '' : `,"size":${size}`;
        const payload = crc64 === undefined ? 'null' : `"${Buffer.from(crc64).toString('base64')}"`;
        this.#add(`{"type":${FILE}${nameField}${sizeField},"payload":${payload}`);
    }
    finish() {
        return this.#text.finish();
    }
    #add(line) {
        this.#text.add(`${line},"position":${this.#position++}}\n`);
    }
}

// EXTERNAL MODULE: ./src/build/entry-index.js + 1 modules
var entry_index = __webpack_require__(29089);
;// CONCATENATED MODULE: ./src/build/exact-time.js

const MIN_TIME_SEC = -62_167_219_200;
const MAX_TIME_SEC = 253_402_300_799;
function exactTime(pax, key, headerSec) {
    const record = pax.get(key);
    if (record === undefined || record.length === 0)
        return headerSec === undefined ? '' : encodeExact(headerSec, '', key);
    const text = Buffer.from(record).toString('latin1');
    const [, sign, whole, fraction = ''] = /^(-?)([0-9]+)(?:\.([0-9]*))?$/.exec(text) ?? [];
    if (whole === undefined)
        throw new errors/* FormatError */.IF(`PAX record ${key}: got ${JSON.stringify(text)}, wanted a time`);
    const digits = fraction.slice(0, DIGITS).padEnd(DIGITS, '0');
    if (sign === '' || Number(digits) === 0)
        return encodeExact(Number(sign + whole), digits, key);
    return encodeExact(-Number(whole) - 1, String(10 ** DIGITS - Number(digits)).padStart(DIGITS, '0'), key);
}
const DIGITS = 9;
function encodeExact(seconds, digits, key) {
    if (!(seconds >= MIN_TIME_SEC && seconds <= MAX_TIME_SEC)) {
        throw new errors/* FormatError */.IF(`${key}: got ${seconds} seconds, wanted a time of the years 0 to 9999`);
    }
    const fraction = digits.replace(/0+$/, '');
    const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
    return fraction === '' ? `${whole}Z` : `${whole}.${fraction}Z`;
}

;// CONCATENATED MODULE: ./src/build/containers-dialect.js














class ContainersDialect {
    mediaType = media_types/* OCI_LAYER_ZSTD */.aH;
    compression = 'zstd';
    closesChunks = true;
    #level;
    #toc = new ContainersTocEncoder();
    #tarSplit = new TarSplitEncoder();
    #segment = [];
    #file;
    constructor({ level }) {
        this.#level = level;
    }
    addHead(bytes) {
        this.#segment.push(bytes.slice());
    }
    addEntry(entry) {
        const fields = this.#endHead(entry);
        this.#toc.add(fields);
        this.#tarSplit.addFile(fields.name, 0, undefined);
    }
    addChunk({ entry, fileOffset }, chunk, content) {
        if (fileOffset === 0)
            this.#file = { fields: this.#endHead(entry), crc64: new Crc64(), chunks: [] };
        const file = this.#file;
        file.crc64.update(content);
        file.chunks.push(chunk);
        if (fileOffset + chunk.length < entry.header.size)
            return;
        this.#tarSplit.addFile(file.fields.name, entry.header.size, file.crc64.digest());
        for (const fields of fileFields(file.fields, entry, file.chunks))
            this.#toc.add(fields);
        this.#file = undefined;
    }
    async finish(pool, payloadEnd) {
        this.#tarSplit.addSegment(Buffer.concat(this.#segment));
        const options = { compression: 'zstd', level: this.#level };
        const splitText = this.#tarSplit.finish();
        const splitSize = (0,go_json/* byteLength */.dp)(splitText);
        const split = await pool.compress(splitText, options);
        const json = this.#toc.finish((0,oci_digest/* digestOf */.ol)(split));
        const size = (0,go_json/* byteLength */.dp)(json);
        const tocDigest = (0,oci_digest/* digestOfParts */.w)(json);
        const compressed = await pool.compress(json, options);
        const toc = { offset: payloadEnd + zstd_footer/* SKIPPABLE_HEADER_SIZE */.eV, compressedSize: compressed.length, size };
        const tarSplit = {
            offset: toc.offset + toc.compressedSize + zstd_footer/* SKIPPABLE_HEADER_SIZE */.eV,
            compressedSize: split.length,
            size: splitSize,
        };
        const footer = (0,zstd_footer/* encodeZstdFooter */.FL)({ dialect: 'containers', toc, tarSplit });
        return {
            bytes: [(0,zstd_footer/* encodeSkippable */.Ah)(compressed), (0,zstd_footer/* encodeSkippable */.Ah)(split), footer],
            tocDigest,
            annotations: () => ({
                [oci_annotations/* CONTAINERS_MANIFEST_CHECKSUM */.vy]: (0,oci_digest/* digestOf */.ol)(compressed),
                [oci_annotations/* LAZYPULL_TOC_CHECKSUM */.bh]: (0,oci_digest/* digestOf */.ol)(compressed),
                [oci_annotations/* CONTAINERS_MANIFEST_POSITION */.B7]: `${toc.offset}:${toc.compressedSize}:${toc.size}:1`,
                [oci_annotations/* CONTAINERS_TAR_SPLIT_POSITION */._K]: `${tarSplit.offset}:${tarSplit.compressedSize}:${tarSplit.size}`,
            }),
            externalToc: () => undefined,
        };
    }
    #endHead(entry) {
        const head = Buffer.concat(this.#segment.splice(0));
        this.#tarSplit.addSegment(head);
        try {
            return headFields(entry, head);
        }
        catch (error) {
            throw error instanceof errors/* FormatError */.IF ? (0,entry_index/* entryError */.P)(entry, error.message, error) : error;
        }
    }
}
function headFields(entry, head) {
    const { header, pax, type } = entry;
    const { accessSec, changeSec } = (0,tar_header/* parseAccessTimes */.Si)(head, head.length - tar_header/* BLOCK_SIZE */.cS);
    const xattrs = (0,tar_pax/* xattrsOf */.cZ)(pax);
    return {
        type,
        name: header.name.toString(),
        linkName: header.linkName.toString(),
        mode: header.mode,
        size: type === 'reg' ? header.size : writtenSize(entry, head),
        uid: header.uid,
        gid: header.gid,
        modtime: exactTime(pax, 'mtime', header.mtimeSec),
        accesstime: exactTime(pax, 'atime', accessSec),
        changetime: exactTime(pax, 'ctime', changeSec),
        devMajor: header.devMajor,
        devMinor: header.devMinor,
        ...(xattrs === undefined ? {} : { xattrs }),
    };
}
function writtenSize({ pax }, head) {
    const header = (0,tar_header/* parseHeader */.RW)(head, head.length - tar_header/* BLOCK_SIZE */.cS);
    return header === undefined ? 0 : (0,apply_pax/* applyPax */.U)(header, pax).size;
}
function fileFields(fields, { digest }, chunks) {
    const isWhole = chunks.length === 1;
    const first = { ...fields, digest: String(digest), offset: chunks[0].offset, endOffset: chunks.at(-1).endOffset };
    let chunkOffset = 0;
    return chunks.map(({ offset, endOffset, length, digest: chunkDigest }, index) => {
        const base = index === 0 ? first : { type: 'chunk', name: fields.name, offset, endOffset };
        const whole = { ...base, ...(isWhole ? {} : { chunkSize: length, chunkOffset, chunkDigest }) };
        chunkOffset += length;
        return whole;
    });
}

// EXTERNAL MODULE: ./src/estargz/encode-toc.js
var encode_toc = __webpack_require__(46595);
// EXTERNAL MODULE: ./src/estargz/footer.js
var footer = __webpack_require__(98633);
// EXTERNAL MODULE: ./src/build/toc-fields.js
var toc_fields = __webpack_require__(61984);
;// CONCATENATED MODULE: ./src/build/stargz-toc.js


class StargzToc {
    #encoder = new encode_toc/* TocEncoder */.N();
    #names = new toc_fields/* OwnerNames */.Mj();
    #chunkSize;
    constructor(chunkSize) {
        this.#chunkSize = chunkSize;
    }
    addEntry(entry) {
        this.#encoder.add({ ...(0,toc_fields/* entryFields */.oy)(entry), ...this.#names.next(entry) });
    }
    addChunk({ entry, fileOffset }, { offset, innerOffset, length, digest }) {
        const fields = (0,toc_fields/* entryFields */.oy)(entry);
        const isFirst = fileOffset === 0;
        this.#encoder.add({
            ...(isFirst ? { ...fields, ...this.#names.next(entry) } : { name: fields.name, type: 'chunk' }),
            offset,
            innerOffset,
            chunkOffset: fileOffset,
            chunkSize: length === this.#chunkSize ? length : 0,
            chunkDigest: digest,
        });
    }
    finish() {
        return this.#encoder.finish();
    }
}

;// CONCATENATED MODULE: ./src/build/estargz-dialect.js






class EstargzDialect {
    mediaType = media_types/* OCI_LAYER_GZIP */.BQ;
    compression = 'gzip';
    closesChunks = false;
    #options;
    #toc;
    constructor(options) {
        this.#options = options;
        this.#toc = new StargzToc(options.chunkSize);
    }
    addHead() { }
    addEntry(entry) {
        this.#toc.addEntry(entry);
    }
    addChunk(place, chunk) {
        this.#toc.addChunk(place, chunk);
    }
    async finish(pool, payloadEnd, addPlain) {
        const { level, externalToc: isExternal } = this.#options;
        const json = this.#toc.finish();
        const tocDigest = (0,oci_digest/* digestOfParts */.w)(json);
        const tar = (0,encode_toc/* encodeTocTar */.u)(json);
        if (!isExternal)
            for (const part of tar)
                addPlain(part);
        const member = await pool.compress(tar, { compression: 'gzip', level });
        const annotations = (size) => ({
            [oci_annotations/* TOC_DIGEST */.Ie]: tocDigest,
            [oci_annotations/* UNCOMPRESSED_SIZE */.bT]: String(size),
        });
        if (isExternal) {
            const externalToc = (layer) => tocLayer(member, layer);
            return { bytes: [(0,footer/* encodeExternalFooter */.F5)()], tocDigest, annotations, externalToc };
        }
        const bytes = [member, (0,footer/* encodeFooter */.WY)(payloadEnd)];
        return { bytes, tocDigest, annotations, externalToc: () => undefined };
    }
}
function tocLayer(bytes, layer) {
    const annotations = { [oci_annotations/* TOC_LAYER_DIGEST */.kF]: layer };
    return {
        descriptor: { mediaType: media_types/* OCI_LAYER_GZIP */.BQ, digest: (0,oci_digest/* digestOf */.ol)(bytes), size: bytes.length, annotations },
        bytes,
    };
}

;// CONCATENATED MODULE: ./src/build/zstd-dialect.js






class ZstdDialect {
    mediaType = media_types/* OCI_LAYER_ZSTD */.aH;
    compression = 'zstd';
    closesChunks = false;
    #level;
    #toc;
    constructor({ level, chunkSize }) {
        this.#level = level;
        this.#toc = new StargzToc(chunkSize);
    }
    addHead() { }
    addEntry(entry) {
        this.#toc.addEntry(entry);
    }
    addChunk(place, chunk) {
        this.#toc.addChunk(place, chunk);
    }
    async finish(pool, payloadEnd) {
        const json = this.#toc.finish();
        const size = (0,go_json/* byteLength */.dp)(json);
        const tocDigest = (0,oci_digest/* digestOfParts */.w)(json);
        const compressed = await pool.compress(json, { compression: 'zstd', level: this.#level });
        const toc = { offset: payloadEnd + zstd_footer/* SKIPPABLE_HEADER_SIZE */.eV, compressedSize: compressed.length, size };
        return {
            bytes: [(0,zstd_footer/* encodeSkippable */.Ah)(compressed), (0,zstd_footer/* encodeZstdFooter */.FL)({ dialect: 'stargz', toc, tarSplit: undefined })],
            tocDigest,
            annotations: (uncompressedSize) => ({
                [oci_annotations/* TOC_DIGEST */.Ie]: tocDigest,
                [oci_annotations/* UNCOMPRESSED_SIZE */.bT]: String(uncompressedSize),
                [oci_annotations/* ZSTD_MANIFEST_CHECKSUM */.aE]: (0,oci_digest/* digestOf */.ol)(compressed),
                [oci_annotations/* ZSTD_MANIFEST_POSITION */.Qh]: `${toc.offset}:${toc.compressedSize}:${toc.size}:1`,
            }),
            externalToc: () => undefined,
        };
    }
}

;// CONCATENATED MODULE: ./src/build/dialects.js



function dialectOf(options) {
    return new DIALECTS[options.format](options);
}
const DIALECTS = {
    estargz: EstargzDialect,
    'zstd:chunked': ZstdDialect,
    'zstd:chunked-containers': ContainersDialect,
};

// EXTERNAL MODULE: ./src/estargz/decode-toc.js
var decode_toc = __webpack_require__(64059);
// EXTERNAL MODULE: ./src/estargz/parse-toc.js + 4 modules
var parse_toc = __webpack_require__(67557);
;// CONCATENATED MODULE: ./src/build/layer-stream.js





const LANDMARK_CONTENT = Buffer.from([0x0f]);
const LANDMARKS = new Set([parse_toc/* PREFETCH_LANDMARK */.BP, parse_toc/* NO_PREFETCH_LANDMARK */.pK]);
function landmarkEntry(name) {
    const header = { ...tar_entry/* NO_FIELDS */.eL, name: Buffer.from(name), size: LANDMARK_CONTENT.length, typeflag: '0' };
    const digest = (0,oci_digest/* digestOf */.ol)(LANDMARK_CONTENT);
    const nowhere = { start: -1, dataStart: -1, needsHeader: false };
    return { type: 'reg', path: name, linkPath: undefined, header, pax: new Map(), digest, ...nowhere };
}
function* orderedStream(entries, chunkSize) {
    for (const entry of entries) {
        const isLandmark = entry.dataStart < 0;
        const size = payloadSize(entry);
        yield { ...headOf(entry), ...(size === 0 ? { entry } : {}) };
        yield* isLandmark ? [landmarkPiece(entry)] : chunkPieces(entry, chunkSize);
        const padding = (0,tar_entry/* paddingOf */.Zt)(size);
        if (padding > 0)
            yield { from: 'zeros', length: padding };
    }
}
function* losslessStream(tar, chunkSize) {
    if (tar.hadToc)
        throw new errors/* FormatError */.IF(`the layer has a ${decode_toc/* TOC_NAME */.Z}, which a lossless blob could not leave out`);
    let at = 0;
    for (const entry of tar.entries) {
        const size = payloadSize(entry);
        yield { from: at, length: entry.dataStart - at, ...(size === 0 ? { entry } : {}) };
        yield* chunkPieces(entry, chunkSize);
        at = entry.dataStart + size;
    }
    if (at < tar.size)
        yield { from: at, length: tar.size - at };
}
function payloadSize(entry) {
    return entry.type === 'reg' ? entry.header.size : 0;
}
function headOf(entry) {
    const isInTar = entry.dataStart >= 0 && !entry.needsHeader;
    if (isInTar)
        return { from: entry.start, length: entry.dataStart - entry.start };
    const head = (0,tar_entry/* encodeEntry */.vv)(entry.header, entry.pax);
    return { from: head, length: head.length };
}
function landmarkPiece(entry) {
    const chunk = { entry, fileOffset: 0, ownMember: LANDMARKS.has(entry.path) };
    return { from: LANDMARK_CONTENT, length: LANDMARK_CONTENT.length, chunk };
}
function* chunkPieces(entry, chunkSize) {
    const size = payloadSize(entry);
    for (let fileOffset = 0; fileOffset < size; fileOffset += chunkSize) {
        const length = Math.min(chunkSize, size - fileOffset);
        yield { from: entry.dataStart + fileOffset, length, chunk: { entry, fileOffset, ownMember: false } };
    }
}

// EXTERNAL MODULE: ./src/build/layer-tree.js
var layer_tree = __webpack_require__(66500);
// EXTERNAL MODULE: ./src/build/paths.js
var build_paths = __webpack_require__(44478);
;// CONCATENATED MODULE: ./src/build/whiteouts.js

const WHITEOUT_PREFIX = '.wh.';
const OPAQUE_MARKER = '.wh..wh..opq';
function isWhiteout(path) {
    return (0,build_paths/* baseOf */.bx)(path).startsWith(WHITEOUT_PREFIX);
}
function whiteoutsOf(path) {
    const prefix = prefixOf(path);
    return [prefix + OPAQUE_MARKER, prefix + WHITEOUT_PREFIX + (0,build_paths/* baseOf */.bx)(path)];
}
function hasLateWhiteout(entries) {
    const whiteoutOf = new Map();
    for (const [index, { path }] of entries.entries()) {
        const name = hiddenBy(path);
        if (name !== undefined)
            whiteoutOf.set(name, index);
    }
    if (whiteoutOf.size === 0)
        return false;
    return entries.some(({ path }, index) => prefixesOf(path).some((name) => (whiteoutOf.get(name) ?? -1) > index));
}
function hiddenBy(path) {
    return isWhiteout(path) ? prefixOf(path) + (0,build_paths/* baseOf */.bx)(path).slice(WHITEOUT_PREFIX.length) : undefined;
}
function prefixOf(path) {
    const parent = (0,build_paths/* parentOf */.gN)(path);
    return parent === '' ? '' : `${parent}/`;
}
function prefixesOf(path) {
    const names = [path];
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1))
        names.push(path.slice(0, slash));
    return names;
}

;// CONCATENATED MODULE: ./src/build/distinct-entries.js



function distinctEntries(entries) {
    const names = namesOf((0,layer_tree/* buildLayerTree */.G)(entries));
    const groups = linkedNames(names);
    if (names.length === entries.length && groups.size === 0)
        return entries;
    for (const [file, group] of groups)
        settleGroup(file, group);
    return names.sort((a, b) => a.given.index - b.given.index).map(({ given }) => given.entry);
}
function namesOf(root) {
    const names = root.given === undefined ? [] : [root];
    const directories = [root];
    for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
        for (const name of directory.children.values()) {
            if (name.given !== undefined)
                names.push(name);
            if (name.children !== undefined)
                directories.push(name);
        }
    }
    return names;
}
function linkedNames(names) {
    const groups = new Map();
    for (const { given, file } of names)
        if (given !== file)
            groups.set(file, []);
    if (groups.size === 0)
        return groups;
    for (const name of names)
        groups.get(name.file)?.push(name);
    for (const group of groups.values())
        group.sort((a, b) => a.given.index - b.given.index);
    return groups;
}
function settleGroup(file, group) {
    const primary = group.find(({ given }) => given === file) ?? group.find(({ given }) => !isWhiteout(given.entry.path)) ?? group[0];
    if (primary.given !== file)
        primary.given = changed(primary, renamed(file.entry, primary.given.entry));
    const target = primary.given.entry;
    const indexOf = new Map(group.map(({ given }) => [given.entry.path, given.index]));
    for (const name of group) {
        if (name === primary)
            continue;
        const { entry, index } = name.given;
        const isRight = entry.linkPath === target.path || (indexOf.get(entry.linkPath) ?? Infinity) < index;
        if (!isRight)
            name.given = changed(name, isWhiteout(entry.path) ? alone(entry) : relinked(entry, target));
    }
}
function changed({ given }, entry) {
    return { entry, index: given.index };
}
function renamed(file, link) {
    const typeflag = file.header.typeflag === '\0' ? '0' : file.header.typeflag;
    const header = { ...file.header, name: link.header.name, typeflag };
    return { ...file, path: link.path, header, needsHeader: true };
}
function relinked(link, target) {
    const header = { ...link.header, linkName: target.header.name };
    return { ...link, linkPath: target.path, header, needsHeader: true };
}
function alone(link) {
    const header = { ...link.header, typeflag: '0', linkName: Buffer.alloc(0) };
    const digest = (0,oci_digest/* digestOf */.ol)(new Uint8Array());
    const pax = new Map([...link.pax].filter(([key]) => key !== 'size'));
    return { ...link, type: 'reg', linkPath: undefined, header, pax, digest, needsHeader: true };
}

;// CONCATENATED MODULE: ./src/build/order.js




function orderEntries(entries, order) {
    const sequence = new Sequence(distinctEntries(entries));
    if (order === undefined)
        return { entries: sequence.finish(), landmark: undefined, missed: [] };
    const hasPriority = order.prioritized.length > 0;
    const missedFirst = sequence.move(order.prioritized);
    const landmark = { name: hasPriority ? parse_toc/* PREFETCH_LANDMARK */.BP : parse_toc/* NO_PREFETCH_LANDMARK */.pK, index: sequence.length };
    const missedLater = hasPriority ? sequence.move(order.deferred) : [];
    return { entries: sequence.finish(), landmark, missed: [...new Set([...missedFirst, ...missedLater])] };
}
class Sequence {
    #source;
    #indexOf;
    #hasWhiteouts;
    #isMovable;
    #moved = new Set();
    #out = [];
    constructor(source) {
        this.#source = source;
        this.#indexOf = new Map(source.map(({ path }, index) => [path, index]));
        this.#hasWhiteouts = source.some(({ path }) => isWhiteout(path));
        this.#isMovable = !this.#hasWhiteouts || !hasLateWhiteout(source);
    }
    get length() {
        return this.#out.length;
    }
    move(paths) {
        const missed = [];
        for (const path of paths) {
            const index = this.#indexOf.get((0,build_paths/* cleanPath */.ts)(path));
            if (index === undefined)
                missed.push(path);
            else if (this.#isMovable)
                this.#add(index);
        }
        return missed;
    }
    finish() {
        if (this.#out.length === 0 && !this.#hasLaterTargets())
            return this.#source;
        for (const [index, { linkPath }] of this.#source.entries()) {
            const target = linkPath === undefined ? undefined : this.#indexOf.get(linkPath);
            if (target === undefined || this.#moved.has(target))
                this.#addOne(index);
            else
                this.#add(index);
        }
        return this.#out;
    }
    #hasLaterTargets() {
        return this.#source.some(({ linkPath }, index) => linkPath !== undefined && this.#indexOf.get(linkPath) > index);
    }
    #add(index) {
        if (this.#moved.has(index))
            return;
        const begun = new Set([index]);
        const stack = [{ index, before: this.#prerequisites(index) }];
        for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
            const next = top.before.next();
            if (next.done === true) {
                this.#addOne(top.index);
                stack.pop();
            }
            else if (!this.#moved.has(next.value) && !begun.has(next.value)) {
                begun.add(next.value);
                stack.push({ index: next.value, before: this.#prerequisites(next.value) });
            }
        }
    }
    #addOne(index) {
        if (this.#moved.has(index))
            return;
        this.#moved.add(index);
        this.#out.push(this.#source[index]);
    }
    *#prerequisites(index) {
        const { path, linkPath } = this.#source[index];
        if (path !== '')
            yield* this.#ifThere('', index);
        for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
            const directory = path.slice(0, slash);
            if (this.#hasWhiteouts)
                yield* this.#whiteouts(directory, index);
            yield* this.#ifThere(directory, index);
        }
        if (this.#hasWhiteouts && path !== '')
            yield* this.#whiteouts(path, index);
        if (linkPath !== undefined)
            yield* this.#ifThere(linkPath, index);
    }
    *#whiteouts(path, index) {
        for (const whiteout of whiteoutsOf(path)) {
            const found = this.#indexOf.get(whiteout);
            if (found !== undefined && found < index)
                yield found;
        }
    }
    *#ifThere(path, index) {
        const found = this.#indexOf.get(path);
        if (found !== undefined && found !== index)
            yield found;
    }
}

;// CONCATENATED MODULE: ./src/build/write-blob.js
var __addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var __disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});









async function writeBlob(job) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { options, tar, pool } = job;
        const { pieces, missed } = streamOf(tar, options);
        const dialect = dialectOf(options);
        const blob = __addDisposableResource(env_1, await BlobFile.create(job.path), true);
        const plain = new PlainStream();
        await writePayload(job, pieces, dialect, blob, plain);
        if (options.lossless)
            plain.requireSame(tar);
        const ending = await dialect.finish(pool, blob.size, (bytes) => plain.update(bytes));
        for (const bytes of ending.bytes)
            await blob.append(bytes);
        job.signal?.throwIfAborted();
        const { digest, size } = await blob.finish();
        const { diffId, size: uncompressedSize } = plain.finish();
        return {
            path: job.path,
            descriptor: { mediaType: dialect.mediaType, digest, size, annotations: ending.annotations(uncompressedSize) },
            diffId,
            uncompressedSize,
            tocDigest: ending.tocDigest,
            format: options.format,
            externalToc: ending.externalToc(digest),
            missed,
        };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = __disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
function streamOf(tar, options) {
    const { format, lossless, chunkSize } = options;
    const isContainers = format === 'zstd:chunked-containers';
    if (lossless) {
        if (isContainers)
            requireKnownTar(tar);
        return { pieces: losslessStream(tar, chunkSize), missed: [] };
    }
    const { entries, landmark, missed } = orderEntries(tar.entries, options.order);
    const known = isContainers ? withKnownTypes(entries) : entries;
    const all = landmark === undefined ? known : known.toSpliced(landmark.index, 0, landmarkEntry(landmark.name));
    return { pieces: orderedStream(all, chunkSize), missed };
}
async function writePayload(job, pieces, dialect, blob, plain) {
    const { pool, tar, signal } = job;
    const { level, minChunkSize } = job.options;
    const options = { compression: dialect.compression, level, minChunkSize };
    const appender = new BatchAppender(blob, dialect);
    const failed = new AbortController();
    let appended = Promise.resolve();
    const append = async (before, batch, done) => {
        const [earlier, result] = await Promise.allSettled([before, done]);
        try {
            if (earlier.status === 'rejected')
                throw earlier.reason;
            if (result.status === 'rejected')
                throw result.reason;
            signal?.throwIfAborted();
            await appender.append(batch, result.value);
            plain.update(result.value.plain);
            job.onProgress?.(plain.size);
        }
        catch (error) {
            failed.abort();
            throw error;
        }
        finally {
            if (result.status === 'fulfilled')
                result.value.release();
        }
    };
    try {
        for (const batch of cutBatches(pieces, batchRules(minChunkSize, dialect.closesChunks))) {
            if (failed.signal.aborted || signal?.aborted === true)
                break;
            const { done } = await pool.start(batch, tar.fd, options);
            appended = append(appended, batch, done);
            appended.catch(() => { });
        }
    }
    finally {
        await appended;
    }
    signal?.throwIfAborted();
}
class PlainStream {
    size = 0;
    #hash = (0,external_node_crypto_.createHash)('sha256');
    update(bytes) {
        this.#hash.update(bytes);
        this.size += bytes.length;
    }
    requireSame(tar) {
        const digest = `sha256:${this.#hash.copy().digest('hex')}`;
        if (digest !== tar.diffId)
            throw new errors/* VerificationError */.mk('the lossless blob', tar.diffId, digest);
    }
    finish() {
        return { diffId: `sha256:${this.#hash.digest('hex')}`, size: this.size };
    }
}

;// CONCATENATED MODULE: ./src/build/write-layer.js





class LayerWriter {
    #pool;
    #log;
    constructor(options = {}) {
        this.#pool = new CompressPool(options.workers ?? (0,external_node_os_.availableParallelism)());
        this.#log = options.log ?? log/* silentLogger */.qq;
    }
    async write(tar, options, target, signal, onProgress) {
        checkOptions(options);
        signal?.throwIfAborted();
        const started = performance.now();
        const written = await writeBlob({ pool: this.#pool, tar, options, path: target.path, signal, onProgress });
        this.#log.debug('wrote a layer', {
            digest: written.descriptor.digest,
            format: options.format,
            bytes: written.descriptor.size,
            tarBytes: tar.size,
            ms: Math.round(performance.now() - started),
        });
        return written;
    }
    async [Symbol.asyncDispose]() {
        await this.#pool.close();
    }
}
const MAX_CHUNK_SIZE = 1024 ** 3;
const MAX_MIN_CHUNK_SIZE = 16 * 1024 ** 2;
function checkOptions({ format, level, chunkSize, minChunkSize, externalToc, lossless, order }) {
    const isGzip = format === 'estargz';
    requireInteger('level', level, isGzip ? 0 : 1, isGzip ? 9 : 22);
    requireInteger('chunkSize', chunkSize, 1, MAX_CHUNK_SIZE);
    requireInteger('minChunkSize', minChunkSize, 0, MAX_MIN_CHUNK_SIZE);
    if (!isGzip && minChunkSize > 0)
        write_layer_refuse(`minChunkSize is for estargz, not for ${format}`);
    if (!isGzip && externalToc)
        write_layer_refuse(`externalToc is for estargz, not for ${format}`);
    if (isGzip && lossless && !externalToc)
        write_layer_refuse('a lossless estargz has an external TOC');
    if (lossless && order !== undefined)
        write_layer_refuse('a lossless blob keeps the order of its tar');
}
function requireInteger(name, value, min, max) {
    if (!Number.isInteger(value) || value < min || value > max)
        write_layer_refuse(`${name}: got ${value}, wanted ${min} to ${max}`);
}
function write_layer_refuse(message) {
    throw new errors/* LazypullError */.qB('INVALID_ARGUMENT', message);
}

// EXTERNAL MODULE: ./src/oci/platform.js
var oci_platform = __webpack_require__(46580);
// EXTERNAL MODULE: ./src/oci/reference.js
var oci_reference = __webpack_require__(38242);
// EXTERNAL MODULE: ./src/oci/json.js
var json = __webpack_require__(77417);
// EXTERNAL MODULE: ./src/tar/errors.js
var tar_errors = __webpack_require__(33202);
// EXTERNAL MODULE: ./src/optimize/image-view.js
var image_view = __webpack_require__(83128);
;// CONCATENATED MODULE: ./src/optimize/convert-orders.js

const DEFER_BELOW_SHARE = 0.5;
const DEFER_FROM_CHUNKS = 3;
function applyProfile(profile, layers, chunkSize) {
    const places = new FilePlaces(layers);
    const plans = layers.map(() => new LayerPlan());
    const missed = [];
    for (const file of profile.files) {
        const found = places.find(file);
        if (found.length === 0)
            missed.push(file.path);
        const deferred = isDeferred(file, chunkSize);
        for (const { layer, path, size } of found)
            plans[layer].add(path, size, deferred);
    }
    return { orders: plans.map(({ order }) => order), fronts: plans.map(({ front }) => front), missed };
}
function isDeferred({ size, ranges }, chunkSize) {
    if (Math.ceil(size / chunkSize) < DEFER_FROM_CHUNKS)
        return false;
    return touchedBytes(ranges, size, chunkSize) < size * DEFER_BELOW_SHARE;
}
function touchedBytes(ranges, size, chunkSize) {
    let bytes = 0;
    let counted = 0;
    for (const [start, end] of ranges) {
        const from = Math.max(counted, start - (start % chunkSize));
        const to = Math.min(size, Math.ceil(end / chunkSize) * chunkSize);
        if (to > from)
            bytes += to - from;
        counted = Math.max(counted, to);
    }
    return bytes;
}
class FilePlaces {
    #layers;
    #byDiffId = new Map();
    #sizes = new Map();
    #view;
    constructor(layers) {
        this.#layers = layers;
        for (const [index, { diffId }] of layers.entries()) {
            this.#byDiffId.set(diffId, [...(this.#byDiffId.get(diffId) ?? []), index]);
        }
    }
    find({ path, layer }) {
        const own = (this.#byDiffId.get(layer) ?? []).flatMap((index) => this.#inLayer(index, path));
        if (own.length > 0)
            return own;
        this.#view ??= new image_view/* ImageView */.D(this.#layers);
        const found = this.#view.resolve(path);
        if (found?.entry.type !== 'reg')
            return [];
        const { diffId } = this.#layers[found.layer];
        return this.#byDiffId.get(diffId).flatMap((index) => this.#inLayer(index, found.path));
    }
    #inLayer(layer, path) {
        let sizes = this.#sizes.get(layer);
        if (sizes === undefined)
            this.#sizes.set(layer, (sizes = fileSizes(this.#layers[layer])));
        const size = sizes.get(path);
        return size === undefined ? [] : [{ layer, path, size }];
    }
}
function fileSizes({ entries }) {
    const last = new Map(entries.map((entry) => [entry.path, entry]));
    const sizes = new Map();
    for (const [path, entry] of last) {
        const file = entry.type === 'hardlink' ? (0,image_view/* followLink */.s)(entry, last) : entry;
        if (file?.type === 'reg')
            sizes.set(path, file.header.size);
    }
    return sizes;
}
class LayerPlan {
    #prioritized = [];
    #deferred = [];
    #seen = new Set();
    #bytes = 0;
    #deferredBytes = 0;
    add(path, size, deferred) {
        if (this.#seen.has(path))
            return;
        this.#seen.add(path);
        if (deferred) {
            this.#deferred.push(path);
            this.#deferredBytes += size;
        }
        else {
            this.#prioritized.push(path);
            this.#bytes += size;
        }
    }
    get order() {
        return { prioritized: this.#prioritized, deferred: this.#deferred };
    }
    get front() {
        return {
            files: this.#prioritized.length,
            bytes: this.#bytes,
            deferredFiles: this.#deferred.length,
            deferredBytes: this.#deferredBytes,
        };
    }
}

// EXTERNAL MODULE: ./src/image/index-reader.js
var index_reader = __webpack_require__(51791);
// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(57975);
// EXTERNAL MODULE: ./src/estargz/json-scanner.js
var json_scanner = __webpack_require__(40195);
// EXTERNAL MODULE: ./src/estargz/word-table.js
var word_table = __webpack_require__(13567);
;// CONCATENATED MODULE: ./src/optimize/convert-config.js






const WHERE = 'image config';
const MAX_LAYERS = 1000;
function parseConfigFacts(bytes) {
    const document = (0,json/* requireObject */.zG)((0,json/* parseJson */.qF)(bytes, WHERE), WHERE);
    const os = (0,json/* optionalString */.sx)(document, 'os', WHERE) ?? '';
    const architecture = (0,json/* optionalString */.sx)(document, 'architecture', WHERE) ?? '';
    const variant = (0,json/* optionalString */.sx)(document, 'variant', WHERE) ?? '';
    const named = os !== '' && architecture !== '';
    return {
        diffIds: diffIdsOf(document),
        platform: named ? { os, architecture, ...(variant === '' ? {} : { variant }) } : undefined,
    };
}
function replaceDiffIds(bytes, diffIds) {
    const before = (0,json/* requireObject */.zG)((0,json/* parseJson */.qF)(bytes, WHERE), WHERE);
    diffIdsOf(before);
    const rootfs = spanOf(bytes, 0, 'rootfs');
    const ids = spanOf(bytes, rootfs.start, 'diff_ids');
    const changed = Buffer.concat([
        bytes.subarray(0, ids.start),
        Buffer.from(JSON.stringify(diffIds)),
        bytes.subarray(ids.end),
    ]);
    const wanted = { ...before, rootfs: { ...(0,json/* requireObject */.zG)(before['rootfs'], WHERE), diff_ids: diffIds } };
    if ((0,external_node_util_.isDeepStrictEqual)((0,json/* parseJson */.qF)(changed, WHERE), wanted))
        return changed;
    throw new errors/* FormatError */.IF(`${WHERE}: has rootfs or its diff_ids twice`);
}
function diffIdsOf(document) {
    const rootfs = (0,json/* requireObject */.zG)(document['rootfs'], `${WHERE}.rootfs`);
    const where = `${WHERE}.rootfs.diff_ids`;
    return (0,json/* requireArray */.Fs)(rootfs['diff_ids'], where, MAX_LAYERS).map((id) => {
        if (typeof id !== 'string')
            throw new errors/* FormatError */.IF(`${where}: not a list of strings`);
        return (0,oci_digest/* parseDigest */.m)(id);
    });
}
function spanOf(bytes, start, key) {
    const scanner = new json_scanner/* JsonScanner */.VF(bytes, start);
    const words = new word_table/* WordTable */.T([key]);
    const isObject = scanner.peek() === json_scanner/* OPEN_OBJECT */.bV;
    for (let more = isObject && scanner.enter(json_scanner/* CLOSE_OBJECT */.tX); more; more = scanner.more(json_scanner/* CLOSE_OBJECT */.tX)) {
        const found = scanner.key(words) === 0;
        scanner.peek();
        const valueStart = scanner.at;
        scanner.value();
        if (found)
            return { start: valueStart, end: scanner.at };
    }
    throw new errors/* FormatError */.IF(`${WHERE}: no ${key}`);
}

;// CONCATENATED MODULE: ./src/optimize/convert-plan.js






async function planConversion(source, platforms, signal) {
    const root = await source.root(signal);
    const planner = new Planner(source, platforms, signal);
    const node = await planner.plan(root, root.descriptor, 0);
    if (platforms !== undefined && node.kind !== 'index')
        requirePlatforms(node, platforms);
    return node;
}
function* imagesOf(node) {
    if (node.kind === 'image')
        yield node;
    else if (node.kind === 'index')
        for (const child of node.children)
            yield* imagesOf(child);
}
function isConvertible({ mediaType }) {
    if (/foreign|nondistributable/.test(mediaType))
        return false;
    return (0,media_types/* layerCompression */.AH)(mediaType) !== undefined;
}
class Planner {
    #source;
    #platforms;
    #signal;
    #reader;
    constructor(source, platforms, signal) {
        this.#source = source;
        this.#platforms = platforms;
        this.#signal = signal;
        this.#reader = new index_reader/* IndexReader */.I(source, signal);
    }
    async plan(document, entry, depth) {
        const { manifest } = document;
        if (manifest.kind === 'index')
            return this.#planIndex({ ...document, manifest }, depth);
        return this.#planManifest({ ...document, manifest }, entry);
    }
    async #planIndex(document, depth) {
        const { manifests } = document.manifest;
        const kept = this.#platforms === undefined ? manifests.keys() : keptEntries(document.manifest, this.#platforms);
        const places = [...kept];
        const children = [];
        for (const place of places) {
            const entry = manifests[place];
            children.push(await this.plan(await this.#read(entry, place, depth), entry, depth + 1));
        }
        return { kind: 'index', document, kept: new Set(places), children };
    }
    async #read(entry, place, depth) {
        try {
            return await this.#reader.read(entry, depth);
        }
        catch (error) {
            if (!(error instanceof errors/* LazypullError */.qB) || error.code !== 'UNSUPPORTED')
                throw error;
            const message = `${this.#source.name}: entry ${place} of the index can't be copied: ${error.message}`;
            throw new errors/* LazypullError */.qB('UNSUPPORTED', message, { cause: error });
        }
    }
    async #planManifest(document, entry) {
        const { manifest } = document;
        const copy = { kind: 'copy', document, platform: entry.platform };
        if (isArtifact(manifest, entry) || !manifest.layers.some(isConvertible))
            return copy;
        if (entry.platform?.os === 'windows')
            return copy;
        const config = await this.#source.fetch(manifest.config, this.#signal);
        const { diffIds, platform = entry.platform } = parseConfigFacts(config);
        if (platform === undefined || platform.os === 'windows')
            return { ...copy, platform };
        if (diffIds.length !== manifest.layers.length) {
            throw new errors/* FormatError */.IF(`${this.#source.name}: the config of ${document.descriptor.digest} has ${diffIds.length} diff ids for ${manifest.layers.length} layers`);
        }
        return { kind: 'image', document, config, diffIds, platform: (0,oci_platform/* normalizePlatform */.FL)(platform) };
    }
}
function isArtifact(manifest, entry) {
    if (entry.annotations?.[oci_annotations/* DOCKER_REFERENCE_TYPE */.Se] !== undefined)
        return true;
    const { mediaType } = manifest.config;
    return manifest.artifactType !== undefined || (mediaType !== media_types/* OCI_CONFIG */.TF && mediaType !== media_types/* DOCKER_CONFIG */.e6);
}
function keptEntries(index, platforms) {
    const chosen = new Set(platforms.map((platform) => (0,oci_platform/* selectManifest */.yY)(index, platform).digest));
    return [...index.manifests.entries()]
        .filter(([, { digest, annotations }]) => {
        const about = annotations?.[oci_annotations/* DOCKER_REFERENCE_DIGEST */.gL];
        return about === undefined ? chosen.has(digest) : chosen.has(about);
    })
        .map(([place]) => place);
}
function requirePlatforms(node, platforms) {
    const { descriptor } = node.document;
    const entry = node.platform === undefined ? descriptor : { ...descriptor, platform: node.platform };
    for (const platform of platforms) {
        const only = { kind: 'index', mediaType: '', manifests: [entry] };
        const found = (0,oci_platform/* selectManifest */.yY)(only, platform);
        if (found.platform === undefined) {
            throw new errors/* LazypullError */.qB('NOT_FOUND', `the source is one manifest without a platform, not ${(0,oci_platform/* formatPlatform */.Bq)(platform)}`);
        }
    }
}

// EXTERNAL MODULE: ./src/optimize/layer-imports.js
var layer_imports = __webpack_require__(37779);
// EXTERNAL MODULE: ./src/optimize/settle.js
var settle = __webpack_require__(73834);
// EXTERNAL MODULE: ./src/optimize/slots.js
var slots = __webpack_require__(46376);
;// CONCATENATED MODULE: ./src/optimize/convert-image.js
var convert_image_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var convert_image_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});










class ImageConverter {
    #parts;
    #turn = new slots/* Slots */.W(1);
    #misfits = 0;
    constructor(parts) {
        this.#parts = parts;
    }
    async convert(node) {
        const { profileOf, imports } = this.#parts.options;
        if (profileOf === undefined && imports === undefined) {
            return { layers: await this.#convertLayers(node, new Map(), new Map()), missed: [] };
        }
        const release = await this.#turn.take();
        try {
            return await this.#convertImported(node);
        }
        finally {
            release();
        }
    }
    async #convertImported(node) {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const { source, layers, options, signal, abort } = this.#parts;
            const { workDir, imports: shared } = options;
            const tars = tarsOf(node);
            signal.throwIfAborted();
            const own = convert_image_addDisposableResource(env_1, new layer_imports/* LayerImports */.Q({ source, workDir, onProgress: (layer, bytes) => layers.reading(layer, bytes) }), true);
            const imported = await (0,settle/* settleAll */.j)(tars.map((tar) => {
                const imports = shared?.has(tar.layer) === true ? shared : own;
                return this.#import(tar, imports);
            }), abort);
            const { fronts, missed } = await this.#applyProfile(node, imported.flatMap(({ known }) => known ?? []));
            const kept = imported.flatMap(({ kept: reason }, index) => reason === undefined ? [] : [[tars[index].place, reason]]);
            return { layers: await this.#convertLayers(node, fronts, new Map(kept)), missed };
        }
        catch (e_1) {
            env_1.error = e_1;
            env_1.hasError = true;
        }
        finally {
            const result_1 = convert_image_disposeResources(env_1);
            if (result_1)
                await result_1;
        }
    }
    async #import(tar, imports) {
        const { layers, signal } = this.#parts;
        try {
            return {
                known: { ...tar, tar: await layers.import(tar.layer, () => imports.get(tar.layer, tar.diffId, signal)) },
            };
        }
        catch (error) {
            if (!(error instanceof tar_errors/* UnsupportedEntryError */.u))
                throw error;
            const { cause } = error;
            return { kept: cause instanceof tar_errors/* UnsupportedEntryError */.u ? cause.message : error.message };
        }
    }
    async #applyProfile(node, known) {
        const { layers } = this.#parts.options;
        const profile = await this.#profileOf(this.#describe(node, known));
        const tars = known.map(({ tar }) => tar);
        const applied = profile === undefined ? undefined : applyProfile(profile, tars, layers.chunkSize);
        const fronts = known.map(({ place, tar }, index) => [
            place,
            { tar, order: applied?.orders[index], front: applied?.fronts[index] },
        ]);
        return { fronts: new Map(fronts), missed: applied?.missed ?? [] };
    }
    async #profileOf(image) {
        const { options, imageCount, onProgress } = this.#parts;
        try {
            return await options.profileOf?.(image);
        }
        catch (error) {
            if (!(error instanceof errors/* UserError */.yo) || ++this.#misfits === imageCount)
                throw error;
            onProgress({ kind: 'unordered', platform: image.image.platform, reason: error.message.split('\n')[0] ?? '' });
            return undefined;
        }
    }
    #describe({ document, platform }, known) {
        const { source } = this.#parts;
        const { digest } = document.descriptor;
        return {
            image: { name: source.name, digest, platform: (0,oci_platform/* formatPlatform */.Bq)(platform) },
            layers: known.map(({ diffId }) => diffId),
            view: new image_view/* ImageView */.D(known.map(({ tar }) => tar)),
        };
    }
    #convertLayers(node, imported, kept) {
        const { layers, abort } = this.#parts;
        const { manifest, bytes } = node.document;
        return (0,settle/* settleAll */.j)(manifest.layers.map((layer, place) => {
            const reason = kept.get(place);
            if (reason !== undefined)
                return layers.keep(layer, reason);
            if (!isConvertible(layer))
                return layers.copy(layer, hasUrls(bytes, place));
            return layers.convert({ layer, diffId: node.diffIds[place], imported: imported.get(place) });
        }), abort);
    }
}
function hasUrls(manifestBytes, place) {
    const { layers } = (0,json/* parseJson */.qF)(manifestBytes, 'manifest');
    const urls = layers[place]?.urls;
    return Array.isArray(urls) && urls.length > 0;
}
function tarsOf({ document, diffIds }) {
    return document.manifest.layers.flatMap((layer, place) => isConvertible(layer) ? [{ place, layer, diffId: diffIds[place] }] : []);
}

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./src/build/import-layer.js
var import_layer = __webpack_require__(60857);
// EXTERNAL MODULE: ./src/oci/manifest.js
var manifest = __webpack_require__(45914);
;// CONCATENATED MODULE: ./src/optimize/convert-documents.js






const LAYER_ANNOTATIONS = [
    'containerd.io/snapshot/stargz/',
    oci_annotations/* LAZYPULL_TOC_CHECKSUM */.bh,
    'io.containers.estargz.',
    'io.containers.zstd-chunked.',
    'io.github.containers.zstd-chunked.',
];
const OCI_LAYERS = new Map([
    ['application/vnd.docker.image.rootfs.diff.tar', media_types/* OCI_LAYER_TAR */.m],
    ['application/vnd.docker.image.rootfs.diff.tar.gzip', media_types/* OCI_LAYER_GZIP */.BQ],
    ['application/vnd.docker.image.rootfs.diff.tar.zstd', media_types/* OCI_LAYER_ZSTD */.aH],
    [
        'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
        'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
    ],
]);
function ociLayerType(mediaType) {
    return OCI_LAYERS.get(mediaType) ?? mediaType;
}
function rewriteManifest(bytes, parts) {
    const manifest = objectOf(bytes);
    const old = manifest['layers'].map((layer) => layer);
    return encodeDocument(media_types/* OCI_MANIFEST */.EG, {
        ...manifest,
        config: replaceContent(manifest['config'], parts.config),
        layers: parts.layers.map((layer, index) => replaceLayer(old[index], layer)),
        ...withSubject(manifest, parts.changes),
        annotations: markSource(manifest, parts.source),
    });
}
function rewriteIndex(bytes, parts) {
    const index = objectOf(bytes);
    const entries = index['manifests'].filter((_, place) => parts.kept.has(place));
    return encodeDocument(media_types/* OCI_INDEX */.$p, {
        ...index,
        manifests: entries.map((entry) => replaceEntry(entry, parts.changes)),
        ...withSubject(index, parts.changes),
        annotations: markSource(index, parts.source),
    });
}
function encodeDocument(mediaType, document) {
    const { schemaVersion = 2, mediaType: _old, ...rest } = document;
    const bytes = Buffer.from(JSON.stringify({ schemaVersion, mediaType, ...rest }));
    if (bytes.length > manifest/* MAX_MANIFEST_BYTES */.ZJ) {
        throw new errors/* FormatError */.IF(`the new manifest has ${bytes.length} bytes, more than ${manifest/* MAX_MANIFEST_BYTES */.ZJ}`);
    }
    (0,manifest/* parseManifest */.Ng)(bytes, mediaType);
    return { descriptor: { mediaType, digest: (0,oci_digest/* digestOf */.ol)(bytes), size: bytes.length }, bytes };
}
function objectOf(bytes) {
    return (0,json/* requireObject */.zG)((0,json/* parseJson */.qF)(bytes, 'manifest'), 'manifest');
}
function markSource(document, { name, digest, annotations }) {
    const { [oci_annotations/* SOURCE_NAME */.cW]: _name, [oci_annotations/* SOURCE_DIGEST */.Rc]: _digest, ...others } = annotationsOf(document);
    const from = { ...(name === undefined ? {} : { [oci_annotations/* SOURCE_NAME */.cW]: name }), [oci_annotations/* SOURCE_DIGEST */.Rc]: digest };
    return { ...others, ...annotations, ...from };
}
function withSubject(document, changes) {
    const subject = document['subject'];
    const to = changes.get(subject?.['digest']);
    return subject == null || to === undefined ? {} : { subject: replaceContent(subject, to) };
}
function replaceEntry(entry, changes) {
    const to = changes.get(entry['digest']);
    const replaced = to === undefined ? entry : replaceContent(entry, to);
    const annotations = annotationsOf(entry);
    const subject = changes.get(annotations[oci_annotations/* DOCKER_REFERENCE_DIGEST */.gL]);
    if (subject === undefined)
        return replaced;
    return { ...replaced, annotations: { ...annotations, [oci_annotations/* DOCKER_REFERENCE_DIGEST */.gL]: subject.digest } };
}
function replaceLayer(old, layer) {
    if (layer.annotations === undefined && old['digest'] === layer.digest) {
        return { ...old, mediaType: layer.mediaType };
    }
    const kept = Object.entries(annotationsOf(old)).filter(([key]) => !LAYER_ANNOTATIONS.some((prefix) => key.startsWith(prefix)));
    return {
        ...replaceContent(old, layer),
        annotations: { ...Object.fromEntries(kept), ...layer.annotations },
    };
}
function replaceContent(old, { mediaType, digest, size }) {
    if (old['digest'] === digest)
        return { ...old, mediaType };
    const { data: _data, urls: _urls, ...rest } = old;
    return { ...rest, mediaType, digest, size };
}
function annotationsOf(document) {
    return (document['annotations'] ?? {});
}

;// CONCATENATED MODULE: ./src/optimize/convert-outcome.js



function reusedOutcome(layer, more) {
    return unchanged(layer, 'reused', { ...more, reason: undefined });
}
function copiedOutcome(layer, startedMs, reason) {
    return unchanged(layer, 'copied', { format: undefined, startedMs, front: undefined, reason });
}
function unchanged(layer, state, more) {
    const descriptor = withoutAnnotations(layer);
    return {
        layer: convertedLayer(layer, descriptor, state, more),
        descriptor,
        diffIds: undefined,
        externalToc: undefined,
    };
}
function convertedOutcome(layer, written, more) {
    const { descriptor, format, externalToc } = written;
    const { diffId, startedMs, front } = more;
    const isSame = descriptor.digest === layer.digest && sameToc(descriptor, layer);
    const state = isSame ? 'reused' : 'converted';
    return {
        layer: convertedLayer(layer, descriptor, state, { format, startedMs, front, reason: undefined }),
        descriptor: isSame ? withoutAnnotations(layer) : descriptor,
        diffIds: { source: diffId, target: written.diffId },
        externalToc,
    };
}
function withoutAnnotations({ mediaType, digest, size }) {
    return { mediaType: ociLayerType(mediaType), digest, size };
}
function sameToc(a, b) {
    return Object.entries(a.annotations ?? {}).every(([key, value]) => b.annotations?.[key] === value);
}
function convertedLayer({ digest, size, mediaType }, to, state, { format, startedMs, front, reason }) {
    return {
        source: { digest, size, mediaType },
        digest: to.digest,
        size: to.size,
        mediaType: to.mediaType,
        state,
        reason,
        format,
        durationMs: Math.round(performance.now() - startedMs),
        front,
    };
}
function withLayer(error, { digest }) {
    const about = `layer ${digest}`;
    if (!(error instanceof errors/* LazypullError */.qB) || error.message.includes(about))
        return error;
    if (error instanceof errors/* FormatError */.IF) {
        const { offset } = error;
        const where = offset === undefined || error.message.includes(String(offset)) ? '' : ` (at byte ${offset})`;
        const facts = offset === undefined ? { cause: error } : { cause: error, offset };
        const Kind = error instanceof tar_errors/* UnsupportedEntryError */.u ? tar_errors/* UnsupportedEntryError */.u : errors/* FormatError */.IF;
        return new Kind(`${about}: ${error.message}${where}`, facts);
    }
    if (error instanceof errors/* VerificationError */.mk) {
        const [what = ''] = error.message.split(': expected ');
        return new errors/* VerificationError */.mk(`${about}: ${what}`, error.expected, error.actual);
    }
    if (!['INVALID_ARGUMENT', 'UNSUPPORTED'].includes(error.code))
        return error;
    return new errors/* LazypullError */.qB(error.code, `${about}: ${error.message}`, { cause: error });
}

// EXTERNAL MODULE: ./src/estargz/toc-bytes.js
var toc_bytes = __webpack_require__(67916);
// EXTERNAL MODULE: ./src/optimize/inspect-lazy.js
var inspect_lazy = __webpack_require__(17620);
;// CONCATENATED MODULE: ./src/optimize/convert-reuse.js










const MAX_ENTRIES = 20_000_000;
const BROKEN = new Set(['FORMAT', 'VERIFICATION', 'UNSUPPORTED']);
async function readWantedToc(layer, wanted, source, signal) {
    const isContainers = wanted === 'zstd:chunked-containers';
    const promised = layer.annotations?.[isContainers ? oci_annotations/* CONTAINERS_MANIFEST_CHECKSUM */.vy : oci_annotations/* TOC_DIGEST */.Ie];
    if (promised === undefined)
        return undefined;
    try {
        const { footer, compressedToc } = await (0,toc_bytes/* fetchToc */.N)(source.open(layer), {}, signal);
        if (footer.format !== wanted)
            return undefined;
        const digest = (0,oci_digest/* parseDigest */.m)(promised);
        const { tocJson } = (0,decode_toc/* decodeToc */.J)(compressedToc, {
            compression: wanted === 'estargz' ? 'gzip' : 'zstd',
            size: footer.tocSize,
            ...(isContainers ? { checksum: digest } : { expected: digest }),
        });
        const toc = (0,parse_toc/* parseToc */.AI)(tocJson, { payloadEnd: footer.payloadEnd, format: wanted });
        return (0,inspect_lazy/* whyNotLazy */.IZ)(toc) === undefined ? tocJson : undefined;
    }
    catch (error) {
        if (error instanceof errors/* LazypullError */.qB && BROKEN.has(error.code))
            return undefined;
        throw error;
    }
}
function hasOrder(toc, entries, order) {
    const { landmark, entries: planned } = orderEntries(entries, order);
    const wanted = planned.slice(0, landmark?.index).map(({ path }) => path);
    const front = frontOf(toc);
    if (front === undefined || front.landmark !== landmark?.name)
        return false;
    return front.paths.length === wanted.length && wanted.every((path, index) => path === front.paths[index]);
}
function frontOf(toc) {
    const paths = [];
    const { entries } = (0,json/* requireObject */.zG)((0,json/* parseJson */.qF)(toc, 'TOC'), 'TOC');
    for (const value of (0,json/* requireArray */.Fs)(entries, 'TOC.entries', MAX_ENTRIES)) {
        const { name, type } = (0,json/* requireObject */.zG)(value, 'TOC.entries');
        if (type === 'chunk')
            continue;
        const path = (0,build_paths/* cleanPath */.ts)(String(name));
        if (path === parse_toc/* PREFETCH_LANDMARK */.BP || path === parse_toc/* NO_PREFETCH_LANDMARK */.pK)
            return { paths, landmark: path };
        paths.push(path);
    }
    return undefined;
}

;// CONCATENATED MODULE: ./src/optimize/convert-layers.js
var convert_layers_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var convert_layers_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});










const LAYERS_AT_ONCE = 3;
class LayerConverter {
    #parts;
    #slots = new slots/* Slots */.W(LAYERS_AT_ONCE);
    #outcomes = new Map();
    constructor(parts) {
        this.#parts = parts;
    }
    copy(layer, isElsewhere) {
        return this.#once(layer, `${isElsewhere ? 'elsewhere' : 'copy'} ${layer.digest}`, async (startedMs) => {
            if (!isElsewhere)
                await this.#upload(layer);
            return copiedOutcome(layer, startedMs, undefined);
        });
    }
    keep(layer, reason) {
        return this.#once(layer, `copy ${layer.digest}`, (startedMs) => this.#keep(layer, reason, startedMs));
    }
    async convert(task) {
        const { layer, imported, diffId } = task;
        const order = imported?.order === undefined ? '' : (0,oci_digest/* digestOf */.ol)(Buffer.from(JSON.stringify(imported.order)));
        const outcome = await this.#once(layer, `${layer.digest} ${order}`, (startedMs) => this.#convert(task, startedMs));
        if (outcome.diffIds !== undefined && outcome.diffIds.source !== diffId) {
            throw new errors/* VerificationError */.mk(`diff id of layer ${layer.digest}`, diffId, outcome.diffIds.source);
        }
        return outcome;
    }
    async import(layer, start) {
        const release = await this.#slots.take();
        try {
            this.#parts.signal.throwIfAborted();
            return await start();
        }
        catch (error) {
            throw withLayer(error, layer);
        }
        finally {
            release();
        }
    }
    reading(layer, bytes) {
        this.#working('reading', layer, bytes);
    }
    #once(layer, key, work) {
        const known = this.#outcomes.get(key);
        if (known !== undefined)
            return known;
        const run = async () => {
            try {
                const outcome = await work(performance.now());
                this.#parts.onProgress({ kind: 'done', layer: outcome.layer });
                return outcome;
            }
            catch (error) {
                throw withLayer(error, layer);
            }
        };
        const outcome = run();
        this.#outcomes.set(key, outcome);
        return outcome;
    }
    async #convert(task, startedMs) {
        const release = await this.#slots.take();
        try {
            this.#parts.signal.throwIfAborted();
            if (await this.#isRight(task)) {
                release();
                await this.#upload(task.layer);
                const { format } = this.#parts.options.layers;
                return reusedOutcome(task.layer, { format, startedMs, front: task.imported?.front });
            }
            return await this.#write(task, startedMs, release);
        }
        catch (error) {
            if (!(error instanceof tar_errors/* UnsupportedEntryError */.u))
                throw error;
            release();
            return await this.#keep(task.layer, error.message, startedMs);
        }
        finally {
            release();
        }
    }
    async #keep(layer, reason, startedMs) {
        await this.#upload(layer);
        return copiedOutcome(layer, startedMs, reason);
    }
    async #isRight({ layer, imported }) {
        const { source, signal, options } = this.#parts;
        if (!options.reuse || options.layers.externalToc || options.layers.lossless)
            return false;
        const toc = await readWantedToc(layer, options.layers.format, source, signal);
        if (toc === undefined || imported?.order === undefined)
            return toc !== undefined;
        return hasOrder(toc, imported.tar.entries, imported.order);
    }
    async #write(task, startedMs, release) {
        const { options, uploads } = this.#parts;
        const { layer, imported } = task;
        const path = (0,external_node_path_.join)(options.workDir, `blob-${(0,external_node_crypto_.randomUUID)()}`);
        try {
            const { written, diffId } = await this.#writeTo(path, task);
            const onProgress = (bytes) => this.#working('uploading', layer, bytes);
            await uploads.file(path, written.descriptor, { onStart: release, onProgress });
            return convertedOutcome(layer, written, { diffId, startedMs, front: imported?.front });
        }
        finally {
            await (0,promises_.rm)(path, { force: true });
        }
    }
    async #writeTo(path, { layer, imported }) {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            if (imported !== undefined)
                return this.#writeTar(path, layer, imported.tar, imported.order);
            const { source, options, signal } = this.#parts;
            const { workDir } = options;
            const onProgress = (bytes) => this.reading(layer, bytes);
            const tar = convert_layers_addDisposableResource(env_1, await (0,import_layer/* importLayer */.f)(source.stream(layer, signal), { workDir, onProgress }, signal), true);
            return await this.#writeTar(path, layer, tar, undefined);
        }
        catch (e_1) {
            env_1.error = e_1;
            env_1.hasError = true;
        }
        finally {
            const result_1 = convert_layers_disposeResources(env_1);
            if (result_1)
                await result_1;
        }
    }
    async #writeTar(path, layer, tar, order) {
        const { writer, options, signal } = this.#parts;
        const onProgress = (bytes) => this.#working('writing', layer, bytes);
        const written = await writer.write(tar, { ...options.layers, order }, { path }, signal, onProgress);
        return { written, diffId: tar.diffId };
    }
    #upload(layer) {
        return this.#parts.uploads.copy(layer, (bytes) => this.#working('uploading', layer, bytes));
    }
    #working(step, layer, bytes) {
        this.#parts.onProgress({ kind: 'working', step, layer, bytes });
    }
}

;// CONCATENATED MODULE: ./src/optimize/convert-toc-image.js



const EMPTY_CONFIG = Buffer.from('{}');
async function writeTocImage(tocs, target, signal) {
    const keyed = new Map(tocs.map((toc) => [JSON.stringify(toc.descriptor), toc]));
    const layers = [...keyed.values()].toSorted((a, b) => compare(sortKey(a), sortKey(b)));
    const config = { mediaType: media_types/* OCI_CONFIG */.TF, digest: (0,oci_digest/* digestOf */.ol)(EMPTY_CONFIG), size: EMPTY_CONFIG.length };
    for (const { descriptor, bytes } of [{ descriptor: config, bytes: EMPTY_CONFIG }, ...layers]) {
        if (await target.has(descriptor, undefined, signal))
            continue;
        const open = async function* (offset) {
            yield bytes.subarray(offset);
        };
        await target.putBlob(descriptor, open, {}, signal);
    }
    return encodeDocument(media_types/* OCI_MANIFEST */.EG, { config, layers: layers.map(({ descriptor }) => descriptor) });
}
function sortKey({ descriptor }) {
    return `${descriptor.digest} ${JSON.stringify(descriptor.annotations)}`;
}
function compare(a, b) {
    return a < b ? -1 : a > b ? 1 : 0;
}

;// CONCATENATED MODULE: ./src/optimize/convert-uploads.js


const UPLOADS_AT_ONCE = 4;
class Uploads {
    #options;
    #slots = new slots/* Slots */.W(UPLOADS_AT_ONCE);
    #done = new Map();
    uploadedBytes = 0;
    skippedBytes = 0;
    constructor(options) {
        this.#options = options;
    }
    copy(descriptor, onProgress) {
        const { source, signal } = this.#options;
        const open = (offset) => offset === 0 ? source.stream(descriptor, signal) : restOf(source, descriptor, offset, signal);
        return this.#once(descriptor, open, { mayTakeOver: true, onProgress });
    }
    file(path, descriptor, options) {
        const open = (start) => (0,external_node_fs_.createReadStream)(path, { start, highWaterMark: 1 << 20 });
        return this.#once(descriptor, open, { mayTakeOver: false, ...options });
    }
    bytes(bytes, descriptor) {
        const open = async function* (offset) {
            yield bytes.subarray(offset);
        };
        return this.#once(descriptor, open, { mayTakeOver: false });
    }
    #once(descriptor, open, how) {
        const known = this.#done.get(descriptor.digest);
        if (known !== undefined) {
            how.onStart?.();
            return known;
        }
        const put = this.#put(descriptor, open, how);
        this.#done.set(descriptor.digest, put);
        return put;
    }
    async #put(descriptor, open, { mayTakeOver, onStart, onProgress }) {
        const { source, target, signal } = this.#options;
        const release = await this.#slots.take();
        try {
            onStart?.();
            signal.throwIfAborted();
            if (await target.has(descriptor, mayTakeOver ? source : undefined, signal)) {
                this.skippedBytes += descriptor.size;
                return;
            }
            await target.putBlob(descriptor, open, onProgress === undefined ? {} : { onProgress }, signal);
            this.uploadedBytes += descriptor.size;
        }
        finally {
            release();
        }
    }
}
function restOf(source, descriptor, offset, signal) {
    return source.open(descriptor).streamRange(offset, descriptor.size, signal);
}

;// CONCATENATED MODULE: ./src/optimize/convert-write.js






class DocumentWriter {
    #parts;
    #written = new Map();
    #nodes = new Map();
    #changes = new Map();
    manifests = [];
    constructor(parts) {
        this.#parts = parts;
    }
    async write(root) {
        this.#register(root);
        return await this.#document(root);
    }
    #register(node) {
        this.#nodes.set(node.document.descriptor.digest, node);
        if (node.kind === 'index')
            for (const child of node.children)
                this.#register(child);
    }
    async #document(node) {
        const { digest } = node.document.descriptor;
        const known = this.#written.get(digest);
        if (known !== undefined)
            return known;
        await this.#subjectFirst(node);
        const made = await this.#make(node);
        this.#written.set(digest, made);
        if (made.descriptor.digest !== digest)
            this.#changes.set(digest, made.descriptor);
        return made;
    }
    #make(node) {
        if (node.kind === 'index')
            return this.#index(node);
        return node.kind === 'image' ? this.#image(node) : this.#copy(node);
    }
    async #subjectFirst({ document }) {
        const subject = document.manifest.kind === 'image' ? document.manifest.subject : undefined;
        const node = subject === undefined ? undefined : this.#nodes.get(subject.digest);
        if (node !== undefined)
            await this.#document(node);
    }
    async #index({ document, kept, children }) {
        const { target, signal } = this.#parts;
        for (const child of children)
            await target.putDocument(await this.#document(child), signal);
        const isWhole = kept.size === document.manifest.manifests.length;
        if (isWhole && children.every((child) => !this.#changes.has(child.document.descriptor.digest)))
            return document;
        return rewriteIndex(document.bytes, { kept, changes: this.#changes, source: this.#mark(document.descriptor) });
    }
    async #image(node) {
        const { images, uploads } = this.#parts;
        const { document, platform } = node;
        const { layers, missed } = images.get(document.descriptor.digest);
        const isSame = document.manifest.mediaType === media_types/* OCI_MANIFEST */.EG &&
            layers.every(({ descriptor }, place) => isUnchanged(descriptor, document.manifest.layers[place]));
        if (isSame)
            await uploads.copy(document.manifest.config);
        const made = isSame ? document : await this.#rewrite(node, layers);
        this.manifests.push({
            platform: (0,oci_platform/* formatPlatform */.Bq)(platform),
            source: document.descriptor.digest,
            digest: made.descriptor.digest,
            state: isSame ? 'copied' : 'converted',
            layers: layers.map(({ layer }) => layer),
            missed,
        });
        return made;
    }
    async #rewrite({ document, config, diffIds }, layers) {
        const ids = layers.map((outcome, place) => outcome.diffIds?.target ?? diffIds[place]);
        const isSame = ids.every((id, place) => id === diffIds[place]);
        const bytes = isSame ? config : replaceDiffIds(config, ids);
        const descriptor = { mediaType: media_types/* OCI_CONFIG */.TF, digest: (0,oci_digest/* digestOf */.ol)(bytes), size: bytes.length };
        await this.#parts.uploads.bytes(bytes, descriptor);
        return rewriteManifest(document.bytes, {
            config: descriptor,
            layers: layers.map((outcome) => outcome.descriptor),
            source: this.#mark(document.descriptor),
            changes: this.#changes,
        });
    }
    async #copy({ document, platform }) {
        const { uploads } = this.#parts;
        const { config, layers } = document.manifest;
        await uploads.copy(config);
        for (const [place, layer] of layers.entries())
            if (!hasUrls(document.bytes, place))
                await uploads.copy(layer);
        const { digest } = document.descriptor;
        this.manifests.push({
            platform: platform === undefined || platform.os === 'unknown' ? undefined : (0,oci_platform/* formatPlatform */.Bq)(platform),
            source: digest,
            digest,
            state: 'copied',
            layers: [],
            missed: [],
        });
        return document;
    }
    #mark({ digest }) {
        const { sourceName, annotations } = this.#parts;
        return { name: sourceName, digest, annotations };
    }
}
function isUnchanged(now, before) {
    return now.annotations === undefined && now.digest === before.digest && now.mediaType === before.mediaType;
}

;// CONCATENATED MODULE: ./src/optimize/convert.js
var convert_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var convert_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});











async function convertImage(source, target, options, signal, onProgress = () => { }) {
    const startedMs = performance.now();
    checkConvertOptions({ layers: options.layers, hasProfile: options.profileOf !== undefined });
    if (options.layers.externalToc && options.tocTarget === undefined) {
        throw new errors/* LazypullError */.qB('INVALID_ARGUMENT', 'an external table of contents needs a place');
    }
    const plan = await planConversion(source, options.platforms, signal);
    onProgress({ kind: 'planned', layers: plannedLayers(plan) });
    const failed = new AbortController();
    const inner = AbortSignal.any([signal, failed.signal]);
    const job = { source, target, options, signal: inner, abort: () => failed.abort(), onProgress };
    try {
        const { root, tocs, manifests, uploads } = await convertPlan(plan, job);
        const tocImage = await finishTocImage(tocs, options.tocTarget, signal);
        await target.finish(root, signal);
        const { digest, mediaType } = root.descriptor;
        const { uploadedBytes, skippedBytes } = uploads;
        const durationMs = Math.round(performance.now() - startedMs);
        return {
            source: { name: source.name, digest: plan.document.descriptor.digest },
            target: { name: target.name, digest, mediaType },
            tocImage,
            manifests,
            uploadedBytes,
            skippedBytes,
            durationMs,
        };
    }
    catch (error) {
        signal.throwIfAborted();
        throw error;
    }
}
function checkConvertOptions({ layers, hasProfile, }) {
    const { format, externalToc, lossless, minChunkSize } = layers;
    if (externalToc && format !== 'estargz') {
        throw new errors/* UserError */.yo(`an external table of contents is for estargz, not for ${format}`, 'Leave out --external-toc.');
    }
    if (lossless && !externalToc) {
        throw new errors/* UserError */.yo('the diff ids can be kept only with an external table of contents', 'Add --external-toc.');
    }
    if (lossless && hasProfile) {
        throw new errors/* UserError */.yo('the diff ids can be kept only in the order that the files have', 'Leave out --keep-diff-id, or the profile.');
    }
    if (minChunkSize > 0 && format !== 'estargz') {
        throw new errors/* UserError */.yo(`a minimal chunk size is for estargz, not for ${format}`, 'Leave out --min-chunk-size.');
    }
}
async function finishTocImage(tocs, target, signal) {
    if (target === undefined)
        return undefined;
    const image = await writeTocImage(tocs, target, signal);
    await target.finish(image, signal);
    return { name: target.name, digest: image.descriptor.digest };
}
async function convertPlan(plan, job) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { source, target, options, signal, abort, onProgress } = job;
        const writer = convert_addDisposableResource(env_1, new LayerWriter(options.jobs === undefined ? {} : { workers: options.jobs }), true);
        const uploads = new Uploads({ source, target, signal });
        const layers = new LayerConverter({ source, uploads, writer, options, signal, onProgress });
        const nodes = new Map([...imagesOf(plan)].map((node) => [node.document.descriptor.digest, node]));
        const imageCount = nodes.size;
        const converter = new ImageConverter({ source, layers, options, signal, abort, imageCount, onProgress });
        const outcomes = await (0,settle/* settleAll */.j)([...nodes.values()].map((node) => converter.convert(node)), abort);
        const images = new Map([...nodes.keys()].map((digest, index) => [digest, outcomes[index]]));
        const { reference } = source;
        const { annotations = {} } = options;
        const sourceName = reference === undefined ? undefined : (0,oci_reference/* formatReference */.FH)(reference);
        const documents = new DocumentWriter({ target, uploads, sourceName, annotations, images, signal });
        const root = await documents.write(plan);
        const tocs = outcomes.flatMap((outcome) => outcome.layers.flatMap(({ externalToc }) => externalToc ?? []));
        return { root, tocs, manifests: documents.manifests, uploads };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = convert_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
function plannedLayers(plan) {
    const planned = new Map();
    for (const { document, platform } of imagesOf(plan)) {
        for (const layer of document.manifest.layers) {
            const known = planned.get(layer.digest);
            if (known === undefined)
                planned.set(layer.digest, { layer, platforms: [(0,oci_platform/* formatPlatform */.Bq)(platform)] });
            else
                known.platforms.push((0,oci_platform/* formatPlatform */.Bq)(platform));
        }
    }
    return [...planned.values()];
}


/***/ }),

/***/ 99494:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ wholeFile)
/* harmony export */ });
function wholeFile({ layer, entry }, layers, firstReadMs) {
    const digest = layers[layer];
    if (entry.type !== 'reg' || digest === undefined)
        return undefined;
    const { size } = entry.header;
    return { path: entry.path, layer: digest, size, ranges: size === 0 ? [] : [[0, size]], firstReadMs };
}


/***/ }),

/***/ 83128:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ ImageView),
/* harmony export */   s: () => (/* binding */ followLink)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(73024);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);


const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';
const MAX_SYMLINKS = 40;
class ImageView {
    #layers;
    #root = { value: undefined, children: new Map() };
    constructor(layers) {
        this.#layers = layers;
        for (const [index, layer] of layers.entries())
            this.#apply(layer, index);
    }
    lookup(path) {
        return this.#find(path === '' ? [] : path.split('/'))?.value;
    }
    resolve(path) {
        const todo = path.split('/').toReversed();
        const done = [];
        for (let links = 0; todo.length > 0;) {
            const name = todo.pop();
            if (name === '' || name === '.')
                continue;
            if (name === '..') {
                done.pop();
                continue;
            }
            done.push(name);
            const entry = this.#find(done)?.value?.entry;
            if (entry?.type !== 'symlink')
                continue;
            if (++links > MAX_SYMLINKS)
                return undefined;
            const target = entry.header.linkName.toString();
            done.pop();
            if (target.startsWith('/'))
                done.length = 0;
            for (const part of target.split('/').toReversed())
                todo.push(part);
        }
        return this.#find(done)?.value;
    }
    *entries() {
        const nodes = [this.#root];
        for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
            if (node.value !== undefined)
                yield node.value;
            for (const child of [...node.children.values()].toReversed())
                nodes.push(child);
        }
    }
    read(path, maxBytes) {
        const found = this.resolve(path);
        if (found?.entry.type !== 'reg')
            return undefined;
        const { header, dataStart } = found.entry;
        if (header.size > maxBytes)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`${path}: ${header.size} bytes, more than ${maxBytes}`);
        const bytes = Buffer.alloc(header.size);
        for (let at = 0; at < bytes.length;) {
            const got = (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readSync)(this.#layers[found.layer].fd, bytes, at, bytes.length - at, dataStart + at);
            if (got === 0)
                throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`${path}: the tar ends inside it`, { offset: dataStart + at });
            at += got;
        }
        return bytes;
    }
    #find(parts) {
        let node = this.#root;
        for (const name of parts)
            node = node?.children.get(name);
        return node;
    }
    #apply(layer, index) {
        const own = new Map();
        for (const entry of layer.entries) {
            const [parent, name] = splitPath(entry.path);
            if (name === OPAQUE)
                this.#find(parent)?.children.clear();
            else if (name.startsWith(WHITEOUT))
                this.#find(parent)?.children.delete(name.slice(WHITEOUT.length));
            else
                own.set(entry.path, entry);
        }
        for (const [path, entry] of own) {
            const target = entry.type === 'hardlink' ? followLink(entry, own) : entry;
            if (target !== undefined)
                this.#put(path, { path, layer: index, entry: target });
        }
    }
    #put(path, value) {
        let node = this.#root;
        for (const name of path === '' ? [] : path.split('/')) {
            let child = node.children.get(name);
            if (child === undefined) {
                child = { value: undefined, children: new Map() };
                node.children.set(name, child);
            }
            if (node.value !== undefined && node.value.entry.type !== 'dir')
                node.value = undefined;
            node = child;
        }
        node.value = value;
        if (value.entry.type !== 'dir')
            node.children.clear();
    }
}
function splitPath(path) {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    return [parts, name];
}
function followLink(link, own) {
    let entry = link;
    for (const seen = new Set(); entry?.type === 'hardlink';) {
        if (seen.has(entry))
            return undefined;
        seen.add(entry);
        entry = own.get(entry.linkPath ?? '');
    }
    return entry;
}


/***/ }),

/***/ 37779:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Q: () => (/* binding */ LayerImports)
/* harmony export */ });
/* harmony import */ var _build_import_layer_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(60857);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);


class LayerImports {
    #options;
    #layers = new Map();
    #disposed = new AbortController();
    constructor(options) {
        this.#options = options;
    }
    async get(layer, diffId, signal) {
        const known = this.#layers.get(layer.digest);
        const imported = known ?? this.#import(layer, signal);
        const tar = await imported;
        if (diffId !== undefined && tar.diffId !== diffId) {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .VerificationError */ .mk(`diff id of layer ${layer.digest}`, diffId, tar.diffId);
        }
        return tar;
    }
    has({ digest }) {
        return this.#layers.has(digest);
    }
    async [Symbol.asyncDispose]() {
        this.#disposed.abort(new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .LazypullError */ .qB('ABORTED', 'the layers are not wanted any more'));
        const layers = [...this.#layers.values()];
        this.#layers.clear();
        for (const result of await Promise.allSettled(layers)) {
            if (result.status === 'fulfilled')
                await result.value[Symbol.asyncDispose]();
        }
    }
    #import(layer, wanted) {
        const { source, workDir, onProgress } = this.#options;
        const signal = AbortSignal.any([this.#disposed.signal, ...(wanted === undefined ? [] : [wanted])]);
        const imported = (0,_build_import_layer_js__WEBPACK_IMPORTED_MODULE_0__/* .importLayer */ .f)(source.stream(layer, signal), { workDir, ...(onProgress !== undefined && { onProgress: (bytes) => onProgress(layer, bytes) }) }, signal);
        this.#layers.set(layer.digest, imported);
        imported.catch(() => this.#layers.delete(layer.digest));
        return imported;
    }
}


/***/ }),

/***/ 14907:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   J: () => (/* binding */ parsePrefetchList),
/* harmony export */   g: () => (/* binding */ profileOfPatterns)
/* harmony export */ });
/* harmony import */ var picomatch__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(71026);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _image_files_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(99494);
/* harmony import */ var _profile_codec_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3395);




const MAX_PATTERNS = 100_000;
const MAX_PATTERN_CHARACTERS = 4096;
const STEP_MS = 0.001;
function parsePrefetchList(text) {
    const lines = text.split(/\r?\n/).map((line) => line.trim());
    const patterns = lines.flatMap((line, index) => {
        if (line === '' || line.startsWith('#'))
            return [];
        if (line.length <= MAX_PATTERN_CHARACTERS)
            return [line.replace(/^(\.?\/)+/, '')];
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`prefetch list, line ${index + 1}: longer than ${MAX_PATTERN_CHARACTERS} characters`);
    });
    if (patterns.length <= MAX_PATTERNS)
        return patterns;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`prefetch list: ${patterns.length} patterns, more than ${MAX_PATTERNS}`);
}
function profileOfPatterns(patterns, image) {
    const paths = [...image.view.entries()].map(({ path }) => path).toSorted((a, b) => (a < b ? -1 : 1));
    const files = new Map();
    const unmatched = [];
    for (const pattern of patterns) {
        let matched = false;
        for (const path of matchesOf(pattern, paths)) {
            const found = image.view.resolve(path);
            const file = found === undefined ? undefined : (0,_image_files_js__WEBPACK_IMPORTED_MODULE_2__/* .wholeFile */ .A)(found, image.layers, files.size * STEP_MS);
            if (file === undefined)
                continue;
            matched = true;
            const key = `${file.layer} ${file.path}`;
            if (!files.has(key))
                files.set(key, file);
        }
        if (!matched)
            unmatched.push(pattern);
    }
    if (files.size === 0) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo('the prefetch list names no file of the image', 'Patterns are paths like /usr/lib/**/*.so.');
    }
    const { image: about, layers } = image;
    return {
        profile: (0,_profile_codec_js__WEBPACK_IMPORTED_MODULE_1__/* .canonicalProfile */ .Y8)({ version: 1, image: about, layers, workloads: [], files: [...files.values()] }),
        unmatched,
    };
}
function matchesOf(pattern, paths) {
    if (!/[*?[\]\\]/.test(pattern))
        return [pattern];
    const isMatch = picomatch__WEBPACK_IMPORTED_MODULE_3__(pattern, { dot: true, nobrace: true, noextglob: true, nonegate: true });
    return paths.filter((path) => isMatch(path));
}


/***/ }),

/***/ 3395:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Y8: () => (/* binding */ canonicalProfile),
/* harmony export */   Z9: () => (/* binding */ MAX_PROFILE_BYTES),
/* harmony export */   jZ: () => (/* binding */ parseProfile),
/* harmony export */   k1: () => (/* binding */ encodeProfile)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _oci_digest_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(62635);
/* harmony import */ var _oci_json_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(77417);
/* harmony import */ var _ranges_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(18039);




const MAX_PROFILE_BYTES = 128 << 20;
const MAX_LAYERS = 1000;
const MAX_FILES = 1_000_000;
const MAX_RANGES = 1_000_000;
const MAX_WORKLOADS = 1000;
const MAX_PATH_BYTES = 4096;
function encodeProfile(profile) {
    const { version, image, layers, workloads, files } = canonicalProfile(profile);
    const fields = [
        `"version": ${version}`,
        ...(image === undefined
            ? []
            : [`"image": ${JSON.stringify({ name: image.name, digest: image.digest, platform: image.platform })}`]),
        `"layers": ${encodeLines(layers)}`,
        `"workloads": ${encodeLines(workloads.map(({ command, durationMs }) => ({ command, durationMs })))}`,
        `"files": ${encodeLines(files.map(({ path, layer, size, ranges, firstReadMs }) => {
            return { path, layer: layers.indexOf(layer), size, ranges, firstReadMs };
        }))}`,
    ];
    return `{\n  ${fields.join(',\n  ')}\n}\n`;
}
function canonicalProfile(profile) {
    const place = new Map(profile.layers.map((digest, index) => [digest, index]).toReversed());
    const stray = profile.files.find(({ layer }) => !place.has(layer));
    if (stray !== undefined) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`profile: ${JSON.stringify(stray.path)} is of layer ${stray.layer}, which is not listed`);
    }
    const files = profile.files
        .map((file) => ({ ...file, ranges: (0,_ranges_js__WEBPACK_IMPORTED_MODULE_3__/* .unionRanges */ .AO)(file.ranges), firstReadMs: roundMs(file.firstReadMs) }))
        .toSorted((a, b) => a.firstReadMs - b.firstReadMs || compareText(a.path, b.path) || place.get(a.layer) - place.get(b.layer));
    const workloads = profile.workloads.map((one) => ({ ...one, durationMs: roundMs(one.durationMs) }));
    return { ...profile, workloads, files };
}
function parseProfile(bytes) {
    if (bytes.length > MAX_PROFILE_BYTES)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`profile: ${bytes.length} bytes, more than 128 MiB`);
    const document = (0,_oci_json_js__WEBPACK_IMPORTED_MODULE_2__/* .requireObject */ .zG)((0,_oci_json_js__WEBPACK_IMPORTED_MODULE_2__/* .parseJson */ .qF)(bytes, 'profile'), 'profile');
    if (document['version'] !== 1) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`profile: version is ${JSON.stringify(document['version'] ?? null)}, wanted 1`);
    }
    onlyKeys(document, ['version', 'image', 'layers', 'workloads', 'files'], 'profile');
    const layers = (0,_oci_json_js__WEBPACK_IMPORTED_MODULE_2__/* .requireArray */ .Fs)(document['layers'], 'profile.layers', MAX_LAYERS).map((digest) => (0,_oci_digest_js__WEBPACK_IMPORTED_MODULE_1__/* .parseDigest */ .m)(requireText(digest, 'profile.layers')));
    const workloads = (0,_oci_json_js__WEBPACK_IMPORTED_MODULE_2__/* .requireArray */ .Fs)(document['workloads'], 'profile.workloads', MAX_WORKLOADS);
    const files = (0,_oci_json_js__WEBPACK_IMPORTED_MODULE_2__/* .requireArray */ .Fs)(document['files'], 'profile.files', MAX_FILES).map((file, index) => parseFile(file, layers, `profile.files[${index}]`));
    requireDistinct(files);
    return canonicalProfile({
        version: 1,
        image: document['image'] === undefined ? undefined : parseImage(document['image']),
        layers,
        workloads: workloads.map((workload, index) => parseWorkload(workload, `profile.workloads[${index}]`)),
        files,
    });
}
function parseImage(value) {
    const where = 'profile.image';
    const image = (0,_oci_json_js__WEBPACK_IMPORTED_MODULE_2__/* .requireObject */ .zG)(value, where);
    onlyKeys(image, ['name', 'digest', 'platform'], where);
    return {
        name: requireText(image['name'], `${where}.name`),
        digest: (0,_oci_digest_js__WEBPACK_IMPORTED_MODULE_1__/* .parseDigest */ .m)(requireText(image['digest'], `${where}.digest`)),
        platform: requireText(image['platform'], `${where}.platform`),
    };
}
function parseWorkload(value, where) {
    const workload = (0,_oci_json_js__WEBPACK_IMPORTED_MODULE_2__/* .requireObject */ .zG)(value, where);
    onlyKeys(workload, ['command', 'durationMs'], where);
    const command = (0,_oci_json_js__WEBPACK_IMPORTED_MODULE_2__/* .requireArray */ .Fs)(workload['command'], `${where}.command`, 100_000);
    return {
        command: command.map((word) => requireText(word, `${where}.command`)),
        durationMs: requireMs(workload['durationMs'], `${where}.durationMs`),
    };
}
function parseFile(value, layers, where) {
    const file = (0,_oci_json_js__WEBPACK_IMPORTED_MODULE_2__/* .requireObject */ .zG)(value, where);
    onlyKeys(file, ['path', 'layer', 'size', 'ranges', 'firstReadMs'], where);
    const layer = layers[requireSize(file['layer'], `${where}.layer`)];
    if (layer === undefined)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${where}.layer: ${String(file['layer'])}, of ${layers.length} layers`);
    const size = requireSize(file['size'], `${where}.size`);
    return {
        path: requirePath(file['path'], `${where}.path`),
        layer,
        size,
        ranges: parseRanges(file['ranges'], size, `${where}.ranges`),
        firstReadMs: requireMs(file['firstReadMs'], `${where}.firstReadMs`),
    };
}
function parseRanges(value, size, where) {
    let last = -1;
    return (0,_oci_json_js__WEBPACK_IMPORTED_MODULE_2__/* .requireArray */ .Fs)(value, where, MAX_RANGES).map((pair) => {
        const [start, end, ...more] = (0,_oci_json_js__WEBPACK_IMPORTED_MODULE_2__/* .requireArray */ .Fs)(pair, where, 2);
        const range = [requireSize(start, where), requireSize(end, where)];
        if (more.length > 0 || range[0] >= range[1] || range[1] > size || range[0] <= last) {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${where}: ${JSON.stringify(pair)} after ${last}, in a file of ${size} bytes`);
        }
        last = range[1];
        return range;
    });
}
function requireDistinct(files) {
    const seen = new Set();
    for (const { layer, path } of files) {
        const key = `${layer} ${path}`;
        if (seen.has(key))
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`profile.files: ${JSON.stringify(path)} of ${layer} stands there twice`);
        seen.add(key);
    }
}
function requirePath(value, where) {
    const path = requireText(value, where);
    const parts = path.split('/');
    const isClean = parts.every((part) => part !== '' && part !== '.' && part !== '..') && !path.includes('\0');
    if (isClean && Buffer.byteLength(path) <= MAX_PATH_BYTES)
        return path;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${where}: ${JSON.stringify(path.slice(0, 100))} is not a clean relative path`);
}
function requireText(value, where) {
    if (typeof value !== 'string')
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${where}: not a string`);
    return value;
}
function requireSize(value, where) {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)
        return value;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${where}: ${JSON.stringify(value ?? null).slice(0, 40)}, wanted a whole number from 0 on`);
}
function requireMs(value, where) {
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= Number.MAX_SAFE_INTEGER)
        return value;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${where}: ${JSON.stringify(value ?? null).slice(0, 40)}, wanted milliseconds from 0 on`);
}
function onlyKeys(object, known, where) {
    const unknown = Object.keys(object).find((key) => !known.includes(key));
    if (unknown !== undefined)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${where}: unknown field ${JSON.stringify(unknown.slice(0, 100))}`);
}
function roundMs(ms) {
    return ms < 1e9 ? Math.round(ms * 1000) / 1000 : ms;
}
function compareText(a, b) {
    return a < b ? -1 : a > b ? 1 : 0;
}
function encodeLines(values) {
    if (values.length === 0)
        return '[]';
    return `[\n    ${values.map((value) => JSON.stringify(value)).join(',\n    ')}\n  ]`;
}


/***/ }),

/***/ 74892:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N: () => (/* binding */ ProfileInputs)
/* harmony export */ });
/* harmony import */ var _collect_profile_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(20129);
/* harmony import */ var _prefetch_list_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(14907);
/* harmony import */ var _profile_merge_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(14541);



class ProfileInputs {
    #recordings;
    #patterns;
    #recorded;
    constructor(recordings, patterns) {
        this.#recordings = recordings;
        this.#patterns = patterns;
    }
    static async read({ recordings, prefetchList }) {
        const files = await Promise.all(recordings.map((path) => (0,_collect_profile_js__WEBPACK_IMPORTED_MODULE_0__/* .readRecordingFile */ .EG)(path)));
        return new ProfileInputs(files, prefetchList === undefined ? undefined : await (0,_collect_profile_js__WEBPACK_IMPORTED_MODULE_0__/* .readPrefetchList */ .UM)(prefetchList));
    }
    add(recorded) {
        this.#recorded = recorded;
    }
    profileFor(image, onUnmatched = () => { }) {
        const profiles = this.#recordings.map((file) => (0,_collect_profile_js__WEBPACK_IMPORTED_MODULE_0__/* .profileOfFile */ .J)(file, image));
        if (this.#patterns !== undefined) {
            const { profile, unmatched } = (0,_prefetch_list_js__WEBPACK_IMPORTED_MODULE_1__/* .profileOfPatterns */ .g)(this.#patterns, image);
            if (unmatched.length > 0)
                onUnmatched(unmatched);
            profiles.push(profile);
        }
        if (this.#recorded !== undefined)
            profiles.push(this.#recorded);
        return profiles.length === 1 ? profiles[0] : (0,_profile_merge_js__WEBPACK_IMPORTED_MODULE_2__/* .mergeProfiles */ .N)(profiles);
    }
}


/***/ }),

/***/ 14541:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N: () => (/* binding */ mergeProfiles)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _profile_codec_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3395);
/* harmony import */ var _ranges_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(18039);



function mergeProfiles(profiles) {
    const merged = new Map();
    for (const profile of profiles) {
        for (const [rank, file] of (0,_profile_codec_js__WEBPACK_IMPORTED_MODULE_1__/* .canonicalProfile */ .Y8)(profile).files.entries()) {
            const key = `${file.layer} ${file.path}`;
            const one = merged.get(key) ?? { file, ranges: [], rankSum: 0, microsSum: 0, count: 0 };
            merged.set(key, one);
            if (one.file.size !== file.size) {
                throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`profiles: ${JSON.stringify(file.path)} has ${one.file.size} and ${file.size} bytes in one layer`);
            }
            for (const range of file.ranges)
                one.ranges.push(range);
            one.rankSum += rank;
            one.microsSum += Math.round(file.firstReadMs * 1000);
            one.count++;
        }
    }
    const ordered = [...merged.entries()].toSorted(([keyA, a], [keyB, b]) => compare(a, b) || (keyA < keyB ? -1 : 1));
    let lastMicros = -1;
    const files = ordered.map(([, { file, ranges, microsSum, count }]) => {
        lastMicros = Math.max(lastMicros + 1, Math.round(microsSum / count));
        const { path, layer, size } = file;
        return { path, layer, size, ranges: (0,_ranges_js__WEBPACK_IMPORTED_MODULE_2__/* .unionRanges */ .AO)(ranges), firstReadMs: lastMicros / 1000 };
    });
    return (0,_profile_codec_js__WEBPACK_IMPORTED_MODULE_1__/* .canonicalProfile */ .Y8)({
        version: 1,
        image: sameImage(profiles),
        layers: mergeLayers(profiles),
        workloads: profiles.flatMap(({ workloads }) => workloads),
        files,
    });
}
function compare(a, b) {
    const byRank = a.rankSum / a.count - b.rankSum / b.count || b.count - a.count;
    if (byRank !== 0 || a.file.path === b.file.path)
        return byRank;
    return a.file.path < b.file.path ? -1 : 1;
}
function sameImage(profiles) {
    const first = profiles[0]?.image;
    return profiles.every(({ image }) => image?.digest === first?.digest) ? first : undefined;
}
function mergeLayers(profiles) {
    return [...new Set(profiles.flatMap(({ layers }) => layers))];
}


/***/ }),

/***/ 18039:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   AO: () => (/* binding */ unionRanges),
/* harmony export */   N1: () => (/* binding */ subtractRanges),
/* harmony export */   yv: () => (/* binding */ rangesSize)
/* harmony export */ });
function unionRanges(ranges) {
    const sorted = [...ranges].filter(([start, end]) => start < end).toSorted((a, b) => a[0] - b[0]);
    const union = [];
    for (const [start, end] of sorted) {
        const last = union.at(-1);
        if (last !== undefined && start <= last[1])
            last[1] = Math.max(last[1], end);
        else
            union.push([start, end]);
    }
    return union;
}
function rangesSize(ranges) {
    return ranges.reduce((sum, [start, end]) => sum + end - start, 0);
}
function subtractRanges(ranges, others) {
    const left = [];
    let at = 0;
    for (const [start, end] of ranges) {
        let from = start;
        while (at < others.length && others[at][1] <= start)
            at++;
        for (let index = at; index < others.length && others[index][0] < end; index++) {
            const [otherStart, otherEnd] = others[index];
            if (otherStart > from)
                left.push([from, otherStart]);
            from = Math.max(from, otherEnd);
        }
        if (from < end)
            left.push([from, end]);
    }
    return left;
}


/***/ }),

/***/ 37106:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   OU: () => (/* binding */ sortedByBytes),
/* harmony export */   dp: () => (/* binding */ byteLength),
/* harmony export */   gN: () => (/* binding */ encodeGoString),
/* harmony export */   kB: () => (/* binding */ JsonText)
/* harmony export */ });
function encodeGoString(text) {
    return JSON.stringify(text.toWellFormed()).replaceAll(/[<>&\u2028\u2029\ufffd]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
function sortedByBytes(map) {
    if (map.size < 2)
        return [...map];
    return [...map].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
function byteLength(parts) {
    return parts.reduce((sum, { length }) => sum + length, 0);
}
const PIECES = 4096;
class JsonText {
    #done = [];
    #pieces = [];
    add(...pieces) {
        this.#pieces.push(...pieces);
        if (this.#pieces.length >= PIECES)
            this.#join();
    }
    finish() {
        if (this.#pieces.length > 0)
            this.#join();
        return this.#done.splice(0);
    }
    #join() {
        this.#done.push(Buffer.from(this.#pieces.join('')));
        this.#pieces = [];
    }
}


/***/ }),

/***/ 99503:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   O: () => (/* binding */ workerUrl)
/* harmony export */ });
function workerUrl(specifier, base) {
    return new URL(base.endsWith('.ts') ? `${specifier}.ts` : `${specifier}.js`, base);
}


/***/ })

};
