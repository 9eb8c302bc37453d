// Layers imported from bytes, and what their files hold.
import { mkdtempSync, readdirSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importLayer } from '../../src/build/import-layer.ts';
import type { ImportOptions } from '../../src/build/import-layer.ts';
import type { LayerEntry, LayerTar } from '../../src/build/model.ts';
import { cutAsync } from './tar-blocks.ts';

/** A folder that is deleted by disposing it. */
export class WorkDir implements Disposable {
  readonly path: string = mkdtempSync(join(tmpdir(), 'lazypull-import-'));

  /** What is in it. */
  get files(): string[] {
    return readdirSync(this.path);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Imports the bytes, in pieces of these sizes, and gives what `use` makes of the layer. Nothing is left of it. */
export async function withLayer<Result>(
  bytes: Buffer,
  use: (layer: LayerTar) => Result | Promise<Result>,
  options: Partial<ImportOptions> & { pieces?: readonly number[] } = {},
): Promise<Result> {
  using dir = new WorkDir();
  await using layer = await importLayer(cutAsync(bytes, options.pieces), { workDir: dir.path, ...options });
  return await use(layer);
}

/** The entries of a tar, imported. */
export async function entriesOf(tar: Buffer): Promise<readonly LayerEntry[]> {
  return withLayer(tar, ({ entries }) => entries);
}

/** The payload of an entry, read from the layer's file. */
export function contentOf(layer: LayerTar, entry: LayerEntry): Buffer {
  const content = Buffer.alloc(entry.header.size);
  readSync(layer.fd, content, 0, content.length, entry.dataStart);
  return content;
}
