export const id = 3020;
export const ids = [3020];
export const modules = {

/***/ 33020:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runInspect: () => (/* binding */ runInspect)
});

// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/image/location.js
var image_location = __webpack_require__(42336);
// EXTERNAL MODULE: ./src/image/open.js + 15 modules
var image_open = __webpack_require__(7610);
// EXTERNAL MODULE: ./src/optimize/inspect-blob.js
var inspect_blob = __webpack_require__(17005);
// EXTERNAL MODULE: ./src/optimize/inspect.js + 2 modules
var inspect = __webpack_require__(38031);
// EXTERNAL MODULE: ./src/optimize/inspect-contents.js + 1 modules
var inspect_contents = __webpack_require__(65734);
;// CONCATENATED MODULE: ./src/optimize/inspect-tree.js

function mergeLayers(layers) {
    let root;
    for (const [layer, toc] of layers.entries()) {
        if (toc === undefined)
            continue;
        root = makeNode('', toc.toc.root, { layer, toc, under: root });
        mergeChildren(root, toc.toc.root, layer, toc);
    }
    return root ?? emptyRoot();
}
function lookupPath(root, path) {
    let node = root;
    for (const name of path.split('/'))
        if (name !== '' && name !== '.')
            node = node?.children?.get(name);
    return node;
}
function treeTotals(root) {
    const totals = new Map();
    const seen = new Set();
    const visit = (node) => {
        const own = { files: 0, bytes: 0, prefetchedBytes: 0 };
        if (node.type === 'reg') {
            Object.assign(own, { files: 1, bytes: node.size, prefetchedBytes: node.isPrefetched ? node.size : 0 });
        }
        for (const child of node.children?.values() ?? []) {
            const below = visit(child);
            if (child.removedBy !== undefined)
                continue;
            own.files += below.files;
            if (child.names > 1 && isAgain(seen, child))
                continue;
            own.bytes += below.bytes;
            own.prefetchedBytes += below.prefetchedBytes;
        }
        totals.set(node, own);
        return own;
    };
    visit(root);
    return totals;
}
function isAgain(seen, { inode }) {
    if (inode === undefined || seen.has(inode))
        return true;
    seen.add(inode);
    return false;
}
function mergeChildren(target, source, layer, toc) {
    const children = target.children;
    for (const name of source.children?.keys() ?? []) {
        if (name === inspect_contents/* OPAQUE_WHITEOUT */.Ud) {
            target.opaqueSince = layer;
            for (const child of children.values())
                child.removedBy ??= layer;
        }
        else if (name.startsWith(inspect_contents/* WHITEOUT_PREFIX */.Fp))
            removeName(children, name.slice(inspect_contents/* WHITEOUT_PREFIX */.Fp.length), layer);
    }
    for (const [name, node] of source.children ?? []) {
        if (name.startsWith(inspect_contents/* WHITEOUT_PREFIX */.Fp))
            continue;
        const made = makeNode(name, node, { layer, toc, under: children.get(name) });
        children.set(name, made);
        if (node.type === 'dir')
            mergeChildren(made, node, layer, toc);
    }
}
function removeName(children, name, layer) {
    const existing = children.get(name);
    if (existing !== undefined)
        existing.removedBy ??= layer;
    else
        children.set(name, { ...NOTHING, name, type: 'whiteout', layer });
}
function makeNode(name, node, { layer, toc, under }) {
    const isDir = node.type === 'dir';
    const goesOn = isDir && under?.type === 'dir' && under.removedBy === undefined;
    const isHidden = !isDir && under !== undefined && under.type !== 'whiteout' && under.removedBy === undefined;
    return {
        name,
        type: node.type,
        layer,
        mode: node.mode,
        size: node.size,
        chunks: node.chunkCount,
        isPrefetched: (0,inspect_contents/* isPrefetched */.Fl)(node, toc),
        names: isDir ? 1 : node.nlink,
        linkName: node.linkName,
        inode: node,
        hides: isHidden ? under.layer : undefined,
        opaqueSince: goesOn ? under.opaqueSince : undefined,
        removedBy: undefined,
        children: isDir ? (goesOn ? under.children : new Map()) : undefined,
    };
}
const NOTHING = {
    mode: 0,
    size: 0,
    chunks: 0,
    isPrefetched: false,
    names: 0,
    linkName: undefined,
    inode: undefined,
    hides: undefined,
    opaqueSince: undefined,
    removedBy: undefined,
    children: undefined,
};
function emptyRoot() {
    return { ...NOTHING, name: '', type: 'dir', layer: 0, mode: 0o755, names: 1, children: new Map() };
}

