export const id = 8033;
export const ids = [8033];
export const modules = {

/***/ 47593:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Ng: () => (/* binding */ Connection),
  Mz: () => (/* binding */ errorOf),
  up: () => (/* binding */ hasCode)
});

// UNUSED EXPORTS: DEFAULT_CONTAINERD_ADDRESS

// EXTERNAL MODULE: ../../node_modules/@grpc/grpc-js/build/src/index.js
var src = __webpack_require__(34885);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/grpc/socket.js
var socket = __webpack_require__(88669);
// EXTERNAL MODULE: ./src/grpc/status.js
var grpc_status = __webpack_require__(92734);
// EXTERNAL MODULE: ./src/grpc/load.js
var load = __webpack_require__(74448);
;// CONCATENATED MODULE: ./src/containerd/protos.js

const NAMES = ['content', 'images', 'leases', 'introspection', 'version', 'diff'];
let loaded;
function methodOf(service, method) {
    loaded ??= (0,load/* loadProto */.b)(...NAMES.map((name) => `containerd-${name}.proto`), 'snapshots.proto');
    const definition = (0,load/* serviceOf */.z)(loaded, service)[method];
    if (definition === undefined)
        throw new Error(`no gRPC method ${service}/${method}`);
    return definition;
}

;// CONCATENATED MODULE: ./src/containerd/connection.js





const DEFAULT_CONTAINERD_ADDRESS = '/run/containerd/containerd.sock';
const MAX_MESSAGE_BYTES = 16 << 20;
class Connection {
    address;
    #client;
    #metadata;
    constructor(address, client, metadata) {
        this.address = address;
        this.#client = client;
        this.#metadata = metadata;
    }
    static async open(options) {
        const { address, namespace } = options;
        const silent = (cause) => new errors/* UserError */.yo(`containerd does not answer at ${address}`, 'Is it running, are you root, is --address right?', {
            cause,
        });
        if (!(await (0,socket/* answers */.GA)(address)))
            throw silent();
        const client = new src/* Client */.Kj(`unix:${address}`, src/* credentials */.z3.createInsecure(), {
            'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
            'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
        });
        await new Promise((resolve, reject) => {
            client.waitForReady(Date.now() + (options.timeoutMs ?? 5000), (cause) => {
                if (cause === undefined)
                    return resolve();
                client.close();
                reject(silent(cause));
            });
        });
        const metadata = new src/* Metadata */.OS();
        metadata.set('containerd-namespace', namespace);
        return new Connection(address, client, metadata);
    }
    withLease(lease) {
        const metadata = this.#metadata.clone();
        metadata.set('containerd-lease', lease);
        return new Connection(this.address, this.#client, metadata);
    }
    call(name, request, signal) {
        const { method, path } = lookup(name);
        return new Promise((resolve, reject) => {
            signal?.throwIfAborted();
            const call = this.#client.makeUnaryRequest(path, method.requestSerialize, method.responseDeserialize, request, this.#metadata, (error, response) => {
                signal?.removeEventListener('abort', cancel);
                if (error !== null)
                    reject(errorOf(name, error, signal));
                else
                    resolve(response);
            });
            const cancel = () => call.cancel();
            signal?.addEventListener('abort', cancel, { once: true });
        });
    }
    stream(name, request) {
        const { method, path } = lookup(name);
        return this.#client.makeServerStreamRequest(path, method.requestSerialize, method.responseDeserialize, request, this.#metadata);
    }
    duplex(name) {
        const { method, path } = lookup(name);
        return this.#client.makeBidiStreamRequest(path, method.requestSerialize, method.responseDeserialize, this.#metadata);
    }
    close() {
        this.#client.close();
    }
    [Symbol.dispose]() {
        this.close();
    }
}
function errorOf(name, error, signal) {
    return signal?.aborted === true
        ? signal.reason
        : (0,grpc_status/* errorOfStatus */.K)(`containerd ${name[1]}`, error, error);
}
function hasCode(error, code) {
    return error instanceof errors/* LazypullError */.qB && error.code === code;
}
function lookup([service, method]) {
    const definition = methodOf(service, method);
    return { method: definition, path: definition.path };
}


/***/ }),

