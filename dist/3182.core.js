export const id = 3182;
export const ids = [3182];
export const modules = {

/***/ 64059:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   J: () => (/* binding */ decodeToc),
/* harmony export */   Z: () => (/* binding */ TOC_NAME)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _oci_digest_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(62635);
/* harmony import */ var _tar_entry_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(69449);
/* harmony import */ var _inflate_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(42223);




const TOC_NAME = 'stargz.index.json';
const MIB = 1024 * 1024;
function decodeToc(compressedToc, options = {}) {
    const tocChecksum = (0,_oci_digest_js__WEBPACK_IMPORTED_MODULE_1__/* .digestOf */ .ol)(compressedToc);
    requireDigest('checksum of the compressed TOC', options.checksum, tocChecksum);
    const { compression = 'gzip' } = options;
    const plain = decompress(compressedToc, compression, options.maxJsonSize ?? 256 * MIB);
    const tocJson = compression === 'gzip' ? jsonOf(plain) : plain;
    if (options.size !== undefined && options.size !== tocJson.length) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`TOC of ${tocJson.length} bytes, the footer says ${options.size}`);
    }
    const tocDigest = (0,_oci_digest_js__WEBPACK_IMPORTED_MODULE_1__/* .digestOf */ .ol)(tocJson);
    requireDigest('TOC digest', options.expected, tocDigest);
    return { tocJson, tocDigest, tocChecksum };
}
function requireDigest(what, expected, actual) {
    if (expected !== undefined && expected !== actual)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .VerificationError */ .mk(what, expected, actual);
}
function decompress(compressedToc, compression, maxJsonSize) {
    const limit = outputLimit(compressedToc.length, maxJsonSize);
    const expected = Math.min(limit, Math.max(64 * 1024, compressedToc.length * 10));
    const plain = (0,_inflate_js__WEBPACK_IMPORTED_MODULE_3__/* .inflateBounded */ .D)(compressedToc, compression, { expected, limit });
    if (plain !== undefined)
        return plain;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`TOC of ${compressedToc.length} compressed bytes grows over ${limit} bytes`);
}
function outputLimit(compressedSize, maxJsonSize) {
    const tarOverhead = 64 * 1024;
    return Math.min(maxJsonSize, 16 * MIB + 100 * compressedSize) + tarOverhead;
}
function jsonOf(tar) {
    const first = (0,_tar_entry_js__WEBPACK_IMPORTED_MODULE_2__/* .tarEntries */ .O_)(tar).next().value;
    const name = first?.header.name.toString();
    if (first === undefined || name !== TOC_NAME) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`TOC tar: the first entry is ${JSON.stringify(name?.slice(0, 100))}, wanted ${TOC_NAME}`);
    }
    return first.data;
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

/***/ 40195:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $z: () => (/* binding */ CLOSE_ARRAY),
/* harmony export */   VF: () => (/* binding */ JsonScanner),
/* harmony export */   bV: () => (/* binding */ OPEN_OBJECT),
/* harmony export */   jA: () => (/* binding */ QUOTE),
/* harmony export */   rK: () => (/* binding */ OPEN_ARRAY),
/* harmony export */   tX: () => (/* binding */ CLOSE_OBJECT),
/* harmony export */   tZ: () => (/* binding */ PLAIN)
/* harmony export */ });
/* unused harmony exports WIDE, ESCAPED */
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);

const PLAIN = 0;
const WIDE = 1;
const ESCAPED = 2;
const QUOTE = 0x22;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const COLON = 0x3a;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const DIGIT_0 = 0x30;
const END = -1;
const LITERALS = new Map(['true', 'false', 'null'].map((word) => [word.charCodeAt(0), Buffer.from(word)]));
const SIMPLE_ESCAPES = new Set(Buffer.from('"\\/bfnrt'));
const LETTER_U = 0x75;
const KIND_PLAIN = 0;
const KIND_WIDE = 1;
const KIND_ESCAPE = 2;
const KIND_QUOTE = 3;
const KIND_CONTROL = 4;
const KIND = Uint8Array.from({ length: 256 }, (_, byte) => (byte < 0x80 ? KIND_PLAIN : KIND_WIDE));
KIND.fill(KIND_CONTROL, 0, 0x20);
KIND[BACKSLASH] = KIND_ESCAPE;
KIND[QUOTE] = KIND_QUOTE;
const MAX_DEPTH = 2 ** 21;
class JsonScanner {
    bytes;
    at;
    constructor(bytes, at = 0) {
        this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
        this.at = at;
    }
    peek() {
        const { bytes } = this;
        let { at } = this;
        let byte = bytes[at];
        while (byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d)
            byte = bytes[++at];
        this.at = at;
        return byte ?? END;
    }
    enter(close) {
        this.at++;
        if (this.peek() !== close)
            return true;
        this.at++;
        return false;
    }
    more(close) {
        const byte = this.peek();
        if (byte !== COMMA && byte !== close)
            this.#fail();
        this.at++;
        return byte === COMMA;
    }
    key(words, guess = 0) {
        if (this.peek() !== QUOTE)
            this.#fail();
        const start = this.at;
        const isGuess = words.isAt(guess, this.bytes, start + 1, QUOTE);
        if (isGuess)
            this.at += words.lengthOf(guess) + 2;
        const form = isGuess ? PLAIN : this.string();
        const end = this.at;
        if (this.peek() !== COLON)
            this.#fail();
        this.at++;
        if (isGuess)
            return guess;
        if (form === PLAIN)
            return words.find(this.bytes, start + 1, end - 1);
        return words.findText(String(this.valueAt(start, end)));
    }
    value() {
        const byte = this.peek();
        if (byte === QUOTE)
            return this.string();
        if (byte === OPEN_OBJECT || byte === OPEN_ARRAY)
            this.#container();
        else
            this.#scalar(byte);
        return PLAIN;
    }
    string() {
        const { bytes } = this;
        let at = this.at + 1;
        let form = PLAIN;
        for (;;) {
            while (KIND[bytes[at]] === KIND_PLAIN)
                at++;
            const kind = KIND[bytes[at]];
            if (kind === KIND_WIDE) {
                if (form === PLAIN)
                    form = WIDE;
                at++;
            }
            else if (kind === KIND_ESCAPE) {
                form = ESCAPED;
                at = this.#escape(at);
            }
            else {
                this.at = at;
                if (kind !== KIND_QUOTE)
                    this.#fail();
                this.at++;
                return form;
            }
        }
    }
    end() {
        if (this.peek() !== END)
            this.#fail();
    }
    valueAt(start, end) {
        return JSON.parse(this.bytes.toString('utf8', start, end));
    }
    #container() {
        const closes = [];
        do {
            const byte = this.peek();
            if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
                closes.push(byte + 2);
                if (closes.length > MAX_DEPTH)
                    this.#fail();
                if (this.enter(byte + 2)) {
                    if (byte === OPEN_OBJECT)
                        this.#anyKey();
                    continue;
                }
                closes.pop();
            }
            else if (byte === QUOTE)
                this.string();
            else
                this.#scalar(byte);
            while (closes.length > 0 && !this.more(closes.at(-1)))
                closes.pop();
            if (closes.at(-1) === CLOSE_OBJECT)
                this.#anyKey();
        } while (closes.length > 0);
    }
    #anyKey() {
        if (this.peek() !== QUOTE)
            this.#fail();
        this.string();
        if (this.peek() !== COLON)
            this.#fail();
        this.at++;
    }
    #escape(at) {
        const letter = this.bytes[at + 1] ?? END;
        if (SIMPLE_ESCAPES.has(letter))
            return at + 2;
        this.at = at;
        if (letter !== LETTER_U)
            this.#fail();
        for (let i = at + 2; i < at + 6; i++)
            if (!isHexDigit(this.bytes[i] ?? END))
                this.#fail();
        return at + 6;
    }
    #scalar(byte) {
        const literal = LITERALS.get(byte);
        if (literal === undefined) {
            this.#number();
            return;
        }
        for (const wanted of literal) {
            if (this.bytes[this.at] !== wanted)
                this.#fail();
            this.at++;
        }
    }
    #number() {
        const { bytes } = this;
        if (bytes[this.at] === 0x2d)
            this.at++;
        if (bytes[this.at] === DIGIT_0)
            this.at++;
        else
            this.#digits();
        if (bytes[this.at] === 0x2e) {
            this.at++;
            this.#digits();
        }
        if (bytes[this.at] === 0x65 || bytes[this.at] === 0x45) {
            this.at++;
            if (bytes[this.at] === 0x2b || bytes[this.at] === 0x2d)
                this.at++;
            this.#digits();
        }
    }
    #digits() {
        const { bytes } = this;
        const start = this.at;
        let at = start;
        while (bytes[at] >= DIGIT_0 && bytes[at] <= 0x39)
            at++;
        this.at = at;
        if (at === start)
            this.#fail();
    }
    #fail() {
        const byte = this.bytes[this.at];
        const got = byte === undefined ? 'its end' : JSON.stringify(String.fromCharCode(byte));
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`TOC is not JSON: got ${got} at byte ${this.at}`, { offset: this.at });
    }
}
function isHexDigit(byte) {
    return (byte >= DIGIT_0 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
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

/***/ 67557:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  pK: () => (/* binding */ NO_PREFETCH_LANDMARK),
  BP: () => (/* binding */ PREFETCH_LANDMARK),
  MB: () => (/* binding */ compressionOf),
  AI: () => (/* binding */ parseToc)
});

// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/estargz/decode-toc.js
var decode_toc = __webpack_require__(64059);
// EXTERNAL MODULE: ./src/estargz/json-scanner.js
var json_scanner = __webpack_require__(40195);
// EXTERNAL MODULE: ./src/estargz/limits.js
var estargz_limits = __webpack_require__(33722);
;// CONCATENATED MODULE: ./src/estargz/toc-chunks.js

const MAX_HOLE_SIZE = 2 ** 32 - 1;
class ChunkList {
    count = 0;
    files = [];
    blobOffset;
    innerOffset;
    fileOffset;
    size;
    entryIndex;
    digest;
    hasDigest;
    isHole;
    #maxChunkSize;
    constructor(maxChunkSize, capacity) {
        this.#maxChunkSize = maxChunkSize;
        this.blobOffset = new Float64Array(capacity);
        this.innerOffset = new Float64Array(capacity);
        this.fileOffset = new Float64Array(capacity);
        this.size = new Uint32Array(capacity);
        this.entryIndex = new Uint32Array(capacity);
        this.digest = new Uint8Array(32 * capacity);
        this.hasDigest = new Uint8Array(capacity);
        this.isHole = new Uint8Array(capacity);
    }
    reserve() {
        if (this.count === this.size.length) {
            const capacity = 2 * this.count + 64;
            this.blobOffset = grown(this.blobOffset, new Float64Array(capacity));
            this.innerOffset = grown(this.innerOffset, new Float64Array(capacity));
            this.fileOffset = grown(this.fileOffset, new Float64Array(capacity));
            this.size = grown(this.size, new Uint32Array(capacity));
            this.entryIndex = grown(this.entryIndex, new Uint32Array(capacity));
            this.digest = grown(this.digest, new Uint8Array(32 * capacity));
            this.hasDigest = grown(this.hasDigest, new Uint8Array(capacity));
            this.isHole = grown(this.isHole, new Uint8Array(capacity));
        }
        return 32 * this.count;
    }
    add(node, chunk) {
        const reached = this.reached(node);
        if (chunk.fileOffset !== reached) {
            throw new errors/* FormatError */.IF(`chunkOffset: got ${chunk.fileOffset}, wanted ${reached}, where the chunk before it ends`);
        }
        const rest = node.size - reached;
        const size = chunk.size === 0 ? rest : chunk.size;
        if (size > rest || size === 0) {
            throw new errors/* FormatError */.IF(`chunkSize: got ${size}, wanted 1 to ${rest}, which the file has left`);
        }
        const maxSize = chunk.isHole ? MAX_HOLE_SIZE : this.#maxChunkSize;
        if (chunk.innerOffset + size > maxSize) {
            throw new errors/* FormatError */.IF(`chunkSize: ${size} at innerOffset ${chunk.innerOffset}, wanted an end of ${maxSize} at most`);
        }
        if (node.chunkCount === 0) {
            node.firstChunk = this.count;
            this.files.push(node);
        }
        node.chunkCount++;
        const index = this.count++;
        this.blobOffset[index] = chunk.blobOffset;
        this.innerOffset[index] = chunk.innerOffset;
        this.fileOffset[index] = chunk.fileOffset;
        this.size[index] = size;
        this.entryIndex[index] = chunk.entryIndex;
        this.hasDigest[index] = chunk.hasDigest || chunk.isHole ? 1 : 0;
        this.isHole[index] = chunk.isHole ? 1 : 0;
    }
    reached(node) {
        if (node.chunkCount === 0)
            return 0;
        const last = this.count - 1;
        return (this.fileOffset[last] ?? 0) + (this.size[last] ?? 0);
    }
}
function grown(from, to) {
    to.set(from);
    return to;
}
function buildChunkTable(list, files, options) {
    const { blobOffset, innerOffset } = list;
    files.sort(({ firstChunk: a }, { firstChunk: b }) => blobOffset[a] - blobOffset[b] || innerOffset[a] - innerOffset[b]);
    const order = tocIndices(files);
    requireAscending(list, order, options.errorAt);
    const table = allocate(order.length, options.compression);
    fillTable(table, list, order);
    fillBlobEnds(table, ascending(blobOffset.subarray(0, list.count)), options.payloadEnd);
    closeHoles(table, list, order);
    return table;
}
function tocIndices(files) {
    const order = new Uint32Array(files.reduce((sum, file) => sum + file.chunkCount, 0));
    let next = 0;
    for (const file of files) {
        const first = next;
        for (let i = 0; i < file.chunkCount; i++)
            order[next++] = file.firstChunk + i;
        file.firstChunk = first;
    }
    return order;
}
function requireAscending(list, order, errorAt) {
    let lastOffset = -1;
    let lastEnd = 0;
    for (const i of order) {
        const offset = list.blobOffset[i] ?? 0;
        const inner = list.innerOffset[i] ?? 0;
        if (offset < lastOffset || (offset === lastOffset && inner < lastEnd)) {
            throw errorAt(list.entryIndex[i] ?? 0, new errors/* FormatError */.IF(`offset: got ${offset} and innerOffset ${inner}, wanted ${lastOffset} and ${lastEnd} or more, where the data before it ends`, { offset }));
        }
        lastOffset = offset;
        lastEnd = inner + (list.size[i] ?? 0);
    }
}
function allocate(count, compression) {
    const buffer = new SharedArrayBuffer(count * 68);
    const column = (index) => new Float64Array(buffer, index * 8 * count, count);
    return {
        count,
        compression,
        blobOffset: column(0),
        blobEnd: column(1),
        innerOffset: column(2),
        fileOffset: column(3),
        size: new Uint32Array(buffer, 32 * count, count),
        digest: new Uint8Array(buffer, 36 * count, 32 * count),
    };
}
function fillTable(table, list, order) {
    for (let chunk = 0, end = 0; chunk < table.count; chunk = end) {
        const first = order[chunk];
        for (end = chunk + 1; end < table.count && order[end] === first + end - chunk;)
            end++;
        const last = first + end - chunk;
        table.blobOffset.set(list.blobOffset.subarray(first, last), chunk);
        table.innerOffset.set(list.innerOffset.subarray(first, last), chunk);
        table.fileOffset.set(list.fileOffset.subarray(first, last), chunk);
        table.size.set(list.size.subarray(first, last), chunk);
        table.digest.set(list.digest.subarray(32 * first, 32 * last), 32 * chunk);
    }
}
function ascending(column) {
    for (let i = 1; i < column.length; i++)
        if (column[i] < column[i - 1])
            return column.slice().sort();
    return column;
}
function fillBlobEnds(table, memberStarts, payloadEnd) {
    let next = 0;
    for (let chunk = 0; chunk < table.count; chunk++) {
        const start = table.blobOffset[chunk] ?? 0;
        while (next < memberStarts.length && (memberStarts[next] ?? 0) <= start)
            next++;
        table.blobEnd[chunk] = memberStarts[next] ?? payloadEnd;
    }
}
function closeHoles(table, list, order) {
    for (let chunk = 0; chunk < table.count; chunk++) {
        if (list.isHole[order[chunk]] === 1)
            table.blobEnd[chunk] = table.blobOffset[chunk];
    }
}

// EXTERNAL MODULE: ./src/estargz/toc-entry.js
var toc_entry = __webpack_require__(12839);
// EXTERNAL MODULE: ./src/estargz/toc-fields.js
var toc_fields = __webpack_require__(50074);
;// CONCATENATED MODULE: ./src/estargz/toc-path.js



