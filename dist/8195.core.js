export const id = 8195;
export const ids = [8195];
export const modules = {

/***/ 44015:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   k: () => (/* binding */ planItems)
/* harmony export */ });
/* harmony import */ var _src_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _src_oci_reference_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(38242);


function planItems(texts, rule) {
    if (texts.length === 0) {
        throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo("input 'images' is empty", 'List images, e.g. python:3.12, one a line.');
    }
    const items = texts.map((text) => planItem(text, rule));
    const sources = new Map();
    for (const { source, destination } of items) {
        const [from, to] = [(0,_src_oci_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .formatReference */ .FH)(source), (0,_src_oci_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .formatReference */ .FH)(destination)];
        const other = sources.get(to);
        if (from === to)
            throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`input 'images': ${from} would be written over itself`, 'Give a suffix.');
        if (other !== undefined) {
            throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`input 'images': ${other} and ${from} both become ${to}`, 'Write SRC -> DST for one of them.');
        }
        sources.set(to, from);
    }
    return items;
}
function planItem(text, rule) {
    const [from = '', to, ...more] = text.split('->').map((part) => part.trim());
    if (more.length > 0)
        throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`input 'images': got '${text}'`, 'Write SRC -> DST.');
    const source = withTag(referenceIn(from));
    if (to === undefined)
        return { source, destination: byRule(source, rule) };
    const destination = withTag(referenceIn(to));
    if (destination.digest === undefined)
        return { source, destination };
    throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`input 'images': ${to} has a digest`, 'A copy has a digest of its own: name it by a tag.');
}
function byRule(source, { to, suffix }) {
    const text = (0,_src_oci_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .formatReference */ .FH)(source);
    if (to === '') {
        throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`input 'images': ${text} has no destination`, "Write SRC -> DST, or give the input 'to'.");
    }
    if (source.tag === undefined) {
        throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`input 'images': ${text} has no tag to name the copy by`, 'Write SRC -> DST.');
    }
    const isOfficial = source.registry === 'docker.io' && source.repository.startsWith('library/');
    const name = isOfficial ? source.repository.slice('library/'.length) : source.repository;
    return referenceIn(`${to.toLowerCase().replace(/\/+$/, '')}/${name}:${source.tag}${suffix}`);
}
function referenceIn(text) {
    try {
        return (0,_src_oci_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .parseReference */ .F2)(text);
    }
    catch (error) {
        if (!(error instanceof _src_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF))
            throw error;
        throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`input 'images': ${error.message}`, 'Write REGISTRY/NAME:TAG.', { cause: error });
    }
}
function withTag(reference) {
    const isNamed = reference.tag !== undefined || reference.digest !== undefined;
    return isNamed ? reference : { ...reference, tag: 'latest' };
}


/***/ }),

/***/ 40666:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  post: () => (/* binding */ post)
});

// EXTERNAL MODULE: ../../node_modules/@actions/core/lib/core.js + 7 modules
var core = __webpack_require__(32322);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./action/cache.js + 10 modules
var cache = __webpack_require__(72698);
// EXTERNAL MODULE: ./action/control.js
var control = __webpack_require__(62346);
// EXTERNAL MODULE: ./action/host.js + 1 modules
var action_host = __webpack_require__(18597);
// EXTERNAL MODULE: ./action/inputs.js
var inputs = __webpack_require__(7530);
// EXTERNAL MODULE: ./action/journal.js
var journal = __webpack_require__(25496);
// EXTERNAL MODULE: ./action/probe.js + 2 modules
var probe = __webpack_require__(55752);
// EXTERNAL MODULE: ./action/process-text.js
var process_text = __webpack_require__(14216);
// EXTERNAL MODULE: ./action/state.js
var state = __webpack_require__(43322);
// EXTERNAL MODULE: ./src/oci/reference.js
var oci_reference = __webpack_require__(38242);
// EXTERNAL MODULE: ./action/convert/items.js
var items = __webpack_require__(44015);
// EXTERNAL MODULE: ./src/cli/format.js
var format = __webpack_require__(97093);
;// CONCATENATED MODULE: ./action/summary/merge.js



function mergeImages(status) {
    const all = [...status.images, ...status.history];
    const newest = newestLayers(all);
    return groupImages(all)
        .map((group) => mergeGroup(group, newest))
        .sort((a, b) => a.timeline.askedMs - b.timeline.askedMs);
}
function sameImage(a, b) {
    if (a.registry !== b.registry || a.repository !== b.repository)
        return false;
    if (a.digest !== undefined && b.digest !== undefined)
        return a.digest === b.digest;
    const [tagA, tagB] = [a, b].map(({ tag, digest }) => tag ?? (digest === undefined ? 'latest' : undefined));
    return tagA !== undefined && tagA === tagB;
}
function referenceOf(text) {
    try {
        return (0,oci_reference/* parseReference */.F2)(text);
    }
    catch (error) {
        if (error instanceof errors/* FormatError */.IF)
            return undefined;
        throw error;
    }
}
const MAX_UNPARSED = 300;
function groupImages(images) {
    const groups = [];
    const unparsed = new Map();
    const parsed = images.map((image) => ({ image, name: referenceOf(image.ref) }));
    for (const { image, name } of parsed.sort((a, b) => rank(a.name) - rank(b.name))) {
        const beginning = image.ref.slice(0, MAX_UNPARSED);
        const known = name === undefined
            ? unparsed.get(beginning)
            : groups.find(({ names }) => names.some((other) => sameImage(other, name)));
        const group = known ?? { images: [], names: [] };
        group.images.push(image);
        if (name === undefined)
            unparsed.set(beginning, group);
        else
            group.names.push(name);
        if (known === undefined)
            groups.push(group);
    }
    return groups;
}
function rank(name) {
    if (name?.digest === undefined)
        return 2;
    return name.tag === undefined ? 1 : 0;
}
function mergeGroup({ images, names }, newest) {
    const longestFirst = [...images].sort((a, b) => b.layers.length - a.layers.length);
    const layers = new Map();
    for (const layer of longestFirst.flatMap((image) => image.layers)) {
        if (layers.get(layer.digest)?.state !== 'ordinary')
            layers.set(layer.digest, viewOf(layer, newest));
    }
    return {
        name: nameOf(names) ?? images[0]?.ref ?? '',
        refs: [...new Set(images.map(({ ref }) => ref))],
        layers: [...layers.values()],
        timeline: timelineOf(images.map(({ timeline }) => timeline)),
    };
}
function viewOf(layer, newest) {
    return layer.state === 'ordinary' ? layer : { ...layer, ...newest.get(layer.digest) };
}
function nameOf(names) {
    const { tag, digest, ...name } = names.find((one) => one.tag !== undefined) ?? names[0] ?? {};
    if (!('registry' in name))
        return undefined;
    if (tag === undefined && digest !== undefined)
        return `${(0,oci_reference/* familiarReference */.ZD)(name)}@${(0,format/* shortDigest */.VK)(digest)}`;
    return (0,oci_reference/* familiarReference */.ZD)({ ...name, tag: tag ?? 'latest' });
}
function timelineOf(timelines) {
    const sorted = [...timelines].sort((a, b) => a.askedMs - b.askedMs);
    const started = sorted.find(({ startedMs }) => startedMs !== undefined);
    const read = sorted.find(({ firstReadMs }) => firstReadMs !== undefined);
    const timeline = started ?? read ?? sorted[0];
    if (timeline === undefined)
        throw new TypeError('an image without a timeline');
    return timeline;
}
function newestLayers(images) {
    const newest = new Map();
    for (const layer of images.flatMap(({ layers }) => layers)) {
        if (layer.state === 'ordinary')
            continue;
        const known = newest.get(layer.digest);
        newest.set(layer.digest, known === undefined ? layer : newer(known, layer));
    }
    return newest;
}
function newer(a, b) {
    const [older, latest] = a.usedChunks + a.fetchedBytes > b.usedChunks + b.fetchedBytes ? [b, a] : [a, b];
    const merged = { ...older, ...latest };
    const max = (key) => Math.max(a[key], b[key]);
    const counts = Object.fromEntries(COUNT_KEYS.map((key) => [key, max(key)]));
    return { ...merged, ...counts };
}
const COUNT_KEYS = [
    'presentBytes',
    'imageBytes',
    'fetchedBytes',
    'requests',
    'faults',
    'waitedMs',
    'usedChunks',
    'usedBytes',
    'hitChunks',
    'restoredBytes',
];

;// CONCATENATED MODULE: ./action/summary/annotations.js




