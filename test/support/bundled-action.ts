// The action as a job gets it: a checkout with dist/ as the sources make it now, whatever the project's own dist/ holds.
import { cpSync, existsSync, globSync, mkdirSync, rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

export interface BundledAction extends Disposable {
  /** For `uses`: the action. Sub-actions lie below it as they do in the project, e.g. `action/setup`. */
  readonly folder: string;
}

/** Bundles; takes about 7 s. */
export async function bundleAction(): Promise<BundledAction> {
  const folder = mkdtempSync(join(tmpdir(), 'lazypull-action-'));
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    await run(process.execPath, [join(PROJECT, 'ncc.config.js'), join(folder, 'dist')]);
    for (const path of globSync(['action.yml', 'action/*/action.yml'], { cwd: PROJECT })) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      cpSync(join(PROJECT, path), join(folder, path));
    }
    if (!existsSync(join(folder, 'action'))) throw new Error('the project has no action.yml');
    return { folder, [Symbol.dispose]: dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}
