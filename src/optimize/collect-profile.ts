// Where a profile comes from: earlier recordings, a list by hand, a run now, or several of these, merged.
import { readFile } from 'node:fs/promises';
import { FormatError, UserError, describeError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import type { ImageView } from './image-view.ts';
import { parsePrefetchList } from './prefetch-list.ts';
import { parseProfile } from './profile-codec.ts';
import type { Profile } from './profile.ts';
import { isRecordFile, parseRecordFile, profileOfRecords, type RecordLine } from './record-file.ts';

/** A file with a recording: a profile of ours, or a record of the reference tool. */
export type RecordingFile =
  | { readonly kind: 'profile'; readonly profile: Profile }
  | { readonly kind: 'records'; readonly records: readonly RecordLine[] };

/** @throws UserError when it can't be read, FormatError with the file's name when it is neither. */
export async function readRecordingFile(path: string): Promise<RecordingFile> {
  const bytes = await readUserFile(path);
  try {
    if (isRecordFile(bytes)) return { kind: 'records', records: parseRecordFile(bytes) };
    return { kind: 'profile', profile: parseProfile(bytes) };
  } catch (error) {
    throw error instanceof FormatError ? new FormatError(`${path}: ${error.message}`, { cause: error }) : error;
  }
}

/** The image that a profile is for. */
export interface ProfiledImage {
  readonly image: NonNullable<Profile['image']>;
  readonly layers: readonly Digest[];
  readonly view: ImageView;
}

/** A recording's profile for an image. Ours keep their layers: files are found by path where an image has other ones. */
export function profileOfFile(file: RecordingFile, image: ProfiledImage): Profile {
  return file.kind === 'profile' ? file.profile : profileOfRecords(file.records, image);
}

/** The patterns of a prefetch list. @throws UserError when it can't be read, FormatError with the file's name. */
export async function readPrefetchList(path: string): Promise<string[]> {
  const text = Buffer.from(await readUserFile(path)).toString();
  try {
    return parsePrefetchList(text);
  } catch (error) {
    throw error instanceof FormatError ? new FormatError(`${path}: ${error.message}`, { cause: error }) : error;
  }
}

async function readUserFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new UserError(`can't read ${path}: ${describeError(cause)}`, undefined, { cause });
  }
}
