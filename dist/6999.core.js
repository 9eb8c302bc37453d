export const id = 6999;
export const ids = [6999];
export const modules = {

/***/ 64777:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  e: () => (/* binding */ convertItems)
});

// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/oci/reference.js
var reference = __webpack_require__(38242);
// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(31421);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: external "node:readline"
var external_node_readline_ = __webpack_require__(80481);
;// CONCATENATED MODULE: ./action/convert/child.js




const MAX_RESULT_BYTES = 64 << 20;
const LAST_LINES = 8;
const HANDED_OVER = [
    'HOME',
    'TMPDIR',
    'DOCKER_CONFIG',
    'NODE_EXTRA_CA_CERTS',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'NO_PROXY',
    'http_proxy',
    'https_proxy',
    'no_proxy',
];
function asRoot(command, way, env) {
    if (way !== 'sudo')
        return command;
    const names = HANDED_OVER.filter((name) => env[name] !== undefined);
    return ['sudo', '-n', `--preserve-env=${names.join(',')}`, '--', ...command];
}
function childEnvironment(env) {
    const { DOCKER_CONFIG, HOME } = env;
    return DOCKER_CONFIG === undefined && HOME !== undefined ? { ...env, DOCKER_CONFIG: (0,external_node_path_.join)(HOME, '.docker') } : env;
}
async function runChild(command, onLine, signal) {
    signal.throwIfAborted();
    const [program = '', ...args] = command;
    const child = (0,external_node_child_process_.spawn)(program, args, { env: childEnvironment(process.env), stdio: ['ignore', 'pipe', 'pipe'] });
    const interrupt = () => end(child, program);
    signal.addEventListener('abort', interrupt, { once: true });
    const last = [];
    (0,external_node_readline_.createInterface)({ input: child.stderr }).on('line', (line) => {
        last.push(line);
        if (last.length > LAST_LINES)
            last.shift();
        onLine(line);
    });
    try {
        const [output, status] = await Promise.all([read(child.stdout), ended(child)]);
        signal.throwIfAborted();
        if (status === 0)
            return output;
        throw new errors/* LazypullError */.qB('FAILED_PRECONDITION', failureText(last, status));
    }
    finally {
        signal.removeEventListener('abort', interrupt);
    }
}
function failureText(lines, status) {
    const at = lines.findLastIndex((line) => line.startsWith('lazypull: '));
    const said = lines
        .slice(at < 0 ? 0 : at)
        .join('\n')
        .replace(/^lazypull: /, '');
    return said === '' ? `it ended with ${status} and said nothing` : said;
}
function end(child, program) {
    if (program !== 'sudo')
        child.kill('SIGINT');
    else
        (0,external_node_child_process_.spawn)('sudo', ['-n', 'kill', '-INT', String(child.pid)], { stdio: 'ignore' }).on('error', () => { });
}
function ended(child) {
    return new Promise((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (code, name) => resolve(code ?? name ?? -1));
    });
}
async function read(stream) {
    const parts = [];
    let length = 0;
    for await (const part of stream) {
        length += part.length;
        if (length <= MAX_RESULT_BYTES)
            parts.push(part);
    }
    if (length > MAX_RESULT_BYTES)
        throw new errors/* LazypullError */.qB('FORMAT', `a result of ${length} bytes`);
    return Buffer.concat(parts).toString('utf8');
}

// EXTERNAL MODULE: ./src/oci/annotations.js
var oci_annotations = __webpack_require__(73417);
// EXTERNAL MODULE: ./action/convert/recipe.js
var convert_recipe = __webpack_require__(33229);
;// CONCATENATED MODULE: ./action/convert/fresh.js



const ABSENT = new Set([401, 403, 404]);
async function lookBefore(item, mark, client, signal) {
    const [source, copy] = await Promise.all([
        client.fetchManifest(item.source, {}, signal),
        findManifest(item.destination, client, signal),
    ]);
    const annotations = copy?.manifest.annotations ?? {};
    const { digest } = source.descriptor;
    return {
        source: digest,
        destination: copy?.descriptor.digest,
        fresh: annotations[oci_annotations/* SOURCE_DIGEST */.Rc] === digest && annotations[convert_recipe/* RECIPE_ANNOTATION */.Vq] === mark,
    };
}
async function findManifest(reference, client, signal) {
    try {
        return await client.fetchManifest(reference, {}, signal);
    }
    catch (error) {
        if (error instanceof errors/* RegistryError */.gl && ABSENT.has(error.status))
            return undefined;
        throw error;
    }
}

;// CONCATENATED MODULE: ./action/convert/convert-items.js





async function convertItems(items, workshop) {
    const outcomes = [];
    const waiting = items.entries();
    const work = async () => {
        for (const [place, item] of waiting)
            outcomes[place] = await convertItem(item, workshop);
    };
    await Promise.all(Array.from({ length: workshop.parallel }, work));
    return outcomes;
}
async function convertItem(item, workshop) {
    const { signal, onDone } = workshop;
    const startedMs = performance.now();
    const facts = {
        source: (0,reference/* formatReference */.FH)(item.source),
        destination: (0,reference/* formatReference */.FH)(item.destination),
        changed: false,
        uploadedBytes: 0,
        skippedBytes: 0,
    };
    const durationMs = () => Math.round(performance.now() - startedMs);
    try {
        const { outcome, result } = await obtain(item, workshop);
        const done = { ...facts, ...outcome, durationMs: durationMs() };
        onDone(done, result);
        return done;
    }
    catch (error) {
        signal.throwIfAborted();
        const failed = { ...facts, status: 'failed', durationMs: durationMs(), error: (0,errors/* describeError */.Uc)(error) };
        onDone(failed, undefined);
        return failed;
    }
}
async function obtain(item, workshop) {
    const { recipe, mark, force, client, signal } = workshop;
    const before = await lookBefore(item, mark, client, signal);
    if (before.fresh && before.destination !== undefined && !force) {
        return {
            outcome: { status: 'fresh', changed: false, digest: before.destination, sourceDigest: before.source },
        };
    }
    const command = [...workshop.command, ...(0,convert_recipe/* argumentsFor */.Oz)(item, recipe, mark)];
    const line = recipe.optimize ? asRoot(command, workshop.rootWay, process.env) : command;
    const result = JSON.parse(await runChild(line, (text) => workshop.onLine(item, text), signal));
    const { digest } = result.target;
    return {
        result,
        outcome: {
            status: 'converted',
            changed: digest !== before.destination,
            digest,
            sourceDigest: result.source.digest,
            uploadedBytes: result.uploadedBytes,
            skippedBytes: result.skippedBytes,
        },
    };
}


/***/ }),