/***/ 24490:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   M4: () => (/* binding */ streamContent),
/* harmony export */   aT: () => (/* binding */ labelContent),
/* harmony export */   c_: () => (/* binding */ readContent),
/* harmony export */   jB: () => (/* binding */ writeContent),
/* harmony export */   wT: () => (/* binding */ lookupContent)
/* harmony export */ });
/* harmony import */ var node_timers_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(58500);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);
/* harmony import */ var _connection_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(47593);



const SERVICE = 'containerd.services.content.v1.Content';
const READ = [SERVICE, 'Read'];
const WRITE = [SERVICE, 'Write'];
const PIECE_BYTES = 1 << 20;
const SOURCE_PREFIX = 'containerd.io/distribution.source.';
const LOCK_RETRIES = 300;
const LOCK_PAUSE_MS = 200;
async function lookupContent(connection, digest, signal) {
    try {
        return (await connection.call([SERVICE, 'Info'], { digest }, signal)).info;
    }
    catch (error) {
        if ((0,_connection_js__WEBPACK_IMPORTED_MODULE_2__/* .hasCode */ .up)(error, 'NOT_FOUND'))
            return undefined;
        throw error;
    }
}
async function labelContent(connection, digest, labels, signal) {
    const paths = Object.keys(labels).map((key) => `labels.${key}`);
    if (paths.length === 0)
        return;
    await connection.call([SERVICE, 'Update'], { info: { digest, labels }, updateMask: { paths } }, signal);
}
async function* streamContent(connection, digest, range, signal) {
    if (range !== undefined && range.start === range.end)
        return;
    signal?.throwIfAborted();
    const asked = range === undefined ? {} : { offset: range.start, size: range.end - range.start };
    const stream = connection.stream(READ, { digest, ...asked });
    const cancel = () => stream.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
        for await (const { data } of stream)
            yield data;
    }
    catch (error) {
        throw (0,_connection_js__WEBPACK_IMPORTED_MODULE_2__/* .errorOf */ .Mz)(READ, error, signal);
    }
    finally {
        signal?.removeEventListener('abort', cancel);
        stream.cancel();
    }
}
async function readContent(connection, digest, maxBytes, signal) {
    const parts = [];
    let length = 0;
    for await (const data of streamContent(connection, digest, undefined, signal)) {
        length += data.length;
        if (length > maxBytes)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`${digest}: more than ${maxBytes} bytes`);
        parts.push(data);
    }
    return Buffer.concat(parts);
}
async function writeContent(connection, blob, signal) {
    for (let attempt = 0;; attempt++) {
        try {
            return await ingest(connection, blob, signal);
        }
        catch (error) {
            if ((0,_connection_js__WEBPACK_IMPORTED_MODULE_2__/* .hasCode */ .up)(error, 'ALREADY_EXISTS')) {
                await addLabels(connection, blob.descriptor.digest, blob.labels, signal);
                return 0;
            }
            const locked = (0,_connection_js__WEBPACK_IMPORTED_MODULE_2__/* .hasCode */ .up)(error, 'UNAVAILABLE') && error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .LazypullError */ .qB && error.message.includes('locked');
            if (!locked || attempt >= LOCK_RETRIES)
                throw error;
            await (0,node_timers_promises__WEBPACK_IMPORTED_MODULE_0__.setTimeout)(LOCK_PAUSE_MS, undefined, signal === undefined ? {} : { signal });
        }
    }
}
async function addLabels(connection, digest, labels, signal) {
    const before = (await lookupContent(connection, digest, signal))?.labels ?? {};
    const added = Object.entries(labels).map(([key, value]) => {
        if (!key.startsWith(SOURCE_PREFIX))
            return [key, value];
        const repositories = new Set([...(before[key]?.split(',') ?? []), value]);
        return [key, [...repositories].sort().join(',')];
    });
    await labelContent(connection, digest, Object.fromEntries(added), signal);
}
async function ingest(connection, blob, signal) {
    const { ref, labels } = blob;
    const { digest, size } = blob.descriptor;
    signal?.throwIfAborted();
    const writer = new Writer(connection.duplex(WRITE), signal);
    try {
        const { offset: begin } = await writer.send({ action: 'STAT', ref, total: size, expected: digest });
        let offset = begin;
        if (offset > size)
            offset = 0;
        if (offset < size)
            for await (const piece of pieces(blob.open(offset, signal))) {
                if (offset + piece.length > size)
                    throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`${digest}: its source sends more than the ${size} bytes of the manifest`);
                offset = (await writer.send({ action: 'WRITE', offset, data: piece })).offset;
            }
        await writer.send({ action: 'COMMIT', total: size, expected: digest, offset, labels });
        return offset - Math.min(begin, size);
    }
    finally {
        writer.close();
    }
}
class Writer {
    #stream;
    #signal;
    #cancel = () => this.#stream.cancel();
    #waiting;
    #ended;
    constructor(stream, signal) {
        this.#stream = stream;
        this.#signal = signal;
        signal?.addEventListener('abort', this.#cancel, { once: true });
        stream.on('data', (response) => this.#waiting?.resolve(response));
        stream.on('error', (error) => this.#end((0,_connection_js__WEBPACK_IMPORTED_MODULE_2__/* .errorOf */ .Mz)(WRITE, error, signal)));
        stream.on('end', () => this.#end(new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .LazypullError */ .qB('UNAVAILABLE', 'containerd Write: the stream ended')));
    }
    send(request) {
        if (this.#ended !== undefined)
            return Promise.reject(this.#ended);
        this.#waiting = Promise.withResolvers();
        this.#stream.write(request);
        return this.#waiting.promise;
    }
    close() {
        this.#signal?.removeEventListener('abort', this.#cancel);
        this.#stream.end();
        if (this.#ended === undefined)
            this.#stream.cancel();
    }
    #end(error) {
        this.#ended ??= error;
        this.#waiting?.reject(this.#ended);
    }
}
async function* pieces(source) {
    let held = [];
    let length = 0;
    for await (const part of source) {
        for (let at = 0; at < part.length; at += PIECE_BYTES) {
            const slice = part.subarray(at, at + PIECE_BYTES);
            if (length + slice.length > PIECE_BYTES) {
                yield Buffer.concat(held);
                held = [];
                length = 0;
            }
            held.push(slice);
            length += slice.length;
        }
    }
    if (length > 0)
        yield Buffer.concat(held);
}


/***/ }),

/***/ 83085:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   GW: () => (/* binding */ MAX_CONFIG_BYTES),
/* harmony export */   XY: () => (/* binding */ parseDiffIds),
/* harmony export */   sH: () => (/* binding */ chainIds)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _oci_digest_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(62635);


const MAX_CONFIG_BYTES = 8 << 20;
function parseDiffIds(config, layerCount) {
    let document;
    try {
        document = JSON.parse(Buffer.from(config).toString('utf8'));
    }
    catch (cause) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF('image config: not JSON', { cause });
    }
    const ids = document?.rootfs?.diff_ids;
    if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string'))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF('image config: no rootfs.diff_ids');
    if (ids.length !== layerCount)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`image config: ${ids.length} diff ids for ${layerCount} layers`);
    return ids.map(_oci_digest_js__WEBPACK_IMPORTED_MODULE_1__/* .parseDigest */ .m);
}
function chainIds(diffIds) {
    const chain = [];
    for (const diffId of diffIds) {
        const below = chain.at(-1);
        chain.push(below === undefined ? diffId : (0,_oci_digest_js__WEBPACK_IMPORTED_MODULE_1__/* .digestOf */ .ol)(Buffer.from(`${below} ${diffId}`)));
    }
    return chain;
}


/***/ }),

