import { start } from './core.js';

await start["tree-worker"]();