/***/ 96999:
/***/ ((__webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
__webpack_require__.r(__webpack_exports__);
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(32322);
/* harmony import */ var _src_config_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(35059);
/* harmony import */ var _src_errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(16986);
/* harmony import */ var _src_oci_reference_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(38242);
/* harmony import */ var _src_registry_client_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(39204);
/* harmony import */ var _src_registry_from_config_js__WEBPACK_IMPORTED_MODULE_11__ = __webpack_require__(93484);
/* harmony import */ var _src_version_js__WEBPACK_IMPORTED_MODULE_12__ = __webpack_require__(24493);
/* harmony import */ var _host_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(18597);
/* harmony import */ var _lazypull_command_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(3962);
/* harmony import */ var _convert_items_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(64777);
/* harmony import */ var _inputs_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(69594);
/* harmony import */ var _recipe_js__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(33229);
/* harmony import */ var _report_js__WEBPACK_IMPORTED_MODULE_10__ = __webpack_require__(88497);
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













const cancelled = new AbortController();
for (const name of ['SIGINT', 'SIGTERM']) {
    process.on(name, () => cancelled.abort(new Error('the step was cancelled')));
}
try {
    const inputs = (0,_inputs_js__WEBPACK_IMPORTED_MODULE_8__/* .readConvertInputs */ .i)();
    await finish(await convertAll(inputs), inputs);
}
catch (error) {
    (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .setFailed */ .C1)((0,_src_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .describeError */ .Uc)(error));
}
async function convertAll(inputs) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { items, recipe, force, parallel, failOnError } = inputs;
        const mark = await (0,_recipe_js__WEBPACK_IMPORTED_MODULE_9__/* .markOf */ .Fg)(recipe);
        const client = __addDisposableResource(env_1, new _src_registry_client_js__WEBPACK_IMPORTED_MODULE_4__/* .RegistryClient */ .b((0,_src_registry_from_config_js__WEBPACK_IMPORTED_MODULE_11__/* .registryOptions */ ._)((0,_src_config_js__WEBPACK_IMPORTED_MODULE_1__/* .loadConfig */ .Z9)().config.registry, `lazypull/${_src_version_js__WEBPACK_IMPORTED_MODULE_12__/* .version */ .r}`)), true);
        return await (0,_convert_items_js__WEBPACK_IMPORTED_MODULE_7__/* .convertItems */ .e)(items, {
            recipe,
            mark,
            force,
            parallel,
            command: (0,_lazypull_command_js__WEBPACK_IMPORTED_MODULE_6__/* .lazypullCommand */ .j)(),
            rootWay: recipe.optimize ? await (0,_host_js__WEBPACK_IMPORTED_MODULE_5__/* .findRootWay */ .Xf)() : 'none',
            client,
            onLine: (item, line) => (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .info */ .pq)((0,_report_js__WEBPACK_IMPORTED_MODULE_10__/* .shownLine */ .QN)((0,_src_oci_reference_js__WEBPACK_IMPORTED_MODULE_3__/* .familiarReference */ .ZD)(item.source), line)),
            onDone: (outcome, result) => tell(outcome, result, failOnError),
            signal: cancelled.signal,
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
function tell(outcome, result, isError) {
    (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .startGroup */ .Oh)((0,_report_js__WEBPACK_IMPORTED_MODULE_10__/* .outcomeTitle */ .lD)(outcome));
    for (const line of (0,_report_js__WEBPACK_IMPORTED_MODULE_10__/* .outcomeLines */ .qx)(outcome, result))
        (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .info */ .pq)(line);
    (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .endGroup */ .N4)();
    if (outcome.error === undefined)
        return;
    (isError ? _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .error */ .z3 : _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .warning */ .$e)(outcome.error, { title: `${outcome.source} was not converted` });
}
async function finish(outcomes, inputs) {
    (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .setOutput */ .uH)('images', JSON.stringify(outcomes));
    (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .setOutput */ .uH)('changed', String(outcomes.some(({ changed }) => changed)));
    (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .info */ .pq)((0,_report_js__WEBPACK_IMPORTED_MODULE_10__/* .countText */ .lT)(outcomes));
    if (inputs.summary)
        await _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .summary */ .z.addRaw((0,_report_js__WEBPACK_IMPORTED_MODULE_10__/* .summaryText */ .g5)(outcomes), true).write();
    const failed = outcomes.filter(({ status }) => status === 'failed');
    if (failed.length > 0 && inputs.failOnError) {
        (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .setFailed */ .C1)(`${failed.length} of ${outcomes.length} images: ${failed.map(({ source }) => source).join(', ')}`);
    }
}

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 69594:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   i: () => (/* binding */ readConvertInputs)
/* harmony export */ });
/* unused harmony export parseCommand */
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(32322);
/* harmony import */ var _src_errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);
/* harmony import */ var _src_oci_platform_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(46580);
/* harmony import */ var _inputs_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(7530);
/* harmony import */ var _items_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(44015);





const FORMATS = ['estargz', 'zstd:chunked', 'zstd:chunked-containers'];
const MAX_PARALLEL = 16;
function readConvertInputs() {
    const recipe = readRecipe();
    if (!recipe.optimize && recipe.command !== undefined) {
        throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .UserError */ .yo("input 'command': nothing is run without optimize", "Add 'optimize: true', or leave it out.");
    }
    return {
        items: (0,_items_js__WEBPACK_IMPORTED_MODULE_4__/* .planItems */ .k)((0,_inputs_js__WEBPACK_IMPORTED_MODULE_3__/* .listInput */ .dt)('images'), { to: (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .getInput */ .V4)('to'), suffix: (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .getInput */ .V4)('suffix') }),
        recipe,
        force: (0,_inputs_js__WEBPACK_IMPORTED_MODULE_3__/* .booleanInput */ .tE)('force'),
        parallel: readParallel(),
        summary: (0,_inputs_js__WEBPACK_IMPORTED_MODULE_3__/* .booleanInput */ .tE)('summary'),
        failOnError: (0,_inputs_js__WEBPACK_IMPORTED_MODULE_3__/* .booleanInput */ .tE)('fail-on-error'),
    };
}
function readRecipe() {
    return {
        format: (0,_inputs_js__WEBPACK_IMPORTED_MODULE_3__/* .oneOf */ .yL)('format', FORMATS),
        platforms: (0,_inputs_js__WEBPACK_IMPORTED_MODULE_3__/* .listInput */ .dt)('platforms').map(readPlatform),
        optimize: (0,_inputs_js__WEBPACK_IMPORTED_MODULE_3__/* .booleanInput */ .tE)('optimize'),
        command: parseCommand((0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .getInput */ .V4)('command')),
        period: (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .getInput */ .V4)('period'),
        profiles: (0,_inputs_js__WEBPACK_IMPORTED_MODULE_3__/* .listInput */ .dt)('profile'),
    };
}
function parseCommand(text) {
    if (text === '')
        return undefined;
    const fix = 'Write words, or a JSON list of them: ["sh","-c","true && true"].';
    if (text.startsWith('[')) {
        const words = parseList(text);
        if (words !== undefined)
            return words;
        throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .UserError */ .yo(`input 'command': not a JSON list of words: ${text}`, fix);
    }
    if (/["'`\\$|&;<>]/.test(text))
        throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .UserError */ .yo(`input 'command': a shell is needed for: ${text}`, fix);
    return text.split(/\s+/);
}
function parseList(text) {
    try {
        const value = JSON.parse(text);
        const isList = Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string');
        return isList ? value : undefined;
    }
    catch {
        return undefined;
    }
}
function readPlatform(text) {
    try {
        return (0,_src_oci_platform_js__WEBPACK_IMPORTED_MODULE_2__/* .formatPlatform */ .Bq)((0,_src_oci_platform_js__WEBPACK_IMPORTED_MODULE_2__/* .parsePlatform */ .Y8)(text));
    }
    catch (error) {
        if (!(error instanceof _src_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF))
            throw error;
        throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .UserError */ .yo(`input 'platforms': ${error.message}`, 'A platform is written like linux/arm64.');
    }
}
function readParallel() {
    const text = (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .getInput */ .V4)('parallel');
    const count = Number(text);
    if (/^\d+$/.test(text) && count >= 1 && count <= MAX_PARALLEL)
        return count;
    throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .UserError */ .yo(`input 'parallel': got '${text}'`, `It takes a number from 1 to ${MAX_PARALLEL}.`);
}


/***/ }),

/***/ 44015:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   k: () => (/* binding */ planItems)
/* harmony export */ });
/* harmony import */ var _src_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _src_oci_reference_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(38242);


