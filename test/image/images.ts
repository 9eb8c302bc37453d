// Helpers for the tests of this folder: a world with folders, streams and a registry client, and a copy from any source
// to any target.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import type { ImageSource, ImageTarget } from '../../src/image/model.ts';
import { parseLocation } from '../../src/image/location.ts';
import { openSource, openTarget, type ImageAccess } from '../../src/image/open.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import type { Digest } from '../../src/oci/digest.ts';
import type { RegistryClient } from '../../src/registry/client.ts';
import { makeClient } from '../registry/clients.ts';

/** A folder for one test, with everything that images are opened with. Use with `await using`. */
export class ImageWorld implements AsyncDisposable {
  readonly dir: string = mkdtempSync(join(tmpdir(), 'lazypull-image-'));
  readonly client: RegistryClient = makeClient();
  containerdAddress = '/nowhere/containerd.sock';
  stdin: Readable = Readable.from([]);
  stdout: PassThrough = new PassThrough();

  path(name: string): string {
    return join(this.dir, name);
  }

  get access(): ImageAccess {
    return {
      registry: () => this.client,
      containerd: { address: this.containerdAddress, namespace: 'default' },
      workDir: this.path('work'),
      stdin: this.stdin,
      stdout: this.stdout,
    };
  }

  source(text: string, signal?: AbortSignal): Promise<ImageSource> {
    return openSource(parseLocation(text), this.access, signal);
  }

  target(text: string, signal?: AbortSignal): Promise<ImageTarget> {
    return openTarget(parseLocation(text), this.access, signal);
  }

  /** Copies from one location to another, both as text. @returns the digests that were written, the root first. */
  async copy(from: string, to: string): Promise<Digest[]> {
    await using source = await this.source(from);
    await using target = await this.target(to);
    // Awaited here: what is opened goes away at the end.
    return await copyImage(source, target);
  }

  /** Names of everything in the folder, and in a folder within, that is temporary. */
  leftovers(name = '.'): string[] {
    return readdirSync(this.path(name), { recursive: true, encoding: 'utf8' }).filter((one) =>
      /\.tmp$|lazypull-[0-9a-f]{12}/.test(one),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** All digests that an image is made of, the root first, each once. */
export async function digestsOf(source: ImageSource): Promise<Digest[]> {
  const found = new Set<Digest>();
  const visit = async (descriptor: Descriptor): Promise<void> => {
    found.add(descriptor.digest);
    const { manifest } = await source.document(descriptor);
    if (manifest.kind === 'index') for (const entry of manifest.manifests) await visit(entry);
    else for (const blob of [manifest.config, ...manifest.layers]) found.add(blob.digest);
  };
  await visit((await source.root()).descriptor);
  return [...found];
}

/** Copies everything, several blobs at a time. @returns the digests that were written, the root first. */
export async function copyImage(source: ImageSource, target: ImageTarget): Promise<Digest[]> {
  const written: Digest[] = [];
  const copyBlob = async (descriptor: Descriptor): Promise<void> => {
    if (await target.has(descriptor, source)) return;
    written.push(descriptor.digest);
    await target.putBlob(descriptor, (offset) => from(source, descriptor, offset));
  };
  const copyChildren = async (descriptor: Descriptor): Promise<{ descriptor: Descriptor; bytes: Uint8Array }> => {
    const document = await source.document(descriptor);
    const { manifest } = document;
    if (manifest.kind === 'image') await Promise.all([manifest.config, ...manifest.layers].map(copyBlob));
    else {
      for (const entry of manifest.manifests) {
        await target.putDocument(await copyChildren(entry));
        written.push(entry.digest);
      }
    }
    return document;
  };
  const { descriptor } = await source.root();
  await target.finish(await copyChildren(descriptor));
  return [descriptor.digest, ...written];
}

async function* from(source: ImageSource, descriptor: Descriptor, offset: number): AsyncGenerator<Uint8Array> {
  if (offset === 0) yield* source.stream(descriptor);
  else yield* source.open(descriptor).streamRange(offset, descriptor.size);
}

/** All of a stream. */
export async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  return Buffer.concat(parts);
}
