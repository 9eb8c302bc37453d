// What a build writes whose Dockerfile is FROM a base and one step: the base's layers, one of its own, and what BuildKit says
// of the base beside them.
import { gzipSync } from 'node:zlib';
import type { ImageSource } from '../../src/image/model.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { digestOf, type Digest } from '../../src/oci/digest.ts';
import { OCI_CONFIG, OCI_INDEX, OCI_LAYER_GZIP, OCI_MANIFEST } from '../../src/oci/media-types.ts';
import { openPlatformImage } from '../../src/optimize/platform-image.ts';
import { dir, file, noise } from './entries.ts';
import { SampleImage } from './sample-image.ts';
import { tarOf } from './tar.ts';

/** An image to build on. */
export interface BaseParts {
  readonly layers: readonly Descriptor[];
  readonly diffIds: readonly Digest[];
  readonly blobs: readonly Buffer[];
}

export interface BuildOptions {
  /** The predicate of a provenance attestation, and its type. */
  readonly provenance?: object;
  readonly predicateType?: string;
  /** Of the manifest. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Whether the base's layers lose their annotations, as in Docker's media types. */
  readonly bare?: boolean;
  /** An index of this image and of one for arm64 with the same layers, without provenance. */
  readonly arm64?: boolean;
}

/** The tar of the step: files of a few letters that a profile can order, and a large one. */
export const STEP_FILES: readonly string[] = ['app/a', 'app/b', 'app/c', 'app/big'];

/** An image that was built, with its blobs. */
export interface BuiltImage {
  readonly image: SampleImage;
  /** An index when there is provenance, else the manifest. */
  readonly root: Descriptor;
  readonly manifest: Descriptor;
  readonly config: Descriptor;
  readonly step: Descriptor;
  /** The tars of all layers, when the base's are known as tars. */
  readonly stepTar: Buffer;
}

/** Takes an image of this machine's kind apart. */
export async function basePartsOf(source: ImageSource): Promise<BaseParts> {
  const { manifest, diffIds } = await openPlatformImage(source, { os: 'linux', architecture: 'amd64' });
  const blobs: Buffer[] = [];
  for (const layer of manifest.layers) blobs.push(Buffer.from(await source.fetch(layer)));
  // Parsed annotations have no prototype, which nothing that is compared with them has.
  const layers = manifest.layers.map((layer) => JSON.parse(JSON.stringify(layer)) as Descriptor);
  return { layers, diffIds, blobs };
}

/** Builds on it. */
export function buildOn(base: BaseParts, options: BuildOptions = {}): BuiltImage {
  const image = new SampleImage('built', 100);
  image.blobs.clear();
  for (const [index, bytes] of base.blobs.entries()) image.add(bytes, base.layers[index]!.mediaType);
  const [a = '', b = '', c = '', big = ''] = STEP_FILES;
  const stepTar = tarOf([dir('app'), file(a, 'a'), file(b, 'b'), file(c, 'c'), file(big, noise(50_000, 7))]);
  const step = image.add(gzipSync(stepTar), OCI_LAYER_GZIP);
  const configOf = (architecture: string): Descriptor =>
    image.addJson(OCI_CONFIG, {
      architecture,
      os: 'linux',
      config: { Cmd: ['/app/a'], Labels: { stays: 'here' } },
      rootfs: { type: 'layers', diff_ids: [...base.diffIds, digestOf(stepTar)] },
      history: [{ created_by: 'FROM' }, { created_by: 'RUN' }],
    });
  const layers = base.layers.map(({ annotations, ...rest }) =>
    options.bare === true || annotations === undefined ? rest : { ...rest, annotations },
  );
  const manifestOf = (ownConfig: Descriptor): Descriptor =>
    image.addJson(OCI_MANIFEST, {
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: ownConfig,
      layers: [...layers, step],
      ...(options.annotations === undefined ? {} : { annotations: options.annotations }),
    });
  const config = configOf('amd64');
  const manifest = manifestOf(config);
  const root = ((): Descriptor => {
    if (options.provenance !== undefined) return withProvenance(image, manifest, options);
    return options.arm64 === true ? withArm64(image, manifest, manifestOf(configOf('arm64'))) : manifest;
  })();
  return { image, root, manifest, config, step, stepTar };
}

/** SLSA 0.2, as BuildKit writes it. */
export function materialsOf(...images: readonly (readonly [uri: string, digest: string])[]): object {
  return { materials: images.map(([uri, digest]) => ({ uri, digest: { sha256: digest.slice(7) } })) };
}

function withArm64(image: SampleImage, amd64: Descriptor, arm64: Descriptor): Descriptor {
  return image.addJson(OCI_INDEX, {
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    manifests: [
      { ...amd64, platform: { architecture: 'amd64', os: 'linux' } },
      { ...arm64, platform: { architecture: 'arm64', os: 'linux' } },
    ],
  });
}

function withProvenance(image: SampleImage, manifest: Descriptor, options: BuildOptions): Descriptor {
  const { provenance, predicateType = 'https://slsa.dev/provenance/v0.2' } = options;
  const type = 'application/vnd.in-toto+json';
  const statement = {
    ...image.addJson(type, { predicateType, predicate: provenance }),
    annotations: { 'in-toto.io/predicate-type': predicateType },
  };
  const config = image.addJson(OCI_CONFIG, {
    architecture: 'unknown',
    os: 'unknown',
    rootfs: { type: 'layers', diff_ids: [statement.digest] },
  });
  const attestation = image.addJson(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config,
    layers: [statement],
  });
  return image.addJson(OCI_INDEX, {
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    manifests: [
      { ...manifest, platform: { architecture: 'amd64', os: 'linux' } },
      {
        ...attestation,
        platform: { architecture: 'unknown', os: 'unknown' },
        annotations: {
          'vnd.docker.reference.type': 'attestation-manifest',
          'vnd.docker.reference.digest': manifest.digest,
        },
      },
    ],
  });
}