/***/ 61169:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B: () => (/* binding */ putImage),
/* harmony export */   y: () => (/* binding */ lookupImage)
/* harmony export */ });
/* harmony import */ var _connection_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(47593);

const SERVICE = 'containerd.services.images.v1.Images';
async function lookupImage(connection, name, signal) {
    try {
        return (await connection.call([SERVICE, 'Get'], { name }, signal)).image;
    }
    catch (error) {
        if ((0,_connection_js__WEBPACK_IMPORTED_MODULE_0__/* .hasCode */ .up)(error, 'NOT_FOUND'))
            return undefined;
        throw error;
    }
}
async function putImage(connection, image, signal) {
    const { name, labels } = image;
    const { mediaType, digest, size } = image.target;
    const record = { name, labels, target: { mediaType, digest, size } };
    try {
        await connection.call([SERVICE, 'Create'], { image: record }, signal);
    }
    catch (error) {
        if (!(0,_connection_js__WEBPACK_IMPORTED_MODULE_0__/* .hasCode */ .up)(error, 'ALREADY_EXISTS'))
            throw error;
        const paths = ['target', ...Object.keys(labels).map((key) => `labels.${key}`)];
        await connection.call([SERVICE, 'Update'], { image: record, updateMask: { paths } }, signal);
    }
}


