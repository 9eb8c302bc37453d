export const id = 4558;
export const ids = [4558,3676];
export const modules = {

/***/ 84845:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (__WEBPACK_DEFAULT_EXPORT__)
/* harmony export */ });
const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
let koffi;
/* harmony default export */ const __WEBPACK_DEFAULT_EXPORT__ = (new Proxy({}, { get: (_, name) => (koffi ??= require('koffi'))[name] }));


/***/ }),

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

/***/ 64558:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runSupervisor: () => (/* binding */ runSupervisor)
});

// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __webpack_require__(58500);
// EXTERNAL MODULE: ./src/daemon/messages.js
var messages = __webpack_require__(83676);
// EXTERNAL MODULE: ./node_modules/koffi/index.js
var koffi = __webpack_require__(84845);
// EXTERNAL MODULE: ./src/errors.js
var errors = __webpack_require__(16986);
;// CONCATENATED MODULE: ./src/daemon/notify.js


const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2_000_000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const MAX_PATH = 108;
function createNotifier(env = process.env) {
    const socket = env['NOTIFY_SOCKET'];
    const watchdogUsec = Number(env['WATCHDOG_USEC'] ?? Number.NaN);
    const mine = env['WATCHDOG_PID'] === undefined || Number(env['WATCHDOG_PID']) === process.pid;
    for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID'])
        delete env[name];
    const tell = (state) => {
        if (socket === undefined || socket === '')
            return;
        try {
            sendDatagram(socket, Buffer.from(state));
        }
        catch {
        }
    };
    return {
        ready: () => tell('READY=1'),
        reloading: () => tell(`RELOADING=1\nMONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`),
        stopping: () => tell('STOPPING=1'),
        status: (text) => tell(`STATUS=${text.replaceAll('\n', ' ')}`),
        watchdogMs: socket !== undefined && mine && watchdogUsec > 0 ? watchdogUsec / 2000 : undefined,
        watchdog: () => tell('WATCHDOG=1'),
    };
}
function encodeUnixAddress(path) {
    const name = Buffer.from(path);
    const abstract = path.startsWith('@');
    if (!abstract && !path.startsWith('/'))
        throw new errors/* FormatError */.IF(`not a socket path: ${JSON.stringify(path)}`);
    if (name.length + (abstract ? 0 : 1) > MAX_PATH)
        throw new errors/* FormatError */.IF(`socket path of ${name.length} bytes, want ${MAX_PATH - 1} or fewer`);
    const address = Buffer.alloc(2 + name.length + (abstract ? 0 : 1));
    address.writeUInt16LE(AF_UNIX, 0);
    name.copy(address, 2);
    if (abstract)
        address[2] = 0;
    return address;
}
function sendDatagram(path, payload) {
    const address = encodeUnixAddress(path);
    const libc = koffi/* default */.A.load(null);
    const socket = libc.func('int socket(int domain, int type, int protocol)');
    const sendto = libc.func('long sendto(int fd, const void *bytes, size_t length, int flags, const void *address, uint size)');
    const close = libc.func('int close(int fd)');
    const fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        throw new errors/* SystemError */._N('socket', koffi/* default */.A.errno(), 'unix datagram');
    const sent = Number(sendto(fd, payload, payload.length, MSG_DONTWAIT | MSG_NOSIGNAL, address, address.length));
    const errno = koffi/* default */.A.errno();
    close(fd);
    if (sent !== payload.length)
        throw new errors/* SystemError */._N('sendto', errno, path);
}

