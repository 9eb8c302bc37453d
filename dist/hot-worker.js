import { start } from './core.js';

await start["hot-worker"]();
