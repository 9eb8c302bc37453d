// Profiles as JSON, docs/profile.md. One file a line, so that version control shows what changed; canonical, so that
// equal profiles are equal bytes. What is read is checked to the last field: a profile may come from anywhere.
import { FormatError } from '../errors.ts';
import { parseDigest, type Digest } from '../oci/digest.ts';
import { parseJson, requireArray, requireObject, type JsonObject } from '../oci/json.ts';
import type { FileRanges, Profile, ProfileFile, ProfileWorkload } from './profile.ts';
import { unionRanges } from './ranges.ts';

/** A recording of a million files has about 100 MB. */
export const MAX_PROFILE_BYTES: number = 128 << 20;
const MAX_LAYERS = 1000;
const MAX_FILES = 1_000_000;
const MAX_RANGES = 1_000_000;
const MAX_WORKLOADS = 1000;
const MAX_PATH_BYTES = 4096;

/** The JSON of a profile in its canonical form: what `canonicalProfile` gives, one file a line, a newline at the end. */
export function encodeProfile(profile: Profile): string {
  const { version, image, layers, workloads, files } = canonicalProfile(profile);
  const fields = [
    `"version": ${version}`,
    ...(image === undefined
      ? []
      : [`"image": ${JSON.stringify({ name: image.name, digest: image.digest, platform: image.platform })}`]),
    `"layers": ${encodeLines(layers)}`,
    `"workloads": ${encodeLines(workloads.map(({ command, durationMs }) => ({ command, durationMs })))}`,
    `"files": ${encodeLines(
      files.map(({ path, layer, size, ranges, firstReadMs }) => {
        return { path, layer: layers.indexOf(layer), size, ranges, firstReadMs };
      }),
    )}`,
  ];
  return `{\n  ${fields.join(',\n  ')}\n}\n`;
}

/**
 * Files in the order of first use, then by path, then by layer; ranges united; times in whole microseconds.
 * @throws FormatError when a file is of a layer that is not listed.
 */
export function canonicalProfile(profile: Profile): Profile {
  // An image may have a layer twice: the lower place counts.
  const place = new Map(profile.layers.map((digest, index) => [digest, index] as const).toReversed());
  const stray = profile.files.find(({ layer }) => !place.has(layer));
  if (stray !== undefined) {
    throw new FormatError(`profile: ${JSON.stringify(stray.path)} is of layer ${stray.layer}, which is not listed`);
  }
  const files = profile.files
    .map((file) => ({ ...file, ranges: unionRanges(file.ranges), firstReadMs: roundMs(file.firstReadMs) }))
    .toSorted(
      (a, b) =>
        a.firstReadMs - b.firstReadMs || compareText(a.path, b.path) || place.get(a.layer)! - place.get(b.layer)!,
    );
  const workloads = profile.workloads.map((one) => ({ ...one, durationMs: roundMs(one.durationMs) }));
  return { ...profile, workloads, files };
}

/**
 * Reads a profile from JSON. Unknown fields are errors: a later version has another number.
 * @throws FormatError that names the field.
 */
export function parseProfile(bytes: Uint8Array): Profile {
  if (bytes.length > MAX_PROFILE_BYTES) throw new FormatError(`profile: ${bytes.length} bytes, more than 128 MiB`);
  const document = requireObject(parseJson(bytes, 'profile'), 'profile');
  if (document['version'] !== 1) {
    throw new FormatError(`profile: version is ${JSON.stringify(document['version'] ?? null)}, wanted 1`);
  }
  onlyKeys(document, ['version', 'image', 'layers', 'workloads', 'files'], 'profile');
  const layers = requireArray(document['layers'], 'profile.layers', MAX_LAYERS).map((digest) =>
    parseDigest(requireText(digest, 'profile.layers')),
  );
  const workloads = requireArray(document['workloads'], 'profile.workloads', MAX_WORKLOADS);
  const files = requireArray(document['files'], 'profile.files', MAX_FILES).map((file, index) =>
    parseFile(file, layers, `profile.files[${index}]`),
  );
  requireDistinct(files);
  return canonicalProfile({
    version: 1,
    image: document['image'] === undefined ? undefined : parseImage(document['image']),
    layers,
    workloads: workloads.map((workload, index) => parseWorkload(workload, `profile.workloads[${index}]`)),
    files,
  });
}

