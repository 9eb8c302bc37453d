export const id = 8098;
export const ids = [8098,3676];
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


/***/ })

};
