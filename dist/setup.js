import { start } from './core.js';

await start["setup"]();
