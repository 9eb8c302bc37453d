export const id = 7877;
export const ids = [7877];
export const modules = {

/***/ 79040:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   FF: () => (/* binding */ rangeBar),
/* harmony export */   HH: () => (/* binding */ shareBar),
/* harmony export */   VD: () => (/* binding */ barStyle)
/* harmony export */ });
const BLOCKS = { empty: '\u2591', part: '\u2592', full: '\u2588' };
const ASCII = { empty: '.', part: '+', full: '#' };
function barStyle(env = process.env) {
    const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
    return /utf-?8/i.test(locale) ? BLOCKS : ASCII;
}
function shareBar(share, width, style) {
    const cells = Math.max(0, Math.min(1, share)) * width;
    const full = Math.floor(cells + 1e-9);
    const part = full < width && cells - full > 1e-9 ? 1 : 0;
    return style.full.repeat(full) + style.part.repeat(part) + style.empty.repeat(width - full - part);
}
function rangeBar(ranges, size, width, style) {
    let bar = '';
    for (let cell = 0, index = 0; cell < width; cell++) {
        const start = (cell * size) / width;
        const end = ((cell + 1) * size) / width;
        let covered = 0;
        while (index < ranges.length && ranges[index][1] <= start)
            index++;
        for (let at = index; at < ranges.length && ranges[at][0] < end; at++) {
            covered += Math.min(end, ranges[at][1]) - Math.max(start, ranges[at][0]);
        }
        bar += covered <= 0 ? style.empty : covered >= (end - start) * 0.999 ? style.full : style.part;
    }
    return bar;
}


/***/ }),

/***/ 68552:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Wt: () => (/* binding */ platformsOf),
/* harmony export */   g0: () => (/* binding */ TocImage),
/* harmony export */   tX: () => (/* binding */ BLOB_PREFIX)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _image_location_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(42336);
/* harmony import */ var _image_open_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7610);
/* harmony import */ var _oci_platform_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(46580);
/* harmony import */ var _flag_values_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(92243);
/* harmony import */ var _layer_format_flags_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(98727);






