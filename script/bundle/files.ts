// The files of dist/ that are not bundled: what is started, and the protocols that are read at start.
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes NAME.js for every program, and the package.json that makes them modules. */
export function writeStarters(dist: string, names: readonly string[]): void {
  for (const name of names) {
    const first = name === 'lazypull' ? '#!/usr/bin/env node\n' : '';
    const text = `${first}import { start } from './core.js';\n\nawait start[${JSON.stringify(name)}]();\n`;
    writeFileSync(join(dist, `${name}.js`), text, { mode: name === 'lazypull' ? 0o755 : 0o644 });
  }
  writeFileSync(join(dist, 'package.json'), `${JSON.stringify({ type: 'module' })}\n`);
}

/** Our protocols, where src/grpc/load.ts looks for them: beside the chunk that it is in. */
export function bringProto(project: string, dist: string): void {
  cpSync(join(project, 'src', 'grpc', 'proto'), join(dist, 'proto'), { recursive: true });
}
