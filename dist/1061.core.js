export const id = 1061;
export const ids = [1061,3676];
export const modules = {

/***/ 83676:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   EXIT_CONFIG: () => (/* binding */ EXIT_CONFIG),
/* harmony export */   o: () => (/* binding */ Env)
/* harmony export */ });
const Env = {
    FUSE_FD: 'LAZYPULL_FUSE_FD',
    FUSE_MOUNT: 'LAZYPULL_FUSE_MOUNT',
    FUSE_RESEND: 'LAZYPULL_FUSE_RESEND',
    GENERATION: 'LAZYPULL_GENERATION',
};
const EXIT_CONFIG = 78;


/***/ }),

/***/ 68098:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Vl: () => (/* binding */ connectSupervisor),
/* harmony export */   exitNow: () => (/* binding */ exitNow),
/* harmony export */   i_: () => (/* binding */ adoptFuse)
/* harmony export */ });
/* unused harmony export dieNow */
/* harmony import */ var koffi__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(84845);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);
/* harmony import */ var _messages_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(83676);



function adoptFuse(env = process.env) {
    const [fd, mountpoint, resend, generation] = [_messages_js__WEBPACK_IMPORTED_MODULE_2__/* .Env */ .o.FUSE_FD, _messages_js__WEBPACK_IMPORTED_MODULE_2__/* .Env */ .o.FUSE_MOUNT, _messages_js__WEBPACK_IMPORTED_MODULE_2__/* .Env */ .o.FUSE_RESEND, _messages_js__WEBPACK_IMPORTED_MODULE_2__/* .Env */ .o.GENERATION].map((name) => {
        const value = env[name];
        delete env[name];
        return value;
    });
    if (fd === undefined)
        return undefined;
    if (!/^[1-9]\d{0,5}$/.test(fd))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`${_messages_js__WEBPACK_IMPORTED_MODULE_2__/* .Env */ .o.FUSE_FD} is ${JSON.stringify(fd)}, want a descriptor`);
    if (mountpoint?.startsWith('/') !== true)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`${_messages_js__WEBPACK_IMPORTED_MODULE_2__/* .Env */ .o.FUSE_MOUNT} is not an absolute path`);
    if (!/^\d{1,9}$/.test(generation ?? ''))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`${_messages_js__WEBPACK_IMPORTED_MODULE_2__/* .Env */ .o.GENERATION} is not a number`);
    return { fd: Number(fd), mountpoint, generation: Number(generation), resend: resend === '1' };
}
function connectSupervisor(handlers, log) {
    const dieOf = (what) => (error) => {
        log.error(what, { error, stack: error instanceof Error ? error.stack : undefined });
        dieNow();
    };
    process.on('uncaughtException', dieOf('an error that nobody handled ends this process'));
    process.on('unhandledRejection', dieOf('a rejection that nobody handled ends this process'));
    if (process.send === undefined)
        return { ready() { }, restart() { } };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
        process.on(signal, () => { });
    process.on('disconnect', dieNow);
    process.on('message', (message) => {
        if (message.type === 'flush')
            void answer(handlers.flush(), 'flushed', log);
        else if (message.type === 'stop')
            void answer(handlers.stop(), 'stopped', log);
    });
    return { ready: () => send({ type: 'ready' }), restart: () => send({ type: 'restart' }) };
}
function dieNow() {
    process.kill(process.pid, 'SIGKILL');
    throw new Error('unreachable');
}
function exitNow(status) {
    const exit = koffi__WEBPACK_IMPORTED_MODULE_0__/* ["default"] */ .A.load(null).func('void _exit(int status)');
    exit(status);
    throw new Error('unreachable');
}
async function answer(done, type, log) {
    try {
        await done;
    }
    catch (error) {
        log.error(`not everything could be ${type}`, { error });
    }
    send({ type });
}
function send(message) {
    process.send?.(message);
}


/***/ }),

