// What becomes of every image of some builds. A source policy does not know platforms: a rule is for all builds that read
// the file, so a variant must have every platform that any of them may want.
import { imagesOf } from '../dockerfile/images.ts';
import type { DockerfileImages } from '../dockerfile/model.ts';
import { formatPlatform, hostPlatform, type Platform } from '../oci/platform.ts';
import { familiarReference, formatReference, parseReference } from '../oci/reference.ts';
import type { VariantFinder } from '../variants/finder.ts';
import type { Variant } from '../variants/model.ts';
import type { Build, Decision, Outcome, Place, Remark } from './model.ts';

/** Where one image is used, and by which platforms. */
export interface Demand {
  readonly image: string;
  readonly places: Place[];
  readonly platforms: Map<string, Platform>;
  /** Of a build that does not say what it is for: it may be for any. */
  anyPlatform: boolean;
}

export interface Demands {
  /** By full reference. */
  readonly images: ReadonlyMap<string, Demand>;
  /** Full names, without tags, of images that are frontends. */
  readonly frontends: ReadonlySet<string>;
  readonly remarks: readonly Remark[];
}

const FRONTENDS = ['docker.io/docker/dockerfile', 'docker.io/docker/dockerfile-upstream'];

/** All images of all builds, each once. */
export function demandsOf(builds: readonly Build[]): Demands {
  const images = new Map<string, Demand>();
  const frontends = new Set(FRONTENDS);
  const remarks = new Map<string, Remark>();
  for (const build of builds) {
    const isOpen = build.platforms.length === 0;
    for (const platform of isOpen ? [hostPlatform()] : build.platforms) {
      const found = imagesOf(build.dockerfile, optionsOf(build, platform));
      addUses(images, found, build.file, isOpen);
      const frontend = found.syntax && nameOf(found.syntax.image);
      if (frontend !== undefined) frontends.add(frontend);
      for (const remark of found.unresolved) {
        remarks.set(`${build.file}:${remark.line} ${remark.what}`, { file: build.file, ...remark });
      }
    }
  }
  return { images, frontends, remarks: [...remarks.values()] };
}

function optionsOf({ buildArgs, target, namedContexts }: Build, platform: Platform): Parameters<typeof imagesOf>[1] {
  const stage = target === undefined ? { everyStage: true } : { target };
  return { buildArgs, platform, buildPlatform: hostPlatform(), namedContexts, ...stage };
}

function addUses(images: Map<string, Demand>, { uses }: DockerfileImages, file: string, isOpen: boolean): void {
  for (const { reference, line, kind, platform } of uses) {
    const key = formatReference(parseReference(reference));
    const fresh: Demand = { image: reference, places: [], platforms: new Map(), anyPlatform: false };
    const demand = images.get(key) ?? fresh;
    images.set(key, demand);
    const isKnown = demand.places.some((place) => place.file === file && place.line === line && place.kind === kind);
    if (!isKnown) demand.places.push({ file, line, kind });
    demand.platforms.set(formatPlatform(platform), platform);
    demand.anyPlatform ||= isOpen;
  }
}

/** undefined for what is no reference. */
function nameOf(reference: string): string | undefined {
  try {
    const { registry, repository } = parseReference(reference);
    return `${registry}/${repository}`;
  } catch {
    return undefined;
  }
}

/** @throws the signal's reason when aborted. */
export async function decide(
  demands: Demands,
  finder: Pick<VariantFinder, 'find'>,
  signal?: AbortSignal,
): Promise<Decision[]> {
  return Promise.all(
    [...demands.images.values()].map(async (demand) => ({
      image: familiarReference(parseReference(demand.image)),
      places: demand.places,
      outcome: demands.frontends.has(nameOf(demand.image) ?? '')
        ? kept('frontend', 'a frontend of BuildKit stays as it is')
        : outcomeOf(await variantsOf(demand, finder, signal), demand),
    })),
  );
}

async function variantsOf(
  demand: Demand,
  finder: Pick<VariantFinder, 'find'>,
  signal?: AbortSignal,
): Promise<Variant[]> {
  return Promise.all([...demand.platforms.values()].map((platform) => finder.find(demand.image, platform, signal)));
}

function outcomeOf(variants: readonly Variant[], { platforms, anyPlatform }: Demand): Outcome {
  const refused = variants.find((variant) => variant.status === 'none');
  if (refused !== undefined) return kept(refused.reason, refused.message);
  const found = variants.filter((variant) => variant.status === 'found');
  const [first] = found;
  if (first === undefined) return { result: 'lazy' };
  if (found.length < variants.length || found.some(({ digest }) => digest !== first.digest)) {
    return kept('platforms', `not one variant has all of ${[...platforms.keys()].join(', ')}`);
  }
  const missing = anyPlatform ? found.flatMap((variant) => variant.missing).map(formatPlatform) : [];
  const lacking = [...new Set(missing)].filter((platform) => !platforms.has(platform));
  if (lacking.length > 0) return kept('platforms', lacks(first.reference, lacking));
  return { result: 'replaced', variant: first.reference, source: first.source };
}

function lacks(variant: string, platforms: readonly string[]): string {
  const [name = variant] = variant.split('@');
  const some = platforms.slice(0, 5).join(', ') + (platforms.length > 5 ? ` and ${platforms.length - 5} more` : '');
  const remedy = "name those that are built (--platform, or the action's platforms)";
  return `${name} lacks ${some}, and a policy can't tell platforms apart: ${remedy}`;
}

function kept(reason: Extract<Outcome, { result: 'kept' }>['reason'], message: string): Outcome {
  return { result: 'kept', reason, message };
}