const BLOB_PREFIX = 'blob:';
function platformsOf(flags) {
    if (flags['allPlatforms'] === true)
        return 'all';
    const named = (0,_flag_values_js__WEBPACK_IMPORTED_MODULE_4__/* .listFlag */ .v6)(flags, 'platform').map((text) => (0,_flag_values_js__WEBPACK_IMPORTED_MODULE_4__/* .parsePlatformFlag */ .RS)(text));
    return named.length === 0 ? [(0,_oci_platform_js__WEBPACK_IMPORTED_MODULE_3__/* .hostPlatform */ .ol)()] : named;
}
class TocImage {
    open;
    #opened;
    constructor(image, access) {
        this.open = (signal) => (this.#opened ??= openTocImage(image, access, signal));
    }
    async [Symbol.asyncDispose]() {
        const [opened] = await Promise.allSettled([this.#opened]);
        if (opened.status === 'fulfilled')
            await opened.value?.[Symbol.asyncDispose]();
    }
}
async function openTocImage(image, access, signal) {
    let location;
    try {
        location = (0,_layer_format_flags_js__WEBPACK_IMPORTED_MODULE_5__/* .tocLocation */ .KD)(image);
    }
    catch (cause) {
        if (!(cause instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo))
            throw cause;
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB('UNSUPPORTED', `which is found by its tag, and ${(0,_image_location_js__WEBPACK_IMPORTED_MODULE_1__/* .formatLocation */ .j)(image)} has none`, {
            cause,
        });
    }
    return (0,_image_open_js__WEBPACK_IMPORTED_MODULE_2__/* .openSource */ .o)(location, access, signal);
}


/***/ }),

/***/ 92084:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   K: () => (/* binding */ commandsOf),
/* harmony export */   p: () => (/* binding */ parseConfigFacts)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _oci_json_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(77417);
/* harmony import */ var _oci_platform_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(46580);



const MAX_LAYERS = 1000;
const MAX_HISTORY = 10_000;
const WHERE = 'image config';
function parseConfigFacts(bytes) {
    const document = (0,_oci_json_js__WEBPACK_IMPORTED_MODULE_1__/* .requireObject */ .zG)((0,_oci_json_js__WEBPACK_IMPORTED_MODULE_1__/* .parseJson */ .qF)(bytes, WHERE), WHERE);
    const variant = (0,_oci_json_js__WEBPACK_IMPORTED_MODULE_1__/* .optionalString */ .sx)(document, 'variant', WHERE);
    const platform = {
        os: (0,_oci_json_js__WEBPACK_IMPORTED_MODULE_1__/* .optionalString */ .sx)(document, 'os', WHERE) ?? '',
        architecture: (0,_oci_json_js__WEBPACK_IMPORTED_MODULE_1__/* .optionalString */ .sx)(document, 'architecture', WHERE) ?? '',
        ...(variant === undefined || variant === '' ? {} : { variant }),
    };
    const history = document['history'];
    return {
        platform: (0,_oci_platform_js__WEBPACK_IMPORTED_MODULE_2__/* .normalizePlatform */ .FL)(platform),
        created: (0,_oci_json_js__WEBPACK_IMPORTED_MODULE_1__/* .optionalString */ .sx)(document, 'created', WHERE),
        diffIds: parseDiffIds(document['rootfs']),
        history: history == null ? undefined : (0,_oci_json_js__WEBPACK_IMPORTED_MODULE_1__/* .requireArray */ .Fs)(history, `${WHERE}.history`, MAX_HISTORY).map(parseHistory),
    };
}
function commandsOf(history, count) {
    const made = (history ?? []).filter(({ isEmpty }) => !isEmpty);
    if (made.length !== count)
        return Array.from({ length: count }, () => undefined);
    return made.map(({ createdBy }) => (createdBy === '' ? undefined : createdBy));
}
function parseDiffIds(value) {
    const where = `${WHERE}.rootfs`;
    const ids = (0,_oci_json_js__WEBPACK_IMPORTED_MODULE_1__/* .requireObject */ .zG)(value, where)['diff_ids'];
    if (ids == null)
        return [];
    return (0,_oci_json_js__WEBPACK_IMPORTED_MODULE_1__/* .requireArray */ .Fs)(ids, `${where}.diff_ids`, MAX_LAYERS).map((id) => {
        if (typeof id !== 'string')
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${where}.diff_ids: not a list of strings`);
        return id;
    });
}
function parseHistory(value, index) {
    const where = `${WHERE}.history[${index}]`;
    const entry = (0,_oci_json_js__WEBPACK_IMPORTED_MODULE_1__/* .requireObject */ .zG)(value, where);
    return { createdBy: (0,_oci_json_js__WEBPACK_IMPORTED_MODULE_1__/* .optionalString */ .sx)(entry, 'created_by', where) ?? '', isEmpty: entry['empty_layer'] === true };
}


/***/ }),

/***/ 65734:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Ud: () => (/* binding */ OPAQUE_WHITEOUT),
  Fp: () => (/* binding */ WHITEOUT_PREFIX),
  Fl: () => (/* binding */ isPrefetched),
  cl: () => (/* binding */ layerContents),
  hg: () => (/* binding */ prefetchBytes),
  Ir: () => (/* binding */ walkTree)
});

// UNUSED EXPORTS: fileFacts

// EXTERNAL MODULE: ./src/estargz/model.js
var model = __webpack_require__(65233);
;// CONCATENATED MODULE: ./src/optimize/inspect-chunks.js

const KIB = 1024;
const HISTOGRAM_STEPS = Array.from({ length: 10 }, (_, step) => 4 * KIB * 4 ** step);
function chunkFigures(table) {
    const counts = HISTOGRAM_STEPS.map((upTo) => ({ upTo, count: 0, bytes: 0 }));
    let holes = 0;
    for (let chunk = 0; chunk < table.count; chunk++) {
        const size = table.size[chunk];
        const step = counts.find(({ upTo }) => size <= upTo) ?? counts.at(-1);
        step.count++;
        step.bytes += size;
        if ((0,model/* isHole */.$)(table, chunk))
            holes++;
    }
    const last = counts.findLastIndex(({ count }) => count > 0);
    const histogram = counts.slice(0, last + 1);
    return { count: table.count, holes, ...sizesOf(Float64Array.from(table.size)), histogram };
}
function memberFigures(table) {
    const sizes = [];
    let held = 0;
    let max = 0;
    let inMember = 0;
    let start = -1;
    for (let chunk = 0; chunk < table.count; chunk++) {
        if ((0,model/* isHole */.$)(table, chunk))
            continue;
        held++;
        if (table.blobOffset[chunk] !== start) {
            start = table.blobOffset[chunk];
            sizes.push(table.blobEnd[chunk] - start);
            inMember = 0;
        }
        max = Math.max(max, ++inMember);
    }
    const count = sizes.length;
    const chunksPerMember = { mean: count === 0 ? 0 : held / count, max };
    return { count, ...sizesOf(Float64Array.from(sizes)), chunksPerMember };
}
function sizesOf(sizes) {
    sizes.sort();
    return { min: sizes[0] ?? 0, median: sizes[(sizes.length - 1) >> 1] ?? 0, max: sizes.at(-1) ?? 0 };
}

// EXTERNAL MODULE: ./src/optimize/inspect-entries.js
var inspect_entries = __webpack_require__(18656);
;// CONCATENATED MODULE: ./src/optimize/inspect-contents.js


const WHITEOUT_PREFIX = '.wh.';
const OPAQUE_WHITEOUT = '.wh..wh..opq';
const LARGEST = 10;
function layerContents(read) {
    const { toc, footer, compressedToc, blobSize, json } = read;
    const isExternal = footer.format === 'external-toc';
    const { counts, fileBytes, largest } = countFiles(toc.root);
    return {
        toc: {
            digest: read.digest,
            checksum: read.checksum,
            isExternal,
            offset: isExternal ? null : footer.tocOffset,
            compressedSize: compressedToc.length,
            size: json.length,
            share: isExternal || blobSize === 0 ? 0 : compressedToc.length / blobSize,
            isVerifiable: toc.verifiable,
        },
        landmark: toc.prefetchEnd === undefined ? null : toc.prefetchEnd === 'none' ? 'no-prefetch' : 'prefetch',
        prefetchBytes: prefetchBytes(read),
        payloadBytes: toc.payloadEnd,
        counts: { entries: new inspect_entries/* TocEntries */.fo(json).count, ...counts },
        fileBytes,
        chunks: chunkFigures(toc.chunks),
        members: memberFigures(toc.chunks),
        largest: largest.map(({ path, node }) => fileFacts(path, node, read)),
    };
}
function prefetchBytes({ toc }) {
    return typeof toc.prefetchEnd === 'number' ? toc.prefetchEnd : 0;
}
function fileFacts(path, node, read) {
    return { path, size: node.size, chunks: node.chunkCount, isPrefetched: isPrefetched(node, read) };
}
function isPrefetched(node, read) {
    const end = prefetchBytes(read);
    const { blobOffset } = read.toc.chunks;
    return node.chunkCount > 0 && blobOffset[node.firstChunk + node.chunkCount - 1] < end;
}
function walkTree(root, visit) {
    const open = [{ path: '', node: root }];
    for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
        for (const [name, node] of directory.node.children ?? []) {
            const path = directory.path === '' ? name : `${directory.path}/${name}`;
            visit(path, name, node);
            if (node.type === 'dir')
                open.push({ path, node });
        }
    }
}
function countFiles(root) {
    const counts = {
        files: 0,
        emptyFiles: 0,
        directories: 0,
        symlinks: 0,
        hardLinks: 0,
        devices: 0,
        fifos: 0,
        whiteouts: 0,
        opaqueDirectories: 0,
    };
    const seen = new Set();
    const largest = [];
    let fileBytes = 0;
    walkTree(root, (path, name, node) => {
        if (name === OPAQUE_WHITEOUT)
            counts.opaqueDirectories++;
        else if (name.startsWith(WHITEOUT_PREFIX))
            counts.whiteouts++;
        else if (node.type !== 'dir' && node.nlink > 1 && seen.has(node))
            counts.hardLinks++;
        else {
            if (node.nlink > 1)
                seen.add(node);
            count(counts, node);
            fileBytes += node.size;
            if (node.type === 'reg')
                keepLargest(largest, { path, node });
        }
    });
    return { counts, fileBytes, largest };
}
function count(counts, node) {
    if (node.type === 'dir')
        counts.directories++;
    else if (node.type === 'symlink')
        counts.symlinks++;
    else if (node.type === 'fifo')
        counts.fifos++;
    else if (node.type !== 'reg')
        counts.devices++;
    else if (node.size === 0)
        counts.emptyFiles++;
    else
        counts.files++;
}
function keepLargest(largest, file) {
    if (file.node.size === 0)
        return;
    const at = largest.findIndex(({ node }) => node.size < file.node.size);
    if (at === -1 && largest.length >= LARGEST)
        return;
    largest.splice(at === -1 ? largest.length : at, 0, file);
    if (largest.length > LARGEST)
        largest.pop();
}


/***/ }),

/***/ 18656:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   QP: () => (/* binding */ typeOf),
/* harmony export */   fo: () => (/* binding */ TocEntries)
/* harmony export */ });
/* unused harmony export TOC_TYPES */
/* harmony import */ var _estargz_json_scanner_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(40195);
/* harmony import */ var _estargz_toc_entry_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(12839);
/* harmony import */ var _estargz_word_table_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(13567);



const ENTRIES = new _estargz_word_table_js__WEBPACK_IMPORTED_MODULE_2__/* .WordTable */ .T(['entries']);
const FOUND = 0;
const TOC_TYPES = ['dir', 'reg', 'symlink', 'hardlink', 'char', 'block', 'fifo', 'chunk'];
const TYPES = new _estargz_word_table_js__WEBPACK_IMPORTED_MODULE_2__/* .WordTable */ .T(TOC_TYPES);
class TocEntries {
    #scanner;
    #entry;
    #last = 0;
    #starts;
    constructor(tocJson) {
        this.#scanner = new _estargz_json_scanner_js__WEBPACK_IMPORTED_MODULE_0__/* .JsonScanner */ .VF(tocJson);
        this.#entry = new _estargz_toc_entry_js__WEBPACK_IMPORTED_MODULE_1__/* .TocEntry */ .vM(this.#scanner);
        this.#starts = readStarts(this.#scanner);
    }
    get count() {
        return this.#starts.length;
    }
    read(index) {
        if (index < this.#last)
            this.#entry = new _estargz_toc_entry_js__WEBPACK_IMPORTED_MODULE_1__/* .TocEntry */ .vM(this.#scanner);
        this.#last = index;
        this.#scanner.at = this.#starts[index];
        this.#entry.read();
        return this.#entry;
    }
}
function typeOf(entry) {
    return TOC_TYPES[entry.word(_estargz_toc_entry_js__WEBPACK_IMPORTED_MODULE_1__/* .KEY */ ._.type, TYPES)] ?? 'chunk';
}
function readStarts(scanner) {
    let starts = [];
    if (scanner.peek() !== _estargz_json_scanner_js__WEBPACK_IMPORTED_MODULE_0__/* .OPEN_OBJECT */ .bV)
        return new Uint32Array();
    for (let more = scanner.enter(_estargz_json_scanner_js__WEBPACK_IMPORTED_MODULE_0__/* .CLOSE_OBJECT */ .tX); more; more = scanner.more(_estargz_json_scanner_js__WEBPACK_IMPORTED_MODULE_0__/* .CLOSE_OBJECT */ .tX)) {
        if (scanner.key(ENTRIES) !== FOUND)
            scanner.value();
        else {
            starts = [];
            if (scanner.peek() !== _estargz_json_scanner_js__WEBPACK_IMPORTED_MODULE_0__/* .OPEN_ARRAY */ .rK)
                scanner.value();
            else
                readItems(scanner, starts);
        }
    }
    return Uint32Array.from(starts);
}
function readItems(scanner, starts) {
    for (let more = scanner.enter(_estargz_json_scanner_js__WEBPACK_IMPORTED_MODULE_0__/* .CLOSE_ARRAY */ .$z); more; more = scanner.more(_estargz_json_scanner_js__WEBPACK_IMPORTED_MODULE_0__/* .CLOSE_ARRAY */ .$z)) {
        scanner.peek();
        starts.push(scanner.at);
        scanner.value();
    }
}


/***/ }),

/***/ 18414:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $: () => (/* binding */ selectImages)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _image_index_reader_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(51791);
/* harmony import */ var _oci_annotations_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(73417);
/* harmony import */ var _oci_media_types_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(82371);
/* harmony import */ var _oci_platform_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(46580);





const MAX_IMAGES = 200;
async function selectImages(source, platforms, signal) {
    const root = await source.root(signal);
    const reader = new _image_index_reader_js__WEBPACK_IMPORTED_MODULE_1__/* .IndexReader */ .I(source, signal);
    const images = [];
    const others = [];
    const visit = async (document, platform, depth) => {
        const { manifest } = document;
        if (manifest.kind === 'image') {
            if (images.length === MAX_IMAGES)
                throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${source.name}: more than ${MAX_IMAGES} images`);
            images.push({ document, manifest, platform });
            return;
        }
        const chosen = chooseEntries(manifest, platforms);
        for (const entry of manifest.manifests) {
            if (!chosen.has(entry))
                others.push(otherManifest(entry));
            else
                await visit(await reader.read(entry, depth), entry.platform, depth + 1);
        }
    };
    await visit(root, undefined, 0);
    return { root, images, others };
}
function chooseEntries(index, platforms) {
    if (platforms !== 'all')
        return new Set(platforms.map((platform) => (0,_oci_platform_js__WEBPACK_IMPORTED_MODULE_3__/* .selectManifest */ .yY)(index, platform)));
    const isDocument = ({ mediaType }) => (0,_oci_media_types_js__WEBPACK_IMPORTED_MODULE_2__/* .isManifestType */ .Q3)(mediaType) || (0,_oci_media_types_js__WEBPACK_IMPORTED_MODULE_2__/* .isIndexType */ .$U)(mediaType);
    return new Set(index.manifests.filter((entry) => (0,_oci_platform_js__WEBPACK_IMPORTED_MODULE_3__/* .isRunnable */ .iU)(entry) && isDocument(entry)));
}
function otherManifest(entry) {
    const { digest, mediaType, platform } = entry;
    return {
        digest,
        mediaType,
        platform: platform === undefined ? null : (0,_oci_platform_js__WEBPACK_IMPORTED_MODULE_3__/* .formatPlatform */ .Bq)((0,_oci_platform_js__WEBPACK_IMPORTED_MODULE_3__/* .normalizePlatform */ .FL)(platform)),
        kind: kindOf(entry),
    };
}
function kindOf(entry) {
    if (entry.annotations?.[_oci_annotations_js__WEBPACK_IMPORTED_MODULE_4__/* .DOCKER_REFERENCE_TYPE */ .Se] !== undefined)
        return 'attestation';
    if ((0,_oci_media_types_js__WEBPACK_IMPORTED_MODULE_2__/* .isIndexType */ .$U)(entry.mediaType))
        return 'index';
    return (0,_oci_media_types_js__WEBPACK_IMPORTED_MODULE_2__/* .isManifestType */ .Q3)(entry.mediaType) && (0,_oci_platform_js__WEBPACK_IMPORTED_MODULE_3__/* .isRunnable */ .iU)(entry) ? 'image' : 'artifact';
}


