import { start } from './core.js';

await start["cache-client"]();
