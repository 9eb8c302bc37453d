export const id = 5473;
export const ids = [5473];
export const modules = {

/***/ 95564:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   k: () => (/* binding */ ByteReader)
/* harmony export */ });
class ByteReader {
    #pieces;
    #rest = Buffer.alloc(0);
    #offset = 0;
    #signal;
    #isWaiting = false;
    constructor(pieces, signal) {
        this.#pieces = pieces[Symbol.asyncIterator]();
        this.#signal = signal;
    }
    get offset() {
        return this.#offset;
    }
    get buffered() {
        return this.#rest;
    }
    async peek(length) {
        if (this.#rest.length < length)
            await this.#fill(length);
        return this.#rest.subarray(0, length);
    }
    async read(length) {
        const bytes = await this.peek(length);
        this.#rest = this.#rest.subarray(bytes.length);
        this.#offset += bytes.length;
        return bytes;
    }
    async *rest() {
        for (;;) {
            const bytes = this.#rest.length > 0 ? this.#rest : await this.peek(1);
            if (bytes.length === 0)
                return;
            const all = this.#rest;
            this.#rest = all.subarray(all.length);
            this.#offset += all.length;
            yield all;
        }
    }
    async close() {
        const closing = Promise.resolve(this.#pieces.return?.());
        if (this.#isWaiting)
            closing.catch(() => undefined);
        else
            await closing;
    }
    async #next() {
        this.#signal?.throwIfAborted();
        const aborted = Promise.withResolvers();
        const onAbort = () => aborted.reject(this.#signal?.reason);
        this.#signal?.addEventListener('abort', onAbort);
        this.#isWaiting = true;
        const piece = this.#pieces.next().finally(() => {
            this.#isWaiting = false;
            this.#signal?.removeEventListener('abort', onAbort);
        });
        return Promise.race([piece, aborted.promise]);
    }
    async #fill(length) {
        const parts = [this.#rest];
        for (let total = this.#rest.length; total < length;) {
            const next = await this.#next();
            if (next.done === true)
                break;
            parts.push(asBuffer(next.value));
            total += next.value.length;
        }
        const filled = parts.filter((part) => part.length > 0);
        this.#rest = filled.length === 1 ? filled[0] : Buffer.concat(filled);
    }
}
function asBuffer(piece) {
    return Buffer.from(piece.buffer, piece.byteOffset, piece.length);
}


/***/ }),

/***/ 86516:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  MB: () => (/* binding */ compressionOf),
  mF: () => (/* binding */ decompress),
  Hs: () => (/* binding */ sniffCompression)
});

// UNUSED EXPORTS: OUTPUT_PIECE

// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(38522);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: external "node:stream/promises"
var promises_ = __webpack_require__(46466);
// EXTERNAL MODULE: ./src/estargz/zstd-footer.js
var zstd_footer = __webpack_require__(62905);
;// CONCATENATED MODULE: ./src/build/zstd-frame.js

const FRAME_MAGIC = 0xfd2fb528;
const MAX_FRAME_HEADER = 18;
const BLOCK_HEADER = 3;
const CHECKSUM = 4;
function isZstdMagic(magic) {
    return magic === FRAME_MAGIC || (0,zstd_footer/* isSkippableMagic */.FE)(magic);
}
function parseFrameHeader(bytes) {
    if (bytes.length < 5 || bytes.readUInt32LE() !== FRAME_MAGIC)
        return undefined;
    const descriptor = bytes[4];
    const isSingle = (descriptor & 0x20) !== 0;
    const sizeFlag = descriptor >> 6;
    const sizeLength = sizeFlag === 0 ? Number(isSingle) : 2 ** sizeFlag;
    const dictionaryLength = [0, 1, 2, 4][descriptor & 3];
    const sizeAt = 5 + Number(!isSingle) + dictionaryLength;
    const length = sizeAt + sizeLength;
    if (bytes.length < length)
        return undefined;
    return { length, contentSize: contentSize(bytes.subarray(sizeAt, length)), hasChecksum: (descriptor & 4) !== 0 };
}
function parseBlockHeader(bytes, at) {
    const bits = bytes.readUIntLE(at, BLOCK_HEADER);
    const isLast = (bits & 1) !== 0;
    const size = bits >> 3;
    const length = [size, 1, size][(bits >> 1) & 3];
    return length === undefined ? undefined : { isLast, length };
}
function frameEnd(bytes, header) {
    let at = header.length;
    for (let isLast = false; !isLast;) {
        if (at + BLOCK_HEADER > bytes.length)
            return undefined;
        const block = parseBlockHeader(bytes, at);
        if (block === undefined)
            return undefined;
        at += BLOCK_HEADER + block.length;
        isLast = block.isLast;
    }
    if (header.hasChecksum)
        at += CHECKSUM;
    return at <= bytes.length ? at : undefined;
}
function contentSize(field) {
    if (field.length === 0)
        return undefined;
    if (field.length === 8)
        return Number(field.readBigUInt64LE());
    return field.readUIntLE(0, field.length) + (field.length === 2 ? 256 : 0);
}

;// CONCATENATED MODULE: ./src/build/unzstd.js





const MAX_SMALL = 256 * 1024;
async function* unzstd(reader, pieceSize) {
    let waiting = [];
    let size = 0;
    for (;;) {
        const content = await readSmallFrame(reader);
        if (size > 0 && (content === undefined || size + content.length > pieceSize)) {
            yield Buffer.concat(waiting);
            waiting = [];
            size = 0;
        }
        if (content !== undefined) {
            if (content.length > 0)
                waiting.push(content);
            size += content.length;
        }
        else if ((await reader.peek(1)).length > 0) {
            yield* unzstdOne(reader, pieceSize);
        }
        else {
            return;
        }
    }
}
async function readSmallFrame(reader) {
    const header = parseFrameHeader(await reader.peek(MAX_FRAME_HEADER));
    const { contentSize } = header ?? {};
    if (header === undefined || contentSize === undefined || contentSize > MAX_SMALL)
        return undefined;
    for (;;) {
        const { buffered, offset } = reader;
        const end = frameEnd(buffered, header);
        if (end !== undefined)
            return end > MAX_SMALL ? undefined : inflateSmall(await reader.read(end), contentSize, offset);
        const isMore = buffered.length <= MAX_SMALL && (await reader.peek(buffered.length + 1)).length > buffered.length;
        if (!isMore)
            return undefined;
    }
}
function inflateSmall(frame, contentSize, start) {
    try {
        const chunkSize = Math.max(64, contentSize + 1);
        return (0,external_node_zlib_.zstdDecompressSync)(frame, { chunkSize, maxOutputLength: Math.max(1, contentSize) });
    }
    catch (error) {
        throw damaged(error, start);
    }
}
async function* unzstdOne(reader, pieceSize) {
    const start = reader.offset;
    const magic = (await reader.peek(4)).length === 4 ? reader.buffered.readUInt32LE() : -1;
    if ((0,zstd_footer/* isSkippableMagic */.FE)(magic)) {
        await skip(reader);
    }
    else if (isZstdMagic(magic)) {
        yield* unzstdStream(reader, start, pieceSize);
    }
    else {
        throw new errors/* FormatError */.IF(`zstd: no frame begins at ${start}`, { offset: start });
    }
}
async function* unzstdStream(reader, start, pieceSize) {
    const stream = (0,external_node_zlib_.createZstdDecompress)({ chunkSize: pieceSize });
    const feeding = (0,promises_.pipeline)(frameParts(reader), stream);
    feeding.catch(() => undefined);
    try {
        for await (const piece of stream)
            yield piece;
        await feeding;
    }
    catch (error) {
        throw damaged(error, start);
    }
    finally {
        stream.destroy();
    }
}
async function* frameParts(reader) {
    const header = parseFrameHeader(await reader.peek(MAX_FRAME_HEADER));
    const parts = await unzstd_require(reader, header?.length ?? MAX_FRAME_HEADER);
    yield parts;
    for (let isLast = false; !isLast;) {
        const offset = reader.offset;
        const bytes = await unzstd_require(reader, BLOCK_HEADER);
        const block = parseBlockHeader(bytes, 0);
        if (block === undefined)
            throw new errors/* FormatError */.IF(`zstd: a block of reserved type at ${offset}`, { offset });
        yield bytes;
        if (block.length > 0)
            yield await unzstd_require(reader, block.length);
        isLast = block.isLast;
    }
    if (header?.hasChecksum === true)
        yield await unzstd_require(reader, CHECKSUM);
}
async function skip(reader) {
    const size = (await unzstd_require(reader, 8)).readUInt32LE(4);
    for (let left = size; left > 0;)
        left -= (await unzstd_require(reader, Math.min(left, MAX_SMALL))).length;
}
async function unzstd_require(reader, length) {
    const bytes = await reader.read(length);
    if (bytes.length === length)
        return bytes;
    throw new errors/* FormatError */.IF(`zstd: cut at ${reader.offset}`, { offset: reader.offset });
}
function damaged(error, frameStart) {
    const code = String(error.code);
    if (!/^(Z_|ZSTD_|ERR_BUFFER_TOO_LARGE)/.test(code))
        return error;
    return new errors/* FormatError */.IF(`zstd: the frame at ${frameStart} is damaged: ${error.message}`, {
        offset: frameStart,
        cause: error,
    });
}

;// CONCATENATED MODULE: ./src/build/decompress.js




const OUTPUT_PIECE = 512 * 1024;
const GZIP_MAGIC = 0x8b1f;
const MAGIC_SIZE = 4;
async function sniffCompression(reader) {
    return compressionOf(await reader.peek(MAGIC_SIZE));
}
function compressionOf(head) {
    const magic = head.subarray(0, MAGIC_SIZE);
    if (magic.length >= 2 && magic.readUInt16LE() === GZIP_MAGIC)
        return 'gzip';
    return magic.length === MAGIC_SIZE && isZstdMagic(magic.readUInt32LE()) ? 'zstd' : 'none';
}
function decompress(reader, compression) {
    if (compression === 'none')
        return reader.rest();
    return compression === 'gzip' ? gunzip(reader) : unzstd(reader, OUTPUT_PIECE);
}
async function* gunzip(reader) {
    const stream = (0,external_node_zlib_.createGunzip)({ chunkSize: OUTPUT_PIECE });
    stream.once('end', () => stream.destroy());
    const feeding = feed(reader, stream);
    feeding.catch(() => undefined);
    try {
        for await (const piece of stream)
            yield piece;
        await feeding;
    }
    catch (error) {
        throw decompress_damaged(error, stream.bytesWritten);
    }
    finally {
        stream.destroy();
    }
    const offset = stream.bytesWritten;
    if (offset !== reader.offset || (await reader.peek(1)).length > 0) {
        throw new errors/* FormatError */.IF(`gzip: bytes behind the last member, at ${offset}`, { offset });
    }
}
async function feed(reader, stream) {
    try {
        for await (const piece of reader.rest()) {
            if (stream.destroyed)
                return;
            await new Promise((resolve) => stream.write(piece, () => resolve()));
        }
        stream.end();
    }
    catch (error) {
        stream.destroy(error);
        throw error;
    }
}
function decompress_damaged(error, offset) {
    const code = String(error.code);
    if (!code.startsWith('Z_'))
        return error;
    const what = code === 'Z_BUF_ERROR' ? 'cut at' : 'damaged at or behind';
    return new errors/* FormatError */.IF(`gzip: ${what} ${offset}: ${error.message}`, { offset, cause: error });
}


/***/ }),

/***/ 97093:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   LS: () => (/* binding */ plural),
/* harmony export */   VK: () => (/* binding */ shortDigest),
/* harmony export */   Xo: () => (/* binding */ formatSeconds),
/* harmony export */   g$: () => (/* binding */ printable),
/* harmony export */   z3: () => (/* binding */ formatBytes)
/* harmony export */ });
function formatBytes(bytes) {
    if (bytes < 1000)
        return `${bytes} B`;
    const units = ['kB', 'MB', 'GB', 'TB', 'PB'];
    let value = bytes / 1000;
    let unit = 0;
    while (value >= 999.95 && unit < units.length - 1) {
        value /= 1000;
        unit += 1;
    }
    return `${value.toFixed(1)} ${units[unit]}`;
}
function formatSeconds(seconds) {
    if (seconds < 60)
        return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
    const whole = Math.floor(seconds);
    if (whole < 3600)
        return `${Math.floor(whole / 60)} min ${whole % 60} s`;
    if (whole < 86_400)
        return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
    return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}
function shortDigest(digest) {
    return digest.slice(0, 'sha256:'.length + 12);
}
function plural(count, noun) {
    return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
function printable(text) {
    return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?');
}


/***/ }),

/***/ 13609:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  O: () => (/* binding */ openImageAccess)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(48161);
// EXTERNAL MODULE: ./src/config.js + 1 modules
var config = __webpack_require__(35059);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(77598);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
;// CONCATENATED MODULE: ./src/optimize/work-folder.js





