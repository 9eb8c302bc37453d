// `node buildkit-frontend/image/main.ts LAYOUT`: the frontend's image for this machine's platform, lazily pullable, as an
// OCI layout. Push it with `lazypull convert oci:LAYOUT:latest REFERENCE`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleFrontend } from './bundle.ts';
import { writeLayout } from './layout.ts';

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

const [layout, ...others] = process.argv.slice(2);
if (layout === undefined || others.length > 0) {
  console.error('usage: node buildkit-frontend/image/main.ts LAYOUT');
  process.exit(2);
}
const workDir = mkdtempSync(join(tmpdir(), 'lazypull-frontend-'));
try {
  const frontend = join(workDir, 'frontend.mjs');
  bundleFrontend(frontend);
  const plain = join(workDir, 'plain');
  writeLayout(plain, { frontend, node: process.execPath, workDir });
  const convert = [CLI, 'convert', `oci:${plain}:latest`, `oci:${layout}:latest`];
  execFileSync(process.execPath, convert, { stdio: ['ignore', 2, 2] });
} finally {
  rmSync(workDir, { recursive: true, force: true });
}