/***/ }),

/***/ 30616:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   LH: () => (/* binding */ snapshotRefLabels),
/* harmony export */   XQ: () => (/* binding */ sourceLabels),
/* harmony export */   bS: () => (/* binding */ manifestLabels),
/* harmony export */   vy: () => (/* binding */ promisesToc),
/* harmony export */   wp: () => (/* binding */ indexLabels),
/* harmony export */   z0: () => (/* binding */ prepareLabels)
/* harmony export */ });
/* harmony import */ var _oci_annotations_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(73417);
/* harmony import */ var _oci_media_types_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(82371);
/* harmony import */ var _oci_toc_promise_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(12981);



const MAX_LABEL_BYTES = 4096;
const SIZE_LABEL = 'containerd.io/snapshot/remote/lazypull.size';
const TAIL_LABEL = 'containerd.io/snapshot/remote/lazypull.toc-tail';
const TARGET_LABEL = 'containerd.io/snapshot.ref';
const INHERITED = 'containerd.io/snapshot/';
function sourceLabels(reference) {
    return { [`containerd.io/distribution.source.${reference.registry}`]: reference.repository };
}
function manifestLabels(manifest) {
    const labels = { 'containerd.io/gc.ref.content.config': manifest.config.digest };
    for (const [index, layer] of manifest.layers.entries())
        labels[`containerd.io/gc.ref.content.l.${index}`] = layer.digest;
    return labels;
}
function indexLabels(index) {
    const labels = {};
    for (const [at, entry] of index.manifests.entries()) {
        const kind = (0,_oci_media_types_js__WEBPACK_IMPORTED_MODULE_0__/* .isManifestType */ .Q3)(entry.mediaType) || (0,_oci_media_types_js__WEBPACK_IMPORTED_MODULE_0__/* .isIndexType */ .$U)(entry.mediaType) ? 'm.' : '';
        labels[`containerd.io/gc.ref.content.${kind}${at}`] = entry.digest;
    }
    return labels;
}
function snapshotRefLabels(snapshotter, topChainId) {
    return { [`containerd.io/gc.ref.snapshot.${snapshotter}`]: topChainId };
}
function prepareLabels(image) {
    const { ref, manifestDigest, layers, index, chainId } = image;
    const layer = layers[index];
    if (layer === undefined)
        throw new RangeError(`layer ${index} of ${layers.length}`);
    const inherited = Object.entries(layer.annotations ?? {}).filter(([key]) => key.startsWith(INHERITED));
    const fromHere = layers.slice(index).map(({ digest }) => digest);
    const labels = [
        ...inherited,
        [TARGET_LABEL, chainId],
        ['containerd.io/snapshot/remote/stargz.reference', ref],
        ['containerd.io/snapshot/remote/stargz.digest', layer.digest],
        ['containerd.io/snapshot/cri.image-ref', ref],
        ['containerd.io/snapshot/cri.layer-digest', layer.digest],
        ['containerd.io/snapshot/cri.manifest-digest', manifestDigest],
        [SIZE_LABEL, String(layer.size)],
        ...tocLabels(layer),
        ...['containerd.io/snapshot/remote/stargz.layers', 'containerd.io/snapshot/cri.image-layers'].map((key) => [key, joinWithin(fromHere, MAX_LABEL_BYTES - key.length)]),
    ];
    return Object.fromEntries(labels.filter(([key, value]) => Buffer.byteLength(key + value) <= MAX_LABEL_BYTES));
}
function promisesToc(layer) {
    return (0,_oci_toc_promise_js__WEBPACK_IMPORTED_MODULE_1__/* .hasPromise */ .W4)((0,_oci_toc_promise_js__WEBPACK_IMPORTED_MODULE_1__/* .tocPromiseOf */ .PG)(layer));
}
function tocLabels(layer) {
    const { tocChecksum } = (0,_oci_toc_promise_js__WEBPACK_IMPORTED_MODULE_1__/* .tocPromiseOf */ .PG)(layer);
    const tail = (0,_oci_toc_promise_js__WEBPACK_IMPORTED_MODULE_1__/* .tocTailOf */ .WB)(layer);
    return [
        ...(tocChecksum === undefined ? [] : [[_oci_annotations_js__WEBPACK_IMPORTED_MODULE_2__/* .LAZYPULL_TOC_CHECKSUM */ .bh, tocChecksum]]),
        ...(tail === undefined ? [] : [[TAIL_LABEL, String(tail)]]),
    ];
}
function joinWithin(digests, maxBytes) {
    let joined = '';
    for (const digest of digests) {
        const longer = joined === '' ? digest : `${joined},${digest}`;
        if (longer.length > maxBytes)
            break;
        joined = longer;
    }
    return joined;
}


