export const id = 2489;
export const ids = [2489];
export const modules = {

/***/ 92489:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  startNativeTransport: () => (/* binding */ startNativeTransport)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(57975);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/fuse/abi.js
var abi = __webpack_require__(88789);
// EXTERNAL MODULE: ./src/fuse/file-table.js
var file_table = __webpack_require__(60476);
// EXTERNAL MODULE: external "node:module"
var external_node_module_ = __webpack_require__(98995);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./node_modules/koffi/index.js
var koffi = __webpack_require__(84845);
;// CONCATENATED MODULE: ./src/fuse/libfuse.js




const FIX = 'Install libfuse2 (and `npm install fuse-native`), or use the default transport: --fuse-transport wire.';
function loadFuseNative() {
    const require = (0,external_node_module_.createRequire)(import.meta.url);
    const reasons = [];
    const loaded = ['libfuse.so.2', bundledLibrary(require)].some((path) => {
        if (path === undefined)
            return false;
        try {
            koffi/* default */.A.load(path);
            return true;
        }
        catch (error) {
            reasons.push((0,errors/* describeError */.Uc)(error));
            return false;
        }
    });
    if (!loaded)
        throw new errors/* UserError */.yo(`fuse-native needs libfuse 2, which can't be loaded: ${reasons.join('; ')}`, FIX);
    try {
        return require('fuse-native');
    }
    catch (error) {
        throw new errors/* UserError */.yo(`fuse-native can't be loaded: ${(0,errors/* describeError */.Uc)(error)}`, FIX, { cause: error });
    }
}
function bundledLibrary(require) {
    if (process.arch !== 'x64')
        return undefined;
    try {
        return (0,external_node_path_.join)((0,external_node_path_.dirname)(require.resolve('fuse-shared-library-linux')), 'libfuse/lib/libfuse.so');
    }
    catch {
        return undefined;
    }
}

// EXTERNAL MODULE: ./src/fuse/mount.js
var mount = __webpack_require__(37562);
// EXTERNAL MODULE: ./src/fuse/mountinfo.js
var mountinfo = __webpack_require__(99370);
// EXTERNAL MODULE: ./src/fuse/presence.js
var presence = __webpack_require__(58746);
;// CONCATENATED MODULE: ./src/fuse/native-transport.js









const readAsync = (0,external_node_util_.promisify)(external_node_fs_.read);
async function startNativeTransport(options) {
    return new NativeTransport(options, loadFuseNative());
}
class NativeTransport {
    kind = 'fuse-native';
    mountpoint;
    #options;
    #fuse;
    #files = new file_table/* FileTable */.P();
    #running = new Map();
    #stats = { reads: 0, bytes: 0, faults: 0, faultBytes: 0, errors: 0, pending: 0 };
    #mounted = false;
    constructor(options, Fuse) {
        this.#options = options;
        this.mountpoint = options.mountpoint;
        this.#fuse = new Fuse(options.mountpoint, this.#operations(), {
            timeout: false,
            kernelCache: true,
            fsname: 'lazypull',
            subtype: mount/* FUSE_TYPE */.TB.slice('fuse.'.length),
        });
    }
    async start() {
        if (this.#mounted)
            throw new errors/* LazypullError */.qB('FAILED_PRECONDITION', 'the FUSE transport runs already');
        while ((0,mountinfo/* findMount */.vc)(this.mountpoint)?.type === mount/* FUSE_TYPE */.TB)
            await (0,mount/* unmount */.vs)(this.mountpoint, { detach: true, force: true });
        (0,external_node_fs_.mkdirSync)(this.mountpoint, { recursive: true, mode: 0o700 });
        const { promise, resolve, reject } = Promise.withResolvers();
        this.#fuse.mount((error) => (error === null || error === undefined ? resolve() : reject(error)));
        await promise;
        this.#mounted = true;
    }
    async add(file) {
        this.#files.add(file);
    }
    async remove(nodeId) {
        this.#files.remove(nodeId);
        await Promise.all(this.#running.get(nodeId) ?? new Set());
    }
    stats() {
        return { ...this.#stats };
    }
    async close() {
        if (!this.#mounted)
            return;
        this.#mounted = false;
        await (0,mount/* unmount */.vs)(this.mountpoint, { detach: true });
    }
    #operations() {
        const find = (path) => this.#files.lookupName(path.slice(1));
        return {
            getattr: (path, done) => {
                const file = find(path);
                if (path === '/')
                    done(0, attributes(0o040_500, 0));
                else if (file === undefined)
                    done(-abi/* Errno */.RH.ENOENT);
                else
                    done(0, attributes(0o100_400, file.size));
            },
            readdir: (_, done) => done(0, this.#files.all().map(({ name }) => name)),
            open: (path, _, done) => {
                const file = find(path);
                if (file === undefined)
                    done(-abi/* Errno */.RH.ENOENT);
                else
                    done(0, file.nodeId);
            },
            release: (_path, _handle, done) => done(0),
            read: (_, nodeId, target, length, offset, done) => {
                const running = this.#running.get(nodeId) ?? new Set();
                const result = this.#read(nodeId, target.subarray(0, length), offset);
                this.#running.set(nodeId, running.add(result));
                void result.then((bytes) => {
                    running.delete(result);
                    done(bytes);
                });
            },
        };
    }
    async #read(nodeId, target, offset) {
        const file = this.#files.lookup(nodeId);
        if (file === undefined)
            return -abi/* Errno */.RH.ESTALE;
        const length = Math.max(0, Math.min(target.length, file.size - offset));
        this.#stats.reads++;
        try {
            if (!(0,presence/* noteRead */.hi)(file.presence, offset, offset + length))
                await this.#fault(nodeId, offset, length);
            for (let done = 0; done < length;) {
                const { bytesRead } = await readAsync(file.fd, target, done, length - done, offset + done);
                if (bytesRead === 0)
                    throw new Error(`the layer image ends at ${offset + done}, inside the read`);
                done += bytesRead;
            }
            this.#stats.bytes += length;
            return length;
        }
        catch (error) {
            this.#stats.errors++;
            this.#options.log.error('a read failed', { file: file.name, offset, length, reason: (0,errors/* describeError */.Uc)(error) });
            return -abi/* Errno */.RH.EIO;
        }
    }
    async #fault(nodeId, imageOffset, length) {
        this.#stats.faults++;
        this.#stats.faultBytes += length;
        this.#stats.pending++;
        try {
            await this.#options.onFault({ nodeId, imageOffset, length });
        }
        finally {
            this.#stats.pending--;
        }
    }
}
function attributes(mode, size) {
    const epoch = new Date(0);
    return {
        mode,
        size,
        nlink: 1,
        uid: 0,
        gid: 0,
        atime: epoch,
        mtime: epoch,
        ctime: epoch,
        blocks: Math.ceil(size / 512),
    };
}


/***/ }),