;// CONCATENATED MODULE: ./src/daemon/supervisor-backoff.js
const QUIET_MS = 60_000;
const COST_UNREADY = 4;
const COST_READY = 1;
const BUDGET = 20;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
class Backoff {
    #spent = 0;
    #lastMs = Number.NEGATIVE_INFINITY;
    nextPauseMs(nowMs, wasReady) {
        if (nowMs - this.#lastMs > QUIET_MS)
            this.#spent = 0;
        this.#lastMs = nowMs;
        this.#spent += wasReady ? COST_READY : COST_UNREADY;
        const steps = Math.ceil((this.#spent - BUDGET) / COST_UNREADY);
        return steps <= 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(steps - 1, 10));
    }
}

// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(31421);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
;// CONCATENATED MODULE: ./src/daemon/supervisor-child.js




const FUSE_FD = 4;
const LOOK_MS = 1000;
const MALLOC = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_TRIM_THRESHOLD_: '65536' };
class ServingChild {
    #process;
    died;
    constructor(options) {
        const [program = '', ...args] = options.command;
        const { connection } = options;
        this.#process = (0,external_node_child_process_.spawn)(program, args, {
            detached: true,
            stdio: ['ignore', 'inherit', 'inherit', 'ipc', ...(connection === undefined ? [] : [connection.fd])],
            env: {
                ...MALLOC,
                ...process.env,
                [messages/* Env */.o.GENERATION]: String(options.generation),
                ...(connection === undefined
                    ? {}
                    : {
                        [messages/* Env */.o.FUSE_FD]: String(FUSE_FD),
                        [messages/* Env */.o.FUSE_MOUNT]: connection.mountpoint,
                        [messages/* Env */.o.FUSE_RESEND]: options.adopted ? '1' : '0',
                    }),
            },
        });
        this.#process.on('message', (message) => options.onMessage(message));
        this.died = Promise.race([this.#exited(), this.#stuck()]);
    }
    get pid() {
        return this.#process.pid;
    }
    tell(message) {
        if (this.#process.connected)
            this.#process.send(message, () => { });
    }
    async kill() {
        this.#process.kill('SIGKILL');
        return this.died;
    }
    async #exited() {
        const { promise, resolve } = Promise.withResolvers();
        this.#process.once('error', (error) => {
            if (this.#process.pid === undefined)
                resolve({ error });
        });
        this.#process.once('exit', (code, signal) => resolve({ code: code ?? undefined, signal: signal ?? undefined }));
        return promise;
    }
    async #stuck() {
        for (let seen = 0; seen < 2;) {
            await (0,promises_.setTimeout)(LOOK_MS, undefined, { ref: false });
            if (this.#process.exitCode !== null || this.#process.signalCode !== null)
                break;
            seen = this.#process.pid !== undefined && isDying(this.#process.pid) ? seen + 1 : 0;
        }
        return {};
    }
}
function isDying(pid) {
    try {
        const status = (0,external_node_fs_.readFileSync)(`/proc/${pid}/status`, 'latin1');
        if (/^State:\s+[ZX]/m.test(status))
            return true;
        const pending = [...status.matchAll(/^(?:SigPnd|ShdPnd):\s+([0-9a-f]+)$/gm)].map((match) => BigInt(`0x${match[1]}`));
        return pending.some((mask) => ((mask >> 8n) & 1n) === 1n);
    }
    catch {
        return false;
    }
}

// EXTERNAL MODULE: external "node:fs/promises"
var external_node_fs_promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: ./src/fuse/mount.js
var mount = __webpack_require__(37562);
// EXTERNAL MODULE: ./src/fuse/mountinfo.js
var mountinfo = __webpack_require__(99370);
// EXTERNAL MODULE: ./src/fuse/session.js
var fuse_session = __webpack_require__(94431);
;// CONCATENATED MODULE: ./src/daemon/supervisor-mount.js







const EBUSY = 16;
async function openConnection(folder, options) {
    await removeStale(folder);
    (0,external_node_fs_.mkdirSync)(folder, { recursive: true, mode: 0o700 });
    const mountpoint = (0,external_node_fs_.realpathSync)(folder);
    const fd = (0,mount/* openFuse */.mu)();
    try {
        (0,mount/* mountFuse */.hb)(fd, mountpoint);
        const session = (0,fuse_session/* settle */.G)(fd, options);
        return { fd, mountpoint, resend: session.resend, close: () => closeConnection(fd, mountpoint) };
    }
    catch (error) {
        (0,external_node_fs_.closeSync)(fd);
        if (error instanceof errors/* SystemError */._N && error.syscall === 'mount') {
            throw new errors/* UserError */.yo(`can't mount a FUSE filesystem on ${folder}: ${error.message}`, 'Run as root (CAP_SYS_ADMIN).', { cause: error });
        }
        throw error;
    }
}
function removeMountpoint(folder) {
    try {
        (0,external_node_fs_.rmdirSync)(folder);
    }
    catch {
    }
}
async function closeConnection(fd, mountpoint) {
    try {
        await (0,mount/* unmount */.vs)(mountpoint);
    }
    catch (error) {
        if (!(error instanceof errors/* SystemError */._N) || error.errno !== EBUSY)
            throw error;
        await (0,mount/* unmount */.vs)(mountpoint, { detach: true, force: true });
    }
    finally {
        (0,external_node_fs_.closeSync)(fd);
    }
}
async function removeStale(folder) {
    for (let entry = (0,mountinfo/* findMount */.vc)(folder); entry !== undefined; entry = (0,mountinfo/* findMount */.vc)(folder)) {
        if (entry.type !== mount/* FUSE_TYPE */.TB) {
            throw new errors/* UserError */.yo(`${folder} is a mount of type ${entry.type}`, 'Choose another root directory, or unmount it.');
        }
        if (await isAlive(folder)) {
            throw new errors/* UserError */.yo(`another lazypull daemon serves ${folder}`, 'Stop it first, or choose another root directory.');
        }
        await (0,mount/* unmount */.vs)(folder, { detach: true, force: true });
    }
}
async function isAlive(folder) {
    const answered = (0,external_node_fs_promises_.statfs)(folder).then(() => true, () => false);
    return Promise.race([answered, (0,promises_.setTimeout)(2000, true, { ref: false })]);
}

;// CONCATENATED MODULE: ./src/daemon/supervisor.js






