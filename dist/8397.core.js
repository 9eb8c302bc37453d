export const id = 8397;
export const ids = [8397];
export const modules = {

/***/ 44653:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bw: () => (/* binding */ socketOption),
/* harmony export */   EQ: () => (/* binding */ repeatable),
/* harmony export */   Ec: () => (/* binding */ jsonOption),
/* harmony export */   Jx: () => (/* binding */ IMAGES_HELP),
/* harmony export */   KJ: () => (/* binding */ configOption),
/* harmony export */   s2: () => (/* binding */ imageAccessOptions)
/* harmony export */ });
/* harmony import */ var commander__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(11283);

function configOption() {
    return new commander__WEBPACK_IMPORTED_MODULE_0__/* .Option */ .c$('--config <FILE>', 'configuration (default: /etc/lazypull/config.toml, if it is there)');
}
function socketOption() {
    return new commander__WEBPACK_IMPORTED_MODULE_0__/* .Option */ .c$('--socket <SOCKET>', "the daemon's control socket (default: from the configuration)");
}
function jsonOption() {
    return new commander__WEBPACK_IMPORTED_MODULE_0__/* .Option */ .c$('--json', 'write one JSON document instead of lines');
}
function imageAccessOptions() {
    return [
        new commander__WEBPACK_IMPORTED_MODULE_0__/* .Option */ .c$('--plain-http', 'reach the registries of the images without TLS'),
        new commander__WEBPACK_IMPORTED_MODULE_0__/* .Option */ .c$('--address <SOCKET>', "containerd's socket, for containerd: images").default('/run/containerd/containerd.sock'),
        new commander__WEBPACK_IMPORTED_MODULE_0__/* .Option */ .c$('-n, --namespace <NAME>', "containerd's namespace, for containerd: images").default('default'),
        configOption(),
    ];
}
function repeatable(flags, description) {
    return new commander__WEBPACK_IMPORTED_MODULE_0__/* .Option */ .c$(flags, description).argParser((value, before) => [
        ...(before ?? []),
        value,
    ]);
}
const IMAGES_HELP = `Images are named in these ways:
  REGISTRY/NAME:TAG              in a registry; credentials come from docker's config.json: use "docker login"
  oci:DIR[:TAG]                  a folder in OCI layout
  oci-archive:FILE[:TAG]         the same as a tar, as "docker buildx build --output type=oci" writes it
  docker-archive:FILE[:NAME:TAG] what "docker save" writes
  containerd:NAME                an image of containerd
  -                              standard input or output: a tar of either kind`;


/***/ }),

/***/ 73016:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   tK: () => (/* binding */ DAEMON_FLAGS),
/* harmony export */   tY: () => (/* binding */ configOfFlags),
/* harmony export */   xZ: () => (/* binding */ parseDaemonFlags)
/* harmony export */ });
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(57975);
/* harmony import */ var _config_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(35059);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(16986);



const DAEMON_FLAGS = [
    {
        name: 'config',
        placeholder: 'FILE',
        key: undefined,
        help: 'configuration (default: /etc/lazypull/config.toml, if it is there)',
    },
    { name: 'root', placeholder: 'DIR', key: 'root', help: 'layer images and snapshots' },
    { name: 'state-dir', placeholder: 'DIR', key: 'state_dir', help: 'sockets and mounts' },
    { name: 'log-level', placeholder: 'LEVEL', key: 'log.level', help: 'trace, debug, info, warn or error' },
    { name: 'log-format', placeholder: 'FORMAT', key: 'log.format', help: 'json or text' },
    { name: 'fuse-transport', placeholder: 'NAME', key: 'fuse.transport', help: 'wire or fuse-native' },
    { name: 'tier', placeholder: 'TIER', key: 'mount.tier', help: 'auto, A, B or off' },
];
function parseDaemonFlags(args) {
    const options = Object.fromEntries(DAEMON_FLAGS.map(({ name }) => [name, { type: 'string' }]));
    try {
        return (0,node_util__WEBPACK_IMPORTED_MODULE_0__.parseArgs)({ args: [...args], options, allowPositionals: false }).values;
    }
    catch (cause) {
        const message = cause instanceof Error ? (cause.message.split('. ')[0] ?? '') : String(cause);
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .UserError */ .yo(message, 'See: lazypull daemon --help', { cause });
    }
}
function configOfFlags(values) {
    const overrides = DAEMON_FLAGS.flatMap(({ name, key }) => key === undefined || values[name] === undefined ? [] : [[key, values[name]]]);
    return (0,_config_js__WEBPACK_IMPORTED_MODULE_1__/* .loadConfig */ .Z9)(values['config'], Object.fromEntries(overrides));
}


/***/ }),

/***/ 92243:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   AC: () => (/* binding */ sizeFlag),
/* harmony export */   RS: () => (/* binding */ parsePlatformFlag),
/* harmony export */   gx: () => (/* binding */ textFlag),
/* harmony export */   tB: () => (/* binding */ integerFlag),
/* harmony export */   v6: () => (/* binding */ listFlag)
/* harmony export */ });
/* harmony import */ var _config_values_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(21216);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);
/* harmony import */ var _oci_platform_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(46580);



function textFlag(flags, name) {
    const value = flags[name];
    return typeof value === 'string' ? value : undefined;
}
function listFlag(flags, name) {
    const value = flags[name];
    return Array.isArray(value) ? value : [];
}
function integerFlag(flags, name, min, max) {
    const text = textFlag(flags, name);
    if (text === undefined)
        return undefined;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max)
        return value;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .UserError */ .yo(`${spelled(name)} wants a whole number from ${min} to ${max}, got ${JSON.stringify(text)}`);
}
function sizeFlag(flags, name) {
    const text = textFlag(flags, name);
    if (text === undefined)
        return undefined;
    try {
        return (0,_config_values_js__WEBPACK_IMPORTED_MODULE_0__/* .parseSize */ .DB)(text);
    }
    catch (error) {
        if (!(error instanceof _config_values_js__WEBPACK_IMPORTED_MODULE_0__/* .ValueError */ .Qp))
            throw error;
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .UserError */ .yo(`${spelled(name)} ${error.message}`, undefined, { cause: error });
    }
}
function parsePlatformFlag(text) {
    try {
        return (0,_oci_platform_js__WEBPACK_IMPORTED_MODULE_2__/* .parsePlatform */ .Y8)(text);
    }
    catch (error) {
        if (!(error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF))
            throw error;
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .UserError */ .yo(error.message, 'A platform is written like linux/arm64.', { cause: error });
    }
}
function spelled(name) {
    return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}


/***/ }),

/***/ 98727:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   KD: () => (/* binding */ tocLocation),
/* harmony export */   Ze: () => (/* binding */ addLayerFormatFlags),
/* harmony export */   xu: () => (/* binding */ layerFormatOptions)
/* harmony export */ });
/* harmony import */ var commander__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(11283);
/* harmony import */ var _config_values_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(21216);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(16986);
/* harmony import */ var _oci_annotations_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(73417);
/* harmony import */ var _oci_reference_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(38242);
/* harmony import */ var _common_flags_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(44653);
/* harmony import */ var _flag_values_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(92243);







