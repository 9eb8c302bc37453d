import { start } from './core.js';

await start["chunk-worker"]();