const MAX_ANNOTATIONS = 10;
const KINDS = ['dockerfile', 'compose', 'workflow'];
function needsCopy({ lazyLayers, notLazy }) {
    return lazyLayers === 0 && notLazy.some(({ kind }) => kind === 'not-estargz' || kind === 'unverifiable');
}
function annotationsOf(images, sources, env) {
    const sorted = KINDS.flatMap((kind) => sources.filter((source) => source.kind === kind));
    const named = sorted.flatMap((source) => {
        const reference = referenceOf(source.image);
        return reference === undefined ? [] : [{ source, reference }];
    });
    const annotations = images.filter(needsCopy).flatMap(({ refs }) => {
        const pulled = refs.flatMap((ref) => referenceOf(ref) ?? []);
        const found = named.find(({ reference }) => pulled.some((one) => sameImage(one, reference)));
        return found === undefined ? [] : annotationOf(found.source, found.reference, env);
    });
    return annotations.slice(0, MAX_ANNOTATIONS);
}
function annotationOf({ image, file, line }, reference, env) {
    const copy = copyOf(reference, env);
    if (copy === undefined)
        return [];
    const { step, name } = copy;
    const message = [
        `${image} has no lazily pullable layers, so it was pulled in the ordinary way. A scheduled workflow can keep a copy that has:`,
        step,
        `Then write here: ${name}`,
    ];
    return [{ message: message.join('\n'), properties: { title: `${image} is not lazy`, file, startLine: line } }];
}
function copyOf(reference, env) {
    const to = `ghcr.io/${matching(env['GITHUB_REPOSITORY_OWNER'], /^[\w.-]+$/) ?? 'my-org'}/mirror`.toLowerCase();
    const action = matching(env['GITHUB_ACTION_REPOSITORY'], /^[\w.-]+\/[\w.-]+$/) ?? 'OWNER/lazypull';
    const ref = matching(env['GITHUB_ACTION_REF'], /^[\w./-]+$/) ?? 'v1';
    const { digest } = reference;
    const isBare = digest !== undefined && reference.tag === undefined;
    const tagged = isBare ? { ...reference, tag: digest.slice('sha256:'.length, 'sha256:'.length + 12) } : reference;
    try {
        const [item] = (0,items/* planItems */.k)([(0,oci_reference/* formatReference */.FH)(tagged)], { to, suffix: '' });
        const name = item === undefined ? '' : (0,oci_reference/* formatReference */.FH)(item.destination);
        const source = (0,oci_reference/* familiarReference */.ZD)(reference);
        const images = isBare ? `${source} -> ${name}` : source;
        return { name, step: `- { uses: ${action}/action/convert@${ref}, with: { images: '${images}', to: '${to}' } }` };
    }
    catch (error) {
        if (error instanceof errors/* UserError */.yo)
            return undefined;
        throw error;
    }
}
function matching(text, pattern) {
    return text !== undefined && pattern.test(text) ? text : undefined;
}

// EXTERNAL MODULE: ./action/summary/cells.js
var cells = __webpack_require__(68009);
;// CONCATENATED MODULE: ./action/summary/figures.js

function formatShare(share) {
    if (share === undefined)
        return '-';
    const percent = Math.round(share * 100);
    if (percent === 100 && share < 1)
        return '99 %';
    if (percent === 0 && share > 0)
        return '1 %';
    return `${percent} %`;
}
function formatMs(ms) {
    return ms === undefined ? '-' : (0,format/* formatSeconds */.Xo)(ms / 1000);
}
function formatAbout(ms) {
    const seconds = Math.abs(ms) / 1000;
    if (seconds < 9.95)
        return `${seconds.toFixed(1)} s`;
    return seconds < 59.5 ? `${Math.round(seconds)} s` : (0,format/* formatSeconds */.Xo)(Math.round(seconds));
}
function formatSaved({ seconds, lazyLayers }) {
    if (lazyLayers === 0)
        return '-';
    if (seconds === undefined)
        return 'unknown';
    if (seconds.lazyMs === 0 && seconds.ordinaryMs === 0)
        return 'shared';
    return formatDifference(seconds.savedMs);
}
function formatDifference(savedMs) {
    if (savedMs === undefined)
        return 'unknown';
    if (isNothing(savedMs))
        return 'nothing';
    return savedMs < 0 ? `cost ${formatAbout(savedMs)}` : `about ${formatAbout(savedMs)}`;
}
function isNothing(ms) {
    return Math.abs(ms) < 50;
}
function formatSize({ bytes, lazyLayers, isWholeSize }) {
    if (lazyLayers === 0)
        return '?';
    return isWholeSize ? (0,format/* formatBytes */.z3)(bytes) : `${(0,format/* formatBytes */.z3)(bytes)} + ?`;
}

;// CONCATENATED MODULE: ./action/summary/reasons.js
const EXPLANATIONS = {
    'no-labels': {
        words: 'the client named no layer',
        remedy: 'pull with docker, buildx or `lazypull pull`; `ctr images pull` of containerd 1.7 never names them',
    },
    'not-estargz': {
        words: 'not in a lazily pullable format',
        remedy: 'make a lazily pullable copy of the image with the convert action',
    },
    unverifiable: {
        words: 'nothing vouches for its contents',
        remedy: 'make a copy of the image with the convert action: it writes the digests that are missing',
    },
    invalid: {
        words: 'its table of contents is damaged or unsafe',
        remedy: 'push the image again, or convert it again',
    },
    registry: {
        words: 'the registry did not give parts of it',
        remedy: 'see whether the registry can be reached, answers range requests, and knows the credentials of this job',
    },
    unsupported: {
        words: 'this machine or format allows no lazy mount',
        remedy: 'see the reason; a runner needs root, /dev/fuse and the right to mount',
    },
    disk: { words: 'the disk is full', remedy: 'free space on the runner before this step' },
    error: { words: 'an unforeseen error', remedy: 'please report it with the log of this step' },
};
function wordsFor(kind) {
    return (EXPLANATIONS[kind] ?? EXPLANATIONS.error).words;
}
function remedyFor(kind) {
    return (EXPLANATIONS[kind] ?? EXPLANATIONS.error).remedy;
}

;// CONCATENATED MODULE: ./action/summary/details.js




const MAX_ROWS = 30;
const COLUMNS = [
    { title: 'Image' },
    { title: 'Layers', isFigure: true },
    { title: 'Why' },
    { title: 'What to do' },
    { title: 'What the daemon says' },
];
function notLazyLines({ images, unnamed }) {
    const rows = [
        ...images.flatMap(({ name, lazyLayers, ordinaryLayers, notLazy }) => notLazy.map((one) => reasonRow((0,cells/* codeCell */.MZ)(name, 120), one, lazyLayers + ordinaryLayers))),
        ...unnamed.map((one) => reasonRow('(not named)', one, undefined)),
    ];
    if (rows.length === 0)
        return [];
    const more = rows.length - MAX_ROWS;
    return [
        ...(0,cells/* markdownTable */.Qj)(COLUMNS, rows.slice(0, MAX_ROWS)),
        ...(more > 0 ? ['', `And ${more} more: \`lazypull status\` in a step of the job shows all.`] : []),
    ];
}
function reasonRow(name, { kind, reason, layers }, of) {
    const count = of === undefined ? String(layers) : `${layers} of ${of}`;
    return [name, count, wordsFor(kind), remedyFor(kind), (0,cells/* textCell */.iV)(reason)];
}
const COLUMN_LINES = [
    '- **Size** is compressed; `?` is what ordinary layers add, which the daemon does not know. **Lazy** is the share that was never fetched.',
    '- **Ready after**: from the request until all lazy layers were mounted. **First run after**: until the first container or build step.',
    '- **Waits**: reads that had to wait for the registry, and how long. **There in time**: the share of what was read that nobody waited for.',
];
function secondsLines({ rates, images, totals }) {
    const pull = `${(0,format/* formatBytes */.z3)(rates.pullBytesPerSec)}/s`;
    const unpack = `${(0,format/* formatBytes */.z3)(rates.unpackBytesPerSec)}/s`;
    const compared = images.flatMap(({ seconds }) => seconds ?? []);
    const sum = (key) => compared.reduce((total, one) => total + one[key], 0);
    const { savedMs = 0 } = totals;
    return [
        ...COLUMN_LINES,
        '',
        '```text',
        'saved = ordinary pull (estimated) - lazy pull (measured)',
        `      = ${formatAbout(sum('ordinaryMs'))} - ${formatAbout(sum('lazyMs'))} = ${savedMs < 0 ? '-' : ''}${formatAbout(savedMs)}`,
        '```',
        '',
        `- **Ordinary pull**: all compressed bytes of the lazy layers arrive at ${pull} (${pullSource(rates.isMeasured)}), one layer after the other; each is unpacked at ${unpack} of decompressed bytes (assumed) once it is there and those below it are unpacked.`,
        '- **Lazy pull**: the time until all lazy layers of the image were mounted, and the time in which reads of its layers waited for the registry.',
        '- Ordinary layers save nothing. A layer of several images counts for the one that was asked for first. The time that this action took to set up is not part of it.',
    ];
}
function pullSource(isMeasured) {
    return isMeasured
        ? "measured: this job's own requests"
        : 'assumed: this job fetched too little at a time to measure it';
}
function runLines({ status, run, restored, saved }) {
    const engine = `${run.engine ?? 'none'}${run.isolated ? ", beside the machine's own" : ''}`;
    const items = [
        ['Engine', engine],
        ['Set up in', formatMs(Math.max(0, run.readyMs - run.startedMs))],
        ['Cache of an earlier job', restoredText(restored)],
        ['Cache for the next job', savedText(saved)],
    ];
    if (status !== undefined) {
        const { totals, tier, tierReason, transport, version, generation } = status;
        items.push(['lazypull', `${(0,cells/* textCell */.iV)(version)}${generation === 0 ? '' : `, restarted ${(0,format/* plural */.LS)(generation, 'time')}`}`], ['Mounts', `tier ${tier} (${(0,cells/* textCell */.iV)(tierReason)}), transport ${transport}`], ['Registries', registryText(totals)], ['Reads', `${totals.reads} of ${(0,format/* formatBytes */.z3)(totals.readBytes)}, ${totals.faults} had to wait`]);
    }
    return (0,cells/* markdownTable */.Qj)([{ title: '' }, { title: '' }], items.map(([name, value]) => [name, value]));
}
function registryText({ registryRequests, registryRetries, fetchedBytes, transferMs }) {
    const retries = registryRetries === 0 ? '' : `, ${registryRetries} tried again`;
    return `${(0,format/* plural */.LS)(registryRequests, 'request')}${retries}, ${(0,format/* formatBytes */.z3)(fetchedBytes)} in ${formatMs(transferMs)}`;
}
function restoredText({ key, layers, chunks, bytes, refused, why }) {
    const because = why === '' ? '' : `: ${(0,cells/* textCell */.iV)(why)}`;
    if (key === '')
        return `none${because}`;
    const not = refused === 0 ? '' : `, ${(0,format/* plural */.LS)(refused, 'file')} refused or cut short`;
    return `${(0,format/* plural */.LS)(layers, 'layer')}, ${(0,format/* plural */.LS)(chunks, 'chunk')}, ${(0,format/* formatBytes */.z3)(bytes)}${not}, from ${(0,cells/* codeCell */.MZ)(key)}${because}`;
}
function savedText({ outcome, key, layers, bytes, why }) {
    const because = why === '' ? '' : `: ${(0,cells/* textCell */.iV)(why)}`;
    switch (outcome) {
        case 'saved':
            return `${(0,format/* plural */.LS)(layers, 'layer')}, ${(0,format/* formatBytes */.z3)(bytes)} as ${(0,cells/* codeCell */.MZ)(key)}`;
        case 'unchanged':
            return `the one of before stays${because}`;
        case 'empty':
            return `nothing to save${because}`;
        case 'off':
            return `off${because}`;
        default:
            return `not saved${because}`;
    }
}