// EXTERNAL MODULE: ./src/cli/flag-values.js
var flag_values = __webpack_require__(92243);
// EXTERNAL MODULE: ./src/cli/format.js
var format = __webpack_require__(97093);
// EXTERNAL MODULE: ./src/cli/image-access.js + 1 modules
var image_access = __webpack_require__(13609);
// EXTERNAL MODULE: ./src/cli/image-platforms.js
var image_platforms = __webpack_require__(68552);
;// CONCATENATED MODULE: ./src/cli/inspect-text.js

const BAR_WIDTH = 40;
const MIN_COMMAND = 20;
function inspectionText(inspection, style, layer) {
    const { name, root, images, others } = inspection;
    const isIndex = images[0]?.manifest.digest !== root.digest;
    const lines = [`${style.bold((0,format/* printable */.g$)(name))}${isIndex ? `  index ${(0,format/* shortDigest */.VK)(root.digest)}` : ''}`];
    for (const image of images) {
        lines.push(...imageHead(image, style));
        if (layer === undefined)
            lines.push(...layerTable(image, style), ...summary(image, style));
        else
            lines.push(...layerDetails(image.layers[layer - 1], style));
    }
    if (others.length > 0 && layer === undefined)
        lines.push('', `also there: ${others.map(otherText).join(', ')}`);
    return `${lines.join('\n')}\n`;
}
function otherText({ kind, platform, digest }) {
    return `${kind} ${platform === null || kind === 'attestation' ? (0,format/* shortDigest */.VK)(digest) : (0,format/* printable */.g$)(platform)}`;
}
function imageHead({ manifest, platform, created, convertedFrom, base }, style) {
    const when = created === null ? '' : `  created ${(0,format/* printable */.g$)(created.slice(0, 10))}`;
    return [
        '',
        `${style.bold((0,format/* printable */.g$)(platform ?? 'no platform'))}  manifest ${(0,format/* shortDigest */.VK)(manifest.digest)}${when}`,
        ...originText('converted from', convertedFrom),
        ...originText('built on', base),
    ];
}
function originText(how, origin) {
    if (origin === null)
        return [];
    const parts = [
        ...(origin.name === null ? [] : [origin.name]),
        ...(origin.digest === null ? [] : [(0,format/* shortDigest */.VK)(origin.digest)]),
    ];
    return [`${how} ${(0,format/* printable */.g$)(parts.join(' '))}`];
}
function layerTable({ layers }, style) {
    const largest = Math.max(...layers.map(({ size }) => size), 1);
    const rows = layers.map((layer) => cells(layer));
    const head = ['', 'layer', 'size', 'format', 'lazy', 'files', 'chunks', 'TOC', 'prefetch', 'start'];
    const right = new Set([0, 2, 5, 6, 7, 8, 9]);
    const widths = head.map((text, column) => Math.max(text.length, ...rows.map((row) => row[column].length)));
    const line = (row) => row
        .map((text, column) => (right.has(column) ? text.padStart(widths[column]) : text.padEnd(widths[column])))
        .join('  ');
    const room = style.width - widths.reduce((sum, width) => sum + width + 2, 0);
    const command = (layer) => room < MIN_COMMAND || layer.command === null ? '' : `  ${style.dim(clip((0,format/* printable */.g$)(layer.command), room))}`;
    return [
        '',
        style.dim(line(head).trimEnd()),
        ...layers.map((layer, index) => `${line(rows[index])}${command(layer)}`.trimEnd()),
        '',
        ...layers.map((layer) => `${String(layer.number).padStart(widths[0])}  ${layerBar(layer, largest, style)}`),
        legend(style.bars),
    ];
}
function cells(layer) {
    const { contents } = layer;
    const isSilent = contents === null;
    return [
        String(layer.number),
        (0,format/* shortDigest */.VK)(layer.digest),
        (0,format/* formatBytes */.z3)(layer.size),
        layer.format,
        layer.lazypull.lazy ? 'yes' : 'no',
        isSilent ? '-' : String(contents.counts.files + contents.counts.emptyFiles),
        isSilent ? '-' : String(contents.chunks.count),
        isSilent ? '-' : (0,format/* formatBytes */.z3)(contents.toc.compressedSize),
        isSilent
            ? '-'
            : contents.landmark === 'prefetch'
                ? (0,format/* formatBytes */.z3)(contents.prefetchBytes)
                : (contents.landmark ?? 'none'),
        (0,format/* formatBytes */.z3)(layer.startBytes),
    ];
}
function layerBar(layer, largest, style) {
    const { bars } = style;
    const length = Math.max(1, Math.round((layer.size / largest) * BAR_WIDTH));
    if (!layer.lazypull.lazy || layer.contents === null)
        return style.red(bars.full.repeat(length));
    const cell = layer.size / length;
    const { prefetchBytes, toc } = layer.contents;
    const end = Math.min(length, toc.offset === null ? 0 : Math.max(1, Math.round((layer.size - toc.offset) / cell)));
    const front = Math.min(length - end, prefetchBytes === 0 ? 0 : Math.max(1, Math.round(prefetchBytes / cell)));
    const rest = length - front - end;
    return `${style.green(bars.full.repeat(front))}${bars.empty.repeat(rest)}${style.yellow(bars.part.repeat(end))}`;
}
function legend({ empty, full, part }) {
    return `   ${full} fetched at the start  ${empty} when it is read  ${part} table of contents; ordinary layers are fetched whole`;
}
function summary({ layers, totals, problems }, style) {
    const { size, lazyLayers, startBytes, duplicates } = totals;
    const share = size === 0 ? 0 : (100 * startBytes) / size;
    const lines = [
        '',
        `${(0,format/* plural */.LS)(layers.length, 'layer')}, ${(0,format/* formatBytes */.z3)(size)}; ${lazyLayers} lazy: a container starts after ${(0,format/* formatBytes */.z3)(startBytes)} (${share.toFixed(1)} %)`,
    ];
    if (duplicates.files > 0) {
        const { withinLayers } = duplicates;
        lines.push(`${(0,format/* plural */.LS)(duplicates.files, 'file')} of ${(0,format/* formatBytes */.z3)(duplicates.bytes)} repeat others' content, ${(0,format/* formatBytes */.z3)(withinLayers.bytes)} of it within a layer`);
    }
    return [...lines, ...reasons(layers), ...problemLines(problems, layers, style)];
}
function reasons(layers) {
    return layers.flatMap(({ number, lazypull, stargzSnapshotter }) => {
        const own = lazypull.reason;
        const theirs = stargzSnapshotter.reason;
        if (own === null && theirs === null)
            return [];
        if (own === theirs)
            return [`layer ${number} is not lazy: ${(0,format/* printable */.g$)(own)}`];
        return [
            ...(own === null ? [] : [`layer ${number} is not lazy with lazypull: ${(0,format/* printable */.g$)(own)}`]),
            ...(theirs === null ? [] : [`layer ${number} is not lazy with stargz-snapshotter: ${(0,format/* printable */.g$)(theirs)}`]),
        ];
    });
}
function problemLines(problems, layers, style) {
    const ofLayers = layers.flatMap(({ number, problems: own }) => own.map((problem) => `layer ${number}: ${problem}`));
    return [...problems, ...ofLayers].map((problem) => style.red(`problem: ${(0,format/* printable */.g$)(problem)}`));
}
function layerDetails(layer, style) {
    const { contents } = layer;
    const verdict = ({ lazy, reason }) => lazy ? 'yes' : `no: ${(0,format/* printable */.g$)(reason ?? '')}`;
    return [
        '',
        `layer ${layer.number}            ${layer.digest}`,
        ...rows([
            ['media type', layer.mediaType],
            ['size', (0,format/* formatBytes */.z3)(layer.size)],
            ['format', layer.format],
            ['diff id', layer.diffId ?? 'unknown'],
            ['command', layer.command ?? 'unknown'],
            ['lazypull', verdict(layer.lazypull)],
            ['stargz-snapshotter', verdict(layer.stargzSnapshotter)],
            ...Object.entries(layer.annotations).map(([key, value]) => ['annotation', `${key}=${value}`]),
        ]),
        ...(contents === null ? [] : contentLines(contents, style)),
        ...problemLines([], [layer], style),
    ];
}
function contentLines(contents, style) {
    const { toc, counts, chunks, members } = contents;
    const spread = ({ min, median, max }) => `${(0,format/* formatBytes */.z3)(min)} to ${(0,format/* formatBytes */.z3)(max)}, median ${(0,format/* formatBytes */.z3)(median)}`;
    const counted = Object.entries(counts).filter(([, count]) => count > 0);
    return [
        ...rows([
            ['TOC', `${toc.digest}${toc.isExternal ? ', in an image of its own' : ''}`],
            [
                '',
                `${(0,format/* formatBytes */.z3)(toc.compressedSize)} (${(0,format/* formatBytes */.z3)(toc.size)} of JSON), ${(100 * toc.share).toFixed(2)} % of the blob`,
            ],
            ['landmark', contents.landmark ?? 'none'],
            ['prefetch', (0,format/* formatBytes */.z3)(contents.prefetchBytes)],
            ['contents', counted.map(([what, count]) => `${count} ${words(what)}`).join(', ')],
            ['files', (0,format/* formatBytes */.z3)(contents.fileBytes)],
            ['chunks', `${chunks.count}, ${spread(chunks)}${chunks.holes > 0 ? `, ${chunks.holes} of zeros` : ''}`],
            [
                'members',
                `${members.count}, ${spread(members)} compressed; ${members.chunksPerMember.mean.toFixed(1)} chunks each`,
            ],
        ]),
        ...histogram(contents, style),
        ...largestFiles(contents),
    ];
}
function words(key) {
    return key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
function histogram({ chunks }, style) {
    const most = Math.max(...chunks.histogram.map(({ count }) => count), 1);
    return [
        ...(chunks.count === 0 ? [] : ['', style.dim('chunks up to')]),
        ...chunks.histogram.map(({ upTo, count, bytes }) => {
            const bar = style.bars.full.repeat(count === 0 ? 0 : Math.max(1, Math.round((count / most) * BAR_WIDTH)));
            const size = upTo >= 2 ** 20 ? `${upTo / 2 ** 20} MiB` : `${upTo / 1024} KiB`;
            return `${size.padStart(12)}  ${String(count).padStart(7)} ${(0,format/* formatBytes */.z3)(bytes).padStart(9)}  ${bar}`.trimEnd();
        }),
    ];
}
function largestFiles({ largest }) {
    if (largest.length === 0)
        return [];
    return [
        '',
        'largest files',
        ...largest.map(({ path, size, chunks, isPrefetched }) => `${(0,format/* formatBytes */.z3)(size).padStart(12)}  ${(0,format/* plural */.LS)(chunks, 'chunk').padStart(11)}  ${isPrefetched ? 'prefetched' : '          '}  ${(0,format/* printable */.g$)(path)}`),
    ];
}
function rows(pairs) {
    return pairs.map(([key, value]) => `${key.padEnd(18)} ${(0,format/* printable */.g$)(value)}`);
}
function clip(text, width) {
    return text.length <= width ? text : `${text.slice(0, width - 3)}...`;
}

// EXTERNAL MODULE: ./src/cli/interrupts.js
var cli_interrupts = __webpack_require__(7738);
// EXTERNAL MODULE: ./src/cli/text-style.js
var text_style = __webpack_require__(53045);
;// CONCATENATED MODULE: ./src/cli/tree-text.js


function treeText(root, { path, depth }, style) {
    const start = lookupPath(root, path);
    if (start === undefined)
        return undefined;
    const totals = treeTotals(start);
    const lines = [style.dim(`layer  ${'size'.padStart(9)}  ${'chunks'.padStart(6)}  prefetched`)];
    const { branch, last, line } = style.hasBoxes ? BOXES : ASCII;
    const write = (node, prefix, indent, left) => {
        const { files, bytes, prefetchedBytes } = totals.get(node);
        const isDir = node.type === 'dir';
        const size = isDir || node.type === 'reg' ? (0,format/* formatBytes */.z3)(bytes) : '';
        const chunks = node.type === 'reg' ? String(node.chunks) : '';
        const share = prefetchedBytes === 0
            ? ''
            : prefetchedBytes === bytes
                ? 'all'
                : `${((100 * prefetchedBytes) / bytes).toFixed(0)} %`;
        const left10 = `${String(node.layer + 1).padStart(5)}  ${size.padStart(9)}  ${chunks.padStart(6)}  ${share.padEnd(10)}`;
        const isCut = isDir && left === 0 && (node.children?.size ?? 0) > 0;
        lines.push(`${left10}  ${prefix}${label(node, style)}${isCut ? style.dim(`  ${(0,format/* plural */.LS)(files, 'file')}`) : ''}`.trimEnd());
        if (!isDir || left === 0)
            return;
        const children = sorted(node);
        for (const [index, child] of children.entries()) {
            const isLast = index === children.length - 1;
            write(child, `${indent}${isLast ? last : branch}`, `${indent}${isLast ? '    ' : line}`, left - 1);
        }
    };
    write(start, '', '', depth);
    return `${lines.join('\n')}\n`;
}
function treeEntries(root, { path, depth }) {
    const start = lookupPath(root, path);
    if (start === undefined)
        return undefined;
    const totals = treeTotals(start);
    const entries = [];
    const add = (node, at, left) => {
        const below = node.type === 'dir' ? totals.get(node) : null;
        entries.push({ ...entryOf(node, at), below });
        if (left === 0)
            return;
        for (const child of sorted(node))
            add(child, at === '' ? child.name : `${at}/${child.name}`, left - 1);
    };
    add(start, path
        .split('/')
        .filter((name) => name !== '' && name !== '.')
        .join('/'), depth);
    return entries;
}
const BOXES = { branch: '\u251c\u2500\u2500 ', last: '\u2514\u2500\u2500 ', line: '\u2502   ' };
const ASCII = { branch: '|-- ', last: '`-- ', line: '|   ' };
function label(node, style) {
    const name = (0,format/* printable */.g$)(node.name === '' ? '/' : tree_text_clip(node.name)) + (node.type === 'dir' && node.name !== '' ? '/' : '');
    const notes = [
        ...(node.linkName === undefined ? [] : [`-> ${(0,format/* printable */.g$)(tree_text_clip(node.linkName))}`]),
        ...(KINDS[node.type] === undefined ? [] : [KINDS[node.type]]),
        ...(node.names > 1 ? [`${node.names} names`] : []),
        ...(node.hides === undefined ? [] : [`hides that of layer ${node.hides + 1}`]),
        ...(node.opaqueSince === undefined ? [] : [`opaque since layer ${node.opaqueSince + 1}`]),
        ...(node.removedBy === undefined ? [] : [`removed by layer ${node.removedBy + 1}`]),
    ];
    const text = node.removedBy === undefined ? name : style.red(name);
    return notes.length === 0 ? text : `${text} ${style.dim(notes.join(', '))}`;
}
function tree_text_clip(text) {
    return text.length <= 120 ? text : `${text.slice(0, 117)}...`;
}
const KINDS = {
    char: 'character device',
    block: 'block device',
    fifo: 'fifo',
    whiteout: 'removes it from layers below',
};
function sorted(node) {
    return [...(node.children?.values() ?? [])].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
function entryOf(node, path) {
    const layerNumber = (index) => (index === undefined ? null : index + 1);
    return {
        path,
        type: node.type,
        layer: node.layer + 1,
        mode: node.mode,
        size: node.size,
        chunks: node.chunks,
        isPrefetched: node.isPrefetched,
        names: node.names,
        linkName: node.linkName ?? null,
        hidesLayer: layerNumber(node.hides),
        opaqueSinceLayer: layerNumber(node.opaqueSince),
        removedByLayer: layerNumber(node.removedBy),
    };
}

;// CONCATENATED MODULE: ./src/cli/inspect-command.js
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














const DEFAULT_DEPTH = 2;
const MAX_DEPTH = 1000;
async function runInspect(image, flags) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const platforms = (0,image_platforms/* platformsOf */.Wt)(flags);
        const layer = (0,flag_values/* integerFlag */.tB)(flags, 'layer', 1, 1000);
        const tree = treeOptions(flags);
        const interrupts = __addDisposableResource(env_1, new cli_interrupts/* Interrupts */.$(), false);
        const result = image.startsWith(image_platforms/* BLOB_PREFIX */.tX)
            ? await inspectBlob(image.slice(image_platforms/* BLOB_PREFIX */.tX.length), interrupts.abort)
            : await inspectNamed(image, platforms, flags, interrupts.abort);
        for (const { image: one } of result.images)
            requireLayer(layer, one.layers.length);
        if (flags.json === true)
            process.stdout.write(`${JSON.stringify(inspect_command_document(result, layer, tree), undefined, 2)}\n`);
        else if (tree === undefined)
            process.stdout.write(inspectionText(result.inspection, (0,text_style/* textStyle */.X)(process.stdout), layer));
        else
            for (const one of result.images)
                writeTree(one, layer, tree);
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        __disposeResources(env_1);
    }
}
async function inspectNamed(image, platforms, flags, signal) {
    const env_2 = { stack: [], error: void 0, hasError: false };
    try {
        const location = (0,image_location/* parseLocation */.z)(image);
        const access = __addDisposableResource(env_2, await (0,image_access/* openImageAccess */.O)(flags, [location]), true);
        const source = __addDisposableResource(env_2, await (0,image_open/* openSource */.o)(location, access, signal), true);
        const tocImage = __addDisposableResource(env_2, new image_platforms/* TocImage */.g0(location, access), true);
        return await (0,inspect/* inspectImage */.m)(source, { platforms, openTocImage: tocImage.open }, signal);
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
async function inspectBlob(path, signal) {
    const env_3 = { stack: [], error: void 0, hasError: false };
    try {
        const source = __addDisposableResource(env_3, await (0,inspect_blob/* openBlobSource */.f)(path, signal), true);
        return await (0,inspect/* inspectImage */.m)(source, { platforms: 'all' }, signal);
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
function treeOptions(flags) {
    const depth = (0,flag_values/* integerFlag */.tB)(flags, 'depth', 0, MAX_DEPTH);
    if (flags.tree === undefined) {
        if (depth !== undefined)
            throw new errors/* UserError */.yo('--depth is for --tree', 'Add --tree, or leave it out.');
        return undefined;
    }
    return { path: flags.tree === true ? '' : flags.tree, depth: depth ?? DEFAULT_DEPTH };
}
function requireLayer(layer, count) {
    if (layer === undefined || layer <= count)
        return;
    throw new errors/* UserError */.yo(`--layer ${layer}: the image has ${count}`, '1 is the bottom layer.');
}
function treeOf({ tocs }, layer) {
    return mergeLayers(tocs.map((toc, index) => (layer === undefined || index === layer - 1 ? toc : undefined)));
}
function writeTree(one, layer, tree) {
    const style = (0,text_style/* textStyle */.X)(process.stdout);
    const { platform, layers } = one.image;
    const text = treeText(treeOf(one, layer), tree, style);
    process.stdout.write(`${style.bold((0,format/* printable */.g$)(platform ?? 'no platform'))}\n${text ?? ''}`);
    const unknown = layers.filter(({ number, contents }) => contents === null && (layer === undefined || layer === number));
    for (const { number, format } of unknown) {
        process.stderr.write(`layer ${number} (${format}) is not in the tree: it has no table of contents that can be read\n`);
    }
    if (text === undefined)
        throw new errors/* UserError */.yo(`${JSON.stringify(tree.path)} is not in the layers that are known`);
}
function inspect_command_document(result, layer, tree) {
    const images = result.images.map((one) => ({
        ...one.image,
        layers: one.image.layers.filter(({ number }) => layer === undefined || number === layer),
        ...(tree === undefined ? {} : { tree: treeEntries(treeOf(one, layer), tree) ?? [] }),
    }));
    return { ...result.inspection, images };
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


/***/ })

};
