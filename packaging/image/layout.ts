// The daemon's image as an OCI layout: an index of one manifest for each architecture. Layers have neither times nor owners, so
// that the same files give the same bytes; what changes with every version comes last.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '../../src/oci/digest.ts';
import { REF_NAME } from '../../src/oci/annotations.ts';
import { OCI_CONFIG, OCI_INDEX, OCI_LAYER_TAR, OCI_MANIFEST } from '../../src/oci/media-types.ts';

/** One platform of the image. */
export interface PlatformImage {
  readonly architecture: string;
  /** Folders that become layers, bottom first. */
  readonly layers: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Where the program is in the image. */
export const PROGRAM_FOLDER = '/lazypull';

/** Writes the layout, with the image under the tag `latest`. Its layers are plain: lazily pullable ones come by `convert`. */
export function writeLayout(layout: string, platforms: readonly PlatformImage[]): void {
  mkdirSync(join(layout, 'blobs', 'sha256'), { recursive: true });
  const manifests = platforms.map((platform) => ({
    ...writeManifest(layout, platform),
    platform: { architecture: platform.architecture, os: 'linux' },
  }));
  const index = writeBlob(layout, OCI_INDEX, json({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }));
  const tagged = { ...index, annotations: { [REF_NAME]: 'latest' } };
  writeFileSync(join(layout, 'index.json'), json({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [tagged] }));
  writeFileSync(join(layout, 'oci-layout'), json({ imageLayoutVersion: '1.0.0' }));
}

function writeManifest(layout: string, { architecture, layers: folders, labels }: PlatformImage): Descriptor {
  const layers = folders.map((folder) => writeBlob(layout, OCI_LAYER_TAR, tarOf(folder)));
  const config = writeBlob(
    layout,
    OCI_CONFIG,
    json({
      architecture,
      os: 'linux',
      config: {
        Entrypoint: [`${PROGRAM_FOLDER}/node`, `${PROGRAM_FOLDER}/lazypull.js`],
        WorkingDir: '/',
        Labels: labels,
      },
      rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
      history: layers.map(() => ({ created_by: 'packaging/image' })),
    }),
  );
  return writeBlob(layout, OCI_MANIFEST, json({ schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers }));
}

function tarOf(folder: string): Buffer {
  const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--mode=a+rX,u+w,go-w'];
  return execFileSync('tar', [...same, '--format=gnu', '-C', folder, '-c', '.'], { maxBuffer: 1 << 30 });
}

function writeBlob(layout: string, mediaType: string, bytes: Uint8Array): Descriptor {
  const digest = digestOf(bytes);
  writeFileSync(join(layout, 'blobs', ...digest.split(':')), bytes);
  return { mediaType, digest, size: bytes.length };
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