const FORMATS = ['estargz', 'zstd:chunked', 'zstd:chunked-containers'];
const KIB = 1024;
const MIB = 1024 * KIB;
const DEFAULT_CHUNK_SIZE = 4 * MIB;
const DEFAULT_GZIP_LEVEL = 9;
const DEFAULT_ZSTD_LEVEL = 3;
const MIN_CHUNK_SIZE = 4 * KIB;
const MAX_CHUNK_SIZE = 32 * MIB;
const MAX_MIN_CHUNK_SIZE = 2 * MIB;
function addLayerFormatFlags(command) {
    command
        .optionsGroup('How layers are written:')
        .addOption(new commander__WEBPACK_IMPORTED_MODULE_0__/* .Option */ .c$('--format <FORMAT>', 'what the layers become')
        .choices(FORMATS)
        .default('estargz'))
        .option('--compression-level <N>', `gzip 0 to 9 (default: ${DEFAULT_GZIP_LEVEL}), zstd 1 to 22 (default: ${DEFAULT_ZSTD_LEVEL})`)
        .option('--chunk-size <SIZE>', `largest part of a file that is fetched by itself (default: ${(0,_config_values_js__WEBPACK_IMPORTED_MODULE_1__/* .formatSize */ .Xq)(DEFAULT_CHUNK_SIZE)})`)
        .option('--min-chunk-size <SIZE>', 'estargz: compress small files together up to this size, e.g. 50000 (default: 0)')
        .option('--external-toc', 'estargz: tables of contents in an image of their own, DST-esgztoc')
        .option('--keep-diff-id', 'with --external-toc: decompressed layers stay byte for byte what they are')
        .option('--no-reuse', 'write layers anew that are as wanted already')
        .option('--jobs <N>', 'threads that compress (default: one for each processor)')
        .addOption((0,_common_flags_js__WEBPACK_IMPORTED_MODULE_4__/* .repeatable */ .EQ)('--annotation <NAME=VALUE>', 'say this of manifests and indexes that are written anew; may be repeated'))
        .optionsGroup('Options:');
}
function layerFormatOptions(flags) {
    const format = flags['format'];
    const isGzip = format === 'estargz';
    const level = (0,_flag_values_js__WEBPACK_IMPORTED_MODULE_5__/* .integerFlag */ .tB)(flags, 'compressionLevel', isGzip ? 0 : 1, isGzip ? 9 : 22);
    const chunkSize = boundedSize(flags, 'chunkSize', MIN_CHUNK_SIZE, MAX_CHUNK_SIZE);
    const minChunkSize = boundedSize(flags, 'minChunkSize', 0, MAX_MIN_CHUNK_SIZE);
    const isPlain = level === undefined && chunkSize === undefined && minChunkSize === undefined;
    return {
        layers: {
            format,
            level: level ?? (isGzip ? DEFAULT_GZIP_LEVEL : DEFAULT_ZSTD_LEVEL),
            chunkSize: chunkSize ?? DEFAULT_CHUNK_SIZE,
            minChunkSize: minChunkSize ?? 0,
            externalToc: flags['externalToc'] === true,
            lossless: flags['keepDiffId'] === true,
        },
        reuse: flags['reuse'] !== false && isPlain,
        jobs: (0,_flag_values_js__WEBPACK_IMPORTED_MODULE_5__/* .integerFlag */ .tB)(flags, 'jobs', 1, 1024),
        annotations: annotationFlags(flags),
    };
}
function annotationFlags(flags) {
    const pairs = (0,_flag_values_js__WEBPACK_IMPORTED_MODULE_5__/* .listFlag */ .v6)(flags, 'annotation').map((text) => {
        const [, name, value] = /^([^=\s]+)=(.*)$/s.exec(text) ?? [];
        if (name === undefined || value === undefined) {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .UserError */ .yo(`--annotation wants NAME=VALUE, got ${JSON.stringify(text)}`);
        }
        if (name !== _oci_annotations_js__WEBPACK_IMPORTED_MODULE_6__/* .SOURCE_NAME */ .cW && name !== _oci_annotations_js__WEBPACK_IMPORTED_MODULE_6__/* .SOURCE_DIGEST */ .Rc)
            return [name, value];
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .UserError */ .yo(`--annotation: ${name} says what was converted`, 'Leave it out, or use another name.');
    });
    return Object.fromEntries(pairs);
}
function tocLocation(target) {
    const suffix = '-esgztoc';
    switch (target.kind) {
        case 'registry':
        case 'containerd': {
            const { digest, tag = 'latest', ...name } = target.reference;
            if (digest !== undefined)
                throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .UserError */ .yo('--external-toc wants a tag as DST, not a digest');
            const reference = { ...name, tag: `${tag}${suffix}` };
            return target.kind === 'registry'
                ? { kind: 'registry', reference }
                : { kind: 'containerd', name: (0,_oci_reference_js__WEBPACK_IMPORTED_MODULE_3__/* .formatReference */ .FH)(reference), reference };
        }
        case 'oci':
            if (target.tag === undefined) {
                throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .UserError */ .yo(`--external-toc writes two images, so oci:${target.path} needs a tag`, `Write oci:${target.path}:TAG.`);
            }
            return { ...target, tag: `${target.tag}${suffix}` };
        default:
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .UserError */ .yo('--external-toc writes two images, and an archive has one', 'Write to a registry, an oci: folder or containerd:.');
    }
}
function boundedSize(flags, name, min, max) {
    const size = (0,_flag_values_js__WEBPACK_IMPORTED_MODULE_5__/* .sizeFlag */ .AC)(flags, name);
    if (size === undefined || (size >= min && size <= max))
        return size;
    const flag = name === 'chunkSize' ? '--chunk-size' : '--min-chunk-size';
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .UserError */ .yo(`${flag} wants ${(0,_config_values_js__WEBPACK_IMPORTED_MODULE_1__/* .formatSize */ .Xq)(min)} to ${(0,_config_values_js__WEBPACK_IMPORTED_MODULE_1__/* .formatSize */ .Xq)(max)}, got ${(0,_config_values_js__WEBPACK_IMPORTED_MODULE_1__/* .formatSize */ .Xq)(size)}`);
}


/***/ }),

/***/ 58397:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runProgram: () => (/* binding */ runProgram)
});

// UNUSED EXPORTS: buildProgram

// EXTERNAL MODULE: ../../node_modules/commander/index.js + 6 modules
var commander = __webpack_require__(11283);
// EXTERNAL MODULE: ./src/version.js
var version = __webpack_require__(24493);
// EXTERNAL MODULE: ./src/cli/common-flags.js
var common_flags = __webpack_require__(44653);
;// CONCATENATED MODULE: ./src/cli/cache-flags.js

