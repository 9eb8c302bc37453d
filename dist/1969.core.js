export const id = 1969;
export const ids = [1969];
export const modules = {

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

/***/ 11969:
/***/ ((__webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
__webpack_require__.r(__webpack_exports__);
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(31421);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(76760);
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(57975);
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(32322);
/* harmony import */ var _src_errors_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(16986);
/* harmony import */ var _lazypull_command_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(3962);
/* harmony import */ var _wrapper_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(67390);







try {
    await setUp();
}
catch (error) {
    (0,_actions_core__WEBPACK_IMPORTED_MODULE_3__/* .setFailed */ .C1)((0,_src_errors_js__WEBPACK_IMPORTED_MODULE_4__/* .describeError */ .Uc)(error));
}
async function setUp() {
    if (process.platform === 'win32') {
        throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_4__/* .UserError */ .yo('lazypull has no command for Windows', "Run this step on Linux: if: runner.os == 'Linux'.");
    }
    const folder = process.env['RUNNER_TEMP'] ?? '';
    if (folder === '')
        throw new _src_errors_js__WEBPACK_IMPORTED_MODULE_4__/* .UserError */ .yo('RUNNER_TEMP is not set', 'Run this as a step of a workflow.');
    const bin = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(folder, 'lazypull-bin');
    const path = await (0,_wrapper_js__WEBPACK_IMPORTED_MODULE_6__/* .writeWrapper */ .H)(bin, (0,_lazypull_command_js__WEBPACK_IMPORTED_MODULE_5__/* .lazypullCommand */ .j)());
    const { stdout } = await (0,node_util__WEBPACK_IMPORTED_MODULE_2__.promisify)(node_child_process__WEBPACK_IMPORTED_MODULE_0__.execFile)(path, ['--version']);
    const version = stdout.trim();
    (0,_actions_core__WEBPACK_IMPORTED_MODULE_3__/* .addPath */ .fM)(bin);
    (0,_actions_core__WEBPACK_IMPORTED_MODULE_3__/* .setOutput */ .uH)('version', version);
    (0,_actions_core__WEBPACK_IMPORTED_MODULE_3__/* .setOutput */ .uH)('path', path);
    (0,_actions_core__WEBPACK_IMPORTED_MODULE_3__/* .info */ .pq)(`lazypull ${version}: ${path}`);
}

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 67390:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   H: () => (/* binding */ writeWrapper)
/* harmony export */ });
/* unused harmony export wrapperText */
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(51455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(76760);


async function writeWrapper(folder, command) {
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.mkdir)(folder, { recursive: true });
    const path = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(folder, 'lazypull');
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.writeFile)(path, wrapperText(command));
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.chmod)(path, 0o755);
    return path;
}
function wrapperText(command) {
    const words = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
    return `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`;
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


/***/ })

};
