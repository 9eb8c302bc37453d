export const id = 7967;
export const ids = [7967];
export const modules = {

/***/ 72698:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  du: () => (/* binding */ downloadCache),
  Lj: () => (/* binding */ loadCache),
  Io: () => (/* binding */ saveCache)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./src/cli/format.js
var format = __webpack_require__(97093);
// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(31421);
// EXTERNAL MODULE: external "node:events"
var external_node_events_ = __webpack_require__(78474);
// EXTERNAL MODULE: external "node:readline"
var external_node_readline_ = __webpack_require__(80481);
// EXTERNAL MODULE: external "node:stream/consumers"
var consumers_ = __webpack_require__(38321);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
;// CONCATENATED MODULE: ./action/cache/client-words.js

function parseSpoken(line) {
    const [, kind, data] = /^::([a-z-]+)[^:]*::(.*)$/.exec(line) ?? [];
    return kind === undefined ? { kind: 'line', text: line } : { kind, text: decode(data ?? '') };
}
function isComplaint({ kind, text }) {
    if (kind === 'warning' || kind === 'error')
        return true;
    return (kind === 'debug' && text.startsWith('Failed to reserve cache: ')) || /^Attempt \d+ of \d+ failed/.test(text);
}
function shownText(text, secrets) {
    const clear = secrets.reduce((all, secret) => all.replaceAll(secret, '***'), text);
    const [line = ''] = clear.trim().split('\n');
    return (0,format/* printable */.g$)(line).replaceAll('##[', '## [').slice(0, 400);
}
function judge(task, answer, stopped, complaints) {
    if (answer?.key !== undefined)
        return { verdict: 'done', key: answer.key, why: '' };
    const not = (verdict, why) => ({ verdict, key: '', why });
    if (answer?.unavailable === true)
        return not('unavailable', 'this runner has no cache service');
    const all = [...complaints, ...(answer?.error === undefined ? [] : [answer.error])];
    const said = reasonOf(all);
    if (stopped !== undefined)
        return not('failed', said === '' ? stopped : `${stopped}: ${said}`);
    if (all.some((text) => /cache (read|write) denied/.test(text)))
        return not('denied', `this run may not ${task} caches: ${said}`);
    if (all.some((text) => /storage quota|insufficient usage/i.test(text)))
        return not('full', said);
    if (all.some((text) => /\(409\)/.test(text)))
        return not('taken', 'another job of this run has saved the same');
    if (all.length > 0)
        return not('failed', said);
    return answer === undefined || task === 'save'
        ? not('failed', 'the cache client ended and gave no reason')
        : not('none', 'there is no cache of this job yet');
}
function reasonOf(complaints) {
    const final = complaints.find((text) => !text.startsWith('Attempt '));
    const text = final ?? complaints.at(-1) ?? '';
    return text
        .replace(/^(?:Error: |Failed to [\w ]+: |Unable to reserve cache with key \S+ More details: )+/, '')
        .replace(/[.\s]+$/, '');
}
function decode(data) {
    return data.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%').trim();
}

// EXTERNAL MODULE: external "node:timers/promises"
var external_node_timers_promises_ = __webpack_require__(58500);
// EXTERNAL MODULE: ./src/layer/hot-pack.js
var hot_pack = __webpack_require__(4140);
;// CONCATENATED MODULE: ./action/cache/folder.js




const MAX_FILES = 2000;
async function checkFolder(folder, limitBytes) {
    const own = await (0,promises_.lstat)(folder);
    if (!own.isDirectory())
        throw new errors/* LazypullError */.qB('FAILED_PRECONDITION', `${folder}: got something else than a folder`);
    await (0,promises_.chmod)(folder, 0o700);
    const names = (await (0,promises_.readdir)(folder)).toSorted();
    if (names.length > MAX_FILES)
        throw new errors/* LazypullError */.qB('FAILED_PRECONDITION', `${folder}: got ${names.length} files, wanted at most ${MAX_FILES}`);
    const files = [];
    const refused = [];
    let bytes = 0;
    for (const file of names) {
        const { reason, size } = await look((0,external_node_path_.join)(folder, file), file);
        const why = reason ?? (bytes + size > limitBytes ? `over the limit of ${limitBytes} bytes` : undefined);
        if (why === undefined) {
            bytes += size;
            files.push(file);
        }
        else {
            await (0,promises_.rm)((0,external_node_path_.join)(folder, file), { recursive: true, force: true });
            refused.push({ file, reason: why });
        }
    }
    return { files, bytes, refused };
}
async function look(path, file) {
    try {
        const stat = await (0,promises_.lstat)(path);
        if ((0,hot_pack/* packDigest */.Ep)(file) === undefined)
            return { reason: 'not the name of a hot pack', size: 0 };
        if (!stat.isFile())
            return { reason: 'not a plain file', size: 0 };
        if (stat.nlink !== 1)
            return { reason: 'a hard link', size: 0 };
        if (stat.uid !== process.geteuid?.())
            return { reason: 'a file of another user', size: 0 };
        return { size: stat.size };
    }
    catch (error) {
        return { reason: (0,errors/* describeError */.Uc)(error), size: 0 };
    }
}

;// CONCATENATED MODULE: ./action/cache/watch.js





const LOOK_MS = 100;
async function watchFolders(folders, limits, signal) {
    const { totalMs, stallMs = Infinity, maxBytes = Infinity } = limits;
    const started = performance.now();
    let [lastBytes, movedAt] = [0, started];
    for (;;) {
        if (signal.aborted)
            return undefined;
        const { bytes, files } = await measure(folders);
        const now = performance.now();
        if (bytes > maxBytes)
            return `the entry is larger than ${(0,format/* formatBytes */.z3)(maxBytes)}`;
        if (files > MAX_FILES)
            return `the entry has more than ${MAX_FILES} files`;
        if (bytes !== lastBytes)
            [lastBytes, movedAt] = [bytes, now];
        if (now - movedAt >= stallMs)
            return `nothing came from the cache service for ${stallMs / 1000} s`;
        if (now - started >= totalMs)
            return `the cache service took longer than ${totalMs / 1000} s`;
        await (0,external_node_timers_promises_.setTimeout)(LOOK_MS, undefined, { signal }).catch(() => { });
    }
}
async function measure(folders) {
    let [bytes, files] = [0, 0];
    for (const folder of folders) {
        const entries = await (0,promises_.readdir)(folder, { recursive: true, withFileTypes: true }).catch(() => []);
        files += entries.length;
        if (files > MAX_FILES)
            break;
        for (const entry of entries) {
            const stat = await (0,promises_.lstat)((0,external_node_path_.join)(entry.parentPath, entry.name)).catch(() => undefined);
            if (stat?.isFile() === true)
                bytes += stat.size;
        }
    }
    return { bytes, files };
}

;// CONCATENATED MODULE: ./action/cache/client.js








const FLATTEN = '--transform=s,.*/,, --transform=s,^[.][.]*$,dots, --no-same-owner --no-same-permissions';
async function runClient(task, options) {
    const { folder, temporary, limits } = options;
    const [program, ...args] = clientCommand();
    const child = (0,external_node_child_process_.spawn)(program, [...args, JSON.stringify(task)], {
        cwd: folder,
        env: clientEnvironment(task, options),
        stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
        detached: true,
    });
    const ended = new AbortController();
    const watching = watchFolders(task.do === 'restore' ? [folder, temporary] : [], limits, ended.signal);
    void watching.then((reason) => {
        if (reason !== undefined)
            endGroup(child);
    });
    const complaints = [];
    try {
        const [answer] = await Promise.all([answerOf(child), listen(child, complaints, options)]);
        ended.abort();
        return judge(task.do, answer, await watching, complaints);
    }
    catch (error) {
        ended.abort();
        return judge(task.do, { error: (0,errors/* describeError */.Uc)(error) }, await watching, complaints);
    }
}
function clientCommand() {
    const isSource = import.meta.filename.endsWith('.ts');
    return [process.execPath, (0,external_node_path_.join)(import.meta.dirname, isSource ? 'client-main.ts' : 'cache-client.js')];
}
function clientEnvironment({ do: what }, options) {
    const { folder, temporary } = options;
    const { TAR_OPTIONS: _, ...env } = options.env;
    if (what === 'save')
        return { ...env, GITHUB_WORKSPACE: folder, RUNNER_TEMP: temporary };
    return { ...env, GITHUB_WORKSPACE: '.', RUNNER_TEMP: (0,external_node_path_.relative)(folder, temporary), TAR_OPTIONS: FLATTEN };
}
async function answerOf(child) {
    const [answer] = await Promise.all([(0,consumers_.text)(child.stdio[3]), (0,external_node_events_.once)(child, 'close')]);
    return answer === '' ? undefined : JSON.parse(answer);
}
async function listen(child, complaints, options) {
    const token = options.env['ACTIONS_RUNTIME_TOKEN'] ?? '';
    const secrets = token === '' ? [] : [token];
    const hear = async (stream) => {
        for await (const line of (0,external_node_readline_.createInterface)({ input: stream })) {
            const spoken = parseSpoken(line);
            if (spoken.kind === 'add-mask') {
                if (spoken.text !== '')
                    secrets.push(spoken.text);
                continue;
            }
            const shown = shownText(spoken.text, secrets);
            if (isComplaint(spoken))
                complaints.push(shown);
            if (shown !== '')
                options.debug(`cache client: ${shown}`);
        }
    };
    await Promise.all([hear(child.stdout), hear(child.stderr)]);
}
function endGroup({ pid }) {
    try {
        if (pid !== undefined)
            process.kill(-pid, 'SIGKILL');
    }
    catch {
    }
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(77598);
;// CONCATENATED MODULE: ./action/cache/key.js

const FORMAT = 'v1';
function keyPrefix({ platform, arch, cacheKey, matrix, env }) {
    const own = [env['GITHUB_REPOSITORY'], workflowOf(env), env['GITHUB_JOB'], matrixOf(matrix)].map((part) => part ?? '');
    const scope = cacheKey === '' ? own : [cacheKey];
    const word = wordOf(cacheKey === '' ? (env['GITHUB_JOB'] ?? '') : cacheKey);
    return `lazypull-${FORMAT}-${platform}-${arch}-${word}-${shortHash(JSON.stringify(scope))}-`;
}
function entryKey(prefix, contentHash, env) {
    return `${contentPrefix(prefix, contentHash)}${wordOf(env['GITHUB_RUN_ID'] ?? '')}`;
}
function isEntryKey(prefix, key) {
    return key.startsWith(prefix) && /^[0-9a-f]{16}-[\w.-]{1,40}$/.test(key.slice(prefix.length));
}
function contentPrefix(prefix, contentHash) {
    return `${prefix}${contentHash}-`;
}
function shortHash(text) {
    return (0,external_node_crypto_.createHash)('sha256').update(text).digest('hex').slice(0, 16);
}
function workflowOf(env) {
    const ref = env['GITHUB_WORKFLOW_REF'];
    return ref === undefined || ref === '' ? env['GITHUB_WORKFLOW'] : ref.replace(/@.*$/s, '');
}
function matrixOf(matrix) {
    return matrix === 'null' ? '' : matrix;
}
function wordOf(text) {
    return text.replaceAll(/[^\w.-]+/g, '_').slice(0, 40) || 'job';
}

// EXTERNAL MODULE: ./action/control.js
var control = __webpack_require__(62346);
;// CONCATENATED MODULE: ./action/cache/context.js






const LIMITS = { downloadMs: 60_000, stallMs: 20_000, uploadMs: 60_000 };
const DAEMON_MS = 60_000;
function prefixOf({ inputs, facts, env }) {
    return keyPrefix({
        platform: process.platform,
        arch: facts.arch,
        cacheKey: inputs.cacheKey,
        matrix: inputs.matrix,
        env,
    });
}
async function makeWork(env) {
    return await (0,promises_.mkdtemp)((0,external_node_path_.join)(await (0,promises_.realpath)(env['RUNNER_TEMP'] ?? ''), 'lazypull-cache-'));
}
function notePath(env, key) {
    return (0,external_node_path_.join)(env['RUNNER_TEMP'] ?? '', `lazypull-restored-${shortHash(key)}`);
}
async function ask({ host, program }, args) {
    const options = { timeoutMs: DAEMON_MS, ...(program === undefined ? {} : { program }) };
    const text = await (0,control/* control */.A)(host, [...args, '--json'], options);
    if (text === undefined)
        throw new errors/* LazypullError */.qB('UNAVAILABLE', 'the lazypull daemon does not answer');
    return JSON.parse(text);
}
function debugOf({ env, info }) {
    return env['RUNNER_DEBUG'] === '1' ? info : () => { };
}
function context_reasonOf(error) {
    return shownText((0,errors/* describeError */.Uc)(error), []);
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: ./src/layer/frame.js
var layer_frame = __webpack_require__(23890);
;// CONCATENATED MODULE: ./action/cache/pack-set.js
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







const NEW_SHARE = 0.01;
const STALE_SHARE = 0.5;
async function readPackSet(folder) {
    const set = new Map();
    for (const file of await packFiles(folder)) {
        const header = await readHeader((0,external_node_path_.join)(folder, file))
            .then(hot_pack/* decodePackHeader */.LU)
            .catch(() => undefined);
        if (header !== undefined)
            set.set(header.digest, header);
    }
    return set;
}
async function copyHeaders(from, to) {
    await (0,promises_.mkdir)(to, { recursive: true, mode: 0o700 });
    for (const file of await packFiles(from)) {
        const header = await readHeader((0,external_node_path_.join)(from, file)).catch(() => undefined);
        if (header !== undefined)
            await (0,promises_.writeFile)((0,external_node_path_.join)(to, file), header, { mode: 0o600 });
    }
}
function contentHash(set) {
    const lines = [...set.values()].map(({ digest, tocDigest, chunks }) => `${digest} ${tocDigest} ${chunks.toSorted().join()}`);
    return shortHash(lines.toSorted().join('\n'));
}
function isWorthSaving(before, now) {
    const fresh = bytesBeyond(now, before);
    const stale = bytesBeyond(before, now);
    return fresh > NEW_SHARE * totalBytes(now) || stale > STALE_SHARE * totalBytes(before);
}
function totalBytes(set) {
    return [...set.values()].reduce((sum, header) => sum + (0,hot_pack/* packBytes */.P0)(header.tocFileBytes, header.sizes), 0);
}
function bytesBeyond(set, other) {
    let bytes = 0;
    for (const { digest, tocDigest, tocFileBytes, chunks, sizes } of set.values()) {
        const same = other.get(digest);
        if (same?.tocDigest !== tocDigest) {
            bytes += (0,hot_pack/* packBytes */.P0)(tocFileBytes, sizes);
            continue;
        }
        const known = new Set(same.chunks);
        for (const [i, chunk] of chunks.entries())
            if (!known.has(chunk))
                bytes += sizes[i];
    }
    return bytes;
}
async function packFiles(folder) {
    const names = await (0,promises_.readdir)(folder).catch(() => []);
    return names.filter((name) => (0,hot_pack/* packDigest */.Ep)(name) !== undefined);
}
async function readHeader(path) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const file = __addDisposableResource(env_1, await (0,promises_.open)(path, external_node_fs_.constants.O_RDONLY | external_node_fs_.constants.O_NOFOLLOW | external_node_fs_.constants.O_NONBLOCK), true);
        const size = (0,layer_frame/* peekFrameSize */.Ox)(await readStart(file, (0,hot_pack/* packHeaderBytes */.Ow)(0)));
        if (size > hot_pack/* MAX_PACK_HEADER_BYTES */.RC)
            throw new errors/* FormatError */.IF(`hot pack: a header of ${size} bytes`);
        return await readStart(file, size);
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
async function readStart(file, size) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
    if (bytesRead < size)
        throw new errors/* FormatError */.IF(`hot pack: ${bytesRead} bytes, wanted ${size}`);
    return buffer;
}

;// CONCATENATED MODULE: ./action/cache/permission.js

const REFUSING = { restore: ['none', 'write-only'], save: ['none', 'read'] };
function whyOff({ inputs, facts, env }, direction) {
    if (!inputs.cache)
        return "input 'cache' is false";
    if (inputs.cacheLimitBytes === 0)
        return "input 'cache-limit' is 0";
    if (isUnset(env['RUNNER_TEMP']))
        return 'RUNNER_TEMP is not set';
    if (facts.ghes && isUnset(env['ACTIONS_CACHE_URL']))
        return 'this GitHub Enterprise Server has no cache service';
    if (isUnset(env['ACTIONS_RESULTS_URL']) && isUnset(env['ACTIONS_CACHE_URL']))
        return 'this runner has no cache service';
    const mode = (env['ACTIONS_CACHE_MODE'] ?? '').trim().toLowerCase();
    if (!REFUSING[direction].some((refusing) => refusing === mode))
        return undefined;
    return `this run may not ${direction} caches: ACTIONS_CACHE_MODE is '${mode}'`;
}
async function isPrivateRepository(env) {
    try {
        const event = JSON.parse(await (0,promises_.readFile)(env['GITHUB_EVENT_PATH'] ?? '', 'utf8'));
        const { private: isPrivate, visibility } = event.repository ?? {};
        return visibility === undefined ? isPrivate === true : visibility === 'private' || visibility === 'internal';
    }
    catch {
        return false;
    }
}
function isUnset(value) {
    return value === undefined || value === '';
}

;// CONCATENATED MODULE: ./action/cache/root-folder.js
const MAKE = `set -e
umask 077
folder=$(mktemp -d /var/tmp/lazypull-hot-XXXXXXXX)
{ chgrp "$1" "$folder" && chmod 0750 "$folder"; } || { rmdir "$folder"; exit 1; }
cd "$folder"
pwd -P`;
async function withRootFolder(host, use) {
    const group = String(process.getegid?.() ?? 0);
    const made = await host.run(['sh', '-c', MAKE, 'sh', group], { root: true });
    const folder = made.trim();
    try {
        return await use(folder);
    }
    finally {
        await host.remove(folder).catch(() => { });
    }
}

;// CONCATENATED MODULE: ./action/cache/save.js







const OUTCOMES = {
    taken: 'unchanged',
    denied: 'off',
    unavailable: 'off',
};
async function saveEntry(context, restoredKey) {
    try {
        return await withRootFolder(context.host, (folder) => saveFrom(context, folder, restoredKey));
    }
    catch (error) {
        return notSaved('failed', context_reasonOf(error));
    }
    finally {
        await (0,promises_.rm)(notePath(context.env, restoredKey), { recursive: true, force: true }).catch(() => { });
    }
}
function notSaved(outcome, why) {
    return { outcome, key: '', layers: 0, bytes: 0, why };
}
async function saveFrom(context, folder, restoredKey) {
    const { env } = context;
    const { layers, bytes, skipped } = await askToSave(context, folder);
    context.daemonDone?.();
    if (layers === 0)
        return notSaved('empty', emptyReason(skipped));
    const now = await readPackSet(folder);
    const [prefix, hash] = [prefixOf(context), contentHash(now)];
    const isKnown = restoredKey.startsWith(contentPrefix(prefix, hash)) || !(await isNew(env, now, restoredKey));
    if (isKnown)
        return { ...notSaved('unchanged', 'there is nothing new since it was restored'), layers, bytes };
    const { verdict, key, why } = await upload(context, folder, entryKey(prefix, hash, env));
    if (verdict === 'done')
        return { outcome: 'saved', key, layers, bytes, why: '' };
    if (verdict === 'full')
        context.notice(`The cache of this run was not saved: ${why}`);
    return { ...notSaved(OUTCOMES[verdict] ?? 'failed', why), layers, bytes };
}
async function askToSave(context, folder) {
    const { env, inputs } = context;
    const skipPrivate = (await isPrivateRepository(env)) ? [] : ['--skip-private'];
    const limit = ['--limit', String(inputs.cacheLimitBytes)];
    const saved = await ask(context, ['cache', 'save', folder, ...limit, ...skipPrivate]);
    for (const { digest, reason } of saved.skipped)
        debugOf(context)(`cache: ${digest} is not saved: ${reason}`);
    return saved;
}
async function isNew(env, now, restoredKey) {
    return restoredKey === '' || isWorthSaving(await readPackSet(notePath(env, restoredKey)), now);
}
async function upload(context, folder, key) {
    const { env, limits = LIMITS } = context;
    const temporary = await makeWork(env);
    try {
        const task = { do: 'save', key, restoreKeys: [] };
        const watch = { totalMs: limits.uploadMs };
        return await runClient(task, { folder, temporary, env, limits: watch, debug: debugOf(context) });
    }
    finally {
        await (0,promises_.rm)(temporary, { recursive: true, force: true });
    }
}
function emptyReason(skipped) {
    const [first] = skipped;
    return first === undefined ? 'no layer was used' : `none of ${skipped.length} layers can be: ${first.reason}`;
}

;// CONCATENATED MODULE: ./action/cache.js











const ARCHIVE_SHARE = 1.02;
const ARCHIVE_BYTES = 2_000_000;
const MAX_TOLD = 10;
async function downloadCache(context) {
    const off = whyOff(context, 'restore');
    const found = off === undefined ? await fetchEntry(context).catch((error) => noEntry(context_reasonOf(error))) : noEntry(off);
    if (found.key === '')
        context.info(`Cache: nothing is restored: ${found.why}.`);
    return found;
}
async function loadCache(context, downloaded) {
    if (downloaded.key === '')
        return notRestored(downloaded.why);
    const restored = await load(context, downloaded).catch((error) => notRestored(context_reasonOf(error)));
    await (0,promises_.rm)(downloaded.folder, { recursive: true, force: true }).catch(() => { });
    const { key, layers, bytes, why } = restored;
    const figures = `${(0,format/* plural */.LS)(layers, 'layer')}, ${(0,format/* formatBytes */.z3)(bytes)}`;
    context.info(key === '' ? `Cache: nothing is restored: ${why}.` : `Cache: restored ${figures}: ${key}`);
    return restored;
}
async function saveCache(context, restoredKey) {
    const off = whyOff(context, 'save');
    const saved = off === undefined ? await saveEntry(context, restoredKey) : notSaved('off', off);
    const { key, layers, bytes, why } = saved;
    const figures = `${(0,format/* plural */.LS)(layers, 'layer')}, ${(0,format/* formatBytes */.z3)(bytes)}`;
    context.info(key === '' ? `Cache: nothing is saved: ${why}.` : `Cache: saved ${figures}: ${key}`);
    return saved;
}
async function fetchEntry(context) {
    const { env, inputs, limits = LIMITS } = context;
    const work = await makeWork(env);
    const [folder, temporary] = [packsIn(work), (0,external_node_path_.join)(work, 'archive')];
    for (const path of [folder, temporary])
        await (0,promises_.mkdir)(path);
    const prefix = prefixOf(context);
    const task = { do: 'restore', key: prefix, restoreKeys: [prefix] };
    const maxBytes = 2 * (inputs.cacheLimitBytes * ARCHIVE_SHARE + ARCHIVE_BYTES);
    const watch = { totalMs: limits.downloadMs, stallMs: limits.stallMs, maxBytes };
    const result = await runClient(task, { folder, temporary, env, limits: watch, debug: debugOf(context) });
    const isOurs = isEntryKey(prefix, result.key);
    if (isOurs)
        return { key: result.key, folder: work, why: '' };
    await (0,promises_.rm)(work, { recursive: true, force: true });
    return noEntry(result.verdict === 'done' ? "the newest entry's key is not one that lazypull makes" : result.why);
}
async function load(context, { key, folder: work }) {
    const { env, info, inputs } = context;
    const folder = packsIn(work);
    const checked = await checkFolder(folder, inputs.cacheLimitBytes);
    tellRefused(context, checked.refused);
    if (checked.files.length === 0)
        return notRestored('there is no hot pack in its entry', checked.refused.length);
    const loaded = await ask(context, ['cache', 'load', folder]);
    tellRefused(context, loaded.refused);
    if (loaded.damagedChunks > 0)
        info(`Cache: ${(0,format/* plural */.LS)(loaded.damagedChunks, 'damaged chunk')} left out`);
    const refused = checked.refused.length + loaded.refused.length;
    const { layers, chunks, bytes } = loaded;
    if (layers === 0)
        return notRestored('no pack of its entry can be used', refused);
    await copyHeaders(folder, notePath(env, key));
    return { key, layers, chunks, bytes, refused, why: '' };
}
function tellRefused({ info }, refused) {
    for (const { file, reason } of refused.slice(0, MAX_TOLD))
        info(`Cache: ${shownText(JSON.stringify(file), [])} is not used: ${shownText(reason, [])}`);
    if (refused.length > MAX_TOLD)
        info(`Cache: and ${refused.length - MAX_TOLD} more are not used`);
}
function packsIn(work) {
    return (0,external_node_path_.join)(work, 'packs');
}
function noEntry(why) {
    return { key: '', folder: '', why };
}
function notRestored(why, refused = 0) {
    return { key: '', layers: 0, chunks: 0, bytes: 0, refused, why };
}


/***/ }),

