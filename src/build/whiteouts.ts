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
 * For each whiteout, by its index, that comes too late: the entries before it that have the name or are below it. By the
 * specification it does not hide what is in its own layer, but not all unpackers keep to that.
 */
export function entriesBeforeWhiteouts(entries: readonly LayerEntry[]): ReadonlyMap<number, readonly number[]> {
  const whiteoutOf = new Map<string, number>();
  for (const [index, { path }] of entries.entries()) {
    if (isWhiteout(path)) whiteoutOf.set(prefixOf(path) + baseOf(path).slice(WHITEOUT_PREFIX.length), index);
  }
  const before = new Map<number, number[]>();
  for (const [index, { path }] of entries.entries()) {
    for (const ancestor of prefixesOf(path)) {
      const whiteout = whiteoutOf.get(ancestor) ?? -1;
      if (whiteout < index) continue;
      const list = before.get(whiteout);
      if (list === undefined) before.set(whiteout, [index]);
      else list.push(index);
    }
  }
  return before;
}

function prefixOf(path: string): string {
  const parent = parentOf(path);
  return parent === '' ? '' : `${parent}/`;
}

// The directories above the path, and the path.
function* prefixesOf(path: string): Generator<string> {
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) yield path.slice(0, slash);
  yield path;
}