;// CONCATENATED MODULE: ./action/summary/image-table.js



const image_table_MAX_ROWS = 30;
const MAX_NAME = 120;
const NONE = '-';
const image_table_COLUMNS = [
    { title: 'Image', cell: ({ name }) => (0,cells/* codeCell */.MZ)(name, MAX_NAME), total: () => '**All, each layer once**' },
    { title: 'Size', isFigure: true, cell: formatSize, total: totalSize },
    {
        title: 'Fetched',
        isFigure: true,
        cell: (image) => (isOrdinary(image) ? 'all' : (0,format/* formatBytes */.z3)(image.fetchedBytes)),
        total: ({ fetchedBytes }) => (0,format/* formatBytes */.z3)(fetchedBytes),
    },
    { title: 'Lazy', isFigure: true, cell: lazyCell, total: ({ lazyShare }) => formatShare(lazyShare) },
    { title: 'Ready after', isFigure: true, cell: ({ readyMs }) => formatMs(readyMs), total: () => '' },
    { title: 'First run after', isFigure: true, cell: ({ firstRunMs }) => formatMs(firstRunMs), total: () => '' },
    { title: 'Waits', isFigure: true, cell: unlessOrdinary(formatWaits), total: formatWaits },
    {
        title: 'There in time',
        isFigure: true,
        cell: unlessOrdinary(({ hitShare }) => formatShare(hitShare)),
        total: ({ hitShare }) => formatShare(hitShare),
    },
    {
        title: 'Requests',
        isFigure: true,
        cell: unlessOrdinary(({ requests }) => String(requests)),
        total: ({ requests }) => String(requests),
    },
    {
        title: 'From cache',
        isFigure: true,
        cell: unlessOrdinary(({ restoredBytes }) => (0,format/* formatBytes */.z3)(restoredBytes)),
        total: ({ restoredBytes }) => (0,format/* formatBytes */.z3)(restoredBytes),
    },
    {
        title: 'Saved',
        isFigure: true,
        cell: formatSaved,
        total: ({ savedMs }) => `**${formatDifference(savedMs)}**`,
    },
];
function imageTable(images, totals) {
    const columns = image_table_COLUMNS.filter(({ title }) => title !== 'From cache' || totals.restoredBytes > 0);
    const rows = images.slice(0, image_table_MAX_ROWS).map((image) => columns.map(({ cell }) => cell(image)));
    if (images.length > 1)
        rows.push(columns.map(({ total }) => total(totals, images)));
    const more = images.length - image_table_MAX_ROWS;
    const notes = more > 0 ? ['', `And ${more} more, which the last row counts.`] : [];
    return [...(0,cells/* markdownTable */.Qj)(columns, rows), ...notes];
}
function isOrdinary({ lazyLayers }) {
    return lazyLayers === 0;
}
function unlessOrdinary(cell) {
    return (image) => (isOrdinary(image) ? NONE : cell(image));
}
function lazyCell({ lazyLayers, ordinaryLayers, lazyShare }) {
    if (lazyLayers === 0)
        return 'no';
    const of = ordinaryLayers === 0 ? '' : ` (${lazyLayers} of ${lazyLayers + ordinaryLayers} layers)`;
    return `${formatShare(lazyShare)}${of}`;
}
function formatWaits({ faults, waitedMs }) {
    return faults === 0 ? 'none' : `${faults} in ${formatMs(waitedMs)}`;
}
function totalSize({ bytes }, images) {
    return `${(0,format/* formatBytes */.z3)(bytes)}${images.every(({ isWholeSize }) => isWholeSize) ? '' : ' + ?'}`;
}

;// CONCATENATED MODULE: ./action/summary/picture.js

const MAX_BARS = 10;
const picture_MAX_NAME = 36;
const COLORS = ['#d4812b', '#afb8c1', '#2da44e'];
const WIDTH = 900;
const BAR_HEIGHT = 34;
const TITLE_HEIGHT = 50;
function pictureOf(images) {
    const bars = barsOf(images);
    if (bars.length === 0)
        return [];
    const values = (of) => bars.map(({ seconds }) => (of(seconds) / 1000).toFixed(2)).join(', ');
    const longestMs = Math.max(...bars.flatMap(({ seconds }) => [seconds.lazyMs, seconds.ordinaryMs]));
    return [
        '```mermaid',
        ...settings(bars.length),
        'xychart-beta horizontal',
        `  title "${titleOf(bars)}"`,
        `  x-axis [${bars.map(({ label }) => `"${label}"`).join(', ')}]`,
        `  y-axis 0 --> ${(longestMs / 1000).toFixed(2)}`,
        `  bar [${values(({ lazyMs, ordinaryMs }) => (lazyMs > ordinaryMs ? lazyMs : 0))}]`,
        `  bar [${values(({ ordinaryMs }) => ordinaryMs)}]`,
        `  bar [${values(({ lazyMs, ordinaryMs }) => Math.min(lazyMs, ordinaryMs))}]`,
        '```',
        '',
    ];
}
function barsOf(images) {
    const compared = images.flatMap(({ name, seconds }) => seconds === undefined || Math.max(seconds.lazyMs, seconds.ordinaryMs) < 5 ? [] : [{ name, seconds }]);
    const byLength = [...compared].sort((a, b) => b.seconds.ordinaryMs - a.seconds.ordinaryMs);
    const longest = new Set(byLength.slice(0, MAX_BARS));
    const shown = compared.filter((one) => longest.has(one));
    const labels = new Set();
    return shown.map(({ name, seconds }) => ({ seconds, label: uniqueLabel(labelOf(name, seconds), labels) }));
}
function titleOf(bars) {
    const isSlower = bars.some(({ seconds }) => seconds.lazyMs > seconds.ordinaryMs);
    const loss = isSlower ? ', orange where that took longer' : '';
    return `Waiting for images: lazily (green${loss}), and by an ordinary pull (grey, estimated)`;
}
function labelOf(name, { lazyMs, ordinaryMs }) {
    const last = name.slice(name.lastIndexOf('/') + 1).replaceAll(/[^A-Za-z0-9._:@-]/g, '?');
    const short = last.length <= picture_MAX_NAME ? last : `${last.slice(0, picture_MAX_NAME - 3)}...`;
    return `${short}: ${formatAbout(lazyMs)}, not ${formatAbout(ordinaryMs)}`;
}
function uniqueLabel(label, used) {
    let unique = label;
    for (let number = 2; used.has(unique); number++)
        unique = `${label} (${number})`;
    used.add(unique);
    return unique;
}
function settings(bars) {
    return [
        '---',
        'config:',
        '  xyChart:',
        `    width: ${WIDTH}`,
        `    height: ${TITLE_HEIGHT + bars * BAR_HEIGHT}`,
        '    titleFontSize: 14',
        '    titlePadding: 8',
        '    xAxis: { labelFontSize: 13, showTick: false, showAxisLine: false }',
        '    yAxis: { showLabel: false, showTick: false, showAxisLine: false }',
        '  themeVariables:',
        `    xyChart: { plotColorPalette: '${COLORS.join(', ')}', backgroundColor: 'transparent' }`,
        '---',
    ];
}

