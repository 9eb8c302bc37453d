// What a container of a pushed image sees, file by file, and the image's configuration: two builds of the same have both alike,
// whatever their layers are packed in. Layers are read from the test registry, each of them once.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import type { TestRegistry } from './registry.ts';

interface FileEntry {
  readonly path: string;
  readonly isFolder: boolean;
  readonly mtimeSec: number;
  readonly facts: string;
}

export interface FlatImage {
  /** A line for each path, sorted: kind, mode, owner, size, link, device, xattrs, time, content. */
  readonly files: readonly string[];
  /** Without times and digests of layers. */
  readonly config: { readonly config: RunnableConfig; readonly [key: string]: unknown };
}

export interface RunnableConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly User?: string;
}

/** What only the format of a layer needs; nobody sees it in a mounted one. */
const FORMAT_FILES = new Set(['stargz.index.json', '.prefetch.landmark', '.no.prefetch.landmark']);

/** Reads images; entries of layers that several of them have are kept. */
export class FlatImages {
  readonly #sinceSec: number;
  readonly #layers = new Map<string, Promise<FileEntry[]>>();

  /** Times from `sinceSec` on, in seconds, are those of a build: they count as `now`. */
  constructor(sinceSec: number) {
    this.#sinceSec = sinceSec;
  }

  /** @throws Error when the registry does not have the image, or not as one of gzip layers. */
  async read(registry: TestRegistry, repository: string, tag = 'latest'): Promise<FlatImage> {
    const json = async (reference: string): Promise<unknown> =>
      JSON.parse(Buffer.concat(await Array.fromAsync(contentOf(registry, repository, reference))).toString());
    const manifest = (await json(tag)) as { config: { digest: string }; layers: { digest: string }[] };
    const { rootfs: _rootfs, ...config } = withoutTimes(await json(manifest.config.digest)) as Record<string, unknown>;
    const files = new Map<string, string>();
    for (const { digest } of manifest.layers) apply(files, await this.#layer(registry, repository, digest), this.#line);
    return {
      files: [...files.values()].sort(),
      config: { ...config, config: config['config'] as RunnableConfig },
    };
  }

  #layer(registry: TestRegistry, repository: string, digest: string): Promise<FileEntry[]> {
    const found = this.#layers.get(digest) ?? entriesOf(contentOf(registry, repository, digest));
    this.#layers.set(digest, found);
    return found;
  }

  readonly #line = ({ path, mtimeSec, facts }: FileEntry): string =>
    `${path} ${mtimeSec >= this.#sinceSec ? 'now' : mtimeSec} ${facts}`;
}

function contentOf(registry: TestRegistry, repository: string, reference: string): AsyncIterable<Uint8Array> {
  const found = registry.content.lookup(repository, reference);
  if (found === undefined) throw new Error(`the registry has no ${repository} ${reference}`);
  return Readable.from(found.content.read(0, found.content.size));
}

/** Puts a layer on top of those below. */
function apply(files: Map<string, string>, layer: readonly FileEntry[], line: (entry: FileEntry) => string): void {
  for (const { path } of layer) {
    const at = path.lastIndexOf('/') + 1;
    const name = path.slice(at);
    if (name === '.wh..wh..opq') removeBelow(files, path.slice(0, at));
    else if (name.startsWith('.wh.')) {
      const removed = path.slice(0, at) + name.slice('.wh.'.length);
      files.delete(removed);
      removeBelow(files, `${removed}/`);
    }
  }
  for (const entry of layer) {
    if (/(^|\/)\.wh\./.test(entry.path)) continue;
    if (!entry.isFolder) removeBelow(files, `${entry.path}/`);
    files.set(entry.path, line(entry));
  }
}

function removeBelow(files: Map<string, string>, prefix: string): void {
  for (const path of files.keys()) if (path.startsWith(prefix)) files.delete(path);
}

async function entriesOf(blob: AsyncIterable<Uint8Array>): Promise<FileEntry[]> {
  const unpacked = extract();
  const done = pipeline(blob, createGunzip(), unpacked);
  const entries: FileEntry[] = [];
  for await (const entry of unpacked) {
    const hash = createHash('sha256');
    for await (const part of entry) hash.update(part as Buffer);
    const path = entry.header.name.replace(/^\.?\/+/, '').replace(/\/$/, '');
    if (!FORMAT_FILES.has(path)) entries.push(entryOf(path, entry.header, hash.digest('hex')));
  }
  await done;
  return entries;
}

function entryOf(path: string, header: Header, content: string): FileEntry {
  const { type, mode, uid, gid, size, linkname, devmajor, devminor, pax, mtime } = header;
  const xattrs = Object.entries(pax ?? {}).filter(([key]) => key.startsWith('SCHILY.xattr.'));
  const link = linkname?.replace(/^\.\//, '');
  const facts = [type, mode?.toString(8), `${uid}:${gid}`, size, link, devmajor, devminor, JSON.stringify(xattrs)];
  return {
    path,
    isFolder: type === 'directory',
    mtimeSec: Math.floor((mtime?.getTime() ?? 0) / 1000),
    facts: [...facts, content.slice(0, 16)].join(' '),
  };
}

function withoutTimes(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === 'created' ? undefined : inner)));
}
