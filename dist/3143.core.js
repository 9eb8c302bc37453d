export const id = 3143;
export const ids = [3143];
export const modules = {

/***/ 83143:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   pullLocally: () => (/* binding */ pullLocally)
/* harmony export */ });
/* harmony import */ var _config_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(35059);
/* harmony import */ var _containerd_connection_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(47593);
/* harmony import */ var _containerd_pull_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(35472);
/* harmony import */ var _containerd_registry_source_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(46652);
/* harmony import */ var _daemon_warm_request_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(95965);
/* harmony import */ var _oci_platform_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(46580);
/* harmony import */ var _oci_reference_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(38242);
/* harmony import */ var _registry_client_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(39204);
/* harmony import */ var _registry_from_config_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(93484);
/* harmony import */ var _version_js__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(24493);
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










async function pullLocally({ request, configPath, daemon, onProgress, signal, }) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const reference = (0,_oci_reference_js__WEBPACK_IMPORTED_MODULE_6__/* .parseReference */ .F2)(request.reference);
        const { registry } = (0,_config_js__WEBPACK_IMPORTED_MODULE_0__/* .loadConfig */ .Z9)(configPath).config;
        const plainHttpHosts = request.plainHttp ? [...registry.plainHttpHosts, reference.registry] : registry.plainHttpHosts;
        const client = __addDisposableResource(env_1, new _registry_client_js__WEBPACK_IMPORTED_MODULE_7__/* .RegistryClient */ .b((0,_registry_from_config_js__WEBPACK_IMPORTED_MODULE_8__/* .registryOptions */ ._)({ ...registry, plainHttpHosts }, `lazypull/${_version_js__WEBPACK_IMPORTED_MODULE_9__/* .version */ .r}`)), true);
        const connection = __addDisposableResource(env_1, await _containerd_connection_js__WEBPACK_IMPORTED_MODULE_1__/* .Connection */ .Ng.open({ address: request.address, namespace: request.namespace }), false);
        return await (0,_containerd_pull_js__WEBPACK_IMPORTED_MODULE_2__/* .pullLazily */ .L)({
            connection,
            snapshotter: request.snapshotter,
            source: new _containerd_registry_source_js__WEBPACK_IMPORTED_MODULE_3__/* .RegistrySource */ .n(client, reference, (0,_oci_platform_js__WEBPACK_IMPORTED_MODULE_5__/* .parsePlatform */ .Y8)(request.platform)),
            onResolved: ({ manifest }) => {
                daemon.warm((0,_daemon_warm_request_js__WEBPACK_IMPORTED_MODULE_4__/* .warmRequestOf */ .k)((0,_oci_reference_js__WEBPACK_IMPORTED_MODULE_6__/* .formatReference */ .FH)(reference), manifest.parsed)).catch(() => { });
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
        const result_1 = __disposeResources(env_1);
        if (result_1)
            await result_1;
    }
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


/***/ })

};
