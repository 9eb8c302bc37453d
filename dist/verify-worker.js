import { start } from './core.js';

await start["verify-worker"]();
