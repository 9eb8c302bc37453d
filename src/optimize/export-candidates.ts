// Images that a built image may be based on, by what it says itself: BuildKit's provenance beside it in the index, and the
// annotations of OCI. Which of them is the base shows in its layers (export-bases.ts).
// https://github.com/opencontainers/image-spec/blob/main/annotations.md
import type { ImageSource } from '../image/model.ts';
import { BASE_DIGEST, BASE_NAME } from '../oci/annotations.ts';
import { isDigest } from '../oci/digest.ts';
import type { PackagedImage } from '../oci/package-url.ts';
import { formatPlatform } from '../oci/platform.ts';
import { formatReference, parseReference } from '../oci/reference.ts';
import type { CopyNode, PlanNode } from './convert-plan.ts';
import { imagesOfStatement, PREDICATE_TYPE, PROVENANCE_PREFIX } from './provenance.ts';

/** A build of more stages than this has its base named by the user. */
const MAX_CANDIDATES = 64;

/** All images that a plan's documents name as possible bases. @throws FormatError for broken provenance; what the source throws. */
export async function candidatesOf(
  plan: PlanNode,
  source: ImageSource,
  signal?: AbortSignal,
): Promise<PackagedImage[]> {
  const found: PackagedImage[] = [];
  for (const node of nodesOf(plan)) {
    const { manifest } = node.document;
    const described = manifest.kind === 'index' ? manifest.manifests.map(({ annotations }) => annotations) : [];
    for (const annotations of [manifest.annotations, ...described]) found.push(...annotatedBase(annotations ?? {}));
    if (node.kind === 'copy') found.push(...(await imagesOfAttestation(node, source, signal)));
  }
  return found;
}

/** Each image once. */
export function distinctCandidates(candidates: readonly PackagedImage[]): PackagedImage[] {
  const byName = new Map(
    candidates.map((one) => {
      const platform = one.platform === undefined ? '' : formatPlatform(one.platform);
      const { tag: _tag, ...reference } = one.reference;
      // The digest decides.
      const name = formatReference(reference.digest === undefined ? one.reference : reference);
      return [`${name} ${platform}`, one] as const;
    }),
  );
  return [...byName.values()].slice(0, MAX_CANDIDATES);
}

function* nodesOf(node: PlanNode): Generator<PlanNode> {
  yield node;
  if (node.kind === 'index') for (const child of node.children) yield* nodesOf(child);
}

function annotatedBase(annotations: Readonly<Record<string, string>>): PackagedImage[] {
  const { [BASE_NAME]: name, [BASE_DIGEST]: digest } = annotations;
  if (name === undefined || digest === undefined || !isDigest(digest)) return [];
  try {
    return [{ reference: { ...parseReference(name), digest }, platform: undefined }];
  } catch {
    return [];
  }
}

async function imagesOfAttestation(
  { document }: CopyNode,
  source: ImageSource,
  signal: AbortSignal | undefined,
): Promise<PackagedImage[]> {
  const statements = document.manifest.layers.filter(({ annotations }) =>
    annotations?.[PREDICATE_TYPE]?.startsWith(PROVENANCE_PREFIX),
  );
  const found = await Promise.all(
    statements.map(async (statement) => imagesOfStatement(await source.fetch(statement, signal))),
  );
  return found.flat();
}
