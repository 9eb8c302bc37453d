// All that an image's profile is made from: earlier recordings, a list by hand, a recording of now. An index has several
// images, and each gets a profile of the same inputs: records and lists mean other files in each.
import {
  readRecordingFile,
  profileOfFile,
  readPrefetchList,
  type ProfiledImage,
  type RecordingFile,
} from './collect-profile.ts';
import { profileOfPatterns } from './prefetch-list.ts';
import { mergeProfiles } from './profile-merge.ts';
import type { Profile } from './profile.ts';

/** Paths of files that the user named. */
export interface ProfileInputPaths {
  readonly recordings: readonly string[];
  readonly prefetchList: string | undefined;
}

/** Inputs that were read and are well-formed. */
export class ProfileInputs {
  readonly #recordings: readonly RecordingFile[];
  readonly #patterns: readonly string[] | undefined;
  #recorded: Profile | undefined;

  private constructor(recordings: readonly RecordingFile[], patterns: readonly string[] | undefined) {
    this.#recordings = recordings;
    this.#patterns = patterns;
  }

  /** @throws UserError for a file that can't be read, FormatError for one that is malformed. */
  static async read({ recordings, prefetchList }: ProfileInputPaths): Promise<ProfileInputs> {
    const files = await Promise.all(recordings.map((path) => readRecordingFile(path)));
    return new ProfileInputs(files, prefetchList === undefined ? undefined : await readPrefetchList(prefetchList));
  }

  /** Adds what was recorded now. */
  add(recorded: Profile): void {
    this.#recorded = recorded;
  }

  /**
   * The profile for an image: one input's, or all of them merged.
   * @param onUnmatched gets the patterns of the list that match no file.
   * @throws UserError when a record or list has nothing to do with the image.
   */
  profileFor(image: ProfiledImage, onUnmatched: (patterns: readonly string[]) => void = () => {}): Profile {
    const profiles = this.#recordings.map((file) => profileOfFile(file, image));
    if (this.#patterns !== undefined) {
      const { profile, unmatched } = profileOfPatterns(this.#patterns, image);
      if (unmatched.length > 0) onUnmatched(unmatched);
      profiles.push(profile);
    }
    if (this.#recorded !== undefined) profiles.push(this.#recorded);
    return profiles.length === 1 ? profiles[0]! : mergeProfiles(profiles);
  }
}
