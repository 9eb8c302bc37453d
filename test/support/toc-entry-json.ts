// What the TOC has of an entry of a tar, as JSON.
import type { Entry } from './entries.ts';

/** A TOC entry as JSON; keys as the format names them. Values are free, so that tests can write nonsense. */
export type TocEntryJson = Record<string, unknown>;
/** What every dialect has of an entry. */
export function describe(entry: Entry): TocEntryJson {
  const json: TocEntryJson = { name: entry.name, type: entry.type };
  setUnlessZero(json, { size: entry.content.length });
  if (entry.mtime !== 0) json['modtime'] = new Date(entry.mtime * 1000).toISOString().replace('.000Z', 'Z');
  if (entry.linkName !== '') json['linkName'] = entry.linkName;
  setUnlessZero(json, { mode: entry.mode, uid: entry.uid, gid: entry.gid });
  setUnlessZero(json, { devMajor: entry.devMajor, devMinor: entry.devMinor });
  if (entry.xattrs.size > 0) {
    json['xattrs'] = Object.fromEntries([...entry.xattrs].map(([name, value]) => [name, value.toString('base64')]));
  }
  return json;
}

/** Sets those of the fields that a writer would not leave out. */
export function setUnlessZero(json: TocEntryJson, fields: Record<string, number>): void {
  for (const [key, value] of Object.entries(fields)) if (value !== 0) json[key] = value;
}
