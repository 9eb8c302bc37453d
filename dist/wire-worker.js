import { start } from './core.js';

await start["wire-worker"]();
