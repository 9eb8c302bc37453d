import { start } from './core.js';

await start["build-worker"]();