const HELP = `
A CI job reads the same few megabytes of its images every time. Save them when the job ends, let your CI keep the
folder, and load it when the next job begins: containers then start without asking the registry for any of it.

Examples:
  lazypull cache load /var/cache/hot          at the beginning, before the first pull
  lazypull pull ghcr.io/org/app:1
  ctr run --rm --snapshotter stargz ghcr.io/org/app:1 test
  lazypull cache save /var/cache/hot          at the end, before images are removed

The folder holds one file for each layer: its table of contents and what was read, never whole images. Everything is
verified when it is loaded, and the manifest decides at each pull whether it is what is wanted. See docs/cache.md.`;
const SAVE_HELP = `
Layers that this daemon has mounted since it started are saved, each with the chunks that were read, earliest first.
A layer that can't be saved is named with its reason; that is no error.

  --skip-private   for folders that strangers can read, e.g. the cache of a public repository, which pull requests from
                   forks can restore: leaves out what came with credentials only`;
const LOAD_HELP = `
A file that is damaged, or is none of ours, is named with its reason and left out; that is no error. A layer that is there
already gets what it lacks. Pulls may go on meanwhile.`;
function addCache(program) {
    const cache = program
        .command('cache')
        .summary('keep for the next job what this one read')
        .description('Save what was read of the mounted layers, and load it in the next job.')
        .addHelpText('after', HELP);
    addSave(cache);
    addLoad(cache);
}
function addSave(cache) {
    cache
        .command('save')
        .summary('write what was read into a folder')
        .description('Write what was read of the mounted layers into a folder, for the next job.')
        .argument('<DIR>', 'folder: made when it is not there, else empty or saved into before')
        .option('--limit <SIZE>', 'most bytes of all files together', '256MiB')
        .option('--skip-private', 'leave out layers that came with credentials')
        .addOption((0,common_flags/* jsonOption */.Ec)())
        .addOption((0,common_flags/* configOption */.KJ)())
        .addOption((0,common_flags/* socketOption */.Bw)())
        .addHelpText('after', SAVE_HELP)
        .action(async (directory, flags) => {
        const { runCacheSave } = await __webpack_require__.e(/* import() */ 3994).then(__webpack_require__.bind(__webpack_require__, 23994));
        await runCacheSave(directory, flags);
    });
}
function addLoad(cache) {
    cache
        .command('load')
        .summary('bring a saved folder into the layer cache')
        .description('Bring what an earlier job saved into the layer cache, before images are pulled.')
        .argument('<DIR>', 'folder that was saved into')
        .addOption((0,common_flags/* jsonOption */.Ec)())
        .addOption((0,common_flags/* configOption */.KJ)())
        .addOption((0,common_flags/* socketOption */.Bw)())
        .addHelpText('after', LOAD_HELP)
        .action(async (directory, flags) => {
        const { runCacheLoad } = await __webpack_require__.e(/* import() */ 3994).then(__webpack_require__.bind(__webpack_require__, 23994));
        await runCacheLoad(directory, flags);
    });
}

// EXTERNAL MODULE: ./src/cli/layer-format-flags.js
var layer_format_flags = __webpack_require__(98727);
;// CONCATENATED MODULE: ./src/cli/convert-flags.js



const convert_flags_HELP = `
All images of an index are converted, with what belongs to them (attestations, artifacts); --platform chooses some.
Layers that are as wanted already stay as they are, unless you say how to write them. Docker's media types become OCI's.
The new image says which one it was made from, in the annotations dev.lazypull.source.name and .digest.

Examples:
  lazypull convert ghcr.io/org/app:1 ghcr.io/org/app:1-lazy
  lazypull convert --platform linux/amd64 docker.io/library/python:3.12 registry.test/python:3.12
  docker buildx build --output type=oci,dest=- . | lazypull convert - ghcr.io/org/app:1
  lazypull convert --format zstd:chunked --profile start.json oci:build:1 oci:build:1-lazy
`;
function addConvert(program) {
    const command = program
        .command('convert')
        .summary('make an image lazily pullable')
        .description('Make an image lazily pullable: the same files, in layers with a table of contents.')
        .argument('<SRC>', 'image to read')
        .argument('<DST>', 'image to write')
        .addOption((0,common_flags/* repeatable */.EQ)('--platform <PLATFORM>', 'only this one of an index, e.g. linux/arm64; may be repeated'))
        .addOption((0,common_flags/* repeatable */.EQ)('--profile <FILE>', 'put the files of a recording in front (ours or of ctr-remote); may be repeated'))
        .addOption(new commander/* Option */.c$('--prefetch-list <FILE>', 'put these files in front: globs, one a line, # comments'))
        .addOption((0,common_flags/* jsonOption */.Ec)());
    (0,layer_format_flags/* addLayerFormatFlags */.Ze)(command);
    for (const option of (0,common_flags/* imageAccessOptions */.s2)())
        command.addOption(option);
    command
        .addHelpText('after', `\n${common_flags/* IMAGES_HELP */.Jx}\n${convert_flags_HELP}`)
        .action(async (source, target, flags) => {
        const { runConvert } = await Promise.all(/* import() */[__webpack_require__.e(1684), __webpack_require__.e(4885), __webpack_require__.e(1026), __webpack_require__.e(3109), __webpack_require__.e(3182), __webpack_require__.e(8033), __webpack_require__.e(5473), __webpack_require__.e(511), __webpack_require__.e(3923)]).then(__webpack_require__.bind(__webpack_require__, 13923));
        await runConvert(source, target, flags);
    });
}

// EXTERNAL MODULE: ./src/cli/daemon-flags.js
var daemon_flags = __webpack_require__(73016);
// EXTERNAL MODULE: ./src/cli/exit-codes.js
var exit_codes = __webpack_require__(61453);
;// CONCATENATED MODULE: ./src/cli/inspect-flags.js


const inspect_flags_HELP = `
Nothing is downloaded but the ends of the layers' blobs, where tables of contents are. blob:FILE is a layer's blob by
itself.

Examples:
  lazypull inspect ghcr.io/org/app:1                  layers, and what a lazy start would fetch
  lazypull inspect --layer 3 ghcr.io/org/app:1        one layer (1 is the bottom): chunks, largest files
  lazypull inspect --tree usr/lib ghcr.io/org/app:1   files, with layer, size and chunks
  lazypull inspect --all-platforms --json oci:build   everything, for programs
  lazypull inspect blob:layer.tar.gz`;
