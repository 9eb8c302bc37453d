export const id = 3676;
export const ids = [3676];
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


/***/ })

};
