export const id = 817;
export const ids = [817];
export const modules = {

/***/ 31285:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   C: () => (/* binding */ NotEstargzError),
/* harmony export */   b: () => (/* binding */ UnsupportedLayerError)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);

class NotEstargzError extends _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF {
}
class UnsupportedLayerError extends _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB {
    kind;
    constructor(kind, detail) {
        super('UNSUPPORTED', `not lazily mountable because ${detail}`);
        this.kind = kind;
    }
}


/***/ }),

/***/ 98633:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F5: () => (/* binding */ encodeExternalFooter),
/* harmony export */   WY: () => (/* binding */ encodeFooter),
/* harmony export */   fy: () => (/* binding */ parseFooter),
/* harmony export */   rp: () => (/* binding */ LONGEST_FOOTER)
/* harmony export */ });
/* unused harmony exports FOOTER_SIZE, LEGACY_FOOTER_SIZE, EXTERNAL_FOOTER_SIZE */
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(31285);
/* harmony import */ var _zstd_footer_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(62905);



const FOOTER_SIZE = 51;
const LEGACY_FOOTER_SIZE = 47;
const EXTERNAL_FOOTER_SIZE = 46;
const LONGEST_FOOTER = Math.max(FOOTER_SIZE, _zstd_footer_js__WEBPACK_IMPORTED_MODULE_2__/* .LONGEST_ZSTD_FOOTER */ .$v);
const HEADER = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff];
const EMPTY_PAYLOAD = [1, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0];
const SUBFIELD = Buffer.from('SG');
const OFFSET_DIGITS = 16;
const OFFSET_MARK = 'STARGZ';
const EXTERNAL_MARK = 'STARGZEXTERNALTOC';
const EXTRA_AT = 12;
function encodeFooter(tocOffset, format = 'estargz') {
    const data = Buffer.from(tocOffset.toString(16).padStart(OFFSET_DIGITS, '0') + OFFSET_MARK);
    const extra = format === 'stargz' ? data : Buffer.concat([SUBFIELD, uint16(data.length), data]);
    return Buffer.concat([Buffer.from(HEADER), uint16(extra.length), extra, Buffer.from(EMPTY_PAYLOAD)]);
}
function encodeExternalFooter() {
    const data = Buffer.from(EXTERNAL_MARK);
    const extra = Buffer.concat([SUBFIELD, uint16(data.length), data]);
    return Buffer.concat([Buffer.from(HEADER), uint16(extra.length), extra, Buffer.from(EMPTY_PAYLOAD)]);
}
function parseFooter(tail, blobSize) {
    const end = Buffer.from(tail.buffer, tail.byteOffset, tail.length);
    const digits = offsetDigits(lastOf(end, FOOTER_SIZE), true);
    if (digits !== undefined)
        return checkedFooter('estargz', digits, blobSize, FOOTER_SIZE);
    const legacyDigits = offsetDigits(lastOf(end, LEGACY_FOOTER_SIZE), false);
    if (legacyDigits !== undefined)
        return checkedFooter('stargz', legacyDigits, blobSize, LEGACY_FOOTER_SIZE);
    const zstd = (0,_zstd_footer_js__WEBPACK_IMPORTED_MODULE_2__/* .parseZstdFooter */ .ms)(end, blobSize);
    if (zstd !== undefined)
        return zstdFooter(zstd);
    if (extraOf(lastOf(end, EXTERNAL_FOOTER_SIZE), true) === EXTERNAL_MARK) {
        const payloadEnd = blobSize - EXTERNAL_FOOTER_SIZE;
        return { format: 'external-toc', payloadEnd, tocOffset: payloadEnd, tocEnd: payloadEnd, tocSize: undefined };
    }
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .NotEstargzError */ .C('the blob ends without a footer: neither eStargz nor zstd:chunked', { offset: blobSize });
}
function zstdFooter({ dialect, toc, tarSplit }) {
    return {
        format: dialect === 'stargz' ? 'zstd:chunked' : 'zstd:chunked-containers',
        payloadEnd: Math.min(toc.offset, tarSplit?.offset ?? Infinity) - _zstd_footer_js__WEBPACK_IMPORTED_MODULE_2__/* .SKIPPABLE_HEADER_SIZE */ .eV,
        tocOffset: toc.offset,
        tocEnd: toc.offset + toc.compressedSize,
        tocSize: toc.size,
    };
}
function offsetDigits(footer, hasSubfield) {
    const data = extraOf(footer, hasSubfield);
    if (data?.length !== OFFSET_DIGITS + OFFSET_MARK.length)
        return undefined;
    return data.endsWith(OFFSET_MARK) ? data.slice(0, OFFSET_DIGITS) : undefined;
}
function extraOf(footer, hasSubfield) {
    if (footer === undefined || !isGzipWithExtra(footer))
        return undefined;
    const extra = footer.subarray(EXTRA_AT, footer.length - EMPTY_PAYLOAD.length);
    if (footer.readUInt16LE(EXTRA_AT - 2) !== extra.length)
        return undefined;
    if (!hasSubfield)
        return extra.toString('latin1');
    const isStargz = extra.subarray(0, 2).equals(SUBFIELD) && extra.readUInt16LE(2) === extra.length - 4;
    return isStargz ? extra.toString('latin1', 4) : undefined;
}
function isGzipWithExtra(footer) {
    return HEADER.slice(0, 4).every((byte, i) => footer[i] === byte);
}
function checkedFooter(format, digits, blobSize, footerSize) {
    const tocOffset = /^[0-9a-f]{16}$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
    const tocEnd = blobSize - footerSize;
    if (!Number.isSafeInteger(tocOffset) || tocOffset >= tocEnd) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`footer says that the TOC is at ${JSON.stringify(digits)}, wanted hex digits of an offset below ${tocEnd}`, { offset: tocEnd });
    }
    return { format, payloadEnd: tocOffset, tocOffset, tocEnd, tocSize: undefined };
}
function lastOf(bytes, count) {
    return bytes.length < count ? undefined : bytes.subarray(bytes.length - count);
}
function uint16(value) {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16LE(value);
    return bytes;
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

/***/ 47124:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  DR: () => (/* binding */ folderDigest),
  ub: () => (/* binding */ folderName),
  _O: () => (/* binding */ imagePathOf),
  Pd: () => (/* binding */ loadLayerDir),
  nM: () => (/* binding */ openLive),
  ok: () => (/* binding */ recordPathOf),
  Nv: () => (/* binding */ tocPathOf),
  ox: () => (/* binding */ writeLayerDir),
  t$: () => (/* binding */ writePresent)
});

