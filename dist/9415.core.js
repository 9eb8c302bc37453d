export const id = 9415;
export const ids = [9415];
export const modules = {

/***/ 61453:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $v: () => (/* binding */ DaemonError),
/* harmony export */   FO: () => (/* binding */ exitCodeOf),
/* harmony export */   Ij: () => (/* binding */ EXIT_OK),
/* harmony export */   Ri: () => (/* binding */ EXIT_USAGE),
/* harmony export */   W8: () => (/* binding */ NoDaemonError),
/* harmony export */   bD: () => (/* binding */ messageOf),
/* harmony export */   cU: () => (/* binding */ EXIT_CODES_HELP),
/* harmony export */   hj: () => (/* binding */ EXIT_FAILED),
/* harmony export */   mY: () => (/* binding */ DaemonPullError),
/* harmony export */   p4: () => (/* binding */ InterruptedError)
/* harmony export */ });
/* unused harmony exports EXIT_NO_DAEMON, EXIT_INTERRUPTED */
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(16986);

const EXIT_OK = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const EXIT_NO_DAEMON = 3;
const EXIT_INTERRUPTED = 130;
class NoDaemonError extends _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo {
}
class DaemonError extends _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB {
}
class DaemonPullError extends DaemonError {
    status;
    constructor(code, message, status) {
        super(code, message);
        this.status = status;
    }
}
class InterruptedError extends Error {
    constructor() {
        super('interrupted');
        this.name = new.target.name;
    }
}
function exitCodeOf(error) {
    if (error instanceof InterruptedError)
        return EXIT_INTERRUPTED;
    if (error instanceof NoDaemonError)
        return EXIT_NO_DAEMON;
    const isUsage = error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo || (error instanceof DaemonError && error.code === 'CONFIG');
    return isUsage ? EXIT_USAGE : EXIT_FAILED;
}
function messageOf(error) {
    if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo)
        return `lazypull: ${error.message}`;
    if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .LazypullError */ .qB || error instanceof InterruptedError)
        return `lazypull: ${(0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .describeError */ .Uc)(error)}`;
    return `lazypull: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
const EXIT_CODES_HELP = `Exit codes:
  0    done
  1    failed
  2    wrong usage, configuration or environment: the message says what to change
  3    no daemon answers
  78   (daemon) starting again will not help before somebody changes something
  130  interrupted`;


/***/ }),

/***/ 89415:
/***/ ((__webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
__webpack_require__.r(__webpack_exports__);
/* harmony import */ var _exit_codes_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(61453);

const [command, ...rest] = process.argv.slice(2);
const helpAsked = rest.some((arg) => arg === '--help' || arg === '-h');
try {
    if (command === 'serve') {
        const { runServe } = await Promise.all(/* import() */[__webpack_require__.e(528), __webpack_require__.e(5059), __webpack_require__.e(2562)]).then(__webpack_require__.bind(__webpack_require__, 22562));
        const status = await runServe(rest);
        if (status !== 0)
            process.exit(status);
    }
    else if (command === 'record-workload') {
        const { runRecorder } = await Promise.all(/* import() */[__webpack_require__.e(3182), __webpack_require__.e(3425), __webpack_require__.e(1061), __webpack_require__.e(598)]).then(__webpack_require__.bind(__webpack_require__, 78981));
        runRecorder();
    }
    else if (command === 'daemon' && !helpAsked) {
        const { runDaemon } = await Promise.all(/* import() */[__webpack_require__.e(528), __webpack_require__.e(5059), __webpack_require__.e(2562)]).then(__webpack_require__.bind(__webpack_require__, 22562));
        process.exit(await runDaemon(rest, process.argv[1] ?? ''));
    }
    else {
        process.stdout.on('error', (error) => {
            if (error.code !== 'EPIPE')
                process.exit(1);
        });
        process.stderr.on('error', () => { });
        const { runProgram } = await Promise.all(/* import() */[__webpack_require__.e(528), __webpack_require__.e(1283), __webpack_require__.e(5059), __webpack_require__.e(8397)]).then(__webpack_require__.bind(__webpack_require__, 58397));
        process.exitCode = await runProgram(process.argv.slice(2));
    }
}
catch (error) {
    process.stderr.write(`${(0,_exit_codes_js__WEBPACK_IMPORTED_MODULE_0__/* .messageOf */ .bD)(error)}\n`);
    process.exit((0,_exit_codes_js__WEBPACK_IMPORTED_MODULE_0__/* .exitCodeOf */ .FO)(error));
}

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

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
