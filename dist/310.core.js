export const id = 310;
export const ids = [310];
export const modules = {

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

/***/ 80310:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runPolicy: () => (/* binding */ runPolicy)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: ./src/config.js + 1 modules
var config = __webpack_require__(35059);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/oci/reference.js
var oci_reference = __webpack_require__(38242);
// EXTERNAL MODULE: ./src/dockerfile/images.js + 7 modules
var dockerfile_images = __webpack_require__(35993);
// EXTERNAL MODULE: ./src/oci/platform.js
var oci_platform = __webpack_require__(46580);
;// CONCATENATED MODULE: ./src/policy/decide.js



const FRONTENDS = ['docker.io/docker/dockerfile', 'docker.io/docker/dockerfile-upstream'];
function demandsOf(builds) {
    const images = new Map();
    const frontends = new Set(FRONTENDS);
    const remarks = new Map();
    for (const build of builds) {
        const isOpen = build.platforms.length === 0;
        for (const platform of isOpen ? [(0,oci_platform/* hostPlatform */.ol)()] : build.platforms) {
            const found = (0,dockerfile_images/* imagesOf */.I)(build.dockerfile, optionsOf(build, platform));
            addUses(images, found, build.file, isOpen);
            const frontend = found.syntax && nameOf(found.syntax.image);
            if (frontend !== undefined)
                frontends.add(frontend);
            for (const remark of found.unresolved) {
                remarks.set(`${build.file}:${remark.line} ${remark.what}`, { file: build.file, ...remark });
            }
        }
    }
    return { images, frontends, remarks: [...remarks.values()] };
}
function optionsOf({ buildArgs, target, namedContexts }, platform) {
    const stage = target === undefined ? { everyStage: true } : { target };
    return { buildArgs, platform, buildPlatform: (0,oci_platform/* hostPlatform */.ol)(), namedContexts, ...stage };
}
function addUses(images, { uses }, file, isOpen) {
    for (const { reference, line, kind, platform } of uses) {
        const key = (0,oci_reference/* formatReference */.FH)((0,oci_reference/* parseReference */.F2)(reference));
        const fresh = { image: reference, places: [], platforms: new Map(), anyPlatform: false };
        const demand = images.get(key) ?? fresh;
        images.set(key, demand);
        const isKnown = demand.places.some((place) => place.file === file && place.line === line && place.kind === kind);
        if (!isKnown)
            demand.places.push({ file, line, kind });
        demand.platforms.set((0,oci_platform/* formatPlatform */.Bq)(platform), platform);
        demand.anyPlatform ||= isOpen;
    }
}
function nameOf(reference) {
    try {
        const { registry, repository } = (0,oci_reference/* parseReference */.F2)(reference);
        return `${registry}/${repository}`;
    }
    catch {
        return undefined;
    }
}
async function decide(demands, finder, signal) {
    return Promise.all([...demands.images.values()].map(async (demand) => ({
        image: (0,oci_reference/* familiarReference */.ZD)((0,oci_reference/* parseReference */.F2)(demand.image)),
        places: demand.places,
        outcome: demands.frontends.has(nameOf(demand.image) ?? '')
            ? kept('frontend', 'a frontend of BuildKit stays as it is')
            : outcomeOf(await variantsOf(demand, finder, signal), demand),
    })));
}
async function variantsOf(demand, finder, signal) {
    return Promise.all([...demand.platforms.values()].map((platform) => finder.find(demand.image, platform, signal)));
}
function outcomeOf(variants, { platforms, anyPlatform }) {
    const refused = variants.find((variant) => variant.status === 'none');
    if (refused !== undefined)
        return kept(refused.reason, refused.message);
    const found = variants.filter((variant) => variant.status === 'found');
    const [first] = found;
    if (first === undefined)
        return { result: 'lazy' };
    if (found.length < variants.length || found.some(({ digest }) => digest !== first.digest)) {
        return kept('platforms', `not one variant has all of ${[...platforms.keys()].join(', ')}`);
    }
    const missing = anyPlatform ? found.flatMap((variant) => variant.missing).map(oci_platform/* formatPlatform */.Bq) : [];
    const lacking = [...new Set(missing)].filter((platform) => !platforms.has(platform));
    if (lacking.length > 0)
        return kept('platforms', lacks(first.reference, lacking));
    return { result: 'replaced', variant: first.reference, source: first.source };
}
function lacks(variant, platforms) {
    const [name = variant] = variant.split('@');
    const some = platforms.slice(0, 5).join(', ') + (platforms.length > 5 ? ` and ${platforms.length - 5} more` : '');
    return `${name} lacks ${some}, and a policy can't tell platforms apart; say --platform if nothing is built for those`;
}
function kept(reason, message) {
    return { result: 'kept', reason, message };
}

;// CONCATENATED MODULE: ./src/policy/document.js

function policyDocument(replacements) {
    const rules = new Map();
    for (const { image, source, variant } of replacements) {
        for (const form of formsOf((0,oci_reference/* parseReference */.F2)(image), source)) {
            const identifier = `docker-image://${(0,oci_reference/* formatReference */.FH)(form)}`;
            const updates = { identifier: `docker-image://${variant}` };
            rules.set(identifier, { action: 'CONVERT', selector: { identifier, match_type: 'EXACT' }, updates });
        }
    }
    return { version: 1, rules: [...rules.values()] };
}
function formsOf({ registry, repository, tag, digest }, source) {
    const name = { registry, repository };
    const byDigest = { ...name, digest: source };
    if (digest !== undefined)
        return tag === undefined ? [byDigest] : [{ ...byDigest, tag }, byDigest];
    const tagged = { ...name, tag: tag ?? 'latest' };
    return [tagged, { ...tagged, digest: source }, byDigest];
}

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(57975);
;// CONCATENATED MODULE: ./src/policy/dockerfile-of.js


const REMOTE = /^(?:[a-z][a-z0-9+.-]*:\/\/|git@|github\.com\/|target:)/;
const FROM_FOLDER = 'cwd://';
function dockerfileOf(folder, { context, dockerfile = 'Dockerfile', inline }) {
    if (inline !== undefined)
        return { text: inline, file: '', inline: true };
    const isFromFolder = dockerfile.startsWith(FROM_FOLDER);
    if (REMOTE.test(context) && !isFromFolder)
        return { problem: `its context is not on this machine: ${context}` };
    const path = isFromFolder
        ? (0,external_node_path_.resolve)(folder, dockerfile.slice(FROM_FOLDER.length))
        : (0,external_node_path_.resolve)(folder, context, dockerfile);
    try {
        return { text: (0,external_node_fs_.readFileSync)(path, 'utf8'), file: (0,external_node_path_.relative)('', path), inline: false };
    }
    catch (error) {
        return { problem: `can't read ${(0,external_node_path_.relative)('', path)}: ${error.code ?? String(error)}` };
    }
}

;// CONCATENATED MODULE: ./src/policy/tables.js
function isTable(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function textOf(value) {
    return typeof value === 'string' ? value : undefined;
}
function textList(value) {
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
function textMap(value) {
    if (!isTable(value))
        return {};
    const scalars = Object.entries(value).filter(([, item]) => ['string', 'number', 'boolean'].includes(typeof item));
    return Object.fromEntries(scalars.map(([name, item]) => [name, String(item)]));
}

;// CONCATENATED MODULE: ./src/policy/bake.js




const PRINT = 'docker buildx bake --print | lazypull policy -';
function bakeBuilds(document, file, folder) {
    const builds = [];
    const remarks = [];
    const remark = (what) => void remarks.push({ file, line: undefined, what });
    const targets = (document['target'] ?? {});
    for (const [name, value] of Object.entries(targets)) {
        const target = value;
        if (isUnevaluated(target)) {
            remark(`target ${name} has variables, a matrix or inherits: use ${PRINT}`);
            continue;
        }
        const found = dockerfileOf(folder, {
            context: textOf(target['context']) ?? '.',
            dockerfile: textOf(target['dockerfile']),
            inline: textOf(target['dockerfile-inline']),
        });
        if ('problem' in found)
            remark(`target ${name}: ${found.problem}`);
        else
            builds.push({
                ...buildOf(target),
                file: found.inline ? `${file} (${name})` : found.file,
                dockerfile: found.text,
            });
    }
    return { builds, remarks };
}
function buildOf(target) {
    return {
        buildArgs: textMap(target['args']),
        platforms: textList(target['platforms']).flatMap((text) => platformOf(text)),
        target: textOf(target['target']),
        namedContexts: Object.keys(textMap(target['contexts'])),
    };
}
function platformOf(text) {
    try {
        return [(0,oci_platform/* parsePlatform */.Y8)(text)];
    }
    catch (error) {
        if (!(error instanceof errors/* FormatError */.IF))
            throw error;
        return [];
    }
}
function isUnevaluated(target) {
    if (target['inherits'] !== undefined || target['matrix'] !== undefined)
        return true;
    const { 'dockerfile-inline': _text, ...rest } = target;
    return /\$\{/.test(JSON.stringify(rest));
}

// EXTERNAL MODULE: ../../node_modules/yaml/dist/index.js
var dist = __webpack_require__(33483);
;// CONCATENATED MODULE: ./src/policy/compose.js




function composeBuilds(text, file, folder, variables) {
    const document = (0,dist/* parse */.qg)(text, { merge: true });
    const services = isTable(document) && isTable(document['services']) ? document['services'] : {};
    const builds = [];
    const remarks = [];
    if (isTable(document) && document['include'] !== undefined) {
        remarks.push({ file, line: undefined, what: 'it includes others: use docker compose config | lazypull policy -' });
    }
    for (const [name, raw] of Object.entries(services)) {
        const remark = (what) => void remarks.push({ file, line: undefined, what: `service ${name}: ${what}` });
        if (!isTable(raw))
            continue;
        if (raw['extends'] !== undefined)
            remark('it extends another: use docker compose config | lazypull policy -');
        if (raw['build'] === undefined)
            continue;
        const service = interpolated(raw, variables);
        const build = isTable(service['build']) ? service['build'] : { context: service['build'] };
        const found = dockerfileOf(folder, {
            context: textOf(build['context']) ?? '.',
            dockerfile: textOf(build['dockerfile']),
            inline: textOf(build['dockerfile_inline']),
        });
        if ('problem' in found)
            remark(found.problem);
        else {
            const shown = found.inline ? `${file} (${name})` : found.file;
            builds.push({ ...compose_buildOf(service, build, variables), file: shown, dockerfile: found.text });
        }
    }
    return { builds, remarks };
}
function compose_buildOf(service, build, variables) {
    const own = textOf(service['platform']);
    const platforms = textList(build['platforms']);
    const contexts = build['additional_contexts'];
    return {
        buildArgs: argsOf(build['args'], variables),
        platforms: (platforms.length === 0 && own !== undefined ? [own] : platforms).flatMap((text) => platformOf(text)),
        target: textOf(build['target']),
        namedContexts: isTable(contexts)
            ? Object.keys(contexts)
            : textList(contexts).map((item) => item.split('=', 1)[0] ?? ''),
    };
}
function argsOf(args, variables) {
    const table = isTable(args) ? textMap(args) : {};
    const names = isTable(args) ? Object.keys(args).filter((name) => args[name] === null) : [];
    for (const item of textList(args)) {
        const [, name = '', value] = /^([^=]*)(?:=([^]*))?$/.exec(item) ?? [];
        if (value === undefined)
            names.push(name);
        else
            table[name] = value;
    }
    for (const name of names) {
        const value = variables[name];
        if (value !== undefined)
            table[name] = value;
    }
    return table;
}
function interpolated(value, variables) {
    if (typeof value === 'string')
        return interpolate(value, variables);
    if (Array.isArray(value))
        return value.map((item) => interpolated(item, variables));
    if (!isTable(value))
        return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, interpolated(item, variables)]));
}
function interpolate(text, variables) {
    const pattern = /\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+?])((?:[^{}]|\{[^{}]*\})*))?\})/g;
    return text.replaceAll(pattern, (_, dollar, plain, braced, operator = '', word = '') => {
        if (dollar !== undefined)
            return '$';
        const value = variables[plain ?? braced ?? ''];
        const isSet = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
        if (operator.endsWith('+'))
            return isSet ? interpolate(word, variables) : '';
        if (operator.endsWith('-') && !isSet)
            return interpolate(word, variables);
        return value ?? '';
    });
}