;// CONCATENATED MODULE: ./action/summary/seconds.js
const ASSUMED_PULL_BYTES_PER_SEC = 50_000_000;
const UNPACK_BYTES_PER_SEC = 150_000_000;
const MEASURED_BYTES = 16_000_000;
const MEASURED_BYTES_PER_REQUEST = 512_000;
function ratesOf(totals) {
    const { fetchedBytes, registryRequests, transferMs } = totals;
    const measured = transferMs > 0 ? (fetchedBytes / transferMs) * 1000 : 0;
    const isLong = fetchedBytes >= MEASURED_BYTES && fetchedBytes >= registryRequests * MEASURED_BYTES_PER_REQUEST;
    const isMeasured = isLong || (fetchedBytes >= MEASURED_BYTES && measured > ASSUMED_PULL_BYTES_PER_SEC);
    return {
        pullBytesPerSec: isMeasured ? measured : ASSUMED_PULL_BYTES_PER_SEC,
        isMeasured,
        unpackBytesPerSec: UNPACK_BYTES_PER_SEC,
    };
}
function ordinaryPullMs(layers, rates) {
    let arrivedSec = 0;
    let unpackedSec = 0;
    for (const { size = 0, imageBytes } of layers) {
        arrivedSec += size / rates.pullBytesPerSec;
        unpackedSec = Math.max(unpackedSec, arrivedSec) + imageBytes / rates.unpackBytesPerSec;
    }
    return unpackedSec * 1000;
}
function secondsOf({ layers, timeline }, own, rates) {
    const isLazy = layers.some(({ state }) => state !== 'ordinary');
    if (!isLazy || timeline.mountedMs === undefined)
        return undefined;
    if (own.length === 0)
        return { lazyMs: 0, ordinaryMs: 0, savedMs: 0 };
    const waitedMs = own.reduce((sum, layer) => sum + layer.waitedMs, 0);
    const lazyMs = Math.max(0, timeline.mountedMs - timeline.askedMs) + waitedMs;
    const ordinaryMs = ordinaryPullMs(own, rates);
    return { lazyMs, ordinaryMs, savedMs: ordinaryMs - lazyMs };
}

;// CONCATENATED MODULE: ./action/summary/report.js


function reportOf(status, sinceMs = 0) {
    const rates = ratesOf(status.totals);
    const merged = mergeImages(status).filter(({ layers, timeline }) => layers.length > 0 && lastOf(timeline) >= sinceMs);
    const counted = new Set();
    const images = merged.map((image) => imageReport(image, takeOwn(image, counted), rates));
    const layers = new Map(merged.flatMap((image) => lazyOf(image)).map((layer) => [layer.digest, layer]));
    const unnamed = status.fallbacks.filter(({ ref }) => ref === '');
    return {
        images,
        totals: totalsOf([...layers.values()], images),
        rates,
        unnamed: gather(unnamed),
    };
}
function lastOf({ askedMs, startedMs = 0, firstReadMs = 0 }) {
    return Math.max(askedMs, startedMs, firstReadMs);
}
function takeOwn(image, counted) {
    const own = lazyOf(image).filter(({ digest }) => !counted.has(digest));
    for (const { digest } of own)
        counted.add(digest);
    return own;
}
function lazyOf({ layers }) {
    return layers.filter(({ state }) => state !== 'ordinary');
}
function imageReport(image, own, rates) {
    const { name, refs, layers, timeline } = image;
    const lazy = lazyOf(image);
    const firstMs = timeline.startedMs ?? timeline.firstReadMs;
    return {
        name,
        refs,
        lazyLayers: lazy.length,
        ordinaryLayers: layers.length - lazy.length,
        isWholeSize: layers.every(({ state, size }) => state !== 'ordinary' && size !== undefined),
        ...countsOf(lazy),
        readyMs: since(timeline.askedMs, timeline.mountedMs),
        firstRunMs: since(timeline.askedMs, firstMs),
        notLazy: gather(layers),
        seconds: secondsOf(image, own, rates),
    };
}
function countsOf(lazy) {
    const sum = (of) => lazy.reduce((total, layer) => total + of(layer), 0);
    const bytes = sum(({ size = 0 }) => size);
    const fetchedOfKnown = sum(({ size, fetchedBytes }) => (size === undefined ? 0 : Math.min(size, fetchedBytes)));
    const used = sum(({ usedChunks }) => usedChunks);
    return {
        bytes,
        fetchedBytes: sum(({ fetchedBytes }) => fetchedBytes),
        lazyShare: bytes === 0 ? undefined : 1 - fetchedOfKnown / bytes,
        faults: sum(({ faults }) => faults),
        waitedMs: sum(({ waitedMs }) => waitedMs),
        hitShare: used === 0 ? undefined : sum(({ hitChunks }) => hitChunks) / used,
        requests: sum(({ requests }) => requests),
        restoredBytes: sum(({ restoredBytes }) => restoredBytes),
    };
}
function totalsOf(lazy, images) {
    const seconds = images.flatMap((image) => (image.seconds === undefined ? [] : [image.seconds]));
    const savedMs = seconds.length === 0 ? undefined : seconds.reduce((sum, one) => sum + one.savedMs, 0);
    return { ...countsOf(lazy), savedMs };
}
function since(fromMs, toMs) {
    return toMs === undefined ? undefined : Math.max(0, toMs - fromMs);
}
const MAX_REASON = 1000;
function gather(layers) {
    const groups = new Map();
    for (const { kind, reason: whole = '' } of layers) {
        if (kind === undefined)
            continue;
        const reason = whole.slice(0, MAX_REASON);
        const key = `${kind}\n${reason}`;
        const known = groups.get(key);
        groups.set(key, { kind, reason, layers: (known?.layers ?? 0) + 1 });
    }
    return [...groups.values()].sort((a, b) => b.layers - a.layers);
}

;// CONCATENATED MODULE: ./action/summary/markdown.js