/***/ }),

/***/ 4701:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   H: () => (/* binding */ openLease),
/* harmony export */   p: () => (/* binding */ withLease)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(77598);
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

const SERVICE = 'containerd.services.leases.v1.Leases';
const EXPIRES_AFTER_MS = 24 * 3_600_000;
async function openLease(connection, signal) {
    const id = `lazypull-${Date.now()}-${(0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomBytes)(4).toString('hex')}`;
    const expires = new Date(Date.now() + EXPIRES_AFTER_MS).toISOString();
    await connection.call([SERVICE, 'Create'], { id, labels: { 'containerd.io/gc.expire': expires } }, signal);
    return {
        connection: connection.withLease(id),
        async [Symbol.asyncDispose]() {
            await connection.call([SERVICE, 'Delete'], { id }).catch(() => { });
        },
    };
}
async function withLease(connection, work, signal) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const lease = __addDisposableResource(env_1, await openLease(connection, signal), true);
        return await work(lease.connection);
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

/***/ 74448:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   b: () => (/* binding */ loadProto),
/* harmony export */   z: () => (/* binding */ serviceOf)
/* harmony export */ });
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(76760);
/* harmony import */ var _grpc_proto_loader__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(14133);


const FOLDER = (0,node_path__WEBPACK_IMPORTED_MODULE_0__.join)(import.meta.dirname, 'proto');
function loadProto(...files) {
    return (0,_grpc_proto_loader__WEBPACK_IMPORTED_MODULE_1__/* .loadSync */ .Yi)(files, {
        includeDirs: [FOLDER],
        longs: Number,
        enums: String,
        defaults: true,
        arrays: true,
        objects: true,
    });
}
function serviceOf(definition, name) {
    const service = definition[name];
    if (service === undefined || typeof service['format'] === 'string')
        throw new Error(`no gRPC service ${name}`);
    return service;
}


/***/ }),

/***/ 88669:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   GA: () => (/* binding */ answers),
/* harmony export */   _1: () => (/* binding */ claimSocket),
/* harmony export */   dO: () => (/* binding */ publishSocket)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(51455);
/* harmony import */ var node_net__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(77030);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(76760);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(16986);




const MAX_PATH = 107;
const SUFFIX = '.new';
async function claimSocket(path) {
    if (!path.startsWith('/'))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .UserError */ .yo(`the socket path ${path} is not absolute`);
    if (Buffer.byteLength(path) > MAX_PATH - SUFFIX.length) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .UserError */ .yo(`the socket path ${path} is too long`, `use one of at most ${MAX_PATH - SUFFIX.length} bytes`);
    }
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.mkdir)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.dirname)(path), { recursive: true, mode: 0o700 });
    const existing = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.lstat)(path).catch(() => undefined);
    if (existing !== undefined && !existing.isSocket()) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .UserError */ .yo(`${path} exists and is not a socket`, 'remove it, or use another path');
    }
    if (existing !== undefined && (await answers(path))) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .UserError */ .yo(`another process answers on ${path}`, 'stop it, or use another path');
    }
    const temporary = path + SUFFIX;
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.rm)(temporary, { force: true });
    return temporary;
}
async function publishSocket(temporary, path, mode) {
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.chmod)(temporary, mode);
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.rename)(temporary, path);
}
function answers(path) {
    return new Promise((resolve) => {
        const socket = (0,node_net__WEBPACK_IMPORTED_MODULE_1__.connect)(path);
        socket.once('connect', () => {
            socket.destroy();
            resolve(true);
        });
        socket.once('error', (error) => resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'));
    });
}


/***/ }),

/***/ 92734:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   K: () => (/* binding */ errorOfStatus),
/* harmony export */   m: () => (/* binding */ statusOfError)
/* harmony export */ });
/* harmony import */ var _grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(34885);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);


