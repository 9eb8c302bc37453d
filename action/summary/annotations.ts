// Notices at the lines of a repository that name an image which could not be lazy, with what to do about it, ready to copy.
import type { AnnotationProperties } from '@actions/core';
import { UserError } from '../../src/errors.ts';
import { familiarReference, formatReference, type ImageReference } from '../../src/oci/reference.ts';
import { planItems } from '../convert/items.ts';
import { referenceOf, sameImage } from './merge.ts';
import type { ImageReport } from './model.ts';
import type { ImageSource } from './sources.ts';

/** A notice of the runner: a file of the workspace and a line belong to it. */
export interface Annotation {
  readonly message: string;
  readonly properties: AnnotationProperties;
}

/** GitHub shows ten notices of a step. */
export const MAX_ANNOTATIONS = 10;
/** What can be changed so that this job's own pulls are lazy goes before what only names the same image. */
const KINDS = ['dockerfile', 'compose', 'workflow'] as const;

/** Whether all of an image was pulled in the ordinary way for want of a form that can be pulled lazily. */
export function needsCopy({ lazyLayers, notLazy }: Pick<ImageReport, 'lazyLayers' | 'notLazy'>): boolean {
  return lazyLayers === 0 && notLazy.some(({ kind }) => kind === 'not-estargz' || kind === 'unverifiable');
}

/** One notice for each image that needs a copy and that a file names. */
export function annotationsOf(
  images: readonly Pick<ImageReport, 'refs' | 'lazyLayers' | 'notLazy'>[],
  sources: readonly ImageSource[],
  env: NodeJS.ProcessEnv,
): Annotation[] {
  const sorted = KINDS.flatMap((kind) => sources.filter((source) => source.kind === kind));
  const named = sorted.flatMap((source) => {
    const reference = referenceOf(source.image);
    return reference === undefined ? [] : [{ source, reference }];
  });
  const annotations = images.filter(needsCopy).flatMap(({ refs }) => {
    const pulled = refs.flatMap((ref) => referenceOf(ref) ?? []);
    const found = named.find(({ reference }) => pulled.some((one) => sameImage(one, reference)));
    return found === undefined ? [] : annotationOf(found.source, found.reference, env);
  });
  return annotations.slice(0, MAX_ANNOTATIONS);
}

function annotationOf(
  { image, file, line }: ImageSource,
  reference: ImageReference,
  env: NodeJS.ProcessEnv,
): Annotation[] {
  const copy = copyOf(reference, env);
  if (copy === undefined) return [];
  const { step, name } = copy;
  const message = [
    `${image} has no lazily pullable layers, so it was pulled in the ordinary way. A scheduled workflow can keep a copy that has:`,
    step,
    `Then write here: ${name}`,
  ];
  return [{ message: message.join('\n'), properties: { title: `${image} is not lazy`, file, startLine: line } }];
}

/** The step that makes a copy, and what the copy is called; undefined when its name would be too long. */
function copyOf(reference: ImageReference, env: NodeJS.ProcessEnv): { step: string; name: string } | undefined {
  const to = `ghcr.io/${matching(env['GITHUB_REPOSITORY_OWNER'], /^[\w.-]+$/) ?? 'my-org'}/mirror`.toLowerCase();
  const action = matching(env['GITHUB_ACTION_REPOSITORY'], /^[\w.-]+\/[\w.-]+$/) ?? 'OWNER/lazypull';
  const ref = matching(env['GITHUB_ACTION_REF'], /^[\w./-]+$/) ?? 'v1';
  const { digest } = reference;
  // A copy is named by a tag; what is meant by its digest alone gets one of it.
  const isBare = digest !== undefined && reference.tag === undefined;
  const tagged = isBare ? { ...reference, tag: digest.slice('sha256:'.length, 'sha256:'.length + 12) } : reference;
  try {
    const [item] = planItems([formatReference(tagged)], { to, suffix: '' });
    const name = item === undefined ? '' : formatReference(item.destination);
    const source = familiarReference(reference);
    const images = isBare ? `${source} -> ${name}` : source;
    return { name, step: `- { uses: ${action}/action/convert@${ref}, with: { images: '${images}', to: '${to}' } }` };
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function matching(text: string | undefined, pattern: RegExp): string | undefined {
  return text !== undefined && pattern.test(text) ? text : undefined;
}