const SLASH = 0x2f;
const DOT = 0x2e;
const NOTHING = { bytes: Buffer.alloc(0), start: 0, end: 0, encoding: 'latin1' };
class PathReader {
    #key;
    #field;
    #limits;
    #names = [];
    #ends = [];
    #last = NOTHING;
    constructor(key, limits) {
        this.#key = key;
        this.#field = (0,toc_entry/* keyName */.xT)(key);
        this.#limits = limits;
    }
    read(entry) {
        const text = entry.span(this.#key, this.#limits.maxPathLength);
        const { bytes, start, end } = text;
        let count = this.#countShared(text);
        let at = count === 0 ? start : start + this.#ends[count - 1];
        while (at < end) {
            const first = at;
            while (at < end && bytes[at] !== SLASH)
                at++;
            if (at > first && !this.#isDot(entry, text, first, at)) {
                this.#names[count] = this.#name(text, first, at);
                this.#ends[count++] = at - start;
            }
            at++;
        }
        if (this.#names.length > count)
            this.#names.length = count;
        if (count > this.#limits.maxDepth) {
            throw new errors/* FormatError */.IF(`${this.#field}: a path of ${count} names, wanted ${this.#limits.maxDepth} at most`);
        }
        this.#last = text;
        return this.#names;
    }
    #countShared({ bytes, start, end }) {
        const last = this.#last;
        const length = Math.min(end - start, last.end - last.start);
        let shared = 0;
        while (shared < length && bytes[start + shared] === last.bytes[last.start + shared])
            shared++;
        let count = this.#names.length;
        for (; count > 0; count--) {
            const nameEnd = this.#ends[count - 1];
            if (nameEnd <= shared && nameEnd < end - start && bytes[start + nameEnd] === SLASH)
                break;
        }
        return count;
    }
    #isDot(entry, { bytes }, first, end) {
        if (bytes[first] !== DOT || end - first > 2)
            return false;
        if (end - first === 2 && bytes[first + 1] === DOT) {
            throw new errors/* FormatError */.IF(`${this.#field}: got ${entry.quote(this.#key)}, wanted a path without ".."`);
        }
        return end - first === 1;
    }
    #name({ bytes, encoding }, first, end) {
        const length = end - first;
        if (length > estargz_limits/* MAX_NAME_LENGTH */.EM) {
            throw new errors/* FormatError */.IF(`${this.#field}: a name has ${length} bytes, wanted ${estargz_limits/* MAX_NAME_LENGTH */.EM} at most`);
        }
        return bytes.toString(encoding, first, end);
    }
}

;// CONCATENATED MODULE: ./src/estargz/toc-tree.js


function makeNode(fields) {
    return {
        type: fields.type,
        mode: fields.mode,
        uid: fields.uid ?? 0,
        gid: fields.gid ?? 0,
        mtimeSec: fields.mtimeSec ?? 0,
        size: fields.size ?? 0,
        nlink: 0,
        linkName: fields.linkName,
        devMajor: fields.devMajor ?? 0,
        devMinor: fields.devMinor ?? 0,
        xattrs: fields.xattrs,
        children: fields.type === 'dir' ? (fields.children ?? new Map()) : undefined,
        firstChunk: 0,
        chunkCount: 0,
    };
}
class TocTree {
    #root = makeNode({ type: 'dir', mode: 0o755 });
    #waiting = new Map();
    #impliedDirsLeft = estargz_limits/* SPARE_IMPLIED_DIRS */.SQ;
    #openNames = [];
    #open = [];
    get root() {
        return this.#root;
    }
    add(path, node) {
        const base = path.at(-1);
        if (base === undefined) {
            if (node.type !== 'dir')
                throw new errors/* FormatError */.IF(`type: the root is a ${node.type}, wanted a dir`);
            this.#root = makeNode({ ...node, children: this.#root.children });
            return;
        }
        this.#impliedDirsLeft += 4;
        if (this.#waiting.size > 0)
            this.#waiting.delete(path.join('/'));
        const siblings = this.#requireParent(path);
        const existing = node.type === 'dir' ? siblings.get(base) : undefined;
        siblings.set(base, existing?.type === 'dir' ? makeNode({ ...node, children: existing.children }) : node);
    }
    link(path, target, entryIndex) {
        if (path.length === 0)
            throw new errors/* FormatError */.IF('type: the root is a hardlink, wanted a dir');
        if (target.length === path.length && target.every((name, i) => name === path[i])) {
            throw new errors/* FormatError */.IF('linkName: a hard link to itself');
        }
        const node = this.#lookup(target);
        if (node === undefined)
            this.#wait({ path: [...path], target: [...target], entryIndex });
        else
            this.#addLink(path, node);
    }
    #wait(link) {
        this.#impliedDirsLeft += 4;
        this.#waiting.set(link.path.join('/'), link);
    }
    finish(onError) {
        for (const link of this.#waiting.values()) {
            try {
                this.#resolve(link);
            }
            catch (error) {
                throw error instanceof errors/* FormatError */.IF ? onError(link.entryIndex, error) : error;
            }
        }
    }
    #resolve(link) {
        const chain = new Set();
        let node;
        for (let current = link; node === undefined;) {
            if (chain.has(current))
                throw new errors/* FormatError */.IF('linkName: hard links that go in a circle');
            chain.add(current);
            node = this.#lookup(current.target);
            if (node !== undefined)
                break;
            const next = this.#waiting.get(current.target.join('/'));
            if (next === undefined)
                throw new errors/* FormatError */.IF('linkName: no entry has this name');
            current = next;
        }
        for (const { path } of chain)
            this.#addLink(path, node);
    }
    #addLink(path, node) {
        if (node.type === 'dir')
            throw new errors/* FormatError */.IF('linkName: a hard link to a directory');
        this.add(path, node);
    }
    #lookup(path) {
        let node = this.#root;
        for (const name of path)
            node = node?.children?.get(name);
        return node;
    }
    #requireParent(path) {
        let depth = 0;
        while (depth < path.length - 1 && path[depth] === this.#openNames[depth])
            depth++;
        this.#keepOpen(depth);
        let children = depth === 0 ? this.#root.children : this.#open[depth - 1];
        for (; depth < path.length - 1; depth++) {
            const name = path[depth] ?? '';
            children = (children?.get(name) ?? this.#implyDir(children, name)).children;
            if (children === undefined)
                throw new errors/* FormatError */.IF(`name: its parent ${JSON.stringify(name)} is not a directory`);
            this.#openNames.push(name);
            this.#open.push(children);
        }
        if (children === undefined)
            throw new errors/* FormatError */.IF('name: the root is not a directory');
        return children;
    }
    #keepOpen(depth) {
        while (this.#open.length > depth) {
            this.#open.pop();
            this.#openNames.pop();
        }
    }
    #implyDir(siblings, name) {
        if (this.#impliedDirsLeft-- === 0)
            throw new errors/* FormatError */.IF('name: too many directories without an entry');
        const node = makeNode({ type: 'dir', mode: 0o755 });
        siblings?.set(name, node);
        return node;
    }
}

// EXTERNAL MODULE: ./src/estargz/word-table.js
var word_table = __webpack_require__(13567);
;// CONCATENATED MODULE: ./src/estargz/toc-reader.js