// UNUSED EXPORTS: identityOf

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/oci/digest.js
var oci_digest = __webpack_require__(62635);
// EXTERNAL MODULE: ./src/layer/bitmap-file.js
var bitmap_file = __webpack_require__(86831);
// EXTERNAL MODULE: ./src/layer/errors.js
var layer_errors = __webpack_require__(95488);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(48161);
// EXTERNAL MODULE: ./src/layer/frame.js
var layer_frame = __webpack_require__(23890);
;// CONCATENATED MODULE: ./src/layer/chunk-file.js



const MAGIC = 'LZPCHUNK';
const VERSION = 1;
const PREFIX_SIZE = 4 + 4;
const BYTES_PER_CHUNK = 5 * 8 + 4 + 32;
const COMPRESSIONS = ['gzip', 'zstd'];
function encodeChunkFile(chunks) {
    assertLittleEndian();
    const { table } = chunks;
    const payload = Buffer.alloc(PREFIX_SIZE + table.count * BYTES_PER_CHUNK);
    payload.writeUInt32LE(table.count, 0);
    payload.writeUInt32LE(COMPRESSIONS.indexOf(table.compression), 4);
    let at = PREFIX_SIZE;
    for (const column of columnsOf(chunks)) {
        payload.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
        at += column.byteLength;
    }
    return (0,layer_frame/* encodeFrame */.Yt)(MAGIC, VERSION, payload);
}
function decodeChunkFile(bytes) {
    assertLittleEndian();
    const payload = (0,layer_frame/* decodeFrame */.O2)(MAGIC, VERSION, bytes);
    const count = payload.length < PREFIX_SIZE ? -1 : payload.readUInt32LE(0);
    const compression = COMPRESSIONS[payload.length < PREFIX_SIZE ? -1 : payload.readUInt32LE(4)];
    if (compression === undefined || payload.length !== PREFIX_SIZE + count * BYTES_PER_CHUNK) {
        throw new errors/* FormatError */.IF(`sidecar ${MAGIC}: ${payload.length} bytes do not hold ${count} chunks`);
    }
    const chunks = emptyChunks(count, compression);
    let at = PREFIX_SIZE;
    for (const column of columnsOf(chunks)) {
        new Uint8Array(column.buffer).set(payload.subarray(at, at + column.byteLength));
        at += column.byteLength;
    }
    return chunks;
}
function columnsOf({ table, imageOffset }) {
    const { count } = table;
    return [
        table.blobOffset.subarray(0, count),
        table.blobEnd.subarray(0, count),
        table.innerOffset.subarray(0, count),
        table.fileOffset.subarray(0, count),
        imageOffset.subarray(0, count),
        table.size.subarray(0, count),
        table.digest.subarray(0, count * 32),
    ];
}
function emptyChunks(count, compression) {
    const floats = () => new Float64Array(new SharedArrayBuffer(count * 8));
    const table = {
        count,
        compression,
        blobOffset: floats(),
        blobEnd: floats(),
        innerOffset: floats(),
        fileOffset: floats(),
        size: new Uint32Array(new SharedArrayBuffer(count * 4)),
        digest: new Uint8Array(new SharedArrayBuffer(count * 32)),
    };
    return { table, imageOffset: floats() };
}
function assertLittleEndian() {
    if ((0,external_node_os_.endianness)() !== 'LE')
        throw new errors/* FormatError */.IF('the layer cache needs a little-endian machine');
}

