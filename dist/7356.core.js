export const id = 7356;
export const ids = [7356];
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

/***/ 17356:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   runStatus: () => (/* binding */ runStatus)
/* harmony export */ });
/* unused harmony export statusText */
/* harmony import */ var _control_client_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9061);
/* harmony import */ var _format_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(97093);


async function runStatus(flags) {
    const status = await _control_client_js__WEBPACK_IMPORTED_MODULE_0__/* .ControlClient */ .r.fromFlags(flags).status();
    process.stdout.write(flags['json'] === true ? `${JSON.stringify(status, undefined, 2)}\n` : statusText(status, Date.now() / 1000));
}
function statusText(status, nowSec) {
    const { totals, cache } = status;
    const limit = cache.sizeLimitBytes === 0 ? 'no limit' : `limit ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatBytes */ .z3)(cache.sizeLimitBytes)}`;
    const restarts = status.generation === 0 ? '' : `, restarted ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(status.generation, 'time')}`;
    const lines = [
        `lazypull ${status.version}, pid ${status.pid}, up ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatSeconds */ .Xo)(Math.max(0, nowSec - status.startedSec))}${restarts}, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatBytes */ .z3)(status.residentBytes)} resident`,
        `mounts: tier ${status.tier} (${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(status.tierReason)}), transport ${status.transport}`,
        `cache: ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatBytes */ .z3)(cache.bytes)} in ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(cache.layers, 'layer')}, ${limit}`,
        `registry: ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(totals.registryRequests, 'request')}, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatBytes */ .z3)(totals.fetchedBytes)}, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(totals.registryRetries, 'retry').replace('retrys', 'retries')}`,
        `reads: ${totals.reads}, of which ${totals.faults} had to wait; ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(totals.readErrors, 'error')}, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(totals.verificationErrors, 'verification error')}`,
        ...status.consumers.map(({ name, socket, snapshots }) => `consumer ${name}: ${socket}, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(snapshots, 'snapshot')}`),
        ...status.images.flatMap(imageLines),
        ...fallbackLines(status, nowSec),
    ];
    return `${lines.join('\n')}\n`;
}
function imageLines({ ref, consumer, layers }) {
    return [
        '',
        `${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(ref)}${consumer === undefined ? '' : ` (${consumer})`}`,
        ...layers.map((layer) => `  ${layerLine(layer)}`),
    ];
}
function layerLine(layer) {
    const head = `${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .shortDigest */ .VK)(layer.digest)}  ${layer.state.padEnd(8)}`;
    if (layer.state === 'ordinary')
        return `${head}  ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(layer.reason ?? 'no reason known')}`;
    const share = layer.imageBytes === 0 ? 100 : Math.floor((layer.presentBytes / layer.imageBytes) * 100);
    const size = layer.size === undefined ? '' : ` of ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatBytes */ .z3)(layer.size)}`;
    const prefetch = layer.prefetch === undefined ? '' : `, prefetch ${layer.prefetch.state}`;
    return `${head}  ${String(share).padStart(3)} % local, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatBytes */ .z3)(layer.fetchedBytes)}${size} fetched, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(layer.faults, 'fault')}${prefetch}`;
}
function fallbackLines({ fallbacks }, nowSec) {
    if (fallbacks.length === 0)
        return [];
    const lines = fallbacks.map(({ timeSec, ref, layer, kind, reason }) => `  ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatSeconds */ .Xo)(Math.max(0, nowSec - timeSec))} ago  ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(ref)} ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .shortDigest */ .VK)((0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(layer))}  ${kind}: ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(reason)}`);
    return ['', 'not lazy:', ...lines];
}


/***/ })

};
