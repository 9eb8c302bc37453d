// What an export says beside its layers: of base images, and of the build's metadata.
import type { FoundBase } from '../optimize/export-bases.ts';
import { plural, printable } from './format.ts';

/** e.g. `linux/amd64: 4 layers of docker.io/library/node@sha256:... stay as they are`, and what that means when not all do. */
export function baseLines({ platform, name, layers, converted }: FoundBase): string[] {
  const kept = layers - converted;
  const own = kept === 0 ? [] : [`${platform}: ${plural(kept, 'layer')} of ${printable(name)} stay as they are`];
  if (converted === 0) return own;
  const what = `${platform}: ${plural(converted, 'layer')} of ${printable(name)} can't be pulled lazily, and so could nothing above`;
  return [...own, `${what}: converted, and sent once. A base that is converted already needs neither`];
}

/** When no base was found. */
export function unknownBaseLine(platform: string, reasons: readonly string[]): string {
  const why = reasons.length === 0 ? '' : ` (${printable(reasons.slice(0, 3).join('; '))})`;
  return `${platform}: no base image is known${why}; --base names it, so that its layers stay as they are`;
}

/** When the build that came through a pipe did not write its metadata. */
export function metadataLine(path: string, withinMs: number): string {
  return `the build wrote no ${printable(path)} within ${withinMs / 1000} s; it is made anew`;
}

/** When files of a profile are where nothing is reordered. */
export function inBaseLine(platform: string | undefined, files: number): string {
  const about = `${plural(files, 'file')} of the profile ${files === 1 ? 'is' : 'are'} in layers of the base`;
  return `${platform ?? 'the image'}: ${about}, which keep their order; --rewrite-base changes it`;
}
