// What a job was spared, told where people look: the job summary, and notices at the lines that name an image which could
// not be lazy. Neither is worth a failed job: what goes wrong here is a line in the log.
import { info, summary, type AnnotationProperties } from '@actions/core';
import { describeError } from '../src/errors.ts';
import { annotationsOf, needsCopy, type Annotation } from './summary/annotations.ts';
import { summaryText } from './summary/markdown.ts';
import type { SummaryContext } from './summary/model.ts';
import { reportOf } from './summary/report.ts';
import { findSources } from './summary/sources.ts';
import { shown } from './talk.ts';

/** Writes the job summary. Never rejects: without a place to write to, or when it can't be made, the log says so. */
export async function writeSummary(context: SummaryContext): Promise<void> {
  try {
    await summary.addRaw(summaryText(context), true).write();
  } catch (error) {
    summary.emptyBuffer();
    info(shown(`No job summary: ${describeError(error)}`));
  }
}

/**
 * Says at the lines of the workspace that name them which images need a lazily pullable copy, and how to get one. Once for
 * each image. Never rejects.
 * @param notice makes an annotation, with the file and line of `properties`
 */
export async function annotateOrdinary(
  context: Pick<SummaryContext, 'status' | 'workspace' | 'env' | 'run'>,
  notice: (message: string, properties: AnnotationProperties) => void,
): Promise<void> {
  try {
    for (const { message, properties } of await annotations(context)) notice(message, properties);
  } catch (error) {
    info(shown(`No notices about images: ${describeError(error)}`));
  }
}

async function annotations({
  status,
  workspace,
  env,
  run,
}: Pick<SummaryContext, 'status' | 'workspace' | 'env' | 'run'>): Promise<Annotation[]> {
  if (status === undefined || workspace === undefined) return [];
  const images = reportOf(status, run.startedMs).images.filter(needsCopy);
  return images.length === 0 ? [] : annotationsOf(images, await findSources(workspace), env);
}