/***/ 62346:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ control),
/* harmony export */   z: () => (/* binding */ daemonStatus)
/* harmony export */ });
/* harmony import */ var _src_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _lazypull_command_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3962);
/* harmony import */ var _state_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(43322);



const NO_DAEMON = 3;
async function control(host, args, options = {}) {
    const { program = (0,_lazypull_command_js__WEBPACK_IMPORTED_MODULE_1__/* .lazypullCommand */ .j)(), timeoutMs = 30_000 } = options;
    const command = [...program, ...args, '--socket', _state_js__WEBPACK_IMPORTED_MODULE_2__/* .Place */ .YR.CONTROL];
    const { status, stdout, stderr } = await host.try(command, { root: true, timeoutMs });
    if (status === 0)
        return stdout;
    if (status === NO_DAEMON)
        return undefined;
    const said = stderr.trim().replace(/^lazypull: /, '');
    throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB('UNAVAILABLE', `lazypull ${args.join(' ')}: ${said || `status ${status}`}`);
}
async function daemonStatus(host, options) {
    if (!(await host.exists(_state_js__WEBPACK_IMPORTED_MODULE_2__/* .Place */ .YR.CONTROL)))
        return undefined;
    const text = await control(host, ['status', '--json'], options);
    return text === undefined ? undefined : JSON.parse(text);
}


