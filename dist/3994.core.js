export const id = 3994;
export const ids = [3994];
export const modules = {

/***/ 23994:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   runCacheLoad: () => (/* binding */ runCacheLoad),
/* harmony export */   runCacheSave: () => (/* binding */ runCacheSave)
/* harmony export */ });
/* unused harmony exports savedText, loadedText */
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(76760);
/* harmony import */ var _control_client_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9061);
/* harmony import */ var _flag_values_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(92243);
/* harmony import */ var _format_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(97093);




async function runCacheSave(directory, flags) {
    const limitBytes = (0,_flag_values_js__WEBPACK_IMPORTED_MODULE_2__/* .sizeFlag */ .AC)(flags, 'limit') ?? 0;
    const request = { directory: (0,node_path__WEBPACK_IMPORTED_MODULE_0__.resolve)(directory), limitBytes, skipPrivate: flags['skipPrivate'] === true };
    const saved = await _control_client_js__WEBPACK_IMPORTED_MODULE_1__/* .ControlClient */ .r.fromFlags(flags).hotSave(request);
    write(flags, saved, savedText(saved, request.directory));
}
async function runCacheLoad(directory, flags) {
    const loaded = await _control_client_js__WEBPACK_IMPORTED_MODULE_1__/* .ControlClient */ .r.fromFlags(flags).hotLoad({ directory: (0,node_path__WEBPACK_IMPORTED_MODULE_0__.resolve)(directory) });
    write(flags, loaded, loadedText(loaded));
}
function write(flags, document, text) {
    process.stdout.write(flags['json'] === true ? `${JSON.stringify(document, undefined, 2)}\n` : text);
}
function savedText({ layers, chunks, bytes, skipped }, directory) {
    const figures = `${(0,_format_js__WEBPACK_IMPORTED_MODULE_3__/* .plural */ .LS)(layers, 'layer')}, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_3__/* .plural */ .LS)(chunks, 'chunk')}, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_3__/* .formatBytes */ .z3)(bytes)}`;
    const lines = skipped.map(({ digest, reason }) => `  ${(0,_format_js__WEBPACK_IMPORTED_MODULE_3__/* .shortDigest */ .VK)(digest)}  not saved: ${(0,_format_js__WEBPACK_IMPORTED_MODULE_3__/* .printable */ .g$)(reason)}`);
    return `${[`saved ${figures} to ${(0,_format_js__WEBPACK_IMPORTED_MODULE_3__/* .printable */ .g$)(directory)}`, ...lines].join('\n')}\n`;
}
function loadedText({ layers, chunks, bytes, ms, damagedChunks, refused }) {
    const figures = `${(0,_format_js__WEBPACK_IMPORTED_MODULE_3__/* .plural */ .LS)(layers, 'layer')}, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_3__/* .plural */ .LS)(chunks, 'chunk')}, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_3__/* .formatBytes */ .z3)(bytes)}`;
    const damaged = damagedChunks === 0 ? '' : `, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_3__/* .plural */ .LS)(damagedChunks, 'chunk')} damaged and left out`;
    const lines = refused.map(({ file, reason }) => `  ${(0,_format_js__WEBPACK_IMPORTED_MODULE_3__/* .printable */ .g$)(file)}  not used: ${(0,_format_js__WEBPACK_IMPORTED_MODULE_3__/* .printable */ .g$)(reason)}`);
    return `${[`loaded ${figures} in ${(0,_format_js__WEBPACK_IMPORTED_MODULE_3__/* .formatSeconds */ .Xo)(ms / 1000)}${damaged}`, ...lines].join('\n')}\n`;
}


/***/ }),

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


/***/ })

};
