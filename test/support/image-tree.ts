// The file tree of an image as a containerd's snapshotter shows it.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Containerd } from './containerd.ts';
import { run } from './run.ts';
import type { TreeEntry } from './tree.ts';

const TREE = fileURLToPath(new URL('./tree.ts', import.meta.url));
let mounts = 0;

/** Everything that can be seen of an image's root. Read by another process. The mount point is made below `dir`. */
export async function treeOfImage(
  containerd: Containerd,
  reference: string,
  snapshotter: string,
  dir: string,
): Promise<TreeEntry[]> {
  const target = join(dir, `mnt${++mounts}`);
  await mkdir(target);
  await containerd.ctr(['images', 'mount', '--snapshotter', snapshotter, reference, target]);
  try {
    return await treeOfFolder(target);
  } finally {
    await containerd.ctr(['images', 'unmount', '--rm', '--snapshotter', snapshotter, target]);
  }
}

/** Everything below a folder. Read by another process. */
export async function treeOfFolder(folder: string): Promise<TreeEntry[]> {
  const { stdout } = await run(process.execPath, [TREE, folder], { timeoutMs: 300_000 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as TreeEntry);
}

/**
 * Trees without the times of directories that no layer has an entry for: an unpacker gives them the time of unpacking,
 * which is `sinceSec` or later in `unpacked`; a lazy mount says something else.
 */
export function withoutImpliedTimes(
  sinceSec: number,
  unpacked: readonly TreeEntry[],
  ...others: readonly (readonly TreeEntry[])[]
): TreeEntry[][] {
  const implied = new Set(unpacked.filter(({ facts }) => mtimeOf(facts) >= sinceSec).map(({ key }) => key));
  return [unpacked, ...others].map((entries) =>
    entries.map(({ key, facts }) => ({
      key,
      facts: implied.has(key) ? facts.replace(/mtime=-?\d+/, 'mtime=any') : facts,
    })),
  );
}

function mtimeOf(facts: string): number {
  return Number(/mtime=(-?\d+)/.exec(facts)?.[1]);
}
