// Which images a build was made from, as BuildKit's provenance says: in an attestation of the built image, and in the file
// that `buildx build --metadata-file` writes. Both forms of SLSA that there are.
// https://slsa.dev/spec/v0.2/provenance, https://slsa.dev/spec/v1.0/provenance
import { FormatError } from '../errors.ts';
import { isDigest } from '../oci/digest.ts';
import { parseJson, type JsonObject } from '../oci/json.ts';
import { parseImageUrl, type PackagedImage } from '../oci/package-url.ts';

/** On a blob of an attestation: what kind of statement it is. */
export const PREDICATE_TYPE = 'in-toto.io/predicate-type';
/** Both versions begin so. */
export const PROVENANCE_PREFIX = 'https://slsa.dev/provenance/';

const MAX_MATERIALS = 10_000;

/**
 * The images among the materials of an in-toto statement, each with the digest that it had.
 * @throws FormatError when it is not JSON.
 */
export function imagesOfStatement(bytes: Uint8Array): PackagedImage[] {
  return imagesOfPredicate(objectOf(parseJson(bytes, 'provenance'))['predicate']);
}

/** The same of the predicate alone. What is not understood is left out: a build is not held up by its provenance. */
export function imagesOfPredicate(predicate: unknown): PackagedImage[] {
  const { materials, buildDefinition } = objectOf(predicate);
  const listed = materials ?? objectOf(buildDefinition)['resolvedDependencies'];
  if (!Array.isArray(listed)) return [];
  if (listed.length > MAX_MATERIALS) throw new FormatError(`provenance: more than ${MAX_MATERIALS} materials`);
  return listed.flatMap((material: unknown) => imageOf(objectOf(material)));
}

function imageOf({ uri, digest }: JsonObject): PackagedImage[] {
  const image = typeof uri === 'string' ? parseImageUrl(uri) : undefined;
  if (image === undefined) return [];
  const resolved = `sha256:${String(objectOf(digest)['sha256'])}`;
  // A tag may mean another image by now.
  return isDigest(resolved) ? [{ ...image, reference: { ...image.reference, digest: resolved } }] : [];
}

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
}