/***/ 88789:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $d: () => (/* binding */ InitFlag),
/* harmony export */   B_: () => (/* binding */ INIT_IN_SIZE),
/* harmony export */   Fj: () => (/* binding */ REQUEST_BUFFER_SIZE),
/* harmony export */   Kr: () => (/* binding */ ATTR_SIZE),
/* harmony export */   M9: () => (/* binding */ Notify),
/* harmony export */   OF: () => (/* binding */ MAX_READ_SIZE),
/* harmony export */   Py: () => (/* binding */ OpenFlag),
/* harmony export */   RH: () => (/* binding */ Errno),
/* harmony export */   Tf: () => (/* binding */ STATFS_OUT_SIZE),
/* harmony export */   Uk: () => (/* binding */ IN_HEADER_SIZE),
/* harmony export */   Y0: () => (/* binding */ MAX_PAGES),
/* harmony export */   _n: () => (/* binding */ FUSE_MINOR),
/* harmony export */   e: () => (/* binding */ FUSE_OLDEST_MINOR),
/* harmony export */   f_: () => (/* binding */ READ_IN_SIZE),
/* harmony export */   kV: () => (/* binding */ INIT_OUT_SIZE),
/* harmony export */   oi: () => (/* binding */ INVAL_ENTRY_SIZE),
/* harmony export */   pJ: () => (/* binding */ DIRENT_SIZE),
/* harmony export */   pz: () => (/* binding */ Opcode),
/* harmony export */   tP: () => (/* binding */ ROOT_ID),
/* harmony export */   v8: () => (/* binding */ OUT_HEADER_SIZE),
/* harmony export */   xp: () => (/* binding */ ATTR_OUT_SIZE),
/* harmony export */   yX: () => (/* binding */ OPEN_OUT_SIZE),
/* harmony export */   yj: () => (/* binding */ FUSE_MAJOR),
/* harmony export */   yk: () => (/* binding */ ENTRY_OUT_SIZE)
/* harmony export */ });
/* unused harmony export UNIQUE_RESEND */
const FUSE_MAJOR = 7;
const FUSE_MINOR = 40;
const FUSE_OLDEST_MINOR = 28;
const ROOT_ID = 1;
const IN_HEADER_SIZE = 4 + 4 + 8 + 8 + 4 + 4 + 4 + 4;
const OUT_HEADER_SIZE = 4 + 4 + 8;
const READ_IN_SIZE = 8 + 8 + 4 + 4 + 8 + 4 + 4;
const INIT_IN_SIZE = 4 + 4 + 4 + 4;
const INIT_OUT_SIZE = 4 + 4 + 4 + 4 + 2 + 2 + 4 + 4 + 2 + 2 + 4 + 28;
const ATTR_SIZE = 6 * 8 + 10 * 4;
const ATTR_OUT_SIZE = 8 + 4 + 4 + ATTR_SIZE;
const ENTRY_OUT_SIZE = 8 + 8 + 8 + 8 + 4 + 4 + ATTR_SIZE;
const OPEN_OUT_SIZE = 8 + 4 + 4;
const STATFS_OUT_SIZE = 5 * 8 + 3 * 4 + 4 + 6 * 4;
const DIRENT_SIZE = 8 + 8 + 4 + 4;
const INVAL_ENTRY_SIZE = 8 + 4 + 4;
const MAX_PAGES = 256;
const MAX_READ_SIZE = MAX_PAGES * 4096;
const REQUEST_BUFFER_SIZE = 16 * 1024;
const Opcode = {
    LOOKUP: 1,
    FORGET: 2,
    GETATTR: 3,
    OPEN: 14,
    READ: 15,
    STATFS: 17,
    RELEASE: 18,
    FLUSH: 25,
    INIT: 26,
    OPENDIR: 27,
    READDIR: 28,
    RELEASEDIR: 29,
    INTERRUPT: 36,
    DESTROY: 38,
    BATCH_FORGET: 42,
};
const Notify = { INVAL_ENTRY: 3, RESEND: 7 };
const InitFlag = {
    ASYNC_READ: 0x1n,
    ASYNC_DIO: 0x8000n,
    PARALLEL_DIROPS: 0x40000n,
    MAX_PAGES: 0x400000n,
    EXPLICIT_INVAL_DATA: 0x2000000n,
    INIT_EXT: 0x40000000n,
    HAS_RESEND: 0x8000000000n,
};
const UNIQUE_RESEND = (/* unused pure expression or super */ null && (1n << 63n));
const OpenFlag = { DIRECT_IO: 1, KEEP_CACHE: 2 };
const Errno = {
    ENOENT: 2,
    EIO: 5,
    EACCES: 13,
    ENODEV: 19,
    EINVAL: 22,
    ENOSYS: 38,
    ESTALE: 116,
};


/***/ }),

/***/ 60476:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   P: () => (/* binding */ FileTable)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _abi_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(88789);


const NAME_PATTERN = /^[A-Za-z0-9._-]{1,200}$/;
const MAX_NODE_ID = 0xffff_ffff;
const DOTS = [
    { nodeId: _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .ROOT_ID */ .tP, name: '.' },
    { nodeId: _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .ROOT_ID */ .tP, name: '..' },
];
class FileTable {
    #byId = new Map();
    #byName = new Map();
    add(file) {
        if (!NAME_PATTERN.test(file.name) || /^\.{1,2}$/.test(file.name)) {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB('INVALID_ARGUMENT', `not a file name for a FUSE mount: ${JSON.stringify(file.name)}`);
        }
        if (!Number.isInteger(file.nodeId) || file.nodeId <= _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .ROOT_ID */ .tP || file.nodeId > MAX_NODE_ID) {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB('INVALID_ARGUMENT', `not a FUSE node id: ${file.nodeId}`);
        }
        if (!Number.isSafeInteger(file.size) || file.size < 0) {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB('INVALID_ARGUMENT', `${file.name}: not a file size: ${file.size}`);
        }
        if (this.#byId.has(file.nodeId) || this.#byName.has(file.name)) {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB('ALREADY_EXISTS', `${file.name}: node ${file.nodeId} or this name is served already`);
        }
        this.#byId.set(file.nodeId, file);
        this.#byName.set(file.name, file);
    }
    remove(nodeId) {
        const file = this.#byId.get(nodeId);
        if (file === undefined)
            return undefined;
        this.#byId.delete(nodeId);
        this.#byName.delete(file.name);
        return file;
    }
    lookup(nodeId) {
        return this.#byId.get(nodeId);
    }
    lookupName(name) {
        return this.#byName.get(name);
    }
    all() {
        return [...this.#byId.values()];
    }
    attributes(nodeId) {
        return nodeId === _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .ROOT_ID */ .tP ? { nodeId, size: 0 } : this.#byId.get(nodeId);
    }
    names() {
        return [...DOTS, ...this.#byId.values()];
    }
    totals() {
        let bytes = 0;
        for (const file of this.#byId.values())
            bytes += file.size;
        return { files: this.#byId.size, bytes };
    }
}


/***/ }),

/***/ 65783:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Cc: () => (/* binding */ MNT_DETACH),
/* harmony export */   O8: () => (/* binding */ UMOUNT_NOFOLLOW),
/* harmony export */   Or: () => (/* binding */ mount),
/* harmony export */   QH: () => (/* binding */ MS_NODEV),
/* harmony export */   W1: () => (/* binding */ mountNow),
/* harmony export */   _m: () => (/* binding */ MS_NOSUID),
/* harmony export */   cC: () => (/* binding */ MS_RDONLY),
/* harmony export */   eJ: () => (/* binding */ MNT_FORCE),
/* harmony export */   lI: () => (/* binding */ umount),
/* harmony export */   mo: () => (/* binding */ MS_NOEXEC)
/* harmony export */ });
/* unused harmony exports umountNow, errnoName */
/* harmony import */ var koffi__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(84845);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);


