// OCI image layouts on disk: writing one from layer tars, and reading what others wrote. A layout's image is tagged `latest`.
import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** A blob's descriptor, as manifests carry it. */
export interface LayoutDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A layer that was written, with the digest of its uncompressed tar. */
export interface WrittenLayer {
  readonly descriptor: LayoutDescriptor;
  readonly diffId: string;
}

/** What a layout holds. `path` is the blob's file. */
export interface LayoutImage {
  readonly manifest: LayoutDescriptor;
  readonly config: LayoutDescriptor & { readonly path: string };
  readonly layers: readonly (LayoutDescriptor & { readonly path: string })[];
}

/** The config's part that a container starts with. */
export interface RunConfig {
  readonly Env?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly WorkingDir?: string;
  readonly Entrypoint?: readonly string[];
  readonly User?: string;
  readonly StopSignal?: string;
  readonly OnBuild?: readonly string[];
  readonly Labels?: Readonly<Record<string, string>>;
}

const ociTypes = 'application/vnd.oci.image';
const ownArchitecture = process.arch === 'x64' ? 'amd64' : process.arch;

/** The file of a blob. */
export function blobPath(layoutDir: string, digest: string): string {
  return join(layoutDir, 'blobs', ...digest.split(':'));
}

/** Compresses a tar into the layout. The same tar gives the same blob. */
export async function writeGzipLayer(layoutDir: string, tar: Readable): Promise<WrittenLayer> {
  mkdirSync(join(layoutDir, 'blobs', 'sha256'), { recursive: true });
  const temporary = join(layoutDir, 'blobs', 'layer.tmp');
  const plain = createHash('sha256');
  const packed = createHash('sha256');
  await pipeline(tar, tap(plain), createGzip({ level: 6 }), tap(packed), createWriteStream(temporary));
  const digest = `sha256:${packed.digest('hex')}`;
  const { size } = statSync(temporary);
  renameSync(temporary, blobPath(layoutDir, digest));
  const descriptor = { mediaType: `${ociTypes}.layer.v1.tar+gzip`, digest, size };
  return { descriptor, diffId: `sha256:${plain.digest('hex')}` };
}

/** Completes a layout with config, manifest and index. */
export function writeImage(
  layoutDir: string,
  layers: readonly WrittenLayer[],
  config: RunConfig,
  architecture: string = ownArchitecture,
): void {
  writeIndex(layoutDir, writeManifest(layoutDir, layers, config, architecture));
}

/** Adds config and manifest to a layout, for an index that names several images. */
export function writeManifest(
  layoutDir: string,
  layers: readonly WrittenLayer[],
  config: RunConfig,
  architecture: string = ownArchitecture,
): LayoutDescriptor {
  const created = '2024-01-01T00:00:00Z';
  const configBlob = writeJson(layoutDir, `${ociTypes}.config.v1+json`, {
    created,
    architecture,
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map((_, index) => ({ created, created_by: `layer ${index}` })),
  });
  return writeJson(layoutDir, `${ociTypes}.manifest.v1+json`, {
    schemaVersion: 2,
    mediaType: `${ociTypes}.manifest.v1+json`,
    config: configBlob,
    layers: layers.map(({ descriptor }) => descriptor),
  });
}

/** Writes oci-layout and index.json so that they name one manifest as `latest`, and others by their tags. */
export function writeIndex(
  layoutDir: string,
  manifest: LayoutDescriptor,
  others: Readonly<Record<string, LayoutDescriptor>> = {},
): void {
  const platform = { architecture: ownArchitecture, os: 'linux' };
  const manifests = Object.entries({ latest: manifest, ...others }).map(([tag, { mediaType, digest, size }]) => {
    return { mediaType, digest, size, platform, annotations: { 'org.opencontainers.image.ref.name': tag } };
  });
  writeFileSync(join(layoutDir, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(layoutDir, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
}

/** The one image of a layout, also where its index leads to a nested index. @throws Error when there is none. */
export function readLayout(layoutDir: string): LayoutImage {
  let manifest = firstManifest(readFileSync(join(layoutDir, 'index.json'), 'utf8'));
  let text = readFileSync(blobPath(layoutDir, manifest.digest), 'utf8');
  while (manifest.mediaType.includes('index') || manifest.mediaType.includes('manifest.list')) {
    manifest = firstManifest(text);
    text = readFileSync(blobPath(layoutDir, manifest.digest), 'utf8');
  }
  const { config, layers } = JSON.parse(text) as { config: LayoutDescriptor; layers: LayoutDescriptor[] };
  const withPath = <T extends LayoutDescriptor>(item: T): T & { path: string } =>
    Object.assign({ path: blobPath(layoutDir, item.digest) }, item);
  return { manifest, config: withPath(config), layers: layers.map((layer) => withPath(layer)) };
}

function firstManifest(indexText: string): LayoutDescriptor {
  const { manifests } = JSON.parse(indexText) as { manifests: LayoutDescriptor[] };
  const [first] = manifests;
  if (first === undefined) throw new Error('an index without manifests');
  return first;
}

function writeJson(layoutDir: string, mediaType: string, value: unknown): LayoutDescriptor {
  const bytes = Buffer.from(JSON.stringify(value));
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  writeFileSync(blobPath(layoutDir, digest), bytes);
  return { mediaType, digest, size: bytes.length };
}

function tap(hash: ReturnType<typeof createHash>): Transform {
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      done(undefined, chunk);
    },
  });
}
