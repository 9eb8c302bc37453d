export const id = 3109;
export const ids = [3109];
export const modules = {

/***/ 6195:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   c: () => (/* binding */ BusyClock)
/* harmony export */ });
class BusyClock {
    #now;
    #count = 0;
    #sinceMs = 0;
    #pastMs = 0;
    constructor(now = () => performance.now()) {
        this.#now = now;
    }
    get count() {
        return this.#count;
    }
    begin() {
        if (this.#count++ === 0)
            this.#sinceMs = this.#now();
        let isOver = false;
        return () => {
            if (isOver)
                return;
            isOver = true;
            if (--this.#count === 0)
                this.#pastMs += this.#now() - this.#sinceMs;
        };
    }
    get totalMs() {
        return this.#pastMs + (this.#count > 0 ? this.#now() - this.#sinceMs : 0);
    }
}


/***/ }),

/***/ 16926:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B: () => (/* binding */ parseDescriptor),
/* harmony export */   K: () => (/* binding */ parseAnnotations)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _digest_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(62635);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(77417);



function parseDescriptor(value, where) {
    const object = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .requireObject */ .zG)(value, where);
    const { mediaType, digest, size } = object;
    if (typeof mediaType !== 'string' || mediaType === '')
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${where}: no mediaType`);
    if (typeof digest !== 'string')
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${where}: no digest`);
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${where}: size is not a length in bytes: ${JSON.stringify(size)}`);
    }
    const artifactType = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .optionalString */ .sx)(object, 'artifactType', where);
    const annotations = parseAnnotations(object['annotations'], where);
    return {
        mediaType,
        digest: (0,_digest_js__WEBPACK_IMPORTED_MODULE_1__/* .parseDigest */ .m)(digest),
        size,
        ...(annotations === undefined ? {} : { annotations }),
        ...(object['platform'] == null ? {} : { platform: parsePlatformField(object['platform'], `${where}.platform`) }),
        ...(artifactType === undefined ? {} : { artifactType }),
    };
}
function parseAnnotations(value, where) {
    if (value == null)
        return undefined;
    const out = Object.create(null);
    for (const [key, text] of Object.entries((0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .requireObject */ .zG)(value, `${where}.annotations`))) {
        if (typeof text !== 'string')
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${where}.annotations: ${JSON.stringify(key)} is not a string`);
        out[key] = text;
    }
    return out;
}
function parsePlatformField(value, where) {
    const object = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .requireObject */ .zG)(value, where);
    const variant = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .optionalString */ .sx)(object, 'variant', where);
    return {
        os: (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .optionalString */ .sx)(object, 'os', where) ?? '',
        architecture: (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .optionalString */ .sx)(object, 'architecture', where) ?? '',
        ...(variant === undefined || variant === '' ? {} : { variant }),
    };
}


/***/ }),

/***/ 77417:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Fs: () => (/* binding */ requireArray),
/* harmony export */   qF: () => (/* binding */ parseJson),
/* harmony export */   sx: () => (/* binding */ optionalString),
/* harmony export */   zG: () => (/* binding */ requireObject)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);

function requireObject(value, where) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${where}: not an object`);
    }
    return value;
}
function requireArray(value, where, most) {
    if (!Array.isArray(value))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${where}: not an array`);
    if (value.length > most)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${where}: ${value.length} elements, more than ${most}`);
    return value;
}
function optionalString(object, key, where) {
    const value = object[key];
    if (value === undefined || value === null)
        return undefined;
    if (typeof value !== 'string')
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${where}.${key}: not a string`);
    return value;
}
function parseJson(bytes, what) {
    try {
        return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    }
    catch (cause) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${what}: not JSON`, { cause });
    }
}


/***/ }),

/***/ 45914:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ng: () => (/* binding */ parseManifest),
/* harmony export */   ZJ: () => (/* binding */ MAX_MANIFEST_BYTES),
/* harmony export */   hi: () => (/* binding */ keepsAnnotations)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _descriptor_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16926);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(77417);
/* harmony import */ var _media_types_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(82371);




const MAX_MANIFEST_BYTES = 4 << 20;
const MAX_LAYERS = 1000;
const MAX_INDEX_ENTRIES = 10_000;
function parseManifest(bytes, contentType) {
    if (bytes.length > MAX_MANIFEST_BYTES) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`manifest: ${bytes.length} bytes, more than ${MAX_MANIFEST_BYTES}`);
    }
    const document = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .requireObject */ .zG)((0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .parseJson */ .qF)(bytes, 'manifest'), 'manifest');
    if ('manifests' in document && ('layers' in document || 'config' in document)) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF('manifest: both an index and an image');
    }
    const mediaType = mediaTypeOf(document, contentType);
    if (document['schemaVersion'] !== 2)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF('manifest: schemaVersion is not 2');
    return (0,_media_types_js__WEBPACK_IMPORTED_MODULE_3__/* .isIndexType */ .$U)(mediaType) ? parseIndex(document, mediaType) : parseImage(document, mediaType);
}
function parseImage(document, mediaType) {
    const layers = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .requireArray */ .Fs)(document['layers'], 'manifest.layers', MAX_LAYERS);
    const artifactType = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .optionalString */ .sx)(document, 'artifactType', 'manifest');
    const annotations = (0,_descriptor_js__WEBPACK_IMPORTED_MODULE_1__/* .parseAnnotations */ .K)(document['annotations'], 'manifest');
    return {
        kind: 'image',
        mediaType,
        config: (0,_descriptor_js__WEBPACK_IMPORTED_MODULE_1__/* .parseDescriptor */ .B)(document['config'], 'manifest.config'),
        layers: layers.map((layer, index) => (0,_descriptor_js__WEBPACK_IMPORTED_MODULE_1__/* .parseDescriptor */ .B)(layer, `manifest.layers[${index}]`)),
        ...(annotations === undefined ? {} : { annotations }),
        ...(artifactType === undefined ? {} : { artifactType }),
        ...(document['subject'] == null ? {} : { subject: (0,_descriptor_js__WEBPACK_IMPORTED_MODULE_1__/* .parseDescriptor */ .B)(document['subject'], 'manifest.subject') }),
    };
}
function parseIndex(document, mediaType) {
    const entries = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .requireArray */ .Fs)(document['manifests'], 'index.manifests', MAX_INDEX_ENTRIES);
    const annotations = (0,_descriptor_js__WEBPACK_IMPORTED_MODULE_1__/* .parseAnnotations */ .K)(document['annotations'], 'index');
    return {
        kind: 'index',
        mediaType,
        manifests: entries.map((entry, index) => (0,_descriptor_js__WEBPACK_IMPORTED_MODULE_1__/* .parseDescriptor */ .B)(entry, `index.manifests[${index}]`)),
        ...(annotations === undefined ? {} : { annotations }),
    };
}
function mediaTypeOf(document, contentType) {
    const claimed = contentType?.split(';')[0]?.trim().toLowerCase();
    const own = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .optionalString */ .sx)(document, 'mediaType', 'manifest');
    if (document['schemaVersion'] === 1)
        throw unsupported('Docker schema 1; push the image again with a newer client');
    const known = (type) => type !== undefined && ((0,_media_types_js__WEBPACK_IMPORTED_MODULE_3__/* .isIndexType */ .$U)(type) || (0,_media_types_js__WEBPACK_IMPORTED_MODULE_3__/* .isManifestType */ .Q3)(type));
    if (own !== undefined && !known(own))
        throw unsupported(own);
    if (own !== undefined && known(claimed) && own !== claimed) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`manifest: the registry calls it ${claimed}, it calls itself ${own}`);
    }
    const mediaType = own ?? (known(claimed) ? claimed : undefined);
    const hasEntries = 'manifests' in document;
    if (mediaType === undefined)
        return hasEntries ? _media_types_js__WEBPACK_IMPORTED_MODULE_3__/* .OCI_INDEX */ .$p : _media_types_js__WEBPACK_IMPORTED_MODULE_3__/* .OCI_MANIFEST */ .EG;
    if (hasEntries !== (0,_media_types_js__WEBPACK_IMPORTED_MODULE_3__/* .isIndexType */ .$U)(mediaType)) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`manifest: ${mediaType} ${hasEntries ? 'with a list of manifests' : 'without its manifests'}`);
    }
    return mediaType;
}
function unsupported(what) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB('UNSUPPORTED', `manifest type is not supported: ${what.slice(0, 200)}`);
}
function keepsAnnotations(mediaType) {
    return mediaType !== _media_types_js__WEBPACK_IMPORTED_MODULE_3__/* .DOCKER_LIST */ .Y2 && mediaType !== _media_types_js__WEBPACK_IMPORTED_MODULE_3__/* .DOCKER_MANIFEST */ .Vv;
}


/***/ }),

/***/ 82371:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $U: () => (/* binding */ isIndexType),
/* harmony export */   $p: () => (/* binding */ OCI_INDEX),
/* harmony export */   AH: () => (/* binding */ layerCompression),
/* harmony export */   BQ: () => (/* binding */ OCI_LAYER_GZIP),
/* harmony export */   EG: () => (/* binding */ OCI_MANIFEST),
/* harmony export */   Q3: () => (/* binding */ isManifestType),
/* harmony export */   TF: () => (/* binding */ OCI_CONFIG),
/* harmony export */   Vv: () => (/* binding */ DOCKER_MANIFEST),
/* harmony export */   Y2: () => (/* binding */ DOCKER_LIST),
/* harmony export */   _P: () => (/* binding */ MANIFEST_TYPES),
/* harmony export */   aH: () => (/* binding */ OCI_LAYER_ZSTD),
/* harmony export */   e6: () => (/* binding */ DOCKER_CONFIG),
/* harmony export */   g1: () => (/* binding */ OCI_EMPTY),
/* harmony export */   m: () => (/* binding */ OCI_LAYER_TAR)
/* harmony export */ });
/* unused harmony export DOCKER_LAYER_GZIP */
const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json';
const OCI_LAYER_TAR = 'application/vnd.oci.image.layer.v1.tar';
const OCI_LAYER_GZIP = 'application/vnd.oci.image.layer.v1.tar+gzip';
const OCI_LAYER_ZSTD = 'application/vnd.oci.image.layer.v1.tar+zstd';
const OCI_EMPTY = 'application/vnd.oci.empty.v1+json';
const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const DOCKER_CONFIG = 'application/vnd.docker.container.image.v1+json';
const DOCKER_LAYER_GZIP = 'application/vnd.docker.image.rootfs.diff.tar.gzip';
const MANIFEST_TYPES = [OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST];
function isIndexType(mediaType) {
    return mediaType === OCI_INDEX || mediaType === DOCKER_LIST;
}
function isManifestType(mediaType) {
    return mediaType === OCI_MANIFEST || mediaType === DOCKER_MANIFEST;
}
function layerCompression(mediaType) {
    if (!/^application\/vnd\.(oci\.image\.layer\.|docker\.image\.rootfs\.)/.test(mediaType))
        return undefined;
    if (/[.+]gzip$/.test(mediaType))
        return 'gzip';
    if (/[.+]zstd$/.test(mediaType))
        return 'zstd';
    return mediaType.endsWith('.tar') ? 'none' : undefined;
}


/***/ }),

/***/ 39204:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  b: () => (/* binding */ RegistryClient)
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(77598);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/log.js
var log = __webpack_require__(49179);
// EXTERNAL MODULE: ./src/oci/digest.js
var oci_digest = __webpack_require__(62635);
// EXTERNAL MODULE: ./src/oci/manifest.js
var oci_manifest = __webpack_require__(45914);
// EXTERNAL MODULE: ./src/oci/media-types.js
var media_types = __webpack_require__(82371);
// EXTERNAL MODULE: ./src/oci/platform.js
var oci_platform = __webpack_require__(46580);
// EXTERNAL MODULE: ./src/oci/reference.js
var oci_reference = __webpack_require__(38242);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(48161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(31421);
// EXTERNAL MODULE: external "node:stream/consumers"
var consumers_ = __webpack_require__(38321);
;// CONCATENATED MODULE: ./src/registry/credential-helper.js



const TIMEOUT_MS = 30_000;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
const TOKEN_USER = '<token>';
const NOT_FOUND = 'credentials not found in native keychain';
async function runCredentialHelper(name, registry, signal) {
    if (!NAME.test(name))
        throw new errors/* UserError */.yo('the name of a credential helper is not valid');
    const program = `docker-credential-${name}`;
    const { status, output } = await run(program, registry, signal);
    if (status !== 0) {
        if (output.trim() === NOT_FOUND)
            return undefined;
        throw new errors/* UserError */.yo(`${program} failed for ${registry} (${status})`, `Try: echo ${registry} | ${program} get`);
    }
    try {
        const { Username, Secret } = JSON.parse(output);
        if (typeof Username !== 'string' || typeof Secret !== 'string')
            throw new TypeError();
        if (Secret === '')
            return undefined;
        if (Username === TOKEN_USER)
            return { kind: 'identity-token', identityToken: Secret };
        return { kind: 'password', username: Username, password: Secret };
    }
    catch {
        throw new errors/* UserError */.yo(`${program} gave no credential for ${registry}`);
    }
}
async function run(program, input, signal) {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const child = (0,external_node_child_process_.spawn)(program, ['get'], {
        stdio: ['pipe', 'pipe', 'ignore'],
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    const ended = new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('close', (status, killedBy) => resolve(status ?? killedBy ?? 'killed'));
    });
    child.stdin.on('error', () => { });
    child.stdin.end(input);
    try {
        const [output, status] = await Promise.all([(0,consumers_.text)(child.stdout), ended]);
        return { status, output };
    }
    catch (error) {
        signal?.throwIfAborted();
        const { code } = error;
        if (timeout.aborted)
            throw new errors/* UserError */.yo(`${program} did not answer within ${TIMEOUT_MS / 1000} s`);
        throw new errors/* UserError */.yo(`can't run ${program}: ${code ?? 'failed'}`, `Put ${program} into the PATH of the daemon.`);
    }
}