function addInspect(program) {
    const command = program
        .command('inspect')
        .summary('what is in an image, and what lazy pulling makes of it')
        .description('Say what is in the layers of an image, and how they would be pulled lazily, without downloading them.')
        .argument('<IMAGE>', 'image to look at, or blob:FILE');
    for (const option of [...platformOptions(), ...viewOptions(), (0,common_flags/* jsonOption */.Ec)(), ...(0,common_flags/* imageAccessOptions */.s2)()]) {
        command.addOption(option);
    }
    command.addHelpText('after', `\n${common_flags/* IMAGES_HELP */.Jx}\n${inspect_flags_HELP}`).action(async (image, flags) => {
        const { runInspect } = await Promise.all(/* import() */[__webpack_require__.e(1684), __webpack_require__.e(4885), __webpack_require__.e(3109), __webpack_require__.e(3182), __webpack_require__.e(8033), __webpack_require__.e(5473), __webpack_require__.e(7877), __webpack_require__.e(3020)]).then(__webpack_require__.bind(__webpack_require__, 33020));
        await runInspect(image, flags);
    });
}
function platformOptions() {
    return [
        (0,common_flags/* repeatable */.EQ)('--platform <PLATFORM>', 'e.g. linux/arm64 (default: this machine); may be repeated'),
        new commander/* Option */.c$('--all-platforms', 'all images of an index').conflicts('platform'),
    ];
}
function viewOptions() {
    return [
        new commander/* Option */.c$('--layer <N>', 'only this layer, in detail; 1 is the bottom'),
        new commander/* Option */.c$('--tree [PATH]', 'the files, or those below PATH'),
        new commander/* Option */.c$('--depth <N>', 'levels of the tree (default: 2)'),
    ];
}

// EXTERNAL MODULE: ./src/cli/workload-flags.js
var workload_flags = __webpack_require__(74837);
;// CONCATENATED MODULE: ./src/cli/optimize-flags.js




const optimize_flags_HELP = `
The image is run on this machine (root, runc and EROFS are needed; no containerd, no network), its reads are recorded, and
the image is written again with what was read in front. Layers of other platforms get the same paths in front.
Without DST nothing is written but --record-out.

Examples:
  lazypull optimize ghcr.io/org/app:1 ghcr.io/org/app:1-lazy -- serve --check
  lazypull optimize --wait-on-line "listening on" --net host oci:build ghcr.io/org/app:1
  docker buildx build --output type=oci,dest=- . | lazypull optimize - ghcr.io/org/app:1 -- app --version
  lazypull optimize --record-out start.json ghcr.io/org/app:1 -- app start
  lazypull optimize --record-in start.json --record-in test.json ghcr.io/org/app:1 ghcr.io/org/app:1-lazy`;
function addOptimize(program) {
    const command = program
        .command('optimize')
        .summary('run an image, and put what it reads in front')
        .description('Run an image, record what it reads, and write it so that this comes first when it is pulled lazily.')
        .argument('<SRC>', 'image to read')
        .argument('[DST]', 'image to write')
        .argument('[COMMAND...]', "after --: instead of the image's command")
        .usage('[options] SRC [DST] [-- COMMAND [ARG...]]')
        .addOption((0,common_flags/* repeatable */.EQ)('--record-in <FILE>', 'use a recording (ours or of ctr-remote) instead of running; may be repeated'))
        .option('--record-out <FILE>', 'write the recording: see lazypull profile; without DST, - is standard output')
        .option('--prefetch-list <FILE>', 'files to put in front instead of running: globs, one a line, # comments')
        .addOption(new commander/* Option */.c$('--no-optimize', 'run nothing, put nothing in front').conflicts([
        'recordIn',
        'recordOut',
        'prefetchList',
    ]))
        .addOption((0,common_flags/* repeatable */.EQ)('--platform <PLATFORM>', 'only this one of an index, e.g. linux/arm64; may be repeated'))
        .addOption((0,common_flags/* jsonOption */.Ec)());
    (0,layer_format_flags/* addLayerFormatFlags */.Ze)(command);
    for (const option of (0,common_flags/* imageAccessOptions */.s2)())
        command.addOption(option);
    (0,workload_flags/* addWorkloadFlags */.IN)(command);
    command
        .addHelpText('after', `\n${common_flags/* IMAGES_HELP */.Jx}\n${optimize_flags_HELP}`)
        .action(async (_source, _target, _words, flags) => {
        const { runOptimize } = await Promise.all(/* import() */[__webpack_require__.e(1684), __webpack_require__.e(4885), __webpack_require__.e(1026), __webpack_require__.e(3109), __webpack_require__.e(3182), __webpack_require__.e(8033), __webpack_require__.e(5473), __webpack_require__.e(511), __webpack_require__.e(5139)]).then(__webpack_require__.bind(__webpack_require__, 75139));
        await runOptimize(argumentsOf(command, rawArguments(program)), flags);
    });
}
function rawArguments(program) {
    return program.rawArgs;
}
function argumentsOf(command, raw) {
    const dashes = raw.indexOf('--');
    const words = dashes < 0 ? undefined : raw.slice(dashes + 1);
    const named = command.args.slice(0, command.args.length - (words?.length ?? 0));
    const [source, target, extra] = named;
    if (source === undefined)
        command.error("missing required argument 'SRC'");
    if (extra !== undefined)
        command.error(`unexpected ${JSON.stringify(extra)}; the command to run comes after --`);
    return { source, target, command: words };
}

;// CONCATENATED MODULE: ./src/cli/policy-flags.js


const policy_flags_HELP = `
PATHS are Dockerfiles, bake files in JSON, compose files, folders that have them, or - for one of these on standard input;
the current folder without any. A bake file in HCL is for bake to evaluate: docker buildx bake --print | lazypull policy -

An image is replaced when its variant was made by "lazypull convert" or "optimize" from exactly what the name has now. All
others are used as they are, and a line says why. Write the file anew in every job: it knows digests of now.

Examples:
  lazypull policy --mapping variants.toml --output policy.json
  EXPERIMENTAL_BUILDKIT_SOURCE_POLICY=policy.json docker buildx build .
  lazypull policy --suffix -esgz --platform linux/amd64 --output policy.json services/*/Dockerfile
  docker buildx bake --print | lazypull policy --mapping variants.toml --output policy.json -
`;
function addPolicy(program) {
    program
        .command('policy')
        .summary('let builds use lazily pullable variants of their images')
        .description("Write BuildKit's source policy: builds then use lazily pullable variants of the images that they name.")
        .argument('[PATHS...]', 'what is built')
        .option('--mapping <FILE>', 'which image has its variant where: TOML or JSON')
        .option('--suffix <TEXT>', 'of the tags of variants in the same repository, e.g. -esgz')
        .addOption((0,common_flags/* repeatable */.EQ)('--build-arg <NAME=VALUE>', 'as of the build; a name alone is from the environment; may be repeated'))
        .addOption((0,common_flags/* repeatable */.EQ)('--platform <PLATFORM>', 'what is built, when it is not every platform of an image; may be repeated'))
        .addOption(new commander/* Option */.c$('--target <STAGE>', 'the stage that is built (default: any may be)'))
        .option('--output <FILE>', 'where the policy is written (default: standard output, and the lines to standard error)')
        .option('--plain-http', 'reach the registries of the images without TLS')
        .addOption((0,common_flags/* jsonOption */.Ec)())
        .addOption((0,common_flags/* configOption */.KJ)())
        .addHelpText('after', policy_flags_HELP)
        .action(async (paths, flags) => {
        const { runPolicy } = await Promise.all(/* import() */[__webpack_require__.e(1684), __webpack_require__.e(3483), __webpack_require__.e(3109), __webpack_require__.e(5993), __webpack_require__.e(310)]).then(__webpack_require__.bind(__webpack_require__, 80310));
        await runPolicy(paths, flags);
    });
}

