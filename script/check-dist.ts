// `npm run check:dist`: whether dist/ is what the sources make. The runner starts what is in dist/, and nobody reviews that.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { differences } from './bundle/compare.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const SHOWN = 10;

const work = mkdtempSync(join(tmpdir(), 'lazypull-dist-'));
try {
  const made = join(work, 'dist');
  execFileSync(process.execPath, [join(project, 'ncc.config.js'), made], { stdio: 'inherit' });
  const lines = differences(made, join(project, 'dist'));
  if (lines.length > 0) {
    const more = lines.length > SHOWN ? `\n  and ${lines.length - SHOWN} more` : '';
    const text = lines.slice(0, SHOWN).join('\n  ');
    console.error(`dist/ is not what the sources make:\n  ${text}${more}\nRun "npm run bundle", and commit dist/.`);
    process.exitCode = 1;
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