const MAX_NOTICES = 10;
const HEADING = '### Lazy pulls';
function summaryText(context) {
    const { status, run } = context;
    if (run.engine === undefined)
        return lines([HEADING, '', nothingText(run.notices), '']);
    const report = status === undefined ? undefined : reportOf(status, run.startedMs);
    const shown = report === undefined
        ? [
            'The daemon did not answer at the end of the job, so there are no figures. Its log is in the log of this step.',
        ]
        : reportLines(report, run);
    const trouble = status === undefined || report === undefined ? [] : troubleLines(status.totals, report.totals.fetchedBytes);
    return lines([
        HEADING,
        '',
        ...shown,
        '',
        ...trouble,
        ...noticeLines(run.notices),
        ...(report === undefined ? [] : detailLines(report)),
        ...(0,cells/* detailsOf */.cz)('About this run', runLines(context)),
    ]);
}
function nothingText(notices) {
    const why = notices.slice(0, MAX_NOTICES).map((notice) => (0,cells/* textCell */.iV)(notice));
    return `Nothing was set up, and images are pulled as always. ${why.join(' ')}`.trim();
}
function reportLines(report, run) {
    const { images, totals } = report;
    if (images.length === 0)
        return ['No image was pulled through lazypull in this job.'];
    return [headline(report, run), '', ...pictureOf(images), ...imageTable(images, totals)];
}
function headline({ images, totals }, { startedMs, readyMs }) {
    const ordinary = images.filter(({ lazyLayers }) => lazyLayers === 0).length;
    if (ordinary === images.length) {
        const what = ordinary === 1 ? 'The image was' : `All ${ordinary} images were`;
        return `**Nothing was lazy.** ${what} pulled in the ordinary way; why, and what to do, is below.`;
    }
    const lazy = images.length - ordinary;
    const parts = [`**${markdown_savedText(totals.savedMs)}** ${fetchedText(lazy, totals)}`];
    if (totals.restoredBytes > 0)
        parts.push(`${(0,format/* formatBytes */.z3)(totals.restoredBytes)} came from the cache of an earlier job.`);
    if (ordinary > 0)
        parts.push(`${(0,format/* plural */.LS)(ordinary, 'image')} came in the ordinary way; why is below.`);
    parts.push(`Setting up took ${formatAbout(readyMs - startedMs)}.`);
    return parts.join(' ');
}
function markdown_savedText(savedMs) {
    if (savedMs === undefined)
        return 'How much was saved is not known.';
    if (isNothing(savedMs))
        return 'As fast as an ordinary pull.';
    if (savedMs > 0)
        return `About ${formatAbout(savedMs)} saved.`;
    return `About ${formatAbout(savedMs)} slower than an ordinary pull.`;
}
function fetchedText(lazy, { bytes, fetchedBytes, lazyShare }) {
    const of = `${(0,format/* plural */.LS)(lazy, 'image')} of ${(0,format/* formatBytes */.z3)(bytes)}`;
    const share = lazyShare === undefined ? '' : `: ${formatShare(lazyShare)} never had to come`;
    return `${of} ran on ${(0,format/* formatBytes */.z3)(fetchedBytes)} of it${share}.`;
}
const MUCH_BYTES = 4_000_000;
function troubleLines({ readErrors, verificationErrors, fetchedBytes }, used) {
    const said = [
        ...(fetchedBytes > 2 * used + MUCH_BYTES
            ? [`${(0,format/* formatBytes */.z3)(fetchedBytes)} came in all: a registry sent whole layers where parts of them were asked for.`]
            : []),
        ...(readErrors > 0 ? [`${(0,format/* plural */.LS)(readErrors, 'read')} of files failed (EIO).`] : []),
        ...(verificationErrors > 0
            ? [`${(0,format/* plural */.LS)(verificationErrors, 'chunk')} came with the wrong digest and were not used.`]
            : []),
    ];
    return said.length === 0 ? [] : [`**Something went wrong:** ${said.join(' ')}`, ''];
}
function noticeLines(notices) {
    if (notices.length === 0)
        return [];
    const more = notices.length - MAX_NOTICES;
    return [
        ...notices.slice(0, MAX_NOTICES).map((notice) => `- ${(0,cells/* textCell */.iV)(notice)}`),
        ...(more > 0 ? [`- and ${more} more, in the log of this step`] : []),
        '',
    ];
}
function detailLines(report) {
    const notLazy = notLazyLines(report);
    const isCompared = report.images.some(({ seconds }) => seconds !== undefined);
    return [
        ...(notLazy.length === 0 ? [] : (0,cells/* detailsOf */.cz)('What was not lazy, and why', notLazy)),
        ...(isCompared ? (0,cells/* detailsOf */.cz)('What the figures mean', secondsLines(report)) : []),
    ];
}
function lines(parts) {
    return `${parts.join('\n')}\n`;
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./src/dockerfile/images.js + 7 modules
var dockerfile_images = __webpack_require__(35993);
// EXTERNAL MODULE: ./src/oci/platform.js
var platform = __webpack_require__(46580);
;// CONCATENATED MODULE: ./action/summary/dockerfile.js


function dockerfileImages(text) {
    const { uses } = (0,dockerfile_images/* imagesOf */.I)(text, { platform: (0,platform/* hostPlatform */.ol)(), everyStage: true });
    return uses.map(({ reference, line }) => ({ image: reference, line }));
}

;// CONCATENATED MODULE: ./action/summary/variables.js
function substitute(text, values) {
    let isKnown = true;
    const replaced = text.replaceAll(/\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+])([^{}$]*))?\})/g, (_, plain, braced, operator, word = '') => {
        const value = values.get(plain ?? braced ?? '');
        const isSet = operator?.startsWith(':') === true ? value !== undefined && value !== '' : value !== undefined;
        if (operator?.endsWith('+') === true)
            return isSet ? String(word) : '';
        if (isSet && value !== undefined)
            return value;
        if (operator?.endsWith('-') === true)
            return String(word);
        isKnown = false;
        return '';
    });
    return isKnown && !replaced.includes('$') ? replaced : undefined;
}

;// CONCATENATED MODULE: ./action/summary/yaml-images.js

const VALUE = String.raw `("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'\[\]{},&*!|>%@#][^\s,{}]*(?:\{[^\s{}]*\}[^\s,{}]*)*)`;
const KEYS = {
    compose: new RegExp(String.raw `(?:^|[\s{,])["']?image["']?\s*:\s+${VALUE}`, 'g'),
    workflow: new RegExp(String.raw `(?:^|[\s{,])["']?(?:image|container)["']?\s*:\s+${VALUE}`, 'g'),
};
function yamlImages(text, kind) {
    const found = [];
    for (const { content, line } of contentLines(text)) {
        for (const [, value = ''] of content.matchAll(KEYS[kind])) {
            const image = kind === 'compose' ? resolveCompose(scalar(value)) : scalar(value);
            if (image !== undefined && image !== '' && !image.includes('$'))
                found.push({ image, line });
        }
    }
    return found;
}
function* contentLines(text) {
    let blockIndent;
    for (const [index, raw] of text.split(/\r?\n/).entries()) {
        if (raw.trim() === '')
            continue;
        const indent = raw.length - raw.trimStart().length;
        if (blockIndent !== undefined && indent > blockIndent)
            continue;
        blockIndent = undefined;
        const content = withoutComment(raw);
        const opens = /^(\s*(?:-\s+)*)(?:[^#]*:\s+|)(?:[&!]\S+\s+)*[|>][-+0-9]*\s*$/.exec(content);
        if (opens !== null)
            blockIndent = opens[1]?.length === 0 ? indent : keyIndent(content);
        yield { content, line: index + 1 };
    }
}
function keyIndent(content) {
    const dashes = /^\s*(?:-\s+)*/.exec(content)?.[0].length ?? 0;
    return content.slice(dashes).includes(':') ? dashes : content.length - content.trimStart().length;
}
function withoutComment(line) {
    let quote = '';
    for (let index = 0; index < line.length; index++) {
        const sign = line.charAt(index);
        const before = index === 0 ? ' ' : line.charAt(index - 1);
        if (quote !== '')
            quote = sign === quote ? '' : quote;
        else if ((sign === '"' || sign === "'") && /[\s:,[{]/.test(before))
            quote = sign;
        else if (sign === '#' && /\s/.test(before))
            return line.slice(0, index);
    }
    return line;
}
function scalar(value) {
    if (value.startsWith("'"))
        return value.slice(1, -1).replaceAll("''", "'");
    return value.startsWith('"') ? value.slice(1, -1) : value;
}
function resolveCompose(text) {
    return text.includes('$$') ? undefined : substitute(text, new Map());
}

;// CONCATENATED MODULE: ./action/summary/sources.js
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





const LIMITS = {
    depth: 6,
    folders: 2000,
    entries: 50_000,
    files: 300,
    fileBytes: 262_144,
};
const SKIPPED = new Set(['node_modules', '.git', '.venv', 'venv', 'vendor', '__pycache__', 'site-packages']);
async function findSources(workspace) {
    const sources = [];
    for (const { file, kind } of await findFiles(workspace)) {
        const text = await readSmall((0,external_node_path_.join)(workspace, file));
        if (text === undefined)
            continue;
        const images = kind === 'dockerfile' ? dockerfileImages(text) : yamlImages(text, kind);
        for (const { image, line } of images)
            sources.push({ image, line, file, kind });
    }
    return sources;
}
async function findFiles(workspace) {
    const files = [];
    const folders = [{ path: '', depth: 0 }];
    let seen = 0;
    for (let next = 0; next < folders.length && next < LIMITS.folders && seen < LIMITS.entries; next++) {
        const { path, depth } = folders[next];
        const entries = await (0,promises_.readdir)((0,external_node_path_.join)(workspace, path), { withFileTypes: true }).catch(() => []);
        seen += entries.length;
        for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
            const file = path === '' ? entry.name : `${path}/${entry.name}`;
            const kind = entry.isFile() ? kindOf(file) : undefined;
            if (kind !== undefined)
                files.push({ file, kind });
            if (files.length === LIMITS.files)
                return files;
            const isOurs = entry.isDirectory() && !SKIPPED.has(entry.name) && depth < LIMITS.depth;
            if (isOurs)
                folders.push({ path: file, depth: depth + 1 });
        }
    }
    return files;
}
function kindOf(file) {
    const name = file.slice(file.lastIndexOf('/') + 1);
    if (/^\.github\/workflows\/[^/]+\.ya?ml$/.test(file))
        return 'workflow';
    if (/^(?:docker-)?compose(?:[._-][\w.-]+)?\.ya?ml$/i.test(name))
        return 'compose';
    const isDockerfile = /^(?:dockerfile|containerfile)(?:\.[\w.-]+)?$/i.test(name) || /\.(?:dockerfile|containerfile)$/i.test(name);
    return isDockerfile && !/\.dockerignore$/i.test(name) ? 'dockerfile' : undefined;
}
async function readSmall(path) {
    try {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const handle = __addDisposableResource(env_1, await (0,promises_.open)(path, external_node_fs_.constants.O_RDONLY | external_node_fs_.constants.O_NOFOLLOW | external_node_fs_.constants.O_NONBLOCK), true);
            const stats = await handle.stat();
            return stats.isFile() && stats.size <= LIMITS.fileBytes ? await handle.readFile('utf8') : undefined;
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
    catch {
        return undefined;
    }
}

// EXTERNAL MODULE: ./action/talk.js
var action_talk = __webpack_require__(30349);
;// CONCATENATED MODULE: ./action/summary.js







async function writeSummary(context) {
    try {
        await core/* summary */.z.addRaw(summaryText(context), true).write();
    }
    catch (error) {
        core/* summary */.z.emptyBuffer();
        (0,core/* info */.pq)((0,action_talk/* shown */.S)(`No job summary: ${(0,errors/* describeError */.Uc)(error)}`));
    }
}
async function annotateOrdinary(context, notice) {
    try {
        for (const { message, properties } of await annotations(context))
            notice(message, properties);
    }
    catch (error) {
        (0,core/* info */.pq)((0,action_talk/* shown */.S)(`No notices about images: ${(0,errors/* describeError */.Uc)(error)}`));
    }
}
async function annotations({ status, workspace, env, run, }) {
    if (status === undefined || workspace === undefined)
        return [];
    const images = reportOf(status, run.startedMs).images.filter(needsCopy);
    return images.length === 0 ? [] : annotationsOf(images, await findSources(workspace), env);
}

// EXTERNAL MODULE: ./action/undo.js
var undo = __webpack_require__(22637);
;// CONCATENATED MODULE: ./action/post.js













const NOT_SAVED = { outcome: 'off', key: '', layers: 0, bytes: 0 };
const LOG_LINES = 400;
async function post(env) {
    const talk = new action_talk/* Talk */.v();
    const host = (0,action_host/* createHost */.De)(await (0,action_host/* findRootWay */.Xf)());
    const result = JSON.parse((0,core/* getState */.Gu)(state/* StateKey */.zv.RESULT) || 'null');
    const end = { host, inputs: inputsIfRight(), env, talk };
    const daemonDone = Promise.withResolvers();
    const reported = attempt('the report', () => report(end, result, daemonDone.resolve));
    await Promise.race([reported, daemonDone.promise]);
    if (end.inputs?.cleanup === false && result?.run.engine !== undefined) {
        talk.info('Everything stays as it is: cleanup is false.');
    }
    else {
        await attempt('the clean-up', () => cleanUp(end));
    }
    await reported;
    talk.flush();
}
async function report(end, result, daemonDone) {
    if (result === null)
        return;
    const { host, inputs, env, talk } = end;
    const wasSetUp = result.run.engine !== undefined;
    if (wasSetUp && (0,core/* getState */.Gu)(state/* StateKey */.zv.REPORTS) !== 'true')
        return;
    const status = wasSetUp ? await statusOrReason(end, result.run.readyMs) : undefined;
    if (wasSetUp && ((0,core/* isDebug */._o)() || status === undefined))
        await showLog(host, talk);
    const saved = await keep(end, result, status, daemonDone);
    const context = { status, ...result, saved, env, workspace: env['GITHUB_WORKSPACE'] };
    await annotateOrdinary(context, talk.notice);
    if (inputs?.summary !== false)
        await writeSummary(context);
}
async function statusOrReason({ host, talk }, readyMs) {
    const status = await (0,control/* daemonStatus */.z)(host).catch((error) => talk.info((0,errors/* describeError */.Uc)(error)));
    if (status !== undefined) {
        if (status.generation === 0 && status.startedSec * 1000 > readyMs)
            talk.notice('The lazypull daemon died during the job and was started again. Figures are those since then.');
        return status;
    }
    const log = (0,process_text/* lastLines */.w$)((await host.read(state/* Place */.YR.LOG)) ?? '', 1);
    talk.notice(`The lazypull daemon has ended during the job. Its last words: ${log || 'none'}`);
    return undefined;
}
async function keep(end, { restored }, status, daemonDone) {
    const { host, inputs, env, talk } = end;
    if (inputs === undefined || status === undefined)
        return { ...NOT_SAVED, why: 'there is no daemon to ask' };
    const { later: info, notice } = talk;
    const facts = { arch: process.arch, ghes: (0,probe/* runnerFacts */.Kd)(env).ghes };
    return await (0,cache/* saveCache */.Io)({ host, inputs, facts, env, info, notice, daemonDone }, restored.key);
}
async function showLog(host, talk) {
    const text = (await host.read(state/* Place */.YR.LOG)) ?? '';
    await (0,core/* group */.Os)('Log of the daemon', () => {
        talk.info(text === '' ? 'There is none.' : (0,process_text/* lastLines */.w$)(text, LOG_LINES));
        return Promise.resolve();
    });
}
async function cleanUp({ host, talk }) {
    const steps = JSON.parse((0,core/* getState */.Gu)(state/* StateKey */.zv.JOURNAL) || '[]');
    if (steps.length === 0)
        return;
    const failures = await (0,core/* group */.Os)('Leaving the machine as it was', () => (0,journal/* undoAll */.w)(steps.toReversed(), async (step) => {
        talk.info(stepText(step));
        await (0,undo/* undoStep */.D)(host, step);
    }));
    for (const failure of failures)
        (0,core/* warning */.$e)(`could not be taken back: ${failure}`, { title: 'lazypull' });
}
function stepText(step) {
    if (step.kind === 'file')
        return `back as it was: ${step.path}`;
    if (step.kind === 'remove')
        return `remove ${step.path}`;
    if (step.kind === 'restart')
        return `restart ${step.units.join(', ')}`;
    return step.kind === 'command' ? (0,action_host/* nameOf */.Vb)(step.command) : `stop ${step.name}`;
}
function inputsIfRight() {
    try {
        return (0,inputs/* readInputs */.Ko)();
    }
    catch {
        return undefined;
    }
}
async function attempt(what, action) {
    try {
        await action();
    }
    catch (error) {
        (0,core/* warning */.$e)(`${what} of lazypull failed: ${(0,errors/* describeError */.Uc)(error)}`, { title: 'lazypull' });
    }
}


/***/ }),

/***/ 68009:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   MZ: () => (/* binding */ codeCell),
/* harmony export */   Qj: () => (/* binding */ markdownTable),
/* harmony export */   cz: () => (/* binding */ detailsOf),
/* harmony export */   iV: () => (/* binding */ textCell)
/* harmony export */ });
/* harmony import */ var _src_cli_format_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(97093);

