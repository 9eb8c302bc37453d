#!/usr/bin/env node
import { start } from './core.js';

await start["lazypull"]();