const NODE_TYPES = ['reg', 'dir', 'symlink', 'char', 'block', 'fifo'];
const TYPES = new word_table/* WordTable */.T([...NODE_TYPES, 'hardlink', 'chunk']);
const HARDLINK = NODE_TYPES.length;
const CHUNK_TYPES = new word_table/* WordTable */.T(['', 'zeros']);
const ZEROS = 1;
const CHUNK = NODE_TYPES.length + 1;
const USUAL_ENTRY_SIZE = 300;
class TocReader {
    tree = new TocTree();
    chunks;
    #scanner;
    #entry;
    #names;
    #targets;
    #payloadEnd;
    #limits;
    #knowsHoles;
    #file;
    #index = -1;
    constructor(scanner, { payloadEnd, limits, knowsHoles }) {
        this.chunks = new ChunkList(limits.maxChunkSize, Math.ceil(scanner.bytes.length / USUAL_ENTRY_SIZE));
        this.#scanner = scanner;
        this.#entry = new toc_entry/* TocEntry */.vM(scanner);
        this.#names = new PathReader(toc_entry/* KEY */._.name, limits);
        this.#targets = new PathReader(toc_entry/* KEY */._.linkName, limits);
        this.#payloadEnd = payloadEnd;
        this.#limits = limits;
        this.#knowsHoles = knowsHoles;
    }
    get index() {
        return this.#index;
    }
    readAll() {
        let count = 0;
        for (let more = this.#scanner.enter(json_scanner/* CLOSE_ARRAY */.$z); more; more = this.#scanner.more(json_scanner/* CLOSE_ARRAY */.$z)) {
            if (count++ < this.#limits.maxEntries)
                this.#read();
            else
                this.#scanner.value();
        }
        this.#endFile();
        return count;
    }
    #read() {
        const entry = this.#entry;
        const isObject = this.#scanner.peek() === json_scanner/* OPEN_OBJECT */.bV;
        if (isObject)
            entry.read();
        const type = isObject ? entry.word(toc_entry/* KEY */._.type, TYPES) : -1;
        if (type !== CHUNK)
            this.#endFile();
        this.#index++;
        if (!isObject)
            throw new errors/* FormatError */.IF(`got ${this.#quoteNext()}, wanted an object`);
        if (type === CHUNK)
            this.#readChunk();
        else if (type === HARDLINK)
            this.tree.link(this.#names.read(entry), this.#targets.read(entry), this.#index);
        else
            this.#readNode(type);
    }
    #quoteNext() {
        const start = this.#scanner.at;
        this.#scanner.value();
        return (0,toc_fields/* quote */.hD)(this.#scanner.valueAt(start, this.#scanner.at));
    }
    #readNode(typeIndex) {
        const path = this.#names.read(this.#entry);
        const type = NODE_TYPES[typeIndex];
        if (type === undefined)
            throw new errors/* FormatError */.IF(`type: got ${this.#entry.quote(toc_entry/* KEY */._.type)}, wanted one of the format`);
        const node = parseNode(this.#entry, type, this.#limits);
        this.tree.add(path, node);
        if (node.size === 0)
            return;
        this.#file = node;
        this.#entry.keepName();
        this.#addChunk(node, true);
    }
    #endFile() {
        const file = this.#file;
        if (file === undefined)
            return;
        this.#file = undefined;
        const reached = this.chunks.reached(file);
        if (reached === file.size)
            return;
        throw new errors/* FormatError */.IF(`chunkSize: the chunks of this file end at ${reached}, wanted its size, ${file.size}`);
    }
    #readChunk() {
        if (this.#file === undefined)
            throw new errors/* FormatError */.IF('type: a chunk after no file that has chunks');
        if (!this.#entry.mayHaveKeptName()) {
            throw new errors/* FormatError */.IF(`name: a chunk of another file than ${(0,toc_fields/* quote */.hD)(this.#entry.keptName())}, which is before it`);
        }
        this.#addChunk(this.#file, false);
    }
    #addChunk(file, isFirst) {
        const entry = this.#entry;
        const max = Number.MAX_SAFE_INTEGER;
        const size = entry.integer(toc_entry/* KEY */._.chunkSize, max);
        const digestAt = this.chunks.reserve();
        const isWholeFile = isFirst && (size === 0 || size === file.size);
        const hasDigest = entry.digest(toc_entry/* KEY */._.chunkDigest, this.chunks.digest, digestAt) ||
            (isWholeFile && entry.digest(toc_entry/* KEY */._.digest, this.chunks.digest, digestAt));
        this.chunks.add(file, {
            blobOffset: entry.integer(toc_entry/* KEY */._.offset, this.#payloadEnd - 1),
            innerOffset: entry.integer(toc_entry/* KEY */._.innerOffset, this.#limits.maxChunkSize),
            fileOffset: entry.integer(toc_entry/* KEY */._.chunkOffset, max),
            size,
            hasDigest,
            isHole: this.#knowsHoles && this.#isHole(),
            entryIndex: this.#index,
        });
    }
    #isHole() {
        const entry = this.#entry;
        if (!entry.has(toc_entry/* KEY */._.chunkType))
            return false;
        const type = entry.word(toc_entry/* KEY */._.chunkType, CHUNK_TYPES);
        if (type !== -1 || entry.value(toc_entry/* KEY */._.chunkType) === null)
            return type === ZEROS;
        throw new errors/* FormatError */.IF(`chunkType: got ${entry.quote(toc_entry/* KEY */._.chunkType)}, wanted "zeros" or none`);
    }
}
function parseNode(entry, type, limits) {
    const isDevice = type === 'char' || type === 'block';
    return makeNode({
        type,
        mode: type === 'symlink' ? 0o777 : parseMode(entry),
        uid: entry.integer(toc_entry/* KEY */._.uid, estargz_limits/* MAX_ID */.rc),
        gid: entry.integer(toc_entry/* KEY */._.gid, estargz_limits/* MAX_ID */.rc),
        mtimeSec: entry.time(),
        size: type === 'reg' ? entry.integer(toc_entry/* KEY */._.size, limits.maxFileSize) : 0,
        linkName: type === 'symlink' ? parseLinkTarget(entry) : undefined,
        devMajor: isDevice ? entry.integer(toc_entry/* KEY */._.devMajor, estargz_limits/* MAX_DEV_MAJOR */.dB) : 0,
        devMinor: isDevice ? entry.integer(toc_entry/* KEY */._.devMinor, estargz_limits/* MAX_DEV_MINOR */.j0) : 0,
        xattrs: entry.has(toc_entry/* KEY */._.xattrs) ? (0,toc_fields/* parseXattrs */.oD)(entry.value(toc_entry/* KEY */._.xattrs)) : undefined,
    });
}
function parseMode(entry) {
    return entry.integer(toc_entry/* KEY */._.mode, Number.MAX_SAFE_INTEGER) % 0o10000;
}
function parseLinkTarget(entry) {
    const target = entry.text(toc_entry/* KEY */._.linkName, estargz_limits/* MAX_LINK_LENGTH */.jE);
    if (target === '')
        throw new errors/* FormatError */.IF('linkName: got none, wanted a target');
    return target;
}

;// CONCATENATED MODULE: ./src/estargz/parse-toc.js









const PREFETCH_LANDMARK = '.prefetch.landmark';
const NO_PREFETCH_LANDMARK = '.no.prefetch.landmark';
const VERSION = 0;
const ENTRIES = 1;
const TOP_KEYS = new word_table/* WordTable */.T(['version', 'entries']);
function compressionOf(format) {
    return format === 'zstd:chunked' || format === 'zstd:chunked-containers' ? 'zstd' : 'gzip';
}
function parseToc(tocJson, options) {
    const { payloadEnd, format = 'estargz' } = options;
    const limits = { ...estargz_limits/* DEFAULT_LIMITS */.dR, ...options.limits };
    const knowsHoles = format === 'zstd:chunked-containers';
    const { start, reader } = readDocument(new json_scanner/* JsonScanner */.VF(tocJson), { payloadEnd, limits, knowsHoles });
    const errorAt = (index, error) => entryError(tocJson, start, index, error);
    reader.tree.finish(errorAt);
    const root = reader.tree.root;
    const prefetchEnd = takeLandmarks(root, reader.chunks);
    const { inodeCount, nameCount } = countLinks(root);
    const files = reader.chunks.files.filter((file) => file.nlink > 0);
    const verifiable = files.every((file) => hasDigests(reader.chunks, file));
    const chunks = buildChunkTable(reader.chunks, files, { compression: compressionOf(format), payloadEnd, errorAt });
    return { root, inodeCount, nameCount, chunks, verifiable, prefetchEnd, payloadEnd };
}
function readDocument(scanner, options) {
    let version;
    let entries;
    const isObject = scanner.peek() === json_scanner/* OPEN_OBJECT */.bV;
    const start = scanner.at;
    if (!isObject)
        scanner.value();
    for (let more = isObject && scanner.enter(json_scanner/* CLOSE_OBJECT */.tX); more; more = scanner.more(json_scanner/* CLOSE_OBJECT */.tX)) {
        const key = scanner.key(TOP_KEYS);
        scanner.peek();
        const valueStart = scanner.at;
        if (key === ENTRIES)
            entries = readEntries(scanner, options);
        else
            scanner.value();
        if (key === VERSION)
            version = scanner.valueAt(valueStart, scanner.at);
    }
    scanner.end();
    if (!isObject)
        throw new errors/* FormatError */.IF(`TOC: got ${(0,toc_fields/* quote */.hD)(scanner.valueAt(start, scanner.at))}, wanted an object`);
    if (version !== 1)
        throw new errors/* FormatError */.IF(`TOC version: got ${(0,toc_fields/* quote */.hD)(version)}, wanted 1`);
    if (entries?.error !== undefined)
        throw entries.error;
    return entries ?? { start, reader: new TocReader(scanner, options) };
}
function readEntries(scanner, options) {
    const start = scanner.at;
    const reader = new TocReader(scanner, options);
    if (scanner.peek() !== json_scanner/* OPEN_ARRAY */.rK) {
        scanner.value();
        const value = scanner.valueAt(start, scanner.at);
        if (value === null)
            return { start, reader };
        return { start, reader, error: new errors/* FormatError */.IF(`TOC entries: got ${(0,toc_fields/* quote */.hD)(value)}, wanted an array`) };
    }
    try {
        const count = reader.readAll();
        const { maxEntries } = options.limits;
        if (count <= maxEntries)
            return { start, reader };
        return { start, reader, error: new errors/* FormatError */.IF(`TOC entries: got ${count}, wanted ${maxEntries} at most`) };
    }
    catch (error) {
        if (!(error instanceof errors/* FormatError */.IF))
            throw error;
        scanner.at = start;
        scanner.value();
        return { start, reader, error: entryError(scanner.bytes, start, reader.index, error) };
    }
}
function takeLandmarks(root, chunks) {
    const landmark = root.children?.get(PREFETCH_LANDMARK);
    const isForbidden = root.children?.get(NO_PREFETCH_LANDMARK)?.type === 'reg';
    for (const name of [decode_toc/* TOC_NAME */.Z, PREFETCH_LANDMARK, NO_PREFETCH_LANDMARK])
        root.children?.delete(name);
    if (isForbidden)
        return 'none';
    return landmark !== undefined && landmark.chunkCount > 0 ? chunks.blobOffset[landmark.firstChunk] : undefined;
}
function countLinks(root) {
    const directories = [root];
    root.nlink = 2;
    let inodeCount = 1;
    let nameCount = 0;
    for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
        for (const child of directory.children?.values() ?? []) {
            nameCount++;
            if (child.nlink === 0)
                inodeCount++;
            child.nlink++;
            if (child.type !== 'dir')
                continue;
            child.nlink++;
            directory.nlink++;
            directories.push(child);
        }
    }
    return { inodeCount, nameCount };
}
function hasDigests(chunks, file) {
    for (let i = file.firstChunk; i < file.firstChunk + file.chunkCount; i++) {
        if (chunks.hasDigest[i] === 0)
            return false;
    }
    return true;
}
function entryError(tocJson, entriesStart, index, error) {
    const options = error.offset === undefined ? {} : { offset: error.offset };
    const name = quoteName(new json_scanner/* JsonScanner */.VF(tocJson, entriesStart), index);
    return new errors/* FormatError */.IF(`TOC entry ${index} (${name}): ${error.message}`, { ...options, cause: error });
}
function quoteName(scanner, index) {
    scanner.enter(json_scanner/* CLOSE_ARRAY */.$z);
    for (let before = 0; before < index; before++) {
        scanner.value();
        scanner.more(json_scanner/* CLOSE_ARRAY */.$z);
    }
    if (scanner.peek() !== json_scanner/* OPEN_OBJECT */.bV)
        return 'no object';
    const entry = new toc_entry/* TocEntry */.vM(scanner);
    entry.read();
    return entry.quote(toc_entry/* KEY */._.name);
}