// EXTERNAL MODULE: ./src/layer/presence.js
var presence = __webpack_require__(64994);
// EXTERNAL MODULE: ./src/layer/record.js
var layer_record = __webpack_require__(35066);
;// CONCATENATED MODULE: ./src/layer/layer-files.js










function folderName(digest) {
    return `sha256-${(0,oci_digest/* digestHex */.sU)(digest)}`;
}
function folderDigest(name) {
    const digest = name.replace(/^sha256-/, 'sha256:');
    return name.startsWith('sha256-') && (0,oci_digest/* isDigest */.Bc)(digest) ? digest : undefined;
}
function imagePathOf(dir) {
    return (0,external_node_path_.join)(dir, 'image');
}
function recordPathOf(dir) {
    return (0,external_node_path_.join)(dir, 'layer.json');
}
function tocPathOf(dir) {
    return (0,external_node_path_.join)(dir, 'toc');
}
function identityOf(record) {
    return Buffer.from((0,oci_digest/* digestHex */.sU)(record.chunksDigest), 'hex');
}
function writeLayerDir(dir, layer) {
    (0,external_node_fs_.mkdirSync)(dir, { recursive: true });
    const fd = (0,external_node_fs_.openSync)(imagePathOf(dir), 'wx', 0o600);
    try {
        (0,external_node_fs_.ftruncateSync)(fd, layer.record.imageSize);
        for (let at = 0; at < layer.metadata.length;)
            at += (0,external_node_fs_.writeSync)(fd, layer.metadata, at, undefined, at);
    }
    finally {
        (0,external_node_fs_.closeSync)(fd);
    }
    const chunkFile = encodeChunkFile(layer.chunks);
    const record = { ...layer.record, chunksDigest: (0,oci_digest/* digestOf */.ol)(chunkFile) };
    const { table } = layer.chunks;
    (0,external_node_fs_.writeFileSync)((0,external_node_path_.join)(dir, 'chunks'), chunkFile, { mode: 0o600 });
    (0,external_node_fs_.writeFileSync)(tocPathOf(dir), layer.tocFile, { mode: 0o600 });
    const live = (0,bitmap_file/* encodeLive */.ZE)(identityOf(record), layer.bootId, table.count, (0,presence/* emptyBitmap */.bn)(table.count));
    (0,external_node_fs_.writeFileSync)((0,external_node_path_.join)(dir, 'live'), live, { mode: 0o600 });
    (0,external_node_fs_.writeFileSync)(recordPathOf(dir), (0,layer_record/* encodeRecord */.Ym)(record), { mode: 0o600 });
    return record;
}
async function loadLayerDir(dir, digest, bootId) {
    const record = (0,layer_record/* decodeRecord */.eT)(await (0,promises_.readFile)(recordPathOf(dir), 'utf8'));
    if (record.digest !== digest)
        throw new errors/* FormatError */.IF(`layer.json: of ${record.digest}, wanted ${digest}`);
    const chunkFile = await (0,promises_.readFile)((0,external_node_path_.join)(dir, 'chunks'));
    const chunks = decodeChunkFile(chunkFile);
    const sameChunks = chunks.table.count === record.chunkCount && (0,oci_digest/* digestOf */.ol)(chunkFile) === record.chunksDigest;
    if (!sameChunks)
        throw new errors/* FormatError */.IF('sidecar chunks: not the one that layer.json names');
    const { size } = await (0,promises_.stat)(imagePathOf(dir));
    if (size !== record.imageSize)
        throw new errors/* FormatError */.IF(`layer image of ${size} bytes, wanted ${record.imageSize}`);
    const identity = identityOf(record);
    const live = await readBitmap((0,external_node_path_.join)(dir, 'live'), (bytes) => (0,bitmap_file/* decodeLive */.LN)(bytes, identity, bootId, record.chunkCount));
    const present = await readBitmap((0,external_node_path_.join)(dir, 'present'), (bytes) => (0,bitmap_file/* decodePresent */.CP)(bytes, identity, record.chunkCount));
    if (live === undefined && present === undefined)
        throw new errors/* FormatError */.IF('layer image without a checkpoint');
    const bitmap = present ?? (0,presence/* initialBitmap */.Cc)(chunks.table);
    for (const [i, word] of (live ?? []).entries())
        bitmap[i] = bitmap[i] | word;
    return { record, chunks, bitmap };
}
async function openLive(dir, record, bootId, bitmap) {
    const path = (0,external_node_path_.join)(dir, 'live');
    const identity = identityOf(record);
    try {
        await replaceFile(path, (0,bitmap_file/* encodeLive */.ZE)(identity, bootId, record.chunkCount, bitmap), false);
    }
    catch (error) {
        const decode = (bytes) => (0,bitmap_file/* decodeLive */.LN)(bytes, identity, bootId, record.chunkCount);
        if (!(0,layer_errors/* isDiskFull */.b$)(error) || (await readBitmap(path, decode)) === undefined)
            throw error;
    }
    return (0,external_node_fs_.openSync)(path, 'r+');
}
async function writePresent(dir, record, bitmap) {
    await replaceFile((0,external_node_path_.join)(dir, 'present'), (0,bitmap_file/* encodePresent */.e5)(identityOf(record), bitmap), true);
}
async function replaceFile(path, bytes, sync) {
    const temporary = `${path}.tmp`;
    const file = await (0,promises_.open)(temporary, 'w', 0o600);
    try {
        await file.writeFile(bytes);
        if (sync)
            await file.datasync();
        await (0,promises_.rename)(temporary, path);
    }
    catch (error) {
        await (0,promises_.rm)(temporary, { force: true });
        throw error;
    }
    finally {
        await file.close();
    }
}
async function readBitmap(path, decode) {
    try {
        return decode(await (0,promises_.readFile)(path));
    }
    catch (error) {
        if (error instanceof errors/* FormatError */.IF || error.code === 'ENOENT')
            return undefined;
        throw error;
    }
}


