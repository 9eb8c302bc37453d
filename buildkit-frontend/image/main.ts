// `node buildkit-frontend/image/main.ts LAYOUT`: the frontend's image for this machine's platform, lazily pullable, as an
// OCI layout. Push it with `lazypull convert oci:LAYOUT:latest REFERENCE`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
  // Node reads its binary all over when it starts: to stream it from the first moment is faster than to wait for faults.
  const everything = join(workDir, 'prefetch');
  writeFileSync(everything, '**\n');
  const write = [CLI, 'optimize', '--prefetch-list', everything, `oci:${plain}:latest`, `oci:${layout}:latest`];
  execFileSync(process.execPath, write, { stdio: ['ignore', 2, 2] });
} finally {
  rmSync(workDir, { recursive: true, force: true });
}