/***/ }),

/***/ 9518:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E: () => (/* binding */ readLayerToc),
/* harmony export */   k: () => (/* binding */ fetchLayerToc)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _estargz_decode_toc_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(64059);
/* harmony import */ var _estargz_parse_toc_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(67557);
/* harmony import */ var _estargz_toc_bytes_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(67916);
/* harmony import */ var _oci_annotations_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(73417);





async function fetchLayerToc(blob, options, signal) {
    const { openTocImage, tailLength } = options;
    const external = openTocImage === undefined
        ? undefined
        : (abort) => fetchExternalToc(openTocImage, blob.digest, abort);
    const { footer, compressedToc, blobSize, tail } = await (0,_estargz_toc_bytes_js__WEBPACK_IMPORTED_MODULE_3__/* .fetchToc */ .N)(blob, { external, ...(tailLength !== undefined && { tailLength }) }, signal);
    return { footer, compressedToc, blobSize, tail: tail.bytes };
}
function readLayerToc(fetched) {
    const { footer, compressedToc } = fetched;
    const { format, payloadEnd, tocSize } = footer;
    const { tocJson, tocDigest, tocChecksum } = (0,_estargz_decode_toc_js__WEBPACK_IMPORTED_MODULE_1__/* .decodeToc */ .J)(compressedToc, {
        compression: (0,_estargz_parse_toc_js__WEBPACK_IMPORTED_MODULE_2__/* .compressionOf */ .MB)(format),
        size: tocSize,
    });
    const toc = (0,_estargz_parse_toc_js__WEBPACK_IMPORTED_MODULE_2__/* .parseToc */ .AI)(tocJson, { payloadEnd, format });
    return { ...fetched, json: tocJson, digest: tocDigest, checksum: tocChecksum, toc };
}
async function fetchExternalToc(open, layer, signal) {
    try {
        const image = await open(signal);
        const { manifest } = await image.root(signal);
        const named = (candidate) => candidate.annotations?.[_oci_annotations_js__WEBPACK_IMPORTED_MODULE_4__/* .TOC_LAYER_DIGEST */ .kF] === layer;
        const found = manifest.kind === 'image' ? manifest.layers.find(named) : undefined;
        if (found !== undefined)
            return await image.fetch(found, signal);
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB('NOT_FOUND', `${image.name} has none for ${layer}`);
    }
    catch (cause) {
        signal?.throwIfAborted();
        const why = (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .describeError */ .Uc)(cause);
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB('NOT_FOUND', `its table of contents should be in an image beside it: ${why}`, { cause });
    }
}