/***/ }),

/***/ 68540:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   C5: () => (/* binding */ memberOf),
/* harmony export */   Em: () => (/* binding */ firstChunkFrom),
/* harmony export */   G0: () => (/* binding */ nextMissing),
/* harmony export */   ee: () => (/* binding */ spanOf),
/* harmony export */   lS: () => (/* binding */ membersOf)
/* harmony export */ });
/* unused harmony export compressedBound */
/* harmony import */ var _presence_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(64994);

function memberOf(table, chunk) {
    const blobStart = table.blobOffset[chunk];
    let first = chunk;
    while (first > 0 && table.blobOffset[first - 1] === blobStart)
        first--;
    let end = chunk + 1;
    while (end < table.count && table.blobOffset[end] === blobStart)
        end++;
    const needed = table.innerOffset[end - 1] + table.size[end - 1];
    return {
        first,
        end,
        blobStart,
        blobEnd: Math.min(table.blobEnd[chunk], blobStart + compressedBound(needed)),
        needed,
    };
}
function membersOf(table, chunks) {
    const members = [];
    for (const chunk of chunks) {
        if (chunk >= (members.at(-1)?.end ?? 0))
            members.push(memberOf(table, chunk));
    }
    return members;
}
function compressedBound(needed) {
    return 2 * needed + 128 * 1024;
}
function nextMissing(bitmap, from, count) {
    let chunk = from;
    while (chunk < count) {
        if (chunk % 32 === 0 && Atomics.load(bitmap, chunk >>> 5) === -1)
            chunk += 32;
        else if ((0,_presence_js__WEBPACK_IMPORTED_MODULE_0__/* .hasChunk */ .KQ)(bitmap, chunk))
            chunk++;
        else
            return chunk;
    }
    return count;
}
function firstChunkFrom(table, blobOffset) {
    let low = 0;
    let high = table.count;
    while (low < high) {
        const middle = (low + high) >>> 1;
        if (table.blobOffset[middle] >= blobOffset)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}
function spanOf(members) {
    return { members, blobStart: members[0].blobStart, blobEnd: members.at(-1).blobEnd };
}


/***/ }),