const libc = koffi__WEBPACK_IMPORTED_MODULE_0__/* ["default"] */ .A.load(null);
const mountFunction = libc.func('int mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)');
const umountFunction = libc.func('int umount2(const char *target, int flags)');
const MS_RDONLY = 1;
const MS_NOSUID = 2;
const MS_NODEV = 4;
const MS_NOEXEC = 8;
const MNT_FORCE = 1;
const MNT_DETACH = 2;
const UMOUNT_NOFOLLOW = 8;
function mountNow(args) {
    const result = mountFunction(args.source, args.target, args.type, args.flags, args.data);
    if (result !== 0)
        throw failure('mount', koffi__WEBPACK_IMPORTED_MODULE_0__/* ["default"] */ .A.errno(), `${args.type} on ${args.target}`);
}
async function mount(args) {
    await call(mountFunction, [args.source, args.target, args.type, args.flags, args.data], 'mount', args.target);
}
async function umount(target, flags) {
    await call(umountFunction, [target, flags], 'umount2', target);
}
function umountNow(target, flags) {
    if (umountFunction(target, flags) !== 0)
        throw failure('umount2', koffi.errno(), target);
}
async function call(func, args, syscall, target) {
    const { promise, resolve, reject } = Promise.withResolvers();
    func.async(...args, (error, result) => {
        if (error !== null)
            reject(error);
        else if (result !== 0)
            reject(failure(syscall, koffi__WEBPACK_IMPORTED_MODULE_0__/* ["default"] */ .A.errno(), target));
        else
            resolve();
    });
    await promise;
}
function failure(syscall, errno, detail) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .SystemError */ ._N(syscall, errno, `${errnoName(errno)}: ${detail}`);
}
function errnoName(errno) {
    const entry = Object.entries(koffi__WEBPACK_IMPORTED_MODULE_0__/* ["default"] */ .A.os.errno).find(([, value]) => value === errno);
    return entry?.[0] ?? `errno ${errno}`;
}


/***/ }),

/***/ 37562:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   T1: () => (/* binding */ mountErofs),
/* harmony export */   TB: () => (/* binding */ FUSE_TYPE),
/* harmony export */   hb: () => (/* binding */ mountFuse),
/* harmony export */   mu: () => (/* binding */ openFuse),
/* harmony export */   vs: () => (/* binding */ unmount)
/* harmony export */ });
/* unused harmony export FUSE_SOURCE */
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(31421);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(73024);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(16986);
/* harmony import */ var _abi_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(88789);
/* harmony import */ var _libc_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(65783);
/* harmony import */ var _mountinfo_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(99370);






const FUSE_TYPE = 'fuse.lazypull';
const FUSE_SOURCE = 'lazypull';
function openFuse() {
    try {
        return (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.openSync)('/dev/fuse', 'r+');
    }
    catch (error) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .UserError */ .yo(`can't open /dev/fuse: ${(0,_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .describeError */ .Uc)(error)}`, 'Run as root, with the fuse module loaded; in a container pass --device /dev/fuse and --cap-add SYS_ADMIN.', { cause: error });
    }
}
function mountFuse(fuseFd, target) {
    (0,_libc_js__WEBPACK_IMPORTED_MODULE_4__/* .mountNow */ .W1)({
        source: FUSE_SOURCE,
        target,
        type: FUSE_TYPE,
        flags: _libc_js__WEBPACK_IMPORTED_MODULE_4__/* .MS_RDONLY */ .cC | _libc_js__WEBPACK_IMPORTED_MODULE_4__/* .MS_NOSUID */ ._m | _libc_js__WEBPACK_IMPORTED_MODULE_4__/* .MS_NODEV */ .QH | _libc_js__WEBPACK_IMPORTED_MODULE_4__/* .MS_NOEXEC */ .mo,
        data: `fd=${fuseFd},rootmode=40000,user_id=0,group_id=0`,
    });
}
async function mountErofs(options) {
    const context = options.context === undefined ? [] : [`context="${options.context}"`];
    if (options.tier === 'B') {
        const mountOptions = ['loop', 'ro', ...context].join(',');
        await run('mount', ['-t', 'erofs', '-o', mountOptions, '--', options.source, options.target]);
    }
    else {
        const { source, target } = options;
        await (0,_libc_js__WEBPACK_IMPORTED_MODULE_4__/* .mount */ .Or)({ source, target, type: 'erofs', flags: _libc_js__WEBPACK_IMPORTED_MODULE_4__/* .MS_RDONLY */ .cC, data: context.join(',') });
    }
}
async function unmount(target, options = {}) {
    const flags = (options.detach === true ? _libc_js__WEBPACK_IMPORTED_MODULE_4__/* .MNT_DETACH */ .Cc : 0) | (options.force === true ? _libc_js__WEBPACK_IMPORTED_MODULE_4__/* .MNT_FORCE */ .eJ : 0);
    try {
        await (0,_libc_js__WEBPACK_IMPORTED_MODULE_4__/* .umount */ .lI)(target, flags | _libc_js__WEBPACK_IMPORTED_MODULE_4__/* .UMOUNT_NOFOLLOW */ .O8);
    }
    catch (error) {
        const errno = error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .SystemError */ ._N ? error.errno : 0;
        if (errno !== _abi_js__WEBPACK_IMPORTED_MODULE_3__/* .Errno */ .RH.EINVAL && errno !== _abi_js__WEBPACK_IMPORTED_MODULE_3__/* .Errno */ .RH.ENOENT)
            throw error;
        if ((0,_mountinfo_js__WEBPACK_IMPORTED_MODULE_5__/* .findMount */ .vc)(target, (0,_mountinfo_js__WEBPACK_IMPORTED_MODULE_5__/* .readMountinfo */ .kY)()) !== undefined)
            throw error;
    }
}
async function run(program, args) {
    const { promise, resolve, reject } = Promise.withResolvers();
    const child = (0,node_child_process__WEBPACK_IMPORTED_MODULE_0__.spawn)(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
    child.once('error', reject);
    child.once('close', (code) => {
        if (code === 0)
            resolve();
        else
            reject(new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .SystemError */ ._N(program, _abi_js__WEBPACK_IMPORTED_MODULE_3__/* .Errno */ .RH.EIO, `exit status ${code}: ${errors.trim()}`));
    });
    await promise;
}


/***/ }),

