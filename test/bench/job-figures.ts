// The figures of one job: how long its stages and the groups of main took, and what it had asked of the registry by the time
// the container said its first word.
import type { StageTimes, TimedJob } from './job-world.ts';

/** Id of the step that runs the container. */
export const RUN = 'run';

/** Milliseconds, requests and bytes. Of what a job has not there is no figure. */
export interface JobFigures {
  /** Of the stages together: a runner's own time and the checkout are not in it. */
  readonly jobMs: number;
  readonly mainMs?: number;
  readonly runMs?: number;
  readonly postMs?: number;
  /** From the start of main's process to what it says first. */
  readonly startMs?: number;
  /** Groups of main and post by their titles. */
  readonly phases: Readonly<Record<string, number>>;
  /** From the start of the step to the container's first output, and what had been asked until then. */
  readonly firstOutputMs?: number;
  readonly requests?: number;
  readonly bytes?: number;
  /** By the end of the job: what is fetched in the background counts too. */
  readonly allRequests: number;
  readonly allBytes: number;
}

/** @throws Error when the container said nothing. */
export function jobFigures({ job, stages, requests }: TimedJob): JobFigures {
  const main = job.steps.findIndex(({ id, stage }) => id !== RUN && stage === 'main');
  const run = job.steps.findIndex(({ id }) => id === RUN);
  const post = job.steps.findIndex(({ stage }) => stage === 'post');
  const msOf = (at: number, name: string): Record<string, number> =>
    at === -1 ? {} : { [name]: Math.round(job.steps[at]!.durationMs) };
  return {
    jobMs: Math.round(job.steps.reduce((sum, { durationMs }) => sum + durationMs, 0)),
    ...msOf(main, 'mainMs'),
    ...msOf(run, 'runMs'),
    ...msOf(post, 'postMs'),
    ...(main === -1 ? {} : { startMs: firstMs(stages[main]!) }),
    phases: Object.assign({}, ...[main, post].filter((at) => at !== -1).map((at) => groupsOf(stages[at]!))) as Record<
      string,
      number
    >,
    ...(run === -1 ? {} : untilFirst(stages[run]!, requests)),
    allRequests: requests.length,
    allBytes: bytesOf(requests),
  };
}

function untilFirst(
  stage: StageTimes,
  requests: TimedJob['requests'],
): Pick<JobFigures, 'firstOutputMs' | 'requests' | 'bytes'> {
  const firstOutputMs = firstMs(stage);
  const at = performance.timeOrigin + stage.startedMs + firstOutputMs;
  const before = requests.filter(({ arrivedMs }) => arrivedMs < at);
  return { firstOutputMs, requests: before.length, bytes: bytesOf(before) };
}

function firstMs({ startedMs, said }: StageTimes): number {
  if (said[0] === undefined) throw new Error('a stage said nothing');
  return Math.round(said[0].atMs - startedMs);
}

/** From `::group::` to `::endgroup::`. */
function groupsOf({ said }: StageTimes): Record<string, number> {
  const groups: Record<string, number> = {};
  let open: { readonly title: string; readonly atMs: number } | undefined;
  for (const { atMs, text } of said) {
    for (const [, end, title = ''] of text.matchAll(/^::(?:(endgroup)::|group::(.*))$/gm)) {
      if (end === undefined) open = { title, atMs };
      else if (open !== undefined) groups[open.title] = Math.round(atMs - open.atMs);
    }
  }
  return groups;
}

function bytesOf(requests: TimedJob['requests']): number {
  return requests.reduce((sum, { bytes }) => sum + bytes, 0);
}