/***/ 36913:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $8: () => (/* binding */ PREFETCH_SPAN_BYTES),
/* harmony export */   Cg: () => (/* binding */ WAVE_FAULTS),
/* harmony export */   Fh: () => (/* binding */ widenSmall),
/* harmony export */   J4: () => (/* binding */ planDemand),
/* harmony export */   M$: () => (/* binding */ splitDemand),
/* harmony export */   Wb: () => (/* binding */ planSpan),
/* harmony export */   XW: () => (/* binding */ READ_AHEAD_PARALLEL),
/* harmony export */   Xp: () => (/* binding */ WAVE_AGAIN_FAULTS),
/* harmony export */   YH: () => (/* binding */ lastChunkBeside),
/* harmony export */   Yr: () => (/* binding */ WAVE_AGAIN_MS),
/* harmony export */   Z2: () => (/* binding */ chunksBetween),
/* harmony export */   cS: () => (/* binding */ batchesOf),
/* harmony export */   cp: () => (/* binding */ WAVE_SHARE),
/* harmony export */   fu: () => (/* binding */ WAVE_SHARE_MIN_BYTES),
/* harmony export */   hN: () => (/* binding */ FILL_GAP_BYTES),
/* harmony export */   oc: () => (/* binding */ WAVE_PARALLEL),
/* harmony export */   p: () => (/* binding */ WAVE_SPAN_BYTES),
/* harmony export */   p4: () => (/* binding */ WAIT_FOR_STREAM_BYTES),
/* harmony export */   pc: () => (/* binding */ FILL_SPAN_BYTES),
/* harmony export */   qE: () => (/* binding */ READ_AHEAD_MIN_BYTES),
/* harmony export */   qm: () => (/* binding */ PREFETCH_PARALLEL),
/* harmony export */   sA: () => (/* binding */ READ_AHEAD_MAX_BYTES),
/* harmony export */   wZ: () => (/* binding */ READ_AHEAD_SPAN_BYTES),
/* harmony export */   xe: () => (/* binding */ WAVE_MS),
/* harmony export */   xy: () => (/* binding */ SEQUENTIAL_SLACK_BYTES),
/* harmony export */   yK: () => (/* binding */ MAX_MEMBER_BYTES)
/* harmony export */ });
/* unused harmony exports DEMAND_GAP_BYTES, DEMAND_PART_BYTES, DEMAND_MAX_PARTS, BATCH_BYTES, SMALL_SPAN_BYTES, NEIGHBOUR_BYTES_BEFORE, NEIGHBOUR_BYTES_AFTER */
/* harmony import */ var _members_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(68540);

