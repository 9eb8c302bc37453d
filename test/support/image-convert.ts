// Conversions of our images to eStargz by the reference tool (ctr-remote), which needs a containerd of its own.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Containerd, startContainerd } from './containerd.ts';
import { readLayout, writeIndex } from './oci-layout.ts';

/** How the reference tool is called: its subcommand and options, before source and target. */
export type Conversion = readonly string[];

const slowMs = 15 * 60_000;

/** Converts the image of a layout and writes the result as another layout. */
export async function convertImage(
  sourceDir: string,
  conversion: Conversion,
  layoutDir: string,
  signal?: AbortSignal,
): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'lazypull-convert-'));
  try {
    await using containerd = await startContainerd({ version: '1.7', dir: join(work, 'containerd') });
    const source = `convert.test/source:${createHash('sha256').update(sourceDir).digest('hex').slice(0, 12)}`;
    const target = 'convert.test/target:latest';
    await importLayout(containerd, sourceDir, source, work);
    const limits = { timeoutMs: slowMs, ...(signal === undefined ? {} : { signal }) };
    await containerd.ctrRemote(['images', ...conversion, source, target], limits);
    const tar = join(work, 'out.tar');
    await containerd.ctr(['images', 'export', tar, target], { timeoutMs: slowMs });
    execFileSync('tar', ['-xf', tar, '-C', layoutDir]);
    rmSync(join(layoutDir, 'manifest.json'), { force: true });
    writeIndex(layoutDir, readLayout(layoutDir).manifest);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Imports a layout into a containerd under a name, unpacked with overlayfs. */
export async function importLayout(
  containerd: Containerd,
  layoutDir: string,
  name: string,
  work: string,
): Promise<void> {
  mkdirSync(work, { recursive: true });
  const tar = join(work, 'in.tar');
  execFileSync('tar', ['-cf', tar, '-C', layoutDir, ...readdirSync(layoutDir)]);
  const repository = name.slice(0, name.lastIndexOf(':'));
  await containerd.ctr(['images', 'import', '--base-name', repository, tar], { timeoutMs: slowMs });
  // The layout's own tag is `latest`.
  if (name !== `${repository}:latest`) await containerd.ctr(['images', 'tag', `${repository}:latest`, name]);
  rmSync(tar);
}