function planItems(texts, rule) {
    if (texts.length === 0) {
        throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo("input 'images' is empty", 'List images, e.g. python:3.12, one a line.');
    }
    const items = texts.map((text) => planItem(text, rule));
    const sources = new Map();
    for (const { source, destination } of items) {
        const [from, to] = [(0,_src_oci_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .formatReference */ .FH)(source), (0,_src_oci_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .formatReference */ .FH)(destination)];
        const other = sources.get(to);
        if (from === to)
            throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`input 'images': ${from} would be written over itself`, 'Give a suffix.');
        if (other !== undefined) {
            throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`input 'images': ${other} and ${from} both become ${to}`, 'Write SRC -> DST for one of them.');
        }
        sources.set(to, from);
    }
    return items;
}
function planItem(text, rule) {
    const [from = '', to, ...more] = text.split('->').map((part) => part.trim());
    if (more.length > 0)
        throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`input 'images': got '${text}'`, 'Write SRC -> DST.');
    const source = withTag(referenceIn(from));
    if (to === undefined)
        return { source, destination: byRule(source, rule) };
    const destination = withTag(referenceIn(to));
    if (destination.digest === undefined)
        return { source, destination };
    throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`input 'images': ${to} has a digest`, 'A copy has a digest of its own: name it by a tag.');
}
function byRule(source, { to, suffix }) {
    const text = (0,_src_oci_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .formatReference */ .FH)(source);
    if (to === '') {
        throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`input 'images': ${text} has no destination`, "Write SRC -> DST, or give the input 'to'.");
    }
    if (source.tag === undefined) {
        throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`input 'images': ${text} has no tag to name the copy by`, 'Write SRC -> DST.');
    }
    const isOfficial = source.registry === 'docker.io' && source.repository.startsWith('library/');
    const name = isOfficial ? source.repository.slice('library/'.length) : source.repository;
    return referenceIn(`${to.toLowerCase().replace(/\/+$/, '')}/${name}:${source.tag}${suffix}`);
}
function referenceIn(text) {
    try {
        return (0,_src_oci_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .parseReference */ .F2)(text);
    }
    catch (error) {
        if (!(error instanceof _src_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF))
            throw error;
        throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`input 'images': ${error.message}`, 'Write REGISTRY/NAME:TAG.', { cause: error });
    }
}
function withTag(reference) {
    const isNamed = reference.tag !== undefined || reference.digest !== undefined;
    return isNamed ? reference : { ...reference, tag: 'latest' };
}


/***/ }),

/***/ 33229:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Fg: () => (/* binding */ markOf),
/* harmony export */   Oz: () => (/* binding */ argumentsFor),
/* harmony export */   Vq: () => (/* binding */ RECIPE_ANNOTATION)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(51455);
/* harmony import */ var _src_errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);
/* harmony import */ var _src_oci_digest_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(62635);
/* harmony import */ var _src_oci_reference_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(38242);




const RECIPE_ANNOTATION = 'dev.lazypull.recipe';
const REVISION = 1;
async function markOf(recipe) {
    const { format, platforms, optimize, command = [], period } = recipe;
    const profiles = await Promise.all(recipe.profiles.map(async (path) => (0,_src_oci_digest_js__WEBPACK_IMPORTED_MODULE_2__/* .digestOf */ .ol)(await readRecording(path))));
    const run = optimize ? [command, period] : [];
    const facts = [REVISION, format, platforms.toSorted(), optimize, run, profiles.toSorted()];
    return (0,_src_oci_digest_js__WEBPACK_IMPORTED_MODULE_2__/* .digestOf */ .ol)(Buffer.from(JSON.stringify(facts)));
}
async function readRecording(path) {
    try {
        return await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)(path);
    }
    catch (cause) {
        throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .UserError */ .yo(`input 'profile': can't read ${path}: ${(0,_src_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .describeError */ .Uc)(cause)}`, 'Paths are relative to the workspace: is there an actions/checkout before this step?', { cause });
    }
}
function argumentsFor({ source, destination }, recipe, mark) {
    const { format, platforms, optimize, command, period, profiles } = recipe;
    const flags = ['--json', '--format', format, '--annotation', `${RECIPE_ANNOTATION}=${mark}`];
    for (const platform of platforms)
        flags.push('--platform', platform);
    const images = [(0,_src_oci_reference_js__WEBPACK_IMPORTED_MODULE_3__/* .formatReference */ .FH)(source), (0,_src_oci_reference_js__WEBPACK_IMPORTED_MODULE_3__/* .formatReference */ .FH)(destination)];
    if (!optimize)
        return ['convert', ...flags, ...profiles.flatMap((path) => ['--profile', path]), ...images];
    const recordings = profiles.flatMap((path) => ['--record-in', path]);
    const words = command === undefined ? [] : ['--', ...command];
    return ['optimize', ...flags, '--period', period, ...recordings, ...images, ...words];
}


/***/ }),

/***/ 88497:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   QN: () => (/* binding */ shownLine),
/* harmony export */   g5: () => (/* binding */ summaryText),
/* harmony export */   lD: () => (/* binding */ outcomeTitle),
/* harmony export */   lT: () => (/* binding */ countText),
/* harmony export */   qx: () => (/* binding */ outcomeLines)
/* harmony export */ });
/* harmony import */ var _src_cli_convert_reporter_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(99677);
/* harmony import */ var _src_cli_format_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(97093);
/* harmony import */ var _summary_cells_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(68009);