const KIB = 1024;
const MIB = 1024 * KIB;
const DEMAND_GAP_BYTES = 32 * KIB;
const FILL_GAP_BYTES = 64 * KIB;
const DEMAND_PART_BYTES = 256 * KIB;
const DEMAND_MAX_PARTS = 4;
const PREFETCH_SPAN_BYTES = 4 * MIB;
const PREFETCH_PARALLEL = 2;
const FILL_SPAN_BYTES = 8 * MIB;
const READ_AHEAD_SPAN_BYTES = 1 * MIB;
const READ_AHEAD_PARALLEL = 4;
const READ_AHEAD_MIN_BYTES = 1 * MIB;
const READ_AHEAD_MAX_BYTES = 16 * MIB;
const SEQUENTIAL_SLACK_BYTES = 64 * KIB;
const WAIT_FOR_STREAM_BYTES = 1 * MIB;
const BATCH_BYTES = 256 * KIB;
const MAX_MEMBER_BYTES = 64 * MIB;
const SMALL_SPAN_BYTES = 64 * KIB;
const NEIGHBOUR_BYTES_BEFORE = 16 * KIB;
const NEIGHBOUR_BYTES_AFTER = 48 * KIB;
const WAVE_FAULTS = 64;
const WAVE_MS = 4000;
const WAVE_SHARE = 0.5;
const WAVE_AGAIN_FAULTS = 12;
const WAVE_AGAIN_MS = 30_000;
const WAVE_SPAN_BYTES = 4 * MIB;
const WAVE_PARALLEL = 2;
const WAVE_SHARE_MIN_BYTES = 1 * MIB;
function planDemand(table, wanted, takeable) {
    const spans = [];
    for (const member of wanted) {
        const open = spans.at(-1);
        const bridge = open === undefined ? undefined : bridgeTo(table, open.at(-1), member, takeable);
        if (open === undefined || bridge === undefined)
            spans.push([member]);
        else
            open.push(...bridge, member);
    }
    return spans.map(_members_js__WEBPACK_IMPORTED_MODULE_0__/* .spanOf */ .ee);
}
function widenSmall(table, span, takeable) {
    if (span.blobEnd - span.blobStart > SMALL_SPAN_BYTES)
        return span;
    const members = [...span.members];
    for (let chunk = members[0].first - 1; chunk >= 0; chunk = members[0].first - 1) {
        const member = (0,_members_js__WEBPACK_IMPORTED_MODULE_0__/* .memberOf */ .C5)(table, chunk);
        if (span.blobStart - member.blobStart > NEIGHBOUR_BYTES_BEFORE || !takeable(member))
            break;
        members.unshift(member);
    }
    for (let chunk = members.at(-1).end; chunk < table.count; chunk = members.at(-1).end) {
        const member = (0,_members_js__WEBPACK_IMPORTED_MODULE_0__/* .memberOf */ .C5)(table, chunk);
        if (member.blobEnd - span.blobEnd > NEIGHBOUR_BYTES_AFTER || !takeable(member))
            break;
        members.push(member);
    }
    return (0,_members_js__WEBPACK_IMPORTED_MODULE_0__/* .spanOf */ .ee)(members);
}
function lastChunkBeside(table, chunk) {
    if (table.fileOffset[chunk] !== 0)
        return undefined;
    let last = chunk;
    while (last + 1 < table.count && table.fileOffset[last + 1] > 0)
        last++;
    return last === chunk ? undefined : last;
}
function bridgeTo(table, from, to, takeable) {
    if (to.blobStart - from.blobEnd > DEMAND_GAP_BYTES)
        return undefined;
    const between = [];
    for (let chunk = from.end; chunk < to.first;) {
        const member = (0,_members_js__WEBPACK_IMPORTED_MODULE_0__/* .memberOf */ .C5)(table, chunk);
        if (!takeable(member))
            return undefined;
        between.push(member);
        chunk = member.end;
    }
    return between;
}
function planSpan(table, bitmap, limits, takeable) {
    const members = [];
    let chunk = (0,_members_js__WEBPACK_IMPORTED_MODULE_0__/* .nextMissing */ .G0)(bitmap, limits.fromChunk, limits.endChunk);
    while (chunk < limits.endChunk) {
        const member = (0,_members_js__WEBPACK_IMPORTED_MODULE_0__/* .memberOf */ .C5)(table, chunk);
        if (takeable(member)) {
            const last = members.at(-1);
            if (last !== undefined) {
                const tooFar = member.blobStart - last.blobEnd > limits.gapBytes;
                if (tooFar || member.blobEnd - members[0].blobStart > limits.maxBytes)
                    break;
            }
            members.push(member);
        }
        chunk = (0,_members_js__WEBPACK_IMPORTED_MODULE_0__/* .nextMissing */ .G0)(bitmap, member.end, limits.endChunk);
    }
    return members.length === 0 ? undefined : (0,_members_js__WEBPACK_IMPORTED_MODULE_0__/* .spanOf */ .ee)(members);
}
function chunksBetween(table, blobStart, blobEnd) {
    return { from: (0,_members_js__WEBPACK_IMPORTED_MODULE_0__/* .firstChunkFrom */ .Em)(table, blobStart), end: (0,_members_js__WEBPACK_IMPORTED_MODULE_0__/* .firstChunkFrom */ .Em)(table, blobEnd) };
}
function splitDemand(start, end) {
    const parts = Math.max(1, Math.min(DEMAND_MAX_PARTS, Math.floor((end - start) / DEMAND_PART_BYTES)));
    const size = Math.ceil((end - start) / parts);
    return Array.from({ length: parts }, (_, i) => ({
        start: start + i * size,
        end: Math.min(end, start + (i + 1) * size),
    }));
}
function batchesOf(members) {
    const batches = [];
    for (const member of members) {
        const open = batches.at(-1);
        if (open !== undefined && member.blobEnd - open[0].blobStart <= BATCH_BYTES)
            open.push(member);
        else
            batches.push([member]);
    }
    return batches.map(_members_js__WEBPACK_IMPORTED_MODULE_0__/* .spanOf */ .ee);
}


