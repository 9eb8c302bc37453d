export const id = 9035;
export const ids = [9035];
export const modules = {

/***/ 9061:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   r: () => (/* binding */ ControlClient)
/* harmony export */ });
/* harmony import */ var node_events__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(78474);
/* harmony import */ var node_http__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(37067);
/* harmony import */ var node_readline__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(80481);
/* harmony import */ var _config_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(35059);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(16986);
/* harmony import */ var _exit_codes_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(61453);






const TIMEOUT_MS = 10_000;
const HOT_TIMEOUT_MS = 600_000;
class ControlClient {
    socket;
    constructor(socket) {
        this.socket = socket;
    }
    static fromFlags(flags) {
        const { socket, config } = flags;
        if (typeof socket === 'string')
            return new ControlClient(socket);
        return new ControlClient((0,_config_js__WEBPACK_IMPORTED_MODULE_3__/* .loadConfig */ .Z9)(typeof config === 'string' ? config : undefined).config.control.socket);
    }
    async status() {
        return JSON.parse(await this.#ask('GET', '/v1/status'));
    }
    async config() {
        return await this.#ask('GET', '/v1/config');
    }
    async restart() {
        await this.#ask('POST', '/v1/restart');
    }
    async warm(hint) {
        await this.#ask('POST', '/v1/warm', JSON.stringify(hint));
    }
    async hotSave(request) {
        return JSON.parse(await this.#ask('POST', '/v1/hot/save', JSON.stringify(request), HOT_TIMEOUT_MS));
    }
    async hotLoad(request) {
        return JSON.parse(await this.#ask('POST', '/v1/hot/load', JSON.stringify(request), HOT_TIMEOUT_MS));
    }
    async pull(pull, onProgress, signal) {
        for await (const event of this.#events('/v1/pull', pull, signal)) {
            if ('progress' in event)
                onProgress(event.progress);
            else if ('result' in event)
                return event.result;
            else {
                const { code, message, status } = event.error;
                throw new _exit_codes_js__WEBPACK_IMPORTED_MODULE_5__/* .DaemonPullError */ .mY(code === 'UNKNOWN' ? 'SYSTEM' : code, message, status);
            }
        }
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .LazypullError */ .qB('UNAVAILABLE', 'the daemon ended before the pull did');
    }
    async *#events(path, body, signal) {
        const asked = (0,node_http__WEBPACK_IMPORTED_MODULE_1__.request)({ socketPath: this.socket, method: 'POST', path, agent: false, signal });
        const answered = (0,node_events__WEBPACK_IMPORTED_MODULE_0__.once)(asked, 'response');
        asked.end(JSON.stringify(body));
        let response;
        try {
            [response] = (await answered);
        }
        catch (error) {
            signal.throwIfAborted();
            throw this.#noDaemon(error);
        }
        if (response.statusCode !== 200) {
            response.destroy();
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .LazypullError */ .qB('UNAVAILABLE', `the daemon answers ${response.statusCode} to POST ${path}`);
        }
        for await (const line of (0,node_readline__WEBPACK_IMPORTED_MODULE_2__.createInterface)({ input: response, crlfDelay: Infinity }))
            yield JSON.parse(line);
        signal.throwIfAborted();
    }
    #ask(method, path, body, timeout = TIMEOUT_MS) {
        return new Promise((resolve, reject) => {
            const asked = (0,node_http__WEBPACK_IMPORTED_MODULE_1__.request)({ socketPath: this.socket, method, path, agent: false, timeout }, (response) => {
                response.setEncoding('utf8');
                let text = '';
                response.on('data', (part) => (text += part));
                response.on('error', reject);
                response.on('end', () => {
                    if ((response.statusCode ?? 500) < 300)
                        resolve(text);
                    else
                        reject(refusal(`the daemon answers ${response.statusCode} to ${method} ${path}`, text));
                });
            });
            asked.on('timeout', () => asked.destroy(new Error(`no answer within ${timeout / 1000} s`)));
            asked.on('error', (cause) => reject(this.#noDaemon(cause)));
            asked.end(body);
        });
    }
    #noDaemon(cause) {
        const fix = cause.code === 'EACCES'
            ? 'Only root may ask it: use sudo.'
            : 'Start one with: lazypull daemon. Or name its socket with --socket, or its configuration with --config.';
        return new _exit_codes_js__WEBPACK_IMPORTED_MODULE_5__/* .NoDaemonError */ .W8(`no daemon answers on ${this.socket} (${cause.code ?? cause.message})`, fix, { cause });
    }
}
function refusal(what, body) {
    try {
        const { code, message } = JSON.parse(body);
        if (typeof code === 'string' && typeof message === 'string' && code !== 'NOT_FOUND' && code !== 'UNKNOWN') {
            return new _exit_codes_js__WEBPACK_IMPORTED_MODULE_5__/* .DaemonError */ .$v(code, message);
        }
    }
    catch {
    }
    return new _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .LazypullError */ .qB('UNAVAILABLE', `${what}: ${body.trim().slice(0, 500)}`);
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

/***/ 51971:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ LiveLine)
/* harmony export */ });
const REDRAW_MS = 100;
class LiveLine {
    #terminal;
    #isLive;
    #drawnMs = Number.NEGATIVE_INFINITY;
    #isDrawn = false;
    constructor(options) {
        this.#terminal = options.terminal ?? process.stderr;
        const env = options.env ?? process.env;
        this.#isLive = !options.quiet && this.#terminal.isTTY === true && !env['CI'] && !env['NO_COLOR'];
    }
    draw(text) {
        if (!this.#isLive || performance.now() - this.#drawnMs < REDRAW_MS)
            return;
        this.#drawnMs = performance.now();
        this.#isDrawn = true;
        this.#terminal.write(`\r\u001b[K${text()}`);
    }
    clear() {
        if (this.#isDrawn)
            this.#terminal.write('\r\u001b[K');
        this.#isDrawn = false;
    }
}


/***/ }),