/***/ 99370:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   YL: () => (/* binding */ mountsBelow),
/* harmony export */   kY: () => (/* binding */ readMountinfo),
/* harmony export */   vc: () => (/* binding */ findMount)
/* harmony export */ });
/* unused harmony export parseMountinfo */
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(73024);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);


function parseMountinfo(text) {
    return text
        .split('\n')
        .filter((line) => line !== '')
        .map(parseLine);
}
function readMountinfo() {
    return parseMountinfo((0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)('/proc/self/mountinfo', 'utf8'));
}
function findMount(mountpoint, entries = readMountinfo()) {
    return entries.findLast((entry) => entry.mountpoint === mountpoint);
}
function mountsBelow(folder, entries = readMountinfo()) {
    return entries
        .filter((entry) => entry.mountpoint === folder || entry.mountpoint.startsWith(`${folder}/`))
        .toReversed();
}
function parseLine(line) {
    const fields = line.split(' ');
    const dash = fields.indexOf('-', 6);
    if (dash < 0 || fields.length < dash + 4)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`not a mountinfo line: ${JSON.stringify(line)}`);
    const field = (index) => unescapeOctal(fields[index] ?? '');
    return {
        mountId: Number(field(0)),
        parentId: Number(field(1)),
        device: field(2),
        root: field(3),
        mountpoint: field(4),
        mountOptions: field(5).split(','),
        type: field(dash + 1),
        source: field(dash + 2),
        superOptions: field(dash + 3).split(','),
    };
}
function unescapeOctal(text) {
    return text.replaceAll(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)));
}


/***/ }),

/***/ 25815:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   BK: () => (/* binding */ encodeStatus),
/* harmony export */   Bu: () => (/* binding */ encodeInit),
/* harmony export */   DX: () => (/* binding */ encodeInvalidateName),
/* harmony export */   IC: () => (/* binding */ encodeDirectory),
/* harmony export */   PD: () => (/* binding */ writeReplyHeader),
/* harmony export */   cI: () => (/* binding */ encodeAttributes),
/* harmony export */   dn: () => (/* binding */ encodeOpen),
/* harmony export */   eK: () => (/* binding */ encodeResend),
/* harmony export */   vv: () => (/* binding */ encodeEntry),
/* harmony export */   yh: () => (/* binding */ encodeStatfs)
/* harmony export */ });
/* harmony import */ var _abi_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(88789);