/***/ }),

/***/ 35066:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ym: () => (/* binding */ encodeRecord),
/* harmony export */   eT: () => (/* binding */ decodeRecord),
/* harmony export */   vx: () => (/* binding */ LAYER_VERSION)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _oci_digest_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(62635);


const LAYER_VERSION = 3;
function encodeRecord(record) {
    return `${JSON.stringify({ record, checksum: sumOf(record) }, undefined, 2)}\n`;
}
function decodeRecord(text) {
    const { record, checksum } = parseObject(text);
    if (typeof record !== 'object' || record === null || checksum !== sumOf(record)) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF('layer.json: wrong checksum');
    }
    const { version, digest, tocDigest, tocChecksum } = record;
    if (version !== LAYER_VERSION) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`layer.json: version ${String(version)}, wanted ${LAYER_VERSION}`);
    }
    if (![digest, tocDigest, tocChecksum].every((text) => typeof text === 'string' && (0,_oci_digest_js__WEBPACK_IMPORTED_MODULE_1__/* .isDigest */ .Bc)(text))) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF('layer.json: no digests');
    }
    return record;
}
function parseObject(text) {
    try {
        return (JSON.parse(text) ?? {});
    }
    catch (cause) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF('layer.json: not JSON', { cause });
    }
}
function sumOf(record) {
    return (0,_oci_digest_js__WEBPACK_IMPORTED_MODULE_1__/* .digestOf */ .ol)(Buffer.from(JSON.stringify(record)));
}


/***/ }),

/***/ 26704:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   DB: () => (/* binding */ decodeTocFile),
/* harmony export */   Qd: () => (/* binding */ footerBytesOf),
/* harmony export */   VJ: () => (/* binding */ MAX_TOC_FILE_BYTES),
/* harmony export */   bX: () => (/* binding */ encodeTocFile)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _estargz_footer_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(98633);
/* harmony import */ var _estargz_limits_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(33722);
/* harmony import */ var _frame_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(23890);