/***/ 99035:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runPull: () => (/* binding */ runPull)
});

// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/oci/platform.js
var oci_platform = __webpack_require__(46580);
// EXTERNAL MODULE: ./src/oci/reference.js
var oci_reference = __webpack_require__(38242);
// EXTERNAL MODULE: ./src/cli/control-client.js
var control_client = __webpack_require__(9061);
// EXTERNAL MODULE: ./src/cli/exit-codes.js
var exit_codes = __webpack_require__(61453);
// EXTERNAL MODULE: ./src/cli/flag-values.js
var flag_values = __webpack_require__(92243);
// EXTERNAL MODULE: ./src/cli/interrupts.js
var cli_interrupts = __webpack_require__(7738);
;// CONCATENATED MODULE: ./src/cli/layer-reasons.js
async function explainLayers(daemon, ref, layers) {
    try {
        const status = await daemon.status();
        return layers.map((layer) => ({ ...layer, ...knownOf(status, ref, layer) }));
    }
    catch {
        return [...layers];
    }
}
function knownOf(status, ref, layer) {
    if (layer.state === 'ordinary') {
        const fallbacks = status.fallbacks.filter((fallback) => fallback.layer === layer.digest);
        const found = fallbacks.findLast((fallback) => fallback.ref === ref) ?? fallbacks.at(-1);
        return found === undefined ? {} : { reason: found.reason, kind: found.kind };
    }
    const known = status.images.flatMap((image) => image.layers).find(({ digest }) => digest === layer.digest);
    return known === undefined || layer.state === 'existing' ? {} : { fetchedBytes: known.fetchedBytes };
}

// EXTERNAL MODULE: ./src/cli/format.js
var format = __webpack_require__(97093);
// EXTERNAL MODULE: ./src/cli/live-line.js
var live_line = __webpack_require__(51971);
;// CONCATENATED MODULE: ./src/cli/pull-reporter.js


