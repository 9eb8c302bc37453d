// The frontend's image: Node with the libraries that it needs, the frontend, and nothing else. No shell, no certificates:
// buildkitd starts the one program, and is its only way to the world.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { digestOf } from '../../src/oci/digest.ts';
import { OCI_CONFIG, OCI_INDEX, OCI_LAYER_TAR, OCI_MANIFEST } from '../../src/oci/media-types.ts';
import { REF_NAME } from '../../src/oci/annotations.ts';
import { hostPlatform } from '../../src/oci/platform.ts';
import { stripProgram } from './strip.ts';

/** What buildkitd asks of a frontend before it starts one. */
const LABELS: Readonly<Record<string, string>> = {
  // Everything goes through buildkitd.
  'moby.buildkit.frontend.network.none': 'true',
  // What the frontend that does the build can do, is handed on.
  'moby.buildkit.frontend.caps': ['inputs', 'subrequests', 'contexts', 'gitquerystring']
    .map((name) => `moby.buildkit.frontend.${name}`)
    .join(','),
};
const FRONTEND = 'frontend.mjs';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export interface ImageParts {
  /** The bundled module. */
  readonly frontend: string;
  /** Of the platform that this process runs on. */
  readonly node: string;
  /** For temporary files. */
  readonly workDir: string;
}

/** Writes an OCI layout with the image under the tag `latest`. Its layers are plain: lazily pullable ones come by `convert`. */
export function writeLayout(layout: string, { frontend, node, workDir }: ImageParts): void {
  mkdirSync(join(layout, 'blobs', 'sha256'), { recursive: true });
  const runtime = stage(
    join(workDir, 'runtime'),
    librariesOf(node).map((path) => [path, path]),
  );
  writeFileSync(join(runtime, 'node'), stripProgram(readFileSync(node)), { mode: 0o755 });
  const program = stage(join(workDir, 'program'), [[frontend, `/${FRONTEND}`]]);
  // What changes with every version comes last.
  const layers = [runtime, program].map((folder) => writeBlob(layout, OCI_LAYER_TAR, tarOf(folder)));
  const config = writeBlob(layout, OCI_CONFIG, json(configOf(layers)));
  const manifest = { schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers };
  const image = writeBlob(layout, OCI_MANIFEST, json(manifest));
  const tagged = { ...image, annotations: { [REF_NAME]: 'latest' } };
  writeFileSync(join(layout, 'index.json'), json({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [tagged] }));
  writeFileSync(join(layout, 'oci-layout'), json({ imageLayoutVersion: '1.0.0' }));
}

function configOf(layers: readonly Descriptor[]): object {
  return {
    ...hostPlatform(),
    config: { Entrypoint: ['/node', `/${FRONTEND}`], WorkingDir: '/', Labels: LABELS },
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
    history: layers.map(() => ({ created_by: 'buildkit-frontend/image' })),
  };
}

/** The absolute paths that the loader takes libraries from, and its own. */
function librariesOf(program: string): string[] {
  const said = execFileSync('ldd', [program], { encoding: 'utf8' });
  const missing = /^\s*(\S+) => not found$/m.exec(said)?.[1];
  if (missing !== undefined) throw new Error(`${program} needs ${missing}, which is not on this machine`);
  return [...said.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)].map((match) => match[1] ?? '');
}

function stage(folder: string, files: readonly (readonly [from: string, to: string])[]): string {
  for (const [from, to] of files) {
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    copyFileSync(from, join(folder, to));
  }
  return folder;
}

/** Without times and owners: the same files give the same bytes. */
function tarOf(folder: string): Buffer {
  const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--mode=a+rX,go-w'];
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
