export const id = 598;
export const ids = [598];
export const modules = {

/***/ 84845:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (__WEBPACK_DEFAULT_EXPORT__)
/* harmony export */ });
const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
let koffi;
/* harmony default export */ const __WEBPACK_DEFAULT_EXPORT__ = (new Proxy({}, { get: (_, name) => (koffi ??= require('koffi'))[name] }));


/***/ }),

/***/ 78981:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runRecorder: () => (/* binding */ runRecorder)
});

// EXTERNAL MODULE: ./src/daemon/serving.js
var serving = __webpack_require__(68098);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/layer/error-codec.js
var error_codec = __webpack_require__(33758);
// EXTERNAL MODULE: ./src/optimize/ranges.js
var optimize_ranges = __webpack_require__(18039);
;// CONCATENATED MODULE: ./src/optimize/access-log.js

const MOST_RANGES = 4096;
class AccessLog {
    #files = new Map();
    #now;
    #startedMs;
    #lastMs = 0;
    #open = false;
    constructor(now = () => performance.now()) {
        this.#now = now;
        this.#startedMs = now();
    }
    start() {
        this.#startedMs = this.#now();
        this.#open = true;
    }
    stop() {
        this.#open = false;
        return this.#now() - this.#startedMs;
    }
    read(layer, tarOffset, start, end) {
        if (!this.#open)
            return;
        const key = `${layer} ${tarOffset}`;
        const known = this.#files.get(key);
        if (known !== undefined) {
            addRange(known.access.ranges, start, end);
            return;
        }
        this.#lastMs = Math.max(this.#lastMs + 0.001, this.#now() - this.#startedMs);
        this.#files.set(key, { layer, tarOffset, access: { firstReadMs: this.#lastMs, ranges: [[start, end]] } });
    }
    files() {
        return [...this.#files.values()].map(({ layer, tarOffset, access }) => {
            return { layer, tarOffset, firstReadMs: access.firstReadMs, ranges: (0,optimize_ranges/* unionRanges */.AO)(access.ranges) };
        });
    }
}
function addRange(ranges, start, end) {
    const last = ranges.at(-1);
    if (last !== undefined && start >= last[0] && start <= last[1]) {
        last[1] = Math.max(last[1], end);
        return;
    }
    ranges.push([start, end]);
    if (ranges.length >= MOST_RANGES && ranges.length % MOST_RANGES === 0) {
        const united = (0,optimize_ranges/* unionRanges */.AO)(ranges);
        ranges.length = 0;
        for (const range of united)
            ranges.push(range);
    }
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./src/fuse/libc.js
var libc = __webpack_require__(65783);
// EXTERNAL MODULE: ./src/fuse/mount.js
var mount = __webpack_require__(37562);
// EXTERNAL MODULE: ./src/fuse/session.js
var session = __webpack_require__(94431);
// EXTERNAL MODULE: ./src/fuse/wire-transport.js + 1 modules
var wire_transport = __webpack_require__(67510);
// EXTERNAL MODULE: ./src/log.js
var log = __webpack_require__(49179);
// EXTERNAL MODULE: ./src/snapshot/mounts.js
var mounts = __webpack_require__(88626);
// EXTERNAL MODULE: ./src/fuse/mountinfo.js
var mountinfo = __webpack_require__(99370);
;// CONCATENATED MODULE: ./src/optimize/read-ahead.js



const BDI = '/sys/class/bdi';
const READ_AHEAD_KIB = 16;
function listReadAheads() {
    try {
        return new Set((0,external_node_fs_.readdirSync)(BDI));
    }
    catch {
        return new Set();
    }
}
function limitReadAhead(mountpoint, before) {
    const device = (0,mountinfo/* findMount */.vc)(mountpoint)?.device;
    const names = listReadAheads();
    const own = device !== undefined && names.has(device) ? device : newErofs(names, before);
    if (own === undefined)
        return false;
    try {
        (0,external_node_fs_.writeFileSync)((0,external_node_path_.join)(BDI, own, 'read_ahead_kb'), `${READ_AHEAD_KIB}`);
        return true;
    }
    catch {
        return false;
    }
}
function newErofs(names, before) {
    const fresh = [...names].filter((name) => /^erofs-\d+$/.test(name) && !before.has(name));
    return fresh.length === 1 ? fresh[0] : undefined;
}

// EXTERNAL MODULE: ./src/erofs/layout.js + 9 modules
var erofs_layout = __webpack_require__(27272);
// EXTERNAL MODULE: ./src/estargz/parse-toc.js + 4 modules
var parse_toc = __webpack_require__(67557);
// EXTERNAL MODULE: ./src/layer/presence.js
var presence = __webpack_require__(64994);
;// CONCATENATED MODULE: ./src/optimize/recording-layer.js





const COPY_BYTES = 1 << 20;
class RecordingLayer {
    file;
    #tarFd;
    #imageFd;
    #chunks;
    #presence;
    #buffer = Buffer.allocUnsafeSlow(COPY_BYTES);
    constructor(layer, imagePath, nodeId) {
        const toc = (0,parse_toc/* parseToc */.AI)((0,external_node_fs_.readFileSync)(layer.tocPath), { payloadEnd: (0,external_node_fs_.statSync)(layer.tarPath).size });
        const layout = (0,erofs_layout/* layoutLayer */.q)(toc, { uuid: new Uint8Array(16), opaqueXattr: 'trusted' });
        this.#chunks = toc.chunks;
        this.#presence = {
            count: toc.chunks.count,
            imageOffset: layout.chunkImageOffset,
            size: toc.chunks.size,
            bitmap: (0,presence/* emptyBitmap */.bn)(toc.chunks.count),
        };
        this.#tarFd = (0,external_node_fs_.openSync)(layer.tarPath, 'r');
        this.#imageFd = (0,external_node_fs_.openSync)(imagePath, 'wx+', 0o600);
        (0,external_node_fs_.ftruncateSync)(this.#imageFd, layout.imageSize);
        writeWhole(this.#imageFd, layout.metadata, 0);
        const name = `layer-${nodeId}`;
        this.file = { nodeId, name, size: layout.imageSize, fd: this.#imageFd, presence: this.#presence };
    }
    fill(imageOffset, length) {
        const reads = [];
        const end = imageOffset + length;
        const { count, imageOffset: offsets, size } = this.#presence;
        for (let chunk = (0,presence/* firstChunkEndingAfter */.TL)(this.#presence, imageOffset); chunk < count; chunk++) {
            const chunkStart = offsets[chunk];
            if (chunkStart >= end)
                break;
            const from = Math.max(imageOffset, chunkStart);
            const until = Math.min(end, chunkStart + size[chunk]);
            const tarOffset = this.#chunks.blobOffset[chunk];
            const fileOffset = this.#chunks.fileOffset[chunk];
            this.#copy(tarOffset + from - chunkStart, from, until - from);
            const start = fileOffset + from - chunkStart;
            reads.push({ tarOffset: tarOffset - fileOffset, start, end: start + until - from });
        }
        return reads;
    }
    [Symbol.dispose]() {
        (0,external_node_fs_.closeSync)(this.#tarFd);
        (0,external_node_fs_.closeSync)(this.#imageFd);
    }
    #copy(tarOffset, imageOffset, length) {
        for (let done = 0; done < length;) {
            const wanted = Math.min(this.#buffer.length, length - done);
            const got = (0,external_node_fs_.readSync)(this.#tarFd, this.#buffer, 0, wanted, tarOffset + done);
            if (got === 0)
                throw new errors/* FormatError */.IF('the tar of a layer ends inside a file', { offset: tarOffset + done });
            writeWhole(this.#imageFd, this.#buffer.subarray(0, got), imageOffset + done);
            done += got;
        }
    }
}
function writeWhole(fd, bytes, offset) {
    for (let at = 0; at < bytes.length;)
        at += (0,external_node_fs_.writeSync)(fd, bytes, at, bytes.length - at, offset + at);
}

;// CONCATENATED MODULE: ./src/optimize/recording-mount.js











const FIRST_NODE_ID = 2;
const MAX_LOWER = 500;
const MAX_OPTIONS_BYTES = 4095;
class RecordingMount {
    rootfs;
    #options;
    #layers = [];
    #mounted = [];
    #fuseFd;
    #transport;
    #tier;
    failure;
    reads = 0;
    constructor(options) {
        this.#options = options;
        this.#tier = options.tier === 'auto' ? 'A' : options.tier;
        this.rootfs = (0,external_node_path_.join)(options.folder, 'rootfs');
    }
    static async open(options) {
        const made = new RecordingMount(options);
        try {
            await made.#open();
        }
        catch (error) {
            await made.close().catch(() => { });
            throw error;
        }
        return made;
    }
    async close() {
        for (const mountpoint of this.#mounted.splice(0).toReversed())
            await (0,mount/* unmount */.vs)(mountpoint, { detach: true });
        if (this.#fuseFd !== undefined) {
            await (0,mount/* unmount */.vs)(this.#fuseMount, { detach: true, force: true });
            await this.#transport?.close();
            (0,external_node_fs_.closeSync)(this.#fuseFd);
            this.#fuseFd = undefined;
        }
        for (const layer of this.#layers.splice(0))
            layer[Symbol.dispose]();
    }
    get #fuseMount() {
        return (0,external_node_path_.join)(this.#options.folder, 'fuse');
    }
    async #open() {
        const { folder, layers } = this.#options;
        if (layers.length > MAX_LOWER) {
            throw new errors/* LazypullError */.qB('UNSUPPORTED', `overlayfs takes ${MAX_LOWER} layers, the image has ${layers.length}`);
        }
        for (const name of ['images', 'fuse', 'l', 'rootfs', 'upper', 'work'])
            makeFolder((0,external_node_path_.join)(folder, name));
        process.chdir(folder);
        for (const [index, layer] of layers.entries()) {
            this.#layers.push(new RecordingLayer(layer, (0,external_node_path_.join)(folder, 'images', `${index}`), FIRST_NODE_ID + index));
        }
        await this.#serve();
        const lower = [];
        for (const [index, { file }] of this.#layers.entries()) {
            const name = `l/${index}`;
            (0,external_node_fs_.mkdirSync)((0,external_node_path_.join)(folder, name));
            await this.#mountLayer((0,external_node_path_.join)(this.#fuseMount, file.name), (0,external_node_path_.join)(folder, name));
            lower.unshift(name);
        }
        await this.#mountOverlay(lower);
    }
    async #serve() {
        const fd = (0,mount/* openFuse */.mu)();
        this.#fuseFd = fd;
        (0,mount/* mountFuse */.hb)(fd, this.#fuseMount);
        (0,session/* settle */.G)(fd, { resend: false });
        this.#transport = await (0,wire_transport/* startWireTransport */.l)({
            fd,
            mountpoint: this.#fuseMount,
            resend: false,
            log: (0,log/* createLogger */.h)({ level: 'error', format: 'text' }),
            onFault: async (read) => this.#fault(read),
        });
        for (const { file } of this.#layers)
            await this.#transport.add(file);
        await this.#transport.start();
    }
    #fault({ nodeId, imageOffset, length }) {
        const index = nodeId - FIRST_NODE_ID;
        try {
            this.reads++;
            for (const { tarOffset, start, end } of this.#layers[index].fill(imageOffset, length)) {
                this.#options.log.read(index, tarOffset, start, end);
            }
        }
        catch (error) {
            this.failure ??= error;
            throw error;
        }
    }
    async #mountLayer(source, target) {
        const before = listReadAheads();
        try {
            await (0,mount/* mountErofs */.T1)({ source, target, tier: this.#tier });
        }
        catch (error) {
            if (this.#options.tier !== 'auto' || this.#tier === 'B')
                throw cannotMount(error);
            this.#tier = 'B';
            await (0,mount/* mountErofs */.T1)({ source, target, tier: 'B' }).catch((second) => {
                throw cannotMount(new AggregateError([error, second], `${(0,errors/* describeError */.Uc)(error)}; ${(0,errors/* describeError */.Uc)(second)}`));
            });
        }
        this.#mounted.push(target);
        limitReadAhead(target, before);
    }
    async #mountOverlay(lower) {
        const paths = { kind: 'active', fs: 'upper', work: 'work', lower };
        try {
            await this.#mountOverlayOver(paths);
        }
        catch (error) {
            if (!(error instanceof errors/* SystemError */._N))
                throw error;
            const spare = (0,external_node_path_.join)(this.#options.folder, 'spare');
            (0,external_node_fs_.mkdirSync)(spare);
            await (0,libc/* mount */.Or)({ source: 'tmpfs', target: spare, type: 'tmpfs', flags: 0, data: 'mode=0700' });
            this.#mounted.push(spare);
            for (const name of ['upper', 'work'])
                makeFolder((0,external_node_path_.join)(spare, name));
            await this.#mountOverlayOver({ ...paths, fs: 'spare/upper', work: 'spare/work' });
        }
    }
    async #mountOverlayOver(paths) {
        const [made] = (0,mounts/* mountsOf */.cS)(paths, (0,mounts/* probeOverlay */.h1)());
        if (made === undefined || made.type !== 'overlay') {
            throw new errors/* LazypullError */.qB('UNSUPPORTED', 'an image without layers has nothing to record');
        }
        const data = made.options.join(',');
        if (Buffer.byteLength(data) > MAX_OPTIONS_BYTES) {
            throw new errors/* LazypullError */.qB('UNSUPPORTED', `the image has too many layers for one mount: ${paths.lower.length}`);
        }
        await (0,libc/* mount */.Or)({ source: 'overlay', target: this.rootfs, type: 'overlay', flags: 0, data });
        this.#mounted.push(this.rootfs);
    }
}
function makeFolder(path) {
    (0,external_node_fs_.mkdirSync)(path);
    (0,external_node_fs_.chmodSync)(path, 0o755);
}
function cannotMount(cause) {
    return new errors/* UserError */.yo(`can't mount EROFS: ${(0,errors/* describeError */.Uc)(cause)}`, 'Load the module (modprobe erofs); without EROFS an image can be converted, but not recorded.', { cause });
}

// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(31421);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(48161);
// EXTERNAL MODULE: external "node:timers/promises"
var external_node_timers_promises_ = __webpack_require__(58500);
;// CONCATENATED MODULE: ./src/optimize/line-watcher.js
class LineWatcher {
    #text;
    #onFound;
    #rest = Buffer.alloc(0);
    #found = false;
    constructor(text, onFound) {
        this.#text = Buffer.from(text);
        this.#onFound = onFound;
    }
    push(data) {
        if (this.#found)
            return;
        const all = Buffer.concat([this.#rest, data]);
        this.#found = all.includes(this.#text);
        const kept = this.#found ? 0 : Math.min(all.length, this.#text.length - 1);
        this.#rest = Buffer.from(all.subarray(all.length - kept));
        if (this.#found)
            this.#onFound();
    }
}

;// CONCATENATED MODULE: ./src/optimize/runner.js
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








const GRACE_MS = 5000;
const RETRY_MS = 200;
const SIGKILL = 9;
const MAX_LOG_BYTES = 1 << 20;
class Runner {
    #job;
    #bundle;
    #onStop;
    #stopped = Promise.withResolvers();
    constructor(job, bundle, onStop) {
        this.#job = job;
        this.#bundle = bundle;
        this.#onStop = onStop;
    }
    stop() {
        this.#stopped.resolve('signal');
    }
    async run(onStarted) {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const { spec, stop } = this.#job;
            await (0,promises_.writeFile)((0,external_node_path_.join)(this.#bundle, 'config.json'), spec, { mode: 0o600 });
            await (0,promises_.mkdir)(this.#state, { recursive: true, mode: 0o700 });
            const child = this.#spawn();
            const exited = ended(child);
            onStarted();
            const timer = __addDisposableResource(env_1, new Timer(stop.periodMs, () => this.#stopped.resolve('period')), false);
            void timer;
            try {
                const reason = await Promise.race([this.#stopped.promise, exited.then(() => 'exit')]);
                this.#onStop(reason);
                if (reason !== 'exit')
                    await this.#end(exited);
                const status = await exited;
                await this.#requireStarted(status);
                return { reason, status };
            }
            finally {
                await this.#runc('delete', '--force', this.#job.id).catch(() => { });
            }
        }
        catch (e_1) {
            env_1.error = e_1;
            env_1.hasError = true;
        }
        finally {
            __disposeResources(env_1);
        }
    }
    get #state() {
        return (0,external_node_path_.join)(this.#job.folder, 'runc');
    }
    get #pidFile() {
        return (0,external_node_path_.join)(this.#job.folder, 'pid');
    }
    get #logFile() {
        return (0,external_node_path_.join)(this.#job.folder, 'runc.log');
    }
    #spawn() {
        const { runtime, id, interactive, terminal, stop } = this.#job;
        const log = ['--root', this.#state, '--log', this.#logFile, '--log-format', 'json'];
        const run = ['run', '--bundle', this.#bundle, '--pid-file', this.#pidFile, id];
        const stdin = interactive ? 'inherit' : 'ignore';
        const stdout = stop.line === undefined ? 'inherit' : 'pipe';
        const child = (0,external_node_child_process_.spawn)(runtime, [...log, ...run], { stdio: [stdin, stdout, terminal ? 'inherit' : stdout] });
        this.#watch(child.stdout, process.stdout);
        this.#watch(child.stderr, process.stderr);
        return child;
    }
    #watch(stream, out) {
        const { line } = this.#job.stop;
        if (stream === null || line === undefined)
            return;
        const watcher = new LineWatcher(line, () => this.#stopped.resolve('line'));
        stream.on('data', (data) => {
            out.write(data);
            watcher.push(data);
        });
    }
    async #end(exited) {
        const { signal } = this.#job.stop;
        const pid = Number(await (0,promises_.readFile)(this.#pidFile, 'utf8').catch(() => ''));
        if (signal !== SIGKILL && catchesSignal(pid, signal)) {
            await this.#runc('kill', this.#job.id, `${signal}`).catch(() => { });
            await within(exited, GRACE_MS);
        }
        while (!(await within(exited, 0))) {
            await this.#runc('kill', this.#job.id, 'KILL').catch(() => { });
            await within(exited, RETRY_MS);
        }
    }
    async #runc(...args) {
        const child = (0,external_node_child_process_.spawn)(this.#job.runtime, ['--root', this.#state, ...args], { stdio: 'ignore' });
        const status = await ended(child);
        if (status !== 0)
            throw new errors/* UserError */.yo(`${this.#job.runtime} ${args[0]}: status ${status}`);
    }
    async #requireStarted(status) {
        if (status === 0)
            return;
        const log = await (0,promises_.readFile)(this.#logFile, 'utf8').catch(() => '');
        const message = lastError(log.slice(-MAX_LOG_BYTES));
        if (message === undefined)
            return;
        throw new errors/* UserError */.yo(`the workload could not be started: ${message}`, 'Look at the command after "--", --entrypoint, --user, --cwd and --mount.');
    }
}
class Timer {
    #timer;
    constructor(ms, callback) {
        this.#timer = ms === undefined ? undefined : setTimeout(callback, ms);
    }
    [Symbol.dispose]() {
        clearTimeout(this.#timer);
    }
}
async function ended(child) {
    const { promise, resolve, reject } = Promise.withResolvers();
    child.once('error', (cause) => reject(new errors/* UserError */.yo(`can't start runc: ${(0,errors/* describeError */.Uc)(cause)}`, 'Install runc, or name it with --runtime.', { cause })));
    child.once('close', (code, signal) => resolve(code ?? 128 + external_node_os_.constants.signals[signal ?? 'SIGKILL']));
    return promise;
}
async function within(event, ms) {
    const limit = new AbortController();
    const late = (0,external_node_timers_promises_.setTimeout)(ms, false, { signal: limit.signal }).catch(() => false);
    const came = await Promise.race([event.then(() => true), late]);
    limit.abort();
    return came;
}
function catchesSignal(pid, signal) {
    if (!Number.isSafeInteger(pid) || pid <= 0)
        return false;
    try {
        const mask = /^SigCgt:\s*([0-9a-f]+)$/m.exec((0,external_node_fs_.readFileSync)(`/proc/${pid}/status`, 'latin1'))?.[1] ?? '';
        const digit = Number.parseInt(mask.at(-1 - Math.floor((signal - 1) / 4)) ?? '0', 16);
        return ((digit >> ((signal - 1) % 4)) & 1) === 1;
    }
    catch {
        return false;
    }
}
function lastError(log) {
    for (const line of log.trim().split('\n').toReversed()) {
        try {
            const { level, msg } = JSON.parse(line);
            if ((level === 'error' || level === 'fatal') && typeof msg === 'string')
                return msg.slice(0, 1000);
        }
        catch {
            continue;
        }
    }
    return undefined;
}

;// CONCATENATED MODULE: ./src/optimize/recorder.js





class Recorder {
    #channel;
    #runner;
    #stopAsked = false;
    constructor(channel) {
        this.#channel = channel;
    }
    async handle(message) {
        if (message.type === 'stop') {
            this.#stopAsked = true;
            this.#runner?.stop();
            return false;
        }
        try {
            await this.#channel.send({ type: 'done', outcome: await this.#record(message.job) });
        }
        catch (error) {
            await this.#channel.send({ type: 'failed', error: (0,error_codec/* encodeError */.T)(error) });
        }
        return true;
    }
    async #record(job) {
        const log = new AccessLog();
        const mount = await RecordingMount.open({ folder: job.folder, layers: job.layers, tier: job.tier, log });
        let durationMs = 0;
        try {
            this.#runner = new Runner(job, job.folder, (reason) => {
                durationMs = log.stop();
                void this.#channel.send({ type: 'stopping', reason });
            });
            if (this.#stopAsked)
                this.#runner.stop();
            log.start();
            const { reason, status } = await this.#runner.run(() => void this.#channel.send({ type: 'started' }));
            if (mount.failure !== undefined)
                throw mount.failure;
            return { reason, status, durationMs, files: log.files(), reads: mount.reads };
        }
        finally {
            await mount.close().catch((error) => {
                process.stderr.write(`lazypull: unmounting: ${(0,errors/* describeError */.Uc)(error)}\n`);
            });
        }
    }
}

;// CONCATENATED MODULE: ./src/cli/record-command.js


function runRecorder() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
        process.on(signal, () => { });
    for (const stream of [process.stdout, process.stderr])
        stream.on('error', () => { });
    process.on('disconnect', () => (0,serving.exitNow)(1));
    const die = (error) => {
        process.stderr.write(`lazypull: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        (0,serving.exitNow)(1);
    };
    process.on('uncaughtException', die);
    process.on('unhandledRejection', die);
    const recorder = new Recorder({ send });
    process.on('message', (message) => {
        void recorder.handle(message).then((done) => {
            if (done)
                (0,serving.exitNow)(0);
        });
    });
}
async function send(message) {
    const { promise, resolve, reject } = Promise.withResolvers();
    if (process.send === undefined)
        throw new Error('this command is started by lazypull optimize only');
    process.send(message, (error) => (error === null ? resolve() : reject(error)));
    await promise;
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