const FLUSH_MS = 10_000;
const STOP_MS = 30_000;
async function runSupervisor(options) {
    return new Supervisor(options).run();
}
class Supervisor {
    #options;
    #log;
    #notifier;
    #backoff = new Backoff();
    #connection;
    #adopted = false;
    #child;
    #generation = 0;
    #childReady = false;
    #wasReady = false;
    #planned = false;
    #stopping = false;
    #wake = new AbortController();
    #replies = new Map();
    constructor(options) {
        this.#options = options;
        this.#log = options.log;
        this.#notifier = options.notifier ?? createNotifier();
    }
    async run() {
        const signals = { SIGTERM: () => this.#stop(), SIGINT: () => this.#stop(), SIGHUP: () => void this.#restart() };
        for (const [name, handler] of Object.entries(signals))
            process.on(name, handler);
        const watchdog = this.#startWatchdog();
        try {
            await this.#connect();
            return await this.#supervise();
        }
        finally {
            clearInterval(watchdog);
            for (const [name, handler] of Object.entries(signals))
                process.off(name, handler);
            await this.#disconnect();
        }
    }
    async #supervise() {
        while (!this.#stopping) {
            const death = await this.#runChild();
            if (this.#stopping)
                break;
            if (death.code === messages.EXIT_CONFIG && !this.#wasReady)
                return messages.EXIT_CONFIG;
            if (this.#connection?.resend === false)
                await this.#connect();
            if (this.#planned)
                this.#planned = false;
            else
                await this.#pause(death);
        }
        return 0;
    }
    async #runChild() {
        const child = new ServingChild({
            command: this.#options.command(),
            generation: this.#generation++,
            connection: this.#connection,
            adopted: this.#adopted,
            onMessage: (message) => this.#onMessage(message),
        });
        this.#child = child;
        this.#childReady = false;
        this.#adopted = this.#connection !== undefined;
        this.#log.debug('serving process started', { pid: child.pid, generation: this.#generation - 1 });
        const death = await child.died;
        this.#child = undefined;
        return death;
    }
    async #pause(death) {
        const pauseMs = this.#backoff.nextPauseMs(performance.now(), this.#childReady);
        this.#log.error('the serving process died and is started again', { ...death, pauseMs });
        this.#notifier.status(`serving process died, restarting${pauseMs > 0 ? ` in ${pauseMs / 1000} s` : ''}`);
        this.#wake = new AbortController();
        await (0,promises_.setTimeout)(pauseMs, undefined, { signal: this.#wake.signal }).catch(() => { });
    }
    #onMessage(message) {
        if (message.type === 'ready') {
            this.#childReady = true;
            this.#wasReady = true;
            this.#notifier.ready();
            this.#notifier.status('serving');
        }
        else if (message.type === 'restart')
            void this.#restart();
        else
            this.#replies.get(message.type)?.();
    }
    async #restart() {
        const child = this.#child;
        this.#wake.abort();
        if (child === undefined || this.#planned || this.#stopping)
            return;
        this.#planned = true;
        this.#notifier.reloading();
        this.#log.info('planned restart of the serving process', { pid: child.pid });
        child.tell({ type: 'flush' });
        await this.#reply(child, 'flushed', FLUSH_MS);
        await child.kill();
    }
    #stop() {
        this.#wake.abort();
        const child = this.#child;
        if (this.#stopping) {
            void child?.kill();
            return;
        }
        this.#stopping = true;
        this.#notifier.stopping();
        if (child === undefined)
            return;
        child.tell({ type: 'stop' });
        void this.#reply(child, 'stopped', STOP_MS).then(() => child.kill());
    }
    async #reply(child, type, limitMs) {
        const answered = Promise.withResolvers();
        this.#replies.set(type, () => answered.resolve('answered'));
        const limit = new AbortController();
        const late = (0,promises_.setTimeout)(limitMs, 'late', { signal: limit.signal }).catch(() => 'answered');
        const outcome = await Promise.race([answered.promise, child.died, late]);
        limit.abort();
        if (outcome === 'late')
            this.#log.warn(`no '${type}' from the serving process in time`, { limitMs });
    }
    async #connect() {
        await this.#connection?.close();
        this.#connection = undefined;
        this.#adopted = false;
        const { mountpoint, resend = true } = this.#options;
        if (mountpoint === undefined)
            return;
        this.#connection = await openConnection(mountpoint, { resend });
        if (!this.#connection.resend)
            this.#log.info('this kernel has no FUSE resend: a crash fails the reads under way');
    }
    async #disconnect() {
        const connection = this.#connection;
        if (connection === undefined)
            return;
        this.#connection = undefined;
        await connection.close();
        removeMountpoint(connection.mountpoint);
    }
    #startWatchdog() {
        const { watchdogMs } = this.#notifier;
        return watchdogMs === undefined ? undefined : setInterval(() => this.#notifier.watchdog(), watchdogMs);
    }
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


/***/ })

};