/***/ }),

/***/ 38031:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  _: () => (/* binding */ countProblems),
  m: () => (/* binding */ inspectImage)
});

// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/oci/annotations.js
var oci_annotations = __webpack_require__(73417);
// EXTERNAL MODULE: ./src/oci/media-types.js
var media_types = __webpack_require__(82371);
// EXTERNAL MODULE: ./src/oci/platform.js
var oci_platform = __webpack_require__(46580);
// EXTERNAL MODULE: ./src/optimize/inspect-config.js
var inspect_config = __webpack_require__(92084);
// EXTERNAL MODULE: ./src/estargz/limits.js
var limits = __webpack_require__(33722);
// EXTERNAL MODULE: ./src/estargz/toc-entry.js
var toc_entry = __webpack_require__(12839);
// EXTERNAL MODULE: ./src/optimize/inspect-entries.js
var inspect_entries = __webpack_require__(18656);
;// CONCATENATED MODULE: ./src/optimize/inspect-duplicates.js




const LANDMARK_SIZE = 1;
class DuplicateFinder {
    #first = new Map();
    #found = { files: 0, bytes: 0, withinLayers: { files: 0, bytes: 0 } };
    #digest = Buffer.alloc(32);
    #layer = -1;
    get found() {
        return this.#found;
    }
    add(tocJson) {
        this.#layer++;
        const entries = new inspect_entries/* TocEntries */.fo(tocJson);
        for (let index = 0; index < entries.count; index++) {
            const entry = entries.read(index);
            if ((0,inspect_entries/* typeOf */.QP)(entry) !== 'reg')
                continue;
            const size = entry.integer(toc_entry/* KEY */._.size, limits/* DEFAULT_LIMITS */.dR.maxFileSize);
            if (size > LANDMARK_SIZE && this.#hasDigest(entry))
                this.#file(this.#digest.toString('latin1'), size);
        }
    }
    #hasDigest(entry) {
        try {
            return entry.digest(toc_entry/* KEY */._.digest, this.#digest, 0);
        }
        catch (error) {
            if (error instanceof errors/* FormatError */.IF)
                return false;
            throw error;
        }
    }
    #file(digest, size) {
        const first = this.#first.get(digest);
        if (first === undefined)
            return void this.#first.set(digest, this.#layer);
        this.#found.files++;
        this.#found.bytes += size;
        if (first !== this.#layer)
            return;
        this.#found.withinLayers.files++;
        this.#found.withinLayers.bytes += size;
    }
}

// EXTERNAL MODULE: ./src/build/decompress.js + 2 modules
var decompress = __webpack_require__(86516);
// EXTERNAL MODULE: ./src/build/byte-reader.js
var byte_reader = __webpack_require__(95564);
// EXTERNAL MODULE: ./src/estargz/errors.js
var estargz_errors = __webpack_require__(31285);
// EXTERNAL MODULE: ./src/estargz/footer.js
var footer = __webpack_require__(98633);
// EXTERNAL MODULE: ./src/oci/toc-promise.js
var toc_promise = __webpack_require__(12981);
// EXTERNAL MODULE: ./src/optimize/inspect-contents.js + 1 modules
var inspect_contents = __webpack_require__(65734);
// EXTERNAL MODULE: ./src/optimize/inspect-lazy.js
var inspect_lazy = __webpack_require__(17620);
// EXTERNAL MODULE: ./src/optimize/inspect-toc.js
var inspect_toc = __webpack_require__(9518);
;// CONCATENATED MODULE: ./src/optimize/inspect-layer.js










const SMALL_TAIL = Math.max(footer/* LONGEST_FOOTER */.rp, 512);
const MAGIC_SIZE = 4;
const MAX_TAIL_HINT = 8 * 1024 * 1024;
async function inspectLayer(layer, openTocImage, signal) {
    const { descriptor, manifestType } = layer;
    const annotations = descriptor.annotations ?? {};
    const { format, toc } = await readStored(layer, openTocImage, signal);
    const facts = { format, manifestType, annotations, toc };
    const lazypull = (0,inspect_lazy/* lazypullVerdict */.ps)(facts);
    const read = toc === undefined || 'problem' in toc ? undefined : toc;
    return {
        toc: read,
        layer: {
            number: layer.number,
            digest: descriptor.digest,
            mediaType: descriptor.mediaType,
            size: descriptor.size,
            annotations,
            diffId: layer.diffId ?? null,
            command: layer.command ?? null,
            format,
            lazypull,
            stargzSnapshotter: (0,inspect_lazy/* stargzSnapshotterVerdict */.A9)(facts),
            startBytes: lazypull.lazy && read !== undefined ? startBytes(read) : descriptor.size,
            contents: read === undefined ? null : (0,inspect_contents/* layerContents */.cl)(read),
            problems: problemsOf(layer, format, toc),
        },
    };
}
function startBytes(toc) {
    const { footer, compressedToc, blobSize } = toc;
    const external = footer.format === 'external-toc' ? compressedToc.length : 0;
    return Math.min(blobSize, (0,inspect_contents/* prefetchBytes */.hg)(toc)) + blobSize - footer.payloadEnd + external;
}
async function readStored({ descriptor, blob }, openTocImage, signal) {
    if ((0,media_types/* layerCompression */.AH)(descriptor.mediaType) === undefined)
        return { format: 'other', toc: undefined };
    let fetched;
    let format = 'unreadable';
    const openImage = openTocImage &&
        ((abort) => {
            format = 'external-toc';
            return openTocImage(abort);
        });
    try {
        fetched = await (0,inspect_toc/* fetchLayerToc */.k)(blob, { tailLength: tailLength(descriptor), openTocImage: openImage }, signal);
    }
    catch (error) {
        if (error instanceof estargz_errors/* NotEstargzError */.C)
            return { format: await sniff(blob, signal), toc: undefined };
        return { format: kindOf(error) ?? format, toc: problem(error) };
    }
    ({ format } = fetched.footer);
    try {
        return { format, toc: (0,inspect_toc/* readLayerToc */.E)(fetched) };
    }
    catch (error) {
        return { format, toc: problem(error) };
    }
}
function tailLength(descriptor) {
    if (!(0,toc_promise/* hasPromise */.W4)((0,toc_promise/* tocPromiseOf */.PG)(descriptor)))
        return SMALL_TAIL;
    const hint = (0,toc_promise/* tocTailOf */.WB)(descriptor);
    return hint === undefined ? undefined : Math.min(hint, MAX_TAIL_HINT);
}
async function sniff(blob, signal) {
    const end = Math.min(MAGIC_SIZE, blob.size ?? MAGIC_SIZE);
    const head = end === 0 ? new Uint8Array() : await blob.readRange(0, end, signal);
    const compression = await (0,decompress/* sniffCompression */.Hs)(new byte_reader/* ByteReader */.k((async function* () {
        yield head;
    })()));
    return compression === 'none' ? 'tar' : compression;
}
function problem(error) {
    const isOfLayer = error instanceof errors/* FormatError */.IF ||
        error instanceof errors/* VerificationError */.mk ||
        (error instanceof errors/* LazypullError */.qB && (error.code === 'UNSUPPORTED' || error.code === 'NOT_FOUND'));
    if (!isOfLayer)
        throw error;
    return { problem: (0,errors/* describeError */.Uc)(error) };
}
function kindOf(error) {
    return error instanceof errors/* LazypullError */.qB && error.code === 'UNSUPPORTED' ? 'external-toc' : undefined;
}
function problemsOf({ descriptor }, format, toc) {
    const problems = [];
    if (toc !== undefined && 'problem' in toc)
        problems.push(toc.problem);
    const said = (0,media_types/* layerCompression */.AH)(descriptor.mediaType);
    const is = compressionOf(format);
    if (is !== undefined && said !== undefined && said !== is) {
        problems.push(`the media type ${descriptor.mediaType} does not fit: the blob is ${is === 'none' ? 'not compressed' : is}`);
    }
    return problems;
}
function compressionOf(format) {
    if (format === 'other' || format === 'unreadable')
        return undefined;
    if (format === 'tar')
        return 'none';
    return format.startsWith('zstd') ? 'zstd' : 'gzip';
}

// EXTERNAL MODULE: ./src/optimize/inspect-select.js
var inspect_select = __webpack_require__(18414);
// EXTERNAL MODULE: ./src/optimize/settle.js
var settle = __webpack_require__(73834);
// EXTERNAL MODULE: ./src/optimize/slots.js
var optimize_slots = __webpack_require__(46376);
;// CONCATENATED MODULE: ./src/optimize/inspect.js










const PARALLEL = 4;
async function inspectImage(source, options, signal) {
    const { root, images: selected, others } = await (0,inspect_select/* selectImages */.$)(source, options.platforms, signal);
    const images = [];
    for (const one of selected)
        images.push(await inspectOne(source, one, options, signal));
    const inspection = {
        version: 1,
        name: source.name,
        root: documentFacts(root),
        images: images.map(({ image }) => image),
        others,
    };
    return { inspection, images };
}
async function inspectOne(source, { document, manifest, platform }, options, signal) {
    const { config: descriptor, layers: descriptors } = manifest;
    const { config, problem } = await readConfig(source, descriptor, signal);
    const layers = await inspectLayers(source, manifest, config, options.openTocImage, signal);
    const image = {
        manifest: documentFacts(document),
        config: { digest: descriptor.digest, mediaType: descriptor.mediaType, size: descriptor.size },
        platform: platformOf(platform, config),
        created: config?.created ?? null,
        ...origins(document.manifest.annotations ?? {}),
        layers: layers.map(({ layer }) => layer),
        totals: totalsOf(layers),
        problems: [...(problem === undefined ? [] : [problem]), ...countProblems(config, descriptors.length)],
    };
    return { image, tocs: layers.map(({ toc }) => toc) };
}
async function inspectLayers(source, { layers, mediaType: manifestType }, config, openTocImage, signal) {
    const commands = (0,inspect_config/* commandsOf */.K)(config?.history, layers.length);
    const failed = new AbortController();
    const either = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
    const slots = new optimize_slots/* Slots */.W(PARALLEL);
    const work = layers.map(async (descriptor, index) => {
        const release = await slots.take();
        try {
            either.throwIfAborted();
            const said = { diffId: config?.diffIds[index], command: commands[index], manifestType };
            const layer = { number: index + 1, descriptor, blob: source.open(descriptor), ...said };
            return await inspectLayer(layer, openTocImage, either);
        }
        finally {
            release();
        }
    });
    return (0,settle/* settleAll */.j)(work, () => failed.abort());
}
async function readConfig(source, descriptor, signal) {
    if (descriptor.mediaType === media_types/* OCI_EMPTY */.g1)
        return {};
    const bytes = await source.fetch(descriptor, signal);
    try {
        return { config: (0,inspect_config/* parseConfigFacts */.p)(bytes) };
    }
    catch (error) {
        if (!(error instanceof errors/* FormatError */.IF))
            throw error;
        return { problem: (0,errors/* describeError */.Uc)(error) };
    }
}
function countProblems(config, layers) {
    if (config === undefined)
        return [];
    const problems = [];
    const { diffIds, history } = config;
    if (diffIds.length !== layers)
        problems.push(`image config: ${diffIds.length} diff ids for ${layers} layers`);
    const made = history?.filter(({ isEmpty }) => !isEmpty).length;
    if (made !== undefined && made > 0 && made !== layers) {
        problems.push(`image config: the history has ${made} entries that made a layer, the manifest has ${layers} layers`);
    }
    return problems;
}
function platformOf(named, config) {
    const platform = config?.platform;
    if (platform !== undefined && platform.os !== '')
        return (0,oci_platform/* formatPlatform */.Bq)(platform);
    return named === undefined ? null : (0,oci_platform/* formatPlatform */.Bq)((0,oci_platform/* normalizePlatform */.FL)(named));
}
function documentFacts({ descriptor, bytes, manifest }) {
    const { digest, mediaType } = descriptor;
    return { digest, mediaType, size: bytes.length, annotations: manifest.annotations ?? {} };
}
function origins(annotations) {
    const origin = (nameKey, digestKey) => {
        const name = annotations[nameKey] ?? null;
        const digest = annotations[digestKey] ?? null;
        return name === null && digest === null ? null : { name, digest };
    };
    return { convertedFrom: origin(oci_annotations/* SOURCE_NAME */.cW, oci_annotations/* SOURCE_DIGEST */.Rc), base: origin(oci_annotations/* BASE_NAME */.IG, oci_annotations/* BASE_DIGEST */.rz) };
}
function totalsOf(layers) {
    const finder = new DuplicateFinder();
    for (const { toc } of layers)
        if (toc !== undefined)
            finder.add(toc.json);
    const sum = (of) => layers.reduce((total, layer) => total + of(layer), 0);
    return {
        size: sum(({ layer }) => layer.size),
        lazyLayers: sum(({ layer }) => (layer.lazypull.lazy ? 1 : 0)),
        startBytes: sum(({ layer }) => layer.startBytes),
        duplicates: finder.found,
    };
}


/***/ })

};
