export const id = 4981;
export const ids = [4981];
export const modules = {

/***/ 4981:
/***/ ((__webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
__webpack_require__.r(__webpack_exports__);
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(31421);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(73024);
/* harmony import */ var _actions_cache__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(82356);



const ANSWER_FD = 3;
const PATHS = ['*.hot'];
async function perform(task) {
    try {
        if (!(0,_actions_cache__WEBPACK_IMPORTED_MODULE_2__/* .isFeatureAvailable */ .w3)())
            return { unavailable: true };
        if (!/GNU tar/.test((0,node_child_process__WEBPACK_IMPORTED_MODULE_0__.execFileSync)('tar', ['--version'], { encoding: 'utf8' })))
            return { error: 'the tar of this machine is not GNU tar' };
        if (task.do === 'save')
            return (await (0,_actions_cache__WEBPACK_IMPORTED_MODULE_2__/* .saveCache */ .Io)([...PATHS], task.key)) > 0 ? { key: task.key } : {};
        const key = await (0,_actions_cache__WEBPACK_IMPORTED_MODULE_2__/* .restoreCache */ .P3)([...PATHS], task.key, [...task.restoreKeys]);
        return key === undefined ? {} : { key };
    }
    catch (error) {
        return { error: error instanceof Error ? error.message : String(error) };
    }
}
function endWithParent() {
    process.stdin.on('end', () => {
        try {
            process.kill(-process.pid, 'SIGKILL');
        }
        catch {
            process.exit(1);
        }
    });
    process.stdin.resume();
}
endWithParent();
(0,node_fs__WEBPACK_IMPORTED_MODULE_1__.writeSync)(ANSWER_FD, JSON.stringify(await perform(JSON.parse(process.argv[2] ?? ''))));
process.exit(0);

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ })

};