const MAGIC = 'LZPTOCBY';
const VERSION = 1;
const PREFIX_SIZE = 8 + 4;
const MAX_TOC_FILE_BYTES = (0,_frame_js__WEBPACK_IMPORTED_MODULE_3__/* .frameSize */ .RV)(PREFIX_SIZE + _estargz_footer_js__WEBPACK_IMPORTED_MODULE_1__/* .LONGEST_FOOTER */ .rp + _estargz_limits_js__WEBPACK_IMPORTED_MODULE_2__/* .MAX_COMPRESSED_TOC_BYTES */ .kg);
function encodeTocFile({ blobSize, compressedToc, tail }) {
    const footer = footerBytesOf(tail);
    const payload = Buffer.alloc(PREFIX_SIZE + footer.length + compressedToc.length);
    payload.writeBigUInt64LE(BigInt(blobSize), 0);
    payload.writeUInt32LE(footer.length, 8);
    payload.set(footer, PREFIX_SIZE);
    payload.set(compressedToc, PREFIX_SIZE + footer.length);
    return (0,_frame_js__WEBPACK_IMPORTED_MODULE_3__/* .encodeFrame */ .Yt)(MAGIC, VERSION, payload);
}
function decodeTocFile(bytes) {
    const payload = (0,_frame_js__WEBPACK_IMPORTED_MODULE_3__/* .decodeFrame */ .O2)(MAGIC, VERSION, bytes);
    if (payload.length < PREFIX_SIZE)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`sidecar ${MAGIC}: ${payload.length} bytes are too few`);
    const blobSize = Number(payload.readBigUInt64LE(0));
    const footerLength = payload.readUInt32LE(8);
    const room = Math.min(_estargz_footer_js__WEBPACK_IMPORTED_MODULE_1__/* .LONGEST_FOOTER */ .rp, blobSize, payload.length - PREFIX_SIZE);
    if (!Number.isSafeInteger(blobSize) || footerLength > room) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`sidecar ${MAGIC}: a footer of ${footerLength} bytes of a blob of ${blobSize}`);
    }
    const footerBytes = payload.subarray(PREFIX_SIZE, PREFIX_SIZE + footerLength);
    const compressedToc = payload.subarray(PREFIX_SIZE + footerLength);
    const footer = (0,_estargz_footer_js__WEBPACK_IMPORTED_MODULE_1__/* .parseFooter */ .fy)(footerBytes, blobSize);
    const wanted = footer.tocEnd - footer.tocOffset;
    if (footer.format !== 'external-toc' && compressedToc.length !== wanted) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`sidecar ${MAGIC}: a TOC of ${compressedToc.length} bytes, its footer says ${wanted}`);
    }
    return { footer, compressedToc, blobSize, tail: { start: blobSize - footerLength, bytes: footerBytes } };
}
function footerBytesOf({ bytes }) {
    return bytes.subarray(Math.max(0, bytes.length - _estargz_footer_js__WEBPACK_IMPORTED_MODULE_1__/* .LONGEST_FOOTER */ .rp));
}


/***/ }),

/***/ 62635:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bc: () => (/* binding */ isDigest),
/* harmony export */   m: () => (/* binding */ parseDigest),
/* harmony export */   ol: () => (/* binding */ digestOf),
/* harmony export */   sU: () => (/* binding */ digestHex),
/* harmony export */   w: () => (/* binding */ digestOfParts)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(77598);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);


const PATTERN = /^sha256:[0-9a-f]{64}$/;
function isDigest(text) {
    return PATTERN.test(text);
}
function parseDigest(text) {
    if (!isDigest(text))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`not a sha256 digest: ${JSON.stringify(text.slice(0, 100))}`);
    return text;
}
function digestOf(bytes) {
    return `sha256:${(0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.hash)('sha256', bytes, 'hex')}`;
}
function digestOfParts(parts) {
    const sha256 = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256');
    for (const part of parts)
        sha256.update(part);
    return `sha256:${sha256.digest('hex')}`;
}
function digestHex(digest) {
    return digest.slice('sha256:'.length);
}


/***/ })

};