;// CONCATENATED MODULE: ./src/cli/profile-flags.js


const profile_flags_HELP = `
A profile says which files, and which parts of them, a workload read, in the order in which it first did. It is made by
"lazypull optimize --record-out FILE" and used by "--record-in FILE"; the format is described in docs/profile.md.

Examples:
  lazypull profile show start.json
  lazypull profile show --sort bytes --all start.json
  lazypull profile merge -o app.json start.json test.json
  lazypull profile diff yesterday.json today.json
  lazypull profile diff start.json ghcr.io/org/app:1   what of it the image has in front`;
function addProfile(program) {
    const profile = program
        .command('profile')
        .summary('look at recordings, merge and compare them')
        .description('Look at recordings of workloads, merge them, compare them.')
        .addHelpText('after', profile_flags_HELP);
    addShow(profile);
    addMerge(profile);
    addDiff(profile);
}
function addShow(profile) {
    const show = profile
        .command('show')
        .summary('what was read, in which order')
        .description('Show what was read, in which order, and how much of each file; of an image, what stands in front.')
        .argument('<FILE...>', 'profiles, or images')
        .addOption(new commander/* Option */.c$('--sort <ORDER>', 'of the files').choices(['time', 'bytes']).default('time'))
        .option('--top <N>', 'list so many files', '20')
        .option('--all', 'list all files')
        .addOption((0,common_flags/* jsonOption */.Ec)())
        .action(async (files, flags) => {
        const { runShow } = await Promise.all(/* import() */[__webpack_require__.e(1684), __webpack_require__.e(4885), __webpack_require__.e(1026), __webpack_require__.e(3109), __webpack_require__.e(3182), __webpack_require__.e(8033), __webpack_require__.e(5473), __webpack_require__.e(7877), __webpack_require__.e(8869)]).then(__webpack_require__.bind(__webpack_require__, 88869));
        await runShow(files, flags);
    });
    addImageFlags(show);
}
function addMerge(profile) {
    const merge = profile
        .command('merge')
        .summary('make one profile of several')
        .description('Make one profile of several: all that any of them read, in the order of the mean rank.')
        .argument('<FILE...>', 'profiles, or images')
        .option('-o, --output <FILE>', 'where to write it (default: standard output)')
        .action(async (files, flags) => {
        const { runMerge } = await Promise.all(/* import() */[__webpack_require__.e(1684), __webpack_require__.e(4885), __webpack_require__.e(1026), __webpack_require__.e(3109), __webpack_require__.e(3182), __webpack_require__.e(8033), __webpack_require__.e(5473), __webpack_require__.e(7877), __webpack_require__.e(8869)]).then(__webpack_require__.bind(__webpack_require__, 88869));
        await runMerge(files, flags);
    });
    addImageFlags(merge);
}
function addDiff(profile) {
    const diff = profile
        .command('diff')
        .summary('what changed between two profiles')
        .description('Show what changed between two profiles. Files are compared by path, not by layer.')
        .argument('<BEFORE>', 'profile, or image')
        .argument('<AFTER>', 'profile, or image')
        .option('--exit-code', 'end with status 1 when they differ')
        .addOption((0,common_flags/* jsonOption */.Ec)())
        .action(async (before, after, flags) => {
        const { runDiff } = await Promise.all(/* import() */[__webpack_require__.e(1684), __webpack_require__.e(4885), __webpack_require__.e(1026), __webpack_require__.e(3109), __webpack_require__.e(3182), __webpack_require__.e(8033), __webpack_require__.e(5473), __webpack_require__.e(7877), __webpack_require__.e(8869)]).then(__webpack_require__.bind(__webpack_require__, 88869));
        await runDiff(before, after, flags);
    });
    addImageFlags(diff);
}
function addImageFlags(command) {
    command.addOption((0,common_flags/* repeatable */.EQ)('--platform <PLATFORM>', 'of an image, e.g. linux/arm64 (default: this machine)'));
    for (const option of (0,common_flags/* imageAccessOptions */.s2)())
        command.addOption(option);
    command.addHelpText('after', `\n${common_flags/* IMAGES_HELP */.Jx}`);
}

;// CONCATENATED MODULE: ./src/cli/verify-flags.js



const verify_flags_HELP = `
Every blob is downloaded once. Compared are: sizes and digests; media types and annotations; diff ids and history; the
table of contents with every entry of the tar in the blob, in order and field by field; the place and digest of every
chunk and file. The exit status is 0 when all of it is right, 1 when something is wrong.

Examples:
  lazypull verify ghcr.io/org/app:1
  lazypull verify --layer 2 oci:build
  lazypull verify --all-platforms --json oci-archive:image.tar
  lazypull verify blob:layer.tar.gz`;
function addVerify(program) {
    const command = program
        .command('verify')
        .summary('check everything that can be wrong with an image')
        .description('Download an image and check that all parts of it agree: digests, table of contents, tar, config.')
        .argument('<IMAGE>', 'image to check, or blob:FILE');
    for (const option of [...platformOptions(), ...ownOptions(), (0,common_flags/* jsonOption */.Ec)(), ...(0,common_flags/* imageAccessOptions */.s2)()]) {
        command.addOption(option);
    }
    command.addHelpText('after', `\n${common_flags/* IMAGES_HELP */.Jx}\n${verify_flags_HELP}`).action(async (image, flags) => {
        const { runVerify } = await Promise.all(/* import() */[__webpack_require__.e(1684), __webpack_require__.e(4885), __webpack_require__.e(3109), __webpack_require__.e(3182), __webpack_require__.e(8033), __webpack_require__.e(5473), __webpack_require__.e(7877), __webpack_require__.e(7848)]).then(__webpack_require__.bind(__webpack_require__, 77848));
        await runVerify(image, flags);
    });
}
function ownOptions() {
    return [
        new commander/* Option */.c$('--layer <N>', 'only this layer; 1 is the bottom'),
        new commander/* Option */.c$('--jobs <N>', 'threads that decompress (default: one for each processor)'),
    ];
}

;// CONCATENATED MODULE: ./src/cli/program.js












