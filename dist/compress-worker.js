import { start } from './core.js';

await start["compress-worker"]();