const FOREVER_SEC = 0x7fffffffn;
const DIRECTORY_MODE = 0o040_500;
const FILE_MODE = 0o100_400;
const DIRENT_DIRECTORY = 4;
const DIRENT_FILE = 8;
function writeReplyHeader(target, unique, errno, bodyLength) {
    target.writeUInt32LE(_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + bodyLength, 0);
    target.writeInt32LE(errno === 0 ? 0 : -errno, 4);
    target.writeBigUInt64LE(unique, 8);
}
function encodeStatus(unique, errno) {
    return reply(unique, 0, errno);
}
function encodeEntry(unique, node) {
    const out = reply(unique, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .ENTRY_OUT_SIZE */ .yk);
    out.writeBigUInt64LE(BigInt(node.nodeId), _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8);
    out.writeBigUInt64LE(FOREVER_SEC, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + 16);
    out.writeBigUInt64LE(FOREVER_SEC, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + 24);
    writeAttributes(out, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .ENTRY_OUT_SIZE */ .yk - _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .ATTR_SIZE */ .Kr, node);
    return out;
}
function encodeAttributes(unique, node) {
    const out = reply(unique, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .ATTR_OUT_SIZE */ .xp);
    out.writeBigUInt64LE(FOREVER_SEC, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8);
    writeAttributes(out, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .ATTR_OUT_SIZE */ .xp - _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .ATTR_SIZE */ .Kr, node);
    return out;
}
function encodeOpen(unique, openFlags) {
    const out = reply(unique, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OPEN_OUT_SIZE */ .yX);
    out.writeUInt32LE(openFlags, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + 8);
    return out;
}
function encodeStatfs(unique, totals) {
    const out = reply(unique, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .STATFS_OUT_SIZE */ .Tf);
    out.writeBigUInt64LE(BigInt(Math.ceil(totals.bytes / 4096)), _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8);
    out.writeBigUInt64LE(BigInt(totals.files), _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + 24);
    out.writeUInt32LE(4096, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + 40);
    out.writeUInt32LE(255, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + 44);
    out.writeUInt32LE(4096, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + 48);
    return out;
}
function encodeDirectory(unique, names, offset, size) {
    const parts = [];
    let used = 0;
    for (let index = offset; index < names.length; index++) {
        const { nodeId, name } = names[index];
        const entry = Buffer.alloc(Math.ceil((_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .DIRENT_SIZE */ .pJ + Buffer.byteLength(name)) / 8) * 8);
        if (used + entry.length > size)
            break;
        entry.writeBigUInt64LE(BigInt(nodeId), 0);
        entry.writeBigUInt64LE(BigInt(index + 1), 8);
        entry.writeUInt32LE(Buffer.byteLength(name), 16);
        entry.writeUInt32LE(nodeId === _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .ROOT_ID */ .tP ? DIRENT_DIRECTORY : DIRENT_FILE, 20);
        entry.write(name, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .DIRENT_SIZE */ .pJ);
        parts.push(entry);
        used += entry.length;
    }
    const header = Buffer.alloc(_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8);
    writeReplyHeader(header, unique, 0, used);
    return Buffer.concat([header, ...parts]);
}
function encodeInit(unique, major, init) {
    const out = reply(unique, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .INIT_OUT_SIZE */ .kV);
    const body = out.subarray(_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8);
    body.writeUInt32LE(major, 0);
    body.writeUInt32LE(init.minor, 4);
    body.writeUInt32LE(init.maxReadahead, 8);
    body.writeUInt32LE(Number(init.flags & 0xffffffffn), 12);
    body.writeUInt16LE(init.maxBackground, 16);
    body.writeUInt16LE(init.congestionThreshold, 18);
    body.writeUInt32LE(init.maxWrite, 20);
    body.writeUInt32LE(1, 24);
    body.writeUInt16LE(init.maxPages, 28);
    body.writeUInt32LE(Number(init.flags >> 32n), 32);
    return out;
}
function encodeResend() {
    return notification(_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .Notify */ .M9.RESEND, Buffer.alloc(0));
}
function encodeInvalidateName(name) {
    const body = Buffer.alloc(_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .INVAL_ENTRY_SIZE */ .oi + Buffer.byteLength(name) + 1);
    body.writeBigUInt64LE(BigInt(_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .ROOT_ID */ .tP), 0);
    body.writeUInt32LE(Buffer.byteLength(name), 8);
    body.write(name, _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .INVAL_ENTRY_SIZE */ .oi);
    return notification(_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .Notify */ .M9.INVAL_ENTRY, body);
}
function notification(code, body) {
    const header = Buffer.alloc(_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8);
    header.writeUInt32LE(_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + body.length, 0);
    header.writeInt32LE(code, 4);
    return Buffer.concat([header, body]);
}
function reply(unique, bodyLength, errno = 0) {
    const out = Buffer.alloc(_abi_js__WEBPACK_IMPORTED_MODULE_0__/* .OUT_HEADER_SIZE */ .v8 + bodyLength);
    writeReplyHeader(out, unique, errno, bodyLength);
    return out;
}
function writeAttributes(out, offset, node) {
    const directory = node.nodeId === _abi_js__WEBPACK_IMPORTED_MODULE_0__/* .ROOT_ID */ .tP;
    out.writeBigUInt64LE(BigInt(node.nodeId), offset);
    out.writeBigUInt64LE(BigInt(node.size), offset + 8);
    out.writeBigUInt64LE(BigInt(Math.ceil(node.size / 512)), offset + 16);
    out.writeUInt32LE(directory ? DIRECTORY_MODE : FILE_MODE, offset + 60);
    out.writeUInt32LE(directory ? 2 : 1, offset + 64);
    out.writeUInt32LE(4096, offset + 80);
}


/***/ }),

/***/ 40102:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $q: () => (/* binding */ parseName),
/* harmony export */   Wr: () => (/* binding */ parseInitBody),
/* harmony export */   Wy: () => (/* binding */ parseRequestHeader),
/* harmony export */   ey: () => (/* binding */ parseReadBody)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);
/* harmony import */ var _abi_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(88789);


function parseRequestHeader(buffer, received) {
    if (received < _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`FUSE request of ${received} bytes, want ${_abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk} or more`);
    const length = buffer.readUInt32LE(0);
    if (length !== received)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`FUSE request says ${length} bytes, got ${received}`, { offset: 0 });
    return {
        length,
        opcode: buffer.readUInt32LE(4),
        unique: buffer.readBigUInt64LE(8),
        nodeId: buffer.readUInt32LE(20) === 0 ? buffer.readUInt32LE(16) : 0,
    };
}
function parseReadBody(buffer, header) {
    requireBody(header, _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .READ_IN_SIZE */ .f_, 'READ');
    const offset = Number(buffer.readBigUInt64LE(_abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk + 8));
    if (!Number.isSafeInteger(offset))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`READ at offset ${offset}`, { offset: _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk + 8 });
    return { offset, size: buffer.readUInt32LE(_abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk + 16) };
}
function parseName(buffer, header) {
    if (header.length <= _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk || buffer[header.length - 1] !== 0) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF('LOOKUP without a terminated name', { offset: _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk });
    }
    return buffer.toString('utf8', _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk, header.length - 1);
}
function parseInitBody(buffer, header) {
    requireBody(header, _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .INIT_IN_SIZE */ .B_, 'INIT');
    const low = BigInt(buffer.readUInt32LE(_abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk + 12));
    const extended = (low & _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .InitFlag */ .$d.INIT_EXT) !== 0n && header.length >= _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk + _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .INIT_IN_SIZE */ .B_ + 4;
    const high = extended ? BigInt(buffer.readUInt32LE(_abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk + 16)) : 0n;
    return {
        major: buffer.readUInt32LE(_abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk),
        minor: buffer.readUInt32LE(_abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk + 4),
        maxReadahead: buffer.readUInt32LE(_abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk + 8),
        flags: low | (high << 32n),
    };
}
function requireBody(header, size, what) {
    if (header.length >= _abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk + size)
        return;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .FormatError */ .IF(`${what} request of ${header.length} bytes, want ${_abi_js__WEBPACK_IMPORTED_MODULE_1__/* .IN_HEADER_SIZE */ .Uk + size}`, { offset: 0 });
}


