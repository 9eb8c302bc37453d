// Flags that say how layers are written; convert and optimize have the same.
import { type Command, Option } from 'commander';
import { formatSize } from '../config/values.ts';
import type { LazyFormat } from '../build/model.ts';
import { UserError } from '../errors.ts';
import type { ImageLocation } from '../image/location.ts';
import { SOURCE_DIGEST, SOURCE_NAME } from '../oci/annotations.ts';
import { formatReference } from '../oci/reference.ts';
import type { ConvertOptions } from '../optimize/convert-model.ts';
import { repeatable } from './common-flags.ts';
import { integerFlag, listFlag, sizeFlag, type Flags } from './flag-values.ts';

const FORMATS: readonly LazyFormat[] = ['estargz', 'zstd:chunked', 'zstd:chunked-containers'];
const KIB = 1024;
const MIB = 1024 * KIB;

/** As the reference's writers have it. */
const DEFAULT_CHUNK_SIZE = 4 * MIB;
const DEFAULT_GZIP_LEVEL = 9;
const DEFAULT_ZSTD_LEVEL = 3;
/** Smaller chunks make a table of contents as large as the files; members beyond 64 MiB are not served lazily. */
const MIN_CHUNK_SIZE = 4 * KIB;
const MAX_CHUNK_SIZE = 32 * MIB;
const MAX_MIN_CHUNK_SIZE = 2 * MIB;

/** Adds the flags, in a group of their own in the help; without `external` those that the blobs have to themselves. */
export function addLayerFormatFlags(command: Command, { external = true }: { readonly external?: boolean } = {}): void {
  command
    .optionsGroup('How layers are written:')
    .addOption(
      new Option('--format <FORMAT>', 'what the layers become')
        .choices(FORMATS)
        .default('estargz' satisfies LazyFormat),
    )
    .option(
      '--compression-level <N>',
      `gzip 0 to 9 (default: ${DEFAULT_GZIP_LEVEL}), zstd 1 to 22 (default: ${DEFAULT_ZSTD_LEVEL})`,
    )
    .option(
      '--chunk-size <SIZE>',
      `largest part of a file that is fetched by itself (default: ${formatSize(DEFAULT_CHUNK_SIZE)})`,
    )
    .option(
      '--min-chunk-size <SIZE>',
      'estargz: compress small files together up to this size, e.g. 50000 (default: 0)',
    );
  if (external) {
    command
      .option('--external-toc', 'estargz: tables of contents in an image of their own, DST-esgztoc')
      .option('--keep-diff-id', 'with --external-toc: decompressed layers stay byte for byte what they are');
  }
  command
    .option('--no-reuse', 'write layers anew that are as wanted already')
    .option('--jobs <N>', 'threads that compress (default: one for each processor)')
    .addOption(
      repeatable(
        '--annotation <NAME=VALUE>',
        'say this of manifests and indexes that are written anew; may be repeated',
      ),
    )
    .optionsGroup('Options:');
}

/** What the flags come to. @throws UserError for values out of range. */
export function layerFormatOptions(flags: Flags): Pick<ConvertOptions, 'layers' | 'reuse' | 'jobs' | 'annotations'> {
  const format = flags['format'] as LazyFormat;
  const isGzip = format === 'estargz';
  const level = integerFlag(flags, 'compressionLevel', isGzip ? 0 : 1, isGzip ? 9 : 22);
  const chunkSize = boundedSize(flags, 'chunkSize', MIN_CHUNK_SIZE, MAX_CHUNK_SIZE);
  const minChunkSize = boundedSize(flags, 'minChunkSize', 0, MAX_MIN_CHUNK_SIZE);
  // Nobody can see in a layer whether it was written with these.
  const isPlain = level === undefined && chunkSize === undefined && minChunkSize === undefined;
  return {
    layers: {
      format,
      level: level ?? (isGzip ? DEFAULT_GZIP_LEVEL : DEFAULT_ZSTD_LEVEL),
      chunkSize: chunkSize ?? DEFAULT_CHUNK_SIZE,
      minChunkSize: minChunkSize ?? 0,
      externalToc: flags['externalToc'] === true,
      lossless: flags['keepDiffId'] === true,
    },
    reuse: flags['reuse'] !== false && isPlain,
    jobs: integerFlag(flags, 'jobs', 1, 1024),
    annotations: annotationFlags(flags),
  };
}

/** @throws UserError for one that is not NAME=VALUE, or is ours to write. */
function annotationFlags(flags: Flags): Readonly<Record<string, string>> {
  const pairs = listFlag(flags, 'annotation').map((text): [string, string] => {
    const [, name, value] = /^([^=\s]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      throw new UserError(`--annotation wants NAME=VALUE, got ${JSON.stringify(text)}`);
    }
    if (name !== SOURCE_NAME && name !== SOURCE_DIGEST) return [name, value];
    throw new UserError(`--annotation: ${name} says what was converted`, 'Leave it out, or use another name.');
  });
  return Object.fromEntries(pairs);
}

/** Where the image with the external TOCs of `target` goes. @throws UserError for a place that can't have two images. */
export function tocLocation(target: ImageLocation): ImageLocation {
  const suffix = '-esgztoc';
  switch (target.kind) {
    case 'registry':
    case 'containerd': {
      const { digest, tag = 'latest', ...name } = target.reference;
      if (digest !== undefined) throw new UserError('--external-toc wants a tag as DST, not a digest');
      const reference = { ...name, tag: `${tag}${suffix}` };
      return target.kind === 'registry'
        ? { kind: 'registry', reference }
        : { kind: 'containerd', name: formatReference(reference), reference };
    }
    case 'oci':
      if (target.tag === undefined) {
        throw new UserError(
          `--external-toc writes two images, so oci:${target.path} needs a tag`,
          `Write oci:${target.path}:TAG.`,
        );
      }
      return { ...target, tag: `${target.tag}${suffix}` };
    default:
      throw new UserError(
        '--external-toc writes two images, and an archive has one',
        'Write to a registry, an oci: folder or containerd:.',
      );
  }
}

function boundedSize(flags: Flags, name: string, min: number, max: number): number | undefined {
  const size = sizeFlag(flags, name);
  if (size === undefined || (size >= min && size <= max)) return size;
  const flag = name === 'chunkSize' ? '--chunk-size' : '--min-chunk-size';
  throw new UserError(`${flag} wants ${formatSize(min)} to ${formatSize(max)}, got ${formatSize(size)}`);
}
