export const id = 5059;
export const ids = [5059];
export const modules = {

/***/ 35059:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Z9: () => (/* binding */ loadConfig),
  pE: () => (/* binding */ resolveConfig)
});

// UNUSED EXPORTS: DEFAULT_CONFIG_PATH

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: ../../node_modules/smol-toml/dist/index.js + 8 modules
var dist = __webpack_require__(20528);
// EXTERNAL MODULE: ./src/config/keys.js
var keys = __webpack_require__(56246);
// EXTERNAL MODULE: ./src/config/lines.js
var lines = __webpack_require__(84003);
;// CONCATENATED MODULE: ./src/config/nearest.js
function nearestWord(word, known) {
    let best;
    let least = Math.max(2, Math.floor(word.length / 3)) + 1;
    for (const candidate of known) {
        const distance = editDistance(word, candidate);
        if (distance < least)
            [best, least] = [candidate, distance];
    }
    return best;
}
function editDistance(a, b) {
    let row = Array.from({ length: b.length + 1 }, (_, i) => i);
    for (let i = 1; i <= a.length; i++) {
        const next = [i];
        for (let j = 1; j <= b.length; j++) {
            const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
            next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
        }
        row = next;
    }
    return row[b.length] ?? 0;
}

// EXTERNAL MODULE: ./src/config/values.js
var values = __webpack_require__(21216);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
;// CONCATENATED MODULE: ./src/config.js