const MAX_TEXT = 300;
function textCell(text, maxLength = MAX_TEXT) {
    const line = (0,_src_cli_format_js__WEBPACK_IMPORTED_MODULE_0__/* .printable */ .g$)(text.slice(0, maxLength * 2).replaceAll(/\s*\n\s*/g, ' '));
    return cut(line, maxLength).replaceAll(/[\\`*_{}[\]<>|#~&$@]/g, (sign) => `&#${sign.codePointAt(0)};`);
}
function codeCell(text, maxLength = MAX_TEXT) {
    return /^[\w./:@+=, -]+$/.test(text) && text.length <= maxLength
        ? `\`${text}\``
        : `<code>${textCell(text, maxLength)}</code>`;
}
function markdownTable(columns, rows) {
    return [
        rowOf(columns.map(({ title }) => title)),
        `|${columns.map(({ isFigure }) => (isFigure === true ? '---:' : '---')).join('|')}|`,
        ...rows.map((row) => rowOf(row.map((cell, index) => (columns[index]?.isFigure === true ? unbroken(cell) : cell)))),
    ];
}
function detailsOf(title, lines) {
    return ['<details>', `<summary>${title}</summary>`, '', ...lines, '', '</details>', ''];
}
function unbroken(cell) {
    return cell.replaceAll(/(?<=\d) (?=(?:[kMGTP]?B|s|min|h|d|%)(?:\W|$))/g, '&nbsp;');
}
function rowOf(cells) {
    return `| ${cells.join(' | ')} |`;
}
function cut(text, maxLength) {
    if (text.length <= maxLength)
        return text;
    return `${text.slice(0, maxLength - 3).replace(/[\uD800-\uDBFF]$/, '')}...`;
}


/***/ }),