const PREFIX = 'lazypull-work-';
const NAME = /^lazypull-work-(\d{1,10})-(\d{1,20})-[0-9a-f]{12}$/;
const OWNER = 'owner';
const CGROUPS = '/sys/fs/cgroup';
class WorkFolder {
    path;
    name;
    constructor(path, name) {
        this.path = path;
        this.name = name;
    }
    static async open(parent) {
        try {
            const real = await (0,promises_.realpath)(parent);
            await removeStale(real);
            const name = `${PREFIX}${process.pid}-${startTime(process.pid) ?? 0}-${(0,external_node_crypto_.randomBytes)(6).toString('hex')}`;
            const path = (0,external_node_path_.join)(real, name);
            await (0,promises_.mkdir)(path, { mode: 0o700 });
            await (0,promises_.writeFile)((0,external_node_path_.join)(path, OWNER), owner());
            return new WorkFolder(path, name);
        }
        catch (cause) {
            const message = `can't make temporary files in ${parent}: ${(0,errors/* describeError */.Uc)(cause)}`;
            throw new errors/* UserError */.yo(message, 'Set TMPDIR to a folder with room for a decompressed image.', { cause });
        }
    }
    async [Symbol.asyncDispose]() {
        await removeCgroups(this.name);
        await (0,promises_.rm)(this.path, { recursive: true, force: true });
    }
}
async function removeStale(parent) {
    for (const name of await (0,promises_.readdir)(parent).catch(() => [])) {
        const [, pid, started] = NAME.exec(name) ?? [];
        if (pid === undefined || started === undefined)
            continue;
        const path = (0,external_node_path_.join)(parent, name);
        try {
            const found = await (0,promises_.lstat)(path);
            if (!found.isDirectory() || found.uid !== process.getuid?.())
                continue;
            const [boot, namespace] = (await (0,promises_.readFile)((0,external_node_path_.join)(path, OWNER), 'utf8')).split('\n');
            const [ownBoot, ownNamespace] = owner().split('\n');
            if (boot === ownBoot && (namespace !== ownNamespace || startTime(Number(pid)) === started))
                continue;
            await removeCgroups(name);
            await (0,promises_.rm)(path, { recursive: true, force: true });
        }
        catch {
            continue;
        }
    }
}
function owner() {
    return `${(0,external_node_fs_.readFileSync)('/proc/sys/kernel/random/boot_id', 'latin1').trim()}\n${(0,external_node_fs_.readlinkSync)('/proc/self/ns/pid')}\n`;
}
function startTime(pid) {
    try {
        const text = (0,external_node_fs_.readFileSync)(`/proc/${pid}/stat`, 'latin1');
        return text.slice(text.lastIndexOf(')') + 2).split(' ')[22 - 3];
    }
    catch {
        return undefined;
    }
}
async function removeCgroups(name) {
    const controllers = await (0,promises_.readdir)(CGROUPS).catch(() => []);
    for (const folder of [CGROUPS, ...controllers.map((controller) => (0,external_node_path_.join)(CGROUPS, controller))]) {
        await (0,promises_.rmdir)((0,external_node_path_.join)(folder, name)).catch(() => { });
    }
}

// EXTERNAL MODULE: ./src/registry/client.js + 24 modules
var registry_client = __webpack_require__(39204);
// EXTERNAL MODULE: ./src/registry/from-config.js
var from_config = __webpack_require__(93484);
// EXTERNAL MODULE: ./src/version.js
var version = __webpack_require__(24493);
// EXTERNAL MODULE: ./src/cli/flag-values.js
var flag_values = __webpack_require__(92243);
;// CONCATENATED MODULE: ./src/cli/image-access.js








async function openImageAccess(flags, locations) {
    const { registry } = (0,config/* loadConfig */.Z9)((0,flag_values/* textFlag */.gx)(flags, 'config')).config;
    const own = locations.flatMap((location) => (location.kind === 'registry' ? [location.reference.registry] : []));
    const plainHttpHosts = flags['plainHttp'] === true ? [...registry.plainHttpHosts, ...own] : registry.plainHttpHosts;
    const folder = await WorkFolder.open(temporaryRoot());
    let client;
    return {
        registry: () => (client ??= new registry_client/* RegistryClient */.b((0,from_config/* registryOptions */._)({ ...registry, plainHttpHosts }, `lazypull/${version/* version */.r}`))),
        containerd: { address: (0,flag_values/* textFlag */.gx)(flags, 'address') ?? '', namespace: (0,flag_values/* textFlag */.gx)(flags, 'namespace') ?? '' },
        workDir: folder.path,
        stdin: process.stdin,
        stdout: process.stdout,
        async [Symbol.asyncDispose]() {
            await client?.[Symbol.asyncDispose]();
            await folder[Symbol.asyncDispose]();
        },
    };
}
function temporaryRoot() {
    const { TMPDIR } = process.env;
    if (TMPDIR !== undefined && TMPDIR !== '')
        return TMPDIR;
    return (0,external_node_fs_.existsSync)('/var/tmp') ? '/var/tmp' : (0,external_node_os_.tmpdir)();
}


/***/ }),

/***/ 7738:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $: () => (/* binding */ Interrupts)
/* harmony export */ });
/* harmony import */ var _exit_codes_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(61453);

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
class Interrupts {
    #stop = new AbortController();
    #abort = new AbortController();
    #firstStops;
    constructor(options = {}) {
        this.#firstStops = options.firstStops === true;
        for (const name of SIGNALS)
            process.on(name, this.#onSignal);
    }
    get stop() {
        return this.#stop.signal;
    }
    get abort() {
        return this.#abort.signal;
    }
    nothingToStop() {
        this.#firstStops = false;
    }
    [Symbol.dispose]() {
        for (const name of SIGNALS)
            process.removeListener(name, this.#onSignal);
    }
    #onSignal = () => {
        if (this.#firstStops) {
            this.#firstStops = false;
            this.#stop.abort();
        }
        else if (!this.#abort.signal.aborted)
            this.#abort.abort(new _exit_codes_js__WEBPACK_IMPORTED_MODULE_0__/* .InterruptedError */ .p4());
        else
            process.exit(130);
    };
}


/***/ }),

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

/***/ 67916:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N: () => (/* binding */ fetchToc)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(31285);
/* harmony import */ var _footer_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(98633);
/* harmony import */ var _limits_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(33722);




const KIB = 1024;
const MIB = 1024 * KIB;
async function fetchToc(blob, options = {}, signal) {
    const length = Math.max(_footer_js__WEBPACK_IMPORTED_MODULE_2__/* .LONGEST_FOOTER */ .rp, options.tailLength ?? tailLengthFor(blob.size));
    const { bytes, blobSize } = await blob.readTail(length, signal);
    if (bytes.length > blobSize || bytes.length < Math.min(_footer_js__WEBPACK_IMPORTED_MODULE_2__/* .LONGEST_FOOTER */ .rp, blobSize)) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`got ${bytes.length} last bytes of a blob of ${blobSize}, wanted ${length}`);
    }
    const tail = { start: blobSize - bytes.length, bytes };
    const footer = (0,_footer_js__WEBPACK_IMPORTED_MODULE_2__/* .parseFooter */ .fy)(bytes, blobSize);
    const maxSize = options.maxCompressedSize ?? _limits_js__WEBPACK_IMPORTED_MODULE_3__/* .MAX_COMPRESSED_TOC_BYTES */ .kg;
    requireAtMost(footer.tocEnd - footer.tocOffset, maxSize);
    const compressedToc = footer.format === 'external-toc'
        ? await fetchExternal(options.external, signal)
        : await readToc(blob, footer, tail, signal);
    requireAtMost(compressedToc.length, maxSize);
    return { footer, compressedToc, blobSize, tail };
}
function requireAtMost(size, maxSize) {
    if (size > maxSize)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`compressed TOC of ${size} bytes, wanted ${maxSize} at most`);
}
async function fetchExternal(fetch, signal) {
    if (fetch !== undefined)
        return fetch(signal);
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .UnsupportedLayerError */ .b('external TOC', 'its TOC is a blob of its own, and nobody says where that is');
}
async function readToc(blob, { tocOffset, tocEnd }, { start, bytes }, signal) {
    const inTail = bytes.subarray(Math.max(0, tocOffset - start), Math.max(0, tocEnd - start));
    const before = tocOffset < start ? await readParts(blob, tocOffset, Math.min(start, tocEnd), signal) : [];
    return before.length === 0 ? inTail : Buffer.concat([...before, inTail]);
}
function tailLengthFor(blobSize) {
    if (blobSize === undefined)
        return 256 * KIB;
    return Math.min(Math.max(Math.ceil(blobSize / 100), 64 * KIB), MIB);
}
function partCount(length) {
    return Math.min(4, Math.ceil(length / (512 * KIB)));
}
async function readParts(blob, start, end, signal) {
    const partLength = Math.ceil((end - start) / partCount(end - start));
    const starts = [];
    for (let at = start; at < end; at += partLength)
        starts.push(at);
    const failed = new AbortController();
    const either = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
    try {
        return await Promise.all(starts.map((at) => blob.readRange(at, Math.min(at + partLength, end), either)));
    }
    finally {
        failed.abort();
    }
}


/***/ }),

/***/ 79861:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   aK: () => (/* binding */ streamFileRange),
/* harmony export */   hD: () => (/* binding */ wrongSize),
/* harmony export */   uG: () => (/* binding */ FileBlob)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _streamed_blob_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(83856);
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


const PIECE_BYTES = 1 << 20;
async function* streamFileRange(range, from, to, signal) {
    for (let at = from; at < to;) {
        signal?.throwIfAborted();
        const piece = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, to - at));
        const { bytesRead } = await range.handle.read(piece, 0, piece.length, range.start + at);
        if (bytesRead === 0)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF('the file ends before the blob does', { offset: range.start + at });
        at += bytesRead;
        yield piece.subarray(0, bytesRead);
    }
}
class FileBlob extends _streamed_blob_js__WEBPACK_IMPORTED_MODULE_1__/* .StreamedBlob */ .R {
    constructor(digest, size, locate) {
        super({ digest, size }, async function* (start, end, signal) {
            const env_1 = { stack: [], error: void 0, hasError: false };
            try {
                const range = __addDisposableResource(env_1, await locate(), true);
                if (range.size !== size)
                    throw wrongSize(digest, range.size, size);
                yield* streamFileRange(range, start, end, signal);
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
        });
    }
}
function wrongSize(digest, actual, expected) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${digest} has ${actual} bytes, its descriptor says ${expected}`);
}


/***/ }),

/***/ 51791:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   I: () => (/* binding */ IndexReader)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);

const MAX_DEPTH = 4;
const MAX_DOCUMENTS = 1000;
class IndexReader {
    #source;
    #signal;
    #count = 0;
    constructor(source, signal) {
        this.#source = source;
        this.#signal = signal;
    }
    async read(entry, depth) {
        const { name } = this.#source;
        if (depth >= MAX_DEPTH)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${name}: indexes that name indexes that name indexes`);
        if (++this.#count > MAX_DOCUMENTS)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${name}: indexes of more than ${MAX_DOCUMENTS} documents`);
        return await this.#source.document(entry, this.#signal);
    }
}


/***/ }),

/***/ 42336:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   j: () => (/* binding */ formatLocation),
/* harmony export */   z: () => (/* binding */ parseLocation)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _oci_reference_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(38242);


const FORMS = 'Images are named REGISTRY/NAME:TAG, oci:DIR[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:NAME:TAG], containerd:NAME, or - for a pipe.';
const FOREIGN = {
    'docker-daemon': 'Use `docker save NAME | lazypull ... -`, or containerd:NAME when docker uses the containerd image store.',
    'containers-storage': 'Use `podman save --format oci-archive NAME | lazypull ... -`.',
    dir: 'Use oci:DIR, as `skopeo copy dir:... oci:DIR` makes it.',
    'docker-image': 'Leave out docker-image://.',
    http: 'Leave out http://; --plain-http reaches a registry without TLS.',
    https: 'Leave out https://.',
};
function parseLocation(text) {
    if (text === '-')
        return { kind: 'stream' };
    if (text === '')
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo('the name of an image is empty', FORMS);
    const [, transport = '', rest = ''] = /^([a-z][a-z-]*):(.*)$/s.exec(text) ?? [];
    switch (transport) {
        case 'oci':
        case 'oci-archive': {
            const { path, after } = splitPath(transport, transport === 'oci' ? 'DIR' : 'FILE', rest);
            return { kind: transport, path, tag: after };
        }
        case 'docker-archive': {
            const { path, after } = splitPath(transport, 'FILE', rest);
            if (after !== undefined)
                parseNamed(text, after);
            return { kind: transport, path, image: after };
        }
        case 'containerd':
            return { kind: transport, name: rest, reference: withTag(parseNamed(text, rest)) };
        case 'docker':
            if (rest.startsWith('//'))
                return { kind: 'registry', reference: parseNamed(text, rest.slice(2)) };
    }
    const foreign = FOREIGN[transport];
    if (foreign !== undefined && (rest.startsWith('/') || transport.includes('-'))) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`lazypull can't read or write ${transport}: images`, foreign);
    }
    return { kind: 'registry', reference: parseNamed(text, text) };
}
function formatLocation(location) {
    switch (location.kind) {
        case 'registry':
            return (0,_oci_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .formatReference */ .FH)(location.reference);
        case 'stream':
            return '-';
        case 'containerd':
            return `containerd:${location.name}`;
        case 'docker-archive':
            return `docker-archive:${location.path}${location.image === undefined ? '' : `:${location.image}`}`;
        default:
            return `${location.kind}:${location.path}${location.tag === undefined ? '' : `:${location.tag}`}`;
    }
}
function splitPath(transport, noun, rest) {
    const colon = rest.indexOf(':');
    const path = colon === -1 ? rest : rest.slice(0, colon);
    const after = colon === -1 ? undefined : rest.slice(colon + 1);
    if (path === '')
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`${transport}: without a ${noun}`, `Write ${transport}:${noun} or ${transport}:${noun}:TAG.`);
    if (path.startsWith('//')) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`${transport}:// is not a path`, `Write ${transport}:${path.replace(/^\/+/, '/')}.`);
    }
    if (after === '')
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`${transport}:${path}: without a tag after the colon`, `Write ${transport}:${path}.`);
    return { path, after };
}
function parseNamed(text, name) {
    try {
        return (0,_oci_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .parseReference */ .F2)(name);
    }
    catch (cause) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(cause.message, betterName(text, name), { cause });
    }
}
function betterName(text, name) {
    if (/^(\.{0,2}\/|~)/.test(name) || /\.(tar|tgz|tar\.gz)$/.test(name)) {
        return `For a file write oci-archive:${name} or docker-archive:${name}, for a folder oci:${name}.`;
    }
    const at = name.indexOf('@');
    const colon = name.indexOf(':', name.lastIndexOf('/'));
    const end = Math.min(at === -1 ? Infinity : at, colon === -1 ? Infinity : colon);
    const lower = end === Infinity ? name.toLowerCase() : `${name.slice(0, end).toLowerCase()}${name.slice(end)}`;
    if (lower !== name && parses(lower))
        return `Names have no capitals: ${text.slice(0, text.length - name.length)}${lower}`;
    return FORMS;
}
function parses(name) {
    try {
        (0,_oci_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .parseReference */ .F2)(name);
        return true;
    }
    catch {
        return false;
    }
}
function withTag(reference) {
    return reference.tag === undefined && reference.digest === undefined ? { ...reference, tag: 'latest' } : reference;
}


