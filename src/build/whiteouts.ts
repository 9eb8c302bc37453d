// Names that say what a layer takes away from those below it: `.wh.NAME` hides NAME, and a marker in a directory hides all
// that lower layers have there. Specification: OCI image specification, layer.md, "Whiteouts".
import type { LayerEntry } from './model.ts';
import { baseOf, parentOf } from './paths.ts';

const WHITEOUT_PREFIX = '.wh.';
const OPAQUE_MARKER = '.wh..wh..opq';

/** Whether the path is that of a whiteout or an opaque marker. */
export function isWhiteout(path: string): boolean {
  return baseOf(path).startsWith(WHITEOUT_PREFIX);
}

/** The whiteouts that concern `path`: the marker of its directory, and the one of its name. They need not be there. */
export function whiteoutsOf(path: string): readonly string[] {
  const prefix = prefixOf(path);
  return [prefix + OPAQUE_MARKER, prefix + WHITEOUT_PREFIX + baseOf(path)];
}

/**
 * Whether a whiteout comes behind something that it names. By the specification it hides nothing of its own layer, but not all
 * unpackers keep to that: some remove what they have made, others fail. What they do then hangs on the order of the entries.
 */
export function hasLateWhiteout(entries: readonly LayerEntry[]): boolean {
  const whiteoutOf = new Map<string, number>();
  for (const [index, { path }] of entries.entries()) {
    const name = hiddenBy(path);
    if (name !== undefined) whiteoutOf.set(name, index);
  }
  if (whiteoutOf.size === 0) return false;
  return entries.some(({ path }, index) => prefixesOf(path).some((name) => (whiteoutOf.get(name) ?? -1) > index));
}

// What a whiteout names; undefined for a path that is none.
function hiddenBy(path: string): string | undefined {
  return isWhiteout(path) ? prefixOf(path) + baseOf(path).slice(WHITEOUT_PREFIX.length) : undefined;
}

function prefixOf(path: string): string {
  const parent = parentOf(path);
  return parent === '' ? '' : `${parent}/`;
}

// The directories above the path, and the path.
function prefixesOf(path: string): string[] {
  const names = [path];
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1))
    names.push(path.slice(0, slash));
  return names;
}