;// CONCATENATED MODULE: ./src/registry/docker-config.js





const HUB_KEY = 'https://index.docker.io/v1/';
const HUB_HOSTS = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);
function defaultDockerConfigPath(env = process.env) {
    return (0,external_node_path_.join)(env['DOCKER_CONFIG'] || (0,external_node_path_.join)((0,external_node_os_.homedir)(), '.docker'), 'config.json');
}
class DockerConfigCredentials {
    #path;
    constructor(path = defaultDockerConfigPath()) {
        this.#path = path;
    }
    async lookup(registry, signal) {
        const config = await this.#read();
        if (config === undefined)
            return undefined;
        const key = HUB_HOSTS.has(registry) ? HUB_KEY : registry;
        const helper = helperFor(config, registry) ?? stringOf(config['credsStore']);
        if (helper !== undefined) {
            const credential = await runCredentialHelper(helper, key, signal);
            if (credential !== undefined)
                return credential;
        }
        return this.#fromAuths(fieldsOf(config['auths']), key);
    }
    async #read() {
        let text;
        try {
            text = await (0,promises_.readFile)(this.#path, 'utf8');
        }
        catch (error) {
            const { code } = error;
            if (code === 'ENOENT' || code === 'ENOTDIR')
                return undefined;
            throw new errors/* UserError */.yo(`can't read ${this.#path}: ${code}`, 'Make it readable for the user that lazypull runs as.');
        }
        try {
            return fieldsOf(JSON.parse(text));
        }
        catch {
            throw new errors/* UserError */.yo(`${this.#path} is not JSON`, 'Repair it, or log in again after moving it away.');
        }
    }
    #fromAuths(auths, key) {
        const name = Object.keys(auths).find((one) => one === key) ?? Object.keys(auths).find((one) => sameHost(one, key));
        const entry = name === undefined ? {} : fieldsOf(auths[name]);
        const identityToken = stringOf(entry['identitytoken']);
        if (identityToken !== undefined)
            return { kind: 'identity-token', identityToken };
        const registryToken = stringOf(entry['registrytoken']);
        if (registryToken !== undefined)
            return { kind: 'registry-token', registryToken };
        const auth = stringOf(entry['auth']);
        if (auth !== undefined)
            return this.#decode(auth, key);
        const username = stringOf(entry['username']);
        const password = stringOf(entry['password']);
        return username === undefined || password === undefined ? undefined : { kind: 'password', username, password };
    }
    #decode(auth, key) {
        const text = Buffer.from(auth, 'base64').toString('utf8');
        const colon = text.indexOf(':');
        if (colon <= 0)
            throw new errors/* UserError */.yo(`${this.#path}: the auth of ${key} is not user:password in base64`);
        return { kind: 'password', username: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, '') };
    }
}
function helperFor(config, registry) {
    const helpers = fieldsOf(config['credHelpers']);
    return stringOf(helpers[registry]) ?? (HUB_HOSTS.has(registry) ? stringOf(helpers[HUB_KEY]) : undefined);
}
function sameHost(a, b) {
    return hostOfKey(a) === hostOfKey(b);
}
function hostOfKey(key) {
    return key.replace(/^https?:\/\//, '').split('/')[0] ?? '';
}
function fieldsOf(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
function stringOf(value) {
    return typeof value === 'string' && value !== '' ? value : undefined;
}

;// CONCATENATED MODULE: ./src/registry/challenge.js
const ITEM = /\s*,*\s*(?:([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))|([!#$%&'*+.^_`|~0-9A-Za-z-]+))/y;
function parseChallenges(header) {
    const challenges = [];
    if (header === undefined)
        return challenges;
    ITEM.lastIndex = 0;
    for (let match = ITEM.exec(header); match !== null; match = ITEM.exec(header)) {
        const [, name, quoted, token, scheme] = match;
        if (scheme !== undefined)
            challenges.push({ scheme: scheme.toLowerCase(), params: new Map() });
        else if (name !== undefined) {
            challenges.at(-1)?.params.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? token ?? '');
        }
    }
    return challenges;
}

;// CONCATENATED MODULE: ./src/registry/errors.js

const MAX_ERROR_BODY_BYTES = 16 << 10;
const RETRYABLE = new Set([408, 425, 429, 500, 502, 503, 504]);
const PERMANENT = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|HOSTNAME_MISMATCH|LAZYPULL_)/;
class RetryLaterError extends errors/* RegistryError */.gl {
    retryAfterMs;
    constructor(message, facts, retryAfterMs) {
        super(message, facts);
        this.retryAfterMs = retryAfterMs;
    }
}
function redactUrl(url) {
    return `${url.origin}${url.pathname}`;
}
async function responseError(method, response) {
    const diagnostics = errorCodes(await response.readUpTo(MAX_ERROR_BODY_BYTES));
    const url = redactUrl(response.url);
    const { status } = response;
    const said = diagnostics.length === 0 ? '' : ` (${diagnostics.join(', ')})`;
    const message = `${method} ${url}: ${status}${said}`;
    const facts = { method, url, status, diagnostics, retryable: RETRYABLE.has(status) };
    const retryAfterMs = parseRetryAfter(response.header('retry-after'));
    return retryAfterMs === undefined
        ? new errors/* RegistryError */.gl(message, facts)
        : new RetryLaterError(message, facts, retryAfterMs);
}
function connectionError(method, url, cause) {
    const code = cause?.code;
    const reason = typeof code === 'string' ? code : cause instanceof Error ? cause.name : 'broken connection';
    const redacted = redactUrl(url);
    const retryable = !(typeof code === 'string' && PERMANENT.test(code));
    return new errors/* RegistryError */.gl(`${method} ${redacted}: ${reason}`, { method, url: redacted, retryable, cause });
}
function protocolError(method, url, what) {
    const redacted = redactUrl(url);
    return new errors/* RegistryError */.gl(`${method} ${redacted}: ${what}`, { method, url: redacted, retryable: true });
}
function parseRetryAfter(value, nowMs = Date.now()) {
    if (value === undefined)
        return undefined;
    if (/^\d{1,9}$/.test(value))
        return Number(value) * 1000;
    const date = Date.parse(value);
    return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
function errorCodes(body) {
    try {
        const { errors } = JSON.parse(new TextDecoder().decode(body));
        if (!Array.isArray(errors))
            return [];
        return errors
            .map((error) => String(error?.code))
            .filter((code) => /^[A-Za-z0-9_]{1,64}$/.test(code) && code !== 'undefined')
            .slice(0, 5);
    }
    catch {
        return [];
    }
}

// EXTERNAL MODULE: external "node:timers/promises"
var external_node_timers_promises_ = __webpack_require__(58500);
;// CONCATENATED MODULE: ./src/registry/retry.js



const DEFAULT_RETRY = {
    retries: 5,
    baseDelayMs: 200,
    maxDelayMs: 10_000,
    maxRetryAfterMs: 60_000,
};
class Backoff {
    #policy;
    #onRetry;
    #failures = 0;
    constructor(policy, onRetry) {
        this.#policy = policy;
        this.#onRetry = onRetry;
    }
    progress() {
        this.#failures = 0;
    }
    async pause(error, signal) {
        signal?.throwIfAborted();
        if (!(error instanceof errors/* RegistryError */.gl) || !error.retryable)
            throw error;
        this.#failures += 1;
        if (this.#failures > this.#policy.retries)
            throw error;
        const delayMs = this.#delayMs(error);
        if (delayMs === undefined)
            throw error;
        this.#onRetry(error);
        if (delayMs > 0)
            await abortable((0,external_node_timers_promises_.setTimeout)(delayMs), signal);
    }
    #delayMs(error) {
        const { baseDelayMs, maxDelayMs, maxRetryAfterMs } = this.#policy;
        const jittered = Math.random() * Math.min(maxDelayMs, baseDelayMs * 2 ** (this.#failures - 1));
        if (error instanceof RetryLaterError) {
            return error.retryAfterMs > maxRetryAfterMs ? undefined : error.retryAfterMs + jittered;
        }
        return error.status === undefined && this.#failures === 1 ? 0 : jittered;
    }
}
async function retrying(policy, onRetry, attempt, signal) {
    const backoff = new Backoff(policy, onRetry);
    for (;;) {
        try {
            return await attempt();
        }
        catch (error) {
            await backoff.pause(error, signal);
        }
    }
}
async function abortable(promise, signal) {
    promise.catch(() => { });
    signal?.throwIfAborted();
    if (signal === undefined)
        return promise;
    const aborted = Promise.withResolvers();
    const onAbort = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
        return await Promise.race([promise, aborted.promise]);
    }
    finally {
        signal.removeEventListener('abort', onAbort);
    }
}

;// CONCATENATED MODULE: ./src/registry/token.js


const DEFAULT_TOKEN_LIFE_SEC = 60;
const MAX_TOKEN_LIFE_SEC = 86_400;
const MAX_ANSWER_BYTES = 1 << 20;
const CLIENT_ID = 'lazypull';
async function fetchToken(transport, query, extra, signal) {
    const { credential } = query;
    const request = credential?.kind === 'identity-token'
        ? refreshRequest(query, credential.identityToken)
        : tokenRequest(query, credential);
    const response = await transport.send({ ...extra, ...request }, signal);
    if (response.status !== 200) {
        const error = await responseError(request.method, response);
        throw credential === undefined ? error : withCredentialHint(error);
    }
    return parseToken(await response.read(MAX_ANSWER_BYTES), request.method, query.realm);
}
function basicHeader({ username, password }) {
    if (username.includes(':'))
        throw new errors/* UserError */.yo('a user name for a registry must not contain a colon');
    return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
function tokenRequest({ realm, service, scope }, credential) {
    const url = new URL(realm);
    if (service !== '')
        url.searchParams.set('service', service);
    for (const one of scope.split(' '))
        url.searchParams.append('scope', one);
    return { method: 'GET', url, ...(credential && { headers: { authorization: basicHeader(credential) } }) };
}
function refreshRequest({ realm, service, scope }, identityToken) {
    const form = { grant_type: 'refresh_token', service, scope, client_id: CLIENT_ID, refresh_token: identityToken };
    return {
        method: 'POST',
        url: realm,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: String(new URLSearchParams(form)),
    };
}
function withCredentialHint(error) {
    if (error.status !== 400 && error.status !== 401 && error.status !== 403)
        return error;
    const { method, url, status, diagnostics } = error;
    return new errors/* RegistryError */.gl(`${error.message}: the stored credentials were refused`, {
        method,
        url,
        status,
        diagnostics,
    });
}
function parseToken(body, method, realm) {
    const url = redactUrl(realm);
    const answer = parseFields(body);
    const token = answer['token'] || answer['access_token'];
    if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
        throw new errors/* RegistryError */.gl(`${method} ${url}: the answer has no token`, { method, url });
    }
    const expiresIn = Number(answer['expires_in']);
    return { token, expiresInSec: expiresIn > 0 ? Math.min(expiresIn, MAX_TOKEN_LIFE_SEC) : DEFAULT_TOKEN_LIFE_SEC };
}
function parseFields(body) {
    try {
        return JSON.parse(new TextDecoder().decode(body)) ?? {};
    }
    catch {
        return {};
    }
}

;// CONCATENATED MODULE: ./src/registry/auth.js





const TOKEN_TIMEOUT_MS = 60_000;
class Authorizer {
    #options;
    #held = new Map();
    #scheme;
    constructor(options) {
        this.#options = options;
    }
    async header(scope, signal) {
        if (this.#scheme === undefined)
            return undefined;
        const key = keyOf(this.#scheme, scope);
        let held = this.#held.get(key);
        if (held === undefined || performance.now() >= held.renewAtMs) {
            held = this.#obtain(key, this.#scheme);
            this.#held.set(key, held);
        }
        return abortable(held.promise, signal);
    }
    refused(response, scope, used) {
        const scheme = this.#parseScheme(response);
        const key = keyOf(scheme ?? this.#scheme ?? { kind: 'basic' }, scope);
        if (used !== undefined && this.#held.get(key)?.value === used)
            this.#held.delete(key);
        if (scheme === undefined)
            return false;
        this.#scheme = scheme;
        return true;
    }
    #obtain(key, scheme) {
        const signal = AbortSignal.timeout(TOKEN_TIMEOUT_MS);
        const obtained = scheme.kind === 'basic' ? this.#basic(signal) : this.#bearer(scheme, key, signal);
        const promise = obtained.then(({ header, lifeMs }) => {
            held.value = header?.value;
            held.renewAtMs = performance.now() + lifeMs;
            return header;
        }, (error) => {
            if (this.#held.get(key) === held)
                this.#held.delete(key);
            throw error;
        });
        const held = { promise, value: undefined, renewAtMs: Infinity };
        return held;
    }
    async #basic(signal) {
        const credential = await this.#options.credentials.lookup(this.#options.registry, signal);
        if (credential?.kind !== 'password')
            return { header: undefined, lifeMs: 0 };
        return { header: { value: basicHeader(credential), isAnonymous: false }, lifeMs: Infinity };
    }
    async #bearer(scheme, scope, signal) {
        const { base, credentials, registry, retry, tls, transport } = this.#options;
        const credential = await credentials.lookup(registry, signal);
        if (credential?.kind === 'registry-token') {
            const header = { value: `Bearer ${credential.registryToken}`, isAnonymous: false };
            return { header, lifeMs: DEFAULT_TOKEN_LIFE_SEC * 1000 };
        }
        const own = scheme.realm.host === base.host;
        const extra = { tls: own ? tls : undefined, untrusted: !own };
        const query = { ...scheme, scope, credential };
        const fetchOnce = () => fetchToken(transport, query, extra, signal);
        const { token, expiresInSec } = await retrying(retry, () => { }, fetchOnce, signal);
        return { header: { value: `Bearer ${token}`, isAnonymous: credential === undefined }, lifeMs: expiresInSec * 900 };
    }
    #parseScheme(response) {
        const challenges = parseChallenges(response.header('www-authenticate'));
        const bearer = challenges.find(({ scheme, params }) => scheme === 'bearer' && params.has('realm'));
        if (bearer === undefined)
            return challenges.some(({ scheme }) => scheme === 'basic') ? { kind: 'basic' } : undefined;
        const realm = URL.parse(bearer.params.get('realm') ?? '');
        const clearIsAllowed = this.#options.base.protocol === 'http:';
        if (realm?.protocol !== 'https:' && !(clearIsAllowed && realm?.protocol === 'http:')) {
            const facts = { method: 'GET', url: redactUrl(response.url), status: response.status };
            throw new errors/* RegistryError */.gl(`${facts.url}: the token endpoint it names is not an https URL`, facts);
        }
        realm.username = '';
        realm.password = '';
        realm.hash = '';
        return { kind: 'bearer', realm, service: bearer.params.get('service') ?? '' };
    }
}
function keyOf(scheme, scope) {
    return scheme.kind === 'basic' ? '' : scope;
}

// EXTERNAL MODULE: external "node:tls"
var external_node_tls_ = __webpack_require__(41692);
;// CONCATENATED MODULE: ./src/registry/tls.js


const contexts = new WeakMap();
function secureContextOf(tls) {
    let context = contexts.get(tls);
    if (context === undefined) {
        try {
            context = (0,external_node_tls_.createSecureContext)({
                ...(tls.ca.length === 0 ? {} : { ca: [...(0,external_node_tls_.getCACertificates)('default'), ...tls.ca] }),
                ...(tls.client === undefined ? {} : { cert: tls.client.cert, key: tls.client.key }),
            });
        }
        catch (cause) {
            throw new errors/* UserError */.yo('a certificate of the registry configuration is not usable', undefined, { cause });
        }
        contexts.set(tls, context);
    }
    return context;
}
function tlsForRedirect(tls, from, to) {
    if (tls === undefined || from.hostname === to.hostname)
        return tls;
    if (tls.ca.length === 0)
        return undefined;
    let reduced = reducedSettings.get(tls);
    if (reduced === undefined) {
        reduced = { ...tls, id: `${tls.id} redirected`, client: undefined, skipVerify: false };
        reducedSettings.set(tls, reduced);
    }
    return reduced;
}
const reducedSettings = new WeakMap();

;// CONCATENATED MODULE: ./src/registry/endpoint.js





const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const KEEPING_REDIRECTS = new Set([307, 308]);
const REST_MS = 30_000;
class Endpoint {
    host;
    suffixRanges = true;
    #options;
    #authorizer;
    #restUntilMs = 0;
    #first;
    #met = false;
    constructor(options) {
        this.#options = options;
        this.host = options.host;
        const { base, credentialsOf, tls } = options.host;
        this.#authorizer = new Authorizer({ ...options, base, tls, registry: credentialsOf });
    }
    get resting() {
        return performance.now() < this.#restUntilMs;
    }
    async request(request, signal) {
        try {
            const { base, namespace } = this.host;
            const url = new URL(base);
            url.pathname = `${base.pathname.replace(/\/$/, '')}/${request.path}`;
            for (const [name, value] of Object.entries(request.query ?? {}))
                url.searchParams.set(name, value);
            if (namespace !== undefined)
                url.searchParams.set('ns', namespace);
            return await this.#follow(request, await this.#sendOwn(request, url, signal), signal);
        }
        catch (error) {
            if (error instanceof errors/* RegistryError */.gl && error.retryable)
                this.#restUntilMs = performance.now() + REST_MS;
            throw error;
        }
    }
    async requestUrl(url, request, signal) {
        const own = url.origin === this.host.base.origin;
        const first = own ? this.#sendOwn(request, url, signal) : this.#sendAway(request, url, signal);
        return this.#follow(request, await first, signal);
    }
    async requestTarget(target, request, signal) {
        return this.#follow(request, await this.#sendAway(request, target, signal), signal);
    }
    async #follow(request, first, signal) {
        let { response, isAnonymous } = first;
        for (let count = 0; REDIRECTS.has(response.status); count++) {
            if (count === MAX_REDIRECTS)
                throw await this.#unfit(request, response, `more than ${MAX_REDIRECTS} redirects`);
            const next = await this.#redirectTarget(request, response);
            await response.discard();
            const sent = this.#isOwn(next)
                ? await this.#sendOwn(request, next, signal)
                : await this.#sendAway(request, next, signal);
            response = sent.response;
            isAnonymous &&= sent.isAnonymous;
        }
        if (response.status < 200 || response.status > 299)
            throw await responseError(request.method, response);
        const away = response.url.origin !== this.host.base.origin;
        return { response, target: away || !this.#isOwn(response.url) ? response.url : undefined, isAnonymous };
    }
    async #redirectTarget(request, response) {
        const reads = request.method === 'GET' || request.method === 'HEAD';
        if (!reads && !KEEPING_REDIRECTS.has(response.status)) {
            throw await this.#unfit(request, response, `a redirect (${response.status}) that would drop what is sent`);
        }
        const target = URL.parse(response.header('location') ?? '', response.url.href);
        if (target === null || (target.protocol !== 'https:' && target.protocol !== 'http:')) {
            throw await this.#unfit(request, response, 'a redirect to nowhere');
        }
        if (target.protocol === 'http:' && response.url.protocol === 'https:') {
            throw await this.#unfit(request, response, `a redirect from https to plain http (${redactUrl(target)})`);
        }
        target.username = '';
        target.password = '';
        return target;
    }
    async #unfit(request, response, what) {
        await response.discard();
        const { message, method, url } = protocolError(request.method, response.url, what);
        return new errors/* RegistryError */.gl(message, { method, url, status: response.status });
    }
    #isOwn(url) {
        const { base } = this.host;
        return url.origin === base.origin && url.pathname.startsWith(`${base.pathname.replace(/\/$/, '')}/`);
    }
    async #sendAway(request, url, signal) {
        const { base, tls } = this.host;
        const untrusted = url.hostname !== base.hostname;
        const { headers } = request;
        const response = await this.#options.transport.send({ ...sendable(request), url, headers, tls: tlsForRedirect(tls, base, url), untrusted }, signal);
        return { response, isAnonymous: true };
    }
    async #sendOwn(request, url, signal) {
        const introduced = await this.#waitForFirst(signal);
        let used;
        let sent;
        let challenged = false;
        try {
            used = await this.#authorizer.header(request.scope, signal);
            sent = await this.#sendWith(request, url, used, signal);
            const { response } = sent;
            this.#met = true;
            if (response.status !== 401 && response.status !== 403)
                return sent;
            challenged = this.#authorizer.refused(response, request.scope, used?.value);
        }
        finally {
            introduced();
        }
        if (!challenged)
            return sent;
        const renewed = await this.#renewed(request.scope, sent.response, signal);
        if (renewed === undefined || renewed.value === used?.value)
            return sent;
        await sent.response.discard();
        return this.#sendWith(request, url, renewed, signal);
    }
    async #renewed(scope, response, signal) {
        try {
            return await this.#authorizer.header(scope, signal);
        }
        catch (error) {
            response.close();
            throw error;
        }
    }
    async #waitForFirst(signal) {
        if (this.#met)
            return () => { };
        if (this.#first !== undefined) {
            await abortable(this.#first, signal);
            return () => { };
        }
        const { promise, resolve } = Promise.withResolvers();
        this.#first = promise;
        return () => {
            this.#first = undefined;
            resolve();
        };
    }
    async #sendWith(request, url, authorization, signal) {
        const { headers: own, tls } = this.host;
        const added = authorization === undefined ? {} : { authorization: authorization.value };
        const headers = { ...own, ...request.headers, ...added };
        const response = await this.#options.transport.send({ ...sendable(request), url, headers, tls }, signal);
        const plain = Object.keys(own).length === 0 && tls?.client === undefined;
        return { response, isAnonymous: plain && (authorization?.isAnonymous ?? true) };
    }
}
function sendable({ method, body, headersTimeoutMs, }) {
    return {
        method,
        ...(body === undefined ? {} : { body: body() }),
        ...(headersTimeoutMs === undefined ? {} : { headersTimeoutMs }),
    };
}

