// The record files of ctr-remote (`images optimize --record-out`): a JSON object a line, the paths in the order in which
// the workload used them. Whole files, no sizes, no times.
// https://github.com/containerd/stargz-snapshotter/blob/main/recorder/recorder.go
import { FormatError, UserError } from '../errors.ts';
import { isDigest, type Digest } from '../oci/digest.ts';
import { optionalString, requireObject } from '../oci/json.ts';
import { wholeFile } from './image-files.ts';
import type { ImageView, ViewEntry } from './image-view.ts';
import { canonicalProfile, MAX_PROFILE_BYTES } from './profile-codec.ts';
import type { Profile, ProfileFile } from './profile.ts';

/** A line of a record file. */
export interface RecordLine {
  /** Without a leading slash. */
  readonly path: string;
  /** The image (of one platform) that it was recorded with. */
  readonly manifestDigest: Digest | undefined;
  /** From the bottom, 0 is the lowest. */
  readonly layerIndex: number | undefined;
}

const MAX_LINES = 1_000_000;
const STEP_MS = 0.001;

/** Whether bytes that are no profile look like a record file: the first line is an object with a path. */
export function isRecordFile(bytes: Uint8Array): boolean {
  const end = bytes.indexOf(0x0a);
  try {
    const first: unknown = JSON.parse(Buffer.from(bytes.subarray(0, end < 0 ? bytes.length : end)).toString());
    return typeof (first as { path?: unknown } | null)?.path === 'string';
  } catch {
    return false;
  }
}

/** @throws FormatError that names the line. */
export function parseRecordFile(bytes: Uint8Array): RecordLine[] {
  if (bytes.length > MAX_PROFILE_BYTES) throw new FormatError(`record file: ${bytes.length} bytes, more than 128 MiB`);
  const lines = new TextDecoder('utf-8', { fatal: false }).decode(bytes).split('\n');
  if (lines.length > MAX_LINES) throw new FormatError(`record file: more than ${MAX_LINES} lines`);
  return lines.flatMap((text, index) =>
    text.trim() === '' ? [] : [parseLine(text, `record file, line ${index + 1}`)],
  );
}

function parseLine(text: string, where: string): RecordLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FormatError(`${where}: not JSON`, { cause });
  }
  const object = requireObject(value, where);
  const path = optionalString(object, 'path', where)?.replace(/^(\.?\/)+/, '');
  if (path === undefined || path === '') throw new FormatError(`${where}: no path`);
  const digest = optionalString(object, 'manifestDigest', where);
  const layerIndex = object['layerIndex'] ?? undefined;
  if (
    layerIndex !== undefined &&
    (typeof layerIndex !== 'number' || !Number.isSafeInteger(layerIndex) || layerIndex < 0)
  ) {
    throw new FormatError(`${where}: layerIndex is ${JSON.stringify(layerIndex)}`);
  }
  if (digest !== undefined && digest !== '' && !isDigest(digest)) throw new FormatError(`${where}: no sha256 digest`);
  return { path, manifestDigest: isDigest(digest ?? '') ? (digest as Digest) : undefined, layerIndex };
}

/**
 * The profile that record lines mean for an image: those of its own manifest, or when there are none, all, by the paths
 * that a container sees. Files that the image does not have are left out.
 * @throws UserError when the image has none of them.
 */
export function profileOfRecords(
  records: readonly RecordLine[],
  image: { readonly image: Profile['image']; readonly layers: readonly Digest[]; readonly view: ImageView },
): Profile {
  const own = records.filter(({ manifestDigest }) => manifestDigest === image.image?.digest);
  const files = new Map<string, ProfileFile>();
  for (const { path, layerIndex } of own.length > 0 ? own : records) {
    const found = own.length > 0 ? inLayer(image.view, path, layerIndex) : image.view.lookup(path);
    const file = found === undefined ? undefined : wholeFile(found, image.layers, files.size * STEP_MS);
    if (file !== undefined && !files.has(`${file.layer} ${file.path}`)) files.set(`${file.layer} ${file.path}`, file);
  }
  if (files.size === 0 && records.length > 0) {
    throw new UserError(
      `the image has none of the ${records.length} files of the record`,
      'Is it a record of this image?',
    );
  }
  return canonicalProfile({
    version: 1,
    image: image.image,
    layers: image.layers,
    workloads: [],
    files: [...files.values()],
  });
}

/** A path may lie in several layers; the record says which one was meant. */
function inLayer(view: ImageView, path: string, layer: number | undefined): ViewEntry | undefined {
  const found = view.lookup(path);
  return layer === undefined || found?.layer === layer ? found : undefined;
}
