// Conversion of our images to zstd:chunked by the tools of containers/storage, whose dialect is another one than that of
// stargz-snapshotter.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { ContainersStorage } from './containers-storage.ts';
import { readLayout, writeIndex } from './oci-layout.ts';

/** Writes the image of a layout as another layout, its layers compressed anew. */
export async function compressByContainers(sourceDir: string, layoutDir: string): Promise<void> {
  await using storage = new ContainersStorage();
  const target = join(storage.dir, 'out');
  const format = ['--dest-compress-format', 'zstd:chunked', '--dest-compress-level', '3'];
  await storage.skopeo(['copy', ...format, `oci:${sourceDir}:latest`, `oci:${target}:latest`]);
  cpSync(target, layoutDir, { recursive: true });
  writeIndex(layoutDir, readLayout(layoutDir).manifest);
}