/***/ }),

/***/ 94431:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   G: () => (/* binding */ settle)
/* harmony export */ });
/* unused harmony export negotiate */
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(73024);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);
/* harmony import */ var _abi_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(88789);
/* harmony import */ var _reply_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(25815);
/* harmony import */ var _request_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(40102);





const WANTED = _abi_js__WEBPACK_IMPORTED_MODULE_2__/* .InitFlag */ .$d.ASYNC_READ |
    _abi_js__WEBPACK_IMPORTED_MODULE_2__/* .InitFlag */ .$d.ASYNC_DIO |
    _abi_js__WEBPACK_IMPORTED_MODULE_2__/* .InitFlag */ .$d.PARALLEL_DIROPS |
    _abi_js__WEBPACK_IMPORTED_MODULE_2__/* .InitFlag */ .$d.MAX_PAGES |
    _abi_js__WEBPACK_IMPORTED_MODULE_2__/* .InitFlag */ .$d.EXPLICIT_INVAL_DATA |
    _abi_js__WEBPACK_IMPORTED_MODULE_2__/* .InitFlag */ .$d.INIT_EXT |
    _abi_js__WEBPACK_IMPORTED_MODULE_2__/* .InitFlag */ .$d.HAS_RESEND;
const MAX_BACKGROUND = 1024;
function negotiate(init, resend) {
    if (init.major !== _abi_js__WEBPACK_IMPORTED_MODULE_2__/* .FUSE_MAJOR */ .yj || init.minor < _abi_js__WEBPACK_IMPORTED_MODULE_2__/* .FUSE_OLDEST_MINOR */ .e) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .LazypullError */ .qB('UNSUPPORTED', `the kernel speaks FUSE ${init.major}.${init.minor}, want ${_abi_js__WEBPACK_IMPORTED_MODULE_2__/* .FUSE_MAJOR */ .yj}.${_abi_js__WEBPACK_IMPORTED_MODULE_2__/* .FUSE_OLDEST_MINOR */ .e} or later (Linux 4.20)`);
    }
    const wanted = resend ? WANTED : WANTED & ~_abi_js__WEBPACK_IMPORTED_MODULE_2__/* .InitFlag */ .$d.HAS_RESEND;
    return {
        minor: Math.min(init.minor, _abi_js__WEBPACK_IMPORTED_MODULE_2__/* .FUSE_MINOR */ ._n),
        maxReadahead: init.maxReadahead,
        flags: init.flags & wanted,
        maxBackground: MAX_BACKGROUND,
        congestionThreshold: MAX_BACKGROUND,
        maxWrite: 4096,
        maxPages: _abi_js__WEBPACK_IMPORTED_MODULE_2__/* .MAX_PAGES */ .Y0,
    };
}
function settle(fuseFd, options) {
    if (!(0,node_fs__WEBPACK_IMPORTED_MODULE_0__.fstatSync)(fuseFd).isCharacterDevice())
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`descriptor ${fuseFd} is not /dev/fuse`);
    const buffer = Buffer.alloc(_abi_js__WEBPACK_IMPORTED_MODULE_2__/* .REQUEST_BUFFER_SIZE */ .Fj);
    const header = (0,_request_js__WEBPACK_IMPORTED_MODULE_4__/* .parseRequestHeader */ .Wy)(buffer, (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readSync)(fuseFd, buffer, 0, buffer.length, null));
    if (header.opcode !== _abi_js__WEBPACK_IMPORTED_MODULE_2__/* .Opcode */ .pz.INIT)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .FormatError */ .IF(`first FUSE request has opcode ${header.opcode}, want INIT`);
    const init = negotiate((0,_request_js__WEBPACK_IMPORTED_MODULE_4__/* .parseInitBody */ .Wr)(buffer, header), options.resend);
    (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.writeSync)(fuseFd, (0,_reply_js__WEBPACK_IMPORTED_MODULE_3__/* .encodeInit */ .Bu)(header.unique, _abi_js__WEBPACK_IMPORTED_MODULE_2__/* .FUSE_MAJOR */ .yj, init));
    return { minor: init.minor, resend: (init.flags & _abi_js__WEBPACK_IMPORTED_MODULE_2__/* .InitFlag */ .$d.HAS_RESEND) !== 0n };
}


/***/ }),

/***/ 43671:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N9: () => (/* binding */ GENERATION),
/* harmony export */   cT: () => (/* binding */ COUNTERS),
/* harmony export */   ex: () => (/* binding */ WORKER_STEP),
/* harmony export */   ph: () => (/* binding */ Counter)
/* harmony export */ });
const GENERATION = 0;
const WORKER_STEP = 1;
const Counter = { READS: 0, BYTES: 1, FAULTS: 2, FAULT_BYTES: 3, ERRORS: 4 };
const COUNTERS = 5;