function shownLine(name, line) {
    return `${name}: ${(0,_src_cli_format_js__WEBPACK_IMPORTED_MODULE_0__/* .printable */ .g$)(line).replaceAll('##[', '## [')}`;
}
function outcomeTitle({ source, destination, status }) {
    return `${source} -> ${destination}: ${status}`;
}
function outcomeLines(outcome, result) {
    if (outcome.error !== undefined)
        return outcome.error.split('\n').map((line) => shownLine('error', line));
    if (result === undefined)
        return [`${outcome.destination}: ${outcome.digest}, made from ${outcome.sourceDigest}`];
    const layers = [...new Map(result.manifests.flatMap((one) => one.layers).map((one) => [one.digest, one])).values()];
    return [...layers.map((layer, index) => (0,_src_cli_convert_reporter_js__WEBPACK_IMPORTED_MODULE_1__/* .layerLine */ .OQ)(index + 1, layers.length, layer)), (0,_src_cli_convert_reporter_js__WEBPACK_IMPORTED_MODULE_1__/* .resultLine */ .ow)(result)];
}
function countText(outcomes) {
    const count = (status) => outcomes.filter((outcome) => outcome.status === status).length;
    const parts = ['converted', 'fresh', 'failed'].filter((status) => count(status) > 0);
    return `${(0,_src_cli_format_js__WEBPACK_IMPORTED_MODULE_0__/* .plural */ .LS)(outcomes.length, 'image')}: ${parts.map((status) => `${count(status)} ${status}`).join(', ')}`;
}
function summaryText(outcomes) {
    const rows = outcomes.map((outcome) => [
        (0,_summary_cells_js__WEBPACK_IMPORTED_MODULE_2__/* .codeCell */ .MZ)(outcome.source),
        (0,_summary_cells_js__WEBPACK_IMPORTED_MODULE_2__/* .codeCell */ .MZ)(outcome.destination),
        statusCell(outcome),
        digestCell(outcome),
        (0,_src_cli_format_js__WEBPACK_IMPORTED_MODULE_0__/* .formatBytes */ .z3)(outcome.uploadedBytes),
        (0,_src_cli_format_js__WEBPACK_IMPORTED_MODULE_0__/* .formatSeconds */ .Xo)(outcome.durationMs / 1000),
    ]);
    return ['### Lazily pullable images', '', countText(outcomes), '', ...(0,_summary_cells_js__WEBPACK_IMPORTED_MODULE_2__/* .markdownTable */ .Qj)(COLUMNS, rows), ''].join('\n');
}
const COLUMNS = [
    { title: 'Source' },
    { title: 'Destination' },
    { title: 'Result' },
    { title: 'Digest' },
    { title: 'Uploaded', isFigure: true },
    { title: 'Time', isFigure: true },
];
function statusCell({ status, changed, error }) {
    if (error !== undefined)
        return `failed: ${(0,_summary_cells_js__WEBPACK_IMPORTED_MODULE_2__/* .textCell */ .iV)(error)}`;
    return status === 'converted' && !changed ? 'converted, same image' : status;
}
function digestCell({ digest }) {
    return digest === undefined ? '' : (0,_summary_cells_js__WEBPACK_IMPORTED_MODULE_2__/* .codeCell */ .MZ)((0,_src_cli_format_js__WEBPACK_IMPORTED_MODULE_0__/* .shortDigest */ .VK)(digest));
}


/***/ }),

/***/ 18597:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  De: () => (/* binding */ createHost),
  Xf: () => (/* binding */ findRootWay),
  Vb: () => (/* binding */ nameOf)
});

// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(31421);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
;// CONCATENATED MODULE: ./action/host-files.js



function ownFiles(tryRun) {
    return {
        read: readOwn,
        write: writeOwn,
        copy: async (from, to) => requireOk(`copy ${from}`, await tryRun(['cp', '-a', '--', from, to])),
        remove: (path) => (0,promises_.rm)(path, { recursive: true, force: true }),
        exists: (path) => (0,promises_.access)(path).then(() => true, () => false),
    };
}
async function readOwn(path) {
    return await (0,promises_.readFile)(path, 'utf8').catch(orMissing);
}
async function writeOwn(path, text, mode = 0o644) {
    await (0,promises_.mkdir)((0,external_node_path_.dirname)(path), { recursive: true, mode: 0o755 });
    const target = (await (0,promises_.realpath)(path).catch(orMissing)) ?? path;
    const before = await (0,promises_.stat)(target).catch(orMissing);
    const temporary = `${target}.${process.pid}.tmp`;
    try {
        await (0,promises_.writeFile)(temporary, text, { mode: 0o600 });
        if (before !== undefined)
            await (0,promises_.chown)(temporary, before.uid, before.gid);
        await (0,promises_.chmod)(temporary, before === undefined ? mode : before.mode & 0o7777);
        await (0,promises_.rename)(temporary, target);
    }
    catch (error) {
        await (0,promises_.rm)(temporary, { force: true });
        throw error;
    }
}
const WRITE = `set -e
umask 022
mkdir -p -- "$(dirname -- "$1")"
target=$(readlink -f -- "$1")
new=$target.$$.tmp
trap 'rm -f -- "$new"' EXIT
umask 077
cat > "$new"
if [ -e "$target" ]; then chown --reference="$target" -- "$new"; chmod --reference="$target" -- "$new"; else chmod "$2" -- "$new"; fi
mv -f -- "$new" "$target"`;
const READ = `if [ -e "$1" ]; then exec cat -- "$1"; fi; exit 44`;
const MISSING = 44;
function sudoFiles(tryRun) {
    const root = true;
    return {
        read: async (path) => {
            try {
                return await readOwn(path);
            }
            catch {
            }
            const result = await tryRun(['sh', '-c', READ, 'sh', path], { root });
            if (result.status === MISSING)
                return undefined;
            requireOk(`read ${path}`, result);
            return result.stdout;
        },
        write: async (path, text, mode = 0o644) => {
            const command = ['sh', '-c', WRITE, 'sh', path, mode.toString(8)];
            requireOk(`write ${path}`, await tryRun(command, { root, input: text }));
        },
        copy: async (from, to) => requireOk(`copy ${from}`, await tryRun(['cp', '-a', '--', from, to], { root })),
        remove: async (path) => requireOk(`remove ${path}`, await tryRun(['rm', '-rf', '--', path], { root })),
        exists: async (path) => {
            const code = await (0,promises_.access)(path).then(() => undefined, (error) => error.code);
            if (code !== 'EACCES')
                return code === undefined;
            return (await tryRun(['test', '-e', path], { root })).status === 0;
        },
    };
}
function endOf(text) {
    return text.trim().split('\n').slice(-3).join('; ').slice(-600);
}
function requireOk(what, { status, stderr }) {
    if (status !== 0)
        throw new errors/* LazypullError */.qB('SYSTEM', `${what}: status ${status}: ${endOf(stderr)}`);
}
function orMissing(error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'ESRCH')
        return undefined;
    throw error;
}