/***/ }),

/***/ 7610:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  o: () => (/* binding */ openSource),
  A: () => (/* binding */ openTarget)
});

// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/oci/digest.js
var oci_digest = __webpack_require__(62635);
// EXTERNAL MODULE: ./src/oci/manifest.js
var oci_manifest = __webpack_require__(45914);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./src/tar/extended-headers.js + 1 modules
var extended_headers = __webpack_require__(24015);
// EXTERNAL MODULE: ./src/tar/entry.js
var tar_entry = __webpack_require__(69449);
// EXTERNAL MODULE: ./src/tar/header.js
var tar_header = __webpack_require__(56460);
// EXTERNAL MODULE: ./src/tar/scanner.js
var scanner = __webpack_require__(39571);
;// CONCATENATED MODULE: ./src/image/archive-index.js






const MAX_ENTRIES = 100_000;
const MAX_LINKS = 8;
const MAX_NAME = 4096;
class ArchiveIndex {
    #entries;
    #repeated;
    constructor(entries, repeated) {
        this.#entries = entries;
        this.#repeated = repeated;
    }
    lookup(name) {
        let at = name;
        for (let links = 0; links <= MAX_LINKS; links++) {
            const found = this.#entries.get(at);
            if (found?.kind === 'file')
                return found.file;
            if (found?.kind !== 'link')
                return undefined;
            at = found.to;
        }
        throw new errors/* FormatError */.IF(`archive: ${JSON.stringify(name)} is a link of more than ${MAX_LINKS} links`);
    }
    lookupUnique(name) {
        const offset = this.#repeated.get(name);
        if (offset !== undefined) {
            throw new errors/* FormatError */.IF(`archive: at ${offset}, a second ${name}: which one counts?`, { offset });
        }
        return this.lookup(name);
    }
}
async function indexArchive(handle, size, signal) {
    const entries = new Map();
    const repeated = new Map();
    for await (const entry of headersOf(handle, size, signal)) {
        const name = insideName(entry.header.name.toString(), entry.start);
        if (entries.size >= MAX_ENTRIES) {
            throw new errors/* FormatError */.IF(`archive: at ${entry.start}, more than ${MAX_ENTRIES} entries`, { offset: entry.start });
        }
        if (entry.type !== 'dir' && entries.has(name))
            repeated.set(name, entry.start);
        entries.set(name, foundOf(entry, name));
    }
    return new ArchiveIndex(entries, repeated);
}
async function* headersOf(handle, size, signal) {
    const extended = new extended_headers/* ExtendedHeaders */.u();
    let offset = 0;
    while (offset < size) {
        signal?.throwIfAborted();
        const block = await readAt(handle, offset, tar_header/* BLOCK_SIZE */.cS, size);
        const header = at(offset, () => (0,tar_header/* parseHeader */.RW)(block, 0));
        if (header === undefined)
            break;
        const dataStart = offset + tar_header/* BLOCK_SIZE */.cS;
        if ((0,extended_headers/* isExtendedHeader */.r)(header.typeflag)) {
            if (header.size < 0 || header.size > scanner/* MAX_EXTENDED_HEADER */.l_) {
                throw new errors/* FormatError */.IF(`archive: at ${offset}, an extended header of ${header.size} bytes`, { offset });
            }
            const payload = await readAt(handle, dataStart, header.size, size);
            const start = offset;
            at(start, () => extended.take(header.typeflag, payload, start));
            offset = dataStart + header.size + (0,tar_entry/* paddingOf */.Zt)(header.size);
            continue;
        }
        const start = offset;
        const entry = at(start, () => extended.complete(header, start, dataStart));
        const length = entry.header.size;
        if (length < 0 || length > size - dataStart) {
            const name = JSON.stringify(entry.header.name.toString().slice(0, 200));
            throw new errors/* FormatError */.IF(`archive: at ${offset}, ${name} has ${length} bytes, and the archive ends before`, {
                offset,
            });
        }
        yield entry;
        offset = dataStart + length + (0,tar_entry/* paddingOf */.Zt)(length);
    }
    const waiting = extended.waitingSince;
    if (waiting !== undefined)
        throw new errors/* FormatError */.IF(`archive: cut at ${offset}`, { offset });
}
async function readAt(handle, offset, length, size) {
    const bytes = Buffer.alloc(length);
    for (let filled = 0; filled < length;) {
        const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
        if (bytesRead === 0)
            throw new errors/* FormatError */.IF(`archive: cut at ${size}, in the header at ${offset}`, { offset: size });
        filled += bytesRead;
    }
    return bytes;
}
function at(offset, parse) {
    try {
        return parse();
    }
    catch (cause) {
        if (!(cause instanceof errors/* FormatError */.IF))
            throw cause;
        throw new errors/* FormatError */.IF(`archive: at ${offset}, ${cause.message}`, { offset, cause });
    }
}
function foundOf(entry, name) {
    const { dataStart, header, start, type } = entry;
    if (type === 'reg')
        return { kind: 'file', file: { name, dataStart, size: header.size } };
    const target = header.linkName.toString();
    if (type === 'hardlink')
        return { kind: 'link', to: insideName(target, start) };
    if (type !== 'symlink')
        return { kind: 'other' };
    if (target.startsWith('/'))
        throw outside(target, start);
    return { kind: 'link', to: insideName(external_node_path_.posix.join(external_node_path_.posix.dirname(name), target), start) };
}
function insideName(name, offset) {
    if (name.length > MAX_NAME) {
        throw new errors/* FormatError */.IF(`archive: at ${offset}, a name of ${name.length} characters, wanted ${MAX_NAME} at most`, {
            offset,
        });
    }
    if (name.startsWith('/') || name.split('/').includes('..'))
        throw outside(name, offset);
    return external_node_path_.posix.normalize(name).replace(/\/$/, '');
}
function outside(name, offset) {
    return new errors/* FormatError */.IF(`archive: at ${offset}, ${JSON.stringify(name.slice(0, 200))} leads out of the archive`, {
        offset,
    });
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(77598);
// EXTERNAL MODULE: ./src/build/byte-reader.js
var byte_reader = __webpack_require__(95564);
// EXTERNAL MODULE: ./src/build/decompress.js + 2 modules
var decompress = __webpack_require__(86516);
// EXTERNAL MODULE: ./src/containerd/image-config.js
var image_config = __webpack_require__(83085);
// EXTERNAL MODULE: ./src/oci/json.js
var json = __webpack_require__(77417);
// EXTERNAL MODULE: ./src/oci/media-types.js
var media_types = __webpack_require__(82371);
// EXTERNAL MODULE: ./src/oci/reference.js
var oci_reference = __webpack_require__(38242);
// EXTERNAL MODULE: ./src/image/file-range.js
var file_range = __webpack_require__(79861);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
;// CONCATENATED MODULE: ./src/image/verified.js




const MAX_FETCHED_BYTES = 64 << 20;
async function* verified(pieces, { digest, size }, where) {
    const hash = (0,external_node_crypto_.createHash)('sha256');
    let bytes = 0;
    let held;
    for await (const piece of pieces) {
        bytes += piece.length;
        if (bytes > size)
            throw new errors/* FormatError */.IF(`${where}: ${digest} has more than the ${size} bytes of its descriptor`);
        hash.update(piece);
        if (held !== undefined)
            yield held;
        held = piece;
    }
    if (bytes < size)
        throw new errors/* FormatError */.IF(`${where}: ${digest} has ${bytes} bytes, its descriptor says ${size}`);
    const actual = `sha256:${hash.digest('hex')}`;
    if (actual !== digest)
        throw new errors/* VerificationError */.mk(`${where}: blob`, digest, actual);
    if (held !== undefined)
        yield held;
}
async function readVerified(open, descriptor, where) {
    requireSmall(descriptor, where);
    const pieces = [];
    for await (const piece of verified(open(), descriptor, where))
        pieces.push(piece);
    return Buffer.concat(pieces);
}
function requireSmall({ digest, size }, where) {
    if (size > MAX_FETCHED_BYTES) {
        throw new errors/* FormatError */.IF(`${where}: ${digest} has ${size} bytes, which are too many to hold in memory`);
    }
}
function documentOf(descriptor, bytes) {
    return { descriptor, bytes, manifest: (0,oci_manifest/* parseManifest */.Ng)(bytes, descriptor.mediaType) };
}
function requireContent({ digest, size }, bytes, where) {
    if (bytes.length !== size) {
        throw new errors/* FormatError */.IF(`${where}: ${digest} has ${bytes.length} bytes, its descriptor says ${size}`);
    }
    const actual = (0,oci_digest/* digestOf */.ol)(bytes);
    if (actual !== digest)
        throw new errors/* VerificationError */.mk(where, digest, actual);
}

;// CONCATENATED MODULE: ./src/image/file-source.js
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





class FileSource {
    name;
    reference;
    #options;
    constructor(options) {
        this.name = options.name;
        this.#options = options;
    }
    root(signal) {
        return this.document(this.#options.root, signal);
    }
    async document(descriptor, signal) {
        if (descriptor.size > oci_manifest/* MAX_MANIFEST_BYTES */.ZJ) {
            throw new errors/* FormatError */.IF(`${this.name}: manifest ${descriptor.digest} of ${descriptor.size} bytes is too large`);
        }
        return documentOf(descriptor, await this.fetch(descriptor, signal));
    }
    async fetch(descriptor, signal) {
        return readVerified(() => this.#pieces(descriptor, signal), descriptor, this.name);
    }
    stream(descriptor, signal) {
        return verified(this.#pieces(descriptor, signal), descriptor, this.name);
    }
    open({ digest, size }) {
        return new file_range/* FileBlob */.uG(digest, size, () => this.#locate(digest));
    }
    async [Symbol.asyncDispose]() {
        await this.#options.files[Symbol.asyncDispose]();
    }
    async *#pieces({ digest, size }, signal) {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const madeUp = this.#options.madeUp?.get(digest);
            if (madeUp !== undefined) {
                yield madeUp;
                return;
            }
            const range = __addDisposableResource(env_1, await this.#locate(digest), true);
            if (range.size !== size)
                throw (0,file_range/* wrongSize */.hD)(digest, range.size, size);
            yield* (0,file_range/* streamFileRange */.aK)(range, 0, size, signal);
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
    async #locate(digest) {
        const range = await this.#options.files.lookup(digest);
        if (range !== undefined)
            return range;
        throw new errors/* LazypullError */.qB('NOT_FOUND', `${this.name}: ${digest} is named by the image but is not there`);
    }
}

// EXTERNAL MODULE: ./src/oci/annotations.js
var oci_annotations = __webpack_require__(73417);
// EXTERNAL MODULE: ./src/oci/descriptor.js
var descriptor = __webpack_require__(16926);
;// CONCATENATED MODULE: ./src/image/layout-index.js





const CONTAINERD_NAME = 'io.containerd.image.name';
const OCI_LAYOUT_FILE = 'oci-layout';
const INDEX_FILE = 'index.json';
const OCI_LAYOUT_TEXT = '{"imageLayoutVersion":"1.0.0"}';
const layout_index_MAX_ENTRIES = 10_000;
const MAX_LISTED = 20;
function parseLayoutIndex(bytes) {
    const document = (0,json/* requireObject */.zG)((0,json/* parseJson */.qF)(bytes, INDEX_FILE), INDEX_FILE);
    if (document['schemaVersion'] !== 2)
        throw new errors/* FormatError */.IF(`${INDEX_FILE}: schemaVersion is not 2`);
    const entries = (0,json/* requireArray */.Fs)(document['manifests'], `${INDEX_FILE}: manifests`, layout_index_MAX_ENTRIES);
    const annotations = (0,descriptor/* parseAnnotations */.K)(document['annotations'], INDEX_FILE);
    return {
        manifests: entries.map((entry, index) => (0,descriptor/* parseDescriptor */.B)(entry, `${INDEX_FILE}: manifests[${index}]`)),
        ...(annotations === undefined ? {} : { annotations }),
    };
}
function encodeLayoutIndex(index) {
    const { annotations, manifests } = index;
    const document = {
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.index.v1+json',
        manifests,
        ...(annotations === undefined ? {} : { annotations }),
    };
    return Buffer.from(JSON.stringify(document));
}
function checkLayoutVersion(bytes) {
    const { imageLayoutVersion: version } = (0,json/* requireObject */.zG)((0,json/* parseJson */.qF)(bytes, OCI_LAYOUT_FILE), OCI_LAYOUT_FILE);
    if (typeof version !== 'string')
        throw new errors/* FormatError */.IF(`${OCI_LAYOUT_FILE}: no imageLayoutVersion`);
    if (!/^1\.\d+\.\d+$/.test(version)) {
        throw new errors/* LazypullError */.qB('UNSUPPORTED', `${OCI_LAYOUT_FILE}: version ${version.slice(0, 20)}, not 1.x`);
    }
}
function selectEntry(index, tag, where) {
    const found = tag === undefined ? [...index.manifests] : entriesFor(index, tag);
    const digests = new Set(found.map(({ digest }) => digest));
    const [first] = found;
    if (first !== undefined && digests.size === 1)
        return withoutNames(first);
    const there = index.manifests.map(describeEntry);
    const list = there.length === 0
        ? 'It has none at all.'
        : `There is: ${there.slice(0, MAX_LISTED).join(', ')}${there.length > MAX_LISTED ? ', ...' : ''}`;
    if (first === undefined) {
        throw new errors/* UserError */.yo(tag === undefined ? `${where} has no image` : `${where} has no image with the tag ${tag}`, list);
    }
    throw new errors/* UserError */.yo(tag === undefined ? `${where} has several images, and none is named` : `${where} has several images for ${tag}`, `Write ${where}:TAG. ${list}`);
}
function entryNames(entry) {
    return [entry.annotations?.[oci_annotations/* REF_NAME */.w5], entry.annotations?.[CONTAINERD_NAME]].filter((name) => name !== undefined);
}
function entriesFor({ manifests }, tag) {
    const exact = manifests.filter((entry) => entryNames(entry).includes(tag));
    if (exact.length > 0)
        return exact;
    const full = fullName(tag);
    return manifests.filter((entry) => entryNames(entry).some((name) => fullName(name) === full || tagOf(name) === tag));
}
function describeEntry(entry) {
    return entryNames(entry)[0] ?? `${entry.digest} (no tag)`;
}
function fullName(name) {
    try {
        return (0,oci_reference/* formatReference */.FH)((0,oci_reference/* parseReference */.F2)(name));
    }
    catch {
        return name;
    }
}
function tagOf(name) {
    try {
        return (0,oci_reference/* parseReference */.F2)(name).tag;
    }
    catch {
        return undefined;
    }
}
function withoutNames(entry) {
    const { annotations, ...rest } = entry;
    if (annotations === undefined)
        return entry;
    const kept = Object.entries(annotations).filter(([key]) => key !== oci_annotations/* REF_NAME */.w5 && !key.startsWith('io.containerd.image.'));
    return kept.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(kept) };
}

;// CONCATENATED MODULE: ./src/image/layout-source.js







async function openLayoutSource(path, tag) {
    const where = `oci:${path}`;
    const index = await readLayoutFile(path, INDEX_FILE);
    if (index === undefined)
        throw await notALayout(path);
    const version = await readLayoutFile(path, OCI_LAYOUT_FILE);
    if (version === undefined)
        throw new errors/* UserError */.yo(`${path} has an ${INDEX_FILE} but no ${OCI_LAYOUT_FILE} file`);
    checkLayoutVersion(version);
    const root = selectEntry(parseLayoutIndex(index), tag, where);
    return new FileSource({ name: tag === undefined ? where : `${where}:${tag}`, files: new LayoutFiles(path), root });
}
async function readLayoutFile(path, name) {
    const file = (0,external_node_path_.join)(path, name);
    try {
        const { size } = await (0,promises_.stat)(file);
        if (size > oci_manifest/* MAX_MANIFEST_BYTES */.ZJ)
            throw new errors/* FormatError */.IF(`${file}: ${size} bytes, more than ${oci_manifest/* MAX_MANIFEST_BYTES */.ZJ}`);
        return await (0,promises_.readFile)(file);
    }
    catch (error) {
        if (isMissing(error))
            return undefined;
        throw error;
    }
}
function blobPath(layoutDir, digest) {
    return (0,external_node_path_.join)(layoutDir, 'blobs', 'sha256', (0,oci_digest/* digestHex */.sU)(digest));
}
function isMissing(error) {
    const { code } = error;
    return code === 'ENOENT' || code === 'ENOTDIR';
}
class LayoutFiles {
    #path;
    constructor(path) {
        this.#path = path;
    }
    async lookup(digest) {
        const path = blobPath(this.#path, digest);
        let handle;
        try {
            handle = await (0,promises_.open)(path, promises_.constants.O_RDONLY | promises_.constants.O_NONBLOCK);
        }
        catch (error) {
            if (isMissing(error))
                return undefined;
            throw error;
        }
        const stats = await handle.stat();
        if (!stats.isFile()) {
            await handle.close();
            throw new errors/* FormatError */.IF(`${path} is not a file`);
        }
        return { handle, start: 0, size: stats.size, [Symbol.asyncDispose]: () => handle.close() };
    }
    async [Symbol.asyncDispose]() {
    }
}
async function notALayout(path) {
    const stats = await (0,promises_.stat)(path).catch(() => undefined);
    if (stats === undefined)
        return new errors/* UserError */.yo(`there is no folder ${path}`, 'oci:DIR wants an OCI layout.');
    if (!stats.isDirectory()) {
        return new errors/* UserError */.yo(`${path} is a file, not a folder`, `For an archive write oci-archive:${path}.`);
    }
    return new errors/* UserError */.yo(`${path} is not an OCI layout: it has no ${INDEX_FILE}`, 'oci:DIR wants an OCI layout.');
}

;// CONCATENATED MODULE: ./src/image/staging.js
var staging_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var staging_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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






class Staging {
    dir;
    #blobs = new Map();
    #made;
    #unique = 0;
    constructor(dir) {
        this.dir = dir;
    }
    get blobs() {
        return this.#blobs;
    }
    has({ digest, size }) {
        return this.#blobs.get(digest) === size;
    }
    async put(descriptor, pieces, onProgress, signal) {
        const { digest, size } = descriptor;
        await this.make();
        const temporary = (0,external_node_path_.join)(this.dir, `${++this.#unique}.tmp`);
        try {
            const actual = await writeFile(temporary, descriptor, pieces, onProgress, signal);
            if (actual !== digest)
                throw new errors/* VerificationError */.mk('blob to write', digest, actual);
            await (0,promises_.rename)(temporary, blobPath(this.dir, digest));
        }
        catch (error) {
            await (0,promises_.rm)(temporary, { force: true });
            throw error;
        }
        this.#blobs.set(digest, size);
    }
    async putBytes({ descriptor, bytes }) {
        requireContent(descriptor, bytes, 'manifest to write');
        if (!this.has(descriptor))
            await this.put(descriptor, [bytes]);
    }
    async make() {
        this.#made ??= makeFolder((0,external_node_path_.join)(this.dir, 'blobs', 'sha256'));
        try {
            await this.#made;
        }
        catch (error) {
            this.#made = undefined;
            throw error;
        }
    }
    async [Symbol.asyncDispose]() {
        try {
            await (0,promises_.rm)(this.dir, { recursive: true, force: true });
        }
        catch (error) {
            if (!isMissing(error))
                throw error;
        }
    }
}
function besidePath(path) {
    return `${path.replace(/\/+$/, '')}.lazypull-${(0,external_node_crypto_.randomBytes)(6).toString('hex')}`;
}
async function makeFolder(path) {
    try {
        await (0,promises_.mkdir)(path, { recursive: true });
    }
    catch (cause) {
        const { code } = cause;
        throw new errors/* UserError */.yo(`can't make the folder ${path}: ${code ?? String(cause)}`, undefined, { cause });
    }
}
async function writeFile(path, { digest, size }, pieces, onProgress, signal) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const file = staging_addDisposableResource(env_1, await (0,promises_.open)(path, 'wx'), true);
        const hash = (0,external_node_crypto_.createHash)('sha256');
        let bytes = 0;
        for await (const piece of pieces) {
            signal?.throwIfAborted();
            bytes += piece.length;
            if (bytes > size)
                throw new errors/* FormatError */.IF(`${digest}: more bytes than the ${size} of its descriptor`);
            hash.update(piece);
            await file.writeFile(piece);
            onProgress?.(bytes);
        }
        signal?.throwIfAborted();
        if (bytes < size)
            throw new errors/* FormatError */.IF(`${digest}: ${bytes} bytes, its descriptor says ${size}`);
        return `sha256:${hash.digest('hex')}`;
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = staging_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}

;// CONCATENATED MODULE: ./src/image/spool.js







const FOREIGN = [
    ['bzip2', '425a68'],
    ['xz', 'fd377a585a00'],
    ['zip', '504b0304'],
];
const MAGIC_BYTES = 6;
function requireReadable(head, where) {
    const hex = head.toString('hex', 0, MAGIC_BYTES);
    const foreign = FOREIGN.find(([, magic]) => hex.startsWith(magic));
    if (foreign === undefined)
        return (0,decompress/* compressionOf */.MB)(head);
    throw new errors/* UserError */.yo(`${where} is ${foreign[0]}`, 'Decompress it first: plain tar, gzip and zstd are read.');
}
async function openArchiveFile(path, workDir, signal) {
    let handle;
    try {
        handle = await (0,promises_.open)(path, promises_.constants.O_RDONLY);
    }
    catch (cause) {
        const { code } = cause;
        if (code === 'ENOENT')
            throw new errors/* UserError */.yo(`there is no file ${path}`, undefined, { cause });
        throw new errors/* UserError */.yo(`can't read ${path}: ${code ?? String(cause)}`, undefined, { cause });
    }
    try {
        const stats = await handle.stat();
        if (stats.isDirectory())
            throw new errors/* UserError */.yo(`${path} is a folder`, `For an OCI layout write oci:${path}.`);
        if (stats.isFile()) {
            const head = Buffer.alloc(MAGIC_BYTES);
            const { bytesRead } = await handle.read(head, 0, MAGIC_BYTES, 0);
            if (bytesRead === 0)
                throw new errors/* UserError */.yo(`${path} is empty`);
            if (requireReadable(head.subarray(0, bytesRead), path) === 'none') {
                return { handle, size: stats.size, [Symbol.asyncDispose]: () => handle.close() };
            }
        }
        const spooled = await spool(handle.createReadStream({ autoClose: false }), path, workDir, signal);
        await handle.close();
        return spooled;
    }
    catch (error) {
        await handle.close();
        throw error;
    }
}
async function spool(input, where, workDir, signal) {
    input.on('error', () => { });
    const handle = await openNameless(workDir);
    try {
        const size = await decompressInto(handle, input, where, signal);
        return { handle, size, [Symbol.asyncDispose]: () => handle.close() };
    }
    catch (error) {
        await handle.close();
        throw error;
    }
}
async function openNameless(workDir) {
    await makeFolder(workDir);
    const path = (0,external_node_path_.join)(workDir, `archive-${(0,external_node_crypto_.randomBytes)(8).toString('hex')}.tmp`);
    const handle = await (0,promises_.open)(path, 'wx+', 0o600);
    await (0,promises_.rm)(path);
    return handle;
}
async function decompressInto(handle, input, where, signal) {
    const reader = new byte_reader/* ByteReader */.k(input, signal);
    let size = 0;
    try {
        const head = await reader.peek(MAGIC_BYTES);
        if (head.length === 0)
            throw new errors/* UserError */.yo(`${where} is empty`);
        for await (const piece of (0,decompress/* decompress */.mF)(reader, requireReadable(head, where))) {
            signal?.throwIfAborted();
            await handle.writeFile(piece);
            size += piece.length;
        }
        return size;
    }
    catch (error) {
        signal?.throwIfAborted();
        throw spoolError(error, where);
    }
    finally {
        input.destroy();
        await reader.close();
    }
}
function spoolError(error, where) {
    if (error instanceof errors/* FormatError */.IF)
        return new errors/* FormatError */.IF(`${where}: ${error.message}`, { cause: error });
    if (error?.code === 'ENOSPC') {
        return new errors/* LazypullError */.qB('SYSTEM', `no room for ${where} in the folder for temporary files`, { cause: error });
    }
    return error;
}

;// CONCATENATED MODULE: ./src/image/docker-archive.js











const DOCKER_MANIFEST_FILE = 'manifest.json';
const MAX_IMAGES = 10_000;
const MAX_LAYERS = 1000;
const docker_archive_MAX_LISTED = 20;
function parseDockerManifest(bytes) {
    const images = (0,json/* requireArray */.Fs)((0,json/* parseJson */.qF)(bytes, DOCKER_MANIFEST_FILE), DOCKER_MANIFEST_FILE, MAX_IMAGES);
    return images.map((image, index) => {
        const where = `${DOCKER_MANIFEST_FILE}[${index}]`;
        const { Config: config, RepoTags: repoTags, Layers: layers } = (0,json/* requireObject */.zG)(image, where);
        if (typeof config !== 'string')
            throw new errors/* FormatError */.IF(`${where}: no Config`);
        return {
            config,
            repoTags: strings(repoTags ?? [], `${where}.RepoTags`, MAX_IMAGES),
            layers: strings(layers ?? [], `${where}.Layers`, MAX_LAYERS),
        };
    });
}
function selectDockerImage(images, name, where) {
    const wanted = name === undefined ? undefined : docker_archive_fullName(name);
    const found = wanted === undefined ? images : images.filter(({ repoTags }) => repoTags.some((tag) => docker_archive_fullName(tag) === wanted));
    const [first] = found;
    if (first !== undefined && found.length === 1)
        return first;
    const tags = images.flatMap(({ repoTags }) => repoTags);
    const list = tags.length === 0 ? 'None of its images has a name.' : `There is: ${tags.slice(0, docker_archive_MAX_LISTED).join(', ')}`;
    if (first === undefined)
        throw new errors/* UserError */.yo(`${where} has no image ${name ?? ''}`.trimEnd(), list);
    throw new errors/* UserError */.yo(`${where} has ${found.length} images`, `Write docker-archive:FILE:NAME:TAG. ${list}`);
}
async function makeUpImage(archive, image, signal) {
    const { handle } = archive;
    const configFile = requireFile(archive.index, image.config);
    if (configFile.size > image_config/* MAX_CONFIG_BYTES */.GW)
        throw new errors/* FormatError */.IF(`${image.config}: ${configFile.size} bytes are too many`);
    const configBytes = await readAll(handle, configFile, signal);
    const configDigest = (0,oci_digest/* digestOf */.ol)(configBytes);
    requireNamedDigest(image.config, configDigest);
    const diffIds = (0,image_config/* parseDiffIds */.XY)(configBytes, image.layers.length);
    const known = new Map();
    const layers = [];
    const blobs = new Map([[configDigest, configFile]]);
    for (const [at, name] of image.layers.entries()) {
        const file = requireFile(archive.index, name);
        const diffId = diffIds[at];
        const layer = known.get(file.dataStart) ?? (await layerOf(handle, file, diffId, signal));
        known.set(file.dataStart, layer);
        layers.push(layer);
        blobs.set(layer.digest, file);
    }
    const config = { mediaType: media_types/* OCI_CONFIG */.TF, digest: configDigest, size: configBytes.length };
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: media_types/* OCI_MANIFEST */.EG, config, layers }));
    const root = { mediaType: media_types/* OCI_MANIFEST */.EG, digest: (0,oci_digest/* digestOf */.ol)(bytes), size: bytes.length };
    return {
        root,
        blobs,
        documents: new Map([[root.digest, bytes]]),
    };
}
async function layerOf(handle, file, diffId, signal) {
    const range = { handle, start: file.dataStart, size: file.size, [Symbol.asyncDispose]: async () => { } };
    const read = (to) => (0,file_range/* streamFileRange */.aK)(range, 0, to, signal);
    let compression = 'none';
    for await (const head of read(Math.min(file.size, 6)))
        compression = requireReadable(head, file.name);
    if (compression === 'none')
        return { mediaType: media_types/* OCI_LAYER_TAR */.m, digest: diffId, size: file.size };
    const stored = (0,external_node_crypto_.createHash)('sha256');
    const plain = (0,external_node_crypto_.createHash)('sha256');
    const tapped = async function* () {
        for await (const piece of read(file.size)) {
            stored.update(piece);
            yield piece;
        }
    };
    const reader = new byte_reader/* ByteReader */.k(tapped(), signal);
    try {
        for await (const piece of (0,decompress/* decompress */.mF)(reader, compression))
            plain.update(piece);
    }
    catch (cause) {
        if (!(cause instanceof errors/* FormatError */.IF))
            throw cause;
        throw new errors/* FormatError */.IF(`${file.name}: ${cause.message}`, { offset: file.dataStart, cause });
    }
    finally {
        await reader.close();
    }
    const actual = `sha256:${plain.digest('hex')}`;
    if (actual !== diffId)
        throw new errors/* VerificationError */.mk(`${file.name}: diff id`, diffId, actual);
    const mediaType = compression === 'gzip' ? media_types/* OCI_LAYER_GZIP */.BQ : media_types/* OCI_LAYER_ZSTD */.aH;
    return { mediaType, digest: `sha256:${stored.digest('hex')}`, size: file.size };
}
async function readAll(handle, file, signal) {
    const range = { handle, start: file.dataStart, size: file.size, [Symbol.asyncDispose]: async () => { } };
    const pieces = [];
    for await (const piece of (0,file_range/* streamFileRange */.aK)(range, 0, file.size, signal))
        pieces.push(piece);
    return Buffer.concat(pieces);
}
function requireFile(index, name) {
    const file = index.lookup(name.replace(/^\.\//, ''));
    if (file === undefined) {
        throw new errors/* FormatError */.IF(`${DOCKER_MANIFEST_FILE} names ${JSON.stringify(name.slice(0, 200))}, which is not in the archive`);
    }
    return file;
}
function requireNamedDigest(name, actual) {
    const hex = /(?:^|\/)([0-9a-f]{64})(?:\.json)?$/.exec(name)?.[1];
    if (hex !== undefined && actual !== `sha256:${hex}`)
        throw new errors/* VerificationError */.mk(name, `sha256:${hex}`, actual);
}
function strings(value, where, most) {
    const list = (0,json/* requireArray */.Fs)(value, where, most);
    if (!list.every((one) => typeof one === 'string'))
        throw new errors/* FormatError */.IF(`${where}: not all of them are strings`);
    return list;
}
function docker_archive_fullName(name) {
    try {
        const reference = (0,oci_reference/* parseReference */.F2)(name);
        return (0,oci_reference/* formatReference */.FH)({ ...reference, tag: reference.tag ?? 'latest' });
    }
    catch {
        return name;
    }
}

;// CONCATENATED MODULE: ./src/image/archive-source.js









async function openArchiveSource(path, request, signal) {
    return openSpooled(await openArchiveFile(path, request.workDir, signal), request, signal);
}
async function openPipedSource(input, request, signal) {
    return openSpooled(await spool(input, request.where, request.workDir, signal), request, signal);
}
async function openSpooled(archive, request, signal) {
    try {
        return await sourceOf(archive, request, signal);
    }
    catch (error) {
        await archive[Symbol.asyncDispose]();
        throw error;
    }
}
async function sourceOf(archive, { where, image }, signal) {
    const { handle } = archive;
    const index = await indexArchive(handle, archive.size, signal).catch((error) => {
        throw error instanceof errors/* FormatError */.IF ? withPlace(error, where) : error;
    });
    const name = image === undefined ? where : `${where}:${image}`;
    const version = index.lookupUnique(OCI_LAYOUT_FILE);
    const entries = index.lookupUnique(INDEX_FILE);
    if (version !== undefined && entries !== undefined) {
        checkLayoutVersion(await readDocument(archive, version));
        const root = selectEntry(parseLayoutIndex(await readDocument(archive, entries)), image, where);
        return new FileSource({ name, files: new ArchiveFiles(archive, index), root });
    }
    const manifest = index.lookupUnique(DOCKER_MANIFEST_FILE);
    if (manifest === undefined)
        throw notAnImage(where);
    const chosen = selectDockerImage(parseDockerManifest(await readDocument(archive, manifest)), image, where);
    const { blobs, documents, root } = await makeUpImage({ handle, index }, chosen, signal);
    return new FileSource({ name, files: new ArchiveFiles(archive, index, blobs), root, madeUp: documents });
}
class ArchiveFiles {
    #archive;
    #index;
    #known;
    constructor(archive, index, known = new Map()) {
        this.#archive = archive;
        this.#index = index;
        this.#known = known;
    }
    async lookup(digest) {
        const file = this.#known.get(digest) ?? this.#index.lookup(`blobs/sha256/${(0,oci_digest/* digestHex */.sU)(digest)}`);
        return file === undefined ? undefined : rangeOf(this.#archive, file);
    }
    async [Symbol.asyncDispose]() {
        await this.#archive[Symbol.asyncDispose]();
    }
}
function rangeOf({ handle }, { dataStart, size }) {
    return { handle, start: dataStart, size, [Symbol.asyncDispose]: async () => { } };
}
async function readDocument(archive, file) {
    const { dataStart, name, size } = file;
    if (size > oci_manifest/* MAX_MANIFEST_BYTES */.ZJ) {
        throw new errors/* FormatError */.IF(`archive: ${name} of ${size} bytes is too large`, { offset: dataStart });
    }
    const pieces = [];
    for await (const piece of (0,file_range/* streamFileRange */.aK)(rangeOf(archive, file), 0, size))
        pieces.push(piece);
    return Buffer.concat(pieces);
}
function withPlace(error, where) {
    const { message, offset } = error;
    const what = offset === 0 ? ' is not a tar archive: ' : ': ';
    return new errors/* FormatError */.IF(`${where}${what}${message}`, { cause: error, ...(offset === undefined ? {} : { offset }) });
}
function notAnImage(where) {
    return new errors/* UserError */.yo(`${where} is a tar, but no image: it has neither ${INDEX_FILE} with ${OCI_LAYOUT_FILE} nor ${DOCKER_MANIFEST_FILE}`, 'Archives of `buildx --output type=oci`, `docker save`, `skopeo` and `podman save` are read.');
}

// EXTERNAL MODULE: external "node:stream/promises"
var external_node_stream_promises_ = __webpack_require__(46466);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
;// CONCATENATED MODULE: ./src/image/archive-writer.js




const PIECE_BYTES = 1 << 20;
async function* packArchive(files) {
    const folders = new Set([...files.keys()].flatMap(foldersOf));
    for (const name of [...files.keys(), ...folders].sort(byBytes)) {
        const content = files.get(name);
        if (content === undefined) {
            yield (0,tar_entry/* encodeEntry */.vv)({ ...tar_entry/* NO_FIELDS */.eL, name: Buffer.from(name), mode: 0o755, size: 0, typeflag: '5' });
            continue;
        }
        const size = content instanceof Uint8Array ? content.length : content.size;
        yield (0,tar_entry/* encodeEntry */.vv)({ ...tar_entry/* NO_FIELDS */.eL, name: Buffer.from(name), mode: 0o644, size, typeflag: '0' });
        if (content instanceof Uint8Array)
            yield content;
        else
            yield* readExactly(content);
        if ((0,tar_entry/* paddingOf */.Zt)(size) > 0)
            yield Buffer.alloc((0,tar_entry/* paddingOf */.Zt)(size));
    }
    yield Buffer.alloc(2 * tar_header/* BLOCK_SIZE */.cS);
}
function foldersOf(name) {
    const parts = name.split('/').slice(0, -1);
    return parts.map((_, depth) => `${parts.slice(0, depth + 1).join('/')}/`);
}
function byBytes(a, b) {
    return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
async function* readExactly({ path, size }) {
    let bytes = 0;
    if (size > 0) {
        const stream = (0,external_node_fs_.createReadStream)(path, { end: size - 1, highWaterMark: PIECE_BYTES });
        for await (const piece of stream) {
            bytes += piece.length;
            yield piece;
        }
    }
    if (bytes !== size)
        throw new errors/* FormatError */.IF(`${path} was changed while it was packed: ${bytes} bytes, not ${size}`);
}

// EXTERNAL MODULE: ./src/oci/platform.js
var platform = __webpack_require__(46580);
;// CONCATENATED MODULE: ./src/image/docker-manifest.js





const MAX_INDEX_DEPTH = 3;
async function encodeDockerManifest(root, name, read) {
    const manifest = await findImage(root, read, 0);
    if (manifest === undefined)
        throw new errors/* LazypullError */.qB('NOT_FOUND', `no image in ${root.digest} for docker to load`);
    const image = {
        Config: pathOf(manifest.config.digest),
        RepoTags: name === undefined ? null : [(0,oci_reference/* familiarReference */.ZD)(name)],
        Layers: manifest.layers.map(({ digest }) => pathOf(digest)),
    };
    return Buffer.from(JSON.stringify([image]));
}
async function findImage(descriptor, read, depth) {
    const bytes = await read(descriptor);
    if (bytes === undefined)
        return undefined;
    const manifest = (0,oci_manifest/* parseManifest */.Ng)(bytes, descriptor.mediaType);
    if (manifest.kind === 'image')
        return manifest;
    if (depth === MAX_INDEX_DEPTH)
        return undefined;
    for (const entry of [chosen(manifest), ...manifest.manifests.filter(platform/* isRunnable */.iU)]) {
        const found = entry === undefined ? undefined : await findImage(entry, read, depth + 1);
        if (found !== undefined)
            return found;
    }
    return undefined;
}
function chosen(index) {
    try {
        return (0,platform/* selectManifest */.yY)(index, (0,platform/* hostPlatform */.ol)());
    }
    catch {
        return undefined;
    }
}
function pathOf(digest) {
    return `blobs/sha256/${(0,oci_digest/* digestHex */.sU)(digest)}`;
}

;// CONCATENATED MODULE: ./src/image/archive-target.js
var archive_target_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var archive_target_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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













async function openArchiveTarget(path, form) {
    await requireWritable(path);
    return new ArchiveTarget(form, (pieces, signal) => writeArchiveFile(path, pieces, signal));
}
function openPipedTarget(output, form) {
    if (output.isTTY === true) {
        throw new errors/* UserError */.yo('standard output is a terminal, which an archive would only upset', 'Pipe it into another program or a file, or write oci-archive:FILE.');
    }
    return new ArchiveTarget(form, (pieces, signal) => writeToPipe(output, pieces, signal));
}
class ArchiveTarget {
    name;
    reference;
    #form;
    #write;
    #staging;
    constructor(form, write) {
        this.name = form.name;
        this.#form = form;
        this.#write = write;
        this.#staging = new Staging(besidePath((0,external_node_path_.join)(form.workDir, 'archive')));
    }
    async has(descriptor) {
        return this.#staging.has(descriptor);
    }
    putBlob(descriptor, openBlob, options = {}, signal) {
        return this.#staging.put(descriptor, openBlob(0), options.onProgress, signal);
    }
    putDocument(document) {
        return this.#staging.putBytes(document);
    }
    async finish(root, signal) {
        await this.#staging.putBytes(root);
        signal?.throwIfAborted();
        await this.#write(packArchive(await this.#files(root.descriptor)), signal);
        await this.#staging[Symbol.asyncDispose]();
    }
    async [Symbol.asyncDispose]() {
        await this.#staging[Symbol.asyncDispose]();
    }
    async #files(root) {
        const { forDocker, image } = this.#form;
        const reference = forDocker && image !== undefined ? dockerName(image) : undefined;
        const entry = withName(root, reference, image);
        const files = new Map([
            [OCI_LAYOUT_FILE, Buffer.from(OCI_LAYOUT_TEXT)],
            [INDEX_FILE, encodeLayoutIndex({ manifests: [entry] })],
        ]);
        for (const [digest, size] of this.#staging.blobs) {
            files.set(`blobs/sha256/${(0,oci_digest/* digestHex */.sU)(digest)}`, { path: blobPath(this.#staging.dir, digest), size });
        }
        if (forDocker) {
            const read = async (descriptor) => this.#staging.has(descriptor) ? (0,promises_.readFile)(blobPath(this.#staging.dir, descriptor.digest)) : undefined;
            files.set(DOCKER_MANIFEST_FILE, await encodeDockerManifest(root, reference, read));
        }
        return files;
    }
}
function dockerName(image) {
    const reference = (0,oci_reference/* parseReference */.F2)(image);
    return { ...reference, tag: reference.tag ?? 'latest' };
}
function withName(root, docker, tag) {
    const refName = docker?.tag ?? tag;
    if (refName === undefined)
        return root;
    const name = docker === undefined ? {} : { [CONTAINERD_NAME]: (0,oci_reference/* formatReference */.FH)(docker) };
    return { ...root, annotations: { ...root.annotations, ...name, [oci_annotations/* REF_NAME */.w5]: refName } };
}
async function requireWritable(path) {
    const stats = await (0,promises_.stat)(path).catch(() => undefined);
    if (stats?.isDirectory() === true)
        throw new errors/* UserError */.yo(`${path} is a folder`, `For an OCI layout write oci:${path}.`);
    if (stats !== undefined && !stats.isFile()) {
        throw new errors/* UserError */.yo(`${path} is not a file`, 'To write into a pipe, write - and redirect standard output.');
    }
    const folder = (0,external_node_path_.dirname)(path);
    try {
        await (0,promises_.access)(folder, promises_.constants.W_OK | promises_.constants.X_OK);
    }
    catch (cause) {
        const { code } = cause;
        const missing = code === 'ENOENT' || code === 'ENOTDIR';
        throw new errors/* UserError */.yo(missing ? `there is no folder ${folder}` : `can't write into ${folder}: ${code}`, undefined, {
            cause,
        });
    }
}
async function writeArchiveFile(path, pieces, signal) {
    const temporary = besidePath(path);
    try {
        {
            const env_1 = { stack: [], error: void 0, hasError: false };
            try {
                const file = archive_target_addDisposableResource(env_1, await (0,promises_.open)(temporary, 'wx'), true);
                for await (const piece of pieces) {
                    signal?.throwIfAborted();
                    await file.writeFile(piece);
                }
                await file.sync();
            }
            catch (e_1) {
                env_1.error = e_1;
                env_1.hasError = true;
            }
            finally {
                const result_1 = archive_target_disposeResources(env_1);
                if (result_1)
                    await result_1;
            }
        }
        signal?.throwIfAborted();
        await (0,promises_.rename)(temporary, path);
    }
    catch (error) {
        await (0,promises_.rm)(temporary, { force: true });
        throw error;
    }
}
async function writeToPipe(output, pieces, signal) {
    try {
        await (0,external_node_stream_promises_.pipeline)(pieces, output, { end: false, ...(signal === undefined ? {} : { signal }) });
    }
    catch (error) {
        signal?.throwIfAborted();
        const { code } = error;
        if (code !== 'EPIPE' && code !== 'ERR_STREAM_PREMATURE_CLOSE')
            throw error;
        throw new errors/* LazypullError */.qB('ABORTED', 'whoever reads standard output stopped before the end of the archive', {
            cause: error,
        });
    }
}

// EXTERNAL MODULE: ./src/containerd/connection.js + 1 modules
var containerd_connection = __webpack_require__(47593);
// EXTERNAL MODULE: ./src/containerd/content.js
var content = __webpack_require__(24490);
// EXTERNAL MODULE: ./src/containerd/images.js
var containerd_images = __webpack_require__(61169);
// EXTERNAL MODULE: ./src/containerd/labels.js
var containerd_labels = __webpack_require__(30616);
// EXTERNAL MODULE: ./src/containerd/lease.js
var lease = __webpack_require__(4701);
// EXTERNAL MODULE: ./src/image/streamed-blob.js
var streamed_blob = __webpack_require__(83856);
;// CONCATENATED MODULE: ./src/image/containerd-image.js












async function openContainerdSource(name, reference, access, signal) {
    const connection = await containerd_connection/* Connection */.Ng.open(access);
    try {
        for (const candidate of new Set([name, (0,oci_reference/* formatReference */.FH)(reference)])) {
            const record = await (0,containerd_images/* lookupImage */.y)(connection, candidate, signal);
            if (record !== undefined)
                return new ContainerdSource(connection, record, reference);
        }
        throw new errors/* UserError */.yo(`containerd has no image ${(0,oci_reference/* formatReference */.FH)(reference)} in the namespace ${access.namespace}`, 'List them with `ctr -n NAMESPACE images ls`. Docker uses the namespace moby, Kubernetes k8s.io.');
    }
    catch (error) {
        connection.close();
        throw error;
    }
}
async function openContainerdTarget(reference, access, signal) {
    if (reference.digest !== undefined) {
        throw new errors/* UserError */.yo(`containerd:${(0,oci_reference/* formatReference */.FH)(reference)} has a digest, which only the result can have`);
    }
    const connection = await containerd_connection/* Connection */.Ng.open(access);
    try {
        return new ContainerdTarget(connection, await (0,lease/* openLease */.H)(connection, signal), reference);
    }
    catch (error) {
        connection.close();
        throw error;
    }
}
class ContainerdSource {
    name;
    reference;
    #connection;
    #target;
    #image;
    constructor(connection, record, image) {
        this.#connection = connection;
        this.#target = record.target;
        this.#image = image;
        this.name = `containerd:${record.name}`;
    }
    async root(signal) {
        const { digest, mediaType, size } = this.#target;
        return this.document({ mediaType, digest: (0,oci_digest/* parseDigest */.m)(digest), size }, signal);
    }
    async document(descriptor, signal) {
        if (descriptor.size > oci_manifest/* MAX_MANIFEST_BYTES */.ZJ) {
            throw new errors/* FormatError */.IF(`${this.name}: manifest ${descriptor.digest} of ${descriptor.size} bytes is too large`);
        }
        return documentOf(descriptor, await this.fetch(descriptor, signal));
    }
    async fetch(descriptor, signal) {
        requireSmall(descriptor, this.name);
        return readVerified(() => this.#pieces(descriptor, 0, descriptor.size, signal), descriptor, this.name);
    }
    stream(descriptor, signal) {
        return verified(this.#pieces(descriptor, 0, descriptor.size, signal), descriptor, this.name);
    }
    open(descriptor) {
        return new streamed_blob/* StreamedBlob */.R(descriptor, (start, end, signal) => this.#pieces(descriptor, start, end, signal));
    }
    async [Symbol.asyncDispose]() {
        this.#connection.close();
    }
    async *#pieces({ digest, size }, start, end, signal) {
        const info = await (0,content/* lookupContent */.wT)(this.#connection, digest, signal);
        if (info === undefined)
            throw this.#missing(digest);
        if (info.size !== size)
            throw (0,file_range/* wrongSize */.hD)(digest, info.size, size);
        yield* (0,content/* streamContent */.M4)(this.#connection, digest, { start, end }, signal);
    }
    #missing(digest) {
        const reference = (0,oci_reference/* familiarReference */.ZD)(this.#image);
        return new errors/* UserError */.yo(`${this.name}: containerd does not have ${digest}. Images that were pulled lazily, or for one platform only, are not there in full`, `Read it from the registry: write ${reference} instead of containerd:${reference}.`);
    }
}
class ContainerdTarget {
    name;
    reference;
    #connection;
    #lease;
    #record;
    constructor(connection, lease, reference) {
        this.#connection = connection;
        this.#lease = lease;
        this.#record = (0,oci_reference/* formatReference */.FH)(reference);
        this.name = `containerd:${this.#record}`;
    }
    async has(descriptor, _from, signal) {
        const info = await (0,content/* lookupContent */.wT)(this.#connection, descriptor.digest, signal);
        if (info === undefined)
            return false;
        try {
            await this.#write(descriptor, gone, {}, signal);
            return true;
        }
        catch (error) {
            if ((0,containerd_connection/* hasCode */.up)(error, 'NOT_FOUND'))
                return false;
            throw error;
        }
    }
    async putBlob(descriptor, open, options = {}, signal) {
        const counted = async function* (offset) {
            let at = offset;
            for await (const piece of open(offset)) {
                yield piece;
                at += piece.length;
                options.onProgress?.(at);
            }
        };
        await this.#write(descriptor, counted, {}, signal);
    }
    async putDocument({ bytes, descriptor }, signal) {
        requireContent(descriptor, bytes, 'manifest to write');
        const manifest = (0,oci_manifest/* parseManifest */.Ng)(bytes, descriptor.mediaType);
        const labels = manifest.kind === 'index' ? (0,containerd_labels/* indexLabels */.wp)(manifest) : (0,containerd_labels/* manifestLabels */.bS)(manifest);
        await this.#write(descriptor, (offset) => [bytes.subarray(offset)], labels, signal);
    }
    async finish(root, signal) {
        await this.putDocument(root, signal);
        await (0,containerd_images/* putImage */.B)(this.#lease.connection, { name: this.#record, target: root.descriptor, labels: {} }, signal);
    }
    async [Symbol.asyncDispose]() {
        await this.#lease[Symbol.asyncDispose]();
        this.#connection.close();
    }
    async #write(descriptor, open, labels, signal) {
        const blob = { ref: `lazypull-${descriptor.digest}`, descriptor, labels, open };
        await (0,content/* writeContent */.jB)(this.#lease.connection, blob, signal);
    }
}
function gone() {
    throw new errors/* LazypullError */.qB('NOT_FOUND', 'content went away');
}

;// CONCATENATED MODULE: ./src/image/layout-target.js
var layout_target_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var layout_target_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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







const EMPTY_INDEX = { manifests: [] };
async function openLayoutTarget(path, tag) {
    const state = await stateOf(path);
    if (state !== 'missing')
        await readIndex(path);
    const staging = new Staging(besidePath(state === 'missing' ? path : (0,external_node_path_.join)(path, '.new')));
    return new LayoutTarget(path, tag, staging);
}
class LayoutTarget {
    name;
    reference;
    #path;
    #tag;
    #staging;
    constructor(path, tag, staging) {
        this.#path = path;
        this.#tag = tag;
        this.#staging = staging;
        this.name = `oci:${path}${tag === undefined ? '' : `:${tag}`}`;
    }
    async has(descriptor, _from, signal) {
        signal?.throwIfAborted();
        return this.#staging.has(descriptor) || hasBlob(this.#path, descriptor);
    }
    putBlob(descriptor, openBlob, options = {}, signal) {
        return this.#staging.put(descriptor, openBlob(0), options.onProgress, signal);
    }
    putDocument(document) {
        return this.#staging.putBytes(document);
    }
    async finish(root, signal) {
        await this.#staging.putBytes(root);
        signal?.throwIfAborted();
        if ((await stateOf(this.#path)) === 'missing' && (await this.#becomeLayout(root.descriptor)))
            return;
        await this.#extendLayout(root.descriptor);
    }
    async [Symbol.asyncDispose]() {
        await this.#staging[Symbol.asyncDispose]();
    }
    async #becomeLayout(root) {
        const { dir } = this.#staging;
        await writeSynced((0,external_node_path_.join)(dir, OCI_LAYOUT_FILE), Buffer.from(OCI_LAYOUT_TEXT));
        await writeSynced((0,external_node_path_.join)(dir, INDEX_FILE), encodeLayoutIndex(withEntry(EMPTY_INDEX, root, this.#tag)));
        try {
            await (0,promises_.rename)(dir, this.#path);
            return true;
        }
        catch (error) {
            const { code } = error;
            if (code === 'ENOTEMPTY' || code === 'EEXIST')
                return false;
            throw error;
        }
    }
    async #extendLayout(root) {
        const path = this.#path;
        await makeFolder((0,external_node_path_.join)(path, 'blobs', 'sha256'));
        for (const digest of this.#staging.blobs.keys()) {
            await (0,promises_.rename)(blobPath(this.#staging.dir, digest), blobPath(path, digest));
        }
        const index = withEntry((await readIndex(path)) ?? EMPTY_INDEX, root, this.#tag);
        await replaceFile(path, OCI_LAYOUT_FILE, Buffer.from(OCI_LAYOUT_TEXT));
        await replaceFile(path, INDEX_FILE, encodeLayoutIndex(index));
        await this.#staging[Symbol.asyncDispose]();
    }
}
function withEntry(index, root, tag) {
    const { annotations, ...rest } = root;
    const entry = tag === undefined ? root : { ...rest, annotations: { ...annotations, [oci_annotations/* REF_NAME */.w5]: tag } };
    const kept = index.manifests.filter((other) => {
        const names = entryNames(other);
        return tag === undefined ? names.length > 0 : !names.includes(tag);
    });
    return { ...index, manifests: [...kept, entry] };
}
async function stateOf(path) {
    try {
        const names = await (0,promises_.readdir)(path);
        if (names.includes(INDEX_FILE))
            return 'layout';
        const others = names.filter((name) => name !== OCI_LAYOUT_FILE && name !== 'blobs' && !name.startsWith('.'));
        if (others.length === 0)
            return 'empty';
    }
    catch (error) {
        const { code } = error;
        if (code === 'ENOENT')
            return 'missing';
        if (code === 'ENOTDIR')
            throw new errors/* UserError */.yo(`${path} is not a folder`, 'oci:DIR wants a new folder or an OCI layout.');
        throw error;
    }
    throw new errors/* UserError */.yo(`${path} has files in it that are no OCI layout`, 'Name a new folder, an empty one or a layout.');
}
async function readIndex(path) {
    const version = await readLayoutFile(path, OCI_LAYOUT_FILE);
    if (version !== undefined)
        checkLayoutVersion(version);
    const index = await readLayoutFile(path, INDEX_FILE);
    return index === undefined ? undefined : parseLayoutIndex(index);
}
async function hasBlob(path, { digest, size }) {
    try {
        const stats = await (0,promises_.stat)(blobPath(path, digest));
        return stats.isFile() && stats.size === size;
    }
    catch (error) {
        if (isMissing(error))
            return false;
        throw error;
    }
}
async function replaceFile(folder, name, bytes) {
    const temporary = besidePath((0,external_node_path_.join)(folder, `.${name}`));
    try {
        await writeSynced(temporary, bytes);
        await (0,promises_.rename)(temporary, (0,external_node_path_.join)(folder, name));
    }
    catch (error) {
        await (0,promises_.rm)(temporary, { force: true });
        throw error;
    }
}
async function writeSynced(path, bytes) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const file = layout_target_addDisposableResource(env_1, await (0,promises_.open)(path, 'w'), true);
        await file.writeFile(bytes);
        await file.sync();
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = layout_target_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}

// EXTERNAL MODULE: ./src/image/location.js
var image_location = __webpack_require__(42336);
;// CONCATENATED MODULE: ./src/image/registry-image.js



class RegistryImageSource {
    name;
    reference;
    #client;
    constructor(client, reference) {
        this.#client = client;
        this.reference = reference;
        this.name = (0,oci_reference/* formatReference */.FH)(reference);
    }
    async root(signal) {
        const { descriptor, bytes, manifest } = await this.#client.fetchManifest(this.reference, {}, signal);
        return { descriptor, bytes, manifest };
    }
    async document(descriptor, signal) {
        const { digest, size } = descriptor;
        const { bytes } = await this.#client.fetchManifest(this.reference, { digest }, signal);
        if (bytes.length !== size) {
            throw new errors/* FormatError */.IF(`${this.name}: ${digest} has ${bytes.length} bytes, its descriptor says ${size}`);
        }
        return documentOf(descriptor, bytes);
    }
    fetch(descriptor, signal) {
        return this.#client.fetchBlob(this.reference, descriptor, signal);
    }
    stream(descriptor, signal) {
        return this.#client.streamBlob(this.reference, descriptor, {}, signal);
    }
    open({ digest, size }) {
        return this.#client.openBlob(this.reference, digest, size);
    }
    async [Symbol.asyncDispose]() {
    }
}
class RegistryImageTarget {
    name;
    reference;
    #pusher;
    constructor(client, reference) {
        this.reference = reference;
        this.name = (0,oci_reference/* formatReference */.FH)(reference);
        this.#pusher = client.pusher(reference);
    }
    async has(descriptor, from, signal) {
        if (await this.#pusher.hasBlob(descriptor, signal))
            return true;
        const { registry, repository } = from?.reference ?? {};
        if (repository === undefined || registry !== this.reference.registry)
            return false;
        if (repository === this.reference.repository)
            return false;
        return this.#pusher.mountBlob(descriptor, repository, signal);
    }
    putBlob(descriptor, open, options = {}, signal) {
        return this.#pusher.pushBlob({ descriptor, open, onProgress: options.onProgress }, signal);
    }
    async putDocument(document, signal) {
        const { bytes, descriptor } = document;
        requireContent(descriptor, bytes, 'manifest to push');
        await this.#pusher.pushManifest({ bytes, mediaType: descriptor.mediaType }, descriptor.digest, signal);
    }
    async finish(root, signal) {
        const { bytes, descriptor } = root;
        const { digest, tag } = this.reference;
        requireContent(descriptor, bytes, 'manifest to push');
        if (digest !== undefined && digest !== descriptor.digest) {
            throw new errors/* UserError */.yo(`the image is ${descriptor.digest}, it can't be pushed as ${this.name}`, `Name a tag, e.g. ${(0,oci_reference/* familiarReference */.ZD)({ registry: this.reference.registry, repository: this.reference.repository, tag: tag ?? 'latest' })}.`);
        }
        const name = tag ?? digest ?? 'latest';
        await this.#pusher.pushManifest({ bytes, mediaType: descriptor.mediaType }, name, signal);
    }
    async [Symbol.asyncDispose]() {
        await this.#pusher[Symbol.asyncDispose]();
    }
}

;// CONCATENATED MODULE: ./src/image/open.js








async function openSource(location, access, signal) {
    signal?.throwIfAborted();
    switch (location.kind) {
        case 'registry':
            return new RegistryImageSource(access.registry(), location.reference);
        case 'oci':
            return openLayoutSource(location.path, location.tag);
        case 'oci-archive':
        case 'docker-archive': {
            const { kind, path } = location;
            const image = kind === 'oci-archive' ? location.tag : location.image;
            return openArchiveSource(path, { where: `${kind}:${path}`, image, workDir: access.workDir }, signal);
        }
        case 'stream': {
            if (access.stdin.isTTY === true) {
                throw new errors/* UserError */.yo('standard input is a terminal, not an image', 'Pipe an archive in, as `docker save` writes it.');
            }
            const request = { where: 'standard input', image: undefined, workDir: access.workDir };
            return openPipedSource(access.stdin, request, signal);
        }
        default:
            return openContainerdSource(location.name, location.reference, access.containerd, signal);
    }
}
async function openTarget(location, access, signal) {
    signal?.throwIfAborted();
    const { workDir } = access;
    const name = (0,image_location/* formatLocation */.j)(location);
    switch (location.kind) {
        case 'registry':
            return new RegistryImageTarget(access.registry(), location.reference);
        case 'oci':
            return openLayoutTarget(location.path, location.tag);
        case 'oci-archive':
            return openArchiveTarget(location.path, { name, image: location.tag, forDocker: false, workDir });
        case 'docker-archive':
            return openArchiveTarget(location.path, { name, image: location.image, forDocker: true, workDir });
        case 'stream':
            return openPipedTarget(access.stdout, { name: 'standard output', image: undefined, forDocker: false, workDir });
        default:
            return openContainerdTarget(location.reference, access.containerd, signal);
    }
}


/***/ }),

/***/ 83856:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   R: () => (/* binding */ StreamedBlob)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);

class StreamedBlob {
    digest;
    size;
    #stream;
    constructor({ digest, size }, stream) {
        this.digest = digest;
        this.size = size;
        this.#stream = stream;
    }
    async readTail(length, signal) {
        const bytes = await this.readRange(Math.max(0, this.size - length), this.size, signal);
        return { bytes, blobSize: this.size };
    }
    async readRange(start, end, signal) {
        const pieces = this.streamRange(start, end, signal);
        const bytes = new Uint8Array(end - start);
        let at = 0;
        for await (const piece of pieces) {
            if (piece.length > bytes.length - at)
                throw this.#wrong(start, end, `more than ${bytes.length}`);
            bytes.set(piece, at);
            at += piece.length;
        }
        if (at < bytes.length)
            throw this.#wrong(start, end, `only ${at}`);
        return bytes;
    }
    streamRange(start, end, signal) {
        if (start >= 0 && start <= end && end <= this.size)
            return this.#stream(start, end, signal);
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB('INVALID_ARGUMENT', `not a range of a blob of ${this.size} bytes: [${start}, ${end})`);
    }
    #wrong(start, end, got) {
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${this.digest}: ${got} bytes came for [${start}, ${end})`, { offset: start });
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

/***/ 17620:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A9: () => (/* binding */ stargzSnapshotterVerdict),
/* harmony export */   IZ: () => (/* binding */ whyNotLazy),
/* harmony export */   ps: () => (/* binding */ lazypullVerdict)
/* harmony export */ });
/* harmony import */ var _estargz_model_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(65233);
/* harmony import */ var _layer_policy_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(36913);
/* harmony import */ var _oci_annotations_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(73417);
/* harmony import */ var _oci_manifest_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(45914);
/* harmony import */ var _oci_toc_promise_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(12981);





const LAZY = { lazy: true, reason: null };
function lazypullVerdict(facts) {
    return verdict(commonReason(facts) ?? promiseReason(facts, true) ?? tocReason(facts.toc));
}
function stargzSnapshotterVerdict(facts) {
    const { format, toc } = facts;
    const foreign = format === 'zstd:chunked-containers'
        ? 'it does not know the zstd:chunked of containers/storage (Podman)'
        : undefined;
    return verdict(commonReason(facts) ??
        foreign ??
        promiseReason(facts, false) ??
        (toc === undefined || 'problem' in toc ? undefined : unverifiable(toc.toc)));
}
function verdict(reason) {
    return reason === undefined ? LAZY : { lazy: false, reason };
}
function commonReason({ format, toc }) {
    if (format === 'other')
        return 'it is no container layer';
    if (toc === undefined) {
        return format === 'unreadable'
            ? 'it can not be read'
            : `an ordinary ${nameOfOrdinary(format)} layer without a table of contents`;
    }
    return 'problem' in toc ? toc.problem : undefined;
}
function nameOfOrdinary(format) {
    return format === 'tar' ? 'uncompressed' : format;
}
function promiseReason(facts, knowsChecksums) {
    const { annotations, toc, manifestType } = facts;
    if (toc === undefined || 'problem' in toc)
        return undefined;
    const { tocDigest, tocChecksum } = (0,_oci_toc_promise_js__WEBPACK_IMPORTED_MODULE_2__/* .tocPromiseOf */ .PG)({ annotations });
    if (tocDigest !== undefined)
        return tocDigest === toc.digest ? undefined : otherToc(`${_oci_annotations_js__WEBPACK_IMPORTED_MODULE_3__/* .TOC_DIGEST */ .Ie} is ${tocDigest}`);
    if (tocChecksum !== undefined && knowsChecksums) {
        return tocChecksum === toc.checksum ? undefined : otherToc(`the checksum of the compressed one is ${tocChecksum}`);
    }
    if (!(0,_oci_manifest_js__WEBPACK_IMPORTED_MODULE_1__/* .keepsAnnotations */ .hi)(manifestType)) {
        return "its manifest is of Docker's format, which keeps no annotations: nothing vouches for the table of contents";
    }
    return `its descriptor has no annotation ${_oci_annotations_js__WEBPACK_IMPORTED_MODULE_3__/* .TOC_DIGEST */ .Ie}: nothing vouches for the table of contents`;
}
function otherToc(how) {
    return `the manifest promises another table of contents: ${how}`;
}
function tocReason(toc) {
    return toc === undefined || 'problem' in toc ? undefined : whyNotLazy(toc.toc);
}
function whyNotLazy(toc) {
    return unverifiable(toc) ?? tooLarge(toc.chunks);
}
function unverifiable({ verifiable }) {
    return verifiable ? undefined : 'its table of contents has chunks without digests';
}
function tooLarge(table) {
    for (let chunk = 0; chunk < table.count; chunk++) {
        const needed = table.innerOffset[chunk] + table.size[chunk];
        if (needed > _layer_policy_js__WEBPACK_IMPORTED_MODULE_0__/* .MAX_MEMBER_BYTES */ .yK && !(0,_estargz_model_js__WEBPACK_IMPORTED_MODULE_4__/* .isHole */ .$)(table, chunk)) {
            return `chunk ${chunk} at ${table.blobOffset[chunk]} of the blob decodes ${needed} bytes, ${_layer_policy_js__WEBPACK_IMPORTED_MODULE_0__/* .MAX_MEMBER_BYTES */ .yK} are the limit`;
        }
    }
    return undefined;
}


/***/ }),

/***/ 73834:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   j: () => (/* binding */ settleAll)
/* harmony export */ });
async function settleAll(work, abort) {
    const errors = [];
    const results = await Promise.allSettled(work.map((one) => one.catch((error) => {
        if (errors.push(error) === 1)
            abort();
        throw error;
    })));
    if (errors.length > 0)
        throw errors[0];
    return results.map((result) => result.value);
}


/***/ }),

/***/ 46376:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ Slots)
/* harmony export */ });
class Slots {
    #free;
    #waiting = [];
    constructor(count) {
        this.#free = count;
    }
    async take() {
        if (this.#free > 0)
            this.#free--;
        else
            await new Promise((resolve) => void this.#waiting.push(resolve));
        let taken = true;
        return () => {
            if (!taken)
                return;
            taken = false;
            const next = this.#waiting.shift();
            if (next === undefined)
                this.#free++;
            else
                next();
        };
    }
}


/***/ }),

/***/ 33202:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   u: () => (/* binding */ UnsupportedEntryError)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);

class UnsupportedEntryError extends _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF {
}


/***/ }),

/***/ 24015:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  u: () => (/* binding */ ExtendedHeaders),
  r: () => (/* binding */ isExtendedHeader)
});

// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/tar/apply-pax.js
var apply_pax = __webpack_require__(32125);
;// CONCATENATED MODULE: ./src/tar/entry-type.js
const TYPES = {
    '0': 'reg',
    '1': 'hardlink',
    '2': 'symlink',
    '3': 'char',
    '4': 'block',
    '5': 'dir',
    '6': 'fifo',
    '7': 'reg',
};
const UNSUPPORTED = {
    S: 'a GNU sparse file',
    M: 'a part of a file of another volume',
    V: 'a volume label',
    D: 'a GNU directory dump',
    X: 'a Solaris extended header',
    A: 'a Solaris access list',
};
const SLASH = 0x2f;
function entryTypeOf(header) {
    if (header.typeflag === '\0')
        return header.name.at(-1) === SLASH ? 'dir' : 'reg';
    return TYPES[header.typeflag];
}
function describeTypeflag(typeflag) {
    const meaning = UNSUPPORTED[typeflag];
    return meaning === undefined ? `type ${JSON.stringify(typeflag)}` : `${meaning} (type ${typeflag})`;
}

// EXTERNAL MODULE: ./src/tar/errors.js
var tar_errors = __webpack_require__(33202);
// EXTERNAL MODULE: ./src/tar/pax.js
var pax = __webpack_require__(13520);
;// CONCATENATED MODULE: ./src/tar/extended-headers.js





const NO_RECORDS = new Map();
const MAX_GLOBAL_RECORDS = 1024;
const MAX_GLOBAL_SIZE = 1024 * 1024;
const SPARSE_PREFIX = 'GNU.sparse.';
function isExtendedHeader(typeflag) {
    return typeflag === 'x' || typeflag === 'g' || typeflag === 'L' || typeflag === 'K';
}
class ExtendedHeaders {
    #global = NO_RECORDS;
    #local = NO_RECORDS;
    #longName;
    #longLink;
    #start;
    #isMixed = false;
    #lastOwner;
    get waitingSince() {
        return this.#start;
    }
    take(typeflag, payload, start) {
        if (typeflag === 'g') {
            this.#isMixed = this.#start !== undefined;
            this.#global = requireFew(new Map([...this.#global, ...readRecords(payload)]));
            return;
        }
        this.#start ??= start;
        if (typeflag === 'x')
            this.#local = readRecords(payload);
        else if (typeflag === 'L')
            this.#longName = beforeNul(payload);
        else
            this.#longLink = beforeNul(payload);
    }
    complete(block, blockStart, dataStart) {
        const pax = this.#records();
        const named = this.#withLongNames((0,apply_pax/* applyPax */.U)(block, pax));
        const type = entryTypeOf(named);
        if (type === undefined)
            throw new tar_errors/* UnsupportedEntryError */.u(`${describeTypeflag(named.typeflag)} is not supported`);
        if (type === 'dir' && named.typeflag === '\0' && named.size !== 0)
            throw new tar_errors/* UnsupportedEntryError */.u(`a directory of ${named.size} bytes in a v7 header`);
        const fromGlobal = this.#isMixed || this.#isChangedByGlobal();
        const entry = {
            type,
            header: this.#owned(named, type, block),
            pax,
            start: this.#start ?? blockStart,
            dataStart,
            fromGlobal,
        };
        this.#forget();
        return entry;
    }
    #records() {
        if (this.#global.size === 0)
            return this.#local;
        return this.#local.size === 0 ? this.#global : new Map([...this.#global, ...this.#local]);
    }
    #isChangedByGlobal() {
        for (const key of this.#global.keys()) {
            if ((apply_pax/* FIELD_RECORDS */.m.has(key) || key.startsWith(pax/* XATTR_PREFIX */.hc)) && !this.#local.has(key))
                return true;
        }
        return false;
    }
    #withLongNames(header) {
        if (this.#longName === undefined && this.#longLink === undefined)
            return header;
        return { ...header, name: this.#longName ?? header.name, linkName: this.#longLink ?? header.linkName };
    }
    #owned(header, type, block) {
        const last = this.#lastOwner;
        const owner = (name, lastName) => lastName !== undefined && name.equals(lastName) ? lastName : Buffer.from(name);
        const owned = {
            name: header.name === block.name ? Buffer.from(header.name) : header.name,
            mode: header.mode,
            uid: header.uid,
            gid: header.gid,
            size: type === 'reg' ? header.size : 0,
            mtimeSec: header.mtimeSec,
            typeflag: header.typeflag,
            linkName: header.linkName === block.linkName ? owner(header.linkName, last?.linkName) : header.linkName,
            userName: owner(header.userName, last?.userName),
            groupName: owner(header.groupName, last?.groupName),
            devMajor: header.devMajor,
            devMinor: header.devMinor,
        };
        this.#lastOwner = owned;
        return owned;
    }
    #forget() {
        this.#local = NO_RECORDS;
        this.#longName = undefined;
        this.#longLink = undefined;
        this.#start = undefined;
        this.#isMixed = false;
    }
}
function readRecords(payload) {
    const records = (0,pax/* parsePax */.dA)(payload);
    for (const key of records.keys()) {
        if (key.startsWith(SPARSE_PREFIX))
            throw new tar_errors/* UnsupportedEntryError */.u('a GNU sparse file (PAX) is not supported');
    }
    if (2 * sizeOf(records) >= payload.length)
        return records;
    return new Map([...records].map(([key, value]) => [key, Buffer.from(value)]));
}
function requireFew(records) {
    const size = sizeOf(records);
    if (records.size <= MAX_GLOBAL_RECORDS && size <= MAX_GLOBAL_SIZE)
        return records;
    throw new errors/* FormatError */.IF(`${records.size} records of ${size} bytes, wanted ${MAX_GLOBAL_RECORDS} of ${MAX_GLOBAL_SIZE} at most`);
}
function sizeOf(records) {
    let size = 0;
    for (const [key, value] of records)
        size += key.length + value.length;
    return size;
}
function beforeNul(payload) {
    const end = payload.indexOf(0);
    const text = end === -1 ? payload : payload.subarray(0, end);
    return text.length === 0 ? undefined : Buffer.from(text);
}


/***/ }),

/***/ 39571:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   AB: () => (/* binding */ quoteName),
/* harmony export */   eB: () => (/* binding */ TarScanner),
/* harmony export */   l_: () => (/* binding */ MAX_EXTENDED_HEADER)
/* harmony export */ });
/* unused harmony export scanTar */
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _extended_headers_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(24015);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(33202);
/* harmony import */ var _header_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(56460);




const MAX_EXTENDED_HEADER = 1024 * 1024;
class TarScanner {
    #visitor;
    #extended = new _extended_headers_js__WEBPACK_IMPORTED_MODULE_1__/* .ExtendedHeaders */ .u();
    #block = Buffer.alloc(_header_js__WEBPACK_IMPORTED_MODULE_3__/* .BLOCK_SIZE */ .cS);
    #blockFilled = 0;
    #phase = 'block';
    #left = 0;
    #padding = 0;
    #current;
    #offset = 0;
    constructor(visitor) {
        this.#visitor = visitor;
    }
    get offset() {
        return this.#offset;
    }
    push(piece) {
        const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
        for (let at = 0; at < bytes.length;) {
            const taken = this.#take(bytes, at);
            at += taken;
            this.#offset += taken;
            this.#advance();
        }
    }
    end() {
        if (this.#phase === 'payload' || this.#phase === 'padding') {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`tar: cut at ${this.#offset}, in the ${this.#phase} of ${this.#describeCurrent()}`, {
                offset: this.#offset,
            });
        }
        if (this.#blockFilled > 0) {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`tar: cut at ${this.#offset}, in a header block`, { offset: this.#offset });
        }
        this.#requireNothingWaiting();
    }
    #take(bytes, at) {
        const available = bytes.length - at;
        if (this.#phase === 'end')
            return available;
        if (this.#phase === 'payload')
            return this.#takePayload(bytes, at);
        if (this.#phase === 'padding') {
            const taken = Math.min(available, this.#left);
            this.#left -= taken;
            return taken;
        }
        if (this.#blockFilled === 0 && available >= _header_js__WEBPACK_IMPORTED_MODULE_3__/* .BLOCK_SIZE */ .cS) {
            this.#takeBlock(bytes, at);
            return _header_js__WEBPACK_IMPORTED_MODULE_3__/* .BLOCK_SIZE */ .cS;
        }
        const taken = Math.min(available, _header_js__WEBPACK_IMPORTED_MODULE_3__/* .BLOCK_SIZE */ .cS - this.#blockFilled);
        bytes.copy(this.#block, this.#blockFilled, at, at + taken);
        this.#blockFilled += taken;
        if (this.#blockFilled === _header_js__WEBPACK_IMPORTED_MODULE_3__/* .BLOCK_SIZE */ .cS) {
            this.#blockFilled = 0;
            this.#takeBlock(this.#block, 0, this.#offset + taken - _header_js__WEBPACK_IMPORTED_MODULE_3__/* .BLOCK_SIZE */ .cS);
        }
        return taken;
    }
    #advance() {
        if (this.#phase === 'payload' && this.#left === 0) {
            this.#endPayload();
            this.#phase = 'padding';
            this.#left = this.#padding;
        }
        if (this.#phase === 'padding' && this.#left === 0)
            this.#phase = 'block';
    }
    #takePayload(bytes, at) {
        const taken = Math.min(bytes.length - at, this.#left);
        const current = this.#current;
        if ('payload' in current)
            bytes.copy(current.payload, current.payload.length - this.#left, at, at + taken);
        else
            this.#visitor.payload?.(bytes.subarray(at, at + taken), current);
        this.#left -= taken;
        return taken;
    }
    #endPayload() {
        const current = this.#current;
        if (!('payload' in current)) {
            this.#visitor.entryEnd?.(current);
            return;
        }
        const { typeflag, payload, start } = current;
        try {
            this.#extended.take(typeflag, payload, start);
        }
        catch (error) {
            throw located(error, start, describeExtended(typeflag), -_header_js__WEBPACK_IMPORTED_MODULE_3__/* .BLOCK_SIZE */ .cS);
        }
    }
    #takeBlock(bytes, at, start = this.#offset) {
        const header = readBlock(bytes, at, start);
        if (this.#phase === 'zero block') {
            if (header !== undefined)
                throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`tar: at ${start}, an entry behind a block of zeros`, { offset: start });
            this.#phase = 'end';
        }
        else if (header === undefined) {
            this.#phase = 'zero block';
        }
        else if ((0,_extended_headers_js__WEBPACK_IMPORTED_MODULE_1__/* .isExtendedHeader */ .r)(header.typeflag)) {
            this.#beginExtended(header, start);
        }
        else {
            this.#beginEntry(header, start);
        }
    }
    #beginExtended({ typeflag, size }, start) {
        if (size < 0 || size > MAX_EXTENDED_HEADER) {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`tar: at ${start}, ${describeExtended(typeflag)} of ${size} bytes, wanted ${MAX_EXTENDED_HEADER} at most`, { offset: start });
        }
        this.#current = { typeflag, start, payload: Buffer.alloc(size) };
        this.#beginPayload(size);
    }
    #beginEntry(header, blockStart) {
        let entry;
        try {
            entry = this.#extended.complete(header, blockStart, blockStart + _header_js__WEBPACK_IMPORTED_MODULE_3__/* .BLOCK_SIZE */ .cS);
            const { size } = entry.header;
            if (size < 0)
                throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`a size of ${size}, wanted 0 or more`);
            if (!Number.isSafeInteger(entry.dataStart + size + _header_js__WEBPACK_IMPORTED_MODULE_3__/* .BLOCK_SIZE */ .cS))
                throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`a size of ${size} is too large`);
        }
        catch (error) {
            throw located(error, blockStart, `entry ${quoteName(header.name)}`);
        }
        this.#current = entry;
        this.#visitor.entry(entry);
        this.#beginPayload(entry.header.size);
    }
    #beginPayload(size) {
        this.#phase = 'payload';
        this.#left = size;
        this.#padding = (_header_js__WEBPACK_IMPORTED_MODULE_3__/* .BLOCK_SIZE */ .cS - (size % _header_js__WEBPACK_IMPORTED_MODULE_3__/* .BLOCK_SIZE */ .cS)) % _header_js__WEBPACK_IMPORTED_MODULE_3__/* .BLOCK_SIZE */ .cS;
    }
    #requireNothingWaiting() {
        const offset = this.#extended.waitingSince;
        if (offset === undefined)
            return;
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`tar: at ${offset}, extended headers that no entry follows`, { offset });
    }
    #describeCurrent() {
        const current = this.#current;
        if ('payload' in current)
            return `${describeExtended(current.typeflag)} at ${current.start}`;
        return `entry ${quoteName(current.header.name)} at ${current.start}`;
    }
}
function quoteName(name) {
    const text = Buffer.from(name.buffer, name.byteOffset, Math.min(name.length, 200)).toString();
    return `${JSON.stringify(text)}${name.length > 200 ? '...' : ''}`;
}
async function scanTar(pieces, visitor) {
    const scanner = new TarScanner(visitor);
    for await (const piece of pieces)
        scanner.push(piece);
    scanner.end();
    return scanner.offset;
}
function readBlock(bytes, at, start) {
    try {
        return (0,_header_js__WEBPACK_IMPORTED_MODULE_3__/* .parseHeader */ .RW)(bytes, at);
    }
    catch (error) {
        throw located(error, start, 'header block', at);
    }
}
function located(error, start, what, base = 0) {
    if (!(error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF))
        return error;
    const offset = start + (error.offset === undefined ? 0 : error.offset - base);
    const Kind = error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .UnsupportedEntryError */ .u ? _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .UnsupportedEntryError */ .u : _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF;
    return new Kind(`tar: at ${start}, ${what}: ${error.message}`, { offset, cause: error });
}
function describeExtended(typeflag) {
    if (typeflag === 'x')
        return 'PAX records';
    if (typeflag === 'g')
        return 'global PAX records';
    return typeflag === 'L' ? 'GNU long name' : 'GNU long link name';
}


/***/ })

};
