// What the test registry holds: repositories with tags, manifests and blobs, in memory or in OCI layout folders.
// Layout blobs are read from disk by ranges, so that a big image costs no memory.
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { digestOf } from '../../src/oci/digest.ts';

/** One stored blob or manifest. */
export interface Content {
  readonly size: number;
  readonly mediaType: string | undefined;
  /** The bytes [start, end). */
  read(start: number, end: number): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

interface Repository {
  readonly tags: Map<string, string>;
  readonly contents: Map<string, Content>;
  readonly layouts: string[];
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

export class RegistryContent {
  readonly #repositories = new Map<string, Repository>();
  readonly #corrupt = new Map<string, Set<number>>();

  repository(name: string): Repository {
    let repository = this.#repositories.get(name);
    if (repository === undefined) {
      repository = { tags: new Map(), contents: new Map(), layouts: [] };
      this.#repositories.set(name, repository);
    }
    return repository;
  }

  /** Stores bytes in a repository and returns their descriptor. */
  add(name: string, bytes: Uint8Array, mediaType = 'application/octet-stream'): Descriptor {
    const digest = digestOf(bytes);
    this.repository(name).contents.set(digest, memoryContent(bytes, mediaType));
    return { mediaType, digest, size: bytes.length };
  }

  tag(name: string, tag: string, digest: string): void {
    this.repository(name).tags.set(tag, digest);
  }

  /** Serves an OCI layout folder under a repository name; `org.opencontainers.image.ref.name` becomes the tag, else `latest`. */
  addLayout(folder: string, name: string = basename(folder)): void {
    const repository = this.repository(name);
    repository.layouts.push(folder);
    const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as { manifests: Descriptor[] };
    for (const descriptor of index.manifests) {
      const reference = descriptor.annotations?.['org.opencontainers.image.ref.name'] ?? 'latest';
      repository.tags.set(reference.slice(reference.lastIndexOf(':') + 1), descriptor.digest);
    }
  }

  /** Makes a repository forget a blob. */
  remove(name: string, digest: string): void {
    this.repository(name).contents.delete(digest);
  }

  /** Flips one bit at a blob offset, in every answer from now on. */
  corrupt(digest: string, blobOffset: number): void {
    const offsets = this.#corrupt.get(digest) ?? new Set();
    this.#corrupt.set(digest, offsets.add(blobOffset));
  }

  /** Serves a blob as it was stored again. */
  heal(digest: string): void {
    this.#corrupt.delete(digest);
  }

  /** Finds content by digest, or a manifest by tag as well; undefined when the repository has none. */
  lookup(name: string, reference: string): { digest: string; content: Content } | undefined {
    const repository = this.#repositories.get(name);
    if (repository === undefined) return undefined;
    const digest = DIGEST.test(reference) ? reference : repository.tags.get(reference);
    if (digest === undefined) return undefined;
    const content = repository.contents.get(digest) ?? layoutContent(repository.layouts, digest);
    return content === undefined ? undefined : { digest, content: this.#damaged(digest, content) };
  }

  #damaged(digest: string, content: Content): Content {
    const offsets = this.#corrupt.get(digest);
    if (offsets === undefined) return content;
    return { ...content, read: (start, end) => flip(content.read(start, end), start, offsets) };
  }
}

function memoryContent(bytes: Uint8Array, mediaType: string): Content {
  return { size: bytes.length, mediaType, read: (start, end) => (start === end ? [] : [bytes.subarray(start, end)]) };
}

function layoutContent(layouts: readonly string[], digest: string): Content | undefined {
  for (const folder of layouts) {
    const path = join(folder, 'blobs', 'sha256', digest.slice('sha256:'.length));
    if (!existsSync(path)) continue;
    const size = statSync(path).size;
    const read: Content['read'] = (start, end) =>
      start === end ? [] : createReadStream(path, { start, end: end - 1 });
    return { size, mediaType: size < 1 << 20 ? manifestType(path) : undefined, read };
  }
  return undefined;
}

function manifestType(path: string): string | undefined {
  try {
    const document = JSON.parse(readFileSync(path, 'utf8')) as { mediaType?: string; manifests?: unknown };
    if (document.mediaType !== undefined) return document.mediaType;
    return `application/vnd.oci.image.${document.manifests === undefined ? 'manifest' : 'index'}.v1+json`;
  } catch {
    return undefined;
  }
}

async function* flip(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  start: number,
  offsets: ReadonlySet<number>,
): AsyncGenerator<Uint8Array> {
  let position = start;
  for await (const piece of source) {
    const copy = Uint8Array.from(piece);
    for (const offset of offsets) {
      const index = offset - position;
      if (index >= 0 && index < copy.length) copy[index] = (copy[index] ?? 0) ^ 1;
    }
    position += copy.length;
    yield copy;
  }
}