;// CONCATENATED MODULE: ./src/registry/host.js
const ALL_CAPABILITIES = new Set(['pull', 'resolve', 'push']);
const HUB_REGISTRY = 'docker.io';
const HUB_HOST = 'registry-1.docker.io';
function defaultHostOf(registry) {
    return registry === HUB_REGISTRY ? HUB_HOST : registry;
}
function isLocalHost(host) {
    const name = host.replace(/:\d+$/, '').toLowerCase();
    return name === 'localhost' || name === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}
function defaultBase(host, plainHttpHosts) {
    const scheme = isLocalHost(host) || plainHttpHosts.includes(host) ? 'http' : 'https';
    return new URL(`${scheme}://${host}/v2`);
}
function upstreamHost(registry, plainHttpHosts) {
    return {
        base: defaultBase(defaultHostOf(registry), plainHttpHosts),
        capabilities: ALL_CAPABILITIES,
        tls: undefined,
        headers: {},
        credentialsOf: registry,
        namespace: undefined,
    };
}
function isMirrorOf(host, registry) {
    return host !== registry && host !== defaultHostOf(registry);
}

// EXTERNAL MODULE: ../../node_modules/smol-toml/dist/index.js + 8 modules
var dist = __webpack_require__(20528);
;// CONCATENATED MODULE: ./src/registry/hosts-toml.js






