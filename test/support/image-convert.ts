// Conversions of our images to eStargz by the reference tool (ctr-remote), which needs a containerd of its own.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Containerd, startContainerd } from './containerd.ts';
import { type LayoutDescriptor, readLayout, writeIndex } from './oci-layout.ts';

/** How the reference tool is called: its subcommand and options, before source and target. */
export type Conversion = readonly string[];

/** Puts the TOCs into an image of their own, which is named by this suffix. */
export const EXTERNAL_TOC = '--estargz-external-toc';
const TOC_SUFFIX = '-esgztoc';

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
    const manifest = await exportImage(containerd, target, layoutDir, work);
    const tocs = conversion.includes(EXTERNAL_TOC)
      ? { [`latest${TOC_SUFFIX}`]: await exportImage(containerd, target + TOC_SUFFIX, layoutDir, work) }
      : {};
    writeIndex(layoutDir, manifest, tocs);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Adds what an image consists of to a layout. The index is what the export made. @returns its manifest. */
async function exportImage(
  containerd: Containerd,
  name: string,
  layoutDir: string,
  work: string,
): Promise<LayoutDescriptor> {
  const tar = join(work, 'out.tar');
  await containerd.ctr(['images', 'export', tar, name], { timeoutMs: slowMs });
  execFileSync('tar', ['-xf', tar, '-C', layoutDir]);
  rmSync(tar);
  rmSync(join(layoutDir, 'manifest.json'), { force: true });
  return readLayout(layoutDir).manifest;
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