/***/ }),

/***/ 60245:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Dt: () => (/* binding */ BUILDKIT),
/* harmony export */   TC: () => (/* binding */ downloadBuildkitd),
/* harmony export */   n3: () => (/* binding */ cachedBuildkitd)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(77598);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(73024);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(51455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(76760);
/* harmony import */ var node_stream_promises__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(46466);
/* harmony import */ var _src_errors_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(16986);






const BUILDKIT = {
    version: '0.32.2',
    baseUrl: 'https://github.com/moby/buildkit/releases/download',
    sha256: {
        x64: '2975d0f651ad96ba8b80b9992ae1f9a964f4408569af5b6dc36544165c3926af',
        arm64: '9e8f46bf309ec0ab262967be5538a4dbe06be756a82621f98253933bac5dcf92',
    },
};
const TOOL = 'buildkit';
const RELEASE_ARCH = { x64: 'amd64', arm64: 'arm64' };
function cachedBuildkitd(env, release = BUILDKIT) {
    const cache = env['RUNNER_TOOL_CACHE'] ?? '';
    const folder = (0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(cache, TOOL, release.version, process.arch);
    return cache !== '' && (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.existsSync)(`${folder}.complete`) ? [(0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(folder, 'bin', 'buildkitd')] : [];
}
async function downloadBuildkitd(arch, release = BUILDKIT) {
    const { version, baseUrl, sha256 } = release;
    const expected = sha256[arch];
    const name = RELEASE_ARCH[arch];
    if (expected === undefined || name === undefined) {
        throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_5__/* .UserError */ .yo(`no buildkitd is known for ${arch}`, 'Put a buildkitd into the PATH of the runner.');
    }
    const { cacheDir, downloadTool, extractTar } = await Promise.all(/* import() */[__webpack_require__.e(84), __webpack_require__.e(2777)]).then(__webpack_require__.bind(__webpack_require__, 82777));
    const url = `${baseUrl}/v${version}/buildkit-v${version}.linux-${name}.tar.gz`;
    const file = await downloadTool(url);
    try {
        const actual = await sha256Of(file);
        if (actual !== expected)
            throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_5__/* .VerificationError */ .mk(url, `sha256:${expected}`, `sha256:${actual}`);
        const folder = await extractTar(file);
        const cached = await cacheDir(folder, TOOL, version, arch);
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_2__.rm)(folder, { recursive: true });
        return (0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(cached, 'bin', 'buildkitd');
    }
    finally {
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_2__.rm)(file, { force: true });
    }
}
async function sha256Of(path) {
    const hash = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256');
    await (0,node_stream_promises__WEBPACK_IMPORTED_MODULE_4__.pipeline)((0,node_fs__WEBPACK_IMPORTED_MODULE_1__.createReadStream)(path), hash);
    return hash.digest('hex');
}


/***/ }),

