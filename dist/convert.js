import { start } from './core.js';

await start["convert"]();