/***/ }),

/***/ 12839:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   _: () => (/* binding */ KEY),
/* harmony export */   vM: () => (/* binding */ TocEntry),
/* harmony export */   xT: () => (/* binding */ keyName)
/* harmony export */ });
/* harmony import */ var _json_scanner_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(40195);
/* harmony import */ var _toc_fields_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(50074);
/* harmony import */ var _toc_time_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(32446);
/* harmony import */ var _word_table_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(13567);




const KEY = {
    name: 0,
    type: 1,
    size: 2,
    modtime: 3,
    linkName: 4,
    mode: 5,
    uid: 6,
    gid: 7,
    devMajor: 8,
    devMinor: 9,
    xattrs: 10,
    digest: 11,
    offset: 12,
    innerOffset: 13,
    chunkOffset: 14,
    chunkSize: 15,
    chunkDigest: 16,
    chunkType: 17,
};
const NAMES = Object.keys(KEY);
const WORDS = new _word_table_js__WEBPACK_IMPORTED_MODULE_3__/* .WordTable */ .T(NAMES);
function keyName(key) {
    return NAMES[key];
}
const SAFE_DIGITS = 15;
class TocEntry {
    #scanner;
    #bytes;
    #begin = 0;
    #start = new Float64Array(NAMES.length).fill(-1);
    #end = new Float64Array(NAMES.length);
    #form = NAMES.map(() => _json_scanner_js__WEBPACK_IMPORTED_MODULE_0__/* .PLAIN */ .tZ);
    #following = new Uint8Array(NAMES.length + 1);
    #keptNameStart = 0;
    #keptNameEnd = 0;
    #timeStart = 0;
    #timeEnd = 0;
    #timeSec = 0;
    constructor(scanner) {
        this.#scanner = scanner;
        this.#bytes = scanner.bytes;
    }
    read() {
        const scanner = this.#scanner;
        this.#begin = scanner.at;
        let before = NAMES.length;
        for (let more = scanner.enter(_json_scanner_js__WEBPACK_IMPORTED_MODULE_0__/* .CLOSE_OBJECT */ .tX); more; more = scanner.more(_json_scanner_js__WEBPACK_IMPORTED_MODULE_0__/* .CLOSE_OBJECT */ .tX)) {
            const key = scanner.key(WORDS, this.#following[before]);
            scanner.peek();
            const start = scanner.at;
            const form = scanner.value();
            if (key === -1)
                continue;
            this.#following[before] = key;
            before = key;
            this.#start[key] = start;
            this.#end[key] = scanner.at;
            this.#form[key] = form;
        }
    }
    has(key) {
        return this.#start[key] >= this.#begin;
    }
    value(key) {
        return this.has(key) ? this.#scanner.valueAt(this.#start[key], this.#end[key]) : undefined;
    }
    quote(key) {
        return (0,_toc_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .quote */ .hD)(this.value(key));
    }
    keepName() {
        this.#keptNameStart = this.#start[KEY.name];
        this.#keptNameEnd = this.#end[KEY.name];
    }
    keptName() {
        return this.#scanner.valueAt(this.#keptNameStart, this.#keptNameEnd);
    }
    mayHaveKeptName() {
        if (!this.has(KEY.name))
            return true;
        const start = this.#start[KEY.name];
        const isSameText = isSame(this.#bytes, start, this.#end[KEY.name], this.#keptNameStart, this.#keptNameEnd);
        return isSameText || this.value(KEY.name) === this.keptName();
    }
    word(key, words) {
        if (this.#isPlainString(key))
            return words.find(this.#bytes, this.#start[key] + 1, this.#end[key] - 1);
        const value = this.value(key);
        return typeof value === 'string' ? words.findText(value) : -1;
    }
    integer(key, max) {
        const start = this.#start[key];
        if (start < this.#begin)
            return 0;
        const end = this.#end[key];
        let value = end - start <= SAFE_DIGITS ? 0 : Number.NaN;
        for (let at = start; at < end; at++) {
            const digit = this.#bytes[at] - 0x30;
            value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN;
        }
        return value <= max ? value : (0,_toc_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .parseInteger */ .cG)(this.value(key), keyName(key), max);
    }
    text(key, maxBytes) {
        const { bytes, start, end, encoding } = this.span(key, maxBytes);
        return bytes.toString(encoding, start, end);
    }
    span(key, maxBytes) {
        const start = this.#start[key] + 1;
        const end = this.#end[key] - 1;
        if (this.#isPlainString(key) && end - start <= maxBytes)
            return { bytes: this.#bytes, start, end, encoding: 'latin1' };
        const bytes = Buffer.from((0,_toc_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .parseText */ .r4)(this.value(key), keyName(key), maxBytes));
        return { bytes, start: 0, end: bytes.length, encoding: 'utf8' };
    }
    time() {
        const start = this.#start[KEY.modtime];
        if (start < this.#begin)
            return 0;
        const end = this.#end[KEY.modtime];
        if (!isSame(this.#bytes, start, end, this.#timeStart, this.#timeEnd)) {
            const isUsual = this.#isPlainString(KEY.modtime) && end - start === _toc_time_js__WEBPACK_IMPORTED_MODULE_2__/* .UTC_TIME_LENGTH */ .KW + 2;
            const seconds = isUsual ? (0,_toc_time_js__WEBPACK_IMPORTED_MODULE_2__/* .parseUtcTime */ .jm)(this.#bytes, start + 1) : undefined;
            this.#timeSec = seconds ?? (0,_toc_time_js__WEBPACK_IMPORTED_MODULE_2__/* .parseTime */ .pe)(this.value(KEY.modtime));
            this.#timeStart = start;
            this.#timeEnd = end;
        }
        return this.#timeSec;
    }
    digest(key, target, at) {
        const start = this.#start[key];
        if (start < this.#begin)
            return false;
        if (this.#isPlainString(key) && (0,_toc_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .parseSha256 */ .tz)(this.#bytes, start + 1, this.#end[key] - 1, target, at))
            return true;
        const digest = (0,_toc_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .parseDigestField */ .wR)(this.value(key), keyName(key));
        return digest !== undefined && (0,_toc_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .parseSha256 */ .tz)(Buffer.from(digest), 0, digest.length, target, at);
    }
    #isPlainString(key) {
        const start = this.#start[key];
        return start >= this.#begin && this.#bytes[start] === _json_scanner_js__WEBPACK_IMPORTED_MODULE_0__/* .QUOTE */ .jA && this.#form[key] === _json_scanner_js__WEBPACK_IMPORTED_MODULE_0__/* .PLAIN */ .tZ;
    }
}
function isSame(bytes, start, end, otherStart, otherEnd) {
    if (end - start !== otherEnd - otherStart)
        return false;
    for (let i = end - start - 1; i >= 0; i--)
        if (bytes[start + i] !== bytes[otherStart + i])
            return false;
    return true;
}


/***/ }),

/***/ 50074:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   cG: () => (/* binding */ parseInteger),
/* harmony export */   hD: () => (/* binding */ quote),
/* harmony export */   oD: () => (/* binding */ parseXattrs),
/* harmony export */   r4: () => (/* binding */ parseText),
/* harmony export */   tz: () => (/* binding */ parseSha256),
/* harmony export */   wR: () => (/* binding */ parseDigestField)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _oci_digest_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(62635);
/* harmony import */ var _limits_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(33722);



const NO_DIGEST = `sha256:${'0'.repeat(64)}`;
const BYTES_PER_UNIT = 3;
function quote(value) {
    if (typeof value === 'string')
        return value.length > 100 ? `${JSON.stringify(value.slice(0, 100))}...` : JSON.stringify(value);
    if (Array.isArray(value))
        return 'an array';
    return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
function parseInteger(value, field, max) {
    if (value === undefined || value === null)
        return 0;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max)
        return value;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${field}: got ${quote(value)}, wanted an integer from 0 to ${max}`);
}
function parseText(value, field, maxBytes) {
    if (value === undefined || value === null)
        return '';
    if (typeof value !== 'string')
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${field}: got ${quote(value)}, wanted a string`);
    if (value.includes('\0'))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${field}: got ${quote(value)}, wanted a string without NUL`);
    const text = value.toWellFormed();
    if (!isShorter(text, maxBytes)) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${field}: got ${Buffer.byteLength(text)} bytes, wanted ${maxBytes} at most`);
    }
    return text;
}
function parseDigestField(value, field) {
    if (value === undefined || value === null || value === '')
        return undefined;
    if (typeof value === 'string' && (0,_oci_digest_js__WEBPACK_IMPORTED_MODULE_1__/* .isDigest */ .Bc)(value) && value !== NO_DIGEST)
        return value;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${field}: got ${quote(value)}, wanted sha256: and 64 lower-case hex digits`);
}
const HEX = new Uint8Array(256).fill(255);
for (const [value, digit] of Buffer.from('0123456789abcdef').entries())
    HEX[digit] = value;
const SHA256 = Buffer.from('sha256:');
function parseSha256(bytes, start, end, target, targetAt) {
    if (end - start !== SHA256.length + 64)
        return false;
    for (let i = 0; i < SHA256.length; i++)
        if (bytes[start + i] !== SHA256[i])
            return false;
    let union = 0;
    for (let i = 0, at = start + SHA256.length; i < 32; i++, at += 2) {
        const high = HEX[bytes[at]];
        const low = HEX[bytes[at + 1]];
        target[targetAt + i] = (high << 4) | low;
        union |= high | low;
    }
    return union > 0 && union < 16;
}
function parseXattrs(value) {
    if (value === undefined || value === null)
        return undefined;
    if (typeof value !== 'object' || Array.isArray(value)) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`xattrs: got ${quote(value)}, wanted an object`);
    }
    const xattrs = new Map();
    let total = 0;
    for (const [key, encoded] of Object.entries(value)) {
        const name = parseText(key, 'xattr name', _limits_js__WEBPACK_IMPORTED_MODULE_2__/* .MAX_XATTR_NAME */ .xu);
        if (name === '')
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF('xattr name: got none, wanted one');
        const bytes = parseBase64(encoded, `xattr ${quote(name)}`);
        total += Buffer.byteLength(name) + bytes.length;
        xattrs.set(name, bytes);
    }
    if (total > _limits_js__WEBPACK_IMPORTED_MODULE_2__/* .MAX_XATTR_TOTAL */ .mQ)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`xattrs: got ${total} bytes, wanted ${_limits_js__WEBPACK_IMPORTED_MODULE_2__/* .MAX_XATTR_TOTAL */ .mQ} at most`);
    return xattrs.size === 0 ? undefined : xattrs;
}
function parseBase64(value, field) {
    if (value === null)
        return new Uint8Array();
    if (typeof value !== 'string' || value.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${field}: got ${quote(value)}, wanted base64`);
    }
    const length = Buffer.byteLength(value, 'base64');
    if (length > _limits_js__WEBPACK_IMPORTED_MODULE_2__/* .MAX_XATTR_VALUE */ .D0)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${field}: got ${length} bytes, wanted ${_limits_js__WEBPACK_IMPORTED_MODULE_2__/* .MAX_XATTR_VALUE */ .D0} at most`);
    return new Uint8Array(Buffer.from(value, 'base64'));
}
function isShorter(text, maxBytes) {
    return text.length * BYTES_PER_UNIT <= maxBytes || Buffer.byteLength(text) <= maxBytes;
}


/***/ }),

/***/ 32446:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   KN: () => (/* binding */ asUnpacked),
/* harmony export */   KW: () => (/* binding */ UTC_TIME_LENGTH),
/* harmony export */   jm: () => (/* binding */ parseUtcTime),
/* harmony export */   pe: () => (/* binding */ parseTime)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _toc_fields_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(50074);


const MAX_TIME_SEC = 9_223_372_036;
const UTC_TIME_LENGTH = 20;
function parseTime(value) {
    if (value === undefined || value === null || value === '')
        return 0;
    const isRfc3339 = typeof value === 'string' &&
        /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
        isDayOfMonth(Number(value.slice(0, 4)), Number(value.slice(5, 7)), Number(value.slice(8, 10)));
    const milliseconds = isRfc3339 ? Date.parse(value) : Number.NaN;
    if (Number.isNaN(milliseconds)) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`modtime: got ${(0,_toc_fields_js__WEBPACK_IMPORTED_MODULE_1__/* .quote */ .hD)(value)}, wanted an RFC 3339 time of the years 0001 to 9999`);
    }
    return asUnpacked(Math.floor(milliseconds / 1000));
}
function parseUtcTime(bytes, at) {
    const isUsual = bytes[at + 4] === 0x2d &&
        bytes[at + 7] === 0x2d &&
        bytes[at + 10] === 0x54 &&
        bytes[at + 13] === 0x3a &&
        bytes[at + 16] === 0x3a &&
        bytes[at + 19] === 0x5a;
    const year = twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2);
    const month = twoDigits(bytes, at + 5);
    const day = twoDigits(bytes, at + 8);
    const hour = twoDigits(bytes, at + 11);
    const minute = twoDigits(bytes, at + 14);
    const second = twoDigits(bytes, at + 17);
    const isInRange = year >= 100 && hour <= 23 && minute <= 59 && second <= 59 && isDayOfMonth(year, month, day);
    if (!isUsual || !isInRange)
        return undefined;
    return asUnpacked(Date.UTC(year, month - 1, day, hour, minute, second) / 1000);
}
function asUnpacked(seconds) {
    return Math.min(MAX_TIME_SEC, Math.max(0, seconds));
}
function twoDigits(bytes, at) {
    const tens = bytes[at] - 0x30;
    const ones = bytes[at + 1] - 0x30;
    return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
function isDayOfMonth(year, month, day) {
    const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
    const days = month === 2 && !isLeap ? 28 : (DAYS[month - 1] ?? 0);
    return day >= 1 && day <= days;
}


/***/ }),

/***/ 13567:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   T: () => (/* binding */ WordTable)
/* harmony export */ });
class WordTable {
    #words;
    #bytes;
    #slots;
    constructor(words) {
        this.#words = words;
        this.#bytes = words.map((word) => new Uint8Array(Buffer.from(word, 'latin1')));
        this.#slots = Array.from({ length: SLOTS }, () => []);
        for (const [index, bytes] of this.#bytes.entries())
            this.#slots[slotOf(bytes, 0, bytes.length)].push(index);
    }
    find(bytes, start, end) {
        const indexes = this.#slots[slotOf(bytes, start, end)];
        for (let i = 0; i < indexes.length; i++) {
            const word = this.#bytes[indexes[i]];
            if (word.length === end - start && hasWord(bytes, start, word))
                return indexes[i];
        }
        return -1;
    }
    findText(word) {
        return this.#words.indexOf(word);
    }
    isAt(index, bytes, start, after) {
        const word = this.#bytes[index];
        return bytes[start + word.length] === after && hasWord(bytes, start, word);
    }
    lengthOf(index) {
        return this.#bytes[index].length;
    }
}
const SLOTS = 512;
function slotOf(bytes, start, end) {
    return end === start ? 0 : ((end - start) * 32 + (bytes[start] & 31)) % SLOTS;
}
function hasWord(bytes, start, word) {
    for (let i = 0; i < word.length; i++)
        if (bytes[start + i] !== word[i])
            return false;
    return true;
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

/***/ 32125:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   U: () => (/* binding */ applyPax),
/* harmony export */   m: () => (/* binding */ FIELD_RECORDS)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);

const FIELD_RECORDS = new Set([
    'path',
    'linkpath',
    'size',
    'uid',
    'gid',
    'mtime',
    'uname',
    'gname',
]);
function applyPax(header, pax) {
    if (pax.size === 0)
        return header;
    return {
        name: textRecord(pax, 'path') ?? header.name,
        mode: header.mode,
        uid: numberRecord(pax, 'uid') ?? header.uid,
        gid: numberRecord(pax, 'gid') ?? header.gid,
        size: numberRecord(pax, 'size') ?? header.size,
        mtimeSec: timeRecord(pax, 'mtime') ?? header.mtimeSec,
        typeflag: header.typeflag,
        linkName: textRecord(pax, 'linkpath') ?? header.linkName,
        userName: textRecord(pax, 'uname') ?? header.userName,
        groupName: textRecord(pax, 'gname') ?? header.groupName,
        devMajor: header.devMajor,
        devMinor: header.devMinor,
    };
}
function textRecord(pax, key) {
    const value = pax.get(key);
    if (value === undefined || value.length === 0)
        return undefined;
    return Buffer.from(value.buffer, value.byteOffset, value.length);
}
function numberRecord(pax, key) {
    const text = textRecord(pax, key)?.toString('latin1');
    if (text === undefined)
        return undefined;
    const value = /^-?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
    return requireSafe(value, key, text);
}
function timeRecord(pax, key) {
    const text = textRecord(pax, key)?.toString('latin1');
    if (text === undefined)
        return undefined;
    const [, whole, fraction = ''] = /^(-?[0-9]+)(?:\.([0-9]*))?$/.exec(text) ?? [];
    const isBelow = text.startsWith('-') && /[1-9]/.test(fraction);
    return requireSafe(whole === undefined ? Number.NaN : Number(whole) - (isBelow ? 1 : 0), key, text);
}
function requireSafe(value, key, text) {
    if (Number.isSafeInteger(value))
        return value + 0;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`PAX record ${key} is not a number: ${JSON.stringify(text.slice(0, 40))}`);
}


/***/ }),

/***/ 69449:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   O_: () => (/* binding */ tarEntries),
/* harmony export */   Zt: () => (/* binding */ paddingOf),
/* harmony export */   eL: () => (/* binding */ NO_FIELDS),
/* harmony export */   vv: () => (/* binding */ encodeEntry)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _apply_pax_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(32125);
/* harmony import */ var _header_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(56460);
/* harmony import */ var _pax_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(13520);




const NO_FIELDS = {
    mode: 0,
    uid: 0,
    gid: 0,
    mtimeSec: 0,
    linkName: Buffer.alloc(0),
    userName: Buffer.alloc(0),
    groupName: Buffer.alloc(0),
    devMajor: 0,
    devMinor: 0,
};
function paddingOf(size) {
    return (_header_js__WEBPACK_IMPORTED_MODULE_2__/* .BLOCK_SIZE */ .cS - (size % _header_js__WEBPACK_IMPORTED_MODULE_2__/* .BLOCK_SIZE */ .cS)) % _header_js__WEBPACK_IMPORTED_MODULE_2__/* .BLOCK_SIZE */ .cS;
}
function encodeEntry(header, records = new Map()) {
    const pax = new Map();
    const fitting = {
        ...header,
        name: fitName(pax, 'path', header.name, _header_js__WEBPACK_IMPORTED_MODULE_2__/* .MAX_NAME */ .zB),
        linkName: fitName(pax, 'linkpath', header.linkName, _header_js__WEBPACK_IMPORTED_MODULE_2__/* .MAX_NAME */ .zB),
        userName: fitName(pax, 'uname', header.userName, _header_js__WEBPACK_IMPORTED_MODULE_2__/* .MAX_OWNER_NAME */ .R_),
        groupName: fitName(pax, 'gname', header.groupName, _header_js__WEBPACK_IMPORTED_MODULE_2__/* .MAX_OWNER_NAME */ .R_),
        size: fitNumber(pax, 'size', header.size, _header_js__WEBPACK_IMPORTED_MODULE_2__/* .MAX_SIZE */ .Vt),
        uid: fitNumber(pax, 'uid', header.uid, _header_js__WEBPACK_IMPORTED_MODULE_2__/* .MAX_ID */ .rc),
        gid: fitNumber(pax, 'gid', header.gid, _header_js__WEBPACK_IMPORTED_MODULE_2__/* .MAX_ID */ .rc),
        mtimeSec: fitNumber(pax, 'mtime', header.mtimeSec, _header_js__WEBPACK_IMPORTED_MODULE_2__/* .MAX_SIZE */ .Vt),
    };
    for (const [key, value] of records) {
        const isExact = (key === 'mtime' || key === 'size') && value.length > 0;
        if (isExact || !_apply_pax_js__WEBPACK_IMPORTED_MODULE_1__/* .FIELD_RECORDS */ .m.has(key))
            pax.set(key, value);
    }
    if (pax.size === 0)
        return (0,_header_js__WEBPACK_IMPORTED_MODULE_2__/* .encodeHeader */ .YS)(fitting);
    const payload = (0,_pax_js__WEBPACK_IMPORTED_MODULE_3__/* .encodePax */ ._)(pax);
    const paxHeader = (0,_header_js__WEBPACK_IMPORTED_MODULE_2__/* .encodeHeader */ .YS)({ ...NO_FIELDS, name: Buffer.from('PaxHeader'), typeflag: 'x', size: payload.length });
    return Buffer.concat([paxHeader, payload, Buffer.alloc(paddingOf(payload.length)), (0,_header_js__WEBPACK_IMPORTED_MODULE_2__/* .encodeHeader */ .YS)(fitting)]);
}
function* tarEntries(archive) {
    const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.length);
    let start = 0;
    let pax = new Map();
    for (let offset = 0; offset < bytes.length;) {
        const block = (0,_header_js__WEBPACK_IMPORTED_MODULE_2__/* .parseHeader */ .RW)(bytes, offset);
        if (block === undefined)
            return;
        const header = (0,_apply_pax_js__WEBPACK_IMPORTED_MODULE_1__/* .applyPax */ .U)(block, pax);
        const dataStart = offset + _header_js__WEBPACK_IMPORTED_MODULE_2__/* .BLOCK_SIZE */ .cS;
        const dataEnd = dataStart + header.size;
        if (header.size < 0 || dataEnd > bytes.length) {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`tar payload of ${header.size} bytes is cut`, { offset });
        }
        const data = bytes.subarray(dataStart, dataEnd);
        offset = dataEnd + paddingOf(header.size);
        if (header.typeflag === 'x') {
            pax = (0,_pax_js__WEBPACK_IMPORTED_MODULE_3__/* .parsePax */ .dA)(data);
        }
        else {
            yield { header, pax, start, data };
            pax = new Map();
            start = offset;
        }
    }
}
function fitName(pax, key, name, max) {
    if (name.length <= max && name.every((byte) => byte < 0x80))
        return name;
    pax.set(key, name);
    return Buffer.from(name.toString('latin1').replaceAll(/[^\x20-\x7e]/g, '_')).subarray(0, max);
}
function fitNumber(pax, key, value, max) {
    if (Number.isInteger(value) && value >= 0 && value <= max)
        return value;
    pax.set(key, Buffer.from(String(value)));
    return 0;
}


/***/ }),

/***/ 56460:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   RW: () => (/* binding */ parseHeader),
/* harmony export */   R_: () => (/* binding */ MAX_OWNER_NAME),
/* harmony export */   Si: () => (/* binding */ parseAccessTimes),
/* harmony export */   Vt: () => (/* binding */ MAX_SIZE),
/* harmony export */   YS: () => (/* binding */ encodeHeader),
/* harmony export */   cS: () => (/* binding */ BLOCK_SIZE),
/* harmony export */   rc: () => (/* binding */ MAX_ID),
/* harmony export */   zB: () => (/* binding */ MAX_NAME)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);

const BLOCK_SIZE = 512;
const NAME = [0, 100];
const MODE = [100, 8];
const UID = [108, 8];
const GID = [116, 8];
const SIZE = [124, 12];
const MTIME = [136, 12];
const CHECKSUM = [148, 8];
const TYPEFLAG = 156;
const LINK_NAME = [157, 100];
const MAGIC = [257, 8];
const USER_NAME = [265, 32];
const GROUP_NAME = [297, 32];
const DEV_MAJOR = [329, 8];
const DEV_MINOR = [337, 8];
const PREFIX = [345, 155];
const STAR_PREFIX = [345, 131];
const STAR_ATIME = [476, 12];
const STAR_CTIME = [488, 12];
const STAR_TRAILER = [508, 4];
const GNU_ATIME = [345, 12];
const GNU_CTIME = [357, 12];
const MAX_NAME = NAME[1];
const MAX_OWNER_NAME = USER_NAME[1] - 1;
const MAX_SIZE = 8 ** 11 - 1;
const MAX_ID = 8 ** 7 - 1;
function encodeHeader(header) {
    const block = Buffer.alloc(BLOCK_SIZE);
    putBytes(block, NAME, header.name);
    putOctal(block, MODE, header.mode);
    putOctal(block, UID, header.uid);
    putOctal(block, GID, header.gid);
    putOctal(block, SIZE, header.size);
    putOctal(block, MTIME, header.mtimeSec);
    block.write(header.typeflag, TYPEFLAG, 1, 'latin1');
    putBytes(block, LINK_NAME, header.linkName);
    block.write('ustar\x0000', MAGIC[0], 'latin1');
    putBytes(block, USER_NAME, header.userName);
    putBytes(block, GROUP_NAME, header.groupName);
    putOctal(block, DEV_MAJOR, header.devMajor);
    putOctal(block, DEV_MINOR, header.devMinor);
    block.write(`${checksum(block).toString(8).padStart(6, '0')}\0 `, CHECKSUM[0], 'latin1');
    return block;
}
function parseHeader(bytes, offset) {
    if (offset + BLOCK_SIZE > bytes.length)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF('tar header is cut', { offset });
    const block = Buffer.from(bytes.buffer, bytes.byteOffset + offset, BLOCK_SIZE);
    if (block[0] === 0 && block.every((byte) => byte === 0))
        return undefined;
    requireChecksum(block, offset);
    const magic = block.toString('latin1', MAGIC[0], MAGIC[0] + 6);
    const hasMagic = magic === 'ustar\0' || magic === 'ustar ';
    const prefix = magic === 'ustar\0' ? text(block, isStar(block) ? STAR_PREFIX : PREFIX) : NOTHING;
    return {
        name: prefix.length === 0 ? text(block, NAME) : Buffer.concat([prefix, Buffer.from('/'), text(block, NAME)]),
        mode: number(block, MODE, offset),
        uid: number(block, UID, offset),
        gid: number(block, GID, offset),
        size: number(block, SIZE, offset),
        mtimeSec: number(block, MTIME, offset),
        typeflag: String.fromCharCode(block[TYPEFLAG]),
        linkName: text(block, LINK_NAME),
        userName: hasMagic ? text(block, USER_NAME) : NOTHING,
        groupName: hasMagic ? text(block, GROUP_NAME) : NOTHING,
        devMajor: hasMagic ? number(block, DEV_MAJOR, offset) : 0,
        devMinor: hasMagic ? number(block, DEV_MINOR, offset) : 0,
    };
}
function parseAccessTimes(bytes, offset) {
    const block = Buffer.from(bytes.buffer, bytes.byteOffset + offset, BLOCK_SIZE);
    const magic = block.toString('latin1', MAGIC[0], MAGIC[0] + MAGIC[1]);
    if (magic === 'ustar  \0') {
        return {
            ...(block[GNU_ATIME[0]] === 0 ? {} : { accessSec: number(block, GNU_ATIME, offset) }),
            ...(block[GNU_CTIME[0]] === 0 ? {} : { changeSec: number(block, GNU_CTIME, offset) }),
        };
    }
    if (!magic.startsWith('ustar\0') || !isStar(block))
        return {};
    return { accessSec: number(block, STAR_ATIME, offset), changeSec: number(block, STAR_CTIME, offset) };
}
const NOTHING = Buffer.alloc(0);
function checksum(block) {
    let sum = 8 * 0x20;
    for (let i = 0; i < CHECKSUM[0]; i++)
        sum += block[i];
    for (let i = CHECKSUM[0] + CHECKSUM[1]; i < BLOCK_SIZE; i++)
        sum += block[i];
    return sum;
}
function signedChecksum(block) {
    const signed = new Int8Array(block.buffer, block.byteOffset, BLOCK_SIZE);
    return signed.reduce((sum, byte, i) => (i >= CHECKSUM[0] && i < CHECKSUM[0] + CHECKSUM[1] ? sum : sum + byte), 8 * 0x20);
}
function requireChecksum(block, offset) {
    const wanted = number(block, CHECKSUM, offset);
    const sum = checksum(block);
    if (wanted === sum || wanted === signedChecksum(block))
        return;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`tar header checksum: expected ${wanted}, got ${sum}`, { offset });
}
function isStar(block) {
    return block.toString('latin1', STAR_TRAILER[0], STAR_TRAILER[0] + STAR_TRAILER[1]) === 'tar\0';
}
function putBytes(block, [offset, length], value) {
    if (value.length > length)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${value.length} bytes do not fit the tar field at ${offset}`);
    block.set(value, offset);
}
function putOctal(block, [offset, length], value) {
    const digits = value.toString(8);
    if (!Number.isSafeInteger(value) || value < 0 || digits.length >= length) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${value} does not fit the tar field at ${offset}`);
    }
    block.write(digits.padStart(length - 1, '0'), offset, 'latin1');
}
function text(block, [offset, length]) {
    let end = offset;
    while (end < offset + length && block[end] !== 0)
        end++;
    return end === offset ? NOTHING : block.subarray(offset, end);
}
function number(block, [offset, length], blockOffset) {
    const isBase256 = ((block[offset] ?? 0) & 0x80) !== 0;
    const value = isBase256 ? base256(block, offset, length) : octal(block, offset, length);
    if (Number.isSafeInteger(value))
        return value;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF('tar header field is not a number', { offset: blockOffset + offset });
}
function octal(block, offset, length) {
    const end = offset + length;
    let at = offset;
    while (at < end && (block[at] === SPACE || block[at] === 0))
        at++;
    let value = 0;
    for (; at < end; at++) {
        const digit = block[at] - 0x30;
        if (digit < 0 || digit > 7)
            break;
        value = value * 8 + digit;
    }
    while (at < end && block[at] === SPACE)
        at++;
    return at === end || block[at] === 0 ? value : Number.NaN;
}
const SPACE = 0x20;
function base256(block, offset, length) {
    const first = block[offset] ?? 0;
    let value = (first & 0x40) === 0 ? first & 0x3f : first - 0x100;
    for (let i = 1; i < length; i++)
        value = value * 256 + (block[offset + i] ?? 0);
    return value;
}


/***/ }),

/***/ 13520:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   _: () => (/* binding */ encodePax),
/* harmony export */   cZ: () => (/* binding */ xattrsOf),
/* harmony export */   dA: () => (/* binding */ parsePax),
/* harmony export */   hc: () => (/* binding */ XATTR_PREFIX)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);

const XATTR_PREFIX = 'SCHILY.xattr.';
function encodePax(records) {
    return Buffer.concat([...records].map(([key, value]) => encodeRecord(key, value)));
}
function parsePax(bytes) {
    const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const records = new Map();
    let offset = 0;
    while (offset < all.length) {
        const space = all.indexOf(0x20, offset);
        const digits = all.toString('latin1', offset, space === -1 ? offset : space);
        const end = offset + (/^[0-9]{1,9}$/.test(digits) ? Number(digits) : 0);
        const equals = all.indexOf(0x3d, offset);
        if (equals < space || equals >= end || end > all.length || all[end - 1] !== 0x0a) {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF('PAX record is malformed', { offset });
        }
        records.set(all.toString('utf8', space + 1, equals), all.subarray(equals + 1, end - 1));
        offset = end;
    }
    return records;
}
function xattrsOf(records) {
    let xattrs;
    for (const [key, value] of records) {
        if (key.startsWith(XATTR_PREFIX))
            (xattrs ??= new Map()).set(key.slice(XATTR_PREFIX.length), value);
    }
    return xattrs;
}
function encodeRecord(key, value) {
    const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
    let length = rest.length + String(rest.length).length;
    length = rest.length + String(length).length;
    return Buffer.concat([Buffer.from(String(length)), rest]);
}


/***/ })

};