async function loadCertsDir(certsDir, registry, plainHttpHosts) {
    for (const name of folderNames(registry)) {
        const folder = (0,external_node_path_.join)(certsDir, name);
        if (!(await exists(folder)))
            continue;
        const context = { registry, folder, plainHttpHosts };
        const path = (0,external_node_path_.join)(folder, 'hosts.toml');
        return (await exists(path)) ? hostsOfToml(await parseToml(path), context) : [await bareCertificates(context)];
    }
    return undefined;
}
function folderNames(registry) {
    const underscored = registry.replace(/:(\d+)$/, '_$1_');
    return [...new Set([underscored, registry, '_default'])];
}
async function hostsOfToml(toml, context) {
    const hosts = tableOf(toml['host'] ?? {}, 'host', context);
    const mirrors = await Promise.all(Object.entries(hosts).map(([url, table]) => hostOf(url, tableOf(table, `host."${url}"`, context), context)));
    const server = toml['server'];
    if (server !== undefined && typeof server !== 'string')
        throw invalid('server', context);
    const itself = server === undefined || server === ''
        ? String(upstreamHost(context.registry, context.plainHttpHosts).base)
        : server;
    return [...mirrors, await hostOf(itself, toml, context)];
}
async function hostOf(url, table, context) {
    const base = parseBase(url, table['override_path'] === true, context.plainHttpHosts);
    return {
        base,
        capabilities: capabilitiesOf(table['capabilities'], context),
        tls: await tlsOf(table, context),
        headers: headersOf(table['header'], context),
        credentialsOf: isMirrorOf(base.host, context.registry) ? base.host : context.registry,
        namespace: isMirrorOf(base.host, context.registry) ? context.registry : undefined,
    };
}
function parseBase(text, overridePath, plainHttpHosts) {
    const hasScheme = /^https?:\/\//.test(text);
    const url = hasScheme ? URL.parse(text) : URL.parse(`https://${text}`);
    if (url === null || url.host === '')
        throw new errors/* UserError */.yo(`not the URL of a registry host: ${JSON.stringify(text)}`);
    if (!hasScheme)
        url.protocol = defaultBase(url.host, plainHttpHosts).protocol;
    const path = url.pathname.replace(/\/+$/, '');
    url.pathname = overridePath || path.endsWith('/v2') ? path : `${path}/v2`;
    url.search = '';
    url.hash = '';
    return url;
}
function capabilitiesOf(value, context) {
    if (value === undefined)
        return ALL_CAPABILITIES;
    const names = stringsOf(value, 'capabilities', context);
    if (!names.every((name) => ALL_CAPABILITIES.has(name))) {
        throw invalid('capabilities', context);
    }
    return names.length === 0 ? ALL_CAPABILITIES : new Set(names);
}
function headersOf(value, context) {
    const headers = {};
    for (const [name, one] of Object.entries(tableOf(value ?? {}, 'header', context))) {
        headers[name.toLowerCase()] = stringsOf(one, `header.${name}`, context).join(', ');
    }
    return headers;
}
async function tlsOf(table, context) {
    const read = (path) => readPem((0,external_node_path_.resolve)(context.folder, path));
    const ca = await Promise.all(stringsOf(table['ca'] ?? [], 'ca', context).map(read));
    const client = clientFiles(table['client'], context);
    const timeout = table['dial_timeout'];
    const settings = {
        ca,
        client: client && { cert: await read(client[0]), key: await read(client[1]) },
        skipVerify: table['skip_verify'] === true,
        connectTimeoutMs: timeout === undefined ? undefined : parseDuration(timeout, context),
    };
    return makeTlsSettings(settings);
}
function clientFiles(value, context) {
    if (value === undefined)
        return undefined;
    const first = Array.isArray(value) ? value[0] : value;
    const [cert, key] = stringsOf(first ?? [], 'client', context);
    return cert === undefined ? undefined : [cert, key === undefined || key === '' ? cert : key];
}
function makeTlsSettings(settings) {
    const { ca, client, skipVerify, connectTimeoutMs } = settings;
    if (ca.length === 0 && client === undefined && !skipVerify && connectTimeoutMs === undefined)
        return undefined;
    const id = (0,external_node_crypto_.createHash)('sha256').update(JSON.stringify(settings)).digest('hex');
    return { id, ...settings };
}
async function bareCertificates(context) {
    const files = (await (0,promises_.readdir)(context.folder)).sort();
    const cert = files.find((name) => name.endsWith('.cert'));
    const ca = files.filter((name) => name.endsWith('.crt'));
    const table = { ca, ...(cert === undefined ? {} : { client: [[cert, cert.replace(/\.cert$/, '.key')]] }) };
    return hostOf(String(upstreamHost(context.registry, context.plainHttpHosts).base), table, context);
}
function parseDuration(value, context) {
    const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
    if (typeof value !== 'string' || !/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(value))
        throw invalid('dial_timeout', context);
    let sum = 0;
    for (const [, number, unit] of value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g))
        sum += Number(number) * (units[unit ?? ''] ?? 0);
    return sum;
}
function tableOf(value, key, context) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw invalid(key, context);
    return value;
}
function stringsOf(value, key, context) {
    const list = Array.isArray(value) ? value : [value];
    if (!list.every((one) => typeof one === 'string'))
        throw invalid(key, context);
    return list;
}
function invalid(key, context) {
    return new errors/* UserError */.yo(`${(0,external_node_path_.join)(context.folder, 'hosts.toml')}: ${key} is not valid`);
}
async function parseToml(path) {
    try {
        return (0,dist/* parse */.qg)(await (0,promises_.readFile)(path, 'utf8'));
    }
    catch {
        throw new errors/* UserError */.yo(`${path} is not TOML`);
    }
}
async function readPem(path) {
    try {
        return await (0,promises_.readFile)(path, 'utf8');
    }
    catch (cause) {
        throw new errors/* UserError */.yo(`can't read ${path}`, undefined, { cause });
    }
}
async function exists(path) {
    return (0,promises_.access)(path).then(() => true, () => false);
}

;// CONCATENATED MODULE: ./src/registry/host-list.js




async function listHosts(registry, options) {
    const { certsDirs, mirrors, plainHttpHosts } = options;
    const own = await Promise.all((mirrors[registry] ?? []).map((mirror) => mirrorHost(mirror, registry, plainHttpHosts)));
    for (const certsDir of certsDirs) {
        const hosts = await loadCertsDir(certsDir, registry, plainHttpHosts);
        if (hosts !== undefined)
            return [...own, ...hosts];
    }
    return [...own, upstreamHost(registry, plainHttpHosts)];
}
async function mirrorHost(mirror, registry, plainHttpHosts) {
    const config = typeof mirror === 'string' ? { url: mirror } : mirror;
    const base = parseBase(config.url, config.overridePath === true, plainHttpHosts);
    const ca = config.ca === undefined ? [] : [await readCa(config.ca)];
    const tls = { ca, client: undefined, skipVerify: config.skipVerify === true, connectTimeoutMs: undefined };
    const isMirror = isMirrorOf(base.host, registry);
    return {
        base,
        capabilities: host_list_capabilitiesOf(config, isMirror),
        tls: makeTlsSettings(tls),
        headers: config.headers ?? {},
        credentialsOf: isMirror ? base.host : registry,
        namespace: isMirror ? registry : undefined,
    };
}
function host_list_capabilitiesOf({ resolve }, isMirror) {
    if (resolve === false)
        return new Set(['pull']);
    return isMirror ? new Set(['pull', 'resolve']) : ALL_CAPABILITIES;
}
async function readCa(path) {
    try {
        return await (0,promises_.readFile)(path, 'utf8');
    }
    catch (cause) {
        throw new errors/* UserError */.yo(`can't read the certificates of a mirror: ${path}`, undefined, { cause });
    }
}

