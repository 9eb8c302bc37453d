export const id = 3923;
export const ids = [3923];
export const modules = {

/***/ 13923:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   runConvert: () => (/* binding */ runConvert)
/* harmony export */ });
/* harmony import */ var _image_location_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(42336);
/* harmony import */ var _image_open_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7610);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(16986);
/* harmony import */ var _optimize_convert_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(48516);
/* harmony import */ var _optimize_profile_inputs_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(74892);
/* harmony import */ var _malloc_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(75981);
/* harmony import */ var _convert_reporter_js__WEBPACK_IMPORTED_MODULE_10__ = __webpack_require__(99677);
/* harmony import */ var _flag_values_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(92243);
/* harmony import */ var _image_access_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(13609);
/* harmony import */ var _interrupts_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(7738);
/* harmony import */ var _layer_format_flags_js__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(98727);
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











async function runConvert(source, target, flags) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        (0,_malloc_js__WEBPACK_IMPORTED_MODULE_5__/* .returnLargeBlocks */ .i)();
        const from = (0,_image_location_js__WEBPACK_IMPORTED_MODULE_0__/* .parseLocation */ .z)(source);
        const to = (0,_image_location_js__WEBPACK_IMPORTED_MODULE_0__/* .parseLocation */ .z)(target);
        const json = flags['json'] === true;
        if (json && to.kind === 'stream') {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__/* .UserError */ .yo('standard output can have the image or the JSON', 'Leave out --json, or name a file as DST.');
        }
        const options = await readOptions(flags, to);
        const interrupts = __addDisposableResource(env_1, new _interrupts_js__WEBPACK_IMPORTED_MODULE_8__/* .Interrupts */ .$(), false);
        const reporter = new _convert_reporter_js__WEBPACK_IMPORTED_MODULE_10__/* .ConvertReporter */ .XL({ json, linesTo: to.kind === 'stream' ? process.stderr : process.stdout });
        try {
            const env_2 = { stack: [], error: void 0, hasError: false };
            try {
                const access = __addDisposableResource(env_2, await (0,_image_access_js__WEBPACK_IMPORTED_MODULE_7__/* .openImageAccess */ .O)(flags, [from, to]), true);
                const result = await convert({ from, to, access, options, reporter }, interrupts.abort);
                reporter.finish(result);
            }
            catch (e_1) {
                env_2.error = e_1;
                env_2.hasError = true;
            }
            finally {
                const result_1 = __disposeResources(env_2);
                if (result_1)
                    await result_1;
            }
        }
        catch (error) {
            interrupts.abort.throwIfAborted();
            throw error;
        }
        finally {
            reporter.stop();
        }
    }
    catch (e_2) {
        env_1.error = e_2;
        env_1.hasError = true;
    }
    finally {
        __disposeResources(env_1);
    }
}
async function readOptions(flags, to) {
    const format = (0,_layer_format_flags_js__WEBPACK_IMPORTED_MODULE_9__/* .layerFormatOptions */ .xu)(flags);
    const platforms = (0,_flag_values_js__WEBPACK_IMPORTED_MODULE_6__/* .listFlag */ .v6)(flags, 'platform').map((text) => (0,_flag_values_js__WEBPACK_IMPORTED_MODULE_6__/* .parsePlatformFlag */ .RS)(text));
    const recordings = (0,_flag_values_js__WEBPACK_IMPORTED_MODULE_6__/* .listFlag */ .v6)(flags, 'profile');
    const prefetchList = (0,_flag_values_js__WEBPACK_IMPORTED_MODULE_6__/* .textFlag */ .gx)(flags, 'prefetchList');
    const hasProfile = recordings.length > 0 || prefetchList !== undefined;
    (0,_optimize_convert_js__WEBPACK_IMPORTED_MODULE_3__/* .checkConvertOptions */ .w)({ ...format, hasProfile });
    return {
        ...format,
        platforms: platforms.length === 0 ? undefined : platforms,
        tocLocation: format.layers.externalToc ? (0,_layer_format_flags_js__WEBPACK_IMPORTED_MODULE_9__/* .tocLocation */ .KD)(to) : undefined,
        inputs: hasProfile ? await _optimize_profile_inputs_js__WEBPACK_IMPORTED_MODULE_4__/* .ProfileInputs */ .N.read({ recordings, prefetchList }) : undefined,
    };
}
async function convert(job, signal) {
    const env_3 = { stack: [], error: void 0, hasError: false };
    try {
        const { access, reporter } = job;
        const { inputs, tocLocation: tocPlace, ...rest } = job.options;
        const source = __addDisposableResource(env_3, await (0,_image_open_js__WEBPACK_IMPORTED_MODULE_1__/* .openSource */ .o)(job.from, access, signal), true);
        const target = __addDisposableResource(env_3, await (0,_image_open_js__WEBPACK_IMPORTED_MODULE_1__/* .openTarget */ .A)(job.to, access, signal), true);
        const tocTarget = __addDisposableResource(env_3, tocPlace === undefined ? undefined : await (0,_image_open_js__WEBPACK_IMPORTED_MODULE_1__/* .openTarget */ .A)(tocPlace, access, signal), true);
        const options = {
            ...rest,
            workDir: access.workDir,
            tocTarget,
            profileOf: inputs && ((image) => inputs.profileFor(image, (patterns) => reporter.unmatched(image, patterns))),
        };
        return await (0,_optimize_convert_js__WEBPACK_IMPORTED_MODULE_3__/* .convertImage */ .h)(source, target, options, signal, (progress) => reporter.progress(progress));
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


/***/ })

};