class PullReporter {
    #options;
    #line;
    #write;
    #downloading = new Map();
    #layers = [];
    #lines = Promise.resolve();
    constructor(options) {
        this.#options = options;
        this.#line = new live_line/* LiveLine */.D({ ...options, quiet: options.json });
        this.#write = options.write ?? ((text) => void process.stdout.write(text));
    }
    progress(progress) {
        if (progress.kind === 'resolved')
            this.#layers = progress.layers;
        else if (progress.kind === 'downloading') {
            this.#downloading.set(progress.index, progress.bytes);
            this.#draw();
        }
        else
            this.#layerDone(progress.index, progress.layer);
    }
    async finish(result, platform) {
        await this.#lines;
        this.stop();
        const layers = await this.#options.explain(result.layers);
        if (this.#options.json)
            this.#write(`${JSON.stringify({ ...result, platform, layers }, undefined, 2)}\n`);
        else
            this.#write(`${summaryLine(result, layers)}\n`);
    }
    stop() {
        this.#line.clear();
    }
    #layerDone(index, layer) {
        this.#downloading.delete(index);
        if (this.#options.json)
            return;
        this.#lines = this.#lines.then(async () => {
            const [explained] = await this.#options.explain([layer]);
            this.stop();
            this.#write(`${layerLine(index, this.#layers.length, explained ?? layer)}\n`);
        });
    }
    #draw() {
        this.#line.draw(() => {
            const bytes = [...this.#downloading.values()].reduce((sum, one) => sum + one, 0);
            const size = [...this.#downloading.keys()].reduce((sum, index) => sum + (this.#layers[index]?.size ?? 0), 0);
            return `downloading ${(0,format/* plural */.LS)(this.#downloading.size, 'layer')}: ${(0,format/* formatBytes */.z3)(bytes)} of ${(0,format/* formatBytes */.z3)(size)}`;
        });
    }
}
function layerLine(index, count, layer) {
    const reason = layer.reason === undefined ? '' : `  not lazy: ${(0,format/* printable */.g$)(layer.reason)}`;
    const size = (0,format/* formatBytes */.z3)(layer.size).padStart(9);
    return `${index + 1}/${count} ${(0,format/* shortDigest */.VK)(layer.digest)}  ${layer.state.padEnd(8)} ${size}  ${(0,format/* formatSeconds */.Xo)(layer.durationMs / 1000)}${reason}`;
}
function summaryLine(result, layers) {
    const count = (state) => layers.filter((layer) => layer.state === state).length;
    const states = ['lazy', 'existing', 'ordinary']
        .filter((state) => count(state) > 0)
        .map((state) => `${count(state)} ${state}`);
    const size = layers.reduce((sum, layer) => sum + layer.size, 0);
    const fetched = result.downloadedBytes + layers.reduce((sum, layer) => sum + (layer.fetchedBytes ?? 0), 0);
    const parts = states.length === 0 ? '' : ` (${states.join(', ')})`;
    return `${result.name}: ${(0,format/* plural */.LS)(layers.length, 'layer')}${parts}, ${(0,format/* formatBytes */.z3)(fetched)} of ${(0,format/* formatBytes */.z3)(size)} downloaded, ${(0,format/* formatSeconds */.Xo)(result.durationMs / 1000)}`;
}

;// CONCATENATED MODULE: ./src/cli/pull-command.js
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









async function runPull(ref, flags) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const name = (0,oci_reference/* formatReference */.FH)(parseImage(ref));
        const platformFlag = (0,flag_values/* textFlag */.gx)(flags, 'platform');
        const platform = (0,oci_platform/* formatPlatform */.Bq)(platformFlag === undefined ? (0,oci_platform/* hostPlatform */.ol)() : (0,flag_values/* parsePlatformFlag */.RS)(platformFlag));
        const daemon = control_client/* ControlClient */.r.fromFlags(flags);
        const reporter = new PullReporter({
            name,
            json: flags['json'] === true,
            explain: (layers) => explainLayers(daemon, name, layers),
        });
        const request = {
            reference: name,
            platform,
            address: (0,flag_values/* textFlag */.gx)(flags, 'address') ?? '',
            namespace: (0,flag_values/* textFlag */.gx)(flags, 'namespace') ?? '',
            snapshotter: (0,flag_values/* textFlag */.gx)(flags, 'snapshotter') ?? '',
            plainHttp: flags['plainHttp'] === true,
        };
        const interrupts = __addDisposableResource(env_1, new cli_interrupts/* Interrupts */.$(), false);
        try {
            const result = await pull(daemon, request, (0,flag_values/* textFlag */.gx)(flags, 'config'), reporter, interrupts.abort);
            await reporter.finish(result, platform);
        }
        finally {
            reporter.stop();
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
async function pull(daemon, request, configPath, reporter, signal) {
    const onProgress = reporter.progress.bind(reporter);
    try {
        return await daemon.pull(request, onProgress, signal);
    }
    catch (error) {
        signal.throwIfAborted();
        if (!isLocalMatter(error))
            throw error;
        const { pullLocally } = await Promise.all(/* import() */[__webpack_require__.e(1684), __webpack_require__.e(4885), __webpack_require__.e(3109), __webpack_require__.e(8033), __webpack_require__.e(3143)]).then(__webpack_require__.bind(__webpack_require__, 83143));
        return await pullLocally({ request, configPath, daemon, onProgress, signal });
    }
}
function isLocalMatter(error) {
    if (error instanceof exit_codes/* NoDaemonError */.W8)
        return true;
    if (error instanceof exit_codes/* DaemonPullError */.mY && (error.status === 401 || error.status === 403))
        return true;
    return error instanceof errors/* LazypullError */.qB && error.code === 'UNAVAILABLE';
}
function parseImage(ref) {
    try {
        const reference = (0,oci_reference/* parseReference */.F2)(ref);
        return reference.tag === undefined && reference.digest === undefined ? { ...reference, tag: 'latest' } : reference;
    }
    catch (error) {
        if (!(error instanceof errors/* FormatError */.IF))
            throw error;
        throw new errors/* UserError */.yo(error.message, 'An image is named like ghcr.io/org/app:1 or python:3.12.', { cause: error });
    }
}


/***/ })

};
