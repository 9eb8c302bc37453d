export const id = 6535;
export const ids = [6535];
export const modules = {

/***/ 56535:
/***/ ((__webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
__webpack_require__.r(__webpack_exports__);
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(32322);
/* harmony import */ var _state_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(43322);


if ((0,_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .getState */ .Gu)(_state_js__WEBPACK_IMPORTED_MODULE_1__/* .StateKey */ .zv.STARTED) === 'true')
    await (await Promise.all(/* import() */[__webpack_require__.e(528), __webpack_require__.e(817), __webpack_require__.e(7967), __webpack_require__.e(5993), __webpack_require__.e(8195)]).then(__webpack_require__.bind(__webpack_require__, 40666))).post(process.env);
else
    await (await Promise.all(/* import() */[__webpack_require__.e(528), __webpack_require__.e(817), __webpack_require__.e(5059), __webpack_require__.e(7967), __webpack_require__.e(3176)]).then(__webpack_require__.bind(__webpack_require__, 83176))).main(process.env);
if (process.platform === 'linux')
    process.exit();

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 43322:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $b: () => (/* binding */ BACKUP_SUFFIX),
/* harmony export */   CD: () => (/* binding */ CONSUMERS),
/* harmony export */   S5: () => (/* binding */ SET_UP_VARIABLE),
/* harmony export */   YR: () => (/* binding */ Place),
/* harmony export */   zv: () => (/* binding */ StateKey)
/* harmony export */ });
const StateKey = {
    STARTED: 'started',
    JOURNAL: 'journal',
    REPORTS: 'reports',
    RESULT: 'result',
};
const SET_UP_VARIABLE = 'LAZYPULL_ACTION';
const Place = {
    FOLDER: '/run/lazypull-action',
    CONFIG: '/run/lazypull-action/config.toml',
    LOG: '/run/lazypull-action/daemon.log',
    STATE_DIR: '/run/lazypull',
    CONTROL: '/run/lazypull/control.sock',
    ROOT: '/var/lib/lazypull',
};
const CONSUMERS = {
    containerd: '/run/lazypull/snapshotter.sock',
    isolated: '/run/lazypull/isolated.sock',
    buildkit: '/run/lazypull/buildkit.sock',
};
const BACKUP_SUFFIX = '.before-lazypull';


/***/ })

};