;// CONCATENATED MODULE: ./action/host.js



const MAX_OUTPUT = 4 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 60_000;
function createHost(rootWay) {
    const tryRun = async (command, options = {}) => {
        if (options.root !== true || rootWay === 'root')
            return await execute(command, options);
        if (rootWay === 'none')
            throw new errors/* LazypullError */.qB('FAILED_PRECONDITION', `${command[0]}: needs root`);
        return await executeBySudo(command, options);
    };
    const run = async (command, options = {}) => {
        const { status, stdout, stderr } = await tryRun(command, options);
        if (status === 0)
            return stdout;
        throw new errors/* LazypullError */.qB('SYSTEM', `${nameOf(command)}: status ${status}: ${endOf(stderr || stdout)}`);
    };
    const files = rootWay === 'root' ? ownFiles(tryRun) : sudoFiles(tryRun);
    return { rootWay, try: tryRun, run, ...files };
}
async function findRootWay() {
    if (process.getuid?.() === 0)
        return 'root';
    const { status } = await execute(['sudo', '-n', 'true'], { timeoutMs: 10_000 });
    return status === 0 ? 'sudo' : 'none';
}
async function executeBySudo(command, options) {
    const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
    const names = Object.keys(options.env ?? {});
    const keep = names.length > 0 ? [`--preserve-env=${names.join(',')}`] : [];
    const limit = ['timeout', '--kill-after=2', (timeoutMs / 1000).toFixed(3)];
    const started = performance.now();
    const sudo = ['sudo', '-n', ...keep, '--', ...limit, ...command];
    const result = await execute(sudo, { ...options, timeoutMs: timeoutMs + 5000 });
    const late = performance.now() - started >= timeoutMs && (result.status === 124 || result.status === 137);
    return late ? { ...result, status: -1, stderr: result.stderr + tooLate(timeoutMs) } : result;
}
function execute(command, options) {
    const { input, env, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
    const [program = '', ...args] = command;
    const { promise, resolve } = Promise.withResolvers();
    const child = (0,external_node_child_process_.spawn)(program, args, { env: { ...process.env, ...env }, stdio: 'pipe', detached: true });
    const out = collect(child.stdout);
    const err = collect(child.stderr);
    const end = (status, extra = '') => {
        clearTimeout(timer);
        resolve({ status, stdout: out(), stderr: err() + extra });
    };
    const timer = setTimeout(() => {
        killGroup(child.pid);
        end(-1, tooLate(timeoutMs));
        for (const stream of [child.stdin, child.stdout, child.stderr])
            stream.destroy();
    }, timeoutMs);
    child.on('error', (error) => end(127, error.message));
    child.on('close', (code) => end(code ?? -1));
    child.stdin.on('error', () => { });
    child.stdin.end(input ?? '');
    return promise;
}
function killGroup(pid) {
    try {
        if (pid !== undefined)
            process.kill(-pid, 'SIGKILL');
    }
    catch {
    }
}
function collect(stream) {
    const parts = [];
    let length = 0;
    stream.on('data', (part) => {
        length += part.length;
        if (length <= MAX_OUTPUT)
            parts.push(part);
    });
    return () => Buffer.concat(parts).toString('utf8');
}
function nameOf(command) {
    return command.map((word) => word.split('\n', 1)[0]).join(' ');
}
function tooLate(timeoutMs) {
    return `no end after ${timeoutMs / 1000} s`;
}


/***/ }),

/***/ 7530:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ko: () => (/* binding */ readInputs),
/* harmony export */   dt: () => (/* binding */ listInput),
/* harmony export */   tE: () => (/* binding */ booleanInput),
/* harmony export */   yL: () => (/* binding */ oneOf)
/* harmony export */ });
/* unused harmony exports ENGINES, sizeInput */
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(32322);
/* harmony import */ var _src_config_values_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(21216);
/* harmony import */ var _src_errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(16986);
/* harmony import */ var _src_log_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(49179);




const ENGINES = ['docker', 'buildkit', 'containerd'];
function readInputs() {
    const config = (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .getInput */ .V4)('config');
    const configInline = (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .getInput */ .V4)('config-inline');
    if (config !== '' && configInline !== '') {
        throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .UserError */ .yo("inputs 'config' and 'config-inline' are both given", 'Keep one of them.');
    }
    return {
        engine: oneOf('engine', ['auto', ...ENGINES]),
        config,
        configInline,
        registryMirrors: parseMirrors(listInput('registry-mirrors')),
        images: listInput('images'),
        cache: booleanInput('cache'),
        cacheKey: (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .getInput */ .V4)('cache-key'),
        cacheLimitBytes: sizeInput('cache-limit'),
        matrix: (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .getInput */ .V4)('matrix'),
        prefetch: booleanInput('prefetch'),
        summary: booleanInput('summary'),
        strict: booleanInput('strict'),
        cleanup: booleanInput('cleanup'),
        logLevel: oneOf('log-level', _src_log_js__WEBPACK_IMPORTED_MODULE_3__/* .LOG_LEVELS */ .p_),
    };
}
function listInput(name) {
    return (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .getInput */ .V4)(name)
        .split('\n')
        .map((line) => line.replace(/(^|\s)#.*$/, ''))
        .flatMap((line) => line.split(','))
        .map((item) => item.trim())
        .filter((item) => item !== '');
}
function booleanInput(name) {
    const text = (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .getInput */ .V4)(name).toLowerCase();
    if (text === 'true')
        return true;
    if (text === 'false')
        return false;
    throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .UserError */ .yo(`input '${name}': got '${text}'`, "Write 'true' or 'false'.");
}
function oneOf(name, values) {
    const text = (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .getInput */ .V4)(name).toLowerCase();
    const value = values.find((known) => known === text);
    if (value !== undefined)
        return value;
    throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .UserError */ .yo(`input '${name}': got '${text}'`, `It takes ${values.join(', ')}.`);
}
function sizeInput(name) {
    try {
        return (0,_src_config_values_js__WEBPACK_IMPORTED_MODULE_1__/* .parseSize */ .DB)((0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .getInput */ .V4)(name));
    }
    catch (error) {
        if (!(error instanceof _src_config_values_js__WEBPACK_IMPORTED_MODULE_1__/* .ValueError */ .Qp))
            throw error;
        throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .UserError */ .yo(`input '${name}': ${error.message}`, 'Write a size, e.g. 256MiB.');
    }
}
function parseMirrors(items) {
    const mirrors = {};
    for (const item of items) {
        const [, host, mirror] = /^([A-Za-z0-9][A-Za-z0-9.:-]*)\s*=\s*(\S+)$/.exec(item) ?? [];
        if (host === undefined || mirror === undefined) {
            throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .UserError */ .yo(`input 'registry-mirrors': got '${item}'`, 'Write HOST=MIRROR, e.g. docker.io=mirror.gcr.io.');
        }
        (mirrors[host] ??= []).push(mirror);
    }
    return mirrors;
}


/***/ }),