;// CONCATENATED MODULE: ./src/registry/push-errors.js

const LOST_STATUS = new Set([404, 409, 410, 416]);
const LOST_CODES = new Set([
    'BLOB_UPLOAD_UNKNOWN',
    'BLOB_UPLOAD_INVALID',
    'DIGEST_INVALID',
    'SIZE_INVALID',
    'RANGE_INVALID',
]);
function isUploadLost(error) {
    const { status, diagnostics } = error;
    if (status === undefined || status >= 500)
        return false;
    return LOST_STATUS.has(status) || diagnostics.some((code) => LOST_CODES.has(code));
}
function isContentRefused(error) {
    return error.diagnostics.some((code) => code === 'DIGEST_INVALID' || code === 'SIZE_INVALID');
}
function asRetryable(error) {
    const { message, method, url, status, diagnostics } = error;
    return new errors/* RegistryError */.gl(message, {
        method,
        url,
        diagnostics,
        retryable: true,
        cause: error,
        ...(status === undefined ? {} : { status }),
    });
}
function withPushHint(error, registry) {
    if (!(error instanceof errors/* RegistryError */.gl))
        return error;
    const hint = hintFor(error, registry);
    if (hint === undefined || error.message.includes(hint))
        return error;
    const { message, method, url, status, diagnostics, retryable } = error;
    return new errors/* RegistryError */.gl(`${message}: ${hint}`, {
        method,
        url,
        diagnostics,
        retryable,
        cause: error.cause,
        ...(status === undefined ? {} : { status }),
    });
}
function hintFor({ status, diagnostics }, registry) {
    if (status === 401)
        return `no right to push; log in with \`docker login ${registry}\``;
    if (status === 403 || diagnostics.includes('DENIED')) {
        return `these credentials may not push there; \`docker login ${registry}\` as somebody who may`;
    }
    if (status === 405 || diagnostics.includes('UNSUPPORTED'))
        return 'the registry takes no pushes (is it a mirror?)';
    if (status === 413)
        return 'the registry, or a proxy before it, takes no bodies of this size';
    return undefined;
}

;// CONCATENATED MODULE: ./src/registry/upload-body.js

const NOTHING = new Uint8Array(0);
class BlobBody {
    #options;
    sourceError;
    constructor(options) {
        this.#options = options;
    }
    part(start, end) {
        const length = { 'content-length': String(end - start) };
        if (start === end)
            return { headers: length, open: undefined };
        return {
            headers: { ...length, 'content-type': 'application/octet-stream' },
            open: () => this.#pieces(start, end),
        };
    }
    async *#pieces(start, end) {
        const { onProgress, open } = this.#options;
        const source = open(start)[Symbol.asyncIterator]();
        try {
            for (let at = start; at < end;) {
                const piece = await this.#nextPiece(source, at);
                const part = piece.subarray(0, end - at);
                yield part;
                at += part.length;
                onProgress?.(at);
            }
            if (end === this.#options.descriptor.size)
                await this.#nextPiece(source, end);
        }
        finally {
            await source.return?.();
        }
    }
    async #nextPiece(source, at) {
        const { digest, size } = this.#options.descriptor;
        const wrong = (got) => new errors/* FormatError */.IF(`${digest}: ${got} bytes to upload, its descriptor says ${size}`);
        try {
            const next = await source.next();
            const piece = next.done === true ? NOTHING : next.value;
            if (at + piece.length > size)
                throw wrong(`more than ${size}`);
            if (next.done === true && at < size)
                throw wrong(String(at));
            return piece;
        }
        catch (error) {
            this.sourceError = { error };
            throw error;
        }
    }
}

;// CONCATENATED MODULE: ./src/registry/upload-headers.js

const MAX_MIN_CHUNK_BYTES = 1 << 30;
function uploadLocation(method, response) {
    const text = response.header('location');
    if (text === undefined || text === '')
        return undefined;
    const url = URL.parse(text, response.url.href);
    if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
        throw protocolError(method, response.url, 'the upload is to go on nowhere');
    }
    if (url.protocol === 'http:' && response.url.protocol === 'https:') {
        if (url.hostname !== response.url.hostname) {
            throw protocolError(method, response.url, 'the upload is to go on in plain http');
        }
        url.protocol = 'https:';
    }
    url.username = '';
    url.password = '';
    url.hash = '';
    return url;
}
function completionUrl(upload, digest) {
    const url = new URL(upload);
    url.search = `${url.search === '' ? '?' : `${url.search}&`}digest=${encodeURIComponent(digest)}`;
    return url;
}
function uploadedBytes(header, sent) {
    const match = /^(?:bytes[= ])?0-(\d{1,16})$/.exec(header?.trim() ?? '');
    if (match === null)
        return undefined;
    const bytes = Number(match[1]) + 1;
    if (!Number.isSafeInteger(bytes))
        return undefined;
    return bytes === 1 && sent !== 1 ? 0 : bytes;
}
function minChunkBytes(header) {
    const bytes = /^\d{1,16}$/.test(header ?? '') ? Number(header) : 0;
    return Math.min(bytes, MAX_MIN_CHUNK_BYTES);
}

;// CONCATENATED MODULE: ./src/registry/upload.js