/***/ 58628:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $g: () => (/* binding */ restartUnits),
/* harmony export */   rf: () => (/* binding */ mainPid),
/* harmony export */   te: () => (/* binding */ untilAnswer)
/* harmony export */ });
/* unused harmony exports isActive, unitLog */
/* harmony import */ var node_timers_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(58500);
/* harmony import */ var _src_errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);
/* harmony import */ var _process_text_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(14216);



const RESTART_MS = 45_000;
const ASK_MS = 10_000;
const POLL_MS = 25;
const LOG_LINES = 6;
async function restartUnits(host, units, timeoutMs = RESTART_MS) {
    await host.try(['systemctl', 'reset-failed', ...units], { root: true, timeoutMs: ASK_MS });
    const command = ['systemctl', 'restart', ...units.toReversed()];
    const { status, stderr } = await host.try(command, { root: true, timeoutMs });
    if (status === 0)
        return;
    const broken = await Promise.all(units.map(async (unit) => ((await isActive(host, unit)) ? [] : [unit])));
    const logs = await Promise.all(broken.flat().map((unit) => unitLog(host, unit)));
    throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .LazypullError */ .qB('SYSTEM', [`${units.join(', ')} can't be restarted: ${(0,_process_text_js__WEBPACK_IMPORTED_MODULE_2__/* .lastLines */ .w$)(stderr, 1) || `status ${status}`}`, ...logs].join('\n'));
}
async function isActive(host, unit) {
    const { stdout } = await host.try(['systemctl', 'is-active', unit], { timeoutMs: ASK_MS });
    return stdout.trim() === 'active';
}
async function mainPid(host, unit) {
    const command = ['systemctl', 'show', '--property=MainPID', '--value', unit];
    const pid = Number((await host.try(command, { timeoutMs: ASK_MS })).stdout.trim());
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
}
async function unitLog(host, unit) {
    const read = ['--sync', '--quiet'];
    await host.try(['journalctl', ...read], { root: true, timeoutMs: ASK_MS });
    const { stdout } = await host.try(['journalctl', `_SYSTEMD_UNIT=${unit}`, `--lines=${LOG_LINES}`, '--output=cat', '--no-pager', '--quiet'], { root: true, timeoutMs: ASK_MS });
    const lines = (0,_process_text_js__WEBPACK_IMPORTED_MODULE_2__/* .lastLines */ .w$)(stdout, LOG_LINES);
    return lines === '' ? '' : `the end of the log of ${unit}:\n${lines}`;
}
async function untilAnswer(ask, limitMs, signal) {
    for (const limit = Date.now() + limitMs;;) {
        signal.throwIfAborted();
        const answer = await ask();
        if (answer !== undefined || Date.now() > limit)
            return answer;
        await (0,node_timers_promises__WEBPACK_IMPORTED_MODULE_0__.setTimeout)(POLL_MS, undefined, { signal }).catch(() => { });
    }
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

/***/ 25496:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   C: () => (/* binding */ Journal),
/* harmony export */   w: () => (/* binding */ undoAll)
/* harmony export */ });
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(32322);
/* harmony import */ var _src_errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);
/* harmony import */ var _state_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(43322);



class Journal {
    #steps = [];
    #save;
    constructor(save = (steps) => (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .saveState */ .LZ)(_state_js__WEBPACK_IMPORTED_MODULE_2__/* .StateKey */ .zv.JOURNAL, JSON.stringify(steps))) {
        this.#save = save;
    }
    get steps() {
        return this.#steps;
    }
    note(step) {
        this.#steps.push(step);
        this.#save(this.#steps);
    }
    mark() {
        return this.#steps.length;
    }
    take(mark = 0) {
        const taken = this.#steps.splice(mark).toReversed();
        this.#save(this.#steps);
        return taken;
    }
}
async function undoAll(steps, undo) {
    const failures = [];
    for (const step of steps) {
        try {
            await undo(step);
        }
        catch (error) {
            failures.push(`${step.kind}: ${(0,_src_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .describeError */ .Uc)(error)}`);
        }
    }
    return failures;
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

/***/ 29391:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Lg: () => (/* binding */ containerdFacts),
/* harmony export */   iP: () => (/* binding */ flagOf),
/* harmony export */   ot: () => (/* binding */ parseVersion)
/* harmony export */ });
/* unused harmony export addressIn */
/* harmony import */ var smol_toml__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(20528);

const DEFAULT_ADDRESS = '/run/containerd/containerd.sock';
const DEFAULT_CONFIG = '/etc/containerd/config.toml';
async function containerdFacts(host, unit) {
    const [program = 'containerd', ...args] = unit?.command ?? [];
    const configPath = flagOf(args, 'config', 'c') ?? DEFAULT_CONFIG;
    const address = flagOf(args, 'address', 'a') ?? addressIn((await host.read(configPath).catch(() => undefined)) ?? '');
    if (unit === undefined && !(await host.exists(address ?? DEFAULT_ADDRESS)))
        return undefined;
    const { stdout } = await host.try([program, '--version'], { timeoutMs: 10_000 });
    const version = parseVersion(stdout);
    if (version === undefined)
        return undefined;
    return { version, address: address ?? DEFAULT_ADDRESS, unit: unit?.name, configPath };
}
function parseVersion(text) {
    return /\sv?(\d+\.\d+\.\d+)/.exec(text)?.[1];
}
function flagOf(args, name, short) {
    for (const [index, arg] of args.entries()) {
        const [, flag, , value] = /^--?([a-z-]+)(=(.*))?$/.exec(arg) ?? [];
        if (flag === name || flag === short)
            return value ?? args[index + 1];
    }
    return undefined;
}
function addressIn(config) {
    try {
        const { grpc } = (0,smol_toml__WEBPACK_IMPORTED_MODULE_0__/* .parse */ .qg)(config);
        return typeof grpc?.address === 'string' && grpc.address !== '' ? grpc.address : undefined;
    }
    catch {
        return undefined;
    }
}


/***/ }),

/***/ 55752:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  HD: () => (/* binding */ obstacleOf),
  dy: () => (/* binding */ probe),
  Kd: () => (/* binding */ runnerFacts)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./action/engine/buildkit-program.js
var buildkit_program = __webpack_require__(60245);
// EXTERNAL MODULE: ./action/probe-containerd.js
var probe_containerd = __webpack_require__(29391);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(48161);
;// CONCATENATED MODULE: ./action/probe-docker.js