/***/ 3962:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   j: () => (/* binding */ lazypullCommand)
/* harmony export */ });
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(76760);

function lazypullCommand() {
    const isSource = import.meta.filename.endsWith('.ts');
    const program = isSource
        ? (0,node_path__WEBPACK_IMPORTED_MODULE_0__.join)(import.meta.dirname, '..', 'src', 'cli', 'main.ts')
        : (0,node_path__WEBPACK_IMPORTED_MODULE_0__.join)(import.meta.dirname, 'lazypull.js');
    return [process.execPath, program];
}


/***/ }),

/***/ 68009:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   MZ: () => (/* binding */ codeCell),
/* harmony export */   Qj: () => (/* binding */ markdownTable),
/* harmony export */   cz: () => (/* binding */ detailsOf),
/* harmony export */   iV: () => (/* binding */ textCell)
/* harmony export */ });
/* harmony import */ var _src_cli_format_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(97093);

const MAX_TEXT = 300;
function textCell(text, maxLength = MAX_TEXT) {
    const line = (0,_src_cli_format_js__WEBPACK_IMPORTED_MODULE_0__/* .printable */ .g$)(text.slice(0, maxLength * 2).replaceAll(/\s*\n\s*/g, ' '));
    return cut(line, maxLength).replaceAll(/[\\`*_{}[\]<>|#~&$@]/g, (sign) => `&#${sign.codePointAt(0)};`);
}
function codeCell(text, maxLength = MAX_TEXT) {
    return /^[\w./:@+=, -]+$/.test(text) && text.length <= maxLength
        ? `\`${text}\``
        : `<code>${textCell(text, maxLength)}</code>`;
}
function markdownTable(columns, rows) {
    return [
        rowOf(columns.map(({ title }) => title)),
        `|${columns.map(({ isFigure }) => (isFigure === true ? '---:' : '---')).join('|')}|`,
        ...rows.map((row) => rowOf(row.map((cell, index) => (columns[index]?.isFigure === true ? unbroken(cell) : cell)))),
    ];
}
function detailsOf(title, lines) {
    return ['<details>', `<summary>${title}</summary>`, '', ...lines, '', '</details>', ''];
}
function unbroken(cell) {
    return cell.replaceAll(/(?<=\d) (?=(?:[kMGTP]?B|s|min|h|d|%)(?:\W|$))/g, '&nbsp;');
}
function rowOf(cells) {
    return `| ${cells.join(' | ')} |`;
}
function cut(text, maxLength) {
    if (text.length <= maxLength)
        return text;
    return `${text.slice(0, maxLength - 3).replace(/[\uD800-\uDBFF]$/, '')}...`;
}


/***/ }),

/***/ 99677:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   OQ: () => (/* binding */ layerLine),
/* harmony export */   XL: () => (/* binding */ ConvertReporter),
/* harmony export */   ow: () => (/* binding */ resultLine)
/* harmony export */ });
/* harmony import */ var _format_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(97093);
/* harmony import */ var _live_line_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(51971);


class ConvertReporter {
    #options;
    #terminal;
    #line;
    #working = new Map();
    #count = 0;
    #done = 0;
    constructor(options) {
        this.#options = options;
        this.#terminal = options.terminal ?? process.stderr;
        this.#line = new _live_line_js__WEBPACK_IMPORTED_MODULE_0__/* .LiveLine */ .D({ ...options, quiet: options.json });
    }
    progress(progress) {
        switch (progress.kind) {
            case 'planned':
                this.#count = progress.layers.length;
                break;
            case 'working':
                this.#working.set(progress.layer.digest, progress);
                this.#line.draw(() => workingText([...this.#working.values()], this.#done, this.#count));
                break;
            case 'done':
                this.#layerDone(progress.layer);
                break;
            default:
                this.#warn(`${progress.platform} stays in the order that it has: ${progress.reason}`);
        }
    }
    unmatched({ image }, patterns) {
        for (const pattern of patterns)
            this.#warn(`no file of ${image.platform} matches ${pattern}`);
    }
    finish(result) {
        this.stop();
        const { json, linesTo } = this.#options;
        for (const { platform, missed } of result.manifests) {
            if (missed.length > 0)
                this.#warn(missedText(platform, missed));
        }
        linesTo.write(json ? `${JSON.stringify(result, undefined, 2)}\n` : `${resultLine(result)}\n`);
    }
    stop() {
        this.#line.clear();
    }
    #layerDone(layer) {
        this.#working.delete(layer.source.digest);
        this.#done++;
        const { reason } = layer;
        if (reason !== undefined)
            this.#warn(`${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .shortDigest */ .VK)(layer.source.digest)} stays ordinary: ${reason}`);
        if (this.#options.json)
            return;
        this.stop();
        this.#count = Math.max(this.#count, this.#done);
        this.#options.linesTo.write(`${layerLine(this.#done, this.#count, layer)}\n`);
    }
    #warn(text) {
        this.stop();
        this.#terminal.write(`warning: ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(text)}\n`);
    }
}
function layerLine(number, count, layer) {
    const { source, state, size, front } = layer;
    const sizes = `${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatBytes */ .z3)(source.size).padStart(9)} -> ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatBytes */ .z3)(size).padStart(9)}`;
    const ordered = front === undefined || front.files === 0
        ? ''
        : `  in front ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(front.files, 'file')}, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatBytes */ .z3)(front.bytes)}`;
    return `${number}/${count} ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .shortDigest */ .VK)(source.digest)}  ${state.padEnd(9)} ${sizes}  ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatSeconds */ .Xo)(layer.durationMs / 1000)}${ordered}`;
}
function resultLine({ target, manifests, uploadedBytes, skippedBytes, durationMs }) {
    const layers = new Map(manifests.flatMap((manifest) => manifest.layers).map((layer) => [layer.digest, layer]));
    const count = (state) => [...layers.values()].filter((layer) => layer.state === state).length;
    const states = ['converted', 'reused', 'copied'].filter((state) => count(state) > 0);
    const parts = states.length === 0 ? '' : ` (${states.map((state) => `${count(state)} ${state}`).join(', ')})`;
    const there = skippedBytes === 0 ? '' : `, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatBytes */ .z3)(skippedBytes)} were there`;
    return `${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(target.name)}: ${target.digest}, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(layers.size, 'layer')}${parts}, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatBytes */ .z3)(uploadedBytes)} written${there}, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatSeconds */ .Xo)(durationMs / 1000)}`;
}
function workingText(working, done, count) {
    const steps = ['reading', 'writing', 'uploading'].flatMap((step) => {
        const bytes = working.filter((one) => one.step === step).reduce((sum, one) => sum + one.bytes, 0);
        return bytes === 0 ? [] : [`${step} ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatBytes */ .z3)(bytes)}`];
    });
    return `${done} of ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(count, 'layer')} done; ${steps.join(', ')}`;
}
function missedText(platform, missed) {
    const examples = missed.slice(0, 3).join(', ');
    return `${platform ?? 'the image'} has not ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(missed.length, 'file')} of the profile: ${examples}${missed.length > 3 ? ', ...' : ''}`;
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

/***/ 16986:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   IF: () => (/* binding */ FormatError),
/* harmony export */   Uc: () => (/* binding */ describeError),
/* harmony export */   _N: () => (/* binding */ SystemError),
/* harmony export */   gl: () => (/* binding */ RegistryError),
/* harmony export */   mk: () => (/* binding */ VerificationError),
/* harmony export */   qB: () => (/* binding */ LazypullError),
/* harmony export */   yo: () => (/* binding */ UserError)
/* harmony export */ });
class LazypullError extends Error {
    code;
    constructor(code, message, options) {
        super(message, options);
        this.name = new.target.name;
        this.code = code;
    }
}
class FormatError extends LazypullError {
    offset;
    constructor(message, options = {}) {
        super('FORMAT', message, options);
        this.offset = options.offset;
    }
}
class VerificationError extends LazypullError {
    expected;
    actual;
    constructor(what, expected, actual) {
        super('VERIFICATION', `${what}: expected ${expected}, got ${actual}`);
        this.expected = expected;
        this.actual = actual;
    }
}
class RegistryError extends LazypullError {
    method;
    url;
    status;
    diagnostics;
    retryable;
    constructor(message, facts) {
        super('REGISTRY', message, { cause: facts.cause });
        this.method = facts.method;
        this.url = facts.url;
        this.status = facts.status;
        this.diagnostics = facts.diagnostics ?? [];
        this.retryable = facts.retryable ?? false;
    }
}
class UserError extends LazypullError {
    fix;
    constructor(message, fix, options) {
        super('CONFIG', fix === undefined ? message : `${message}\n  ${fix}`, options);
        this.fix = fix;
    }
}
class SystemError extends LazypullError {
    errno;
    syscall;
    constructor(syscall, errno, detail) {
        super('SYSTEM', `${syscall}: errno ${errno}: ${detail}`);
        this.syscall = syscall;
        this.errno = errno;
    }
}
function describeError(error) {
    if (!(error instanceof Error))
        return String(error);
    const parts = [error.message];
    let cause = error.cause;
    for (let depth = 0; cause instanceof Error && depth < 4; depth++) {
        if (!parts.at(-1)?.includes(cause.message))
            parts.push(cause.message);
        cause = cause.cause;
    }
    return parts.join(': ');
}