/***/ 21216:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ae: () => (/* binding */ path),
/* harmony export */   DB: () => (/* binding */ parseSize),
/* harmony export */   E9: () => (/* binding */ parseDuration),
/* harmony export */   Ej: () => (/* binding */ size),
/* harmony export */   Qp: () => (/* binding */ ValueError),
/* harmony export */   S: () => (/* binding */ hosts),
/* harmony export */   VN: () => (/* binding */ mirrors),
/* harmony export */   Xq: () => (/* binding */ formatSize),
/* harmony export */   Xy: () => (/* binding */ socketPath),
/* harmony export */   hl: () => (/* binding */ address),
/* harmony export */   nd: () => (/* binding */ integer),
/* harmony export */   p0: () => (/* binding */ duration),
/* harmony export */   yL: () => (/* binding */ oneOf),
/* harmony export */   zM: () => (/* binding */ boolean)
/* harmony export */ });
/* unused harmony export formatDuration */
class ValueError extends Error {
}
const SIZE_UNITS = new Map([
    ['', 1],
    ['B', 1],
    ['KB', 1e3],
    ['MB', 1e6],
    ['GB', 1e9],
    ['TB', 1e12],
    ['KIB', 2 ** 10],
    ['MIB', 2 ** 20],
    ['GIB', 2 ** 30],
    ['TIB', 2 ** 40],
]);
const DURATION_UNITS = new Map([
    ['ms', 1],
    ['s', 1000],
    ['m', 60_000],
    ['h', 3_600_000],
]);
function parseSize(value) {
    const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(String(value).trim());
    const unit = SIZE_UNITS.get((match?.[2] ?? '?').toUpperCase());
    if (match === null || unit === undefined || !isScalar(value))
        throw new ValueError(`wants a size like "10GiB", "500MB" or 4096, got ${show(value)}`);
    return checkedInteger(Math.round(Number(match[1]) * unit), value);
}
function parseDuration(value) {
    if (value === 0 || value === '0')
        return 0;
    const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/.exec(value.trim()) : null;
    const unit = DURATION_UNITS.get(match?.[2] ?? '');
    if (match === null || unit === undefined)
        throw new ValueError(`wants a duration with a unit like "500ms", "10s" or "2m", got ${show(value)}`);
    return checkedInteger(Math.round(Number(match[1]) * unit), value);
}
function formatSize(bytes) {
    for (const unit of ['TiB', 'GiB', 'MiB', 'KiB']) {
        const size = SIZE_UNITS.get(unit.toUpperCase()) ?? 1;
        if (bytes >= size && bytes % size === 0)
            return `${bytes / size}${unit}`;
    }
    return String(bytes);
}
function formatDuration(ms) {
    for (const unit of ['h', 'm', 's']) {
        const size = DURATION_UNITS.get(unit) ?? 1;
        if (ms >= size && ms % size === 0)
            return `${ms / size}${unit}`;
    }
    return `${ms}ms`;
}
const size = {
    name: 'size',
    parse: parseSize,
    print: (value) => JSON.stringify(formatSize(value)),
};
const boolean = {
    name: 'boolean',
    parse(value) {
        if (typeof value !== 'boolean')
            throw new ValueError(`wants true or false, got ${show(value)}`);
        return value;
    },
    print: String,
};
function duration(minMs, maxMs) {
    return {
        name: 'duration',
        parse(value) {
            const ms = parseDuration(value);
            if (ms >= minMs && ms <= maxMs)
                return ms;
            throw new ValueError(`wants ${formatDuration(minMs)} to ${formatDuration(maxMs)}, got ${show(value)}`);
        },
        print: (value) => JSON.stringify(formatDuration(value)),
    };
}
function integer(min, max) {
    return {
        name: `integer, ${min} to ${max}`,
        parse(value) {
            if (Number.isSafeInteger(value) && value >= min && value <= max)
                return value;
            throw new ValueError(`wants an integer from ${min} to ${max}, got ${show(value)}`);
        },
        print: String,
    };
}
function oneOf(words) {
    const list = words.map((word) => `"${word}"`).join(', ');
    return {
        name: list,
        parse(value) {
            if (typeof value === 'string' && words.includes(value))
                return value;
            throw new ValueError(`wants one of ${list}, got ${show(value)}`);
        },
        print: (value) => JSON.stringify(value),
    };
}
function path(options = {}) {
    const maxBytes = options.maxBytes ?? 4095;
    return {
        name: maxBytes < 4095 ? 'socket path' : 'path',
        parse(value) {
            if (value === '' && options.optional === true)
                return value;
            if (typeof value !== 'string' ||
                !value.startsWith('/') ||
                value.includes('\0') ||
                value.split('/').includes('..'))
                throw new ValueError(`wants an absolute path, got ${show(value)}`);
            if (Buffer.byteLength(value) > maxBytes)
                throw new ValueError(`wants a path of at most ${maxBytes} bytes, got ${Buffer.byteLength(value)} bytes`);
            return value.length > 1 ? value.replace(/\/+$/, '') : value;
        },
        print: (value) => JSON.stringify(value),
    };
}
const socketPath = path({ maxBytes: 103 });
const address = {
    name: '"host:port", or "" for none',
    parse(value) {
        const port = typeof value === 'string' ? /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(value)?.[1] : undefined;
        if (value === '' || (port !== undefined && Number(port) <= 65_535))
            return value;
        throw new ValueError(`wants "host:port" or "", got ${show(value)}`);
    },
    print: (value) => JSON.stringify(value),
};
const hosts = {
    name: 'list of hosts',
    parse(value) {
        if (Array.isArray(value) && value.every(isHost))
            return value;
        throw new ValueError(`wants a list of hosts like ["registry.test:5000"], got ${show(value)}`);
    },
    print: (value) => JSON.stringify(value),
};
const mirrors = {
    name: 'table of host to list of URLs',
    parse(value) {
        if (typeof value !== 'object' || value === null || Array.isArray(value))
            throw new ValueError(`wants a table like { "docker.io" = ["https://mirror.test"] }, got ${show(value)}`);
        for (const [host, urls] of Object.entries(value)) {
            if (!isHost(host))
                throw new ValueError(`wants hosts as keys, got ${show(host)}`);
            if (!Array.isArray(urls))
                throw new ValueError(`wants a list of URLs for ${host}, got ${show(urls)}`);
            for (const url of urls)
                checkMirror(host, url);
        }
        return { ...value };
    },
    print: (value) => `{ ${Object.entries(value)
        .map(([host, urls]) => `${JSON.stringify(host)} = ${JSON.stringify(urls)}`)
        .join(', ')} }`.replace('{  }', '{}'),
};
function checkMirror(host, url) {
    const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
    if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol))
        throw new ValueError(`wants http:// or https:// URLs as mirrors of ${host}`);
    if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '')
        throw new ValueError(`wants mirrors of ${host} without user, password and query: credentials belong in docker's config.json`);
}
function isHost(value) {
    return typeof value === 'string' && /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$/.test(value);
}
function isScalar(value) {
    return typeof value === 'string' || typeof value === 'number';
}
function checkedInteger(value, from) {
    if (Number.isSafeInteger(value))
        return value;
    throw new ValueError(`is too large: ${show(from)}`);
}
function show(value) {
    if (value instanceof Date)
        return 'a date';
    const text = JSON.stringify(value) ?? String(value);
    return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}


/***/ }),

/***/ 49179:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   h: () => (/* binding */ createLogger),
/* harmony export */   p_: () => (/* binding */ LOG_LEVELS),
/* harmony export */   qq: () => (/* binding */ silentLogger)
/* harmony export */ });
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'];
function createLogger(options) {
    const least = LOG_LEVELS.indexOf(options.level);
    const write = options.write ?? ((line) => void process.stderr.write(line));
    const make = (bound) => {
        const emit = (level, message, fields) => {
            if (LOG_LEVELS.indexOf(level) < least)
                return;
            const all = { ...bound, ...fields };
            write(`${options.format === 'json' ? jsonLine(level, message, all) : textLine(level, message, all)}\n`);
        };
        return {
            trace: (message, fields) => emit('trace', message, fields),
            debug: (message, fields) => emit('debug', message, fields),
            info: (message, fields) => emit('info', message, fields),
            warn: (message, fields) => emit('warn', message, fields),
            error: (message, fields) => emit('error', message, fields),
            with: (fields) => make({ ...bound, ...fields }),
        };
    };
    return make({});
}
const silentLogger = createLogger({ level: 'error', format: 'json', write: () => { } });
function jsonLine(level, msg, fields) {
    return JSON.stringify({ time: new Date().toISOString(), level, msg, ...plain(fields) });
}
function textLine(level, msg, fields) {
    const facts = Object.entries(plain(fields))
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
    return [`${level.padEnd(5)} ${msg}`, ...facts].join(' ');
}
function plain(fields) {
    const out = {};
    for (const [key, value] of Object.entries(fields)) {
        if (value instanceof Error) {
            out[key] = value.message;
            const code = value.code;
            if (code !== undefined)
                out[`${key}Code`] = code;
        }
        else
            out[key] = value;
    }
    return out;
}


/***/ }),

/***/ 73417:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B7: () => (/* binding */ CONTAINERS_MANIFEST_POSITION),
/* harmony export */   IG: () => (/* binding */ BASE_NAME),
/* harmony export */   Ie: () => (/* binding */ TOC_DIGEST),
/* harmony export */   Qh: () => (/* binding */ ZSTD_MANIFEST_POSITION),
/* harmony export */   Rc: () => (/* binding */ SOURCE_DIGEST),
/* harmony export */   Se: () => (/* binding */ DOCKER_REFERENCE_TYPE),
/* harmony export */   _K: () => (/* binding */ CONTAINERS_TAR_SPLIT_POSITION),
/* harmony export */   aE: () => (/* binding */ ZSTD_MANIFEST_CHECKSUM),
/* harmony export */   bT: () => (/* binding */ UNCOMPRESSED_SIZE),
/* harmony export */   bh: () => (/* binding */ LAZYPULL_TOC_CHECKSUM),
/* harmony export */   cW: () => (/* binding */ SOURCE_NAME),
/* harmony export */   gL: () => (/* binding */ DOCKER_REFERENCE_DIGEST),
/* harmony export */   kF: () => (/* binding */ TOC_LAYER_DIGEST),
/* harmony export */   rz: () => (/* binding */ BASE_DIGEST),
/* harmony export */   vy: () => (/* binding */ CONTAINERS_MANIFEST_CHECKSUM),
/* harmony export */   w5: () => (/* binding */ REF_NAME)
/* harmony export */ });
const TOC_DIGEST = 'containerd.io/snapshot/stargz/toc.digest';
const TOC_LAYER_DIGEST = 'containerd.io/snapshot/stargz/layer.digest';
const UNCOMPRESSED_SIZE = 'io.containers.estargz.uncompressed-size';
const ZSTD_MANIFEST_CHECKSUM = 'io.containers.zstd-chunked.manifest-checksum';
const ZSTD_MANIFEST_POSITION = 'io.containers.zstd-chunked.manifest-position';
const CONTAINERS_MANIFEST_CHECKSUM = 'io.github.containers.zstd-chunked.manifest-checksum';
const CONTAINERS_MANIFEST_POSITION = 'io.github.containers.zstd-chunked.manifest-position';
const CONTAINERS_TAR_SPLIT_POSITION = 'io.github.containers.zstd-chunked.tarsplit-position';
const LAZYPULL_TOC_CHECKSUM = 'containerd.io/snapshot/remote/lazypull.toc-checksum';
const DOCKER_REFERENCE_TYPE = 'vnd.docker.reference.type';
const DOCKER_REFERENCE_DIGEST = 'vnd.docker.reference.digest';
const REF_NAME = 'org.opencontainers.image.ref.name';
const BASE_DIGEST = 'org.opencontainers.image.base.digest';
const BASE_NAME = 'org.opencontainers.image.base.name';
const SOURCE_NAME = 'dev.lazypull.source.name';
const SOURCE_DIGEST = 'dev.lazypull.source.digest';