;// CONCATENATED MODULE: ./src/policy/files.js







const BAKE_FILES = ['docker-bake.json', 'docker-bake.override.json'];
const HCL_FILES = ['docker-bake.hcl', 'docker-bake.override.hcl'];
const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const STDIN = 0;
const files_PRINT = 'docker buildx bake --print | lazypull policy -';
function buildsOf(paths, environment) {
    const found = (paths.length === 0 ? ['.'] : paths).map((path) => buildsAt(path, environment));
    return { builds: found.flatMap(({ builds }) => builds), remarks: found.flatMap(({ remarks }) => remarks) };
}
function buildsAt(path, environment) {
    if (path !== '-' && isFolder(path))
        return buildsInFolder(path, environment);
    const name = path === '-' ? 'standard input' : path;
    if (/\.hcl$/i.test(path))
        throw new errors/* UserError */.yo(`${path}: HCL is read by bake alone`, `Let bake evaluate it: ${files_PRINT}`);
    const text = readText(path, name);
    const folder = path === '-' ? '' : (0,external_node_path_.dirname)(path);
    const json = text.trimStart().startsWith('{') ? jsonOf(text, name) : undefined;
    if (json !== undefined && isTable(json['target']))
        return bakeBuilds(json, name, '');
    const isCompose = /\.ya?ml$/i.test(path) || (path === '-' && /^services:/m.test(text)) || json !== undefined;
    if (!isCompose)
        return dockerfileBuild(text, name);
    try {
        return composeBuilds(text, name, folder, { ...dotEnv(folder), ...environment });
    }
    catch (cause) {
        throw new errors/* UserError */.yo(`${name}: not YAML: ${cause instanceof Error ? cause.message : String(cause)}`, undefined, {
            cause,
        });
    }
}
function dockerfileBuild(text, file) {
    const build = { file, dockerfile: text, buildArgs: {}, platforms: [], target: undefined, namedContexts: [] };
    return { builds: [build], remarks: [] };
}
function buildsInFolder(folder, environment) {
    const at = (name) => (0,external_node_path_.relative)('', (0,external_node_path_.join)(folder, name)) || name;
    const isThere = (name) => (0,external_node_fs_.existsSync)((0,external_node_path_.join)(folder, name));
    const compose = COMPOSE_FILES.find(isThere);
    const names = [...['Dockerfile', ...BAKE_FILES].filter(isThere), ...(compose === undefined ? [] : [compose])];
    const hcl = HCL_FILES.filter(isThere);
    if (names.length === 0 && hcl.length === 0) {
        const looked = ['Dockerfile', ...BAKE_FILES, ...COMPOSE_FILES].join(', ');
        throw new errors/* UserError */.yo(`nothing to build in ${folder}`, `Name the files; without, these are looked for: ${looked}.`);
    }
    const found = names.map((name) => buildsAt(at(name), environment));
    return {
        builds: found.flatMap(({ builds }) => builds),
        remarks: [
            ...found.flatMap(({ remarks }) => remarks),
            ...hcl.map((name) => ({ file: at(name), line: undefined, what: `HCL is read by bake alone: ${files_PRINT}` })),
        ],
    };
}
function isFolder(path) {
    return (0,external_node_fs_.statSync)(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
function readText(path, name) {
    try {
        return (0,external_node_fs_.readFileSync)(path === '-' ? STDIN : path, 'utf8');
    }
    catch (cause) {
        const code = cause.code ?? String(cause);
        throw new errors/* UserError */.yo(`can't read ${name}: ${code}`, 'Name a Dockerfile, a bake file, a compose file or a folder.', {
            cause,
        });
    }
}
function jsonOf(text, name) {
    try {
        return JSON.parse(text);
    }
    catch (cause) {
        const what = cause instanceof Error ? cause.message : String(cause);
        throw new errors/* UserError */.yo(`${(0,external_node_path_.basename)(name)}: not JSON: ${what}`, undefined, { cause });
    }
}
function dotEnv(folder) {
    const path = (0,external_node_path_.join)(folder, '.env');
    return (0,external_node_fs_.existsSync)(path) && !isFolder(path) ? (0,external_node_util_.parseEnv)((0,external_node_fs_.readFileSync)(path, 'utf8')) : {};
}

// EXTERNAL MODULE: ./src/registry/client.js + 24 modules
var client = __webpack_require__(39204);
// EXTERNAL MODULE: ./src/registry/from-config.js
var from_config = __webpack_require__(93484);
// EXTERNAL MODULE: ./src/oci/annotations.js
var oci_annotations = __webpack_require__(73417);
// EXTERNAL MODULE: ./src/oci/toc-promise.js
var toc_promise = __webpack_require__(12981);
;// CONCATENATED MODULE: ./src/variants/judge.js




function entryFor({ manifest }, platform) {
    return manifest.kind === 'index' ? (0,oci_platform/* selectManifest */.yY)(manifest, platform) : undefined;
}
function isLazy(image) {
    const [lowest] = image.layers;
    return lowest !== undefined && (0,toc_promise/* hasPromise */.W4)((0,toc_promise/* tocPromiseOf */.PG)(lowest));
}
function judge(source, variant, image, platform) {
    const wanted = attempt(() => entryFor(source, platform));
    if ('reason' in wanted)
        return wanted;
    const has = attempt(() => entryFor(variant, platform));
    if ('reason' in has)
        return has;
    const [wantedName, hasName] = [judge_nameOf(wanted.entry), judge_nameOf(has.entry)];
    if (wantedName !== undefined && hasName !== undefined && wantedName !== hasName) {
        return { reason: 'platform', why: `is for ${hasName}, not for ${wantedName}` };
    }
    const whole = markOf(variant.manifest);
    const own = markOf(image);
    const isWhole = whole === source.digest;
    if (!isWhole && (own === undefined || own !== wanted.entry?.digest))
        return notTheSame(source.digest, whole ?? own);
    if (!isLazy(image))
        return { reason: 'not-lazy', why: 'has a lowest layer without a table of contents' };
    return { missing: missingPlatforms(source, isWhole ? variant : undefined, wanted.entry) };
}
function attempt(act) {
    try {
        return { entry: act() };
    }
    catch (error) {
        if (!(error instanceof errors/* LazypullError */.qB) || error.code !== 'NOT_FOUND')
            throw error;
        return { reason: 'platform', why: `has ${error.message}` };
    }
}
function notTheSame(source, mark) {
    if (mark === undefined)
        return { reason: 'unmarked', why: `has no annotation ${oci_annotations/* SOURCE_DIGEST */.Rc}: what it was made from is unknown` };
    return {
        reason: 'stale',
        why: `was made from ${mark.slice(0, 100)}, and the image is ${source} now: convert it again`,
    };
}
function markOf({ annotations }) {
    return annotations?.[oci_annotations/* SOURCE_DIGEST */.Rc];
}
function judge_nameOf(entry) {
    return entry?.platform === undefined ? undefined : (0,oci_platform/* formatPlatform */.Bq)((0,oci_platform/* normalizePlatform */.FL)(entry.platform));
}
function missingPlatforms(source, variant, chosen) {
    const there = new Set(variant === undefined ? [judge_nameOf(chosen)] : platformsOf(variant).map(oci_platform/* formatPlatform */.Bq));
    const isIndex = variant === undefined || variant.manifest.kind === 'index';
    if (!isIndex)
        there.add(judge_nameOf(chosen));
    return platformsOf(source).filter((platform) => !there.has((0,oci_platform/* formatPlatform */.Bq)(platform)));
}
function platformsOf({ manifest }) {
    const entries = manifest.kind === 'index' ? manifest.manifests.filter(oci_platform/* isRunnable */.iU) : [];
    return entries.flatMap(({ platform }) => (platform === undefined ? [] : [(0,oci_platform/* normalizePlatform */.FL)(platform)]));
}

;// CONCATENATED MODULE: ./src/variants/rules.js


const STAR = 'zz0star0zz';
const DEFAULT_TAG = 'latest';
function parsePattern(text) {
    if (text.includes(STAR))
        throw new errors/* FormatError */.IF(`not a pattern: ${JSON.stringify(text)}`);
    let parsed;
    try {
        parsed = (0,oci_reference/* parseReference */.F2)(text.replaceAll('*', STAR));
    }
    catch (error) {
        if (!(error instanceof errors/* FormatError */.IF))
            throw error;
        throw new errors/* FormatError */.IF(error.message.replaceAll(STAR, '*'), { cause: error });
    }
    const { registry, repository, tag, digest } = parsed;
    if (digest !== undefined)
        throw new errors/* FormatError */.IF(`a pattern has no digest: ${JSON.stringify(text)}`);
    const withStars = (part) => part.replaceAll(STAR, '*');
    const isAllOfHub = /^docker\.io\/\*(?::|$)/.test(text);
    const name = isAllOfHub ? 'docker.io/*' : withStars(`${registry}/${repository}`);
    return { name, tag: tag === undefined ? undefined : withStars(tag) };
}
function parseRule(from, to) {
    const rule = { from: parsePattern(from), to: parsePattern(to) };
    if (stars(rule.to) > stars(rule.from)) {
        throw new errors/* FormatError */.IF(`${JSON.stringify(to)} has more * than ${JSON.stringify(from)}: what should they be?`);
    }
    return rule;
}
function parseSuffix(text) {
    if (/^[\w.-]{1,60}$/.test(text))
        return text;
    throw new errors/* FormatError */.IF(`not the end of a tag: ${JSON.stringify(text)}; it is letters, digits, _ . and -, e.g. -esgz`);
}
function candidateOf(rules, image) {
    const name = `${image.registry}/${image.repository}`;
    const tag = image.tag ?? (image.digest === undefined ? DEFAULT_TAG : undefined);
    for (const { from, to } of rules.patterns) {
        const matched = matchPattern(from, name, tag);
        if (matched !== undefined)
            return filled(to, matched, tag, name);
    }
    const { suffix } = rules;
    if (suffix === undefined || tag === undefined)
        return undefined;
    return { registry: image.registry, repository: image.repository, tag: `${tag}${suffix}` };
}
function stars({ name, tag = '' }) {
    return `${name}:${tag}`.split('*').length - 1;
}
function matchPattern(from, name, tag) {
    const inName = matchStars(from.name, name);
    if (inName === undefined || from.tag === undefined)
        return inName;
    const inTag = tag === undefined ? undefined : matchStars(from.tag, tag);
    return inTag && [...inName, ...inTag];
}
function matchStars(pattern, text) {
    const source = pattern
        .split('*')
        .map((part) => part.replaceAll(/[^A-Za-z0-9_/]/g, '\\$&'))
        .join('(.+?)');
    return new RegExp(`^${source}$`).exec(text)?.slice(1);
}
function filled(to, matched, tag, own) {
    let next = 0;
    const fill = (part) => part.replaceAll('*', () => matched[next++] ?? '');
    const name = fill(to.name);
    const variantTag = to.tag === undefined ? tag : fill(to.tag);
    if (variantTag === undefined || (name === own && variantTag === tag))
        return undefined;
    try {
        return (0,oci_reference/* parseReference */.F2)(`${name}:${variantTag}`);
    }
    catch (error) {
        if (!(error instanceof errors/* FormatError */.IF))
            throw error;
        return undefined;
    }
}

;// CONCATENATED MODULE: ./src/variants/finder.js





const DEFAULT_CONCURRENCY = 4;
const DEFAULT_TIMEOUT_MS = 20_000;
class VariantFinder {
    #options;
    #answers = new Map();
    #documents = new Map();
    #waiting = [];
    #free;
    constructor(options) {
        this.#options = options;
        this.#free = options.concurrency ?? DEFAULT_CONCURRENCY;
    }
    async find(reference, platform, signal) {
        signal?.throwIfAborted();
        const image = parsed(reference);
        if (image === undefined)
            return none('failed', `${reference} is no image reference`);
        const candidate = candidateOf(this.#options.rules, image);
        if (candidate === undefined)
            return none('no-rule', noRule(image));
        const key = `${(0,oci_reference/* formatReference */.FH)(image)} ${(0,oci_platform/* formatPlatform */.Bq)((0,oci_platform/* normalizePlatform */.FL)(platform))}`;
        const known = this.#answers.get(key);
        if (known !== undefined)
            return known;
        const answer = this.#inTurn(() => this.#search(image, candidate, platform, signal));
        this.#answers.set(key, answer);
        answer.catch(() => this.#answers.delete(key));
        return answer;
    }
    async #inTurn(act) {
        if (this.#free > 0)
            this.#free--;
        else
            await new Promise((resolve) => void this.#waiting.push(resolve));
        try {
            return await act();
        }
        finally {
            const next = this.#waiting.shift();
            if (next === undefined)
                this.#free++;
            else
                next();
        }
    }
    async #search(image, candidate, platform, signal) {
        const timeout = AbortSignal.timeout(this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
        const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
        try {
            const source = await this.#document(image, either);
            const variant = await this.#variant(source, candidate, platform, either);
            if (variant.status === 'found' || !(await this.#isLazyItself(image, source, platform, either)))
                return variant;
            return { status: 'lazy', source: source.digest };
        }
        catch (error) {
            signal?.throwIfAborted();
            if (timeout.aborted)
                return none('failed', `${(0,oci_reference/* familiarReference */.ZD)(image)}: its registry did not answer in time`);
            if (!(error instanceof errors/* LazypullError */.qB))
                throw error;
            return none('failed', `${(0,oci_reference/* familiarReference */.ZD)(image)} can't be looked at: ${(0,errors/* describeError */.Uc)(error)}`);
        }
    }
    async #variant(source, candidate, platform, signal) {
        const name = (0,oci_reference/* familiarReference */.ZD)(candidate);
        try {
            const variant = await this.#document(candidate, signal);
            const verdict = judge(source, variant, await this.#image(candidate, variant, platform, signal), platform);
            if ('reason' in verdict)
                return none(verdict.reason, `${name} ${verdict.why}`);
            const { digest } = variant;
            const reference = (0,oci_reference/* formatReference */.FH)({ ...candidate, digest });
            return { status: 'found', reference, digest, source: source.digest, missing: verdict.missing };
        }
        catch (error) {
            if (!(error instanceof errors/* LazypullError */.qB))
                throw error;
            if (error.code === 'NOT_FOUND')
                return none('platform', `${name} has ${error.message}`);
            if (error instanceof errors/* RegistryError */.gl && error.status === 404)
                return none('absent', `there is no ${name}`);
            return none('failed', `${name} can't be looked at: ${(0,errors/* describeError */.Uc)(error)}${hintFor(error)}`);
        }
    }
    async #isLazyItself(image, source, platform, signal) {
        try {
            return isLazy(await this.#image(image, source, platform, signal));
        }
        catch (error) {
            if (error instanceof errors/* LazypullError */.qB)
                return false;
            throw error;
        }
    }
    async #image(name, document, platform, signal) {
        const entry = entryFor(document, platform);
        const { manifest } = entry === undefined ? document : await this.#document({ ...name, digest: entry.digest }, signal);
        if (manifest.kind === 'image')
            return manifest;
        throw new errors/* FormatError */.IF('an index in an index');
    }
    #document(reference, signal) {
        const key = (0,oci_reference/* formatReference */.FH)(reference);
        const known = this.#documents.get(key);
        if (known !== undefined)
            return known;
        const document = this.#options.registry
            .fetchManifest(reference, {}, signal)
            .then(({ descriptor, manifest }) => ({ digest: descriptor.digest, manifest }));
        this.#documents.set(key, document);
        document.catch(() => this.#documents.delete(key));
        return document;
    }
}
function parsed(reference) {
    try {
        return (0,oci_reference/* parseReference */.F2)(reference);
    }
    catch (error) {
        if (!(error instanceof errors/* FormatError */.IF))
            throw error;
        return undefined;
    }
}
function noRule(image) {
    const name = (0,oci_reference/* familiarReference */.ZD)(image);
    return image.tag === undefined && image.digest !== undefined
        ? `no rule names a variant of ${name}, which has no tag to find one by`
        : `no rule names a variant of ${name}`;
}
function hintFor(error) {
    const isPrivate = error instanceof errors/* RegistryError */.gl && (error.status === 401 || error.status === 403);
    return isPrivate ? '; is it there, and did "docker login" give access to it?' : '';
}
function none(reason, message) {
    return { status: 'none', reason, message };
}

// EXTERNAL MODULE: ../../node_modules/smol-toml/dist/index.js + 8 modules
var smol_toml_dist = __webpack_require__(20528);
// EXTERNAL MODULE: ./src/config/lines.js
var lines = __webpack_require__(84003);
;// CONCATENATED MODULE: ./src/variants/mapping.js





const KEYS = new Set(['suffix', 'variants']);
function readMapping(path) {
    let text;
    try {
        text = (0,external_node_fs_.readFileSync)(path, 'utf8');
    }
    catch (cause) {
        const code = cause.code ?? String(cause);
        throw new errors/* UserError */.yo(`can't read the mapping ${path}: ${code}`, 'Check the path after --mapping.', { cause });
    }
    return parseMapping(text, path);
}
function parseMapping(text, where) {
    const isJson = text.trimStart().startsWith('{');
    const document = isJson ? mapping_jsonOf(text, where) : tomlOf(text, where);
    const at = (path) => {
        const line = isJson ? undefined : (0,lines/* lineOf */.c)(text, path);
        return line === undefined ? where : `${where}:${line}`;
    };
    for (const key of Object.keys(document)) {
        if (!KEYS.has(key))
            throw wrong(`${at(key)}: unknown key ${key}`);
    }
    const { suffix, variants = {} } = document;
    if (suffix !== undefined && typeof suffix !== 'string')
        throw wrong(`${at('suffix')}: suffix is no text`);
    if (!mapping_isTable(variants))
        throw wrong(`${at('variants')}: variants is no table`);
    return {
        patterns: Object.entries(variants).map(([from, to]) => ruleOf(from, to, at(`variants.${from}`))),
        suffix: suffix === undefined || suffix === '' ? undefined : checked(at('suffix'), () => parseSuffix(suffix)),
    };
}
function ruleOf(from, to, where) {
    if (typeof to !== 'string')
        throw wrong(`${where}: the variant of ${from} is no text`);
    return checked(where, () => parseRule(from, to));
}
function checked(where, act) {
    try {
        return act();
    }
    catch (error) {
        if (!(error instanceof errors/* FormatError */.IF))
            throw error;
        throw wrong(`${where}: ${error.message}`, error);
    }
}
function wrong(message, cause) {
    const example = '"docker.io/library/*" = "ghcr.io/ORG/mirror/*"';
    return new errors/* UserError */.yo(message, `A mapping has "suffix" and [variants], with lines like: ${example}`, { cause });
}
function tomlOf(text, where) {
    try {
        return (0,smol_toml_dist/* parse */.qg)(text);
    }
    catch (error) {
        if (!(error instanceof smol_toml_dist/* TomlError */.zx))
            throw error;
        throw wrong(`${where}:${error.line}:${error.column}: not TOML: ${error.message.split('\n')[0] ?? ''}`, error);
    }
}
function mapping_jsonOf(text, where) {
    try {
        return JSON.parse(text);
    }
    catch (error) {
        throw wrong(`${where}: not JSON: ${error instanceof Error ? error.message : String(error)}`, error);
    }
}
function mapping_isTable(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

// EXTERNAL MODULE: ./src/version.js
var version = __webpack_require__(24493);
// EXTERNAL MODULE: ./src/cli/flag-values.js
var flag_values = __webpack_require__(92243);
// EXTERNAL MODULE: ./src/cli/interrupts.js
var cli_interrupts = __webpack_require__(7738);
// EXTERNAL MODULE: ./src/cli/format.js
var format = __webpack_require__(97093);
;// CONCATENATED MODULE: ./src/cli/policy-text.js

function policyLines({ decisions, remarks, output }) {
    const lines = decisions.map(({ image, places, outcome }) => {
        const [first] = places;
        const more = places.length > 1 ? ` and ${(0,format/* plural */.LS)(places.length - 1, 'more place')}` : '';
        const where = first === undefined ? '' : `${first.file}:${first.line}${more}: `;
        return (0,format/* printable */.g$)(`${where}${image}: ${sentence(outcome)}`);
    });
    for (const { file, line, what } of remarks) {
        lines.push((0,format/* printable */.g$)(`${file}${line === undefined ? '' : `:${line}`}: not looked at: ${what}`));
    }
    const replaced = decisions.filter(({ outcome }) => outcome.result === 'replaced').length;
    const target = output === undefined ? '' : `; written to ${(0,format/* printable */.g$)(output)}`;
    return [...lines, `${replaced} of ${(0,format/* plural */.LS)(decisions.length, 'image')} replaced${target}`];
}
function sentence(outcome) {
    if (outcome.result === 'replaced')
        return `replaced by ${outcome.variant}`;
    if (outcome.result === 'lazy')
        return 'lazily pullable as it is';
    return `used as it is: ${outcome.message}`;
}

;// CONCATENATED MODULE: ./src/cli/policy-command.js
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
















async function runPolicy(paths, flags) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const rules = rulesOf(flags);
        const { builds, remarks } = buildsOf(paths, process.env);
        const demands = demandsOf(builds.map((build) => withFlags(build, flags)));
        const interrupts = __addDisposableResource(env_1, new cli_interrupts/* Interrupts */.$(), false);
        const registry = __addDisposableResource(env_1, openRegistry(flags, demands, rules), true);
        const decisions = await decide(demands, new VariantFinder({ registry, rules }), interrupts.abort);
        const policy = policyDocument(decisions.flatMap(replacementOf));
        const output = (0,flag_values/* textFlag */.gx)(flags, 'output');
        if (output !== undefined)
            writePolicy(output, policy);
        report({ decisions, remarks: [...remarks, ...demands.remarks], policy, output }, flags['json'] === true);
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
function rulesOf(flags) {
    const mapping = (0,flag_values/* textFlag */.gx)(flags, 'mapping');
    const suffix = (0,flag_values/* textFlag */.gx)(flags, 'suffix');
    if (mapping === undefined && suffix === undefined) {
        throw new errors/* UserError */.yo('nothing says where variants are', 'Give --mapping FILE, --suffix -esgz, or both.');
    }
    const rules = mapping === undefined ? { patterns: [], suffix: undefined } : readMapping(mapping);
    return suffix === undefined ? rules : { ...rules, suffix: suffixOf(suffix) };
}
function suffixOf(text) {
    try {
        return parseSuffix(text);
    }
    catch (cause) {
        if (!(cause instanceof errors/* FormatError */.IF))
            throw cause;
        throw new errors/* UserError */.yo(`--suffix is ${cause.message}`, undefined, { cause });
    }
}
function withFlags(build, flags) {
    const platforms = (0,flag_values/* listFlag */.v6)(flags, 'platform').map((text) => (0,flag_values/* parsePlatformFlag */.RS)(text));
    const target = (0,flag_values/* textFlag */.gx)(flags, 'target');
    return {
        ...build,
        buildArgs: { ...build.buildArgs, ...buildArgsOf(flags) },
        ...(platforms.length === 0 ? {} : { platforms }),
        ...(target === undefined ? {} : { target }),
    };
}
function buildArgsOf(flags) {
    const pairs = (0,flag_values/* listFlag */.v6)(flags, 'buildArg').map((text) => {
        const [, name = '', value] = /^([^=]*)(?:=([^]*))?$/.exec(text) ?? [];
        if (name === '')
            throw new errors/* UserError */.yo(`--build-arg wants NAME=VALUE, got ${JSON.stringify(text)}`);
        return [name, value ?? process.env[name]];
    });
    return Object.fromEntries(pairs.filter((pair) => pair[1] !== undefined));
}
function openRegistry(flags, { images }, rules) {
    const { registry } = (0,config/* loadConfig */.Z9)((0,flag_values/* textFlag */.gx)(flags, 'config')).config;
    const named = [...images.keys()].map((key) => (0,oci_reference/* parseReference */.F2)(key));
    const own = named.flatMap((image) => [image.registry, candidateOf(rules, image)?.registry ?? []].flat());
    const plainHttpHosts = flags['plainHttp'] === true ? [...registry.plainHttpHosts, ...own] : registry.plainHttpHosts;
    return new client/* RegistryClient */.b((0,from_config/* registryOptions */._)({ ...registry, plainHttpHosts }, `lazypull/${version/* version */.r}`));
}
function replacementOf({ image, outcome }) {
    return outcome.result === 'replaced' ? [{ image, source: outcome.source, variant: outcome.variant }] : [];
}
function writePolicy(path, policy) {
    const temporary = `${path}.${process.pid}.tmp`;
    try {
        (0,external_node_fs_.writeFileSync)(temporary, `${JSON.stringify(policy, undefined, 2)}\n`);
        (0,external_node_fs_.renameSync)(temporary, path);
    }
    catch (cause) {
        const code = cause.code ?? String(cause);
        throw new errors/* UserError */.yo(`can't write ${path}: ${code}`, 'Check the path after --output.', { cause });
    }
}
function report({ policy, ...rest }, json) {
    if (json) {
        process.stdout.write(`${JSON.stringify({ ...rest, policy }, undefined, 2)}\n`);
        return;
    }
    const lines = `${policyLines(rest).join('\n')}\n`;
    if (rest.output !== undefined)
        process.stdout.write(lines);
    else {
        process.stderr.write(lines);
        process.stdout.write(`${JSON.stringify(policy, undefined, 2)}\n`);
    }
}


/***/ }),

/***/ 12981:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   PG: () => (/* binding */ tocPromiseOf),
/* harmony export */   W4: () => (/* binding */ hasPromise),
/* harmony export */   WB: () => (/* binding */ tocTailOf)
/* harmony export */ });
/* harmony import */ var _digest_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(62635);
/* harmony import */ var _annotations_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(73417);


function hasPromise({ tocDigest, tocChecksum }) {
    return tocDigest !== undefined || tocChecksum !== undefined;
}
function tocPromiseOf({ annotations }) {
    const digestAt = (key) => {
        const text = annotations?.[key];
        return text !== undefined && (0,_digest_js__WEBPACK_IMPORTED_MODULE_0__/* .isDigest */ .Bc)(text) ? text : undefined;
    };
    const tocDigest = digestAt(_annotations_js__WEBPACK_IMPORTED_MODULE_1__/* .TOC_DIGEST */ .Ie);
    if (tocDigest !== undefined)
        return { tocDigest };
    const keys = [_annotations_js__WEBPACK_IMPORTED_MODULE_1__/* .CONTAINERS_MANIFEST_CHECKSUM */ .vy, _annotations_js__WEBPACK_IMPORTED_MODULE_1__/* .LAZYPULL_TOC_CHECKSUM */ .bh, _annotations_js__WEBPACK_IMPORTED_MODULE_1__/* .ZSTD_MANIFEST_CHECKSUM */ .aE];
    const tocChecksum = keys.map(digestAt).find((digest) => digest !== undefined);
    return tocChecksum === undefined ? {} : { tocChecksum };
}
function tocTailOf({ annotations, size }) {
    const position = annotations?.[_annotations_js__WEBPACK_IMPORTED_MODULE_1__/* .CONTAINERS_MANIFEST_POSITION */ .B7] ?? annotations?.[_annotations_js__WEBPACK_IMPORTED_MODULE_1__/* .ZSTD_MANIFEST_POSITION */ .Qh];
    const offset = /^(\d{1,15}):/.exec(position ?? '')?.[1];
    return offset === undefined || Number(offset) >= size ? undefined : size - Number(offset);
}


/***/ })

};