const OVERVIEW = `
Containers start before their image has been downloaded. The daemon mounts the layers of eStargz and zstd:chunked
images where they are, in the registry, and brings file contents when they are read. Other images are pulled as usual;
convert and optimize make them lazily pullable.

Examples:
  lazypull daemon                                  serve containerd, with the defaults
  lazypull pull ghcr.io/org/app:1                  pull lazily, then: ctr run --snapshotter stargz ghcr.io/org/app:1 app
  lazypull pull -n k8s.io --json ghcr.io/org/app:1 the same for Kubernetes, with a result for programs
  lazypull status                                  what is lazy, what is not, and why
  lazypull convert ghcr.io/org/app:1 ghcr.io/org/app:1-lazy
  lazypull optimize ghcr.io/org/app:1 ghcr.io/org/app:1-lazy -- app --version
  lazypull policy --suffix -lazy --output FILE     builds use such variants: EXPERIMENTAL_BUILDKIT_SOURCE_POLICY=FILE
  lazypull cache load DIR                          start with what the last job read; at the end: cache save DIR
  lazypull config                                  every setting, and where it comes from

${exit_codes/* EXIT_CODES_HELP */.cU}`;
const PULL_HELP = `
Layers with a table of contents (eStargz) are mounted, the others are downloaded and unpacked. A line for each
layer says which, and why not lazily. Credentials come from docker's config.json: use "docker login".

Examples:
  lazypull pull ghcr.io/org/app:1
  lazypull pull --platform linux/arm64 docker.io/library/python:3.12
  lazypull pull --plain-http registry.test:5000/app`;
async function runProgram(args) {
    const program = buildProgram();
    try {
        await program.parseAsync([...args], { from: 'user' });
        return typeof process.exitCode === 'number' ? process.exitCode : exit_codes/* EXIT_OK */.Ij;
    }
    catch (error) {
        if (!(error instanceof commander/* CommanderError */.b7))
            throw error;
        return error.exitCode === 0 ? exit_codes/* EXIT_OK */.Ij : error.exitCode === exit_codes/* EXIT_FAILED */.hj ? exit_codes/* EXIT_USAGE */.Ri : error.exitCode;
    }
}
function buildProgram() {
    const program = new commander/* Command */.uB('lazypull')
        .description('Start containers before their image has been downloaded.')
        .version(version/* version */.r)
        .exitOverride()
        .showHelpAfterError('See: lazypull --help')
        .configureOutput({ outputError: (text, write) => write(`lazypull: ${text.replace(/^error: /, '')}`) })
        .addHelpText('after', OVERVIEW);
    addDaemon(program);
    addPull(program);
    addConvert(program);
    addOptimize(program);
    addInspect(program);
    addVerify(program);
    addProfile(program);
    addPolicy(program);
    addCache(program);
    addStatus(program);
    addConfig(program);
    addRestart(program);
    addCompletion(program);
    return program;
}
function addDaemon(program) {
    const daemon = program
        .command('daemon')
        .summary('run the snapshotter')
        .description('Run the snapshotter: containerd reaches it by [proxy_plugins.stargz] in its config.toml.')
        .addHelpText('after', '\nFlags win over the file. SIGHUP restarts the serving process unnoticed, SIGTERM unmounts everything and stops.');
    for (const { name, placeholder, help } of daemon_flags/* DAEMON_FLAGS */.tK)
        daemon.option(`--${name} <${placeholder}>`, help);
}
function addPull(program) {
    program
        .command('pull')
        .summary('pull an image into containerd, lazily where possible')
        .description('Pull an image into containerd, lazily where possible.')
        .argument('<REF>', 'image, e.g. ghcr.io/org/app:1')
        .option('--address <SOCKET>', "containerd's socket", '/run/containerd/containerd.sock')
        .option('-n, --namespace <NAME>', "containerd's namespace", 'default')
        .option('--snapshotter <NAME>', 'the snapshotter that mounts or unpacks the layers', 'stargz')
        .option('--platform <PLATFORM>', 'e.g. linux/arm64 (default: this machine)')
        .option('--plain-http', 'reach the registry without TLS')
        .addOption((0,common_flags/* jsonOption */.Ec)())
        .addOption((0,common_flags/* configOption */.KJ)())
        .addOption((0,common_flags/* socketOption */.Bw)())
        .addHelpText('after', PULL_HELP)
        .action(async (ref, flags) => {
        const { runPull } = await __webpack_require__.e(/* import() */ 9035).then(__webpack_require__.bind(__webpack_require__, 99035));
        await runPull(ref, flags);
    });
}
function addStatus(program) {
    program
        .command('status')
        .summary('what is lazy, what is not, and why')
        .description('Ask the running daemon what is lazy, what is not, and why.')
        .option('--json', 'write the whole status as JSON')
        .addOption((0,common_flags/* configOption */.KJ)())
        .addOption((0,common_flags/* socketOption */.Bw)())
        .action(async (flags) => {
        const { runStatus } = await __webpack_require__.e(/* import() */ 7356).then(__webpack_require__.bind(__webpack_require__, 17356));
        await runStatus(flags);
    });
}
function addConfig(program) {
    program
        .command('config')
        .summary('every setting, and where it comes from')
        .description('Write the effective configuration as TOML, with the origin of every value.')
        .option('--running', 'what the running daemon has, instead of what a new one would have')
        .option('--reference', 'the page of all keys, instead')
        .addOption((0,common_flags/* configOption */.KJ)())
        .addOption((0,common_flags/* socketOption */.Bw)())
        .action(async (flags) => {
        const { runConfig } = await __webpack_require__.e(/* import() */ 3596).then(__webpack_require__.bind(__webpack_require__, 63596));
        await runConfig(flags);
    });
}
function addRestart(program) {
    program
        .command('restart')
        .summary('restart the serving process; running containers do not notice')
        .description('Restart the serving process, e.g. after an upgrade. Mounts stay, running containers do not notice.')
        .addOption((0,common_flags/* configOption */.KJ)())
        .addOption((0,common_flags/* socketOption */.Bw)())
        .action(async (flags) => {
        const { runRestart } = await __webpack_require__.e(/* import() */ 2159).then(__webpack_require__.bind(__webpack_require__, 12159));
        await runRestart(flags);
    });
}
function addCompletion(program) {
    program
        .command('completion')
        .summary('a completion script for your shell')
        .description('Write a completion script: source <(lazypull completion bash)')
        .argument('<SHELL>', 'bash, zsh or fish')
        .action(async (shell) => {
        const { completionScript } = await __webpack_require__.e(/* import() */ 3740).then(__webpack_require__.bind(__webpack_require__, 83740));
        process.stdout.write(completionScript(shell, buildProgram()));
    });
}


/***/ }),

/***/ 74837:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   IN: () => (/* binding */ addWorkloadFlags),
/* harmony export */   I_: () => (/* binding */ workloadOptions),
/* harmony export */   ec: () => (/* binding */ stopRules)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(73024);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(76760);
/* harmony import */ var commander__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(11283);
/* harmony import */ var _config_values_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(21216);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(16986);
/* harmony import */ var _optimize_workload_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(5688);
/* harmony import */ var _common_flags_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(44653);