const TIMEOUT_MS = 15_000;
const SNAPSHOTTER = 'io.containerd.snapshotter.v1';
async function dockerFacts(host) {
    const ask = async (...args) => (await host.try(['docker', ...args], { timeoutMs: TIMEOUT_MS })).stdout;
    const [info, names, endpoint] = await Promise.all([
        ask('info', '--format', '{{json .}}'),
        ask('ps', '--format', '{{.Names}}'),
        ask('context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'),
    ]);
    return parseDocker(info, names, endpoint, (0,external_node_os_.hostname)());
}
function parseDocker(info, names, endpoint, name) {
    const fields = parseObject(info);
    const client = objectOf(fields['ClientInfo']);
    const buildx = arrayOf(client['Plugins'])
        .map(objectOf)
        .find((plugin) => plugin['Name'] === 'buildx');
    const version = textOf(fields['ServerVersion']);
    const found = { buildx: buildx === undefined ? undefined : textOf(buildx['Version']).replace(/^v/, '') };
    if (version === '')
        return { ...found, server: undefined };
    const address = endpoint.trim();
    return {
        ...found,
        server: {
            version,
            driver: textOf(fields['Driver']),
            containerdStore: arrayOf(fields['DriverStatus']).some((row) => Array.isArray(row) && row[1] === SNAPSHOTTER),
            endpoint: address,
            context: textOf(client['Context']) || 'default',
            running: names.split('\n').filter((line) => line !== ''),
            unfit: unfitness(fields, address, name),
        },
    };
}
function unfitness(fields, endpoint, name) {
    const options = arrayOf(fields['SecurityOptions']).map(textOf).join(' ');
    if (/\bname=rootless\b/.test(options))
        return 'rootless';
    if (/\bname=userns\b/.test(options))
        return 'userns-remap';
    const isElsewhere = !endpoint.startsWith('unix://') || textOf(fields['Name']) !== name;
    if (isElsewhere)
        return 'another machine';
    return textOf(fields['OSType']) === 'linux' ? undefined : 'not Linux';
}
function parseObject(text) {
    try {
        return objectOf(JSON.parse(text));
    }
    catch {
        return {};
    }
}
function objectOf(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
function arrayOf(value) {
    return Array.isArray(value) ? value : [];
}
function textOf(value) {
    return typeof value === 'string' ? value : '';
}

// EXTERNAL MODULE: ./action/process.js
var action_process = __webpack_require__(25426);
;// CONCATENATED MODULE: ./action/probe-units.js

const DOCKER = 'docker.service';
const SNAP = 'snap.docker.dockerd.service';
const CONTAINERD = 'containerd.service';
const PROPERTIES = 'Id,ActiveState,ExecStart';
async function unitFacts(host) {
    const systemd = await (0,action_process/* hasSystemd */.md)(host);
    const units = systemd
        ? parseUnits((await host.try(['systemctl', 'show', `--property=${PROPERTIES}`, DOCKER, SNAP, CONTAINERD], {
            timeoutMs: 10_000,
        })).stdout)
        : [];
    const find = (name) => units.find((unit) => unit.name === name);
    return {
        systemd,
        containerd: find(CONTAINERD),
        docker: ({ unfit }) => {
            if (unfit === 'another machine')
                return { unit: undefined, unfit };
            if (find(DOCKER) !== undefined)
                return { unit: DOCKER, unfit };
            if (find(SNAP) !== undefined)
                return { unit: SNAP, unfit: unfit ?? 'snap' };
            return { unit: undefined, unfit };
        },
    };
}
function parseUnits(text) {
    return text.split(/\n\n+/).flatMap((block) => {
        const [, name] = /^Id=(.+)$/m.exec(block) ?? [];
        if (name === undefined || !/^ActiveState=(active|reloading)$/m.test(block))
            return [];
        const [, argv = ''] = /^ExecStart=\{.*? argv\[\]=(.*?) ; /m.exec(block) ?? [];
        return [{ name, command: argv.split(' ').filter((word) => word !== '') }];
    });
}

// EXTERNAL MODULE: ./action/process-text.js
var process_text = __webpack_require__(14216);
;// CONCATENATED MODULE: ./action/probe.js








const SYS_ADMIN = 21n;
const MODULES = ['fuse', 'erofs', 'loop', 'overlay'];
async function probe(host, env, machine = process) {
    const { platform, arch } = machine;
    const outside = { platform, arch, root: host.rootWay, ...runnerFacts(env) };
    if (platform !== 'linux')
        return { ...outside, ...NOTHING };
    const [units, docker, fuse, container, status, buildkitd] = await Promise.all([
        unitFacts(host),
        dockerFacts(host),
        opensFuse(host),
        containerEvidence(host, env),
        host.read('/proc/self/status'),
        findBuildkitd(env),
    ]);
    return {
        ...outside,
        fuse,
        systemd: units.systemd,
        container,
        mayMount: (0,process_text/* hasCapability */.p0)('CapBnd', SYS_ADMIN, status ?? ''),
        docker: docker.server === undefined ? undefined : { ...docker.server, ...units.docker(docker.server) },
        containerd: await (0,probe_containerd/* containerdFacts */.Lg)(host, units.containerd),
        buildx: docker.buildx,
        buildkitd,
    };
}
const NOTHING = {
    fuse: false,
    systemd: false,
    container: undefined,
    mayMount: false,
    docker: undefined,
    containerd: undefined,
    buildx: undefined,
    buildkitd: undefined,
};
function obstacleOf(facts) {
    return OBSTACLES.find(({ holds }) => holds(facts))?.tell(facts);
}
const SYSTEMS = { win32: 'Windows', darwin: 'macOS' };
const OBSTACLES = [
    {
        holds: ({ platform }) => platform !== 'linux',
        tell: ({ platform }) => ({
            reason: `lazy pulling needs Linux, and this runner is ${SYSTEMS[platform] ?? platform}`,
            remedy: "Run the job on Linux (runs-on: ubuntu-latest), or add this to the step: if: runner.os == 'Linux'",
        }),
    },
    {
        holds: ({ arch }) => arch !== 'x64' && arch !== 'arm64',
        tell: ({ arch }) => ({
            reason: `there is no lazypull for this runner's architecture, ${arch}`,
            remedy: 'Run the job on a runner with x64 or arm64.',
        }),
    },
    {
        holds: ({ container, mayMount }) => container !== undefined && !mayMount,
        tell: ({ container }) => ({
            reason: `the steps of this job run in a container that may not mount filesystems (${container})`,
            remedy: 'Take `container:` off the job and start that image in a step, or use another runner than ubuntu-slim. ' +
                'On a runner of your own, `options: --privileged --device /dev/fuse` does as well.',
        }),
    },
    {
        holds: ({ root }) => root === 'none',
        tell: () => ({
            reason: 'the daemon has to run as root, and `sudo -n` does not let this user',
            remedy: "Give the runner's user passwordless sudo, or run lazypull as a service of this machine.",
        }),
    },
    {
        holds: ({ mayMount }) => !mayMount,
        tell: () => ({
            reason: 'root may not mount filesystems on this machine (CAP_SYS_ADMIN is missing)',
            remedy: 'Use a virtual machine as the runner, or start the container that it runs in with --privileged.',
        }),
    },
    {
        holds: ({ fuse }) => !fuse,
        tell: () => ({
            reason: 'there is no /dev/fuse that can be opened',
            remedy: 'Load the kernel module on the machine of the runner (modprobe fuse); for a container, add --device /dev/fuse.',
        }),
    },
    {
        holds: ({ docker, containerd, buildx }) => docker === undefined && containerd === undefined && buildx === undefined,
        tell: () => ({
            reason: 'neither Docker nor containerd answers here, and there is no docker buildx',
            remedy: "Start Docker before this step, and let the runner's user use it (group docker).",
        }),
    },
];
function runnerFacts(env) {
    const server = env['GITHUB_SERVER_URL'] ?? '';
    const host = URL.canParse(server) ? new URL(server).hostname : 'github.com';
    const ghes = host !== 'github.com' && !host.endsWith('.ghe.com');
    return { ghes, hosted: env['RUNNER_ENVIRONMENT'] === 'github-hosted' };
}
async function opensFuse(host) {
    if (host.rootWay === 'none')
        return await host.exists('/dev/fuse');
    await host.try(['modprobe', '-a', ...MODULES], { root: true, timeoutMs: 10_000 });
    const open = 'test -c /dev/fuse && : <>/dev/fuse';
    return (await host.try(['sh', '-c', open], { root: true, timeoutMs: 10_000 })).status === 0;
}
async function containerEvidence(host, env) {
    if (env['KUBERNETES_SERVICE_HOST'] !== undefined)
        return 'a Kubernetes pod';
    for (const [path, what] of [
        ['/.dockerenv', 'Docker'],
        ['/run/.containerenv', env['ImageOS'] === 'Linux' ? 'ubuntu-slim' : 'Podman'],
    ]) {
        if (await host.exists(path))
            return what;
    }
    const cgroup = (await host.read('/proc/1/cgroup')) ?? '';
    return /\/(docker|kubepods|libpod|lxc)\b/.exec(cgroup)?.[1];
}
async function findBuildkitd(env) {
    const folders = (env['PATH'] ?? '').split(external_node_path_.delimiter).filter((folder) => folder.startsWith('/'));
    const candidates = [...folders.map((folder) => (0,external_node_path_.join)(folder, 'buildkitd')), ...(0,buildkit_program/* cachedBuildkitd */.n3)(env)];
    for (const path of candidates) {
        const runs = await (0,promises_.access)(path, external_node_fs_.constants.X_OK).then(() => true, () => false);
        if (runs)
            return path;
    }
    return undefined;
}


/***/ }),

