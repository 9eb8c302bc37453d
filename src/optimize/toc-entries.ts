// A table of contents as the entries of a layer, for layers whose names must be known and whose bytes nobody needs: those of
// a base image that stays as it is. What is in them is for lookups only and can't be written.
import type { EntryType, LayerEntry } from '../build/model.ts';
import { cleanPath } from '../build/paths.ts';
import { optionalString, parseJson, requireArray, requireObject } from '../oci/json.ts';
import { NO_FIELDS } from '../tar/entry.ts';

const MAX_ENTRIES = 20_000_000;
const TYPES: ReadonlySet<string> = new Set<EntryType>(['dir', 'reg', 'symlink', 'hardlink', 'char', 'block', 'fifo']);

/** The entries of a verified table of contents, in its order. @throws FormatError when it is none. */
export function entriesOfToc(tocJson: Uint8Array): LayerEntry[] {
  const { entries } = requireObject(parseJson(tocJson, 'TOC'), 'TOC');
  return requireArray(entries, 'TOC.entries', MAX_ENTRIES).flatMap((value) => {
    const entry = requireObject(value, 'TOC.entries');
    const type = String(entry['type']);
    if (!TYPES.has(type)) return [];
    const name = optionalString(entry, 'name', 'TOC.entries') ?? '';
    const linkName = optionalString(entry, 'linkName', 'TOC.entries') ?? '';
    return [entryOf(type as EntryType, name, linkName, Number(entry['size'] ?? 0))];
  });
}

function entryOf(type: EntryType, name: string, linkName: string, size: number): LayerEntry {
  return {
    type,
    path: cleanPath(name),
    linkPath: type === 'hardlink' ? cleanPath(linkName) : undefined,
    header: {
      ...NO_FIELDS,
      name: Buffer.from(name),
      linkName: Buffer.from(linkName),
      size: type === 'reg' ? size : 0,
      typeflag: '0',
    },
    pax: new Map(),
    start: 0,
    dataStart: 0,
    needsHeader: false,
    digest: undefined,
  };
}
