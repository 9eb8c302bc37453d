// A small image for two platforms with an attestation, as buildx makes them, in memory and as OCI layouts. Every salt is
// another image; the layers of both platforms are the same.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, gzipSync } from 'node:zlib';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { digestHex, digestOf, type Digest } from '../../src/oci/digest.ts';
import { OCI_CONFIG, OCI_INDEX, OCI_LAYER_GZIP, OCI_LAYER_TAR, OCI_MANIFEST } from '../../src/oci/media-types.ts';
import { dir, file, noise, symlink } from './entries.ts';
import { tarOf } from './tar.ts';

const ATTESTATION = 'application/vnd.in-toto+json';

export class SampleImage {
  readonly blobs: Map<Digest, Buffer> = new Map();
  /** The manifest of amd64: what its reference means when there is no index. */
  readonly manifest: Descriptor;
  readonly index: Descriptor;
  /** Bottom first: gzip, gzip, and the second one's tar as it is. */
  readonly layers: readonly Descriptor[];
  readonly tars: readonly Buffer[];
  readonly config: Descriptor;

  constructor(salt: string, layerBytes = 200_000) {
    const lower = tarOf([
      dir('etc'),
      file('etc/name', `lower ${salt}\n`),
      file('noise', noise(layerBytes, crc32(salt))),
    ]);
    const upper = tarOf([dir('etc'), file('etc/name', `upper ${salt}\n`), symlink('etc/alias', 'name')]);
    const last = tarOf([file('last', salt)]);
    this.tars = [lower, upper, last];
    this.layers = [
      this.add(gzipSync(lower, { level: 1 }), OCI_LAYER_GZIP),
      this.add(gzipSync(upper), OCI_LAYER_GZIP),
      this.add(last, OCI_LAYER_TAR),
    ];
    const images = ['amd64', 'arm64'].map((architecture) => this.#image(architecture));
    const [amd64, arm64] = images as [(typeof images)[0], (typeof images)[0]];
    this.manifest = amd64.manifest;
    this.config = amd64.config;
    this.index = this.addJson(OCI_INDEX, {
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [
        { ...amd64.manifest, platform: { architecture: 'amd64', os: 'linux' } },
        { ...arm64.manifest, platform: { architecture: 'arm64', os: 'linux' } },
        this.#attestation(amd64.manifest),
      ],
    });
  }

  get root(): Descriptor {
    return this.index;
  }

  bytes(descriptor: { readonly digest: Digest }): Buffer {
    const bytes = this.blobs.get(descriptor.digest);
    if (bytes === undefined) throw new Error(`no ${descriptor.digest}`);
    return bytes;
  }

  add(bytes: Buffer, mediaType: string): Descriptor {
    const digest = digestOf(bytes);
    this.blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  }

  addJson(mediaType: string, document: object): Descriptor {
    return this.add(Buffer.from(JSON.stringify(document)), mediaType);
  }

  /** Writes a layout folder with `root` under these names; without any, under none. */
  writeLayout(folder: string, tags: readonly string[] = ['latest'], root: Descriptor = this.index): void {
    for (const [name, bytes] of this.layoutFiles(tags, root)) {
      const path = join(folder, name);
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, bytes);
    }
  }

  /** The files of a layout by name, in the order of an archive. */
  layoutFiles(tags: readonly string[] = ['latest'], root: Descriptor = this.index): Map<string, Buffer> {
    const named = tags.map((tag) => ({ ...root, annotations: { 'org.opencontainers.image.ref.name': tag } }));
    const index = { schemaVersion: 2, manifests: named.length === 0 ? [root] : named };
    const files = new Map<string, Buffer>();
    for (const [digest, bytes] of this.blobs) files.set(`blobs/sha256/${digestHex(digest)}`, bytes);
    files.set('index.json', Buffer.from(JSON.stringify(index)));
    files.set('oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}'));
    return files;
  }

  /** As `docker save` wrote it before version 25, with layers as they are given, by default plain. */
  dockerFiles(name: string | undefined, layers: readonly Buffer[] = this.tars): Map<string, Buffer> {
    const config = this.bytes(this.config);
    const configName = `${digestHex(this.config.digest)}.json`;
    const names = layers.map((layer) => `${digestHex(digestOf(layer))}/layer.tar`);
    const manifest = [{ Config: configName, RepoTags: name === undefined ? null : [name], Layers: names }];
    return new Map([
      ...names.map((layer, index): [string, Buffer] => [layer, layers[index] as Buffer]),
      [configName, config],
      ['manifest.json', Buffer.from(JSON.stringify(manifest))],
    ]);
  }

  #image(architecture: string): { manifest: Descriptor; config: Descriptor } {
    const config = this.addJson(OCI_CONFIG, {
      architecture,
      os: 'linux',
      config: { Cmd: ['/bin/sh'] },
      rootfs: { type: 'layers', diff_ids: this.tars.map(digestOf) },
    });
    const { layers } = this;
    return {
      config,
      manifest: this.addJson(OCI_MANIFEST, { schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers }),
    };
  }

  #attestation(subject: Descriptor): object {
    const layer = this.addJson(ATTESTATION, { predicateType: 'https://slsa.dev/provenance/v0.2', of: subject.digest });
    const config = this.addJson(OCI_CONFIG, {
      architecture: 'unknown',
      os: 'unknown',
      rootfs: { type: 'layers', diff_ids: [layer.digest] },
    });
    const manifest = { schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: [layer] };
    return {
      ...this.addJson(OCI_MANIFEST, manifest),
      platform: { architecture: 'unknown', os: 'unknown' },
      annotations: {
        'vnd.docker.reference.type': 'attestation-manifest',
        'vnd.docker.reference.digest': subject.digest,
      },
    };
  }
}

/** A plain tar of files by name, in the map's order. */
export function archiveOf(files: ReadonlyMap<string, Buffer>): Buffer {
  return tarOf([...files].map(([name, bytes]) => file(name, bytes)));
}