const STATUS = {
    FORMAT: _grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.DATA_LOSS,
    VERIFICATION: _grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.DATA_LOSS,
    REGISTRY: _grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.UNAVAILABLE,
    UNSUPPORTED: _grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.UNIMPLEMENTED,
    CONFIG: _grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.FAILED_PRECONDITION,
    NOT_FOUND: _grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.NOT_FOUND,
    ALREADY_EXISTS: _grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.ALREADY_EXISTS,
    FAILED_PRECONDITION: _grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.FAILED_PRECONDITION,
    INVALID_ARGUMENT: _grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.INVALID_ARGUMENT,
    UNAVAILABLE: _grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.UNAVAILABLE,
    ABORTED: _grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.ABORTED,
    SYSTEM: _grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.INTERNAL,
};
const CODES = new Map([
    [_grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.NOT_FOUND, 'NOT_FOUND'],
    [_grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.ALREADY_EXISTS, 'ALREADY_EXISTS'],
    [_grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.FAILED_PRECONDITION, 'FAILED_PRECONDITION'],
    [_grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.INVALID_ARGUMENT, 'INVALID_ARGUMENT'],
    [_grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.OUT_OF_RANGE, 'INVALID_ARGUMENT'],
    [_grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.UNAVAILABLE, 'UNAVAILABLE'],
    [_grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.DEADLINE_EXCEEDED, 'UNAVAILABLE'],
    [_grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.RESOURCE_EXHAUSTED, 'UNAVAILABLE'],
    [_grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.CANCELLED, 'ABORTED'],
    [_grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.ABORTED, 'ABORTED'],
    [_grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.UNIMPLEMENTED, 'UNSUPPORTED'],
    [_grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.DATA_LOSS, 'VERIFICATION'],
]);
const MAX_MESSAGE = 2000;
function statusOfError(error) {
    const code = error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .LazypullError */ .qB ? STATUS[error.code] : _grpc_grpc_js__WEBPACK_IMPORTED_MODULE_0__/* .status */ .h5.UNKNOWN;
    return { code, details: (0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .describeError */ .Uc)(error).slice(0, MAX_MESSAGE) };
}
function errorOfStatus(what, answer, cause) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .LazypullError */ .qB(CODES.get(answer.code) ?? 'SYSTEM', `${what}: ${answer.details}`, { cause });
}


/***/ }),

/***/ 12981:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   PG: () => (/* binding */ tocPromiseOf),
/* harmony export */   W4: () => (/* binding */ hasPromise),
/* harmony export */   WB: () => (/* binding */ tocTailOf)
/* harmony export */ });
/* harmony import */ var _digest_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(62635);
/* harmony import */ var _annotations_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(73417);


function hasPromise({ tocDigest, tocChecksum }) {
    return tocDigest !== undefined || tocChecksum !== undefined;
}
function tocPromiseOf({ annotations }) {
    const digestAt = (key) => {
        const text = annotations?.[key];
        return text !== undefined && (0,_digest_js__WEBPACK_IMPORTED_MODULE_0__/* .isDigest */ .Bc)(text) ? text : undefined;
    };
    const tocDigest = digestAt(_annotations_js__WEBPACK_IMPORTED_MODULE_1__/* .TOC_DIGEST */ .Ie);
    if (tocDigest !== undefined)
        return { tocDigest };
    const keys = [_annotations_js__WEBPACK_IMPORTED_MODULE_1__/* .CONTAINERS_MANIFEST_CHECKSUM */ .vy, _annotations_js__WEBPACK_IMPORTED_MODULE_1__/* .LAZYPULL_TOC_CHECKSUM */ .bh, _annotations_js__WEBPACK_IMPORTED_MODULE_1__/* .ZSTD_MANIFEST_CHECKSUM */ .aE];
    const tocChecksum = keys.map(digestAt).find((digest) => digest !== undefined);
    return tocChecksum === undefined ? {} : { tocChecksum };
}
function tocTailOf({ annotations, size }) {
    const position = annotations?.[_annotations_js__WEBPACK_IMPORTED_MODULE_1__/* .CONTAINERS_MANIFEST_POSITION */ .B7] ?? annotations?.[_annotations_js__WEBPACK_IMPORTED_MODULE_1__/* .ZSTD_MANIFEST_POSITION */ .Qh];
    const offset = /^(\d{1,15}):/.exec(position ?? '')?.[1];
    return offset === undefined || Number(offset) >= size ? undefined : size - Number(offset);
}


/***/ })

};
