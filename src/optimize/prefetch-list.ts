// Prefetch lists: files to be fetched first, named by hand instead of recorded. One pattern a line, # begins a comment.
// Patterns are globs over the paths that a container sees: * and ? stay within a name, ** goes over folders, [..] is a set
// of characters; names that begin with a dot are names like all others.
import picomatch from 'picomatch';
import { FormatError, UserError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import { wholeFile } from './image-files.ts';
import type { ImageView } from './image-view.ts';
import { canonicalProfile } from './profile-codec.ts';
import type { Profile, ProfileFile } from './profile.ts';

/** Long lists are generated ones, and name files without globs. */
const MAX_PATTERNS = 100_000;
const MAX_PATTERN_CHARACTERS = 4096;
const STEP_MS = 0.001;

/** The patterns of a list, without leading slashes. @throws FormatError that names the line. */
export function parsePrefetchList(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const patterns = lines.flatMap((line, index) => {
    if (line === '' || line.startsWith('#')) return [];
    if (line.length <= MAX_PATTERN_CHARACTERS) return [line.replace(/^(\.?\/)+/, '')];
    throw new FormatError(`prefetch list, line ${index + 1}: longer than ${MAX_PATTERN_CHARACTERS} characters`);
  });
  if (patterns.length <= MAX_PATTERNS) return patterns;
  throw new FormatError(`prefetch list: ${patterns.length} patterns, more than ${MAX_PATTERNS}`);
}

/** What a list comes to in an image. */
export interface ListedFiles {
  readonly profile: Profile;
  /** Patterns that match no regular file. */
  readonly unmatched: readonly string[];
}

/**
 * The profile that a prefetch list means for an image: whole files, in the order of the patterns and, of one pattern, of
 * the paths. Symlinks count as the files that they lead to.
 * @throws UserError when nothing matches at all.
 */
export function profileOfPatterns(
  patterns: readonly string[],
  image: { readonly image: Profile['image']; readonly layers: readonly Digest[]; readonly view: ImageView },
): ListedFiles {
  const paths = [...image.view.entries()].map(({ path }) => path).toSorted((a, b) => (a < b ? -1 : 1));
  const files = new Map<string, ProfileFile>();
  const unmatched: string[] = [];
  for (const pattern of patterns) {
    let matched = false;
    for (const path of matchesOf(pattern, paths)) {
      const found = image.view.resolve(path);
      const file = found === undefined ? undefined : wholeFile(found, image.layers, files.size * STEP_MS);
      if (file === undefined) continue;
      matched = true;
      const key = `${file.layer} ${file.path}`;
      if (!files.has(key)) files.set(key, file);
    }
    if (!matched) unmatched.push(pattern);
  }
  if (files.size === 0) {
    throw new UserError('the prefetch list names no file of the image', 'Patterns are paths like /usr/lib/**/*.so.');
  }
  const { image: about, layers } = image;
  return {
    profile: canonicalProfile({ version: 1, image: about, layers, workloads: [], files: [...files.values()] }),
    unmatched,
  };
}

function matchesOf(pattern: string, paths: readonly string[]): readonly string[] {
  if (!/[*?[\]\\]/.test(pattern)) return [pattern];
  const isMatch = picomatch(pattern, { dot: true, nobrace: true, noextglob: true, nonegate: true });
  return paths.filter((path) => isMatch(path));
}
