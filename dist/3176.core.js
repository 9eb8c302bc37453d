export const id = 3176;
export const ids = [3176];
export const modules = {

/***/ 83176:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  main: () => (/* binding */ main)
});

// EXTERNAL MODULE: ../../node_modules/@actions/core/lib/core.js + 7 modules
var core = __webpack_require__(32322);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./action/cache.js + 10 modules
var action_cache = __webpack_require__(72698);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./src/version.js
var version = __webpack_require__(24493);
// EXTERNAL MODULE: ./action/control.js
var control = __webpack_require__(62346);
// EXTERNAL MODULE: ../../node_modules/smol-toml/dist/index.js + 8 modules
var dist = __webpack_require__(20528);
// EXTERNAL MODULE: ./src/config.js + 1 modules
var src_config = __webpack_require__(35059);
// EXTERNAL MODULE: ./action/state.js
var state = __webpack_require__(43322);
;// CONCATENATED MODULE: ./action/daemon-config.js




const OURS = ['root', 'state_dir', 'snapshotter', 'control'];
const GIB = 2 ** 30;
function daemonConfig(parts) {
    const { text, where, inputs, docker, env } = parts;
    (0,src_config/* resolveConfig */.pE)(text, where);
    const user = (0,dist/* parse */.qg)(text);
    const replaced = OURS.filter((key) => key in user);
    const registry = tableOf(user['registry']);
    const level = debugging(env) && inputs.logLevel !== 'trace' ? 'debug' : inputs.logLevel;
    const config = {
        ...user,
        root: state/* Place */.YR.ROOT,
        state_dir: state/* Place */.YR.STATE_DIR,
        control: { socket: state/* Place */.YR.CONTROL },
        log: { format: 'text', ...tableOf(user['log']), ...(level === 'info' && 'log' in user ? {} : { level }) },
        cache: { size_limit: cacheLimit(parts.freeBytes), ...tableOf(user['cache']) },
        prefetch: { ...tableOf(user['prefetch']), ...(inputs.prefetch ? {} : { enabled: false }) },
        registry: {
            docker_config: dockerConfigPath(env),
            ...registry,
            mirrors: mergeMirrors(inputs.registryMirrors, tableOf(registry['mirrors']), { 'docker.io': docker.mirrors }),
            plain_http_hosts: unique([...listOf(registry['plain_http_hosts']), ...docker.insecure]),
        },
        snapshotter: Object.entries(state/* CONSUMERS */.CD).map(([name, socket]) => ({ name, socket })),
    };
    const made = `# Made by the lazypull action for this job.\n${(0,dist/* stringify */.As)(config)}`;
    (0,src_config/* resolveConfig */.pE)(made, 'the inputs of this step');
    return { text: made, replaced };
}
function debugging(env) {
    return env['RUNNER_DEBUG'] === '1';
}
function dockerConfigPath(env) {
    return (0,external_node_path_.join)(env['DOCKER_CONFIG'] || (0,external_node_path_.join)(env['HOME'] || '/root', '.docker'), 'config.json');
}
function cacheLimit(freeBytes) {
    return `${Math.max(1, Math.floor(freeBytes / 2 / GIB))}GiB`;
}
function mergeMirrors(...tables) {
    const hosts = unique(tables.flatMap((table) => Object.keys(table)));
    const merged = hosts.map((host) => [
        host,
        unique(tables.flatMap((table) => listOf(table[host])).map((url) => (/^https?:\/\//.test(url) ? url : `https://${url}`))),
    ]);
    return Object.fromEntries(merged.filter(([, urls]) => urls !== undefined && urls.length > 0));
}
function tableOf(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
function listOf(value) {
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
function unique(items) {
    return [...new Set(items)];
}
const PASSED = /^(PATH|HOME|LANG|TZ|DOCKER_CONFIG|(https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|XDG_\w+_HOME|AWS_\w+|AZURE_\w+|GOOGLE_\w+|CLOUDSDK_\w+)$/i;
function daemonEnvironment(env) {
    const passed = Object.entries(env).flatMap(([name, value]) => value !== undefined && PASSED.test(name) ? [[name, value]] : []);
    return Object.fromEntries(passed);
}

;// CONCATENATED MODULE: ./action/docker-settings.js
const DOCKER_DAEMON_JSON = '/etc/docker/daemon.json';
async function readDockerSettings(host) {
    return parseDockerSettings((await host.read(DOCKER_DAEMON_JSON)) ?? '{}');
}
function parseDockerSettings(text) {
    const fields = parseFields(text);
    return {
        mirrors: textsOf(fields['registry-mirrors']).flatMap((url) => (URL.canParse(url) ? [url] : [])),
        insecure: textsOf(fields['insecure-registries']).filter((host) => /^[\w.-]+(:\d+)?$/.test(host)),
    };
}
function parseFields(text) {
    try {
        const value = JSON.parse(text);
        return typeof value === 'object' && value !== null ? { ...value } : {};
    }
    catch {
        return {};
    }
}
function textsOf(value) {
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

;// CONCATENATED MODULE: ./action/job.js
function jobOf(env) {
    return ['GITHUB_RUN_ID', 'GITHUB_RUN_ATTEMPT', 'GITHUB_JOB', 'RUNNER_TRACKING_ID']
        .map((name) => env[name] ?? '')
        .join('/');
}

// EXTERNAL MODULE: ./action/lazypull-command.js
var lazypull_command = __webpack_require__(3962);
// EXTERNAL MODULE: ./action/process.js
var action_process = __webpack_require__(25426);
;// CONCATENATED MODULE: ./action/daemon.js











const DAEMON_SERVICE = 'lazypull-action-daemon';
const OWNER_PATH = `${state/* Place */.YR.FOLDER}/owner.json`;
async function startDaemon(context) {
    const { host, info } = context;
    const config = await makeConfig(context);
    const found = await findDaemon(context);
    if (found !== undefined) {
        info(`A daemon answers already: lazypull ${found.version}. It is used as it is.`);
        return found;
    }
    return await startOwn(context, config, await daemonProgram(host, context));
}
function obstacleOfDaemon({ tier, tierReason, }) {
    if (tier !== 'D')
        return undefined;
    return {
        reason: `this machine can't mount layers lazily: ${tierReason}`,
        remedy: 'Use a runner whose kernel has EROFS and FUSE, e.g. ubuntu-24.04; on your own: modprobe -a erofs fuse loop.',
    };
}
async function daemonProgram(host, { inputs, program = (0,lazypull_command/* lazypullCommand */.j)() }) {
    const [node = '', entry = ''] = program;
    if (inputs.cleanup || !entry.endsWith('.js'))
        return program;
    const target = (0,external_node_path_.join)(state/* Place */.YR.ROOT, 'program', version/* version */.r);
    const fresh = `${target}.new`;
    await host.remove(fresh);
    await host.run(['mkdir', '-p', fresh], { root: true });
    await host.copy((0,external_node_path_.dirname)(entry), (0,external_node_path_.join)(fresh, 'dist'));
    await host.copy(node, (0,external_node_path_.join)(fresh, 'node'));
    await host.run(['chown', '-R', '0:0', fresh], { root: true });
    await host.remove(target);
    await host.run(['mv', fresh, target], { root: true });
    return [(0,external_node_path_.join)(target, 'node'), (0,external_node_path_.join)(target, 'dist', (0,external_node_path_.basename)(entry)), ...program.slice(2)];
}
async function makeConfig(context) {
    const { host, inputs, env, notice } = context;
    const { text, where } = await userConfig(inputs, env);
    const docker = await readDockerSettings(host);
    const made = daemonConfig({ text, where, inputs, docker, env, freeBytes: await freeBytes() });
    if (made.replaced.length > 0) {
        notice(`${where}: ${made.replaced.join(', ')} can't be set for the action, which has its own places. Left out.`);
    }
    return made.text;
}
async function userConfig(inputs, env) {
    if (inputs.config === '')
        return { text: inputs.configInline, where: "input 'config-inline'" };
    const path = (0,external_node_path_.resolve)(env['GITHUB_WORKSPACE'] ?? '.', inputs.config);
    try {
        return { text: await (0,promises_.readFile)(path, 'utf8'), where: `input 'config': ${inputs.config}` };
    }
    catch (error) {
        const { code } = error;
        throw new errors/* UserError */.yo(`input 'config': can't read ${path} (${code ?? 'failed'})`, 'Check the path, and that actions/checkout comes before this step.', { cause: error });
    }
}
async function freeBytes() {
    for (const path of [state/* Place */.YR.ROOT, (0,external_node_path_.dirname)(state/* Place */.YR.ROOT), '/']) {
        const stats = await (0,promises_.statfs)(path).catch(() => undefined);
        if (stats !== undefined)
            return stats.bavail * stats.bsize;
    }
    return 0;
}
async function findDaemon({ host, env, program }) {
    const status = await (0,control/* daemonStatus */.z)(host, program === undefined ? {} : { program });
    if (status === undefined)
        return undefined;
    const owner = parseOwner(await host.read(OWNER_PATH));
    if (owner !== undefined && owner.cleanup && owner.job !== jobOf(env))
        return undefined;
    return { owner: false, ...factsOf(status) };
}
async function startOwn(context, config, program) {
    const { host, journal, inputs, env, signal } = context;
    journal.note({ kind: 'remove', path: state/* Place */.YR.FOLDER });
    const removeStateDir = { kind: 'remove', path: state/* Place */.YR.STATE_DIR };
    const hadStateDir = await host.exists(state/* Place */.YR.STATE_DIR);
    if (!hadStateDir)
        journal.note(removeStateDir);
    const mark = journal.mark();
    const owner = { job: jobOf(env), cleanup: inputs.cleanup };
    await Promise.all([
        host.write(OWNER_PATH, `${JSON.stringify(owner)}\n`),
        host.write(state/* Place */.YR.CONFIG, config),
        host.remove(state/* Place */.YR.LOG),
    ]);
    let status;
    await (0,action_process/* startService */.iL)(host, journal, {
        name: DAEMON_SERVICE,
        command: [...program, 'daemon', '--config', state/* Place */.YR.CONFIG],
        env: daemonEnvironment(env),
        logPath: state/* Place */.YR.LOG,
        notify: true,
        restart: true,
        ready: async () => {
            status = await (0,control/* daemonStatus */.z)(host, { program });
            return status !== undefined;
        },
        signal,
    });
    if (status === undefined)
        throw new Error('ready without a status');
    if (hadStateDir)
        for (const step of [removeStateDir, ...journal.take(mark).toReversed()])
            journal.note(step);
    return { owner: true, ...factsOf(status) };
}
function factsOf(status) {
    const { version, tier, tierReason, consumers } = status;
    return {
        version,
        tier,
        tierReason,
        sockets: Object.fromEntries(consumers.map(({ name, socket }) => [name, socket])),
    };
}
function parseOwner(text) {
    try {
        const { job, cleanup } = JSON.parse(text ?? '');
        return typeof job === 'string' && typeof cleanup === 'boolean' ? { job, cleanup } : undefined;
    }
    catch {
        return undefined;
    }
}

// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(77030);
;// CONCATENATED MODULE: ./action/engine/buildkit-config.js


const BuildkitPlace = {
    CONFIG: '/run/lazypull-action/buildkitd.toml',
    SOCKET: '/run/lazypull-action/buildkitd.sock',
    OTEL: '/run/lazypull-action/buildkitd-otel.sock',
    LOG: '/run/lazypull-action/buildkitd.log',
    ROOT: '/var/lib/lazypull-buildkit',
};
function buildkitConfig(parts) {
    const { job, gid, runc, debug } = parts;
    const config = {
        debug,
        root: BuildkitPlace.ROOT,
        'insecure-entitlements': ['security.insecure', 'network.host'],
        grpc: { address: [`unix://${BuildkitPlace.SOCKET}`], uid: 0, gid },
        otel: { socketPath: BuildkitPlace.OTEL },
        worker: {
            oci: {
                enabled: true,
                snapshotter: 'stargz',
                proxySnapshotterPath: state/* CONSUMERS */.CD.buildkit,
                binary: runc,
                networkMode: 'auto',
                gc: true,
            },
            containerd: { enabled: false },
        },
        registry: registries(parts),
    };
    return `# Made by the lazypull action for ${JSON.stringify(job)}.\n${(0,dist/* stringify */.As)(config)}`;
}
function registries({ mirrors, plainHttp }) {
    const tables = new Map();
    const tableOf = (host) => {
        const table = tables.get(host) ?? {};
        tables.set(host, table);
        return table;
    };
    for (const [host, urls] of Object.entries(mirrors)) {
        const parsed = urls.map((url) => new URL(url));
        if (parsed.length > 0)
            tableOf(host).mirrors = parsed.map((url) => `${url.host}${url.pathname.replace(/\/$/, '')}`);
        for (const { protocol, host: mirror } of parsed)
            if (protocol === 'http:')
                tableOf(mirror).http = true;
    }
    for (const host of plainHttp)
        tableOf(host).http = true;
    return Object.fromEntries(tables);
}

// EXTERNAL MODULE: ./action/engine/buildkit-program.js
var buildkit_program = __webpack_require__(60245);
;// CONCATENATED MODULE: ./action/engine/buildx.js

const BUILDER = 'lazypull';
const TIMEOUT_MS = 30_000;
const LOAD = ['--driver-opt', 'default-load=true'];
const REMOVE = [
    'sh',
    '-c',
    'docker buildx inspect "$1" >/dev/null 2>&1 || exit 0; exec docker buildx rm --force "$1"',
    'sh',
    BUILDER,
];
async function useBuilder(host, journal, options) {
    const { endpoint, load, reuse } = options;
    const before = await inspect(host, BUILDER);
    if (before !== undefined) {
        requireOurs(before, endpoint);
        if (reuse && (await boots(host)))
            return;
        await host.run(buildx('rm', '--force', BUILDER), { timeoutMs: TIMEOUT_MS });
    }
    const current = await inspect(host);
    if (current !== undefined && current.name !== 'default' && current.name !== BUILDER)
        journal.note({ kind: 'command', command: buildx('use', current.name), root: false });
    journal.note({ kind: 'command', command: REMOVE, root: false });
    if (load) {
        const made = await host.try(create(endpoint, LOAD), { timeoutMs: TIMEOUT_MS });
        if (made.status === 0 && (await boots(host)))
            return;
        await host.try(buildx('rm', '--force', BUILDER), { timeoutMs: TIMEOUT_MS });
    }
    await host.run(create(endpoint, []), { timeoutMs: TIMEOUT_MS });
    await host.run(buildx('inspect', '--bootstrap', BUILDER), { timeoutMs: TIMEOUT_MS });
}
function create(endpoint, more) {
    return buildx('create', '--name', BUILDER, '--driver', 'remote', ...more, '--use', endpoint);
}
async function boots(host) {
    return (await host.try(buildx('inspect', '--bootstrap', BUILDER), { timeoutMs: TIMEOUT_MS })).status === 0;
}
async function inspect(host, name) {
    const command = buildx('inspect', ...(name === undefined ? [] : [name]));
    const { stdout } = await host.try(command, { env: { BUILDX_BUILDER: '' }, timeoutMs: TIMEOUT_MS });
    return parseBuilder(stdout);
}
function parseBuilder(text) {
    const [, name] = /^Name:\s+(\S+)$/m.exec(text) ?? [];
    if (name === undefined)
        return undefined;
    return { name, endpoints: [...text.matchAll(/^Endpoint:\s+(\S+)$/gm)].map(([, endpoint = '']) => endpoint) };
}
function requireOurs({ endpoints }, endpoint) {
    if (endpoints.length === 1 && endpoints[0] === endpoint)
        return;
    throw new errors/* UserError */.yo(`there is a builder '${BUILDER}' already, for ${endpoints.join(', ') || 'nothing'}`, `Give it another name, or remove it: docker buildx rm ${BUILDER}`);
}
function buildx(...args) {
    return ['docker', 'buildx', ...args];
}

;// CONCATENATED MODULE: ./action/engine/buildkit.js













const BUILDKIT_SERVICE = 'lazypull-action-buildkitd';
const SBIN = ['/usr/local/sbin', '/usr/sbin', '/sbin'];
const DOCKER_RUNC = '/usr/libexec/docker/runc';
const setUpBuildkit = (context) => setUpBuildkitOf(context, buildkit_program/* BUILDKIT */.Dt);
async function setUpBuildkitOf(context, release) {
    const { host, facts, journal, info } = context;
    await requireParts(context);
    const buildkitd = facts.buildkitd ?? (await (0,buildkit_program/* downloadBuildkitd */.TC)(facts.arch, release));
    const runc = await findRunc(buildkitd, process.env);
    const text = buildkitConfig({ ...(await registryParts(context)), ...whoParts(), runc });
    const runs = (await host.read(BuildkitPlace.CONFIG)) === text && (await answers());
    if (runs)
        info('buildkitd runs already.');
    else
        await startBuildkitd(context, buildkitd, text);
    const endpoint = `unix://${BuildkitPlace.SOCKET}`;
    await useBuilder(host, journal, { endpoint, load: facts.docker !== undefined, reuse: runs });
    return {
        engine: 'buildkit',
        snapshotterSocket: state/* CONSUMERS */.CD.buildkit,
        builder: BUILDER,
        isolated: false,
        env: { BUILDX_BUILDER: BUILDER },
    };
}
async function requireParts({ host, facts }) {
    if (facts.buildx === undefined)
        throw new errors/* UserError */.yo('engine buildkit: there is no docker buildx', 'Install the buildx plugin of Docker.');
    if (await host.exists(state/* CONSUMERS */.CD.buildkit))
        return;
    throw new errors/* UserError */.yo(`engine buildkit: the daemon that runs has no socket ${state/* CONSUMERS */.CD.buildkit}`, 'Add a [[snapshotter]] with name = "buildkit" to its configuration, and one for each other consumer.');
}
async function startBuildkitd(context, buildkitd, text) {
    const { host, journal, signal } = context;
    for (const path of [BuildkitPlace.CONFIG, BuildkitPlace.LOG, BuildkitPlace.ROOT])
        journal.note({ kind: 'remove', path });
    await host.remove(BuildkitPlace.LOG);
    await host.write(BuildkitPlace.CONFIG, text);
    const env = daemonEnvironment(process.env);
    await (0,action_process/* startService */.iL)(host, journal, {
        name: BUILDKIT_SERVICE,
        command: [buildkitd, '--config', BuildkitPlace.CONFIG],
        env: {
            ...env,
            PATH: [(0,external_node_path_.dirname)(buildkitd), env['PATH'] ?? '/usr/bin:/bin', ...SBIN].join(external_node_path_.delimiter),
            OTEL_TRACES_EXPORTER: 'none',
            ...debugVariables(process.env),
        },
        logPath: BuildkitPlace.LOG,
        delegate: true,
        ready: answers,
        signal,
    });
}
function debugVariables(env) {
    const found = Object.entries(env).flatMap(([name, value]) => name.startsWith('BUILDKIT_DEBUG_') && value !== undefined ? [[name, value]] : []);
    return Object.fromEntries(found);
}
function answers() {
    const { promise, resolve } = Promise.withResolvers();
    const socket = (0,external_node_net_.connect)(BuildkitPlace.SOCKET);
    socket.on('connect', () => resolve(true));
    socket.on('error', () => resolve(false));
    return promise.finally(() => socket.destroy());
}
function whoParts() {
    return {
        job: jobOf(process.env),
        gid: process.getgid?.() ?? 0,
        debug: process.env['RUNNER_DEBUG'] === '1',
    };
}
async function registryParts({ host, inputs, }) {
    const docker = await readDockerSettings(host);
    const parts = { text: '', where: 'the inputs', inputs, docker, env: process.env, freeBytes: 0 };
    const text = (await host.read(state/* Place */.YR.CONFIG)) ?? daemonConfig(parts).text;
    const { mirrors, plainHttpHosts } = (0,src_config/* resolveConfig */.pE)(text, state/* Place */.YR.CONFIG).config.registry;
    return { mirrors, plainHttp: plainHttpHosts };
}
async function findRunc(buildkitd, env) {
    const folders = [...(env['PATH'] ?? '').split(external_node_path_.delimiter).filter((folder) => folder.startsWith('/')), ...SBIN];
    const candidates = [
        (0,external_node_path_.join)((0,external_node_path_.dirname)(buildkitd), 'buildkit-runc'),
        ...folders.flatMap((folder) => [(0,external_node_path_.join)(folder, 'runc'), (0,external_node_path_.join)(folder, 'buildkit-runc')]),
        DOCKER_RUNC,
    ];
    for (const path of candidates)
        if (await isExecutable(path))
            return path;
    throw new errors/* UserError */.yo('engine buildkit: there is no runc', 'Install runc, or Docker, which comes with it.');
}
async function isExecutable(path) {
    return await (0,promises_.access)(path, promises_.constants.X_OK).then(() => true, () => false);
}

;// CONCATENATED MODULE: ./action/engine/change-file.js


const FILE_MODE = 0o644;
const LOOK = `real=$(readlink -m -- "$1")
folder=$(dirname -- "$real")
while [ ! -d "$folder" ]; do folder=$(dirname -- "$folder"); done
if [ -w "$folder" ]; then echo yes; else echo no; fi
if [ -d "$(dirname -- "$real")" ]; then echo yes; else echo no; fi
backup=$real$2 number=0
while [ -e "$backup" ]; do number=$((number + 1)); backup=$real$2.$number; done
printf '%s\\n' "$backup" "$real"`;
async function readConfigFile(host, path) {
    const [looked, text] = await Promise.all([
        host.run(['sh', '-c', LOOK, 'sh', path, state/* BACKUP_SUFFIX */.$b], { root: true }),
        host.read(path),
    ]);
    const [writable, hasFolder, backupPath = '', realPath = ''] = looked.split('\n');
    const newFolder = hasFolder === 'yes' ? undefined : (0,external_node_path_.dirname)(realPath);
    return { path, realPath, text, writable: writable === 'yes', backupPath, newFolder };
}
function undoOf({ realPath, text, backupPath, newFolder }) {
    if (text !== undefined)
        return [{ kind: 'file', path: realPath, backup: backupPath }];
    const removeFolder = (folder) => ({
        kind: 'command',
        command: ['rmdir', '--ignore-fail-on-non-empty', '--', folder],
        root: true,
    });
    return [...(newFolder === undefined ? [] : [removeFolder(newFolder)]), { kind: 'file', path: realPath }];
}
async function writeChange(host, file, text) {
    if (file.text !== undefined)
        await host.copy(file.realPath, file.backupPath);
    await host.write(file.realPath, text, FILE_MODE);
}

// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(57975);
;// CONCATENATED MODULE: ./action/engine/containerd-config.js



const SNAPSHOTTER = 'stargz';
const TRANSFER = 'io.containerd.transfer.v1.local';
const ADDED = '# Added by lazypull for a job, and taken out again at its end.';
const REWRITTEN = '# Written by lazypull for a job, without the comments that were here. The file as it was lies beside this one, and comes back.';
function mergeContainerdConfig(text, path, entry) {
    const before = parseToml(text ?? '', path);
    const tables = snapshotterTables(entry);
    const proxy = missingProxy(before, path, tables);
    const unpack = missingUnpack(before, path, entry, tables);
    if (proxy === undefined && unpack.length === 0)
        return { text: text ?? '', changed: false, told: [] };
    const added = {
        ...(proxy === undefined ? {} : { proxy_plugins: { [SNAPSHOTTER]: proxy.plugin } }),
        ...(unpack.length === 0 ? {} : { plugins: { [TRANSFER]: { unpack_config: unpack } } }),
    };
    const version = Object.keys(before).length === 0 ? { version: BigInt(formatVersion(entry.version)) } : {};
    const wanted = { ...version, ...mergeTables(before, added) };
    const told = proxy?.replaced === undefined ? [] : [`${path}: ${proxy.replaced}`];
    return { text: keepComments(text ?? '', version, added, wanted) ?? rewrite(wanted), changed: true, told };
}
function formatVersion(containerd) {
    return atLeast(containerd, 2, 0) ? 3 : 2;
}
function snapshotterTables({ version, socket, root, platform }) {
    const exports = { root, enable_remote_snapshot_annotations: 'true' };
    const proxy_plugins = { [SNAPSHOTTER]: { type: 'snapshot', address: socket, exports } };
    if (!atLeast(version, 2, 1))
        return { proxy_plugins };
    const unpack_config = ['overlayfs', SNAPSHOTTER].map((snapshotter) => unpackEntry(platform, snapshotter));
    return { proxy_plugins, plugins: { [TRANSFER]: { unpack_config } } };
}
function unpackEntry(platform, snapshotter) {
    return { platform, snapshotter, differ: 'walking' };
}
function missingProxy(before, path, tables) {
    const wanted = tables.proxy_plugins[SNAPSHOTTER];
    const present = tableAt(before, ['proxy_plugins'], path)[SNAPSHOTTER];
    if (present === undefined)
        return { plugin: wanted, replaced: undefined };
    const name = `proxy_plugins.${SNAPSHOTTER}`;
    if (!isTable(present) || present['address'] !== wanted['address'] || present['type'] !== wanted['type']) {
        const address = isTable(present) ? present['address'] : undefined;
        const before = typeof address === 'string' ? `the one at ${address}` : 'another one';
        return { plugin: wanted, replaced: `${name} is lazypull's snapshotter for this job instead of ${before}` };
    }
    const exports = { ...wanted['exports'], ...tableAt(present, ['exports'], path) };
    exports['enable_remote_snapshot_annotations'] = 'true';
    const plugin = { ...present, exports };
    return (0,external_node_util_.isDeepStrictEqual)(plain(plugin), plain(present)) ? undefined : { plugin, replaced: undefined };
}
function missingUnpack(before, path, { platform }, { plugins }) {
    if (plugins === undefined)
        return [];
    const present = tableAt(before, ['plugins', TRANSFER], path)['unpack_config'] ?? [];
    if (!Array.isArray(present))
        throw notWhat(path, `plugins."${TRANSFER}".unpack_config`, 'an array of tables');
    if (present.length === 0)
        return plugins[TRANSFER].unpack_config;
    const has = present.some((item) => isTable(item) && item['snapshotter'] === SNAPSHOTTER && item['platform'] === platform);
    return has ? [] : [unpackEntry(platform, SNAPSHOTTER)];
}
function keepComments(text, version, added, wanted) {
    const head = Object.keys(version).length === 0 ? '' : toText(version);
    const body = text === '' || text.endsWith('\n') ? text : `${text}\n`;
    const joined = `${head}${body}${body === '' ? '' : '\n'}${ADDED}\n${toText(added)}`;
    try {
        return (0,external_node_util_.isDeepStrictEqual)(plain(parseText(joined)), plain(wanted)) ? joined : undefined;
    }
    catch (error) {
        if (error instanceof dist/* TomlError */.zx)
            return undefined;
        throw error;
    }
}
function rewrite(wanted) {
    return `${REWRITTEN}\n${toText(wanted)}`;
}
function mergeTables(old, added) {
    const merged = { ...old };
    for (const [key, value] of Object.entries(added)) {
        const present = merged[key];
        if (key !== SNAPSHOTTER && isTable(present) && isTable(value))
            merged[key] = mergeTables(present, value);
        else if (Array.isArray(present) && Array.isArray(value))
            merged[key] = [...present, ...value];
        else
            merged[key] = value;
    }
    return merged;
}
function tableAt(root, keys, path) {
    let table = root;
    for (const [index, key] of keys.entries()) {
        const next = table[key] ?? {};
        if (!isTable(next))
            throw notWhat(path, keys.slice(0, index + 1).join('.'), 'a table');
        table = next;
    }
    return table;
}
function notWhat(path, key, wanted) {
    return new errors/* UserError */.yo(`${path}: ${key} is not ${wanted}, as containerd wants it`, `Correct ${path}.`);
}
function parseToml(text, path) {
    try {
        return parseText(text);
    }
    catch (error) {
        if (!(error instanceof dist/* TomlError */.zx))
            throw error;
        const reason = error.message.split('\n')[0] ?? '';
        throw new errors/* UserError */.yo(`${path}, line ${error.line}: ${reason}`, `Correct ${path}: containerd can't read it either.`);
    }
}
function parseText(text) {
    return (0,dist/* parse */.qg)(text.replace(/^\uFEFF/, ''), { integersAsBigInt: true });
}
function toText(table) {
    const text = (0,dist/* stringify */.As)(table, { numbersAsFloat: true });
    return text.endsWith('\n') ? text : `${text}\n`;
}
function isTable(value) {
    return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
}
function plain(value) {
    if (Array.isArray(value))
        return value.map(plain);
    if (isTable(value))
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
    return value;
}
function atLeast(version, major, minor) {
    const [, x = '0', y = '0'] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
    return Number(x) > major || (Number(x) === major && Number(y) >= minor);
}

// EXTERNAL MODULE: ./action/process-text.js
var process_text = __webpack_require__(14216);
;// CONCATENATED MODULE: ./action/engine/containerd-plugin.js



const containerd_plugin_TIMEOUT_MS = 15_000;
const LIMITS = ['--connect-timeout', '5s', '--timeout', '10s'];
const LIST = ['plugins', 'ls', '--detailed', `id==${SNAPSHOTTER},type==io.containerd.snapshotter.v1`];
async function snapshotterPlugin(host, address) {
    const command = ['ctr', '--address', address, ...LIMITS, ...LIST];
    const { status, stdout, stderr } = await host.try(command, { root: true, timeoutMs: containerd_plugin_TIMEOUT_MS });
    if (status !== 0)
        throw new errors/* LazypullError */.qB('UNAVAILABLE', `containerd at ${address}: ${(0,process_text/* lastLines */.w$)(stderr, 1) || `status ${status}`}`);
    return parsePlugin(stdout);
}
function parsePlugin(text) {
    if (!/^ID:\s+\S/m.test(text))
        return undefined;
    const [, error] = /^Error:[^]*?^\s+Message:\s+(.*)$/m.exec(text) ?? [];
    return { address: /^\s+address\s+(\S+)$/m.exec(text)?.[1], error: error?.trim() };
}
function requireOurPlugin(state, socket, configPath) {
    if (state === undefined)
        throw new errors/* UserError */.yo(`containerd does not know the snapshotter ${SNAPSHOTTER} after its restart`, `Look at ${configPath}: disabled_plugins may name it, and containerd has to read that file.`);
    if (state.error !== undefined)
        throw new errors/* UserError */.yo(`containerd can't load the snapshotter ${SNAPSHOTTER}: ${state.error}`, `Look at ${configPath}.`);
    if (state.address !== socket)
        throw new errors/* UserError */.yo(`containerd's snapshotter ${SNAPSHOTTER} is the one at ${state.address ?? 'no socket'}, not lazypull's at ${socket}`, `A file that ${configPath} imports says so too, and wins: take [proxy_plugins.${SNAPSHOTTER}] out of it.`);
}

// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(37067);
;// CONCATENATED MODULE: ./action/engine/docker-api.js


const DOCKER_SOCKET = '/var/run/docker.sock';
const SOCKETS = new Set([DOCKER_SOCKET, '/run/docker.sock']);
const docker_api_TIMEOUT_MS = 10_000;
const MAX_ANSWER = 4 * 1024 * 1024;
function socketOf(endpoint) {
    return endpoint.startsWith('unix:///') ? endpoint.slice('unix://'.length) : undefined;
}
function isOwnSocket(endpoint) {
    return SOCKETS.has(socketOf(endpoint) ?? '');
}
async function dockerInfo(socketPath) {
    const { Driver: driver, Images: images, ContainersRunning: running } = docker_api_parseFields(await get(socketPath, '/info'));
    if (typeof driver !== 'string' || typeof images !== 'number' || typeof running !== 'number')
        throw new errors/* LazypullError */.qB('UNAVAILABLE', `Docker at ${socketPath}: /info lacks Driver, Images or ContainersRunning`);
    return { driver, images, running };
}
function get(socketPath, path) {
    const { promise, resolve, reject } = Promise.withResolvers();
    const fail = (what, cause) => reject(new errors/* LazypullError */.qB('UNAVAILABLE', `Docker at ${socketPath}: ${what}`, { cause }));
    const asked = (0,external_node_http_.request)({ socketPath, path, agent: false, headers: { host: 'docker' }, signal: AbortSignal.timeout(docker_api_TIMEOUT_MS) }, (response) => {
        const parts = [];
        let length = 0;
        response.on('data', (part) => {
            parts.push(part);
            length += part.length;
            if (length > MAX_ANSWER)
                asked.destroy(new Error(`more than ${MAX_ANSWER} bytes`));
        });
        response.on('error', (error) => fail(error.message, error));
        response.on('end', () => {
            if (response.statusCode === 200)
                resolve(Buffer.concat(parts).toString('utf8'));
            else
                fail(`status ${response.statusCode ?? 0} for ${path}`);
        });
    });
    asked.on('error', (error) => fail(error.message, error));
    asked.end();
    return promise;
}
function docker_api_parseFields(text) {
    try {
        const value = JSON.parse(text);
        return typeof value === 'object' && value !== null ? { ...value } : {};
    }
    catch {
        return {};
    }
}

;// CONCATENATED MODULE: ./action/engine/isolated-place.js
const IsolatedPlace = {
    ROOT: '/var/lib/lazypull-docker',
    RUN: '/run/lazypull-docker',
    CONTAINERD_ROOT: '/var/lib/lazypull-docker/containerd',
    CONTAINERD_STATE: '/run/lazypull-docker/containerd',
    CONTAINERD_CONFIG: '/run/lazypull-docker/containerd.toml',
    CONTAINERD_SOCKET: '/run/lazypull-docker/containerd.sock',
    CONTAINERD_LOG: '/run/lazypull-docker/containerd.log',
    DOCKER_ROOT: '/var/lib/lazypull-docker/docker',
    NETWORKS: '/var/lib/lazypull-docker/docker/network/files/local-kv.db',
    DOCKER_EXEC: '/run/lazypull-docker/docker',
    DOCKER_CONFIG: '/run/lazypull-docker/daemon.json',
    DOCKER_SOCKET: '/run/lazypull-docker/docker.sock',
    DOCKER_PID: '/run/lazypull-docker/docker.pid',
    DOCKER_LOG: '/run/lazypull-docker/dockerd.log',
    RANGE: '/run/lazypull-docker/range',
};
const IsolatedService = {
    CONTAINERD: 'lazypull-action-containerd',
    DOCKERD: 'lazypull-action-dockerd',
};
const BRIDGE = 'lazypull0';

;// CONCATENATED MODULE: ./action/engine/isolated-range.js
const BITS = 16;
const MIN_BITS = 2;
const ADDRESS = /(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})(?:\/(\d{1,2}))?(?![\d.])/g;
const CANDIDATES = [
    ...numbers(213, 254).map((second) => `10.${second}.0.0/${BITS}`),
    ...numbers(64, 212).map((second) => `10.${second}.0.0/${BITS}`),
    ...numbers(16, 31).map((second) => `172.${second}.0.0/${BITS}`),
    '192.168.0.0/16',
    '198.18.0.0/16',
    '198.19.0.0/16',
];
function freeRange(texts) {
    const taken = texts.flatMap(rangesIn);
    return CANDIDATES.find((candidate) => rangesIn(candidate).every((range) => !taken.some((one) => meet(range, one))));
}
function partsOf(range) {
    const [, prefix] = /^(\d+\.\d+\.)0\.0\/16$/.exec(range) ?? [];
    if (prefix === undefined)
        throw new Error(`no range of isolated containers: ${JSON.stringify(range)}`);
    return { gateway: `${prefix}0.1/20`, pool: `${prefix}128.0/17`, poolSize: 24 };
}
function rangesIn(text) {
    return [...text.matchAll(ADDRESS)].flatMap(([, address = '', bits = '32']) => {
        const parts = address.split('.').map(Number);
        const length = Number(bits);
        if (parts.some((part) => part > 255) || length > 32 || length < MIN_BITS)
            return [];
        const size = 2 ** (32 - length);
        const value = parts.reduce((sum, part) => sum * 256 + part, 0);
        return [{ first: value - (value % size), size }];
    });
}
function meet(a, b) {
    return a.first < b.first + b.size && b.first < a.first + a.size;
}
function numbers(from, to) {
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

;// CONCATENATED MODULE: ./action/engine/isolated-config.js




const DISABLED = [
    'io.containerd.grpc.v1.cri',
    'io.containerd.cri.v1.images',
    'io.containerd.cri.v1.runtime',
    'io.containerd.podsandbox.controller.v1.podsandbox',
    'io.containerd.nri.v1.nri',
];
const GO_ARCH = { x64: 'amd64' };
function containerdConfig({ job, version, arch }) {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const unpacks = major > 2 || (major === 2 && minor >= 1);
    const config = {
        version: major >= 2 ? 3 : 2,
        root: IsolatedPlace.CONTAINERD_ROOT,
        state: IsolatedPlace.CONTAINERD_STATE,
        disabled_plugins: DISABLED,
        grpc: { address: IsolatedPlace.CONTAINERD_SOCKET },
        proxy_plugins: {
            stargz: {
                type: 'snapshot',
                address: state/* CONSUMERS */.CD.isolated,
                exports: { root: state/* Place */.YR.ROOT, enable_remote_snapshot_annotations: 'true' },
            },
        },
        plugins: {
            'io.containerd.internal.v1.opt': { path: `${IsolatedPlace.CONTAINERD_ROOT}/opt` },
            ...(unpacks ? { 'io.containerd.transfer.v1.local': { unpack_config: unpackConfig(arch) } } : {}),
        },
    };
    return `# Made by the lazypull action for ${JSON.stringify(job)}.\n${(0,dist/* stringify */.As)(config)}`;
}
function unpackConfig(arch) {
    const platform = `linux/${GO_ARCH[arch] ?? arch}`;
    return ['stargz', 'overlayfs'].map((snapshotter) => ({ platform, snapshotter, differ: 'walking' }));
}
const NOT_OVER = [
    /^(data-root|graph|exec-root|pidfile|hosts|tls.*|metrics-addr|api-cors-header)$/,
    /^(storage-driver|storage-opts|containerd.*|cri-containerd|features|userns-remap)$/,
    /^(bridge|bip6?|fixed-cidr.*|default-gateway.*|ipv6|default-address-pools)$/,
    /^(iptables|ip6tables|ip-forward.*|ip-masq|icc|userland-proxy|allow-direct-routing|bridge-accept-fwmark)$/,
    /^(live-restore|swarm-.*|cluster-.*|node-generic-resources|authorization-plugins)$/,
];
function dockerConfig(machine, range) {
    const fields = isolated_config_parseFields(machine);
    const kept = Object.entries(fields).filter(([key]) => !NOT_OVER.some((pattern) => pattern.test(key)));
    const { 'embedded-containerd': _, ...features } = fieldsOf(fields['features']);
    const { pool, poolSize } = partsOf(range);
    const config = {
        ...Object.fromEntries(kept),
        'data-root': IsolatedPlace.DOCKER_ROOT,
        'exec-root': IsolatedPlace.DOCKER_EXEC,
        pidfile: IsolatedPlace.DOCKER_PID,
        hosts: [`unix://${IsolatedPlace.DOCKER_SOCKET}`],
        containerd: IsolatedPlace.CONTAINERD_SOCKET,
        features: { ...features, 'containerd-snapshotter': true },
        'storage-driver': 'stargz',
        iptables: false,
        ip6tables: false,
        'userland-proxy': true,
        bridge: BRIDGE,
        'default-address-pools': [{ base: pool, size: poolSize }],
    };
    return `${JSON.stringify(config, undefined, 2)}\n`;
}
function isolated_config_parseFields(text) {
    try {
        return fieldsOf(JSON.parse(text));
    }
    catch {
        return {};
    }
}
function fieldsOf(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

;// CONCATENATED MODULE: ./action/engine/isolated-context.js

const CONTEXT = 'lazypull';
const DEFAULT = 'default';
const UNSET = { DOCKER_HOST: '', DOCKER_CONTEXT: '' };
async function useContext(host, journal, { endpoint, reuse }) {
    const all = parseContexts(await docker(host, 'context', 'ls', '--format', '{{json .}}'));
    const ours = all.find(({ name }) => name === CONTEXT);
    if (ours !== undefined && ours.endpoint !== endpoint) {
        throw new errors/* UserError */.yo(`there is a docker context '${CONTEXT}' already, for ${ours.endpoint || 'nothing'}`, `Give it another name, or remove it: docker context rm ${CONTEXT}`);
    }
    if (ours !== undefined && reuse)
        return;
    journal.note({ kind: 'command', command: ['docker', 'context', 'rm', '--force', CONTEXT], root: false });
    const before = all.find(({ current }) => current)?.name ?? DEFAULT;
    const back = before === CONTEXT ? DEFAULT : before;
    journal.note({ kind: 'command', command: ['docker', 'context', 'use', back], root: false });
    if (ours === undefined)
        await docker(host, 'context', 'create', CONTEXT, '--docker', `host=${endpoint}`);
    await docker(host, 'context', 'use', CONTEXT);
}
function contextEnvironment(env, endpoint) {
    return {
        ...((env['DOCKER_HOST'] ?? '') === '' ? {} : { DOCKER_HOST: endpoint }),
        ...((env['DOCKER_CONTEXT'] ?? '') === '' ? {} : { DOCKER_CONTEXT: CONTEXT }),
    };
}
function parseContexts(text) {
    return text.split('\n').flatMap((line) => {
        try {
            const { Name: name, DockerEndpoint: endpoint, Current: current } = JSON.parse(line);
            if (typeof name !== 'string' || typeof endpoint !== 'string')
                return [];
            return [{ name, endpoint, current: current === true }];
        }
        catch {
            return [];
        }
    });
}
async function docker(host, ...args) {
    return await host.run(['docker', ...args], { env: UNSET, timeoutMs: 30_000 });
}

;// CONCATENATED MODULE: ./action/engine/isolated-network.js




const FORWARD = '/proc/sys/net/ipv4/ip_forward';
const CHAIN = 'LAZYPULL';
const MARK = '0x1000000/0x1000000';
const SET_UP = `# Makes the network of the second Docker.
set -e
bridge=$1 gateway=$2 range=$3 chain=$4 mark=$5
others=$(cd /sys/class/net && ls -d br-* 2>/dev/null || true)
if [ ! -e "/sys/class/net/$bridge" ]; then ip link add name "$bridge" type bridge; fi
ip address replace "$gateway" dev "$bridge"
ip link set "$bridge" up
rule() {
  iptables --wait --table "$table" --append "$chain" "$@"
}
answers() {
  rule "$@" --match conntrack --ctstate RELATED,ESTABLISHED --jump ACCEPT
}
rules_of_filter() {
  rule --source "$range" --jump ACCEPT
  answers --destination "$range"
  for other in $others; do rule --in-interface "$other" --jump RETURN; done
  rule --in-interface br-+ ! --out-interface br-+ --jump MARK --set-xmark "$mark"
  rule --in-interface br-+ --jump ACCEPT
  answers --out-interface br-+
}
rules_of_nat() {
  rule --source "$range" ! --destination "$range" --jump MASQUERADE
  rule --match mark --mark "$mark" --jump MASQUERADE
}
first=FORWARD
case $(iptables --wait --list-rules FORWARD) in *"-j DOCKER-USER"*) first=DOCKER-USER ;; esac
while read -r table from; do
  if iptables --wait --table "$table" --new-chain "$chain" 2>/dev/null; then "rules_of_$table"; fi
  if iptables --wait --table "$table" --check "$from" --jump "$chain" 2>/dev/null; then continue; fi
  iptables --wait --table "$table" --insert "$from" --jump "$chain"
done <<END
nat POSTROUTING
filter $first
END`;
const TAKE_DOWN = `# Removes the network of the second Docker.
bridge=$1 chain=$2 database=$3
status=0
while read -r table from; do
  if ! iptables --wait --table "$table" --list-rules "$chain" >/dev/null 2>&1; then continue; fi
  while iptables --wait --table "$table" --delete "$from" --jump "$chain" 2>/dev/null; do :; done
  iptables --wait --table "$table" --flush "$chain" || status=1
done <<END
filter DOCKER-USER
filter FORWARD
nat POSTROUTING
END
for table in filter nat; do
  if iptables --wait --table "$table" --list-rules "$chain" >/dev/null 2>&1; then
    iptables --wait --table "$table" --delete-chain "$chain" || status=1
  fi
done
for path in /sys/class/net/*/bridge; do
  device=\${path%/bridge}
  device=\${device##*/}
  if [ "$device" = "$bridge" ] || grep -qaF '"BridgeName":"'"$device"'"' "$database" 2>/dev/null; then
    ip link delete "$device" || status=1
  fi
done
exit $status`;
const takeDown = {
    kind: 'command',
    command: ['sh', '-c', TAKE_DOWN, 'sh', BRIDGE, CHAIN, IsolatedPlace.NETWORKS],
    root: true,
};
async function chooseRange(host) {
    const known = await Promise.all([
        host.run(['ip', '-4', 'route', 'show', 'table', 'all']),
        host.run(['ip', '-4', '-oneline', 'address', 'show']),
        ...['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf', '/etc/hosts', DOCKER_DAEMON_JSON].map((path) => host.read(path)),
    ]);
    const range = freeRange(known.map((text) => text ?? ''));
    if (range !== undefined)
        return range;
    throw new errors/* UserError */.yo('a second Docker needs a private range of IPv4 addresses, and routes of this machine take all of them', 'Remove routes that are wider than they need to be, or set Docker up before containers run: without `services:`.');
}
async function setUpNetwork(host, journal, range) {
    await forward(host, journal);
    journal.note(takeDown);
    await host.write(IsolatedPlace.RANGE, range);
    const words = [BRIDGE, partsOf(range).gateway, range, CHAIN, MARK];
    await host.run(['sh', '-c', SET_UP, 'sh', ...words], { root: true });
}
async function removeNetwork(host) {
    await host.run(takeDown.command, { root: true });
}
async function forward(host, journal) {
    const before = (await host.read(FORWARD))?.trim();
    if (before === '1')
        return;
    const set = (value) => ['sh', '-c', 'echo "$1" > "$2"', 'sh', value, FORWARD];
    journal.note({ kind: 'command', command: set(before ?? '0'), root: true });
    await host.run(set('1'), { root: true });
}

// EXTERNAL MODULE: ./action/probe-containerd.js
var probe_containerd = __webpack_require__(29391);
;// CONCATENATED MODULE: ./action/engine/isolated-programs.js





const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const DOCKER_PARTS = ['/usr/libexec/docker', '/usr/local/libexec/docker', '/usr/local/lib/docker', '/usr/lib/docker'];
async function findContainerd(host, env) {
    const containerd = await requireProgram('containerd', env, 'Install containerd on this runner.');
    const runc = await requireProgram('runc', env, 'Install runc on this runner, or Docker, which comes with it.');
    const version = (0,probe_containerd/* parseVersion */.ot)(await host.run([containerd, '--version'], { timeoutMs: 10_000 }));
    if (version !== undefined)
        return { containerd, version, runc };
    throw new errors/* UserError */.yo(`${containerd} --version does not say a version`, 'Install containerd 1.6 or later.');
}
async function findDockerd(env) {
    return await requireProgram('dockerd', env, 'Install Docker Engine on this runner.');
}
function servicePath(...programs) {
    return [...new Set([...programs.map((path) => (0,external_node_path_.dirname)(path)), ...FOLDERS, ...DOCKER_PARTS])].join(external_node_path_.delimiter);
}
async function networkEnvironment(host, facts, env) {
    const docker = await environmentOf(host, facts.docker?.unit);
    return Object.fromEntries(Object.entries({ ...daemonEnvironment(env), ...docker }).filter(([name]) => /^((https?|no|all)_proxy|SSL_CERT_(FILE|DIR))$/i.test(name)));
}
async function environmentOf(host, unit) {
    if (unit === undefined)
        return {};
    const { stdout } = await host.try(['systemctl', 'show', '--property=MainPID', '--value', unit]);
    const pid = Number(stdout.trim());
    const text = pid > 0 ? await host.read(`/proc/${pid}/environ`) : undefined;
    return Object.fromEntries((text ?? '').split('\0').flatMap((line) => {
        const [, name, value] = /^([^=]+)=([^]*)$/.exec(line) ?? [];
        return name === undefined || value === undefined ? [] : [[name, value]];
    }));
}
async function requireProgram(name, env, remedy) {
    const own = (env['PATH'] ?? '').split(external_node_path_.delimiter).filter((folder) => folder.startsWith('/'));
    for (const folder of [...FOLDERS, ...own, ...DOCKER_PARTS]) {
        const path = (0,external_node_path_.join)(folder, name);
        const runs = await (0,promises_.access)(path, promises_.constants.X_OK).then(() => true, () => false);
        if (runs)
            return path;
    }
    throw new errors/* UserError */.yo(`there is no ${name} to start beside the machine's own`, remedy);
}

;// CONCATENATED MODULE: ./action/engine/isolated-scripts.js


const EMPTY_DOCKER = `# Removes the containers of the second Docker.
unset DOCKER_HOST DOCKER_CONTEXT DOCKER_TLS_VERIFY
socket=$1
ours() { docker --host "unix://$socket" "$@"; }
if [ ! -S "$socket" ] || ! timeout 10 docker --host "unix://$socket" version >/dev/null 2>&1; then exit 0; fi
status=0
all=$(ours ps --all --quiet --no-trunc)
if [ -n "$all" ]; then ours rm --force --volumes $all >/dev/null || status=1; fi
ours network prune --force >/dev/null || status=1
exit $status`;
const EMPTY_CONTAINERD = `# Removes everything from the second containerd.
socket=$1
ours() { ctr --address "$socket" --namespace "$namespace" "$@"; }
if [ ! -S "$socket" ] || ! timeout 10 ctr --address "$socket" version >/dev/null 2>&1; then exit 0; fi
namespace=default
for namespace in $(ours namespaces list --quiet); do
  # Its status is that of the task, which was killed.
  for task in $(ours tasks list --quiet); do ours tasks rm --force "$task" >/dev/null 2>&1; done
  for what in containers leases images; do
    all=$(ours $what list --quiet)
    if [ -n "$all" ]; then ours $what rm $all >/dev/null; fi
  done
  ours leases create --id lazypull-tidy >/dev/null && ours leases rm --sync lazypull-tidy >/dev/null
done
exit 0`;
const TIDY_SNAPSHOTS = `# Removes snapshots of earlier jobs.
set -e
socket=$1
ours() { ctr --address "$socket" --namespace lazypull-tidy "$@" >/dev/null; }
ours snapshots --snapshotter stargz prepare lazypull-tidy
ours snapshots --snapshotter stargz rm lazypull-tidy
ours leases create --id lazypull-tidy
ours leases rm --sync lazypull-tidy
ours namespaces rm lazypull-tidy`;
const REMOVE_PLACES = `# Removes the folders of the second Docker.
run=$1 root=$2 snapshots=$3
left() {
  # The brackets keep grep from finding itself.
  grep -lE "^[0-9]+ [0-9]+ [0-9:]+ / / .* - overlay .*upperdir=$snapshots/" /proc/[0-9]*/mountinfo
  grep -lzxE "[/]\${run#/}/containerd[.]sock" /proc/[0-9]*/cmdline
}
for try in 1 2 3 4 5 6 7 8 9 10; do
  pids=$(left 2>/dev/null | cut -d / -f 3)
  if [ -z "$pids" ]; then break; fi
  kill -KILL $pids 2>/dev/null
  sleep 0.1
done
mounts() {
  while read -r _ _ _ _ path _; do
    case $path in "$run"/* | "$root"/*) echo "$path" ;; esac
  done < /proc/self/mountinfo | sort -r
}
mounts | while read -r path; do umount -l "$path" 2>/dev/null; done
# Never deletes through a mount.
exec rm -rf --one-file-system -- "$run" "$root"`;
const emptyDocker = script(EMPTY_DOCKER, IsolatedPlace.DOCKER_SOCKET);
const emptyContainerd = script(EMPTY_CONTAINERD, IsolatedPlace.CONTAINERD_SOCKET);
const tidySnapshots = script(TIDY_SNAPSHOTS, IsolatedPlace.CONTAINERD_SOCKET);
const removePlaces = script(REMOVE_PLACES, IsolatedPlace.RUN, IsolatedPlace.ROOT, `${state/* Place */.YR.ROOT}/snapshotter/isolated`);
function script(text, ...args) {
    return { kind: 'command', command: ['sh', '-c', text, 'sh', ...args], root: true };
}

;// CONCATENATED MODULE: ./action/engine/isolated.js












const ENDPOINT = `unix://${IsolatedPlace.DOCKER_SOCKET}`;
const WHICH_DOCKER = `Later steps use a Docker beside the machine's own (docker context '${CONTEXT}'). Images, networks and volumes of the ` +
    "machine's are not in it: `docker --context default` shows them. Ports that either publishes are on localhost.";
async function setUpIsolatedContainerd(context) {
    if (await startContainerd(context))
        await tidy(context);
    return {
        engine: 'containerd',
        snapshotterSocket: state/* CONSUMERS */.CD.isolated,
        containerdAddress: IsolatedPlace.CONTAINERD_SOCKET,
        isolated: true,
        env: {},
    };
}
async function setUpIsolatedDocker(context) {
    const { host, journal } = context;
    const dockerd = await findDockerd(process.env);
    const tidied = (await startContainerd(context)) ? tidy(context) : undefined;
    try {
        const runs = !(await startDockerd(context, dockerd));
        await useContext(host, journal, { endpoint: ENDPOINT, reuse: runs });
    }
    finally {
        await tidied;
    }
    return {
        engine: 'docker',
        snapshotterSocket: state/* CONSUMERS */.CD.isolated,
        containerdAddress: IsolatedPlace.CONTAINERD_SOCKET,
        dockerContext: CONTEXT,
        isolated: true,
        env: contextEnvironment(process.env, ENDPOINT),
    };
}
async function startContainerd(context) {
    const { host, facts, journal, info, signal } = context;
    await requireSocket(host);
    const { containerd, version, runc } = await findContainerd(host, process.env);
    const text = containerdConfig({ job: jobOf(process.env), version, arch: facts.arch });
    if ((await host.read(IsolatedPlace.CONTAINERD_CONFIG)) === text && (await containerdAnswers(host))) {
        info('A second containerd runs already.');
        return false;
    }
    await removeLeftOver(host);
    journal.note(removePlaces);
    await host.write(IsolatedPlace.CONTAINERD_CONFIG, text);
    await (0,action_process/* startService */.iL)(host, journal, {
        name: IsolatedService.CONTAINERD,
        command: [containerd, '--config', IsolatedPlace.CONTAINERD_CONFIG],
        env: { PATH: servicePath(containerd, runc), ...(await networkEnvironment(host, facts, process.env)) },
        logPath: IsolatedPlace.CONTAINERD_LOG,
        notify: true,
        delegate: true,
        ready: () => containerdAnswers(host),
        signal,
    });
    journal.note(emptyContainerd);
    return true;
}
async function tidy({ host, info }) {
    const { status, stderr } = await host.try(tidySnapshots.command, { root: true });
    if (status !== 0)
        info(`Snapshots of earlier jobs are perhaps still there: ${(0,process_text/* lastLines */.w$)(stderr, 1)}`);
}
async function startDockerd(context, dockerd) {
    const { host, facts, journal, info, notice, signal } = context;
    if (await dockerAnswers(host)) {
        info('A second dockerd runs already.');
        return false;
    }
    const range = (await host.read(IsolatedPlace.RANGE)) ?? (await chooseRange(host));
    const text = dockerConfig((await host.read(DOCKER_DAEMON_JSON)) ?? '{}', range);
    await setUpNetwork(host, journal, range);
    await host.write(IsolatedPlace.DOCKER_CONFIG, text);
    await (0,action_process/* startService */.iL)(host, journal, {
        name: IsolatedService.DOCKERD,
        command: [dockerd, '--config-file', IsolatedPlace.DOCKER_CONFIG],
        env: { PATH: servicePath(dockerd), ...(await networkEnvironment(host, facts, process.env)) },
        logPath: IsolatedPlace.DOCKER_LOG,
        notify: true,
        delegate: true,
        ready: () => dockerAnswers(host),
        signal,
    });
    journal.note(emptyDocker);
    await host.run(['chown', String(process.getuid?.() ?? 0), IsolatedPlace.DOCKER_SOCKET], { root: true });
    notice(WHICH_DOCKER);
    return true;
}
async function requireSocket(host) {
    if (await host.exists(state/* CONSUMERS */.CD.isolated))
        return;
    throw new errors/* UserError */.yo(`the daemon that runs has no socket ${state/* CONSUMERS */.CD.isolated}, which a containerd beside the machine's own needs`, 'Add a [[snapshotter]] with name = "isolated" to its configuration, and one for each other consumer.');
}
async function removeLeftOver(host) {
    const places = await Promise.all([host.exists(IsolatedPlace.RUN), host.exists(IsolatedPlace.ROOT)]);
    if (!places.includes(true))
        return;
    await host.try(emptyDocker.command, { root: true });
    await (0,action_process/* stopLeftOver */.Me)(host, IsolatedService.DOCKERD);
    if (await host.exists(IsolatedPlace.RANGE))
        await removeNetwork(host);
    await host.try(emptyContainerd.command, { root: true });
    await (0,action_process/* stopLeftOver */.Me)(host, IsolatedService.CONTAINERD);
    await host.run(removePlaces.command, { root: true });
}
async function containerdAnswers(host) {
    if (!(await host.exists(IsolatedPlace.CONTAINERD_SOCKET)))
        return false;
    const list = ['ctr', '--address', IsolatedPlace.CONTAINERD_SOCKET, 'plugins', 'list'];
    const { status, stdout } = await host.try(list, { root: true, timeoutMs: 10_000 });
    return status === 0 && /^io\.containerd\.snapshotter\.v1\s+stargz\s.*\bok\b/m.test(stdout);
}
async function dockerAnswers(host) {
    if (!(await host.exists(IsolatedPlace.DOCKER_SOCKET)))
        return false;
    const info = ['docker', '--host', ENDPOINT, 'info', '--format', '{{.Driver}}'];
    const { status, stdout } = await host.try(info, {
        root: true,
        env: { DOCKER_CONTEXT: '', DOCKER_TLS_VERIFY: '' },
        timeoutMs: 10_000,
    });
    return status === 0 && stdout.trim() === 'stargz';
}

;// CONCATENATED MODULE: ./action/engine/boot-restore.js

const NAME = 'lazypull-restore.service';
const UNIT_PATH = `/etc/systemd/system/${NAME}`;
const LINK_PATH = `/etc/systemd/system/multi-user.target.wants/${NAME}`;
const SCRIPT_PATH = `${state/* Place */.YR.ROOT}/restore.sh`;
const bootRestoreSteps = [UNIT_PATH, LINK_PATH, SCRIPT_PATH].map((path) => ({
    kind: 'remove',
    path,
}));
async function writeBootRestore(host, steps, recordPath) {
    await Promise.all([
        host.write(SCRIPT_PATH, restoreScript(steps, recordPath), 0o700),
        host.write(UNIT_PATH, UNIT),
        host.try(['ln', '-sfn', UNIT_PATH, LINK_PATH], { root: true }),
    ]);
}
const UNIT = `# Made by the lazypull action for the time of a job.
[Unit]
Description=Take back what a lazypull job changed that never ended
DefaultDependencies=no
After=local-fs.target
Before=containerd.service docker.service
ConditionPathExists=${SCRIPT_PATH}

[Service]
Type=oneshot
ExecStart=/bin/sh ${SCRIPT_PATH}

[Install]
WantedBy=multi-user.target
`;
function restoreScript(steps, recordPath) {
    const lines = steps.toReversed().flatMap((step) => {
        if (step.kind !== 'file')
            return [];
        const path = quote(step.path);
        if (step.backup === undefined)
            return [`rm -f -- ${path}`];
        const backup = quote(step.backup);
        return [`if [ -e ${backup} ]; then cp -a -- ${backup} ${path} && rm -f -- ${backup}; fi`];
    });
    const ours = [recordPath, LINK_PATH, UNIT_PATH, SCRIPT_PATH].map(quote).join(' ');
    return `${lines.join('\n')}\nrm -f -- ${ours}\n`;
}
function quote(word) {
    return `'${word.replaceAll("'", `'\\''`)}'`;
}

;// CONCATENATED MODULE: ./action/engine/machine-changes.js




const CHANGES_PATH = `${state/* Place */.YR.ROOT}/machine-changes.json`;
const RECORD_STEPS = [{ kind: 'remove', path: CHANGES_PATH }, ...bootRestoreSteps];
async function applyChanges(context, units, changes, abandoned) {
    const { host, journal, notice, info } = context;
    const needed = changes.filter(({ merged }) => merged.changed);
    if (needed.length === 0 && abandoned.length === 0)
        return;
    const restart = covers(abandoned, units) ? [] : [{ kind: 'restart', units }];
    const steps = [...abandoned, ...restart, ...needed.flatMap(({ file }) => undoOf(file))];
    const recorded = needsRecord(context);
    for (const step of [...(recorded ? RECORD_STEPS : []), ...steps])
        journal.note(step);
    if (recorded)
        await record(host, steps);
    await Promise.all(needed.map(({ file, merged }) => writeChange(host, file, merged.text)));
    for (const { file, merged } of needed) {
        for (const sentence of merged.told)
            notice(sentence);
        info(`${file.path} ${file.text === undefined ? 'is new' : `is changed; as it was: ${file.backupPath}`}`);
    }
}
async function abandonedSteps(host) {
    const text = await host.read(CHANGES_PATH);
    if (text === undefined)
        return [];
    try {
        const { job, steps } = JSON.parse(text);
        return typeof job === 'string' && job !== jobOf(process.env) && Array.isArray(steps) ? steps : [];
    }
    catch {
        return [];
    }
}
function needsRecord({ facts, inputs }) {
    return inputs.cleanup && !facts.hosted;
}
async function record(host, steps) {
    await Promise.all([
        host.write(CHANGES_PATH, `${JSON.stringify({ job: jobOf(process.env), steps })}\n`, 0o600),
        writeBootRestore(host, steps, CHANGES_PATH),
    ]);
}
function covers(steps, units) {
    return steps.some((step) => step.kind === 'restart' && units.every((unit) => step.units.includes(unit)));
}

// EXTERNAL MODULE: ./action/engine/services.js
var services = __webpack_require__(58628);
;// CONCATENATED MODULE: ./action/engine/containerd.js









const READY_MS = 10_000;
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' };
const setUpContainerd = async (context) => {
    const { host, facts, info } = context;
    await containerd_requireSocket(host);
    const [plan, running] = await Promise.all([planContainerd(context), runningContainers(facts)]);
    const reason = 'reason' in plan ? plan.reason : isDone(plan) ? undefined : running;
    if ('reason' in plan || reason !== undefined) {
        info(`The machine's containerd is left as it is: ${reason ?? ''}. One of our own is started beside it.`);
        return await setUpIsolatedContainerd(context);
    }
    const abandoned = running === undefined ? await abandonedSteps(host) : [];
    await applyChanges(context, [plan.unit], [plan.change], abandoned);
    if (isDone(plan) && abandoned.length === 0)
        info('containerd has the snapshotter already.');
    else {
        await (0,services/* restartUnits */.$g)(host, [plan.unit]);
        await requireContainerd(context, plan);
    }
    return containerdReady(plan);
};
function isDone({ serving, change }) {
    return serving && !change.merged.changed;
}
async function planContainerd(context) {
    const { host, facts } = context;
    const { containerd } = facts;
    if (containerd === undefined)
        return { reason: 'there is none' };
    const { address, unit, configPath } = containerd;
    if (unit === undefined)
        return { reason: 'it is no service of systemd' };
    const [file, plugin] = await Promise.all([
        readConfigFile(host, configPath),
        snapshotterPlugin(host, address).catch(() => undefined),
    ]);
    const change = { file, merged: mergeContainerdConfig(file.text, configPath, entryOf(containerd, facts)) };
    if (change.merged.changed && !file.writable)
        return { reason: `${configPath} can't be changed` };
    return { address, unit, configPath, change, serving: isOurs(plugin) };
}
async function requireContainerd({ host, signal }, plan) {
    const { address, configPath } = plan;
    let reason;
    const ask = () => snapshotterPlugin(host, address).then((plugin) => ({ plugin }), (error) => {
        reason = error;
        return undefined;
    });
    const answer = await (0,services/* untilAnswer */.te)(ask, READY_MS, signal);
    if (answer === undefined)
        throw reason;
    requireOurPlugin(answer.plugin, state/* CONSUMERS */.CD.containerd, configPath);
}
async function runningContainers({ docker }) {
    if (docker !== undefined && docker.unfit !== 'another machine' && isOwnSocket(docker.endpoint))
        return docker.running.length === 0 ? undefined : `containers run already (${docker.running.join(', ')})`;
    const own = await dockerInfo(DOCKER_SOCKET).catch(() => undefined);
    return own === undefined || own.running === 0 ? undefined : `containers run already (${own.running} of Docker's)`;
}
async function containerd_requireSocket(host) {
    if (await host.exists(state/* CONSUMERS */.CD.containerd))
        return;
    throw new errors/* UserError */.yo(`the daemon that runs has no socket ${state/* CONSUMERS */.CD.containerd}`, 'Add a [[snapshotter]] with name = "containerd" and that socket to its configuration.');
}
function containerdReady({ address }) {
    return {
        engine: 'containerd',
        snapshotterSocket: state/* CONSUMERS */.CD.containerd,
        containerdAddress: address,
        isolated: false,
        env: {},
    };
}
function entryOf({ version }, { arch }) {
    const platform = `linux/${ARCHITECTURES[arch] ?? arch}`;
    return { version, socket: state/* CONSUMERS */.CD.containerd, root: state/* Place */.YR.ROOT, platform };
}
function isOurs(plugin) {
    return plugin !== undefined && plugin.error === undefined && plugin.address === state/* CONSUMERS */.CD.containerd;
}

;// CONCATENATED MODULE: ./action/engine/daemon-json.js

const STORAGE_DRIVER = 'stargz';
const IMAGE_STORE = 'containerd-snapshotter';
function mergeDaemonJson(text, path) {
    const before = parseDaemonJson(text, path);
    const features = featuresOf(before, path);
    const after = {
        ...before,
        features: { ...features, [IMAGE_STORE]: true, ...without(features, 'embedded-containerd') },
        'storage-driver': STORAGE_DRIVER,
        ...('live-restore' in before ? { 'live-restore': false } : {}),
    };
    if (JSON.stringify(before) === JSON.stringify(after))
        return { text: text ?? '', changed: false, told: [] };
    const told = REPLACED.flatMap(({ holds, what }) => (holds(before, features) ? [`${path}: ${what(before)}`] : []));
    return { text: `${JSON.stringify(after, undefined, indentOf(text ?? ''))}\n`, changed: true, told };
}
function containerdAddressIn(text, path) {
    const address = parseDaemonJson(text, path)['containerd'];
    return typeof address === 'string' && address !== '' ? address : undefined;
}
const REPLACED = [
    {
        holds: (before) => 'storage-driver' in before && before['storage-driver'] !== STORAGE_DRIVER,
        what: (before) => `storage-driver is "${STORAGE_DRIVER}" for this job instead of ${JSON.stringify(before['storage-driver'])}`,
    },
    {
        holds: (_, features) => features[IMAGE_STORE] === false,
        what: () => `features.${IMAGE_STORE} is true for this job instead of false`,
    },
    {
        holds: (_, features) => features['embedded-containerd'] === true,
        what: () => 'features.embedded-containerd is false for this job: that containerd takes no snapshotters',
    },
    {
        holds: (before) => before['live-restore'] === true,
        what: () => "live-restore is off for this job: at its end Docker stops the job's containers",
    },
];
function without(features, name) {
    return features[name] === true ? { [name]: false } : {};
}
function featuresOf(fields, path) {
    const features = fields['features'] ?? {};
    if (isFields(features))
        return features;
    throw new errors/* UserError */.yo(`${path}: features is not an object, as Docker wants it`, `Correct ${path}.`);
}
function parseDaemonJson(text, path) {
    if (text === undefined)
        return {};
    let value;
    try {
        value = JSON.parse(text.replace(/^\uFEFF/, ''));
    }
    catch (error) {
        const [, line] = /\(line (\d+) /.exec(error.message) ?? [];
        const where = line === undefined ? path : `${path}, line ${line}`;
        throw new errors/* UserError */.yo(`${where}: this is not JSON`, `Correct ${path}: Docker can't read it either.`);
    }
    if (isFields(value))
        return value;
    throw new errors/* UserError */.yo(`${path}: this is JSON, but not an object`, `Correct ${path}: Docker can't read it either.`);
}
function indentOf(text) {
    return /^\s*\{\r?\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
}
function isFields(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

;// CONCATENATED MODULE: ./action/engine/dockerd.js



const FLAGS = new Set(['--storage-driver', '-s', '--feature', '--live-restore']);
async function readDockerd(host, unit) {
    const pid = await (0,services/* mainPid */.rf)(host, unit);
    if (pid === undefined)
        return undefined;
    const [command, environment] = await Promise.all([
        host.read(`/proc/${pid}/cmdline`),
        host.read(`/proc/${pid}/environ`),
    ]);
    return command === undefined || command === '' ? undefined : parseDockerd(command, environment ?? '');
}
function parseDockerd(command, environment) {
    const args = command.split('\0').slice(1);
    return {
        configPath: (0,probe_containerd/* flagOf */.iP)(args, 'config-file', 'config-file') ?? DOCKER_DAEMON_JSON,
        containerd: (0,probe_containerd/* flagOf */.iP)(args, 'containerd', 'containerd'),
        obstacle: obstacleOf(args, environment.split('\0')),
    };
}
function obstacleOf(args, environment) {
    const flag = args.map((arg) => /^(--[a-z-]+|-s)(=|$)/.exec(arg)?.[1]).find((name) => FLAGS.has(name ?? ''));
    if (flag !== undefined)
        return `Docker is started with ${flag}`;
    if (environment.some((line) => line.startsWith('DOCKER_DRIVER=')))
        return 'Docker is started with DOCKER_DRIVER';
    return undefined;
}

;// CONCATENATED MODULE: ./action/engine/docker.js










const docker_READY_MS = 20_000;
const DEFAULT_CONTAINERD = '/run/containerd/containerd.sock';
const setUpDocker = async (context) => {
    const { host, facts, info } = context;
    requireHere(facts.docker);
    await containerd_requireSocket(host);
    const [plan, running] = await Promise.all([planDocker(context), runningContainers(facts)]);
    const reason = 'reason' in plan ? plan.reason : unitsOf(plan).length === 0 ? undefined : running;
    if ('reason' in plan || reason !== undefined) {
        info(`The machine's Docker is left as it is: ${reason ?? ''}. One of our own is started beside it.`);
        return await setUpIsolatedDocker(context);
    }
    await changeDocker(context, plan, running === undefined);
    return {
        engine: 'docker',
        snapshotterSocket: state/* CONSUMERS */.CD.containerd,
        containerdAddress: plan.containerd.address,
        isolated: false,
        env: {},
    };
};
function requireHere(docker) {
    if (docker?.unfit !== 'another machine')
        return;
    throw new errors/* UserError */.yo(`engine docker: the Docker of this job is at ${docker.endpoint}, on another machine, which can't be changed from here`, 'Set lazypull up on that machine, or use `engine: buildkit` for builds.');
}
async function changeDocker(context, plan, takeOver) {
    const { host, info } = context;
    const abandoned = takeOver ? await abandonedSteps(host) : [];
    const units = abandoned.length > 0 ? [plan.containerd.unit, plan.unit] : unitsOf(plan);
    await applyChanges(context, units, [plan.containerd.change, plan.change], abandoned);
    if (units.length === 0) {
        info('Docker pulls lazily already.');
        return;
    }
    await (0,services/* restartUnits */.$g)(host, units);
    await Promise.all([requireContainerd(context, plan.containerd), requireDocker(context, plan)]);
    tellHidden(context, plan);
}
async function planDocker(context) {
    const { host, facts } = context;
    const found = unitAndSocket(facts.docker);
    if ('reason' in found)
        return found;
    const { unit, socketPath, docker } = found;
    const [containerd, dockerd, before] = await Promise.all([
        planContainerd(context),
        readDockerd(host, unit),
        dockerInfo(socketPath),
    ]);
    if ('reason' in containerd)
        return { reason: `its containerd: ${containerd.reason}` };
    if (dockerd === undefined)
        return { reason: `${unit} does not run` };
    if (dockerd.obstacle !== undefined)
        return { reason: dockerd.obstacle };
    const { configPath } = dockerd;
    const file = await readConfigFile(host, configPath);
    const merged = mergeDaemonJson(file.text, configPath);
    const address = dockerd.containerd ?? containerdAddressIn(file.text, configPath) ?? DEFAULT_CONTAINERD;
    if (inRun(address) !== inRun(containerd.address))
        return { reason: `it uses the containerd at ${address}` };
    if (merged.changed && !file.writable)
        return { reason: `${configPath} can't be changed` };
    return { unit, socketPath, containerd, change: { file, merged }, before, hides: !docker.containerdStore };
}
function inRun(path) {
    return path.replace(/^\/var\/run\//, '/run/');
}
function unitAndSocket(docker) {
    if (docker === undefined)
        return { reason: 'it does not answer' };
    const { unfit, unit, endpoint } = docker;
    if (unfit !== undefined)
        return { reason: `it can't have this image store (${unfit})` };
    if (unit === undefined)
        return { reason: 'it is no service of systemd' };
    const socketPath = socketOf(endpoint);
    if (socketPath === undefined || !isOwnSocket(endpoint))
        return { reason: `this job uses the one at ${endpoint}, which is not ${unit}` };
    return { unit, socketPath, docker };
}
function unitsOf({ unit, containerd, change, before }) {
    if (!isDone(containerd))
        return [containerd.unit, unit];
    return change.merged.changed || before.driver !== STORAGE_DRIVER ? [unit] : [];
}
async function requireDocker({ signal }, { unit, socketPath }) {
    let reason;
    const ask = () => dockerInfo(socketPath).catch((error) => {
        reason = error;
        return undefined;
    });
    const after = await (0,services/* untilAnswer */.te)(ask, docker_READY_MS, signal);
    if (after === undefined)
        throw reason;
    if (after.driver !== STORAGE_DRIVER)
        throw new errors/* LazypullError */.qB('FAILED_PRECONDITION', `Docker has the storage driver ${after.driver} after its restart, not ${STORAGE_DRIVER}; ${unit} reads other settings`);
}
function tellHidden({ notice, info }, { before, hides }) {
    const count = hides ? before.images : 0;
    if (count === 0)
        info('Docker has no images that its new image store does not show.');
    else
        notice(`Docker's other image store (${before.driver}) has ${count} image${count === 1 ? '' : 's'}. Until this job ends it is ` +
            'not shown, and what is used of it is pulled again; then it is back.');
}

;// CONCATENATED MODULE: ./action/engine/engines.js



const SETUPS = {
    docker: setUpDocker,
    buildkit: setUpBuildkit,
    containerd: setUpContainerd,
};
function enginesFor({ engine }, facts) {
    if (engine !== 'auto')
        return [engine];
    const { docker, buildx, containerd } = facts;
    return [
        ...(docker !== undefined && docker.unfit === undefined ? ['docker'] : []),
        ...(buildx === undefined ? [] : ['buildkit']),
        ...(containerd === undefined ? [] : ['containerd']),
    ];
}

// EXTERNAL MODULE: ./action/host.js + 1 modules
var action_host = __webpack_require__(18597);
// EXTERNAL MODULE: ./action/inputs.js
var inputs = __webpack_require__(7530);
// EXTERNAL MODULE: ./action/journal.js
var action_journal = __webpack_require__(25496);
// EXTERNAL MODULE: ./action/probe.js + 2 modules
var probe = __webpack_require__(55752);
;// CONCATENATED MODULE: ./action/pull-images.js




const AT_ONCE = 4;
const pull_images_TIMEOUT_MS = 600_000;
async function pullImages(context) {
    const { engine, images, notice } = context;
    if (images.length === 0)
        return;
    if (engine.engine === 'buildkit') {
        notice("input 'images': BuildKit has no images of its own, it pulls what a build names. Nothing was pulled.");
        return;
    }
    const waiting = [...new Set(images)];
    const worker = async () => {
        for (let image = waiting.shift(); image !== undefined; image = waiting.shift())
            await pullOne(context, image);
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, waiting.length) }, worker));
}
async function pullOne(context, image) {
    const { host, engine, env, info, notice, program = (0,lazypull_command/* lazypullCommand */.j)() } = context;
    const started = performance.now();
    const { status, stderr } = engine.engine === 'docker'
        ? await host.try(['docker', 'pull', '--quiet', '--', image], { env: engine.env, timeoutMs: pull_images_TIMEOUT_MS })
        : await host.try(pullCommand(program, engine, image), {
            root: true,
            env: daemonEnvironment(env),
            timeoutMs: pull_images_TIMEOUT_MS,
        });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (status === 0)
        info(`pulled ${image} in ${seconds} s`);
    else
        notice(`input 'images': ${image} could not be pulled: ${(0,process_text/* lastLines */.w$)(stderr, 1) || `status ${status}`}`);
}
function pullCommand(program, engine, image) {
    const address = engine.containerdAddress === undefined ? [] : ['--address', engine.containerdAddress];
    return [...program, 'pull', '--config', state/* Place */.YR.CONFIG, ...address, '--', image];
}

// EXTERNAL MODULE: ./action/talk.js
var action_talk = __webpack_require__(30349);
// EXTERNAL MODULE: ./action/undo.js
var undo = __webpack_require__(22637);
;// CONCATENATED MODULE: ./action/main.js













const NOT_RESTORED = { key: '', layers: 0, chunks: 0, bytes: 0, refused: 0 };
async function main(env) {
    (0,core/* saveState */.LZ)(state/* StateKey */.zv.STARTED, 'true');
    const startedMs = Date.now();
    const talk = new action_talk/* Talk */.v();
    const journal = new action_journal/* Journal */.C();
    const signal = cancellation();
    const host = (0,action_host/* createHost */.De)(await (0,action_host/* findRootWay */.Xf)());
    let done;
    try {
        done = await setUp({ host, inputs: (0,inputs/* readInputs */.Ko)(), env, journal, talk, signal });
    }
    catch (error) {
        if (signal.aborted)
            (0,core/* setFailed */.C1)('the step was cancelled');
        else
            await goOnWithout(error, { host, journal, talk });
    }
    leaveOutputs(done);
    if (signal.aborted)
        return;
    const result = {
        run: {
            engine: done?.ready.engine,
            isolated: done?.ready.isolated ?? false,
            startedMs,
            readyMs: Date.now(),
            notices: talk.notices,
        },
        restored: done?.restored ?? { ...NOT_RESTORED, why: 'nothing was set up' },
    };
    (0,core/* saveState */.LZ)(state/* StateKey */.zv.RESULT, JSON.stringify(result));
}
async function setUp(step) {
    const { env, talk } = step;
    const facts = await (0,core/* group */.Os)('Looking at this runner', () => look(step));
    const isFirst = env[state/* SET_UP_VARIABLE */.S5] === undefined;
    const cache = { ...step, facts, info: talk.later, notice: talk.notice };
    const downloading = isFirst ? (0,action_cache/* downloadCache */.du)(cache) : undefined;
    const context = { ...step, facts, info: talk.info, notice: talk.notice };
    const daemon = await (0,core/* group */.Os)('Starting the daemon', () => startLazyDaemon(context));
    const restoring = downloading?.then((downloaded) => (0,action_cache/* loadCache */.Lj)(cache, downloaded));
    const ready = await setUpEngine(step, facts);
    const restored = await (0,core/* group */.Os)('Restoring what earlier runs of this job read', async () => {
        const outcome = (await restoring) ?? { ...NOT_RESTORED, why: 'an earlier step of this job did it' };
        talk.flush();
        return outcome;
    });
    if (step.inputs.images.length > 0) {
        const { host, inputs } = step;
        const { info, notice } = talk;
        await (0,core/* group */.Os)('Pulling images', () => pullImages({ host, engine: ready, images: inputs.images, env, info, notice }));
    }
    (0,core/* saveState */.LZ)(state/* StateKey */.zv.REPORTS, String(isFirst));
    return { ready, daemon, restored };
}
async function look({ host, env, talk }) {
    const facts = await (0,probe/* probe */.dy)(host, env);
    for (const line of factLines(facts))
        talk.info(line);
    throwObstacle((0,probe/* obstacleOf */.HD)(facts));
    return facts;
}
async function startLazyDaemon(context) {
    const daemon = await startDaemon(context);
    throwObstacle(obstacleOfDaemon(daemon));
    const reason = daemon.tierReason === '' ? '' : `: ${daemon.tierReason}`;
    context.info(`lazypull ${daemon.version}, tier ${daemon.tier}${reason}`);
    return daemon;
}
function throwObstacle(obstacle) {
    if (obstacle !== undefined)
        throw new errors/* UserError */.yo(obstacle.reason, obstacle.remedy);
}
async function setUpEngine(step, facts) {
    const { host, inputs, journal, talk, signal } = step;
    const engines = enginesFor(inputs, facts);
    for (const [index, engine] of engines.entries()) {
        const mark = journal.mark();
        try {
            const context = { host, facts, inputs, journal, info: talk.info, notice: talk.notice, signal };
            return await (0,core/* group */.Os)(`Setting up ${engine}`, () => SETUPS[engine](context));
        }
        catch (error) {
            const next = engines[index + 1];
            if (signal.aborted || next === undefined)
                throw error;
            await goOnWith(next, engine, error, { host, journal, talk, mark });
        }
    }
    throw new errors/* UserError */.yo('there is no engine that can pull lazily', "Set input 'engine' to docker, buildkit or containerd.");
}
async function goOnWith(next, engine, error, undo) {
    undo.talk.notice(`${engine} could not be set up: ${(0,errors/* describeError */.Uc)(error)} ${next} is tried instead.`);
    await takeBack(undo);
}
async function goOnWithout(error, undo) {
    const reason = (0,errors/* describeError */.Uc)(error);
    undo.talk.notice(`Images are pulled as usual in this job: ${reason}`);
    if (!(error instanceof errors/* LazypullError */.qB) && error instanceof Error)
        undo.talk.info(error.stack ?? '');
    await takeBack(undo);
    if ((0,core/* getInput */.V4)('strict').toLowerCase() === 'true')
        (0,core/* setFailed */.C1)(reason);
}
async function takeBack({ host, journal, talk, mark = 0 }) {
    if (journal.mark() === mark)
        return;
    const failures = await (0,core/* group */.Os)('Taking back what was done', () => (0,action_journal/* undoAll */.w)(journal.take(mark), (step) => (0,undo/* undoStep */.D)(host, step)));
    for (const failure of failures)
        talk.notice(`could not be taken back: ${failure}`);
}
function leaveOutputs(done) {
    const ready = done?.ready;
    (0,core/* setOutput */.uH)('engine', ready?.engine ?? '');
    (0,core/* setOutput */.uH)('snapshotter-socket', ready?.snapshotterSocket ?? '');
    (0,core/* setOutput */.uH)('containerd-address', ready?.containerdAddress ?? '');
    (0,core/* setOutput */.uH)('builder', ready?.builder ?? '');
    (0,core/* setOutput */.uH)('docker-context', ready?.dockerContext ?? '');
    (0,core/* setOutput */.uH)('tier', done?.daemon.tier ?? '');
    (0,core/* setOutput */.uH)('cache-hit', String((done?.restored.key ?? '') !== ''));
    if (ready === undefined)
        return;
    for (const [name, value] of Object.entries(ready.env))
        (0,core/* exportVariable */.dN)(name, value);
    (0,core/* exportVariable */.dN)(state/* SET_UP_VARIABLE */.S5, ready.engine);
}
function cancellation() {
    const controller = new AbortController();
    for (const name of ['SIGINT', 'SIGTERM']) {
        process.on(name, () => controller.abort(new errors/* LazypullError */.qB('ABORTED', 'the step was cancelled')));
    }
    return controller.signal;
}
function factLines(facts) {
    const { platform, arch, hosted, container, docker, containerd, buildx } = facts;
    const where = container === undefined ? '' : `, in a container (${container})`;
    const running = docker === undefined || docker.running.length === 0 ? '' : `; running: ${docker.running.join(', ')}`;
    return [
        `${platform} ${arch}, ${hosted ? 'hosted by GitHub' : 'self-hosted'}${where}`,
        docker === undefined ? 'no Docker' : `Docker ${docker.version}, storage driver ${docker.driver}${running}`,
        containerd === undefined ? 'no containerd' : `containerd ${containerd.version} at ${containerd.address}`,
        buildx === undefined ? 'no docker buildx' : `docker buildx ${buildx}`,
    ];
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
