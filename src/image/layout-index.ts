// index.json of an OCI layout: which images it has, by what names, and which one is meant.
// https://github.com/opencontainers/image-spec/blob/main/image-layout.md
import { FormatError, LazypullError, UserError } from '../errors.ts';
import { REF_NAME } from '../oci/annotations.ts';
import { parseAnnotations, parseDescriptor, type Descriptor } from '../oci/descriptor.ts';
import { parseJson, requireArray, requireObject } from '../oci/json.ts';
import { formatReference, parseReference } from '../oci/reference.ts';

/** On an entry: the full reference, as containerd, BuildKit and Docker write it beside the tag. */
export const CONTAINERD_NAME = 'io.containerd.image.name';

export const OCI_LAYOUT_FILE = 'oci-layout';
export const INDEX_FILE = 'index.json';
/** The only version there is. */
export const OCI_LAYOUT_TEXT = '{"imageLayoutVersion":"1.0.0"}';

const MAX_ENTRIES = 10_000;
/** Entries that an error lists. */
const MAX_LISTED = 20;

export interface LayoutIndex {
  readonly manifests: readonly Descriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** @throws FormatError */
export function parseLayoutIndex(bytes: Uint8Array): LayoutIndex {
  const document = requireObject(parseJson(bytes, INDEX_FILE), INDEX_FILE);
  if (document['schemaVersion'] !== 2) throw new FormatError(`${INDEX_FILE}: schemaVersion is not 2`);
  const entries = requireArray(document['manifests'], `${INDEX_FILE}: manifests`, MAX_ENTRIES);
  const annotations = parseAnnotations(document['annotations'], INDEX_FILE);
  return {
    manifests: entries.map((entry, index) => parseDescriptor(entry, `${INDEX_FILE}: manifests[${index}]`)),
    ...(annotations === undefined ? {} : { annotations }),
  };
}

/** The text of an index.json, in one form. */
export function encodeLayoutIndex(index: LayoutIndex): Buffer {
  const { annotations, manifests } = index;
  const document = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests,
    ...(annotations === undefined ? {} : { annotations }),
  };
  return Buffer.from(JSON.stringify(document));
}

/** @throws FormatError when an `oci-layout` file is not of a version that we know; UNSUPPORTED for a later one. */
export function checkLayoutVersion(bytes: Uint8Array): void {
  const { imageLayoutVersion: version } = requireObject(parseJson(bytes, OCI_LAYOUT_FILE), OCI_LAYOUT_FILE);
  if (typeof version !== 'string') throw new FormatError(`${OCI_LAYOUT_FILE}: no imageLayoutVersion`);
  if (!/^1\.\d+\.\d+$/.test(version)) {
    throw new LazypullError('UNSUPPORTED', `${OCI_LAYOUT_FILE}: version ${version.slice(0, 20)}, not 1.x`);
  }
}

/**
 * The entry for a tag or full name; without one the only image there is.
 * @param where names the layout in messages, without tag, e.g. `oci:out`.
 * @throws UserError that lists what there is.
 */
export function selectEntry(index: LayoutIndex, tag: string | undefined, where: string): Descriptor {
  const found = tag === undefined ? [...index.manifests] : entriesFor(index, tag);
  const digests = new Set(found.map(({ digest }) => digest));
  const [first] = found;
  if (first !== undefined && digests.size === 1) return withoutNames(first);
  const there = index.manifests.map(describeEntry);
  const list =
    there.length === 0
      ? 'It has none at all.'
      : `There is: ${there.slice(0, MAX_LISTED).join(', ')}${there.length > MAX_LISTED ? ', ...' : ''}`;
  if (first === undefined) {
    throw new UserError(
      tag === undefined ? `${where} has no image` : `${where} has no image with the tag ${tag}`,
      list,
    );
  }
  throw new UserError(
    tag === undefined ? `${where} has several images, and none is named` : `${where} has several images for ${tag}`,
    `Write ${where}:TAG. ${list}`,
  );
}

/** Whether an entry has this name, in full or only as its tag. */
export function entryNames(entry: Descriptor): string[] {
  return [entry.annotations?.[REF_NAME], entry.annotations?.[CONTAINERD_NAME]].filter((name) => name !== undefined);
}

function entriesFor({ manifests }: LayoutIndex, tag: string): Descriptor[] {
  const exact = manifests.filter((entry) => entryNames(entry).includes(tag));
  if (exact.length > 0) return exact;
  const full = fullName(tag);
  return manifests.filter((entry) => entryNames(entry).some((name) => fullName(name) === full || tagOf(name) === tag));
}

function describeEntry(entry: Descriptor): string {
  return entryNames(entry)[0] ?? `${entry.digest} (no tag)`;
}

/** `python:3` and `docker.io/library/python:3` are the same. */
function fullName(name: string): string {
  try {
    return formatReference(parseReference(name));
  } catch {
    return name;
  }
}

function tagOf(name: string): string | undefined {
  try {
    return parseReference(name).tag;
  } catch {
    return undefined;
  }
}

/** The layout's names are not the image's: they would travel into a new index. */
function withoutNames(entry: Descriptor): Descriptor {
  const { annotations, ...rest } = entry;
  if (annotations === undefined) return entry;
  const kept = Object.entries(annotations).filter(
    ([key]) => key !== REF_NAME && !key.startsWith('io.containerd.image.'),
  );
  return kept.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(kept) };
}