/***/ }),

/***/ 73417:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B7: () => (/* binding */ CONTAINERS_MANIFEST_POSITION),
/* harmony export */   IG: () => (/* binding */ BASE_NAME),
/* harmony export */   Ie: () => (/* binding */ TOC_DIGEST),
/* harmony export */   Qh: () => (/* binding */ ZSTD_MANIFEST_POSITION),
/* harmony export */   Rc: () => (/* binding */ SOURCE_DIGEST),
/* harmony export */   Se: () => (/* binding */ DOCKER_REFERENCE_TYPE),
/* harmony export */   _K: () => (/* binding */ CONTAINERS_TAR_SPLIT_POSITION),
/* harmony export */   aE: () => (/* binding */ ZSTD_MANIFEST_CHECKSUM),
/* harmony export */   bT: () => (/* binding */ UNCOMPRESSED_SIZE),
/* harmony export */   bh: () => (/* binding */ LAZYPULL_TOC_CHECKSUM),
/* harmony export */   cW: () => (/* binding */ SOURCE_NAME),
/* harmony export */   gL: () => (/* binding */ DOCKER_REFERENCE_DIGEST),
/* harmony export */   kF: () => (/* binding */ TOC_LAYER_DIGEST),
/* harmony export */   rz: () => (/* binding */ BASE_DIGEST),
/* harmony export */   vy: () => (/* binding */ CONTAINERS_MANIFEST_CHECKSUM),
/* harmony export */   w5: () => (/* binding */ REF_NAME)
/* harmony export */ });
const TOC_DIGEST = 'containerd.io/snapshot/stargz/toc.digest';
const TOC_LAYER_DIGEST = 'containerd.io/snapshot/stargz/layer.digest';
const UNCOMPRESSED_SIZE = 'io.containers.estargz.uncompressed-size';
const ZSTD_MANIFEST_CHECKSUM = 'io.containers.zstd-chunked.manifest-checksum';
const ZSTD_MANIFEST_POSITION = 'io.containers.zstd-chunked.manifest-position';
const CONTAINERS_MANIFEST_CHECKSUM = 'io.github.containers.zstd-chunked.manifest-checksum';
const CONTAINERS_MANIFEST_POSITION = 'io.github.containers.zstd-chunked.manifest-position';
const CONTAINERS_TAR_SPLIT_POSITION = 'io.github.containers.zstd-chunked.tarsplit-position';
const LAZYPULL_TOC_CHECKSUM = 'containerd.io/snapshot/remote/lazypull.toc-checksum';
const DOCKER_REFERENCE_TYPE = 'vnd.docker.reference.type';
const DOCKER_REFERENCE_DIGEST = 'vnd.docker.reference.digest';
const REF_NAME = 'org.opencontainers.image.ref.name';
const BASE_DIGEST = 'org.opencontainers.image.base.digest';
const BASE_NAME = 'org.opencontainers.image.base.name';
const SOURCE_NAME = 'dev.lazypull.source.name';
const SOURCE_DIGEST = 'dev.lazypull.source.digest';


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

/***/ 46580:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bq: () => (/* binding */ formatPlatform),
/* harmony export */   FL: () => (/* binding */ normalizePlatform),
/* harmony export */   Y8: () => (/* binding */ parsePlatform),
/* harmony export */   iU: () => (/* binding */ isRunnable),
/* harmony export */   l6: () => (/* binding */ compatiblePlatforms),
/* harmony export */   ol: () => (/* binding */ hostPlatform),
/* harmony export */   yY: () => (/* binding */ selectManifest)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _annotations_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(73417);


const NODE_ARCHITECTURES = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };
const ALIASES = {
    x86_64: { architecture: 'amd64' },
    'x86-64': { architecture: 'amd64' },
    i386: { architecture: '386' },
    aarch64: { architecture: 'arm64' },
    armhf: { architecture: 'arm', variant: 'v7' },
    armel: { architecture: 'arm', variant: 'v6' },
};
function hostPlatform() {
    const architecture = NODE_ARCHITECTURES[process.arch] ?? process.arch;
    const variables = process.config.variables;
    const arm = Number(variables['arm_version'] ?? 7);
    return normalizePlatform({
        os: process.platform,
        architecture,
        ...(architecture === 'arm' && { variant: `v${arm}` }),
    });
}
function parsePlatform(text) {
    const parts = text.split('/');
    if (parts.length > 3 || !parts.every((part) => /^[A-Za-z0-9_.-]+$/.test(part))) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`not a platform like linux/arm64 or linux/arm/v7: ${JSON.stringify(text.slice(0, 100))}`);
    }
    const [os = '', architecture = '', variant] = parts.length === 1 ? ['linux', ...parts] : parts;
    return normalizePlatform({ os, architecture, ...(variant === undefined ? {} : { variant }) });
}
function formatPlatform({ os, architecture, variant }) {
    return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}
