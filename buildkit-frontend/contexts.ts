// Replaces images of a Dockerfile without touching it: BuildKit uses `context:NAME` in place of the image of that name,
// when there is such an option. One for each image that has a variant, and a note for each that should have one.
// https://github.com/moby/buildkit/blob/master/frontend/dockerui/namedcontext.go
import type { DockerfileImages, ImageUse } from '../src/dockerfile/model.ts';
import { formatPlatform, type Platform } from '../src/oci/platform.ts';
import { contextName } from '../src/dockerfile/named-contexts.ts';
import type { Variant } from '../src/variants/model.ts';

/** Asks for a lazily pullable variant. Never throws: what can't be asked is an answer too. */
export type FindVariant = (reference: string, platform: Platform) => Promise<Variant>;

/** Something about a line of the Dockerfile that its author should know. */
export interface Note {
  readonly line: number;
  readonly text: string;
  readonly details: readonly string[];
}

export interface Replacements {
  /** By option: `context:node:22::linux/amd64`. */
  readonly contexts: Readonly<Record<string, string>>;
  readonly notes: readonly Note[];
}

interface Asked {
  readonly use: ImageUse;
  /** As BuildKit looks for it. */
  readonly name: string;
  readonly variant: Variant;
}

/** Reasons that are nobody's concern: no rule is about the image. */
const SILENT: ReadonlySet<string> = new Set(['no-rule']);

/** The contexts of a build for one platform or several: `images` has an entry for each. */
export async function replaceImages(images: readonly DockerfileImages[], find: FindVariant): Promise<Replacements> {
  const stages = new Set(images.flatMap(({ stages }) => stages.map(({ name }) => name)));
  const uses = images.flatMap((image) => image.uses).filter(({ onBuild }) => !onBuild);
  const asked = await Promise.all(distinct(uses).map((use) => askFor(use, find)));
  const isStage = ({ name }: Asked): boolean => stages.has(name);
  const found = asked.filter((answer) => answer.variant.status === 'found' && !isStage(answer));
  const contexts = found.map(({ name, use, variant }) => [
    `context:${name}::${formatPlatform(use.platform)}`,
    variant.status === 'found' ? `docker-image://${variant.reference}` : '',
  ]);
  // A platform at a time would say the same of a line once more.
  const notes = asked.flatMap((answer) => noteOf(answer, isStage(answer)));
  const unresolved = images
    .flatMap((image) => image.unresolved)
    .map(({ line, what }) => ({ line, text: what, details: [] }));
  return { contexts: Object.fromEntries(contexts), notes: once([...notes, ...unresolved]) };
}

async function askFor(use: ImageUse, find: FindVariant): Promise<Asked> {
  return { use, name: contextName(use.reference), variant: await find(use.reference, use.platform) };
}

/** The first use of each image and platform. */
function distinct(uses: readonly ImageUse[]): ImageUse[] {
  const byKey = new Map<string, ImageUse>();
  for (const use of uses) {
    const key = `${contextName(use.reference)}::${formatPlatform(use.platform)}`;
    if (!byKey.has(key)) byKey.set(key, use);
  }
  return [...byKey.values()];
}

function noteOf({ use, name, variant }: Asked, isStage: boolean): Note[] {
  const note = (text: string, ...details: string[]): Note[] => [{ line: use.line, text, details }];
  if (variant.status === 'found' && isStage) {
    return note(
      `${name} is not pulled lazily: a stage has the same name`,
      `BuildKit would replace the stage ${name} too. Give the stage another name, or the image its tag.`,
    );
  }
  if (variant.status !== 'none' || SILENT.has(variant.reason)) return [];
  return note(`${name} is not pulled lazily: ${variant.message}`);
}

function once(notes: readonly Note[]): Note[] {
  return [...new Map(notes.map((note) => [`${note.line} ${note.text}`, note])).values()];
}
