// Profiles for tests, made from a few words each.
import * as fc from 'fast-check';
import { digestOf, type Digest } from '../../src/oci/digest.ts';
import type { Profile, ProfileFile } from '../../src/optimize/profile.ts';
import { unionRanges } from '../../src/optimize/ranges.ts';

/** A digest that only its name tells from others. */
export const digestNamed = (name: string): Digest => digestOf(Buffer.from(name));

export const BOTTOM: Digest = digestNamed('bottom');
export const TOP: Digest = digestNamed('top');

/** A profile of two layers whose files were read one after the other, whole unless told. */
export function profileOf(...files: (Partial<ProfileFile> & Pick<ProfileFile, 'path'>)[]): Profile {
  return {
    version: 1,
    image: undefined,
    layers: [BOTTOM, TOP],
    workloads: [{ command: ['run'], durationMs: 100 }],
    files: files.map(({ path, layer = BOTTOM, size = 100, ranges = [[0, size]], firstReadMs }, index) => {
      return { path, layer, size, ranges, firstReadMs: firstReadMs ?? index };
    }),
  };
}

/** Any file of such a profile. */
const anyFile = fc
  .record({
    path: fc.stringMatching(/^[a-c]{1,2}(\/[a-c\u00e9]{1,2}){0,2}$/),
    layer: fc.constantFrom(BOTTOM, TOP),
    cuts: fc.array(fc.tuple(fc.nat(200), fc.nat(200)), { maxLength: 5 }),
    firstReadMs: fc.integer({ min: 0, max: 5000 }).map((number) => number / 1000),
  })
  .map(({ cuts, path, layer, firstReadMs }) => {
    // One path of one layer has one size.
    const size = (path.length * 53 + (layer === TOP ? 40 : 0)) % 200;
    const ranges = cuts.map(([a, b]) => [Math.min(a, b, size), Math.min(Math.max(a, b), size)] as [number, number]);
    return { path, layer, size, ranges: unionRanges(ranges), firstReadMs };
  });

/** Any profile, its files in any order. */
export const anyProfile: fc.Arbitrary<Profile> = fc
  .uniqueArray(anyFile, { selector: ({ path, layer }) => `${layer} ${path}`, maxLength: 12 })
  .map((files) => profileOf(...files));
