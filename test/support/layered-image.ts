// Images from entry lists, put into the test registry: eStargz layers, ordinary ones, or both. For what the images of images.ts
// can't be: as small, or as many-layered, as a test likes. Nothing but busybox has to be installed.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { digestOf, type Digest } from '../../src/oci/digest.ts';
import { TOC_DIGEST } from '../../src/oci/annotations.ts';
import { dir, file, hardlink, type Entry } from './entries.ts';
import { buildEstargz } from './estargz.ts';
import { requireProgram } from './needs.ts';
import type { TestRegistry } from './registry.ts';
import { tarOf } from './tar.ts';

const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar+gzip';
const architecture = process.arch === 'x64' ? 'amd64' : process.arch;

/** An image in a test registry. */
export interface LayeredImage {
  /** `host:port/name:latest`. */
  readonly ref: string;
  readonly manifest: Descriptor;
  /** Bottom first, with the annotations of the manifest. */
  readonly layers: readonly Descriptor[];
  readonly diffIds: readonly Digest[];
}

/** Stores an image with these layers, bottom first, tagged `latest`. `command` is its default. */
export function addLayeredImage(
  registry: TestRegistry,
  name: string,
  layers: readonly (readonly Entry[])[],
  options: {
    /** Whether layers are eStargz: all of them, or one by one. */
    readonly estargz: boolean | readonly boolean[];
    readonly command?: readonly string[];
  },
): LayeredImage {
  const { estargz } = options;
  const built = layers.map((entries, index) =>
    (typeof estargz === 'boolean' ? estargz : estargz[index]) ? estargzLayer(entries) : gzipLayer(entries),
  );
  const descriptors = built.map(({ blob, annotations }) => {
    const descriptor = registry.addBlob(name, blob, LAYER_TYPE);
    return annotations === undefined ? descriptor : { ...descriptor, annotations };
  });
  const diffIds = built.map(({ diffId }) => diffId);
  const manifest = registry.addImage(name, 'latest', descriptors, {
    architecture,
    config: { Cmd: options.command ?? ['/bin/sh'], Env: ['PATH=/bin'] },
    rootfs: { type: 'layers', diff_ids: diffIds },
  });
  return { ref: `${registry.host}/${name}:latest`, manifest, layers: descriptors, diffIds };
}

/** A layer with busybox and these names for it. */
export function busyboxLayer(...applets: readonly string[]): Entry[] {
  return [
    dir('bin'),
    file('bin/busybox', readFileSync(requireProgram('busybox')), { mode: 0o755 }),
    ...applets.map((name) => hardlink(`bin/${name}`, 'bin/busybox', { mode: 0o755 })),
    dir('dev'),
    dir('etc'),
    dir('proc'),
    dir('sys'),
    dir('tmp', { mode: 0o1777 }),
  ];
}

interface Layer {
  readonly blob: Buffer;
  readonly diffId: Digest;
  readonly annotations?: Readonly<Record<string, string>>;
}

function estargzLayer(entries: readonly Entry[]): Layer {
  const { blob, diffId, tocDigest } = buildEstargz(entries);
  return { blob, diffId, annotations: { [TOC_DIGEST]: tocDigest } };
}

function gzipLayer(entries: readonly Entry[]): Layer {
  const tar = tarOf(entries);
  return { blob: gzipSync(tar), diffId: digestOf(tar) };
}