/***/ 14216:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   P1: () => (/* binding */ propertiesOf),
/* harmony export */   W_: () => (/* binding */ isRunning),
/* harmony export */   ky: () => (/* binding */ parseStat),
/* harmony export */   p0: () => (/* binding */ hasCapability),
/* harmony export */   qU: () => (/* binding */ environmentFile),
/* harmony export */   w$: () => (/* binding */ lastLines)
/* harmony export */ });
/* harmony import */ var _src_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const SYS_RESOURCE = 24n;
function environmentFile(env) {
    return Object.entries(env)
        .map(([name, value]) => {
        if (!NAME.test(name) || value.includes('\0'))
            throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB('INVALID_ARGUMENT', `no environment variable: ${JSON.stringify(name)}`);
        return `${name}="${value.replaceAll(/["\\$`]/g, '\\$&')}"\n`;
    })
        .join('');
}
function propertiesOf(facts) {
    const raise = hasCapability('CapEff', SYS_RESOURCE, facts.init) ? ['LimitNOFILE=1048576', 'OOMScoreAdjust=-999'] : [];
    return [
        `Type=${facts.notify ? 'notify' : 'exec'}`,
        'KillMode=mixed',
        `TimeoutStartSec=${Math.ceil(facts.readyMs / 1000)}`,
        `TimeoutStopSec=${facts.stopSec}`,
        'TasksMax=infinity',
        ...raise,
        ...(facts.delegate ? ['Delegate=yes'] : []),
        ...(facts.restart ? ['Restart=on-failure', 'RestartSec=200ms'] : []),
        `EnvironmentFile=${facts.environment}`,
        `StandardOutput=append:${facts.logPath}`,
        `StandardError=append:${facts.logPath}`,
    ].map((property) => `--property=${property}`);
}
function hasCapability(set, bit, status) {
    const [, mask] = new RegExp(`^${set}:\\s+([0-9a-f]+)$`, 'm').exec(status) ?? [];
    return mask !== undefined && ((BigInt(`0x${mask}`) >> bit) & 1n) === 1n;
}
function parseStat(text) {
    const fields = text
        .slice(text.lastIndexOf(')') + 2)
        .trim()
        .split(' ');
    const [state, startTicks] = [fields[0], fields[22 - 3]];
    return state === undefined || startTicks === undefined || !text.includes(')') ? undefined : { state, startTicks };
}
function isRunning(stat, { startTicks }) {
    const found = parseStat(stat);
    return found !== undefined && found.startTicks === startTicks && !/[ZX]/.test(found.state);
}
function lastLines(text, count) {
    return text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .slice(-count)
        .map((line) => line.slice(0, 500))
        .join('\n');
}


/***/ }),

/***/ 25426:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Me: () => (/* binding */ stopLeftOver),
/* harmony export */   Sy: () => (/* binding */ stopService),
/* harmony export */   iL: () => (/* binding */ startService),
/* harmony export */   md: () => (/* binding */ hasSystemd)
/* harmony export */ });
/* harmony import */ var node_timers_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(58500);
/* harmony import */ var _src_errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);
/* harmony import */ var _state_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(43322);
/* harmony import */ var _process_text_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(14216);




const READY_MS = 30_000;
const STOP_SEC = 60;
const POLL_MS = 20;
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const DETACHED = `set -e
log=$1 environment=$2
shift 2
cd /
umask 022
ulimit -n 1048576 2>/dev/null || ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
set -a
. "$environment"
set +a
echo $$
exec "$@" </dev/null >>"$log" 2>&1`;
async function startService(host, journal, service) {
    const systemd = await hasSystemd(host);
    await stopLeftOver(host, service.name);
    const environment = `${_state_js__WEBPACK_IMPORTED_MODULE_2__/* .Place */ .YR.FOLDER}/${service.name}.env`;
    await host.write(environment, (0,_process_text_js__WEBPACK_IMPORTED_MODULE_3__/* .environmentFile */ .qU)({ PATH: SYSTEM_PATH, ...service.env }), 0o600);
    try {
        const alive = systemd
            ? await startUnit(host, journal, service, environment)
            : await startDetached(host, journal, service, environment);
        await untilReady(host, service, alive);
    }
    finally {
        if (!(systemd && service.restart === true))
            await host.remove(environment);
    }
}
async function stopService(host, step) {
    if (step.kind === 'unit')
        await stopUnit(host, step.name);
    else
        await stopProcess(host, step);
}
async function hasSystemd(host) {
    return await host.exists('/run/systemd/system');
}
async function startUnit(host, journal, service, environment) {
    const { name, command, notify = false, delegate = false, restart = false, logPath, readyMs = READY_MS } = service;
    const init = (await host.read('/proc/1/status')) ?? '';
    const properties = (0,_process_text_js__WEBPACK_IMPORTED_MODULE_3__/* .propertiesOf */ .P1)({
        notify,
        delegate,
        restart,
        logPath,
        environment,
        stopSec: STOP_SEC,
        readyMs,
        init,
    });
    const unit = unitOf(name);
    journal.note({ kind: 'unit', name: unit });
    const started = await host.try(['systemd-run', `--unit=${unit}`, '--collect', '--quiet', ...properties, '--', ...command], { root: true, timeoutMs: readyMs + 10_000 });
    if (started.status !== 0)
        throw await failure(host, service, 'did not start', (0,_process_text_js__WEBPACK_IMPORTED_MODULE_3__/* .lastLines */ .w$)(started.stderr, 5));
    return async () => {
        const { stdout } = await host.try(['systemctl', 'show', '--property=ActiveState', '--value', unit]);
        return /^(active|activating|reloading)$/.test(stdout.trim());
    };
}
async function startDetached(host, journal, service, environment) {
    const { name, command, logPath } = service;
    const script = ['sh', '-c', DETACHED, 'sh', logPath, environment, ...command];
    const said = await host.try(['setsid', '--fork', 'env', '-i', `PATH=${SYSTEM_PATH}`, ...script], { root: true });
    const pid = Number(said.stdout.trim());
    if (!Number.isSafeInteger(pid) || pid < 2)
        throw await failure(host, service, 'did not start', (0,_process_text_js__WEBPACK_IMPORTED_MODULE_3__/* .lastLines */ .w$)(said.stderr, 5));
    const stat = (0,_process_text_js__WEBPACK_IMPORTED_MODULE_3__/* .parseStat */ .ky)((await host.read(`/proc/${pid}/stat`)) ?? '');
    if (stat === undefined)
        throw await failure(host, service, 'ended at once');
    const id = { pid, startTicks: stat.startTicks };
    journal.note({ kind: 'process', name, ...id });
    await host.write(pidPath(name), `${pid} ${stat.startTicks}\n`);
    return () => isAlive(host, id);
}
async function untilReady(host, service, alive) {
    const { ready, readyMs = READY_MS, signal } = service;
    const limit = Date.now() + readyMs;
    let reason = '';
    for (;;) {
        signal.throwIfAborted();
        const answer = await ready().catch((error) => {
            reason = (0,_src_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .describeError */ .Uc)(error);
            return false;
        });
        if (answer)
            return;
        if (!(await alive()))
            throw await failure(host, service, 'ended before it was ready');
        if (Date.now() > limit)
            throw await failure(host, service, `is not ready after ${readyMs / 1000} s`, reason);
        await (0,node_timers_promises__WEBPACK_IMPORTED_MODULE_0__.setTimeout)(POLL_MS, undefined, { signal }).catch(() => { });
    }
}
async function failure(host, service, what, detail = '') {
    const { name, logPath } = service;
    const log = (0,_process_text_js__WEBPACK_IMPORTED_MODULE_3__/* .lastLines */ .w$)((await host.read(logPath).catch(() => undefined)) ?? '', 12);
    const parts = [`${name} ${what}`, ...(detail === '' ? [] : [detail])];
    return new _src_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .LazypullError */ .qB('SYSTEM', `${parts.join(': ')}${log === '' ? `; ${logPath} is empty` : `; the end of ${logPath}:\n${log}`}`);
}
async function stopLeftOver(host, name) {
    if (await hasSystemd(host)) {
        await stopUnit(host, unitOf(name));
        return;
    }
    const [, pid, startTicks] = /^(\d+) (\d+)$/m.exec((await host.read(pidPath(name))) ?? '') ?? [];
    if (pid === undefined || startTicks === undefined)
        return;
    await stopProcess(host, { kind: 'process', name, pid: Number(pid), startTicks });
}
async function stopUnit(host, name) {
    const unit = unitOf(name);
    const { stdout } = await host.try(['systemctl', 'show', '--property=LoadState', '--value', unit]);
    if (stdout.trim() === 'not-found')
        return;
    await host.run(['systemctl', 'stop', unit], { root: true, timeoutMs: (STOP_SEC + 30) * 1000 });
    await host.try(['systemctl', 'reset-failed', unit], { root: true });
}
async function stopProcess(host, step) {
    const { name, pid } = step;
    if (await isAlive(host, step))
        await host.try(['kill', '-TERM', String(pid)], { root: true });
    if (!(await isGone(host, step, STOP_SEC * 1000))) {
        await host.try(['kill', '-KILL', '--', `-${pid}`], { root: true });
        if (!(await isGone(host, step, 5000)))
            throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .LazypullError */ .qB('SYSTEM', `${name}: process ${pid} does not end, not even by SIGKILL`);
    }
    await host.remove(pidPath(name));
}
async function isGone(host, id, limitMs) {
    for (const limit = Date.now() + limitMs; Date.now() < limit; await (0,node_timers_promises__WEBPACK_IMPORTED_MODULE_0__.setTimeout)(POLL_MS))
        if (!(await isAlive(host, id)))
            return true;
    return false;
}
async function isAlive(host, id) {
    return (0,_process_text_js__WEBPACK_IMPORTED_MODULE_3__/* .isRunning */ .W_)((await host.read(`/proc/${id.pid}/stat`)) ?? '', id);
}
function unitOf(name) {
    return name.endsWith('.service') ? name : `${name}.service`;
}
function pidPath(name) {
    return `${_state_js__WEBPACK_IMPORTED_MODULE_2__/* .Place */ .YR.FOLDER}/${name}.pid`;
}