const DEFAULT_CONFIG_PATH = '/etc/lazypull/config.toml';
function loadConfig(path, overrides = {}) {
    const text = readConfigFile(path);
    const file = path ?? DEFAULT_CONFIG_PATH;
    return resolveConfig(text ?? '', text === undefined ? undefined : file, overrides);
}
function resolveConfig(text, path, overrides = {}) {
    const where = path ?? 'config';
    const read = new Reader(text, where, flatten(parseToml(text, where)), overrides);
    const entries = keys/* KEYS */.R.map((spec) => read.entry(spec.key, spec, read.derived(spec)));
    read.checkUnknown();
    entries.push(...read.snapshotters());
    read.checkMetrics();
    read.finish();
    return { config: assemble(entries), entries, path };
}
class Reader {
    #text;
    #where;
    #given;
    #flags;
    #values = new Map();
    #problems = [];
    constructor(text, where, given, flags) {
        this.#text = text;
        this.#where = where;
        this.#given = given;
        this.#flags = flags;
    }
    derived(spec, name = '') {
        if (typeof spec.default !== 'string')
            return spec.default;
        return spec.default.replaceAll(/<(root|state_dir|name)>/g, (_, key) => key === 'name' ? name : String(this.#values.get(key)));
    }
    entry(key, spec, fallback) {
        const flag = this.#flags[key];
        const source = flag !== undefined ? 'flag' : this.#given.has(key) ? 'file' : 'default';
        const line = source === 'file' ? (0,lines/* lineOf */.c)(this.#text, key) : undefined;
        const raw = source === 'flag' ? flag : source === 'file' ? this.#given.get(key) : fallback;
        let value = fallback;
        try {
            value = spec.kind.parse(source === 'default' && typeof raw === 'number' ? printedBack(spec, raw) : raw);
        }
        catch (error) {
            if (!(error instanceof values/* ValueError */.Qp))
                throw error;
            this.#problem(key, line, source, error.message);
        }
        this.#given.delete(key);
        this.#values.set(key, value);
        return { key, value, printed: spec.kind.print(value), source, line };
    }
    snapshotters() {
        const tables = this.#given.get('snapshotter') ?? [{}];
        this.#given.delete('snapshotter');
        if (!Array.isArray(tables) || tables.length === 0 || !tables.every(isTable)) {
            this.#problem('snapshotter', (0,lines/* lineOf */.c)(this.#text, 'snapshotter'), 'file', 'wants one or more [[snapshotter]] tables');
            return [];
        }
        const entries = tables.flatMap((table, index) => this.#snapshotter(table, `snapshotter.${index}`, tables.length > 1));
        for (const key of ['name', 'socket', 'root'])
            this.#checkUnique(entries.filter((entry) => entry.key.endsWith(`.${key}`)));
        return entries;
    }
    #snapshotter(table, prefix, several) {
        for (const [key, value] of Object.entries(table))
            this.#given.set(`${prefix}.${key}`, value);
        const entries = keys/* SNAPSHOTTER_KEYS */.p.map((spec) => {
            const name = this.#values.get(`${prefix}.name`) ?? '';
            const own = several && spec.key === 'socket' ? { ...spec, default: '<state_dir>/<name>.sock' } : spec;
            return this.entry(`${prefix}.${spec.key}`, spec, this.derived(own, name));
        });
        const known = keys/* SNAPSHOTTER_KEYS */.p.map((spec) => spec.key);
        for (const key of Object.keys(table).filter((name) => !known.includes(name)))
            this.#unknown(`${prefix}.${key}`, key, known);
        return entries;
    }
    #checkUnique(entries) {
        for (const [index, entry] of entries.entries()) {
            const first = entries.slice(0, index).find((other) => other.value === entry.value);
            if (first !== undefined)
                this.#problem(entry.key, entry.line, entry.source, `is the same as ${first.key}: ${entry.printed}`);
        }
    }
    checkUnknown() {
        const known = [...keys/* KEYS */.R.map((spec) => spec.key), 'snapshotter'];
        for (const key of this.#given.keys())
            if (key !== 'snapshotter')
                this.#unknown(key, key, known);
        for (const key of Object.keys(this.#flags))
            if (!known.includes(key))
                this.#unknown(key, key, known);
    }
    checkMetrics() {
        const address = String(this.#values.get('metrics.address'));
        if (address === '' || this.#values.get('metrics.allow_remote') === true)
            return;
        if (/^(127\.\d+\.\d+\.\d+|localhost|\[::1\]):/.test(address))
            return;
        const message = `is not a loopback address, got "${address}": use 127.0.0.1, or set metrics.allow_remote = true`;
        this.#problem('metrics.address', (0,lines/* lineOf */.c)(this.#text, 'metrics.address'), 'file', message);
    }
    #unknown(key, word, known) {
        const near = nearestWord(word, known);
        this.#problem(key, (0,lines/* lineOf */.c)(this.#text, key), 'file', `no such key${near === undefined ? '' : `; did you mean ${near}?`}`);
    }
    #problem(key, line, source, message) {
        const place = source === 'flag' ? 'flag' : line === undefined ? this.#where : `${this.#where}:${line}`;
        this.#problems.push(`${place}: ${key}: ${message}`);
    }
    finish() {
        if (this.#problems.length === 0)
            return;
        throw new errors/* UserError */.yo(this.#problems.join('\n'), 'All keys: docs/config.md, or `lazypull config --reference`.');
    }
}
function readConfigFile(path) {
    try {
        return (0,external_node_fs_.readFileSync)(path ?? DEFAULT_CONFIG_PATH, 'utf8');
    }
    catch (error) {
        const code = error.code;
        if (path === undefined && code === 'ENOENT')
            return undefined;
        const file = path ?? DEFAULT_CONFIG_PATH;
        throw new errors/* UserError */.yo(`can't read the config file ${file}: ${code ?? String(error)}`, 'Check the path after --config.', { cause: error });
    }
}
function parseToml(text, where) {
    try {
        return (0,dist/* parse */.qg)(text);
    }
    catch (error) {
        if (!(error instanceof dist/* TomlError */.zx))
            throw error;
        throw new errors/* UserError */.yo(`${where}:${error.line}:${error.column}: not TOML: ${error.message.split('\n')[0] ?? ''}`);
    }
}
function flatten(table, prefix = '') {
    const flat = new Map();
    for (const [name, value] of Object.entries(table)) {
        const key = prefix + name;
        if (!isTable(value) || keys/* KEYS */.R.some((spec) => spec.key === key))
            flat.set(key, value);
        else
            for (const [inner, innerValue] of flatten(value, `${key}.`))
                flat.set(inner, innerValue);
    }
    return flat;
}
function isTable(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
function printedBack(spec, value) {
    return JSON.parse(spec.kind.print(value));
}
function assemble(entries) {
    const config = {};
    const snapshotters = [];
    for (const { key, value } of entries) {
        const [, index, field] = /^snapshotter\.(\d+)\.(\w+)$/.exec(key) ?? [];
        if (index !== undefined && field !== undefined) {
            (snapshotters[Number(index)] ??= {})[field] = value;
            continue;
        }
        const [group = '', name] = (keys/* KEYS */.R.find((spec) => spec.key === key)?.field ?? key).split('.');
        if (name === undefined)
            config[group] = value;
        else
            (config[group] ??= {})[name] = value;
    }
    return { ...config, snapshotters };
}


/***/ }),

/***/ 56246:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   R: () => (/* binding */ KEYS),
/* harmony export */   p: () => (/* binding */ SNAPSHOTTER_KEYS)
/* harmony export */ });
/* harmony import */ var _log_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(49179);
/* harmony import */ var _values_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(21216);


const MINUTE = 60_000;
const KEYS = [
    row('root', 'root', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .path */ .Ae(), '/var/lib/lazypull', 'Layer images and snapshots. Wants a disk filesystem (ext4, xfs, btrfs), not an overlay.'),
    row('state_dir', 'stateDir', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .path */ .Ae({ maxBytes: 80 }), '/run/lazypull', 'Sockets and mounts. Nothing in it outlives a reboot.'),
    row('log.level', 'log.level', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .oneOf */ .yL(_log_js__WEBPACK_IMPORTED_MODULE_0__/* .LOG_LEVELS */ .p_), 'info', 'The least severe lines that are written to stderr.'),
    row('log.format', 'log.format', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .oneOf */ .yL(['json', 'text']), 'json', 'One JSON object a line, or plain lines for a person.'),
    row('control.socket', 'control.socket', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .socketPath */ .Xy, '<state_dir>/control.sock', 'Where `lazypull status`, `pull` and `restart` reach the daemon. Only root may connect.'),
    row('metrics.address', 'metrics.address', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .address */ .hl, '', 'Serves /metrics and /healthz over TCP too. They are always served on the control socket.'),
    row('metrics.allow_remote', 'metrics.allowRemote', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .boolean */ .zM, false, 'Lets metrics.address be something else than loopback. There is no authentication.'),
    row('fuse.transport', 'fuse.transport', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .oneOf */ .yL(['wire', 'fuse-native']), 'wire', '"wire" speaks to the kernel directly; "fuse-native" needs libfuse 2 and is slower.'),
    row('fuse.workers', 'fuse.workers', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .integer */ .nd(1, 16), 2, 'Threads that answer reads.'),
    row('mount.tier', 'mount.tier', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .oneOf */ .yL(['auto', 'A', 'B', 'off']), 'auto', '"A": EROFS straight from a file (Linux 6.12 and later). "B": EROFS on a loop device. "off": never lazy. "auto" tries A, then B.'),
    row('cache.size_limit', 'cache.sizeLimitBytes', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .size */ .Ej, 0, 'Layers that nobody uses are deleted, least recently used first, when the cache is larger. 0: no limit.'),
    row('prefetch.enabled', 'prefetch.enabled', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .boolean */ .zM, true, 'Fetch what a layer says it needs at start, as soon as it is mounted.'),
    row('prefetch.default_bytes', 'prefetch.defaultBytes', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .size */ .Ej, 0, 'How much of the beginning of a layer to prefetch when the layer does not say.'),
    row('prefetch.wait_timeout', 'prefetch.waitTimeoutMs', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .duration */ .p0(0, 10 * MINUTE), 0, 'How long a container start waits for the prefetch. 0: it does not wait.'),
    row('background_fill.enabled', 'backgroundFill.enabled', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .boolean */ .zM, true, 'Fetch the rest of every layer while nothing else is asked for.'),
    row('background_fill.quiet', 'backgroundFill.quietMs', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .duration */ .p0(0, 10 * MINUTE), 2000, 'How long no read may have missed before the fill goes on.'),
    row('verification.allow_unverified', 'verification.allowUnverified', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .boolean */ .zM, false, 'Mount layers whose table of contents no manifest vouches for. Unsafe: whoever can write to the registry can change files.'),
    row('registry.docker_config', 'registry.dockerConfigPath', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .path */ .Ae({ optional: true }), '', 'Docker\'s config.json with the credentials, read again whenever a token is needed. "": $DOCKER_CONFIG/config.json, else ~/.docker/config.json.'),
    row('registry.certs_dir', 'registry.certsDir', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .path */ .Ae({ optional: true }), '/etc/containerd/certs.d', 'containerd\'s folder of hosts.toml files. "": none.'),
    row('registry.mirrors', 'registry.mirrors', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .mirrors */ .VN, {}, 'Mirrors to try before a host. Tried before what a hosts.toml names.'),
    row('registry.plain_http_hosts', 'registry.plainHttpHosts', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .hosts */ .S, [], 'Hosts to reach without TLS, besides localhost and 127.*.'),
    row('registry.max_connections_per_host', 'registry.maxConnectionsPerHost', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .integer */ .nd(1, 128), 16, 'Connections to one host at a time.'),
    row('registry.connect_timeout', 'registry.connectTimeoutMs', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .duration */ .p0(100, 10 * MINUTE), 10_000, 'How long a connection may take to be made.'),
    row('registry.idle_timeout', 'registry.idleTimeoutMs', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .duration */ .p0(100, 10 * MINUTE), 30_000, 'How long a request may bring no byte before it is tried again.'),
    row('registry.retries', 'registry.retries', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .integer */ .nd(0, 20), 5, 'Tries after the first, for what may succeed later.'),
];
const SNAPSHOTTER_KEYS = [
    row('name', 'name', consumerName(), 'containerd', 'Names the consumer in `lazypull status` and in metrics. Unique.'),
    row('socket', 'socket', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .socketPath */ .Xy, '<state_dir>/snapshotter.sock', 'The socket of the snapshots service: the `address` of the proxy plugin. With several tables: <state_dir>/<name>.sock.'),
    row('root', 'root', _values_js__WEBPACK_IMPORTED_MODULE_1__/* .path */ .Ae(), '<root>/snapshotter/<name>', 'Its snapshots. Never shared between consumers.'),
];
function consumerName() {
    return {
        name: 'name',
        parse(value) {
            if (typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/.test(value))
                return value;
            throw new _values_js__WEBPACK_IMPORTED_MODULE_1__/* .ValueError */ .Qp('wants 1 to 32 letters, digits, - and _');
        },
        print: (value) => JSON.stringify(value),
    };
}
function row(key, field, kind, fallback, doc) {
    return { key, field, kind, default: fallback, doc };
}


/***/ }),

/***/ 84003:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   c: () => (/* binding */ lineOf)
/* harmony export */ });
function lineOf(text, path) {
    const seen = linesOf(text);
    for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
        const line = seen.get(at);
        if (line !== undefined)
            return line;
    }
    return undefined;
}
function linesOf(text) {
    const lines = new Map();
    const counts = new Map();
    let table = '';
    for (const [index, line] of text.split('\n').entries()) {
        const header = /^\s*(\[\[?)\s*([^\]]+?)\s*\]/.exec(line);
        if (header?.[2] !== undefined) {
            table = unquoted(header[2]);
            if (header[1] === '[[') {
                const count = counts.get(table) ?? 0;
                counts.set(table, count + 1);
                table = `${table}.${count}`;
            }
            lines.set(table, index + 1);
            continue;
        }
        const key = /^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*=/.exec(line)?.[1];
        if (key !== undefined)
            lines.set(table === '' ? unquoted(key) : `${table}.${unquoted(key)}`, index + 1);
    }
    return lines;
}
function unquoted(key) {
    return key.replaceAll(/\s*\.\s*/g, '.').replaceAll(/["']/g, '');
}


/***/ }),