/***/ }),

/***/ 67510:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  l: () => (/* binding */ startWireTransport)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __webpack_require__(58500);
// EXTERNAL MODULE: external "node:worker_threads"
var external_node_worker_threads_ = __webpack_require__(75919);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
// EXTERNAL MODULE: ./src/worker-url.js
var worker_url = __webpack_require__(99503);
// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(57975);
// EXTERNAL MODULE: ./src/fuse/abi.js
var abi = __webpack_require__(88789);
// EXTERNAL MODULE: ./src/fuse/reply.js
var reply = __webpack_require__(25815);
;// CONCATENATED MODULE: ./src/fuse/fault-responder.js





const readAsync = (0,external_node_util_.promisify)(external_node_fs_.read);
const writeAsync = (0,external_node_util_.promisify)(external_node_fs_.write);
const MAX_REPLIES = 4;
class FaultResponder {
    #fuseFd;
    #onFault;
    #log;
    #buffers = [];
    #waiting = [];
    #pending = new Map();
    #replies = 0;
    bytes = 0;
    errors = 0;
    pending = 0;
    constructor(options) {
        this.#fuseFd = options.fuseFd;
        this.#onFault = options.onFault;
        this.#log = options.log;
    }
    handle(fault, file) {
        const done = this.#respond(fault, file).catch((error) => {
            this.#log.error('a FUSE reply could not be sent', { error });
        });
        const pending = this.#pending.get(fault.nodeId) ?? new Set();
        this.#pending.set(fault.nodeId, pending.add(done));
        this.pending++;
        void done.finally(() => {
            this.pending--;
            pending.delete(done);
            if (pending.size === 0 && this.#pending.get(fault.nodeId) === pending)
                this.#pending.delete(fault.nodeId);
        });
    }
    notify(message) {
        this.#send(message).catch((error) => this.#log.warn('a FUSE notification failed', { error }));
    }
    async settled(nodeId) {
        await Promise.all(this.#pending.get(nodeId) ?? new Set());
    }
    async #respond(fault, file) {
        const { nodeId, imageOffset, length } = fault;
        if (file === undefined) {
            await this.#send((0,reply/* encodeStatus */.BK)(fault.unique, abi/* Errno */.RH.ESTALE));
            return;
        }
        try {
            await this.#onFault({ nodeId, imageOffset, length });
            await this.#sendData(fault, file);
        }
        catch (error) {
            this.errors++;
            const { code } = error;
            const reason = (0,errors/* describeError */.Uc)(error);
            this.#log.error('a read failed', { file: file.name, imageOffset, length, reason, code });
            await this.#send((0,reply/* encodeStatus */.BK)(fault.unique, abi/* Errno */.RH.EIO));
        }
    }
    async #sendData(fault, file) {
        const buffer = await this.#takeBuffer();
        try {
            for (let done = 0; done < fault.length;) {
                const at = abi/* OUT_HEADER_SIZE */.v8 + done;
                const { bytesRead } = await readAsync(file.fd, buffer, at, fault.length - done, fault.imageOffset + done);
                if (bytesRead === 0)
                    throw new Error(`the layer image ends at ${fault.imageOffset + done}, inside the read`);
                done += bytesRead;
            }
            (0,reply/* writeReplyHeader */.PD)(buffer, fault.unique, 0, fault.length);
            this.bytes += fault.length;
            await this.#send(buffer.subarray(0, abi/* OUT_HEADER_SIZE */.v8 + fault.length));
        }
        finally {
            this.#returnBuffer(buffer);
        }
    }
    async #takeBuffer() {
        if (this.#replies >= MAX_REPLIES) {
            const { promise, resolve } = Promise.withResolvers();
            this.#waiting.push(resolve);
            await promise;
        }
        else {
            this.#replies++;
        }
        return this.#buffers.pop() ?? Buffer.allocUnsafeSlow(abi/* OUT_HEADER_SIZE */.v8 + abi/* MAX_READ_SIZE */.OF);
    }
    #returnBuffer(buffer) {
        this.#buffers.push(buffer);
        const next = this.#waiting.shift();
        if (next === undefined)
            this.#replies--;
        else
            next();
    }
    async #send(bytes) {
        try {
            await writeAsync(this.#fuseFd, bytes, 0, bytes.length, null);
        }
        catch (error) {
            const { code } = error;
            if (code !== 'ENOENT' && code !== 'ENODEV')
                throw error;
        }
    }
}

// EXTERNAL MODULE: ./src/fuse/file-table.js
var file_table = __webpack_require__(60476);
// EXTERNAL MODULE: ./src/fuse/wire-messages.js
var wire_messages = __webpack_require__(43671);
;// CONCATENATED MODULE: ./src/fuse/wire-transport.js









