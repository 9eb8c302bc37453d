import { start } from './core.js';

await start["action"]();