const SMALL_BYTES = 4 << 20;
const CHUNK_STEPS = [64 << 20, 16 << 20, 4 << 20, 1 << 20];
const PROGRESS_BYTES = 64 << 10;
const ANSWER_TIMEOUT_MS = 300_000;
const CANCEL_TIMEOUT_MS = 5000;
function sessionOf(response) {
    const url = uploadLocation('POST', response);
    if (url === undefined)
        throw protocolError('POST', response.url, 'the answer has no Location for the upload');
    return { url, minChunkBytes: minChunkBytes(response.header('oci-chunk-min-length')) };
}
class BlobUpload {
    #options;
    #body;
    #session;
    #offset = 0;
    #best = 0;
    #chunkBytes = Infinity;
    #unsure = false;
    #completing = false;
    #failuresInPlace = 0;
    #refusals = 0;
    constructor(options, session) {
        this.#options = options;
        this.#body = new BlobBody(options);
        this.#session = session;
    }
    async run() {
        const backoff = new Backoff(this.#options.retry, this.#options.onRetry);
        for (;;) {
            try {
                return await this.#attempt();
            }
            catch (error) {
                await this.#afterFailure(error, backoff);
            }
        }
    }
    async cancel() {
        const session = this.#session;
        this.#session = undefined;
        if (session !== undefined)
            await cancelUpload(this.#options, session);
    }
    async #attempt() {
        if (this.#unsure && (await this.#synchronize()))
            return;
        const { size } = this.#options.descriptor;
        const session = (this.#session ??= await this.#start());
        if (this.#offset === 0 && size <= Math.min(SMALL_BYTES, this.#chunkBytes))
            return this.#complete(session, size);
        while (this.#offset < size)
            await this.#sendChunk();
        await this.#complete(this.#session, 0);
    }
    async #start() {
        const { endpoint, repository, scope, signal } = this.#options;
        this.#offset = 0;
        this.#completing = false;
        const headers = { 'content-length': '0' };
        const request = { method: 'POST', path: `${repository}/blobs/uploads/`, scope, headers };
        const { response } = await endpoint.request(request, signal);
        await response.discard();
        return sessionOf(response);
    }
    async #sendChunk() {
        const { size } = this.#options.descriptor;
        const session = this.#session ?? (await this.#start());
        const start = this.#offset;
        const end = Math.min(size, start + Math.max(this.#chunkBytes, session.minChunkBytes));
        const range = start === 0 && end === size ? {} : { 'content-range': `${start}-${end - 1}` };
        const { response } = await this.#ask('PATCH', session.url, this.#body.part(start, end), range);
        await response.discard();
        const taken = uploadedBytes(response.header('range'), end) ?? end;
        if (taken <= start || taken > end) {
            throw protocolError('PATCH', response.url, `${end} bytes were sent, and the registry says it has ${taken}`);
        }
        this.#offset = taken;
        this.#session = { ...session, url: uploadLocation('PATCH', response) ?? session.url };
    }
    async #complete(session, size) {
        const { digest } = this.#options.descriptor;
        this.#completing = true;
        const { response } = await this.#ask('PUT', completionUrl(session.url, digest), this.#body.part(0, size), {});
        await response.discard();
        const stored = response.header('docker-content-digest');
        if (stored !== undefined && (0,oci_digest/* isDigest */.Bc)(stored) && stored !== digest) {
            throw new errors/* VerificationError */.mk('the blob that the registry stored', digest, stored);
        }
        this.#session = undefined;
        this.#options.onProgress?.(this.#options.descriptor.size);
    }
    async #synchronize() {
        if (this.#completing && (await this.#options.isThere()))
            return true;
        this.#completing = false;
        if (this.#session !== undefined) {
            try {
                await this.#askOffset(this.#session);
            }
            catch (error) {
                this.#options.signal?.throwIfAborted();
                if (!(error instanceof errors/* RegistryError */.gl) || error.retryable)
                    throw error;
                this.#session = undefined;
            }
        }
        if (this.#session === undefined)
            this.#offset = 0;
        this.#unsure = false;
        return false;
    }
    async #askOffset(session) {
        const { response } = await this.#ask('GET', session.url, undefined, {});
        await response.discard();
        const { size } = this.#options.descriptor;
        const offset = uploadedBytes(response.header('range'), size);
        if (offset === undefined || offset > size) {
            this.#session = undefined;
            return;
        }
        this.#offset = offset;
        this.#session = { ...session, url: uploadLocation('GET', response) ?? session.url };
    }
    async #afterFailure(error, backoff) {
        const { signal } = this.#options;
        signal?.throwIfAborted();
        if (this.#body.sourceError !== undefined)
            throw this.#body.sourceError.error;
        if (!(error instanceof errors/* RegistryError */.gl))
            throw error;
        if (this.#offset >= this.#best + PROGRESS_BYTES) {
            backoff.progress();
            this.#best = this.#offset;
            this.#failuresInPlace = 0;
        }
        this.#failuresInPlace += 1;
        const open = this.#session !== undefined;
        this.#unsure = true;
        if (error.status === 413 && open) {
            if (!this.#shrink())
                throw error;
            return;
        }
        const lost = open && isUploadLost(error);
        if (isContentRefused(error) && ++this.#refusals > 1)
            throw error;
        await backoff.pause(lost ? asRetryable(error) : error, signal);
        if (lost && (error.status !== 416 || this.#failuresInPlace > 1))
            this.#session = undefined;
        if (!lost && this.#failuresInPlace > 1)
            this.#shrink();
    }
    #shrink() {
        const rest = this.#options.descriptor.size - this.#offset;
        const now = Math.min(this.#chunkBytes, rest);
        const next = CHUNK_STEPS.find((step) => step < now && step >= (this.#session?.minChunkBytes ?? 0));
        if (next === undefined)
            return false;
        this.#chunkBytes = next;
        return true;
    }
    #ask(method, url, body, headers) {
        const { endpoint, scope, signal } = this.#options;
        const request = {
            method,
            scope,
            headers: { ...headers, ...body?.headers },
            headersTimeoutMs: ANSWER_TIMEOUT_MS,
            ...(body?.open === undefined ? {} : { body: body.open }),
        };
        return endpoint.requestUrl(url, request, signal);
    }
}
async function cancelUpload({ endpoint, scope }, session) {
    try {
        const signal = AbortSignal.timeout(CANCEL_TIMEOUT_MS);
        const { response } = await endpoint.requestUrl(session.url, { method: 'DELETE', scope, headers: {} }, signal);
        await response.discard();
    }
    catch {
    }
}

;// CONCATENATED MODULE: ./src/registry/push.js





const MANIFEST_TIMEOUT_MS = 120_000;
class RegistryPusher {
    #options;
    #scope;
    #sessions = new Map();
    #ended = new AbortController();
    #running = new Set();
    #endpoint;
    constructor(options) {
        this.#options = options;
        this.#scope = `repository:${options.reference.repository}:pull,push`;
    }
    async hasBlob({ digest, size }, signal) {
        const { reference } = this.#options;
        const path = `${reference.repository}/blobs/${digest}`;
        try {
            return await this.#retrying(async () => {
                const endpoint = await this.#host(signal);
                const { response } = await endpoint.request({ method: 'HEAD', path, scope: this.#scope, headers: {} }, signal);
                const length = response.header('content-length');
                await response.discard();
                return length === undefined || Number(length) === size;
            }, signal);
        }
        catch (error) {
            signal?.throwIfAborted();
            const final = !(error instanceof errors/* RegistryError */.gl) || error.retryable || error.status === 401;
            if (final)
                throw withPushHint(error, reference.registry);
            return false;
        }
    }
    async mountBlob({ digest }, from, signal) {
        const { log, reference } = this.#options;
        const endpoint = await this.#host(signal);
        const request = {
            method: 'POST',
            path: `${reference.repository}/blobs/uploads/`,
            query: { mount: digest, from },
            scope: `${this.#scope} repository:${from}:pull`,
            headers: { 'content-length': '0' },
        };
        try {
            const { response } = await endpoint.request(request, signal);
            await response.discard();
            if (response.status === 201)
                return true;
            this.#sessions.set(digest, sessionOf(response));
        }
        catch (error) {
            signal?.throwIfAborted();
            log.debug('cross-repository mount failed', { error });
        }
        return false;
    }
    async pushBlob(blob, signal) {
        const pushing = this.#upload(blob, signal);
        this.#running.add(pushing);
        try {
            await pushing;
        }
        catch (error) {
            signal?.throwIfAborted();
            throw withPushHint(error, this.#options.reference.registry);
        }
        finally {
            this.#running.delete(pushing);
        }
    }
    async pushManifest(document, name, signal) {
        const { reference } = this.#options;
        const { bytes, mediaType } = document;
        const request = {
            method: 'PUT',
            path: `${reference.repository}/manifests/${name}`,
            scope: this.#scope,
            headers: { 'content-type': mediaType },
            body: () => bytes,
            headersTimeoutMs: MANIFEST_TIMEOUT_MS,
        };
        try {
            await this.#retrying(async () => {
                const { response } = await (await this.#host(signal)).request(request, signal);
                await response.discard();
                const stored = response.header('docker-content-digest');
                const digest = (0,oci_digest/* digestOf */.ol)(bytes);
                if (stored !== undefined && (0,oci_digest/* isDigest */.Bc)(stored) && stored !== digest) {
                    throw new errors/* VerificationError */.mk('the manifest that the registry stored', digest, stored);
                }
            }, signal);
        }
        catch (error) {
            signal?.throwIfAborted();
            throw withPushHint(error, reference.registry);
        }
    }
    async [Symbol.asyncDispose]() {
        this.#ended.abort(new errors/* RegistryError */.gl('the push was given up', { method: 'PATCH', url: '' }));
        await Promise.allSettled(this.#running);
        const endpoint = this.#endpoint;
        if (endpoint === undefined)
            return;
        const left = [...this.#sessions.values()];
        this.#sessions.clear();
        await Promise.all(left.map((session) => cancelUpload({ endpoint, scope: this.#scope }, session)));
    }
    async #upload({ descriptor, open, onProgress }, given) {
        const { onRetry, reference, retry } = this.#options;
        const signal = given === undefined ? this.#ended.signal : AbortSignal.any([given, this.#ended.signal]);
        const endpoint = await this.#host(signal);
        const session = this.#sessions.get(descriptor.digest);
        this.#sessions.delete(descriptor.digest);
        const upload = new BlobUpload({
            endpoint,
            repository: reference.repository,
            scope: this.#scope,
            retry,
            onRetry,
            descriptor,
            open,
            onProgress,
            isThere: () => this.hasBlob(descriptor, signal),
            signal,
        }, session);
        try {
            await upload.run();
        }
        catch (error) {
            await upload.cancel();
            throw error;
        }
    }
    async #host(signal) {
        const [first] = this.#endpoint === undefined ? await abortable(this.#options.endpoints(), signal) : [];
        this.#endpoint ??= first;
        if (this.#endpoint !== undefined)
            return this.#endpoint;
        const { registry } = this.#options.reference;
        throw new errors/* UserError */.yo(`no host of ${registry} may be pushed to`, `Add "push" to the capabilities of a host in certs.d/${registry}/hosts.toml.`);
    }
    #retrying(attempt, signal) {
        return retrying(this.#options.retry, this.#options.onRetry, attempt, signal);
    }
}

;// CONCATENATED MODULE: ./src/registry/byte-range.js
function rangeHeader(wanted) {
    if (wanted === 'all')
        return undefined;
    return 'suffix' in wanted ? `bytes=-${wanted.suffix}` : `bytes=${wanted.start}-${wanted.end - 1}`;
}
function parseContentRange(header) {
    const match = /^bytes (\d{1,16})-(\d{1,16})\/(?:(\d{1,16})|\*)$/.exec(header?.trim() ?? '');
    if (match === null)
        return undefined;
    const start = Number(match[1]);
    const end = Number(match[2]) + 1;
    const total = match[3] === undefined ? undefined : Number(match[3]);
    if (![start, end, total ?? 0].every(Number.isSafeInteger))
        return undefined;
    if (start >= end || (total !== undefined && end > total))
        return undefined;
    return { start, end, total };
}
function carriedRange(wanted, status, header) {
    const encoding = header('content-encoding');
    if (encoding !== undefined && encoding !== 'identity')
        return `the body is encoded (${encoding.slice(0, 40)})`;
    const length = parseLength(header('content-length'));
    if (status === 200)
        return { start: 0, end: length, total: length };
    if (status !== 206 || wanted === 'all')
        return `status ${status} for a range`;
    const text = header('content-range');
    const range = parseContentRange(text);
    if (range === undefined)
        return `not a usable Content-Range: ${JSON.stringify(text?.slice(0, 80))}`;
    if (length !== undefined && length < range.end - range.start)
        return 'Content-Length is less than Content-Range';
    return fits(wanted, range) ? range : `asked for ${rangeHeader(wanted)}, got ${text}`;
}
function fits(wanted, range) {
    if ('start' in wanted)
        return range.start === wanted.start;
    return (range.total !== undefined && range.end === range.total && range.start === Math.max(0, range.total - wanted.suffix));
}
function parseLength(text) {
    if (text === undefined || !/^\d{1,16}$/.test(text))
        return undefined;
    const length = Number(text);
    return Number.isSafeInteger(length) ? length : undefined;
}

;// CONCATENATED MODULE: ./src/registry/try-hosts.js

const PASSED_OVER = new Set(['REGISTRY', 'VERIFICATION', 'FORMAT']);
async function tryHosts(endpoints, first, ask, log) {
    const failures = [];
    for (const endpoint of inOrder(endpoints, first)) {
        try {
            return await ask(endpoint);
        }
        catch (error) {
            if (!PASSED_OVER.has(error.code))
                throw error;
            failures.push(error);
            if (endpoints.length > 1)
                log.debug('registry host failed', { host: endpoint.host.base.host, error });
        }
    }
    const chosen = failures.findLast((error) => error instanceof errors/* RegistryError */.gl && error.retryable) ?? failures.at(-1);
    throw chosen ?? new errors/* RegistryError */.gl('no host is allowed to serve this', { method: 'GET', url: '' });
}
function inOrder(endpoints, first) {
    const rank = (endpoint) => (endpoint === first ? 0 : endpoint.resting ? 2 : 1);
    return [...endpoints].sort((a, b) => rank(a) - rank(b));
}

;// CONCATENATED MODULE: ./src/registry/blob-locator.js





class SuffixRefusedError extends errors/* LazypullError */.qB {
    constructor(cause) {
        super('UNSUPPORTED', 'the registry refuses suffix ranges', { cause });
    }
}
const SUFFIX_REFUSED = new Set([400, 405, 416, 501]);
const ABOUT_THE_RANGE = new Set([416, 429, 501]);
class BlobLocator {
    #options;
    #endpoint;
    #target;
    #search;
    #servesItself = false;
    lastUrl = '';
    isAnonymous;
    constructor(options) {
        this.#options = options;
    }
    async open(wanted, signal) {
        const { repository, digest } = this.#options;
        const range = rangeHeader(wanted);
        const request = {
            method: 'GET',
            path: `${repository}/blobs/${digest}`,
            scope: `repository:${repository}:pull`,
            headers: range === undefined ? {} : { range },
        };
        const remembered = await this.#askTarget(request, signal);
        const { response } = remembered ?? (await this.#askRegistry(request, signal));
        this.lastUrl = redactUrl(response.url);
        const carried = carriedRange(wanted, response.status, (name) => response.header(name));
        if (typeof carried === 'string') {
            response.close();
            throw protocolError('GET', response.url, carried);
        }
        return { ...carried, pieces: response.body(), url: this.lastUrl, close: () => response.close() };
    }
    async suffixRanges(signal) {
        const endpoint = this.#endpoint ?? (await abortable(this.#options.endpoints(), signal))[0];
        return endpoint?.suffixRanges !== false;
    }
    noSuffixRanges() {
        if (this.#endpoint !== undefined)
            this.#endpoint.suffixRanges = false;
    }
    async #askTarget(request, signal) {
        const target = this.#target;
        const endpoint = this.#endpoint;
        if (target === undefined || endpoint === undefined)
            return undefined;
        try {
            return await endpoint.requestTarget(target, request, signal);
        }
        catch (error) {
            throwIfSuffixRefused(error, request, endpoint);
            if (!(error instanceof errors/* RegistryError */.gl) || ABOUT_THE_RANGE.has(error.status ?? 0))
                throw error;
            if (this.#target === target)
                this.#target = undefined;
            this.#options.log.debug('redirect target is no longer good', { error });
            return undefined;
        }
    }
    async #askRegistry(request, signal) {
        while (this.#search !== undefined) {
            await abortable(this.#search, signal);
            const answer = await this.#askTarget(request, signal);
            if (answer !== undefined)
                return answer;
            if (this.#endpoint !== undefined)
                return this.#askHosts(request, signal);
        }
        if (this.#endpoint !== undefined && this.#servesItself)
            return this.#askHosts(request, signal);
        const { promise, resolve } = Promise.withResolvers();
        this.#search = promise;
        try {
            return await this.#askHosts(request, signal);
        }
        finally {
            this.#search = undefined;
            resolve();
        }
    }
    async #askHosts(request, signal) {
        const endpoints = await abortable(this.#options.endpoints(), signal);
        const ask = async (endpoint) => {
            const answer = await endpoint.request(request, signal).catch((error) => {
                throwIfSuffixRefused(error, request, endpoint);
                throw error;
            });
            this.#endpoint = endpoint;
            this.isAnonymous = this.isAnonymous === true || answer.isAnonymous;
            this.#target = answer.target;
            this.#servesItself = answer.target === undefined;
            return answer;
        };
        return tryHosts(endpoints, this.#endpoint, ask, this.#options.log);
    }
}
function throwIfSuffixRefused(error, request, endpoint) {
    if (request.headers['range']?.startsWith('bytes=-') !== true)
        return;
    if (!(error instanceof errors/* RegistryError */.gl) || !SUFFIX_REFUSED.has(error.status ?? 0))
        return;
    endpoint.suffixRanges = false;
    throw new SuffixRefusedError(error);
}

;// CONCATENATED MODULE: ./src/registry/remote-blob.js



const remote_blob_PROGRESS_BYTES = 64 << 10;
const MAX_TAIL_SKIP_BYTES = 256 << 10;
class RegistryBlob {
    digest;
    #options;
    #locator;
    #size;
    constructor(options) {
        this.#options = options;
        this.digest = options.digest;
        this.#size = options.size;
        this.#locator = new BlobLocator(options);
    }
    get size() {
        return this.#size;
    }
    get isAnonymous() {
        return this.#locator.isAnonymous;
    }
    async readTail(length, signal) {
        requireRange(0, length, undefined);
        if (this.#size === undefined && length > 0) {
            const bytes = await this.#retrying(() => this.#trySuffix(length, signal), signal);
            if (bytes !== undefined)
                return { bytes, blobSize: this.#size ?? bytes.length };
        }
        const blobSize = this.#size ?? (await this.#retrying(() => this.#probeSize(signal), signal));
        this.#size = blobSize;
        return { bytes: await this.readRange(Math.max(0, blobSize - length), blobSize, signal), blobSize };
    }
    async readRange(start, end, signal) {
        requireRange(start, end, this.#size);
        const bytes = new Uint8Array(Buffer.allocUnsafeSlow(end - start).buffer);
        await this.#fill(bytes, 0, start, signal);
        return bytes;
    }
    async *streamRange(start, end, signal) {
        requireRange(start, end, this.#size);
        const backoff = new Backoff(this.#options.retry, this.#options.onRetry);
        let at = start;
        let sinceFailure = 0;
        while (at < end) {
            try {
                const all = at === 0 && end === this.#size;
                const opened = await this.#open(all ? 'all' : { start: at, end }, signal);
                for await (const piece of clip(opened, at, end)) {
                    at += piece.length;
                    sinceFailure += piece.length;
                    yield piece;
                }
                if (at < end)
                    throw this.#cutShort(at, end);
            }
            catch (error) {
                if (sinceFailure >= remote_blob_PROGRESS_BYTES)
                    backoff.progress();
                sinceFailure = 0;
                await backoff.pause(error, signal);
            }
        }
    }
    async #fill(bytes, filled, start, signal) {
        let at = filled;
        for await (const piece of this.streamRange(start + at, start + bytes.length, signal)) {
            bytes.set(piece, at);
            at += piece.length;
        }
    }
    async #open(wanted, signal) {
        const opened = await this.#locator.open(wanted, signal);
        const known = this.#size;
        if (opened.total === undefined || known === opened.total)
            return opened;
        if (known === undefined) {
            this.#size = opened.total;
            return opened;
        }
        opened.close();
        const { digest } = this;
        throw new errors/* RegistryError */.gl(`${opened.url}: ${digest} has ${opened.total} bytes there, it must have ${known}`, {
            method: 'GET',
            url: opened.url,
        });
    }
    async #trySuffix(length, signal) {
        if (!(await this.#locator.suffixRanges(signal)))
            return undefined;
        let opened;
        try {
            opened = await this.#open({ suffix: length }, signal);
        }
        catch (error) {
            if (!(error instanceof SuffixRefusedError))
                throw error;
            return undefined;
        }
        const { total } = opened;
        const start = total === undefined ? undefined : Math.max(0, total - length);
        if (start === undefined || total === undefined || start - opened.start > MAX_TAIL_SKIP_BYTES) {
            this.#locator.noSuffixRanges();
            opened.close();
            return undefined;
        }
        return this.#readOpened(opened, start, total, signal);
    }
    async #readOpened(opened, start, end, signal) {
        const bytes = new Uint8Array(Buffer.allocUnsafeSlow(end - start).buffer);
        let at = 0;
        try {
            for await (const piece of clip(opened, start, end)) {
                bytes.set(piece, at);
                at += piece.length;
            }
        }
        catch (error) {
            signal?.throwIfAborted();
            if (!(error instanceof errors/* RegistryError */.gl) || !error.retryable)
                throw error;
            this.#options.onRetry(error);
        }
        if (at < bytes.length)
            await this.#fill(bytes, at, start, signal);
        return bytes;
    }
    async #probeSize(signal) {
        let opened;
        try {
            opened = await this.#open({ start: 0, end: 1 }, signal);
        }
        catch (error) {
            if (error instanceof errors/* RegistryError */.gl && error.status === 416)
                return 0;
            throw error;
        }
        let size = opened.total;
        if (size === undefined && opened.start === 0 && opened.end === undefined) {
            size = 0;
            for await (const piece of opened.pieces)
                size += piece.length;
        }
        opened.close();
        if (size !== undefined)
            return size;
        throw new errors/* RegistryError */.gl(`${opened.url}: no answer says how long the blob is`, { method: 'GET', url: opened.url });
    }
    #retrying(attempt, signal) {
        return retrying(this.#options.retry, this.#options.onRetry, attempt, signal);
    }
    #cutShort(at, end) {
        const url = this.#locator.lastUrl;
        return new errors/* RegistryError */.gl(`GET ${url}: the body ended ${end - at} bytes early`, {
            method: 'GET',
            url,
            retryable: true,
        });
    }
}
async function* clip(opened, start, end) {
    let offset = opened.start;
    try {
        for await (const piece of opened.pieces) {
            const from = Math.max(0, start - offset);
            const to = Math.min(piece.length, end - offset);
            offset += piece.length;
            if (from < to)
                yield piece.subarray(from, to);
            if (offset >= end && offset !== opened.end)
                break;
        }
    }
    finally {
        opened.close();
    }
}
function requireRange(start, end, size) {
    const valid = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end;
    if (valid && (size === undefined || end <= size))
        return;
    throw new errors/* LazypullError */.qB('INVALID_ARGUMENT', `not a range of a blob of ${size ?? '?'} bytes: [${start}, ${end})`);
}

// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __webpack_require__(57075);
// EXTERNAL MODULE: ../../node_modules/undici/index.js
var undici = __webpack_require__(61684);
// EXTERNAL MODULE: ./src/busy-clock.js
var busy_clock = __webpack_require__(6195);
// EXTERNAL MODULE: external "node:dns"
var external_node_dns_ = __webpack_require__(40610);
// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(77030);
;// CONCATENATED MODULE: ./src/registry/link-local.js




const linkLocal = new external_node_net_.BlockList();
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4');
linkLocal.addSubnet('fe80::', 10, 'ipv6');
linkLocal.addAddress('fd00:ec2::254', 'ipv6');
function isLinkLocal(address) {
    const version = (0,external_node_net_.isIP)(address);
    return version !== 0 && linkLocal.check(address, version === 4 ? 'ipv4' : 'ipv6');
}
function refuseLinkLocal(method, url) {
    if (!isLinkLocal(url.hostname.replace(/^\[|\]$/g, '')))
        return;
    throw new errors/* RegistryError */.gl(`${method} ${redactUrl(url)}: link-local addresses are refused`, {
        method,
        url: redactUrl(url),
    });
}
function safeLookup(hostname, options, callback) {
    (0,external_node_dns_.lookup)(hostname, { ...options, all: true }, (error, addresses) => {
        if (error !== null)
            return callback(error, []);
        const refused = addresses.some(({ address }) => isLinkLocal(address));
        const first = addresses[0];
        if (refused || first === undefined) {
            const failure = new Error(`${hostname} has a link-local address`);
            return callback(Object.assign(failure, { code: 'LAZYPULL_LINK_LOCAL' }), []);
        }
        if (options.all === true)
            callback(null, addresses);
        else
            callback(null, first.address, first.family);
    });
}

;// CONCATENATED MODULE: ./src/registry/proxy.js



function proxyFor(url, env) {
    const name = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
    const text = env[name] || env[name.toUpperCase()];
    if (text === undefined || text === '' || isLocalHost(url.host))
        return undefined;
    if (isExcepted(url, env['no_proxy'] || env['NO_PROXY'] || ''))
        return undefined;
    const proxy = URL.parse(text.includes('://') ? text : `http://${text}`);
    if (proxy?.protocol !== 'http:' && proxy?.protocol !== 'https:') {
        throw new errors/* UserError */.yo(`${name} is not the URL of an HTTP proxy`);
    }
    return proxy;
}
function isExcepted(url, noProxy) {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = url.port || (url.protocol === 'https:' ? '443' : '80');
    return noProxy.split(',').some((text) => {
        const entry = text.trim().toLowerCase();
        if (entry === '')
            return false;
        if (entry === '*')
            return true;
        if (entry.includes('/'))
            return isInNetwork(host, entry);
        const match = /^\[?(.*?)\]?(?::(\d+))?$/.exec((0,external_node_net_.isIP)(entry) === 6 ? `[${entry}]` : entry);
        if (match?.[2] !== undefined && match[2] !== port)
            return false;
        const name = (match?.[1] ?? '').replace(/^\*(?=\.)/, '');
        return name.startsWith('.') ? host.endsWith(name) : host === name || host.endsWith(`.${name}`);
    });
}
function isInNetwork(host, entry) {
    const [address = '', bits = ''] = entry.split('/');
    const version = (0,external_node_net_.isIP)(address);
    const prefix = Number(bits);
    if (version === 0 || (0,external_node_net_.isIP)(host) !== version || !(prefix <= (version === 4 ? 32 : 128)))
        return false;
    const family = version === 4 ? 'ipv4' : 'ipv6';
    const network = new external_node_net_.BlockList();
    network.addSubnet(address, prefix, family);
    return network.check(host, family);
}

;// CONCATENATED MODULE: ./src/registry/transport.js








const DEFAULT_TRANSPORT = {
    userAgent: 'lazypull',
    maxConnectionsPerHost: 16,
    connectTimeoutMs: 10_000,
    headersTimeoutMs: 30_000,
    bodyTimeoutMs: 30_000,
    env: process.env,
};
const KEEP_ALIVE_MS = 60_000;
class Transport {
    #options;
    #pools = new Map();
    #busy = new busy_clock/* BusyClock */.c();
    #requests = 0;
    #bytes = 0;
    constructor(options = {}) {
        this.#options = { ...DEFAULT_TRANSPORT, ...options };
    }
    stats() {
        return { requests: this.#requests, bytes: this.#bytes, busyMs: Math.round(this.#busy.totalMs) };
    }
    async send(request, signal) {
        signal?.throwIfAborted();
        const { method, url } = request;
        if (request.untrusted === true)
            refuseLinkLocal(method, url);
        const pool = this.#pool(request);
        this.#requests += 1;
        const isOver = this.#busy.begin();
        try {
            const answer = await pool.request({
                origin: url.origin,
                method,
                path: `${url.pathname}${url.search}`,
                headers: { 'user-agent': this.#options.userAgent, 'accept-encoding': 'identity', ...request.headers },
                body: sendableBody(request.body),
                ...(request.headersTimeoutMs === undefined ? {} : { headersTimeout: request.headersTimeoutMs }),
                signal: signal ?? null,
            });
            answer.body.once('close', isOver);
            return new HttpResponse(method, url, answer, (bytes) => (this.#bytes += bytes), signal);
        }
        catch (error) {
            isOver();
            signal?.throwIfAborted();
            throw connectionError(method, url, error);
        }
    }
    async close() {
        const pools = [...this.#pools.values()];
        this.#pools.clear();
        await Promise.all(pools.map((pool) => pool.destroy()));
    }
    #pool(request) {
        const guarded = request.untrusted === true;
        const key = `${request.url.origin} ${guarded} ${request.tls?.id ?? ''}`;
        let pool = this.#pools.get(key);
        if (pool === undefined) {
            pool = this.#makePool(request.url, request.tls, guarded);
            this.#pools.set(key, pool);
        }
        return pool;
    }
    #makePool(url, tls, guarded) {
        const { bodyTimeoutMs, connectTimeoutMs, env, headersTimeoutMs, maxConnectionsPerHost } = this.#options;
        const secure = url.protocol === 'https:' && tls !== undefined;
        const connect = {
            timeout: tls?.connectTimeoutMs ?? connectTimeoutMs,
            ...(guarded ? { lookup: safeLookup } : {}),
            ...(secure ? { secureContext: secureContextOf(tls), rejectUnauthorized: !tls.skipVerify } : {}),
        };
        const settings = {
            connections: maxConnectionsPerHost,
            pipelining: 1,
            allowH2: false,
            keepAliveTimeout: KEEP_ALIVE_MS,
            headersTimeout: headersTimeoutMs,
            bodyTimeout: bodyTimeoutMs,
        };
        const proxy = proxyFor(url, env);
        if (proxy === undefined)
            return new undici/* Pool */.bC(url.origin, { ...settings, connect });
        return new undici/* ProxyAgent */.kT({ ...settings, uri: proxy.href, requestTls: connect });
    }
}
class HttpResponse {
    url;
    status;
    #method;
    #answer;
    #count;
    #signal;
    constructor(method, url, answer, count, signal) {
        this.#method = method;
        this.url = url;
        this.status = answer.statusCode;
        this.#answer = answer;
        this.#count = count;
        this.#signal = signal;
        answer.body.on('error', () => { });
    }
    header(name) {
        const value = this.#answer.headers[name];
        return Array.isArray(value) ? value.join(', ') : value;
    }
    async *body() {
        try {
            for await (const piece of this.#answer.body) {
                this.#count(piece.length);
                yield piece;
            }
            await connectionIsFree();
        }
        catch (error) {
            this.#signal?.throwIfAborted();
            throw connectionError(this.#method, this.url, error);
        }
    }
    async read(limit) {
        const pieces = [];
        let size = 0;
        for await (const piece of this.body()) {
            size += piece.length;
            if (size > limit)
                throw protocolError(this.#method, this.url, `the answer is longer than ${limit} bytes`);
            pieces.push(piece);
        }
        return Buffer.concat(pieces);
    }
    async readUpTo(limit) {
        const pieces = [];
        let size = 0;
        try {
            for await (const piece of this.body()) {
                pieces.push(piece);
                size += piece.length;
                if (size >= limit)
                    break;
            }
        }
        catch {
        }
        return Buffer.concat(pieces).subarray(0, limit);
    }
    async discard() {
        await this.#answer.body.dump({ limit: 64 << 10 }).catch(() => { });
        await connectionIsFree();
    }
    close() {
        this.#answer.body.destroy();
    }
}
function sendableBody(body) {
    if (body === undefined || typeof body === 'string' || body instanceof Uint8Array)
        return body ?? null;
    const stream = external_node_stream_.Readable.from(body, { objectMode: false });
    stream.on('error', () => { });
    return stream;
}
function connectionIsFree() {
    return (0,external_node_timers_promises_.setImmediate)();
}

;// CONCATENATED MODULE: ./src/registry/client.js
















const MAX_FETCHED_BLOB_BYTES = 64 << 20;
const MAX_INDEX_DEPTH = 3;
class RegistryClient {
    #log;
    #credentials;
    #hostList;
    #retry;
    #transport;
    #endpoints = new Map();
    #retries = 0;
    constructor(options = {}) {
        this.#log = options.log ?? log/* silentLogger */.qq;
        this.#credentials = options.credentials ?? new DockerConfigCredentials(options.dockerConfigPath);
        const { certsDirs = [], mirrors = {}, plainHttpHosts = [] } = options;
        this.#hostList = { certsDirs, mirrors, plainHttpHosts };
        this.#retry = { ...DEFAULT_RETRY, ...options.retry };
        this.#transport = new Transport(options.transport);
    }
    async fetchManifest(reference, options = {}, signal) {
        const wanted = options.digest ?? (0,oci_reference/* manifestReference */.Tn)(reference);
        const expected = (0,oci_digest/* isDigest */.Bc)(wanted) ? wanted : undefined;
        const request = { ...requestFor(reference, `manifests/${wanted}`), headers: { accept: media_types/* MANIFEST_TYPES */._P.join(', ') } };
        const capability = expected === undefined ? 'resolve' : 'pull';
        return this.#retrying(async () => {
            const endpoints = await this.#endpointsOf(reference.registry, capability);
            const ask = (endpoint) => readManifest(endpoint, request, expected, signal);
            return tryHosts(endpoints, undefined, ask, this.#log);
        }, signal);
    }
    async resolveImage(reference, platform, signal) {
        let fetched = await this.fetchManifest(reference, {}, signal);
        let index;
        for (let depth = 0; fetched.manifest.kind === 'index'; depth++) {
            if (depth === MAX_INDEX_DEPTH) {
                throw new errors/* FormatError */.IF(`${(0,oci_reference/* formatReference */.FH)(reference)}: more than ${MAX_INDEX_DEPTH} indexes in each other`);
            }
            index ??= fetched.descriptor;
            const { digest } = (0,oci_platform/* selectManifest */.yY)(fetched.manifest, platform);
            fetched = await this.fetchManifest(reference, { digest }, signal);
        }
        const { bytes, descriptor, manifest } = fetched;
        return { index, descriptor, bytes, manifest };
    }
    async fetchBlob(reference, descriptor, signal) {
        if (descriptor.size > MAX_FETCHED_BLOB_BYTES) {
            throw new errors/* FormatError */.IF(`${descriptor.digest}: ${descriptor.size} bytes are too many to hold in memory`);
        }
        const bytes = await this.openBlob(reference, descriptor.digest, descriptor.size).readRange(0, descriptor.size, signal);
        requireDigest(descriptor.digest, (0,oci_digest/* digestOf */.ol)(bytes));
        return bytes;
    }
    async *streamBlob(reference, descriptor, options = {}, signal) {
        const { digest, size } = descriptor;
        const { offset = 0 } = options;
        const hash = (0,external_node_crypto_.createHash)('sha256');
        let held;
        for await (const piece of this.openBlob(reference, digest, size).streamRange(offset, size, signal)) {
            hash.update(piece);
            if (held !== undefined)
                yield held;
            held = piece;
        }
        if (offset === 0)
            requireDigest(digest, `sha256:${hash.digest('hex')}`);
        if (held !== undefined)
            yield held;
    }
    openBlob(reference, digest, size) {
        return new RegistryBlob({
            repository: reference.repository,
            digest,
            size,
            endpoints: () => this.#endpointsOf(reference.registry, 'pull'),
            retry: this.#retry,
            onRetry: (error) => this.#onRetry(error),
            log: this.#log,
        });
    }
    pusher(reference) {
        return new RegistryPusher({
            reference,
            endpoints: () => this.#endpointsOf(reference.registry, 'push'),
            retry: this.#retry,
            onRetry: (error) => this.#onRetry(error),
            log: this.#log,
        });
    }
    stats() {
        return { ...this.#transport.stats(), retries: this.#retries };
    }
    async close() {
        await this.#transport.close();
    }
    async [Symbol.asyncDispose]() {
        await this.close();
    }
    async #endpointsOf(registry, capability) {
        const hosts = await listHosts(registry, this.#hostList);
        return hosts.filter((host) => host.capabilities.has(capability)).map((host) => this.#endpoint(host));
    }
    #endpoint(host) {
        const { base, credentialsOf, headers, namespace, tls } = host;
        const key = JSON.stringify([base.href, credentialsOf, headers, namespace, tls?.id]);
        let endpoint = this.#endpoints.get(key);
        if (endpoint === undefined) {
            const [transport, credentials, retry, log] = [this.#transport, this.#credentials, this.#retry, this.#log];
            endpoint = new Endpoint({ host, transport, credentials, retry, log });
            this.#endpoints.set(key, endpoint);
        }
        return endpoint;
    }
    #retrying(attempt, signal) {
        return retrying(this.#retry, (error) => this.#onRetry(error), attempt, signal);
    }
    #onRetry(error) {
        this.#retries += 1;
        this.#log.debug('registry request is tried again', { error });
    }
}
function requestFor(reference, path) {
    const { repository } = reference;
    return { method: 'GET', path: `${repository}/${path}`, scope: `repository:${repository}:pull` };
}
async function readManifest(endpoint, request, expected, signal) {
    const { response } = await endpoint.request(request, signal);
    const bytes = await response.read(oci_manifest/* MAX_MANIFEST_BYTES */.ZJ);
    const digest = (0,oci_digest/* digestOf */.ol)(bytes);
    const claimed = expected ?? response.header('docker-content-digest');
    if (claimed !== undefined && (0,oci_digest/* isDigest */.Bc)(claimed))
        requireDigest(claimed, digest);
    const manifest = (0,oci_manifest/* parseManifest */.Ng)(bytes, response.header('content-type'));
    return { descriptor: { mediaType: manifest.mediaType, digest, size: bytes.length }, bytes, manifest };
}
function requireDigest(expected, actual) {
    if (expected !== actual)
        throw new errors/* VerificationError */.mk('content from the registry', expected, actual);
}


/***/ }),

/***/ 93484:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   _: () => (/* binding */ registryOptions)
/* harmony export */ });
function registryOptions(registry, userAgent) {
    const { dockerConfigPath, certsDir, mirrors, plainHttpHosts } = registry;
    const { maxConnectionsPerHost, connectTimeoutMs, idleTimeoutMs, retries } = registry;
    return {
        ...(dockerConfigPath === '' ? {} : { dockerConfigPath }),
        certsDirs: certsDir === '' ? [] : [certsDir],
        mirrors,
        plainHttpHosts,
        retry: { retries },
        transport: {
            userAgent,
            maxConnectionsPerHost,
            connectTimeoutMs,
            headersTimeoutMs: idleTimeoutMs,
            bodyTimeoutMs: idleTimeoutMs,
        },
    };
}


/***/ })

};
