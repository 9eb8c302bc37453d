// An image to run workloads of: busybox, users and groups, files to read, whiteouts; three layers, in an OCI layout.
import { mkdirSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';

import { dir, file, hardlink, noise, symlink, type Entry } from './entries.ts';
import { requireProgram } from './needs.ts';
import { writeGzipLayer, writeImage, type WrittenLayer } from './oci-layout.ts';
import { tarOf } from './tar.ts';

const APPLETS = [
  'sh',
  'cat',
  'md5sum',
  'dd',
  'echo',
  'env',
  'id',
  'ls',
  'pwd',
  'sleep',
  'hostname',
  'grep',
  'touch',
  'true',
  'false',
  'kill',
  'nslookup',
  'wget',
  'tty',
];

/** Bytes of `data/big`. */
export const BIG_BYTES: number = 8 << 20;

/** What is in the image, bottom first. */
export function workloadLayers(): Entry[][] {
  const base = [
    dir('bin/'),
    file('bin/busybox', readFileSync(requireProgram('busybox')), { mode: 0o755 }),
    ...APPLETS.map((name) => hardlink(`bin/${name}`, 'bin/busybox', { mode: 0o755 })),
    dir('etc/'),
    file('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n'),
    file('etc/group', 'root:x:0:\napp:x:1001:\nextra:x:2000:app\nstaff:x:3000:\n'),
    dir('data/'),
    file('data/a', noise(5000, 1)),
    file('data/b', noise(4096, 2)),
    file('data/c', noise(12_345, 3)),
    file('data/empty', ''),
    file('data/replaced', 'below\n'),
    file('data/deleted', 'below\n'),
    file('data/big', noise(BIG_BYTES, 4)),
    dir('data/opaque/'),
    file('data/opaque/hidden', 'below\n'),
    dir('tmp/', { mode: 0o1777 }),
    dir('proc/'),
    dir('sys/'),
    dir('dev/'),
  ];
  const middle = [
    dir('data/'),
    file('data/replaced', 'in the middle\n'),
    file('data/.wh.deleted', ''),
    dir('data/opaque/'),
    file('data/opaque/.wh..wh..opq', ''),
    file('data/opaque/shown', 'in the middle\n'),
    file('data/first', noise(100, 5)),
    hardlink('data/second', 'data/first'),
    symlink('data/link-1', 'link-2'),
    symlink('data/link-2', '/data/c'),
  ];
  const top = [dir('data/'), file('data/replaced', 'on top\n'), dir('work/'), dir('home/'), dir('home/app/')];
  return [base, middle, top];
}

type Config = Parameters<typeof writeImage>[2];

/** Writes the image. `config` is what its config says of running it, `architecture` in Go's words. */
export async function buildWorkloadImage(layoutDir: string, config: Config, architecture?: string): Promise<void> {
  await buildLayers(layoutDir, workloadLayers(), config, architecture);
}

/** Writes an image of any layers, bottom first. */
export async function buildLayers(
  layoutDir: string,
  entries: readonly (readonly Entry[])[],
  config: Config,
  architecture?: string,
): Promise<void> {
  mkdirSync(layoutDir, { recursive: true });
  const layers: WrittenLayer[] = [];
  for (const layer of entries) layers.push(await writeGzipLayer(layoutDir, Readable.from([tarOf(layer)])));
  writeImage(layoutDir, layers, { Env: ['PATH=/bin', 'FROM_IMAGE=yes'], ...config }, architecture);
}