/***/ 21216:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ae: () => (/* binding */ path),
/* harmony export */   DB: () => (/* binding */ parseSize),
/* harmony export */   E9: () => (/* binding */ parseDuration),
/* harmony export */   Ej: () => (/* binding */ size),
/* harmony export */   Qp: () => (/* binding */ ValueError),
/* harmony export */   S: () => (/* binding */ hosts),
/* harmony export */   VN: () => (/* binding */ mirrors),
/* harmony export */   Xq: () => (/* binding */ formatSize),
/* harmony export */   Xy: () => (/* binding */ socketPath),
/* harmony export */   hl: () => (/* binding */ address),
/* harmony export */   nd: () => (/* binding */ integer),
/* harmony export */   p0: () => (/* binding */ duration),
/* harmony export */   yL: () => (/* binding */ oneOf),
/* harmony export */   zM: () => (/* binding */ boolean)
/* harmony export */ });
/* unused harmony export formatDuration */
class ValueError extends Error {
}
const SIZE_UNITS = new Map([
    ['', 1],
    ['B', 1],
    ['KB', 1e3],
    ['MB', 1e6],
    ['GB', 1e9],
    ['TB', 1e12],
    ['KIB', 2 ** 10],
    ['MIB', 2 ** 20],
    ['GIB', 2 ** 30],
    ['TIB', 2 ** 40],
]);
const DURATION_UNITS = new Map([
    ['ms', 1],
    ['s', 1000],
    ['m', 60_000],
    ['h', 3_600_000],
]);
function parseSize(value) {
    const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(String(value).trim());
    const unit = SIZE_UNITS.get((match?.[2] ?? '?').toUpperCase());
    if (match === null || unit === undefined || !isScalar(value))
        throw new ValueError(`wants a size like "10GiB", "500MB" or 4096, got ${show(value)}`);
    return checkedInteger(Math.round(Number(match[1]) * unit), value);
}
function parseDuration(value) {
    if (value === 0 || value === '0')
        return 0;
    const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/.exec(value.trim()) : null;
    const unit = DURATION_UNITS.get(match?.[2] ?? '');
    if (match === null || unit === undefined)
        throw new ValueError(`wants a duration with a unit like "500ms", "10s" or "2m", got ${show(value)}`);
    return checkedInteger(Math.round(Number(match[1]) * unit), value);
}
function formatSize(bytes) {
    for (const unit of ['TiB', 'GiB', 'MiB', 'KiB']) {
        const size = SIZE_UNITS.get(unit.toUpperCase()) ?? 1;
        if (bytes >= size && bytes % size === 0)
            return `${bytes / size}${unit}`;
    }
    return String(bytes);
}
function formatDuration(ms) {
    for (const unit of ['h', 'm', 's']) {
        const size = DURATION_UNITS.get(unit) ?? 1;
        if (ms >= size && ms % size === 0)
            return `${ms / size}${unit}`;
    }
    return `${ms}ms`;
}
const size = {
    name: 'size',
    parse: parseSize,
    print: (value) => JSON.stringify(formatSize(value)),
};
const boolean = {
    name: 'boolean',
    parse(value) {
        if (typeof value !== 'boolean')
            throw new ValueError(`wants true or false, got ${show(value)}`);
        return value;
    },
    print: String,
};
function duration(minMs, maxMs) {
    return {
        name: 'duration',
        parse(value) {
            const ms = parseDuration(value);
            if (ms >= minMs && ms <= maxMs)
                return ms;
            throw new ValueError(`wants ${formatDuration(minMs)} to ${formatDuration(maxMs)}, got ${show(value)}`);
        },
        print: (value) => JSON.stringify(formatDuration(value)),
    };
}
function integer(min, max) {
    return {
        name: `integer, ${min} to ${max}`,
        parse(value) {
            if (Number.isSafeInteger(value) && value >= min && value <= max)
                return value;
            throw new ValueError(`wants an integer from ${min} to ${max}, got ${show(value)}`);
        },
        print: String,
    };
}
function oneOf(words) {
    const list = words.map((word) => `"${word}"`).join(', ');
    return {
        name: list,
        parse(value) {
            if (typeof value === 'string' && words.includes(value))
                return value;
            throw new ValueError(`wants one of ${list}, got ${show(value)}`);
        },
        print: (value) => JSON.stringify(value),
    };
}
function path(options = {}) {
    const maxBytes = options.maxBytes ?? 4095;
    return {
        name: maxBytes < 4095 ? 'socket path' : 'path',
        parse(value) {
            if (value === '' && options.optional === true)
                return value;
            if (typeof value !== 'string' ||
                !value.startsWith('/') ||
                value.includes('\0') ||
                value.split('/').includes('..'))
                throw new ValueError(`wants an absolute path, got ${show(value)}`);
            if (Buffer.byteLength(value) > maxBytes)
                throw new ValueError(`wants a path of at most ${maxBytes} bytes, got ${Buffer.byteLength(value)} bytes`);
            return value.length > 1 ? value.replace(/\/+$/, '') : value;
        },
        print: (value) => JSON.stringify(value),
    };
}
const socketPath = path({ maxBytes: 103 });
const address = {
    name: '"host:port", or "" for none',
    parse(value) {
        const port = typeof value === 'string' ? /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(value)?.[1] : undefined;
        if (value === '' || (port !== undefined && Number(port) <= 65_535))
            return value;
        throw new ValueError(`wants "host:port" or "", got ${show(value)}`);
    },
    print: (value) => JSON.stringify(value),
};
const hosts = {
    name: 'list of hosts',
    parse(value) {
        if (Array.isArray(value) && value.every(isHost))
            return value;
        throw new ValueError(`wants a list of hosts like ["registry.test:5000"], got ${show(value)}`);
    },
    print: (value) => JSON.stringify(value),
};
const mirrors = {
    name: 'table of host to list of URLs',
    parse(value) {
        if (typeof value !== 'object' || value === null || Array.isArray(value))
            throw new ValueError(`wants a table like { "docker.io" = ["https://mirror.test"] }, got ${show(value)}`);
        for (const [host, urls] of Object.entries(value)) {
            if (!isHost(host))
                throw new ValueError(`wants hosts as keys, got ${show(host)}`);
            if (!Array.isArray(urls))
                throw new ValueError(`wants a list of URLs for ${host}, got ${show(urls)}`);
            for (const url of urls)
                checkMirror(host, url);
        }
        return { ...value };
    },
    print: (value) => `{ ${Object.entries(value)
        .map(([host, urls]) => `${JSON.stringify(host)} = ${JSON.stringify(urls)}`)
        .join(', ')} }`.replace('{  }', '{}'),
};
function checkMirror(host, url) {
    const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
    if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol))
        throw new ValueError(`wants http:// or https:// URLs as mirrors of ${host}`);
    if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '')
        throw new ValueError(`wants mirrors of ${host} without user, password and query: credentials belong in docker's config.json`);
}
function isHost(value) {
    return typeof value === 'string' && /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$/.test(value);
}
function isScalar(value) {
    return typeof value === 'string' || typeof value === 'number';
}
function checkedInteger(value, from) {
    if (Number.isSafeInteger(value))
        return value;
    throw new ValueError(`is too large: ${show(from)}`);
}
function show(value) {
    if (value instanceof Date)
        return 'a date';
    const text = JSON.stringify(value) ?? String(value);
    return text.length > 60 ? `${text.slice(0, 57)}...` : text;
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


/***/ })

};