function parseImage(value: unknown): Profile['image'] {
  const where = 'profile.image';
  const image = requireObject(value, where);
  onlyKeys(image, ['name', 'digest', 'platform'], where);
  return {
    name: requireText(image['name'], `${where}.name`),
    digest: parseDigest(requireText(image['digest'], `${where}.digest`)),
    platform: requireText(image['platform'], `${where}.platform`),
  };
}

function parseWorkload(value: unknown, where: string): ProfileWorkload {
  const workload = requireObject(value, where);
  onlyKeys(workload, ['command', 'durationMs'], where);
  const command = requireArray(workload['command'], `${where}.command`, 100_000);
  return {
    command: command.map((word) => requireText(word, `${where}.command`)),
    durationMs: requireMs(workload['durationMs'], `${where}.durationMs`),
  };
}

function parseFile(value: unknown, layers: readonly Digest[], where: string): ProfileFile {
  const file = requireObject(value, where);
  onlyKeys(file, ['path', 'layer', 'size', 'ranges', 'firstReadMs'], where);
  const layer = layers[requireSize(file['layer'], `${where}.layer`)];
  if (layer === undefined)
    throw new FormatError(`${where}.layer: ${String(file['layer'])}, of ${layers.length} layers`);
  const size = requireSize(file['size'], `${where}.size`);
  return {
    path: requirePath(file['path'], `${where}.path`),
    layer,
    size,
    ranges: parseRanges(file['ranges'], size, `${where}.ranges`),
    firstReadMs: requireMs(file['firstReadMs'], `${where}.firstReadMs`),
  };
}

function parseRanges(value: unknown, size: number, where: string): FileRanges {
  let last = -1;
  return requireArray(value, where, MAX_RANGES).map((pair) => {
    const [start, end, ...more] = requireArray(pair, where, 2);
    const range = [requireSize(start, where), requireSize(end, where)] as const;
    // Touching ranges would be one, so the next one begins at least a byte later.
    if (more.length > 0 || range[0] >= range[1] || range[1] > size || range[0] <= last) {
      throw new FormatError(`${where}: ${JSON.stringify(pair)} after ${last}, in a file of ${size} bytes`);
    }
    last = range[1];
    return range;
  });
}

function requireDistinct(files: readonly ProfileFile[]): void {
  const seen = new Set<string>();
  for (const { layer, path } of files) {
    const key = `${layer} ${path}`;
    if (seen.has(key)) throw new FormatError(`profile.files: ${JSON.stringify(path)} of ${layer} stands there twice`);
    seen.add(key);
  }
}

function requirePath(value: unknown, where: string): string {
  const path = requireText(value, where);
  const parts = path.split('/');
  const isClean = parts.every((part) => part !== '' && part !== '.' && part !== '..') && !path.includes('\0');
  if (isClean && Buffer.byteLength(path) <= MAX_PATH_BYTES) return path;
  throw new FormatError(`${where}: ${JSON.stringify(path.slice(0, 100))} is not a clean relative path`);
}

function requireText(value: unknown, where: string): string {
  if (typeof value !== 'string') throw new FormatError(`${where}: not a string`);
  return value;
}

function requireSize(value: unknown, where: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new FormatError(`${where}: ${JSON.stringify(value ?? null).slice(0, 40)}, wanted a whole number from 0 on`);
}

function requireMs(value: unknown, where: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= Number.MAX_SAFE_INTEGER)
    return value;
  throw new FormatError(`${where}: ${JSON.stringify(value ?? null).slice(0, 40)}, wanted milliseconds from 0 on`);
}

function onlyKeys(object: JsonObject, known: readonly string[], where: string): void {
  const unknown = Object.keys(object).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new FormatError(`${where}: unknown field ${JSON.stringify(unknown.slice(0, 100))}`);
}

function roundMs(ms: number): number {
  return ms < 1e9 ? Math.round(ms * 1000) / 1000 : ms;
}

/** By code unit, the same on every machine: no locale has a say. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function encodeLines(values: readonly unknown[]): string {
  if (values.length === 0) return '[]';
  return `[\n    ${values.map((value) => JSON.stringify(value)).join(',\n    ')}\n  ]`;
}
