export const id = 7848;
export const ids = [7848];
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

/***/ 53045:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   X: () => (/* binding */ textStyle)
/* harmony export */ });
/* harmony import */ var _bars_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(79040);

function textStyle(stream, env = process.env) {
    const isTerminal = stream.isTTY === true;
    const hasColors = isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
    const paint = (code) => (text) => hasColors && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text;
    const bars = (0,_bars_js__WEBPACK_IMPORTED_MODULE_0__/* .barStyle */ .VD)(env);
    return {
        bars,
        hasBoxes: bars.full > '~',
        width: isTerminal ? (stream.columns ?? 80) : Number.POSITIVE_INFINITY,
        bold: paint(1),
        dim: paint(2),
        red: paint(31),
        green: paint(32),
        yellow: paint(33),
    };
}


/***/ }),

/***/ 77848:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runVerify: () => (/* binding */ runVerify)
});

// EXTERNAL MODULE: ./src/image/location.js
var image_location = __webpack_require__(42336);
// EXTERNAL MODULE: ./src/image/open.js + 15 modules
var image_open = __webpack_require__(7610);
// EXTERNAL MODULE: ./src/optimize/inspect-blob.js
var inspect_blob = __webpack_require__(17005);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/oci/digest.js
var digest = __webpack_require__(62635);
// EXTERNAL MODULE: ./src/oci/media-types.js
var media_types = __webpack_require__(82371);
// EXTERNAL MODULE: ./src/oci/platform.js
var oci_platform = __webpack_require__(46580);
// EXTERNAL MODULE: ./src/optimize/inspect-config.js
var inspect_config = __webpack_require__(92084);
// EXTERNAL MODULE: ./src/optimize/inspect-select.js
var inspect_select = __webpack_require__(18414);
// EXTERNAL MODULE: ./src/optimize/inspect.js + 2 modules
var inspect = __webpack_require__(38031);
// EXTERNAL MODULE: ./src/optimize/settle.js
var settle = __webpack_require__(73834);
// EXTERNAL MODULE: ./src/optimize/slots.js
var slots = __webpack_require__(46376);
// EXTERNAL MODULE: ./src/oci/annotations.js
var oci_annotations = __webpack_require__(73417);
// EXTERNAL MODULE: ./src/oci/toc-promise.js
var toc_promise = __webpack_require__(12981);
;// CONCATENATED MODULE: ./src/optimize/verify-descriptor.js



function compareDescriptor(findings, descriptor, facts, diffId) {
    compareMediaType(findings, descriptor, facts);
    compareAnnotations(findings, descriptor, facts);
    if (diffId !== undefined && facts.diffId !== undefined) {
        findings.compare('diff-id', 'diff id of the decompressed blob', diffId, facts.diffId);
    }
}
function compareMediaType(findings, { mediaType }, { format }) {
    const said = (0,media_types/* layerCompression */.AH)(mediaType);
    if (said === undefined || format === 'unreadable' || format === 'other')
        return;
    const is = format === 'tar' ? 'none' : format.startsWith('zstd') ? 'zstd' : 'gzip';
    if (said === is)
        return;
    const message = `the media type is ${mediaType}, but the blob is ${is === 'none' ? 'not compressed' : is}`;
    findings.add('manifest', message, { expected: said, actual: is });
}
function compareAnnotations(findings, descriptor, facts) {
    const annotations = descriptor.annotations ?? {};
    const compare = (key, actual) => {
        const said = annotations[key];
        if (said !== undefined && actual !== undefined)
            findings.compare('annotation', key, said, actual);
    };
    const { footer, tarSplit, tocDigest, tocChecksum, uncompressedSize } = facts;
    if (footer === undefined && (0,toc_promise/* hasPromise */.W4)((0,toc_promise/* tocPromiseOf */.PG)(descriptor)) && !hasFooterFinding(facts)) {
        findings.add('footer', 'the manifest promises a table of contents, but the blob ends without a footer');
    }
    compare(oci_annotations/* TOC_DIGEST */.Ie, tocDigest);
    compare(oci_annotations/* UNCOMPRESSED_SIZE */.bT, uncompressedSize === undefined ? undefined : String(uncompressedSize));
    for (const key of [oci_annotations/* ZSTD_MANIFEST_CHECKSUM */.aE, oci_annotations/* CONTAINERS_MANIFEST_CHECKSUM */.vy, oci_annotations/* LAZYPULL_TOC_CHECKSUM */.bh])
        compare(key, tocChecksum);
    if (footer === undefined)
        return;
    const { tocOffset, tocEnd, tocSize } = footer;
    const position = tocSize === undefined ? undefined : `${tocOffset}:${tocEnd - tocOffset}:${tocSize}:1`;
    compare(oci_annotations/* ZSTD_MANIFEST_POSITION */.Qh, position);
    compare(oci_annotations/* CONTAINERS_MANIFEST_POSITION */.B7, position);
    compare(oci_annotations/* CONTAINERS_TAR_SPLIT_POSITION */._K, tarSplit && `${tarSplit.offset}:${tarSplit.compressedSize}:${tarSplit.size}`);
}
function hasFooterFinding({ findings }) {
    return findings.list.some(({ check }) => check === 'footer' || check === 'blob' || check === 'toc');
}

;// CONCATENATED MODULE: ./src/optimize/verify-findings.js
const MAX_FINDINGS = 1000;
class Findings {
    list = [];
    omitted = 0;
    add(check, message, facts = {}) {
        if (this.list.length === MAX_FINDINGS) {
            this.omitted++;
            return;
        }
        const { path = null, expected = null, actual = null, offset = null } = facts;
        this.list.push({ check, path, message, expected, actual, offset });
    }
    compare(check, what, expected, actual, facts = {}) {
        if (expected === actual)
            return;
        this.add(check, `${what}: expected ${expected}, got ${actual}`, { ...facts, expected, actual });
    }
}

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(48161);
// EXTERNAL MODULE: ./src/build/byte-reader.js
var byte_reader = __webpack_require__(95564);
// EXTERNAL MODULE: ./src/build/decompress.js + 2 modules
var decompress = __webpack_require__(86516);
// EXTERNAL MODULE: ./src/layer/worker-pool.js
var worker_pool = __webpack_require__(46800);
// EXTERNAL MODULE: ./src/worker-url.js
var worker_url = __webpack_require__(99503);
;// CONCATENATED MODULE: ./src/optimize/verify-inflate.js






