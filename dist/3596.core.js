export const id = 3596;
export const ids = [3596];
export const modules = {

/***/ 63596:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   runConfig: () => (/* binding */ runConfig)
/* harmony export */ });
/* harmony import */ var _config_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(35059);
/* harmony import */ var _config_print_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(11887);
/* harmony import */ var _control_client_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9061);



async function runConfig(flags) {
    const { config, running, reference } = flags;
    if (reference === true)
        process.stdout.write((0,_config_print_js__WEBPACK_IMPORTED_MODULE_1__/* .configReference */ .U)());
    else if (running === true)
        process.stdout.write(await _control_client_js__WEBPACK_IMPORTED_MODULE_2__/* .ControlClient */ .r.fromFlags(flags).config());
    else
        process.stdout.write((0,_config_print_js__WEBPACK_IMPORTED_MODULE_1__/* .printConfig */ .y)((0,_config_js__WEBPACK_IMPORTED_MODULE_0__/* .loadConfig */ .Z9)(typeof config === 'string' ? config : undefined)));
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


/***/ })

};