/***/ }),

/***/ 46580:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bq: () => (/* binding */ formatPlatform),
/* harmony export */   FL: () => (/* binding */ normalizePlatform),
/* harmony export */   Y8: () => (/* binding */ parsePlatform),
/* harmony export */   iU: () => (/* binding */ isRunnable),
/* harmony export */   l6: () => (/* binding */ compatiblePlatforms),
/* harmony export */   ol: () => (/* binding */ hostPlatform),
/* harmony export */   yY: () => (/* binding */ selectManifest)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _annotations_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(73417);


const NODE_ARCHITECTURES = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };
const ALIASES = {
    x86_64: { architecture: 'amd64' },
    'x86-64': { architecture: 'amd64' },
    i386: { architecture: '386' },
    aarch64: { architecture: 'arm64' },
    armhf: { architecture: 'arm', variant: 'v7' },
    armel: { architecture: 'arm', variant: 'v6' },
};
function hostPlatform() {
    const architecture = NODE_ARCHITECTURES[process.arch] ?? process.arch;
    const variables = process.config.variables;
    const arm = Number(variables['arm_version'] ?? 7);
    return normalizePlatform({
        os: process.platform,
        architecture,
        ...(architecture === 'arm' && { variant: `v${arm}` }),
    });
}
function parsePlatform(text) {
    const parts = text.split('/');
    if (parts.length > 3 || !parts.every((part) => /^[A-Za-z0-9_.-]+$/.test(part))) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`not a platform like linux/arm64 or linux/arm/v7: ${JSON.stringify(text.slice(0, 100))}`);
    }
    const [os = '', architecture = '', variant] = parts.length === 1 ? ['linux', ...parts] : parts;
    return normalizePlatform({ os, architecture, ...(variant === undefined ? {} : { variant }) });
}
function formatPlatform({ os, architecture, variant }) {
    return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}
function normalizePlatform(platform) {
    const alias = ALIASES[platform.architecture.toLowerCase()];
    const architecture = alias?.architecture ?? platform.architecture.toLowerCase();
    const os = platform.os.toLowerCase() === 'macos' ? 'darwin' : platform.os.toLowerCase();
    const given = (platform.variant ?? alias?.variant)?.toLowerCase().replace(/^(?=\d)/, 'v');
    const variant = normalVariant(architecture, given === '' ? undefined : given);
    return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}
function normalVariant(architecture, variant) {
    if (architecture === 'arm')
        return variant ?? 'v7';
    if (architecture === 'arm64' && variant === 'v8')
        return undefined;
    if (architecture === 'amd64' && variant === 'v1')
        return undefined;
    return variant;
}
function compatiblePlatforms(platform) {
    const { os, architecture, variant } = normalizePlatform(platform);
    const older = (name, newest, oldest) => Array.from({ length: Math.max(0, newest - oldest + 1) }, (_, index) => normalizePlatform({ os, architecture: name, variant: `v${newest - index}` }));
    const level = Number(/^v(\d{1,2})$/.exec(variant ?? '')?.[1] ?? NaN);
    const exact = { os, architecture, ...(variant === undefined ? {} : { variant }) };
    if (architecture === 'arm' && level > 4)
        return older('arm', level, 5);
    if (architecture === 'arm64')
        return [exact, ...(variant === undefined ? [] : older('arm64', 8, 8)), ...older('arm', 8, 5)];
    if (architecture === 'amd64')
        return [...older('amd64', variant === undefined ? 1 : level, 1), { os, architecture: '386' }];
    return [exact];
}
function isRunnable(entry) {
    if (entry.annotations?.[_annotations_js__WEBPACK_IMPORTED_MODULE_1__/* .DOCKER_REFERENCE_TYPE */ .Se] !== undefined)
        return false;
    return entry.platform?.os !== 'unknown' && entry.platform?.architecture !== 'unknown';
}
function selectManifest(index, platform) {
    const entries = index.manifests.filter(isRunnable);
    for (const wanted of compatiblePlatforms(platform).map(formatPlatform)) {
        const found = entries.find((entry) => entry.platform !== undefined && formatPlatform(normalizePlatform(entry.platform)) === wanted);
        if (found !== undefined)
            return found;
    }
    const unnamed = entries.filter((entry) => entry.platform === undefined);
    if (unnamed.length === 1 && unnamed[0] !== undefined)
        return unnamed[0];
    const there = entries.map((entry) => (entry.platform === undefined ? '?' : formatPlatform(entry.platform)));
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB('NOT_FOUND', `no image for ${formatPlatform(platform)}; there is ${there.slice(0, 30).join(', ') || 'none at all'}`);
}


/***/ }),

/***/ 38242:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F2: () => (/* binding */ parseReference),
/* harmony export */   FH: () => (/* binding */ formatReference),
/* harmony export */   Tn: () => (/* binding */ manifestReference),
/* harmony export */   ZD: () => (/* binding */ familiarReference)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _digest_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(62635);


const DOCKER_HUB = 'docker.io';
const DEFAULT_TAG = 'latest';
const MAX_NAME_LENGTH = 255;
const LABEL = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const REGISTRY = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]{1,5})?$`);
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const BARE_HEX = /^[0-9a-f]{64}$/;
function parseReference(text) {
    const fail = (why) => new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`not an image reference: ${JSON.stringify(text.slice(0, 300))}: ${why}`);
    const at = text.indexOf('@');
    const digest = at === -1 ? undefined : text.slice(at + 1);
    if (digest !== undefined && !(0,_digest_js__WEBPACK_IMPORTED_MODULE_1__/* .isDigest */ .Bc)(digest))
        throw fail('the digest is not a sha256 digest');
    const beforeDigest = at === -1 ? text : text.slice(0, at);
    const colon = beforeDigest.lastIndexOf(':');
    const hasTag = colon > beforeDigest.lastIndexOf('/');
    const tag = hasTag ? beforeDigest.slice(colon + 1) : undefined;
    if (tag !== undefined && !TAG.test(tag))
        throw fail('the tag is not valid');
    const { registry, repository } = splitName(hasTag ? beforeDigest.slice(0, colon) : beforeDigest);
    if (!REGISTRY.test(registry))
        throw fail('the registry is not valid');
    if (!repository.split('/').every((component) => COMPONENT.test(component))) {
        throw fail('the repository must be lower-case letters and digits, separated by . _ - or /');
    }
    if (registry.length + 1 + repository.length > MAX_NAME_LENGTH)
        throw fail('it is too long');
    if (BARE_HEX.test(beforeDigest))
        throw fail('64 hexadecimal digits are an image ID');
    return {
        registry,
        repository,
        ...(tag === undefined ? {} : { tag }),
        ...(digest === undefined ? {} : { digest }),
    };
}
function formatReference(reference) {
    return `${reference.registry}/${reference.repository}${suffixOf(reference)}`;
}
function familiarReference(reference) {
    const { registry, repository } = reference;
    if (registry !== DOCKER_HUB)
        return formatReference(reference);
    const [, official] = /^library\/([^/]+)$/.exec(repository) ?? [];
    const [first = '', ...rest] = repository.split('/');
    const name = official ?? (rest.length > 0 && isRegistry(first) ? `${registry}/${repository}` : repository);
    return `${name}${suffixOf(reference)}`;
}
function manifestReference(reference) {
    return reference.digest ?? reference.tag ?? DEFAULT_TAG;
}
function suffixOf({ tag, digest }) {
    return `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}
function splitName(name) {
    const slash = name.indexOf('/');
    const first = slash === -1 ? '' : name.slice(0, slash);
    if (!isRegistry(first))
        return hubName(name);
    const repository = name.slice(slash + 1);
    return first === DOCKER_HUB || first === 'index.docker.io' ? hubName(repository) : { registry: first, repository };
}
function hubName(repository) {
    return { registry: DOCKER_HUB, repository: repository.includes('/') ? repository : `library/${repository}` };
}
function isRegistry(first) {
    return /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
}


/***/ })

};