const MAX_WORKERS = 8;
const DEFAULT_WORKERS = Math.min(MAX_WORKERS, (0,external_node_os_.availableParallelism)());
const MIB = 1024 * 1024;
const BATCH_BYTES = MIB / 2;
const AHEAD = DEFAULT_WORKERS + 2;
const MAX_REGION = 16 * MIB;
const PLAIN_LIMIT = 64 * MIB;
const MAX_JOINED = 64;
function openInflatePool(workers = DEFAULT_WORKERS) {
    const url = (0,worker_url/* workerUrl */.O)('./verify-worker', import.meta.url);
    return new worker_pool/* WorkerPool */.T({ url, name: 'verify', size: workers, idleMs: 1000, maxHeapMb: 512 });
}
class RegionInflater {
    #pool;
    #reader;
    #compression;
    #batches = [];
    constructor(pool, reader, compression) {
        this.#pool = pool;
        this.#reader = reader;
        this.#compression = compression;
    }
    async *inflate(regions) {
        try {
            yield* joined(this.#regions(regions), (compressed) => this.#inflateOne(compressed));
        }
        finally {
            await Promise.allSettled(this.#batches.map(({ result }) => result));
        }
    }
    async *#regions(regions) {
        let batch = [];
        let bytes = 0;
        for (const region of regions) {
            const length = region.end - region.start;
            if (length > MAX_REGION) {
                if (batch.length > 0)
                    await this.#start(batch, bytes);
                [batch, bytes] = [[], 0];
                yield* this.#finish(0);
                yield this.#stream(region, this.#part(length));
                continue;
            }
            batch.push(region);
            bytes += length;
            if (bytes < BATCH_BYTES)
                continue;
            await this.#start(batch, bytes);
            [batch, bytes] = [[], 0];
            yield* this.#finish(AHEAD);
        }
        if (batch.length > 0)
            await this.#start(batch, bytes);
        yield* this.#finish(0);
    }
    async #start(regions, length) {
        const read = await this.#reader.read(length);
        if (read.length < length)
            throw cutBlob(this.#reader.offset);
        const bytes = new Uint8Array(read);
        const origin = regions[0].start;
        const ends = regions.map(({ end }) => end - origin);
        const task = { bytes, ends, compression: this.#compression, limit: PLAIN_LIMIT };
        const result = this.#pool.run(task, [bytes.buffer], 'demand');
        result.catch(() => undefined);
        this.#batches.push({ regions, result });
    }
    async *#finish(left) {
        while (this.#batches.length > left) {
            const { regions, result } = this.#batches[0];
            const { bytes, plain, plainEnds, failures } = await result;
            this.#batches.shift();
            const origin = regions[0].start;
            for (const [index, region] of regions.entries()) {
                const compressed = Buffer.from(bytes.buffer, region.start - origin, region.end - region.start);
                const start = plainEnds[index - 1] ?? 0;
                const failure = failures.get(index);
                if (failure?.kind === 'large')
                    yield this.#stream(region, pieceOf(compressed));
                else
                    yield { region, compressed, plain: Buffer.from(plain.buffer, start, plainEnds[index] - start), failure };
            }
        }
    }
    async #inflateOne(compressed) {
        const task = { bytes: compressed, ends: [compressed.length], compression: this.#compression, limit: PLAIN_LIMIT };
        const { plain, failures } = await this.#pool.run(task, [compressed.buffer], 'demand');
        return failures.size === 0 ? Buffer.from(plain.buffer) : undefined;
    }
    #stream(region, bytes) {
        const outcome = { failure: undefined };
        const pieces = inflateStream(bytes, this.#compression, outcome);
        return {
            regions: [region],
            pieces,
            get failure() {
                return outcome.failure;
            },
        };
    }
    async *#part(length) {
        for (let left = length; left > 0;) {
            const piece = await this.#reader.read(Math.min(left, MIB));
            if (piece.length === 0)
                throw cutBlob(this.#reader.offset);
            left -= piece.length;
            yield piece;
        }
    }
}
async function* joined(regions, inflate) {
    let open = [];
    const giveUp = function* () {
        for (const { region, failure } of open)
            yield { regions: [region], pieces: [], failure };
        open = [];
    };
    for await (const next of regions) {
        if (!('region' in next)) {
            yield* giveUp();
            yield next;
        }
        else if (open.length > 0 && next.failure !== undefined && open.length < MAX_JOINED) {
            open.push(next);
            const all = new Uint8Array(Buffer.concat(open.map(({ compressed }) => compressed)));
            const plain = all.length > MAX_REGION ? undefined : await inflate(all);
            if (plain === undefined)
                continue;
            yield { regions: open.map(({ region }) => region), pieces: [plain], failure: undefined };
            open = [];
        }
        else {
            yield* giveUp();
            if (next.failure?.kind === 'cut')
                open.push(next);
            else
                yield { regions: [next.region], pieces: [next.plain], failure: next.failure };
        }
    }
    yield* giveUp();
}
async function* inflateStream(bytes, compression, outcome) {
    try {
        yield* (0,decompress/* decompress */.mF)(new byte_reader/* ByteReader */.k(bytes), compression);
    }
    catch (error) {
        if (!(error instanceof errors/* FormatError */.IF) || error instanceof CutBlobError)
            throw error;
        outcome.failure = { kind: 'damaged', detail: (0,errors/* describeError */.Uc)(error) };
        for await (const _ of bytes)
            ;
    }
}
async function* pieceOf(bytes) {
    yield bytes;
}
class CutBlobError extends errors/* FormatError */.IF {
}
function cutBlob(offset) {
    return new CutBlobError(`the blob ends at ${offset}`, { offset });
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(77598);
// EXTERNAL MODULE: ./src/estargz/errors.js
var estargz_errors = __webpack_require__(31285);
// EXTERNAL MODULE: ./src/optimize/inspect-toc.js
var inspect_toc = __webpack_require__(9518);
// EXTERNAL MODULE: ./src/estargz/parse-toc.js + 4 modules
var parse_toc = __webpack_require__(67557);
// EXTERNAL MODULE: ./src/tar/scanner.js
var scanner = __webpack_require__(39571);
// EXTERNAL MODULE: ./src/optimize/inspect-entries.js
var inspect_entries = __webpack_require__(18656);
;// CONCATENATED MODULE: ./src/optimize/verify-chunks.js

const MAX_REPEAT = 4;
const SPARE_REPEAT = 1024 * 1024;
const ZEROS = Buffer.alloc(64 * 1024);
const NO_DIGEST = Buffer.alloc(32);
class ChunkChecker {
    #rows;
    placeByMember;
    #problems = new Map();
    #next = 0;
    #end = 0;
    #offset = 0;
    #open = [];
    #seen = 0;
    #hashed = 0;
    constructor(rows) {
        this.#rows = rows;
        this.placeByMember = new Float64Array(rows.count).fill(Number.NaN);
        for (let row = 0; row < rows.count; row++)
            if (rows.isHole[row] === 1)
                this.#checkHole(row);
    }
    get problems() {
        return this.#problems;
    }
    beginRegion(region, offset) {
        const rows = this.#rows;
        this.#next = region.firstChunk;
        this.#end = region.endChunk;
        this.#offset = 0;
        for (let at = region.firstChunk; at < region.endChunk; at++) {
            const row = rows.order[at];
            if (rows.isHole[row] === 1)
                continue;
            this.placeByMember[row] = offset + rows.innerOffset[row];
        }
    }
    push(piece) {
        const rows = this.#rows;
        const end = this.#offset + piece.length;
        this.#seen += piece.length;
        this.#open = this.#open.filter((chunk) => !this.#take(chunk, piece));
        for (; this.#next < this.#end; this.#next++) {
            const row = rows.order[this.#next];
            if (rows.isHole[row] === 1)
                continue;
            if (rows.innerOffset[row] >= end)
                break;
            const chunk = { row, hash: undefined };
            if (this.#hashed > MAX_REPEAT * this.#seen + SPARE_REPEAT)
                this.#problems.set(row, { kind: 'overlap' });
            else if (!this.#take(chunk, piece))
                this.#open.push(chunk);
        }
        this.#offset = end;
    }
    endRegion() {
        const rows = this.#rows;
        for (const { row } of this.#open)
            this.#problems.set(row, { kind: 'short', bytes: this.#offset });
        for (; this.#next < this.#end; this.#next++) {
            const row = rows.order[this.#next];
            if (rows.isHole[row] === 0)
                this.#problems.set(row, { kind: 'short', bytes: this.#offset });
        }
        this.#open = [];
    }
    skipRegion() {
        this.#next = this.#end;
        this.#open = [];
    }
    #take(chunk, piece) {
        const from = this.#rows.innerOffset[chunk.row];
        const to = from + this.#rows.size[chunk.row];
        const part = piece.subarray(Math.max(0, from - this.#offset), Math.min(piece.length, to - this.#offset));
        this.#hashed += part.length;
        if (part.length === to - from)
            this.#compare(chunk.row, (0,external_node_crypto_.hash)('sha256', part, 'buffer'));
        else {
            (chunk.hash ??= (0,external_node_crypto_.createHash)('sha256')).update(part);
            if (to > this.#offset + piece.length)
                return false;
            this.#compare(chunk.row, chunk.hash.digest());
        }
        return true;
    }
    #compare(row, actual) {
        const expected = this.#rows.digest.subarray(32 * row, 32 * row + 32);
        if (actual.equals(expected))
            return;
        if (NO_DIGEST.equals(expected))
            this.#problems.set(row, { kind: 'no-digest' });
        else
            this.#problems.set(row, { kind: 'digest', expected: digestText(expected), actual: digestText(actual) });
    }
    #checkHole(row) {
        const expected = this.#rows.digest.subarray(32 * row, 32 * row + 32);
        if (NO_DIGEST.equals(expected))
            return;
        const zeros = (0,external_node_crypto_.createHash)('sha256');
        for (let left = this.#rows.size[row]; left > 0; left -= ZEROS.length) {
            zeros.update(left < ZEROS.length ? ZEROS.subarray(0, left) : ZEROS);
        }
        this.#compare(row, zeros.digest());
    }
}
function digestText(bytes) {
    return `sha256:${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`;
}

// EXTERNAL MODULE: ./src/estargz/decode-toc.js
var decode_toc = __webpack_require__(64059);
// EXTERNAL MODULE: ./src/estargz/toc-entry.js
var toc_entry = __webpack_require__(12839);
// EXTERNAL MODULE: ./src/build/paths.js
var paths = __webpack_require__(44478);
// EXTERNAL MODULE: ./src/estargz/limits.js
var limits = __webpack_require__(33722);
// EXTERNAL MODULE: ./src/estargz/toc-fields.js
var toc_fields = __webpack_require__(50074);
// EXTERNAL MODULE: ./src/estargz/toc-time.js
var toc_time = __webpack_require__(32446);
// EXTERNAL MODULE: ./src/tar/pax.js
var tar_pax = __webpack_require__(13520);
;// CONCATENATED MODULE: ./src/optimize/verify-fields.js






const MAX = Number.MAX_SAFE_INTEGER;
const MODE_BITS = 0o10000;
function entryDifferences(entry, type, scanned) {
    if (type !== scanned.type)
        return [{ field: 'type', toc: type, tar: scanned.type }];
    const { header } = scanned;
    const differences = [];
    const compare = (field, toc, tar) => {
        if (toc !== tar)
            differences.push({ field, toc: String(toc), tar: String(tar) });
    };
    compare('mode', octal(entry.integer(toc_entry/* KEY */._.mode, MAX)), octal(header.mode));
    compare('uid', entry.integer(toc_entry/* KEY */._.uid, MAX), header.uid);
    compare('gid', entry.integer(toc_entry/* KEY */._.gid, MAX), header.gid);
    const time = entry.time();
    if (!timesOf(scanned).includes(time))
        compare('mtime', timeText(time), timeText(timesOf(scanned)[0]));
    if (type === 'reg')
        compare('size', entry.integer(toc_entry/* KEY */._.size, MAX), header.size);
    if (type === 'char' || type === 'block') {
        compare('major number', entry.integer(toc_entry/* KEY */._.devMajor, MAX), header.devMajor);
        compare('minor number', entry.integer(toc_entry/* KEY */._.devMinor, MAX), header.devMinor);
    }
    if (type === 'symlink')
        compare('target', entry.text(toc_entry/* KEY */._.linkName, limits/* MAX_LINK_LENGTH */.jE), header.linkName.toString());
    if (type === 'hardlink') {
        const target = entry.text(toc_entry/* KEY */._.linkName, limits/* DEFAULT_LIMITS */.dR.maxPathLength);
        compare('link target', (0,paths/* cleanPath */.ts)(target), (0,paths/* cleanPath */.ts)(header.linkName.toString()));
    }
    differences.push(...xattrDifferences(entry, scanned));
    return differences;
}
function octal(mode) {
    return `0${(((mode % MODE_BITS) + MODE_BITS) % MODE_BITS).toString(8).padStart(3, '0')}`;
}
function timesOf({ header, pax }) {
    const record = pax.get('mtime');
    const hasFraction = record !== undefined && /\.[0-9]*[1-9]/.test(Buffer.from(record).toString('latin1'));
    const down = (0,toc_time/* asUnpacked */.KN)(header.mtimeSec);
    return hasFraction ? [down, (0,toc_time/* asUnpacked */.KN)(header.mtimeSec + 1)] : [down];
}
function timeText(seconds) {
    return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
function xattrDifferences(entry, { pax }) {
    const toc = (entry.has(toc_entry/* KEY */._.xattrs) ? (0,toc_fields/* parseXattrs */.oD)(entry.value(toc_entry/* KEY */._.xattrs)) : undefined) ?? NO_XATTRS;
    const tar = (0,tar_pax/* xattrsOf */.cZ)(pax) ?? NO_XATTRS;
    const differences = [];
    for (const name of new Set([...toc.keys(), ...tar.keys()])) {
        const inToc = toc.get(name);
        const inTar = tar.get(name);
        if (sameBytes(inToc, inTar))
            continue;
        differences.push({ field: `xattr ${JSON.stringify(name)}`, toc: bytesText(inToc), tar: bytesText(inTar) });
    }
    return differences;
}
const NO_XATTRS = new Map();
function sameBytes(a = NOTHING, b = NOTHING) {
    return Buffer.compare(a, b) === 0;
}
const NOTHING = new Uint8Array();
const SHOWN_BYTES = 64;
function bytesText(bytes) {
    if (bytes === undefined)
        return 'none';
    const shown = Buffer.from(bytes.subarray(0, SHOWN_BYTES)).toString('base64');
    return `${bytes.length} bytes, base64 ${shown}${bytes.length > SHOWN_BYTES ? '...' : ''}`;
}

;// CONCATENATED MODULE: ./src/optimize/verify-rows.js




function readRows(entries, knowsHoles) {
    const builder = new RowBuilder(entries.count, knowsHoles);
    for (let index = 0; index < entries.count; index++) {
        const entry = entries.read(index);
        const type = (0,inspect_entries/* typeOf */.QP)(entry);
        if (type === 'chunk')
            builder.addChunk(entry);
        else if (type === 'reg')
            builder.beginFile(entry, index);
    }
    return builder.finish();
}
function pathOfEntry(entry) {
    return (0,paths/* cleanPath */.ts)(entry.text(toc_entry/* KEY */._.name, limits/* DEFAULT_LIMITS */.dR.maxPathLength));
}
const verify_rows_MAX = Number.MAX_SAFE_INTEGER;
class RowBuilder {
    #rows;
    #knowsHoles;
    #count = 0;
    #file = 0;
    #fileSize = 0;
    constructor(entryCount, knowsHoles) {
        this.#knowsHoles = knowsHoles;
        this.#rows = {
            blobOffset: new Float64Array(entryCount),
            innerOffset: new Float64Array(entryCount),
            fileOffset: new Float64Array(entryCount),
            size: new Float64Array(entryCount),
            digest: new Uint8Array(32 * entryCount),
            fileEntry: new Uint32Array(entryCount),
            isHole: new Uint8Array(entryCount),
            filesFirst: new Uint32Array(entryCount),
            filesCount: new Uint32Array(entryCount),
        };
    }
    beginFile(entry, index) {
        this.#file = index;
        this.#fileSize = entry.integer(toc_entry/* KEY */._.size, verify_rows_MAX);
        this.#rows.filesFirst[index] = this.#count;
        if (this.#fileSize > 0)
            this.#add(entry, true);
    }
    addChunk(entry) {
        this.#add(entry, false);
    }
    finish() {
        const { blobOffset, innerOffset } = this.#rows;
        const order = Uint32Array.from({ length: this.#count }, (_, row) => row);
        order.sort((a, b) => blobOffset[a] - blobOffset[b] || innerOffset[a] - innerOffset[b] || a - b);
        return { ...this.#rows, count: this.#count, order };
    }
    #add(entry, isFirst) {
        const rows = this.#rows;
        const row = this.#count++;
        const fileOffset = entry.integer(toc_entry/* KEY */._.chunkOffset, verify_rows_MAX);
        const size = entry.integer(toc_entry/* KEY */._.chunkSize, verify_rows_MAX) || this.#fileSize - fileOffset;
        rows.blobOffset[row] = entry.integer(toc_entry/* KEY */._.offset, verify_rows_MAX);
        rows.innerOffset[row] = entry.integer(toc_entry/* KEY */._.innerOffset, verify_rows_MAX);
        rows.fileOffset[row] = fileOffset;
        rows.size[row] = size;
        rows.fileEntry[row] = this.#file;
        rows.isHole[row] = this.#knowsHoles && entry.has(toc_entry/* KEY */._.chunkType) && entry.value(toc_entry/* KEY */._.chunkType) === 'zeros' ? 1 : 0;
        const isWhole = isFirst && size === this.#fileSize;
        const hasOwn = entry.digest(toc_entry/* KEY */._.chunkDigest, rows.digest, 32 * row);
        if (!hasOwn && isWhole)
            entry.digest(toc_entry/* KEY */._.digest, rows.digest, 32 * row);
        rows.filesCount[this.#file] = row + 1 - rows.filesFirst[this.#file];
    }
}

;// CONCATENATED MODULE: ./src/optimize/verify-match.js


class EntryMatcher {
    #entries;
    #cursor = 0;
    #passed = new Set();
    #byPath;
    #moved = 0;
    #firstMoved;
    constructor(entries) {
        this.#entries = entries;
    }
    match(path) {
        this.#skipChunks();
        const expected = this.#pathAt(this.#cursor);
        if (expected === path)
            return this.#cursor++;
        const ahead = this.#candidate(path);
        if (ahead === undefined)
            return undefined;
        if (this.#passed.delete(ahead)) {
            this.#moved++;
            return ahead;
        }
        this.#firstMoved ??= { tar: path, toc: expected ?? '' };
        for (; this.#cursor < ahead; this.#cursor++)
            if (!this.#isChunk(this.#cursor))
                this.#passed.add(this.#cursor);
        this.#cursor = ahead + 1;
        return ahead;
    }
    finish() {
        const added = [...this.#passed].sort((a, b) => a - b);
        for (let index = this.#cursor; index < this.#entries.count; index++)
            if (!this.#isChunk(index))
                added.push(index);
        return { added, moved: this.#moved, firstMoved: this.#moved > 0 ? this.#firstMoved : undefined };
    }
    #skipChunks() {
        while (this.#cursor < this.#entries.count && this.#isChunk(this.#cursor))
            this.#cursor++;
    }
    #isChunk(index) {
        return (0,inspect_entries/* typeOf */.QP)(this.#entries.read(index)) === 'chunk';
    }
    #pathAt(index) {
        return index < this.#entries.count ? pathOfEntry(this.#entries.read(index)) : undefined;
    }
    #candidate(path) {
        this.#byPath ??= this.#index();
        const same = this.#byPath.get(path);
        if (same === undefined)
            return undefined;
        const { indexes } = same;
        while (same.next < indexes.length && this.#isMatched(indexes[same.next]))
            same.next++;
        return indexes[same.next];
    }
    #isMatched(index) {
        return index < this.#cursor && !this.#passed.has(index);
    }
    #index() {
        const byPath = new Map();
        for (let index = 0; index < this.#entries.count; index++) {
            const entry = this.#entries.read(index);
            if ((0,inspect_entries/* typeOf */.QP)(entry) === 'chunk')
                continue;
            const path = pathOfEntry(entry);
            const known = byPath.get(path);
            if (known === undefined)
                byPath.set(path, { indexes: [index], next: 0 });
            else
                known.indexes.push(index);
        }
        return byPath;
    }
}

;// CONCATENATED MODULE: ./src/optimize/verify-entries.js











const EMPTY_DIGEST = (0,digest/* digestOf */.ol)(new Uint8Array());
const LANDMARK_CONTENT = 0x0f;
class EntryChecker {
    #toc;
    #findings;
    #matcher;
    placeInTar;
    count = 0;
    #tocs = 0;
    #path = '';
    #wanted;
    #hash;
    #actual = EMPTY_DIGEST;
    #landmarks = [];
    constructor(toc, findings) {
        this.#toc = toc;
        this.#findings = findings;
        this.#matcher = toc === undefined ? undefined : new EntryMatcher(toc.entries);
        this.placeInTar = new Float64Array(toc?.rows.count ?? 0).fill(Number.NaN);
    }
    entry(scanned) {
        const toc = this.#toc;
        this.#path = (0,paths/* cleanPath */.ts)(scanned.header.name.toString());
        this.#wanted = undefined;
        this.#hash = undefined;
        this.#actual = EMPTY_DIGEST;
        if (toc === undefined)
            this.count++;
        else if (toc.isInTar && this.#path === decode_toc/* TOC_NAME */.Z) {
            this.#tocs++;
            this.#wanted = toc.digest;
        }
        else {
            this.#compare(scanned, toc);
            this.#noteLandmark(scanned);
            this.count++;
        }
    }
    payload(piece, { header }) {
        if (isLandmark(this.#path))
            this.#checkLandmarkContent(piece);
        if (this.#wanted === undefined)
            return;
        if (piece.length === header.size)
            this.#actual = `sha256:${(0,external_node_crypto_.hash)('sha256', piece, 'hex')}`;
        else
            (this.#hash ??= (0,external_node_crypto_.createHash)('sha256')).update(piece);
    }
    entryEnd() {
        if (this.#wanted === undefined)
            return;
        const actual = this.#hash === undefined ? this.#actual : `sha256:${this.#hash.digest('hex')}`;
        const what = this.#path === decode_toc/* TOC_NAME */.Z ? 'the table of contents in the tar' : `${this.#path}: content`;
        const check = this.#path === decode_toc/* TOC_NAME */.Z ? 'toc' : 'file';
        this.#findings.compare(check, what, this.#wanted, actual, { path: this.#path });
    }
    finish() {
        const toc = this.#toc;
        if (toc === undefined || this.#matcher === undefined)
            return;
        const { added, moved, firstMoved } = this.#matcher.finish();
        for (const index of added) {
            const path = pathOfEntry(toc.entries.read(index));
            this.#findings.add('entry', `${quoted(path)}: in the table of contents, but not in the tar`, { path });
        }
        if (firstMoved !== undefined) {
            const how = moved === 1 ? 'an entry is at another place' : `${moved} entries are at other places`;
            this.#findings.add('entry', `another order: the tar has ${quoted(firstMoved.tar)} where the table of contents has ${quoted(firstMoved.toc)}; ${how}`, { path: firstMoved.tar, expected: firstMoved.tar, actual: firstMoved.toc });
        }
        if (toc.isInTar && this.#tocs !== 1) {
            this.#findings.add('toc', `the tar has ${this.#tocs} entries ${decode_toc/* TOC_NAME */.Z}, wanted one`);
        }
        if (this.#landmarks.length > 1) {
            this.#findings.add('landmark', `${this.#landmarks.length} landmarks (${this.#landmarks.join(', ')}), wanted one at most`);
        }
    }
    #compare(scanned, toc) {
        const path = this.#path;
        const index = this.#matcher?.match(path);
        if (index === undefined) {
            const message = `${quoted(path)}: in the tar at ${scanned.start}, but not in the table of contents`;
            this.#findings.add('entry', message, { path });
            return;
        }
        const type = (0,inspect_entries/* typeOf */.QP)(toc.entries.read(index));
        if (type === 'reg' && scanned.type === 'reg')
            this.#placeChunks(index, scanned.dataStart, toc.rows);
        try {
            const differences = entryDifferences(toc.entries.read(index), type, scanned);
            for (const { field, toc: said, tar } of differences) {
                const message = `${quoted(path)}: ${field} is ${said} in the table of contents, ${tar} in the tar`;
                this.#findings.add('entry', message, { path, expected: tar, actual: said });
            }
            const isSameFile = type === 'reg' && !differences.some(({ field }) => field === 'size' || field === 'type');
            if (isSameFile)
                this.#wanted = wantedDigest(toc, index);
        }
        catch (error) {
            if (!(error instanceof errors/* FormatError */.IF))
                throw error;
            this.#findings.add('toc', `${quoted(path)}: ${error.message}`, { path });
        }
    }
    #placeChunks(index, dataStart, rows) {
        const first = rows.filesFirst[index];
        for (let row = first; row < first + rows.filesCount[index]; row++) {
            this.placeInTar[row] = dataStart + rows.fileOffset[row];
        }
    }
    #noteLandmark({ type, header, start }) {
        const path = this.#path;
        if (!isLandmark(path))
            return;
        this.#landmarks.push(path);
        if (type !== 'reg' || header.size !== 1) {
            this.#findings.add('landmark', `${path}: a ${type} of ${header.size} bytes, wanted a file of one`, { path });
        }
        if (path === parse_toc/* NO_PREFETCH_LANDMARK */.pK && this.count > 0) {
            this.#findings.add('landmark', `${path}: at ${start} of the tar, wanted it in front of all entries`, { path });
        }
    }
    #checkLandmarkContent(piece) {
        const [byte] = piece;
        if (this.#toc === undefined || byte === LANDMARK_CONTENT)
            return;
        this.#findings.add('landmark', `${this.#path}: its content is 0x${byte?.toString(16)}, wanted 0xf`, {
            path: this.#path,
        });
    }
}
function isLandmark(path) {
    return path === parse_toc/* PREFETCH_LANDMARK */.BP || path === parse_toc/* NO_PREFETCH_LANDMARK */.pK;
}
function wantedDigest({ entries, rows }, index) {
    const digest = Buffer.alloc(32);
    if (!entries.read(index).digest(toc_entry/* KEY */._.digest, digest, 0))
        return undefined;
    const first = rows.filesFirst[index];
    const isOnly = rows.filesCount[index] === 1;
    if (isOnly && rows.isHole[first] === 0 && digest.equals(rows.digest.subarray(32 * first, 32 * first + 32)))
        return undefined;
    return `sha256:${digest.toString('hex')}`;
}
function quoted(path) {
    if (path === '')
        return 'the root';
    return /^[\x21-\x7e]+$/.test(path) ? path : JSON.stringify(path);
}

;// CONCATENATED MODULE: ./src/optimize/verify-regions.js
function regionsOf(rows, footer, blobSize) {
    const regions = [];
    let start = 0;
    let firstChunk = 0;
    const close = (end, endChunk) => {
        if (end > start)
            regions.push({ start, end, part: 'payload', firstChunk, endChunk });
        else if (endChunk > firstChunk)
            return;
        start = end;
        firstChunk = endChunk;
    };
    for (let at = 0; at < rows.count; at++) {
        const row = rows.order[at];
        if (rows.isHole[row] === 0 && rows.blobOffset[row] > start)
            close(rows.blobOffset[row], at);
    }
    close(footer.payloadEnd, rows.count);
    const noChunks = { firstChunk: rows.count, endChunk: rows.count };
    const isGzip = footer.format === 'estargz' || footer.format === 'stargz';
    if (isGzip)
        regions.push({ start: footer.tocOffset, end: footer.tocEnd, part: 'toc', ...noChunks });
    const rest = isGzip ? footer.tocEnd : footer.payloadEnd;
    if (blobSize > rest)
        regions.push({ start: rest, end: blobSize, part: 'footer', ...noChunks });
    return regions;
}

;// CONCATENATED MODULE: ./src/optimize/verify-payload.js










async function checkPayload(job, signal) {
    const { toc, reader, findings, size } = job;
    const expected = toc === undefined ? undefined : expectedOf(toc);
    const check = new PayloadCheck(expected, findings);
    const all = { start: 0, end: size, part: 'payload', firstChunk: 0, endChunk: 0 };
    if (job.format === 'tar') {
        check.begin([all]);
        for await (const piece of reader.rest())
            check.push(piece);
        check.end(undefined);
    }
    else if (size > 0) {
        const regions = toc === undefined || expected === undefined ? [all] : regionsOf(expected.rows, toc.footer, toc.blobSize);
        const inflater = new RegionInflater(job.pool, reader, job.format.startsWith('zstd') ? 'zstd' : 'gzip');
        for await (const region of inflater.inflate(regions)) {
            signal?.throwIfAborted();
            await takeRegion(check, region);
        }
    }
    return check.finish();
}
async function takeRegion(check, region) {
    check.begin(region.regions);
    for await (const piece of region.pieces)
        check.push(piece);
    check.end(region.failure);
}
function expectedOf({ json, digest, footer }) {
    const entries = new inspect_entries/* TocEntries */.fo(json);
    const isInTar = footer.format === 'estargz' || footer.format === 'stargz';
    return { entries, rows: readRows(entries, footer.format === 'zstd:chunked-containers'), digest, isInTar };
}
class PayloadCheck {
    #toc;
    #findings;
    #entries;
    #chunks;
    #scanner;
    #hash = (0,external_node_crypto_.createHash)('sha256');
    #regions = [];
    #members = 0;
    #offset = 0;
    #isBroken = false;
    #isTarWrong = false;
    constructor(toc, findings) {
        this.#toc = toc;
        this.#findings = findings;
        this.#entries = new EntryChecker(toc, findings);
        this.#chunks = toc === undefined ? undefined : new ChunkChecker(toc.rows);
        this.#scanner = new scanner/* TarScanner */.eB(this.#entries);
    }
    begin(regions) {
        this.#regions = regions;
        this.#members += regions.length;
        this.#chunks?.beginRegion(regions[0], this.#isBroken ? Number.NaN : this.#offset);
        for (const { start, firstChunk, endChunk } of regions.slice(1))
            this.#noMember(start, firstChunk, endChunk);
    }
    push(piece) {
        this.#hash.update(piece);
        this.#chunks?.push(piece);
        this.#offset += piece.length;
        if (!this.#isBroken)
            this.#scan(() => this.#scanner.push(piece));
    }
    end(failure) {
        if (failure === undefined) {
            this.#chunks?.endRegion();
            return;
        }
        this.#chunks?.skipRegion();
        this.#isBroken = true;
        const [{ start, end, firstChunk, endChunk, part }] = this.#regions;
        const owner = firstChunk < endChunk ? `, where ${this.#ownerOf(this.#row(firstChunk))} is` : '';
        const where = part === 'payload' ? owner : `, the ${part === 'toc' ? 'table of contents' : 'end of the blob'}`;
        this.#findings.add('member', `bytes ${start} to ${end}${where}: ${FAILURES[failure.kind]}: ${failure.detail}`, {
            offset: start,
            path: firstChunk < endChunk ? this.#pathOf(this.#row(firstChunk)) : null,
        });
    }
    finish() {
        if (!this.#isBroken) {
            this.#scan(() => this.#scanner.end());
            if (!this.#isTarWrong)
                this.#entries.finish();
        }
        const { rows } = this.#toc ?? {};
        if (rows !== undefined)
            for (const row of rows.order)
                this.#reportChunk(row, rows);
        const { count } = this.#entries;
        return {
            diffId: this.#isBroken ? undefined : `sha256:${this.#hash.digest('hex')}`,
            size: this.#isBroken ? undefined : this.#offset,
            counts: { entries: count, chunks: rows?.count ?? 0, members: this.#members },
        };
    }
    #scan(work) {
        if (this.#isTarWrong)
            return;
        try {
            work();
        }
        catch (error) {
            if (!(error instanceof errors/* FormatError */.IF))
                throw error;
            this.#isTarWrong = true;
            this.#findings.add('tar', error.message, { offset: error.offset ?? null });
        }
    }
    #noMember(start, firstChunk, endChunk) {
        const owner = firstChunk < endChunk ? this.#row(firstChunk) : undefined;
        const who = owner === undefined ? 'the table of contents' : this.#ownerOf(owner);
        this.#findings.add('member', `${who} at offset ${start}: no member begins there`, {
            offset: start,
            path: owner === undefined ? null : this.#pathOf(owner),
        });
    }
    #row(position) {
        return this.#toc.rows.order[position];
    }
    #pathOf(row) {
        const { entries, rows } = this.#toc;
        return pathOfEntry(entries.read(rows.fileEntry[row]));
    }
    #ownerOf(row) {
        const { rows } = this.#toc;
        const file = rows.fileEntry[row];
        return `${quoted(this.#pathOf(row))}: chunk ${row - rows.filesFirst[file] + 1} of ${rows.filesCount[file]}`;
    }
    #reportChunk(row, rows) {
        const problem = this.#chunks?.problems.get(row);
        const byMember = this.#chunks?.placeByMember[row] ?? Number.NaN;
        const inTar = this.#entries.placeInTar[row] ?? Number.NaN;
        const isElsewhere = !Number.isNaN(byMember) && !Number.isNaN(inTar) && byMember !== inTar;
        if (!isElsewhere && problem === undefined && rows.innerOffset[row] === 0)
            return;
        const path = this.#pathOf(row);
        const offset = rows.blobOffset[row];
        const inner = rows.innerOffset[row];
        const where = `${this.#ownerOf(row)} at offset ${offset}${inner === 0 ? '' : `, innerOffset ${inner}`}`;
        if (isElsewhere) {
            const [expected, actual] = [String(inTar), String(byMember)];
            const message = `${where}: its content is at ${inTar} of the decompressed blob, this place is ${byMember}`;
            this.#findings.add('chunk', message, { path, offset, expected, actual });
        }
        else if (problem !== undefined)
            this.#addProblem(where, problem, path, offset);
        if (inner !== 0 && (path === parse_toc/* PREFETCH_LANDMARK */.BP || path === parse_toc/* NO_PREFETCH_LANDMARK */.pK)) {
            this.#findings.add('landmark', `${path}: innerOffset is ${inner}, wanted a member of its own`, { path, offset });
        }
    }
    #addProblem(where, problem, path, offset) {
        switch (problem.kind) {
            case 'digest':
                this.#findings.compare('chunk', where, problem.expected, problem.actual, { path, offset });
                break;
            case 'no-digest':
                this.#findings.add('chunk', `${where}: it has no digest`, { path, offset });
                break;
            case 'short':
                this.#findings.add('chunk', `${where}: its member has only ${problem.bytes} bytes`, { path, offset });
                break;
            default:
                this.#findings.add('chunk', `${where}: it shares bytes with many others, and was not checked`, {
                    path,
                    offset,
                });
        }
    }
}
const FAILURES = {
    cut: 'a member is cut, or goes on behind it',
    damaged: 'damaged',
    behind: 'not only members',
    large: 'too large',
};

// EXTERNAL MODULE: ./src/estargz/json-scanner.js
var json_scanner = __webpack_require__(40195);
// EXTERNAL MODULE: ./src/estargz/word-table.js
var word_table = __webpack_require__(13567);
// EXTERNAL MODULE: ./src/estargz/zstd-footer.js
var zstd_footer = __webpack_require__(62905);
;// CONCATENATED MODULE: ./src/optimize/verify-tar-split.js



const KEYS = new word_table/* WordTable */.T(['tarSplitDigest']);
function tarSplitOf({ footer, tail, blobSize }) {
    return footer.format === 'zstd:chunked-containers' ? (0,zstd_footer/* parseZstdFooter */.ms)(tail, blobSize)?.tarSplit : undefined;
}
function promisedTarSplit(tocJson) {
    const scanner = new json_scanner/* JsonScanner */.VF(tocJson);
    let digest;
    if (scanner.peek() !== json_scanner/* OPEN_OBJECT */.bV)
        return undefined;
    for (let more = scanner.enter(json_scanner/* CLOSE_OBJECT */.tX); more; more = scanner.more(json_scanner/* CLOSE_OBJECT */.tX)) {
        const isDigest = scanner.key(KEYS) === 0;
        scanner.peek();
        const start = scanner.at;
        scanner.value();
        if (isDigest)
            digest = scanner.valueAt(start, scanner.at);
    }
    return typeof digest === 'string' && digest !== '' ? digest : undefined;
}

;// CONCATENATED MODULE: ./src/optimize/verify-layer.js











const MAX_TAIL_HINT = 8 * 1024 * 1024;
async function verifyBlob(descriptor, blob, options, signal) {
    const begin = performance.now();
    const findings = new Findings();
    const { fetched, toc } = options.isLayer
        ? await readToc(descriptor, blob, findings, options.openTocImage, signal)
        : {};
    const stream = new CountedStream(blob, descriptor, options.onProgress, fetched, signal);
    const read = await readBlob(stream, { fetched, toc, options, findings, size: descriptor.size }, signal);
    return {
        ...read,
        footer: fetched?.footer,
        tarSplit: fetched === undefined ? undefined : tarSplitOf(fetched),
        tocDigest: toc?.digest,
        tocChecksum: toc?.checksum,
        findings,
        durationMs: performance.now() - begin,
    };
}
async function readBlob(stream, { fetched, toc, options, findings, size }, signal) {
    const reader = new byte_reader/* ByteReader */.k(stream.pieces());
    let format = options.isLayer ? (fetched?.footer.format ?? 'unreadable') : 'other';
    let payload;
    try {
        if (options.isLayer && fetched === undefined) {
            const compression = await (0,decompress/* sniffCompression */.Hs)(reader);
            format = compression === 'none' ? 'tar' : compression;
        }
        if (options.isLayer)
            payload = await checkPayload({ reader, format, toc, size, pool: options.pool, findings }, signal);
        for await (const _ of reader.rest())
            ;
        stream.compare(findings, toc);
    }
    catch (error) {
        signal?.throwIfAborted();
        if (fetched === undefined)
            findings.list.length = 0;
        addReadError(findings, error);
    }
    finally {
        await reader.close();
    }
    const { diffId, size: uncompressedSize, counts = NOTHING_COUNTED } = payload ?? {};
    return { format, diffId, uncompressedSize, counts };
}
const NOTHING_COUNTED = { entries: 0, chunks: 0, members: 0 };
async function readToc(descriptor, blob, findings, openTocImage, signal) {
    const hint = (0,toc_promise/* tocTailOf */.WB)(descriptor);
    const tailLength = hint === undefined ? undefined : Math.min(hint, MAX_TAIL_HINT);
    let fetched;
    try {
        fetched = await (0,inspect_toc/* fetchLayerToc */.k)(blob, { tailLength, openTocImage }, signal);
        return { fetched, toc: (0,inspect_toc/* readLayerToc */.E)(fetched) };
    }
    catch (error) {
        signal?.throwIfAborted();
        if (error instanceof estargz_errors/* NotEstargzError */.C)
            return {};
        if (error instanceof errors/* FormatError */.IF)
            findings.add(fetched === undefined ? 'footer' : 'toc', (0,errors/* describeError */.Uc)(error), offsetOf(error));
        else if (error instanceof errors/* LazypullError */.qB && isMissingToc(error))
            findings.add('toc', (0,errors/* describeError */.Uc)(error));
        else if (!isOfBlob(error))
            throw error;
        return fetched === undefined ? {} : { fetched };
    }
}
function isMissingToc({ code }) {
    return code === 'NOT_FOUND' || code === 'UNSUPPORTED';
}
function offsetOf({ offset }) {
    return { offset: offset ?? null };
}
function addReadError(findings, error) {
    if (!isOfBlob(error))
        throw error;
    const offset = error instanceof CutBlobError ? error.offset : undefined;
    findings.add('blob', (0,errors/* describeError */.Uc)(error), { offset: offset ?? null });
}
function isOfBlob(error) {
    return (error instanceof errors/* FormatError */.IF ||
        (error instanceof errors/* LazypullError */.qB && error.code === 'NOT_FOUND') ||
        (error instanceof errors/* RegistryError */.gl && !error.retryable && (error.status === undefined || error.status === 404)));
}
class HashedRange {
    start;
    end;
    #hash = (0,external_node_crypto_.createHash)('sha256');
    constructor(start, end) {
        this.start = start;
        this.end = end;
    }
    update(piece, offset) {
        const from = Math.max(0, this.start - offset);
        const to = Math.min(piece.length, this.end - offset);
        if (from < to)
            this.#hash.update(piece.subarray(from, to));
    }
    digest() {
        return `sha256:${this.#hash.digest('hex')}`;
    }
}
class CountedStream {
    #blob;
    #descriptor;
    #onProgress;
    #signal;
    #all;
    #toc;
    #tarSplit;
    #offset = 0;
    constructor(blob, descriptor, onProgress, fetched, signal) {
        this.#blob = blob;
        this.#descriptor = descriptor;
        this.#onProgress = onProgress;
        this.#signal = signal;
        this.#all = new HashedRange(0, descriptor.size);
        this.#toc = new HashedRange(fetched?.footer.tocOffset ?? 0, fetched?.footer.tocEnd ?? 0);
        const split = fetched === undefined ? undefined : tarSplitOf(fetched);
        this.#tarSplit = split && new HashedRange(split.offset, split.offset + split.compressedSize);
    }
    async *pieces() {
        const { size } = this.#descriptor;
        if (size === 0)
            return;
        for await (const piece of this.#blob.streamRange(0, size, this.#signal)) {
            this.#signal?.throwIfAborted();
            for (const range of [this.#all, this.#toc, this.#tarSplit])
                range?.update(piece, this.#offset);
            this.#offset += piece.length;
            this.#onProgress?.(this.#offset);
            yield piece;
        }
    }
    compare(findings, toc) {
        const { digest, size } = this.#descriptor;
        findings.compare('blob', 'size', String(size), String(this.#offset));
        findings.compare('blob', 'digest', digest, this.#all.digest());
        if (toc === undefined)
            return;
        const { start, end } = this.#toc;
        if (start < end) {
            const again = this.#toc.digest();
            findings.compare('toc', 'the table of contents, read a second time', toc.checksum, again, { offset: start });
        }
        const promised = promisedTarSplit(toc.json);
        if (this.#tarSplit === undefined || promised === undefined)
            return;
        findings.compare('toc', 'the tar-split', promised, this.#tarSplit.digest(), { offset: this.#tarSplit.start });
    }
}

;// CONCATENATED MODULE: ./src/optimize/verify.js













const PARALLEL = 2;
async function verifyImage(source, options, signal) {
    const begin = performance.now();
    const { root, images } = await (0,inspect_select/* selectImages */.$)(source, options.platforms, signal);
    const chosen = images.map((image) => ({ image, layers: chooseLayers(image, options.layer) }));
    const blobs = new Map(chosen.flatMap(({ layers }) => layers.map(({ descriptor }) => [blobKey(descriptor), descriptor])));
    const bytes = [...blobs.values()].reduce((sum, { size }) => sum + size, 0);
    options.onProgress?.({ kind: 'planned', layers: blobs.size, bytes });
    const pool = openInflatePool(options.workers);
    try {
        const verifier = new LayerVerifier(source, options, pool, signal);
        const verified = [];
        for (const { image, layers } of chosen)
            verified.push(await verifyOne(source, image, layers, verifier, signal));
        const ok = verified.every((image) => image.ok);
        const durationMs = performance.now() - begin;
        return { version: 1, name: source.name, digest: root.descriptor.digest, ok, images: verified, bytes, durationMs };
    }
    finally {
        await pool.close();
    }
}
function chooseLayers({ manifest }, only) {
    const layers = manifest.layers.map((descriptor, index) => ({ number: index + 1, descriptor }));
    if (only === undefined)
        return layers;
    const chosen = layers.filter(({ number }) => number === only);
    if (chosen.length > 0)
        return chosen;
    throw new errors/* LazypullError */.qB('NOT_FOUND', `there is no layer ${only}: the image has ${layers.length}`);
}
async function verifyOne(source, { manifest, document, platform }, layers, verifier, signal) {
    const findings = new Findings();
    const config = await readConfig(source, manifest.config, findings, signal);
    for (const problem of (0,inspect/* countProblems */._)(config, manifest.layers.length))
        findings.add('config', problem);
    for (const [index, diffId] of (config?.diffIds ?? []).entries()) {
        if (!(0,digest/* isDigest */.Bc)(diffId))
            findings.add('config', `diff id ${index + 1}: got ${JSON.stringify(diffId.slice(0, 100))}, wanted a sha256 digest`);
    }
    const verified = await verifier.all(layers, config?.diffIds ?? []);
    const named = config?.platform.os ? config.platform : platform;
    if (config !== undefined && platform !== undefined)
        comparePlatform(findings, platform, config.platform);
    return {
        manifest: document.descriptor.digest,
        platform: named === undefined ? null : (0,oci_platform/* formatPlatform */.Bq)((0,oci_platform/* normalizePlatform */.FL)(named)),
        ok: findings.list.length === 0 && verified.every(({ ok }) => ok),
        findings: findings.list,
        layers: verified,
    };
}
async function readConfig(source, descriptor, findings, signal) {
    if (descriptor.mediaType === media_types/* OCI_EMPTY */.g1)
        return undefined;
    try {
        return (0,inspect_config/* parseConfigFacts */.p)(await source.fetch(descriptor, signal));
    }
    catch (error) {
        signal?.throwIfAborted();
        const isOfConfig = error instanceof errors/* FormatError */.IF ||
            error instanceof errors/* VerificationError */.mk ||
            (error instanceof errors/* LazypullError */.qB && error.code === 'NOT_FOUND');
        if (!isOfConfig)
            throw error;
        findings.add('config', (0,errors/* describeError */.Uc)(error));
        return undefined;
    }
}
function comparePlatform(findings, named, config) {
    const [said, is] = [(0,oci_platform/* formatPlatform */.Bq)((0,oci_platform/* normalizePlatform */.FL)(named)), (0,oci_platform/* formatPlatform */.Bq)((0,oci_platform/* normalizePlatform */.FL)(config))];
    const isSame = said === is || said.startsWith(`${is}/`) || is.startsWith(`${said}/`);
    if (!isSame)
        findings.compare('manifest', 'platform of the index and of the config', said, is);
}
function blobKey({ digest, size }) {
    return `${digest} ${size}`;
}
class LayerVerifier {
    #source;
    #options;
    #pool;
    #signal;
    #blobs = new Map();
    #slots = new slots/* Slots */.W(PARALLEL);
    constructor(source, options, pool, signal) {
        this.#source = source;
        this.#options = options;
        this.#pool = pool;
        this.#signal = signal;
    }
    all(layers, diffIds) {
        const failed = new AbortController();
        const signal = this.#signal === undefined ? failed.signal : AbortSignal.any([this.#signal, failed.signal]);
        const work = layers.map((layer) => this.#layer(layer, diffIds[layer.number - 1], signal));
        return (0,settle/* settleAll */.j)(work, () => failed.abort());
    }
    async #layer({ number, descriptor }, diffId, signal) {
        const key = blobKey(descriptor);
        let reading = this.#blobs.get(key);
        if (reading === undefined) {
            reading = this.#read(descriptor, signal);
            this.#blobs.set(key, reading);
        }
        const facts = await reading;
        const findings = new Findings();
        for (const { check, message, ...others } of facts.findings.list)
            findings.add(check, message, others);
        findings.omitted += facts.findings.omitted;
        compareDescriptor(findings, descriptor, facts, diffId);
        const layer = verifiedLayer(number, descriptor, facts, findings);
        this.#options.onProgress?.({ kind: 'done', layer, of: this.#blobs.size });
        return layer;
    }
    async #read(descriptor, signal) {
        const release = await this.#slots.take();
        try {
            signal.throwIfAborted();
            const { openTocImage, onProgress } = this.#options;
            const options = {
                pool: this.#pool,
                isLayer: (0,media_types/* layerCompression */.AH)(descriptor.mediaType) !== undefined,
                openTocImage,
                onProgress: onProgress && ((bytes) => onProgress({ kind: 'working', layer: descriptor, bytes })),
            };
            return await verifyBlob(descriptor, this.#source.open(descriptor), options, signal);
        }
        finally {
            release();
        }
    }
}
function verifiedLayer(number, descriptor, facts, findings) {
    return {
        number,
        digest: descriptor.digest,
        size: descriptor.size,
        ok: findings.list.length === 0,
        format: facts.format,
        diffId: facts.diffId ?? null,
        uncompressedSize: facts.uncompressedSize ?? null,
        tocDigest: facts.tocDigest ?? null,
        counts: facts.counts,
        findings: findings.list,
        moreFindings: findings.omitted,
        durationMs: facts.durationMs,
    };
}

// EXTERNAL MODULE: ./src/malloc.js
var malloc = __webpack_require__(75981);
// EXTERNAL MODULE: ./src/cli/exit-codes.js
var exit_codes = __webpack_require__(61453);
// EXTERNAL MODULE: ./src/cli/flag-values.js
var flag_values = __webpack_require__(92243);
// EXTERNAL MODULE: ./src/cli/image-access.js + 1 modules
var image_access = __webpack_require__(13609);
// EXTERNAL MODULE: ./src/cli/image-platforms.js
var image_platforms = __webpack_require__(68552);
// EXTERNAL MODULE: ./src/cli/interrupts.js
var cli_interrupts = __webpack_require__(7738);
// EXTERNAL MODULE: ./src/cli/text-style.js
var text_style = __webpack_require__(53045);
// EXTERNAL MODULE: ./src/cli/format.js
var cli_format = __webpack_require__(97093);
;// CONCATENATED MODULE: ./src/cli/verify-reporter.js

const REDRAW_MS = 100;
const MAX_SHOWN = 20;
class VerifyReporter {
    #terminal;
    #isLive;
    #bytes = new Map();
    #total = 0;
    #layers = 0;
    #done = 0;
    #drawnMs = Number.NEGATIVE_INFINITY;
    #isDrawn = false;
    #beginMs = performance.now();
    constructor({ terminal = process.stderr, env = process.env } = {}) {
        this.#terminal = terminal;
        this.#isLive = terminal.isTTY === true && !env['CI'] && !env['NO_COLOR'];
    }
    progress(progress) {
        if (progress.kind === 'planned') {
            this.#total = progress.bytes;
            this.#layers = progress.layers;
        }
        else if (progress.kind === 'done')
            this.#done++;
        else
            this.#bytes.set(progress.layer.digest, progress.bytes);
        this.#draw();
    }
    stop() {
        if (this.#isDrawn)
            this.#terminal.write('\r\u001b[K');
        this.#isDrawn = false;
    }
    #draw() {
        const now = performance.now();
        if (!this.#isLive || now - this.#drawnMs < REDRAW_MS)
            return;
        this.#drawnMs = now;
        this.#isDrawn = true;
        const bytes = [...this.#bytes.values()].reduce((sum, one) => sum + one, 0);
        const rate = `${(0,cli_format/* formatBytes */.z3)((1000 * bytes) / Math.max(1, now - this.#beginMs))}/s`;
        const text = `verifying: ${Math.min(this.#done, this.#layers)} of ${(0,cli_format/* plural */.LS)(this.#layers, 'layer')}, ${(0,cli_format/* formatBytes */.z3)(bytes)} of ${(0,cli_format/* formatBytes */.z3)(this.#total)}, ${rate}`;
        this.#terminal.write(`\r\u001b[K${text}`);
    }
}
function verificationText(verification, style) {
    const { name, images, bytes, durationMs, ok } = verification;
    const lines = images.flatMap((image) => imageLines(image, images.length > 1, style));
    const found = images.reduce((sum, image) => sum + countFindings(image), 0);
    const verdict = ok ? style.green('ok') : style.red((0,cli_format/* plural */.LS)(found, 'finding'));
    const plain = images.flatMap(({ layers }) => layers).reduce((sum, layer) => sum + (layer.uncompressedSize ?? 0), 0);
    const rate = durationMs === 0 ? 0 : (1000 * plain) / durationMs;
    const pace = `${(0,cli_format/* formatBytes */.z3)(bytes)}, ${(0,cli_format/* formatBytes */.z3)(plain)} decompressed, in ${(0,cli_format/* formatSeconds */.Xo)(durationMs / 1000)} (${(0,cli_format/* formatBytes */.z3)(Math.round(rate))}/s)`;
    return `${[...lines, `${(0,cli_format/* printable */.g$)(name)}: ${verdict}: ${pace}`].join('\n')}\n`;
}
function countFindings({ findings, layers }) {
    return findings.length + layers.reduce((sum, layer) => sum + layer.findings.length + layer.moreFindings, 0);
}
function imageLines(image, isOneOfMany, style) {
    const head = isOneOfMany
        ? [style.bold(`${(0,cli_format/* printable */.g$)(image.platform ?? 'no platform')}  ${(0,cli_format/* shortDigest */.VK)(image.manifest)}`)]
        : [];
    return [
        ...head,
        ...image.findings.map((finding) => style.red(`image: ${findingText(finding)}`)),
        ...image.layers.flatMap((layer) => layerLines(layer, style)),
    ];
}
function layerLines(layer, style) {
    const { number, digest, ok, format, counts, findings, moreFindings, size } = layer;
    const what = [
        (0,cli_format/* formatBytes */.z3)(size),
        format,
        ...(counts.entries > 0 ? [(0,cli_format/* plural */.LS)(counts.entries, 'entry').replace('entrys', 'entries')] : []),
        ...(counts.chunks > 0 ? [(0,cli_format/* plural */.LS)(counts.chunks, 'chunk')] : []),
    ];
    const verdict = ok ? style.green('ok') : style.red('WRONG');
    const shown = findings.slice(0, MAX_SHOWN);
    const rest = findings.length - shown.length + moreFindings;
    return [
        `layer ${number} ${(0,cli_format/* shortDigest */.VK)(digest)}  ${verdict}  ${what.join(', ')}`,
        ...shown.map((finding) => style.red(`layer ${number} (${digest}): ${findingText(finding)}`)),
        ...(rest === 0 ? [] : [`layer ${number}: ${(0,cli_format/* plural */.LS)(rest, 'more finding')}; --json has more of them`]),
    ];
}
function findingText({ message }) {
    return (0,cli_format/* printable */.g$)(message);
}

;// CONCATENATED MODULE: ./src/cli/verify-command.js
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












const MAX_JOBS = 1024;
async function runVerify(image, flags) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        (0,malloc/* returnLargeBlocks */.i)();
        const platforms = (0,image_platforms/* platformsOf */.Wt)(flags);
        const layer = (0,flag_values/* integerFlag */.tB)(flags, 'layer', 1, 1000);
        const workers = (0,flag_values/* integerFlag */.tB)(flags, 'jobs', 1, MAX_JOBS);
        const interrupts = __addDisposableResource(env_1, new cli_interrupts/* Interrupts */.$(), false);
        const reporter = new VerifyReporter();
        const options = { platforms, layer, workers, onProgress: (progress) => reporter.progress(progress) };
        let verification;
        try {
            verification = image.startsWith(image_platforms/* BLOB_PREFIX */.tX)
                ? await verifyBlobFile(image.slice(image_platforms/* BLOB_PREFIX */.tX.length), options, interrupts.abort)
                : await verifyNamed(image, flags, options, interrupts.abort);
        }
        finally {
            reporter.stop();
        }
        if (flags.json === true)
            process.stdout.write(`${JSON.stringify(verification, undefined, 2)}\n`);
        else
            process.stdout.write(verificationText(verification, (0,text_style/* textStyle */.X)(process.stdout)));
        if (!verification.ok)
            process.exitCode = exit_codes/* EXIT_FAILED */.hj;
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        __disposeResources(env_1);
    }
}
async function verifyNamed(image, flags, options, signal) {
    const env_2 = { stack: [], error: void 0, hasError: false };
    try {
        const location = (0,image_location/* parseLocation */.z)(image);
        const access = __addDisposableResource(env_2, await (0,image_access/* openImageAccess */.O)(flags, [location]), true);
        const source = __addDisposableResource(env_2, await (0,image_open/* openSource */.o)(location, access, signal), true);
        const tocImage = __addDisposableResource(env_2, new image_platforms/* TocImage */.g0(location, access), true);
        return await verifyImage(source, { ...options, openTocImage: tocImage.open }, signal);
    }
    catch (e_2) {
        env_2.error = e_2;
        env_2.hasError = true;
    }
    finally {
        const result_1 = __disposeResources(env_2);
        if (result_1)
            await result_1;
    }
}
async function verifyBlobFile(path, options, signal) {
    const env_3 = { stack: [], error: void 0, hasError: false };
    try {
        const source = __addDisposableResource(env_3, await (0,inspect_blob/* openBlobSource */.f)(path, signal), true);
        return await verifyImage(source, { ...options, platforms: 'all' }, signal);
    }
    catch (e_3) {
        env_3.error = e_3;
        env_3.hasError = true;
    }
    finally {
        const result_2 = __disposeResources(env_3);
        if (result_2)
            await result_2;
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

/***/ 17005:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   f: () => (/* binding */ openBlobSource)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(77598);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(51455);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(16986);
/* harmony import */ var _image_file_range_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(79861);
/* harmony import */ var _oci_digest_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(62635);
/* harmony import */ var _oci_manifest_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(45914);
/* harmony import */ var _oci_media_types_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(82371);
/* harmony import */ var _estargz_zstd_footer_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(62905);
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








const CONFIG = Buffer.from('{}');
async function openBlobSource(path, signal) {
    const layer = await describeFile(path, signal);
    const config = { mediaType: _oci_media_types_js__WEBPACK_IMPORTED_MODULE_6__/* .OCI_EMPTY */ .g1, digest: (0,_oci_digest_js__WEBPACK_IMPORTED_MODULE_4__/* .digestOf */ .ol)(CONFIG), size: CONFIG.length };
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: _oci_media_types_js__WEBPACK_IMPORTED_MODULE_6__/* .OCI_MANIFEST */ .EG, config, layers: [layer] }));
    const root = {
        descriptor: { mediaType: _oci_media_types_js__WEBPACK_IMPORTED_MODULE_6__/* .OCI_MANIFEST */ .EG, digest: (0,_oci_digest_js__WEBPACK_IMPORTED_MODULE_4__/* .digestOf */ .ol)(bytes), size: bytes.length },
        bytes,
        manifest: (0,_oci_manifest_js__WEBPACK_IMPORTED_MODULE_5__/* .parseManifest */ .Ng)(bytes, _oci_media_types_js__WEBPACK_IMPORTED_MODULE_6__/* .OCI_MANIFEST */ .EG),
    };
    const stream = (descriptor, abort) => streamFile(path, descriptor.size, abort);
    return {
        name: `blob:${path}`,
        reference: undefined,
        root: () => Promise.resolve(root),
        document: () => Promise.resolve(root),
        fetch: () => Promise.resolve(CONFIG),
        stream,
        open: ({ digest, size }) => new _image_file_range_js__WEBPACK_IMPORTED_MODULE_3__/* .FileBlob */ .uG(digest, size, () => openRange(path)),
        [Symbol.asyncDispose]: () => Promise.resolve(),
    };
}
async function describeFile(path, signal) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const range = __addDisposableResource(env_1, await openRange(path), true);
        const hash = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256');
        let head = Buffer.alloc(0);
        for await (const piece of (0,_image_file_range_js__WEBPACK_IMPORTED_MODULE_3__/* .streamFileRange */ .aK)(range, 0, range.size, signal)) {
            hash.update(piece);
            if (head.length < 4)
                head = Buffer.concat([head, piece.subarray(0, 4)]);
        }
        const digest = `sha256:${hash.digest('hex')}`;
        return { mediaType: mediaTypeOf(head), digest, size: range.size };
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
const GZIP_MAGIC = 0x8b1f;
const ZSTD_MAGIC = 0xfd2fb528;
function mediaTypeOf(head) {
    if (head.length < 4)
        return _oci_media_types_js__WEBPACK_IMPORTED_MODULE_6__/* .OCI_LAYER_TAR */ .m;
    if (head.readUInt16LE() === GZIP_MAGIC)
        return _oci_media_types_js__WEBPACK_IMPORTED_MODULE_6__/* .OCI_LAYER_GZIP */ .BQ;
    const magic = head.readUInt32LE();
    return magic === ZSTD_MAGIC || (0,_estargz_zstd_footer_js__WEBPACK_IMPORTED_MODULE_7__/* .isSkippableMagic */ .FE)(magic) ? _oci_media_types_js__WEBPACK_IMPORTED_MODULE_6__/* .OCI_LAYER_ZSTD */ .aH : _oci_media_types_js__WEBPACK_IMPORTED_MODULE_6__/* .OCI_LAYER_TAR */ .m;
}
async function openRange(path) {
    try {
        const handle = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.open)(path);
        const stats = await handle.stat();
        if (stats.isFile())
            return { handle, start: 0, size: stats.size, [Symbol.asyncDispose]: () => handle.close() };
        await handle.close();
    }
    catch (cause) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .UserError */ .yo(`can't read ${path}: ${cause.message}`, undefined, { cause });
    }
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .UserError */ .yo(`${path} is not a file`, 'For a folder in OCI layout write oci:DIR.');
}
async function* streamFile(path, size, signal) {
    const env_2 = { stack: [], error: void 0, hasError: false };
    try {
        const range = __addDisposableResource(env_2, await openRange(path), true);
        yield* (0,_image_file_range_js__WEBPACK_IMPORTED_MODULE_3__/* .streamFileRange */ .aK)(range, 0, size, signal);
    }
    catch (e_2) {
        env_2.error = e_2;
        env_2.hasError = true;
    }
    finally {
        const result_2 = __disposeResources(env_2);
        if (result_2)
            await result_2;
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