/***/ }),

/***/ 30349:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   S: () => (/* binding */ shown),
/* harmony export */   v: () => (/* binding */ Talk)
/* harmony export */ });
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(32322);
/* harmony import */ var _src_cli_format_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(97093);


function shown(text) {
    return (text
        .split('\n')
        .map(_src_cli_format_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)
        .map((line) => (line.trimStart().startsWith('::') ? `> ${line}` : line))
        .map((line) => line.replaceAll('##[', '## ['))
        .join('\n'));
}
class Talk {
    #notices = [];
    #beside = [];
    get notices() {
        return this.#notices;
    }
    info = (message) => (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .info */ .pq)(shown(message));
    notice = (message, properties = {}) => {
        this.#notices.push(message);
        (0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .notice */ .lm)((0,_src_cli_format_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g$)(message.replaceAll('\n', ' | ')), { title: 'lazypull', ...properties });
    };
    later = (message) => void this.#beside.push(message);
    flush() {
        for (const line of this.#beside.splice(0))
            this.info(line);
    }
}


/***/ }),

/***/ 22637:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ undoStep)
/* harmony export */ });
/* harmony import */ var _engine_services_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(58628);
/* harmony import */ var _process_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(25426);


const RESTART_MS = 120_000;
async function undoStep(host, step) {
    switch (step.kind) {
        case 'file':
            await restoreFile(host, step.path, step.backup);
            break;
        case 'remove':
            await host.remove(step.path);
            break;
        case 'unit':
        case 'process':
            await (0,_process_js__WEBPACK_IMPORTED_MODULE_1__/* .stopService */ .Sy)(host, step);
            break;
        case 'restart':
            await (0,_engine_services_js__WEBPACK_IMPORTED_MODULE_0__/* .restartUnits */ .$g)(host, step.units, RESTART_MS);
            break;
        case 'command':
            await host.run(step.command, { root: step.root });
            break;
    }
}
async function restoreFile(host, path, backup) {
    if (backup === undefined) {
        await host.remove(path);
        return;
    }
    if (!(await host.exists(backup)))
        return;
    await host.copy(backup, path);
    await host.remove(backup);
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

/***/ 33722:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D0: () => (/* binding */ MAX_XATTR_VALUE),
/* harmony export */   EM: () => (/* binding */ MAX_NAME_LENGTH),
/* harmony export */   SQ: () => (/* binding */ SPARE_IMPLIED_DIRS),
/* harmony export */   dB: () => (/* binding */ MAX_DEV_MAJOR),
/* harmony export */   dR: () => (/* binding */ DEFAULT_LIMITS),
/* harmony export */   j0: () => (/* binding */ MAX_DEV_MINOR),
/* harmony export */   jE: () => (/* binding */ MAX_LINK_LENGTH),
/* harmony export */   kg: () => (/* binding */ MAX_COMPRESSED_TOC_BYTES),
/* harmony export */   mQ: () => (/* binding */ MAX_XATTR_TOTAL),
/* harmony export */   rc: () => (/* binding */ MAX_ID),
/* harmony export */   xu: () => (/* binding */ MAX_XATTR_NAME)
/* harmony export */ });
const KIB = 1024;
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const MAX_COMPRESSED_TOC_BYTES = 64 * MIB;
const DEFAULT_LIMITS = {
    maxEntries: 5_000_000,
    maxFileSize: 1024 * GIB,
    maxChunkSize: GIB,
    maxPathLength: 4 * KIB,
    maxDepth: 512,
};
const SPARE_IMPLIED_DIRS = 16 * KIB;
const MAX_NAME_LENGTH = 255;
const MAX_XATTR_NAME = 255;
const MAX_XATTR_VALUE = 64 * KIB;
const MAX_LINK_LENGTH = 4095;
const MAX_DEV_MAJOR = 2 ** 12 - 1;
const MAX_DEV_MINOR = 2 ** 20 - 1;
const MAX_ID = 2 ** 32 - 2;
const MAX_XATTR_TOTAL = 128 * KIB;


/***/ }),

/***/ 65233:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $: () => (/* binding */ isHole)
/* harmony export */ });
function isHole(table, chunk) {
    return table.blobEnd[chunk] === table.blobOffset[chunk];
}


/***/ }),

/***/ 62905:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $v: () => (/* binding */ LONGEST_ZSTD_FOOTER),
/* harmony export */   Ah: () => (/* binding */ encodeSkippable),
/* harmony export */   FE: () => (/* binding */ isSkippableMagic),
/* harmony export */   FL: () => (/* binding */ encodeZstdFooter),
/* harmony export */   eV: () => (/* binding */ SKIPPABLE_HEADER_SIZE),
/* harmony export */   ms: () => (/* binding */ parseZstdFooter)
/* harmony export */ });
/* unused harmony exports STARGZ_CONTENT_SIZE, CONTAINERS_CONTENT_SIZE */
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);

const SKIPPABLE_HEADER_SIZE = 8;
const STARGZ_CONTENT_SIZE = 40;
const CONTAINERS_CONTENT_SIZE = 64;
const LONGEST_ZSTD_FOOTER = SKIPPABLE_HEADER_SIZE + CONTAINERS_CONTENT_SIZE;
const SKIPPABLE_MAGIC = 0x184d2a50;
const TYPE_CRFS = 1;
const STARGZ_MAGIC = Buffer.from('GnUlInUx');
const CONTAINERS_MAGIC = Buffer.from('GNUlInUx');
function isSkippableMagic(magic) {
    return (magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC;
}
function encodeSkippable(content) {
    if (content.length >= 2 ** 32)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`a skippable frame can't hold ${content.length} bytes`);
    const header = Buffer.alloc(SKIPPABLE_HEADER_SIZE);
    header.writeUInt32LE(SKIPPABLE_MAGIC, 0);
    header.writeUInt32LE(content.length, 4);
    return Buffer.concat([header, content]);
}
function encodeZstdFooter({ dialect, toc, tarSplit }) {
    const head = [toc.offset, toc.compressedSize, toc.size, TYPE_CRFS].map(uint64);
    if (dialect === 'stargz')
        return encodeSkippable(Buffer.concat([...head, STARGZ_MAGIC]));
    const split = [tarSplit?.offset ?? 0, tarSplit?.compressedSize ?? 0, tarSplit?.size ?? 0].map(uint64);
    return encodeSkippable(Buffer.concat([...head, ...split, CONTAINERS_MAGIC]));
}
function parseZstdFooter(tail, blobSize) {
    const end = Buffer.from(tail.buffer, tail.byteOffset, tail.length);
    const stargz = contentOf(end, STARGZ_CONTENT_SIZE, STARGZ_MAGIC);
    if (stargz !== undefined) {
        const limit = blobSize - SKIPPABLE_HEADER_SIZE - STARGZ_CONTENT_SIZE;
        return { dialect: 'stargz', toc: checkedSpan(stargz, 0, limit, 'TOC'), tarSplit: undefined };
    }
    const containers = contentOf(end, CONTAINERS_CONTENT_SIZE, CONTAINERS_MAGIC);
    if (containers === undefined)
        return undefined;
    const limit = blobSize - LONGEST_ZSTD_FOOTER;
    const hasSplit = containers.readBigUInt64LE(TAR_SPLIT_AT) !== 0n;
    return {
        dialect: 'containers',
        toc: checkedSpan(containers, 0, limit, 'TOC'),
        tarSplit: hasSplit ? checkedSpan(containers, TAR_SPLIT_AT, limit, 'tar-split') : undefined,
    };
}
const TYPE_AT = 24;
const TAR_SPLIT_AT = 32;
function contentOf(end, size, magic) {
    const frame = end.length - SKIPPABLE_HEADER_SIZE - size;
    if (frame < 0)
        return undefined;
    const isFrame = end.readUInt32LE(frame) === SKIPPABLE_MAGIC && end.readUInt32LE(frame + 4) === size;
    return isFrame && end.subarray(-magic.length).equals(magic) ? end.subarray(-size) : undefined;
}
function checkedSpan(content, at, limit, what) {
    const [offset, compressedSize, size] = [0, 8, 16].map((field) => Number(content.readBigUInt64LE(at + field)));
    const type = content.readBigUInt64LE(TYPE_AT);
    if (type !== BigInt(TYPE_CRFS))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`footer: type of the TOC: got ${type}, wanted ${TYPE_CRFS}`);
    const isWithin = offset >= SKIPPABLE_HEADER_SIZE && offset + compressedSize <= limit;
    if (!isWithin || !Number.isSafeInteger(size)) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`footer says that the ${what} is ${compressedSize} bytes at ${offset}, wanted them between ${SKIPPABLE_HEADER_SIZE} and ${limit}`, { offset: limit });
    }
    return { offset: offset, compressedSize: compressedSize, size: size };
}
function uint64(value) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    return bytes;
}


