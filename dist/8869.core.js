export const id = 8869;
export const ids = [8869];
export const modules = {

/***/ 88869:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runDiff: () => (/* binding */ runDiff),
  runMerge: () => (/* binding */ runMerge),
  runShow: () => (/* binding */ runShow)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/image/location.js
var image_location = __webpack_require__(42336);
// EXTERNAL MODULE: ./src/image/open.js + 15 modules
var image_open = __webpack_require__(7610);
// EXTERNAL MODULE: ./src/optimize/collect-profile.js + 1 modules
var collect_profile = __webpack_require__(20129);
// EXTERNAL MODULE: ./src/optimize/inspect.js + 2 modules
var inspect = __webpack_require__(38031);
// EXTERNAL MODULE: ./src/optimize/profile-codec.js
var profile_codec = __webpack_require__(3395);
// EXTERNAL MODULE: ./src/optimize/ranges.js
var optimize_ranges = __webpack_require__(18039);
;// CONCATENATED MODULE: ./src/optimize/profile-diff.js

function diffProfiles(before, after) {
    const old = byPath(before);
    const young = byPath(after);
    const changed = [];
    for (const [path, file] of young) {
        const earlier = old.get(path);
        if (earlier === undefined)
            continue;
        const addedBytes = (0,optimize_ranges/* rangesSize */.yv)((0,optimize_ranges/* subtractRanges */.N1)(file.ranges, earlier.ranges));
        const removedBytes = (0,optimize_ranges/* rangesSize */.yv)((0,optimize_ranges/* subtractRanges */.N1)(earlier.ranges, file.ranges));
        if (addedBytes === 0 && removedBytes === 0 && file.size === earlier.size)
            continue;
        changed.push({ path, before: earlier, after: file, addedBytes, removedBytes });
    }
    const added = [...young.values()].filter(({ path }) => !old.has(path));
    const removed = [...old.values()].filter(({ path }) => !young.has(path));
    return { added, removed, changed, same: young.size - added.length - changed.length };
}
function byPath({ files }) {
    const map = new Map();
    for (const file of files)
        if (!map.has(file.path))
            map.set(file.path, file);
    return map;
}

// EXTERNAL MODULE: ./src/optimize/profile-merge.js
var profile_merge = __webpack_require__(14541);
// EXTERNAL MODULE: ./src/oci/digest.js
var oci_digest = __webpack_require__(62635);
// EXTERNAL MODULE: ./src/optimize/inspect-contents.js + 1 modules
var inspect_contents = __webpack_require__(65734);
;// CONCATENATED MODULE: ./src/optimize/profile-of-image.js




const STEP_MS = 0.001;
function profileOfImage(name, { image, tocs }) {
    const layers = image.layers.map(({ diffId, digest }) => (diffId !== null && (0,oci_digest/* isDigest */.Bc)(diffId) ? diffId : digest));
    const files = [];
    for (const [index, toc] of tocs.entries()) {
        if (toc !== undefined)
            for (const file of filesInFront(toc, layers[index], files.length))
                files.push(file);
    }
    if (files.length === 0) {
        throw new errors/* UserError */.yo(`${name} has nothing in front`, 'It was not optimized; lazypull inspect says what its layers are.');
    }
    const about = { name, digest: image.manifest.digest, platform: image.platform ?? 'unknown' };
    return (0,profile_codec/* canonicalProfile */.Y8)({ version: 1, image: about, layers, workloads: [], files });
}
function filesInFront(toc, layer, earlier) {
    const { blobOffset, innerOffset } = toc.toc.chunks;
    const found = new Map();
    (0,inspect_contents/* walkTree */.Ir)(toc.toc.root, (path, _name, node) => {
        if (node.type !== 'reg' || !(0,inspect_contents/* isPrefetched */.Fl)(node, toc) || found.has(node.firstChunk))
            return;
        found.set(node.firstChunk, { path, size: node.size });
    });
    const ordered = [...found].toSorted(([a], [b]) => blobOffset[a] - blobOffset[b] || innerOffset[a] - innerOffset[b]);
    return ordered.map(([, { path, size }], place) => {
        return { path, layer, size, ranges: [[0, size]], firstReadMs: (earlier + place) * STEP_MS };
    });
}

;// CONCATENATED MODULE: ./src/optimize/profile-summary.js

function summarizeProfile({ layers, files }) {
    const byLayer = Map.groupBy(files, ({ layer }) => layer);
    const shares = [...new Set(layers)].map((digest) => Object.assign({ digest }, shareOf(byLayer.get(digest) ?? [])));
    return { ...shareOf(files), layers: shares };
}
function shareOf(files) {
    let readBytes = 0;
    let fileBytes = 0;
    for (const { ranges, size } of files) {
        readBytes += (0,optimize_ranges/* rangesSize */.yv)(ranges);
        fileBytes += size;
    }
    return { files: files.length, readBytes, fileBytes };
}

// EXTERNAL MODULE: ./src/cli/bars.js
var bars = __webpack_require__(79040);
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
// EXTERNAL MODULE: ./src/cli/format.js
var format = __webpack_require__(97093);
;// CONCATENATED MODULE: ./src/cli/profile-text.js




const BAR_WIDTH = 24;
function profileText(name, profile, options) {
    const summary = summarizeProfile(profile);
    const { image, workloads, files } = profile;
    const verb = workloads.length === 0 ? 'named' : 'read';
    const lines = [
        `${(0,format/* printable */.g$)(name)}: ${(0,format/* plural */.LS)(summary.files, 'file')}, ${(0,format/* formatBytes */.z3)(summary.readBytes)} ${verb}${ofTheirs(summary)}`,
        ...(image === undefined
            ? []
            : [`image     ${(0,format/* printable */.g$)(image.name)}, ${(0,format/* printable */.g$)(image.platform)}, ${(0,format/* shortDigest */.VK)(image.digest)}`]),
        ...workloads.map(({ command, durationMs }) => `workload  ${(0,format/* printable */.g$)(command.join(' '))}  (${(0,format/* formatSeconds */.Xo)(durationMs / 1000)})`),
        '',
        `layer                  ${'files'.padStart(6)} ${'read'.padStart(9)}  share of what is read`,
        ...summary.layers.map(({ digest, ...share }, index) => {
            const part = summary.readBytes === 0 ? 0 : share.readBytes / summary.readBytes;
            const figures = `${String(share.files).padStart(6)} ${(0,format/* formatBytes */.z3)(share.readBytes).padStart(9)}`;
            const bar = (0,bars/* shareBar */.HH)(part, BAR_WIDTH, options.style);
            return `${String(index + 1).padStart(2)} ${(0,format/* shortDigest */.VK)(digest)} ${figures}  ${bar} ${percent(part)}`;
        }),
        ...filesText(files, options),
    ];
    return `${lines.join('\n')}\n`;
}
function ofTheirs({ readBytes, fileBytes }) {
    return fileBytes === 0 ? '' : ` of their ${(0,format/* formatBytes */.z3)(fileBytes)} (${percent(readBytes / fileBytes).trim()})`;
}
function filesText(files, { most, sort, style }) {
    if (files.length === 0)
        return [];
    const sorted = sort === 'time' ? files : files.toSorted((a, b) => (0,optimize_ranges/* rangesSize */.yv)(b.ranges) - (0,optimize_ranges/* rangesSize */.yv)(a.ranges) || profile_text_byPath(a, b));
    const shown = sorted.slice(0, most ?? sorted.length);
    const rest = sorted.slice(shown.length);
    return [
        '',
        `${'first read'.padStart(10)} ${'read'.padStart(9)} ${'of'.padStart(9)}  ${'parts'.padEnd(BAR_WIDTH)}  file`,
        ...shown.map(({ path, size, ranges, firstReadMs }) => {
            const figures = `${time(firstReadMs).padStart(10)} ${(0,format/* formatBytes */.z3)((0,optimize_ranges/* rangesSize */.yv)(ranges)).padStart(9)}`;
            const bar = (0,bars/* rangeBar */.FF)(ranges, size, BAR_WIDTH, style);
            return `${figures} ${(0,format/* formatBytes */.z3)(size).padStart(9)}  ${bar}  ${(0,format/* printable */.g$)(path)}`;
        }),
        ...(rest.length === 0 ? [] : [`and ${(0,format/* plural */.LS)(rest.length, 'more file')}; --all lists them`]),
    ];
}
function diffText({ added, removed, changed, same }) {
    const bytesOf = (files) => files.reduce((sum, { ranges }) => sum + (0,optimize_ranges/* rangesSize */.yv)(ranges), 0);
    const plain = (mark, files) => files.map(({ path, ranges }) => `${mark} ${(0,format/* formatBytes */.z3)((0,optimize_ranges/* rangesSize */.yv)(ranges)).padStart(9)}  ${(0,format/* printable */.g$)(path)}`);
    const lines = [
        ...plain('-', removed),
        ...plain('+', added),
        ...changed.map(({ path, before, after, addedBytes, removedBytes }) => {
            const size = before.size === after.size ? '' : `, size ${(0,format/* formatBytes */.z3)(before.size)} to ${(0,format/* formatBytes */.z3)(after.size)}`;
            const parts = `+${(0,format/* formatBytes */.z3)(addedBytes)} -${(0,format/* formatBytes */.z3)(removedBytes)}`;
            return `~ ${(0,format/* formatBytes */.z3)((0,optimize_ranges/* rangesSize */.yv)(after.ranges)).padStart(9)}  ${(0,format/* printable */.g$)(path)}  (${parts}${size})`;
        }),
        `${(0,format/* plural */.LS)(added.length, 'file')} more (${(0,format/* formatBytes */.z3)(bytesOf(added))}), ${removed.length} less (${(0,format/* formatBytes */.z3)(bytesOf(removed))}), ${changed.length} read differently, ${same} the same`,
    ];
    return `${lines.join('\n')}\n`;
}
function time(ms) {
    return ms < 1000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1000).toFixed(2)} s`;
}
function percent(share) {
    return `${(share * 100).toFixed(share < 0.1 ? 1 : 0).padStart(4)} %`;
}
function profile_text_byPath(a, b) {
    return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

;// CONCATENATED MODULE: ./src/cli/profile-command.js
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



















async function runShow(files, flags) {
    const most = flags['all'] === true ? undefined : (0,flag_values/* integerFlag */.tB)(flags, 'top', 0, 1_000_000);
    const sort = (0,flag_values/* textFlag */.gx)(flags, 'sort') === 'bytes' ? 'bytes' : 'time';
    const profiles = await Promise.all(files.map(async (file) => ({ file, profile: await readProfile(file, flags) })));
    if (flags['json'] === true) {
        const documents = profiles.map(({ file, profile }) => ({ file, summary: summarizeProfile(profile), profile }));
        process.stdout.write(`${JSON.stringify(documents, undefined, 2)}\n`);
        return;
    }
    const style = (0,bars/* barStyle */.VD)();
    const texts = profiles.map(({ file, profile }) => profileText(file, profile, { most, sort, style }));
    process.stdout.write(texts.join('\n'));
}
async function runMerge(files, flags) {
    const text = (0,profile_codec/* encodeProfile */.k1)((0,profile_merge/* mergeProfiles */.N)(await Promise.all(files.map((file) => readProfile(file, flags)))));
    const output = (0,flag_values/* textFlag */.gx)(flags, 'output');
    if (output === undefined || output === '-') {
        process.stdout.write(text);
        return;
    }
    try {
        await (0,promises_.writeFile)(output, text);
    }
    catch (cause) {
        throw new errors/* UserError */.yo(`can't write ${output}: ${(0,errors/* describeError */.Uc)(cause)}`, undefined, { cause });
    }
}
async function runDiff(before, after, flags) {
    const diff = diffProfiles(await readProfile(before, flags), await readProfile(after, flags));
    process.stdout.write(flags['json'] === true ? `${JSON.stringify(diff, undefined, 2)}\n` : diffText(diff));
    const differs = diff.added.length + diff.removed.length + diff.changed.length > 0;
    if (differs && flags['exitCode'] === true)
        process.exitCode = exit_codes/* EXIT_FAILED */.hj;
}
async function readProfile(name, flags) {
    if (!(0,external_node_fs_.existsSync)(name) && !/^[./]|\.json$/.test(name))
        return readImage(name, flags);
    const file = await (0,collect_profile/* readRecordingFile */.EG)(name);
    if (file.kind === 'profile')
        return file.profile;
    throw new errors/* UserError */.yo(`${name} is a record of ctr-remote: it has paths only, and means something with its image alone`, 'Make a profile of it: lazypull optimize --record-in FILE --record-out PROFILE IMAGE');
}
async function readImage(name, flags) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const platforms = (0,image_platforms/* platformsOf */.Wt)(flags);
        const interrupts = __addDisposableResource(env_1, new cli_interrupts/* Interrupts */.$(), false);
        const location = (0,image_location/* parseLocation */.z)(name);
        const access = __addDisposableResource(env_1, await (0,image_access/* openImageAccess */.O)(flags, [location]), true);
        const source = __addDisposableResource(env_1, await (0,image_open/* openSource */.o)(location, access, interrupts.abort), true);
        const tocImage = __addDisposableResource(env_1, new image_platforms/* TocImage */.g0(location, access), true);
        const { images } = await (0,inspect/* inspectImage */.m)(source, { platforms, openTocImage: tocImage.open }, interrupts.abort);
        const [image] = images;
        if (image === undefined)
            throw new errors/* UserError */.yo(`${name} has no image for this machine`, 'Choose one with --platform.');
        return profileOfImage(source.name, image);
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


/***/ })

};
