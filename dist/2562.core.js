export const id = 2562;
export const ids = [2562];
export const modules = {

/***/ 22562:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   runDaemon: () => (/* binding */ runDaemon),
/* harmony export */   runServe: () => (/* binding */ runServe)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(73024);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(76760);
/* harmony import */ var node_v8__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(78877);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(16986);
/* harmony import */ var _log_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(49179);
/* harmony import */ var _daemon_flags_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(73016);
/* harmony import */ var _exit_codes_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(61453);







const SERVE_FLAGS = ['--max-semi-space-size=2'];
async function runDaemon(args, entry) {
    const { config } = (0,_daemon_flags_js__WEBPACK_IMPORTED_MODULE_5__/* .configOfFlags */ .tY)((0,_daemon_flags_js__WEBPACK_IMPORTED_MODULE_5__/* .parseDaemonFlags */ .xZ)(args));
    const { runSupervisor } = await __webpack_require__.e(/* import() */ 4558).then(__webpack_require__.bind(__webpack_require__, 64558));
    const wantsFuse = config.mount.tier !== 'off' && config.fuse.transport === 'wire' && (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.existsSync)('/dev/fuse');
    return await runSupervisor({
        command: () => [process.execPath, ...process.execArgv, ...SERVE_FLAGS, entry, 'serve', ...args],
        mountpoint: wantsFuse ? (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(config.stateDir, 'fuse') : undefined,
        log: (0,_log_js__WEBPACK_IMPORTED_MODULE_4__/* .createLogger */ .h)(config.log).with({ process: 'supervisor' }),
    });
}
async function runServe(args) {
    const { serve } = await Promise.all(/* import() */[__webpack_require__.e(1684), __webpack_require__.e(4885), __webpack_require__.e(9322), __webpack_require__.e(3109), __webpack_require__.e(8033), __webpack_require__.e(817), __webpack_require__.e(3425), __webpack_require__.e(1061), __webpack_require__.e(4871)]).then(__webpack_require__.bind(__webpack_require__, 10295));
    (0,node_v8__WEBPACK_IMPORTED_MODULE_2__.setFlagsFromString)('--max-semi-space-size=0');
    try {
        await serve((0,_daemon_flags_js__WEBPACK_IMPORTED_MODULE_5__/* .configOfFlags */ .tY)((0,_daemon_flags_js__WEBPACK_IMPORTED_MODULE_5__/* .parseDaemonFlags */ .xZ)(args)));
        return _exit_codes_js__WEBPACK_IMPORTED_MODULE_6__/* .EXIT_OK */ .Ij;
    }
    catch (error) {
        process.stderr.write(`${(0,_exit_codes_js__WEBPACK_IMPORTED_MODULE_6__/* .messageOf */ .bD)(error)}\n`);
        const { EXIT_CONFIG } = await __webpack_require__.e(/* import() */ 3676).then(__webpack_require__.bind(__webpack_require__, 83676));
        const { exitNow } = await __webpack_require__.e(/* import() */ 8098).then(__webpack_require__.bind(__webpack_require__, 68098));
        return exitNow(error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .UserError */ .yo ? EXIT_CONFIG : (0,_exit_codes_js__WEBPACK_IMPORTED_MODULE_6__/* .exitCodeOf */ .FO)(error));
    }
}


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


/***/ })

};
