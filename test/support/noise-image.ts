// An eStargz image of busybox and much that does not compress: big enough for reads to be under way whenever something
// happens to the daemon. One layer.
import { readFileSync } from 'node:fs';
import { dir, file, symlink, type Entry } from './entries.ts';
import { digestsOf, noiseFiles } from './drill.ts';
import { buildEstargz, type BuiltLayer } from './estargz.ts';
import { requireProgram } from './needs.ts';
import type { TestRegistry } from './registry.ts';

export interface NoiseImage {
  readonly ref: string;
  readonly built: BuiltLayer;
  /** Names of the noise files (`data/00`, ...) and their sha256. */
  readonly files: ReadonlyMap<string, string>;
}

/** Puts the image into a registry: `count` files of `size` bytes, in chunks of 128 KiB. */
export function addNoiseImage(
  registry: TestRegistry,
  name: string,
  options: { readonly count: number; readonly size: number; readonly tocDigest?: string; readonly seed?: number },
): NoiseImage {
  const noise = noiseFiles(options.count, options.size, options.seed ?? 1);
  const built = buildEstargz([...programEntries(), ...noise], { chunkSize: 128 * 1024, compressionLevel: 1 });
  const layer = {
    ...registry.addBlob(name, built.blob, 'application/vnd.oci.image.layer.v1.tar+gzip'),
    annotations: { 'containerd.io/snapshot/stargz/toc.digest': options.tocDigest ?? built.tocDigest },
  };
  registry.addImage(name, 'latest', [layer], { rootfs: { type: 'layers', diff_ids: [built.diffId] } });
  return { ref: `${registry.host}/${name}:latest`, built, files: digestsOf(noise) };
}

/** busybox, as what the images need of it, and the folders that a runtime wants. */
export function programEntries(): Entry[] {
  const links = ['sh', 'sha256sum', 'echo', 'sleep', 'cat', 'wc'].map((name) => symlink(`bin/${name}`, 'busybox'));
  return [
    ...['bin/', 'dev/', 'etc/', 'proc/', 'sys/', 'run/', 'tmp/'].map((name) => dir(name)),
    file('bin/busybox', readFileSync(requireProgram('busybox')), { mode: 0o755 }),
    ...links,
  ];
}
