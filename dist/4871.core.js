export const id = 4871;
export const ids = [4871];
export const modules = {

/***/ 11887:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   U: () => (/* binding */ configReference),
/* harmony export */   y: () => (/* binding */ printConfig)
/* harmony export */ });
/* harmony import */ var _keys_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(56246);

function printConfig(effective) {
    const lines = [`# ${effective.path ?? 'no config file: all defaults'}`];
    let table = '';
    for (const { key, printed, source, line } of effective.entries) {
        const at = key.lastIndexOf('.');
        const group = key.slice(0, Math.max(0, at));
        if (group !== table)
            lines.push('', group.startsWith('snapshotter.') ? '[[snapshotter]]' : `[${group}]`);
        table = group;
        const origin = source === 'file' ? `${effective.path}${line === undefined ? '' : `:${line}`}` : source;
        lines.push(`${key.slice(at + 1)} = ${printed} # ${origin}`);
    }
    return `${lines.join('\n')}\n`;
}
function configReference() {
    return `${table(_keys_js__WEBPACK_IMPORTED_MODULE_0__/* .KEYS */ .R)}\n\n### \`[[snapshotter]]\`\nOne table for each consumer. Without any there is one with these defaults.\n\n${table(_keys_js__WEBPACK_IMPORTED_MODULE_0__/* .SNAPSHOTTER_KEYS */ .p)}\n`;
}
function table(keys) {
    const rows = keys.map(({ key, kind, default: value, doc }) => {
        const fallback = typeof value === 'string' && value.includes('<') ? JSON.stringify(value) : kind.print(value);
        return `| \`${key}\` | ${kind.name} | \`${fallback}\` | ${doc} |`;
    });
    return ['| key | kind | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}


/***/ }),

/***/ 35472:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  L: () => (/* binding */ pullLazily)
});

// EXTERNAL MODULE: ./src/oci/reference.js
var reference = __webpack_require__(38242);
// EXTERNAL MODULE: ./src/containerd/content.js
var content = __webpack_require__(24490);
// EXTERNAL MODULE: ./src/containerd/image-config.js
var image_config = __webpack_require__(83085);
// EXTERNAL MODULE: ./src/containerd/images.js
var containerd_images = __webpack_require__(61169);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
;// CONCATENATED MODULE: ./src/containerd/introspection.js

async function containerdVersion(connection, signal) {
    const name = ['containerd.services.version.v1.Version', 'Version'];
    return (await connection.call(name, {}, signal)).version;
}
async function requireSnapshotter(connection, name, signal) {
    const method = ['containerd.services.introspection.v1.Introspection', 'Plugins'];
    const { plugins } = await connection.call(method, { filters: [] }, signal);
    const snapshotters = plugins.filter((plugin) => plugin.type === 'io.containerd.snapshotter.v1');
    const found = snapshotters.find((plugin) => plugin.id === name);
    if (found === undefined) {
        const usable = snapshotters.filter((plugin) => !plugin.initErr?.message).map((plugin) => plugin.id);
        throw new errors/* UserError */.yo(`containerd has no snapshotter named ${name}; it has ${usable.sort().join(', ')}`, `Add [proxy_plugins.${name}] with type = "snapshot" and address = the daemon's socket to containerd's config.toml, and restart containerd.`);
    }
    if (found.initErr?.message)
        throw new errors/* LazypullError */.qB('UNAVAILABLE', `containerd could not load the snapshotter ${name}: ${found.initErr.message}`);
}

// EXTERNAL MODULE: ./src/containerd/labels.js
var containerd_labels = __webpack_require__(30616);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(77598);
// EXTERNAL MODULE: ./src/containerd/connection.js + 1 modules
var connection = __webpack_require__(47593);
// EXTERNAL MODULE: ./src/oci/digest.js
var digest = __webpack_require__(62635);
;// CONCATENATED MODULE: ./src/containerd/diff.js

async function applyLayer(connection, layer, mounts, signal) {
    const diff = { mediaType: layer.mediaType, digest: layer.digest, size: layer.size };
    const { applied } = await connection.call(['containerd.services.diff.v1.Diff', 'Apply'], { diff, mounts }, signal);
    return (0,digest/* parseDigest */.m)(applied.digest);
}

;// CONCATENATED MODULE: ./src/containerd/snapshots.js

