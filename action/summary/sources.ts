// Where a repository names its images: Dockerfiles, compose files, workflows. A checkout is whatever somebody pushed, so
// links are not followed and everything has a limit.
import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { dockerfileImages } from './dockerfile.ts';
import type { NamedImage } from './model.ts';
import { yamlImages } from './yaml-images.ts';

export interface ImageSource extends NamedImage {
  /** Path in the workspace. */
  readonly file: string;
  readonly kind: SourceKind;
}

export type SourceKind = 'dockerfile' | 'compose' | 'workflow';

/** What is looked at, at most. */
export const LIMITS = {
  depth: 6,
  folders: 2000,
  entries: 50_000,
  files: 300,
  /** 256 KiB. */
  fileBytes: 262_144,
} as const;
/** Folders of other people's code. */
const SKIPPED = new Set(['node_modules', '.git', '.venv', 'venv', 'vendor', '__pycache__', 'site-packages']);

/** Every place in the workspace that names an image; shallow files first, then by name. */
export async function findSources(workspace: string): Promise<ImageSource[]> {
  const sources: ImageSource[] = [];
  for (const { file, kind } of await findFiles(workspace)) {
    const text = await readSmall(join(workspace, file));
    if (text === undefined) continue;
    const images = kind === 'dockerfile' ? dockerfileImages(text) : yamlImages(text, kind);
    for (const { image, line } of images) sources.push({ image, line, file, kind });
  }
  return sources;
}

interface SourceFile {
  readonly file: string;
  readonly kind: SourceKind;
}

/** Breadth first, so that limits cut off what is deep. */
async function findFiles(workspace: string): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  const folders = [{ path: '', depth: 0 }];
  let seen = 0;
  for (let next = 0; next < folders.length && next < LIMITS.folders && seen < LIMITS.entries; next++) {
    const { path, depth } = folders[next]!;
    const entries = await readdir(join(workspace, path), { withFileTypes: true }).catch(() => []);
    seen += entries.length;
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = path === '' ? entry.name : `${path}/${entry.name}`;
      const kind = entry.isFile() ? kindOf(file) : undefined;
      if (kind !== undefined) files.push({ file, kind });
      if (files.length === LIMITS.files) return files;
      const isOurs = entry.isDirectory() && !SKIPPED.has(entry.name) && depth < LIMITS.depth;
      if (isOurs) folders.push({ path: file, depth: depth + 1 });
    }
  }
  return files;
}

/** What a file is by its name; undefined when it is of no interest. */
export function kindOf(file: string): SourceKind | undefined {
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (/^\.github\/workflows\/[^/]+\.ya?ml$/.test(file)) return 'workflow';
  if (/^(?:docker-)?compose(?:[._-][\w.-]+)?\.ya?ml$/i.test(name)) return 'compose';
  const isDockerfile =
    /^(?:dockerfile|containerfile)(?:\.[\w.-]+)?$/i.test(name) || /\.(?:dockerfile|containerfile)$/i.test(name);
  return isDockerfile && !/\.dockerignore$/i.test(name) ? 'dockerfile' : undefined;
}

/** undefined for what is no small ordinary file any more. */
async function readSmall(path: string): Promise<string | undefined> {
  try {
    await using handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await handle.stat();
    return stats.isFile() && stats.size <= LIMITS.fileBytes ? await handle.readFile('utf8') : undefined;
  } catch {
    // Not ours to read, or gone.
    return undefined;
  }
}
