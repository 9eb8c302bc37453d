// What an export is asked to do: all that can be wrong in its flags is found before the pipe is read.
import { UserError } from '../errors.ts';
import type { ImageLocation } from '../image/location.ts';
import { parseReference, type ImageReference } from '../oci/reference.ts';
import type { Platform } from '../oci/platform.ts';
import { checkConvertOptions } from '../optimize/convert.ts';
import type { ConvertOptions } from '../optimize/convert-model.ts';
import { ProfileInputs } from '../optimize/profile-inputs.ts';
import { BuildMetadata } from './build-metadata.ts';
import { parseBuildSource } from './export-source.ts';
import { listFlag, parsePlatformFlag, textFlag, type Flags } from './flag-values.ts';
import { layerFormatOptions } from './layer-format-flags.ts';

export interface ExportPlan {
  readonly from: ImageLocation;
  readonly tags: readonly ImageReference[];
  readonly bases: readonly ImageReference[];
  readonly rewriteBase: boolean;
  readonly format: Pick<ConvertOptions, 'layers' | 'reuse' | 'jobs' | 'annotations'>;
  readonly platforms: readonly Platform[] | undefined;
  readonly inputs: ProfileInputs | undefined;
  readonly metadata: BuildMetadata | undefined;
  readonly iidFile: string | undefined;
  readonly json: boolean;
}

/** @throws UserError, FormatError for files that are malformed. */
export async function planExport(source: string, flags: Flags): Promise<ExportPlan> {
  const tags = distinct(listFlag(flags, 'tag').map((text) => parseTag(text)));
  const bases = listFlag(flags, 'base').map((text) => parseNamed('--base', text));
  const rewriteBase = flags['rewriteBase'] === true;
  if (rewriteBase && bases.length > 0) {
    throw new UserError('--rewrite-base leaves nothing for --base to say', 'Leave out one of the two.');
  }
  const platforms = listFlag(flags, 'platform').map((text) => parsePlatformFlag(text));
  const format = layerFormatOptions(flags);
  const recordings = listFlag(flags, 'profile');
  const prefetchList = textFlag(flags, 'prefetchList');
  const hasProfile = recordings.length > 0 || prefetchList !== undefined;
  checkConvertOptions({ ...format, hasProfile });
  return {
    from: await parseBuildSource(source),
    tags,
    bases,
    rewriteBase,
    format,
    platforms: platforms.length === 0 ? undefined : platforms,
    inputs: hasProfile ? await ProfileInputs.read({ recordings, prefetchList }) : undefined,
    metadata: await openMetadata(flags),
    iidFile: textFlag(flags, 'iidfile'),
    json: flags['json'] === true,
  };
}

async function openMetadata(flags: Flags): Promise<BuildMetadata | undefined> {
  const path = textFlag(flags, 'metadataFile');
  const target = textFlag(flags, 'target');
  if (path !== undefined) return await BuildMetadata.open(path, target);
  if (target === undefined) return undefined;
  throw new UserError('--target is of a --metadata-file, and there is none', 'Add --metadata-file, or leave it out.');
}

/** A name to push by. */
function parseTag(text: string): ImageReference {
  const { tag = 'latest', digest, ...name } = parseNamed('--tag', text);
  if (digest === undefined) return { ...name, tag };
  throw new UserError(
    `--tag: ${JSON.stringify(text)} has a digest, and what is exported has a digest of its own`,
    'Leave out what begins with @.',
  );
}

function parseNamed(flag: string, text: string): ImageReference {
  try {
    return parseReference(text);
  } catch (cause) {
    throw new UserError(`${flag}: ${(cause as Error).message}`, 'Names are written like ghcr.io/org/app:1.', { cause });
  }
}

function distinct(tags: readonly ImageReference[]): ImageReference[] {
  return [...new Map(tags.map((tag) => [`${tag.registry}/${tag.repository}:${tag.tag}`, tag])).values()];
}