function normalizePlatform(platform) {
    const alias = ALIASES[platform.architecture.toLowerCase()];
    const architecture = alias?.architecture ?? platform.architecture.toLowerCase();
    const os = platform.os.toLowerCase() === 'macos' ? 'darwin' : platform.os.toLowerCase();
    const given = (platform.variant ?? alias?.variant)?.toLowerCase().replace(/^(?=\d)/, 'v');
    const variant = normalVariant(architecture, given === '' ? undefined : given);
    return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}
function normalVariant(architecture, variant) {
    if (architecture === 'arm')
        return variant ?? 'v7';
    if (architecture === 'arm64' && variant === 'v8')
        return undefined;
    if (architecture === 'amd64' && variant === 'v1')
        return undefined;
    return variant;
}
function compatiblePlatforms(platform) {
    const { os, architecture, variant } = normalizePlatform(platform);
    const older = (name, newest, oldest) => Array.from({ length: Math.max(0, newest - oldest + 1) }, (_, index) => normalizePlatform({ os, architecture: name, variant: `v${newest - index}` }));
    const level = Number(/^v(\d{1,2})$/.exec(variant ?? '')?.[1] ?? NaN);
    const exact = { os, architecture, ...(variant === undefined ? {} : { variant }) };
    if (architecture === 'arm' && level > 4)
        return older('arm', level, 5);
    if (architecture === 'arm64')
        return [exact, ...(variant === undefined ? [] : older('arm64', 8, 8)), ...older('arm', 8, 5)];
    if (architecture === 'amd64')
        return [...older('amd64', variant === undefined ? 1 : level, 1), { os, architecture: '386' }];
    return [exact];
}
function isRunnable(entry) {
    if (entry.annotations?.[_annotations_js__WEBPACK_IMPORTED_MODULE_1__/* .DOCKER_REFERENCE_TYPE */ .Se] !== undefined)
        return false;
    return entry.platform?.os !== 'unknown' && entry.platform?.architecture !== 'unknown';
}
function selectManifest(index, platform) {
    const entries = index.manifests.filter(isRunnable);
    for (const wanted of compatiblePlatforms(platform).map(formatPlatform)) {
        const found = entries.find((entry) => entry.platform !== undefined && formatPlatform(normalizePlatform(entry.platform)) === wanted);
        if (found !== undefined)
            return found;
    }
    const unnamed = entries.filter((entry) => entry.platform === undefined);
    if (unnamed.length === 1 && unnamed[0] !== undefined)
        return unnamed[0];
    const there = entries.map((entry) => (entry.platform === undefined ? '?' : formatPlatform(entry.platform)));
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB('NOT_FOUND', `no image for ${formatPlatform(platform)}; there is ${there.slice(0, 30).join(', ') || 'none at all'}`);
}


/***/ }),

/***/ 38242:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F2: () => (/* binding */ parseReference),
/* harmony export */   FH: () => (/* binding */ formatReference),
/* harmony export */   Tn: () => (/* binding */ manifestReference),
/* harmony export */   ZD: () => (/* binding */ familiarReference)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _digest_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(62635);


const DOCKER_HUB = 'docker.io';
const DEFAULT_TAG = 'latest';
const MAX_NAME_LENGTH = 255;
const LABEL = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const REGISTRY = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]{1,5})?$`);
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const BARE_HEX = /^[0-9a-f]{64}$/;
function parseReference(text) {
    const fail = (why) => new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`not an image reference: ${JSON.stringify(text.slice(0, 300))}: ${why}`);
    const at = text.indexOf('@');
    const digest = at === -1 ? undefined : text.slice(at + 1);
    if (digest !== undefined && !(0,_digest_js__WEBPACK_IMPORTED_MODULE_1__/* .isDigest */ .Bc)(digest))
        throw fail('the digest is not a sha256 digest');
    const beforeDigest = at === -1 ? text : text.slice(0, at);
    const colon = beforeDigest.lastIndexOf(':');
    const hasTag = colon > beforeDigest.lastIndexOf('/');
    const tag = hasTag ? beforeDigest.slice(colon + 1) : undefined;
    if (tag !== undefined && !TAG.test(tag))
        throw fail('the tag is not valid');
    const { registry, repository } = splitName(hasTag ? beforeDigest.slice(0, colon) : beforeDigest);
    if (!REGISTRY.test(registry))
        throw fail('the registry is not valid');
    if (!repository.split('/').every((component) => COMPONENT.test(component))) {
        throw fail('the repository must be lower-case letters and digits, separated by . _ - or /');
    }
    if (registry.length + 1 + repository.length > MAX_NAME_LENGTH)
        throw fail('it is too long');
    if (BARE_HEX.test(beforeDigest))
        throw fail('64 hexadecimal digits are an image ID');
    return {
        registry,
        repository,
        ...(tag === undefined ? {} : { tag }),
        ...(digest === undefined ? {} : { digest }),
    };
}
function formatReference(reference) {
    return `${reference.registry}/${reference.repository}${suffixOf(reference)}`;
}
function familiarReference(reference) {
    const { registry, repository } = reference;
    if (registry !== DOCKER_HUB)
        return formatReference(reference);
    const [, official] = /^library\/([^/]+)$/.exec(repository) ?? [];
    const [first = '', ...rest] = repository.split('/');
    const name = official ?? (rest.length > 0 && isRegistry(first) ? `${registry}/${repository}` : repository);
    return `${name}${suffixOf(reference)}`;
}
function manifestReference(reference) {
    return reference.digest ?? reference.tag ?? DEFAULT_TAG;
}
function suffixOf({ tag, digest }) {
    return `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}
function splitName(name) {
    const slash = name.indexOf('/');
    const first = slash === -1 ? '' : name.slice(0, slash);
    if (!isRegistry(first))
        return hubName(name);
    const repository = name.slice(slash + 1);
    return first === DOCKER_HUB || first === 'index.docker.io' ? hubName(repository) : { registry: first, repository };
}
function hubName(repository) {
    return { registry: DOCKER_HUB, repository: repository.includes('/') ? repository : `library/${repository}` };
}
function isRegistry(first) {
    return /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
}


/***/ }),

/***/ 24493:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   r: () => (/* binding */ version)
/* harmony export */ });
const version = '0.1.0';


/***/ })

};
