// A layer's entries without duplicates: each name once, in any order the same tree. The reference drops all but the last
// entry of a name; where that would change what unpacking gives, because a hard link holds on to a file whose name is
// replaced later, another entry takes over: one of the links becomes the file.
import { buildLayerTree } from './layer-tree.ts';
import type { Indexed, TreeName } from './layer-tree.ts';
import type { LayerEntry } from './model.ts';
import { digestOf } from '../oci/digest.ts';
import { isWhiteout } from './whiteouts.ts';

/**
 * The entries that are left when the layer is unpacked, in the order of the last entries of their names; changed ones have
 * `needsHeader`.
 * @throws FormatError with the entry's offset in the tar, when our reader would refuse the layer.
 */
export function distinctEntries(entries: readonly LayerEntry[]): readonly LayerEntry[] {
  const names = namesOf(buildLayerTree(entries));
  const groups = linkedNames(names);
  if (names.length === entries.length && groups.size === 0) return entries;
  for (const [file, group] of groups) settleGroup(file, group);
  return names.sort((a, b) => a.given!.index - b.given!.index).map(({ given }) => given!.entry);
}

// All names that an entry gave.
function namesOf(root: TreeName): TreeName[] {
  const names: TreeName[] = root.given === undefined ? [] : [root];
  const directories = [root];
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    for (const name of directory.children!.values()) {
      if (name.given !== undefined) names.push(name);
      if (name.children !== undefined) directories.push(name);
    }
  }
  return names;
}

// Files that hard links name, each with all of its names in the order of the layer.
function linkedNames(names: readonly TreeName[]): Map<Indexed, TreeName[]> {
  const groups = new Map<Indexed, TreeName[]>();
  for (const { given, file } of names) if (given !== file) groups.set(file!, []);
  if (groups.size === 0) return groups;
  for (const name of names) groups.get(name.file!)?.push(name);
  for (const group of groups.values()) group.sort((a, b) => a.given!.index - b.given!.index);
  return groups;
}

// Makes one of the names the file, and all others links to it, by way of each other as far as the tar had it so.
function settleGroup(file: Indexed, group: readonly TreeName[]): void {
  // Unpackers make no file of a whiteout, so no link may lead to one.
  const primary =
    group.find(({ given }) => given === file) ?? group.find(({ given }) => !isWhiteout(given!.entry.path)) ?? group[0]!;
  if (primary.given !== file) primary.given = changed(primary, renamed(file.entry, primary.given!.entry));
  const target = primary.given.entry;
  const indexOf = new Map(group.map(({ given }) => [given!.entry.path, given!.index]));
  for (const name of group) {
    if (name === primary) continue;
    const { entry, index } = name.given!;
    // A target that got its name later was another file then, or could lead back to this link.
    const isRight = entry.linkPath === target.path || (indexOf.get(entry.linkPath!) ?? Infinity) < index;
    if (!isRight) name.given = changed(name, isWhiteout(entry.path) ? alone(entry) : relinked(entry, target));
  }
}

function changed({ given }: TreeName, entry: LayerEntry): Indexed {
  return { entry, index: given!.index };
}

/** The file under the link's name. A slash at the end of that would make a directory of a v7 file. */
function renamed(file: LayerEntry, link: LayerEntry): LayerEntry {
  const typeflag = file.header.typeflag === '\0' ? '0' : file.header.typeflag;
  const header = { ...file.header, name: link.header.name, typeflag };
  return { ...file, path: link.path, header, needsHeader: true };
}

function relinked(link: LayerEntry, target: LayerEntry): LayerEntry {
  const header = { ...link.header, linkName: target.header.name };
  return { ...link, linkPath: target.path, header, needsHeader: true };
}

/** A whiteout that was a link. What it holds means nothing. */
function alone(link: LayerEntry): LayerEntry {
  const header = { ...link.header, typeflag: '0', linkName: Buffer.alloc(0) };
  const digest = digestOf(new Uint8Array());
  // A link may have a size and no payload.
  const pax = new Map([...link.pax].filter(([key]) => key !== 'size'));
  return { ...link, type: 'reg', linkPath: undefined, header, pax, digest, needsHeader: true };
}