const commaList = (value, earlier = []) => [
    ...earlier,
    ...value.split(',').filter((item) => item !== ''),
];
function addWorkloadFlags(command) {
    command
        .optionsGroup('How the workload runs (as docker run):')
        .option('--entrypoint <WORD|JSON>', "instead of the image's entrypoint; its command then does not count")
        .option('--args <JSON>', 'instead of the image\'s command, e.g. \'["serve","-v"]\'; shorter: -- serve -v')
        .addOption((0,_common_flags_js__WEBPACK_IMPORTED_MODULE_6__/* .repeatable */ .EQ)('-e, --env <NAME=VALUE>', 'environment variable; NAME alone takes it from here'))
        .addOption((0,_common_flags_js__WEBPACK_IMPORTED_MODULE_6__/* .repeatable */ .EQ)('--env-file <FILE>', 'environment variables, one a line'))
        .option('-u, --user <USER[:GROUP]>', 'names or numbers')
        .option('-w, --workdir <DIR>', 'working directory')
        .addOption((0,_common_flags_js__WEBPACK_IMPORTED_MODULE_6__/* .repeatable */ .EQ)('--mount <SPEC>', 'type=bind,src=PATH,dst=PATH[,ro] or type=tmpfs,dst=PATH'))
        .addOption((0,_common_flags_js__WEBPACK_IMPORTED_MODULE_6__/* .repeatable */ .EQ)('-v, --volume <SRC:DST[:ro]>', 'bind mount'))
        .addOption(new commander__WEBPACK_IMPORTED_MODULE_2__/* .Option */ .c$('--net <MODE>', 'network').choices(['none', 'host']).default('none'))
        .option('--hostname <NAME>', 'its host name')
        .addOption((0,_common_flags_js__WEBPACK_IMPORTED_MODULE_6__/* .repeatable */ .EQ)('--add-host <NAME:ADDRESS>', 'line for /etc/hosts'))
        .option('--dns <ADDRESS>', 'name server for /etc/resolv.conf', commaList)
        .option('--dns-search <DOMAIN>', 'search domain', commaList)
        .option('--dns-option <OPTION>', 'resolver option', commaList)
        .option('-t, --tty', 'give it the terminal')
        .option('-i, --interactive', 'give it standard input')
        .option('--runtime <PROGRAM>', 'runc, or a runtime with its command line', 'runc')
        .optionsGroup('When the recording ends (at the latest when the workload does):')
        .option('--period <TIME>', 'after this time, e.g. 30s or 2m; a number alone is seconds (default: 10s)')
        .option('--wait-on-line <TEXT>', 'when a line of its output has this text; --period then is the time limit')
        .option('--wait-on-signal', 'at Ctrl-C (SIGINT) or SIGTERM; a second one aborts')
        .option('--ignore-exit', 'a workload that fails by itself is no error');
    for (const alias of aliases())
        command.addOption(alias.hideHelp());
    command.optionsGroup('Options:');
}
function aliases() {
    return [
        new commander__WEBPACK_IMPORTED_MODULE_2__/* .Option */ .c$('--cwd <DIR>').conflicts('workdir'),
        new commander__WEBPACK_IMPORTED_MODULE_2__/* .Option */ .c$('--net-host'),
        new commander__WEBPACK_IMPORTED_MODULE_2__/* .Option */ .c$('--tier <TIER>').choices(['auto', 'A', 'B']).default('auto'),
        new commander__WEBPACK_IMPORTED_MODULE_2__/* .Option */ .c$('--terminal'),
        new commander__WEBPACK_IMPORTED_MODULE_2__/* .Option */ .c$('--add-hosts <HOSTS>').argParser(commaList),
        new commander__WEBPACK_IMPORTED_MODULE_2__/* .Option */ .c$('--dns-nameservers <ADDRESSES>').argParser(commaList),
        new commander__WEBPACK_IMPORTED_MODULE_2__/* .Option */ .c$('--dns-search-domains <DOMAINS>').argParser(commaList),
        new commander__WEBPACK_IMPORTED_MODULE_2__/* .Option */ .c$('--dns-options <OPTIONS>').argParser(commaList),
    ];
}
function workloadOptions(flags, command) {
    if (command !== undefined && flags.args !== undefined) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .UserError */ .yo('the command is there twice, in --args and after --', 'Leave out one of them.');
    }
    const args = command ?? (flags.args === undefined ? undefined : words('--args', flags.args));
    const terminal = flags.tty === true || flags.terminal === true;
    if (terminal && !process.stdin.isTTY) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .UserError */ .yo('--tty: standard input is no terminal', 'Leave it out, or run in a terminal.');
    }
    return {
        args,
        entrypoint: flags.entrypoint === undefined ? undefined : words('--entrypoint', flags.entrypoint),
        env: [...(flags.envFile ?? []).flatMap(readEnvFile), ...(flags.env ?? [])],
        user: flags.user,
        workingDir: flags.workdir ?? flags.cwd,
        mounts: [...(flags.mount ?? []).map(parseMount), ...(flags.volume ?? []).map(parseVolume)],
        network: flags.netHost === true ? 'host' : (flags.net ?? 'none'),
        hostname: flags.hostname === undefined ? undefined : requireHostname(flags.hostname),
        addHosts: [...(flags.addHost ?? []), ...(flags.addHosts ?? [])],
        dns: [...(flags.dns ?? []), ...(flags.dnsNameservers ?? [])].map((item) => plainWord('--dns', item)),
        dnsSearch: [...(flags.dnsSearch ?? []), ...(flags.dnsSearchDomains ?? [])].map((item) => plainWord('--dns-search', item)),
        dnsOptions: [...(flags.dnsOption ?? []), ...(flags.dnsOptions ?? [])].map((item) => plainWord('--dns-option', item)),
        terminal,
        interactive: flags.interactive === true,
    };
}
const DEFAULT_PERIOD_MS = 10_000;
const LINE_LIMIT_MS = 5 * 60_000;
const MAX_PERIOD_MS = 24 * 3_600_000;
function stopRules(flags) {
    const line = flags.waitOnLine;
    if (line === '' || line?.includes('\n') === true) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .UserError */ .yo('--wait-on-line: want a text that is part of one line', 'For example: --wait-on-line "listening on".');
    }
    const onSignal = flags.waitOnSignal === true;
    const fallback = line !== undefined ? LINE_LIMIT_MS : onSignal ? undefined : DEFAULT_PERIOD_MS;
    const periodMs = flags.period === undefined ? fallback : parsePeriod(flags.period);
    return { periodMs, line, onSignal, periodIsLimit: line !== undefined };
}
function parsePeriod(text) {
    try {
        const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : (0,_config_values_js__WEBPACK_IMPORTED_MODULE_3__/* .parseDuration */ .E9)(text);
        if (ms > 0 && ms <= MAX_PERIOD_MS)
            return ms;
    }
    catch (error) {
        if (!(error instanceof _config_values_js__WEBPACK_IMPORTED_MODULE_3__/* .ValueError */ .Qp))
            throw error;
    }
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .UserError */ .yo(`--period: not a time: ${JSON.stringify(text)}`, 'Write 30, 30s or 2m; a day at most.');
}
function words(flag, text) {
    if (!text.trimStart().startsWith('[')) {
        if (flag === '--args')
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .UserError */ .yo(`${flag}: not a JSON list`, 'Write it like ["serve","-v"], or after --.');
        return text === '' ? [] : [text];
    }
    try {
        const value = JSON.parse(text);
        if (Array.isArray(value) && value.every((word) => typeof word === 'string'))
            return value;
    }
    catch {
    }
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .UserError */ .yo(`${flag}: not a JSON list of strings: ${text.slice(0, 100)}`, 'Write it like ["sh","-c","true"].');
}
function readEnvFile(path) {
    try {
        return (0,_optimize_workload_js__WEBPACK_IMPORTED_MODULE_5__/* .parseEnvFile */ .FO)((0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)(path, 'utf8'), path);
    }
    catch (cause) {
        if (cause instanceof _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .UserError */ .yo)
            throw cause;
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .UserError */ .yo(`can't read --env-file ${path}: ${(0,_errors_js__WEBPACK_IMPORTED_MODULE_4__/* .describeError */ .Uc)(cause)}`, undefined, { cause });
    }
}
const MOUNT_HELP = 'Write type=bind,src=PATH,dst=PATH[,ro], or type=tmpfs,dst=PATH.';
function parseMount(spec) {
    const fields = new Map(spec.split(',').map((field) => {
        const equals = field.indexOf('=');
        return equals < 0 ? [field, ''] : [field.slice(0, equals), field.slice(equals + 1)];
    }));
    const take = (...names) => {
        const name = names.find((one) => fields.has(one));
        const value = name === undefined ? undefined : fields.get(name);
        for (const one of names)
            fields.delete(one);
        return value;
    };
    const type = take('type') ?? 'bind';
    const source = take('src', 'source');
    const target = take('dst', 'destination', 'target');
    const readonly = take('ro', 'readonly');
    const options = (take('options') ?? '').split(':').filter((option) => option !== '');
    take('rw');
    const unknown = [...fields.keys()][0];
    if (unknown !== undefined)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .UserError */ .yo(`--mount: unknown field ${JSON.stringify(unknown)}`, MOUNT_HELP);
    if (type !== 'bind' && type !== 'tmpfs')
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .UserError */ .yo(`--mount: type ${type}`, MOUNT_HELP);
    if (target?.startsWith('/') !== true)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .UserError */ .yo(`--mount ${spec}: no absolute dst`, MOUNT_HELP);
    if ((source === undefined || source === '') !== (type === 'tmpfs')) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .UserError */ .yo(`--mount ${spec}: ${type === 'bind' ? 'no src' : 'a tmpfs has no src'}`, MOUNT_HELP);
    }
    const isReadonly = (readonly !== undefined && readonly !== 'false') || options.includes('ro');
    const rest = options.filter((option) => !['ro', 'rw', 'bind', 'rbind'].includes(option));
    return {
        type,
        source: source === undefined ? undefined : (0,node_path__WEBPACK_IMPORTED_MODULE_1__.resolve)(source),
        target,
        readonly: isReadonly,
        options: rest,
    };
}
function parseVolume(spec) {
    const [source = '', target = '', mode = 'rw', ...more] = spec.split(':');
    const modes = mode.split(',');
    if (more.length > 0 || !target.startsWith('/') || !modes.every((one) => ['ro', 'rw', 'z', 'Z'].includes(one))) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .UserError */ .yo(`--volume: not SRC:DST[:ro]: ${spec}`, 'Both are paths, DST an absolute one.');
    }
    if (!/^[./]/.test(source))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .UserError */ .yo(`--volume: ${source} is not a path`, 'There are no named volumes; write ./NAME for a folder here.');
    return { type: 'bind', source: (0,node_path__WEBPACK_IMPORTED_MODULE_1__.resolve)(source), target, readonly: modes.includes('ro'), options: [] };
}
function requireHostname(name) {
    if (/^[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$/.test(name))
        return name;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .UserError */ .yo(`--hostname: not a host name: ${JSON.stringify(name)}`, 'Letters, digits, - and . only, 64 at most.');
}
function plainWord(flag, text) {
    if (/^[^\s]+$/.test(text))
        return text;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_4__/* .UserError */ .yo(`${flag}: not one word: ${JSON.stringify(text)}`, 'Give the flag once for each.');
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

/***/ 5688:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   FO: () => (/* binding */ parseEnvFile),
/* harmony export */   Nl: () => (/* binding */ commandOf),
/* harmony export */   eq: () => (/* binding */ stopSignalOf),
/* harmony export */   p7: () => (/* binding */ environmentOf)
/* harmony export */ });
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(48161);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);


