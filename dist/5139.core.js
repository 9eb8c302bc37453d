export const id = 5139;
export const ids = [5139];
export const modules = {

/***/ 75139:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runOptimize: () => (/* binding */ runOptimize)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/image/open.js + 15 modules
var image_open = __webpack_require__(7610);
// EXTERNAL MODULE: ./src/oci/platform.js
var oci_platform = __webpack_require__(46580);
// EXTERNAL MODULE: ./src/optimize/convert.js + 31 modules
var convert = __webpack_require__(48516);
// EXTERNAL MODULE: ./src/optimize/image-view.js
var image_view = __webpack_require__(83128);
// EXTERNAL MODULE: ./src/optimize/layer-imports.js
var layer_imports = __webpack_require__(37779);
// EXTERNAL MODULE: ./src/image/index-reader.js
var index_reader = __webpack_require__(51791);
// EXTERNAL MODULE: ./src/oci/digest.js
var digest = __webpack_require__(62635);
// EXTERNAL MODULE: ./src/oci/json.js
var json = __webpack_require__(77417);
// EXTERNAL MODULE: ./src/oci/media-types.js
var media_types = __webpack_require__(82371);
;// CONCATENATED MODULE: ./src/optimize/platform-image.js






async function openPlatformImage(source, platform, signal) {
    let document = await source.root(signal);
    const reader = new index_reader/* IndexReader */.I(source, signal);
    for (let depth = 0; document.manifest.kind === 'index'; depth++) {
        document = await reader.read((0,oci_platform/* selectManifest */.yY)(document.manifest, platform), depth);
    }
    const { manifest } = document;
    const foreign = manifest.layers.find(({ mediaType }) => (0,media_types/* layerCompression */.AH)(mediaType) === undefined);
    if (foreign !== undefined) {
        throw new errors/* LazypullError */.qB('UNSUPPORTED', `${source.name}: a layer of type ${foreign.mediaType} can't be unpacked`);
    }
    const config = await source.fetch(manifest.config, signal);
    const { os, architecture, variant, diffIds } = parseConfig(config);
    if (diffIds.length !== manifest.layers.length) {
        throw new errors/* FormatError */.IF(`image config: ${diffIds.length} diff ids for ${manifest.layers.length} layers`);
    }
    const own = (0,oci_platform/* normalizePlatform */.FL)({ os, architecture, ...(variant === undefined ? {} : { variant }) });
    return { document, manifest, config, platform: own, diffIds };
}
function platformName({ platform }) {
    return (0,oci_platform/* formatPlatform */.Bq)(platform);
}
function parseConfig(bytes) {
    const where = 'image config';
    const document = (0,json/* requireObject */.zG)((0,json/* parseJson */.qF)(bytes, where), where);
    const text = (key) => (typeof document[key] === 'string' ? document[key] : '');
    const rootfs = (0,json/* requireObject */.zG)(document['rootfs'], `${where}.rootfs`);
    const diffIds = (0,json/* requireArray */.Fs)(rootfs['diff_ids'], `${where}.rootfs.diff_ids`, 1000).map((id) => (0,digest/* parseDigest */.m)(String(id)));
    const variant = text('variant');
    return { os: text('os'), architecture: text('architecture'), diffIds, ...(variant === '' ? {} : { variant }) };
}

// EXTERNAL MODULE: ./src/optimize/profile-codec.js
var profile_codec = __webpack_require__(3395);
// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(31421);
// EXTERNAL MODULE: ./src/estargz/encode-toc.js
var encode_toc = __webpack_require__(46595);
// EXTERNAL MODULE: ./src/build/toc-fields.js
var toc_fields = __webpack_require__(61984);
;// CONCATENATED MODULE: ./src/build/plain-toc.js


function plainToc(tar, chunkSize) {
    const toc = new encode_toc/* TocEncoder */.N();
    for (const entry of tar.entries) {
        const { size } = entry.header;
        const fields = (0,toc_fields/* entryFields */.oy)(entry);
        if (size === 0) {
            toc.add(fields);
            continue;
        }
        for (let chunkOffset = 0; chunkOffset < size; chunkOffset += chunkSize) {
            const about = chunkOffset === 0 ? fields : { name: fields.name, type: 'chunk' };
            const chunk = size - chunkOffset >= chunkSize ? { chunkSize } : {};
            toc.add({ ...about, offset: entry.dataStart + chunkOffset, chunkOffset, ...chunk });
        }
    }
    return Buffer.concat(toc.finish());
}

// EXTERNAL MODULE: ./src/layer/error-codec.js
var error_codec = __webpack_require__(33758);
;// CONCATENATED MODULE: ./src/optimize/image-user.js

const MAX_ID = 2 ** 32 - 2;
function resolveUser(spec, passwd, group) {
    const [userPart = '', groupPart] = spec.split(':', 2);
    const user = findUser(userPart, parsePasswd(passwd));
    const groups = parseGroup(group);
    const gid = groupPart === undefined || groupPart === '' ? user.gid : findGroup(groupPart, groups);
    const named = groupPart === undefined || groupPart === '' ? groups.filter(({ members }) => isMember(members, user)) : [];
    return { uid: user.uid, gid, additionalGids: [...new Set([gid, ...named.map((line) => line.gid)])] };
}
function isMember(members, user) {
    return user.name !== undefined && members.includes(user.name);
}
function findUser(part, lines) {
    const uid = part === '' ? 0 : parseId(part);
    const line = lines.find(({ name, uid: own }) => (part !== '' && name === part) || own === uid);
    if (line !== undefined)
        return line;
    if (uid !== undefined)
        return { uid, gid: 0, name: undefined };
    throw new errors/* UserError */.yo(`the image has no user ${JSON.stringify(part)}`, 'Use a number, or a name of its /etc/passwd.');
}
function findGroup(part, lines) {
    const gid = parseId(part);
    const found = lines.find((line) => line.name === part)?.gid ?? gid;
    if (found !== undefined)
        return found;
    throw new errors/* UserError */.yo(`the image has no group ${JSON.stringify(part)}`, 'Use a number, or a name of its /etc/group.');
}
function parsePasswd(text) {
    return text.split('\n').flatMap((line) => {
        const [name = '', , uidText = '', gidText = ''] = line.trim().split(':');
        const uid = parseId(uidText);
        const gid = parseId(gidText);
        return name === '' || uid === undefined || gid === undefined ? [] : [{ name, uid, gid }];
    });
}
function parseGroup(text) {
    return text.split('\n').flatMap((line) => {
        const [name = '', , gidText = '', members = ''] = line.trim().split(':');
        const gid = parseId(gidText);
        return name === '' || gid === undefined ? [] : [{ name, gid, members: members.split(',') }];
    });
}
function parseId(text) {
    const id = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    return id <= MAX_ID ? id : undefined;
}

;// CONCATENATED MODULE: ./src/optimize/oci-spec.js
const CAPABILITIES = [
    'CAP_CHOWN',
    'CAP_DAC_OVERRIDE',
    'CAP_FSETID',
    'CAP_FOWNER',
    'CAP_MKNOD',
    'CAP_NET_RAW',
    'CAP_SETGID',
    'CAP_SETUID',
    'CAP_SETFCAP',
    'CAP_SETPCAP',
    'CAP_NET_BIND_SERVICE',
    'CAP_SYS_CHROOT',
    'CAP_KILL',
    'CAP_AUDIT_WRITE',
];
const MASKED_PATHS = [
    '/proc/asound',
    '/proc/acpi',
    '/proc/interrupts',
    '/proc/kcore',
    '/proc/keys',
    '/proc/latency_stats',
    '/proc/timer_list',
    '/proc/timer_stats',
    '/proc/sched_debug',
    '/proc/scsi',
    '/sys/firmware',
    '/sys/devices/virtual/powercap',
];
const READONLY_PATHS = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];
const SYSTEM_MOUNTS = [
    { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
    {
        destination: '/dev',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
    },
    {
        destination: '/dev/pts',
        type: 'devpts',
        source: 'devpts',
        options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
    },
    {
        destination: '/dev/shm',
        type: 'tmpfs',
        source: 'shm',
        options: ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k'],
    },
    { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: ['nosuid', 'noexec', 'nodev'] },
    { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
    { destination: '/sys/fs/cgroup', type: 'cgroup', source: 'cgroup', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
];
function encodeSpec(options) {
    const namespaces = ['pid', 'ipc', 'uts', 'mount', 'cgroup', ...(options.network === 'host' ? [] : ['network'])];
    return JSON.stringify({
        ociVersion: '1.0.2',
        process: oci_spec_process(options),
        root: { path: 'rootfs', readonly: false },
        hostname: options.hostname,
        mounts: mounts(options),
        linux: {
            cgroupsPath: options.cgroup,
            namespaces: namespaces.map((type) => ({ type })),
            resources: { devices: devices() },
            maskedPaths: MASKED_PATHS,
            readonlyPaths: READONLY_PATHS,
        },
    });
}
function oci_spec_process({ command, env, workingDir, user, terminal }) {
    const { uid, gid, additionalGids } = user;
    const own = uid === 0 ? CAPABILITIES : [];
    return {
        terminal,
        user: { uid, gid, additionalGids },
        args: command,
        env,
        cwd: workingDir,
        capabilities: { bounding: CAPABILITIES, effective: own, permitted: own },
    };
}
function mounts({ mounts: own, files }) {
    const binds = files.map(({ source, target }) => bind(source, target, ['rbind', 'rprivate']));
    const wanted = own.map(({ type, source, target, readonly, options }) => {
        const mode = readonly ? 'ro' : 'rw';
        if (type === 'bind')
            return bind(source ?? '', target, ['rbind', 'rprivate', mode, ...options]);
        return { destination: target, type, source: type, options: ['nosuid', 'nodev', mode, ...options] };
    });
    const replaced = new Set(wanted.map(({ destination }) => destination));
    return [...[...SYSTEM_MOUNTS, ...binds].filter(({ destination }) => !replaced.has(destination)), ...wanted];
}
function bind(source, destination, options) {
    return { destination, type: 'bind', source, options };
}
function devices() {
    return [
        { allow: false, access: 'rwm' },
        { allow: true, type: 'c', access: 'm' },
        { allow: true, type: 'b', access: 'm' },
    ];
}

// EXTERNAL MODULE: ./src/optimize/workload.js
var optimize_workload = __webpack_require__(5688);
;// CONCATENATED MODULE: ./src/optimize/prepare-spec.js







const MAX_PASSWD_BYTES = 16 << 20;
const DEFAULT_HOSTNAME = 'lazypull';
async function prepareSpec({ config, workload, layers, folder, id }) {
    const view = new image_view/* ImageView */.D(layers);
    const read = (path) => view.read(path, MAX_PASSWD_BYTES)?.toString() ?? '';
    const hostname = workload.hostname ?? DEFAULT_HOSTNAME;
    for (const { type, source } of workload.mounts ?? [])
        if (type === 'bind')
            await requireSource(source ?? '');
    return encodeSpec({
        command: (0,optimize_workload/* commandOf */.Nl)(config, workload),
        env: (0,optimize_workload/* environmentOf */.p7)(config, workload, hostname),
        workingDir: absolute(workload.workingDir ?? config.workingDir),
        user: resolveUser(workload.user ?? config.user, read('etc/passwd'), read('etc/group')),
        hostname,
        network: workload.network ?? 'none',
        terminal: workload.terminal === true,
        mounts: workload.mounts ?? [],
        files: await writeFiles(folder, workload, hostname),
        cgroup: `/${id}`,
    });
}
function absolute(path) {
    if (path === '')
        return '/';
    return path.startsWith('/') ? path : `/${path}`;
}
async function requireSource(source) {
    try {
        await (0,promises_.stat)(source);
    }
    catch (cause) {
        throw new errors/* UserError */.yo(`there is nothing to mount at ${source}`, 'Make it first, or correct --mount.', { cause });
    }
}
async function writeFiles(folder, { addHosts = [], dns = [], dnsSearch = [], dnsOptions = [], network }, hostname) {
    const host = network === 'host';
    const hosts = [
        ...(host ? [await readOr('/etc/hosts')] : ['127.0.0.1\tlocalhost', '::1\tlocalhost ip6-localhost ip6-loopback']),
        `127.0.0.1\t${hostname}`,
        ...addHosts.map(hostLine),
    ];
    const ownDns = [...dns, ...dnsSearch, ...dnsOptions].length > 0;
    const resolver = [
        ...dns.map((address) => `nameserver ${address}`),
        ...(dnsSearch.length > 0 ? [`search ${dnsSearch.join(' ')}`] : []),
        ...(dnsOptions.length > 0 ? [`options ${dnsOptions.join(' ')}`] : []),
    ];
    const files = {
        hosts: hosts.join('\n'),
        hostname,
        'resolv.conf': ownDns ? resolver.join('\n') : host ? await readOr('/etc/resolv.conf') : '',
    };
    return Promise.all(Object.entries(files).map(async ([name, text]) => {
        const source = (0,external_node_path_.join)(folder, name);
        await (0,promises_.writeFile)(source, text.endsWith('\n') || text === '' ? text : `${text}\n`, { mode: 0o644 });
        return { source, target: `/etc/${name}` };
    }));
}
function hostLine(item) {
    const [, name, address] = /^([^\s:]+):([0-9A-Za-z.:%]+)$/.exec(item) ?? [];
    if (name !== undefined && address !== undefined)
        return `${address}\t${name}`;
    throw new errors/* UserError */.yo(`not a host: ${JSON.stringify(item)}`, 'Write --add-host NAME:ADDRESS.');
}
async function readOr(path) {
    return (await (0,promises_.readFile)(path, 'utf8').catch(() => '')).trimEnd();
}

// EXTERNAL MODULE: ./src/optimize/ranges.js
var optimize_ranges = __webpack_require__(18039);
;// CONCATENATED MODULE: ./src/optimize/profile-of-recording.js



function profileOfRecording(outcome, { image, layers, command }) {
    const places = layers.map(({ entries }) => placesOf(entries));
    const files = new Map();
    for (const { layer, tarOffset, ranges, firstReadMs } of outcome.files) {
        const entry = places[layer]?.get(tarOffset);
        const digest = layers[layer]?.diffId;
        if (entry === undefined || digest === undefined) {
            throw new errors/* LazypullError */.qB('FAILED_PRECONDITION', `layer ${layer} has no file at ${tarOffset} of its tar`);
        }
        const key = `${digest} ${entry.path}`;
        const known = files.get(key);
        files.set(key, {
            path: entry.path,
            layer: digest,
            size: entry.header.size,
            ranges: (0,optimize_ranges/* unionRanges */.AO)([...(known?.ranges ?? []), ...ranges]),
            firstReadMs: known?.firstReadMs ?? firstReadMs,
        });
    }
    return (0,profile_codec/* canonicalProfile */.Y8)({
        version: 1,
        image,
        layers: layers.map(({ diffId }) => diffId),
        workloads: [{ command, durationMs: outcome.durationMs }],
        files: [...files.values()],
    });
}
function placesOf(entries) {
    return new Map(entries.filter(({ type }) => type === 'reg').map((entry) => [entry.dataStart, entry]));
}

;// CONCATENATED MODULE: ./src/optimize/image-config.js


const MAX_WORDS = 10_000;
function parseRunConfig(bytes) {
    const document = (0,json/* requireObject */.zG)((0,json/* parseJson */.qF)(bytes, 'image config'), 'image config');
    const where = 'image config.config';
    const config = document['config'] == null ? {} : (0,json/* requireObject */.zG)(document['config'], where);
    const words = (key) => {
        if (config[key] == null)
            return [];
        return (0,json/* requireArray */.Fs)(config[key], `${where}.${key}`, MAX_WORDS).map((word) => {
            if (typeof word !== 'string')
                throw new errors/* FormatError */.IF(`${where}.${key}: not a list of strings`);
            return word;
        });
    };
    return {
        user: (0,json/* optionalString */.sx)(config, 'User', where) ?? '',
        env: words('Env'),
        entrypoint: words('Entrypoint'),
        cmd: words('Cmd'),
        workingDir: (0,json/* optionalString */.sx)(config, 'WorkingDir', where) ?? '',
        stopSignal: (0,json/* optionalString */.sx)(config, 'StopSignal', where) ?? '',
    };
}

;// CONCATENATED MODULE: ./src/optimize/record.js










const CHUNK_SIZE = 1 << 30;
async function recordWorkload(options, signal) {
    signal?.throwIfAborted();
    const job = await prepareJob(options);
    const outcome = await runRecorder(job, options, signal);
    const { source } = options;
    const command = JSON.parse(job.spec).process.args;
    const profile = profileOfRecording(outcome, { image: source.image, layers: source.layers, command });
    return { profile, reason: outcome.reason, status: outcome.status };
}
async function prepareJob(options) {
    const { source, folder, id, workload } = options;
    const layers = await Promise.all(source.layers.map(async (layer, index) => {
        const tocPath = (0,external_node_path_.join)(folder, `toc-${index}.json`);
        await (0,promises_.writeFile)(tocPath, plainToc(layer, CHUNK_SIZE), { mode: 0o600 });
        return { tarPath: layer.path, tocPath };
    }));
    const config = parseRunConfig(source.config);
    return {
        folder,
        id,
        layers,
        tier: options.tier ?? 'auto',
        spec: await prepareSpec({ config, workload, layers: source.layers, folder, id }),
        runtime: options.runtime,
        stop: { periodMs: options.periodMs, line: options.line, signal: (0,optimize_workload/* stopSignalOf */.eq)(config) },
        interactive: workload.interactive === true || workload.terminal === true,
        terminal: workload.terminal === true,
    };
}
async function runRecorder(job, options, signal) {
    const child = startRecorder(job, options.recorder);
    const outcome = Promise.withResolvers();
    outcome.promise.catch(() => { });
    const exited = new Promise((resolve) => child.once('exit', () => resolve()));
    child.once('error', (cause) => {
        outcome.reject(new errors/* UserError */.yo(`can't start unshare: ${(0,errors/* describeError */.Uc)(cause)}`, 'Install util-linux.', { cause }));
    });
    child.once('exit', (code) => {
        outcome.reject(new errors/* LazypullError */.qB('ABORTED', `the recorder ended unexpectedly, status ${code ?? 'unknown'}`));
    });
    child.on('message', (message) => {
        if (message.type === 'done')
            outcome.resolve(message.outcome);
        else if (message.type === 'failed')
            outcome.reject(failureOf(message.error));
        else
            options.onEvent?.(message);
    });
    const stop = () => void (child.connected && child.send({ type: 'stop' }));
    const abort = () => {
        outcome.reject(signal?.reason);
        if (child.connected)
            child.disconnect();
    };
    options.stop?.addEventListener('abort', stop);
    signal?.addEventListener('abort', abort);
    try {
        if (child.connected)
            child.send({ type: 'job', job });
        if (options.stop?.aborted === true)
            stop();
        return await outcome.promise;
    }
    finally {
        options.stop?.removeEventListener('abort', stop);
        signal?.removeEventListener('abort', abort);
        if (child.pid !== undefined)
            await exited;
    }
}
function failureOf(record) {
    return record.name === 'UserError' ? new errors/* UserError */.yo(record.message) : (0,error_codec/* decodeError */.l)(record);
}
function startRecorder(job, recorder) {
    const args = ['--mount', '--pid', '--fork', '--mount-proc', '--', ...recorder];
    const output = job.terminal ? 'inherit' : 2;
    return (0,external_node_child_process_.spawn)('unshare', args, {
        stdio: [job.interactive ? 'inherit' : 'ignore', output, 2, 'ipc'],
        detached: !job.interactive,
    });
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
;// CONCATENATED MODULE: ./src/optimize/runtime.js




const FALLBACK = 'Without them an image can be optimized from a recording: --record-in, or --prefetch-list.';
function requireRecording(runtime) {
    if (process.platform !== 'linux')
        throw new errors/* UserError */.yo(`recording needs Linux, this is ${process.platform}`, FALLBACK);
    if (process.getuid?.() !== 0)
        throw new errors/* UserError */.yo('recording needs root: it mounts the image', `Use sudo. ${FALLBACK}`);
    if (!isAccessible('/dev/fuse', external_node_fs_.constants.R_OK | external_node_fs_.constants.W_OK)) {
        throw new errors/* UserError */.yo('recording needs /dev/fuse', 'Load the module (modprobe fuse); in a container pass --device /dev/fuse.');
    }
    if (findProgram('unshare') === undefined)
        throw new errors/* UserError */.yo('recording needs unshare(1)', 'Install util-linux.');
    const path = findProgram(runtime);
    if (path !== undefined)
        return path;
    throw new errors/* UserError */.yo(`recording needs ${runtime}, which is not there`, `Install runc, or name it with --runtime. ${FALLBACK}`);
}
function isRunnableHere(platform) {
    const own = (0,oci_platform/* formatPlatform */.Bq)((0,oci_platform/* normalizePlatform */.FL)(platform));
    return (0,oci_platform/* compatiblePlatforms */.l6)((0,oci_platform/* hostPlatform */.ol)()).some((one) => (0,oci_platform/* formatPlatform */.Bq)(one) === own);
}
function requireRunnable(platform) {
    if (isRunnableHere(platform))
        return;
    throw new errors/* UserError */.yo(`this machine (${(0,oci_platform/* formatPlatform */.Bq)((0,oci_platform/* hostPlatform */.ol)())}) can't run an image for ${(0,oci_platform/* formatPlatform */.Bq)(platform)}`, 'Record it on such a machine with --record-out, and use that here with --record-in.');
}
function findProgram(name) {
    if ((0,external_node_path_.isAbsolute)(name) || name.includes('/'))
        return isAccessible(name, external_node_fs_.constants.X_OK) ? (0,external_node_path_.resolve)(name) : undefined;
    const folders = [...(process.env['PATH'] ?? '').split(external_node_path_.delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
    return folders
        .filter((folder) => (0,external_node_path_.isAbsolute)(folder))
        .map((folder) => (0,external_node_path_.join)(folder, name))
        .find((path) => isAccessible(path, external_node_fs_.constants.X_OK));
}
function isAccessible(path, mode) {
    try {
        (0,external_node_fs_.accessSync)(path, mode);
        return true;
    }
    catch {
        return false;
    }
}

// EXTERNAL MODULE: ./src/malloc.js
var malloc = __webpack_require__(75981);
// EXTERNAL MODULE: ./src/cli/convert-reporter.js
var convert_reporter = __webpack_require__(99677);
// EXTERNAL MODULE: ./src/cli/format.js
var format = __webpack_require__(97093);
// EXTERNAL MODULE: ./src/cli/image-access.js + 1 modules
var image_access = __webpack_require__(13609);
// EXTERNAL MODULE: ./src/cli/interrupts.js
var cli_interrupts = __webpack_require__(7738);
// EXTERNAL MODULE: ./src/image/location.js
var image_location = __webpack_require__(42336);
// EXTERNAL MODULE: ./src/optimize/profile-inputs.js
var profile_inputs = __webpack_require__(74892);
// EXTERNAL MODULE: ./src/cli/flag-values.js
var flag_values = __webpack_require__(92243);
// EXTERNAL MODULE: ./src/cli/layer-format-flags.js
var layer_format_flags = __webpack_require__(98727);
// EXTERNAL MODULE: ./src/cli/workload-flags.js
var workload_flags = __webpack_require__(74837);
;// CONCATENATED MODULE: ./src/cli/optimize-plan.js








async function planOptimize(args, flags) {
    const isGiven = flags.recordIn !== undefined || flags.prefetchList !== undefined;
    const isOrdered = flags.optimize !== false;
    const runs = isOrdered && (!isGiven || args.command !== undefined);
    requireConsistent(args, flags);
    const workload = (0,workload_flags/* workloadOptions */.I_)(flags, args.command);
    return {
        flags,
        source: (0,image_location/* parseLocation */.z)(args.source),
        target: args.target === undefined ? undefined : planTarget(args.target, flags, isOrdered),
        platforms: (0,flag_values/* listFlag */.v6)(flags, 'platform').map((text) => (0,flag_values/* parsePlatformFlag */.RS)(text)),
        workload,
        stop: (0,workload_flags/* stopRules */.ec)(flags),
        runtime: runs ? requireRecording(flags.runtime ?? 'runc') : undefined,
        inputs: await profile_inputs/* ProfileInputs */.N.read({ recordings: flags.recordIn ?? [], prefetchList: flags.prefetchList }),
        isOrdered,
    };
}
function planTarget(target, flags, hasProfile) {
    const location = (0,image_location/* parseLocation */.z)(target);
    if (flags.json === true && location.kind === 'stream') {
        throw new errors/* UserError */.yo('standard output can have the image or the JSON', 'Leave out --json, or name a file as DST.');
    }
    const format = (0,layer_format_flags/* layerFormatOptions */.xu)(flags);
    (0,convert/* checkConvertOptions */.w)({ ...format, hasProfile });
    return { location, format, tocLocation: format.layers.externalToc ? (0,layer_format_flags/* tocLocation */.KD)(location) : undefined };
}
function requireConsistent({ source, target, command }, flags) {
    if (target === undefined && flags.recordOut === undefined) {
        throw new errors/* UserError */.yo('there is nothing to write', 'Name an image to write after SRC, or a file with --record-out.');
    }
    if (target !== undefined && flags.recordOut === '-') {
        throw new errors/* UserError */.yo('standard output tells of the image', 'Write the recording to a file, or leave DST out.');
    }
    if (flags.optimize === false && command !== undefined) {
        throw new errors/* UserError */.yo('--no-optimize runs nothing', 'Leave it out, or the command after --.');
    }
    if (source === '-' && (flags.interactive === true || flags.tty === true || flags.terminal === true)) {
        throw new errors/* UserError */.yo('standard input is the image, so the workload can not have it', 'Leave out -i and -t.');
    }
}

;// CONCATENATED MODULE: ./src/cli/record-text.js

const REASONS = {
    exit: 'the workload ended',
    period: 'its time is over',
    line: 'the line came',
    signal: 'you ended it',
};
function workloadRuns({ periodMs, line, onSignal }) {
    const rules = [
        ...(line === undefined ? [] : [`until a line has ${JSON.stringify(line)}`]),
        ...(onSignal ? ['until Ctrl-C'] : []),
        ...(periodMs === undefined ? [] : [`for ${(0,format/* formatSeconds */.Xo)(periodMs / 1000)} at most`]),
    ];
    return `running the image ${rules.join(', ')}`;
}
function recordingEnds(reason) {
    return `recording ends: ${REASONS[reason]}`;
}

;// CONCATENATED MODULE: ./src/cli/optimize-command.js
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



















async function runOptimize(args, flags) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        (0,malloc/* returnLargeBlocks */.i)();
        const plan = await planOptimize(args, flags);
        const interrupts = __addDisposableResource(env_1, new cli_interrupts/* Interrupts */.$({ firstStops: plan.stop.onSignal }), false);
        try {
            await optimize(plan, interrupts);
        }
        catch (error) {
            interrupts.abort.throwIfAborted();
            throw error;
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
async function optimize(plan, interrupts) {
    const env_2 = { stack: [], error: void 0, hasError: false };
    try {
        const { source: from, target: to } = plan;
        const access = __addDisposableResource(env_2, await (0,image_access/* openImageAccess */.O)(plan.flags, to === undefined ? [from] : [from, to.location]), true);
        const source = __addDisposableResource(env_2, await (0,image_open/* openSource */.o)(from, access, interrupts.abort), true);
        const imports = __addDisposableResource(env_2, new layer_imports/* LayerImports */.Q({ source, workDir: access.workDir }), true);
        const around = { source, imports, access, interrupts };
        if (plan.runtime !== undefined || plan.flags.recordOut !== undefined)
            await useImage(plan, around);
        interrupts.nothingToStop();
        if (to !== undefined)
            await writeImage(plan, to, around);
    }
    catch (e_2) {
        env_2.error = e_2;
        env_2.hasError = true;
    }
    finally {
        const result_1 = __disposeResources(env_2);
        if (result_1)
            await result_1;
    }
}
async function writeImage(plan, to, around) {
    const env_3 = { stack: [], error: void 0, hasError: false };
    try {
        const { source, imports, access, interrupts } = around;
        const { inputs, flags } = plan;
        const linesTo = to.location.kind === 'stream' ? process.stderr : process.stdout;
        const reporter = new convert_reporter/* ConvertReporter */.XL({ json: flags.json === true, linesTo });
        const target = __addDisposableResource(env_3, await (0,image_open/* openTarget */.A)(to.location, access, interrupts.abort), true);
        const tocTarget = __addDisposableResource(env_3, to.tocLocation === undefined ? undefined : await (0,image_open/* openTarget */.A)(to.tocLocation, access, interrupts.abort), true);
        const profileOf = (image) => inputs.profileFor(image, (patterns) => reporter.unmatched(image, patterns));
        try {
            const options = {
                ...to.format,
                platforms: plan.platforms.length === 0 ? undefined : plan.platforms,
                workDir: access.workDir,
                tocTarget,
                imports,
                profileOf: plan.isOrdered ? profileOf : undefined,
            };
            const onProgress = (progress) => reporter.progress(progress);
            reporter.finish(await (0,convert/* convertImage */.h)(source, target, options, interrupts.abort, onProgress));
        }
        finally {
            reporter.stop();
        }
    }
    catch (e_3) {
        env_3.error = e_3;
        env_3.hasError = true;
    }
    finally {
        const result_2 = __disposeResources(env_3);
        if (result_2)
            await result_2;
    }
}
async function useImage(plan, around) {
    const { flags, inputs } = plan;
    const { source, imports, interrupts } = around;
    const image = await openPlatformImage(source, platformToRun(plan.platforms), interrupts.abort);
    if (plan.runtime !== undefined)
        requireRunnable(image.platform);
    tell(`reading ${(0,format/* plural */.LS)(image.manifest.layers.length, 'layer')} of ${(0,format/* printable */.g$)(source.name)}`);
    const layers = await Promise.all(image.manifest.layers.map((layer, index) => imports.get(layer, image.diffIds[index], interrupts.abort)));
    const about = { name: source.name, digest: image.document.descriptor.digest, platform: platformName(image) };
    if (plan.runtime !== undefined) {
        inputs.add((await record(plan, plan.runtime, { image: about, config: image.config, layers }, around)).profile);
    }
    if (flags.recordOut === undefined)
        return;
    const subject = { image: about, layers: image.diffIds, view: new image_view/* ImageView */.D(layers) };
    await writeRecording(flags.recordOut, (0,profile_codec/* encodeProfile */.k1)(inputs.profileFor(subject)));
}
function platformToRun(platforms) {
    return platforms.find(isRunnableHere) ?? platforms[0] ?? (0,oci_platform/* hostPlatform */.ol)();
}
async function record(plan, runtime, source, { access, interrupts }) {
    const folder = (0,external_node_path_.join)(access.workDir, 'record');
    await (0,promises_.mkdir)(folder);
    const recording = await recordWorkload({
        source,
        workload: plan.workload,
        periodMs: plan.stop.periodMs,
        line: plan.stop.line,
        recorder: [process.execPath, ...process.execArgv, process.argv[1] ?? '', 'record-workload'],
        runtime,
        folder,
        id: (0,external_node_path_.basename)(access.workDir),
        tier: plan.flags.tier,
        stop: interrupts.stop,
        onEvent: (event) => tell(event.type === 'started' ? workloadRuns(plan.stop) : recordingEnds(event.reason)),
    }, interrupts.abort);
    requireSuccess(recording, plan);
    return recording;
}
function requireSuccess({ reason, status }, { flags, stop }) {
    if (reason === 'period' && stop.periodIsLimit) {
        throw new errors/* LazypullError */.qB('FAILED_PRECONDITION', `no line with ${JSON.stringify(stop.line)} within ${(stop.periodMs ?? 0) / 1000} s; --period gives it more time`);
    }
    if (reason !== 'exit' || status === 0 || flags.ignoreExit === true)
        return;
    throw new errors/* LazypullError */.qB('FAILED_PRECONDITION', `the workload failed with status ${status}; --ignore-exit uses what it read all the same`);
}
async function writeRecording(path, text) {
    if (path === '-') {
        process.stdout.write(text);
        return;
    }
    try {
        await (0,promises_.writeFile)(path, text);
    }
    catch (cause) {
        throw new errors/* UserError */.yo(`can't write ${path}: ${(0,errors/* describeError */.Uc)(cause)}`, undefined, { cause });
    }
}
function tell(line) {
    process.stderr.write(`${line}\n`);
}


/***/ })

};
