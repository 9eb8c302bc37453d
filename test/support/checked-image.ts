// Images of a few small layers in layout folders, made to be looked at and checked: each part of one can be made wrong.
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { openLayoutSource } from '../../src/image/layout-source.ts';
import type { ImageSource } from '../../src/image/model.ts';
import { CONTAINERS_MANIFEST_CHECKSUM, TOC_DIGEST, UNCOMPRESSED_SIZE } from '../../src/oci/annotations.ts';
import { digestHex, digestOf, type Digest } from '../../src/oci/digest.ts';
import { OCI_CONFIG, OCI_INDEX, OCI_LAYER_GZIP, OCI_LAYER_ZSTD, OCI_MANIFEST } from '../../src/oci/media-types.ts';
import type { BuiltLayer } from './estargz.ts';

/** A layer as it goes into a manifest. */
export interface LayerParts {
  readonly blob: Buffer;
  readonly diffId: string;
  readonly mediaType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly createdBy?: string;
}

export interface ImageParts {
  readonly layers: readonly LayerParts[];
  /** Changes the config before it is written. */
  readonly configPatch?: (config: ConfigJson) => object;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly manifestType?: string;
  /** Puts an index over it, for this architecture. */
  readonly index?: string;
}

export interface ConfigJson {
  os: string;
  architecture: string;
  rootfs: { type: string; diff_ids: string[] };
  history: { created_by: string; empty_layer?: boolean }[];
}

/** The parts of a layer that is as it should be. */
export function partsOf(layer: BuiltLayer): LayerParts & { annotations: Record<string, string> } {
  const { blob, diffId, tocDigest, format } = layer;
  if (format.startsWith('zstd')) {
    const checksum = { [CONTAINERS_MANIFEST_CHECKSUM]: layer.tocChecksum };
    const annotations: Record<string, string> = format === 'zstd:chunked' ? { [TOC_DIGEST]: tocDigest } : checksum;
    return { blob, diffId, mediaType: OCI_LAYER_ZSTD, annotations };
  }
  const size = String(gunzipSync(blob).length);
  return { blob, diffId, annotations: { [TOC_DIGEST]: tocDigest, [UNCOMPRESSED_SIZE]: size } };
}

/** A layout folder with one image, `latest`. Disposing it removes the folder. */
export class CheckedImage implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'lazypull-checked-'));
  readonly root: Digest;
  readonly manifest: Digest;

  constructor(parts: ImageParts) {
    const layers = parts.layers.map(({ blob, mediaType = OCI_LAYER_GZIP, annotations }) => ({
      ...this.#add(blob, mediaType),
      ...(annotations === undefined ? {} : { annotations }),
    }));
    const config: ConfigJson = {
      os: 'linux',
      architecture: 'amd64',
      rootfs: { type: 'layers', diff_ids: parts.layers.map(({ diffId }) => diffId) },
      history: parts.layers.map(({ createdBy = 'RUN it' }) => ({ created_by: createdBy })),
    };
    const configJson = parts.configPatch?.(config) ?? config;
    const mediaType = parts.manifestType ?? OCI_MANIFEST;
    const document = { schemaVersion: 2, mediaType, config: this.#addJson(OCI_CONFIG, configJson), layers };
    const manifest = this.#addJson(mediaType, { ...document, annotations: parts.annotations });
    const index = { schemaVersion: 2, mediaType: OCI_INDEX };
    const platform = { os: 'linux', architecture: parts.index ?? '' };
    const root =
      parts.index === undefined
        ? manifest
        : this.#addJson(OCI_INDEX, { ...index, manifests: [{ ...manifest, platform }] });
    const tagged = { ...root, annotations: { 'org.opencontainers.image.ref.name': 'latest' } };
    writeFileSync(join(this.folder, 'index.json'), JSON.stringify({ ...index, manifests: [tagged] }));
    writeFileSync(join(this.folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
    this.manifest = manifest.digest;
    this.root = root.digest;
  }

  open(): Promise<ImageSource> {
    return openLayoutSource(this.folder, 'latest');
  }

  path(digest: Digest): string {
    return join(this.folder, 'blobs', 'sha256', digestHex(digest));
  }

  /** Puts other bytes in the place of a blob. */
  replaceBlob(digest: Digest, bytes: Buffer): void {
    writeFileSync(this.path(digest), bytes);
  }

  cutBlob(digest: Digest, size: number): void {
    truncateSync(this.path(digest), size);
  }

  removeBlob(digest: Digest): void {
    rmSync(this.path(digest));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #add(bytes: Buffer, mediaType: string): { mediaType: string; digest: Digest; size: number } {
    const digest = digestOf(bytes);
    mkdirSync(join(this.folder, 'blobs', 'sha256'), { recursive: true });
    writeFileSync(this.path(digest), bytes);
    return { mediaType, digest, size: bytes.length };
  }

  #addJson(mediaType: string, document: object): { mediaType: string; digest: Digest; size: number } {
    return this.#add(Buffer.from(JSON.stringify(document)), mediaType);
  }
}