const DEFAULT_PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const SIGTERM = 15;
function commandOf(image, options) {
    const entrypoint = options.entrypoint ?? image.entrypoint;
    const args = options.args ?? (options.entrypoint === undefined ? image.cmd : []);
    const command = [...entrypoint, ...args];
    if (command.length > 0)
        return command;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .UserError */ .yo('the image has neither entrypoint nor command', 'Say what to run: -- COMMAND [ARG...]');
}
function environmentOf(image, options, hostname) {
    const names = new Map();
    const terminal = options.terminal === true ? ['TERM=xterm'] : [];
    const ofImage = image.env.filter((item) => /^[^=\0]+=[^\0]*$/.test(item));
    for (const item of [DEFAULT_PATH, `HOSTNAME=${hostname}`, ...terminal, ...ofImage, ...(options.env ?? [])]) {
        const equals = item.indexOf('=');
        const name = equals < 0 ? item : item.slice(0, equals);
        if (name === '' || item.includes('\0')) {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .UserError */ .yo(`not an environment variable: ${JSON.stringify(name.slice(0, 100))}`, 'Write NAME=VALUE.');
        }
        const value = equals < 0 ? process.env[name] : item.slice(equals + 1);
        if (value === undefined)
            names.delete(name);
        else
            names.set(name, value);
    }
    return [...names].map(([name, value]) => `${name}=${value}`);
}
function stopSignalOf(image) {
    const text = image.stopSignal.toUpperCase();
    if (/^\d{1,2}$/.test(text))
        return Number(text) > 0 && Number(text) < 65 ? Number(text) : SIGTERM;
    const name = text.startsWith('SIG') ? text : `SIG${text}`;
    return node_os__WEBPACK_IMPORTED_MODULE_0__.constants.signals[name] ?? SIGTERM;
}
function parseEnvFile(text, name) {
    return text.split(/\r?\n/).flatMap((untrimmed, index) => {
        const line = untrimmed.trimStart();
        if (line === '' || line.startsWith('#'))
            return [];
        if (/^[^\s=]+(=|$)/.test(line))
            return [line];
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .UserError */ .yo(`${name}, line ${index + 1}: not NAME=VALUE`, 'One variable a line, without "export".');
    });
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