const SERVICE = 'containerd.services.snapshots.v1.Snapshots';
class Snapshots {
    #connection;
    #snapshotter;
    constructor(connection, snapshotter) {
        this.#connection = connection;
        this.#snapshotter = snapshotter;
    }
    async prepare(key, parent, labels, signal) {
        return (await this.#call('Prepare', { key, parent, labels }, signal)).mounts;
    }
    async commit(name, key, labels, signal) {
        await this.#call('Commit', { name, key, labels }, signal);
    }
    async lookup(key, signal) {
        try {
            return (await this.#call('Stat', { key }, signal)).info;
        }
        catch (error) {
            if ((0,connection/* hasCode */.up)(error, 'NOT_FOUND'))
                return undefined;
            throw error;
        }
    }
    async remove(key, signal) {
        await this.#call('Remove', { key }, signal);
    }
    #call(method, request, signal) {
        return this.#connection.call([SERVICE, method], { snapshotter: this.#snapshotter, ...request }, signal);
    }
}

;// CONCATENATED MODULE: ./src/containerd/layer-puller.js







const REMOTE_LABEL = 'containerd.io/snapshot/remote';
const PREPARE_TRIES = 3;
const MAX_DOWNLOADS = 6;
class LayerPuller {
    #connection;
    #snapshots;
    #source;
    #image;
    #chain;
    #diffIds;
    #signal;
    #downloads = new Map();
    #onBytes;
    #running = 0;
    #queue = [];
    constructor(options) {
        this.#connection = options.connection;
        this.#snapshots = new Snapshots(options.connection, options.snapshotter);
        this.#source = options.source;
        this.#image = options.image;
        this.#diffIds = options.diffIds;
        this.#chain = options.chain;
        this.#signal = options.signal;
        this.#onBytes = options.onBytes;
    }
    async pull(index) {
        const begin = performance.now();
        const { digest, size } = this.#layer(index);
        const chainId = this.#chainId(index);
        const labels = (0,containerd_labels/* prepareLabels */.z0)({ ...this.#image, index, chainId });
        const done = (state, downloadedBytes) => {
            return { digest, size, chainId, state, downloadedBytes, durationMs: performance.now() - begin };
        };
        const prepared = await this.#prepare(chainId, index === 0 ? '' : this.#chainId(index - 1), labels);
        if (!('key' in prepared))
            return done(REMOTE_LABEL in prepared.labels ? 'lazy' : 'existing', 0);
        try {
            this.#startDownloads(index);
            const downloaded = await this.#download(index);
            await this.#unpack(index, prepared.key, prepared.mounts, labels);
            return done('ordinary', downloaded);
        }
        catch (error) {
            await this.#snapshots.remove(prepared.key).catch(() => { });
            throw error;
        }
    }
    async #prepare(chainId, parent, labels) {
        for (let attempt = 1;; attempt++) {
            const key = `extract-${Date.now()}-${(0,external_node_crypto_.randomBytes)(4).toString('hex')} ${chainId}`;
            try {
                return { key, mounts: await this.#snapshots.prepare(key, parent, labels, this.#signal) };
            }
            catch (error) {
                if (!(0,connection/* hasCode */.up)(error, 'ALREADY_EXISTS'))
                    throw error;
                const found = await this.#snapshots.lookup(chainId, this.#signal);
                if (found !== undefined)
                    return { labels: found.labels };
                if (attempt === PREPARE_TRIES)
                    throw new errors/* LazypullError */.qB('FAILED_PRECONDITION', `the snapshotter says that ${chainId} exists, but has no such snapshot`, { cause: error });
            }
        }
    }
    async #unpack(index, key, mounts, labels) {
        const layer = this.#layer(index);
        const applied = await applyLayer(this.#connection, layer, mounts, this.#signal);
        const promised = this.#diffIds[index] ?? '';
        if (applied !== promised)
            throw new errors/* VerificationError */.mk(`unpacked layer ${layer.digest}`, promised, applied);
        try {
            await this.#snapshots.commit(this.#chainId(index), key, labels, this.#signal);
        }
        catch (error) {
            if (!(0,connection/* hasCode */.up)(error, 'ALREADY_EXISTS'))
                throw error;
            await this.#snapshots.remove(key).catch(() => { });
        }
        await (0,content/* labelContent */.aT)(this.#connection, layer.digest, { 'containerd.io/uncompressed': applied }, this.#signal);
    }
    #startDownloads(index) {
        const all = (0,containerd_labels/* promisesToc */.vy)(this.#layer(index));
        for (let above = index; above < this.#image.layers.length; above++)
            if (above === index || all || !(0,containerd_labels/* promisesToc */.vy)(this.#layer(above)))
                void this.#download(above);
    }
    #download(index) {
        let download = this.#downloads.get(index);
        if (download === undefined) {
            download = this.#limited(() => this.#fetch(index));
            download.catch(() => { });
            this.#downloads.set(index, download);
        }
        return download;
    }
    #fetch(index) {
        const descriptor = this.#layer(index);
        const open = (offset, signal) => this.#counted(index, this.#source.stream(descriptor, offset, signal));
        const labels = (0,containerd_labels/* sourceLabels */.XQ)(this.#source.reference);
        return (0,content/* writeContent */.jB)(this.#connection, { ref: `layer-${descriptor.digest}`, descriptor, labels, open }, this.#signal);
    }
    async *#counted(index, source) {
        let bytes = 0;
        for await (const piece of source) {
            bytes += piece.length;
            this.#onBytes(index, bytes);
            yield piece;
        }
    }
    async #limited(work) {
        if (this.#running >= MAX_DOWNLOADS)
            await new Promise((resolve) => this.#queue.push(resolve));
        this.#running += 1;
        try {
            return await work();
        }
        finally {
            this.#running -= 1;
            this.#queue.shift()?.();
        }
    }
    #layer(index) {
        const layer = this.#image.layers[index];
        if (layer === undefined)
            throw new RangeError(`layer ${index} of ${this.#image.layers.length}`);
        return layer;
    }
    #chainId(index) {
        const id = this.#chain[index];
        if (id === undefined)
            throw new RangeError(`chain id ${index} of ${this.#chain.length}`);
        return id;
    }
}

// EXTERNAL MODULE: ./src/containerd/lease.js
var lease = __webpack_require__(4701);
;// CONCATENATED MODULE: ./src/containerd/pull.js








async function pullLazily(options) {
    const { connection, snapshotter, source, signal } = options;
    const begin = performance.now();
    const name = (0,reference/* formatReference */.FH)(source.reference);
    const resolved = Promise.all([source.resolve(signal), requireSnapshotter(connection, snapshotter, signal)]);
    resolved.catch(() => { });
    const { image, layers } = await (0,lease/* withLease */.p)(connection, async (leased) => {
        const [image] = await resolved;
        options.onResolved?.(image);
        const { descriptor, parsed } = image.manifest;
        options.onProgress?.({ kind: 'resolved', manifestDigest: descriptor.digest, layers: parsed.layers });
        const layers = await pullContents({ ...options, connection: leased }, image, name);
        await (0,containerd_images/* putImage */.B)(leased, { name, target: targetOf(image), labels: {} }, signal);
        return { image, layers };
    }, signal);
    const downloadedBytes = layers.reduce((sum, layer) => sum + layer.downloadedBytes, 0);
    const manifestDigest = image.manifest.descriptor.digest;
    const durationMs = performance.now() - begin;
    return { name, target: targetOf(image), manifestDigest, layers, downloadedBytes, durationMs };
}
function targetOf({ manifest, indexes }) {
    return indexes[0]?.descriptor ?? manifest.descriptor;
}
async function pullContents(options, image, name) {
    const { connection, snapshotter, source } = options;
    const { manifest } = image;
    const failed = new AbortController();
    const signal = options.signal === undefined ? failed.signal : AbortSignal.any([options.signal, failed.signal]);
    try {
        const config = await bringConfig(connection, source, manifest.parsed.config, signal);
        const diffIds = (0,image_config/* parseDiffIds */.XY)(config, manifest.parsed.layers.length);
        const chain = (0,image_config/* chainIds */.sH)(diffIds);
        const top = chain.at(-1);
        const configLabels = {
            ...(0,containerd_labels/* sourceLabels */.XQ)(source.reference),
            ...(top === undefined ? {} : (0,containerd_labels/* snapshotRefLabels */.LH)(snapshotter, top)),
        };
        const [layers] = await Promise.all([
            pullLayers({ ...options, signal }, image, name, diffIds, chain),
            store(connection, 'config', manifest.parsed.config, config, configLabels, signal),
            storeDocuments(connection, source, image, signal),
        ]);
        return layers;
    }
    catch (error) {
        failed.abort(error);
        throw options.signal?.aborted === true ? options.signal.reason : error;
    }
}
async function pullLayers(options, { manifest }, name, diffIds, chain) {
    const { onProgress } = options;
    const puller = new LayerPuller({
        ...options,
        image: { ref: name, manifestDigest: manifest.descriptor.digest, layers: manifest.parsed.layers },
        diffIds,
        chain,
        onBytes: (index, bytes) => onProgress?.({ kind: 'downloading', index, bytes }),
    });
    const layers = [];
    for (const index of manifest.parsed.layers.keys()) {
        const layer = await puller.pull(index);
        onProgress?.({ kind: 'layer', index, layer });
        layers.push(layer);
    }
    return layers;
}
async function bringConfig(connection, source, config, signal) {
    if ((await (0,content/* lookupContent */.wT)(connection, config.digest, signal)) !== undefined)
        return (0,content/* readContent */.c_)(connection, config.digest, image_config/* MAX_CONFIG_BYTES */.GW, signal);
    return source.fetch(config, signal);
}
async function storeDocuments(connection, source, image, signal) {
    const { manifest, indexes } = image;
    const from = (0,containerd_labels/* sourceLabels */.XQ)(source.reference);
    await store(connection, 'manifest', manifest.descriptor, manifest.bytes, { ...from, ...(0,containerd_labels/* manifestLabels */.bS)(manifest.parsed) }, signal);
    for (const index of indexes.toReversed())
        await store(connection, 'index', index.descriptor, index.bytes, { ...from, ...(0,containerd_labels/* indexLabels */.wp)(index.parsed) }, signal);
}
async function store(connection, kind, descriptor, bytes, labels, signal) {
    const open = (offset) => [bytes.subarray(offset)];
    await (0,content/* writeContent */.jB)(connection, { ref: `${kind}-${descriptor.digest}`, descriptor, labels, open }, signal);
}


/***/ }),

/***/ 46652:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   n: () => (/* binding */ RegistrySource)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _oci_platform_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(46580);
/* harmony import */ var _oci_reference_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(38242);



const MAX_INDEX_DEPTH = 3;
class RegistrySource {
    reference;
    #client;
    #platform;
    constructor(client, reference, platform) {
        this.#client = client;
        this.reference = reference;
        this.#platform = platform;
    }
    async resolve(signal) {
        const indexes = [];
        let fetched = await this.#client.fetchManifest(this.reference, {}, signal);
        for (;;) {
            const { descriptor, bytes, manifest } = fetched;
            if (manifest.kind === 'image')
                return { indexes, manifest: { descriptor, bytes, parsed: manifest } };
            if (indexes.length === MAX_INDEX_DEPTH)
                throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${(0,_oci_reference_js__WEBPACK_IMPORTED_MODULE_2__/* .formatReference */ .FH)(this.reference)}: more than ${MAX_INDEX_DEPTH} indexes in each other`);
            indexes.push({ descriptor, bytes, parsed: manifest });
            const { digest } = (0,_oci_platform_js__WEBPACK_IMPORTED_MODULE_1__/* .selectManifest */ .yY)(manifest, this.#platform);
            fetched = await this.#client.fetchManifest(this.reference, { digest }, signal);
        }
    }
    fetch(descriptor, signal) {
        return this.#client.fetchBlob(this.reference, descriptor, signal);
    }
    stream(descriptor, offset, signal) {
        return this.#client.streamBlob(this.reference, descriptor, { offset }, signal);
    }
}


/***/ }),

/***/ 10295:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  serve: () => (/* binding */ serve_serve)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./src/config/print.js
var print = __webpack_require__(11887);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: ./src/erofs/layout.js + 9 modules
var erofs_layout = __webpack_require__(27272);
;// CONCATENATED MODULE: ./src/erofs/probe-image.js

const PROBE_FILE = 'probe';
const PROBE_CONTENT = 'lazypull can mount layer images\n';
function createProbeImage() {
    const content = Buffer.from(PROBE_CONTENT, 'latin1');
    const layout = (0,erofs_layout/* layoutLayer */.q)(probeToc(content.length), {
        uuid: Buffer.from('lazypull probe 1'),
        opaqueXattr: 'trusted',
    });
    const image = new Uint8Array(layout.imageSize);
    image.set(layout.metadata);
    image.set(content, layout.chunkImageOffset[0]);
    return image;
}
function probeToc(size) {
    const file = { ...BLANK, type: 'reg', mode: 0o444, size, chunkCount: 1 };
    const root = { ...BLANK, type: 'dir', mode: 0o555, nlink: 2, children: new Map([[PROBE_FILE, file]]) };
    return {
        root,
        inodeCount: 2,
        nameCount: 1,
        chunks: {
            count: 1,
            compression: 'gzip',
            blobOffset: Float64Array.of(0),
            blobEnd: Float64Array.of(size),
            innerOffset: Float64Array.of(0),
            fileOffset: Float64Array.of(0),
            size: Uint32Array.of(size),
            digest: new Uint8Array(32),
        },
        verifiable: false,
        prefetchEnd: undefined,
        payloadEnd: size,
    };
}
const BLANK = {
    uid: 0,
    gid: 0,
    mtimeSec: 0,
    size: 0,
    nlink: 1,
    linkName: undefined,
    devMajor: 0,
    devMinor: 0,
    xattrs: undefined,
    children: undefined,
    firstChunk: 0,
    chunkCount: 0,
};

// EXTERNAL MODULE: ./src/layer/errors.js
var layer_errors = __webpack_require__(95488);
// EXTERNAL MODULE: ./src/log.js
var src_log = __webpack_require__(49179);
// EXTERNAL MODULE: ./src/fuse/abi.js
var abi = __webpack_require__(88789);
// EXTERNAL MODULE: ./src/fuse/mount.js
var mount = __webpack_require__(37562);
// EXTERNAL MODULE: ./src/fuse/session.js
var session = __webpack_require__(94431);
// EXTERNAL MODULE: ./src/fuse/wire-transport.js + 1 modules
var wire_transport = __webpack_require__(67510);
;// CONCATENATED MODULE: ./src/fuse/probe.js











const EPERM = 1;
const ENOTBLK = 15;
async function probeTier(options) {
    const none = (reason) => ({ tier: 'D', reason, directFromDisk: false });
    if (process.getuid?.() !== 0)
        return none('mounting needs root');
    let fuseFd;
    try {
        fuseFd = (0,mount/* openFuse */.mu)();
    }
    catch (error) {
        return none((0,errors/* describeError */.Uc)(error).split('\n', 1)[0]);
    }
    const { scratchDir, spareDir } = options;
    try {
        return await probeIn(scratchDir, fuseFd);
    }
    catch (error) {
        if (spareDir === undefined || !(0,layer_errors/* isDiskFull */.b$)(error))
            return none(`the probe failed: ${(0,errors/* describeError */.Uc)(error)}`);
        return { ...(await probeIn(spareDir, fuseFd)), directFromDisk: false };
    }
    finally {
        (0,external_node_fs_.closeSync)(fuseFd);
    }
}
async function probeIn(scratchDir, fuseFd) {
    await (0,promises_.mkdir)(scratchDir, { recursive: true });
    const folder = await (0,promises_.mkdtemp)((0,external_node_path_.join)(scratchDir, 'probe-'));
    try {
        return await probe(folder, fuseFd);
    }
    finally {
        await (0,promises_.rm)(folder, { recursive: true, force: true });
    }
}
async function probe(folder, fuseFd) {
    const image = (0,external_node_path_.join)(folder, 'image');
    await (0,promises_.writeFile)(image, createProbeImage());
    const onDisk = await tryMount(image, folder, 'A');
    if (onDisk === undefined)
        return { tier: 'A', reason: 'EROFS mounts files', directFromDisk: true };
    const lasting = explain(onDisk);
    if (lasting !== undefined)
        return { tier: 'D', reason: lasting, directFromDisk: false };
    const onFuse = await tryThroughFuse(image, folder, fuseFd);
    if (onFuse === undefined) {
        const reason = `EROFS mounts files, but not from the cache's filesystem (${(0,errors/* describeError */.Uc)(onDisk)})`;
        return { tier: 'A', reason, directFromDisk: false };
    }
    const onLoop = await tryMount(image, folder, 'B');
    const why = (0,errors/* describeError */.Uc)(onFuse);
    if (onLoop === undefined)
        return { tier: 'B', reason: `EROFS needs loop devices here (${why})`, directFromDisk: true };
    return { tier: 'D', reason: `EROFS can't be mounted: ${why}; ${(0,errors/* describeError */.Uc)(onLoop)}`, directFromDisk: false };
}
async function tryMount(source, folder, tier) {
    const target = (0,external_node_path_.join)(folder, 'mnt');
    await (0,promises_.mkdir)(target, { recursive: true });
    try {
        await (0,mount/* mountErofs */.T1)({ source, target, tier });
        try {
            const content = await (0,promises_.readFile)((0,external_node_path_.join)(target, PROBE_FILE), 'latin1');
            return content === PROBE_CONTENT ? undefined : new Error('the probe image reads back wrong');
        }
        finally {
            await (0,mount/* unmount */.vs)(target);
        }
    }
    catch (error) {
        return error;
    }
}
async function tryThroughFuse(image, folder, fuseFd) {
    const mountpoint = (0,external_node_path_.join)(folder, 'fuse');
    await (0,promises_.mkdir)(mountpoint);
    (0,mount/* mountFuse */.hb)(fuseFd, mountpoint);
    (0,session/* settle */.G)(fuseFd, { resend: false });
    const fd = (0,external_node_fs_.openSync)(image, 'r');
    const transport = await (0,wire_transport/* startWireTransport */.l)({
        fd: fuseFd,
        mountpoint,
        workers: 1,
        onFault: async () => { },
        resend: false,
        log: src_log/* silentLogger */.qq,
    });
    try {
        await transport.add(completeFile(fd));
        await transport.start();
        return await tryMount((0,external_node_path_.join)(mountpoint, 'probe'), folder, 'A');
    }
    finally {
        await (0,mount/* unmount */.vs)(mountpoint, { detach: true, force: true });
        await transport.close();
        (0,external_node_fs_.closeSync)(fd);
    }
}
function completeFile(fd) {
    const presence = {
        count: 0,
        imageOffset: new Float64Array(new SharedArrayBuffer(0)),
        size: new Uint32Array(new SharedArrayBuffer(0)),
        bitmap: new Int32Array(new SharedArrayBuffer(0)),
    };
    return { nodeId: 2, name: 'probe', size: createProbeImage().length, fd, presence };
}
function explain(error) {
    const errno = error instanceof errors/* SystemError */._N ? error.errno : undefined;
    if (errno === abi/* Errno */.RH.ENODEV)
        return 'the kernel has no EROFS (modprobe erofs)';
    if (errno === EPERM || errno === abi/* Errno */.RH.EACCES)
        return 'mounting is not permitted here (CAP_SYS_ADMIN is missing)';
    return errno === ENOTBLK || errno === abi/* Errno */.RH.EINVAL ? undefined : `EROFS can't be mounted: ${(0,errors/* describeError */.Uc)(error)}`;
}

// EXTERNAL MODULE: external "node:events"
var external_node_events_ = __webpack_require__(78474);
// EXTERNAL MODULE: ../../node_modules/@grpc/grpc-js/build/src/index.js
var src = __webpack_require__(34885);
// EXTERNAL MODULE: ./src/grpc/socket.js
var grpc_socket = __webpack_require__(88669);
// EXTERNAL MODULE: ./src/grpc/status.js
var grpc_status = __webpack_require__(92734);
;// CONCATENATED MODULE: ./src/grpc/server.js







const MAX_REQUEST = 4 * 1024 * 1024;
class GrpcServer {
    #server = new src/* Server */.gq({ 'grpc.max_receive_message_length': MAX_REQUEST });
    #log;
    #socket;
    constructor(options = {}) {
        this.#log = options.log ?? src_log/* silentLogger */.qq;
    }
    add(definition, methods) {
        const handlers = {};
        for (const [name, { responseStream }] of Object.entries(definition)) {
            const method = methods[name[0]?.toLowerCase() + name.slice(1)];
            if (method === undefined)
                throw new Error(`the service has no method ${name}`);
            handlers[name] = responseStream ? this.#streaming(name, method) : this.#unary(name, method);
        }
        this.#server.addService(definition, handlers);
    }
    async listen(path, mode = 0o600) {
        const temporary = await (0,grpc_socket/* claimSocket */._1)(path);
        await new Promise((resolve, reject) => {
            this.#server.bindAsync(`unix:${temporary}`, src/* ServerCredentials */.O2.createInsecure(), (error) => error === null ? resolve() : reject(error));
        });
        await (0,grpc_socket/* publishSocket */.dO)(temporary, path, mode);
        this.#socket = { path, inode: (await (0,promises_.lstat)(path, { bigint: true })).ino };
    }
    async close(graceMs = 5000) {
        const socket = this.#socket;
        this.#socket = undefined;
        if (socket !== undefined)
            await removeSocket(socket);
        const drained = new Promise((resolve) => {
            this.#server.tryShutdown(() => resolve());
        });
        const timer = setTimeout(() => this.#server.forceShutdown(), graceMs);
        await drained;
        clearTimeout(timer);
    }
    async [Symbol.asyncDispose]() {
        await this.close();
    }
    #unary(name, method) {
        return (call, callback) => {
            const signal = signalOf(call);
            const run = async () => (await method(call.request, signal));
            run().then((response) => callback(null, response), (error) => callback(this.#statusOf(name, error, signal)));
        };
    }
    #streaming(name, method) {
        return (call) => {
            const signal = signalOf(call);
            const run = async () => {
                for await (const response of method(call.request, signal)) {
                    signal.throwIfAborted();
                    if (!call.write(response))
                        await (0,external_node_events_.once)(call, 'drain', { signal });
                }
                call.end();
            };
            run().catch((error) => call.emit('error', this.#statusOf(name, error, signal)));
        };
    }
    #statusOf(name, error, signal) {
        if (signal.aborted)
            return { code: src/* status */.h5.CANCELLED, details: 'cancelled by the client' };
        const answer = (0,grpc_status/* statusOfError */.m)(error);
        if (answer.code === src/* status */.h5.UNKNOWN) {
            this.#log.error('a call failed unexpectedly', { call: name, error: error?.stack ?? String(error) });
        }
        else
            this.#log.debug('a call was refused', { call: name, code: src/* status */.h5[answer.code], reason: answer.details });
        return answer;
    }
}
function signalOf(call) {
    const controller = new AbortController();
    call.on('cancelled', () => controller.abort(new errors/* LazypullError */.qB('ABORTED', 'cancelled by the client')));
    return controller.signal;
}
async function removeSocket({ path, inode }) {
    const now = await (0,promises_.lstat)(path, { bigint: true }).catch(() => undefined);
    if (now?.ino === inode)
        await (0,promises_.rm)(path, { force: true });
}

// EXTERNAL MODULE: ./src/grpc/load.js
var load = __webpack_require__(74448);
;// CONCATENATED MODULE: ./src/grpc/snapshots.js


const KINDS = { view: 'VIEW', active: 'ACTIVE', committed: 'COMMITTED' };
const LIST_BATCH = 100;
function loadSnapshotsService() {
    return (0,load/* serviceOf */.z)((0,load/* loadProto */.b)('snapshots.proto'), 'containerd.services.snapshots.v1.Snapshots');
}
function snapshotsService(snapshotter) {
    return {
        prepare: async ({ key, parent, labels }, signal) => ({
            mounts: (await snapshotter.prepare(key, parent, labels, signal)).map(mountMessage),
        }),
        view: async ({ key, parent, labels }, signal) => ({
            mounts: (await snapshotter.view(key, parent, labels, signal)).map(mountMessage),
        }),
        mounts: async ({ key }, signal) => ({
            mounts: (await snapshotter.mounts(key, signal)).map(mountMessage),
        }),
        commit: async ({ name, key, labels }, signal) => {
            await snapshotter.commit(name, key, labels, signal);
            return {};
        },
        remove: async ({ key }) => {
            await snapshotter.remove(key);
            return {};
        },
        stat: async ({ key }) => ({ info: infoMessage(await snapshotter.stat(key)) }),
        update: async ({ info, updateMask }) => {
            if (info === null)
                throw new errors/* LazypullError */.qB('INVALID_ARGUMENT', 'Update without info');
            return { info: infoMessage(await snapshotter.update(info.name, info.labels, updateMask?.paths ?? [])) };
        },
        list: ({ filters }) => listMessages(snapshotter, filters),
        usage: async ({ key }, signal) => ({ ...(await snapshotter.usage(key, signal)) }),
        cleanup: async () => {
            await snapshotter.cleanup();
            return {};
        },
    };
}
async function* listMessages(snapshotter, filters) {
    const all = await snapshotter.list(filters);
    for (let at = 0; at < all.length; at += LIST_BATCH)
        yield { info: all.slice(at, at + LIST_BATCH).map(infoMessage) };
}
function mountMessage({ type, source, options }) {
    return { type, source, target: '', options };
}
function infoMessage({ name, parent, kind, createdMs, updatedMs, labels }) {
    return { name, parent, kind: KINDS[kind], createdAt: timestamp(createdMs), updatedAt: timestamp(updatedMs), labels };
}
function timestamp(ms) {
    const seconds = Math.floor(ms / 1000);
    return { seconds, nanos: Math.round((ms - seconds * 1000) * 1e6) };
}

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(48161);
// EXTERNAL MODULE: ./src/worker-url.js
var worker_url = __webpack_require__(99503);
// EXTERNAL MODULE: ./src/layer/bitmap-file.js
var bitmap_file = __webpack_require__(86831);
;// CONCATENATED MODULE: ./src/layer/build-turns.js
class BuildTurns {
    #workers;
    #coming = new Map();
    #building = 0;
    #change = Promise.withResolvers();
    constructor(workers) {
        this.#workers = workers;
    }
    async run(blobSize, fetch, build) {
        const token = {};
        const size = blobSize ?? 0;
        this.#coming.set(token, size);
        let fetched;
        try {
            fetched = await fetch();
        }
        finally {
            this.#coming.delete(token);
            this.#changed();
        }
        while (this.#mustWait(size))
            await this.#change.promise;
        this.#building++;
        try {
            return await build(fetched);
        }
        finally {
            this.#building--;
            this.#changed();
        }
    }
    #mustWait(size) {
        if (this.#building === 0 || this.#building !== this.#workers - 1)
            return false;
        return [...this.#coming.values()].some((other) => other > size);
    }
    #changed() {
        this.#change.resolve();
        this.#change = Promise.withResolvers();
    }
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(77598);
// EXTERNAL MODULE: ./src/layer/layer-files.js + 1 modules
var layer_files = __webpack_require__(47124);
;// CONCATENATED MODULE: ./src/layer/eviction.js




const TEMPORARY_PREFIX = 'tmp-';
async function listCachedLayers(layersDir) {
    const layers = [];
    for (const name of await (0,promises_.readdir)(layersDir)) {
        const digest = (0,layer_files/* folderDigest */.DR)(name);
        const dir = (0,external_node_path_.join)(layersDir, name);
        const layer = digest === undefined ? undefined : await measure(digest, dir);
        if (layer !== undefined)
            layers.push(layer);
    }
    return layers.sort((a, b) => a.lastUseMs - b.lastUseMs);
}
async function evictLayers(layers, limitBytes, remove) {
    let bytes = layers.reduce((sum, layer) => sum + layer.bytes, 0);
    const evicted = [];
    for (const layer of layers) {
        if (bytes <= limitBytes)
            break;
        if (!(await remove(layer)))
            continue;
        bytes -= layer.bytes;
        evicted.push(layer);
    }
    return evicted;
}
async function removeLayerDir(layersDir, dir) {
    const doomed = (0,external_node_path_.join)(layersDir, `${TEMPORARY_PREFIX}doomed-${(0,external_node_crypto_.randomUUID)()}`);
    try {
        await (0,promises_.rename)(dir, doomed);
    }
    catch (error) {
        if (error.code === 'ENOENT')
            return;
        throw error;
    }
    await (0,promises_.rm)(doomed, { recursive: true, force: true });
}
async function touchLayer(dir) {
    const now = new Date();
    await (0,promises_.utimes)((0,layer_files/* recordPathOf */.ok)(dir), now, now);
}
async function measure(digest, dir) {
    try {
        const names = await (0,promises_.readdir)(dir);
        const stats = await Promise.all(names.map((name) => (0,promises_.stat)((0,external_node_path_.join)(dir, name))));
        const bytes = stats.reduce((sum, { blocks }) => sum + blocks * 512, 0);
        const lastUseMs = names.includes('layer.json') ? (await (0,promises_.stat)((0,layer_files/* recordPathOf */.ok)(dir))).mtimeMs : 0;
        return { digest, dir, bytes, lastUseMs };
    }
    catch (error) {
        if (error.code === 'ENOENT')
            return undefined;
        throw error;
    }
}

// EXTERNAL MODULE: external "node:timers/promises"
var external_node_timers_promises_ = __webpack_require__(58500);
// EXTERNAL MODULE: ./src/layer/policy.js
var policy = __webpack_require__(36913);
;// CONCATENATED MODULE: ./src/layer/filler.js




const FIRST_RETRY_MS = 5000;
const MAX_RETRY_MS = 300_000;
const IDLE_MS = 500;
class Filler {
    #options;
    #trouble = new WeakMap();
    #waves = new Set();
    #closing = new AbortController();
    #stopper;
    #loop;
    #last;
    #stoppedBy;
    constructor(options) {
        this.#options = options;
    }
    get stoppedBy() {
        return this.#stoppedBy;
    }
    get running() {
        return this.#loop !== undefined;
    }
    start() {
        if (this.#loop !== undefined || this.#closing.signal.aborted)
            return;
        this.#stoppedBy = undefined;
        const stopper = new AbortController();
        this.#stopper = stopper;
        this.#loop = this.#run(stopper.signal).finally(() => {
            this.#loop = undefined;
        });
    }
    async pause() {
        this.#stopper?.abort();
        await this.#loop;
    }
    async close() {
        this.#closing.abort();
        await Promise.all([this.pause(), ...this.#waves]);
    }
    hurry(layer) {
        const { signal } = this.#closing;
        if (signal.aborted)
            return;
        this.#options.log.info('fault wave: the whole layer is streamed', { layer: layer.digest });
        const lanes = Array.from({ length: policy/* WAVE_PARALLEL */.oc }, () => this.#fillAll(layer, signal));
        const work = Promise.all(lanes).then(() => { }, (error) => this.#note(layer, error, signal));
        this.#waves.add(work);
        void work.finally(() => this.#waves.delete(work));
    }
    async #fillAll(layer, signal) {
        for (;;) {
            const span = nextWaveSpan(layer);
            if (span === undefined || signal.aborted)
                return;
            await layer.fetcher.stream(span, { signal, uncut: true });
        }
    }
    async #run(signal) {
        while (!signal.aborted && this.#stoppedBy === undefined) {
            const untilQuietMs = this.#options.foreground.untilQuietMs(this.#options.quietMs);
            const next = untilQuietMs === 0 ? this.#pick() : undefined;
            if (next === undefined) {
                await (0,external_node_timers_promises_.setTimeout)(untilQuietMs > 0 ? untilQuietMs : IDLE_MS, undefined, { signal, ref: false }).catch(() => { });
                continue;
            }
            this.#last = next.layer;
            await this.#fillSpan(next.layer, next.span, signal);
        }
    }
    async #fillSpan(layer, span, signal) {
        try {
            const pauseMs = () => this.#options.foreground.untilQuietMs(this.#options.quietMs);
            await layer.fetcher.stream(span, { signal, pauseMs });
            this.#trouble.delete(layer);
            if (!(await this.#options.hasRoom()))
                this.#giveUp('the cache has reached its size limit');
        }
        catch (error) {
            this.#note(layer, error, signal);
        }
    }
    #pick() {
        const layers = [...this.#options.layers()];
        const after = this.#last === undefined ? 0 : layers.indexOf(this.#last) + 1;
        for (const layer of [...layers.slice(after), ...layers.slice(0, after)]) {
            if (layer.complete || !layer.fillWanted || !layer.hasBlob)
                continue;
            if ((this.#trouble.get(layer)?.untilMs ?? 0) > performance.now())
                continue;
            const span = nextSpan(layer);
            if (span !== undefined)
                return { layer, span };
        }
        return undefined;
    }
    #note(layer, error, signal) {
        if (signal.aborted)
            return;
        if ((0,layer_errors/* isDiskFull */.b$)(error))
            return this.#giveUp((0,errors/* describeError */.Uc)(error));
        const waitMs = Math.min(MAX_RETRY_MS, (this.#trouble.get(layer)?.waitMs ?? FIRST_RETRY_MS / 2) * 2);
        this.#trouble.set(layer, { waitMs, untilMs: performance.now() + waitMs });
        this.#options.log.warn('background fill pauses for a layer', { layer: layer.digest, waitMs, error });
    }
    #giveUp(reason) {
        this.#stoppedBy = reason;
        this.#options.log.warn('background fill stopped', { reason });
    }
}
function nextSpan(layer, fromChunk = 0, maxBytes = policy/* FILL_SPAN_BYTES */.pc) {
    const endChunk = layer.presence.count;
    return layer.fetcher.nextSpan({ fromChunk, endChunk, maxBytes, gapBytes: policy/* FILL_GAP_BYTES */.hN });
}
function nextWaveSpan(layer) {
    return nextSpan(layer, layer.readerChunk, policy/* WAVE_SPAN_BYTES */.p) ?? nextSpan(layer, 0, policy/* WAVE_SPAN_BYTES */.p);
}

;// CONCATENATED MODULE: ./src/keyed-lock.js
class KeyedLock {
    #tails = new Map();
    async run(key, work) {
        const before = this.#tails.get(key) ?? Promise.resolve();
        const mine = before.then(work, work);
        const tail = mine.catch(() => { });
        this.#tails.set(key, tail);
        try {
            return await mine;
        }
        finally {
            if (this.#tails.get(key) === tail)
                this.#tails.delete(key);
        }
    }
}

// EXTERNAL MODULE: ./src/layer/hot-pack.js
var hot_pack = __webpack_require__(4140);
;// CONCATENATED MODULE: ./src/layer/hot-history.js

const MAX_LAYERS = 1024;
const MAX_CHUNKS = 4 * hot_pack/* MAX_PACK_CHUNKS */.k0;
class HotHistory {
    #used = new Map();
    #restored = new Map();
    noteUse(digest, use) {
        const merged = mergeUses(this.#used.get(digest), use);
        this.#used.delete(digest);
        this.#used.set(digest, merged);
        trim(this.#used);
    }
    noteRestored(digest, restored) {
        const bytes = this.restoredBytes(digest) + restored.bytes;
        this.#restored.delete(digest);
        this.#restored.set(digest, { ...restored, bytes });
        trim(this.#restored);
    }
    forget(digest) {
        this.#used.delete(digest);
        this.#restored.delete(digest);
    }
    readsKnown(digest) {
        return this.#restored.get(digest)?.readsKnown ?? false;
    }
    restoredBytes(digest) {
        return this.#restored.get(digest)?.bytes ?? 0;
    }
    choices(open) {
        const digests = new Set([...this.#used.keys(), ...open.keys()]);
        return [...digests].map((digest) => {
            const [before, now] = [this.#used.get(digest), open.get(digest)];
            const use = now === undefined ? before : mergeUses(before, now);
            const { chunks, readsKnown } = choose(use, this.#restored.get(digest));
            return { digest, chunks, readsKnown, isAnonymous: use.isAnonymous };
        });
    }
}
function choose(use, restored) {
    if (use.chunks.length === 0)
        return restored ?? { chunks: new Uint32Array(), readsKnown: false };
    const chunks = use.observed || restored === undefined ? use.chunks : mergeOrders(use.chunks, restored.chunks);
    return { chunks: chunks.slice(0, hot_pack/* MAX_PACK_CHUNKS */.k0), readsKnown: true };
}
function mergeUses(before, now) {
    if (before === undefined)
        return now;
    return {
        chunks: mergeOrders(before.chunks, now.chunks),
        observed: before.observed && now.observed,
        isAnonymous: before.isAnonymous || now.isAnonymous,
    };
}
function mergeOrders(first, second) {
    return Uint32Array.from(new Set([...first, ...second]));
}
function trim(map) {
    let chunks = [...map.values()].reduce((sum, one) => sum + one.chunks.length, 0);
    for (const [digest, one] of map) {
        if (map.size <= MAX_LAYERS && chunks <= MAX_CHUNKS)
            return;
        map.delete(digest);
        chunks -= one.chunks.length;
    }
}

// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(57975);
// EXTERNAL MODULE: ./src/busy-clock.js
var busy_clock = __webpack_require__(6195);
;// CONCATENATED MODULE: ./src/layer/checkpoints.js



const fdatasyncAsync = (0,external_node_util_.promisify)(external_node_fs_.fdatasync);
class Checkpoints {
    #parts;
    #storedChunks;
    #writtenChunks = -1;
    #diskFailed = false;
    #writing = Promise.resolve();
    constructor(parts, storedChunks) {
        this.#parts = parts;
        this.#storedChunks = storedChunks;
    }
    write() {
        const run = () => this.#write();
        this.#writing = this.#writing.then(run, run);
        return this.#writing;
    }
    async #write() {
        const { dir, record, fd, bitmap } = this.#parts;
        const storedChunks = this.#storedChunks();
        if (this.#diskFailed || storedChunks === this.#writtenChunks)
            return;
        const copy = bitmap.map((_, i) => Atomics.load(bitmap, i));
        try {
            await fdatasyncAsync(fd);
        }
        catch (error) {
            this.#diskFailed = true;
            throw error;
        }
        await (0,layer_files/* writePresent */.t$)(dir, record, copy);
        this.#writtenChunks = storedChunks;
    }
}

;// CONCATENATED MODULE: ./src/layer/fault-history.js

const MAX_FIRST_USES = 65536;
class FaultHistory {
    #openedMs = performance.now();
    #seen;
    #chunks = new Uint32Array(256);
    #atMs = new Uint32Array(256);
    #used = 0;
    #recent = new Float64Array(policy/* WAVE_FAULTS */.Cg).fill(-Infinity);
    #faults = 0;
    #distinct = 0;
    #lastChunk = 0;
    constructor(chunkCount) {
        this.#seen = new Uint8Array(Math.ceil(chunkCount / 8));
    }
    get faults() {
        return this.#faults;
    }
    get distinctChunks() {
        return this.#distinct;
    }
    note(chunks, nowMs = performance.now()) {
        this.#recent[this.#faults++ % policy/* WAVE_FAULTS */.Cg] = nowMs;
        this.#lastChunk = chunks[0] ?? this.#lastChunk;
        for (const chunk of chunks)
            this.#noteFirst(chunk, nowMs);
    }
    get lastChunk() {
        return this.#lastChunk;
    }
    isWave(demandedBytes, payloadBytes, again = false) {
        const faults = again ? policy/* WAVE_AGAIN_FAULTS */.Xp : policy/* WAVE_FAULTS */.Cg;
        const oldest = this.#recent[(this.#faults + policy/* WAVE_FAULTS */.Cg - faults) % policy/* WAVE_FAULTS */.Cg];
        const newest = this.#recent[(this.#faults + policy/* WAVE_FAULTS */.Cg - 1) % policy/* WAVE_FAULTS */.Cg];
        const mostOfIt = payloadBytes >= policy/* WAVE_SHARE_MIN_BYTES */.fu && demandedBytes >= payloadBytes * policy/* WAVE_SHARE */.cp;
        return newest - oldest <= policy/* WAVE_MS */.xe || mostOfIt;
    }
    firstUse() {
        return { chunks: this.#chunks.slice(0, this.#used), atMs: this.#atMs.slice(0, this.#used) };
    }
    #noteFirst(chunk, nowMs) {
        const bit = 1 << (chunk & 7);
        if ((this.#seen[chunk >>> 3] & bit) !== 0)
            return;
        this.#seen[chunk >>> 3] |= bit;
        this.#distinct++;
        if (this.#used === MAX_FIRST_USES)
            return;
        if (this.#used === this.#chunks.length) {
            this.#chunks = grown(this.#chunks);
            this.#atMs = grown(this.#atMs);
        }
        this.#chunks[this.#used] = chunk;
        this.#atMs[this.#used++] = nowMs - this.#openedMs;
    }
}
function grown(array) {
    const out = new Uint32Array(array.length * 2);
    out.set(array);
    return out;
}

// EXTERNAL MODULE: ./src/layer/error-codec.js
var error_codec = __webpack_require__(33758);
;// CONCATENATED MODULE: ./src/layer/member-store.js


function newCounters() {
    return {
        fetchedBytes: 0,
        demandBytes: 0,
        prefetchedBytes: 0,
        readAheadBytes: 0,
        requests: 0,
        storedChunks: 0,
        storedBytes: 0,
        refetches: 0,
    };
}
async function storeBatch(state, batch, priority) {
    const { flights } = state;
    try {
        const result = await runTask(state, batch, priority);
        const damaged = new Map(result.damaged.map(({ index, error }) => [batch.members[index], error]));
        if (result.diskError !== undefined)
            throw (0,error_codec/* decodeError */.l)(result.diskError);
        flights.land(batch.members.filter((member) => !damaged.has(member)), { kind: 'stored' });
        let first;
        for (const member of damaged.keys()) {
            const error = await refetch(state, member, priority);
            if (error instanceof errors/* VerificationError */.mk)
                state.context.log.warn('a chunk is damaged', { layer: state.digest, error });
            flights.land([member], error === undefined ? { kind: 'stored' } : { kind: 'failed', error });
            first ??= error;
        }
        return { error: first, bytes: result.bytes };
    }
    catch (error) {
        flights.land(batch.members, { kind: 'failed', error });
        return { error, bytes: undefined };
    }
}
async function refetch(state, member, priority) {
    state.counters.refetches++;
    try {
        const bytes = await readCounted(state, member.blobStart, member.blobEnd);
        const result = await runTask(state, { members: [member], blobStart: member.blobStart, bytes }, priority);
        const record = result.diskError ?? result.damaged[0]?.error;
        return record === undefined ? undefined : asVerification((0,error_codec/* decodeError */.l)(record), member);
    }
    catch (error) {
        return error;
    }
}
function asVerification(error, member) {
    if (!(error instanceof errors/* FormatError */.IF))
        return error;
    const where = `member at [${member.blobStart}, ${member.blobEnd}) of the blob`;
    return Object.assign(new errors/* VerificationError */.mk(where, 'chunks with the digests of the TOC', error.message), {
        cause: error,
    });
}
async function runTask(state, batch, priority) {
    const { bytes, members, blobStart } = batch;
    const task = { target: state.target, members, blobStart, bytes };
    const result = await state.context.chunkPool.run(task, [bytes.buffer], priority);
    state.counters.storedChunks += result.storedChunks;
    state.counters.storedBytes += result.storedBytes;
    if (result.storedChunks > 0)
        state.onStored();
    return result;
}
async function readCounted(state, start, end) {
    state.counters.requests++;
    const bytes = await state.requireBlob().readRange(start, end, state.closing);
    state.counters.fetchedBytes += bytes.length;
    return ownBuffer(bytes);
}
function ownBuffer(bytes) {
    const { buffer } = bytes;
    return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength
        ? new Uint8Array(buffer)
        : new Uint8Array(bytes);
}

// EXTERNAL MODULE: ./src/layer/members.js
var layer_members = __webpack_require__(68540);
;// CONCATENATED MODULE: ./src/layer/span-stream.js



const MAX_PAUSE_MS = 3000;
class SpanStream {
    #state;
    #options;
    #batches;
    #storing = new Set();
    #signal;
    #position;
    #current = 0;
    #hurryUntil = 0;
    #wake;
    #failure;
    constructor(state, span, options = {}) {
        this.#state = state;
        this.#options = options;
        this.#position = span.blobStart;
        this.#batches = (0,policy/* batchesOf */.cS)(span.members);
        this.#signal = AbortSignal.any([state.closing, ...(options.signal === undefined ? [] : [options.signal])]);
        state.flights.claim(span.members, this);
    }
    async run() {
        try {
            this.#signal.throwIfAborted();
            await this.#receive();
        }
        catch (error) {
            this.#failure ??= error;
        }
        finally {
            this.#releaseFrom(this.#current);
            await Promise.all(this.#storing);
        }
        if (this.#failure !== undefined)
            throw this.#failure;
    }
    hurry(flight) {
        const { member } = flight;
        const inCurrent = this.#batches[this.#current]?.members.includes(member) ?? false;
        const received = member.blobEnd <= this.#position;
        if (!received && !inCurrent && member.blobEnd - this.#position > policy/* WAIT_FOR_STREAM_BYTES */.p4) {
            if (this.#options.uncut === true)
                this.#release(member);
            else
                this.#releaseFrom(this.#current + 1);
            return undefined;
        }
        this.#hurryUntil = Math.max(this.#hurryUntil, member.blobEnd);
        this.#wake?.();
        return flight.landed;
    }
    async #receive() {
        const last = this.#batches.at(-1);
        const { counters } = this.#state;
        counters.requests++;
        const filler = new BatchFiller(this.#state);
        try {
            for await (const piece of this.#state.requireBlob().streamRange(this.#position, last.blobEnd, this.#signal)) {
                counters.fetchedBytes += piece.length;
                this.#options.count?.(piece.length);
                await this.#take(piece, filler);
                if (this.#current >= this.#batches.length || this.#failure !== undefined)
                    return;
                if (!(await this.#pause()))
                    return;
            }
            const got = `it ended at ${this.#position}, wanted ${last.blobEnd}`;
            throw new errors/* LazypullError */.qB('UNAVAILABLE', `layer ${this.#state.digest}: a range of the blob was cut: ${got}`);
        }
        finally {
            filler.drop();
        }
    }
    async #take(piece, filler) {
        let rest = piece;
        while (rest.length > 0) {
            const batch = this.#batches[this.#current];
            if (batch === undefined)
                return;
            const skip = Math.min(rest.length, Math.max(0, batch.blobStart - this.#position));
            this.#position += skip;
            rest = rest.subarray(skip);
            if (rest.length === 0)
                return;
            const used = await filler.fill(batch, this.#position, rest);
            this.#position += used;
            rest = rest.subarray(used);
            if (this.#position === batch.blobEnd)
                this.#dispatch(batch, filler);
        }
    }
    #dispatch(batch, filler) {
        this.#current++;
        const { bytes, giveBack } = filler.detach();
        const priority = this.#hurryUntil > batch.blobStart ? 'demand' : 'speculation';
        const work = storeBatch(this.#state, { members: batch.members, blobStart: batch.blobStart, bytes }, priority)
            .then(({ error }) => {
            if (!(error instanceof errors/* VerificationError */.mk))
                this.#failure ??= error;
        })
            .finally(() => {
            giveBack();
            this.#storing.delete(work);
        });
        this.#storing.add(work);
    }
    async #pause() {
        const startedMs = performance.now();
        for (;;) {
            const pauseMs = this.#options.pauseMs?.() ?? 0;
            if (pauseMs === 0 || this.#position < this.#hurryUntil)
                return true;
            if (performance.now() - startedMs > MAX_PAUSE_MS || this.#signal.aborted)
                return false;
            await this.#sleep(Math.min(pauseMs, MAX_PAUSE_MS));
            if (this.#current >= this.#batches.length)
                return false;
        }
    }
    #sleep(ms) {
        return new Promise((resolve) => {
            const timer = setTimeout(() => this.#wake?.(), ms);
            this.#wake = () => {
                clearTimeout(timer);
                this.#wake = undefined;
                resolve();
            };
        });
    }
    #release(member) {
        const index = this.#batches.findIndex(({ members }) => members.includes(member));
        const { members, ...range } = this.#batches[index];
        const others = members.filter((other) => other !== member);
        if (others.length === 0)
            this.#batches.splice(index, 1);
        else
            this.#batches[index] = { ...range, members: others };
        this.#state.flights.land([member], { kind: 'released' });
    }
    #releaseFrom(batch) {
        const released = this.#batches.splice(batch).flatMap(({ members }) => members);
        this.#state.flights.land(released, { kind: 'released' });
        this.#wake?.();
    }
}
class BatchFiller {
    #state;
    #bytes;
    #giveBack = () => { };
    constructor(state) {
        this.#state = state;
    }
    async fill(batch, position, rest) {
        const size = batch.blobEnd - batch.blobStart;
        if (this.#bytes === undefined) {
            this.#giveBack = await this.#state.context.speculationBudget.take(size);
            this.#bytes = new Uint8Array(size);
        }
        const used = Math.min(rest.length, batch.blobEnd - position);
        this.#bytes.set(rest.subarray(0, used), position - batch.blobStart);
        return used;
    }
    detach() {
        const out = { bytes: this.#bytes, giveBack: this.#giveBack };
        this.#bytes = undefined;
        return out;
    }
    drop() {
        if (this.#bytes !== undefined)
            this.#giveBack();
        this.#bytes = undefined;
    }
}

;// CONCATENATED MODULE: ./src/layer/fetcher.js




class Fetcher {
    #state;
    #running = new Set();
    constructor(state) {
        this.#state = state;
    }
    async demand(missing) {
        for (;;) {
            const chunks = missing();
            if (chunks.length === 0)
                return;
            this.#state.closing.throwIfAborted();
            const landings = this.#join((0,layer_members/* membersOf */.lS)(this.#state.target.chunks.table, chunks));
            for (const landing of await Promise.all(landings)) {
                this.#state.closing.throwIfAborted();
                if (landing.kind === 'failed')
                    throw landing.error;
            }
        }
    }
    async speculate(limits, parallel, options) {
        const lanes = { failed: false };
        const lane = async () => {
            while (!lanes.failed) {
                options.signal?.throwIfAborted();
                const span = this.nextSpan(limits);
                if (span === undefined)
                    return;
                await this.stream(span, options).catch((error) => {
                    lanes.failed = true;
                    throw error;
                });
            }
        };
        await this.track(Promise.all(Array.from({ length: parallel }, lane)));
    }
    stream(span, options) {
        return this.track(new SpanStream(this.#state, span, options).run());
    }
    nextSpan(limits) {
        const { chunks, bitmap } = this.#state.target;
        return (0,policy/* planSpan */.Wb)(chunks.table, bitmap, limits, (member) => this.#takeable(member));
    }
    async idle() {
        while (this.#running.size > 0)
            await Promise.allSettled(this.#running);
    }
    track(work) {
        const settled = work.then(() => { }, () => { });
        this.#running.add(settled);
        void settled.then(() => this.#running.delete(settled));
        return work;
    }
    #join(members) {
        const { context, flights, target } = this.#state;
        const wanted = [];
        const landings = [];
        for (const member of members) {
            const flight = flights.lookup(member);
            const landed = flight?.stream === undefined ? flight?.landed : flight.stream.hurry(flight);
            if (landed === undefined)
                wanted.push(member);
            else
                landings.push(landed);
        }
        const { table } = target.chunks;
        const takeable = (member) => this.#takeable(member);
        const wantedFirst = new Set(wanted.map(({ first }) => first));
        for (const planned of (0,policy/* planDemand */.J4)(table, wanted, takeable)) {
            const isFree = (member) => takeable(member) && !wantedFirst.has(member.first);
            const span = context.neighbours ? (0,policy/* widenSmall */.Fh)(table, planned, isFree) : planned;
            flights.claim(span.members);
            const wantedHere = span.members.filter((member) => wanted.includes(member));
            landings.push(...wantedHere.map((member) => flights.lookup(member).landed));
            void this.track(this.#fetch(span));
        }
        return landings;
    }
    async #fetch(span) {
        const { context, flights, counters } = this.#state;
        context.chunkPool.warm();
        const giveBack = await context.demandBudget.take(span.blobEnd - span.blobStart);
        try {
            const bytes = await this.#readSpan(span);
            counters.demandBytes += bytes.length;
            const batches = (0,policy/* batchesOf */.cS)(span.members).map((batch, _, all) => ({
                members: batch.members,
                blobStart: batch.blobStart,
                bytes: all.length === 1 ? bytes : bytes.slice(batch.blobStart - span.blobStart, batch.blobEnd - span.blobStart),
            }));
            await Promise.all(batches.map((batch) => storeBatch(this.#state, batch, 'demand')));
        }
        catch (error) {
            flights.land(span.members, { kind: 'failed', error });
        }
        finally {
            giveBack();
        }
    }
    async #readSpan({ blobStart, blobEnd }) {
        const parts = (0,policy/* splitDemand */.M$)(blobStart, blobEnd);
        if (parts.length === 1)
            return readCounted(this.#state, blobStart, blobEnd);
        const pieces = await Promise.all(parts.map(({ start, end }) => readCounted(this.#state, start, end)));
        const all = new Uint8Array(blobEnd - blobStart);
        for (const [i, { start }] of parts.entries())
            all.set(pieces[i], start - blobStart);
        return all;
    }
    #takeable(member) {
        const { flights } = this.#state;
        if (flights.lookup(member) !== undefined || flights.isDamaged(member))
            return false;
        return (0,layer_members/* nextMissing */.G0)(this.#state.target.bitmap, member.first, member.end) < member.end;
    }
}

;// CONCATENATED MODULE: ./src/layer/flight.js

class Flight {
    member;
    stream;
    landed;
    #land;
    constructor(member, stream) {
        const { promise, resolve } = Promise.withResolvers();
        this.member = member;
        this.stream = stream;
        this.landed = promise;
        this.#land = resolve;
    }
    land(landing) {
        this.#land(landing);
    }
}
class Flights {
    #byFirstChunk = new Map();
    #damaged = new Set();
    get size() {
        return this.#byFirstChunk.size;
    }
    lookup(member) {
        return this.#byFirstChunk.get(member.first);
    }
    isDamaged(member) {
        return this.#damaged.has(member.first);
    }
    claim(members, stream) {
        for (const member of members)
            this.#byFirstChunk.set(member.first, new Flight(member, stream));
    }
    land(members, landing) {
        for (const { first } of members) {
            const flight = this.#byFirstChunk.get(first);
            this.#byFirstChunk.delete(first);
            if (landing.kind === 'failed' && landing.error instanceof errors/* VerificationError */.mk)
                this.#damaged.add(first);
            else if (landing.kind === 'stored')
                this.#damaged.delete(first);
            flight?.land(landing);
        }
    }
}

// EXTERNAL MODULE: ./src/layer/presence.js
var presence = __webpack_require__(64994);
;// CONCATENATED MODULE: ./src/layer/read-ahead.js

const MAX_READERS = 8;
class ReadAhead {
    #readers = [];
    #payloadEnd;
    constructor(payloadEnd) {
        this.#payloadEnd = payloadEnd;
    }
    note(blobStart, blobEnd) {
        const index = this.#readers.findIndex((reader) => blobStart >= reader.head && blobStart <= reader.ahead + policy/* SEQUENTIAL_SLACK_BYTES */.xy);
        if (index < 0) {
            this.#remember({ head: blobEnd, ahead: blobEnd, window: policy/* READ_AHEAD_MIN_BYTES */.qE / 2 });
            return undefined;
        }
        const [reader] = this.#readers.splice(index, 1);
        this.#remember(reader);
        reader.head = blobEnd;
        const start = Math.max(reader.ahead, blobEnd);
        if (start - blobEnd > reader.window / 2)
            return undefined;
        reader.window = Math.min(reader.window * 2, policy/* READ_AHEAD_MAX_BYTES */.sA);
        reader.ahead = Math.max(start, Math.min(blobEnd + reader.window, this.#payloadEnd));
        return reader.ahead > start ? { start, end: reader.ahead } : undefined;
    }
    #remember(reader) {
        this.#readers.push(reader);
        if (this.#readers.length > MAX_READERS)
            this.#readers.shift();
    }
}

// EXTERNAL MODULE: ./src/layer/used-chunks.js
var used_chunks = __webpack_require__(28329);
;// CONCATENATED MODULE: ./src/layer/layer.js
















const closeAsync = (0,external_node_util_.promisify)(external_node_fs_.close);
class Layer {
    digest;
    record;
    dir;
    imagePath;
    fd;
    imageSize;
    presence;
    #parts;
    #state;
    #fetcher;
    #history;
    #used;
    #waits = new busy_clock/* BusyClock */.c();
    #readAhead;
    #closing = new AbortController();
    #base;
    #fileBytes;
    #startSetAsked = false;
    #readsKnown;
    #observed = true;
    #restoredBytes;
    #blob;
    #wave = false;
    #completed;
    #checkpoints;
    #fillWanted = false;
    constructor(parts) {
        const { record, chunks, bitmap } = parts.loaded;
        const { table, imageOffset } = chunks;
        this.#parts = parts;
        this.digest = record.digest;
        this.record = record;
        this.dir = parts.dir;
        this.imagePath = (0,layer_files/* imagePathOf */._O)(parts.dir);
        this.fd = parts.imageFd;
        this.imageSize = record.imageSize;
        this.#used = new used_chunks/* UsedChunks */.iX(table.size);
        this.presence = { count: table.count, imageOffset, size: table.size, bitmap, use: this.#used.use };
        this.#base = (0,presence/* countPresent */.$4)(this.presence);
        this.#fileBytes = table.size.reduce((sum, size) => sum + size, 0);
        this.#completed = this.#base.chunks === table.count;
        this.#readsKnown = parts.readsKnown;
        this.#restoredBytes = parts.restoredBytes;
        this.#history = new FaultHistory(table.count);
        this.#readAhead = new ReadAhead(record.payloadEnd);
        this.#state = this.#fetchState();
        this.#fetcher = new Fetcher(this.#state);
        const { counters } = this.#state;
        this.#checkpoints = new Checkpoints({ dir: this.dir, record, fd: this.fd, bitmap }, () => counters.storedChunks);
    }
    get complete() {
        return this.#completed;
    }
    get wave() {
        return this.#wave;
    }
    get verifiable() {
        return this.record.verifiable;
    }
    get blobSize() {
        return this.record.blobSize;
    }
    get fillWanted() {
        return this.#fillWanted;
    }
    get hasBlob() {
        return this.#blob !== undefined;
    }
    get blob() {
        return this.#blob;
    }
    get isAnonymous() {
        return this.record.isAnonymous === true || this.#blob?.isAnonymous === true;
    }
    get fetcher() {
        return this.#fetcher;
    }
    setBlob(blob) {
        if (blob.digest !== this.digest) {
            throw new errors/* LazypullError */.qB('INVALID_ARGUMENT', `layer ${this.digest}: can't be read from blob ${blob.digest}`);
        }
        this.#blob = blob;
    }
    async fault({ imageOffset, length }) {
        const missing = () => (0,presence/* missingChunks */.BY)(this.presence, imageOffset, length);
        const wanted = missing();
        if (wanted.length === 0)
            return;
        const { foreground } = this.#parts.context;
        this.#history.note(wanted);
        for (const chunk of wanted)
            (0,used_chunks/* noteUse */.MD)(this.#used.use, chunk);
        const ends = [foreground.begin(), this.#waits.begin()];
        try {
            const arrived = this.#fetcher.demand(missing);
            this.#lookAhead(wanted);
            await arrived;
        }
        finally {
            for (const end of ends)
                end();
        }
    }
    async restore(store, readsKnown) {
        this.#closing.signal.throwIfAborted();
        const { storedChunks, storedBytes } = await this.#fetcher.track(store(this.#state.target));
        if (readsKnown)
            this.#readsKnown = true;
        this.#state.counters.storedChunks += storedChunks;
        this.#state.counters.storedBytes += storedBytes;
        this.#restoredBytes += storedBytes;
        if (storedChunks > 0)
            this.#noteStored();
    }
    async prefetch(signal) {
        if (this.#readsKnown)
            return;
        const { prefetchEnd, payloadEnd } = this.record;
        const end = prefetchEnd === 'none' ? 0 : Math.min(payloadEnd, prefetchEnd ?? this.#parts.prefetchBytes);
        const { from, end: endChunk } = (0,policy/* chunksBetween */.Z2)(this.#state.target.chunks.table, 0, end);
        const limits = { fromChunk: from, endChunk, maxBytes: policy/* PREFETCH_SPAN_BYTES */.$8, gapBytes: 0 };
        const count = (bytes) => void (this.#state.counters.prefetchedBytes += bytes);
        await this.#fetcher.speculate(limits, policy/* PREFETCH_PARALLEL */.qm, { count, signal });
    }
    async fetchStartSet() {
        if (this.#startSetAsked || this.#readsKnown || typeof this.record.prefetchEnd === 'number')
            return;
        this.#startSetAsked = true;
        const { bitmap } = this.presence;
        await this.#fetcher.demand(() => this.record.startChunks.filter((chunk) => !(0,presence/* hasChunk */.KQ)(bitmap, chunk)));
    }
    startFill() {
        this.#fillWanted = true;
        this.#parts.onStartFill();
    }
    pauseFill() {
        this.#fillWanted = false;
    }
    stats() {
        const { storedChunks, storedBytes, ...counters } = this.#state.counters;
        const used = this.#used.count();
        return {
            ...counters,
            chunks: this.presence.count,
            presentChunks: this.#base.chunks + storedChunks,
            presentBytes: this.#base.bytes + storedBytes,
            fileBytes: this.#fileBytes,
            blobSize: this.record.blobSize,
            faults: this.#history.faults,
            waitedMs: this.#waits.totalMs,
            usedChunks: used.chunks,
            usedBytes: used.bytes,
            hitChunks: Math.max(0, used.chunks - this.#history.distinctChunks),
            restoredBytes: this.#restoredBytes,
        };
    }
    get readerChunk() {
        return this.#history.lastChunk;
    }
    firstUse() {
        return this.#history.firstUse();
    }
    usedChunks() {
        return this.#used.order();
    }
    get firstReadMs() {
        return this.#used.firstReadMs;
    }
    get observed() {
        return this.#observed;
    }
    noteUnobserved() {
        this.#observed = false;
    }
    checkpoint() {
        return this.#checkpoints.write();
    }
    dispose() {
        return this.#parts.onDispose(this);
    }
    async close() {
        if (this.#closing.signal.aborted)
            return;
        this.#closing.abort((0,layer_errors/* layerClosedError */.iU)(this.digest));
        await this.#fetcher.idle();
        await this.checkpoint().catch((error) => {
            this.#parts.context.log.warn('checkpoint failed', { layer: this.digest, error });
        });
        await Promise.all([closeAsync(this.fd), closeAsync(this.#parts.liveFd)]);
    }
    #fetchState() {
        const { context, loaded, imageFd, liveFd, allowUnverified } = this.#parts;
        return {
            digest: this.digest,
            context,
            target: {
                chunks: loaded.chunks,
                bitmap: loaded.bitmap,
                imageFd,
                liveFd,
                allowMissingDigest: allowUnverified && !this.record.verifiable,
            },
            flights: new Flights(),
            closing: this.#closing.signal,
            requireBlob: () => this.#requireBlob(),
            counters: newCounters(),
            onStored: () => this.#noteStored(),
        };
    }
    #requireBlob() {
        if (this.#blob !== undefined)
            return this.#blob;
        throw new errors/* LazypullError */.qB('UNAVAILABLE', `layer ${this.digest}: chunks are missing and no registry is known for it`);
    }
    #noteStored() {
        if (this.#completed || this.#base.chunks + this.#state.counters.storedChunks < this.presence.count)
            return;
        this.#completed = true;
        this.#parts.onComplete(this);
    }
    #lookAhead(wanted) {
        const { table } = this.#state.target.chunks;
        const members = (0,layer_members/* membersOf */.lS)(table, wanted);
        const ahead = this.#readAhead.note(members[0].blobStart, members.at(-1).blobEnd);
        const { foreground } = this.#parts.context;
        const again = foreground.hadWave(policy/* WAVE_AGAIN_MS */.Yr);
        if (!this.#wave && this.#history.isWave(this.#state.counters.demandBytes, this.record.payloadEnd, again)) {
            this.#wave = true;
            foreground.noteWave();
            this.#parts.onWave(this);
        }
        if (ahead !== undefined) {
            const { from, end } = (0,policy/* chunksBetween */.Z2)(table, ahead.start, ahead.end);
            this.#speculate(from, end);
        }
        const last = (0,policy/* lastChunkBeside */.YH)(table, wanted[0]);
        if (last !== undefined)
            this.#speculate(last, last + 1);
    }
    #speculate(fromChunk, endChunk) {
        const limits = { fromChunk, endChunk, maxBytes: policy/* READ_AHEAD_SPAN_BYTES */.wZ, gapBytes: 0 };
        const count = (bytes) => void (this.#state.counters.readAheadBytes += bytes);
        this.#fetcher.speculate(limits, policy/* READ_AHEAD_PARALLEL */.XW, { count }).catch((error) => {
            this.#parts.context.log.debug('read-ahead stopped', { layer: this.digest, error });
        });
    }
}

// EXTERNAL MODULE: ./src/estargz/toc-bytes.js
var toc_bytes = __webpack_require__(67916);
// EXTERNAL MODULE: ./src/oci/toc-promise.js
var toc_promise = __webpack_require__(12981);
;// CONCATENATED MODULE: ./src/layer/promise.js



function keepsPromise(made, { tocDigest, tocChecksum }) {
    return isSame(tocDigest, made.tocDigest) && isSame(tocChecksum, made.tocChecksum);
}
function checkPromise(made, promise) {
    const { digest } = made;
    const { tocDigest, tocChecksum, allowUnverified = false } = promise;
    if (!isSame(tocDigest, made.tocDigest)) {
        throw new errors/* VerificationError */.mk(`TOC digest of layer ${digest}`, tocDigest, made.tocDigest);
    }
    if (!isSame(tocChecksum, made.tocChecksum)) {
        throw new errors/* VerificationError */.mk(`checksum of the compressed TOC of layer ${digest}`, tocChecksum, made.tocChecksum);
    }
    if (allowUnverified)
        return;
    requirePromise(digest, promise);
    if (!made.verifiable) {
        throw new layer_errors/* UnverifiableLayerError */.SP(digest, 'its table of contents has chunks without digests');
    }
}
function requirePromise(digest, promise) {
    if ((0,toc_promise/* hasPromise */.W4)(promise))
        return;
    throw new layer_errors/* UnverifiableLayerError */.SP(digest, 'its manifest names no digest for its table of contents');
}
function isSame(promised, actual) {
    return promised === undefined || promised === actual;
}

// EXTERNAL MODULE: ./src/layer/toc-file.js
var toc_file = __webpack_require__(26704);
;// CONCATENATED MODULE: ./src/layer/obtain.js










const MAX_TAIL_HINT = 8 * 1024 * 1024;
async function loadLayer({ context, opaqueXattr }, request, dir) {
    try {
        const loaded = await (0,layer_files/* loadLayerDir */.Pd)(dir, request.digest, context.bootId);
        if (loaded.record.opaqueXattr !== opaqueXattr)
            return undefined;
        checkPromise(loaded.record, request);
        requireSize(loaded.record, request.blob?.size);
        return loaded;
    }
    catch (error) {
        if (error.code === 'ENOENT')
            return undefined;
        const again = error instanceof errors/* FormatError */.IF || (error instanceof errors/* VerificationError */.mk && request.blob !== undefined);
        if (!again)
            throw error;
        context.log.warn('a cached layer is not used', { layer: request.digest, error });
        return undefined;
    }
}
function requireSize({ digest, blobSize }, wanted) {
    if (wanted === undefined || wanted === blobSize)
        return;
    throw new errors/* FormatError */.IF(`layer ${digest}: made for a blob of ${blobSize} bytes, it has ${wanted}`);
}
async function makeLayer({ context, layersDir, opaqueXattr, toc }, request, dir, signal) {
    const { digest, allowUnverified = false, blob, packed } = request;
    if (blob === undefined && packed === undefined)
        throw new errors/* LazypullError */.qB('NOT_FOUND', `layer ${digest} is not on disk`);
    const { buildPool, buildTurns, chunkPool, bootId } = context;
    buildPool.warm();
    chunkPool.warm();
    const temporary = (0,external_node_path_.join)(layersDir, `${TEMPORARY_PREFIX}build-${(0,external_node_crypto_.randomUUID)()}`);
    const promise = { tocDigest: request.tocDigest, tocChecksum: request.tocChecksum };
    const facts = { dir: temporary, digest, promise, allowUnverified, opaqueXattr, bootId };
    const build = ({ footer, blobSize, compressedToc, tail }) => {
        const moved = { compressedToc: new Uint8Array(compressedToc), footerBytes: new Uint8Array((0,toc_file/* footerBytesOf */.Qd)(tail)) };
        const isAnonymous = packed === undefined ? blob?.isAnonymous : packed.isAnonymous;
        const known = isAnonymous === undefined ? {} : { isAnonymous };
        const transfer = [moved.compressedToc.buffer, moved.footerBytes.buffer];
        return buildPool.run({ ...facts, ...known, footer, blobSize, ...moved }, transfer, 'demand');
    };
    const fetch = async () => packed?.toc ?? (0,toc_bytes/* fetchToc */.N)(blob, tocOptions(request, toc), signal);
    try {
        const { record, chunks } = await buildTurns.run(packed?.toc.blobSize ?? blob?.size, fetch, build);
        signal.throwIfAborted();
        await removeLayerDir(layersDir, dir);
        await (0,promises_.rename)(temporary, dir);
        return { record, chunks, bitmap: (0,presence/* initialBitmap */.Cc)(chunks.table) };
    }
    catch (error) {
        await (0,promises_.rm)(temporary, { recursive: true, force: true });
        throw error;
    }
}
function tocOptions({ externalToc, tailLength }, options = {}) {
    const hint = Math.min(tailLength ?? 0, MAX_TAIL_HINT);
    return { ...(hint > 0 ? { tailLength: hint } : {}), ...options, external: externalToc };
}

;// CONCATENATED MODULE: ./src/layer/shared-job.js
class SharedJobs {
    #jobs = new Map();
    async join(key, start, signal) {
        signal?.throwIfAborted();
        const job = this.#jobs.get(key) ?? this.#start(key, start);
        job.waiters++;
        const done = new AbortController();
        try {
            return await Promise.race([job.promise, ...(signal === undefined ? [] : [rejectOnAbort(signal, done.signal)])]);
        }
        finally {
            done.abort();
            job.waiters--;
            if (job.waiters === 0) {
                if (this.#jobs.get(key) === job)
                    this.#jobs.delete(key);
                job.controller.abort();
            }
        }
    }
    async idle() {
        await Promise.allSettled([...this.#jobs.values()].map(({ promise }) => promise));
    }
    #start(key, start) {
        const controller = new AbortController();
        const promise = start(controller.signal);
        const job = { promise, controller, waiters: 0 };
        this.#jobs.set(key, job);
        const forget = () => {
            if (this.#jobs.get(key) === job)
                this.#jobs.delete(key);
        };
        promise.then(forget, forget);
        return job;
    }
}
function rejectOnAbort(signal, done) {
    return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: done });
    });
}

// EXTERNAL MODULE: ./src/layer/budget.js
var budget = __webpack_require__(63390);
;// CONCATENATED MODULE: ./src/layer/foreground.js

class Foreground {
    #clock = new busy_clock/* BusyClock */.c();
    #lastMs = -Infinity;
    #waveMs = -Infinity;
    get waiting() {
        return this.#clock.count;
    }
    get waitedMs() {
        return this.#clock.totalMs;
    }
    noteWave() {
        this.#waveMs = performance.now();
    }
    hadWave(withinMs) {
        return performance.now() - this.#waveMs < withinMs;
    }
    expect() {
        this.#lastMs = performance.now();
    }
    begin() {
        const end = this.#clock.begin();
        this.#lastMs = performance.now();
        return () => {
            end();
            this.#lastMs = performance.now();
        };
    }
    untilQuietMs(quietMs) {
        if (this.waiting > 0)
            return Math.max(1, quietMs);
        return Math.max(0, Math.ceil(this.#lastMs + quietMs - performance.now()));
    }
}

;// CONCATENATED MODULE: ./src/layer/store-context.js



const MIB = 1024 * 1024;
const DEMAND_BUDGET_BYTES = 32 * MIB;
const SPECULATION_BUDGET_BYTES = 16 * MIB;
function newShared() {
    return {
        demandBudget: new budget/* ByteBudget */.G(DEMAND_BUDGET_BYTES),
        speculationBudget: new budget/* ByteBudget */.G(SPECULATION_BUDGET_BYTES),
        foreground: new Foreground(),
    };
}

// EXTERNAL MODULE: ./src/layer/worker-pool.js
var worker_pool = __webpack_require__(46800);
;// CONCATENATED MODULE: ./src/layer/layer-store.js




















const CHUNK_HEAP_MB = 128;
const BUILD_HEAP_MB = 2048;
const BUILD_YOUNG_HEAP_MB = 8;
const REHEARSED_IDLE_MS = 60_000;
const CHUNK_YOUNG_HEAP_MB = 4;
const ROOM_CHECK_MS = 2000;
class LayerStore {
    #options;
    #layersDir;
    #context;
    #workshop;
    #filler;
    #hot = new HotHistory();
    #entries = new Map();
    #jobs = new SharedJobs();
    #locks = new KeyedLock();
    #ticker;
    #sizeLimitBytes;
    #fillEnabled;
    #closedReads = NO_READS;
    #room = { checkedMs: -Infinity, left: true };
    #closed = false;
    constructor(options, layersDir) {
        this.#options = options;
        this.#layersDir = layersDir;
        const log = options.log ?? src_log/* silentLogger */.qq;
        const { bootId = (0,bitmap_file/* currentBootId */.J5)(), neighbours = true } = options;
        this.#context = { log, ...newPools(options), ...newShared(), bootId, neighbours };
        const { opaqueXattr = 'trusted', toc } = options;
        this.#workshop = { context: this.#context, layersDir, opaqueXattr, toc };
        this.#filler = new Filler({
            log,
            foreground: this.#context.foreground,
            quietMs: options.fill?.quietMs ?? 1000,
            layers: () => this.layers(),
            hasRoom: () => this.#hasRoom(),
        });
        this.#fillEnabled = options.fill?.enabled ?? true;
        this.#sizeLimitBytes = options.sizeLimitBytes || Infinity;
        this.#ticker = setInterval(() => void this.#tick(), options.checkpointMs ?? 5000).unref();
    }
    static async open(options) {
        const layersDir = (0,external_node_path_.join)((0,external_node_path_.resolve)(options.root), 'layers');
        await (0,promises_.mkdir)(layersDir, { recursive: true, mode: 0o700 });
        const rubbish = (await (0,promises_.readdir)(layersDir)).filter((name) => name.startsWith(TEMPORARY_PREFIX));
        await Promise.all(rubbish.map((name) => (0,promises_.rm)((0,external_node_path_.join)(layersDir, name), { recursive: true, force: true })));
        return new LayerStore(options, layersDir);
    }
    async openLayer(request, signal) {
        const { digest, tocDigest, tocChecksum, allowUnverified = false, blob, externalToc, packed } = request;
        if (!allowUnverified)
            requirePromise(digest, request);
        const sources = [blob, externalToc, packed].map((source) => source !== undefined);
        const key = [digest, tocDigest, tocChecksum, allowUnverified, ...sources].join(' ');
        for (;;) {
            this.#requireOpen();
            const entry = await this.#jobs.join(key, (job) => this.#locks.run(digest, () => this.#open(request, job)), signal);
            if (this.#entries.get(digest) !== entry)
                continue;
            entry.holders++;
            if (blob !== undefined)
                entry.layer.setBlob(blob);
            return entry.layer;
        }
    }
    async rehearse() {
        this.#context.chunkPool.warm();
        await this.#context.buildPool.rehearse('rehearse');
    }
    lookup(digest) {
        return this.#entries.get(digest)?.layer;
    }
    layers() {
        return [...this.#entries.values()].map(({ layer }) => layer);
    }
    get hot() {
        return this.#hot;
    }
    uses() {
        const used = this.layers().filter((layer) => layer.hasBlob);
        return new Map(used.map((layer) => [layer.digest, useOf(layer)]));
    }
    reads() {
        const used = this.layers().reduce((sum, layer) => addReads(sum, layer.stats()), this.#closedReads);
        return { ...used, waitedMs: this.#context.foreground.waitedMs };
    }
    folderOf(digest) {
        return (0,external_node_path_.join)(this.#layersDir, (0,layer_files/* folderName */.ub)(digest));
    }
    get bootId() {
        return this.#context.bootId;
    }
    cached() {
        return listCachedLayers(this.#layersDir);
    }
    async prefetchAll(layers, signal) {
        await Promise.all(layers.map((layer) => layer.prefetch(signal).catch((error) => {
            this.#context.log.warn('prefetch failed', { layer: layer.digest, error });
        })));
        signal?.throwIfAborted();
    }
    resumeFill() {
        this.#fillEnabled = true;
        this.#startFill();
    }
    async pauseFill() {
        this.#fillEnabled = false;
        await this.#filler.pause();
    }
    get fillStoppedBy() {
        return this.#filler.stoppedBy;
    }
    async flush() {
        await Promise.all(this.layers().map((layer) => layer.checkpoint()));
    }
    async evict(limitBytes = this.#sizeLimitBytes) {
        if (limitBytes === Infinity)
            return [];
        const remove = (layer) => this.#locks.run(layer.digest, async () => {
            if (this.#entries.has(layer.digest))
                return false;
            await removeLayerDir(this.#layersDir, layer.dir);
            this.#context.log.info('evicted a layer', { layer: layer.digest, bytes: layer.bytes });
            return true;
        });
        return this.#locks.run('evict', async () => evictLayers(await this.cached(), limitBytes, remove));
    }
    async usage() {
        const cached = await this.cached();
        return { layers: cached.length, bytes: cached.reduce((sum, layer) => sum + layer.bytes, 0) };
    }
    async close() {
        if (this.#closed)
            return;
        this.#closed = true;
        clearInterval(this.#ticker);
        await this.#filler.close();
        await this.#jobs.idle();
        const layers = this.layers();
        this.#entries.clear();
        const closed = await Promise.allSettled(layers.map((layer) => layer.close()));
        await Promise.all([this.#context.chunkPool.close(), this.#context.buildPool.close()]);
        for (const result of closed)
            if (result.status === 'rejected')
                throw result.reason;
    }
    [Symbol.asyncDispose]() {
        return this.close();
    }
    async #open(request, signal) {
        const open = this.#entries.get(request.digest);
        if (open !== undefined) {
            checkPromise(open.layer.record, request);
            return open;
        }
        const dir = this.folderOf(request.digest);
        const workshop = this.#workshop;
        const onDisk = await loadLayer(workshop, request, dir);
        const loaded = onDisk ?? (await makeLayer(workshop, request, dir, signal));
        if (onDisk === undefined)
            this.#hot.forget(request.digest);
        await touchLayer(dir);
        const layer = await this.#openFiles(request, dir, loaded);
        const entry = { layer, holders: 0 };
        if (signal.aborted || this.#closed) {
            await layer.close();
            throw new errors/* LazypullError */.qB('ABORTED', `nobody waits for layer ${request.digest} any more`);
        }
        this.#entries.set(request.digest, entry);
        void this.#evictQuietly();
        return entry;
    }
    async #openFiles(request, dir, loaded) {
        const liveFd = await (0,layer_files/* openLive */.nM)(dir, loaded.record, this.#context.bootId, loaded.bitmap);
        return new Layer({
            context: this.#context,
            dir,
            loaded,
            imageFd: (0,external_node_fs_.openSync)((0,layer_files/* imagePathOf */._O)(dir), 'r+'),
            liveFd,
            allowUnverified: request.allowUnverified ?? false,
            prefetchBytes: this.#options.prefetchBytes ?? 0,
            readsKnown: this.#hot.readsKnown(loaded.record.digest),
            restoredBytes: this.#hot.restoredBytes(loaded.record.digest),
            onWave: (layer) => this.#filler.hurry(layer),
            onStartFill: () => {
                this.#context.foreground.expect();
                this.#startFill();
            },
            onComplete: (layer) => void this.#completed(layer),
            onDispose: (layer) => this.#release(layer),
        });
    }
    async #release(layer) {
        const entry = this.#entries.get(layer.digest);
        if (entry?.layer !== layer || entry.holders === 0)
            return;
        entry.holders--;
        await this.#locks.run(layer.digest, async () => {
            if (entry.holders > 0 || this.#entries.get(layer.digest) !== entry)
                return;
            this.#entries.delete(layer.digest);
            this.#closedReads = addReads(this.#closedReads, layer.stats());
            if (layer.hasBlob)
                this.#hot.noteUse(layer.digest, useOf(layer));
            await touchLayer(layer.dir);
            await layer.close();
        });
    }
    async #completed(layer) {
        try {
            await layer.checkpoint();
            this.#context.log.debug('layer complete', { layer: layer.digest });
            if (this.#entries.get(layer.digest)?.layer === layer)
                this.#options.onComplete?.(layer);
        }
        catch (error) {
            this.#context.log.warn('checkpoint failed', { layer: layer.digest, error });
        }
    }
    async #tick() {
        for (const layer of this.layers()) {
            await layer.checkpoint().catch((error) => {
                this.#context.log.warn('checkpoint failed', { layer: layer.digest, error });
            });
        }
    }
    async #hasRoom() {
        const limit = this.#sizeLimitBytes;
        if (limit === Infinity || performance.now() - this.#room.checkedMs < ROOM_CHECK_MS)
            return this.#room.left;
        await this.#evictQuietly();
        this.#room = { checkedMs: performance.now(), left: (await this.usage()).bytes < limit };
        return this.#room.left;
    }
    async #evictQuietly() {
        await this.evict().catch((error) => this.#context.log.warn('eviction failed', { error }));
    }
    #startFill() {
        if (this.#fillEnabled && !this.#closed)
            this.#filler.start();
    }
    #requireOpen() {
        if (this.#closed)
            throw new errors/* LazypullError */.qB('ABORTED', 'the layer store is closed');
    }
}
const NO_READS = { usedChunks: 0, usedBytes: 0, hitChunks: 0 };
function addReads(sum, { usedChunks, usedBytes, hitChunks }) {
    return {
        usedChunks: sum.usedChunks + usedChunks,
        usedBytes: sum.usedBytes + usedBytes,
        hitChunks: sum.hitChunks + hitChunks,
    };
}
function useOf(layer) {
    return { chunks: layer.usedChunks(), observed: layer.observed, isAnonymous: layer.isAnonymous };
}
function newPools({ chunkWorkers, workerIdleMs }) {
    const cores = (0,external_node_os_.availableParallelism)();
    const buildWorkers = Math.min(4, cores);
    const idleMs = workerIdleMs ?? 10_000;
    const urlOf = (name) => (0,worker_url/* workerUrl */.O)(`./${name}-worker`, import.meta.url);
    return {
        buildTurns: new BuildTurns(buildWorkers),
        chunkPool: new worker_pool/* WorkerPool */.T({
            url: urlOf('chunk'),
            name: 'chunk',
            size: chunkWorkers ?? Math.min(4, cores),
            idleMs,
            maxHeapMb: CHUNK_HEAP_MB,
            youngHeapMb: CHUNK_YOUNG_HEAP_MB,
        }),
        buildPool: new worker_pool/* WorkerPool */.T({
            url: urlOf('build'),
            name: 'build',
            size: buildWorkers,
            idleMs,
            rehearsedIdleMs: workerIdleMs ?? REHEARSED_IDLE_MS,
            maxHeapMb: BUILD_HEAP_MB,
            youngHeapMb: BUILD_YOUNG_HEAP_MB,
        }),
    };
}

// EXTERNAL MODULE: ./src/registry/client.js + 24 modules
var registry_client = __webpack_require__(39204);
// EXTERNAL MODULE: ./src/registry/from-config.js
var from_config = __webpack_require__(93484);
;// CONCATENATED MODULE: ./src/snapshot/directories.js



class SnapshotDirectories {
    #root;
    #log;
    #removals = new Map();
    constructor(root, log) {
        this.#root = root;
        this.#log = log;
    }
    static async open(root, log) {
        const directory = (0,external_node_path_.join)(root, 'snapshots');
        await (0,promises_.mkdir)(directory, { recursive: true, mode: 0o700 });
        return new SnapshotDirectories(directory, log);
    }
    fs(id) {
        return (0,external_node_path_.join)(this.#root, String(id), 'fs');
    }
    work(id) {
        return (0,external_node_path_.join)(this.#root, String(id), 'work');
    }
    async create(id, kind, owner) {
        await (0,promises_.mkdir)((0,external_node_path_.join)(this.#root, String(id)), { mode: 0o700 });
        await makeFolder(this.fs(id), 0o755);
        if (kind === 'active')
            await makeFolder(this.work(id), 0o711);
        if (owner !== undefined)
            await (0,promises_.lchown)(this.fs(id), owner.uid, owner.gid);
    }
    remove(id) {
        void this.#remove(String(id));
    }
    async removeOrphans(ids) {
        const names = await (0,promises_.readdir)(this.#root);
        const known = ids();
        await Promise.all(names.filter((name) => !known.has(Number(name))).map((name) => this.#remove(name)));
        await this.settled();
    }
    async settled() {
        await Promise.all(this.#removals.values());
    }
    #remove(name) {
        let removal = this.#removals.get(name);
        if (removal === undefined) {
            const path = (0,external_node_path_.join)(this.#root, name);
            removal = (0,promises_.rm)(path, { recursive: true, force: true, maxRetries: 2 })
                .catch((error) => this.#log.warn("can't remove a snapshot directory", { path, error: (0,errors/* describeError */.Uc)(error) }))
                .finally(() => this.#removals.delete(name));
            this.#removals.set(name, removal);
        }
        return removal;
    }
}
async function makeFolder(path, mode) {
    await (0,promises_.mkdir)(path);
    await (0,promises_.chmod)(path, mode);
}

;// CONCATENATED MODULE: ./src/snapshot/filter-scanner.js

const OPERATORS = new Set(['==', '!=', '~=', '@=']);
const filter_scanner_BLANK = /\s*/y;
const FIELD = /[A-Za-z0-9_-]+/y;
const OPERATOR = /@=|[=!~]+/y;
const VALUE = /[^,.=!~"/|\s](?:(?!,)[\p{L}\p{M}\p{N}\p{P}\p{S}])*/uy;
const QUOTED = /(["/|])(?:\\.|(?!\1)[^\\\n])*\1/uy;
const ESCAPE = /\\(?:([abfnrtv\\"/|])|([0-7]{3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|.)/gu;
const SIMPLE = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
class FilterScanner {
    #text;
    #offset = 0;
    constructor(text) {
        this.#text = text;
        if (text.includes('\0'))
            throw this.#error('unexpected NUL');
    }
    accept(char) {
        if (this.#text[this.#offset] !== char)
            return false;
        this.#offset++;
        return true;
    }
    atSelectorEnd() {
        return this.#offset >= this.#text.length || this.#text[this.#offset] === ',';
    }
    expectEnd() {
        if (this.#offset < this.#text.length)
            throw this.#error('unexpected input');
    }
    field() {
        this.#take(filter_scanner_BLANK);
        const quoted = this.#take(QUOTED);
        if (quoted !== undefined)
            return this.#unquote(quoted, false);
        const field = this.#take(FIELD);
        if (field === undefined)
            throw this.#error('expected a field');
        return field;
    }
    operator() {
        this.#take(filter_scanner_BLANK);
        const operator = this.#take(OPERATOR);
        if (operator === undefined || !OPERATORS.has(operator))
            throw this.#error('expected ==, !=, ~= or @=');
        return operator;
    }
    value(options) {
        this.#take(filter_scanner_BLANK);
        const quoted = this.#take(QUOTED);
        if (quoted !== undefined)
            return this.#unquote(quoted, options.slashQuotes);
        const value = this.#take(VALUE);
        if (value === undefined)
            throw this.#error('expected a value');
        return value;
    }
    #take(pattern) {
        pattern.lastIndex = this.#offset;
        const found = pattern.exec(this.#text)?.[0];
        if (found !== undefined)
            this.#offset += found.length;
        return found;
    }
    #unquote(quoted, slashQuotes) {
        const quote = quoted[0];
        if (quote !== '"' && !slashQuotes)
            throw this.#error(`${quote} quotes only a regular expression`);
        const latin1 = utf8AsLatin1(quoted.slice(1, -1)).replace(ESCAPE, (all, simple, octal, hex, short, long) => {
            const isOtherQuote = simple !== undefined && '"/|'.includes(simple) && simple !== quote;
            const char = isOtherQuote ? undefined : escaped(simple, octal, hex, short ?? long);
            if (char === undefined)
                throw this.#error(`illegal escape ${all}`);
            return char;
        });
        return Buffer.from(latin1, 'latin1').toString('utf8');
    }
    #error(what) {
        const text = JSON.stringify(this.#text.slice(0, 200));
        return new errors/* LazypullError */.qB('INVALID_ARGUMENT', `filter ${text}: ${what} at offset ${this.#offset}`);
    }
}
function escaped(simple, octal, hex, point) {
    if (simple !== undefined)
        return SIMPLE[simple] ?? simple;
    if (octal !== undefined || hex !== undefined) {
        const byte = octal !== undefined ? Number.parseInt(octal, 8) : Number.parseInt(hex ?? '', 16);
        return byte <= 0xff ? String.fromCharCode(byte) : undefined;
    }
    const code = Number.parseInt(point ?? '', 16);
    const isScalar = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return isScalar ? utf8AsLatin1(String.fromCodePoint(code)) : undefined;
}
function utf8AsLatin1(text) {
    return Buffer.from(text, 'utf8').toString('latin1');
}

;// CONCATENATED MODULE: ./src/snapshot/filter.js


const TESTS = {
    '==': (value) => (actual) => actual === value,
    '!=': (value) => (actual) => (actual ?? '') !== value,
    '@=': (value) => (actual) => (actual ?? '').includes(value),
    '~=': (value) => {
        const pattern = compile(value);
        return (actual) => pattern.test(actual ?? '');
    },
};
function parseFilters(filters) {
    if (filters.length === 0)
        return () => true;
    const parsed = filters.map((filter) => parseFilter(filter));
    return (info) => parsed.some((matches) => matches(info));
}
function parseFilter(text) {
    if (text === '')
        return () => true;
    const scanner = new FilterScanner(text);
    const selectors = [];
    do
        selectors.push(parseSelector(scanner));
    while (scanner.accept(','));
    scanner.expectEnd();
    return (info) => selectors.every((matches) => matches(info));
}
function parseSelector(scanner) {
    const path = [scanner.field()];
    while (scanner.accept('.'))
        path.push(scanner.field());
    const read = fieldReader(path);
    if (scanner.atSelectorEnd())
        return (info) => read(info) !== undefined;
    const operator = scanner.operator();
    const test = TESTS[operator](scanner.value({ slashQuotes: operator === '~=' }));
    return (info) => test(read(info));
}
function fieldReader(path) {
    const key = path.slice(1).join('.');
    switch (path[0]) {
        case 'kind':
            return (info) => info.kind;
        case 'name':
            return (info) => info.name;
        case 'parent':
            return (info) => info.parent;
        case 'labels':
            return (info) => (Object.hasOwn(info.labels, key) ? info.labels[key] : undefined);
        default:
            return () => undefined;
    }
}
function compile(pattern) {
    const flags = /^\(\?([ims]+)\)/.exec(pattern);
    try {
        return new RegExp(pattern.slice(flags?.[0].length ?? 0), flags === null ? 'u' : `u${[...new Set(flags[1])].join('')}`);
    }
    catch (cause) {
        throw new errors/* LazypullError */.qB('INVALID_ARGUMENT', `filter: not a regular expression: ${JSON.stringify(pattern)}`, {
            cause,
        });
    }
}

;// CONCATENATED MODULE: ./src/snapshot/image-times.js
const MAX_IMAGES = 500;
const UNPACKING = /(?:^|\/)extract-\S+ sha256:[0-9a-f]{64}$/;
function isUnpacking(key) {
    return UNPACKING.test(key);
}
class ImageClock {
    #images = new Map();
    #now;
    constructor(former = [], now = Date.now) {
        this.#now = now;
        for (const [imageRef, times] of former)
            this.#set(imageRef, times);
    }
    asked(imageRef) {
        const known = this.#images.get(imageRef);
        if (known === undefined || known.gone)
            this.#set(imageRef, { askedMs: this.#now() });
    }
    mounted(imageRef) {
        this.#change(imageRef, (times) => ({ ...times, mountedMs: this.#now() }));
    }
    joined(imageRef) {
        this.#change(imageRef, (times) => (times.mountedMs === undefined ? { ...times, mountedMs: this.#now() } : times));
    }
    started(imageRef) {
        this.#change(imageRef, (times) => (times.startedMs === undefined ? { ...times, startedMs: this.#now() } : times));
    }
    removed(imageRef) {
        const known = this.#images.get(imageRef);
        if (known !== undefined)
            known.gone = true;
    }
    lookup(imageRef) {
        return this.#images.get(imageRef)?.times;
    }
    entries() {
        return [...this.#images].map(([imageRef, { times }]) => [imageRef, times]);
    }
    #set(imageRef, times) {
        this.#images.delete(imageRef);
        this.#images.set(imageRef, { times, gone: false });
        const oldest = this.#images.keys().next().value;
        if (this.#images.size > MAX_IMAGES && oldest !== undefined)
            this.#images.delete(oldest);
    }
    #change(imageRef, change) {
        const known = this.#images.get(imageRef);
        if (known !== undefined)
            known.times = change(known.times);
    }
}

// EXTERNAL MODULE: ./src/oci/annotations.js
var oci_annotations = __webpack_require__(73417);
// EXTERNAL MODULE: ./src/oci/digest.js
var oci_digest = __webpack_require__(62635);
;// CONCATENATED MODULE: ./src/snapshot/labels.js


const REF_LABEL = 'containerd.io/snapshot.ref';
const REMOTE_LABEL = 'containerd.io/snapshot/remote';
const REMOTE_VALUE = 'remote snapshot';
const PREFIX = 'containerd.io/snapshot';
const IMAGE_REF = [`${PREFIX}/remote/stargz.reference`, `${PREFIX}/cri.image-ref`];
const LAYER_DIGEST = [`${PREFIX}/remote/stargz.digest`, `${PREFIX}/cri.layer-digest`];
const IMAGE_LAYERS = [`${PREFIX}/remote/stargz.layers`, `${PREFIX}/cri.image-layers`];
const MANIFEST_DIGEST = [`${PREFIX}/cri.manifest-digest`];
const TOC_DIGEST = [`${PREFIX}/stargz/toc.digest`];
const PREFETCH = [`${PREFIX}/remote/stargz.prefetch`];
const URLS = [`${PREFIX}/remote/urls`];
const SIZE = [`${PREFIX}/remote/lazypull.size`];
const TOC_CHECKSUM = [oci_annotations/* LAZYPULL_TOC_CHECKSUM */.bh];
const TOC_TAIL = [`${PREFIX}/remote/lazypull.toc-tail`];
const MAX_REFERENCE = 4096;
const MAX_NEIGHBOURS = 1024;
function parseLayerSource(labels) {
    const refs = values(labels, IMAGE_REF).filter((ref) => ref.length <= MAX_REFERENCE);
    const [imageRef, ...otherRefs] = new Set(refs);
    const layerDigest = digest(labels, LAYER_DIGEST);
    if (imageRef === undefined || layerDigest === undefined)
        return undefined;
    return {
        imageRef,
        otherRefs,
        layerDigest,
        tocDigest: digest(labels, TOC_DIGEST),
        tocChecksum: digest(labels, TOC_CHECKSUM),
        manifestDigest: digest(labels, MANIFEST_DIGEST),
        neighbours: neighbours(labels, layerDigest),
        size: bytes(labels, SIZE),
        tocTail: bytes(labels, TOC_TAIL),
        prefetchSize: bytes(labels, PREFETCH),
        urls: list(labels, URLS).filter((url) => /^https?:\/\//.test(url)),
    };
}
function values(labels, keys) {
    const plain = keys.map((key) => (Object.hasOwn(labels, key) ? labels[key] : undefined));
    const suffixed = Object.entries(labels)
        .filter(([name]) => keys.some((key) => name.startsWith(`${key}.`)))
        .map(([, value]) => value);
    return [...plain, ...suffixed].filter((value) => value !== undefined && value !== '');
}
function list(labels, keys) {
    return (values(labels, keys)[0] ?? '').split(',').filter((item) => item !== '');
}
function digest(labels, keys) {
    const first = values(labels, keys)[0];
    return first !== undefined && (0,oci_digest/* isDigest */.Bc)(first) ? first : undefined;
}
function bytes(labels, keys) {
    const first = values(labels, keys)[0];
    return first !== undefined && /^[0-9]{1,15}$/.test(first) ? Number(first) : undefined;
}
function neighbours(labels, self) {
    const all = list(labels, IMAGE_LAYERS).filter((item) => (0,oci_digest/* isDigest */.Bc)(item));
    return [...new Set(all)].filter((item) => item !== self).slice(0, MAX_NEIGHBOURS);
}
function normalizeLabels(labels) {
    return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}
function isLabelPath(path) {
    return path === 'labels' || path.startsWith('labels.');
}
function updateLabels(current, update, paths) {
    let result = new Map(Object.entries(paths.length === 0 ? update : current));
    for (const path of paths) {
        if (path === 'labels')
            result = new Map(Object.entries(update));
        else {
            const key = path.slice('labels.'.length);
            result.set(key, Object.hasOwn(update, key) ? (update[key] ?? '') : '');
        }
    }
    return normalizeLabels(Object.fromEntries(result));
}

// EXTERNAL MODULE: ./src/snapshot/mounts.js
var mounts = __webpack_require__(88626);
;// CONCATENATED MODULE: ./src/snapshot/remote.js

const RESTORES_AT_ONCE = 8;
class RemoteSnapshots {
    #storeId;
    #lazy;
    #log;
    #held = new Set();
    #restoring = new Map();
    #failures = new Map();
    constructor(options) {
        this.#storeId = options.storeId;
        this.#lazy = options.lazy;
        this.#log = options.log;
    }
    get failures() {
        return this.#failures;
    }
    async mount(id, labels, signal) {
        try {
            const answer = await this.#lazy.mount(this.#holder(id), labels, signal);
            if (!('notLazy' in answer))
                this.#held.add(id);
            return answer;
        }
        catch (error) {
            signal?.throwIfAborted();
            this.#log.error('mounting a layer failed', { error: stackOf(error) });
            return { notLazy: (0,errors/* describeError */.Uc)(error), kind: 'error' };
        }
    }
    async mountpoint(snapshot, labels = snapshot.labels) {
        const { id, layerDigest } = snapshot;
        if (layerDigest === undefined)
            throw new TypeError(`snapshot ${snapshot.name} is not remote`);
        const mounted = this.#held.has(id) ? this.#lazy.lookup(layerDigest) : undefined;
        if (mounted !== undefined)
            return mounted.mountpoint;
        let restoring = this.#restoring.get(id);
        if (restoring === undefined) {
            restoring = this.#restore(snapshot, labels).finally(() => this.#restoring.delete(id));
            this.#restoring.set(id, restoring);
        }
        return restoring;
    }
    async restoreAll(snapshots, signal) {
        const waiting = snapshots.values();
        const worker = async () => {
            for (const snapshot of waiting) {
                if (signal?.aborted)
                    return;
                await this.mountpoint(snapshot).catch((error) => {
                    this.#log.warn("can't restore a layer", { snapshot: snapshot.name, error: (0,errors/* describeError */.Uc)(error) });
                });
            }
        };
        await Promise.all(Array.from({ length: RESTORES_AT_ONCE }, worker));
    }
    async release(snapshot) {
        const { id, layerDigest } = snapshot;
        if (layerDigest === undefined)
            return;
        await this.#restoring.get(id)?.catch(() => { });
        this.#held.delete(id);
        this.#failures.delete(id);
        await this.#lazy.release(this.#holder(id), layerDigest).catch((error) => {
            this.#log.warn("can't release a layer", { layer: layerDigest, error: (0,errors/* describeError */.Uc)(error) });
        });
    }
    async #restore(snapshot, labels) {
        const { id, name, layerDigest } = snapshot;
        if (layerDigest === undefined)
            throw new TypeError(`snapshot ${name} is not remote`);
        const answer = await this.#lazy
            .restore(this.#holder(id), layerDigest, labels)
            .catch((error) => ({ notLazy: (0,errors/* describeError */.Uc)(error), kind: 'error' }));
        if ('notLazy' in answer) {
            this.#failures.set(id, answer.notLazy);
            throw new errors/* LazypullError */.qB('UNAVAILABLE', `layer ${layerDigest} of snapshot ${name} is not mounted: ${answer.notLazy}`);
        }
        this.#failures.delete(id);
        this.#held.add(id);
        return answer.mountpoint;
    }
    #holder(id) {
        return `${this.#storeId}/${id}`;
    }
}
function stackOf(error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

;// CONCATENATED MODULE: ./src/snapshot/report.js

const MAX_FALLBACKS = 500;
class FallbackReport {
    #entries = new Map();
    add(labels, why) {
        const source = parseLayerSource(labels);
        const { imageRef, layerDigest } = source ?? { imageRef: undefined, layerDigest: undefined };
        const key = keyOf(imageRef, layerDigest);
        this.#entries.delete(key);
        this.#entries.set(key, { imageRef, layerDigest, kind: why.kind, reason: why.notLazy, atMs: Date.now() });
        const oldest = this.#entries.keys().next().value;
        if (this.#entries.size > MAX_FALLBACKS && oldest !== undefined)
            this.#entries.delete(oldest);
    }
    clear(labels) {
        const source = parseLayerSource(labels);
        if (source !== undefined)
            this.#entries.delete(keyOf(source.imageRef, source.layerDigest));
    }
    entries() {
        return [...this.#entries.values()];
    }
}
function keyOf(imageRef, layerDigest) {
    return `${imageRef ?? ''}\n${layerDigest ?? ''}`;
}

;// CONCATENATED MODULE: ./src/snapshot/status.js

function statusOf(store, failures, { fallbacks, clock }) {
    const counts = { view: 0, active: 0, committed: 0, remote: 0 };
    const images = new Map();
    const times = new Map();
    for (const { id, kind, layerDigest, name, labels, createdMs } of store.list()) {
        counts[kind]++;
        if (layerDigest === undefined)
            continue;
        counts.remote++;
        const imageRef = parseLayerSource(labels)?.imageRef ?? '';
        const layers = images.get(imageRef) ?? [];
        layers.push({ layerDigest, snapshot: name, problem: failures.get(id) });
        images.set(imageRef, layers);
        const { askedMs, mountedMs } = times.get(imageRef) ?? { askedMs: createdMs, mountedMs: createdMs };
        const span = { askedMs: Math.min(askedMs, createdMs), mountedMs: Math.max(mountedMs ?? 0, createdMs) };
        times.set(imageRef, clock.lookup(imageRef) ?? span);
    }
    for (const { imageRef, atMs } of fallbacks) {
        if (imageRef !== undefined && !times.has(imageRef)) {
            times.set(imageRef, clock.lookup(imageRef) ?? { askedMs: atMs });
        }
    }
    return {
        storeId: store.storeId,
        snapshots: counts,
        images: [...images].map(([imageRef, layers]) => ({ imageRef, layers })),
        fallbacks,
        times,
    };
}

// EXTERNAL MODULE: external "node:sqlite"
var external_node_sqlite_ = __webpack_require__(80099);
;// CONCATENATED MODULE: ./src/snapshot/database.js




const MIGRATIONS = [
    `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
   -- AUTOINCREMENT: an id is also a directory name and a holder of layers, and is never used again.
   CREATE TABLE snapshot (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     name TEXT NOT NULL UNIQUE,
     parent INTEGER REFERENCES snapshot (id),
     kind TEXT NOT NULL CHECK (kind IN ('view', 'active', 'committed')),
     created_ms INTEGER NOT NULL,
     updated_ms INTEGER NOT NULL,
     size INTEGER NOT NULL DEFAULT 0,
     inodes INTEGER NOT NULL DEFAULT 0,
     labels TEXT NOT NULL,
     layer_digest TEXT,
     ref TEXT
   ) STRICT;
   CREATE INDEX snapshot_parent ON snapshot (parent);
   -- What a second client that asks for the same remote snapshot is answered with.
   CREATE UNIQUE INDEX snapshot_ref ON snapshot (ref, ifnull(parent, 0)) WHERE ref IS NOT NULL;`,
];
const LOG_PAGES = 64;
const RESERVE_BYTES = 2 * LOG_PAGES * 4096;
function openDatabase(path) {
    let database;
    try {
        database = new external_node_sqlite_.DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 2000 });
        database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
        migrate(database, path);
        reserveSpace(database, path);
        return database;
    }
    catch (cause) {
        database?.close();
        if (cause instanceof errors/* UserError */.yo)
            throw cause;
        throw new errors/* UserError */.yo(`can't open the snapshot database ${path}: ${(0,errors/* describeError */.Uc)(cause)}`, remedyFor(cause), {
            cause,
        });
    }
}
const SQLITE_FULL = 13;
function remedyFor(cause) {
    if (cause?.errcode === SQLITE_FULL)
        return 'free some space where it lies';
    return 'if no other daemon uses it and it is damaged, delete the folder that it lies in and pull the images again';
}
function reserveSpace(database, path) {
    database.exec(`PRAGMA wal_autocheckpoint = ${LOG_PAGES}`);
    if (((0,external_node_fs_.statSync)(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) >= RESERVE_BYTES)
        return;
    const drop = 'DROP TABLE IF EXISTS reserve';
    try {
        const fill = `CREATE TABLE reserve (bytes BLOB) STRICT; INSERT INTO reserve VALUES (zeroblob(${RESERVE_BYTES}))`;
        inTransaction(database, () => database.exec(`${drop}; ${fill}`));
        inTransaction(database, () => database.exec(drop));
        database.exec('PRAGMA wal_checkpoint(RESTART)');
    }
    catch {
    }
}
function inTransaction(database, work) {
    database.exec('BEGIN IMMEDIATE');
    try {
        const result = work();
        database.exec('COMMIT');
        return result;
    }
    catch (error) {
        if (database.isTransaction)
            database.exec('ROLLBACK');
        throw error;
    }
}
function migrate(database, path) {
    inTransaction(database, () => {
        const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
        if (version > MIGRATIONS.length) {
            throw new errors/* UserError */.yo(`${path} was written by a newer version of lazypull`, 'use that version, or delete the folder');
        }
        for (const step of MIGRATIONS.slice(version))
            database.exec(step);
        database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
        const insert = database.prepare("INSERT OR IGNORE INTO meta (key, value) VALUES ('store_id', ?)");
        insert.run((0,external_node_crypto_.randomUUID)());
    });
}

;// CONCATENATED MODULE: ./src/snapshot/model.js
const NO_USAGE = { size: 0, inodes: 0 };

;// CONCATENATED MODULE: ./src/snapshot/store.js





const SELECT = `SELECT s.*, ifnull(p.name, '') AS parent_name FROM snapshot s LEFT JOIN snapshot p ON p.id = s.parent`;
const CHAIN = `WITH RECURSIVE chain (id, depth) AS (
    SELECT parent, 1 FROM snapshot WHERE id = ? AND parent IS NOT NULL
    UNION ALL SELECT s.parent, depth + 1 FROM chain c JOIN snapshot s ON s.id = c.id WHERE s.parent IS NOT NULL)
  SELECT s.*, ifnull(p.name, '') AS parent_name FROM chain c JOIN snapshot s ON s.id = c.id
    LEFT JOIN snapshot p ON p.id = s.parent ORDER BY c.depth`;
class SnapshotStore {
    storeId;
    #database;
    #now;
    #statements = new Map();
    constructor(path, options = {}) {
        this.#database = openDatabase(path);
        this.#now = options.now ?? Date.now;
        this.storeId = String(this.#get("SELECT value FROM meta WHERE key = 'store_id'")?.['value']);
    }
    find(name) {
        const row = this.#get(`${SELECT} WHERE s.name = ?`, name);
        return row && toSnapshot(row);
    }
    require(name) {
        const snapshot = this.find(name);
        if (snapshot === undefined)
            throw new errors/* LazypullError */.qB('NOT_FOUND', `snapshot ${name} does not exist`);
        return snapshot;
    }
    findRemote(ref, parent) {
        const row = this.#get(`${SELECT} WHERE s.ref = ? AND ifnull(p.name, '') = ?`, ref, parent);
        return row && toSnapshot(row);
    }
    list() {
        return this.#all(`${SELECT} ORDER BY s.id`).map(toSnapshot);
    }
    ancestors(snapshot) {
        return this.#all(CHAIN, snapshot.id).map(toSnapshot);
    }
    create(kind, key, parent, labels) {
        return inTransaction(this.#database, () => {
            const parentId = parent === '' ? null : this.#committed(parent).id;
            this.#requireFree(key);
            const now = this.#now();
            this.#run('INSERT INTO snapshot (name, parent, kind, created_ms, updated_ms, labels) VALUES (?, ?, ?, ?, ?, ?)', [
                key,
                parentId,
                kind,
                now,
                now,
                JSON.stringify(normalizeLabels(labels)),
            ]);
            return this.require(key);
        });
    }
    commit(snapshot, name, labels, usage) {
        this.#commit(snapshot, name, labels, usage, undefined);
    }
    commitRemote(snapshot, name, labels, remote) {
        this.#commit(snapshot, name, labels, NO_USAGE, remote);
    }
    update(name, labels, paths) {
        return inTransaction(this.#database, () => {
            const snapshot = this.require(name);
            const other = paths.find((path) => !isLabelPath(path));
            if (other !== undefined) {
                throw new errors/* LazypullError */.qB('INVALID_ARGUMENT', `can't update field ${other} of snapshot ${name}`);
            }
            const updated = JSON.stringify(updateLabels(snapshot.labels, labels, paths));
            this.#run('UPDATE snapshot SET labels = ?, updated_ms = ? WHERE id = ?', [updated, this.#now(), snapshot.id]);
            return this.require(name);
        });
    }
    remove(name) {
        return inTransaction(this.#database, () => {
            const snapshot = this.require(name);
            const child = this.#get('SELECT name FROM snapshot WHERE parent = ? LIMIT 1', snapshot.id);
            if (child !== undefined) {
                const by = String(child['name']);
                throw new errors/* LazypullError */.qB('FAILED_PRECONDITION', `can't remove snapshot ${name}: it is the parent of ${by}`);
            }
            this.#run('DELETE FROM snapshot WHERE id = ?', [snapshot.id]);
            return snapshot;
        });
    }
    ids() {
        return new Set(this.#all('SELECT id FROM snapshot').map((row) => Number(row['id'])));
    }
    close() {
        if (this.#database.isOpen)
            this.#database.close();
    }
    #commit(snapshot, name, labels, usage, remote) {
        inTransaction(this.#database, () => {
            this.#requireFree(name);
            const { id, kind } = this.require(snapshot.name);
            if (id !== snapshot.id)
                throw new errors/* LazypullError */.qB('NOT_FOUND', `snapshot ${snapshot.name} was removed`);
            if (kind !== 'active')
                throw new errors/* LazypullError */.qB('FAILED_PRECONDITION', `snapshot ${snapshot.name} is not active`);
            const now = this.#now();
            const json = JSON.stringify(normalizeLabels(labels));
            this.#run(`UPDATE snapshot SET name = ?, kind = 'committed', created_ms = ?, updated_ms = ?, labels = ?, size = ?,
           inodes = ?, layer_digest = ?, ref = ? WHERE id = ?`, [name, now, now, json, usage.size, usage.inodes, remote?.layerDigest ?? null, remote?.ref ?? null, id]);
        });
    }
    #committed(name) {
        const snapshot = this.find(name);
        if (snapshot === undefined)
            throw new errors/* LazypullError */.qB('NOT_FOUND', `parent snapshot ${name} does not exist`);
        if (snapshot.kind !== 'committed') {
            throw new errors/* LazypullError */.qB('INVALID_ARGUMENT', `parent snapshot ${name} is not committed`);
        }
        return snapshot;
    }
    #requireFree(name) {
        if (name === '')
            throw new errors/* LazypullError */.qB('INVALID_ARGUMENT', 'a snapshot needs a key');
        if (this.find(name) !== undefined)
            throw new errors/* LazypullError */.qB('ALREADY_EXISTS', `snapshot ${name} already exists`);
    }
    #statement(sql) {
        let statement = this.#statements.get(sql);
        if (statement === undefined)
            this.#statements.set(sql, (statement = this.#database.prepare(sql)));
        return statement;
    }
    #get(sql, ...values) {
        return this.#statement(sql).get(...values);
    }
    #all(sql, ...values) {
        return this.#statement(sql).all(...values);
    }
    #run(sql, values) {
        this.#statement(sql).run(...values);
    }
}
function toSnapshot(row) {
    const layerDigest = row['layer_digest'];
    return {
        id: Number(row['id']),
        name: String(row['name']),
        parent: String(row['parent_name']),
        kind: row['kind'],
        createdMs: Number(row['created_ms']),
        updatedMs: Number(row['updated_ms']),
        labels: JSON.parse(String(row['labels'])),
        usage: { size: Number(row['size']), inodes: Number(row['inodes']) },
        layerDigest: typeof layerDigest === 'string' && (0,oci_digest/* isDigest */.Bc)(layerDigest) ? layerDigest : undefined,
    };
}

;// CONCATENATED MODULE: ./src/snapshot/usage.js


const BLOCK = 512;
const AT_ONCE = 32;
async function diskUsage(root, signal) {
    const first = await (0,promises_.lstat)(root);
    const seen = new Set();
    const total = { size: 0, inodes: 0 };
    const count = (stat) => {
        if (stat.nlink > 1 && !stat.isDirectory()) {
            if (seen.has(stat.ino))
                return;
            seen.add(stat.ino);
        }
        total.size += stat.blocks * BLOCK;
        total.inodes++;
    };
    count(first);
    const folders = [root];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
        const names = await (0,promises_.readdir)(folder).catch(ignoreMissing([]));
        for (let at = 0; at < names.length; at += AT_ONCE) {
            signal?.throwIfAborted();
            const paths = names.slice(at, at + AT_ONCE).map((name) => (0,external_node_path_.join)(folder, name));
            const stats = await Promise.all(paths.map((path) => (0,promises_.lstat)(path).catch(ignoreMissing(undefined))));
            stats.forEach((stat, index) => {
                if (stat === undefined || stat.dev !== first.dev)
                    return;
                count(stat);
                if (stat.isDirectory())
                    folders.push(paths[index] ?? '');
            });
        }
    }
    return total;
}
function ignoreMissing(instead) {
    return (error) => {
        if (error.code === 'ENOENT')
            return instead;
        throw error;
    };
}

;// CONCATENATED MODULE: ./src/snapshot/snapshotter.js















class Snapshotter {
    #store;
    #directories;
    #remote;
    #lazy;
    #overlay;
    #log;
    #fallbacks = new FallbackReport();
    #refs = new KeyedLock();
    #clock;
    #onRemoved;
    constructor(options, directories) {
        this.#log = options.log ?? src_log/* silentLogger */.qq;
        this.#lazy = options.lazy;
        this.#overlay = options.overlay ?? (0,mounts/* probeOverlay */.h1)();
        this.#clock = options.clock ?? new ImageClock();
        this.#onRemoved = options.onRemoved;
        this.#directories = directories;
        this.#store = new SnapshotStore((0,external_node_path_.join)(options.root, 'metadata.db'));
        this.#remote = new RemoteSnapshots({ storeId: this.#store.storeId, lazy: this.#lazy, log: this.#log });
    }
    static async open(options) {
        (0,mounts/* requireOverlayPath */.hh)(options.root);
        const directories = await SnapshotDirectories.open(options.root, options.log ?? src_log/* silentLogger */.qq);
        return new Snapshotter(options, directories);
    }
    async restore(signal) {
        const remote = this.#store.list().filter((snapshot) => snapshot.layerDigest !== undefined);
        await this.#remote.restoreAll(remote, signal);
    }
    async prepare(key, parent, labels, signal) {
        const snapshot = this.#store.create('active', key, parent, labels);
        const ref = snapshot.labels[REF_LABEL];
        if (ref !== undefined)
            this.#tell(snapshot.labels, (imageRef) => this.#clock.asked(imageRef));
        return this.#orDiscard(snapshot, async () => {
            if (ref === undefined)
                return this.#setUp(snapshot, signal);
            const queue = JSON.stringify([ref, parent]);
            if (await this.#refs.run(queue, () => this.#becomeRemote(snapshot, ref, signal))) {
                throw new errors/* LazypullError */.qB('ALREADY_EXISTS', `remote snapshot for ${ref} already exists`);
            }
            return this.#setUp(snapshot, signal);
        });
    }
    async view(key, parent, labels, signal) {
        const snapshot = this.#store.create('view', key, parent, labels);
        return this.#orDiscard(snapshot, () => this.#setUp(snapshot, signal));
    }
    async mounts(key, signal) {
        const snapshot = this.#store.require(key);
        const lower = await this.#lowerDirectories(snapshot, { use: true }, signal);
        return this.#mountsOf(snapshot, lower);
    }
    async commit(name, key, labels, signal) {
        const snapshot = this.#store.require(key);
        if (snapshot.kind !== 'active')
            throw new errors/* LazypullError */.qB('FAILED_PRECONDITION', `snapshot ${key} is not active`);
        const usage = await diskUsage(this.#directories.fs(snapshot.id), signal);
        this.#store.commit(snapshot, name, labels, usage);
    }
    async remove(key) {
        const snapshot = this.#store.remove(key);
        const { layerDigest, createdMs } = snapshot;
        if (layerDigest === undefined) {
            this.#directories.remove(snapshot.id);
            return;
        }
        await this.#remote.release(snapshot);
        this.#tell(snapshot.labels, (imageRef) => {
            const times = this.#clock.lookup(imageRef) ?? { askedMs: createdMs, mountedMs: createdMs };
            this.#onRemoved?.({ imageRef, layerDigest, times });
            this.#clock.removed(imageRef);
        });
    }
    async stat(key) {
        return this.#store.require(key);
    }
    async update(name, labels, paths) {
        const snapshot = this.#store.update(name, labels, paths);
        if (snapshot.layerDigest !== undefined)
            this.#lazy.refresh(snapshot.layerDigest, snapshot.labels);
        return snapshot;
    }
    async list(filters) {
        return this.#store.list().filter(parseFilters(filters));
    }
    async usage(key, signal) {
        const { id, kind, usage } = this.#store.require(key);
        return kind === 'active' ? diskUsage(this.#directories.fs(id), signal) : usage;
    }
    async cleanup() {
        await this.#directories.removeOrphans(() => this.#store.ids());
    }
    status() {
        return statusOf(this.#store, this.#remote.failures, { fallbacks: this.#fallbacks.entries(), clock: this.#clock });
    }
    async close() {
        await this.#directories.settled();
        this.#store.close();
    }
    async #becomeRemote(snapshot, ref, signal) {
        signal?.throwIfAborted();
        const { id, parent, labels } = snapshot;
        const existing = this.#store.findRemote(ref, parent);
        if (existing !== undefined)
            return this.#joinRemote(snapshot, existing);
        const layer = await this.#remote.mount(id, labels, signal);
        if ('notLazy' in layer) {
            this.#fallbacks.add(labels, layer);
            const source = parseLayerSource(labels);
            this.#log.info('layer is not lazy', {
                image: source?.imageRef,
                layer: source?.layerDigest,
                reason: layer.notLazy,
            });
            return false;
        }
        try {
            const { layerDigest } = layer;
            const remoteLabels = { ...labels, [REMOTE_LABEL]: REMOTE_VALUE };
            this.#store.commitRemote(snapshot, `remote/${id}/${ref}`, remoteLabels, { layerDigest, ref });
        }
        catch (error) {
            await this.#remote.release({ ...snapshot, layerDigest: layer.layerDigest });
            throw error;
        }
        this.#fallbacks.clear(labels);
        this.#tell(labels, (imageRef) => this.#clock.mounted(imageRef));
        return true;
    }
    async #joinRemote(snapshot, existing) {
        const { labels } = snapshot;
        const { layerDigest } = existing;
        if (layerDigest === undefined || parseLayerSource(labels)?.layerDigest !== layerDigest) {
            const notLazy = `another blob, ${layerDigest}, is mounted for the same chain of layers`;
            this.#fallbacks.add(labels, { notLazy, kind: 'error' });
            return false;
        }
        try {
            await this.#remote.mountpoint(existing, labels);
        }
        catch (error) {
            this.#fallbacks.add(labels, { notLazy: (0,errors/* describeError */.Uc)(error), kind: 'error' });
            return false;
        }
        this.#lazy.refresh(layerDigest, labels);
        this.#fallbacks.clear(labels);
        this.#tell(labels, (imageRef) => this.#clock.joined(imageRef));
        return true;
    }
    async #setUp(snapshot, signal) {
        const unpacking = snapshot.labels[REF_LABEL] !== undefined;
        if (!unpacking && !isUnpacking(snapshot.name))
            this.#noteStart(snapshot);
        const lower = await this.#lowerDirectories(snapshot, { use: !unpacking }, signal);
        const owner = lower[0] === undefined ? undefined : await (0,promises_.stat)(lower[0]);
        signal?.throwIfAborted();
        const kind = snapshot.kind === 'view' ? 'view' : 'active';
        await this.#directories.create(snapshot.id, kind, owner);
        return this.#mountsOf(snapshot, lower);
    }
    async #lowerDirectories(snapshot, options, signal) {
        if (snapshot.kind === 'committed') {
            throw new errors/* LazypullError */.qB('FAILED_PRECONDITION', `snapshot ${snapshot.name} is committed: it has no mounts`);
        }
        const ancestors = this.#store.ancestors(snapshot);
        const lower = await Promise.all(ancestors.map(async (ancestor) => ancestor.layerDigest === undefined ? this.#directories.fs(ancestor.id) : this.#remote.mountpoint(ancestor)));
        const layers = ancestors.flatMap(({ layerDigest }) => layerDigest ?? []);
        if (options.use && layers.length > 0)
            await this.#lazy.ready(layers, signal);
        return lower;
    }
    #noteStart(snapshot) {
        const named = this.#store.ancestors(snapshot).find(({ labels }) => parseLayerSource(labels) !== undefined);
        if (named !== undefined)
            this.#tell(named.labels, (imageRef) => this.#clock.started(imageRef));
    }
    #tell(labels, what) {
        const imageRef = parseLayerSource(labels)?.imageRef;
        if (imageRef !== undefined)
            what(imageRef);
    }
    #mountsOf(snapshot, lower) {
        const { id } = snapshot;
        const kind = snapshot.kind === 'view' ? 'view' : 'active';
        const paths = { kind, fs: this.#directories.fs(id), work: this.#directories.work(id), lower };
        return (0,mounts/* mountsOf */.cS)(paths, this.#overlay);
    }
    async #orDiscard(snapshot, work) {
        try {
            return await work();
        }
        catch (error) {
            if (this.#store.find(snapshot.name)?.id === snapshot.id)
                this.#store.remove(snapshot.name);
            if (!this.#store.ids().has(snapshot.id))
                this.#directories.remove(snapshot.id);
            throw error;
        }
    }
}

// EXTERNAL MODULE: ./src/version.js
var version = __webpack_require__(24493);
// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(37067);
;// CONCATENATED MODULE: ./src/daemon/hot-request.js


function parseHotLoad(body) {
    return { directory: directoryOf(fieldsOf(body)) };
}
function parseHotSave(body) {
    const fields = fieldsOf(body);
    const { limitBytes, skipPrivate = false } = fields;
    if (!Number.isSafeInteger(limitBytes) || limitBytes < 0) {
        throw invalid('limitBytes', 'a whole number of bytes', limitBytes);
    }
    if (typeof skipPrivate !== 'boolean')
        throw invalid('skipPrivate', 'true or false', skipPrivate);
    return { directory: directoryOf(fields), limitBytes: limitBytes, skipPrivate };
}
function fieldsOf(body) {
    if (typeof body === 'object' && body !== null && !Array.isArray(body))
        return body;
    throw new errors/* LazypullError */.qB('INVALID_ARGUMENT', 'hot request: the body is not a JSON object');
}
function directoryOf({ directory }) {
    const usable = typeof directory === 'string' && (0,external_node_path_.isAbsolute)(directory) && !directory.includes('\0');
    if (usable && directory.length <= 4096)
        return directory;
    throw invalid('directory', 'an absolute path', directory);
}
function invalid(field, wanted, got) {
    const shown = (JSON.stringify(got) ?? 'nothing').slice(0, 200);
    return new errors/* LazypullError */.qB('INVALID_ARGUMENT', `hot request: ${field} wants ${wanted}, got ${shown}`);
}

;// CONCATENATED MODULE: ./src/daemon/pull-request.js

const MAX_LENGTH = 4096;
function parsePullRequest(body) {
    const fields = typeof body === 'object' && body !== null ? body : {};
    const text = (name) => {
        const value = fields[name];
        if (typeof value === 'string' && value !== '' && value.length <= MAX_LENGTH)
            return value;
        throw new errors/* LazypullError */.qB('INVALID_ARGUMENT', `pull request: ${name}`);
    };
    const address = text('address');
    if (!address.startsWith('/'))
        throw new errors/* LazypullError */.qB('INVALID_ARGUMENT', 'pull request: address is not an absolute path');
    return {
        reference: text('reference'),
        platform: text('platform'),
        address,
        namespace: text('namespace'),
        snapshotter: text('snapshotter'),
        plainHttp: fields['plainHttp'] === true,
    };
}

// EXTERNAL MODULE: ./src/daemon/warm-request.js
var warm_request = __webpack_require__(95965);
;// CONCATENATED MODULE: ./src/daemon/control.js







const JSON_TYPE = 'application/json';
const TEXT_TYPE = 'text/plain; charset=utf-8';
const MAX_BODY_BYTES = 1 << 20;
async function startControl(options) {
    const { socket, handlers, log } = options;
    const open = openRoutes(handlers);
    const servers = [];
    let inode;
    const close = async () => {
        await closeAll(servers);
        if (inode !== undefined && inodeOf(socket) === inode)
            (0,external_node_fs_.rmSync)(socket);
    };
    try {
        const unix = serve(new Map([...open, ...privateRoutes(handlers)]), log, (...call) => handlers.pull(...call));
        servers.push(unix);
        const temporary = await (0,grpc_socket/* claimSocket */._1)(socket);
        await listen(unix, { path: temporary }, `the control socket ${socket}`);
        await (0,grpc_socket/* publishSocket */.dO)(temporary, socket, 0o600);
        inode = inodeOf(socket);
        const tcp = options.tcpAddress === undefined || options.tcpAddress === '' ? undefined : serve(open, log);
        if (tcp !== undefined) {
            servers.push(tcp);
            await listen(tcp, splitAddress(options.tcpAddress ?? ''), `metrics.address ${options.tcpAddress}`);
        }
        return { tcpAddress: tcp === undefined ? undefined : boundAddress(tcp), close };
    }
    catch (error) {
        await close();
        throw error;
    }
}
function openRoutes(handlers) {
    return new Map([
        [
            'GET /healthz',
            () => {
                const { ok, detail } = handlers.health();
                return { status: ok ? 200 : 503, type: TEXT_TYPE, body: `${detail}\n` };
            },
        ],
        [
            'GET /metrics',
            async () => {
                const { contentType, text } = await handlers.metrics();
                return { status: 200, type: contentType, body: text };
            },
        ],
    ]);
}
function privateRoutes(handlers) {
    return new Map([
        ['GET /v1/status', async () => json(200, await handlers.status())],
        ['GET /v1/config', () => ({ status: 200, type: TEXT_TYPE, body: handlers.config() })],
        [
            'POST /v1/warm',
            (body) => {
                handlers.warm((0,warm_request/* parseWarmRequest */.c)(parseBody(body)));
                return json(202, {});
            },
        ],
        ['POST /v1/hot/save', async (body) => json(200, await handlers.hotSave(parseHotSave(parseBody(body))))],
        ['POST /v1/hot/load', async (body) => json(200, await handlers.hotLoad(parseHotLoad(parseBody(body))))],
        [
            'POST /v1/restart',
            () => {
                setTimeout(() => handlers.restart(), 50);
                return json(202, {});
            },
        ],
    ]);
}
function serve(routes, log, pull) {
    const server = (0,external_node_http_.createServer)((request, response) => {
        const isPull = pull !== undefined && request.method === 'POST' && request.url === '/v1/pull';
        (isPull ? streamPull(pull, request, response) : handle(routes, request, response)).catch((error) => {
            log.debug('control request failed', { error });
            response.destroy();
        });
    });
    server.requestTimeout = 10_000;
    server.headersTimeout = 5000;
    return server;
}
async function handle(routes, request, response) {
    const answer = await answerTo(routes, request).catch(failed);
    response.writeHead(answer.status, { 'content-type': answer.type, 'content-length': Buffer.byteLength(answer.body) });
    response.end(answer.body);
}
async function streamPull(pull, request, response) {
    const gone = new AbortController();
    response.on('close', () => gone.abort(new errors/* LazypullError */.qB('ABORTED', 'the client went away')));
    const say = (event) => void response.write(`${JSON.stringify(event)}\n`);
    try {
        const wanted = parsePullRequest(parseBody(await readBody(request)));
        response.writeHead(200, { 'content-type': 'application/x-ndjson' });
        say({ result: await pull(wanted, (progress) => say({ progress }), gone.signal) });
    }
    catch (error) {
        if (!response.headersSent)
            response.writeHead(400, { 'content-type': JSON_TYPE });
        const code = error instanceof errors/* LazypullError */.qB ? error.code : 'UNKNOWN';
        const status = error instanceof errors/* RegistryError */.gl && error.status !== undefined ? { status: error.status } : {};
        say({ error: { code, message: (0,errors/* describeError */.Uc)(error), ...status } });
    }
    response.end();
}
async function answerTo(routes, request) {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const route = routes.get(`${request.method} ${path}`);
    if (route !== undefined)
        return await route(await readBody(request));
    const otherMethod = [...routes.keys()].some((key) => key.endsWith(` ${path}`));
    return json(otherMethod ? 405 : 404, {
        code: otherMethod ? 'INVALID_ARGUMENT' : 'NOT_FOUND',
        message: `no ${request.method} ${path}`,
    });
}
function failed(error) {
    const code = error instanceof errors/* LazypullError */.qB ? error.code : 'UNKNOWN';
    return json(code === 'INVALID_ARGUMENT' || code === 'CONFIG' ? 400 : 500, { code, message: (0,errors/* describeError */.Uc)(error) });
}
async function readBody(request) {
    const parts = [];
    let length = 0;
    for await (const part of request) {
        length += part.length;
        if (length > MAX_BODY_BYTES)
            throw new errors/* LazypullError */.qB('INVALID_ARGUMENT', `a body of more than ${MAX_BODY_BYTES} bytes`);
        parts.push(part);
    }
    return Buffer.concat(parts).toString('utf8');
}
function parseBody(body) {
    try {
        return JSON.parse(body);
    }
    catch (cause) {
        throw new errors/* LazypullError */.qB('INVALID_ARGUMENT', 'the body is not JSON', { cause });
    }
}
function json(status, value) {
    return { status, type: JSON_TYPE, body: `${JSON.stringify(value)}\n` };
}
function inodeOf(path) {
    return (0,external_node_fs_.lstatSync)(path, { bigint: true, throwIfNoEntry: false })?.ino;
}
function listen(server, where, name) {
    return new Promise((resolve, reject) => {
        server.once('error', (cause) => {
            reject(new errors/* UserError */.yo(`can't listen on ${name}: ${cause.code ?? cause.message}`, undefined, { cause }));
        });
        server.listen(where, resolve);
    });
}
function splitAddress(address) {
    const at = address.lastIndexOf(':');
    return { host: address.slice(0, at).replaceAll(/[[\]]/g, ''), port: Number(address.slice(at + 1)) };
}
function boundAddress(server) {
    const bound = server.address();
    if (bound === null || typeof bound === 'string')
        return '';
    return bound.family === 'IPv6' ? `[${bound.address}]:${bound.port}` : `${bound.address}:${bound.port}`;
}
async function closeAll(servers) {
    const closing = servers
        .filter((server) => server.listening)
        .map(async (server) => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
    });
    await Promise.all(closing);
}

;// CONCATENATED MODULE: ./src/layer/hot-folder.js




const TEMPORARY_SUFFIX = '.tmp';
function temporaryPackPath(folder, digest) {
    return (0,external_node_path_.join)(folder, `${(0,hot_pack/* packName */.HC)(digest)}${TEMPORARY_SUFFIX}`);
}
async function listPacks(folder) {
    const names = (await hot_folder_explain(folder, () => (0,promises_.readdir)(folder))).filter((name) => !isTemporary(name));
    const packs = [];
    for (const file of names) {
        const digest = (0,hot_pack/* packDigest */.Ep)(file);
        const path = (0,external_node_path_.join)(folder, file);
        if (digest !== undefined)
            packs.push({ file, path, digest, bytes: (await (0,promises_.stat)(path).catch(() => undefined))?.size ?? 0 });
    }
    packs.sort((a, b) => b.bytes - a.bytes);
    return { packs, others: names.filter((name) => (0,hot_pack/* packDigest */.Ep)(name) === undefined) };
}
async function preparePackFolder(folder) {
    const made = await hot_folder_explain(folder, () => (0,promises_.mkdir)(folder, { recursive: true, mode: 0o755 }));
    if (made !== undefined)
        await (0,promises_.chmod)(folder, 0o755);
    const names = await hot_folder_explain(folder, () => (0,promises_.readdir)(folder));
    const foreign = names.find((name) => (0,hot_pack/* packDigest */.Ep)(name) === undefined && !isTemporary(name));
    if (foreign !== undefined) {
        throw new errors/* UserError */.yo(`${folder} has something else in it than hot packs: ${JSON.stringify(foreign)}`, 'Name a folder that is empty, or that was saved into before.');
    }
    await Promise.all(names.filter(isTemporary).map((name) => (0,promises_.rm)((0,external_node_path_.join)(folder, name), { force: true })));
}
async function cleanPackFolder(folder, written) {
    const keep = new Set(written.map(hot_pack/* packName */.HC));
    const old = (await (0,promises_.readdir)(folder)).filter((name) => !keep.has(name));
    await Promise.all(old.map((name) => (0,promises_.rm)((0,external_node_path_.join)(folder, name), { force: true })));
}
function isTemporary(name) {
    return name.endsWith(TEMPORARY_SUFFIX) && (0,hot_pack/* packDigest */.Ep)(name.slice(0, -TEMPORARY_SUFFIX.length)) !== undefined;
}
async function hot_folder_explain(folder, work) {
    try {
        return await work();
    }
    catch (cause) {
        const { code } = cause;
        throw new errors/* UserError */.yo(`can't use the folder ${folder} for hot packs: ${code}`, undefined, { cause });
    }
}

// EXTERNAL MODULE: ./src/layer/hot-read.js
var hot_read = __webpack_require__(60377);
;// CONCATENATED MODULE: ./src/layer/hot-load.js
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





const TASK_BYTES = 4 * 1024 * 1024;
const OPEN_FLAGS = external_node_fs_.constants.O_RDONLY | external_node_fs_.constants.O_NOFOLLOW | external_node_fs_.constants.O_NONBLOCK;
async function loadPack(store, workers, { path, digest }) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const file = __addDisposableResource(env_1, await (0,promises_.open)(path, OPEN_FLAGS), true);
        if (!(await file.stat()).isFile())
            throw new errors/* FormatError */.IF('hot pack: not a regular file');
        const opened = await workers.run('open', file.fd);
        const { header, toc } = opened;
        if (header.digest !== digest)
            throw new errors/* FormatError */.IF(`hot pack: of layer ${header.digest}, its name says ${digest}`);
        const { tocDigest, tocChecksum, isAnonymous } = header;
        const layer = await store.openLayer({ digest, tocDigest, tocChecksum, packed: { toc, isAnonymous } });
        try {
            return await fill(store, workers, { layer, opened, fd: file.fd });
        }
        finally {
            await layer.dispose();
        }
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
async function fill(store, workers, { layer, opened, fd }) {
    const { header, dataStart } = opened;
    const { chunks, readsKnown } = header;
    const sum = { chunks: 0, bytes: 0, damagedChunks: 0 };
    let stoppedBy;
    let checked = false;
    for (const part of partsOf(header)) {
        await layer.restore(async (target) => {
            if (!checked)
                (0,hot_read/* requireSameChunks */.QV)(header, target.chunks.table);
            checked = true;
            const task = { fd, packOffset: dataStart + part.offset, chunks: part.chunks, target };
            const stored = await workers.run('store', task);
            sum.chunks += stored.storedChunks;
            sum.bytes += stored.storedBytes;
            sum.damagedChunks += stored.damagedChunks;
            if (stored.diskError !== undefined)
                stoppedBy = (0,error_codec/* decodeError */.l)(stored.diskError).message;
            return stored;
        }, readsKnown);
        if (stoppedBy !== undefined)
            break;
    }
    store.hot.noteRestored(layer.digest, { chunks, readsKnown, bytes: sum.bytes });
    return { ...sum, stoppedBy };
}
function* partsOf({ chunks, sizes }) {
    let [from, offset, bytes] = [0, 0, 0];
    for (const [i, size] of sizes.entries()) {
        bytes += size;
        if (bytes < TASK_BYTES && i + 1 < sizes.length)
            continue;
        yield { offset, chunks: chunks.slice(from, i + 1) };
        [from, offset, bytes] = [i + 1, offset + bytes, 0];
    }
}

;// CONCATENATED MODULE: ./src/layer/hot-plan.js

const TURN_BYTES = 256 * 1024;
const BYTES_PER_CHUNK = (0,hot_pack/* packHeaderBytes */.Ow)(1) - (0,hot_pack/* packHeaderBytes */.Ow)(0);
function planPacks(wishes, limitBytes) {
    let left = limitBytes;
    const counts = wishes.map(({ tocFileBytes }) => {
        const bytes = (0,hot_pack/* packBytes */.P0)(tocFileBytes, new Uint32Array());
        if (bytes > left)
            return undefined;
        left -= bytes;
        return 0;
    });
    const taken = wishes.map(() => 0);
    const takesTurn = (i, turn) => {
        while (taken[i] < turn * TURN_BYTES) {
            const size = wishes[i].sizes[counts[i]];
            if (size === undefined || size + BYTES_PER_CHUNK > left)
                return false;
            const bytes = size + BYTES_PER_CHUNK;
            left -= bytes;
            taken[i] += bytes;
            counts[i]++;
        }
        return true;
    };
    let open = counts.flatMap((count, i) => (count === undefined ? [] : [i]));
    for (let turn = 1; open.length > 0; turn++)
        open = open.filter((i) => takesTurn(i, turn));
    return counts;
}

;// CONCATENATED MODULE: ./src/layer/hot-save.js






async function savePacks(store, workers, request) {
    const { limitBytes, written } = request;
    const skipped = [];
    const skip = (digest, reason) => void skipped.push({ digest, reason });
    const candidates = await lookAt(store, workers, request, skip);
    const wishes = candidates.map(({ survey }) => survey);
    const counts = planPacks(wishes, limitBytes);
    const sum = { chunks: 0, bytes: 0 };
    await workers.forEach(candidates, async ({ choice, survey }, i) => {
        const { digest } = choice;
        const count = counts[i];
        if (count === undefined)
            return skip(digest, `no room for it: the limit is ${limitBytes} bytes`);
        try {
            const bytes = await writeOne(store, workers, { choice, survey, count, folder: request.folder });
            sum.bytes += bytes;
            sum.chunks += count;
            written.push(digest);
        }
        catch (error) {
            skip(digest, (0,errors/* describeError */.Uc)(error));
        }
    });
    return { layers: written.length, ...sum, skipped };
}
async function lookAt(store, workers, { skipPrivate }, skip) {
    const choices = store.hot.choices(store.uses());
    const found = choices.map(() => undefined);
    await workers.forEach(choices, async (choice, i) => {
        const { digest, chunks } = choice;
        try {
            const task = { dir: store.folderOf(digest), digest, bootId: store.bootId, wanted: chunks };
            const survey = await workers.run('survey', task);
            if ('reason' in survey)
                skip(digest, survey.reason);
            else if (skipPrivate && !choice.isAnonymous && !survey.isAnonymous)
                skip(digest, PRIVATE);
            else
                found[i] = { choice, survey };
        }
        catch (error) {
            skip(digest, (0,errors/* describeError */.Uc)(error));
        }
    });
    return found.filter((candidate) => candidate !== undefined);
}
const PRIVATE = 'no registry is known to give it to somebody without credentials';
async function writeOne(store, workers, { choice, survey, count, folder }) {
    const { digest, readsKnown } = choice;
    const { tocDigest, tocChecksum, tocFileBytes } = survey;
    const header = {
        digest,
        tocDigest,
        tocChecksum,
        readsKnown,
        isAnonymous: choice.isAnonymous || survey.isAnonymous,
        tocFileBytes,
        chunks: survey.chunks.slice(0, count),
        sizes: survey.sizes.slice(0, count),
    };
    const path = temporaryPackPath(folder, digest);
    const imageOffsets = survey.imageOffsets.slice(0, count);
    const bytes = await workers.run('write', { dir: store.folderOf(digest), path, header, imageOffsets });
    await (0,promises_.rename)(path, (0,external_node_path_.join)(folder, (0,hot_pack/* packName */.HC)(digest)));
    return bytes;
}

;// CONCATENATED MODULE: ./src/layer/hot-workers.js


const hot_workers_IDLE_MS = 2000;
const HEAP_MB = 256;
class HotWorkers {
    size;
    #pool;
    constructor(size) {
        this.size = size;
        const url = (0,worker_url/* workerUrl */.O)('./hot-worker', import.meta.url);
        this.#pool = new worker_pool/* WorkerPool */.T({ url, name: 'hot', size, idleMs: hot_workers_IDLE_MS, maxHeapMb: HEAP_MB });
    }
    async run(kind, task) {
        return await this.#pool.run({ kind, task }, [], 'demand');
    }
    async forEach(items, work) {
        const left = items.entries();
        const lane = async () => {
            for (const [index, item] of left)
                await work(item, index);
        };
        await Promise.all(Array.from({ length: this.size }, lane));
    }
    async close() {
        await this.#pool.close();
    }
    [Symbol.asyncDispose]() {
        return this.close();
    }
}

;// CONCATENATED MODULE: ./src/layer/hot-packs.js






class HotPacks {
    #store;
    #workers = new HotWorkers(Math.min(4, (0,external_node_os_.availableParallelism)()));
    constructor(store) {
        this.#store = store;
    }
    async load(folder) {
        const startedMs = performance.now();
        const { packs, others } = await listPacks(folder);
        const refused = others.map((file) => ({ file, reason: 'not a hot pack' }));
        const loaded = [];
        await this.#workers.forEach(packs, async ({ file, path, digest }) => {
            try {
                const pack = await loadPack(this.#store, this.#workers, { path, digest });
                loaded.push(pack);
                if (pack.stoppedBy !== undefined)
                    refused.push({ file, reason: pack.stoppedBy });
            }
            catch (error) {
                refused.push({ file, reason: (0,errors/* describeError */.Uc)(error) });
            }
        });
        const sum = (key) => loaded.reduce((all, one) => all + one[key], 0);
        const counts = { chunks: sum('chunks'), bytes: sum('bytes'), damagedChunks: sum('damagedChunks') };
        return { layers: loaded.length, ...counts, ms: Math.round(performance.now() - startedMs), refused };
    }
    async save(folder, options) {
        await preparePackFolder(folder);
        const written = [];
        const saved = await savePacks(this.#store, this.#workers, { ...options, folder, written });
        await cleanPackFolder(folder, written);
        return saved;
    }
    async close() {
        await this.#workers.close();
    }
    [Symbol.asyncDispose]() {
        return this.close();
    }
}

;// CONCATENATED MODULE: ./src/daemon/hot.js



class HotService {
    #options;
    #packs;
    #lock = new KeyedLock();
    constructor(options) {
        this.#options = options;
        this.#packs = new HotPacks(options.store);
    }
    load({ directory }) {
        const { log, unsupported } = this.#options;
        return this.#lock.run('', async () => {
            if (unsupported !== undefined) {
                throw new errors/* LazypullError */.qB('UNSUPPORTED', `layers loaded here would not be used: ${unsupported}`);
            }
            const loaded = await this.#packs.load(directory);
            const { refused, ...counts } = loaded;
            log.info('hot packs loaded', { directory, ...counts, refused: refused.length });
            for (const { file, reason } of refused)
                log.warn('a hot pack is not used', { file, reason });
            return loaded;
        });
    }
    save({ directory, ...options }) {
        const { log } = this.#options;
        return this.#lock.run('', async () => {
            const saved = await this.#packs.save(directory, options);
            const { skipped, ...counts } = saved;
            log.info('hot packs saved', { directory, ...options, ...counts, skipped: skipped.length });
            for (const { digest, reason } of skipped)
                log.debug('a layer is not saved', { layer: digest, reason });
            return saved;
        });
    }
    async close() {
        await this.#packs.close();
    }
}

;// CONCATENATED MODULE: ./src/daemon/image-history.js
const image_history_MAX_IMAGES = 200;
class ImageHistory {
    #images = new Map();
    constructor(former = []) {
        for (const image of former)
            this.#set(image);
    }
    add({ ref, consumer, layer, timeline }) {
        const before = this.#images.get(image_history_keyOf({ ref, consumer }));
        this.#set({
            ref,
            consumer,
            layers: withLayer(before?.layers ?? [], layer),
            timeline: before === undefined ? timeline : merged(before.timeline, timeline),
        });
    }
    entries() {
        return [...this.#images.values()];
    }
    #set(image) {
        const key = image_history_keyOf(image);
        this.#images.delete(key);
        this.#images.set(key, image);
        const oldest = this.#images.keys().next().value;
        if (this.#images.size > image_history_MAX_IMAGES && oldest !== undefined)
            this.#images.delete(oldest);
    }
}
function withLayer(layers, layer) {
    const known = layers.findIndex(({ digest }) => digest === layer.digest);
    return known < 0 ? [layer, ...layers] : layers.with(known, layer);
}
function merged(before, now) {
    if (before.askedMs !== now.askedMs) {
        return before.startedMs === undefined && now.startedMs !== undefined ? now : before;
    }
    const reads = [before, now].flatMap(({ firstReadMs }) => firstReadMs ?? []);
    return reads.length === 0 ? now : { ...now, firstReadMs: Math.min(...reads) };
}
function image_history_keyOf({ ref, consumer }) {
    return `${consumer ?? ''}\n${ref}`;
}

;// CONCATENATED MODULE: ./src/daemon/layer-ledger.js
const layer_ledger_MAX_LAYERS = 2000;
class LayerLedger {
    #closed = new Map();
    constructor(former = []) {
        for (const layer of former)
            this.#set(layer);
    }
    close(status) {
        this.#set(this.total(status));
    }
    lookup(digest) {
        return this.#closed.get(digest);
    }
    total(status) {
        const before = this.#closed.get(status.digest);
        return before === undefined ? status : addCounts(before, status);
    }
    entries() {
        return [...this.#closed.values()];
    }
    #set(layer) {
        this.#closed.delete(layer.digest);
        this.#closed.set(layer.digest, layer);
        const oldest = this.#closed.keys().next().value;
        if (this.#closed.size > layer_ledger_MAX_LAYERS && oldest !== undefined)
            this.#closed.delete(oldest);
    }
}
function addCounts(before, now) {
    const usedChunks = Math.max(before.usedChunks, now.usedChunks);
    const missedChunks = Math.max(before.usedChunks - before.hitChunks, now.usedChunks - now.hitChunks);
    const firstReadMs = before.firstReadMs ?? now.firstReadMs;
    return {
        ...now,
        fetchedBytes: before.fetchedBytes + now.fetchedBytes,
        requests: before.requests + now.requests,
        faults: before.faults + now.faults,
        waitedMs: before.waitedMs + now.waitedMs,
        usedChunks,
        usedBytes: Math.max(before.usedBytes, now.usedBytes),
        hitChunks: usedChunks - missedChunks,
        restoredBytes: Math.max(before.restoredBytes, now.restoredBytes),
        ...(firstReadMs === undefined ? {} : { firstReadMs }),
    };
}

;// CONCATENATED MODULE: ./src/daemon/image-report.js


class ImageReport {
    #layers;
    #ledger;
    #history;
    constructor(layers, former = { history: [], layers: [] }) {
        this.#layers = layers;
        this.#ledger = new LayerLedger(former.layers);
        this.#history = new ImageHistory(former.history);
    }
    released(held) {
        this.#ledger.close(liveStatus(held));
    }
    removed(consumer, { imageRef, layerDigest, times }) {
        const layer = this.#layer(layerDigest, undefined);
        this.#history.add({ ref: imageRef, consumer, layer, timeline: timeline(times, [layer]) });
    }
    history() {
        return this.#history.entries();
    }
    memory() {
        const held = [...this.#layers.held()].map((one) => this.#ledger.total(liveStatus(one)));
        const digests = new Set(held.map(({ digest }) => digest));
        const closed = this.#ledger.entries().filter(({ digest }) => !digests.has(digest));
        return { history: this.history(), layers: [...closed, ...held] };
    }
    images(consumer, status) {
        const images = new Map();
        const layersOf = (ref) => {
            const layers = images.get(ref) ?? [];
            images.set(ref, layers);
            return layers;
        };
        for (const { imageRef, layers } of status.images) {
            layersOf(imageRef).push(...layers.map(({ layerDigest, problem }) => this.#layer(layerDigest, problem)));
        }
        for (const { imageRef, layerDigest, kind, reason } of status.fallbacks) {
            if (imageRef === undefined || layerDigest === undefined)
                continue;
            layersOf(imageRef).push({ ...NO_COUNTS, digest: layerDigest, state: 'ordinary', kind, reason });
        }
        return [...images].map(([ref, layers]) => {
            const times = status.times.get(ref);
            if (times === undefined)
                throw new TypeError(`nobody knows when image ${ref} came`);
            return { ref, consumer, layers, timeline: timeline(times, layers) };
        });
    }
    #layer(digest, problem) {
        const held = this.#layers.lookupHeld(digest);
        if (held !== undefined)
            return this.#ledger.total(liveStatus(held));
        const before = this.#ledger.lookup(digest) ?? { ...NO_COUNTS, digest, state: 'lazy' };
        return problem === undefined ? before : { ...before, state: 'lazy', reason: problem, kind: 'error' };
    }
}
function liveStatus({ layer, prefetch }) {
    const stats = layer.stats();
    const { fetchedBytes, requests, faults, usedChunks, usedBytes, hitChunks, restoredBytes } = stats;
    const { firstReadMs } = layer;
    return {
        digest: layer.digest,
        size: layer.blobSize,
        state: layer.complete ? 'complete' : 'lazy',
        presentBytes: stats.presentBytes,
        imageBytes: stats.fileBytes,
        fetchedBytes,
        requests,
        faults,
        waitedMs: Math.round(stats.waitedMs),
        usedChunks,
        usedBytes,
        hitChunks,
        restoredBytes,
        ...(firstReadMs === undefined ? {} : { firstReadMs }),
        ...(prefetch === undefined ? {} : { prefetch: { state: prefetch, bytes: stats.prefetchedBytes } }),
    };
}
function timeline(times, layers) {
    const reads = layers.flatMap(({ firstReadMs }) => firstReadMs ?? []).filter((ms) => ms >= times.askedMs);
    return reads.length === 0 ? times : { ...times, firstReadMs: Math.min(...reads) };
}
const NO_COUNTS = {
    presentBytes: 0,
    imageBytes: 0,
    fetchedBytes: 0,
    requests: 0,
    faults: 0,
    waitedMs: 0,
    usedChunks: 0,
    usedBytes: 0,
    hitChunks: 0,
    restoredBytes: 0,
};

// EXTERNAL MODULE: ./src/fuse/mountinfo.js
var mountinfo = __webpack_require__(99370);
;// CONCATENATED MODULE: ./src/daemon/layer-mounts.js






const NAME_DIGITS = 16;
class LayerMounts {
    #options;
    #byNode = new Map();
    constructor(options) {
        this.#options = options;
    }
    mountpoint(digest) {
        return (0,external_node_path_.join)(this.#options.folder, (0,oci_digest/* digestHex */.sU)(digest).slice(0, NAME_DIGITS));
    }
    inherited() {
        const mounted = new Set((0,mountinfo/* mountsBelow */.YL)(this.#options.folder).map(({ mountpoint }) => mountpoint));
        return this.#options.nodeIds.entries().filter(([digest]) => mounted.has(this.mountpoint(digest)));
    }
    async attach(layer, labels) {
        const { transport, tier, directFromDisk, nodeIds } = this.#options;
        const target = this.mountpoint(layer.digest);
        const existing = (0,mountinfo/* findMount */.vc)(target);
        const throughFuse = existing === undefined ? !(layer.complete && directFromDisk) : existing.source !== layer.imagePath;
        const nodeId = throughFuse ? await nodeIds.require(layer.digest, labels) : undefined;
        const name = (0,oci_digest/* digestHex */.sU)(layer.digest);
        if (nodeId === undefined)
            layer.noteUnobserved();
        else {
            this.#byNode.set(nodeId, layer);
            await transport.add({ nodeId, name, size: layer.imageSize, fd: layer.fd, presence: layer.presence });
        }
        if (existing !== undefined)
            return { digest: layer.digest, mountpoint: target, nodeId };
        try {
            await (0,promises_.mkdir)(target, { recursive: true, mode: 0o755 });
            await (0,mount/* mountErofs */.T1)({ source: throughFuse ? (0,external_node_path_.join)(transport.mountpoint, name) : layer.imagePath, target, tier });
        }
        catch (error) {
            if (nodeId !== undefined)
                await this.#withdraw(nodeId);
            throw error;
        }
        return { digest: layer.digest, mountpoint: target, nodeId };
    }
    async detach({ digest, mountpoint, nodeId }) {
        await this.#unmount(mountpoint);
        if (nodeId === undefined)
            return;
        await this.#withdraw(nodeId);
        await this.#options.nodeIds.forget(digest);
    }
    lookup(nodeId) {
        return this.#byNode.get(nodeId);
    }
    async clear(keep) {
        const { folder } = this.#options;
        await (0,promises_.mkdir)(folder, { recursive: true, mode: 0o700 });
        for (const { mountpoint, source } of (0,mountinfo/* mountsBelow */.YL)(folder)) {
            if (!keep(mountpoint, source))
                await this.#unmount(mountpoint);
        }
    }
    async removeFolder() {
        const { folder } = this.#options;
        if ((0,mountinfo/* mountsBelow */.YL)(folder).length === 0)
            await (0,promises_.rm)(folder, { recursive: true, force: true });
    }
    async #withdraw(nodeId) {
        await this.#options.transport.remove(nodeId);
        this.#byNode.delete(nodeId);
    }
    async #unmount(mountpoint) {
        try {
            await (0,mount/* unmount */.vs)(mountpoint);
        }
        catch (error) {
            this.#options.log.info('a layer is still in use: it is detached', { mountpoint, error: (0,errors/* describeError */.Uc)(error) });
            await (0,mount/* unmount */.vs)(mountpoint, { detach: true });
        }
        await (0,promises_.rmdir)(mountpoint).catch(() => { });
    }
}

// EXTERNAL MODULE: ./src/estargz/errors.js
var estargz_errors = __webpack_require__(31285);
;// CONCATENATED MODULE: ./src/daemon/not-lazy.js



function not_lazy_explain(error) {
    return { notLazy: (0,errors/* describeError */.Uc)(error), kind: kindOf(error) };
}
function kindOf(error) {
    if (error instanceof estargz_errors/* NotEstargzError */.C)
        return 'not-estargz';
    if (error instanceof layer_errors/* UnverifiableLayerError */.SP)
        return 'unverifiable';
    if (error instanceof errors/* FormatError */.IF || error instanceof errors/* VerificationError */.mk)
        return 'invalid';
    if (error instanceof errors/* RegistryError */.gl)
        return 'registry';
    if ((0,layer_errors/* isDiskFull */.b$)(error))
        return 'disk';
    if (error instanceof errors/* LazypullError */.qB && error.code === 'UNSUPPORTED')
        return 'unsupported';
    return 'error';
}

;// CONCATENATED MODULE: ./src/daemon/prefetches.js


class Prefetches {
    #options;
    #log;
    #byLayer = new Map();
    constructor(options, log) {
        this.#options = options;
        this.#log = log;
    }
    start(layer) {
        if (!this.#options.enabled || layer.complete)
            return;
        const abort = new AbortController();
        const done = layer.prefetch(abort.signal).then(() => void (prefetch.state = 'done'), (error) => {
            prefetch.state = 'failed';
            if (!abort.signal.aborted)
                this.#log.warn('prefetch failed', { layer: layer.digest, error: (0,errors/* describeError */.Uc)(error) });
        });
        const prefetch = { state: 'running', done, abort };
        this.#byLayer.set(layer.digest, prefetch);
    }
    stop(digest) {
        this.#byLayer.get(digest)?.abort.abort();
        this.#byLayer.delete(digest);
    }
    state(digest) {
        return this.#byLayer.get(digest)?.state;
    }
    async wait(digests, signal) {
        const running = digests.flatMap((digest) => {
            const prefetch = this.#byLayer.get(digest);
            return prefetch?.state === 'running' ? [prefetch.done] : [];
        });
        if (running.length === 0 || this.#options.waitTimeoutMs === 0)
            return;
        const timer = new AbortController();
        const stop = signal === undefined ? timer.signal : AbortSignal.any([timer.signal, signal]);
        const timeout = (0,external_node_timers_promises_.setTimeout)(this.#options.waitTimeoutMs, undefined, { signal: stop, ref: false }).catch(() => { });
        await Promise.race([Promise.all(running), timeout]);
        timer.abort();
        signal?.throwIfAborted();
    }
}

;// CONCATENATED MODULE: ./src/daemon/warm-layers.js

const KEEP_MS = 60_000;
class WarmLayers {
    #store;
    #log;
    #layers = new Map();
    constructor(store, log) {
        this.#store = store;
        this.#log = log;
    }
    async begin(request) {
        const { digest } = request;
        if (this.#layers.has(digest))
            return;
        try {
            const layer = await this.#store.openLayer({ ...request, allowUnverified: true });
            const timer = setTimeout(() => void this.take(digest)?.dispose(), KEEP_MS).unref();
            this.#layers.set(digest, { layer, timer });
        }
        catch (error) {
            this.#log.debug('a layer was not warmed', { layer: digest, error: (0,errors/* describeError */.Uc)(error) });
        }
    }
    take(digest) {
        const warm = this.#layers.get(digest);
        if (warm === undefined)
            return undefined;
        clearTimeout(warm.timer);
        this.#layers.delete(digest);
        return warm.layer;
    }
    close() {
        for (const digest of this.#layers.keys())
            void this.take(digest)?.dispose();
    }
}

;// CONCATENATED MODULE: ./src/daemon/lazy-layers.js








const NO_PROMISE = "the client passed no TOC digest for this layer: it is an ordinary one, or zstd:chunked of Podman's kind, which is lazy by `lazypull pull`";
class MountedLayers {
    #options;
    #held = new Map();
    #lock = new KeyedLock();
    #warm;
    #prefetches;
    constructor(options) {
        this.#options = options;
        this.#prefetches = new Prefetches(options.prefetch, options.log);
        this.#warm = new WarmLayers(options.store, options.log);
    }
    async mount(holder, labels, signal) {
        const started = performance.now();
        const answer = await this.#mount(holder, labels, signal);
        this.#options.onMount?.((performance.now() - started) / 1000, 'notLazy' in answer ? 'ordinary' : 'lazy');
        return answer;
    }
    async #mount(holder, labels, signal) {
        const source = parseLayerSource(labels);
        if (source === undefined) {
            return { notLazy: 'the client did not say which layer of which image it wants', kind: 'no-labels' };
        }
        const { mounts, unsupported, allowUnverified } = this.#options;
        if (mounts === undefined)
            return { notLazy: unsupported, kind: 'unsupported' };
        if (!(0,toc_promise/* hasPromise */.W4)(source) && !allowUnverified)
            return { notLazy: NO_PROMISE, kind: 'not-estargz' };
        this.#warmNeighbours(source);
        try {
            const layer = await this.#lock.run(source.layerDigest, () => this.#hold(holder, { source, labels }, mounts, signal));
            return { layerDigest: layer.digest, mountpoint: mounts.mountpoint(layer.digest) };
        }
        catch (error) {
            signal?.throwIfAborted();
            return not_lazy_explain(error);
        }
    }
    restore(holder, _layerDigest, labels, signal) {
        return this.#mount(holder, labels, signal);
    }
    lookup(layerDigest) {
        const held = this.#held.get(layerDigest);
        return held === undefined ? undefined : { layerDigest, mountpoint: held.mount.mountpoint };
    }
    refresh(layerDigest, labels) {
        const source = parseLayerSource(labels);
        const layer = this.#held.get(layerDigest)?.layer;
        if (source?.layerDigest !== layerDigest || layer === undefined || layer.complete)
            return;
        try {
            this.#options.sources.attach(layer, source);
        }
        catch (error) {
            this.#options.log.warn('new labels name no place', { layer: layerDigest, error: (0,errors/* describeError */.Uc)(error) });
        }
    }
    async ready(layerDigests, signal) {
        const lost = layerDigests.find((digest) => !this.#held.has(digest));
        if (lost !== undefined)
            throw new errors/* LazypullError */.qB('UNAVAILABLE', `layer ${lost} is not mounted`);
        if (this.#options.prefetch.enabled)
            this.#fetchStartSets(layerDigests);
        await this.#prefetches.wait(layerDigests, signal);
    }
    #fetchStartSets(layerDigests) {
        for (const digest of layerDigests) {
            this.#held
                .get(digest)
                ?.layer.fetchStartSet()
                .catch((error) => {
                this.#options.log.debug('start set not fetched', { layer: digest, error: (0,errors/* describeError */.Uc)(error) });
            });
        }
    }
    async release(holder, layerDigest) {
        await this.#lock.run(layerDigest, async () => {
            const held = this.#held.get(layerDigest);
            if (held === undefined)
                return;
            held.holders.delete(holder);
            if (held.holders.size > 0)
                return;
            this.#options.onRelease?.({ ...held, prefetch: this.#prefetches.state(layerDigest) });
            this.#held.delete(layerDigest);
            this.#prefetches.stop(layerDigest);
            await this.#options.mounts?.detach(held.mount);
            await held.layer.dispose();
        });
        await this.#options.store.evict();
    }
    warm(reference, layers) {
        if (this.#options.mounts === undefined)
            return;
        for (const layer of layers) {
            const { digest } = layer;
            if (this.#held.has(digest))
                continue;
            void this.#lock.run(digest, async () => {
                if (this.#held.has(digest))
                    return;
                const where = this.#options.sources.request({ ...layer, imageRef: reference, layerDigest: digest });
                await this.#warm.begin({ ...where, digest, tocDigest: layer.tocDigest, tocChecksum: layer.tocChecksum });
            });
        }
    }
    async adopt() {
        const { mounts, store, log, sources } = this.#options;
        if (mounts === undefined)
            return;
        await Promise.all(mounts.inherited().map(async ([digest, { labels }]) => {
            const source = parseLayerSource(labels);
            try {
                if (source === undefined)
                    throw new errors/* FormatError */.IF('its labels are damaged');
                const layer = await store.openLayer({ digest, ...sources.request(source), ...this.#trustOf(source) });
                this.#held.set(digest, { layer, mount: await mounts.attach(layer, labels), holders: new Set() });
                layer.startFill();
            }
            catch (error) {
                log.error('a mounted layer is lost', { layer: digest, error: (0,errors/* describeError */.Uc)(error) });
            }
        }));
    }
    async dropUnheld() {
        const unheld = [...this.#held].filter(([, held]) => held.holders.size === 0).map(([digest]) => digest);
        await Promise.all(unheld.map((digest) => this.release('', digest)));
    }
    *held() {
        for (const [digest, held] of this.#held)
            yield { ...held, prefetch: this.#prefetches.state(digest) };
    }
    lookupHeld(digest) {
        const held = this.#held.get(digest);
        return held === undefined ? undefined : { ...held, prefetch: this.#prefetches.state(digest) };
    }
    async close() {
        this.#warm.close();
        const all = [...this.#held];
        this.#held.clear();
        await Promise.all(all.map(async ([digest, { mount, layer }]) => {
            this.#prefetches.stop(digest);
            await this.#options.mounts?.detach(mount);
            await layer.dispose();
        }));
    }
    async #hold(holder, { source, labels }, mounts, signal) {
        const digest = source.layerDigest;
        const held = this.#held.get(digest);
        if (held !== undefined) {
            checkPromise(held.layer.record, this.#trustOf(source));
            held.holders.add(holder);
            return held.layer;
        }
        const layer = await this.#open(source, signal);
        try {
            checkPromise(layer.record, this.#trustOf(source));
            const mount = await mounts.attach(layer, labels);
            this.#held.set(digest, { layer, mount, holders: new Set([holder]) });
        }
        catch (error) {
            await layer.dispose();
            throw error;
        }
        this.#prefetches.start(layer);
        layer.startFill();
        return layer;
    }
    async #open(source, signal) {
        const { sources, store } = this.#options;
        const digest = source.layerDigest;
        const warm = this.#warm.take(digest);
        if (warm !== undefined && keepsPromise(warm.record, source)) {
            sources.attach(warm, source);
            return warm;
        }
        await warm?.dispose();
        return store.openLayer({ digest, ...sources.request(source), ...this.#trustOf(source) }, signal);
    }
    #trustOf({ tocDigest, tocChecksum }) {
        return { tocDigest, tocChecksum, allowUnverified: this.#options.allowUnverified };
    }
    #warmNeighbours(source) {
        if (!(0,toc_promise/* hasPromise */.W4)(source))
            return;
        this.warm(source.imageRef, source.neighbours.map((digest) => ({ digest })));
    }
}

;// CONCATENATED MODULE: ./src/daemon/memory.js





const NOTHING = { history: [], layers: [], times: {} };
const VERSION = 1;
const SAVE_MS = 1000;
class Memory {
    former;
    #path;
    #clocks = new Map();
    #writing = Promise.resolve();
    #timer;
    constructor(path, continues) {
        this.#path = path;
        this.former = continues ? readMemory(path) : NOTHING;
    }
    clock(consumer) {
        const clock = this.#clocks.get(consumer) ?? new ImageClock(this.former.times[consumer]);
        this.#clocks.set(consumer, clock);
        return clock;
    }
    save(images) {
        clearTimeout(this.#timer);
        this.#timer = undefined;
        const times = Object.fromEntries([...this.#clocks].map(([consumer, clock]) => [consumer, clock.entries()]));
        const text = JSON.stringify({ version: VERSION, ...images, times });
        const write = async () => {
            await (0,promises_.writeFile)(`${this.#path}.new`, text, { mode: 0o600 });
            await (0,promises_.rename)(`${this.#path}.new`, this.#path);
        };
        this.#writing = this.#writing.then(write, write);
        return this.#writing;
    }
    saveSoon(images, log) {
        this.#timer ??= setTimeout(() => {
            this.save(images()).catch((error) => {
                log.warn("can't write down which images there were", { error: (0,errors/* describeError */.Uc)(error) });
            });
        }, SAVE_MS).unref();
    }
}
function readMemory(path) {
    try {
        const value = JSON.parse((0,external_node_fs_.readFileSync)(path, 'utf8'));
        return isMemory(value) ? { history: value.history, layers: value.layers, times: value.times } : NOTHING;
    }
    catch {
        return NOTHING;
    }
}
function isMemory(value) {
    if (!isObject(value) || value['version'] !== VERSION)
        return false;
    const { history, layers, times } = value;
    return isArrayOf(history, isImage) && isArrayOf(layers, isLayer) && isObject(times) && areTimes(times);
}
function areTimes(times) {
    return Object.values(times).every((one) => isArrayOf(one, (pair) => Array.isArray(pair) && typeof pair[0] === 'string' && isTimes(pair[1])));
}
function isTimes(value) {
    return isObject(value) && Number.isFinite(value['askedMs']) && Object.values(value).every(Number.isFinite);
}
function isImage(value) {
    if (!isObject(value))
        return false;
    return typeof value['ref'] === 'string' && isArrayOf(value['layers'], isLayer) && isTimes(value['timeline']);
}
const COUNTS = [
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
function isLayer(value) {
    if (!isObject(value) || typeof value['digest'] !== 'string' || !(0,oci_digest/* isDigest */.Bc)(value['digest']))
        return false;
    return typeof value['state'] === 'string' && COUNTS.every((key) => Number.isFinite(value[key]));
}
function isArrayOf(value, check) {
    return Array.isArray(value) && value.every(check);
}
function isObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// EXTERNAL MODULE: ../../node_modules/prom-client/index.js
var prom_client = __webpack_require__(81509);
;// CONCATENATED MODULE: ./src/daemon/metrics.js

const STATES = ['lazy', 'complete', 'ordinary'];
const COUNTERS = [
    total('registry_requests_total', 'Requests to registries and their CDNs.', (totals) => totals.registryRequests),
    total('registry_retries_total', 'Requests that were tried again.', (totals) => totals.registryRetries),
    total('registry_fetched_bytes_total', 'Compressed bytes that came from registries.', (totals) => totals.fetchedBytes),
    total('reads_total', 'Reads that the kernel sent.', (totals) => totals.reads),
    total('read_bytes_total', 'Bytes that answered reads.', (totals) => totals.readBytes),
    total('faults_total', 'Reads that had to wait for the registry.', (totals) => totals.faults),
    total('read_errors_total', 'Reads that were answered with EIO.', (totals) => totals.readErrors),
    total('verification_errors_total', 'Chunks whose bytes were not what their digest promised.', (totals) => totals.verificationErrors),
    total('lazy_mounts_total', 'Layers that were mounted lazily.', (totals) => totals.lazyMounts),
    {
        name: 'fallbacks_total',
        help: 'Layers that were not mounted lazily, by the kind of reason.',
        labels: ['kind'],
        samples: ({ totals }) => Object.entries(totals.fallbacks).map(([kind, count]) => [{ kind }, count]),
    },
];
const GAUGES = [
    {
        name: 'info',
        help: 'Always 1.',
        labels: ['version', 'tier', 'transport'],
        samples: ({ version, tier, transport }) => [[{ version, tier, transport }, 1]],
    },
    gauge('start_time_seconds', 'When the serving process started, in seconds since the epoch.', (status) => status.startedSec),
    gauge('generation', 'Serving processes before this one over the same FUSE mount.', (status) => status.generation),
    gauge('resident_memory_bytes', 'Resident memory of the serving process.', (status) => status.residentBytes),
    gauge('cache_bytes', 'Disk space of the layer cache.', (status) => status.cache.bytes),
    gauge('cache_layers', 'Layers in the cache, mounted or not.', (status) => status.cache.layers),
    gauge('cache_limit_bytes', 'The limit of the layer cache; 0 means none.', (status) => status.cache.sizeLimitBytes),
    gauge('images', 'Images with layers that the daemon knows.', (status) => status.images.length),
    { name: 'layers', help: 'Distinct layers of these images, by state.', labels: ['state'], samples: layerCounts },
    {
        name: 'snapshots',
        help: 'Snapshots of each consumer.',
        labels: ['consumer'],
        samples: ({ consumers }) => consumers.map(({ name, snapshots }) => [{ consumer: name }, snapshots]),
    },
];
const MOUNT_BUCKETS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];
const FAULT_BUCKETS = [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];
function createMetrics(status) {
    const registry = new prom_client.Registry();
    const registers = [registry];
    const sums = COUNTERS.map((described) => [described, new prom_client.Counter({ ...headOf(described), registers })]);
    const levels = GAUGES.map((described) => [described, new prom_client.Gauge({ ...headOf(described), registers })]);
    const mounts = histogram('layer_mount_seconds', 'From the request to the mounted layer, or to the decision that it is not lazy.', MOUNT_BUCKETS, registers);
    const faults = histogram('fault_seconds', 'How long reads waited for the registry.', FAULT_BUCKETS, registers);
    return {
        layerMounted: (seconds, outcome) => mounts.observe({ outcome }, seconds),
        faultServed: (seconds, outcome) => faults.observe({ outcome }, seconds),
        async render() {
            const now = await status();
            for (const [described, counter] of sums) {
                counter.reset();
                for (const [labels, value] of described.samples(now))
                    counter.inc(labels, value);
            }
            for (const [described, level] of levels) {
                level.reset();
                for (const [labels, value] of described.samples(now))
                    level.set(labels, value);
            }
            return { contentType: registry.contentType, text: await registry.metrics() };
        },
    };
}
function layerCounts(status) {
    const layers = new Map(status.images.flatMap((image) => image.layers).map((layer) => [layer.digest, layer.state]));
    return STATES.map((state) => [{ state }, [...layers.values()].filter((one) => one === state).length]);
}
function total(name, help, value) {
    return { name, help, samples: ({ totals }) => [[{}, value(totals)]] };
}
function gauge(name, help, value) {
    return { name, help, samples: (status) => [[{}, value(status)]] };
}
function headOf({ name, help, labels }) {
    return { name: `lazypull_${name}`, help, labelNames: [...(labels ?? [])] };
}
function histogram(name, help, buckets, registers) {
    return new prom_client.Histogram({ name: `lazypull_${name}`, help, labelNames: ['outcome'], buckets, registers });
}

;// CONCATENATED MODULE: ./src/daemon/node-ids.js



const FIRST = 2;
class NodeIds {
    #path;
    #nodes;
    #next;
    #writing = Promise.resolve();
    constructor(path, nodes, next) {
        this.#path = path;
        this.#nodes = nodes;
        this.#next = next;
    }
    static open(path) {
        const nodes = new Map();
        const { next, nodes: known } = readJson(path);
        for (const [digest, node] of Object.entries(known ?? {})) {
            if ((0,oci_digest/* isDigest */.Bc)(digest) && isKnownNode(node))
                nodes.set(digest, node);
        }
        const first = Number.isSafeInteger(next) ? next : FIRST;
        return new NodeIds(path, nodes, Math.max(first, FIRST, ...[...nodes.values()].map(({ id }) => id + 1)));
    }
    async require(digest, labels) {
        const known = this.#nodes.get(digest);
        if (known !== undefined)
            return known.id;
        const id = this.#next++;
        this.#nodes.set(digest, { id, labels: withoutLists(labels) });
        await this.#save();
        return id;
    }
    async forget(digest) {
        if (this.#nodes.delete(digest))
            await this.#save();
    }
    entries() {
        return [...this.#nodes];
    }
    #save() {
        const write = async () => {
            await (0,promises_.writeFile)(`${this.#path}.new`, JSON.stringify({ next: this.#next, nodes: Object.fromEntries(this.#nodes) }), { mode: 0o600 });
            await (0,promises_.rename)(`${this.#path}.new`, this.#path);
        };
        this.#writing = this.#writing.then(write, write);
        return this.#writing;
    }
}
function withoutLists(labels) {
    return Object.fromEntries(Object.entries(labels).filter(([key]) => !/\.(image-)?layers(\.|$)/.test(key)));
}
function isKnownNode(value) {
    if (typeof value !== 'object' || value === null)
        return false;
    const { id, labels } = value;
    const isLabels = typeof labels === 'object' && Object.values(labels).every((label) => typeof label === 'string');
    return Number.isSafeInteger(id) && id >= FIRST && isLabels;
}
function readJson(path) {
    try {
        const value = JSON.parse((0,external_node_fs_.readFileSync)(path, 'utf8'));
        return typeof value === 'object' && value !== null ? value : {};
    }
    catch {
        return {};
    }
}

;// CONCATENATED MODULE: ./src/daemon/report.js


class Report {
    #options;
    #startedSec = Math.floor(Date.now() / 1000);
    #lazyMounts = 0;
    #verificationErrors = 0;
    constructor(options) {
        this.#options = options;
    }
    mounted(outcome) {
        if (outcome === 'lazy')
            this.#lazyMounts++;
    }
    faultFailed(error) {
        if (error instanceof errors/* VerificationError */.mk)
            this.#verificationErrors++;
    }
    summary() {
        const { tier, transport, generation } = this.#options;
        return { version: version/* version */.r, tier: tier.tier, tierReason: tier.reason, transport: transport?.kind ?? 'none', generation };
    }
    health() {
        const { tier } = this.#options;
        return {
            ok: true,
            detail: tier.tier === 'D' ? `ok, but nothing is lazy: ${tier.reason}` : `ok, tier ${tier.tier}`,
        };
    }
    async status() {
        const { effective, generation, tier, transport, store, images, consumers } = this.#options;
        const states = consumers.map(({ name, socket, snapshotter }) => ({ name, socket, status: snapshotter.status() }));
        const fallbacks = states.flatMap(({ status }) => status.fallbacks.map(fallbackOf));
        const cache = await store.usage();
        return {
            version: version/* version */.r,
            pid: process.pid,
            startedSec: this.#startedSec,
            generation,
            tier: tier.tier,
            tierReason: tier.reason,
            transport: transport?.kind ?? 'none',
            consumers: states.map(({ name, socket, status }) => {
                const { view, active, committed } = status.snapshots;
                return { name, socket, snapshots: view + active + committed };
            }),
            images: states.flatMap(({ name, status }) => images.images(name, status)),
            history: images.history(),
            fallbacks,
            cache: { ...cache, sizeLimitBytes: effective.config.cache.sizeLimitBytes },
            residentBytes: process.memoryUsage.rss(),
            totals: this.#totals(fallbacks),
        };
    }
    #totals(fallbacks) {
        const { client, transport, store } = this.#options;
        const { waitedMs, ...used } = store.reads();
        const registry = client.stats();
        const fuse = transport?.stats();
        const kinds = {};
        for (const { kind } of fallbacks)
            kinds[kind] = (kinds[kind] ?? 0) + 1;
        return {
            registryRequests: registry.requests,
            registryRetries: registry.retries,
            fetchedBytes: registry.bytes,
            transferMs: registry.busyMs,
            reads: fuse?.reads ?? 0,
            readBytes: fuse?.bytes ?? 0,
            faults: fuse?.faults ?? 0,
            waitedMs: Math.round(waitedMs),
            ...used,
            readErrors: fuse?.errors ?? 0,
            verificationErrors: this.#verificationErrors,
            lazyMounts: this.#lazyMounts,
            fallbacks: kinds,
        };
    }
}
function fallbackOf({ atMs, imageRef, layerDigest, kind, reason }) {
    return { timeSec: Math.floor(atMs / 1000), ref: imageRef ?? '', layer: layerDigest ?? '', kind, reason };
}

// EXTERNAL MODULE: ./src/containerd/connection.js + 1 modules
var containerd_connection = __webpack_require__(47593);
// EXTERNAL MODULE: ./src/containerd/pull.js + 4 modules
var pull = __webpack_require__(35472);
// EXTERNAL MODULE: ./src/containerd/registry-source.js
var registry_source = __webpack_require__(46652);
// EXTERNAL MODULE: ./src/oci/platform.js
var platform = __webpack_require__(46580);
// EXTERNAL MODULE: ./src/oci/reference.js
var oci_reference = __webpack_require__(38242);
;// CONCATENATED MODULE: ./src/daemon/pull-service.js
var pull_service_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var pull_service_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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









class PullService {
    #options;
    constructor(options) {
        this.#options = options;
    }
    async pull(request, onProgress, signal) {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const reference = (0,oci_reference/* parseReference */.F2)(request.reference);
            const name = (0,oci_reference/* formatReference */.FH)(reference);
            const clients = pull_service_addDisposableResource(env_1, this.#clientFor(reference.registry, request.plainHttp), true);
            const connection = pull_service_addDisposableResource(env_1, await containerd_connection/* Connection */.Ng.open({ address: request.address, namespace: request.namespace }), false);
            return await (0,pull/* pullLazily */.L)({
                connection,
                snapshotter: request.snapshotter,
                source: new registry_source/* RegistrySource */.n(clients.client, reference, (0,platform/* parsePlatform */.Y8)(request.platform)),
                onResolved: ({ manifest }) => {
                    this.#options.layers.warm(name, (0,warm_request/* warmRequestOf */.k)(name, manifest.parsed).layers);
                },
                onProgress,
                signal,
            });
        }
        catch (e_1) {
            env_1.error = e_1;
            env_1.hasError = true;
        }
        finally {
            const result_1 = pull_service_disposeResources(env_1);
            if (result_1)
                await result_1;
        }
    }
    #clientFor(host, plainHttp) {
        const { client, registry } = this.#options;
        if (!plainHttp || registry.plainHttpHosts.includes(host))
            return { client, [Symbol.asyncDispose]: async () => { } };
        const plainHttpHosts = [...registry.plainHttpHosts, host];
        const own = new registry_client/* RegistryClient */.b((0,from_config/* registryOptions */._)({ ...registry, plainHttpHosts }, `lazypull/${version/* version */.r}`));
        return { client: own, [Symbol.asyncDispose]: () => own.close() };
    }
}

// EXTERNAL MODULE: ./src/daemon/serving.js
var daemon_serving = __webpack_require__(68098);
;// CONCATENATED MODULE: ./src/daemon/blob-places.js
const MAX_PLACES = 8;
class BlobPlaces {
    digest;
    #places;
    constructor(name, blob) {
        this.digest = blob.digest;
        this.#places = [{ name, blob }];
    }
    get size() {
        return this.#places.map(({ blob }) => blob.size).find((size) => size !== undefined);
    }
    get isAnonymous() {
        const answers = this.#places.map(({ blob }) => blob.isAnonymous);
        return answers.includes(true) ? true : answers.find((answer) => answer !== undefined);
    }
    addAll(other) {
        const added = other.#places.filter(({ name }) => this.#places.every((place) => place.name !== name));
        this.#places = [...this.#places.slice(0, 1), ...added, ...this.#places.slice(1)].slice(0, MAX_PLACES);
    }
    readTail(length, signal) {
        return this.#read((blob) => blob.readTail(length, signal), signal);
    }
    readRange(start, end, signal) {
        return this.#read((blob) => blob.readRange(start, end, signal), signal);
    }
    async *streamRange(start, end, signal) {
        const errors = [];
        let at = start;
        for (const place of this.#places) {
            try {
                for await (const piece of place.blob.streamRange(at, end, signal)) {
                    at += piece.length;
                    yield piece;
                }
                this.#prefer(place);
                return;
            }
            catch (error) {
                signal?.throwIfAborted();
                errors.push(error);
            }
        }
        throw errors[0];
    }
    async #read(read, signal) {
        const errors = [];
        for (const place of this.#places) {
            try {
                const answer = await read(place.blob);
                this.#prefer(place);
                return answer;
            }
            catch (error) {
                signal?.throwIfAborted();
                errors.push(error);
            }
        }
        throw errors[0];
    }
    #prefer(place) {
        if (this.#places[0] === place || !this.#places.includes(place))
            return;
        this.#places = [place, ...this.#places.filter((other) => other !== place)];
    }
}

;// CONCATENATED MODULE: ./src/daemon/external-toc.js



const TAG_SUFFIX = '-esgztoc';
const external_toc_KEEP_MS = 10_000;
class ExternalTocs {
    #client;
    #manifests = new Map();
    constructor(client) {
        this.#client = client;
    }
    of(image, layer) {
        return async (signal) => {
            const tocImage = tocImageOf(image);
            const { layers } = await this.#manifest(tocImage);
            signal?.throwIfAborted();
            const descriptor = layers.find(({ annotations }) => annotations?.[oci_annotations/* TOC_LAYER_DIGEST */.kF] === layer);
            if (descriptor !== undefined)
                return this.#client.fetchBlob(tocImage, descriptor, signal);
            throw new errors/* FormatError */.IF(`external TOC: image ${(0,oci_reference/* formatReference */.FH)(tocImage)} has none for layer ${layer}`);
        };
    }
    #manifest(tocImage) {
        const name = (0,oci_reference/* formatReference */.FH)(tocImage);
        const known = this.#manifests.get(name);
        if (known !== undefined)
            return known;
        const fetched = this.#fetch(tocImage);
        this.#manifests.set(name, fetched);
        const forget = () => void this.#manifests.delete(name);
        fetched.then(() => setTimeout(forget, external_toc_KEEP_MS).unref(), forget);
        return fetched;
    }
    async #fetch(tocImage) {
        const name = (0,oci_reference/* formatReference */.FH)(tocImage);
        try {
            const { manifest } = await this.#client.fetchManifest(tocImage);
            if (manifest.kind === 'image')
                return manifest;
            throw new errors/* FormatError */.IF(`external TOC: ${name} is an index, wanted an image`);
        }
        catch (error) {
            if (!(error instanceof errors/* RegistryError */.gl))
                throw error;
            const { method, url, status, diagnostics, retryable } = error;
            const facts = { method, url, diagnostics, retryable, cause: error, ...(status === undefined ? {} : { status }) };
            throw new errors/* RegistryError */.gl(`external TOC: image ${name} can't be read: ${(0,errors/* describeError */.Uc)(error)}`, facts);
        }
    }
}
function tocImageOf({ registry, repository, tag, digest }) {
    if (tag === undefined && digest !== undefined) {
        const name = (0,oci_reference/* formatReference */.FH)({ registry, repository, digest });
        throw new errors/* LazypullError */.qB('UNSUPPORTED', `external TOC: ${name} has no tag, by which its TOC image is named`);
    }
    return { registry, repository, tag: `${tag ?? 'latest'}${TAG_SUFFIX}` };
}

;// CONCATENATED MODULE: ./src/daemon/sources.js



class BlobSources {
    #client;
    #externalTocs;
    constructor(client) {
        this.#client = client;
        this.#externalTocs = new ExternalTocs(client);
    }
    request({ imageRef, layerDigest, size, tocTail }) {
        return {
            blob: this.open(imageRef, layerDigest, size),
            externalToc: this.#externalTocs.of((0,oci_reference/* parseReference */.F2)(imageRef), layerDigest),
            tailLength: tocTail,
        };
    }
    open(imageRef, digest, size) {
        const reference = (0,oci_reference/* parseReference */.F2)(imageRef);
        const name = `${reference.registry}/${reference.repository}`;
        return new BlobPlaces(name, this.#client.openBlob(reference, digest, size));
    }
    attach(layer, source) {
        const blob = this.open(source.imageRef, source.layerDigest, source.size);
        if (layer.blob instanceof BlobPlaces)
            layer.blob.addAll(blob);
        else
            layer.setBlob(blob);
    }
}

// EXTERNAL MODULE: ./node_modules/koffi/index.js
var koffi = __webpack_require__(84845);
// EXTERNAL MODULE: ./src/garbage.js
var garbage = __webpack_require__(10830);
;// CONCATENATED MODULE: ./src/daemon/tidy.js


class Tidier {
    #work;
    #quietMs;
    #timer;
    #collect = (0,garbage/* garbageCollector */.b)();
    #trim = trimFunction();
    #seen = 0;
    #seenMs = performance.now();
    #tidy = false;
    constructor({ work, quietMs = 12_000, lookMs = 3000 }) {
        this.#work = work;
        this.#quietMs = quietMs;
        this.#timer = setInterval(() => this.#look(), lookMs).unref();
    }
    close() {
        clearInterval(this.#timer);
    }
    #look() {
        const count = this.#work();
        if (count !== this.#seen) {
            this.#seen = count;
            this.#seenMs = performance.now();
            this.#tidy = false;
        }
        else if (!this.#tidy && performance.now() - this.#seenMs >= this.#quietMs) {
            this.#tidy = true;
            this.#collect();
            this.#trim();
        }
    }
}
function trimFunction() {
    try {
        const trim = koffi/* default */.A.load(null).func('int malloc_trim(size_t pad)');
        return () => trim.async(0, () => { });
    }
    catch {
        return () => { };
    }
}

;// CONCATENATED MODULE: ./src/daemon/serve.js



























async function serve_serve(effective) {
    const { config } = effective;
    const log = (0,src_log/* createLogger */.h)(config.log);
    const serving = new Serving(effective, (0,daemon_serving/* adoptFuse */.i_)(), log);
    const link = (0,daemon_serving/* connectSupervisor */.Vl)({ flush: () => serving.flush(), stop: () => serving.stop() }, log);
    await serving.start(() => link.restart());
    link.ready();
    log.info('serving', { pid: process.pid, ...serving.summary() });
    await Promise.all([serving.restore(), serving.rehearse()]);
}
class Serving {
    #effective;
    #fuse;
    #log;
    #memory;
    #consumers = [];
    #servers = [];
    #store;
    #client;
    #transport;
    #mounts;
    #layers;
    #report;
    #images;
    #metrics;
    #hot;
    #control;
    #tidier;
    constructor(effective, fuse, log) {
        this.#effective = effective;
        this.#fuse = fuse;
        this.#log = log;
        this.#memory = new Memory((0,external_node_path_.join)(effective.config.stateDir, 'memory.json'), (fuse?.generation ?? 0) > 0);
    }
    async start(restart) {
        const { config } = this.#effective;
        const log = this.#log;
        this.#client = new registry_client/* RegistryClient */.b({ ...(0,from_config/* registryOptions */._)(config.registry, `lazypull/${version/* version */.r}`), log });
        this.#store = await LayerStore.open({
            root: config.root,
            sizeLimitBytes: config.cache.sizeLimitBytes,
            prefetchBytes: config.prefetch.defaultBytes,
            fill: config.backgroundFill,
            log,
        });
        const tier = await this.#prepareMounts();
        this.#layers = new MountedLayers({
            store: this.#store,
            mounts: this.#mounts,
            unsupported: `this machine can't mount layers lazily: ${tier.reason}`,
            sources: new BlobSources(this.#client),
            allowUnverified: config.verification.allowUnverified,
            prefetch: config.prefetch,
            log,
            onMount: (seconds, outcome) => {
                this.#report.mounted(outcome);
                this.#metrics.layerMounted(seconds, outcome);
            },
            onRelease: (held) => this.#images.released(held),
        });
        this.#images = new ImageReport(this.#layers, this.#memory.former);
        this.#report = new Report({
            effective: this.#effective,
            generation: this.#fuse?.generation ?? 0,
            tier,
            transport: this.#transport,
            client: this.#client,
            store: this.#store,
            images: this.#images,
            consumers: this.#consumers,
        });
        this.#metrics = createMetrics(() => this.#report.status());
        const unsupported = this.#mounts === undefined ? tier.reason : undefined;
        this.#hot = new HotService({ store: this.#store, unsupported, log });
        await this.#adopt();
        await this.#openSnapshotters();
        await this.#listen(restart);
        this.#tidier = new Tidier({ work: () => this.#client.stats().bytes });
    }
    summary() {
        return { ...this.#report.summary(), consumers: this.#consumers.map(({ socket }) => socket) };
    }
    async restore() {
        await Promise.all(this.#consumers.map(({ snapshotter }) => snapshotter.restore()));
        await this.#layers.dropUnheld();
        await this.#store.evict();
    }
    async rehearse() {
        if (this.#mounts !== undefined)
            await this.#store.rehearse();
    }
    async flush() {
        await Promise.all([this.#store.flush(), this.#memory.save(this.#images.memory())]);
    }
    async stop() {
        this.#tidier?.close();
        await this.#control?.close();
        await Promise.all(this.#servers.map((server) => server.close()));
        await Promise.all(this.#consumers.map(({ snapshotter }) => snapshotter.close()));
        await this.#hot.close();
        await this.#layers.close();
        await this.#store.close();
        await this.#mounts?.removeFolder();
        if (this.#transport?.kind !== 'wire')
            await this.#transport?.close();
        await this.#client.close();
    }
    async #prepareMounts() {
        const { config } = this.#effective;
        if (config.mount.tier === 'off')
            return { tier: 'D', reason: 'mount.tier is "off" in the configuration' };
        const probed = await probeTier({ scratchDir: config.root, spareDir: config.stateDir });
        const tier = config.mount.tier === 'auto' ? probed.tier : config.mount.tier;
        if (tier === 'D')
            return { tier, reason: probed.reason };
        this.#transport = await this.#startTransport();
        if (this.#transport === undefined)
            return { tier: 'D', reason: 'there is no FUSE filesystem' };
        const fresh = this.#fuse?.resend !== true;
        const nodeFile = (0,external_node_path_.join)(config.stateDir, 'node-ids.json');
        if (fresh)
            await (0,promises_.rm)(nodeFile, { force: true });
        this.#mounts = new LayerMounts({
            folder: (0,external_node_path_.join)(config.root, 'm'),
            transport: this.#transport,
            tier,
            directFromDisk: probed.directFromDisk,
            nodeIds: NodeIds.open(nodeFile),
            log: this.#log,
        });
        const cache = `${config.root}/`;
        const served = `${this.#transport.mountpoint}/`;
        await this.#mounts.clear((_, source) => !fresh || (source.startsWith(cache) && !source.startsWith(served)));
        return { tier, reason: config.mount.tier === 'auto' ? probed.reason : 'mount.tier is set in the configuration' };
    }
    async #startTransport() {
        const { config } = this.#effective;
        const onFault = (read) => this.#fault(read);
        if (config.fuse.transport === 'fuse-native') {
            const { startNativeTransport } = await __webpack_require__.e(/* import() */ 2489).then(__webpack_require__.bind(__webpack_require__, 92489));
            return startNativeTransport({ mountpoint: (0,external_node_path_.join)(config.stateDir, 'fuse'), onFault, log: this.#log });
        }
        if (this.#fuse === undefined)
            return undefined;
        const { fd, mountpoint, resend } = this.#fuse;
        return (0,wire_transport/* startWireTransport */.l)({ fd, mountpoint, resend, workers: config.fuse.workers, onFault, log: this.#log });
    }
    async #fault(read) {
        const started = performance.now();
        const layer = this.#mounts?.lookup(read.nodeId);
        if (layer === undefined)
            throw new errors/* LazypullError */.qB('NOT_FOUND', `no layer has the node id ${read.nodeId}`);
        try {
            await layer.fault(read);
            this.#metrics.faultServed((performance.now() - started) / 1000, 'ok');
        }
        catch (error) {
            this.#metrics.faultServed((performance.now() - started) / 1000, 'error');
            this.#report.faultFailed(error);
            this.#log.error('a read fails', { layer: layer.digest, error: (0,errors/* describeError */.Uc)(error) });
            throw error;
        }
    }
    async #openSnapshotters() {
        for (const { name, socket, root } of this.#effective.config.snapshotters) {
            const snapshotter = await Snapshotter.open({
                root,
                lazy: this.#layers,
                log: this.#log.with({ consumer: name }),
                clock: this.#memory.clock(name),
                onRemoved: (removed) => {
                    this.#images.removed(name, removed);
                    this.#memory.saveSoon(() => this.#images.memory(), this.#log);
                },
            });
            this.#consumers.push({ name, socket, snapshotter });
        }
    }
    async #adopt() {
        if (this.#fuse?.resend === true)
            await this.#layers.adopt();
        await this.#transport?.start();
    }
    async #listen(restart) {
        const { config } = this.#effective;
        const log = this.#log;
        const definition = loadSnapshotsService();
        for (const { name, socket, snapshotter } of this.#consumers) {
            const server = new GrpcServer({ log: log.with({ consumer: name }) });
            server.add(definition, snapshotsService(snapshotter));
            await server.listen(socket);
            this.#servers.push(server);
        }
        const pulls = new PullService({ client: this.#client, registry: config.registry, layers: this.#layers });
        this.#control = await startControl({
            socket: config.control.socket,
            tcpAddress: config.metrics.address,
            log,
            handlers: {
                health: () => this.#report.health(),
                status: () => this.#report.status(),
                metrics: async () => {
                    const { contentType, text } = await this.#metrics.render();
                    return { contentType, text };
                },
                config: () => (0,print/* printConfig */.y)(this.#effective),
                pull: (request, onProgress, signal) => pulls.pull(request, onProgress, signal),
                warm: ({ reference, layers }) => this.#layers.warm(reference, layers),
                hotSave: (request) => this.#hot.save(request),
                hotLoad: (request) => this.#hot.load(request),
                restart,
            },
        });
    }
}


/***/ }),

/***/ 95965:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   c: () => (/* binding */ parseWarmRequest),
/* harmony export */   k: () => (/* binding */ warmRequestOf)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _oci_digest_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(62635);
/* harmony import */ var _oci_toc_promise_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(12981);



const MAX_LAYERS = 500;
function warmRequestOf(reference, { layers }) {
    const promising = layers.flatMap((layer) => {
        const promise = (0,_oci_toc_promise_js__WEBPACK_IMPORTED_MODULE_2__/* .tocPromiseOf */ .PG)(layer);
        const { digest, size } = layer;
        return (0,_oci_toc_promise_js__WEBPACK_IMPORTED_MODULE_2__/* .hasPromise */ .W4)(promise) ? [{ digest, size, ...promise, tocTail: (0,_oci_toc_promise_js__WEBPACK_IMPORTED_MODULE_2__/* .tocTailOf */ .WB)(layer) }] : [];
    });
    return { reference, layers: promising };
}
function parseWarmRequest(body) {
    if (!isObject(body))
        throw invalid('the body is not a JSON object');
    const { reference, layers } = body;
    if (typeof reference !== 'string' || reference === '' || reference.length > 1024)
        throw invalid('reference');
    if (!Array.isArray(layers) || layers.length > MAX_LAYERS)
        throw invalid(`layers: a list of at most ${MAX_LAYERS}`);
    return { reference, layers: layers.map((layer, index) => parseLayer(layer, `layers[${index}]`)) };
}
function parseLayer(layer, where) {
    if (!isObject(layer))
        throw invalid(where);
    const digestAt = (key) => {
        const value = layer[key];
        if (value === undefined || (typeof value === 'string' && (0,_oci_digest_js__WEBPACK_IMPORTED_MODULE_1__/* .isDigest */ .Bc)(value)))
            return value;
        throw invalid(`${where}.${key}`);
    };
    const bytesAt = (key) => {
        const value = layer[key];
        if (value === undefined || (Number.isSafeInteger(value) && value >= 0))
            return value;
        throw invalid(`${where}.${key}`);
    };
    const digest = digestAt('digest');
    const size = bytesAt('size');
    if (digest === undefined)
        throw invalid(`${where}.digest`);
    if (size === undefined)
        throw invalid(`${where}.size`);
    const promise = { tocDigest: digestAt('tocDigest'), tocChecksum: digestAt('tocChecksum') };
    return { digest, size, ...promise, tocTail: bytesAt('tocTail') };
}
function isObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function invalid(what) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB('INVALID_ARGUMENT', `warm request: ${what}`);
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

/***/ 79290:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   P: () => (/* binding */ readInto),
/* harmony export */   f: () => (/* binding */ writeAll)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(73024);

function writeAll(fd, bytes, position) {
    for (let at = 0; at < bytes.length;)
        at += (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.writeSync)(fd, bytes, at, bytes.length - at, position + at);
}
function readInto(fd, into, position) {
    for (let at = 0; at < into.length;) {
        const count = (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readSync)(fd, into, at, into.length - at, position + at);
        if (count === 0)
            return at;
        at += count;
    }
    return into.length;
}


/***/ }),

/***/ 4140:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ep: () => (/* binding */ packDigest),
/* harmony export */   FJ: () => (/* binding */ encodePackHeader),
/* harmony export */   HC: () => (/* binding */ packName),
/* harmony export */   LU: () => (/* binding */ decodePackHeader),
/* harmony export */   Ow: () => (/* binding */ packHeaderBytes),
/* harmony export */   P0: () => (/* binding */ packBytes),
/* harmony export */   RC: () => (/* binding */ MAX_PACK_HEADER_BYTES),
/* harmony export */   k0: () => (/* binding */ MAX_PACK_CHUNKS)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _oci_digest_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(62635);
/* harmony import */ var _layer_files_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(47124);
/* harmony import */ var _frame_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(23890);
/* harmony import */ var _policy_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(36913);
/* harmony import */ var _toc_file_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(26704);






const MAGIC = 'LZPHOTPK';
const VERSION = 1;
const PREFIX_SIZE = 4 + 4 + 8 + 3 * 32;
const BYTES_PER_CHUNK = 4 + 4;
const READS_KNOWN = 1;
const ANONYMOUS = 2;
const SUFFIX = '.hot';
const MAX_PACK_CHUNKS = 1024 * 1024;
const MAX_PACK_HEADER_BYTES = (0,_frame_js__WEBPACK_IMPORTED_MODULE_3__/* .frameSize */ .RV)(PREFIX_SIZE + MAX_PACK_CHUNKS * BYTES_PER_CHUNK);
function packName(digest) {
    return `${(0,_layer_files_js__WEBPACK_IMPORTED_MODULE_2__/* .folderName */ .ub)(digest)}${SUFFIX}`;
}
function packDigest(name) {
    return name.endsWith(SUFFIX) ? (0,_layer_files_js__WEBPACK_IMPORTED_MODULE_2__/* .folderDigest */ .DR)(name.slice(0, -SUFFIX.length)) : undefined;
}
function packHeaderBytes(count) {
    return (0,_frame_js__WEBPACK_IMPORTED_MODULE_3__/* .frameSize */ .RV)(PREFIX_SIZE + count * BYTES_PER_CHUNK);
}
function packBytes(tocFileBytes, sizes) {
    return packHeaderBytes(sizes.length) + tocFileBytes + sizes.reduce((sum, size) => sum + size, 0);
}
function encodePackHeader(header) {
    const { chunks, sizes } = header;
    const payload = Buffer.alloc(PREFIX_SIZE + chunks.length * BYTES_PER_CHUNK);
    payload.writeUInt32LE((header.readsKnown ? READS_KNOWN : 0) | (header.isAnonymous ? ANONYMOUS : 0), 0);
    payload.writeUInt32LE(chunks.length, 4);
    payload.writeBigUInt64LE(BigInt(header.tocFileBytes), 8);
    for (const [i, digest] of [header.digest, header.tocDigest, header.tocChecksum].entries()) {
        payload.write((0,_oci_digest_js__WEBPACK_IMPORTED_MODULE_1__/* .digestHex */ .sU)(digest), 16 + i * 32, 'hex');
    }
    for (const [i, column] of [chunks, sizes].entries()) {
        for (const [row, value] of column.entries())
            payload.writeUInt32LE(value, PREFIX_SIZE + (i * chunks.length + row) * 4);
    }
    return (0,_frame_js__WEBPACK_IMPORTED_MODULE_3__/* .encodeFrame */ .Yt)(MAGIC, VERSION, payload);
}
function decodePackHeader(bytes) {
    const payload = (0,_frame_js__WEBPACK_IMPORTED_MODULE_3__/* .decodeFrame */ .O2)(MAGIC, VERSION, bytes);
    const count = payload.length < PREFIX_SIZE ? -1 : payload.readUInt32LE(4);
    if (count > MAX_PACK_CHUNKS || payload.length !== PREFIX_SIZE + count * BYTES_PER_CHUNK) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`hot pack: ${payload.length} bytes of header do not hold ${count} chunks`);
    }
    const flags = payload.readUInt32LE(0);
    const tocFileBytes = Number(payload.readBigUInt64LE(8));
    if (flags > (READS_KNOWN | ANONYMOUS))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`hot pack: unknown flags ${flags}`);
    if (tocFileBytes > _toc_file_js__WEBPACK_IMPORTED_MODULE_5__/* .MAX_TOC_FILE_BYTES */ .VJ)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`hot pack: a toc file of ${tocFileBytes} bytes`);
    const digestAt = (i) => `sha256:${payload.toString('hex', 16 + i * 32, 48 + i * 32)}`;
    const column = (i) => Uint32Array.from({ length: count }, (_, row) => payload.readUInt32LE(PREFIX_SIZE + (i * count + row) * 4));
    const [chunks, sizes] = [column(0), column(1)];
    requirePossible(chunks, sizes);
    const digests = { digest: digestAt(0), tocDigest: digestAt(1), tocChecksum: digestAt(2) };
    const [readsKnown, isAnonymous] = [(flags & READS_KNOWN) !== 0, (flags & ANONYMOUS) !== 0];
    return { ...digests, readsKnown, isAnonymous, tocFileBytes, chunks, sizes };
}
function requirePossible(chunks, sizes) {
    const wrong = sizes.findIndex((size) => size === 0 || size > _policy_js__WEBPACK_IMPORTED_MODULE_4__/* .MAX_MEMBER_BYTES */ .yK);
    if (wrong >= 0)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`hot pack: chunk ${chunks[wrong]} of ${sizes[wrong]} bytes`);
    const sorted = chunks.toSorted();
    const twice = sorted.findIndex((chunk, i) => i > 0 && sorted[i - 1] === chunk);
    if (twice >= 0)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`hot pack: chunk ${sorted[twice]} is named twice`);
}


/***/ }),

/***/ 60377:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   QV: () => (/* binding */ requireSameChunks),
/* harmony export */   g5: () => (/* binding */ openPack),
/* harmony export */   ow: () => (/* binding */ storePacked)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(77598);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(73024);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(16986);
/* harmony import */ var _bitmap_file_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(86831);
/* harmony import */ var _error_codec_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(33758);
/* harmony import */ var _file_io_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(79290);
/* harmony import */ var _frame_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(23890);
/* harmony import */ var _hot_pack_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(4140);
/* harmony import */ var _presence_js__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(64994);
/* harmony import */ var _toc_file_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(26704);










const ROOM_BYTES = 4 * 1024 * 1024;
function openPack(fd) {
    const fileBytes = (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.fstatSync)(fd).size;
    const head = readAt(fd, 0, Math.min(fileBytes, (0,_hot_pack_js__WEBPACK_IMPORTED_MODULE_7__/* .packHeaderBytes */ .Ow)(0)), 'header');
    const headerBytes = (0,_frame_js__WEBPACK_IMPORTED_MODULE_6__/* .peekFrameSize */ .Ox)(head);
    if (headerBytes > Math.min(fileBytes, _hot_pack_js__WEBPACK_IMPORTED_MODULE_7__/* .MAX_PACK_HEADER_BYTES */ .RC)) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .FormatError */ .IF(`hot pack: a header of ${headerBytes} bytes in a file of ${fileBytes}`);
    }
    const header = (0,_hot_pack_js__WEBPACK_IMPORTED_MODULE_7__/* .decodePackHeader */ .LU)(readAt(fd, 0, headerBytes, 'header'));
    const wanted = (0,_hot_pack_js__WEBPACK_IMPORTED_MODULE_7__/* .packBytes */ .P0)(header.tocFileBytes, header.sizes);
    if (fileBytes !== wanted)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .FormatError */ .IF(`hot pack: a file of ${fileBytes} bytes, its header says ${wanted}`);
    const toc = (0,_toc_file_js__WEBPACK_IMPORTED_MODULE_8__/* .decodeTocFile */ .DB)(readAt(fd, headerBytes, header.tocFileBytes, 'TOC'));
    return { header, toc, dataStart: headerBytes + header.tocFileBytes };
}
function requireSameChunks({ digest, chunks, sizes }, table) {
    for (const [i, chunk] of chunks.entries()) {
        if (chunk < table.count && table.size[chunk] === sizes[i])
            continue;
        const actual = chunk < table.count ? `one of ${table.size[chunk]} bytes` : `only ${table.count} chunks`;
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .FormatError */ .IF(`hot pack: chunk ${chunk} of ${sizes[i]} bytes, layer ${digest} has ${actual}`);
    }
}
function storePacked({ fd, packOffset, chunks, target }) {
    const counts = { storedChunks: 0, storedBytes: 0, damagedChunks: 0 };
    const { bitmap, imageFd, liveFd } = target;
    const { table, imageOffset } = target.chunks;
    let at = packOffset;
    let diskError;
    for (const chunk of chunks) {
        const size = table.size[chunk];
        if (!(0,_presence_js__WEBPACK_IMPORTED_MODULE_9__/* .hasChunk */ .KQ)(bitmap, chunk)) {
            const bytes = fill(roomFor(size), fd, at, `chunk ${chunk}`);
            if (!isPromised(table, chunk, bytes))
                counts.damagedChunks++;
            else {
                diskError = onDisk(() => (0,_file_io_js__WEBPACK_IMPORTED_MODULE_5__/* .writeAll */ .f)(imageFd, bytes, imageOffset[chunk]));
                if (diskError !== undefined)
                    break;
                if ((0,_presence_js__WEBPACK_IMPORTED_MODULE_9__/* .setChunk */ .GG)(bitmap, chunk)) {
                    counts.storedChunks++;
                    counts.storedBytes += size;
                }
            }
        }
        at += size;
    }
    diskError ??= onDisk(() => updateLiveOf(liveFd, bitmap, chunks));
    return diskError === undefined ? counts : { ...counts, diskError };
}
let room = Buffer.alloc(0);
function roomFor(size) {
    if (size > ROOM_BYTES)
        return Buffer.allocUnsafeSlow(size);
    if (size > room.length)
        room = Buffer.allocUnsafeSlow(ROOM_BYTES);
    return room.subarray(0, size);
}
function isPromised(table, chunk, bytes) {
    return (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.hash)('sha256', bytes, 'buffer').equals(table.digest.subarray(chunk * 32, chunk * 32 + 32));
}
function updateLiveOf(liveFd, bitmap, chunks) {
    let [first, end] = [Infinity, 0];
    for (const chunk of chunks) {
        first = Math.min(first, chunk);
        end = Math.max(end, chunk + 1);
    }
    if (first < end)
        (0,_bitmap_file_js__WEBPACK_IMPORTED_MODULE_3__/* .updateLive */ .WF)(liveFd, bitmap, first, end);
}
function onDisk(work) {
    try {
        work();
        return undefined;
    }
    catch (error) {
        return (0,_error_codec_js__WEBPACK_IMPORTED_MODULE_4__/* .encodeError */ .T)(error);
    }
}
function readAt(fd, position, length, what) {
    return fill(Buffer.allocUnsafeSlow(length), fd, position, what);
}
function fill(bytes, fd, position, what) {
    const count = (0,_file_io_js__WEBPACK_IMPORTED_MODULE_5__/* .readInto */ .P)(fd, bytes, position);
    if (count === bytes.length)
        return bytes;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .FormatError */ .IF(`hot pack: the file ends within its ${what}`, { offset: position + count });
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

/***/ 28329:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   MD: () => (/* binding */ noteUse),
/* harmony export */   iX: () => (/* binding */ UsedChunks)
/* harmony export */ });
/* unused harmony export emptyUse */
/* harmony import */ var _presence_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(64994);

function emptyUse(count) {
    return {
        bitmap: (0,_presence_js__WEBPACK_IMPORTED_MODULE_0__/* .emptyBitmap */ .bn)(count),
        order: new Int32Array(new SharedArrayBuffer((1 + count) * Int32Array.BYTES_PER_ELEMENT)),
        firstReadMs: new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT)),
    };
}
function noteUse({ bitmap, order, firstReadMs }, index) {
    const bit = 1 << (index & 31);
    if ((Atomics.load(bitmap, index >>> 5) & bit) !== 0)
        return;
    if ((Atomics.or(bitmap, index >>> 5, bit) & bit) !== 0)
        return;
    const place = 1 + Atomics.add(order, 0, 1);
    if (place === 1)
        firstReadMs[0] = Date.now();
    Atomics.store(order, place, 1 + index);
}
class UsedChunks {
    use;
    #size;
    #chunks = 0;
    #bytes = 0;
    constructor(size) {
        this.#size = size;
        this.use = emptyUse(size.length);
    }
    count() {
        for (let noted = this.#at(this.#chunks); noted !== undefined; noted = this.#at(this.#chunks)) {
            this.#chunks++;
            this.#bytes += this.#size[noted];
        }
        return { chunks: this.#chunks, bytes: this.#bytes };
    }
    order() {
        const { chunks } = this.count();
        return Uint32Array.from({ length: chunks }, (_, place) => this.#at(place));
    }
    get firstReadMs() {
        return this.#at(0) === undefined ? undefined : this.use.firstReadMs[0];
    }
    #at(place) {
        if (place >= this.#size.length)
            return undefined;
        const noted = Atomics.load(this.use.order, 1 + place);
        return noted === 0 ? undefined : noted - 1;
    }
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


/***/ }),

/***/ 24493:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   r: () => (/* binding */ version)
/* harmony export */ });
const version = '0.1.0';


/***/ })

};