/***/ 58746:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   hi: () => (/* binding */ noteRead)
/* harmony export */ });
/* unused harmony exports firstChunkEndingAfter, isChunkPresent, isPresent */
/* harmony import */ var _layer_used_chunks_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(28329);

function firstChunkEndingAfter(presence, imageOffset) {
    let low = 0;
    let high = presence.count;
    while (low < high) {
        const middle = (low + high) >>> 1;
        const end = presence.imageOffset[middle] + presence.size[middle];
        if (end > imageOffset)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}
function isChunkPresent(presence, index) {
    return ((Atomics.load(presence.bitmap, index >>> 5) >>> (index & 31)) & 1) === 1;
}
function noteRead(presence, start, end) {
    const { use } = presence;
    if (use === undefined)
        return isPresent(presence, start, end);
    let there = true;
    for (let index = firstChunkEndingAfter(presence, start); index < presence.count; index++) {
        if (presence.imageOffset[index] >= end)
            break;
        (0,_layer_used_chunks_js__WEBPACK_IMPORTED_MODULE_0__/* .noteUse */ .MD)(use, index);
        there &&= isChunkPresent(presence, index);
    }
    return there;
}
function isPresent(presence, start, end) {
    for (let index = firstChunkEndingAfter(presence, start); index < presence.count; index++) {
        if (presence.imageOffset[index] >= end)
            return true;
        if (!isChunkPresent(presence, index))
            return false;
    }
    return true;
}


/***/ })

};