const CLOSE_MS = 1000;
async function startWireTransport(options) {
    return new WireTransport(options);
}
class WireTransport {
    kind = 'wire';
    mountpoint;
    #options;
    #files = new file_table/* FileTable */.P();
    #responder;
    #control;
    #counters;
    #workers = [];
    #ended = Promise.resolve();
    #closed = false;
    constructor(options) {
        const count = options.workers ?? 2;
        this.#options = options;
        this.mountpoint = options.mountpoint;
        this.#responder = new FaultResponder({ fuseFd: options.fd, onFault: options.onFault, log: options.log });
        this.#control = new Int32Array(new SharedArrayBuffer((wire_messages/* WORKER_STEP */.ex + count) * Int32Array.BYTES_PER_ELEMENT));
        this.#counters = new Float64Array(new SharedArrayBuffer(count * wire_messages/* COUNTERS */.cT * Float64Array.BYTES_PER_ELEMENT));
    }
    async start() {
        if (this.#workers.length > 0)
            throw new errors/* LazypullError */.qB('FAILED_PRECONDITION', 'the FUSE transport runs already');
        if (this.#options.resend)
            (0,external_node_fs_.writeSync)(this.#options.fd, (0,reply/* encodeResend */.eK)());
        const count = this.#options.workers ?? 2;
        const { promise, resolve } = Promise.withResolvers();
        this.#ended = promise;
        let alive = count;
        const onExit = () => {
            if (--alive > 0)
                return;
            resolve();
            if (!this.#closed)
                this.#options.onEnd?.();
        };
        for (let index = 0; index < count; index++)
            this.#workers.push(this.#startWorker(index, onExit));
    }
    async add(file) {
        this.#files.add(file);
        this.#tell({ type: 'add', file });
    }
    async remove(nodeId) {
        const file = this.#files.remove(nodeId);
        if (file === undefined)
            return;
        this.#tell({ type: 'remove', nodeId });
        await Promise.all(this.#workers.map((_, index) => this.#leaves(index)));
        await this.#responder.settled(nodeId);
        this.#forgetName(file.name);
    }
    stats() {
        const sum = (counter) => {
            let total = 0;
            for (let row = 0; row < this.#counters.length; row += wire_messages/* COUNTERS */.cT)
                total += this.#counters[row + counter];
            return total;
        };
        return {
            reads: sum(wire_messages/* Counter */.ph.READS),
            bytes: sum(wire_messages/* Counter */.ph.BYTES) + this.#responder.bytes,
            faults: sum(wire_messages/* Counter */.ph.FAULTS),
            faultBytes: sum(wire_messages/* Counter */.ph.FAULT_BYTES),
            errors: sum(wire_messages/* Counter */.ph.ERRORS) + this.#responder.errors,
            pending: this.#responder.pending,
        };
    }
    async close() {
        this.#closed = true;
        const limit = new AbortController();
        const late = (0,promises_.setTimeout)(CLOSE_MS, undefined, { signal: limit.signal }).catch(() => { });
        await Promise.race([this.#ended, late]);
        limit.abort();
        for (const worker of this.#workers)
            worker.unref();
    }
    #startWorker(index, onExit) {
        const workerData = {
            fuseFd: this.#options.fd,
            index,
            files: this.#files.all(),
            control: this.#control,
            counters: this.#counters,
        };
        const worker = new external_node_worker_threads_.Worker((0,worker_url/* workerUrl */.O)('./wire-worker', import.meta.url), {
            name: `fuse-${index}`,
            workerData,
            resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 2 },
        });
        worker.on('message', (fault) => this.#responder.handle(fault, this.#files.lookup(fault.nodeId)));
        worker.once('exit', onExit);
        return worker;
    }
    #tell(message) {
        for (const worker of this.#workers)
            worker.postMessage(message, []);
        Atomics.add(this.#control, wire_messages/* GENERATION */.N9, 1);
    }
    async #leaves(index) {
        const step = Atomics.load(this.#control, wire_messages/* WORKER_STEP */.ex + index);
        if (step % 2 === 0)
            return;
        while (Atomics.load(this.#control, wire_messages/* WORKER_STEP */.ex + index) === step)
            await (0,promises_.setTimeout)(1);
    }
    #forgetName(name) {
        if (this.#closed)
            return;
        this.#responder.notify((0,reply/* encodeInvalidateName */.DX)(name));
    }
}


/***/ }),

/***/ 88626:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   cS: () => (/* binding */ mountsOf),
/* harmony export */   h1: () => (/* binding */ probeOverlay),
/* harmony export */   hh: () => (/* binding */ requireOverlayPath)
/* harmony export */ });
/* unused harmony export inUserNamespace */
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(73024);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(16986);


function probeOverlay() {
    return {
        userxattr: inUserNamespace((0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)('/proc/self/uid_map', 'utf8')),
        indexOff: (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.existsSync)('/sys/module/overlay/parameters/index'),
    };
}
function inUserNamespace(uidMap) {
    return !/^\s*0\s+0\s+4294967295\s*$/.test(uidMap);
}
function mountsOf(paths, needs) {
    const [top, ...below] = paths.lower;
    const readonly = paths.kind === 'view';
    if (top === undefined)
        return [bind(paths.fs, readonly)];
    if (readonly && below.length === 0)
        return [bind(top, true)];
    const options = [
        ...(needs.indexOff ? ['index=off'] : []),
        ...(needs.userxattr ? ['userxattr'] : []),
        ...(readonly ? [] : [`workdir=${paths.work}`, `upperdir=${paths.fs}`]),
        `lowerdir=${paths.lower.join(':')}`,
    ];
    return [{ type: 'overlay', source: 'overlay', options }];
}
function requireOverlayPath(root) {
    if (root.startsWith('/') && !/[:,\\]/.test(root))
        return;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .UserError */ .yo(`can't use ${root} for snapshots`, 'use an absolute path without colon, comma and backslash');
}
function bind(source, readonly) {
    return { type: 'bind', source, options: [readonly ? 'ro' : 'rw', 'rbind'] };
}


/***/ }),

/***/ 99503:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   O: () => (/* binding */ workerUrl)
/* harmony export */ });
function workerUrl(specifier, base) {
    return new URL(base.endsWith('.ts') ? `${specifier}.ts` : `${specifier}.js`, base);
}


/***/ })

};