/***/ }),

/***/ 4140:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ep: () => (/* binding */ packDigest),
/* harmony export */   FJ: () => (/* binding */ encodePackHeader),
/* harmony export */   HC: () => (/* binding */ packName),
/* harmony export */   LU: () => (/* binding */ decodePackHeader),
/* harmony export */   Ow: () => (/* binding */ packHeaderBytes),
/* harmony export */   P0: () => (/* binding */ packBytes),
/* harmony export */   RC: () => (/* binding */ MAX_PACK_HEADER_BYTES),
/* harmony export */   k0: () => (/* binding */ MAX_PACK_CHUNKS)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _oci_digest_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(62635);
/* harmony import */ var _layer_files_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(47124);
/* harmony import */ var _frame_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(23890);
/* harmony import */ var _policy_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(36913);
/* harmony import */ var _toc_file_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(26704);






const MAGIC = 'LZPHOTPK';
const VERSION = 1;
const PREFIX_SIZE = 4 + 4 + 8 + 3 * 32;
const BYTES_PER_CHUNK = 4 + 4;
const READS_KNOWN = 1;
const ANONYMOUS = 2;
const SUFFIX = '.hot';
const MAX_PACK_CHUNKS = 1024 * 1024;
const MAX_PACK_HEADER_BYTES = (0,_frame_js__WEBPACK_IMPORTED_MODULE_3__/* .frameSize */ .RV)(PREFIX_SIZE + MAX_PACK_CHUNKS * BYTES_PER_CHUNK);
function packName(digest) {
    return `${(0,_layer_files_js__WEBPACK_IMPORTED_MODULE_2__/* .folderName */ .ub)(digest)}${SUFFIX}`;
}
function packDigest(name) {
    return name.endsWith(SUFFIX) ? (0,_layer_files_js__WEBPACK_IMPORTED_MODULE_2__/* .folderDigest */ .DR)(name.slice(0, -SUFFIX.length)) : undefined;
}
function packHeaderBytes(count) {
    return (0,_frame_js__WEBPACK_IMPORTED_MODULE_3__/* .frameSize */ .RV)(PREFIX_SIZE + count * BYTES_PER_CHUNK);
}
function packBytes(tocFileBytes, sizes) {
    return packHeaderBytes(sizes.length) + tocFileBytes + sizes.reduce((sum, size) => sum + size, 0);
}
function encodePackHeader(header) {
    const { chunks, sizes } = header;
    const payload = Buffer.alloc(PREFIX_SIZE + chunks.length * BYTES_PER_CHUNK);
    payload.writeUInt32LE((header.readsKnown ? READS_KNOWN : 0) | (header.isAnonymous ? ANONYMOUS : 0), 0);
    payload.writeUInt32LE(chunks.length, 4);
    payload.writeBigUInt64LE(BigInt(header.tocFileBytes), 8);
    for (const [i, digest] of [header.digest, header.tocDigest, header.tocChecksum].entries()) {
        payload.write((0,_oci_digest_js__WEBPACK_IMPORTED_MODULE_1__/* .digestHex */ .sU)(digest), 16 + i * 32, 'hex');
    }
    for (const [i, column] of [chunks, sizes].entries()) {
        for (const [row, value] of column.entries())
            payload.writeUInt32LE(value, PREFIX_SIZE + (i * chunks.length + row) * 4);
    }
    return (0,_frame_js__WEBPACK_IMPORTED_MODULE_3__/* .encodeFrame */ .Yt)(MAGIC, VERSION, payload);
}
function decodePackHeader(bytes) {
    const payload = (0,_frame_js__WEBPACK_IMPORTED_MODULE_3__/* .decodeFrame */ .O2)(MAGIC, VERSION, bytes);
    const count = payload.length < PREFIX_SIZE ? -1 : payload.readUInt32LE(4);
    if (count > MAX_PACK_CHUNKS || payload.length !== PREFIX_SIZE + count * BYTES_PER_CHUNK) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`hot pack: ${payload.length} bytes of header do not hold ${count} chunks`);
    }
    const flags = payload.readUInt32LE(0);
    const tocFileBytes = Number(payload.readBigUInt64LE(8));
    if (flags > (READS_KNOWN | ANONYMOUS))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`hot pack: unknown flags ${flags}`);
    if (tocFileBytes > _toc_file_js__WEBPACK_IMPORTED_MODULE_5__/* .MAX_TOC_FILE_BYTES */ .VJ)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`hot pack: a toc file of ${tocFileBytes} bytes`);
    const digestAt = (i) => `sha256:${payload.toString('hex', 16 + i * 32, 48 + i * 32)}`;
    const column = (i) => Uint32Array.from({ length: count }, (_, row) => payload.readUInt32LE(PREFIX_SIZE + (i * count + row) * 4));
    const [chunks, sizes] = [column(0), column(1)];
    requirePossible(chunks, sizes);
    const digests = { digest: digestAt(0), tocDigest: digestAt(1), tocChecksum: digestAt(2) };
    const [readsKnown, isAnonymous] = [(flags & READS_KNOWN) !== 0, (flags & ANONYMOUS) !== 0];
    return { ...digests, readsKnown, isAnonymous, tocFileBytes, chunks, sizes };
}
function requirePossible(chunks, sizes) {
    const wrong = sizes.findIndex((size) => size === 0 || size > _policy_js__WEBPACK_IMPORTED_MODULE_4__/* .MAX_MEMBER_BYTES */ .yK);
    if (wrong >= 0)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`hot pack: chunk ${chunks[wrong]} of ${sizes[wrong]} bytes`);
    const sorted = chunks.toSorted();
    const twice = sorted.findIndex((chunk, i) => i > 0 && sorted[i - 1] === chunk);
    if (twice >= 0)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`hot pack: chunk ${sorted[twice]} is named twice`);
}


/***/ }),

/***/ 64994:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $4: () => (/* binding */ countPresent),
/* harmony export */   BY: () => (/* binding */ missingChunks),
/* harmony export */   Cc: () => (/* binding */ initialBitmap),
/* harmony export */   GG: () => (/* binding */ setChunk),
/* harmony export */   KQ: () => (/* binding */ hasChunk),
/* harmony export */   TL: () => (/* binding */ firstChunkEndingAfter),
/* harmony export */   bn: () => (/* binding */ emptyBitmap)
/* harmony export */ });
/* harmony import */ var _estargz_model_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(65233);

function emptyBitmap(count) {
    return new Int32Array(new SharedArrayBuffer(Math.ceil(count / 32) * 4));
}
function initialBitmap(table) {
    const bitmap = emptyBitmap(table.count);
    for (let chunk = 0; chunk < table.count; chunk++)
        if ((0,_estargz_model_js__WEBPACK_IMPORTED_MODULE_0__/* .isHole */ .$)(table, chunk))
            setChunk(bitmap, chunk);
    return bitmap;
}
function hasChunk(bitmap, index) {
    return (Atomics.load(bitmap, index >>> 5) & (1 << (index & 31))) !== 0;
}
function setChunk(bitmap, index) {
    const bit = 1 << (index & 31);
    return (Atomics.or(bitmap, index >>> 5, bit) & bit) === 0;
}
function firstChunkEndingAfter(presence, imageOffset) {
    let low = 0;
    let high = presence.count;
    while (low < high) {
        const middle = (low + high) >>> 1;
        if (presence.imageOffset[middle] + presence.size[middle] > imageOffset)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}
function missingChunks(presence, imageOffset, length) {
    const missing = [];
    const end = imageOffset + length;
    for (let chunk = firstChunkEndingAfter(presence, imageOffset); chunk < presence.count; chunk++) {
        if (presence.imageOffset[chunk] >= end)
            break;
        if (!hasChunk(presence.bitmap, chunk))
            missing.push(chunk);
    }
    return missing;
}
function countPresent(presence) {
    let chunks = 0;
    let bytes = 0;
    for (let chunk = 0; chunk < presence.count; chunk++) {
        if (!hasChunk(presence.bitmap, chunk))
            continue;
        chunks++;
        bytes += presence.size[chunk];
    }
    return { chunks, bytes };
}


/***/ })

};
